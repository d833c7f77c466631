#include <criterion/criterion.h>

#include "tests/fo/world.h"

static void primary_serves_nobody(struct fo_relationship *r)
{
    r->percentage = 0;
}

static void primary_serves_nobody_and_the_partner_is_dhcpd(struct fo_relationship *r)
{
    primary_serves_nobody(r);
    r->dialect = FO_DIALECT_ISC;
}

static unsigned backup_addresses(struct world *w)
{
    unsigned n = 0;
    for (unsigned i = 10; i <= 209; i++)
        n += world_binding(w, 0, ADDRESS(i)).status == FO_STATUS_BACKUP;
    return n;
}

/* §5.4: how many addresses a server needs follows from how many clients it serves. */
Test(balance, the_pool_is_shared_out_as_the_clients_are)
{
    struct world w;
    world_init(&w);
    world_pair_both(&w, primary_serves_nobody);
    cr_assert(world_until(&w, FO_STATE_NORMAL, FO_STATE_NORMAL, SECONDS(30)));
    world_run(&w, MINUTES(3));
    cr_assert_eq(backup_addresses(&w), 200);
    world_fini(&w);
}

/* dhcpd keeps its pools even: a secondary that owns everything gives addresses back. */
Test(balance, with_dhcpd_the_pool_is_halved_whoever_serves_the_clients)
{
    struct world w;
    world_init(&w);
    world_pair_both(&w, primary_serves_nobody_and_the_partner_is_dhcpd);
    cr_assert(world_until(&w, FO_STATE_NORMAL, FO_STATE_NORMAL, SECONDS(30)));
    world_run(&w, MINUTES(3));
    cr_assert_eq(backup_addresses(&w), 100);
    world_fini(&w);
}
