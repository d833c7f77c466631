#!/bin/bash
# A second server calls under the name and address of the partner while the first is connected: it
# is not let in, and the first connection lives on. A fod whose machine died
# without a word finds dhcpd with the old connection, and gets in when dhcpd has noticed.
fod_role=${1:-primary}
source "$(dirname "$0")/lib.sh"
rig_up
need_tools jq ss "$FO_BUILD/hostile"
capture_start second
pair_up "$fod_role"

healthy() {
    fod_status a 'state, .state_since, .link'
}

# The second fod takes no calls where dhcpd would make them, but makes its own.
start_second_fod() {
    cat >"$WORK/second.conf" <<END
state-directory = "$WORK/second.store"
failover { listen = {"${FO_ADDRESS[a]}:648"} }
management { socket = "$WORK/second.sock" }
scope "$SCOPE/16" { range = {"$POOL_FIRST-$POOL_LAST"} }
failover-peer "$RELATIONSHIP" {
    role = "primary"
    address = "${FO_ADDRESS[a]}"
    peer-address = "${FO_ADDRESS[b]}"
    mclt = $MCLT
    dialect = "isc"
    scopes = {"$SCOPE"}
}
END
    start_in_ns a "$WORK/second.log" "$FO_BUILD/fod" --config "$WORK/second.conf"
    second_pid=$!
}

second_says() {
    in_ns a "$FO_BUILD/foctl" --socket "$WORK/second.sock" --json relationship events \
        "$RELATIONSHIP" 2>>"$WORK/rig.log" |
        jq -e --arg regex "$1" '.events | any(.text | test($regex))' >/dev/null
}

# Not a second secondary: a primary dhcpd may believe the STATE behind a CONNECTACK that it refuses.
if [[ $fod_role == primary ]]; then
    step "a second fod calls dhcpd: it does not get in, and says why"
    before=$(healthy)
    start_second_fod
    until_true 20 second_says 'the partner does not answer CONNECT' ||
        fail "the second fod does not say why: $(tail -1 "$WORK/second.log")"
    ! second_says 'state=.* -> (RECOVER|NORMAL)' || fail "the second fod got in"
    kill "$second_pid"
    same "$(healthy)" "$before" "the first connection"
    same "$(dhcpd_state b)" normal "the state of dhcpd"
    works_again
fi

step "a second dhcpd calls fod: it does not get in"
before=$(healthy)
! in_ns b "$FO_BUILD/hostile" "${FO_ADDRESS[b]}" "${FO_ADDRESS[a]}" "$RELATIONSHIP" "$SCOPE" none 3 \
    >"$WORK/hostile" 2>&1 || fail "the second dhcpd got in"
grep 'no CONNECTACK' "$WORK/hostile" >/dev/null || fail "it did not call: $(<"$WORK/hostile")"
if [[ $fod_role == secondary ]]; then
    fod_event a 'CONNECT refused: the relationship is connected already' ||
        fail "fod does not say that it refused"
fi
same "$(healthy)" "$before" "the first connection"
works_again

step "the machine of fod dies without a word"
in_ns a sysctl -qw net.ipv4.tcp_orphan_retries=1
cut_link
kill_fod a
no_connection_left() {
    [[ -z $(in_ns a ss -Htn state connected exclude time-wait '( sport = :647 or dport = :647 )') ]]
}
until_true 30 no_connection_left || fail "the kernel keeps the connection of a dead fod"
heal_link

step "it is back: both NORMAL within the receive timer of dhcpd and ten seconds, dhcpd serves"
start_fod a "$fod_role"
wait_fod a NORMAL $((MAX_RESPONSE_DELAY + 10))
works_again

capture_stop
check_capture second
