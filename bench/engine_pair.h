/**
 * bench/engine_pair.h: two servers in one process and one thread, each with a store on disk; bytes
 * are handed across in memory, time is a number of ours.
 *
 * What is left is the engine, its stores and their fsyncs: no sockets, no TLS, no management.
 */
#ifndef FO_BENCH_ENGINE_PAIR_H
#define FO_BENCH_ENGINE_PAIR_H

#include "bench/bench.h"
#include "bench/leases.h"
#include "fo/server.h"

#define PAIR_NAME "bench"

struct pair_bytes {
    uint8_t *data;
    size_t used, room;
};
struct pair_side {
    struct fo_server *server;
    struct fo_store *store;
    struct fo_outbox out;
    struct pair_bytes inbox;
    fo_link_id_t link; /* 0: none */
    bool dialled;      /* a DIAL waits to be carried out */
    char *path;
    uint64_t durable, acked, applied;
    uint64_t busy_ns, commit_ns; /* in all of the loop; in the commit alone */
    uint64_t commits;
};
struct pair {
    struct pair_side side[2]; /* 0 is the primary */
    uint64_t leases;
    int64_t now_ms;
    void (*on_acked)(void *context, uint64_t token); /* side 0's; may be NULL */
    void *context;
};

/** Starts both sides on empty stores below |place|, with scopes for |leases| addresses. */
void pair_init(struct pair *p, const char *place, uint64_t leases);
void pair_fini(struct pair *p);
struct fo_now pair_now(const struct pair *p);
/** One turn of the loop of |side|: begin, step, flush, commit, outbox (design §3). */
void pair_turn(struct pair *p, int side, const struct fo_report *reports, size_t count);
/** Makes the relationship on |side|; |lost|: its storage was lost (§9.3.2). */
void pair_relate(struct pair *p, int side, bool lost);
/** Ends a side as kill -9 does; the other notices. Its store stays, or is |wiped|. */
void pair_kill(struct pair *p, int side, bool wiped);
/** Starts a killed side from its store; returns the seconds it took to restore. */
double pair_start(struct pair *p, int side);
/** Lets 100 ms pass at a time until |done|; fails after |limit| rounds. */
void pair_until(struct pair *p, bool (*done)(struct pair *p), const char *what);
bool pair_both_normal(struct pair *p);
struct fo_endpoint_status pair_status(struct pair *p, int side);

#endif
