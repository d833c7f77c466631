/* state/quarantine.c: walk until some records are to be moved, move them, walk on behind them. */
#include "state/quarantine.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define BATCH     64u /* records held at a time */
#define STOP      1   /* ends a walk early; no |visit| of ours answers so */
#define WHAT_SIZE 160

struct damaged {
    uint8_t *bytes; /* key, then value */
    size_t key_length, value_length;
    int why;
};

struct sweep {
    struct fo_store *store;
    enum fo_table table;
    fo_store_visit visit;
    void *context;
    fo_quarantine_report report;
    void *report_context;
    struct damaged batch[BATCH];
    size_t count;
    uint8_t last_key[FO_STORE_KEY_MAX]; /* the walk stopped behind it; length 0: not begun */
    size_t last_key_length;
    uint64_t damaged;
};

static void sweep_clear(struct sweep *s)
{
    for (size_t i = 0; i < s->count; i++)
        free(s->batch[i].bytes);
    s->count = 0;
}

static int hold(struct sweep *s, const void *key, size_t key_length, const void *value,
                size_t value_length, int why)
{
    struct damaged *d = &s->batch[s->count];

    d->bytes = malloc(key_length + value_length);
    if (d->bytes == NULL)
        return FO_ENOMEM;
    memcpy(d->bytes, key, key_length);
    if (value_length > 0)
        memcpy(d->bytes + key_length, value, value_length);
    d->key_length = key_length;
    d->value_length = value_length;
    d->why = why;
    memcpy(s->last_key, key, key_length);
    s->last_key_length = key_length;
    return ++s->count < BATCH ? FO_OK : STOP;
}

static int sweep_visit(void *context, const void *key, size_t key_length, const void *value,
                       size_t value_length)
{
    struct sweep *s = context;
    int rc;

    /* The record behind which to go on is there again if it could not be moved. */
    if (key_length == s->last_key_length && memcmp(key, s->last_key, key_length) == 0)
        return FO_OK;
    rc = s->visit(s->context, key, key_length, value, value_length);
    if (rc != FO_EDAMAGED && rc != FO_EVERSION)
        return rc;
    return hold(s, key, key_length, value, value_length, rc);
}

/* In the open transaction. */
static int move_one(struct sweep *s, const struct damaged *d)
{
    uint8_t key[1 + FO_STORE_KEY_MAX];
    size_t length = 1 + d->key_length;
    int rc;

    key[0] = (uint8_t)s->table;
    memcpy(key + 1, d->bytes, d->key_length);
    if (length > FO_STORE_KEY_MAX)
        length = FO_STORE_KEY_MAX;
    rc = fo_store_put(s->store, FO_TABLE_QUARANTINE, key, length, d->bytes + d->key_length,
                      d->value_length);
    if (rc == FO_OK)
        rc = fo_store_del(s->store, s->table, d->bytes, d->key_length);
    return rc;
}

static int move_batch(struct sweep *s)
{
    int rc = fo_store_begin(s->store);

    if (rc != FO_OK)
        return rc;
    for (size_t i = 0; rc == FO_OK && i < s->count; i++)
        rc = move_one(s, &s->batch[i]);
    if (rc == FO_OK)
        return fo_store_commit(s->store);
    fo_store_abort(s->store);
    return rc;
}

static void print_hex(const struct damaged *d, char out[WHAT_SIZE])
{
    size_t position = 0;

    for (size_t i = 0; i < d->key_length && position + 3 < WHAT_SIZE / 2; i++)
        position += (size_t)snprintf(out + position, 3, "%02x", d->bytes[i]);
}

/* Names as text, addresses dotted, what is neither as it is. */
static void print_key(enum fo_table table, const struct damaged *d, char out[WHAT_SIZE])
{
    fo_ipv4_t address = 0;

    if (table == FO_TABLE_RELATIONSHIP || table == FO_TABLE_ENDPOINT) {
        snprintf(out, WHAT_SIZE, "\"%.*s\"", (int)d->key_length, (const char *)d->bytes);
    } else if (d->key_length == sizeof(address)) {
        for (size_t i = 0; i < d->key_length; i++)
            address = address << 8 | d->bytes[i];
        fo_ipv4_text(address, out);
    } else {
        print_hex(d, out);
    }
}

static void report_batch(struct sweep *s, bool moved)
{
    for (size_t i = 0; s->report != NULL && i < s->count; i++) {
        char key[WHAT_SIZE] = "", what[2 * WHAT_SIZE];
        print_key(s->table, &s->batch[i], key);
        snprintf(what, sizeof(what), "record %s: %s; %s", key, fo_strerror(s->batch[i].why),
                 moved ? "set aside" : "left in place, the store is full");
        s->report(s->report_context, s->table, what);
    }
}

static int set_aside(struct sweep *s)
{
    int rc = s->count > 0 ? move_batch(s) : FO_OK;

    if (rc != FO_OK && rc != FO_EFULL)
        return rc;
    s->damaged += s->count;
    report_batch(s, rc == FO_OK);
    sweep_clear(s);
    return FO_OK;
}

int fo_quarantine_walk(struct fo_store *store, enum fo_table table, fo_store_visit visit,
                       void *context, fo_quarantine_report report, void *report_context,
                       uint64_t *out_damaged)
{
    struct sweep s = {.store = store,
                      .table = table,
                      .visit = visit,
                      .context = context,
                      .report = report,
                      .report_context = report_context};
    int walked, rc;

    do {
        walked = fo_store_walk(store, table, s.last_key, s.last_key_length, sweep_visit, &s);
        rc = walked == FO_OK || walked == STOP ? set_aside(&s) : walked;
    } while (rc == FO_OK && walked == STOP);
    sweep_clear(&s);
    if (rc == FO_OK)
        *out_damaged = s.damaged;
    return rc;
}
