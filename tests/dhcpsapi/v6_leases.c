/* IPv6 leases on one server (M-L6-…). */
#include <string.h>

#include "leases4.h"
#include "v6.h"

/* --- words ------------------------------------------------------------------------------------ */

DHCP_CLIENT_INFO_V6 lease6(DHCP_IPV6_ADDRESS address, BYTE duid, DWORD iaid)
{
    return (DHCP_CLIENT_INFO_V6){.ClientIpAddress = address,
                                 .ClientDUID = duid6(duid, 10),
                                 .IAID = iaid,
                                 .ClientName = u"pc",
                                 .ClientComment = u"by hand",
                                 .ClientValidLeaseExpires = date_in(3600),
                                 .ClientPrefLeaseExpires = date_in(1800)};
}

DWORD create6(DHCP_IPV6_ADDRESS address, BYTE duid, DWORD iaid)
{
    DHCP_CLIENT_INFO_V6 info = lease6(address, duid, iaid);

    return DhcpV6CreateClientInfo(server, &info);
}

DWORD get6(DHCP_IPV6_ADDRESS address, LPDHCP_CLIENT_INFO_V6 *out)
{
    DHCP_SEARCH_INFO_V6 by = {Dhcpv6ClientIpAddress, {.ClientIpAddress = address}};

    return DhcpGetClientInfoV6(server, &by, out);
}

bool has6(DHCP_IPV6_ADDRESS address)
{
    LPDHCP_CLIENT_INFO_V6 got = NULL;
    DWORD code = get6(address, &got);

    DhcpRpcFreeMemory(got);
    return code == ERROR_SUCCESS;
}

DWORD delete6(DHCP_IPV6_ADDRESS address)
{
    DHCP_SEARCH_INFO_V6 by = {Dhcpv6ClientIpAddress, {.ClientIpAddress = address}};

    return DhcpDeleteClientInfoV6(server, &by);
}

/* --- create (M-L6-01 to -06) ------------------------------------------------------------------ */

static DWORD in_a_prefix(void)
{
    DHCP_CLIENT_INFO_V6 info = lease6(HOST6(0, 1), 1, 7);
    LPDHCP_CLIENT_INFO_V6 got = NULL;
    DWORD code;

    fresh6(1);
    info.AddressType = ADDRESS_TYPE_IATA;
    info.OwnerHost.NetBiosName = u"somebody";
    code = DhcpV6CreateClientInfo(server, &info);
    also(get6(HOST6(0, 1), &got) == 0, "it cannot be found");
    if (got == NULL)
        return code;
    also(same6(got->ClientIpAddress, HOST6(0, 1)) && got->IAID == 7 &&
             got->ClientDUID.DataLength == 10 && got->ClientDUID.Data[0] == 1,
         "address or client is wrong");
    also(got->AddressType == ADDRESS_TYPE_IANA, "AddressType is not IANA");
    also(got->OwnerHost.NetBiosName == NULL && got->OwnerHost.HostName == NULL,
         "the owner has a name");
    also(same_text(got->ClientName, u"pc") && same_text(got->ClientComment, u"by hand"),
         "a text is wrong");
    also(seconds_until(got->ClientValidLeaseExpires) > 3500 &&
             seconds_until(got->ClientValidLeaseExpires) <= 3600 &&
             seconds_until(got->ClientPrefLeaseExpires) > 1700 &&
             seconds_until(got->ClientPrefLeaseExpires) <= 1800,
         "a time is wrong");
    DhcpRpcFreeMemory(got);
    return code;
}
static DWORD times_not_given(void)
{
    DHCP_CLIENT_INFO_V6 info = {
        .ClientIpAddress = HOST6(0, 1), .ClientDUID = duid6(1, 1), .IAID = 1};
    LPDHCP_CLIENT_INFO_V6 got = NULL;
    DWORD code;

    fresh6(1);
    code = DhcpV6CreateClientInfo(server, &info);
    also(get6(HOST6(0, 1), &got) == 0 &&
             got->ClientValidLeaseExpires.dwHighDateTime == 0x7fffffff &&
             got->ClientPrefLeaseExpires.dwHighDateTime == 0x7fffffff,
         "it ends");
    DhcpRpcFreeMemory(got);
    return code;
}
static DWORD no_duid(void)
{
    DHCP_CLIENT_INFO_V6 info = lease6(HOST6(0, 1), 1, 1);

    fresh6(0);
    info.ClientDUID.DataLength = 0;
    also(DhcpV6CreateClientInfo(server, &info) == 87, "length 0 is taken");
    info.ClientDUID = (DHCP_CLIENT_UID){10, NULL};
    return DhcpV6CreateClientInfo(server, &info);
}
static DWORD from_nothing(void)
{
    return DhcpV6CreateClientInfo(server, NULL);
}
static DWORD in_no_prefix(void)
{
    fresh6(1);
    return create6(HOST6(1, 1), 1, 1);
}
static DWORD same_client(void)
{
    fresh6(2);
    also(create6(HOST6(0, 1), 1, 1) == 0, "no lease");
    also(create6(HOST6(1, 1), 1, 1) == 20014, "in another prefix");
    return create6(HOST6(0, 2), 1, 1);
}
static DWORD same_address(void)
{
    fresh6(1);
    also(create6(HOST6(0, 1), 1, 1) == 0, "no lease");
    return create6(HOST6(0, 1), 2, 1);
}
static DWORD same_iaid(void)
{
    fresh6(1);
    also(create6(HOST6(0, 1), 1, 1) == 0, "no lease");
    return create6(HOST6(0, 2), 2, 1);
}
static DWORD over_already(void)
{
    DHCP_CLIENT_INFO_V6 info = lease6(HOST6(0, 1), 1, 1);

    fresh6(1);
    info.ClientValidLeaseExpires = date_in(-60);
    also(DhcpV6CreateClientInfo(server, &info) == 0 && has6(HOST6(0, 1)), "it is not there");
    return create6(HOST6(0, 1), 2, 2);
}

/* --- get and delete (M-L6-07, -08) ------------------------------------------------------------ */

static DWORD by_duid(void)
{
    DHCP_SEARCH_INFO_V6 by = {Dhcpv6ClientDUID, {.ClientDUID = duid6(1, 10)}};
    LPDHCP_CLIENT_INFO_V6 got;

    fresh6(1);
    also(create6(HOST6(0, 1), 1, 1) == 0, "no lease");
    also(DhcpDeleteClientInfoV6(server, &by) == 87, "and deletes");
    return DhcpGetClientInfoV6(server, &by, &got);
}
static DWORD by_name(void)
{
    DHCP_SEARCH_INFO_V6 by = {Dhcpv6ClientName, {.ClientName = u"pc"}};
    LPDHCP_CLIENT_INFO_V6 got;

    return DhcpGetClientInfoV6(server, &by, &got);
}
static DWORD by_nothing(void)
{
    LPDHCP_CLIENT_INFO_V6 got;

    return DhcpGetClientInfoV6(server, NULL, &got);
}
static DWORD into_nothing(void)
{
    return get6(HOST6(0, 1), NULL);
}
static DWORD absent(void)
{
    LPDHCP_CLIENT_INFO_V6 got;

    fresh6(1);
    return get6(HOST6(0, 1), &got);
}
static DWORD reservation_deleted(void)
{
    fresh6(1);
    also(reserve6(NET6(0), HOST6(0, 1), 1, 1) == 0, "not reserved");
    return delete6(HOST6(0, 1));
}
static DWORD deleted_twice(void)
{
    fresh6(1);
    also(create6(HOST6(0, 1), 1, 1) == 0 && delete6(HOST6(0, 1)) == 0, "not deleted");
    return delete6(HOST6(0, 1));
}

/* --- set (M-L6-09, -10) ----------------------------------------------------------------------- */

static DWORD set(DHCP_CLIENT_INFO_V6 info)
{
    return DhcpSetClientInfoV6(server, &info);
}
static DWORD long_duid(void)
{
    DHCP_CLIENT_INFO_V6 info = lease6(HOST6(0, 1), 1, 1);

    fresh6(1);
    also(create6(HOST6(0, 1), 1, 1) == 0, "no lease");
    info.ClientDUID = duid6(1, 256);
    also(set(info) == 0, "256 bytes are too many");
    info.ClientDUID = duid6(1, 257);
    return set(info);
}
static DWORD set_in_no_prefix(void)
{
    DHCP_CLIENT_INFO_V6 info = lease6(HOST6(1, 1), 1, 1);

    fresh6(1);
    info.ClientDUID.DataLength = 0;
    return set(info);
}
static DWORD set_of_nothing(void)
{
    fresh6(1);
    return set(lease6(HOST6(0, 1), 1, 1));
}
static DWORD set_to_nothing(void)
{
    return DhcpSetClientInfoV6(server, NULL);
}
static DWORD set_without_duid(void)
{
    DHCP_CLIENT_INFO_V6 info = lease6(HOST6(0, 1), 1, 1);

    fresh6(1);
    also(create6(HOST6(0, 1), 1, 1) == 0, "no lease");
    info.ClientDUID.DataLength = 0;
    return set(info);
}
static DWORD set_reservation(void)
{
    LPDHCP_CLIENT_INFO_V6 got = NULL;
    DWORD code;

    fresh6(1);
    also(reserve6(NET6(0), HOST6(0, 1), 1, 1) == 0, "not reserved");
    code = set(lease6(HOST6(0, 1), 2, 2));
    also(get6(HOST6(0, 1), &got) == 0 && got->IAID == 2 && got->ClientDUID.Data[0] == 2 &&
             same_text(got->ClientName, u"pc") && got->ClientValidLeaseExpires.dwHighDateTime == 0,
         "it is not as told, or it has an end");
    DhcpRpcFreeMemory(got);
    also(reserve6(NET6(0), HOST6(0, 2), 2, 2) == 20022, "the reservation is of the old client");
    return code;
}

/* --- enumerate -------------------------------------------------------------------------------- */

static DWORD page(DHCP_IPV6_ADDRESS prefix, DHCP_RESUME_IPV6_HANDLE *handle, DWORD most,
                  DWORD *read, DWORD *total)
{
    LPDHCP_CLIENT_INFO_ARRAY_V6 all = NULL;
    DWORD code = DhcpEnumSubnetClientsV6(server, prefix, handle, most, &all, read, total);

    also((code != ERROR_SUCCESS && code != ERROR_MORE_DATA) || all->NumElements == *read,
         "counts differ");
    DhcpRpcFreeMemory(all);
    return code;
}
static void make_leases(unsigned n, unsigned count)
{
    for (unsigned h = 1; h <= count; h++)
        also(create6(HOST6(n, h), (BYTE)h, n) == 0, "no lease");
}
static DWORD all_of_one(void)
{
    DHCP_RESUME_IPV6_HANDLE handle = NONE6;
    DWORD read, total, code;

    fresh6(2);
    make_leases(0, 30);
    make_leases(1, 5);
    code = page(NET6(0), &handle, NEVER, &read, &total);
    also(read == 30 && total == 30 && same6(handle, NONE6), "not all of them, and only them");
    also(page(NONE6, &handle, NEVER, &read, &total) == 0 && read == 35, "not all of all (ours)");
    return code;
}
static DWORD none_at_all(void)
{
    DHCP_RESUME_IPV6_HANDLE handle = NONE6;
    DWORD read, total;

    fresh6(1);
    return page(NET6(0), &handle, NEVER, &read, &total);
}
static DWORD none_here(void)
{
    DHCP_RESUME_IPV6_HANDLE handle = NONE6;
    DWORD read = 1, total, code;

    fresh6(2);
    make_leases(1, 1);
    code = page(NET6(0), &handle, NEVER, &read, &total);
    also(read == 0, "something is given");
    return code;
}
static DWORD behind_the_last(void)
{
    DHCP_RESUME_IPV6_HANDLE handle = HOST6(0, 3);
    DWORD read, total;

    fresh6(1);
    make_leases(0, 3);
    return page(NET6(0), &handle, NEVER, &read, &total);
}
static DWORD in_pages_while_changing(void)
{
    DHCP_RESUME_IPV6_HANDLE handle = NONE6;
    DWORD read = 0, total, seen = 0, code = ERROR_MORE_DATA;

    fresh6(1);
    make_leases(0, 30);
    while (code == ERROR_MORE_DATA) {
        code = page(NET6(0), &handle, 1, &read, &total);
        also(read > 0 && read < 30, "not in pages");
        also(code != ERROR_MORE_DATA || total == 0x7fffffff, "a total that nobody counted");
        seen += read;
        if (code == ERROR_MORE_DATA)
            also(delete6(handle) == 0, "the last one seen is not there");
    }
    also(seen == 30, "not all were seen");
    return code;
}
static DWORD by_a_user(void)
{
    DHCP_RESUME_IPV6_HANDLE handle = NONE6;
    DWORD read, total;

    call_as(ADMINISTRATOR);
    fresh6(1);
    make_leases(0, 1);
    call_as(USER);
    return page(NET6(0), &handle, NEVER, &read, &total);
}
static DWORD by_nobody(void)
{
    DHCP_RESUME_IPV6_HANDLE handle = NONE6;
    DWORD read, total;

    return page(NET6(0), &handle, NEVER, &read, &total);
}

/* --- what stays, for the phase "restarted" ---------------------------------------------------- */

static DWORD left_behind(void)
{
    fresh6(1);
    also(exclude6(NET6(0), HOST6(0, 100), HOST6(0, 200)) == 0, "not excluded");
    also(reserve6(NET6(0), HOST6(0, 50), 50, 50) == 0, "not reserved");
    return create6(HOST6(0, 1), 1, 1);
}

static const struct row rows[] = {
    {"M-L6-01", "V6CreateClientInfo", "address in a prefix", 0, in_a_prefix, 0},
    {"§1.3", "V6CreateClientInfo", "no times (ours: no end)", 0, times_not_given, 0},
    {"M-L6-02", "V6CreateClientInfo", "empty DUID, no prefix", 87, no_duid, 0},
    {"§1.3", "V6CreateClientInfo", "NULL", 87, from_nothing, 0},
    {"M-L6-03", "V6CreateClientInfo", "no prefix", 20005, in_no_prefix, 0},
    {"M-L6-04", "V6CreateClientInfo", "same DUID and IAID", 20014, same_client, 0},
    {"M-L6-05", "V6CreateClientInfo", "same address", 20014, same_address, 0},
    {"M-L6-06", "V6CreateClientInfo", "same IAID, other DUID", 0, same_iaid, 0},
    {"§1.3", "V6CreateClientInfo", "where a lease is over (ours)", 0, over_already, 0},
    {"§7.3", "V6CreateClientInfo", "DHCP Users, NULL", 5, from_nothing, USER},
    {"M-L6-07", "GetClientInfoV6", "by DUID", 87, by_duid, 0},
    {"§1.4", "GetClientInfoV6", "by name", 87, by_name, 0},
    {"§1.4", "GetClientInfoV6", "SearchInfo NULL", 87, by_nothing, 0},
    {"§1.4", "GetClientInfoV6", "output NULL", 87, into_nothing, 0},
    {"§7.3", "GetClientInfoV6", "SearchInfo NULL, nobody", 5, by_nothing, NOBODY},
    {"§1.4", "GetClientInfoV6", "absent", 20013, absent, 0},
    {"M-L6-08", "DeleteClientInfoV6", "reservation", 20022, reservation_deleted, 0},
    {"§1.4", "DeleteClientInfoV6", "a second time", 20013, deleted_twice, 0},
    {"M-L6-09", "SetClientInfoV6", "DUID of 257 bytes", 111, long_duid, 0},
    {"M-L6-10", "SetClientInfoV6", "no prefix, no DUID", 2, set_in_no_prefix, 0},
    {"§1.4", "SetClientInfoV6", "no record", 2, set_of_nothing, 0},
    {"§1.4", "SetClientInfoV6", "NULL", 87, set_to_nothing, 0},
    {"§1.4", "SetClientInfoV6", "no DUID", 87, set_without_duid, 0},
    {"§1.4", "SetClientInfoV6", "a reservation", 0, set_reservation, 0},
    {"§7.3", "SetClientInfoV6", "DHCP Users, NULL", 5, set_to_nothing, USER},
    {"§1.4", "EnumSubnetClientsV6", "all of one prefix", 0, all_of_one, 0},
    {"§1.4", "EnumSubnetClientsV6", "no leases", 259, none_at_all, 0},
    {"§1.4", "EnumSubnetClientsV6", "none but in others", 0, none_here, 0},
    {"§1.4", "EnumSubnetClientsV6", "handle is the last", 259, behind_the_last, 0},
    {"§1.4", "EnumSubnetClientsV6", "pages, last one deleted", 0, in_pages_while_changing, 0},
    {"§7.1", "EnumSubnetClientsV6", "DHCP Users", 0, by_a_user, USER},
    {"§7.1", "EnumSubnetClientsV6", "nobody", 5, by_nobody, NOBODY},
    {"§1.3", "V6CreateClientInfo", "to be there afterwards", 0, left_behind, 0},
};

const struct rows v6_lease_rows = {"alone", rows, sizeof rows / sizeof rows[0], false};

/* --- after a restart -------------------------------------------------------------------------- */

static DWORD still_there(void)
{
    LPDHCP_CLIENT_INFO_V6 got = NULL;
    DWORD code = get6(HOST6(0, 1), &got);

    also(code == 0 && seconds_until(got->ClientValidLeaseExpires) > 3000, "it lost its time");
    DhcpRpcFreeMemory(got);
    also(create6(HOST6(0, 2), 1, 1) == 20014, "its client is forgotten");
    also(exclude6(NET6(0), HOST6(0, 150), HOST6(0, 250)) == 2014, "the exclusion is forgotten");
    also(reserve6(NET6(0), HOST6(0, 51), 50, 50) == 20022, "the reservation is forgotten");
    return code;
}

static const struct row kept[] = {
    {"§1.3", "GetClientInfoV6", "after a restart", 0, still_there, 0},
};

const struct rows v6_kept_rows = {"restarted", kept, sizeof kept / sizeof kept[0], false};
