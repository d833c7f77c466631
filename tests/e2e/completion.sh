#!/bin/bash
# What a shell offers at the end of a line of foctl: all that its tables have, and what the server has.
# shellcheck disable=SC2016 # what begins with a dollar is meant for foctl
source "$(dirname "$0")/lib.sh"

foctl() { "$FO_BUILD/foctl" "$@"; }
compopt() { :; } # there is none outside of a completion
set +E           # it may fail, in its own subshells

# As bash takes a line apart before it asks: at blanks outside of quotes, at ':' and at '='.
take_apart() {
    local rest=$1 blanks='^[[:space:]]+' breaks='^[:=]+' word='^("[^"]*"?|[^[:space:]:=])+'
    COMP_LINE=$rest COMP_POINT=${#rest} COMP_WORDS=()
    while [[ -n $rest ]]; do
        if [[ $rest =~ $blanks ]]; then
            rest=${rest#"${BASH_REMATCH[0]}"}
            [[ -n $rest ]] || COMP_WORDS+=("")
            continue
        fi
        [[ $rest =~ $breaks || $rest =~ $word ]]
        COMP_WORDS+=("${BASH_REMATCH[0]}")
        rest=${rest#"${BASH_REMATCH[0]}"}
    done
    COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
}

# offered LINE WORD…: these and no others. The first word of LINE is foctl.
offered() {
    local line=$1
    shift
    take_apart "$line"
    _foctl "$FO_BUILD/foctl" "${COMP_WORDS[COMP_CWORD]}" ""
    same "${COMPREPLY[*]}" "$*" "what is offered for '$line'"
}

# has LINE WORD: it is among them.
has() {
    take_apart "$1"
    _foctl "$FO_BUILD/foctl" "${COMP_WORDS[COMP_CWORD]}" ""
    [[ " ${COMPREPLY[*]} " == *" $2 "* ]] || fail "'$2' is not offered for '$1': ${COMPREPLY[*]}"
}

step "the scripts"
make_place
foctl completion bash >"$WORK/foctl.bash"
foctl completion zsh >"$WORK/_foctl"
# shellcheck source=/dev/null
source "$WORK/foctl.bash"
same "$(complete -p foctl)" "complete -o nosort -F _foctl foctl" "what completes foctl"
if command -v zsh >/dev/null; then
    zsh -n "$WORK/_foctl"
fi

step "without a server there are no names, and nothing is said"
export FO_SOCKET=$WORK/a/socket
offered "foctl relationship show x"
take_apart "foctl relationship show "
same "$(_foctl "$FO_BUILD/foctl" 2>&1)" "" "what is said"

step "nouns, verbs, options"
offered "foctl rel" relationship
offered "foctl relationship re" remove-scope replicate resume resync
offered "foctl relationship show --s" --socket --server
offered "foctl relationship create --partner-" --partner-port --partner-name --partner-management
offered "foctl --json --timeout 3 scope l" list
offered "foctl scope delete --f" --force # which stands in two lists
offered "foctl status --wh"
offered "foctl scope list --" --socket --server --ca --cert --key --timeout --json --help
has "foctl relationship create " --name

step "values"
offered "foctl relationship create --role " primary secondary
offered "foctl relationship create --tls=" off desired required
offered "foctl relationship create --tls=re" required
offered "foctl relationship create --name " # is new
offered "foctl scope add-range 10.1.0.0 10.1.0.1 --kind b" bootp both
touch "$WORK/leases.one" "$WORK/leases.two"
offered "foctl lease import $WORK/leases." "$WORK/leases.one" "$WORK/leases.two"
offered "foctl --ca $WORK/leases.o" "$WORK/leases.one"
offered "foctl completion " bash zsh words

step "cmdlets and their parameters"
offered "foctl Set-DhcpServerv4F" Set-DhcpServerv4Failover
offered "foctl get-dhcpserverv6b" Get-DhcpServerv6Binding
offered "foctl Set-DhcpServerv4Failover -M" -MaxClientLeadTime -Mode
offered "foctl Set-DhcpServerv4Failover x -Mode " LoadBalance HotStandby
offered "foctl Set-DhcpServerv4Failover x -AutoStateTransition " '\$true' '\$false'
offered "foctl Remove-DhcpServerv4Failover x -Confirm:" '\$true' '\$false'
offered "foctl Set-DhcpServerv4Failover x -Auto " '\$true' '\$false' # shortened
offered "foctl Set-DhcpServerv4Failover x -Mode Load -P" -PartnerDown -PassThru
offered "foctl Set-DhcpServerv4Scope 10.1.0.0 -De" -Description
offered "foctl Add-DhcpServerv4Failover --tls " off desired required

step "every command and option of help, and of values what help says"
mkdir "$WORK/empty"
cd "$WORK/empty" || fail "no place" # files are offered, too
foctl help | awk '/^  [a-z]/ { print substr($0, 3, 28) }' >"$WORK/commands"
(($(wc -l <"$WORK/commands") > 60)) || fail "help has few commands"
while read -r noun verb; do
    has "foctl $noun" "$noun"
    [[ -z $verb ]] || has "foctl $noun $verb" "$verb"
    foctl "$noun" ${verb:+"$verb"} --help | grep '^  --' >"$WORK/options"
    # shellcheck disable=SC2046 # options are words
    offered "foctl $noun${verb:+ $verb} --" $(awk '!seen[$1]++ { print $1 }' "$WORK/options")
    while read -r option help; do
        [[ $option != --server && $help == [A-Z]* ]] || continue
        take_apart "foctl $noun $verb $option "
        _foctl "$FO_BUILD/foctl"
        for value in "${COMPREPLY[@]}"; do
            [[ $help == *"$value"* ]] || fail "'$value' of $noun $verb $option is not in: $help"
        done
    done <"$WORK/options"
done <"$WORK/commands"

step "every cmdlet of help, and every parameter of the table"
foctl help | awk '/^  [A-Z].*-Dhcp/ { print $1 }' >"$WORK/cmdlets"
same "$(wc -l <"$WORK/cmdlets")" 36 "how many cmdlets there are"
while read -r cmdlet; do
    has "foctl $cmdlet" "$cmdlet"
    take_apart "foctl $cmdlet -"
    _foctl "$FO_BUILD/foctl"
    printf '%s\n' "${COMPREPLY[@]#-}"
done <"$WORK/cmdlets" | sort -u >"$WORK/offered"
grep -oh '{"[A-Z][A-Za-z0-9]*", FOCTL_[A-Z]*' "$TOP"/mgmt/foctl_cmdlet_{table,line}.c |
    awk -F '"' '!/NONE/ && length($2) > 2 { print $2 }' | sort -u >"$WORK/all"
diff "$WORK/all" "$WORK/offered" >&2 || fail "the parameters differ (< the table)"

step "what the server has"
configure a
start a
expect 0 foctl scope create 10.1.0.0/24 --range 10.1.0.10-10.1.0.99
expect 0 foctl scope create 10.2.0.0/24
expect 0 foctl prefix create 2001:db8:1::/64
expect 0 foctl prefix create 2001:db8:2::/64
for name in lab lob 'two words' '$(touch pwned)'; do
    expect 0 foctl relationship create --one-sided --name "$name" --role primary \
        --local 127.0.0.1 --partner 127.0.0.9 --scope 10.2.0.0
    expect 0 foctl relationship remove-scope "$name" 10.2.0.0 --one-sided --force
done
offered "foctl relationship show l" lab lob
offered "foctl status la" lab
offered "foctl relationship delete t" 'two\ words'
offered 'foctl relationship delete "two w' 'two words'
offered "foctl relationship delete \$" '\$\(touch\ pwned\)'
[[ ! -e pwned ]] || fail "a name was run"
offered "foctl relationship add-scope lab 10" 10.1.0.0 10.2.0.0
offered "foctl relationship add-scope lab 10.1.0.0 10.2" 10.2.0.0
offered "foctl relationship create --scope=10.1" 10.1.0.0
offered "foctl prefix show 2001:db8:2" 2:: # bash completes behind the colon
offered "foctl lease6 list --prefix 2001:db8:2" 2::
offered "foctl Get-DhcpServerv4Scope -ScopeId 10.1.0.0,10.2" 10.1.0.0,10.2.0.0
offered "foctl Get-DhcpServerv4Failover l" lab lob
offered "foctl Add-DhcpServerv4Failover l" # is new
unset FO_SOCKET
offered "foctl status l"
offered "foctl --socket $WORK/a/socket status l" lab lob
offered "foctl status --socket=$WORK/a/socket l" lab lob
offered "foctl Get-DhcpServerv4Failover -ComputerName $WORK/a/socket l" lab lob

step "a shell that somebody types at"
export FO_SOCKET=$WORK/a/socket
{
    printf 'PATH=%q:$PATH; source %q\n' "$FO_BUILD" "$WORK/foctl.bash"
    printf 'foctl rel\tsho\tlo\t--js\t > %q\n' "$WORK/typed"
    printf 'foctl prefix sh\t2001:db8:2\t --js\t > %q\nexit\n' "$WORK/typed6"
} >"$WORK/keys"
script -qec 'bash --norc --noprofile -i' /dev/null <"$WORK/keys" >"$WORK/screen" 2>&1 || true
same "$(jq -r .name "$WORK/typed")" lob "what was typed: $(<"$WORK/screen")"
same "$(jq -r .prefix "$WORK/typed6")" 2001:db8:2::/64 "what was typed: $(<"$WORK/screen")"
stop a
