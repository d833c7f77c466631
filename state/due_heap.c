/* state/due_heap.c: a heap with four children per entry, which spares half the levels of two. */
#include "state/due_heap.h"

#include <assert.h>
#include <stdlib.h>

#define CHILDREN       4u
#define CAPACITY_FIRST 64u

void fo_due_heap_fini(struct fo_due_heap *h)
{
    free(h->entries);
    *h = (struct fo_due_heap){0};
}

/* Puts |e| at |at| or below it, where the heap's order wants it. */
static void sift_down(struct fo_due_heap *h, size_t at, struct fo_due_entry e)
{
    for (;;) {
        size_t child = at * CHILDREN + 1;
        size_t end = child + CHILDREN < h->count ? child + CHILDREN : h->count;
        size_t least = child;

        if (child >= h->count)
            break;
        for (size_t i = child + 1; i < end; i++)
            if (h->entries[i].due < h->entries[least].due)
                least = i;
        if (h->entries[least].due >= e.due)
            break;
        h->entries[at] = h->entries[least];
        at = least;
    }
    h->entries[at] = e;
}

int fo_due_heap_push(struct fo_due_heap *h, struct fo_due_entry e)
{
    size_t at = h->count;

    if (h->count == h->capacity) {
        size_t capacity = h->capacity > 0 ? h->capacity * 2 : CAPACITY_FIRST;
        struct fo_due_entry *entries = realloc(h->entries, capacity * sizeof(*entries));
        if (entries == NULL)
            return FO_ENOMEM;
        h->entries = entries;
        h->capacity = capacity;
    }
    h->count++;
    while (at > 0 && h->entries[(at - 1) / CHILDREN].due > e.due) {
        h->entries[at] = h->entries[(at - 1) / CHILDREN];
        at = (at - 1) / CHILDREN;
    }
    h->entries[at] = e;
    return FO_OK;
}

const struct fo_due_entry *fo_due_heap_top(const struct fo_due_heap *h)
{
    return h->count > 0 ? &h->entries[0] : NULL;
}

void fo_due_heap_pop(struct fo_due_heap *h)
{
    assert(h->count > 0);
    h->count--;
    if (h->count > 0)
        sift_down(h, 0, h->entries[h->count]);
}

void fo_due_heap_postpone(struct fo_due_heap *h, uint32_t due)
{
    struct fo_due_entry e;

    assert(h->count > 0 && due >= h->entries[0].due);
    e = h->entries[0];
    e.due = due;
    sift_down(h, 0, e);
}

void fo_due_heap_filter(struct fo_due_heap *h,
                        bool (*keep)(void *context, const struct fo_due_entry *e), void *context)
{
    size_t kept = 0;

    for (size_t i = 0; i < h->count; i++)
        if (keep(context, &h->entries[i]))
            h->entries[kept++] = h->entries[i];
    h->count = kept;
    for (size_t at = kept / CHILDREN + 1; at > 0; at--)
        if (at - 1 < kept)
            sift_down(h, at - 1, h->entries[at - 1]);
}
