#!/bin/bash
# An operator has dhcpd exit in order: it says SHUTDOWN, fod is in PARTNER-DOWN at once and serves,
# and dhcpd comes back through RECOVER without waiting, as fod has promised that it knew.
fod_role=${1:-primary}
source "$(dirname "$0")/lib.sh"
MAX_RESPONSE_DELAY=6
rig_up
pair_up "$fod_role"
perfdhcp_run 20 1 >"$WORK/acked"
until_true 20 stores_agree || fail "the stores differ: $(store_difference)"

dhcpd_is_gone() {
    ! kill -0 "${DHCPD_PID[b]}" 2>/dev/null
}

step "dhcpd says SHUTDOWN and exits: fod is in PARTNER-DOWN and serves"
dhcpd_shutdown b
until_true 40 dhcpd_is_gone || fail "dhcpd is still there"
wait_fod a PARTNER-DOWN 10
same "$(fod_status a state_cause)" 'the partner is in SHUTDOWN (§9.8.4)' "why"
fod_serves "$fod_role"

step "dhcpd is started: through RECOVER to NORMAL, far sooner than the MCLT of $MCLT s"
start_dhcpd b "$(other_role "$fod_role")"
wait_fod a NORMAL 60
wait_dhcpd b normal 10
dhcpd_log_has b 'I move from recover to recover-done' || fail "dhcpd did not recover"
until_true 20 stores_agree || fail "the stores differ: $(store_difference)"

step "dhcpd serves"
perfdhcp_run 20 1 2 >"$WORK/acked"
(($(<"$WORK/acked") > 0)) || fail "nobody was served"
until_true 20 stores_agree || fail "the stores differ: $(store_difference)"
