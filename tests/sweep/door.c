/* The scene of a host that opens an engine, sets it up and reports leases, each through fo/fo.h. */
#include <arpa/inet.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "fo/fo.h"
#include "tests/sweep/sweep.h"

#define SUBNET "10.0.0.0"
#define FIRST  0x0a000001u
#define LEASES 3

struct scene {
    struct fo *fo;
    uint16_t port;
    int opened, scope, relationship, reported[LEASES];
    unsigned durable[LEASES];
    char why[256];
};

static uint16_t free_port(void)
{
    struct sockaddr_in name = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(0x7f000001u)};
    socklen_t length = sizeof name;
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    if (fd < 0 || bind(fd, (struct sockaddr *)&name, sizeof name) != 0 ||
        getsockname(fd, (struct sockaddr *)&name, &length) != 0)
        abort();
    close(fd);
    return ntohs(name.sin_port);
}

static void *nothing(void)
{
    struct scene *s = calloc(1, sizeof *s);
    s->port = free_port();
    return s;
}

static void open_engine(struct scene *s)
{
    const struct fo_options options = {.listen_address = "127.0.0.1", .listen_port = s->port};
    s->opened = fo_open(&options, &s->fo, s->why, sizeof s->why);
}

static int set_scope(struct scene *s)
{
    const struct fo_range_text range = {"10.0.0.1", "10.0.0.99"};
    return fo_scope_set(s->fo, SUBNET, "255.255.255.0", &range, 1, s->why, sizeof s->why);
}

static int set_relationship(struct scene *s)
{
    static const char *const scopes[] = {SUBNET};
    const struct fo_pairing pairing = {.name = "pair",
                                       .role = "primary",
                                       .local = "127.0.0.1",
                                       .partner = "127.0.0.2",
                                       .primary_percent = 50,
                                       .scopes = scopes,
                                       .scope_count = 1};
    return fo_relationship_set(s->fo, &pairing, s->why, sizeof s->why);
}

static int report(struct scene *s, unsigned n)
{
    const uint8_t hw[7] = {1, 2, 0, 0, 0, 0, (uint8_t)n}, id[5] = {(uint8_t)n};
    const struct fo_lease_report lease = {.event = FO_LEASE_GRANTED,
                                          .address = FIRST + n,
                                          .client = {hw, sizeof hw, id, sizeof id},
                                          .lease_end = 2000000000u,
                                          .desired_s = 3600,
                                          .token = n + 1};
    return fo_report(s->fo, &lease);
}

static void on_durable(void *context, uint64_t token)
{
    struct scene *s = context;
    s->durable[token - 1]++;
}

static void play(void *context)
{
    struct scene *s = context;
    open_engine(s);
    if (s->opened != FO_OK)
        return;
    s->scope = set_scope(s);
    s->relationship = set_relationship(s);
    for (unsigned n = 0; n < LEASES; n++)
        s->reported[n] = report(s, n);
    (void)set_scope(s); /* takes the reports along: no thread runs */
}

/* What was refused can be had now; what was taken in was told once. */
static const char *judge(void *context)
{
    struct scene *s = context;
    const struct fo_callbacks callbacks = {.context = s, .on_durable = on_durable};
    if (s->opened != FO_OK) {
        if (s->fo != NULL || s->why[0] == '\0')
            return "not opened, without a word or not wholly";
        play(s);
    }
    if (s->opened != FO_OK || (s->scope != FO_OK && set_scope(s) != FO_OK) ||
        (s->relationship != FO_OK && set_relationship(s) != FO_OK) || set_scope(s) != FO_OK)
        return "what was refused once is refused again";
    (void)fo_drain(s->fo, &callbacks, 0);
    for (unsigned n = 0; n < LEASES; n++)
        if (s->durable[n] > 1 || (s->durable[n] != 0 && s->reported[n] != FO_OK))
            return "a lease is told of that was refused, or told of twice";
    if (report(s, 0) != FO_OK || set_scope(s) != FO_OK)
        return "nothing can be reported any more";
    return NULL;
}

static void clear(void *context)
{
    struct scene *s = context;
    fo_close(s->fo);
    free(s);
}

const struct sweep_scene sweep_door = {"door", nothing, play, judge, clear, 1u << STRIKE_MEMORY};
