#!/bin/bash
# A dhcpd that has served alone gets fod as its first partner, by what foctl prints for its dhcpd.conf:
# its leases come along. Later an operator gives both more addresses, in the same way.
fod_role=${1:-primary}
source "$(dirname "$0")/lib.sh"
SPLIT=$(split_for_dhcpd_alone "$fod_role")
rig_up

# In the place of the rig's: a site without failover, until foctl has printed something.
dhcpd_config() {
    cat <<END
authoritative;
ddns-update-style none;
ping-check false;
db-time-format local;
default-lease-time $LEASE_TIME;
END
    if [[ -e $WORK/exported.conf ]]; then
        cat "$WORK/exported.conf"
    else
        echo "subnet 10.16.0.0 netmask 255.255.0.0 { range $POOL_FIRST $POOL_LAST; }"
    fi
}

dhcpd_with_what_foctl_prints() {
    foctl a relationship export "$RELATIONSHIP" >"$WORK/exported.conf"
    stop_dhcpd b
    start_dhcpd b "$(other_role "$fod_role")"
    wait_fod a NORMAL 60
    wait_dhcpd b normal 10
    until_true 20 stores_agree || fail "the stores differ: $(store_difference)"
}

active_on_fod() {
    fod_leases a | grep -w active | cut -f 1-4
}

step "dhcpd serves alone"
start_dhcpd b none
dhcpd_serves 20
alone=$(dhcpd_leases b | grep -w active | cut -f 1-4)
same "$(wc -l <<<"$alone")" 20 "leases"

step "fod becomes its partner: the leases come along"
start_fod a "$fod_role"
dhcpd_with_what_foctl_prints
same "$(active_on_fod)" "$alone" "the leases on fod"
until_true 15 both_told || fail "updates are not acknowledged"

step "both get more addresses, and share them out"
foctl a scope add-range "$SCOPE" 10.16.1.1-10.16.1.100
dhcpd_with_what_foctl_prints
# Of 280 available ones each side may have a few more or less than half (§5.4).
shared_out() {
    local ours theirs
    read -r ours theirs < <(foctl a --json scope statistics "$SCOPE" |
        jq -r '.[0] | "\(.this_free) \(.partner_free)"')
    ((ours + theirs == 280 && ours >= 120 && theirs >= 120))
}
until_true 60 shared_out || fail "$(foctl a scope statistics "$SCOPE")"
until_true 20 stores_agree || fail "the stores differ: $(store_difference)"

step "the primary, which has the new ones, leases of them"
if [[ $fod_role == primary ]]; then
    foctl a lease create 10.16.1.7 --hardware 02:00:00:00:00:67 --duration 5m >"$WORK/created"
else
    dhcpd_serves 60 # more than it has left of the old ones
fi
until_true 20 stores_agree || fail "the stores differ: $(store_difference)"
(($(active_on_fod | grep -c '^10\.16\.1\.') > 0)) || fail "nothing of the new range is leased"
same "$(fod_status a rejected_by_partner)" 0 "updates that dhcpd refused"
