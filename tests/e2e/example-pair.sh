#!/bin/bash
# The example of an administrator's program, with two fods that it reaches as it would reach two Windows
# servers: by their addresses, at the usual ports. It leaves nothing behind, and can be run again.
if [[ -z ${IN_NAMESPACE:-} ]]; then # where ports 647 and 8647 are free, and may be used
    IN_NAMESPACE=1 exec unshare --map-root-user --net "$0"
fi
# shellcheck source=tests/e2e/lib.sh
source "$(dirname "$0")/lib.sh"
program=$FO_BUILD/example_pair

pair_program() {
    FO_CA=$CERTS/ca.pem FO_CERT=$CERTS/admin.pem FO_KEY=$CERTS/admin.key \
        "$program" "${ADDRESS[a]}" "${ADDRESS[b]}"
}

left_over() { # SIDE
    ctl "$1" --json scope list | jq -c .
    ctl "$1" --json relationship list | jq -c .
    ctl "$1" --json lease list --all | jq -c .
}

need ip unshare "$program"
ip link set lo up
make_place
FAILOVER_PORT=647 MANAGEMENT_PORT=8647
for side in a b; do
    configure $side
    start $side
done

for turn in first second; do
    step "the $turn run: scope, relationship, lease, and all of it away"
    expect 0 pair_program
    [[ $OUT == *"both servers are in NORMAL"*"of 02 00 00 aa bb cc,"* ]] || fail "it says: $OUT"
    for side in a b; do
        same "$(left_over $side)" "$(printf '[]\n[]\n[]')" "what is left on side $side"
    done
done

step "what fails is told by call, server and code"
expect 2 "$program" "${ADDRESS[a]}"
expect 2 "$program" "${ADDRESS[a]}" localhost
ctl b scope create 10.77.0.0/24 # in the way
expect 1 pair_program
says "DhcpCreateSubnet on ${ADDRESS[b]}: error 20052"
same "$(ctl a --json scope list)" "[]" "what is left on side a"
