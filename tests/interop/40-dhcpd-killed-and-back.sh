#!/bin/bash
# kill -9 of dhcpd: fod notices and goes on alone; both agree again when dhcpd is back.
fod_role=${1:-primary}
source "$(dirname "$0")/lib.sh"
rig_up
capture_start killed
pair_up "$fod_role"

step "clients get leases"
perfdhcp_run 20 2 >"$WORK/acked"
(($(<"$WORK/acked") > 0)) || fail "nobody was served"

step "kill -9 dhcpd: fod is in COMMUNICATIONS-INTERRUPTED"
kill_dhcpd b
wait_fod a COMMUNICATIONS-INTERRUPTED 5

step "meanwhile fod ends a lease and grants another"
ended=$(fod_leases a | awk '$2 == "active" && !n++ { print $1 }')
granted=$(fod_address a "$fod_role")
foctl a lease delete "$ended" --force
foctl a lease create "$granted" --hardware 02:00:00:00:00:40 --duration 5m >>"$WORK/created"

step "dhcpd is back: both NORMAL, the stores agree"
start_dhcpd b "$(other_role "$fod_role")"
wait_fod a NORMAL 30
wait_dhcpd b normal 30
until_true 20 stores_agree || fail "the stores differ: $(store_difference)"
same "$(dhcpd_leases b | awk -v at="$granted" '$1 == at { print $2, $3 }')" \
    "active 02:00:00:00:00:40" "the lease of $granted"
same "$(dhcpd_leases b | grep -cE "^$ended	(free|backup)	")" 1 "the end of $ended"

capture_stop
check_capture killed a
