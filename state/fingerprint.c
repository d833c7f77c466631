#include "state/fingerprint.h"

#include <string.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

static void add_number(XXH64_state_t *h, uint32_t v)
{
    const uint8_t bytes[] = {(uint8_t)(v >> 24), (uint8_t)(v >> 16), (uint8_t)(v >> 8), (uint8_t)v};

    (void)XXH64_update(h, bytes, sizeof bytes);
}

static void add_bytes(XXH64_state_t *h, const void *bytes, size_t length)
{
    add_number(h, (uint32_t)length);
    (void)XXH64_update(h, bytes, length);
}

uint64_t fo_relationship_fingerprint(const struct fo_relationship *r)
{
    const struct fo_buckets buckets = fo_relationship_buckets(r);
    XXH64_state_t h;

    (void)XXH64_reset(&h, 0);
    add_number(&h, r->primary_server);
    add_number(&h, r->secondary_server);
    add_number(&h, r->mode);
    add_number(&h, r->percentage);
    add_number(&h, r->mclt_s);
    add_number(&h, r->safe_period_s);
    add_number(&h, r->load_balance_max_s);
    add_bytes(&h, buckets.map, sizeof buckets.map);
    return XXH64_digest(&h);
}

static void add_ranges(XXH64_state_t *h, const struct fo_range *ranges, uint32_t count)
{
    add_number(h, count);
    for (uint32_t i = 0; i < count; i++) {
        add_number(h, ranges[i].first);
        add_number(h, ranges[i].last);
    }
}

/* How many clients of BOOTP were counted is each server's own. */
static void add_use(XXH64_state_t *h, struct fo_range_use use)
{
    add_number(h, use.kind);
    add_number(h, use.bootp_max);
}

uint64_t fo_scope_fingerprint(uint64_t before, const struct fo_scope *s)
{
    XXH64_state_t h;

    (void)XXH64_reset(&h, before);
    add_number(&h, s != NULL);
    if (s == NULL)
        return XXH64_digest(&h);
    add_number(&h, s->subnet);
    add_number(&h, s->mask);
    add_number(&h, s->state);
    add_bytes(&h, s->name, strlen(s->name));
    add_bytes(&h, s->comment, strlen(s->comment));
    add_ranges(&h, s->ranges, s->range_count);
    for (uint32_t i = 0; i < s->range_count; i++)
        add_use(&h, fo_scope_use(s, i));
    add_ranges(&h, s->exclusions, s->exclusion_count);
    add_number(&h, s->reservation_count);
    for (uint32_t i = 0; i < s->reservation_count; i++) {
        add_number(&h, s->reservations[i].address);
        add_bytes(&h, s->reservations[i].id, s->reservations[i].id_length);
        add_number(&h, s->reservations[i].types);
    }
    return XXH64_digest(&h);
}
