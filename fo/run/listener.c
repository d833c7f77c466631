#include "fo/run/listener.h"

#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include <event2/listener.h>

#include "fo/run/clock.h"

#define BACKLOG         128
#define TELL_EVERY_US   60000000
#define NO_FILES_WAIT_S 1 /* out of descriptors: accepting again at once would only spin */

struct fo_listener {
    struct fo_listener_set *set;
    struct evconnlistener *acceptor;
    struct event *resume;
    fo_ipv4_t address;
    uint16_t port;
    bool paused;
};

/* A link that the server has closed and that only waits for its other end can go first, too. */
static struct fo_conn *oldest_dispensable(struct fo_conn_set *links, fo_ipv4_t source)
{
    struct fo_conn *l;

    TAILQ_FOREACH(l, &links->all, in_all)
    {
        bool idle = l->stage == FO_CONN_CLOSING || !l->answered;

        if (l->accepted && idle && l->stage != FO_CONN_DOWN &&
            (source == 0 || l->address == source))
            return l;
    }
    return NULL;
}

static size_t count_from(const struct fo_conn_set *links, fo_ipv4_t source)
{
    const struct fo_conn *l;
    size_t count = 0;

    TAILQ_FOREACH(l, &links->all, in_all)
    count += l->accepted && l->stage != FO_CONN_DOWN && l->address == source;
    return count;
}

static void count_refusal(struct fo_listener_set *set, fo_ipv4_t source)
{
    struct fo_conn_set *links = set->links;
    int64_t now_us = (int64_t)fo_run_clock_us();
    char line[128], address[FO_IPV4_TEXT];

    set->refused++;
    if (set->told_us != 0 && now_us - set->told_us < TELL_EVERY_US)
        return;
    snprintf(line, sizeof line, "listener: too many connections, refused=%llu last=%s",
             (unsigned long long)(set->refused - set->refused_told), fo_ipv4_text(source, address));
    links->log(links->context, FO_NOTICE_WARNING, line);
    set->told_us = now_us;
    set->refused_told = set->refused;
}

/* Whether there is, or can be made, room for one more from |source|. */
static bool make_room(struct fo_listener_set *set, fo_ipv4_t source)
{
    struct fo_conn_set *links = set->links;
    struct fo_conn *oldest;

    if (count_from(links, source) >= links->limits.connections_per_source)
        oldest = oldest_dispensable(links, source);
    else if (links->accepted_count >= links->limits.connections_total)
        oldest = oldest_dispensable(links, 0);
    else
        return true;
    count_refusal(set, source);
    if (oldest == NULL)
        return false;
    fo_conn_lose(oldest, "made room for a newer connection");
    return true;
}

static void accepted(struct evconnlistener *acceptor, evutil_socket_t fd, struct sockaddr *name,
                     int length, void *context)
{
    struct fo_listener *l = context;
    struct fo_listener_set *set = l->set;
    struct sockaddr_in source;

    (void)acceptor;
    if ((size_t)length < sizeof source) {
        evutil_closesocket(fd);
        return;
    }
    memcpy(&source, name, sizeof source);
    if (!make_room(set, ntohl(source.sin_addr.s_addr))) {
        evutil_closesocket(fd);
        return;
    }
    set->last_id += 2;
    if (fo_conn_accept(set->links, set->last_id, (int)fd, ntohl(source.sin_addr.s_addr)) == FO_OK)
        set->accepted++;
}

static void cannot_accept(struct evconnlistener *acceptor, void *context)
{
    const struct timeval wait = {.tv_sec = NO_FILES_WAIT_S};
    struct fo_listener *l = context;

    evconnlistener_disable(acceptor);
    event_add(l->resume, &wait);
}

static void resume(evutil_socket_t fd, short what, void *context)
{
    struct fo_listener *l = context;

    (void)fd, (void)what;
    if (!l->paused)
        evconnlistener_enable(l->acceptor);
}

int fo_listener_open(struct fo_listener_set *set, const struct fo_listen *where,
                     struct fo_listener **out, char *why, size_t why_capacity)
{
    struct sockaddr_in name = {.sin_family = AF_INET,
                               .sin_port = htons(where->port),
                               .sin_addr.s_addr = htonl(where->address)};
    socklen_t length = sizeof name;
    struct fo_listener *l = calloc(1, sizeof *l);
    char address[FO_IPV4_TEXT];

    if (l == NULL)
        goto failed;
    l->set = set;
    l->resume = evtimer_new(set->links->base, resume, l);
    if (l->resume == NULL)
        goto failed;
    l->acceptor =
        evconnlistener_new_bind(set->links->base, accepted, l,
                                LEV_OPT_REUSEABLE | LEV_OPT_CLOSE_ON_FREE | LEV_OPT_CLOSE_ON_EXEC,
                                BACKLOG, (const struct sockaddr *)&name, (int)sizeof name);
    if (l->acceptor == NULL)
        goto failed;
    evconnlistener_set_error_cb(l->acceptor, cannot_accept);
    if (getsockname(evconnlistener_get_fd(l->acceptor), (struct sockaddr *)&name, &length) != 0)
        goto failed;
    l->address = where->address;
    l->port = ntohs(name.sin_port);
    *out = l;
    return FO_OK;

failed:
    snprintf(why, why_capacity, "cannot listen on %s:%u: %s", fo_ipv4_text(where->address, address),
             where->port, strerror(errno));
    fo_listener_free(l);
    return FO_EIO;
}

void fo_listener_free(struct fo_listener *l)
{
    if (l == NULL)
        return;
    if (l->acceptor != NULL)
        evconnlistener_free(l->acceptor);
    if (l->resume != NULL)
        event_free(l->resume);
    free(l);
}

fo_ipv4_t fo_listener_address(const struct fo_listener *l)
{
    return l->address;
}

uint16_t fo_listener_port(const struct fo_listener *l)
{
    return l->port;
}

void fo_listener_pause(struct fo_listener *l, bool paused)
{
    l->paused = paused;
    if (paused)
        evconnlistener_disable(l->acceptor);
    else
        evconnlistener_enable(l->acceptor);
}
