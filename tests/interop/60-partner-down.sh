#!/bin/bash
# Each of the two is declared down by the other's operator, and comes back.
fod_role=${1:-primary}
source "$(dirname "$0")/lib.sh"
MCLT=10 # dhcpd waits that long after RECOVER
SPLIT=$(split_for_dhcpd_alone "$fod_role")
rig_up
pair_up "$fod_role"
perfdhcp_run 20 1 >"$WORK/acked"

both_normal_and_agreed() {
    wait_fod a NORMAL 60
    wait_dhcpd b normal 10
    until_true 20 stores_agree || fail "the stores differ: $(store_difference)"
}

step "dhcpd is down: fod is in PARTNER-DOWN and grants a lease"
kill_dhcpd b
wait_fod a COMMUNICATIONS-INTERRUPTED 10
foctl a relationship partner-down "$RELATIONSHIP" --force
wait_fod a PARTNER-DOWN 5
foctl a lease create "$(fod_address a "$fod_role")" --hardware 02:00:00:00:00:60 --duration 5m \
    >"$WORK/created"

step "dhcpd recovers with its database"
start_dhcpd b "$(other_role "$fod_role")"
both_normal_and_agreed

step "fod is down: dhcpd is in PARTNER-DOWN and grants leases"
kill_fod a
wait_dhcpd b communications-interrupted 10
dhcpd_partner_down b
perfdhcp_run 20 1 2 >>"$WORK/acked"

step "fod comes back with its database"
start_fod a "$fod_role"
both_normal_and_agreed

step "dhcpd loses its leases file: it learns everything anew"
kill_dhcpd b
wait_fod a COMMUNICATIONS-INTERRUPTED 10
foctl a relationship partner-down "$RELATIONSHIP" --force
rm "$WORK/dhcpd-b.leases"
start_dhcpd b "$(other_role "$fod_role")"
both_normal_and_agreed
