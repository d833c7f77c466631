#!/bin/bash
# IPv6 by foctl: prefixes, exclusions, reservations and leases on one server, refusals that say what to
# do, --what-if, and everything still there after kill -9.
# shellcheck source=tests/e2e/lib.sh
. "$(dirname "$0")/lib.sh"

make_place
configure a
start a
NET=2001:db8:1::

step "prefixes"
ctl a prefix create "$NET/64" --name lan --comment "second floor" --preference 7
ctl a prefix create 2001:db8:2::/48 --disabled
expect 1 ctl a prefix create "$NET/64"
says "ERROR_DUPLICATE_TAG (2014): It overlaps prefix $NET/64, which exists; delete that"
expect 1 ctl a prefix create fe80::/64
says "ERROR_DHCP_INVALID_SUBNET_PREFIX (20091)"
expect 2 ctl a prefix create "$NET"
says "its length is needed"
expect 2 ctl a prefix create 10.0.0.0/8
says "expected a prefix such as 2001:db8::/64"
same "$(ctl a --json prefix list | jq -c '[.[] | [.prefix, .name, .state, .preference]]')" \
    '[["2001:db8:1::/64","lan","enabled",7],["2001:db8:2::/48","","disabled",0]]' "the prefixes"
ctl a prefix set "$NET" --name "the lan"
same "$(ctl a --json prefix show "$NET" | jq -c '[.name, .comment, .preference, .scope_id]')" \
    '["the lan","second floor",7,1]' "what was not set stays"
expect 1 ctl a prefix show 2001:db8:3::
says "ERROR_DHCP_SUBNET_NOT_PRESENT (20005): There is no prefix 2001:db8:3:: on this server."

step "exclusions and reservations"
ctl a prefix exclude "$NET" 2001:db8:1::10-2001:db8:1::1f
expect 1 ctl a prefix exclude "$NET" 2001:db8:1::18-2001:db8:1::28
says "ERROR_DUPLICATE_TAG (2014): It overlaps the exclusion 2001:db8:1::10 to 2001:db8:1::1f"
expect 2 ctl a prefix exclude "$NET" 2001:db8:2::1-2001:db8:2::2
says "2001:db8:2::1 lies outside prefix $NET/64"
expect 2 ctl a prefix exclude "$NET" 2001:db8:1::2-2001:db8:1::1
says "behind its end"
ctl a prefix reserve "$NET" 2001:db8:1::50 00:01:00:01:aa 5
expect 1 ctl a prefix reserve "$NET" 2001:db8:1::51 00010001aa 5
says "ERROR_DHCP_RESERVEDIP_EXITS (20022): The client's address is reserved already, at 2001:db8:1::50"
expect 2 ctl a prefix reserve "$NET" 2001:db8:2::50 00:01 5
same "$(ctl a --json prefix show "$NET" |
    jq -c '[.exclusions[0].range, .reservations[0].address, .reservations[0].iaid]')" \
    '["2001:db8:1::10-2001:db8:1::1f","2001:db8:1::50",5]' "the elements"

step "leases"
for n in {1..30}; do
    ctl a lease6 create "2001:db8:1::1:$n" --duid "00:02:$(printf %02x "$n")" --iaid 1 --name "pc$n" \
        --duration 2h --preferred 1h
done
expect 1 ctl a lease6 create 2001:db8:1::2:1 --duid 000201 --iaid 1
says "ERROR_DHCP_CLIENT_EXISTS (20014): The client has a lease, at 2001:db8:1::1:1; change or remove"
expect 1 ctl a lease6 create 2001:db8:9::1 --duid 00 --iaid 1
says "ERROR_DHCP_SUBNET_NOT_PRESENT (20005): No prefix contains 2001:db8:9::1; make one first."
expect 2 ctl a lease6 create 2001:db8:1::2:1 --duid 00
says "--duid and --iaid are needed"
same "$(ctl a --json lease6 list | jq length)" 31 "leases, with that of the reservation"
same "$(ctl a --json lease6 list --prefix 2001:db8:2:: | jq length)" 0 "leases of the other prefix"
same "$(ctl a --json lease6 show --duid 00:02:07 --iaid 1 | jq -r .address)" 2001:db8:1::1:7 \
    "the lease of a client"
ctl a lease6 set 2001:db8:1::1:7 --comment moved
same "$(ctl a --json lease6 show 2001:db8:1::1:7 |
    jq -c '[.name, .comment, (.valid_until - .preferred_until | . > 3590 and . < 3610)]')" \
    '["pc7","moved",true]' "what was not set stays"
ctl a lease6 set 2001:db8:1::1:7 --infinite
same "$(ctl a --json lease6 show 2001:db8:1::1:7 | jq -r .preferred_until_text)" never "its end"
ctl a lease6 delete 2001:db8:1::1:30
expect 1 ctl a lease6 delete 2001:db8:1::1:30
says "ERROR_DHCP_JET_ERROR (20013): There is no lease of 2001:db8:1::1:30."
expect 1 ctl a lease6 delete 2001:db8:1::50
says "remove the reservation first"

step "what would change"
same "$(ctl a --json --what-if lease6 set 2001:db8:1::1:7 --name x |
    jq -c '[.[] | [.object, .field, .before, .after]]')" \
    '[["lease6 2001:db8:1::1:7","name","pc7","x"]]' "of a lease"
same "$(ctl a --json --what-if prefix exclude "$NET" 2001:db8:1::40 | jq -r '.[0].after')" \
    2001:db8:1::40-2001:db8:1::40 "of a prefix"
ctl a --what-if prefix delete "$NET" --force >/dev/null
same "$(ctl a --json lease6 show 2001:db8:1::1:7 | jq -r .name)" pc7 "and nothing did"

step "kill -9, and everything is there"
before=$(ctl a --json lease6 list && ctl a --json prefix show "$NET")
crash a
start a
same "$(ctl a --json lease6 list && ctl a --json prefix show "$NET")" "$before" "what was kept"
expect 1 ctl a lease6 create 2001:db8:1::2:1 --duid 000201 --iaid 1
says 20014

step "the end"
ctl a prefix unreserve "$NET" 2001:db8:1::50
ctl a prefix unexclude "$NET" 2001:db8:1::10-2001:db8:1::1f
expect 1 ctl a prefix delete "$NET"
says "ERROR_DHCP_ELEMENT_CANT_REMOVE (20007): It has clients, the first at 2001:db8:1::1:1;"
ctl a prefix delete "$NET" --force
same "$(ctl a --json lease6 list | jq length)" 0 "no leases"
[[ $(<"$WORK/a/log") == *'call=DhcpDeleteSubnetV6 on="2001:db8:1::"'* ]] || fail "not audited"
