/* What a server believes that its partner knows (its marks, §5.17) the partner has to know. */
#include "tests/sim/check.h"

#define DISPUTE_S 180

/* An address as its two servers have it. */
struct view {
    const struct fo_endpoint *ep[SIDES];
    struct fo_binding b[SIDES];
    bool told[SIDES]; /* the side believes that the other is up to date */
    unsigned scope, n;
};

static bool under_way(const struct sim_pair *p, const struct view *v)
{
    return p->talk[0].word[v->scope][v->n].under_way || p->talk[1].word[v->scope][v->n].under_way;
}

static bool leased(const struct fo_binding *b)
{
    return b->status == FO_STATUS_ACTIVE || b->status == FO_STATUS_EXPIRED ||
           b->status == FO_STATUS_RELEASED;
}

/* Both believe it, and nothing is under way: then they have the same. */
static void check_alike(struct sim *k, const struct sim_pair *p, const struct view *v)
{
    const struct fo_binding *a = &v->b[0], *b = &v->b[1];
    char one[240], two[240];
    if (!v->told[0] || !v->told[1] || under_way(p, v) ||
        (a->status == b->status &&
         (a->status != FO_STATUS_ACTIVE || sim_same_client(k, &a->client, &b->client))))
        return;
    sim_broken(k, "alike: %s: both believe that the other knows: %s | %s", p->name,
               fo_binding_print(a, one, sizeof one), fo_binding_print(b, two, sizeof two));
}

/* The time by which |b| may be renewed, MCLT not added, and the one it reckons with. */
static fo_utc_t renewed_by(const struct fo_binding *b)
{
    return fo_utc_max(b->acked_potential_expiration, b->received_potential_expiration);
}

static fo_utc_t reckons_with(const struct fo_binding *b)
{
    return fo_utc_max(fo_utc_max(b->lease_expiration, b->sent_potential_expiration), renewed_by(b));
}

/* |t| by the clock of |side|, in true milliseconds from now. */
static int64_t left_ms(const struct sim *k, const struct sim_pair *p, int side, fo_utc_t t)
{
    return SECONDS((int64_t)t.s - (int64_t)world_now(&k->w, p->server[side]).utc.s);
}

/* The end of the lease as its client was told by |side|; 0: it was not. */
static int64_t client_left_ms(const struct sim *k, const struct sim_pair *p, int side,
                              const struct fo_binding *b)
{
    unsigned n = sim_client_of(k, &b->client);
    const struct sim_client *c = n != 0 ? &k->client[n - 1] : NULL;
    bool holds = c != NULL && c->address == b->address && c->server == p->server[side];
    return holds && !c->by_hand && !p->losing && !p->lied ? c->end_ms - k->w.now_ms : 0;
}

/* §5.2.1, §7.1.5: of a lease that |side| believes known its partner knows the end, and all that it
 * may be renewed by. */
static void check_reckoned(struct sim *k, const struct sim_pair *p, int side, const struct view *v)
{
    const struct fo_binding *b = &v->b[side], *partners = &v->b[!side];
    int64_t slack = SECONDS(SLACK_S) + p->behind_ms, by, ends, known;
    char one[240], two[240];
    if (!v->told[side] || b->status != FO_STATUS_ACTIVE || v->ep[!side]->rec.lost_storage ||
        !leased(partners) || !sim_same_client(k, &b->client, &partners->client))
        return;
    by = left_ms(k, p, side, renewed_by(b));
    ends = client_left_ms(k, p, side, b);
    known = left_ms(k, p, !side, reckons_with(partners));
    if ((by > slack && by > known + slack) || (ends > slack && ends > known + slack))
        sim_broken(k, "reckoned: %s side %d goes by more than the other knows: %s | %s", p->name,
                   side, fo_binding_print(b, one, sizeof one),
                   fo_binding_print(partners, two, sizeof two));
}

/* Draft gap (§7.1.3): that each refused the other's word of a lease is settled at once; where it is
 * over for one of the two clocks only, with the end of the other. */
static void check_disputed(struct sim *k, struct sim_pair *p, const struct view *v)
{
    int64_t *since_ms = &p->disputed_ms[v->scope][v->n];
    bool normal = v->ep[0]->state == FO_STATE_NORMAL && v->ep[1]->state == FO_STATE_NORMAL;
    char one[240], two[240];
    bool both = normal && v->ep[0]->comms_ok && v->ep[1]->comms_ok && !under_way(p, v) &&
                p->outdated[0][v->scope][v->n] && p->outdated[1][v->scope][v->n] &&
                leased(&v->b[0]) && leased(&v->b[1]) &&
                sim_same_client(k, &v->b[0].client, &v->b[1].client);
    if (!both || *since_ms == 0)
        *since_ms = both ? k->w.now_ms : 0;
    else if (k->w.now_ms > *since_ms + SECONDS(DISPUTE_S))
        sim_broken(k, "disputed: %s: each refused the other's word: %s | %s", p->name,
                   fo_binding_print(&v->b[0], one, sizeof one),
                   fo_binding_print(&v->b[1], two, sizeof two));
}

void check_known(struct sim *k, struct sim_pair *p)
{
    struct view v;
    if (p->went_back || k->clocks)
        return;
    for (int i = 0; i < SIDES; i++) {
        const struct world_side *s = &k->w.side[p->server[i]];
        v.ep[i] = s->alive ? fo_endpoint_find(s->server, p->name) : NULL;
    }
    if (v.ep[0] == NULL || v.ep[1] == NULL)
        return;
    for (v.scope = 0; v.scope < 1u + p->has_second; v.scope++)
        for (v.n = 0; v.n < ADDRESSES; v.n++) {
            for (int i = 0; i < SIDES; i++) {
                v.b[i] = sim_binding(k, p, i, sim_address(k, p, v.scope, v.n));
                v.told[i] = v.b[i].acked_epoch == v.ep[i]->rec.update_epoch;
            }
            check_alike(k, p, &v);
            check_disputed(k, p, &v);
            for (int i = 0; i < SIDES; i++)
                check_reckoned(k, p, i, &v);
        }
}
