/* What a host asks before it answers a client: pure reading but for the short holds (draft-12
 * §5.2.2, §5.3, §5.4, §9.4.2, §9.8.2). */
#include <string.h>

#include "fo/endpoint.h"
#include "state/lease_time.h"

static const struct fo_endpoint *endpoint_of_scope(const struct fo_server *s, fo_ipv4_t subnet)
{
    for (size_t i = 0; i < s->endpoint_count; i++)
        if (fo_relationship_has_scope(&s->endpoints[i]->r, subnet))
            return s->endpoints[i];
    return NULL;
}

/* A scope in no relationship is served, unless it may belong to one that could not be read. */
static enum fo_answer nobodys(const struct fo_server *s, char *why, size_t why_capacity)
{
    if (!s->unsafe)
        return FO_ANSWER_SERVE;
    fo_server_why(
        why, why_capacity,
        "the record of a relationship is in quarantine, and this scope may be one of its");
    return FO_ANSWER_SILENT;
}

/* §9.8.2; and, so that a client is not left alone, also for the partner's bucket once its secs
 * field grew or the partner has nothing to give. */
static enum fo_serve_cause whose_share(const struct fo_endpoint *ep, fo_ipv4_t subnet,
                                       bool owner_here, uint32_t secs)
{
    struct fo_scope_counts c;
    if (owner_here)
        return FO_SERVE_BUCKET;
    if (ep->r.load_balance_max_s != 0 && secs > ep->r.load_balance_max_s)
        return FO_SERVE_WAITED;
    fo_lease_db_counts(ep->server->leases, subnet, &c);
    if (c.by_status[ep->r.role == FO_ROLE_PRIMARY ? FO_STATUS_BACKUP : FO_STATUS_FREE] == 0)
        return FO_SERVE_PARTNER_EMPTY;
    return FO_SERVE_BUCKET;
}

void fo_server_serve_view(const struct fo_server *s, fo_ipv4_t subnet,
                          const struct fo_client *client, enum fo_client_message message,
                          uint32_t secs, struct fo_serve_view *out)
{
    const struct fo_endpoint *ep = endpoint_of_scope(s, subnet);
    const struct fo_scope *scope = fo_lease_db_scope(s->leases, subnet);
    const struct fo_service *service;
    bool answers;
    if (scope != NULL && !fo_scope_enabled(scope) && message != FO_CLIENT_RELEASE) {
        *out = (struct fo_serve_view){.answer = FO_ANSWER_SILENT, .cause = FO_SERVE_DISABLED};
        return;
    }
    if (ep == NULL) {
        *out = (struct fo_serve_view){.answer = nobodys(s, NULL, 0),
                                      .cause = s->unsafe ? FO_SERVE_QUARANTINE : FO_SERVE_ALONE};
        return;
    }
    *out = (struct fo_serve_view){.cause = FO_SERVE_STATE,
                                  .state = ep->state,
                                  .bucket = fo_load_balance_bucket(client, ep->dialect)};
    out->owner = fo_load_balance_is_primarys(&ep->rec.buckets, out->bucket) ? FO_ROLE_PRIMARY
                                                                            : FO_ROLE_SECONDARY;
    out->owner_here = out->owner == ep->r.role;
    service = fo_service_of(ep->state);
    answers = message == FO_CLIENT_NEW ? service->answers_new : service->answers_renew;
    if (answers && message == FO_CLIENT_NEW && service->balances_load) {
        out->cause = whose_share(ep, subnet, out->owner_here, secs);
        answers = out->owner_here || out->cause != FO_SERVE_BUCKET;
    }
    out->answer = answers ? FO_ANSWER_SERVE : FO_ANSWER_SILENT;
}

enum fo_answer fo_server_may_serve(struct fo_server *s, fo_ipv4_t subnet,
                                   const struct fo_client *client, enum fo_client_message message,
                                   uint32_t secs)
{
    struct fo_serve_view view;
    fo_server_serve_view(s, subnet, client, message, secs, &view);
    return view.answer;
}

/* --- holds: offered, and not taken yet ----------------------------------------------------------
 */

/* An address has one hold at most; looked for from the newest, which is where it will be. */
static struct fo_hold *find_hold(struct fo_server *s, fo_ipv4_t address)
{
    if ((fo_server_marks(s, address) & FO_MARK_HELD) == 0)
        return NULL;
    for (uint32_t i = s->hold_count; i-- != 0;) {
        struct fo_hold *h = &s->holds[(s->hold_head + i) % FO_HOLDS_MAX];
        if (h->address == address)
            return h;
    }
    return NULL;
}

static void drop_oldest_hold(struct fo_server *s)
{
    fo_ipv4_t address = s->holds[s->hold_head].address;
    s->hold_head = (s->hold_head + 1) % FO_HOLDS_MAX;
    s->hold_count--;
    if (address != 0) /* 0: a newer hold took its place */
        fo_server_mark(s, address, 0, FO_MARK_HELD);
}

static void forget_old_holds(struct fo_server *s, struct fo_now now)
{
    while (s->hold_count != 0 && s->holds[s->hold_head].until.ms <= now.mono.ms)
        drop_oldest_hold(s);
}

/* Holds may be of different lengths: one that is over can still wait behind a longer one. */
static bool held_for_another(struct fo_server *s, fo_ipv4_t address, uint32_t client,
                             struct fo_now now)
{
    const struct fo_hold *h = find_hold(s, address);
    return h != NULL && h->client != client && h->until.ms > now.mono.ms;
}

static void hold(struct fo_server *s, fo_ipv4_t address, uint32_t client, uint32_t hold_ms,
                 struct fo_now now)
{
    struct fo_hold *older;
    if (hold_ms == 0)
        return;
    older = find_hold(s, address);
    if (older != NULL)
        older->address = 0;
    if (s->hold_count == FO_HOLDS_MAX)
        drop_oldest_hold(s);
    s->holds[(s->hold_head + s->hold_count++) % FO_HOLDS_MAX] =
        (struct fo_hold){address, client, {now.mono.ms + hold_ms}};
    fo_server_mark(s, address, FO_MARK_HELD, 0);
}

/* --- who may have which address
 * -------------------------------------------------------------------- */

static bool is_reserved_for(const struct fo_reservation *r, const struct fo_client *client)
{
    bool by_id = client->id_length == r->id_length && r->id_length != 0 &&
                 memcmp(client->id, r->id, r->id_length) == 0;
    bool by_hw =
        client->hw_length == r->id_length + 1u && memcmp(client->hw + 1, r->id, r->id_length) == 0;
    return by_id || by_hw;
}

/* Why the scope keeps the address from |client|; NULL: it does not. */
static const char *kept_from(const struct fo_server *s, fo_ipv4_t address,
                             const struct fo_client *client, bool *out_reserved)
{
    const struct fo_scope *scope = fo_lease_db_scope_of(s->leases, address);
    const struct fo_reservation *r = scope != NULL ? fo_scope_reservation(scope, address) : NULL;
    *out_reserved = r != NULL;
    if (scope != NULL && fo_scope_bootp_only(scope, address))
        return "is in a range for clients of BOOTP alone";
    if (r != NULL && r->types == FO_RESERVED_BOOTP)
        return "is reserved for a client of BOOTP";
    if (r != NULL && !is_reserved_for(r, client))
        return "is reserved for another client";
    return NULL;
}

/* §9.11.2 lets each give from its own pool if it knows that. What came into it in PARTNER-DOWN and was
 * not told yet, the partner still takes for its own. */
static bool is_disputed(const struct fo_endpoint *ep, const struct fo_binding *b)
{
    return ep->state == FO_STATE_RESOLUTION_INTERRUPTED && b->start_of_state.s != FO_UTC_NONE &&
           !fo_endpoint_up_to_date(ep, b);
}

/* An address that nobody holds: may this server give it now? (§5.4, §5.13, §9.4.2) */
static enum fo_answer may_give_available(const struct fo_endpoint *ep, const struct fo_binding *b,
                                         bool reserved, struct fo_now now, char *why,
                                         size_t why_capacity)
{
    const struct fo_service *service = fo_service_of(ep->state);
    bool unheard = fo_scopes_unheard(ep, b->address);
    char text[FO_IPV4_TEXT];
    if (!service->answers_new) {
        fo_server_why(why, why_capacity, "new leases are not given in %s",
                      fo_state_name(ep->state));
        return FO_ANSWER_SILENT;
    }
    if (is_disputed(ep, b)) {
        fo_server_why(why, why_capacity, "%s is %s, which the partner has not been told yet",
                      fo_ipv4_text(b->address, text), fo_binding_status_name(b->status));
        return FO_ANSWER_SILENT;
    }
    if (!unheard && fo_reservation_ours(ep, b, reserved))
        return FO_ANSWER_SERVE;
    if (fo_lease_takes_partners(ep) && now.utc.s >= fo_lease_reusable(ep, b).s)
        return FO_ANSWER_SERVE;
    fo_server_why(why, why_capacity, "%s is %s: %sit belongs to the partner%s",
                  fo_ipv4_text(b->address, text), fo_binding_status_name(b->status),
                  unheard ? "what the partner leased in this scope is not known yet, so " : "",
                  service->allocates_partners ? " until MCLT has passed in PARTNER-DOWN" : "");
    return FO_ANSWER_SILENT;
}

/* From when a lease may run for MCLT beyond what the partner knows of it. Draft gap (§9.7.1): in
 * RECOVER-DONE the partner may still be in PARTNER-DOWN, and an address that it thinks unused is
 * another client's MCLT after it took over: a renewal counts from there, not from now. */
static fo_utc_t lease_base(const struct fo_endpoint *ep, fo_utc_t now)
{
    bool unseen =
        ep->state == FO_STATE_RECOVER_DONE && ep->rec.partner_state == FO_STATE_PARTNER_DOWN;
    return unseen ? fo_utc_min(now, ep->rec.partner_since) : now;
}

/* Whether the holder of |b| may go on with it, if only for a second. */
static bool may_renew(const struct fo_endpoint *ep, const struct fo_binding *b, fo_utc_t now)
{
    fo_utc_t longest = fo_lease_time_longest(b, lease_base(ep, now), ep->rec.mclt_s);
    return fo_service_of(ep->state)->answers_renew && longest.s > now.s;
}

/* Whether another client may still have a lease of |b| that nobody remembers: what the partner gave
 * unheard, before it lost its storage, runs for MCLT at most (§5.2.1). */
static bool withheld(const struct fo_endpoint *ep, const struct fo_binding *b, fo_utc_t now)
{
    return (b->flags & FO_BINDING_WITHHELD) != 0 &&
           now.s < fo_utc_add(b->start_of_state, ep->rec.mclt_longest_s).s;
}

/* A lease that ended, its end not agreed with the partner yet (§5.2.2, L-06, L-07). */
static enum fo_answer may_give_ended(const struct fo_endpoint *ep, const struct fo_binding *b,
                                     const struct fo_client *client, struct fo_now now, char *why,
                                     size_t why_capacity)
{
    char text[FO_IPV4_TEXT];
    if (may_renew(ep, b, now.utc) && fo_binding_may_return(b, client))
        return FO_ANSWER_SERVE;
    if (fo_lease_takes_partners(ep) && b->status != FO_STATUS_RESET &&
        now.utc.s >= fo_lease_reusable(ep, b).s)
        return FO_ANSWER_SERVE;
    fo_server_why(why, why_capacity, "%s is %s and the partner has not acknowledged it yet",
                  fo_ipv4_text(b->address, text), fo_binding_status_name(b->status));
    return FO_ANSWER_SILENT;
}

static enum fo_answer may_keep(const struct fo_server *s, const struct fo_endpoint *ep,
                               const struct fo_binding *b, const struct fo_client *client,
                               struct fo_now now, char *why, size_t why_capacity)
{
    char text[FO_IPV4_TEXT];
    if (!fo_client_equal(&b->client, client)) {
        fo_server_why(why, why_capacity, "%s is leased to another client",
                      fo_ipv4_text(b->address, text));
        return FO_ANSWER_REFUSE;
    }
    if (ep == NULL)
        return nobodys(s, why, why_capacity);
    if (withheld(ep, b, now.utc)) {
        fo_server_why(
            why, why_capacity,
            "%s ended, and the partner that lost its storage may have given it to another",
            fo_ipv4_text(b->address, text));
        return FO_ANSWER_SILENT;
    }
    if (may_renew(ep, b, now.utc))
        return FO_ANSWER_SERVE;
    fo_server_why(why, why_capacity, "leases are not renewed in %s", fo_state_name(ep->state));
    return FO_ANSWER_SILENT;
}

enum fo_answer fo_server_may_give(struct fo_server *s, fo_ipv4_t address,
                                  const struct fo_client *client, struct fo_now now, char *why,
                                  size_t why_capacity)
{
    const struct fo_endpoint *ep = fo_endpoint_of_address(s, address);
    struct fo_binding b;
    const char *kept;
    bool reserved;
    char text[FO_IPV4_TEXT];
    if (fo_lease_db_get(s->leases, address, &b) != FO_OK) {
        fo_server_why(why, why_capacity, "no scope contains %s", fo_ipv4_text(address, text));
        return FO_ANSWER_REFUSE;
    }
    kept = kept_from(s, address, client, &reserved);
    if (kept != NULL) {
        fo_server_why(why, why_capacity, "%s %s", fo_ipv4_text(address, text), kept);
        return FO_ANSWER_REFUSE;
    }
    forget_old_holds(s, now);
    switch (b.status) {
    case FO_STATUS_ACTIVE:
        return may_keep(s, ep, &b, client, now, why, why_capacity);
    case FO_STATUS_ABANDONED:
        fo_server_why(why, why_capacity, "%s is abandoned: somebody uses it without a lease",
                      fo_ipv4_text(address, text));
        return FO_ANSWER_REFUSE;
    default:
        break;
    }
    if (held_for_another(s, address, fo_client_hash(client), now)) {
        fo_server_why(why, why_capacity, "%s is offered to another client just now",
                      fo_ipv4_text(address, text));
        return FO_ANSWER_REFUSE;
    }
    if (ep == NULL)
        return nobodys(s, why, why_capacity);
    if (b.status == FO_STATUS_FREE || b.status == FO_STATUS_BACKUP)
        return may_give_available(ep, &b, reserved, now, why, why_capacity);
    return may_give_ended(ep, &b, client, now, why, why_capacity);
}

/* --- choosing
 * ---------------------------------------------------------------------------------------- */

static bool suits(struct fo_server *s, fo_ipv4_t address, const struct fo_client *client,
                  struct fo_now now)
{
    return fo_server_may_give(s, address, client, now, NULL, 0) == FO_ANSWER_SERVE;
}

static bool choose_reserved(struct fo_server *s, const struct fo_scope *scope,
                            const struct fo_client *client, struct fo_now now,
                            fo_ipv4_t *out_address)
{
    const struct fo_reservation *r = fo_scope_reservation_of(scope, client->id, client->id_length);
    if (r == NULL && client->hw_length > 1)
        r = fo_scope_reservation_of(scope, client->hw + 1, client->hw_length - 1u);
    if (r == NULL || !suits(s, r->address, client, now))
        return false;
    *out_address = r->address;
    return true;
}

/* Any other of |status|; the walk wraps once and looks at a bounded number of addresses. */
static bool choose_any(struct fo_server *s, fo_ipv4_t subnet, enum fo_binding_status status,
                       const struct fo_client *client, struct fo_now now, fo_ipv4_t *out_address)
{
    fo_ipv4_t next = 0, address;
    for (int looks = 0; looks < 4096; looks++) {
        if (!fo_lease_db_available(s->leases, subnet, status, next, &address))
            return false;
        if (suits(s, address, client, now)) {
            *out_address = address;
            return true;
        }
        if (address < next)
            return false; /* all the way round */
        next = address + 1;
    }
    return false;
}

int fo_server_choose(struct fo_server *s, fo_ipv4_t subnet, const struct fo_client *client,
                     fo_ipv4_t candidate, uint32_t hold_ms, struct fo_now now,
                     fo_ipv4_t *out_address)
{
    const struct fo_scope *scope = fo_lease_db_scope(s->leases, subnet);
    const struct fo_endpoint *ep = endpoint_of_scope(s, subnet);
    enum fo_binding_status own, partners;
    fo_ipv4_t address;
    if (scope == NULL)
        return FO_ENOTFOUND;
    if (!fo_scope_enabled(scope) ||
        (ep != NULL ? !fo_service_of(ep->state)->answers_new : s->unsafe))
        return FO_ESTATE;
    own = fo_binding_available_status(ep != NULL ? ep->r.role : FO_ROLE_PRIMARY);
    partners = own == FO_STATUS_FREE ? FO_STATUS_BACKUP : FO_STATUS_FREE;
    forget_old_holds(s, now);
    if (!choose_reserved(s, scope, client, now, &address) &&
        !(fo_lease_db_find_client(s->leases, subnet, client, &address) &&
          fo_scope_leasable(scope, address) && suits(s, address, client, now)) &&
        !(address = candidate, candidate != 0 && fo_scope_leasable(scope, candidate) &&
                                   suits(s, candidate, client, now)) &&
        !choose_any(s, subnet, own, client, now, &address) &&
        !(ep != NULL && fo_lease_takes_partners(ep) &&
          choose_any(s, subnet, partners, client, now, &address)))
        return FO_ENOSPACE;
    hold(s, address, fo_client_hash(client), hold_ms, now);
    *out_address = address;
    return s->err == FO_OK ? FO_OK : s->err;
}

void fo_server_hold(struct fo_server *s, fo_ipv4_t address, const struct fo_client *client,
                    uint32_t hold_ms, struct fo_now now)
{
    forget_old_holds(s, now);
    hold(s, address, fo_client_hash(client), hold_ms, now);
}

uint32_t fo_server_lease_time(struct fo_server *s, fo_ipv4_t address,
                              const struct fo_client *client, uint32_t desired_s, struct fo_now now)
{
    const struct fo_endpoint *ep = fo_endpoint_of_address(s, address);
    struct fo_binding b;
    fo_utc_t end, longest;
    if (ep == NULL || fo_lease_db_get(s->leases, address, &b) != FO_OK)
        return desired_s;
    if (!fo_client_equal(&b.client, client) || b.status == FO_STATUS_FREE ||
        b.status == FO_STATUS_BACKUP) {
        b.acked_potential_expiration = fo_utc(0);
        b.received_potential_expiration = fo_utc(0);
    }
    longest = fo_lease_time_longest(&b, lease_base(ep, now.utc), ep->rec.mclt_s);
    end = fo_utc_min(fo_lease_time_grant(&b, now.utc, desired_s, ep->rec.mclt_s), longest);
    if (end.s <= now.utc.s)
        return 0;
    return end.s >= FO_UTC_INFINITE ? FO_LEASE_INFINITE_S : end.s - now.utc.s;
}
