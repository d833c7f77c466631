/* Messages as they leave and arrive. A connection may end at one end earlier than at the other:
 * each end has a conversation of its own, which begins anew with each connection. */
#include "tests/sim/wire.h"

#include <string.h>

#include "tests/sim/check.h"

static struct sim_pair *pair_of(struct sim *k, const struct world_link *l, int end, int *out_side)
{
    int here = l->server[end], there = l->server[!end];
    for (int n = 0; n < k->pairs; n++)
        for (int i = 0; i < SIDES; i++)
            if (k->pair[n].server[i] == here && k->pair[n].server[!i] == there) {
                *out_side = i;
                return &k->pair[n];
            }
    return NULL;
}

/* Handshakes of another connection do not end the conversation. */
static struct sim_talk *talk_on(struct sim_pair *p, int side, const struct world_link *l)
{
    struct sim_talk *t = &p->talk[side];
    if (t->link != l->number)
        *t = (struct sim_talk){.link = l->number};
    return t;
}

static bool is_of_talk(const struct fo_message *m)
{
    return m->type == FO_MSG_BNDUPD || m->type == FO_MSG_BNDACK || m->type == FO_MSG_UPDREQ ||
           m->type == FO_MSG_UPDREQALL || m->type == FO_MSG_UPDDONE;
}

static bool find(const struct sim *k, const struct sim_pair *p, fo_ipv4_t address,
                 unsigned *out_scope, unsigned *out_n)
{
    for (unsigned scope = 0; scope < 1u + p->has_second; scope++) {
        fo_ipv4_t first = sim_address(k, p, scope, 0);
        if (address < first || address >= first + ADDRESSES)
            continue;
        *out_scope = scope;
        *out_n = address - first;
        return true;
    }
    return false;
}

static bool over(unsigned status)
{
    return status == FO_STATUS_EXPIRED || status == FO_STATUS_RELEASED;
}

/* --- what leaves --------------------------------------------------------------------------------
 */

static void tells(struct sim *k, struct sim_pair *p, int side, struct sim_talk *t,
                  const struct fo_message *m)
{
    unsigned scope, n;
    for (size_t i = 0; i < m->group_count; i++) {
        const struct fo_group *g = &m->groups[i];
        struct sim_word *w;
        if (!find(k, p, g->address, &scope, &n))
            continue;
        w = &t->word[scope][n];
        if (w->under_way)
            sim_broken(k, "updates: %s side %d overtakes its own word about .%u.%u", p->name, side,
                       scope, g->address & 0xff);
        w->under_way = true;
        w->stale = false;
        w->status = g->status;
        w->xid = m->xid;
        if (over(g->status)) {
            p->end_told_ms[side][scope][n] = k->w.now_ms;
            p->end_told_of[side][scope][n] = g->client_last_transaction_time;
        }
    }
}

static void answers(struct sim *k, struct sim_pair *p, int side, struct sim_talk *t,
                    const struct fo_message *m)
{
    unsigned scope, n;
    for (size_t i = 0; i < m->group_count; i++) {
        const struct fo_group *g = &m->groups[i];
        bool refused = (g->present & FO_OPT_BIT(FO_OPT_REJECT_REASON)) != 0;
        if (!find(k, p, g->address, &scope, &n) || t->heard[scope][n].xid != m->xid)
            continue;
        check_verdict(k, p, side, &t->heard[scope][n], refused ? g->reject_reason : 0);
        if (refused)
            continue;
        p->outdated[side][scope][n] = false; /* it stands by the partner's word now */
        t->word[scope][n].due = false;       /* nothing is left to tell */
        if (t->heard[scope][n].said.status == FO_STATUS_ACTIVE)
            p->end_told_ms[side][scope][n] = 0; /* the partner knows of a lease after that end */
    }
}

/* §7.5: not before everything that was asked for is acknowledged, accepted or not. */
static void is_done(struct sim *k, const struct sim_pair *p, int side, const struct sim_talk *t)
{
    for (unsigned scope = 0; scope < 1u + p->has_second; scope++)
        for (unsigned n = 0; n < ADDRESSES; n++)
            if (t->word[scope][n].due)
                sim_broken(k, "update done: %s side %d has not heard that .%u.%u arrived", p->name,
                           side, scope, sim_address(k, p, scope, n) & 0xff);
}

void wire_departure(void *context, const struct world_link *l, int end, const uint8_t *data,
                    size_t length)
{
    struct sim *k = context;
    struct fo_frame_cutter whole = {.held = 0};
    const uint8_t *one;
    size_t one_length;
    int side;
    struct sim_pair *p = pair_of(k, l, end, &side);
    while (p != NULL && fo_frame_next(&whole, &data, &length, &one, &one_length) == 1) {
        struct fo_message *m = &k->message;
        struct sim_talk *t;
        if (fo_message_decode(one, one_length, m, NULL) != FO_OK || !is_of_talk(m))
            continue;
        t = talk_on(p, side, l);
        if (m->type == FO_MSG_BNDUPD)
            tells(k, p, side, t, m);
        else if (m->type == FO_MSG_BNDACK)
            answers(k, p, side, t, m);
        else if (m->type == FO_MSG_UPDREQ || m->type == FO_MSG_UPDREQALL)
            t->asks_in = (uint8_t)sim_state(k, p, side);
        else if (m->type == FO_MSG_UPDDONE && m->xid == t->asked_xid)
            is_done(k, p, side, t);
    }
}

/* --- what arrives -------------------------------------------------------------------------------
 */

/* A moment of |side|'s partner by the clock of |side|. */
static fo_utc_t moved(const struct sim *k, const struct sim_pair *p, int side, fo_utc_t t)
{
    int64_t ahead = (int64_t)world_now(&k->w, p->server[side]).utc.s -
                    (int64_t)world_now(&k->w, p->server[!side]).utc.s;
    bool moment = t.s != FO_UTC_NONE && t.s < FO_UTC_INFINITE;
    return moment ? fo_utc((uint32_t)((int64_t)t.s + ahead)) : t;
}

static unsigned client_in(const struct sim *k, const struct fo_group *g)
{
    struct fo_client c = {0};
    if (g->hardware_address.length > FO_HW_MAX)
        return 0;
    c.hw_length = (uint8_t)g->hardware_address.length;
    if (c.hw_length != 0)
        memcpy(c.hw, g->hardware_address.data, c.hw_length);
    c.id = g->client_identifier.data;
    c.id_length = (uint8_t)g->client_identifier.length;
    return sim_client_of(k, &c);
}

static void hears(struct sim *k, const struct sim_pair *p, int side, struct sim_talk *t,
                  const struct fo_message *m)
{
    unsigned scope, n;
    for (size_t i = 0; i < m->group_count; i++) {
        const struct fo_group *g = &m->groups[i];
        struct sim_word *w;
        struct sim_heard *h;
        if (!find(k, p, g->address, &scope, &n))
            continue;
        w = &t->word[scope][n];
        h = &t->heard[scope][n];
        *h = (struct sim_heard){.xid = m->xid, .said = *g, .client = client_in(k, g)};
        h->first = w->delivery != k->delivery && t->delivery != k->delivery;
        h->crossed = w->under_way;
        h->told = w->status;
        h->disputed = p->outdated[side][scope][n];
        h->own = sim_binding(k, p, side, g->address);
        h->holder = sim_client_of(k, &h->own.client);
        h->said.client_last_transaction_time = moved(k, p, side, g->client_last_transaction_time);
        h->said.lease_expiration_time = moved(k, p, side, g->lease_expiration_time);
        h->said.potential_expiration_time = moved(k, p, side, g->potential_expiration_time);
        w->delivery = k->delivery;
    }
}

static void is_answered(struct sim *k, struct sim_pair *p, int side, struct sim_talk *t,
                        const struct fo_message *m)
{
    unsigned scope, n;
    for (size_t i = 0; i < m->group_count; i++) {
        const struct fo_group *g = &m->groups[i];
        struct sim_word *w;
        if (!find(k, p, g->address, &scope, &n) || t->word[scope][n].xid != m->xid)
            continue;
        w = &t->word[scope][n];
        w->under_way = false;
        w->due = w->due && w->stale;
        w->stale = false;
        p->outdated[side][scope][n] = (g->present & FO_OPT_BIT(FO_OPT_REJECT_REASON)) != 0 &&
                                      g->reject_reason == FO_REJECT_OUTDATED_BINDING_INFORMATION;
        w->delivery = k->delivery;
    }
}

/* §7.3, §7.4: what was not acknowledged, or everything that was ever used. */
static void is_asked(struct sim *k, const struct sim_pair *p, int side, struct sim_talk *t,
                     const struct fo_message *m)
{
    bool everything = m->type == FO_MSG_UPDREQALL;
    struct fo_server *s = k->w.side[p->server[side]].server;
    const struct fo_endpoint *ep = fo_endpoint_find(s, p->name);
    for (unsigned scope = 0; ep != NULL && scope < 1u + p->has_second; scope++)
        for (unsigned n = 0; n < ADDRESSES; n++) {
            struct sim_word *w = &t->word[scope][n];
            fo_ipv4_t address = sim_address(k, p, scope, n);
            struct fo_binding b;
            bool used = fo_lease_db_next_in(fo_server_leases(s), sim_subnet(k, p, scope), address,
                                            false, &b) &&
                        b.address == address;
            bool lacks = used && (everything || b.acked_epoch != ep->rec.update_epoch);
            w->due = lacks && w->delivery != k->delivery;
            w->stale = w->under_way && used && over(b.status) && b.status != w->status;
        }
    t->asked_xid = m->xid;
    if (everything)
        t->delivery = k->delivery;
}

void wire_arrival(void *context, const struct world_link *l, int end, const uint8_t *data,
                  size_t length)
{
    struct sim *k = context;
    struct sim_ear *ear = &k->ear[l - k->w.links][end];
    const uint8_t *one;
    size_t one_length;
    int side;
    struct sim_pair *p = pair_of(k, l, end, &side);
    if (ear->link != l->number) {
        ear->link = l->number;
        ear->cutter.held = 0;
    }
    k->delivery++;
    while (p != NULL && fo_frame_next(&ear->cutter, &data, &length, &one, &one_length) == 1) {
        struct fo_message *m = &k->message;
        struct sim_talk *t;
        if (fo_message_decode(one, one_length, m, NULL) != FO_OK)
            continue;
        if (m->type == FO_MSG_STATE && fo_state_from_wire(m->server_state) == FO_STATE_PARTNER_DOWN)
            p->taken_over[side] = moved(k, p, side, m->start_time_of_state);
        if (!is_of_talk(m))
            continue;
        t = talk_on(p, side, l);
        if (m->type == FO_MSG_BNDUPD)
            hears(k, p, side, t, m);
        else if (m->type == FO_MSG_BNDACK)
            is_answered(k, p, side, t, m);
        else if (m->type == FO_MSG_UPDREQ || m->type == FO_MSG_UPDREQALL)
            is_asked(k, p, side, t, m);
    }
}
