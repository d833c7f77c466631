#!/bin/bash
# An operator moves dhcpd to PAUSED and to SHUTDOWN. fod takes over, and however dhcpd is brought
# back, both end in NORMAL: fod never says what would shut it down again.
fod_role=${1:-primary}
source "$(dirname "$0")/lib.sh"
MCLT=10 # dhcpd waits that long after RECOVER
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

partner_is() {
    [[ $(fod_status a 'link, .partner_state') == up$'\n'"$1" ]]
}

shut_dhcpd_down() {
    dhcpd_set_state b $DHCPD_SHUTDOWN
    wait_fod a PARTNER-DOWN 10
    same "$(fod_status a state_cause)" 'the partner is in SHUTDOWN (§9.8.4)' "why"
    dhcpd_is_mute
    fod_serves "$fod_role"
}

step "dhcpd is PAUSED: fod is in COMMUNICATIONS-INTERRUPTED and serves"
dhcpd_set_state b $DHCPD_PAUSED
wait_fod a COMMUNICATIONS-INTERRUPTED 10
same "$(fod_status a state_cause)" 'the partner is in PAUSED (§9.8.4)' "why"
dhcpd_is_mute
fod_serves "$fod_role"

step "dhcpd goes on: both NORMAL, the stores agree"
dhcpd_set_state b $DHCPD_NORMAL
both_normal_and_agreed

step "dhcpd is in SHUTDOWN, also after a restart: fod is in PARTNER-DOWN and serves"
shut_dhcpd_down
stop_dhcpd b
start_dhcpd b "$(other_role "$fod_role")"
wait_dhcpd b shutdown 20
until_true 20 partner_is SHUTDOWN || fail "fod believes $(fod_status a partner_state)"
same "$(fod_status a state)" PARTNER-DOWN "the state of fod"

step "dhcpd is told to recover: it is told everything, both NORMAL, the stores agree"
dhcpd_set_state b $DHCPD_RECOVER
both_normal_and_agreed
dhcpd_log_has b 'I move from shutdown to recover' || fail "dhcpd did not recover"

step "dhcpd in SHUTDOWN is told NORMAL, as if nothing had been: the conflict is resolved"
shut_dhcpd_down
dhcpd_set_state b $DHCPD_NORMAL
both_normal_and_agreed
dhcpd_log_has b 'I move from potential-conflict to (normal|conflict-done)' || fail "no conflict"
same "$(grep -c 'I move from normal to shutdown$' "$WORK/dhcpd-b.log")" 2 "how often dhcpd was shut down"

step "dhcpd serves"
perfdhcp_run 20 1 2 >"$WORK/acked"
(($(<"$WORK/acked") > 0)) || fail "nobody was served"
until_true 20 stores_agree || fail "the stores differ: $(store_difference)"
