/* Tests of mgmt/interfaces.c and binding.c: MAPI §2.9, RFC 9562 §5.5. */
#include <stdio.h>
#include <string.h>

#include "case_interfaces.h"
#include "state/store_mem.h"

static struct fo_interfaces list;

static void tear_down(void)
{
    fo_interfaces_fini(&list);
}
TestSuite(binding, .fini = tear_down);

Test(binding, an_interface_is_known_by_the_uuid_of_its_name)
{
    uint8_t id[FO_BINDING_ID], again[FO_BINDING_ID], other[FO_BINDING_ID];

    fo_binding_id("eth0", id);
    fo_binding_id("eth0", again);
    fo_binding_id("eth1", other);
    cr_expect_arr_eq(id, again, sizeof id);
    cr_expect_neq(memcmp(id, other, sizeof id), 0);
    cr_expect_eq(id[6] >> 4, 5, "version 5");
    cr_expect_eq(id[8] >> 6, 2, "variant of RFC 9562");
}

Test(binding, the_list_is_in_the_order_of_names_and_has_who_has_ipv6)
{
    add_interface(&list, 3, "wan", false, NULL);
    add_interface(&list, 2, "lan", false, "2001:db8::1/64", NULL);
    add_interface(&list, 1, "eth0", false, "fe80::1/64", NULL);
    fo_interfaces_settle(&list);
    cr_assert_eq(list.count, 2);
    cr_expect_str_eq(list.list[0].name, "eth0");
    cr_expect_str_eq(list.list[1].name, "lan");
}

static const char *primary_of(size_t at)
{
    static char text[FO_IPV6_TEXT];

    return fo_ipv6_text(fo_binding_primary(&list.list[at])->address, text);
}

Test(binding, the_primary_address_is_global_and_configured_if_there_is_one)
{
    add_interface(&list, 1, "a", false, "fe80::1/64", "2001:db8::9/64", "2001:db8::5/64", NULL);
    add_interface(&list, 2, "b", false, "~2001:db8:1::1/64", "2001:db8:1::2/64", NULL);
    add_interface(&list, 3, "c", false, "fe80::2/64", "~2001:db8:2::2/64", NULL);
    add_interface(&list, 4, "d", false, "fe80::3/64", NULL);
    fo_interfaces_settle(&list);
    cr_expect_str_eq(primary_of(0), "2001:db8::5", "the lowest");
    cr_expect_str_eq(primary_of(1), "2001:db8:1::2", "configured before one that runs out");
    cr_expect_str_eq(primary_of(2), "2001:db8:2::2");
    cr_expect_str_eq(primary_of(3), "fe80::3");
}

Test(binding, loopback_and_who_has_no_configured_global_address_are_internal) /* MAPI §2.9 */
{
    add_interface(&list, 1, "a", false, "fe80::1/64", "2001:db8::1/64", NULL);
    add_interface(&list, 2, "b", false, "fe80::1/64", "~2001:db8::1/64", NULL);
    add_interface(&list, 3, "c", false, "fe80::1/64", NULL);
    add_interface(&list, 4, "lo", true, "::1/128", "2001:db8::1/128", NULL);
    fo_interfaces_settle(&list);
    cr_expect_not(fo_binding_is_internal(&list.list[0]));
    cr_expect(fo_binding_is_internal(&list.list[1]));
    cr_expect(fo_binding_is_internal(&list.list[2]));
    cr_expect(fo_binding_is_internal(&list.list[3]));
}

static uint64_t generation_of(uint32_t index, const char *name, const char *one, const char *two)
{
    uint64_t generation;

    fo_interfaces_fini(&list);
    add_interface(&list, index, name, false, one, two, NULL);
    fo_interfaces_settle(&list);
    generation = fo_binding_generation(&list);
    cr_expect_neq(generation, 0);
    return generation;
}

Test(binding, every_difference_is_another_generation)
{
    uint64_t first = generation_of(1, "a", "2001:db8::1/64", "2001:db8::2/64");

    cr_expect_eq(generation_of(1, "a", "2001:db8::2/64", "2001:db8::1/64"), first,
                 "the order in which they came is none");
    cr_expect_neq(generation_of(1, "a", "2001:db8::1/64", NULL), first);
    cr_expect_neq(generation_of(1, "a", "2001:db8::1/64", "2001:db8::3/64"), first);
    cr_expect_neq(generation_of(1, "a", "2001:db8::1/64", "2001:db8::2/65"), first);
    cr_expect_neq(generation_of(1, "a", "2001:db8::1/64", "~2001:db8::2/64"), first);
    cr_expect_neq(generation_of(2, "a", "2001:db8::1/64", "2001:db8::2/64"), first);
    cr_expect_neq(generation_of(1, "b", "2001:db8::1/64", "2001:db8::2/64"), first);
    fo_interfaces_fini(&list);
    cr_expect_neq(fo_binding_generation(&list), 0, "nor is an empty list 0");
}

static bool bound(struct fo_store *store, const char *name)
{
    bool answer = false;

    cr_assert_eq(fo_binding_get(store, name, &answer), FO_OK);
    return answer;
}

static void choose(struct fo_store *store, const char *name, bool choice)
{
    cr_assert_eq(fo_store_begin(store), FO_OK);
    cr_assert_eq(fo_binding_put(store, name, choice), FO_OK);
    cr_assert_eq(fo_store_commit(store), FO_OK);
}

Test(binding, a_choice_is_kept_and_a_damaged_one_serves_nobody)
{
    struct fo_store *store = fo_store_mem_new();
    uint8_t id[FO_BINDING_ID];
    bool served = true;

    add_interface(&list, 2, "eth0", false, "2001:db8::1/64", NULL);
    cr_expect(bound(store, "eth0"), "before anybody chose");
    choose(store, "eth0", false);
    cr_expect_not(bound(store, "eth0"));
    cr_expect(bound(store, "eth1"));
    choose(store, "eth0", true);
    cr_expect(bound(store, "eth0"));
    choose(store, "fifteencharacte", false);
    cr_expect_not(bound(store, "fifteencharacte"));
    fo_binding_id("eth0", id);
    cr_assert_eq(fo_store_mem_damage(store, FO_TABLE_BINDING6, id, sizeof id, 11), FO_OK);
    cr_expect_eq(fo_binding_get(store, "eth0", &served), FO_EDAMAGED);
    cr_expect_not(served);
    cr_expect_not(fo_binding_serves(store, &list.list[0]));
    choose(store, "eth0", true);
    cr_expect(fo_binding_serves(store, &list.list[0]));
    fo_store_free(store);
}

Test(binding, a_lease_is_given_by_the_address_of_its_prefix)
{
    struct fo_store *store = fo_store_mem_new();
    char text[FO_IPV6_TEXT];

    add_interface(&list, 1, "a", false, "2001:db8:1::1/64", NULL);
    add_interface(&list, 2, "b", false, "2001:db8:2::1/64", NULL);
    add_interface(&list, 3, "lo", true, "::1/128", NULL);
    fo_interfaces_settle(&list);
    cr_expect_str_eq(fo_ipv6_text(fo_binding_owner(&list, store, at("2001:db8:2::9")), text),
                     "2001:db8:2::1");
    cr_expect_str_eq(fo_ipv6_text(fo_binding_owner(&list, store, at("2001:db8:9::9")), text),
                     "2001:db8:1::1");
    choose(store, "a", false);
    choose(store, "b", false);
    cr_expect(fo_ipv6_is_zero(fo_binding_owner(&list, store, at("2001:db8:2::9"))));
    fo_store_free(store);
}

Test(binding, limits_cut_the_list_and_say_so)
{
    for (uint32_t i = 0; i < FO_INTERFACES_MAX + 1; i++) {
        char name[FO_INTERFACE_NAME + 1];
        snprintf(name, sizeof name, "v%u", i);
        if (i < FO_INTERFACES_MAX)
            add_interface(&list, i, name, false, "2001:db8::1/64", NULL);
        else
            cr_expect_null(fo_interfaces_add(&list, i, name, false));
    }
    fo_interfaces_settle(&list);
    cr_expect(list.cut);
    cr_expect_eq(list.count, FO_INTERFACES_MAX);
    list.cut = false;
    for (int i = 0; i < FO_INTERFACE_ADDRESSES + 1; i++)
        cr_assert(fo_interface_add(&list, &list.list[0], &list.list[1].addresses[0]));
    cr_expect(list.cut);
    cr_expect_eq(list.list[0].address_count, FO_INTERFACE_ADDRESSES);
}

/* What is true of any machine. */
Test(binding, the_kernel_lists_what_it_has)
{
    cr_assert_eq(fo_interfaces_read(&list), FO_OK);
    for (size_t i = 0; i < list.count; i++) {
        cr_expect_neq(list.list[i].index, 0);
        cr_expect_neq(list.list[i].name[0], '\0');
        cr_expect_gt(list.list[i].address_count, 0);
        if (strcmp(list.list[i].name, "lo") == 0)
            cr_expect(list.list[i].loopback && fo_binding_is_internal(&list.list[i]));
    }
}
