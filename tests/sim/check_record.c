/* What a server's own record forbids it, by its own clock and to the second: when a lease may end,
 * and when another client may have the address (draft-12 §5.2.2, §5.11, §9.4.2). */
#include "tests/sim/check.h"

/* Until when the partner may have promised the lease, MCLT not added. */
static fo_utc_t promised_until(const struct fo_binding *b)
{
    fo_utc_t latest = b->lease_expiration;
    if ((b->flags & FO_BINDING_LATE) != 0) /* given when nobody could promise it any more */
        return latest;
    latest = fo_utc_max(latest, b->sent_potential_expiration);
    latest = fo_utc_max(latest, b->acked_potential_expiration);
    return fo_utc_max(latest, b->received_potential_expiration);
}

static bool alone(const struct fo_endpoint *ep)
{
    return ep->state == FO_STATE_PARTNER_DOWN && !ep->comms_ok;
}

/* From when PARTNER-DOWN alone allows it (§9.4.2). */
static fo_utc_t alone_from(const struct fo_endpoint *ep, const struct fo_binding *b,
                           uint32_t promised)
{
    if ((b->flags & FO_BINDING_LATE) != 0)
        return fo_utc(promised);
    return fo_utc_add(fo_utc_max(ep->rec.since, fo_utc(promised)), ep->rec.mclt_longest_s);
}

void check_taken(struct sim *k, const struct sim_pair *p, int side, const struct fo_report *r,
                 const struct fo_binding *b)
{
    const struct world_side *s = &k->w.side[p->server[side]];
    const struct fo_endpoint *ep = fo_endpoint_find(s->server, p->name);
    enum fo_role role = side == 0 ? FO_ROLE_PRIMARY : FO_ROLE_SECONDARY;
    bool available = b->status == FO_STATUS_FREE || b->status == FO_STATUS_BACKUP;
    fo_utc_t from = fo_utc(FO_UTC_INFINITE);
    bool may = available ? (b->flags & FO_BINDING_RESERVED) != 0 ||
                               b->status == fo_binding_available_status(role)
                         : sim_same_client(k, &b->client, &r->client);
    if (ep->state == FO_STATE_PARTNER_DOWN &&
        (available || b->status == FO_STATUS_EXPIRED || b->status == FO_STATUS_RELEASED))
        from = alone_from(ep, b, available ? 0 : promised_until(b).s);
    if (!may && world_now(&k->w, p->server[side]).utc.s < from.s)
        sim_broken(k, "reuse: %s side %d gives .%u, which is %s, in %s", p->name, side,
                   r->address & 0xff, fo_binding_status_name(b->status), fo_state_name(ep->state));
}

/* §5.2.2, §9.8.3: once the partner was told that a lease is over its client does not get it back by
 * what this server knows alone: the partner may have given the address to another. Not for MCLT at
 * least, for that lease may be lost with the partner's storage (Draft gap, §9.6.2). */
void check_return(struct sim *k, struct sim_pair *p, int side, const struct fo_report *r,
                  const struct fo_binding *b)
{
    fo_ipv4_t first = sim_address(k, p, 0, 0);
    unsigned scope = (r->address - first) >> 8;
    int64_t *told_ms = &p->end_told_ms[side][scope][(r->address - first) & 0xff];
    const struct fo_endpoint *ep = fo_endpoint_find(k->w.side[p->server[side]].server, p->name);
    if (b->status == FO_STATUS_FREE || b->status == FO_STATUS_BACKUP)
        *told_ms = 0; /* that lease is over for both */
    if (b->status == FO_STATUS_ACTIVE && (b->flags & (FO_BINDING_OURS | FO_BINDING_WITHHELD)) == 0)
        *told_ms = 0; /* the partner told of another since */
    if (b->client_last_transaction.s > p->end_told_of[side][scope][(r->address - first) & 0xff].s)
        *told_ms = 0; /* and of that only the end was seen */
    if (*told_ms == 0 || p->went_back || k->clocks ||
        sim_state(k, p, side) == FO_STATE_PARTNER_DOWN ||
        k->w.now_ms >= *told_ms + SECONDS((int64_t)ep->rec.mclt_longest_s - SLACK_S))
        return;
    sim_broken(k, "returned: %s side %d gives .%u.%u back %lld s after it told that it is free",
               p->name, side, scope, r->address & 0xff, (long long)(k->w.now_ms - *told_ms) / 1000);
}

void check_end(struct sim *k, const struct sim_pair *p, int side, uint8_t was,
               const struct fo_binding *b, uint32_t *promised)
{
    const struct world_side *s = &k->w.side[p->server[side]];
    const struct fo_endpoint *ep = fo_endpoint_find(s->server, p->name);
    fo_utc_t now = world_now(&k->w, p->server[side]).utc;
    bool had_ended = was == FO_STATUS_EXPIRED || was == FO_STATUS_RELEASED;
    if (was == FO_STATUS_ACTIVE && b->status == FO_STATUS_EXPIRED && now.s < b->lease_expiration.s)
        sim_broken(k, "expiry: %s side %d ends .%u %u s early", p->name, side, b->address & 0xff,
                   b->lease_expiration.s - now.s);
    /* |promised| is of the clock as it was then: one that was set since cannot be held to it. */
    if (had_ended && b->status == FO_STATUS_FREE && ep != NULL && alone(ep) &&
        b->acked_epoch == 0 && now.s < *promised && !k->clocks)
        sim_broken(k, "reuse: %s side %d frees .%u %u s early", p->name, side, b->address & 0xff,
                   *promised - now.s);
    *promised = ep != NULL ? alone_from(ep, b, promised_until(b).s).s : 0;
}

/* §7.1.5: the times of a lease are those of its client. The next one has what came with it. */
void check_times(struct sim *k, const struct sim_pair *p, int side, unsigned was,
                 const struct fo_binding *b, const struct sim_heard *h)
{
    bool ours = (b->flags & FO_BINDING_OURS) != 0;
    fo_utc_t said = ours ? fo_utc(0) : h->said.potential_expiration_time;
    uint32_t slack_s = ours ? 0 : SLACK_S + (uint32_t)(p->behind_ms / 1000);
    /* Kept at once for a partner that lost it (Draft gap, §9.6.2): that is its end as well. */
    bool promised = b->sent_potential_expiration.s != 0 &&
                    b->sent_potential_expiration.s != b->lease_expiration.s;
    char text[240];
    if (b->status != FO_STATUS_ACTIVE || was == 0 || was == sim_client_of(k, &b->client) ||
        (b->acked_potential_expiration.s == 0 && (ours || !promised) &&
         (k->clocks || b->received_potential_expiration.s <= fo_utc_add(said, slack_s).s)))
        return;
    sim_broken(k, "times: %s side %d keeps what was promised to %u: %s", p->name, side, was,
               fo_binding_print(b, text, sizeof text));
}

/* What the partner was asked to reckon with, by whoever granted (§5.2.1, T1 = 1/2). */
void check_asked(struct sim *k, struct sim_pair *p, int side, const struct fo_report *r)
{
    unsigned scope = (r->address - sim_address(k, p, 0, 0)) >> 8;
    unsigned i = (r->address - sim_address(k, p, 0, 0)) & 0xff;
    int64_t granted_ms = check_true_ms(k, p, side, r->lease_end) - k->w.now_ms;
    int64_t asked_ms = k->w.now_ms + SECONDS((int64_t)r->desired_s);
    if ((r->flags & FO_BINDING_EXTEND) == 0)
        asked_ms += granted_ms / 2;
    if (asked_ms > p->asked_ms[scope][i])
        p->asked_ms[scope][i] = asked_ms;
}

/* Who asks for everything may have lost it: its partner then keeps leases that it might have given
 * for MCLT beyond what was asked for, and tells so. */
static bool told_everything(struct sim *k, struct sim_pair *p)
{
    for (int i = 0; i < SIDES; i++) {
        const struct world_side *s = &k->w.side[p->server[i]];
        const struct fo_endpoint *ep = s->alive ? fo_endpoint_find(s->server, p->name) : NULL;
        if (ep != NULL && ep->rec.update_epoch != p->epoch[i])
            p->told_all = true;
    }
    return p->told_all;
}

/* No server reckons with more than some server once asked for, but for what two clocks are measured
 * wrong: times that are told to and fro must not grow. */
void check_ahead(struct sim *k, struct sim_pair *p, int side, const struct fo_binding *b,
                 int64_t asked_ms)
{
    fo_utc_t latest = fo_utc_max(b->lease_expiration, b->received_potential_expiration);
    int64_t ahead_ms = check_true_ms(k, p, side, latest) - asked_ms;
    if (b->status == FO_STATUS_ACTIVE && !k->clocks && !p->lied && !told_everything(k, p) &&
        ahead_ms > 2 * SECONDS(SLACK_S) + p->behind_ms)
        sim_broken(k, "ahead: %s side %d reckons with .%u for %lld s more than anybody asked for",
                   p->name, side, b->address & 0xff, (long long)ahead_ms / 1000);
}

void check_begin(struct sim *k, struct sim_pair *p)
{
    for (int i = 0; i < SIDES; i++)
        p->epoch[i] = fo_endpoint_find(k->w.side[p->server[i]].server, p->name)->rec.update_epoch;
}
