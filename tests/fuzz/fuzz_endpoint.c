/* An endpoint in every role, dialect and state. The input is a script: what the partner and
 * strangers say, what the host reports, what operators and time do. */
#include <stdio.h>
#include <string.h>

#include "fo/endpoint.h"
#include "tests/fuzz/driver.h"

#define STEPS_MAX 200

static struct fuzz_driver driver;

/* --- the world the script begins in --------------------------------------------------------------
 */

static void make_scope(struct fuzz_driver *d, fo_ipv4_t subnet, unsigned last)
{
    struct fo_range range = {subnet + 10, subnet + last};
    struct fo_scope scope = {
        .subnet = subnet, .mask = 0xffffff00u, .ranges = &range, .range_count = 1};
    FUZZ_CHECK(fo_server_scope_create(d->server, &scope, NULL, 0) == ERROR_SUCCESS);
}

static uint32_t make_pair(struct fuzz_driver *d, uint8_t what, uint8_t more, enum fo_birth birth)
{
    static fo_ipv4_t scopes[1] = {FUZZ_SUBNET};
    struct fo_relationship r;
    fo_relationship_init(&r);
    (void)snprintf(r.name, sizeof r.name, "%s", FUZZ_NAME);
    r.role = (what & 1u) != 0 ? FO_ROLE_SECONDARY : FO_ROLE_PRIMARY;
    r.primary_server = r.role == FO_ROLE_PRIMARY ? FUZZ_LOCAL : FUZZ_PARTNER;
    r.secondary_server = r.role == FO_ROLE_PRIMARY ? FUZZ_PARTNER : FUZZ_LOCAL;
    r.dialect = (what & 2u) != 0 ? FO_DIALECT_ISC : FO_DIALECT_DRAFT;
    r.dialect_auto = (what & 4u) != 0;
    r.mode = (what & 8u) != 0 ? FO_MODE_HOT_STANDBY : FO_MODE_LOAD_BALANCE;
    if ((what & 0x10u) != 0 && r.dialect == FO_DIALECT_DRAFT)
        (void)snprintf(r.shared_secret, sizeof r.shared_secret, "%s", FUZZ_SECRET);
    if (r.dialect == FO_DIALECT_DRAFT)
        r.tls = (enum fo_tls_mode)((what >> 5) % 3u);
    r.percentage = more % 101u;
    r.mclt_s = 600;
    r.safe_period_s = (more & 0x80u) != 0 ? 90 : FO_SAFE_PERIOD_NEVER;
    r.scopes = scopes;
    r.scope_count = 1;
    return fo_server_relationship_create(d->server, &r, birth, d->now, &d->out, NULL, 0);
}

/* The endpoint as it might have been when the server stopped. */
static void put_state(struct fuzz_driver *d, struct fuzz_input *in)
{
    struct fo_endpoint_record rec = {0};
    uint8_t flags = fuzz_u8(in), value[512];
    size_t length;
    rec.state = (enum fo_state)(2 + fuzz_pick(in, FO_STATE_COUNT - 2));
    rec.resume = (enum fo_state)(2 + fuzz_pick(in, FO_STATE_COUNT - 2));
    rec.partner_state = (enum fo_state)fuzz_pick(in, FO_STATE_COUNT);
    rec.since.s = rec.down_since.s = fuzz_time(in, d->now.utc.s);
    rec.partner_since.s = fuzz_time(in, d->now.utc.s);
    rec.operational_until.s = fuzz_time(in, d->now.utc.s);
    rec.mclt_s = rec.mclt_longest_s = 600;
    rec.update_epoch = (flags & 8u) != 0 ? UINT32_MAX : 1;
    rec.virgin = (flags & 1u) != 0;
    rec.lost_storage = (flags & 2u) != 0;
    rec.contact_since_down = (flags & 4u) != 0;
    FUZZ_CHECK(fo_endpoint_record_write(&rec, value, sizeof value, &length) == FO_OK);
    FUZZ_CHECK(fo_store_begin(d->store) == FO_OK);
    FUZZ_CHECK(fo_store_put(d->store, FO_TABLE_ENDPOINT, FUZZ_NAME, sizeof FUZZ_NAME - 1, value,
                            length) == FO_OK);
    FUZZ_CHECK(fo_store_commit(d->store) == FO_OK);
}

/* What a server has that has just got its relationship. */
static void make_world(struct fuzz_driver *d, uint8_t what, uint8_t more)
{
    fuzz_start(d);
    fuzz_begin(d);
    make_scope(d, FUZZ_SUBNET, 209);
    make_scope(d, FUZZ_SUBNET2, 40);
    FUZZ_CHECK(make_pair(d, what, more, FO_BIRTH_VIRGIN) == ERROR_SUCCESS);
    fuzz_end(d);
}

/* The same in the store alone, where it is prepared once. */
static void take_world(struct fuzz_driver *d, uint8_t what, uint8_t more)
{
    static struct prepared {
        struct fo_store *store;
        uint8_t what, more;
    } worlds[1024];
    struct prepared *w = &worlds[(what * 5u + more) % 1024u];
    if (w->store != NULL && w->what == what && w->more == more) {
        FUZZ_CHECK(fo_store_mem_copy(d->store, w->store) == FO_OK);
        return;
    }
    if (w->store == NULL)
        w->store = fo_store_mem_new();
    w->what = what;
    w->more = more;
    make_world(d, what, more);
    FUZZ_CHECK(w->store != NULL && fo_store_mem_copy(w->store, d->store) == FO_OK);
}

static void set_up(struct fuzz_driver *d, struct fuzz_input *in)
{
    uint8_t what = fuzz_u8(in), more = fuzz_u8(in), how = fuzz_u8(in);
    bool lives = (how & 2u) != 0, other_state = (how & 1u) != 0;
    fuzz_driver_init(d);
    d->config.tls_available = (what >> 5) != 0;
    if (lives)
        make_world(d, what, more);
    else
        take_world(d, what, more);
    d->partner.dialect = fo_dialect_get((what & 2u) != 0 ? FO_DIALECT_ISC : FO_DIALECT_DRAFT);
    d->partner.digest = (what & 0x12u) == 0x10u;
    if (other_state)
        put_state(d, in);
    if (other_state || !lives)
        fuzz_start(d);
}

/* --- what can happen -----------------------------------------------------------------------------
 */

static void pass_time(struct fuzz_driver *d, struct fuzz_input *in)
{
    static const int64_t units_ms[] = {1, 100, 1000, 5000, 60000, 600000, 86400000, 31536000000};
    uint8_t how = fuzz_u8(in);
    int64_t ms = units_ms[how & 7u] * (1 + (how >> 4));
    if ((how & 8u) != 0) { /* somebody set the clock */
        d->now.utc.s = fuzz_time(in, d->now.utc.s);
    } else {
        d->now.mono.ms += ms;
        d->now.utc = fo_utc_add(d->now.utc, (uint32_t)(ms / 1000));
    }
    fuzz_tick(d);
}

static struct fuzz_link *pick_link(struct fuzz_driver *d, struct fuzz_input *in)
{
    unsigned first = fuzz_u8(in);
    for (unsigned i = 0; i < FUZZ_LINKS; i++) {
        struct fuzz_link *link = &d->links[(first + i) % FUZZ_LINKS];
        if (link->id != 0)
            return link;
    }
    return NULL;
}

static void call(struct fuzz_driver *d, struct fuzz_input *in)
{
    struct fo_event e = {.kind = FO_EVENT_LINK_UP, .up.accepted = true};
    struct fuzz_link *link = NULL;
    unsigned used = 0;
    e.up.partner = (fuzz_u8(in) & 0x80u) != 0 ? fuzz_u32(in) : FUZZ_PARTNER;
    for (unsigned i = 0; i < FUZZ_LINKS; i++) {
        used += d->links[i].id != 0;
        if (d->links[i].id == 0)
            link = &d->links[i];
    }
    if (used + 2 > FUZZ_LINKS) /* room for what the server dials */
        return;
    *link = (struct fuzz_link){.id = e.link = d->next_odd, .up = true};
    d->next_odd += 2;
    fuzz_event(d, &e);
}

static void change_link(struct fuzz_driver *d, struct fuzz_input *in, enum fo_event_kind kind)
{
    struct fuzz_link *link = pick_link(d, in);
    struct fo_event e = {.kind = kind};
    if (link == NULL || (kind == FO_EVENT_LINK_UP && link->up) ||
        (kind == FO_EVENT_LINK_SECURE && !link->tls_wanted))
        return;
    e.link = link->id;
    if (kind == FO_EVENT_LINK_UP)
        link->up = true;
    link->tls_wanted = false;
    if (kind == FO_EVENT_LINK_DOWN) {
        e.down.why = "connection lost";
        *link = (struct fuzz_link){0};
    }
    fuzz_event(d, &e);
}

static void deliver(struct fuzz_driver *d, fo_link_id_t id, const uint8_t *data, size_t length)
{
    struct fo_event e = {.kind = FO_EVENT_LINK_BYTES, .link = id};
    for (unsigned i = 0; i < FUZZ_LINKS; i++) {
        if (d->links[i].id != id || !d->links[i].up)
            continue;
        e.bytes.data = data;
        e.bytes.length = length;
        fuzz_event(d, &e);
        return;
    }
}

static void send_bytes(struct fuzz_driver *d, struct fuzz_input *in)
{
    struct fuzz_link *link = pick_link(d, in);
    size_t length;
    const uint8_t *bytes = fuzz_bytes(in, 4096, &length);
    if (link != NULL)
        deliver(d, link->id, bytes, length);
}

static void send_message(struct fuzz_driver *d, struct fuzz_input *in, uint8_t mood)
{
    struct fuzz_link *link = pick_link(d, in);
    uint8_t type = fuzz_u8(in), bytes[FO_MESSAGE_MAX];
    fo_link_id_t id;
    size_t length, first;
    if (link == NULL)
        return;
    id = link->id;
    type = type < 0xf0 ? (uint8_t)(1 + type % 12u) : type;
    d->partner.now = d->now.utc.s;
    length = fuzz_partner_says(&d->partner, in, type, mood, bytes);
    first = (mood & FUZZ_PIECES) != 0 ? fuzz_u8(in) % length : length;
    deliver(d, id, bytes, first);
    if (first != length)
        deliver(d, id, bytes + first, length - first);
}

/* Two messages arrive at once: the first may end the link. */
static void send_pair(struct fuzz_driver *d, struct fuzz_input *in)
{
    struct fuzz_link *link = pick_link(d, in);
    uint8_t first = fuzz_u8(in), second = fuzz_u8(in), bytes[2 * FO_MESSAGE_MAX];
    size_t length;
    if (link == NULL)
        return;
    d->partner.now = d->now.utc.s;
    length = fuzz_partner_says(&d->partner, in, (uint8_t)(1 + first % 12u), 0, bytes);
    length += fuzz_partner_says(&d->partner, in, (uint8_t)(1 + second % 12u), 0, bytes + length);
    deliver(d, link->id, bytes, length);
}

static void report(struct fuzz_driver *d, struct fuzz_input *in)
{
    struct fo_event e = {.kind = FO_EVENT_REPORT};
    uint8_t flags = fuzz_u8(in);
    e.report.kind = (enum fo_report_kind)(flags & 3u);
    e.report.address = fuzz_address(in);
    fuzz_client(in, &e.report.client);
    e.report.lease_end.s = fuzz_time(in, d->now.utc.s);
    e.report.desired_s = (flags & 4u) != 0 ? FO_LEASE_INFINITE_S : 3600;
    e.report.flags = flags >> 3 & (FO_BINDING_RESERVED | FO_BINDING_BOOTP);
    e.report.token = flags >> 5;
    fuzz_event(d, &e);
}

/* As a host does it: asked, chosen, measured, reported. */
static void serve(struct fuzz_driver *d, struct fuzz_input *in)
{
    struct fo_event e = {.kind = FO_EVENT_REPORT};
    struct fo_client *c = &e.report.client;
    uint8_t how = fuzz_u8(in);
    uint32_t subnet = (how & 1u) != 0 ? FUZZ_SUBNET2 : FUZZ_SUBNET;
    char why[128] = "";
    fuzz_client(in, c);
    (void)fo_server_may_serve(d->server, subnet, c, (enum fo_client_message)(how >> 1 & 1u),
                              how >> 4);
    if (fo_server_choose(d->server, subnet, c, (how & 4u) != 0 ? fuzz_address(in) : 0,
                         (how & 8u) != 0 ? 5000 : 0, d->now, &e.report.address) != FO_OK)
        return;
    FUZZ_CHECK(fo_server_may_give(d->server, e.report.address, c, d->now, why, sizeof why) ==
               FO_ANSWER_SERVE);
    e.report.desired_s = 3600;
    e.report.lease_end =
        fo_utc_add(d->now.utc, fo_server_lease_time(d->server, e.report.address, c, 3600, d->now));
    e.report.token = 7;
    fuzz_event(d, &e);
}

static void order(struct fuzz_driver *d, struct fuzz_input *in)
{
    uint8_t what = fuzz_u8(in) % 9u;
    static const fo_ipv4_t more[1] = {FUZZ_SUBNET2};
    struct fo_event e = {.kind = FO_EVENT_COMMAND, .command.relationship = FUZZ_NAME};
    fuzz_begin(d);
    if (what <= FO_COMMAND_BALANCE) {
        e.command.command = (enum fo_command)what;
        fuzz_step(d, &e);
    } else if (what == 6) {
        (void)fo_server_relationship_add_scopes(d->server, FUZZ_NAME, more, 1, d->now, &d->out,
                                                NULL, 0);
    } else if (what == 7) {
        (void)fo_server_relationship_remove_scopes(d->server, FUZZ_NAME, more, 1, d->now, &d->out,
                                                   NULL, 0);
    } else if (fo_server_relationship_delete(d->server, FUZZ_NAME, d->now, &d->out, NULL, 0) !=
               ERROR_SUCCESS) {
        (void)make_pair(d, fuzz_u8(in), 50, FO_BIRTH_LOST);
    }
    fuzz_end(d);
}

static void restart(struct fuzz_driver *d, struct fuzz_input *in)
{
    if ((fuzz_u8(in) & 1u) != 0) { /* in good order */
        fuzz_begin(d);
        fo_server_goodbye(d->server, d->now, &d->out);
        fuzz_end(d);
    }
    fuzz_start(d);
}

static void break_store(struct fuzz_driver *d, struct fuzz_input *in)
{
    static const int errors[] = {FO_EFULL, FO_EIO, FO_ENOMEM};
    uint8_t how = fuzz_u8(in);
    struct fo_store_fault fault = {how & 7u, 1 + (how >> 6), errors[(how >> 4) % 3u]};
    struct fo_store_mem_faults faults = {0};
    if ((how & 8u) != 0)
        faults.put = fault;
    else
        faults.commit = fault;
    d->faulty = true;
    fo_store_mem_set_faults(d->store, &faults);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct fuzz_input in = {data, size};
    struct fuzz_driver *d = &driver;
    set_up(d, &in);
    for (int steps = 0; steps < STEPS_MAX && fuzz_more(&in); steps++) {
        uint8_t what = fuzz_u8(&in);
        switch (what & 15u) {
        case 0:
            call(d, &in);
            break;
        case 1:
            change_link(d, &in, FO_EVENT_LINK_UP);
            break;
        case 2:
            change_link(d, &in, FO_EVENT_LINK_DOWN);
            break;
        case 3:
            change_link(d, &in, FO_EVENT_LINK_SECURE);
            break;
        case 4:
            send_bytes(d, &in);
            break;
        case 5:
            send_message(d, &in, fuzz_u8(&in));
            break;
        case 6:
        case 7:
        case 8:
            send_message(d, &in, 0);
            break;
        case 9:
            send_pair(d, &in);
            break;
        case 10:
            report(d, &in);
            break;
        case 11:
            serve(d, &in);
            break;
        case 12:
            order(d, &in);
            break;
        case 13:
            restart(d, &in);
            break;
        case 14:
            break_store(d, &in);
            break;
        default:
            pass_time(d, &in);
            break;
        }
    }
    fuzz_driver_fini(d);
    return 0;
}
