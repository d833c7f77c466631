#!/bin/bash
# A virgin pair reaches NORMAL and shares the pool half and half, as each side sees it.
fod_role=${1:-primary}
source "$(dirname "$0")/lib.sh"
POOL_LAST=10.16.0.200
rig_up

step "fod as $fod_role and dhcpd reach NORMAL"
pair_up "$fod_role"

step "each side sees 100 addresses of the primary and 100 of the secondary"
until_true 15 pools_are 100 100 fod_leases a || fail "fod sees $(pools fod_leases a)"
until_true 15 pools_are 100 100 dhcpd_leases b || fail "dhcpd sees $(pools dhcpd_leases b)"
until_true 15 stores_agree || fail "the stores differ: $(store_difference)"
same "$(foctl a --json scope statistics "$SCOPE" | jq -c '.[0] | [.this_free, .partner_free]')" \
    "[100,100]" "what fod tells its operator"
