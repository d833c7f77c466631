/**
 * fo/run/run.h: the runtime: a libevent loop that feeds a struct fo_server, commits, and carries
 * its outbox out.
 *
 *     read what is there -> begin -> step each event -> flush -> commit -> outbox
 *
 * Everything here runs on the loop's thread except where a comment says "any thread".
 */
#ifndef FO_RUN_RUN_H
#define FO_RUN_RUN_H

#include <pthread.h>

#include "fo/server.h"

struct event_base;
struct fo_run;

struct fo_listen {
    fo_ipv4_t address; /* 0: all */
    uint16_t port;     /* 0: any free one (see fo_run_port) */
};
struct fo_tls_files {
    const char *ca_file;   /* PEM; who signs partners */
    const char *cert_file; /* PEM chain of this server */
    const char *key_file;
};
struct fo_run_limits {               /* 0 gives the default in brackets */
    uint32_t connections_total;      /* [256] accepted failover connections */
    uint32_t connections_per_source; /* [16] */
    uint32_t handshake_ms;           /* [15000] from accept to CONNECT, TLS included */
    uint32_t buffered_bytes;         /* [8 MiB] waiting to be sent on one link; above: dropped */
};
struct fo_run_options {
    struct fo_store *store;         /* taken on success */
    const struct fo_listen *listen; /* failover listeners */
    size_t listen_count;
    const struct fo_tls_files *tls; /* NULL: plain TCP only */
    struct fo_run_limits limits;
    struct fo_server_config server; /* digest functions and tls_available are filled in here */
    void (*log)(void *context, enum fo_notice_level level, const char *line);
    void (*applied)(void *context, const struct fo_binding *b); /* borrowed for the call */
    void (*durable)(void *context, uint64_t token);
    void (*acked)(void *context, uint64_t token);
    void *context;
    struct event_base *base; /* the caller's loop; NULL: an own one */
    /* Tests and odd clocks: added to the wall clock this process sees. */
    int32_t clock_offset_s;
};

/** Opens listeners, restores from the store, begins. |why|: one sentence naming what failed. */
FO_MUST_CHECK int fo_run_new(const struct fo_run_options *options, struct fo_run **out, char *why,
                             size_t why_capacity);
void fo_run_free(struct fo_run *r); /* closes links without ceremony; see fo_run_stop */
/** Says DISCONNECT on every link, flushes for at most |ms|, then leaves the loop; the caller need
 *  not wait. Any thread. */
void fo_run_stop(struct fo_run *r, uint32_t ms);
/** Runs the loop until fo_run_stop, with SIGPIPE blocked on this thread. Who runs the loop of
 *  |options.base| instead does that as well. */
int fo_run_dispatch(struct fo_run *r);
/**
 * fo_run_settle runs the waiting jobs on the calling thread while the loop does not run. What
 * follows from them outside waits for the loop.
 */
void fo_run_settle(struct fo_run *r);
struct event_base *fo_run_base(struct fo_run *r);
uint16_t fo_run_port(const struct fo_run *r, size_t listener);     /* bound port */
fo_ipv4_t fo_run_address(const struct fo_run *r, size_t listener); /* 0: all */
struct fo_now fo_run_now(const struct fo_run *r);
uint64_t fo_run_utc_ms(const struct fo_run *r); /* the wall clock it goes by, in milliseconds */
/** New certificate files for later handshakes. On failure the old ones stay. */
FO_MUST_CHECK int fo_run_reload_tls(struct fo_run *r, const struct fo_tls_files *tls, char *why,
                                    size_t why_capacity);

/**
 * fo_run_submit puts a change into the next batch: |change| runs between begin and flush, |done|
 * after the commit with FO_OK, or with the error that threw the batch away (then nothing
 * changed, and |change| may have run). Any thread; both run on the loop's thread.
 * Within |change| the server is locked already: no fo_run_lock.
 * Errors: FO_ENOMEM, FO_ECLOSED, FO_ELIMIT (too many wait), FO_EFULL or FO_EIO (the store refuses
 * at present; see fo_run_store_error).
 */
typedef void (*fo_run_change)(void *context, struct fo_server *s, struct fo_now now,
                              struct fo_outbox *out);
typedef void (*fo_run_done)(void *context, int rc);
FO_MUST_CHECK int fo_run_submit(struct fo_run *r, fo_run_change change, fo_run_done done,
                                void *context);
/** An event of the host (REPORT, COMMAND) for the next batch, copied. Any thread. */
FO_MUST_CHECK int fo_run_post(struct fo_run *r, const struct fo_event *event);

/** Questions: the server, locked for the caller. Any thread; hold it for microseconds. */
struct fo_server *fo_run_lock(struct fo_run *r);
void fo_run_unlock(struct fo_run *r);
/** For reads on the loop's thread: the server and its store (committed and not). */
struct fo_server *fo_run_server(struct fo_run *r);
struct fo_store *fo_run_store(struct fo_run *r);
/** FO_OK, or why the store refuses at present (FO_EFULL, FO_EIO). Retried every second. */
int fo_run_store_error(const struct fo_run *r);

struct fo_run_stats {
    uint64_t batches, events, commits, commit_us_total, commit_us_max;
    uint64_t links_open, links_accepted, links_refused;
    struct fo_store_stats store;
};
void fo_run_get_stats(struct fo_run *r, struct fo_run_stats *out);

#endif
