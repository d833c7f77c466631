#include "mgmt/dhcpsapi/gathered.h"

#include <stdlib.h>

#define BYTES_LEAST 1024u
#define BYTES_MOST  65536u

bool fo_gathered_fits(struct fo_gathered *g, size_t size)
{
    if (g->most_bytes != FO_GATHER_ALL && g->count != 0 && g->bytes + size > g->most_bytes) {
        g->full = true;
        return false;
    }
    g->bytes += size;
    return true;
}

bool fo_gathered_add(struct fo_gathered *g, void *item)
{
    if (item == NULL)
        return false;
    if (g->count == g->capacity) {
        size_t capacity = g->capacity != 0 ? 2 * g->capacity : 64;
        void **list = realloc(g->list, capacity * sizeof(void *));
        if (list == NULL)
            return false;
        g->list = list;
        g->capacity = capacity;
    }
    g->list[g->count++] = item;
    return true;
}

void fo_gathered_fini(struct fo_gathered *g)
{
    free(g->list);
}

size_t fo_gathered_clamp(uint32_t bytes)
{
    if (bytes == FO_GATHER_ALL)
        return bytes;
    return bytes < BYTES_LEAST ? BYTES_LEAST : bytes > BYTES_MOST ? BYTES_MOST : bytes;
}
