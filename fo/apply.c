/* The partner's BNDUPD: a verdict for each address, the accepted ones stored, one BNDACK that
 * leaves after the commit (draft-12 §6.3, §7.1.2–§7.1.5, §7.2). */
#include <string.h>

#include "fo/endpoint.h"
#include "state/lease_time.h"

#define EXPIRY_TRUST_S 60
#define CLOCKS_S       5 /* what is left of the clocks' difference after correction */
#define TEXTS_MAX      8 /* rejections explained in one BNDACK; more would not fit 2048 bytes */

static struct fo_client client_of(const struct fo_group *g)
{
    struct fo_client c = {0};
    size_t hw = g->hardware_address.length;
    if (hw != 0 && hw <= FO_HW_MAX) {
        memcpy(c.hw, g->hardware_address.data, hw);
        c.hw_length = (uint8_t)hw;
    }
    if (g->client_identifier.length != 0 && g->client_identifier.length <= FO_CLIENT_ID_MAX) {
        c.id = g->client_identifier.data;
        c.id_length = (uint8_t)g->client_identifier.length;
    }
    return c;
}

/* The client's last word was the release, be it within the second of the lease. An end to come is
 * none of a release: dhcpd took a renewal of ours meanwhile, and still says what it meant to. */
static void date_release(struct fo_update *u, fo_utc_t now)
{
    fo_utc_t said = u->said.lease_expiration;
    fo_utc_t after_lease = fo_utc_add(u->said.client_last_transaction, 1);
    bool is_past = said.s <= fo_utc_add(now, CLOCKS_S).s;
    u->said.client_last_transaction = is_past ? fo_utc_max(after_lease, said) : after_lease;
    u->has_client_last_transaction = true;
}

/* What the group says, times in our clock (§5.10). */
static struct fo_update update_of(const struct fo_endpoint *ep, const struct fo_group *g,
                                  fo_utc_t now)
{
    const struct fo_lease_db *leases = ep->server->leases;
    const struct fo_scope *scope = fo_lease_db_scope_of(leases, g->address);
    int32_t delta = ep->clock_delta_s;
    struct fo_update u = {0};
    u.said.address = g->address;
    u.said.status = g->status;
    u.said.client = client_of(g);
    u.said.lease_expiration = fo_lease_time_correct(g->lease_expiration_time, delta);
    u.said.sent_potential_expiration = fo_lease_time_correct(g->potential_expiration_time, delta);
    u.said.client_last_transaction = fo_lease_time_correct(g->client_last_transaction_time, delta);
    u.said.start_of_state = fo_lease_time_correct(g->start_time_of_state, delta);
    if ((g->ip_flags & FO_IP_FLAG_RESERVED) != 0)
        u.said.flags |= FO_BINDING_RESERVED;
    if ((g->ip_flags & FO_IP_FLAG_BOOTP) != 0)
        u.said.flags |= FO_BINDING_BOOTP;
    u.has_client_last_transaction =
        (g->present & FO_OPT_BIT(FO_OPT_CLIENT_LAST_TRANSACTION_TIME)) != 0 &&
        u.said.client_last_transaction.s != 0;
    if (ep->dialect->release_ends_lease && g->status == FO_STATUS_RELEASED)
        date_release(&u, now);
    u.dates_leases = !ep->partner_kind->renewal_starts_state;
    u.in_our_pool = scope != NULL && fo_lease_db_owner(leases, g->address) == ep->number;
    u.reserved_here = scope != NULL && fo_scope_reservation(scope, g->address) != NULL;
    u.missing = fo_group_missing(g) | g->duplicated;
    if (g->hardware_address.length > FO_HW_MAX || g->client_identifier.length > FO_CLIENT_ID_MAX)
        u.missing |= FO_OPT_BIT(FO_OPT_CLIENT_HARDWARE_ADDRESS);
    return u;
}

/* Whether the partner's word about a lease leaves nothing of ours to be told. */
static bool outdone(const struct fo_binding *own, const struct fo_binding *said)
{
    return said->client_last_transaction.s >= own->client_last_transaction.s &&
           said->lease_expiration.s >= own->lease_expiration.s &&
           said->sent_potential_expiration.s >= own->sent_potential_expiration.s;
}

/* Whether our own news about the address survive: a renewal we granted while the partner renewed
 * the same lease still has to be told. */
static bool still_ours_to_tell(const struct fo_endpoint *ep, const struct fo_binding *own,
                               const struct fo_binding *said, const struct fo_binding *merged)
{
    return !fo_endpoint_up_to_date(ep, own) && (own->flags & FO_BINDING_OURS) != 0 &&
           own->status == FO_STATUS_ACTIVE && merged->status == FO_STATUS_ACTIVE &&
           fo_client_equal(&own->client, &merged->client) && !outdone(own, said);
}

static void store(struct fo_step *st, struct fo_endpoint *ep, const struct fo_binding *own,
                  const struct fo_update *u)
{
    struct fo_binding merged;
    bool in_flight = (fo_server_marks(ep->server, u->said.address) & FO_MARK_INFLIGHT) != 0;
    bool still_ours, crosses;
    fo_accept_merge(own, u, st->now.utc, &merged);
    merged.last_partner_update = st->now.utc;
    still_ours = still_ours_to_tell(ep, own, &u->said, &merged);
    crosses =
        in_flight && !still_ours && ep->r.role == FO_ROLE_PRIMARY && fo_update_crosses(ep, &merged);
    if (still_ours) {
        merged.acked_epoch = own->acked_epoch;
        merged.flags |= own->flags & (FO_BINDING_OURS | FO_BINDING_SENT | FO_BINDING_EXTEND);
    } else {
        /* B-04: nothing learned is sent back. But where each may have taken the other's word, one
         * of the two has to say how it is, also if the answer is lost with the link or with us. */
        merged.acked_epoch = crosses ? 0 : ep->rec.update_epoch;
        merged.flags &= (uint8_t) ~(FO_BINDING_OURS | FO_BINDING_LATE | FO_BINDING_EXTEND);
        merged.flags |= FO_BINDING_SENT;
        fo_tokens_forget(ep->server, merged.address);
        fo_server_mark(ep->server, merged.address, 0,
                       FO_MARK_QUEUED | FO_MARK_REJECTED | FO_MARK_RECALL);
    }
    /* What crossed our own word about the same lease is no news to its sender, which makes the same
     * of the two: told again it would cross again, for ever (B-04). */
    if (in_flight && !still_ours)
        fo_server_mark(ep->server, merged.address, FO_MARK_CHANGED | (crosses ? FO_MARK_TAKEN : 0),
                       crosses ? 0 : FO_MARK_TAKEN);
    fo_rejection_forget(ep->server, merged.address);
    fo_endpoint_put(ep->server, &merged);
    fo_server_due(ep->server, merged.address,
                  merged.status == FO_STATUS_ACTIVE ? fo_lease_look_at(&merged, st->now.utc)
                                                    : fo_utc(0));
    fo_outbox_applied(st->out, &merged);
}

/* A partner that alone reports expiries does so by its own clock; about a lease of which it knows
 * all that we know it is believed, even if a little early for us (time2 of the figure). Not if the
 * end is still to come by its own clock, or is another client's: then it is about the lease before,
 * whose end dhcpd had not told when it learned ours. */
static fo_utc_t judged_at(const struct fo_step *st, const struct fo_endpoint *ep,
                          const struct fo_binding *own, const struct fo_update *u,
                          const struct fo_group *g, fo_utc_t sent)
{
    bool trusted = ep->r.role == FO_ROLE_SECONDARY && !ep->dialect->secondary_expires;
    if (!trusted || g->status != FO_STATUS_EXPIRED || !fo_endpoint_up_to_date(ep, own) ||
        !fo_client_equal(&own->client, &u->said.client) || g->lease_expiration_time.s > sent.s)
        return st->now.utc;
    return fo_utc_add(st->now.utc, EXPIRY_TRUST_S);
}

/* Whether the partner calls an address ours that is on its way to it: its word crossed ours. It
 * will take what we said; believing it too would make the address both servers'. A secondary only
 * hands over where either may. */
static bool crossed_a_hand_over(const struct fo_endpoint *ep, const struct fo_binding *own,
                                const struct fo_update *u)
{
    unsigned ours = fo_binding_available_status(ep->r.role);
    bool may_have = ep->r.role == FO_ROLE_PRIMARY || ep->dialect->either_asks_for_pool;
    bool ends = fo_binding_may_move(u->said.status, FO_STATUS_FREE, FO_MOVE_ACKED);
    unsigned becomes = ends ? FO_STATUS_FREE : u->said.status;
    return may_have && fo_binding_is_available(own->status) && own->status != ours &&
           becomes == ours && (fo_server_marks(ep->server, own->address) & FO_MARK_INFLIGHT) != 0;
}

/* Whether the partner speaks of the end of a lease of which a later transaction is on its way to
 * it. It will take ours for the later word; believing it too would free here what is leased there.
 */
static bool crossed_a_lease(const struct fo_endpoint *ep, const struct fo_binding *own,
                            const struct fo_update *u)
{
    bool leased = own->status == FO_STATUS_ACTIVE || fo_binding_is_over(own->status);
    bool ends = fo_binding_is_over(u->said.status) || fo_binding_is_available(u->said.status);
    fo_utc_t heard =
        u->has_client_last_transaction ? u->said.client_last_transaction : fo_utc(FO_UTC_NONE);
    return leased && ends && own->client_last_transaction.s > fo_utc_add(heard, FO_CLOCKS_S).s &&
           (fo_server_marks(ep->server, own->address) & FO_MARK_INFLIGHT) != 0;
}

/* Whether the partner has less than we do, and not merely something that makes no sense to us. */
static bool outdated(enum fo_reject verdict)
{
    return verdict == FO_REJECT_FATAL_CONFLICT ||
           verdict == FO_REJECT_OUTDATED_BINDING_INFORMATION ||
           verdict == FO_REJECT_LESS_CRITICAL_BINDING_INFORMATION;
}

/* §7.2.1: it may be told better, considerably later. It may have known once (the lease was its own)
 * and forgotten; the mark that it is up to date is wrong now. */
static void tell_better_later(struct fo_step *st, struct fo_endpoint *ep, struct fo_binding *own)
{
    fo_update_retry(st, ep);
    if (own->acked_epoch == 0)
        return;
    own->acked_epoch = 0;
    fo_endpoint_put(ep->server, own);
}

/* Draft gap: each of the two may refuse what the other says of one client's lease (time1 of the
 * figure), for the client spoke to both within one second, or within what the clocks' difference is
 * measured wrong. Whoever has the lease then says so once more, and the other, which has given the
 * address to nobody, yields: nobody is harmed by a lease that is kept too long. */
static bool refused_each_other(const struct fo_endpoint *ep, const struct fo_binding *own,
                               const struct fo_update *u)
{
    struct fo_rejection last = fo_rejection_of(ep->server, own->address);
    return (fo_server_marks(ep->server, own->address) & FO_MARK_REJECTED) != 0 &&
           last.by == FO_REJECTED_BY_PARTNER &&
           last.reason == FO_REJECT_OUTDATED_BINDING_INFORMATION &&
           fo_client_equal(&own->client, &u->said.client);
}

/* What comes of an update that is outdated by the figure. */
static enum fo_reject settle(struct fo_endpoint *ep, const struct fo_binding *own,
                             const struct fo_update *u)
{
    bool disputed = refused_each_other(ep, own, u);
    unsigned said = u->said.status;
    if (disputed && fo_binding_is_over(own->status) &&
        (said == FO_STATUS_ACTIVE || fo_binding_is_over(said)))
        return FO_REJECT_NONE;
    if (disputed && own->status == FO_STATUS_ACTIVE && fo_binding_is_over(said))
        fo_sender_queue(ep, own->address);
    return FO_REJECT_OUTDATED_BINDING_INFORMATION;
}

static enum fo_reject judge(struct fo_step *st, struct fo_endpoint *ep, const struct fo_group *g,
                            fo_utc_t sent)
{
    struct fo_update u = update_of(ep, g, st->now.utc);
    struct fo_binding own = {.address = g->address, .status = FO_STATUS_FREE};
    enum fo_reject verdict;
    if (u.in_our_pool && fo_lease_db_get(ep->server->leases, g->address, &own) != FO_OK)
        u.in_our_pool = false;
    verdict = fo_accept_update(&own, &u, ep->r.role, judged_at(st, ep, &own, &u, g, sent));
    if (verdict == FO_REJECT_NONE &&
        (crossed_a_hand_over(ep, &own, &u) || crossed_a_lease(ep, &own, &u)))
        verdict = FO_REJECT_OUTDATED_BINDING_INFORMATION;
    if (verdict == FO_REJECT_OUTDATED_BINDING_INFORMATION)
        verdict = settle(ep, &own, &u);
    if (verdict == FO_REJECT_NONE)
        store(st, ep, &own, &u);
    else if (outdated(verdict))
        tell_better_later(st, ep, &own);
    return verdict;
}

void fo_apply_update(struct fo_step *st, struct fo_endpoint *ep, const struct fo_message *m)
{
    struct fo_message *ack = &st->server->out_message;
    unsigned texts = 0;
    fo_message_reset(ack, FO_MSG_BNDACK, m->xid);
    ep->last_update = st->now.mono;
    for (size_t i = 0; i < m->group_count; i++) {
        const struct fo_group *g = &m->groups[i];
        struct fo_group *v = &ack->groups[ack->group_count++];
        enum fo_reject verdict = judge(st, ep, g, m->time);
        *v = (struct fo_group){.address = g->address,
                               .present = FO_OPT_BIT(FO_OPT_ASSIGNED_IP_ADDRESS)};
        ep->seen.bndupd_received++;
        ep->request_received++;
        if (verdict == FO_REJECT_NONE)
            continue;
        fo_rejection_note(st, ep, g->address,
                          &(struct fo_rejection){.by = FO_REJECTED_BY_US,
                                                 .status = g->status,
                                                 .reason = (uint8_t)verdict,
                                                 .when = st->now.utc});
        v->present |= FO_OPT_BIT(FO_OPT_REJECT_REASON);
        v->reject_reason = (uint8_t)verdict;
        if (texts++ < TEXTS_MAX) {
            const char *why = fo_reject_sentence(verdict);
            v->present |= FO_OPT_BIT(FO_OPT_MESSAGE);
            v->message = (struct fo_span){(const uint8_t *)why, (uint16_t)strlen(why)};
        }
    }
    if (ack->group_count == 0)
        return; /* no transaction in it, nothing to answer */
    ep->seen.bndack_sent += ack->group_count;
    fo_link_send(st, ep->link, ack);
}
