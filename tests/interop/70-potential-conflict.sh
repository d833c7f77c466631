#!/bin/bash
# The link is cut, both are told that the other is down, both grant: the conflict is resolved.
fod_role=${1:-primary}
source "$(dirname "$0")/lib.sh"
MAX_RESPONSE_DELAY=6
SPLIT=$(split_for_dhcpd_alone "$fod_role")
rig_up
pair_up "$fod_role"
perfdhcp_run 20 1 >"$WORK/acked"

step "the cable loses everything"
cut_link
wait_fod a COMMUNICATIONS-INTERRUPTED 20
wait_dhcpd b communications-interrupted 20

step "both are told that the other is down, and grant leases"
foctl a relationship partner-down "$RELATIONSHIP" --force
dhcpd_partner_down b
foctl a lease create "$(fod_address a "$fod_role")" --hardware 02:00:00:00:00:70 --duration 5m \
    >"$WORK/created"
perfdhcp_run 20 1 2 >>"$WORK/acked"

step "the cable carries again: POTENTIAL-CONFLICT, then NORMAL, the stores agree"
heal_link
wait_fod a NORMAL 60
wait_dhcpd b normal 10
dhcpd_log_has b 'I move from partner-down to potential-conflict' || fail "there was no conflict"
until_true 20 stores_agree || fail "the stores differ: $(store_difference)"
