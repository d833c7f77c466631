#include "tests/sim/pipe.h"

#include <stdlib.h>
#include <string.h>

int64_t pipe_later(int64_t a, int64_t b)
{
    return a > b ? a : b;
}

/* Nothing overtakes what was said before. */
static void add_wave(struct world_pipe *p, size_t length, int64_t ready_ms)
{
    struct world_wave *last = p->wave_count != 0 ? &p->waves[p->wave_count - 1] : NULL;
    if (last != NULL)
        ready_ms = pipe_later(ready_ms, last->ready_ms);
    if (last != NULL && (last->ready_ms == ready_ms || p->wave_count == WORLD_WAVES)) {
        last->length += length;
        last->ready_ms = ready_ms;
        return;
    }
    p->waves[p->wave_count++] = (struct world_wave){length, ready_ms};
}

void pipe_put(struct world_pipe *p, const uint8_t *data, size_t length, int64_t ready_ms)
{
    if (p->used + length > p->room) {
        p->room = (p->used + length) * 2;
        p->bytes = realloc(p->bytes, p->room);
        if (p->bytes == NULL)
            abort();
    }
    memcpy(p->bytes + p->used, data, length);
    p->used += length;
    add_wave(p, length, ready_ms);
}

size_t pipe_arrived(struct world_pipe *p, int64_t now_ms)
{
    size_t length = 0;
    unsigned n = 0;
    while (n < p->wave_count && p->waves[n].ready_ms <= now_ms)
        length += p->waves[n++].length;
    p->wave_count -= n;
    memmove(p->waves, p->waves + n, p->wave_count * sizeof *p->waves);
    return length;
}

uint8_t *pipe_take(struct world_pipe *p, size_t length)
{
    uint8_t *bytes = p->bytes;
    size_t left = p->used - length;
    p->bytes = NULL;
    p->used = p->room = left;
    if (left != 0) {
        p->bytes = malloc(left);
        if (p->bytes == NULL)
            abort();
        memcpy(p->bytes, bytes + length, left);
    }
    return bytes;
}

void pipe_delay(struct world_pipe *p, size_t length, int64_t ready_ms)
{
    if (p->wave_count == WORLD_WAVES)
        p->waves[WORLD_WAVES - 2].length += p->waves[--p->wave_count].length;
    memmove(p->waves + 1, p->waves, p->wave_count * sizeof *p->waves);
    p->waves[0] = (struct world_wave){length, ready_ms};
    p->wave_count++;
    for (unsigned i = 1; i < p->wave_count; i++)
        p->waves[i].ready_ms = pipe_later(p->waves[i].ready_ms, ready_ms);
}
