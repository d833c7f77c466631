#!/bin/bash
# The judge of `make chaos` can say no: a record in which all is well passes, and one doctored in each
# of the ways that matter does not.
set -euo pipefail
cd "$(dirname "$0")"

# Two servers, MCLT 10: c1 gets .5 of a, renews it with b, releases it; c2 gets it of a, is alone
# through a restart, and is there in the end.
record() {
    cat <<'END'
100.5 told c1 10.0.0.5 110.0 a 0
100.6 reckons b 10.0.0.5 0
105.0 told c1 10.0.0.5 125.0 b 115.0
108.0 released c1 10.0.0.5
108.2 told c2 10.0.0.5 118.0 a 0
112.0 stored a 10.0.0.5 active c2 118
112.0 listed a 111.9 own
113.0 told c2 10.0.0.5 132.0 a 122.0
120.0 normal 5 60
121.0 stored a 10.0.0.5 active c2 132
121.0 stored a 10.0.0.6 backup - 0
121.0 stored a 10.0.0.7 free - 0
121.0 listed a 120.9 last
121.0 stored b 10.0.0.5 active c2 131
121.0 stored b 10.0.0.6 backup - 0
121.0 listed b 120.9 last
END
}

judge() {
    awk -v mclt=10 -f check.awk
}

# refused PROMISE WHAT SED-SCRIPT
refused() {
    local said
    if said=$(record | sed "$3" | judge); then
        echo "FAIL: $2 was not noticed" >&2
        exit 1
    fi
    [[ $said == "VIOLATION of promise $1 "* ]] || {
        echo "FAIL: $2 is promise $1, not: $said" >&2
        exit 1
    }
}

said=$(record | judge) || {
    echo "FAIL: a record in which all is well: $said" >&2
    exit 1
}
[[ $said == "2 grants and 2 renewals acknowledged, 1 released; 1 handed on, 1 looks at the partner, \
3 leases found after a restart or at the end; violations 0" ]] || {
    echo "FAIL: counted: $said" >&2
    exit 1
}

refused 1 'an address given while another has it' '/released/d'
refused 1 'the same by the other server' '/released/d; s/^108.2 \(.*\) a 0$/108.2 \1 b 0/'
refused 2 'a lease longer than what was acknowledged allows' 's/125.0 b 115.0/126.0 b 115.0/'
refused 2 'a first lease longer than the MCLT' 's/^\(100.5 .*\) 110.0/\1 111.0/'
refused 2 'a lease longer than the partner reckons with' \
    's/^100.5 .*/100.5 told c1 10.0.0.5 124.0 a 114.0/'
refused 3 'a lease gone after a restart' '/^112.0 stored/d'
refused 3 'a lease of another after a restart' '/^112.0 stored/s/c2/c1/'
refused 3 'a lease that ends too early after a restart' '/^112.0 stored/s/118/117/'
refused 3 'a lease gone in the end' 's/active c2 13[12]/released c2 0/'
refused 4 'stores that differ in the status' '/121.0 stored b .*6/s/backup/free/'
refused 4 'stores that differ in an end' '/121.0 stored b .*5/s/131/136/'
refused 4 'an address that only one of them has' '/121.0 stored b .*6/d'
refused 4 'NORMAL too late' 's/normal 5 60/normal 61 60/'
echo "ok   the judge refuses each of 13 doctored records"
