/**
 * tests/sim/plan.h: what happens in a run, as data: made from a seed, written down, shortened.
 *
 * An event is a time, a kind and a random number from which its handler draws all it needs to know;
 * leaving others out does not change what it wants to do.
 */
#ifndef FO_TESTS_SIM_PLAN_H
#define FO_TESTS_SIM_PLAN_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

struct sim;
struct roll;

enum sim_dialect { SIM_DRAFT, SIM_ISC, SIM_MIXED };

/** Everything besides the events that decides about a run. */
struct sim_setup {
    uint64_t seed;
    unsigned servers; /* 2, 3; 0: the seed decides */
    enum sim_dialect dialect;
    unsigned events;
};

struct plan_event {
    int64_t at_ms; /* after both ends of every pair reached NORMAL */
    uint8_t kind;  /* row of plan_kinds */
    uint64_t roll;
};
struct plan {
    struct plan_event *events;
    size_t count;
};

struct plan_kind {
    const char *name;
    unsigned weight; /* of a thousand */
    void (*handle)(struct sim *k, struct roll *r);
};
extern const struct plan_kind plan_kinds[];
extern const size_t plan_kind_count;

/** How much slower than a hectic pair this seed's pair lives: 1 to 240. */
uint32_t plan_scale(uint64_t seed);
/** Gives |out| (plan_fini). */
void plan_make(const struct sim_setup *setup, struct plan *out);
void plan_fini(struct plan *p);
/** A plan as text lines, and back. plan_read: false with a sentence on stderr if it is none. */
void plan_write(const struct sim_setup *setup, const struct plan *p, FILE *f);
bool plan_read(FILE *f, struct sim_setup *out_setup, struct plan *out);
/** Leaves events out as long as |fails| still says so; at most |tries| runs. */
void plan_minimize(struct plan *p, bool (*fails)(void *context, const struct plan *p),
                   void *context, unsigned tries);

#endif
