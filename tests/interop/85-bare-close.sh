#!/bin/bash
# dhcpd goes without a DISCONNECT, as it always does: fod says what happened, goes on trying, and the
# pair works when dhcpd is back.
fod_role=${1:-primary}
source "$(dirname "$0")/lib.sh"
rig_up
capture_start close
pair_up "$fod_role"

step "dhcpd is told to end"
stop_dhcpd b
wait_fod a COMMUNICATIONS-INTERRUPTED 5
same "$(fod_status a state_cause)" 'closed by the partner (§9.8.4)' "why"
[[ $(fod_status a state_exit) == *'partner answers again'* ]] || fail "what ends it is not said"
fod_event a 'link=down cause="closed by the partner"' || fail "it is not among the events"
until_true 20 fod_fault a "cannot connect to ${FO_ADDRESS[b]}: Connection refused" ||
    fail "fod says '$(fod_status a last_fault)'"

step "dhcpd is started: both NORMAL, dhcpd serves"
start_dhcpd b "$(other_role "$fod_role")"
works_again

step "on the wire: no DISCONNECT"
capture_stop
check_capture close a
same "$(fields close 'dhcpfo.type == 12' frame.number)" "" "a DISCONNECT"
