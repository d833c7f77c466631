/**
 * state/lease_page.h: 256 addresses at a time, the stuff the lease database is made of.
 *
 * A page holds the compact form of its bindings, what the scope says of its addresses as bitmaps,
 * and their due times. Pages have numbers; a number and a place within the page name an address
 * in 32 bits (fo_lease_ref), which is what client index and due heap hold.
 *
 * Memory per address of a page: slot 64, due time 8, availability 1, bitmaps less than 1 byte.
 * Client bytes that do not fit their slot lie in a heap block of their exact length. A scope
 * smaller than 256 addresses has one page of its own size.
 */
#ifndef FO_STATE_LEASE_PAGE_H
#define FO_STATE_LEASE_PAGE_H

#include "state/scope.h"

#define FO_PAGE_ADDRESSES  256u
#define FO_PAGE_WORDS      (FO_PAGE_ADDRESSES / 64)
#define FO_SLOT_CLIENT_MAX 18 /* an Ethernet address with its type, and an identifier of 11 */

typedef uint32_t fo_lease_ref; /* page number, 8 bits of place; 0: none (no page has number 0) */

/** One address. |status| FO_STATUS_NONE: never touched, reads as FREE. */
struct fo_lease_slot {
    uint32_t lease_expiration;
    uint32_t sent_potential_expiration;
    uint32_t acked_potential_expiration;
    uint32_t received_potential_expiration;
    uint32_t client_last_transaction;
    uint32_t start_of_state;
    uint32_t last_partner_update;
    uint32_t acked_epoch;
    fo_lease_ref next, previous; /* in a bucket of the client index */
    uint8_t status;
    uint8_t flags;
    uint8_t marks;
    uint8_t changed; /* stands in the list of changes */
    uint8_t hw_length;
    uint8_t id_length;
    uint8_t client[FO_SLOT_CLIENT_MAX]; /* hw, id; or, if longer, a pointer to them */
};

/** |due| is what was asked for, |queued| the time of the entry in the heap that counts. */
struct fo_lease_due {
    uint32_t due;
    uint32_t queued;
};

struct fo_lease_scope;

struct fo_lease_page {
    struct fo_lease_scope *scope;
    fo_ipv4_t first;
    uint32_t number;
    uint32_t size; /* addresses, at most FO_PAGE_ADDRESSES */
    uint16_t touched;
    uint16_t available[FO_STATUS_COUNT]; /* leasable, unreserved addresses by status */
    uint64_t touched_map[FO_PAGE_WORDS];
    uint64_t leasable_map[FO_PAGE_WORDS];
    uint64_t reserved_map[FO_PAGE_WORDS];
    uint8_t availability[FO_PAGE_ADDRESSES]; /* status if leasable and unreserved, else 0 */
    struct fo_lease_due *due;                /* behind |slots| */
    _Alignas(64) struct fo_lease_slot slots[];
};

/** All pages by number. At most 2^24 - 1. */
struct fo_page_table {
    struct fo_lease_page **list; /* [0] is never used; NULL: a free number */
    uint32_t count, capacity;
    uint32_t lowest_free; /* no number below it is free */
};

/** Makes an untouched page of |size| addresses. Errors: FO_ENOMEM, FO_ELIMIT. */
FO_MUST_CHECK int fo_page_table_add(struct fo_page_table *t, fo_ipv4_t first, uint32_t size,
                                    struct fo_lease_page **out_page);
void fo_page_table_remove(struct fo_page_table *t, struct fo_lease_page *page);
void fo_page_table_fini(struct fo_page_table *t); /* {0} is safe */

static inline fo_lease_ref fo_page_ref(const struct fo_lease_page *page, uint32_t place)
{
    return page->number << 8 | place;
}
static inline struct fo_lease_page *fo_page_of(const struct fo_page_table *t, fo_lease_ref ref)
{
    return t->list[ref >> 8];
}
static inline struct fo_lease_slot *fo_slot_of(const struct fo_page_table *t, fo_lease_ref ref)
{
    return &t->list[ref >> 8]->slots[ref & 0xff];
}
static inline bool fo_slot_touched(const struct fo_lease_slot *slot)
{
    return slot->status != FO_STATUS_NONE;
}
/** What the address counts as: FREE if never touched. */
static inline enum fo_binding_status fo_slot_status(const struct fo_lease_slot *slot)
{
    return fo_slot_touched(slot) ? (enum fo_binding_status)slot->status : FO_STATUS_FREE;
}

/** The client of a slot. Ownership: |out->id| borrows the slot until its client changes. */
void fo_slot_client(const struct fo_lease_slot *slot, struct fo_client *out);
/** Whether the slot holds exactly the bytes of |client|. */
bool fo_slot_holds_client(const struct fo_lease_slot *slot, const struct fo_client *client);
/** Copies |client| in, whose bytes may be the slot's own. Errors: FO_ENOMEM (nothing changed). */
FO_MUST_CHECK int fo_slot_set_client(struct fo_lease_slot *slot, const struct fo_client *client);
void fo_slot_clear_client(struct fo_lease_slot *slot);
/** Everything but the client, and back. */
void fo_slot_set_times(struct fo_lease_slot *slot, const struct fo_binding *b);
void fo_slot_binding(const struct fo_lease_slot *slot, fo_ipv4_t address, struct fo_binding *out);

/* --- bitmaps of a page, and longer ones -------------------------------------------------- */
static inline bool fo_map_has(const uint64_t *map, uint32_t bit)
{
    return map[bit / 64] >> (bit % 64) & 1;
}
static inline void fo_map_set(uint64_t *map, uint32_t bit, bool on)
{
    uint64_t mask = (uint64_t)1 << (bit % 64);

    map[bit / 64] = on ? map[bit / 64] | mask : map[bit / 64] & ~mask;
}
/** The first set bit in [from, count), or |count|. */
uint32_t fo_map_next(const uint64_t *map, uint32_t from, uint32_t count);

/** What |s| says of the |size| addresses from |first| on: which are leasable, which reserved. */
void fo_page_layout(const struct fo_scope *s, fo_ipv4_t first, uint32_t size,
                    uint64_t out_leasable[FO_PAGE_WORDS], uint64_t out_reserved[FO_PAGE_WORDS]);

#endif
