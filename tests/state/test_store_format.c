/* Tests of state/store_format.c. */
#include <criterion/criterion.h>
#include <string.h>

#include "state/record.h"
#include "state/store_format.h"
#include "state/store_mem.h"

static void write_number(struct fo_store *s, uint8_t version, uint32_t number)
{
    uint8_t value[16];
    struct fo_writer w = fo_writer_of(value, sizeof(value));

    fo_write_u8(&w, version);
    fo_write_u32(&w, number);
    fo_record_seal(&w);
    cr_assert_eq(fo_store_begin(s), FO_OK);
    cr_assert_eq(fo_store_put(s, FO_TABLE_META, "format", 6, value, w.position), FO_OK);
    cr_assert_eq(fo_store_commit(s), FO_OK);
}

Test(store_format, a_new_store_gets_the_present_format)
{
    struct fo_store *s = fo_store_mem_new();
    struct fo_store_stats stats;

    cr_assert_eq(fo_store_check_format(s), FO_OK);
    cr_assert_eq(fo_store_check_format(s), FO_OK);
    fo_store_stats(s, &stats);
    cr_assert_eq(stats.puts, 1);
    fo_store_free(s);
}

Test(store_format, a_later_format_is_refused)
{
    struct fo_store *s = fo_store_mem_new();

    write_number(s, 1, 2);
    cr_assert_eq(fo_store_check_format(s), FO_EVERSION);
    write_number(s, 2, 1);
    cr_assert_eq(fo_store_check_format(s), FO_EVERSION);
    fo_store_free(s);
}

Test(store_format, a_damaged_format_is_written_anew)
{
    struct fo_store *s = fo_store_mem_new();

    cr_assert_eq(fo_store_check_format(s), FO_OK);
    cr_assert_eq(fo_store_mem_damage(s, FO_TABLE_META, "format", 6, 9), FO_OK);
    cr_assert_eq(fo_store_check_format(s), FO_OK);
    write_number(s, 1, 1);
    cr_assert_eq(fo_store_check_format(s), FO_OK);
    fo_store_free(s);
}

Test(store_format, a_store_that_cannot_be_written_says_so)
{
    struct fo_store *s = fo_store_mem_new();
    struct fo_store_mem_faults faults = {.put = {.times = 1, .err = FO_EFULL}};

    fo_store_mem_set_faults(s, &faults);
    cr_assert_eq(fo_store_check_format(s), FO_EFULL);
    cr_assert_eq(fo_store_check_format(s), FO_OK, "the transaction was ended");
    fo_store_free(s);
}
