/* fobench resync: a partner lost its storage and is told everything anew; then a restart. The
 * server that tells goes on answering questions meanwhile. */
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "bench/daemon.h"
#include "bench/histogram.h"

#define DEPTH           32
#define SIZES           3
#define POLL_US         5000
#define QUESTION_US     1000 /* between questions: about 1000 a second */
#define RESYNC_LIMIT_S  600
#define FLOOR_RESYNC_S  10.0 /* for FLOOR_LEASES */
#define FLOOR_RESTART_S 3.0
#define FLOOR_LEASES    1000000

/* --- somebody who asks all the time -------------------------------------------------------------
 */

struct asker {
    struct fo_mgmt_client *client;
    uint64_t leases;
    atomic_bool enough;
    struct histogram histogram;
    pthread_t thread;
};

static void ask_once(struct asker *a, uint64_t n)
{
    Mgmt__Request request = MGMT__REQUEST__INIT;
    Mgmt__LeaseSearch search = MGMT__LEASE_SEARCH__INIT;
    uint64_t start = bench_now_ns();
    search.key_case = MGMT__LEASE_SEARCH__KEY_ADDRESS;
    search.address = lease_address(n);
    request.call_case = MGMT__REQUEST__CALL_LEASE_GET;
    request.lease_get = &search;
    mgmt__reply__free_unpacked(daemon_ask(a->client, &request, "lease_get"), NULL);
    histogram_add(&a->histogram, bench_now_ns() - start);
}

static void *ask(void *argument)
{
    struct asker *a = argument;
    uint64_t seed = 88172645463325252u;
    while (!atomic_load(&a->enough)) {
        ask_once(a, lease_random(&seed, a->leases));
        usleep(QUESTION_US);
    }
    return NULL;
}

static void asker_start(struct asker *a, const struct daemon *d, uint64_t leases)
{
    a->client = daemon_connect(d);
    a->leases = leases;
    a->histogram = (struct histogram){0};
    atomic_store(&a->enough, false);
    if (pthread_create(&a->thread, NULL, ask, a) != 0)
        bench_fail("cannot start a thread");
}

static void asker_stop(struct asker *a, json_t *out)
{
    atomic_store(&a->enough, true);
    pthread_join(a->thread, NULL);
    fo_mgmt_disconnect(a->client);
    bench_put_count(out, "questions_meanwhile", a->histogram.count);
    bench_put(out, "question_p50_us", (double)histogram_percentile(&a->histogram, 50) / 1e3);
    bench_put(out, "question_p99_us", (double)histogram_percentile(&a->histogram, 99) / 1e3);
}

/* --- the partner comes back empty
 * ----------------------------------------------------------------- */

/* From "it is configured again" to UPDDONE: dialling and handshakes are in it. */
static double recover(struct daemon_pair *p)
{
    struct daemon *secondary = &p->side[1];
    uint64_t start = bench_now_ns();
    daemon_relate(p, 1, true);
    for (;;) {
        struct daemon_status status = daemon_status(secondary);
        if (status.received >= p->leases && !status.resync_receiving &&
            daemon_figures(secondary).leases >= p->leases)
            return bench_seconds_since(start);
        if (bench_seconds_since(start) > RESYNC_LIMIT_S)
            bench_fail("the resync did not end (%lu of %lu leases)", (unsigned long)status.received,
                       (unsigned long)p->leases);
        usleep(POLL_US);
    }
}

struct run {
    double resync_s, restart_s, cpu_s;
};

static void measure(const struct bench_options *o, uint64_t leases, struct run *run, json_t *out)
{
    static struct asker asker;
    struct daemon_figures before[2], after[2];
    struct daemon_series all = daemon_in_order(leases);
    struct daemon_pair p;
    daemon_pair_init(&p, o, leases);
    for (int i = 0; i < 2; i++)
        daemon_relate(&p, i, false);
    daemon_pair_settle(&p);
    daemon_lease_many(&p.side[0], &all, DEPTH);
    daemon_pair_settle(&p);
    daemon_stop(&p.side[1], true);
    (void)daemon_start(&p.side[1]);
    daemon_make_scopes(&p, 1);
    for (int i = 0; i < 2; i++)
        before[i] = daemon_figures(&p.side[i]);
    asker_start(&asker, &p.side[0], leases);
    run->resync_s = recover(&p);
    asker_stop(&asker, out);
    for (int i = 0; i < 2; i++)
        after[i] = daemon_figures(&p.side[i]);
    run->cpu_s = after[0].cpu_s - before[0].cpu_s + after[1].cpu_s - before[1].cpu_s;
    bench_put(out, "sender_cpu_seconds", after[0].cpu_s - before[0].cpu_s);
    bench_put(out, "receiver_cpu_seconds", after[1].cpu_s - before[1].cpu_s);
    bench_put_count(out, "fsyncs",
                    after[0].commits - before[0].commits + after[1].commits - before[1].commits);
    bench_put(out, "rss_bytes_per_lease",
              (double)(after[1].anonymous - before[1].anonymous) / (double)leases);
    daemon_stop(&p.side[0], false);
    run->restart_s = daemon_start(&p.side[0]);
    if (daemon_figures(&p.side[0]).leases < leases)
        bench_fail("leases are missing after a restart");
    daemon_pair_fini(&p);
}

void bench_resync(const struct bench_options *o, const json_t *machine, json_t *out)
{
    static const char *const figures[] = {"resync_leases",       "resync_seconds",
                                          "restart_seconds",     "question_p99_us",
                                          "rss_bytes_per_lease", "fsyncs"};
    uint64_t most = o->leases != 0 ? o->leases : o->quick ? 9000 : FLOOR_LEASES;
    struct run runs[SIZES], *largest = &runs[SIZES - 1];
    double scale = (double)most / FLOOR_LEASES;
    uint64_t counts[SIZES] = {most / 9, most / 3, most};
    json_t *group = NULL;
    for (int i = 0; i < SIZES; i++) {
        char name[32];
        snprintf(name, sizeof name, "leases_%lu", (unsigned long)counts[i]);
        group = bench_put_group(out, name);
        measure(o, counts[i], &runs[i], group);
        bench_put_count(group, "resync_leases", counts[i]);
        bench_put(group, "resync_seconds", runs[i].resync_s);
        bench_put(group, "resync_leases_per_second", (double)counts[i] / runs[i].resync_s);
        bench_put(group, "restart_seconds", runs[i].restart_s);
    }
    for (size_t i = 0; i < sizeof figures / sizeof figures[0]; i++)
        bench_put_copy(out, group, figures[i]); /* of the largest */
    bench_put_ratio(out, "ratio_to_lmdb_puts", (double)most / largest->resync_s,
                    bench_get(machine, "lmdb_puts_per_second"));
    bench_put(out, "cost_per_lease_largest_to_smallest",
              largest->resync_s / (double)most / (runs[0].resync_s / (double)counts[0]));
    bench_put_ratio(out, "cpu_per_lease_largest_to_smallest", largest->cpu_s / (double)most,
                    runs[0].cpu_s / (double)counts[0]);
    bench_put(out, "restart_cost_per_lease_largest_to_smallest",
              largest->restart_s / (double)most / (runs[0].restart_s / (double)counts[0]));
    bench_put_floor(out, "floor_resync_seconds", largest->resync_s, FLOOR_RESYNC_S * scale, true);
    bench_put_floor(out, "floor_restart_seconds", largest->restart_s, FLOOR_RESTART_S * scale,
                    true);
}
