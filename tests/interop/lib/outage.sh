# shellcheck shell=bash
# An interruption between fod on side a and dhcpd on side b, and what the two tell each other after
# it: what changed meanwhile, and nothing else.
#
#   settled                       neither owes the other an update, and both know the same
#   outage_begins NAME            when neither owes the other an update: remembers what each has
#   outage_ends NAME SIDE…        just before they can talk again: what did these sides change?
#   outage_over NAME              both are in NORMAL, agree, and owe each other nothing
#   check_updates CAPTURE NAME    the updates of that time are those changes, each sent once. What
#                                 else was sent only moves an available address to the other's share
#   works_again                   both are in NORMAL, agree, and dhcpd serves clients
#   dhcpd_serves COUNT            so many new clients get leases of dhcpd, whatever their hash
#   dhcpd_is_mute                 a client of dhcpd gets no answer
#   fod_serves ROLE               an operator makes a lease on fod, and ends the one before

CLIENTS_SERVED=0
GROUPS_SERVED=100
FOD_LEASE=

dhcpd_told() {
    [[ -z $(dhcpd_leases b | awk '$2 == "active" && $6 + 0 > $7 + 0') ]]
}

both_told() {
    fod_told a && dhcpd_told
}

# Side, address, status, client, end: what a change is seen by.
remember_side() {
    local store=dhcpd_leases
    [[ $2 == a ]] && store=fod_leases
    "$store" "$2" | cut -f 1-5 >"$WORK/$1-$2.$3"
}

settled() {
    until_true 20 both_told || fail "updates are not acknowledged"
    until_true 20 stores_agree || fail "the stores differ: $(store_difference)"
}

outage_begins() {
    local side
    settled
    for side in a b; do
        remember_side "$1" $side before
        : >"$WORK/$1-$side.changed"
    done
}

outage_ends() {
    local name=$1 side
    shift
    for side in "$@"; do
        remember_side "$name" "$side" after
        comm -13 "$WORK/$name-$side.before" "$WORK/$name-$side.after" | cut -f 1 \
            >"$WORK/$name-$side.changed"
    done
    echo "$EPOCHREALTIME" >"$WORK/$name.since"
}

outage_over() {
    wait_fod a NORMAL 60
    wait_dhcpd b normal 10
    settled
    echo "$EPOCHREALTIME" >"$WORK/$1.until"
}

works_again() {
    wait_fod a NORMAL 60
    wait_dhcpd b normal 10
    perfdhcp_run 20 1 $((++GROUPS_SERVED)) >"$WORK/acked"
    (($(<"$WORK/acked") > 0)) || fail "nobody was served"
    until_true 20 stores_agree || fail "the stores differ: $(store_difference)"
}

# The BNDUPDs that a side sent between the end of the outage and agreement: address, status.
updates() {
    local capture=$1 name=$2 side=$3
    fields "$capture" "dhcpfo.type == 3 && ip.src == ${FO_ADDRESS[$side]} &&
        !tcp.analysis.retransmission && frame.time_epoch >= $(<"$WORK/$name.since") &&
        frame.time_epoch <= $(<"$WORK/$name.until")" \
        dhcpfo.type dhcpfo.assignedipaddress dhcpfo.bindingstatus |
        awk -F '\t' -v OFS='\t' -v BNDUPD=3 -v BNDACK=4 '
        {
            n = split($1, type, ",")
            split($2, address, ",")
            split($3, status, ",")
            at = updates = 0
            for (i = 1; i <= n; i++) {
                if (type[i] == BNDUPD || type[i] == BNDACK)
                    at++
                if (type[i] == BNDUPD)
                    print address[at], status[++updates]
            }
        }'
}

check_updates() {
    local capture=$1 name=$2 side found
    for side in a b; do
        updates "$capture" "$name" $side | sort >"$WORK/$name-$side.sent"
        found=$(comm -23 "$WORK/$name-$side.changed" <(cut -f 1 "$WORK/$name-$side.sent" | uniq))
        [[ -z $found ]] || fail "$name: side $side did not tell about ${found//$'\n'/ }"
        found=$(unexplained_updates "$name" $side)
        [[ -z $found ]] || fail "$name: side $side told too much: ${found//$'\n'/; }"
    done
    printf '%12s %s: %d and %d changes, %d and %d updates\n' '' "$name" \
        "$(wc -l <"$WORK/$name-a.changed")" "$(wc -l <"$WORK/$name-b.changed")" \
        "$(wc -l <"$WORK/$name-a.sent")" "$(wc -l <"$WORK/$name-b.sent")"
}

# A change sent twice; and what is no change of the sender's, unless the address was available and
# goes from one share to the other (7 is BACKUP, 1 FREE), or was freed by the partner just now.
unexplained_updates() {
    local name=$1 side=$2
    awk -F '\t' -v changed="$WORK/$name-$side.changed" -v before="$WORK/$name-a.before" \
        -v freed="$WORK/$name-$(other_side "$side").changed" '
        BEGIN {
            while ((getline <changed) > 0) own[$1] = 1
            while ((getline <freed) > 0) partners[$1] = 1
            while ((getline <before) > 0) status[$1] = $2
        }
        $1 in own { if (seen[$1]++) print $1 " again"; next }
        ($2 == 1 || $2 == 7) && $1 in partners { next }
        $2 == 1 && status[$1] == "backup" || $2 == 7 && status[$1] == "free" { next }
        { print $1 " as " $2 ", was " status[$1] }' "$WORK/$name-$side.sent"
}

dhcpd_serves() {
    local kind last=$((CLIENTS_SERVED + $1))
    while ((CLIENTS_SERVED < last)); do
        CLIENTS_SERVED=$((CLIENTS_SERVED + 1))
        read -r kind _ < <(dhcp_client -m "$(printf '02:00:00:00:c0:%02x' $CLIENTS_SERVED)" \
            -w 5 acquire || true)
        same "$kind" ack "client $CLIENTS_SERVED of dhcpd"
    done
}

dhcpd_is_mute() {
    same "$(dhcp_client -m 02:00:00:00:c0:00 -w 3 acquire | cut -d ' ' -f 1)" none "an answer of dhcpd"
}

fod_serves() {
    [[ -z $FOD_LEASE ]] || foctl a lease delete "$FOD_LEASE" --force
    FOD_LEASE=$(fod_address a "$1")
    foctl a lease create "$FOD_LEASE" --hardware 02:00:00:00:f0:d0 --duration 5m >>"$WORK/created"
}
