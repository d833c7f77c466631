# Walks a capture as tshark took it apart, and prints what is wrong with it.
#
# Of every server (`sides`, addresses): no malformed message, and the lengths in the message headers
# add up to the octets that TCP carried. Of fod (the address `fod`, or if that is empty, whoever says
# "fo" in the connection): no warning, and every option as it must be, for tshark itself lets wrong
# lengths, unknown codes and repeated options pass. What only dhcpd minds is not asked of a
# connection with somebody else.
#
# Input, one line per frame, several values of a frame between bars:
#   frame  connection  source  seq  octets  fin  retransmission  types  lengths  payload-offsets
#   option-codes  option-lengths  vendor-class  malformed  bad-length  severities  warnings
#
# Source: draft-12 §6.1 (types), §6.2, §12 (lengths); ISC dhcpd: payload offset 12, IP-flags of two
# octets, no option twice, no DDNS option, and nothing in a BNDACK but the address and a reason.

BEGIN {
    FS = "\t"
    split("4:1 4:2 1:3 4:6 1:10 32:11 2:12 4:13 4:14 4:15 4:18 4:19 1:20 1:21 1:23 1:24 4:25 " \
          "1:26 1:27", pairs, " ")
    for (i in pairs) {
        split(pairs[i], pair, ":")
        LENGTH[pair[2]] = pair[1]
    }
    split(sides, list, " ")
    for (i in list)
        CHECKED[list[i]] = 1
    BNDACK = 4
    TYPE_MAX = 12
    OPTION_MAX = 29
    OPTION_DDNS = 9
    MESSAGE_MAX = 2048
    IGNORED = "^(Trailing stray characters|TCP |D-SACK|This frame is|Previous segment|ACKed segment)"
    WARNING = 6291456 # tshark's number; an error is 8388608
}

$8 != "" { spoken = 1 }
$13 != "" && $7 == "" {
    speaks_fo["connection " $2 " from " $3] = $13 == "fo"
    named[$2]++
    if ($13 ~ /^isc/)
        isc[$2] = 1
}
!($3 in CHECKED) { next }

{
    way = "connection " $2 " from " $3
    if ($5 > 0 && $4 + $5 - 1 > octets[way])
        octets[way] = $4 + $5 - 1 # the highest sequence number: a retransmission counts once
    if ($6 == 1)
        finished[way] = 1
}

$14 != "" { complain("malformed") }
$15 != "" { complain("bad length") }
$8 == "" { next }
$7 == "" {
    n = split($9, size, "|")
    for (i = 1; i <= n; i++)
        messages[way] += size[i]
}
fod == "" ? speaks_fo[way] : $3 == fod {
    check_options()
    check_warnings()
}

END {
    for (way in octets) {
        left = octets[way] - messages[way]
        # Who was killed or cut off may have been in the middle of a message.
        if (left != 0 && (way in finished || left < 0 || left >= MESSAGE_MAX))
            print way ": " octets[way] " octets, messages of " messages[way] + 0
    }
    if (!spoken)
        print "no messages"
}

function check_options(    m, at, left, options, count, type, offset, code, len, size, seen, dhcpd)
{
    count = split($8, type, "|")
    split($9, size, "|")
    split($10, offset, "|")
    options = split($11, code, "|")
    split($12, len, "|")
    at = 1
    for (m = 1; m <= count; m++) {
        message = ", message " m " of type " type[m]
        if (type[m] < 1 || type[m] > TYPE_MAX)
            complain("a message type that does not exist")
        if (offset[m] != 12)
            complain("payload offset " offset[m])
        left = size[m] - offset[m]
        dhcpd = isc[$2] || named[$2] < 2 # the partner, as long as it has not said what it is
        delete seen
        while (left > 0 && at <= options) {
            left -= 4 + len[at]
            check_option(code[at], len[at])
            if (dhcpd)
                check_for_dhcpd(type[m], code[at], code[at] in seen)
            seen[code[at]] = 1
            at++
        }
        if (left != 0)
            complain("options do not fill the message, " left " octets left")
    }
    if (at <= options)
        complain("options behind the last message")
    message = ""
}

function check_option(option, octets)
{
    if (option < 1 || option > OPTION_MAX)
        complain("option " option " does not exist")
    if (option in LENGTH && octets != LENGTH[option])
        complain("option " option " of " octets " octets")
}

# What dhcpd does not take, though the draft has it.
function check_for_dhcpd(type, option, twice)
{
    if (twice)
        complain("option " option " twice")
    if (option == OPTION_DDNS)
        complain("option " option " makes dhcpd drop the link")
    if (type == BNDACK && option != 2 && option != 21 && option != 16)
        complain("option " option " in a BNDACK")
}

# The one known fault of the dissector itself: it reads client identifiers as text, and one with a
# zero octet "has trailing stray characters". What it says of TCP (full windows, segments that came
# twice or late) is the kernel's; that nothing is missing shows in the octets.
function check_warnings(    i, n, severity, text)
{
    n = split($16, severity, "|")
    split($17, text, "|")
    for (i = 1; i <= n; i++) {
        if (severity[i] >= WARNING && text[i] !~ IGNORED)
            complain("tshark warns: " text[i])
    }
}

function complain(what)
{
    print "frame " $1 message ": " what
}
