/* What the calls tell of scopes, addresses, leases and the server. */
#include <string.h>
#include <time.h>

#include "conformance.h"

/* --- scopes ------------------------------------------------------------------------------------
 */

static DWORD of_scope(DHCP_IP_ADDRESS scope)
{
    LPDHCP_FAILOVER_RELATIONSHIP r = NULL;
    DWORD code = DhcpV4FailoverGetScopeRelationship(server, scope, &r);

    if (code == ERROR_SUCCESS)
        also(same_text(r->RelationshipName, u"lab"), "it is another");
    DhcpRpcFreeMemory(r);
    return code;
}
static DWORD of_scope_0(void)
{
    return of_scope(0);
}
static DWORD of_free_scope(void)
{
    return of_scope(SCOPE(1));
}
static DWORD of_unknown_scope(void)
{
    return of_scope(UNKNOWN);
}
static DWORD of_member(void)
{
    also(make(u"lab", 0) == ERROR_SUCCESS && make(u"other", 1) == ERROR_SUCCESS, "not made");
    return of_scope(SCOPE(0));
}

static DWORD statistics(DHCP_IP_ADDRESS scope, DHCP_FAILOVER_STATISTICS *out)
{
    LPDHCP_FAILOVER_STATISTICS s = NULL;
    DWORD code = DhcpV4FailoverGetScopeStatistics(server, scope, &s);

    if (code == ERROR_SUCCESS)
        *out = *s;
    DhcpRpcFreeMemory(s);
    return code;
}
static DWORD statistics_0(void)
{
    DHCP_FAILOVER_STATISTICS s;

    return statistics(0, &s);
}
static DWORD statistics_ordinary(void)
{
    DHCP_FAILOVER_STATISTICS s;

    return statistics(SCOPE(1), &s);
}
static DWORD statistics_of_100(void)
{
    DHCP_FAILOVER_STATISTICS s = {0};
    DWORD code;

    also(make(u"lab", LEASES) == ERROR_SUCCESS, "it was not made");
    code = statistics(SCOPE(LEASES), &s);
    also(s.NumAddr == 100 && s.AddrInUse == 10 && s.AddrFree == 90, "counts are wrong");
    also(s.AddrFree == s.ThisAddrFree + s.PartnerAddrFree &&
             s.AddrInUse == s.ThisAddrInUse + s.PartnerAddrInUse,
         "sums do not agree");
    return code;
}

/* --- one lease -----------------------------------------------------------------------------------
 */

static long long seconds_until(DATE_TIME date)
{
    uint64_t ticks = (uint64_t)date.dwHighDateTime << 32 | date.dwLowDateTime;
    long long utc_s = (long long)(ticks / 10000000) - 11644473600;

    return utc_s - (long long)time(NULL);
}

static DWORD lease_by_address(void)
{
    static const BYTE unique[] = {0, 37, 0, 10, 1, 0, 0x0c, 1, 2, 3, 10};
    LPDHCPV4_FAILOVER_CLIENT_INFO info = NULL, again = NULL;
    DHCP_SEARCH_INFO by = {.SearchType = DhcpClientHardwareAddress};
    DWORD code = find_lease(SCOPE(LEASES) + 10, &info);

    if (info == NULL)
        return code;
    also(info->SubnetMask == 0xffffff00 && info->StartTime != 0, "mask or StartTime is wrong");
    also(info->ClientHardwareAddress.DataLength == sizeof unique &&
             memcmp(info->ClientHardwareAddress.Data, unique, sizeof unique) == 0,
         "the hardware address is not in unique-ID form");
    also(seconds_until(info->ClientLeaseExpires) > 85000 &&
             seconds_until(info->ClientLeaseExpires) <= 86400,
         "the lease does not end in a day");
    by.SearchInfo.ClientHardwareAddress = info->ClientHardwareAddress;
    also(DhcpV4FailoverGetClientInfo(server, &by, &again) == ERROR_SUCCESS &&
             again->ClientIpAddress == SCOPE(LEASES) + 10,
         "its unique ID does not find it");
    if (again != NULL)
        info->ClientHardwareAddress.Data[1]++; /* the same client, another subnet */
    by.SearchInfo.ClientHardwareAddress = info->ClientHardwareAddress;
    DhcpRpcFreeMemory(again);
    also(DhcpV4FailoverGetClientInfo(server, &by, &again) == 20013, "found in another subnet");
    DhcpRpcFreeMemory(info);
    return code;
}
static DWORD infinite_lease(void)
{
    LPDHCPV4_FAILOVER_CLIENT_INFO info = NULL;
    DWORD code = find_lease(SCOPE(LEASES) + 19, &info);

    also(info != NULL && info->ClientLeaseExpires.dwHighDateTime == 0x7fffffff &&
             info->ClientLeaseExpires.dwLowDateTime == 0xffffffff,
         "it ends");
    DhcpRpcFreeMemory(info);
    return code;
}
static DWORD no_lease(void)
{
    LPDHCPV4_FAILOVER_CLIENT_INFO info;

    return find_lease(SCOPE(LEASES) + 99, &info);
}
static DWORD by_name(LPWSTR name, DHCP_IP_ADDRESS *out)
{
    DHCP_SEARCH_INFO by = {DhcpClientName, {.ClientName = name}};
    LPDHCPV4_FAILOVER_CLIENT_INFO info = NULL;
    DWORD code = DhcpV4FailoverGetClientInfo(server, &by, &info);

    if (code == ERROR_SUCCESS)
        *out = info->ClientIpAddress;
    DhcpRpcFreeMemory(info);
    return code;
}
static DWORD lease_of_null_name(void)
{
    DHCP_IP_ADDRESS address;

    return by_name(NULL, &address);
}
static DWORD lease_of_one_name(void)
{
    DHCP_IP_ADDRESS address = 0;
    DWORD code = by_name(u"pc", &address);

    also(address == SCOPE(LEASES) + 10, "it is not the lowest address");
    return code;
}

/* --- the server ----------------------------------------------------------------------------------
 */

static DWORD clock_of_server(void)
{
    DWORD now = 0, delta = 0, code = DhcpV4FailoverGetSystemTime(server, &now, &delta);
    long long apart = (long long)time(NULL) - (long long)now;

    also(apart >= -1 && apart <= 1, "it is another time there");
    also(delta == 60, "the difference allowed is not 60 s");
    return code;
}
static DWORD clock_into_null(void)
{
    return DhcpV4FailoverGetSystemTime(server, NULL, NULL);
}

static DWORD status_of(DHCP_IP_ADDRESS address, DWORD *out)
{
    return DhcpV4FailoverGetAddressStatus(server, address, out);
}
static DWORD status_in_no_subnet(void)
{
    DWORD status;

    return status_of(UNKNOWN + 1, &status);
}
static DWORD status_without_failover(void)
{
    DWORD status;

    return status_of(SCOPE(1) + 10, &status);
}
static DWORD status_of_some(void)
{
    DWORD excluded = UNTOUCHED, reserved = UNTOUCHED, free_one = UNTOUCHED, code;

    also(make(u"lab", 0) == ERROR_SUCCESS, "it was not made");
    code = status_of(SCOPE(0) + 20, &excluded);
    also(status_of(SCOPE(0) + 30, &reserved) == ERROR_SUCCESS && reserved == 3, "not reserved");
    also(status_of(SCOPE(0) + 40, &free_one) == ERROR_SUCCESS && free_one == 0,
         "not the primary's");
    also(excluded == 2, "not excluded");
    return code;
}

static DWORD version(void)
{
    DWORD major = 0, minor = UNTOUCHED, code = DhcpGetVersion(server, &major, &minor);

    also(major == 10 && minor == 0, "it is not 10.0");
    return code;
}
static DWORD nobody_there(void)
{
    DWORD major, minor;

    return DhcpGetVersion(u"127.0.0.1:1", &major, &minor);
}
static DWORD no_socket(void)
{
    DWORD major, minor;

    return DhcpGetVersion(u"/nowhere/fod.sock", &major, &minor);
}

static const struct row rows[] = {
    {"M-GS-01", "FailoverGetScopeRelationship", "ScopeId 0", 87, of_scope_0, 0},
    {"M-GS-02", "FailoverGetScopeRelationship", "free scope", 20116, of_free_scope, 0},
    {"M-GS-02", "FailoverGetScopeRelationship", "unknown scope", 20116, of_unknown_scope, 0},
    {"M-GS-03", "FailoverGetScopeRelationship", "member", 0, of_member, 0},
    {"M-ST-01", "FailoverGetScopeStatistics", "ScopeId 0", 87, statistics_0, 0},
    {"M-ST-02", "FailoverGetScopeStatistics", "ordinary scope", 2, statistics_ordinary, 0},
    {"M-ST-03", "FailoverGetScopeStatistics", "100 addresses, 10 leased", 0, statistics_of_100, 0},
    {"M-CI-01", "FailoverGetClientInfo", "by address", 0, lease_by_address, 0},
    {"§2.1", "FailoverGetClientInfo", "a lease without end", 0, infinite_lease, 0},
    {"M-CI-02", "FailoverGetClientInfo", "no such lease", 20013, no_lease, 0},
    {"M-CI-03", "FailoverGetClientInfo", "by name, NULL", 87, lease_of_null_name, 0},
    {"M-CI-04", "FailoverGetClientInfo", "two of one name", 0, lease_of_one_name, 0},
    {"M-TM-01", "FailoverGetSystemTime", "any", 0, clock_of_server, 0},
    {"M-TM-02", "FailoverGetSystemTime", "pTime NULL", 87, clock_into_null, 0},
    {"M-AD-01", "FailoverGetAddressStatus", "in no subnet", 87, status_in_no_subnet, 0},
    {"M-AD-02", "FailoverGetAddressStatus", "scope not in failover", 20116, status_without_failover,
     0},
    {"M-AD-03", "FailoverGetAddressStatus", "excluded, reserved, free", 0, status_of_some, 0},
    {"M-MI-01", "GetVersion", "nobody", 0, version, NOBODY},
    {"§4.1", "GetVersion", "no server at that port", 1722, nobody_there, 0},
    {"§4.1", "GetVersion", "no server at that socket", 1753, no_socket, 0},
};

const struct rows told_rows = {"alone", rows, sizeof rows / sizeof rows[0], true};
