/* IPv6 leases (MAPI §1.3 DhcpV6CreateClientInfo, §1.4). */
#include <string.h>

#include "mgmt/dhcpsapi/date.h"
#include "mgmt/dhcpsapi/result.h"
#include "mgmt/dhcpsapi/v6.h"

/* --- changes ---------------------------------------------------------------------------------- */

static Mgmt__Lease6 give(struct fo_ask *a, const DHCP_CLIENT_INFO_V6 *info,
                         uint8_t room[FO_IPV6_LENGTH])
{
    Mgmt__Lease6 m = MGMT__LEASE6__INIT;

    m.address = fo_v6_give(info->ClientIpAddress, room);
    m.duid = fo_v6_give_uid(&info->ClientDUID);
    m.iaid = info->IAID;
    m.name = fo_ask_text(a, info->ClientName);
    m.comment = fo_ask_text(a, info->ClientComment);
    return m;
}

/* A missing structure has no DUID, and an address that is none: the server refuses it when its turn
 * has come. */
static Mgmt__Lease6 nothing(uint8_t room[FO_IPV6_LENGTH])
{
    Mgmt__Lease6 m = MGMT__LEASE6__INIT;

    m.address = (ProtobufCBinaryData){1, room};
    room[0] = 0;
    return m;
}

DWORD DhcpV6CreateClientInfo(const WCHAR *ServerIpAddress, const LPDHCP_CLIENT_INFO_V6 ClientInfo)
{
    uint8_t room[FO_IPV6_LENGTH];
    struct fo_ask a = {0};
    Mgmt__Lease6 m = ClientInfo != NULL ? give(&a, ClientInfo, room) : nothing(room);

    if (ClientInfo != NULL) {
        m.ends_case = MGMT__LEASE6__ENDS_VALID_UNTIL;
        m.valid_until = fo_date_utc(ClientInfo->ClientValidLeaseExpires);
        m.preferred_until = fo_date_utc(ClientInfo->ClientPrefLeaseExpires);
    }
    return fo_ask_once(&a, ServerIpAddress, MGMT__REQUEST__CALL_LEASE6_CREATE, &m);
}

DWORD DhcpSetClientInfoV6(const WCHAR *ServerIpAddress, const DHCP_CLIENT_INFO_V6 *ClientInfo)
{
    uint8_t room[FO_IPV6_LENGTH];
    struct fo_ask a = {0};
    Mgmt__Lease6 m = ClientInfo != NULL ? give(&a, ClientInfo, room) : nothing(room);

    return fo_ask_once(&a, ServerIpAddress, MGMT__REQUEST__CALL_LEASE6_SET, &m);
}

/* --- one lease -------------------------------------------------------------------------------- */

/* Anything but an address is named as such, for the server to refuse. */
static Mgmt__Lease6Search search_of(const DHCP_SEARCH_INFO_V6 *info, uint8_t room[FO_IPV6_LENGTH])
{
    Mgmt__Lease6Search m = MGMT__LEASE6_SEARCH__INIT;

    if (info != NULL && info->SearchType == Dhcpv6ClientIpAddress) {
        m.key_case = MGMT__LEASE6_SEARCH__KEY_ADDRESS;
        m.address = fo_v6_give(info->SearchInfo.ClientIpAddress, room);
    } else {
        m.key_case = MGMT__LEASE6_SEARCH__KEY_OTHER;
        m.other = true;
    }
    return m;
}

DWORD DhcpDeleteClientInfoV6(const WCHAR *ServerIpAddress, const DHCP_SEARCH_INFO_V6 *ClientInfo)
{
    uint8_t room[FO_IPV6_LENGTH];
    Mgmt__Lease6Search m = search_of(ClientInfo, room);
    struct fo_ask a = {0};

    return fo_ask_once(&a, ServerIpAddress, MGMT__REQUEST__CALL_LEASE6_DELETE, &m);
}

static bool take(void *owner, const Mgmt__Lease6 *m, LPDHCP_CLIENT_INFO_V6 out)
{
    out->ClientIpAddress = fo_v6_take(&m->address);
    out->AddressType = m->type;
    out->IAID = m->iaid;
    out->ClientName = fo_result_text(owner, m->name);
    out->ClientComment = fo_result_text(owner, m->comment);
    out->ClientValidLeaseExpires = fo_date_of(m->valid_until);
    out->ClientPrefLeaseExpires = fo_date_of(m->preferred_until);
    out->OwnerHost.IpAddress = fo_v6_take(&m->owner);
    return fo_v6_take_uid(owner, &m->duid, &out->ClientDUID) && out->ClientName != NULL &&
           out->ClientComment != NULL;
}

static LPDHCP_CLIENT_INFO_V6 take_one(const Mgmt__Lease6 *m)
{
    LPDHCP_CLIENT_INFO_V6 info = fo_result_new(sizeof *info);

    if (info == NULL || take(info, m, info))
        return info;
    DhcpRpcFreeMemory(info);
    return NULL;
}

DWORD DhcpGetClientInfoV6(const WCHAR *ServerIpAddress, const DHCP_SEARCH_INFO_V6 *SearchInfo,
                          LPDHCP_CLIENT_INFO_V6 *ClientInfo)
{
    uint8_t room[FO_IPV6_LENGTH];
    Mgmt__Lease6Search m = search_of(SearchInfo, room);
    LPDHCP_CLIENT_INFO_V6 info = NULL;
    struct fo_ask a = {0};
    DWORD code =
        fo_ask(&a, ServerIpAddress, MGMT__REQUEST__CALL_LEASE6_GET, &m, MGMT__REPLY__RESULT_LEASE6);

    if (ClientInfo == NULL && code != ERROR_ACCESS_DENIED) /* the right comes first */
        code = ERROR_INVALID_PARAMETER;
    if (code == ERROR_SUCCESS) {
        info = take_one(a.reply->lease6);
        if (info == NULL)
            code = ERROR_NOT_ENOUGH_MEMORY;
    }
    fo_ask_fini(&a);
    if (code == ERROR_SUCCESS)
        *ClientInfo = info;
    return code;
}

/* --- many leases ------------------------------------------------------------------------------ */

#define MANY_LEFT 0x7fffffffu

static size_t size_of(const Mgmt__Lease6 *m)
{
    return sizeof(LPDHCP_CLIENT_INFO_V6) + sizeof(DHCP_CLIENT_INFO_V6) + m->duid.len +
           (strlen(m->name) + strlen(m->comment) + 2) * sizeof(WCHAR);
}

static LPDHCP_CLIENT_INFO_V6 take_next(void *owner, const Mgmt__Lease6 *m)
{
    LPDHCP_CLIENT_INFO_V6 info = fo_result_add(owner, sizeof *info);

    return info != NULL && take(owner, m, info) ? info : NULL;
}

/* Pages, until what fits is full or all is there. The server goes on behind the last address. */
static DWORD gather(struct fo_ask *a, const WCHAR *server, Mgmt__Lease6Query *query, void *owner,
                    struct fo_gathered *g)
{
    uint8_t after[FO_IPV6_LENGTH];
    bool more = true;

    while (more && !g->full) {
        const Mgmt__Leases6 *page;
        DWORD code =
            fo_ask(a, server, MGMT__REQUEST__CALL_LEASE6_ENUM, query, MGMT__REPLY__RESULT_LEASES6);
        if (code == ERROR_NO_MORE_ITEMS && g->count != 0)
            return ERROR_SUCCESS; /* they are gone meanwhile */
        if (code != ERROR_SUCCESS)
            return code;
        page = a->reply->leases6;
        more = page->more;
        for (size_t i = 0; i < page->n_list && fo_gathered_fits(g, size_of(page->list[i])); i++) {
            LPDHCP_CLIENT_INFO_V6 info = take_next(owner, page->list[i]);
            if (!fo_gathered_add(g, info))
                return ERROR_NOT_ENOUGH_MEMORY;
            query->after = fo_v6_give(info->ClientIpAddress, after);
        }
    }
    return g->full ? ERROR_MORE_DATA : ERROR_SUCCESS;
}

static bool finish(const struct fo_gathered *g, LPDHCP_CLIENT_INFO_ARRAY_V6 array)
{
    array->Clients = fo_result_add(array, g->count * sizeof array->Clients[0]);
    if (array->Clients == NULL)
        return false;
    for (size_t i = 0; i < g->count; i++)
        array->Clients[i] = g->list[i];
    array->NumElements = (DWORD)g->count;
    return true;
}

DWORD DhcpEnumSubnetClientsV6(const WCHAR *ServerIpAddress, DHCP_IPV6_ADDRESS SubnetAddress,
                              DHCP_RESUME_IPV6_HANDLE *ResumeHandle, DWORD PreferredMaximum,
                              LPDHCP_CLIENT_INFO_ARRAY_V6 *ClientInfo, DWORD *ClientsRead,
                              DWORD *ClientsTotal)
{
    Mgmt__Lease6Query query = MGMT__LEASE6_QUERY__INIT;
    struct fo_gathered g = {.most_bytes = fo_gathered_clamp(PreferredMaximum)};
    LPDHCP_CLIENT_INFO_ARRAY_V6 array;
    uint8_t rooms[2][FO_IPV6_LENGTH];
    struct fo_ask a = {0};
    DWORD code;

    if (ResumeHandle == NULL || ClientInfo == NULL || ClientsRead == NULL || ClientsTotal == NULL)
        return ERROR_INVALID_PARAMETER;
    array = fo_result_new(sizeof *array);
    if (array == NULL)
        return ERROR_NOT_ENOUGH_MEMORY;
    query.prefix = fo_v6_give(SubnetAddress, rooms[0]);
    query.after = fo_v6_give(*ResumeHandle, rooms[1]);
    code = gather(&a, ServerIpAddress, &query, array, &g);
    if ((code == ERROR_SUCCESS || code == ERROR_MORE_DATA) && !finish(&g, array))
        code = ERROR_NOT_ENOUGH_MEMORY;
    if (code == ERROR_SUCCESS || code == ERROR_MORE_DATA) {
        *ClientInfo = array;
        *ClientsRead = array->NumElements;
        *ClientsTotal = code == ERROR_MORE_DATA ? MANY_LEFT : array->NumElements;
        *ResumeHandle = code == ERROR_MORE_DATA
                            ? array->Clients[array->NumElements - 1]->ClientIpAddress
                            : (DHCP_RESUME_IPV6_HANDLE){0};
    } else {
        DhcpRpcFreeMemory(array);
    }
    fo_gathered_fini(&g);
    fo_ask_fini(&a);
    return code;
}
