#include <string.h>

#include <criterion/criterion.h>

#include "run_rig.h"

static struct run_rig rig;

static void tear_down(void)
{
    run_rig_fini(&rig);
}
TestSuite(run, .fini = tear_down);

static bool lease_acked(struct run_rig *r)
{
    return r->alpha.acked > 0 && r->beta.applied > 0;
}

Test(run, a_fresh_pair_reaches_normal_and_a_lease_is_acknowledged)
{
    struct fo_binding there;

    run_rig_init(&rig, NULL);
    run_rig_until(&rig, both_normal, 20);
    cr_assert_eq(grant(&rig.alpha, SUBNET + 1, 1, 42), FO_OK);
    run_rig_until(&rig, lease_acked, 5);
    cr_expect_eq(rig.alpha.durable, 1);
    cr_expect_eq(rig.alpha.last_durable, 42);
    cr_expect_eq(rig.alpha.last_acked, 42);
    cr_assert_eq(fo_lease_db_get(fo_server_leases(fo_run_server(rig.beta.run)), SUBNET + 1, &there),
                 FO_OK);
    cr_expect_eq(there.status, FO_STATUS_ACTIVE);
    cr_expect_eq(there.client.hw[6], 1);
}
