#include "tests/fo/replay.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tools/capture.h"

#define ADDRESS_A 0xc0a84d01u /* 192.168.77.1 */
#define ADDRESS_B 0xc0a84d02u
#define POOL      0x0a100000u /* 10.16.0.0, twelve addresses from the first on */

#define TAIL_MS 3000 /* ours ends a lease three seconds after its end */

/* --- the recording
 * ----------------------------------------------------------------------------------- */

struct reading {
    struct replay *r;
    int64_t first_us;
    uint32_t pairs[64]; /* ports of the connections seen so far */
};

static unsigned connection_of(struct reading *reading, const struct capture_message *m)
{
    bool from_a = m->from.address[3] == 1;
    uint32_t pair = ((uint32_t)(from_a ? m->from.port : m->to.port) << 16) |
                    (from_a ? m->to.port : m->from.port);
    unsigned i = 0;
    while (reading->pairs[i] != 0 && reading->pairs[i] != pair)
        i++;
    reading->pairs[i] = pair;
    return i + 1;
}

static void record(void *context, const struct capture_message *m)
{
    struct reading *reading = context;
    struct replay *r = reading->r;
    struct replay_message *one = &r->recorded[r->recorded_count++];
    cr_assert_not_null(m->data, "%s", m->damage);
    cr_assert_lt(r->recorded_count, REPLAY_MESSAGES);
    if (reading->first_us == 0) {
        reading->first_us = m->time_us;
        r->utc0_us = m->time_us;
    }
    one->ms = (m->time_us - reading->first_us) / 1000;
    one->ours = (m->from.address[3] == 1) == (r->side == SIDE_A);
    one->connection = connection_of(reading, m);
    one->length = m->length;
    memcpy(one->bytes, m->data, m->length);
}

static void read_capture(struct replay *r, const char *name)
{
    static uint8_t data[65536];
    struct reading reading = {.r = r};
    char path[512];
    size_t length;
    FILE *file;
    snprintf(path, sizeof path, "%s/isc-dhcpd/%s.pcap", FO_TEST_DATA, name);
    file = fopen(path, "rb");
    cr_assert_not_null(file, "%s", path);
    length = fread(data, 1, sizeof data, file);
    fclose(file);
    cr_assert_eq(capture_read(data, length, 647, record, &reading), FO_OK);
}

/* --- the server
 * -------------------------------------------------------------------------------------- */

static struct fo_now now_of(const struct replay *r)
{
    return (struct fo_now){{r->now_ms + 100000},
                           {(uint32_t)((r->utc0_us + r->now_ms * 1000) / 1000000)}};
}

static bool decode(const uint8_t *data, size_t length, struct fo_message *out)
{
    struct fo_fault fault;
    return fo_message_decode(data, length, out, &fault) == FO_OK;
}

/* When dhcpd had its update of that address acknowledged, and how. */
static void expect_ack(struct replay *r, uint32_t xid, fo_ipv4_t address)
{
    size_t n = r->ack_count++;
    cr_assert_lt(n, REPLAY_MESSAGES);
    r->acks[n].xid = xid;
    r->acks[n].address = address;
    r->acks[n].ack = NULL;
    r->acks[n].ms = r->now_ms;
    for (size_t i = 0; i < r->recorded_count; i++) {
        struct replay_message *m = &r->recorded[i];
        if (m->ours || m->used || m->connection != r->connection ||
            !decode(m->bytes, m->length, &r->words) || r->words.type != FO_MSG_BNDACK ||
            r->words.groups[0].address != address || m->ms < r->now_ms)
            continue;
        m->used = true;
        r->acks[n].ack = m;
        r->acks[n].ms = m->ms;
        return;
    }
}

static void heard_from_server(struct replay *r, const uint8_t *data, size_t length)
{
    while (length >= FO_HEADER_LENGTH) {
        size_t one = (size_t)data[0] << 8 | data[1];
        struct replay_message *m = &r->said[r->said_count++];
        cr_assert(one <= length && r->said_count < REPLAY_MESSAGES);
        m->ms = r->now_ms;
        m->connection = r->connection;
        m->length = one;
        memcpy(m->bytes, data, one);
        cr_assert(decode(data, one, &r->in));
        if (r->in.type == FO_MSG_CONNECT)
            r->connect_xid = r->in.xid;
        if (r->in.type == FO_MSG_UPDREQ || r->in.type == FO_MSG_UPDREQALL)
            r->request_xid = r->in.xid;
        if (r->in.type == FO_MSG_POOLREQ)
            r->pool_xid = r->in.xid;
        for (size_t i = 0; r->in.type == FO_MSG_BNDUPD && i < r->in.group_count; i++)
            expect_ack(r, r->in.xid, r->in.groups[i].address);
        data += one;
        length -= one;
    }
    cr_assert_eq(length, 0);
}

static void batch(struct replay *r, const struct fo_event *event,
                  void (*change)(void *context, struct fo_server *s, struct fo_now now,
                                 struct fo_outbox *out),
                  void *context);

/* The partner takes no calls: connections come as they were recorded. */
static void refuse_call(struct replay *r, fo_link_id_t link)
{
    struct fo_event e = {.kind = FO_EVENT_LINK_DOWN, .now = now_of(r), .link = link};
    e.down.why = "connection refused";
    batch(r, &e, NULL, NULL);
}

static void carry_out(struct replay *r)
{
    struct fo_outbox out = r->out;
    memset(&r->out, 0, sizeof r->out);
    for (size_t i = 0; i < out.count; i++) {
        const struct fo_effect *e = &out.effects[i];
        if (e->kind == FO_EFFECT_DIAL)
            refuse_call(r, e->link);
        else if (e->kind == FO_EFFECT_SEND && e->link == r->link)
            heard_from_server(r, fo_outbox_data(&out, e), e->length);
        else if (e->kind == FO_EFFECT_CLOSE && e->link == r->link)
            r->link = 0;
        else if (e->kind == FO_EFFECT_NOTICE && getenv("REPLAY_LOG") != NULL)
            fprintf(stderr, "%7.3f %.*s\n", (double)r->now_ms / 1000, (int)e->length,
                    (const char *)fo_outbox_data(&out, e));
    }
    fo_outbox_fini(&out);
}

static void batch(struct replay *r, const struct fo_event *event,
                  void (*change)(void *context, struct fo_server *s, struct fo_now now,
                                 struct fo_outbox *out),
                  void *context)
{
    cr_assert_eq(fo_store_begin(r->store), FO_OK);
    if (event != NULL)
        cr_assert_eq(fo_server_step(r->server, event, &r->out), FO_OK);
    if (change != NULL)
        change(context, r->server, now_of(r), &r->out);
    cr_assert_eq(fo_server_flush(r->server, now_of(r), &r->out), FO_OK);
    cr_assert_eq(fo_store_commit(r->store), FO_OK);
    carry_out(r);
}

/* As the recorded servers were configured (mclt 20, split 128, pool of 12). */
struct making {
    const char *name;
    enum replay_side side;
    enum fo_birth birth;
};

static void make(void *context, struct fo_server *s, struct fo_now now, struct fo_outbox *out)
{
    static fo_ipv4_t scopes[1] = {POOL};
    const struct making *m = context;
    struct fo_range range = {POOL, POOL + 11};
    struct fo_scope scope = {.subnet = POOL, .mask = 0xffff0000u, .ranges = &range};
    struct fo_relationship rel;
    char why[256] = "";
    scope.range_count = 1;
    cr_assert_eq(fo_server_scope_create(s, &scope, why, sizeof why), ERROR_SUCCESS, "%s", why);
    fo_relationship_init(&rel);
    snprintf(rel.name, sizeof rel.name, "%s", m->name);
    rel.role = m->side == SIDE_A ? FO_ROLE_PRIMARY : FO_ROLE_SECONDARY;
    rel.primary_server = ADDRESS_A;
    rel.secondary_server = ADDRESS_B;
    rel.mclt_s = 20;
    rel.receive_timer_s = 12;
    rel.max_unacked = 10;
    rel.load_balance_max_s = 3;
    rel.dialect_auto = false;
    rel.dialect = FO_DIALECT_ISC;
    rel.scopes = scopes;
    rel.scope_count = 1;
    cr_assert_eq(fo_server_relationship_create(s, &rel, m->birth, now, out, why, sizeof why),
                 ERROR_SUCCESS, "%s", why);
}

static void start(struct replay *r, const char *name, bool keep, enum fo_birth birth)
{
    struct making m = {name, r->side, birth};
    struct fo_restore_report report;
    if (!keep) {
        if (r->store != NULL)
            fo_store_free(r->store);
        r->store = fo_store_mem_new();
    }
    r->server = fo_server_new(&r->config, r->store);
    cr_assert_eq(fo_server_restore(r->server, now_of(r), &r->out, &report), FO_OK);
    carry_out(r);
    if (!keep)
        batch(r, NULL, make, &m);
}

static void link_down(struct replay *r)
{
    struct fo_event e = {.kind = FO_EVENT_LINK_DOWN, .now = now_of(r), .link = r->link};
    r->link = 0;
    r->ack_count = 0;
    if (e.link == 0 || r->server == NULL)
        return;
    e.down.why = "reset by peer";
    batch(r, &e, NULL, NULL);
}

/* --- the script
 * -------------------------------------------------------------------------------------- */

static void partner_down(void *context, struct fo_server *s, struct fo_now now,
                         struct fo_outbox *out)
{
    cr_assert_eq(fo_server_command(s, context, FO_COMMAND_PARTNER_DOWN, now, out, NULL, 0),
                 ERROR_SUCCESS);
}

/* Client i has MAC 02:0c:01:00:00:0i; odd ones send 01 + MAC as identifier, too. */
static void grant(struct replay *r, const struct replay_act *act)
{
    uint8_t hw[7] = {1, 2, 12, 1, 0, 0, (uint8_t)act->client};
    uint8_t id[7] = {1, 2, 12, 1, 0, 0, (uint8_t)act->client};
    struct fo_event e = {.kind = FO_EVENT_REPORT, .now = now_of(r)};
    e.report.kind = FO_REPORT_GRANT;
    e.report.address = POOL + act->address;
    memcpy(e.report.client.hw, hw, sizeof hw);
    e.report.client.hw_length = sizeof hw;
    if (act->client % 2 == 1) {
        e.report.client.id = id;
        e.report.client.id_length = sizeof id;
    }
    e.report.desired_s = 40;
    e.report.lease_end = fo_utc_add(e.now.utc, (int64_t)act->lease_s);
    batch(r, &e, NULL, NULL);
}

static void stop(struct replay *r)
{
    cr_assert_eq(fo_store_begin(r->store), FO_OK);
    fo_server_goodbye(r->server, now_of(r), &r->out);
    cr_assert_eq(fo_server_flush(r->server, now_of(r), &r->out), FO_OK);
    cr_assert_eq(fo_store_commit(r->store), FO_OK);
    carry_out(r);
}

static void act(struct replay *r, const struct replay_act *a, char *relationship)
{
    bool ours = a->side == r->side;
    bool ends = a->what == REPLAY_KILL || a->what == REPLAY_STOP;
    if (ends && ours) {
        if (a->what == REPLAY_STOP)
            stop(r);
        r->link = 0;
        r->ack_count = 0;
        fo_server_free(r->server);
        r->server = NULL;
        fo_store_mem_crash(r->store);
    } else if (ends) {
        link_down(r);
    } else if (a->what == REPLAY_START && ours) {
        start(r, relationship, true, FO_BIRTH_VIRGIN);
    } else if (a->what == REPLAY_LOST && ours) {
        start(r, relationship, false, FO_BIRTH_LOST);
    } else if (a->what == REPLAY_PARTNER_DOWN && ours) {
        batch(r, NULL, partner_down, relationship);
    } else if (a->what == REPLAY_GRANT && ours) {
        grant(r, a);
    }
}

/* --- the partner
 * ------------------------------------------------------------------------------------- */

static void deliver(struct replay *r, uint8_t *bytes, size_t length, uint32_t xid)
{
    struct fo_event e = {.kind = FO_EVENT_LINK_BYTES, .now = now_of(r), .link = r->link};
    for (int i = 0; i < 4; i++)
        bytes[8 + i] = (uint8_t)(xid >> (24 - 8 * i));
    e.bytes.data = bytes;
    e.bytes.length = length;
    batch(r, &e, NULL, NULL);
}

static void next_connection(struct replay *r, unsigned connection)
{
    struct fo_event e = {.kind = FO_EVENT_LINK_UP};
    if (connection <= r->connection)
        return;
    link_down(r);
    r->connection = connection;
    r->link = r->next_odd;
    r->next_odd += 2;
    e.now = now_of(r);
    e.link = r->link;
    e.up.accepted = true;
    e.up.partner = r->side == SIDE_A ? ADDRESS_B : ADDRESS_A;
    batch(r, &e, NULL, NULL);
}

static void partner_says(struct replay *r, const struct replay_message *m)
{
    uint8_t bytes[FO_MESSAGE_MAX];
    uint32_t xid;
    cr_assert(decode(m->bytes, m->length, &r->in));
    xid = r->in.xid;
    if (r->in.type == FO_MSG_BNDACK)
        return; /* comes when we have something to acknowledge */
    if (r->in.type == FO_MSG_CONNECTACK)
        xid = r->connect_xid;
    if (r->in.type == FO_MSG_UPDDONE)
        xid = r->request_xid;
    if (r->in.type == FO_MSG_POOLRESP)
        xid = r->pool_xid;
    memcpy(bytes, m->bytes, m->length);
    deliver(r, bytes, m->length, xid);
}

static void partner_acks(struct replay *r, size_t index)
{
    uint8_t bytes[FO_MESSAGE_MAX];
    struct fo_writer w = fo_writer_of(bytes, sizeof bytes);
    const struct replay_message *m = r->acks[index].ack;
    uint32_t xid = r->acks[index].xid;
    size_t length;
    if (m != NULL) {
        length = m->length;
        memcpy(bytes, m->bytes, length);
    } else {
        fo_message_reset(&r->words, FO_MSG_BNDACK, xid);
        r->words.time = now_of(r).utc;
        r->words.group_count = 1;
        r->words.groups[0] = (struct fo_group){.address = r->acks[index].address,
                                               .present = FO_OPT_BIT(FO_OPT_ASSIGNED_IP_ADDRESS)};
        cr_assert_eq(fo_message_encode(&r->words, fo_dialect_get(FO_DIALECT_ISC), NULL, &w), FO_OK);
        length = w.position;
    }
    r->acks[index] = r->acks[--r->ack_count];
    deliver(r, bytes, length, xid);
}

/* --- playing
 * ----------------------------------------------------------------------------------------- */

static void tick(struct replay *r)
{
    struct fo_event e = {.kind = FO_EVENT_TICK, .now = now_of(r)};
    for (int i = 0;
         r->server != NULL && i < 100 && fo_server_next_wake(r->server, e.now).ms <= e.now.mono.ms;
         i++)
        batch(r, &e, NULL, NULL);
}

static void run_to(struct replay *r, int64_t ms)
{
    for (;;) {
        int64_t next = ms;
        size_t due = r->ack_count;
        tick(r);
        for (size_t i = 0; i < r->ack_count; i++) {
            if (r->acks[i].ms <= r->now_ms &&
                (due == r->ack_count || r->acks[i].xid < r->acks[due].xid))
                due = i;
            if (r->acks[i].ms > r->now_ms && r->acks[i].ms < next)
                next = r->acks[i].ms;
        }
        if (due < r->ack_count && r->link != 0) {
            partner_acks(r, due);
            continue;
        }
        if (r->now_ms >= ms)
            return;
        if (r->server != NULL) {
            int64_t wake = fo_server_next_wake(r->server, now_of(r)).ms - 100000;
            if (wake > r->now_ms && wake < next)
                next = wake;
        }
        r->now_ms = next > r->now_ms ? next : r->now_ms + 1;
    }
}

void replay_run(struct replay *r, const char *name, enum replay_side side, const char *relationship,
                const struct replay_act *acts, size_t count)
{
    char own_name[16];
    size_t at = 0;
    memset(r, 0, sizeof *r);
    r->side = side;
    r->next_odd = 1;
    r->config.vendor_class = "fo-test";
    snprintf(own_name, sizeof own_name, "%s", relationship);
    read_capture(r, name);
    r->now_ms = -600;
    start(r, own_name, false, FO_BIRTH_VIRGIN);
    for (size_t i = 0; i < r->recorded_count; i++) {
        const struct replay_message *m = &r->recorded[i];
        for (; at < count && (int64_t)(acts[at].at_s * 1000) < m->ms; at++) {
            run_to(r, (int64_t)(acts[at].at_s * 1000));
            act(r, &acts[at], own_name);
        }
        run_to(r, m->ms);
        if (r->server == NULL)
            continue;
        next_connection(r, m->connection);
        if (!m->ours && r->link != 0 && m->connection == r->connection)
            partner_says(r, m);
    }
    run_to(r, r->now_ms + TAIL_MS);
}

void replay_fini(struct replay *r)
{
    fo_server_free(r->server);
    fo_store_free(r->store);
    fo_outbox_fini(&r->out);
}
