/* Figure 7.1.3-1, typed from the draft, and what its notes and the gaps in it add: which of the
 * partner's words a server takes. Compared with what it answers. */
#include "tests/sim/check.h"

enum verdict { MAY, TAKE, REFUSE }; /* MAY: the seconds or a rule of their own decide */

static bool available(unsigned status)
{
    return status == FO_STATUS_FREE || status == FO_STATUS_BACKUP;
}

static bool ends(unsigned status)
{
    return status == FO_STATUS_EXPIRED || status == FO_STATUS_RELEASED;
}

/* Whether |a| is after |b|, as far as two clocks can tell. */
static enum verdict after(const struct sim *k, fo_utc_t a, fo_utc_t b)
{
    int64_t by = (int64_t)a.s - (int64_t)b.s;
    if (a.s == FO_UTC_NONE || b.s == FO_UTC_NONE)
        return a.s != FO_UTC_NONE ? TAKE : REFUSE;
    if (k->clocks)
        return MAY;
    return by > SLACK_S ? TAKE : by < -SLACK_S ? REFUSE : MAY;
}

/* A cell. |own|: what counts of the status that the receiver has. */
static enum verdict cell(const struct sim *k, int side, const struct sim_heard *h, unsigned own,
                         fo_utc_t now)
{
    const struct fo_group *said = &h->said;
    fo_utc_t heard = said->client_last_transaction_time;
    enum verdict time1 = after(k, heard, h->own.client_last_transaction);
    enum verdict time2 = now.s > h->own.lease_expiration.s ? TAKE : REFUSE;
    enum verdict time3 = after(k, heard, h->own.start_of_state);
    switch (own) {
    case FO_STATUS_ACTIVE:
        if (said->status == FO_STATUS_ACTIVE) /* note 5 */
            return side == 1 || h->client == h->holder ? TAKE : REFUSE;
        if (said->status == FO_STATUS_RELEASED)
            return time1;
        return said->status == FO_STATUS_EXPIRED || available(said->status) ? time2 : TAKE;
    case FO_STATUS_EXPIRED:
        return said->status == FO_STATUS_ACTIVE ? time1 : TAKE;
    case FO_STATUS_RELEASED:
        return said->status == FO_STATUS_ACTIVE || said->status == FO_STATUS_EXPIRED ? time1 : TAKE;
    case FO_STATUS_RESET:
        return said->status == FO_STATUS_ACTIVE ? time3 : TAKE;
    case FO_STATUS_ABANDONED:
        return said->status == FO_STATUS_RESET || said->status == FO_STATUS_ABANDONED ? TAKE
                                                                                      : REFUSE;
    default:
        return TAKE;
    }
}

/* What the receiver still waits to be told of, it has said itself (Draft gaps): an address that is
 * on its way to the partner, and a lease of which a later transaction is. */
static enum verdict crossing(const struct sim *k, const struct sim_pair *p, int side,
                             const struct sim_heard *h)
{
    unsigned ours = side == 0 ? FO_STATUS_FREE : FO_STATUS_BACKUP, own = h->own.status;
    bool freed = ends(h->said.status) || h->said.status == FO_STATUS_RESET;
    unsigned becomes = freed ? FO_STATUS_FREE : h->said.status;
    fo_utc_t heard = fo_utc_add(h->said.client_last_transaction_time, SLACK_S);
    bool hands_over = side == 0 || p->dialect[side] == FO_DIALECT_ISC;
    if (hands_over && available(own) && own != ours && becomes == ours)
        return h->told == own ? REFUSE : MAY;
    if ((own == FO_STATUS_ACTIVE || ends(own)) &&
        (ends(h->said.status) || available(h->said.status)) &&
        after(k, h->own.client_last_transaction, heard) != REFUSE)
        return after(k, h->own.client_last_transaction, heard) == TAKE ? REFUSE : MAY;
    return TAKE;
}

static enum verdict expected(const struct sim *k, const struct sim_pair *p, int side,
                             const struct sim_heard *h, fo_utc_t now)
{
    const struct fo_group *said = &h->said;
    bool isc = p->dialect[side] == FO_DIALECT_ISC, over = now.s > h->own.lease_expiration.s;
    bool other = h->client != 0 && h->client != h->holder;
    unsigned own = h->own.status;
    enum verdict v;
    if (own == FO_STATUS_ACTIVE && other && over)
        own = FO_STATUS_EXPIRED; /* Draft gap: it protects its client no longer */
    if (own == FO_STATUS_ACTIVE && other && ends(said->status))
        return REFUSE; /* Draft gap: the end of another's lease */
    if (own == FO_STATUS_ACTIVE && said->status == FO_STATUS_RESET && !over)
        return MAY; /* Draft gap: an operator may not have seen it */
    v = cell(k, side, h, own, now);
    if (h->disputed && !other && ends(own) &&
        (said->status == FO_STATUS_ACTIVE || ends(said->status)))
        return MAY; /* Draft gap: each refused the other's word; who has no lease yields */
    if (isc && own == FO_STATUS_ACTIVE && said->status == FO_STATUS_RELEASED)
        return MAY; /* dated by its end (dialect) */
    if (isc && side == 1 && said->status == FO_STATUS_EXPIRED && v == REFUSE &&
        fo_utc_add(now, 60 + SLACK_S).s > h->own.lease_expiration.s)
        return MAY; /* only the partner tells ends (dialect) */
    if (own == FO_STATUS_RELEASED && said->status == FO_STATUS_ACTIVE && other && v == REFUSE)
        v = after(k, fo_utc_add(said->client_last_transaction_time, SLACK_S),
                  h->own.client_last_transaction); /* Draft gap: within one second */
    if (v != REFUSE && h->crossed && crossing(k, p, side, h) != TAKE)
        return crossing(k, p, side, h);
    return v == TAKE && (said->ip_flags & FO_IP_FLAG_RESERVED) != 0 ? MAY : v;
}

void check_verdict(struct sim *k, const struct sim_pair *p, int side, const struct sim_heard *h,
                   unsigned reason)
{
    enum verdict v =
        h->first ? expected(k, p, side, h, world_now(&k->w, p->server[side]).utc) : MAY;
    if (v == MAY || reason == FO_REJECT_ADDRESS_NOT_IN_POOL || (v == TAKE) == (reason == 0))
        return;
    sim_broken(k, "verdict: %s side %d has .%u %s of %u and %s (%u) that it is %s of %u", p->name,
               side, h->own.address & 0xff, fo_binding_status_name(h->own.status), h->holder,
               reason == 0 ? "took" : "refused", reason, fo_binding_status_name(h->said.status),
               h->client);
}
