/* state/address_list.c: insertion sort for a few, radix sort for many. */
#include "state/address_list.h"

#include <stdlib.h>
#include <string.h>

#define CAPACITY_FIRST 64u
#define FEW            48u

void fo_address_list_fini(struct fo_address_list *l)
{
    free(l->items);
    *l = (struct fo_address_list){0};
}

int fo_address_list_add(struct fo_address_list *l, fo_ipv4_t address)
{
    if (l->count == l->capacity) {
        size_t capacity = l->capacity > 0 ? l->capacity * 2 : CAPACITY_FIRST;
        fo_ipv4_t *items = realloc(l->items, 2 * capacity * sizeof(*items));
        if (items == NULL)
            return FO_ENOMEM;
        l->items = items;
        l->capacity = capacity;
    }
    l->items[l->count++] = address;
    return FO_OK;
}

static bool in_order(const struct fo_address_list *l)
{
    for (size_t i = 1; i < l->count; i++)
        if (l->items[i - 1] > l->items[i])
            return false;
    return true;
}

static void sort_few(struct fo_address_list *l)
{
    for (size_t i = 1; i < l->count; i++) {
        fo_ipv4_t address = l->items[i];
        size_t at = i;
        for (; at > 0 && l->items[at - 1] > address; at--)
            l->items[at] = l->items[at - 1];
        l->items[at] = address;
    }
}

/* One pass: by the byte at |shift|, keeping the order of equal ones. */
static void sort_by_byte(const fo_ipv4_t *from, fo_ipv4_t *to, size_t count, unsigned shift)
{
    size_t start[257] = {0};

    for (size_t i = 0; i < count; i++)
        start[(from[i] >> shift & 0xff) + 1]++;
    for (size_t byte = 1; byte < 256; byte++)
        start[byte] += start[byte - 1];
    for (size_t i = 0; i < count; i++)
        to[start[from[i] >> shift & 0xff]++] = from[i];
}

void fo_address_list_sort(struct fo_address_list *l)
{
    fo_ipv4_t *spare;

    if (in_order(l))
        return;
    if (l->count <= FEW) {
        sort_few(l);
        return;
    }
    spare = l->items + l->capacity;
    sort_by_byte(l->items, spare, l->count, 0);
    sort_by_byte(spare, l->items, l->count, 8);
    sort_by_byte(l->items, spare, l->count, 16);
    sort_by_byte(spare, l->items, l->count, 24);
}

void fo_address_list_drop(struct fo_address_list *l, fo_ipv4_t first, fo_ipv4_t last)
{
    size_t kept = 0;

    for (size_t i = 0; i < l->count; i++)
        if (l->items[i] < first || l->items[i] > last)
            l->items[kept++] = l->items[i];
    l->count = kept;
}
