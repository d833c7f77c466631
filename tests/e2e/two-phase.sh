#!/bin/bash
# A relationship is created on both servers or on none, whoever dies in the middle: the tool, either
# server, or both, after each step of the change and at moments that chance decides. Nobody helps:
# the two servers settle it by themselves within 30 s.
# shellcheck disable=SC2154 # new_scope comes from the library
source "$(dirname "$0")/lib.sh"
source "$(dirname "$0")/two-phase-lib.sh"
STAGES=(prepare-a prepare-b commit-a)
RANDOM_KILLS=12

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
