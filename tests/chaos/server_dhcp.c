#include <arpa/inet.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/socket.h>

#include "tests/chaos/server.h"

static void say(struct server *s, struct dhcp_question *q, const uint8_t *hardware)
{
    struct sockaddr_in to = {.sin_family = AF_INET,
                             .sin_port = htons(SERVER_PORT),
                             .sin_addr.s_addr = htonl(INADDR_BROADCAST)};
    uint8_t m[DHCP_MESSAGE_MAX];

    q->xid = ++s->xid;
    q->giaddr = s->giaddr;
    q->hw = hardware + 1;
    q->secs = 60; /* whoever may answer shall */
    (void)sendto(s->fd, m, dhcp_write(q, m), 0, (struct sockaddr *)&to, sizeof to);
}

static bool hear(struct server *s, struct dhcp_answer *out)
{
    const int64_t give_up_ms = dhcp_now_ms() + ANSWER_TIMEOUT_S * 1000;
    int64_t left_ms;

    while ((left_ms = give_up_ms - dhcp_now_ms()) > 0) {
        struct pollfd p = {.fd = s->fd, .events = POLLIN};
        uint8_t m[1500];
        ssize_t length;
        if (poll(&p, 1, (int)left_ms) <= 0)
            continue;
        length = recv(s->fd, m, sizeof m, MSG_DONTWAIT);
        if (length > 0 && dhcp_read(m, (size_t)length, out) && out->xid == s->xid)
            return true;
    }
    return false;
}

/* The time runs from when the client asked (RFC 2131 §4.4.1), for servers from the full second. */
static enum answer request(struct server *s, struct dhcp_question *q, const uint8_t *hardware,
                           struct grant *out)
{
    const int64_t asked_us = chaos_now_us() / CHAOS_SECOND_US * CHAOS_SECOND_US;
    struct dhcp_answer a;

    say(s, q, hardware);
    if (!hear(s, &a))
        return UNHEARD;
    if (a.type != ACK)
        return REFUSED;
    out->address = ntohl(a.address.s_addr);
    out->end_us = asked_us + (int64_t)a.lease_s * CHAOS_SECOND_US;
    out->reckoned_us = -1;
    return GRANTED;
}

enum answer dhcp_get(struct server *s, const uint8_t *hardware, struct grant *out)
{
    struct dhcp_question discover = {.type = DISCOVER};
    struct dhcp_question q = {.type = REQUEST};
    struct dhcp_answer a;

    say(s, &discover, hardware);
    if (!hear(s, &a))
        return UNHEARD;
    if (a.type != OFFER)
        return REFUSED;
    q.requested = a.address;
    q.server = a.server;
    return request(s, &q, hardware, out);
}

enum answer dhcp_renew(struct server *s, const uint8_t *hardware, uint32_t address,
                       struct grant *out)
{
    struct dhcp_question q = {.type = REQUEST, .ciaddr.s_addr = htonl(address)};

    return request(s, &q, hardware, out);
}

void dhcp_release(struct server *s, const uint8_t *hardware, uint32_t address)
{
    struct dhcp_question q = {.type = RELEASE, .ciaddr.s_addr = htonl(address)};

    say(s, &q, hardware);
}
