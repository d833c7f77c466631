/* The way of a link into TLS, on the connection it has (draft-12 §8.2, §11.2). */
#include "fo/run/conn.h"

#include <stdio.h>
#include <sys/socket.h>

#include <openssl/err.h>

void fo_conn_handshake(struct fo_conn *c)
{
    char line[sizeof c->why + 64], address[FO_IPV4_TEXT], why[sizeof c->why];
    int rc;

    ERR_clear_error();
    rc = SSL_do_handshake(c->session);
    if (rc != 1) {
        int error = SSL_get_error(c->session, rc);

        if (error == SSL_ERROR_WANT_WRITE)
            event_add(&c->writable, NULL);
        else if (error != SSL_ERROR_WANT_READ)
            fo_conn_lose(c, "%s", fo_tls_reason(c->session, why, sizeof why));
        return;
    }
    if (!fo_tls_belongs(c->session, &c->partner, why, sizeof why)) {
        snprintf(line, sizeof line, "tls: link=%llu partner=%s refused: %s",
                 (unsigned long long)c->id, fo_ipv4_text(c->address, address), why);
        c->set->log(c->set->context, FO_NOTICE_ALARM, line);
        fo_conn_lose(c, "%s", why);
        return;
    }
    c->stage = FO_CONN_SECURE;
    if (!c->accepted)
        event_del(&c->deadline);
    /* The first message may have come along with the end of the handshake. */
    fo_conn_owe(c, FO_CONN_OWES_SECURE | FO_CONN_OWES_BYTES);
}

void fo_conn_begin_handshake(struct fo_conn *c)
{
    c->session = fo_tls_session(c->set->tls, c->fd, c->server_side);
    if (c->session == NULL || event_add(&c->readable, NULL) != 0) {
        fo_conn_lose(c, "no memory for TLS");
        return;
    }
    c->stage = FO_CONN_HANDSHAKE;
    fo_conn_handshake(c);
}

static bool something_unread(const struct fo_conn *c)
{
    uint8_t byte;

    return recv(c->fd, &byte, 1, MSG_PEEK | MSG_DONTWAIT) > 0;
}

void fo_conn_start_tls(struct fo_conn *c, bool server_side, const struct fo_tls_partner *partner)
{
    if (c->stage != FO_CONN_PLAIN)
        return;
    if (c->set->tls == NULL) {
        fo_conn_lose(c, "TLS was agreed, but no certificates are configured");
        return;
    }
    if (something_unread(c)) {
        fo_conn_lose(c, "bytes arrived before the TLS handshake");
        return;
    }
    event_del(&c->readable);
    c->owes &= ~FO_CONN_OWES_BYTES;
    c->stage = FO_CONN_DRAINING;
    c->answered = false; /* what was said is the way into TLS; the limit for CONNECT still holds */
    c->server_side = server_side;
    c->partner = *partner;
    if (!event_pending(&c->deadline, EV_TIMEOUT, NULL))
        fo_conn_set_deadline(c, c->set->limits.handshake_ms);
}
