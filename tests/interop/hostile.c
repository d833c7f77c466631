/**
 * tests/interop/hostile.c: a failover partner that means harm, one offence per run.
 *
 * It is the primary of the relationship it names and knows the protocol well enough to reach NORMAL
 * with a secondary (the draft's dialect, no TLS, no digest). Then it commits its offence and prints
 * what came of it: `open`, or `closed` after up to WAIT seconds. Exit 0: it got as far as that.
 *
 * Source: draft-12 §6 (format), §7 (messages), §9 (states): what an offence breaks stands beside
 * it.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "proto/frame.h"

enum { PORT = 647, STEP_MS = 10000, FLOOD = 100000 };

struct partner {
    int fd;
    const char *name;
    uint32_t xid;
    struct fo_frame_cutter cutter;
    uint8_t bytes[65536];
    const uint8_t *at;
    size_t left;
    bool acks, acks_twice, acks_others; /* what it does with a BNDUPD */
    struct fo_message in, out;
};

static void die(const char *what)
{
    fprintf(stderr, "hostile: %s: %s\n", what, strerror(errno));
    exit(2);
}

/* --- words
 * ------------------------------------------------------------------------------------------- */

static void send_bytes(struct partner *p, const void *data, size_t length)
{
    const uint8_t *at = data;

    while (length > 0) {
        ssize_t n = send(p->fd, at, length, MSG_NOSIGNAL);
        if (n <= 0)
            return; /* it hung up: the verdict will say so */
        at += n;
        length -= (size_t)n;
    }
}

static struct fo_message *words(struct partner *p, uint8_t type)
{
    fo_message_reset(&p->out, type, ++p->xid);
    p->out.time.s = (uint32_t)time(NULL);
    return &p->out;
}

static void say(struct partner *p)
{
    uint8_t bytes[FO_MESSAGE_MAX];
    struct fo_writer w = fo_writer_of(bytes, sizeof bytes);

    if (fo_message_encode(&p->out, fo_dialect_get(FO_DIALECT_DRAFT), NULL, &w) != FO_OK)
        die("a message cannot be written");
    send_bytes(p, bytes, w.position);
}

static void say_bare(struct partner *p, uint8_t type)
{
    (void)words(p, type);
    say(p);
}

static void say_state(struct partner *p, uint8_t state)
{
    struct fo_message *m = words(p, FO_MSG_STATE);

    m->present = FO_OPT_BIT(FO_OPT_SERVER_STATE) | FO_OPT_BIT(FO_OPT_SERVER_FLAGS) |
                 FO_OPT_BIT(FO_OPT_START_TIME_OF_STATE);
    m->server_state = state;
    m->start_time_of_state = m->time;
    say(p);
}

static void say_connect(struct partner *p)
{
    static const uint8_t hba[FO_HBA_LENGTH] = {0};
    struct fo_message *m = words(p, FO_MSG_CONNECT);

    m->present = FO_OPT_BIT(FO_OPT_RELATIONSHIP_NAME) | FO_OPT_BIT(FO_OPT_MAX_UNACKED_BNDUPD) |
                 FO_OPT_BIT(FO_OPT_RECEIVE_TIMER) | FO_OPT_BIT(FO_OPT_VENDOR_CLASS_IDENTIFIER) |
                 FO_OPT_BIT(FO_OPT_PROTOCOL_VERSION) | FO_OPT_BIT(FO_OPT_MCLT) |
                 FO_OPT_BIT(FO_OPT_HASH_BUCKET_ASSIGNMENT) | FO_OPT_BIT(FO_OPT_TLS_REQUEST);
    m->relationship_name = (struct fo_span){(const uint8_t *)p->name, (uint16_t)strlen(p->name)};
    m->vendor_class = (struct fo_span){(const uint8_t *)"hostile", 7};
    m->hash_bucket_assignment = (struct fo_span){hba, sizeof hba};
    m->max_unacked_bndupd = 10;
    m->receive_timer_s = 30;
    m->protocol_version = 1;
    m->mclt_s = 600;
    say(p);
}

static void say_ack(struct partner *p, uint32_t xid)
{
    struct fo_message *m = words(p, FO_MSG_BNDACK);

    m->xid = xid;
    m->group_count = p->in.group_count;
    for (size_t i = 0; i < m->group_count; i++) {
        m->groups[i] = (struct fo_group){.address = p->in.groups[i].address,
                                         .present = FO_OPT_BIT(FO_OPT_ASSIGNED_IP_ADDRESS)};
    }
    say(p);
}

/* The next message within |ms|; false: none, or the link is closed (p->fd is -1). */
static bool hear(struct partner *p, int ms)
{
    const uint8_t *one;
    size_t length;

    while (p->fd >= 0) {
        struct pollfd ready = {.fd = p->fd, .events = POLLIN};
        struct fo_fault fault;
        ssize_t n;
        if (fo_frame_next(&p->cutter, &p->at, &p->left, &one, &length) == 1)
            return fo_message_decode(one, length, &p->in, &fault) == FO_OK;
        if (poll(&ready, 1, ms) <= 0)
            return false;
        n = recv(p->fd, p->bytes, sizeof p->bytes, 0);
        p->at = p->bytes;
        p->left = n > 0 ? (size_t)n : 0;
        if (n <= 0) {
            (void)close(p->fd);
            p->fd = -1;
        }
    }
    return false;
}

/* What a partner has to answer, answered as this one does. */
static void answer(struct partner *p)
{
    switch (p->in.type) {
    case FO_MSG_UPDREQ:
    case FO_MSG_UPDREQALL:
        words(p, FO_MSG_UPDDONE)->xid = p->in.xid;
        say(p);
        break;
    case FO_MSG_BNDUPD:
        if (p->acks_others)
            say_ack(p, p->in.xid + 1000000);
        if (p->acks || p->acks_twice)
            say_ack(p, p->in.xid);
        if (p->acks_twice)
            say_ack(p, p->in.xid);
        break;
    default:
        break;
    }
}

/* --- to NORMAL
 * --------------------------------------------------------------------------------------- */

static void join(struct partner *p, const char *source, const char *target)
{
    struct sockaddr_in from = {.sin_family = AF_INET},
                       to = {.sin_family = AF_INET, .sin_port = htons(PORT)};
    int on = 1;

    p->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (inet_pton(AF_INET, source, &from.sin_addr) != 1 ||
        inet_pton(AF_INET, target, &to.sin_addr) != 1)
        die("address");
    (void)setsockopt(p->fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (bind(p->fd, (struct sockaddr *)&from, sizeof from) != 0 ||
        connect(p->fd, (struct sockaddr *)&to, sizeof to) != 0)
        die(target);
    say_connect(p);
    while (hear(p, STEP_MS) && p->in.type != FO_MSG_CONNECTACK)
        ;
    if (p->fd < 0 || (p->in.present & FO_OPT_BIT(FO_OPT_REJECT_REASON)) != 0)
        die("no CONNECTACK");
}

/* The first time both begin in RECOVER; later it comes back to a partner that has a database. */
static void reach_normal(struct partner *p)
{
    bool conflict = false; /* as an earlier run has left it (§9.10): resolved by the rules */

    while (hear(p, STEP_MS)) {
        answer(p);
        if (p->in.type == FO_MSG_UPDDONE && conflict)
            say_state(p, FO_STATE_CONFLICT_DONE);
        if (p->in.type != FO_MSG_STATE)
            continue;
        if (p->in.server_state == FO_STATE_RECOVER) {
            say_state(p, FO_STATE_RECOVER);
            continue;
        }
        if (p->in.server_state == FO_STATE_POTENTIAL_CONFLICT ||
            p->in.server_state == FO_STATE_RESOLUTION_INTERRUPTED) {
            if (!conflict) {
                say_state(p, FO_STATE_POTENTIAL_CONFLICT);
                say_bare(p, FO_MSG_UPDREQ);
            }
            conflict = true;
            continue;
        }
        if (p->in.server_state == FO_STATE_RECOVER_DONE)
            say_state(p, FO_STATE_RECOVER_DONE);
        say_state(p, FO_STATE_NORMAL);
        if (p->in.server_state == FO_STATE_NORMAL && p->in.server_flags == 0)
            return;
    }
    die("not in NORMAL");
}

/* --- offences
 * ---------------------------------------------------------------------------------------- */

static void raw(struct partner *p, uint8_t type, const uint8_t *payload, uint16_t length)
{
    uint8_t bytes[FO_MESSAGE_MAX];
    struct fo_writer w = fo_writer_of(bytes, sizeof bytes);

    fo_write_u16(&w, (uint16_t)(FO_HEADER_LENGTH + length));
    fo_write_u8(&w, type);
    fo_write_u8(&w, FO_HEADER_LENGTH);
    fo_write_u32(&w, (uint32_t)time(NULL));
    fo_write_u32(&w, ++p->xid);
    for (size_t i = 0; i < length; i++)
        fo_write_u8(&w, payload[i]);
    send_bytes(p, bytes, w.position);
}

static void two_octets(struct partner *p) /* §6.1: the header alone has 12 */
{
    send_bytes(p, "\0\2", 2);
}

static void endless(struct partner *p) /* §6.1: 2048 at most */
{
    send_bytes(p, "\xff\xff\3\x0c", 4);
}

static void option_too_long(struct partner *p) /* §6.2: it ends behind the message */
{
    raw(p, FO_MSG_STATE, (const uint8_t *)"\0\x18\0\x50\2", 5);
}

static void duplicate_option(struct partner *p) /* §6.2: once */
{
    raw(p, FO_MSG_STATE, (const uint8_t *)"\0\x18\0\1\2\0\x17\0\1\0\0\x18\0\1\6", 15);
}

static void unknown_type(struct partner *p) /* §6.1: 13 to 127 are not to be ignored */
{
    raw(p, 99, NULL, 0);
}

static void unknown_state(struct partner *p) /* §12.24 */
{
    raw(p, FO_MSG_STATE, (const uint8_t *)"\0\x18\0\1\x4d\0\x17\0\1\0\0\x19\0\4\0\0\0\1", 18);
}

static void second_connect(struct partner *p) /* §7.8: once per connection */
{
    say_connect(p);
}

static void states_out_of_order(struct partner *p) /* §9: none of these follows NORMAL */
{
    say_state(p, FO_STATE_RECOVER_DONE);
    say_state(p, FO_STATE_CONFLICT_DONE);
    say_state(p, FO_STATE_RESOLUTION_INTERRUPTED);
    say_state(p, FO_STATE_PAUSED);
}

static void contact_flood(struct partner *p)
{
    for (int i = 0; i < FLOOD; i++)
        say_bare(p, FO_MSG_CONTACT);
}

static void request_flood(struct partner *p)
{
    for (int i = 0; i < FLOOD / 10; i++) {
        say_bare(p, FO_MSG_UPDREQALL);
        say_bare(p, FO_MSG_UPDREQ);
    }
}

/* §6.3 as it should not be: addresses of nobody, of another relationship, twice in one message. */
static void foreign_batch(struct partner *p)
{
    static const fo_ipv4_t addresses[] = {0x0a100005, 0x0a110005, 0x0a110005, 0, UINT32_MAX};
    struct fo_message *m = words(p, FO_MSG_BNDUPD);

    for (size_t i = 0; i < sizeof addresses / sizeof addresses[0]; i++) {
        m->groups[m->group_count++] = (struct fo_group){
            .present = FO_OPT_BIT(FO_OPT_ASSIGNED_IP_ADDRESS) | FO_OPT_BIT(FO_OPT_BINDING_STATUS) |
                       FO_OPT_BIT(FO_OPT_CLIENT_HARDWARE_ADDRESS) |
                       FO_OPT_BIT(FO_OPT_LEASE_EXPIRATION_TIME) |
                       FO_OPT_BIT(FO_OPT_POTENTIAL_EXPIRATION_TIME) |
                       FO_OPT_BIT(FO_OPT_CLIENT_LAST_TRANSACTION_TIME) |
                       FO_OPT_BIT(FO_OPT_START_TIME_OF_STATE),
            .address = addresses[i],
            .status = FO_STATUS_ACTIVE,
            .hardware_address = {(const uint8_t *)"\1\2\0\0\0\6\6", 7},
            .lease_expiration_time = {m->time.s + 600},
            .potential_expiration_time = {m->time.s + 900},
            .client_last_transaction_time = m->time,
            .start_time_of_state = m->time,
        };
    }
    say(p);
}

static void half_a_message(struct partner *p) /* and then nothing */
{
    send_bytes(p, "\0\x40\3\x0c\0\0", 6);
}

static void never_ack(struct partner *p)
{
    p->acks = false;
    say_bare(p, FO_MSG_UPDREQALL);
}

static void ack_twice(struct partner *p)
{
    p->acks_twice = true;
    say_bare(p, FO_MSG_UPDREQALL);
}

static void ack_others(struct partner *p)
{
    p->acks_others = true;
    p->acks = false;
    say_bare(p, FO_MSG_UPDREQALL);
}

static const struct {
    const char *name;
    void (*commit)(struct partner *p);
} offences[] = {
    {"none", NULL},
    {"two-octets", two_octets},
    {"endless", endless},
    {"option-too-long", option_too_long},
    {"duplicate-option", duplicate_option},
    {"unknown-type", unknown_type},
    {"unknown-state", unknown_state},
    {"second-connect", second_connect},
    {"states-out-of-order", states_out_of_order},
    {"contact-flood", contact_flood},
    {"request-flood", request_flood},
    {"foreign-batch", foreign_batch},
    {"half-a-message", half_a_message},
    {"never-ack", never_ack},
    {"ack-twice", ack_twice},
    {"ack-others", ack_others},
};

int main(int argc, char **argv)
{
    static struct partner p = {.acks = true};
    time_t end;

    if (argc != 6) {
        fprintf(stderr, "usage: hostile SOURCE TARGET RELATIONSHIP OFFENCE WAIT\n");
        return 2;
    }
    p.name = argv[3];
    join(&p, argv[1], argv[2]);
    reach_normal(&p);
    for (size_t i = 0; i < sizeof offences / sizeof offences[0]; i++) {
        if (strcmp(offences[i].name, argv[4]) == 0 && offences[i].commit != NULL)
            offences[i].commit(&p);
    }
    end = time(NULL) + strtol(argv[5], NULL, 10);
    while (p.fd >= 0 && time(NULL) < end) {
        if (hear(&p, 200))
            answer(&p);
    }
    puts(p.fd >= 0 ? "open" : "closed");
    return 0;
}
