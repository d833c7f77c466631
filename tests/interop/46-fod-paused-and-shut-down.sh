#!/bin/bash
# An operator pauses fod, and shuts it down: dhcpd takes over and serves everybody, never shuts
# itself down, and after `resume` both are in NORMAL.
fod_role=${1:-primary}
source "$(dirname "$0")/lib.sh"
MCLT=10 # fod waits that long after RECOVER
MAX_RESPONSE_DELAY=6
rig_up
pair_up "$fod_role"
perfdhcp_run 20 1 >"$WORK/acked"
until_true 20 stores_agree || fail "the stores differ: $(store_difference)"

both_normal_and_agreed() {
    wait_fod a NORMAL 60
    wait_dhcpd b normal 10
    until_true 20 stores_agree || fail "the stores differ: $(store_difference)"
}

step "fod is paused: dhcpd is in COMMUNICATIONS-INTERRUPTED and serves everybody"
foctl a relationship pause "$RELATIONSHIP"
wait_fod a PAUSED 5
wait_dhcpd b communications-interrupted 10
dhcpd_serves 10
same "$(fod_status a state)" PAUSED "the state of fod"

step "resumed: both NORMAL, the stores agree"
foctl a relationship resume "$RELATIONSHIP"
both_normal_and_agreed

step "fod is shut down: dhcpd is in PARTNER-DOWN and serves everybody"
foctl a relationship shutdown "$RELATIONSHIP"
wait_fod a SHUTDOWN 5
wait_dhcpd b partner-down 10
dhcpd_serves 10

step "resumed: through RECOVER and the MCLT to NORMAL, the stores agree"
foctl a relationship resume "$RELATIONSHIP"
both_normal_and_agreed
foctl a --json relationship events "$RELATIONSHIP" | jq -e \
    '.events | any(.text | test("RECOVER-WAIT -> RECOVER-DONE"))' >/dev/null || fail "fod did not wait"
! dhcpd_log_has b 'I move from .* to shutdown' || fail "dhcpd shut itself down"

step "dhcpd serves"
perfdhcp_run 20 1 2 >"$WORK/acked"
(($(<"$WORK/acked") > 0)) || fail "nobody was served"
until_true 20 stores_agree || fail "the stores differ: $(store_difference)"
