/**
 * tests/interop/rogue.h: a failover partner that knows the protocol well enough to reach NORMAL
 * with a secondary (the draft's dialect, no TLS, no digest), and answers as it is told to.
 *
 * Source: draft-12 §6 (format), §7 (messages), §9 (states).
 */
#ifndef FO_TESTS_ROGUE_H
#define FO_TESTS_ROGUE_H

#include "proto/frame.h"

enum { HANDED_OVER = 150 };

struct partner {
    int fd; /* -1: the other side hung up */
    const char *name;
    fo_ipv4_t subnet; /* a scope of its relationship */
    uint32_t xid;
    struct fo_frame_cutter cutter;
    uint8_t bytes[65536];
    const uint8_t *at;
    size_t left;
    bool acks, acks_twice, acks_others, acks_another; /* what it does with a BNDUPD */
    bool quiet;                                       /* no CONTACT */
    bool drips;                                       /* an octet each second instead */
    struct fo_message in, out;
};

/** Ends the process with 2: it did not get as far. */
void die(const char *what);

/* Each message has the next xid. An unwilling listener is no error: the verdict will say so. */
void send_bytes(struct partner *p, const void *data, size_t length);
void send_raw(struct partner *p, uint8_t type, const uint8_t *payload, uint16_t length);
struct fo_message *words(struct partner *p, uint8_t type); /* p->out, emptied */
void say(struct partner *p);                               /* p->out */
void say_bare(struct partner *p, uint8_t type);
void say_state(struct partner *p, uint8_t state);
void say_connect(struct partner *p);

/** A TCP connection. */
void call(struct partner *p, const char *source, const char *target);
/** CONNECT; the first time both begin in RECOVER, later it comes back to a partner that has a
 *  database. Then it hands HANDED_OVER addresses over, from the first of |subnet| on. */
void reach_normal(struct partner *p);
/** Until the other side hangs up, |seconds| at most: answers, and a CONTACT each second. */
void carry_on(struct partner *p, long seconds);

#endif
