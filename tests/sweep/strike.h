/**
 * tests/sweep/strike.h: one failure at a chosen place: the n-th allocation of the engine, or the
 * n-th call of a store.
 *
 * proto/, state/, fo/ and mgmt/ are compiled once more for this test, and fo/run for its own, with
 * malloc, calloc and realloc under other names: what the test itself allocates does not count.
 */
#ifndef FO_TESTS_SWEEP_STRIKE_H
#define FO_TESTS_SWEEP_STRIKE_H

#include "state/store.h"

enum strike_at { STRIKE_MEMORY, STRIKE_STORE, STRIKE_TLS, STRIKE_PLACES };

/** From now on |after| calls go well, and the next one fails; no other. */
void strike_arm(enum strike_at at, unsigned long after);
/** Whether it struck; it will not any more. */
bool strike_disarm(void);
/** libevent's allocations count as STRIKE_MEMORY, OpenSSL's as STRIKE_TLS; before either is used. */
void strike_libraries(void);
/** Whether this call, one at |at|, is the one to fail. */
bool strike_fails(enum strike_at at);
void *strike_malloc(size_t size);
void *strike_calloc(size_t count, size_t size);
void *strike_realloc(void *block, size_t size);
/** Counts the calls of |s|, a store in memory. */
void strike_watch(struct fo_store *s);

#endif
