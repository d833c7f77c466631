/**
 * bench/histogram.h: how often something took how long, in little memory and without allocation.
 *
 * Log-linear buckets: each power of two is cut into 32 equal parts, so a percentile is at most
 * 1/32 (3 %) above the true value. Values below 32 are exact.
 */
#ifndef FO_BENCH_HISTOGRAM_H
#define FO_BENCH_HISTOGRAM_H

#include <stdint.h>

#define HISTOGRAM_PART_BITS 5
#define HISTOGRAM_PARTS     (1u << HISTOGRAM_PART_BITS)
#define HISTOGRAM_BUCKETS   ((64u - HISTOGRAM_PART_BITS + 1u) * HISTOGRAM_PARTS)

struct histogram { /* {0} is empty */
    uint64_t count;
    uint64_t largest;
    uint64_t buckets[HISTOGRAM_BUCKETS];
};

void histogram_add(struct histogram *h, uint64_t value);
/** The smallest value that at least |percent| of what was added does not exceed, rounded up to its
 *  bucket's end; 0 if nothing was added. */
uint64_t histogram_percentile(const struct histogram *h, double percent);

#endif
