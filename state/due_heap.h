/**
 * state/due_heap.h: a heap of times.
 *
 * Four children per entry. Entries are never moved within: whoever changes a time pushes another
 * entry and drops the older one when it comes up (state/lease_due.c does, and bounds the rest).
 *
 * Memory: 8 bytes per entry, at most twice that by doubling.
 */
#ifndef FO_STATE_DUE_HEAP_H
#define FO_STATE_DUE_HEAP_H

#include "proto/types.h"

struct fo_due_entry {
    uint32_t due;
    uint32_t ref;
};
struct fo_due_heap {
    struct fo_due_entry *entries;
    size_t count, capacity;
};

void fo_due_heap_fini(struct fo_due_heap *h); /* {0} is an empty heap */
/** Errors: FO_ENOMEM. */
FO_MUST_CHECK int fo_due_heap_push(struct fo_due_heap *h, struct fo_due_entry e);
/** The earliest entry, or NULL. Borrowed until the next change. */
const struct fo_due_entry *fo_due_heap_top(const struct fo_due_heap *h);
void fo_due_heap_pop(struct fo_due_heap *h);
/** Gives the earliest entry another time, not earlier than it had. */
void fo_due_heap_postpone(struct fo_due_heap *h, uint32_t due);
/** Drops the entries for which |keep| is false; linear. */
void fo_due_heap_filter(struct fo_due_heap *h,
                        bool (*keep)(void *context, const struct fo_due_entry *e), void *context);

#endif
