#!/bin/bash
# What a client of dhcpd does with its lease is known to fod: renewal, rebinding, release, decline,
# and that it lets the lease run out. After each step both databases have the same status, client
# and times, and the BNDUPD said so.
fod_role=${1:-primary}
source "$(dirname "$0")/lib.sh"
MCLT=20 # the first lease is no longer
LEASE_TIME=30
SPLIT=$(split_for_dhcpd_alone "$fod_role")
LEASE=1-6,8  # client, end, potential expiration time sent and received, last transaction
NO_LEASE=1-4 # status and last client
rig_up
pair_up "$fod_role"

# A client, by number, does something; ADDRESS, SECONDS_GRANTED and SERVER are its last lease.
client() {
    local n=$1 kind
    shift
    read -r kind ADDRESS SECONDS_GRANTED SERVER \
        < <(dhcp_client -m "02:00:00:00:00:0$n" -c "01:00:5c:0$n" "$@")
    [[ $kind == ack || $kind == sent ]] || fail "client $n, $*: $kind"
}

# agreed ADDRESS STATUS COLUMNS: both databases; and dhcpd knows that fod knows
agreed() {
    wait_entries "$@" 15
    [[ $2 != active ]] || until_true 15 acknowledged "$1" || fail "$1 is not acknowledged"
}

# What dhcpd sent as the potential expiration time is what it may reckon with.
acknowledged() {
    entry "$1" dhcpd_leases b | awk -F '\t' '$6 != $7 { exit 1 }'
}

step "a lease, no longer than the MCLT"
client 1 acquire
same "$SECONDS_GRANTED" "$MCLT" "the first lease"
agreed "$ADDRESS" active "$LEASE"

step "renewal and rebinding, as long as it likes"
client 1 -a "$ADDRESS" -s "$SERVER" renew
same "$SECONDS_GRANTED" "$LEASE_TIME" "the renewal"
agreed "$ADDRESS" active "$LEASE"
client 1 -a "$ADDRESS" rebind
agreed "$ADDRESS" active "$LEASE"
expires=$ADDRESS

step "release"
client 2 acquire
agreed "$ADDRESS" active "$LEASE"
client 2 -a "$ADDRESS" -s "$SERVER" release
agreed "$ADDRESS" '@(free|backup)' "$NO_LEASE"
released=$ADDRESS

step "decline; the operator of fod makes the address usable again"
client 3 acquire
agreed "$ADDRESS" active "$LEASE"
client 3 -a "$ADDRESS" -s "$SERVER" decline
agreed "$ADDRESS" abandoned 1-2
foctl a lease delete "$ADDRESS" --force
agreed "$ADDRESS" '@(free|backup)' 1-2
declined=$ADDRESS

step "the end of the remaining lease"
wait_entries "$expires" '@(free|backup)' "$NO_LEASE" 60
until_true 15 stores_agree || fail "the stores differ: $(store_difference)"

step "what the BNDUPDs said"
must_have_said wire b "$released" 'active released*'
must_have_said wire b "$declined" 'active abandoned*'
must_have_said wire a "$declined" 'reset*'
# The primary reports every end; dhcpd would refuse its secondary's word (I-09).
primary=$(primary_side "$fod_role")
must_have_said wire "$primary" "$expires" '*expired*'
must_have_said wire "$(other_side "$primary")" "$expires" '!(*expired*)'
