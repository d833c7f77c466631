/* state/record_scope.c: a scope on disk. */
#include "state/record.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#define SCOPE_VERSION 1
#define FIXED_LENGTH  (1 + 4 + 4 + 1 + 2 + 2 + 3 * 4 + 4) /* all but texts and lists */
#define RANGE_LENGTH  8

static size_t scope_length(const struct fo_scope *s)
{
    size_t length = FIXED_LENGTH + strlen(s->name) + strlen(s->comment);

    length += RANGE_LENGTH * ((size_t)s->range_count + s->exclusion_count);
    for (uint32_t i = 0; i < s->reservation_count; i++)
        length += 4 + 1 + (size_t)s->reservations[i].id_length;
    return length;
}

static void write_ranges(struct fo_writer *w, const struct fo_range *ranges, uint32_t count)
{
    fo_write_u32(w, count);
    for (uint32_t i = 0; i < count; i++) {
        fo_write_u32(w, ranges[i].first);
        fo_write_u32(w, ranges[i].last);
    }
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
    write_ranges(&w, s->ranges, s->range_count);
    write_ranges(&w, s->exclusions, s->exclusion_count);
    fo_write_u32(&w, s->reservation_count);
    for (uint32_t i = 0; i < s->reservation_count; i++) {
        fo_write_u32(&w, s->reservations[i].address);
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

static void read_ranges(struct fo_reader *r, uint32_t max, struct fo_range **out_ranges,
                        uint32_t *out_count)
{
    *out_ranges = read_count(r, max, RANGE_LENGTH, sizeof(**out_ranges), out_count);
    for (uint32_t i = 0; i < *out_count; i++) {
        fo_read_u32(r, &(*out_ranges)[i].first);
        fo_read_u32(r, &(*out_ranges)[i].last);
    }
}

static void read_reservations(struct fo_reader *r, struct fo_scope *s)
{
    s->reservations = read_count(r, FO_SCOPE_RESERVATIONS_MAX, 5, sizeof(*s->reservations),
                                 &s->reservation_count);
    for (uint32_t i = 0; i < s->reservation_count; i++) {
        struct fo_reservation *one = &s->reservations[i];
        const uint8_t *id;
        fo_read_u32(r, &one->address);
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
    uint8_t version, state;
    int rc = fo_record_open(value, length, SCOPE_VERSION, &version, &r);

    if (rc != FO_OK)
        return rc;
    fo_read_u32(&r, &s.subnet);
    fo_read_u32(&r, &s.mask);
    fo_read_u8(&r, &state);
    fo_record_read_text(&r, s.name, sizeof s.name);
    fo_record_read_text(&r, s.comment, sizeof s.comment);
    read_ranges(&r, FO_SCOPE_RANGES_MAX, &s.ranges, &s.range_count);
    read_ranges(&r, FO_SCOPE_EXCLUSIONS_MAX, &s.exclusions, &s.exclusion_count);
    read_reservations(&r, &s);
    s.state = (enum fo_scope_state)state;
    if (r.err == FO_OK && fo_reader_left(&r) == 0 && state <= FO_SCOPE_DISABLED && in_order(&s)) {
        *out = s;
        return FO_OK;
    }
    fo_scope_fini(&s);
    return r.err == FO_ENOMEM ? FO_ENOMEM : FO_EDAMAGED;
}
