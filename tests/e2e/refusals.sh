#!/bin/bash
# Two servers that must not work together do not, and an operator reads why: in `status`, among the
# events and in the log. A difference of the clocks is no reason to refuse (§5.10).
source "$(dirname "$0")/lib.sh"
ADDRESS_OF_A=10.1.12.1

# Both places where an operator looks, on one side: WORDS are there within 10 s.
tells() {
    local side=$1 words=$2
    within 10 "that side $side tells '$words'" fault_is "$side" "$words"
    ctl "$side" --json relationship events "$RELATIONSHIP" | jq -e --arg words "$words" \
        'any(.events[].text; contains($words))' >/dev/null || fail "no event of side $side says '$words'"
    grep -qF "$words" "$WORK/$side/log" || fail "the log of side $side does not say '$words'"
}

fault_is() {
    [[ $(status_of "$1" .last_fault) == *"$2"* ]]
}

no_link() {
    local side
    for side in a b; do
        same "$(status_of $side .link)" down "the link as side $side sees it"
    done
}

restart_with() {
    local side=$1 certs=$2
    crash "$side"
    CERTS=$certs configure "$side"
    start "$side"
}

# An operator's half of a relationship, on one server alone.
create_here() {
    local side=$1 name=$2 role=$3
    ctl "$side" relationship create --one-sided --name "$name" --role "$role" \
        --local "${ADDRESS[$side]}" --local-name "${NAME[$side]}" \
        --partner "${ADDRESS[${OTHER[$side]}]}" --partner-name "${NAME[${OTHER[$side]}]}" \
        --partner-port "$FAILOVER_PORT" --tls required --scope "$SCOPE"
}

delete_here() {
    ctl "$1" relationship delete "$2" --one-sided --force
}

step "a pair inside TLS"
pair_up
join_pair
"$TOP/certs/make-certs.sh" --ip1 "${ADDRESS[a]}" --ip2 "${ADDRESS[b]}" "$WORK/others" \
    "${NAME[a]}" "${NAME[b]}" >/dev/null

step "the partner's certificate is from another CA"
restart_with b "$WORK/others"
tells a "no TLS with the partner: TLS: certificate refused"
tells b "no TLS with the partner: TLS: tlsv1 alert unknown ca"
wait_state a COMMUNICATIONS-INTERRUPTED 10
no_link

step "the partner shows somebody else's certificate, of the right CA"
mkdir "$WORK/somebody"
cp "$CERTS/ca.pem" "$WORK/somebody"
cp "$CERTS/admin.pem" "$WORK/somebody/${NAME[b]}.pem"
cp "$CERTS/admin.key" "$WORK/somebody/${NAME[b]}.key"
restart_with b "$WORK/somebody"
tells a "certificate refused: unsuitable certificate purpose"
no_link

step "the partner shows the certificate of a server with another name"
cp "$CERTS/${NAME[a]}.pem" "$WORK/somebody/${NAME[b]}.pem"
cp "$CERTS/${NAME[a]}.key" "$WORK/somebody/${NAME[b]}.key"
restart_with b "$WORK/somebody"
tells a "the certificate is for DNS:alpha IP:127.0.0.1, expected DNS:beta"
tells b "does it accept our certificate?"
no_link

step "with the right one again, NORMAL"
restart_with b "$CERTS"
wait_normal 20

step "the clocks are ten minutes apart: it works, and the difference is shown"
crash b
configure b "clock-offset = -600"
start b
wait_normal 20
same "$(status_of a .clock_delta_s) $(status_of b .clock_delta_s)" "600 -600" "the difference"
ctl a lease create $ADDRESS_OF_A --hardware 00:0c:29:00:00:01 --duration 30m >/dev/null
wait_normal 10
ours=$(ctl a --json lease show $ADDRESS_OF_A | jq .lease_expiration)
theirs=$(ctl b --json lease show $ADDRESS_OF_A | jq .lease_expiration)
# Each counts by its own clock: for the partner, the same moment has a number 600 s smaller.
((ours - theirs >= 599 && ours - theirs <= 601)) ||
    fail "the lease ends at $ours here, $theirs there"
expect 1 ctl_tls a relationship set "$RELATIONSHIP" --percent 40
says "ERROR_DHCP_FO_TIME_OUT_OF_SYNC (20119)" # two clocks, one change: set them right first
crash b
configure b
start b
wait_normal 20

step "both are the primary"
for side in a b; do
    delete_here $side "$RELATIONSHIP"
    create_here $side "$RELATIONSHIP" primary
done
for side in a b; do
    tells $side "does it know this relationship, as its secondary?"
done
no_link
faults=$(status_of a .faults)
sleep 2
(($(status_of a .faults) <= faults + 4)) || fail "the two wake each other without rest"

step "the two call the relationship by different names"
delete_here b "$RELATIONSHIP"
create_here b other secondary
tells a "the partner refused CONNECT: not a configured failover partner (8)"
within 5 "that the partner's log tells" log_has b "relationship=other fault=.*no relationship 'lab'"
same "$(status_of b .link other)" down "the link of the other relationship"

step "name and roles put right: NORMAL"
delete_here b other
create_here b "$RELATIONSHIP" secondary
wait_normal 30
