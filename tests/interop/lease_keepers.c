/**
 * tests/interop/lease_keepers.c: many DHCP clients that want to keep their addresses, and notice
 * when they cannot. Whatever happens to the servers is judged from here.
 *
 * Each client acquires a lease, renews it with its server at half of its time, asks any server from
 * then on if that one is silent, and begins anew only when its lease has ended or was refused. They
 * speak as through a relay, as dhcp_client.c does, each program through its own (GIADDR).
 *
 * Prints a line for each thing that must not happen (nak, lost, changed, twice), and every second
 * and at the end (SIGTERM) a line `clients=… bound=… acks=… naks=… lost=… changed=… twice=…`. At
 * the end also `holds ADDRESS HARDWARE` for every lease, for twice sees the clients of one program
 * only.
 *
 * Source: RFC 2131 §4.4 (client), Table 5; RFC 1542 §4 (giaddr).
 */
#include <arpa/inet.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>

#include "tests/interop/dhcp_packet.h"

enum { CLIENTS_MAX = 20000, STARTS_PER_S = 150, RETRY_MS = 1500 };

struct keeper {
    bool asking, bound;       /* asking: its first DISCOVER was sent */
    uint32_t xid;             /* of the last question */
    uint8_t question;         /* its type */
    uint32_t address, server; /* network order */
    int64_t began_ms;         /* of this attempt to get a lease: the secs field */
    int64_t asked_ms, next_ms;
    int64_t renew_ms, end_ms;
};

static struct keeper keepers[CLIENTS_MAX];
static size_t count;
static struct in_addr giaddr;
static uint8_t group; /* the last octet of giaddr: other clients of another relay */
static int fd;
static unsigned long acks, naks, lost, changed, twice;
static volatile sig_atomic_t over;

static void stop(int signal_number)
{
    (void)signal_number;
    over = 1;
}

static const char *text(uint32_t address)
{
    return inet_ntoa((struct in_addr){.s_addr = address});
}

static void complain(const char *what, size_t i, uint32_t address)
{
    printf("%s client=%zu address=%s\n", what, i, text(address));
}

/* --- questions
 * ---------------------------------------------------------------------------------------- */

/* RFC 2131 Table 5: who has an address says so in ciaddr, who was offered one in options. */
static void ask(size_t i, uint8_t type, int64_t now)
{
    struct keeper *k = &keepers[i];
    uint8_t m[DHCP_MESSAGE_MAX];
    uint8_t id[7] = {1, 2, 0x4b, 0, group, (uint8_t)(i >> 8), (uint8_t)i}; /* type, then chaddr */
    struct dhcp_question q = {.type = type, .giaddr = giaddr, .hw = id + 1, .id = id};
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(SERVER_PORT)};
    size_t length;

    k->xid += 1u << 16; /* the lower half says who */
    k->question = type;
    k->asked_ms = now;
    q.xid = k->xid;
    q.secs = (uint16_t)(k->bound ? 0 : (now - k->began_ms) / 1000);
    if (i % 2 == 1)
        q.id_length = sizeof id;
    if (k->bound) {
        q.ciaddr.s_addr = k->address;
    } else if (type == REQUEST) {
        q.requested.s_addr = k->address;
        q.server.s_addr = k->server;
    }
    length = dhcp_write(&q, m);
    /* The first two questions about a lease go to its server, the others to everybody. */
    to.sin_addr.s_addr =
        k->bound && now < k->renew_ms + 2 * RETRY_MS ? k->server : INADDR_BROADCAST;
    (void)sendto(fd, m, length, 0, (struct sockaddr *)&to, sizeof to);
    k->next_ms = now + RETRY_MS;
}

static void begin_anew(struct keeper *k, int64_t now)
{
    k->bound = false;
    k->address = 0;
    k->began_ms = k->next_ms = now;
}

static void look_after(size_t i, int64_t now)
{
    struct keeper *k = &keepers[i];

    if (k->bound && now >= k->end_ms) {
        lost++;
        complain("lost", i, k->address);
        begin_anew(k, now);
    }
    if (now < k->next_ms)
        return;
    if (!k->asking)
        k->began_ms = now;
    k->asking = true;
    ask(i, k->bound ? REQUEST : DISCOVER, now);
}

/* --- answers
 * ------------------------------------------------------------------------------------------ */

static void check_alone(size_t i, uint32_t address, int64_t now)
{
    for (size_t j = 0; j < count; j++) {
        if (j == i || !keepers[j].bound || keepers[j].address != address ||
            keepers[j].end_ms <= now)
            continue;
        twice++;
        complain("twice", i, address);
    }
}

static void take_ack(size_t i, const struct dhcp_answer *a, int64_t now)
{
    struct keeper *k = &keepers[i];

    acks++;
    if (k->bound && k->address != a->address.s_addr) {
        changed++;
        complain("changed", i, k->address);
    }
    check_alone(i, a->address.s_addr, now);
    k->bound = true;
    k->address = a->address.s_addr;
    k->server = a->server.s_addr;
    k->question = 0;
    /* From when it asked, not from when it was told. */
    k->end_ms = k->asked_ms + (int64_t)a->lease_s * 1000;
    k->renew_ms = k->next_ms = k->asked_ms + (int64_t)a->lease_s * 500;
}

static void take_answer(const uint8_t *m, size_t length, int64_t now)
{
    struct dhcp_answer a;
    size_t i;

    if (!dhcp_read(m, length, &a))
        return;
    i = a.xid & 0xffff;
    if (i >= count || a.xid != keepers[i].xid)
        return; /* too late */
    if (a.type == OFFER && keepers[i].question == DISCOVER) {
        keepers[i].address = a.address.s_addr;
        keepers[i].server = a.server.s_addr;
        ask(i, REQUEST, now);
    } else if (a.type == ACK && keepers[i].question == REQUEST) {
        take_ack(i, &a, now);
    } else if (a.type == NAK && keepers[i].question == REQUEST) {
        naks++;
        complain("nak", i, keepers[i].address);
        begin_anew(&keepers[i], now);
    }
}

/* --- the loop
 * ----------------------------------------------------------------------------------------- */

static void summary(void)
{
    size_t bound = 0;

    for (size_t i = 0; i < count; i++)
        bound += keepers[i].bound;
    printf("clients=%zu bound=%zu acks=%lu naks=%lu lost=%lu changed=%lu twice=%lu\n", count, bound,
           acks, naks, lost, changed, twice);
    fflush(stdout);
}

static void print_leases(void)
{
    for (size_t i = 0; i < count; i++) {
        if (keepers[i].bound)
            printf("holds %s 02:4b:00:%02x:%02zx:%02zx\n", text(keepers[i].address), group, i >> 8,
                   i & 0xff);
    }
}

static void run(void)
{
    int64_t summary_ms = dhcp_now_ms();

    while (!over) {
        struct pollfd p = {.fd = fd, .events = POLLIN};
        uint8_t m[1500];
        int64_t now;
        ssize_t length;
        (void)poll(&p, 1, 10);
        now = dhcp_now_ms();
        while ((length = recv(fd, m, sizeof m, MSG_DONTWAIT)) > 0)
            take_answer(m, (size_t)length, now);
        for (size_t i = 0; i < count; i++)
            look_after(i, now);
        if (now >= summary_ms) {
            summary();
            summary_ms = now + 1000;
        }
    }
    print_leases();
    summary();
}

int main(int argc, char **argv)
{
    if (argc == 4)
        count = strtoul(argv[3], NULL, 10);
    if (count == 0 || count > CLIENTS_MAX || inet_pton(AF_INET, argv[2], &giaddr) != 1) {
        fprintf(stderr, "usage: lease_keepers INTERFACE GIADDR CLIENTS (at most %d)\n",
                CLIENTS_MAX);
        return 2;
    }
    group = (uint8_t)ntohl(giaddr.s_addr);
    fd = dhcp_open(argv[1], giaddr);
    for (size_t i = 0; i < count; i++) {
        keepers[i].xid = (uint32_t)i;
        keepers[i].next_ms = dhcp_now_ms() + (int64_t)i * 1000 / STARTS_PER_S;
    }
    signal(SIGTERM, stop);
    run();
    return naks + lost + changed + twice != 0;
}
