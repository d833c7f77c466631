#!/bin/bash
# Prints docs/management.md: every call of dhcpsapi.h as its doc comment has it, the command of foctl
# for it, and the rows of tests/dhcpsapi that hold it to that.
set -euo pipefail
export LC_ALL=C.UTF-8
cd "$(dirname "$0")/.."

# "call id" of each conformance row, which stands for a numbered statement or for a paragraph; calls are
# written there without Dhcp or DhcpV4.
rows() {
    cat tests/dhcpsapi/*.c | tr '\n' ' ' |
        grep -oE '\{"(M-[A-Z0-9]+-[0-9]+|§[0-9.]+)", *"[A-Za-z0-9]+"' |
        sed -E 's/\{"([^"]+)", *"([^"]+)"/\2 \1/' | sort | uniq -c |
        awk '{ print $2, ($3 ~ /^§/ ? $3 "×" $1 : $3) }'
}

# One line per call: name, right, order, codes, tool, source, whether it is answered; between tabs.
calls() {
    awk '
        function label(name,    text) {
            if (!match(said, name ": "))
                return ""
            text = substr(said, RSTART + RLENGTH)
            if (match(text, / (Units|Ownership|Order|Errors|Source|Tool): /))
                text = substr(text, 1, RSTART - 1)
            gsub(/^ +| +$/, "", text)
            sub(/\.$/, "", text)
            return text
        }
        function codes(text,    out, found) {
            out = ""
            while (match(text, /(ERROR|RPC|EPT)_[A-Z0-9_]+( \([0-9]+\))?/)) {
                found = substr(text, RSTART, RLENGTH)
                text = substr(text, RSTART + RLENGTH)
                if (index(", " out ", ", ", " found ", ") == 0)
                    out = out (out == "" ? "" : ", ") found
            }
            return out
        }
        function right(order) {
            if (order ~ /DHCP Administrators/) return "Administrators"
            if (order ~ /DHCP Users/) return "Users"
            return "none"
        }
        /^\/\*\*/ { said = ""; in_comment = 1 }
        in_comment {
            line = $0
            gsub(/^ *\/?\*+\/? ?| *\*\/ *$/, "", line)
            gsub(/ +/, " ", line)
            said = said " " line
            if ($0 ~ /\*\//) in_comment = 0
            next
        }
        /^FO_API (DWORD|void) / {
            name = $3
            sub(/\(.*/, "", name)
            order = label("Order")
            answered = FILENAME !~ /later_calls/ || name == "DhcpGetMibInfoVQ"
            printf "%s\t%s\t%s\t%s\t%s\t%s\t%d\n", name, right(order), order,
                   codes(label("Errors")), label("Tool"), label("Source"), answered
        }
    ' mgmt/dhcpsapi.h mgmt/dhcpsapi/*_calls.h
}

cat <<'END'
# Management calls

Microsoft's calls as libfodhcpsapi has them: who may make them, what they look at first, what they
answer, the command of foctl that does the same, and the rows of `tests/dhcpsapi` that show it against a
running fod, over its socket and over TLS. Made by `scripts/management-doc.sh` from the headers and the
tests; `make test` fails when it is out of date. What every call may answer beside its own codes is at the
head of [dhcpsapi.h](../mgmt/dhcpsapi.h). "Not implemented" calls are there, and answer
ERROR_CALL_NOT_IMPLEMENTED (120).

END

awk -F '\t' '
    NR == FNR { split($0, r, " "); tests[r[1]] = tests[r[1]] " " r[2]; next }
    function held(name,    bare, v4) {
        bare = name; sub(/^Dhcp/, "", bare)
        v4 = bare; sub(/^V4/, "", v4)
        return tests[bare] (v4 != bare ? tests[v4] : "")
    }
    {
        found = held($1)
        n = split(found, list, " ")
        total++
        if (!$7) { later = later (later == "" ? "" : ", ") "`" $1 "`"; next }
        done++
        printf "## %s\n\n", $1
        printf "| | |\n| --- | --- |\n"
        printf "| right | %s |\n", $2
        if ($3 != "") printf "| order | %s |\n", $3
        if ($4 != "") printf "| codes | %s |\n", $4
        if ($5 != "") printf "| foctl | `%s` |\n", $5
        if ($6 != "") printf "| source | %s |\n", $6
        printf "| rows |"
        for (i = 1; i <= n; i++) printf " %s", list[i]
        printf "%s |\n\n", n == 0 ? " none" : ""
    }
    END {
        printf "## Not implemented\n\n%s.\n\n", later == "" ? "None" : later
        printf "%d calls, %d implemented.\n", total, done
    }
' <(rows) <(calls)
