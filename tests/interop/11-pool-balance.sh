#!/bin/bash
# When NORMAL is entered the addresses that nobody holds are shared out half and half, whatever share
# of the clients is whose: dhcpd keeps pools even, and fod with it. Both databases agree on whose
# each address is, and each address changed hands once.
fod_role=${1:-primary}
source "$(dirname "$0")/lib.sh"
SPLIT=64 # a quarter of the clients is the primary's
rig_up

step "dhcpd has 80 leases from before; 120 of 200 addresses are left to share"
printf '10.16.0.%d\n' {101..180} | leases_from 11 >"$WORK/dhcpd-b.leases"
pair_up "$fod_role"

step "60 of the primary, 60 of the secondary, for both"
until_true 15 pools_are 60 60 fod_leases a || fail "fod sees $(pools fod_leases a)"
until_true 15 pools_are 60 60 dhcpd_leases b || fail "dhcpd sees $(pools dhcpd_leases b)"
until_true 15 stores_agree || fail "the stores differ: $(store_difference)"
same "$(fod_leases a | cut -f 2 | grep -cw active)" 80 "leases that fod has learnt"

step "the primary moved them, each once"
said wire >"$WORK/said"
primary=$(primary_side "$fod_role")
moved=$(pool_moves "$primary" <"$WORK/said" | awk -F '\t' '$6 == "backup" { print $5 }' | sort)
same "$(sort -u <<<"$moved" | wc -l) $(wc -l <<<"$moved")" "60 60" "addresses given to the secondary"
same "$moved" "$(fod_leases a | awk '$2 == "backup" { print $1 }' | sort)" "the secondary's"
