#!/bin/bash
# A lease created on fod, on an address that fod owns, appears in dhcpd's leases file.
fod_role=${1:-primary}
source "$(dirname "$0")/lib.sh"
rig_up
pair_up "$fod_role"

step "an operator creates a lease on an address of fod's"
address=$(fod_address a "$fod_role")
foctl a lease create "$address" --hardware 02:00:00:00:00:30 --client-id 01:5c:00:22:30 \
    --duration 5m >"$WORK/created"
expected=$(fod_leases a | grep "^$address	" | cut -f 1-5)
same "$(cut -f 2-4 <<<"$expected" | tr '\t' ' ')" "active 02:00:00:00:00:30 015c002230" \
    "what fod has stored"

step "dhcpd has it in its leases file: $address"
lease_arrived() {
    [[ $(dhcpd_leases b | grep "^$address	" | cut -f 1-5) == "$expected" ]]
}
until_true 10 lease_arrived ||
    fail "expected '$expected', found '$(dhcpd_leases b | grep "^$address	")'"
until_true 10 stores_agree || fail "the stores differ: $(store_difference)"
