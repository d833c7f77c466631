# shellcheck shell=bash
# The rig of the interoperability scenarios (tests/interop/README.md), with a relay between the two
# failover ports and the store of every fod on a disk of its own that can be filled:
#
#       a --fo0--  x |relay| y --fo0-- b        x has b's address, y has a's
#
#   chaos_rig_up          namespaces, relay; from here on chaos_rig_down runs on every way out
#   relay ORDER           tests/chaos/relay.c
#   disk SIDE             before its first start: a store on a small tmpfs
#   fill_disk SIDE, empty_disk SIDE
#   store_of SIDE         what it has, as `stored` lines without their time
#   list_store SIDE own|all   into the record
#   stores_equal          compared by the judge
#   play NUMBER SERVER SERVER clients (players.c); their process ids are in PLAYERS

# shellcheck source=../interop/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/../interop/lib.sh"
CHAOS=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)

DISK_SIZE=6m
CLIENTS_EACH=40
RENEW=any # own: with the server that granted
declare -A KIND=() OFFSET=()
PLAYERS=()
DISKS=()

chaos_rig_up() {
    ((EUID == 0)) || fail "network namespaces need root"
    RIG_START=${EPOCHREALTIME/./}
    need_tools ip ethtool jq "$FO_BUILD/fod" "$FO_BUILD/foctl" "$FO_BUILD/chaos_relay" \
        "$FO_BUILD/chaos_players"
    local parent=/tmp
    [[ -w /dev/shm ]] && parent=/dev/shm
    WORK=$(mktemp -d "${TMPDIR:-$parent}/fo-chaos.XXXXXX")
    RECORD=$WORK/record
    : >"$RECORD"
    trap chaos_rig_down EXIT
    trap 'exit 130' INT
    trap 'exit 143' TERM HUP
    trap '((BASH_SUBSHELL > 0)) || echo "FAIL $SCENARIO: line $LINENO: $BASH_COMMAND" >&2' ERR
    net_up
    relay_up
}

relay_up() {
    local end
    in_ns a ip link del fo0
    for end in a:x b:y; do
        relay_cable "${end%:*}" "${end#*:}"
    done
    mkfifo "$WORK/orders"
    # Open for both, so that it neither waits for the relay nor ends it between two orders.
    exec {ORDERS}<>"$WORK/orders"
    "$FO_BUILD/chaos_relay" "$(ns_name x)" "$(ns_name y)" "${FO_ADDRESS[a]}" "${FO_ADDRESS[b]}" 647 \
        <"$WORK/orders" >>"$WORK/relay.log" 2>&1 &
    RELAY_PID=$!
}

# fo0 of a server ends where the relay has the address of the other.
relay_cable() {
    local server=$1 relay=$2
    ip netns add "$(ns_name "$relay")"
    ip link add fo0 netns "$(ns_name "$server")" type veth peer name fo0 netns "$(ns_name "$relay")"
    in_ns "$server" ip address add "${FO_ADDRESS[$server]}/24" dev fo0
    in_ns "$relay" ip address add "${FO_ADDRESS[$(other_side "$server")]}/24" dev fo0
    in_ns "$server" ip link set fo0 up
    in_ns "$relay" ip link set fo0 up
}

chaos_rig_down() {
    local code=$? side pid
    trap - EXIT ERR
    set +e
    net_down
    for pid in "${PLAYERS[@]}" "${RELAY_PID:-}"; do
        [[ -z $pid ]] || kill -9 "$pid" 2>/dev/null
    done
    for side in x y; do
        ip netns del "$(ns_name $side)" 2>/dev/null
    done
    for side in "${DISKS[@]}"; do
        ((code == 0)) || cp -a "$WORK/fod-$side.store" "$WORK/fod-$side.kept"
        umount "$WORK/fod-$side.store"
    done
    if ((code == 0)) && [[ ${KEEP:-0} != 1 ]]; then
        rm -rf "$WORK"
    else
        echo "record and logs: $WORK" >&2
    fi
    exit $((code != 0))
}

relay() {
    echo "$*" >&"$ORDERS"
}

# --- stores ---------------------------------------------------------------------------------------

disk() {
    mkdir "$WORK/fod-$1.store"
    mount -t tmpfs -o "size=$DISK_SIZE,mode=0700" fo-chaos "$WORK/fod-$1.store" ||
        fail "a tmpfs cannot be mounted here"
    DISKS+=("$1")
}

fill_disk() {
    dd if=/dev/zero of="$WORK/fod-$1.store/rubbish" bs=4096 2>>"$WORK/rig.log" || true
}

empty_disk() {
    rm "$WORK/fod-$1.store/rubbish"
}

# Ends by the true clock.
store_of() {
    local side=$1
    "${KIND[$side]}_leases" "$side" | awk -F '\t' -v side="$side" -v offset="${OFFSET[$side]}" '
        { print "stored", side, $1, $2, $3, $5 == "-" ? 0 : $5 - offset }'
}

list_store() {
    local side=$1 began=$EPOCHREALTIME listed
    store_of "$side" >"$WORK/listed"
    listed=$EPOCHREALTIME
    {
        sed "s/^/$listed /" "$WORK/listed"
        echo "$listed listed $side $began $2"
    } >>"$RECORD"
}

# Both as they are now, into $WORK/last, and what differs into $WORK/difference.
stores_equal() {
    local now=$EPOCHREALTIME
    {
        store_of a && store_of b
        printf '%s\n' "listed a $now last" "listed b $now last"
    } | sed "s/^/$now /" >"$WORK/last"
    awk -v mclt=0 -f "$CHAOS/check.awk" "$WORK/last" >"$WORK/difference"
}

# --- clients --------------------------------------------------------------------------------------

play() {
    local number=$1 giaddr=10.16.255.$((10 + $1))
    in_ns c ip address add "$giaddr/16" dev br0
    start_in_ns c "$WORK/players-$number.log" "$FO_BUILD/chaos_players" "$RECORD" "$number" \
        "$CLIENTS_EACH" "$POOL_FIRST" "$POOL_LAST" "$LEASE_TIME" "$RENEW" \
        "${@:2}"
    PLAYERS+=($!)
}
