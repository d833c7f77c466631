/**
 * state/client_index.h: which addresses a client holds or last held.
 *
 * Linear hashing with chains that run through the slots: the table grows by one bucket per
 * address, so no single call ever rehashes the whole. A client is hashed by its identifier, or by
 * its hardware address if it has none (draft-12 §7.1.1); all its addresses lie in one bucket.
 *
 * Memory: 4 bytes per bucket, at most twice as many as addresses with a client, plus the links in
 * the slots.
 */
#ifndef FO_STATE_CLIENT_INDEX_H
#define FO_STATE_CLIENT_INDEX_H

#include "state/lease_page.h"

struct fo_client_index {
    fo_lease_ref *buckets;
    uint32_t bucket_count, capacity;
    uint32_t mask;  /* the smallest 2^n - 1 that no bucket number exceeds */
    uint32_t count; /* addresses in the index */
    uint64_t seed;  /* clients choose their identifiers: theirs should not choose the bucket */
};

void fo_client_index_fini(struct fo_client_index *x); /* {0} is an empty index */
/** Makes sure that the next fo_client_index_add has room. Errors: FO_ENOMEM. */
FO_MUST_CHECK int fo_client_index_reserve(struct fo_client_index *x);
/** Adds or removes the address at |ref| under the client of its slot, if it has one. */
void fo_client_index_add(struct fo_client_index *x, const struct fo_page_table *t,
                         fo_lease_ref ref);
void fo_client_index_remove(struct fo_client_index *x, const struct fo_page_table *t,
                            fo_lease_ref ref);
/** Fills an empty index with every address of |t| that has a client; |count| is about how many
 * those are. Cheaper than adding them one by one. Errors: FO_ENOMEM (still empty). */
FO_MUST_CHECK int fo_client_index_build(struct fo_client_index *x, const struct fo_page_table *t,
                                        uint32_t count);
/** The head of the chain that holds the addresses of |client|, among others; follow |next|. */
fo_lease_ref fo_client_index_chain(const struct fo_client_index *x, const struct fo_client *client);

#endif
