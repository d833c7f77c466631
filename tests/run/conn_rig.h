/* Two sets of links in one loop: a west that dials and an east that listens, no server behind them.
 */
#ifndef FO_TESTS_RUN_CONN_RIG_H
#define FO_TESTS_RUN_CONN_RIG_H

#include "fo/run/listener.h"

#ifndef LOOPBACK
#define LOOPBACK(n) (0x7f000000u + (n)) /* 127.0.0.n */
#endif

struct side {
    struct fo_conn_set conns;
    struct fo_listener_set listening;
    struct fo_listener *listener;
    unsigned heard; /* every FO_CONN_OWES_… that came */
    char down[256]; /* why the last link went */
    size_t downs;
    uint8_t bytes[1 << 16];
    size_t received;
    char log[1024];
    bool reads; /* false: leaves bytes in the kernel */
};

struct conn_rig {
    struct event_base *base;
    struct side west, east;
};

void conn_rig_init(struct conn_rig *rig); /* limits are the defaults; east listens on 127.0.0.2 */
void conn_rig_fini(struct conn_rig *rig);
/** West dials east from 127.0.0.1; both have heard UP when it returns. */
void conn_rig_connect(struct conn_rig *rig);
struct fo_conn *west_conn(struct conn_rig *rig);
struct fo_conn *east_conn(struct conn_rig *rig);
/** The DIAL effect of link 2 to |port| of 127.0.0.2. */
struct fo_effect dial_effect(fo_ipv4_t local, uint16_t port);
/** Runs the loop until |*flag & wanted| is |wanted|; the test fails after five seconds. */
void run_until(struct conn_rig *rig, const unsigned *heard, unsigned wanted);
void run_until_received(struct conn_rig *rig, const struct side *side, size_t count);
/** One turn of the loop, and a batch for each side. */
void turn(struct conn_rig *rig);

/** Makes the certificates of alpha (127.0.0.1) and beta (127.0.0.2) in a new directory. */
void make_certs(char out_dir[64]);
void remove_certs(const char *dir);
/** TLS of |name| in |dir|. */
struct fo_tls *load_tls(const char *dir, const char *name);

#endif
