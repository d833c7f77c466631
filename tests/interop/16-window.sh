#!/bin/bash
# Five thousand updates and more each way: all of them arrive, each once and acknowledged, and nobody
# has more of them under way than the other said it can take (max-unacked-bndupd). What fod says is
# small enough for dhcpd to acknowledge at once: it saves acknowledgements up to half of that number,
# or for two seconds. The rates are printed; a transfer in which those two seconds show has about 5/s.
# V4: C-22, I-06.
fod_role=${1:-primary}
source "$(dirname "$0")/lib.sh"
POOL_LAST=10.16.47.254 # 12286 addresses, half of them fod's
POOL_SECONDS=3600      # no other updates
PACED=100              # updates per second; far above 5, and far below what any machine does
[[ $fod_role == primary ]] && own=free || own=backup
rig_up
pair_up "$fod_role"
halved() {
    foctl a --json scope statistics "$SCOPE" |
        jq -e '.[0] | .this_free == 6143 and .partner_free == 6143' >/dev/null
}
until_true 60 halved || fail "the pool is not shared out: $(foctl a scope statistics "$SCOPE")"
wait_fod_told a 60

# said_since TIME SIDE: "UPDATES ADDRESSES ACKNOWLEDGED REFUSED MOST-UNACKED PER-SECOND" of what SIDE
# sent since then.
said_since() {
    said wire | awk -F '\t' -v since="$1" -v source="${FO_ADDRESS[$2]}" '
        $1 < since { next }
        $2 == source && $3 == "BNDUPD" {
            if (!updates++)
                first = $1
            last = $1
            addresses += !seen[$5]++
            under_way += !($4 in open)
            open[$4] = 1
            if (under_way > most)
                most = under_way
        }
        $2 != source && $3 == "BNDACK" && $4 in open {
            delete open[$4]
            under_way--
            acknowledged++
            refused += $11 != "-"
        }
        END {
            print updates, addresses, acknowledged, refused + 0, most,
                int(updates / (last > first ? last - first : 0.001))
        }'
}

# What SIDE said it can take: option 14 of its CONNECT or CONNECTACK.
can_take() {
    fields wire "(dhcpfo.type == 5 || dhcpfo.type == 6) && ip.src == ${FO_ADDRESS[$1]}" \
        dhcpfo.maxunackedbndupd | sort -u
}

# check_transfer TIME SIDE COUNT
check_transfer() {
    local updates addresses acknowledged refused most rate limit
    read -r updates addresses acknowledged refused most rate < <(said_since "$1" "$2")
    limit=$(can_take "$(other_side "$2")")
    printf '%12s side %s: %d updates, %d/s, at most %d of %d under way\n' '' "$2" "$updates" "$rate" \
        "$most" "$limit"
    same "$updates $addresses $acknowledged $refused" "$3 $3 $3 0" \
        "updates, addresses, acknowledged and refused of side $2"
    ((most <= limit)) || fail "side $2 had $most updates under way, not $limit"
    ((rate >= PACED)) || fail "side $2 waited for acknowledgements: $rate updates per second"
}

step "fod leases 5000 addresses"
since=$EPOCHREALTIME
fod_leases a | awk -v own="$own" '$2 == own && ++n <= 5000 { print $1 }' | leases_from 16 >"$WORK/new"
foctl a lease import "$WORK/new" >"$WORK/imported" 2>&1
wait_fod_told a 120
check_transfer "$since" a 5000
until_true 60 active_are 5000 dhcpd_leases b || fail "dhcpd has $(dhcpd_leases b | grep -cw active)"

step "dhcpd is asked for all of its 12286 addresses"
since=$EPOCHREALTIME
foctl a relationship resync "$RELATIONSHIP" --timeout 120 >"$WORK/resync" 2>&1
check_transfer "$since" b 12286
until_true 60 stores_agree || fail "the stores differ: $(store_difference)"
