#!/bin/bash
# Whatever the kernel refuses a server, it goes on: each call on a socket while the two connect, and a
# lease is made and told, fails once with an error that the call can have. Then both are in NORMAL again
# with equal leases, and every lease that a foctl was told of is there.
source "$(dirname "$0")/lib.sh"

# call: error
FAULTS=(accept4:EMFILE accept4:ECONNABORTED connect:ENETUNREACH socket:EMFILE bind:EADDRINUSE
    setsockopt:ENOBUFS getsockopt:ENOBUFS read:ECONNRESET readv:ECONNRESET recvfrom:ECONNRESET
    write:EPIPE writev:ECONNRESET sendto:ENOBUFS sendmsg:ENOBUFS shutdown:ENOTCONN)
PLACES_MAX=400 # a scene that has more of one call has no end

fault() { # side, call:error, n
    strace -f -qq -o "$WORK/trace" -e trace="${2%:*}" \
        -e inject="${2%:*}:error=${2#*:}:when=$3" -p "${PID[$1]}" 2>"$WORK/strace" &
    tracer=$!
    within 10 "that strace sees the fod" is_traced "$1"
}

is_traced() {
    kill -0 "$tracer" 2>/dev/null || fail "strace: $(<"$WORK/strace")"
    ! grep '^TracerPid:[[:space:]]*0$' "/proc/${PID[$1]}/status" >/dev/null
}

no_more_faults() {
    { kill -TERM "$tracer" && wait "$tracer"; } 2>/dev/null || true
}

ctl_a() {
    timeout 5 "$FO_BUILD/foctl" --socket "$WORK/a/socket" "$@"
}

# In its log, from line $LINES_AT on: to ask it would be more calls on sockets.
says_normal() { # side
    tail -n "+$((LINES_AT[$1] + 1))" "$WORK/$1/log" | grep -- '-> NORMAL cause' >/dev/null
}

# Connects, makes a lease, and has it told.
declare -A LINES_AT
scene() {
    lease=$((${lease:-0} + 1))
    address=10.1.$((12 + lease / 200)).$((lease % 200 + 1)) # of those that stay the primary's
    ctl_a relationship pause "$RELATIONSHIP" || true
    LINES_AT[a]=$(wc -l <"$WORK/a/log")
    LINES_AT[b]=$(wc -l <"$WORK/b/log")
    ctl_a relationship resume "$RELATIONSHIP" || true
    until_true 2 says_normal a || true
    ! ctl_a lease create "$address" --hardware "020c0000$(printf %04x "$lease")" ||
        promised+=("$address")
    until_true 2 says_normal b || true
} >"$WORK/out" 2>&1

need strace
pair_up
join_pair
promised=()
for side in a b; do
    for fault in "${FAULTS[@]}"; do
        struck=0
        for ((n = 1; ; n++)); do
            ((n <= PLACES_MAX)) || fail "$side: $fault has no end"
            fault "$side" "$fault" "$n"
            scene
            no_more_faults
            kill -0 "${PID[$side]}" || fail "$side died of ${fault#*:} at ${fault%:*} $n"
            grep INJECTED "$WORK/trace" >/dev/null || break
            struck=$((struck + 1))
            ctl a relationship resume "$RELATIONSHIP" >/dev/null 2>&1 || true
            wait_normal 70
        done
        ((struck == 0)) || step "$side: $struck times $fault"
    done
done
wait_equal 60
for address in "${promised[@]}"; do
    ctl b lease show "$address" >"$WORK/out" || fail "the lease of $address is gone"
done
((${#promised[@]} > 0)) || fail "no lease could be made: $(<"$WORK/out")"
step "${#promised[@]} leases are all there"
