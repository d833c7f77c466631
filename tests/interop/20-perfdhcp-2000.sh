#!/bin/bash
# Two thousand clients get leases from dhcpd; every one of them is in fod's store.
fod_role=${1:-primary}
source "$(dirname "$0")/lib.sh"
POOL_LAST=10.16.23.255
SPLIT=$(split_for_dhcpd_alone "$fod_role")
rig_up
pair_up "$fod_role"

step "clients come, 500 a second, until 2000 have a lease"
count_active() {
    dhcpd_leases b | cut -f 2 | grep -cw active || true
}
for ((round = 1; round <= 10 && $(count_active) < 2000; round++)); do
    perfdhcp_run 500 2 "$round" >>"$WORK/acked"
done
active=$(dhcpd_leases b | grep -w active | cut -f 1-6)
count=$(wc -l <<<"$active")
((count >= 2000)) || fail "only $count clients were served"

step "fod has all $count: client, status, lease end, potential expiration time"
fod_has_them() {
    [[ $(fod_leases a | grep -w active | cut -f 1-6) == "$active" ]]
}
until_true 30 fod_has_them ||
    fail "first differences (< dhcpd, > fod): $(diff <(echo "$active") \
        <(fod_leases a | grep -w active | cut -f 1-6) | grep '^[<>]' | sed -n 1,4p)"
