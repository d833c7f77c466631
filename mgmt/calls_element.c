/* Ranges, exclusions and reservations of a scope as fo has them: several ranges, each of its kind.
 * Microsoft's calls, by which a scope has one, are in calls_subnet_element.c. */
#include "mgmt/element.h"
#include "mgmt/message.h"
#include "proto/win32.h"

typedef uint32_t (*scope_edit)(struct fo_call *c, const Mgmt__ScopeElement *m,
                               struct fo_scope *scope);

/* Edits a copy of the scope; the server gets it when every check was passed. */
static uint32_t edit_scope(struct fo_call *c, const Mgmt__ScopeElement *m, scope_edit edit)
{
    const struct fo_scope *old;
    struct fo_scope scope;
    uint32_t code = fo_element_scope(c, m->subnet, &old);

    if (code != ERROR_SUCCESS)
        return code;
    if (fo_scope_copy(old, &scope) != FO_OK)
        return fo_call_no_memory(c);
    code = edit(c, m, &scope);
    if (code == ERROR_SUCCESS)
        code = fo_element_apply(c, old, &scope);
    fo_scope_fini(&scope);
    return code;
}

static struct fo_range range_of(const Mgmt__Range *m)
{
    return (struct fo_range){m->first, m->last};
}

static uint32_t add_range(struct fo_call *c, const Mgmt__Range *m, struct fo_scope *scope)
{
    struct fo_range_use use;
    uint32_t code = fo_message_to_use(m, &use, c->why, sizeof c->why);

    if (code == ERROR_SUCCESS)
        code = fo_element_check_kind(c, scope, range_of(m), use.kind);
    if (code == ERROR_SUCCESS)
        code = fo_scope_add_range_for(scope, range_of(m), use, c->why, sizeof c->why);
    return code;
}

static uint32_t add(struct fo_call *c, const Mgmt__ScopeElement *m, struct fo_scope *scope)
{
    struct fo_reservation reservation;
    uint32_t code;

    switch (m->element_case) {
    case MGMT__SCOPE_ELEMENT__ELEMENT_RANGE:
        return add_range(c, m->range, scope);
    case MGMT__SCOPE_ELEMENT__ELEMENT_EXCLUSION:
        return fo_scope_exclude(scope, range_of(m->exclusion), c->why, sizeof c->why);
    case MGMT__SCOPE_ELEMENT__ELEMENT_RESERVATION:
        code = fo_message_to_reservation(m->reservation, &reservation, c->why, sizeof c->why);
        if (code != ERROR_SUCCESS)
            return code;
        return fo_scope_reserve(scope, &reservation, c->why, sizeof c->why);
    default:
        return fo_call_refuse(c, ERROR_INVALID_PARAMETER, "No element is given.");
    }
}

static uint32_t remove_range(struct fo_call *c, const Mgmt__ScopeElement *m, struct fo_scope *scope)
{
    const struct fo_lease_db *db = fo_server_leases(c->server);
    struct fo_range range = range_of(m->range);
    uint32_t code = fo_scope_remove_range(scope, range, c->why, sizeof c->why);
    char text[FO_IPV4_TEXT];
    fo_ipv4_t holder;

    /* What is refused of a relationship, whoever holds an address, is told first. */
    if (code == ERROR_SUCCESS && !m->force && fo_lease_db_owner(db, scope->subnet) < 0 &&
        fo_element_leased(db, range, &holder))
        code = fo_call_refuse(c, ERROR_DHCP_ELEMENT_CANT_REMOVE,
                              "Address %s of the range is leased; --force ends the leases.",
                              fo_ipv4_text(holder, text));
    return code;
}

static uint32_t take_away(struct fo_call *c, const Mgmt__ScopeElement *m, struct fo_scope *scope)
{
    switch (m->element_case) {
    case MGMT__SCOPE_ELEMENT__ELEMENT_RANGE:
        return remove_range(c, m, scope);
    case MGMT__SCOPE_ELEMENT__ELEMENT_EXCLUSION:
        return fo_scope_unexclude(scope, range_of(m->exclusion), c->why, sizeof c->why);
    case MGMT__SCOPE_ELEMENT__ELEMENT_RESERVATION:
        return fo_scope_unreserve(scope, m->reservation->address, c->why, sizeof c->why);
    default:
        return fo_call_refuse(c, ERROR_INVALID_PARAMETER, "No element is given.");
    }
}

uint32_t fo_call_scope_element_add(struct fo_call *c)
{
    return edit_scope(c, c->request->scope_element_add, add);
}

uint32_t fo_call_scope_element_remove(struct fo_call *c)
{
    const Mgmt__ScopeElement *m = c->request->scope_element_remove;
    uint32_t code = edit_scope(c, m, take_away);

    if (code == ERROR_SUCCESS && m->element_case == MGMT__SCOPE_ELEMENT__ELEMENT_RESERVATION)
        fo_element_forget_reserved(c, m->reservation->address);
    if (code == ERROR_SUCCESS && m->element_case == MGMT__SCOPE_ELEMENT__ELEMENT_RANGE && m->force)
        fo_element_end_leases(c, range_of(m->range));
    return code != ERROR_SUCCESS ? code : fo_call_code_of(c->err);
}
