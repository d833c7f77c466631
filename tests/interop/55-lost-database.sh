#!/bin/bash
# Ten thousand leases. fod loses its store, then dhcpd its leases file: each time the other serves on,
# tells everything (UPDREQALL), and nothing is given away before the MCLT has passed.
fod_role=${1:-primary}
source "$(dirname "$0")/lib.sh"
MCLT=60 # longer than twelve thousand updates, and their comparison, take on a busy machine
MAX_RESPONSE_DELAY=10
POOL_LAST=10.16.47.255 # 12287 addresses
LEASE_TIME=3600
LEASES=10000
SPLIT=$(split_for_dhcpd_alone "$fod_role")
rig_up

# Every second client with an identifier; no two leases with the same end.
each_different() {
    awk '$1 == "ends" { sub(/[0-9]+/, $3 + n) }
        /^}/ && n++ % 2 { printf "  uid \"\\001client-%d\";\n", n }
        1'
}

# What one side knows of everybody's lease, some columns of it: kept in $WORK/before, and the same now.
# First leases are as short as the MCLT and may end meanwhile; they do not count.
leases() {
    local columns=$1
    shift
    "$@" | awk -v short="$SHORT" '$2 == "active" && $5 > short' | cut -f "$columns"
}

remember_leases() {
    SHORT=$((EPOCHSECONDS + 2 * MCLT))
    leases 1- "$@" >"$WORK/before"
    (($(wc -l <"$WORK/before") == LEASES + 2)) || fail "$1: $(wc -l <"$WORK/before") leases"
}

same_leases() {
    local found
    found=$(comm -3 <(cut -f "$1" "$WORK/before") <(leases "$@") | awk 'n++ < 4')
    [[ -z $found ]] || fail "$2, then and (indented) now: $found"
}

# dhcpd keeps neither what it was promised of the lease that fod gave, nor when fod last heard the client.
fod_leases_of_dhcpd() {
    fod_leases "$1" | grep -v -w "^$FOD_LEASE"
}

# Since the start at $1 the whole MCLT passed; both clocks count whole seconds.
mclt_passed() {
    ((EPOCHSECONDS - $1 >= MCLT - 1)) || fail "NORMAL after $((EPOCHSECONDS - $1)) s"
}

step "a pair, $LEASES leases that dhcpd had before, new ones of both"
for ((i = 1; i <= LEASES; i++)); do
    echo "10.16.$((i / 256)).$((i % 256))"
done | leases_from 55 | each_different >"$WORK/dhcpd-b.leases"
pair_up "$fod_role"
fod_serves "$fod_role"
read -r _ address _ server < <(dhcp_client -m 02:00:00:00:00:55 -w 5 acquire)
settled
foctl a lease set "$FOD_LEASE" --hardware 02:00:00:00:f0:d0 --duration 10m >>"$WORK/created"
read -r _ _ seconds _ < <(dhcp_client -m 02:00:00:00:00:55 -a "$address" -s "$server" renew)
same "$seconds" "$LEASE_TIME" "the lease once it is acknowledged"
settled

step "fod loses its store, and an operator sets it up anew"
remember_leases fod_leases a
watch_states
kill_fod a
wait_dhcpd b communications-interrupted 10
rm -r "$WORK/fod-a.store" "$WORK/fod-a.made"
since=$EPOCHSECONDS
start_fod a "$fod_role" --lost-storage
wait_fod a RECOVER-WAIT 20

step "it has every lease: client, end; of those that dhcpd gave also what dhcpd promised, and when"
same_leases 1-5 fod_leases a
sed -i "/^$FOD_LEASE\t/d" "$WORK/before"
same_leases 1-8 fod_leases_of_dhcpd a
dhcpd_serves 5
same "$(fod_status a state)" RECOVER-WAIT "fod while dhcpd serves"
wait_fod a NORMAL $((MCLT + 30))
mclt_passed "$since"
went a RECOVER RECOVER-WAIT RECOVER-DONE NORMAL
saw b RECOVER RECOVER-WAIT RECOVER-DONE NORMAL
went b COMMUNICATIONS-INTERRUPTED PARTNER-DOWN NORMAL
settled

step "dhcpd loses its leases file"
remember_leases dhcpd_leases b
watch_states
kill_dhcpd b
wait_fod a COMMUNICATIONS-INTERRUPTED 10
rm "$WORK/dhcpd-b.leases"
since=$EPOCHSECONDS
start_dhcpd b "$(other_role "$fod_role")"
wait_dhcpd b recover-wait 20

step "it has every lease: client, end"
same_leases 1-5 dhcpd_leases b
fod_serves "$fod_role"
same "$(dhcpd_state b)" recover-wait "dhcpd while fod serves"
wait_dhcpd b normal $((MCLT + 30))
mclt_passed "$since"
went b RECOVER RECOVER-WAIT RECOVER-DONE NORMAL
saw a RECOVER RECOVER-WAIT RECOVER-DONE NORMAL
went a COMMUNICATIONS-INTERRUPTED NORMAL
settled
