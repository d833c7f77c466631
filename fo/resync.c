/* UPDREQ, UPDREQALL, UPDDONE (draft-12 §7.3–§7.5, §5.16, §5.17). */
#include <inttypes.h>

#include "fo/endpoint.h"

void fo_resync_request(struct fo_step *st, struct fo_endpoint *ep)
{
    /* An ISC partner that is asked in RECOVER expects to be asked for everything. */
    bool all = ep->rec.lost_storage || ep->rec.virgin || ep->resync_wanted ||
               ep->rec.scopes_unheard ||
               (ep->state == FO_STATE_RECOVER && ep->dialect->recover_is_partner_down);
    if (ep->request_open)
        return;
    ep->request_open = true;
    ep->request_xid = fo_link_xid(ep->link);
    ep->request_received = 0;
    ep->last_update = st->now.mono;
    ep->resync_wanted = false;
    fo_endpoint_notice(st, ep, FO_NOTICE_INFO, true, "resync=requested kind=%s",
                       all ? "everything" : "what-is-missing");
    fo_link_send_bare(st, ep->link, all ? FO_MSG_UPDREQALL : FO_MSG_UPDREQ, ep->request_xid);
}

void fo_resync_hear_first(struct fo_step *st, struct fo_endpoint *ep)
{
    fo_resync_request(st, ep);
    ep->hears_first = true;
    ep->balance_at.ms = st->now.mono.ms + FO_HEAR_FIRST_MS; /* nor by what is known so far */
}

static void heard(struct fo_step *st, struct fo_endpoint *ep)
{
    ep->request_open = false;
    if (ep->hears_first)
        ep->balance_at = st->now.mono;
    ep->hears_first = false;
}

void fo_resync_give_up(struct fo_step *st, struct fo_endpoint *ep)
{
    fo_endpoint_notice(st, ep, FO_NOTICE_WARNING, true,
                       "resync=unanswered cause=\"the partner did not tell what it did alone\"");
    heard(st, ep);
}

static bool may_be_held(const struct fo_binding *b)
{
    return b->status == FO_STATUS_ACTIVE || fo_binding_is_over(b->status);
}

/* The end of a lease was told: the partner may have taken it, though we do not know, and given the
 * address to another, whose lease it then lost as well. That one is over when RECOVER-WAIT is
 * (§9.6.2). */
static void withhold(struct fo_binding *b, fo_utc_t now)
{
    if ((b->flags & FO_BINDING_SENT) != 0)
        b->flags |= FO_BINDING_WITHHELD;
    b->start_of_state = now;
}

/* The partner lost its storage. It may have renewed any lease it knew, or given it back to its
 * client, until MCLT after the latest time that either of us told the other or after its end, and
 * nobody remembers: until then nobody else gets the address, and that the partner acknowledges an
 * end it knows nothing of proves nothing. Draft gap: RECOVER-WAIT (§9.6.2) waits for new leases
 * only, §9.4.2 helps in PARTNER-DOWN only. */
static void keep_what_it_renewed(struct fo_endpoint *ep, fo_utc_t now)
{
    struct fo_server *s = ep->server;
    struct fo_binding b;
    for (size_t i = 0; i < ep->r.scope_count; i++)
        for (fo_ipv4_t next = 0;
             fo_lease_db_next_in(s->leases, ep->r.scopes[i], next, false, &b);) {
            fo_utc_t told =
                fo_utc_max(b.sent_potential_expiration, b.received_potential_expiration);
            fo_utc_t until =
                fo_utc_add(fo_utc_max(told, ep->rec.partner_since), ep->rec.mclt_longest_s);
            bool known = may_be_held(&b) && told.s != 0 && until.s > now.s;
            if (known && (b.status != FO_STATUS_ACTIVE || b.lease_expiration.s < until.s)) {
                if (b.status != FO_STATUS_ACTIVE)
                    withhold(&b, now);
                b.status = FO_STATUS_ACTIVE;
                b.lease_expiration = until;
                b.sent_potential_expiration = fo_utc_max(b.sent_potential_expiration, until);
                b.acked_epoch = 0;
                fo_endpoint_put(s, &b);
                fo_sender_queue(ep, b.address); /* what is under way is no longer how it is */
                fo_server_due(s, b.address, fo_lease_look_at(&b, now));
            }
            next = b.address + 1;
            if (next == 0)
                break;
        }
}

/* An ISC partner asks for everything in every RECOVER: then it means nothing. */
static bool partner_lost_storage(const struct fo_endpoint *ep)
{
    return ep->rec.partner_state == FO_STATE_RECOVER && !ep->dialect->recover_is_partner_down &&
           ep->partner_lost_since.s != ep->rec.partner_since.s;
}

/* What is under way may leave out what the partner itself had promised: it goes out once more. */
static void tell_promises(struct fo_endpoint *ep)
{
    for (size_t i = 0; i < FO_WINDOW_MAX; i++)
        for (size_t n = 0; n < ep->sender.flights[i].count; n++) {
            const struct fo_flight_item *item = &ep->sender.flights[i].items[n];
            struct fo_binding b;
            fo_server_mark(ep->server, item->address, 0, FO_MARK_TAKEN); /* it forgot its word */
            if (item->status == FO_STATUS_ACTIVE &&
                fo_lease_db_get(ep->server->leases, item->address, &b) == FO_OK &&
                b.received_potential_expiration.s > item->potential.s)
                fo_server_mark(ep->server, item->address, FO_MARK_CHANGED, 0);
        }
}

void fo_resync_requested(struct fo_step *st, struct fo_endpoint *ep, const struct fo_message *m)
{
    if (m->type == FO_MSG_UPDREQALL) {
        tell_promises(ep);
        /* One number forgets every mark at once and survives a lost connection (§5.17). */
        ep->rec.update_epoch = ep->rec.update_epoch == UINT32_MAX ? 1 : ep->rec.update_epoch + 1;
        ep->rec_dirty = true;
        if (partner_lost_storage(ep)) {
            ep->partner_lost_since = ep->rec.partner_since; /* once, however often it asks */
            keep_what_it_renewed(ep, st->now.utc);
        }
    }
    fo_endpoint_notice(st, ep, FO_NOTICE_INFO, true, "resync=sending kind=%s",
                       m->type == FO_MSG_UPDREQALL ? "everything" : "what-is-missing");
    /* A newer request replaces an older one: only the newest is answered (§7.3). */
    ep->sender.answering = true;
    ep->sender.request_xid = m->xid;
    fo_sender_scan_counted(ep);
}

/* What was under way when the partner asked, and had changed since, it has in its older form. Once
 * that is answered the newest goes out, and counts: one more walk, for what changes later does not
 * (§7.3.2, §7.5). */
static bool repeats(struct fo_endpoint *ep)
{
    struct fo_sender *sender = &ep->sender;
    uint64_t sent = sender->scan_sent;
    if (!sender->answering || !sender->missed || sender->repeated)
        return false;
    fo_sender_scan_counted(ep);
    sender->repeated = true;
    sender->scan_paused = true; /* at once, also where nothing else happens */
    sender->scan_sent = sent;
    return true;
}

void fo_resync_check(struct fo_step *st, struct fo_endpoint *ep)
{
    struct fo_sender *sender = &ep->sender;
    if (sender->scanning || sender->counted != 0 || ep->link == NULL)
        return;
    if (sender->counting && repeats(ep))
        return;
    sender->counting = false;
    if (sender->answering) {
        sender->answering = false;
        fo_endpoint_notice(st, ep, FO_NOTICE_INFO, true, "resync=sent addresses=%" PRIu64,
                           sender->scan_sent);
        fo_link_send_bare(st, ep->link, FO_MSG_UPDDONE, sender->request_xid);
    }
    /* What was leased here meanwhile is on its way before the word that lets the partner give its
     * own addresses. */
    if (ep->telling && sender->length == 0 && !sender->scan_again)
        fo_endpoint_told(st, ep);
}

void fo_resync_done(struct fo_step *st, struct fo_endpoint *ep, const struct fo_message *m)
{
    if (!ep->request_open || m->xid != ep->request_xid)
        return; /* of an older request or link (§8.6) */
    heard(st, ep);
    ep->rec.lost_storage = false;
    ep->rec_dirty = true;
    if (ep->rec.scopes_unheard && !ep->resync_wanted) {
        fo_scopes_heard(ep);
        ep->balance_at = st->now.mono;
    }
    fo_endpoint_notice(st, ep, FO_NOTICE_INFO, true, "resync=received addresses=%" PRIu64,
                       ep->request_received);
    fo_endpoint_event(st, ep, FO_ON_UPDDONE, "the partner's update is complete");
    if (ep->resync_wanted && ep->comms_ok) /* wanted while this one was under way */
        fo_resync_request(st, ep);
}
