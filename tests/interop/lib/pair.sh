# shellcheck shell=bash
# fod on side a and dhcpd on side b as a pair: what the two must agree on.
#
#   pair_up ROLE                fod has that role; both reach NORMAL
#   pair_forget                 stops both and removes what they have stored
#   other_role ROLE
#   split_for_dhcpd_alone ROLE  the SPLIT by which dhcpd serves every client when fod has that role
#   fod_address SIDE ROLE       an available address that fod with that role may give
#   pools CMD…                  "FREE BACKUP": how many addresses CMD, one of dhcpd_leases and
#                               fod_leases with its SIDE, shows as such
#   pools_are FREE BACKUP CMD…
#   primary_side ROLE           the side of the primary when fod has that role
#   entry ADDRESS CMD…          what CMD, dhcpd_leases or fod_leases with its side, shows of it
#   wait_entries ADDRESS STATUS COLUMNS SECONDS
#                               both databases have the address in that status (a pattern), and the
#                               same in these columns of lib/leases.awk
#   active_are N CMD…           CMD shows so many leases
#   stores_agree                address by address: the same status; of a lease also client and end
#   store_difference            the first addresses that differ (< dhcpd, > fod)

other_role() {
    if [[ $1 == primary ]]; then echo secondary; else echo primary; fi
}

split_for_dhcpd_alone() {
    if [[ $1 == primary ]]; then echo 0; else echo 256; fi
}

pair_up() {
    local role=$1
    start_fod a "$role"
    start_dhcpd b "$(other_role "$role")"
    wait_fod a NORMAL 60
    wait_dhcpd b normal 10
}

pair_forget() {
    stop_fod a
    stop_dhcpd b
    rm -r "$WORK"/fod-a.{store,made} "$WORK/dhcpd-b.leases"
}

pools() {
    "$@" | awk '{ n[$2]++ } END { print n["free"] + 0, n["backup"] + 0 }'
}

fod_address() {
    local side=$1 status=free
    [[ $2 == secondary ]] && status=backup
    fod_leases "$side" | awk -v status="$status" '$2 == status && !n++ { print $1 }'
}

primary_side() {
    if [[ $1 == primary ]]; then echo a; else echo b; fi
}

entry() {
    local address=$1
    shift
    "$@" | awk -F '\t' -v address="$address" '$1 == address'
}

entries_agree() {
    local address=$1 status=$2 columns=$3 fod dhcpd
    fod=$(entry "$address" fod_leases a)
    dhcpd=$(entry "$address" dhcpd_leases b)
    # shellcheck disable=SC2053 # a pattern
    [[ $(cut -f 2 <<<"$fod") == $status ]] &&
        [[ $(cut -f "$columns" <<<"$fod") == "$(cut -f "$columns" <<<"$dhcpd")" ]]
}

wait_entries() {
    until_true "$4" entries_agree "$1" "$2" "$3" || fail "columns $3 of $1, $2, are \
'$(entry "$1" fod_leases a)' with fod, '$(entry "$1" dhcpd_leases b)' with dhcpd"
}

pools_are() {
    local free=$1 backup=$2
    shift 2
    [[ $(pools "$@") == "$free $backup" ]]
}

active_are() {
    local n=$1
    shift
    (($("$@" | cut -f 2 | grep -cw active || true) == n))
}

# Of an active lease also hardware, client identifier and lease end. An address that dhcpd does not
# name is free: it forgets those that nobody ever had.
agreed_columns() {
    awk -F '\t' -v OFS='\t' '$2 != "free" {
        print $1, $2, $2 == "active" ? $3 OFS $4 OFS $5 : "" }'
}

store_difference() {
    diff <(dhcpd_leases b | agreed_columns) <(fod_leases a | agreed_columns) |
        awk '/^[<>]/ && n++ < 6'
}

stores_agree() {
    [[ -z $(store_difference || true) ]]
}
