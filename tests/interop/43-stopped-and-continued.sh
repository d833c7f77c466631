#!/bin/bash
# SIGSTOP: one of the two is silent for longer than the receive timer, its connection stays open.
# The other goes on serving, and tells what has changed when the first is continued.
fod_role=${1:-primary}
source "$(dirname "$0")/lib.sh"
MAX_RESPONSE_DELAY=6
rig_up
capture_start stopped
pair_up "$fod_role"
perfdhcp_run 20 1 >"$WORK/acked"
fod_serves "$fod_role"

step "fod is stopped: dhcpd hangs up and serves everybody"
outage_begins fod-stopped
kill -STOP "${FOD_PID[a]}"
wait_dhcpd b communications-interrupted 20
dhcpd_serves 10
outage_ends fod-stopped b

step "fod goes on: both NORMAL, the stores agree"
kill -CONT "${FOD_PID[a]}"
outage_over fod-stopped

step "dhcpd is stopped: fod hangs up, an operator makes a lease and ends one"
outage_begins dhcpd-stopped
kill -STOP "${DHCPD_PID[b]}"
wait_fod a COMMUNICATIONS-INTERRUPTED 20
fod_serves "$fod_role"
outage_ends dhcpd-stopped a

step "dhcpd goes on: both NORMAL, the stores agree"
kill -CONT "${DHCPD_PID[b]}"
outage_over dhcpd-stopped
dhcpd_log_has b 'Failover DISCONNECT from lab: .*traffic' || fail "dhcpd was not told why"

capture_stop
check_capture stopped a
check_updates stopped fod-stopped
check_updates stopped dhcpd-stopped
