/**
 * state/lease_db.h: all bindings of a server, in memory, dense by range, with what changed.
 *
 * An address of a known scope always has a binding; one never touched reads as FREE with nothing
 * known. Changes go through fo_lease_db_put, the single door: it keeps counters, the client index
 * and the list of what fo_lease_db_flush has to write. Memory: pages of 256 addresses made on
 * first use; where most addresses of a page are in use, about 110 bytes per lease all told.
 *
 * All functions are pure of time; nothing here knows the protocol's rules.
 */
#ifndef FO_STATE_LEASE_DB_H
#define FO_STATE_LEASE_DB_H

#include "state/pool.h"
#include "state/scope.h"
#include "state/store.h"

struct fo_lease_db;

struct fo_lease_db *fo_lease_db_new(void); /* NULL without memory */
void fo_lease_db_free(struct fo_lease_db *db);
/** Seeds the client index with a random number, so that clients, who choose their identifiers,
 *  cannot choose to collide. Before the first put; without it the seed is 0. */
void fo_lease_db_seed(struct fo_lease_db *db, uint64_t seed);

/* --- scopes ---------------------------------------------------------------------------- */
/** Adds a copy of |s|, or replaces the scope of the same subnet (ranges may change, bindings
 *  stay). Errors: FO_ENOMEM, FO_EEXISTS (overlaps another scope), FO_EINVAL (no subnet, or its
 *  mask is not the one it had). */
FO_MUST_CHECK int fo_lease_db_set_scope(struct fo_lease_db *db, const struct fo_scope *s);
/** Forgets the scope and its bindings (in memory and, at the next flush, on disk). Errors:
 *  FO_ENOTFOUND, FO_ENOMEM. */
FO_MUST_CHECK int fo_lease_db_remove_scope(struct fo_lease_db *db, fo_ipv4_t subnet);
/** Borrowed until the next change of scopes; NULL: none. */
const struct fo_scope *fo_lease_db_scope(const struct fo_lease_db *db, fo_ipv4_t subnet);
const struct fo_scope *fo_lease_db_scope_of(const struct fo_lease_db *db, fo_ipv4_t address);
size_t fo_lease_db_scope_count(const struct fo_lease_db *db);
const struct fo_scope *fo_lease_db_scope_at(const struct fo_lease_db *db,
                                            size_t index); /* sorted */

/** Which relationship a scope belongs to: a small number given by the server; -1 none. Not stored
 *  here (relationships list their scopes). */
void fo_lease_db_set_owner(struct fo_lease_db *db, fo_ipv4_t subnet, int owner);
int fo_lease_db_owner(const struct fo_lease_db *db, fo_ipv4_t address);

/* --- bindings -------------------------------------------------------------------------- */
/** Errors: FO_ENOTFOUND (no scope contains |address|). client.id borrows the database until the
 *  next put of that address. */
FO_MUST_CHECK int fo_lease_db_get(const struct fo_lease_db *db, fo_ipv4_t address,
                                  struct fo_binding *out);
/** Copies |b| in and notes it for the next flush. Errors: FO_ENOTFOUND, FO_ENOMEM. */
FO_MUST_CHECK int fo_lease_db_put(struct fo_lease_db *db, const struct fo_binding *b);
/** Removes what is known of an address: FREE and never touched again, also on disk. Its marks and
 *  its due time are the caller's and stay. Errors: FO_ENOTFOUND, FO_ENOMEM. */
FO_MUST_CHECK int fo_lease_db_forget(struct fo_lease_db *db, fo_ipv4_t address);

/** Volatile marks of an address (8 bits, meaning is the caller's), 0 at start. Setting makes a
 *  page if need be: FO_ENOMEM, FO_ENOTFOUND. */
uint8_t fo_lease_db_marks(const struct fo_lease_db *db, fo_ipv4_t address);
FO_MUST_CHECK int fo_lease_db_set_marks(struct fo_lease_db *db, fo_ipv4_t address, uint8_t marks);

/** The first address >= |from| that was ever touched (has a stored record), in address order
 *  over all scopes; false: none. Skips untouched pages quickly. */
bool fo_lease_db_next(const struct fo_lease_db *db, fo_ipv4_t from, struct fo_binding *out);
/** The same within one scope; also untouched leasable addresses when |untouched_too|. */
bool fo_lease_db_next_in(const struct fo_lease_db *db, fo_ipv4_t subnet, fo_ipv4_t from,
                         bool untouched_too, struct fo_binding *out);

/** The next leasable, unreserved address of |status| (FREE, BACKUP or another) in the scope at or
 *  after |from|, wrapping around once; constant time on average. */
bool fo_lease_db_available(const struct fo_lease_db *db, fo_ipv4_t subnet,
                           enum fo_binding_status status, fo_ipv4_t from, fo_ipv4_t *out_address);
/** The address that |client| holds or last held in the scope (|subnet| 0: in any): an ACTIVE one
 *  before others, then the one of the latest client transaction. */
bool fo_lease_db_find_client(const struct fo_lease_db *db, fo_ipv4_t subnet,
                             const struct fo_client *client, fo_ipv4_t *out_address);

/* --- counting -------------------------------------------------------------------------- */
struct fo_scope_counts {
    uint64_t leasable;                   /* addresses in ranges, exclusions taken off */
    uint64_t by_status[FO_STATUS_COUNT]; /* of the leasable ones; untouched count as FREE */
    uint64_t outside;                    /* ACTIVE or ABANDONED outside the leasable ones */
};
void fo_lease_db_counts(const struct fo_lease_db *db, fo_ipv4_t subnet,
                        struct fo_scope_counts *out);
uint64_t fo_lease_db_size(const struct fo_lease_db *db); /* touched addresses */

/* --- what is due ------------------------------------------------------------------------ */
/** One due time per address; FO_UTC_NONE and FO_UTC_INFINITE cancel. Errors: FO_ENOMEM,
 *  FO_ENOTFOUND. */
FO_MUST_CHECK int fo_lease_db_set_due(struct fo_lease_db *db, fo_ipv4_t address, fo_utc_t due);
/** The earliest due time (FO_UTC_NONE: nothing is due, ever). */
fo_utc_t fo_lease_db_next_due(struct fo_lease_db *db);
/** Takes one address that is due at |now| off the list; false: none. */
bool fo_lease_db_take_due(struct fo_lease_db *db, fo_utc_t now, fo_ipv4_t *out_address);

/* --- disk ------------------------------------------------------------------------------- */
/** Writes every change since the last flush into the open transaction of |store|, in address
 *  order, scopes included. After FO_OK the list of changes is empty; call it once per
 *  transaction and rebuild from the store when the commit fails. */
FO_MUST_CHECK int fo_lease_db_flush(struct fo_lease_db *db, struct fo_store *store);
bool fo_lease_db_dirty(const struct fo_lease_db *db);

struct fo_lease_db_load {
    uint64_t scopes, bindings;
    uint64_t damaged;  /* records put into quarantine: their addresses need a resync */
    uint64_t orphaned; /* bindings of no known scope, left alone */
};
/** Reads scopes and bindings into an empty |db|. A damaged record is copied to
 *  FO_TABLE_QUARANTINE, removed, and counted: start-up goes on. |on_damage| (may be NULL) hears of
 *  each. Opens and commits its own transaction if there is something to set aside. */
FO_MUST_CHECK int fo_lease_db_load(struct fo_lease_db *db, struct fo_store *store,
                                   void (*on_damage)(void *context, enum fo_table table,
                                                     const char *what),
                                   void *context, struct fo_lease_db_load *out);

#endif
