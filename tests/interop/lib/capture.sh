# shellcheck shell=bash
# What the servers said to each other, and a second opinion on it: tshark's dhcpfo dissector.
#
#   capture_start NAME           tcpdump on fo0, from the first SYN on
#   capture_stop                 what was captured is $WORK/NAME.pcap
#   check_capture NAME [SIDE]    sound bytes; what SIDE sent is checked option by option, too

capture_start() {
    CAPTURE=$WORK/$1.pcap
    start_in_ns a "$CAPTURE.log" tcpdump -i fo0 -s 0 -U -B 8192 --immediate-mode -Z root \
        -w "$CAPTURE" tcp port 647
    CAPTURE_PID=$!
    until_true 10 grep -qs 'listening on' "$CAPTURE.log" || fail "tcpdump: $(cat "$CAPTURE.log")"
}

capture_stop() {
    sleep 0.3 # what is on its way to tcpdump
    kill -INT "$CAPTURE_PID"
    wait "$CAPTURE_PID" || fail "tcpdump: $(cat "$CAPTURE.log")"
    grep -q '^0 packets dropped by kernel' "$CAPTURE.log" || fail "the capture has holes"
}

# fields NAME FILTER FIELD… : tab-separated, one line per frame.
fields() {
    local file=$WORK/$1.pcap filter=$2
    shift 2
    # shellcheck disable=SC2046 # one -e per field
    tshark -r "$file" -Y "$filter" -T fields $(printf -- '-e %s ' "$@") 2>>"$WORK/tshark.log"
}

check_capture() {
    local name=$1 side=${2:-} found
    found=$(fields "$name" '_ws.malformed || dhcpfo.bad_length' frame.number)
    [[ -z $found ]] || fail "tshark finds malformed frames in $name.pcap: ${found//$'\n'/ }"
    check_every_byte_is_a_message "$name"
    if [[ -n $side ]]; then
        check_options "$name" "${FO_ADDRESS[$side]}"
        check_no_warnings "$name" "${FO_ADDRESS[$side]}"
    fi
}

# Per connection and direction, the lengths in the message headers add up to the bytes TCP carried
# (the highest sequence number, so that a retransmission counts once).
check_every_byte_is_a_message() {
    local name=$1 found
    found=$({
        fields "$name" 'tcp.len > 0' tcp.stream ip.src tcp.seq tcp.len |
            awk '{ print "bytes", $1, $2, $3 + $4 - 1 }'
        fields "$name" 'dhcpfo && !tcp.analysis.retransmission' tcp.stream ip.src dhcpfo.length |
            awk '{ n = split($3, part, ","); for (i = 1; i <= n; i++) print "message", $1, $2, part[i] }'
    } | awk '
        { way = "connection " $2 " from " $3; seen[way] = 1 }
        $1 == "bytes"   { if ($4 > bytes[way]) bytes[way] = $4 }
        $1 == "message" { messages[way] += $4 }
        END {
            for (way in seen) {
                if (bytes[way] != messages[way])
                    print way ": " bytes[way] + 0 " bytes, messages of " messages[way] + 0
            }
        }')
    [[ -z $found ]] || fail "$name.pcap: $found"
    [[ -n $(fields "$name" dhcpfo frame.number) ]] || fail "$name.pcap has no messages"
}

# The one known fault of the dissector itself: it reads client identifiers as text, and one with a
# zero byte "has trailing stray characters". Severity 6291456 is a warning, 8388608 an error.
check_no_warnings() {
    local name=$1 address=$2 found
    found=$(fields "$name" "dhcpfo && ip.src == $address && _ws.expert.severity >= 6291456" \
        frame.number _ws.expert.severity _ws.expert.message | awk -F '\t' '
        {
            n = split($2, severity, ",")
            split($3, message, ",")
            for (i = 1; i <= n; i++)
                if (severity[i] >= 6291456 && message[i] !~ /^Trailing stray characters/)
                    print "frame " $1 ": " message[i]
        }')
    [[ -z $found ]] || fail "tshark warns about what fod sent in $name.pcap: $found"
}

check_options() {
    local name=$1 address=$2 found
    found=$(fields "$name" "dhcpfo && ip.src == $address" frame.number dhcpfo.type dhcpfo.length \
        dhcpfo.poffset dhcpfo.optioncode dhcpfo.optionlength | awk -f "$HERE/lib/messages.awk")
    [[ -z $found ]] || fail "options that fod sent in $name.pcap: $(head -5 <<<"$found")"
}
