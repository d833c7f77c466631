#!/bin/sh
# fodump as a user meets it: what it prints and how it exits. $FO_BUILD holds the program.
set -u
fodump=$FO_BUILD/fodump
data=$(dirname "$0")/../data/isc-dhcpd
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
failed=0

# expect EXIT-CODE TEXT-IN-OUTPUT COMMAND...
expect() {
    code=$1 text=$2
    shift 2
    "$@" >"$work/out" 2>&1
    got=$?
    if [ $got -ne "$code" ] || { [ -n "$text" ] && ! grep -qF -- "$text" "$work/out"; }; then
        echo "FAIL (exit $got, not $code, or no \"$text\"): $*"
        cat "$work/out"
        failed=1
    fi
}

# What tshark 4.0.17 counts in two of the captures.
[ "$("$fodump" "$data/01-virgin-to-normal.pcap" | wc -l)" -eq 77 ] || failed=1
[ "$("$fodump" "$data/08-poolreq.pcap" | grep -c ' POOLRE')" -eq 2 ] || failed=1

expect 0 '0.000000 192.168.77.1:' "$fodump" "$data/01-virgin-to-normal.pcap"
expect 0 ' > 192.168.77.2:647 CONNECT xid=0 relationship="lab"' "$fodump" \
    "$data/01-virgin-to-normal.pcap"
expect 0 '' "$fodump" --port 648 "$data/01-virgin-to-normal.pcap"
expect 0 'usage:' "$fodump" --help

printf '\000\014\013\014\137\000\000\001\000\000\000\007' >"$work/contact"
expect 0 'CONTACT xid=7' "$fodump" --raw "$work/contact"
expect 0 'CONTACT xid=7' sh -c "'$fodump' --raw <'$work/contact'"

# A STATE whose first option passes the end; a length field of 11.
printf '\000\022\012\014\137\000\000\001\000\000\000\007\000\030\000\377\002\000' >"$work/option"
expect 1 'option 24 (server-state) at offset 12' "$fodump" --raw "$work/option"
printf '\000\013\013\014\137\000\000\001\000\000\000\007' >"$work/length"
expect 1 'DAMAGED STREAM: header at offset 0' "$fodump" --raw "$work/length"

expect 1 'malformed' "$fodump" "$0"
expect 1 'No such file' "$fodump" "$work/none"
expect 2 'usage:' "$fodump"
expect 2 'usage:' "$fodump" --port 0 "$work/contact"
expect 2 'usage:' "$fodump" --port 65536 "$work/contact"
expect 2 'usage:' "$fodump" --nonsense
exit $failed
