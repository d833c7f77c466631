#!/bin/bash
# fod has leases that dhcpd will not take: of an address outside its pool, and one that crossed a
# later word of dhcpd's; and one that it cannot tell. Refusals are counted and told with their reason,
# are not repeated by themselves (B-14), are repeated when the operator says `resync` or the link is
# new, and stop nothing else.
fod_role=${1:-primary}
source "$(dirname "$0")/lib.sh"
SPLIT=$(split_for_dhcpd_alone "$fod_role")
declare -r OUTSIDE=10.16.9.9 # of the ranges of both, but in fod's scope
LEASE=1-5,7

# What lies outside the ranges is the primary's to give. As the secondary fod has such a lease only from
# the time when it was alone.
make_scope() {
    foctl "$1" scope create "$SCOPE/16" --name clients --range "$POOL_FIRST-$POOL_LAST"
    [[ $fod_role == primary ]] || make_outside
}

make_outside() {
    foctl a lease create $OUTSIDE --hardware 02:00:00:00:00:91 --duration 1h >"$WORK/made"
}

rig_up
pair_up "$fod_role"

refused() {
    fod_status a rejected_by_partner
}

refused_are() {
    [[ $(refused) == "$1" ]]
}

lease_says() {
    [[ $(foctl a --json lease show "$1" | jq -r ".$2") == "$3" ]]
}

events_say() {
    foctl a --json relationship events "$RELATIONSHIP" |
        jq -e --arg words "$1" 'any(.events[].text; contains($words))' >/dev/null
}

# Another lease of fod's is acknowledged.
others_go_on() {
    local address
    address=$(fod_address a "$fod_role")
    foctl a lease create "$address" --hardware "02:00:00:00:00:0$1" --duration 5m >"$WORK/made"
    wait_entries "$address" active "$LEASE" 15
    until_true 10 lease_says "$address" partner 'has it' || fail "$(foctl a lease show "$address")"
    same "$(fod_status a state)" NORMAL "the state"
}

# How often fod has told of the address, and for what reasons dhcpd refused.
told() {
    said wire | awk -F '\t' -v address="$1" -v fod="${FO_ADDRESS[a]}" '$5 != address { next }
        $3 == "BNDUPD" && $2 == fod { n++ }
        $3 == "BNDACK" && $2 != fod && $11 != "-" { reasons = reasons " " $11 }
        END { print n + 0 reasons }'
}

# What told() says of an address that was told and refused for reason 1 so many times.
all_refused() {
    local i words=$1
    for ((i = 0; i < $1; i++)); do words+=' 1'; done
    echo "$words"
}

step "a lease outside dhcpd's pool"
if [[ $fod_role == primary ]]; then
    make_outside
elif foctl a lease create 10.16.9.10 --hardware 02:00:00:00:00:92 2>"$WORK/said"; then
    fail "the secondary gives an address outside the ranges"
else
    [[ $(<"$WORK/said") == *"(20011)"*"make the lease at that server"* ]] ||
        fail "it is refused in other words: $(<"$WORK/said")"
fi
until_true 10 lease_says $OUTSIDE partner 'rejected it' || fail "$(foctl a lease show $OUTSIDE)"
refusals=$(refused) # of a new pair, as often as dhcpd asked for everything
[[ $fod_role == secondary ]] || same "$refusals" 1 "how many are refused"
why=$(foctl a --json lease show $OUTSIDE | jq -r .rejection)
[[ $why == "the partner refused ACTIVE: address not in any pool of this endpoint (reason 1)"* ]] ||
    fail "lease show says '$why'"
events_say "bndupd=rejected address=$OUTSIDE status=ACTIVE reason=1" || fail "no event tells"
others_go_on 1
others_go_on 2
same "$(refused)" "$refusals" "how many are refused when others go on"
same "$(told $OUTSIDE)" "$(all_refused "$refusals")" "how often fod told it, and the answers"

step "a lease without a hardware address is not told, and says so"
untold=$(fod_address a "$fod_role")
foctl a lease create "$untold" --client-id 00:91:91 --duration 1h >"$WORK/made"
until_true 5 lease_says "$untold" partner 'cannot be told' || fail "$(foctl a lease show "$untold")"
others_go_on 3
same "$(told "$untold")" 0 "how often fod told it"

step "resync: told again, and refused again, for nothing has been put right"
foctl a relationship resync "$RELATIONSHIP"
until_true 10 refused_are $((refusals + 1)) || fail "$(refused) refused"
same "$(told $OUTSIDE)" "$(all_refused $((refusals + 1)))" "how often fod told it, and the answers"

step "a renewal on fod crosses a later one of dhcpd's: less critical (16), and dhcpd's stands"
client=(-m 02:00:00:00:00:16 -w 9)
read -r kind address _ server < <(dhcp_client "${client[@]}" acquire)
same "$kind" ack "the client"
wait_entries "$address" active 1-6,8 15
cut_link
foctl a lease set "$address" --duration 10m
sleep 2 # times are in seconds, and the later one has to win
read -r kind _ < <(dhcp_client "${client[@]}" -a "$address" -s "$server" renew)
same "$kind" ack "the renewal"
heal_link
until_true 20 refused_are $((refusals + 2)) || fail "$(refused) refused"
same "$(told "$address" | cut -d ' ' -f 2-)" 16 "the answer"
wait_entries "$address" active 1-5 15
until_true 15 lease_says "$address" rejection '' || fail "$(foctl a lease show "$address")"
others_go_on 4

step "dhcpd gets the range: the next link tells the lease, and it is taken"
stop_dhcpd b
POOL_MORE="range $OUTSIDE;"
start_dhcpd b "$(other_role "$fod_role")"
wait_fod a NORMAL 30
wait_entries $OUTSIDE active "$LEASE" 15
until_true 10 lease_says $OUTSIDE partner 'has it' || fail "$(foctl a lease show $OUTSIDE)"
lease_says $OUTSIDE rejection '' || fail "$(foctl a lease show $OUTSIDE)"
others_go_on 5
