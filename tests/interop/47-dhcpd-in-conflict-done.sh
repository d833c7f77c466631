#!/bin/bash
# dhcpd, the primary, is in CONFLICT-DONE, where PARTNER-DOWN from its secondary ends its process.
# fod is lost at that moment, its operator says partner-down, and still both end in NORMAL.
source "$(dirname "$0")/lib.sh"
MAX_RESPONSE_DELAY=6
rig_up
pair_up secondary
perfdhcp_run 20 1 >"$WORK/acked"
until_true 20 stores_agree || fail "the stores differ: $(store_difference)"

step "dhcpd says CONFLICT-DONE to a fod that is stopped, and the cable loses everything"
kill -STOP "${FOD_PID[a]}"
dhcpd_set_state b $DHCPD_CONFLICT_DONE
wait_dhcpd b conflict-done 10
cut_link
kill -CONT "${FOD_PID[a]}"
wait_fod a RESOLUTION-INTERRUPTED 20
same "$(fod_status a partner_state)" CONFLICT-DONE "what fod has heard"

step "the operator of fod says partner-down, and the cable carries again"
foctl a relationship partner-down "$RELATIONSHIP" --force
wait_fod a PARTNER-DOWN 5
heal_link
wait_fod a NORMAL 60
wait_dhcpd b normal 10
kill -0 "${DHCPD_PID[b]}" || fail "dhcpd is gone"
! dhcpd_log_has b 'I move from .* to shutdown' || fail "dhcpd shut itself down"
until_true 20 stores_agree || fail "the stores differ: $(store_difference)"

step "dhcpd serves"
perfdhcp_run 20 1 2 >"$WORK/acked"
(($(<"$WORK/acked") > 0)) || fail "nobody was served"
until_true 20 stores_agree || fail "the stores differ: $(store_difference)"
