#!/bin/bash
# Runs scenarios and prints a table: tests/interop/run.sh [--all | NAME…]
#
# NAME is the beginning of a file's name, such as 20 or 20-perfdhcp; a scenario with roles runs with
# fod as primary and as secondary, NAME:primary runs one of the two. Exit 0: every one passed.
set -uo pipefail
cd "$(dirname "$0")" || exit 2

usage() {
    echo "usage: run.sh [--all | NAME[:primary|:secondary]…]" >&2
    exit 2
}

# The runs that $1 stands for: `FILE ROLE` lines.
runs_of() {
    local name=${1%%:*} file role found=1
    for file in [0-9]*.sh; do
        [[ $file == "$name"* ]] || continue
        found=0
        if ! grep -q '^fod_role=' "$file"; then
            echo "$file -"
            continue
        fi
        for role in primary secondary; do
            [[ $1 != *:* || ${1##*:} == "$role" ]] && echo "$file $role"
        done
    done
    return $found
}

(($# > 0)) || usage
[[ $1 == --all ]] && set -- ''
runs=()
for name in "$@"; do
    mapfile -t more < <(runs_of "$name")
    ((${#more[@]} > 0)) || usage
    runs+=("${more[@]}")
done

table=''
failed=0
for run in "${runs[@]}"; do
    read -r file role <<<"$run"
    [[ $role == - ]] && role=''
    echo "== ${file%.sh} $role"
    start=$SECONDS
    if timeout 600 "./$file" ${role:+"$role"}; then
        verdict=passed
    else
        verdict=FAILED
        failed=$((failed + 1))
    fi
    table+=$(printf '%-32s %-10s %-7s %4d s' "${file%.sh}" "${role:--}" $verdict $((SECONDS - start)))$'\n'
done
printf '\n%-32s %-10s %-7s   time\n%s' scenario 'fod is' result "$table"
echo "$failed of ${#runs[@]} failed"
((failed == 0))
