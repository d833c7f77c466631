#define _DEFAULT_SOURCE
#include "tests/interop/dhcp_packet.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

enum { OPT_REQUESTED = 50, OPT_LEASE_TIME = 51, OPT_TYPE = 53, OPT_SERVER = 54, OPT_CLIENT = 61 };
enum { OPT_PAD = 0, OPT_END = 255 };
enum { OPTIONS_AT = 240, BOOTP_MIN = 300, RECEIVE_BUFFER = 4 << 20 };
static const uint8_t MAGIC[4] = {99, 130, 83, 99};

static size_t put(uint8_t *m, size_t at, uint8_t code, const void *data, size_t length)
{
    m[at] = code;
    m[at + 1] = (uint8_t)length;
    memcpy(m + at + 2, data, length);
    return at + 2 + length;
}

size_t dhcp_write(const struct dhcp_question *q, uint8_t out[DHCP_MESSAGE_MAX])
{
    uint16_t secs = htons(q->secs);
    size_t at = OPTIONS_AT;

    memset(out, 0, DHCP_MESSAGE_MAX);
    out[0] = 1; /* BOOTREQUEST */
    out[1] = 1; /* Ethernet */
    out[2] = DHCP_HW_LENGTH;
    out[3] = 1; /* one relay on the way */
    memcpy(out + 4, &q->xid, 4);
    memcpy(out + 8, &secs, 2);
    memcpy(out + 12, &q->ciaddr, 4);
    memcpy(out + 24, &q->giaddr, 4);
    memcpy(out + 28, q->hw, DHCP_HW_LENGTH);
    memcpy(out + 236, MAGIC, sizeof MAGIC);
    at = put(out, at, OPT_TYPE, &q->type, 1);
    if (q->id_length > 0)
        at = put(out, at, OPT_CLIENT, q->id, q->id_length);
    if (q->requested.s_addr != 0)
        at = put(out, at, OPT_REQUESTED, &q->requested, 4);
    if (q->server.s_addr != 0)
        at = put(out, at, OPT_SERVER, &q->server, 4);
    out[at++] = OPT_END;
    return at < BOOTP_MIN ? BOOTP_MIN : at;
}

static void take_option(struct dhcp_answer *a, uint8_t code, uint8_t length, const uint8_t *data)
{
    if (code == OPT_TYPE && length == 1)
        a->type = data[0];
    if (code == OPT_SERVER && length == 4)
        memcpy(&a->server, data, 4);
    if (code == OPT_LEASE_TIME && length == 4) {
        memcpy(&a->lease_s, data, 4);
        a->lease_s = ntohl(a->lease_s);
    }
}

bool dhcp_read(const uint8_t *m, size_t length, struct dhcp_answer *out)
{
    struct dhcp_answer a = {0};

    if (length < OPTIONS_AT || m[0] != 2)
        return false;
    memcpy(&a.xid, m + 4, 4);
    memcpy(&a.address, m + 16, 4);
    for (size_t at = OPTIONS_AT; at < length && m[at] != OPT_END;) {
        if (m[at] == OPT_PAD) {
            at++;
            continue;
        }
        if (at + 2 > length || at + 2 + m[at + 1] > length)
            return false;
        take_option(&a, m[at], m[at + 1], m + at + 2);
        at += 2u + m[at + 1];
    }
    *out = a;
    return a.type != 0;
}

int dhcp_open(const char *interface, struct in_addr here)
{
    struct sockaddr_in address = {
        .sin_family = AF_INET, .sin_port = htons(SERVER_PORT), .sin_addr = here};
    int on = 1, room = RECEIVE_BUFFER, fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

    if (fd < 0 || setsockopt(fd, SOL_SOCKET, SO_BROADCAST, &on, sizeof on) < 0 ||
        setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &room, sizeof room) < 0 ||
        setsockopt(fd, SOL_SOCKET, SO_BINDTODEVICE, interface, (socklen_t)strlen(interface)) < 0 ||
        bind(fd, (struct sockaddr *)&address, sizeof address) < 0) {
        perror(interface);
        exit(2);
    }
    return fd;
}

int64_t dhcp_now_ms(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

size_t dhcp_read_hex(const char *text, uint8_t *out, size_t max)
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
