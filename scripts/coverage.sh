#!/bin/bash
# coverage.sh builds with the preset `coverage`, runs the fast tests and says what they reach: lines
# of each room, rows of the transition table and cells of the accept table (tests/coverage). It fails
# when a test does, when proto/, state/ or fo/ are below FLOOR percent, and when a row or cell is used
# by no engine in any test: what its own test looks up in the table counts as nothing.
set -euo pipefail
cd "$(dirname "$0")/.."

FLOOR=90
dir=build-coverage
reached=$PWD/$dir/reached.txt
lines=$dir/lines.json

cmake --preset coverage
cmake --build --preset coverage --parallel "${FO_JOBS:-1}"
find "$dir" -name '*.gcda' -delete
rm -f "$reached"
export FO_REACHED=$reached
fast=(ctest --test-dir "$dir" --output-on-failure --no-tests=error --parallel "${FO_JOBS:-1}")
"${fast[@]}" --label-regex '^unit$' --exclude-regex '^model-'
"${fast[@]}" --tests-regex '^e2e-restart$' # the daemon itself, once

gcovr --root . --object-directory "$dir" --filter '(proto|state|fo)/' --json-summary "$lines" "$dir"

bad=0
printf '\n%-12s %7s %7s %9s\n' room lines reached percent
room() { # NAME FOLDER FLOOR
    local total covered
    read -r total covered < <(jq -r --arg folder "$2" '
        [.files[] | select(.filename | test("^" + $folder + "/[^/]*$"))] |
        "\(map(.line_total) | add) \(map(.line_covered) | add)"' "$lines")
    printf '%-12s %7d %7d %8d%%\n' "$1" "$total" "$covered" $((100 * covered / total))
    if [ $((100 * covered)) -lt $(($3 * total)) ]; then
        echo "coverage: $1 is below $3 %"
        bad=1
    fi
}
room proto proto "$FLOOR"
room state state "$FLOOR"
room fo fo "$FLOOR"
room fo/run fo/run 0
room fo/daemon fo/daemon 0

# Counts what programs wrote to $reached: table, program, count, name.
table() { # NAME WHAT
    awk -F '\t' -v table="$1" -v what="$2" '
        $1 == table { all[$4]; if ($2 != "test_state") used[$4] += $3 }
        $1 == table && $2 == "fosim" { simulated[$4] += $3 }
        END {
            for (name in all) {
                n++
                if (used[name]) reached++; else missed[++misses] = name
                if (simulated[name]) sim++
            }
            printf "%-12s %7d %7d %8d%%   (%d in the simulator)\n", what, n, reached,
                   n ? 100 * reached / n : 0, sim
            for (i = 1; i <= misses; i++) print "coverage: no engine used the " table ": " missed[i]
            exit n == 0 || misses > 0
        }' "$reached"
}
table row transitions || bad=1
table cell accept || bad=1
[ "$bad" -eq 0 ]
