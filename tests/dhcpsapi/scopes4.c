/* IPv4 scopes on one server (M-SC-01 to -05, -13, -15, M-CR-26). */
#include "scopes4.h"

#include <string.h>

DWORD make_subnet(DHCP_IP_ADDRESS subnet, DHCP_IP_MASK mask, DHCP_SUBNET_STATE state)
{
    DHCP_SUBNET_INFO info = {.SubnetAddress = subnet,
                             .SubnetMask = mask,
                             .SubnetName = u"büro 𐍈",
                             .SubnetComment = u"second floor",
                             .PrimaryHost = {0xc0a80001, u"ignored", u"too"},
                             .SubnetState = state};

    return DhcpCreateSubnet(server, subnet, &info);
}

void fresh(void)
{
    DHCP_SUBNET_ELEMENT_DATA_V5 element = {.ElementType = DhcpIpRanges};
    DHCP_BOOTP_IP_RANGE range = {NEW + 10, NEW + 109, 0, NEVER};

    clear_subnets();
    element.Element.IpRange = &range;
    also(make_subnet(NEW, MASK24, DhcpSubnetEnabled) == ERROR_SUCCESS &&
             DhcpAddSubnetElementV5(server, NEW, &element) == ERROR_SUCCESS,
         "the scope was not made");
}

void clear_subnets(void)
{
    for (DHCP_IP_ADDRESS subnet = NEW; subnet < NEW + 0x400; subnet += 0x100)
        (void)DhcpDeleteSubnet(server, subnet, DhcpFullForce);
}

DWORD relate_new(void)
{
    DHCP_FAILOVER_RELATIONSHIP r = valid(u"lab", 0);
    DHCP_IP_ADDRESS scope = NEW;
    DHCP_IP_ARRAY scopes = {1, &scope};

    r.pScopes = &scopes;
    return DhcpV4FailoverCreateRelationship(server, &r);
}

/* --- create -------------------------------------------------------------------------------------
 */

static DWORD create_again(void)
{
    clear_subnets();
    also(make_subnet(NEW, MASK24, DhcpSubnetEnabled) == ERROR_SUCCESS, "it was not made");
    return make_subnet(NEW, MASK24, DhcpSubnetEnabled);
}
static DWORD create_around(void)
{
    fresh();
    return make_subnet(NEW, 0xffff0000, DhcpSubnetEnabled);
}
static DWORD create_inside(void)
{
    fresh();
    return make_subnet(NEW + 128, 0xffffff80, DhcpSubnetEnabled);
}
static DWORD create_with_host_bits(void)
{
    fresh(); /* before others are looked at */
    return make_subnet(NEW + 5, MASK24, DhcpSubnetEnabled);
}
static DWORD create_0(void)
{
    return make_subnet(0, MASK24, DhcpSubnetEnabled);
}
static DWORD create_null(void)
{
    return DhcpCreateSubnet(server, NEW, NULL);
}
static DWORD create_another(void)
{
    DHCP_SUBNET_INFO info = {.SubnetAddress = NEW + 0x100, .SubnetMask = MASK24};

    return DhcpCreateSubnet(server, NEW, &info);
}

/* --- set and get --------------------------------------------------------------------------------
 */

static DWORD set(DHCP_IP_ADDRESS subnet, DHCP_IP_MASK mask, DHCP_SUBNET_STATE state)
{
    DHCP_SUBNET_INFO info = {.SubnetAddress = subnet, .SubnetMask = mask, .SubnetState = state};

    info.SubnetName = u"new";
    return DhcpSetSubnetInfo(server, subnet, &info);
}
static DWORD set_it(void)
{
    LPDHCP_SUBNET_INFO info = NULL;
    DWORD code;

    fresh();
    code = set(NEW, MASK24, DhcpSubnetDisabledSwitched);
    also(DhcpGetSubnetInfo(server, NEW, &info) == ERROR_SUCCESS &&
             same_text(info->SubnetName, u"new") && info->SubnetComment[0] == 0 &&
             info->SubnetState == DhcpSubnetDisabledSwitched,
         "not exactly that is stored");
    DhcpRpcFreeMemory(info);
    return code;
}
static DWORD set_null(void)
{
    return DhcpSetSubnetInfo(server, UNKNOWN, NULL);
}
static DWORD set_another(void)
{
    DHCP_SUBNET_INFO info = {.SubnetAddress = UNKNOWN + 0x100, .SubnetMask = MASK24};

    return DhcpSetSubnetInfo(server, UNKNOWN, &info);
}
static DWORD set_with_host_bits(void)
{
    return set(UNKNOWN + 5, MASK24, DhcpSubnetEnabled);
}
static DWORD set_without_mask(void)
{
    return set(UNKNOWN, 0, DhcpSubnetEnabled);
}
static DWORD set_unknown(void)
{
    return set(UNKNOWN, MASK24, DhcpSubnetEnabled);
}
static DWORD set_mask(void)
{
    fresh();
    return set(NEW, 0xffffff80, DhcpSubnetEnabled);
}

static DWORD get(void)
{
    LPDHCP_SUBNET_INFO info = NULL;
    DWORD code;

    call_as(ADMINISTRATOR);
    fresh();
    call_as(USER);
    code = DhcpGetSubnetInfo(server, NEW, &info);
    also(info != NULL && info->SubnetAddress == NEW && info->SubnetMask == MASK24 &&
             same_text(info->SubnetName, u"büro 𐍈") &&
             same_text(info->SubnetComment, u"second floor") &&
             info->SubnetState == DhcpSubnetEnabled,
         "it is not as it was made");
    also(info != NULL && info->PrimaryHost.IpAddress == 0x7f000001 &&
             info->PrimaryHost.NetBiosName[0] == 0 && info->PrimaryHost.HostName[0] == 0,
         "PrimaryHost is not 127.0.0.1 without names");
    DhcpRpcFreeMemory(info);
    return code;
}
static DWORD get_null(void)
{
    return DhcpGetSubnetInfo(server, UNKNOWN, NULL);
}
static DWORD get_unknown(void)
{
    LPDHCP_SUBNET_INFO info;

    return DhcpGetSubnetInfo(server, UNKNOWN, &info);
}

/* --- walk ---------------------------------------------------------------------------------------
 */

static DWORD walk(DHCP_RESUME_HANDLE *handle, DWORD most, DWORD *read, DWORD *left)
{
    LPDHCP_IP_ARRAY all = NULL;
    DWORD code = DhcpEnumSubnets(server, handle, most, &all, read, left);

    also(all == NULL || all->NumElements == *read, "the array has another length");
    DhcpRpcFreeMemory(all);
    return code;
}
static DWORD walk_of_0(void)
{
    DHCP_RESUME_HANDLE handle = 0;
    DWORD read, left;

    return walk(&handle, 0, &read, &left);
}
static DWORD walk_some(void)
{
    DHCP_RESUME_HANDLE handle = 0;
    DWORD read = UNTOUCHED, left = UNTOUCHED, code;

    clear_subnets();
    code = walk(&handle, SCOPES - 1, &read, &left); /* MORE_DATA is never said */
    also(read == SCOPES - 1 && left == 1 && handle == SCOPES - 1, "not all but one were read");
    also(walk(&handle, NEVER, &read, &left) == ERROR_SUCCESS && read == 1 && left == 0,
         "not one was left");
    return code;
}
static DWORD walk_behind(void)
{
    DHCP_RESUME_HANDLE handle = SCOPES;
    DWORD read, left;

    clear_subnets();
    return walk(&handle, NEVER, &read, &left);
}
static DWORD walk_in_order(void)
{
    LPDHCP_IP_ARRAY all = NULL;
    DHCP_RESUME_HANDLE handle = 0;
    DWORD read = 0, left, code;

    fresh();
    code = DhcpEnumSubnets(server, &handle, NEVER, &all, &read, &left);
    for (DWORD i = 0; i < read; i++)
        also(all->Elements[i] == (i < SCOPES ? SCOPE(i) : NEW), "one is not in its place");
    also(read == SCOPES + 1, "there are more, or less");
    DhcpRpcFreeMemory(all);
    return code;
}

/* --- delete -------------------------------------------------------------------------------------
 */

static DWORD delete_unknown(void)
{
    return DhcpDeleteSubnet(server, UNKNOWN, DhcpFullForce);
}
static DWORD delete_member(void)
{
    fresh();
    also(relate_new() == ERROR_SUCCESS, "the relationship was not made");
    return DhcpDeleteSubnet(server, NEW, DhcpFullForce);
}
static DWORD delete_leased(void)
{
    fresh();
    also(create4(NEW + 10, 1) == ERROR_SUCCESS, "the lease was not made");
    return DhcpDeleteSubnet(server, NEW, DhcpNoForce);
}
static DWORD delete_with(DHCP_FORCE_FLAG force)
{
    LPDHCP_SUBNET_INFO info;
    DWORD code;

    also(delete_leased() == 20007, "it was deleted without force");
    code = DhcpDeleteSubnet(server, NEW, force);
    also(DhcpGetSubnetInfo(server, NEW, &info) == 20005, "it is there still");
    return code;
}
static DWORD delete_fully(void)
{
    return delete_with(DhcpFullForce);
}
static DWORD delete_for_failover(void)
{
    return delete_with(DhcpFailoverForce);
}

/* --- scopes for BOOTP ---------------------------------------------------------------------------
 */

static DWORD relate_bootp(void)
{
    DHCP_BOOTP_IP_RANGE range = {NEW + 10, NEW + 109, 0, NEVER};

    fresh();
    also(add_range(DhcpIpRangesBootpOnly, &range) == ERROR_SUCCESS, "the range was not made");
    return relate_new();
}
static DWORD add_bootp_scope(void)
{
    DHCP_FAILOVER_RELATIONSHIP r = valid(u"other", 0);
    DHCP_IP_ADDRESS scope = NEW;
    DHCP_IP_ARRAY scopes = {1, &scope};

    also(relate_bootp() == ERROR_INVALID_PARAMETER, "it has become one");
    also(make(u"other", 0) == ERROR_SUCCESS, "another was not made");
    r.pScopes = &scopes;
    return DhcpV4FailoverAddScopeToRelationship(server, &r);
}

static const struct row rows[] = {
    {"M-SC-01", "CreateSubnet", "10.8.0.0/24 twice", 20052, create_again, 0},
    {"M-SC-02", "CreateSubnet", "10.8.0.0/16 around 10.8.0.0/24", 20052, create_around, 0},
    {"M-SC-02", "CreateSubnet", "10.8.0.128/25 inside 10.8.0.0/24", 20052, create_inside, 0},
    {"M-SC-03", "CreateSubnet", "10.8.0.5/24", 87, create_with_host_bits, 0},
    {"§1.5", "CreateSubnet", "address 0", 87, create_0, 0},
    {"§1.5", "CreateSubnet", "SubnetInfo NULL", 87, create_null, 0},
    {"§1.5", "CreateSubnet", "SubnetInfo of another address", 87, create_another, 0},
    {"§1.5", "CreateSubnet", "a user, address 0", 5, create_0, USER},
    {"§1.5", "SetSubnetInfo", "valid", 0, set_it, 0},
    {"§1.5", "SetSubnetInfo", "SubnetInfo NULL, unknown scope", 87, set_null, 0},
    {"§1.5", "SetSubnetInfo", "SubnetInfo of another address", 87, set_another, 0},
    {"§1.5", "SetSubnetInfo", "host bits, unknown scope", 87, set_with_host_bits, 0},
    {"§1.5", "SetSubnetInfo", "mask 0, unknown scope", 87, set_without_mask, 0},
    {"§1.5", "SetSubnetInfo", "unknown scope", 20005, set_unknown, 0},
    {"§1.5", "SetSubnetInfo", "another mask (R)", 87, set_mask, 0},
    {"§1.5", "SetSubnetInfo", "a user, SubnetInfo NULL", 5, set_null, USER},
    {"M-SC-15", "GetSubnetInfo", "a user, any", 0, get, USER},
    {"§1.5", "GetSubnetInfo", "SubnetInfo NULL, unknown scope", 87, get_null, 0},
    {"§1.5", "GetSubnetInfo", "nobody, SubnetInfo NULL", 5, get_null, NOBODY},
    {"§1.5", "GetSubnetInfo", "unknown scope", 20005, get_unknown, 0},
    {"M-SC-13", "EnumSubnets", "PreferredMaximum 0", 259, walk_of_0, 0},
    {"§1.5", "EnumSubnets", "all but one", 0, walk_some, 0},
    {"§1.5", "EnumSubnets", "handle = count", 259, walk_behind, 0},
    {"§1.5", "EnumSubnets", "all of them", 0, walk_in_order, 0},
    {"§1.5", "EnumSubnets", "nobody", 5, walk_of_0, NOBODY},
    {"§1.5", "DeleteSubnet", "unknown", 20005, delete_unknown, 0},
    {"§1.5", "DeleteSubnet", "a user, unknown", 5, delete_unknown, USER},
    {"M-SC-04", "DeleteSubnet", "failover scope, FullForce", 20113, delete_member, 0},
    {"M-SC-05", "DeleteSubnet", "leases, NoForce", 20007, delete_leased, 0},
    {"§1.5", "DeleteSubnet", "leases, FullForce", 0, delete_fully, 0},
    {"§1.5", "DeleteSubnet", "leases, FailoverForce", 0, delete_for_failover, 0},
    {"M-CR-26", "FailoverCreateRelationship", "BOOTP-only range", 87, relate_bootp, 0},
    {"§1.2", "FailoverAddScopeToRelationship", "BOOTP-only range", 87, add_bootp_scope, 0},
};

const struct rows scopes4_rows = {"alone", rows, sizeof rows / sizeof rows[0], true};
