#!/bin/bash
# Two example hosts side by side reach NORMAL and exchange their leases, first from nothing, then
# from what they stored. Each ends with 0 only when every client is served by one of the two and the
# partner has acknowledged the rest.
set -uo pipefail
host=${FO_BUILD:?}/example_host
top=$(mktemp -d)
trap 'kill "${first:-}" 2>/dev/null; rm -rf "$top"' EXIT

fail() { # SENTENCE
    echo "FAIL $1"
    tail -n 30 "$top"/*.log
    exit 1
}

# Runs the pair once. Fails with 9 when the port turns out to be taken.
run_pair() { # PORT
    local one two
    "$host" primary 127.0.0.1 127.0.0.2 "$1" "$top/a" >"$top/a.log" 2>&1 &
    first=$!
    "$host" secondary 127.0.0.2 127.0.0.1 "$1" "$top/b" >"$top/b.log" 2>&1
    two=$?
    wait "$first"
    one=$?
    ! grep -q 'Address already in use' "$top"/[ab].log || return 9
    [ "$one" -eq 0 ] && [ "$two" -eq 0 ]
}

check_round() { # NAME
    local served
    grep -q '^state NORMAL' "$top"/[ab].log || fail "$1: no host saw NORMAL"
    served=$(sed -n 's/^served \([0-9]*\) of.*/\1/p' "$top"/[ab].log | paste -sd+)
    [ $((served)) -eq 40 ] || fail "$1: $served of 40 clients were served, each by one of the two"
    echo "ok   $1: $served clients were served, each by one of the two"
}

for _ in 1 2 3 4 5; do
    port=$((20000 + RANDOM % 12000)) rc=0
    rm -rf "$top/a" "$top/b"
    run_pair "$port" || rc=$?
    [ "$rc" -eq 9 ] || break
done
[ "$rc" -eq 0 ] || fail "a fresh pair"
check_round "a fresh pair"
run_pair "$port" || fail "the same pair from its stores"
check_round "the same pair from its stores"
