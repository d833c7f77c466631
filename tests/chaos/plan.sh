#!/bin/bash
# plan.sh KIND SECONDS SEED prints what is going to happen: one line per event, `MS WORD…`, in order.
# Every fault has an end; nothing overlaps with itself, everything overlaps with all else. KIND is
# fod or dhcpd: side b is a dhcpd, whose disk is spared (it ends when its disk is full).
set -euo pipefail

kind=$1 length_ms=$(($2 * 1000)) seed=$3
declare -A busy_until=()

# between LOW HIGH: a number, in N.
between() {
    N=$(($1 + (RANDOM * 32768 + RANDOM) % ($2 - $1 + 1)))
}

# during RESOURCE LOW HIGH BEGIN END: at $at, for LOW to HIGH ms, if the resource is free.
during() {
    ((${busy_until[$1]:-0} <= at)) || return 0
    between "$2" "$3"
    ((at + N < length_ms)) || return 0
    echo "$at $4"
    echo "$((at + N)) $5"
    busy_until[$1]=$((at + N + 500))
}

fault() {
    local side=a what
    between 0 1
    ((N == 0)) || side=b
    between 0 15
    case $N in
    0 | 1) during cable 1000 9000 'cut' 'heal' ;;
    2 | 3) between 40 900 && what=$N && during delay 2000 9000 "delay $what" 'delay 0' ;;
    4 | 5) between 1 40 && what=$N && during split 2000 9000 "split $what" 'split 0' ;;
    6) during hold 1000 7000 "hold $side" 'hold none' ;;
    7 | 8) between 0 400 && echo "$at drop $N" ;;
    9 | 10) during process-$side 500 8000 "stop $side" "continue $side" ;;
    11 | 12 | 13) during process-$side 100 4000 "kill $side" "start $side" ;;
    *) [[ $kind == dhcpd ]] && side=a
        during disk-$side 1500 7000 "fill $side" "empty $side" ;;
    esac
}

plan() {
    RANDOM=$seed # here: the shell gives a pipeline another seed
    at=2000
    while ((at < length_ms)); do
        fault
        between 0 5
        if ((N == 0)); then between 6000 9000; else between 300 2800; fi # to get together again
        at=$((at + N))
    done
}

plan | sort -s -n -k 1,1
