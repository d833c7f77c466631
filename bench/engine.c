/* fobench engine: what the engine and two stores manage in one thread, when nothing else is in the
 * way. `fobench pair` shows what is left of it with processes, sockets, TLS and management. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench/engine_pair.h"
#include "bench/histogram.h"

#define REPORTS_PER_TURN 20000 /* at most; what gathers while a commit runs */
#define UNACKED_MAX      40000 /* reports under way before the reporter waits */
#define SIZES            3

/* Reports lease |n| for the first time or once more; |*id| is borrowed by it. */
static struct fo_report report_of(const struct pair *p, uint64_t n, uint8_t id[LEASE_ID_LENGTH])
{
    struct fo_report r = {.kind = FO_REPORT_GRANT, .address = lease_address(n), .token = n + 1};
    r.client = lease_client(n, id);
    r.desired_s = LEASE_LONG_S;
    r.lease_end = fo_utc_add(pair_now(p).utc, LEASE_LONG_S);
    return r;
}

/* Reports leases [0, count) and waits until the partner has acknowledged the last. */
static double report_all(struct pair *p, uint64_t count)
{
    static struct fo_report reports[REPORTS_PER_TURN];
    static uint8_t ids[REPORTS_PER_TURN][LEASE_ID_LENGTH];
    uint64_t start = bench_now_ns(), first_acked = p->side[0].acked, reported = 0;
    while (p->side[0].acked - first_acked < count) {
        size_t n = 0;
        while (n < REPORTS_PER_TURN && reported < count &&
               reported - (p->side[0].acked - first_acked) < UNACKED_MAX) {
            reports[n] = report_of(p, reported++, ids[n]);
            n++;
        }
        pair_turn(p, 0, reports, n);
        pair_turn(p, 1, NULL, 0);
        p->now_ms++;
    }
    return bench_seconds_since(start);
}

/* One report at a time: until the partner has it, with both commits on the way. */
static void measure_latency(struct pair *p, unsigned count, json_t *out)
{
    static struct histogram h;
    h = (struct histogram){0};
    for (unsigned n = 0; n < count; n++) {
        uint8_t id[LEASE_ID_LENGTH];
        struct fo_report r = report_of(p, n, id);
        uint64_t start = bench_now_ns(), acked = p->side[0].acked;
        while (p->side[0].acked == acked) {
            pair_turn(p, 0, &r, r.token != 0);
            r.token = 0;
            pair_turn(p, 1, NULL, 0);
            p->now_ms++;
        }
        histogram_add(&h, bench_now_ns() - start);
    }
    bench_put(out, "ack_p50_us", (double)histogram_percentile(&h, 50) / 1e3);
    bench_put(out, "ack_p99_us", (double)histogram_percentile(&h, 99) / 1e3);
}

static bool secondary_has_all(struct pair *p)
{
    struct fo_endpoint_status status = pair_status(p, 1);
    return fo_lease_db_size(fo_server_leases(p->side[1].server)) >= p->leases &&
           !status.resync_receiving;
}

struct size_figures {
    double new_per_second, renewed_per_second, resync_seconds, restart_seconds;
    double cpu_us[2]; /* per update of the new leases, commits apart */
    double commit_share;
};

static void reset_counters(struct pair *p)
{
    for (int side = 0; side < 2; side++)
        p->side[side].busy_ns = p->side[side].commit_ns = p->side[side].commits = 0;
}

static void take_shares(const struct pair *p, struct size_figures *f)
{
    uint64_t busy = p->side[0].busy_ns + p->side[1].busy_ns;
    uint64_t commits = p->side[0].commit_ns + p->side[1].commit_ns;
    for (int side = 0; side < 2; side++)
        f->cpu_us[side] =
            (double)(p->side[side].busy_ns - p->side[side].commit_ns) / 1e3 / (double)p->leases;
    f->commit_share = (double)commits / (double)busy;
}

static void measure_size(const char *place, uint64_t leases, struct size_figures *f, json_t *out)
{
    struct pair p;
    uint64_t start;
    pair_init(&p, place, leases);
    for (int side = 0; side < 2; side++)
        pair_relate(&p, side, false);
    pair_until(&p, pair_both_normal, "NORMAL on both sides");
    reset_counters(&p);
    f->new_per_second = (double)leases / report_all(&p, leases);
    take_shares(&p, f);
    bench_put_count(out, "fsyncs", p.side[0].commits + p.side[1].commits);
    f->renewed_per_second = (double)leases / report_all(&p, leases);
    measure_latency(&p, 200, out);
    pair_kill(&p, 1, true);
    pair_relate(&p, 1, true);
    start = bench_now_ns();
    pair_until(&p, secondary_has_all, "a complete secondary");
    f->resync_seconds = bench_seconds_since(start);
    pair_kill(&p, 1, false);
    f->restart_seconds = pair_start(&p, 1);
    pair_fini(&p);
}

static void put_size(json_t *out, uint64_t leases, const struct size_figures *f)
{
    bench_put_count(out, "leases", leases);
    bench_put(out, "updates_per_second", f->new_per_second);
    bench_put(out, "renewals_per_second", f->renewed_per_second);
    bench_put(out, "primary_us_per_update", f->cpu_us[0]);
    bench_put(out, "secondary_us_per_update", f->cpu_us[1]);
    bench_put(out, "share_of_time_in_commits", f->commit_share);
    bench_put_count(out, "resync_leases", leases);
    bench_put(out, "resync_seconds", f->resync_seconds);
    bench_put(out, "restart_seconds", f->restart_seconds);
}

void bench_engine(const struct bench_options *o, const json_t *machine, json_t *out)
{
    uint64_t most = o->leases != 0 ? o->leases : o->quick ? 20000 : 300000;
    static const char *const figures[] = {
        "leases", "updates_per_second", "ack_p50_us",    "ack_p99_us",
        "fsyncs", "resync_leases",      "resync_seconds"};
    struct size_figures f[SIZES];
    json_t *group = NULL;
    for (int i = 0; i < SIZES; i++) { /* a ninth, a third, all */
        uint64_t leases = i == 0 ? most / 9 : i == 1 ? most / 3 : most;
        const char *place = bench_place_make(o);
        char name[32];
        snprintf(name, sizeof name, "leases_%lu", (unsigned long)leases);
        group = bench_put_group(out, name);
        measure_size(place, leases, &f[i], group);
        put_size(group, leases, &f[i]);
        bench_place_remove(place);
    }
    for (size_t i = 0; i < sizeof figures / sizeof figures[0]; i++)
        bench_put_copy(out, group, figures[i]); /* of the largest */
    bench_put_ratio(out, "ratio_to_lmdb_puts", f[SIZES - 1].new_per_second,
                    bench_get(machine, "lmdb_puts_per_second"));
    bench_put(out, "cost_per_update_largest_to_smallest",
              f[0].new_per_second / f[SIZES - 1].new_per_second);
}
