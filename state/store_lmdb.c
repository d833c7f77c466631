/*
 * state/store_lmdb.c: the store on disk: opening and closing, transactions, changes, reading. The
 * directory and the LMDB environment in it are store_lmdb_env.c's.
 */
#include "state/store_lmdb.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "state/store_format.h"
#include "state/store_lmdb_impl.h"

#define CAPACITY_DEFAULT ((uint64_t)64 << 30)
#define CAPACITY_MIN     ((uint64_t)256 << 10)

static struct fo_disk *disk_of(struct fo_store *s)
{
    return (struct fo_disk *)s;
}

/* What LMDB or the system answered, as ours. */
static int error_of(int rc)
{
    switch (rc) {
    case MDB_SUCCESS:
        return FO_OK;
    case MDB_NOTFOUND:
        return FO_ENOTFOUND;
    case MDB_MAP_FULL:
    case MDB_TXN_FULL:
    case ENOSPC:
    case EDQUOT:
    case EFBIG:
        return FO_EFULL;
    case ENOMEM:
        return FO_ENOMEM;
    case MDB_BAD_VALSIZE:
    case EINVAL:
        return FO_EINVAL;
    case MDB_VERSION_MISMATCH:
        return FO_EVERSION;
    case MDB_CORRUPTED:
    case MDB_PAGE_NOTFOUND:
    case MDB_CURSOR_FULL:
    case MDB_PAGE_FULL:
    case MDB_INVALID:
    case MDB_INCOMPATIBLE:
#ifdef MDB_PROBLEM
    case MDB_PROBLEM:
#endif
        return FO_EDAMAGED;
    default:
        return FO_EIO;
    }
}

/* --- transactions ------------------------------------------------------------------------ */

/* The cursors of a write transaction end with it, by LMDB's hand. */
static void transaction_over(struct fo_disk *d)
{
    memset(d->cursors, 0, sizeof(d->cursors));
    d->txn = NULL;
    d->failed = FO_OK;
}

static int disk_begin(struct fo_store *s)
{
    struct fo_disk *d = disk_of(s);
    int rc;

    if (d->txn != NULL)
        return FO_ESTATE;
    /* A commit whose last write failed leaves the environment unusable until opened again. */
    rc = d->env != NULL ? mdb_txn_begin(d->env, NULL, 0, &d->txn) : MDB_PANIC;
    if (rc == MDB_PANIC) {
        fo_disk_close(d);
        rc = fo_disk_open(d);
        if (rc == MDB_SUCCESS)
            rc = mdb_txn_begin(d->env, NULL, 0, &d->txn);
    }
    if (rc != MDB_SUCCESS)
        d->txn = NULL;
    return error_of(rc);
}

/* LMDB answers EIO to a write that was cut short, and so does a disk that fills up. */
static int commit_error(const struct fo_disk *d, int rc)
{
    struct statvfs left;

    if (rc == EIO && statvfs(d->path, &left) == 0 && left.f_bavail == 0)
        return FO_EFULL;
    return error_of(rc);
}

static int disk_commit(struct fo_store *s)
{
    struct fo_disk *d = disk_of(s);
    int rc = d->failed;

    if (d->txn == NULL)
        return FO_ESTATE;
    if (rc != FO_OK)
        mdb_txn_abort(d->txn);
    else
        rc = commit_error(d, mdb_txn_commit(d->txn)); /* aborts when it fails */
    transaction_over(d);
    d->commits += rc == FO_OK;
    return rc;
}

static void disk_abort(struct fo_store *s)
{
    struct fo_disk *d = disk_of(s);

    if (d->txn != NULL)
        mdb_txn_abort(d->txn);
    transaction_over(d);
}

/* --- changes ----------------------------------------------------------------------------- */

static int cursor_for(struct fo_disk *d, enum fo_table table, MDB_cursor **out_cursor)
{
    int rc = MDB_SUCCESS;

    if (d->cursors[table] == NULL)
        rc = mdb_cursor_open(d->txn, d->tables[table], &d->cursors[table]);
    if (rc == MDB_SUCCESS)
        *out_cursor = d->cursors[table];
    return rc;
}

/* Whether the transaction can take another change. */
static int may_change(const struct fo_disk *d)
{
    return d->txn == NULL ? FO_ESTATE : d->failed;
}

static int changed(struct fo_disk *d, int rc)
{
    if (rc != MDB_SUCCESS)
        d->failed = error_of(rc);
    d->puts++;
    return error_of(rc);
}

/* LMDB reads through its MDB_val, but the member is not const. */
static MDB_val bytes_of(const void *data, size_t length)
{
    union {
        const void *in;
        void *out;
    } pointer = {.in = data};

    return (MDB_val){.mv_size = length, .mv_data = pointer.out};
}

static int disk_put(struct fo_store *s, enum fo_table table, const void *key, size_t key_length,
                    const void *value, size_t value_length)
{
    struct fo_disk *d = disk_of(s);
    MDB_val k = bytes_of(key, key_length), v = bytes_of(value, value_length);
    MDB_cursor *cursor = NULL;
    int rc = may_change(d);

    if (rc != FO_OK)
        return rc;
    rc = cursor_for(d, table, &cursor);
    if (rc == MDB_SUCCESS)
        rc = mdb_cursor_put(cursor, &k, &v, 0);
    return changed(d, rc);
}

static int disk_del(struct fo_store *s, enum fo_table table, const void *key, size_t key_length)
{
    struct fo_disk *d = disk_of(s);
    MDB_val k = bytes_of(key, key_length);
    int rc = may_change(d);

    if (rc != FO_OK)
        return rc;
    rc = mdb_del(d->txn, d->tables[table], &k, NULL);
    return rc == MDB_NOTFOUND ? FO_OK : changed(d, rc);
}

/* --- reading ----------------------------------------------------------------------------- */

/* The open transaction, or the reader brought up to what is committed. */
static int read_begin(struct fo_disk *d, MDB_txn **out_txn)
{
    int rc = MDB_SUCCESS;

    if (d->txn == NULL && d->env == NULL)
        return MDB_PANIC;
    if (d->txn == NULL && d->readers++ == 0)
        rc = mdb_txn_renew(d->reader);
    if (rc != MDB_SUCCESS)
        d->readers--;
    *out_txn = d->txn != NULL ? d->txn : d->reader;
    return rc;
}

static void read_end(struct fo_disk *d)
{
    if (d->txn == NULL && --d->readers == 0)
        mdb_txn_reset(d->reader);
}

static int disk_get(struct fo_store *s, enum fo_table table, const void *key, size_t key_length,
                    fo_store_visit visit, void *context)
{
    struct fo_disk *d = disk_of(s);
    MDB_val k = bytes_of(key, key_length), v;
    MDB_txn *txn;
    int rc = read_begin(d, &txn);

    if (rc != MDB_SUCCESS)
        return error_of(rc);
    rc = mdb_get(txn, d->tables[table], &k, &v);
    rc = rc == MDB_SUCCESS ? visit(context, key, key_length, v.mv_data, v.mv_size) : error_of(rc);
    read_end(d);
    return rc;
}

/* mdb_cursor_get, surviving a damaged page: the start-up meets all of them here. */
static int cursor_get(struct fo_disk *d, MDB_cursor *cursor, MDB_val *k, MDB_val *v,
                      MDB_cursor_op op)
{
    int rc;

    d->guarded = true;
    if (setjmp(d->guard) == 0)
        rc = mdb_cursor_get(cursor, k, v, op);
    else
        rc = MDB_CORRUPTED;
    d->guarded = false;
    return rc;
}

static int walk_in(struct fo_disk *d, MDB_cursor *cursor, MDB_val k, fo_store_visit visit,
                   void *context)
{
    MDB_val v;
    int rc = cursor_get(d, cursor, &k, &v, k.mv_size > 0 ? MDB_SET_RANGE : MDB_FIRST);

    while (rc == MDB_SUCCESS) {
        int answer = visit(context, k.mv_data, k.mv_size, v.mv_data, v.mv_size);
        if (answer != FO_OK)
            return answer;
        rc = cursor_get(d, cursor, &k, &v, MDB_NEXT);
    }
    return rc == MDB_NOTFOUND ? FO_OK : error_of(rc);
}

static int disk_walk(struct fo_store *s, enum fo_table table, const void *from_key,
                     size_t from_key_length, fo_store_visit visit, void *context)
{
    struct fo_disk *d = disk_of(s);
    MDB_cursor *cursor;
    MDB_txn *txn;
    int rc = read_begin(d, &txn);

    if (rc != MDB_SUCCESS)
        return error_of(rc);
    rc = error_of(mdb_cursor_open(txn, d->tables[table], &cursor));
    if (rc == FO_OK) {
        rc = walk_in(d, cursor, bytes_of(from_key, from_key_length), visit, context);
        mdb_cursor_close(cursor);
    }
    read_end(d);
    return rc;
}

/* The pages of the tables; what LMDB keeps free for reuse does not count. */
static void disk_stats(struct fo_store *s, struct fo_store_stats *out)
{
    struct fo_disk *d = disk_of(s);
    MDB_txn *txn;

    *out = (struct fo_store_stats){
        .commits = d->commits, .puts = d->puts, .capacity_bytes = d->capacity};
    if (read_begin(d, &txn) != MDB_SUCCESS)
        return;
    for (int t = 0; t < FO_TABLE_COUNT; t++) {
        MDB_stat stat;
        if (mdb_stat(txn, d->tables[t], &stat) == MDB_SUCCESS)
            out->bytes_used += stat.ms_psize *
                               (stat.ms_branch_pages + stat.ms_leaf_pages + stat.ms_overflow_pages);
    }
    read_end(d);
}

/* --- opening and closing ----------------------------------------------------------------- */

static void disk_free(struct fo_store *s)
{
    struct fo_disk *d = disk_of(s);

    disk_abort(s);
    fo_disk_close(d);
    if (d->lock >= 0)
        close(d->lock);
    free(d->path);
    free(d);
}

static const struct fo_store_ops disk_ops = {
    .begin = disk_begin,
    .put = disk_put,
    .del = disk_del,
    .commit = disk_commit,
    .abort = disk_abort,
    .get = disk_get,
    .walk = disk_walk,
    .stats = disk_stats,
    .free = disk_free,
};

static void explain(char *out_why, size_t why_capacity, const char *path, const char *reason)
{
    if (out_why != NULL && why_capacity > 0)
        snprintf(out_why, why_capacity, "cannot open the store %s: %s", path, reason);
}

static int open_steps(struct fo_disk *d, char *out_why, size_t why_capacity)
{
    int rc = fo_disk_lock(d);

    if (rc == EWOULDBLOCK) {
        explain(out_why, why_capacity, d->path, "another process has it open for writing");
        return FO_EEXISTS;
    }
    if (rc == 0)
        rc = fo_disk_open(d);
    if (rc != MDB_SUCCESS) {
        explain(out_why, why_capacity, d->path, mdb_strerror(rc));
        return error_of(rc) == FO_EINVAL ? FO_EDAMAGED : error_of(rc);
    }
    rc = fo_store_check_format(&d->base);
    if (rc == FO_EVERSION)
        explain(out_why, why_capacity, d->path, "a later version of fo wrote it");
    else if (rc != FO_OK)
        explain(out_why, why_capacity, d->path, fo_strerror(rc));
    return rc;
}

int fo_store_lmdb_open(const char *path, uint64_t capacity_bytes, struct fo_store **out_store,
                       char *out_why, size_t why_capacity)
{
    uint64_t page = (uint64_t)sysconf(_SC_PAGESIZE);
    struct fo_disk *d = calloc(1, sizeof(*d));
    int rc;

    if (d == NULL) {
        explain(out_why, why_capacity, path, fo_strerror(FO_ENOMEM));
        return FO_ENOMEM;
    }
    d->base.ops = &disk_ops;
    d->lock = -1;
    d->capacity = capacity_bytes > 0 ? capacity_bytes : CAPACITY_DEFAULT;
    if (d->capacity < CAPACITY_MIN)
        d->capacity = CAPACITY_MIN;
    d->capacity -= d->capacity % page;
    d->path = strdup(path);
    rc = d->path != NULL ? open_steps(d, out_why, why_capacity) : FO_ENOMEM;
    if (rc != FO_OK) {
        disk_free(&d->base);
        return rc;
    }
    *out_store = &d->base;
    return FO_OK;
}
