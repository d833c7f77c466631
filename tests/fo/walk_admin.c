/* What an administrator does while the two servers walk: leases by hand, another MCLT,
 * reservations. */
#include <string.h>

#include "tests/fo/walk.h"

/* --- leases by hand: no client renews them, their server does ----------------------------------
 */

void walk_lease_by_hand(struct walk *k, unsigned n, int side)
{
    struct fo_server *s = k->w.side[side].server;
    struct walk_client *c = &k->client[n];
    struct fo_report r = {.kind = FO_REPORT_GRANT, .client = world_client(n)};
    struct fo_now now = world_now(&k->w, side);
    uint32_t seconds;
    if (c->address != 0 || k->w.now_ms < c->quiet_ms || !k->w.side[side].alive ||
        fo_server_may_serve(s, SUBNET, &r.client, FO_CLIENT_RENEW, 0) != FO_ANSWER_SERVE ||
        fo_server_choose(s, SUBNET, &r.client, 0, 0, now, &r.address) != FO_OK)
        return;
    r.flags = FO_BINDING_EXTEND;
    r.desired_s = 60 + walk_below(k, 1200);
    seconds = fo_server_lease_time(s, r.address, &r.client, r.desired_s, now);
    if (seconds == 0)
        return;
    r.lease_end = fo_utc_add(now.utc, seconds);
    walk_check_grant(k, side, &r);
    if (!world_report(&k->w, side, &r))
        return;
    k->by_hand++;
    *c = (struct walk_client){r.address,   k->w.now_ms + SECONDS((int64_t)seconds),
                              k->w.now_ms, k->w.now_ms + SECONDS(6),
                              side,        true};
}

/* Nobody told a client: it has the lease for as long as the server that gave it says. */
void walk_look_at_hand_made(struct walk *k)
{
    for (unsigned n = 0; n < WALK_CLIENTS; n++) {
        struct walk_client *c = &k->client[n];
        struct fo_client who = world_client(n);
        struct fo_binding b;
        if (!c->by_hand || c->address == 0 || !k->w.side[c->server].alive)
            continue;
        b = world_binding(&k->w, c->server, c->address);
        if (b.status == FO_STATUS_ACTIVE && fo_client_equal(&b.client, &who))
            c->end_ms = SECONDS((int64_t)b.lease_expiration.s -
                                k->w.side[c->server].clock_offset_s - WORLD_UTC);
        else
            c->address = 0;
    }
}

/* --- another MCLT ------------------------------------------------------------------------------
 */

struct new_mclt {
    struct fo_relationship r;
};

static void set_mclt(void *context, struct fo_server *s, struct fo_now now, struct fo_outbox *out)
{
    struct new_mclt *m = context;
    (void)fo_server_relationship_set(s, &m->r, FO_SET_MCLT, now, out, NULL, 0);
}

void walk_change_mclt(struct walk *k, int side)
{
    struct new_mclt m = {.r = *world_relationship(&k->w, side)};
    m.r.mclt_s = 60 + walk_below(k, 600);
    if (m.r.mclt_s > k->mclt_s)
        k->mclt_s = m.r.mclt_s; /* what the checks and the waits reckon with */
    for (int i = 0; i < SIDES; i++)
        if (k->w.side[i].alive && (i == side || walk_below(k, 2) == 0))
            world_change(&k->w, i, set_mclt, &m);
}

/* --- reservations ------------------------------------------------------------------------------
 */

static void set_scope(void *context, struct fo_server *s, struct fo_now now, struct fo_outbox *out)
{
    const struct walk *k = context;
    struct fo_range range = {ADDRESS(10), ADDRESS(10 + WALK_ADDRESSES - 1)};
    struct fo_reservation list[WALK_RESERVATIONS] = {{0}};
    struct fo_scope scope = {.subnet = SUBNET, .mask = 0xffffff00u};
    (void)now;
    for (unsigned i = 0; i < WALK_RESERVATIONS; i++) {
        struct fo_client c = world_client(i);
        if (!k->reserved[i])
            continue;
        list[scope.reservation_count].address = ADDRESS(10 + 5 * i);
        list[scope.reservation_count].id_length = 6;
        memcpy(list[scope.reservation_count++].id, c.hw + 1, 6);
    }
    scope.ranges = &range;
    scope.range_count = 1;
    scope.reservations = list;
    (void)fo_server_scope_set(s, &scope, out, NULL, 0);
}

/* On both servers at once, as replicate does: while both run. */
void walk_reserve(struct walk *k)
{
    const struct fo_store_mem_faults none = {0};
    unsigned which = walk_below(k, WALK_RESERVATIONS);
    if (!k->w.side[0].alive || !k->w.side[1].alive)
        return;
    k->reserved[which] = !k->reserved[which];
    for (int i = 0; i < SIDES; i++) {
        fo_store_mem_set_faults(k->w.side[i].store, &none);
        world_change(&k->w, i, set_scope, k);
    }
}
