#!/bin/bash
# run.sh fod|dhcpd [SECONDS [SEED]]: a real pair, two fods or fod and ISC dhcpd, under clients and
# everything that can go wrong, one seed deciding what and when. In the end what every client was told
# is held against the promises (check.awk). README.md here.
kind=${1:-fod} seconds=${2:-120} seed=${3:-$((RANDOM + 1))}
source "$(dirname "$0")/rig.sh"
if [[ $kind != fod && $kind != dhcpd ]] || ((seconds <= 0 || seed <= 0)); then
    fail "usage: run.sh fod|dhcpd [SECONDS [SEED]]"
fi
SCENARIO="chaos $kind, seed $seed"
POOL_LAST=10.16.0.150
LEASE_TIME=24
MCLT=8
MAX_RESPONSE_DELAY=4
POOL_SECONDS=5
FOD_MORE=$'startup-seconds = 1\nredial-seconds = 1'
PLAYER_COUNT=4
[[ $kind == fod || ${REBIND:-0} == 1 ]] || RENEW=own # README.md: what dhcpd forgets
SETTLE_SECONDS=60 # after the last fault: both in NORMAL, neither owing the other an update
EQUAL_SECONDS=60  # after the last client: the stores are equal
declare -A COUNT=([clock]=0)
START_ROLE=([0]=primary [1]=secondary)
declare -A ROLE=()

start_server() {
    local side=$1
    CLOCK_OFFSET=${OFFSET[$side]}
    case $kind-${KIND[$side]} in
    fod-fod) start_fod "$side" "${ROLE[$side]}" --dialect draft ;;
    *) "start_${KIND[$side]}" "$side" "${ROLE[$side]}" ;;
    esac
}

pid_of() {
    local -n pids=${KIND[$1]^^}_PID
    echo "${pids[$1]}"
}

# One line of the plan.
happen() {
    local what=$1 side=${2:-}
    step "$*"
    case $what in
    cut) cut_link ;;
    heal) heal_link ;;
    delay | split | hold | drop) relay "$what" "$side" ;;
    stop) kill -STOP "$(pid_of "$side")" ;;
    continue) kill -CONT "$(pid_of "$side")" ;;
    kill) "kill_${KIND[$side]}" "$side" ;;
    start)
        start_server "$side"
        list_store "$side" own
        ;;
    fill) fill_disk "$side" ;;
    empty) empty_disk "$side" ;;
    esac
    case "$*" in
    heal | continue* | start* | empty* | 'delay 0' | 'split 0' | 'hold none') ;;
    *) COUNT[$what]=$((${COUNT[$what]:-0} + 1)) ;;
    esac
}

# Every event at its time, or as soon after it as what came before lets it.
follow_plan() {
    local began=${EPOCHREALTIME/./} ms words wait_ms
    while read -r -u 3 ms words; do
        wait_ms=$((ms - (${EPOCHREALTIME/./} - began) / 1000))
        ((wait_ms <= 0)) || sleep "$(printf '%d.%03d' $((wait_ms / 1000)) $((wait_ms % 1000)))"
        # shellcheck disable=SC2086 # words
        happen $words
    done 3<"$WORK/plan"
}

both_settled() {
    fod_in_state a NORMAL && fod_told a || return 1
    if [[ $kind == fod ]]; then
        fod_in_state b NORMAL && fod_told b
    else
        dhcpd_in_state b normal
    fi
}

# What one refused as outdated it is told again a quarter of an hour later, or when they meet again:
# here, that is sooner. By then the lease has ended for whoever did not hear of its end (§7.1.3).
agree() {
    local try
    for try in {1..4}; do
        until_true $((EQUAL_SECONDS / 4)) stores_equal && return
        step "a new connection, so that what was refused is told again"
        relay drop 0
    done
}

server_words() {
    if [[ ${KIND[$1]} == fod ]]; then
        echo "$1=fod:$WORK/fod-$1.sock:${OFFSET[$1]}"
    else
        echo "$1=dhcp:br0:10.16.255.$((10 + $2))"
    fi
}

faults() {
    local what
    for what in "${!COUNT[@]}"; do
        echo "${COUNT[$what]} $what"
    done | sort -k 2 | paste -sd , | sed 's/,/, /g'
}

RANDOM=$seed
KIND=([a]=fod [b]=$kind)
ROLE[a]=${START_ROLE[$((RANDOM % 2))]}
ROLE[b]=$(other_role "${ROLE[a]}")
OFFSET=([a]=$((RANDOM % 81 - 40)) [b]=0)
((OFFSET[a] == 0)) || COUNT[clock]=1

chaos_rig_up
"$CHAOS/plan.sh" "$kind" "$seconds" "$seed" >"$WORK/plan"
step "$SCENARIO, $seconds s: fod on side a is ${ROLE[a]}, its clock ${OFFSET[a]} s ahead; \
$(wc -l <"$WORK/plan") events"
disk a
[[ $kind == dhcpd ]] || disk b
start_server a
start_server b
until_true 60 both_settled || fail "the pair did not get to NORMAL in the first place"
step "both in NORMAL; $((PLAYER_COUNT * CLIENTS_EACH)) clients begin"
for ((n = 1; n <= PLAYER_COUNT; n++)); do
    play $n "$(server_words a $n)" "$(server_words b $n)"
done

follow_plan
healed=$SECONDS
step "no fault any more"
until_true $SETTLE_SECONDS both_settled || fail "not in NORMAL $SETTLE_SECONDS s after the last fault"
settled=$((SECONDS - healed))
echo "$EPOCHREALTIME normal $settled $SETTLE_SECONDS" >>"$RECORD"
step "both in NORMAL, $settled s after the last fault; the clients end"
kill -TERM "${PLAYERS[@]}"
for pid in "${PLAYERS[@]}"; do
    wait "$pid" || fail "a player failed: $(tail -qn 1 "$WORK"/players-*.log)"
done
until_true 5 stores_equal || step "something is disputed: $(grep -c VIOLATION "$WORK/difference") addresses"
list_store a all
list_store b all
agree
cat "$WORK/last" >>"$RECORD"

verdict=0
sort -s -n -k 1,1 "$RECORD" | awk -v mclt=$MCLT -f "$CHAOS/check.awk" >"$WORK/verdict" || verdict=1
step "faults: $(faults)"
step "clients: $(cat "$WORK"/players-*.log | tr ' =' '\n ' |
    awk '{ n[$1] += $2 } END { for (w in n) printf "%s %d  ", w, n[w] }')"
cat "$WORK/verdict"
((verdict == 0)) || fail "again: tests/chaos/run.sh $kind $seconds $seed"
echo "ok   $SCENARIO"
