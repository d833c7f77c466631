#include "tests/sim/fault.h"

#include <string.h>

#include "tests/sim/net.h"
#include "tests/sim/sim.h"

const char *fault_name(enum fault f)
{
    static const char *const names[FAULTS] = {
        [FAULT_CUT] = "cut",
        [FAULT_CUT_ONE_WAY] = "cut-one-way",
        [FAULT_RESET] = "reset",
        [FAULT_HALF_OPEN] = "half-open",
        [FAULT_DELAY] = "delay",
        [FAULT_SPLIT] = "split",
        [FAULT_KILL] = "kill",
        [FAULT_POWER] = "power",
        [FAULT_CRASH_COMMIT] = "crash-before-commit",
        [FAULT_CRASH_EFFECT] = "crash-after-commit",
        [FAULT_DISK_ERROR] = "disk-error",
        [FAULT_DISK_FULL] = "disk-full",
        [FAULT_DISK_UNREADABLE] = "disk-unreadable",
        [FAULT_DISK_TORN] = "disk-torn",
        [FAULT_DISK_WIPED] = "disk-wiped",
        [FAULT_DISK_OLD] = "disk-old",
        [FAULT_CLOCK_STEP] = "clock-step",
        [FAULT_CLOCK_DRIFT] = "clock-drift",
        [FAULT_STOPPED] = "stopped",
        [FAULT_FALSE_DOWN] = "false-partner-down",
    };
    return names[f];
}

void fault_count(struct sim *k, enum fault f)
{
    k->totals.faults[f]++;
}

/* Most things last seconds, some minutes, a few long. */
static int64_t some_while(struct sim *k, struct roll *r)
{
    uint32_t dice = roll_below(r, 10);
    if (dice < 5)
        return roll_below(r, 5000);
    return sim_scaled(k, dice < 9 ? roll_below(r, 120) : roll_below(r, 1200));
}

static int some_server(struct sim *k, struct roll *r)
{
    return (int)roll_below(r, (uint32_t)k->w.servers);
}

static const struct sim_pair *some_pair(struct sim *k, struct roll *r)
{
    return &k->pair[roll_below(r, (uint32_t)k->pairs)];
}

/* --- the network --------------------------------------------------------------------------------
 */

void fault_cut(struct sim *k, struct roll *r)
{
    const struct sim_pair *p = some_pair(k, r);
    int64_t until_ms = k->w.now_ms + some_while(k, r);
    net_block(&k->w, p->server[0], p->server[1], until_ms);
    net_block(&k->w, p->server[1], p->server[0], until_ms);
    fault_count(k, FAULT_CUT);
}

void fault_cut_one_way(struct sim *k, struct roll *r)
{
    const struct sim_pair *p = some_pair(k, r);
    int from = (int)roll_below(r, SIDES);
    net_block(&k->w, p->server[from], p->server[!from], k->w.now_ms + some_while(k, r));
    fault_count(k, FAULT_CUT_ONE_WAY);
}

void fault_reset(struct sim *k, struct roll *r)
{
    const struct sim_pair *p = some_pair(k, r);
    if (net_reset(&k->w, p->server[0], p->server[1]))
        fault_count(k, FAULT_RESET);
}

void fault_half_open(struct sim *k, struct roll *r)
{
    const struct sim_pair *p = some_pair(k, r);
    int side = (int)roll_below(r, SIDES);
    if (net_half_open(&k->w, p->server[side], p->server[!side], roll_below(r, 2) == 0))
        fault_count(k, FAULT_HALF_OPEN);
}

void fault_delay(struct sim *k, struct roll *r)
{
    uint32_t dice = roll_below(r, 10);
    k->w.delay_ms = dice < 6 ? 1 + roll_below(r, 200) : 200 + roll_below(r, 1300);
    memset(k->w.later_ms, 0, sizeof k->w.later_ms);
    if (dice < 6 && roll_below(r, 2) == 0) { /* one way only, and as long at most */
        const struct sim_pair *p = some_pair(k, r);
        int from = (int)roll_below(r, SIDES);
        k->w.later_ms[p->server[from]][p->server[!from]] = roll_below(r, 1300);
    }
    fault_count(k, FAULT_DELAY);
}

void fault_split(struct sim *k, struct roll *r)
{
    const struct sim_pair *p = some_pair(k, r);
    int from = (int)roll_below(r, SIDES);
    k->w.split[p->server[from]][p->server[!from]] += 1 + roll_below(r, 12);
    fault_count(k, FAULT_SPLIT);
}

/* --- processes ----------------------------------------------------------------------------------
 */

static void schedule_restart(struct sim *k, int server, struct roll *r)
{
    if (roll_below(r, 8) != 0) /* else an operator has to come */
        k->server[server].restart_ms = k->w.now_ms + 1 + some_while(k, r);
}

void fault_on_death(void *context, int server)
{
    struct sim *k = context;
    struct sim_server *s = &k->server[server];
    struct roll r = {(uint64_t)k->w.now_ms * 31 + (uint64_t)server};
    if (s->dead_since_ms == 0)
        s->dead_since_ms = k->w.now_ms;
    s->clean = false;
    schedule_restart(k, server, &r);
}

static void stop(struct sim *k, int server, bool power, struct roll *r)
{
    if (power)
        world_power_off(&k->w, server);
    else
        world_kill(&k->w, server);
    k->server[server].clean = true;
    k->server[server].restart_ms = 0;
    schedule_restart(k, server, r);
}

void fault_kill(struct sim *k, struct roll *r)
{
    int server = some_server(k, r);
    bool power = roll_below(r, 3) == 0;
    if (!k->w.side[server].alive)
        return;
    stop(k, server, power, r);
    fault_count(k, power ? FAULT_POWER : FAULT_KILL);
}

/* In the middle of the loop of design §3, at one of the next batches. */
void fault_crash(struct sim *k, struct roll *r)
{
    int server = some_server(k, r);
    struct world_crash_plan *c = &k->w.side[server].crash;
    static const enum world_crash where[] = {CRASH_BEFORE_COMMIT, CRASH_AFTER_COMMIT,
                                             CRASH_IN_OUTBOX};
    if (!k->w.side[server].alive || c->where != CRASH_NOT)
        return;
    c->where = where[roll_below(r, 3)];
    c->after_batches = roll_below(r, 12);
    c->after_effects = 1 + roll_below(r, 4);
    c->power = roll_below(r, 3) == 0;
    fault_count(k, c->where == CRASH_BEFORE_COMMIT ? FAULT_CRASH_COMMIT : FAULT_CRASH_EFFECT);
}

/* SIGSTOP, a machine that is moved or suspended: the clocks go on. */
void fault_stopped(struct sim *k, struct roll *r)
{
    int server = some_server(k, r);
    uint32_t seconds = roll_below(r, 4) == 0 ? 600 : roll_below(r, 60);
    if (!world_runs(&k->w, server))
        return;
    k->w.side[server].stopped_until_ms = k->w.now_ms + sim_scaled(k, seconds);
    fault_count(k, FAULT_STOPPED);
}

/* --- disks --------------------------------------------------------------------------------------
 */

void fault_disk(struct sim *k, struct roll *r)
{
    int server = some_server(k, r);
    struct fo_store_mem_faults f = {0};
    struct fo_store_fault *which[] = {&f.commit, &f.put, &f.get};
    uint32_t at = roll_below(r, 3);
    bool full = roll_below(r, 2) == 0 && at != 2;
    *which[at] = (struct fo_store_fault){.after = (long)roll_below(r, at == 2 ? 3 : 6),
                                         .times = 1 + (long)roll_below(r, 3),
                                         .err = full ? FO_EFULL : FO_EIO};
    fo_store_mem_set_faults(k->w.side[server].store, &f);
    fault_count(k, at == 2 ? FAULT_DISK_UNREADABLE : full ? FAULT_DISK_FULL : FAULT_DISK_ERROR);
}

/* One loss at a time: what both servers lost nobody has (README.md). */
static bool may_lose(struct sim *k, int server)
{
    for (int n = 0; n < k->pairs; n++) {
        const struct sim_pair *p = &k->pair[n];
        if ((p->server[0] == server || p->server[1] == server) &&
            (p->losing || p->stopped_since[0] != 0 || p->stopped_since[1] != 0))
            return false;
    }
    return true;
}

/* What nobody can know any more (README.md): a server that had taken over takes with it whom it
 * gave its partner's addresses to, and that an ISC partner lost something does not show. */
static bool beyond_repair(const struct sim_pair *p, int side)
{
    return p->took_over[side] || p->dialect[!side] == FO_DIALECT_ISC;
}

static void note_loss(struct sim *k, int server, bool lied)
{
    for (int n = 0; n < k->pairs; n++)
        for (int side = 0; side < SIDES; side++) {
            struct sim_pair *p = &k->pair[n];
            if (p->server[side] != server)
                continue;
            p->losing = p->told_all = true;
            memset(p->end_told_ms[side], 0, sizeof p->end_told_ms[side]);
            p->went_back = p->went_back || lied;
            p->lied = p->lied || lied || beyond_repair(p, side);
        }
    k->server[server].spoilt = true;
}

void fault_torn(struct sim *k, struct roll *r)
{
    int server = some_server(k, r);
    size_t keep = roll_below(r, 40);
    if (!k->w.side[server].alive || !may_lose(k, server))
        return;
    stop(k, server, true, r);
    if (fo_store_mem_tear(k->w.side[server].store, keep) != FO_OK)
        return;
    note_loss(k, server, false);
    fault_count(k, FAULT_DISK_TORN);
}

void fault_wiped(struct sim *k, struct roll *r)
{
    int server = some_server(k, r);
    if (!may_lose(k, server))
        return;
    if (k->w.side[server].alive)
        stop(k, server, true, r);
    fo_store_mem_wipe(k->w.side[server].store);
    k->server[server].empty = true;
    note_loss(k, server, false);
    fault_count(k, FAULT_DISK_WIPED);
}

void fault_old_copy(struct sim *k, struct roll *r)
{
    int server = some_server(k, r);
    struct world_side *s = &k->w.side[server];
    if (!k->liar || s->snapshot == NULL || !may_lose(k, server))
        return;
    for (int n = 0; n < k->pairs; n++)
        if (k->server[server].backup_second[n] != k->pair[n].has_second)
            return;
    if (s->alive)
        stop(k, server, true, r);
    if (fo_store_mem_copy(s->store, s->snapshot) != FO_OK)
        sim_broken(k, "no memory for a copy of a disk");
    note_loss(k, server, true);
    fault_count(k, FAULT_DISK_OLD);
}

/* --- clocks -------------------------------------------------------------------------------------
 */

void fault_clock(struct sim *k, struct roll *r)
{
    static const int32_t rates[] = {0, 50, -50, 200, -200, 5000, -5000, 100000, -100000};
    int server = some_server(k, r);
    struct world_side *s = &k->w.side[server];
    bool step = roll_below(r, 2) == 0;
    int32_t size = roll_below(r, 3) == 0 ? (int32_t)(600 * k->scale) : 60;
    int32_t by_s = (int32_t)roll_below(r, (uint32_t)(2 * size + 1)) - size;
    int32_t ppm = rates[roll_below(r, 9)];
    if (!k->clocks)
        return;
    s->wake_ms = 0;
    if (!step) {
        clock_set_rate(&s->rate, k->w.now_ms, ppm);
        fault_count(k, FAULT_CLOCK_DRIFT);
        return;
    }
    s->clock_offset_s += by_s;
    clock_stepped(&s->rate, SECONDS((int64_t)by_s));
    k->steps_ms += SECONDS((int64_t)(by_s < 0 ? -by_s : by_s));
    fault_count(k, FAULT_CLOCK_STEP);
}

/* --- mending ------------------------------------------------------------------------------------
 */

void fault_mend_server(struct sim *k, int server)
{
    const struct fo_store_mem_faults none = {0};
    struct world_side *s = &k->w.side[server];
    fo_store_mem_set_faults(s->store, &none);
    s->crash = (struct world_crash_plan){0};
    s->stopped_until_ms = 0;
}

void fault_set_clock(struct sim *k, int server)
{
    struct world_side *s = &k->w.side[server];
    int64_t shown = clock_steady(&s->rate, k->w.now_ms) + SECONDS((int64_t)s->clock_offset_s);
    int32_t ahead_s = (int32_t)((shown - k->w.now_ms) / 1000);
    if (!k->clocks)
        return;
    clock_set_rate(&s->rate, k->w.now_ms, 0);
    s->clock_offset_s -= ahead_s;
    clock_stepped(&s->rate, SECONDS((int64_t)ahead_s));
    k->steps_ms += SECONDS((int64_t)(ahead_s < 0 ? -ahead_s : ahead_s));
    s->wake_ms = 0;
}

void fault_mend_all(struct sim *k)
{
    for (int i = 0; i < k->w.servers; i++) {
        fault_mend_server(k, i);
        fault_set_clock(k, i);
    }
    memset(k->w.split, 0, sizeof k->w.split);
    memset(k->w.later_ms, 0, sizeof k->w.later_ms);
    k->w.delay_ms = 50;
    world_heal(&k->w);
}
