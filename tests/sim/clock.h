/**
 * tests/sim/clock.h: what a server's clocks show, given the true time.
 *
 * The steady clock runs at its own rate; the wall clock runs with it and can be set besides. Both
 * show whole milliseconds, and the same true time always the same.
 */
#ifndef FO_TESTS_SIM_CLOCK_H
#define FO_TESTS_SIM_CLOCK_H

#include <stdint.h>

#define WORLD_UTC 1800000000u /* what a right wall clock shows at time 0 */

struct clock_rate {
    int32_t ppm;             /* too fast by so much; 0: right */
    int64_t since_ms;        /* true time at which |ppm| began ... */
    int64_t shown_ms;        /* ... and what the steady clock showed then */
    int64_t wrong_before_ms; /* how far it had gone wrong by then, ahead and back added up */
};

int64_t clock_steady(const struct clock_rate *c, int64_t true_ms);
/** The first true time at which the steady clock shows |steady_ms| or more. */
int64_t clock_true(const struct clock_rate *c, int64_t steady_ms);
/** From now on the clock is |ppm| too fast. */
void clock_set_rate(struct clock_rate *c, int64_t true_ms, int32_t ppm);
/** The wall clock was set by |step_ms|: counted as going wrong. */
void clock_stepped(struct clock_rate *c, int64_t step_ms);
/** How far it has gone wrong since the beginning, ahead and back added up: between two readings no
 *  interval can have been mismeasured by more than their difference. */
int64_t clock_wrong(const struct clock_rate *c, int64_t true_ms);

#endif
