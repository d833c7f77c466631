/**
 * tests/sim/pipe.h: what is on its way in one direction of a connection.
 *
 * Bytes in the order they were said, and the waves they travel in: how many arrive when.
 * Used by net.c; zeroed is empty, and |bytes| are for free().
 */
#ifndef FO_TESTS_SIM_PIPE_H
#define FO_TESTS_SIM_PIPE_H

#include <stddef.h>
#include <stdint.h>

#define WORLD_WAVES 64 /* more arrive together */
struct world_wave {    /* what was said at one moment */
    size_t length;
    int64_t ready_ms; /* when it arrives */
};
struct world_pipe { /* one direction of one connection */
    uint8_t *bytes;
    size_t used, room;
    struct world_wave waves[WORLD_WAVES];
    unsigned wave_count;
};

/** The later of two moments. */
int64_t pipe_later(int64_t a, int64_t b);

/** Something more is said, which arrives at |ready_ms|, or with what was said before. Copies. */
void pipe_put(struct world_pipe *p, const uint8_t *data, size_t length, int64_t ready_ms);
/** Takes what has arrived off the waves; how much it is. Its bytes are still to be taken. */
size_t pipe_arrived(struct world_pipe *p, int64_t now_ms);
/** Takes all bytes out, gives them, and keeps a copy of those behind the first |length|. */
uint8_t *pipe_take(struct world_pipe *p, size_t length);
/** |length| bytes of an arrival come at |ready_ms| instead, before all else. */
void pipe_delay(struct world_pipe *p, size_t length, int64_t ready_ms);

#endif
