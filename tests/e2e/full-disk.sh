#!/bin/bash
# The disk of one server fills up: it promises nothing any more and says so, its partner carries on.
# When there is space again it recovers by itself, and both hold the same leases.
source "$(dirname "$0")/lib.sh"
ON_LEAVE=unmount
DISK=''

unmount() {
    [[ -z $DISK ]] || umount "$DISK"
}

small_disk() {
    ((EUID == 0)) || fail "mounting a small tmpfs needs root"
    mkdir "$WORK/a/store"
    mount -t tmpfs -o size=4m,mode=0700 fo-e2e "$WORK/a/store" ||
        fail "a tmpfs cannot be mounted here"
    DISK=$WORK/a/store
}

fill_disk() {
    dd if=/dev/zero of="$DISK/rubbish" bs=4096 2>/dev/null || true
    same "$(df --output=avail "$DISK" | tail -1 | tr -d ' ')" 0 "space left"
}

store_says() {
    ctl a --json status | jq -r .store
}

store_refuses() {
    [[ $(store_says) != writable ]]
}

store_accepts() {
    [[ $(store_says) == writable ]]
}

# New leases on side a until one is refused; each that was acknowledged goes into $WORK/said.
lease_until_refused() {
    local third fourth address client
    for third in {15..9}; do
        for fourth in {1..254}; do
            address=10.1.$third.$fourth
            client=02:00:00:00:$(printf '%02x:%02x' "$third" "$fourth")
            ctl a lease create "$address" --hardware "$client" --comment \
                "$(printf '%0120d' "$fourth")" --duration 30m >/dev/null 2>"$WORK/err" || return 0
            echo "$address 01:$client" >>"$WORK/said"
        done
    done
    fail "the disk is full and $(wc -l <"$WORK/said") leases went into it"
}

lost_on() {
    leases_of "$1" | cut -f 1,3 | tr '\t' ' ' | sort | comm -13 - <(sort "$WORK/said")
}

step "a pair, one store on a disk of 4 MB"
make_place
small_disk
for side in a b; do
    configure $side
    start $side
done
join_pair
ctl a lease create 10.1.8.255 --hardware 02:00:00:00:08:ff >/dev/null
echo "10.1.8.255 01:02:00:00:00:08:ff" >"$WORK/said"
wait_normal 10

step "the disk is full: leases are refused, not lost"
fill_disk
lease_until_refused
grep -q "ERROR_DISK_FULL (112)" "$WORK/err" || fail "not refused as a full disk: $(<"$WORK/err")"
step "$(wc -l <"$WORK/said") leases were acknowledged before that"
within 5 "that status tells" store_refuses
step "status says: $(store_says)"
within 5 "that the log tells" log_has a "alarm run: the store refuses"
expect 1 ctl a lease create 10.1.8.254 --hardware 02:00:00:00:08:fe
says "ERROR_DISK_FULL (112)"
expect 0 ctl a lease show 10.1.8.255

step "the partner has noticed and serves alone"
wait_state b COMMUNICATIONS-INTERRUPTED 15
ctl b lease create 10.1.1.1 --hardware 02:00:00:00:01:01 >/dev/null
echo "10.1.1.1 01:02:00:00:00:01:01" >>"$WORK/said"

step "still full after a kill: the server comes back and reads what it has"
crash a
start a
expect 0 ctl a lease show 10.1.8.255

step "there is space again: back to NORMAL without help, both stores equal"
rm "$DISK/rubbish"
within 15 "that the store accepts changes" store_accepts
wait_normal 40
ctl a lease create 10.1.8.254 --hardware 02:00:00:00:08:fe >/dev/null
echo "10.1.8.254 01:02:00:00:00:08:fe" >>"$WORK/said"
wait_equal 10
for side in a b; do
    lost=$(lost_on $side)
    [[ -z $lost ]] || fail "side $side lost what was acknowledged: $lost"
done
