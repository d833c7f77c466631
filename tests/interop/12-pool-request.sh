#!/bin/bash
# dhcpd has leased nearly all of its addresses and asks for more (POOLREQ). fod answers how many it
# hands over (POOLRESP) and gives just those away, whichever role it has: as primary FREE ones become
# BACKUP, as secondary BACKUP ones FREE. dhcpd leases them.
# V4: P-02, P-03, P-05.
fod_role=${1:-primary}
source "$(dirname "$0")/lib.sh"
SPLIT=$(split_for_dhcpd_alone "$fod_role")
POOL_SECONDS=5 # dhcpd asks before the minute is over in which a primary looks by itself
if [[ $fod_role == primary ]]; then
    gives=backup count=48 # dhcpd has 5 of 105 left
else
    gives=free count=47
fi
rig_up
pair_up "$fod_role"
until_true 15 pools_are 100 100 fod_leases a || fail "fod sees $(pools fod_leases a)"

step "95 clients come to dhcpd, which has 100 addresses"
keep_leases 1 95
until_true 30 active_are 95 fod_leases a || fail "fod has $(fod_leases a | grep -cw active) leases"

step "dhcpd asks, and has half of what is left"
until_true 40 pools_are 52 53 fod_leases a || fail "fod sees $(pools fod_leases a)"
until_true 10 pools_are 52 53 dhcpd_leases b || fail "dhcpd sees $(pools dhcpd_leases b)"
until_true 10 stores_agree || fail "the stores differ: $(store_difference)"

step "20 clients more than dhcpd had addresses for"
keep_leases 2 20
until_true 30 active_are 115 fod_leases a || fail "fod has $(fod_leases a | grep -cw active) leases"

step "what fod answered is what it gave"
said wire >"$WORK/said"
asked=$(awk -F '\t' -v b="${FO_ADDRESS[b]}" '$2 == b && $3 == "POOLREQ" && !n++ { print $4 }' \
    "$WORK/said")
[[ -n $asked ]] || fail "dhcpd did not ask"
answered=$(awk -F '\t' -v a="${FO_ADDRESS[a]}" -v xid="$asked" \
    '$2 == a && $3 == "POOLRESP" && $4 == xid { print $10 }' "$WORK/said")
same "$answered" $count "addresses fod says it hands over"
moved=$(awk -F '\t' -v xid="$asked" '$4 == xid { asked = 1 } asked' "$WORK/said" | pool_moves a)
same "$(awk -F '\t' -v gives=$gives '$6 == gives { print $5 }' <<<"$moved" | sort -u | wc -l)" \
    $count "addresses that became $gives"
same "$(wc -l <<<"$moved")" $count "updates for that"
