#include "run_rig.h"

#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <criterion/criterion.h>

#include "fo/run/clock.h"

static void on_log(void *context, enum fo_notice_level level, const char *line)
{
    struct node *node = context;
    size_t used = strlen(node->log);

    snprintf(node->log + used, sizeof node->log - used, "%d %s\n", level, line);
}
static void on_applied(void *context, const struct fo_binding *b)
{
    struct node *node = context;

    node->applied++;
    node->last_applied = *b;
    node->last_applied.client.id = NULL;
}
static void on_durable(void *context, uint64_t token)
{
    struct node *node = context;

    node->durable++;
    node->last_durable = token;
}
static void on_acked(void *context, uint64_t token)
{
    struct node *node = context;

    node->acked++;
    node->last_acked = token;
}

uint16_t free_port(unsigned host)
{
    struct sockaddr_in name = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(LOOPBACK(host))};
    socklen_t length = sizeof name;
    int fd = socket(AF_INET, SOCK_STREAM, 0);

    cr_assert_eq(bind(fd, (struct sockaddr *)&name, sizeof name), 0);
    cr_assert_eq(getsockname(fd, (struct sockaddr *)&name, &length), 0);
    close(fd);
    return ntohs(name.sin_port);
}

struct set_up {
    struct fo_relationship relationship;
    struct fo_scope scope;
    int done; /* 1, or the error */
};

static void set_up_server(void *context, struct fo_server *s, struct fo_now now,
                          struct fo_outbox *out)
{
    struct set_up *u = context;
    char why[256] = "";

    cr_assert_eq(fo_server_scope_create(s, &u->scope, why, sizeof why), ERROR_SUCCESS, "%s", why);
    cr_assert_eq(fo_server_relationship_create(s, &u->relationship, FO_BIRTH_VIRGIN, now, out, why,
                                               sizeof why),
                 ERROR_SUCCESS, "%s", why);
}
static void set_up_done(void *context, int rc)
{
    struct set_up *u = context;

    u->done = rc == FO_OK ? 1 : rc;
}

static void start(struct run_rig *rig, struct node *node, const struct run_rig_options *options)
{
    bool primary = node == &rig->alpha;
    const struct fo_listen listen = {.address = primary ? LOOPBACK(1) : LOOPBACK(2),
                                     .port = primary ? rig->alpha_port : rig->beta_port};
    struct fo_run_options run = {
        .store = fo_store_mem_new(),
        .listen = &listen,
        .listen_count = 1,
        .tls = primary ? options->alpha_tls : options->beta_tls,
        .limits = options->limits,
        .server = {.startup_s = 1, .redial_s = 1},
        .log = on_log,
        .applied = on_applied,
        .durable = on_durable,
        .acked = on_acked,
        .context = node,
        .base = rig->base,
        .clock_offset_s = primary ? 0 : options->beta_clock_offset_s,
    };
    struct set_up u = {.scope = {.subnet = SUBNET, .mask = 0xffffff00u}};
    fo_ipv4_t subnet = SUBNET;
    char why[256];

    node->store = run.store;
    cr_assert_eq(fo_run_new(&run, &node->run, why, sizeof why), FO_OK, "%s", why);

    cr_assert_eq(
        fo_scope_add_range(&u.scope, (struct fo_range){SUBNET + 1, SUBNET + 100}, why, sizeof why),
        ERROR_SUCCESS);
    fo_relationship_init(&u.relationship);
    snprintf(u.relationship.name, sizeof u.relationship.name, PAIR);
    u.relationship.role = primary ? FO_ROLE_PRIMARY : FO_ROLE_SECONDARY;
    u.relationship.primary_server = LOOPBACK(1);
    u.relationship.secondary_server = LOOPBACK(2);
    u.relationship.partner_port = primary ? rig->beta_port : rig->alpha_port;
    u.relationship.tls = options->tls;
    if (options->secret != NULL)
        snprintf(u.relationship.shared_secret, FO_SECRET_MAX, "%s", options->secret);
    if (primary && options->alpha_calls_beta != NULL)
        snprintf(u.relationship.secondary_server_name, FO_HOST_NAME_MAX, "%s",
                 options->alpha_calls_beta);
    cr_assert_eq(fo_relationship_add_scopes(&u.relationship, &subnet, 1), FO_OK);
    cr_assert_eq(fo_run_submit(node->run, set_up_server, set_up_done, &u), FO_OK);
    while (u.done == 0)
        event_base_loop(rig->base, EVLOOP_ONCE);
    cr_assert_eq(u.done, 1);
    fo_relationship_fini(&u.relationship);
    fo_scope_fini(&u.scope);
}

void run_rig_init(struct run_rig *rig, const struct run_rig_options *options)
{
    static const struct run_rig_options plain;

    signal(SIGPIPE, SIG_IGN);
    memset(rig, 0, sizeof *rig);
    rig->base = event_base_new();
    rig->alpha_port = free_port(1);
    rig->beta_port = free_port(2);
    start(rig, &rig->alpha, options != NULL ? options : &plain);
    start(rig, &rig->beta, options != NULL ? options : &plain);
}

void run_rig_restart_alpha(struct run_rig *rig)
{
    static const struct run_rig_options plain;

    start(rig, &rig->alpha, &plain);
}

void run_rig_fini(struct run_rig *rig)
{
    fo_run_free(rig->alpha.run);
    fo_run_free(rig->beta.run);
    event_base_free(rig->base);
}

static void turn(struct run_rig *rig)
{
    const struct timeval moment = {.tv_usec = 10000};

    event_base_loopexit(rig->base, &moment);
    event_base_loop(rig->base, EVLOOP_ONCE);
}

void run_rig_until(struct run_rig *rig, bool (*reached)(struct run_rig *rig), unsigned seconds)
{
    uint64_t limit = fo_run_clock_us() + seconds * 1000000u;

    while (!reached(rig)) {
        cr_assert_lt(fo_run_clock_us(), limit, "not reached; alpha:\n%sbeta:\n%s", rig->alpha.log,
                     rig->beta.log);
        turn(rig);
    }
}

void run_rig_turns(struct run_rig *rig, unsigned ms)
{
    uint64_t limit = fo_run_clock_us() + ms * 1000u;

    while (fo_run_clock_us() < limit)
        turn(rig);
}

struct fo_endpoint_status status_of(struct node *node)
{
    struct fo_endpoint_status status;

    cr_assert_eq(fo_server_status(fo_run_server(node->run), PAIR, fo_run_now(node->run), &status),
                 FO_OK);
    return status;
}

bool is_state(struct node *node, enum fo_state state)
{
    return status_of(node).state == state;
}

bool both_normal(struct run_rig *rig)
{
    return is_state(&rig->alpha, FO_STATE_NORMAL) && is_state(&rig->beta, FO_STATE_NORMAL);
}

int grant(struct node *node, fo_ipv4_t address, uint8_t n, uint64_t token)
{
    struct fo_event event = {.kind = FO_EVENT_REPORT};
    const uint8_t hw[7] = {1, 2, 0, 0, 0, 0, n};

    event.report.kind = FO_REPORT_GRANT;
    event.report.address = address;
    memcpy(event.report.client.hw, hw, sizeof hw);
    event.report.client.hw_length = sizeof hw;
    event.report.lease_end = fo_utc_add(fo_run_now(node->run).utc, 3600);
    event.report.desired_s = 3600;
    event.report.token = token;
    return fo_run_post(node->run, &event);
}
