/* Making a connection: bound to the address the partner knows us by (ISC matches on it, §8.2). */
#include "fo/run/conn.h"

#include <errno.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static struct sockaddr_in name_of(fo_ipv4_t address, uint16_t port)
{
    return (struct sockaddr_in){
        .sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(address)};
}

/* Binds before the port is known, so that two dials to different partners may share one. */
static int bind_local(int fd, fo_ipv4_t local)
{
    const struct sockaddr_in name = name_of(local, 0);
    const int on = 1;

    if (local == 0)
        return 0;
    setsockopt(fd, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &on, sizeof on);
    return bind(fd, (const struct sockaddr *)&name, sizeof name);
}

static void dialled(evutil_socket_t fd, short what, void *context)
{
    struct fo_conn *c = context;
    char address[FO_IPV4_TEXT];
    int reason = 0;
    socklen_t length = sizeof reason;

    (void)what;
    if (getsockopt(fd, SOL_SOCKET, SO_ERROR, &reason, &length) != 0)
        reason = errno;
    if (reason != 0) {
        fo_conn_lose(c, "cannot connect to %s: %s", fo_ipv4_text(c->address, address),
                     strerror(reason));
        return;
    }
    fo_conn_connected(c, (int)fd);
}

int fo_conn_dial(struct fo_conn_set *set, const struct fo_effect *dial)
{
    const struct sockaddr_in name = name_of(dial->dial.address, dial->dial.port);
    struct fo_conn *c = fo_conn_new(set, dial->link, dial->dial.address);
    char text[FO_IPV4_TEXT];

    if (c == NULL)
        return FO_ENOMEM;
    c->fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (c->fd < 0) {
        fo_conn_lose(c, "cannot make a socket: %s", strerror(errno));
        return FO_OK;
    }
    if (bind_local(c->fd, dial->dial.local) != 0) {
        fo_conn_lose(c, "cannot use the local address %s: %s", fo_ipv4_text(dial->dial.local, text),
                     strerror(errno));
        return FO_OK;
    }
    if (connect(c->fd, (const struct sockaddr *)&name, sizeof name) != 0 && errno != EINPROGRESS) {
        fo_conn_lose(c, "cannot connect to %s: %s", fo_ipv4_text(c->address, text),
                     strerror(errno));
        return FO_OK;
    }
    event_assign(&c->writable, set->base, c->fd, EV_WRITE, dialled, c);
    if (event_add(&c->writable, NULL) != 0)
        fo_conn_lose(c, "no memory to watch the link");
    else
        fo_conn_set_deadline(c, set->dial_ms);
    return FO_OK;
}
