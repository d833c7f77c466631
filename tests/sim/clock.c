#include "tests/sim/clock.h"

#define MILLION 1000000

int64_t clock_steady(const struct clock_rate *c, int64_t true_ms)
{
    int64_t run = true_ms - c->since_ms;
    return c->shown_ms + run + run * c->ppm / MILLION;
}

int64_t clock_true(const struct clock_rate *c, int64_t steady_ms)
{
    int64_t run = (steady_ms - c->shown_ms) * MILLION / (MILLION + c->ppm);
    int64_t at = c->since_ms + run;
    while (clock_steady(c, at) < steady_ms)
        at++;
    return at;
}

int64_t clock_wrong(const struct clock_rate *c, int64_t true_ms)
{
    int64_t off = (true_ms - c->since_ms) * c->ppm / MILLION;
    return c->wrong_before_ms + (off < 0 ? -off : off);
}

void clock_set_rate(struct clock_rate *c, int64_t true_ms, int32_t ppm)
{
    struct clock_rate next = {.ppm = ppm,
                              .since_ms = true_ms,
                              .shown_ms = clock_steady(c, true_ms),
                              .wrong_before_ms = clock_wrong(c, true_ms)};
    *c = next;
}

void clock_stepped(struct clock_rate *c, int64_t step_ms)
{
    c->wrong_before_ms += step_ms < 0 ? -step_ms : step_ms;
}
