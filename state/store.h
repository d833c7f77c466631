/**
 * state/store.h: stable storage, as little as the engine needs of it.
 *
 * A store holds records by (table, key); keys sort as bytes. Everything happens inside one
 * transaction at a time, begun and committed by the loop; after a failed commit nothing of the
 * transaction is there. What a record says is state/record.h's business.
 *
 * Implementations: store_lmdb.h (the daemon), store_mem.h (simulator and tests, with faults).
 */
#ifndef FO_STATE_STORE_H
#define FO_STATE_STORE_H

#include "proto/types.h"

/* The numbers lie on disk, in the keys of the quarantine: new tables come last. */
enum fo_table {
    FO_TABLE_META,         /* server identity, format version */
    FO_TABLE_RELATIONSHIP, /* key: name */
    FO_TABLE_ENDPOINT,     /* key: name; the state of the endpoint */
    FO_TABLE_SCOPE,        /* key: subnet address */
    FO_TABLE_BINDING,      /* key: address */
    FO_TABLE_LEASE_NOTE,   /* key: address; name, comment, what management callers attach */
    FO_TABLE_JOURNAL,      /* key: name, 0, sequence number */
    FO_TABLE_PREPARED,     /* key: transaction id; two-server changes in doubt */
    FO_TABLE_QUARANTINE,   /* key: table byte, original key; damaged records set aside */
    FO_TABLE_PREFIX6,      /* key: IPv6 prefix */
    FO_TABLE_ELEMENT6,     /* key: prefix, kind, first and last address */
    FO_TABLE_LEASE6,       /* key: IPv6 address */
    FO_TABLE_CLIENT6,      /* key: IAID, DUID; where its lease is */
    FO_TABLE_BINDING6,     /* key: id of an interface; whether IPv6 is served there */
    FO_TABLE_COUNT
};

#define FO_STORE_KEY_MAX 480

struct fo_store_stats {
    uint64_t commits;
    uint64_t puts;
    uint64_t bytes_used; /* of capacity_bytes */
    uint64_t capacity_bytes;
};

struct fo_store;
/** Called for each record in key order; returning non-zero ends the walk with that value. |key|
 *  and |value| are valid during the call only. The store must not be changed from within. */
typedef int (*fo_store_visit)(void *context, const void *key, size_t key_length, const void *value,
                              size_t value_length);

struct fo_store_ops {
    int (*begin)(struct fo_store *s);
    int (*put)(struct fo_store *s, enum fo_table table, const void *key, size_t key_length,
               const void *value, size_t value_length);
    int (*del)(struct fo_store *s, enum fo_table table, const void *key, size_t key_length);
    int (*commit)(struct fo_store *s); /* durable when it returns FO_OK; ends the transaction
                                          either way */
    void (*abort)(struct fo_store *s);
    /* Sees the open transaction if there is one, else what is committed. */
    int (*get)(struct fo_store *s, enum fo_table table, const void *key, size_t key_length,
               fo_store_visit visit, void *context);
    int (*walk)(struct fo_store *s, enum fo_table table, const void *from_key,
                size_t from_key_length, fo_store_visit visit, void *context);
    void (*stats)(struct fo_store *s, struct fo_store_stats *out);
    void (*free)(struct fo_store *s);
};
struct fo_store {
    const struct fo_store_ops *ops;
};

/* Errors of all: FO_EFULL (disk or map), FO_EIO, FO_ENOMEM, FO_EINVAL (key too long), FO_ESTATE
 * (no transaction). del of an absent key is FO_OK; get of one is FO_ENOTFOUND, else what |visit|
 * returned. */
FO_MUST_CHECK int fo_store_begin(struct fo_store *s);
FO_MUST_CHECK int fo_store_put(struct fo_store *s, enum fo_table table, const void *key,
                               size_t key_length, const void *value, size_t value_length);
FO_MUST_CHECK int fo_store_del(struct fo_store *s, enum fo_table table, const void *key,
                               size_t key_length);
FO_MUST_CHECK int fo_store_commit(struct fo_store *s);
void fo_store_abort(struct fo_store *s);
FO_MUST_CHECK int fo_store_get(struct fo_store *s, enum fo_table table, const void *key,
                               size_t key_length, fo_store_visit visit, void *context);
FO_MUST_CHECK int fo_store_walk(struct fo_store *s, enum fo_table table, const void *from_key,
                                size_t from_key_length, fo_store_visit visit, void *context);
void fo_store_stats(struct fo_store *s, struct fo_store_stats *out);
void fo_store_free(struct fo_store *s); /* accepts NULL */

#endif
