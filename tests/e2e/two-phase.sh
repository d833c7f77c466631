#!/bin/bash
# A relationship is created on both servers or on none, whoever dies in the middle: the tool, either
# server, or both, after each step of the change and at moments that chance decides. Nobody helps:
# the two servers settle it by themselves within 30 s.
source "$(dirname "$0")/lib.sh"
STAGES=(prepare-a prepare-b commit-a)
RANDOM_KILLS=12

has_relationship() {
    ctl "$1" relationship show "$2" >/dev/null 2>&1
}

nothing_in_doubt() {
    [[ $(ctl a --json status | jq '.in_doubt | length') == 0 &&
        $(ctl b --json status | jq '.in_doubt | length') == 0 ]]
}

outcome_of() {
    local ours=none theirs=none
    ! has_relationship a "$1" || ours=made
    ! has_relationship b "$1" || theirs=made
    echo "$ours $theirs"
}

# The scope, which the create copies to the partner, is part of the same change.
scope_is_on_both_or_here() {
    local there=none
    ! ctl b scope show "$2" >/dev/null 2>&1 || there=made
    same "$there" "$1" "the scope $2 on the partner"
}

# Where the change must have been settled: as decided, on both sides.
check_outcome() {
    local name=$1 scope=$2 wanted=$3 what=$4 outcome
    outcome=$(outcome_of "$name")
    [[ $outcome == "made made" || $outcome == "none none" ]] ||
        fail "$what: only one side has $name ($outcome)"
    [[ -z $wanted || $outcome == "$wanted $wanted" ]] || fail "$what: $outcome, not $wanted on both"
    scope_is_on_both_or_here "${outcome% *}" "$scope"
}

new_scope() {
    scope_number=$((${scope_number:-0} + 1))
    new_scope=10.4.$scope_number.0
    ctl a scope create "$new_scope/24" --range "10.4.$scope_number.1-10.4.$scope_number.99"
}

# Only what was committed on the server that decides is to be.
decided_after() {
    if [[ $1 == commit-a ]]; then echo made; else echo none; fi
}

stop_after() {
    expect 1 create_relationship "$1" --scope "$new_scope" --stop-after "$2"
    says "stopped after $2"
}

pair_up
for stage in "${STAGES[@]}"; do
    step "the tool dies after $stage"
    new_scope
    stop_after "tool-$stage" "$stage"
    within 30 "that both servers settle it" nothing_in_doubt
    check_outcome "tool-$stage" "$new_scope" "$(decided_after "$stage")" "the tool died"
done

for victims in a b "a b"; do
    for stage in "${STAGES[@]}"; do
        step "the tool and server ${victims/ / and } die after $stage"
        new_scope
        name=$stage-${victims/ /-}
        stop_after "$name" "$stage"
        for side in $victims; do crash "$side"; done
        for side in $victims; do start "$side"; done
        within 30 "that both servers settle it" nothing_in_doubt
        check_outcome "$name" "$new_scope" "$(decided_after "$stage")" "$name"
    done
done

step "$RANDOM_KILLS times somebody dies at a moment that chance decides, seed $$"
RANDOM=$$
for ((n = 0; n < RANDOM_KILLS; n++)); do
    new_scope
    create_relationship "chance-$n" --scope "$new_scope" >"$WORK/out" 2>&1 &
    tool=$!
    sleep "0.0$((RANDOM % 60 + 10))"
    case $((n % 3)) in
    0) pkill -9 -P "$tool" -x foctl || true ;;
    1) crash a && start a ;;
    2) crash b && start b ;;
    esac
    wait "$tool" 2>/dev/null || true
    within 30 "that both servers settle it" nothing_in_doubt
    check_outcome "chance-$n" "$new_scope" '' "the death of $((n % 3))"
    ! has_relationship a "chance-$n" ||
        ctl_tls a relationship delete "chance-$n" --force
done
