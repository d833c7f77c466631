#include "tests/fuzz/records6.h"

#include <stdlib.h>
#include <string.h>

#include "state/change6.h"
#include "state/record.h"
#include "tests/fuzz/driver.h"

#define WALK_MOST 200 /* records of one table that an input can make, and those made here */
#define CHANGES   24

/* Few different ones, so that they meet. */
static struct fo_ipv6 prefix_of(struct fuzz_input *in)
{
    return (struct fo_ipv6){0x20010db800000000u + fuzz_pick(in, 4), 0};
}
static struct fo_ipv6 address_of(struct fuzz_input *in)
{
    struct fo_ipv6 a = prefix_of(in);
    uint8_t host = fuzz_u8(in);
    a.low = host < 240 ? host & 15u : UINT64_MAX - host;
    if (host == 255)
        a.high = UINT64_MAX;
    return a;
}

static void write_client(struct fuzz_input *in, struct fo_writer *w, bool with_length)
{
    size_t length;
    const uint8_t *duid;
    fo_write_u32(w, fuzz_pick(in, 4));
    duid = fuzz_bytes(in, fuzz_pick(in, 8) == 0 ? 300 : 2, &length);
    if (with_length)
        fo_write_u16(w, (uint16_t)(length + (fuzz_pick(in, 16) == 0)));
    fo_write_bytes(w, duid, length);
}

static void write_text(struct fuzz_input *in, struct fo_writer *w)
{
    size_t length;
    const uint8_t *text = fuzz_bytes(in, fuzz_pick(in, 8) == 0 ? 300 : 8, &length);
    fo_write_u16(w, (uint16_t)length);
    fo_write_bytes(w, text, length);
}

static void write_prefix(struct fuzz_input *in, struct fo_writer *key, struct fo_writer *value)
{
    fo_write_ipv6(key, fuzz_pick(in, 4) != 0 ? prefix_of(in) : address_of(in));
    fo_write_u8(value, fuzz_pick(in, 4) != 0 ? 64 : fuzz_u8(in));
    fo_write_u8(value, (uint8_t)fuzz_pick(in, 3));
    fo_write_u16(value, fuzz_u16(in));
    fo_write_u32(value, fuzz_u32(in));
    write_text(in, value);
    write_text(in, value);
}

static void write_element(struct fuzz_input *in, struct fo_writer *key, struct fo_writer *value)
{
    struct fo_ipv6 first = address_of(in);
    uint8_t kind = (uint8_t)fuzz_pick(in, 4);
    fo_write_ipv6(key, prefix_of(in));
    fo_write_u8(key, kind);
    fo_write_ipv6(key, first);
    fo_write_ipv6(key, fuzz_pick(in, 2) != 0 ? first : address_of(in));
    if (kind == FO_ELEMENT6_RESERVATION)
        write_client(in, value, true);
}

static void write_lease(struct fuzz_input *in, struct fo_writer *key, struct fo_writer *value)
{
    fo_write_ipv6(key, address_of(in));
    write_client(in, value, true);
    fo_write_u8(value, (uint8_t)fuzz_pick(in, 3));
    fo_write_u8(value, (uint8_t)(2 + fuzz_pick(in, 4)));
    fo_write_u8(value, (uint8_t)fuzz_pick(in, 3));
    fo_write_u32(value, fuzz_u32(in));
    fo_write_u32(value, fuzz_u32(in));
    fo_write_ipv6(value, address_of(in));
    write_text(in, value);
    write_text(in, value);
}

bool fuzz_record6(enum fo_table table, struct fuzz_input *in, struct fo_writer *key,
                  struct fo_writer *value)
{
    fo_write_u8(value, 1);
    if (table == FO_TABLE_PREFIX6) {
        write_prefix(in, key, value);
    } else if (table == FO_TABLE_ELEMENT6) {
        write_element(in, key, value);
    } else if (table == FO_TABLE_LEASE6) {
        write_lease(in, key, value);
    } else if (table == FO_TABLE_CLIENT6) {
        write_client(in, key, false);
        fo_write_ipv6(value, address_of(in));
    } else {
        value->position = 0;
        return false;
    }
    fo_record_seal(value);
    return true;
}

/* --- life -------------------------------------------------------------------------------------- */

static int look(void *context, const void *key, size_t key_length, const void *value,
                size_t value_length)
{
    struct fo_reader r;
    uint8_t version;
    (void)context, (void)key, (void)key_length;
    FUZZ_CHECK(fo_record_open(value, value_length, 1, &version, &r) == FO_OK);
    return FO_OK;
}

static void restore(struct fo_store *store, bool first)
{
    uint64_t damaged;
    FUZZ_CHECK(fo_lease6_restore(store, NULL, NULL, &damaged) == FO_OK);
    FUZZ_CHECK(first || damaged == 0);
    for (enum fo_table t = FO_TABLE_PREFIX6; t <= FO_TABLE_CLIENT6; t++)
        FUZZ_CHECK(fo_store_walk(store, t, NULL, 0, look, NULL) == FO_OK);
}

static void walk_elements(struct fo_store *store, struct fo_ipv6 prefix, uint8_t kind)
{
    struct fo_element6 e = {0};
    unsigned n = 0;
    int rc;
    while ((rc = fo_element6_next(store, prefix, kind, e.first, e.last, &e)) == FO_OK) {
        FUZZ_CHECK(e.kind == kind && e.client.duid_length <= FO_DUID_MAX);
        FUZZ_CHECK(++n < WALK_MOST);
    }
    FUZZ_CHECK(rc == FO_ENOTFOUND); /* nothing damaged is left to meet */
}

static void walk_prefixes(struct fo_store *store)
{
    struct fo_ipv6 from = {0};
    struct fo_prefix6 p;
    unsigned n = 0;
    int rc;
    for (; (rc = fo_prefix6_next(store, from, &p)) == FO_OK; from = fo_ipv6_next(p.prefix)) {
        FUZZ_CHECK(p.length >= 1 && p.length <= 128 && strlen(p.name) <= FO_PREFIX6_TEXT_MAX);
        walk_elements(store, p.prefix, FO_ELEMENT6_RESERVATION);
        walk_elements(store, p.prefix, FO_ELEMENT6_EXCLUSION);
        FUZZ_CHECK(++n < WALK_MOST);
    }
    FUZZ_CHECK(rc == FO_ENOTFOUND);
}

static void walk_leases(struct fo_store *store)
{
    struct fo_ipv6 from = {0};
    struct fo_lease6 l, found;
    unsigned n = 0;
    int rc, rc_find;
    while ((rc = fo_lease6_next(store, from, &l)) == FO_OK) {
        FUZZ_CHECK(l.client.duid_length >= 1 && l.client.duid_length <= FO_DUID_MAX);
        rc_find = fo_lease6_find(store, &l.client, &found);
        FUZZ_CHECK(rc_find == FO_OK || rc_find == FO_ENOTFOUND);
        if (rc_find == FO_OK)
            FUZZ_CHECK(fo_client6_equal(&found.client, &l.client));
        from = fo_ipv6_next(l.address);
        if (fo_ipv6_is_zero(from))
            return;
        FUZZ_CHECK(++n < WALK_MOST);
    }
    FUZZ_CHECK(rc == FO_ENOTFOUND);
}

static void change_one(struct fo_change6 *c, struct fuzz_input *in)
{
    struct fo_prefix6 p = {.prefix = prefix_of(in), .length = 64};
    struct fo_lease6 l = {.address = address_of(in), .state = FO_LEASE6_COMMITTED};
    struct fo_element6 e = {.kind = (uint8_t)(1 + fuzz_pick(in, 2))};
    e.first = e.last = l.address;
    if (e.kind == FO_ELEMENT6_EXCLUSION)
        e.last = address_of(in);
    l.client =
        (struct fo_client6){.iaid = fuzz_pick(in, 4), .duid_length = (uint16_t)fuzz_pick(in, 3)};
    l.client.duid[0] = fuzz_u8(in) & 1u;
    l.valid_until.s = fuzz_u32(in);
    if (e.kind == FO_ELEMENT6_RESERVATION)
        e.client = l.client;
    switch (fuzz_pick(in, 8)) {
    case 0:
        (void)fo_change6_create_prefix(c, &p);
        break;
    case 1:
        (void)fo_change6_set_prefix(c, &p);
        break;
    case 2:
        (void)fo_change6_delete_prefix(c, p.prefix, fuzz_pick(in, 2) != 0);
        break;
    case 3:
        (void)fo_change6_add_element(c, p.prefix, &e);
        break;
    case 4:
        (void)fo_change6_remove_element(c, p.prefix, &e);
        break;
    case 5:
        (void)fo_change6_create_lease(c, &l);
        break;
    case 6:
        (void)fo_change6_set_lease(c, &l, true);
        break;
    default:
        (void)fo_change6_delete_lease(c, l.address);
    }
}

void fuzz_live6(struct fo_store *store, struct fuzz_input *in, uint32_t now)
{
    char why[200];
    struct fo_change6 c = {.store = store, .now = {now}, .why = why, .why_capacity = sizeof why};
    restore(store, true);
    restore(store, false);
    walk_prefixes(store);
    walk_leases(store);
    FUZZ_CHECK(fo_store_begin(store) == FO_OK);
    for (int i = 0; i < CHANGES; i++) {
        why[0] = '\0';
        change_one(&c, in);
        fuzz_check_text(why, strlen(why));
        FUZZ_CHECK(c.err == FO_OK);
    }
    FUZZ_CHECK(fo_store_commit(store) == FO_OK);
    walk_prefixes(store);
    walk_leases(store);
    restore(store, false);
}
