/* What the calls do and tell on one server whose partner is not there. */
#include <string.h>
#include <time.h>

#include "conformance.h"

static bool equal(const char16_t *a, const char16_t *b)
{
    while (*a != 0 && *a == *b) {
        a++;
        b++;
    }
    return *a == *b;
}

static DHCP_FAILOVER_RELATIONSHIP got(LPWSTR name)
{
    DHCP_FAILOVER_RELATIONSHIP copy = {0};
    LPDHCP_FAILOVER_RELATIONSHIP r = NULL;

    also(DhcpV4FailoverGetRelationship(server, name, &r) == ERROR_SUCCESS, "it cannot be got");
    if (r == NULL)
        return copy;
    also(equal(r->RelationshipName, name) && r->SharedSecret[0] == 0, "name or secret is wrong");
    copy = *r; /* the numbers stay valid */
    DhcpRpcFreeMemory(r->RelationshipName);
    DhcpRpcFreeMemory(r->pScopes);
    DhcpRpcFreeMemory(r);
    return copy;
}

/* --- create and set -----------------------------------------------------------------------------
 */

static DWORD create_starts(void)
{
    DHCP_FAILOVER_RELATIONSHIP r = valid(u"lab ä 𐍈", 0), stored;
    DWORD code;

    r.State = r.PrevState = NORMAL;
    code = DhcpV4FailoverCreateRelationship(server, &r);
    stored = got(u"lab ä 𐍈");
    also(stored.State == STARTUP && stored.PrevState == INIT, "it is not STARTUP after INIT");
    also(stored.PrimaryServer == 0x7f000001 && stored.SecondaryServer == PARTNER &&
             stored.Mclt == 3600 && stored.Percentage == 50,
         "numbers are not stored");
    also(is_failover(0), "its scope is not in failover");
    return code;
}

static DWORD safe_period(DWORD given, DWORD expected)
{
    DHCP_FAILOVER_RELATIONSHIP r = valid(u"lab", 0);
    DWORD code;

    r.SafePeriod = given;
    code = DhcpV4FailoverCreateRelationship(server, &r);
    also(got(u"lab").SafePeriod == expected, "SafePeriod is wrong");
    return code;
}
static DWORD safe_period_0(void)
{
    return safe_period(0, NEVER);
}
static DWORD safe_period_600(void)
{
    return safe_period(600, 600);
}

static DWORD set_mclt_only(void)
{
    DHCP_FAILOVER_RELATIONSHIP r = valid(u"lab", 0), stored;
    DWORD code;

    also(make(u"lab", 0) == ERROR_SUCCESS, "it was not made");
    r.Percentage = 200;
    r.Mode = (DHCP_FAILOVER_MODE)7;
    r.Mclt = 1800;
    code = DhcpV4FailoverSetRelationship(server, MCLT, &r);
    stored = got(u"lab");
    also(stored.Percentage == 50 && stored.Mode == LoadBalance && stored.Mclt == 1800,
         "more or less than the MCLT was changed");
    return code;
}

static DWORD set_two(void)
{
    DHCP_FAILOVER_RELATIONSHIP r = valid(u"lab", 0), stored;
    DWORD code;

    also(make(u"lab", 0) == ERROR_SUCCESS, "it was not made");
    r.Mclt = 1800;
    r.SafePeriod = 900;
    r.Percentage = 10;
    code = DhcpV4FailoverSetRelationship(server, MCLT | SAFEPERIOD, &r);
    stored = got(u"lab");
    also(stored.Mclt == 1800 && stored.SafePeriod == 900, "they were not changed");
    also(stored.Percentage == 50 && stored.Mode == LoadBalance, "others were changed");
    return code;
}

static DWORD set_mode(void)
{
    DHCP_FAILOVER_RELATIONSHIP r = valid(u"lab", 0), stored;
    DWORD code;

    also(make(u"lab", 0) == ERROR_SUCCESS, "it was not made");
    r.Mode = HotStandby;
    r.Percentage = 5;
    code = DhcpV4FailoverSetRelationship(server, MODE | PERCENTAGE, &r);
    stored = got(u"lab");
    also(stored.Mode == HotStandby && stored.Percentage == 5, "they were not changed");
    return code;
}

static DWORD set_secret(void)
{
    DHCP_FAILOVER_RELATIONSHIP r = valid(u"lab", 0);
    DWORD code;

    also(make(u"lab", 0) == ERROR_SUCCESS, "it was not made");
    r.SharedSecret = u"secret";
    code = DhcpV4FailoverSetRelationship(server, SHAREDSECRET, &r);
    (void)got(u"lab"); /* looks that the secret is not told */
    return code;
}

/* --- delete and enumerate
 * ------------------------------------------------------------------------- */

static DWORD find(DHCP_IP_ADDRESS address, LPDHCPV4_FAILOVER_CLIENT_INFO *out)
{
    DHCP_SEARCH_INFO by = {DhcpClientIpAddress, {.ClientIpAddress = address}};

    return DhcpV4FailoverGetClientInfo(server, &by, out);
}

static DWORD delete_keeps_leases(void)
{
    LPDHCPV4_FAILOVER_CLIENT_INFO info = NULL;
    LPDHCP_FAILOVER_RELATIONSHIP r;
    DWORD code;

    also(make(u"lab", LEASES) == ERROR_SUCCESS, "it was not made");
    code = DhcpV4FailoverDeleteRelationship(server, u"lab");
    also(!is_failover(LEASES), "the scope is in failover still");
    also(find(SCOPE(LEASES) + 10, &info) == ERROR_SUCCESS, "a lease is gone");
    DhcpRpcFreeMemory(info);
    also(DhcpV4FailoverGetRelationship(server, u"lab", &r) == 20115, "it is there still");
    return code;
}

static DWORD walk(DHCP_RESUME_HANDLE *handle, DWORD most, DWORD *read, DWORD *left)
{
    LPDHCP_FAILOVER_RELATIONSHIP_ARRAY all = NULL;
    DWORD code = DhcpV4FailoverEnumRelationship(server, handle, most, &all, read, left);

    also(all == NULL || all->NumElements == *read, "the array has another length");
    DhcpRpcFreeMemory(all);
    return code;
}

static DWORD enum_none(void)
{
    DHCP_RESUME_HANDLE handle = 0;
    DWORD read, left;

    return walk(&handle, NEVER, &read, &left);
}
static DWORD enum_three(void)
{
    DHCP_RESUME_HANDLE handle = 0;
    DWORD read = UNTOUCHED, left = UNTOUCHED, code;

    also(make_many(3) == ERROR_SUCCESS, "they were not made");
    code = walk(&handle, 0x10000, &read, &left);
    also(read == 3 && left == 0, "not three read and none left");
    return code;
}
static DWORD enum_one_of_three(void)
{
    DHCP_RESUME_HANDLE handle = 0;
    DWORD read = UNTOUCHED, left = UNTOUCHED, code;

    also(make_many(3) == ERROR_SUCCESS, "they were not made");
    code = walk(&handle, 1, &read, &left);
    also(read == 1 && left == 2 && handle == 1, "not one read and two left");
    return code;
}
static DWORD enum_to_the_end(void)
{
    DHCP_RESUME_HANDLE handle = 0;
    LPDHCP_FAILOVER_RELATIONSHIP_ARRAY all;
    char16_t last = 0;
    DWORD code = ERROR_MORE_DATA, read, left, seen = 0;

    also(make_many(3) == ERROR_SUCCESS, "they were not made");
    while (code == ERROR_MORE_DATA && seen < 9) {
        code = DhcpV4FailoverEnumRelationship(server, &handle, 1, &all, &read, &left);
        if (code != ERROR_SUCCESS && code != ERROR_MORE_DATA)
            return code;
        also(all->pRelationships[0].RelationshipName[6] > last, "one was seen twice");
        last = all->pRelationships[0].RelationshipName[6];
        seen += read;
        DhcpRpcFreeMemory(all);
    }
    also(seen == 3, "not three were seen");
    return code;
}
static DWORD enum_behind(void)
{
    DHCP_RESUME_HANDLE handle = 3;
    DWORD read, left;

    also(make_many(3) == ERROR_SUCCESS, "they were not made");
    return walk(&handle, NEVER, &read, &left);
}
static DWORD enum_without_read(void)
{
    LPDHCP_FAILOVER_RELATIONSHIP_ARRAY all;
    DHCP_RESUME_HANDLE handle = 0;
    DWORD left;

    return DhcpV4FailoverEnumRelationship(server, &handle, NEVER, &all, NULL, &left);
}

/* --- scopes -------------------------------------------------------------------------------------
 */

static DWORD remove_first_of_two(void)
{
    DHCP_FAILOVER_RELATIONSHIP r = valid(u"lab", 0);
    DHCP_IP_ADDRESS list[] = {SCOPE(0), SCOPE(1)};
    DHCP_IP_ARRAY scopes = {2, list};
    DWORD code;

    r.pScopes = &scopes;
    also(DhcpV4FailoverCreateRelationship(server, &r) == ERROR_SUCCESS, "it was not made");
    scopes.NumElements = 1;
    code = DhcpV4FailoverDeleteScopeFromRelationship(server, &r);
    also(!is_failover(0) && is_failover(1), "not exactly the first was removed");
    return code;
}
static DWORD remove_last(void)
{
    DHCP_FAILOVER_RELATIONSHIP r = valid(u"lab", 0);
    LPDHCP_FAILOVER_RELATIONSHIP stored = NULL;
    DWORD code;

    also(make(u"lab", 0) == ERROR_SUCCESS, "it was not made");
    code = DhcpV4FailoverDeleteScopeFromRelationship(server, &r);
    also(DhcpV4FailoverGetRelationship(server, u"lab", &stored) == ERROR_SUCCESS &&
             stored->pScopes->NumElements == 0,
         "it is not there without scopes");
    DhcpRpcFreeMemory(stored);
    return code;
}

static DWORD of_scope(DHCP_IP_ADDRESS scope)
{
    LPDHCP_FAILOVER_RELATIONSHIP r = NULL;
    DWORD code = DhcpV4FailoverGetScopeRelationship(server, scope, &r);

    if (code == ERROR_SUCCESS)
        also(equal(r->RelationshipName, u"lab"), "it is another");
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
    DWORD code = find(SCOPE(LEASES) + 10, &info);

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
    DWORD code = find(SCOPE(LEASES) + 19, &info);

    also(info != NULL && info->ClientLeaseExpires.dwHighDateTime == 0x7fffffff &&
             info->ClientLeaseExpires.dwLowDateTime == 0xffffffff,
         "it ends");
    DhcpRpcFreeMemory(info);
    return code;
}
static DWORD no_lease(void)
{
    LPDHCPV4_FAILOVER_CLIENT_INFO info;

    return find(SCOPE(LEASES) + 99, &info);
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

/* The last one stays, for the phase "restarted". */
static DWORD keep(void)
{
    return make(u"kept", 0);
}
static DWORD is_kept(void)
{
    also(is_failover(0), "its scope is not in failover");
    return of_scope(SCOPE(1)) == 20116 ? DhcpV4FailoverDeleteRelationship(server, u"kept") : 1;
}

static const struct row rows[] = {
    {"M-CR-01", "FailoverCreateRelationship", "valid", 0, create_starts, 0},
    {"M-CR-02", "FailoverCreateRelationship", "State NORMAL is ignored", 0, create_starts, 0},
    {"M-CR-22", "FailoverCreateRelationship", "SafePeriod 0", 0, safe_period_0, 0},
    {"M-CR-23", "FailoverCreateRelationship", "SafePeriod 600", 0, safe_period_600, 0},
    {"M-SR-05", "FailoverSetRelationship", "MCLT, others are anything", 0, set_mclt_only, 0},
    {"M-SR-07", "FailoverSetRelationship", "MCLT and SAFEPERIOD", 0, set_two, 0},
    {"M-SR-10", "FailoverSetRelationship", "MODE and PERCENTAGE", 0, set_mode, 0},
    {"M-SR-12", "FailoverSetRelationship", "SHAREDSECRET", 0, set_secret, 0},
    {"M-DR-03", "FailoverDeleteRelationship", "existing", 0, delete_keeps_leases, 0},
    {"M-ER-01", "FailoverEnumRelationship", "none", 259, enum_none, 0},
    {"M-ER-02", "FailoverEnumRelationship", "three", 0, enum_three, 0},
    {"M-ER-03", "FailoverEnumRelationship", "room for one of three", 234, enum_one_of_three, 0},
    {"M-ER-04", "FailoverEnumRelationship", "to the end", 0, enum_to_the_end, 0},
    {"M-ER-05", "FailoverEnumRelationship", "handle = count", 259, enum_behind, 0},
    {"M-ER-06", "FailoverEnumRelationship", "RelationshipRead NULL", 87, enum_without_read, 0},
    {"M-DS-01", "FailoverDeleteScopeFromRelationship", "one of two", 0, remove_first_of_two, 0},
    {"M-DS-02", "FailoverDeleteScopeFromRelationship", "the last", 0, remove_last, 0},
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
    {"M-CR-28", "FailoverCreateRelationship", "to be kept over a restart", 0, keep, 0},
};
static const struct row after[] = {
    {"M-CR-28", "FailoverCreateRelationship", "the server was started again", 0, is_kept, 0},
};

const struct rows alone_rows = {"alone", rows, sizeof rows / sizeof rows[0], true};
const struct rows restarted_rows = {"restarted", after, 1, false};
