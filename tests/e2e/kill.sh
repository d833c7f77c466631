#!/bin/bash
# Both servers give out leases while one or the other is killed, twenty times, at moments that
# chance decides. What was acknowledged to a writer is on both servers in the end, and the stores
# are equal.
source "$(dirname "$0")/lib.sh"
KILLS=20

# A client of its own for each address.
client_of() {
    local IFS=.
    # shellcheck disable=SC2086 # four words
    printf '02:00:%02x:%02x:%02x:%02x' $1
}

# Makes a lease of one address after the other and renews every third. One line per operation goes
# into $WORK/said.SIDE: address, client and the end that was acknowledged; `?` while a renewal is
# under way, for then either end is right.
write_leases() {
    local side=$1 address client end n=0
    set +eE
    trap - EXIT ERR
    while read -r address && [[ ! -e $WORK/enough ]]; do
        client=$(client_of "$address")
        end=$(ctl "$side" --json lease create "$address" --hardware "$client" --duration 30m \
            2>/dev/null | jq .lease_expiration)
        [[ -n $end ]] || continue # killed, not there, or not its address: nothing was promised
        echo "$address 01:$client $end" >>"$WORK/said.$side"
        ((++n % 3 == 0)) || continue
        echo "$address 01:$client ?" >>"$WORK/said.$side"
        if ctl "$side" lease set "$address" --duration 40m 2>/dev/null; then
            end=$(ctl "$side" --json lease show "$address" 2>/dev/null | jq .lease_expiration)
            echo "$address 01:$client ${end:-?}" >>"$WORK/said.$side"
        fi
    done
}

# All addresses of the scope; the secondary has the lower half of the free ones.
addresses() {
    local third fourth
    for third in {0..15}; do
        for fourth in {1..254}; do
            echo "10.1.$third.$fourth"
        done
    done
}

chance() {
    printf '%d.%02d' $((RANDOM % $1)) $((RANDOM % 100))
}

lost_on() {
    awk -v store=<(leases_of "$1") '
        BEGIN {
            while ((getline line < store) > 0) {
                split(line, f, "\t")
                client[f[1]] = f[3]
                end[f[1]] = f[4]
            }
        }
        { said[$1] = $2; until[$1] = $3 }
        END {
            for (a in said)
                if (client[a] != said[a] || (until[a] != "?" && end[a] != until[a]))
                    print a, "said:", said[a], until[a] ", stored:", client[a], end[a]
        }' "$WORK/said.a" "$WORK/said.b"
}

step "two servers, each with a writer"
pair_up
join_pair
: >"$WORK/said.a"
: >"$WORK/said.b"
write_leases a < <(addresses | tac) &
writers=($!)
write_leases b < <(addresses) &
writers+=($!)

step "$KILLS kills, seed $$"
RANDOM=$$
for ((n = 0; n < KILLS; n++)); do
    sleep "$(chance 2)"
    case $((RANDOM % 5)) in
    0 | 1) victims=(a) ;;
    2 | 3) victims=(b) ;;
    4) victims=(a b) ;;
    esac
    for side in "${victims[@]}"; do
        crash "$side"
    done
    sleep "0.$((RANDOM % 5))"
    for side in "${victims[@]}"; do
        start "$side"
    done
done

step "the writers stop; both servers come to NORMAL and have nothing left to tell"
touch "$WORK/enough"
wait "${writers[@]}"
wait_normal 40
said=$(cat "$WORK/said.a" "$WORK/said.b" | awk '{ seen[$1] = 1 } END { print length(seen) }')
step "$said leases were acknowledged: none is lost, and the stores are equal"
((said > 2 * KILLS)) || fail "the writers got only $said leases"
wait_equal 20
for side in a b; do
    lost=$(lost_on $side)
    [[ -z $lost ]] || fail "side $side lost what was acknowledged:"$'\n'"$(head -20 <<<"$lost")"
done
