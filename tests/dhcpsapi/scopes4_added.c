/* Ranges, exclusions and reservations that are added to an IPv4 scope (M-SC-06 to -11). */
#include <string.h>

#include "scopes4.h"

/* --- arguments ---------------------------------------------------------------------------------- */

static DHCP_SUBNET_ELEMENT_DATA_V5 range_element(DHCP_SUBNET_ELEMENT_TYPE type,
                                                 DHCP_BOOTP_IP_RANGE *range)
{
    DHCP_SUBNET_ELEMENT_DATA_V5 e = {.ElementType = type};

    e.Element.IpRange = range;
    return e;
}

DWORD add_range(DHCP_SUBNET_ELEMENT_TYPE type, DHCP_BOOTP_IP_RANGE *range)
{
    DHCP_SUBNET_ELEMENT_DATA_V5 e = range_element(type, range);

    return DhcpAddSubnetElementV5(server, NEW, &e);
}

DWORD range4(DHCP_SUBNET_ELEMENT_TYPE type, DWORD first, DWORD last)
{
    DHCP_BOOTP_IP_RANGE r = {NEW + first, NEW + last, 0, NEVER};

    return add_range(type, &r);
}

DWORD take_range4(DWORD first, DWORD last, DHCP_FORCE_FLAG force)
{
    DHCP_BOOTP_IP_RANGE r = {NEW + first, NEW + last, 0, NEVER};
    DHCP_SUBNET_ELEMENT_DATA_V5 e = range_element(DhcpIpRanges, &r);

    return DhcpRemoveSubnetElementV5(server, NEW, &e, force);
}

DWORD change_exclusion4(DWORD first, DWORD last, bool remove)
{
    DHCP_IP_RANGE r = {NEW + first, NEW + last};
    DHCP_SUBNET_ELEMENT_DATA_V5 e = {.ElementType = DhcpExcludedIpRanges};

    e.Element.ExcludeIpRange = &r;
    return remove ? DhcpRemoveSubnetElementV5(server, NEW, &e, DhcpNoForce)
                  : DhcpAddSubnetElementV5(server, NEW, &e);
}

DWORD change_reservation4(DWORD host, BYTE number, bool remove)
{
    DHCP_CLIENT_UID client = client4(number);
    DHCP_IP_RESERVATION_V4 r = {NEW + host, &client, CLIENT_TYPE_DHCP};
    DHCP_SUBNET_ELEMENT_DATA_V5 e = {.ElementType = DhcpReservedIps};

    e.Element.ReservedIp = &r;
    return remove ? DhcpRemoveSubnetElementV5(server, NEW, &e, DhcpNoForce)
                  : DhcpAddSubnetElementV5(server, NEW, &e);
}

/* The elements of a type; of all, as many as there is room for. */
DWORD walk4(DHCP_SUBNET_ELEMENT_TYPE type, DWORD most, DHCP_RESUME_HANDLE *handle,
            LPDHCP_SUBNET_ELEMENT_INFO_ARRAY_V5 *out, DWORD *left)
{
    DWORD read = UNTOUCHED, code;

    *out = NULL;
    code = DhcpEnumSubnetElementsV5(server, NEW, type, handle, most, out, &read, left);
    also(*out == NULL || (*out)->NumElements == read, "the array has another length");
    return code;
}

DWORD count_elements4(DHCP_SUBNET_ELEMENT_TYPE type)
{
    LPDHCP_SUBNET_ELEMENT_INFO_ARRAY_V5 all;
    DHCP_RESUME_HANDLE handle = 0;
    DWORD left, n = 0;

    if (walk4(type, NEVER, &handle, &all, &left) == ERROR_SUCCESS)
        n = all->NumElements;
    DhcpRpcFreeMemory(all);
    return n;
}

static bool is_range(DWORD first, DWORD last, DHCP_SUBNET_ELEMENT_TYPE type)
{
    LPDHCP_SUBNET_ELEMENT_INFO_ARRAY_V5 all;
    DHCP_RESUME_HANDLE handle = 0;
    DWORD left;
    bool is = walk4(DhcpIpRanges, NEVER, &handle, &all, &left) == ERROR_SUCCESS &&
              all->NumElements == 1 && all->Elements[0].ElementType == type &&
              all->Elements[0].Element.IpRange->StartAddress == NEW + first &&
              all->Elements[0].Element.IpRange->EndAddress == NEW + last;

    DhcpRpcFreeMemory(all);
    return is;
}

/* --- add ---------------------------------------------------------------------------------------- */

static DWORD add_to_unknown(void)
{
    DHCP_SUBNET_ELEMENT_DATA_V5 e = {.ElementType = DhcpSecondaryHosts};

    return DhcpAddSubnetElementV5(server, UNKNOWN, &e);
}
static DWORD add_secondary_host(void)
{
    DHCP_HOST_INFO host = {PARTNER, u"host", NULL};
    DHCP_SUBNET_ELEMENT_DATA_V5 e = {.ElementType = DhcpSecondaryHosts};

    fresh();
    e.Element.SecondaryHost = &host;
    return DhcpAddSubnetElementV5(server, NEW, &e);
}
static DWORD add_cluster(void)
{
    DHCP_IP_CLUSTER cluster = {NEW, 1};
    DHCP_SUBNET_ELEMENT_DATA_V5 e = {.ElementType = DhcpIpUsedClusters};

    fresh();
    e.Element.IpUsedCluster = &cluster;
    return DhcpAddSubnetElementV5(server, NEW, &e);
}
static DWORD add_null_range(void)
{
    fresh();
    return add_range(DhcpIpRangesDhcpOnly, NULL);
}
static DWORD add_nothing(void)
{
    fresh();
    return DhcpAddSubnetElementV5(server, NEW, NULL);
}
static DWORD make_bootp(DHCP_SUBNET_ELEMENT_TYPE type)
{
    fresh();
    also(relate_new() == ERROR_SUCCESS, "the relationship was not made");
    return range4(type, 109, 10); /* before the range is looked at */
}
static DWORD make_bootp_only(void)
{
    return make_bootp(DhcpIpRangesBootpOnly);
}
static DWORD make_dhcp_and_bootp(void)
{
    return make_bootp(DhcpIpRangesDhcpBootp);
}
static DWORD grow_member(void)
{
    DWORD code;

    fresh();
    also(relate_new() == ERROR_SUCCESS, "the relationship was not made");
    code = range4(DhcpIpRanges, 10, 119);
    also(range4(DhcpIpRanges, 10, 118) == 20132, "it has shrunk");
    return code;
}
DWORD make_client4(DWORD host, BYTE type)
{
    DHCP_CLIENT_INFO_PB info = lease4(NEW + host, (BYTE)host);

    info.bClientType = type;
    return DhcpV4CreateClientInfo(server, &info);
}
static DWORD dhcp_only_over_bootp(void)
{
    fresh();
    also(make_client4(20, CLIENT_TYPE_BOOTP) == ERROR_SUCCESS, "the lease was not made");
    also(range4(DhcpIpRangesDhcpBootp, 10, 109) == ERROR_SUCCESS, "both are no longer possible");
    return range4(DhcpIpRangesDhcpOnly, 10, 109);
}
static DWORD bootp_only_over_dhcp(void)
{
    fresh();
    also(make_client4(20, CLIENT_TYPE_DHCP) == ERROR_SUCCESS, "the lease was not made");
    return range4(DhcpIpRangesBootpOnly, 10, 109);
}
static DWORD add_inverted(void)
{
    fresh();
    return range4(DhcpIpRanges, 109, 10);
}
static DWORD add_disjoint(void)
{
    fresh();
    return range4(DhcpIpRanges, 150, 159);
}
static DWORD add_half_inside(void)
{
    fresh();
    return range4(DhcpIpRanges, 60, 159);
}
static DWORD add_outside(void)
{
    fresh();
    return range4(DhcpIpRanges, 10, 256);
}
static DWORD grow_and_shrink(void)
{
    DWORD code;

    fresh();
    code = range4(DhcpIpRanges, 5, 120);
    also(is_range(5, 120, DhcpIpRangesDhcpOnly), "it has not grown");
    also(range4(DhcpIpRangesDhcpBootp, 50, 59) == ERROR_SUCCESS &&
             is_range(50, 59, DhcpIpRangesDhcpBootp),
         "it has not shrunk");
    return code;
}
static DWORD echo_bootp(void)
{
    DHCP_BOOTP_IP_RANGE given = {NEW + 10, NEW + 109, 3, 40};
    LPDHCP_SUBNET_ELEMENT_INFO_ARRAY_V5 all;
    DHCP_RESUME_HANDLE handle = 0;
    DWORD left, code;

    fresh();
    code = add_range(DhcpIpRangesBootpOnly, &given);
    also(walk4(DhcpIpRangesDhcpBootp, NEVER, &handle, &all, &left) == ERROR_SUCCESS &&
             all->Elements[0].ElementType == DhcpIpRangesBootpOnly &&
             memcmp(all->Elements[0].Element.IpRange, &given, sizeof given) == 0,
         "it is not told as it was given");
    DhcpRpcFreeMemory(all);
    return code;
}

static DWORD reserve_twice(void)
{
    fresh();
    also(change_reservation4(30, 1, false) == ERROR_SUCCESS, "it was not made");
    return change_reservation4(30, 1, false);
}
static DWORD reserve_for_the_same(void)
{
    fresh();
    also(change_reservation4(30, 1, false) == ERROR_SUCCESS, "it was not made");
    return change_reservation4(31, 1, false);
}
static DWORD reserve_outside(void)
{
    fresh();
    return change_reservation4(200, 1, false);
}
static DWORD reserve_makes_a_record(void)
{
    static const BYTE unique[] = {0, 0, 8, 10, 1};
    LPDHCP_CLIENT_INFO_PB info = NULL;
    DWORD code;

    fresh();
    code = change_reservation4(30, 1, false);
    also(get4(NEW + 30, &info) == ERROR_SUCCESS, "there is no record");
    also(info != NULL && info->ClientLeaseExpires.dwHighDateTime == 0 &&
             info->ClientLeaseExpires.dwLowDateTime == 0 && info->bClientType == CLIENT_TYPE_NONE &&
             info->AddressState == ADDRESS_STATE_ACTIVE && info->OwnerHost.IpAddress == NEVER &&
             memcmp(info->ClientHardwareAddress.Data, unique, sizeof unique) == 0,
         "the record is another");
    also(delete4(NEW + 30) == 20019, "the record can be deleted");
    DhcpRpcFreeMemory(info);
    return code;
}

static const struct row rows[] = {
    {"§1.5", "AddSubnetElementV5", "unknown scope, secondary host", 20005, add_to_unknown, 0},
    {"§1.5", "AddSubnetElementV5", "a user, unknown scope", 5, add_to_unknown, USER},
    {"M-SC-11", "AddSubnetElementV5", "secondary host", 120, add_secondary_host, 0},
    {"§1.5", "AddSubnetElementV5", "used cluster", 87, add_cluster, 0},
    {"§1.5", "AddSubnetElementV5", "range NULL", 87, add_null_range, 0},
    {"§1.5", "AddSubnetElementV5", "NULL", 87, add_nothing, 0},
    {"M-SC-06", "AddSubnetElementV5", "BootpOnly, failover scope", 20129, make_bootp_only, 0},
    {"§1.5", "AddSubnetElementV5", "DhcpBootp, failover scope", 20129, make_dhcp_and_bootp, 0},
    {"§1.5", "AddSubnetElementV5", "larger, failover scope", 0, grow_member, 0},
    {"§1.5", "AddSubnetElementV5", "DhcpOnly, a BOOTP client", 20049, dhcp_only_over_bootp, 0},
    {"§1.5", "AddSubnetElementV5", "BootpOnly, a DHCP client", 20049, bootp_only_over_dhcp, 0},
    {"M-SC-08", "AddSubnetElementV5", "end < start", 20023, add_inverted, 0},
    {"M-SC-07", "AddSubnetElementV5", "second, disjoint range", 20023, add_disjoint, 0},
    {"§1.5", "AddSubnetElementV5", "half inside the range", 20023, add_half_inside, 0},
    {"§1.5", "AddSubnetElementV5", "outside the subnet (R)", 20023, add_outside, 0},
    {"§1.5", "AddSubnetElementV5", "grows, shrinks", 0, grow_and_shrink, 0},
    {"§2.10", "AddSubnetElementV5", "BootpAllocated, MaxBootpAllowed", 0, echo_bootp, 0},
    {"M-SC-09", "AddSubnetElementV5", "same reservation twice", 20022, reserve_twice, 0},
    {"§1.5", "AddSubnetElementV5", "same client", 20022, reserve_for_the_same, 0},
    {"M-SC-10", "AddSubnetElementV5", "reservation outside", 20018, reserve_outside, 0},
    {"§1.5", "AddSubnetElementV5", "reservation, its record", 0, reserve_makes_a_record, 0},
};

const struct rows scopes4_added_rows = {"alone", rows, sizeof rows / sizeof rows[0], true};
