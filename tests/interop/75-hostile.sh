#!/bin/bash
# A partner that means harm (hostile.c) against fod, which is in NORMAL with dhcpd as well: the
# healthy relationship does not notice, memory stays flat, and each offence that breaks a rule is a
# line in the log and a count in the status. What the draft lets pass (a BNDACK of no update, any
# number of requests) is neither.
source "$(dirname "$0")/lib.sh"
MAX_RESPONSE_DELAY=6
declare -r ROGUE_ADDRESS=192.168.77.3
declare -r ROGUE_WAIT=8 # longer than the receive timer of the relationship
rig_up
need_tools jq "$FO_BUILD/hostile"
in_ns b ip address add "$ROGUE_ADDRESS/24" dev fo0
pair_up secondary

foctl a scope create 10.17.0.0/24 --range 10.17.0.1-10.17.0.200
foctl a relationship create --name rogue --role secondary --one-sided --tls off --dialect draft \
    --local "${FO_ADDRESS[a]}" --partner "$ROGUE_ADDRESS" --receive-timer 5 --scope 10.17.0.0 \
    >"$WORK/rogue.made"

rogue() {
    foctl a --json status rogue | jq -r ".$1"
}

# Anonymous memory of fod in KiB: its store is a file in memory and not meant.
memory() {
    awk '/^RssAnon:/ { print $2 }' "/proc/${FOD_PID[a]}/status"
}

fault_lines() {
    grep -c 'relationship=rogue.*fault=' "$WORK/fod-a.log" || true
}

hostile() {
    in_ns b "$FO_BUILD/hostile" "$ROGUE_ADDRESS" "${FO_ADDRESS[a]}" rogue "$1" "$2"
}

# offence NAME open|closed FAULTS [WAIT]: commits it, and compares what came of it.
offence() {
    local name=$1 faults lines verdict
    faults=$(rogue faults)
    lines=$(fault_lines)
    verdict=$(hostile "$name" "${4:-3}") || fail "$name: the partner did not get as far"
    same "$verdict" "$2" "$name: the connection"
    same $(($(rogue faults) - faults)) "$3" "$name: faults counted"
    same $(($(fault_lines) - lines)) "$3" "$name: faults logged"
    printf '%12s %-20s %-7s faults=%s  %s KiB\n' '' "$name" "$verdict" "$3" "$(memory)"
}

# A client's lease still goes from dhcpd to fod at once, and nobody changed state.
check_healthy() {
    local kind address
    same "$(fod_status a 'state, .state_since, .faults')" "$healthy" "the healthy one"
    read -r kind address _ < <(dhcp_client -m "02:00:00:00:00:$1" -w 9 acquire || true)
    same "$kind" ack "a client of dhcpd"
    until_true 5 fod_has "$address" || fail "the lease of $address did not reach fod"
}

fod_has() {
    foctl a --json lease show "$1" | jq -e '.status == "ACTIVE"' >/dev/null
}

step "a partner behaves, and fod is in NORMAL with both"
offence none open 0
healthy=$(fod_status a 'state, .state_since, .faults')
check_healthy 01

step "messages that are none"
offence two-octets closed 1
offence endless closed 1
offence option-too-long closed 1
offence duplicate-option closed 1
offence unknown-type closed 1
offence half-a-message closed 1 "$ROGUE_WAIT"
check_healthy 02

step "messages out of place"
offence unknown-state open 1
offence second-connect closed 1
offence states-out-of-order open 0
offence foreign-batch open 0
check_healthy 03

step "floods, and acknowledgements that are none"
offence contact-flood open 0
offence request-flood open 0
offence ack-twice open 0
offence ack-others open 0
offence never-ack open 0
check_healthy 04

step "the same again, ten times and ten times more: memory is flat"
ten_rounds() {
    local round name
    for ((round = 0; round < 10; round++)); do
        for name in two-octets duplicate-option second-connect contact-flood request-flood; do
            hostile $name 1 >"$WORK/verdict"
        done
    done
}
ten_rounds # buffers take the size that floods give them
before=$(memory)
((before <= 16384)) || fail "fod has $before KiB"
ten_rounds
after=$(memory)
((after <= before + 512)) || fail "fod grew from $before to $after KiB"
check_healthy 05
step "$before KiB before, $after KiB after"
