#include "tests/sim/world.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NAME "alpha"

static void batch(struct world *w, int side, const struct fo_event *events, size_t count,
                  void (*change)(void *context, struct fo_server *s, struct fo_now now,
                                 struct fo_outbox *out),
                  void *context);

struct fo_now world_now(const struct world *w, int side)
{
    return (struct fo_now){
        {w->now_ms}, {(uint32_t)(WORLD_UTC + w->now_ms / 1000 + w->side[side].clock_offset_s)}};
}

void world_init(struct world *w)
{
    memset(w, 0, sizeof *w);
    w->now_ms = 500;
    w->delay_ms = 1;
    w->next_odd = 1;
    for (int i = 0; i < SIDES; i++) {
        w->side[i].store = fo_store_mem_new();
        w->side[i].config.vendor_class = "fo-world";
        w->side[i].config.startup_s = 10;
    }
    for (int i = 0; i < SIDES; i++)
        world_start(w, i);
}

static void forget_link(struct world_link *l)
{
    for (int i = 0; i < SIDES; i++)
        free(l->to[i].bytes);
    *l = (struct world_link){0};
}

void world_fini(struct world *w)
{
    for (int i = 0; i < SIDES; i++) {
        fo_server_free(w->side[i].server);
        fo_store_free(w->side[i].store);
        fo_outbox_fini(&w->side[i].out);
    }
    for (int i = 0; i < WORLD_LINKS; i++)
        forget_link(&w->links[i]);
}

/* --- the network ------------------------------------------------------------------------------ */

static struct world_link *link_of(struct world *w, int side, fo_link_id_t id)
{
    for (int i = 0; i < WORLD_LINKS; i++)
        if (w->links[i].open && w->links[i].id[side] == id)
            return &w->links[i];
    return NULL;
}

static void dial(struct world *w, int side, fo_link_id_t id)
{
    for (int i = 0; i < WORLD_LINKS; i++) {
        struct world_link *l = &w->links[i];
        if (l->open)
            continue;
        l->open = true;
        l->dialler = side;
        l->id[side] = id;
        l->id[!side] = 0;
        l->to[0].ready_ms = l->to[1].ready_ms = w->now_ms + w->delay_ms;
        return;
    }
}

static void carry(struct world *w, int side, fo_link_id_t id, const uint8_t *data, size_t length)
{
    struct world_link *l = link_of(w, side, id);
    struct world_pipe *p;
    if (w->on_bytes != NULL)
        w->on_bytes(w->tap, side, data, length);
    if (l == NULL)
        return;
    p = &l->to[!side];
    if (p->used + length > p->room) {
        p->room = (p->used + length) * 2;
        p->bytes = realloc(p->bytes, p->room);
    }
    memcpy(p->bytes + p->used, data, length);
    if (p->used == 0)
        p->ready_ms = w->now_ms + w->delay_ms;
    p->used += length;
}

static void remember(struct world *w, int side, int length, const char *text)
{
    struct world_line *line = &w->lines[w->line_count++ % WORLD_LINES];
    line->ms = w->now_ms;
    line->side = side;
    snprintf(line->text, sizeof line->text, "%.*s", length, text);
}

void world_print_lines(const struct world *w)
{
    unsigned first = w->line_count > WORLD_LINES ? w->line_count - WORLD_LINES : 0;
    for (unsigned i = first; i < w->line_count; i++) {
        const struct world_line *line = &w->lines[i % WORLD_LINES];
        fprintf(stderr, "%8lld.%03lld %d %s\n", (long long)line->ms / 1000,
                (long long)line->ms % 1000, line->side, line->text);
    }
}

static void carry_out(struct world *w, int side)
{
    struct world_side *s = &w->side[side];
    for (size_t i = 0; i < s->out.count; i++) {
        const struct fo_effect *e = &s->out.effects[i];
        struct world_link *l;
        switch (e->kind) {
        case FO_EFFECT_DIAL:
            dial(w, side, e->link);
            break;
        case FO_EFFECT_SEND:
            carry(w, side, e->link, fo_outbox_data(&s->out, e), e->length);
            break;
        case FO_EFFECT_CLOSE:
            if ((l = link_of(w, side, e->link)) != NULL)
                l->closing[side] = true;
            break;
        case FO_EFFECT_START_TLS:
            if ((l = link_of(w, side, e->link)) != NULL)
                l->tls_wanted[side] = true;
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
            remember(w, side, (int)e->length, (const char *)fo_outbox_data(&s->out, e));
            if (getenv("WORLD_LOG") != NULL)
                fprintf(stderr, "%8lld.%03lld %d %.*s\n", (long long)w->now_ms / 1000,
                        (long long)w->now_ms % 1000, side, (int)e->length,
                        (const char *)fo_outbox_data(&s->out, e));
            if (e->level == FO_NOTICE_ALARM) {
                size_t n = strlen(s->alarms);
                snprintf(s->alarms + n, sizeof s->alarms - n, "%.*s\n", (int)e->length,
                         (const char *)fo_outbox_data(&s->out, e));
            }
            break;
        }
    }
    fo_outbox_clear(&s->out);
}

static void down(struct world *w, int side, struct world_link *l)
{
    struct fo_event e = {.kind = FO_EVENT_LINK_DOWN, .now = world_now(w, side)};
    e.link = l->id[side];
    e.down.why = "connection lost";
    if (w->side[side].alive && e.link != 0)
        batch(w, side, &e, 1, NULL, NULL);
}

/* --- the driver: begin, step, flush, commit, outbox (design §3) ----------------------------------
 */

static void batch(struct world *w, int side, const struct fo_event *events, size_t count,
                  void (*change)(void *context, struct fo_server *s, struct fo_now now,
                                 struct fo_outbox *out),
                  void *context)
{
    struct world_side *s = &w->side[side];
    int rc = fo_store_begin(s->store);
    for (size_t i = 0; rc == FO_OK && i < count; i++)
        rc = fo_server_step(s->server, &events[i], &s->out);
    if (rc == FO_OK && change != NULL)
        change(context, s->server, world_now(w, side), &s->out);
    if (rc == FO_OK)
        rc = fo_server_flush(s->server, world_now(w, side), &s->out);
    if (rc == FO_OK)
        rc = fo_store_commit(s->store);
    else
        fo_store_abort(s->store);
    w->steps++;
    if (rc == FO_OK) {
        carry_out(w, side);
        return;
    }
    s->commits_failed++;
    world_kill(w, side); /* nothing was promised: start again from the store */
    world_start(w, side);
}

void world_start(struct world *w, int side)
{
    struct world_side *s = &w->side[side];
    fo_server_free(s->server);
    fo_outbox_clear(&s->out);
    s->server = fo_server_new(&s->config, s->store);
    s->alive = s->server != NULL &&
               fo_server_restore(s->server, world_now(w, side), &s->out, NULL) == FO_OK;
    carry_out(w, side);
}

void world_kill(struct world *w, int side)
{
    w->side[side].alive = false;
    fo_store_mem_crash(w->side[side].store);
    for (int i = 0; i < WORLD_LINKS; i++) {
        struct world_link *l = &w->links[i];
        struct world_link gone = *l;
        if (l->open && w->cut) { /* the other side hears of it when the cut heals */
            l->closing[side] = true;
            l->id[side] = 0; /* the next process counts from the beginning */
        } else if (l->open) {
            forget_link(l);
            if (gone.up || gone.dialler == !side)
                down(w, !side, &gone);
        }
    }
}

static int64_t wake(struct world *w, int side)
{
    return w->side[side].alive ? fo_server_next_wake(w->side[side].server, world_now(w, side)).ms
                               : INT64_MAX;
}

/* --- moving links along
 * ---------------------------------------------------------------------------- */

static bool establish(struct world *w, struct world_link *l)
{
    int to = !l->dialler;
    struct fo_event e = {.kind = FO_EVENT_LINK_UP};
    if (l->up || w->now_ms < l->to[0].ready_ms || w->cut)
        return false;
    if (!w->side[to].alive || w->refuse) {
        struct world_link gone = {.id = {l->id[0], l->id[1]}};
        int dialler = l->dialler;
        forget_link(l);
        down(w, dialler, &gone);
        return true;
    }
    l->up = true;
    l->id[to] = w->next_odd;
    w->next_odd += 2;
    e.link = l->id[l->dialler];
    e.now = world_now(w, l->dialler);
    batch(w, l->dialler, &e, 1, NULL, NULL);
    if (!l->open)
        return true; /* the dialler died of it */
    e.up.accepted = true;
    e.up.partner = 0x0a090001u + (fo_ipv4_t)l->dialler;
    e.link = l->id[to];
    e.now = world_now(w, to);
    batch(w, to, &e, 1, NULL, NULL);
    return true;
}

static bool deliver(struct world *w, struct world_link *l, int side)
{
    struct world_pipe *p = &l->to[side];
    struct fo_event e = {.kind = FO_EVENT_LINK_BYTES, .now = world_now(w, side)};
    uint8_t *bytes = p->bytes;
    if (!l->up || w->cut || p->used == 0 || w->now_ms < p->ready_ms || !w->side[side].alive)
        return false;
    e.link = l->id[side];
    e.bytes.data = bytes;
    e.bytes.length = p->used;
    *p = (struct world_pipe){0};
    batch(w, side, &e, 1, NULL, NULL);
    free(bytes);
    return true;
}

static bool shake_hands(struct world *w, struct world_link *l)
{
    if (!l->up || w->cut || !l->tls_wanted[0] || !l->tls_wanted[1] || l->to[0].used != 0 ||
        l->to[1].used != 0)
        return false;
    l->tls_wanted[0] = l->tls_wanted[1] = false;
    for (int i = 0; i < SIDES; i++) {
        struct fo_event e = {.kind = FO_EVENT_LINK_SECURE, .now = world_now(w, i)};
        e.link = l->id[i];
        if (l->open)
            batch(w, i, &e, 1, NULL, NULL);
    }
    return true;
}

static bool hang_up(struct world *w, struct world_link *l)
{
    for (int i = 0; i < SIDES; i++) {
        struct world_link gone;
        if (!l->closing[i] || w->cut || (l->up && l->to[!i].used != 0))
            continue;
        gone = (struct world_link){.id = {l->id[0], l->id[1]}};
        forget_link(l);
        down(w, !i, &gone);
        return true;
    }
    return false;
}

static bool move_links(struct world *w)
{
    bool moved = false;
    for (int i = 0; i < WORLD_LINKS; i++) {
        struct world_link *l = &w->links[i];
        if (l->open)
            moved = establish(w, l) || moved;
        for (int side = 0; side < SIDES; side++)
            if (l->open)
                moved = deliver(w, l, side) || moved;
        if (l->open)
            moved = shake_hands(w, l) || moved;
        if (l->open)
            moved = hang_up(w, l) || moved;
    }
    return moved;
}

static int64_t links_ready(const struct world *w)
{
    int64_t next = INT64_MAX;
    for (int i = 0; i < WORLD_LINKS; i++) {
        const struct world_link *l = &w->links[i];
        for (int side = 0; side < SIDES && l->open && !w->cut; side++)
            if ((!l->up || l->to[side].used != 0) && l->to[side].ready_ms < next)
                next = l->to[side].ready_ms;
    }
    return next;
}

static void tick(struct world *w, int side)
{
    struct fo_event e = {.kind = FO_EVENT_TICK, .now = world_now(w, side)};
    if (w->side[side].alive && wake(w, side) <= w->now_ms)
        batch(w, side, &e, 1, NULL, NULL);
}

static int64_t next_moment(struct world *w, int64_t end)
{
    int64_t next = end;
    for (int i = 0; i < SIDES; i++)
        if (wake(w, i) < next)
            next = wake(w, i);
    if (links_ready(w) < next)
        next = links_ready(w);
    return next > w->now_ms ? next : w->now_ms + 1;
}

void world_run(struct world *w, int64_t ms)
{
    int64_t end = w->now_ms + ms;
    for (;;) {
        for (int rounds = 0; rounds < 1000 && move_links(w); rounds++)
            ;
        tick(w, 0);
        tick(w, 1);
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
    for (int i = 0; i < WORLD_LINKS; i++) { /* what both sides gave up is gone */
        struct world_link *l = &w->links[i];
        if (l->open && (l->closing[0] || l->closing[1])) {
            struct world_link gone = {.id = {l->id[0], l->id[1]}};
            bool other = l->closing[0];
            bool both = l->closing[0] && l->closing[1];
            forget_link(l);
            if (!both)
                down(w, other, &gone);
        }
    }
}

/* --- people and clients
 * ------------------------------------------------------------------------------ */

static void make_scope(void *context, struct fo_server *s, struct fo_now now, struct fo_outbox *out)
{
    const struct fo_scope *scope = context;
    (void)now;
    (void)out;
    if (fo_server_scope_create(s, scope, NULL, 0) != ERROR_SUCCESS)
        abort();
}

void world_scope(struct world *w, int side, unsigned first, unsigned last)
{
    struct fo_range range = {ADDRESS(first), ADDRESS(last)};
    struct fo_scope scope = {.subnet = SUBNET, .mask = 0xffff0000u};
    if (last < 256)
        scope.mask = 0xffffff00u;
    scope.ranges = &range;
    scope.range_count = 1;
    batch(w, side, NULL, 0, make_scope, &scope);
}

struct pairing {
    struct fo_relationship r;
    uint32_t code;
};

static void make_pair(void *context, struct fo_server *s, struct fo_now now, struct fo_outbox *out)
{
    struct pairing *p = context;
    char why[256];
    p->code = fo_server_relationship_create(s, &p->r, FO_BIRTH_VIRGIN, now, out, why, sizeof why);
}

static void describe(struct fo_relationship *r, int side, const char *name)
{
    static fo_ipv4_t scopes[1] = {SUBNET};
    fo_relationship_init(r);
    snprintf(r->name, sizeof r->name, "%s", name);
    r->role = side == 0 ? FO_ROLE_PRIMARY : FO_ROLE_SECONDARY;
    r->primary_server = 0x0a090001u;
    r->secondary_server = 0x0a090002u;
    r->mclt_s = 600;
    r->dialect_auto = false;
    r->scopes = scopes;
    r->scope_count = 1;
}

const struct fo_relationship *world_relationship(struct world *w, int side)
{
    static struct fo_relationship r;
    (void)w;
    describe(&r, side, NAME);
    return &r;
}

uint32_t world_pair(struct world *w, int side, const char *name,
                    void (*tweak)(struct fo_relationship *r))
{
    struct pairing p;
    describe(&p.r, side, name);
    if (tweak != NULL)
        tweak(&p.r);
    batch(w, side, NULL, 0, make_pair, &p);
    return p.code;
}

void world_pair_both(struct world *w, void (*tweak)(struct fo_relationship *r))
{
    for (int i = 0; i < SIDES; i++) {
        world_scope(w, i, 10, 209);
        if (world_pair(w, i, NAME, tweak) != ERROR_SUCCESS)
            abort();
    }
}

void world_change(struct world *w, int side,
                  void (*change)(void *context, struct fo_server *s, struct fo_now now,
                                 struct fo_outbox *out),
                  void *context)
{
    batch(w, side, NULL, 0, change, context);
}

struct order {
    enum fo_command command;
    uint32_t code;
};

static void give_order(void *context, struct fo_server *s, struct fo_now now, struct fo_outbox *out)
{
    struct order *o = context;
    o->code = fo_server_command(s, NAME, o->command, now, out, NULL, 0);
}

uint32_t world_command(struct world *w, int side, enum fo_command command)
{
    struct order o = {command, 0};
    batch(w, side, NULL, 0, give_order, &o);
    return o.code;
}

struct fo_client world_client(unsigned n)
{
    struct fo_client c = {.hw_length = 7};
    const uint8_t hw[7] = {1, 2, 0x0c, 0, (uint8_t)(n >> 16), (uint8_t)(n >> 8), (uint8_t)n};
    memcpy(c.hw, hw, sizeof hw);
    return c;
}

bool world_report(struct world *w, int side, const struct fo_report *r)
{
    struct fo_event e = {.kind = FO_EVENT_REPORT, .now = world_now(w, side)};
    uint64_t failed = w->side[side].commits_failed;
    e.report = *r;
    batch(w, side, &e, 1, NULL, NULL);
    return w->side[side].commits_failed == failed;
}

fo_ipv4_t world_lease(struct world *w, int side, unsigned n, uint32_t desired_s)
{
    struct fo_server *s = w->side[side].server;
    struct fo_now now = world_now(w, side);
    struct fo_client c = world_client(n);
    struct fo_report r = {.kind = FO_REPORT_GRANT, .client = c, .desired_s = desired_s};
    fo_ipv4_t address;
    if (!w->side[side].alive || fo_server_choose(s, SUBNET, &c, 0, 0, now, &address) != FO_OK)
        return 0;
    r.address = address;
    r.lease_end = fo_utc_add(now.utc, fo_server_lease_time(s, address, &c, desired_s, now));
    r.token = n + 1;
    return world_report(w, side, &r) ? address : 0;
}

/* --- looking
 * --------------------------------------------------------------------------------------------- */

struct fo_endpoint_status world_status(struct world *w, int side)
{
    struct fo_endpoint_status st = {0};
    if (!w->side[side].alive ||
        fo_server_status(w->side[side].server, NAME, world_now(w, side), &st) != FO_OK)
        st.state = FO_STATE_NONE;
    return st;
}

enum fo_state world_state(struct world *w, int side)
{
    return world_status(w, side).state;
}

struct fo_binding world_binding(struct world *w, int side, fo_ipv4_t address)
{
    struct fo_binding b = {0};
    if (fo_lease_db_get(fo_server_leases(w->side[side].server), address, &b) != FO_OK)
        b.status = FO_STATUS_NONE;
    return b;
}

static bool same_end(const struct world *w, const struct fo_binding *a, const struct fo_binding *b)
{
    int64_t skew = (int64_t)w->side[0].clock_offset_s - w->side[1].clock_offset_s;
    int64_t d = (int64_t)a->lease_expiration.s - b->lease_expiration.s - skew;
    return d >= -w->tolerance_s && d <= w->tolerance_s;
}

const char *world_difference(struct world *w)
{
    static char text[512];
    for (unsigned n = 0; n < 256; n++) {
        struct fo_binding a = world_binding(w, 0, ADDRESS(n)), b = world_binding(w, 1, ADDRESS(n));
        bool leased = a.status == FO_STATUS_ACTIVE;
        char one[240], two[240];
        if (a.status == b.status &&
            (!leased || (fo_client_equal(&a.client, &b.client) && same_end(w, &a, &b))))
            continue;
        snprintf(text, sizeof text, "%s | %s", fo_binding_print(&a, one, sizeof one),
                 fo_binding_print(&b, two, sizeof two));
        return text;
    }
    return NULL;
}
