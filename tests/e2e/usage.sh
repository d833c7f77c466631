#!/bin/bash
# What foctl says when it is called wrong: symbol and number, what was wrong, and what to do; with
# --json the same as an object. No server is asked.
source "$(dirname "$0")/lib.sh"
make_place
export FO_SOCKET=$WORK/nobody

step "options, words, values, files"
while IFS='|' read -r code line symbol number sentence advice; do
    # shellcheck disable=SC2086 # words
    expect "$code" "$FO_BUILD/foctl" $line
    says "foctl: $sentence [$symbol ($number)]"
    says "what to do: $advice"
    # shellcheck disable=SC2086 # words
    expect "$code" "$FO_BUILD/foctl" --json $line
    told "$symbol" "$number"
    same "$(jq -r '"\(.sentence)|\(.advice)"' <<<"$ERR")" "$sentence|$advice" "the object of: $line"
done <<END
2|lease list --nope|ERROR_INVALID_PARAMETER|87|there is no option '--nope'|see its words and options: foctl lease list --help
2|lease list --nope=3|ERROR_INVALID_PARAMETER|87|there is no option '--nope'|see its words and options: foctl lease list --help
2|status -x|ERROR_INVALID_PARAMETER|87|there is no option '-x'; options have two dashes|see its words and options: foctl status --help
2|lease list --scope|ERROR_INVALID_PARAMETER|87|option '--scope' needs a value|see its words and options: foctl lease list --help
2|lease list --all=yes|ERROR_INVALID_PARAMETER|87|option '--all' takes no value|see its words and options: foctl lease list --help
2|lease list --s 10.1.0.0|ERROR_INVALID_PARAMETER|87|option '--s' is short for several|see its words and options: foctl lease list --help
2|scope show|ERROR_INVALID_PARAMETER|87|usage: foctl scope show SUBNET|see its words and options: foctl scope show --help
2|scope show here|ERROR_INVALID_PARAMETER|87|scope 'here': expected an IPv4 address such as 192.0.2.1|see what is expected: foctl NOUN VERB --help
2|frob|ERROR_INVALID_PARAMETER|87|there is no command 'frob'|see all commands: foctl help
2|scope frob|ERROR_INVALID_PARAMETER|87|there is no command 'scope frob'|see all commands: foctl help
2|scope serves 10.1.0.0 --clients $WORK/none|ERROR_FILE_NOT_FOUND|2|$WORK/none: No such file or directory|see that it is there; a relative name counts from the current directory
2|Get-DhcpServerv4Scope -Nonsense|ERROR_INVALID_PARAMETER|87|Get-DhcpServerv4Scope: there is no parameter -Nonsense|see the command that it is: foctl scope list --help
3|status|EPT_S_NOT_REGISTERED|1753|cannot reach fod at $WORK/nobody: No such file or directory|start fod, or name its socket with --socket
3|lease import $WORK/none|EPT_S_NOT_REGISTERED|1753|cannot reach fod at $WORK/nobody: No such file or directory|start fod, or name its socket with --socket
END

step "what is short for one option is that"
expect 3 "$FO_BUILD/foctl" lease list --sc 10.1.0.0
expect 2 "$FO_BUILD/foctl" lease list --sc here
says "--scope 'here'"

step "the version"
expect 0 "$FO_BUILD/foctl" --version
same "$OUT" "foctl 0.1.0" "the version"
expect 0 "$FO_BUILD/foctl" --version --json
same "$(jq -c . <<<"$OUT")" '{"version":"0.1.0","json_version":1}' "the version as an object"

step "a file of leases that is not there"
configure a
start a
expect 2 ctl a lease import "$WORK/none"
says "foctl: $WORK/none: No such file or directory [ERROR_FILE_NOT_FOUND (2)]"
expect 2 ctl a lease import "$WORK" # opens, and is none
says "foctl: $WORK: Is a directory [ERROR_INVALID_PARAMETER (87)]"
