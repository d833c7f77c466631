/* IPv4 leases found, enumerated, changed and ended on one server (M-L4-16 to -27, M-CI-…). */
#include <string.h>

#include "leases4.h"

#define N    32 /* these rows' scope */
#define HERE (SCOPE(N) + 20)

/* --- one record (M-L4-16, -17) -------------------------------------------------------------------
 */

static DWORD absent(void)
{
    LPDHCP_CLIENT_INFO_PB got;

    clear4(N);
    return get4(HERE, &got);
}
static DWORD got_by_nothing(void)
{
    LPDHCP_CLIENT_INFO_PB got;

    return DhcpV4GetClientInfo(server, NULL, &got);
}
static DWORD got_into_nothing(void)
{
    return get4(HERE, NULL);
}
static DWORD got_by_a_user(void)
{
    LPDHCP_CLIENT_INFO_PB got = NULL;
    DWORD code = get4(SCOPE(LEASES) + 10, &got);

    DhcpRpcFreeMemory(got);
    return code;
}
static DWORD got_by_nobody(void)
{
    LPDHCP_CLIENT_INFO_PB got;

    return get4(SCOPE(LEASES) + 10, &got);
}
static DWORD got_by(DHCP_SEARCH_INFO by, DHCP_IP_ADDRESS *out)
{
    LPDHCP_CLIENT_INFO_PB got = NULL;
    DWORD code = DhcpV4GetClientInfo(server, &by, &got);

    if (code == ERROR_SUCCESS)
        *out = got->ClientIpAddress;
    DhcpRpcFreeMemory(got);
    return code;
}
static DWORD got_by_type_3(void)
{
    DHCP_IP_ADDRESS address;

    return got_by((DHCP_SEARCH_INFO){.SearchType = (DHCP_SEARCH_INFO_TYPE)3}, &address);
}
static DWORD got_by_null_name(void)
{
    DHCP_IP_ADDRESS address;

    return got_by((DHCP_SEARCH_INFO){.SearchType = DhcpClientName}, &address);
}
static DWORD name_tie(void)
{
    DHCP_IP_ADDRESS address = 0;
    DWORD code = got_by((DHCP_SEARCH_INFO){DhcpClientName, {.ClientName = u"pc"}}, &address);

    also(address == SCOPE(LEASES) + 10, "it is not the lowest address");
    return code;
}
static DWORD null_identifier(void)
{
    DHCP_IP_ADDRESS address;

    return got_by((DHCP_SEARCH_INFO){.SearchType = DhcpClientHardwareAddress}, &address);
}

static DWORD reservation(void)
{
    static const BYTE unique[] = {0, 0, 0, 10, 1, 1, 2, 3, 4, 5, 6};
    LPDHCP_CLIENT_INFO_PB got = NULL;
    DHCP_IP_ADDRESS address = 0;
    DWORD code = get4(SCOPE(0) + 30, &got);

    if (code != ERROR_SUCCESS)
        return code;
    also(got->ClientLeaseExpires.dwHighDateTime == 0 && got->ClientLeaseExpires.dwLowDateTime == 0,
         "it has an end");
    also(got->bClientType == CLIENT_TYPE_NONE && got->AddressState == ADDRESS_STATE_ACTIVE,
         "type or state is wrong");
    also(got->OwnerHost.IpAddress == 0xffffffff, "somebody gave it");
    also(got->ClientHardwareAddress.DataLength == sizeof unique &&
             memcmp(got->ClientHardwareAddress.Data, unique, sizeof unique) == 0,
         "it is another client's");
    also(got_by((DHCP_SEARCH_INFO){DhcpClientHardwareAddress,
                                   {.ClientHardwareAddress = got->ClientHardwareAddress}},
                &address) == ERROR_SUCCESS &&
             address == SCOPE(0) + 30,
         "its unique ID does not find it");
    DhcpRpcFreeMemory(got);
    return code;
}

/* --- walks (M-L4-23 to -27) ----------------------------------------------------------------------
 */

static DWORD walk(DHCP_IP_ADDRESS subnet, DHCP_RESUME_HANDLE *handle, DWORD most, DWORD *read,
                  DWORD *total)
{
    LPDHCP_CLIENT_INFO_PB_ARRAY all = NULL;
    DHCP_RESUME_HANDLE before = *handle;
    DWORD code = DhcpV4EnumSubnetClients(server, subnet, handle, most, &all, read, total);

    if (all == NULL)
        return code;
    also(all->NumElements == *read, "the array has another length");
    for (DWORD i = 0; i < *read; i++) {
        also(all->Clients[i]->ClientIpAddress > before, "not in the order of addresses");
        before = all->Clients[i]->ClientIpAddress;
    }
    also(*handle == (code == ERROR_MORE_DATA ? before : 0), "the handle is not the last address");
    DhcpRpcFreeMemory(all);
    return code;
}

static void fill(DWORD count)
{
    clear4(N);
    for (DWORD i = 0; i < count; i++)
        also(create4(HERE + i, (BYTE)i) == ERROR_SUCCESS, "it was not made");
}

static DWORD walk_of_none(void)
{
    DHCP_RESUME_HANDLE handle = 0;
    DWORD read, total;

    clear4(N);
    also(walk(UNKNOWN, &handle, NEVER, &read, &total) == 259, "an unknown scope is another thing");
    return walk(SCOPE(N), &handle, NEVER, &read, &total);
}
static DWORD walk_by_1(void)
{
    DHCP_RESUME_HANDLE handle = 0, another = 0;
    DWORD read = 0, total = 0, read_1024 = 0, total_1024 = 0, code;

    fill(30);
    also(walk(SCOPE(N), &another, 1024, &read_1024, &total_1024) == ERROR_MORE_DATA, "1024: all");
    code = walk(SCOPE(N), &handle, 1, &read, &total);
    also(read > 1 && read == read_1024 && total == total_1024 && handle == another,
         "it is not as with 1024");
    return code;
}
static DWORD walk_to_the_end(void)
{
    DHCP_RESUME_HANDLE handle = 0;
    DWORD code = ERROR_MORE_DATA, read, total, seen = 0;

    fill(30);
    while (code == ERROR_MORE_DATA && seen < 60) {
        code = walk(SCOPE(N), &handle, 0, &read, &total);
        if (code != ERROR_SUCCESS && code != ERROR_MORE_DATA)
            return code;
        seen += read;
        also(total == (code == ERROR_MORE_DATA ? 30 - seen : read), "the total is wrong");
    }
    also(seen == 30, "not 30 were seen");
    return code;
}
static DWORD walk_over_everything(void)
{
    DHCP_RESUME_HANDLE handle = 0;
    DWORD read = 0, total = 0, code;

    fill(30);
    code = walk(SCOPE(N), &handle, NEVER, &read, &total);
    also(read == 30 && total == 30 && handle == 0, "not 30 at once");
    handle = 0;
    also(walk(SCOPE(N), &handle, NEVER - 1, &read, &total) == ERROR_SUCCESS && read == 30,
         "65536 bytes do not hold 30 leases");
    return code;
}
static DWORD walk_from_no_lease(void)
{
    DHCP_RESUME_HANDLE handle = HERE + 1;
    DWORD read, total;

    fill(3);
    also(walk(SCOPE(N), &handle, NEVER, &read, &total) == ERROR_SUCCESS && read == 1,
         "not behind the second");
    handle = HERE + 1;
    also(delete4(HERE + 1) == ERROR_SUCCESS, "it was not deleted");
    return walk(SCOPE(N), &handle, NEVER, &read, &total);
}
static DWORD walk_from_the_last(void)
{
    DHCP_RESUME_HANDLE handle = HERE + 2;
    DWORD read, total;

    fill(3);
    return walk(SCOPE(N), &handle, NEVER, &read, &total);
}
static DWORD walk_over_all_scopes(void)
{
    DWORD sum = 0;

    fill(3);
    for (int n = 0; n < SCOPES; n++)
        sum += count4(SCOPE(n));
    also(count4(SCOPE(LEASES)) == 10 && count4(SCOPE(0)) == 1, "leases or the reservation");
    also(count4(0) == sum && sum >= 14, "another number than in all scopes together");
    return ERROR_SUCCESS;
}
static DWORD walk_without_total(void)
{
    LPDHCP_CLIENT_INFO_PB_ARRAY all;
    DHCP_RESUME_HANDLE handle = 0;
    DWORD read;

    return DhcpV4EnumSubnetClients(server, 0, &handle, NEVER, &all, &read, NULL);
}
static DWORD walk_by_nobody(void)
{
    DHCP_RESUME_HANDLE handle = 1;
    DWORD read, total;

    return walk(0, &handle, NEVER, &read, &total);
}

/* --- VQ (M-L4-18 to -20) -------------------------------------------------------------------------
 */

static DHCP_CLIENT_INFO_VQ vq(DHCP_IP_ADDRESS address, BYTE number)
{
    return (DHCP_CLIENT_INFO_VQ){.ClientIpAddress = address,
                                 .ClientHardwareAddress = client4(number),
                                 .ClientLeaseExpires = date_in(3600)};
}
static DWORD create_vq(DHCP_IP_ADDRESS address, BYTE number)
{
    DHCP_CLIENT_INFO_VQ info = vq(address, number);

    return DhcpCreateClientInfoVQ(server, &info);
}

static DWORD vq_twice(void)
{
    fill(0);
    also(create_vq(HERE, 1) == ERROR_SUCCESS, "it was not made");
    also(create_vq(HERE + 1, 1) == 20014, "the client can have two");
    return create_vq(HERE, 1);
}
static DWORD vq_outside(void)
{
    fill(0);
    also(create_vq(UNKNOWN + 1, 1) == 87, "in no scope");
    return create_vq(SCOPE(N) + 200, 1);
}
static DWORD vq_is_by_hand(void)
{
    DHCP_CLIENT_INFO_VQ info = vq(HERE, 1);
    LPDHCP_CLIENT_INFO_PB got = NULL;
    DWORD code;

    fill(0);
    info.AddressState = ADDRESS_STATE_DECLINED;
    info.bClientType = CLIENT_TYPE_DHCP;
    info.ClientName = u"vq";
    info.Status = PROBATION;
    code = DhcpCreateClientInfoVQ(server, &info);
    also(get4(HERE, &got) == ERROR_SUCCESS, "it cannot be got");
    if (got == NULL)
        return code;
    also(got->AddressState == ADDRESS_STATE_ACTIVE && got->bClientType == CLIENT_TYPE_NONE,
         "state or type is as given");
    also(same_text(got->ClientName, u"vq") && got->PolicyName[0] == 0, "name or policy");
    also(got->Status == NOQUARANTINE, "quarantine is not ignored");
    DhcpRpcFreeMemory(got);
    return code;
}
static DWORD vq_of_nothing(void)
{
    return DhcpCreateClientInfoVQ(server, NULL);
}

/* --- set -----------------------------------------------------------------------------------------
 */

static DWORD set_nothing(void)
{
    return DhcpSetClientInfoVQ(server, NULL);
}
static DWORD set_without_client(void)
{
    DHCP_CLIENT_INFO_VQ info = vq(HERE, 1);

    fill(1);
    info.ClientHardwareAddress.DataLength = 0;
    return DhcpSetClientInfoVQ(server, &info);
}
static DWORD set_absent(void)
{
    DHCP_CLIENT_INFO_VQ info = vq(HERE + 50, 1);

    fill(1);
    return DhcpSetClientInfoVQ(server, &info);
}
static DWORD set_whole(void)
{
    DHCP_CLIENT_INFO_PB info = lease4(HERE, 1);
    DHCP_CLIENT_INFO_VQ change = vq(HERE, 9);
    LPDHCP_CLIENT_INFO_PB got = NULL;
    DWORD code;

    fill(0);
    info.PolicyName = u"policy";
    info.bClientType = CLIENT_TYPE_DHCP;
    info.AddressState = ADDRESS_STATE_DOOM | 0x50;
    also(DhcpV4CreateClientInfo(server, &info) == ERROR_SUCCESS, "it was not made");
    change.ClientName = u"renamed";
    change.ClientComment = u"now";
    change.ClientLeaseExpires = date_in(7200);
    change.bClientType = CLIENT_TYPE_BOOTP;
    change.AddressState = ADDRESS_STATE_DECLINED;
    code = DhcpSetClientInfoVQ(server, &change);
    also(get4(HERE, &got) == ERROR_SUCCESS, "it cannot be got");
    if (got == NULL)
        return code;
    also(got->ClientHardwareAddress.Data[10] == 9, "the client is the old one");
    also(same_text(got->ClientName, u"renamed") && same_text(got->ClientComment, u"now"),
         "name or comment is the old one");
    also(seconds_until(got->ClientLeaseExpires) > 7100, "it ends when it did");
    also(got->AddressState == (ADDRESS_STATE_ACTIVE | 0x50), "it is not ACTIVE, or lost its bits");
    also(got->bClientType == CLIENT_TYPE_DHCP && same_text(got->PolicyName, u"policy"),
         "type or policy was changed");
    DhcpRpcFreeMemory(got);
    return code;
}
static DWORD set_declined(void)
{
    DHCP_CLIENT_INFO_PB info = lease4(HERE, 1);
    DHCP_CLIENT_INFO_VQ change = vq(HERE, 1);
    LPDHCP_CLIENT_INFO_PB got = NULL;
    DWORD code;

    fill(0);
    info.AddressState = ADDRESS_STATE_DECLINED;
    also(DhcpV4CreateClientInfo(server, &info) == ERROR_SUCCESS, "it was not made");
    code = DhcpSetClientInfoVQ(server, &change);
    also(get4(HERE, &got) == ERROR_SUCCESS && got->AddressState == ADDRESS_STATE_ACTIVE,
         "it is not ACTIVE");
    DhcpRpcFreeMemory(got);
    return code;
}
static DWORD set_by_a_user(void)
{
    DHCP_CLIENT_INFO_VQ info = {0};

    return DhcpSetClientInfoVQ(server, &info);
}

/* --- delete (M-L4-21, -22) -----------------------------------------------------------------------
 */

static DWORD deleted(void)
{
    LPDHCPV4_FAILOVER_CLIENT_INFO info;
    LPDHCP_CLIENT_INFO_PB got;
    DWORD code;

    fill(2);
    code = delete4(HERE);
    also(get4(HERE, &got) == 20016 && find_lease(HERE, &info) == 20013, "it is there still");
    also(count4(SCOPE(N)) == 1 && delete4(HERE) == 20013, "it is enumerated, or deleted twice");
    also(create4(HERE, 0) == ERROR_SUCCESS, "its address is not free");
    return code;
}
static DWORD deleted_by_client(void)
{
    LPDHCP_CLIENT_INFO_PB got = NULL, left = NULL;
    DHCP_SEARCH_INFO by = {.SearchType = DhcpClientHardwareAddress};
    DWORD code;

    fill(2);
    also(get4(HERE + 1, &got) == ERROR_SUCCESS, "it cannot be got");
    if (got == NULL)
        return ERROR_SUCCESS + UNTOUCHED;
    by.SearchInfo.ClientHardwareAddress = got->ClientHardwareAddress;
    code = DhcpDeleteClientInfo(server, &by);
    DhcpRpcFreeMemory(got);
    also(get4(HERE, &left) == ERROR_SUCCESS && get4(HERE + 1, &got) == 20016, "not exactly that");
    DhcpRpcFreeMemory(left);
    return code;
}
static DWORD deleted_by_name(void)
{
    DHCP_SEARCH_INFO by = {DhcpClientName, {.ClientName = u"twin"}};
    LPDHCP_CLIENT_INFO_PB got = NULL;
    DWORD code;

    fill(0);
    for (BYTE i = 0; i < 2; i++) {
        DHCP_CLIENT_INFO_PB info = lease4(HERE + i, i);
        info.ClientName = u"twin";
        also(DhcpV4CreateClientInfo(server, &info) == ERROR_SUCCESS, "it was not made");
    }
    code = DhcpDeleteClientInfo(server, &by);
    also(count4(SCOPE(N)) == 1, "not one of the two is left");
    also(DhcpV4GetClientInfo(server, &by, &got) == ERROR_SUCCESS &&
             got->ClientIpAddress == HERE + 1,
         "the other has lost its name");
    DhcpRpcFreeMemory(got);
    return code;
}
/* The second time, the lease of the first is there. */
static DWORD deleted_reserved(void)
{
    static BYTE client[] = {1, 2, 3, 4, 5, 6};
    DHCP_CLIENT_INFO_PB info = lease4(SCOPE(33) + 30, 0);
    LPDHCP_CLIENT_INFO_PB got = NULL;

    also(delete4(SCOPE(0) + 30) == 20019, "without a lease it is another thing");
    info.ClientHardwareAddress = (DHCP_CLIENT_UID){sizeof client, client};
    also(DhcpV4CreateClientInfo(server, &info) % 20014 == 0, "it is not leased to its client");
    also(get4(SCOPE(33) + 30, &got) == ERROR_SUCCESS && seconds_until(got->ClientLeaseExpires) > 0,
         "the reservation is shown, and not its lease");
    DhcpRpcFreeMemory(got);
    return delete4(SCOPE(33) + 30);
}
static DWORD delete_absent(void)
{
    fill(0);
    return delete4(HERE);
}
static DWORD delete_nothing(void)
{
    return DhcpDeleteClientInfo(server, NULL);
}
static DWORD delete_by_a_user(void)
{
    return delete4(HERE);
}

static const struct row kept[] = {
    {"M-L4-16", "V4GetClientInfo", "absent", 20016, absent, 0},
    {"M-L4-17", "V4GetClientInfo", "nobody, SearchInfo NULL", 87, got_by_nothing, NOBODY},
    {"§1.4", "V4GetClientInfo", "nobody", 5, got_by_nobody, NOBODY},
    {"§1.4", "V4GetClientInfo", "a user", 0, got_by_a_user, USER},
    {"§1.4", "V4GetClientInfo", "output NULL", 87, got_into_nothing, 0},
    {"§2.8", "V4GetClientInfo", "SearchType 3", 87, got_by_type_3, 0},
    {"§1.4", "V4GetClientInfo", "by name, NULL", 87, got_by_null_name, 0},
    {"§1.4", "V4GetClientInfo", "two of one name", 0, name_tie, 0},
    {"§2.6", "V4GetClientInfo", "by a client of no bytes", 20016, null_identifier, 0},
    {"§1.5", "V4GetClientInfo", "a reservation without a lease", 0, reservation, 0},
    {"M-L4-23", "V4EnumSubnetClients", "no leases", 259, walk_of_none, 0},
    {"M-L4-24", "V4EnumSubnetClients", "PreferredMaximum 1", 234, walk_by_1, 0},
    {"§1.4", "V4EnumSubnetClients", "to the end", 0, walk_to_the_end, 0},
    {"M-L4-25", "V4EnumSubnetClients", "PreferredMaximum 0xFFFFFFFF", 0, walk_over_everything, 0},
    {"M-L4-26", "V4EnumSubnetClients", "handle of no lease", 20013, walk_from_no_lease, 0},
    {"§1.4", "V4EnumSubnetClients", "handle of the last lease", 259, walk_from_the_last, 0},
    {"M-L4-27", "V4EnumSubnetClients", "subnet 0", 0, walk_over_all_scopes, 0},
    {"§1.4", "V4EnumSubnetClients", "ClientsTotal NULL", 87, walk_without_total, 0},
    {"§1.4", "V4EnumSubnetClients", "nobody, handle of no lease", 5, walk_by_nobody, NOBODY},
    {"M-L4-18", "CreateClientInfoVQ", "duplicate", 20014, vq_twice, 0},
    {"M-L4-19", "CreateClientInfoVQ", "outside the range", 87, vq_outside, 0},
    {"M-L4-20", "CreateClientInfoVQ", "DECLINED, type DHCP", 0, vq_is_by_hand, 0},
    {"§1.4", "CreateClientInfoVQ", "ClientInfo NULL", 87, vq_of_nothing, 0},
    {"§1.4", "CreateClientInfoVQ", "a user, ClientInfo NULL", 5, vq_of_nothing, USER},
    {"§1.4", "SetClientInfoVQ", "ClientInfo NULL", 87, set_nothing, 0},
    {"§1.4", "SetClientInfoVQ", "no client", 87, set_without_client, 0},
    {"§1.4", "SetClientInfoVQ", "no lease", 87, set_absent, 0},
    {"§1.4", "SetClientInfoVQ", "everything", 0, set_whole, 0},
    {"§1.4", "SetClientInfoVQ", "DECLINED", 0, set_declined, 0},
    {"§1.4", "SetClientInfoVQ", "a user, no client", 5, set_by_a_user, USER},
    {"§1.4", "DeleteClientInfo", "a lease", 0, deleted, 0},
    {"§1.4", "DeleteClientInfo", "by client", 0, deleted_by_client, 0},
    {"§1.4", "DeleteClientInfo", "by name, two have it", 0, deleted_by_name, 0},
    {"M-L4-21", "DeleteClientInfo", "reserved", 20019, deleted_reserved, 0},
    {"M-L4-22", "DeleteClientInfo", "absent", 20013, delete_absent, 0},
    {"§1.4", "DeleteClientInfo", "ClientInfo NULL", 87, delete_nothing, 0},
    {"§1.4", "DeleteClientInfo", "a user", 5, delete_by_a_user, USER},
};

const struct rows leases4_kept_rows = {"alone", kept, sizeof kept / sizeof kept[0], true};
