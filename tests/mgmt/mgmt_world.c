#include "mgmt_world.h"

#include <stdlib.h>
#include <string.h>

#include <criterion/criterion.h>

#include "fo/run/digest.h"

static void start(struct mgmt_world *w)
{
    struct fo_server_config config = {
        .startup_s = 1, .digest_new = fo_run_digest_new, .digest_free = fo_run_digest_free};
    struct fo_restore_report report;

    w->server = fo_server_new(&config, w->store);
    cr_assert_not_null(w->server);
    cr_assert_eq(fo_server_restore(w->server, w->now, &w->out, &report), FO_OK);
    w->changes = fo_changes_new();
    cr_assert_eq(fo_changes_load(w->changes, w->store, true), FO_OK);
    w->facts.changes = w->changes;
}

void mgmt_world_init(struct mgmt_world *w)
{
    *w = (struct mgmt_world){.right = FO_RIGHT_ADMINISTER};
    w->now = (struct fo_now){.mono = {1000}, .utc = {NOW}};
    w->store = fo_store_mem_new();
    w->facts.server_name = "test";
    w->facts.version = "0";
    start(w);
}

static void stop(struct mgmt_world *w)
{
    fo_server_free(w->server);
    fo_changes_free(w->changes);
    fo_outbox_clear(&w->out);
}

void mgmt_world_restart(struct mgmt_world *w)
{
    stop(w);
    fo_store_mem_crash(w->store);
    start(w);
}

void mgmt_world_fini(struct mgmt_world *w)
{
    stop(w);
    fo_outbox_fini(&w->out);
    fo_store_free(w->store);
}

static Mgmt__Reply *packed_and_back(struct fo_call *c, uint32_t code)
{
    uint8_t *packed;
    size_t length;
    Mgmt__Reply *reply;

    c->reply.code = code;
    c->reply.sentence = c->why;
    length = mgmt__reply__get_packed_size(&c->reply);
    packed = malloc(length + 1);
    mgmt__reply__pack(&c->reply, packed);
    reply = mgmt__reply__unpack(NULL, length, packed);
    free(packed);
    return reply;
}

Mgmt__Reply *mgmt_world_call(struct mgmt_world *w, Mgmt__Request *q)
{
    const struct fo_call_row *row = fo_call_find(q);
    struct fo_call c = {.request = q,
                        .facts = &w->facts,
                        .right = w->right,
                        .server = w->server,
                        .store = w->store,
                        .now = w->now,
                        .out = &w->out};
    Mgmt__Reply *reply;
    uint32_t code;

    cr_assert_not_null(row);
    mgmt__reply__init(&c.reply);
    code = fo_call_admit(&c, row);
    if (code == ERROR_SUCCESS && fo_call_changes(row))
        cr_assert_eq(fo_store_begin(w->store), FO_OK);
    if (code != ERROR_SUCCESS) {
        reply = packed_and_back(&c, code);
    } else {
        code = fo_call_run(&c, row);
        reply = packed_and_back(&c, code);
        if (fo_call_changes(row)) {
            cr_assert_eq(c.err, FO_OK);
            cr_assert_eq(fo_server_flush(w->server, w->now, &w->out), FO_OK);
            cr_assert_eq(fo_store_commit(w->store), FO_OK);
        }
    }
    fo_outbox_clear(&w->out);
    fo_call_fini(&c);
    return reply;
}

uint32_t mgmt_world_code(struct mgmt_world *w, Mgmt__Request *q)
{
    Mgmt__Reply *reply = mgmt_world_call(w, q);
    uint32_t code = reply->code;

    cr_expect(code == ERROR_SUCCESS || reply->sentence[0] != '\0' || fo_win32_sentence(code)[0],
              "a refusal has a sentence");
    mgmt__reply__free_unpacked(reply, NULL);
    return code;
}

Mgmt__Request request_of(Mgmt__Request__CallCase which, void *message)
{
    Mgmt__Request q = MGMT__REQUEST__INIT;

    q.id = 7;
    q.call_case = which;
    q.server_get = message;
    return q;
}

uint32_t make_scope(struct mgmt_world *w, fo_ipv4_t subnet, fo_ipv4_t first, fo_ipv4_t last)
{
    Mgmt__Scope scope = MGMT__SCOPE__INIT;
    Mgmt__Range range = MGMT__RANGE__INIT, *ranges[] = {&range};
    Mgmt__Request q = request_of(MGMT__REQUEST__CALL_SCOPE_CREATE, &scope);

    scope.subnet = subnet;
    scope.mask = MASK;
    range.first = first;
    range.last = last;
    scope.ranges = ranges;
    scope.n_ranges = 1;
    return mgmt_world_code(w, &q);
}

uint32_t make_relationship(struct mgmt_world *w, const char *name, fo_ipv4_t scope,
                           void (*change)(Mgmt__Relationship *m))
{
    Mgmt__Relationship m = MGMT__RELATIONSHIP__INIT;
    Mgmt__Request q = request_of(MGMT__REQUEST__CALL_RELATIONSHIP_CREATE, &m);
    char copy[512];

    strncpy(copy, name, sizeof copy - 1);
    copy[sizeof copy - 1] = '\0';
    m.name = copy;
    m.primary_server = 0xc0000201;
    m.secondary_server = 0xc0000202;
    m.percentage = 50;
    m.mclt_s = 3600;
    m.scopes = &scope;
    m.n_scopes = 1;
    if (change != NULL)
        change(&m);
    return mgmt_world_code(w, &q);
}

uint32_t make_lease(struct mgmt_world *w, fo_ipv4_t address, uint8_t client)
{
    Mgmt__Lease m = MGMT__LEASE__INIT;
    Mgmt__Request q = request_of(MGMT__REQUEST__CALL_LEASE_CREATE, &m);
    uint8_t hardware[] = {1, 0, 0x0c, 1, 2, 3, client};

    m.address = address;
    m.hardware = (ProtobufCBinaryData){sizeof hardware, hardware};
    m.expires = NOW + 3600;
    return mgmt_world_code(w, &q);
}

size_t relationship_count(struct mgmt_world *w)
{
    return fo_server_relationship_count(w->server);
}
