# dhcpd.leases (written with db-time-format local) as one line per address, tab-separated:
#
#   address  binding-status  hardware  client-identifier  ends  tstp  tsfp  cltt
#
# The file is a journal: the last record of an address counts. The client identifier is in
# hexadecimal, times are seconds since 1970, `-` is what a record does not have. tstp is the
# potential expiration time that was sent to the partner, tsfp what is known from the partner.

BEGIN {
    for (i = 32; i < 127; i++)
        ORD[sprintf("%c", i)] = i
}

$1 == "lease" && $3 == "{" {
    address = $2
    status = hardware = client = ends = tstp = tsfp = cltt = "-"
    next
}
address == "" { next }
$1 == "binding"  { status = bare($3) }
$1 == "hardware" { hardware = bare($3) }
$1 == "uid"      { client = hex($0) }
$1 == "ends"     { ends = when() }
$1 == "tstp"     { tstp = when() }
$1 == "tsfp"     { tsfp = when() }
$1 == "cltt"     { cltt = when() }
$1 == "}" {
    last[address] = status "\t" hardware "\t" client "\t" ends "\t" tstp "\t" tsfp "\t" cltt
    address = ""
}

END {
    for (address in last)
        print address "\t" last[address]
}

function bare(word)
{
    sub(/;$/, "", word)
    return word
}

# `ends epoch 1700000000; # Tue Nov 14 …` or `ends never;`, the latter as the wire has it.
function when()
{
    return $2 == "epoch" ? bare($3) : 2147483647
}

# uid "\001\000\014abc"; three octal digits or one escaped character after each backslash.
function hex(line,    text, out, c)
{
    text = line
    sub(/^[^"]*"/, "", text)
    sub(/";[ \t]*$/, "", text)
    out = ""
    while (text != "") {
        if (match(text, /^\\[0-7][0-7][0-7]/)) {
            out = out sprintf("%02x", substr(text, 2, 1) * 64 + substr(text, 3, 1) * 8 + substr(text, 4, 1))
            text = substr(text, 5)
            continue
        }
        if (substr(text, 1, 1) == "\\")
            text = substr(text, 2)
        c = substr(text, 1, 1)
        out = out sprintf("%02x", ORD[c])
        text = substr(text, 2)
    }
    return out
}
