# shellcheck shell=bash
# DHCP clients on the bridge.
#
#   perfdhcp_run RATE SECONDS [GROUP]  clients at that rate; prints how many leases they got.
#                                      Another group (1 to 255) is other clients
#   dhcp_client ARGS…                  one client, step by step (dhcp_client.c)

# perfdhcp acts as a relay. It needs -B, and -R (different clients) far above the exchanges, so
# that nobody is drawn twice.
perfdhcp_run() {
    local rate=$1 seconds=$2 mac
    mac=$(printf '00:0c:%02x:00:00:00' "${3:-1}")
    in_ns c perfdhcp -4 -B -l br0 -b "mac=$mac" -R 1000000 -p "$seconds" -r "$rate" -d 1.0 \
        -W 1000000 -g single 255.255.255.255 >"$WORK/perfdhcp.log" 2>&1 ||
        [[ $? == 3 ]] || fail "perfdhcp: $(tail -1 "$WORK/perfdhcp.log")"
    awk '/Statistics for: REQUEST-ACK/ { request = 1 }
         request && /^received packets:/ { print $3; exit }' "$WORK/perfdhcp.log"
}

dhcp_client() {
    in_ns c "$FO_BUILD/dhcp_client" -i br0 -g "$CLIENT_ADDRESS" "$@"
}
