#!/bin/bash
# The other way round: fod has leased nearly all of its addresses and gets some from dhcpd. As
# secondary it asks (POOLREQ), and dhcpd gives as many as it answers (POOLRESP); as primary it recalls
# BACKUP addresses, and dhcpd agrees to each.
# V4: P-04; as secondary P-01.
fod_role=${1:-primary}
source "$(dirname "$0")/lib.sh"
POOL_SECONDS=3600 # dhcpd does nothing by itself
if [[ $fod_role == primary ]]; then
    own=free mover=a moves=free left=(52 53)
else
    own=backup mover=b moves=backup left=(53 52)
fi
rig_up
pair_up "$fod_role"
until_true 15 pools_are 100 100 fod_leases a || fail "fod sees $(pools fod_leases a)"
until_true 15 pools_are 100 100 dhcpd_leases b || fail "dhcpd sees $(pools dhcpd_leases b)"

step "fod leases 95 of its 100 addresses"
fod_leases a | awk -v own=$own '$2 == own && ++n <= 95 { print $1 }' | leases_from 17 >"$WORK/new"
foctl a lease import "$WORK/new" >"$WORK/imported" 2>&1
until_true 15 active_are 95 dhcpd_leases b || fail "dhcpd has $(dhcpd_leases b | grep -cw active)"

step "fod has half of what is left: a secondary within its minute, a primary when it is told"
[[ $fod_role == secondary ]] || foctl a relationship balance "$RELATIONSHIP"
until_true 80 pools_are "${left[@]}" fod_leases a || fail "fod sees $(pools fod_leases a)"
until_true 10 pools_are "${left[@]}" dhcpd_leases b || fail "dhcpd sees $(pools dhcpd_leases b)"
until_true 10 stores_agree || fail "the stores differ: $(store_difference)"

step "47 addresses went, each once and with consent"
said wire >"$WORK/said"
imported=$(awk -F '\t' '$3 == "BNDUPD" && $6 == "active" { last = NR } END { print last }' "$WORK/said")
moved=$(tail -n +"$imported" "$WORK/said" | pool_moves $mover |
    awk -F '\t' -v moves=$moves '$6 == moves { print $4, $5 }')
same "$(wc -l <<<"$moved") $(cut -d ' ' -f 2 <<<"$moved" | sort -u | wc -l)" "47 47" \
    "updates, and addresses that became $moves"
agreed=$(awk -F '\t' '$3 == "BNDACK" && $11 == "-" { print $4, $5 }' "$WORK/said")
same "$(grep -cxF "$moved" <<<"$agreed")" 47 "of these acknowledged"
if [[ $fod_role == secondary ]]; then
    xid=$(awk -F '\t' -v a="${FO_ADDRESS[a]}" '$2 == a && $3 == "POOLREQ" { xid = $4 }
        END { print xid }' "$WORK/said")
    same "$(awk -F '\t' -v b="${FO_ADDRESS[b]}" -v xid="$xid" \
        '$2 == b && $3 == "POOLRESP" && $4 == xid { print $10 }' "$WORK/said")" 47 \
        "addresses dhcpd says it hands over"
fi
