/* state/client_index.c: linear hashing (Litwin, 1980), one split per insertion. */
#include "state/client_index.h"

#include <assert.h>
#include <stdlib.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

#define CAPACITY_FIRST 256u

void fo_client_index_fini(struct fo_client_index *x)
{
    free(x->buckets);
    *x = (struct fo_client_index){.seed = x->seed};
}

static uint32_t hash_client(const struct fo_client_index *x, const struct fo_client *client)
{
    if (client->id_length > 0)
        return (uint32_t)XXH3_64bits_withSeed(client->id, client->id_length, x->seed);
    return (uint32_t)XXH3_64bits_withSeed(client->hw, client->hw_length, x->seed);
}

static uint32_t bucket_of(const struct fo_client_index *x, const struct fo_client *client)
{
    uint32_t bucket = hash_client(x, client) & x->mask;

    return bucket < x->bucket_count ? bucket : bucket & x->mask >> 1;
}

static void link_in(struct fo_client_index *x, const struct fo_page_table *t, uint32_t bucket,
                    fo_lease_ref ref)
{
    struct fo_lease_slot *slot = fo_slot_of(t, ref);

    slot->previous = 0;
    slot->next = x->buckets[bucket];
    if (slot->next != 0)
        fo_slot_of(t, slot->next)->previous = ref;
    x->buckets[bucket] = ref;
}

static void link_out(struct fo_client_index *x, const struct fo_page_table *t, uint32_t bucket,
                     fo_lease_ref ref)
{
    struct fo_lease_slot *slot = fo_slot_of(t, ref);

    if (slot->previous != 0)
        fo_slot_of(t, slot->previous)->next = slot->next;
    else
        x->buckets[bucket] = slot->next;
    if (slot->next != 0)
        fo_slot_of(t, slot->next)->previous = slot->previous;
    slot->next = 0;
    slot->previous = 0;
}

/* Adds one bucket and moves to it what now belongs there, out of the one that held it so far. */
static void split(struct fo_client_index *x, const struct fo_page_table *t)
{
    uint32_t added = x->bucket_count++;
    uint32_t source;
    fo_lease_ref next;

    x->buckets[added] = 0;
    if (added > x->mask)
        x->mask = x->mask * 2 + 1;
    source = added & x->mask >> 1;
    for (fo_lease_ref ref = x->buckets[source]; added > 0 && ref != 0; ref = next) {
        struct fo_client client;
        next = fo_slot_of(t, ref)->next;
        fo_slot_client(fo_slot_of(t, ref), &client);
        if (bucket_of(x, &client) != added)
            continue;
        link_out(x, t, source, ref);
        link_in(x, t, added, ref);
    }
}

int fo_client_index_reserve(struct fo_client_index *x)
{
    uint32_t capacity = x->capacity > 0 ? x->capacity * 2 : CAPACITY_FIRST;
    fo_lease_ref *buckets;

    if (x->bucket_count < x->capacity)
        return FO_OK;
    if (x->capacity > UINT32_MAX / 2)
        return FO_ENOMEM;
    buckets = realloc(x->buckets, capacity * sizeof(*buckets));
    if (buckets == NULL)
        return FO_ENOMEM;
    x->buckets = buckets;
    x->capacity = capacity;
    return FO_OK;
}

void fo_client_index_add(struct fo_client_index *x, const struct fo_page_table *t, fo_lease_ref ref)
{
    struct fo_client client;

    fo_slot_client(fo_slot_of(t, ref), &client);
    if (!fo_client_known(&client))
        return;
    x->count++;
    if (x->count > x->bucket_count) {
        assert(x->bucket_count < x->capacity);
        split(x, t);
    }
    link_in(x, t, bucket_of(x, &client), ref);
}

void fo_client_index_remove(struct fo_client_index *x, const struct fo_page_table *t,
                            fo_lease_ref ref)
{
    struct fo_client client;

    fo_slot_client(fo_slot_of(t, ref), &client);
    if (!fo_client_known(&client))
        return;
    link_out(x, t, bucket_of(x, &client), ref);
    x->count--;
}

/* --- all at once --------------------------------------------------------------------------- */

#define AHEAD 16u /* power of two */

/* Slots are met in the order of memory, their buckets and the heads of those at random. A line of
 * waiting addresses gives memory the time to fetch both. */
struct waiting {
    fo_lease_ref ref;
    uint32_t bucket;
};
struct line {
    struct waiting places[AHEAD];
    uint32_t next;
};

static void line_push(struct line *l, struct fo_client_index *x, const struct fo_page_table *t,
                      struct waiting w)
{
    struct waiting *last = &l->places[l->next % AHEAD];
    const struct waiting *middle = &l->places[(l->next + AHEAD / 2) % AHEAD];

    if (last->ref != 0)
        link_in(x, t, last->bucket, last->ref);
    *last = w;
    l->next++;
    if (w.ref != 0)
        __builtin_prefetch(&x->buckets[w.bucket], 1);
    if (middle->ref != 0 && x->buckets[middle->bucket] != 0)
        __builtin_prefetch(fo_slot_of(t, x->buckets[middle->bucket]), 1);
}

int fo_client_index_build(struct fo_client_index *x, const struct fo_page_table *t, uint32_t count)
{
    struct line line = {.next = 0};

    assert(x->count == 0 && x->bucket_count == 0);
    if (count == 0)
        count = 1;
    x->buckets = calloc(count, sizeof(*x->buckets));
    if (x->buckets == NULL)
        return FO_ENOMEM;
    x->bucket_count = x->capacity = count;
    for (x->mask = 0; x->mask < count - 1;)
        x->mask = x->mask * 2 + 1;
    for (uint32_t n = 1; n < t->count; n++) {
        const struct fo_lease_page *page = t->list[n];
        for (uint32_t place = 0; page != NULL && place < page->size; place++) {
            struct fo_client client;
            fo_slot_client(&page->slots[place], &client);
            if (!fo_client_known(&client))
                continue;
            x->count++;
            line_push(&line, x, t,
                      (struct waiting){fo_page_ref(page, place), bucket_of(x, &client)});
        }
    }
    for (uint32_t i = 0; i < AHEAD; i++)
        line_push(&line, x, t, (struct waiting){0, 0});
    return FO_OK;
}

fo_lease_ref fo_client_index_chain(const struct fo_client_index *x, const struct fo_client *client)
{
    return x->bucket_count > 0 ? x->buckets[bucket_of(x, client)] : 0;
}
