#!/bin/bash
# A relationship is created on both servers or on none, whichever of them dies at whichever of its
# writes: each write and each sync to the disk that a create needs is once the one before which the
# process is killed; first on the server that decides, then on the other. Nobody helps: the two settle
# it by themselves within 30 s.
# shellcheck disable=SC2154 # new_scope comes from the library
source "$(dirname "$0")/lib.sh"
source "$(dirname "$0")/two-phase-lib.sh"
WRITES=(pwrite64 pwritev writev fdatasync fsync msync)
AT_LEAST=6 # two commits: data, sync and meta page each

# Kills $1 before its $3rd $2 from now on.
die_at_write() {
    strace -f -qq -o "$WORK/trace" -e trace="$2" -e inject="$2:signal=KILL:when=$3" \
        -p "${PID[$1]}" 2>"$WORK/strace" &
    tracer=$!
    within 10 "that strace sees the fod" is_traced "$1"
}

is_traced() {
    kill -0 "$tracer" 2>/dev/null || fail "strace: $(<"$WORK/strace")"
    ! grep -q '^TracerPid:[[:space:]]*0$' "/proc/${PID[$1]}/status"
}

# Whether it died. Nothing is left of the tracer.
died() {
    local alive=0
    { kill -TERM "$tracer" && wait "$tracer"; } 2>/dev/null || true
    kill -0 "${PID[$1]}" 2>/dev/null || alive=1
    ((alive == 1)) || [[ $(ps -o stat= -p "${PID[$1]}") == Z* ]]
}

# Whether the victim, a or b, dies at its $3rd $2 of a create.
create_and_die() {
    local victim=$1 name=$1-$2-$3
    new_scope
    die_at_write "$@"
    create_relationship "$name" --scope "$new_scope" >"$WORK/out" 2>&1 || true
    if ! died "$victim"; then
        ctl_tls a relationship delete "$name" --force
        return 1
    fi
    wait "${PID[$victim]}" 2>/dev/null || true
    start "$victim"
    within 30 "that both servers settle it" nothing_in_doubt
    check_outcome "$name" "$new_scope" '' "$victim died at $2 $3"
    if ! has_relationship a "$name"; then
        none=$((none + 1))
    else
        made=$((made + 1))
        ctl_tls a relationship delete "$name" --force
    fi
}

need strace ps
pair_up
made=0 none=0
for victim in a b; do
    step "side $victim dies at each of its writes"
    writes=0
    for call in "${WRITES[@]}"; do
        for ((n = 1; ; n++)); do
            create_and_die "$victim" "$call" "$n" || break
        done
        writes=$((writes + n - 1))
        ((n == 1)) || step "  $((n - 1)) $call"
    done
    ((writes >= AT_LEAST)) || fail "side $victim wrote only $writes times"
done
((made > 0 && none > 0)) || fail "nobody died before, or nobody after the decision"
step "$made times made on both, $none times on neither"
