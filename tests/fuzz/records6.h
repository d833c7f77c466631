/**
 * tests/fuzz/records6.h: records of the IPv6 tables, sealed by somebody who may have meant harm, and
 * what is done with a store that has them.
 */
#ifndef FO_TESTS_FUZZ_RECORDS6_H
#define FO_TESTS_FUZZ_RECORDS6_H

#include "proto/bytes.h"
#include "state/store.h"
#include "tests/fuzz/fuzz.h"

/** False: |table| is none of IPv6. */
bool fuzz_record6(enum fo_table table, struct fuzz_input *in, struct fo_writer *key,
                  struct fo_writer *value);
/** Restores, walks, finds and changes, and restores again without finding anything new. */
void fuzz_live6(struct fo_store *store, struct fuzz_input *in, uint32_t now);

#endif
