/* Eight threads ask and report at one engine while another one drains, sets up and looks, and the
 * partner does the same: every token comes back once as durable and then once as acknowledged, and
 * the partner learns every lease. A program of its own, because the thread sanitizer, whose verdict
 * counts most here, does not get on with Criterion. */
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "fo/fo.h"

#define SUBNET      "10.1.0.0"
#define THREADS     8
#define PER_THREAD  100
#define ALL_CLIENTS (THREADS * PER_THREAD)
#define PATIENCE_MS 60000
#define PAUSE_MS    5
#define HOLD_MS     60000 /* a thread may not run for long between its questions */

#define CHECK(condition, ...)                                                                      \
    do {                                                                                           \
        if (!(condition)) {                                                                        \
            fprintf(stderr, "%s:%d: %s: ", __FILE__, __LINE__, #condition);                        \
            fprintf(stderr, __VA_ARGS__);                                                          \
            fprintf(stderr, "\n");                                                                 \
            exit(EXIT_FAILURE);                                                                    \
        }                                                                                          \
    } while (0)

struct side {
    struct fo *fo;
    uint32_t first_client; /* the sides' clients differ, so that both grant at once */
    atomic_uint served;
    unsigned durable[ALL_CLIENTS], acked[ALL_CLIENTS]; /* by token, counted by who drains */
    unsigned durables, ackeds;
    unsigned char learned[ALL_CLIENTS * 2]; /* by client */
    unsigned learned_count;
};
struct worker {
    pthread_t thread;
    struct side *side;
    uint32_t from; /* position of its first client among the side's */
};

/* --- the host's threads ----------------------------------------------------------------------- */

static struct fo_client_key key_of(uint32_t n, uint8_t hw[7])
{
    const uint8_t bytes[7] = {1, 2, 0, 0, 0, (uint8_t)(n >> 8), (uint8_t)n};

    memcpy(hw, bytes, sizeof bytes);
    return (struct fo_client_key){.hw = hw, .hw_length = sizeof bytes};
}

/* Whether client number |position| of |side| was served. */
static int serve(struct side *side, uint32_t position)
{
    uint8_t hw[7];
    const struct fo_client_key client = key_of(side->first_client + position, hw);
    struct fo_lease_report report = {.event = FO_LEASE_GRANTED, .client = client};

    if (fo_may_serve(side->fo, SUBNET, &client, FO_ASKS_NEW, 0) != FO_SERVE ||
        fo_choose(side->fo, SUBNET, &client, 0, HOLD_MS, &report.address) != FO_OK ||
        fo_may_give(side->fo, report.address, &client, NULL, 0) != FO_SERVE)
        return 0;
    report.desired_s = 3600;
    report.lease_end =
        (uint32_t)time(NULL) + fo_lease_time(side->fo, report.address, &client, report.desired_s);
    report.token = position + 1;
    CHECK(fo_report(side->fo, &report) == FO_OK, "client %u", position);
    return 1;
}

static void *serve_clients(void *context)
{
    struct worker *w = context;

    for (uint32_t i = 0; i < PER_THREAD; i++) {
        struct fo_snapshot s;

        if (serve(w->side, w->from + i))
            atomic_fetch_add(&w->side->served, 1);
        CHECK(fo_get_snapshot(w->side->fo, "pair", &s) == FO_OK, "snapshot");
    }
    return NULL;
}

/* --- the thread that drains ------------------------------------------------------------------- */

static void on_durable(void *context, uint64_t token)
{
    struct side *side = context;

    CHECK(++side->durable[token - 1] == 1, "token %llu durable twice", (unsigned long long)token);
    side->durables++;
}

static void on_acked(void *context, uint64_t token)
{
    struct side *side = context;

    CHECK(side->durable[token - 1] == 1, "token %llu acknowledged first",
          (unsigned long long)token);
    CHECK(++side->acked[token - 1] == 1, "token %llu acknowledged twice",
          (unsigned long long)token);
    side->ackeds++;
}

static void apply(void *context, const struct fo_lease *lease)
{
    struct side *side = context;
    const uint8_t *hw = lease->client.hw;
    unsigned client;

    CHECK(lease->client.hw_length == 7, "a lease without client");
    client = (unsigned)hw[5] << 8 | hw[6];
    CHECK(client < ALL_CLIENTS * 2, "client %u", client);
    side->learned_count += !side->learned[client];
    side->learned[client] = 1;
}

static void drain(struct side *side)
{
    const struct fo_callbacks callbacks = {
        .apply = apply, .on_durable = on_durable, .on_acked = on_acked, .context = side};
    struct pollfd news = {.fd = fo_event_fd(side->fo), .events = POLLIN};

    poll(&news, 1, PAUSE_MS);
    fo_drain(side->fo, &callbacks, 16);
}

static void count_lease(void *context, const struct fo_lease *lease)
{
    unsigned *count = context;

    *count += strcmp(lease->status, "ACTIVE") == 0;
}

/* --- the pair --------------------------------------------------------------------------------- */

static uint16_t free_port(void)
{
    struct sockaddr_in name = {.sin_family = AF_INET};
    socklen_t length = sizeof name;
    int fd = socket(AF_INET, SOCK_STREAM, 0);

    CHECK(bind(fd, (struct sockaddr *)&name, sizeof name) == 0, "bind");
    CHECK(getsockname(fd, (struct sockaddr *)&name, &length) == 0, "getsockname");
    close(fd);
    return ntohs(name.sin_port);
}

static struct fo *open_engine(const char *role, const char *local, const char *partner,
                              uint16_t port)
{
    static const char *const scopes[] = {SUBNET};
    const struct fo_options options = {.listen_address = local, .listen_port = port};
    const struct fo_range_text range = {"10.1.0.1", "10.1.31.255"};
    const struct fo_pairing pairing = {.name = "pair",
                                       .role = role,
                                       .local = local,
                                       .partner = partner,
                                       .partner_port = port,
                                       .primary_percent = 50,
                                       .scopes = scopes,
                                       .scope_count = 1};
    char why[256] = "";
    struct fo *f = NULL;

    CHECK(fo_open(&options, &f, why, sizeof why) == FO_OK, "%s", why);
    CHECK(fo_scope_set(f, SUBNET, "255.255.0.0", &range, 1, why, sizeof why) == FO_OK, "%s", why);
    CHECK(fo_relationship_set(f, &pairing, why, sizeof why) == FO_OK, "%s", why);
    CHECK(fo_start(f) == FO_OK, "start");
    return f;
}

static int is_normal(struct fo *f)
{
    struct fo_snapshot s;

    return fo_get_snapshot(f, "pair", &s) == FO_OK && strcmp(s.state, "NORMAL") == 0;
}

/* Until the secondary owns addresses it can serve nobody. */
static void wait_until_both_serve(struct side *alpha, struct side *beta)
{
    uint8_t hw[7];
    const struct fo_client_key nobody = key_of(0xffff, hw);
    fo_ipv4_t address;
    int waited_ms = 0;

    while (!is_normal(alpha->fo) || !is_normal(beta->fo) ||
           fo_choose(beta->fo, SUBNET, &nobody, 0, 0, &address) != FO_OK) {
        CHECK(waited_ms < PATIENCE_MS, "the pair did not reach NORMAL");
        drain(alpha);
        drain(beta);
        waited_ms += 2 * PAUSE_MS;
    }
}

static int all_told(const struct side *from, const struct side *to)
{
    unsigned served = atomic_load(&from->served);

    return from->durables == served && from->ackeds == served && to->learned_count == served;
}

static void start_workers(struct worker workers[THREADS], struct side *side)
{
    for (unsigned i = 0; i < THREADS; i++) {
        workers[i].side = side;
        workers[i].from = i * PER_THREAD;
        CHECK(pthread_create(&workers[i].thread, NULL, serve_clients, &workers[i]) == 0, "thread");
    }
}

int main(void)
{
    static struct side alpha, beta;
    static struct worker workers[2][THREADS];
    const struct fo_range_text range = {"10.5.0.1", "10.5.0.9"};
    const uint16_t port = free_port();
    unsigned active = 0;

    alpha.fo = open_engine("primary", "127.0.0.1", "127.0.0.2", port);
    beta.fo = open_engine("secondary", "127.0.0.2", "127.0.0.1", port);
    beta.first_client = ALL_CLIENTS;
    wait_until_both_serve(&alpha, &beta);

    start_workers(workers[0], &alpha);
    start_workers(workers[1], &beta);
    CHECK(fo_scope_set(alpha.fo, "10.5.0.0", "255.255.255.0", &range, 1, NULL, 0) == FO_OK,
          "a change of the set-up meanwhile");
    for (int i = 0; i < 20; i++) {
        drain(&alpha);
        drain(&beta);
        CHECK(fo_each_lease(alpha.fo, count_lease, &active) == FO_OK, "walk");
    }
    for (unsigned i = 0; i < 2 * THREADS; i++)
        pthread_join(workers[i / THREADS][i % THREADS].thread, NULL);
    for (int ms = 0; !all_told(&alpha, &beta) || !all_told(&beta, &alpha); ms += 2 * PAUSE_MS) {
        CHECK(ms < PATIENCE_MS,
              "alpha served=%u durable=%u acked=%u learned=%u, beta served=%u durable=%u acked=%u "
              "learned=%u",
              alpha.served, alpha.durables, alpha.ackeds, alpha.learned_count, beta.served,
              beta.durables, beta.ackeds, beta.learned_count);
        drain(&alpha);
        drain(&beta);
    }
    CHECK(alpha.served > 0 && beta.served > 0, "both serve: %u, %u", alpha.served, beta.served);
    printf("ok   served by alpha %u, by beta %u, all acknowledged\n", alpha.served, beta.served);
    fo_close(alpha.fo);
    fo_close(beta.fo);
    return EXIT_SUCCESS;
}
