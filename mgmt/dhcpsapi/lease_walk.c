/* The walks over leases (MAPI §1.4). */
#include <stdlib.h>

#include "mgmt/dhcpsapi/lease.h"
#include "mgmt/dhcpsapi/result.h"

#define BYTES_LEAST 1024u
#define BYTES_MOST  65536u
#define BYTES_ANY   0xffffffffu
#define MANY_LEFT   0x7fffffffu

/* What a walk has gathered. */
struct gathered {
    Mgmt__Request__CallCase call;
    void *array; /* owns the records */
    void *(*take)(void *owner, const Mgmt__Lease *m);
    void **list; /* malloc'd: nobody knows how many there will be */
    size_t count, capacity;
    size_t bytes, most_bytes;
    uint32_t left; /* what did not fit */
    DHCP_IP_ADDRESS last;
};

static bool add(struct gathered *g, const Mgmt__Lease *m)
{
    if (g->count == g->capacity) {
        size_t capacity = g->capacity != 0 ? 2 * g->capacity : 64;
        void **list = realloc(g->list, capacity * sizeof(void *));
        if (list == NULL)
            return false;
        g->list = list;
        g->capacity = capacity;
    }
    g->last = m->address;
    g->list[g->count] = g->take(g->array, m);
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
        code = fo_ask(a, server, g->call, query, MGMT__REPLY__RESULT_LEASES);
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

static DWORD clamped(DWORD bytes)
{
    if (bytes == BYTES_ANY)
        return bytes;
    return bytes < BYTES_LEAST ? BYTES_LEAST : bytes > BYTES_MOST ? BYTES_MOST : bytes;
}

struct outputs {
    DHCP_RESUME_HANDLE *handle;
    DWORD *read, *total;
};

/* |finish| makes the array of what was gathered; false: no memory. */
static DWORD walk(const WCHAR *server, DHCP_IP_ADDRESS subnet, DWORD most, struct gathered *g,
                  bool (*finish)(struct gathered *g), const struct outputs *out)
{
    Mgmt__LeaseEnum query = MGMT__LEASE_ENUM__INIT;
    struct fo_ask a = {0};
    DWORD code;

    if (g->array == NULL)
        return ERROR_NOT_ENOUGH_MEMORY;
    g->most_bytes = clamped(most);
    query.subnet = subnet;
    query.after = *out->handle;
    query.after_is_lease = *out->handle != 0;
    if (g->most_bytes != BYTES_ANY)
        query.limit = (uint32_t)(g->most_bytes / sizeof(DHCP_CLIENT_INFO_PB) + 1);
    code = gather(&a, server, &query, g);
    if ((code == ERROR_SUCCESS || code == ERROR_MORE_DATA) && !finish(g))
        code = ERROR_NOT_ENOUGH_MEMORY;
    if (code == ERROR_SUCCESS || code == ERROR_MORE_DATA) {
        *out->read = (DWORD)g->count;
        *out->total = code == ERROR_MORE_DATA ? g->left : (DWORD)g->count;
        *out->handle = code == ERROR_MORE_DATA ? g->last : 0;
    } else {
        DhcpRpcFreeMemory(g->array);
        g->array = NULL;
    }
    free(g->list);
    fo_ask_fini(&a);
    return code;
}

/* --- by structure ----------------------------------------------------------------------------- */

/* Makes the array of what was gathered. */
#define FINISH(name, array_type, element_type)                                                     \
    static bool name(struct gathered *g)                                                           \
    {                                                                                              \
        array_type array = g->array;                                                               \
                                                                                                   \
        array->Clients = fo_result_add(array, g->count * sizeof(element_type));                    \
        for (size_t i = 0; array->Clients != NULL && i < g->count; i++)                            \
            array->Clients[i] = g->list[i];                                                        \
        array->NumElements = (DWORD)g->count;                                                      \
        return array->Clients != NULL;                                                             \
    }

FINISH(finish_pb, LPDHCP_CLIENT_INFO_PB_ARRAY, LPDHCP_CLIENT_INFO_PB)
FINISH(finish_vq, LPDHCP_CLIENT_INFO_ARRAY_VQ, LPDHCP_CLIENT_INFO_VQ)

DWORD DhcpV4EnumSubnetClients(const WCHAR *ServerIpAddress, DHCP_IP_ADDRESS SubnetAddress,
                              DHCP_RESUME_HANDLE *ResumeHandle, DWORD PreferredMaximum,
                              LPDHCP_CLIENT_INFO_PB_ARRAY *ClientInfo, DWORD *ClientsRead,
                              DWORD *ClientsTotal)
{
    struct gathered g = {.call = MGMT__REQUEST__CALL_LEASE_WALK, .take = fo_lease_take_pb};
    const struct outputs out = {ResumeHandle, ClientsRead, ClientsTotal};
    DWORD code;

    if (ResumeHandle == NULL || ClientInfo == NULL || ClientsRead == NULL || ClientsTotal == NULL)
        return ERROR_INVALID_PARAMETER;
    g.array = fo_result_new(sizeof **ClientInfo);
    code = walk(ServerIpAddress, SubnetAddress, PreferredMaximum, &g, finish_pb, &out);
    if (g.array != NULL)
        *ClientInfo = g.array;
    return code;
}

DWORD DhcpEnumSubnetClientsVQ(const WCHAR *ServerIpAddress, DHCP_IP_ADDRESS SubnetAddress,
                              DHCP_RESUME_HANDLE *ResumeHandle, DWORD PreferredMaximum,
                              LPDHCP_CLIENT_INFO_ARRAY_VQ *ClientInfo, DWORD *ClientsRead,
                              DWORD *ClientsTotal)
{
    struct gathered g = {.call = MGMT__REQUEST__CALL_LEASE_VQ_WALK, .take = fo_lease_take_vq};
    const struct outputs out = {ResumeHandle, ClientsRead, ClientsTotal};
    DWORD code;

    if (ResumeHandle == NULL || ClientInfo == NULL || ClientsRead == NULL || ClientsTotal == NULL)
        return ERROR_INVALID_PARAMETER;
    g.array = fo_result_new(sizeof **ClientInfo);
    code = walk(ServerIpAddress, SubnetAddress, PreferredMaximum, &g, finish_vq, &out);
    if (g.array != NULL)
        *ClientInfo = g.array;
    return code;
}
