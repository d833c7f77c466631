/* What a scope holds. Look-ups are binary searches: they run for every client message and, at
 * start, for every lease. Changes are in scope_change.c. */
#include "state/scope.h"

#include <stdlib.h>
#include <string.h>

void fo_scope_fini(struct fo_scope *s)
{
    free(s->ranges);
    free(s->uses);
    free(s->exclusions);
    free(s->reservations);
    *s = (struct fo_scope){0};
}

/* Copies an array, an empty one to NULL. */
static int copy_array(const void *from, size_t count, size_t size, void **out)
{
    *out = NULL;
    if (count == 0)
        return FO_OK;
    void *copy = malloc(count * size);
    if (copy == NULL)
        return FO_ENOMEM;
    memcpy(copy, from, count * size);
    *out = copy;
    return FO_OK;
}

int fo_scope_copy(const struct fo_scope *from, struct fo_scope *out)
{
    void *ranges = NULL, *uses = NULL, *exclusions = NULL, *reservations = NULL;
    int rc = copy_array(from->ranges, from->range_count, sizeof *from->ranges, &ranges);
    if (rc == FO_OK && from->uses != NULL)
        rc = copy_array(from->uses, from->range_count, sizeof *from->uses, &uses);
    if (rc == FO_OK)
        rc = copy_array(from->exclusions, from->exclusion_count, sizeof *from->exclusions,
                        &exclusions);
    if (rc == FO_OK)
        rc = copy_array(from->reservations, from->reservation_count, sizeof *from->reservations,
                        &reservations);
    if (rc != FO_OK) {
        free(ranges);
        free(uses);
        free(exclusions);
        return rc;
    }
    *out = *from;
    out->ranges = ranges;
    out->uses = uses;
    out->exclusions = exclusions;
    out->reservations = reservations;
    return FO_OK;
}

static bool ranges_equal(const struct fo_range *a, uint32_t a_count, const struct fo_range *b,
                         uint32_t b_count)
{
    return a_count == b_count && (a_count == 0 || memcmp(a, b, a_count * sizeof *a) == 0);
}

static bool uses_equal(const struct fo_scope *a, const struct fo_scope *b)
{
    for (uint32_t i = 0; i < a->range_count; i++) {
        struct fo_range_use one = fo_scope_use(a, i), other = fo_scope_use(b, i);
        if (one.kind != other.kind || one.bootp_allocated != other.bootp_allocated ||
            one.bootp_max != other.bootp_max)
            return false;
    }
    return true;
}

static bool reservation_is(const struct fo_reservation *r, const uint8_t *id, size_t id_length)
{
    return r->id_length == id_length && (id_length == 0 || memcmp(r->id, id, id_length) == 0);
}

bool fo_scope_equal(const struct fo_scope *a, const struct fo_scope *b)
{
    if (a->subnet != b->subnet || a->mask != b->mask || a->state != b->state ||
        strcmp(a->name, b->name) != 0 || strcmp(a->comment, b->comment) != 0 ||
        !ranges_equal(a->ranges, a->range_count, b->ranges, b->range_count) || !uses_equal(a, b) ||
        !ranges_equal(a->exclusions, a->exclusion_count, b->exclusions, b->exclusion_count) ||
        a->reservation_count != b->reservation_count)
        return false;
    for (uint32_t i = 0; i < a->reservation_count; i++) {
        const struct fo_reservation *r = &b->reservations[i];
        if (a->reservations[i].address != r->address || a->reservations[i].types != r->types ||
            !reservation_is(&a->reservations[i], r->id, r->id_length))
            return false;
    }
    return true;
}

bool fo_scope_enabled(const struct fo_scope *s)
{
    return s->state == FO_SCOPE_ENABLED || s->state == FO_SCOPE_ENABLED_SWITCHED;
}

bool fo_scope_contains(const struct fo_scope *s, fo_ipv4_t address)
{
    return (address & s->mask) == s->subnet;
}

/* The one of the sorted, disjoint |ranges| that holds |address|. */
static const struct fo_range *find_range(const struct fo_range *ranges, uint32_t count,
                                         fo_ipv4_t address)
{
    uint32_t low = 0, high = count; /* the answer is the last range in [0, high) not after it */
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (ranges[middle].first <= address)
            low = middle + 1;
        else
            high = middle;
    }
    return low > 0 && address <= ranges[low - 1].last ? &ranges[low - 1] : NULL;
}

bool fo_scope_in_range(const struct fo_scope *s, fo_ipv4_t address)
{
    return find_range(s->ranges, s->range_count, address) != NULL;
}

struct fo_range_use fo_scope_use(const struct fo_scope *s, uint32_t range)
{
    return s->uses != NULL ? s->uses[range] : FO_RANGE_USE_DHCP;
}

bool fo_scope_bootp_only(const struct fo_scope *s, fo_ipv4_t address)
{
    const struct fo_range *r = find_range(s->ranges, s->range_count, address);
    return r != NULL && fo_scope_use(s, (uint32_t)(r - s->ranges)).kind == FO_RANGE_BOOTP;
}

bool fo_scope_excluded(const struct fo_scope *s, fo_ipv4_t address)
{
    return find_range(s->exclusions, s->exclusion_count, address) != NULL;
}

bool fo_scope_leasable(const struct fo_scope *s, fo_ipv4_t address)
{
    return fo_scope_in_range(s, address) && !fo_scope_bootp_only(s, address) &&
           !fo_scope_excluded(s, address);
}

bool fo_scope_has_bootp_only(const struct fo_scope *s)
{
    for (uint32_t i = 0; i < s->range_count; i++)
        if (fo_scope_use(s, i).kind == FO_RANGE_BOOTP)
            return true;
    return false;
}

const struct fo_reservation *fo_scope_reservation(const struct fo_scope *s, fo_ipv4_t address)
{
    uint32_t low = 0, high = s->reservation_count;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (s->reservations[middle].address == address)
            return &s->reservations[middle];
        if (s->reservations[middle].address < address)
            low = middle + 1;
        else
            high = middle;
    }
    return NULL;
}

const struct fo_reservation *fo_scope_reservation_of(const struct fo_scope *s, const uint8_t *id,
                                                     size_t id_length)
{
    for (uint32_t i = 0; i < s->reservation_count; i++) {
        if (reservation_is(&s->reservations[i], id, id_length))
            return &s->reservations[i];
    }
    return NULL;
}

uint64_t fo_scope_size(const struct fo_scope *s)
{
    uint64_t size = 0;
    for (uint32_t i = 0; i < s->range_count; i++) {
        struct fo_range r = s->ranges[i];
        if (fo_scope_use(s, i).kind == FO_RANGE_BOOTP)
            continue;
        size += (uint64_t)r.last - r.first + 1;
        for (uint32_t j = 0; j < s->exclusion_count; j++) {
            struct fo_range x = s->exclusions[j];
            fo_ipv4_t first = x.first > r.first ? x.first : r.first;
            fo_ipv4_t last = x.last < r.last ? x.last : r.last;
            if (first <= last)
                size -= (uint64_t)last - first + 1;
        }
    }
    return size;
}
