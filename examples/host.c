/*
 * host.c: a DHCP server without DHCP, to show how a host uses fo. Two of them make a pair:
 *
 *     example_host primary 127.0.0.1 127.0.0.2 6470 &
 *     example_host secondary 127.0.0.2 127.0.0.1 6470
 *
 * The same forty clients ask both. Each is served by one of the two; the other learns the lease. It
 * ends well when every client is served and the partner has acknowledged what was reported.
 */
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "fo/fo.h"

#define SUBNET   "10.20.0.0"
#define PAIR     "example"
#define CLIENTS  40
#define LEASE_S  3600
#define PATIENCE 60 /* seconds */
#define PAUSE_MS 20
#define HOLD_MS  1000

enum progress { UNSERVED, REPORTED, ANSWERED, REPLICATED, SERVED_BY_PARTNER };

struct host {
    struct fo *fo;
    enum progress clients[CLIENTS];
};

/* Client |n| has the Ethernet address 02:00:00:00:00:n. */
static struct fo_client_key client_key(uint8_t n, uint8_t hw[7])
{
    const uint8_t address[7] = {1, 2, 0, 0, 0, 0, n};

    memcpy(hw, address, sizeof address);
    return (struct fo_client_key){.hw = hw, .hw_length = sizeof address};
}

/* --- what a DHCP server does for a client ----------------------------------------------------- */

/* DISCOVER and REQUEST in one. Quietly does nothing while it is not ours to do. */
static void serve(struct host *h, uint8_t n)
{
    uint8_t hw[7];
    const struct fo_client_key client = client_key(n, hw);
    struct fo_lease_report report = {.event = FO_LEASE_GRANTED, .client = client};
    fo_ipv4_t address;
    uint32_t lease_s;

    if (fo_may_serve(h->fo, SUBNET, &client, FO_ASKS_NEW, 0) != FO_SERVE)
        return;
    if (fo_choose(h->fo, SUBNET, &client, 0, HOLD_MS, &address) != FO_OK)
        return;
    if (fo_may_give(h->fo, address, &client, NULL, 0) != FO_SERVE)
        return;
    lease_s = fo_lease_time(h->fo, address, &client, LEASE_S);

    /* A real host commits to its own lease database here. */
    report.address = address;
    report.lease_end = (uint32_t)time(NULL) + lease_s;
    report.desired_s = LEASE_S;
    report.token = n + 1u;
    if (fo_report(h->fo, &report) == FO_OK)
        h->clients[n] = REPORTED;
}

/* --- news ------------------------------------------------------------------------------------- */

static void apply(void *context, const struct fo_lease *lease)
{
    struct host *h = context;
    char text[FO_IPV4_TEXT];
    uint8_t n;

    if (lease->client.hw_length != 7 || lease->client.hw[6] >= CLIENTS)
        return;
    n = lease->client.hw[6];
    printf("client %u has %s from the partner\n", n, fo_ipv4_text(lease->address, text));
    h->clients[n] = SERVED_BY_PARTNER;
}

static void on_durable(void *context, uint64_t token)
{
    struct host *h = context;

    if (h->clients[token - 1] == REPORTED)
        h->clients[token - 1] = ANSWERED; /* now the DHCPACK may go */
}

static void on_acked(void *context, uint64_t token)
{
    struct host *h = context;

    h->clients[token - 1] = REPLICATED;
}

static void log_line(void *context, int level, const char *line)
{
    (void)context;
    fprintf(stderr, "%s%s\n", level > 0 ? "! " : "", line);
}

/* --- the process ------------------------------------------------------------------------------ */

static int set_up(struct host *h, char **words, const char *store_path, char *why, size_t capacity)
{
    const struct fo_range_text range = {"10.20.0.10", "10.20.0.209"};
    static const char *const scopes[] = {SUBNET};
    const uint16_t port = (uint16_t)strtoul(words[4], NULL, 10);
    const struct fo_options options = {
        .store_path = store_path, .listen_address = words[2], .listen_port = port, .log = log_line};
    const struct fo_pairing pairing = {.name = PAIR,
                                       .role = words[1],
                                       .local = words[2],
                                       .partner = words[3],
                                       .partner_port = port,
                                       .primary_percent = 50,
                                       .scopes = scopes,
                                       .scope_count = 1};
    int rc = fo_open(&options, &h->fo, why, capacity);

    if (rc == FO_OK)
        rc = fo_scope_set(h->fo, SUBNET, "255.255.255.0", &range, 1, why, capacity);
    if (rc == FO_OK)
        rc = fo_relationship_set(h->fo, &pairing, why, capacity);
    if (rc == FO_EEXISTS) /* from an earlier run, in the store */
        rc = FO_OK;
    return rc == FO_OK ? fo_start(h->fo) : rc;
}

static int count(const struct host *h, enum progress progress)
{
    int n = 0;

    for (int i = 0; i < CLIENTS; i++)
        n += h->clients[i] == progress;
    return n;
}

static int work(struct host *h)
{
    const struct fo_callbacks callbacks = {
        .apply = apply, .on_durable = on_durable, .on_acked = on_acked, .context = h};
    struct pollfd news = {.fd = fo_event_fd(h->fo), .events = POLLIN};
    const time_t end = time(NULL) + PATIENCE;

    while (time(NULL) < end) {
        if (poll(&news, 1, PAUSE_MS) > 0)
            fo_drain(h->fo, &callbacks, 0);
        for (uint8_t n = 0; n < CLIENTS; n++) {
            if (h->clients[n] == UNSERVED)
                serve(h, n);
        }
        if (count(h, REPLICATED) + count(h, SERVED_BY_PARTNER) == CLIENTS)
            return EXIT_SUCCESS;
    }
    return EXIT_FAILURE;
}

static void print_snapshot(struct host *h)
{
    struct fo_snapshot s;

    if (fo_get_snapshot(h->fo, PAIR, &s) != FO_OK)
        return;
    printf("state %s, partner %s, communications %s, waiting %llu; because %s; until %s\n", s.state,
           s.partner_state, s.communications_ok ? "ok" : "failed", (unsigned long long)s.waiting,
           s.cause, s.exit);
    printf("served %d of %d, acknowledged by the partner %d, from the partner %d\n",
           CLIENTS - count(h, UNSERVED) - count(h, SERVED_BY_PARTNER), CLIENTS,
           count(h, REPLICATED), count(h, SERVED_BY_PARTNER));
}

int main(int argc, char **argv)
{
    struct host h = {0};
    char why[256] = "";
    int status;

    if (argc != 5 && argc != 6) {
        fprintf(stderr, "usage: %s primary|secondary LOCAL PARTNER PORT [STORE]\n", argv[0]);
        return 2;
    }
    if (set_up(&h, argv, argv[5], why, sizeof why) != FO_OK) {
        fprintf(stderr, "cannot start: %s\n", why);
        fo_close(h.fo);
        return EXIT_FAILURE;
    }
    status = work(&h);
    print_snapshot(&h);
    fo_close(h.fo);
    return status;
}
