/* Tests of state/lease_due.c. */
#include <criterion/criterion.h>
#include <stdlib.h>

#include "state/lease_db_impl.h"
#include "tests/state/lease_db_case.h"

static void set(struct fo_lease_db *db, uint32_t place, uint32_t due)
{
    cr_assert_eq(fo_lease_db_set_due(db, 0x0a000000 + place, fo_utc(due)), FO_OK);
}

static fo_ipv4_t take(struct fo_lease_db *db, uint32_t now)
{
    fo_ipv4_t address;

    return fo_lease_db_take_due(db, fo_utc(now), &address) ? address : 0;
}

Test(lease_due, nothing_is_due_at_first)
{
    struct fo_lease_db *db = one_scope_db();

    cr_assert_eq(fo_lease_db_next_due(db).s, FO_UTC_NONE);
    cr_assert_eq(take(db, 0xffffffff), 0);
    fo_lease_db_free(db);
}

Test(lease_due, addresses_come_due_in_order_of_time_each_once)
{
    struct fo_lease_db *db = one_scope_db();

    set(db, 1, 300);
    set(db, 2, 100);
    set(db, 3, 200);
    cr_assert_eq(fo_lease_db_next_due(db).s, 100);
    cr_assert_eq(take(db, 99), 0);
    cr_assert_eq(take(db, 100), 0x0a000002, "due at the very second");
    cr_assert_eq(take(db, 250), 0x0a000003);
    cr_assert_eq(take(db, 250), 0);
    cr_assert_eq(fo_lease_db_next_due(db).s, 300);
    fo_lease_db_free(db);
}

Test(lease_due, the_last_word_counts_earlier_or_later)
{
    struct fo_lease_db *db = one_scope_db();

    set(db, 1, 100);
    set(db, 1, 500);
    cr_assert_eq(fo_lease_db_next_due(db).s, 500);
    set(db, 1, 50);
    cr_assert_eq(fo_lease_db_next_due(db).s, 50);
    cr_assert_eq(take(db, 1000), 0x0a000001);
    cr_assert_eq(take(db, 1000), 0);
    set(db, 1, 500); /* the time of an entry that was overtaken */
    cr_assert_eq(take(db, 1000), 0x0a000001);
    cr_assert_eq(take(db, 1000), 0);
    fo_lease_db_free(db);
}

Test(lease_due, none_and_infinite_cancel)
{
    struct fo_lease_db *db = one_scope_db();

    set(db, 1, 100);
    set(db, 1, FO_UTC_NONE);
    set(db, 2, 100);
    set(db, 2, FO_UTC_INFINITE);
    set(db, 3, FO_UTC_ALL_ONES);
    cr_assert_eq(fo_lease_db_next_due(db).s, FO_UTC_NONE);
    cr_assert_eq(fo_lease_db_set_due(db, 0x0c000000, fo_utc(1)), FO_ENOTFOUND);
    cr_assert_eq(fo_lease_db_set_due(db, 0x0c000000, fo_utc(0)), FO_ENOTFOUND);
    fo_lease_db_free(db);
}

Test(lease_due, it_agrees_with_a_plain_model_and_leftovers_stay_bounded)
{
    struct fo_lease_db *db = one_scope_db();
    uint32_t model[256] = {0}, now = 1;
    unsigned seed = 3;

    for (int step = 0; step < 50000; step++) {
        uint32_t place = (uint32_t)rand_r(&seed) % 256, earliest = 0;
        model[place] = rand_r(&seed) % 8 == 0 ? 0 : now + (uint32_t)rand_r(&seed) % 1000;
        set(db, place, model[place]);
        for (uint32_t i = 0; i < 256; i++)
            if (model[i] != 0 && (earliest == 0 || model[i] < earliest))
                earliest = model[i];
        cr_assert_eq(fo_lease_db_next_due(db).s, earliest);
        cr_assert_leq(db->due.count, 2 * 256 + 65);
        now += (uint32_t)rand_r(&seed) % 3;
        for (fo_ipv4_t taken; (taken = take(db, now)) != 0;) {
            cr_assert_eq(model[taken & 0xff] != 0 && model[taken & 0xff] <= now, true);
            model[taken & 0xff] = 0;
        }
        for (uint32_t i = 0; i < 256; i++)
            cr_assert(model[i] == 0 || model[i] > now);
    }
    fo_lease_db_free(db);
}

Test(lease_due, ever_earlier_times_do_not_fill_the_heap)
{
    struct fo_lease_db *db = one_scope_db();

    for (uint32_t due = 1000000; due > 0; due--) {
        set(db, 1, due);
        cr_assert_leq(db->due.count, 67);
    }
    cr_assert_eq(fo_lease_db_next_due(db).s, 1);
    fo_lease_db_free(db);
}
