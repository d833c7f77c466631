/* Two servers in one process and one loop, on 127.0.0.1 and 127.0.0.2: alpha is the primary. */
#ifndef FO_TESTS_RUN_RUN_RIG_H
#define FO_TESTS_RUN_RUN_RIG_H

#include <event2/event.h>

#include "fo/run/run.h"
#include "state/store_mem.h"

#ifndef LOOPBACK
#define LOOPBACK(n) (0x7f000000u + (n)) /* 127.0.0.n */
#endif
#define SUBNET 0x0a000000u /* 10.0.0.0/24, of which .1 to .100 are leased */
#define PAIR   "pair"

struct node {
    struct fo_run *run;
    struct fo_store *store; /* |run|'s, for its faults */
    char log[8192];
    size_t applied, durable, acked;
    uint64_t last_durable, last_acked;
    struct fo_binding last_applied; /* without its identifier */
};
struct run_rig {
    struct event_base *base;
    struct node alpha, beta;
    uint16_t alpha_port, beta_port;
};

/* How the pair differs from a plain one with default limits. */
struct run_rig_options {
    const struct fo_tls_files *alpha_tls, *beta_tls;
    enum fo_tls_mode tls;
    const char *alpha_calls_beta; /* the name beta's certificate must carry; NULL: its address */
    const char *secret;
    struct fo_run_limits limits;
    int32_t beta_clock_offset_s;
};

void run_rig_init(struct run_rig *rig, const struct run_rig_options *options);
void run_rig_fini(struct run_rig *rig);
/** Starts alpha again, plain and as it was set up first, with an empty store. */
void run_rig_restart_alpha(struct run_rig *rig);
/** Runs the loop until |reached| says so; the test fails after |seconds|. */
void run_rig_until(struct run_rig *rig, bool (*reached)(struct run_rig *rig), unsigned seconds);
void run_rig_turns(struct run_rig *rig, unsigned ms);
bool both_normal(struct run_rig *rig);
bool is_state(struct node *node, enum fo_state state);
struct fo_endpoint_status status_of(struct node *node);
/** The host of |node| gives |address| to client |n| for an hour; what fo_run_post answered. */
int grant(struct node *node, fo_ipv4_t address, uint8_t n, uint64_t token);
/** A port of 127.0.0.|host| that nobody uses. */
uint16_t free_port(unsigned host);

#endif
