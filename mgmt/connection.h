/**
 * mgmt/connection.h: within mgmt/: the service's parts and what they ask of each other.
 *
 * service.c opens doors, connection.c cuts frames out of one connection, pending.c takes a request
 * through the loop's batch, doubt.c asks partners, probe.c looks whether they can be reached; both
 * dial by dial.c.
 */
#ifndef FO_MGMT_CONNECTION_H
#define FO_MGMT_CONNECTION_H

#include <sys/queue.h>

#include <event2/bufferevent.h>
#include <event2/event.h>
#include <event2/listener.h>

#include "mgmt/audit.h"
#include "mgmt/change.h"
#include "mgmt/service.h"
#include "mgmt/target.h"
#include "mgmt/tls.h"
#include "mgmt/turn.h"

#define FO_MGMT_RESERVED      16   /* connections kept free for administrators */
#define FO_MGMT_PENDING_MAX   1024 /* changes of one connection in the batch */
#define FO_MGMT_PENDING_BYTES (4u * 1024 * 1024)
#define FO_REQUEST_MEMORY     (16u * 1024 * 1024) /* what unpacking one request may take */

struct fo_connection {
    LIST_ENTRY(fo_connection) link;
    struct fo_turn turn;
    struct fo_mgmt *service;
    struct bufferevent *stream;
    struct event *deadline;
    SSL *session; /* TLS; owned by |stream| */
    struct fo_caller caller;
    bool ready;       /* TLS: the handshake is done */
    bool in_frame;    /* the deadline is that of a begun frame */
    bool closing;     /* when the last reply has gone */
    unsigned pending; /* changes not answered yet */
    size_t pending_bytes;
};

/** A request on its way through the batch. Without connection: the service's own. */
struct fo_pending {
    LIST_ENTRY(fo_pending) link;
    struct fo_mgmt *service;          /* NULL: it is gone, answer nobody */
    struct fo_connection *connection; /* NULL: it is gone, or there was none */
    Mgmt__Request *request;
    const struct fo_call_row *row;
    struct fo_caller caller;
    size_t bytes;
    char subject[FO_RELATIONSHIP_NAME_BYTES + 1]; /* for the audit */
    uint32_t code;
    uint8_t *reply;
    size_t reply_length;
    void (*settled)(struct fo_mgmt *m, uint32_t code); /* own requests; may be NULL */
};

struct fo_doubt;
struct fo_probe;

struct fo_mgmt {
    struct fo_run *run;
    struct fo_call_facts facts;
    struct fo_mgmt_limits limits;
    struct fo_caller_rules rules;
    struct fo_audit *audit;
    struct event *audit_tick;
    struct evconnlistener *socket, *tls_listener;
    struct fo_mgmt_tls *tls;
    struct fo_changes *changes;
    struct fo_doubt *doubt;
    struct fo_bindings *bindings;
    LIST_HEAD(fo_connection_list, fo_connection) connections;
    struct fo_turns turns;
    LIST_HEAD(fo_pending_list, fo_pending) pending;
    LIST_HEAD(fo_probe_list, fo_probe) probes;
    unsigned probe_count;
    uint32_t connection_count;
    uint64_t failed_handshakes;
    int64_t failures_told_ms; /* 0: never */
    struct event *reopen;     /* doors are closed for a second when descriptors run out */
    char *server_name, *version, *socket_path;
    char certificate[256];    /* the names it is for */
    struct evdns_base *names; /* made when a server has a name */
    void (*log)(void *context, enum fo_notice_level level, const char *line);
    void *context;
};

void fo_mgmt_log(struct fo_mgmt *m, enum fo_notice_level level, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/** Takes |fd| in any case. |session| (NULL: Unix socket, the caller is known) too. */
void fo_connection_open(struct fo_mgmt *m, int fd, SSL *session, const struct fo_caller *caller);
void fo_connection_free(struct fo_connection *c);
/** Its turn: one request; whether there may be more. */
bool fo_connection_turn(struct fo_turn *turn);
/** Puts a frame around |reply| and sends it. */
void fo_connection_reply(struct fo_connection *c, const void *reply, size_t length);
/** A change of it was answered: it may go on. */
void fo_connection_resume(struct fo_connection *c);

/** Answers |request| (taken) of |c|, now or after a commit. */
void fo_pending_take(struct fo_connection *c, Mgmt__Request *request, size_t bytes);
/** |c| goes: what it has under way is finished and answered to nobody. */
void fo_pending_orphan(const struct fo_connection *c);
/** Puts a request (taken) of our own into the batch. */
void fo_pending_own(struct fo_mgmt *m, Mgmt__Request *request,
                    void (*settled)(struct fo_mgmt *m, uint32_t code));
/** Packs code and sentence into a reply without result. Ownership: gives malloc'd bytes; NULL
 *  without memory. */
uint8_t *fo_pending_pack_refusal(uint64_t id, uint32_t code, const char *sentence,
                                 size_t *out_length);

/* service_load.c; errors: of the store, FO_ENOMEM */
FO_MUST_CHECK int fo_service_load(struct fo_mgmt *m);
FO_MUST_CHECK int fo_service_open_bindings(struct fo_mgmt *m);

/* doubt.c */
FO_MUST_CHECK int fo_doubt_new(struct fo_mgmt *m, struct fo_doubt **out);
void fo_doubt_free(struct fo_doubt *d);
/** Something was prepared: look after it. */
void fo_doubt_wake(struct fo_doubt *d);

/* dial.c */
/** Connects on the loop to the management at |target|, over TLS with our certificate or a socket.
 *  Ownership: gives |*out| (bufferevent_free), enabled. Errors: FO_EINVAL (TLS without our
 *  certificate), FO_EIO, FO_ENOMEM; later ones come to |on_event|. */
FO_MUST_CHECK int fo_mgmt_dial(struct fo_mgmt *m, const struct fo_mgmt_target *target,
                               bufferevent_data_cb on_read, bufferevent_event_cb on_event,
                               void *context, struct bufferevent **out);
/** The same to a bare TCP port. */
FO_MUST_CHECK int fo_mgmt_dial_port(struct fo_mgmt *m, fo_ipv4_t address, uint16_t port,
                                    bufferevent_event_cb on_event, void *context,
                                    struct bufferevent **out);

/* probe.c */
#define FO_PROBES_MAX 16 /* under way */
/** Answers a Probe of |c| when it is known. Errors: FO_ELIMIT, FO_ENOMEM. */
FO_MUST_CHECK int fo_probe_start(struct fo_connection *c, const Mgmt__Request *request);
/** |c| goes: nobody waits for its probes any more. */
void fo_probe_orphan(const struct fo_connection *c);
void fo_probe_free_all(struct fo_mgmt *m);

#endif
