#include <criterion/criterion.h>

#include "proto/bytes.h"

Test(bytes, numbers_are_read_most_significant_byte_first)
{
    static const uint8_t data[] = {0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x07, 0x08,
                                   0x09, 0x0a, 0x0b, 0x0c, 0x0d, 0x0e, 0x0f};
    struct fo_reader r = fo_reader_of(data, sizeof data);
    uint8_t u8;
    uint16_t u16;
    uint32_t u32;
    uint64_t u64;

    fo_read_u8(&r, &u8);
    fo_read_u16(&r, &u16);
    fo_read_u32(&r, &u32);
    fo_read_u64(&r, &u64);
    cr_assert_eq(u8, 0x01);
    cr_assert_eq(u16, 0x0203);
    cr_assert_eq(u32, 0x04050607u);
    cr_assert_eq(u64, 0x08090a0b0c0d0e0fu);
    cr_assert_eq(r.err, FO_OK);
    cr_assert_eq(fo_reader_left(&r), 0);
}

Test(bytes, a_reader_remembers_its_first_error_and_then_reads_zeros)
{
    static const uint8_t data[] = {0xaa, 0xbb, 0xcc};
    struct fo_reader r = fo_reader_of(data, sizeof data);
    const uint8_t *span = data;
    uint16_t u16;
    uint32_t u32 = 9;
    uint8_t u8 = 9;

    fo_read_u16(&r, &u16);
    fo_read_u32(&r, &u32);
    cr_assert_eq(r.err, FO_ETRUNCATED);
    cr_assert_eq(r.fault_offset, 2);
    cr_assert_eq(u32, 0);
    fo_read_u8(&r, &u8); /* a byte is there, but what it means is not known any more */
    cr_assert_eq(u8, 0);
    fo_read_span(&r, 1, &span);
    cr_assert_null(span);
    fo_reader_fail(&r, FO_EMALFORMED);
    cr_assert_eq(r.err, FO_ETRUNCATED);
    cr_assert_eq(fo_reader_left(&r), 0);
}

Test(bytes, a_span_borrows_the_input_and_cannot_pass_its_end)
{
    static const uint8_t data[] = {1, 2, 3};
    struct fo_reader r = fo_reader_of(data, sizeof data);
    const uint8_t *span;

    fo_read_span(&r, 2, &span);
    cr_assert_eq(span, data);
    fo_read_span(&r, 0, &span);
    cr_assert_eq(span, data + 2);
    fo_read_span(&r, SIZE_MAX, &span);
    cr_assert_null(span);
    cr_assert_eq(r.err, FO_ETRUNCATED);
}

Test(bytes, numbers_are_written_most_significant_byte_first)
{
    static const uint8_t expected[] = {0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x07, 0x08,
                                       0x09, 0x0a, 0x0b, 0x0c, 0x0d, 0x0e, 0x0f, 0x61};
    uint8_t data[16];
    struct fo_writer w = fo_writer_of(data, sizeof data);

    fo_write_u8(&w, 0x01);
    fo_write_u16(&w, 0x0203);
    fo_write_u32(&w, 0x04050607u);
    fo_write_u64(&w, 0x08090a0b0c0d0e0fu);
    fo_write_bytes(&w, "a", 1);
    cr_assert_eq(w.err, FO_OK);
    cr_assert_eq(w.position, 16);
    cr_assert_arr_eq(data, expected, 16);
}

Test(bytes, a_writer_without_room_writes_nothing_more)
{
    uint8_t data[4] = {0, 0, 0, 0xee};
    struct fo_writer w = fo_writer_of(data, 3);

    fo_write_u16(&w, 0x0102);
    fo_write_u16(&w, 0x0304);
    cr_assert_eq(w.err, FO_ENOSPACE);
    fo_write_u8(&w, 0x05); /* would fit, but the bytes before it are missing */
    cr_assert_eq(w.position, 2);
    cr_assert_eq(data[2], 0);
    cr_assert_eq(data[3], 0xee);
}
