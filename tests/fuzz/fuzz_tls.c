/* The way of a link into TLS, with a whole runtime on one side (draft-12 §8.2, §11.2): what comes
 * in the clear before it, in the handshake, and within it, from anybody. The input is a script:
 * bytes, messages, flights of a handshake whole and damaged, ends of every kind. Sessions are of
 * paper (paper.h), or, a hundred times as slow, OpenSSL's: two bytes must ask for these. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "tests/fuzz/paper.h"
#include "tests/fuzz/tls_world.h"

#define STEPS_MAX  48
#define BLOCKS_MAX 1000 /* that OpenSSL may come to hold beside its sessions */

/* Bits of the first byte, beside the set-up. */
#define REAL    0x38u /* all of them, and a byte of 240 or more behind: OpenSSL's own sessions */
#define REFUSES 0xc0u /* all of them: what the server dials refuses */

/* --- what can happen -----------------------------------------------------------------------------
 */

static void call(struct fuzz_input *in)
{
    struct fuzz_outsider *o = fuzz_tls_room();
    uint8_t how;
    int ends[2];
    if (o == NULL)
        return;
    FUZZ_CHECK(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, ends) == 0);
    fuzz_tls_world.next_odd += 2;
    fuzz_outsider_open(o, ends[1], fuzz_tls_world.next_odd, &fuzz_tls_world.partner);
    how = fuzz_u8(in);
    if ((how & 0x40u) != 0)
        fuzz_tls_narrow(ends[0]);
    FUZZ_CHECK(fo_conn_accept(&fuzz_tls_world.run->conns, o->link, ends[0],
                              (how & 0x80u) != 0 ? FUZZ_OWN_IP : FUZZ_PARTNER_IP) == FO_OK);
}

/* One that is still listened to, if there is any. */
static struct fuzz_outsider *pick(unsigned first)
{
    struct fuzz_outsider *ended = NULL;
    for (size_t i = 0; i < FUZZ_TLS_LINKS; i++) {
        struct fuzz_outsider *o = &fuzz_tls_world.outsiders[(first + i) % FUZZ_TLS_LINKS];
        if (o->fd >= 0 && !o->ended)
            return o;
        if (o->fd >= 0)
            ended = o;
    }
    return ended;
}

static void say(struct fuzz_outsider *o, struct fuzz_input *in, uint8_t type, uint8_t mood)
{
    uint8_t bytes[FO_MESSAGE_MAX];
    size_t length, first;
    fuzz_tls_world.partner.now = fo_run_now(fuzz_tls_world.run).utc.s;
    length = fuzz_partner_says(&fuzz_tls_world.partner, in, type, mood, bytes);
    first = (mood & FUZZ_PIECES) != 0 ? fuzz_u8(in) % length : length;
    fuzz_outsider_say(o, bytes, first);
    if (first != length) {
        fuzz_tls_settle();
        fuzz_outsider_say(o, bytes + first, length - first);
    }
}

/* The message that leads into TLS, from whoever has to say it; in one byte of input. */
static void greet(struct fuzz_outsider *o)
{
    bool connects = (fuzz_tls_world.setup & FUZZ_SECONDARY) != 0;
    uint32_t more = connects ? 0 : FO_OPT_BIT(FO_OPT_TLS_REPLY);
    uint8_t choices[32];
    struct fuzz_input in = {choices, sizeof choices};
    memset(choices, 1, sizeof choices); /* TLS, please; small numbers */
    for (unsigned i = 0; i < 4; i++)
        choices[i] = (uint8_t)(more >> (24 - 8 * i));
    say(o, &in, connects ? FO_MSG_CONNECT : FO_MSG_CONNECTACK, FUZZ_OPTIONS);
}

/* One flight of the handshake, whole; damaged in one byte; cut short; in two pieces. */
static void shake(struct fuzz_outsider *o, struct fuzz_input *in, bool whole)
{
    uint8_t flight[8192], how = whole ? 0 : fuzz_u8(in);
    size_t length, at;
    fuzz_outsider_shake(o, (enum fuzz_who)(how & 3u), (fuzz_tls_world.setup & FUZZ_SECONDARY) == 0);
    length = fuzz_outsider_flight(o, flight, sizeof flight);
    if (length == 0)
        return;
    at = whole ? 0 : fuzz_u16(in) % length;
    if ((how & 4u) != 0)
        flight[at] ^= fuzz_u8(in);
    if ((how & 8u) != 0)
        length = at;
    if ((how & 16u) != 0 && length > at) {
        fuzz_outsider_send(o, flight, at);
        fuzz_tls_settle();
        memmove(flight, flight + at, length - at);
        length -= at;
    }
    fuzz_outsider_send(o, flight, length);
}

static void send_bytes(struct fuzz_outsider *o, struct fuzz_input *in, bool sealed)
{
    size_t length;
    const uint8_t *bytes = fuzz_bytes(in, 1024, &length);
    if (sealed)
        fuzz_outsider_say(o, bytes, length);
    else
        fuzz_outsider_send(o, bytes, length);
}

/* The handshake comes along with the greeting, or while the answer to it is being decided: as what
 * somebody else puts between the two. */
static void greet_hastily(struct fuzz_outsider *o, struct fuzz_input *in)
{
    bool later = (fuzz_u8(in) & 1u) != 0;
    greet(o);
    if (o->session != NULL || (fuzz_tls_world.setup & FUZZ_SECONDARY) == 0)
        return;
    o->hasty = true;
    fuzz_tls_world.hasty = o;
    if (!later)
        fuzz_tls_hurry();
}

/* What a session may say beside its bytes. */
static void say_of_tls(struct fuzz_outsider *o, struct fuzz_input *in)
{
    uint8_t how = fuzz_u8(in);
    if (o->session == NULL || !SSL_is_init_finished(o->session))
        return;
    if ((how & 1u) != 0)
        (void)SSL_shutdown(o->session);
    else
        (void)SSL_key_update(o->session, (how & 2u) != 0 ? SSL_KEY_UPDATE_REQUESTED
                                                         : SSL_KEY_UPDATE_NOT_REQUESTED);
    (void)SSL_do_handshake(o->session);
    fuzz_outsider_say(o, NULL, 0);
}

/* The time a link has is over: its deadline comes now. */
static void pass_time(void)
{
    struct fo_conn *c, *next;
    for (c = TAILQ_FIRST(&fuzz_tls_world.run->conns.all); c != NULL; c = next) {
        next = TAILQ_NEXT(c, in_all);
        if (event_pending(&c->deadline, EV_TIMEOUT, NULL))
            event_active(&c->deadline, EV_TIMEOUT, 0);
    }
}

static void act(struct fuzz_outsider *o, struct fuzz_input *in, uint8_t what)
{
    uint8_t type;
    switch (what) {
    case 3:
        greet(o);
        break;
    case 4:
    case 5:
        shake(o, in, true);
        break;
    case 6:
    case 7:
        shake(o, in, false);
        break;
    case 8:
        send_bytes(o, in, true);
        break;
    case 9:
        send_bytes(o, in, false);
        break;
    case 10:
        say_of_tls(o, in);
        break;
    case 11:
        (void)shutdown(o->fd, SHUT_WR);
        break;
    case 12:
        fuzz_outsider_close(o);
        break;
    case 13:
        greet_hastily(o, in);
        break;
    case 14:
        type = fuzz_u8(in);
        say(o, in, (uint8_t)(1 + type % 12u), fuzz_u8(in));
        break;
    default:
        say(o, in, (uint8_t)(1 + fuzz_u8(in) % 12u), 0);
        break;
    }
}

static void play(struct fuzz_input *in)
{
    uint8_t what = fuzz_u8(in);
    struct fuzz_outsider *o = pick(what >> 4);
    what &= 15u;
    if (what == 0) {
        call(in);
    } else if (what == 1) {
        fuzz_tls_world.run->tick_due = true;
        fo_run_want_batch(fuzz_tls_world.run);
    } else if (what == 2) {
        pass_time();
    } else if (o != NULL) {
        act(o, in, what);
    } else {
        return;
    }
    fuzz_tls_settle();
}

/* --- one input -----------------------------------------------------------------------------------
 */

static int free_descriptor(void)
{
    int fd = dup(STDERR_FILENO);
    close(fd);
    return fd;
}

/* Inputs that were played, and those in which a link became secure; with OpenSSL, on paper. */
static uint64_t played[2], secured[2];

static void tell(void)
{
    static const char *const names[] = {"OpenSSL", "paper"};
    for (int i = 0; i < 2; i++)
        fprintf(stderr, "tls: %" PRIu64 " inputs with %s, %" PRIu64 " came into TLS\n", played[i],
                names[i], secured[i]);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct fuzz_input in = {data, size};
    static size_t blocks;
    uint8_t what;
    int before;
    if (fuzz_tls_world.run == NULL) {
        fuzz_tls_world_init();
        blocks = fuzz_tls_blocks();
        atexit(tell);
    }
    before = free_descriptor();
    what = fuzz_u8(&in);
    fuzz_paper = (what & REAL) != REAL || fuzz_u8(&in) < 240;
    fuzz_tls_world_start(what % FUZZ_TLS_SETUPS, (what & REFUSES) == REFUSES);
    for (int steps = 0; steps < STEPS_MAX && fuzz_more(&in); steps++)
        play(&in);
    fuzz_tls_world_stop();
    FUZZ_CHECK(free_descriptor() == before);
    FUZZ_CHECK(fuzz_tls_blocks() <= blocks + BLOCKS_MAX && fuzz_paper_live() == 0);
    played[fuzz_paper]++;
    secured[fuzz_paper] += fuzz_tls_world.secured;
    return 0;
}
