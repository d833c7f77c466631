#!/bin/bash
# sim-mutants.sh [MUTANT…] proves that the simulator notices what it is there for. Each patch in
# tests/sim/mutants breaks one rule of the engine in a copy of the sources; fosim has to find a broken
# promise in the seeds that once found a mistake or within SEEDS more (3000), as `make sim` runs them,
# after it found none in the copy as it is. The last line counts the mutants that were caught. It fails
# when less than 95 % were, when one survived of which its patch does not say why ("Survives: …"), and
# when a patch no longer applies.
set -euo pipefail
cd "$(dirname "$0")/.."

seeds=${SEEDS:-3000}
jobs=${FO_JOBS:-1}
limit_s=240 # processor time of one run; a mutant that keeps the simulation busy is not caught
patches=$PWD/tests/sim/mutants
found=$PWD/tests/sim/seeds.txt
dir=$PWD/build/mutants
source=$dir/source

die() {
    echo "sim-mutants: $*" >&2
    exit 1
}

copy_sources() {
    rm -rf "$dir"
    mkdir -p "$source"
    git ls-files -z --cached --others --exclude-standard | xargs -0 cp --parents -t "$source" ||
        die "the sources cannot be copied"
    (cd "$source" && cmake --preset release) >"$dir/configure.log" || die "see $dir/configure.log"
}

# Builds what changed and keeps the program as NAME.
build() {
    cmake --build "$source/build" --target fosim --parallel "$jobs" >"$dir/$1.build" 2>&1 ||
        die "$1 does not build: $dir/$1.build"
    mv "$source/build/fosim" "$dir/$1"
}

change() {
    patch --directory "$source" --strip 1 --silent --no-backup-if-mismatch "$@"
}

# The promise in the words of tests/sim/check.c, without what differs from run to run.
promise() {
    sed -nE '/^promise broken at/ { s/^[^:]*: //; s/^(alpha|beta)( side [01])?:? //
        s/:.*//; s/ [0-9]+ s / /; p; q }' "$1"
}

# Runs NAME and leaves its line of the table in NAME.row: caught or not, by what, with which seed.
judge() {
    local name=$1 log=$dir/$1.log rc=0 began=$EPOCHREALTIME verdict=survived by='' seed='' took
    (ulimit -t "$limit_s" && "$dir/$name" --list "$found" --quiet &&
        exec "$dir/$name" --seeds "$seeds" --quiet) >"$log" 2>&1 || rc=$?
    took=$(awk -v a="$began" -v b="$EPOCHREALTIME" 'BEGIN { printf "%.1f", b - a }')
    if [ "$rc" -eq 1 ]; then
        verdict=caught
        by=$(promise "$log")
        seed=$(sed -n 's/^again: fosim --seed \([0-9]*\) .*/\1/p' "$log" | head -n 1)
        [ -n "$by$seed" ] || die "$name failed without a broken promise: $log"
    elif [ "$rc" -gt 128 ]; then
        verdict="killed ($rc)"
    elif [ "$rc" -ne 0 ]; then
        verdict="died ($rc)"
    fi
    echo "$verdict" >"$dir/$name.verdict"
    printf '%-40s %-50s %6s %8s\n' "$name" "${by:-$verdict}" "${seed:--}" "$took"
}

# Waits until one more run may begin.
wait_for_room() {
    while [ "$(jobs -rp | wc -l)" -ge "$jobs" ]; do
        wait -n || true # what is missing in the end is noticed there
    done
}

names=("$@")
if [ $# -eq 0 ]; then
    for patch in "$patches"/*.patch; do
        names+=("$(basename "$patch" .patch)")
    done
fi

copy_sources
build control
for name in "${names[@]}"; do
    change --dry-run --input "$patches/$name.patch" || die "$name no longer applies"
done
printf '%-40s %-50s %6s %8s\n' mutant 'caught by' seed seconds
judge control
[ "$(cat "$dir/control.verdict")" = survived ] || die "a promise breaks without any mutant"

for name in "${names[@]}"; do
    change --input "$patches/$name.patch"
    build "$name"
    change --reverse --input "$patches/$name.patch"
    wait_for_room
    judge "$name" &
done
wait

caught=0 unexplained=()
for name in "${names[@]}"; do
    verdict=$(cat "$dir/$name.verdict")
    if [ "$verdict" = caught ]; then
        caught=$((caught + 1))
    elif ! sed -n 's/^Survives: /survivor: '"$name"': /p' "$patches/$name.patch" | grep .; then
        unexplained+=("$name")
    fi
done
[ ${#unexplained[@]} -eq 0 ] || echo "survived without an explanation: ${unexplained[*]}"
echo "caught $caught of ${#names[@]}"
[ ${#unexplained[@]} -eq 0 ] && [ $((caught * 100)) -ge $((${#names[@]} * 95)) ]
