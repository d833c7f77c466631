/* Calls that came later to Microsoft's API: those that fod answers, and those that it refuses (MAPI
 * §1.8). */
#include "scopes4.h"

/* --- scopes with quarantine --------------------------------------------------------------------- */

static DHCP_SUBNET_INFO_VQ info_vq(DHCP_IP_ADDRESS subnet, DWORD quarantine)
{
    return (DHCP_SUBNET_INFO_VQ){.SubnetAddress = subnet,
                                 .SubnetMask = MASK24,
                                 .SubnetName = u"vq",
                                 .SubnetState = DhcpSubnetDisabled,
                                 .QuarantineOn = quarantine,
                                 .Reserved3 = -1};
}
static DWORD create_vq(void)
{
    DHCP_SUBNET_INFO_VQ info = info_vq(NEW, DHCP_SUBNET_INFO_VQ_FLAG_QUARANTINE);
    LPDHCP_SUBNET_INFO_VQ stored = NULL;
    DWORD code;

    clear_subnets();
    code = DhcpCreateSubnetVQ(server, NEW, &info);
    also(DhcpGetSubnetInfoVQ(server, NEW, &stored) == ERROR_SUCCESS &&
             same_text(stored->SubnetName, u"vq") && stored->SubnetState == DhcpSubnetDisabled &&
             stored->PrimaryHost.IpAddress == 0x7f000001 && stored->QuarantineOn == 0 &&
             stored->Reserved1 == 0 && stored->Reserved3 == 0,
         "it is not as it was made, without quarantine");
    DhcpRpcFreeMemory(stored);
    return code;
}
static DWORD create_vq_again(void)
{
    DHCP_SUBNET_INFO_VQ info = info_vq(NEW, 0);

    fresh();
    return DhcpCreateSubnetVQ(server, NEW, &info);
}
static DWORD create_vq_null(void)
{
    return DhcpCreateSubnetVQ(server, NEW, NULL);
}
static DWORD set_vq_of(DHCP_IP_ADDRESS subnet, DWORD quarantine)
{
    DHCP_SUBNET_INFO_VQ info = info_vq(subnet, quarantine);

    return DhcpSetSubnetInfoVQ(server, subnet, &info);
}
static DWORD set_vq(void)
{
    LPDHCP_SUBNET_INFO stored = NULL;
    DWORD code;

    fresh();
    code = set_vq_of(NEW, 0);
    also(DhcpGetSubnetInfo(server, NEW, &stored) == ERROR_SUCCESS &&
             same_text(stored->SubnetName, u"vq"),
         "it was not changed");
    DhcpRpcFreeMemory(stored);
    return code;
}
static DWORD set_vq_on(void)
{
    LPDHCP_SUBNET_INFO stored = NULL;
    DWORD code;

    fresh();
    code = set_vq_of(NEW, 1);
    also(DhcpGetSubnetInfo(server, NEW, &stored) == ERROR_SUCCESS &&
             stored->SubnetState == DhcpSubnetEnabled,
         "it was changed all the same");
    DhcpRpcFreeMemory(stored);
    return code;
}
static DWORD set_vq_unknown(void)
{
    return set_vq_of(UNKNOWN, 1);
}
static DWORD set_vq_null(void)
{
    return DhcpSetSubnetInfoVQ(server, NEW, NULL);
}
static DWORD get_vq_null(void)
{
    return DhcpGetSubnetInfoVQ(server, NEW, NULL);
}

/* --- free addresses ----------------------------------------------------------------------------- */

static DWORD find(DHCP_IP_ADDRESS scope, DWORD first, DWORD last, DWORD wanted, DWORD expected)
{
    LPDHCP_IP_ARRAY found = NULL;
    DWORD code = DhcpV4GetFreeIPAddress(server, scope, first, last, wanted, &found);

    also((found == NULL ? 0 : found->NumElements) == expected, "another number of them");
    DhcpRpcFreeMemory(found);
    return code;
}
static DWORD find_one(void)
{
    LPDHCP_IP_ARRAY found = NULL;
    DWORD code;

    call_as(ADMINISTRATOR);
    fresh();
    also(create4(NEW + 10, 1) == ERROR_SUCCESS && change_exclusion4(11, 19, false) == 0 &&
             change_reservation4(20, 2, false) == ERROR_SUCCESS,
         "what is not free was not made");
    call_as(USER);
    code = DhcpV4GetFreeIPAddress(server, NEW, 0, 0, 0, &found);
    also(found != NULL && found->NumElements == 1 && found->Elements[0] == NEW + 21,
         "it is not the first one that is free");
    DhcpRpcFreeMemory(found);
    return code;
}
static DWORD find_all(void)
{
    fresh();
    return find(NEW, NEW + 10, NEW + 109, 100, 100);
}
static DWORD find_too_few(void)
{
    fresh();
    return find(NEW, NEW + 100, NEW + 119, 20, 10);
}
static DWORD find_null(void)
{
    return DhcpV4GetFreeIPAddress(server, SCOPE(0), 0, 0, 1, NULL);
}
static DWORD find_in_0(void)
{
    return find(0, 0, 0, 1, 0);
}
static DWORD find_too_many(void)
{
    return find(SCOPE(0), 0, 0, 1025, 0);
}
static DWORD find_backwards(void)
{
    return find(SCOPE(0), SCOPE(0) + 20, SCOPE(0) + 19, 1, 0);
}
static DWORD find_in_a_gap(void)
{
    return find(SCOPE(0), SCOPE(0) + 20, SCOPE(0) + 29, 11, 0);
}
static DWORD find_in_unknown(void)
{
    return find(UNKNOWN, 0, 0, 1, 0);
}
static DWORD find_without_range(void)
{
    clear_subnets();
    also(make_subnet(NEW, MASK24, DhcpSubnetEnabled) == ERROR_SUCCESS, "it was not made");
    return find(NEW, 0, 0, 1, 0);
}
static DWORD find_for_bootp(void)
{
    fresh();
    also(range4(DhcpIpRangesBootpOnly, 10, 109) == ERROR_SUCCESS, "the range was not made");
    return find(NEW, 0, 0, 1, 0);
}

/* --- refused ------------------------------------------------------------------------------------ */

static DWORD create_client_ex(void)
{
    return DhcpV4CreateClientInfoEx(server, NULL);
}
static DWORD get_client_ex(void)
{
    return DhcpV4GetClientInfoEx(server, NULL, NULL);
}
static DWORD enum_clients_ex(void)
{
    return DhcpV4EnumSubnetClientsEx(server, SCOPE(0), NULL, NEVER, NULL, NULL, NULL);
}
static DWORD find_v6(void)
{
    DHCP_IPV6_ADDRESS none = {0, 0};

    return DhcpV6GetFreeIPAddress(server, none, none, none, 1, NULL);
}
static DWORD mib_v5(void)
{
    return DhcpGetMibInfoV5(server, NULL);
}
static DWORD mib_v6(void)
{
    return DhcpGetMibInfoV6(server, NULL);
}
static DWORD mib_vq(void)
{
    LPDHCP_MIB_INFO_VQ info = NULL;
    DWORD code = DhcpGetMibInfoVQ(server, &info);

    also(info != NULL && info->Acks == 0 && info->Scopes == 0 && info->ScopeInfo == NULL,
         "it counts something");
    DhcpRpcFreeMemory(info);
    call_as(ADMINISTRATOR);
    clear_subnets(); /* others count what is on the server */
    return code;
}

static const struct row rows[] = {
    {"§1.8", "CreateSubnetVQ", "valid, QuarantineOn", 0, create_vq, 0},
    {"§1.8", "CreateSubnetVQ", "exists", 20052, create_vq_again, 0},
    {"§1.8", "CreateSubnetVQ", "NULL", 87, create_vq_null, 0},
    {"§1.8", "CreateSubnetVQ", "a user, NULL", 5, create_vq_null, USER},
    {"§1.8", "SetSubnetInfoVQ", "valid", 0, set_vq, 0},
    {"§1.8", "SetSubnetInfoVQ", "QuarantineOn", 20138, set_vq_on, 0},
    {"§1.8", "SetSubnetInfoVQ", "QuarantineOn, unknown scope", 20005, set_vq_unknown, 0},
    {"§1.8", "SetSubnetInfoVQ", "NULL", 87, set_vq_null, 0},
    {"§1.8", "GetSubnetInfoVQ", "NULL", 87, get_vq_null, 0},
    {"§1.8", "GetSubnetInfoVQ", "nobody, NULL", 5, get_vq_null, NOBODY},
    {"§1.8", "V4GetFreeIPAddress", "a user, defaults", 0, find_one, USER},
    {"§1.8", "V4GetFreeIPAddress", "a whole range", 0, find_all, 0},
    {"§1.8", "V4GetFreeIPAddress", "fewer than asked for", 20126, find_too_few, 0},
    {"§1.8", "V4GetFreeIPAddress", "BOOTP-only range", 20126, find_for_bootp, 0},
    {"§1.8", "V4GetFreeIPAddress", "nobody, IPAddrList NULL", 87, find_null, NOBODY},
    {"§1.8", "V4GetFreeIPAddress", "nobody, ScopeId 0", 87, find_in_0, NOBODY},
    {"§1.8", "V4GetFreeIPAddress", "nobody, 1025", 87, find_too_many, NOBODY},
    {"§1.8", "V4GetFreeIPAddress", "StartIP behind EndIP", 87, find_backwards, 0},
    {"§1.8", "V4GetFreeIPAddress", "more than the window", 87, find_in_a_gap, 0},
    {"§1.8", "V4GetFreeIPAddress", "nobody, unknown scope", 5, find_in_unknown, NOBODY},
    {"§1.8", "V4GetFreeIPAddress", "unknown scope", 87, find_in_unknown, 0},
    {"§1.8", "V4GetFreeIPAddress", "no range", 2, find_without_range, 0},
    {"§1.8", "V4CreateClientInfoEx", "refused", 120, create_client_ex, 0},
    {"§1.8", "V4GetClientInfoEx", "refused", 120, get_client_ex, 0},
    {"§1.8", "V4EnumSubnetClientsEx", "refused", 120, enum_clients_ex, 0},
    {"§1.8", "V6GetFreeIPAddress", "refused", 120, find_v6, 0},
    {"§1.8", "GetMibInfoV5", "refused", 120, mib_v5, 0},
    {"§1.8", "GetMibInfoV6", "refused", 120, mib_v6, 0},
    {"M-MI-02", "GetMibInfoVQ", "any", 0, mib_vq, NOBODY},
};

const struct rows scopes4_later_rows = {"alone", rows, sizeof rows / sizeof rows[0], true};
