/**
 * state/load_balance.h: which of the two servers answers a new client.
 *
 * Source: RFC 3074 §5, §6; draft-12 §5.3, §9.8.2, §12.10, §12.11. Polarity of the map and the
 * number of hashed bytes are facts of the dialect.
 */
#ifndef FO_STATE_LOAD_BALANCE_H
#define FO_STATE_LOAD_BALANCE_H

#include "proto/dialect.h"
#include "state/binding.h"

#define FO_BUCKETS 256

/** In our own form a set bit always means: the primary serves the bucket. Bucket b is bit b%8 of
 *  byte b/8, least significant first. */
struct fo_buckets {
    uint8_t map[FO_BUCKETS / 8];
};

/** RFC 3074 §6: the bucket of a key. An empty key gives 0. */
uint8_t fo_load_balance_hash(const uint8_t *key, size_t length);
/** The bucket of a client: its client-identifier if it has one, else chaddr without the type. */
uint8_t fo_load_balance_bucket(const struct fo_client *client, const struct fo_dialect *dialect);
/** The first |primary_buckets| (0..256) buckets to the primary, as ISC's "split". */
struct fo_buckets fo_load_balance_split(unsigned primary_buckets);
/** |percent| (0..100) of the buckets, rounded to nearest, to the primary. */
struct fo_buckets fo_load_balance_percent(unsigned percent);
bool fo_load_balance_is_primarys(const struct fo_buckets *b, uint8_t bucket);
unsigned fo_load_balance_count(const struct fo_buckets *b); /* buckets of the primary */
/** To and from option 11 in the dialect's polarity. */
void fo_load_balance_to_wire(const struct fo_buckets *b, const struct fo_dialect *dialect,
                             uint8_t out[FO_BUCKETS / 8]);
struct fo_buckets fo_load_balance_from_wire(const uint8_t wire[FO_BUCKETS / 8],
                                            const struct fo_dialect *dialect);

#endif
