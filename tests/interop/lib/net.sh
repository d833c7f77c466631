# shellcheck shell=bash
# Three namespaces: `c` holds the clients and a bridge, `a` and `b` hold a server each, with eth0
# on that bridge and fo0, a cable of its own between the two for failover alone, so that it can be
# captured and cut by itself. The names carry the process id: rigs may run side by side.
#
#   in_ns c|a|b CMD…            run a command in a namespace
#   start_in_ns c|a|b LOG CMD…  start one; its process id is $!
#   cut_link, heal_link         fo0 loses everything, silently; and carries again
#   slow_link, fast_link SIDE   what SIDE sends takes its time: 16 kbit/s; no longer

declare -gr NOWHERE=02:de:ad:00:00:01

ns_name() {
    echo "fo-$$-$1"
}

in_ns() {
    local ns
    ns=$(ns_name "$1")
    shift
    ip netns exec "$ns" "$@"
}

# In the background, output appended to a log; afterwards $! is the process itself.
start_in_ns() {
    local ns log=$2
    ns=$(ns_name "$1")
    shift 2
    ip netns exec "$ns" "$@" >>"$log" 2>&1 &
}

net_up() {
    local side
    for side in c a b; do
        ip netns add "$(ns_name $side)" 2>"$WORK/netns.err" ||
            fail "cannot make network namespaces: $(head -1 "$WORK/netns.err")"
        in_ns $side ip link set lo up
    done
    in_ns c ip link add br0 type bridge
    in_ns c ip address add "$CLIENT_ADDRESS/16" dev br0
    in_ns c ip link set br0 up
    ip link add fo0 netns "$(ns_name a)" type veth peer name fo0 netns "$(ns_name b)"
    for side in a b; do
        ip link add eth0 netns "$(ns_name $side)" type veth peer name "to-$side" netns "$(ns_name c)"
        in_ns c ip link set "to-$side" master br0 up
        in_ns $side ip address add "${DHCP_ADDRESS[$side]}/16" dev eth0
        in_ns $side ip address add "${FO_ADDRESS[$side]}/24" dev fo0
        in_ns $side ip link set eth0 up
        in_ns $side ip link set fo0 up
        # A true capture: segments as they would be on a wire, retransmitted as they were first sent.
        in_ns $side ethtool -K fo0 tso off gso off gro off tx off rx off >/dev/null 2>&1 ||
            fail "cannot turn segmentation offload off"
        in_ns $side sysctl -qw net.ipv4.tcp_retrans_collapse=0
    done
}

net_down() {
    local side pid
    disown -a
    for side in a b c; do
        for pid in $(ip netns pids "$(ns_name $side)" 2>/dev/null); do
            kill -9 "$pid" 2>/dev/null
        done
        ip netns del "$(ns_name $side)" 2>/dev/null
    done
}

# Without netem: frames leave for a station that does not exist, so nobody is told anything.
cut_link() {
    in_ns a ip neigh replace "${FO_ADDRESS[b]}" lladdr "$NOWHERE" nud permanent dev fo0
    in_ns b ip neigh replace "${FO_ADDRESS[a]}" lladdr "$NOWHERE" nud permanent dev fo0
}

heal_link() {
    in_ns a ip neigh del "${FO_ADDRESS[b]}" dev fo0
    in_ns b ip neigh del "${FO_ADDRESS[a]}" dev fo0
}

slow_link() {
    in_ns "$1" tc qdisc add dev fo0 root tbf rate 16kbit burst 4kb latency 60s
}

fast_link() {
    in_ns "$1" tc qdisc del dev fo0 root
}
