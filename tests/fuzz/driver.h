/**
 * tests/fuzz/driver.h: one fo_server over a store in memory, with a look at everything it does.
 *
 * After every batch: what it sends can be read again, what it says can be printed, every state is
 * one that has a row of service and can say why it is there, and nothing grows without bound.
 */
#ifndef FO_TESTS_FUZZ_DRIVER_H
#define FO_TESTS_FUZZ_DRIVER_H

#include "fo/server.h"
#include "proto/frame.h"
#include "state/store_mem.h"
#include "tests/fuzz/partner.h"

#define FUZZ_LINKS   8 /* a driver limits them (design: limits before any allocation) */
#define FUZZ_LOCAL   0x0a090001u
#define FUZZ_PARTNER 0x0a090002u
#define FUZZ_NOW     1800000000u

struct fuzz_link {
    fo_link_id_t id; /* 0: no link here */
    bool up, tls_wanted;
    struct fo_frame_cutter cutter; /* of what the server sends */
};

struct fuzz_driver {
    struct fo_server_config config;
    struct fo_store *store;
    struct fo_server *server;
    struct fo_outbox out;
    struct fo_now now;
    struct fuzz_link links[FUZZ_LINKS];
    fo_link_id_t next_odd;
    struct fuzz_partner partner;
    struct fo_restore_report restored; /* by the last start */
    bool own_texts;                    /* causes of states may be what an input put on disk */
    bool faulty;                       /* the store may fail: a batch may be lost */
    int failed;                        /* of the open batch */
};

/** An empty store; the server is started by fuzz_start(). */
void fuzz_driver_init(struct fuzz_driver *d);
void fuzz_driver_fini(struct fuzz_driver *d);
/** Starts, or starts again after a crash, from what the store has. */
void fuzz_start(struct fuzz_driver *d);

/* A batch: begin, changes, end. The end flushes, commits and looks at everything. */
void fuzz_begin(struct fuzz_driver *d);
void fuzz_step(struct fuzz_driver *d, struct fo_event *event); /* sets its time */
void fuzz_end(struct fuzz_driver *d);
/** A batch of one event. */
void fuzz_event(struct fuzz_driver *d, struct fo_event *event);
/** Ticks until the server wants to sleep, which must not take for ever. */
void fuzz_tick(struct fuzz_driver *d);
/** Text for people: no control characters, whoever chose it. */
void fuzz_check_text(const char *text, size_t length);

#endif
