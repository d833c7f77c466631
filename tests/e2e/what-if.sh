#!/bin/bash
# --what-if tells what every command that changes something would change, on both servers, and
# changes nothing. What asks before it changes says so where nobody can answer, and --force says yes.
source "$(dirname "$0")/lib.sh"
TOLD=()

snapshot() {
    local side scope
    for side in a b; do
        ctl $side --json relationship list
        ctl $side --json relationship show "$RELATIONSHIP"
        for scope in $(ctl $side --json scope list | jq -r '.[].subnet | sub("/.*"; "")'); do
            ctl $side --json scope show "$scope"
        done
        ctl $side --json lease list --all
    done
}

# SIDE ROWS NOUN VERB ARGS…: it tells these rows.
tells() {
    local side=$1 rows=$2
    shift 2
    TOLD+=("$1 $2")
    expect 0 ctl "$side" --json "$@" --what-if
    same "$(jq -c 'map([.object, .field, .before, .after])' <<<"$OUT")" "$rows" "what $* would do"
    says "nothing was changed"
}

# This row is among them.
tells_also() {
    local side=$1 row=$2
    shift 2
    TOLD+=("$1 $2")
    expect 0 ctl "$side" --json "$@" --what-if
    jq -e --argjson row "$row" 'map([.server, .object, .field, .before, .after]) | index([$row])' \
        <<<"$OUT" >/dev/null || fail "no row $row of $*: $OUT"
}

asks() {
    local words=$1
    shift
    expect 1 "$@" </dev/null
    says "$words"
    says "there is no terminal to ask at, so nothing was changed [ERROR_CANCELLED (1223)]"
    says "give --force; --what-if tells what would change"
}

unchanged() {
    same "$(snapshot)" "$BEFORE" "everything on both servers"
}

step "a pair with a scope to spare, a lease, a reservation, and something to import"
pair_up
join_pair
ctl a scope create 10.9.0.0/24 --range 10.9.0.1-10.9.0.99 --exclude 10.9.0.5 --name spare
ctl a scope reserve 10.9.0.0 10.9.0.7 0102
ctl a lease create 10.9.0.9 --hardware 020000000001 --name pc >/dev/null
cat >"$WORK/leases" <<'END'
lease 10.9.0.20 {
  starts 4 2026/01/01 00:00:00;
  ends 4 2106/01/01 00:00:00;
  binding state active;
  hardware ethernet 02:00:00:00:00:20;
}
END
cat >"$WORK/dhcpd.conf" <<'END'
failover peer "old" {
  primary; address 192.0.2.1; port 647; peer address 192.0.2.2; peer port 647;
  mclt 600; split 128;
}
subnet 10.8.0.0 netmask 255.255.255.0 { pool { failover peer "old"; range 10.8.0.1 10.8.0.9; } }
END
BEFORE=$(snapshot)

step "relationships"
tells_also a '["the partner","relationship two","role","-","secondary"]' relationship create \
    --name two --role primary --local 127.0.0.1 --partner 127.0.0.2 \
    --partner-management "$WORK/b/socket" --scope 10.9.0.0
tells_also a '["the partner","scope 10.9.0.0","ranges","-","10.9.0.1-10.9.0.99"]' \
    relationship add-scope "$RELATIONSHIP" 10.9.0.0 --partner-management "$WORK/b/socket"
tells a '[["relationship lab","mclt_s","3600","1200"],["relationship lab","mclt_s","3600","1200"]]' \
    relationship set "$RELATIONSHIP" --mclt 20m --partner-management "$WORK/b/socket"
tells a '[["relationship lab","scopes","10.1.0.0","-"]]' \
    relationship remove-scope "$RELATIONSHIP" 10.1.0.0 --one-sided
tells_also a '["this server","relationship lab","role","primary","-"]' \
    relationship delete "$RELATIONSHIP" --one-sided
for command in "partner-down PARTNER-DOWN" "pause PAUSED" "shutdown SHUTDOWN" \
    "resume as before the pause, or RECOVER" \
    "resync the same; the partner is asked for all it knows" \
    "balance the same; the free addresses are shared out"; do
    tells a "[[\"relationship lab\",\"state\",\"NORMAL\",\"${command#* }\"]]" \
        relationship "${command%% *}" "$RELATIONSHIP"
done
tells a '[]' relationship replicate "$RELATIONSHIP" --partner-management "$WORK/b/socket"
tells_also a '["this server","scope 10.8.0.0","ranges","-","10.8.0.1-10.8.0.9"]' \
    relationship import "$WORK/dhcpd.conf" old
expect 1 ctl a relationship settle "$RELATIONSHIP" --abort --what-if
says "no change of 'lab' is in doubt"
TOLD+=("relationship settle")
unchanged

step "scopes"
tells a '[["scope 10.7.0.0","subnet","-","10.7.0.0/24"],["scope 10.7.0.0","name","-","new"],["scope 10.7.0.0","state","-","enabled"]]' \
    scope create 10.7.0.0/24 --name new
tells a '[["scope 10.9.0.0","name","spare","other"],["scope 10.9.0.0","state","enabled","disabled"]]' \
    scope set 10.9.0.0 --name other --disabled
tells_also a '["this server","scope 10.9.0.0","name","spare","-"]' scope delete 10.9.0.0 --force
tells a '[["scope 10.9.0.0","range","-","10.9.0.100-10.9.0.120"]]' \
    scope add-range 10.9.0.0 10.9.0.100-10.9.0.120
tells a '[["scope 10.9.0.0","range","10.9.0.1-10.9.0.99","10.9.0.1-10.9.0.120 (bootp)"]]' \
    scope set-range 10.9.0.0 10.9.0.1-10.9.0.120 --kind bootp
tells a '[["scope 10.9.0.0","range","10.9.0.1-10.9.0.99","-"]]' \
    scope remove-range 10.9.0.0 10.9.0.1-10.9.0.99
tells a '[["scope 10.9.0.0","exclusion","-","10.9.0.30-10.9.0.31"]]' \
    scope exclude 10.9.0.0 10.9.0.30-10.9.0.31
tells a '[["scope 10.9.0.0","exclusion","10.9.0.5-10.9.0.5","-"]]' \
    scope unexclude 10.9.0.0 10.9.0.5-10.9.0.5
tells a '[["scope 10.9.0.0","reservation","-","10.9.0.8 for 01:03"]]' \
    scope reserve 10.9.0.0 10.9.0.8 0103
tells a '[["scope 10.9.0.0","reservation","10.9.0.7","-"]]' scope unreserve 10.9.0.0 10.9.0.7
unchanged

step "leases"
tells_also a '["this server","lease 10.9.0.10","status","-","ACTIVE"]' \
    lease create 10.9.0.10 --hardware 020000000002
tells_also a '["this server","lease 10.9.0.9","lease_expiration","'"$(
    ctl a --json lease show 10.9.0.9 | jq -r .lease_expiration_text)"'","never"]' \
    lease set 10.9.0.9 --infinite
tells_also a '["this server","lease 10.9.0.9","status","ACTIVE","-"]' lease delete 10.9.0.9
tells a '[["lease 10.9.0.20","client","-","01:02:00:00:00:00:20 until never"]]' \
    lease import "$WORK/leases"
unchanged

step "no command that changes something was left out"
changing=$("$FO_BUILD/foctl" --help | awk '/^  (relationship|scope|lease) / { print $1, $2 }' |
    while read -r noun verb; do
        ! "$FO_BUILD/foctl" "$noun" "$verb" --help | grep -e --what-if >/dev/null ||
            echo "$noun $verb"
    done | sort)
same "$(printf '%s\n' "${TOLD[@]}" | sort -u)" "$changing" "the commands that have --what-if"

step "what would be refused is told as refused"
expect 1 ctl a scope create 10.1.0.0/20 --what-if
says "ERROR_DHCP_SUBNET_EXISTS (20052)"
expect 1 ctl a relationship create --one-sided --name "$RELATIONSHIP" --role primary \
    --local 127.0.0.1 --partner 127.0.0.2 --scope 10.9.0.0 --what-if
says "ERROR_DHCP_FO_RELATIONSHIP_EXISTS (20114)"
expect 1 ctl a relationship partner-down nobody --what-if
says "ERROR_DHCP_FO_RELATIONSHIP_DOES_NOT_EXIST (20115)"

step "what asks is refused where nobody can answer"
asks "really down" ctl a relationship partner-down "$RELATIONSHIP"
asks "End relationship 'lab'?" ctl a relationship delete "$RELATIONSHIP" --one-sided
asks "Take 1 scopes out" ctl a relationship remove-scope "$RELATIONSHIP" "$SCOPE" --one-sided
asks "Change the mode" ctl a relationship set "$RELATIONSHIP" --mode hot-standby --one-sided
asks "lease delete: do it?" ctl a lease delete 10.9.0.9 --confirm
ctl a scope exclude "$SCOPE" 10.1.0.9-10.1.0.9
BEFORE=$(snapshot)
asks "Make the partner's scopes like ours" ctl_tls a relationship replicate "$RELATIONSHIP"
unchanged

step "and done with --force"
ctl_tls a relationship set "$RELATIONSHIP" --mode hot-standby --force
same "$(ctl b --json relationship show "$RELATIONSHIP" | jq -r .mode)" hot-standby "the mode"
ctl_tls a relationship replicate "$RELATIONSHIP" --force >/dev/null
ctl_tls a relationship delete "$RELATIONSHIP" --force
expect 1 ctl b relationship show "$RELATIONSHIP"
