/* rtnetlink: what interfaces and IPv6 addresses there are, and that something changed (rtnetlink(7)).
 * A dump is asked for on a socket of its own and the kernel answers at once; another socket hears of
 * changes and says only that there were some. */
#include <errno.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <event2/event.h>

#include "mgmt/interfaces.h"

#define BUFFER        32768 /* the kernel's dumps come in pieces of at most that */
#define PATIENCE_S    2
#define TRIES         4   /* of a dump that something changed under */
#define MESSAGES_MOST 256 /* of changes, in one turn of the loop */

/* --- one dump --------------------------------------------------------------------------------- */

struct dump {
    struct fo_interfaces *out;
    bool interrupted; /* the list changed meanwhile: it may be inconsistent */
    bool no_memory;
};

static void take_link(struct dump *d, const struct nlmsghdr *h)
{
    const struct ifinfomsg *link = NLMSG_DATA(h);
    const struct rtattr *a = IFLA_RTA(link);
    int left = (int)IFLA_PAYLOAD(h);

    for (; RTA_OK(a, left); a = RTA_NEXT(a, left)) {
        char name[IFNAMSIZ];
        size_t length = RTA_PAYLOAD(a);
        if (a->rta_type != IFLA_IFNAME || length == 0 || length > sizeof name)
            continue;
        memcpy(name, RTA_DATA(a), length);
        name[length - 1] = '\0';
        if (fo_interfaces_add(d->out, (uint32_t)link->ifi_index, name,
                              (link->ifi_flags & IFF_LOOPBACK) != 0) == NULL &&
            !d->out->cut)
            d->no_memory = true;
        return;
    }
}

static struct fo_interface *find(struct fo_interfaces *i, uint32_t index)
{
    for (size_t k = 0; k < i->count; k++) {
        if (i->list[k].index == index)
            return &i->list[k];
    }
    return NULL;
}

static bool read_address(const struct rtattr *a, struct fo_ipv6 *out)
{
    struct fo_reader r = fo_reader_of(RTA_DATA(a), RTA_PAYLOAD(a));

    fo_read_ipv6(&r, out);
    return r.err == FO_OK;
}

static void take_address(struct dump *d, const struct nlmsghdr *h)
{
    const struct ifaddrmsg *m = NLMSG_DATA(h);
    const struct rtattr *a = IFA_RTA(m);
    struct fo_interface *one = find(d->out, m->ifa_index);
    struct fo_interface_address address = {.length = m->ifa_prefixlen};
    uint32_t flags = m->ifa_flags;
    int left = (int)IFA_PAYLOAD(h);
    bool has_address = false;

    for (; RTA_OK(a, left); a = RTA_NEXT(a, left)) {
        /* Of a point-to-point link IFA_ADDRESS is the other end. */
        if (a->rta_type == IFA_LOCAL || (a->rta_type == IFA_ADDRESS && !has_address))
            has_address = read_address(a, &address.address) || has_address;
        if (a->rta_type == IFA_FLAGS && RTA_PAYLOAD(a) >= sizeof flags)
            memcpy(&flags, RTA_DATA(a), sizeof flags);
    }
    if (one == NULL || !has_address || m->ifa_family != AF_INET6 ||
        m->ifa_prefixlen > FO_IPV6_BITS || (flags & IFA_F_DADFAILED) != 0)
        return;
    address.global = fo_ipv6_is_unicast(address.address);
    address.configured = (flags & IFA_F_PERMANENT) != 0 && (flags & IFA_F_TEMPORARY) == 0;
    if (!fo_interface_add(d->out, one, &address))
        d->no_memory = true;
}

/* FO_OK: the dump is over; FO_EMISSING: there is more to come. */
static int take_messages(struct dump *d, const struct nlmsghdr *h, size_t length)
{
    for (; NLMSG_OK(h, length); h = NLMSG_NEXT(h, length)) {
        d->interrupted = d->interrupted || (h->nlmsg_flags & NLM_F_DUMP_INTR) != 0;
        if (h->nlmsg_type == NLMSG_DONE)
            return FO_OK;
        if (h->nlmsg_type == NLMSG_ERROR)
            return FO_EIO;
        if (h->nlmsg_type == RTM_NEWLINK && h->nlmsg_len >= NLMSG_LENGTH(sizeof(struct ifinfomsg)))
            take_link(d, h);
        if (h->nlmsg_type == RTM_NEWADDR && h->nlmsg_len >= NLMSG_LENGTH(sizeof(struct ifaddrmsg)))
            take_address(d, h);
    }
    return FO_EMISSING;
}

static int ask(int fd, uint16_t type, uint8_t family)
{
    struct {
        struct nlmsghdr h;
        struct rtgenmsg body;
    } request = {.h = {.nlmsg_len = NLMSG_LENGTH(sizeof(struct rtgenmsg)),
                       .nlmsg_type = type,
                       .nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP},
                 .body = {.rtgen_family = family}};

    return send(fd, &request, request.h.nlmsg_len, 0) == (ssize_t)request.h.nlmsg_len ? FO_OK
                                                                                      : FO_EIO;
}

static int dump(int fd, uint16_t type, uint8_t family, struct dump *d)
{
    _Alignas(struct nlmsghdr) char buffer[BUFFER];
    int rc = ask(fd, type, family);

    if (rc != FO_OK)
        return rc;
    do {
        ssize_t length = recv(fd, buffer, sizeof buffer, 0);
        if (length < 0 && errno == EINTR)
            continue;
        if (length <= 0)
            return FO_EIO;
        rc = take_messages(d, (const struct nlmsghdr *)(const void *)buffer, (size_t)length);
    } while (rc == FO_EMISSING);
    return rc == FO_OK && d->no_memory ? FO_ENOMEM : rc;
}

static int open_socket(uint32_t groups, int flags)
{
    struct sockaddr_nl us = {.nl_family = AF_NETLINK, .nl_groups = groups};
    int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC | flags, NETLINK_ROUTE);

    if (fd >= 0 && bind(fd, (const struct sockaddr *)&us, sizeof us) == 0)
        return fd;
    if (fd >= 0)
        (void)close(fd);
    return -1;
}

static int read_once(struct fo_interfaces *out, bool *out_interrupted)
{
    struct timeval patience = {.tv_sec = PATIENCE_S};
    struct dump d = {.out = out};
    int fd = open_socket(0, 0), rc;

    if (fd < 0)
        return FO_EIO;
    (void)setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    rc = dump(fd, RTM_GETLINK, AF_UNSPEC, &d);
    if (rc == FO_OK)
        rc = dump(fd, RTM_GETADDR, AF_INET6, &d);
    (void)close(fd);
    *out_interrupted = d.interrupted;
    return rc;
}

int fo_interfaces_read(struct fo_interfaces *out)
{
    bool interrupted = true;
    int rc = FO_OK;

    *out = (struct fo_interfaces){0};
    for (int i = 0; i < TRIES && interrupted && rc == FO_OK; i++) {
        fo_interfaces_fini(out);
        rc = read_once(out, &interrupted);
    }
    if (rc != FO_OK)
        fo_interfaces_fini(out);
    fo_interfaces_settle(out);
    return rc;
}

/* --- changes ---------------------------------------------------------------------------------- */

struct fo_interfaces_watch {
    int fd;
    struct event *event;
    void (*changed)(void *context);
    void *context;
};

/* What a message says does not matter, nor that some were lost (ENOBUFS): the list is read anew. */
static void on_change(evutil_socket_t fd, short what, void *context)
{
    struct fo_interfaces_watch *w = context;
    char buffer[4096];
    bool more = true;

    (void)what;
    for (int i = 0; i < MESSAGES_MOST && more; i++) {
        ssize_t length = recv(fd, buffer, sizeof buffer, MSG_DONTWAIT);
        more = length > 0 || (length < 0 && (errno == ENOBUFS || errno == EINTR));
    }
    w->changed(w->context);
}

int fo_interfaces_watch_new(struct event_base *base, void (*changed)(void *context), void *context,
                            struct fo_interfaces_watch **out)
{
    struct fo_interfaces_watch *w = calloc(1, sizeof *w);

    if (w == NULL)
        return FO_ENOMEM;
    w->changed = changed;
    w->context = context;
    w->fd = open_socket(RTMGRP_LINK | RTMGRP_IPV6_IFADDR, SOCK_NONBLOCK);
    if (w->fd >= 0)
        w->event = event_new(base, w->fd, EV_READ | EV_PERSIST, on_change, w);
    if (w->event != NULL && event_add(w->event, NULL) == 0) {
        *out = w;
        return FO_OK;
    }
    fo_interfaces_watch_free(w);
    return FO_EIO;
}

void fo_interfaces_watch_free(struct fo_interfaces_watch *w)
{
    if (w == NULL)
        return;
    if (w->event != NULL)
        event_free(w->event);
    if (w->fd >= 0)
        (void)close(w->fd);
    free(w);
}
