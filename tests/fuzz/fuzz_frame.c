/* The frame cutter: however a stream arrives in pieces, the same messages come out. */
#include <string.h>

#include "proto/frame.h"
#include "tests/fuzz/fuzz.h"

struct cut {
    size_t taken; /* bytes of the stream that messages were made of */
    int rc;       /* how the last call ended: 0 or an error */
};

static void feed(struct fo_frame_cutter *c, const uint8_t *stream, const uint8_t *piece,
                 size_t length, struct cut *out)
{
    const uint8_t *message;
    size_t size;
    for (;;) {
        out->rc = fo_frame_next(c, &piece, &length, &message, &size);
        if (out->rc != 1)
            break;
        FUZZ_CHECK(size >= FO_MESSAGE_MIN && size <= FO_MESSAGE_MAX);
        FUZZ_CHECK(memcmp(message, stream + out->taken, size) == 0);
        FUZZ_CHECK(size == (size_t)(message[0] << 8 | message[1]));
        out->taken += size;
    }
    FUZZ_CHECK(out->rc == FO_EMALFORMED || (out->rc == 0 && length == 0));
    FUZZ_CHECK(c->held < FO_MESSAGE_MAX);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct fo_frame_cutter whole = {0}, pieces = {0};
    struct cut one = {0}, many = {0};
    struct fuzz_input in = {data, size};
    uint32_t random = fuzz_u16(&in);
    const uint8_t *stream = in.data;
    size_t length = in.left;
    feed(&whole, stream, stream, length, &one);
    for (size_t at = 0; at < length && many.rc == 0;) {
        size_t piece;
        random = random * 1664525u + 1013904223u;
        piece = 1 + (random >> 24) % ((random & 0x10000u) != 0 ? 200 : 7);
        if (piece > length - at)
            piece = length - at;
        feed(&pieces, stream, stream + at, piece, &many);
        at += piece;
    }
    FUZZ_CHECK(one.rc == many.rc && one.taken == many.taken);
    FUZZ_CHECK(one.rc != 0 || whole.held == pieces.held);
    return 0;
}
