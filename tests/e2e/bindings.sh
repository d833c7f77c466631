#!/bin/bash
# Where IPv6 is served: real interfaces in a network namespace, whose addresses come and go under a
# running fod. What foctl says, what the log says, and what MAPI §8 states of the binding calls.
# Needs root, for the namespace.
if [[ ${FO_IN_NAMESPACE:-} != yes ]]; then
    if ! unshare --net true; then
        echo "FAIL bindings: it needs the right to make a network namespace" >&2
        exit 1
    fi
    FO_IN_NAMESPACE=yes exec unshare --net "$0" "$@"
fi
# shellcheck source=tests/e2e/lib.sh
. "$(dirname "$0")/lib.sh"

address() { # add|del ADDRESS DEVICE [ARGS…]
    ip -6 address "$1" "$2" dev "$3" "${@:4}"
}
# One end of a pair; the other is its cable.
cable() { # NAME
    ip link add "$1" type veth peer name "$1-peer"
    ip link set "$1" up
    ip link set "$1-peer" up
}
served() { ctl a --json status | jq -c .v6_served; }
serves() { [[ $(served) == "$1" ]]; }
logged() { grep -qF "binding: $1" "$WORK/a/log"; }
of() { # INTERFACE KEY
    ctl a --json binding list | jq -r ".interfaces[] | select(.interface == \"$1\") | .$2"
}

need ip unshare
make_place
ip link set lo up
cable lan
address add 2001:db8:1::1/64 lan nodad
configure a
start a

step "what there is when it starts"
serves '["lan=2001:db8:1::1/64"]' || fail "served: $(served)"
logged "interface=lan v6=served address=2001:db8:1::1/64 cause=start" || fail "not logged"
same "$(of lan internal) $(of lo internal) $(of lo served)" "false true false" "who is internal"
[[ $(ctl a binding list) == *"lan "*"2001:db8:1::1/64"* ]] || fail "no table"

step "interfaces and addresses come and go"
cable wan
address add 2001:db8:2::1/64 wan nodad
within 5 "the second interface" serves '["lan=2001:db8:1::1/64","wan=2001:db8:2::1/64"]'
logged "interface=wan v6=served address=2001:db8:2::1/64 cause=addresses" || fail "not logged"
cable tun
address add 2001:db8:3::1/64 tun nodad valid_lft 600 preferred_lft 600
within 5 "an address that runs out" test "$(of tun internal)" == true
same "$(of tun served)" false "it was not configured"
address del 2001:db8:3::1/64 tun
address del 2001:db8:2::1/64 wan
within 5 "its end" serves '["lan=2001:db8:1::1/64"]'
logged "interface=wan v6=not-served cause=addresses" || fail "not logged"
address add 2001:db8:2::1/64 wan nodad
within 5 "its return" serves '["lan=2001:db8:1::1/64","wan=2001:db8:2::1/64"]'

step "a choice, kept over a restart and over the interface"
ctl a binding set lan --unbind
serves '["wan=2001:db8:2::1/64"]' || fail "served: $(served)"
logged "interface=lan v6=not-served cause=administrator" || fail "not logged"
crash a
start a
serves '["wan=2001:db8:2::1/64"]' || fail "after a restart: $(served)"
ip link del lan
within 5 "the interface going" test -z "$(of lan index)"
cable lan
address add 2001:db8:1::5/64 lan nodad
within 5 "the interface coming back" test "$(of lan address)" == 2001:db8:1::5/64
same "$(of lan served)" false "the choice holds by name"
same "$(ctl a --json --what-if binding set lan --bind 2>/dev/null | jq -c '.[0] | [.object, .after]')" \
    '["lan","yes"]' "what would change"
ctl a binding set lan --bind
within 5 "lan" serves '["lan=2001:db8:1::5/64","wan=2001:db8:2::1/64"]'

step "refusals"
expect 1 ctl a binding set lo --unbind
says "ERROR_DHCP_CANNOT_MODIFY_BINDINGS (20051): Interface lo is internal"
expect 1 ctl a binding set nowhere --unbind
says "there is no interface 'nowhere'"
expect 2 ctl a binding set lan
says "say --bind or --unbind"
before=$(ctl a --json binding list | jq -r .generation)
address add 2001:db8:2::2/64 wan nodad
within 5 "another generation" test "$(ctl a --json binding list | jq -r .generation)" != "$before"
expect 1 ctl a binding set lan --unbind --generation "$before"
says "ERROR_DHCP_NETWORK_CHANGED (20050): Interfaces or addresses came or went since the list was read"
same "$(of lan served)" true "nothing changed"
address del 2001:db8:2::2/64 wan
within 5 "the old generation" test "$(ctl a --json binding list | jq -r .generation)" == "$before"
ctl a binding set lan --bind --generation "$before"

step "what is documented of the calls"
address del 2001:db8:1::5/64 lan
address add 2001:db8:1::1/64 lan nodad
within 5 "lan" serves '["lan=2001:db8:1::1/64","wan=2001:db8:2::1/64"]'
for way in "" tls; do
    # shellcheck disable=SC2086 # no word, or one
    FO_SOCKET=$WORK/a/socket FO_CA=$CERTS/ca.pem \
        "$FO_BUILD/dhcpsapi_conformance" bindings "$(management_of a)" "$CERTS" $way ||
        fail "not as documented ($way)"
done
