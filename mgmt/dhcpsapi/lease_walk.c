/* The walks over leases (MAPI §1.4). */
#include "mgmt/dhcpsapi/gathered.h"
#include "mgmt/dhcpsapi/lease.h"
#include "mgmt/dhcpsapi/result.h"

#define MANY_LEFT 0x7fffffffu

/* A walk in one call of the caller's. */
struct walk {
    Mgmt__Request__CallCase call;
    void *(*take)(void *owner, const Mgmt__Lease *m);
    void *array; /* owns the records */
    struct fo_gathered found;
    uint32_t left; /* what did not fit */
    DHCP_IP_ADDRESS last;
};

/* As much of a page as fits, and one record in any case. */
static DWORD add_page(struct walk *w, const Mgmt__Leases *page)
{
    uint32_t rest;

    for (size_t i = 0; i < page->n_list; i++) {
        if (!fo_gathered_fits(&w->found, fo_lease_size(page->list[i]))) {
            rest = (uint32_t)(page->n_list - i);
            w->left = page->left < MANY_LEFT - rest ? page->left + rest : MANY_LEFT;
            return ERROR_MORE_DATA;
        }
        if (!fo_gathered_add(&w->found, w->take(w->array, page->list[i])))
            return ERROR_NOT_ENOUGH_MEMORY;
        w->last = page->list[i]->address;
    }
    w->left = page->left;
    return page->more ? ERROR_MORE_DATA : ERROR_SUCCESS;
}

/* Pages, until no more fits. */
static DWORD gather(struct fo_ask *a, const WCHAR *server, Mgmt__LeaseEnum *query, struct walk *w)
{
    DWORD code = ERROR_MORE_DATA;

    while (code == ERROR_MORE_DATA && !w->found.full) {
        code = fo_ask(a, server, w->call, query, MGMT__REPLY__RESULT_LEASES);
        if (code == ERROR_NO_MORE_ITEMS && w->found.count != 0)
            return ERROR_SUCCESS; /* they are gone meanwhile */
        if (code != ERROR_SUCCESS)
            return code;
        code = add_page(w, a->reply->leases);
        query->after = a->reply->leases->next;
        query->after_is_lease = false;
    }
    return code;
}

struct outputs {
    DHCP_RESUME_HANDLE *handle;
    DWORD *read, *total;
};

/* |finish| makes the array of what was gathered; false: no memory. */
static DWORD make(const WCHAR *server, DHCP_IP_ADDRESS subnet, DWORD most, struct walk *w,
                  bool (*finish)(struct walk *w), const struct outputs *out)
{
    Mgmt__LeaseEnum query = MGMT__LEASE_ENUM__INIT;
    struct fo_ask a = {0};
    DWORD code;

    if (w->array == NULL)
        return ERROR_NOT_ENOUGH_MEMORY;
    w->found.most_bytes = fo_gathered_clamp(most);
    query.subnet = subnet;
    query.after = *out->handle;
    query.after_is_lease = *out->handle != 0;
    if (w->found.most_bytes != FO_GATHER_ALL)
        query.limit = (uint32_t)(w->found.most_bytes / sizeof(DHCP_CLIENT_INFO_PB) + 1);
    code = gather(&a, server, &query, w);
    if ((code == ERROR_SUCCESS || code == ERROR_MORE_DATA) && !finish(w))
        code = ERROR_NOT_ENOUGH_MEMORY;
    if (code == ERROR_SUCCESS || code == ERROR_MORE_DATA) {
        *out->read = (DWORD)w->found.count;
        *out->total = code == ERROR_MORE_DATA ? w->left : (DWORD)w->found.count;
        *out->handle = code == ERROR_MORE_DATA ? w->last : 0;
    } else {
        DhcpRpcFreeMemory(w->array);
        w->array = NULL;
    }
    fo_gathered_fini(&w->found);
    fo_ask_fini(&a);
    return code;
}

/* --- by structure ----------------------------------------------------------------------------- */

/* Makes the array of what was gathered. */
#define FINISH(name, array_type, element_type)                                                     \
    static bool name(struct walk *w)                                                               \
    {                                                                                              \
        array_type array = w->array;                                                               \
                                                                                                   \
        array->Clients = fo_result_add(array, w->found.count * sizeof(element_type));              \
        for (size_t i = 0; array->Clients != NULL && i < w->found.count; i++)                      \
            array->Clients[i] = w->found.list[i];                                                  \
        array->NumElements = (DWORD)w->found.count;                                                \
        return array->Clients != NULL;                                                             \
    }

FINISH(finish_pb, LPDHCP_CLIENT_INFO_PB_ARRAY, LPDHCP_CLIENT_INFO_PB)
FINISH(finish_vq, LPDHCP_CLIENT_INFO_ARRAY_VQ, LPDHCP_CLIENT_INFO_VQ)

DWORD DhcpV4EnumSubnetClients(const WCHAR *ServerIpAddress, DHCP_IP_ADDRESS SubnetAddress,
                              DHCP_RESUME_HANDLE *ResumeHandle, DWORD PreferredMaximum,
                              LPDHCP_CLIENT_INFO_PB_ARRAY *ClientInfo, DWORD *ClientsRead,
                              DWORD *ClientsTotal)
{
    struct walk w = {.call = MGMT__REQUEST__CALL_LEASE_WALK, .take = fo_lease_take_pb};
    const struct outputs out = {ResumeHandle, ClientsRead, ClientsTotal};
    DWORD code;

    if (ResumeHandle == NULL || ClientInfo == NULL || ClientsRead == NULL || ClientsTotal == NULL)
        return ERROR_INVALID_PARAMETER;
    w.array = fo_result_new(sizeof **ClientInfo);
    code = make(ServerIpAddress, SubnetAddress, PreferredMaximum, &w, finish_pb, &out);
    if (w.array != NULL)
        *ClientInfo = w.array;
    return code;
}

DWORD DhcpEnumSubnetClientsVQ(const WCHAR *ServerIpAddress, DHCP_IP_ADDRESS SubnetAddress,
                              DHCP_RESUME_HANDLE *ResumeHandle, DWORD PreferredMaximum,
                              LPDHCP_CLIENT_INFO_ARRAY_VQ *ClientInfo, DWORD *ClientsRead,
                              DWORD *ClientsTotal)
{
    struct walk w = {.call = MGMT__REQUEST__CALL_LEASE_VQ_WALK, .take = fo_lease_take_vq};
    const struct outputs out = {ResumeHandle, ClientsRead, ClientsTotal};
    DWORD code;

    if (ResumeHandle == NULL || ClientInfo == NULL || ClientsRead == NULL || ClientsTotal == NULL)
        return ERROR_INVALID_PARAMETER;
    w.array = fo_result_new(sizeof **ClientInfo);
    code = make(ServerIpAddress, SubnetAddress, PreferredMaximum, &w, finish_vq, &out);
    if (w.array != NULL)
        *ClientInfo = w.array;
    return code;
}
