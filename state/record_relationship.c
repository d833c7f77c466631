/* state/record_relationship.c: a relationship on disk. */
#include "state/record.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#define RELATIONSHIP_VERSION 1

static void write_fields(struct fo_writer *w, const struct fo_relationship *r)
{
    fo_record_write_text(w, r->name);
    fo_write_u8(w, (uint8_t)r->role);
    fo_write_u32(w, r->primary_server);
    fo_write_u32(w, r->secondary_server);
    fo_record_write_text(w, r->primary_server_name);
    fo_record_write_text(w, r->secondary_server_name);
    fo_write_u8(w, (uint8_t)r->mode);
    fo_write_u8(w, (uint8_t)r->percentage);
    fo_write_u32(w, r->mclt_s);
    fo_write_u32(w, r->safe_period_s);
    fo_record_write_text(w, r->shared_secret);
    fo_write_u8(w, (uint8_t)r->tls);
    fo_write_u16(w, r->partner_port);
    fo_write_u8(w, (uint8_t)r->dialect);
    fo_write_u8(w, r->dialect_auto);
    fo_write_u32(w, r->max_unacked);
    fo_write_u32(w, r->receive_timer_s);
    fo_write_u32(w, r->max_clock_skew_s);
    fo_write_u32(w, r->load_balance_max_s);
    fo_write_u8(w, r->has_buckets);
    fo_write_bytes(w, r->buckets.map, sizeof(r->buckets.map));
    fo_write_u32(w, r->scope_count);
    for (uint32_t i = 0; i < r->scope_count; i++)
        fo_write_u32(w, r->scopes[i]);
}

int fo_record_write_relationship(const struct fo_relationship *r, uint8_t **out_value,
                                 size_t *out_length)
{
    size_t capacity = sizeof(*r) + 4 * (size_t)r->scope_count; /* more than they take */
    uint8_t *value = malloc(capacity);
    struct fo_writer w = fo_writer_of(value, capacity);

    if (value == NULL)
        return FO_ENOMEM;
    fo_write_u8(&w, RELATIONSHIP_VERSION);
    write_fields(&w, r);
    fo_record_seal(&w);
    assert(w.err == FO_OK);
    *out_value = value;
    *out_length = w.position;
    return FO_OK;
}

/* A number that must not exceed |max|: a value of an enum, a flag, a percentage. */
static uint8_t read_upto(struct fo_reader *r, uint8_t max)
{
    uint8_t value;

    fo_read_u8(r, &value);
    if (value > max)
        fo_reader_fail(r, FO_EDAMAGED);
    return value;
}

static void read_buckets(struct fo_reader *r, struct fo_buckets *out)
{
    const uint8_t *map;

    fo_read_span(r, sizeof(out->map), &map);
    if (map != NULL)
        memcpy(out->map, map, sizeof(out->map));
}

static void read_scopes(struct fo_reader *r, struct fo_relationship *out)
{
    uint32_t count;

    fo_read_u32(r, &count);
    if (count != fo_reader_left(r) / 4 || fo_reader_left(r) % 4 != 0)
        fo_reader_fail(r, FO_EDAMAGED);
    if (r->err != FO_OK || count == 0)
        return;
    out->scopes = calloc(count, sizeof(*out->scopes));
    if (out->scopes == NULL) {
        fo_reader_fail(r, FO_ENOMEM);
        return;
    }
    out->scope_count = count;
    for (uint32_t i = 0; i < count; i++) {
        fo_read_u32(r, &out->scopes[i]);
        if (i > 0 && out->scopes[i] <= out->scopes[i - 1])
            fo_reader_fail(r, FO_EDAMAGED); /* they are searched by halves */
    }
}

static void read_fields(struct fo_reader *r, struct fo_relationship *out)
{
    fo_record_read_text(r, out->name, sizeof(out->name));
    out->role = (enum fo_role)read_upto(r, FO_ROLE_SECONDARY);
    fo_read_u32(r, &out->primary_server);
    fo_read_u32(r, &out->secondary_server);
    fo_record_read_text(r, out->primary_server_name, sizeof(out->primary_server_name));
    fo_record_read_text(r, out->secondary_server_name, sizeof(out->secondary_server_name));
    out->mode = (enum fo_mode)read_upto(r, FO_MODE_HOT_STANDBY);
    out->percentage = read_upto(r, 100);
    fo_read_u32(r, &out->mclt_s);
    fo_read_u32(r, &out->safe_period_s);
    fo_record_read_text(r, out->shared_secret, sizeof(out->shared_secret));
    out->tls = (enum fo_tls_mode)read_upto(r, FO_TLS_REQUIRED);
    fo_read_u16(r, &out->partner_port);
    out->dialect = (enum fo_dialect_name)read_upto(r, FO_DIALECT_ISC);
    out->dialect_auto = read_upto(r, 1) != 0;
    fo_read_u32(r, &out->max_unacked);
    fo_read_u32(r, &out->receive_timer_s);
    fo_read_u32(r, &out->max_clock_skew_s);
    fo_read_u32(r, &out->load_balance_max_s);
    out->has_buckets = read_upto(r, 1) != 0;
    read_buckets(r, &out->buckets);
    read_scopes(r, out);
}

int fo_record_read_relationship(const void *value, size_t length, struct fo_relationship *out)
{
    struct fo_relationship relationship = {0};
    struct fo_reader r;
    uint8_t version;
    int rc = fo_record_open(value, length, RELATIONSHIP_VERSION, &version, &r);

    if (rc != FO_OK)
        return rc;
    read_fields(&r, &relationship);
    if (r.err == FO_OK) {
        *out = relationship;
        return FO_OK;
    }
    fo_relationship_fini(&relationship);
    return r.err == FO_ENOMEM ? FO_ENOMEM : FO_EDAMAGED;
}
