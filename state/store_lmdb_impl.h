/**
 * state/store_lmdb_impl.h: what the files of the store on disk share; for them alone.
 *
 *   store_lmdb      opening and closing, transactions, changes, reading
 *   store_lmdb_env  the directory, its lock, the LMDB environment
 */
#ifndef FO_STATE_STORE_LMDB_IMPL_H
#define FO_STATE_STORE_LMDB_IMPL_H

#include <lmdb.h>
#include <setjmp.h>

#include "state/store.h"

struct fo_disk {
    struct fo_store base;
    char *path;
    uint64_t capacity;
    int lock; /* descriptor of writer.lock; -1 */
    MDB_env *env;
    MDB_dbi tables[FO_TABLE_COUNT];
    MDB_txn *txn;                        /* the open transaction */
    MDB_cursor *cursors[FO_TABLE_COUNT]; /* its: a cursor makes puts in key order cheap */
    int failed;                          /* what spoilt the transaction: it can only end */
    MDB_txn *reader;                     /* for reads outside a transaction; reset between them */
    unsigned readers;                    /* reads under way, one within the other */
    bool guarded;                        /* LMDB's assertions come back to |guard| */
    jmp_buf guard;
    uint64_t commits, puts;
};

/** Makes the directory and takes its writer.lock, which ends with the descriptor. Answers in the
 *  system's codes; EWOULDBLOCK: another process has it. */
FO_MUST_CHECK int fo_disk_lock(struct fo_disk *d);
/** Opens the environment, making what is not there. Answers in LMDB's codes, which mdb_strerror can
 *  print; after an error it is closed. */
FO_MUST_CHECK int fo_disk_open(struct fo_disk *d);
/** Closes the environment, if it is open; no transaction is. */
void fo_disk_close(struct fo_disk *d);

#endif
