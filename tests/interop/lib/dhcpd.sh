# shellcheck shell=bash
# ISC dhcpd as a failover server on side a or b.
#
#   start_dhcpd SIDE primary|secondary  with the settings below; again = restart, leases kept
#   stop_dhcpd SIDE, kill_dhcpd SIDE    SIGTERM, SIGKILL
#   wait_log SIDE REGEX SECONDS         a line that dhcpd wrote since its last start
#   wait_dhcpd SIDE STATE SECONDS       the state it moved to last, in its own words
#   dhcpd_leases SIDE                   its database, one line per address (lib/leases.awk)
#   dhcpd_set_state SIDE NUMBER         an operator moves it to another state, by OMAPI
#   dhcpd_partner_down SIDE             to PARTNER-DOWN, and waits for it
#   dhcpd_shutdown SIDE                 the operator has it say goodbye and exit
#
# Settings: scenarios assign them before start_dhcpd.
POOL_FIRST=10.16.0.1     # the only pool; 10.16.0.0/16 is the clients' network
POOL_LAST=10.16.0.200
ABANDON_SECONDS=86400    # how long an abandoned address stays so, which is its own idea
POOL_MORE=               # further lines of it that fod does not have
LEASE_TIME=1200          # seconds, for every client
MCLT=600                 # on the primary only, as split
SPLIT=128                # 256: the primary serves everybody; 0: the secondary does
HBA=                     # instead of SPLIT: 32 octets in hexadecimal; a set bit is the primary's
MAX_RESPONSE_DELAY=12    # the receive timer it asks for
MAX_UNACKED=10
BALANCE_SECONDS=3        # load balance max seconds: 0 is off
POOL_SECONDS=            # how often it looks at the pools; empty: once a minute to once an hour
OMAPI_PORT=7911
PARTNER_ADDRESS=         # what a server is told about its partner; empty: the truth

# Server states as OMAPI has them: as the wire has them (§12.24).
declare -gr DHCPD_NORMAL=2 DHCPD_PARTNER_DOWN=4 DHCPD_RECOVER=6 DHCPD_PAUSED=7 DHCPD_SHUTDOWN=8 \
    DHCPD_CONFLICT_DONE=11

declare -gA DHCPD_PID=()
declare -gA DHCPD_LOG_MARK=([a]=1 [b]=1)

dhcpd_config() {
    local side=$1 role=$2
    cat <<END
authoritative;
ddns-update-style none;
ping-check false;              # otherwise a new OFFER waits for a second
dhcp-cache-threshold 0;        # otherwise an early renewal is not told to the partner
db-time-format local;          # seconds since 1970 in the leases file
abandon-lease-time $ABANDON_SECONDS;
default-lease-time $LEASE_TIME;
max-lease-time $LEASE_TIME;
omapi-port $OMAPI_PORT;

failover peer "$RELATIONSHIP" {
    $role;
    address ${FO_ADDRESS[$side]};
    port 647;
    peer address ${PARTNER_ADDRESS:-${FO_ADDRESS[$(other_side "$side")]}};
    peer port 647;
    max-response-delay $MAX_RESPONSE_DELAY;
    max-unacked-updates $MAX_UNACKED;
    load balance max seconds $BALANCE_SECONDS;
${POOL_SECONDS:+    min-balance $POOL_SECONDS;
    max-balance $POOL_SECONDS;
}$(if [[ $role == primary ]]; then printf '    mclt %s;\n    %s;' "$MCLT" "$(dhcpd_buckets)"; fi)
}

subnet 10.16.0.0 netmask 255.255.0.0 {
    pool {
        failover peer "$RELATIONSHIP";
        range $POOL_FIRST $POOL_LAST;
        $POOL_MORE
    }
}
END
}

dhcpd_buckets() {
    if [[ -n $HBA ]]; then
        sed 's/../:&/g; s/^:/hba /' <<<"$HBA"
    else
        echo "split $SPLIT"
    fi
}

start_dhcpd() {
    local side=$1 role=$2 base=$WORK/dhcpd-$1
    # Distributions confine /usr/sbin/dhcpd to its usual directories, by path.
    [[ -e $WORK/dhcpd ]] || cp "$(command -v dhcpd)" "$WORK/dhcpd"
    dhcpd_config "$side" "$role" >"$base.conf"
    touch "$base.leases" "$base.log"
    DHCPD_LOG_MARK[$side]=$(($(wc -l <"$base.log") + 1))
    start_in_ns "$side" "$base.log" "$WORK/dhcpd" -4 -f -d -cf "$base.conf" \
        -lf "$base.leases" -pf "$base.pid" eth0
    DHCPD_PID[$side]=$!
    wait_log "$side" '^Server starting service' 10
}

dhcpd_signal() {
    local signal=$1 side=$2
    kill "-$signal" "${DHCPD_PID[$side]}" || fail "dhcpd of side $side was gone already"
    wait "${DHCPD_PID[$side]}" 2>>"$WORK/rig.log" || true # the shell announces the death
}

stop_dhcpd() {
    dhcpd_signal TERM "$1"
}

kill_dhcpd() {
    dhcpd_signal KILL "$1"
}

dhcpd_log_has() {
    # Not -q: then tail could die of a closed pipe, and pipefail take it for "no".
    tail -n +"${DHCPD_LOG_MARK[$1]}" "$WORK/dhcpd-$1.log" | grep -E "$2" >/dev/null
}

wait_log() {
    local side=$1 regex=$2 seconds=$3
    until_true "$seconds" dhcpd_log_has "$side" "$regex" ||
        fail "dhcpd of side $side did not log '$regex' in $seconds s"
}

dhcpd_state() {
    tail -n +"${DHCPD_LOG_MARK[$1]}" "$WORK/dhcpd-$1.log" |
        sed -n 's/^failover peer .*: I move from .* to \(.*\)$/\1/p' | tail -1
}

dhcpd_in_state() {
    [[ $(dhcpd_state "$1") == "$2" ]]
}

wait_dhcpd() {
    local side=$1 state=$2 seconds=$3
    until_true "$seconds" dhcpd_in_state "$side" "$state" ||
        fail "dhcpd of side $side is in $(dhcpd_state "$side"), not in $state, after $seconds s"
}

dhcpd_leases() {
    awk -f "$HERE/lib/leases.awk" "$WORK/dhcpd-$1.leases" | sort
}

# What an operator says by OMAPI; the words come on standard input.
dhcpd_omapi() {
    local side=$1
    {
        printf 'port %s\nconnect\n' "$OMAPI_PORT"
        cat
    } | in_ns "$side" omshell >"$WORK/omshell-$side.log" 2>&1
}

dhcpd_set_state() {
    printf 'new failover-state\nset name = "%s"\nopen\nset local-state = %d\nupdate\n' \
        "$RELATIONSHIP" "$2" | dhcpd_omapi "$1"
}

dhcpd_partner_down() {
    dhcpd_set_state "$1" "$DHCPD_PARTNER_DOWN"
    wait_dhcpd "$1" partner-down 5
}

dhcpd_shutdown() {
    printf 'new control\nopen\nset state = 2\nupdate\n' | dhcpd_omapi "$1"
}
