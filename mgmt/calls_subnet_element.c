/* DhcpAddSubnetElementV5 and DhcpRemoveSubnetElementV5 (MAPI §1.5): a scope has one range, which
 * grows and shrinks in place. Of several, which fo's own calls make, a range replaces those that it
 * fits (state/scope.h). */
#include "mgmt/element.h"
#include "mgmt/message.h"
#include "proto/win32.h"

static struct fo_range range_of(const Mgmt__Range *m)
{
    return (struct fo_range){m->first, m->last};
}

static bool is_range(uint32_t type)
{
    return type == FO_ELEMENT_RANGE || type == FO_ELEMENT_RANGE_DHCP ||
           type == FO_ELEMENT_RANGE_BOTH || type == FO_ELEMENT_RANGE_BOOTP;
}

/* Types that no server has anything of; the same of both calls. */
static uint32_t check_type(struct fo_call *c, const Mgmt__SubnetElement *m)
{
    if (m->type == FO_ELEMENT_SECONDARY_HOST)
        return fo_call_refuse(c, ERROR_CALL_NOT_IMPLEMENTED, "Scopes have no secondary hosts.");
    if (m->type == FO_ELEMENT_USED_CLUSTER)
        return fo_call_refuse(c, ERROR_INVALID_PARAMETER,
                              "Clusters of used addresses are counted, "
                              "not given.");
    if (m->type > FO_ELEMENT_RANGE_BOOTP)
        return fo_call_refuse(c, ERROR_INVALID_PARAMETER, "Element type %u is none of 0 to 7.",
                              m->type);
    if (m->type == FO_ELEMENT_RESERVATION ? m->reservation == NULL : m->range == NULL)
        return fo_call_refuse(c, ERROR_INVALID_PARAMETER, "No element is given.");
    return ERROR_SUCCESS;
}

/* --- add -------------------------------------------------------------------------------------- */

/* Conditions 6 to 10. Nothing here knows policies (8). */
static uint32_t fit_range(struct fo_call *c, const Mgmt__SubnetElement *m, struct fo_scope *scope)
{
    struct fo_range whole = {scope->subnet, scope->subnet | ~scope->mask};
    struct fo_range_use use;
    char text[FO_IPV4_TEXT];
    uint32_t code = fo_message_to_use(m->range, &use, c->why, sizeof c->why);

    if (code != ERROR_SUCCESS)
        return code;
    use.kind = m->type == FO_ELEMENT_RANGE_BOOTP  ? FO_RANGE_BOOTP
               : m->type == FO_ELEMENT_RANGE_BOTH ? FO_RANGE_BOTH
                                                  : FO_RANGE_DHCP;
    if (use.kind != FO_RANGE_DHCP &&
        fo_lease_db_owner(fo_server_leases(c->server), scope->subnet) >= 0)
        return fo_call_refuse(c, ERROR_DHCP_FO_IPRANGE_TYPE_CONV_ILLEGAL,
                              "Scope %s is in a relationship: its range cannot be made one for "
                              "BOOTP.",
                              fo_ipv4_text(scope->subnet, text));
    code = fo_element_check_kind(c, scope, whole, use.kind);
    if (code != ERROR_SUCCESS)
        return code;
    return fo_scope_fit_range(scope, range_of(m->range), use, c->why, sizeof c->why);
}

/* Conditions 11 and 12. The client's record that the documents make is the reservation itself
 * (mgmt/lease_record.h). */
static uint32_t reserve(struct fo_call *c, const Mgmt__SubnetElement *m, struct fo_scope *scope)
{
    struct fo_reservation reservation;
    uint32_t code = fo_message_to_reservation(m->reservation, &reservation, c->why, sizeof c->why);

    if (code != ERROR_SUCCESS)
        return code;
    return fo_scope_reserve(scope, &reservation, c->why, sizeof c->why);
}

static uint32_t add(struct fo_call *c, const Mgmt__SubnetElement *m, struct fo_scope *scope)
{
    if (is_range(m->type))
        return fit_range(c, m, scope);
    if (m->type == FO_ELEMENT_EXCLUSION)
        return fo_scope_exclude(scope, range_of(m->range), c->why, sizeof c->why);
    return reserve(c, m, scope);
}

uint32_t fo_call_subnet_element_add(struct fo_call *c)
{
    const Mgmt__SubnetElement *m = c->request->subnet_element_add;
    const struct fo_scope *old;
    struct fo_scope scope;
    uint32_t code = fo_element_scope(c, m->subnet, &old);

    if (code == ERROR_SUCCESS)
        code = check_type(c, m);
    if (code != ERROR_SUCCESS)
        return code;
    if (fo_scope_copy(old, &scope) != FO_OK)
        return fo_call_no_memory(c);
    code = add(c, m, &scope);
    if (code == ERROR_SUCCESS)
        code = fo_element_apply(c, old, &scope);
    fo_scope_fini(&scope);
    return code;
}

/* --- remove ----------------------------------------------------------------------------------- */

static bool anybody_in(struct fo_call *c, const struct fo_scope *scope, struct fo_range where,
                       fo_ipv4_t *out)
{
    for (uint32_t i = 0; i < scope->reservation_count; i++) {
        fo_ipv4_t address = scope->reservations[i].address;
        if (where.first <= address && address <= where.last) {
            *out = address;
            return true;
        }
    }
    return fo_element_leased(fo_server_leases(c->server), where, out);
}

/* Leases go along, unless they keep it from being removed. */
static uint32_t remove_range(struct fo_call *c, const Mgmt__SubnetElement *m,
                             const struct fo_scope *old, struct fo_scope *scope)
{
    struct fo_range where = range_of(m->range);
    char text[FO_IPV4_TEXT];
    fo_ipv4_t holder;
    uint32_t code = fo_scope_remove_range(scope, where, c->why, sizeof c->why);

    if (code != ERROR_SUCCESS)
        return code;
    if (fo_lease_db_owner(fo_server_leases(c->server), m->subnet) >= 0)
        return fo_element_apply(c, old, scope); /* 20132 */
    if (m->force == FO_FORCE_NONE && anybody_in(c, old, where, &holder))
        return fo_call_refuse(c, ERROR_DHCP_ELEMENT_CANT_REMOVE,
                              "Address %s of the range is leased or reserved.",
                              fo_ipv4_text(holder, text));
    code = fo_element_apply(c, old, scope);
    if (code == ERROR_SUCCESS)
        fo_element_end_leases(c, where);
    return code;
}

static uint32_t remove_exclusion(struct fo_call *c, const Mgmt__SubnetElement *m,
                                 const struct fo_scope *old, struct fo_scope *scope)
{
    uint32_t code = fo_scope_unexclude(scope, range_of(m->range), c->why, sizeof c->why);

    return code != ERROR_SUCCESS ? code : fo_element_apply(c, old, scope);
}

/* As documented: who is not reserved is taken for the address of a lease to be deleted. */
static uint32_t delete_lease(struct fo_call *c, fo_ipv4_t address)
{
    Mgmt__LeaseSearch search = MGMT__LEASE_SEARCH__INIT;
    Mgmt__Request deletion = MGMT__REQUEST__INIT;
    const Mgmt__Request *request = c->request;
    uint32_t code;

    search.key_case = MGMT__LEASE_SEARCH__KEY_ADDRESS;
    search.address = address;
    deletion.call_case = MGMT__REQUEST__CALL_LEASE_DELETE;
    deletion.lease_delete = &search;
    c->request = &deletion;
    code = fo_call_lease_delete(c);
    c->request = request;
    return code;
}

static uint32_t remove_reservation(struct fo_call *c, const Mgmt__SubnetElement *m,
                                   const struct fo_scope *old, struct fo_scope *scope)
{
    fo_ipv4_t address = m->reservation->address;
    uint32_t code;

    if (fo_scope_reservation(old, address) == NULL)
        return delete_lease(c, address);
    code = fo_scope_unreserve(scope, address, c->why, sizeof c->why);
    if (code == ERROR_SUCCESS)
        code = fo_element_apply(c, old, scope);
    if (code == ERROR_SUCCESS)
        fo_element_forget_reserved(c, address);
    return code;
}

static uint32_t check_force(struct fo_call *c, const Mgmt__SubnetElement *m)
{
    if (m->force == FO_FORCE_FULL || m->force == FO_FORCE_NONE)
        return ERROR_SUCCESS;
    return fo_call_refuse(c, ERROR_INVALID_PARAMETER,
                          "Force flag %u is neither 0 (leases go along) nor 1 (they prevent it).",
                          m->force);
}

uint32_t fo_call_subnet_element_remove(struct fo_call *c)
{
    const Mgmt__SubnetElement *m = c->request->subnet_element_remove;
    const struct fo_scope *old;
    struct fo_scope scope;
    uint32_t code = fo_element_scope(c, m->subnet, &old);

    if (code == ERROR_SUCCESS)
        code = check_type(c, m);
    if (code == ERROR_SUCCESS)
        code = check_force(c, m);
    if (code != ERROR_SUCCESS)
        return code;
    if (fo_scope_copy(old, &scope) != FO_OK)
        return fo_call_no_memory(c);
    if (is_range(m->type))
        code = remove_range(c, m, old, &scope);
    else if (m->type == FO_ELEMENT_EXCLUSION)
        code = remove_exclusion(c, m, old, &scope);
    else
        code = remove_reservation(c, m, old, &scope);
    fo_scope_fini(&scope);
    return code != ERROR_SUCCESS ? code : fo_call_code_of(c->err);
}
