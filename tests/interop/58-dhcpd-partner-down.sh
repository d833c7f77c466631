#!/bin/bash
# fod is gone, and by OMAPI an operator of dhcpd says so. dhcpd gives its own addresses at once; when
# it has no more, a client asks in vain until the MCLT has passed in PARTNER-DOWN, and is then given
# one of fod's. fod returns with its store. V4: L-08 as dhcpd has it, S-06, S-08, I-04.
fod_role=${1:-primary}
source "$(dirname "$0")/lib.sh"
POOL_LAST=10.16.0.20
MCLT=15
LEASE_TIME=600
MAX_RESPONSE_DELAY=6
SPLIT=$(split_for_dhcpd_alone "$fod_role")
rig_up

# The addresses of dhcpd's that nobody has: its own, by what fod knows.
dhcpds_own() {
    local status=backup
    [[ $fod_role == secondary ]] && status=free
    fod_leases a | awk -v status=$status '$2 == status { print $1 }'
}

own_are_leased() {
    [[ $(active | cut -d ' ' -f 1) == "$own" ]]
}

# What dhcpd has given: address, and when it last heard the client.
active() {
    dhcpd_leases b | awk '$2 == "active" { print $1, $8 }'
}

# The same, of the address that is not dhcpd's own.
foreign() {
    active | grep -v -F -w "$own" || true
}

gave_foreign() {
    [[ -n $(foreign) ]]
}

partner_down_since() {
    awk '/my state partner-down at epoch/ { at = $6 } END { print at + 0 }' "$WORK/dhcpd-b.leases"
}

step "a pair; fod is stopped"
pair_up "$fod_role"
until_true 15 pools_are 10 10 fod_leases a || fail "fod sees $(pools fod_leases a)"
settled
own=$(dhcpds_own)
watch_states
stop_fod a
wait_dhcpd b communications-interrupted 10

step "dhcpd gives its own ten addresses, and no more, in COMMUNICATIONS-INTERRUPTED"
keep_leases 1 10
until_true 20 own_are_leased || fail "$(dhcpd_leases b | cut -f 1-2)"
keep_leases 2 1
sleep 3

step "in PARTNER-DOWN it gives fod's, once the MCLT has passed"
dhcpd_partner_down b
since=$(partner_down_since)
((EPOCHSECONDS - since < 10)) || fail "PARTNER-DOWN since $since"
until_true $((MCLT + 10)) gave_foreign || fail "nothing is given $((EPOCHSECONDS - since)) s later"
read -r address given < <(foreign)
((given >= since + MCLT)) || fail "$address is given $((given - since)) s later"

step "fod is back with its store: it recovers, both NORMAL, the stores agree"
start_fod a "$fod_role"
wait_fod a NORMAL $((MCLT + 30))
wait_dhcpd b normal 10
went a RECOVER RECOVER-DONE NORMAL
went b COMMUNICATIONS-INTERRUPTED PARTNER-DOWN NORMAL
settled
