/* The lease calls (MAPI §1.2 DhcpV4FailoverGetClientInfo, §1.3, §1.4). */
#include <stdlib.h>

#include "mgmt/dhcpsapi/lease.h"
#include "mgmt/dhcpsapi/result.h"

/* --- changes ----------------------------------------------------------------------------------
 * A missing structure is an empty message: it has no client, which the server refuses when its turn
 * has come. */

DWORD DhcpV4CreateClientInfo(const WCHAR *ServerIpAddress, const LPDHCP_CLIENT_INFO_PB ClientInfo)
{
    Mgmt__Lease m = MGMT__LEASE__INIT;
    DHCP_CLIENT_INFO_VQ common;
    struct fo_ask a = {0};

    if (ClientInfo != NULL) {
        FO_LEASE_COPY(&common, ClientInfo);
        m = fo_lease_give(&a, ServerIpAddress, &common);
        m.policy = fo_ask_text(&a, ClientInfo->PolicyName);
    }
    return fo_ask_once(&a, ServerIpAddress, MGMT__REQUEST__CALL_LEASE_CREATE, &m);
}

static DWORD change(const WCHAR *server, Mgmt__Request__CallCase call,
                    const DHCP_CLIENT_INFO_VQ *info)
{
    Mgmt__Lease m = MGMT__LEASE__INIT;
    struct fo_ask a = {0};

    if (info != NULL)
        m = fo_lease_give(&a, server, info);
    return fo_ask_once(&a, server, call, &m);
}

DWORD DhcpCreateClientInfoVQ(const WCHAR *ServerIpAddress, const DHCP_CLIENT_INFO_VQ *ClientInfo)
{
    return change(ServerIpAddress, MGMT__REQUEST__CALL_LEASE_CREATE_VQ, ClientInfo);
}

DWORD DhcpSetClientInfoVQ(const WCHAR *ServerIpAddress, const DHCP_CLIENT_INFO_VQ *ClientInfo)
{
    return change(ServerIpAddress, MGMT__REQUEST__CALL_LEASE_SET, ClientInfo);
}

DWORD DhcpDeleteClientInfo(const WCHAR *ServerIpAddress, const DHCP_SEARCH_INFO *ClientInfo)
{
    struct fo_ask a = {0};
    Mgmt__LeaseSearch m = fo_lease_search_of(&a, ClientInfo);

    return fo_ask_once(&a, ServerIpAddress, MGMT__REQUEST__CALL_LEASE_DELETE, &m);
}

/* --- one record ------------------------------------------------------------------------------- */

static LPDHCP_CLIENT_INFO_PB take_pb(void *owner, const Mgmt__Lease *m)
{
    LPDHCP_CLIENT_INFO_PB info =
        owner != NULL ? fo_result_add(owner, sizeof *info) : fo_result_new(sizeof *info);
    DHCP_CLIENT_INFO_VQ common;

    if (info == NULL)
        return NULL;
    if (owner == NULL)
        owner = info;
    info->FilterStatus = FILTER_STATUS_NONE;
    info->PolicyName = fo_result_text(owner, m->policy);
    if (fo_lease_take(owner, m, &common) && info->PolicyName != NULL) {
        FO_LEASE_COPY(info, &common);
        return info;
    }
    if (owner == info)
        DhcpRpcFreeMemory(info);
    return NULL;
}

static LPDHCPV4_FAILOVER_CLIENT_INFO take_failover(const Mgmt__Lease *m)
{
    LPDHCPV4_FAILOVER_CLIENT_INFO info = fo_result_new(sizeof *info);
    DHCP_CLIENT_INFO_VQ common;

    if (info == NULL)
        return NULL;
    info->SentPotExpTime = m->sent_potential_expiration;
    info->AckPotExpTime = m->acked_potential_expiration;
    info->RecvPotExpTime = m->received_potential_expiration;
    info->StartTime = m->start_of_state;
    info->CltLastTransTime = m->client_last_transaction;
    info->LastBndUpdTime = m->last_partner_update;
    info->PolicyName = fo_result_text(info, m->policy);
    if (fo_lease_take(info, m, &common) && info->PolicyName != NULL) {
        FO_LEASE_COPY(info, &common);
        return info;
    }
    DhcpRpcFreeMemory(info);
    return NULL;
}

static DWORD get(struct fo_ask *a, const WCHAR *server, Mgmt__Request__CallCase call,
                 const DHCP_SEARCH_INFO *search)
{
    Mgmt__LeaseSearch m = fo_lease_search_of(a, search);

    return fo_ask(a, server, call, &m, MGMT__REPLY__RESULT_LEASE);
}

DWORD DhcpV4GetClientInfo(const WCHAR *ServerIpAddress, const DHCP_SEARCH_INFO *SearchInfo,
                          LPDHCP_CLIENT_INFO_PB *ClientInfo)
{
    LPDHCP_CLIENT_INFO_PB info = NULL;
    struct fo_ask a = {0};
    DWORD code;

    if (ClientInfo == NULL)
        return ERROR_INVALID_PARAMETER;
    code = get(&a, ServerIpAddress, MGMT__REQUEST__CALL_LEASE_INFO_GET, SearchInfo);
    if (code == ERROR_SUCCESS) {
        info = take_pb(NULL, a.reply->lease);
        if (info == NULL)
            code = ERROR_NOT_ENOUGH_MEMORY;
    }
    fo_ask_fini(&a);
    if (code == ERROR_SUCCESS)
        *ClientInfo = info;
    return code;
}

DWORD DhcpV4FailoverGetClientInfo(LPWSTR ServerIpAddress, const DHCP_SEARCH_INFO *SearchInfo,
                                  LPDHCPV4_FAILOVER_CLIENT_INFO *ClientInfo)
{
    LPDHCPV4_FAILOVER_CLIENT_INFO info = NULL;
    struct fo_ask a = {0};
    DWORD code;

    if (ClientInfo == NULL)
        return ERROR_INVALID_PARAMETER;
    code = get(&a, ServerIpAddress, MGMT__REQUEST__CALL_LEASE_FAILOVER_GET, SearchInfo);
    if (code == ERROR_SUCCESS) {
        info = take_failover(a.reply->lease);
        if (info == NULL)
            code = ERROR_NOT_ENOUGH_MEMORY;
    }
    fo_ask_fini(&a);
    if (code == ERROR_SUCCESS)
        *ClientInfo = info;
    return code;
}

/* --- many records ----------------------------------------------------------------------------- */

#define BYTES_LEAST 1024u
#define BYTES_MOST  65536u
#define BYTES_ANY   0xffffffffu
#define MANY_LEFT   0x7fffffffu

/* What a walk has gathered. */
struct gathered {
    LPDHCP_CLIENT_INFO_PB_ARRAY array; /* owns the records */
    LPDHCP_CLIENT_INFO_PB *list;       /* malloc'd: nobody knows how many there will be */
    size_t count, capacity;
    size_t bytes, most_bytes;
    uint32_t left; /* what did not fit */
};

static bool add(struct gathered *g, const Mgmt__Lease *m)
{
    if (g->count == g->capacity) {
        size_t capacity = g->capacity != 0 ? 2 * g->capacity : 64;
        LPDHCP_CLIENT_INFO_PB *list = realloc(g->list, capacity * sizeof(LPDHCP_CLIENT_INFO_PB));
        if (list == NULL)
            return false;
        g->list = list;
        g->capacity = capacity;
    }
    g->list[g->count] = take_pb(g->array, m);
    return g->list[g->count++] != NULL;
}

/* As much of a page as fits, and one record in any case. */
static DWORD add_page(struct gathered *g, const Mgmt__Leases *page)
{
    uint32_t rest;

    for (size_t i = 0; i < page->n_list; i++) {
        g->bytes += fo_lease_size(page->list[i]);
        if (g->bytes > g->most_bytes && g->count != 0) {
            rest = (uint32_t)(page->n_list - i);
            g->left = page->left < MANY_LEFT - rest ? page->left + rest : MANY_LEFT;
            return ERROR_MORE_DATA;
        }
        if (!add(g, page->list[i]))
            return ERROR_NOT_ENOUGH_MEMORY;
    }
    g->left = page->left;
    return page->more ? ERROR_MORE_DATA : ERROR_SUCCESS;
}

/* Pages, until there is something to return: all of them if everything is wanted. */
static DWORD gather(struct fo_ask *a, const WCHAR *server, Mgmt__LeaseEnum *query,
                    struct gathered *g)
{
    bool enough = false;
    DWORD code = ERROR_MORE_DATA;

    while (code == ERROR_MORE_DATA && !enough) {
        code = fo_ask(a, server, MGMT__REQUEST__CALL_LEASE_WALK, query, MGMT__REPLY__RESULT_LEASES);
        if (code == ERROR_NO_MORE_ITEMS && g->count != 0)
            return ERROR_SUCCESS; /* they are gone meanwhile */
        if (code != ERROR_SUCCESS)
            return code;
        code = add_page(g, a->reply->leases);
        query->after = a->reply->leases->next;
        query->after_is_lease = false;
        enough = g->most_bytes != BYTES_ANY && g->count != 0;
    }
    return code;
}

static bool finish(struct gathered *g)
{
    g->array->Clients = fo_result_add(g->array, g->count * sizeof g->list[0]);
    if (g->array->Clients == NULL)
        return false;
    for (size_t i = 0; i < g->count; i++)
        g->array->Clients[i] = g->list[i];
    g->array->NumElements = (DWORD)g->count;
    return true;
}

static DWORD clamped(DWORD bytes)
{
    if (bytes == BYTES_ANY)
        return bytes;
    return bytes < BYTES_LEAST ? BYTES_LEAST : bytes > BYTES_MOST ? BYTES_MOST : bytes;
}

DWORD DhcpV4EnumSubnetClients(const WCHAR *ServerIpAddress, DHCP_IP_ADDRESS SubnetAddress,
                              DHCP_RESUME_HANDLE *ResumeHandle, DWORD PreferredMaximum,
                              LPDHCP_CLIENT_INFO_PB_ARRAY *ClientInfo, DWORD *ClientsRead,
                              DWORD *ClientsTotal)
{
    Mgmt__LeaseEnum query = MGMT__LEASE_ENUM__INIT;
    struct gathered g = {.most_bytes = clamped(PreferredMaximum)};
    struct fo_ask a = {0};
    DWORD code;

    if (ResumeHandle == NULL || ClientInfo == NULL || ClientsRead == NULL || ClientsTotal == NULL)
        return ERROR_INVALID_PARAMETER;
    g.array = fo_result_new(sizeof *g.array);
    if (g.array == NULL)
        return ERROR_NOT_ENOUGH_MEMORY;
    query.subnet = SubnetAddress;
    query.after = *ResumeHandle;
    query.after_is_lease = *ResumeHandle != 0;
    if (g.most_bytes != BYTES_ANY)
        query.limit = (uint32_t)(g.most_bytes / sizeof(DHCP_CLIENT_INFO_PB) + 1);
    code = gather(&a, ServerIpAddress, &query, &g);
    if ((code == ERROR_SUCCESS || code == ERROR_MORE_DATA) && !finish(&g))
        code = ERROR_NOT_ENOUGH_MEMORY;
    if (code == ERROR_SUCCESS || code == ERROR_MORE_DATA) {
        *ClientInfo = g.array;
        *ClientsRead = (DWORD)g.count;
        *ClientsTotal = code == ERROR_MORE_DATA ? g.left : (DWORD)g.count;
        *ResumeHandle = code == ERROR_MORE_DATA ? g.list[g.count - 1]->ClientIpAddress : 0;
    } else {
        DhcpRpcFreeMemory(g.array);
    }
    free(g.list);
    fo_ask_fini(&a);
    return code;
}
