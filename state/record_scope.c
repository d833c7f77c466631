/* state/record_scope.c: a scope on disk. Version 2 has kinds of ranges and of reservations, and the
 * switched states; what version 1 lacks reads as the default. */
#include "state/record.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#define SCOPE_VERSION 2
#define FIXED_LENGTH  (1 + 4 + 4 + 1 + 2 + 2 + 3 * 4 + 4) /* all but texts and lists */
#define RANGE_LENGTH  8
#define USE_LENGTH    9 /* behind a range to lease */

static size_t scope_length(const struct fo_scope *s)
{
    size_t length = FIXED_LENGTH + strlen(s->name) + strlen(s->comment);

    length += RANGE_LENGTH * ((size_t)s->range_count + s->exclusion_count);
    length += USE_LENGTH * (size_t)s->range_count;
    for (uint32_t i = 0; i < s->reservation_count; i++)
        length += 4 + 1 + 1 + (size_t)s->reservations[i].id_length;
    return length;
}

static void write_range(struct fo_writer *w, struct fo_range r)
{
    fo_write_u32(w, r.first);
    fo_write_u32(w, r.last);
}

static void write_use(struct fo_writer *w, struct fo_range_use use)
{
    fo_write_u8(w, (uint8_t)use.kind);
    fo_write_u32(w, use.bootp_allocated);
    fo_write_u32(w, use.bootp_max);
}

int fo_record_write_scope(const struct fo_scope *s, uint8_t **out_value, size_t *out_length)
{
    size_t length = scope_length(s);
    uint8_t *value = malloc(length);
    struct fo_writer w = fo_writer_of(value, length);

    if (value == NULL)
        return FO_ENOMEM;
    fo_write_u8(&w, SCOPE_VERSION);
    fo_write_u32(&w, s->subnet);
    fo_write_u32(&w, s->mask);
    fo_write_u8(&w, (uint8_t)s->state);
    fo_record_write_text(&w, s->name);
    fo_record_write_text(&w, s->comment);
    fo_write_u32(&w, s->range_count);
    for (uint32_t i = 0; i < s->range_count; i++) {
        write_range(&w, s->ranges[i]);
        write_use(&w, fo_scope_use(s, i));
    }
    fo_write_u32(&w, s->exclusion_count);
    for (uint32_t i = 0; i < s->exclusion_count; i++)
        write_range(&w, s->exclusions[i]);
    fo_write_u32(&w, s->reservation_count);
    for (uint32_t i = 0; i < s->reservation_count; i++) {
        fo_write_u32(&w, s->reservations[i].address);
        fo_write_u8(&w, s->reservations[i].types);
        fo_write_u8(&w, s->reservations[i].id_length);
        fo_write_bytes(&w, s->reservations[i].id, s->reservations[i].id_length);
    }
    fo_record_seal(&w);
    assert(w.err == FO_OK && w.position == length);
    *out_value = value;
    *out_length = length;
    return FO_OK;
}

/* Memory for a list of |count| items of |size|, checked against the bytes that are left. NULL for
 * none, or with |r| failed. */
static void *read_count(struct fo_reader *r, uint32_t max, size_t item_length, size_t size,
                        uint32_t *out_count)
{
    void *items = NULL;
    uint32_t count;

    fo_read_u32(r, &count);
    if (count > max || count > fo_reader_left(r) / item_length)
        fo_reader_fail(r, FO_EDAMAGED);
    if (r->err != FO_OK || count == 0)
        return NULL;
    items = calloc(count, size);
    if (items == NULL)
        fo_reader_fail(r, FO_ENOMEM);
    else
        *out_count = count;
    return items;
}

static void read_range(struct fo_reader *r, struct fo_range *out)
{
    fo_read_u32(r, &out->first);
    fo_read_u32(r, &out->last);
}

static void read_use(struct fo_reader *r, struct fo_range_use *out)
{
    uint8_t kind;

    fo_read_u8(r, &kind);
    fo_read_u32(r, &out->bootp_allocated);
    fo_read_u32(r, &out->bootp_max);
    if (kind > FO_RANGE_BOOTP)
        fo_reader_fail(r, FO_EDAMAGED);
    out->kind = (enum fo_range_kind)kind;
}

static void read_ranges(struct fo_reader *r, bool uses, struct fo_scope *s)
{
    size_t length = RANGE_LENGTH + (uses ? USE_LENGTH : 0);

    s->ranges = read_count(r, FO_SCOPE_RANGES_MAX, length, sizeof(*s->ranges), &s->range_count);
    if (uses && s->range_count > 0) {
        s->uses = calloc(s->range_count, sizeof(*s->uses));
        if (s->uses == NULL)
            fo_reader_fail(r, FO_ENOMEM);
    }
    for (uint32_t i = 0; i < s->range_count; i++) {
        read_range(r, &s->ranges[i]);
        if (s->uses != NULL)
            read_use(r, &s->uses[i]);
    }
}

static void read_exclusions(struct fo_reader *r, struct fo_scope *s)
{
    s->exclusions = read_count(r, FO_SCOPE_EXCLUSIONS_MAX, RANGE_LENGTH, sizeof(*s->exclusions),
                               &s->exclusion_count);
    for (uint32_t i = 0; i < s->exclusion_count; i++)
        read_range(r, &s->exclusions[i]);
}

static void read_reservations(struct fo_reader *r, bool types, struct fo_scope *s)
{
    s->reservations = read_count(r, FO_SCOPE_RESERVATIONS_MAX, types ? 6 : 5,
                                 sizeof(*s->reservations), &s->reservation_count);
    for (uint32_t i = 0; i < s->reservation_count; i++) {
        struct fo_reservation *one = &s->reservations[i];
        const uint8_t *id;
        fo_read_u32(r, &one->address);
        if (types)
            fo_read_u8(r, &one->types);
        if (one->types > FO_RESERVED_BOOTP)
            fo_reader_fail(r, FO_EDAMAGED);
        fo_read_u8(r, &one->id_length);
        fo_read_span(r, one->id_length, &id);
        if (id != NULL)
            memcpy(one->id, id, one->id_length);
    }
}

/* The searches rely on these orders; a sealed record that lacks them was not written by us. */
static bool in_order(const struct fo_scope *s)
{
    for (uint32_t i = 0; i < s->range_count; i++)
        if (s->ranges[i].first > s->ranges[i].last ||
            (i > 0 && s->ranges[i].first <= s->ranges[i - 1].last))
            return false;
    for (uint32_t i = 1; i < s->exclusion_count; i++)
        if (s->exclusions[i].first < s->exclusions[i - 1].first)
            return false;
    for (uint32_t i = 1; i < s->reservation_count; i++)
        if (s->reservations[i].address <= s->reservations[i - 1].address)
            return false;
    return true;
}

int fo_record_read_scope(const void *value, size_t length, struct fo_scope *out)
{
    struct fo_scope s = {0};
    struct fo_reader r;
    uint8_t version, state, last_state;
    int rc = fo_record_open(value, length, SCOPE_VERSION, &version, &r);

    if (rc != FO_OK)
        return rc;
    fo_read_u32(&r, &s.subnet);
    fo_read_u32(&r, &s.mask);
    fo_read_u8(&r, &state);
    fo_record_read_text(&r, s.name, sizeof s.name);
    fo_record_read_text(&r, s.comment, sizeof s.comment);
    read_ranges(&r, version > 1, &s);
    read_exclusions(&r, &s);
    read_reservations(&r, version > 1, &s);
    s.state = (enum fo_scope_state)state;
    last_state = version > 1 ? FO_SCOPE_DISABLED_SWITCHED : FO_SCOPE_DISABLED;
    if (r.err == FO_OK && fo_reader_left(&r) == 0 && state <= last_state && in_order(&s)) {
        *out = s;
        return FO_OK;
    }
    fo_scope_fini(&s);
    return r.err == FO_ENOMEM ? FO_ENOMEM : FO_EDAMAGED;
}
