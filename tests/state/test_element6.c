/* Tests of state/element6.c and element6_change.c: MAPI §1.6, conformance M-S6-06. */
#include "case6.h"

#define NET "2001:db8::"

static void set_up(void)
{
    store = fo_store_mem_new();
    cr_assert_eq(make_prefix(NET, 64), 0);
}
static void tear_down(void)
{
    fo_store_free(store);
}
TestSuite(element6, .init = set_up, .fini = tear_down);

/* How many elements of |kind| a walk meets, which has to run in order. */
static unsigned count(uint8_t kind)
{
    struct fo_element6 e = {0}, before = {0};
    unsigned n = 0;

    while (fo_element6_next(store, at(NET), kind, e.first, e.last, &e) == FO_OK) {
        cr_expect_eq(e.kind, kind);
        cr_expect(fo_ipv6_compare(before.first, e.first) <= 0);
        before = e;
        n++;
    }
    return n;
}

Test(element6, an_unknown_prefix_is_not_found) /* M-S6-06 */
{
    cr_expect_eq(add("2001:db8:1::", exclusion_of("2001:db8:1::1", "2001:db8:1::2")), 2);
    cr_expect_eq(add("2001:db8:1::", reservation_of("2001:db8:1::1", 1, "a")), 2);
    cr_expect_eq(take_away("2001:db8:1::", exclusion_of("2001:db8:1::1", "2001:db8:1::2")), 2);
}

Test(element6, exclusions_may_contain_but_not_cut_each_other)
{
    cr_assert_eq(add(NET, exclusion_of("2001:db8::10", "2001:db8::20")), 0);
    cr_expect_eq(add(NET, exclusion_of("2001:db8::18", "2001:db8::28")), 2014);
    cr_expect_eq(add(NET, exclusion_of("2001:db8::8", "2001:db8::10")), 2014);
    cr_expect_eq(add(NET, exclusion_of("2001:db8::12", "2001:db8::14")), 0, "inside");
    cr_expect_eq(add(NET, exclusion_of("2001:db8::1", "2001:db8::30")), 0, "around");
    cr_expect_eq(add(NET, exclusion_of("2001:db8::10", "2001:db8::20")), 0, "the same");
    cr_expect_eq(add(NET, exclusion_of("2001:db8::31", "2001:db8::31")), 0, "beside");
    cr_expect_eq(count(FO_ELEMENT6_EXCLUSION), 4);
}

Test(element6, what_is_outside_or_upside_down_has_no_effect)
{
    cr_expect_eq(add(NET, exclusion_of("2001:db8::20", "2001:db8::10")), 0);
    cr_expect_eq(add(NET, exclusion_of("2001:db8:1::1", "2001:db8:1::2")), 0);
    cr_expect_eq(add(NET, exclusion_of("2001:db8::1", "2001:db8:1::2")), 0);
    cr_expect_eq(add(NET, reservation_of("2001:db8:1::1", 1, "a")), 0);
    cr_expect_eq(count(FO_ELEMENT6_EXCLUSION) + count(FO_ELEMENT6_RESERVATION), 0);
    cr_expect_not(has_lease("2001:db8:1::1"));
}

Test(element6, an_exclusion_is_removed_as_it_was_added)
{
    cr_assert_eq(add(NET, exclusion_of("2001:db8::10", "2001:db8::20")), 0);
    cr_expect_eq(take_away(NET, exclusion_of("2001:db8::10", "2001:db8::1f")), 2);
    cr_expect_eq(take_away(NET, exclusion_of("2001:db8::10", "2001:db8::20")), 0);
    cr_expect_eq(take_away(NET, exclusion_of("2001:db8::10", "2001:db8::20")), 2);
    cr_expect_eq(count(FO_ELEMENT6_EXCLUSION), 0);
}

Test(element6, exclusions_have_a_limit)
{
    for (unsigned i = 0; i < FO_PREFIX6_EXCLUSIONS; i++) {
        struct fo_element6 e = exclusion_of(NET, NET);
        struct fo_change6 c = change_begin();
        e.first.low = e.last.low = 2 * i + 2;
        if (i % 512 != 0) { /* the walk over those before is what takes time */
            cr_assert_eq(fo_element6_put(store, at(NET), &e), FO_OK);
            (void)change_end(&c, 0);
        } else {
            cr_assert_eq(change_end(&c, fo_change6_add_element(&c, at(NET), &e)), 0);
        }
    }
    cr_expect_eq(add(NET, exclusion_of("2001:db8::ffff", "2001:db8::ffff")), 87);
}

Test(element6, a_reservation_has_a_record)
{
    struct fo_element6 e;
    struct fo_lease6 l;

    cr_assert_eq(add(NET, reservation_of("2001:db8::5", 7, "client")), 0);
    cr_assert_eq(fo_lease6_get(store, at("2001:db8::5"), &l), FO_OK);
    cr_expect(l.reserved);
    cr_expect_eq(l.valid_until.s, 0, "nobody has it yet");
    cr_expect_eq(l.client.iaid, 7);
    cr_assert_eq(fo_element6_get(store, at(NET), FO_ELEMENT6_RESERVATION, at("2001:db8::5"),
                                 at("2001:db8::5"), &e),
                 FO_OK);
    cr_expect(fo_client6_equal(&e.client, &l.client));
    cr_expect_eq(e.client.duid_length, 6);
}

Test(element6, address_and_client_are_reserved_once)
{
    cr_assert_eq(add(NET, reservation_of("2001:db8::5", 7, "client")), 0);
    cr_expect_eq(add(NET, reservation_of("2001:db8::5", 7, "client")), 20022, "the same again");
    cr_expect_eq(add(NET, reservation_of("2001:db8::5", 8, "other")), 20022, "its address");
    cr_expect_eq(add(NET, reservation_of("2001:db8::6", 7, "client")), 20022, "its client");
    cr_expect_eq(add(NET, reservation_of("2001:db8::6", 8, "client")), 0, "another IAID");
    cr_expect_eq(add(NET, reservation_of("2001:db8::7", 7, "clients")), 0, "another DUID");
    cr_expect_eq(count(FO_ELEMENT6_RESERVATION), 3);
}

Test(element6, a_reservation_needs_a_duid_that_fits)
{
    struct fo_element6 e = reservation_of("2001:db8::5", 7, "");

    cr_expect_eq(add(NET, e), 87);
    cr_expect_eq(add("2001:db8:1::", e), 87, "before the prefix is looked for");
    e.client.duid_length = FO_DUID_MAX + 1;
    cr_expect_eq(add(NET, e), 111);
    e.client.duid_length = FO_DUID_MAX;
    cr_expect_eq(add(NET, e), 0);
}

Test(element6, plain_leases_in_the_way_are_replaced)
{
    struct fo_lease6 l;

    cr_assert_eq(make_lease("2001:db8::5", 1, "who"), 0);
    cr_assert_eq(make_lease("2001:db8::6", 7, "client"), 0);
    cr_assert_eq(add(NET, reservation_of("2001:db8::5", 7, "client")), 0);
    cr_assert_eq(fo_lease6_get(store, at("2001:db8::5"), &l), FO_OK);
    cr_expect_eq(l.client.iaid, 7);
    cr_expect_eq(l.valid_until.s, 0);
    cr_expect_not(has_lease("2001:db8::6"));
    cr_expect_eq(make_lease("2001:db8::9", 1, "who"), 0, "who had it is known no more");
}

Test(element6, the_clients_own_lease_goes_on)
{
    struct fo_lease6 l;

    cr_assert_eq(make_lease("2001:db8::5", 7, "client"), 0);
    cr_assert_eq(add(NET, reservation_of("2001:db8::5", 7, "client")), 0);
    cr_assert_eq(fo_lease6_get(store, at("2001:db8::5"), &l), FO_OK);
    cr_expect(l.reserved);
    cr_expect_eq(l.valid_until.s, NOW + 3600);
    cr_expect_str_eq(l.name, "pc");
    cr_assert_eq(take_away(NET, reservation_of("2001:db8::5", 0, "")), 0);
    cr_assert_eq(fo_lease6_get(store, at("2001:db8::5"), &l), FO_OK);
    cr_expect_not(l.reserved);
    cr_expect_eq(l.valid_until.s, NOW + 3600);
}

Test(element6, a_reservation_that_nobody_used_leaves_nothing)
{
    cr_assert_eq(add(NET, reservation_of("2001:db8::5", 7, "client")), 0);
    cr_expect_eq(take_away(NET, reservation_of("2001:db8::5", 7, "other")), 2, "another's");
    cr_expect_eq(take_away(NET, reservation_of("2001:db8::5", 7, "client")), 0);
    cr_expect_eq(take_away(NET, reservation_of("2001:db8::5", 7, "client")), 2);
    cr_expect_not(has_lease("2001:db8::5"));
    cr_expect_eq(make_lease("2001:db8::9", 7, "client"), 0);
}

Test(element6, damage_is_passed_over)
{
    uint8_t key[49] = {0x20, 0x01, 0x0d, 0xb8, [16] = FO_ELEMENT6_EXCLUSION};
    struct fo_element6 e;

    memcpy(key + 17, key, 16);
    memcpy(key + 33, key, 16);
    key[32] = key[48] = 1;
    cr_assert_eq(add(NET, exclusion_of("2001:db8::1", "2001:db8::1")), 0);
    cr_assert_eq(add(NET, exclusion_of("2001:db8::2", "2001:db8::2")), 0);
    cr_assert_eq(fo_store_mem_damage(store, FO_TABLE_ELEMENT6, key, sizeof key, 3), FO_OK);
    cr_expect_eq(count(FO_ELEMENT6_EXCLUSION), 1);
    cr_expect_eq(fo_element6_get(store, at(NET), FO_ELEMENT6_EXCLUSION, at("2001:db8::1"),
                                 at("2001:db8::1"), &e),
                 FO_EDAMAGED);
    cr_expect_eq(take_away(NET, exclusion_of("2001:db8::1", "2001:db8::1")), 20013);
}
