#!/bin/bash
# The leases of an ISC dhcpd move to a fod, and from there to its partner. The file is a real one
# (dhcpd 4.4.3, ten-year leases, one released and one declined); what cannot be taken over is told
# line by line.
source "$(dirname "$0")/lib.sh"
FILE=$TOP/tests/data/isc-dhcpd/dhcpd.leases
SCOPE=10.16.0.0

# Of the file itself, the last record of each address: address, client and end of the active ones.
expected_leases() {
    local address client ends
    awk '/^lease/ { address = $2; id = hw = "" }
         /binding state/ && !/next|rewind/ { state[address] = $3 }
         /hardware ethernet/ { hw = $3 }
         /^  ends/ { ends[address] = $3 " " $4 }
         /^}/ { client[address] = hw }
         END { for (a in state) if (state[a] == "active;") print a, client[a], ends[a] }' "$FILE" |
        tr -d ';' | while read -r address client ends; do
        printf '%s\t01:%s\t%s\n' "$address" "$client" "$(date -u -d "$ends" +%s)"
    done | sort
}

stored_leases() {
    ctl "$1" --json lease list | jq -r '.[] | select(.status == "ACTIVE") |
        [.address, .hardware, .lease_expiration] | @tsv' | sort
}

step "the file of a dhcpd is read into a scope"
pair_up
ctl a scope create $SCOPE/16 --range 10.16.0.1-10.16.0.200
expect 0 ctl a --json lease import "$FILE"
same "$(jq -c . <<<"$OUT")" '{"taken":46,"refused":0,"passed_over":2,"unreadable":0}' "the summary"
told ERROR_INVALID_DATA 13
same "$(jq -r '"\(.line) \(.address) \(.sentence)"' <<<"$ERR" | grep names)" \
    "497 10.16.0.48 skipped: it names no client" "who declined, dhcpd forgot"
same "$(stored_leases a)" "$(expected_leases)" "the leases, as the file has them"
same "$(ctl a --json lease show 10.16.0.41 | jq -r .client_id)" 00:01:5c:22:61 "a client identifier"

step "a second time: everybody has a lease, unless --renew says that this is no mistake"
expect 1 ctl a lease import "$FILE"
says "line 9: 10.16.0.1: ERROR_DHCP_CLIENT_EXISTS (20014)"
expect 0 ctl a --json lease import --renew --quiet "$FILE"
same "$(jq .taken <<<"$OUT") $ERR" "46 " "what was taken, and nothing to tell"

step "what is wrong in a file is told by line, and the rest is taken"
cat >"$WORK/some.leases" <<'END'
lease 10.16.0.60 {
  ends 1 2036/11/17 17:44:30;
  binding state active;
  hardware ethernet 00:0c:01:00:0a:01;
}
lease 10.16.0.999 {
  ends 1 2036/11/17 17:44:30;
  binding state active;
  hardware ethernet 00:0c:01:00:0a:02;
}
lease 10.16.0.62 {
  ends 1 2036/11/17 17:44:30;
  binding state active;
  hardware ethernet nonsense;
}
lease 10.16.0.63 {
  ends 1 2016/11/17 17:44:30;
  binding state active;
  hardware ethernet 00:0c:01:00:0a:04;
}
lease 10.17.0.1 {
  ends 1 2036/11/17 17:44:30;
  binding state active;
  hardware ethernet 00:0c:01:00:0a:05;
}
lease 10.16.0.65 {
  ends never;
  binding state active;
  hardware ethernet 00:0c:01:00:0a:06;
}
lease 10.16.0.66 {
  ends 1 2036/11/17 17:44:30;
  binding state active;
END
expect 1 ctl a --json lease import "$WORK/some.leases"
same "$(jq -c '[.taken, .refused, .passed_over]' <<<"$OUT")" '[2,1,1]' "the summary"
same "$(jq -r 'select(.address != "") | "\(.line) \(.address) \(.error) \(.code)"' <<<"$ERR")" \
    "16 10.16.0.63 ERROR_SUCCESS 0
21 10.17.0.1 ERROR_DHCP_SUBNET_NOT_PRESENT 20005" "what is told of leases"
same "$(jq -r 'select(.address == "") | "\(.line) \(.error) \(.advice != "")"' <<<"$ERR")" \
    "6 ERROR_INVALID_DATA true
14 ERROR_INVALID_DATA true
31 ERROR_INVALID_DATA true" "what is told of the file"
expect 1 ctl a lease import "$WORK/some.leases"
for words in "line 6: skipped" "line 14: skipped" "line 16: 10.16.0.63: skipped: it has ended" \
    "line 21: 10.17.0.1: ERROR_DHCP_SUBNET_NOT_PRESENT (20005)" \
    "line 31: skipped: the record does not end [ERROR_INVALID_DATA (13)]" \
    "what to do: see which scopes there are"; do
    says "$words"
done
same "$(grep -c "what to do: look at that line" <<<"$ERR")" 1 "how often people read what to do"
same "$(ctl a --json lease show 10.16.0.65 | jq -r .lease_expiration_text)" never "an endless lease"

step "a relationship brings them all to the partner"
create_relationship "$RELATIONSHIP" --scope $SCOPE
wait_normal 20
wait_equal 10
same "$(stored_leases b | wc -l)" 48 "leases of the partner"
