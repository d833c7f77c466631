/* What is seen from outside: a snapshot per relationship, the journal, one address. */
#include <stdio.h>
#include <string.h>

#include "fo/endpoint.h"

/* When the present state ends by itself at the latest; 0: no time is known. */
static fo_utc_t exit_at(const struct fo_endpoint *ep, struct fo_now now)
{
    int64_t left_ms = ep->startup_until.ms - now.mono.ms;
    switch (ep->state) {
    case FO_STATE_STARTUP:
        return fo_utc_add(now.utc, left_ms > 0 ? (uint32_t)((left_ms + 999) / 1000) : 0);
    case FO_STATE_RECOVER_WAIT:
        return fo_endpoint_recover_until(ep);
    case FO_STATE_COMMUNICATIONS_INTERRUPTED:
        if (ep->r.safe_period_s != FO_SAFE_PERIOD_NEVER)
            return fo_utc_add(ep->rec.since, ep->r.safe_period_s);
        return fo_utc(0);
    default:
        return fo_utc(0);
    }
}

int fo_server_status(struct fo_server *s, const char *name, struct fo_now now,
                     struct fo_endpoint_status *out)
{
    const struct fo_endpoint *ep = fo_endpoint_find(s, name);
    uint32_t window;
    if (ep == NULL)
        return FO_ENOTFOUND;
    *out = ep->seen;
    snprintf(out->relationship, sizeof out->relationship, "%s", ep->r.name);
    out->role = ep->r.role;
    out->state = ep->state;
    out->state_since = ep->rec.since;
    snprintf(out->state_cause, sizeof out->state_cause, "%s",
             ep->state == FO_STATE_STARTUP ? "this server has just started" : ep->rec.cause);
    snprintf(out->state_exit, sizeof out->state_exit, "%s", fo_state_exit_sentence(ep->state));
    out->state_exit_at = exit_at(ep, now);
    out->partner_state = ep->rec.partner_state;
    out->partner_startup = ep->partner_startup;
    out->partner_since = ep->rec.partner_since;
    out->communications_ok = ep->comms_ok;
    out->digest_on = ep->has_digest;
    out->clock_delta_s = ep->clock_delta_s;
    out->mclt_s = ep->rec.mclt_s;
    out->dialect = ep->r.dialect;
    snprintf(out->partner_vendor, sizeof out->partner_vendor, "%s", ep->partner_vendor);
    window = ep->partner_max_unacked;
    out->window = window < FO_WINDOW_MAX ? window : FO_WINDOW_MAX;
    out->unacked = ep->sender.in_flight;
    out->queued = ep->sender.length;
    out->resync_sending = ep->sender.answering;
    out->resync_receiving = ep->request_open;
    /* Only who sends knows how many there are. */
    out->resync_done = ep->sender.answering ? ep->sender.scan_sent : ep->request_received;
    out->resync_total = ep->sender.answering ? fo_lease_db_size(s->leases) : 0;
    fo_drift_status(ep, out);
    return FO_OK;
}

int fo_server_journal(struct fo_server *s, const char *name,
                      void (*visit)(void *context, const struct fo_journal_entry *entry),
                      void *context)
{
    const struct fo_endpoint *ep = fo_endpoint_find(s, name);
    const struct fo_journal *j;
    uint64_t first;
    if (ep == NULL)
        return FO_ENOTFOUND;
    j = &ep->journal;
    first = j->next > FO_JOURNAL_MAX ? j->next - FO_JOURNAL_MAX : 0;
    if (first < j->first)
        first = j->first;
    for (uint64_t i = first; i < j->next; i++)
        if (j->entries[i % FO_JOURNAL_MAX].text[0] != '\0' &&
            j->entries[i % FO_JOURNAL_MAX].sequence == i) /* a damaged line left a gap */
            visit(context, &j->entries[i % FO_JOURNAL_MAX]);
    return FO_OK;
}

/* An available address belongs by its status, a lease to the server that granted it. */
static enum fo_role owner_of(const struct fo_endpoint *ep, const struct fo_binding *b)
{
    if (b->status == FO_STATUS_BACKUP)
        return FO_ROLE_SECONDARY;
    if (b->status == FO_STATUS_ACTIVE && (b->flags & FO_BINDING_OURS) != 0)
        return ep->r.role;
    if (b->status == FO_STATUS_ACTIVE)
        return ep->r.role == FO_ROLE_PRIMARY ? FO_ROLE_SECONDARY : FO_ROLE_PRIMARY;
    return FO_ROLE_PRIMARY;
}

int fo_server_address(struct fo_server *s, fo_ipv4_t address, struct fo_address_view *out)
{
    const struct fo_endpoint *ep = fo_endpoint_of_address(s, address);
    struct fo_binding b;
    uint8_t marks = fo_server_marks(s, address);
    if (fo_lease_db_get(s->leases, address, &b) != FO_OK)
        return FO_ENOTFOUND;
    *out = (struct fo_address_view){.in_relationship = ep != NULL};
    if (ep == NULL)
        return FO_OK;
    out->owner = owner_of(ep, &b);
    out->partner_has_it = fo_endpoint_up_to_date(ep, &b);
    out->in_flight = (marks & FO_MARK_INFLIGHT) != 0;
    out->queued = (marks & FO_MARK_QUEUED) != 0;
    out->rejected = (marks & FO_MARK_REJECTED) != 0;
    out->rejection = fo_rejection_of(s, address);
    return FO_OK;
}
