/* Tests of state/crc32c.c. Expected values: RFC 3720 §B.4, and the usual check value. */
#include <criterion/criterion.h>
#include <string.h>

#include "state/record.h"

static void assert_crc(const void *data, size_t length, uint32_t expected)
{
    cr_assert_eq(fo_crc32c(data, length), expected);
    cr_assert_eq(fo_crc32c_portable(data, length), expected);
}

Test(crc32c, the_check_value_and_the_vectors_of_rfc_3720)
{
    uint8_t bytes[32];

    assert_crc("123456789", 9, 0xe3069283u);
    assert_crc("", 0, 0);
    memset(bytes, 0, sizeof(bytes));
    assert_crc(bytes, 32, 0x8a9136aau);
    memset(bytes, 0xff, sizeof(bytes));
    assert_crc(bytes, 32, 0x62a8ab43u);
    for (size_t i = 0; i < 32; i++)
        bytes[i] = (uint8_t)i;
    assert_crc(bytes, 32, 0x46dd794eu);
    for (size_t i = 0; i < 32; i++)
        bytes[i] = (uint8_t)(31 - i);
    assert_crc(bytes, 32, 0x113fdb5cu);
}

Test(crc32c, instruction_and_table_agree_at_every_length_and_alignment)
{
    uint8_t bytes[100];

    for (size_t i = 0; i < sizeof(bytes); i++)
        bytes[i] = (uint8_t)(i * 41 + 3);
    for (size_t from = 0; from < 9; from++)
        for (size_t length = 0; from + length <= sizeof(bytes); length++)
            cr_assert_eq(fo_crc32c(bytes + from, length), fo_crc32c_portable(bytes + from, length));
}
