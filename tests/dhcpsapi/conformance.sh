#!/bin/bash
# Microsoft's calls through libfodhcpsapi to a real fod: what MAPI §8 states of each call, over the
# Unix socket and over TLS, on one server and on a pair. And the header, read as C++.
# shellcheck source=tests/e2e/lib.sh
. "$(dirname "$0")/../e2e/lib.sh"
program=$FO_BUILD/dhcpsapi_conformance

# A certificate of the same CA that carries no right.
make_nobody() {
    openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj /CN=nobody \
        -keyout "$CERTS/nobody.key" -out "$WORK/nobody.csr" 2>/dev/null
    openssl x509 -req -in "$WORK/nobody.csr" -CA "$CERTS/ca.pem" -CAkey "$CERTS/ca.key" -days 2 \
        -extfile <(echo extendedKeyUsage=clientAuth) -out "$CERTS/nobody.pem" 2>/dev/null
}

make_scopes() { # SIDE
    local n end
    for n in {0..39}; do
        ctl "$1" scope create "10.0.$n.0/24" --range "10.0.$n.10-10.0.$n.109"
    done >/dev/null
    ctl "$1" scope exclude 10.0.0.0 10.0.0.20-10.0.0.29 >/dev/null
    ctl "$1" scope reserve 10.0.0.0 10.0.0.30 010203040506 >/dev/null
    ctl "$1" scope reserve 10.0.33.0 10.0.33.30 010203040506 >/dev/null
    for n in {10..19}; do
        end=(--duration 1d)
        ((n < 19)) || end=(--infinite)
        ctl "$1" lease create "10.0.37.$n" --hardware "00:0c:01:02:03:$(printf %02x "$n")" \
            --name pc "${end[@]}" >/dev/null
    done
}

conforms() { # PHASE [tls]
    FO_SOCKET=$WORK/a/socket FO_CA=$CERTS/ca.pem FO_PARTNER=$(management_of b) \
        "$program" "$1" "$(management_of a)" "$CERTS" "${@:2}" ||
        fail "not as documented: $*"
}

# The same, the other server being the one that is called.
conforms_at() { # SIDE PHASE
    FO_SOCKET=$WORK/$1/socket FO_CA=$CERTS/ca.pem \
        "$program" "$2" "$(management_of "$1")" "$CERTS" || fail "not as documented at $1: $2"
}

exchanges_asked_for() {
    ctl a --json relationship events lab |
        jq '[.events[].text | select(contains("resync=requested kind=everything"))] | length'
}

startup_of() { # SIDE SECONDS
    configure "$1"
    sed -i "s/^startup-seconds = .*/startup-seconds = $2/" "$WORK/$1/fod.conf"
}

need c++ "$program"
make_place
make_nobody

step "C++ reads the header, and it knows the calls"
cat >"$WORK/header.cc" <<'END'
#include <dhcpsapi.h>
int main()
{
    DHCP_FAILOVER_RELATIONSHIP r = {};
    char16_t name[] = u"lab";
    r.RelationshipName = name;
    static_assert(sizeof(WCHAR) == 2 && sizeof(DWORD) == 4, "as on Windows");
    return DhcpV4FailoverSetRelationship(nullptr, MCLT | SHAREDSECRET, &r) == ERROR_SUCCESS;
}
END
c++ -std=c++17 -Wall -Wextra -Werror -pedantic -I"$TOP" -I"$TOP/mgmt" -c -o "$WORK/header.o" \
    "$WORK/header.cc"

step "one server, over its socket"
startup_of a 600 # it stays in STARTUP for as long as this takes
start a
make_scopes a
conforms alone
stop a
start a
conforms restarted

step "the same over TLS"
conforms alone tls
stop a
start a
conforms restarted tls
stop a

step "a pair in NORMAL"
startup_of a 1
configure b
start a
start b
create_relationship lab --scope 10.0.0.0
wait_normal 20
shared_out() { [[ $(ctl b --json scope statistics 10.0.0.0 | jq '.[0].this_free') -ge 44 ]]; }
within 10 "the balance of the pools" shared_out
wait_normal 10 # and the primary knows that it has
conforms normal

step "the partner is stopped: what it is asked for is under way until it goes on"
asked=$(exchanges_asked_for)
kill -STOP "${PID[b]}"
conforms syncing
kill -CONT "${PID[b]}"
same "$(exchanges_asked_for)" $((asked + 1)) "how often side a asked for everything"
wait_normal 30

step "a secret on one side, then on both: it counts from the next connection on"
conforms secret
same "$(status_of a '"\(.state) \(.link)"')" "NORMAL up, TLS" "the link of before"
crash b
wait_state a COMMUNICATIONS-INTERRUPTED 30
start b
secret_is_missed() { [[ $(status_of a .last_fault) == *digest* ]]; }
within 30 "that the secondary misses the secret" secret_is_missed
same "$(status_of a .state)" COMMUNICATIONS-INTERRUPTED "the state with a secret on one side"
conforms_at b secret
wait_normal 100 # after a refusal the next call waits a minute
for side in a b; do
    same "$(status_of $side '"\(.link) \(.digest)"')" "up, TLS true" "the link as side $side sees it"
done

step "the partner is gone"
crash b
wait_state a COMMUNICATIONS-INTERRUPTED 30
conforms interrupted tls
(($(status_of a .state_exit_at) > $(date +%s) + 3000)) || fail "the safe period does not run"
conforms down tls
(($(status_of a .state_exit_at) == 0)) || fail "the safe period runs on in PARTNER-DOWN"
conforms ended tls
