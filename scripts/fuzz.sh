#!/bin/bash
# fuzz.sh SECONDS [TARGET…] builds the fuzz targets and runs each that long, all of them unless some
# are named. What they learn stays in build-fuzz/corpus/TARGET; an input that breaks something is
# left as build-fuzz/TARGET-crash-…, and the script fails after all targets have run.
set -euo pipefail
cd "$(dirname "$0")/.."

seconds=${1:?usage: fuzz.sh SECONDS [TARGET…]}
shift

cmake --preset fuzz
cmake --build --preset fuzz --parallel "${FO_JOBS:-1}"
build-fuzz/fuzz_seeds build-fuzz/seeds tests/data/isc-dhcpd/*.pcap

targets=("$@")
if [ $# -eq 0 ]; then
    for source in tests/fuzz/fuzz_*.c; do
        target=${source##*/fuzz_}
        targets+=("${target%.c}")
    done
fi

broken=()
for target in "${targets[@]}"; do
    mkdir -p "build-fuzz/corpus/$target"
    corpus=("build-fuzz/corpus/$target")
    for more in "build-fuzz/seeds/$target" "tests/fuzz/regressions/$target"; do
        [ ! -d "$more" ] || corpus+=("$more")
    done
    log=build-fuzz/$target.log
    if "build-fuzz/fuzz_$target" -max_total_time="$seconds" -timeout=10 -rss_limit_mb=1024 \
        -max_len=8192 -len_control=20 -print_final_stats=1 \
        -artifact_prefix="build-fuzz/$target-" "${corpus[@]}" >"$log" 2>&1; then
        awk -v target="$target" '
            /stat::number_of_executed_units/ { runs = $2 }
            /stat::average_exec_per_sec/ { rate = $2 }
            / cov: / { for (i = 1; i < NF; i++) if ($i == "cov:") covered = $(i + 1) }
            END { printf "fuzz: %s ran %d inputs (%d per second), covering %d places\n",
                         target, runs, rate, covered }' "$log"
    else
        broken+=("$target")
        grep -A 30 -m 1 -E 'broken:|ERROR:|runtime error' "$log" || tail -n 30 "$log"
        echo "fuzz: $target is broken: $log"
    fi
done
[ ${#broken[@]} -eq 0 ] || exit 1
