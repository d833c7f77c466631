/* state/scope.h, the changes: codes of MAPI §1.5, conformance M-SC-03, 08, 09, 10. */
#include "state/scope.h"

#include <criterion/criterion.h>
#include <string.h>

#define NET  0x0a000000u /* 10.0.0.0 */
#define MASK 0xffffff00u

static char why[200];

static struct fo_range range(unsigned first, unsigned last)
{
    return (struct fo_range){NET + first, NET + last};
}
static struct fo_scope scope(void)
{
    return (struct fo_scope){.subnet = NET, .mask = MASK};
}
static uint32_t add(struct fo_scope *s, unsigned first, unsigned last)
{
    return fo_scope_add_range(s, range(first, last), why, sizeof why);
}
static uint32_t exclude(struct fo_scope *s, unsigned first, unsigned last)
{
    return fo_scope_exclude(s, range(first, last), why, sizeof why);
}
static uint32_t reserve(struct fo_scope *s, unsigned host, const char *id)
{
    struct fo_reservation r = {.address = NET + host, .id_length = (uint8_t)strlen(id)};
    memcpy(r.id, id, r.id_length);
    return fo_scope_reserve(s, &r, why, sizeof why);
}

#define assert_ranges(array, number, ...)                                                          \
    do {                                                                                           \
        static const unsigned expected[] = {__VA_ARGS__};                                          \
        cr_assert_eq(number, sizeof expected / sizeof expected[0] / 2);                            \
        for (size_t at_ = 0; at_ < (number); at_++) {                                              \
            cr_assert_eq((array)[at_].first, NET + expected[2 * at_]);                             \
            cr_assert_eq((array)[at_].last, NET + expected[2 * at_ + 1]);                          \
        }                                                                                          \
    } while (0)

Test(scope_change, a_new_scope_is_checked_for_address_mask_and_texts)
{
    char longest[FO_SCOPE_NAME_MAX + 1], longer[FO_SCOPE_NAME_MAX + 2];
    memset(longest, 'a', sizeof longest);
    longest[sizeof longest - 1] = '\0';
    memset(longer, 'a', sizeof longer);
    longer[sizeof longer - 1] = '\0';
    const struct {
        fo_ipv4_t subnet, mask;
        const char *name, *comment;
        uint32_t code;
    } cases[] = {
        {NET, MASK, "office", "second floor", ERROR_SUCCESS},
        {NET, MASK, NULL, NULL, ERROR_SUCCESS},
        {NET, MASK, longest, longest, ERROR_SUCCESS},
        {NET + 4, 0xfffffffc, "", "", ERROR_SUCCESS},
        {NET + 5, 0xffffffff, "", "", ERROR_SUCCESS},
        {0, MASK, "", "", ERROR_INVALID_PARAMETER},
        {NET + 5, MASK, "", "", ERROR_INVALID_PARAMETER}, /* M-SC-03 */
        {NET, 0, "", "", ERROR_INVALID_PARAMETER},
        {NET, 0xff00ff00, "", "", ERROR_INVALID_PARAMETER},
        {NET, 0x000000ff, "", "", ERROR_INVALID_PARAMETER},
        {NET, MASK, longer, "", ERROR_DHCP_SCOPE_NAME_TOO_LONG},
        {NET, MASK, "", longer, ERROR_INVALID_PARAMETER},
        {NET, MASK, "\xff", "", ERROR_INVALID_PARAMETER},
        {NET, MASK, "", "\xc3", ERROR_INVALID_PARAMETER},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        cr_assert_eq(fo_scope_check_new(cases[i].subnet, cases[i].mask, cases[i].name,
                                        cases[i].comment, why, sizeof why),
                     cases[i].code, "case %zu", i);
}

Test(scope_change, a_refusal_names_what_and_where)
{
    fo_scope_check_new(NET + 5, MASK, "", "", why, sizeof why);
    cr_assert_str_eq(why, "The subnet address 10.0.0.5 has bits outside its mask 255.255.255.0.");
    cr_assert_eq(fo_scope_check_new(NET + 5, MASK, "", "", NULL, 0), ERROR_INVALID_PARAMETER);
    char small[12];
    fo_scope_check_new(NET + 5, MASK, "", "", small, sizeof small);
    cr_assert_str_eq(small, "The subnet ");
}

Test(scope_change, ranges_stay_sorted_and_apart)
{
    struct fo_scope s = scope();
    cr_assert_eq(add(&s, 50, 59), 0);
    cr_assert_eq(add(&s, 10, 19), 0);
    cr_assert_eq(add(&s, 30, 39), 0);
    assert_ranges(s.ranges, s.range_count, 10, 19, 30, 39, 50, 59);
    fo_scope_fini(&s);
}

Test(scope_change, a_range_that_touches_or_overlaps_grows_what_is_there)
{
    struct fo_scope s = scope();
    cr_assert_eq(add(&s, 10, 19), 0);
    cr_assert_eq(add(&s, 20, 29), 0); /* touches from above */
    cr_assert_eq(add(&s, 5, 9), 0);   /* from below */
    cr_assert_eq(add(&s, 12, 13), 0); /* is inside */
    assert_ranges(s.ranges, s.range_count, 5, 29);
    cr_assert_eq(add(&s, 50, 59), 0);
    cr_assert_eq(add(&s, 70, 79), 0);
    cr_assert_eq(add(&s, 90, 99), 0);
    cr_assert_eq(add(&s, 55, 70), 0); /* bridges two */
    assert_ranges(s.ranges, s.range_count, 5, 29, 50, 79, 90, 99);
    cr_assert_eq(add(&s, 0, 255), 0); /* swallows all */
    assert_ranges(s.ranges, s.range_count, 0, 255);
    fo_scope_fini(&s);
}

Test(scope_change, the_last_subnet_of_all_does_not_wrap)
{
    struct fo_scope s = {.subnet = 0xffffff00, .mask = MASK};
    cr_assert_eq(fo_scope_add_range(&s, (struct fo_range){0xfffffff0, 0xffffffff}, NULL, 0), 0);
    cr_assert_eq(fo_scope_add_range(&s, (struct fo_range){0xffffff00, 0xffffff01}, NULL, 0), 0);
    cr_assert_eq(s.range_count, 2);
    cr_assert_eq(fo_scope_add_range(&s, (struct fo_range){0xffffff80, 0xffffffff}, NULL, 0), 0);
    cr_assert_eq(s.range_count, 2);
    fo_scope_fini(&s);
}

Test(scope_change, bad_ranges_are_20023_and_change_nothing)
{
    struct fo_scope s = scope();
    cr_assert_eq(add(&s, 10, 19), 0);
    cr_assert_eq(add(&s, 30, 29), ERROR_DHCP_INVALID_RANGE); /* M-SC-08 */
    cr_assert_eq(add(&s, 250, 256), ERROR_DHCP_INVALID_RANGE);
    cr_assert_str_eq(why, "10.0.0.250-10.0.1.0 is not inside the subnet 10.0.0.0 mask "
                          "255.255.255.0.");
    cr_assert_eq(fo_scope_add_range(&s, (struct fo_range){NET - 1, NET + 5}, NULL, 0),
                 ERROR_DHCP_INVALID_RANGE);
    assert_ranges(s.ranges, s.range_count, 10, 19);
    fo_scope_fini(&s);
}

Test(scope_change, the_number_of_ranges_is_limited)
{
    struct fo_scope s = {.subnet = NET, .mask = 0xffff0000};
    for (unsigned i = 0; i < FO_SCOPE_RANGES_MAX; i++)
        cr_assert_eq(add(&s, 4 * i, 4 * i + 1), 0);
    cr_assert_eq(add(&s, 4 * FO_SCOPE_RANGES_MAX, 4 * FO_SCOPE_RANGES_MAX),
                 ERROR_INVALID_PARAMETER);
    cr_assert_eq(add(&s, 2, 2), 0); /* growing goes on */
    fo_scope_fini(&s);
}

static uint32_t add_kind(struct fo_scope *s, unsigned first, unsigned last, enum fo_range_kind kind)
{
    return fo_scope_add_range_for(s, range(first, last), (struct fo_range_use){.kind = kind}, why,
                                  sizeof why);
}

Test(scope_change, ranges_of_two_kinds_may_touch_and_not_overlap)
{
    struct fo_scope s = scope();
    cr_assert_eq(add(&s, 20, 29), 0);
    cr_assert_eq(add_kind(&s, 30, 39, FO_RANGE_BOOTP), 0);
    cr_assert_eq(add_kind(&s, 10, 19, FO_RANGE_BOTH), 0);
    assert_ranges(s.ranges, s.range_count, 10, 19, 20, 29, 30, 39);
    cr_assert_eq(add_kind(&s, 25, 50, FO_RANGE_BOOTP), ERROR_DHCP_INVALID_RANGE);
    cr_assert_eq(add(&s, 19, 19), ERROR_DHCP_INVALID_RANGE);
    cr_assert_eq(add_kind(&s, 40, 49, FO_RANGE_BOOTP), 0);
    cr_assert_eq(add_kind(&s, 5, 9, FO_RANGE_BOTH), 0);
    assert_ranges(s.ranges, s.range_count, 5, 19, 20, 29, 30, 49);
    cr_assert_eq(s.uses[0].kind, FO_RANGE_BOTH);
    cr_assert_eq(s.uses[2].kind, FO_RANGE_BOOTP);
    fo_scope_fini(&s);
}

static uint32_t fit(struct fo_scope *s, unsigned first, unsigned last)
{
    return fo_scope_fit_range(s, range(first, last), FO_RANGE_USE_DHCP, why, sizeof why);
}

Test(scope_change, the_one_range_grows_and_shrinks_in_place) /* M-SC-07, -08 */
{
    struct fo_scope s = scope();
    struct fo_range_use bootp = {FO_RANGE_BOOTP, 0, 7};
    cr_assert_eq(fit(&s, 30, 29), ERROR_DHCP_INVALID_RANGE);
    cr_assert_eq(fit(&s, 250, 256), ERROR_DHCP_INVALID_RANGE);
    cr_assert_eq(fit(&s, 50, 59), 0);
    cr_assert_eq(fit(&s, 50, 59), 0);                        /* the same */
    cr_assert_eq(fit(&s, 40, 69), 0);                        /* contains it */
    cr_assert_eq(fit(&s, 80, 89), ERROR_DHCP_INVALID_RANGE); /* disjoint */
    cr_assert_eq(fit(&s, 70, 79), ERROR_DHCP_INVALID_RANGE); /* touches it */
    cr_assert_eq(fit(&s, 30, 45), ERROR_DHCP_INVALID_RANGE); /* either end */
    cr_assert_eq(fit(&s, 65, 75), ERROR_DHCP_INVALID_RANGE);
    assert_ranges(s.ranges, s.range_count, 40, 69);
    cr_assert_eq(fit(&s, 41, 69), 0); /* is within */
    assert_ranges(s.ranges, s.range_count, 41, 69);
    cr_assert_eq(fo_scope_fit_range(&s, range(20, 79), bootp, why, sizeof why), 0);
    assert_ranges(s.ranges, s.range_count, 20, 79);
    cr_assert_eq(s.uses[0].kind, FO_RANGE_BOOTP);
    cr_assert_eq(s.uses[0].bootp_max, 7);
    fo_scope_fini(&s);
}

Test(scope_change, of_several_ranges_the_ones_it_fits_are_replaced)
{
    struct fo_scope s = scope();
    cr_assert_eq(add(&s, 10, 19), 0);
    cr_assert_eq(add(&s, 30, 39), 0);
    cr_assert_eq(add(&s, 50, 59), 0);
    cr_assert_eq(fit(&s, 32, 35), 0); /* is within the second */
    assert_ranges(s.ranges, s.range_count, 10, 19, 32, 35, 50, 59);
    cr_assert_eq(fit(&s, 30, 55), ERROR_DHCP_INVALID_RANGE); /* half of the third */
    cr_assert_eq(fit(&s, 60, 69), ERROR_DHCP_INVALID_RANGE); /* none */
    assert_ranges(s.ranges, s.range_count, 10, 19, 32, 35, 50, 59);
    cr_assert_eq(fit(&s, 30, 60), 0); /* contains two */
    assert_ranges(s.ranges, s.range_count, 10, 19, 30, 60);
    fo_scope_fini(&s);
}

Test(scope_change, only_a_whole_range_is_removed)
{
    struct fo_scope s = scope();
    cr_assert_eq(add(&s, 10, 19), 0);
    cr_assert_eq(add(&s, 30, 39), 0);
    cr_assert_eq(fo_scope_remove_range(&s, range(10, 18), why, sizeof why),
                 ERROR_DHCP_INVALID_RANGE);
    cr_assert_eq(fo_scope_remove_range(&s, range(11, 19), why, sizeof why),
                 ERROR_DHCP_INVALID_RANGE);
    cr_assert_eq(fo_scope_remove_range(&s, range(50, 59), why, sizeof why),
                 ERROR_DHCP_INVALID_RANGE);
    cr_assert_eq(fo_scope_remove_range(&s, range(10, 19), why, sizeof why), ERROR_SUCCESS);
    assert_ranges(s.ranges, s.range_count, 30, 39);
    fo_scope_fini(&s);
}

Test(scope_change, exclusions_stay_sorted_and_may_touch_but_not_overlap)
{
    struct fo_scope s = scope();
    cr_assert_eq(exclude(&s, 30, 39), 0);
    cr_assert_eq(exclude(&s, 20, 29), 0);
    cr_assert_eq(exclude(&s, 40, 40), 0);
    assert_ranges(s.exclusions, s.exclusion_count, 20, 29, 30, 39, 40, 40);
    cr_assert_eq(exclude(&s, 39, 39), ERROR_DHCP_INVALID_RANGE);
    cr_assert_str_eq(why, "10.0.0.39-10.0.0.39 overlaps the exclusion 10.0.0.30-10.0.0.39.");
    cr_assert_eq(exclude(&s, 10, 20), ERROR_DHCP_INVALID_RANGE);
    cr_assert_eq(exclude(&s, 10, 100), ERROR_DHCP_INVALID_RANGE);
    cr_assert_eq(exclude(&s, 9, 8), ERROR_DHCP_INVALID_RANGE);
    cr_assert_eq(exclude(&s, 255, 256), ERROR_DHCP_INVALID_RANGE);
    cr_assert_eq(s.exclusion_count, 3);
    fo_scope_fini(&s);
}

Test(scope_change, an_exclusion_is_removed_as_a_whole_or_not_at_all)
{
    struct fo_scope s = scope();
    cr_assert_eq(exclude(&s, 20, 29), 0);
    cr_assert_eq(exclude(&s, 40, 49), 0);
    cr_assert_eq(fo_scope_unexclude(&s, range(30, 39), why, sizeof why),
                 ERROR_DHCP_ELEMENT_CANT_REMOVE);
    cr_assert_eq(fo_scope_unexclude(&s, range(60, 69), why, sizeof why),
                 ERROR_DHCP_ELEMENT_CANT_REMOVE);
    cr_assert_eq(fo_scope_unexclude(&s, range(20, 28), why, sizeof why), ERROR_INVALID_PARAMETER);
    cr_assert_str_eq(why, "10.0.0.20-10.0.0.28 is not the whole exclusion: that is "
                          "10.0.0.20-10.0.0.29.");
    cr_assert_eq(fo_scope_unexclude(&s, range(21, 29), why, sizeof why), ERROR_INVALID_PARAMETER);
    cr_assert_eq(fo_scope_unexclude(&s, range(20, 29), why, sizeof why), ERROR_SUCCESS);
    assert_ranges(s.exclusions, s.exclusion_count, 40, 49);
    fo_scope_fini(&s);
}

Test(scope_change, reservations_stay_sorted)
{
    struct fo_scope s = scope();
    cr_assert_eq(add(&s, 10, 99), 0);
    cr_assert_eq(reserve(&s, 50, "b"), 0);
    cr_assert_eq(reserve(&s, 10, "a"), 0);
    cr_assert_eq(reserve(&s, 99, "c"), 0);
    cr_assert_eq(s.reservation_count, 3);
    cr_assert_eq(s.reservations[0].address, NET + 10);
    cr_assert_eq(s.reservations[1].address, NET + 50);
    cr_assert_eq(s.reservations[2].address, NET + 99);
    cr_assert_eq(s.reservations[1].id[0], 'b');
    fo_scope_fini(&s);
}

Test(scope_change, a_reservation_outside_the_ranges_is_20018) /* M-SC-10 */
{
    struct fo_scope s = scope();
    cr_assert_eq(reserve(&s, 50, "b"), ERROR_DHCP_NOT_RESERVED_CLIENT);
    cr_assert_eq(add(&s, 10, 49), 0);
    cr_assert_eq(reserve(&s, 50, "b"), ERROR_DHCP_NOT_RESERVED_CLIENT);
    cr_assert_eq(reserve(&s, 49, "b"), ERROR_SUCCESS);
    cr_assert_eq(s.reservation_count, 1);
    fo_scope_fini(&s);
}

/* A range that was shrunk leaves its reservations; such a scope can be copied. */
Test(scope_change, a_reservation_that_comes_with_its_scope_only_has_to_be_in_the_subnet)
{
    struct fo_scope s = scope();
    struct fo_reservation r = {.address = NET + 30, .id_length = 1, .id = {1}};
    cr_assert_eq(add(&s, 10, 19), 0);
    cr_assert_eq(fo_scope_keep_reservation(&s, &r, why, sizeof why), 0);
    cr_assert_eq(fo_scope_keep_reservation(&s, &r, why, sizeof why), ERROR_DHCP_RESERVEDIP_EXITS);
    r.address = NET + 256;
    r.id[0] = 2;
    cr_assert_eq(fo_scope_keep_reservation(&s, &r, why, sizeof why),
                 ERROR_DHCP_NOT_RESERVED_CLIENT);
    cr_assert_eq(s.reservation_count, 1);
    fo_scope_fini(&s);
}

Test(scope_change, an_address_or_client_reserved_already_is_20022) /* M-SC-09 */
{
    struct fo_scope s = scope();
    cr_assert_eq(add(&s, 10, 99), 0);
    cr_assert_eq(reserve(&s, 50, "b"), 0);
    cr_assert_eq(reserve(&s, 50, "b"), ERROR_DHCP_RESERVEDIP_EXITS);
    cr_assert_eq(reserve(&s, 50, "c"), ERROR_DHCP_RESERVEDIP_EXITS);
    cr_assert_eq(reserve(&s, 51, "b"), ERROR_DHCP_RESERVEDIP_EXITS);
    cr_assert_str_eq(why, "The client of 10.0.0.51 has a reservation already: 10.0.0.50.");
    /* Its range is gone: it is still "reserved already" (MAPI check 11 before 12). */
    cr_assert_eq(fo_scope_remove_range(&s, range(10, 99), NULL, 0), 0);
    cr_assert_eq(reserve(&s, 50, "c"), ERROR_DHCP_RESERVEDIP_EXITS);
    cr_assert_eq(s.reservation_count, 1);
    fo_scope_fini(&s);
}

Test(scope_change, a_reservation_for_nobody_is_87)
{
    struct fo_scope s = scope();
    cr_assert_eq(add(&s, 10, 99), 0);
    cr_assert_eq(reserve(&s, 50, ""), ERROR_INVALID_PARAMETER);
    fo_scope_fini(&s);
}

Test(scope_change, a_reservation_is_given_up_by_address)
{
    struct fo_scope s = scope();
    cr_assert_eq(add(&s, 10, 99), 0);
    cr_assert_eq(reserve(&s, 50, "b"), 0);
    cr_assert_eq(reserve(&s, 60, "c"), 0);
    cr_assert_eq(fo_scope_unreserve(&s, NET + 55, why, sizeof why), ERROR_DHCP_NOT_RESERVED_CLIENT);
    cr_assert_eq(fo_scope_unreserve(&s, NET + 50, why, sizeof why), ERROR_SUCCESS);
    cr_assert_eq(s.reservation_count, 1);
    cr_assert_eq(s.reservations[0].address, NET + 60);
    fo_scope_fini(&s);
}
