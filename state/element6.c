/* state/element6.c: the exclusions and reservations of an IPv6 prefix. Their keys hold all of an
 * element but its client, so the cursor runs through those of one kind in address order. */
#include "state/prefix6.h"

#include <assert.h>
#include <string.h>

#include "state/record.h"

#define ELEMENT_VERSION 1
#define KEY_LENGTH      (3 * FO_IPV6_LENGTH + 1)
#define VALUE_MAX       (1 + 4 + 2 + FO_DUID_MAX + 4)
#define FOUND           1 /* ends a walk; no FO_E… is positive */

static void put_key(struct fo_ipv6 prefix, uint8_t kind, struct fo_ipv6 first, struct fo_ipv6 last,
                    uint8_t out[KEY_LENGTH])
{
    struct fo_writer w = fo_writer_of(out, KEY_LENGTH);

    fo_write_ipv6(&w, prefix);
    fo_write_u8(&w, kind);
    fo_write_ipv6(&w, first);
    fo_write_ipv6(&w, last);
    assert(w.err == FO_OK && w.position == KEY_LENGTH);
}

static bool sound(const struct fo_element6 *e)
{
    if (e->kind == FO_ELEMENT6_RESERVATION)
        return fo_ipv6_compare(e->first, e->last) == 0;
    return e->kind == FO_ELEMENT6_EXCLUSION && fo_ipv6_compare(e->first, e->last) <= 0;
}

static int read_record(const void *key, size_t key_length, const void *value, size_t value_length,
                       struct fo_element6 *out)
{
    struct fo_reader k = fo_reader_of(key, key_length), r;
    struct fo_element6 e = {0};
    struct fo_ipv6 prefix;
    uint8_t version;
    int rc = fo_record_open(value, value_length, ELEMENT_VERSION, &version, &r);

    if (rc != FO_OK)
        return rc;
    fo_read_ipv6(&k, &prefix);
    fo_read_u8(&k, &e.kind);
    fo_read_ipv6(&k, &e.first);
    fo_read_ipv6(&k, &e.last);
    if (e.kind == FO_ELEMENT6_RESERVATION)
        fo_client6_read(&r, &e.client);
    if (k.err != FO_OK || fo_reader_left(&k) > 0 || r.err != FO_OK || fo_reader_left(&r) > 0 ||
        !sound(&e))
        return FO_EDAMAGED;
    *out = e;
    return FO_OK;
}

int fo_element6_judge(void *context, const void *key, size_t key_length, const void *value,
                      size_t value_length)
{
    struct fo_element6 e;

    (void)context;
    return read_record(key, key_length, value, value_length, &e);
}

static int take_one(void *context, const void *key, size_t key_length, const void *value,
                    size_t value_length)
{
    return read_record(key, key_length, value, value_length, context);
}

int fo_element6_get(struct fo_store *s, struct fo_ipv6 prefix, uint8_t kind, struct fo_ipv6 first,
                    struct fo_ipv6 last, struct fo_element6 *out)
{
    uint8_t key[KEY_LENGTH];

    put_key(prefix, kind, first, last, key);
    return fo_store_get(s, FO_TABLE_ELEMENT6, key, sizeof key, take_one, out);
}

struct search {
    uint8_t after[KEY_LENGTH];
    struct fo_element6 *out;
};

static int stop_behind(void *context, const void *key, size_t key_length, const void *value,
                       size_t value_length)
{
    struct search *search = context;
    size_t same = FO_IPV6_LENGTH + 1; /* prefix and kind */

    if (key_length < same || memcmp(key, search->after, same) != 0)
        return FO_ENOTFOUND;
    if (key_length == KEY_LENGTH && memcmp(key, search->after, KEY_LENGTH) == 0)
        return FO_OK;
    return read_record(key, key_length, value, value_length, search->out) == FO_OK ? FOUND : FO_OK;
}

int fo_element6_next(struct fo_store *s, struct fo_ipv6 prefix, uint8_t kind, struct fo_ipv6 first,
                     struct fo_ipv6 last, struct fo_element6 *out)
{
    struct search search = {.out = out};
    int rc;

    put_key(prefix, kind, first, last, search.after);
    rc = fo_store_walk(s, FO_TABLE_ELEMENT6, search.after, KEY_LENGTH, stop_behind, &search);
    if (rc == FOUND)
        return FO_OK;
    return rc == FO_OK ? FO_ENOTFOUND : rc;
}

int fo_element6_put(struct fo_store *s, struct fo_ipv6 prefix, const struct fo_element6 *e)
{
    uint8_t key[KEY_LENGTH], value[VALUE_MAX];
    struct fo_writer w = fo_writer_of(value, sizeof value);

    assert(sound(e));
    put_key(prefix, e->kind, e->first, e->last, key);
    fo_write_u8(&w, ELEMENT_VERSION);
    if (e->kind == FO_ELEMENT6_RESERVATION)
        fo_client6_write(&w, &e->client);
    fo_record_seal(&w);
    assert(w.err == FO_OK);
    return fo_store_put(s, FO_TABLE_ELEMENT6, key, sizeof key, value, w.position);
}

int fo_element6_del(struct fo_store *s, struct fo_ipv6 prefix, uint8_t kind, struct fo_ipv6 first,
                    struct fo_ipv6 last)
{
    uint8_t key[KEY_LENGTH];

    put_key(prefix, kind, first, last, key);
    return fo_store_del(s, FO_TABLE_ELEMENT6, key, sizeof key);
}

/* --- all of a prefix, readable or not -------------------------------------------------------- */

struct one_key {
    uint8_t bytes[FO_STORE_KEY_MAX];
    size_t length;
};

static int copy_key(void *context, const void *key, size_t key_length, const void *value,
                    size_t value_length)
{
    struct one_key *one = context;

    (void)value;
    (void)value_length;
    memcpy(one->bytes, key, key_length);
    one->length = key_length;
    return FOUND;
}

int fo_element6_clear(struct fo_store *s, struct fo_ipv6 prefix)
{
    uint8_t from[KEY_LENGTH];
    struct one_key one;
    int rc;

    put_key(prefix, 0, prefix, prefix, from);
    for (;;) {
        rc = fo_store_walk(s, FO_TABLE_ELEMENT6, from, FO_IPV6_LENGTH, copy_key, &one);
        if (rc != FOUND)
            return rc;
        if (one.length < FO_IPV6_LENGTH || memcmp(one.bytes, from, FO_IPV6_LENGTH) != 0)
            return FO_OK;
        rc = fo_store_del(s, FO_TABLE_ELEMENT6, one.bytes, one.length);
        if (rc != FO_OK)
            return rc;
    }
}
