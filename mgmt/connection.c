#include "mgmt/connection.h"

#include <arpa/inet.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <event2/buffer.h>
#include <event2/bufferevent_ssl.h>

#include "proto/win32.h"

#define HEADER           4 /* bytes of the length in front of a frame */
#define FAILURES_TOLD_MS 60000
#define OUTPUT_LOW       (256u * 1024) /* below that a full connection is read again */
#define READ_MOST        (256u * 1024) /* at once from a socket, so that a batch has much to commit */

/* --- unpacking within a budget: a small frame can describe large structures ----------------------
 */

struct budget {
    ProtobufCAllocator allocator;
    size_t left;
};

static void *budget_alloc(void *context, size_t size)
{
    struct budget *b = context;

    if (size > b->left)
        return NULL;
    b->left -= size;
    return malloc(size);
}

static void budget_free(void *context, void *pointer)
{
    (void)context;
    free(pointer);
}

static Mgmt__Request *unpack(const uint8_t *data, size_t length)
{
    struct budget b = {.allocator = {budget_alloc, budget_free, NULL}, .left = FO_REQUEST_MEMORY};

    b.allocator.allocator_data = &b;
    return mgmt__request__unpack(&b.allocator, length, data);
}

/* --- one frame ---------------------------------------------------------------------------------
 */

void fo_connection_reply(struct fo_connection *c, const void *reply, size_t length)
{
    struct evbuffer *out = bufferevent_get_output(c->stream);
    uint32_t header = htonl((uint32_t)length);

    if (evbuffer_add(out, &header, sizeof header) != 0 || evbuffer_add(out, reply, length) != 0)
        c->closing = true; /* no memory: the connection cannot be kept in step */
}

/* What cannot be read as a request is answered under id 0, and ends the connection. */
static void give_up(struct fo_connection *c, uint32_t code, const char *sentence)
{
    size_t length;
    uint8_t *packed = fo_pending_pack_refusal(0, code, sentence, &length);

    if (packed != NULL)
        fo_connection_reply(c, packed, length);
    free(packed);
    c->closing = true;
}

/* Takes one frame if it is there. */
static bool take_frame(struct fo_connection *c)
{
    struct evbuffer *in = bufferevent_get_input(c->stream);
    char sentence[96];
    Mgmt__Request *request;
    uint32_t length;
    const uint8_t *frame;

    if (evbuffer_get_length(in) < HEADER)
        return false;
    (void)evbuffer_copyout(in, &length, HEADER);
    length = ntohl(length);
    if (length > FO_FRAME_MAX) {
        (void)snprintf(sentence, sizeof sentence,
                       "A frame of %u bytes is larger than the limit of %u.", length, FO_FRAME_MAX);
        give_up(c, RPC_S_INVALID_BOUND, sentence);
        return false;
    }
    if (evbuffer_get_length(in) < HEADER + (size_t)length)
        return false;
    frame = evbuffer_pullup(in, (ssize_t)(HEADER + length));
    request = frame != NULL ? unpack(frame + HEADER, length) : NULL;
    (void)evbuffer_drain(in, HEADER + (size_t)length);
    if (request == NULL) {
        give_up(c, ERROR_INVALID_PARAMETER, "The frame holds no request.");
        return false;
    }
    fo_pending_take(c, request, length);
    return true;
}

/* --- going on, waiting, ending
 * -------------------------------------------------------------------- */

static bool is_full(const struct fo_connection *c)
{
    return c->pending >= FO_MGMT_PENDING_MAX || c->pending_bytes >= FO_MGMT_PENDING_BYTES ||
           evbuffer_get_length(bufferevent_get_output(c->stream)) >=
               c->service->limits.buffered_bytes;
}

static void wait_for(struct fo_connection *c, uint32_t seconds)
{
    struct timeval tv = {.tv_sec = seconds};

    (void)evtimer_add(c->deadline, &tv);
}

/* The deadline of a frame runs from its first byte: one that trickles does not get more time. */
static void set_deadline(struct fo_connection *c, bool moved)
{
    bool begun = evbuffer_get_length(bufferevent_get_input(c->stream)) != 0 && !is_full(c);

    if (!moved && begun == c->in_frame)
        return;
    c->in_frame = begun;
    wait_for(c, begun ? c->service->limits.frame_s : c->service->limits.idle_s);
}

static void end_gracefully(struct fo_connection *c)
{
    (void)bufferevent_disable(c->stream, EV_READ);
    bufferevent_setwatermark(c->stream, EV_WRITE, 0, 0);
    wait_for(c, c->service->limits.handshake_s);
    if (c->pending == 0 && evbuffer_get_length(bufferevent_get_output(c->stream)) == 0)
        fo_connection_free(c);
}

bool fo_connection_turn(struct fo_turn *turn)
{
    struct fo_connection *c =
        (struct fo_connection *)(void *)((char *)turn - offsetof(struct fo_connection, turn));
    bool moved;

    if (!c->ready)
        return false;
    moved = !c->closing && !is_full(c) && take_frame(c);
    if (c->closing) {
        end_gracefully(c);
        return false;
    }
    if (is_full(c))
        (void)bufferevent_disable(c->stream, EV_READ);
    else
        (void)bufferevent_enable(c->stream, EV_READ);
    set_deadline(c, moved);
    return moved && !is_full(c);
}

void fo_connection_resume(struct fo_connection *c)
{
    fo_turn_want(&c->service->turns, &c->turn);
}

/* libevent takes 4 KiB per turn of its loop from a plain socket, and a turn ends with a commit.
 * What gathered during the last commit is taken at once instead. An end or an error found here is
 * found again by libevent. */
static void read_more(struct fo_connection *c)
{
    struct evbuffer *in = bufferevent_get_input(c->stream);
    size_t most = evbuffer_get_length(in) + READ_MOST;

    (void)evbuffer_unfreeze(in, 0); /* as the stream itself does while it reads */
    while (evbuffer_get_length(in) < most &&
           evbuffer_read(in, bufferevent_getfd(c->stream), -1) > 0)
        ;
    (void)evbuffer_freeze(in, 0);
}

static void on_read(struct bufferevent *stream, void *context)
{
    struct fo_connection *c = context;

    (void)stream;
    if (c->session == NULL && !is_full(c))
        read_more(c);
    fo_connection_resume(c);
}

static void on_write(struct bufferevent *stream, void *context)
{
    (void)stream;
    fo_connection_resume(context);
}

/* Anybody can fail a handshake, as often as he likes: told once a minute at most. */
static void tell_failed_handshake(struct fo_connection *c)
{
    struct fo_mgmt *m = c->service;
    int64_t now_ms = fo_run_now(m->run).mono.ms;

    m->failed_handshakes++;
    if (m->failures_told_ms != 0 && now_ms - m->failures_told_ms < FAILURES_TOLD_MS)
        return;
    m->failures_told_ms = now_ms;
    fo_mgmt_log(m, FO_NOTICE_WARNING, "mgmt: tls=failed source=%s failures=%llu", c->caller.from,
                (unsigned long long)m->failed_handshakes);
}

static void on_event(struct bufferevent *stream, short what, void *context)
{
    struct fo_connection *c = context;

    (void)stream;
    if ((what & BEV_EVENT_CONNECTED) != 0) {
        fo_caller_of_certificate(&c->service->rules, c->session, &c->caller);
        c->ready = true;
        wait_for(c, c->service->limits.idle_s);
        return;
    }
    if (!c->ready)
        tell_failed_handshake(c);
    fo_connection_free(c);
}

static void on_deadline(evutil_socket_t fd, short what, void *context)
{
    (void)fd;
    (void)what;
    fo_connection_free(context);
}

/* --- life
 * ------------------------------------------------------------------------------------------ */

void fo_connection_free(struct fo_connection *c)
{
    fo_pending_orphan(c);
    fo_turn_forget(&c->service->turns, &c->turn);
    LIST_REMOVE(c, link);
    c->service->connection_count--;
    event_free(c->deadline);
    bufferevent_free(c->stream);
    free(c);
}

/* Callbacks are deferred: a connection may then be freed from within its own. */
static struct bufferevent *make_stream(struct event_base *base, int fd, SSL *session)
{
    int options = BEV_OPT_CLOSE_ON_FREE | BEV_OPT_DEFER_CALLBACKS;
    struct bufferevent *stream;

    if (session == NULL)
        return bufferevent_socket_new(base, fd, options);
    stream = bufferevent_openssl_socket_new(base, fd, session, BUFFEREVENT_SSL_ACCEPTING, options);
    if (stream != NULL)
        bufferevent_openssl_set_allow_dirty_shutdown(stream, 1);
    return stream;
}

void fo_connection_open(struct fo_mgmt *m, int fd, SSL *session, const struct fo_caller *caller)
{
    struct event_base *base = fo_run_base(m->run);
    struct fo_connection *c = calloc(1, sizeof *c);

    if (c != NULL) {
        c->deadline = evtimer_new(base, on_deadline, c);
        c->stream = make_stream(base, fd, session);
    }
    if (c == NULL || c->deadline == NULL || c->stream == NULL) {
        if (c != NULL && c->stream != NULL) {
            bufferevent_free(c->stream);
        } else {
            SSL_free(session);
            (void)close(fd);
        }
        if (c != NULL && c->deadline != NULL)
            event_free(c->deadline);
        free(c);
        return;
    }
    c->service = m;
    c->session = session;
    c->caller = *caller;
    c->ready = session == NULL;
    LIST_INSERT_HEAD(&m->connections, c, link);
    m->connection_count++;
    bufferevent_setcb(c->stream, on_read, on_write, on_event, c);
    bufferevent_setwatermark(c->stream, EV_WRITE, OUTPUT_LOW, 0);
    wait_for(c, c->ready ? m->limits.idle_s : m->limits.handshake_s);
    (void)bufferevent_enable(c->stream, EV_READ | EV_WRITE);
}
