/**
 * tests/sim/world.h: up to three servers, one true time, a network between them.
 *
 * The engine is the shipped one; store (disk.h), clocks (clock.h) and network (net.h) are ours, and
 * each can fail. Server n is 10.9.0.(n+1); unit tests use the first two and one relationship.
 * Nothing sleeps: world_run() jumps from one wake-up to the next.
 */
#ifndef FO_TESTS_SIM_WORLD_H
#define FO_TESTS_SIM_WORLD_H

#include <stdio.h>

#include "fo/server.h"
#include "state/store_mem.h"
#include "tests/sim/clock.h"
#include "tests/sim/pipe.h"

#define SIDES       2 /* of a relationship */
#define SERVERS_MAX 3
#define WORLD_LINES 96 /* of the newest lines, for a failing run */
#define WORLD_LINKS 64
#define SECONDS(n)  ((int64_t)(n)*1000)
#define MINUTES(n)  SECONDS((n)*60)
#define HOURS(n)    MINUTES((n)*60)
#define SUBNET      0x0a000000u /* 10.0.0.0/24, the scope of most tests */
#define ADDRESS(n)  (SUBNET + (n))

struct world_link { /* end 0 dialled, end 1 accepted */
    bool open, up;
    uint64_t number;    /* no other connection has it */
    int64_t dialled_ms; /* when the call arrives */
    int server[SIDES];
    fo_link_id_t id[SIDES]; /* as each server calls it */
    bool tls_wanted[SIDES];
    struct world_pipe to[SIDES];
    bool closing[SIDES]; /* that end closed; the other hears after the bytes */
    bool gone[SIDES];    /* that end knows nothing of the connection any more ... */
    bool mute;           /* ... and nobody tells the other that it does not */
};

/* Where a process dies in the loop of design §3: begin, step, commit, carry out the effects. */
enum world_crash { CRASH_NOT, CRASH_BEFORE_COMMIT, CRASH_AFTER_COMMIT, CRASH_IN_OUTBOX };
struct world_crash_plan {
    enum world_crash where;
    unsigned after_batches; /* of those that change or send something */
    unsigned after_effects; /* IN_OUTBOX */
    bool power;             /* the machine dies with it: partners hear nothing */
};

struct world_side {
    struct fo_server *server;
    struct fo_store *store;
    struct fo_store *snapshot; /* an older copy of it, or NULL */
    struct fo_outbox out;
    struct fo_server_config config;
    int32_t clock_offset_s; /* what the wall clock is ahead of the steady one */
    struct clock_rate rate;
    bool alive;
    bool dark;                /* the whole machine is off: nothing answers */
    int64_t stopped_until_ms; /* the process does not run (SIGSTOP) */
    int64_t wake_ms;          /* the next tick in true time; 0: ask */
    struct world_crash_plan crash;
    uint64_t durable, acked, applied; /* counted effects */
    uint64_t commits_failed;
    char alarms[4096];
};
struct world_line { /* one notice, message or event */
    int64_t ms;
    int side; /* -1: of the world */
    char text[180];
};
struct world {
    struct world_side side[SERVERS_MAX];
    int servers;
    struct world_link links[WORLD_LINKS];
    int links_used; /* no open link at or beyond it */
    int64_t now_ms;
    int64_t delay_ms;
    int64_t later_ms[SERVERS_MAX][SERVERS_MAX];   /* and so much more from, to */
    int64_t tolerance_s;                          /* see world_difference() */
    bool cut, refuse;                             /* silent cut; connections refused */
    int64_t blocked_ms[SERVERS_MAX][SERVERS_MAX]; /* nothing passes from, to before */
    unsigned split[SERVERS_MAX][SERVERS_MAX];     /* deliveries still to be torn apart */
    uint64_t random;                              /* of the network */
    int64_t restart_ms;                           /* after a failed commit; -1: stay dead */
    bool interrupted;                             /* world_run() returns: somebody died */
    fo_link_id_t next_odd;
    uint64_t connections; /* ever dialled */
    uint64_t steps;
    void (*on_bytes)(void *context, int from, const uint8_t *data, size_t length); /* a tap */
    void *tap;
    void (*on_token)(void *context, int side, enum fo_effect_kind kind, uint64_t token);
    void *token_context;
    void (*on_batch)(void *context, int side, bool leases_changed); /* after its effects */
    void (*on_notice)(void *context, int side, const char *text, size_t length);
    /* What |end| sends; what arrives at |end|, before its server reads it. */
    void (*on_departure)(void *context, const struct world_link *l, int end, const uint8_t *data,
                         size_t length);
    void (*on_arrival)(void *context, const struct world_link *l, int end, const uint8_t *data,
                       size_t length);
    void (*on_death)(void *context, int side);
    void *context;
    FILE *log; /* every line as well */
    struct world_line lines[WORLD_LINES];
    unsigned line_count;
};

typedef void (*world_change_fn)(void *context, struct fo_server *s, struct fo_now now,
                                struct fo_outbox *out);

void world_init(struct world *w);
void world_init_servers(struct world *w, int servers);
void world_fini(struct world *w);
struct fo_now world_now(const struct world *w, int side);
/** Starts (or restarts) a side from its store. */
void world_start(struct world *w, int side);
/** kill -9: the process is gone, what was committed stays, partners hear the connection end. */
void world_kill(struct world *w, int side);
/** The whole machine: partners hear nothing until it is back. */
void world_power_off(struct world *w, int side);
void world_run(struct world *w, int64_t ms);
/** Runs until both are in |state| or |ms| passed; whether they are. */
bool world_until(struct world *w, enum fo_state a, enum fo_state b, int64_t ms);
void world_cut(struct world *w); /* silently, everywhere */
void world_heal(struct world *w);
/** Events and a change in one batch: begin, step, flush, commit, effects (design §3). */
void world_batch(struct world *w, int side, const struct fo_event *events, size_t count,
                 world_change_fn change, void *context);
/** Whether |side| runs and is not stopped. */
bool world_runs(const struct world *w, int side);
/** One line of the story, for report and log. */
void world_line(struct world *w, int side, const char *text, size_t length);

/* people.c: what an operator and a host do. Each is a batch of its own. */
void world_scope(struct world *w, int side, unsigned first, unsigned last);
uint32_t world_pair(struct world *w, int side, const char *name,
                    void (*tweak)(struct fo_relationship *r));
/** Scope and relationship on both sides, side 0 primary, MCLT 600. */
void world_pair_both(struct world *w, void (*tweak)(struct fo_relationship *r));
/** What world_pair_both() made on |side|, to make it again. */
const struct fo_relationship *world_relationship(struct world *w, int side);
/** Anything else that is called between begin and flush. */
void world_change(struct world *w, int side, world_change_fn change, void *context);
uint32_t world_command(struct world *w, int side, enum fo_command command);
uint32_t world_command_to(struct world *w, int side, const char *relationship,
                          enum fo_command command);
/** A client (number |n|: hw 01:02:0c:…) gets a lease from |side|; the address or 0. */
fo_ipv4_t world_lease(struct world *w, int side, unsigned n, uint32_t desired_s);
/** Whether the report was committed. */
bool world_report(struct world *w, int side, const struct fo_report *r);
struct fo_client world_client(unsigned n);
enum fo_state world_state(struct world *w, int side);
struct fo_endpoint_status world_status(struct world *w, int side);
struct fo_binding world_binding(struct world *w, int side, fo_ipv4_t address);
/** Compares the two stores: status, client and lease end (|tolerance_s| apart at most) of every
 *  address; the first difference as text, NULL if equal. */
const char *world_difference(struct world *w);

#endif
