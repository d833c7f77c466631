#!/bin/bash
# fod's clock is 70 s ahead of dhcpd's, then 70 s behind: no link, and both say why. dhcpd serves
# on; with the clocks set right the pair is in NORMAL by itself.
fod_role=${1:-primary}
source "$(dirname "$0")/lib.sh"
MAX_RESPONSE_DELAY=6
rig_up
pair_up "$fod_role"

alarms() {
    foctl a --json relationship events "$RELATIONSHIP" |
        jq '[.events[] | select(.level == "alarm" and (.text | test("clock")))] | length'
}

for CLOCK_OFFSET in 70 -70; do
    step "fod's clock is $CLOCK_OFFSET s from dhcpd's: refused"
    before=$(alarms)
    stop_fod a
    wait_dhcpd b communications-interrupted 10
    start_fod a "$fod_role"
    until_true 30 fod_fault a 'clock' || fail "fod says '$(fod_status a last_fault)'"
    wait_log b 'time offset too large|time mismatch too great' 10
    (($(alarms) > before)) || fail "there is no alarm"
    same "$(fod_status a link)" down "the link"
    dhcpd_serves 5
done

step "the clocks are set: NORMAL, the stores agree"
CLOCK_OFFSET=0
stop_fod a
start_fod a "$fod_role"
wait_fod a NORMAL 60
wait_dhcpd b normal 10
until_true 20 stores_agree || fail "the stores differ: $(store_difference)"
