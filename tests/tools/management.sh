#!/bin/bash
# docs/management.md is what scripts/management-doc.sh makes of the headers and the conformance rows; and
# every command of foctl that it names is there.
set -euo pipefail
export LC_ALL=C.UTF-8
cd "$(dirname "$0")/../.."
foctl=${FO_BUILD:-build}/foctl

diff --label docs/management.md --label "made now" -U 1 docs/management.md <(scripts/management-doc.sh) || {
    echo "docs/management.md is out of date: scripts/management-doc.sh >docs/management.md"
    exit 1
}

commands=$("$foctl" --help)
while read -r command; do
    grep -qE "^ +$command( |\$)" <<<"$commands" || {
        echo "docs/management.md names 'foctl $command', which is not in foctl --help"
        exit 1
    }
done < <(sed -n 's/^| foctl | `foctl \(.*\)` |$/\1/p' docs/management.md | sed 's/, /\n/g' | sort -u)
