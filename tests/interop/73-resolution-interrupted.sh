#!/bin/bash
# The cable is cut again while a conflict is resolved: both are in RESOLUTION-INTERRUPTED, where fod
# serves from its own addresses and dhcpd serves nobody, and begin anew when it carries. V4: S-12, U-04.
fod_role=${1:-primary}
source "$(dirname "$0")/lib.sh"
MCLT=60 # leases given in the first cut shall not end before the end
MAX_RESPONSE_DELAY=6
POOL_LAST=10.16.19.255
SPLIT=$(split_for_dhcpd_alone "$fod_role")
rig_up

# The conflict must last long enough to be seen. The primary hears first: fod two thousand updates, so
# one at a time; dhcpd fewer than ten, and it holds such a BNDACK back for two seconds.
slowly=()
[[ $fod_role == secondary ]] || slowly=(--max-unacked 1)
step "a pair"
start_fod a "$fod_role" "${slowly[@]}"
start_dhcpd b "$(other_role "$fod_role")"
wait_fod a NORMAL 60
wait_dhcpd b normal 10
settled

step "the cable loses everything, both are told that the other is down, and grant leases"
cut_link
wait_fod a COMMUNICATIONS-INTERRUPTED 20
wait_dhcpd b communications-interrupted 20
foctl a relationship partner-down "$RELATIONSHIP" --force
dhcpd_partner_down b
fod_serves "$fod_role"
perfdhcp_run 500 4 >"$WORK/acked"
(($(<"$WORK/acked") > 1000)) || fail "only $(<"$WORK/acked") clients were served"
watch_states

# Stopped, dhcpd cannot end it while the cable is being cut.
step "it carries again; dhcpd is stopped in POTENTIAL-CONFLICT, and the cable cut"
exec {dhcpds}< <(exec tail -n 0 -f "$WORK/dhcpd-b.log") {fods}< <(exec tail -n 0 -f "$WORK/fod-a.log")
heal_link
timeout 60 grep -m 1 'I move from partner-down to potential-conflict' <&$dhcpds >"$WORK/moved" ||
    fail "dhcpd saw no conflict"
timeout 60 grep -m 1 'PARTNER-DOWN -> POTENTIAL-CONFLICT' <&$fods >"$WORK/moved" ||
    fail "fod saw no conflict"
kill -STOP "${DHCPD_PID[b]}"
cut_link
kill -CONT "${DHCPD_PID[b]}"
wait_fod a RESOLUTION-INTERRUPTED 20
wait_dhcpd b resolution-interrupted 20

step "fod serves, dhcpd does not"
fod_serves "$fod_role"
dhcpd_is_mute

step "it carries again: both NORMAL, by way of another POTENTIAL-CONFLICT"
heal_link
wait_fod a NORMAL 60
wait_dhcpd b normal 10
again='POTENTIAL-CONFLICT RESOLUTION-INTERRUPTED POTENTIAL-CONFLICT'
declare -A WAY=([primary]="$again CONFLICT-DONE NORMAL" [secondary]="$again NORMAL")
went a "${WAY[$fod_role]}"
went b "${WAY[$(other_role "$fod_role")]}"
settled
(($(fod_leases a | grep -cw active) > $(<"$WORK/acked"))) || fail "leases are missing"
