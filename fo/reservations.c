/* Reserved addresses: either server gives one to its client, once both know of the reservation
 * (draft-12 §5.13). Until then, and from the moment it is changed until the partner agreed, the
 * usual owner or nobody does: what the partner leased while it could not tell is not known here.
 *
 * The agreement is FO_BINDING_RESERVED in an available binding. The primary seeks it by BACKUP with
 * R, and takes it back without R. */
#include <string.h>

#include "fo/endpoint.h"

static bool same_client(const struct fo_reservation *a, const struct fo_reservation *b)
{
    return a != NULL && b != NULL && a->id_length == b->id_length &&
           memcmp(a->id, b->id, a->id_length) == 0;
}

bool fo_reservation_ours(const struct fo_endpoint *ep, const struct fo_binding *b, bool reserved)
{
    if ((b->flags & FO_BINDING_RESERVED) == 0)
        return b->status == fo_binding_available_status(ep->r.role);
    if (!reserved)
        return false;
    /* FREE at the primary: asked for, and at worst the same client's at the partner. */
    return (ep->r.role == FO_ROLE_PRIMARY && b->status == FO_STATUS_FREE) ||
           fo_endpoint_up_to_date(ep, b);
}

void fo_reservations_tell(struct fo_endpoint *ep)
{
    const uint8_t busy = FO_MARK_QUEUED | FO_MARK_INFLIGHT | FO_MARK_REJECTED;
    struct fo_server *s = ep->server;
    for (size_t i = 0; i < ep->r.scope_count; i++) {
        const struct fo_scope *scope = fo_lease_db_scope(s->leases, ep->r.scopes[i]);
        for (uint32_t k = 0; scope != NULL && k < scope->reservation_count; k++) {
            fo_ipv4_t address = scope->reservations[k].address;
            struct fo_binding b;
            if ((fo_server_marks(s, address) & busy) != 0 ||
                fo_lease_db_get(s->leases, address, &b) != FO_OK ||
                !fo_binding_is_available(b.status) || (b.flags & FO_BINDING_RESERVED) != 0)
                continue;
            b.acked_epoch = 0;
            fo_endpoint_put(s, &b);
            fo_sender_queue(ep, address);
        }
    }
}

void fo_reservations_change(struct fo_server *s, const struct fo_scope *old,
                            const struct fo_scope *changed)
{
    struct fo_endpoint *ep = fo_endpoint_of_address(s, old->subnet);
    if (ep == NULL)
        return;
    ep->balance_at.ms = 0; /* look at them now */
    for (uint32_t k = 0; k < old->reservation_count; k++) {
        const struct fo_reservation *r = &old->reservations[k];
        struct fo_binding b;
        if (same_client(r, fo_scope_reservation(changed, r->address)) ||
            fo_lease_db_get(s->leases, r->address, &b) != FO_OK ||
            !fo_binding_is_available(b.status) || (b.flags & FO_BINDING_RESERVED) == 0)
            continue;
        if (ep->r.role == FO_ROLE_PRIMARY)
            b.status = FO_STATUS_BACKUP; /* the partner may have given it */
        b.acked_epoch = 0;
        fo_endpoint_put(s, &b);
        fo_sender_queue(ep, r->address);
    }
}
