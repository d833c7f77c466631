/* state/lease6.c: IPv6 leases in the store, and the index of their clients. */
#include "state/lease6.h"

#include <assert.h>
#include <string.h>

#include "state/record.h"

#define LEASE_VERSION    1
#define CLIENT_VERSION   1
#define VALUE_MAX        (1 + 4 + 2 + FO_DUID_MAX + 3 + 8 + 16 + 2 * (2 + FO_LEASE6_TEXT_MAX) + 4)
#define CLIENT_KEY_MAX   (4 + FO_DUID_MAX)
#define CLIENT_VALUE_MAX (1 + FO_IPV6_LENGTH + 4)
#define FOUND            1 /* ends a walk; no FO_E… is positive */

bool fo_lease6_is_over(const struct fo_lease6 *l, fo_utc_t now)
{
    return !l->reserved && l->valid_until.s <= now.s;
}

static void put_key(struct fo_ipv6 address, uint8_t out[FO_IPV6_LENGTH])
{
    struct fo_writer w = fo_writer_of(out, FO_IPV6_LENGTH);

    fo_write_ipv6(&w, address);
}

/* --- one record ------------------------------------------------------------------------------ */

static bool sound(const struct fo_lease6 *l, uint8_t reserved)
{
    return l->type <= 1 && reserved <= 1 &&
           (l->state == FO_LEASE6_COMMITTED || l->state == FO_LEASE6_DECLINED ||
            l->state == FO_LEASE6_DOOMED);
}

static int read_record(const void *key, size_t key_length, const void *value, size_t value_length,
                       struct fo_lease6 *out)
{
    struct fo_reader k = fo_reader_of(key, key_length), r;
    struct fo_lease6 l = {0};
    uint8_t version, reserved;
    int rc = fo_record_open(value, value_length, LEASE_VERSION, &version, &r);

    if (rc != FO_OK)
        return rc;
    fo_read_ipv6(&k, &l.address);
    fo_client6_read(&r, &l.client);
    fo_read_u8(&r, &l.type);
    fo_read_u8(&r, &l.state);
    fo_read_u8(&r, &reserved);
    fo_read_u32(&r, &l.valid_until.s);
    fo_read_u32(&r, &l.preferred_until.s);
    fo_read_ipv6(&r, &l.owner);
    fo_record_read_text(&r, l.name, sizeof l.name);
    fo_record_read_text(&r, l.comment, sizeof l.comment);
    if (k.err != FO_OK || fo_reader_left(&k) > 0 || r.err != FO_OK || fo_reader_left(&r) > 0 ||
        !sound(&l, reserved))
        return FO_EDAMAGED;
    l.reserved = reserved != 0;
    *out = l;
    return FO_OK;
}

static int take_one(void *context, const void *key, size_t key_length, const void *value,
                    size_t value_length)
{
    return read_record(key, key_length, value, value_length, context);
}

int fo_lease6_get(struct fo_store *s, struct fo_ipv6 address, struct fo_lease6 *out)
{
    uint8_t key[FO_IPV6_LENGTH];

    put_key(address, key);
    return fo_store_get(s, FO_TABLE_LEASE6, key, sizeof key, take_one, out);
}

int fo_lease6_judge(void *context, const void *key, size_t key_length, const void *value,
                    size_t value_length)
{
    struct fo_lease6 l;

    (void)context;
    return read_record(key, key_length, value, value_length, &l);
}

static int stop_at_sound(void *context, const void *key, size_t key_length, const void *value,
                         size_t value_length)
{
    return read_record(key, key_length, value, value_length, context) == FO_OK ? FOUND : FO_OK;
}

int fo_lease6_next(struct fo_store *s, struct fo_ipv6 from, struct fo_lease6 *out)
{
    uint8_t key[FO_IPV6_LENGTH];
    int rc;

    put_key(from, key);
    rc = fo_store_walk(s, FO_TABLE_LEASE6, key, sizeof key, stop_at_sound, out);
    if (rc == FOUND)
        return FO_OK;
    return rc == FO_OK ? FO_ENOTFOUND : rc;
}

/* --- the index ------------------------------------------------------------------------------- */

static size_t put_client_key(const struct fo_client6 *c, uint8_t out[CLIENT_KEY_MAX])
{
    struct fo_writer w = fo_writer_of(out, CLIENT_KEY_MAX);

    fo_write_u32(&w, c->iaid);
    fo_write_bytes(&w, c->duid, c->duid_length);
    assert(w.err == FO_OK);
    return w.position;
}

static int take_address(void *context, const void *key, size_t key_length, const void *value,
                        size_t value_length)
{
    struct fo_reader r;
    struct fo_ipv6 address;
    uint8_t version;
    int rc = fo_record_open(value, value_length, CLIENT_VERSION, &version, &r);

    (void)key;
    if (rc != FO_OK)
        return rc;
    fo_read_ipv6(&r, &address);
    if (r.err != FO_OK || fo_reader_left(&r) > 0 || key_length <= 4 || key_length > CLIENT_KEY_MAX)
        return FO_EDAMAGED;
    *(struct fo_ipv6 *)context = address;
    return FO_OK;
}

int fo_lease6_judge_client(void *context, const void *key, size_t key_length, const void *value,
                           size_t value_length)
{
    struct fo_ipv6 address;

    (void)context;
    return take_address(&address, key, key_length, value, value_length);
}

static int find_address(struct fo_store *s, const struct fo_client6 *client, struct fo_ipv6 *out)
{
    uint8_t key[CLIENT_KEY_MAX];
    size_t length = put_client_key(client, key);

    return fo_store_get(s, FO_TABLE_CLIENT6, key, length, take_address, out);
}

/* An entry counts only if the lease says the same: leases may have been set aside. */
int fo_lease6_find(struct fo_store *s, const struct fo_client6 *client, struct fo_lease6 *out)
{
    struct fo_ipv6 address;
    struct fo_lease6 l;
    int rc = find_address(s, client, &address);

    if (rc == FO_OK)
        rc = fo_lease6_get(s, address, &l);
    if (rc != FO_OK)
        return rc == FO_EDAMAGED ? FO_ENOTFOUND : rc;
    if (!fo_client6_equal(&l.client, client))
        return FO_ENOTFOUND;
    *out = l;
    return FO_OK;
}

int fo_lease6_put_client(struct fo_store *s, const struct fo_lease6 *l)
{
    uint8_t key[CLIENT_KEY_MAX], value[CLIENT_VALUE_MAX];
    struct fo_writer w = fo_writer_of(value, sizeof value);
    size_t length = put_client_key(&l->client, key);

    fo_write_u8(&w, CLIENT_VERSION);
    fo_write_ipv6(&w, l->address);
    fo_record_seal(&w);
    return fo_store_put(s, FO_TABLE_CLIENT6, key, length, value, w.position);
}

/* Of the lease that is at |address| now, if its client is known by that address. */
static int forget_client(struct fo_store *s, struct fo_ipv6 address)
{
    uint8_t key[CLIENT_KEY_MAX];
    struct fo_lease6 l;
    struct fo_ipv6 known = {0};
    int rc = fo_lease6_get(s, address, &l);

    if (rc == FO_OK)
        rc = find_address(s, &l.client, &known);
    if (rc == FO_ENOTFOUND || rc == FO_EDAMAGED || rc == FO_EVERSION)
        return FO_OK;
    if (rc != FO_OK || fo_ipv6_compare(known, address) != 0)
        return rc;
    return fo_store_del(s, FO_TABLE_CLIENT6, key, put_client_key(&l.client, key));
}

/* --- changes --------------------------------------------------------------------------------- */

int fo_lease6_put(struct fo_store *s, const struct fo_lease6 *l)
{
    uint8_t key[FO_IPV6_LENGTH], value[VALUE_MAX];
    struct fo_writer w = fo_writer_of(value, sizeof value);
    int rc;

    assert(sound(l, l->reserved) && l->client.duid_length > 0);
    put_key(l->address, key);
    fo_write_u8(&w, LEASE_VERSION);
    fo_client6_write(&w, &l->client);
    fo_write_u8(&w, l->type);
    fo_write_u8(&w, l->state);
    fo_write_u8(&w, l->reserved ? 1 : 0);
    fo_write_u32(&w, l->valid_until.s);
    fo_write_u32(&w, l->preferred_until.s);
    fo_write_ipv6(&w, l->owner);
    fo_record_write_text(&w, l->name);
    fo_record_write_text(&w, l->comment);
    fo_record_seal(&w);
    assert(w.err == FO_OK);
    rc = forget_client(s, l->address);
    if (rc == FO_OK)
        rc = fo_store_put(s, FO_TABLE_LEASE6, key, sizeof key, value, w.position);
    return rc == FO_OK ? fo_lease6_put_client(s, l) : rc;
}

int fo_lease6_del(struct fo_store *s, struct fo_ipv6 address)
{
    uint8_t key[FO_IPV6_LENGTH];
    int rc = forget_client(s, address);

    put_key(address, key);
    return rc == FO_OK ? fo_store_del(s, FO_TABLE_LEASE6, key, sizeof key) : rc;
}
