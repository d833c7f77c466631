#!/bin/bash
# One server of a pair of dhcpd is replaced by fod, and later fod by a dhcpd again, while 5,000
# clients (FO_CLIENTS: fewer, for a quick run) keep renewing. Nobody loses an address, none is given
# twice, nothing is refused: the clients say so themselves (lease_keepers.c). New ones come at every
# stage.
# time limit: 900 s
#
# fod does not answer DHCP clients by itself, so here it stands in for the failover of the server it
# replaces, and the dhcpd that stays serves everybody: renewals and rebindings anyway, for dhcpd
# balances the load of new clients only; new clients because fod gives it all buckets (as primary,
# --split 0) or because they have waited long enough (as secondary: load balance max seconds).
# A host of libfo that answers clients would need neither.
fod_role=${1:-primary}
source "$(dirname "$0")/lib.sh"
CLIENTS=${FO_CLIENTS:-5000}
POOL_LAST=10.16.31.255 # 8191 addresses
LEASE_TIME=60
MCLT=30
MAX_RESPONSE_DELAY=6
BALANCE_SECONDS=2
if [[ $fod_role == primary ]]; then
    options=(--split 0)
else
    options=(--mclt "$MCLT") # a secondary's file does not tell
fi
rig_up
need_tools jq "$FO_BUILD/lease_keepers"

# keep GROUP COUNT: so many clients more.
keep() {
    keep_leases "$1" "$2"
    keepers_pids+=($!)
    WANTED=$((WANTED + $2))
}
keepers_pids=()
WANTED=0

# All clients together: "bound acks", and what went wrong.
keepers() {
    local log
    for log in "$WORK"/keepers-*.log; do
        grep '^clients=' "$log" | tail -1
    done | awk -F '[ =]' '{ bound += $4; acks += $6; wrong += $8 + $10 + $12 + $14 }
        END { print bound + 0, acks + 0, wrong + 0 }'
}

all_bound() {
    (($(keepers | cut -d ' ' -f 1) == WANTED))
}

acks_above() {
    (($(keepers | cut -d ' ' -f 2) > $1))
}

# Everybody has a lease, clients renew, and nothing went wrong for anybody so far.
check_keepers() {
    until_true 90 all_bound || fail "clients wait for a lease: $(keepers) of $WANTED"
    until_true 60 acks_above $(($(keepers | cut -d ' ' -f 2) + CLIENTS / 4)) || fail "nobody renews"
    [[ $(keepers) == *' 0' ]] ||
        fail "$(cat "$WORK"/keepers-*.log | grep -v '^clients=' | head -3 | tr '\n' ';')"
}

# Who has which address, in what the command prints. Ends change while clients renew.
holders() {
    "$@" | grep -w active | cut -f 1-4
}

same_holders() {
    [[ $(holders "$@") == "$(holders dhcpd_leases b)" ]]
}

step "two dhcpd, $CLIENTS clients"
start_dhcpd b "$(other_role "$fod_role")"
start_dhcpd a "$fod_role"
wait_dhcpd a normal 30
wait_dhcpd b normal 30
keep 0 "$CLIENTS"
check_keepers

step "the $fod_role goes; its database is not taken along"
stop_dhcpd a
wait_dhcpd b communications-interrupted 10
keep 1 20 # new clients

step "fod takes its place by its dhcpd.conf, and fetches the database"
fod_config a >"$WORK/fod-a.conf"
start_in_ns a "$WORK/fod-a.log" "$FO_BUILD/fod" --config "$WORK/fod-a.conf"
FOD_PID[a]=$!
until_true 10 fod_answers a || fail "fod: $(tail -1 "$WORK/fod-a.log")"
foctl a --json relationship import "$WORK/dhcpd-a.conf" "$RELATIONSHIP" --lost-storage \
    "${options[@]}" >"$WORK/import.json"
same "$(jq -r '"\(.role) \(.scopes_created)"' "$WORK/import.json")" "$fod_role 1" "the import"
wait_fod a NORMAL $((MCLT + 30))
wait_dhcpd b normal 10
dhcpd_log_has b 'I move from communications-interrupted to partner-down' ||
    fail "dhcpd did not take over when it heard RECOVER"
check_keepers
keep 2 20 # new clients

step "fod has every lease that dhcpd has"
until_true 30 same_holders fod_leases a || fail "the stores differ: $(store_difference)"
check_keepers

step "fod goes, a dhcpd with an empty lease file comes"
stop_fod a
wait_dhcpd b communications-interrupted 10
keep 3 20 # new clients
rm "$WORK/dhcpd-a.leases"
start_dhcpd a "$fod_role"
wait_dhcpd a normal $((MCLT + 30))
wait_dhcpd b normal 10
keep 4 20 # new clients
until_true 30 same_holders dhcpd_leases a || fail "the leases files of the two dhcpd differ"
check_keepers

step "the clients' side of it: who holds which address is what the servers say"
kill -TERM "${keepers_pids[@]}"
for pid in "${keepers_pids[@]}"; do
    wait "$pid" || fail "a client complains: $WORK/keepers-*.log"
done
found=$(diff <(cat "$WORK"/keepers-*.log | awk '$1 == "holds" { print $2, $3 }' | sort) \
    <(dhcpd_leases b | awk '$2 == "active" { print $1, $3 }' | sort)) ||
    fail "(< clients, > dhcpd) $(grep '^[<>]' <<<"$found" | sed -n 1,4p)"
read -r bound acks wrong < <(keepers)
step "$bound clients, $acks leases and renewals, $wrong complaints"
