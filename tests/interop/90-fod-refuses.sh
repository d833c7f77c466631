#!/bin/bash
# dhcpd has more in its pool than fod has in the relationship, and says FREE of an address that fod
# knows to be abandoned: fod refuses, counts, tells why, and everything else goes on. When the operator
# has put it right and says `resync`, both agree (B-10, Figure 7.1.3-1; §7.2.2).
fod_role=${1:-primary}
source "$(dirname "$0")/lib.sh"
MCLT=60
LEASE_TIME=600
SPLIT=$(split_for_dhcpd_alone "$fod_role")
ABANDON_SECONDS=12 # then dhcpd says FREE; in the draft only a RESET may follow
# fod has the first of these in another relationship, and the second in none.
POOL_MORE='range 10.16.1.1 10.16.1.50; range 10.16.2.1 10.16.2.50;'
unknown=10.16.2.2
foreign=10.16.1.3
LEASE=1-6,8
rig_up

# Smaller than usual: 10.16.0.0/24 alone, and another relationship beside it.
make_scope() {
    foctl "$1" scope create "$SCOPE/24" --range "$POOL_FIRST-$POOL_LAST" &&
        foctl "$1" scope create 10.16.1.0/24 --range 10.16.1.1-10.16.1.50 &&
        foctl "$1" relationship create --name other --role primary --one-sided --tls off \
            --local "${FO_ADDRESS[$1]}" --partner 192.168.77.9 --scope 10.16.1.0
}

# A lease of client $1, of address $2, that dhcpd has from before.
lease_from_before() {
    printf 'lease %s {\n  starts epoch %d;\n  ends epoch %d;\n  cltt epoch %d;\n' "$2" \
        "$EPOCHSECONDS" $((EPOCHSECONDS + 300)) "$EPOCHSECONDS"
    printf '  binding state active;\n  next binding state free;\n'
    printf '  hardware ethernet 02:00:00:00:00:0%d;\n}\n' "$1"
}

# Client $1 asks dhcpd; ADDRESS, SECONDS_GRANTED and SERVER are what it got.
client() {
    local n=$1 kind
    shift
    read -r kind ADDRESS SECONDS_GRANTED SERVER < <(dhcp_client -m "02:00:00:00:00:0$n" "$@")
    [[ $kind == ack || $kind == sent ]] || fail "client $n, $*: $kind"
}

refused() {
    fod_status a rejected_by_us
}

refused_more_than() {
    (($(refused) > $1))
}

events_say() {
    foctl a --json relationship events "$RELATIONSHIP" |
        jq -e --arg words "$1" 'any(.events[].text; contains($words))' >/dev/null
}

# A new client's lease is known to fod, and dhcpd told so: its renewal is longer than the MCLT.
others_go_on() {
    client "$1" -w 9 -a "$(fod_address a "$(other_role "$fod_role")")" acquire
    wait_entries "$ADDRESS" active "$LEASE" 15
    client "$1" -a "$ADDRESS" -s "$SERVER" renew
    same "$SECONDS_GRANTED" "$LEASE_TIME" "a renewal of what fod acknowledged"
    same "$(fod_status a state)" NORMAL "the state"
}

step "in NORMAL: fod has refused a hundred addresses that are not of this relationship"
lease_from_before 2 "$unknown" >"$WORK/dhcpd-b.leases"
lease_from_before 3 "$foreign" >>"$WORK/dhcpd-b.leases"
pair_up "$fod_role"
wait_fod_told a 20
until_true 20 refused_more_than 99 || fail "only $(refused) refused"
events_say 'reason=1 "address not in any pool of this endpoint"' || fail "no event tells"
same "$(foctl a --json relationship events "$RELATIONSHIP" |
    jq '[.events[] | select(.text | contains("bndupd=refused"))] | length')" 1 "events about it"
same "$(said wire | awk -F '\t' '$3 == "BNDACK" && $11 != "-" { print $11, $5 ~ /^10.16.[12]/ }' |
    sort -u)" "1 1" "the reasons on the wire, and whether they are about these addresses alone"
others_go_on 1

step "clients renew leases of such addresses: refused too, and never longer than the MCLT"
for n in 2 3; do
    address=$unknown
    ((n == 2)) || address=$foreign
    before=$(refused)
    client $n -a "$address" -s "${DHCP_ADDRESS[b]}" renew
    same "$SECONDS_GRANTED" "$MCLT" "the renewal of what fod has not acknowledged"
    until_true 10 refused_more_than "$before" || fail "the renewal was not refused"
done
same "$(foctl a --json lease list --all --scope 10.16.1.0)" '[]' "leases of the other relationship"

step "dhcpd says FREE of an abandoned address"
client 4 -w 9 -a "$(fod_address a "$(other_role "$fod_role")")" acquire
client 4 -a "$ADDRESS" -s "$SERVER" decline
declined=$ADDRESS
wait_entries "$ADDRESS" abandoned 1-2 10
tells_why() {
    [[ $(foctl a --json lease show "$1" | jq -r .rejection) == "this server refused FREE: less \
critical binding information (reason 16)"* ]]
}
until_true 40 tells_why "$ADDRESS" || fail "$(foctl a lease show "$ADDRESS")"
events_say 'status=FREE reason=16' || fail "no event tells"
same "$(entry "$ADDRESS" fod_leases a | cut -f 2)" abandoned "what fod holds on to"
others_go_on 5

step "the operator resets the address, and adds the scope that was forgotten"
foctl a lease delete "$declined" --force
wait_entries "$declined" '@(free|backup)' 1-2 15
same "$(foctl a --json lease show "$declined" | jq -r .rejection)" '' "a refusal that is over"
foctl a scope create 10.16.2.0/24 --range 10.16.2.1-10.16.2.50
foctl a relationship add-scope "$RELATIONSHIP" 10.16.2.0 --one-sided --force
foctl a relationship resync "$RELATIONSHIP"
wait_entries "$unknown" active "$LEASE" 15
client 2 -a "$unknown" -s "${DHCP_ADDRESS[b]}" renew
same "$SECONDS_GRANTED" "$LEASE_TIME" "the renewal now"
same "$(entry "$foreign" fod_leases a)" '' "a lease of the other relationship's address"
others_go_on 6
differ=$(store_difference | grep -vF ' 10.16.1.' || true)
[[ -z $differ ]] || fail "the stores differ: $differ"
step "$(refused) refused, state $(fod_status a state)"
