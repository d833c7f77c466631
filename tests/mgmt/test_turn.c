/* Connections take turns, and no turn of the loop lasts long. */
#include <criterion/criterion.h>

#include "fo/run/clock.h"
#include "mgmt/turn.h"
#include "proto/err.h"

struct worker {
    struct fo_turn turn;
    unsigned left, done, took_us;
};
static unsigned order[64], order_count;
static struct worker workers[4];

static bool work(struct fo_turn *turn)
{
    struct worker *w = (struct worker *)(void *)turn; /* its first member */
    uint64_t until = fo_run_clock_us() + w->took_us;
    while (fo_run_clock_us() < until)
        ;
    if (order_count < 64)
        order[order_count++] = (unsigned)(w - workers);
    w->done++;
    return --w->left > 0;
}

Test(turn, everybody_does_one_piece_before_anybody_does_a_second)
{
    struct event_base *base = event_base_new();
    struct fo_turns turns = {0};
    cr_assert_eq(fo_turns_init(&turns, base, work), FO_OK);
    for (unsigned n = 0; n < 3; n++) {
        workers[n] = (struct worker){.left = 5};
        fo_turn_want(&turns, &workers[n].turn);
        fo_turn_want(&turns, &workers[n].turn); /* waits already */
    }
    (void)event_base_dispatch(base);
    cr_assert_eq(order_count, 15);
    for (unsigned i = 0; i < order_count; i++)
        cr_expect_eq(order[i], i % 3, "%u", i);
    fo_turns_fini(&turns);
    event_base_free(base);
}

static unsigned others;

static void other_work(evutil_socket_t fd, short what, void *context)
{
    const struct timeval at_once = {0};
    (void)fd;
    (void)what;
    others++;
    if (workers[0].left != 0)
        (void)evtimer_add(*(struct event **)context, &at_once);
}

Test(turn, what_else_happens_comes_in_between)
{
    const struct timeval at_once = {0};
    struct event_base *base = event_base_new();
    struct fo_turns turns = {0};
    struct event *other = evtimer_new(base, other_work, &other);
    cr_assert_eq(fo_turns_init(&turns, base, work), FO_OK);
    workers[0] = (struct worker){.left = 300, .took_us = 200}; /* 60 ms in one go */
    fo_turn_want(&turns, &workers[0].turn);
    (void)evtimer_add(other, &at_once);
    (void)event_base_dispatch(base);
    cr_assert_eq(workers[0].done, 300);
    cr_assert_geq(others, 20, "only %u times in 60 ms", others); /* a turn is 2 ms */
    event_free(other);
    fo_turns_fini(&turns);
    event_base_free(base);
}

Test(turn, who_goes_is_not_called)
{
    struct event_base *base = event_base_new();
    struct fo_turns turns = {0};
    cr_assert_eq(fo_turns_init(&turns, base, work), FO_OK);
    workers[0] = workers[1] = (struct worker){.left = 1};
    fo_turn_want(&turns, &workers[0].turn);
    fo_turn_want(&turns, &workers[1].turn);
    fo_turn_forget(&turns, &workers[0].turn);
    fo_turn_forget(&turns, &workers[0].turn);
    (void)event_base_dispatch(base);
    cr_assert_eq(workers[0].done, 0);
    cr_assert_eq(workers[1].done, 1);
    fo_turns_fini(&turns);
    event_base_free(base);
}
