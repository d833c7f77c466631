#include "fo/run/conn.h"

#include <assert.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <event2/buffer.h>
#include <openssl/err.h>

#define WRITE_CHUNK 16384 /* the most one TLS record carries */

static void on_readable(evutil_socket_t fd, short what, void *context);
static void on_writable(evutil_socket_t fd, short what, void *context);
static void on_deadline(evutil_socket_t fd, short what, void *context);

/* --- the set ---------------------------------------------------------------------------------- */

void fo_conn_set_init(struct fo_conn_set *set)
{
    TAILQ_INIT(&set->all);
    TAILQ_INIT(&set->due);
    set->dial_ms = 5000;
    set->close_ms = 1000;
}

void fo_conn_set_fini(struct fo_conn_set *set)
{
    struct fo_conn *c;

    while ((c = TAILQ_FIRST(&set->all)) != NULL)
        fo_conn_free(c);
}

struct fo_conn *fo_conn_find(struct fo_conn_set *set, fo_link_id_t id)
{
    struct fo_conn *c;

    TAILQ_FOREACH(c, &set->all, in_all)
    {
        if (c->id == id && c->stage != FO_CONN_CLOSING)
            return c;
    }
    return NULL;
}

struct fo_conn *fo_conn_take_due(struct fo_conn_set *set)
{
    struct fo_conn *c = TAILQ_FIRST(&set->due);

    if (c == NULL)
        return NULL;
    TAILQ_REMOVE(&set->due, c, in_due);
    set->due_count--;
    c->waits_in_due = false;
    return c;
}

void fo_conn_owe(struct fo_conn *c, unsigned news)
{
    c->owes |= news;
    if (!c->waits_in_due) {
        TAILQ_INSERT_TAIL(&c->set->due, c, in_due);
        c->set->due_count++;
        c->waits_in_due = true;
    }
    c->set->want(c->set->context);
}

/* --- beginning and end ------------------------------------------------------------------------ */

struct fo_conn *fo_conn_new(struct fo_conn_set *set, fo_link_id_t id, fo_ipv4_t address)
{
    struct fo_conn *c = calloc(1, sizeof *c);

    if (c == NULL)
        return NULL;
    c->output = evbuffer_new();
    if (c->output == NULL) {
        free(c);
        return NULL;
    }
    c->set = set;
    c->id = id;
    c->address = address;
    c->fd = -1;
    event_assign(&c->readable, set->base, -1, 0, on_readable, c);
    event_assign(&c->writable, set->base, -1, 0, on_writable, c);
    event_assign(&c->deadline, set->base, -1, 0, on_deadline, c);
    TAILQ_INSERT_TAIL(&set->all, c, in_all);
    set->count++;
    return c;
}

static void disconnect(struct fo_conn *c)
{
    event_del(&c->readable);
    event_del(&c->writable);
    event_del(&c->deadline);
    SSL_free(c->session);
    c->session = NULL;
    if (c->fd >= 0)
        close(c->fd);
    c->fd = -1;
}

void fo_conn_free(struct fo_conn *c)
{
    struct fo_conn_set *set = c->set;

    disconnect(c);
    evbuffer_free(c->output);
    if (c->waits_in_due) {
        TAILQ_REMOVE(&set->due, c, in_due);
        set->due_count--;
    }
    TAILQ_REMOVE(&set->all, c, in_all);
    set->count--;
    if (c->accepted)
        set->accepted_count--;
    free(c);
    if (set->count == 0)
        set->want(set->context);
}

void fo_conn_lose(struct fo_conn *c, const char *why, ...)
{
    va_list arguments;

    if (c->stage == FO_CONN_CLOSING) {
        fo_conn_free(c);
        return;
    }
    disconnect(c);
    va_start(arguments, why);
    vsnprintf(c->why, sizeof c->why, why, arguments);
    va_end(arguments);
    c->stage = FO_CONN_DOWN;
    fo_conn_owe(c, FO_CONN_OWES_DOWN);
}

void fo_conn_set_deadline(struct fo_conn *c, uint32_t ms)
{
    const struct timeval limit = {.tv_sec = ms / 1000, .tv_usec = ms % 1000 * 1000};

    event_add(&c->deadline, &limit);
}

void fo_conn_connected(struct fo_conn *c, int fd)
{
    const int on = 1;

    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof on);
    event_del(&c->deadline);
    c->fd = fd;
    c->stage = FO_CONN_PLAIN;
    event_assign(&c->readable, c->set->base, fd, EV_READ | EV_PERSIST, on_readable, c);
    event_assign(&c->writable, c->set->base, fd, EV_WRITE, on_writable, c);
    if (event_add(&c->readable, NULL) != 0) {
        fo_conn_lose(c, "no memory to watch the link");
        return;
    }
    fo_conn_owe(c, FO_CONN_OWES_UP);
}

int fo_conn_accept(struct fo_conn_set *set, fo_link_id_t id, int fd, fo_ipv4_t source)
{
    struct fo_conn *c = fo_conn_new(set, id, source);

    if (c == NULL) {
        close(fd);
        return FO_ENOMEM;
    }
    c->accepted = true;
    set->accepted_count++;
    fo_conn_connected(c, fd);
    if (c->stage == FO_CONN_PLAIN)
        fo_conn_set_deadline(c, set->limits.handshake_ms);
    return FO_OK;
}

static void on_deadline(evutil_socket_t fd, short what, void *context)
{
    struct fo_conn *c = context;

    (void)fd, (void)what;
    if (c->stage == FO_CONN_DIALLING)
        fo_conn_lose(c, "no answer within %u ms", c->set->dial_ms);
    else if (c->stage == FO_CONN_CLOSING)
        fo_conn_free(c);
    else if (c->stage == FO_CONN_DRAINING || c->stage == FO_CONN_HANDSHAKE)
        fo_conn_lose(c, "the TLS handshake took too long");
    else if (c->accepted && !c->answered)
        fo_conn_lose(c, "no CONNECT within %u ms", c->set->limits.handshake_ms);
}

/* --- sending ---------------------------------------------------------------------------------- */

void fo_conn_send(struct fo_conn *c, const void *data, size_t length)
{
    char line[128], address[FO_IPV4_TEXT];

    if (c->stage != FO_CONN_PLAIN && c->stage != FO_CONN_SECURE)
        return;
    c->answered = true;
    if (evbuffer_add(c->output, data, length) != 0) {
        fo_conn_lose(c, "no memory to send");
        return;
    }
    if (evbuffer_get_length(c->output) <= c->set->limits.buffered_bytes)
        return;
    snprintf(line, sizeof line, "link: id=%llu partner=%s dropped, %zu bytes wait to be sent",
             (unsigned long long)c->id, fo_ipv4_text(c->address, address),
             evbuffer_get_length(c->output));
    c->set->log(c->set->context, FO_NOTICE_WARNING, line);
    fo_conn_lose(c, "the partner does not read what it is sent");
}

/* Sends one piece. False: no more for now; or the link is lost and may be gone. */
static bool send_some(struct fo_conn *c)
{
    size_t length = evbuffer_get_length(c->output), sent = 0;
    const uint8_t *piece;
    char why[sizeof c->why];
    int rc;

    if (length > WRITE_CHUNK)
        length = WRITE_CHUNK;
    piece = evbuffer_pullup(c->output, (ev_ssize_t)length);
    if (piece == NULL) {
        fo_conn_lose(c, "no memory to send");
        return false;
    }
    if (c->session == NULL) {
        ssize_t n = send(c->fd, piece, length, MSG_NOSIGNAL);

        if (n < 0) {
            if (errno == EAGAIN || errno == EINTR)
                event_add(&c->writable, NULL);
            else
                fo_conn_lose(c, "cannot send: %s", strerror(errno));
            return false;
        }
        sent = (size_t)n;
    } else {
        ERR_clear_error();
        rc = SSL_write_ex(c->session, piece, length, &sent);
        if (rc != 1) {
            rc = SSL_get_error(c->session, rc);
            if (rc == SSL_ERROR_WANT_WRITE)
                event_add(&c->writable, NULL);
            else if (rc != SSL_ERROR_WANT_READ)
                fo_conn_lose(c, "%s", fo_tls_reason(c->session, why, sizeof why));
            return false;
        }
    }
    evbuffer_drain(c->output, sent);
    return true;
}

void fo_conn_flush(struct fo_conn *c)
{
    if (c->fd < 0 || c->stage == FO_CONN_DIALLING || c->stage == FO_CONN_HANDSHAKE)
        return;
    while (evbuffer_get_length(c->output) > 0) {
        if (!send_some(c))
            return;
    }
    if (c->stage == FO_CONN_DRAINING) {
        fo_conn_begin_handshake(c);
    } else if (c->stage == FO_CONN_CLOSING && !c->write_shut) {
        /* Closing at once could reset the connection and take the last words with it. */
        if (c->session != NULL)
            SSL_shutdown(c->session);
        shutdown(c->fd, SHUT_WR);
        c->write_shut = true;
    }
}

void fo_conn_close(struct fo_conn *c)
{
    bool connected = c->stage == FO_CONN_PLAIN || c->stage == FO_CONN_SECURE;

    if (!connected || !c->answered) { /* nothing was said that could be lost */
        fo_conn_free(c);
        return;
    }
    c->stage = FO_CONN_CLOSING;
    c->owes = 0;
    event_add(&c->readable, NULL);
    fo_conn_set_deadline(c, c->set->close_ms);
}

static void on_writable(evutil_socket_t fd, short what, void *context)
{
    struct fo_conn *c = context;

    (void)fd, (void)what;
    if (c->stage == FO_CONN_HANDSHAKE)
        fo_conn_handshake(c);
    else
        fo_conn_flush(c);
}

/* --- receiving -------------------------------------------------------------------------------- */

static size_t read_plain(struct fo_conn *c, uint8_t *out, size_t capacity)
{
    ssize_t n;

    do {
        n = recv(c->fd, out, capacity, 0);
    } while (n < 0 && errno == EINTR);
    if (n > 0)
        return (size_t)n;
    if (n == 0)
        fo_conn_lose(c, "closed by the partner");
    else if (errno != EAGAIN)
        fo_conn_lose(c, "%s", strerror(errno));
    return 0;
}

static size_t read_secure(struct fo_conn *c, uint8_t *out, size_t capacity)
{
    size_t used = 0, n = 0;
    char why[sizeof c->why];

    while (used < capacity) {
        int rc;

        ERR_clear_error();
        rc = SSL_read_ex(c->session, out + used, capacity - used, &n);
        if (rc == 1) {
            used += n;
            continue;
        }
        rc = SSL_get_error(c->session, rc);
        if (rc == SSL_ERROR_WANT_WRITE)
            event_add(&c->writable, NULL);
        else if (used > 0 || rc == SSL_ERROR_WANT_READ)
            break; /* an end after bytes is found again by the next read */
        else if (rc == SSL_ERROR_ZERO_RETURN)
            fo_conn_lose(c, "closed by the partner");
        else
            fo_conn_lose(c, "%s", fo_tls_reason(c->session, why, sizeof why));
        break;
    }
    return used;
}

size_t fo_conn_read(struct fo_conn *c, uint8_t *out, size_t capacity)
{
    assert(capacity > 0);
    if (c->stage == FO_CONN_PLAIN)
        return read_plain(c, out, capacity);
    if (c->stage == FO_CONN_SECURE)
        return read_secure(c, out, capacity);
    return 0;
}

/* What still comes on a link that the server has closed is of no interest, only its end is. */
static void discard(struct fo_conn *c)
{
    uint8_t bytes[4096];
    ssize_t n = recv(c->fd, bytes, sizeof bytes, 0);

    if (n == 0 || (n < 0 && errno != EAGAIN && errno != EINTR))
        fo_conn_free(c);
}

static void on_readable(evutil_socket_t fd, short what, void *context)
{
    struct fo_conn *c = context;

    (void)fd, (void)what;
    if (c->stage == FO_CONN_CLOSING) {
        discard(c);
    } else if (c->stage == FO_CONN_HANDSHAKE) {
        fo_conn_handshake(c);
    } else {
        fo_conn_owe(c, FO_CONN_OWES_BYTES);
        if (c->session != NULL)
            fo_conn_flush(c); /* TLS may have had to read before it could write */
    }
}
