/* What an operator and a host do to a world, and how one looks at it. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/sim/world.h"

#define NAME "alpha"

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
    world_batch(w, side, NULL, 0, make_scope, &scope);
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
    world_batch(w, side, NULL, 0, make_pair, &p);
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

struct order {
    const char *relationship;
    enum fo_command command;
    uint32_t code;
};

static void give_order(void *context, struct fo_server *s, struct fo_now now, struct fo_outbox *out)
{
    struct order *o = context;
    o->code = fo_server_command(s, o->relationship, o->command, now, out, NULL, 0);
}

uint32_t world_command_to(struct world *w, int side, const char *relationship,
                          enum fo_command command)
{
    struct order o = {relationship, command, 0};
    world_batch(w, side, NULL, 0, give_order, &o);
    return o.code;
}

uint32_t world_command(struct world *w, int side, enum fo_command command)
{
    return world_command_to(w, side, NAME, command);
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
    world_batch(w, side, &e, 1, NULL, NULL);
    return w->side[side].commits_failed == failed && w->side[side].alive;
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
