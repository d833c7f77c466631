#!/bin/bash
# What no real dhcpd can be made to send, a script sends (hostile.c, a primary, so fod is the
# secondary): a lease that names no client, EXPIRED for an abandoned address, and addresses of another
# relationship, which is with dhcpd and does not notice. Each is refused with its reason, counted,
# told among the events and, where there is such an address, in its `lease show` (B-10, Figure
# 7.1.3-1).
source "$(dirname "$0")/lib.sh"
declare -r SCRIPT_ADDRESS=192.168.77.3
rig_up
need_tools jq "$FO_BUILD/hostile"
in_ns b ip address add "$SCRIPT_ADDRESS/24" dev fo0
pair_up secondary
until_true 20 stores_agree || fail "the stores differ: $(store_difference)"
foctl a scope create 10.17.0.0/24 --range 10.17.0.1-10.17.0.200
foctl a relationship create --name script --role secondary --one-sided --tls off --dialect draft \
    --local "${FO_ADDRESS[a]}" --partner "$SCRIPT_ADDRESS" --scope 10.17.0.0 >"$WORK/script.made"

refused() {
    foctl a --json status script | jq .rejected_by_us
}

rejection() {
    foctl a --json lease show "$1" | jq -r .rejection
}

# refusal OFFENCE COUNT REASON: so many updates are refused for it, and the link lasts.
refusal() {
    local before verdict
    before=$(refused)
    verdict=$(in_ns b "$FO_BUILD/hostile" "$SCRIPT_ADDRESS" "${FO_ADDRESS[a]}" script 10.17.0.0 "$1" 2) ||
        fail "$1: the partner did not get as far"
    same "$verdict $(($(refused) - before))" "open $2" "$1: the link, and updates refused"
    foctl a --json relationship events script | jq -e --arg words "reason=$3 " \
        'any(.events[].text; contains($words))' >/dev/null || fail "$1: no event says reason $3"
}

# The relationship with dhcpd: nothing refused, in NORMAL, and a client's lease reaches fod.
healthy() {
    local kind address
    same "$(fod_status a 'state, .rejected_by_us' | paste -sd ' ')" 'NORMAL 0' "with dhcpd"
    read -r kind address _ < <(dhcp_client -m "02:00:00:00:92:$1" -w 9 acquire)
    same "$kind" ack "a client of dhcpd"
    wait_entries "$address" active 1-6,8 15
}

step "a lease that names no client"
refusal no-client 1 3
same "$(foctl a --json lease list --scope 10.17.0.0)" '[]' "the leases there"
healthy 01

step "addresses of the relationship with dhcpd, and of none"
refusal foreign-batch 3 1
[[ $(entry 10.16.0.5 fod_leases a | cut -f 2) != active ]] || fail "it took a lease of the other's"
healthy 02

step "EXPIRED for an abandoned address"
refusal illegal-move 1 16
same "$(rejection 10.17.0.8)" \
    "this server refused EXPIRED: less critical binding information (reason 16)" "lease show"
same "$(foctl a --json lease show 10.17.0.8 | jq -r .status)" ABANDONED "the address"
healthy 03
