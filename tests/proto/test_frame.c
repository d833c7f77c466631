#include "proto/frame.h"
#include "tests/proto/hex.h"

/* Three messages back to back: CONTACT, STATE, CONTACT. */
static const char stream_hex[] = "000c 0b 0c 5f000001 00000001"
                                 "001e 0a 0c 5f000001 00000002 0018 0001 02 0017 0001 00"
                                 "0019 0004 5f000000"
                                 "000c 0b 0c 5f000001 00000003";
static const size_t lengths[] = {12, 30, 12};

/* Feeds |piece| and checks what comes out against the stream, from message |done| on. */
static size_t feed(struct fo_frame_cutter *c, const struct bytes *stream, const uint8_t *piece,
                   size_t length, size_t done)
{
    const uint8_t *message;
    size_t message_length;
    size_t start = 0;
    int rc;

    for (size_t i = 0; i < done; i++)
        start += lengths[i];
    while ((rc = fo_frame_next(c, &piece, &length, &message, &message_length)) == 1) {
        cr_assert_lt(done, 3);
        cr_assert_eq(message_length, lengths[done]);
        cr_assert_arr_eq(message, stream->data + start, message_length);
        start += message_length;
        done++;
    }
    cr_assert_eq(rc, 0);
    cr_assert_eq(length, 0, "everything is taken");
    return done;
}

Test(frame, w06_several_messages_in_one_segment_come_out_one_by_one)
{
    struct bytes stream = hex(stream_hex);
    struct fo_frame_cutter c = {.held = 0};

    cr_assert_eq(feed(&c, &stream, stream.data, stream.length, 0), 3);
}

Test(frame, w06_a_split_at_every_byte_boundary_gives_the_same)
{
    struct bytes stream = hex(stream_hex);

    for (size_t cut = 0; cut <= stream.length; cut++) {
        struct fo_frame_cutter c = {.held = 0};
        size_t done = feed(&c, &stream, stream.data, cut, 0);

        done = feed(&c, &stream, stream.data + cut, stream.length - cut, done);
        cr_assert_eq(done, 3, "cut at %zu", cut);
    }
}

Test(frame, w06_single_bytes_give_the_same)
{
    struct bytes stream = hex(stream_hex);
    struct fo_frame_cutter c = {.held = 0};
    size_t done = 0;

    for (size_t i = 0; i < stream.length; i++)
        done = feed(&c, &stream, stream.data + i, 1, done);
    cr_assert_eq(done, 3);
}

Test(frame, a_whole_message_is_handed_out_where_it_lies)
{
    struct bytes stream = hex(stream_hex);
    struct fo_frame_cutter c = {.held = 0};
    const uint8_t *data = stream.data;
    size_t length = stream.length;
    const uint8_t *message;
    size_t message_length;

    cr_assert_eq(fo_frame_next(&c, &data, &length, &message, &message_length), 1);
    cr_assert_eq(message, stream.data);
    cr_assert_eq(data, stream.data + 12);
    cr_assert_eq(length, stream.length - 12);
}

Test(frame, nothing_in_gives_nothing_out)
{
    struct fo_frame_cutter c = {.held = 0};
    const uint8_t *data = NULL;
    size_t length = 0;
    const uint8_t *message;
    size_t message_length;

    cr_assert_eq(fo_frame_next(&c, &data, &length, &message, &message_length), 0);
}

static int cut_length_field(uint16_t value, bool split)
{
    uint8_t bytes[FO_MESSAGE_MAX + 2] = {(uint8_t)(value >> 8), (uint8_t)value};
    struct fo_frame_cutter c = {.held = 0};
    const uint8_t *data = bytes;
    size_t length = split ? 1 : sizeof bytes;
    const uint8_t *message;
    size_t message_length;
    int rc = fo_frame_next(&c, &data, &length, &message, &message_length);

    if (!split)
        return rc;
    cr_assert_eq(rc, 0);
    length = sizeof bytes - 1;
    return fo_frame_next(&c, &data, &length, &message, &message_length);
}

Test(frame, w04_a_length_outside_12_to_2048_ends_the_stream)
{
    static const uint16_t wrong[] = {0, 1, 2, 11, 2049, 0x7fff, 0xffff};

    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        cr_assert_eq(cut_length_field(wrong[i], false), FO_EMALFORMED, "%u", wrong[i]);
        cr_assert_eq(cut_length_field(wrong[i], true), FO_EMALFORMED, "%u, split", wrong[i]);
    }
    cr_assert_eq(cut_length_field(12, false), 1);
    cr_assert_eq(cut_length_field(2048, false), 1);
    cr_assert_eq(cut_length_field(12, true), 1);
    cr_assert_eq(cut_length_field(2048, true), 1);
}

Test(frame, w04_a_stream_that_ended_stays_ended)
{
    static const uint8_t bytes[] = {0, 2, 0, 0};
    struct fo_frame_cutter c = {.held = 0};
    const uint8_t *message;
    size_t message_length;
    const uint8_t *data = bytes;
    size_t length = 1;

    cr_assert_eq(fo_frame_next(&c, &data, &length, &message, &message_length), 0);
    length = 3;
    for (int i = 0; i < 3; i++)
        cr_assert_eq(fo_frame_next(&c, &data, &length, &message, &message_length), FO_EMALFORMED);
}
