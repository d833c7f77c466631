/* The scenes of management: calls as the service makes them. A call that is answered with success
 * is there after a restart, one that is refused has left nothing. */
#include <stdio.h>
#include <stdlib.h>

#include "mgmt/change.h"
#include "mgmt/message.h"
#include "proto/win32.h"
#include "state/store_mem.h"
#include "tests/sweep/sweep.h"

#define SUBNET 0x0a000000u /* 10.0.0.0/24 */
#define NOW    1700000000u
#define LEASES 8

struct scene {
    struct fo_store *store;
    struct fo_server *server;
    struct fo_changes *changes;
    struct fo_outbox out;
    struct fo_now now;
    bool down;
    uint32_t scope, relationship, leases[LEASES]; /* what each call was answered with */
};

static void stop(struct scene *s)
{
    fo_outbox_clear(&s->out);
    fo_server_free(s->server);
    fo_changes_free(s->changes);
    s->server = NULL;
    s->changes = NULL;
    fo_store_mem_crash(s->store);
}

static void start(struct scene *s)
{
    struct fo_server_config config = {.startup_s = 1};
    s->server = fo_server_new(&config, s->store);
    s->changes = fo_changes_new();
    s->down = s->server == NULL || s->changes == NULL ||
              fo_server_restore(s->server, s->now, &s->out, NULL) != FO_OK ||
              fo_changes_load(s->changes, s->store, true) != FO_OK;
    fo_outbox_clear(&s->out);
    if (s->down)
        stop(s);
}

/* begin, the call, flush, commit; thrown away where one of them fails. */
static int batch(struct scene *s, struct fo_call *c, const struct fo_call_row *row, uint32_t *code)
{
    int rc = fo_store_begin(s->store);
    if (rc != FO_OK)
        return rc;
    *code = fo_call_run(c, row);
    rc = c->err != FO_OK ? c->err : fo_server_flush(s->server, s->now, &s->out);
    if (rc == FO_OK)
        return fo_store_commit(s->store);
    fo_store_abort(s->store);
    return rc;
}

/* The code that the caller is answered with. |each| has room for the codes of the leases, or NULL.
 */
static uint32_t call(struct scene *s, Mgmt__Request *q, uint32_t *each)
{
    const struct fo_call_row *row = fo_call_find(q);
    struct fo_call_facts facts = {.server_name = "test", .version = "0", .changes = s->changes};
    struct fo_call c = {.request = q, .facts = &facts, .right = FO_RIGHT_ADMINISTER};
    uint32_t code = ERROR_NOT_ENOUGH_MEMORY;
    int rc = FO_OK;
    if (s->down)
        return code;
    c.server = s->server;
    c.store = s->store;
    c.now = s->now;
    c.out = &s->out;
    mgmt__reply__init(&c.reply);
    code = fo_call_admit(&c, row);
    if (code == ERROR_SUCCESS)
        rc = batch(s, &c, row, &code);
    if (rc != FO_OK)
        code = fo_call_code_of(rc);
    for (size_t i = 0; each != NULL && i < LEASES; i++)
        each[i] = code == ERROR_SUCCESS ? c.reply.lease_codes->list[i]->code : code;
    fo_outbox_clear(&s->out);
    fo_call_fini(&c);
    if (rc != FO_OK) {
        stop(s);
        start(s);
    }
    return code;
}

static void create_scope(struct scene *s)
{
    Mgmt__Scope scope = MGMT__SCOPE__INIT;
    Mgmt__Range range = MGMT__RANGE__INIT, *ranges[] = {&range};
    Mgmt__Request q = MGMT__REQUEST__INIT;
    q.call_case = MGMT__REQUEST__CALL_SCOPE_CREATE;
    q.scope_create = &scope;
    scope.subnet = SUBNET;
    scope.mask = 0xffffff00u;
    range.first = SUBNET + 10;
    range.last = SUBNET + 109;
    scope.ranges = ranges;
    scope.n_ranges = 1;
    s->scope = call(s, &q, NULL);
}

static void create_relationship(struct scene *s)
{
    Mgmt__Relationship m = MGMT__RELATIONSHIP__INIT;
    Mgmt__Request q = MGMT__REQUEST__INIT;
    fo_ipv4_t scope = SUBNET;
    char name[] = "pair";
    q.call_case = MGMT__REQUEST__CALL_RELATIONSHIP_CREATE;
    q.relationship_create = &m;
    m.name = name;
    m.primary_server = 0xc0000201u;
    m.secondary_server = 0xc0000202u;
    m.percentage = 50;
    m.mclt_s = 3600;
    m.scopes = &scope;
    m.n_scopes = 1;
    s->relationship = call(s, &q, NULL);
}

static void *empty(void)
{
    struct scene *s = calloc(1, sizeof *s);
    s->now = (struct fo_now){.mono = {1000}, .utc = {NOW}};
    s->store = fo_store_mem_new();
    strike_watch(s->store);
    start(s);
    s->scope = s->relationship = ERROR_NOT_ENOUGH_MEMORY;
    for (unsigned i = 0; i < LEASES; i++)
        s->leases[i] = ERROR_NOT_ENOUGH_MEMORY;
    return s;
}

static void *with_scope(void)
{
    struct scene *s = empty();
    create_scope(s);
    return s;
}

static void create(void *context)
{
    create_scope(context);
    create_relationship(context);
}

static void import(void *context)
{
    struct scene *s = context;
    Mgmt__Lease leases[LEASES], *list[LEASES];
    Mgmt__LeaseMany many = MGMT__LEASE_MANY__INIT;
    Mgmt__Request q = MGMT__REQUEST__INIT;
    uint8_t hardware[LEASES][7];
    char names[LEASES][8];
    for (unsigned i = 0; i < LEASES; i++) {
        Mgmt__Lease m = MGMT__LEASE__INIT;
        for (unsigned k = 0; k < 7; k++)
            hardware[i][k] = (uint8_t)(k == 0 ? 1 : k + i);
        (void)snprintf(names[i], sizeof names[i], "pc%u", i);
        m.address = SUBNET + 20 + i;
        m.hardware = (ProtobufCBinaryData){sizeof hardware[i], hardware[i]};
        m.name = names[i];
        m.expires = NOW + 3600;
        leases[i] = m;
        list[i] = &leases[i];
    }
    many.list = list;
    many.n_list = LEASES;
    q.call_case = MGMT__REQUEST__CALL_LEASE_CREATE_MANY;
    q.lease_create_many = &many;
    (void)call(s, &q, s->leases);
}

/* After a restart: what was answered with success is there, and nothing else. */
static const char *judge(void *context)
{
    struct scene *s = context;
    stop(s);
    start(s);
    if (s->down)
        return "it does not start again";
    bool scope = fo_lease_db_scope(fo_server_leases(s->server), SUBNET) != NULL;
    if (scope != (s->scope == ERROR_SUCCESS))
        return scope ? "a scope that was refused" : "a scope is gone";
    if ((fo_server_relationship_count(s->server) == 1) != (s->relationship == ERROR_SUCCESS))
        return "the relationship is not as answered";
    for (unsigned i = 0; i < LEASES && scope; i++) {
        struct fo_binding b = {0};
        if (fo_lease_db_get(fo_server_leases(s->server), SUBNET + 20 + i, &b) != FO_OK)
            return "an address is gone";
        if ((b.status == FO_STATUS_ACTIVE) != (s->leases[i] == ERROR_SUCCESS))
            return "a lease is not as answered";
    }
    return NULL;
}

static void clear(void *context)
{
    struct scene *s = context;
    stop(s);
    fo_outbox_fini(&s->out);
    fo_store_free(s->store);
    free(s);
}

const struct sweep_scene sweep_create = {"create", empty, create, judge, clear, SWEEP_ENGINE};
const struct sweep_scene sweep_import = {"import", with_scope, import, judge, clear, SWEEP_ENGINE};
