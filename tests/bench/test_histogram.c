#include "bench/histogram.h"

#include <criterion/criterion.h>

Test(histogram, nothing_added_has_no_percentiles)
{
    struct histogram h = {0};
    cr_assert_eq(histogram_percentile(&h, 50), 0);
}

Test(histogram, small_values_are_exact)
{
    struct histogram h = {0};
    for (uint64_t v = 1; v <= 20; v++)
        histogram_add(&h, v);
    cr_assert_eq(histogram_percentile(&h, 50), 10);
    cr_assert_eq(histogram_percentile(&h, 95), 19);
    cr_assert_eq(histogram_percentile(&h, 100), 20);
}

Test(histogram, a_percentile_is_never_below_the_value_and_at_most_a_32nd_above)
{
    for (uint64_t v = 1; v < UINT64_MAX / 3; v = v * 3 + 1) {
        struct histogram h = {0};
        uint64_t median;
        histogram_add(&h, v);
        histogram_add(&h, UINT64_MAX); /* so that the largest value does not cut it off */
        median = histogram_percentile(&h, 50);
        cr_assert_geq(median, v);
        cr_assert_leq(median - v, v / HISTOGRAM_PARTS);
    }
}

Test(histogram, the_largest_value_has_a_bucket)
{
    struct histogram h = {0};
    histogram_add(&h, UINT64_MAX);
    cr_assert_eq(histogram_percentile(&h, 99), UINT64_MAX);
}

Test(histogram, one_slow_answer_in_a_hundred_is_the_99th_percentile_and_not_the_median)
{
    struct histogram h = {0};
    for (int i = 0; i < 98; i++)
        histogram_add(&h, 1000);
    histogram_add(&h, 1000000);
    histogram_add(&h, 1000000);
    cr_assert_leq(histogram_percentile(&h, 50), 1031);
    cr_assert_eq(histogram_percentile(&h, 99), 1000000);
}
