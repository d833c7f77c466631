# shellcheck shell=bash
# The pairs of states (fod's, dhcpd's) that the two were in at the same time, in the draft's words.
#
#   watch_pairs      from here on
#   gone SIDE        its process is stopped: its state is GONE until it starts
#   wait_pair FOD DHCPD SECONDS   until it was seen to last
#   pairs_visited    `FOD DHCPD` lines, each pair once
#
# Two witnesses: both logs, read twenty times a second, for what lasts (a pair counts when it was the
# same at two looks); and on the wire the STATE messages, for what does not. There a pair counts from
# when both have spoken on a connection.

watch_pairs() {
    touch "$WORK/fod-a.log" "$WORK/dhcpd-b.log" "$WORK/pairs"
    follow_logs 3<"$WORK/fod-a.log" 4<"$WORK/dhcpd-b.log" >>"$WORK/pairs" &
    PAIRS_PID=$!
}

gone() {
    if [[ $1 == a ]]; then
        echo "rig: state=X -> GONE" >>"$WORK/fod-a.log"
    else
        echo "rig: I move from x to gone" >>"$WORK/dhcpd-b.log"
    fi
    sleep 0.3 # for two looks
}

wait_pair() {
    until_true "$3" grep -qx "$1 $2" "$WORK/pairs" || fail "never in $1 and $2"
}

follow_logs() {
    local line left_a='' left_b='' a='' b='' before='' told=''
    local fod_moves='[ ]state=[A-Z-]+ -> ([A-Z-]+)' dhcpd_moves='I move from [a-z-]+ to ([a-z-]+)'
    trap - ERR
    exec 5<> <(:) # a pipe that never has anything: a pause without another process
    while [[ -d $WORK ]]; do
        while IFS= read -r line <&3; do
            line=$left_a$line
            left_a=''
            if [[ $line =~ $fod_moves ]]; then
                a=${BASH_REMATCH[1]}
            elif [[ $line == *' state=STARTUP '* ]]; then
                a=STARTUP
            fi
        done
        left_a+=$line
        while IFS= read -r line <&4; do
            line=$left_b$line
            left_b=''
            if [[ $line =~ $dhcpd_moves ]]; then
                b=${BASH_REMATCH[1]^^}
            fi
        done
        left_b+=$line
        if [[ "$a $b" == "$before" && $before != "$told" ]]; then
            echo "$before"
            told=$before
        fi
        before="$a $b"
        read -r -t 0.05 -u 5 || true
    done
}

pairs_visited() {
    {
        grep -E '^[A-Z-]+ [A-Z-]+$' "$WORK/pairs"
        said wire | awk -F '\t' -v fod="${FO_ADDRESS[a]}" '
            $3 == "CONNECT" { delete state }
            $3 == "STATE" {
                state[$2 == fod] = ($13 == 1) ? "STARTUP" : $12
                if (0 in state && 1 in state)
                    print state[1], state[0]
            }'
    } | sort -u
}
