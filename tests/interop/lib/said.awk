# One line per message of a capture, from frames that tshark took apart. Its lists run over all
# messages of a frame; the lengths in the headers tell which option belongs to which.
#
# Input, tab-separated, lists comma-separated:
#   time  source  types  lengths  xids  option-codes  option-lengths  and the values of options
#   2  3  13  18  6  1  21  24  23
# Output, tab-separated, "-" for an option that the message lacks:
#   time  source  TYPE  xid  address  status  lease-end  potential-end  client-time  count  reason
#   STATE  startup
#
# Source: draft-12 §6.1 (types), §12 (options); RECOVER-WAIT is 254 as dhcpd has it. tshark prints
# numbers as they are.

BEGIN {
    FS = OFS = "\t"
    split("POOLREQ POOLRESP BNDUPD BNDACK CONNECT CONNECTACK UPDREQALL UPDDONE UPDREQ STATE " \
          "CONTACT DISCONNECT", TYPE, " ")
    split("free active expired released abandoned reset backup", STATUS, " ")
    split("STARTUP NORMAL COMMUNICATIONS-INTERRUPTED PARTNER-DOWN POTENTIAL-CONFLICT RECOVER " \
          "PAUSED SHUTDOWN RECOVER-DONE RESOLUTION-INTERRUPTED CONFLICT-DONE", STATE, " ")
    STATE[254] = "RECOVER-WAIT"
    WANTED = split("2 3 13 18 6 1 21 24 23", code_of, " ")
    HEADER = 12
}

{
    messages = split($3, type, ",")
    split($4, size, ",")
    split($5, xid, ",")
    options = split($6, code, ",")
    split($7, len, ",")
    for (i = 1; i <= WANTED; i++) {
        split($(7 + i), values, ",")
        for (k in values)
            value[i, k] = values[k]
        used[i] = 0
    }
    at = 1
    for (m = 1; m <= messages; m++) {
        for (i = 1; i <= WANTED; i++)
            here[i] = "-"
        for (left = size[m] - HEADER; left > 0 && at <= options; at++) {
            left -= 4 + len[at]
            for (i = 1; i <= WANTED; i++)
                if (code[at] == code_of[i])
                    here[i] = value[i, ++used[i]]
        }
        print $1, $2, TYPE[type[m]], xid[m], here[1], name(STATUS, here[2]), here[3], here[4], \
            here[5], here[6], here[7], name(STATE, here[8]), here[9]
    }
}

function name(table, number)
{
    return number in table ? table[number] : number
}
