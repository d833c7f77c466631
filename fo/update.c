/* Lazy update: BNDUPDs out within the partner's window (draft-12 §5.2, §6.3, §7.1, §8.4). */
#include <stdlib.h>

#include "fo/endpoint.h"
#include "proto/message_rules.h"
#include "state/lease_time.h"

#define GROUP_ROOM 400 /* more than any group we write takes (option 4 of 255 bytes and all) */

static uint32_t window(const struct fo_endpoint *ep)
{
    return ep->partner_max_unacked < FO_WINDOW_MAX ? ep->partner_max_unacked : FO_WINDOW_MAX;
}

static void put_client(const struct fo_binding *b, enum fo_binding_status status,
                       struct fo_group *g)
{
    if (fo_binding_client_rule(status) == FO_CLIENT_MUST_NOT)
        return;
    if (b->client.hw_length != 0) {
        g->present |= FO_OPT_BIT(FO_OPT_CLIENT_HARDWARE_ADDRESS);
        g->hardware_address = (struct fo_span){b->client.hw, b->client.hw_length};
    }
    if (b->client.id_length != 0) {
        g->present |= FO_OPT_BIT(FO_OPT_CLIENT_IDENTIFIER);
        g->client_identifier = (struct fo_span){b->client.id, b->client.id_length};
    }
}

/* Whether the partner still has what it told us. One that is not at work may have lost it, and so
 * may one that asks, also in NORMAL: an operator took it out of RECOVER. */
static bool knows_its_word(const struct fo_endpoint *ep)
{
    return !ep->partner_kind->last_word_wins && !ep->sender.answering &&
           (ep->rec.partner_state == FO_STATE_NORMAL ||
            ep->rec.partner_state == FO_STATE_COMMUNICATIONS_INTERRUPTED);
}

/* What the partner once promised counts as what it was told: we may renew by it (§7.1.5), and after
 * the loss of its store, or of its lease to a word of ours that crossed it, it knows of it by us
 * alone. Else its own word would only come back to it, and to us again, later each time by what two
 * measured differences of the clocks are wrong. */
static fo_utc_t reckoned_with(const struct fo_endpoint *ep, const struct fo_binding *b)
{
    if (knows_its_word(ep) && (b->flags & FO_BINDING_OURS) != 0)
        return b->sent_potential_expiration;
    return fo_utc_max(b->sent_potential_expiration, b->received_potential_expiration);
}

/* Table 7.1-1. |b| must outlive the encoding: the group borrows its client. */
static void put_times(const struct fo_endpoint *ep, const struct fo_binding *b,
                      enum fo_binding_status status, struct fo_group *g)
{
    const uint32_t both =
        FO_OPT_BIT(FO_OPT_LEASE_EXPIRATION_TIME) | FO_OPT_BIT(FO_OPT_POTENTIAL_EXPIRATION_TIME);
    g->present |= FO_OPT_BIT(FO_OPT_START_TIME_OF_STATE);
    g->start_time_of_state = b->start_of_state;
    if (b->client_last_transaction.s != 0 || ep->dialect->times_in_every_bndupd) {
        g->present |= FO_OPT_BIT(FO_OPT_CLIENT_LAST_TRANSACTION_TIME);
        g->client_last_transaction_time = b->client_last_transaction;
    }
    if (status == FO_STATUS_ACTIVE) {
        g->present |= both;
        g->lease_expiration_time = b->lease_expiration;
        g->potential_expiration_time = fo_utc_max(reckoned_with(ep, b), b->lease_expiration);
    } else if (ep->dialect->times_in_every_bndupd) {
        /* Such a partner keeps an old end in the future unless it is told the change's time; an
         * abandoned address it frees at its end. */
        g->present |= both;
        g->lease_expiration_time =
            status == FO_STATUS_ABANDONED ? fo_utc(FO_UTC_INFINITE) : b->start_of_state;
        g->potential_expiration_time = b->start_of_state;
    }
}

static bool waits_for_what_was_lost(enum fo_state s)
{
    return s == FO_STATE_RECOVER || s == FO_STATE_RECOVER_WAIT;
}

/* R: of an available address the primary says what it has reserved, the secondary what is agreed.
 * While either recovers nothing is agreed: it may have leased the address and forgotten, and the
 * other would give it before MCLT is over (§9.6.2). NORMAL makes up for it. */
static bool says_reserved(const struct fo_endpoint *ep, const struct fo_binding *b)
{
    const struct fo_scope *scope = fo_lease_db_scope_of(ep->server->leases, b->address);
    if (ep->r.role == FO_ROLE_PRIMARY && fo_binding_is_available(b->status))
        return !waits_for_what_was_lost(ep->state) &&
               !waits_for_what_was_lost(ep->rec.partner_state) && scope != NULL &&
               fo_scope_reservation(scope, b->address) != NULL;
    return (b->flags & FO_BINDING_RESERVED) != 0;
}

static void put_group(const struct fo_endpoint *ep, const struct fo_binding *b, struct fo_group *g)
{
    bool recall = (fo_server_marks(ep->server, b->address) & FO_MARK_RECALL) != 0;
    bool reserved = !recall && says_reserved(ep, b);
    enum fo_binding_status status = recall ? FO_STATUS_FREE : (enum fo_binding_status)b->status;
    uint16_t flags = (uint16_t)((reserved ? FO_IP_FLAG_RESERVED : 0) |
                                ((b->flags & FO_BINDING_BOOTP) != 0 ? FO_IP_FLAG_BOOTP : 0));
    if (reserved && status == FO_STATUS_FREE && ep->r.role == FO_ROLE_PRIMARY)
        status = FO_STATUS_BACKUP; /* §5.13: for the secondary to give too */
    *g = (struct fo_group){.address = b->address, .status = (uint8_t)status};
    g->present = FO_OPT_BIT(FO_OPT_ASSIGNED_IP_ADDRESS) | FO_OPT_BIT(FO_OPT_BINDING_STATUS);
    put_client(b, status, g);
    put_times(ep, b, status, g);
    if (flags != 0) {
        g->present |= FO_OPT_BIT(FO_OPT_IP_FLAGS);
        g->ip_flags = flags;
    }
}

static struct fo_flight *new_flight(struct fo_endpoint *ep)
{
    struct fo_flight *flight = ep->sender.flights;
    while (flight->count != 0)
        flight++; /* the window is never larger than the table */
    flight->counted = false;
    if (flight->items == NULL)
        flight->items = malloc(FO_BATCH_MAX * sizeof *flight->items);
    if (flight->items == NULL)
        ep->server->err = FO_ENOMEM;
    return flight->items != NULL ? flight : NULL;
}

/* The address is under way; from now on the partner may act on what we said (§5.2.2). */
static void depart(struct fo_endpoint *ep, struct fo_binding *b, const struct fo_group *g,
                   struct fo_flight_item *item)
{
    bool reserved = (g->ip_flags & FO_IP_FLAG_RESERVED) != 0;
    uint8_t flags = b->flags | FO_BINDING_SENT | (reserved ? FO_BINDING_RESERVED : 0);
    *item = (struct fo_flight_item){.address = b->address,
                                    .heard = b->client_last_transaction,
                                    .end = g->lease_expiration_time,
                                    .potential = g->potential_expiration_time,
                                    .client = fo_client_hash(&b->client),
                                    .status = g->status,
                                    .reserved = reserved};
    fo_server_mark(ep->server, b->address, FO_MARK_INFLIGHT,
                   FO_MARK_QUEUED | FO_MARK_CHANGED | FO_MARK_TAKEN);
    if (b->flags == flags)
        return;
    b->flags = flags;
    fo_endpoint_put(ep->server, b);
}

/* What Table 7.1-1 demands and we do not know, such as the hardware address of a lease made by
 * hand, must not hold up the others: the address is left out and shown as rejected. */
static bool can_be_told(struct fo_step *st, struct fo_endpoint *ep, const struct fo_group *g)
{
    struct fo_group_rule rule = fo_group_rule_get(g->status, ep->dialect);
    char text[FO_IPV4_TEXT];
    if ((rule.must & ~g->present) == 0 && (g->present & ~(rule.must | rule.may)) == 0)
        return true;
    fo_server_mark(ep->server, g->address, FO_MARK_REJECTED, FO_MARK_QUEUED);
    fo_rejection_remember(ep->server, g->address,
                          &(struct fo_rejection){.by = FO_REJECTED_UNSENT,
                                                 .status = g->status,
                                                 .reason = FO_REJECT_MISSING_BINDING_INFORMATION,
                                                 .when = st->now.utc});
    fo_endpoint_fault(st, ep, "%s %s cannot be told: it lacks what a BNDUPD must carry",
                      fo_ipv4_text(g->address, text), fo_binding_status_name(g->status));
    return false;
}

/* §5.10 has the receiver correct. One that does not would end leases by the wrong clock, and take
 * no client for an address whose last lease ended in its future. */
static void write_in_its_clock(const struct fo_endpoint *ep, struct fo_message *m)
{
    for (size_t i = 0; i < m->group_count; i++) {
        fo_utc_t *times[] = {
            &m->groups[i].lease_expiration_time, &m->groups[i].potential_expiration_time,
            &m->groups[i].client_last_transaction_time, &m->groups[i].start_time_of_state};
        for (size_t k = 0; k < sizeof times / sizeof times[0]; k++)
            *times[k] = fo_lease_time_correct(*times[k], -ep->clock_delta_s);
        if (m->groups[i].status == FO_STATUS_ACTIVE) /* infinity stays where it is */
            *times[1] = fo_utc_max(*times[0], *times[1]);
    }
}

/* One BNDUPD with as many transactions as wait and fit; false: nothing waits. */
static bool send_one(struct fo_step *st, struct fo_endpoint *ep)
{
    static const size_t overhead = FO_HEADER_LENGTH + 4 + 1 + FO_DIGEST_LENGTH;
    struct fo_message *m = &st->server->out_message;
    struct fo_binding bindings[FO_BATCH_MAX];
    unsigned most = ep->dialect->may_batch ? FO_BATCH_MAX : 1;
    size_t size = overhead;
    struct fo_flight *flight = new_flight(ep);
    if (flight == NULL)
        return false;
    fo_message_reset(m, FO_MSG_BNDUPD, 0);
    while (m->group_count < most && size + GROUP_ROOM <= FO_MESSAGE_MAX) {
        struct fo_binding *b = &bindings[m->group_count];
        struct fo_group *g = &m->groups[m->group_count];
        if (!fo_sender_next(ep, b))
            break;
        put_group(ep, b, g);
        if (!can_be_told(st, ep, g))
            continue;
        size += fo_group_size(g, ep->dialect);
        depart(ep, b, g, &flight->items[m->group_count]);
        /* A put may move the client's bytes: borrow them anew. */
        if (fo_lease_db_get(ep->server->leases, b->address, b) == FO_OK)
            put_group(ep, b, g);
        m->group_count++;
        flight->count = m->group_count; /* at once: a scan that ends here counts it (§7.5) */
    }
    if (m->group_count == 0)
        return false;
    flight->xid = m->xid = fo_link_xid(ep->link);
    flight->sent = st->now.mono;
    ep->sender.in_flight++;
    ep->seen.bndupd_sent += m->group_count;
    if (ep->partner_kind->times_in_its_clock)
        write_in_its_clock(ep, m);
    fo_link_send(st, ep->link, m);
    return true;
}

void fo_update_pump(struct fo_step *st, struct fo_endpoint *ep)
{
    if (!ep->comms_ok || ep->link == NULL || ep->state == FO_STATE_STARTUP || ep->hears_first)
        return;
    while (ep->sender.in_flight < window(ep) && send_one(st, ep))
        ;
    if (ep->sender.in_flight >= window(ep))
        ep->sender.scan_paused = false; /* an acknowledgement sets it going again, not the clock */
    fo_resync_check(st, ep);
}

int64_t fo_update_stalls_at(const struct fo_endpoint *ep)
{
    int64_t at = INT64_MAX;
    uint32_t left = ep->sender.in_flight;
    for (const struct fo_flight *f = ep->sender.flights; left != 0; f++) {
        if (f->count == 0)
            continue;
        left--;
        if (f->sent.ms + FO_ACK_STALL_MS < at)
            at = f->sent.ms + FO_ACK_STALL_MS;
    }
    return at;
}
