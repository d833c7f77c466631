/* The scenes of two servers under one simulated clock. Whatever fails: the server starts again from
 * its store, as the loop of fo/run does, what a client or the host was told is there, and the two
 * come to NORMAL with equal databases. */
#include <stdlib.h>

#include "tests/sim/world.h"
#include "tests/sweep/sweep.h"

#define LEASES 12

struct scene {
    struct world w;
    fo_ipv4_t promised[LEASES]; /* to client n, for hours; 0: nothing */
};

static void lease(struct scene *s, unsigned n)
{
    fo_ipv4_t address = world_lease(&s->w, (int)(n % 2), n, 36000);
    if (address != 0)
        s->promised[n] = address;
}

static void *pair(void)
{
    struct scene *s = calloc(1, sizeof *s);
    world_init(&s->w);
    for (int i = 0; i < SIDES; i++)
        strike_watch(s->w.side[i].store);
    world_pair_both(&s->w, NULL);
    (void)world_until(&s->w, FO_STATE_NORMAL, FO_STATE_NORMAL, SECONDS(60));
    for (unsigned n = 0; n < LEASES / 2; n++)
        lease(s, n);
    world_run(&s->w, SECONDS(90));
    return s;
}

static void *pair_cut(void)
{
    struct scene *s = pair();
    world_cut(&s->w);
    world_run(&s->w, SECONDS(40));
    for (unsigned n = LEASES / 2; n < LEASES; n++)
        lease(s, n);
    return s;
}

static void connect_again(void *context)
{
    struct scene *s = context;
    world_heal(&s->w);
    world_run(&s->w, SECONDS(15));
}

static void replicate(void *context)
{
    struct scene *s = context;
    for (unsigned n = 0; n < LEASES; n++)
        lease(s, n);
    world_run(&s->w, SECONDS(5));
}

static void resync(void *context)
{
    struct scene *s = context;
    if (s->w.side[1].alive)
        (void)world_command(&s->w, 1, FO_COMMAND_RESYNC);
    world_run(&s->w, SECONDS(10));
}

static void restart(void *context)
{
    struct scene *s = context;
    world_kill(&s->w, 0);
    world_start(&s->w, 0);
    world_run(&s->w, SECONDS(15));
}

static bool holds(struct world *w, int side, fo_ipv4_t address, unsigned n)
{
    struct fo_binding b = world_binding(w, side, address);
    struct fo_client c = world_client(n);
    return b.status == FO_STATUS_ACTIVE && fo_client_equal(&b.client, &c);
}

static const char *judge(void *context)
{
    struct scene *s = context;
    world_heal(&s->w);
    for (int i = 0; i < SIDES; i++)
        if (!s->w.side[i].alive)
            world_start(&s->w, i);
    if (!world_until(&s->w, FO_STATE_NORMAL, FO_STATE_NORMAL, MINUTES(5)))
        return "the two are not in NORMAL after five minutes";
    world_run(&s->w, MINUTES(2));
    for (unsigned n = 0; n < LEASES; n++)
        for (int i = 0; s->promised[n] != 0 && i < SIDES; i++)
            if (!holds(&s->w, i, s->promised[n], n))
                return "a lease that was promised is gone";
    return world_difference(&s->w);
}

static void clear(void *context)
{
    struct scene *s = context;
    world_fini(&s->w);
    free(s);
}

const struct sweep_scene sweep_connect = {"connect", pair_cut, connect_again,
                                          judge,     clear,    SWEEP_ENGINE};
const struct sweep_scene sweep_replicate = {"replicate", pair,  replicate,
                                            judge,       clear, SWEEP_ENGINE};
const struct sweep_scene sweep_resync = {"resync", pair, resync, judge, clear, SWEEP_ENGINE};
const struct sweep_scene sweep_restart = {"restart", pair, restart, judge, clear, SWEEP_ENGINE};
