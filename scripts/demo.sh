#!/bin/bash
# demo.sh shows a pair at work, in about a minute: two fods side by side, one of them killed, and
# then fod beside ISC dhcpd with real DHCP clients. Every line that begins with a check mark was
# checked; exit code 0 means that all of them hold. The second part needs root for its network.
set -euo pipefail
cd "$(dirname "$0")/.."
FO_BUILD=${FO_BUILD:-$PWD/build}
export FO_BUILD
LEASES=20000

# The story goes to the terminal; what the tests' libraries print meanwhile does not.
exec 3>&1

tell() {
    printf '%s\n' "$*" >&3
}

chapter() {
    printf '\n%s\n' "$*" >&3
}

# SECONDS SENTENCE CMD…: the sentence is told when CMD succeeds, within that time.
claim() {
    local seconds=$1 sentence=$2
    shift 2
    until_true "$seconds" "$@" || fail "not so: $sentence"
    printf '  ✓ %s\n' "$sentence" >&3
}

# --- two fods --------------------------------------------------------------------------------------

# The lease file of an ISC dhcpd with that many clients, ten years each.
lease_file() {
    awk -v count="$LEASES" 'BEGIN {
        for (i = 0; i < count; i++)
            printf "lease 10.1.%d.%d {\n  ends 1 2036/11/17 17:44:30;\n  binding state active;\n" \
                "  hardware ethernet 02:00:00:00:%02x:%02x;\n}\n",
                128 + i / 256, i % 256, i / 256, i % 256 }'
}

# One lease after the other on that side; the addresses that were acknowledged go into $WORK/said.
write_leases() {
    local side=$1 third=$2 fourth
    trap - EXIT ERR
    set +eE
    while :; do
        for fourth in {0..255}; do
            ! ctl "$side" lease create "10.1.$third.$fourth" >/dev/null 2>&1 \
                --hardware "02:00:00:01:$(printf '%02x:%02x' "$third" "$fourth")" ||
                echo "10.1.$third.$fourth" >>"$WORK/said"
        done
        third=$((third + 1))
    done
}

count_said() {
    wc -l <"$WORK/said"
}

more_said_than() {
    (($(count_said) > $1))
}

both_normal_and_quiet() {
    is_settled a && is_settled b
}

link_is_tls() {
    [[ $(status_of a .link) == "up, TLS" && $(status_of b .link) == "up, TLS" ]]
}

all_said_are_stored() {
    local side missing
    for side in a b; do
        missing=$(leases_of $side | cut -f 1 | sort | comm -13 - <(sort "$WORK/said") | wc -l)
        ((missing == 0)) || return 1
    done
}

two_fods() {
    # shellcheck source=../tests/e2e/lib.sh
    source tests/e2e/lib.sh
    local taken writers before count

    chapter "Two servers, each a process of its own, with certificates made a moment ago"
    pair_up
    tell "  alpha is fod ${PID[a]} at ${ADDRESS[a]}, beta is fod ${PID[b]} at ${ADDRESS[b]}."

    chapter "One command makes them a pair"
    ctl a scope create 10.1.0.0/16 --name clients --range 10.1.0.0-10.1.255.255
    tell "  $ foctl relationship create --name lab --role primary --tls required --scope 10.1.0.0 \\"
    tell "          --local ${ADDRESS[a]} --partner ${ADDRESS[b]} \\"
    tell "          --partner-management $(management_of b)"
    create_relationship lab --scope 10.1.0.0
    claim 15 "both know it, both are in NORMAL" both_normal_and_quiet
    claim 5 "they talk inside TLS" link_is_tls
    claim 15 "beta has its half of the free addresses" pools_are_balanced

    chapter "Leases arrive: $LEASES from the file of an ISC dhcpd"
    lease_file >"$WORK/dhcpd.leases"
    taken=$(ctl a --json lease import "$WORK/dhcpd.leases" | jq .taken)
    same "$taken" "$LEASES" "leases taken over"
    claim 30 "alpha took $taken leases, and beta acknowledged every one" both_normal_and_quiet
    claim 10 "both list the same leases: address, status, client, end" are_equal

    chapter "Beta is killed, while both give out leases"
    : >"$WORK/said"
    write_leases a 224 &
    writers=($!)
    write_leases b 0 &
    writers+=($!)
    claim 10 "clients get leases from both" more_said_than 40
    crash b
    tell "  kill -9 ${PID[b]}"
    claim 10 "alpha noticed" in_state a COMMUNICATIONS-INTERRUPTED
    tell "  alpha: state COMMUNICATIONS-INTERRUPTED"
    tell "         because: $(status_of a .state_cause)"
    status_of a .state_exit | fold -s -w 80 | sed 's/^/         /' >&3
    before=$(count_said)
    claim 10 "alpha goes on giving leases alone" more_said_than $((before + 40))

    chapter "Beta returns"
    start b
    claim 20 "alpha is in NORMAL again, by itself" in_state a NORMAL
    claim 20 "so is beta" in_state b NORMAL
    kill "${writers[@]}"
    claim 20 "each has acknowledged all that the other had to tell" both_normal_and_quiet
    tell "  To be sure, beta asks alpha for everything it knows:"
    tell "  $ foctl relationship resync lab"
    ctl b relationship resync lab >&3 2>&3
    claim 20 "that is done" both_normal_and_quiet

    chapter "Is anything lost?"
    count=$(leases_of a | wc -l)
    claim 10 "both stores hold the same $count leases" are_equal
    claim 1 "all $(count_said) leases that clients were promised on the way are in both" \
        all_said_are_stored
}

# --- fod and dhcpd ---------------------------------------------------------------------------------

fod_and_dhcpd() {
    # shellcheck source=../tests/interop/lib.sh
    source tests/interop/lib.sh
    POOL_LAST=10.16.15.255
    local active

    chapter "The same protocol with an ISC dhcpd, which has never heard of fo"
    tell "  dhcpd $(dhcpd --version 2>&1 | sed 's/^isc-dhcpd-//'), fod and the clients have a network" \
        "of their own on this machine."
    SPLIT=256 # dhcpd serves everybody, so that every lease has to cross the wire
    rig_up
    pair_up secondary
    claim 1 "dhcpd is the primary, fod the secondary, both in NORMAL" fod_in_state a NORMAL

    chapter "Real clients ask for addresses"
    perfdhcp_run 500 3 >"$WORK/acked"
    active=$(dhcpd_leases b | grep -cw active || true)
    ((active >= 1000)) || fail "dhcpd served only $active clients"
    tell "  dhcpd gave $active clients a lease."
    claim 20 "fod holds them all: client, status, end, the same in both stores" stores_agree
    same "$(fod_leases a | grep -cw active)" "$active" "leases of fod"

    chapter "dhcpd is killed"
    kill_dhcpd b
    claim 10 "fod noticed" fod_in_state a COMMUNICATIONS-INTERRUPTED
    start_dhcpd b primary
    claim 60 "it returns, and both are in NORMAL" fod_in_state a NORMAL
    claim 20 "the two stores still agree, lease by lease" stores_agree
}

(two_fods) >/dev/null
(fod_and_dhcpd) >/dev/null
chapter "Every line with a check mark was checked in the last $SECONDS seconds."
