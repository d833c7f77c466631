/* What a server's own record forbids it, by its own clock and to the second: when a lease may end,
 * and when another client may have the address (draft-12 §5.2.2, §5.11, §9.4.2). */
#include "fo/endpoint.h"
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
                         : fo_client_equal(&b->client, &r->client);
    if (ep->state == FO_STATE_PARTNER_DOWN &&
        (available || b->status == FO_STATUS_EXPIRED || b->status == FO_STATUS_RELEASED))
        from = alone_from(ep, b, available ? 0 : promised_until(b).s);
    if (!may && world_now(&k->w, p->server[side]).utc.s < from.s)
        sim_broken(k, "reuse: %s side %d gives .%u, which is %s, in %s", p->name, side,
                   r->address & 0xff, fo_binding_status_name(b->status), fo_state_name(ep->state));
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
