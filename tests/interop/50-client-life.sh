#!/bin/bash
# What a client of dhcpd does with its lease is known to fod: renewal, rebinding, release, decline,
# and that it lets the lease run out.
fod_role=${1:-primary}
source "$(dirname "$0")/lib.sh"
MCLT=10
LEASE_TIME=20
SPLIT=$(split_for_dhcpd_alone "$fod_role")
rig_up
capture_start life
pair_up "$fod_role"

# A client, by number, does something; ADDRESS and SERVER are where its last lease is.
client() {
    local n=$1 kind seconds
    shift
    read -r kind ADDRESS seconds SERVER < <(dhcp_client -m "02:00:00:00:00:0$n" -c "01:00:5c:0$n" "$@")
    [[ $kind == ack || $kind == sent ]] || fail "client $n, $*: $kind"
}

agreed() {
    until_true 8 stores_agree || fail "the stores differ: $(store_difference)"
}

status_on_fod() {
    fod_leases a | awk -v at="$1" '$1 == at { print $2 }'
}

step "leases, renewal, rebinding"
client 1 acquire
client 1 -a "$ADDRESS" -s "$SERVER" renew
client 1 -a "$ADDRESS" rebind
agreed
same "$(status_on_fod "$ADDRESS")" active "a lease"

step "release"
client 2 acquire
client 2 -a "$ADDRESS" -s "$SERVER" release
agreed
[[ $(status_on_fod "$ADDRESS") == @(free|backup) ]] || fail "$ADDRESS is not released"

step "decline"
client 3 acquire
client 3 -a "$ADDRESS" -s "$SERVER" decline
agreed
same "$(status_on_fod "$ADDRESS")" abandoned "a declined address"

step "the end of the remaining lease"
nobody_has_a_lease() {
    ! { fod_leases a && dhcpd_leases b; } | cut -f 2 | grep -E 'active|expired|released' >/dev/null
}
until_true 40 nobody_has_a_lease || fail "leases do not end"
agreed

capture_stop
check_capture life a
