#!/bin/bash
# Through every pair of states that the two can reach (§9), with restarts between: SIGTERM and kill -9
# of each, in every state that lasts. Whatever is stopped, dhcpd answers a client as soon as it may; it
# never ends, shuts itself down or stays stuck by what fod says (draft-12 §9, dhcpd's own rules).
# time limit: 900 s
fod_role=${1:-primary}
source "$(dirname "$0")/lib.sh"
MCLT=20
LEASE_TIME=30
MAX_RESPONSE_DELAY=4
POOL_LAST=10.16.15.255
BALANCE_SECONDS=2
SPLIT=$(split_for_dhcpd_alone "$fod_role")
dhcpd_role=$(other_role "$fod_role")
rig_up
watch_pairs
CLIENTS=0
GROUP=0

# A client that nobody has seen gets a lease of dhcpd, within 20 s.
dhcpd_answers() {
    local kind try
    CLIENTS=$((CLIENTS + 1))
    for try in 1 2 3 4; do
        read -r kind _ < <(dhcp_client -m "$(printf '02:00:00:00:95:%02x' $CLIENTS)" -w 9 acquire ||
            true)
        [[ $kind == ack ]] && return
        sleep $try
    done
    fail "dhcpd, in $(dhcpd_state b), does not answer a client; fod is in $(fod_status a state)"
}

# dhcpd's log has no word for RECOVER-WAIT.
fod_sees() {
    [[ $(fod_status a partner_state) == "$1" ]]
}

link_is_down() {
    [[ $(fod_status a link) == down ]]
}

stopped_fod() {
    "$1_fod" a
    gone a
}

# Fails if it had ended by itself.
stopped_dhcpd() {
    "$1_dhcpd" b
    gone b
}

# expect FOD DHCPD…: fod in that state, with dhcpd in each of these
expect() {
    printf '%s\n' "${@:2}" | sed "s/^/$1 /"
}

both_normal() {
    wait_fod a NORMAL 60
    wait_dhcpd b normal 20
    dhcpd_answers
}

step "two virgins"
pair_up "$fod_role"
both_normal
foctl a lease create "$(fod_address a "$fod_role")" --hardware 02:00:00:00:95:f0 --duration 10m \
    >"$WORK/made"

for how in stop kill; do
    step "$how dhcpd in NORMAL"
    stopped_dhcpd $how
    wait_fod a COMMUNICATIONS-INTERRUPTED 10
    start_dhcpd b "$dhcpd_role"
    both_normal

    step "$how fod in NORMAL"
    stopped_fod $how
    wait_dhcpd b communications-interrupted 10
    dhcpd_answers
    start_fod a "$fod_role"
    both_normal
done

step "the cable loses everything; each is stopped meanwhile"
cut_link
wait_fod a COMMUNICATIONS-INTERRUPTED 20
wait_dhcpd b communications-interrupted 20
dhcpd_answers
stopped_fod kill
start_fod a "$fod_role"
wait_fod a COMMUNICATIONS-INTERRUPTED 40
stopped_dhcpd kill
start_dhcpd b "$dhcpd_role"
wait_dhcpd b communications-interrupted 40
dhcpd_answers
heal_link
both_normal

for how in stop kill; do
    step "fod is told that dhcpd is down, which recovers; $how each in between"
    stopped_dhcpd $how
    wait_fod a COMMUNICATIONS-INTERRUPTED 10
    foctl a relationship partner-down "$RELATIONSHIP" --force
    wait_fod a PARTNER-DOWN 5
    start_dhcpd b "$dhcpd_role" # soon: of the MCLT, since it was in NORMAL, something is left
    until_true 20 fod_sees RECOVER-WAIT || fail "dhcpd does not wait: $(fod_status a partner_state)"
    stopped_fod $how
    start_fod a "$fod_role"
    stopped_dhcpd $how
    start_dhcpd b "$dhcpd_role"
    both_normal

    step "dhcpd is told that fod is down, which recovers; $how each in between"
    stopped_fod $how
    wait_dhcpd b communications-interrupted 10
    dhcpd_answers
    # fod may have served until then, for all it knows; a PARTNER-DOWN before would be a conflict
    # (§9.3.2): the second in which it stopped, or the next heartbeat of one that was killed.
    if [[ $how == stop ]]; then sleep 2; else sleep 11; fi
    dhcpd_partner_down b
    start_fod a "$fod_role"
    wait_fod a RECOVER-WAIT 20 # of the MCLT, since fod was stopped, something is left
    dhcpd_answers
    stopped_dhcpd $how
    start_dhcpd b "$dhcpd_role"
    stopped_fod $how
    start_fod a "$fod_role"
    both_normal
done

step "dhcpd without its file: fod waits in COMMUNICATIONS-INTERRUPTED"
stopped_dhcpd stop
wait_fod a COMMUNICATIONS-INTERRUPTED 10
rm "$WORK/dhcpd-b.leases"
start_dhcpd b "$dhcpd_role"
both_normal

# Cut apart, both told that the other is down, both with news; and together again.
conflict() {
    cut_link
    wait_fod a COMMUNICATIONS-INTERRUPTED 20
    wait_dhcpd b communications-interrupted 20
    [[ $1 == dhcpd ]] || foctl a relationship partner-down "$RELATIONSHIP" --force
    [[ $1 == fod ]] || dhcpd_partner_down b
    foctl a lease create "$(fod_address a "$fod_role")" --duration 10m \
        --hardware "$(printf '02:00:00:01:95:%02x' $((CLIENTS % 256)))" >"$WORK/made"
    dhcpd_answers
}

for who in both fod dhcpd; do
    step "a conflict: $who in PARTNER-DOWN"
    conflict $who
    heal_link
    both_normal
done

# The conflict is under way for as long as dhcpd takes to acknowledge, two seconds; or, so that fod
# as the primary is caught in it too, as long as a slow cable takes for the news of dhcpd's.
for how in stop kill; do
    for server in fod dhcpd; do
        step "$how $server in a conflict"
        conflict both
        if [[ $how == kill ]]; then
            perfdhcp_run 150 2 $((++GROUP)) >>"$WORK/acked"
            slow_link b
        fi
        heal_link
        wait_dhcpd b potential-conflict 30
        if [[ $server == fod ]]; then
            stopped_fod $how
            wait_dhcpd b resolution-interrupted 10
            [[ $how == stop ]] || fast_link b
            start_fod a "$fod_role"
        else
            stopped_dhcpd $how
            until_true 30 link_is_down || fail "fod has not noticed" # after what was on its way
            [[ $how == stop ]] || fast_link b
            start_dhcpd b "$dhcpd_role"
        fi
        both_normal
    done
done

step "fod is paused, and shut down; dhcpd serves"
foctl a relationship pause "$RELATIONSHIP"
wait_dhcpd b communications-interrupted 10
wait_pair PAUSED COMMUNICATIONS-INTERRUPTED 10
dhcpd_answers
foctl a relationship resume "$RELATIONSHIP"
both_normal
foctl a relationship shutdown "$RELATIONSHIP"
wait_dhcpd b partner-down 10
wait_pair SHUTDOWN PARTNER-DOWN 10
dhcpd_answers
stopped_fod kill
start_fod a "$fod_role"
both_normal

step "the pairs of states that were visited"
pairs_visited >"$WORK/visited"
column -c 120 "$WORK/visited"
kill -0 "${DHCPD_PID[b]}" || fail "dhcpd is gone"
! grep -E 'I move from .* to (shutdown|paused)' "$WORK/dhcpd-b.log" || fail "dhcpd left service"

# §9, state by state of fod's, with every state of dhcpd's that it meets there, and what stays when
# the other is stopped. (CONFLICT-DONE is the primary's; PAUSED and SHUTDOWN are told by operators,
# and a dhcpd does not come to them by anything that fod says.)
{
    expect NORMAL NORMAL RECOVER-DONE
    expect COMMUNICATIONS-INTERRUPTED GONE STARTUP COMMUNICATIONS-INTERRUPTED PARTNER-DOWN \
        RECOVER RECOVER-WAIT RECOVER-DONE
    expect PARTNER-DOWN GONE STARTUP COMMUNICATIONS-INTERRUPTED PARTNER-DOWN \
        RECOVER RECOVER-WAIT RECOVER-DONE
    expect POTENTIAL-CONFLICT POTENTIAL-CONFLICT
    expect RESOLUTION-INTERRUPTED GONE POTENTIAL-CONFLICT
    expect RECOVER RECOVER PARTNER-DOWN
    expect RECOVER-WAIT GONE PARTNER-DOWN
    expect RECOVER-DONE RECOVER-DONE PARTNER-DOWN NORMAL
    expect PAUSED COMMUNICATIONS-INTERRUPTED
    expect SHUTDOWN PARTNER-DOWN
    expect STARTUP COMMUNICATIONS-INTERRUPTED PARTNER-DOWN RESOLUTION-INTERRUPTED
    expect GONE COMMUNICATIONS-INTERRUPTED PARTNER-DOWN RECOVER-WAIT RESOLUTION-INTERRUPTED
    if [[ $fod_role == primary ]]; then
        expect CONFLICT-DONE POTENTIAL-CONFLICT RESOLUTION-INTERRUPTED NORMAL
    else
        expect POTENTIAL-CONFLICT CONFLICT-DONE
        expect NORMAL CONFLICT-DONE
    fi
} | sort >"$WORK/expected"
missing=$(comm -13 "$WORK/visited" "$WORK/expected")
[[ -z $missing ]] || fail "not visited: ${missing//$'\n'/; }"
step "$(wc -l <"$WORK/visited") pairs, among them all $(wc -l <"$WORK/expected") that were expected"
