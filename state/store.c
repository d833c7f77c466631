/* state/store.c: hands each call to the implementation, after checking what all of them share. */
#include "state/store.h"

static bool key_fits(size_t key_length)
{
    return key_length > 0 && key_length <= FO_STORE_KEY_MAX;
}

int fo_store_begin(struct fo_store *s)
{
    return s->ops->begin(s);
}

int fo_store_put(struct fo_store *s, enum fo_table table, const void *key, size_t key_length,
                 const void *value, size_t value_length)
{
    if (!key_fits(key_length))
        return FO_EINVAL;
    return s->ops->put(s, table, key, key_length, value, value_length);
}

int fo_store_del(struct fo_store *s, enum fo_table table, const void *key, size_t key_length)
{
    if (!key_fits(key_length))
        return FO_EINVAL;
    return s->ops->del(s, table, key, key_length);
}

int fo_store_commit(struct fo_store *s)
{
    return s->ops->commit(s);
}

void fo_store_abort(struct fo_store *s)
{
    s->ops->abort(s);
}

int fo_store_get(struct fo_store *s, enum fo_table table, const void *key, size_t key_length,
                 fo_store_visit visit, void *context)
{
    if (!key_fits(key_length))
        return FO_EINVAL;
    return s->ops->get(s, table, key, key_length, visit, context);
}

int fo_store_walk(struct fo_store *s, enum fo_table table, const void *from_key,
                  size_t from_key_length, fo_store_visit visit, void *context)
{
    /* An empty |from_key| is the beginning of the table. */
    if (from_key_length > 0 && !key_fits(from_key_length))
        return FO_EINVAL;
    return s->ops->walk(s, table, from_key, from_key_length, visit, context);
}

void fo_store_stats(struct fo_store *s, struct fo_store_stats *out)
{
    s->ops->stats(s, out);
}

void fo_store_free(struct fo_store *s)
{
    if (s != NULL)
        s->ops->free(s);
}
