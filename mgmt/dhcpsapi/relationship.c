/* The failover family: relationships (MAPI §1.2, §2.2). */
#include <string.h>

#include "mgmt/dhcpsapi/ask.h"
#include "mgmt/dhcpsapi/result.h"

/* --- arguments -------------------------------------------------------------------------------- */

/* A missing relationship is an empty message: it has no name, which the server refuses when its
 * turn has come. */
static void put_names(struct fo_ask *a, LPDHCP_FAILOVER_RELATIONSHIP r, Mgmt__Relationship *m)
{
    m->name = fo_ask_text(a, r->RelationshipName);
    m->primary_server_name = fo_ask_text(a, r->PrimaryServerName);
    m->secondary_server_name = fo_ask_text(a, r->SecondaryServerName);
    m->shared_secret = fo_ask_text(a, r->SharedSecret);
}

static void put_scopes(LPDHCP_IP_ARRAY scopes, size_t *out_count, uint32_t **out_list)
{
    if (scopes == NULL || scopes->Elements == NULL)
        return;
    *out_count = scopes->NumElements;
    *out_list = scopes->Elements;
}

DWORD DhcpV4FailoverCreateRelationship(LPWSTR ServerIpAddress,
                                       LPDHCP_FAILOVER_RELATIONSHIP pRelationship)
{
    Mgmt__Relationship m = MGMT__RELATIONSHIP__INIT;
    struct fo_ask a = {0};

    if (pRelationship != NULL) {
        put_names(&a, pRelationship, &m);
        put_scopes(pRelationship->pScopes, &m.n_scopes, &m.scopes);
        m.role = pRelationship->ServerType;
        m.primary_server = pRelationship->PrimaryServer;
        m.secondary_server = pRelationship->SecondaryServer;
        m.mode = pRelationship->Mode;
        m.percentage = pRelationship->Percentage;
        m.mclt_s = pRelationship->Mclt;
        m.safe_period_s = pRelationship->SafePeriod;
    }
    return fo_ask_once(&a, ServerIpAddress, MGMT__REQUEST__CALL_RELATIONSHIP_CREATE, &m);
}

DWORD DhcpV4FailoverSetRelationship(LPWSTR ServerIpAddress, DWORD Flags,
                                    LPDHCP_FAILOVER_RELATIONSHIP pRelationship)
{
    Mgmt__RelationshipSet set = MGMT__RELATIONSHIP_SET__INIT;
    Mgmt__Relationship m = MGMT__RELATIONSHIP__INIT;
    struct fo_ask a = {0};

    set.flags = Flags;
    if (pRelationship != NULL) { /* what no flag selects is not looked at: it may be anything */
        set.relationship = &m;
        m.name = fo_ask_text(&a, pRelationship->RelationshipName);
        if ((Flags & MCLT) != 0)
            m.mclt_s = pRelationship->Mclt;
        if ((Flags & SAFEPERIOD) != 0)
            m.safe_period_s = pRelationship->SafePeriod;
        if ((Flags & CHANGESTATE) != 0)
            m.state = (Mgmt__State)pRelationship->State;
        if ((Flags & PERCENTAGE) != 0)
            m.percentage = pRelationship->Percentage;
        if ((Flags & MODE) != 0)
            m.mode = pRelationship->Mode;
        if ((Flags & PREVSTATE) != 0)
            m.prev_state = (Mgmt__State)pRelationship->PrevState;
        if ((Flags & SHAREDSECRET) != 0)
            m.shared_secret = fo_ask_text(&a, pRelationship->SharedSecret);
    }
    return fo_ask_once(&a, ServerIpAddress, MGMT__REQUEST__CALL_RELATIONSHIP_SET, &set);
}

DWORD DhcpV4FailoverDeleteRelationship(LPWSTR ServerIpAddress, LPWSTR pRelationshipName)
{
    Mgmt__Name m = MGMT__NAME__INIT;
    struct fo_ask a = {0};

    m.name = fo_ask_text(&a, pRelationshipName);
    return fo_ask_once(&a, ServerIpAddress, MGMT__REQUEST__CALL_RELATIONSHIP_DELETE, &m);
}

DWORD DhcpV4FailoverTriggerAddrAllocation(LPWSTR ServerIpAddress, LPWSTR pFailRelName)
{
    Mgmt__Command m = MGMT__COMMAND__INIT;
    struct fo_ask a = {0};

    m.name = fo_ask_text(&a, pFailRelName);
    m.kind = MGMT__COMMAND_KIND__TELL_BALANCE;
    return fo_ask_once(&a, ServerIpAddress, MGMT__REQUEST__CALL_COMMAND, &m);
}

static DWORD change_scopes(LPWSTR server, Mgmt__Request__CallCase call,
                           LPDHCP_FAILOVER_RELATIONSHIP r)
{
    Mgmt__RelationshipScopes m = MGMT__RELATIONSHIP_SCOPES__INIT;
    struct fo_ask a = {0};

    if (r != NULL) {
        m.name = fo_ask_text(&a, r->RelationshipName);
        put_scopes(r->pScopes, &m.n_scopes, &m.scopes);
    }
    return fo_ask_once(&a, server, call, &m);
}

DWORD DhcpV4FailoverAddScopeToRelationship(LPWSTR ServerIpAddress,
                                           LPDHCP_FAILOVER_RELATIONSHIP pRelationship)
{
    return change_scopes(ServerIpAddress, MGMT__REQUEST__CALL_RELATIONSHIP_ADD_SCOPES,
                         pRelationship);
}

DWORD DhcpV4FailoverDeleteScopeFromRelationship(LPWSTR ServerIpAddress,
                                                LPDHCP_FAILOVER_RELATIONSHIP pRelationship)
{
    return change_scopes(ServerIpAddress, MGMT__REQUEST__CALL_RELATIONSHIP_REMOVE_SCOPES,
                         pRelationship);
}

/* --- results ---------------------------------------------------------------------------------- */

static bool take_scopes(void *owner, const Mgmt__Relationship *m, LPDHCP_IP_ARRAY *out)
{
    LPDHCP_IP_ARRAY list = fo_result_add(owner, sizeof *list);

    if (list == NULL)
        return false;
    *out = list;
    list->Elements = fo_result_add(owner, m->n_scopes * sizeof list->Elements[0]);
    if (list->Elements == NULL)
        return false;
    list->NumElements = (DWORD)m->n_scopes;
    if (m->n_scopes != 0)
        memcpy(list->Elements, m->scopes, m->n_scopes * sizeof list->Elements[0]);
    return true;
}

static bool take_relationship(void *owner, const Mgmt__Relationship *m,
                              LPDHCP_FAILOVER_RELATIONSHIP out)
{
    out->PrimaryServer = m->primary_server;
    out->SecondaryServer = m->secondary_server;
    out->Mode = (DHCP_FAILOVER_MODE)m->mode;
    out->ServerType = (DHCP_FAILOVER_SERVER)m->role;
    out->State = (FSM_STATE)m->state;
    out->PrevState = (FSM_STATE)m->prev_state;
    out->Mclt = m->mclt_s;
    out->SafePeriod = m->safe_period_s;
    out->Percentage = (BYTE)m->percentage;
    out->RelationshipName = fo_result_text(owner, m->name);
    out->PrimaryServerName = fo_result_text(owner, m->primary_server_name);
    out->SecondaryServerName = fo_result_text(owner, m->secondary_server_name);
    out->SharedSecret = fo_result_text(owner, "");
    return take_scopes(owner, m, &out->pScopes) && out->RelationshipName != NULL &&
           out->PrimaryServerName != NULL && out->SecondaryServerName != NULL &&
           out->SharedSecret != NULL;
}

static DWORD get_one(struct fo_ask *a, LPWSTR server, Mgmt__Request__CallCase call, void *message,
                     LPDHCP_FAILOVER_RELATIONSHIP *out)
{
    DWORD code = fo_ask(a, server, call, message, MGMT__REPLY__RESULT_RELATIONSHIP);
    LPDHCP_FAILOVER_RELATIONSHIP r = NULL;

    if (code == ERROR_SUCCESS) {
        r = fo_result_new(sizeof *r);
        if (r == NULL || !take_relationship(r, a->reply->relationship, r))
            code = ERROR_NOT_ENOUGH_MEMORY;
    }
    fo_ask_fini(a);
    if (code == ERROR_SUCCESS)
        *out = r;
    else
        DhcpRpcFreeMemory(r);
    return code;
}

DWORD DhcpV4FailoverGetRelationship(LPWSTR ServerIpAddress, LPWSTR pRelationshipName,
                                    LPDHCP_FAILOVER_RELATIONSHIP *pRelationship)
{
    Mgmt__Name m = MGMT__NAME__INIT;
    struct fo_ask a = {0};

    if (pRelationship == NULL)
        return ERROR_INVALID_PARAMETER;
    m.name = fo_ask_text(&a, pRelationshipName);
    return get_one(&a, ServerIpAddress, MGMT__REQUEST__CALL_RELATIONSHIP_GET, &m, pRelationship);
}

DWORD DhcpV4FailoverGetScopeRelationship(LPWSTR ServerIpAddress, DHCP_IP_ADDRESS ScopeId,
                                         LPDHCP_FAILOVER_RELATIONSHIP *pRelationship)
{
    Mgmt__Subnet m = MGMT__SUBNET__INIT;
    struct fo_ask a = {0};

    if (pRelationship == NULL)
        return ERROR_INVALID_PARAMETER;
    m.subnet = ScopeId;
    return get_one(&a, ServerIpAddress, MGMT__REQUEST__CALL_SCOPE_RELATIONSHIP_GET, &m,
                   pRelationship);
}

/* --- walking ---------------------------------------------------------------------------------- */

/* What an entry takes in the caller's memory, about: PreferredMaximum is a hint. */
static size_t size_of(const Mgmt__Relationship *m)
{
    size_t characters =
        strlen(m->name) + strlen(m->primary_server_name) + strlen(m->secondary_server_name) + 4;

    return sizeof(DHCP_FAILOVER_RELATIONSHIP) + sizeof(DHCP_IP_ARRAY) +
           m->n_scopes * sizeof(DHCP_IP_ADDRESS) + characters * sizeof(WCHAR);
}

static size_t count_fitting(const Mgmt__Relationships *m, size_t first, size_t most_bytes)
{
    size_t bytes = size_of(m->list[first]), count = 1;

    while (first + count < m->n_list) {
        bytes += size_of(m->list[first + count]);
        if (bytes > most_bytes)
            break;
        count++;
    }
    return count;
}

static LPDHCP_FAILOVER_RELATIONSHIP_ARRAY take_array(const Mgmt__Relationships *m, size_t first,
                                                     size_t count)
{
    LPDHCP_FAILOVER_RELATIONSHIP_ARRAY array = fo_result_new(sizeof *array);
    bool whole = array != NULL;

    if (whole)
        array->pRelationships = fo_result_add(array, count * sizeof array->pRelationships[0]);
    whole = whole && array->pRelationships != NULL;
    for (size_t i = 0; whole && i < count; i++) {
        whole = take_relationship(array, m->list[first + i], &array->pRelationships[i]);
        array->NumElements++;
    }
    if (whole)
        return array;
    DhcpRpcFreeMemory(array);
    return NULL;
}

DWORD DhcpV4FailoverEnumRelationship(LPWSTR ServerIpAddress, DHCP_RESUME_HANDLE *ResumeHandle,
                                     DWORD PreferredMaximum,
                                     LPDHCP_FAILOVER_RELATIONSHIP_ARRAY *pRelationship,
                                     LPDWORD RelationshipRead, LPDWORD RelationshipTotal)
{
    Mgmt__Page page = MGMT__PAGE__INIT; /* all of them: there are few */
    LPDHCP_FAILOVER_RELATIONSHIP_ARRAY array;
    const Mgmt__Relationships *m;
    struct fo_ask a = {0};
    size_t first, count;
    DWORD code;

    if (ResumeHandle == NULL || pRelationship == NULL || RelationshipRead == NULL ||
        RelationshipTotal == NULL)
        return ERROR_INVALID_PARAMETER;
    first = *ResumeHandle;
    code = fo_ask(&a, ServerIpAddress, MGMT__REQUEST__CALL_RELATIONSHIP_ENUM, &page,
                  MGMT__REPLY__RESULT_RELATIONSHIPS);
    if (code == ERROR_SUCCESS && first >= a.reply->relationships->n_list)
        code = ERROR_NO_MORE_ITEMS;
    if (code == ERROR_SUCCESS) {
        m = a.reply->relationships;
        count = count_fitting(m, first, PreferredMaximum);
        array = take_array(m, first, count);
        if (array == NULL) {
            code = ERROR_NOT_ENOUGH_MEMORY;
        } else {
            *pRelationship = array;
            *RelationshipRead = (DWORD)count;
            *RelationshipTotal = (DWORD)(m->n_list - first - count);
            *ResumeHandle = (DHCP_RESUME_HANDLE)(first + count);
            code = *RelationshipTotal != 0 ? ERROR_MORE_DATA : ERROR_SUCCESS;
        }
    }
    fo_ask_fini(&a);
    return code;
}
