/**
 * bench/load.h: what people and programs do to a server's management all at once: readers that
 * page without a pause, somebody who walks through everything and looks that nothing is missing,
 * somebody who changes a thousand leases a second, and strangers who misbehave.
 */
#ifndef FO_BENCH_LOAD_H
#define FO_BENCH_LOAD_H

#include "bench/daemon.h"

#define LOAD_READERS_MAX 200

struct load;

/** |readers| clients of |read|, each on its own connection, that ask for page after page; one who
 *  walks over leases 0 to |steady| - 1 again and again and ends the benchmark if one is missing or
 *  comes twice; one who changes |rate| leases a second at |write|: renewals of those, and |extra|
 *  more leases behind them that come and go. */
struct load *load_start(const struct daemon *read, const struct daemon *write, unsigned readers,
                        uint64_t steady, uint64_t extra, unsigned rate);
/** Ends them and writes what they did. */
void load_stop(struct load *l, json_t *out);

/** |count| connections one after the other, kept open as long as the server keeps them; each sends
 *  nothing, half a frame, a frame that is too large, or no request at all. */
struct load *load_strangers(const struct daemon *d, unsigned count);

#endif
