# shellcheck shell=bash
# Two fods side by side on one machine, as two servers would be: sides `a` (alpha) and `b` (beta) on
# loopback addresses of their own, with certificates made for this run. A test sources this file and
# reads like its title. What it started and wrote is gone at the end; when it failed, the logs are
# shown and kept.
#
#   step TEXT                   what is about to be shown
#   fail TEXT                   the test failed, and why
#   same A B TEXT               two texts must be equal
#   until_true S CMD…           run CMD until it succeeds, at most S seconds
#   within S TEXT CMD…          the same, and fail saying that TEXT did not happen
#   expect CODE CMD…            run CMD, which must end with that code; $OUT and $ERR are its words
#   says WORDS                  they must be in what the last `expect` put on stderr
#   told SYMBOL NUMBER          the same of an error that --json made an object
#
#   configure SIDE [LINES]      write its fod.conf; LINES stand at the top
#   start SIDE, stop SIDE       stop is SIGTERM and an orderly end
#   crash SIDE                  kill -9
#   pair_up                     both configured and running, nothing in their stores
#   ctl SIDE ARGS…              foctl to the fod of that side, over its Unix socket
#   ctl_tls SIDE ARGS…          the same over mutual TLS, as an administrator
#   join_pair [ARGS…]           scope 10.1.0.0/20 and relationship `lab`, by one command
#   status_of SIDE JQ [NAME]    what jq finds in `foctl status NAME`
#   wait_state SIDE STATE S     wait_normal S: both NORMAL, and neither owes the other an update
#   leases_of SIDE              one line per lease: address, status, client, end
#   wait_equal S                until both list the same

set -Eeuo pipefail
export LC_ALL=C.UTF-8

E2E=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
TOP=$(cd "$E2E/../.." && pwd)
FO_BUILD=${FO_BUILD:-$TOP/build}
TITLE=$(basename "$0" .sh)

# What everybody knows about a side.
declare -Ar ADDRESS=([a]=127.0.0.1 [b]=127.0.0.2)
declare -Ar NAME=([a]=alpha [b]=beta)
declare -Ar OTHER=([a]=b [b]=a)
declare -A PID=()
RELATIONSHIP=lab
SCOPE=10.1.0.0
BEGAN=${EPOCHREALTIME/./}
OUT='' ERR=''

fail() {
    echo "FAIL $TITLE: $*" >&2
    exit 1
}

step() {
    local ms=$(((${EPOCHREALTIME/./} - BEGAN) / 1000))
    printf "%4d.%03d s  %s\n" $((ms / 1000)) $((ms % 1000)) "$*"
}

same() {
    [[ $1 == "$2" ]] || fail "$3: '$1' is not '$2'"
}

until_true() {
    local give_up=$((SECONDS + $1))
    shift
    until "$@"; do
        ((SECONDS < give_up)) || return 1
        sleep 0.05
    done
}

within() {
    local seconds=$1 what=$2
    shift 2
    until_true "$seconds" "$@" || fail "$what did not happen in $seconds s"
}

expect() {
    local wanted=$1 code=0
    shift
    "$@" >"$WORK/out" 2>"$WORK/err" || code=$?
    OUT=$(<"$WORK/out") ERR=$(<"$WORK/err")
    ((code == wanted)) || fail "exit code $code, not $wanted, from: $* ($ERR)"
}

says() {
    [[ $ERR == *"$1"* ]] || fail "'$1' is not in: $ERR"
}

told() {
    grep '^{' <<<"$ERR" | jq -se --arg symbol "$1" --argjson number "$2" \
        'any(.error == $symbol and .code == $number)' >/dev/null || fail "'$1 ($2)' is not in: $ERR"
}

# --- the place -----------------------------------------------------------------------------------

need() {
    local tool
    for tool in "$@"; do
        command -v "$tool" >/dev/null || fail "$tool is not installed (scripts/deps.sh test)"
    done
}

# Below the ports that the kernel gives to outgoing connections, and free on both addresses.
free_port() {
    local port taken
    taken=$(ss -Hltn | awk '{ sub(/.*:/, "", $4); print $4 }')
    while :; do
        port=$((20000 + RANDOM % 12000))
        grep -qx "$port" <<<"$taken" || break
    done
    echo "$port"
}

make_place() {
    need jq ss openssl "$FO_BUILD/fod" "$FO_BUILD/foctl"
    WORK=$(mktemp -d "${TMPDIR:-/tmp}/fo-e2e-$TITLE.XXXXXX")
    trap leave EXIT
    trap 'exit 130' INT
    trap 'exit 143' TERM HUP
    trap 'echo "FAIL $TITLE: line $LINENO: $BASH_COMMAND" >&2' ERR
    FAILOVER_PORT=$(free_port)
    MANAGEMENT_PORT=$(free_port)
    CERTS=$WORK/certs
    "$TOP/certs/make-certs.sh" --ip1 "${ADDRESS[a]}" --ip2 "${ADDRESS[b]}" "$CERTS" \
        "${NAME[a]}" "${NAME[b]}" >/dev/null
    mkdir "$WORK/a" "$WORK/b"
}

# Runs on every way out. Tests that need something undone name a function in $ON_LEAVE.
leave() {
    local code=$? side pid pids
    trap - EXIT ERR
    set +e
    pids=$(jobs -p)
    disown -a # the shell need not announce their death
    for pid in $pids; do
        kill -9 "$pid"
        while kill -0 "$pid"; do sleep 0.02; done
    done 2>/dev/null
    if ((code != 0)); then
        for side in a b; do
            echo "--- the last lines of $WORK/$side/log" >&2
            tail -n 25 "$WORK/$side/log" >&2
        done
    fi
    [[ -z ${ON_LEAVE:-} ]] || "$ON_LEAVE"
    if ((code == 0)); then
        echo "ok   $TITLE"
        rm -rf "$WORK"
    fi
    exit "$code"
}

# --- a server ------------------------------------------------------------------------------------

configure() {
    local side=$1
    cat >"$WORK/$side/fod.conf" <<END
${2:-}
server-name = "${NAME[$side]}"
state-directory = "$WORK/$side/store"
startup-seconds = 1
redial-seconds = 1
failover {
    listen = {"${ADDRESS[$side]}:$FAILOVER_PORT"}
}
management {
    socket = "$WORK/$side/socket"
    tls-listen = "${ADDRESS[$side]}:$MANAGEMENT_PORT"
}
tls {
    ca = "$CERTS/ca.pem"
    certificate = "$CERTS/${NAME[$side]}.pem"
    key = "$CERTS/${NAME[$side]}.key"
}
END
}

answers() {
    ctl "$1" status >/dev/null 2>&1
}

start() {
    local side=$1
    "$FO_BUILD/fod" --config "$WORK/$side/fod.conf" >>"$WORK/$side/log" 2>&1 &
    PID[$side]=$!
    until answers "$side"; do
        kill -0 "${PID[$side]}" ||
            fail "the fod of side $side did not start: $(tail -n 1 "$WORK/$side/log")"
        sleep 0.02
    done
}

stop() {
    local side=$1 code=0
    kill -TERM "${PID[$side]}" || fail "the fod of side $side was gone already"
    wait "${PID[$side]}" || code=$?
    ((code == 0)) || fail "the fod of side $side ended with code $code at SIGTERM"
}

crash() {
    local side=$1
    kill -0 "${PID[$side]}" || fail "the fod of side $side was gone already"
    { kill -9 "${PID[$side]}" && wait "${PID[$side]}"; } 2>/dev/null || true # the shell would tell
}

pair_up() {
    local side
    make_place
    for side in a b; do
        configure "$side" "$@"
        start "$side"
    done
}

log_has() {
    grep -Eq "$2" "$WORK/$1/log"
}

# --- asking and telling --------------------------------------------------------------------------

ctl() {
    local side=$1
    shift
    "$FO_BUILD/foctl" --socket "$WORK/$side/socket" "$@"
}

management_of() {
    echo "${ADDRESS[$1]}:$MANAGEMENT_PORT"
}

ctl_tls() {
    local side=$1
    shift
    "$FO_BUILD/foctl" --server "$(management_of "$side")" --ca "$CERTS/ca.pem" \
        --cert "$CERTS/admin.pem" --key "$CERTS/admin.key" "$@"
}

# From `a` as the primary; the other side learns everything from this one command.
create_relationship() {
    local name=$1
    shift
    ctl_tls a relationship create --name "$name" --role primary \
        --local "${ADDRESS[a]}" --local-name "${NAME[a]}" \
        --partner "${ADDRESS[b]}" --partner-name "${NAME[b]}" \
        --partner-management "$(management_of b)" --tls required "$@"
}

make_scope() {
    ctl a scope create "$SCOPE/20" --name clients --range 10.1.0.1-10.1.15.254
}

join_pair() {
    make_scope
    create_relationship "$RELATIONSHIP" --scope "$SCOPE" "$@"
    wait_normal 20
    # The secondary has its half of the free addresses.
    within 10 "the balance of the pools" pools_are_balanced
}

pools_are_balanced() {
    [[ $(ctl b --json scope statistics "$SCOPE" | jq '.[0].this_free') -gt 0 ]]
}

status_of() {
    ctl "$1" --json status "${3:-$RELATIONSHIP}" 2>/dev/null | jq -r "$2"
}

in_state() {
    [[ $(status_of "$1" .state) == "$2" ]]
}

wait_state() {
    local side=$1 state=$2 seconds=$3
    until_true "$seconds" in_state "$side" "$state" ||
        fail "side $side is in '$(status_of "$side" .state)', not in $state, after $seconds s"
}

is_settled() {
    [[ $(status_of "$1" '"\(.state) \(.queued) \(.unacked)"') == "NORMAL 0 0" ]]
}

wait_normal() {
    local side
    for side in a b; do
        until_true "$1" is_settled "$side" ||
            fail "side $side is not settled in NORMAL after $1 s: $(status_of "$side" \
                '"\(.state), \(.queued) queued, \(.unacked) unacked: \(.state_cause)"')"
    done
}

# --- leases --------------------------------------------------------------------------------------

leases_of() {
    ctl "$1" --json lease list | jq -r '.[] | [.address, .status,
        (if .client_id != "" then .client_id else .hardware end), .lease_expiration] | @tsv'
}

are_equal() {
    [[ $(leases_of a) == "$(leases_of b)" ]]
}

wait_equal() {
    until_true "$1" are_equal && return
    diff <(leases_of a) <(leases_of b) | head -n 20 >&2 || true
    fail "the two stores differ after $1 s (< side a, > side b)"
}
