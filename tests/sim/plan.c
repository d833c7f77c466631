#include "tests/sim/plan.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "tests/sim/sim.h"

/* Half of it goes wrong. Weights are of a thousand. */
const struct plan_kind plan_kinds[] = {
    {"client", 370, client_event},
    {"lease-by-hand", 12, operator_lease_by_hand},
    {"reserve", 8, operator_reserve},
    {"mclt", 6, operator_mclt},
    {"percentage", 6, operator_percentage},
    {"second-scope", 8, operator_second_scope},
    {"repair", 50, operator_repair},
    {"partner-down", 26, operator_partner_down},
    {"pause", 8, operator_pause},
    {"shutdown", 8, operator_shutdown},
    {"reset-lease", 8, operator_reset},
    {"balance", 6, operator_balance},
    {"resync", 8, operator_resync},
    {"backup", 8, operator_backup},
    {"cut", 55, fault_cut},
    {"cut-one-way", 40, fault_cut_one_way},
    {"reset", 35, fault_reset},
    {"half-open", 35, fault_half_open},
    {"delay", 35, fault_delay},
    {"split", 40, fault_split},
    {"kill", 35, fault_kill},
    {"crash", 70, fault_crash},
    {"disk", 50, fault_disk},
    {"torn", 10, fault_torn},
    {"wiped", 8, fault_wiped},
    {"old-copy", 8, fault_old_copy},
    {"clock", 32, fault_clock},
    {"stopped", 15, fault_stopped},
};
const size_t plan_kind_count = sizeof plan_kinds / sizeof plan_kinds[0];

static uint8_t some_kind(struct roll *r)
{
    uint32_t dice = roll_below(r, 1000);
    for (size_t i = 0; i < plan_kind_count; i++) {
        if (dice < plan_kinds[i].weight)
            return (uint8_t)i;
        dice -= plan_kinds[i].weight;
    }
    return 0;
}

uint32_t plan_scale(uint64_t seed)
{
    static const uint32_t scales[] = {1, 1, 2, 4, 15, 40, 120, 240};
    struct roll r = {seed ^ 0x5ca1eu};
    return scales[roll_below(&r, 8)];
}

/* Much happens at once, some of it much later: both find mistakes. */
static int64_t some_time(struct roll *r, uint32_t scale)
{
    uint32_t dice = roll_below(r, 100);
    if (dice < 40)
        return roll_below(r, 300);
    if (dice < 75)
        return roll_below(r, 10000) * (int64_t)scale;
    if (dice < 97)
        return roll_below(r, 60000) * (int64_t)scale;
    return roll_below(r, 600000) * (int64_t)scale;
}

void plan_make(const struct sim_setup *setup, struct plan *out)
{
    struct roll r = {setup->seed};
    uint32_t scale = plan_scale(setup->seed);
    int64_t at_ms = 0;
    out->events = calloc(setup->events > 0 ? setup->events : 1, sizeof *out->events);
    if (out->events == NULL)
        abort();
    out->count = setup->events;
    for (size_t i = 0; i < out->count; i++) {
        struct plan_event *e = &out->events[i];
        at_ms += some_time(&r, scale);
        e->at_ms = at_ms;
        e->kind = some_kind(&r);
        e->roll = ((uint64_t)roll_below(&r, UINT32_MAX) << 32) | roll_below(&r, UINT32_MAX);
    }
}

void plan_fini(struct plan *p)
{
    free(p->events);
    *p = (struct plan){0};
}

/* --- as text ------------------------------------------------------------------------------------
 */

void plan_write(const struct sim_setup *setup, const struct plan *p, FILE *f)
{
    fprintf(f, "fosim-plan seed=%" PRIu64 " servers=%u dialect=%d\n", setup->seed, setup->servers,
            (int)setup->dialect);
    for (size_t i = 0; i < p->count; i++)
        fprintf(f, "%12" PRId64 " %016" PRIx64 " %s\n", p->events[i].at_ms, p->events[i].roll,
                plan_kinds[p->events[i].kind].name);
}

static bool read_event(const char *line, struct plan_event *out)
{
    char name[32];
    if (sscanf(line, "%" SCNd64 " %" SCNx64 " %31s", &out->at_ms, &out->roll, name) != 3)
        return false;
    for (size_t i = 0; i < plan_kind_count; i++)
        if (strcmp(plan_kinds[i].name, name) == 0) {
            out->kind = (uint8_t)i;
            return true;
        }
    return false;
}

bool plan_read(FILE *f, struct sim_setup *out_setup, struct plan *out)
{
    char line[256];
    int dialect;
    size_t room = 0;
    *out = (struct plan){0};
    if (fgets(line, sizeof line, f) == NULL ||
        sscanf(line, "fosim-plan seed=%" SCNu64 " servers=%u dialect=%d", &out_setup->seed,
               &out_setup->servers, &dialect) != 3) {
        fprintf(stderr, "fosim: this is no recorded plan\n");
        return false;
    }
    out_setup->dialect = (enum sim_dialect)dialect;
    while (fgets(line, sizeof line, f) != NULL) {
        if (out->count == room) {
            room = room * 2 + 64;
            out->events = realloc(out->events, room * sizeof *out->events);
            if (out->events == NULL)
                abort();
        }
        if (!read_event(line, &out->events[out->count])) {
            fprintf(stderr, "fosim: event %zu of the plan is none: %s", out->count + 1, line);
            plan_fini(out);
            return false;
        }
        out->count++;
    }
    out_setup->events = (unsigned)out->count;
    return true;
}

/* --- shortening ---------------------------------------------------------------------------------
 */

/* Whether it still fails without |length| events from |at|; then they are gone. */
static bool leave_out(struct plan *p, size_t at, size_t length,
                      bool (*fails)(void *context, const struct plan *p), void *context)
{
    struct plan shorter = {.count = p->count - length};
    size_t size = sizeof *p->events;
    shorter.events = malloc((shorter.count + 1) * size);
    if (shorter.events == NULL)
        abort();
    memcpy(shorter.events, p->events, at * size);
    memcpy(shorter.events + at, p->events + at + length, (p->count - at - length) * size);
    if (!fails(context, &shorter)) {
        plan_fini(&shorter);
        return false;
    }
    plan_fini(p);
    *p = shorter;
    return true;
}

void plan_minimize(struct plan *p, bool (*fails)(void *context, const struct plan *p),
                   void *context, unsigned tries)
{
    for (size_t length = p->count / 2; length > 0 && tries > 0;) {
        bool shorter = false;
        for (size_t at = p->count; at >= length && tries > 0; at -= length, tries--) {
            bool gone = leave_out(p, at - length, length, fails, context);
            shorter = shorter || gone;
        }
        if (length > 1)
            length /= 2;
        else if (!shorter)
            return;
    }
}
