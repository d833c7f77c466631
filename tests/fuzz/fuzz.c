#include "tests/fuzz/fuzz.h"

#include <stdio.h>
#include <stdlib.h>

#include "proto/types.h"

void fuzz_broken(const char *file, int line, const char *promise)
{
    fprintf(stderr, "%s:%d: broken: %s\n", file, line, promise);
    abort();
}

bool fuzz_is_loud(void)
{
    static int loud = -1;
    if (loud < 0)
        loud = getenv("FUZZ_LOG") != NULL;
    return loud != 0;
}

bool fuzz_more(const struct fuzz_input *in)
{
    return in->left != 0;
}

uint8_t fuzz_u8(struct fuzz_input *in)
{
    if (in->left == 0)
        return 0;
    in->left--;
    return *in->data++;
}

uint16_t fuzz_u16(struct fuzz_input *in)
{
    uint8_t high = fuzz_u8(in);
    return (uint16_t)(high << 8 | fuzz_u8(in));
}

uint32_t fuzz_u32(struct fuzz_input *in)
{
    uint32_t high = fuzz_u16(in);
    return high << 16 | fuzz_u16(in);
}

unsigned fuzz_pick(struct fuzz_input *in, unsigned count)
{
    return fuzz_u8(in) % count;
}

const uint8_t *fuzz_bytes(struct fuzz_input *in, size_t most, size_t *out_length)
{
    const uint8_t *bytes;
    size_t length = most < 256 ? fuzz_u8(in) : fuzz_u16(in);
    if (length > most)
        length = most;
    if (length > in->left)
        length = in->left;
    bytes = in->data;
    in->data += length;
    in->left -= length;
    *out_length = length;
    return bytes;
}

uint32_t fuzz_time(struct fuzz_input *in, uint32_t now)
{
    uint8_t how = fuzz_u8(in);
    switch (how >> 5) {
    case 0:
        return FO_UTC_NONE;
    case 1:
        return FO_UTC_INFINITE;
    case 2:
        return FO_UTC_ALL_ONES;
    case 3:
        return fuzz_u32(in);
    case 4:
        return now - (how & 31u);
    case 5:
        return now - (how & 31u) * 977u;
    case 6:
        return now + (how & 31u);
    default:
        return now + (how & 31u) * 977u;
    }
}
