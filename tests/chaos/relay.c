/**
 * tests/chaos/relay.c: stands between two failover servers, unseen: each believes to talk to the
 * other. It listens in two network namespaces, in each with the address of the server that is
 * behind the other one, and passes on what is said, late, in pieces, together, not at all, or until
 * it hangs up in the middle of a message. Orders come on standard input, one per line:
 *
 *     delay MS       what arrives waits so long, and goes on together with all that arrived
 * meanwhile split N        goes on in pieces of at most N octets, one every few milliseconds; 0: as
 * it is hold a|b|none  nothing of what that server says goes on, and nobody is told drop N after N
 * more octets every connection is reset
 *
 *     relay NAMESPACE-FACING-A NAMESPACE-FACING-B ADDRESS-A ADDRESS-B PORT
 */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { SIDES = 2, LINKS_MAX = 16, ROOM = 65536, TICK_MS = 5, BACKLOG = 8, NO_DROP = -1 };

/* What one server said and the other has not got yet. */
struct flow {
    uint8_t data[ROOM];
    size_t length;
    int64_t due_ms;
};

struct link {
    bool used;
    int fd[SIDES];
    struct flow from[SIDES];
};

static struct link links[LINKS_MAX];
static int namespaces[SIDES], listeners[SIDES]; /* [0] faces server a */
static struct sockaddr_in servers[SIDES];
static int64_t delay_ms;
static size_t piece;
static int held = -1;
static long drop_after = NO_DROP;

static int64_t now_ms(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static void die(const char *what)
{
    perror(what);
    exit(1);
}

/* --- sockets ------------------------------------------------------------------------------------
 */

/* Facing |side|, with the address of the other server. */
static int socket_facing(int side, in_port_t port)
{
    struct sockaddr_in here = servers[1 - side];
    int on = 1, fd;

    here.sin_port = port;
    if (setns(namespaces[side], CLONE_NEWNET) < 0)
        die("setns");
    fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd < 0 || setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) < 0 ||
        bind(fd, (struct sockaddr *)&here, sizeof here) < 0)
        die("socket");
    return fd;
}

static void reset(int fd)
{
    struct linger now = {.l_onoff = 1, .l_linger = 0};

    (void)setsockopt(fd, SOL_SOCKET, SO_LINGER, &now, sizeof now);
    (void)close(fd);
}

static void end_link(struct link *l)
{
    reset(l->fd[0]);
    reset(l->fd[1]);
    l->used = false;
}

static void accept_from(int side)
{
    int on = 1, fd = accept4(listeners[side], NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
    struct link *l = NULL;

    if (fd < 0)
        return;
    for (size_t i = 0; i < LINKS_MAX && l == NULL; i++)
        l = links[i].used ? NULL : &links[i];
    if (l == NULL) {
        reset(fd);
        return;
    }
    *l = (struct link){.used = true};
    l->fd[side] = fd;
    l->fd[1 - side] = socket_facing(1 - side, 0);
    for (int i = 0; i < SIDES; i++)
        (void)setsockopt(l->fd[i], IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    if (connect(l->fd[1 - side], (struct sockaddr *)&servers[1 - side], sizeof servers[0]) < 0 &&
        errno != EINPROGRESS)
        end_link(l);
}

/* --- passing on ---------------------------------------------------------------------------------
 */

static bool failed(ssize_t n)
{
    return n == 0 || (n < 0 && errno != EAGAIN && errno != ENOTCONN);
}

static void listen_to(struct link *l, int side, int64_t now)
{
    struct flow *f = &l->from[side];
    ssize_t n;

    if (f->length == ROOM)
        return;
    n = recv(l->fd[side], f->data + f->length, ROOM - f->length, 0);
    if (failed(n)) {
        end_link(l);
        return;
    }
    if (n < 0)
        return;
    if (f->length == 0)
        f->due_ms = now + delay_ms;
    f->length += (size_t)n;
}

static void pass_on(struct link *l, int side, int64_t now)
{
    struct flow *f = &l->from[side];
    size_t most = f->length;
    ssize_t n;

    if (f->length == 0 || held == side || now < f->due_ms)
        return;
    if (piece != 0 && most > piece)
        most = piece;
    if (drop_after != NO_DROP && most > (size_t)drop_after)
        most = (size_t)drop_after;
    n = most == 0 ? -1 : send(l->fd[1 - side], f->data, most, MSG_NOSIGNAL);
    if (most != 0 && failed(n)) {
        end_link(l);
        return;
    }
    if (n <= 0)
        return;
    f->length -= (size_t)n;
    memmove(f->data, f->data + n, f->length);
    if (piece != 0)
        f->due_ms = now + TICK_MS;
    if (drop_after != NO_DROP)
        drop_after -= n;
}

static void drop_if_due(void)
{
    if (drop_after != 0)
        return;
    drop_after = NO_DROP;
    for (size_t i = 0; i < LINKS_MAX; i++) {
        if (links[i].used)
            end_link(&links[i]);
    }
}

/* --- the process --------------------------------------------------------------------------------
 */

static bool obey(const char *line)
{
    char word[16] = "", what[16] = "";

    if (sscanf(line, "%15s %15s", word, what) != 2)
        return false;
    if (strcmp(word, "delay") == 0)
        delay_ms = strtol(what, NULL, 10);
    else if (strcmp(word, "split") == 0)
        piece = strtoul(what, NULL, 10);
    else if (strcmp(word, "drop") == 0)
        drop_after = strtol(what, NULL, 10);
    else if (strcmp(word, "hold") == 0)
        held = what[0] == 'a' ? 0 : what[0] == 'b' ? 1 : -1;
    else
        return false;
    return true;
}

/* False: no more orders, which is the end. */
static bool take_orders(void)
{
    static char line[128];
    static size_t length;
    ssize_t n = read(STDIN_FILENO, line + length, sizeof line - 1 - length);
    char *end;

    if (n <= 0)
        return n < 0 && errno == EAGAIN;
    length += (size_t)n;
    line[length] = '\0';
    while ((end = strchr(line, '\n')) != NULL) {
        *end = '\0';
        if (!obey(line))
            fprintf(stderr, "relay: not an order: %s\n", line);
        length -= (size_t)(end + 1 - line);
        memmove(line, end + 1, length + 1);
    }
    return length < sizeof line - 1;
}

static void run(void)
{
    while (true) {
        struct pollfd p[1 + SIDES] = {{.fd = STDIN_FILENO, .events = POLLIN},
                                      {.fd = listeners[0], .events = POLLIN},
                                      {.fd = listeners[1], .events = POLLIN}};
        int64_t now;
        (void)poll(p, 1 + SIDES, TICK_MS);
        now = now_ms();
        if (p[0].revents != 0 && !take_orders())
            return;
        for (int side = 0; side < SIDES; side++) {
            if (p[1 + side].revents != 0)
                accept_from(side);
        }
        for (size_t i = 0; i < LINKS_MAX; i++) {
            for (int side = 0; side < SIDES && links[i].used; side++)
                listen_to(&links[i], side, now);
            for (int side = 0; side < SIDES && links[i].used; side++)
                pass_on(&links[i], side, now);
        }
        drop_if_due();
    }
}

int main(int argc, char **argv)
{
    if (argc != 6) {
        fprintf(stderr, "usage: relay NAMESPACE-FACING-A NAMESPACE-FACING-B ADDRESS-A ADDRESS-B "
                        "PORT\n");
        return 2;
    }
    signal(SIGPIPE, SIG_IGN);
    for (int side = 0; side < SIDES; side++) {
        char path[128];
        servers[side].sin_family = AF_INET;
        servers[side].sin_port = htons((uint16_t)strtoul(argv[5], NULL, 10));
        if (inet_pton(AF_INET, argv[3 + side], &servers[side].sin_addr) != 1)
            die(argv[3 + side]);
        (void)snprintf(path, sizeof path, "/run/netns/%s", argv[1 + side]);
        namespaces[side] = open(path, O_RDONLY | O_CLOEXEC);
        if (namespaces[side] < 0)
            die(path);
    }
    for (int side = 0; side < SIDES; side++) {
        listeners[side] = socket_facing(side, servers[side].sin_port);
        if (listen(listeners[side], BACKLOG) < 0)
            die("listen");
    }
    run();
    return 0;
}
