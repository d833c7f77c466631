/**
 * tests/sim/world.h: two servers, one clock, a link between them: the beginnings of the simulator.
 *
 * The engine is the shipped one; store, clock and network are ours. Side 0 is 10.9.0.1, side 1 is
 * 10.9.0.2. Nothing sleeps: world_run() jumps from one wake-up to the next.
 */
#ifndef FO_TESTS_SIM_WORLD_H
#define FO_TESTS_SIM_WORLD_H

#include "fo/server.h"
#include "state/store_mem.h"

#define SIDES       2
#define WORLD_LINES 40 /* of the newest notices, for a failing run */
#define WORLD_LINKS 64
#define SECONDS(n)  ((int64_t)(n)*1000)
#define MINUTES(n)  SECONDS((n)*60)
#define HOURS(n)    MINUTES((n)*60)
#define WORLD_UTC   1800000000u /* what the wall clock shows at time 0 */
#define SUBNET      0x0a000000u /* 10.0.0.0/24, the scope of most tests */
#define ADDRESS(n)  (SUBNET + (n))

struct world_pipe { /* one direction of one connection */
    uint8_t *bytes;
    size_t used, room;
    int64_t ready_ms; /* when what is in it arrives */
};
struct world_link {
    bool open, up;
    fo_link_id_t id[SIDES]; /* as each side calls it */
    int dialler;
    bool tls_wanted[SIDES];
    struct world_pipe to[SIDES];
    bool closing[SIDES]; /* that side closed; the other hears after the bytes */
};
struct world_side {
    struct fo_server *server;
    struct fo_store *store;
    struct fo_outbox out;
    struct fo_server_config config;
    int32_t clock_offset_s;
    bool alive;
    uint64_t durable, acked, applied; /* counted effects */
    uint64_t commits_failed;
    char alarms[4096];
};
struct world_line { /* one notice */
    int64_t ms;
    int side;
    char text[200];
};
struct world {
    struct world_side side[SIDES];
    struct world_link links[WORLD_LINKS];
    int64_t now_ms;
    int64_t delay_ms;
    int64_t tolerance_s; /* see world_difference() */
    bool cut, refuse;    /* silent cut; connections refused */
    fo_link_id_t next_odd;
    uint64_t steps;
    void (*on_bytes)(void *context, int from, const uint8_t *data, size_t length); /* a tap */
    void *tap;
    void (*on_token)(void *context, int side, enum fo_effect_kind kind, uint64_t token);
    void *token_context;
    struct world_line lines[WORLD_LINES];
    unsigned line_count;
};

void world_init(struct world *w);
void world_fini(struct world *w);
struct fo_now world_now(const struct world *w, int side);
/** Starts (or restarts) a side from its store. */
void world_start(struct world *w, int side);
/** kill -9: the process is gone, what was committed stays. */
void world_kill(struct world *w, int side);
void world_run(struct world *w, int64_t ms);
/** Runs until both are in |state| or |ms| passed; whether they are. */
bool world_until(struct world *w, enum fo_state a, enum fo_state b, int64_t ms);
void world_cut(struct world *w); /* silently */
void world_heal(struct world *w);

/* What an operator and a host do. Each is a batch of its own. */
void world_scope(struct world *w, int side, unsigned first, unsigned last);
uint32_t world_pair(struct world *w, int side, const char *name,
                    void (*tweak)(struct fo_relationship *r));
/** Scope and relationship on both sides, side 0 primary, MCLT 600. */
void world_pair_both(struct world *w, void (*tweak)(struct fo_relationship *r));
/** What world_pair_both() made on |side|, to make it again. */
const struct fo_relationship *world_relationship(struct world *w, int side);
/** Anything else that is called between begin and flush. */
void world_change(struct world *w, int side,
                  void (*change)(void *context, struct fo_server *s, struct fo_now now,
                                 struct fo_outbox *out),
                  void *context);
uint32_t world_command(struct world *w, int side, enum fo_command command);
/** A client (number |n|: hw 01:02:0c:…) gets a lease from |side|; the address or 0. */
fo_ipv4_t world_lease(struct world *w, int side, unsigned n, uint32_t desired_s);
bool world_report(struct world *w, int side, const struct fo_report *r);
struct fo_client world_client(unsigned n);

/** The newest notices of both sides, oldest first, to stderr. */
void world_print_lines(const struct world *w);
enum fo_state world_state(struct world *w, int side);
struct fo_endpoint_status world_status(struct world *w, int side);
struct fo_binding world_binding(struct world *w, int side, fo_ipv4_t address);
/** Compares the two stores: status, client and lease end (|tolerance_s| apart at most) of every
 *  address; the first difference as text, NULL if equal. */
const char *world_difference(struct world *w);

#endif
