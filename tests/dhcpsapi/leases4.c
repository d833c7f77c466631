/* IPv4 leases made, read, changed and ended on one server (M-L4-…, M-CI-…). */
#include <string.h>
#include <time.h>

#include "leases4.h"

/* --- made by hand ------------------------------------------------------------------------------
 */

static BYTE bytes[300];

DHCP_CLIENT_UID client4(BYTE number)
{
    static BYTE hardware[6] = {0x02, 0, 0, 0, 4};

    hardware[5] = number;
    return (DHCP_CLIENT_UID){sizeof hardware, hardware};
}

DATE_TIME date_in(long long seconds)
{
    uint64_t ticks = (uint64_t)((long long)time(NULL) + seconds + 11644473600) * 10000000;

    return (DATE_TIME){(DWORD)ticks, (DWORD)(ticks >> 32)};
}

long long seconds_until(DATE_TIME date)
{
    uint64_t ticks = (uint64_t)date.dwHighDateTime << 32 | date.dwLowDateTime;

    return (long long)(ticks / 10000000) - 11644473600 - (long long)time(NULL);
}

DHCP_CLIENT_INFO_PB lease4(DHCP_IP_ADDRESS address, BYTE number)
{
    return (DHCP_CLIENT_INFO_PB){.ClientIpAddress = address,
                                 .ClientHardwareAddress = client4(number),
                                 .ClientLeaseExpires = date_in(3600),
                                 .AddressState = ADDRESS_STATE_ACTIVE};
}

DWORD create4(DHCP_IP_ADDRESS address, BYTE number)
{
    DHCP_CLIENT_INFO_PB info = lease4(address, number);

    return DhcpV4CreateClientInfo(server, &info);
}

DWORD get4(DHCP_IP_ADDRESS address, LPDHCP_CLIENT_INFO_PB *out)
{
    DHCP_SEARCH_INFO by = {DhcpClientIpAddress, {.ClientIpAddress = address}};

    return DhcpV4GetClientInfo(server, &by, out);
}

DWORD delete4(DHCP_IP_ADDRESS address)
{
    DHCP_SEARCH_INFO by = {DhcpClientIpAddress, {.ClientIpAddress = address}};

    return DhcpDeleteClientInfo(server, &by);
}

DWORD count4(DHCP_IP_ADDRESS subnet)
{
    LPDHCP_CLIENT_INFO_PB_ARRAY all = NULL;
    DHCP_RESUME_HANDLE handle = 0;
    DWORD read = 0, total = UNTOUCHED;
    DWORD code = DhcpV4EnumSubnetClients(server, subnet, &handle, NEVER, &all, &read, &total);

    also(code == ERROR_SUCCESS || code == 259, "the leases cannot be enumerated");
    DhcpRpcFreeMemory(all);
    return code == ERROR_SUCCESS ? read : 0;
}

void clear4(int n)
{
    LPDHCP_CLIENT_INFO_PB_ARRAY all = NULL;
    DHCP_RESUME_HANDLE handle = 0;
    DWORD read, total;

    if (DhcpV4EnumSubnetClients(server, SCOPE(n), &handle, NEVER, &all, &read, &total) !=
        ERROR_SUCCESS)
        return;
    for (DWORD i = 0; i < read; i++)
        also(delete4(all->Clients[i]->ClientIpAddress) == ERROR_SUCCESS,
             "a lease of the row before cannot be deleted");
    DhcpRpcFreeMemory(all);
}

static bool same_bytes(const DHCP_CLIENT_UID *a, const void *data, size_t length)
{
    return a->DataLength == length && memcmp(a->Data, data, length) == 0;
}

/* --- create (M-L4-01 to -15) ---------------------------------------------------------------------
 */

#define N    30 /* these rows' scope, and the one behind it */
#define HERE (SCOPE(N) + 20)

static DWORD created(void)
{
    LPDHCP_FAILOVER_STATISTICS s = NULL;
    DWORD code;

    clear4(N);
    code = create4(HERE, 1);
    also(count4(SCOPE(N)) == 1, "it is not enumerated");
    also(make(u"lab", N) == ERROR_SUCCESS &&
             DhcpV4FailoverGetScopeStatistics(server, SCOPE(N), &s) == ERROR_SUCCESS &&
             s->AddrInUse == 1 && s->AddrFree == 99,
         "it is not counted");
    DhcpRpcFreeMemory(s);
    also(DhcpV4FailoverDeleteRelationship(server, u"lab") == ERROR_SUCCESS, "not deleted");
    return code;
}
static DWORD created_of_nothing(void)
{
    return DhcpV4CreateClientInfo(server, NULL);
}
static DWORD created_without_client(void)
{
    DHCP_CLIENT_INFO_PB info = lease4(HERE, 1);

    info.ClientHardwareAddress.DataLength = 0;
    return DhcpV4CreateClientInfo(server, &info);
}
static DWORD created_with_null_client(void)
{
    DHCP_CLIENT_INFO_PB info = lease4(UNKNOWN + 1, 1);

    info.ClientHardwareAddress.Data = NULL;
    return DhcpV4CreateClientInfo(server, &info);
}
static DWORD created_by_256_bytes(void)
{
    DHCP_CLIENT_INFO_PB info = lease4(HERE, 1);

    info.ClientHardwareAddress = (DHCP_CLIENT_UID){256, bytes};
    return DhcpV4CreateClientInfo(server, &info);
}
static DWORD created_offered(void)
{
    DHCP_CLIENT_INFO_PB info = lease4(HERE, 1);

    clear4(N);
    info.AddressState = ADDRESS_STATE_OFFERED | 0x70;
    also(DhcpV4CreateClientInfo(server, &info) == 87, "other bits make it another state");
    info.AddressState = ADDRESS_STATE_OFFERED;
    return DhcpV4CreateClientInfo(server, &info);
}
static DWORD created_nowhere(void)
{
    return create4(UNKNOWN + 1, 1);
}
static DWORD created_twice(void)
{
    clear4(N);
    also(create4(HERE, 1) == ERROR_SUCCESS, "it was not made");
    also(create4(HERE, 2) == 20014, "another client can have it as well");
    return create4(HERE, 1);
}
static DWORD client_twice(void)
{
    clear4(N);
    also(create4(HERE, 1) == ERROR_SUCCESS, "it was not made");
    return create4(HERE + 1, 1);
}
static DWORD client_in_two_scopes(void)
{
    clear4(N);
    clear4(N + 1);
    also(create4(HERE, 1) == ERROR_SUCCESS, "it was not made");
    return create4(SCOPE(N + 1) + 20, 1);
}
static DWORD created_by_a_user(void)
{
    also(created_of_nothing() == 5, "the argument is looked at first");
    return create4(HERE, 1);
}

/* Everything that can be given, and what is told of it. */
static DWORD created_whole(void)
{
    DHCP_CLIENT_INFO_PB info = lease4(HERE, 1);
    LPDHCP_CLIENT_INFO_PB got = NULL;
    DWORD code;

    clear4(N);
    info.SubnetMask = 0xff000000;
    info.ClientName = u"pc-ä𐍈";
    info.ClientComment = u"by hand";
    info.PolicyName = u"no such policy";
    info.bClientType = CLIENT_TYPE_BOTH;
    info.AddressState = ADDRESS_STATE_ACTIVE | 0xf8;
    info.Status = PROBATION;
    info.ProbationEnds = date_in(60);
    info.QuarantineCapable = 1;
    info.FilterStatus = FILTER_STATUS_FULL_MATCH_IN_DENY_LIST;
    code = DhcpV4CreateClientInfo(server, &info);
    also(get4(HERE, &got) == ERROR_SUCCESS, "it cannot be got");
    if (got == NULL)
        return code;
    also(got->ClientIpAddress == HERE && got->SubnetMask == 0xffffff00, "address or mask");
    also(same_text(got->ClientName, u"pc-ä𐍈") && same_text(got->ClientComment, u"by hand"),
         "name or comment is wrong");
    also(same_text(got->PolicyName, u"no such policy"), "the policy is not kept");
    also(got->bClientType == CLIENT_TYPE_BOTH && got->AddressState == (ADDRESS_STATE_ACTIVE | 0xf8),
         "type or state is not kept");
    also(got->Status == NOQUARANTINE && got->QuarantineCapable == 0 &&
             got->ProbationEnds.dwLowDateTime == 0 && got->ProbationEnds.dwHighDateTime == 0,
         "quarantine is not ignored");
    also(got->FilterStatus == FILTER_STATUS_NONE, "a filter matches");
    also(seconds_until(got->ClientLeaseExpires) > 3500 &&
             seconds_until(got->ClientLeaseExpires) <= 3600,
         "it does not end in an hour");
    DhcpRpcFreeMemory(got->ClientHardwareAddress.Data); /* as callers do on Windows */
    DhcpRpcFreeMemory(got->PolicyName);
    DhcpRpcFreeMemory(got);
    return code;
}
static DWORD read_back(void)
{
    static const BYTE unique[] = {0, N, 0, 10, 1, 0x02, 0, 0, 0, 4, 7};
    DHCP_SEARCH_INFO by = {.SearchType = DhcpClientHardwareAddress};
    LPDHCP_CLIENT_INFO_PB got = NULL, again = NULL;
    DWORD code;

    clear4(N);
    code = create4(HERE, 7);
    also(get4(HERE, &got) == ERROR_SUCCESS, "it cannot be got");
    if (got == NULL)
        return code;
    also(same_bytes(&got->ClientHardwareAddress, unique, sizeof unique), "not in unique-ID form");
    also(got->SubnetMask == 0xffffff00, "the mask is not the scope's");
    also(same_text(got->OwnerHost.NetBiosName, u"alpha") && got->OwnerHost.HostName == NULL,
         "it is not this server's");
    also(got->OwnerHost.IpAddress == (server != NULL ? 0x7f000001 : 0),
         "the owner has not the address that it was created by");
    by.SearchInfo.ClientHardwareAddress = got->ClientHardwareAddress;
    also(DhcpV4GetClientInfo(server, &by, &again) == ERROR_SUCCESS &&
             again->ClientIpAddress == HERE,
         "its unique ID does not find it");
    DhcpRpcFreeMemory(again);
    by.SearchInfo.ClientHardwareAddress = client4(7);
    also(DhcpV4GetClientInfo(server, &by, &again) == 20016, "the bare identifier finds it");
    DhcpRpcFreeMemory(got);
    return code;
}
static DWORD long_identifier(void)
{
    DHCP_CLIENT_INFO_PB info = lease4(HERE, 1);
    LPDHCP_CLIENT_INFO_PB got = NULL;
    DWORD code;

    clear4(N);
    info.ClientHardwareAddress = (DHCP_CLIENT_UID){255, bytes};
    code = DhcpV4CreateClientInfo(server, &info);
    also(get4(HERE, &got) == ERROR_SUCCESS && got->ClientHardwareAddress.DataLength == 260 &&
             memcmp(got->ClientHardwareAddress.Data + 5, bytes, 255) == 0,
         "the identifier is another");
    DhcpRpcFreeMemory(got);
    info.ClientIpAddress++;
    also(DhcpV4CreateClientInfo(server, &info) == 20014, "the client can have two");
    return code;
}
static DWORD created_declined(void)
{
    DHCP_CLIENT_INFO_PB info = lease4(HERE, 1);
    LPDHCP_CLIENT_INFO_PB got = NULL;
    DWORD code;

    clear4(N);
    info.AddressState = ADDRESS_STATE_DECLINED;
    code = DhcpV4CreateClientInfo(server, &info);
    also(get4(HERE, &got) == ERROR_SUCCESS && got->AddressState == ADDRESS_STATE_DECLINED,
         "it is not DECLINED");
    DhcpRpcFreeMemory(got);
    also(create4(HERE, 1) == 20014 && create4(HERE, 2) == 20014, "somebody gets it");
    return code;
}
static DWORD created_doomed(void)
{
    DHCP_CLIENT_INFO_PB info = lease4(HERE, 1);
    LPDHCP_CLIENT_INFO_PB got = NULL;
    DWORD code;

    clear4(N);
    info.AddressState = ADDRESS_STATE_DOOM;
    code = DhcpV4CreateClientInfo(server, &info);
    also(get4(HERE, &got) == ERROR_SUCCESS && got->AddressState == ADDRESS_STATE_DOOM,
         "the state is not kept");
    DhcpRpcFreeMemory(got);
    return code;
}
static DWORD created_outside(void)
{
    LPDHCP_CLIENT_INFO_PB got = NULL;
    DWORD code;

    clear4(N);
    code = create4(SCOPE(N) + 200, 1);
    also(count4(SCOPE(N)) == 1, "it is not enumerated");
    also(get4(SCOPE(N) + 200, &got) == ERROR_SUCCESS, "it cannot be got");
    DhcpRpcFreeMemory(got);
    also(create4(SCOPE(N) + 200, 2) == 20014, "it can be made again");
    return code;
}

static DWORD with_expiry(DATE_TIME given, LPDHCP_CLIENT_INFO_PB *out)
{
    DHCP_CLIENT_INFO_PB info = lease4(HERE, 1);
    DWORD code;

    clear4(N);
    info.ClientLeaseExpires = given;
    code = DhcpV4CreateClientInfo(server, &info);
    *out = NULL;
    if (get4(HERE, out) != ERROR_SUCCESS)
        *out = NULL;
    return code;
}
static DWORD never_ends(DATE_TIME given)
{
    LPDHCP_CLIENT_INFO_PB got;
    DWORD code = with_expiry(given, &got);

    also(got != NULL && got->ClientLeaseExpires.dwHighDateTime == 0x7fffffff &&
             got->ClientLeaseExpires.dwLowDateTime == 0xffffffff,
         "it ends");
    DhcpRpcFreeMemory(got);
    return code;
}
static DWORD infinite(void)
{
    return never_ends((DATE_TIME){0xffffffff, 0x7fffffff});
}
static DWORD without_expiry(void)
{
    return never_ends((DATE_TIME){0, 0});
}
static DWORD beyond_the_clock(void)
{
    return never_ends(date_in(100LL * 365 * 86400));
}
static DWORD in_the_past(void)
{
    LPDHCP_CLIENT_INFO_PB got;
    DWORD code = with_expiry(date_in(-3600), &got);

    /* It is over: whether its record is there still is a matter of seconds. */
    also(got == NULL || seconds_until(got->ClientLeaseExpires) < 0, "it is not over");
    DhcpRpcFreeMemory(got);
    return code;
}
static DWORD in_1700(void)
{
    LPDHCP_CLIENT_INFO_PB got;
    DWORD code = with_expiry((DATE_TIME){0, 7000000}, &got);

    also(got == NULL || seconds_until(got->ClientLeaseExpires) < 0, "it is not over");
    DhcpRpcFreeMemory(got);
    return code;
}

static LPWSTR text_of(size_t length)
{
    static WCHAR text[300];

    for (size_t i = 0; i < length; i++)
        text[i] = u'語';
    text[length] = 0;
    return text;
}
static DWORD with_comment(size_t length)
{
    DHCP_CLIENT_INFO_PB info = lease4(HERE, 1);
    LPDHCP_CLIENT_INFO_PB got = NULL;
    DWORD code;

    clear4(N);
    info.ClientComment = text_of(length);
    code = DhcpV4CreateClientInfo(server, &info);
    if (code == ERROR_SUCCESS)
        also(get4(HERE, &got) == ERROR_SUCCESS && same_text(got->ClientComment, text_of(length)),
             "it is another");
    DhcpRpcFreeMemory(got);
    return code;
}
static DWORD comment_127(void)
{
    return with_comment(127);
}
static DWORD comment_128(void)
{
    return with_comment(128);
}
static DWORD with_policy(size_t length)
{
    DHCP_CLIENT_INFO_PB info = lease4(HERE, 1);

    clear4(N);
    info.PolicyName = text_of(length);
    return DhcpV4CreateClientInfo(server, &info);
}
static DWORD policy_63(void)
{
    return with_policy(63);
}
static DWORD policy_64(void)
{
    return with_policy(64);
}

static DWORD created_in_startup(void)
{
    DWORD code;

    clear4(N);
    also(create4(HERE, 1) == ERROR_SUCCESS, "it was not made");
    also(make(u"lab", N) == ERROR_SUCCESS, "no relationship was made");
    code = create4(HERE + 1, 2);
    also(delete4(HERE) == 20120, "a lease can be ended");
    also(create4(SCOPE(N) + 200, 3) == 20120, "one outside the range can be made");
    also(DhcpV4FailoverDeleteRelationship(server, u"lab") == ERROR_SUCCESS, "not deleted");
    return code;
}

static const struct row made[] = {
    {"M-L4-01", "V4CreateClientInfo", "in a scope", 0, created, 0},
    {"M-L4-02", "V4CreateClientInfo", "no client: length 0", 87, created_without_client, 0},
    {"M-L4-02", "V4CreateClientInfo", "no client: ClientInfo NULL", 87, created_of_nothing, 0},
    {"§2.1", "V4CreateClientInfo", "an identifier of 256 bytes", 87, created_by_256_bytes, 0},
    {"M-L4-03", "V4CreateClientInfo", "OFFERED", 87, created_offered, 0},
    {"M-L4-04", "V4CreateClientInfo", "in no scope", 20005, created_nowhere, 0},
    {"M-L4-05", "V4CreateClientInfo", "the same address", 20014, created_twice, 0},
    {"M-L4-06", "V4CreateClientInfo", "the same client", 20014, client_twice, 0},
    {"M-L4-07", "V4CreateClientInfo", "the same client, another scope", 0, client_in_two_scopes, 0},
    {"M-L4-08", "V4CreateClientInfo", "a user", 5, created_by_a_user, USER},
    {"M-L4-09", "V4CreateClientInfo", "an unknown policy", 0, created_whole, 0},
    {"M-L4-10", "V4CreateClientInfo", "PROBATION", 0, created_whole, 0},
    {"M-L4-11", "V4CreateClientInfo", "DECLINED", 0, created_declined, 0},
    {"§2.7", "V4CreateClientInfo", "DOOM", 0, created_doomed, 0},
    {"M-L4-12", "V4CreateClientInfo", "read back", 0, read_back, 0},
    {"§2.6", "V4CreateClientInfo", "an identifier of 255 bytes", 0, long_identifier, 0},
    {"M-L4-14", "V4CreateClientInfo", "outside the range", 0, created_outside, 0},
    {"M-L4-15", "V4CreateClientInfo", "no scope and no client", 87, created_with_null_client, 0},
    {"§2.1", "V4CreateClientInfo", "infinite", 0, infinite, 0},
    {"§2.1", "V4CreateClientInfo", "no expiry", 0, without_expiry, 0},
    {"§2.1", "V4CreateClientInfo", "in a hundred years", 0, beyond_the_clock, 0},
    {"§1.3", "V4CreateClientInfo", "an hour ago", 0, in_the_past, 0},
    {"§1.3", "V4CreateClientInfo", "before 1970", 0, in_1700, 0},
    {"§2.7", "V4CreateClientInfo", "a comment of 127 characters", 0, comment_127, 0},
    {"§2.7", "V4CreateClientInfo", "a comment of 128 characters", 87, comment_128, 0},
    {"§2.7", "V4CreateClientInfo", "a policy of 63 characters", 0, policy_63, 0},
    {"§2.7", "V4CreateClientInfo", "a policy of 64 characters", 87, policy_64, 0},
    {"M-L4-13", "V4CreateClientInfo", "relationship in STARTUP", 20120, created_in_startup, 0},
};

const struct rows leases4_rows = {"alone", made, sizeof made / sizeof made[0], true};
