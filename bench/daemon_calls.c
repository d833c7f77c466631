/* What the benchmarks say to fod through its management service. */
#include <stdlib.h>
#include <unistd.h>

#include "bench/daemon.h"

#define SETTLE_LIMIT_S 120
#define POLL_US        2000

Mgmt__Reply *daemon_ask(struct fo_mgmt_client *c, Mgmt__Request *request, const char *what)
{
    Mgmt__Reply *reply;
    if (fo_mgmt_call(c, request, &reply) != FO_OK)
        daemon_fail(what, fo_mgmt_trouble(c));
    if (reply->code != 0)
        bench_fail("%s: %u %s", what, reply->code, reply->sentence);
    return reply;
}

static void tell(struct fo_mgmt_client *c, Mgmt__Request *request, const char *what)
{
    mgmt__reply__free_unpacked(daemon_ask(c, request, what), NULL);
}

void daemon_make_scopes(struct daemon_pair *p, int side)
{
    for (uint32_t i = 0; i < lease_scope_count(p->leases); i++) {
        Mgmt__Request request = MGMT__REQUEST__INIT;
        Mgmt__Scope scope;
        Mgmt__Range range = MGMT__RANGE__INIT, *ranges[1] = {&range};
        struct fo_range r;
        struct fo_scope s = lease_scope(i, &r);
        mgmt__scope__init(&scope);
        range.first = r.first;
        range.last = r.last;
        scope.subnet = s.subnet;
        scope.mask = s.mask;
        scope.n_ranges = 1;
        scope.ranges = ranges;
        request.call_case = MGMT__REQUEST__CALL_SCOPE_CREATE;
        request.scope_create = &scope;
        tell(p->side[side].client, &request, "scope_create");
    }
}

/* Hot standby without a share for the secondary: no addresses move between the pools, so that what
 * is counted is leases alone. */
void daemon_relate(struct daemon_pair *p, int side, bool lost)
{
    Mgmt__Request request = MGMT__REQUEST__INIT;
    Mgmt__Relationship r;
    fo_ipv4_t subnets[FO_SCOPES_PER_CALL_MAX];
    mgmt__relationship__init(&r);
    r.name = (char *)(uintptr_t)DAEMON_RELATIONSHIP;
    r.role = side == 0 ? MGMT__ROLE__PRIMARY : MGMT__ROLE__SECONDARY;
    r.primary_server = 0x7f000001u;
    r.secondary_server = 0x7f000002u;
    r.mode = MGMT__MODE__HOT_STANDBY;
    r.mclt_s = p->mclt_s;
    r.tls = MGMT__TLS__REQUIRED;
    r.partner_port = p->side[0].port;
    r.lost_storage = lost;
    r.n_scopes = lease_scope_count(p->leases);
    r.scopes = subnets;
    for (uint32_t i = 0; i < r.n_scopes; i++)
        subnets[i] = lease_subnet(i);
    request.call_case = MGMT__REQUEST__CALL_RELATIONSHIP_CREATE;
    request.relationship_create = &r;
    tell(p->side[side].client, &request, "relationship_create");
}

/* --- looking
 * --------------------------------------------------------------------------------------- */

struct daemon_status daemon_status(const struct daemon *d)
{
    Mgmt__Request request = MGMT__REQUEST__INIT;
    Mgmt__Name name;
    struct daemon_status status;
    Mgmt__Reply *reply;
    mgmt__name__init(&name);
    name.name = (char *)(uintptr_t)DAEMON_RELATIONSHIP;
    request.call_case = MGMT__REQUEST__CALL_STATUS_GET;
    request.status_get = &name;
    reply = daemon_ask(d->client, &request, "status_get");
    status = (struct daemon_status){
        .state = reply->status->state,
        .acked = reply->status->bndack_received,
        .received = reply->status->bndupd_received,
        .waiting = reply->status->queued + reply->status->unacked,
        .resync_receiving = reply->status->resync_receiving,
    };
    mgmt__reply__free_unpacked(reply, NULL);
    return status;
}

struct daemon_figures daemon_figures(const struct daemon *d)
{
    Mgmt__Request request = MGMT__REQUEST__INIT;
    Mgmt__Nothing nothing = MGMT__NOTHING__INIT;
    struct daemon_figures f;
    Mgmt__Reply *reply;
    request.call_case = MGMT__REQUEST__CALL_SERVER_GET;
    request.server_get = &nothing;
    reply = daemon_ask(d->client, &request, "server_get");
    f = (struct daemon_figures){
        .commits = reply->server->commits,
        .leases = reply->server->lease_count,
        .commit_s = (double)reply->server->commit_us_total / 1e6,
        .cpu_s = bench_cpu_seconds(d->pid),
        .anonymous = bench_anonymous_bytes(d->pid),
    };
    mgmt__reply__free_unpacked(reply, NULL);
    return f;
}

void daemon_pair_settle(struct daemon_pair *p)
{
    uint64_t start = bench_now_ns();
    for (;;) {
        struct daemon_status a = daemon_status(&p->side[0]), b = daemon_status(&p->side[1]);
        if (a.state == MGMT__STATE__NORMAL && b.state == MGMT__STATE__NORMAL && a.waiting == 0 &&
            b.waiting == 0)
            return;
        if (bench_seconds_since(start) > SETTLE_LIMIT_S)
            bench_fail("the pair is not in NORMAL after %d s (states %d, %d)", SETTLE_LIMIT_S,
                       a.state, b.state);
        usleep(POLL_US);
    }
}

bool daemon_partner_has(const struct daemon *d, uint64_t n)
{
    Mgmt__Request request = MGMT__REQUEST__INIT;
    Mgmt__LeaseSearch search = MGMT__LEASE_SEARCH__INIT;
    Mgmt__Reply *reply;
    bool has;
    search.key_case = MGMT__LEASE_SEARCH__KEY_ADDRESS;
    search.address = lease_address(n);
    request.call_case = MGMT__REQUEST__CALL_LEASE_GET;
    request.lease_get = &search;
    reply = daemon_ask(d->client, &request, "lease_get");
    has = reply->lease->partner_has_it;
    mgmt__reply__free_unpacked(reply, NULL);
    return has;
}

/* --- leases in bulk
 * -------------------------------------------------------------------------------- */

struct daemon_series daemon_in_order(uint64_t total)
{
    return (struct daemon_series){0, total, 1, total};
}

static uint64_t common_divisor(uint64_t a, uint64_t b)
{
    return b == 0 ? a : common_divisor(b, a % b);
}

/* The golden section spreads them; without a common divisor each comes up once. */
struct daemon_series daemon_far_apart(uint64_t total)
{
    uint64_t stride = (uint64_t)((double)total * 0.6180339887) | 1;
    while (common_divisor(stride, total) != 1)
        stride += 2;
    return (struct daemon_series){0, total, stride, total};
}

static void send_many(struct daemon *d, const struct daemon_series *series, uint64_t from,
                      size_t count)
{
    static Mgmt__Lease leases[DAEMON_BULK_MAX], *list[DAEMON_BULK_MAX];
    static uint8_t ids[DAEMON_BULK_MAX][LEASE_ID_LENGTH];
    Mgmt__Request request = MGMT__REQUEST__INIT;
    Mgmt__LeaseMany many = MGMT__LEASE_MANY__INIT;
    uint32_t expires = (uint32_t)time(NULL) + LEASE_LONG_S;
    for (size_t i = 0; i < count; i++) {
        uint64_t n = (series->first + (from + i) * series->stride) % series->total;
        (void)lease_client(n, ids[i]);
        mgmt__lease__init(&leases[i]);
        leases[i].address = lease_address(n);
        leases[i].hardware = (ProtobufCBinaryData){LEASE_ID_LENGTH, ids[i]};
        leases[i].client_id = (ProtobufCBinaryData){LEASE_ID_LENGTH, ids[i]};
        leases[i].expires = expires;
        list[i] = &leases[i];
    }
    many.list = list;
    many.n_list = count;
    many.renew = true;
    request.call_case = MGMT__REQUEST__CALL_LEASE_CREATE_MANY;
    request.lease_create_many = &many;
    if (fo_mgmt_send(d->client, &request) != FO_OK)
        daemon_fail("lease_create_many", fo_mgmt_trouble(d->client));
}

static void receive_many(struct daemon *d)
{
    Mgmt__Reply *reply;
    if (fo_mgmt_receive(d->client, &reply) != FO_OK)
        daemon_fail("lease_create_many", fo_mgmt_trouble(d->client));
    if (reply->code != 0 || reply->lease_codes == NULL)
        bench_fail("lease_create_many: %u %s", reply->code, reply->sentence);
    for (size_t i = 0; i < reply->lease_codes->n_list; i++)
        if (reply->lease_codes->list[i]->code != 0)
            bench_fail("a lease was refused: %u %s", reply->lease_codes->list[i]->code,
                       reply->lease_codes->list[i]->sentence);
    mgmt__reply__free_unpacked(reply, NULL);
}

void daemon_lease_many(struct daemon *d, const struct daemon_series *series, unsigned depth)
{
    uint64_t sent = 0;
    unsigned under_way = 0;
    while (sent < series->count || under_way != 0) {
        uint64_t left = series->count - sent;
        if (left != 0 && under_way < depth) {
            size_t n = left < DAEMON_BULK_MAX ? (size_t)left : DAEMON_BULK_MAX;
            send_many(d, series, sent, n);
            sent += n;
            under_way++;
            continue;
        }
        receive_many(d);
        under_way--;
    }
}
