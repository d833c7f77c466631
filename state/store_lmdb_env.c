/*
 * state/store_lmdb_env.c: the directory of a store and the LMDB environment in it.
 *
 * An environment is the directory with data.mdb (one named database per table), lock.mdb (LMDB's
 * own, for readers such as mdb_copy) and writer.lock, which whoever may write holds with flock.
 *
 * lock.mdb is written through a mapping: on a full disk the first touch of a hole in it would kill
 * us with SIGBUS. So its blocks are allocated before LMDB maps it. data.mdb is written by system
 * calls, which report a full disk as an error.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "state/store_lmdb_impl.h"

#define LOCK_BYTES     (64 << 10) /* more than LMDB's reader table takes */
#define FILE_MODE      0600
#define DIRECTORY_MODE 0700

/* By enum fo_table. */
static const char *const table_names[FO_TABLE_COUNT] = {
    "meta",     "relationship", "endpoint", "scope",    "binding", "lease-note", "journal",
    "prepared", "quarantine",   "prefix6",  "element6", "lease6",  "client6",    "binding6",
};

int fo_disk_lock(struct fo_disk *d)
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

void fo_disk_close(struct fo_disk *d)
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
static int allocate_lock_file(const struct fo_disk *d)
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
static int cover_mapping(const struct fo_disk *d)
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
static int open_tables(struct fo_disk *d)
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
    struct fo_disk *d = mdb_env_get_userctx(env);

    (void)what;
    if (d->guarded)
        longjmp(d->guard, 1);
}

int fo_disk_open(struct fo_disk *d)
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
        fo_disk_close(d);
    return rc;
}
