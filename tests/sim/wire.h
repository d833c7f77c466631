/**
 * tests/sim/wire.h: what the servers of a pair tell each other, seen from outside: every message is
 * read where it leaves and where it arrives.
 */
#ifndef FO_TESTS_SIM_WIRE_H
#define FO_TESTS_SIM_WIRE_H

#include "proto/frame.h"
#include "tests/sim/world.h"

#define SCOPES    2  /* of each pair; the second comes and goes */
#define ADDRESSES 24 /* of each scope, from .10 */

/* What a server told its partner of an address. */
struct sim_word {
    bool under_way; /* and is not answered */
    bool due;       /* the partner asked, and has not acknowledged it since (§7.5) */
    bool stale;     /* the lease was over when the partner asked, and this does not say so */
    uint8_t status;
    uint32_t xid;
    uint64_t delivery; /* the last one that was about it */
};
/* What a server was told of an address, and what it had then. */
struct sim_heard {
    bool first;            /* nothing before it in the same delivery changed that */
    bool crossed;          /* while a word of its own was under way ... */
    uint8_t told;          /* ... that said this */
    bool disputed;         /* the partner has refused its last word as outdated */
    uint32_t xid;          /* of the message */
    struct fo_binding own; /* its client's identifier is not to be read */
    unsigned holder;       /* of |own|: sim_client_of() */
    struct fo_group said;  /* times in the receiver's true clock; spans are not to be read */
    unsigned client;
};
/* One server's end of its conversation with its partner. */
struct sim_talk {
    uint64_t link;      /* world_link.number */
    uint64_t delivery;  /* the last one that was about everything */
    uint32_t asked_xid; /* of the partner's newest request */
    uint8_t asks_in;    /* the state in which the side's own newest request left */
    struct sim_word word[SCOPES][ADDRESSES];
    struct sim_heard heard[SCOPES][ADDRESSES];
};
/* What came in so far of a message, at one end of a connection. */
struct sim_ear {
    uint64_t link;
    struct fo_frame_cutter cutter;
};

/** World callbacks; |context| is the struct sim. */
void wire_departure(void *context, const struct world_link *l, int end, const uint8_t *data,
                    size_t length);
void wire_arrival(void *context, const struct world_link *l, int end, const uint8_t *data,
                  size_t length);

#endif
