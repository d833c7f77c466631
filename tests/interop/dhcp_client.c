/**
 * tests/interop/dhcp_client.c: one DHCP client, one step at a time, for scenarios that need a
 * particular client to do a particular thing (a load generator cannot decline an address).
 *
 * It speaks as a relay does (giaddr, port 67), so it needs no raw sockets and no address of its
 * own. Prints one line per run, `KIND ADDRESS SECONDS SERVER`, such as
 * `ack 10.16.0.7 600 10.16.255.2`; KIND is offer, ack, nak, sent or none. Exit 0: an offer, an
 * ack, or sent (nobody answers a release or a decline); 1: a nak or silence; 2: usage.
 *
 * Source: RFC 2131 §2 (message), §4.4 (client), RFC 2132 (options), RFC 1542 §4 (giaddr).
 */
#define _DEFAULT_SOURCE
#include <arpa/inet.h>
#include <net/if.h>
#include <poll.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { DISCOVER = 1, OFFER, REQUEST, DECLINE, ACK, NAK, RELEASE };
enum { OPT_REQUESTED = 50, OPT_LEASE_TIME = 51, OPT_TYPE = 53, OPT_SERVER = 54, OPT_CLIENT = 61 };
enum { OPT_PAD = 0, OPT_END = 255 };
enum { SERVER_PORT = 67, OPTIONS_AT = 240, MESSAGE_MAX = 576, BOOTP_MIN = 300 };
static const uint8_t MAGIC[4] = {99, 130, 83, 99};

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

/* What a server said, or what the next request is about. */
struct offer {
    uint8_t type;
    struct in_addr address;
    struct in_addr server;
    uint32_t lease_s;
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

static size_t put(uint8_t *m, size_t at, uint8_t code, const void *data, size_t len)
{
    m[at] = code;
    m[at + 1] = (uint8_t)len;
    memcpy(m + at + 2, data, len);
    return at + 2 + len;
}

static size_t build(const struct client *c, const struct verb *v, const struct offer *about,
                    uint8_t *m)
{
    uint16_t secs = htons(c->secs);
    size_t at = OPTIONS_AT;

    memset(m, 0, MESSAGE_MAX);
    m[0] = 1; /* BOOTREQUEST */
    m[1] = 1; /* Ethernet */
    m[2] = sizeof(c->mac);
    m[3] = 1; /* one relay on the way */
    memcpy(m + 4, &c->xid, 4);
    memcpy(m + 8, &secs, 2);
    if (v->ciaddr)
        memcpy(m + 12, &about->address, 4);
    memcpy(m + 24, &c->giaddr, 4);
    memcpy(m + 28, c->mac, sizeof(c->mac));
    memcpy(m + 236, MAGIC, sizeof(MAGIC));
    at = put(m, at, OPT_TYPE, &v->type, 1);
    if (c->id_len > 0)
        at = put(m, at, OPT_CLIENT, c->id, c->id_len);
    if (!v->ciaddr && about->address.s_addr != 0)
        at = put(m, at, OPT_REQUESTED, &about->address, 4);
    if (v->names_server && about->server.s_addr != 0)
        at = put(m, at, OPT_SERVER, &about->server, 4);
    m[at++] = OPT_END;
    return at < BOOTP_MIN ? BOOTP_MIN : at;
}

static bool parse(const struct client *c, const uint8_t *m, size_t len, struct offer *out_offer)
{
    struct offer o = {0};

    if (len < OPTIONS_AT || m[0] != 2 || memcmp(m + 4, &c->xid, 4) != 0)
        return false;
    memcpy(&o.address, m + 16, 4);
    for (size_t at = OPTIONS_AT; at < len && m[at] != OPT_END;) {
        if (m[at] == OPT_PAD) {
            at++;
            continue;
        }
        if (at + 2 > len || at + 2 + m[at + 1] > len)
            return false;
        const uint8_t *data = m + at + 2;
        if (m[at] == OPT_TYPE && m[at + 1] == 1)
            o.type = data[0];
        if (m[at] == OPT_SERVER && m[at + 1] == 4)
            memcpy(&o.server, data, 4);
        if (m[at] == OPT_LEASE_TIME && m[at + 1] == 4) {
            memcpy(&o.lease_s, data, 4);
            o.lease_s = ntohl(o.lease_s);
        }
        at += 2u + m[at + 1];
    }
    *out_offer = o;
    return o.type != 0;
}

static void send_message(const struct client *c, const struct verb *v, const struct offer *about)
{
    uint8_t m[MESSAGE_MAX];
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(SERVER_PORT)};
    size_t len = build(c, v, about, m);

    to.sin_addr.s_addr = v->unicast ? about->server.s_addr : htonl(INADDR_BROADCAST);
    if (sendto(c->fd, m, len, 0, (struct sockaddr *)&to, sizeof(to)) < 0)
        die("send");
}

static int64_t now_ms(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* The first answer of a wanted type; false when time is over. */
static bool receive(const struct client *c, uint8_t wanted, uint8_t or_wanted,
                    struct offer *out_offer)
{
    int64_t end = now_ms() + c->wait_ms;

    for (int64_t left = c->wait_ms; left > 0; left = end - now_ms()) {
        uint8_t m[1500];
        struct offer o;
        struct pollfd p = {.fd = c->fd, .events = POLLIN};
        if (poll(&p, 1, (int)left) <= 0)
            continue;
        ssize_t len = recv(c->fd, m, sizeof(m), 0);
        if (len <= 0 || !parse(c, m, (size_t)len, &o))
            continue;
        if (o.type != wanted && o.type != or_wanted)
            continue;
        *out_offer = o;
        return true;
    }
    return false;
}

static int report(const char *kind, int code, const struct offer *o)
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

static int run(const struct client *c, const struct verb *v, const struct offer *about)
{
    struct offer answer = {0};

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

static int open_socket(const struct client *c)
{
    int on = 1;
    struct sockaddr_in here = {.sin_family = AF_INET, .sin_port = htons(SERVER_PORT)};
    int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

    if (fd < 0)
        die("socket");
    if (setsockopt(fd, SOL_SOCKET, SO_BROADCAST, &on, sizeof(on)) < 0 ||
        setsockopt(fd, SOL_SOCKET, SO_BINDTODEVICE, c->interface, (socklen_t)strlen(c->interface)) <
            0)
        die(c->interface);
    if (bind(fd, (struct sockaddr *)&here, sizeof(here)) < 0)
        die("bind");
    return fd;
}

/* Hexadecimal octets, with or without colons; 0 when it is something else or too long. */
static size_t read_hex(const char *text, uint8_t *out, size_t max)
{
    size_t n = 0;

    while (*text != '\0') {
        unsigned octet;
        int used = 0;
        if (n == max || sscanf(text, "%2x%n", &octet, &used) != 1 || used != 2)
            return 0;
        out[n++] = (uint8_t)octet;
        text += 2;
        if (*text == ':')
            text++;
    }
    return n;
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
        .interface = "", .wait_ms = 5000, .xid = (uint32_t)now_ms() ^ (uint32_t)getpid()};
    struct offer about = {0};
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
            mac_len = read_hex(optarg, c.mac, sizeof(c.mac));
            break;
        case 'c':
            c.id_len = read_hex(optarg, c.id, sizeof(c.id));
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
    c.fd = open_socket(&c);
    int code = run(&c, v, &about);
    close(c.fd);
    return code;
}
