#include "tests/fo/stand_in.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define DONE_MS 500

/* --- what it says -------------------------------------------------------------------- */

struct fo_now stand_in_now(const struct replay *r)
{
    return (struct fo_now){{r->now_ms + 100000},
                           {(uint32_t)((r->recording.utc0_us + r->now_ms * 1000) / 1000000)}};
}

void stand_in_log(const struct replay *r, const char *who, const char *text, size_t length)
{
    if (getenv("REPLAY_LOG") != NULL)
        fprintf(stderr, "%7.3f %-7s %.*s\n", (double)r->now_ms / 1000, who, (int)length, text);
}

void stand_in_log_message(struct replay *r, const char *who, const struct recorded *one)
{
    char text[256];
    recorded_decode(one, &r->words);
    fo_message_print(&r->words, text, sizeof text);
    stand_in_log(r, who, text, strlen(text));
}

/* In NORMAL dhcpd never asked: its partner tells what there is all the same. */
static void expect_done(struct replay *r, uint32_t xid)
{
    r->request_xid = xid;
    if (r->state != FO_STATE_NORMAL)
        return;
    r->acks[r->ack_count++] =
        (struct replay_ack){.xid = xid, .ms = r->now_ms + DONE_MS, .done = true};
    cr_assert_lt(r->ack_count, RECORDING_MESSAGES);
}

/* When dhcpd had its update of that address acknowledged, and how. A script may be some
 * milliseconds late. */
static void expect_ack(struct replay *r, uint32_t xid, fo_ipv4_t address)
{
    const int64_t from_ms = r->now_ms - 50;
    struct replay_ack *ack = &r->acks[r->ack_count++];
    cr_assert_lt(r->ack_count, RECORDING_MESSAGES);
    *ack = (struct replay_ack){.xid = xid, .address = address, .ms = r->now_ms};
    for (size_t i = 0; i < r->recording.count; i++) {
        const struct recorded *m = &r->recording.messages[i];
        if (m->by == r->side || r->ack_used[i] || m->connection != r->connection || m->ms < from_ms)
            continue;
        recorded_decode(m, &r->words);
        if (r->words.type != FO_MSG_BNDACK || r->words.groups[0].address != address)
            continue;
        r->ack_used[i] = true;
        ack->recorded = m;
        ack->ms = m->ms;
        return;
    }
}

static void heard_from_server(struct replay *r, const uint8_t *data, size_t length)
{
    while (length >= FO_HEADER_LENGTH) {
        size_t one = (size_t)data[0] << 8 | data[1];
        struct recorded *m = &r->said[r->said_count++];
        cr_assert(one <= length && r->said_count < RECORDING_MESSAGES);
        m->ms = r->now_ms;
        m->by = r->side;
        m->connection = r->connection;
        m->length = one;
        memcpy(m->bytes, data, one);
        stand_in_log_message(r, "ours", m);
        recorded_decode(m, &r->in);
        if (r->in.type == FO_MSG_CONNECT)
            r->connect_xid = r->in.xid;
        if (r->in.type == FO_MSG_UPDREQ || r->in.type == FO_MSG_UPDREQALL)
            expect_done(r, r->in.xid);
        if (r->in.type == FO_MSG_STATE)
            r->state = r->in.server_state;
        if (r->in.type == FO_MSG_POOLREQ)
            r->pool_xid = r->in.xid;
        for (size_t i = 0; !r->cut && r->in.type == FO_MSG_BNDUPD && i < r->in.group_count; i++)
            expect_ack(r, r->in.xid, r->in.groups[i].address);
        data += one;
        length -= one;
    }
    cr_assert_eq(length, 0);
}

/* The partner takes no calls: connections come as they were recorded. */
static void refuse_call(struct replay *r, fo_link_id_t link)
{
    struct fo_event e = {.kind = FO_EVENT_LINK_DOWN, .now = stand_in_now(r), .link = link};
    e.down.why = "connection refused";
    stand_in_step(r, &e);
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
        else if (e->kind == FO_EFFECT_NOTICE)
            stand_in_log(r, "", (const char *)fo_outbox_data(&out, e), e->length);
    }
    fo_outbox_fini(&out);
}

static void commit(struct replay *r)
{
    cr_assert_eq(fo_server_flush(r->server, stand_in_now(r), &r->out), FO_OK);
    cr_assert_eq(fo_store_commit(r->store), FO_OK);
    carry_out(r);
}

void stand_in_step(struct replay *r, const struct fo_event *event)
{
    cr_assert_eq(fo_store_begin(r->store), FO_OK);
    cr_assert_eq(fo_server_step(r->server, event, &r->out), FO_OK);
    commit(r);
}

void stand_in_change(struct replay *r, stand_in_change_fn change, void *context)
{
    cr_assert_eq(fo_store_begin(r->store), FO_OK);
    change(context, r->server, stand_in_now(r), &r->out);
    commit(r);
}

/* --- its life ------------------------------------------------------------------------ */

const char *stand_in_name(const struct replay *r)
{
    const char *other = r->conversation->secondary_has;
    return r->side == SIDE_B && other != NULL ? other : "lab";
}

/* As the recorded servers were configured. */
static void make_scope(struct replay *r, struct fo_server *s)
{
    unsigned pool = r->conversation->pool != 0 ? r->conversation->pool : 12;
    struct fo_range range = {POOL, POOL + pool - 1};
    struct fo_scope scope = {
        .subnet = POOL, .mask = 0xffff0000u, .ranges = &range, .range_count = 1};
    cr_assert_eq(fo_server_scope_create(s, &scope, NULL, 0), ERROR_SUCCESS);
}

struct making {
    struct replay *r;
    enum fo_birth birth;
};

static void make(void *context, struct fo_server *s, struct fo_now now, struct fo_outbox *out)
{
    static fo_ipv4_t scopes[1] = {POOL};
    const struct making *m = context;
    struct fo_relationship rel;
    char why[256] = "";
    make_scope(m->r, s);
    fo_relationship_init(&rel);
    snprintf(rel.name, sizeof rel.name, "%s", stand_in_name(m->r));
    rel.role = m->r->side == SIDE_A ? FO_ROLE_PRIMARY : FO_ROLE_SECONDARY;
    rel.primary_server = ADDRESS_A;
    rel.secondary_server = ADDRESS_B;
    rel.percentage = m->r->conversation->secondary_serves_all ? 0 : 50;
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

void stand_in_start(struct replay *r)
{
    struct fo_restore_report report;
    r->server = fo_server_new(&r->config, r->store);
    cr_assert_eq(fo_server_restore(r->server, stand_in_now(r), &r->out, &report), FO_OK);
    carry_out(r);
}

void stand_in_start_from_nothing(struct replay *r, enum fo_birth birth)
{
    struct making m = {r, birth};
    fo_store_free(r->store);
    r->store = fo_store_mem_new();
    stand_in_start(r);
    stand_in_change(r, make, &m);
}

void stand_in_hang_up(struct replay *r)
{
    struct fo_event e = {.kind = FO_EVENT_LINK_DOWN, .now = stand_in_now(r), .link = r->link};
    r->link = 0;
    r->ack_count = 0;
    r->cut = false;
    if (e.link == 0 || r->server == NULL)
        return;
    e.down.why = "reset by peer";
    stand_in_step(r, &e);
}

static void goodbye(void *context, struct fo_server *s, struct fo_now now, struct fo_outbox *out)
{
    (void)context;
    fo_server_goodbye(s, now, out);
}

void stand_in_end(struct replay *r, bool with_a_word)
{
    if (with_a_word)
        stand_in_change(r, goodbye, NULL);
    r->link = 0;
    r->ack_count = 0;
    fo_server_free(r->server);
    r->server = NULL;
    fo_store_mem_crash(r->store);
}
