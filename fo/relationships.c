/* Relationships and their scopes as management changes them: checked (relationship_view.c), then
 * applied to the endpoints and the lease database (MAPI §1.2, §1.5). */
#include <stdio.h>
#include <string.h>

#include "fo/relationship_view.h"

/* --- finding
 * ------------------------------------------------------------------------------------------- */

size_t fo_server_relationship_count(const struct fo_server *s)
{
    return s->endpoint_count;
}

const struct fo_relationship *fo_server_relationship_at(const struct fo_server *s, size_t index)
{
    return index < s->endpoint_count ? &s->endpoints[index]->r : NULL;
}

const struct fo_relationship *fo_server_relationship_find(const struct fo_server *s,
                                                          const char *name)
{
    const struct fo_endpoint *ep = fo_endpoint_find(s, name);
    return ep != NULL ? &ep->r : NULL;
}

const struct fo_relationship *fo_server_relationship_numbered(const struct fo_server *s, int n)
{
    for (size_t i = 0; i < s->endpoint_count; i++)
        if (s->endpoints[i]->number == n)
            return &s->endpoints[i]->r;
    return NULL;
}

/* --- scopes entering and leaving
 * ---------------------------------------------------------------------------- */

/* Marks of another endpoint mean nothing to this one (§5.16). */
static void scope_enters(struct fo_endpoint *ep, fo_ipv4_t subnet)
{
    struct fo_server *s = ep->server;
    struct fo_binding b;
    fo_ipv4_t next = 0;
    fo_lease_db_set_owner(s->leases, subnet, ep->number);
    while (fo_lease_db_next_in(s->leases, subnet, next, false, &b)) {
        next = b.address + 1;
        if (b.acked_epoch != 0) {
            b.acked_epoch = 0;
            fo_endpoint_put(s, &b);
        }
        if (next == 0)
            break;
    }
}

/* Without a partner every address that nobody holds is free at once; what waits for it or is under
 * way is forgotten. */
static void scope_leaves(struct fo_step *st, fo_ipv4_t subnet)
{
    const uint8_t marks = FO_MARK_QUEUED | FO_MARK_INFLIGHT | FO_MARK_CHANGED | FO_MARK_TAKEN |
                          FO_MARK_REJECTED | FO_MARK_RECALL;
    struct fo_server *s = st->server;
    struct fo_binding b;
    fo_ipv4_t next = 0;
    fo_lease_db_set_owner(s->leases, subnet, -1);
    while (fo_lease_db_next_in(s->leases, subnet, next, false, &b)) {
        next = b.address + 1;
        fo_server_mark(s, b.address, 0, marks);
        fo_rejection_forget(s, b.address);
        if (b.status != FO_STATUS_ACTIVE && b.status != FO_STATUS_ABANDONED &&
            b.status != FO_STATUS_FREE)
            fo_lease_free(s, &b, st->now.utc, 0);
        if (next == 0)
            break;
    }
}

void fo_server_insert(struct fo_server *s, struct fo_endpoint *ep)
{
    size_t at = s->endpoint_count++;
    while (at != 0 && strcmp(s->endpoints[at - 1]->r.name, ep->r.name) > 0) {
        s->endpoints[at] = s->endpoints[at - 1];
        at--;
    }
    s->endpoints[at] = ep;
}

static void take_out(struct fo_server *s, struct fo_endpoint *ep)
{
    size_t at = 0;
    while (s->endpoints[at] != ep)
        at++;
    s->endpoint_count--;
    for (; at < s->endpoint_count; at++)
        s->endpoints[at] = s->endpoints[at + 1];
}

/* --- create, set, delete
 * --------------------------------------------------------------------------------------- */

uint32_t fo_server_relationship_create(struct fo_server *s, const struct fo_relationship *r,
                                       enum fo_birth birth, struct fo_now now,
                                       struct fo_outbox *out, char *why, size_t why_capacity)
{
    struct fo_step st = {s, now, out};
    struct fo_endpoint *ep;
    uint32_t code = fo_server_relationship_validate(s, r, NULL, why, why_capacity);
    if (code != ERROR_SUCCESS)
        return code;
    ep = fo_endpoint_new(s, r);
    if (ep == NULL)
        return ERROR_NOT_ENOUGH_MEMORY;
    if (fo_quarantine_forgive(s, r->name)) /* it may have served until now */
        birth = FO_BIRTH_LOST;
    ep->rec.state = FO_STATE_RECOVER;
    ep->rec.since = now.utc;
    ep->rec.virgin = birth == FO_BIRTH_VIRGIN;
    ep->rec.lost_storage = birth == FO_BIRTH_LOST;
    ep->rec.operational_until = ep->rec.down_since = birth == FO_BIRTH_LOST ? now.utc : fo_utc(0);
    snprintf(ep->rec.cause, sizeof ep->rec.cause, "%s",
             birth == FO_BIRTH_VIRGIN ? "the relationship is new (§9.3.2)"
                                      : "this server lost its storage (§9.3.2)");
    ep->config_dirty = true;
    fo_server_insert(s, ep);
    for (size_t i = 0; i < ep->r.scope_count; i++)
        scope_enters(ep, ep->r.scopes[i]);
    fo_endpoint_start(&st, ep);
    return ERROR_SUCCESS;
}

/* All or nothing: the old secret stays where the new one cannot be used. */
static uint32_t set_secret(struct fo_endpoint *ep, const char *secret, char *why,
                           size_t why_capacity)
{
    struct fo_relationship changed = ep->r;
    char old[sizeof ep->r.shared_secret];
    uint32_t code;
    snprintf(changed.shared_secret, sizeof changed.shared_secret, "%s", secret);
    code = fo_relationship_check_means(ep->server, &changed, why, why_capacity);
    if (code != ERROR_SUCCESS)
        return code;
    memcpy(old, ep->r.shared_secret, sizeof old);
    memcpy(ep->r.shared_secret, changed.shared_secret, sizeof old);
    if (fo_endpoint_renew_digest(ep) == FO_OK)
        return ERROR_SUCCESS;
    memcpy(ep->r.shared_secret, old, sizeof old);
    return ERROR_NOT_ENOUGH_MEMORY;
}

/* A longer MCLT may be used when the secondary has it, which learns it from CONNECT and waits by it
 * in PARTNER-DOWN; a shorter one at once. What a secondary uses is the primary's alone (§7.8.2). */
static void set_mclt(struct fo_endpoint *ep, uint32_t mclt_s)
{
    bool connected = ep->link != NULL && ep->link->phase == FO_LINK_ESTABLISHED;
    bool never_told = ep->rec.virgin && !connected;
    ep->r.mclt_s = mclt_s;
    if (ep->rec.mclt_longest_s < mclt_s)
        ep->rec.mclt_longest_s = mclt_s;
    if (never_told || (ep->r.role == FO_ROLE_PRIMARY && mclt_s < ep->rec.mclt_s))
        ep->rec.mclt_s = mclt_s;
}

/* What the primary decides is told in CONNECT: there has to be another one (§7.8). */
static void connect_anew(struct fo_step *st, struct fo_endpoint *ep)
{
    if (ep->r.role != FO_ROLE_PRIMARY || ep->link == NULL)
        return;
    fo_link_disconnect(st, ep->link, FO_REJECT_UNKNOWN, "the relationship was changed");
    ep->redial_at = st->now.mono;
}

uint32_t fo_server_relationship_set(struct fo_server *s, const struct fo_relationship *r,
                                    uint32_t flags, struct fo_now now, struct fo_outbox *out,
                                    char *why, size_t why_capacity)
{
    struct fo_step st = {s, now, out};
    struct fo_endpoint *ep;
    uint32_t code = fo_server_relationship_check_set(s, r, flags, why, why_capacity);
    if (code != ERROR_SUCCESS)
        return code;
    ep = fo_endpoint_find(s, r->name);
    if ((flags & FO_SET_SECRET) != 0) {
        code = set_secret(ep, r->shared_secret, why, why_capacity);
        if (code != ERROR_SUCCESS)
            return code;
    }
    if ((flags & FO_SET_MCLT) != 0)
        set_mclt(ep, r->mclt_s);
    if ((flags & FO_SET_SAFE_PERIOD) != 0)
        ep->r.safe_period_s = r->safe_period_s != 0 ? r->safe_period_s : FO_SAFE_PERIOD_NEVER;
    if ((flags & FO_SET_MODE) != 0)
        ep->r.mode = r->mode;
    if ((flags & FO_SET_PERCENTAGE) != 0)
        ep->r.percentage = r->percentage;
    if ((flags & (FO_SET_MODE | FO_SET_PERCENTAGE)) != 0) {
        ep->r.has_buckets = false;
        ep->rec.buckets = fo_relationship_buckets(&ep->r);
        ep->balance_at = now.mono;
    }
    ep->config_dirty = ep->rec_dirty = true;
    fo_endpoint_notice(&st, ep, FO_NOTICE_INFO, true,
                       "relationship=set mclt=%u s mode=%s percentage=%u", ep->r.mclt_s,
                       ep->r.mode == FO_MODE_LOAD_BALANCE ? "load-balance" : "hot-standby",
                       ep->r.percentage);
    if ((flags & FO_SET_MCLT) != 0)
        connect_anew(&st, ep);
    return ERROR_SUCCESS;
}

static int forget_records(struct fo_server *s, struct fo_endpoint *ep)
{
    size_t length = strlen(ep->r.name);
    int rc = fo_store_del(s->store, FO_TABLE_RELATIONSHIP, ep->r.name, length);
    if (rc == FO_OK)
        rc = fo_store_del(s->store, FO_TABLE_ENDPOINT, ep->r.name, length);
    return rc == FO_OK ? fo_journal_forget(ep) : rc;
}

uint32_t fo_server_relationship_delete(struct fo_server *s, const char *name, struct fo_now now,
                                       struct fo_outbox *out, char *why, size_t why_capacity)
{
    struct fo_step st = {s, now, out};
    struct fo_endpoint *ep = fo_endpoint_find(s, name);
    char line[FO_RELATIONSHIP_NAME_BYTES + 64];
    if (ep == NULL) {
        fo_server_why(why, why_capacity, "there is no relationship \"%s\"", name);
        return ERROR_DHCP_FO_RELATIONSHIP_DOES_NOT_EXIST;
    }
    ep->comms_ok = false; /* it ends by our will: no alarm, no change of state */
    if (ep->link != NULL)
        fo_link_disconnect(&st, ep->link, FO_REJECT_INVALID_PARTNER,
                           "the relationship was deleted");
    fo_endpoint_close_links(&st, ep);
    for (size_t i = 0; i < ep->r.scope_count; i++)
        scope_leaves(&st, ep->r.scopes[i]);
    s->err = s->err != FO_OK ? s->err : forget_records(s, ep);
    snprintf(line, sizeof line, "endpoint: relationship=%s deleted", ep->r.name);
    fo_outbox_notice(out, FO_NOTICE_INFO, line);
    take_out(s, ep);
    fo_endpoint_free(ep);
    return ERROR_SUCCESS;
}

/* --- scopes of a relationship
 * ------------------------------------------------------------------------------------ */

/* The walks count scopes by position: begin them again. */
static void scopes_changed(struct fo_endpoint *ep, struct fo_now now)
{
    if (ep->comms_ok)
        fo_sender_scan(ep);
    ep->balance_at = now.mono;
    ep->config_dirty = true;
}

uint32_t fo_server_relationship_add_scopes(struct fo_server *s, const char *name,
                                           const fo_ipv4_t *scopes, size_t count, struct fo_now now,
                                           struct fo_outbox *out, char *why, size_t why_capacity)
{
    struct fo_step st = {s, now, out};
    struct fo_endpoint *ep;
    uint32_t code = fo_server_relationship_check_add(s, name, scopes, count, why, why_capacity);
    if (code != ERROR_SUCCESS)
        return code;
    ep = fo_endpoint_find(s, name);
    if (fo_relationship_add_scopes(&ep->r, scopes, count) != FO_OK)
        return ERROR_NOT_ENOUGH_MEMORY;
    for (size_t i = 0; i < count; i++)
        scope_enters(ep, scopes[i]);
    scopes_changed(ep, now);
    fo_scopes_came(ep, scopes, count);
    ep->resync_wanted = true; /* once more if a request is under way */
    if (ep->comms_ok && ep->state == FO_STATE_NORMAL)
        fo_resync_request(&st, ep);
    fo_endpoint_notice(&st, ep, FO_NOTICE_INFO, true, "scopes=added count=%zu", count);
    return ERROR_SUCCESS;
}

uint32_t fo_server_relationship_remove_scopes(struct fo_server *s, const char *name,
                                              const fo_ipv4_t *scopes, size_t count,
                                              struct fo_now now, struct fo_outbox *out, char *why,
                                              size_t why_capacity)
{
    struct fo_step st = {s, now, out};
    struct fo_endpoint *ep;
    uint32_t code = fo_server_relationship_check_remove(s, name, scopes, count, why, why_capacity);
    if (code != ERROR_SUCCESS)
        return code;
    ep = fo_endpoint_find(s, name);
    for (size_t i = 0; i < count; i++)
        scope_leaves(&st, scopes[i]);
    fo_relationship_remove_scopes(&ep->r, scopes, count);
    scopes_changed(ep, now);
    fo_endpoint_notice(&st, ep, FO_NOTICE_INFO, true, "scopes=removed count=%zu", count);
    return ERROR_SUCCESS;
}
