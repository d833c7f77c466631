#!/bin/bash
# One of the two knows its partner by another address: no link, and fod says why. dhcpd only hangs up.
# With the address put right the pair works.
fod_role=${1:-primary}
source "$(dirname "$0")/lib.sh"
NOBODY=192.168.77.9
rig_up
capture_start address

step "dhcpd knows fod by another address: it takes the call and hangs up"
start_fod a "$fod_role"
PARTNER_ADDRESS=$NOBODY start_dhcpd b "$(other_role "$fod_role")"
fod_says='takes our call and hangs up without a CONNECT; is the address of this server'
[[ $fod_role == primary ]] && fod_says='does not answer CONNECT; does it know this relationship'
until_true 20 fod_fault a "$fod_says" || fail "fod says '$(fod_status a last_fault)'"
fod_event a "$fod_says" || fail "it is not among the events"
same "$(fod_status a link)" down "the link"

step "the address is put right: both NORMAL, dhcpd serves"
stop_dhcpd b
start_dhcpd b "$(other_role "$fod_role")"
works_again
pair_forget

step "fod knows dhcpd by another address: nobody is there, and dhcpd is a stranger"
PARTNER_ADDRESS=$NOBODY start_fod a "$fod_role"
start_dhcpd b "$(other_role "$fod_role")"
until_true 20 fod_fault a "does not take our call: cannot connect to $NOBODY" ||
    fail "fod says '$(fod_status a last_fault)'"
fod_event a "cannot connect to $NOBODY" || fail "it is not among the events"
until_true 20 grep "source=${FO_ADDRESS[b]} refused cause=not-a-partner" "$WORK/fod-a.log" \
    >"$WORK/stranger" || fail "fod does not tell of the call of a stranger"
same "$(fod_status a link)" down "the link"

step "the relationship is made anew with the right address: both NORMAL, dhcpd serves"
foctl a relationship delete "$RELATIONSHIP" --one-sided --force
make_relationship a "$fod_role" >"$WORK/made-anew"
works_again

capture_stop
check_capture address a
