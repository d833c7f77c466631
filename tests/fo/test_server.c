#include <criterion/criterion.h>

#include "tests/sim/world.h"

Test(server, a_virgin_pair_reaches_normal_without_waiting_for_mclt)
{
    struct world w; /* S-05, I-01 between our own */
    world_init(&w);
    world_pair_both(&w, NULL);
    cr_assert(world_until(&w, FO_STATE_NORMAL, FO_STATE_NORMAL, SECONDS(30)));
    world_fini(&w);
}

Test(server, a_lease_reported_on_one_side_is_held_and_acknowledged_by_the_other)
{
    struct world w;
    fo_ipv4_t address;
    struct fo_binding b;
    world_init(&w);
    world_pair_both(&w, NULL);
    cr_assert(world_until(&w, FO_STATE_NORMAL, FO_STATE_NORMAL, SECONDS(30)));
    address = world_lease(&w, 0, 7, 3600);
    cr_assert_neq(address, 0);
    world_run(&w, SECONDS(1));
    b = world_binding(&w, 1, address);
    cr_assert_eq(b.status, FO_STATUS_ACTIVE);
    cr_assert_eq(w.side[0].acked, 1);
    cr_assert_gt(world_binding(&w, 0, address).acked_potential_expiration.s, 0);
    cr_assert_null(world_difference(&w), "%s", world_difference(&w));
    world_fini(&w);
}

static void isc(struct fo_relationship *r)
{
    r->dialect = FO_DIALECT_ISC;
}

/* One side told to speak as dhcpd does, the other not: no one's pleasure, but safe and in step. */
Test(server, a_pair_of_two_dialects_works)
{
    for (int who = 0; who < SIDES; who++) {
        struct world w;
        world_init(&w);
        for (int i = 0; i < SIDES; i++) {
            world_scope(&w, i, 10, 209);
            cr_assert_eq(world_pair(&w, i, "alpha", i == who ? isc : NULL), ERROR_SUCCESS);
        }
        cr_assert(world_until(&w, FO_STATE_NORMAL, FO_STATE_NORMAL, SECONDS(90)));
        world_run(&w, MINUTES(3));
        world_cut(&w);
        world_run(&w, SECONDS(40));
        for (unsigned n = 0; n < 60; n++)
            cr_assert_neq(world_lease(&w, (int)(n & 1), n, 900), 0);
        world_heal(&w);
        cr_assert(world_until(&w, FO_STATE_NORMAL, FO_STATE_NORMAL, SECONDS(90)));
        world_run(&w, SECONDS(10));
        cr_assert_null(world_difference(&w), "%s", world_difference(&w));
        world_run(&w, MINUTES(20)); /* every lease ends */
        cr_assert_null(world_difference(&w), "%s", world_difference(&w));
        for (unsigned n = 10; n <= 209; n++)
            cr_assert_neq(world_binding(&w, 0, ADDRESS(n)).status, FO_STATUS_ACTIVE);
        world_fini(&w);
    }
}
