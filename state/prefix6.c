/* state/prefix6.c: prefixes in the store, and the clients that both elements and leases name. */
#include "state/prefix6.h"

#include <assert.h>
#include <string.h>

#include "state/record.h"

#define PREFIX_VERSION 1
#define VALUE_MAX      (1 + 1 + 1 + 2 + 4 + 2 * (2 + FO_PREFIX6_TEXT_MAX) + 4)
#define FOUND          1 /* ends a walk; no FO_E… is positive */

/* --- clients --------------------------------------------------------------------------------- */

bool fo_client6_equal(const struct fo_client6 *a, const struct fo_client6 *b)
{
    return a->iaid == b->iaid && a->duid_length == b->duid_length &&
           memcmp(a->duid, b->duid, a->duid_length) == 0;
}

void fo_client6_write(struct fo_writer *w, const struct fo_client6 *c)
{
    fo_write_u32(w, c->iaid);
    fo_write_u16(w, c->duid_length);
    fo_write_bytes(w, c->duid, c->duid_length);
}

void fo_client6_read(struct fo_reader *r, struct fo_client6 *out)
{
    const uint8_t *duid;

    fo_read_u32(r, &out->iaid);
    fo_read_u16(r, &out->duid_length);
    if (r->err == FO_OK && (out->duid_length == 0 || out->duid_length > FO_DUID_MAX))
        fo_reader_fail(r, FO_EDAMAGED);
    fo_read_span(r, out->duid_length, &duid);
    if (duid != NULL)
        memcpy(out->duid, duid, out->duid_length);
}

/* --- one record ------------------------------------------------------------------------------ */

static void put_key(struct fo_ipv6 prefix, uint8_t out[FO_IPV6_LENGTH])
{
    struct fo_writer w = fo_writer_of(out, FO_IPV6_LENGTH);

    fo_write_ipv6(&w, prefix);
}

static bool sound(const struct fo_prefix6 *p)
{
    return p->length >= 1 && p->length <= FO_IPV6_BITS && p->state <= FO_PREFIX6_DISABLED &&
           fo_ipv6_within(p->prefix, p->prefix, p->length) && fo_ipv6_is_unicast(p->prefix);
}

static int read_record(const void *key, size_t key_length, const void *value, size_t value_length,
                       struct fo_prefix6 *out)
{
    struct fo_reader k = fo_reader_of(key, key_length), r;
    struct fo_prefix6 p = {0};
    uint8_t version;
    int rc = fo_record_open(value, value_length, PREFIX_VERSION, &version, &r);

    if (rc != FO_OK)
        return rc;
    fo_read_ipv6(&k, &p.prefix);
    fo_read_u8(&r, &p.length);
    fo_read_u8(&r, &p.state);
    fo_read_u16(&r, &p.preference);
    fo_read_u32(&r, &p.scope_id);
    fo_record_read_text(&r, p.name, sizeof p.name);
    fo_record_read_text(&r, p.comment, sizeof p.comment);
    if (k.err != FO_OK || fo_reader_left(&k) > 0 || r.err != FO_OK || fo_reader_left(&r) > 0 ||
        !sound(&p))
        return FO_EDAMAGED;
    *out = p;
    return FO_OK;
}

int fo_prefix6_judge(void *context, const void *key, size_t key_length, const void *value,
                     size_t value_length)
{
    struct fo_prefix6 p;

    (void)context;
    return read_record(key, key_length, value, value_length, &p);
}

static int take_one(void *context, const void *key, size_t key_length, const void *value,
                    size_t value_length)
{
    return read_record(key, key_length, value, value_length, context);
}

int fo_prefix6_get(struct fo_store *s, struct fo_ipv6 prefix, struct fo_prefix6 *out)
{
    uint8_t key[FO_IPV6_LENGTH];

    put_key(prefix, key);
    return fo_store_get(s, FO_TABLE_PREFIX6, key, sizeof key, take_one, out);
}

/* A prefix that contains the address is the address with some of its last bits cleared: at most one
 * look for each bit that is set, whatever prefixes there are. */
int fo_prefix6_of(struct fo_store *s, struct fo_ipv6 address, struct fo_prefix6 *out)
{
    struct fo_ipv6 at = address;
    struct fo_prefix6 p;

    while (!fo_ipv6_is_zero(at)) {
        int rc = fo_prefix6_get(s, at, &p);
        if (rc == FO_OK && fo_ipv6_within(address, p.prefix, p.length)) {
            *out = p;
            return FO_OK;
        }
        if (rc != FO_OK && rc != FO_ENOTFOUND)
            return rc;
        if (at.low != 0)
            at.low &= at.low - 1;
        else
            at.high &= at.high - 1;
    }
    return FO_ENOTFOUND;
}

static int stop_at_sound(void *context, const void *key, size_t key_length, const void *value,
                         size_t value_length)
{
    return read_record(key, key_length, value, value_length, context) == FO_OK ? FOUND : FO_OK;
}

int fo_prefix6_next(struct fo_store *s, struct fo_ipv6 from, struct fo_prefix6 *out)
{
    uint8_t key[FO_IPV6_LENGTH];
    int rc;

    put_key(from, key);
    rc = fo_store_walk(s, FO_TABLE_PREFIX6, key, sizeof key, stop_at_sound, out);
    if (rc == FOUND)
        return FO_OK;
    return rc == FO_OK ? FO_ENOTFOUND : rc;
}

int fo_prefix6_put(struct fo_store *s, const struct fo_prefix6 *p)
{
    uint8_t key[FO_IPV6_LENGTH], value[VALUE_MAX];
    struct fo_writer w = fo_writer_of(value, sizeof value);

    assert(sound(p));
    put_key(p->prefix, key);
    fo_write_u8(&w, PREFIX_VERSION);
    fo_write_u8(&w, p->length);
    fo_write_u8(&w, p->state);
    fo_write_u16(&w, p->preference);
    fo_write_u32(&w, p->scope_id);
    fo_record_write_text(&w, p->name);
    fo_record_write_text(&w, p->comment);
    fo_record_seal(&w);
    assert(w.err == FO_OK);
    return fo_store_put(s, FO_TABLE_PREFIX6, key, sizeof key, value, w.position);
}

int fo_prefix6_del(struct fo_store *s, struct fo_ipv6 prefix)
{
    uint8_t key[FO_IPV6_LENGTH];

    put_key(prefix, key);
    return fo_store_del(s, FO_TABLE_PREFIX6, key, sizeof key);
}
