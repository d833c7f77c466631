#!/bin/bash
# What a scope holds, by foctl: ranges of every kind, grown and shrunk; who is served from them; and
# what a relationship allows of all that.
# shellcheck source=tests/e2e/lib.sh
source "$(dirname "$0")/lib.sh"
ALONE=10.5.0.0

ranges_of() { # SIDE SUBNET
    ctl "$1" --json scope show "$2" | jq -c .ranges
}
serves() { # SIDE SUBNET
    ctl "$1" --json scope serves "$2" --hardware 020000000001 | jq -c '.[0] | [.answers, .why]'
}

step "a pair, and a scope that is in no relationship"
pair_up
join_pair
ctl a scope create "$ALONE/24" --range 10.5.0.10-10.5.0.99

step "its range grows and shrinks in place; others are added beside it"
ctl a scope set-range "$ALONE" 10.5.0.5-10.5.0.120
expect 1 ctl a scope set-range "$ALONE" 10.5.0.100-10.5.0.130
says 20023
ctl a scope set-range "$ALONE" 10.5.0.10-10.5.0.19
ctl a scope add-range "$ALONE" 10.5.0.40-10.5.0.49 --kind bootp
ctl a scope add-range "$ALONE" 10.5.0.60-10.5.0.69 --kind both
same "$(ranges_of a "$ALONE")" \
    '["10.5.0.10-10.5.0.19","10.5.0.40-10.5.0.49 (bootp)","10.5.0.60-10.5.0.69 (both)"]' "ranges"

step "what is for BOOTP alone is leased to nobody, and joins no relationship"
same "$(ctl a --json scope free "$ALONE" --count 20 --within 10.5.0.10-10.5.0.69 |
    jq -c '[.[0].address, .[9].address, .[10].address, .[19].address, length]')" \
    '["10.5.0.10","10.5.0.19","10.5.0.60","10.5.0.69",20]' "what is free"
expect 1 ctl a scope free "$ALONE" --count 21
says 20126
expect 1 ctl a lease create 10.5.0.45 --hardware 020000000002
says "for clients of BOOTP alone"
expect 1 ctl a relationship add-scope "$RELATIONSHIP" "$ALONE" \
    --partner-management "$WORK/b/socket"
says "for clients of BOOTP alone"

step "a range with leases goes only by force"
ctl a lease create 10.5.0.10 --hardware 020000000003 >/dev/null
expect 1 ctl a scope remove-range "$ALONE" 10.5.0.10-10.5.0.19
says 20007
ctl a scope remove-range "$ALONE" 10.5.0.10-10.5.0.19 --force
same "$(ctl a --json lease list --scope "$ALONE" | jq length)" 0 "leases"

step "a disabled scope serves nobody, until it is enabled"
ctl a scope set "$ALONE" --disabled
same "$(serves a "$ALONE")" '[false,"the scope is disabled"]' "who is served"
ctl a scope set "$ALONE" --enabled
same "$(serves a "$ALONE")" '[true,"the scope is in no relationship"]' "who is served"

step "a relationship's range grows on one server, is made alike, and does not shrink"
same "$(ranges_of a "$SCOPE")" "$(ranges_of b "$SCOPE")" "ranges"
range=$(ranges_of a "$SCOPE" | jq -r '.[0]')
ctl a scope set-range "$SCOPE" "10.1.0.0-${range#*-}"
ctl a scope reserve "$SCOPE" 10.1.0.9 0102 --for dhcp
expect 1 ctl a relationship diff "$RELATIONSHIP" --partner-management "$WORK/b/socket"
ctl a relationship replicate "$RELATIONSHIP" --partner-management "$WORK/b/socket" --force
same "$(ranges_of b "$SCOPE")" "[\"10.1.0.0-${range#*-}\"]" "the partner's range"
same "$(ctl b --json scope show "$SCOPE" | jq -c '.reservations[0] | [.address, .for]')" \
    '["10.1.0.9","dhcp"]' "the partner's reservation"
expect 1 ctl a scope set-range "$SCOPE" "$range"
says 20132
says "foctl relationship remove-scope"
expect 1 ctl a scope remove-range "$SCOPE" "10.1.0.0-${range#*-}" --force
says 20132
expect 1 ctl a scope set-range "$SCOPE" "10.1.0.0-${range#*-}" --kind both
says 20129
expect 1 ctl a scope add-range "$SCOPE" 10.1.15.250-10.1.15.251 --kind bootp
says 20129
expect 1 ctl a scope delete "$SCOPE" --force
says 20113
wait_normal 20
