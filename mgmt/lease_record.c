#include "mgmt/lease_record.h"

#include "mgmt/lease_change.h"
#include "mgmt/lease_search.h"

static bool of_reservation(const struct fo_scope *scope, fo_ipv4_t address,
                           struct fo_lease_record *out)
{
    *out = (struct fo_lease_record){.address = address,
                                    .reservation = fo_scope_reservation(scope, address)};
    return out->reservation != NULL;
}

static bool of_binding(const struct fo_binding *b, struct fo_lease_record *out)
{
    *out = (struct fo_lease_record){.address = b->address, .binding = *b};
    return fo_lease_held(b);
}

bool fo_lease_record_at(const struct fo_lease_db *db, fo_ipv4_t address,
                        struct fo_lease_record *out)
{
    struct fo_binding b;

    if (fo_lease_db_get(db, address, &b) != FO_OK)
        return false;
    return of_binding(&b, out) || of_reservation(fo_lease_db_scope_of(db, address), address, out);
}

/* A client that holds nothing may have a reservation. */
static bool reserved_for(const struct fo_lease_db *db, const Mgmt__LeaseSearch *m,
                         struct fo_lease_record *out)
{
    const uint8_t *identifier;
    size_t length;
    fo_ipv4_t subnet;
    const struct fo_scope *scope;
    const struct fo_reservation *r;

    if (m->key_case != MGMT__LEASE_SEARCH__KEY_UNIQUE_ID ||
        !fo_lease_unique_id(&m->unique_id, &subnet, &identifier, &length))
        return false;
    scope = fo_lease_db_scope(db, subnet);
    r = scope != NULL ? fo_scope_reservation_of(scope, identifier, length) : NULL;
    return r != NULL && of_reservation(scope, r->address, out);
}

bool fo_lease_record_find(struct fo_call *c, const Mgmt__LeaseSearch *m,
                          struct fo_lease_record *out)
{
    const struct fo_lease_db *db = fo_server_leases(c->server);
    struct fo_binding b;

    if (!fo_lease_search(c, m, &b) ||
        (!fo_lease_held(&b) && m->key_case != MGMT__LEASE_SEARCH__KEY_ADDRESS))
        return reserved_for(db, m, out);
    return fo_lease_record_at(db, b.address, out);
}

Mgmt__Lease *fo_lease_record_message(struct fo_call *c, const struct fo_lease_record *record)
{
    const struct fo_reservation *r = record->reservation;
    struct fo_binding b = {.address = record->address, .status = FO_STATUS_FREE};
    Mgmt__Lease *m;

    if (r == NULL)
        return fo_message_of_lease(c, &record->binding);
    fo_message_client_of_identifier(r->id, r->id_length, &b.client);
    m = fo_message_of_lease(c, &b);
    if (m == NULL)
        return NULL;
    m->reserved = true;
    m->client_type = FO_LEASE_TYPE_NONE;
    m->owner_address = UINT32_MAX; /* nobody gave it */
    m->owner_name = fo_call_text(c, "");
    return m->owner_name != NULL ? m : NULL;
}

/* --- walking ---------------------------------------------------------------------------------- */

static const struct fo_reservation *reservation_from(const struct fo_scope *scope, fo_ipv4_t from)
{
    uint32_t low = 0, high = scope->reservation_count;

    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (scope->reservations[middle].address < from)
            low = middle + 1;
        else
            high = middle;
    }
    return low < scope->reservation_count ? &scope->reservations[low] : NULL;
}

/* The first record of |scope| at or after |w->from|; false: none, or enough was looked at. */
static bool next_in(struct fo_lease_walk *w, const struct fo_scope *scope,
                    struct fo_lease_record *out)
{
    const struct fo_reservation *r = reservation_from(scope, w->from);
    struct fo_binding b;

    while (w->visits != 0 && fo_lease_db_next_in(w->db, scope->subnet, w->from, false, &b)) {
        if (r != NULL && r->address < b.address)
            break;
        w->visits--;
        w->from = b.address + 1;
        if (of_binding(&b, out))
            return true;
        if (r != NULL && r->address == b.address)
            return of_reservation(scope, r->address, out);
        if (w->from == 0)
            return false;
    }
    if (r == NULL || w->visits == 0)
        return false;
    w->visits--;
    w->from = r->address + 1;
    return of_reservation(scope, r->address, out);
}

/* The position of the scope that holds |from|, or of the first behind it. */
static size_t scope_from(const struct fo_lease_db *db, fo_ipv4_t from)
{
    size_t low = 0, high = fo_lease_db_scope_count(db);

    while (low < high) {
        size_t middle = low + (high - low) / 2;
        const struct fo_scope *scope = fo_lease_db_scope_at(db, middle);
        if ((scope->subnet | ~scope->mask) < from)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

bool fo_lease_walk_next(struct fo_lease_walk *w, struct fo_lease_record *out)
{
    size_t count = fo_lease_db_scope_count(w->db);
    size_t first = scope_from(w->db, w->from > w->subnet ? w->from : w->subnet);

    for (size_t i = first; i < count && !w->over; i++) {
        const struct fo_scope *scope = fo_lease_db_scope_at(w->db, i);
        if (w->subnet != 0 && scope->subnet != w->subnet)
            break;
        if (next_in(w, scope, out)) {
            w->over = w->from == 0; /* it was the last address there is */
            return true;
        }
        if (w->visits == 0)
            return false;
    }
    w->over = true;
    return false;
}
