/**
 * tests/interop/dhcp_client.c: one DHCP client, one step at a time, for scenarios that need a
 * particular client to do a particular thing (a load generator cannot decline an address).
 *
 * It speaks as a relay does (giaddr, port 67), so it needs no raw sockets and no address of its
 * own. Prints one line per run, `KIND ADDRESS SECONDS SERVER`, such as
 * `ack 10.16.0.7 600 10.16.255.2`; KIND is offer, ack, nak, sent or none. Exit 0: an offer, an
 * ack, or sent (nobody answers a release or a decline); 1: a nak or silence; 2: usage.
 *
 * Source: RFC 2131 §4.4 (client), Table 5.
 */
#include <arpa/inet.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "tests/interop/dhcp_packet.h"

struct client {
    const char *interface;
    struct in_addr giaddr;
    uint8_t mac[6];
    uint8_t id[64];
    size_t id_len;
    uint16_t secs; /* how long it has been trying: load balancing looks at it (RFC 3074 §6) */
    int wait_ms;
    int fd;
    uint32_t xid;
};

/* What sets the verbs apart (RFC 2131 Table 5): who is asked, and where the address stands. */
struct verb {
    const char *name;
    uint8_t type;
    bool ciaddr; /* the address is the client's own: ciaddr, not option 50 */
    bool names_server;
    bool unicast;
    const char *then; /* what follows an offer */
};
static const struct verb VERBS[] = {
    {"discover", DISCOVER, false, false, false, NULL},
    {"acquire", DISCOVER, false, false, false, "request"},
    {"request", REQUEST, false, true, false, NULL}, /* without a server: INIT-REBOOT */
    {"renew", REQUEST, true, false, true, NULL},
    {"rebind", REQUEST, true, false, false, NULL},
    {"release", RELEASE, true, true, true, NULL},
    {"decline", DECLINE, false, true, false, NULL},
};

static void die(const char *what)
{
    perror(what);
    exit(2);
}

static void send_message(const struct client *c, const struct verb *v,
                         const struct dhcp_answer *about)
{
    struct dhcp_question q = {.type = v->type,
                              .xid = c->xid,
                              .secs = c->secs,
                              .giaddr = c->giaddr,
                              .hw = c->mac,
                              .id = c->id,
                              .id_length = c->id_len};
    uint8_t m[DHCP_MESSAGE_MAX];
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(SERVER_PORT)};
    size_t len;

    if (v->ciaddr)
        q.ciaddr = about->address;
    else
        q.requested = about->address;
    if (v->names_server)
        q.server = about->server;
    len = dhcp_write(&q, m);
    to.sin_addr.s_addr = v->unicast ? about->server.s_addr : htonl(INADDR_BROADCAST);
    if (sendto(c->fd, m, len, 0, (struct sockaddr *)&to, sizeof(to)) < 0)
        die("send");
}

/* The first answer of a wanted type; false when time is over. */
static bool receive(const struct client *c, uint8_t wanted, uint8_t or_wanted,
                    struct dhcp_answer *out_offer)
{
    int64_t end = dhcp_now_ms() + c->wait_ms;

    for (int64_t left = c->wait_ms; left > 0; left = end - dhcp_now_ms()) {
        uint8_t m[1500];
        struct dhcp_answer o;
        struct pollfd p = {.fd = c->fd, .events = POLLIN};
        if (poll(&p, 1, (int)left) <= 0)
            continue;
        ssize_t len = recv(c->fd, m, sizeof(m), 0);
        if (len <= 0 || !dhcp_read(m, (size_t)len, &o) || o.xid != c->xid)
            continue;
        if (o.type != wanted && o.type != or_wanted)
            continue;
        *out_offer = o;
        return true;
    }
    return false;
}

static int report(const char *kind, int code, const struct dhcp_answer *o)
{
    char address[INET_ADDRSTRLEN], server[INET_ADDRSTRLEN];

    inet_ntop(AF_INET, &o->address, address, sizeof(address));
    inet_ntop(AF_INET, &o->server, server, sizeof(server));
    printf("%s %s %u %s\n", kind, address, (unsigned)o->lease_s, server);
    return code;
}

static const struct verb *find_verb(const char *name)
{
    for (size_t i = 0; i < sizeof(VERBS) / sizeof(VERBS[0]); i++) {
        if (strcmp(name, VERBS[i].name) == 0)
            return &VERBS[i];
    }
    return NULL;
}

static int run(const struct client *c, const struct verb *v, const struct dhcp_answer *about)
{
    struct dhcp_answer answer = {0};

    send_message(c, v, about);
    switch (v->type) {
    case DISCOVER:
        if (!receive(c, OFFER, OFFER, &answer))
            return report("none", 1, &answer);
        return v->then == NULL ? report("offer", 0, &answer) : run(c, find_verb(v->then), &answer);
    case REQUEST:
        if (!receive(c, ACK, NAK, &answer))
            return report("none", 1, about);
        return answer.type == ACK ? report("ack", 0, &answer) : report("nak", 1, &answer);
    default:
        return report("sent", 0, about);
    }
}

static int usage(void)
{
    fputs("usage: dhcp_client -i INTERFACE -g GIADDR -m MAC [-c CLIENT-ID] [-a ADDRESS]\n"
          "       [-s SERVER] [-w SECS-FIELD] [-t WAIT-MS]\n"
          "       discover|acquire|request|renew|rebind|release|decline\n",
          stderr);
    return 2;
}

int main(int argc, char **argv)
{
    struct client c = {
        .interface = "", .wait_ms = 5000, .xid = (uint32_t)dhcp_now_ms() ^ (uint32_t)getpid()};
    struct dhcp_answer about = {0};
    size_t mac_len = 0;
    bool ok = true;
    int opt;

    while ((opt = getopt(argc, argv, "i:g:m:c:a:s:w:t:")) != -1) {
        switch (opt) {
        case 'i':
            c.interface = optarg;
            break;
        case 'g':
            ok = ok && inet_pton(AF_INET, optarg, &c.giaddr) == 1;
            break;
        case 'm':
            mac_len = dhcp_read_hex(optarg, c.mac, sizeof(c.mac));
            break;
        case 'c':
            c.id_len = dhcp_read_hex(optarg, c.id, sizeof(c.id));
            ok = ok && c.id_len > 0;
            break;
        case 'a':
            ok = ok && inet_pton(AF_INET, optarg, &about.address) == 1;
            break;
        case 's':
            ok = ok && inet_pton(AF_INET, optarg, &about.server) == 1;
            break;
        case 'w':
            c.secs = (uint16_t)strtoul(optarg, NULL, 10);
            break;
        case 't':
            c.wait_ms = (int)strtol(optarg, NULL, 10);
            break;
        default:
            return usage();
        }
    }
    const struct verb *v = optind + 1 == argc ? find_verb(argv[optind]) : NULL;
    if (!ok || v == NULL || mac_len != sizeof(c.mac) || c.giaddr.s_addr == 0)
        return usage();
    if (v->unicast && about.server.s_addr == 0)
        return usage();
    c.fd = dhcp_open(c.interface, (struct in_addr){INADDR_ANY});
    int code = run(&c, v, &about);
    close(c.fd);
    return code;
}
