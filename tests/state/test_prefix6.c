/* Tests of state/prefix6.c and prefix6_change.c: MAPI §1.6, conformance M-S6-01 to -05. */
#include "case6.h"

static void set_up(void)
{
    store = fo_store_mem_new();
}
static void tear_down(void)
{
    fo_store_free(store);
}
TestSuite(prefix6, .init = set_up, .fini = tear_down);

Test(prefix6, a_prefix_comes_back_whole)
{
    struct fo_prefix6 p = {.prefix = at("2001:db8:1::"),
                           .length = 48,
                           .state = FO_PREFIX6_DISABLED,
                           .preference = 65535,
                           .name = "Büro",
                           .comment = "second floor"};
    struct fo_prefix6 got;
    struct fo_change6 c = change_begin();

    cr_assert_eq(change_end(&c, fo_change6_create_prefix(&c, &p)), 0);
    cr_assert_eq(fo_prefix6_get(store, p.prefix, &got), FO_OK);
    cr_assert_eq(got.length, 48);
    cr_assert_eq(got.state, FO_PREFIX6_DISABLED);
    cr_assert_eq(got.preference, 65535);
    cr_assert_str_eq(got.name, "Büro");
    cr_assert_str_eq(got.comment, "second floor");
    cr_assert_eq(got.scope_id, 1);
    cr_assert_eq(fo_prefix6_get(store, at("2001:db8::"), &got), FO_ENOTFOUND);
}

Test(prefix6, what_is_no_unicast_prefix_is_refused) /* M-S6-01 */
{
    static const struct {
        const char *prefix;
        uint8_t length;
        uint32_t code;
    } rows[] = {
        {"fe80::", 64, 20091},   {"ff02::", 16, 20091},      {"::", 64, 20091},
        {"::1", 128, 20091},     {"2001:db8::1", 64, 20091}, {"2001:db8::", 0, 87},
        {"2001:db8::", 129, 87}, {"2001:db8::1", 128, 0},    {"fd00::", 8, 0},
    };

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        cr_expect_eq(make_prefix(rows[i].prefix, rows[i].length), rows[i].code, "%s/%u",
                     rows[i].prefix, rows[i].length);
}

Test(prefix6, prefixes_do_not_overlap) /* M-S6-02 */
{
    cr_assert_eq(make_prefix("2001:db8:1::", 48), 0);
    cr_expect_eq(make_prefix("2001:db8:1::", 48), 2014);
    cr_expect_eq(make_prefix("2001:db8:1::", 64), 2014, "the same beginning");
    cr_expect_eq(make_prefix("2001:db8:1:2::", 64), 2014, "inside");
    cr_expect_eq(make_prefix("2001:db8::", 32), 2014, "around");
    cr_expect_eq(make_prefix("2001:db8:2::", 48), 0, "beside");
    cr_expect_eq(make_prefix("2001:db8:0:ffff::", 64), 0, "before");
}

static uint8_t length_at(const char *address)
{
    struct fo_prefix6 p;
    int rc = fo_prefix6_of(store, at(address), &p);

    cr_assert(rc == FO_OK || rc == FO_ENOTFOUND);
    return rc == FO_OK ? p.length : 0;
}

Test(prefix6, an_address_finds_its_prefix)
{
    cr_assert_eq(make_prefix("2001:db8:1::", 48), 0);
    cr_assert_eq(make_prefix("2001:db8:3:4::", 64), 0);
    cr_assert_eq(make_prefix("2001:db8:5::80", 121), 0);
    cr_assert_eq(make_prefix("2001:db8:7::7", 128), 0);
    cr_expect_eq(length_at("2001:db8:1::"), 48);
    cr_expect_eq(length_at("2001:db8:1:ffff:ffff:ffff:ffff:ffff"), 48);
    cr_expect_eq(length_at("2001:db8:2::"), 0);
    cr_expect_eq(length_at("2001:db8:3:4:8000::1"), 64);
    cr_expect_eq(length_at("2001:db8:3:5::"), 0);
    cr_expect_eq(length_at("2001:db8:5::ff"), 121);
    cr_expect_eq(length_at("2001:db8:5::7f"), 0);
    cr_expect_eq(length_at("2001:db8:7::7"), 128);
    cr_expect_eq(length_at("2001:db8:7::6"), 0);
    cr_expect_eq(length_at("::"), 0);
    cr_expect_eq(length_at("ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"), 0);
}

Test(prefix6, prefixes_are_walked_in_order)
{
    static const char *const order[] = {"2001:db8:1::", "2001:db8:a::", "fd00::"};
    struct fo_ipv6 from = {0};
    struct fo_prefix6 p;

    cr_assert_eq(make_prefix("fd00::", 8), 0);
    cr_assert_eq(make_prefix("2001:db8:a::", 64), 0);
    cr_assert_eq(make_prefix("2001:db8:1::", 48), 0);
    for (size_t i = 0; i < 3; i++) {
        cr_assert_eq(fo_prefix6_next(store, from, &p), FO_OK);
        cr_expect_eq(fo_ipv6_compare(p.prefix, at(order[i])), 0, "%s", order[i]);
        from = fo_ipv6_next(p.prefix);
    }
    cr_assert_eq(fo_prefix6_next(store, from, &p), FO_ENOTFOUND);
}

static uint32_t scope_id_of(const char *prefix)
{
    struct fo_prefix6 p;

    cr_assert_eq(fo_prefix6_get(store, at(prefix), &p), FO_OK);
    return p.scope_id;
}

static uint32_t delete_prefix(const char *prefix, bool force)
{
    struct fo_change6 c = change_begin();

    return change_end(&c, fo_change6_delete_prefix(&c, at(prefix), force));
}

Test(prefix6, a_scope_id_is_given_once)
{
    cr_assert_eq(make_prefix("2001:db8:1::", 48), 0);
    cr_assert_eq(make_prefix("2001:db8:2::", 48), 0);
    cr_assert_eq(scope_id_of("2001:db8:2::"), 2);
    cr_assert_eq(delete_prefix("2001:db8:2::", false), 0);
    cr_assert_eq(make_prefix("2001:db8:2::", 48), 0);
    cr_expect_eq(scope_id_of("2001:db8:2::"), 3);
    cr_assert_eq(fo_store_mem_damage(store, FO_TABLE_META, "prefix6-scope-id", 16, 9), FO_OK);
    cr_assert_eq(make_prefix("2001:db8:3::", 48), 0);
    cr_expect_eq(scope_id_of("2001:db8:3::"), 4, "above those in use");
}

static uint32_t set_prefix(const char *prefix, uint8_t length, uint8_t state, const char *name)
{
    struct fo_prefix6 p = {.prefix = at(prefix), .length = length, .state = state};
    struct fo_change6 c = change_begin();

    strcpy(p.name, name);
    p.preference = 7;
    return change_end(&c, fo_change6_set_prefix(&c, &p));
}

Test(prefix6, what_is_set_is_texts_state_and_preference)
{
    struct fo_prefix6 p;

    cr_assert_eq(make_prefix("2001:db8:1::", 48), 0);
    cr_expect_eq(set_prefix("2001:db8:2::", 48, 0, "x"), 20005);
    cr_expect_eq(set_prefix("2001:db8:1::", 64, 0, "x"), 87, "another length");
    cr_expect_eq(set_prefix("2001:db8:1::", 48, 2, "x"), 87, "an unknown state");
    cr_expect_eq(set_prefix("2001:db8:1::", 48, 1, "new"), 0);
    cr_assert_eq(fo_prefix6_get(store, at("2001:db8:1::"), &p), FO_OK);
    cr_expect_str_eq(p.name, "new");
    cr_expect_eq(p.state, FO_PREFIX6_DISABLED);
    cr_expect_eq(p.preference, 7);
    cr_expect_eq(p.scope_id, 1);
}

Test(prefix6, deleting_takes_all_that_is_in_it) /* M-S6-03, -04 */
{
    struct fo_element6 e;

    cr_expect_eq(delete_prefix("2001:db8:1::", true), 2);
    cr_assert_eq(make_prefix("2001:db8:1::", 64), 0);
    cr_assert_eq(make_prefix("2001:db8:1:1::", 64), 0);
    cr_assert_eq(make_lease("2001:db8:1::ff", 1, "one"), 0);
    cr_assert_eq(make_lease("2001:db8:1:1::1", 1, "two"), 0);
    cr_assert_eq(add("2001:db8:1::", exclusion_of("2001:db8:1::1", "2001:db8:1::9")), 0);
    cr_assert_eq(add("2001:db8:1::", reservation_of("2001:db8:1::5", 1, "r")), 0);
    cr_assert_eq(add("2001:db8:1:1::", exclusion_of("2001:db8:1:1::1", "2001:db8:1:1::9")), 0);
    cr_expect_eq(delete_prefix("2001:db8:1::", false), 20007);
    cr_expect(has_lease("2001:db8:1::ff"));
    cr_expect_eq(delete_prefix("2001:db8:1::", true), 0);
    cr_expect_not(has_lease("2001:db8:1::ff"));
    cr_expect(has_lease("2001:db8:1:1::1"), "that of the other prefix stays");
    cr_expect_eq(
        fo_element6_next(store, at("2001:db8:1::"), FO_ELEMENT6_EXCLUSION, at("::"), at("::"), &e),
        FO_ENOTFOUND);
    cr_expect_eq(fo_element6_next(store, at("2001:db8:1:1::"), FO_ELEMENT6_EXCLUSION, at("::"),
                                  at("::"), &e),
                 FO_OK);
    cr_assert_eq(make_prefix("2001:db8:1::", 64), 0);
    cr_expect_eq(make_lease("2001:db8:1::1", 1, "one"), 0, "its client is known no more");
    cr_expect_eq(make_lease("2001:db8:1::2", 1, "r"), 0);
}

Test(prefix6, damage_is_one_prefix_and_not_the_others)
{
    static const uint8_t key[16] = {0x20, 0x01, 0x0d, 0xb8, 0, 1};
    struct fo_prefix6 p;

    cr_assert_eq(make_prefix("2001:db8:1::", 48), 0);
    cr_assert_eq(make_prefix("2001:db8:2::", 48), 0);
    cr_assert_eq(fo_store_mem_damage(store, FO_TABLE_PREFIX6, key, sizeof key, 20), FO_OK);
    cr_expect_eq(fo_prefix6_get(store, at("2001:db8:1::"), &p), FO_EDAMAGED);
    cr_expect_eq(make_lease("2001:db8:1::1", 1, "one"), 20013);
    cr_expect_eq(make_lease("2001:db8:2::1", 1, "one"), 0);
    cr_assert_eq(fo_prefix6_next(store, at("::"), &p), FO_OK);
    cr_expect_eq(fo_ipv6_compare(p.prefix, at("2001:db8:2::")), 0);
}

Test(prefix6, a_store_that_fails_throws_the_batch_away)
{
    struct fo_prefix6 p = {.prefix = at("2001:db8::"), .length = 64};
    struct fo_change6 c = change_begin();

    fo_store_mem_set_faults(store, &(struct fo_store_mem_faults){.put = {1, -1, FO_EFULL}});
    cr_assert_neq(fo_change6_create_prefix(&c, &p), 0);
    cr_assert_eq(c.err, FO_EFULL);
    fo_store_abort(store);
    fo_store_mem_set_faults(store, &(struct fo_store_mem_faults){0});
    cr_assert_eq(fo_prefix6_get(store, p.prefix, &p), FO_ENOTFOUND);
}
