#!/bin/bash
# fod and dhcpd call their relationship by different names: refused with reason 8, and both say why.
# With the name put right the pair works.
fod_role=${1:-primary}
source "$(dirname "$0")/lib.sh"
rig_up
capture_start name

step "dhcpd calls it 'wrong'"
start_fod a "$fod_role"
RELATIONSHIP=wrong start_dhcpd b "$(other_role "$fod_role")"
if [[ $fod_role == primary ]]; then
    fod_says='the partner refused CONNECT: .*\(8\) unknown failover relationship name'
    dhcpd_says='Failover CONNECT from lab: unknown failover relationship name'
else
    fod_says="CONNECT refused: there is no relationship 'wrong' with this partner"
    dhcpd_says='Failover CONNECT to wrong rejected: .*invalid failover partner'
fi
until_true 20 fod_fault a "$fod_says" || fail "fod says '$(fod_status a last_fault)'"
fod_event a "${fod_says//\'/.}" || fail "it is not among the events"
wait_log b "$dhcpd_says" 10
same "$(fod_status a link)" down "the link"

step "the name is put right: both NORMAL, dhcpd serves"
stop_dhcpd b
start_dhcpd b "$(other_role "$fod_role")"
works_again

capture_stop
check_capture name a
