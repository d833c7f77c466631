/* state/ordered_map.c: a skip list. */
#include "state/ordered_map.h"

#include <stdlib.h>
#include <string.h>

static int compare(const struct fo_map_entry *e, const void *key, size_t key_length)
{
    size_t shorter = e->key_length < key_length ? e->key_length : key_length;
    int c = shorter > 0 ? memcmp(e->key, key, shorter) : 0;

    if (c != 0)
        return c;
    return (e->key_length > key_length) - (e->key_length < key_length);
}

/* Fills |before| with the link of each level that leads to the first entry >= |key|. */
static void find_links(struct fo_ordered_map *m, const void *key, size_t key_length,
                       struct fo_map_entry **before[FO_ORDERED_MAP_LEVELS])
{
    struct fo_map_entry **links = m->head;

    for (int level = FO_ORDERED_MAP_LEVELS - 1; level >= 0; level--) {
        while (links[level] != NULL && compare(links[level], key, key_length) < 0)
            links = links[level]->next;
        before[level] = &links[level];
    }
}

static int toss_levels(struct fo_ordered_map *m)
{
    uint64_t x = ++m->coin * 0x9e3779b97f4a7c15u; /* Weyl sequence, mixed */
    int levels = 1;

    x ^= x >> 31;
    x *= 0xbf58476d1ce4e5b9u;
    x ^= x >> 29;
    for (; levels < FO_ORDERED_MAP_LEVELS && (x & 3) == 0; x >>= 2)
        levels++;
    return levels;
}

static struct fo_map_entry *entry_new(const void *key, size_t key_length, int levels)
{
    size_t head = sizeof(struct fo_map_entry) + (size_t)levels * sizeof(struct fo_map_entry *);
    struct fo_map_entry *e = malloc(head + key_length);

    if (e == NULL)
        return NULL;
    e->key = (uint8_t *)e + head;
    e->key_length = key_length;
    memcpy(e->key, key, key_length);
    return e;
}

static int insert(struct fo_ordered_map *m, struct fo_map_entry **before[FO_ORDERED_MAP_LEVELS],
                  const void *key, size_t key_length, uint8_t *value, size_t value_length)
{
    int levels = toss_levels(m);
    struct fo_map_entry *e = entry_new(key, key_length, levels);

    if (e == NULL)
        return FO_ENOMEM;
    e->value = value;
    e->value_length = value_length;
    for (int level = 0; level < levels; level++) {
        e->next[level] = *before[level];
        *before[level] = e;
    }
    m->count++;
    m->bytes += key_length + value_length;
    return FO_OK;
}

static void unlink_entry(struct fo_ordered_map *m,
                         struct fo_map_entry **before[FO_ORDERED_MAP_LEVELS],
                         struct fo_map_entry *e)
{
    for (int level = 0; level < FO_ORDERED_MAP_LEVELS && *before[level] == e; level++)
        *before[level] = e->next[level];
    m->count--;
    m->bytes -= e->key_length + e->value_length;
    free(e);
}

void fo_ordered_map_fini(struct fo_ordered_map *m)
{
    struct fo_map_entry *next;

    for (struct fo_map_entry *e = m->head[0]; e != NULL; e = next) {
        next = e->next[0];
        free(e->value);
        free(e);
    }
    *m = (struct fo_ordered_map){0};
}

struct fo_map_entry *fo_ordered_map_seek(const struct fo_ordered_map *m, const void *key,
                                         size_t key_length)
{
    struct fo_map_entry *const *links = m->head;

    for (int level = FO_ORDERED_MAP_LEVELS - 1; level > 0; level--)
        while (links[level] != NULL && compare(links[level], key, key_length) < 0)
            links = links[level]->next;
    while (links[0] != NULL && compare(links[0], key, key_length) < 0)
        links = links[0]->next;
    return links[0];
}

struct fo_map_entry *fo_ordered_map_find(const struct fo_ordered_map *m, const void *key,
                                         size_t key_length)
{
    struct fo_map_entry *e = fo_ordered_map_seek(m, key, key_length);

    return e != NULL && compare(e, key, key_length) == 0 ? e : NULL;
}

struct fo_map_entry *fo_ordered_map_next(const struct fo_map_entry *e)
{
    return e->next[0];
}

int fo_ordered_map_exchange(struct fo_ordered_map *m, const void *key, size_t key_length,
                            uint8_t *value, size_t value_length, uint8_t **out_old,
                            size_t *out_old_length)
{
    struct fo_map_entry **before[FO_ORDERED_MAP_LEVELS];
    struct fo_map_entry *e;
    int rc = FO_OK;

    find_links(m, key, key_length, before);
    e = *before[0];
    if (e == NULL || compare(e, key, key_length) != 0) {
        if (value != NULL)
            rc = insert(m, before, key, key_length, value, value_length);
        if (rc == FO_OK) {
            *out_old = NULL;
            *out_old_length = 0;
        }
        return rc;
    }
    *out_old = e->value;
    *out_old_length = e->value_length;
    if (value == NULL) {
        unlink_entry(m, before, e);
        return FO_OK;
    }
    m->bytes += value_length;
    m->bytes -= e->value_length;
    e->value = value;
    e->value_length = value_length;
    return FO_OK;
}
