/* Ranges, exclusions and reservations of a scope (MAPI §1.5, DhcpAddSubnetElementV5 and kin). */
#include "mgmt/change.h"
#include "mgmt/message.h"
#include "proto/win32.h"

typedef uint32_t (*scope_edit)(struct fo_call *c, const Mgmt__ScopeElement *m,
                               struct fo_scope *scope);

/* Edits a copy of the scope; the server gets it when every check was passed. */
static uint32_t edit_scope(struct fo_call *c, const Mgmt__ScopeElement *m, scope_edit edit)
{
    const struct fo_scope *old = fo_lease_db_scope(fo_server_leases(c->server), m->subnet);
    struct fo_scope scope;
    char text[FO_IPV4_TEXT];
    uint32_t code;

    if (old == NULL)
        return fo_call_refuse(c, ERROR_DHCP_SUBNET_NOT_PRESENT,
                              "There is no scope %s on this server.",
                              fo_ipv4_text(m->subnet, text));
    code = fo_changes_check(c->facts->changes, NULL, &m->subnet, 1, c->why, sizeof c->why);
    if (code != ERROR_SUCCESS)
        return code;
    if (fo_scope_copy(old, &scope) != FO_OK)
        return fo_call_no_memory(c);
    code = edit(c, m, &scope);
    if (code == ERROR_SUCCESS)
        code = fo_server_scope_set(c->server, &scope, c->out, c->why, sizeof c->why);
    fo_scope_fini(&scope);
    return code;
}

static struct fo_range range_of(const Mgmt__Range *m)
{
    return (struct fo_range){m->first, m->last};
}

static uint32_t add(struct fo_call *c, const Mgmt__ScopeElement *m, struct fo_scope *scope)
{
    struct fo_reservation reservation;
    uint32_t code;

    switch (m->element_case) {
    case MGMT__SCOPE_ELEMENT__ELEMENT_RANGE:
        return fo_scope_add_range(scope, range_of(m->range), c->why, sizeof c->why);
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

static bool somebody_in(const struct fo_lease_db *db, fo_ipv4_t subnet, struct fo_range range,
                        fo_ipv4_t *out_address)
{
    fo_ipv4_t from = range.first;
    struct fo_binding b;

    while (fo_lease_db_next_in(db, subnet, from, false, &b) && b.address <= range.last) {
        if (b.status == FO_STATUS_ACTIVE) {
            *out_address = b.address;
            return true;
        }
        if (b.address == UINT32_MAX)
            break;
        from = b.address + 1;
    }
    return false;
}

static uint32_t remove_range(struct fo_call *c, const Mgmt__ScopeElement *m, struct fo_scope *scope)
{
    const struct fo_lease_db *db = fo_server_leases(c->server);
    char text[FO_IPV4_TEXT];
    fo_ipv4_t holder;

    if (fo_lease_db_owner(db, m->subnet) >= 0)
        return fo_call_refuse(c, ERROR_DHCP_FO_RANGE_PART_OF_REL,
                              "The scope is in a relationship; take it out of that first.");
    if (somebody_in(db, m->subnet, range_of(m->range), &holder))
        return fo_call_refuse(c, ERROR_DHCP_ELEMENT_CANT_REMOVE,
                              "Address %s of the range is leased.", fo_ipv4_text(holder, text));
    return fo_scope_remove_range(scope, range_of(m->range), c->why, sizeof c->why);
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
    return edit_scope(c, c->request->scope_element_remove, take_away);
}
