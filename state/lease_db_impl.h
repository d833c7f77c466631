/**
 * state/lease_db_impl.h: what the files of the lease database share; for them alone.
 *
 *   lease_scope  a scope, its pages and counters      lease_find   walking and searching
 *   lease_page   256 addresses                        lease_due    what is due
 *   client_index addresses of a client                lease_flush  to the store
 *   due_heap, address_list                            lease_load   from the store
 */
#ifndef FO_STATE_LEASE_DB_IMPL_H
#define FO_STATE_LEASE_DB_IMPL_H

#include "state/address_list.h"
#include "state/client_index.h"
#include "state/due_heap.h"
#include "state/lease_db.h"
#include "state/lease_page.h"
#include "state/lease_scope.h"

struct fo_lease_db {
    struct fo_lease_scope **scopes; /* sorted by subnet, disjoint */
    fo_ipv4_t *subnets;             /* theirs, side by side for the search */
    size_t scope_count, scope_capacity;
    struct fo_page_table pages;
    struct fo_client_index clients;
    bool loading; /* |clients| is built when all bindings are there */
    struct fo_due_heap due;
    uint64_t due_count;             /* addresses that have a due time */
    struct fo_address_list changed; /* since the last flush; each once (slot->changed) */
    struct fo_range *removed;       /* scopes removed since the last flush */
    size_t removed_count;
    size_t changed_scopes;
    uint64_t size;
};

/** Index of the first scope that ends at or after |address|; scope_count: none. */
size_t fo_lease_db_scope_from(const struct fo_lease_db *db, fo_ipv4_t address);
/** The entry that contains |address|, or NULL. */
struct fo_lease_scope *fo_lease_db_scope_with(const struct fo_lease_db *db, fo_ipv4_t address);
/** The entry of exactly |subnet|, or NULL. */
struct fo_lease_scope *fo_lease_db_scope_entry(const struct fo_lease_db *db, fo_ipv4_t subnet);
/** Page and place of |address|; false: no scope, or no page yet. */
bool fo_lease_db_place(const struct fo_lease_db *db, fo_ipv4_t address,
                       struct fo_lease_page **out_page, uint32_t *out_place);
/** The same, making the page if need be. Errors: FO_ENOTFOUND, FO_ENOMEM, FO_ELIMIT. */
FO_MUST_CHECK int fo_lease_db_make_place(struct fo_lease_db *db, fo_ipv4_t address,
                                         struct fo_lease_page **out_page, uint32_t *out_place);
/** fo_lease_db_set_scope and _put; |note|: for the next flush. */
FO_MUST_CHECK int fo_lease_db_install_scope(struct fo_lease_db *db, const struct fo_scope *s,
                                            bool note);
FO_MUST_CHECK int fo_lease_db_install(struct fo_lease_db *db, const struct fo_binding *b,
                                      bool note);
/** Drops what is due on the pages of |ls|, which is about to go. */
void fo_lease_db_drop_due(struct fo_lease_db *db, const struct fo_lease_scope *ls);

#endif
