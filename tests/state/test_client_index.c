/* Tests of state/client_index.c; what it is for is tested in test_lease_find.c. */
#include <criterion/criterion.h>

#include "state/client_index.h"
#include "tests/state/lease_db_case.h"

#define SLOTS 256u

static struct fo_page_table table;
static struct fo_client_index x;
static struct fo_lease_page *page;

static void add(uint32_t place, uint32_t client)
{
    struct fo_client c = ethernet(client);

    cr_assert_eq(fo_slot_set_client(&page->slots[place], &c), FO_OK);
    cr_assert_eq(fo_client_index_reserve(&x), FO_OK);
    fo_client_index_add(&x, &table, fo_page_ref(page, place));
}

static uint32_t chain_length(uint32_t client, uint32_t *out_mine)
{
    struct fo_client c = ethernet(client), held;
    uint32_t length = 0;

    *out_mine = 0;
    for (fo_lease_ref ref = fo_client_index_chain(&x, &c); ref != 0;
         ref = fo_slot_of(&table, ref)->next) {
        fo_slot_client(fo_slot_of(&table, ref), &held);
        *out_mine += fo_client_equal(&held, &c);
        length++;
    }
    return length;
}

static void set_up(void)
{
    cr_assert_eq(fo_page_table_add(&table, 0x0a000000, SLOTS, &page), FO_OK);
}

static void tear_down(void)
{
    fo_client_index_fini(&x);
    fo_page_table_fini(&table);
}

TestSuite(client_index, .init = set_up, .fini = tear_down);

Test(client_index, chains_stay_short_while_it_grows)
{
    uint32_t total = 0, mine;

    for (uint32_t i = 0; i < SLOTS; i++) {
        add(i, i);
        cr_assert_eq(x.bucket_count, i + 1);
        for (uint32_t j = 0; j <= i; j++) {
            chain_length(j, &mine);
            cr_assert_eq(mine, 1);
        }
    }
    for (uint32_t i = 0; i < SLOTS; i++)
        total += chain_length(i, &mine);
    cr_assert_lt(total, 4 * SLOTS);
}

Test(client_index, all_addresses_of_a_client_are_in_its_chain_and_leave_one_by_one)
{
    uint32_t mine;

    for (uint32_t i = 0; i < SLOTS; i++)
        add(i, i % 2);
    for (uint32_t i = 0; i < SLOTS; i += 2) {
        chain_length(0, &mine);
        cr_assert_eq(mine, (SLOTS - i) / 2);
        fo_client_index_remove(&x, &table, fo_page_ref(page, i));
    }
    chain_length(0, &mine);
    cr_assert_eq(mine, 0);
    chain_length(1, &mine);
    cr_assert_eq(mine, SLOTS / 2);
    cr_assert_eq(x.count, SLOTS / 2);
}

Test(client_index, an_address_without_a_client_is_not_in_it)
{
    fo_client_index_add(&x, &table, fo_page_ref(page, 0));
    fo_client_index_remove(&x, &table, fo_page_ref(page, 0));
    cr_assert_eq(x.count, 0);
}

Test(client_index, built_at_once_it_finds_every_client_and_grows_on)
{
    uint32_t mine;

    for (uint32_t i = 0; i < 100; i++) {
        struct fo_client c = ethernet(i);
        cr_assert_eq(fo_slot_set_client(&page->slots[2 * i], &c), FO_OK); /* every other has one */
    }
    cr_assert_eq(fo_client_index_build(&x, &table, 100), FO_OK);
    cr_assert_eq(x.count, 100);
    for (uint32_t i = 0; i < 100; i++)
        fo_client_index_remove(&x, &table, fo_page_ref(page, 2 * i)); /* the links are whole */
    for (uint32_t i = 0; i < 100; i++)
        fo_client_index_add(&x, &table, fo_page_ref(page, 2 * i));
    for (uint32_t i = 100; i < 120; i++)
        add(2 * i, i);
    for (uint32_t i = 0; i < 120; i++) {
        cr_assert_leq(chain_length(i, &mine), 12);
        cr_assert_eq(mine, 1);
    }
}

Test(client_index, built_of_nothing_it_is_empty_and_takes_a_client)
{
    uint32_t mine;

    cr_assert_eq(fo_client_index_build(&x, &table, 0), FO_OK);
    chain_length(7, &mine);
    cr_assert_eq(mine, 0);
    add(0, 7);
    chain_length(7, &mine);
    cr_assert_eq(mine, 1);
}

Test(client_index, a_wrong_guess_of_the_count_costs_length_alone)
{
    uint32_t mine;

    for (uint32_t i = 0; i < 50; i++) {
        struct fo_client c = ethernet(i);
        cr_assert_eq(fo_slot_set_client(&page->slots[i], &c), FO_OK);
    }
    cr_assert_eq(fo_client_index_build(&x, &table, 3), FO_OK);
    for (uint32_t i = 50; i < 60; i++)
        add(i, i);
    for (uint32_t i = 0; i < 60; i++) {
        chain_length(i, &mine);
        cr_assert_eq(mine, 1);
    }
}
