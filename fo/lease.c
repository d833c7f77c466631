/* What the host reports about leases, and what time does to them (draft-12 §5.2, §5.11, §7.1.1,
 * §9.4.2). */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define HASH_NONFATAL_OOM 1 /* by default it ends the process */
#include <uthash.h>

#include "fo/endpoint.h"
#include "state/lease_time.h"

/* --- tokens: whose report the partner's acknowledgement answers ------------------------------- */

struct fo_token {
    fo_ipv4_t address;
    uint64_t token;
    UT_hash_handle hh;
};

void fo_tokens_add(struct fo_server *s, fo_ipv4_t address, uint64_t token)
{
    struct fo_token *t;
    HASH_FIND(hh, s->tokens, &address, sizeof address, t);
    if (t != NULL) {
        t->token = token; /* the newest report stands for the older ones */
        return;
    }
    if (HASH_COUNT(s->tokens) >= FO_TOKENS_MAX || (t = malloc(sizeof *t)) == NULL)
        return; /* the lease is safe all the same; only the news of the ack is lost */
    t->address = address;
    t->token = token;
    HASH_ADD(hh, s->tokens, address, sizeof t->address, t);
    if (t->hh.tbl == NULL)
        free(t); /* nor had the table */
}

void fo_tokens_acked(struct fo_step *st, fo_ipv4_t address)
{
    struct fo_token *t;
    if (st->server->tokens == NULL)
        return;
    HASH_FIND(hh, st->server->tokens, &address, sizeof address, t);
    if (t == NULL)
        return;
    fo_outbox_token(st->out, FO_EFFECT_ACKED, t->token);
    HASH_DEL(st->server->tokens, t);
    free(t);
}

void fo_tokens_forget(struct fo_server *s, fo_ipv4_t address)
{
    struct fo_token *t;
    if (s->tokens == NULL)
        return;
    HASH_FIND(hh, s->tokens, &address, sizeof address, t);
    if (t == NULL)
        return;
    HASH_DEL(s->tokens, t);
    free(t);
}

void fo_tokens_free(struct fo_server *s)
{
    struct fo_token *t, *next;
    HASH_ITER(hh, s->tokens, t, next)
    {
        HASH_DEL(s->tokens, t);
        free(t);
    }
}

static fo_utc_t ends(const struct fo_binding *b)
{
    return fo_utc_add(b->lease_expiration, FO_EXPIRY_MARGIN_S);
}

fo_utc_t fo_lease_look_at(const struct fo_binding *b, fo_utc_t now)
{
    uint32_t left_s = b->lease_expiration.s - now.s;
    if ((b->flags & FO_BINDING_EXTEND) != 0 && b->lease_expiration.s > fo_utc_add(now, 1).s)
        return fo_utc_add(now, left_s / 2); /* T1, as a client would */
    return ends(b);
}

/* --- the moves ----------------------------------------------------------------------------------
 */

void fo_lease_free(struct fo_server *s, struct fo_binding *b, fo_utc_t now, uint32_t acked_epoch)
{
    b->status = FO_STATUS_FREE;
    b->start_of_state = now;
    b->lease_expiration = fo_utc(0);
    b->sent_potential_expiration = fo_utc(0);
    b->acked_potential_expiration = fo_utc(0);
    b->received_potential_expiration = fo_utc(0);
    b->flags &= FO_BINDING_BOOTP; /* R is agreed anew (§5.13) */
    b->acked_epoch = acked_epoch;
    fo_endpoint_put(s, b);
    fo_server_due(s, b->address, fo_utc(0));
}

fo_utc_t fo_lease_reusable(const struct fo_endpoint *ep, const struct fo_binding *b)
{
    struct fo_binding copy = *b;
    /* "Granted in PARTNER-DOWN" only counts for this PARTNER-DOWN, and while nobody was heard. */
    if (ep->rec.contact_since_down || b->client_last_transaction.s < ep->rec.since.s)
        copy.flags &= (uint8_t)~FO_BINDING_LATE;
    /* What both may have given is the partner's as far as we know. */
    if (((b->flags & FO_BINDING_RESERVED) != 0 || fo_scopes_unheard(ep, b->address)) &&
        (b->status == FO_STATUS_FREE || b->status == FO_STATUS_BACKUP))
        copy.status = ep->r.role == FO_ROLE_PRIMARY ? FO_STATUS_BACKUP : FO_STATUS_FREE;
    return fo_lease_time_reusable(&copy, ep->r.role, ep->rec.since, ep->rec.mclt_longest_s);
}

bool fo_lease_takes_partners(const struct fo_endpoint *ep)
{
    bool wanted = ep->comms_ok && ep->rec.partner_state == FO_STATE_RECOVER_DONE;
    return fo_service_of(ep->state)->allocates_partners && !wanted;
}

void fo_lease_partner_down(struct fo_step *st, struct fo_endpoint *ep)
{
    struct fo_binding b;
    (void)st;
    for (size_t i = 0; i < ep->r.scope_count; i++) {
        fo_ipv4_t next = 0;
        while (fo_lease_db_next_in(ep->server->leases, ep->r.scopes[i], next, false, &b)) {
            if (fo_binding_is_over(b.status))
                fo_server_due(ep->server, b.address, fo_lease_reusable(ep, &b));
            next = b.address + 1;
            if (next == 0)
                break;
        }
    }
}

/* What has become news for the partner. */
static void changed(struct fo_step *st, struct fo_endpoint *ep, struct fo_binding *b,
                    enum fo_binding_status to)
{
    bool was_ended = fo_binding_is_ended(b->status) || (b->flags & FO_BINDING_WITHHELD) != 0;
    bool still_ended = was_ended && fo_binding_is_ended(to);
    if (b->status != to)
        b->start_of_state = st->now.utc;
    b->status = (uint8_t)to;
    b->acked_epoch = 0;
    if (!still_ended) /* an end that the partner may know stays known, whatever it is called */
        b->flags &= (uint8_t)~FO_BINDING_SENT;
    fo_server_mark(st->server, b->address, 0, FO_MARK_RECALL); /* it is not idle after all */
    fo_endpoint_put(st->server, b);
    if (ep != NULL)
        fo_sender_queue(ep, b->address);
}

/* A later word about a lease must show as later, also within one second: the partner compares
 * client-last-transaction-times (Figure 7.1.3-1, time1). */
static fo_utc_t transaction_time(const struct fo_binding *b, fo_utc_t now)
{
    return fo_utc_max(now, fo_utc_add(b->client_last_transaction, 1));
}

/* What the partner should reckon with. For a lease that this server renews itself it is the end
 * that was asked for. It never moves back: what the partner once received it goes on reckoning
 * with, and we must as well (§7.1.5, §9.4.2). */
static fo_utc_t potential_of(const struct fo_report *r, fo_utc_t now)
{
    if ((r->flags & FO_BINDING_EXTEND) == 0)
        return fo_lease_time_potential(now, r->lease_end, r->desired_s);
    return r->desired_s == FO_LEASE_INFINITE_S ? fo_utc(FO_UTC_INFINITE)
                                               : fo_utc_add(now, r->desired_s);
}

/* A renewal may be shorter than the lease that is running. Nobody knows whether the client heard of
 * it, so what it was told before counts until it is over. */
static fo_utc_t end_of(const struct fo_binding *b, const struct fo_report *r, bool same)
{
    bool runs = same && b->status == FO_STATUS_ACTIVE;
    return runs && !r->by_operator ? fo_utc_max(b->lease_expiration, r->lease_end) : r->lease_end;
}

static void granted(struct fo_step *st, struct fo_endpoint *ep, struct fo_binding *b,
                    const struct fo_report *r, fo_utc_t heard)
{
    fo_utc_t potential = potential_of(r, st->now.utc);
    bool same = fo_client_equal(&b->client, &r->client) && b->status != FO_STATUS_FREE &&
                b->status != FO_STATUS_BACKUP;
    if (!same) { /* nothing promised for another client counts for this one (§7.1.5) */
        b->sent_potential_expiration = fo_utc(0);
        b->acked_potential_expiration = fo_utc(0);
        b->received_potential_expiration = fo_utc(0);
        b->last_partner_update = fo_utc(0);
        b->start_of_state = st->now.utc;
    }
    b->client_last_transaction = transaction_time(b, heard);
    b->client = r->client;
    b->lease_expiration = end_of(b, r, same);
    b->sent_potential_expiration = fo_utc_max(b->sent_potential_expiration, potential);
    b->flags = (uint8_t)((b->flags & (FO_BINDING_RESERVED | FO_BINDING_BOOTP)) | r->flags |
                         FO_BINDING_OURS);
    if (b->lease_expiration.s >= potential.s)
        b->flags &= (uint8_t)~FO_BINDING_EXTEND; /* nothing is left to wait for */
    if (ep != NULL && ep->state == FO_STATE_PARTNER_DOWN)
        b->flags |= FO_BINDING_LATE;
    changed(st, ep, b, FO_STATUS_ACTIVE);
    fo_server_mark(st->server, b->address, 0, FO_MARK_HELD);
    fo_server_due(st->server, b->address, fo_lease_look_at(b, st->now.utc));
}

/* A lease that is over: told to the partner, or free at once where there is none. */
static void over(struct fo_step *st, struct fo_endpoint *ep, struct fo_binding *b,
                 enum fo_binding_status to)
{
    if (ep == NULL) {
        fo_lease_free(st->server, b, st->now.utc, 0);
        return;
    }
    changed(st, ep, b, to);
    fo_server_due(st->server, b->address,
                  ep->state == FO_STATE_PARTNER_DOWN ? fo_lease_reusable(ep, b) : fo_utc(0));
}

static void ignored(struct fo_step *st, const struct fo_report *r, const char *cause)
{
    char line[128], text[FO_IPV4_TEXT];
    snprintf(line, sizeof line, "lease: address=%s report ignored cause=%s",
             fo_ipv4_text(r->address, text), cause);
    fo_outbox_notice(st->out, FO_NOTICE_WARNING, line);
}

/* A RELEASE that comes late must not end what is another's by now (Figure 5.11-1: only an ACTIVE
 * lease is released). A host need not say who released. */
static bool can_release(const struct fo_binding *b, const struct fo_client *client)
{
    return fo_binding_may_move(b->status, FO_STATUS_RELEASED, FO_MOVE_RELEASE) &&
           (!fo_client_known(client) || fo_client_equal(&b->client, client));
}

void fo_lease_report(struct fo_step *st, const struct fo_report *r)
{
    struct fo_endpoint *ep = fo_endpoint_of_address(st->server, r->address);
    struct fo_binding b;
    if (fo_lease_db_get(st->server->leases, r->address, &b) != FO_OK) {
        ignored(st, r, "no-scope");
        return;
    }
    if (r->kind == FO_REPORT_RELEASE && !can_release(&b, &r->client)) {
        ignored(st, r, "not-leased-to-this-client");
        return;
    }
    switch (r->kind) {
    case FO_REPORT_GRANT:
        granted(st, ep, &b, r, st->now.utc);
        break;
    case FO_REPORT_RELEASE:
        b.client_last_transaction = transaction_time(&b, st->now.utc);
        over(st, ep, &b, FO_STATUS_RELEASED);
        break;
    case FO_REPORT_DECLINE:
        changed(st, ep, &b, FO_STATUS_ABANDONED);
        fo_server_due(st->server, b.address, fo_utc(0));
        break;
    case FO_REPORT_RESET:
        over(st, ep, &b, FO_STATUS_RESET);
        break;
    }
    if (r->token == 0)
        return;
    fo_outbox_token(st->out, FO_EFFECT_DURABLE, r->token);
    if (ep != NULL)
        fo_tokens_add(st->server, r->address, r->token);
}

/* --- time
 * ------------------------------------------------------------------------------------------ */

/* When this server reports the end of a lease, seen from |now|. In NORMAL the two servers do not
 * both speak at once: the one that granted it is first; an ISC partner expects its primary to
 * report every end and refuses its secondary's word (dialect). */
static fo_utc_t expiry_turn(const struct fo_endpoint *ep, const struct fo_binding *b)
{
    bool ours = (b->flags & FO_BINDING_OURS) != 0;
    if (ep->state != FO_STATE_NORMAL)
        return ends(b);
    if (ep->r.role == FO_ROLE_SECONDARY && !ep->dialect->secondary_expires)
        return fo_utc(FO_UTC_INFINITE);
    if (ours || !ep->dialect->secondary_expires)
        return ends(b);
    return fo_utc_add(ends(b), FO_EXPIRY_GRACE_S);
}

/* Renews in the place of a client that will never ask; whether there was anything to renew. Nobody
 * was heard (§12.6): what the partner heard meanwhile, a release or a renewal, is the later word.
 */
static bool extended(struct fo_step *st, struct fo_endpoint *ep, struct fo_binding *b)
{
    fo_utc_t asked = b->sent_potential_expiration, now = st->now.utc;
    const uint8_t own = FO_BINDING_EXTEND | FO_BINDING_OURS;
    struct fo_report r = {.kind = FO_REPORT_GRANT, .address = b->address, .client = b->client};
    uint32_t seconds;
    if (ep == NULL || (b->flags & own) != own || asked.s <= now.s ||
        b->lease_expiration.s >= asked.s || !fo_service_of(ep->state)->answers_renew)
        return false;
    r.flags = b->flags & (FO_BINDING_RESERVED | FO_BINDING_BOOTP | FO_BINDING_EXTEND);
    r.desired_s = asked.s >= FO_UTC_INFINITE ? FO_LEASE_INFINITE_S : asked.s - now.s;
    seconds = fo_server_lease_time(st->server, b->address, &b->client, r.desired_s, st->now);
    r.lease_end =
        seconds == FO_LEASE_INFINITE_S ? fo_utc(FO_UTC_INFINITE) : fo_utc_add(now, seconds);
    if (seconds == 0 || r.lease_end.s <= b->lease_expiration.s)
        return false;
    granted(st, ep, b, &r, b->client_last_transaction);
    return true;
}

static void due_active(struct fo_step *st, struct fo_endpoint *ep, struct fo_binding *b)
{
    fo_utc_t turn = ep != NULL ? expiry_turn(ep, b) : ends(b);
    const struct fo_service *service = ep != NULL ? fo_service_of(ep->state) : NULL;
    fo_utc_t look = fo_lease_look_at(b, st->now.utc);
    if (extended(st, ep, b))
        return;
    if (look.s < turn.s && look.s > st->now.utc.s) { /* nothing to renew by yet */
        fo_server_due(st->server, b->address, look);
        return;
    }
    if (turn.s == FO_UTC_INFINITE && b->lease_expiration.s < FO_UTC_INFINITE)
        turn = fo_utc_add(st->now.utc, FO_EXPIRY_GRACE_S); /* the partner's turn: look again */
    if (service != NULL && !service->answers_renew && turn.s <= st->now.utc.s)
        turn = fo_utc_add(st->now.utc, FO_EXPIRY_GRACE_S);
    if (turn.s > st->now.utc.s)
        fo_server_due(st->server, b->address, turn);
    else
        over(st, ep, b, FO_STATUS_EXPIRED);
}

static void due_ended(struct fo_step *st, struct fo_endpoint *ep, struct fo_binding *b)
{
    fo_utc_t when;
    if (ep == NULL) {
        fo_lease_free(st->server, b, st->now.utc, 0);
        return;
    }
    /* The partner's acknowledgement frees it. Draft gap: RESET waits for that in PARTNER-DOWN too,
     * for a partner that has the address as ABANDONED refuses everything else ever after. */
    if (ep->state != FO_STATE_PARTNER_DOWN || b->status == FO_STATUS_RESET)
        return;
    when = fo_lease_reusable(ep, b);
    if (!fo_lease_takes_partners(ep))
        when = fo_utc_max(when, fo_utc_add(st->now.utc, FO_EXPIRY_GRACE_S));
    if (when.s > st->now.utc.s)
        fo_server_due(st->server, b->address, when);
    else
        fo_lease_free(st->server, b, st->now.utc, 0); /* Figure 5.11-1, note 1 */
}

void fo_lease_due(struct fo_step *st)
{
    fo_ipv4_t address;
    struct fo_binding b;
    for (int i = 0; i < FO_DUE_PER_STEP; i++) {
        struct fo_endpoint *ep;
        if (!fo_lease_db_take_due(st->server->leases, st->now.utc, &address))
            return;
        if (fo_lease_db_get(st->server->leases, address, &b) != FO_OK)
            continue;
        ep = fo_endpoint_of_address(st->server, address);
        if (ep == NULL && st->server->unsafe) /* whose it is may still turn out */
            fo_server_due(st->server, address, fo_utc_add(st->now.utc, FO_EXPIRY_GRACE_S));
        else if (b.status == FO_STATUS_ACTIVE)
            due_active(st, ep, &b);
        else if (fo_binding_is_ended(b.status))
            due_ended(st, ep, &b);
    }
}
