#!/bin/bash
# docs/conformance.md names only tests that exist, and has a row for each statement of the checklist:
# a test is `file::name`, any other file of tests/ stands as `file`, a scenario of tests/interop as its
# number in brackets, which docs/isc-dhcpd.md does likewise. Another file may be given instead.
set -euo pipefail
export LC_ALL=C
cd "$(dirname "$0")/../.."
doc=${1:-docs/conformance.md}
readonly doc

# The rows of draft-12's checklist by letter, and how many each has.
statements() {
    local letter count
    while read -r letter count; do
        seq -f "$letter-%02g" "$count"
    done <<END
W 18
C 26
A 4
B 17
L 12
S 17
U 5
P 6
H 5
I 10
END
}

complain() {
    printf '%s: %s\n' "$1" "$2"
}

# Rows that are missing, come twice, or stand in another place.
check_rows() {
    diff --label checklist --label "$doc" -U 0 <(statements) <(sed -n 's/^| \([A-Z]-[0-9]*\) .*/\1/p' "$doc") ||
        true
    awk -F ' [|] ' -v doc="$doc" '/^[|] [A-Z]-[0-9]/ && $4 !~ /`tests\/|\[[0-9]/ {
        print doc ": nothing covers " substr($1, 3) }' "$doc"
}

# Criterion's tests: Test(suite, name) and ParameterizedTest(parameter, suite, name), on one line or two.
has_test() {
    tr -s ' \n' ' ' <"$1" | grep -E "Test\(([a-z_0-9]+ \*[a-z]+, )?[a-z_0-9]+, $2[,)]" >/dev/null
}

check_tests() {
    local file name
    while read -r file name; do
        if [[ ! -f $file ]]; then
            complain "$doc" "there is no $file"
        elif [[ -n $name ]] && ! has_test "$file" "$name"; then
            complain "$doc" "$file has no test $name"
        fi
    done < <(grep -oE "\`tests/[^\`]*[^\`/]\`" "$doc" | tr -d '`' | sed 's/::/ /' | sort -u)
}

check_scenarios() {
    local number
    while read -r number; do
        compgen -G "tests/interop/$number-*.sh" >/dev/null || complain "$1" "there is no scenario $number"
    done < <(grep -oE '\[[0-9][0-9, ]*\b' "$1" | grep -oE '[0-9]+' | sort -u)
}

wrong=$(
    check_rows
    check_tests
    check_scenarios "$doc"
    check_scenarios docs/isc-dhcpd.md
)
if [[ -n $wrong ]]; then
    printf 'FAIL\n%s\n' "$wrong"
    exit 1
fi
echo "ok: $(statements | wc -l) statements, $(grep -oE '[a-z]::[a-z]' "$doc" | wc -l) names of tests"
