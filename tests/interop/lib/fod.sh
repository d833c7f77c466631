# shellcheck shell=bash
# fod as a failover server, set up and asked through foctl alone; the same words as for dhcpd.
#
#   start_fod SIDE primary|secondary [OPTION…]  the first start makes scope and relationship, the
#                                     latter with further options; again = restart
#   stop_fod SIDE, kill_fod SIDE      SIGTERM, SIGKILL
#   foctl SIDE ARGS…                  an operator's command to the fod of that side
#   wait_fod SIDE STATE SECONDS       the state as the draft writes it
#   fod_fault SIDE REGEX              whether the last fault it shows is such
#   fod_event SIDE REGEX              whether one of its events is
#   wait_fod_told SIDE SECONDS        the partner acknowledged everything
#   fod_leases SIDE                   its store, one line per address, columns of lib/leases.awk:
#                                     tstp is what was received from the partner, tsfp what was sent
#
# Settings: those of dhcpd.sh that the two have to share (pool, MCLT, SPLIT or HBA,
# MAX_RESPONSE_DELAY, BALANCE_SECONDS), and:
CLOCK_OFFSET=0 # seconds by which the clock of fod is ahead
FOD_MORE=      # further lines of its file

declare -gr SCOPE=10.16.0.0
declare -gA FOD_PID=()

foctl() {
    local side=$1
    shift
    in_ns "$side" "$FO_BUILD/foctl" --socket "$WORK/fod-$side.sock" "$@"
}

fod_config() {
    local side=$1
    cat <<END
$FOD_MORE
clock-offset = $CLOCK_OFFSET
state-directory = "$WORK/fod-$side.store"
failover { listen = {"${FO_ADDRESS[$side]}:647"} }
management { socket = "$WORK/fod-$side.sock" }
END
}

start_fod() {
    local side=$1 role=$2 base=$WORK/fod-$1
    shift 2
    need_tools jq "$FO_BUILD/fod" "$FO_BUILD/foctl"
    fod_config "$side" >"$base.conf"
    start_in_ns "$side" "$base.log" "$FO_BUILD/fod" --config "$base.conf"
    FOD_PID[$side]=$!
    until_true 10 fod_answers "$side" || fail "fod of side $side: $(tail -1 "$base.log")"
    if [[ ! -e $base.made ]]; then
        make_relationship "$side" "$role" "$@" >"$base.made" || fail "foctl refused"
    fi
}

fod_answers() {
    foctl "$1" status >/dev/null 2>&1
}

# Unless it is there from another relationship. A scenario may have a make_scope of its own.
make_scope() {
    foctl "$1" scope show "$SCOPE" >"$WORK/scope" 2>&1 ||
        foctl "$1" scope create "$SCOPE/16" --name clients --range "$POOL_FIRST-$POOL_LAST"
}

make_relationship() {
    local side=$1 role=$2 buckets=(--split "$SPLIT")
    [[ -z $HBA ]] || buckets=(--hba "$HBA")
    shift 2
    make_scope "$side" || return
    foctl "$side" relationship create --name "$RELATIONSHIP" --role "$role" --one-sided \
        --local "${FO_ADDRESS[$side]}" \
        --partner "${PARTNER_ADDRESS:-${FO_ADDRESS[$(other_side "$side")]}}" \
        "${buckets[@]}" --load-balance-max "$BALANCE_SECONDS" \
        --mclt "$MCLT" --receive-timer "$MAX_RESPONSE_DELAY" \
        --dialect isc --tls off --scope "$SCOPE" "$@"
}

fod_signal() {
    local signal=$1 side=$2
    kill "-$signal" "${FOD_PID[$side]}" || fail "fod of side $side was gone already"
    wait "${FOD_PID[$side]}" 2>>"$WORK/rig.log" || true # the shell announces the death
}

stop_fod() {
    fod_signal TERM "$1"
}

kill_fod() {
    fod_signal KILL "$1"
}

fod_status() {
    foctl "$1" --json status "$RELATIONSHIP" | jq -r ".$2"
}

fod_in_state() {
    [[ $(fod_status "$1" state) == "$2" ]]
}

wait_fod() {
    local side=$1 state=$2 seconds=$3
    until_true "$seconds" fod_in_state "$side" "$state" ||
        fail "fod of side $side is in $(fod_status "$side" state), not in $state, after $seconds s"
}

fod_fault() {
    [[ $(fod_status "$1" last_fault) =~ $2 ]]
}

fod_event() {
    foctl "$1" --json relationship events "$RELATIONSHIP" |
        jq -e --arg regex "$2" '.events | any(.text | test($regex))' >/dev/null
}

fod_told() {
    [[ $(fod_status "$1" 'unacked + .queued') == 0 ]]
}

wait_fod_told() {
    local side=$1 seconds=$2
    until_true "$seconds" fod_told "$side" || fail "fod of side $side still waits for BNDACKs"
}

fod_leases() {
    foctl "$1" --json lease list --all | jq -r '.[] | [
        .address, (.status | ascii_downcase),
        (.hardware | .[3:] | if . == "" then "-" else . end),
        (.client_id | gsub(":"; "") | if . == "" then "-" else . end),
        .lease_expiration, .received_potential_expiration, .sent_potential_expiration,
        .client_last_transaction ] | @tsv' | sort
}
