#!/bin/bash
# Servers stop and start in good order: SIGTERM says goodbye, the store and the events survive, a
# bad configuration is refused while the old one serves on, and `fod -t` touches nothing.
source "$(dirname "$0")/lib.sh"
ADDRESS_OF_A=10.1.12.1

events_of() {
    ctl "$1" --json relationship events "$RELATIONSHIP" | jq -c '.events[]'
}

# No later than this many ms after $1 (a reading of EPOCHREALTIME).
ms_since() {
    echo $(((${EPOCHREALTIME/./} - ${1/./}) / 1000))
}

knows_scope() {
    ctl "$1" scope show "$2" >/dev/null 2>&1
}

step "SIGTERM: the partner is told, and does not have to find out"
pair_up
join_pair
ctl a lease create $ADDRESS_OF_A --hardware 00:0c:29:00:00:01 >/dev/null
wait_normal 10
before=$(events_of a)
moment=$EPOCHREALTIME
stop a
(($(ms_since "$moment") < 2000)) || fail "stopping took $(ms_since "$moment") ms"
wait_state b COMMUNICATIONS-INTERRUPTED 5
within 5 "that the partner's log says who went" log_has b \
    'link=down cause="the partner disconnected: .*this server is stopping.*"'
ctl b --json relationship events "$RELATIONSHIP" |
    jq -e '.state == "COMMUNICATIONS-INTERRUPTED" and (.state_cause | contains("stopping")) and
        (.state_exit | contains("partner-down")) and .state_since > 0' >/dev/null ||
    fail "the events do not say why b is in its state and what ends it"
within 5 "that the own log tells the end" log_has a 'fod: state=stopped'

step "start: NORMAL again, the lease and the earlier events are there"
start a
wait_normal 20
same "$(events_of a | head -n "$(wc -l <<<"$before")")" "$before" "the events of before"
(($(events_of a | wc -l) > $(wc -l <<<"$before"))) || fail "no event tells of the return"
same "$(ctl a --json lease show $ADDRESS_OF_A | jq -r .status)" ACTIVE "the lease"
wait_equal 5

step "fod -t checks a file, names the line, and opens nothing"
expect 0 "$FO_BUILD/fod" -t --config "$WORK/a/fod.conf" # while a fod uses the same store and ports
same "$OUT" "$WORK/a/fod.conf: good" "the verdict"
sed "s|$WORK/a/store|$WORK/never|" "$WORK/a/fod.conf" >"$WORK/new.conf"
expect 0 "$FO_BUILD/fod" -t --config "$WORK/new.conf"
[[ ! -e $WORK/never ]] || fail "fod -t made the state directory"
sed 's/^startup-seconds = 1$/startup-seconds = -1/' "$WORK/a/fod.conf" >"$WORK/bad.conf"
line=$(grep -n 'startup-seconds' "$WORK/bad.conf" | cut -d: -f1)
expect 1 "$FO_BUILD/fod" -t --config "$WORK/bad.conf"
says "$WORK/bad.conf:$line: startup-seconds = -1 is not between 0 and 86400"
expect 1 "$FO_BUILD/fod" --config "$WORK/bad.conf"
says "$WORK/bad.conf:$line:"
expect 1 "$FO_BUILD/fod" -t --config "$WORK/nothing.conf"

step "a second fod on the same store is refused"
expect 1 "$FO_BUILD/fod" --config "$WORK/a/fod.conf"
says "cannot start"
expect 0 ctl a status

step "SIGHUP with a bad file: the old one stays, and the pair does not notice"
since=$(status_of a .state_since)
cp "$WORK/a/fod.conf" "$WORK/good.conf"
cp "$WORK/bad.conf" "$WORK/a/fod.conf"
kill -HUP "${PID[a]}"
within 5 "that the log tells" log_has a 'config not taken, the old one stays: .*startup-seconds'
same "$(status_of a '"\(.state) \(.state_since)"')" "NORMAL $since" "the state since before"

step "SIGHUP with a good file: a scope that is new in it is made"
{
    cat "$WORK/good.conf"
    echo 'scope "10.8.0.0/24" { range = {"10.8.0.10-10.8.0.99"} }'
} >"$WORK/a/fod.conf"
kill -HUP "${PID[a]}"
within 5 "that the scope is made" knows_scope a 10.8.0.0
same "$(status_of a '"\(.state) \(.state_since)"')" "NORMAL $since" "the state since before"
stop b
stop a
