/* state/scope.h: what a scope holds. */
#include "state/scope.h"

#include <criterion/criterion.h>

#define NET  0x0a000000u /* 10.0.0.0 */
#define MASK 0xffffff00u

static struct fo_range ranges[] = {
    {NET + 10, NET + 20}, {NET + 30, NET + 30}, {NET + 40, NET + 99}};
static struct fo_range exclusions[] = {{NET + 5, NET + 12}, {NET + 50, NET + 59}};
static struct fo_reservation reservations[] = {
    {.address = NET + 15, .id_length = 1, .id = {1}},
    {.address = NET + 30, .id_length = 2, .id = {1, 2}},
    {.address = NET + 60, .id_length = 1, .id = {3}},
};

static struct fo_scope scope(void)
{
    return (struct fo_scope){.subnet = NET,
                             .mask = MASK,
                             .name = "office",
                             .ranges = ranges,
                             .range_count = 3,
                             .exclusions = exclusions,
                             .exclusion_count = 2,
                             .reservations = reservations,
                             .reservation_count = 3};
}

Test(scope, contains_the_addresses_of_its_subnet)
{
    struct fo_scope s = scope();
    cr_assert(fo_scope_contains(&s, NET));
    cr_assert(fo_scope_contains(&s, NET + 255));
    cr_assert_not(fo_scope_contains(&s, NET + 256));
    cr_assert_not(fo_scope_contains(&s, NET - 1));
}

Test(scope, leasable_is_in_a_range_and_not_excluded)
{
    struct fo_scope s = scope();
    uint64_t leasable = 0;
    for (fo_ipv4_t host = 0; host < 256; host++) {
        bool in_range = (host >= 10 && host <= 20) || host == 30 || (host >= 40 && host <= 99);
        bool excluded = (host >= 5 && host <= 12) || (host >= 50 && host <= 59);
        cr_assert_eq(fo_scope_in_range(&s, NET + host), in_range, "host %u", host);
        cr_assert_eq(fo_scope_excluded(&s, NET + host), excluded, "host %u", host);
        cr_assert_eq(fo_scope_leasable(&s, NET + host), in_range && !excluded, "host %u", host);
        leasable += in_range && !excluded;
    }
    cr_assert_eq(fo_scope_size(&s), leasable);
}

Test(scope, a_range_for_bootp_alone_is_not_leasable)
{
    struct fo_range two[] = {{NET + 10, NET + 19}, {NET + 20, NET + 29}};
    struct fo_range_use uses[] = {{.kind = FO_RANGE_BOTH}, {.kind = FO_RANGE_BOOTP}};
    struct fo_scope s = {
        .subnet = NET, .mask = MASK, .ranges = two, .uses = uses, .range_count = 2};
    cr_assert(fo_scope_leasable(&s, NET + 19));
    cr_assert_not(fo_scope_leasable(&s, NET + 20));
    cr_assert(fo_scope_in_range(&s, NET + 20));
    cr_assert(fo_scope_bootp_only(&s, NET + 20));
    cr_assert_not(fo_scope_bootp_only(&s, NET + 19));
    cr_assert_not(fo_scope_bootp_only(&s, NET + 30));
    cr_assert_eq(fo_scope_size(&s), 10);
    cr_assert(fo_scope_has_bootp_only(&s));
    s.range_count = 1;
    cr_assert_not(fo_scope_has_bootp_only(&s));
}

Test(scope, enabled_or_not_is_what_counts_of_four_states)
{
    struct fo_scope s = scope();
    cr_assert(fo_scope_enabled(&s));
    s.state = FO_SCOPE_ENABLED_SWITCHED;
    cr_assert(fo_scope_enabled(&s));
    s.state = FO_SCOPE_DISABLED;
    cr_assert_not(fo_scope_enabled(&s));
    s.state = FO_SCOPE_DISABLED_SWITCHED;
    cr_assert_not(fo_scope_enabled(&s));
}

Test(scope, an_empty_scope_has_nothing_to_lease)
{
    struct fo_scope s = {.subnet = NET, .mask = MASK};
    cr_assert_not(fo_scope_leasable(&s, NET + 10));
    cr_assert_null(fo_scope_reservation(&s, NET + 10));
    cr_assert_null(fo_scope_reservation_of(&s, (const uint8_t *)"x", 1));
    cr_assert_eq(fo_scope_size(&s), 0);
}

Test(scope, ranges_at_the_ends_of_the_address_space_are_found)
{
    struct fo_range all = {0, UINT32_MAX};
    struct fo_scope s = {.ranges = &all, .range_count = 1};
    cr_assert(fo_scope_in_range(&s, 0));
    cr_assert(fo_scope_in_range(&s, UINT32_MAX));
    cr_assert_eq(fo_scope_size(&s), 1ull << 32);
}

Test(scope, reservations_are_found_by_address_and_by_client)
{
    struct fo_scope s = scope();
    for (size_t i = 0; i < 3; i++)
        cr_assert_eq(fo_scope_reservation(&s, reservations[i].address), &reservations[i]);
    cr_assert_null(fo_scope_reservation(&s, NET + 14));
    cr_assert_null(fo_scope_reservation(&s, NET + 61));
    cr_assert_eq(fo_scope_reservation_of(&s, (const uint8_t *)"\1\2", 2), &reservations[1]);
    cr_assert_eq(fo_scope_reservation_of(&s, (const uint8_t *)"\1", 1), &reservations[0]);
    cr_assert_null(fo_scope_reservation_of(&s, (const uint8_t *)"\2", 1));
}

Test(scope, a_copy_is_equal_and_its_own)
{
    struct fo_scope s = scope(), copy;
    cr_assert_eq(fo_scope_copy(&s, &copy), FO_OK);
    cr_assert(fo_scope_equal(&s, &copy));
    cr_assert_neq(copy.ranges, s.ranges);
    cr_assert_neq(copy.exclusions, s.exclusions);
    cr_assert_neq(copy.reservations, s.reservations);
    fo_scope_fini(&copy);
    cr_assert_null(copy.ranges);
    fo_scope_fini(&copy); /* {0} is safe */
}

Test(scope, an_empty_scope_is_copied_too)
{
    struct fo_scope s = {.subnet = NET, .mask = MASK}, copy;
    cr_assert_eq(fo_scope_copy(&s, &copy), FO_OK);
    cr_assert(fo_scope_equal(&s, &copy));
    fo_scope_fini(&copy);
}

Test(scope, any_difference_makes_two_scopes)
{
    struct fo_range_use uses[] = {FO_RANGE_USE_DHCP, FO_RANGE_USE_DHCP, FO_RANGE_USE_DHCP};
    struct fo_scope s = scope(), other;
    cr_assert_eq(fo_scope_copy(&s, &other), FO_OK);
    other.reservations[2].id[0] = 9;
    cr_assert_not(fo_scope_equal(&s, &other));
    other.reservations[2].id[0] = 3;
    cr_assert(fo_scope_equal(&s, &other));
    other.exclusions[0].last++;
    cr_assert_not(fo_scope_equal(&s, &other));
    other.exclusions[0].last--;
    other.ranges[1].first++;
    cr_assert_not(fo_scope_equal(&s, &other));
    other.ranges[1].first--;
    other.uses = uses;
    cr_assert(fo_scope_equal(&s, &other));
    uses[1].kind = FO_RANGE_BOTH;
    cr_assert_not(fo_scope_equal(&s, &other));
    other.uses = NULL;
    other.reservations[0].types = FO_RESERVED_DHCP;
    cr_assert_not(fo_scope_equal(&s, &other));
    other.reservations[0].types = FO_RESERVED_BOTH;
    other.range_count--;
    cr_assert_not(fo_scope_equal(&s, &other));
    other.range_count++;
    other.name[0] = 'O';
    cr_assert_not(fo_scope_equal(&s, &other));
    other.name[0] = 'o';
    other.comment[0] = 'x';
    cr_assert_not(fo_scope_equal(&s, &other));
    other.comment[0] = '\0';
    other.state = FO_SCOPE_DISABLED;
    cr_assert_not(fo_scope_equal(&s, &other));
    fo_scope_fini(&other);
}
