#!/bin/bash
# What foctl prints with --json is what docs/foctl-json.md says: every key with its type, no other, and
# none that is never there. Every command that reads is run, and so is what else the document has.
source "$(dirname "$0")/lib.sh"
DOC=$TOP/docs/foctl-json.md

# --- the document --------------------------------------------------------------------------------
# A heading names commands, or parts of what they print: `so`, `so`. Each row of its table has keys,
# `a`, `b`, and their type; "All of `so`" takes the rows of another heading in.

# shellcheck disable=SC2016 # backticks are text
headings() {
    grep '^## ' "$DOC" | grep -o '`[^`]*`' | tr -d '`'
}

# rows HEADING: "KEY TYPE" of each key, and "+ HEADING" for one that is taken in.
rows() {
    awk -v heading="\`$1\`" '
        /^## / { ours = index($0, heading) != 0 }
        ours && match($0, /All of `[^`]*`/) { print "+ " substr($0, RSTART + 8, RLENGTH - 9) }
        ours && /^\| `/ {
            split($0, cells, / *\| */)
            while (match(cells[2], /`[^`]*`/)) {
                print substr(cells[2], RSTART + 1, RLENGTH - 2), cells[3]
                cells[2] = substr(cells[2], RSTART + RLENGTH)
            }
        }' "$DOC"
}

# documented HEADING [PREFIX]: "KEY TYPE" of all; behind the type "?" if the key may be missing.
documented() {
    local key type prefix=${2:-}
    rows "$1" | while read -r key type; do
        case $key:$type in
        +:*) documented "$type" "$prefix" ;;
        *:"array of "*)
            echo "$prefix$key array"
            type=${type#*\`}
            documented "${type%\`}" "$prefix${key}[]."
            ;;
        *_text:moment) echo "$prefix$key text" ;;
        *:moment) echo "$prefix$key integer" ;;
        *:*", if "*) echo "$prefix$key ${type%%,*}?" ;;
        *) echo "$prefix$key ${type// or /,}" ;;
        esac
    done
}

# --- what is printed -----------------------------------------------------------------------------

# The same of objects, or arrays of them, that were printed.
shown() {
    jq -rs '
        def name: [.[] | if type == "number" then "[]" else . end] | join(".") | gsub("\\.\\[\\]"; "[]");
        def word: {number: "integer", string: "text", boolean: "flag"}[type] // type;
        [.[] | if type == "array" then .[] else . end]
        | [.[] | . as $one | [], paths(objects) | . as $at | $one | getpath($at)
            | {at: ($at | name), keys: to_entries | map({key, value: (.value | word)})}]
        | group_by(.at)[] | length as $all | .[0].at as $at
        | [.[].keys[]] | group_by(.key)[]
        | (if $at == "" then "" else $at + "." end) + .[0].key + " "
            + ([.[].value] | unique | reverse | join(",")) + (if length < $all then "?" else "" end)'
}

declare -A SEEN=()

# shows HEADING CODE CMD…: keeps what it prints, which may be that of several runs.
shows() {
    local heading=$1
    shift
    expect "$@"
    SEEN[$heading]+=$OUT$'\n'
}

compare() {
    local heading=$1
    documented "$heading" | sort >"$WORK/documented"
    shown <<<"${SEEN[$heading]}" | sort >"$WORK/shown"
    diff "$WORK/documented" "$WORK/shown" >&2 ||
        fail "what '$heading' prints (>) is not what docs/foctl-json.md says (<)"
}

# --- all of it -----------------------------------------------------------------------------------

step "a pair that has something of everything"
pair_up
join_pair
mapfile -t FREE < <(ctl a --json scope free "$SCOPE" --count 9 | jq -r '.[].address')
shows "lease create" 0 ctl a --json lease create "${FREE[0]}" --hardware 020c01000001 --name pc
expect 0 ctl a scope exclude "$SCOPE" 10.1.15.250-10.1.15.251
expect 0 ctl a scope reserve "$SCOPE" 10.1.15.240 020c01000002
expect 0 ctl a prefix create 2001:db8::/64 --name six
expect 0 ctl a prefix exclude 2001:db8:: 2001:db8::1-2001:db8::2
expect 0 ctl a prefix reserve 2001:db8:: 2001:db8::5 0001000102 7
expect 0 ctl a lease6 create 2001:db8::9 --duid 00010001 --iaid 1

step "the version, and errors"
shows --version 0 "$FO_BUILD/foctl" --version --json
cat >"$WORK/leases" <<'END'
lease 10.99.0.1 {
  binding state active;
  ends never;
  hardware ethernet 00:0c:01:00:0a:04;
}
lease 10.1.
END
shows "lease import" 1 ctl a --json lease import "$WORK/leases"
SEEN[error]+=$ERR
expect 1 ctl a --json relationship show nobody
SEEN[error]+=$ERR
expect 2 ctl a --json relationship show
SEEN[error]+=$ERR
expect 3 "$FO_BUILD/foctl" --socket "$WORK/nobody" --json status
SEEN[error]+=$ERR

step "servers and relationships"
shows status 0 ctl a --json status
shows "status NAME" 0 ctl a --json status lab
shows watch 0 ctl a --json watch lab --count 2 --interval 0
shows "relationship list" 0 ctl a --json relationship list
shows "relationship show" 0 ctl a --json relationship show lab
expect 0 ctl_tls a relationship set lab --safe-period 1h
shows "relationship show" 0 ctl a --json relationship show lab
shows "relationship events" 0 ctl a --json relationship events lab
shows "relationship export" 0 ctl a --json relationship export lab
expect 0 ctl a scope create 10.2.0.0/24 --range 10.2.0.1-10.2.0.9
shows "relationship export" 0 ctl a --json relationship create --name isc --role primary --one-sided \
    --dialect isc --local 127.0.0.1 --partner 127.0.0.9 --scope 10.2.0.0
same "$(jq -r '.text | startswith("# for dhcpd.conf")' <<<"$OUT")" true "the text for dhcpd"
shows "relationship validate" 1 ctl_tls a --json relationship validate --name lab --role primary \
    --partner-management "$(management_of b)" --scope "$SCOPE"
shows "relationship diff" 1 ctl_tls a --json relationship diff lab
shows "relationship replicate" 0 ctl_tls a --json relationship replicate lab --force
shows refusals 1 ctl_tls a --json relationship create --name lab --role primary \
    --partner-management "$(management_of b)" --scope "$SCOPE"
SEEN[error]+=$ERR
expect 1 ctl_tls a relationship set lab --mclt 30m --stop-after prepare-b
shows status 0 ctl b --json status
jq -c '.in_doubt[]' <<<"$OUT" >"$WORK/in_doubt"
SEEN[in_doubt]=$(<"$WORK/in_doubt")

step "scopes and leases"
shows "scope list" 0 ctl a --json scope list
shows "scope show" 0 ctl a --json scope show "$SCOPE"
shows "scope free" 0 ctl a --json scope free "$SCOPE"
shows "scope statistics" 0 ctl a --json scope statistics
shows "scope serves" 0 ctl a --json scope serves "$SCOPE" --hardware 020c01000009
shows "lease list" 0 ctl a --json lease list --all
shows "lease show" 0 ctl a --json lease show "${FREE[0]}"
shows --what-if 0 ctl a --json scope set "$SCOPE" --comment other --what-if

step "IPv6"
shows "prefix list" 0 ctl a --json prefix list
shows "prefix show" 0 ctl a --json prefix show 2001:db8::
shows "lease6 list" 0 ctl a --json lease6 list
shows "lease6 show" 0 ctl a --json lease6 show 2001:db8::9
shows "binding list" 0 ctl a --json binding list

jq -e '.interfaces != []' <<<"$OUT" >/dev/null || fail "it needs an interface with an IPv6 address"

step "the place of a dhcpd"
cat >"$WORK/dhcpd.conf" <<'END'
failover peer "old" {
  primary; address 127.0.0.3; port 647; peer address 127.0.0.4; peer port 647;
  mclt 600; split 128; load balance max seconds 3;
}
subnet 10.8.0.0 netmask 255.255.255.0 { pool { failover peer "old"; range 10.8.0.1 10.8.0.9; } }
END
shows "relationship import" 0 ctl b --json relationship import "$WORK/dhcpd.conf" old

step "what changes something, and is not in the document, prints nothing"
silent=' '
while read -r line; do
    # shellcheck disable=SC2086 # words
    expect 0 ctl a --json $line
    same "$OUT" "" "what $line prints"
    read -r noun verb _ <<<"$line"
    silent+="$noun $verb "
done <<END
scope set 10.2.0.0 --name two
scope set-range 10.2.0.0 10.2.0.1-10.2.0.19
scope add-range 10.2.0.0 10.2.0.30-10.2.0.39
scope exclude 10.2.0.0 10.2.0.2-10.2.0.3
scope unexclude 10.2.0.0 10.2.0.2-10.2.0.3
scope reserve 10.2.0.0 10.2.0.4 020c01000009
scope unreserve 10.2.0.0 10.2.0.4
scope create 10.3.0.0/24 --range 10.3.0.1-10.3.0.9
scope remove-range 10.3.0.0 10.3.0.1-10.3.0.9
scope delete 10.3.0.0
lease set ${FREE[0]} --name other
lease delete ${FREE[0]}
prefix create 2001:db8:1::/64
prefix set 2001:db8:1:: --name other
prefix exclude 2001:db8:1:: 2001:db8:1::1-2001:db8:1::2
prefix unexclude 2001:db8:1:: 2001:db8:1::1-2001:db8:1::2
prefix reserve 2001:db8:1:: 2001:db8:1::5 0001000102 8
prefix unreserve 2001:db8:1:: 2001:db8:1::5
prefix delete 2001:db8:1::
lease6 create 2001:db8::19 --duid 00010002 --iaid 1
lease6 set 2001:db8::19 --name other
lease6 delete 2001:db8::19
relationship balance lab
relationship resync lab
relationship pause lab
relationship resume lab
relationship shutdown lab
relationship set isc --mclt 20m --one-sided
relationship remove-scope isc 10.2.0.0 --one-sided --force
relationship delete isc --one-sided --force
END

step "every command that reads, or prints, is in the document"
# These need what a pair seldom has: a change in doubt, NORMAL, a cut, an interface to spare. They end as
# those above do. `create` prints what export does.
silent+="relationship settle relationship add-scope relationship partner-down binding set relationship create "
headings >"$WORK/headings"
"$FO_BUILD/foctl" help | awk '/^  [a-z]/ { print substr($0, 3, 28) }' | while read -r command; do
    if [[ $command != completion* && $silent != *" $command "* ]]; then
        grep -Fx -e "$command" "$WORK/headings" >/dev/null || fail "'$command' is not in docs/foctl-json.md"
    fi
done

step "what was printed is what the document says"
while read -r heading; do
    if [[ -z ${SEEN[$heading]:-} ]]; then # a part of another
        grep -F "of \`$heading\` |" "$DOC" >/dev/null || fail "'$heading' of docs/foctl-json.md was not run"
    else
        compare "$heading"
    fi
done <"$WORK/headings"
