/**
 * tests/fo/peer.h: one server and, in place of its partner, a test that speaks bytes.
 *
 * The test decides when a connection comes and what is said on it; everything the server does is
 * collected per link. The partner's messages are dated by its own clock (clock_offset_s ahead of
 * the server's), its xids count up. Nothing sleeps: peer_run() jumps from one wake-up to the next.
 * The server is 10.9.0.1 if it is the primary, else 10.9.0.2.
 */
#ifndef FO_TESTS_PEER_H
#define FO_TESTS_PEER_H

#include "tests/sim/world.h"

#define PEER_LINKS   64
#define PEER_NAME    "alpha"
#define PEER_MCLT_S  600
#define PEER_OPT(c)  FO_OPT_BIT(FO_OPT_##c)
#define PEER_PRIMARY 0x0a090001u
#define PEER_SECOND  0x0a090002u

struct peer_link {
    fo_link_id_t id;
    bool dialled; /* by the server */
    bool closed;  /* by the server */
    bool tls, tls_server_side;
    fo_ipv4_t address, local;
    uint16_t port;
    uint8_t *bytes; /* what the server sent */
    size_t used, room, read;
};

struct peer {
    struct fo_store *store;
    struct fo_server_config config;
    struct fo_server *server;
    struct fo_outbox out;
    struct fo_restore_report report; /* of the last peer_restart() */
    int64_t now_ms;
    int32_t clock_offset_s;
    enum fo_dialect_name dialect;   /* how the partner writes */
    const struct fo_digest *digest; /* what the partner signs with; NULL: not at all */
    uint32_t next_xid;
    fo_link_id_t next_odd;
    struct peer_link links[PEER_LINKS];
    size_t link_count;
    struct fo_message said; /* the last message of peer_next() */
    uint8_t said_bytes[FO_MESSAGE_MAX];
    size_t said_length;
    struct fo_message words; /* for the test to fill */
    char notices[16384], alarms[4096];
    uint64_t durable, acked, applied;
};

/** A server of |role| with scope 10.0.0.0/24 (range 10..209) and relationship "alpha". */
void peer_init(struct peer *p, enum fo_role role, void (*tweak)(struct fo_relationship *r));
/** The same without scope and relationship. */
void peer_bare(struct peer *p);
void peer_fini(struct peer *p);
/** What peer_init makes, before it is tweaked; scopes are static. */
struct fo_relationship peer_relationship(enum fo_role role, const char *name);
/** Another scope 10.0.|n|.0/24 with range 10..209. */
void peer_scope(struct peer *p, unsigned n);
/** kill -9 and start again from the store; every link is gone. */
void peer_restart(struct peer *p);
/** A batch around |change| (may be NULL); then its effects. */
void peer_batch(struct peer *p, const struct fo_event *events, size_t count,
                void (*change)(void *context, struct fo_server *s, struct fo_now now,
                               struct fo_outbox *out),
                void *context);
uint32_t peer_create(struct peer *p, const struct fo_relationship *r, enum fo_birth birth,
                     char why[256]);
uint32_t peer_command(struct peer *p, enum fo_command command);
void peer_report(struct peer *p, const struct fo_report *r);
struct fo_now peer_now(const struct peer *p);
void peer_run(struct peer *p, int64_t ms);

/* --- connections ----------------------------------------------------------------------------- */
fo_link_id_t peer_call(struct peer *p); /* the partner connects to the server */
fo_link_id_t peer_call_from(struct peer *p, fo_ipv4_t source);
struct peer_link *peer_link(struct peer *p, fo_link_id_t id);
/** The newest link the server dialled and still wants; 0: none. */
fo_link_id_t peer_dialled(struct peer *p);
unsigned peer_dial_count(const struct peer *p);
void peer_answer(struct peer *p, fo_link_id_t id);  /* the dialled link is up */
void peer_hang_up(struct peer *p, fo_link_id_t id); /* the link is gone, or was refused */
void peer_secure(struct peer *p, fo_link_id_t id);  /* the TLS handshake is done */

/* --- words ----------------------------------------------------------------------------------- */
void peer_bytes(struct peer *p, fo_link_id_t id, const void *data, size_t length);
/** Writes |m| as the partner does: its clock, its digest, its dialect. Returns the length. */
size_t peer_write(struct peer *p, const struct fo_message *m, uint8_t out[FO_MESSAGE_MAX]);
void peer_send(struct peer *p, fo_link_id_t id, const struct fo_message *m);
/** p->words, emptied, of |type| with a fresh xid. */
struct fo_message *peer_words(struct peer *p, uint8_t type);
/** A CONNECT or CONNECTACK that nobody could object to, in p->words. */
struct fo_message *peer_connect(struct peer *p);
struct fo_message *peer_connectack(struct peer *p, uint32_t xid);
void peer_send_state(struct peer *p, fo_link_id_t id, enum fo_state state, uint8_t flags);
/** Sends a message without options. */
void peer_send_bare(struct peer *p, fo_link_id_t id, uint8_t type);
/** One group for a BNDUPD in p->words: ACTIVE for client |n|, all mandatory options. */
struct fo_group *peer_active(struct peer *p, fo_ipv4_t address, unsigned n, uint32_t lease_s);

/** The next message the server sent on the link (in p->said); NULL: none. */
const struct fo_message *peer_next(struct peer *p, fo_link_id_t id);
/** Passes over messages until one of |type|; NULL: none came. */
const struct fo_message *peer_find(struct peer *p, fo_link_id_t id, uint8_t type);
/** Answers whatever BNDUPD the server sent and is not read yet with yes. */
void peer_agree(struct peer *p, fo_link_id_t id);
bool peer_closed(struct peer *p, fo_link_id_t id);

/** CONNECT, CONNECTACK: an established link, either role; messages so far are read. */
fo_link_id_t peer_establish(struct peer *p);
/** The same and the partner's STATE |state|. */
fo_link_id_t peer_join(struct peer *p, enum fo_state state);
/** The server and the partner in NORMAL. */
fo_link_id_t peer_normal(struct peer *p);

struct fo_endpoint_status peer_status(struct peer *p);
struct fo_binding peer_binding(struct peer *p, fo_ipv4_t address);

/** A digest that a test can check by hand: not a MAC, but it changes with every bit and with the
 *  secret. For config.digest_new and for the partner's side. */
int peer_digest_new(const char *secret, struct fo_digest *out);
void peer_digest_free(struct fo_digest *digest);

#endif
