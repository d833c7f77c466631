/* Elements of an IPv4 scope, removed and enumerated (M-SC-11, -12, -14). */
#include "scopes4.h"

/* --- remove -------------------------------------------------------------------------------------- */

static DWORD take_secondary_host(void)
{
    DHCP_SUBNET_ELEMENT_DATA_V5 e = {.ElementType = DhcpSecondaryHosts};

    fresh();
    return DhcpRemoveSubnetElementV5(server, NEW, &e, DhcpNoForce);
}
static DWORD take_from_unknown(void)
{
    DHCP_SUBNET_ELEMENT_DATA_V5 e = {.ElementType = DhcpSecondaryHosts};

    return DhcpRemoveSubnetElementV5(server, UNKNOWN, &e, DhcpNoForce);
}
static DWORD take_of_member(void)
{
    fresh();
    also(relate_new() == ERROR_SUCCESS, "the relationship was not made");
    return take_range4(10, 109, DhcpFullForce);
}
static DWORD take_a_part(void)
{
    fresh();
    return take_range4(10, 108, DhcpFullForce);
}
static DWORD take_leased(void)
{
    fresh();
    also(make_client4(20, CLIENT_TYPE_DHCP) == ERROR_SUCCESS, "the lease was not made");
    return take_range4(10, 109, DhcpNoForce);
}
static DWORD take_with_leases(void)
{
    DWORD code;

    also(take_leased() == 20007, "it was removed without force");
    code = take_range4(10, 109, DhcpFullForce);
    also(count_elements4(DhcpIpRanges) == 0 && count4(NEW) == 0,
         "the range or its lease is there still");
    return code;
}
static DWORD take_no_exclusion(void)
{
    fresh();
    also(change_exclusion4(20, 29, false) == ERROR_SUCCESS, "it was not made");
    return change_exclusion4(30, 39, true);
}
static DWORD take_part_of_exclusion(void)
{
    fresh();
    also(change_exclusion4(20, 29, false) == ERROR_SUCCESS, "it was not made");
    return change_exclusion4(20, 28, true);
}
static DWORD take_exclusion(void)
{
    DWORD code;

    fresh();
    also(change_exclusion4(20, 29, false) == ERROR_SUCCESS, "it was not made");
    code = change_exclusion4(20, 29, true);
    also(count_elements4(DhcpExcludedIpRanges) == 0, "it is there still");
    return code;
}
static DWORD take_reservation(void)
{
    LPDHCP_CLIENT_INFO_PB info = NULL;
    DWORD code;

    fresh();
    also(change_reservation4(30, 1, false) == ERROR_SUCCESS, "it was not made");
    code = change_reservation4(30, 1, true);
    also(get4(NEW + 30, &info) == 20016, "its record is there still");
    return code;
}
static DWORD take_no_reservation(void)
{
    DWORD code;

    fresh();
    also(make_client4(30, CLIENT_TYPE_DHCP) == ERROR_SUCCESS, "the lease was not made");
    code = change_reservation4(30, 30, true); /* as DhcpDeleteClientInfo */
    also(count4(NEW) == 0, "the lease is there still");
    return code;
}
static DWORD take_nothing(void)
{
    fresh();
    return change_reservation4(30, 1, true);
}

/* --- walk ---------------------------------------------------------------------------------------- */

static DWORD walk_once(DHCP_SUBNET_ELEMENT_TYPE type, DWORD most, DHCP_RESUME_HANDLE handle)
{
    LPDHCP_SUBNET_ELEMENT_INFO_ARRAY_V5 all;
    DWORD left, code = walk4(type, most, &handle, &all, &left);

    DhcpRpcFreeMemory(all);
    return code;
}
static DWORD walk_secondary_hosts(void)
{
    fresh();
    return walk_once(DhcpSecondaryHosts, NEVER, 0);
}
static DWORD walk_clusters(void)
{
    fresh();
    return walk_once(DhcpIpUsedClusters, NEVER, 0);
}
static DWORD walk_dhcp_only(void)
{
    fresh();
    return walk_once(DhcpIpRangesDhcpOnly, NEVER, 0);
}
static DWORD walk_bootp_only(void)
{
    fresh();
    return walk_once(DhcpIpRangesBootpOnly, NEVER, 0);
}
static DWORD walk_unknown(void)
{
    clear_subnets();
    return walk_once(DhcpIpRanges, NEVER, 0);
}
static DWORD walk_none(void)
{
    fresh();
    return walk_once(DhcpReservedIps, NEVER, 0);
}
static DWORD walk_behind(void)
{
    fresh();
    return walk_once(DhcpIpRanges, NEVER, 1);
}
static DWORD walk_ranges_of_0(void)
{
    fresh();
    return walk_once(DhcpIpRanges, 0, 0);
}
static DWORD walk_reservations_of_0(void)
{
    fresh();
    also(walk_once(DhcpReservedIps, 0, 0) == 259, "without any there is more");
    also(change_reservation4(30, 1, false) == ERROR_SUCCESS, "it was not made");
    return walk_once(DhcpReservedIps, 0, 0);
}
static DWORD walk_by_ones(void)
{
    LPDHCP_SUBNET_ELEMENT_INFO_ARRAY_V5 page;
    DHCP_RESUME_HANDLE handle = 0;
    DWORD left = UNTOUCHED, seen = 0, code = ERROR_MORE_DATA;

    fresh();
    for (BYTE i = 0; i < 3; i++)
        also(change_reservation4(30 + i, i, false) == ERROR_SUCCESS, "one was not made");
    while (code == ERROR_MORE_DATA && seen < 9) {
        code = walk4(DhcpReservedIps, 1, &handle, &page, &left);
        if (page == NULL)
            return code;
        also(page->NumElements == 1 && left == 2 - seen &&
                 page->Elements[0].Element.ReservedIp->ReservedIpAddress == NEW + 30 + seen &&
                 page->Elements[0].Element.ReservedIp->bAllowedClientTypes == CLIENT_TYPE_DHCP &&
                 page->Elements[0].Element.ReservedIp->ReservedForClient->DataLength == 6,
             "it is not the next one");
        DhcpRpcFreeMemory(page);
        seen++;
    }
    also(seen == 3 && handle == 3, "not three were seen");
    clear_subnets(); /* others count what is on the server */
    return code;
}

static const struct row rows[] = {
    {"M-SC-11", "RemoveSubnetElementV5", "secondary host", 120, take_secondary_host, 0},
    {"§1.5", "RemoveSubnetElementV5", "unknown, secondary host", 20005, take_from_unknown, 0},
    {"§1.5", "RemoveSubnetElementV5", "a user, unknown scope", 5, take_from_unknown, USER},
    {"M-SC-14", "RemoveSubnetElementV5", "range of a failover scope", 20132, take_of_member, 0},
    {"§1.5", "RemoveSubnetElementV5", "part of a range", 20023, take_a_part, 0},
    {"§1.5", "RemoveSubnetElementV5", "leased range, NoForce", 20007, take_leased, 0},
    {"§1.5", "RemoveSubnetElementV5", "leased range, FullForce", 0, take_with_leases, 0},
    {"§1.5", "RemoveSubnetElementV5", "no exclusion there", 20007, take_no_exclusion, 0},
    {"§1.5", "RemoveSubnetElementV5", "part of an exclusion", 87, take_part_of_exclusion, 0},
    {"§1.5", "RemoveSubnetElementV5", "exclusion", 0, take_exclusion, 0},
    {"§1.5", "RemoveSubnetElementV5", "reservation", 0, take_reservation, 0},
    {"§1.5", "RemoveSubnetElementV5", "lease, no reservation", 0, take_no_reservation, 0},
    {"§1.5", "RemoveSubnetElementV5", "neither of them", 20013, take_nothing, 0},
    {"M-SC-12", "EnumSubnetElementsV5", "secondary host", 50, walk_secondary_hosts, 0},
    {"§1.5", "EnumSubnetElementsV5", "used clusters", 87, walk_clusters, 0},
    {"§1.5", "EnumSubnetElementsV5", "DhcpOnly", 87, walk_dhcp_only, 0},
    {"§1.5", "EnumSubnetElementsV5", "BootpOnly", 87, walk_bootp_only, 0},
    {"§1.5", "EnumSubnetElementsV5", "unknown scope", 20005, walk_unknown, 0},
    {"§1.5", "EnumSubnetElementsV5", "none", 259, walk_none, 0},
    {"§1.5", "EnumSubnetElementsV5", "handle = count", 259, walk_behind, 0},
    {"§1.5", "EnumSubnetElementsV5", "ranges, PreferredMaximum 0", 259, walk_ranges_of_0, 0},
    {"§1.5", "EnumSubnetElementsV5", "reservations, 0", 234, walk_reservations_of_0, 0},
    {"§1.5", "EnumSubnetElementsV5", "one by one", 0, walk_by_ones, 0},
};

const struct rows scopes4_removed_rows = {"alone", rows, sizeof rows / sizeof rows[0], true};
