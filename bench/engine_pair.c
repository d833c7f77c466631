#include "bench/engine_pair.h"

#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "state/store_lmdb.h"

#define PAIR_UTC     1800000000u
#define ROUNDS_LIMIT 200000

static void must(int rc, const char *what)
{
    if (rc != FO_OK)
        bench_fail("%s: %s", what, fo_strerror(rc));
}

struct fo_now pair_now(const struct pair *p)
{
    return (struct fo_now){{p->now_ms}, {(uint32_t)(PAIR_UTC + p->now_ms / 1000)}};
}

/* --- the outbox ------------------------------------------------------------------------------- */

static void carry(struct pair_bytes *to, const uint8_t *data, size_t length)
{
    if (to->used + length > to->room) {
        to->room = (to->used + length) * 2;
        to->data = realloc(to->data, to->room);
        if (to->data == NULL)
            bench_fail("out of memory");
    }
    memcpy(to->data + to->used, data, length);
    to->used += length;
}

static void carry_out(struct pair *p, int side)
{
    struct pair_side *s = &p->side[side];
    for (size_t i = 0; i < s->out.count; i++) {
        const struct fo_effect *e = &s->out.effects[i];
        switch (e->kind) {
        case FO_EFFECT_DIAL:
            s->link = e->link;
            s->dialled = true;
            break;
        case FO_EFFECT_SEND:
            carry(&p->side[!side].inbox, fo_outbox_data(&s->out, e), e->length);
            break;
        case FO_EFFECT_APPLIED:
            s->applied++;
            break;
        case FO_EFFECT_DURABLE:
            s->durable++;
            break;
        case FO_EFFECT_ACKED:
            s->acked++;
            if (side == 0 && p->on_acked != NULL)
                p->on_acked(p->context, e->token);
            break;
        default: /* nobody closes or asks for TLS here; notices are for a log */
            break;
        }
    }
    fo_outbox_clear(&s->out);
}

/* --- the loop -----------------------------------------------------------------------------------
 */

typedef void (*pair_change)(struct pair *p, int side, const void *argument);

static void step(struct pair *p, int side, struct fo_event *e)
{
    e->now = pair_now(p);
    must(fo_server_step(p->side[side].server, e, &p->side[side].out), "a step failed");
}

static void step_all(struct pair *p, int side, const struct fo_report *reports, size_t count)
{
    struct pair_side *s = &p->side[side];
    struct pair_bytes bytes = s->inbox;
    if (bytes.used != 0) {
        struct fo_event e = {.kind = FO_EVENT_LINK_BYTES, .link = s->link};
        e.bytes.data = bytes.data;
        e.bytes.length = bytes.used;
        s->inbox.used = 0; /* the other side writes no more before this turn is over */
        step(p, side, &e);
    }
    for (size_t i = 0; i < count; i++) {
        struct fo_event e = {.kind = FO_EVENT_REPORT, .report = reports[i]};
        step(p, side, &e);
    }
    if (fo_server_next_wake(s->server, pair_now(p)).ms <= p->now_ms) {
        struct fo_event e = {.kind = FO_EVENT_TICK};
        step(p, side, &e);
    }
}

static void finish(struct pair *p, int side)
{
    struct pair_side *s = &p->side[side];
    uint64_t start;
    must(fo_server_flush(s->server, pair_now(p), &s->out), "flush");
    start = bench_now_ns();
    must(fo_store_commit(s->store), "commit");
    s->commit_ns += bench_now_ns() - start;
    s->commits++;
    carry_out(p, side);
}

void pair_turn(struct pair *p, int side, const struct fo_report *reports, size_t count)
{
    struct pair_side *s = &p->side[side];
    uint64_t start = bench_now_ns();
    if (s->server == NULL || (s->inbox.used == 0 && count == 0 &&
                              fo_server_next_wake(s->server, pair_now(p)).ms > p->now_ms))
        return;
    must(fo_store_begin(s->store), "begin");
    step_all(p, side, reports, count);
    finish(p, side);
    s->busy_ns += bench_now_ns() - start;
}

static void change(struct pair *p, int side, pair_change what, const void *argument)
{
    must(fo_store_begin(p->side[side].store), "begin");
    what(p, side, argument);
    finish(p, side);
}

/* --- links: one at a time, made as soon as somebody dials --------------------------------------
 */

static void link_event(struct pair *p, int side, const void *argument)
{
    struct fo_event e = *(const struct fo_event *)argument;
    step(p, side, &e);
}

static void join(struct pair *p, int dialler)
{
    struct fo_event e = {.kind = FO_EVENT_LINK_UP, .link = p->side[dialler].link};
    p->side[dialler].dialled = false;
    p->side[!dialler].link = e.link + 1; /* odd, as accepted links are */
    change(p, dialler, link_event, &e);
    e.link = p->side[!dialler].link;
    e.up.accepted = true;
    e.up.partner = 0x7f000001u + (fo_ipv4_t)dialler;
    change(p, !dialler, link_event, &e);
}

static void refuse(struct pair *p, int dialler)
{
    struct fo_event e = {.kind = FO_EVENT_LINK_DOWN, .link = p->side[dialler].link};
    p->side[dialler].dialled = false;
    e.down.why = "connection refused";
    change(p, dialler, link_event, &e);
}

static void answer_dials(struct pair *p)
{
    for (int side = 0; side < 2; side++) {
        if (!p->side[side].dialled)
            continue;
        if (p->side[!side].server != NULL && !p->side[!side].dialled)
            join(p, side);
        else
            refuse(p, side);
    }
}

/* --- life ----------------------------------------------------------------------------------------
 */

double pair_start(struct pair *p, int side)
{
    struct pair_side *s = &p->side[side];
    const struct fo_server_config config = {.vendor_class = "fobench", .startup_s = 1};
    uint64_t start = bench_now_ns();
    char why[256];
    if (fo_store_lmdb_open(s->path, 0, &s->store, why, sizeof why) != FO_OK)
        bench_fail("%s", why);
    s->server = fo_server_new(&config, s->store);
    if (s->server == NULL)
        bench_fail("out of memory");
    must(fo_server_restore(s->server, pair_now(p), &s->out, NULL), "restore");
    carry_out(p, side);
    return bench_seconds_since(start);
}

static void make_scopes(struct pair *p, int side, const void *argument)
{
    (void)argument;
    for (uint32_t i = 0; i < lease_scope_count(p->leases); i++) {
        struct fo_range range;
        struct fo_scope scope = lease_scope(i, &range);
        char why[256];
        if (fo_server_scope_create(p->side[side].server, &scope, why, sizeof why) != 0)
            bench_fail("a scope cannot be made: %s", why);
    }
}

void pair_init(struct pair *p, const char *place, uint64_t leases)
{
    *p = (struct pair){.leases = leases, .now_ms = 1000};
    for (int side = 0; side < 2; side++) {
        p->side[side].path = bench_place_path(place, side == 0 ? "primary" : "secondary");
        (void)pair_start(p, side);
        change(p, side, make_scopes, NULL);
    }
}

void pair_fini(struct pair *p)
{
    for (int side = 0; side < 2; side++) {
        fo_server_free(p->side[side].server);
        fo_store_free(p->side[side].store);
        fo_outbox_fini(&p->side[side].out);
        free(p->side[side].inbox.data);
        free(p->side[side].path);
    }
}

/* Hot standby without a share for the secondary: no addresses move between the pools, so that
 * what is counted is leases alone. */
static void make_relationship(struct pair *p, int side, const void *argument)
{
    const bool *lost = argument;
    struct fo_relationship r;
    fo_ipv4_t scopes[FO_SCOPES_PER_CALL_MAX];
    char why[256];
    fo_relationship_init(&r);
    snprintf(r.name, sizeof r.name, "%s", PAIR_NAME);
    r.role = side == 0 ? FO_ROLE_PRIMARY : FO_ROLE_SECONDARY;
    r.primary_server = 0x7f000001u;
    r.secondary_server = 0x7f000002u;
    r.mode = FO_MODE_HOT_STANDBY;
    r.percentage = 0;
    r.mclt_s = 60;
    r.dialect_auto = false;
    r.scopes = scopes;
    r.scope_count = lease_scope_count(p->leases);
    for (uint32_t i = 0; i < r.scope_count; i++)
        scopes[i] = lease_subnet(i);
    if (fo_server_relationship_create(p->side[side].server, &r,
                                      *lost ? FO_BIRTH_LOST : FO_BIRTH_VIRGIN, pair_now(p),
                                      &p->side[side].out, why, sizeof why) != 0)
        bench_fail("the relationship cannot be made: %s", why);
}

void pair_relate(struct pair *p, int side, bool lost)
{
    change(p, side, make_relationship, &lost);
}

void pair_kill(struct pair *p, int side, bool wiped)
{
    struct pair_side *s = &p->side[side], *other = &p->side[!side];
    struct fo_event e = {.kind = FO_EVENT_LINK_DOWN, .link = other->link};
    fo_server_free(s->server);
    fo_store_free(s->store);
    s->server = NULL;
    s->store = NULL;
    s->inbox.used = other->inbox.used = 0;
    s->dialled = other->dialled = false;
    fo_outbox_clear(&s->out);
    malloc_trim(0);
    e.down.why = "connection reset";
    change(p, !side, link_event, &e);
    if (wiped) {
        bench_place_remove(s->path);
        (void)pair_start(p, side);
        change(p, side, make_scopes, NULL);
    }
}

void pair_until(struct pair *p, bool (*done)(struct pair *p), const char *what)
{
    for (int rounds = 0; !done(p); rounds++) {
        if (rounds == ROUNDS_LIMIT)
            bench_fail("never came to: %s (%s, %s)", what, fo_state_name(pair_status(p, 0).state),
                       fo_state_name(pair_status(p, 1).state));
        answer_dials(p);
        pair_turn(p, 0, NULL, 0);
        pair_turn(p, 1, NULL, 0);
        if (p->side[0].inbox.used == 0 && p->side[1].inbox.used == 0)
            p->now_ms += 100; /* nothing under way: let time pass */
    }
}

struct fo_endpoint_status pair_status(struct pair *p, int side)
{
    struct fo_endpoint_status status = {0};
    if (p->side[side].server != NULL &&
        fo_server_status(p->side[side].server, PAIR_NAME, pair_now(p), &status) != FO_OK)
        bench_fail("the relationship is gone");
    return status;
}

bool pair_both_normal(struct pair *p)
{
    return pair_status(p, 0).state == FO_STATE_NORMAL && pair_status(p, 1).state == FO_STATE_NORMAL;
}
