# Walks the messages that one side sent, as tshark took them apart, and prints what is wrong with
# their options. tshark itself lets wrong lengths, unknown codes and repeated options pass.
#
# Input, one line per frame, lists comma-separated:
#   frame  types  lengths  payload-offsets  option-codes  option-lengths
#
# Source: draft-12 §6.2, §12 (lengths); ISC dhcpd: payload offset 12, IP-flags of two octets, no
# option twice, no DDNS option, and nothing in a BNDACK but the address and a reason.

BEGIN {
    FS = "\t"
    split("4:1 4:2 1:3 4:6 1:10 32:11 2:12 4:13 4:14 4:15 4:18 4:19 1:20 1:21 1:23 1:24 4:25 " \
          "1:26 1:27", pairs, " ")
    for (i in pairs) {
        split(pairs[i], pair, ":")
        LENGTH[pair[2]] = pair[1]
    }
    BNDACK = 4
    OPTION_MAX = 29
    OPTION_DDNS = 9
}

{
    messages = split($2, type, ",")
    split($3, size, ",")
    split($4, offset, ",")
    options = split($5, code, ",")
    split($6, len, ",")
    at = 1
    for (m = 1; m <= messages; m++) {
        if (offset[m] != 12)
            complain("payload offset " offset[m])
        left = size[m] - offset[m]
        delete seen
        while (left > 0 && at <= options) {
            left -= 4 + len[at]
            check_option(type[m], code[at], len[at])
            at++
        }
        if (left != 0)
            complain("options do not fill the message, " left " octets left")
    }
    if (at <= options)
        complain("options behind the last message")
}

function check_option(message, option, octets)
{
    if (option < 1 || option > OPTION_MAX)
        complain("option " option " does not exist")
    if (option in seen)
        complain("option " option " twice")
    seen[option] = 1
    if (option in LENGTH && octets != LENGTH[option])
        complain("option " option " of " octets " octets")
    if (option == OPTION_DDNS)
        complain("option " option " makes dhcpd drop the link")
    if (message == BNDACK && option != 2 && option != 21 && option != 16)
        complain("option " option " in a BNDACK")
}

function complain(what)
{
    print "frame " $1 ", message " m " of type " type[m] ": " what
}
