#!/bin/bash
# What becomes of a lease of fod's is known to dhcpd: made, prolonged, released, run out, declined,
# reset. After each step both databases have the same status, client and times, and the BNDUPD said
# so. V4: I-08, I-09.
fod_role=${1:-primary}
source "$(dirname "$0")/lib.sh"
LEASE=1-5,7  # client, end, potential expiration time that fod sent
NO_LEASE=1-4 # status and last client
rig_up
pair_up "$fod_role"

# agreed ADDRESS STATUS COLUMNS: both databases; and fod knows that dhcpd knows
agreed() {
    wait_entries "$@" 15
    until_true 15 partner_has_it "$1" || fail "$1: $(foctl a lease show "$1")"
}

partner_has_it() {
    [[ $(foctl a --json lease show "$1" | jq -r .partner) == 'has it' ]]
}

# A lease for client $1 on an address of fod's; ADDRESS is where.
make() {
    local n=$1
    shift
    ADDRESS=$(fod_address a "$fod_role")
    foctl a lease create "$ADDRESS" --hardware "02:00:00:00:00:0$n" --client-id "01:00:5c:0$n" \
        "$@" >"$WORK/made"
}

step "a lease is made and prolonged"
make 1 --duration 20
agreed "$ADDRESS" active "$LEASE"
before=$(entry "$ADDRESS" fod_leases a | cut -f 5)
foctl a lease set "$ADDRESS" --duration 60
agreed "$ADDRESS" active "$LEASE"
(($(entry "$ADDRESS" dhcpd_leases b | cut -f 5) > before + 30)) || fail "it was not prolonged"

step "it is released"
foctl a lease delete "$ADDRESS" --force
agreed "$ADDRESS" '@(free|backup)' "$NO_LEASE"
released=$ADDRESS
(($(entry "$released" dhcpd_leases b | cut -f 5) <= EPOCHSECONDS)) || fail "dhcpd waits for its old end"

# Of a secondary's it is the primary's again (§5.4), and only then dhcpd's.
if [[ $fod_role == secondary ]]; then
    step "dhcpd gives it at once to another client that asks for it"
    read -r kind got _ < <(dhcp_client -m 02:00:00:00:51:01 -w 5 -a "$released" acquire || true)
    same "$kind $got" "ack $released" "what the client got"
    agreed "$released" active 1-6,8
fi

step "another runs out"
make 2 --duration 12
agreed "$ADDRESS" active "$LEASE"
wait_entries "$ADDRESS" '@(free|backup)' "$NO_LEASE" 40
expired=$ADDRESS

step "a client declines, an operator makes the address usable again"
make 3 --state declined
agreed "$ADDRESS" abandoned 1-2
foctl a lease delete "$ADDRESS" --force
agreed "$ADDRESS" '@(free|backup)' 1-2
declined=$ADDRESS
until_true 15 stores_agree || fail "the stores differ: $(store_difference)"
same "$(fod_status a 'rejected_by_us + .rejected_by_partner')" 0 "updates refused"

step "what the BNDUPDs said"
must_have_said wire a "$released" 'active released*'
must_have_said wire a "$declined" '*abandoned reset*'
# The primary reports every end; dhcpd would refuse its secondary's word (I-09).
primary=$(primary_side "$fod_role")
must_have_said wire "$primary" "$expired" '*expired*'
must_have_said wire "$(other_side "$primary")" "$expired" '!(*expired*)'
