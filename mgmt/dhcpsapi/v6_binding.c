/* Interface bindings (MAPI §1.3 DhcpSetServerBindingInfoV6, §1.4, §2.9). */
#include <pthread.h>
#include <string.h>

#include "mgmt/dhcpsapi/result.h"
#include "mgmt/dhcpsapi/v6.h"

/* --- what was given ---------------------------------------------------------------------------
 * Microsoft's structures have no place for it, and a server must know which list a caller has when
 * it sends elements of it back. */

#define SERVERS 16 /* the one that was asked longest ago makes room */

static struct {
    pthread_mutex_t mutex;
    struct {
        struct fo_mgmt_target target;
        uint64_t generation; /* 0: the place is free */
    } list[SERVERS];
    size_t next;
} given = {.mutex = PTHREAD_MUTEX_INITIALIZER};

static bool same(const struct fo_mgmt_target *a, const struct fo_mgmt_target *b)
{
    return strcmp(a->path, b->path) == 0 && strcmp(a->host, b->host) == 0 &&
           strcmp(a->port, b->port) == 0;
}

static void remember(const struct fo_mgmt_target *target, uint64_t generation)
{
    size_t at;

    (void)pthread_mutex_lock(&given.mutex);
    for (at = 0; at < SERVERS; at++) {
        if (given.list[at].generation != 0 && same(&given.list[at].target, target))
            break;
    }
    if (at == SERVERS) {
        at = given.next;
        given.next = (given.next + 1) % SERVERS;
    }
    given.list[at].target = *target;
    given.list[at].generation = generation;
    (void)pthread_mutex_unlock(&given.mutex);
}

static uint64_t remembered(const struct fo_mgmt_target *target)
{
    uint64_t generation = 0;

    (void)pthread_mutex_lock(&given.mutex);
    for (size_t i = 0; i < SERVERS; i++) {
        if (given.list[i].generation != 0 && same(&given.list[i].target, target))
            generation = given.list[i].generation;
    }
    (void)pthread_mutex_unlock(&given.mutex);
    return generation;
}

/* --- get -------------------------------------------------------------------------------------- */

static bool take_element(void *owner, const Mgmt__Binding *m, LPDHCPV6_BIND_ELEMENT out)
{
    DHCP_CLIENT_UID id;

    if (!fo_v6_take_uid(owner, &m->id, &id))
        return false;
    *out = (DHCPV6_BIND_ELEMENT){.Flags = m->cannot_modify ? DHCP_ENDPOINT_FLAG_CANT_MODIFY : 0,
                                 .fBoundToDHCPServer = m->bound ? 1 : 0,
                                 .AdapterPrimaryAddress = fo_v6_take(&m->primary),
                                 .AdapterSubnetAddress = fo_v6_take(&m->prefix),
                                 .IfDescription = fo_result_text(owner, m->description),
                                 .IpV6IfIndex = m->index,
                                 .IfIdSize = id.DataLength,
                                 .IfId = id.Data};
    return out->IfDescription != NULL;
}

static LPDHCPV6_BIND_ELEMENT_ARRAY take(const Mgmt__Bindings *m)
{
    LPDHCPV6_BIND_ELEMENT_ARRAY array = fo_result_new(sizeof *array);
    bool whole;

    if (array == NULL)
        return NULL;
    array->Elements = fo_result_add(array, m->n_list * sizeof array->Elements[0]);
    whole = array->Elements != NULL;
    for (size_t i = 0; whole && i < m->n_list; i++)
        whole = take_element(array, m->list[i], &array->Elements[i]);
    array->NumElements = (DWORD)m->n_list;
    if (whole)
        return array;
    DhcpRpcFreeMemory(array);
    return NULL;
}

DWORD DhcpGetServerBindingInfoV6(const WCHAR *ServerIpAddress, ULONG Flags,
                                 LPDHCPV6_BIND_ELEMENT_ARRAY *BindElementsInfo)
{
    Mgmt__BindingQuery m = MGMT__BINDING_QUERY__INIT;
    LPDHCPV6_BIND_ELEMENT_ARRAY array = NULL;
    struct fo_ask a = {0};
    DWORD code;

    m.flags = Flags;
    code = fo_ask(&a, ServerIpAddress, MGMT__REQUEST__CALL_BINDING_GET, &m,
                  MGMT__REPLY__RESULT_BINDINGS);
    if (BindElementsInfo == NULL && code != ERROR_ACCESS_DENIED) /* the right comes first */
        code = ERROR_INVALID_PARAMETER;
    if (code == ERROR_SUCCESS) {
        array = take(a.reply->bindings);
        if (array == NULL)
            code = ERROR_NOT_ENOUGH_MEMORY;
    }
    if (code == ERROR_SUCCESS) {
        remember(&a.target, a.reply->bindings->generation);
        *BindElementsInfo = array;
    }
    fo_ask_fini(&a);
    return code;
}

/* --- set -------------------------------------------------------------------------------------- */

/* An element as the caller gives it. */
struct given_element {
    Mgmt__Binding message;
    uint8_t primary[FO_IPV6_LENGTH];
};

static void give(struct fo_ask *a, const DHCPV6_BIND_ELEMENT *e, struct given_element *out)
{
    mgmt__binding__init(&out->message);
    out->message.cannot_modify = (e->Flags & DHCP_ENDPOINT_FLAG_CANT_MODIFY) != 0;
    out->message.bound = e->fBoundToDHCPServer != 0;
    out->message.primary = fo_v6_give(e->AdapterPrimaryAddress, out->primary);
    out->message.description = fo_ask_text(a, e->IfDescription);
    if (e->IfId != NULL)
        out->message.id = (ProtobufCBinaryData){e->IfIdSize, e->IfId};
}

/* Memory lives as long as |owner|; false: there is none. */
static bool give_all(struct fo_ask *a, void *owner, const DHCPV6_BIND_ELEMENT_ARRAY *array,
                     Mgmt__Bindings *out)
{
    size_t count = array->Elements != NULL ? array->NumElements : 0;
    struct given_element *list = fo_result_add(owner, count * sizeof *list);

    out->list = fo_result_add(owner, count * sizeof(Mgmt__Binding *));
    if (list == NULL || out->list == NULL)
        return false;
    for (size_t i = 0; i < count; i++) {
        give(a, &array->Elements[i], &list[i]);
        out->list[i] = &list[i].message;
    }
    out->n_list = count;
    return true;
}

DWORD DhcpSetServerBindingInfoV6(const WCHAR *ServerIpAddress, ULONG Flags,
                                 LPDHCPV6_BIND_ELEMENT_ARRAY BindElementInfo)
{
    Mgmt__BindingSet m = MGMT__BINDING_SET__INIT;
    Mgmt__Bindings bindings = MGMT__BINDINGS__INIT;
    void *owner = fo_result_new(0);
    struct fo_ask a = {0};
    DWORD code = ERROR_SUCCESS;

    m.flags = Flags;
    if (owner == NULL ||
        (BindElementInfo != NULL && !give_all(&a, owner, BindElementInfo, &bindings)))
        code = ERROR_NOT_ENOUGH_MEMORY;
    if (code == ERROR_SUCCESS && BindElementInfo != NULL && BindElementInfo->Elements != NULL)
        m.bindings = &bindings;
    if (code == ERROR_SUCCESS)
        code = fo_ask_find(&a, ServerIpAddress);
    if (code == ERROR_SUCCESS) {
        bindings.generation = remembered(&a.target);
        code = fo_ask(&a, ServerIpAddress, MGMT__REQUEST__CALL_BINDING_SET, &m,
                      MGMT__REPLY__RESULT__NOT_SET);
    }
    fo_ask_fini(&a);
    DhcpRpcFreeMemory(owner);
    return code;
}
