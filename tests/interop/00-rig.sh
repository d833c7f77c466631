#!/bin/bash
# The rig itself, shown with two dhcpd: nothing here is ours, so what fails here is the rig.
source "$(dirname "$0")/lib.sh"
MAX_RESPONSE_DELAY=6
POOL_LAST=10.16.3.255
BALANCE_SECONDS=0
rig_up

both_normal() {
    wait_dhcpd a normal 30
    wait_dhcpd b normal 30
}

# Both leases files tell the same of every active lease; at least $1 of them.
active_leases_agree() {
    local a b
    a=$(dhcpd_leases a | cut -f 1-5 | grep -w active)
    b=$(dhcpd_leases b | cut -f 1-5 | grep -w active)
    [[ $a == "$b" ]] && (($(wc -l <<<"$a") >= $1))
}

# The line of the address on side a begins like this (a regular expression).
lease_is() {
    dhcpd_leases a | tr "\t" " " | grep -E "^$1 $2 " >/dev/null
}

step "a virgin pair reaches NORMAL"
start_dhcpd b secondary
start_dhcpd a primary
both_normal

step "500 clients get leases"
acked=$(perfdhcp_run 260 2)
((acked >= 500)) || fail "only $acked clients were served"
until_true 15 active_leases_agree 500 || fail "the leases files differ"

step "kill -9 and return"
kill_dhcpd b
wait_dhcpd a communications-interrupted 10
start_dhcpd b secondary
both_normal
until_true 15 active_leases_agree 500 || fail "the leases files differ after the return"

step "one client: lease, renewal, release"
client=(-m 02:00:00:00:00:01 -c 00:01:5c:22:61)
read -r kind address seconds server < <(dhcp_client "${client[@]}" acquire)
same "$kind $seconds" "ack $MCLT" "the first lease"
until_true 15 lease_is "$address" "active 02:00:00:00:00:01 00015c2261" ||
    fail "the client of $address is not in the leases file"
read -r kind _ < <(dhcp_client "${client[@]}" -a "$address" -s "$server" renew)
same "$kind" ack "the renewal"
dhcp_client "${client[@]}" -a "$address" -s "$server" release >/dev/null
until_true 10 lease_is "$address" "(free|backup)" || fail "$address was not released"

step "one client declines its address"
read -r kind address seconds server < <(dhcp_client "${client[@]}" acquire)
dhcp_client "${client[@]}" -a "$address" -s "$server" decline >/dev/null
until_true 10 lease_is "$address" abandoned || fail "$address was not declined"

step "the cable loses everything, then carries again"
cut_link
wait_dhcpd a communications-interrupted 20
heal_link
both_normal

step "an operator declares the partner down"
kill_dhcpd b
dhcpd_partner_down a
