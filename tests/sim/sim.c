#include "tests/sim/sim.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "tests/sim/check.h"
#include "tests/sim/net.h"

/* splitmix64: every seed, also 0, gives a good sequence. */
static uint64_t next_random(uint64_t *state)
{
    uint64_t z = (*state += 0x9e3779b97f4a7c15u);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
}

uint32_t roll_below(struct roll *r, uint32_t n)
{
    return (uint32_t)(next_random(&r->state) % n);
}

void sim_broken(struct sim *k, const char *format, ...)
{
    va_list args;
    if (k->broken[0] != '\0')
        return;
    va_start(args, format);
    vsnprintf(k->broken, sizeof k->broken, format, args);
    va_end(args);
}

/* --- looking ------------------------------------------------------------------------------------
 */

fo_ipv4_t sim_subnet(const struct sim *k, const struct sim_pair *p, unsigned scope)
{
    return SUBNET + ((fo_ipv4_t)(p - k->pair) << 16) + (scope << 8);
}

fo_ipv4_t sim_address(const struct sim *k, const struct sim_pair *p, unsigned scope, unsigned n)
{
    return sim_subnet(k, p, scope) + 10 + n;
}

enum fo_state sim_state(struct sim *k, const struct sim_pair *p, int side)
{
    const struct world_side *s = &k->w.side[p->server[side]];
    const struct fo_endpoint *ep;
    if (!s->alive)
        return FO_STATE_NONE;
    ep = fo_endpoint_find(s->server, p->name);
    return ep != NULL ? ep->state : FO_STATE_NONE;
}

struct fo_binding sim_binding(struct sim *k, const struct sim_pair *p, int side, fo_ipv4_t address)
{
    return world_binding(&k->w, p->server[side], address);
}

struct fo_client sim_client(const struct sim *k, unsigned n)
{
    static uint8_t ids[PAIRS_MAX * CLIENTS][19];
    unsigned system = n % CLIENTS % 3, machine = n % CLIENTS < RESERVATIONS ? n : n - system;
    struct fo_client c = world_client(k->identifiers ? machine : n);
    if (!k->identifiers || system == 0)
        return c;
    memset(ids[n], (int)n, sizeof ids[n]);
    ids[n][0] = 0xff;
    c.id = ids[n];
    c.id_length = system == 1 ? 7 : sizeof ids[n];
    return c;
}

unsigned sim_client_of(const struct sim *k, const struct fo_client *c)
{
    unsigned n = (unsigned)c->hw[4] << 16 | (unsigned)c->hw[5] << 8 | c->hw[6];
    for (unsigned system = 0; system < 3 && n + system < PAIRS_MAX * CLIENTS; system++) {
        struct fo_client one = sim_client(k, n + system);
        if (c->hw_length == one.hw_length && c->id_length == one.id_length &&
            memcmp(c->hw, one.hw, one.hw_length) == 0 &&
            (one.id_length == 0 || memcmp(c->id, one.id, one.id_length) == 0))
            return n + system + 1;
    }
    return 0;
}

bool sim_same_client(const struct sim *k, const struct fo_client *a, const struct fo_client *b)
{
    unsigned n = sim_client_of(k, a);
    return n != 0 && n == sim_client_of(k, b);
}

bool sim_runs(const struct sim *k, const struct sim_pair *p, int side)
{
    return world_runs(&k->w, p->server[side]) && p->stopped_since[side] == 0;
}

int64_t sim_idle_since(const struct sim *k, const struct sim_pair *p, int side)
{
    int64_t dead = k->server[p->server[side]].dead_since_ms, stopped = p->stopped_since[side];
    return dead == 0 || (stopped != 0 && stopped < dead) ? stopped : dead;
}

int64_t sim_clock_wrong(const struct sim *k, const struct sim_pair *p)
{
    int64_t wrong = 0;
    for (int i = 0; i < SIDES; i++)
        wrong += clock_wrong(&k->w.side[p->server[i]].rate, k->w.now_ms);
    return wrong;
}

int64_t sim_scaled(const struct sim *k, int64_t seconds)
{
    return SECONDS(seconds) * k->scale;
}

/* --- time ---------------------------------------------------------------------------------------
 */

static void start_the_dead(struct sim *k)
{
    for (int i = 0; i < k->w.servers; i++)
        if (k->server[i].restart_ms != 0 && k->server[i].restart_ms <= k->w.now_ms)
            operator_revive(k, i);
}

static int64_t next_restart(const struct sim *k, int64_t end)
{
    for (int i = 0; i < k->w.servers; i++)
        if (k->server[i].restart_ms != 0 && k->server[i].restart_ms < end)
            end = k->server[i].restart_ms;
    return end;
}

void sim_pass(struct sim *k, int64_t ms)
{
    int64_t end = k->w.now_ms + ms;
    while (k->w.now_ms < end && k->broken[0] == '\0') {
        int64_t until;
        start_the_dead(k);
        until = next_restart(k, end);
        if (until > k->w.now_ms)
            world_run(&k->w, until - k->w.now_ms);
    }
}

/* In pieces, so that what is wrong for a moment only is seen as well. */
static void pass_until(struct sim *k, int64_t at_ms)
{
    int64_t piece = sim_scaled(k, 15);
    while (k->w.now_ms < at_ms && k->broken[0] == '\0') {
        int64_t left = at_ms - k->w.now_ms;
        sim_pass(k, left < piece ? left : piece);
        check_all(k);
    }
}

/* --- the beginning ------------------------------------------------------------------------------
 */

static void choose_pair(struct sim *k, struct sim_pair *p, struct roll *r)
{
    static const char *const names[PAIRS_MAX] = {"alpha", "beta"};
    static const unsigned shares[] = {50, 50, 50, 0, 20, 80, 100};
    int n = (int)(p - k->pair);
    p->name = names[n];
    p->server[0] = n;
    p->server[1] = n + 1;
    p->percent = shares[roll_below(r, 7)];
    p->mode = roll_below(r, 4) == 0 ? FO_MODE_HOT_STANDBY : FO_MODE_LOAD_BALANCE;
    p->mclt_s = p->mclt_longest_s = (120 + roll_below(r, 240)) * k->scale;
    p->receive_timer_s = 30 * k->scale < 3600 ? 30 * k->scale : 3600;
    for (int i = 0; i < SIDES; i++) {
        bool isc = roll_below(r, 4) == 0;
        p->dialect[i] = isc ? FO_DIALECT_ISC : FO_DIALECT_DRAFT;
        if (k->setup->dialect != SIM_MIXED)
            p->dialect[i] = k->setup->dialect == SIM_ISC ? FO_DIALECT_ISC : FO_DIALECT_DRAFT;
    }
    p->tls = roll_below(r, 4) == 0 && p->dialect[0] == FO_DIALECT_DRAFT &&
             p->dialect[1] == FO_DIALECT_DRAFT;
    p->safe_period_s = k->liar && roll_below(r, 3) == 0 ? 600 * k->scale : FO_SAFE_PERIOD_NEVER;
}

static void choose_world(struct sim *k, struct roll *r)
{
    static const int32_t offsets[] = {0, 0, 1, -2, 3, 20, -45, 50};
    unsigned servers = k->setup->servers;
    struct roll own = {k->setup->seed ^ 0x1e1u}; /* of its own: older plans go on as they were */
    if (servers == 0)
        servers = roll_below(r, 3) == 0 ? 3 : 2;
    k->liar = roll_below(r, 6) == 0;
    k->clocks = roll_below(r, 4) == 0;
    k->identifiers = roll_below(&own, 4) == 0;
    world_init_servers(&k->w, (int)servers);
    k->pairs = (int)servers - 1;
    k->w.restart_ms = -1;
    k->w.random = r->state;
    k->w.delay_ms = 1 + roll_below(r, 200);
    k->w.side[1].clock_offset_s = offsets[roll_below(r, 8)];
    for (int i = 0; i < k->w.servers; i++) {
        struct fo_server_config *c = &k->w.side[i].config;
        c->heartbeat_s = 10 * k->scale;
        c->drift_s = 20 * k->scale;
        c->redial_s = 5 * k->scale < 300 ? 5 * k->scale : 300;
        c->startup_s = 10 + 2 * c->redial_s; /* the partner must get to call meanwhile */
        c->tls_available = true;
    }
}

static void hook_up(struct sim *k, FILE *log)
{
    k->w.log = log;
    k->w.context = k->w.token_context = k;
    k->w.on_token = check_token;
    k->w.on_batch = check_batch;
    k->w.on_notice = check_notice;
    k->w.on_death = fault_on_death;
    k->w.on_departure = wire_departure;
    k->w.on_arrival = wire_arrival;
}

static void begin(struct sim *k, const struct sim_setup *setup, FILE *log)
{
    struct roll r = {setup->seed ^ 0x6f66u};
    int64_t bound;
    memset(k, 0, sizeof *k);
    k->setup = setup;
    k->scale = plan_scale(setup->seed);
    choose_world(k, &r);
    hook_up(k, log);
    for (int n = 0; n < k->pairs; n++)
        choose_pair(k, &k->pair[n], &r);
    for (int n = 0; n < k->pairs; n++) {
        struct sim_pair *p = &k->pair[n];
        for (int i = 0; i < SIDES; i++) {
            operator_scope(k, p, i, 0);
            operator_pair(k, p, i, FO_BIRTH_VIRGIN);
        }
        for (int c = 0; c < CLIENTS; c++)
            k->client[n * CLIENTS + c].pair = n;
    }
    for (int i = 0; i < k->w.servers; i++) /* they run for the first time with what was chosen */
        world_start(&k->w, i);
    bound = k->w.now_ms + MINUTES(3) + sim_scaled(k, 120);
    for (int n = 0; n < k->pairs; n++) {
        while (k->broken[0] == '\0' && k->w.now_ms < bound &&
               (sim_state(k, &k->pair[n], 0) != FO_STATE_NORMAL ||
                sim_state(k, &k->pair[n], 1) != FO_STATE_NORMAL))
            sim_pass(k, 1000);
        if (k->w.now_ms >= bound)
            sim_broken(k, "two virgin servers did not reach NORMAL");
        else
            check_begin(k, &k->pair[n]);
    }
}

void sim_run(struct sim *k, const struct sim_setup *setup, const struct plan *p, FILE *log)
{
    int64_t start_ms;
    begin(k, setup, log);
    start_ms = k->w.now_ms;
    for (size_t i = 0; i < p->count && k->broken[0] == '\0'; i++) {
        const struct plan_event *e = &p->events[i];
        const struct plan_kind *kind = &plan_kinds[e->kind];
        struct roll r = {e->roll};
        pass_until(k, start_ms + e->at_ms);
        if (k->broken[0] != '\0')
            break;
        world_line(&k->w, -1, kind->name, strlen(kind->name));
        k->event++;
        kind->handle(k, &r);
        check_all(k);
    }
    if (k->broken[0] == '\0')
        check_settled(k);
    k->totals.runs = 1;
    k->totals.events = k->event;
    k->totals.simulated_ms = k->w.now_ms;
    k->totals.violations = k->broken[0] != '\0';
}

void sim_fini(struct sim *k)
{
    world_fini(&k->w);
}
