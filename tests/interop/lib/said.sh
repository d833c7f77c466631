# shellcheck shell=bash
# What was said, message by message, for scenarios that ask who told whom what.
#
#   said NAME                        the messages of $WORK/NAME.pcap so far, one per line (columns:
#                                    lib/said.awk); `wire` is what the rig captures
#   statuses_said NAME SIDE ADDRESS  the binding-statuses that SIDE said of the address since it was no
#                                    longer available for the first time, repetitions once
#   must_have_said NAME SIDE ADDRESS PATTERN  of these
#   pool_moves SIDE                  of such lines on stdin, the updates by which SIDE made an address
#                                    available to one of the two

said() {
    sleep 0.3 # what is on its way to tcpdump
    fields "$1" 'dhcpfo && !tcp.analysis.retransmission' frame.time_epoch ip.src dhcpfo.type \
        dhcpfo.length dhcpfo.xid dhcpfo.optioncode dhcpfo.optionlength dhcpfo.assignedipaddress \
        dhcpfo.bindingstatus dhcpfo.leaseexpirationtime dhcpfo.potentialexpirationtime \
        dhcpfo.clientlasttransactiontime dhcpfo.addressestransferred dhcpfo.rejectreason \
        dhcpfo.serverstatus dhcpfo.serverflag |
        awk -f "$HERE/lib/said.awk"
}

statuses_said() {
    said "$1" | awk -F '\t' -v source="${FO_ADDRESS[$2]}" -v address="$3" '
        $3 != "BNDUPD" || $5 != address { next }
        $6 != "free" && $6 != "backup" { used = 1 }
        used && $2 == source { print $6 }' | uniq | paste -sd ' '
}

must_have_said() {
    local what
    what=$(statuses_said "$1" "$2" "$3")
    # shellcheck disable=SC2053 # a pattern
    [[ $what == $4 ]] || fail "side $2 said '$what' of $3, not '$4'"
}

pool_moves() {
    awk -F '\t' -v source="${FO_ADDRESS[$1]}" \
        '$2 == source && $3 == "BNDUPD" && ($6 == "free" || $6 == "backup")'
}
