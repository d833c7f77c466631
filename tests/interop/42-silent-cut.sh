#!/bin/bash
# The cable loses everything for longer than the receive timer, and nobody is told. Both go on
# serving; when it carries again each tells the other what has changed, and nothing else.
fod_role=${1:-primary}
source "$(dirname "$0")/lib.sh"
MAX_RESPONSE_DELAY=6
rig_up
capture_start cut
pair_up "$fod_role"
perfdhcp_run 20 1 >"$WORK/acked"
fod_serves "$fod_role"
outage_begins silent-cut

step "the cable loses everything: both are in COMMUNICATIONS-INTERRUPTED"
cut_link
wait_fod a COMMUNICATIONS-INTERRUPTED 20
wait_dhcpd b communications-interrupted 20

step "dhcpd serves everybody, an operator makes a lease on fod and ends one"
dhcpd_serves 10
fod_serves "$fod_role"
outage_ends silent-cut a b

step "the cable carries again: both NORMAL, the stores agree"
heal_link
outage_over silent-cut

capture_stop
check_capture cut a
check_updates cut silent-cut
