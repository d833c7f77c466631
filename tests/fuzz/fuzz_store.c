/* What lies on disk: records of every table, whole, damaged, or sealed by somebody who meant harm.
 * The server must start, start again without finding anything new, and live. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fo/endpoint.h"
#include "state/record.h"
#include "tests/fuzz/driver.h"
#include "tests/fuzz/records6.h"

#define RECORDS_MAX 40
#define VALUE_MAX   4096
#define CRC_LENGTH  4

static struct fuzz_driver driver;

struct record {
    uint8_t key[FO_STORE_KEY_MAX];
    size_t key_length;
    uint8_t value[VALUE_MAX + CRC_LENGTH];
    size_t length;
};

static void set_key(struct record *r, const void *key, size_t length)
{
    r->key_length = length < sizeof r->key ? length : sizeof r->key;
    memcpy(r->key, key, r->key_length);
}

static void set_value(struct record *r, const void *value, size_t length)
{
    r->length = length < VALUE_MAX ? length : VALUE_MAX;
    memcpy(r->value, value, r->length);
}

static const char *name_of(struct fuzz_input *in)
{
    static const char *const names[] = {"alpha", "beta", "alpha2", "a"};
    return names[fuzz_pick(in, 4)];
}

/* --- one of each table
 * ---------------------------------------------------------------------------- */

static void relationship(struct record *r, struct fuzz_input *in)
{
    static fo_ipv4_t scopes[3] = {FUZZ_SUBNET, FUZZ_SUBNET2, 0x0a000200u};
    struct fo_relationship config;
    uint8_t what = fuzz_u8(in), *value;
    size_t length;
    fo_relationship_init(&config);
    (void)snprintf(config.name, sizeof config.name, "%s", name_of(in));
    config.role = (enum fo_role)(what & 1u);
    config.dialect = (enum fo_dialect_name)(what >> 1 & 1u);
    config.mode = (enum fo_mode)(what >> 2 & 1u);
    config.tls = (enum fo_tls_mode)((what >> 3 & 3u) % 3u);
    config.primary_server = FUZZ_LOCAL;
    config.secondary_server = FUZZ_PARTNER;
    config.mclt_s = fuzz_u32(in);
    config.safe_period_s = fuzz_u32(in);
    config.receive_timer_s = fuzz_u32(in);
    config.scopes = scopes;
    config.scope_count = what >> 5 & 3u;
    set_key(r, config.name, strlen(config.name));
    FUZZ_CHECK(fo_record_write_relationship(&config, &value, &length) == FO_OK);
    set_value(r, value, length);
    free(value);
}

static void endpoint(struct record *r, struct fuzz_input *in)
{
    struct fo_endpoint_record rec = {0};
    const char *name = name_of(in);
    rec.state = (enum fo_state)fuzz_pick(in, 16);
    rec.resume = (enum fo_state)fuzz_pick(in, 16);
    rec.partner_state = (enum fo_state)fuzz_pick(in, 16);
    rec.since.s = fuzz_time(in, FUZZ_NOW);
    rec.partner_since.s = fuzz_time(in, FUZZ_NOW);
    rec.operational_until.s = fuzz_time(in, FUZZ_NOW);
    rec.down_since.s = fuzz_time(in, FUZZ_NOW);
    rec.mclt_s = fuzz_u32(in);
    rec.mclt_longest_s = fuzz_u32(in);
    rec.update_epoch = fuzz_u32(in);
    set_key(r, name, strlen(name));
    FUZZ_CHECK(fo_endpoint_record_write(&rec, r->value, VALUE_MAX, &r->length) == FO_OK);
}

static void scope(struct record *r, struct fuzz_input *in)
{
    struct fo_range ranges[4], exclusions[4];
    struct fo_range_use uses[4] = {{.kind = (enum fo_range_kind)fuzz_pick(in, 4)}};
    struct fo_reservation reservations[4] = {{0}};
    struct fo_scope s = {
        .ranges = ranges, .uses = uses, .exclusions = exclusions, .reservations = reservations};
    uint8_t counts = fuzz_u8(in), key[4], *value;
    size_t length;
    s.subnet = FUZZ_SUBNET + (fuzz_pick(in, 4) << 8);
    /* Up to 256 pages of addresses; what is damaged may be larger. */
    s.mask = fuzz_pick(in, 8) == 0 ? fuzz_u32(in) | 0xffff0000u : 0xffffff00u;
    for (s.range_count = 0; s.range_count < (counts & 3u); s.range_count++)
        ranges[s.range_count] = (struct fo_range){fuzz_address(in), fuzz_address(in)};
    for (s.exclusion_count = 0; s.exclusion_count < (counts >> 2 & 3u); s.exclusion_count++)
        exclusions[s.exclusion_count] = (struct fo_range){fuzz_address(in), fuzz_address(in)};
    for (; s.reservation_count < (counts >> 4 & 3u); s.reservation_count++)
        reservations[s.reservation_count].address = fuzz_address(in);
    fo_record_put_address(s.subnet, key);
    set_key(r, key, sizeof key);
    FUZZ_CHECK(fo_record_write_scope(&s, &value, &length) == FO_OK);
    set_value(r, value, length);
    free(value);
}

static void binding(struct record *r, struct fuzz_input *in)
{
    struct fo_binding b = {.address = fuzz_address(in)};
    uint8_t key[4];
    b.status = fuzz_u8(in) & 15u;
    b.flags = fuzz_u8(in);
    fuzz_client(in, &b.client);
    b.lease_expiration.s = fuzz_time(in, FUZZ_NOW);
    b.sent_potential_expiration.s = fuzz_time(in, FUZZ_NOW);
    b.acked_potential_expiration.s = fuzz_time(in, FUZZ_NOW);
    b.received_potential_expiration.s = fuzz_time(in, FUZZ_NOW);
    b.client_last_transaction.s = fuzz_time(in, FUZZ_NOW);
    b.start_of_state.s = fuzz_time(in, FUZZ_NOW);
    b.last_partner_update.s = fuzz_time(in, FUZZ_NOW);
    b.acked_epoch = fuzz_u8(in);
    fo_record_put_address(b.address, key);
    set_key(r, key, sizeof key);
    r->length = fo_record_write_binding(&b, r->value);
}

static void journal(struct record *r, struct fuzz_input *in)
{
    const char *name = name_of(in);
    struct fo_writer k = fo_writer_of(r->key, sizeof r->key);
    struct fo_writer v = fo_writer_of(r->value, VALUE_MAX);
    uint8_t how = fuzz_u8(in);
    size_t length;
    const uint8_t *text;
    fo_write_bytes(&k, name, strlen(name));
    fo_write_u8(&k, 0);
    fo_write_u32(&k, (how & 1u) != 0 ? fuzz_u32(in) : 0);
    fo_write_u32(&k, (how & 2u) != 0 ? fuzz_u32(in) : fuzz_u8(in));
    r->key_length = k.position;
    fo_write_u8(&v, 1);
    fo_write_u32(&v, FUZZ_NOW);
    fo_write_u8(&v, how >> 2 & 3u);
    text = fuzz_bytes(in, 300, &length);
    fo_write_bytes(&v, text, length);
    fo_record_seal(&v);
    r->length = v.position;
}

/* --- damage
 * ---------------------------------------------------------------------------------------- */

static void seal_again(struct record *r)
{
    struct fo_writer w = fo_writer_of(r->value, sizeof r->value);
    w.position = r->length;
    fo_record_seal(&w);
    r->length = w.position;
}

static void damage(struct record *r, struct fuzz_input *in, uint8_t how)
{
    uint8_t bits;
    if ((how & 1u) != 0 && r->key_length != 0) {
        bits = fuzz_u8(in);
        r->key[fuzz_u8(in) % r->key_length] ^= bits;
    }
    if ((how & 2u) != 0 && r->length != 0) {
        bits = fuzz_u8(in);
        r->value[fuzz_u16(in) % r->length] ^= bits;
    }
    if ((how & 4u) != 0 && r->length != 0)
        r->length -= fuzz_u8(in) % r->length;
    if ((how & 8u) != 0 && r->length > CRC_LENGTH) { /* the seal fits what is there now */
        r->length -= CRC_LENGTH;
        seal_again(r);
    }
}

static bool ipv6(struct record *r, enum fo_table table, struct fuzz_input *in)
{
    struct fo_writer key = fo_writer_of(r->key, sizeof r->key);
    struct fo_writer value = fo_writer_of(r->value, sizeof r->value);
    bool one = fuzz_record6(table, in, &key, &value);
    r->key_length = key.position;
    r->length = value.position;
    return one;
}

static void put_record(struct fuzz_driver *d, struct fuzz_input *in)
{
    static struct record r;
    uint8_t what = fuzz_u8(in);
    enum fo_table table = (enum fo_table)((what & 15u) % FO_TABLE_COUNT);
    const uint8_t *bytes;
    r.key_length = r.length = 0;
    if (table == FO_TABLE_RELATIONSHIP) {
        relationship(&r, in);
    } else if (table == FO_TABLE_ENDPOINT) {
        endpoint(&r, in);
    } else if (table == FO_TABLE_SCOPE) {
        scope(&r, in);
    } else if (table == FO_TABLE_BINDING) {
        binding(&r, in);
    } else if (table == FO_TABLE_JOURNAL) {
        journal(&r, in);
    } else if (!ipv6(&r, table, in)) {
        bytes = fuzz_bytes(in, FO_STORE_KEY_MAX, &r.key_length);
        set_key(&r, bytes, r.key_length);
        bytes = fuzz_bytes(in, 512, &r.length);
        set_value(&r, bytes, r.length);
    }
    damage(&r, in, what >> 4);
    if (r.key_length != 0)
        FUZZ_CHECK(fo_store_put(d->store, table, r.key, r.key_length, r.value, r.length) == FO_OK);
}

/* --- life
 * ------------------------------------------------------------------------------------------ */

static void visit(void *context, const struct fo_journal_entry *entry)
{
    FUZZ_CHECK(memchr(entry->text, '\0', sizeof entry->text) != NULL);
    ++*(unsigned *)context;
}

static void live(struct fuzz_driver *d)
{
    static const int64_t seconds[] = {1, 60, 3600, 31536000};
    static const char *const names[] = {"alpha", "beta"};
    struct fo_event e = {.kind = FO_EVENT_COMMAND, .command.command = FO_COMMAND_PARTNER_DOWN};
    struct fo_client client = {.hw = {1, 2, 12}, .hw_length = 7};
    fo_ipv4_t address;
    for (size_t i = 0; i < sizeof seconds / sizeof seconds[0]; i++) {
        d->now.mono.ms += seconds[i] * 1000;
        d->now.utc = fo_utc_add(d->now.utc, (uint32_t)seconds[i]);
        fuzz_tick(d);
        if (fo_server_choose(d->server, FUZZ_SUBNET, &client, 0, 1000, d->now, &address) == FO_OK)
            (void)fo_server_lease_time(d->server, address, &client, 3600, d->now);
        e.command.relationship = names[i & 1u];
        fuzz_event(d, &e);
    }
    for (size_t i = 0; i < 2; i++) {
        unsigned entries = 0;
        if (fo_server_journal(d->server, names[i], visit, &entries) == FO_OK)
            FUZZ_CHECK(entries <= FO_JOURNAL_MAX);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct fuzz_input in = {data, size}, again = in;
    struct fuzz_driver *d = &driver;
    fuzz_driver_init(d);
    d->own_texts = true;
    FUZZ_CHECK(fo_store_begin(d->store) == FO_OK);
    for (int i = 0; i < RECORDS_MAX && fuzz_more(&in); i++)
        put_record(d, &in);
    FUZZ_CHECK(fo_store_commit(d->store) == FO_OK);
    fuzz_start(d);
    fuzz_start(d);
    FUZZ_CHECK(d->restored.damaged == 0);
    live(d);
    fuzz_live6(d->store, &again, FUZZ_NOW); /* changes are chosen by the same bytes */
    fuzz_start(d);
    FUZZ_CHECK(d->restored.damaged == 0);
    fuzz_driver_fini(d);
    return 0;
}
