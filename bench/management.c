/* fobench management: how fast one program makes leases through one connection; and how long the
 * partner's acknowledgement takes, which comes from the server whose management is under load. */
#include <sched.h>
#include <stdlib.h>
#include <unistd.h>

#include "bench/histogram.h"
#include "bench/load.h"

#define DEPTH        1024 /* calls under way on the one connection */
#define BULK_DEPTH   32
#define SINGLE       200000
#define READERS      200
#define RATE         1000
#define EXTRA        5000
#define STRANGERS    10000
#define POLL_US      100
#define FLOOR_RATE   50000
#define FLOOR_ACK_US 10000
#define MCLT_S       3600 /* leases end with it at first: none is extended while this runs */

/* --- one connection, one lease a call -----------------------------------------------------------
 */

static void send_one(struct fo_mgmt_client *c, uint64_t n, uint32_t expires)
{
    Mgmt__Request q = MGMT__REQUEST__INIT;
    Mgmt__Lease m = MGMT__LEASE__INIT;
    uint8_t id[LEASE_ID_LENGTH];
    (void)lease_client(n, id);
    m.address = lease_address(n);
    m.hardware = m.client_id = (ProtobufCBinaryData){LEASE_ID_LENGTH, id};
    m.expires = expires;
    q.call_case = MGMT__REQUEST__CALL_LEASE_CREATE;
    q.lease_create = &m;
    if (fo_mgmt_send(c, &q) != FO_OK)
        daemon_fail("lease_create", fo_mgmt_trouble(c));
}

static void receive_one(struct fo_mgmt_client *c)
{
    Mgmt__Reply *reply;
    if (fo_mgmt_receive(c, &reply) != FO_OK)
        daemon_fail("lease_create", fo_mgmt_trouble(c));
    if (reply->code != 0)
        bench_fail("lease_create: %u %s", reply->code, reply->sentence);
    mgmt__reply__free_unpacked(reply, NULL);
}

/* Leases 0 to |count| - 1; returns how many a second were durable. */
static double create(struct daemon *d, uint64_t count)
{
    uint32_t expires = (uint32_t)time(NULL) + LEASE_LONG_S;
    uint64_t start = bench_now_ns(), sent = 0, answered = 0;
    while (answered < count) {
        while (sent < count && sent - answered < DEPTH)
            send_one(d->client, sent++, expires);
        for (unsigned i = 0; i < DEPTH / 2 && answered < sent; i++, answered++)
            receive_one(d->client);
    }
    return (double)count / bench_seconds_since(start);
}

/* --- the partner's acknowledgement -------------------------------------------------------------
 */

/* The server under load has the last processor to itself, as on a machine of its own; its partner and
 * all that ask share the others. Where there is one processor everything shares it. */
static void keep_apart(const struct daemon_pair *p)
{
    int last = (int)sysconf(_SC_NPROCESSORS_ONLN) - 1;
    cpu_set_t its_own, others;
    CPU_ZERO(&its_own);
    CPU_ZERO(&others);
    CPU_SET((size_t)last, &its_own);
    for (int i = 0; i < last; i++)
        CPU_SET((size_t)i, &others);
    if (last == 0)
        return;
    (void)sched_setaffinity(p->side[1].pid, sizeof its_own, &its_own);
    (void)sched_setaffinity(p->side[0].pid, sizeof others, &others);
    (void)sched_setaffinity(0, sizeof others, &others);
}

/* Reports single leases to the primary for |seconds|, one after the other; the secondary, whose
 * management is under load, has to acknowledge each. */
static double measure_acks(struct daemon_pair *p, double seconds, json_t *out)
{
    static struct histogram acked;
    uint64_t began = bench_now_ns();
    acked = (struct histogram){0};
    for (uint64_t n = 0; bench_seconds_since(began) < seconds; n = (n + 7) % p->leases) {
        const struct daemon_series one = {n, 1, 1, p->leases};
        uint64_t start;
        daemon_lease_many(&p->side[0], &one, 1); /* durable here: what is left is the partner's */
        start = bench_now_ns();
        while (!daemon_partner_has(&p->side[0], n))
            usleep(POLL_US);
        histogram_add(&acked, bench_now_ns() - start);
        usleep(2000);
    }
    bench_put_count(out, "acknowledgements", acked.count);
    bench_put(out, "ack_p50_us", (double)histogram_percentile(&acked, 50) / 1e3);
    bench_put(out, "ack_p99_us", (double)histogram_percentile(&acked, 99) / 1e3);
    return bench_get(out, "ack_p99_us");
}

void bench_management(const struct bench_options *o, const json_t *machine, json_t *out)
{
    uint64_t steady = o->leases != 0 ? o->leases : o->quick ? 5000 : 1000000;
    uint64_t single = steady < SINGLE ? steady : SINGLE;
    double seconds = o->quick ? 1 : 15, rate, alone, read, flooded;
    const struct daemon_series rest = {single, steady - single, 1, steady};
    struct load *load;
    struct daemon_pair p;
    json_t *group;
    daemon_pair_init(&p, o, steady + EXTRA);
    p.mclt_s = MCLT_S;
    for (int i = 0; i < 2; i++)
        daemon_relate(&p, i, false);
    daemon_pair_settle(&p);
    rate = create(&p.side[0], single);
    daemon_lease_many(&p.side[0], &rest, BULK_DEPTH);
    daemon_pair_settle(&p);
    p.leases = steady; /* the rest of the addresses belongs to those who come and go */

    keep_apart(&p);
    alone = measure_acks(&p, seconds, bench_put_group(out, "alone"));
    group = bench_put_group(out, "readers_a_walk_and_changes");
    load = load_start(&p.side[1], &p.side[0], o->quick ? 20 : READERS, steady, EXTRA, RATE);
    read = measure_acks(&p, seconds, group);
    load_stop(load, group);
    group = bench_put_group(out, "strangers");
    load = load_strangers(&p.side[1], o->quick ? 500 : STRANGERS);
    flooded = measure_acks(&p, seconds, group);
    load_stop(load, group);
    (void)daemon_figures(&p.side[1]); /* who was connected is still served */
    daemon_pair_fini(&p);

    bench_put(out, "creates_per_second", rate);
    bench_put_ratio(out, "ratio_to_lmdb_puts", rate, bench_get(machine, "lmdb_puts_per_second"));
    bench_put_ratio(out, "ack_p99_under_readers_to_alone", read, alone);
    bench_put_ratio(out, "ack_p99_under_strangers_to_alone", flooded, alone);
    bench_put_floor(out, "floor_creates_per_second", rate, FLOOR_RATE, false);
    bench_put_floor(out, "floor_ack_p99_us", read > flooded ? read : flooded, FLOOR_ACK_US, true);
}
