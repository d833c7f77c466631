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
TestSuite(batch, .init = set_up, .fini = tear_down);

static char order[64], name_a[] = "a", name_b[] = "b";
static uint64_t commits_at_done;

static void note(const char *what)
{
    strncat(order, what, sizeof order - strlen(order) - 1);
}
static void change(void *context, struct fo_server *s, struct fo_now now, struct fo_outbox *out)
{
    (void)s, (void)now, (void)out;
    note(context);
}
static void done(void *context, int rc)
{
    struct fo_run_stats stats;

    cr_expect_eq(rc, FO_OK);
    note(context);
    note("! ");
    fo_run_get_stats(rig.alpha.run, &stats);
    commits_at_done = stats.commits;
}

Test(batch, changes_of_one_turn_share_a_commit_and_hear_of_it_afterwards)
{
    struct fo_run_stats before, after;

    fo_run_get_stats(rig.alpha.run, &before);
    cr_assert_eq(fo_run_submit(rig.alpha.run, change, done, name_a), FO_OK);
    cr_assert_eq(fo_run_submit(rig.alpha.run, change, done, name_b), FO_OK);
    cr_expect_str_eq(order, "", "nothing runs before the loop does");
    run_rig_turns(&rig, 30);
    cr_expect_str_eq(order, "aba! b! ");
    fo_run_get_stats(rig.alpha.run, &after);
    cr_expect_eq(commits_at_done, before.commits + 1);
    cr_expect_geq(after.events, before.events);
}

static bool hundred_acked(struct run_rig *r)
{
    return r->alpha.acked == 100;
}

Test(batch, a_hundred_reports_in_a_row_are_one_commit)
{
    struct fo_run_stats before, after;

    fo_run_get_stats(rig.alpha.run, &before);
    for (uint8_t i = 1; i <= 100; i++)
        cr_assert_eq(grant(&rig.alpha, SUBNET + i, i, i), FO_OK);
    while (rig.alpha.durable == 0)
        event_base_loop(rig.base, EVLOOP_ONCE);
    fo_run_get_stats(rig.alpha.run, &after);
    cr_expect_eq(rig.alpha.durable, 100);
    cr_expect_eq(after.commits, before.commits + 1);
    run_rig_until(&rig, hundred_acked, 10);
}

static bool resubmitted_ran(struct run_rig *r)
{
    (void)r;
    return strcmp(order, "a! b! ") == 0;
}
static void quiet_change(void *context, struct fo_server *s, struct fo_now now,
                         struct fo_outbox *out)
{
    (void)context, (void)s, (void)now, (void)out;
}
static void submit_again(void *context, int rc)
{
    note(context);
    note("! ");
    cr_expect_eq(rc, FO_OK);
    cr_assert_eq(fo_run_submit(rig.alpha.run, quiet_change, done, name_b), FO_OK);
}

Test(batch, what_is_submitted_from_within_a_batch_is_the_next_one)
{
    cr_assert_eq(fo_run_submit(rig.alpha.run, quiet_change, submit_again, name_a), FO_OK);
    run_rig_until(&rig, resubmitted_ran, 5);
}
