# Judges a record of what clients were told (README.md has the words), sorted by time. Prints every
# broken promise of the four, and the totals; fails if one was broken or nothing was there to judge.
#
#   sort -s -n -k 1,1 RECORD | awk -v mclt=SECONDS -f check.awk
#
# Clocks of servers differ by whole seconds and are measured: what one server says of the other's
# times is allowed SLACK. A lease that has EDGE left or less may be over in a store by the time it
# was listed. A look at the partner counts for what was told up to LOOK before.

BEGIN {
    SLACK = 2
    EDGE = 1
    LOOK = 1.5
}

{ now = $1 }

# TIME told CLIENT ADDRESS END SIDE RECKONED
$2 == "told" {
    told++
    one_client($3, $4)
    not_beyond($3, $4, $5, $7, "by the record of " $6, 0)
    if (holder[$4] != $3)
        grants++
    holder[$4] = $3
    until[$4] = $5
    side[$4] = $6
    since[$4] = now
}

# TIME released CLIENT ADDRESS
$2 == "released" && holder[$4] == $3 {
    released++
    until[$4] = 0
}

# TIME reckons SIDE ADDRESS UNTIL
$2 == "reckons" && side[$4] != $3 && now - since[$4] < LOOK {
    looks++
    not_beyond(holder[$4], $4, until[$4], $5, "as " $3 " reckons", SLACK)
}

# TIME stored SIDE ADDRESS STATUS CLIENT END; then TIME listed SIDE BEGAN own|all|last
$2 == "stored" {
    status[$3, $4] = $5
    client[$3, $4] = $6
    end[$3, $4] = $7
    addresses[$4] = 1
}
$2 == "listed" {
    for (address in until)
        still_known($3, address, $4, $5)
    if ($5 == "last")
        last_list[$3] = 1
    else
        forget($3)
}

# TIME normal SECONDS BOUND: what it took both after the last fault
$2 == "normal" && $3 > $4 { broken(4, "NORMAL only after " $3 " s, more than " $4) }

END {
    if ("a" in last_list && "b" in last_list)
        equal_stores()
    printf "%d grants and %d renewals acknowledged, %d released; %d handed on, %d looks at the " \
           "partner, %d leases found after a restart or at the end; violations %d\n",
           grants, told - grants, released, handed_on, looks, found, violations
    exit violations > 0
}

function broken(promise, what)
{
    violations++
    printf "VIOLATION of promise %d at %.3f: %s\n", promise, now, what
}

# Promise 1.
function one_client(who, address)
{
    if (!(address in holder) || holder[address] == who)
        return
    handed_on++
    if (until[address] > now)
        broken(1, sprintf("%s is told to %s, and is of %s until %.3f", address, who, holder[address],
                          until[address]))
}

# Promise 2: what the partner reckons with, or now, and the MCLT.
function not_beyond(who, address, ends, reckoned, says, slack,    from)
{
    if (reckoned == "-")
        return
    from = reckoned > now ? reckoned : now
    if (ends > from + mclt + slack)
        broken(2, sprintf("%s has %s until %.3f, %.3f s beyond what it may, %s", who, address, ends,
                          ends - from - mclt, says))
}

# Promise 3: what a server acknowledged before its list began is in it, and what either did in all.
function still_known(where, address, began, whose,    slack)
{
    if ((whose == "own" && side[address] != where) || since[address] > began ||
        until[address] <= now + EDGE)
        return
    found++
    slack = side[address] == where ? 0 : SLACK
    if (status[where, address] != "active" || client[where, address] != holder[address])
        broken(3, sprintf("%s lost the lease of %s: %s instead of %s", where, address,
                          status[where, address] " " client[where, address], holder[address]))
    else if (end[where, address] < until[address] - slack)
        broken(3, sprintf("%s has %s end at %.3f, %.3f was acknowledged", where, address,
                          end[where, address], until[address]))
}

# Promise 4. What is not named is free: dhcpd forgets what nobody ever had.
function equal_stores(    address)
{
    for (address in addresses) {
        if (text("a", address) != text("b", address))
            broken(4, address " is '" text("a", address) "' in a, '" text("b", address) "' in b")
        else if (status["a", address] == "active" &&
                 (end["a", address] - end["b", address]) ^ 2 > SLACK ^ 2)
            broken(4, sprintf("the lease of %s ends at %.3f in a, %.3f in b", address,
                              end["a", address], end["b", address]))
    }
}

function text(where, address,    what)
{
    what = status[where, address]
    if (what == "active")
        return what " " client[where, address]
    return what == "" ? "free" : what
}

function forget(where,    address)
{
    for (address in addresses)
        delete status[where, address]
}
