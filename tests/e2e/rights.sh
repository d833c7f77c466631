#!/bin/bash
# Who may do what: groups on the socket, names of certificates over TLS; and a line of the audit for
# every change, done or refused, without what is secret.
source "$(dirname "$0")/lib.sh"
SECRET=walnut-and-plum

# A certificate of the CA: NAME, its subject, its extensions.
certificate() {
    openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj "$2" \
        -keyout "$CERTS/$1.key" -out "$WORK/$1.csr" 2>/dev/null
    openssl x509 -req -in "$WORK/$1.csr" -CA "$CERTS/ca.pem" -CAkey "$CERTS/ca.key" -days 2 \
        -extfile <(printf 'extendedKeyUsage=clientAuth\n%s\n' "${3:-}") -out "$CERTS/$1.pem" \
        2>/dev/null
}

as() { # NAME ARGS…
    local name=$1
    shift
    "$FO_BUILD/foctl" --server "$(management_of a)" --ca "$CERTS/ca.pem" --cert "$CERTS/$name.pem" \
        --key "$CERTS/$name.key" "$@"
}

# The audit has a line with all of these words.
audited() {
    local word found
    found=$(grep -F 'audit: ' "$WORK/a/log")
    for word in "$@"; do
        found=$(grep -F -- "$word" <<<"$found") || fail "no line of the audit has: $*"
    done
}

make_place
certificate named /CN=anna subjectAltName=email:anna@example.org,URI:spiffe://example.org/anna
certificate reader "/CN=rolf/OU=Night Shift"
certificate stranger "/CN=eve/OU=DHCP Administrators"
configure a
sed -i "s|^management {|&\n    administrators-certificates = {\"uri:spiffe://example.org/anna\"}\n    users-certificates = {\"dns:other\", \"ou:Night Shift\"}\n    audit-file = \"$WORK/a/audit\"|" \
    "$WORK/a/fod.conf"
start a

step "a subject alternative name administers, as configured"
expect 0 as named scope create 10.9.0.0/24 --range 10.9.0.10-10.9.0.20
audited 'by="/CN=anna"' 'from="127.0.0.1:' call=DhcpCreateSubnet 'on="10.9.0.0"' \
    'result=ERROR_SUCCESS(0)'

step "an organizational unit reads, and is refused a change"
expect 0 as reader scope list
expect 1 as reader scope create 10.8.0.0/24
says "ERROR_ACCESS_DENIED (5)"
audited 'by="/CN=rolf/OU=Night Shift"' 'on="10.8.0.0"' 'result=ERROR_ACCESS_DENIED(5)'

step "a unit that is not in the configuration gives no right"
expect 1 as stranger scope list
says "ERROR_ACCESS_DENIED (5)"

step "on the socket: who is of no group, of the users, of the administrators"
chmod 755 "$WORK" "$WORK/a"
[[ $(id -u) == 0 ]] || fail "this needs root, to be somebody else"
other() { # GROUP ARGS…
    local group=$1
    shift
    setpriv --reuid 65534 --regid "$group" --clear-groups "$FO_BUILD/foctl" \
        --socket "$WORK/a/socket" "$@"
}
crash a
sed -i 's|^management {|&\n    administrators-group = "adm"\n    users-group = "games"\n    socket-group = "nogroup"|' \
    "$WORK/a/fod.conf"
start a
chmod 666 "$WORK/a/socket"
expect 1 other 65534 scope list
says "ERROR_ACCESS_DENIED (5)"
expect 0 other games scope list
expect 1 other games scope delete 10.9.0.0
says "ERROR_ACCESS_DENIED (5)"
audited 'by="uid=65534"' 'from="pid=' call=DhcpDeleteSubnet 'result=ERROR_ACCESS_DENIED(5)'
expect 0 other adm scope set 10.9.0.0 --name "first floor"
audited 'by="uid=65534"' call=DhcpSetSubnetInfo 'result=ERROR_SUCCESS(0)'

step "a secret is shown to nobody and logged nowhere"
expect 0 ctl a relationship create --one-sided --name lab --role primary --local 127.0.0.1 \
    --partner 127.0.0.2 --partner-port "$FAILOVER_PORT" --scope 10.9.0.0 \
    --secret-file <(printf %s "$SECRET")
audited call=DhcpV4FailoverCreateRelationship 'on="lab"'
for text in "$(ctl a --json relationship show lab)" "$(ctl a --json status lab)" \
    "$(ctl a --json relationship events lab)" "$(<"$WORK/a/log")" "$(<"$WORK/a/audit")"; do
    [[ $text != *"$SECRET"* ]] || fail "the secret is in: $text"
done

step "every lease that is made is in the file, the log counts them"
for n in {10..15}; do
    ctl a lease create 10.9.0.$n --hardware 00:0c:01:02:03:$n >/dev/null 2>&1 || true
done
same "$(grep -c 'call=DhcpV4CreateClientInfo' "$WORK/a/audit")" 6 "lines of the file about leases"

step "a signal goes on in a fresh file and takes over new rules"
mv "$WORK/a/audit" "$WORK/a/audit.1"
sed -i 's|uri:spiffe://example.org/anna|ou:Night Shift|' "$WORK/a/fod.conf"
kill -HUP "${PID[a]}"
within 10 "that the new rule counts" as reader scope set 10.9.0.0 --comment changed
grep -qF 'by="/CN=rolf/OU=Night Shift"' "$WORK/a/audit" || fail "the fresh file lacks the change"
expect 1 as named scope list
says "ERROR_ACCESS_DENIED (5)"
