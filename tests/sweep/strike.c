#include "tests/sweep/strike.h"

#include <stdlib.h>

static struct {
    bool armed, struck;
    enum strike_at at;
    unsigned long left;
} now;

void strike_arm(enum strike_at at, unsigned long after)
{
    now.armed = true;
    now.struck = false;
    now.at = at;
    now.left = after;
}

bool strike_disarm(void)
{
    now.armed = false;
    return now.struck;
}

bool strike_fails(enum strike_at at)
{
    if (!now.armed || now.struck || now.at != at)
        return false;
    now.struck = now.left == 0;
    now.left -= now.struck ? 0 : 1;
    return now.struck;
}

/* --- memory: what the engine's malloc and its kin are called here ------------------------------
 */

void *strike_malloc(size_t size)
{
    return strike_fails(STRIKE_MEMORY) ? NULL : malloc(size);
}

void *strike_calloc(size_t count, size_t size)
{
    return strike_fails(STRIKE_MEMORY) ? NULL : calloc(count, size);
}

void *strike_realloc(void *block, size_t size)
{
    return strike_fails(STRIKE_MEMORY) ? NULL : realloc(block, size);
}

/* --- the store ----------------------------------------------------------------------------------
 */

static const struct fo_store_ops *real;

static int begin(struct fo_store *s)
{
    return strike_fails(STRIKE_STORE) ? FO_EIO : real->begin(s);
}

static int put(struct fo_store *s, enum fo_table table, const void *key, size_t key_length,
               const void *value, size_t value_length)
{
    return strike_fails(STRIKE_STORE) ? FO_EFULL
                                      : real->put(s, table, key, key_length, value, value_length);
}

static int del(struct fo_store *s, enum fo_table table, const void *key, size_t key_length)
{
    return strike_fails(STRIKE_STORE) ? FO_EFULL : real->del(s, table, key, key_length);
}

static int commit(struct fo_store *s)
{
    if (!strike_fails(STRIKE_STORE))
        return real->commit(s);
    real->abort(s); /* a commit that fails ends the transaction, too */
    return FO_EIO;
}

static void give_up(struct fo_store *s)
{
    real->abort(s);
}

static int get(struct fo_store *s, enum fo_table table, const void *key, size_t key_length,
               fo_store_visit visit, void *context)
{
    return strike_fails(STRIKE_STORE) ? FO_EIO
                                      : real->get(s, table, key, key_length, visit, context);
}

static int walk(struct fo_store *s, enum fo_table table, const void *from_key,
                size_t from_key_length, fo_store_visit visit, void *context)
{
    return strike_fails(STRIKE_STORE)
               ? FO_EIO
               : real->walk(s, table, from_key, from_key_length, visit, context);
}

static void stats(struct fo_store *s, struct fo_store_stats *out)
{
    real->stats(s, out);
}

static void release(struct fo_store *s)
{
    real->free(s);
}

void strike_watch(struct fo_store *s)
{
    static const struct fo_store_ops ops = {begin, put,  del,   commit, give_up,
                                            get,   walk, stats, release};
    if (s->ops != &ops)
        real = s->ops;
    s->ops = &ops;
}
