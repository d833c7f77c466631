#!/bin/bash
# What foctl reads of a dhcpd.conf is what dhcpd reads of it, and what it writes dhcpd takes: fod
# becomes the partner of a dhcpd by the file that this dhcpd runs, and the same dhcpd goes on with
# what fod exports. The file is one as people have them: included files, a shared network with two
# subnets, pools inside and outside of subnets and one without failover, a map of hash buckets.
fod_role=${1:-primary}
source "$(dirname "$0")/lib.sh"
declare -r SITE_HBA=00:ff:0f:f0:55:aa:33:cc:01:02:04:08:10:20:40:80:00:ff:0f:f0:55:aa:33:cc:01:02:04:08:10:20:40:80
declare -r SCOPES='10.16.0.0 10.17.0.0 10.18.4.0'
declare -r ADDRESSES=$((100 + 50 + 90 + 31 + 200)) # in the pools with failover
if [[ $fod_role == primary ]]; then
    options=(--mclt "$MCLT" --split 64) # a secondary's file does not tell
    primarys_facts=''
else
    options=()
    primarys_facts="mclt $MCLT; hba ${SITE_HBA:0:48}
        ${SITE_HBA:48};"
fi
rig_up

# In the place of the rig's: at first the file below, later what fod exports.
dhcpd_config() {
    cat <<END
authoritative;
ddns-update-style none;
ping-check false;
db-time-format local;
default-lease-time $LEASE_TIME;
END
    if [[ -e $WORK/exported.conf ]]; then
        cat "$WORK/exported.conf"
    else
        site_config "$2"
    fi
}

site_config() {
    cat >"$WORK/failover.conf" <<END
# One relationship for all of the site.
failover peer "$RELATIONSHIP" { $1;
    address ${FO_ADDRESS[b]}; port 647;
    peer address ${FO_ADDRESS[a]}; peer port 647;
    max-response-delay $MAX_RESPONSE_DELAY; max-unacked-updates $MAX_UNACKED;
    max-lease-misbalance 10; load balance max seconds $BALANCE_SECONDS;
    $primarys_facts
}
END
    cat >"$WORK/branch.conf" <<END
subnet 10.18.4.0 netmask 255.255.254.0 {
    option routers 10.18.4.1;
    pool { FAILOVER PEER "$RELATIONSHIP"; range 10.18.5.199 10.18.5.0; } # either order will do
}
END
    cat <<END
option domain-name "example.org";
option space lights;
option lights.colour code 1 = text;
include "$WORK/failover.conf";
class "phones" { match if substring(option vendor-class-identifier, 0, 5) = "phone"; }

shared-network office {
    option domain-name-servers 10.16.255.1, 10.16.255.2;
    subnet 10.16.0.0 netmask 255.255.0.0 {
        option routers 10.16.255.1;
        pool {
            failover peer "$RELATIONSHIP";
            deny members of "phones";
            range 10.16.0.1 10.16.0.100;
            range 10.16.2.1 10.16.2.50;
        }
        pool { allow members of "phones"; range 10.16.9.1 10.16.9.20; }
    }
    subnet 10.17.0.0 netmask 255.255.255.0 { option routers 10.17.0.1; }
    pool {
        failover peer "$RELATIONSHIP";
        range 10.17.0.10 10.17.0.99;
        range 10.17.0.120 10.17.0.150;
    }
}
group {
    default-lease-time $((LEASE_TIME / 2));
    include "$WORK/branch.conf";
    host printer { hardware ethernet 02:00:00:00:66:00; fixed-address 10.18.4.9; }
}
END
}

both_normal_and_agreed() {
    wait_fod a NORMAL 60
    wait_dhcpd b normal 10
    until_true 20 stores_agree || fail "the stores differ: $(store_difference)"
}

# A lease on an address of fod's in each subnet, by an operator; dhcpd has to take every one.
lease_in_each_scope() {
    local scope address wanted=free
    [[ $fod_role == secondary ]] && wanted=backup
    for scope in $SCOPES; do
        address=$(fod_leases a | awk -v wanted=$wanted -v net="${scope%.*.*}." \
            '$2 == wanted && index($1, net) == 1 && !n++ { print $1 }')
        [[ -n $address ]] || fail "fod has no address to give in $scope"
        foctl a lease create "$address" --hardware "02:00:00:00:66:0$1" --duration 5m \
            >>"$WORK/created"
    done
}

# A fod without a store becomes the partner of the dhcpd of that file.
import_as_partner() {
    fod_config a >"$WORK/fod-a.conf"
    start_in_ns a "$WORK/fod-a.log" "$FO_BUILD/fod" --config "$WORK/fod-a.conf"
    FOD_PID[a]=$!
    until_true 10 fod_answers a || fail "fod: $(tail -1 "$WORK/fod-a.log")"
    foctl a --json relationship import "$1" "$RELATIONSHIP" --as-partner "${options[@]}" \
        >"$WORK/import.json" 2>"$WORK/import.err" || fail "$(cat "$WORK/import.err")"
}

# What an operator decided of the relationship and its scopes.
relationship() {
    foctl a --json relationship show "$RELATIONSHIP" | jq 'del(.state)'
    foctl a --json scope list
}

step "fod becomes the partner of a dhcpd by its file"
start_dhcpd b "$(other_role "$fod_role")"
import_as_partner "$WORK/dhcpd-b.conf"
same "$(jq -r '"\(.role) \(.scopes_created)"' "$WORK/import.json")" "$fod_role 3" "the import"
grep '^foctl: 1 ranges .* left out$' "$WORK/import.err" >/dev/null ||
    fail "nothing is said of the pool without failover"
same "$(foctl a --json scope list | jq -r '[.[].subnet | .[:-3]] | sort | join(" ")')" "$SCOPES" \
    "the scopes"
both_normal_and_agreed
same "$(fod_leases a | wc -l)" $ADDRESSES "addresses"

step "leases of every subnet reach the other"
lease_in_each_scope 1
perfdhcp_run 20 2 >"$WORK/acked"
(($(<"$WORK/acked") > 0)) || fail "nobody was served"
until_true 20 stores_agree || fail "the stores differ: $(store_difference)"

step "dhcpd takes what fod exports"
foctl a relationship export "$RELATIONSHIP" --format dhcpd.conf >"$WORK/exported.conf"
"$WORK/dhcpd" -t -cf "$WORK/exported.conf" >"$WORK/dhcpd-t.log" 2>&1 ||
    fail "dhcpd -t: $(tail -3 "$WORK/dhcpd-t.log")"
if [[ $fod_role == secondary ]]; then
    same "$(sed -n '/hba/,/;/p' "$WORK/exported.conf" | tr -d ' \n;')" "hba$SITE_HBA" "the hash buckets"
fi

step "and is its partner again with that"
stop_dhcpd b
wait_fod a COMMUNICATIONS-INTERRUPTED 10
start_dhcpd b "$(other_role "$fod_role")"
both_normal_and_agreed
lease_in_each_scope 2
perfdhcp_run 20 2 2 >"$WORK/acked"
(($(<"$WORK/acked") > 0)) || fail "nobody was served"
until_true 20 stores_agree || fail "the stores differ: $(store_difference)"
dhcpd_log_has b 'rejected|bind update on .* FAILED' && fail "dhcpd refused an update"

step "what was exported says what was imported: a new fod makes the same of it"
relationship >"$WORK/before.json"
stop_fod a
mv "$WORK/fod-a.store" "$WORK/fod-a.old"
import_as_partner "$WORK/exported.conf"
relationship >"$WORK/after.json"
found=$(diff "$WORK/before.json" "$WORK/after.json") || fail "${found//$'\n'/ }"
