/**
 * tests/fo/walk.h: a seeded random walk of two servers, their clients, an operator and bad luck,
 * with the promises of the engine checked after every step.
 *
 *   1. One address, one client, over the clients' own views of their leases.
 *   2. No lease outlives what the partner reckons with by more than MCLT (§5.2.1).
 *   3. What was acknowledged is on disk: kill -9 loses nothing, an acked lease is at the partner.
 *   4. No available address belongs to both servers (§5.4); no pair of states that §9 forbids; and
 *      after the last fault both reach NORMAL with equal databases in bounded time.
 */
#ifndef FO_TESTS_WALK_H
#define FO_TESTS_WALK_H

#include "tests/sim/world.h"

#define WALK_CLIENTS      14
#define WALK_ADDRESSES    24
#define WALK_RESERVATIONS 3

struct walk_client {
    fo_ipv4_t address; /* 0: none */
    int64_t end_ms;    /* of the lease, as this client knows it */
    int64_t granted_ms;
    int64_t quiet_ms; /* it says nothing before */
    int server;       /* that granted it */
    bool by_hand;     /* by an administrator: the server renews it */
};

struct walk {
    struct world w;
    uint64_t random;
    uint64_t seed;
    uint32_t mclt_s;
    bool liar; /* the operator of this run says partner-down of living partners */
    bool reserved[WALK_RESERVATIONS];
    bool lied;                 /* ... and did: promise 1 is off (design §1) */
    bool stopped[SIDES];       /* paused or shut down by the operator */
    bool took_over[SIDES];     /* last seen to serve in PARTNER-DOWN */
    int64_t idle_since[SIDES]; /* dead or stopped since; 0: it runs */
    struct walk_client client[WALK_CLIENTS];
    unsigned event;
    uint64_t grants, by_hand, acked, partner_downs, lies; /* that the walk went somewhere */
    char broken[600]; /* the promise that was broken, and how; "": none */
};

void walk_init(struct walk *k, uint64_t seed);
/** |events| events; stops at the first broken promise. */
void walk_run(struct walk *k, unsigned events);
/** Everything is repaired: both NORMAL and equal within the bound, or |broken| says so. */
void walk_settle(struct walk *k);
void walk_fini(struct walk *k);

uint32_t walk_below(struct walk *k, uint32_t n); /* a random number 0..n-1 */
void walk_broken(struct walk *k, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* walk_admin.c */
void walk_lease_by_hand(struct walk *k, unsigned n, int side);
void walk_look_at_hand_made(struct walk *k);
void walk_change_mclt(struct walk *k, int side);
void walk_reserve(struct walk *k);

/* walk_check.c */
void walk_check(struct walk *k);
/** Just before a grant is answered: |end| is what the client will be told. */
void walk_check_grant(struct walk *k, int side, const struct fo_report *r);
void walk_check_token(void *context, int side, enum fo_effect_kind kind, uint64_t token);
/** kill -9, start again, compare. */
void walk_check_restart(struct walk *k, int side);

#endif
