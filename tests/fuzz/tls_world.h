/**
 * tests/fuzz/tls_world.h: a whole runtime with one relationship, outsiders at the other ends of its
 * links, and what must hold whatever they do.
 */
#ifndef FO_TESTS_FUZZ_TLS_WORLD_H
#define FO_TESTS_FUZZ_TLS_WORLD_H

#include "fo/run/run_private.h"
#include "tests/fuzz/outsider.h"

#define FUZZ_TLS_LINKS  6
#define FUZZ_TLS_SETUPS 8

/* Bits of a set-up: the role, whether TLS is required, by what the partner is known. */
enum { FUZZ_SECONDARY = 1, FUZZ_REQUIRED = 2, FUZZ_BY_NAME = 4 };

struct fuzz_tls_world {
    struct fo_run *run;
    struct fo_store *store, *snapshots[FUZZ_TLS_SETUPS];
    struct fuzz_outsider outsiders[FUZZ_TLS_LINKS];
    struct fuzz_partner partner;
    fo_link_id_t next_odd;
    unsigned setup;
    bool secured;                /* a link was */
    bool refuses_calls;          /* what the server dials */
    struct fuzz_outsider *hasty; /* begins its handshake as soon as the server has read */
};
extern struct fuzz_tls_world fuzz_tls_world;

/** Certificates, the runtime, and a store for each set-up; once. */
void fuzz_tls_world_init(void);
/** The runtime starts again with what |setup| has on disk. */
void fuzz_tls_world_start(unsigned setup, bool refuses_calls);
/** All links end; nothing of them is left. */
void fuzz_tls_world_stop(void);
/** Lets the runtime do what follows from what has happened, which must end, and looks at it. */
void fuzz_tls_settle(void);
/** The runtime's end |fd| takes a few bytes at a time from now on, and none every other time. */
void fuzz_tls_narrow(int fd);
/** The hasty one begins its handshake now. */
void fuzz_tls_hurry(void);
/** A place for one more outsider; NULL: none. */
struct fuzz_outsider *fuzz_tls_room(void);

#endif
