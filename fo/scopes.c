/* Scopes as management changes them (MAPI §1.5). */
#include <string.h>

#include "fo/endpoint.h"
#include "state/record.h"

static uint32_t code_of(int rc, char *why, size_t why_capacity)
{
    switch (rc) {
    case FO_OK:
        return ERROR_SUCCESS;
    case FO_EEXISTS:
        fo_server_why(why, why_capacity, "the subnet overlaps another scope");
        return ERROR_DHCP_SUBNET_EXISTS;
    case FO_ENOMEM:
        return ERROR_NOT_ENOUGH_MEMORY;
    default:
        fo_server_why(why, why_capacity, "the scope is not valid: %s", fo_strerror(rc));
        return ERROR_INVALID_PARAMETER;
    }
}

static uint32_t absent(fo_ipv4_t subnet, char *why, size_t why_capacity)
{
    char text[FO_IPV4_TEXT];
    fo_server_why(why, why_capacity, "there is no scope %s", fo_ipv4_text(subnet, text));
    return ERROR_DHCP_SUBNET_NOT_PRESENT;
}

static bool is_listed(const struct fo_server *s, fo_ipv4_t subnet)
{
    for (size_t i = 0; i < s->endpoint_count; i++)
        if (fo_relationship_has_scope(&s->endpoints[i]->r, subnet))
            return true;
    return false;
}

/* Which addresses a relationship shares out has nothing to do with BOOTP (MAPI §1.2, §1.5). */
static uint32_t check_kinds(const struct fo_server *s, const struct fo_scope *scope, char *why,
                            size_t why_capacity)
{
    char text[FO_IPV4_TEXT];
    if (!fo_scope_has_bootp_only(scope) || !is_listed(s, scope->subnet))
        return ERROR_SUCCESS;
    fo_server_why(why, why_capacity,
                  "scope %s is in a relationship: it can have no range for BOOTP alone",
                  fo_ipv4_text(scope->subnet, text));
    return ERROR_DHCP_FO_IPRANGE_TYPE_CONV_ILLEGAL;
}

/* --- scopes that come into a relationship -------------------------------------------------------
 */

void fo_scopes_came(struct fo_endpoint *ep, const fo_ipv4_t *subnets, size_t count)
{
    struct fo_endpoint_record *rec = &ep->rec;
    bool any = rec->scopes_unheard && rec->unheard_count == 0;
    if (any || count > (size_t)FO_SCOPES_PER_CALL_MAX - rec->unheard_count) {
        rec->unheard_count = 0; /* more than fit: any of them */
    } else {
        memcpy(&rec->unheard[rec->unheard_count], subnets, count * sizeof *subnets);
        rec->unheard_count = (uint16_t)(rec->unheard_count + count);
    }
    rec->scopes_unheard = true;
    ep->rec_dirty = true;
}

void fo_scopes_heard(struct fo_endpoint *ep)
{
    ep->rec.scopes_unheard = false;
    ep->rec.unheard_count = 0;
    ep->rec_dirty = true;
}

bool fo_scopes_unheard(const struct fo_endpoint *ep, fo_ipv4_t address)
{
    const struct fo_scope *scope;
    if (!ep->rec.scopes_unheard || ep->rec.unheard_count == 0)
        return ep->rec.scopes_unheard;
    scope = fo_lease_db_scope_of(ep->server->leases, address);
    for (uint16_t i = 0; scope != NULL && i < ep->rec.unheard_count; i++)
        if (ep->rec.unheard[i] == scope->subnet)
            return true;
    return false;
}

struct adoption {
    struct fo_server *server;
    const struct fo_scope *scope;
};

/* What cannot be read is set aside by the next start. */
static int adopt(void *context, const void *key, size_t key_length, const void *value,
                 size_t value_length)
{
    const struct adoption *a = context;
    struct fo_binding b;
    if (fo_record_read_binding(key, key_length, value, value_length, &b) != FO_OK)
        return 0;
    if (!fo_scope_contains(a->scope, b.address))
        return 1;
    fo_endpoint_put(a->server, &b);
    if (b.status == FO_STATUS_ACTIVE)
        fo_server_due(a->server, b.address, fo_lease_look_at(&b, fo_utc(0)));
    return 0;
}

/* A scope that a relationship lists, and that was not there: its record was damaged. Its bindings
 * are still on disk. */
static void comes_back(struct fo_server *s, const struct fo_scope *scope)
{
    struct adoption a = {s, scope};
    for (size_t i = 0; i < s->endpoint_count; i++) {
        struct fo_endpoint *ep = s->endpoints[i];
        uint8_t key[4];
        int rc;
        if (!fo_relationship_has_scope(&ep->r, scope->subnet))
            continue;
        fo_lease_db_set_owner(s->leases, scope->subnet, ep->number);
        fo_scopes_came(ep, &scope->subnet, 1);
        fo_record_put_address(scope->subnet, key);
        rc = fo_store_walk(s->store, FO_TABLE_BINDING, key, sizeof key, adopt, &a);
        if (rc < 0 && rc != FO_ENOTFOUND)
            s->err = rc;
    }
}

uint32_t fo_server_scope_create(struct fo_server *s, const struct fo_scope *scope, char *why,
                                size_t why_capacity)
{
    char text[FO_IPV4_TEXT];
    uint32_t code = fo_scope_check_new(scope->subnet, scope->mask, scope->name, scope->comment, why,
                                       why_capacity);
    if (code != ERROR_SUCCESS)
        return code;
    if (fo_lease_db_scope(s->leases, scope->subnet) != NULL) {
        fo_server_why(why, why_capacity, "scope %s exists already",
                      fo_ipv4_text(scope->subnet, text));
        return ERROR_DHCP_SUBNET_EXISTS;
    }
    code = check_kinds(s, scope, why, why_capacity);
    if (code == ERROR_SUCCESS)
        code = code_of(fo_lease_db_set_scope(s->leases, scope), why, why_capacity);
    if (code == ERROR_SUCCESS)
        comes_back(s, scope);
    return code;
}

uint32_t fo_server_scope_set(struct fo_server *s, const struct fo_scope *scope,
                             struct fo_outbox *out, char *why, size_t why_capacity)
{
    const struct fo_scope *old = fo_lease_db_scope(s->leases, scope->subnet);
    uint32_t code;
    (void)out;
    if (old == NULL)
        return absent(scope->subnet, why, why_capacity);
    if (old->mask != scope->mask) {
        fo_server_why(why, why_capacity, "the mask of a scope cannot be changed");
        return ERROR_INVALID_PARAMETER;
    }
    code = check_kinds(s, scope, why, why_capacity);
    if (code != ERROR_SUCCESS)
        return code;
    fo_reservations_change(s, old, scope);
    return code_of(fo_lease_db_set_scope(s->leases, scope), why, why_capacity);
}

uint32_t fo_server_scope_delete(struct fo_server *s, fo_ipv4_t subnet, bool force, char *why,
                                size_t why_capacity)
{
    const struct fo_scope *scope = fo_lease_db_scope(s->leases, subnet);
    struct fo_scope_counts c;
    char text[FO_IPV4_TEXT];
    if (scope == NULL)
        return absent(subnet, why, why_capacity);
    if (fo_lease_db_owner(s->leases, subnet) >= 0) {
        fo_server_why(why, why_capacity,
                      "scope %s is in a relationship: take it out first (remove-scope)",
                      fo_ipv4_text(subnet, text));
        return ERROR_DHCP_FO_SCOPE_ALREADY_IN_RELATIONSHIP;
    }
    fo_lease_db_counts(s->leases, subnet, &c);
    if (!force && c.by_status[FO_STATUS_ACTIVE] + c.outside != 0) {
        fo_server_why(why, why_capacity, "scope %s has leases; --force removes them too",
                      fo_ipv4_text(subnet, text));
        return ERROR_DHCP_ELEMENT_CANT_REMOVE;
    }
    return code_of(fo_lease_db_remove_scope(s->leases, subnet), why, why_capacity);
}
