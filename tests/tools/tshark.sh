#!/bin/bash
# fodump and tshark take every recording apart: the same messages, by sender, type and xid. Types are
# compared as numbers: tshark has the names of 7 and 9 the wrong way round. $FO_BUILD holds fodump.
set -euo pipefail
export LC_ALL=C
data=$(dirname "$0")/../data/isc-dhcpd
readonly data RECORDINGS=19
command -v tshark >/dev/null || {
    echo "FAIL: tshark is not installed (scripts/deps.sh test)"
    exit 1
}

# Draft-12 §6.1, in the order of the numbers.
types="POOLREQ POOLRESP BNDUPD BNDACK CONNECT CONNECTACK UPDREQALL UPDDONE UPDREQ STATE CONTACT"
types+=" DISCONNECT"

by_fodump() {
    "$FO_BUILD/fodump" "$1" | awk -v types="$types" '
        BEGIN { n = split(types, name, " "); for (i = 1; i <= n; i++) number[name[i]] = i }
        { sub(/:.*/, "", $2); sub(/xid=/, "", $6); printf "%s %d 0x%08x\n", $2, number[$5], $6 }
        ' | sort
}

# One line per frame; of a frame with several messages, lists with commas.
by_tshark() {
    tshark -r "$1" -Y dhcpfo -T fields -e ip.src -e dhcpfo.type -e dhcpfo.xid 2>/dev/null | awk '
        { n = split($2, type, ","); split($3, xid, ",")
          for (i = 1; i <= n; i++) printf "%s %d %s\n", $1, type[i], xid[i] }' | sort
}

files=0
total=0
for file in "$data"/*.pcap; do
    messages=$(by_fodump "$file")
    if ! difference=$(diff <(echo "$messages") <(by_tshark "$file")); then
        printf 'FAIL %s (< fodump, > tshark):\n%s\n' "$file" "$difference"
        exit 1
    fi
    files=$((files + 1))
    total=$((total + $(wc -l <<<"$messages")))
done
((files == RECORDINGS)) || {
    echo "FAIL: $files recordings, not $RECORDINGS"
    exit 1
}
echo "$total messages in $files recordings"
