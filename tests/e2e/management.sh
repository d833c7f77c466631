#!/bin/bash
# Two fod and foctl, as an operator meets them: a relationship made on both or on neither wherever the
# tool or a server dies, leases that reach the partner, rights over TLS, a wrong configuration.
set -uo pipefail
fod=${FO_BUILD:?}/fod foctl=$FO_BUILD/foctl
here=$(cd "$(dirname "$0")/../.." && pwd)
top=$(mktemp -d)
failures=0
trap 'kill -9 $(cat "$top"/*.pid 2>/dev/null) 2>/dev/null; rm -rf "$top"' EXIT

check() { # SENTENCE COMMAND…
    local sentence=$1
    shift
    if "$@" >"$top/log" 2>&1; then
        echo "ok   $sentence"
    else
        echo "FAIL $sentence"
        tail -n 5 "$top/log" "$top"/[ab].log | sed 's/^/     /'
        failures=$((failures + 1))
    fi
}
refuses() { # EXIT-STATUS WORDS COMMAND…
    local expected=$1 words=$2 status=0
    shift 2
    "$@" >"$top/out" 2>&1 || status=$?
    cat "$top/out"
    [ "$status" -eq "$expected" ] && grep -q -- "$words" "$top/out"
}
a() { "$foctl" --socket "$top/a.sock" "$@"; }
b() { "$foctl" --socket "$top/b.sock" "$@"; }
within() { # SECONDS COMMAND…
    local end=$((SECONDS + $1))
    shift
    until "$@"; do
        [ $SECONDS -lt $end ] || return 1
        sleep 0.1
    done
}

base=$((20000 + RANDOM % 12000))
configure() { # NAME NUMBER CERTIFICATE
    cat >"$top/$1.conf" <<END
server-name = "$1"
state-directory = "$top/$1"
startup-seconds = 1
redial-seconds = 1
failover { listen = {"127.0.0.$2:$((base + $2))"} }
management { socket = "$top/$1.sock" tls-listen = "127.0.0.$2:$((base + 10 + $2))" }
tls { ca = "$top/certs/ca.pem" certificate = "$top/certs/$3.pem" key = "$top/certs/$3.key" }
END
}
up() { # NAME
    "$fod" --config "$top/$1.conf" >>"$top/$1.log" 2>&1 &
    echo $! >"$top/$1.pid"
    disown
    within 20 "$foctl" --socket "$top/$1.sock" status >/dev/null 2>&1
}
die() { # NAME
    kill -9 "$(cat "$top/$1.pid")"
    within 10 refuses 3 'foctl: cannot reach' "$foctl" --socket "$top/$1.sock" status >/dev/null
}

"$here/certs/make-certs.sh" --ip1 127.0.0.1 --ip2 127.0.0.2 "$top/certs" >/dev/null || exit 1
configure a 1 alpha
configure b 2 beta

check "a good configuration is good" "$fod" -t --config "$top/a.conf"
check "checking opens nothing" test ! -e "$top/a"
echo 'redial-seconds = 99999' >"$top/bad.conf"
check "a wrong number is told by file, line and range" \
    refuses 1 "bad.conf:1: redial-seconds = 99999 is not between 0 and 3600" \
    "$fod" -t --config "$top/bad.conf"
check "the first server starts" up a
check "the second server starts" up b
check "a second process does not share the store" refuses 1 "cannot start" \
    "$fod" --config "$top/a.conf"

# --- both or neither -------------------------------------------------------------------------------
create() { # NAME OPTIONS…
    a relationship create --name "$1" --role primary --local 127.0.0.1 --partner 127.0.0.2 \
        --scope 10.0.0.0 --partner-management "$top/b.sock" "${@:2}"
}
settled() { ! { a --json status && b --json status; } | grep '"decides"' >/dev/null; }
has() { "$1" relationship show "$2" >/dev/null 2>&1; }
both_have() { has a "$1" && has b "$1"; }
none_has() { ! has a "$1" && ! has b "$1"; }
forget() {
    a relationship delete --one-sided --force "$1" >/dev/null 2>&1
    b relationship delete --one-sided --force "$1" >/dev/null 2>&1
}

check "a scope is made" a scope create 10.0.0.0/24 --range 10.0.0.10-10.0.0.109
for point in prepare-a prepare-b commit-a; do
    for victim in nobody a b; do
        name=$point-$victim
        [ "$name" != prepare-a-b ] || continue # b knows nothing of it yet
        check "the tool stops after $point" refuses 1 "stopped after $point" \
            create "$name" --stop-after "$point"
        if [ $victim != nobody ]; then
            check "$victim dies" die $victim
            check "$victim comes back" up $victim
        fi
        check "and they settle it" within 40 settled
        if [ $point = commit-a ]; then
            check "both have it" both_have "$name"
        else
            check "neither has it" none_has "$name"
        fi
        forget "$name"
    done
done

# --- a pair at work ----------------------------------------------------------------------------------
normal() { [ "$(b --json status alpha | sed -n 's/.*"state": "\(.*\)",/\1/p')" = NORMAL ]; }
check "a name of 127 characters is told for both servers" \
    refuses 1 "ERROR_DHCP_FO_RELATIONSHIP_NAME_TOO_LONG (20125)" create "$(printf 'n%.0s' {1..127})"
check "nothing of it is left" none_has "$(printf 'n%.0s' {1..127})"
check "the pair is made" create alpha
check "the same name again is refused" refuses 1 "20113" create alpha
check "it reaches NORMAL" within 30 normal
owned() { # SERVER: an address that it may give
    local last
    for last in {10..109}; do
        if "$1" lease create "10.0.0.$last" --hardware 00:0c:01:02:03:04 --name pc-one \
            >/dev/null 2>&1; then
            echo "10.0.0.$last"
            return
        fi
    done
    return 1
}
address=$(owned a)
check "a lease is made on the server that owns the address" test -n "$address"
check "the partner lists it" within 10 refuses 0 ACTIVE b lease show "$address"
acked() { a --json lease show "$address" | grep '"partner": "has it"' >/dev/null; }
check "and has acknowledged it" within 10 acked
check "the same client again is refused" refuses 1 "ERROR_DHCP_CLIENT_EXISTS (20014)" \
    a lease create 10.0.0.200 --hardware 00:0c:01:02:03:04
check "the lease ends" a lease delete "$address"
check "a change goes to both" a relationship set alpha --mclt 30m
check "as the partner shows" refuses 0 '"mclt_s": 1800' b --json relationship show alpha
check "a second scope has a lease" a scope create 10.0.1.0/24 --range 10.0.1.10-10.0.1.109
a lease create 10.0.1.20 --hardware 00:0c:01:02:03:05 >/dev/null
check "it joins on both" a relationship add-scope alpha 10.0.1.0
acked() { a --json lease show 10.0.1.20 | grep '"partner": "has it"' >/dev/null; }
check "and the partner gets the lease it had" within 10 acked
check "it leaves on both" a relationship remove-scope alpha 10.0.1.0 --force
check "an exclusion is made here" a scope exclude 10.0.0.0 10.0.0.100-10.0.0.109
check "replication shows the difference" refuses 0 10.0.0.100-10.0.0.109 \
    a relationship replicate alpha --what-if
check "and copies it" a relationship replicate alpha --force
check "once" refuses 0 "no difference" a relationship replicate alpha --force
check "a failover scope is not deleted" refuses 1 20113 a scope delete 10.0.0.0 --force
check "the relationship ends on both" a relationship delete alpha --force
check "and is gone" none_has alpha

# --- rights over TLS ------------------------------------------------------------------------------------
tls() { # CERTIFICATE COMMAND…
    "$foctl" --server "127.0.0.1:$((base + 11))" --ca "$top/certs/ca.pem" \
        --cert "$top/certs/$1.pem" --key "$top/certs/$1.key" "${@:2}"
}
check "an administrator changes" tls admin scope create 10.1.0.0/24
check "a user reads" tls reader scope list
check "and does not change" refuses 1 "ERROR_ACCESS_DENIED (5)" tls reader scope create 10.2.0.0/24
check "the partner's certificate reads" tls beta status
check "and does not change" refuses 1 "ERROR_ACCESS_DENIED (5)" tls beta scope create 10.2.0.0/24
check "without a certificate there is no answer" refuses 3 "certificate" \
    "$foctl" --server "127.0.0.1:$((base + 11))" status

# --- the end ----------------------------------------------------------------------------------------------
stop_orderly() {
    kill -TERM "$(cat "$top/$1.pid")"
    within 10 grep -q 'state=stopped' "$top/$1.log"
}
kill -HUP "$(cat "$top/a.pid")"
check "the configuration is read again" within 5 grep -q 'a.conf read again' "$top/a.log"
echo nonsense >>"$top/a.conf"
kill -HUP "$(cat "$top/a.pid")"
check "a bad one is not taken" within 5 grep -q 'the old one stays' "$top/a.log"
check "a server ends in order" stop_orderly a
check "and takes its socket along" test ! -e "$top/a.sock"
[ $failures -eq 0 ]
