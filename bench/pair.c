/* fobench pair: two fod processes, TLS between them, leases reported through management. Counted is
 * what is durable on both servers and known to be so by the first (design §4). */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "bench/daemon.h"
#include "bench/histogram.h"

#define DEPTH      32  /* calls under way on the one connection */
#define LATENCIES  200 /* single leases, one after the other */
#define SIZES      3
#define POLL_US    1000
#define WIRE_BYTES 72 /* of one lease in a BNDUPD of many, answered by 11 in the BNDACK */
#define FLOOR_RATE 50000
#define FLOOR_RSS  256

struct run {
    double new_per_second, renewed_per_second, durable_per_second;
    double rss_per_lease;
};

/* Reports all leases and waits until the partner has acknowledged the last of them. */
static double report_all(struct daemon_pair *p, double *out_durable_s)
{
    struct daemon *primary = &p->side[0];
    uint64_t wanted = daemon_status(primary).acked + p->leases;
    uint64_t start = bench_now_ns();
    daemon_lease_many(primary, 0, p->leases, DEPTH);
    *out_durable_s = bench_seconds_since(start);
    for (;;) {
        struct daemon_status status = daemon_status(primary);
        if (status.waiting == 0 && status.acked >= wanted)
            return bench_seconds_since(start);
        if (bench_seconds_since(start) > 600)
            bench_fail("the partner did not acknowledge everything");
        usleep(POLL_US);
    }
}

/* Alone on the link: until the report is durable here, until the partner has it as well. */
static void measure_latency(struct daemon_pair *p, unsigned count, json_t *out)
{
    static struct histogram durable, acked;
    durable = acked = (struct histogram){0};
    for (unsigned n = 0; n < count; n++) {
        uint64_t start = bench_now_ns();
        daemon_lease_many(&p->side[0], n, 1, 1);
        histogram_add(&durable, bench_now_ns() - start);
        while (!daemon_partner_has(&p->side[0], n))
            usleep(POLL_US / 10);
        histogram_add(&acked, bench_now_ns() - start);
    }
    bench_put(out, "durable_p50_us", (double)histogram_percentile(&durable, 50) / 1e3);
    bench_put(out, "durable_p99_us", (double)histogram_percentile(&durable, 99) / 1e3);
    bench_put(out, "ack_p50_us", (double)histogram_percentile(&acked, 50) / 1e3);
    bench_put(out, "ack_p99_us", (double)histogram_percentile(&acked, 99) / 1e3);
}

static void put_effort(json_t *out, const struct daemon_pair *p,
                       const struct daemon_figures before[2], const struct daemon_figures after[2])
{
    static const char *const sides[2] = {"primary", "secondary"};
    uint64_t fsyncs = 0;
    for (int i = 0; i < 2; i++) {
        json_t *group = bench_put_group(out, sides[i]);
        double leases = (double)p->leases;
        fsyncs += after[i].commits - before[i].commits;
        bench_put_count(group, "fsyncs", after[i].commits - before[i].commits);
        bench_put(group, "commit_seconds", after[i].commit_s - before[i].commit_s);
        bench_put(group, "cpu_seconds", after[i].cpu_s - before[i].cpu_s);
        bench_put(group, "cpu_us_per_update", (after[i].cpu_s - before[i].cpu_s) * 1e6 / leases);
        bench_put(group, "rss_bytes_per_lease",
                  (double)(after[i].anonymous - before[i].anonymous) / leases);
    }
    bench_put_count(out, "fsyncs", fsyncs);
}

static void measure(const struct bench_options *o, uint64_t leases, struct run *run, json_t *out)
{
    struct daemon_figures before[2], after[2], last;
    struct daemon_pair p;
    double seconds, durable_s;
    daemon_pair_init(&p, o, leases);
    for (int i = 0; i < 2; i++)
        daemon_relate(&p, i, false);
    daemon_pair_settle(&p);
    for (int i = 0; i < 2; i++)
        before[i] = daemon_figures(&p.side[i]);
    seconds = report_all(&p, &durable_s);
    for (int i = 0; i < 2; i++)
        after[i] = daemon_figures(&p.side[i]);
    run->new_per_second = (double)leases / seconds;
    run->durable_per_second = (double)leases / durable_s;
    put_effort(out, &p, before, after);
    run->renewed_per_second = (double)leases / report_all(&p, &durable_s);
    measure_latency(&p, o->quick ? 20 : LATENCIES, out);
    last = daemon_figures(&p.side[0]);
    run->rss_per_lease = (double)(last.anonymous - before[0].anonymous) / (double)leases;
    daemon_pair_fini(&p);
}

static void put_run(json_t *out, uint64_t leases, const struct run *run)
{
    bench_put_count(out, "leases", leases);
    bench_put(out, "updates_per_second", run->new_per_second);
    bench_put(out, "renewals_per_second", run->renewed_per_second);
    bench_put(out, "durable_here_per_second", run->durable_per_second);
    bench_put(out, "rss_bytes_per_lease", run->rss_per_lease);
}

void bench_pair(const struct bench_options *o, const json_t *machine, json_t *out)
{
    uint64_t most = o->leases != 0 ? o->leases : o->quick ? 9000 : 300000;
    struct run runs[SIZES], *largest = &runs[SIZES - 1];
    for (int i = 0; i < SIZES; i++) { /* a ninth, a third, all */
        uint64_t leases = i == 0 ? most / 9 : i == 1 ? most / 3 : most;
        char name[32];
        json_t *group;
        snprintf(name, sizeof name, "leases_%lu", (unsigned long)leases);
        group = bench_put_group(out, name);
        measure(o, leases, &runs[i], group);
        put_run(group, leases, &runs[i]);
    }
    bench_put_ratio(out, "ratio_to_lmdb_puts", largest->new_per_second,
                    bench_get(machine, "lmdb_puts_per_second"));
    bench_put_ratio(out, "ratio_to_tls_loopback", largest->new_per_second * WIRE_BYTES / 1e6,
                    bench_get(machine, "tls_loopback_mb_per_second"));
    bench_put(out, "cost_per_update_largest_to_smallest",
              runs[0].new_per_second / largest->new_per_second);
    bench_put_floor(out, "floor_updates_per_second", largest->new_per_second, FLOOR_RATE, false);
    bench_put_floor(out, "floor_rss_bytes_per_lease", largest->rss_per_lease, FLOOR_RSS, true);
}
