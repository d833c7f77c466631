/**
 * tests/fo/replay.h: one server in the place of a dhcpd whose conversation was recorded.
 *
 * The recorded messages of its partner arrive when they did, on connections that come when they
 * came; what clients and the operator did is a script. What the server says is kept, beside what
 * the dhcpd in its place had said.
 *
 * Three things cannot be played back as they were: xids of answers are those of our questions; our
 * BNDUPDs are acknowledged when dhcpd acknowledged its own of that address, or at once; and the
 * UPDREQ of NORMAL, which is ours alone, is answered half a second later, when its updates have
 * come.
 */
#ifndef FO_TESTS_REPLAY_H
#define FO_TESTS_REPLAY_H

#include "fo/server.h"
#include "state/store_mem.h"
#include "tests/fo/recording.h"

enum replay_what {
    REPLAY_GRANT,   /* a client gets, or renews, a lease */
    REPLAY_RELEASE, /* it gives it back */
    REPLAY_DECLINE, /* it finds the address in use */
    REPLAY_KILL,    /* kill -9 */
    REPLAY_STOP,    /* SIGTERM */
    REPLAY_START,   /* from its database */
    REPLAY_LOST,    /* from nothing */
    REPLAY_PARTNER_DOWN,
    REPLAY_SHUTDOWN, /* the state */
    REPLAY_CUT,      /* from now on the link loses everything silently (either side) */
    REPLAY_RESET     /* the connection breaks and the link carries again (either side) */
};
struct replay_act {
    double at_s; /* since the first message */
    enum recording_side side;
    enum replay_what what;
    unsigned client;  /* GRANT, RELEASE, DECLINE */
    unsigned address; /* the same: of 10.16.0.0 */
    unsigned lease_s; /* GRANT */
};

/* A recording, and what the packets do not tell of it. */
struct conversation {
    const char *name;
    const struct replay_act *acts;
    size_t act_count;
    const char *secondary_has; /* the relationship as B is configured; NULL: lab */
    unsigned pool;             /* addresses; 0: 12 */
    bool secondary_serves_all; /* split 0 instead of 128 */
};

struct replay_ack {
    int64_t ms;
    uint32_t xid;
    fo_ipv4_t address;
    const struct recorded *recorded; /* NULL: accepted */
    bool done;                       /* an UPDDONE instead */
};

struct replay {
    const struct conversation *conversation;
    enum recording_side side; /* which the server plays */
    struct recording recording;
    struct recorded said[RECORDING_MESSAGES]; /* by the server */
    size_t said_count;
    struct fo_store *store;
    struct fo_server *server;
    struct fo_server_config config;
    struct fo_outbox out;
    int64_t now_ms;
    fo_link_id_t link, next_odd; /* link 0: none is up */
    bool cut;
    unsigned connection; /* the recorded one that |link| stands for */
    uint32_t connect_xid, request_xid, pool_xid;
    uint8_t state;                              /* that the server said last */
    struct replay_ack acks[RECORDING_MESSAGES]; /* that are to come */
    size_t ack_count;
    bool ack_used[RECORDING_MESSAGES]; /* recorded BNDACKs that were given to us */
    struct fo_message in, words;
};

/** Plays |c|, a little longer than it lasted. */
void replay_run(struct replay *r, const struct conversation *c, enum recording_side side);
void replay_fini(struct replay *r);

#endif
