#include "mgmt/turn.h"

#include "fo/run/clock.h"
#include "proto/err.h"

#define TURN_US  2000
#define HEAVY_US 250 /* a page of leases, say: one in a turn */

/* From within a turn that would otherwise be this turn of the loop for ever. */
static void ask_for_next(struct fo_turns *t)
{
    const struct timeval at_once = {0};

    (void)evtimer_add(t->next, &at_once);
}

static void on_turn(evutil_socket_t fd, short what, void *context)
{
    struct fo_turns *t = context;
    uint64_t began_us = fo_run_clock_us(), now_us = began_us, before_us;
    bool heavy = false;
    struct fo_turn *turn;

    (void)fd;
    (void)what;
    while ((turn = TAILQ_FIRST(&t->list)) != NULL && !heavy && now_us - began_us < TURN_US) {
        TAILQ_REMOVE(&t->list, turn, link);
        turn->waits = false;
        if (t->work(turn))
            fo_turn_want(t, turn);
        before_us = now_us;
        now_us = fo_run_clock_us();
        heavy = now_us - before_us > HEAVY_US;
    }
    if (turn != NULL)
        ask_for_next(t);
}

int fo_turns_init(struct fo_turns *t, struct event_base *base, bool (*work)(struct fo_turn *turn))
{
    TAILQ_INIT(&t->list);
    t->work = work;
    t->next = evtimer_new(base, on_turn, t);
    return t->next != NULL ? FO_OK : FO_ENOMEM;
}

void fo_turns_fini(struct fo_turns *t)
{
    if (t->next != NULL)
        event_free(t->next);
    t->next = NULL;
}

void fo_turn_want(struct fo_turns *t, struct fo_turn *turn)
{
    if (turn->waits)
        return;
    turn->waits = true;
    TAILQ_INSERT_TAIL(&t->list, turn, link);
    if (!evtimer_pending(t->next, NULL))
        ask_for_next(t);
}

void fo_turn_forget(struct fo_turns *t, struct fo_turn *turn)
{
    if (turn->waits)
        TAILQ_REMOVE(&t->list, turn, link);
    turn->waits = false;
}
