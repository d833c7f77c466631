/**
 * state/lease_scope.h: one scope of the lease database, its pages and its counters.
 *
 * Bitmaps with one bit per page tell where an address of a kind can be found, so that a search
 * skips 64 pages (16384 addresses) per step. A page that was never made counts as what its
 * addresses would be: FREE where leasable and unreserved.
 */
#ifndef FO_STATE_LEASE_SCOPE_H
#define FO_STATE_LEASE_SCOPE_H

#include "state/lease_db.h"
#include "state/lease_page.h"

struct fo_lease_scope {
    struct fo_scope scope;
    int owner;    /* -1: none */
    bool changed; /* since the last flush */
    uint32_t page_count;
    uint32_t *pages;                      /* numbers by (address - subnet) / 256; 0: not made */
    uint64_t *available[FO_STATUS_COUNT]; /* pages with an available address of a status */
    uint64_t *touched;                    /* pages with a touched address */
    uint64_t *leasable;                   /* pages with a leasable address */
    uint64_t *maps;                       /* the memory of all of these */
    struct fo_scope_counts counts;
    uint64_t touched_count;
};

/** Makes the entry of a copy of |s|. Errors: FO_ENOMEM, FO_EINVAL (mask or subnet). */
FO_MUST_CHECK int fo_lease_scope_new(const struct fo_scope *s, const struct fo_page_table *t,
                                     struct fo_lease_scope **out);
/** Frees the entry; its pages must have been taken off the table. Accepts NULL. */
void fo_lease_scope_free(struct fo_lease_scope *ls);

static inline fo_ipv4_t fo_lease_scope_last(const struct fo_lease_scope *ls)
{
    return ls->scope.subnet | ~ls->scope.mask;
}
/** Index of the page that |address| lies in; its place there is fo_lease_scope_place. */
static inline uint32_t fo_lease_scope_index(const struct fo_lease_scope *ls, fo_ipv4_t address)
{
    return (address - ls->scope.subnet) / FO_PAGE_ADDRESSES;
}
static inline uint32_t fo_lease_scope_place(const struct fo_lease_scope *ls, fo_ipv4_t address)
{
    return (address - ls->scope.subnet) % FO_PAGE_ADDRESSES;
}
fo_ipv4_t fo_lease_scope_page_first(const struct fo_lease_scope *ls, uint32_t index);
uint32_t fo_lease_scope_page_size(const struct fo_lease_scope *ls); /* of each page */

/** The page at |index|, made if need be. Errors: FO_ENOMEM, FO_ELIMIT. */
FO_MUST_CHECK int fo_lease_scope_make_page(struct fo_lease_scope *ls, struct fo_page_table *t,
                                           uint32_t index, struct fo_lease_page **out_page);
/** Exchanges the entry's scope with |scope|, of the same subnet, and counts all anew. */
void fo_lease_scope_exchange(struct fo_lease_scope *ls, const struct fo_page_table *t,
                             struct fo_scope *scope);
/** Moves the counters along for a slot that becomes |to| (FO_STATUS_NONE: untouched). The slot
 *  itself still has its former status. */
void fo_lease_scope_recount(struct fo_lease_scope *ls, struct fo_lease_page *page, uint32_t place,
                            enum fo_binding_status to);

#endif
