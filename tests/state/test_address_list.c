/* Tests of state/address_list.c. */
#include <criterion/criterion.h>

#include "state/address_list.h"

static void assert_sorts(fo_ipv4_t start, fo_ipv4_t step, size_t count)
{
    struct fo_address_list l = {0};
    fo_ipv4_t sum = 0;

    for (size_t i = 0; i < count; i++) {
        sum += start + (fo_ipv4_t)i * step;
        cr_assert_eq(fo_address_list_add(&l, start + (fo_ipv4_t)i * step), FO_OK);
    }
    fo_address_list_sort(&l);
    cr_assert_eq(l.count, count);
    for (size_t i = 0; i < count; i++) {
        sum -= l.items[i];
        cr_assert(i == 0 || l.items[i - 1] <= l.items[i]);
    }
    cr_assert_eq(sum, 0);
    fo_address_list_fini(&l);
}

Test(address_list, any_number_in_any_order_is_sorted)
{
    static const size_t counts[] = {0, 1, 2, 47, 48, 49, 64, 65, 1000, 100000};

    for (size_t i = 0; i < sizeof(counts) / sizeof(counts[0]); i++) {
        assert_sorts(0, 1, counts[i]);                   /* in order */
        assert_sorts(0xffffffff, 0xffffffff, counts[i]); /* backwards, from the last address */
        assert_sorts(12345, 0x9e3779b9, counts[i]);      /* all over */
    }
}

Test(address_list, a_range_can_be_dropped_with_its_edges)
{
    struct fo_address_list l = {0};

    for (fo_ipv4_t address = 10; address < 20; address++)
        cr_assert_eq(fo_address_list_add(&l, address), FO_OK);
    fo_address_list_drop(&l, 12, 17);
    cr_assert_eq(l.count, 4);
    cr_assert_eq(l.items[1], 11);
    cr_assert_eq(l.items[2], 18);
    fo_address_list_fini(&l);
}
