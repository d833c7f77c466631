/**
 * state/store_lmdb.h: the store on disk. Only its files, store_lmdb*, know LMDB.
 *
 * Default durability (no NOSYNC, no WRITEMAP); one writer. A change that the disk or the capacity
 * has no room for spoils its transaction, not the store: after an abort reading goes on, and so
 * does writing once there is room. Begin and commit on one thread.
 */
#ifndef FO_STATE_STORE_LMDB_H
#define FO_STATE_STORE_LMDB_H

#include "state/store.h"

/**
 * fo_store_lmdb_open opens or creates the directory |path|/ as a store of at most
 * |capacity_bytes| (address space only; 0: 64 GiB).
 *
 * Ownership: gives |*out_store| (fo_store_free). |out_why| (may be NULL, |why_capacity| bytes) is a
 *            sentence naming the path and the system's reason.
 * Errors:    FO_EIO, FO_EFULL, FO_ENOMEM, FO_EDAMAGED (not a store), FO_EVERSION, FO_EEXISTS
 *            (another process has it open for writing).
 */
FO_MUST_CHECK int fo_store_lmdb_open(const char *path, uint64_t capacity_bytes,
                                     struct fo_store **out_store, char *out_why,
                                     size_t why_capacity);

#endif
