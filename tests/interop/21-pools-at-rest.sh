#!/bin/bash
# For ten minutes (FO_REST, in seconds) nobody wants anything, and no address changes hands: what one
# server gave away for its reasons the other does not give back for its own. All clients are fod's by
# their hash and have had nearly every address, so dhcpd would rather see all of them with fod (up to
# a tenth more than half), and each server looks at the pools again and again.
# time limit: 1200 s
fod_role=${1:-primary}
source "$(dirname "$0")/lib.sh"
LEASE_TIME=20
MCLT=10
BALANCE_SECONDS=1 # then dhcpd serves fod's clients, too
POOL_SECONDS=20   # dhcpd looks 30 times in ten minutes, fod 10 times
if [[ $fod_role == primary ]]; then
    SPLIT=256 own=free
else
    SPLIT=0 own=backup
fi
rig_up
pair_up "$fod_role"
until_true 15 pools_are 100 100 fod_leases a || fail "fod sees $(pools fod_leases a)"

step "95 clients come to each server and go"
fod_leases a | awk -v own=$own '$2 == own && ++n <= 95 { print $1 }' | leases_from 21 >"$WORK/new"
foctl a lease import "$WORK/new" >"$WORK/imported" 2>&1
keep_leases 1 95
keepers=$!
used() { # a lease that has ended still has its client
    fod_leases a | awk '$3 != "-" { n++ } END { exit n != 190 }'
}
until_true 60 used || fail "not all of the 190 addresses were leased"
kill -TERM $keepers
until_true 90 active_are 0 fod_leases a || fail "fod has $(fod_leases a | grep -cw active) leases"

step "the servers look at their pools, each at least once"
sleep 70
until_true 15 stores_agree || fail "the stores differ: $(store_difference)"
since=$EPOCHSECONDS
before=$(pools fod_leases a)

step "they rest: $before"
sleep "${FO_REST:-600}"
for side in a b; do
    moved=$(said wire | awk -F '\t' -v since="$since" '$1 >= since' | pool_moves $side)
    same "$(grep -c . <<<"$moved" || true)" 0 "addresses that side $side moved without cause"
done
same "$(pools fod_leases a)" "$before" "the pools afterwards"
