#!/bin/bash
# kill -9 of dhcpd: fod notices and goes on alone; when dhcpd is back it is told what it missed.
fod_role=${1:-primary}
source "$(dirname "$0")/lib.sh"
rig_up
capture_start killed
pair_up "$fod_role"

step "clients get leases"
perfdhcp_run 20 2 >"$WORK/acked"
(($(<"$WORK/acked") > 0)) || fail "nobody was served"
outage_begins dhcpd-killed

step "kill -9 dhcpd: fod is in COMMUNICATIONS-INTERRUPTED"
kill_dhcpd b
wait_fod a COMMUNICATIONS-INTERRUPTED 5

step "meanwhile fod ends a lease and grants another"
ended=$(fod_leases a | awk '$2 == "active" && !n++ { print $1 }')
foctl a lease delete "$ended" --force
fod_serves "$fod_role"
outage_ends dhcpd-killed a

step "dhcpd is back: both NORMAL, the stores agree"
start_dhcpd b "$(other_role "$fod_role")"
outage_over dhcpd-killed
same "$(dhcpd_leases b | awk -v at="$FOD_LEASE" '$1 == at { print $2, $3 }')" \
    "active 02:00:00:00:f0:d0" "the lease of $FOD_LEASE"
same "$(dhcpd_leases b | grep -cE "^$ended	(free|backup)	")" 1 "the end of $ended"

capture_stop
check_capture killed a
check_updates killed dhcpd-killed
