/* What the partner answers to an update: BNDACKs, with a verdict for each address (draft-12 §7.2). */
#include <inttypes.h>

#include "fo/endpoint.h"

/* Whether the partner cannot have used what it refused: it does not know the address as its own. */
static bool never_taken(uint8_t reason)
{
    return reason == FO_REJECT_ADDRESS_NOT_IN_POOL ||
           reason == FO_REJECT_MISSING_BINDING_INFORMATION;
}

/* Whether a secondary holds on to a reservation that the primary has forgotten with its storage.
 * The primary has the address as FREE and will not take it reserved: we give it back. Draft gap:
 * §5.13 only has the primary end what was agreed. */
static bool agreement_is_lost(const struct fo_endpoint *ep, const struct fo_binding *b,
                              const struct fo_flight_item *item, const struct fo_group *verdict)
{
    return ep->r.role == FO_ROLE_SECONDARY && verdict->reject_reason == FO_REJECT_NOT_RESERVED &&
           item->reserved && b->status == FO_STATUS_BACKUP && (b->flags & FO_BINDING_RESERVED) != 0;
}

void fo_update_retry(const struct fo_step *st, struct fo_endpoint *ep)
{
    /* Not at the same time on both servers: what crossed once would cross for ever. */
    int64_t ms = ep->r.role == FO_ROLE_PRIMARY ? FO_RETRY_MS : FO_RETRY_MS * 4 / 3;
    if (ep->retry_at.ms == 0)
        ep->retry_at.ms = st->now.mono.ms + ms;
}

/* Whether a lease is refused by a partner whose word of its end we refused: see fo/apply.c. */
static bool refused_each_other(const struct fo_endpoint *ep, const struct fo_binding *b,
                               const struct fo_flight_item *item, const struct fo_group *verdict)
{
    struct fo_rejection ours = fo_rejection_of(ep->server, b->address);
    return item->status == FO_STATUS_ACTIVE && b->status == FO_STATUS_ACTIVE &&
           verdict->reject_reason == FO_REJECT_OUTDATED_BINDING_INFORMATION &&
           ours.by == FO_REJECTED_BY_US && ours.reason == verdict->reject_reason &&
           fo_binding_is_over(ours.status);
}

/* Whether the partner refused a renewal for the sake of a later one of its own, which crossed it, and
 * still lacks something of ours. */
static bool outdone_in_part(const struct fo_binding *b, const struct fo_flight_item *item)
{
    return item->status == FO_STATUS_ACTIVE && b->status == FO_STATUS_ACTIVE &&
           fo_client_hash(&b->client) == item->client &&
           b->client_last_transaction.s > item->heard.s;
}

static void rejected_one(struct fo_step *st, struct fo_endpoint *ep, struct fo_binding *b,
                         const struct fo_flight_item *item, const struct fo_group *verdict,
                         uint8_t marks)
{
    struct fo_rejection r = {.by = FO_REJECTED_BY_PARTNER,
                             .status = item->status,
                             .reason = verdict->reject_reason,
                             .when = st->now.utc};
    bool again = refused_each_other(ep, b, item, verdict) || outdone_in_part(b, item);
    if ((verdict->present & FO_OPT_BIT(FO_OPT_MESSAGE)) != 0)
        (void)fo_partner_text(&verdict->message, r.said, sizeof r.said);
    fo_rejection_note(st, ep, b->address, &r);
    if ((marks & FO_MARK_TAKEN) != 0) { /* it stands by its own word */
        b->acked_epoch = ep->rec.update_epoch;
        fo_endpoint_put(ep->server, b);
    }
    if (fo_endpoint_up_to_date(ep, b)) { /* its own word crossed ours, and we took it: no dispute */
        fo_rejection_forget(ep->server, b->address);
        return;
    }
    if (agreement_is_lost(ep, b, item, verdict)) {
        fo_sender_queue(ep, b->address);
        fo_server_mark(ep->server, b->address, FO_MARK_RECALL, 0);
        return;
    }
    if (again) {
        fo_sender_queue(ep, b->address);
        return;
    }
    fo_update_retry(st, ep);
    fo_server_mark(ep->server, b->address, FO_MARK_REJECTED, FO_MARK_RECALL);
    /* Draft gap: a refused hand-over is taken back by the mover. Not when the partner knows better:
     * it may have taken an earlier copy of the same hand-over and leased the address since. */
    if (item->status == FO_STATUS_BACKUP && b->status == FO_STATUS_BACKUP &&
        ep->r.role == FO_ROLE_PRIMARY && never_taken(verdict->reject_reason)) {
        b->status = FO_STATUS_FREE;
        b->start_of_state = st->now.utc;
        fo_endpoint_put(ep->server, b);
    }
}

/* §5.13: the partner has it as BACKUP with R, or knows that it is reserved no more. */
static void agreed_reservation(struct fo_binding *b, const struct fo_flight_item *item)
{
    b->flags &= (uint8_t)~FO_BINDING_RESERVED;
    if (!item->reserved)
        return;
    b->flags |= FO_BINDING_RESERVED;
    b->status = item->status;
}

static void accepted_one(struct fo_step *st, struct fo_endpoint *ep, struct fo_binding *b,
                         const struct fo_flight_item *item, uint8_t marks)
{
    bool same = b->status == item->status && fo_client_hash(&b->client) == item->client;
    if (item->status == FO_STATUS_ACTIVE && same)
        b->acked_potential_expiration = item->potential; /* §7.2.2 */
    if ((marks & FO_MARK_CHANGED) != 0) {
        fo_endpoint_put(ep->server, b);
        return;
    }
    fo_server_mark(ep->server, b->address, 0, FO_MARK_RECALL | FO_MARK_REJECTED);
    fo_rejection_forget(ep->server, b->address);
    if ((marks & FO_MARK_RECALL) != 0 || (fo_binding_is_ended(item->status) && same)) {
        fo_lease_free(ep->server, b, st->now.utc, ep->rec.update_epoch); /* §5.11 */
    } else {
        if (fo_binding_is_available(b->status) && fo_binding_is_available(item->status))
            agreed_reservation(b, item);
        b->acked_epoch = ep->rec.update_epoch;
        fo_endpoint_put(ep->server, b);
    }
    fo_tokens_acked(st, b->address);
}

static const struct fo_flight_item *in_flight(const struct fo_endpoint *ep, fo_ipv4_t address)
{
    for (size_t i = 0; i < FO_WINDOW_MAX; i++)
        for (size_t n = 0; n < ep->sender.flights[i].count; n++)
            if (ep->sender.flights[i].items[n].address == address)
                return &ep->sender.flights[i].items[n];
    return NULL;
}

bool fo_update_crosses(const struct fo_endpoint *ep, const struct fo_binding *taken)
{
    const struct fo_flight_item *item = in_flight(ep, taken->address);
    unsigned theirs;
    if (item == NULL)
        return false;
    theirs = fo_binding_is_ended(item->status) ? FO_STATUS_FREE : item->status;
    return taken->status != theirs || fo_client_hash(&taken->client) != item->client;
}

/* Whether the partner gave up a later end of the lease, told to its client and to us meanwhile, for
 * the one that we told it. */
static bool gave_up_a_later_end(const struct fo_endpoint *ep, const struct fo_binding *b,
                                const struct fo_flight_item *item)
{
    return ep->partner_kind->last_word_wins && item->status == FO_STATUS_ACTIVE &&
           b->status == FO_STATUS_ACTIVE && fo_client_hash(&b->client) == item->client &&
           b->lease_expiration.s > item->end.s;
}

static void answer(struct fo_step *st, struct fo_endpoint *ep, const struct fo_flight_item *item,
                   const struct fo_group *verdict)
{
    struct fo_binding b;
    uint8_t marks = fo_server_marks(ep->server, item->address);
    if (fo_lease_db_owner(ep->server->leases, item->address) != ep->number)
        return; /* its scope has left the relationship meanwhile */
    fo_server_mark(ep->server, item->address, 0,
                   FO_MARK_INFLIGHT | FO_MARK_CHANGED | FO_MARK_TAKEN);
    if (fo_lease_db_get(ep->server->leases, item->address, &b) != FO_OK || verdict == NULL)
        return;
    ep->seen.bndack_received++;
    if ((verdict->present & FO_OPT_BIT(FO_OPT_REJECT_REASON)) != 0)
        rejected_one(st, ep, &b, item, verdict, marks);
    else {
        if ((marks & FO_MARK_TAKEN) != 0) {
            if (item->status == FO_STATUS_ABANDONED)
                b.status = FO_STATUS_ABANDONED;          /* the partner would take no other word */
            b.received_potential_expiration = fo_utc(0); /* what it promised, it has forgotten */
        } else if (gave_up_a_later_end(ep, &b, item)) {
            b.acked_epoch = 0;
            marks |= FO_MARK_CHANGED;
        }
        accepted_one(st, ep, &b, item, marks);
    }
    if ((marks & FO_MARK_CHANGED) != 0 &&
        fo_lease_db_get(ep->server->leases, item->address, &b) == FO_OK &&
        !fo_endpoint_up_to_date(ep, &b))
        fo_sender_queue(ep, item->address); /* it changed meanwhile: tell the newest form */
}

/* Verdicts usually come in the order of the addresses: look there first. */
static const struct fo_group *verdict_on(const struct fo_message *m, fo_ipv4_t address, size_t hint)
{
    if (hint < m->group_count && m->groups[hint].address == address)
        return &m->groups[hint];
    for (size_t i = 0; i < m->group_count; i++)
        if (m->groups[i].address == address)
            return &m->groups[i];
    return NULL;
}

void fo_update_acked(struct fo_step *st, struct fo_endpoint *ep, const struct fo_message *m)
{
    struct fo_sender *sender = &ep->sender;
    struct fo_flight *flight = sender->flights;
    struct fo_flight *end = flight + FO_WINDOW_MAX;
    unsigned lacking = 0;
    while (flight < end && (flight->count == 0 || flight->xid != m->xid))
        flight++;
    if (flight == end)
        return; /* of a lost link, or acknowledged already (§8.6) */
    for (size_t i = 0; i < flight->count; i++) {
        const struct fo_group *verdict = verdict_on(m, flight->items[i].address, i);
        lacking += verdict == NULL;
        answer(st, ep, &flight->items[i], verdict);
    }
    if (lacking != 0)
        fo_endpoint_fault(st, ep, "BNDACK xid=%" PRIu32 " lacks %u addresses of its BNDUPD", m->xid,
                          lacking);
    flight->count = 0;
    sender->in_flight--;
    if (flight->counted)
        sender->counted--;
    flight->counted = false;
    fo_resync_check(st, ep);
}
