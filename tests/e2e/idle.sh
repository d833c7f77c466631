#!/bin/bash
# A thousand connections that say nothing, to the failover port and to the management port: the
# limits hold, the pair does not notice, and whoever has something to say gets through.
source "$(dirname "$0")/lib.sh"
IDLE=1000
PROMPTLY_MS=500

# From this machine to side b they come from 127.0.0.1, the address of its partner: nobody could be
# told apart from the partner any better.
crowd() {
    local address=$1 port=$2 n fd
    ulimit -n 4096 || fail "cannot open that many files"
    for ((n = 0; n < IDLE; n++)); do
        exec {fd}<>"/dev/tcp/$address/$port" || fail "connection $n to port $port was not accepted"
    done
    echo ready
    exec sleep 600
}

# Runs a crowd until dismiss_crowds; returns when all of it is there.
gather_crowd() {
    local ready
    exec {ready}< <(crowd "$@")
    CROWDS+=($!)
    read -r -t 60 <&"$ready" || fail "the crowd did not come together"
}

dismiss_crowds() {
    kill "${CROWDS[@]}"
    CROWDS=()
}

connections_to() {
    ss -Htn state established "( sport = :$2 )" src "$1" | wc -l
}

# The partner has this lease and said so within the time that is called prompt.
lease_is_acked_promptly() {
    local address=$1 began=${EPOCHREALTIME/./} ms
    ctl a lease create "$address" >/dev/null \
        --hardware "02:00:00:00:00:$(printf %02x "${address##*.}")"
    until [[ $(ctl a --json lease show "$address" | jq -r .partner) == "has it" ]]; do
        ms=$(((${EPOCHREALTIME/./} - began) / 1000))
        ((ms < PROMPTLY_MS)) || fail "$address was not acknowledged within $PROMPTLY_MS ms"
    done
}

few_connections() {
    (($(connections_to "${ADDRESS[b]}" "$2") <= $1))
}

tls_answers() {
    ctl_tls b status >/dev/null 2>&1
}

CROWDS=()
step "a pair in NORMAL"
pair_up
join_pair
since=$(status_of b .state_since)

step "$IDLE idle connections to the failover port: 16 of one source may wait, no more"
gather_crowd "${ADDRESS[b]}" "$FAILOVER_PORT"
within 10 "that the others are closed" few_connections 17 "$FAILOVER_PORT" # 16 and the partner's
within 5 "that the log tells" log_has b "listener: too many connections"
for n in {1..10}; do
    lease_is_acked_promptly "10.1.12.$n"
done

step "$IDLE idle connections to the management port: 240 may wait, 16 places are kept"
gather_crowd "${ADDRESS[b]}" "$MANAGEMENT_PORT"
within 10 "that the others are closed" few_connections 240 "$MANAGEMENT_PORT"
expect 0 ctl b status
for n in {11..20}; do
    lease_is_acked_promptly "10.1.12.$n"
done
within 20 "that who says nothing has to go, and an administrator gets in" tls_answers

step "the partner returns among them"
crash a
gather_crowd "${ADDRESS[b]}" "$FAILOVER_PORT"
wait_state b COMMUNICATIONS-INTERRUPTED 10
start a
wait_normal 20
wait_equal 5

step "they go, and nothing is left of them"
dismiss_crowds
within 10 "that their connections are closed" few_connections 1 "$FAILOVER_PORT"
within 10 "that their connections are closed" few_connections 0 "$MANAGEMENT_PORT"
lease_is_acked_promptly 10.1.12.21
