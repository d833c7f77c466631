#!/bin/bash
# Before two servers are joined: what `relationship validate` checks on both, all of it whatever comes
# out, and what `create` refuses before anything is changed (MAPI §8, M-CL-01 to 06). Afterwards:
# what `relationship diff` finds when the two drift apart.
source "$(dirname "$0")/lib.sh"

# The arguments of a pairing from `a`, by the sockets of both.
pairing() {
    local verb=$1
    shift
    ctl a "${CERTIFICATE[@]}" --timeout 3 --json relationship "$verb" --name "$RELATIONSHIP" \
        --role primary --local "${ADDRESS[a]}" --local-name "${NAME[a]}" \
        --partner "${ADDRESS[b]}" --partner-name "${NAME[b]}" \
        --partner-management "$PARTNER" --scope "$SCOPE" "$@"
}

certificate() {
    CERTIFICATE=(--ca "$CERTS/ca.pem" --cert "$CERTS/$1.pem" --key "$CERTS/$1.key")
}

# CHECK SERVER RESULT CODE of every row that is not ok.
troubles() {
    jq -r '.[] | select(.result != "ok") | "\(.check)|\(.server)|\(.result)|\(.code)"' <<<"$OUT"
}

# TROUBLES ARGS…: validate finds these and nothing else, and every row tells what to do.
finds() {
    local wanted=$1 code=0
    shift
    OUT=$(pairing validate "$@") || code=$?
    same "$(troubles)" "$wanted" "what is not ok with $*"
    same $code "$([[ $wanted == *"|failed|"* ]] && echo 1 || echo 0)" "the exit code of validate $*"
    jq -e 'all(.[]; .result != "failed" or (.advice != "" and .sentence != ""))' <<<"$OUT" \
        >/dev/null || fail "a failure without reason or advice: $OUT"
}

none_has_it() {
    local side
    for side in a b; do
        expect 1 ctl $side relationship show "$RELATIONSHIP"
        says "ERROR_DHCP_FO_RELATIONSHIP_DOES_NOT_EXIST (20115)"
    done
    same "$(ctl b --json scope list)" '[]' "the scopes of the partner"
}

nobody_has_it() {
    ! ctl a relationship show "$RELATIONSHIP" >/dev/null 2>&1 &&
        ! ctl b relationship show "$RELATIONSHIP" >/dev/null 2>&1
}

nothing_in_doubt() {
    local side
    for side in a b; do
        [[ $(ctl $side --json status | jq '.in_doubt | length') == 0 ]] || return 1
    done
}

restart_with() {
    crash b
    configure b "$1"
    start b
}

step "two servers, a scope on one of them: every check is made, and all are good"
pair_up
make_scope
certificate admin
PARTNER=$WORK/b/socket
expect 0 pairing validate
same "$(jq -r '[.[] | .check + " " + .server] | join(", ")' <<<"$OUT")" "reached this server, \
reached the partner, rights this server, rights the partner, versions both, clocks both, \
name this server, name the partner, limits this server, limits the partner, scopes this server, \
scopes the partner, settings this server, settings the partner, name bytes this server, \
name bytes the partner, scope overlap both, ranges equal both, exclusions equal both, \
reservations equal both, scopes equal both, failover port this server, failover port the partner, \
management this server, management the partner, certificate both" "the checks"
same "$(troubles)" "" "what is not ok"
PARTNER=$(management_of b)
finds "" --tls required
none_has_it

step "the partner's name is not known, nobody listens, nothing answers (20124, 20123, 20122)"
while read -r PARTNER code symbol; do
    expect 1 pairing validate
    same "$(troubles | head -n 1)" "reached|the partner|failed|$code" "validate at $PARTNER"
    same "$(jq '[.[] | select(.result == "skipped")] | length' <<<"$OUT")" 15 "the checks skipped"
    expect 3 pairing create
    told "$symbol" "$code"
done <<END
no-such-host.invalid 20124 ERROR_DHCP_SERVER_NAME_NOT_RESOLVED
${ADDRESS[b]}:1 20123 ERROR_DHCP_SERVER_NOT_RUNNING
240.0.0.1 20122 ERROR_DHCP_SERVER_NOT_REACHABLE
END
none_has_it

step "no rights on the partner (20121): told with its name"
certificate reader
PARTNER=$(management_of b)
expect 1 pairing validate
same "$(troubles | grep -v skipped)" "rights|the partner|failed|20121" "validate"
jq -e 'any(.[]; .sentence == "You are no DHCP administrator of beta.")' <<<"$OUT" >/dev/null ||
    fail "the server is not named: $OUT"
expect 1 pairing create
told ERROR_DHCP_NO_ADMIN_PERMISSION 20121
says '"sentence":"You are no DHCP administrator of beta."'
none_has_it
certificate admin
PARTNER=$WORK/b/socket

step "M-CL-01: the partner has a relationship of that name"
ctl b scope create 10.2.0.0/24 --range 10.2.0.1-10.2.0.9
ctl b relationship create --one-sided --name "$RELATIONSHIP" --role secondary \
    --local 192.0.2.2 --partner 192.0.2.1 --scope 10.2.0.0
finds "name|the partner|failed|20114"
expect 1 pairing create
told ERROR_DHCP_FO_RELATIONSHIP_EXISTS 20114
ctl b relationship delete "$RELATIONSHIP" --one-sided --force
ctl b scope delete 10.2.0.0
none_has_it

step "a name that is another one byte for byte"
ctl b scope create 10.2.0.0/24 --range 10.2.0.1-10.2.0.9
ctl b relationship create --one-sided --name "Lab" --role secondary \
    --local "${ADDRESS[b]}" --partner "${ADDRESS[a]}" --scope 10.2.0.0
finds "name|the partner|failed|20114
name bytes|the partner|warning|0" # between two addresses there is one relationship
ctl b relationship delete Lab --one-sided --force
ctl b scope delete 10.2.0.0

step "M-CL-02: what was begun on both is on neither when the tool dies"
expect 1 pairing create --stop-after prepare-b
within 30 "that both forget it" nobody_has_it
within 30 "that no change is in doubt" nothing_in_doubt
none_has_it

step "M-CL-03: 61 s apart is refused before anything is changed"
restart_with "clock-offset = 61"
finds "clocks|both|failed|20119"
expect 1 pairing create
told ERROR_DHCP_FO_TIME_OUT_OF_SYNC 20119
says "The clocks of the two servers differ by 61 s"
none_has_it

step "scopes: overlap, ranges, exclusions, reservations, settings; all are told at once"
restart_with ""
ctl b scope create 10.1.0.0/16 --range 10.1.0.1-10.1.0.9
finds "scope overlap|both|failed|20052
ranges equal|both|failed|87
scopes equal|both|failed|87"
ctl b scope delete 10.1.0.0
ctl b scope create "$SCOPE/20" --name other --range 10.1.0.1-10.1.15.253 --exclude 10.1.0.9
ctl b scope reserve "$SCOPE" 10.1.0.7 0102
finds "ranges equal|both|failed|87
exclusions equal|both|failed|87
reservations equal|both|failed|87
scopes equal|both|failed|87"
ctl b scope delete "$SCOPE"

step "ports, limits, settings and certificates"
finds "failover port|this server|failed|20122" --partner-port 1
finds "settings|this server|failed|87
settings|the partner|failed|87" --percent 101
finds "certificate|this server|failed|87
certificate|the partner|failed|87" --tls required --local-name gamma --partner-name delta
finds "scopes|this server|failed|20005" --scope 10.3.0.0

step "M-CL-04: 60 s apart goes"
restart_with "clock-offset = 60"
finds ""
expect 0 pairing create
wait_normal 20
restart_with ""
wait_normal 20

step "diff: nothing at first"
expect 0 ctl a --json relationship diff "$RELATIONSHIP"
same "$OUT" "[]" "the differences"
says "0 differences between 'alpha' (HERE) and 'beta' (THERE)"

step "diff: of either server, the relationship and its scopes"
ctl b relationship set "$RELATIONSHIP" --one-sided --mclt 20m
ctl a scope set "$SCOPE" --comment here
ctl b scope set "$SCOPE" --disabled
ctl a scope exclude "$SCOPE" 10.1.0.9-10.1.0.9
ctl b scope reserve "$SCOPE" 10.1.0.7 0102
ctl a scope reserve "$SCOPE" 10.1.0.8 0103
ctl b scope reserve "$SCOPE" 10.1.0.8 0104
differences() {
    jq -r '.[] | "\(.object)|\(.field)|\(.here)|\(.there)"' <<<"$OUT" | sort
}
expect 1 ctl a --json relationship diff "$RELATIONSHIP"
same "$(differences)" "relationship lab|mclt_s|3600|1200
scope 10.1.0.0|comment|here|-
scope 10.1.0.0|exclusion|10.1.0.9-10.1.0.9|-
scope 10.1.0.0|reservation|-|10.1.0.7
scope 10.1.0.0|reservation|10.1.0.8 for 01:03 (both)|10.1.0.8 for 01:04 (both)
scope 10.1.0.0|state|enabled|disabled" "the differences"
expect 1 ctl b --json relationship diff "$RELATIONSHIP"
same "$(differences | head -n 1)" "relationship lab|mclt_s|1200|3600" "as the other server has it"

step "M-CL-05: replication takes the partner's extra reservation away, and no lease"
ctl a lease create 10.1.12.1 --hardware 020000000001 >/dev/null
wait_equal 10
before=$(leases_of b)
expect 0 ctl a --json relationship replicate "$RELATIONSHIP" --force
same "$(ctl b --json scope show "$SCOPE" | jq -c '[.reservations[].address]')" '["10.1.0.8"]' \
    "the partner's reservations"
same "$(leases_of b)" "$before" "the partner's leases"

step "M-CL-06: a second time there is nothing to do"
expect 0 ctl a --json relationship replicate "$RELATIONSHIP" --force
same "$OUT" "[]" "what was copied"
says "no difference"
expect 1 ctl a --json relationship diff "$RELATIONSHIP"
same "$(differences)" "relationship lab|mclt_s|3600|1200" "what replication does not touch"

step "diff: the partner knows nothing of it"
ctl b relationship delete "$RELATIONSHIP" --one-sided --force
expect 1 ctl a --json relationship diff "$RELATIONSHIP"
same "$(differences)" "relationship lab|relationship|exists|-" "the differences"
