#include "mgmt/element.h"

#include "mgmt/change.h"
#include "mgmt/lease_change.h"
#include "mgmt/lease_note.h"
#include "proto/win32.h"

uint32_t fo_element_scope(struct fo_call *c, fo_ipv4_t subnet, const struct fo_scope **out)
{
    char text[FO_IPV4_TEXT];

    *out = fo_lease_db_scope(fo_server_leases(c->server), subnet);
    if (*out == NULL)
        return fo_call_refuse(c, ERROR_DHCP_SUBNET_NOT_PRESENT,
                              "There is no scope %s on this server.", fo_ipv4_text(subnet, text));
    return ERROR_SUCCESS;
}

/* --- who is there ----------------------------------------------------------------------------- */

/* The first lease at or after |*from| in |where|; |*from| moves behind it. */
static bool next_lease(const struct fo_lease_db *db, struct fo_range where, uint64_t *from,
                       struct fo_binding *out)
{
    while (*from <= where.last && fo_lease_db_next(db, (fo_ipv4_t)*from, out) &&
           out->address <= where.last) {
        *from = (uint64_t)out->address + 1;
        if (out->status == FO_STATUS_ACTIVE)
            return true;
    }
    return false;
}

bool fo_element_leased(const struct fo_lease_db *db, struct fo_range where, fo_ipv4_t *out_address)
{
    uint64_t from = where.first;
    struct fo_binding b;

    if (!next_lease(db, where, &from, &b))
        return false;
    *out_address = b.address;
    return true;
}

void fo_element_end_leases(struct fo_call *c, struct fo_range where)
{
    const struct fo_lease_db *db = fo_server_leases(c->server);
    uint64_t from = where.first;
    struct fo_binding b;

    while (c->err == FO_OK && next_lease(db, where, &from, &b)) {
        fo_lease_report_to(c, FO_REPORT_RELEASE, b.address, &b.client);
        if (c->err == FO_OK)
            c->err = fo_lease_note_forget(c->store, b.address);
    }
}

/* Whether the client of |b| may be in no range of |kind|. Unless something says BOOTP, it is one of
 * DHCP. */
static bool is_misplaced(struct fo_call *c, const struct fo_binding *b, enum fo_range_kind kind)
{
    struct fo_lease_note note = {0};
    bool bootp = (b->flags & FO_BINDING_BOOTP) != 0;

    if (fo_lease_note_get(c->store, b->address, &b->client, &note) == FO_OK) {
        if (note.client_type == FO_LEASE_TYPE_BOTH)
            return false;
        bootp = bootp || note.client_type == FO_LEASE_TYPE_BOOTP;
    }
    return bootp == (kind == FO_RANGE_DHCP);
}

uint32_t fo_element_check_kind(struct fo_call *c, const struct fo_scope *scope,
                               struct fo_range where, enum fo_range_kind kind)
{
    const struct fo_lease_db *db = fo_server_leases(c->server);
    uint64_t from = where.first;
    struct fo_binding b;
    char text[FO_IPV4_TEXT];

    if (kind == FO_RANGE_BOOTP && fo_lease_db_owner(db, scope->subnet) >= 0)
        return fo_call_refuse(
            c, ERROR_DHCP_FO_IPRANGE_TYPE_CONV_ILLEGAL,
            "Scope %s is in a relationship: it can have no range for BOOTP alone.",
            fo_ipv4_text(scope->subnet, text));
    while (kind != FO_RANGE_BOTH && next_lease(db, where, &from, &b)) {
        if (is_misplaced(c, &b, kind))
            return fo_call_refuse(c, ERROR_DHCP_IPRANGE_CONV_ILLEGAL,
                                  "%s is leased to a client of %s; delete that lease first.",
                                  fo_ipv4_text(b.address, text),
                                  kind == FO_RANGE_DHCP ? "BOOTP" : "DHCP");
    }
    return ERROR_SUCCESS;
}

/* --- the change ------------------------------------------------------------------------------- */

/* Whether one range of |s| holds all of |r|. Ranges that touch may have been one before. */
static bool holds(const struct fo_scope *s, struct fo_range r)
{
    uint64_t next = r.first;

    for (uint32_t i = 0; i < s->range_count && next <= r.last; i++) {
        if (s->ranges[i].first <= next && next <= s->ranges[i].last)
            next = (uint64_t)s->ranges[i].last + 1;
    }
    return next > r.last;
}

static bool loses_addresses(const struct fo_scope *old, const struct fo_scope *changed)
{
    for (uint32_t i = 0; i < old->range_count; i++)
        if (!holds(changed, old->ranges[i]))
            return true;
    return false;
}

uint32_t fo_element_apply(struct fo_call *c, const struct fo_scope *old,
                          const struct fo_scope *changed)
{
    const struct fo_lease_db *db = fo_server_leases(c->server);
    char text[FO_IPV4_TEXT];
    uint32_t code =
        fo_changes_check(c->facts->changes, NULL, &old->subnet, 1, c->why, sizeof c->why);

    if (code != ERROR_SUCCESS)
        return code;
    if (fo_lease_db_owner(db, old->subnet) >= 0 && loses_addresses(old, changed))
        return fo_call_refuse(
            c, ERROR_DHCP_FO_RANGE_PART_OF_REL,
            "Scope %s is in a relationship, and both servers have to lose addresses at once: take "
            "it out (foctl relationship remove-scope), change it here, and add it again; foctl "
            "relationship replicate then makes the partner's like it.",
            fo_ipv4_text(old->subnet, text));
    return fo_server_scope_set(c->server, changed, c->out, c->why, sizeof c->why);
}

void fo_element_forget_reserved(struct fo_call *c, fo_ipv4_t address)
{
    struct fo_binding b;

    if (fo_lease_db_get(fo_server_leases(c->server), address, &b) == FO_OK &&
        b.status != FO_STATUS_ACTIVE)
        c->err = fo_lease_note_forget(c->store, address);
}
