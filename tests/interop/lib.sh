# shellcheck shell=bash
# The rig of the interoperability scenarios: two servers and a client segment in network
# namespaces of their own. A scenario sources this file, calls rig_up and reads like its title.
#
#   fail TEXT          the scenario failed: say why, keep everything in $WORK
#   step TEXT          what the scenario is about to show
#   same A B TEXT      two texts must be equal
#   until_true S CMD…  run CMD until it succeeds, at most S seconds
#
# What belongs to one subject has its own file in lib/: net, dhcpd, fod, load, capture.

set -Eeuo pipefail
export LC_ALL=C

HERE=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
FO_BUILD=${FO_BUILD:-$(cd "$HERE/../.." && pwd)/build}
SCENARIO=$(basename "$0" .sh)

# Everybody on the rig knows these. RELATIONSHIP is the name both servers must agree on (§7.8.2).
RELATIONSHIP=lab
declare -gAr FO_ADDRESS=([a]=192.168.77.1 [b]=192.168.77.2)
declare -gAr DHCP_ADDRESS=([a]=10.16.255.2 [b]=10.16.255.3)
declare -gr CLIENT_ADDRESS=10.16.255.1

# shellcheck source=lib/net.sh
source "$HERE/lib/net.sh"
# shellcheck source=lib/dhcpd.sh
source "$HERE/lib/dhcpd.sh"
# shellcheck source=lib/fod.sh
source "$HERE/lib/fod.sh"
# shellcheck source=lib/pair.sh
source "$HERE/lib/pair.sh"
# shellcheck source=lib/states.sh
source "$HERE/lib/states.sh"
# shellcheck source=lib/outage.sh
source "$HERE/lib/outage.sh"
# shellcheck source=lib/load.sh
source "$HERE/lib/load.sh"
# shellcheck source=lib/capture.sh
source "$HERE/lib/capture.sh"
# shellcheck source=lib/pairs.sh
source "$HERE/lib/pairs.sh"
# shellcheck source=lib/said.sh
source "$HERE/lib/said.sh"

fail() {
    echo "FAIL $SCENARIO: $*" >&2
    exit 1
}

step() {
    local ms=$(((${EPOCHREALTIME/./} - RIG_START) / 1000))
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
        sleep 0.1
    done
}

# The other side of $1.
other_side() {
    if [[ $1 == a ]]; then echo b; else echo a; fi
}

need_tools() {
    local tool
    for tool in "$@"; do
        command -v "$tool" >/dev/null || fail "$tool is not installed (see tests/interop/README.md)"
    done
}

rig_up() {
    ((EUID == 0)) || fail "network namespaces need root"
    RIG_START=${EPOCHREALTIME/./}
    need_tools ip tc ethtool tcpdump tshark dhcpd omshell perfdhcp
    # In memory if possible: both servers sync every lease to disk, and disks differ.
    local parent=/tmp
    [[ -w /dev/shm ]] && parent=/dev/shm
    WORK=$(mktemp -d "${TMPDIR:-$parent}/fo-interop-$SCENARIO.XXXXXX")
    trap rig_down EXIT
    trap 'exit 130' INT
    trap 'exit 143' TERM HUP
    trap '((BASH_SUBSHELL > 0)) || echo "FAIL $SCENARIO: line $LINENO: $BASH_COMMAND" >&2' ERR
    net_up
    wire_start
}

# Runs on every exit path. A scenario passes only if what was said on the wire was sound. What a
# failed one leaves behind is kept for whoever looks for the reason; one that passed leaves nothing
# unless KEEP=1.
rig_down() {
    local code=$?
    trap - EXIT ERR
    set +e
    if ((code == 0)); then
        (wire_check) || code=1
    fi
    net_down
    ((code == 0)) && echo "ok   $SCENARIO"
    if ((code == 0)) && [[ ${KEEP:-0} != 1 ]]; then
        rm -rf "$WORK"
    else
        echo "capture and logs: $WORK" >&2
    fi
    exit $((code != 0))
}
