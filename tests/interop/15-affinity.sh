#!/bin/bash
# The address of a client that has gone, by a release or because its lease ran out, is kept for it where
# it will be asked for. That of a client of fod's by hash comes into fod's share, although dhcpd had
# leased it (as a primary, dhcpd hands it over), and fod gives it back to the client. That of a client
# of dhcpd's stays in dhcpd's share if dhcpd is the primary, and it gets it back; the addresses that a
# secondary had leased are the primary's (§5.4), and it gets another.
fod_role=${1:-primary}
source "$(dirname "$0")/lib.sh"
MCLT=10
LEASE_TIME=10
BALANCE_SECONDS=3
[[ $fod_role == primary ]] && fods=free || fods=backup
rig_up
pair_up "$fod_role"
until_true 15 pools_are 100 100 fod_leases a || fail "fod sees $(pools fod_leases a)"

# Clients by whose share they are in: `partner` is dhcpd.
printf '02:00:00:00:15:%02x\n' {1..40} >"$WORK/clients"
foctl a --json scope serves "$SCOPE" --clients "$WORK/clients" >"$WORK/served"
clients_of() {
    jq -r --arg owner "$1" '.[] | select(.owner == $owner) | .hardware[3:]' "$WORK/served"
}
mapfile -t of_fod < <(clients_of 'this server')
mapfile -t of_dhcpd < <(clients_of partner)

# ADDRESS and SERVER of a client that dhcpd serves in any case: it has tried for 5 s.
acquire() {
    local kind
    read -r kind ADDRESS _ SERVER < <(dhcp_client -m "$1" -w 5 acquire || true)
    same "$kind" ack "what client $1 got"
}

in_share() {
    [[ $(entry "$1" fod_leases a | cut -f 2) == "$2" ]]
}

declare -A had=()
step "two clients of each server get leases of dhcpd; one of each releases it"
for client in "${of_fod[@]:0:2}" "${of_dhcpd[@]:0:2}"; do
    acquire "$client"
    had[$client]=$ADDRESS
done
for client in "${of_fod[0]}" "${of_dhcpd[0]}"; do
    dhcp_client -m "$client" -a "${had[$client]}" -s "$SERVER" release >"$WORK/released"
done

step "all four are gone, and remembered"
for client in "${of_fod[@]:0:2}" "${of_dhcpd[@]:0:2}"; do
    wait_entries "${had[$client]}" '@(free|backup)' 1-3 40
    same "$(entry "${had[$client]}" fod_leases a | cut -f 3)" "$client" "its last client"
done

step "the clients of fod's come back to fod"
for client in "${of_fod[@]:0:2}"; do
    until_true 10 in_share "${had[$client]}" "$fods" || fail "${had[$client]} is not fod's"
    foctl a lease create "${had[$client]}" --hardware "$client" --duration 5m >"$WORK/created"
    wait_entries "${had[$client]}" active 1-5 10
done

step "the clients of dhcpd's come back to dhcpd"
for client in "${of_dhcpd[@]:0:2}"; do
    acquire "$client"
    if [[ $fod_role == secondary ]]; then
        same "$ADDRESS" "${had[$client]}" "the address of $client"
    else
        same "$(entry "${had[$client]}" fod_leases a | cut -f 2)" free "what $client had"
    fi
done
