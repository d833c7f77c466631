#!/bin/bash
# fod's clock is 50 s ahead of dhcpd's, then 50 s behind: the pair works, dhcpd gives the addresses
# that are its own, and of every lease each knows the end by its own clock.
fod_role=${1:-primary}
source "$(dirname "$0")/lib.sh"
SPLIT=$(split_for_dhcpd_alone "$fod_role")
rig_up
capture_start clocks

# Active leases of both: client and end, the latter by the clock of dhcpd and give or take a second.
ends_differ() {
    join -t '	' <(dhcpd_leases b | grep -w active | cut -f 1,3,5) \
        <(fod_leases a | grep -w active | cut -f 1,3,5) -a 1 -a 2 |
        awk -F '\t' -v offset="$CLOCK_OFFSET" '{ off = $5 - offset - $3 }
            NF != 5 || $2 != $4 || off < -2 || off > 2'
}

ends_agree() {
    [[ -z $(ends_differ) ]]
}

for CLOCK_OFFSET in 50 -50; do
    step "fod's clock is $CLOCK_OFFSET s from dhcpd's: a virgin pair reaches NORMAL"
    pair_up "$fod_role"
    same "$(fod_status a "clock_delta_s - ($CLOCK_OFFSET) | fabs <= 2")" true "the difference seen"

    step "clients get leases of dhcpd, fod gives one and ends it, and gives another"
    until_true 15 pools_are 100 100 fod_leases a || fail "fod sees $(pools fod_leases a)"
    dhcpd_serves 5
    fod_serves "$fod_role"
    until_true 10 ends_agree || fail "ends differ: $(ends_differ)"
    fod_serves "$fod_role"
    until_true 10 ends_agree || fail "ends differ: $(ends_differ)"
    same "$(fod_leases a | grep -cw active)" 6 "leases"
    same "$(fod_status a rejected_by_partner)" 0 "updates that dhcpd refused"
    pair_forget
    FOD_LEASE=
done

capture_stop
check_capture clocks a
