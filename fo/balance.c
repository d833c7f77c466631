/* Pools: FREE addresses are the primary's, BACKUP ones the secondary's; the primary keeps the
 * shares (draft-12 §5.4, §7.6, §7.7). */
#include <inttypes.h>

#include "fo/endpoint.h"

/* Gives available addresses of |from| away as |to|, at most |most|. The first pass prefers those
 * whose last client belongs to the receiver by its hash (§5.4). */
static uint64_t give(struct fo_step *st, struct fo_endpoint *ep, fo_ipv4_t subnet,
                     enum fo_binding_status from, enum fo_binding_status to, uint64_t most)
{
    struct fo_server *s = ep->server;
    uint64_t moved = 0;
    for (int pass = 0; pass < 2 && moved < most; pass++) {
        uint64_t looks = 4 * most + 16;
        fo_ipv4_t address, next = 0, last = 0;
        while (moved < most && looks-- != 0 &&
               fo_lease_db_available(s->leases, subnet, from, next, &address) &&
               (next == 0 || address > last)) {
            struct fo_binding b;
            bool primarys;
            last = address;
            next = address + 1;
            if (fo_lease_db_get(s->leases, address, &b) != FO_OK ||
                (fo_server_marks(s, address) &
                 (FO_MARK_HELD | FO_MARK_RECALL | FO_MARK_REJECTED)) != 0)
                continue;
            if ((b.flags & FO_BINDING_RESERVED) != 0)
                continue; /* a reservation that went, and the partner may not know */
            primarys = fo_load_balance_is_primarys(&ep->rec.buckets,
                                                   fo_load_balance_bucket(&b.client, ep->dialect));
            if (pass == 0 && fo_client_known(&b.client) && primarys == (to == FO_STATUS_BACKUP))
                continue;
            b.status = (uint8_t)to;
            b.start_of_state = st->now.utc;
            b.acked_epoch = 0;
            b.flags &= (uint8_t)~FO_BINDING_SENT;
            fo_endpoint_put(s, &b);
            fo_sender_queue(ep, address);
            moved++;
        }
    }
    return moved;
}

/* Asks BACKUP addresses back: they stay the secondary's until it agrees (§5.4, P-04). */
static uint64_t recall(struct fo_endpoint *ep, fo_ipv4_t subnet, uint64_t most)
{
    struct fo_server *s = ep->server;
    fo_ipv4_t address, next = 0, last = 0;
    uint64_t asked = 0, looks = 4 * most + 16;
    while (asked < most && looks-- != 0 &&
           fo_lease_db_available(s->leases, subnet, FO_STATUS_BACKUP, next, &address) &&
           (next == 0 || address > last)) {
        struct fo_binding b;
        uint8_t marks = fo_server_marks(s, address);
        last = address;
        next = address + 1;
        if ((marks & (FO_MARK_RECALL | FO_MARK_REJECTED | FO_MARK_INFLIGHT)) != 0 ||
            fo_lease_db_get(s->leases, address, &b) != FO_OK ||
            (b.flags & FO_BINDING_RESERVED) != 0)
            continue;
        b.acked_epoch = 0;
        fo_endpoint_put(s, &b);
        fo_server_mark(s, address, FO_MARK_RECALL, 0);
        fo_sender_queue(ep, address);
        asked++;
    }
    return asked;
}

/* The share of the secondary. A partner that keeps pools even would undo any other share every
 * minute. */
static unsigned secondary_share(const struct fo_endpoint *ep)
{
    return ep->dialect->even_pools ? 50 : fo_relationship_secondary_share(&ep->r);
}

/* A share that takes several rounds is handed over whole. */
static struct fo_pool_threshold threshold(const struct fo_endpoint *ep, fo_ipv4_t subnet)
{
    if (subnet == ep->pool_rest)
        return (struct fo_pool_threshold){0};
    return (struct fo_pool_threshold){ep->dialect->pool_percent, ep->dialect->pool_addresses};
}

static struct fo_pool_count count_of(const struct fo_endpoint *ep, fo_ipv4_t subnet)
{
    struct fo_scope_counts c;
    fo_lease_db_counts(ep->server->leases, subnet, &c);
    return (struct fo_pool_count){c.by_status[FO_STATUS_FREE], c.by_status[FO_STATUS_BACKUP]};
}

/* Moves what should move, as far as |room| allows; *out_more: there is more to move. */
static uint64_t move_all(struct fo_step *st, struct fo_endpoint *ep, bool *out_more)
{
    unsigned share = secondary_share(ep);
    uint64_t moved = 0;
    *out_more = false;
    if (ep->rec.scopes_unheard) /* what is free here may be leased there */
        return 0;
    for (size_t i = 0; i < ep->r.scope_count; i++) {
        fo_ipv4_t subnet = ep->r.scopes[i];
        int64_t want = fo_pool_move(count_of(ep, subnet), share, threshold(ep, subnet));
        uint64_t amount = (uint64_t)(want < 0 ? -want : want);
        uint64_t room = FO_BALANCE_PER_ROUND - moved;
        if (subnet == ep->pool_rest)
            ep->pool_rest = 0;
        if (amount > room) {
            *out_more = true;
            amount = room;
            if (room != 0)
                ep->pool_rest = subnet;
        }
        if (amount == 0)
            continue;
        if (ep->r.role == FO_ROLE_SECONDARY)
            moved += want < 0 ? give(st, ep, subnet, FO_STATUS_BACKUP, FO_STATUS_FREE, amount) : 0;
        else if (want > 0)
            moved += give(st, ep, subnet, FO_STATUS_FREE, FO_STATUS_BACKUP, amount);
        else
            moved += recall(ep, subnet, amount);
    }
    return moved;
}

void fo_balance_run(struct fo_step *st, struct fo_endpoint *ep)
{
    bool more;
    uint64_t moved;
    ep->balance_at.ms = st->now.mono.ms + FO_BALANCE_PERIOD_MS;
    if (ep->r.role != FO_ROLE_PRIMARY)
        return;
    /* The partner has enough to read; and what was asked back counts once it has answered. */
    if (ep->sender.length > FO_BALANCE_PER_ROUND || (ep->pool_rest != 0 && !fo_sender_idle(ep))) {
        ep->balance_at.ms = st->now.mono.ms + 100;
        return;
    }
    fo_reservations_tell(ep);
    moved = move_all(st, ep, &more);
    if (moved == 0)
        return;
    if (more)
        ep->balance_at.ms = st->now.mono.ms + 100;
    fo_endpoint_notice(st, ep, FO_NOTICE_INFO, false, "pool=balanced moved=%" PRIu64, moved);
}

void fo_balance_requested(struct fo_step *st, struct fo_endpoint *ep, const struct fo_message *m)
{
    struct fo_message *reply = &st->server->out_message;
    uint64_t moved = 0;
    bool more = false;
    if (ep->r.role == FO_ROLE_SECONDARY && !ep->dialect->either_asks_for_pool)
        fo_endpoint_fault(st, ep, "POOLREQ from the primary");
    if (ep->state == FO_STATE_NORMAL)
        moved = move_all(st, ep, &more);
    fo_message_reset(reply, FO_MSG_POOLRESP, m->xid);
    reply->present = FO_OPT_BIT(FO_OPT_ADDRESSES_TRANSFERRED);
    reply->addresses_transferred = (uint32_t)moved;
    fo_link_send(st, ep->link, reply);
    fo_endpoint_notice(st, ep, FO_NOTICE_INFO, false, "pool=requested moved=%" PRIu64, moved);
}

void fo_balance_answered(struct fo_step *st, struct fo_endpoint *ep, const struct fo_message *m)
{
    (void)st;
    /* §7.7.2: more may be had; against a partner that gives all at once the next minute does. */
    if (m->addresses_transferred != 0 && !ep->dialect->either_asks_for_pool)
        ep->pool_request_due = true;
}

static bool some_scope_wants(const struct fo_endpoint *ep)
{
    unsigned share = secondary_share(ep);
    for (size_t i = 0; i < ep->r.scope_count; i++)
        if (fo_pool_wants(count_of(ep, ep->r.scopes[i]), share, threshold(ep, ep->r.scopes[i])))
            return true;
    return false;
}

void fo_balance_ask(struct fo_step *st, struct fo_endpoint *ep)
{
    bool periodic = st->now.mono.ms >= ep->pool_request_at.ms;
    bool first = ep->pool_request_due && fo_sender_idle(ep);
    if (periodic)
        ep->pool_request_at.ms = st->now.mono.ms + FO_BALANCE_PERIOD_MS;
    if (ep->r.role != FO_ROLE_SECONDARY || !(first || (periodic && some_scope_wants(ep))))
        return;
    ep->pool_request_due = false;
    fo_link_send_bare(st, ep->link, FO_MSG_POOLREQ, fo_link_xid(ep->link));
}
