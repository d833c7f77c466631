#include "tests/sim/world.h"

#include <stdlib.h>
#include <string.h>

#include "tests/sim/net.h"

struct fo_now world_now(const struct world *w, int side)
{
    int64_t steady = clock_steady(&w->side[side].rate, w->now_ms);
    return (struct fo_now){{steady},
                           {(uint32_t)(WORLD_UTC + steady / 1000 + w->side[side].clock_offset_s)}};
}

void world_init_servers(struct world *w, int servers)
{
    memset(w, 0, sizeof *w);
    w->servers = servers;
    w->now_ms = 500;
    w->delay_ms = 1;
    w->next_odd = 1;
    w->log = getenv("WORLD_LOG") != NULL ? stderr : NULL;
    for (int i = 0; i < servers; i++) {
        w->side[i].store = fo_store_mem_new();
        w->side[i].config.vendor_class = "fo-world";
        w->side[i].config.startup_s = 10;
    }
    for (int i = 0; i < servers; i++)
        world_start(w, i);
}

void world_init(struct world *w)
{
    world_init_servers(w, SIDES);
}

void world_fini(struct world *w)
{
    for (int i = 0; i < w->servers; i++) {
        fo_server_free(w->side[i].server);
        fo_store_free(w->side[i].store);
        fo_store_free(w->side[i].snapshot);
        fo_outbox_fini(&w->side[i].out);
    }
    net_fini(w);
}

bool world_runs(const struct world *w, int side)
{
    return w->side[side].alive && w->now_ms >= w->side[side].stopped_until_ms;
}

void world_line(struct world *w, int side, const char *text, size_t length)
{
    struct world_line *line = &w->lines[w->line_count++ % WORLD_LINES];
    size_t kept = length < sizeof line->text ? length : sizeof line->text - 1;
    line->ms = w->now_ms;
    line->side = side;
    memcpy(line->text, text, kept);
    line->text[kept] = '\0';
    if (w->log != NULL)
        fprintf(w->log, "%8lld.%03lld %c %.*s\n", (long long)w->now_ms / 1000,
                (long long)w->now_ms % 1000, side < 0 ? '*' : '0' + side, (int)length, text);
}

/* --- the driver: begin, step, flush, commit, outbox (design §3) --------------------------------
 */

/* A line for the log of what went out: enough to tell two runs apart. */
static void log_bytes(struct world *w, int side, const uint8_t *data, size_t length)
{
    uint32_t h = 2166136261u;
    for (size_t i = 0; i < length; i++)
        h = (h ^ data[i]) * 16777619u;
    fprintf(w->log, "%8lld.%03lld %d sends type=%u length=%zu hash=%08x\n",
            (long long)w->now_ms / 1000, (long long)w->now_ms % 1000, side,
            length > 2 ? data[2] : 0u, length, (unsigned)h);
}

static void carry_notice(struct world *w, int side, const struct fo_effect *e)
{
    struct world_side *s = &w->side[side];
    const char *text = (const char *)fo_outbox_data(&s->out, e);
    size_t n = strlen(s->alarms);
    world_line(w, side, text, e->length);
    if (w->on_notice != NULL)
        w->on_notice(w->context, side, text, e->length);
    if (e->level == FO_NOTICE_ALARM)
        snprintf(s->alarms + n, sizeof s->alarms - n, "%.*s\n", (int)e->length, text);
}

static void carry_one(struct world *w, int side, const struct fo_effect *e)
{
    struct world_side *s = &w->side[side];
    switch (e->kind) {
    case FO_EFFECT_DIAL:
        net_dial(w, side, e->link, e->dial.address);
        break;
    case FO_EFFECT_SEND:
        if (w->on_bytes != NULL)
            w->on_bytes(w->tap, side, fo_outbox_data(&s->out, e), e->length);
        if (w->log != NULL)
            log_bytes(w, side, fo_outbox_data(&s->out, e), e->length);
        net_send(w, side, e->link, fo_outbox_data(&s->out, e), e->length);
        break;
    case FO_EFFECT_CLOSE:
        net_close(w, side, e->link);
        break;
    case FO_EFFECT_START_TLS:
        net_start_tls(w, side, e->link);
        break;
    case FO_EFFECT_APPLIED:
        s->applied++;
        break;
    case FO_EFFECT_DURABLE:
    case FO_EFFECT_ACKED:
        *(e->kind == FO_EFFECT_ACKED ? &s->acked : &s->durable) += 1;
        if (w->on_token != NULL)
            w->on_token(w->token_context, side, e->kind, e->token);
        break;
    case FO_EFFECT_NOTICE:
        carry_notice(w, side, e);
        break;
    }
}

static void carry_out(struct world *w, int side, size_t most)
{
    struct world_side *s = &w->side[side];
    for (size_t i = 0; i < s->out.count && i < most; i++)
        carry_one(w, side, &s->out.effects[i]);
    fo_outbox_clear(&s->out);
}

/* Whether |side| dies in this batch: every batch that changes or sends something counts. */
static bool dies_now(struct world_side *s, bool leases_changed)
{
    struct world_crash_plan *c = &s->crash;
    if (c->where == CRASH_NOT || (!leases_changed && s->out.count == 0))
        return false;
    return c->after_batches == 0 || c->after_batches-- == 0;
}

static void die(struct world *w, int side)
{
    bool power = w->side[side].crash.power;
    w->side[side].crash = (struct world_crash_plan){0};
    if (power)
        world_power_off(w, side);
    else
        world_kill(w, side);
}

/* Nothing was promised: start again from the store. */
static void start_again(struct world *w, int side)
{
    w->side[side].commits_failed++;
    world_kill(w, side);
    if (w->restart_ms == 0)
        world_start(w, side);
}

void world_batch(struct world *w, int side, const struct fo_event *events, size_t count,
                 world_change_fn change, void *context)
{
    struct world_side *s = &w->side[side];
    int rc = fo_store_begin(s->store);
    bool changed, dying;
    size_t most = SIZE_MAX;
    for (size_t i = 0; rc == FO_OK && i < count; i++)
        rc = fo_server_step(s->server, &events[i], &s->out);
    if (rc == FO_OK && change != NULL)
        change(context, s->server, world_now(w, side), &s->out);
    changed = fo_lease_db_dirty(fo_server_leases(s->server));
    if (rc == FO_OK)
        rc = fo_server_flush(s->server, world_now(w, side), &s->out);
    dying = rc == FO_OK && dies_now(s, changed);
    if (dying && s->crash.where == CRASH_BEFORE_COMMIT) {
        die(w, side);
        return;
    }
    if (rc == FO_OK)
        rc = fo_store_commit(s->store);
    else
        fo_store_abort(s->store);
    w->steps++;
    s->wake_ms = 0;
    if (rc != FO_OK) {
        start_again(w, side);
        return;
    }
    if (dying)
        most = s->crash.where == CRASH_IN_OUTBOX ? s->crash.after_effects : 0;
    carry_out(w, side, most);
    if (dying)
        die(w, side);
    else if (w->on_batch != NULL)
        w->on_batch(w->context, side, changed);
}

void world_start(struct world *w, int side)
{
    struct world_side *s = &w->side[side];
    fo_server_free(s->server);
    fo_outbox_clear(&s->out);
    s->server = fo_server_new(&s->config, s->store);
    s->dark = false;
    s->stopped_until_ms = 0;
    s->wake_ms = 0;
    s->alive = s->server != NULL &&
               fo_server_restore(s->server, world_now(w, side), &s->out, NULL) == FO_OK;
    if (s->alive)
        carry_out(w, side, SIZE_MAX);
    else
        world_kill(w, side);
}

static void gone(struct world *w, int side, bool power)
{
    struct world_side *s = &w->side[side];
    s->alive = false;
    s->dark = power;
    s->crash = (struct world_crash_plan){0};
    fo_outbox_clear(&s->out);
    fo_store_mem_crash(s->store);
    net_process_gone(w, side, power);
    w->interrupted = true;
    if (w->on_death != NULL)
        w->on_death(w->context, side);
}

void world_kill(struct world *w, int side)
{
    gone(w, side, false);
}

void world_power_off(struct world *w, int side)
{
    gone(w, side, true);
}

void world_change(struct world *w, int side, world_change_fn change, void *context)
{
    world_batch(w, side, NULL, 0, change, context);
}

/* --- time ---------------------------------------------------------------------------------------
 */

static int64_t wake(struct world *w, int side)
{
    struct world_side *s = &w->side[side];
    if (!s->alive)
        return INT64_MAX;
    if (s->wake_ms == 0) {
        int64_t steady = fo_server_next_wake(s->server, world_now(w, side)).ms;
        s->wake_ms = steady == INT64_MAX ? INT64_MAX : clock_true(&s->rate, steady);
    }
    return s->wake_ms > s->stopped_until_ms ? s->wake_ms : s->stopped_until_ms;
}

static void tick(struct world *w, int side)
{
    if (wake(w, side) <= w->now_ms) {
        struct fo_event e = {.kind = FO_EVENT_TICK, .now = world_now(w, side)};
        world_batch(w, side, &e, 1, NULL, NULL);
    }
}

static int64_t next_moment(struct world *w, int64_t end)
{
    int64_t next = end, net = net_next(w);
    for (int i = 0; i < w->servers; i++)
        if (wake(w, i) < next)
            next = wake(w, i);
    if (net < next)
        next = net;
    return next > w->now_ms ? next : w->now_ms + 1;
}

void world_run(struct world *w, int64_t ms)
{
    int64_t end = w->now_ms + ms;
    w->interrupted = false;
    for (int i = 0; i < w->servers; i++)
        w->side[i].wake_ms = 0; /* whatever happened outside a batch */
    while (!w->interrupted || w->restart_ms == 0) {
        for (int rounds = 0; rounds < 1000 && net_move(w); rounds++)
            ;
        for (int i = 0; i < w->servers; i++)
            tick(w, i);
        if (w->now_ms >= end)
            return;
        w->now_ms = next_moment(w, end);
    }
}

bool world_until(struct world *w, enum fo_state a, enum fo_state b, int64_t ms)
{
    for (int64_t end = w->now_ms + ms; w->now_ms < end; world_run(w, 100))
        if (world_state(w, 0) == a && world_state(w, 1) == b)
            return true;
    return false;
}

void world_cut(struct world *w)
{
    w->cut = true;
}

void world_heal(struct world *w)
{
    w->cut = false;
    memset(w->blocked_ms, 0, sizeof w->blocked_ms);
    net_healed(w);
}
