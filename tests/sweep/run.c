/* The scenes of the runtime: two servers in one loop, under a clock that the test turns. Whatever
 * fails: what was refused can be asked for again, and the two come to NORMAL with every lease that
 * was taken in at both. SWEEP_LOG=1 prints what they say. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>

#include "fo/run/clock.h"
#include "fo/run/run_private.h"
#include "state/store_mem.h"
#include "tests/sweep/sweep.h"

#define LOOPBACK(n) (0x7f000000u + (n))
#define SUBNET      0x0a000000u
#define PAIR        "pair"
#define LEASES      4
#define TURNS       6 /* of the loop, after each step of the clock */

struct node {
    struct fo_run *run;
    bool set_up;
    unsigned durable[LEASES]; /* how often a lease was told to be */
};

struct scene {
    struct event_base *base;
    struct node node[2];
    uint16_t port[2];
    bool tls, taken_in[LEASES];
    int opened; /* what fo_run_new answered */
    char why[256];
};

/* --- the clock ----------------------------------------------------------------------------------
 */

static uint64_t now_us = 1000000000u;

uint64_t fo_run_clock_us(void)
{
    return now_us;
}

struct fo_now fo_run_clock_now(int32_t offset_s)
{
    return (struct fo_now){
        .mono = {(int64_t)(now_us / 1000u)},
        .utc = fo_utc((uint32_t)(1700000000u + now_us / 1000000u) + (uint32_t)offset_s)};
}

uint64_t fo_run_clock_utc_ms(int32_t offset_s)
{
    return ((uint64_t)1700000000u + (uint64_t)(int64_t)offset_s) * 1000u + now_us / 1000u;
}

static void due(struct event *e)
{
    if (event_pending(e, EV_TIMEOUT, NULL))
        event_active(e, EV_TIMEOUT, 0);
}

/* What waits for a moment gets it: timers of libevent run by a clock of their own. */
static void wake(struct fo_run *r, bool links_too)
{
    struct fo_conn *c, *next;
    due(r->tick);
    due(r->probe);
    for (c = TAILQ_FIRST(&r->conns.all); links_too && c != NULL; c = next) {
        next = TAILQ_NEXT(c, in_all);
        due(&c->deadline);
    }
}

static void pass(struct scene *s, unsigned seconds)
{
    for (unsigned t = 1; t <= seconds; t++) {
        now_us += 1000000;
        for (int i = 0; i < 2; i++)
            if (s->node[i].run != NULL)
                wake(s->node[i].run, t % 16 == 0);
        for (int turn = 0; turn < TURNS; turn++)
            event_base_loop(s->base, EVLOOP_NONBLOCK);
    }
}

/* --- two servers --------------------------------------------------------------------------------
 */

static const char *certificates; /* the directory */

static struct fo_tls_files files_of(int i, char paths[3][128])
{
    const char *name = i == 0 ? "alpha" : "beta";
    (void)snprintf(paths[0], 128, "%s/ca.pem", certificates);
    (void)snprintf(paths[1], 128, "%s/%s.pem", certificates, name);
    (void)snprintf(paths[2], 128, "%s/%s.key", certificates, name);
    return (struct fo_tls_files){paths[0], paths[1], paths[2]};
}

static void on_log(void *context, enum fo_notice_level level, const char *line)
{
    (void)context;
    (void)level;
    if (getenv("SWEEP_LOG") != NULL)
        fprintf(stderr, "%s\n", line);
}

static void on_durable(void *context, uint64_t token)
{
    struct node *node = context;
    node->durable[token - 1]++;
}

static void open_node(struct scene *s, int i)
{
    char paths[3][128];
    const struct fo_tls_files files = files_of(i, paths);
    const struct fo_listen listen = {.address = LOOPBACK(1 + (unsigned)i), .port = s->port[i]};
    struct fo_run_options options = {
        .store = fo_store_mem_new(),
        .listen = &listen,
        .listen_count = 1,
        .tls = s->tls ? &files : NULL,
        .server = {.startup_s = 1, .redial_s = 1},
        .log = on_log,
        .durable = on_durable,
        .context = &s->node[i],
        .base = s->base,
    };
    s->opened = fo_run_new(&options, &s->node[i].run, s->why, sizeof s->why);
    if (s->opened != FO_OK)
        fo_store_free(options.store);
    else
        s->port[i] = fo_run_port(s->node[i].run, 0);
}

static void set_up(void *context, struct fo_server *server, struct fo_now now,
                   struct fo_outbox *out)
{
    struct scene *s = context;
    int i = server == s->node[1].run->server;
    static fo_ipv4_t scopes[1] = {SUBNET};
    struct fo_range range = {SUBNET + 1, SUBNET + 20};
    struct fo_scope scope = {
        .subnet = SUBNET, .mask = 0xffffff00u, .ranges = &range, .range_count = 1};
    struct fo_relationship r;
    fo_relationship_init(&r);
    (void)snprintf(r.name, sizeof r.name, PAIR);
    r.role = i == 0 ? FO_ROLE_PRIMARY : FO_ROLE_SECONDARY;
    r.primary_server = LOOPBACK(1);
    r.secondary_server = LOOPBACK(2);
    r.partner_port = s->port[1 - i];
    r.tls = s->tls ? FO_TLS_REQUIRED : FO_TLS_OFF;
    r.scopes = scopes;
    r.scope_count = 1;
    if (fo_server_scope_create(server, &scope, NULL, 0) != ERROR_SUCCESS ||
        fo_server_relationship_create(server, &r, FO_BIRTH_VIRGIN, now, out, NULL, 0) !=
            ERROR_SUCCESS)
        abort();
}

/* One change and its answer; what is refused is asked again by the judge. */
static void set_up_node(struct scene *s, int i)
{
    struct node *node = &s->node[i];
    if (node->set_up || fo_run_submit(node->run, set_up, NULL, s) != FO_OK)
        return;
    pass(s, 1);
    node->set_up = fo_server_relationship_count(node->run->server) == 1;
}

static void report(struct scene *s, unsigned n)
{
    struct fo_event e = {.kind = FO_EVENT_REPORT};
    uint8_t id[40] = {(uint8_t)n};
    e.report.kind = FO_REPORT_GRANT;
    e.report.address = SUBNET + 1 + n;
    e.report.client = (struct fo_client){.id = id, .id_length = sizeof id};
    e.report.client.hw[0] = 1;
    e.report.client.hw[6] = (uint8_t)n;
    e.report.client.hw_length = 7;
    e.report.lease_end = fo_utc_add(fo_run_clock_now(0).utc, 36000);
    e.report.desired_s = 36000;
    e.report.token = n + 1;
    s->taken_in[n] = fo_run_post(s->node[0].run, &e) == FO_OK;
}

/* --- scenes -------------------------------------------------------------------------------------
 */

static struct scene *scene(bool tls)
{
    struct scene *s = calloc(1, sizeof *s);
    s->tls = tls;
    s->base = event_base_new();
    return s;
}

static void *both_open(bool tls)
{
    struct scene *s = scene(tls);
    open_node(s, 0);
    open_node(s, 1);
    if (s->node[0].run == NULL || s->node[1].run == NULL)
        abort();
    return s;
}

static void *plain(void)
{
    return both_open(false);
}

static void *with_tls(void)
{
    return both_open(true);
}

static void *nothing(void)
{
    return scene(true);
}

static void open_one(void *context)
{
    open_node(context, 0);
}

static void meet(void *context)
{
    struct scene *s = context;
    set_up_node(s, 0);
    set_up_node(s, 1);
    pass(s, 8);
    for (unsigned n = 0; n < LEASES; n++)
        report(s, n);
    pass(s, 4);
}

static bool normal(struct node *node)
{
    struct fo_endpoint_status st;
    return fo_server_status(node->run->server, PAIR, fo_run_now(node->run), &st) == FO_OK &&
           st.state == FO_STATE_NORMAL;
}

static bool holds(struct node *node, unsigned n)
{
    struct fo_binding b = {0};
    return fo_lease_db_get(fo_server_leases(node->run->server), SUBNET + 1 + n, &b) == FO_OK &&
           b.status == FO_STATUS_ACTIVE && b.client.hw[6] == n;
}

static const char *judge_meeting(void *context)
{
    struct scene *s = context;
    for (int i = 0; i < 2; i++) {
        set_up_node(s, i);
        if (!s->node[i].set_up)
            return "what was refused once is refused again";
    }
    for (unsigned t = 0; t < 240 && !(normal(&s->node[0]) && normal(&s->node[1])); t += 4)
        pass(s, 4);
    if (!normal(&s->node[0]) || !normal(&s->node[1]))
        return "the two are not in NORMAL after four minutes";
    pass(s, 20);
    for (unsigned n = 0; n < LEASES; n++) {
        if (s->node[0].durable[n] > 1)
            return "a lease was told twice to be on disk";
        if (s->node[0].durable[n] == 1 && (!holds(&s->node[0], n) || !holds(&s->node[1], n)))
            return "a lease that was told to be on disk is gone";
    }
    report(s, 0);
    pass(s, 20);
    return holds(&s->node[0], 0) && holds(&s->node[1], 0) ? NULL : "no lease gets through any more";
}

/* Refused with a sentence, nothing kept; and the next try works. */
static const char *judge_opening(void *context)
{
    struct scene *s = context;
    if (s->opened == FO_OK)
        return NULL;
    if (s->node[0].run != NULL || s->why[0] == '\0')
        return "refused without a word, or not wholly";
    open_node(s, 0);
    return s->opened == FO_OK ? NULL : "it cannot be opened afterwards";
}

static void clear(void *context)
{
    struct scene *s = context;
    fo_run_free(s->node[0].run);
    fo_run_free(s->node[1].run);
    event_base_free(s->base);
    free(s);
}

const struct sweep_scene sweep_open = {
    "open", nothing, open_one, judge_opening, clear, 1u << STRIKE_MEMORY | 1u << STRIKE_TLS};
const struct sweep_scene sweep_link = {"link",        plain, meet,
                                       judge_meeting, clear, 1u << STRIKE_MEMORY};
const struct sweep_scene sweep_upgrade = {
    "upgrade", with_tls, meet, judge_meeting, clear, 1u << STRIKE_MEMORY | 1u << STRIKE_TLS};

const struct sweep_scene *const sweep_scenes[] = {&sweep_open, &sweep_link, &sweep_upgrade,
                                                  &sweep_door, NULL};

void sweep_begin(const char *argument)
{
    certificates = argument;
    (void)signal(SIGPIPE, SIG_IGN);
    strike_libraries();
}
