/**
 * tests/interop/who_is_answered.c: which of many clients does a DHCP server answer? Each sends a
 * DISCOVER; who is not answered sends it again, so that silence is not a lost packet.
 *
 * Reads lines `HARDWARE [CLIENT-ID]` in hexadecimal, prints `true` or `false` for each, in their
 * order.
 *
 * Source: RFC 3074 §6 (secs); RFC 2131 §4.4.1.
 */
#include <arpa/inet.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "tests/interop/dhcp_packet.h"

enum { CLIENTS_MAX = 20000, ROUNDS = 3, PER_MS = 1, LAST_WAIT_MS = 3000, ID_MAX = 64 };

struct client {
    uint8_t hw[DHCP_HW_LENGTH], id[ID_MAX];
    size_t id_length;
    bool answered;
};

static struct client clients[CLIENTS_MAX];
static size_t count;

static bool read_clients(void)
{
    char line[512], hw[64], id[3 * ID_MAX + 1];

    while (fgets(line, sizeof line, stdin) != NULL) {
        struct client *c = &clients[count];
        int words = sscanf(line, "%63s %192s", hw, id);
        if (words < 1)
            continue;
        if (count == CLIENTS_MAX || dhcp_read_hex(hw, c->hw, sizeof c->hw) != sizeof c->hw)
            return false;
        if (words == 2 && (c->id_length = dhcp_read_hex(id, c->id, sizeof c->id)) == 0)
            return false;
        count++;
    }
    return count != 0;
}

static void take_offers(int fd, int wait_ms)
{
    struct pollfd p = {.fd = fd, .events = POLLIN};
    int64_t end = dhcp_now_ms() + wait_ms;

    do {
        uint8_t m[1500];
        struct dhcp_answer a;
        ssize_t length;
        int64_t left = end - dhcp_now_ms();
        if (poll(&p, 1, left > 0 ? (int)left : 0) <= 0)
            continue;
        length = recv(fd, m, sizeof m, 0);
        if (length > 0 && dhcp_read(m, (size_t)length, &a) && a.type == OFFER &&
            ntohl(a.xid) < count)
            clients[ntohl(a.xid)].answered = true;
    } while (dhcp_now_ms() < end);
}

static void ask_all(int fd, struct in_addr giaddr, uint16_t secs)
{
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(SERVER_PORT)};

    to.sin_addr.s_addr = htonl(INADDR_BROADCAST);
    for (size_t i = 0, sent = 0; i < count; i++) {
        struct client *c = &clients[i];
        struct dhcp_question q = {.type = DISCOVER,
                                  .xid = htonl((uint32_t)i),
                                  .secs = secs,
                                  .giaddr = giaddr,
                                  .hw = c->hw,
                                  .id = c->id,
                                  .id_length = c->id_length};
        uint8_t m[DHCP_MESSAGE_MAX];
        if (c->answered)
            continue;
        (void)sendto(fd, m, dhcp_write(&q, m), 0, (struct sockaddr *)&to, sizeof to);
        if (++sent % PER_MS == 0)
            take_offers(fd, 1);
    }
    take_offers(fd, LAST_WAIT_MS);
}

int main(int argc, char **argv)
{
    struct in_addr giaddr;
    int fd;

    if (argc != 4 || inet_pton(AF_INET, argv[2], &giaddr) != 1 || !read_clients()) {
        fprintf(stderr, "usage: who_is_answered INTERFACE GIADDR SECS <CLIENTS\n");
        return 2;
    }
    fd = dhcp_open(argv[1], giaddr);
    for (int round = 0; round < ROUNDS; round++)
        ask_all(fd, giaddr, (uint16_t)strtoul(argv[3], NULL, 10));
    for (size_t i = 0; i < count; i++)
        puts(clients[i].answered ? "true" : "false");
    return 0;
}
