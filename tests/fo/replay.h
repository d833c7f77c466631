/**
 * tests/fo/replay.h: one server in the place of a dhcpd whose conversation was recorded.
 *
 * The recorded messages of its partner arrive when they did, on connections that come when they
 * came; what clients and the operator did is a script. What the server says is kept, beside what
 * the dhcpd in its place had said.
 *
 * Two things cannot be played back as they were: xids of answers are those of our questions, and
 * our BNDUPDs are acknowledged when dhcpd acknowledged its own of that address, or at once.
 */
#ifndef FO_TESTS_REPLAY_H
#define FO_TESTS_REPLAY_H

#include "proto/message.h"
#include "tests/sim/world.h"

#define REPLAY_MESSAGES 512

enum replay_side { SIDE_A, SIDE_B }; /* primary, secondary */

enum replay_what {
    REPLAY_KILL,  /* kill -9 */
    REPLAY_STOP,  /* SIGTERM */
    REPLAY_START, /* from its database */
    REPLAY_LOST,  /* from nothing */
    REPLAY_PARTNER_DOWN,
    REPLAY_GRANT
};
struct replay_act {
    double at_s; /* since the first message */
    enum replay_side side;
    enum replay_what what;
    unsigned client;  /* GRANT */
    unsigned address; /* GRANT: of 10.16.0.0 */
    unsigned lease_s; /* GRANT */
};

/* A message, owned. */
struct replay_message {
    int64_t ms; /* since the first message */
    bool ours;  /* of the side that the server plays */
    unsigned connection;
    uint8_t bytes[FO_MESSAGE_MAX];
    size_t length;
    bool used; /* a BNDACK that was given to us */
};

struct replay {
    enum replay_side side;
    int64_t utc0_us; /* the wall clock at 0 */
    struct fo_store *store;
    struct fo_server *server;
    struct fo_server_config config;
    struct fo_outbox out;
    int64_t now_ms;
    fo_link_id_t link, next_odd; /* link 0: none is up */
    unsigned connection;         /* the recorded one that |link| stands for */
    uint32_t connect_xid, request_xid, pool_xid;
    struct replay_message recorded[REPLAY_MESSAGES], said[REPLAY_MESSAGES];
    size_t recorded_count, said_count;
    struct {
        int64_t ms;
        uint32_t xid;
        fo_ipv4_t address;
        const struct replay_message *ack; /* NULL: accepted */
    } acks[REPLAY_MESSAGES];              /* that are to come */
    size_t ack_count;
    struct fo_message in, words;
};

/** Reads tests/data/isc-dhcpd/|name|.pcap and plays it, a little longer than it lasted.
 *  |relationship|: the name that our side has been given. */
void replay_run(struct replay *r, const char *name, enum replay_side side, const char *relationship,
                const struct replay_act *acts, size_t count);
void replay_fini(struct replay *r);

#endif
