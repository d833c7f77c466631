# shellcheck shell=bash
# DHCP clients on the bridge.
#
#   perfdhcp_run RATE SECONDS [GROUP]  clients at that rate; prints how many leases they got.
#                                      Another group (1 to 255) is other clients
#   dhcp_client ARGS…                  one client, step by step (dhcp_client.c)
#   keep_leases GROUP COUNT            so many clients that keep their leases (lease_keepers.c), behind
#                                      a relay of their own; log: keepers-GROUP.log, process id: $!
#   leases_from GROUP                  addresses on stdin: a dhcpd.leases in which each is leased

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

keep_leases() {
    local relay=10.16.255.$((10 + $1)) log=$WORK/keepers-$1.log
    touch "$log"
    in_ns c ip address add "$relay/16" dev br0
    start_in_ns c "$log" "$FO_BUILD/lease_keepers" br0 "$relay" "$2"
}

leases_from() {
    awk -v group="$1" -v starts="$EPOCHSECONDS" -v ends=$((EPOCHSECONDS + LEASE_TIME)) '{
        printf "lease %s {\n  starts epoch %d;\n  ends epoch %d;\n  cltt epoch %d;\n", $1, starts,
            ends, starts
        printf "  binding state active;\n  next binding state free;\n"
        printf "  hardware ethernet 02:00:%02x:00:%02x:%02x;\n}\n", group, NR / 256, NR % 256
    }'
}
