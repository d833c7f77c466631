#!/bin/bash
# fuzz.sh SECONDS [TARGET…] builds the fuzz targets and runs each that long, all of them unless some
# are named. With RUNS=n each ends after n executions; then SECONDS may be 0, for as long as it takes.
# What they learn stays in build-fuzz/corpus/TARGET, how much was executed in all in
# build-fuzz/executions/TARGET; an input that breaks something is left as build-fuzz/TARGET-crash-…,
# and the script fails after all targets have run.
set -euo pipefail
cd "$(dirname "$0")/.."

seconds=${1:?usage: fuzz.sh SECONDS [TARGET…]}
shift

# Scripts that set up a server are short: many beginnings show more than long lives.
declare -A longest=([endpoint]=128 [store]=256 [mgmt]=1024 [tls]=128 [config]=1024 [dhcpd_conf]=1024
    [capture]=2048)
# A server allocates much and seldom: what guards that is kept small enough for the caches.
export ASAN_OPTIONS=malloc_context_size=1:quarantine_size_mb=1:thread_local_quarantine_size_kb=64:max_malloc_fill_size=64

cmake --preset fuzz
cmake --build --preset fuzz --parallel "${FO_JOBS:-1}"
build-fuzz/fuzz_seeds build-fuzz/seeds tests/data/isc-dhcpd/*.pcap
mkdir -p build-fuzz/executions

targets=("$@")
if [ $# -eq 0 ]; then
    for source in tests/fuzz/fuzz_*.c; do
        target=${source##*/fuzz_}
        targets+=("${target%.c}")
    done
fi

# Adds what the log says to the target's count, and says both.
count() {
    local target=$1 total=build-fuzz/executions/$1
    awk -v target="$target" -v before="$(cat "$total" 2>/dev/null || echo 0)" -v total="$total" '
        /stat::number_of_executed_units/ { runs = $2 }
        /stat::average_exec_per_sec/ { rate = $2 }
        / cov: / { for (i = 1; i < NF; i++) if ($i == "cov:") covered = $(i + 1) }
        END {
            print before + runs > total
            printf "fuzz: %s ran %d inputs (%d per second), covering %d places; %d in all\n",
                   target, runs, rate, covered, before + runs
        }' "build-fuzz/$target.log"
}

broken=()
for target in "${targets[@]}"; do
    mkdir -p "build-fuzz/corpus/$target"
    corpus=("build-fuzz/corpus/$target")
    for more in "build-fuzz/seeds/$target" "tests/fuzz/regressions/$target"; do
        [ ! -d "$more" ] || corpus+=("$more")
    done
    log=build-fuzz/$target.log
    if "build-fuzz/fuzz_$target" -max_total_time="$seconds" -runs="${RUNS:--1}" -timeout=10 \
        -rss_limit_mb=1024 -max_len="${longest[$target]:-8192}" -len_control=20 -entropic=0 -reload=0 \
        -print_final_stats=1 -artifact_prefix="build-fuzz/$target-" "${corpus[@]}" >"$log" 2>&1; then
        count "$target"
    else
        broken+=("$target")
        grep -A 30 -m 1 -E 'broken:|ERROR:|runtime error' "$log" || tail -n 30 "$log"
        count "$target"
        echo "fuzz: $target is broken: $log"
    fi
done
[ ${#broken[@]} -eq 0 ] || exit 1
