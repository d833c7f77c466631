#include "tests/tools/pcap_writer.h"
#include "tools/capture.h"

/* Three CONTACTs with xids 1, 2, 3: 36 bytes that begin at sequence number 1001. */
static const uint8_t stream[36] = {0, 12, 11, 12, 0, 0, 0, 0,  0,  0,  0, 1, 0, 12, 11, 12, 0, 0,
                                   0, 0,  0,  0,  0, 2, 0, 12, 11, 12, 0, 0, 0, 0,  0,  0,  0, 3};

static struct pcap_writer p;
static struct packet k;

struct heard {
    unsigned count;
    uint8_t xids[32];
    const char *damage;
    int64_t last_us;
};

static void hear(void *context, const struct capture_message *m)
{
    struct heard *h = context;

    if (m->data == NULL) {
        cr_assert_null(h->damage, "said once");
        h->damage = m->damage;
        return;
    }
    cr_assert_eq(m->length, 12);
    cr_assert_lt(h->count, sizeof h->xids);
    h->xids[h->count++] = m->data[11];
    h->last_us = m->time_us;
}

static void segment(uint16_t from, uint32_t sequence, bool syn, const uint8_t *data, size_t length)
{
    packet_begin(&k, "", 0);
    packet_ipv4(&k, 6, 0, 20 + length);
    packet_tcp(&k, from, sequence, syn, data, length);
    pcap_packet(&p, k.data, k.w.position);
}

/* Bytes |first| to |last| (not included) of the stream. */
static void piece(size_t first, size_t last)
{
    segment(4000, 1001 + (uint32_t)first, false, stream + first, last - first);
}

static void begin(void)
{
    pcap_begin(&p, 0xa1b2c3d4u, 101);
    segment(4000, 1000, true, NULL, 0);
}

static struct heard listen(void)
{
    struct heard h = {.count = 0};

    cr_assert_eq(capture_read(p.data, p.w.position, 647, hear, &h), FO_OK);
    return h;
}

static void expect_all(struct heard h)
{
    cr_assert_eq(h.count, 3);
    cr_assert_arr_eq(h.xids, "\1\2\3", 3);
    cr_assert_null(h.damage);
}

Test(capture, messages_that_straddle_segments_are_put_together)
{
    for (size_t cut = 1; cut < 36; cut++) {
        begin();
        piece(0, cut);
        piece(cut, 36);
        expect_all(listen());
    }
}

Test(capture, a_message_has_the_time_of_the_segment_that_completed_it)
{
    begin();
    piece(0, 30);
    piece(30, 36);
    cr_assert_eq(listen().last_us, 102500000);
}

Test(capture, retransmitted_and_overlapping_bytes_count_once)
{
    begin();
    piece(0, 20);
    segment(4000, 1000, true, NULL, 0);
    piece(0, 20);
    piece(10, 30);
    piece(10, 12);
    piece(24, 36);
    piece(0, 36);
    cr_assert_eq(listen().count, 3);
}

Test(capture, segments_that_overtook_others_are_put_in_order)
{
    begin();
    piece(24, 36);
    piece(12, 24);
    piece(24, 36);
    piece(0, 12);
    expect_all(listen());
}

Test(capture, sequence_numbers_wrap)
{
    pcap_begin(&p, 0xa1b2c3d4u, 101);
    segment(4000, 0xfffffff0u, true, NULL, 0);
    segment(4000, 0x00000005u, false, stream + 20, 16);
    segment(4000, 0xfffffff1u, false, stream, 20);
    expect_all(listen());
}

Test(capture, a_capture_may_begin_in_the_middle_of_a_connection)
{
    pcap_begin(&p, 0xa1b2c3d4u, 101);
    piece(0, 36);
    expect_all(listen());
}

Test(capture, a_new_connection_of_the_same_ports_begins_anew)
{
    begin();
    piece(0, 12);
    segment(4000, 77, true, NULL, 0);
    segment(4000, 78, false, stream + 12, 24);
    expect_all(listen());
}

Test(capture, connections_and_other_ports_are_told_apart)
{
    begin();
    segment(4001, 5, false, stream, 6);
    piece(0, 36);
    segment(4001, 11, false, stream + 6, 6);
    cr_assert_eq(listen().count, 4);
}

Test(capture, missing_bytes_are_reported)
{
    struct heard h;

    begin();
    piece(0, 12);
    piece(24, 36);
    h = listen();
    cr_assert_eq(h.count, 1);
    cr_assert_str_eq(h.damage, "bytes are missing from the capture");
}

Test(capture, an_incomplete_last_message_is_reported)
{
    struct heard h;

    begin();
    piece(0, 30);
    h = listen();
    cr_assert_eq(h.count, 2);
    cr_assert_str_eq(h.damage, "the last message is incomplete");
}

Test(capture, a_length_that_no_message_has_ends_the_direction) /* W-04 */
{
    static const uint8_t wrong[14] = {0, 11};
    struct heard h;

    begin();
    piece(0, 12);
    segment(4000, 1013, false, wrong, sizeof wrong);
    segment(4000, 1013 + sizeof wrong, false, stream, 12);
    segment(4001, 5, false, stream, 12);
    h = listen();
    cr_assert_eq(h.count, 2, "the other direction goes on");
    cr_assert_str_eq(h.damage, "header at offset 0: a message length outside 12 to 2048");
}

Test(capture, another_port_has_no_messages)
{
    struct heard h = {.count = 0};

    begin();
    piece(0, 36);
    cr_assert_eq(capture_read(p.data, p.w.position, 648, hear, &h), FO_OK);
    cr_assert_eq(h.count, 0);
    cr_assert_eq(capture_read(p.data, p.w.position, 4000, hear, &h), FO_OK);
    cr_assert_eq(h.count, 3);
}

Test(capture, a_damaged_file_is_an_error_after_what_could_be_read)
{
    struct heard h = {.count = 0};

    begin();
    piece(0, 36);
    piece(0, 36);
    cr_assert_eq(capture_read(p.data, p.w.position - 1, 647, hear, &h), FO_ETRUNCATED);
    cr_assert_eq(h.count, 3);
}

Test(capture, a_raw_stream_is_the_bytes_of_one_direction)
{
    struct heard h = {.count = 0};

    capture_read_raw(stream, sizeof stream, hear, &h);
    expect_all(h);
    h = (struct heard){.count = 0};
    capture_read_raw(stream, 13, hear, &h);
    cr_assert_eq(h.count, 1);
    cr_assert_str_eq(h.damage, "the last message is incomplete");
}
