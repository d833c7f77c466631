#!/bin/bash
# test.sh PRESET… configures, builds and tests with each preset in turn. Its last line counts what
# ctest reported over all of them; it fails when a test failed and when a preset had none to run.
#
# Tests labelled `slow` are left to the targets that ask for them. Sanitizer presets also leave out
# `interop-fast`, whose peers do not wait for an instrumented program.
set -euo pipefail
cd "$(dirname "$0")/.."

passed=0 failed=0 skipped=0 wrong=0

die() {
    echo "test: $*" >&2
    exit 1
}

# One line per test: how it went (run, fail, skipped, disabled or lost) and its name. ctest says
# "notrun" both of a test that excused itself and of one whose program is missing; only the first
# carries the code it excused itself with.
results() {
    awk '
        /<testcase / {
            if (name != "") print status "\t" name
            name = $0; sub(/.*<testcase name="/, "", name); sub(/".*/, "", name)
            status = $0; sub(/.* status="/, "", status); sub(/".*/, "", status)
            if (status == "notrun") status = "lost"
        }
        /<skipped message="SKIP_/ { if (status == "lost") status = "skipped" }
        END { if (name != "") print status "\t" name }' "$1"
}

run_preset() {
    local preset=$1 dir=build-$1 leave_out='^(slow|interop-fast)$'
    local rc=0 ran=0 bad=0 status name
    if [ "$preset" = release ]; then
        dir=build
        leave_out='^slow$'
    fi
    # shellcheck disable=SC2086 # several arguments in one variable
    cmake --preset "$preset" ${FO_CONFIGURE:-}
    cmake --build --preset "$preset" --parallel "${FO_JOBS:-1}"

    rm -f "$dir/ctest.xml"
    ctest --test-dir "$dir" --output-on-failure --no-tests=error --label-exclude "$leave_out" \
        --output-junit ctest.xml || rc=$?
    [ -s "$dir/ctest.xml" ] || die "ctest left no results for $preset"

    while IFS=$'\t' read -r status name; do
        case $status in
        run) passed=$((passed + 1)) ran=$((ran + 1)) ;;
        skipped | disabled) skipped=$((skipped + 1)) && echo "not run ($preset): $name" ;;
        *) failed=$((failed + 1)) bad=$((bad + 1)) && echo "failed ($preset): $name" ;;
        esac
    done < <(results "$dir/ctest.xml")
    if [ $((ran + bad)) -eq 0 ]; then
        echo "test: no test ran with $preset"
        wrong=1
    elif [ "$rc" -ne 0 ] && [ "$bad" -eq 0 ]; then
        echo "test: ctest failed ($rc) with $preset, though no test did"
        wrong=1
    fi
}

[ $# -gt 0 ] || die "name a preset: release, debug, asan or tsan"
for preset in "$@"; do
    run_preset "$preset"
done
[ "$skipped" -eq 0 ] || echo "$skipped not run"
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ] && [ "$wrong" -eq 0 ]
