#!/bin/bash
# The first lease of a client is as long as the MCLT; once the partner has acknowledged more, a renewal
# has the full length. Messages and both databases have the times that the draft reckons with
# (§5.2.1, §7.1.5), when dhcpd grants and when fod does. What an operator makes longer than the MCLT
# fod renews by itself at half of its time: a lease made with foctl has no client that would ask.
# V4: L-01, L-02, B-03.
fod_role=${1:-primary}
source "$(dirname "$0")/lib.sh"
MCLT=20
LEASE_TIME=60
SPLIT=$(split_for_dhcpd_alone "$fod_role")
rig_up
pair_up "$fod_role"

# Of $address: lease end, potential expiration time sent to and received from the partner, and when
# the client was heard.
on_fod() {
    fod_leases a | awk -v at="$address" '$1 == at { print $5, $7, $6, $8 }'
}
on_dhcpd() {
    dhcpd_leases b | awk -v at="$address" '$1 == at { print $5, $6, $7, $8 }'
}
received_by_dhcpd() {
    on_dhcpd | cut -d ' ' -f 1,3
}

has() {
    [[ $("$1") == "$2" ]]
}

expect() {
    until_true 10 has "$1" "$2" || fail "$1: '$("$1")' instead of '$2'"
}

acknowledged_to_fod() {
    foctl a --json lease show "$address" | jq .acked_potential_expiration
}

heard_after() {
    (($(on_fod | cut -d ' ' -f 4) > $1))
}

ends_after() {
    (($(on_fod | cut -d ' ' -f 1) > $1))
}

# dhcpd has granted so many seconds since $before: what it told is in both databases. What fod has
# acknowledged dhcpd keeps as if it had received it.
dhcpd_granted() {
    local now end potential
    same "$kind $seconds" "ack $1" "what the client got"
    until_true 10 heard_after "$before" || fail "fod was not told"
    now=$(on_fod | cut -d ' ' -f 4)
    end=$((now + $1)) potential=$((now + $1 / 2 + LEASE_TIME))
    expect on_fod "$end 0 $potential $now"
    expect on_dhcpd "$end $potential $potential $now"
    before=$now
}

step "dhcpd grants: $MCLT s, then $LEASE_TIME s"
client=(-m 02:00:00:00:00:14 -c 01:5c:00:22:14)
before=0
read -r kind address seconds server < <(dhcp_client "${client[@]}" acquire)
dhcpd_granted 20
sleep 1.1 # the next time shows as later
read -r kind address seconds _ < <(dhcp_client "${client[@]}" -a "$address" -s "$server" renew)
dhcpd_granted 60
of_dhcpd=$address

step "fod grants: $MCLT s, and at half of them all of $LEASE_TIME s"
address=$(fod_address a "$fod_role")
foctl a lease create "$address" --hardware 02:00:00:00:00:41 --client-id 01:5c:00:22:41 \
    --duration $LEASE_TIME >"$WORK/created"
now=$(on_fod | cut -d ' ' -f 4)
full=$((now + 60))
expect on_fod "$((now + 20)) $full 0 $now"
expect received_by_dhcpd "$((now + 20)) $full"
expect acknowledged_to_fod $full
until_true 20 ends_after "$((now + 20))" || fail "fod did not renew"
(($(date +%s) >= now + 10)) || fail "fod renewed after $(($(date +%s) - now)) s"
expect on_fod "$full $full 0 $((now + 1))" # no client was heard: it only shows as later (§12.6)
expect received_by_dhcpd "$full $full"
of_fod=$address

step "the messages: end and potential end of each lease, from when the client was heard"
told() {
    awk -F '\t' -v at="$1" '$3 == "BNDUPD" && $5 == at && $6 == "active" {
        print $2 ":", $7 - $9, $8 - $9 }' "$WORK/said"
}
said wire >"$WORK/said"
left=$((full - now - 1))
same "$(told "$of_dhcpd")" "${FO_ADDRESS[b]}: 20 70"$'\n'"${FO_ADDRESS[b]}: 60 90" "what dhcpd told"
same "$(told "$of_fod")" "${FO_ADDRESS[a]}: 20 60"$'\n'"${FO_ADDRESS[a]}: $left $left" "what fod told"
