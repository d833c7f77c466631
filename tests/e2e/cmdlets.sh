#!/bin/bash
# The cmdlets that administrators of Windows know, by their names and with their parameters.
# shellcheck disable=SC2016 # $true and $false are meant for foctl
source "$(dirname "$0")/lib.sh"
RELATIONSHIP=SFO

# As on the machine of `a`, with the certificates that -ComputerName needs.
ps() {
    FO_SOCKET=$WORK/a/socket FO_CA=$CERTS/ca.pem FO_CERT=$CERTS/admin.pem FO_KEY=$CERTS/admin.key \
        "$FO_BUILD/foctl" "$@" </dev/null
}

of() {
    ctl "$1" --json relationship show "${3:-$RELATIONSHIP}" | jq -r "$2"
}

reservations() {
    ctl a --json scope show 10.20.0.0 | jq -r '[.reservations[] | .address + "=" + .client] | join(" ")'
}

step "scopes"
pair_up
expect 0 ps Add-DhcpServerv4Scope -StartRange 10.10.0.10 -EndRange 10.10.0.250 -Name "first" \
    -SubnetMask 255.255.255.0 -Description "of the test" -State Active -WhatIf
says "nothing was changed"
expect 0 ps Add-DhcpServerv4Scope -StartRange 10.10.0.10 -EndRange 10.10.0.250 -Name "first" \
    -SubnetMask 255.255.255.0 -Description "of the test"
expect 0 ps add-dhcpserverv4scope 10.20.0.10 10.20.0.250 second 255.255.255.0 -state:inactive
same "$(ctl a --json scope list | jq -r '.[] | "\(.subnet) \(.name) \(.state) \(.ranges[0])"')" \
    "10.10.0.0/24 first enabled 10.10.0.10-10.10.0.250
10.20.0.0/24 second disabled 10.20.0.10-10.20.0.250" "the scopes"
expect 0 ps Set-DhcpServerv4Scope -ScopeId 10.20.0.0 -State Active -Desc changed -PassThru --json
same "$(jq -r '"\(.state) \(.comment)"' <<<"$OUT")" "enabled changed" "what -PassThru shows"
expect 0 ps Set-DhcpServerv4Scope 10.20.0.0 -StartRange 10.20.0.10 -EndRange 10.20.0.254 -Name two
same "$(ctl a --json scope show 10.20.0.0 | jq -r '"\(.name) \(.ranges[0])"')" \
    "two 10.20.0.10-10.20.0.254" "name and range"
expect 0 ps Set-DhcpServerv4Scope 10.20.0.0 -StartRange 10.20.0.10 -EndRange 10.20.0.250 -Name second
expect 0 ps Get-DhcpServerv4FreeIPAddress 10.20.0.0 -NumAddress 2 -StartAddress 10.20.0.100 \
    -EndAddress 10.20.0.200 --json
[[ $OUT == *10.20.0.100*10.20.0.101* ]] || fail "the free addresses: $OUT"
expect 0 ps Get-DhcpServerv4Scope --json
same "$(jq length <<<"$OUT")" 2 "all scopes"
expect 0 ps Get-DhcpServerv4Scope -ScopeId 10.10.0.0, 10.20.0.0 --json
same "$(jq -s -r 'map(.name) | join(" ")' <<<"$OUT")" "first second" "two of them"

step "exclusions and reservations"
expect 0 ps Add-DhcpServerv4ExclusionRange -ScopeId 10.20.0.0 -StartRange 10.20.0.20 \
    -EndRange 10.20.0.29
same "$(ctl a --json scope show 10.20.0.0 | jq -c .exclusions)" '["10.20.0.20-10.20.0.29"]' \
    "the exclusion"
expect 0 ps Remove-DhcpServerv4ExclusionRange 10.20.0.0 10.20.0.20 10.20.0.29
expect 0 ps Add-DhcpServerv4Reservation -ScopeId 10.20.0.0 -IPAddress 10.20.0.30 \
    -ClientId F0-DE-F1-7A-00-5E -Type Dhcp
expect 0 ps Add-DhcpServerv4Reservation 10.20.0.0 10.20.0.31 F0-DE-F1-7A-00-5F
same "$(reservations)" "10.20.0.30=f0:de:f1:7a:00:5e 10.20.0.31=f0:de:f1:7a:00:5f" "the reservations"
expect 0 ps Get-DhcpServerv4Reservation -IPAddress 10.20.0.31 --json
same "$(jq -r .subnet <<<"$OUT")" "10.20.0.0/24" "the scope of a reservation"
expect 0 ps Remove-DhcpServerv4Reservation -IPAddress 10.20.0.31
expect 0 ps Remove-DhcpServerv4Reservation -ScopeId 10.20.0.0 -ClientId F0DEF17A005E
same "$(reservations)" "" "the reservations left"
expect 1 ps Remove-DhcpServerv4Reservation -IPAddress 10.99.0.1
says "[ERROR_DHCP_SUBNET_NOT_PRESENT (20005)]"

step "a relationship in one line, with all it may say"
expect 1 ps Add-DhcpServerv4Failover -Name SFO -ScopeId 10.10.0.0 \
    -PartnerServer "$(management_of b)" -SharedSecret hidden
says "there is no terminal to ask at"
expect 0 ps Add-DhcpServerv4Failover -ComputerName "$(management_of a)" -Name SFO \
    -PartnerServer "$(management_of b)" -ScopeId 10.10.0.0 -LoadBalancePercent 70 \
    -MaxClientLeadTime 2:00:00 -StateSwitchInterval 00:45:00 -SharedSecret hidden -Force \
    -PassThru --json
same "$(jq -r .name <<<"$OUT")" SFO "what -PassThru shows"
same "$(of a '[.role, .mode, .percent, .mclt_s, .safe_period_s, .auth_enabled, .local, .partner] |
    map(tostring) | join(" ")')" \
    "primary load-balance 70 7200 2700 true 127.0.0.1 127.0.0.2" "the relationship"
wait_normal 20

step "the percentage is that of the server asked, and the relationship's is the primary's"
expect 0 ps Set-DhcpServerv4Failover -ComputerName "$(management_of b)" -Name SFO \
    -LoadBalancePercent 40
same "$(of a .percent) $(of b .percent)" "60 60" "the share of the primary"
expect 0 ps Set-DhcpServerv4Failover SFO -Load 55 -WhatIf --json
same "$(jq -r '.[0] | "\(.field) \(.before) \(.after)"' <<<"$OUT")" "percent 60 55" "-WhatIf"
expect 2 ps Set-DhcpServerv4Failover SFO -ReservePercent 10
says "-ReservePercent does not suit the mode, which is LoadBalance"
expect 1 ps Set-DhcpServerv4Failover SFO -Mode HotStandby -ReservePercent 10
says "Change the mode"
expect 0 ps Set-DhcpServerv4Failover SFO -Mode HotStandby -ReservePercent 10 -Confirm:'$false'
same "$(of a '"\(.mode) \(.percent)"')" "hot-standby 10" "the mode"
expect 0 ps Set-DhcpServerv4Failover SFO -AutoStateTransition '$false' -MaxClientLeadTime 0:10:00
same "$(of b '"\(.safe_period_s) \(.mclt_s)"')" "4294967295 600" "the switch, and the lead time"
expect 0 ps Set-DhcpServerv4Failover SFO -AutoStateTransition '$true'
same "$(of b .safe_period_s)" 3600 "the interval of its own"
expect 0 ps Set-DhcpServerv4Failover SFO -SharedSecret ''
same "$(of a .auth_enabled)" false "the digest"

step "finding relationships"
expect 0 ps Get-DhcpServerv4Failover --json
same "$(jq -r '.[0].name' <<<"$OUT")" SFO "all"
expect 1 ps Get-DhcpServerv4Failover -Name nobody,SFO --json
told ERROR_DHCP_FO_RELATIONSHIP_DOES_NOT_EXIST 20115
same "$(jq -r .name <<<"$OUT")" SFO "the one there is, beside one that is not"
expect 0 ps Get-DhcpServerv4Failover -ScopeId 10.20.0.0 --json
same "$OUT" "[]" "that of a scope in none"

step "its scopes, statistics, replication"
wait_normal 20
expect 0 ps Add-DhcpServerv4FailoverScope SFO 10.20.0.0
same "$(of b '.scopes | join(" ")')" "10.10.0.0 10.20.0.0" "the scopes"
wait_normal 20
expect 0 ps Get-DhcpServerv4ScopeStatistics -ScopeId 10.10.0.0,10.20.0.0 -Failover --json
same "$(jq -s 'map(.[0].addresses) | join(" ")' <<<"$OUT")" '"241 241"' "the statistics"
expect 0 ps Add-DhcpServerv4ExclusionRange 10.20.0.0 10.20.0.40 10.20.0.49
expect 1 ps Invoke-DhcpServerv4FailoverReplication -ScopeId 10.20.0.0
expect 0 ps Invoke-DhcpServerv4FailoverReplication -ScopeId 10.20.0.0 -Force
same "$(ctl b --json scope show 10.20.0.0 | jq -c .exclusions)" '["10.20.0.40-10.20.0.49"]' \
    "the partner's exclusions"
expect 0 ps Invoke-DhcpServerv4FailoverReplication -Force
says "no difference"
expect 1 ps Remove-DhcpServerv4FailoverScope -Name SFO -ScopeId 10.99.0.0,10.20.0.0 -Force
says "10.99.0.0"
same "$(of a '.scopes | join(" ")')" "10.10.0.0" "the scopes that are left"
expect 1 ctl b scope show 10.20.0.0
expect 0 ctl a scope show 10.20.0.0

step "leases"
expect 0 ps Add-DhcpServerv4Lease -IPAddress 10.20.0.60 -ScopeId 10.20.0.0 \
    -ClientId F0-DE-F1-7A-00-5E -HostName pc -LeaseExpiryTime 2030-12-31T00:00:00Z
expect 0 ps Add-DhcpServerv4Lease 10.20.0.61 10.20.0.0 F0-DE-F1-7A-00-5F -AddressState Declined
expect 0 ps Get-DhcpServerv4Lease -ScopeId 10.20.0.0 -ClientId F0-DE-F1-7A-00-5E --json
same "$(jq -r '"\(.address) \(.name) \(.lease_expiration_text[:10])"' <<<"$OUT")" \
    "10.20.0.60 pc 2030-12-31" "the lease"
expect 0 ps Get-DhcpServerv4Lease -BadLeases --json
same "$(jq -r '.[].address' <<<"$OUT")" 10.20.0.61 "what was declined"
expect 0 ps Get-DhcpServerv4Lease -IPAddress 10.20.0.60,10.20.0.61 --json
same "$(jq -s length <<<"$OUT")" 2 "by address"
expect 0 ps Remove-DhcpServerv4Lease -BadLeases
expect 0 ps Get-DhcpServerv4Lease -ScopeId 10.20.0.0 --json
same "$(jq -r '.[].address' <<<"$OUT")" 10.20.0.60 "what is left"
expect 0 ps Remove-DhcpServerv4Lease 10.20.0.0
expect 0 ps Get-DhcpServerv4Lease 10.20.0.0 --json
same "$OUT" "[]" "what is left then"

step "the partner is down, and the end"
crash b
wait_state a COMMUNICATIONS-INTERRUPTED 30
expect 1 ps Set-DhcpServerv4Failover SFO -PartnerDown
says "really down"
expect 0 ps Set-DhcpServerv4Failover SFO -PartnerDown -Force
same "$(of a .state)" PARTNER-DOWN "the state"
start b
wait_normal 40
expect 1 ps Remove-DhcpServerv4Failover SFO
expect 0 ps Remove-DhcpServerv4Failover SFO -Force
same "$(ctl a --json relationship list)$(ctl b --json relationship list)" "[][]" "the relationships"
same "$(ctl b --json scope list)" "[]" "the partner's scopes"
expect 0 ps Remove-DhcpServerv4Scope -ScopeId 10.10.0.0,10.20.0.0 -Force
same "$(ctl a --json scope list)" "[]" "the scopes"

step "hot standby, asked of the standby"
expect 0 ps Add-DhcpServerv4Scope 10.30.0.10 10.30.0.250 third 255.255.255.0
expect 0 ps Add-DhcpServerv4Failover standby 10.30.0.0 "$WORK/b/socket" -ServerRole Standby \
    -ReservePercent 7
same "$(of a '[.role, .mode, .percent] | map(tostring) | join(" ")' standby)" \
    "secondary hot-standby 7" "the relationship of the standby"

step "IPv6"
expect 0 ps Add-DhcpServerv6Scope -Prefix 2001:db8:: -Name six -Preference 3
expect 0 ps Add-DhcpServerv6ExclusionRange 2001:db8:: 2001:db8::1 2001:db8::9
expect 0 ps Add-DhcpServerv6Reservation -Prefix 2001:db8:: -IPAddress 2001:db8::10 \
    -ClientDuid 00-01-00-01-0F -Iaid 7
expect 0 ps Get-DhcpServerv6Scope -Prefix 2001:db8:: --json
same "$(jq -r '"\(.name) \(.preference)"' <<<"$OUT")" "six 3" "the prefix"
expect 0 ps Set-DhcpServerv6Scope 2001:db8:: -State InActive
expect 0 ps Add-DhcpServerv6Lease -IPAddress 2001:db8::20 -ClientDuid 00-01-00-01-0E -Iaid 1
expect 0 ps Get-DhcpServerv6Lease -Prefix 2001:db8:: --json
same "$(jq -r '.[].address' <<<"$OUT")" "2001:db8::10
2001:db8::20" "the reservation and the lease"
expect 0 ps Remove-DhcpServerv6Lease -IPAddress 2001:db8::20
expect 0 ps Remove-DhcpServerv6Scope 2001:db8:: -Force
expect 0 ps Get-DhcpServerv6Binding --json
expect 0 ps Get-DhcpServerVersion

step "what is none of ours says what to use"
while IFS='|' read -r line words; do
    # shellcheck disable=SC2086 # words
    expect 2 ps $line
    says "$words"
done <<'END'
Set-DhcpServerv4OptionValue -ScopeId 10.0.0.0|options are the DHCP server's [ERROR_CALL_NOT_IMPLEMENTED (120)]
Get-DhcpServerv6FreeIPAddress 2001:db8::|foctl lease6 list
Get-DhcpServerv4FreeIPAddress 10.0.0.0 -StartAddress 10.0.0.1|go together
Frobnicate-DhcpServer|foctl help lists the cmdlets
Get-DhcpServerv4Scope -AsJob|-AsJob has no counterpart here: let the shell run it
Add-DhcpServerv4Scope 10.1.0.1 10.1.0.2 x 255.0.255.0|-SubnetMask 255.0.255.0 has holes
Add-DhcpServerv4Scope 10.1.0.1|-EndRange is needed
Set-DhcpServerv4Failover x -M 1:00:00|-M is short for several parameters
Set-DhcpServerv4Failover x -Nonsense 1|there is no parameter -Nonsense
Set-DhcpServerv4Failover x -MaxClientLeadTime 30|expected a time such as 1:00:00
Set-DhcpServerv4Failover x -AutoStateTransition|needs a value: '$true' or '$false', in quotes
Set-DhcpServerv4Failover x -AutoStateTransition maybe|expected $true or $false
Remove-DhcpServerv4Scope 10.1.0.0 -Confirm:|or the shell takes the dollar
Get-DhcpServerVersion surplus|what is 'surplus'?
Get-DhcpServerv4Lease|-ScopeId, -IPAddress or -BadLeases is needed
Get-DhcpServerv4Lease -IPAddress 10.1.0.1 -BadLeases|-IPAddress goes alone
END

step "every cmdlet of help is a command of help"
expect 0 "$FO_BUILD/foctl" --help
commands=$(awk '/^  [a-z]/ { print $1, $2 }' <<<"$OUT")
awk '/^  [A-Z].*-Dhcp/ { print $1, $2, $3 }' <<<"$OUT" >"$WORK/cmdlets"
same "$(wc -l <"$WORK/cmdlets")" 36 "how many cmdlets there are"
while read -r cmdlet noun verb; do
    [[ $'\n'$commands == *$'\n'"$noun ${verb:-}"* ]] || fail "$cmdlet is '$noun $verb', which is none"
done <"$WORK/cmdlets"
