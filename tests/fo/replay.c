#include "tests/fo/replay.h"

#include <criterion/criterion.h>
#include <string.h>

#include "tests/fo/stand_in.h"

#define TAIL_MS 3000 /* ours ends a lease three seconds after its end */

/* --- the script ---------------------------------------------------------------------- */

struct command {
    const struct replay *r;
    enum fo_command command;
};

static void give_command(void *context, struct fo_server *s, struct fo_now now,
                         struct fo_outbox *out)
{
    const struct command *c = context;
    cr_assert_eq(fo_server_command(s, stand_in_name(c->r), c->command, now, out, NULL, 0),
                 ERROR_SUCCESS);
}

static void command(struct replay *r, enum fo_command command)
{
    struct command c = {r, command};
    stand_in_change(r, give_command, &c);
}

/* Client i has MAC 02:0c:01:00:00:0i; odd ones send 01 + MAC as identifier, too. */
static void report(struct replay *r, enum fo_report_kind kind, const struct replay_act *act)
{
    uint8_t hw[7] = {1, 2, 12, 1, 0, 0, (uint8_t)act->client};
    struct fo_event e = {.kind = FO_EVENT_REPORT, .now = stand_in_now(r)};
    e.report.kind = kind;
    e.report.address = POOL + act->address;
    memcpy(e.report.client.hw, hw, sizeof hw);
    e.report.client.hw_length = sizeof hw;
    if (act->client % 2 == 1) {
        e.report.client.id = hw;
        e.report.client.id_length = sizeof hw;
    }
    if (kind == FO_REPORT_GRANT) {
        e.report.desired_s = 40;
        e.report.lease_end = fo_utc_add(e.now.utc, (int64_t)act->lease_s);
    }
    stand_in_step(r, &e);
}

static void act_on_link(struct replay *r, const struct replay_act *a)
{
    bool partner_ends = a->side != r->side && (a->what == REPLAY_KILL || a->what == REPLAY_STOP);
    if (partner_ends || a->what == REPLAY_RESET)
        stand_in_hang_up(r);
    if (a->what == REPLAY_CUT) {
        r->cut = true;
        r->ack_count = 0;
    }
}

static void act_on_server(struct replay *r, const struct replay_act *a)
{
    switch (a->what) {
    case REPLAY_GRANT:
        report(r, FO_REPORT_GRANT, a);
        break;
    case REPLAY_RELEASE:
        report(r, FO_REPORT_RELEASE, a);
        break;
    case REPLAY_DECLINE:
        report(r, FO_REPORT_DECLINE, a);
        break;
    case REPLAY_KILL:
    case REPLAY_STOP:
        stand_in_end(r, a->what != REPLAY_KILL);
        break;
    case REPLAY_START:
        stand_in_start(r);
        break;
    case REPLAY_LOST:
        stand_in_start_from_nothing(r, FO_BIRTH_LOST);
        break;
    case REPLAY_PARTNER_DOWN:
        command(r, FO_COMMAND_PARTNER_DOWN);
        break;
    case REPLAY_SHUTDOWN:
        command(r, FO_COMMAND_SHUTDOWN);
        break;
    case REPLAY_CUT:
    case REPLAY_RESET:
        break;
    }
}

static void act(struct replay *r, const struct replay_act *a)
{
    act_on_link(r, a);
    if (a->side == r->side)
        act_on_server(r, a);
}

/* --- the partner --------------------------------------------------------------------- */

static void deliver(struct replay *r, uint8_t *bytes, size_t length, uint32_t xid)
{
    struct fo_event e = {.kind = FO_EVENT_LINK_BYTES, .now = stand_in_now(r), .link = r->link};
    for (int i = 0; i < 4; i++)
        bytes[8 + i] = (uint8_t)(xid >> (24 - 8 * i));
    e.bytes.data = bytes;
    e.bytes.length = length;
    stand_in_step(r, &e);
}

static void next_connection(struct replay *r, unsigned connection)
{
    struct fo_event e = {.kind = FO_EVENT_LINK_UP};
    if (connection <= r->connection)
        return;
    stand_in_hang_up(r);
    r->connection = connection;
    r->link = r->next_odd;
    r->next_odd += 2;
    e.now = stand_in_now(r);
    e.link = r->link;
    e.up.accepted = true;
    e.up.partner = r->side == SIDE_A ? ADDRESS_B : ADDRESS_A;
    stand_in_step(r, &e);
}

static void partner_says(struct replay *r, const struct recorded *m)
{
    uint8_t bytes[FO_MESSAGE_MAX];
    uint32_t xid;
    recorded_decode(m, &r->in);
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
    const struct recorded *m = r->acks[index].recorded;
    uint32_t xid = r->acks[index].xid;
    size_t length;
    if (m != NULL) {
        length = m->length;
        memcpy(bytes, m->bytes, length);
    } else {
        fo_message_reset(&r->words, r->acks[index].done ? FO_MSG_UPDDONE : FO_MSG_BNDACK, xid);
        r->words.time = stand_in_now(r).utc;
        r->words.group_count = r->acks[index].done ? 0 : 1;
        r->words.groups[0] = (struct fo_group){.address = r->acks[index].address,
                                               .present = FO_OPT_BIT(FO_OPT_ASSIGNED_IP_ADDRESS)};
        cr_assert_eq(fo_message_encode(&r->words, fo_dialect_get(FO_DIALECT_ISC), NULL, &w), FO_OK);
        length = w.position;
    }
    r->acks[index] = r->acks[--r->ack_count];
    deliver(r, bytes, length, xid);
}

/* --- playing ------------------------------------------------------------------------- */

static void tick(struct replay *r)
{
    struct fo_event e = {.kind = FO_EVENT_TICK, .now = stand_in_now(r)};
    for (int i = 0;
         r->server != NULL && i < 100 && fo_server_next_wake(r->server, e.now).ms <= e.now.mono.ms;
         i++)
        stand_in_step(r, &e);
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
            int64_t wake = fo_server_next_wake(r->server, stand_in_now(r)).ms - 100000;
            if (wake > r->now_ms && wake < next)
                next = wake;
        }
        r->now_ms = next > r->now_ms ? next : r->now_ms + 1;
    }
}

static int64_t ms_of(const struct replay_act *a)
{
    return (int64_t)(a->at_s * 1000 + 0.5);
}

void replay_run(struct replay *r, const struct conversation *c, enum recording_side side)
{
    size_t at = 0;
    memset(r, 0, sizeof *r);
    r->conversation = c;
    r->side = side;
    r->next_odd = 1;
    r->config.vendor_class = "fo-test";
    recording_read(&r->recording, c->name);
    r->now_ms = -600;
    stand_in_log(r, "plays", c->name, strlen(c->name));
    stand_in_start_from_nothing(r, FO_BIRTH_VIRGIN);
    for (size_t i = 0; i < r->recording.count; i++) {
        const struct recorded *m = &r->recording.messages[i];
        for (; at < c->act_count && ms_of(&c->acts[at]) <= m->ms; at++) {
            run_to(r, ms_of(&c->acts[at]));
            act(r, &c->acts[at]);
        }
        run_to(r, m->ms);
        if (r->server == NULL)
            continue;
        next_connection(r, m->connection);
        stand_in_log_message(r, m->by == r->side ? "dhcpd" : "partner", m);
        if (m->by != r->side && r->link != 0 && !r->cut && m->connection == r->connection)
            partner_says(r, m);
    }
    cr_assert_eq(at, c->act_count, "%s ends before the script", c->name);
    run_to(r, r->now_ms + TAIL_MS);
}

void replay_fini(struct replay *r)
{
    fo_server_free(r->server);
    fo_store_free(r->store);
    fo_outbox_fini(&r->out);
}
