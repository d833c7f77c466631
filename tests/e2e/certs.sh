#!/bin/bash
# What certs/make-certs.sh makes is what fo checks: chain, usages, names, units and file modes; and
# what it must refuse, it refuses.
set -uo pipefail
make_certs=$(cd "$(dirname "$0")/../.." && pwd)/certs/make-certs.sh
top=$(mktemp -d)
trap 'rm -rf "$top"' EXIT
dir=$top/out
failures=0

check() { # SENTENCE COMMAND…
    local sentence=$1
    shift
    if "$@" >"$top/log" 2>&1; then
        echo "ok   $sentence"
    else
        echo "FAIL $sentence"
        sed 's/^/     /' "$top/log"
        failures=$((failures + 1))
    fi
}
refuses() { # EXIT-STATUS COMMAND…
    local expected=$1 status=0
    shift
    "$@" || status=$?
    [ "$status" -eq "$expected" ]
}
verifies() { openssl verify -x509_strict -CAfile "$dir/ca.pem" "$@"; }
field() { openssl x509 -in "$dir/$1.pem" -noout "${@:2}"; }
subject_is() { [ "$(field "$1" -subject -nameopt RFC2253)" = "subject=$2" ]; }
extension_is() { [ "$(field "$1" -ext "$2" | tail -n +2 | sed 's/^ *//; s/ *$//')" = "$3" ]; }
key_fits() { [ "$(field "$1" -pubkey)" = "$(openssl pkey -in "$dir/$1.key" -pubout)" ]; }
is_p256() { field "$1" -text | grep -x ' *ASN1 OID: prime256v1' >/dev/null; }
mode_is() { [ "$(stat -c %a "$dir/$1")" = "$2" ]; }
valid_for_days() {
    field "$1" -checkend $((($2 - 1) * 86400)) && ! field "$1" -checkend $((($2 + 1) * 86400))
}
nothing_half_made() { [ -z "$(find "$1" -mindepth 1)" ]; }

check "one command makes everything" \
    "$make_certs" --ip1 192.0.2.1 --ip1 2001:db8::1 --ip2 192.0.2.2 "$dir" one.example two.example

for stem in ca one.example two.example admin reader; do
    check "$stem has a P-256 key" is_p256 "$stem"
    check "$stem has its own key beside it" key_fits "$stem"
    check "the key of $stem is for its owner alone" mode_is "$stem.key" 600
    check "$stem lives 30 days" valid_for_days "$stem" 30
done
for stem in one.example two.example; do
    check "$stem verifies as a server" verifies -purpose sslserver "$dir/$stem.pem"
    check "$stem verifies as a client" verifies -purpose sslclient "$dir/$stem.pem"
    check "$stem is for both ends of a connection" extension_is "$stem" extendedKeyUsage \
        "TLS Web Server Authentication, TLS Web Client Authentication"
    check "$stem carries its name" subject_is "$stem" "CN=$stem,O=fo"
    check "$stem answers to its name" verifies -verify_hostname "$stem" "$dir/$stem.pem"
    check "$stem cannot sign" extension_is "$stem" basicConstraints "CA:FALSE"
done
check "names and addresses are where they were asked for" extension_is one.example subjectAltName \
    "DNS:one.example, IP Address:192.0.2.1, IP Address:2001:DB8:0:0:0:0:0:1"
check "the second server has its own address" verifies -verify_ip 192.0.2.2 "$dir/two.example.pem"
check "a server does not answer to its partner's name" \
    refuses 2 verifies -verify_hostname two.example "$dir/one.example.pem"
check "a server does not answer to its partner's address" \
    refuses 2 verifies -verify_ip 192.0.2.1 "$dir/two.example.pem"

check "the administrator's unit" subject_is admin "CN=admin,OU=DHCP Administrators,O=fo"
check "the reader's unit" subject_is reader "CN=reader,OU=DHCP Users,O=fo"
for stem in admin reader; do
    check "$stem verifies as a client" verifies -purpose sslclient "$dir/$stem.pem"
    check "$stem cannot pose as a server" refuses 2 verifies -purpose sslserver "$dir/$stem.pem"
done

before=$(sha256sum "$dir"/*)
check "a second run refuses to overwrite" refuses 1 "$make_certs" "$dir" one.example two.example
check "one file of the set is enough to refuse" refuses 1 "$make_certs" "$dir" three four
check "and touched nothing" [ "$before" = "$(sha256sum "$dir"/*)" ]
check "--force replaces" "$make_certs" --force --days 2 "$dir" one.example two.example
check "the new set verifies" verifies "$dir/one.example.pem" "$dir/two.example.pem" \
    "$dir/admin.pem" "$dir/reader.pem"
check "--days is kept" valid_for_days one.example 2
check "names need not be given" "$make_certs" "$top/unnamed"
check "a server without an address has its name alone" \
    [ "$(openssl x509 -in "$top/unnamed/alpha.pem" -noout -ext subjectAltName | tail -n 1)" = \
    "    DNS:alpha" ]

check "no directory is a usage error" refuses 2 "$make_certs"
check "one name for two servers is a usage error" refuses 2 "$make_certs" "$top/x" same same
check "the name of another certificate is a usage error" refuses 2 "$make_certs" "$top/x" admin
check "a name cannot smuggle an extension" refuses 2 "$make_certs" "$top/x" 'a, IP:192.0.2.9'
check "a name cannot leave the directory" refuses 2 "$make_certs" "$top/x" ../a
check "an address is checked" refuses 2 "$make_certs" --ip1 here "$top/x"
check "a broken address fails" refuses 1 "$make_certs" --ip1 1.2.3 "$top/broken"
check "and leaves nothing half made" nothing_half_made "$top/broken"

echo "$failures failed"
[ "$failures" -eq 0 ]
