/**
 * state/store_mem.h: a store in memory, with faults, for simulator and tests.
 *
 * "Disk" contents survive fo_store_mem_crash(), an uncommitted transaction does not.
 */
#ifndef FO_STATE_STORE_MEM_H
#define FO_STATE_STORE_MEM_H

#include "state/store.h"

/** A fault strikes after |after| calls, |times| times (-1: for ever), then is gone. */
struct fo_store_fault {
    long after;
    long times;
    int err; /* FO_EFULL, FO_EIO, FO_ENOMEM */
};
struct fo_store_mem_faults {
    struct fo_store_fault begin, put, commit, get;
};

/** Gives a new empty store (fo_store_free), or NULL without memory. */
struct fo_store *fo_store_mem_new(void);
void fo_store_mem_set_faults(struct fo_store *s, const struct fo_store_mem_faults *faults);
/** Drops an open transaction, as a process death would. */
void fo_store_mem_crash(struct fo_store *s);
/** Flips one bit of a stored value. Errors: FO_ENOTFOUND. */
FO_MUST_CHECK int fo_store_mem_damage(struct fo_store *s, enum fo_table table, const void *key,
                                      size_t key_length, size_t bit);
/** Cuts the value that the last commit wrote last to |keep| bytes, as a write torn by a power cut.
 *  Errors: FO_ENOTFOUND (nothing was written yet, or it is shorter), FO_ENOMEM. */
FO_MUST_CHECK int fo_store_mem_tear(struct fo_store *s, size_t keep);
/** Forgets everything (a wiped disk), or becomes a copy of |from| (an older snapshot). */
void fo_store_mem_wipe(struct fo_store *s);
FO_MUST_CHECK int fo_store_mem_copy(struct fo_store *to, const struct fo_store *from);

#endif
