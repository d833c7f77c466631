#!/bin/bash
# The cable is cut, an operator tells each server that the other is down, and both go on with the same
# addresses. When they meet, each address is as Figure 7.1.3-1 of the draft says, on both servers;
# except where it is dhcpd that decides, which compares neither clients nor times. V4: B-08, B-09, I-05.
fod_role=${1:-primary}
source "$(dirname "$0")/lib.sh"
MCLT=45 # leases given just before the end of the cut must last until all is looked at
LEASE_TIME=600
MAX_RESPONSE_DELAY=6
SPLIT=$(split_for_dhcpd_alone "$fod_role")
rig_up

# What each server has of the address when they meet, who prevails, and the cell of the figure: what
# the receiver has, what the update says. The primary hears first: it asks, then the secondary does.
conflicts() {
    local released_then_renewed=dhcpd
    [[ $fod_role == secondary ]] && released_then_renewed=nobody
    cat <<END
# the address          dhcpd has   fod has    on both     why
renewed-by-dhcpd       active      active     dhcpd's     ACTIVE, ACTIVE of the same client: accepted
renewed-by-fod         active      active     fod's       the same, at dhcpd
new-at-dhcpd           active      available  dhcpd's     FREE or BACKUP, ACTIVE: accepted
new-at-fod             available   active     fod's       the same, at dhcpd
released-at-dhcpd      released    active     nobody      ACTIVE, RELEASED later than the lease: time1
released-at-fod        active      released   nobody      the same, at dhcpd
renewed-after-release  released    active     fod's       ACTIVE, RELEASED before the renewal: 15
released-then-renewed  active      released   $released_then_renewed
                                                          RELEASED, ACTIVE later: time1. But dhcpd as
                                                          primary hears the release first, and takes it
expired-at-fod         active      expired    dhcpd's     EXPIRED, ACTIVE later: time1
expired-at-dhcpd       expired     active     fod's       ACTIVE, EXPIRED while ours lasts: time2, 15
expired-at-both        expired     expired    nobody      EXPIRED, EXPIRED: accepted
given-by-fod-later     active      active     fod's       ACTIVE, ACTIVE of another client: note 5, a
given-by-fod-earlier   active      active     fod's       primary refuses (2), dhcpd never does
declined-at-dhcpd      abandoned   active     dhcpd's     ACTIVE, ABANDONED: accepted
declined-at-fod        active      abandoned  fod's       ABANDONED, ACTIVE: 16
END
}
mapfile -t NAMES < <(conflicts | awk '/^[a-z]/ { print $1 }')
declare -A AT=() # their addresses

# Every conflict has a client, and some have another one.
hardware() {
    local i
    for i in "${!NAMES[@]}"; do
        [[ ${NAMES[i]} != "$1" ]] || printf '02:00:00:00:%02x:%02x' "${2:-1}" "$i"
    done
}

client() {
    local name=$1 kind address
    shift
    read -r kind address _ SERVER < <(dhcp_client -m "$(hardware "$name")" -w 5 "$@" || true)
    [[ $kind == ack || $kind == sent ]] || fail "$name, $*: $kind"
    AT[$name]=$address
}

client_again() {
    client "$1" -a "${AT[$1]}" -s "$SERVER" "$2"
}

# An operator of fod renews the client's lease, or gives the address to another.
fod_renews() {
    foctl a lease set "${AT[$1]}" --hardware "$(hardware "$1")" --duration 20m >>"$WORK/created"
}

fod_gives() {
    local name=$1
    shift
    foctl a lease create "${AT[$name]}" --hardware "$(hardware "$name" 2)" \
        --duration "${MCLT}s" "$@" >>"$WORK/created"
}

# What each side has of every address, and of one of them: status, and of a lease also client and end.
look() {
    fod_leases a | agreed_columns >"$WORK/fod.seen"
    dhcpd_leases b | agreed_columns >"$WORK/dhcpd.seen"
}

has() {
    awk -F '\t' -v at="${AT[$2]}" '
        $1 == at { found = 1; print $2, $3, $4, $5 }
        END { if (!found) print "free" }' "$WORK/$1.seen"
}

check_status() {
    local who=$1 name=$2 status=$3 found
    found=$(has "$who" "$name")
    [[ $status == available ]] && status='@(free|backup)'
    # shellcheck disable=SC2053 # a pattern
    [[ ${found%% *} == $status ]] || fail "$name: $who has '$found', not $status"
}

# The conflicts that did not come out as they should.
wrong() {
    local name found
    look
    for name in "${NAMES[@]}"; do
        for found in "$(has fod "$name")" "$(has dhcpd "$name")"; do
            [[ ${OUTCOME[$name]} != nobody || ${found%% *} != @(free|backup) ]] || continue
            [[ ${OUTCOME[$name]} == "$found" ]] ||
                echo "$name, ${AT[$name]}: '$found' instead of '${OUTCOME[$name]}'"
        done
    done
}

none_is_wrong() {
    [[ -z $(wrong) ]]
}

step "leases, acknowledged and renewed"
pair_up "$fod_role"
settled
known=(renewed-by-dhcpd renewed-by-fod released-at-dhcpd released-at-fod renewed-after-release
    released-then-renewed declined-at-dhcpd)
for name in "${known[@]}"; do
    client "$name" acquire
done
settled
for name in "${known[@]}"; do
    client_again "$name" renew
done
for name in expired-at-{fod,dhcpd,both}; do
    client "$name" acquire # short, as the first one is
done
settled

step "the cable loses everything; fod is told that dhcpd is down"
cut_link
wait_fod a COMMUNICATIONS-INTERRUPTED 20
wait_dhcpd b communications-interrupted 20
foctl a relationship partner-down "$RELATIONSHIP" --force
since=$(fod_status a state_since)

step "clients and operators go on"
client_again renewed-by-dhcpd renew
client_again released-at-dhcpd release
client_again renewed-after-release release
client_again declined-at-dhcpd decline
client_again expired-at-fod renew
fod_renews renewed-by-fod
fod_renews expired-at-dhcpd
foctl a lease delete "${AT[released-at-fod]}" --force
foctl a lease delete "${AT[released-then-renewed]}" --force
sleep 2.1 # seconds are what times are compared in
fod_renews renewed-after-release
client_again released-then-renewed renew

step "after the MCLT fod gives what is dhcpd's, and dhcpd gives it, too"
# An address of dhcpd's that dhcpd has not given either.
nobodys_of_dhcpd() {
    local status=backup
    [[ $fod_role == secondary ]] && status=free
    comm -23 <(fod_leases a | awk -v status=$status '$2 == status { print $1 }') \
        <(dhcpd_leases b | awk '$2 == "active" { print $1 }') | awk 'NR == 1'
}

mclt_is_over() {
    ((EPOCHSECONDS > since + MCLT))
}
until_true $((MCLT + 5)) mclt_is_over
client new-at-dhcpd acquire
client given-by-fod-later acquire
client declined-at-fod acquire
AT[new-at-fod]=$(fod_address a "$fod_role")
AT[given-by-fod-earlier]=$(nobodys_of_dhcpd)
fod_gives new-at-fod
fod_gives given-by-fod-earlier
sleep 2.1
fod_gives given-by-fod-later
fod_gives declined-at-fod --state declined
earlier=${AT[given-by-fod-earlier]}
client given-by-fod-earlier -a "$earlier" acquire
same "${AT[given-by-fod-earlier]}" "$earlier" "the address that both gave"
dhcpd_partner_down b

step "what each has"
declare -A OUTCOME=()
look
while read -r name dhcpds fods outcome _; do
    [[ -v AT[$name] ]] || continue
    check_status dhcpd "$name" "$dhcpds"
    check_status fod "$name" "$fods"
    OUTCOME[$name]=nobody
    [[ $outcome == nobody ]] || OUTCOME[$name]=$(has "${outcome%\'s}" "$name")
done < <(conflicts)
same "${#OUTCOME[@]}" "${#NAMES[@]}" "conflicts"

step "the cable carries again: POTENTIAL-CONFLICT, CONFLICT-DONE, NORMAL"
watch_states
heal_link
wait_fod a NORMAL 60
wait_dhcpd b normal 10
declare -A WAY=([primary]='POTENTIAL-CONFLICT CONFLICT-DONE NORMAL'
    [secondary]='POTENTIAL-CONFLICT NORMAL')
went a "${WAY[$fod_role]}"
went b "${WAY[$(other_role "$fod_role")]}"

step "each address"
until_true 10 none_is_wrong || fail "$(wrong)"
settled
