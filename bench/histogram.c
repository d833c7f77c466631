#include "bench/histogram.h"

/* 32..63 go to buckets 32..63, 64..127 by twos to 64..95, and so on. */
static unsigned bucket_of(uint64_t value)
{
    unsigned shift;
    if (value < HISTOGRAM_PARTS)
        return (unsigned)value;
    shift = 63u - (unsigned)__builtin_clzll(value) - HISTOGRAM_PART_BITS;
    return (shift << HISTOGRAM_PART_BITS) + (unsigned)(value >> shift);
}

static uint64_t bucket_end(unsigned bucket)
{
    unsigned shift = bucket >> HISTOGRAM_PART_BITS;
    uint64_t part = bucket & (HISTOGRAM_PARTS - 1);
    if (shift == 0)
        return bucket;
    shift--;
    return ((part + HISTOGRAM_PARTS + 1) << shift) - 1;
}

void histogram_add(struct histogram *h, uint64_t value)
{
    h->buckets[bucket_of(value)]++;
    h->count++;
    if (value > h->largest)
        h->largest = value;
}

uint64_t histogram_percentile(const struct histogram *h, double percent)
{
    double wanted = (double)h->count * percent / 100.0;
    uint64_t seen = 0;
    for (unsigned i = 0; i < HISTOGRAM_BUCKETS; i++) {
        seen += h->buckets[i];
        if (h->buckets[i] != 0 && (double)seen >= wanted) {
            uint64_t end = bucket_end(i);
            return end < h->largest ? end : h->largest;
        }
    }
    return 0;
}
