/* fobench store: bindings through the lease database into a store, and back at a restart. */
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>

#include "bench/bench.h"
#include "bench/leases.h"
#include "state/lease_db.h"
#include "state/store_lmdb.h"
#include "state/store_mem.h"

#define FILL_BATCH 10000

struct bed {
    struct fo_lease_db *db;
    struct fo_store *store;
    fo_utc_t now;
};

static void must(int rc, const char *what)
{
    if (rc != FO_OK)
        bench_fail("%s: %s", what, fo_strerror(rc));
}

static struct fo_store *open_store(const char *path)
{
    struct fo_store *store = NULL;
    char why[256] = "out of memory";
    if (path == NULL)
        store = fo_store_mem_new();
    else if (fo_store_lmdb_open(path, 0, &store, why, sizeof why) != FO_OK)
        store = NULL;
    if (store == NULL)
        bench_fail("%s", why);
    return store;
}

static void open_bed(struct bed *bed, const char *path, uint64_t leases)
{
    *bed = (struct bed){fo_lease_db_new(), open_store(path), {1800000000}};
    for (uint32_t i = 0; i < lease_scope_count(leases); i++) {
        struct fo_range range;
        struct fo_scope scope = lease_scope(i, &range);
        must(fo_lease_db_set_scope(bed->db, &scope), "a scope cannot be made");
    }
}

static void close_bed(struct bed *bed)
{
    fo_lease_db_free(bed->db);
    fo_store_free(bed->store);
}

/* What the loop does with a batch: put, flush, commit (design §3). */
static void put(struct bed *bed, uint64_t n)
{
    uint8_t id[LEASE_ID_LENGTH];
    struct fo_binding b = lease_binding(n, bed->now, id);
    must(fo_lease_db_put(bed->db, &b), "a binding cannot be put");
}

static void commit(struct bed *bed)
{
    must(fo_store_begin(bed->store), "begin");
    must(fo_lease_db_flush(bed->db, bed->store), "flush");
    must(fo_store_commit(bed->store), "commit");
    bed->now.s++;
}

static double fill_seconds(struct bed *bed, uint64_t leases)
{
    uint64_t start = bench_now_ns();
    for (uint64_t n = 0; n < leases; n++) {
        put(bed, n);
        if ((n + 1) % FILL_BATCH == 0 || n + 1 == leases)
            commit(bed);
    }
    return bench_seconds_since(start);
}

static double puts_per_second(struct bed *bed, uint64_t leases, uint64_t batch, bool random,
                              double seconds)
{
    uint64_t start = bench_now_ns(), seed = 88172645463325252u, done = 0, next = 0;
    do {
        for (uint64_t i = 0; i < batch; i++) {
            put(bed, random ? lease_random(&seed, leases) : next);
            next = next + 1 < leases ? next + 1 : 0;
        }
        commit(bed);
        done += batch;
    } while (bench_seconds_since(start) < seconds);
    return (double)done / bench_seconds_since(start);
}

struct rates {
    double fill;
    double puts[2][3]; /* in order, random; by batch size */
};
struct rates_job {
    const char *path;
    uint64_t leases;
    double seconds;
};
static const uint64_t batches[3] = {1, 100, 10000};

static void measure_rates(const void *context, void *result)
{
    const struct rates_job *job = context;
    struct rates *rates = result;
    struct bed bed;
    open_bed(&bed, job->path, job->leases);
    rates->fill = (double)job->leases / fill_seconds(&bed, job->leases);
    for (int random = 0; random < 2; random++)
        for (int i = 0; i < 3; i++)
            rates->puts[random][i] =
                puts_per_second(&bed, job->leases, batches[i], random != 0, job->seconds);
    close_bed(&bed);
}

struct load {
    double seconds, bytes_per_lease;
};

/* A restart: a process that has nothing yet reads what the one before left. */
static void measure_load(const void *context, void *result)
{
    const struct rates_job *job = context;
    struct load *load = result;
    struct fo_lease_db_load counts;
    struct fo_lease_db *db = fo_lease_db_new();
    struct fo_store *store = open_store(job->path);
    uint64_t before, start;
    malloc_trim(0);
    before = bench_anonymous_bytes(0);
    start = bench_now_ns();
    must(fo_lease_db_load(db, store, NULL, NULL, &counts), "load");
    load->seconds = bench_seconds_since(start);
    if (counts.bindings != job->leases || counts.damaged != 0)
        bench_fail("the store lost bindings");
    load->bytes_per_lease = (double)(bench_anonymous_bytes(0) - before) / (double)counts.bindings;
}

static void put_rates(json_t *group, const struct rates *rates, const json_t *machine)
{
    static const char *const orders[2] = {"ordered", "random"};
    char name[64];
    bench_put(group, "new_bindings_per_second", rates->fill);
    for (int random = 0; random < 2; random++)
        for (int i = 0; i < 3; i++) {
            snprintf(name, sizeof name, "%s_puts_per_second_batch_%u", orders[random],
                     (unsigned)batches[i]);
            bench_put(group, name, rates->puts[random][i]);
        }
    if (machine == NULL)
        return;
    bench_put_ratio(group, "ratio_batch_1_to_lmdb_commits", rates->puts[1][0],
                    bench_get(machine, "lmdb_commits_per_second"));
    bench_put_ratio(group, "ratio_ordered_batch_10000_to_lmdb_puts", rates->puts[0][2],
                    bench_get(machine, "lmdb_puts_per_second"));
}

void bench_store(const struct bench_options *o, const json_t *machine, json_t *out)
{
    const char *place = bench_place_make(o);
    char *path = bench_place_path(place, "store");
    struct rates_job job = {path, o->leases, o->quick ? 0.02 : 1.0};
    json_t *lmdb = bench_put_group(out, "lmdb"), *memory = bench_put_group(out, "memory");
    struct rates rates;
    struct load load;
    if (job.leases == 0)
        job.leases = o->quick ? 20000 : 1000000;
    bench_put_count(lmdb, "leases", job.leases);
    bench_in_child(measure_rates, &job, &rates, sizeof rates);
    put_rates(lmdb, &rates, machine);
    bench_in_child(measure_load, &job, &load, sizeof load);
    bench_put(lmdb, "load_seconds", load.seconds);
    bench_put(lmdb, "rss_bytes_per_lease", load.bytes_per_lease);
    job.path = NULL;
    bench_in_child(measure_rates, &job, &rates, sizeof rates);
    put_rates(memory, &rates, NULL);
    bench_place_remove(place);
    free(path);
}
