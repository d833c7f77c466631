#include "fo/run/clock.h"

#include <time.h>

uint64_t fo_run_clock_us(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * 1000000u + (uint64_t)t.tv_nsec / 1000u;
}

uint64_t fo_run_clock_utc_ms(int32_t offset_s)
{
    struct timespec wall;

    clock_gettime(CLOCK_REALTIME, &wall);
    return (uint64_t)(wall.tv_sec + offset_s) * 1000u + (uint64_t)wall.tv_nsec / 1000000u;
}

struct fo_now fo_run_clock_now(int32_t offset_s)
{
    struct timespec wall;

    clock_gettime(CLOCK_REALTIME, &wall);
    return (struct fo_now){.mono = {(int64_t)(fo_run_clock_us() / 1000u)},
                           .utc = fo_utc((uint32_t)(wall.tv_sec + offset_s))};
}
