/* IPv4 leases read by the calls with quarantine, on one server (MAPI §1.4): what they have in common
 * with those of leases4_kept.c, and what differs. */
#include <string.h>

#include "leases4.h"

#define N    39 /* these rows' scope */
#define HERE (SCOPE(N) + 20)

/* --- one record --------------------------------------------------------------------------------- */

static DWORD get_vq(DHCP_IP_ADDRESS address, LPDHCP_CLIENT_INFO_VQ *out)
{
    DHCP_SEARCH_INFO by = {DhcpClientIpAddress, {.ClientIpAddress = address}};

    return DhcpGetClientInfoVQ(server, &by, out);
}

/* Whether both structures tell of the same lease. */
static bool same_lease(const DHCP_CLIENT_INFO_VQ *a, const DHCP_CLIENT_INFO_PB *b)
{
    return a->ClientIpAddress == b->ClientIpAddress && a->SubnetMask == b->SubnetMask &&
           a->ClientHardwareAddress.DataLength == b->ClientHardwareAddress.DataLength &&
           memcmp(a->ClientHardwareAddress.Data, b->ClientHardwareAddress.Data,
                  a->ClientHardwareAddress.DataLength) == 0 &&
           same_text(a->ClientName, b->ClientName) &&
           same_text(a->ClientComment, b->ClientComment) &&
           memcmp(&a->ClientLeaseExpires, &b->ClientLeaseExpires, sizeof a->ClientLeaseExpires) ==
               0 &&
           a->OwnerHost.IpAddress == b->OwnerHost.IpAddress &&
           same_text(a->OwnerHost.NetBiosName, b->OwnerHost.NetBiosName) &&
           a->bClientType == b->bClientType && a->AddressState == b->AddressState &&
           a->Status == NOQUARANTINE && a->QuarantineCapable == 0;
}

static DWORD got(void)
{
    DHCP_CLIENT_INFO_PB info = lease4(HERE, 1);
    LPDHCP_CLIENT_INFO_PB pb = NULL;
    LPDHCP_CLIENT_INFO_VQ vq = NULL;
    DWORD code;

    clear4(N);
    info.ClientName = u"vq";
    info.ClientComment = u"of a row";
    info.bClientType = CLIENT_TYPE_DHCP;
    info.Status = PROBATION;
    also(DhcpV4CreateClientInfo(server, &info) == ERROR_SUCCESS, "it was not made");
    code = get_vq(HERE, &vq);
    also(get4(HERE, &pb) == ERROR_SUCCESS, "the other call has no such lease");
    also(vq != NULL && pb != NULL && same_lease(vq, pb), "the two calls tell different things");
    DhcpRpcFreeMemory(pb);
    DhcpRpcFreeMemory(vq);
    return code;
}
static DWORD got_by_client(void)
{
    DHCP_SEARCH_INFO by = {.SearchType = DhcpClientHardwareAddress};
    LPDHCP_CLIENT_INFO_VQ first = NULL, again = NULL;
    DWORD code;

    clear4(N);
    also(create4(HERE, 1) == ERROR_SUCCESS && get_vq(HERE, &first) == ERROR_SUCCESS, "not made");
    if (first == NULL)
        return UNTOUCHED;
    by.SearchInfo.ClientHardwareAddress = first->ClientHardwareAddress;
    code = DhcpGetClientInfoVQ(server, &by, &again);
    also(again != NULL && again->ClientIpAddress == HERE, "another lease");
    DhcpRpcFreeMemory(first);
    DhcpRpcFreeMemory(again);
    return code;
}
static DWORD name_tie(void)
{
    DHCP_SEARCH_INFO by = {DhcpClientName, {.ClientName = u"pc"}};
    LPDHCP_CLIENT_INFO_VQ got = NULL;
    DWORD code = DhcpGetClientInfoVQ(server, &by, &got);

    also(got != NULL && got->ClientIpAddress == SCOPE(LEASES) + 10, "not the lowest address");
    DhcpRpcFreeMemory(got);
    return code;
}
static DWORD reservation(void)
{
    LPDHCP_CLIENT_INFO_VQ got = NULL;
    DWORD code = get_vq(SCOPE(0) + 30, &got);

    also(got != NULL && got->bClientType == CLIENT_TYPE_NONE &&
             got->ClientLeaseExpires.dwHighDateTime == 0 && got->OwnerHost.IpAddress == 0xffffffff,
         "it is not as the other call has it");
    DhcpRpcFreeMemory(got);
    return code;
}
static DWORD absent(void)
{
    LPDHCP_CLIENT_INFO_VQ got;

    clear4(N);
    return get_vq(HERE, &got);
}
static DWORD got_by_nothing(void)
{
    LPDHCP_CLIENT_INFO_VQ got;

    return DhcpGetClientInfoVQ(server, NULL, &got);
}
static DWORD got_into_nothing(void)
{
    return get_vq(SCOPE(LEASES) + 10, NULL);
}
static DWORD got_by_a_user(void)
{
    LPDHCP_CLIENT_INFO_VQ got = NULL;
    DWORD code = get_vq(SCOPE(LEASES) + 10, &got);

    DhcpRpcFreeMemory(got);
    return code;
}

/* --- walks -------------------------------------------------------------------------------------- */

static DWORD walk(DHCP_IP_ADDRESS subnet, DHCP_RESUME_HANDLE *handle, DWORD most, DWORD *read,
                  DWORD *total)
{
    LPDHCP_CLIENT_INFO_ARRAY_VQ all = NULL;
    DHCP_RESUME_HANDLE before = *handle;
    DWORD code = DhcpEnumSubnetClientsVQ(server, subnet, handle, most, &all, read, total);

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
static DWORD walk_empty(DHCP_IP_ADDRESS subnet)
{
    LPDHCP_CLIENT_INFO_ARRAY_VQ all = NULL;
    DHCP_RESUME_HANDLE handle = 0;
    DWORD read = UNTOUCHED, total = UNTOUCHED, code;

    code = DhcpEnumSubnetClientsVQ(server, subnet, &handle, NEVER, &all, &read, &total);
    also(all != NULL && all->NumElements == 0 && read == 0 && total == 0 && handle == 0,
         "there is no empty array");
    DhcpRpcFreeMemory(all);
    return code;
}
static DWORD walk_of_none(void)
{
    clear4(N);
    return walk_empty(SCOPE(N));
}
static DWORD walk_of_no_scope(void)
{
    return walk_empty(UNKNOWN);
}
static DWORD walk_over_everything(void)
{
    DHCP_RESUME_HANDLE handle = 0;
    DWORD read = 0, total = 0, code = walk(SCOPE(LEASES), &handle, NEVER, &read, &total);

    also(read == 10 && total == 10 && handle == 0, "not ten at once");
    return code;
}
static DWORD walk_to_the_end(void)
{
    DHCP_RESUME_HANDLE handle = 0;
    DWORD code = ERROR_MORE_DATA, read = 0, total = 0, seen = 0, calls = 0;

    for (; code == ERROR_MORE_DATA && calls < 20; calls++) {
        code = walk(SCOPE(LEASES), &handle, 1, &read, &total);
        seen += read;
        also(total == (code == ERROR_MORE_DATA ? 10 - seen : read), "the total is wrong");
    }
    also(seen == 10 && calls > 1, "not ten in several calls");
    return code;
}
static DWORD walk_over_all_scopes(void)
{
    DHCP_RESUME_HANDLE handle = 0;
    DWORD read = 0, total = 0, code = walk(0, &handle, NEVER, &read, &total);

    also(read == count4(0), "another number than by the other call");
    return code;
}
static DWORD walk_from_no_lease(void)
{
    DHCP_RESUME_HANDLE handle = SCOPE(LEASES) + 99;
    DWORD read, total;

    return walk(SCOPE(LEASES), &handle, NEVER, &read, &total);
}
static DWORD walk_from_the_last(void)
{
    DHCP_RESUME_HANDLE handle = SCOPE(LEASES) + 19;
    DWORD read, total;

    return walk(SCOPE(LEASES), &handle, NEVER, &read, &total);
}
static DWORD walk_without_handle(void)
{
    LPDHCP_CLIENT_INFO_ARRAY_VQ all;
    DWORD read, total;

    return DhcpEnumSubnetClientsVQ(server, 0, NULL, NEVER, &all, &read, &total);
}
static DWORD walk_by_nobody(void)
{
    DHCP_RESUME_HANDLE handle = 1;
    DWORD read, total;

    return walk(0, &handle, NEVER, &read, &total);
}

static const struct row rows[] = {
    {"§1.4", "GetClientInfoVQ", "a lease", 0, got, 0},
    {"§1.4", "GetClientInfoVQ", "by client", 0, got_by_client, 0},
    {"§1.4", "GetClientInfoVQ", "two of one name", 0, name_tie, 0},
    {"§1.5", "GetClientInfoVQ", "a reservation without a lease", 0, reservation, 0},
    {"§1.4", "GetClientInfoVQ", "absent", 20013, absent, 0},
    {"§1.4", "GetClientInfoVQ", "SearchInfo NULL", 87, got_by_nothing, 0},
    {"§7.3", "GetClientInfoVQ", "nobody, SearchInfo NULL", 5, got_by_nothing, NOBODY},
    {"§1.4", "GetClientInfoVQ", "output NULL", 87, got_into_nothing, 0},
    {"§1.4", "GetClientInfoVQ", "a user", 0, got_by_a_user, USER},
    {"§1.4", "EnumSubnetClientsVQ", "this scope has none", 0, walk_of_none, 0},
    {"§1.4", "EnumSubnetClientsVQ", "unknown scope", 0, walk_of_no_scope, 0},
    {"§1.4", "EnumSubnetClientsVQ", "everything", 0, walk_over_everything, 0},
    {"§1.4", "EnumSubnetClientsVQ", "to the end", 0, walk_to_the_end, 0},
    {"§1.4", "EnumSubnetClientsVQ", "subnet 0", 0, walk_over_all_scopes, USER},
    {"§1.4", "EnumSubnetClientsVQ", "handle of no lease", 20013, walk_from_no_lease, 0},
    {"§1.4", "EnumSubnetClientsVQ", "handle of the last lease", 259, walk_from_the_last, 0},
    {"§1.4", "EnumSubnetClientsVQ", "ResumeHandle NULL", 87, walk_without_handle, 0},
    {"§1.4", "EnumSubnetClientsVQ", "nobody, handle of no lease", 5, walk_by_nobody, NOBODY},
};

const struct rows leases4_vq_rows = {"alone", rows, sizeof rows / sizeof rows[0], true};
