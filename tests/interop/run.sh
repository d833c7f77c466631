#!/bin/bash
# Runs scenarios and prints a table: tests/interop/run.sh [--jobs N] [--write-table] --all | NAME…
#
# NAME is the beginning of a file's name, such as 20 or 20-perfdhcp; a scenario with roles runs with
# fod as primary and as secondary, NAME:primary runs one of the two. Several run side by side: 4 with
# --all, otherwise one, whose output is seen as it comes; of several, only what a failed one said is
# shown. A scenario may take 600 s, or what its header says (`# time limit: 900 s`). --write-table
# puts the table of all into README.md. Exit 0: every one passed.
set -uo pipefail
cd "$(dirname "$0")" || exit 2

declare -r TABLE_BEGIN='<!-- table: written by run.sh --all --write-table -->' TABLE_END='<!-- end of table -->'

usage() {
    echo "usage: run.sh [--jobs N] [--write-table] --all | NAME[:primary|:secondary]…" >&2
    exit 2
}

time_limit() {
    local seconds
    seconds=$(sed -n 's/^# time limit: \([0-9]*\) s$/\1/p' "$1")
    echo "${seconds:-600}"
}

# The runs that $1 stands for: `SECONDS FILE ROLE` lines.
runs_of() {
    local name=${1%%:*} file role
    for file in [0-9]*.sh; do
        [[ $file == "$name"* ]] || continue
        if ! grep '^fod_role=' "$file" >/dev/null; then
            echo "$(time_limit "$file") $file -"
            continue
        fi
        for role in primary secondary; do
            [[ $1 != *:* || ${1##*:} == "$role" ]] && echo "$(time_limit "$file") $file $role"
        done
    done
}

# Becomes the scenario, so that a signal to its process ends it with all that it started.
run() {
    local limit=$1 file=$2 role=$3 base=$4
    [[ $role == - ]] && role=''
    export FO_MESSAGES=$base.messages
    ((jobs == 1)) || exec >"$base.out" 2>&1
    exec timeout -k 30 "$limit" "./$file" ${role:+"$role"}
}

# Waits for one run to end, and says how it went.
reap() {
    local pid=0 code=0 file role base seconds verdict=passed
    wait -n -p pid || code=$?
    read -r file role base seconds <<<"${running[$pid]}"
    unset "running[$pid]"
    seconds=$((SECONDS - seconds))
    if ((code != 0)); then
        verdict=FAILED
        failed=$((failed + 1))
        ((jobs == 1)) || cat "$base.out"
        ((code != 124)) || echo "FAIL ${file%.sh}: not over after $seconds s"
    fi
    printf '%s\t%s\t%s\t%s\t%s\n' "${file%.sh}" "$role" $verdict \
        "$(cat "$base.messages" 2>/dev/null || echo -)" "$seconds" >"$base.result"
    printf '%-40s %-10s %-7s %4d s\n' "${file%.sh}" "$role" $verdict "$seconds"
}

# The results as a table that is one in Markdown, too.
table() {
    echo '| scenario | fod is | result | messages | seconds |'
    echo '| --- | --- | --- | ---: | ---: |'
    sort -t $'\t' -k 1,2 "$results"/*.result | awk -F '\t' '
        { print "| " $1 " | " $2 " | " $3 " | " $4 " | " $5 " |"; messages += $4; n[$3]++ }
        END { printf "\n%d passed, %d failed, %d failover messages on the wire\n",
                  n["passed"], n["FAILED"], messages }'
}

write_table() {
    awk -v begin="$TABLE_BEGIN" -v end="$TABLE_END" -v table="$results/table" '
        $0 == end { inside = 0 }
        !inside   { print }
        $0 == begin {
            inside = 1
            while ((getline line < table) > 0)
                print line
        }' README.md >"$results/README.md" && cat "$results/README.md" >README.md
}

jobs='' all='' write='' names=()
while (($# > 0)); do
    case $1 in
    --jobs) jobs=${2:-} && shift ;;
    --write-table) write=1 ;;
    --all) all=1 && names=('') ;;
    -*) usage ;;
    *) names+=("$1") ;;
    esac
    shift || usage
done
if ((${#names[@]} == 0)) || [[ -n $write && -z $all ]]; then
    usage
fi
jobs=${jobs:-${all:+4}}
jobs=${jobs:-1}
[[ $jobs == [1-9]* ]] || usage

runs=()
for name in "${names[@]}"; do
    mapfile -t more < <(runs_of "$name")
    ((${#more[@]} > 0)) || usage
    runs+=("${more[@]}")
done
# Side by side, the long ones first.
((jobs == 1)) || mapfile -t runs < <(printf '%s\n' "${runs[@]}" | sort -s -k 1,1rn)

results=$(mktemp -d) || exit 2
declare -A running=()
finish() {
    ((${#running[@]} == 0)) || kill "${!running[@]}" 2>/dev/null
    wait
    rm -rf "$results"
}
trap finish EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

failed=0
number=0
for run in "${runs[@]}"; do
    ((${#running[@]} < jobs)) || reap
    read -r limit file role <<<"$run"
    base=$results/$((number++))
    ((jobs > 1)) || echo "== ${file%.sh} ${role#-}"
    run "$limit" "$file" "$role" "$base" &
    running[$!]="$file $role $base $SECONDS"
done
while ((${#running[@]} > 0)); do
    reap
done

echo
table | tee "$results/table"
[[ -z $write ]] || write_table
((failed == 0))
