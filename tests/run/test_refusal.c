/* A store that refuses: nothing of the batch happened, nobody is promised anything, and it ends. */
#include <string.h>

#include <criterion/criterion.h>

#include "run_rig.h"

static struct run_rig rig;

static void set_up(void)
{
    run_rig_init(&rig, NULL);
    run_rig_until(&rig, both_normal, 20);
}
static void tear_down(void)
{
    run_rig_fini(&rig);
}
TestSuite(refusal, .init = set_up, .fini = tear_down);

static int done_rc, dones;
static void change(void *context, struct fo_server *s, struct fo_now now, struct fo_outbox *out)
{
    (void)context, (void)s, (void)now, (void)out;
}
static void done(void *context, int rc)
{
    (void)context;
    dones++;
    done_rc = rc;
}

static bool alpha_refuses(struct run_rig *r)
{
    return fo_run_store_error(r->alpha.run) != FO_OK;
}
static bool alpha_recovered(struct run_rig *r)
{
    return strstr(r->alpha.log, "the store accepts changes again") != NULL;
}
static bool beta_alone(struct run_rig *r)
{
    return is_state(&r->beta, FO_STATE_COMMUNICATIONS_INTERRUPTED);
}
static bool again_normal_and_told(struct run_rig *r)
{
    return both_normal(r) && r->alpha.acked > 0;
}

static void break_store(const struct fo_store_mem_faults *faults)
{
    fo_store_mem_set_faults(rig.alpha.store, faults);
}

static void expect_refusal_and_recovery(int error)
{
    const char *first;

    cr_assert_eq(fo_run_submit(rig.alpha.run, change, done, NULL), FO_OK);
    cr_assert_eq(grant(&rig.alpha, SUBNET + 1, 1, 42), FO_OK);
    run_rig_until(&rig, alpha_refuses, 5);
    cr_expect_eq(fo_run_store_error(rig.alpha.run), error);
    cr_expect_eq(dones, 1);
    cr_expect_eq(done_rc, error);
    cr_expect_eq(rig.alpha.durable, 0, "what is not stored is not promised");
    cr_expect_eq(fo_run_submit(rig.alpha.run, change, done, NULL), error);
    cr_expect_eq(grant(&rig.alpha, SUBNET + 1, 1, 43), error);
    run_rig_until(&rig, beta_alone, 5);
    cr_expect_eq(rig.beta.applied, 0, "and the partner never heard of it");

    run_rig_until(&rig, alpha_recovered, 10);
    cr_expect_eq(fo_run_store_error(rig.alpha.run), FO_OK);
    run_rig_until(&rig, both_normal, 20);
    cr_assert_eq(grant(&rig.alpha, SUBNET + 1, 1, 44), FO_OK);
    run_rig_until(&rig, again_normal_and_told, 10);
    cr_expect_eq(rig.alpha.last_acked, 44);
    first = strstr(rig.alpha.log, "the store refuses");
    cr_assert_not_null(first);
    cr_expect_null(strstr(first + 1, "the store refuses"), "one line when it begins");
}

Test(refusal, a_full_disk_refuses_and_recovers)
{
    break_store(&(struct fo_store_mem_faults){.commit = {.times = 3, .err = FO_EFULL}});
    expect_refusal_and_recovery(FO_EFULL);
}

Test(refusal, a_transaction_that_does_not_begin_refuses_and_recovers)
{
    break_store(&(struct fo_store_mem_faults){.begin = {.times = 2, .err = FO_EIO}});
    expect_refusal_and_recovery(FO_EIO);
}

Test(refusal, a_write_that_fails_refuses_and_recovers)
{
    break_store(&(struct fo_store_mem_faults){.put = {.times = 2, .err = FO_EFULL}});
    expect_refusal_and_recovery(FO_EFULL);
}

/* When the disk cannot even be read the old server stays until it can, and nobody is served. */
Test(refusal, a_store_that_can_neither_write_nor_read_recovers_too)
{
    break_store(&(struct fo_store_mem_faults){.commit = {.times = 1, .err = FO_EIO},
                                              .get = {.times = 1, .err = FO_EIO}});
    expect_refusal_and_recovery(FO_EIO);
}

Test(refusal, a_server_whose_store_refuses_can_be_stopped)
{
    break_store(&(struct fo_store_mem_faults){.commit = {.times = -1, .err = FO_EFULL}});
    cr_assert_eq(grant(&rig.alpha, SUBNET + 1, 1, 42), FO_OK);
    run_rig_until(&rig, alpha_refuses, 5);
    fo_run_stop(rig.alpha.run, 60000);
    event_base_dispatch(rig.base); /* returns, or the test runs out of time */
}

Test(refusal, a_store_that_cannot_be_read_keeps_a_server_from_starting)
{
    struct fo_run_options options = {.store = fo_store_mem_new(), .base = rig.base};
    struct fo_run *run = NULL;
    char why[256] = "";

    fo_store_mem_set_faults(options.store,
                            &(struct fo_store_mem_faults){.get = {.times = -1, .err = FO_EIO}});
    cr_expect_eq(fo_run_new(&options, &run, why, sizeof why), FO_EIO);
    cr_expect_null(run);
    cr_expect_not_null(strstr(why, "cannot start"), "%s", why);
    fo_store_free(options.store); /* still ours */
}
