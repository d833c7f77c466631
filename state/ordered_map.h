/**
 * state/ordered_map.h: bytes to bytes, in key order; the tables of store_mem.
 *
 * A skip list: every call costs a logarithm of the number of entries. Its coin is a counter of
 * its own, so that two runs with the same calls build the same list.
 */
#ifndef FO_STATE_ORDERED_MAP_H
#define FO_STATE_ORDERED_MAP_H

#include "proto/types.h"

#define FO_ORDERED_MAP_LEVELS 20 /* a quarter rises per level: enough for 4^20 entries */

struct fo_map_entry {
    uint8_t *value; /* malloc'd; owned by the map */
    size_t value_length;
    uint8_t *key; /* lies behind |next| */
    size_t key_length;
    struct fo_map_entry *next[];
};

struct fo_ordered_map {
    struct fo_map_entry *head[FO_ORDERED_MAP_LEVELS];
    uint64_t coin;
    uint64_t count;
    uint64_t bytes; /* of keys and values */
};

void fo_ordered_map_fini(struct fo_ordered_map *m); /* {0} is an empty map */

/** The first entry whose key is not smaller than |key| (length 0: the first of all), or NULL. */
struct fo_map_entry *fo_ordered_map_seek(const struct fo_ordered_map *m, const void *key,
                                         size_t key_length);
/** The entry of exactly |key|, or NULL. */
struct fo_map_entry *fo_ordered_map_find(const struct fo_ordered_map *m, const void *key,
                                         size_t key_length);
struct fo_map_entry *fo_ordered_map_next(const struct fo_map_entry *e);

/**
 * fo_ordered_map_exchange sets the value of |key| and hands the former one back.
 *
 * Ownership: takes |value| (malloc'd; NULL removes the entry); gives |*out_old| (free; NULL: there
 *            was none).
 * Errors:    FO_ENOMEM: nothing changed, |value| stays the caller's. Removing, and replacing the
 *            value of a present key, cannot fail.
 */
FO_MUST_CHECK int fo_ordered_map_exchange(struct fo_ordered_map *m, const void *key,
                                          size_t key_length, uint8_t *value, size_t value_length,
                                          uint8_t **out_old, size_t *out_old_length);

#endif
