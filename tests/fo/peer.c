#include "tests/fo/peer.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* --- a digest ----------------------------------------------------------------------------------
 */

static void compute(void *context, const uint8_t *data, size_t length,
                    uint8_t out_digest[FO_DIGEST_LENGTH])
{
    const char *secret = context;
    uint64_t h[2] = {14695981039346656037u, 1099511628211u};
    for (size_t i = 0; secret[i] != '\0'; i++)
        h[0] = (h[0] ^ (uint8_t)secret[i]) * 1099511628211u;
    for (size_t i = 0; i < length; i++) {
        h[0] = (h[0] ^ data[i]) * 1099511628211u;
        h[1] = (h[1] + h[0]) * 6364136223846793005u;
    }
    memcpy(out_digest, h, FO_DIGEST_LENGTH);
}

int peer_digest_new(const char *secret, struct fo_digest *out)
{
    out->compute = compute;
    out->context = strdup(secret);
    return out->context != NULL ? FO_OK : FO_ENOMEM;
}

void peer_digest_free(struct fo_digest *digest)
{
    free(digest->context);
}

/* --- carrying effects out ------------------------------------------------------------------------
 */

struct peer_link *peer_link(struct peer *p, fo_link_id_t id)
{
    for (size_t i = 0; i < p->link_count; i++)
        if (p->links[i].id == id)
            return &p->links[i];
    return NULL;
}

static struct peer_link *new_link(struct peer *p, fo_link_id_t id)
{
    struct peer_link *l = &p->links[p->link_count++];
    cr_assert_leq(p->link_count, PEER_LINKS);
    *l = (struct peer_link){.id = id};
    return l;
}

static void append(struct peer_link *l, const uint8_t *data, size_t length)
{
    if (l->used + length > l->room) {
        l->room = 2 * (l->used + length);
        l->bytes = realloc(l->bytes, l->room);
    }
    memcpy(l->bytes + l->used, data, length);
    l->used += length;
}

static void add_line(char *text, size_t capacity, const struct fo_outbox *out,
                     const struct fo_effect *e)
{
    size_t n = strlen(text);
    snprintf(text + n, capacity - n, "%.*s\n", (int)e->length,
             (const char *)fo_outbox_data(out, e));
}

static void carry_out(struct peer *p)
{
    for (size_t i = 0; i < p->out.count; i++) {
        const struct fo_effect *e = &p->out.effects[i];
        struct peer_link *l = peer_link(p, e->link);
        switch (e->kind) {
        case FO_EFFECT_DIAL:
            l = new_link(p, e->link);
            l->dialled = true;
            l->address = e->dial.address;
            l->local = e->dial.local;
            l->port = e->dial.port;
            break;
        case FO_EFFECT_SEND:
            cr_assert(l != NULL && !l->closed, "bytes for a link that is closed");
            append(l, fo_outbox_data(&p->out, e), e->length);
            break;
        case FO_EFFECT_START_TLS:
            cr_assert(l != NULL && !l->closed);
            l->tls = true;
            l->tls_server_side = e->tls.server_side;
            break;
        case FO_EFFECT_CLOSE:
            cr_assert_not_null(l);
            l->closed = true;
            break;
        case FO_EFFECT_APPLIED:
            p->applied++;
            break;
        case FO_EFFECT_DURABLE:
            p->durable++;
            break;
        case FO_EFFECT_ACKED:
            p->acked++;
            break;
        case FO_EFFECT_NOTICE:
            add_line(p->notices, sizeof p->notices, &p->out, e);
            if (e->level == FO_NOTICE_ALARM)
                add_line(p->alarms, sizeof p->alarms, &p->out, e);
            break;
        }
    }
    fo_outbox_clear(&p->out);
}

void peer_batch(struct peer *p, const struct fo_event *events, size_t count,
                void (*change)(void *context, struct fo_server *s, struct fo_now now,
                               struct fo_outbox *out),
                void *context)
{
    cr_assert_eq(fo_store_begin(p->store), FO_OK);
    for (size_t i = 0; i < count; i++)
        cr_assert_eq(fo_server_step(p->server, &events[i], &p->out), FO_OK);
    if (change != NULL)
        change(context, p->server, peer_now(p), &p->out);
    cr_assert_eq(fo_server_flush(p->server, peer_now(p), &p->out), FO_OK);
    cr_assert_eq(fo_store_commit(p->store), FO_OK);
    carry_out(p);
}

/* --- making a server
 * ------------------------------------------------------------------------------- */

struct fo_now peer_now(const struct peer *p)
{
    return (struct fo_now){{p->now_ms}, {(uint32_t)(WORLD_UTC + p->now_ms / 1000)}};
}

void peer_bare(struct peer *p)
{
    memset(p, 0, sizeof *p);
    p->now_ms = 500;
    p->next_odd = 1;
    p->next_xid = 100;
    p->store = fo_store_mem_new();
    p->config.vendor_class = "fo-test";
    p->config.startup_s = 10;
    p->config.digest_new = peer_digest_new;
    p->config.digest_free = peer_digest_free;
    peer_restart(p);
}

void peer_restart(struct peer *p)
{
    fo_server_free(p->server);
    fo_store_mem_crash(p->store);
    fo_outbox_clear(&p->out);
    for (size_t i = 0; i < p->link_count; i++)
        p->links[i].closed = true;
    p->server = fo_server_new(&p->config, p->store);
    /* A real server counts its links from 2 again; here every link ever made has its own number. */
    if (p->link_count != 0)
        for (size_t i = 0; i < p->link_count; i++)
            p->links[i].id += 1000000;
    cr_assert_eq(fo_server_restore(p->server, peer_now(p), &p->out, &p->report), FO_OK);
    carry_out(p);
}

static void make_scope(void *context, struct fo_server *s, struct fo_now now, struct fo_outbox *out)
{
    (void)now;
    (void)out;
    cr_assert_eq(fo_server_scope_create(s, context, NULL, 0), ERROR_SUCCESS);
}

void peer_scope(struct peer *p, unsigned n)
{
    struct fo_range range = {SUBNET + 256 * n + 10, SUBNET + 256 * n + 209};
    struct fo_scope scope = {.subnet = SUBNET + 256 * n, .mask = 0xffffff00u};
    scope.ranges = &range;
    scope.range_count = 1;
    peer_batch(p, NULL, 0, make_scope, &scope);
}

struct fo_relationship peer_relationship(enum fo_role role, const char *name)
{
    static fo_ipv4_t scopes[1] = {SUBNET};
    struct fo_relationship r;
    fo_relationship_init(&r);
    snprintf(r.name, sizeof r.name, "%s", name);
    r.role = role;
    r.primary_server = PEER_PRIMARY;
    r.secondary_server = PEER_SECOND;
    r.mclt_s = PEER_MCLT_S;
    r.dialect_auto = false;
    r.scopes = scopes;
    r.scope_count = 1;
    return r;
}

struct creation {
    const struct fo_relationship *r;
    enum fo_birth birth;
    uint32_t code;
    char *why;
};

static void make_pair(void *context, struct fo_server *s, struct fo_now now, struct fo_outbox *out)
{
    struct creation *c = context;
    c->code = fo_server_relationship_create(s, c->r, c->birth, now, out, c->why, 256);
}

uint32_t peer_create(struct peer *p, const struct fo_relationship *r, enum fo_birth birth,
                     char why[256])
{
    char sentence[256] = "";
    struct creation c = {r, birth, 0, why != NULL ? why : sentence};
    peer_batch(p, NULL, 0, make_pair, &c);
    return c.code;
}

void peer_init(struct peer *p, enum fo_role role, void (*tweak)(struct fo_relationship *r))
{
    struct fo_relationship r = peer_relationship(role, PEER_NAME);
    char why[256] = "";
    peer_bare(p);
    p->config.tls_available = true;
    peer_restart(p);
    peer_scope(p, 0);
    if (tweak != NULL)
        tweak(&r);
    p->dialect = r.dialect;
    cr_assert_eq(peer_create(p, &r, FO_BIRTH_VIRGIN, why), ERROR_SUCCESS, "%s", why);
    peer_run(p, 0);
}

void peer_fini(struct peer *p)
{
    fo_server_free(p->server);
    fo_store_free(p->store);
    fo_outbox_fini(&p->out);
    for (size_t i = 0; i < p->link_count; i++)
        free(p->links[i].bytes);
}

struct order {
    enum fo_command command;
    uint32_t code;
};

static void give_order(void *context, struct fo_server *s, struct fo_now now, struct fo_outbox *out)
{
    struct order *o = context;
    o->code = fo_server_command(s, PEER_NAME, o->command, now, out, NULL, 0);
}

uint32_t peer_command(struct peer *p, enum fo_command command)
{
    struct order o = {command, 0};
    peer_batch(p, NULL, 0, give_order, &o);
    return o.code;
}

void peer_report(struct peer *p, const struct fo_report *r)
{
    struct fo_event e = {.kind = FO_EVENT_REPORT, .now = peer_now(p)};
    e.report = *r;
    peer_batch(p, &e, 1, NULL, NULL);
}

/* --- time
 * ------------------------------------------------------------------------------------------ */

static void tick(struct peer *p)
{
    struct fo_event e = {.kind = FO_EVENT_TICK, .now = peer_now(p)};
    for (int i = 0; i < 100 && fo_server_next_wake(p->server, peer_now(p)).ms <= p->now_ms; i++)
        peer_batch(p, &e, 1, NULL, NULL);
}

void peer_run(struct peer *p, int64_t ms)
{
    int64_t end = p->now_ms + ms;
    for (;;) {
        int64_t wake;
        tick(p);
        if (p->now_ms >= end)
            return;
        wake = fo_server_next_wake(p->server, peer_now(p)).ms;
        if (wake <= p->now_ms)
            wake = p->now_ms + 1;
        p->now_ms = wake < end ? wake : end;
    }
}

/* --- connections
 * ------------------------------------------------------------------------------------- */

static fo_ipv4_t partner_of(struct peer *p)
{
    const struct fo_relationship *r = fo_server_relationship_at(p->server, 0);
    return r != NULL ? fo_relationship_partner(r) : PEER_PRIMARY;
}

fo_link_id_t peer_call_from(struct peer *p, fo_ipv4_t source)
{
    struct fo_event e = {.kind = FO_EVENT_LINK_UP, .now = peer_now(p), .link = p->next_odd};
    e.up.accepted = true;
    e.up.partner = source;
    p->next_odd += 2;
    new_link(p, e.link);
    peer_batch(p, &e, 1, NULL, NULL);
    return e.link;
}

fo_link_id_t peer_call(struct peer *p)
{
    return peer_call_from(p, partner_of(p));
}

fo_link_id_t peer_dialled(struct peer *p)
{
    for (size_t i = p->link_count; i-- != 0;)
        if (p->links[i].dialled && !p->links[i].closed)
            return p->links[i].id;
    return 0;
}

unsigned peer_dial_count(const struct peer *p)
{
    unsigned n = 0;
    for (size_t i = 0; i < p->link_count; i++)
        n += p->links[i].dialled;
    return n;
}

static void link_event(struct peer *p, enum fo_event_kind kind, fo_link_id_t id)
{
    struct fo_event e = {.kind = kind, .now = peer_now(p), .link = id};
    if (kind == FO_EVENT_LINK_DOWN)
        e.down.why = "connection lost";
    peer_batch(p, &e, 1, NULL, NULL);
}

void peer_answer(struct peer *p, fo_link_id_t id)
{
    link_event(p, FO_EVENT_LINK_UP, id);
}

void peer_hang_up(struct peer *p, fo_link_id_t id)
{
    peer_link(p, id)->closed = true;
    link_event(p, FO_EVENT_LINK_DOWN, id);
}

void peer_secure(struct peer *p, fo_link_id_t id)
{
    link_event(p, FO_EVENT_LINK_SECURE, id);
}

/* --- words
 * --------------------------------------------------------------------------------------------- */

void peer_bytes(struct peer *p, fo_link_id_t id, const void *data, size_t length)
{
    struct fo_event e = {.kind = FO_EVENT_LINK_BYTES, .now = peer_now(p), .link = id};
    uint8_t *copy = malloc(length); /* its own block: reading too far is then seen */
    memcpy(copy, data, length);
    e.bytes.data = copy;
    e.bytes.length = length;
    peer_batch(p, &e, 1, NULL, NULL);
    free(copy);
}

size_t peer_write(struct peer *p, const struct fo_message *m, uint8_t out[FO_MESSAGE_MAX])
{
    struct fo_writer w = fo_writer_of(out, FO_MESSAGE_MAX);
    static struct fo_message dated;
    int rc;
    dated = *m;
    dated.time.s = (uint32_t)((int64_t)peer_now(p).utc.s + p->clock_offset_s);
    rc = fo_message_encode(&dated, fo_dialect_get(p->dialect), p->digest, &w);
    cr_assert_eq(rc, FO_OK, "the test's own %s: %s", fo_message_type_name(m->type),
                 fo_strerror(rc));
    return w.position;
}

void peer_send(struct peer *p, fo_link_id_t id, const struct fo_message *m)
{
    uint8_t bytes[FO_MESSAGE_MAX];
    size_t length = peer_write(p, m, bytes);
    peer_bytes(p, id, bytes, length);
}

struct fo_message *peer_words(struct peer *p, uint8_t type)
{
    fo_message_reset(&p->words, type, p->next_xid++);
    return &p->words;
}

static struct fo_span span_of(const char *text)
{
    return (struct fo_span){(const uint8_t *)text, (uint16_t)strlen(text)};
}

static void identify(struct peer *p, struct fo_message *m)
{
    m->present = PEER_OPT(RELATIONSHIP_NAME) | PEER_OPT(MAX_UNACKED_BNDUPD) |
                 PEER_OPT(RECEIVE_TIMER) | PEER_OPT(VENDOR_CLASS_IDENTIFIER) |
                 PEER_OPT(PROTOCOL_VERSION);
    m->relationship_name = span_of(PEER_NAME);
    m->max_unacked_bndupd = 10;
    m->receive_timer_s = 30;
    m->vendor_class = span_of(p->dialect == FO_DIALECT_ISC ? "isc-4.4.3" : "fo-peer");
    m->protocol_version = 1;
}

struct fo_message *peer_connect(struct peer *p)
{
    static const uint8_t hba[FO_HBA_LENGTH] = {0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
                                               0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff};
    struct fo_message *m = peer_words(p, FO_MSG_CONNECT);
    identify(p, m);
    m->present |= PEER_OPT(MCLT) | PEER_OPT(HASH_BUCKET_ASSIGNMENT) | PEER_OPT(TLS_REQUEST);
    m->mclt_s = PEER_MCLT_S;
    m->hash_bucket_assignment = (struct fo_span){hba, sizeof hba};
    return m;
}

struct fo_message *peer_connectack(struct peer *p, uint32_t xid)
{
    struct fo_message *m = peer_words(p, FO_MSG_CONNECTACK);
    identify(p, m);
    m->xid = xid;
    return m;
}

void peer_send_state(struct peer *p, fo_link_id_t id, enum fo_state state, uint8_t flags)
{
    struct fo_message *m = peer_words(p, FO_MSG_STATE);
    m->present = PEER_OPT(SERVER_STATE) | PEER_OPT(SERVER_FLAGS) | PEER_OPT(START_TIME_OF_STATE);
    m->server_state = fo_state_to_wire(state);
    m->server_flags = flags;
    m->start_time_of_state.s = (uint32_t)((int64_t)peer_now(p).utc.s + p->clock_offset_s);
    peer_send(p, id, m);
}

void peer_send_bare(struct peer *p, fo_link_id_t id, uint8_t type)
{
    peer_send(p, id, peer_words(p, type));
}

struct fo_group *peer_active(struct peer *p, fo_ipv4_t address, unsigned n, uint32_t lease_s)
{
    static uint8_t hw[FO_GROUPS_MAX][7];
    struct fo_group *g = &p->words.groups[p->words.group_count];
    struct fo_client c = world_client(n);
    uint32_t now = (uint32_t)((int64_t)peer_now(p).utc.s + p->clock_offset_s);
    memcpy(hw[p->words.group_count], c.hw, 7);
    *g = (struct fo_group){.address = address, .status = FO_STATUS_ACTIVE};
    g->present = PEER_OPT(ASSIGNED_IP_ADDRESS) | PEER_OPT(BINDING_STATUS) |
                 PEER_OPT(CLIENT_HARDWARE_ADDRESS) | PEER_OPT(CLIENT_LAST_TRANSACTION_TIME) |
                 PEER_OPT(LEASE_EXPIRATION_TIME) | PEER_OPT(POTENTIAL_EXPIRATION_TIME) |
                 PEER_OPT(START_TIME_OF_STATE);
    g->hardware_address = (struct fo_span){hw[p->words.group_count], 7};
    g->client_last_transaction_time.s = g->start_time_of_state.s = now;
    g->lease_expiration_time.s = now + lease_s;
    g->potential_expiration_time.s = now + 2 * lease_s;
    p->words.group_count++;
    return g;
}

const struct fo_message *peer_next(struct peer *p, fo_link_id_t id)
{
    struct peer_link *l = peer_link(p, id);
    struct fo_fault fault;
    size_t left = l->used - l->read;
    if (left == 0)
        return NULL;
    cr_assert_geq(left, FO_MESSAGE_MIN);
    p->said_length = (size_t)l->bytes[l->read] << 8 | l->bytes[l->read + 1];
    cr_assert_leq(p->said_length, left);
    cr_assert_leq(p->said_length, FO_MESSAGE_MAX);
    memcpy(p->said_bytes, l->bytes + l->read, p->said_length);
    l->read += p->said_length;
    cr_assert_eq(fo_message_decode(p->said_bytes, p->said_length, &p->said, &fault), FO_OK, "%s",
                 fault.text);
    return &p->said;
}

const struct fo_message *peer_find(struct peer *p, fo_link_id_t id, uint8_t type)
{
    const struct fo_message *m;
    do
        m = peer_next(p, id);
    while (m != NULL && m->type != type);
    return m;
}

void peer_agree(struct peer *p, fo_link_id_t id)
{
    const struct fo_message *m;
    while ((m = peer_find(p, id, FO_MSG_BNDUPD)) != NULL) {
        struct fo_message *ack = peer_words(p, FO_MSG_BNDACK);
        ack->xid = m->xid;
        ack->group_count = m->group_count;
        for (size_t k = 0; k < m->group_count; k++)
            ack->groups[k] = (struct fo_group){.address = m->groups[k].address,
                                               .present = PEER_OPT(ASSIGNED_IP_ADDRESS)};
        peer_send(p, id, ack);
    }
}

bool peer_closed(struct peer *p, fo_link_id_t id)
{
    return peer_link(p, id)->closed;
}

/* --- whole scenes
 * ---------------------------------------------------------------------------------------- */

fo_link_id_t peer_establish(struct peer *p)
{
    const struct fo_relationship *r = fo_server_relationship_at(p->server, 0);
    const struct fo_message *m;
    fo_link_id_t id;
    if (r->role == FO_ROLE_SECONDARY) {
        id = peer_call(p);
        peer_send(p, id, peer_connect(p));
        m = peer_next(p, id);
        cr_assert(m != NULL && m->type == FO_MSG_CONNECTACK);
        cr_assert_eq(m->present & PEER_OPT(REJECT_REASON), 0, "refused with %u", m->reject_reason);
    } else {
        for (int i = 0; i < 30 && peer_dialled(p) == 0; i++)
            peer_run(p, SECONDS(5));
        id = peer_dialled(p);
        cr_assert_neq(id, 0);
        peer_answer(p, id);
        m = peer_next(p, id);
        cr_assert(m != NULL && m->type == FO_MSG_CONNECT);
        peer_send(p, id, peer_connectack(p, m->xid));
    }
    m = peer_next(p, id);
    cr_assert(m != NULL && m->type == FO_MSG_STATE, "STATE comes next (§7.10)");
    return id;
}

fo_link_id_t peer_join(struct peer *p, enum fo_state state)
{
    fo_link_id_t id = peer_establish(p);
    peer_send_state(p, id, state, 0);
    return id;
}

fo_link_id_t peer_normal(struct peer *p)
{
    fo_link_id_t id = peer_join(p, FO_STATE_RECOVER);
    const struct fo_message *m = peer_find(p, id, FO_MSG_UPDREQALL);
    struct fo_message *done = peer_words(p, FO_MSG_UPDDONE);
    cr_assert_not_null(m);
    done->xid = m->xid;
    peer_send(p, id, done);
    peer_send_state(p, id, FO_STATE_RECOVER_DONE, 0);
    cr_assert_eq(peer_status(p).state, FO_STATE_NORMAL);
    peer_send_state(p, id, FO_STATE_NORMAL, 0);
    peer_run(p, 0);
    while (peer_next(p, id) != NULL)
        ;
    return id;
}

struct fo_endpoint_status peer_status(struct peer *p)
{
    struct fo_endpoint_status st;
    cr_assert_eq(fo_server_status(p->server, PEER_NAME, peer_now(p), &st), FO_OK);
    return st;
}

struct fo_binding peer_binding(struct peer *p, fo_ipv4_t address)
{
    struct fo_binding b = {0};
    cr_assert_eq(fo_lease_db_get(fo_server_leases(p->server), address, &b), FO_OK);
    return b;
}
