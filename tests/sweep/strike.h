/**
 * tests/sweep/strike.h: one failure at a chosen place: the n-th allocation of the engine, or the
 * n-th call of a store.
 *
 * proto/, state/, fo/ and mgmt/ are compiled once more for this test, with malloc, calloc and
 * realloc under other names: what the test itself and the libraries allocate does not count.
 */
#ifndef FO_TESTS_SWEEP_STRIKE_H
#define FO_TESTS_SWEEP_STRIKE_H

#include "state/store.h"

enum strike_at { STRIKE_MEMORY, STRIKE_STORE };

/** From now on |after| calls go well, and the next one fails; no other. */
void strike_arm(enum strike_at at, unsigned long after);
/** Whether it struck; it will not any more. */
bool strike_disarm(void);
/** Counts the calls of |s|, a store in memory. */
void strike_watch(struct fo_store *s);

#endif
