#include <criterion/criterion.h>
#include <string.h>

#include "proto/vendor.h"

/* Options of two bytes code and two bytes length within option 29 (§12.29). */

static const uint8_t both[] = {0, 1, 0, 8, 0x11, 0x12, 0x13, 0x14, 0x15, 0x16, 0x17, 0x18,
                               0, 2, 0, 8, 0x21, 0x22, 0x23, 0x24, 0x25, 0x26, 0x27, 0x28};

Test(vendor, facts_are_written_as_the_table_says)
{
    struct fo_vendor_facts f = {true, true, 0x1112131415161718, 0x2122232425262728};
    uint8_t out[FO_VENDOR_FACTS_MAX];
    cr_assert_eq(fo_vendor_write(&f, out), sizeof both);
    cr_assert_arr_eq(out, both, sizeof both);
    f.has_settings = false;
    cr_assert_eq(fo_vendor_write(&f, out), 12);
    cr_assert_arr_eq(out, both + 12, 12);
}

Test(vendor, unknown_codes_are_passed_over)
{
    static const uint8_t bytes[] = {0x7f, 0xff, 0, 3, 'a', 'b', 'c', 0, 2,   0,
                                    8,    0,    0, 0, 0,   0,   0,   0, 0x2a};
    struct fo_vendor_facts f;
    cr_assert_eq(fo_vendor_read(bytes, sizeof bytes, &f), FO_OK);
    cr_assert(f.has_scopes && !f.has_settings);
    cr_assert_eq(f.scopes, 0x2a);
    cr_assert_eq(fo_vendor_read(NULL, 0, &f), FO_OK);
    cr_assert_not(f.has_scopes);
}

Test(vendor, what_is_cut_short_or_of_another_length_gives_nothing)
{
    struct fo_vendor_facts f;
    uint8_t bytes[sizeof both];
    for (size_t n = 1; n < sizeof both; n++) {
        if (n == 12)
            continue; /* the first alone */
        cr_assert_eq(fo_vendor_read(both, n, &f), FO_ETRUNCATED, "%zu", n);
        cr_assert_not(f.has_settings || f.has_scopes);
    }
    memcpy(bytes, both, sizeof bytes);
    bytes[3] = 7;
    cr_assert_eq(fo_vendor_read(bytes, sizeof bytes, &f), FO_EMALFORMED);
    cr_assert_not(f.has_settings || f.has_scopes);
}
