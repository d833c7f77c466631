/* Scopes: create, set, replace, delete, get, enumerate, count (MAPI §1.5, §2.4). */
#include <string.h>

#include "mgmt/change.h"
#include "mgmt/element.h"
#include "mgmt/message.h"
#include "mgmt/page.h"
#include "proto/win32.h"

uint32_t fo_call_scope_create(struct fo_call *c)
{
    const Mgmt__Scope *m = c->request->scope_create;
    struct fo_scope scope;
    uint32_t code = fo_message_to_scope(m, &scope, c->why, sizeof c->why);

    if (code == ERROR_SUCCESS)
        code = fo_changes_check_scope(c->facts->changes, scope.subnet, scope.mask, c->why,
                                      sizeof c->why);
    if (code == ERROR_SUCCESS)
        code = fo_server_scope_create(c->server, &scope, c->why, sizeof c->why);
    fo_scope_fini(&scope);
    return code;
}

/* MAPI §1.5, step 2: what is wrong whatever scopes there are. Without a mask the scope keeps its
 * own, and the address is not looked at. */
static uint32_t check_info(struct fo_call *c, const Mgmt__Scope *m, enum fo_scope_state *out_state)
{
    fo_ipv4_t mask = m->mask != 0 ? m->mask : UINT32_MAX;
    uint32_t code = fo_scope_check_new(m->subnet, mask, m->name, m->comment, c->why, sizeof c->why);

    if (code != ERROR_SUCCESS)
        return code;
    return fo_message_to_scope_state(m->state, out_state, c->why, sizeof c->why);
}

/* DhcpSetSubnetInfo replaces the texts and the state. Its mask is not guarded in the documents; a
 * scope whose mask changed would be another scope, so that is refused. */
uint32_t fo_call_scope_set(struct fo_call *c)
{
    const Mgmt__Scope *m = c->request->scope_set;
    const struct fo_scope *old;
    enum fo_scope_state state;
    struct fo_scope scope;
    uint32_t code = check_info(c, m, &state);

    if (code == ERROR_SUCCESS)
        code = fo_element_scope(c, m->subnet, &old);
    if (code != ERROR_SUCCESS)
        return code;
    if (m->mask != 0 && m->mask != old->mask)
        return fo_call_refuse(c, ERROR_INVALID_PARAMETER, "The mask of a scope cannot be changed.");
    if (m->quarantine_on)
        return fo_call_refuse(c, ERROR_DHCP_NAP_NOT_SUPPORTED, "There is no quarantine.");
    if (fo_scope_copy(old, &scope) != FO_OK)
        return fo_call_no_memory(c);
    memcpy(scope.name, m->name, strlen(m->name) + 1);
    memcpy(scope.comment, m->comment, strlen(m->comment) + 1);
    scope.state = state;
    code = fo_server_scope_set(c->server, &scope, c->out, c->why, sizeof c->why);
    fo_scope_fini(&scope);
    return code;
}

uint32_t fo_call_scope_replace(struct fo_call *c)
{
    const Mgmt__Scope *m = c->request->scope_replace;
    const struct fo_scope *old;
    struct fo_scope scope;
    uint32_t code = fo_element_scope(c, m->subnet, &old);

    if (code != ERROR_SUCCESS)
        return code;
    if (m->mask != old->mask)
        return fo_call_refuse(c, ERROR_INVALID_PARAMETER, "The mask of a scope cannot be changed.");
    code = fo_message_to_scope(m, &scope, c->why, sizeof c->why);
    if (code == ERROR_SUCCESS)
        code = fo_changes_check(c->facts->changes, NULL, &scope.subnet, 1, c->why, sizeof c->why);
    if (code == ERROR_SUCCESS)
        code = fo_server_scope_set(c->server, &scope, c->out, c->why, sizeof c->why);
    fo_scope_fini(&scope);
    return code;
}

uint32_t fo_call_scope_delete(struct fo_call *c)
{
    const Mgmt__ScopeDelete *m = c->request->scope_delete;
    const struct fo_scope *scope;
    uint32_t code = fo_element_scope(c, m->subnet, &scope);

    if (code != ERROR_SUCCESS)
        return code;
    code = fo_changes_check(c->facts->changes, NULL, &m->subnet, 1, c->why, sizeof c->why);
    if (code != ERROR_SUCCESS)
        return code;
    return fo_server_scope_delete(c->server, m->subnet, m->force, c->why, sizeof c->why);
}

uint32_t fo_call_scope_get(struct fo_call *c)
{
    const struct fo_scope *scope;
    uint32_t code = fo_element_scope(c, c->request->scope_get->subnet, &scope);

    if (code != ERROR_SUCCESS)
        return code;
    c->reply.scope = fo_message_of_scope(c, scope);
    if (c->reply.scope == NULL)
        return fo_call_no_memory(c);
    c->reply.result_case = MGMT__REPLY__RESULT_SCOPE;
    return ERROR_SUCCESS;
}

uint32_t fo_call_scope_enum(struct fo_call *c)
{
    const Mgmt__Page *page = c->request->scope_enum;
    const struct fo_lease_db *db = fo_server_leases(c->server);
    size_t total = fo_lease_db_scope_count(db);
    struct fo_page size = fo_page_begin(page->limit);
    Mgmt__Scopes *m = fo_call_alloc(c, sizeof *m);

    if (m == NULL)
        return fo_call_no_memory(c);
    mgmt__scopes__init(m);
    m->list = fo_call_alloc(c, size.limit * sizeof(Mgmt__Scope *));
    if (m->list == NULL)
        return fo_call_no_memory(c);
    for (size_t i = 0; i < total && !m->more; i++) {
        const struct fo_scope *scope = fo_lease_db_scope_at(db, i);
        if (scope->subnet <= page->after_address && page->after_address != 0)
            continue;
        if (!fo_page_has_room(&size)) {
            m->more = true;
            break;
        }
        m->list[m->n_list] = fo_message_of_scope(c, scope);
        if (m->list[m->n_list] == NULL)
            return fo_call_no_memory(c);
        fo_page_add(&size, mgmt__scope__get_packed_size(m->list[m->n_list]));
        m->next = scope->subnet;
        m->n_list++;
    }
    if (m->n_list == 0)
        return fo_call_refuse(c, ERROR_NO_MORE_ITEMS, "There are no more scopes.");
    c->reply.result_case = MGMT__REPLY__RESULT_SCOPES;
    c->reply.scopes = m;
    return ERROR_SUCCESS;
}

/* --- DHCP_FAILOVER_STATISTICS
 * --------------------------------------------------------------------- */

uint32_t fo_call_scope_statistics_check(struct fo_call *c)
{
    if (c->request->scope_statistics->subnet == 0)
        return fo_call_refuse(c, ERROR_INVALID_PARAMETER, "No scope is named.");
    return ERROR_SUCCESS;
}

static uint64_t count_granted_here(const struct fo_lease_db *db, const struct fo_scope *scope)
{
    fo_ipv4_t last = scope->subnet | ~scope->mask, from = scope->subnet;
    struct fo_binding b;
    uint64_t count = 0;

    while (fo_lease_db_next_in(db, scope->subnet, from, false, &b)) {
        if (b.status != FO_STATUS_FREE && b.status != FO_STATUS_BACKUP &&
            (b.flags & FO_BINDING_OURS) != 0 && fo_scope_leasable(scope, b.address))
            count++;
        if (b.address == last)
            break;
        from = b.address + 1;
    }
    return count;
}

uint32_t fo_call_scope_statistics(struct fo_call *c)
{
    fo_ipv4_t subnet = c->request->scope_statistics->subnet;
    const struct fo_lease_db *db = fo_server_leases(c->server);
    const struct fo_scope *scope = fo_lease_db_scope(db, subnet);
    const struct fo_relationship *r = NULL;
    struct fo_scope_counts counts;
    Mgmt__ScopeStatistics *m;
    char text[FO_IPV4_TEXT];
    bool primary;

    if (scope != NULL)
        r = fo_server_relationship_numbered(c->server, fo_lease_db_owner(db, subnet));
    if (r == NULL)
        return fo_call_refuse(c, ERROR_FILE_NOT_FOUND, "Scope %s is in no relationship.",
                              fo_ipv4_text(subnet, text));
    m = fo_call_alloc(c, sizeof *m);
    if (m == NULL)
        return fo_call_no_memory(c);
    mgmt__scope_statistics__init(m);
    fo_lease_db_counts(db, subnet, &counts);
    primary = r->role == FO_ROLE_PRIMARY;
    m->addresses = counts.leasable;
    m->this_free = counts.by_status[primary ? FO_STATUS_FREE : FO_STATUS_BACKUP];
    m->partner_free = counts.by_status[primary ? FO_STATUS_BACKUP : FO_STATUS_FREE];
    m->free = m->this_free + m->partner_free;
    m->in_use = m->addresses - m->free;
    m->this_in_use = count_granted_here(db, scope);
    m->partner_in_use = m->in_use - m->this_in_use;
    c->reply.result_case = MGMT__REPLY__RESULT_STATISTICS;
    c->reply.statistics = m;
    return ERROR_SUCCESS;
}
