#!/bin/bash
# kill -9 of fod: dhcpd notices and serves everybody; when fod is back it is told what it missed.
fod_role=${1:-primary}
source "$(dirname "$0")/lib.sh"
rig_up
capture_start killed
pair_up "$fod_role"
perfdhcp_run 20 1 >"$WORK/acked"
fod_serves "$fod_role"
outage_begins fod-killed

step "kill -9 fod: dhcpd is in COMMUNICATIONS-INTERRUPTED and serves everybody"
kill_fod a
wait_dhcpd b communications-interrupted 10
dhcpd_serves 10
outage_ends fod-killed b

step "fod is back with its database: both NORMAL, the stores agree"
start_fod a "$fod_role"
outage_over fod-killed
same "$(fod_leases a | awk -v at="$FOD_LEASE" '$1 == at { print $2 }')" active "the lease of fod"

capture_stop
check_capture killed a
check_updates killed fod-killed
