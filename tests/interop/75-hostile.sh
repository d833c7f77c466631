#!/bin/bash
# Partners that mean harm (hostile.c) against fod, which is in NORMAL with dhcpd as well: the healthy
# relationship does not notice, memory stays flat, and each offence that breaks a rule is one line in
# the log and one count in the status. What the draft lets pass (a BNDACK of no update, any number of
# requests) is neither, and does not fill the log.
source "$(dirname "$0")/lib.sh"
MAX_RESPONSE_DELAY=6
declare -r ROGUE_ADDRESS=192.168.77.3 MUTE_ADDRESS=192.168.77.4
declare -r RECEIVE_TIMER=5 # of the rogues' relationships: so long a half message lasts, not an hour
declare -r ROGUE_WAIT=$((RECEIVE_TIMER + 3))
declare -r CONNECT_LIMIT=15 ACK_LIMIT=120 # seconds until fod gives up a caller, and a BNDACK
declare -r FLOOD=100000 WINDOW=2 HANDED_OVER=150 # as in hostile.c and rogue.c
declare -r LINES_A_MINUTE=600
rig_up
need_tools jq "$FO_BUILD/hostile" "$FO_BUILD/listener"
in_ns b ip address add "$ROGUE_ADDRESS/24" dev fo0
in_ns b ip address add "$MUTE_ADDRESS/24" dev fo0
pair_up secondary

# relate NAME ADDRESS SUBNET: 200 addresses shared with a partner that is hostile.
relate() {
    start_in_ns b "$WORK/$1.listener" "$FO_BUILD/listener" "$2"
    foctl a scope create "$3.0/24" --range "$3.1-$3.200"
    foctl a relationship create --name "$1" --role secondary --one-sided --tls off --dialect draft \
        --local "${FO_ADDRESS[a]}" --partner "$2" --receive-timer $RECEIVE_TIMER --scope "$3.0" \
        >"$WORK/$1.made"
}

# status_of RELATIONSHIP FIELD
status_of() {
    foctl a --json status "$1" | jq -r ".$2"
}

# Anonymous memory of fod in KiB: its store is a file in memory and not meant.
memory() {
    awk '/^RssAnon:/ { print $2 }' "/proc/${FOD_PID[a]}/status"
}

# lines RELATIONSHIP REGEX: how often fod logged that.
lines() {
    grep -cE "relationship=$1 .*$2" "$WORK/fod-a.log" || true
}

hostile() {
    in_ns b "$FO_BUILD/hostile" "$ROGUE_ADDRESS" "${FO_ADDRESS[a]}" rogue 10.17.0.0 "$1" "$2"
}

# offence NAME open|closed N [COUNTER REGEX] [WAIT]: commits it; the counter grew by N, and so did
# the lines in the log.
offence() {
    local name=$1 counter=${4:-faults} regex=${5:-fault=} counted logged verdict
    counted=$(status_of rogue "$counter")
    logged=$(lines rogue "$regex")
    verdict=$(hostile "$name" "${6:-3}") || fail "$name: the partner did not get as far"
    same "$verdict" "$2" "$name: the connection"
    same $(($(status_of rogue "$counter") - counted)) "$3" "$name: $counter"
    same $(($(lines rogue "$regex") - logged)) "$3" "$name: lines with $regex"
    printf '%12s %-22s %-7s %s=%s  %s KiB\n' '' "$name" "$verdict" "$counter" "$3" "$(memory)"
}

# flood NAME MESSAGES: meanwhile the healthy one is looked at; no fault, and a log that stays short.
flood() {
    local name=$1 received said faults pid
    received=$(status_of rogue messages_in)
    said=$(lines rogue '')
    faults=$(status_of rogue faults)
    hostile "$name" 3 >"$WORK/$name" &
    pid=$!
    check_healthy
    wait "$pid" || fail "$name: the partner did not get as far"
    same "$(<"$WORK/$name")" open "$name: the connection"
    same "$(status_of rogue faults)" "$faults" "$name: faults"
    (($(status_of rogue messages_in) - received >= $2)) || fail "$name: messages were lost"
    said=$(($(lines rogue '') - said))
    ((said <= LINES_A_MINUTE + 20)) || fail "$name: $said lines in the log"
    printf '%12s %-22s %-7s %s messages, %s lines  %s KiB\n' '' "$name" open "$2" $said "$(memory)"
}

# What must not change: the state and since when, faults, links lost.
health() {
    fod_status a 'state, .state_since, .faults' | xargs
    lines "$RELATIONSHIP" 'link='
    grep -c 'I move from normal' "$WORK/dhcpd-b.log" || true
}

# A client's lease still goes from dhcpd to fod at once, fod's BNDACK to dhcpd, and nobody changed
# state or lost the link.
clients=0
check_healthy() {
    local kind address acks
    acks=$(fod_status a bndack_sent)
    clients=$((clients + 1))
    read -r kind address _ < <(
        dhcp_client -m "$(printf '02:00:00:00:01:%02x' $clients)" -w 9 acquire || true)
    same "$kind" ack "client $clients of dhcpd"
    until_true 5 fod_has "$address" || fail "the lease of $address did not reach fod"
    (($(fod_status a bndack_sent) > acks)) || fail "fod did not acknowledge $address"
    same "$(health)" "$healthy" "the healthy one"
}

fod_has() {
    foctl a --json lease show "$1" | jq -e '.status == "ACTIVE"' >/dev/null
}

mute_is() {
    [[ $(status_of mute 'state + " " + (.unacked | tostring)') == "$1" ]]
}

relate rogue "$ROGUE_ADDRESS" 10.17.0
relate mute "$MUTE_ADDRESS" 10.18.0

step "a partner behaves, and fod is in NORMAL with both"
offence none open 0
healthy=$(health)
check_healthy

step "another acknowledges nothing, from now on: fod's window fills, and it waits"
in_ns b "$FO_BUILD/hostile" "$MUTE_ADDRESS" "${FO_ADDRESS[a]}" mute 10.18.0.0 never-ack \
    $((ACK_LIMIT + 60)) >"$WORK/mute.verdict" &
mute=$!
until_true 10 mute_is "NORMAL $WINDOW" || fail "$(status_of mute 'state, .unacked' | xargs)"

step "messages that are none"
offence two-octets closed 1
offence eleven-octets closed 1
offence one-octet-too-long closed 1
offence endless closed 1
offence offset-behind-end closed 1
offence option-cut closed 1
offence option-too-long closed 1
offence option-of-wrong-length closed 1
offence duplicate-option closed 1
offence unknown-type closed 1
check_healthy

step "half a message, and none: silence is cut short by the receive timer, or the limit for CONNECT"
offence half-a-message closed 1 faults 'fault="nothing heard' "$ROGUE_WAIT"
offence dripping closed 1 faults 'fault="nothing heard' "$ROGUE_WAIT"
offence silent-caller closed 0 faults fault= $((CONNECT_LIMIT + 3))
check_healthy

step "messages out of place"
offence unknown-state open 1
offence second-connect closed 1
offence states-out-of-order open 0
offence duplicate-in-batch open 1 rejected_by_us 'bndupd=refused .* reason=3 '
offence foreign-batch open 3 rejected_by_us 'bndupd=refused .* reason=1 '
offence empty-batch open 100 rejected_by_us 'bndupd=refused .* reason=3 '
check_healthy

step "acknowledgements that are none"
offence ack-another open 1
owed=$(status_of rogue 'bndupd_sent - .bndack_received')
acknowledged=$(status_of rogue bndack_received)
offence ack-twice open 0
same "$(status_of rogue 'bndupd_sent - .bndack_received')" "$owed" "ack-twice: each counts once"
(($(status_of rogue bndack_received) - acknowledged >= HANDED_OVER)) || fail "ack-twice: too few"
offence ack-others open 0 bndack_received 'bndupd=rejected'
(($(status_of rogue 'bndupd_sent - .bndack_received') > owed)) || fail "ack-others: nothing was sent"
offence none open 0
check_healthy

step "floods"
flood contact-flood $FLOOD
flood request-flood $((FLOOD / 5))

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
check_healthy
step "$before KiB before, $after KiB after"

step "the one that acknowledged nothing was left after $ACK_LIMIT s"
wait $mute || fail "never-ack: the partner did not get as far"
same "$(<"$WORK/mute.verdict")" closed "never-ack: the connection"
same "$(status_of mute faults) $(lines mute 'fault="no BNDACK for')" "1 1" "never-ack: faults"
check_healthy
