/* state/store_mem.c: changes go straight into the tables; an undo log takes them back. */
#include "state/store_mem.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "state/ordered_map.h"

#define CAPACITY_BYTES ((uint64_t)64 << 30) /* what stats report; nothing stops at it */

/* What one put or del replaced. The log is as long as the transaction has changes. */
struct undo {
    enum fo_table table;
    uint8_t *key;
    size_t key_length;
    uint8_t *old; /* NULL: there was no record */
    size_t old_length;
};

struct mem {
    struct fo_store base;
    struct fo_ordered_map tables[FO_TABLE_COUNT];
    bool open; /* a transaction is */
    struct undo *log;
    size_t log_length, log_capacity;
    struct fo_store_mem_faults faults;
    uint64_t commits, puts;
    enum fo_table last_table; /* what the last commit wrote last */
    uint8_t last_key[FO_STORE_KEY_MAX];
    size_t last_key_length; /* 0: nothing yet */
};

static struct mem *mem_of(struct fo_store *s)
{
    return (struct mem *)s;
}

/* The error of this call, as |f| tells. */
static int strike(struct fo_store_fault *f)
{
    if (f->times == 0)
        return FO_OK;
    if (f->after > 0) {
        f->after--;
        return FO_OK;
    }
    if (f->times > 0)
        f->times--;
    return f->err;
}

static void log_clear(struct mem *m)
{
    for (size_t i = 0; i < m->log_length; i++) {
        free(m->log[i].key);
        free(m->log[i].old);
    }
    m->log_length = 0;
}

/* Room for one more entry with a copy of |key|; the entry counts once log_length is raised. */
static struct undo *log_reserve(struct mem *m, const void *key, size_t key_length)
{
    struct undo *u;

    if (m->log_length == m->log_capacity) {
        size_t capacity = m->log_capacity > 0 ? m->log_capacity * 2 : 64;
        struct undo *log = realloc(m->log, capacity * sizeof(*log));
        if (log == NULL)
            return NULL;
        m->log = log;
        m->log_capacity = capacity;
    }
    u = &m->log[m->log_length];
    u->key = malloc(key_length);
    if (u->key == NULL)
        return NULL;
    memcpy(u->key, key, key_length);
    u->key_length = key_length;
    return u;
}

static void roll_back(struct mem *m)
{
    for (size_t i = m->log_length; i > 0; i--) {
        struct undo *u = &m->log[i - 1];
        uint8_t *dropped = NULL;
        size_t dropped_length;
        int rc = fo_ordered_map_exchange(&m->tables[u->table], u->key, u->key_length, u->old,
                                         u->old_length, &dropped, &dropped_length);
        if (rc != FO_OK) /* a deleted record could not be made again: worse than death */
            abort();
        u->old = NULL;
        free(dropped);
    }
    log_clear(m);
    m->open = false;
}

static int mem_begin(struct fo_store *s)
{
    struct mem *m = mem_of(s);
    int rc;

    if (m->open)
        return FO_ESTATE;
    rc = strike(&m->faults.begin);
    if (rc == FO_OK)
        m->open = true;
    return rc;
}

/* Sets or, with |value| NULL, removes a record and logs what was there. */
static int change(struct mem *m, enum fo_table table, const void *key, size_t key_length,
                  uint8_t *value, size_t value_length)
{
    struct undo *u = log_reserve(m, key, key_length);
    int rc;

    if (u == NULL)
        return FO_ENOMEM;
    u->table = table;
    rc = fo_ordered_map_exchange(&m->tables[table], key, key_length, value, value_length, &u->old,
                                 &u->old_length);
    if (rc != FO_OK) {
        free(u->key);
        return rc;
    }
    m->log_length++;
    m->puts++;
    return FO_OK;
}

static int mem_put(struct fo_store *s, enum fo_table table, const void *key, size_t key_length,
                   const void *value, size_t value_length)
{
    struct mem *m = mem_of(s);
    uint8_t *copy;
    int rc;

    if (!m->open)
        return FO_ESTATE;
    rc = strike(&m->faults.put);
    if (rc != FO_OK)
        return rc;
    copy = malloc(value_length > 0 ? value_length : 1);
    if (copy == NULL)
        return FO_ENOMEM;
    if (value_length > 0)
        memcpy(copy, value, value_length);
    rc = change(m, table, key, key_length, copy, value_length);
    if (rc != FO_OK)
        free(copy);
    return rc;
}

static int mem_del(struct fo_store *s, enum fo_table table, const void *key, size_t key_length)
{
    struct mem *m = mem_of(s);
    int rc;

    if (!m->open)
        return FO_ESTATE;
    rc = strike(&m->faults.put);
    if (rc != FO_OK)
        return rc;
    if (fo_ordered_map_find(&m->tables[table], key, key_length) == NULL)
        return FO_OK;
    return change(m, table, key, key_length, NULL, 0);
}

static void note_last(struct mem *m)
{
    const struct undo *u = m->log_length > 0 ? &m->log[m->log_length - 1] : NULL;

    if (u == NULL || u->key_length > sizeof m->last_key)
        return;
    m->last_table = u->table;
    memcpy(m->last_key, u->key, u->key_length);
    m->last_key_length = u->key_length;
}

static int mem_commit(struct fo_store *s)
{
    struct mem *m = mem_of(s);
    int rc;

    if (!m->open)
        return FO_ESTATE;
    rc = strike(&m->faults.commit);
    if (rc != FO_OK) {
        roll_back(m);
        return rc;
    }
    note_last(m);
    log_clear(m);
    m->open = false;
    m->commits++;
    return FO_OK;
}

static void mem_abort(struct fo_store *s)
{
    roll_back(mem_of(s));
}

static int mem_get(struct fo_store *s, enum fo_table table, const void *key, size_t key_length,
                   fo_store_visit visit, void *context)
{
    struct mem *m = mem_of(s);
    int rc = strike(&m->faults.get);
    const struct fo_map_entry *e;

    if (rc != FO_OK)
        return rc;
    e = fo_ordered_map_find(&m->tables[table], key, key_length);
    if (e == NULL)
        return FO_ENOTFOUND;
    return visit(context, e->key, e->key_length, e->value, e->value_length);
}

static int mem_walk(struct fo_store *s, enum fo_table table, const void *from_key,
                    size_t from_key_length, fo_store_visit visit, void *context)
{
    struct mem *m = mem_of(s);
    int rc = strike(&m->faults.get);
    const struct fo_map_entry *e;

    if (rc != FO_OK)
        return rc;
    e = fo_ordered_map_seek(&m->tables[table], from_key, from_key_length);
    for (; rc == FO_OK && e != NULL; e = fo_ordered_map_next(e))
        rc = visit(context, e->key, e->key_length, e->value, e->value_length);
    return rc;
}

static void mem_stats(struct fo_store *s, struct fo_store_stats *out)
{
    struct mem *m = mem_of(s);

    *out = (struct fo_store_stats){
        .commits = m->commits, .puts = m->puts, .capacity_bytes = CAPACITY_BYTES};
    for (int t = 0; t < FO_TABLE_COUNT; t++)
        out->bytes_used += m->tables[t].bytes;
}

static void mem_free(struct fo_store *s)
{
    struct mem *m = mem_of(s);

    fo_store_mem_wipe(s);
    free(m->log);
    free(m);
}

static const struct fo_store_ops mem_ops = {
    .begin = mem_begin,
    .put = mem_put,
    .del = mem_del,
    .commit = mem_commit,
    .abort = mem_abort,
    .get = mem_get,
    .walk = mem_walk,
    .stats = mem_stats,
    .free = mem_free,
};

struct fo_store *fo_store_mem_new(void)
{
    struct mem *m = calloc(1, sizeof(*m));

    if (m == NULL)
        return NULL;
    m->base.ops = &mem_ops;
    return &m->base;
}

void fo_store_mem_set_faults(struct fo_store *s, const struct fo_store_mem_faults *faults)
{
    mem_of(s)->faults = *faults;
}

void fo_store_mem_crash(struct fo_store *s)
{
    roll_back(mem_of(s));
}

int fo_store_mem_damage(struct fo_store *s, enum fo_table table, const void *key, size_t key_length,
                        size_t bit)
{
    struct fo_map_entry *e = fo_ordered_map_find(&mem_of(s)->tables[table], key, key_length);

    if (e == NULL || bit / 8 >= e->value_length)
        return FO_ENOTFOUND;
    e->value[bit / 8] ^= (uint8_t)(1u << (bit % 8));
    return FO_OK;
}

int fo_store_mem_tear(struct fo_store *s, size_t keep)
{
    struct mem *m = mem_of(s);
    struct fo_ordered_map *table = &m->tables[m->last_table];
    struct fo_map_entry *e = fo_ordered_map_find(table, m->last_key, m->last_key_length);
    uint8_t *torn, *whole;
    size_t whole_length;
    int rc;

    if (m->last_key_length == 0 || e == NULL || keep >= e->value_length)
        return FO_ENOTFOUND;
    torn = malloc(keep > 0 ? keep : 1);
    if (torn == NULL)
        return FO_ENOMEM;
    memcpy(torn, e->value, keep);
    rc = fo_ordered_map_exchange(table, m->last_key, m->last_key_length, torn, keep, &whole,
                                 &whole_length);
    free(rc == FO_OK ? whole : torn);
    return rc;
}

void fo_store_mem_wipe(struct fo_store *s)
{
    struct mem *m = mem_of(s);

    log_clear(m);
    m->open = false;
    m->last_key_length = 0;
    for (int t = 0; t < FO_TABLE_COUNT; t++)
        fo_ordered_map_fini(&m->tables[t]);
}

static int copy_table(struct fo_ordered_map *to, const struct fo_ordered_map *from)
{
    for (const struct fo_map_entry *e = from->head[0]; e != NULL; e = fo_ordered_map_next(e)) {
        uint8_t *value = malloc(e->value_length > 0 ? e->value_length : 1);
        uint8_t *old;
        size_t old_length;
        int rc;

        if (value == NULL)
            return FO_ENOMEM;
        memcpy(value, e->value, e->value_length);
        rc = fo_ordered_map_exchange(to, e->key, e->key_length, value, e->value_length, &old,
                                     &old_length);
        if (rc != FO_OK) {
            free(value);
            return rc;
        }
    }
    return FO_OK;
}

int fo_store_mem_copy(struct fo_store *to, const struct fo_store *from)
{
    const struct mem *source = (const struct mem *)from;
    struct mem *m = mem_of(to);
    int rc = FO_OK;

    assert(!source->open);
    fo_store_mem_wipe(to);
    for (int t = 0; rc == FO_OK && t < FO_TABLE_COUNT; t++)
        rc = copy_table(&m->tables[t], &source->tables[t]);
    if (rc != FO_OK)
        fo_store_mem_wipe(to);
    return rc;
}
