/* IPv6 prefixes and their elements on one server (M-S6-…), and what rows about IPv6 are made of. */
#include <string.h>

#include "leases4.h"
#include "v6.h"

/* --- words ------------------------------------------------------------------------------------ */

bool same6(DHCP_IPV6_ADDRESS a, DHCP_IPV6_ADDRESS b)
{
    return a.HighOrderBits == b.HighOrderBits && a.LowOrderBits == b.LowOrderBits;
}

DWORD make_prefix6(DHCP_IPV6_ADDRESS prefix)
{
    DHCP_SUBNET_INFO_V6 info = {.SubnetAddress = prefix, .Prefix = 64};

    return DhcpCreateSubnetV6(server, prefix, &info);
}

DWORD delete_prefix6(DHCP_IPV6_ADDRESS prefix, DHCP_FORCE_FLAG force)
{
    return DhcpDeleteSubnetV6(server, prefix, force);
}

void fresh6(unsigned count)
{
    LPDHCPV6_IP_ARRAY all = NULL;
    DHCP_RESUME_HANDLE handle = 0;
    DWORD read, left;

    if (DhcpEnumSubnetsV6(server, &handle, NEVER, &all, &read, &left) == ERROR_SUCCESS) {
        for (DWORD i = 0; i < read; i++)
            also(delete_prefix6(all->Elements[i], DhcpFullForce) == 0, "a prefix stays");
        DhcpRpcFreeMemory(all);
    }
    for (unsigned n = 0; n < count; n++)
        also(make_prefix6(NET6(n)) == 0, "a prefix is not made");
}

DHCP_CLIENT_UID duid6(BYTE number, DWORD length)
{
    static BYTE bytes[300];

    bytes[0] = number;
    return (DHCP_CLIENT_UID){length, bytes};
}

DWORD exclude6(DHCP_IPV6_ADDRESS prefix, DHCP_IPV6_ADDRESS first, DHCP_IPV6_ADDRESS last)
{
    DHCP_IP_RANGE_V6 range = {first, last};
    DHCP_SUBNET_ELEMENT_DATA_V6 data = {Dhcpv6ExcludedIpRanges, {.ExcludeIpRange = &range}};

    return DhcpAddSubnetElementV6(server, prefix, &data);
}

DWORD reserve6(DHCP_IPV6_ADDRESS prefix, DHCP_IPV6_ADDRESS address, BYTE duid, DWORD iaid)
{
    DHCP_CLIENT_UID uid = duid6(duid, 10);
    DHCP_IP_RESERVATION_V6 reserved = {address, &uid, iaid};
    DHCP_SUBNET_ELEMENT_DATA_V6 data = {Dhcpv6ReservedIps, {.ReservedIp = &reserved}};

    return DhcpAddSubnetElementV6(server, prefix, &data);
}

/* --- prefixes (M-S6-01 to -05) ---------------------------------------------------------------- */

static DWORD link_local(void)
{
    return make_prefix6((DHCP_IPV6_ADDRESS){0xfe80000000000000u, 0});
}
static DWORD multicast(void)
{
    return make_prefix6((DHCP_IPV6_ADDRESS){0xff02000000000000u, 0});
}
static DWORD with_host_bits(void)
{
    return make_prefix6(HOST6(0, 1));
}
static DWORD made_twice(void)
{
    fresh6(1);
    return make_prefix6(NET6(0));
}
static DWORD overlapping(void)
{
    DHCP_SUBNET_INFO_V6 info = {.Prefix = 32};

    fresh6(2);
    return DhcpCreateSubnetV6(server, NET6(0), &info);
}
static DWORD from_nothing(void)
{
    return DhcpCreateSubnetV6(server, NET6(0), NULL);
}
static DWORD of_another(void)
{
    DHCP_SUBNET_INFO_V6 info = {.SubnetAddress = NET6(1)};

    return DhcpCreateSubnetV6(server, NET6(0), &info);
}
static DWORD by_a_user(void)
{
    return link_local();
}
static DWORD read_back(void)
{
    DHCP_SUBNET_INFO_V6 info = {.Preference = 7,
                                .SubnetName = u"Büro",
                                .SubnetComment = u"second floor",
                                .State = 1,
                                .ScopeId = 4711};
    LPDHCP_SUBNET_INFO_V6 got = NULL;
    DWORD code;

    fresh6(0);
    also(DhcpCreateSubnetV6(server, NET6(0), &info) == 0, "it is not made");
    code = DhcpGetSubnetInfoV6(server, NET6(0), &got);
    if (got == NULL)
        return code;
    also(same6(got->SubnetAddress, NET6(0)) && got->Prefix == 64 && got->Preference == 7 &&
             got->State == 1,
         "address, length, preference or state is wrong");
    also(same_text(got->SubnetName, u"Büro") && same_text(got->SubnetComment, u"second floor"),
         "a text is wrong");
    also(got->ScopeId != 4711 && got->ScopeId != 0, "the ScopeId is the caller's");
    DhcpRpcFreeMemory(got);
    return code;
}
static DWORD unknown_deleted(void)
{
    fresh6(0);
    return delete_prefix6(NET6(0), DhcpFullForce);
}
static DWORD with_clients(void)
{
    fresh6(1);
    also(create6(HOST6(0, 1), 1, 1) == 0, "no lease");
    return delete_prefix6(NET6(0), DhcpNoForce);
}
static DWORD forced(void)
{
    fresh6(1);
    also(create6(HOST6(0, 1), 1, 1) == 0, "no lease");
    also(delete_prefix6(NET6(0), DhcpFullForce) == 0, "not deleted");
    also(make_prefix6(NET6(0)) == 0, "not made again");
    return has6(HOST6(0, 1)) ? 1 : 0;
}
static DWORD unknown_got(void)
{
    LPDHCP_SUBNET_INFO_V6 got;

    fresh6(0);
    return DhcpGetSubnetInfoV6(server, NET6(0), &got);
}
static DWORD got_into_nothing(void)
{
    return DhcpGetSubnetInfoV6(server, NET6(0), NULL);
}
static DWORD set(DHCP_IPV6_ADDRESS prefix, DHCP_SUBNET_INFO_V6 info)
{
    return DhcpSetSubnetInfoV6(server, prefix, &info);
}
static DWORD unknown_set(void)
{
    fresh6(0);
    return set(NET6(0), (DHCP_SUBNET_INFO_V6){0});
}
static DWORD set_to_nothing(void)
{
    return DhcpSetSubnetInfoV6(server, NET6(99), NULL);
}
static DWORD set_to_another_length(void)
{
    fresh6(1);
    return set(NET6(0), (DHCP_SUBNET_INFO_V6){.Prefix = 65});
}
static DWORD replaced(void)
{
    LPDHCP_SUBNET_INFO_V6 got = NULL;
    DWORD code;

    fresh6(1);
    code = set(NET6(0), (DHCP_SUBNET_INFO_V6){.SubnetName = u"new", .Preference = 9});
    also(DhcpGetSubnetInfoV6(server, NET6(0), &got) == 0 && got->Preference == 9 &&
             same_text(got->SubnetName, u"new"),
         "it is as it was");
    DhcpRpcFreeMemory(got);
    return code;
}

/* --- enumerating prefixes --------------------------------------------------------------------- */

static DWORD enumerate(DHCP_RESUME_HANDLE *handle, DWORD most, DWORD *read, DWORD *left,
                       DHCP_IPV6_ADDRESS *first)
{
    LPDHCPV6_IP_ARRAY all = NULL;
    DWORD code = DhcpEnumSubnetsV6(server, handle, most, &all, read, left);

    if (code == ERROR_SUCCESS)
        *first = all->Elements[0];
    DhcpRpcFreeMemory(all);
    return code;
}
static DWORD three_one_by_one(void)
{
    DHCP_RESUME_HANDLE handle = 0;
    DHCP_IPV6_ADDRESS first;
    DWORD read, left, code = 0;

    fresh6(3);
    for (unsigned n = 0; n < 3; n++) {
        code = enumerate(&handle, 1, &read, &left, &first);
        also(code == 0 && read == 1 && left == 2 - n && same6(first, NET6(n)), "not one by one");
    }
    also(enumerate(&handle, 1, &read, &left, &first) == 259, "there are more");
    return code;
}
static DWORD none_wanted(void)
{
    DHCP_RESUME_HANDLE handle = 0;
    DHCP_IPV6_ADDRESS first;
    DWORD read, left;

    fresh6(1);
    return enumerate(&handle, 0, &read, &left, &first);
}
static DWORD none_there(void)
{
    DHCP_RESUME_HANDLE handle = 0;
    DHCP_IPV6_ADDRESS first;
    DWORD read, left;

    fresh6(0);
    return enumerate(&handle, NEVER, &read, &left, &first);
}

/* --- elements (M-S6-06, -07) ------------------------------------------------------------------ */

static DWORD in_no_prefix(void)
{
    fresh6(0);
    return exclude6(NET6(0), HOST6(0, 1), HOST6(0, 2));
}
static DWORD no_element(void)
{
    return DhcpAddSubnetElementV6(server, NET6(99), NULL);
}
static DWORD no_duid(void)
{
    DHCP_IP_RESERVATION_V6 reserved = {HOST6(0, 1), NULL, 1};
    DHCP_SUBNET_ELEMENT_DATA_V6 data = {Dhcpv6ReservedIps, {.ReservedIp = &reserved}};

    fresh6(1);
    return DhcpAddSubnetElementV6(server, NET6(0), &data);
}
static DWORD list(DHCP_SUBNET_ELEMENT_TYPE_V6 type, DHCP_RESUME_HANDLE *handle, DWORD most,
                  DWORD *read, DWORD *left)
{
    LPDHCP_SUBNET_ELEMENT_INFO_ARRAY_V6 all = NULL;
    DWORD code = DhcpEnumSubnetElementsV6(server, NET6(0), type, handle, most, &all, read, left);

    DhcpRpcFreeMemory(all);
    return code;
}
static DWORD list_all(DHCP_SUBNET_ELEMENT_TYPE_V6 type, DWORD *read)
{
    DHCP_RESUME_HANDLE handle = 0;
    DWORD left;

    return list(type, &handle, NEVER, read, &left);
}
static DWORD ranges(void)
{
    DHCP_IP_RANGE_V6 range = {HOST6(0, 1), HOST6(0, 2)};
    DHCP_SUBNET_ELEMENT_DATA_V6 data = {Dhcpv6IpRanges, {.IpRange = &range}};
    DWORD read, code;

    fresh6(1);
    code = DhcpAddSubnetElementV6(server, NET6(0), &data);
    also(list_all(Dhcpv6ExcludedIpRanges, &read) == 259, "something was done");
    also(DhcpRemoveSubnetElementV6(server, NET6(0), &data, DhcpNoForce) == 0, "not removed");
    return code;
}
static DWORD overlapping_in_part(void)
{
    fresh6(1);
    also(exclude6(NET6(0), HOST6(0, 10), HOST6(0, 20)) == 0, "not excluded");
    return exclude6(NET6(0), HOST6(0, 15), HOST6(0, 25));
}
static DWORD outside(void)
{
    DWORD read, code;

    fresh6(1);
    code = exclude6(NET6(0), HOST6(1, 1), HOST6(1, 2));
    also(exclude6(NET6(0), HOST6(0, 2), HOST6(0, 1)) == 0, "upside down is refused");
    also(reserve6(NET6(0), HOST6(1, 1), 1, 1) == 0, "a reservation outside is refused");
    also(list_all(Dhcpv6ExcludedIpRanges, &read) == 259 &&
             list_all(Dhcpv6ReservedIps, &read) == 259,
         "it has an effect");
    return code;
}
static DWORD reserved_address(void)
{
    fresh6(1);
    also(reserve6(NET6(0), HOST6(0, 1), 1, 1) == 0, "not reserved");
    return reserve6(NET6(0), HOST6(0, 1), 2, 1);
}
static DWORD reserved_client(void)
{
    fresh6(1);
    also(reserve6(NET6(0), HOST6(0, 1), 1, 1) == 0, "not reserved");
    also(reserve6(NET6(0), HOST6(0, 3), 1, 2) == 0, "another IAID is taken for the same");
    return reserve6(NET6(0), HOST6(0, 2), 1, 1);
}
static DWORD lease_in_the_way(void)
{
    LPDHCP_CLIENT_INFO_V6 got = NULL;
    DWORD code;

    fresh6(1);
    also(create6(HOST6(0, 1), 9, 9) == 0, "no lease");
    code = reserve6(NET6(0), HOST6(0, 1), 1, 1);
    also(get6(HOST6(0, 1), &got) == 0 && got->IAID == 1 &&
             got->ClientValidLeaseExpires.dwHighDateTime == 0,
         "it is the lease that was there");
    DhcpRpcFreeMemory(got);
    return code;
}
static DWORD removed(void)
{
    DHCP_CLIENT_UID uid = duid6(1, 10);
    DHCP_IP_RESERVATION_V6 reserved = {HOST6(0, 1), &uid, 1};
    DHCP_SUBNET_ELEMENT_DATA_V6 data = {Dhcpv6ReservedIps, {.ReservedIp = &reserved}};

    fresh6(1);
    also(reserve6(NET6(0), HOST6(0, 1), 1, 1) == 0, "not reserved");
    also(DhcpRemoveSubnetElementV6(server, NET6(0), &data, DhcpNoForce) == 0, "not removed");
    also(!has6(HOST6(0, 1)), "its record stays");
    return DhcpRemoveSubnetElementV6(server, NET6(0), &data, DhcpNoForce);
}
static DWORD removed_from_no_prefix(void)
{
    DHCP_IP_RANGE_V6 range = {HOST6(0, 1), HOST6(0, 2)};
    DHCP_SUBNET_ELEMENT_DATA_V6 data = {Dhcpv6ExcludedIpRanges, {.ExcludeIpRange = &range}};

    fresh6(0);
    return DhcpRemoveSubnetElementV6(server, NET6(0), &data, DhcpNoForce);
}
static DWORD ranges_listed(void)
{
    DWORD read;

    fresh6(1);
    return list_all(Dhcpv6IpRanges, &read);
}
static DWORD listed_in_no_prefix(void)
{
    DWORD read;

    fresh6(0);
    return list_all(Dhcpv6IpRanges, &read);
}
static DWORD listed_in_pages(void)
{
    DHCP_RESUME_HANDLE handle = 0;
    DWORD read = 0, left = 0, seen = 0, code = ERROR_MORE_DATA;

    fresh6(1);
    for (unsigned n = 0; n < 9; n++)
        also(exclude6(NET6(0), HOST6(0, 10 * n + 1), HOST6(0, 10 * n + 2)) == 0, "not excluded");
    also(list(Dhcpv6ExcludedIpRanges, &handle, 0, &read, &left) == 234 && read == 0 && left == 9,
         "none wanted, some given");
    while (code == ERROR_MORE_DATA) {
        code = list(Dhcpv6ExcludedIpRanges, &handle, 100, &read, &left);
        also(read > 0 && read < 9, "not in pages");
        seen += read;
        also(seen + left == 9 && handle == seen, "counts are wrong");
    }
    also(list(Dhcpv6ExcludedIpRanges, &handle, 100, &read, &left) == 259, "behind the last");
    return code;
}
static DWORD listed_reservation(void)
{
    LPDHCP_SUBNET_ELEMENT_INFO_ARRAY_V6 all = NULL;
    const DHCP_IP_RESERVATION_V6 *first;
    DHCP_RESUME_HANDLE handle = 0;
    DWORD read = 0, left, code;

    fresh6(1);
    also(reserve6(NET6(0), HOST6(0, 5), 42, 7) == 0, "not reserved");
    code = DhcpEnumSubnetElementsV6(server, NET6(0), Dhcpv6ReservedIps, &handle, NEVER, &all, &read,
                                    &left);
    if (all == NULL)
        return code;
    first = all->Elements[0].Element.ReservedIp;
    also(read == 1 && all->Elements[0].ElementType == Dhcpv6ReservedIps &&
             same6(first->ReservedIpAddress, HOST6(0, 5)) && first->InterfaceId == 7 &&
             first->ReservedForClient->DataLength == 10 && first->ReservedForClient->Data[0] == 42,
         "it is another");
    DhcpRpcFreeMemory(all);
    return code;
}

static const struct row rows[] = {
    {"M-S6-01", "CreateSubnetV6", "fe80::/64", 20091, link_local, 0},
    {"§1.6", "CreateSubnetV6", "multicast", 20091, multicast, 0},
    {"§1.6", "CreateSubnetV6", "host bits (ours)", 20091, with_host_bits, 0},
    {"M-S6-02", "CreateSubnetV6", "same prefix twice", 2014, made_twice, 0},
    {"§1.6", "CreateSubnetV6", "around others (ours)", 2014, overlapping, 0},
    {"§1.6", "CreateSubnetV6", "NULL", 87, from_nothing, 0},
    {"§1.6", "CreateSubnetV6", "structure of another (ours)", 87, of_another, 0},
    {"§7.3", "CreateSubnetV6", "DHCP Users, bad prefix", 5, by_a_user, USER},
    {"§2.10", "GetSubnetInfoV6", "as it was made", 0, read_back, 0},
    {"M-S6-03", "DeleteSubnetV6", "unknown", 2, unknown_deleted, 0},
    {"M-S6-04", "DeleteSubnetV6", "clients, NoForce", 20007, with_clients, 0},
    {"§1.6", "DeleteSubnetV6", "clients, FullForce", 0, forced, 0},
    {"M-S6-05", "GetSubnetInfoV6", "unknown", 20005, unknown_got, 0},
    {"§1.6", "GetSubnetInfoV6", "output NULL", 87, got_into_nothing, 0},
    {"§7.3", "GetSubnetInfoV6", "output NULL, nobody", 5, got_into_nothing, NOBODY},
    {"§1.6", "SetSubnetInfoV6", "unknown", 20005, unknown_set, 0},
    {"§1.6", "SetSubnetInfoV6", "NULL, unknown", 87, set_to_nothing, 0},
    {"§1.6", "SetSubnetInfoV6", "another length (ours)", 87, set_to_another_length, 0},
    {"§1.6", "SetSubnetInfoV6", "name, preference", 0, replaced, 0},
    {"§7.3", "SetSubnetInfoV6", "DHCP Users, NULL", 5, set_to_nothing, USER},
    {"§1.6", "EnumSubnetsV6", "three, one by one", 0, three_one_by_one, 0},
    {"§1.6", "EnumSubnetsV6", "PreferredMaximum 0", 259, none_wanted, 0},
    {"§1.6", "EnumSubnetsV6", "no prefixes", 259, none_there, 0},
    {"M-S6-06", "AddSubnetElementV6", "unknown prefix", 2, in_no_prefix, 0},
    {"§1.6", "AddSubnetElementV6", "NULL, unknown prefix", 87, no_element, 0},
    {"§1.6", "AddSubnetElementV6", "reservation without DUID", 87, no_duid, 0},
    {"M-S6-07", "AddSubnetElementV6", "Dhcpv6IpRanges", 0, ranges, 0},
    {"§1.6", "AddSubnetElementV6", "overlap in part", 2014, overlapping_in_part, 0},
    {"§1.6", "AddSubnetElementV6", "outside the prefix", 0, outside, 0},
    {"§1.6", "AddSubnetElementV6", "address reserved", 20022, reserved_address, 0},
    {"§1.6", "AddSubnetElementV6", "DUID and IAID reserved", 20022, reserved_client, 0},
    {"§1.6", "AddSubnetElementV6", "a plain lease in the way", 0, lease_in_the_way, 0},
    {"§7.3", "AddSubnetElementV6", "DHCP Users, NULL", 5, no_element, USER},
    {"§1.6", "RemoveSubnetElementV6", "a second time", 2, removed, 0},
    {"§1.6", "RemoveSubnetElementV6", "unknown prefix", 2, removed_from_no_prefix, 0},
    {"§1.6", "EnumSubnetElementsV6", "Dhcpv6IpRanges", 87, ranges_listed, 0},
    {"§1.6", "EnumSubnetElementsV6", "unknown prefix, IpRanges", 2, listed_in_no_prefix, 0},
    {"§1.6", "EnumSubnetElementsV6", "nine in pages", 0, listed_in_pages, 0},
    {"§2.10", "EnumSubnetElementsV6", "a reservation", 0, listed_reservation, 0},
};

const struct rows v6_prefix_rows = {"alone", rows, sizeof rows / sizeof rows[0], false};
