#!/bin/bash
# Of ten thousand clients, with and without a client identifier, each is served by fod or by dhcpd and
# none by both: dhcpd's answers are those on the wire, fod's what it tells its operator. So for several
# splits, none and all among them, and for a map made by hand, whichever of the two has made it; and
# who has tried for longer than `load balance max seconds` is served by either.
# V4: H-03, H-05.
# time limit: 1200 s
fod_role=${1:-primary}
source "$(dirname "$0")/lib.sh"
CLIENTS=10000
POOL_LAST=10.16.63.254 # each client has an address to be offered, and none is offered twice
rig_up
need_tools jq "$FO_BUILD/who_is_answered"

# Hardware addresses as manufacturers give them, identifiers of 2 to 40 octets, every other client one.
awk -v n=$CLIENTS 'BEGIN {
    srand(3074)
    for (i = 0; i < n; i++) {
        id = i % 2 ? " ff" : ""
        for (octets = i % 2 ? 1 + int(rand() * 39) : 0; octets > 0; octets--)
            id = id sprintf("%02x", int(rand() * 256))
        printf "02:30:74:%02x:%02x:%02x%s\n", i / 65536, i / 256 % 256, i % 256, id
    }
}' >"$WORK/clients"

served_by_dhcpd() {
    in_ns c "$FO_BUILD/who_is_answered" br0 "$CLIENT_ADDRESS" "$1"
}

served_by_fod() {
    foctl a --json scope serves "$SCOPE" --secs "$1" --clients - | jq -r '.[].answers'
}

# served SECS FILE: for how many clients each pair of answers was given, "FOD DHCPD COUNT".
served() {
    served_by_fod "$1" <"$2" >"$WORK/by-fod"
    served_by_dhcpd "$1" <"$2" >"$WORK/by-dhcpd"
    paste -d ' ' "$WORK/by-fod" "$WORK/by-dhcpd" | sort | uniq -c | awk '{ print $2, $3, $1 }'
}

# partition SECS FILE PER-CENT: every client is served by one, about that many by the primary.
partition() {
    local result fods dhcpds primarys total
    total=$(wc -l <"$2")
    result=$(served "$1" "$2")
    fods=$(awk '/^true false/ { print $3 }' <<<"$result")
    dhcpds=$(awk '/^false true/ { print $3 }' <<<"$result")
    same $((fods + dhcpds)) "$total" "clients served by one (fod, dhcpd: ${result//$'\n'/; })"
    [[ $fod_role == primary ]] && primarys=$fods || primarys=$dhcpds
    (((primarys * 100 - total * $3) ** 2 <= (total * 5) ** 2)) ||
        fail "the primary serves $primarys of $total clients, not about $3 %"
    printf '%12s fod %d, dhcpd %d\n' '' "$fods" "$dhcpds"
}

# A pair without past whose primary has these settings.
with() {
    local SPLIT=128 HBA=''
    local "$1"
    if [[ -e $WORK/fod-a.log ]]; then
        stop_fod a
        stop_dhcpd b
        rm -rf "$WORK"/fod-a.* "$WORK"/dhcpd-b.leases
    fi
    pair_up "$fod_role"
    until_true 60 halved || fail "the pool is not shared out: $(foctl a scope statistics "$SCOPE")"
    wait_fod_told a 60
}

halved() {
    foctl a --json scope statistics "$SCOPE" |
        jq -e '.[0] | .this_free == 8191 and .partner_free == 8191' >/dev/null
}

step "half of the buckets are the primary's"
with SPLIT=128
partition 0 "$WORK/clients" 50

step "a client that has tried for 3 s is still its own server's, one that has for 4 s is anybody's"
head -300 "$WORK/clients" >"$WORK/some"
partition 3 "$WORK/some" 50
same "$(served 4 "$WORK/some")" "true true 300" "served by both"

step "200 of 256 buckets are the primary's"
with SPLIT=200
partition 0 "$WORK/clients" 78

for split in 0 64 256; do
    step "$split of 256 buckets are the primary's"
    with SPLIT=$split
    partition 0 "$WORK/some" $((split * 100 / 256))
done

step "a map made by hand: 7 of 16 buckets, in no order"
with "HBA=$(printf 'a51c%.0s' {1..16})"
partition 0 "$WORK/clients" 44
