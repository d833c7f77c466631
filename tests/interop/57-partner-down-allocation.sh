#!/bin/bash
# In PARTNER-DOWN fod gives its own addresses at once, the partner's once the MCLT has passed since
# then, and what was leased once the MCLT has passed since the latest promise: asked every moment, not
# a second earlier. Then the partner returns. V4: L-08, L-09, I-03.
fod_role=${1:-primary}
source "$(dirname "$0")/lib.sh"
MCLT=15
LEASE_TIME=20
MAX_RESPONSE_DELAY=6
SPLIT=$(split_for_dhcpd_alone "$fod_role")
rig_up
need_tools jq

# The latest time at which anybody was told that the lease may run.
promised_until() {
    foctl a --json lease show "$1" |
        jq -r '[.lease_expiration, .received_potential_expiration, .sent_potential_expiration,
            .acked_potential_expiration] | max'
}

# An operator gives the address to another client.
give() {
    foctl a lease create "$1" --hardware "02:00:00:00:57:$2" --duration 5m >"$WORK/given" 2>&1
}

refuse() {
    ! give "$1" 02 || fail "fod gave $1 $2"
}

# Not EPOCHSECONDS: that is a little behind when a second begins.
now() {
    echo "${EPOCHREALTIME%.*}"
}

# Client $2 gets it at the second $3, and tried all the time until then.
given_at() {
    local address=$1 number=$2 due=$3 before
    while before=$(now) && ! give "$address" "$number"; do
        ((before <= due + 10)) || fail "$address is not given: $(<"$WORK/given")"
        sleep 0.2
    done
    (($(now) >= due)) || fail "$address is given $((due - $(now))) s too early"
    ((before <= due + 5)) || fail "$address is given $((before - due)) s late"
}

step "a client of dhcpd's"
pair_up "$fod_role"
settled
read -r kind leased _ < <(dhcp_client -m 02:00:00:00:57:01 -w 5 acquire)
same "$kind" ack "the client"
settled
partners=$(fod_address a "$(other_role "$fod_role")")
refuse "$partners" "in NORMAL"

step "dhcpd is down, and fod told so"
kill_dhcpd b
wait_fod a COMMUNICATIONS-INTERRUPTED 10
refuse "$partners" "in COMMUNICATIONS-INTERRUPTED"
foctl a relationship partner-down "$RELATIONSHIP" --force
since=$(fod_status a state_since)
promised=$(promised_until "$leased")
((promised > since)) || fail "nothing is promised beyond $since: $promised"

step "its own at once"
give "$(fod_address a "$fod_role")" 04 || fail "$(<"$WORK/given")"

step "the partner's after the MCLT"
refuse "$partners" "at once"
given_at "$partners" 02 $((since + MCLT))

step "what was leased: the MCLT after the end of all that was promised"
given_at "$leased" 03 $((promised + MCLT))

# It was down for longer than the MCLT, and need not wait (§9.6.2).
step "dhcpd is back: it recovers, both NORMAL, the stores agree"
watch_states
start_dhcpd b "$(other_role "$fod_role")"
wait_fod a NORMAL $((MCLT + 30))
wait_dhcpd b normal 10
went a NORMAL
went b RECOVER RECOVER-DONE NORMAL
settled
same "$(dhcpd_leases b | awk -v at="$leased" '$1 == at { print $2, $3 }')" \
    "active 02:00:00:00:57:03" "the new client of $leased"
