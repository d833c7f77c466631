/**
 * fo/run/conn.h: one TCP connection to a partner, plain or inside TLS, and the set of all.
 *
 * A link never calls the server. It owes the next batch news (it is up, secure, readable, down),
 * asks for a batch by |due|, and the batch takes the links that owe something one by one. A link
 * that is down stays until its news has been taken.
 *
 *     DIALLING -> PLAIN -> DRAINING -> HANDSHAKE -> SECURE      any -> CLOSING, any -> DOWN
 *
 * Source: draft-12 §8.2 (who connects, the TLS upgrade), §8.3 (writes never block).
 */
#ifndef FO_RUN_CONN_H
#define FO_RUN_CONN_H

#include <sys/queue.h>

#include <event2/event.h>
#include <event2/event_struct.h>

#include "fo/outbox.h"
#include "fo/run/tls.h"

struct evbuffer;

/* What a link owes the next batch, in the order the server hears of it. */
#define FO_CONN_OWES_UP     0x01u
#define FO_CONN_OWES_SECURE 0x02u
#define FO_CONN_OWES_BYTES  0x04u
#define FO_CONN_OWES_DOWN   0x08u

enum fo_conn_stage {
    FO_CONN_DIALLING,
    FO_CONN_PLAIN,
    FO_CONN_DRAINING, /* sends what stands before the TLS handshake; reads nothing */
    FO_CONN_HANDSHAKE,
    FO_CONN_SECURE,
    FO_CONN_CLOSING, /* closed by the server; sends what is left, then waits for the other end */
    FO_CONN_DOWN     /* lost; owes that news */
};

struct fo_conn {
    TAILQ_ENTRY(fo_conn) in_all, in_due;
    struct fo_conn_set *set;
    fo_link_id_t id;
    enum fo_conn_stage stage;
    unsigned owes;
    bool accepted;
    bool answered; /* the server said something that was not the way into TLS */
    bool waits_in_due, server_side, write_shut;
    fo_ipv4_t address; /* of the other end */
    int fd;
    SSL *session; /* from HANDSHAKE on */
    struct fo_tls_partner partner;
    struct event readable, writable, deadline;
    struct evbuffer *output;
    char why[200]; /* DOWN */
};
TAILQ_HEAD(fo_conn_list, fo_conn);

/** What all links of one runtime share. */
struct fo_conn_set {
    struct fo_conn_list all, due;
    size_t count, due_count, accepted_count;
    struct event_base *base;
    struct fo_run_limits limits; /* defaults filled in */
    uint32_t dial_ms;            /* [5000] a dial that hangs is given up; TCP would take minutes */
    uint32_t close_ms;           /* [1000] for the last words of a link that the server closed */
    struct fo_tls *tls;          /* NULL: no certificates */
    void (*want)(void *context); /* a batch is wanted; or the last link has gone */
    void (*log)(void *context, enum fo_notice_level level, const char *line);
    void *context;
};

/** Empty, with the defaults of |dial_ms| and |close_ms|. */
void fo_conn_set_init(struct fo_conn_set *set);
/** Closes all without a word and forgets them. */
void fo_conn_set_fini(struct fo_conn_set *set);

/**
 * fo_conn_dial connects to |dial->address|:|dial->port| from |dial->local| (0: any). That it
 * failed is news of the link, as later failures are.
 *
 * Errors: FO_ENOMEM.
 */
FO_MUST_CHECK int fo_conn_dial(struct fo_conn_set *set, const struct fo_effect *dial);
/** A link on an accepted |fd|, which it takes in any case. Errors: FO_ENOMEM. */
FO_MUST_CHECK int fo_conn_accept(struct fo_conn_set *set, fo_link_id_t id, int fd,
                                 fo_ipv4_t source);
struct fo_conn *fo_conn_find(struct fo_conn_set *set, fo_link_id_t id); /* NULL: gone */

/* --- for the batch ---------------------------------------------------------------------------- */
/** Takes the link that has owed news longest off the list; NULL: none. */
struct fo_conn *fo_conn_take_due(struct fo_conn_set *set);
/** Notes that |c| owes |news| and asks for a batch. */
void fo_conn_owe(struct fo_conn *c, unsigned news);
/** Reads what is there, at most |capacity|; 0: nothing now, or |c| was lost and owes that. */
size_t fo_conn_read(struct fo_conn *c, uint8_t *out, size_t capacity);
void fo_conn_free(struct fo_conn *c);

/* --- effects; nothing leaves before fo_conn_flush --------------------------------------------- */
void fo_conn_send(struct fo_conn *c, const void *data, size_t length);
/** TLS from here on: what was sent before goes out in the clear, and nothing may have arrived:
 *  bytes before the handshake were injected by somebody (§11.2), the link is lost. */
void fo_conn_start_tls(struct fo_conn *c, bool server_side, const struct fo_tls_partner *partner);
/** The server has finished with |c| and will not hear of it again. */
void fo_conn_close(struct fo_conn *c);
/** Sends what is waiting, as far as the other end takes it now; more follows by itself. */
void fo_conn_flush(struct fo_conn *c);

/* --- within fo/run ---------------------------------------------------------------------------- */
/** Ends |c| at once; the server will hear |why|. */
void fo_conn_lose(struct fo_conn *c, const char *why, ...) __attribute__((format(printf, 2, 3)));
/** A new link without a connection; NULL: memory. */
struct fo_conn *fo_conn_new(struct fo_conn_set *set, fo_link_id_t id, fo_ipv4_t address);
/** Ends |c| in |ms| unless it gets further; what is too late then depends on the stage. */
void fo_conn_set_deadline(struct fo_conn *c, uint32_t ms);
/** DRAINING is over: the handshake begins, and goes on when the descriptor is ready. */
void fo_conn_begin_handshake(struct fo_conn *c);
void fo_conn_handshake(struct fo_conn *c);
/** |c| has the connected |fd| (taken): it is up. */
void fo_conn_connected(struct fo_conn *c, int fd);

#endif
