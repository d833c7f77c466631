/* The operator: sets up, mends, says what is down, changes what may be changed. */
#include <stdio.h>
#include <string.h>

#include "tests/sim/check.h"
#include "tests/sim/net.h"
#include "tests/sim/sim.h"

static struct sim_pair *some_pair(struct sim *k, struct roll *r)
{
    return &k->pair[roll_below(r, (uint32_t)k->pairs)];
}

/* --- scopes and relationships -------------------------------------------------------------------
 */

struct setting {
    struct sim *k;
    struct sim_pair *p;
    int side;
    unsigned scope;
    enum fo_birth birth;
    uint32_t flags, code;
};

static void describe_scope(const struct setting *t, struct fo_scope *scope, struct fo_range *range,
                           struct fo_reservation *list)
{
    *scope = (struct fo_scope){.subnet = sim_subnet(t->k, t->p, t->scope), .mask = 0xffffff00u};
    range->first = sim_address(t->k, t->p, t->scope, 0);
    range->last = sim_address(t->k, t->p, t->scope, ADDRESSES - 1);
    scope->ranges = range;
    scope->range_count = 1;
    scope->reservations = list;
    for (unsigned i = 0; i < RESERVATIONS && t->scope == 0; i++) {
        struct fo_client c = sim_client(t->k, (unsigned)(t->p - t->k->pair) * CLIENTS + i);
        struct fo_reservation *one = &list[scope->reservation_count];
        if (!t->p->reserved[i])
            continue;
        one->address = sim_address(t->k, t->p, 0, 5 * i);
        one->id_length = c.id_length != 0 ? c.id_length : 6;
        memcpy(one->id, c.id_length != 0 ? c.id : c.hw + 1, one->id_length);
        scope->reservation_count++;
    }
}

static void put_scope(void *context, struct fo_server *s, struct fo_now now, struct fo_outbox *out)
{
    struct setting *t = context;
    struct fo_scope scope;
    struct fo_range range;
    struct fo_reservation list[RESERVATIONS] = {{0}};
    (void)now;
    describe_scope(t, &scope, &range, list);
    t->code = fo_lease_db_scope(fo_server_leases(s), scope.subnet) != NULL
                  ? fo_server_scope_set(s, &scope, out, NULL, 0)
                  : fo_server_scope_create(s, &scope, NULL, 0);
}

void operator_scope(struct sim *k, struct sim_pair *p, int side, unsigned scope)
{
    struct setting t = {.k = k, .p = p, .side = side, .scope = scope};
    world_change(&k->w, p->server[side], put_scope, &t);
}

static void describe_pair(const struct setting *t, struct fo_relationship *r, fo_ipv4_t *scopes)
{
    const struct sim_pair *p = t->p;
    fo_relationship_init(r);
    snprintf(r->name, sizeof r->name, "%s", p->name);
    r->role = t->side == 0 ? FO_ROLE_PRIMARY : FO_ROLE_SECONDARY;
    r->primary_server = 0x0a090001u + (fo_ipv4_t)p->server[0];
    r->secondary_server = 0x0a090001u + (fo_ipv4_t)p->server[1];
    r->mclt_s = p->mclt_s;
    r->mode = p->mode;
    r->percentage = p->percent;
    r->safe_period_s = p->safe_period_s;
    r->receive_timer_s = p->receive_timer_s;
    r->dialect = p->dialect[t->side];
    r->dialect_auto = false;
    r->tls = p->tls ? FO_TLS_DESIRED : FO_TLS_OFF;
    for (unsigned i = 0; i < 1u + p->has_second; i++)
        scopes[i] = sim_subnet(t->k, p, i);
    r->scopes = scopes;
    r->scope_count = 1 + p->has_second;
}

static void make_pair(void *context, struct fo_server *s, struct fo_now now, struct fo_outbox *out)
{
    struct setting *t = context;
    struct fo_relationship r;
    fo_ipv4_t scopes[SCOPES];
    char why[256] = "";
    describe_pair(t, &r, scopes);
    t->code = fo_server_relationship_create(s, &r, t->birth, now, out, why, sizeof why);
    if (t->code != ERROR_SUCCESS)
        sim_broken(t->k, "the relationship could not be made: %s", why);
}

void operator_pair(struct sim *k, struct sim_pair *p, int side, enum fo_birth birth)
{
    struct setting t = {.k = k, .p = p, .side = side, .birth = birth};
    if (birth == FO_BIRTH_LOST) /* with it went how long MCLT once was */
        p->mclt_s = p->mclt_longest_s;
    world_change(&k->w, p->server[side], make_pair, &t);
}

/* --- mending ------------------------------------------------------------------------------------
 */

static void put_scopes(struct sim *k, int server)
{
    for (int n = 0; n < k->pairs; n++)
        for (int i = 0; i < SIDES; i++)
            for (unsigned scope = 0; scope < 1u + k->pair[n].has_second; scope++)
                if (k->pair[n].server[i] == server)
                    operator_scope(k, &k->pair[n], i, scope);
}

/* A wiped disk: everything is made anew, and that it was lost is said (§9.3.2). */
static void make_anew(struct sim *k, int server)
{
    put_scopes(k, server);
    for (int n = 0; n < k->pairs; n++)
        for (int i = 0; i < SIDES; i++)
            if (k->pair[n].server[i] == server)
                operator_pair(k, &k->pair[n], i, FO_BIRTH_LOST);
}

static void start_process(struct sim *k, int server)
{
    struct sim_server *s = &k->server[server];
    bool comparable = s->clean && !s->empty && !s->spoilt;
    fault_mend_server(k, server);
    if (comparable)
        check_remember(k, server);
    s->dead_since_ms = s->restart_ms = 0;
    s->clean = false;
    for (int n = 0; n < k->pairs; n++)
        for (int i = 0; i < SIDES; i++)
            if (k->pair[n].server[i] == server)
                k->pair[n].status_known[i] = false;
    world_start(&k->w, server);
    check_started(k, server);
    if (comparable)
        check_remembered(k, server);
    if (s->empty)
        make_anew(k, server);
    else if (s->spoilt) /* an old copy knows old reservations */
        put_scopes(k, server);
    s->empty = s->spoilt = false;
}

void operator_resume(struct sim *k, struct sim_pair *p, int side)
{
    if (p->stopped_since[side] == 0 || !k->w.side[p->server[side]].alive)
        return;
    (void)world_command_to(&k->w, p->server[side], p->name, FO_COMMAND_RESUME);
    p->stopped_since[side] = 0;
}

static bool starting(struct sim *k, int server)
{
    for (int n = 0; n < k->pairs; n++)
        for (int i = 0; i < SIDES; i++)
            if (k->pair[n].server[i] == server && sim_state(k, &k->pair[n], i) == FO_STATE_STARTUP)
                return true;
    return false;
}

/* A partner that was told SHUTDOWN takes over (§9.14), and the word may be under way still. */
static bool may_have_taken_over(const struct sim_pair *p, int side)
{
    return p->took_over[side] || p->state[!side] == FO_STATE_SHUTDOWN;
}

/* The partner of |server| in |p| took over: both must be able to talk before it comes back, and
 * until they did. The operator that said partner-down sees to it (§9.4). */
static bool clear_the_way(struct sim *k, int server)
{
    bool any = false;
    for (int n = 0; n < k->pairs; n++)
        for (int i = 0; i < SIDES; i++) {
            struct sim_pair *p = &k->pair[n];
            int other = p->server[!i];
            if (p->server[i] != server || !may_have_taken_over(p, !i))
                continue;
            any = true;
            operator_revive(k, other);
            fault_mend_server(k, other);
            operator_resume(k, p, !i);
        }
    if (!any)
        return false;
    for (int i = 0; i < k->w.servers; i++)
        fault_set_clock(k, i);
    world_heal(&k->w);
    k->w.delay_ms = 50;
    world_run(&k->w, sim_scaled(k, 15));
    return true;
}

static void wait_for_start(struct sim *k, int server)
{
    uint32_t startup_s = k->w.side[server].config.startup_s;
    for (uint32_t s = 0; s <= startup_s && starting(k, server) && k->broken[0] == '\0'; s += 5)
        world_run(&k->w, SECONDS(5));
}

void operator_revive(struct sim *k, int server)
{
    bool cleared;
    if (k->w.side[server].alive || k->server[server].reviving)
        return;
    k->server[server].restart_ms = 0;
    k->server[server].reviving = true; /* both may have taken over from each other */
    cleared = clear_the_way(k, server);
    k->server[server].reviving = false;
    start_process(k, server);
    if (cleared)
        wait_for_start(k, server);
}

void operator_repair(struct sim *k, struct roll *r)
{
    struct sim_pair *p = some_pair(k, r);
    int side = (int)roll_below(r, SIDES);
    bool partner_serves;
    if (roll_below(r, 3) == 0) {
        world_heal(&k->w);
        return;
    }
    operator_revive(k, p->server[side]);
    if (p->stopped_since[side] == 0)
        return;
    partner_serves = may_have_taken_over(p, !side);
    if (partner_serves) {
        fault_mend_server(k, p->server[side]);
        (void)clear_the_way(k, p->server[side]);
    }
    operator_resume(k, p, side);
    if (partner_serves)
        wait_for_start(k, p->server[side]);
}

/* --- commands -----------------------------------------------------------------------------------
 */

/* Why an operator believes that a living partner is down: nobody hears of it for a long time. */
static void cut_off(struct sim *k, const struct sim_pair *p, struct roll *r)
{
    int64_t until_ms = k->w.now_ms + sim_scaled(k, 600 + roll_below(r, 1200));
    (void)net_reset(&k->w, p->server[0], p->server[1]);
    for (int i = 0; i < SIDES; i++)
        net_block(&k->w, p->server[i], p->server[!i], until_ms);
    fault_count(k, FAULT_CUT);
}

/* Never of a partner that may be alive, and not before its last heartbeat ran out; a liar does. */
void operator_partner_down(struct sim *k, struct roll *r)
{
    struct sim_pair *p = some_pair(k, r);
    int side = (int)roll_below(r, SIDES);
    int64_t since = sim_idle_since(k, p, !side);
    bool gone = since != 0 && k->w.now_ms > since + sim_scaled(k, 20), cut;
    if (!sim_runs(k, p, side) || (!k->liar && (!gone || p->took_over[!side])))
        return;
    cut = !gone && roll_below(r, 2) == 0;
    if (cut)
        cut_off(k, p, r);
    if (world_command_to(&k->w, p->server[side], p->name, FO_COMMAND_PARTNER_DOWN) != ERROR_SUCCESS)
        return;
    if (!k->w.side[p->server[side]].alive) /* it died before it answered: maybe it took over */
        p->took_over[side] = true;
    k->totals.partner_downs++;
    p->lied = p->lied || p->losing; /* nobody has what was lost: the operator takes it upon him */
    if (gone) {
        k->server[p->server[!side]].restart_ms = 0; /* it comes back when the operator says so */
        return;
    }
    p->lied = true;
    fault_count(k, FAULT_FALSE_DOWN);
    if (!cut)
        return;
    sim_pass(k, SECONDS((int64_t)p->mclt_longest_s + 10));
    client_twice(k, p, r);
}

static void stop_one(struct sim *k, struct roll *r, enum fo_command command)
{
    struct sim_pair *p = some_pair(k, r);
    int side = (int)roll_below(r, SIDES);
    if (!sim_runs(k, p, side))
        return;
    fault_mend_server(k, p->server[side]); /* a restart would resume (§9.13.2) */
    if (world_command_to(&k->w, p->server[side], p->name, command) == ERROR_SUCCESS)
        p->stopped_since[side] = k->w.now_ms;
}

void operator_pause(struct sim *k, struct roll *r)
{
    stop_one(k, r, FO_COMMAND_PAUSE);
}

void operator_shutdown(struct sim *k, struct roll *r)
{
    stop_one(k, r, FO_COMMAND_SHUTDOWN);
}

static void command(struct sim *k, struct roll *r, enum fo_command c)
{
    struct sim_pair *p = some_pair(k, r);
    int side = (int)roll_below(r, SIDES);
    if (sim_runs(k, p, side))
        (void)world_command_to(&k->w, p->server[side], p->name, c);
}

void operator_balance(struct sim *k, struct roll *r)
{
    command(k, r, FO_COMMAND_BALANCE);
}

void operator_resync(struct sim *k, struct roll *r)
{
    command(k, r, FO_COMMAND_RESYNC);
}

/* A copy of the disk, for worse times. */
void operator_backup(struct sim *k, struct roll *r)
{
    int server = (int)roll_below(r, (uint32_t)k->w.servers);
    struct world_side *s = &k->w.side[server];
    if (!s->alive || k->server[server].empty)
        return;
    for (int n = 0; n < k->pairs; n++)
        k->server[server].backup_second[n] = k->pair[n].has_second;
    if (s->snapshot == NULL)
        s->snapshot = fo_store_mem_new();
    if (fo_store_mem_copy(s->snapshot, s->store) != FO_OK)
        sim_broken(k, "no memory for a copy of a disk");
}
