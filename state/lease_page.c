/* state/lease_page.c: pages, and the packing of a binding into 64 bytes. */
#include "state/lease_page.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#define PAGES_MAX    (((uint32_t)1 << 24) - 1)
#define CLIENT_BYTES (FO_HW_MAX + FO_CLIENT_ID_MAX)

_Static_assert(sizeof(struct fo_lease_slot) == 64, "a slot is a cache line");

/* --- pages ------------------------------------------------------------------------------- */

static struct fo_lease_page *page_new(fo_ipv4_t first, uint32_t size)
{
    size_t slots = size * sizeof(struct fo_lease_slot);
    size_t bytes = sizeof(struct fo_lease_page) + slots + size * sizeof(struct fo_lease_due);
    struct fo_lease_page *page;

    bytes = (bytes + 63) & ~(size_t)63;
    page = aligned_alloc(64, bytes);
    if (page == NULL)
        return NULL;
    memset(page, 0, bytes);
    page->first = first;
    page->size = size;
    page->due = (struct fo_lease_due *)(page->slots + size);
    return page;
}

static void page_free(struct fo_lease_page *page)
{
    if (page == NULL)
        return;
    for (uint32_t i = 0; i < page->size; i++)
        fo_slot_clear_client(&page->slots[i]);
    free(page);
}

/* A number that no page has; 0 without memory. */
static uint32_t take_number(struct fo_page_table *t)
{
    uint32_t capacity = t->capacity > 0 ? t->capacity * 2 : 64;
    struct fo_lease_page **list;

    while (t->lowest_free < t->count && t->list[t->lowest_free] != NULL)
        t->lowest_free++;
    if (t->lowest_free < t->count)
        return t->lowest_free;
    if (t->count == t->capacity) {
        list = realloc(t->list, capacity * sizeof(struct fo_lease_page *));
        if (list == NULL)
            return 0;
        t->list = list;
        t->capacity = capacity;
    }
    if (t->count == 0) { /* number 0 stays empty */
        t->list[t->count++] = NULL;
        t->lowest_free = 1;
    }
    t->list[t->count] = NULL;
    return t->count++;
}

int fo_page_table_add(struct fo_page_table *t, fo_ipv4_t first, uint32_t size,
                      struct fo_lease_page **out_page)
{
    struct fo_lease_page *page;
    uint32_t number;

    number = take_number(t);
    if (number == 0)
        return FO_ENOMEM;
    if (number > PAGES_MAX)
        return FO_ELIMIT;
    page = page_new(first, size);
    if (page == NULL)
        return FO_ENOMEM;
    page->number = number;
    t->list[number] = page;
    *out_page = page;
    return FO_OK;
}

void fo_page_table_remove(struct fo_page_table *t, struct fo_lease_page *page)
{
    t->list[page->number] = NULL;
    if (page->number < t->lowest_free)
        t->lowest_free = page->number;
    page_free(page);
}

void fo_page_table_fini(struct fo_page_table *t)
{
    for (uint32_t n = 0; n < t->count; n++)
        page_free(t->list[n]);
    free(t->list);
    *t = (struct fo_page_table){0};
}

/* --- slots ------------------------------------------------------------------------------- */

static bool outgrows_slot(size_t hw_length, size_t id_length)
{
    return hw_length + id_length > FO_SLOT_CLIENT_MAX;
}

/* The heap block of a slot whose client bytes outgrew it. */
static uint8_t *slot_block(const struct fo_lease_slot *slot)
{
    uint8_t *block;

    memcpy(&block, slot->client, sizeof(block)); /* |client| is not aligned for a pointer */
    return block;
}

static const uint8_t *slot_bytes(const struct fo_lease_slot *slot)
{
    return outgrows_slot(slot->hw_length, slot->id_length) ? slot_block(slot) : slot->client;
}

void fo_slot_client(const struct fo_lease_slot *slot, struct fo_client *out)
{
    const uint8_t *bytes = slot_bytes(slot);

    *out = (struct fo_client){.hw_length = slot->hw_length, .id_length = slot->id_length};
    memcpy(out->hw, bytes, slot->hw_length);
    out->id = slot->id_length > 0 ? bytes + slot->hw_length : NULL;
}

bool fo_slot_holds_client(const struct fo_lease_slot *slot, const struct fo_client *client)
{
    const uint8_t *bytes = slot_bytes(slot);

    if (slot->hw_length != client->hw_length || slot->id_length != client->id_length)
        return false;
    if (memcmp(bytes, client->hw, client->hw_length) != 0)
        return false;
    return client->id_length == 0 ||
           memcmp(bytes + client->hw_length, client->id, client->id_length) == 0;
}

int fo_slot_set_client(struct fo_lease_slot *slot, const struct fo_client *client)
{
    size_t length = (size_t)client->hw_length + client->id_length;
    uint8_t bytes[CLIENT_BYTES]; /* first a copy: |client->id| may point into this slot */
    uint8_t *block = NULL;

    assert(client->hw_length <= FO_HW_MAX);
    memcpy(bytes, client->hw, client->hw_length);
    if (client->id_length > 0)
        memcpy(bytes + client->hw_length, client->id, client->id_length);
    if (outgrows_slot(client->hw_length, client->id_length)) {
        block = malloc(length);
        if (block == NULL)
            return FO_ENOMEM;
        memcpy(block, bytes, length);
    }
    fo_slot_clear_client(slot);
    slot->hw_length = client->hw_length;
    slot->id_length = client->id_length;
    if (block != NULL)
        memcpy(slot->client, &block, sizeof(block));
    else
        memcpy(slot->client, bytes, length);
    return FO_OK;
}

void fo_slot_clear_client(struct fo_lease_slot *slot)
{
    if (outgrows_slot(slot->hw_length, slot->id_length))
        free(slot_block(slot));
    slot->hw_length = 0;
    slot->id_length = 0;
}

void fo_slot_set_times(struct fo_lease_slot *slot, const struct fo_binding *b)
{
    slot->status = b->status;
    slot->flags = b->flags;
    slot->lease_expiration = b->lease_expiration.s;
    slot->sent_potential_expiration = b->sent_potential_expiration.s;
    slot->acked_potential_expiration = b->acked_potential_expiration.s;
    slot->received_potential_expiration = b->received_potential_expiration.s;
    slot->client_last_transaction = b->client_last_transaction.s;
    slot->start_of_state = b->start_of_state.s;
    slot->last_partner_update = b->last_partner_update.s;
    slot->acked_epoch = b->acked_epoch;
}

void fo_slot_binding(const struct fo_lease_slot *slot, fo_ipv4_t address, struct fo_binding *out)
{
    out->address = address;
    out->status = (uint8_t)fo_slot_status(slot);
    out->flags = slot->flags;
    fo_slot_client(slot, &out->client);
    out->lease_expiration = fo_utc(slot->lease_expiration);
    out->sent_potential_expiration = fo_utc(slot->sent_potential_expiration);
    out->acked_potential_expiration = fo_utc(slot->acked_potential_expiration);
    out->received_potential_expiration = fo_utc(slot->received_potential_expiration);
    out->client_last_transaction = fo_utc(slot->client_last_transaction);
    out->start_of_state = fo_utc(slot->start_of_state);
    out->last_partner_update = fo_utc(slot->last_partner_update);
    out->acked_epoch = slot->acked_epoch;
}

/* --- bitmaps ----------------------------------------------------------------------------- */

uint32_t fo_map_next(const uint64_t *map, uint32_t from, uint32_t count)
{
    uint32_t words = (count + 63) / 64;
    uint64_t word;
    uint32_t bit;

    if (from >= count)
        return count;
    word = map[from / 64] & ~(uint64_t)0 << (from % 64);
    for (uint32_t i = from / 64;; word = map[i]) {
        if (word != 0) {
            bit = i * 64 + (uint32_t)__builtin_ctzll(word);
            return bit < count ? bit : count;
        }
        if (++i == words)
            return count;
    }
}

/* Sets or clears the bits of the addresses that |r| and the page have in common. */
static void mark_range(uint64_t map[FO_PAGE_WORDS], fo_ipv4_t first, uint32_t size,
                       struct fo_range r, bool on)
{
    fo_ipv4_t last = first + (size - 1);
    uint32_t from, to;

    if (r.first > last || r.last < first || r.first > r.last)
        return;
    from = r.first > first ? r.first - first : 0;
    to = r.last < last ? r.last - first : size - 1;
    for (uint32_t word = from / 64; word <= to / 64; word++) {
        uint64_t mask = ~(uint64_t)0;
        if (word == from / 64)
            mask &= ~(uint64_t)0 << (from % 64);
        if (word == to / 64)
            mask &= ~(uint64_t)0 >> (63 - to % 64);
        map[word] = on ? map[word] | mask : map[word] & ~mask;
    }
}

/* The index of the first reservation at or after |address|. */
static uint32_t first_reservation(const struct fo_scope *s, fo_ipv4_t address)
{
    uint32_t low = 0, high = s->reservation_count;

    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (s->reservations[middle].address < address)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

void fo_page_layout(const struct fo_scope *s, fo_ipv4_t first, uint32_t size,
                    uint64_t out_leasable[FO_PAGE_WORDS], uint64_t out_reserved[FO_PAGE_WORDS])
{
    fo_ipv4_t last = first + (size - 1);

    memset(out_leasable, 0, FO_PAGE_WORDS * sizeof(*out_leasable));
    memset(out_reserved, 0, FO_PAGE_WORDS * sizeof(*out_reserved));
    for (uint32_t i = 0; i < s->range_count; i++)
        mark_range(out_leasable, first, size, s->ranges[i],
                   fo_scope_use(s, i).kind != FO_RANGE_BOOTP);
    for (uint32_t i = 0; i < s->exclusion_count && s->exclusions[i].first <= last; i++)
        mark_range(out_leasable, first, size, s->exclusions[i], false);
    for (uint32_t i = first_reservation(s, first);
         i < s->reservation_count && s->reservations[i].address <= last; i++)
        fo_map_set(out_reserved, s->reservations[i].address - first, true);
}
