/**
 * tests/sim/check.h: the promises (design §1), looked after after every step.
 *
 *   1. One address, one client, over the clients' own views of their leases.
 *   2. No lease outlives what the partner acknowledged by more than MCLT (§5.2.1).
 *   3. What was acknowledged is on disk: a death loses nothing a client or a partner was told.
 *   4. Both reach NORMAL in bounded time, with equal stores and balanced pools; every state can say
 *      what ends it. States and bindings move only as §9 and Figure 5.11-1 have it; no available
 *      address is both servers'.
 *
 * What a lie or a wrong clock excuses, README.md says.
 */
#ifndef FO_TESTS_SIM_CHECK_H
#define FO_TESTS_SIM_CHECK_H

#include "tests/sim/sim.h"

/** World callbacks; |context| is the struct sim. */
void check_batch(void *context, int server, bool leases_changed);
void check_token(void *context, int server, enum fo_effect_kind kind, uint64_t token);
void check_notice(void *context, int server, const char *text, size_t length);
/** After every event, and now and then while time passes. */
void check_all(struct sim *k);
/** Just before a grant is answered. */
void check_grant(struct sim *k, struct sim_pair *p, int side, const struct fo_report *r);
/** Whether |b|, its own record, lets the server give the address of |r|, and let go of a lease:
 *  until when it has to keep an ended one by itself is remembered in |promised|. */
void check_taken(struct sim *k, const struct sim_pair *p, int side, const struct fo_report *r,
                 const struct fo_binding *b);
void check_return(struct sim *k, struct sim_pair *p, int side, const struct fo_report *r,
                  const struct fo_binding *b);
void check_end(struct sim *k, const struct sim_pair *p, int side, uint8_t was,
               const struct fo_binding *b, uint32_t *promised);
/** When |b| may have gone from client |was| to another: what was promised did not go with it.
 *  |h|: what the server heard of it last. */
void check_times(struct sim *k, const struct sim_pair *p, int side, unsigned was,
                 const struct fo_binding *b, const struct sim_heard *h);
/** When |server| has granted |address|: it is on disk that it served until now, at least. */
void check_operational(struct sim *k, int server, fo_ipv4_t address);
/** When |side| answers what it heard of an address: |reason| as in a BNDACK, 0: taken. */
void check_verdict(struct sim *k, const struct sim_pair *p, int side, const struct sim_heard *h,
                   unsigned reason);
/** What each server believes that the other knows. */
void check_known(struct sim *k, struct sim_pair *p);
/** Around a restart of |server|: what it had in memory, and that it has it again. */
void check_remember(struct sim *k, int server);
void check_remembered(struct sim *k, int server);
/** After any start. */
void check_started(struct sim *k, int server);
/** After the last fault: NORMAL, equal, balanced, in time. */
void check_settled(struct sim *k);

/** A moment on the clock of |side| in true milliseconds. */
int64_t check_true_ms(const struct sim *k, const struct sim_pair *p, int side, fo_utc_t t);
/** The pair begins to serve. */
void check_begin(struct sim *k, struct sim_pair *p);
/* check_record.c: what is granted, and whether a server reckons with more than was ever asked for. */
void check_asked(struct sim *k, struct sim_pair *p, int side, const struct fo_report *r);
void check_ahead(struct sim *k, struct sim_pair *p, int side, const struct fo_binding *b,
                 int64_t asked_ms);

#endif
