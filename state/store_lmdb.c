/*
 * state/store_lmdb.c: the store on disk; the one file that knows LMDB, directories and locks.
 *
 * An environment is the directory with data.mdb (one named database per table), lock.mdb (LMDB's
 * own, for readers such as mdb_copy) and writer.lock, which whoever may write holds with flock.
 *
 * lock.mdb is written through a mapping: on a full disk the first touch of a hole in it would kill
 * us with SIGBUS. So its blocks are allocated before LMDB maps it. data.mdb is written by system
 * calls, which report a full disk as an error.
 */
#include "state/store_lmdb.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <lmdb.h>
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "state/store_format.h"

#define CAPACITY_DEFAULT ((uint64_t)64 << 30)
#define CAPACITY_MIN     ((uint64_t)256 << 10)
#define LOCK_BYTES       (64 << 10) /* more than LMDB's reader table takes */
#define FILE_MODE        0600
#define DIRECTORY_MODE   0700

/* By enum fo_table. */
static const char *const table_names[FO_TABLE_COUNT] = {
    "meta",     "relationship", "endpoint", "scope",    "binding", "lease-note", "journal",
    "prepared", "quarantine",   "prefix6",  "element6", "lease6",  "client6",    "binding6",
};

struct disk {
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

static struct disk *disk_of(struct fo_store *s)
{
    return (struct disk *)s;
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

/* --- the environment --------------------------------------------------------------------- */

static void environment_close(struct disk *d)
{
    if (d->env == NULL)
        return;
    if (d->reader != NULL)
        mdb_txn_abort(d->reader);
    mdb_env_close(d->env);
    d->reader = NULL;
    d->env = NULL;
}

/* Makes sure that the file exists and that its blocks do, too. */
static int allocate_lock_file(const struct disk *d)
{
    char name[PATH_MAX];
    int length = snprintf(name, sizeof(name), "%s/lock.mdb", d->path);
    int fd, rc;

    if (length < 0 || (size_t)length >= sizeof(name))
        return ENAMETOOLONG;
    fd = open(name, O_RDWR | O_CREAT | O_CLOEXEC, FILE_MODE);
    if (fd < 0)
        return errno;
    rc = posix_fallocate(fd, 0, LOCK_BYTES);
    close(fd);
    return rc == EOPNOTSUPP || rc == EINVAL ? 0 : rc; /* a file system that cannot promise */
}

/* A file that lost its end (a copy broken off) would kill us with SIGBUS where the mapping reaches
 * beyond it. A hole in its place reads as pages that LMDB recognizes as damaged. */
static int cover_mapping(const struct disk *d)
{
    MDB_envinfo info;
    MDB_stat stat;
    struct stat file;
    off_t length;
    int fd, rc = mdb_env_info(d->env, &info);

    if (rc == MDB_SUCCESS)
        rc = mdb_env_stat(d->env, &stat);
    if (rc == MDB_SUCCESS)
        rc = mdb_env_get_fd(d->env, &fd);
    if (rc != MDB_SUCCESS)
        return rc;
    length = (off_t)((info.me_last_pgno + 1) * stat.ms_psize);
    if (fstat(fd, &file) != 0)
        return errno;
    return file.st_size >= length || ftruncate(fd, length) == 0 ? MDB_SUCCESS : errno;
}

/* Names the tables and makes those that are not there. Answers in LMDB's codes. */
static int open_tables(struct disk *d)
{
    MDB_txn *txn;
    int rc = mdb_txn_begin(d->env, NULL, 0, &txn);

    if (rc != MDB_SUCCESS)
        return rc;
    for (int t = 0; rc == MDB_SUCCESS && t < FO_TABLE_COUNT; t++)
        rc = mdb_dbi_open(txn, table_names[t], MDB_CREATE, &d->tables[t]);
    if (rc == MDB_SUCCESS)
        return mdb_txn_commit(txn);
    mdb_txn_abort(txn);
    return rc;
}

/* LMDB dies of some damaged pages by assertion, after it told us. */
static void assertion_failed(MDB_env *env, const char *what)
{
    struct disk *d = mdb_env_get_userctx(env);

    (void)what;
    if (d->guarded)
        longjmp(d->guard, 1);
}

/* Answers in LMDB's codes, which mdb_strerror can print. */
static int environment_open(struct disk *d)
{
    int rc = allocate_lock_file(d);

    if (rc == 0)
        rc = mdb_env_create(&d->env);
    if (rc != MDB_SUCCESS)
        return rc;
    rc = mdb_env_set_mapsize(d->env, d->capacity);
    if (rc == MDB_SUCCESS)
        rc = mdb_env_set_userctx(d->env, d);
    if (rc == MDB_SUCCESS)
        rc = mdb_env_set_assert(d->env, assertion_failed);
    if (rc == MDB_SUCCESS)
        rc = mdb_env_set_maxdbs(d->env, FO_TABLE_COUNT);
    if (rc == MDB_SUCCESS) /* NOTLS: who begins a read is not bound to one thread */
        rc = mdb_env_open(d->env, d->path, MDB_NOTLS, FILE_MODE);
    if (rc == MDB_SUCCESS)
        rc = cover_mapping(d);
    if (rc == MDB_SUCCESS)
        rc = open_tables(d);
    if (rc == MDB_SUCCESS)
        rc = mdb_txn_begin(d->env, NULL, MDB_RDONLY, &d->reader);
    if (rc == MDB_SUCCESS)
        mdb_txn_reset(d->reader);
    else
        environment_close(d);
    return rc;
}

/* --- transactions ------------------------------------------------------------------------ */

/* The cursors of a write transaction end with it, by LMDB's hand. */
static void transaction_over(struct disk *d)
{
    memset(d->cursors, 0, sizeof(d->cursors));
    d->txn = NULL;
    d->failed = FO_OK;
}

static int disk_begin(struct fo_store *s)
{
    struct disk *d = disk_of(s);
    int rc;

    if (d->txn != NULL)
        return FO_ESTATE;
    /* A commit whose last write failed leaves the environment unusable until opened again. */
    rc = d->env != NULL ? mdb_txn_begin(d->env, NULL, 0, &d->txn) : MDB_PANIC;
    if (rc == MDB_PANIC) {
        environment_close(d);
        rc = environment_open(d);
        if (rc == MDB_SUCCESS)
            rc = mdb_txn_begin(d->env, NULL, 0, &d->txn);
    }
    if (rc != MDB_SUCCESS)
        d->txn = NULL;
    return error_of(rc);
}

/* LMDB answers EIO to a write that was cut short, and so does a disk that fills up. */
static int commit_error(const struct disk *d, int rc)
{
    struct statvfs left;

    if (rc == EIO && statvfs(d->path, &left) == 0 && left.f_bavail == 0)
        return FO_EFULL;
    return error_of(rc);
}

static int disk_commit(struct fo_store *s)
{
    struct disk *d = disk_of(s);
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
    struct disk *d = disk_of(s);

    if (d->txn != NULL)
        mdb_txn_abort(d->txn);
    transaction_over(d);
}

/* --- changes ----------------------------------------------------------------------------- */

static int cursor_for(struct disk *d, enum fo_table table, MDB_cursor **out_cursor)
{
    int rc = MDB_SUCCESS;

    if (d->cursors[table] == NULL)
        rc = mdb_cursor_open(d->txn, d->tables[table], &d->cursors[table]);
    if (rc == MDB_SUCCESS)
        *out_cursor = d->cursors[table];
    return rc;
}

/* Whether the transaction can take another change. */
static int may_change(const struct disk *d)
{
    return d->txn == NULL ? FO_ESTATE : d->failed;
}

static int changed(struct disk *d, int rc)
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
    struct disk *d = disk_of(s);
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
    struct disk *d = disk_of(s);
    MDB_val k = bytes_of(key, key_length);
    int rc = may_change(d);

    if (rc != FO_OK)
        return rc;
    rc = mdb_del(d->txn, d->tables[table], &k, NULL);
    return rc == MDB_NOTFOUND ? FO_OK : changed(d, rc);
}

/* --- reading ----------------------------------------------------------------------------- */

/* The open transaction, or the reader brought up to what is committed. */
static int read_begin(struct disk *d, MDB_txn **out_txn)
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

static void read_end(struct disk *d)
{
    if (d->txn == NULL && --d->readers == 0)
        mdb_txn_reset(d->reader);
}

static int disk_get(struct fo_store *s, enum fo_table table, const void *key, size_t key_length,
                    fo_store_visit visit, void *context)
{
    struct disk *d = disk_of(s);
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
static int cursor_get(struct disk *d, MDB_cursor *cursor, MDB_val *k, MDB_val *v, MDB_cursor_op op)
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

static int walk_in(struct disk *d, MDB_cursor *cursor, MDB_val k, fo_store_visit visit,
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
    struct disk *d = disk_of(s);
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
    struct disk *d = disk_of(s);
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
    struct disk *d = disk_of(s);

    disk_abort(s);
    environment_close(d);
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

/* Takes writer.lock, which ends with the descriptor. Answers in the system's codes. */
static int lock_directory(struct disk *d)
{
    char name[PATH_MAX];
    int length = snprintf(name, sizeof(name), "%s/writer.lock", d->path);

    if (length < 0 || (size_t)length >= sizeof(name))
        return ENAMETOOLONG;
    if (mkdir(d->path, DIRECTORY_MODE) != 0 && errno != EEXIST)
        return errno;
    d->lock = open(name, O_RDWR | O_CREAT | O_CLOEXEC, FILE_MODE);
    if (d->lock < 0)
        return errno;
    return flock(d->lock, LOCK_EX | LOCK_NB) == 0 ? 0 : errno;
}

static void explain(char *out_why, size_t why_capacity, const char *path, const char *reason)
{
    if (out_why != NULL && why_capacity > 0)
        snprintf(out_why, why_capacity, "cannot open the store %s: %s", path, reason);
}

static int open_steps(struct disk *d, char *out_why, size_t why_capacity)
{
    int rc = lock_directory(d);

    if (rc == EWOULDBLOCK) {
        explain(out_why, why_capacity, d->path, "another process has it open for writing");
        return FO_EEXISTS;
    }
    if (rc == 0)
        rc = environment_open(d);
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
    struct disk *d = calloc(1, sizeof(*d));
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
