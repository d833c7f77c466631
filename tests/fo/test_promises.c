/* The promises of the engine over seeded random walks (design: the simulator's beginning).
 *   FO_WALK_SEEDS=100000  how many walks            FO_WALK_SEED=17  only this one
 *   FO_WALK_EVENTS=200    events in each of them    WORLD_LOG=1      what both sides say */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <criterion/criterion.h>

#include "tests/fo/walk.h"

static unsigned long from_environment(const char *name, unsigned long otherwise)
{
    const char *text = getenv(name);
    return text != NULL ? strtoul(text, NULL, 10) : otherwise;
}

static struct {
    uint64_t grants, acked, partner_downs, lies;
} seen;

static bool walk(uint64_t seed, unsigned events)
{
    struct walk *k = malloc(sizeof *k);
    bool kept;
    walk_init(k, seed);
    walk_run(k, events);
    walk_settle(k);
    kept = k->broken[0] == '\0';
    seen.grants += k->grants;
    seen.acked += k->acked;
    seen.partner_downs += k->partner_downs;
    seen.lies += k->lies;
    if (!kept) {
        world_print_lines(&k->w);
        fprintf(stderr, "promise broken with FO_WALK_SEED=%llu at event %u, %lld s: %s\n",
                (unsigned long long)seed, k->event, (long long)k->w.now_ms / 1000, k->broken);
    }
    walk_fini(k);
    free(k);
    return kept;
}

static void walks(uint64_t first, unsigned long share)
{
    unsigned long seeds = from_environment("FO_WALK_SEEDS", 500) / share;
    unsigned events = (unsigned)from_environment("FO_WALK_EVENTS", 200);
    unsigned failed = 0;
    for (uint64_t seed = first; seed < first + seeds && failed < 5; seed++)
        failed += !walk(seed, events);
    printf("walks=%lu events=%lu grants=%llu acknowledged=%llu partner-downs=%llu broken=%u\n",
           seeds, seeds * events, (unsigned long long)seen.grants, (unsigned long long)seen.acked,
           (unsigned long long)seen.partner_downs, failed);
    cr_expect_eq(failed, 0u, "%u walks broke a promise", failed);
    /* A walk that goes nowhere proves nothing. */
    cr_expect_gt(seen.grants, seeds * events / 20);
    cr_expect_gt(seen.acked, seeds * events / 40);
    if (seeds >= 50 && events >= 200) {
        cr_expect_gt(seen.partner_downs, seeds / 10);
        cr_expect_gt(seen.lies, seeds / 50);
    }
}

Test(promises, hold_over_random_walks, .timeout = 3600)
{
    if (getenv("FO_WALK_SEED") != NULL)
        cr_assert(walk(from_environment("FO_WALK_SEED", 0),
                       (unsigned)from_environment("FO_WALK_EVENTS", 200)));
    else
        walks(1, 1);
}
