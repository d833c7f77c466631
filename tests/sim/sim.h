/**
 * tests/sim/sim.h: one run of the simulator: pairs of servers, their clients, an operator and bad
 * luck, one seed; and what the files of the simulator share.
 *
 * A run is plan.h's list of events carried out one after the other on a world; check.h looks after
 * every batch of a server and after every event.
 */
#ifndef FO_TESTS_SIM_SIM_H
#define FO_TESTS_SIM_SIM_H

#include "fo/endpoint.h"
#include "tests/sim/fault.h"
#include "tests/sim/plan.h"
#include "tests/sim/wire.h"

#define PAIRS_MAX    2
#define CLIENTS      14 /* of each pair */
#define RESERVATIONS 3
#define SLACK_S      5 /* header times are whole seconds, and two seconds go uncorrected */

struct sim_client {
    int pair;
    unsigned scope;    /* where it is plugged in */
    fo_ipv4_t address; /* 0: none */
    fo_ipv4_t last_address;
    int64_t end_ms; /* of the lease, as this client knows it */
    int64_t granted_ms;
    int64_t quiet_ms; /* it says nothing before */
    int64_t wrong_ms; /* sim_clock_wrong() when it first got this address */
    int64_t left_ms;  /* when it last gave last_address back */
    int64_t apart_ms; /* how long after that it got the address again */
    int server;       /* that granted it */
    bool by_hand;     /* by an administrator: the server renews it */
};

/* One relationship; side 0 is the primary's. */
struct sim_pair {
    const char *name;
    int server[SIDES];
    enum fo_dialect_name dialect[SIDES];
    bool tls;
    uint32_t mclt_s, mclt_longest_s, receive_timer_s, safe_period_s;
    unsigned percent;
    enum fo_mode mode;
    int64_t behind_ms; /* by how much the measured difference of clocks was ever wrong */
    bool has_second;   /* the second scope is in the relationship */
    bool reserved[RESERVATIONS];
    bool lied;                    /* promises 1 and 2 are off: an operator or a disk lied */
    bool went_back;               /* a disk showed an older copy */
    bool losing;                  /* a store was lost and is not made good yet */
    int64_t stopped_since[SIDES]; /* paused or shut down by the operator; 0: it runs */
    bool took_over[SIDES];        /* last seen to serve in PARTNER-DOWN */
    enum fo_state state[SIDES];   /* last seen */
    uint8_t status[SIDES][SCOPES][ADDRESSES];       /* last seen */
    uint32_t promised[SIDES][SCOPES][ADDRESSES];    /* check_end() */
    unsigned holder[SIDES][SCOPES][ADDRESSES];      /* last seen: sim_client_of() */
    int64_t end_told_ms[SIDES][SCOPES][ADDRESSES];  /* that the lease was over; 0: it was not */
    fo_utc_t end_told_of[SIDES][SCOPES][ADDRESSES]; /* of which transaction that was the end */
    int64_t asked_ms[SCOPES][ADDRESSES]; /* check_asked(): the latest that a client asked for */
    uint32_t epoch[SIDES];               /* of updates, at the beginning */
    bool told_all; /* to a server that asked for everything: it may have lost it */
    int64_t disputed_ms[SCOPES][ADDRESSES];  /* check_disputed(): since when */
    bool outdated[SIDES][SCOPES][ADDRESSES]; /* so the partner answered the last word */
    bool status_known[SIDES];
    enum fo_state heard[SIDES];   /* what each knows of the other's state */
    enum fo_state resumes[SIDES]; /* what each had when it started */
    fo_utc_t served[SIDES];       /* until when each had served then */
    fo_utc_t taken_over[SIDES];   /* since when its partner has been in PARTNER-DOWN, as it heard */
    struct sim_talk talk[SIDES];
};

struct sim_server {
    int64_t dead_since_ms; /* 0: it runs */
    int64_t restart_ms;    /* when somebody starts it again; 0: nobody */
    bool reviving;
    bool clean;                    /* it died between two batches: memory shows what the disk has */
    bool empty;                    /* its disk was wiped: relationships have to be made anew */
    bool spoilt;                   /* its disk shows something else than it was told */
    bool backup_second[PAIRS_MAX]; /* which scopes were there when its disk was copied */
};

struct sim_totals {
    uint64_t runs, events, grants, renewals, acked, by_hand, partner_downs, lies, violations;
    uint64_t faults[FAULTS];
    int64_t simulated_ms;
};

struct sim {
    struct world w;
    const struct sim_setup *setup;
    uint32_t scale; /* how much slower than a hectic pair everything is */
    int pairs;
    struct sim_pair pair[PAIRS_MAX];
    struct sim_server server[SERVERS_MAX];
    struct sim_client client[PAIRS_MAX * CLIENTS];
    bool liar;        /* operators of this run say partner-down of living partners, disks go back */
    bool clocks;      /* clocks go wrong in this run */
    bool identifiers; /* some clients send one */
    int64_t steps_ms; /* by how much clocks were set, added up */
    uint64_t durable_token; /* of the last report that may be answered */
    struct fo_binding remembered[PAIRS_MAX][SCOPES][ADDRESSES];
    struct fo_endpoint_record remembered_record[PAIRS_MAX];
    struct sim_ear ear[WORLD_LINKS][SIDES];
    struct fo_message message; /* that is being read */
    uint64_t delivery;         /* a number for each */
    unsigned event;            /* how many were carried out */
    struct sim_totals totals;
    char broken[700]; /* the promise that was broken, and how; "": none */
};

/** Random numbers of one event: the same event always rolls the same. */
struct roll {
    uint64_t state;
};
uint32_t roll_below(struct roll *r, uint32_t n); /* 0..n-1 */

/** Carries a plan out to the end or to the first broken promise. |log| (may be NULL) gets every
 *  line. |k| is large: the caller has it somewhere, and calls sim_fini(). */
void sim_run(struct sim *k, const struct sim_setup *setup, const struct plan *p, FILE *log);
void sim_fini(struct sim *k);
void sim_broken(struct sim *k, const char *format, ...) __attribute__((format(printf, 2, 3)));
/** Lets time pass; crashed servers are started again when it is time. */
void sim_pass(struct sim *k, int64_t ms);

/* Looking. */
fo_ipv4_t sim_subnet(const struct sim *k, const struct sim_pair *p, unsigned scope);
fo_ipv4_t sim_address(const struct sim *k, const struct sim_pair *p, unsigned scope, unsigned n);
/** FO_STATE_NONE: it does not run, or knows nothing of the relationship. */
enum fo_state sim_state(struct sim *k, const struct sim_pair *p, int side);
struct fo_binding sim_binding(struct sim *k, const struct sim_pair *p, int side, fo_ipv4_t address);
/** Client |n|. In a run with identifiers up to three share a machine: one that sends none, one with
 *  a short one, one with a longer one than is hashed (option 61). */
struct fo_client sim_client(const struct sim *k, unsigned n);
/** Its number plus 1; 0: it is none of ours. */
unsigned sim_client_of(const struct sim *k, const struct fo_client *c);
/** §7.1.1: by all that they send. */
bool sim_same_client(const struct sim *k, const struct fo_client *a, const struct fo_client *b);
bool sim_runs(const struct sim *k, const struct sim_pair *p, int side); /* and is not paused */
int64_t sim_idle_since(const struct sim *k, const struct sim_pair *p, int side); /* 0: it runs */
int64_t sim_clock_wrong(const struct sim *k, const struct sim_pair *p);
int64_t sim_scaled(const struct sim *k, int64_t seconds); /* in milliseconds */

/* client.c, operator.c, fault.c: what the events of a plan do. */
void client_event(struct sim *k, struct roll *r);
void client_look_at_hand_made(struct sim *k);
/** Two clients get one address from two servers that each think themselves alone, if that can be;
 *  one of them may give it back. */
void client_twice(struct sim *k, const struct sim_pair *p, struct roll *r);
void operator_scope(struct sim *k, struct sim_pair *p, int side, unsigned scope);
void operator_pair(struct sim *k, struct sim_pair *p, int side, enum fo_birth birth);
void operator_revive(struct sim *k, int server);
void operator_resume(struct sim *k, struct sim_pair *p, int side);
void operator_lease_by_hand(struct sim *k, struct roll *r);
void operator_reserve(struct sim *k, struct roll *r);
void operator_mclt(struct sim *k, struct roll *r);
void operator_percentage(struct sim *k, struct roll *r);
void operator_second_scope(struct sim *k, struct roll *r);
void operator_repair(struct sim *k, struct roll *r);
void operator_partner_down(struct sim *k, struct roll *r);
void operator_pause(struct sim *k, struct roll *r);
void operator_shutdown(struct sim *k, struct roll *r);
void operator_reset(struct sim *k, struct roll *r);
void operator_balance(struct sim *k, struct roll *r);
void operator_resync(struct sim *k, struct roll *r);
void operator_backup(struct sim *k, struct roll *r);

#endif
