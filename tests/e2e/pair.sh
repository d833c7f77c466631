#!/bin/bash
# A pair as an operator meets it: one command joins two servers, leases are acknowledged and seen on
# both, changes happen on both, and what the manual says is refused is refused and changes nothing.
source "$(dirname "$0")/lib.sh"
OURS=10.1.12.1   # of the primary's half of the free addresses
THEIRS=10.1.1.1  # of the secondary's

# What both stores hold of configuration, without what changes by itself.
configuration() {
    local side
    for side in a b; do
        ctl $side --json relationship list | jq -c 'map(del(.state))'
        ctl $side --json scope list | jq -c .
    done
}

lease_field() {
    ctl "$1" --json lease show "$2" | jq -r "$3"
}

partner_has() {
    [[ $(lease_field "$1" "$2" .partner) == "has it" ]]
}

is_gone() {
    ! ctl "$1" lease show "$2" >/dev/null 2>&1 ||
        [[ $(lease_field "$1" "$2" .status) != ACTIVE ]]
}

statistics() {
    ctl "$1" --json scope statistics "$SCOPE" | jq -c '.[0]'
}

# What is mine on one side is the partner's on the other.
statistics_mirror() {
    local mirrored
    mirrored=$(statistics b | jq -c '{subnet, addresses, free, in_use, this_free: .partner_free,
        partner_free: .this_free, this_in_use: .partner_in_use, partner_in_use: .this_in_use}')
    [[ $(statistics a) == "$mirrored" ]]
}

setting() {
    ctl "$1" --json relationship show "$RELATIONSHIP" | jq -r "$2"
}

# The command fails like this and nothing has changed on either server.
refused() {
    local symbol=$1 number=$2 before
    shift 2
    before=$(configuration)
    expect 1 "$@"
    says "$symbol ($number)"
    same "$(configuration)" "$before" "the configuration after $symbol"
}

step "one command over mutual TLS makes the relationship on both servers"
pair_up
join_pair --mclt 600
for side in a b; do
    same "$(status_of $side .link)" "up, TLS" "the link as side $side sees it"
done
same "$(setting a .role) $(setting b .role)" "primary secondary" "the roles"
same "$(setting a .mclt_s) $(setting b .mclt_s)" "600 600" "the MCLT"
same "$(ctl b --json scope list | jq -c .)" "$(ctl a --json scope list | jq -c .)" "the scopes"

step "a lease made on the primary is acknowledged by the secondary, and the other way round"
ctl a lease create $OURS --hardware 00:0c:29:00:00:01 --client-id 01:00:0c:29:00:00:01 \
    --name pc --duration 1h >/dev/null
ctl b lease create $THEIRS --hardware 00:0c:29:00:00:02 --duration 1h >/dev/null
within 10 "the acknowledgement of $OURS" partner_has a $OURS
within 10 "the acknowledgement of $THEIRS" partner_has b $THEIRS
for side in a b; do
    same "$(lease_field $side $OURS '"\(.status) \(.client_id)"')" \
        "ACTIVE 01:00:0c:29:00:00:01" "the lease as side $side shows it"
done
same "$(lease_field a $OURS .owner), $(lease_field b $OURS .owner)" "this server, partner" owner

step "the four times agree: what one sent, the other received, and acknowledged (§5.2.1)"
sent=$(lease_field a $OURS .sent_potential_expiration)
same "$(lease_field b $OURS .received_potential_expiration)" "$sent" "received by the partner"
same "$(lease_field a $OURS .acked_potential_expiration)" "$sent" "acknowledged by the partner"
same "$(lease_field b $OURS .lease_expiration)" "$(lease_field a $OURS .lease_expiration)" "the end"
# A first lease is no longer than the MCLT, and what the partner is told reaches beyond it.
begun=$(lease_field a $OURS .client_last_transaction)
(($(lease_field a $OURS .lease_expiration) <= begun + 600)) || fail "the lease is beyond the MCLT"
((sent > begun + 600)) || fail "the potential expiration does not reach beyond the MCLT"

step "the statistics of the scope mirror, and a deleted lease is gone on both"
within 10 "that the statistics mirror" statistics_mirror
same "$(statistics a | jq .in_use)" 2 "leases in use"
ctl a lease delete $OURS
within 10 "that the lease is gone on the partner" is_gone b $OURS
within 10 "that the statistics mirror" statistics_mirror

step "set, add-scope and remove-scope happen on both"
ctl_tls a relationship set "$RELATIONSHIP" --mclt 20m --percent 30
same "$(setting a .percent) $(setting b .percent)" "30 30" "the percentage"
same "$(setting a .mclt_s)" 1200 "the MCLT of the primary"
ctl a scope create 10.2.0.0/24 --range 10.2.0.10-10.2.0.99
expect 1 ctl_tls b relationship add-scope "$RELATIONSHIP" 10.2.0.0
says "ERROR_DHCP_SUBNET_NOT_PRESENT (20005)" # the scope is copied from the server addressed
ctl_tls a relationship add-scope "$RELATIONSHIP" 10.2.0.0
for side in a b; do
    same "$(setting $side '.scopes | join(" ")')" "10.1.0.0 10.2.0.0" "the scopes of side $side"
done

step "replicate shows the difference and copies it"
ctl a scope exclude 10.2.0.0 10.2.0.50-10.2.0.59
ctl a scope reserve 10.2.0.0 10.2.0.20 00:0c:29:00:00:09
expect 0 ctl_tls a --json relationship replicate "$RELATIONSHIP" --what-if
same "$(jq -c '[.[] | [.what, .here, .there]]' <<<"$OUT")" \
    '[["exclusion","10.2.0.50-10.2.0.59","-"],["reservation","10.2.0.20","-"]]' "the difference"
same "$(ctl b --json scope show 10.2.0.0 | jq -c .exclusions)" "[]" "the partner's exclusions"
expect 0 ctl_tls a relationship replicate "$RELATIONSHIP" --force
same "$(ctl b --json scope show 10.2.0.0)" "$(ctl a --json scope show 10.2.0.0)" "the scope"
expect 0 ctl_tls a relationship replicate "$RELATIONSHIP" --force
says "no difference"

ctl_tls a relationship remove-scope "$RELATIONSHIP" 10.2.0.0 --force
for side in a b; do
    same "$(setting $side '.scopes | join(" ")')" "10.1.0.0" "the scopes of side $side"
done

step "what cannot be is refused, says why, and changes nothing"
refused ERROR_DHCP_FO_RELATIONSHIP_EXISTS 20114 create_relationship "$RELATIONSHIP" \
    --scope 10.2.0.0
refused ERROR_DHCP_FO_SCOPE_ALREADY_IN_RELATIONSHIP 20113 create_relationship other --scope "$SCOPE"
refused ERROR_DHCP_FO_RELATIONSHIP_NAME_TOO_LONG 20125 create_relationship \
    "$(printf 'n%.0s' {1..127})" --scope 10.2.0.0
refused ERROR_INVALID_PARAMETER 87 create_relationship other --percent 101 --scope 10.2.0.0
refused ERROR_INVALID_PARAMETER 87 ctl_tls a relationship set "$RELATIONSHIP" --percent 101
refused ERROR_DHCP_SUBNET_NOT_PRESENT 20005 create_relationship other --scope 10.3.0.0
refused ERROR_DHCP_FO_RELATIONSHIP_DOES_NOT_EXIST 20115 \
    ctl_tls a relationship set nobody --percent 5
refused ERROR_DHCP_CLIENT_EXISTS 20014 ctl b lease create $THEIRS --hardware 00:0c:29:00:00:03

step "31 relationships are possible, the 32nd is not"
for n in {2..31}; do
    ctl a scope create "10.2.$n.0/24" --range "10.2.$n.10-10.2.$n.99"
    create_relationship "r$n" --scope "10.2.$n.0"
done
refused ERROR_DHCP_FO_MAX_RELATIONSHIPS 20128 create_relationship r32 --scope 10.2.0.0
same "$(ctl b --json relationship list | jq length)" 31 "the relationships of the partner"

step "exit codes: 0 done, 1 refused, 2 usage, 3 unreachable; a reader may not change anything"
expect 0 ctl a status
expect 1 ctl a relationship show nobody
says "ERROR_DHCP_FO_RELATIONSHIP_DOES_NOT_EXIST (20115)"
expect 2 ctl a relationship frobnicate
expect 2 ctl a relationship create --name x --role neither
expect 3 "$FO_BUILD/foctl" --socket "$WORK/nothing-here" status
reader=("$FO_BUILD/foctl" --server "$(management_of a)" --ca "$CERTS/ca.pem"
    --cert "$CERTS/reader.pem" --key "$CERTS/reader.key")
expect 0 "${reader[@]}" relationship list
refused ERROR_ACCESS_DENIED 5 "${reader[@]}" scope create 10.9.0.0/24

step "one command ends the relationship on both, and the leases stay"
ctl_tls a relationship delete "$RELATIONSHIP" --force
for side in a b; do
    expect 1 ctl $side relationship show "$RELATIONSHIP"
    same "$(lease_field $side $THEIRS .status)" ACTIVE "the lease on side $side"
done
