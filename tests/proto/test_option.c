#include "proto/option.h"
#include "tests/proto/hex.h"

/* §12.1 to §12.29, typed from the draft: the shortest and longest value of each option. */
static const struct {
    unsigned code;
    unsigned shortest;
    unsigned longest;
} lengths[] = {
    {1, 4, 4},    {2, 4, 4},    {3, 1, 1},    {4, 1, 2032},  {5, 1, 21},    {6, 4, 4},
    {7, 4, 2032}, {8, 4, 2032}, {9, 2, 2032}, {10, 1, 1},    {11, 32, 32},  {12, 1, 2},
    {13, 4, 4},   {14, 4, 4},   {15, 4, 4},   {16, 0, 2032}, {17, 1, 2032}, {18, 4, 4},
    {19, 4, 4},   {20, 1, 1},   {21, 1, 1},   {22, 0, 2032}, {23, 1, 1},    {24, 1, 1},
    {25, 4, 4},   {26, 1, 1},   {27, 1, 1},   {28, 0, 2032}, {29, 0, 2032},
};

Test(option, each_of_the_29_has_a_row_and_no_other)
{
    cr_assert_eq(sizeof lengths / sizeof lengths[0], 29);
    for (unsigned code = 1; code <= 29; code++) {
        const struct fo_option *o = fo_option_get(code);

        cr_assert_not_null(o, "option %u", code);
        cr_assert_eq(lengths[code - 1].code, code);
        cr_assert(o->in_message != FO_OPTION_NOWHERE || o->in_group != FO_OPTION_NOWHERE);
    }
    cr_assert_null(fo_option_get(0));
    cr_assert_null(fo_option_get(30));
    cr_assert_null(fo_option_get(4000));
}

Test(option, a_length_outside_the_row_is_malformed)
{
    struct bytes value = {.data = {0x63, 0x82, 0x53, 0x63}}; /* also a legal magic */

    for (unsigned i = 0; i < 29; i++) {
        const struct fo_option *o = fo_option_get(lengths[i].code);
        int refusal = lengths[i].code == 11 ? 0 : FO_EMALFORMED;
        union {
            uint8_t u8;
            uint16_t u16;
            uint32_t u32;
            struct fo_span span;
        } field;

        cr_assert_eq(fo_option_take(o, value.data, lengths[i].shortest, &field), 1, "%u",
                     lengths[i].code);
        cr_assert_eq(fo_option_take(o, value.data, lengths[i].longest, &field), 1, "%u",
                     lengths[i].code);
        cr_assert_eq(fo_option_take(o, value.data, lengths[i].longest + 1, &field), refusal);
        if (lengths[i].shortest > 0)
            cr_assert_eq(fo_option_take(o, value.data, lengths[i].shortest - 1, &field), refusal);
    }
}

Test(option, numbers_are_kept_in_the_hosts_order)
{
    struct bytes value = hex("01 02 03 04");
    uint8_t u8 = 0;
    uint16_t flags = 0;
    uint32_t number = 0;

    cr_assert_eq(fo_option_take(fo_option_get(3), value.data, 1, &u8), 1);
    cr_assert_eq(u8, 1);
    cr_assert_eq(fo_option_take(fo_option_get(12), value.data, 2, &flags), 1);
    cr_assert_eq(flags, 0x0102);
    cr_assert_eq(fo_option_take(fo_option_get(15), value.data, 4, &number), 1);
    cr_assert_eq(number, 0x01020304u);
}

Test(option, ip_flags_of_one_byte_as_the_figure_of_12_12_has_them_are_understood)
{
    uint8_t value = 0x03;
    uint16_t flags = 0;

    cr_assert_eq(fo_option_take(fo_option_get(12), &value, 1, &flags), 1);
    cr_assert_eq(flags, FO_IP_FLAG_RESERVED | FO_IP_FLAG_BOOTP);
}

Test(option, w17_client_options_of_an_unknown_magic_are_ignored)
{
    struct bytes dhcp = hex("63 82 53 63 0c 01 61");
    struct bytes other = hex("63 82 53 64 0c 01 61");
    struct fo_span span = {NULL, 0};

    cr_assert_eq(fo_option_take(fo_option_get(7), other.data, other.length, &span), 0);
    cr_assert_eq(fo_option_take(fo_option_get(8), other.data, other.length, &span), 0);
    cr_assert_null(span.data);
    cr_assert_eq(fo_option_take(fo_option_get(8), dhcp.data, dhcp.length, &span), 1);
    cr_assert_eq(span.data, dhcp.data);
    cr_assert_eq(span.length, 7);
}

Test(option, the_type_byte_is_not_part_of_the_digest)
{
    struct bytes value = hex("01 aa bb");
    struct fo_span span = {NULL, 0};

    cr_assert_eq(fo_option_take(fo_option_get(17), value.data, 3, &span), 1);
    expect_span(span, "aa bb");
}

static void expect_written(unsigned code, const void *field, const char *expected_hex)
{
    const struct fo_dialect *draft = fo_dialect_get(FO_DIALECT_DRAFT);
    struct bytes expected = hex(expected_hex);
    uint8_t data[64];
    struct fo_writer w = fo_writer_of(data, sizeof data);

    fo_option_write(&w, code, field, draft);
    cr_assert_eq(w.err, FO_OK);
    cr_assert_eq(w.position, expected.length);
    cr_assert_arr_eq(data, expected.data, expected.length);
    cr_assert_eq(fo_option_size(code, field, draft), expected.length);
}

Test(option, every_kind_is_written_with_code_and_length_in_front)
{
    uint8_t u8 = 5;
    uint16_t flags = FO_IP_FLAG_RESERVED;
    uint32_t number = 0x0a000001u;
    struct fo_span name = span_of("lab"); /* W-16: no terminating NUL */

    expect_written(3, &u8, "0003 0001 05");
    expect_written(12, &flags, "000c 0002 0001"); /* W-13 */
    expect_written(2, &number, "0002 0004 0a000001");
    expect_written(22, &name, "0016 0003 6c6162");
    expect_written(17, &name, "0011 0011 01 00000000 00000000 00000000 00000000");
}

Test(option, a_dialect_may_have_ip_flags_of_one_byte)
{
    struct fo_dialect narrow = *fo_dialect_get(FO_DIALECT_DRAFT);
    uint16_t flags = FO_IP_FLAG_BOOTP;
    uint8_t data[8];
    struct fo_writer w = fo_writer_of(data, sizeof data);

    narrow.ip_flags_length = 1;
    fo_option_write(&w, 12, &flags, &narrow);
    cr_assert_eq(w.position, 5);
    cr_assert_eq(fo_option_size(12, &flags, &narrow), 5);
    cr_assert_eq(data[4], 0x02);
}
