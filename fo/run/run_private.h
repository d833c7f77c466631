/**
 * fo/run/run_private.h: the inside of a runtime, shared by run.c, batch.c, effects.c and refusal.c.
 */
#ifndef FO_RUN_RUN_PRIVATE_H
#define FO_RUN_RUN_PRIVATE_H

#include <stdatomic.h>

#include "fo/run/conn.h"
#include "fo/run/jobs.h"
#include "fo/run/listener.h"

/* Read from one link in one batch; the rest waits in the kernel, so that one partner's resync does
 * not hold up the others. A stranger's first words are short. */
#define FO_READ_PER_BATCH     (256u * 1024u)
#define FO_READ_FROM_STRANGER (2u * FO_MESSAGE_MAX)
#define FO_JOBS_PER_BATCH     1024u /* their flush holds the lock: a question waits that long */
#define FO_READ_PER_STEP      (16u * 1024u) /* questions get their turn between two steps */

struct fo_run {
    struct fo_run_options options; /* pointers to lists and files in it are not kept */
    struct fo_store *store;
    struct fo_server *server; /* |lock| */
    struct fo_server_config server_config;
    pthread_mutex_t lock;
    pthread_mutex_t turn; /* held while waiting for |lock|: a batch, which takes the lock again and
                             again, cannot overtake a question */

    struct event_base *base;
    bool own_base;
    struct event *batch;   /* runs a batch */
    struct event *tick;    /* fo_server_next_wake() */
    struct event *woken;   /* |jobs.fd| */
    struct event *probe;   /* the store, while it refuses */
    struct event *give_up; /* leaving: the time for last words is over */

    struct fo_conn_set conns;
    struct fo_listener_set listening;
    struct fo_listener **listeners;
    size_t listener_count;

    struct fo_jobs jobs;
    struct fo_outbox out;
    bool tick_due, in_batch;
    bool held;                 /* keep the outbox for later: see fo_run_settle */
    atomic_int store_error;    /* FO_OK, or why the store refuses */
    bool server_stale;         /* the last rebuild failed */
    uint64_t refused_since_us; /* 0: the last batch was committed */
    _Atomic int64_t stop_ms;   /* -1; else how long last words may take */
    bool leaving;              /* the goodbye is said */

    struct fo_run_stats stats;
    uint8_t read_buffer[FO_READ_PER_STEP];
};

/** A line of the runtime's own, unprintable bytes replaced. */
void fo_run_log(struct fo_run *r, enum fo_notice_level level, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* --- batch.c ---------------------------------------------------------------------------------- */
/** A batch at the end of this turn of the loop: after everything that is readable now. */
void fo_run_want_batch(struct fo_run *r);
/** The callback of |r->batch|. */
void fo_run_batch(evutil_socket_t fd, short what, void *context);

/* --- effects.c -------------------------------------------------------------------------------- */
/** Carries out the outbox, in order, and empties it. */
void fo_run_carry_out(struct fo_run *r);

/* --- refusal.c -------------------------------------------------------------------------------- */
/** Builds the server anew from the store; the old one goes. Errors: see fo_server_restore. */
FO_MUST_CHECK int fo_run_rebuild(struct fo_run *r);
/** A batch failed with |error|: nothing of it happened. Start again from the store; see README. */
void fo_run_refuse(struct fo_run *r, int error);
/** A batch was committed: if the store refused before, it does no longer. */
void fo_run_recovered(struct fo_run *r);
/** The callback of |r->probe|. */
void fo_run_probe(evutil_socket_t fd, short what, void *context);

#endif
