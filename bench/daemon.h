/**
 * bench/daemon.h: fod processes and their management, as an operator would have them.
 *
 * A place holds two servers: 127.0.0.1, the primary, and 127.0.0.2. Both speak TLS with
 * certificates of a CA made for the run. Anything that goes wrong ends the benchmark and kills
 * both.
 */
#ifndef FO_BENCH_DAEMON_H
#define FO_BENCH_DAEMON_H

#include "bench/bench.h"
#include "bench/leases.h"
#include "mgmt/client.h"

#define DAEMON_RELATIONSHIP "bench"
#define DAEMON_BULK_MAX     1000 /* leases in one call */

struct daemon {
    const char *program;                 /* borrowed */
    char *place;                         /* owned */
    char *config, *state, *socket, *log; /* paths, owned */
    int index;                           /* 0: the primary */
    pid_t pid;                           /* 0: not running */
    uint16_t port;                       /* failover, the same for both */
    struct fo_mgmt_client *client;       /* NULL: not running */
};
struct daemon_pair {
    struct daemon side[2];
    uint64_t leases; /* both have scopes for that many */
    uint32_t mclt_s; /* of the relationship to be made: a minute, if not set */
};

/** Writes configurations and certificates below a new place and starts both, with scopes. */
void daemon_pair_init(struct daemon_pair *p, const struct bench_options *o, uint64_t leases);
void daemon_pair_fini(struct daemon_pair *p);
/** Starts a server and waits until it answers; returns the seconds. */
double daemon_start(struct daemon *d);
/** Ends it by SIGTERM and waits; |wiped|: its store goes as well. */
void daemon_stop(struct daemon *d, bool wiped);

/** Makes the relationship on one server. */
void daemon_relate(struct daemon_pair *p, int side, bool lost);
void daemon_make_scopes(struct daemon_pair *p, int side);
/** Waits until both are in NORMAL and nothing waits to be told. */
void daemon_pair_settle(struct daemon_pair *p);

/** Ends the benchmark because management failed: |what| was asked, |why| is the client's word; says
 *  which server is no more and shows the end of its log. */
void daemon_fail(const char *what, const char *why) __attribute__((noreturn));

/** One more connection to the same server. Ownership: gives it (fo_mgmt_disconnect). */
struct fo_mgmt_client *daemon_connect(const struct daemon *d);
/** Asks; a reply with another code than 0 ends the benchmark. Ownership: gives the reply. */
Mgmt__Reply *daemon_ask(struct fo_mgmt_client *c, Mgmt__Request *request, const char *what);

struct daemon_status {
    Mgmt__State state;
    uint64_t acked, received, waiting; /* transactions; not acknowledged yet */
    bool resync_receiving;
};
struct daemon_status daemon_status(const struct daemon *d);
struct daemon_figures {
    uint64_t commits, leases;
    double cpu_s, commit_s;
    uint64_t anonymous;
};
struct daemon_figures daemon_figures(const struct daemon *d);

/** Leases first, first + stride, … (|count| of them, modulo |total|) in calls of many, |depth| of
 *  them under way; returns when the last is durable. */
struct daemon_series {
    uint64_t first, count, stride, total;
};
void daemon_lease_many(struct daemon *d, const struct daemon_series *series, unsigned depth);
/** All of |total| in address order; or, so that no two near ones follow each other, far apart. */
struct daemon_series daemon_in_order(uint64_t total);
struct daemon_series daemon_far_apart(uint64_t total);
/** Whether the partner is known to have lease |n|. */
bool daemon_partner_has(const struct daemon *d, uint64_t n);

#endif
