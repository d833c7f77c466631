#include <poll.h>
#include <string.h>

#include <criterion/criterion.h>

#include "fo/run/jobs.h"

static struct fo_jobs jobs;
static int dones, last_rc;

static void set_up(void)
{
    cr_assert_eq(fo_jobs_init(&jobs), FO_OK);
}
static void tear_down(void)
{
    fo_jobs_fini(&jobs);
}
TestSuite(jobs, .init = set_up, .fini = tear_down);

static void change(void *context, struct fo_server *s, struct fo_now now, struct fo_outbox *out)
{
    (void)context, (void)s, (void)now, (void)out;
}
static void done(void *context, int rc)
{
    (void)context;
    dones++;
    last_rc = rc;
}
static bool readable(void)
{
    struct pollfd p = {.fd = jobs.fd, .events = POLLIN};

    return poll(&p, 1, 0) == 1;
}

Test(jobs, a_job_wakes_the_loop_and_is_taken_in_order)
{
    struct fo_job_list list;
    int first, second;

    cr_expect(!readable());
    cr_assert_eq(fo_jobs_add(&jobs, change, done, &first), FO_OK);
    cr_assert_eq(fo_jobs_add(&jobs, change, done, &second), FO_OK);
    cr_expect(readable());
    (void)fo_jobs_take(&jobs, SIZE_MAX, &list);
    cr_expect_eq(STAILQ_FIRST(&list)->context, &first);
    cr_expect_eq(STAILQ_NEXT(STAILQ_FIRST(&list), next)->context, &second);
    fo_jobs_finish(&list, FO_EFULL);
    cr_expect_eq(dones, 2);
    cr_expect_eq(last_rc, FO_EFULL);
    (void)fo_jobs_take(&jobs, SIZE_MAX, &list);
    cr_expect(STAILQ_EMPTY(&list));
}

Test(jobs, as_many_are_taken_as_asked_for_and_the_rest_waits)
{
    struct fo_job_list list;
    int first, second;

    cr_assert_eq(fo_jobs_add(&jobs, change, done, &first), FO_OK);
    cr_assert_eq(fo_jobs_add(&jobs, change, done, &second), FO_OK);
    cr_expect(fo_jobs_take(&jobs, 1, &list), "more wait");
    cr_expect_eq(STAILQ_FIRST(&list)->context, &first);
    cr_expect_null(STAILQ_NEXT(STAILQ_FIRST(&list), next));
    fo_jobs_finish(&list, FO_OK);
    cr_expect(!fo_jobs_take(&jobs, 1, &list));
    cr_expect_eq(STAILQ_FIRST(&list)->context, &second);
    fo_jobs_finish(&list, FO_OK);
}

Test(jobs, an_event_is_copied_with_what_it_borrows)
{
    uint8_t id[3] = {1, 2, 3};
    char name[] = "alpha";
    struct fo_event report = {.kind = FO_EVENT_REPORT};
    struct fo_event command = {.kind = FO_EVENT_COMMAND};
    struct fo_job_list list;
    const struct fo_event *got;

    report.report.address = 0x0a000001;
    report.report.client.id = id;
    report.report.client.id_length = sizeof id;
    command.command.relationship = name;
    cr_assert_eq(fo_jobs_add_event(&jobs, &report), FO_OK);
    cr_assert_eq(fo_jobs_add_event(&jobs, &command), FO_OK);
    memset(id, 0, sizeof id);
    memset(name, 'x', sizeof name - 1);

    (void)fo_jobs_take(&jobs, SIZE_MAX, &list);
    got = &STAILQ_FIRST(&list)->event;
    cr_expect_eq(got->report.address, 0x0a000001u);
    cr_expect_arr_eq(got->report.client.id, ((const uint8_t[]){1, 2, 3}), 3);
    got = &STAILQ_NEXT(STAILQ_FIRST(&list), next)->event;
    cr_expect_str_eq(got->command.relationship, "alpha");
    fo_jobs_finish(&list, FO_OK);
}

Test(jobs, what_happens_to_links_is_not_for_others_to_say)
{
    const struct fo_event up = {.kind = FO_EVENT_LINK_UP};

    cr_expect_eq(fo_jobs_add_event(&jobs, &up), FO_EINVAL);
}

Test(jobs, refused_jobs_hear_why)
{
    fo_jobs_refuse(&jobs, FO_EIO);
    cr_expect_eq(fo_jobs_add(&jobs, change, done, NULL), FO_EIO);
    fo_jobs_refuse(&jobs, FO_OK);
    cr_expect_eq(fo_jobs_add(&jobs, change, done, NULL), FO_OK);
    cr_expect_eq(dones, 0);
}

Test(jobs, there_is_a_limit)
{
    struct fo_job_list list;
    int rc = FO_OK, count = 0;

    while (rc == FO_OK && count < 100000) {
        rc = fo_jobs_add(&jobs, change, NULL, NULL);
        count += rc == FO_OK;
    }
    cr_expect_eq(rc, FO_ELIMIT);
    cr_expect_eq(count, 65536);
    (void)fo_jobs_take(&jobs, SIZE_MAX, &list);
    fo_jobs_finish(&list, FO_OK);
    cr_expect_eq(fo_jobs_add(&jobs, change, NULL, NULL), FO_OK);
}

Test(jobs, jobs_left_at_the_end_hear_that_it_is_closed)
{
    struct fo_jobs own;

    cr_assert_eq(fo_jobs_init(&own), FO_OK);
    cr_assert_eq(fo_jobs_add(&own, change, done, NULL), FO_OK);
    fo_jobs_fini(&own);
    cr_expect_eq(dones, 1);
    cr_expect_eq(last_rc, FO_ECLOSED);
}
