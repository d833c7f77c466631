# shellcheck shell=bash
# What the servers said to each other, and a second opinion on it: tshark's dhcpfo dissector.
#
# The rig captures fo0 from the first SYN to the last FIN as $WORK/wire.pcap, and a scenario passes
# only if all of it is sound (wire_check). What a scenario wants to look at itself:
#
#   capture_start NAME           tcpdump on fo0, from here on
#   capture_stop                 what was captured is $WORK/NAME.pcap
#   check_capture NAME [SIDE]    sound bytes, and options as fod sends them: of SIDE, or else of every
#                                connection in which a server calls itself "fo"
#   fields NAME FILTER FIELD…    what tshark reads, tab-separated, one line per frame
#
# Settings: a side where a script speaks instead of a server is not one of these.
CHECKED_SIDES='a b'

wire_start() {
    tcpdump_start wire
    WIRE_PID=$!
}

# All that was said; how many messages of servers it was goes into the file FO_MESSAGES.
wire_check() {
    tcpdump_stop wire "$WIRE_PID"
    check_capture wire
    if [[ -n ${FO_MESSAGES:-} ]]; then
        awk -F '\t' -v sides="$(checked_addresses)" '
            $7 == "" && $8 != "" && index(sides, $3 " ") { n += split($8, type, "|") }
            END { print n + 0 }' "$WORK/wire.read" >"$FO_MESSAGES"
    fi
}

checked_addresses() {
    local side
    for side in $CHECKED_SIDES; do
        echo -n "${FO_ADDRESS[$side]} "
    done
}

capture_start() {
    CAPTURE=$1
    tcpdump_start "$CAPTURE"
    CAPTURE_PID=$!
}

capture_stop() {
    tcpdump_stop "$CAPTURE" "$CAPTURE_PID"
    wait "$CAPTURE_PID" || fail "tcpdump: $(cat "$WORK/$CAPTURE.pcap.log")"
}

tcpdump_start() {
    local file=$WORK/$1.pcap
    start_in_ns a "$file.log" tcpdump -i fo0 -s 0 -U -B 8192 --immediate-mode -Z root \
        -w "$file" tcp port 647
    until_true 10 tcpdump_says "$1" 'listening on' || fail "tcpdump: $(cat "$file.log")"
}

tcpdump_stop() {
    local name=$1
    sleep 0.3 # what is on its way to tcpdump
    kill -INT "$2" || fail "tcpdump ended early: $(cat "$WORK/$name.pcap.log")"
    until_true 10 tcpdump_says "$name" 'packets dropped by kernel' || fail "tcpdump does not end"
    tcpdump_says "$name" '^0 packets dropped by kernel' || fail "$name.pcap has holes"
}

tcpdump_says() {
    grep -sE "$2" "$WORK/$1.pcap.log" >/dev/null
}

fields() {
    local file=$WORK/$1.pcap filter=$2
    shift 2
    # shellcheck disable=SC2046 # one -e per field
    tshark -r "$file" -Y "$filter" -T fields $(printf -- '-e %s ' "$@") 2>>"$WORK/tshark.log"
}

check_capture() {
    local name=$1 fod=${2:-} found
    # The columns of lib/messages.awk. Several values of a frame stand between bars.
    tshark -r "$WORK/$name.pcap" -Y tcp -T fields -E 'aggregator=|' \
        -e frame.number -e tcp.stream -e ip.src -e tcp.seq -e tcp.len -e tcp.flags.fin \
        -e tcp.analysis.retransmission -e dhcpfo.type -e dhcpfo.length -e dhcpfo.poffset \
        -e dhcpfo.optioncode -e dhcpfo.optionlength -e dhcpfo.vendorclass -e _ws.malformed \
        -e dhcpfo.bad_length -e _ws.expert.severity -e _ws.expert.message \
        >"$WORK/$name.read" 2>>"$WORK/tshark.log" || fail "tshark cannot read $name.pcap"
    found=$(awk -v sides="$(checked_addresses)" -v fod="${fod:+${FO_ADDRESS[$fod]}}" \
        -f "$HERE/lib/messages.awk" "$WORK/$name.read")
    [[ -z $found ]] || fail "$name.pcap: $(head -5 <<<"$found")"
}
