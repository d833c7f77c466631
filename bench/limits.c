/* The machine's own limits, beside which our figures stand: the disk's, LMDB's, OpenSSL's. */
#include <errno.h>
#include <fcntl.h>
#include <lmdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "bench/bench.h"
#include "bench/limits.h"

#define RECORD_BYTES 64 /* about what a binding takes */
#define PUTS_BATCH   10000
#define PUTS_KEYS    1000000

/* A small append and fdatasync: the least that "it is on disk" costs. */
static double fsyncs_per_second(const char *place, double seconds)
{
    char *path = bench_place_path(place, "appended"), record[RECORD_BYTES] = {0};
    int fd = open(path, O_CREAT | O_WRONLY | O_APPEND, 0600);
    uint64_t start = bench_now_ns(), done = 0;
    do {
        if (fd < 0 || write(fd, record, sizeof record) < 0 || fdatasync(fd) != 0)
            bench_fail("cannot append to %s: %s", path, strerror(errno));
        done++;
    } while (bench_seconds_since(start) < seconds);
    close(fd);
    free(path);
    return (double)done / bench_seconds_since(start);
}

static void must(int rc)
{
    if (rc != MDB_SUCCESS)
        bench_fail("LMDB: %s", mdb_strerror(rc));
}

/* One transaction of |count| puts in key order. */
static void lmdb_batch(MDB_env *env, MDB_dbi table, uint32_t first, uint32_t count)
{
    unsigned char key[4], record[RECORD_BYTES] = {0};
    MDB_val k = {sizeof key, key}, v = {sizeof record, record};
    MDB_cursor *cursor;
    MDB_txn *txn;
    must(mdb_txn_begin(env, NULL, 0, &txn));
    must(mdb_cursor_open(txn, table, &cursor));
    for (uint32_t i = first; i < first + count; i++) {
        uint32_t n = i % PUTS_KEYS;
        for (int byte = 0; byte < 4; byte++)
            key[byte] = (unsigned char)(n >> (24 - 8 * byte));
        must(mdb_cursor_put(cursor, &k, &v, 0));
    }
    must(mdb_txn_commit(txn));
}

static double lmdb_puts(MDB_env *env, MDB_dbi table, uint32_t batch, double seconds)
{
    uint64_t start = bench_now_ns();
    uint32_t done = 0;
    do {
        lmdb_batch(env, table, done, batch);
        done += batch;
    } while (bench_seconds_since(start) < seconds);
    return done / bench_seconds_since(start);
}

static void measure_lmdb(const char *place, double seconds, json_t *out)
{
    char *path = bench_place_path(place, "lmdb");
    MDB_env *env;
    MDB_txn *txn;
    MDB_dbi table;
    if (mkdir(path, 0700) != 0)
        bench_fail("cannot make %s: %s", path, strerror(errno));
    must(mdb_env_create(&env));
    must(mdb_env_set_mapsize(env, (size_t)4 << 30));
    must(mdb_env_open(env, path, 0, 0600));
    must(mdb_txn_begin(env, NULL, 0, &txn));
    must(mdb_dbi_open(txn, NULL, 0, &table));
    must(mdb_txn_commit(txn));
    bench_put(out, "lmdb_commits_per_second", lmdb_puts(env, table, 1, seconds));
    bench_put(out, "lmdb_puts_per_second", lmdb_puts(env, table, PUTS_BATCH, seconds));
    mdb_env_close(env);
    free(path);
}

void bench_limits(const struct bench_options *o, json_t *out)
{
    double seconds = o->quick ? 0.05 : 1.0;
    const char *place = bench_place_make(o);
    bench_put_count(out, "processors", (uint64_t)sysconf(_SC_NPROCESSORS_ONLN));
    bench_put(out, "fsyncs_per_second", fsyncs_per_second(place, seconds));
    measure_lmdb(place, seconds, out);
    bench_put(out, "tls_loopback_mb_per_second", limits_tls_mb_per_second(seconds));
    bench_place_remove(place);
}
