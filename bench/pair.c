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

/* Reports a series and waits until the partner has acknowledged the last of it; returns how long
 * the reports took to be durable here. */
static double report_all(struct daemon_pair *p, const struct daemon_series *series)
{
    struct daemon *primary = &p->side[0];
    uint64_t wanted = daemon_status(primary).acked + series->count;
    uint64_t start = bench_now_ns();
    double durable_s;
    daemon_lease_many(primary, series, DEPTH);
    durable_s = bench_seconds_since(start);
    for (;;) {
        struct daemon_status status = daemon_status(primary);
        if (status.waiting == 0 && status.acked >= wanted)
            return durable_s;
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
        const struct daemon_series one = {n, 1, 1, p->leases};
        uint64_t start = bench_now_ns();
        daemon_lease_many(&p->side[0], &one, 1);
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

/* What it took one server. */
static uint64_t put_effort(json_t *out, const struct daemon_figures *before,
                           const struct daemon_figures *after, uint64_t updates)
{
    uint64_t fsyncs = after->commits - before->commits;
    bench_put_count(out, "fsyncs", fsyncs);
    bench_put(out, "commit_seconds", after->commit_s - before->commit_s);
    bench_put(out, "cpu_seconds", after->cpu_s - before->cpu_s);
    bench_put(out, "cpu_us_per_update", (after->cpu_s - before->cpu_s) * 1e6 / (double)updates);
    return fsyncs;
}

static void measure_series(struct daemon_pair *p, const struct daemon_series *series, json_t *out)
{
    static const char *const sides[2] = {"primary", "secondary"};
    struct daemon_figures before[2], after;
    uint64_t start, fsyncs = 0;
    double seconds, durable_s, cpu_us = 0;
    for (int i = 0; i < 2; i++)
        before[i] = daemon_figures(&p->side[i]);
    start = bench_now_ns();
    durable_s = report_all(p, series);
    seconds = bench_seconds_since(start);
    for (int i = 0; i < 2; i++) {
        json_t *group = bench_put_group(out, sides[i]);
        after = daemon_figures(&p->side[i]);
        fsyncs += put_effort(group, &before[i], &after, series->count);
        cpu_us += bench_get(group, "cpu_us_per_update");
    }
    bench_put(out, "updates_per_second", (double)series->count / seconds);
    bench_put(out, "durable_here_per_second", (double)series->count / durable_s);
    bench_put(out, "cpu_us_per_update", cpu_us);
    bench_put_count(out, "fsyncs", fsyncs);
}

static void measure(const struct bench_options *o, uint64_t leases, json_t *out)
{
    const struct daemon_series in_order = daemon_in_order(leases), apart = daemon_far_apart(leases);
    struct daemon_pair p;
    json_t *fresh = bench_put_group(out, "new");
    uint64_t anonymous;
    daemon_pair_init(&p, o, leases);
    for (int i = 0; i < 2; i++)
        daemon_relate(&p, i, false);
    daemon_pair_settle(&p);
    anonymous = daemon_figures(&p.side[0]).anonymous;
    measure_series(&p, &in_order, fresh);
    measure_series(&p, &in_order, bench_put_group(out, "renewed"));
    measure_series(&p, &apart, bench_put_group(out, "renewed_in_scattered_order"));
    measure_latency(&p, o->quick ? 20 : LATENCIES, out);
    anonymous = daemon_figures(&p.side[0]).anonymous - anonymous;
    bench_put_count(out, "leases", leases);
    bench_put_copy(out, fresh, "updates_per_second");
    bench_put_copy(out, fresh, "cpu_us_per_update");
    bench_put_copy(out, fresh, "fsyncs");
    bench_put(out, "rss_bytes_per_lease", (double)anonymous / (double)leases);
    daemon_pair_fini(&p);
}

void bench_pair(const struct bench_options *o, const json_t *machine, json_t *out)
{
    static const char *const figures[] = {"leases",     "updates_per_second",  "ack_p50_us",
                                          "ack_p99_us", "rss_bytes_per_lease", "fsyncs"};
    uint64_t most = o->leases != 0 ? o->leases : o->quick ? 9000 : 300000;
    double rates[SIZES], cpu_us[SIZES], largest, rss;
    json_t *group = NULL;
    for (int i = 0; i < SIZES; i++) { /* a ninth, a third, all */
        uint64_t leases = i == 0 ? most / 9 : i == 1 ? most / 3 : most;
        char name[32];
        snprintf(name, sizeof name, "leases_%lu", (unsigned long)leases);
        group = bench_put_group(out, name);
        measure(o, leases, group);
        rates[i] = bench_get(group, "updates_per_second");
        cpu_us[i] = bench_get(group, "cpu_us_per_update");
    }
    for (size_t i = 0; i < sizeof figures / sizeof figures[0]; i++)
        bench_put_copy(out, group, figures[i]); /* of the largest */
    largest = rates[SIZES - 1];
    rss = bench_get(group, "rss_bytes_per_lease");
    bench_put_ratio(out, "ratio_to_lmdb_puts", largest, bench_get(machine, "lmdb_puts_per_second"));
    bench_put_ratio(out, "ratio_to_tls_loopback", largest * WIRE_BYTES / 1e6,
                    bench_get(machine, "tls_loopback_mb_per_second"));
    bench_put(out, "cost_per_update_largest_to_smallest", rates[0] / largest);
    bench_put_ratio(out, "cpu_per_update_largest_to_smallest", cpu_us[SIZES - 1], cpu_us[0]);
    bench_put_floor(out, "floor_updates_per_second", largest, FLOOR_RATE, false);
    bench_put_floor(out, "floor_rss_bytes_per_lease", rss, FLOOR_RSS, true);
}
