#include "tests/interop/rogue.h"

#include <arpa/inet.h>
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { PORT = 647, STEP_MS = 10000, WINDOW = 2 };

void die(const char *what)
{
    fprintf(stderr, "hostile: %s: %s\n", what, strerror(errno));
    exit(2);
}

/* --- words --------------------------------------------------------------------------- */

void send_bytes(struct partner *p, const void *data, size_t length)
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

void send_raw(struct partner *p, uint8_t type, const uint8_t *payload, uint16_t length)
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

struct fo_message *words(struct partner *p, uint8_t type)
{
    fo_message_reset(&p->out, type, ++p->xid);
    p->out.time.s = (uint32_t)time(NULL);
    return &p->out;
}

void say(struct partner *p)
{
    uint8_t bytes[FO_MESSAGE_MAX];
    struct fo_writer w = fo_writer_of(bytes, sizeof bytes);

    if (fo_message_encode(&p->out, fo_dialect_get(FO_DIALECT_DRAFT), NULL, &w) != FO_OK)
        die("a message cannot be written");
    send_bytes(p, bytes, w.position);
}

void say_bare(struct partner *p, uint8_t type)
{
    (void)words(p, type);
    say(p);
}

void say_state(struct partner *p, uint8_t state)
{
    struct fo_message *m = words(p, FO_MSG_STATE);

    m->present = FO_OPT_BIT(FO_OPT_SERVER_STATE) | FO_OPT_BIT(FO_OPT_SERVER_FLAGS) |
                 FO_OPT_BIT(FO_OPT_START_TIME_OF_STATE);
    m->server_state = state;
    m->start_time_of_state = m->time;
    say(p);
}

void say_connect(struct partner *p)
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
    m->max_unacked_bndupd = WINDOW;
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
        if (p->acks_another) {
            p->in.groups[0].address = UINT32_MAX;
            p->in.group_count = 1;
            p->acks_another = false; /* the rest is acknowledged as it should be */
        }
        if (p->acks || p->acks_twice)
            say_ack(p, p->in.xid);
        if (p->acks_twice)
            say_ack(p, p->in.xid);
        break;
    default:
        break;
    }
}

/* --- to NORMAL ----------------------------------------------------------------------- */

void call(struct partner *p, const char *source, const char *target)
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
}

static void join(struct partner *p)
{
    say_connect(p);
    while (hear(p, STEP_MS) && p->in.type != FO_MSG_CONNECTACK)
        ;
    if (p->fd < 0 || (p->in.present & FO_OPT_BIT(FO_OPT_REJECT_REASON)) != 0)
        die("no CONNECTACK");
}

/* So that there is something which the other side can be asked to tell (§7.7). */
static void hand_over(struct partner *p)
{
    for (uint32_t n = 1; n <= HANDED_OVER;) {
        struct fo_message *m = words(p, FO_MSG_BNDUPD);
        for (; n <= HANDED_OVER && m->group_count < HANDED_OVER / 2; n++) {
            m->groups[m->group_count++] =
                (struct fo_group){.present = FO_OPT_BIT(FO_OPT_ASSIGNED_IP_ADDRESS) |
                                             FO_OPT_BIT(FO_OPT_BINDING_STATUS) |
                                             FO_OPT_BIT(FO_OPT_START_TIME_OF_STATE),
                                  .address = p->subnet + n,
                                  .status = FO_STATUS_BACKUP,
                                  .start_time_of_state = m->time};
        }
        say(p);
    }
}

void reach_normal(struct partner *p)
{
    bool conflict = false; /* as an earlier run has left it (§9.10): resolved by the rules */

    join(p);
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
        if (p->in.server_state == FO_STATE_NORMAL && p->in.server_flags == 0) {
            hand_over(p);
            return;
        }
    }
    die("not in NORMAL");
}

/* Until the other side hangs up, |seconds| at most; otherwise it is the best of partners. */
void carry_on(struct partner *p, long seconds)
{
    time_t now = time(NULL), end = now + seconds, last = now;

    for (; p->fd >= 0 && now < end; now = time(NULL)) {
        if (hear(p, 200))
            answer(p);
        if (now == last || p->fd < 0)
            continue;
        last = now;
        if (p->drips)
            send_bytes(p, "\0", 1);
        else if (!p->quiet)
            say_bare(p, FO_MSG_CONTACT);
    }
}
