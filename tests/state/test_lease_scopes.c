/* Tests of state/lease_scopes.c and lease_scope.c: scopes come, change and go. */
#include <criterion/criterion.h>

#include "tests/state/lease_db_case.h"

static int set(struct fo_lease_db *db, fo_ipv4_t subnet, fo_ipv4_t mask)
{
    struct fo_range range = {subnet, subnet | ~mask};
    struct fo_scope s = plain_scope(subnet, mask, &range);

    return fo_lease_db_set_scope(db, &s);
}

Test(lease_scopes, scopes_are_sorted_and_found_by_subnet_and_by_address)
{
    struct fo_lease_db *db = fo_lease_db_new();

    cr_assert_eq(set(db, 0x0a000200, 0xffffff00), FO_OK);
    cr_assert_eq(set(db, 0x0a000000, 0xffffff00), FO_OK);
    cr_assert_eq(set(db, 0xc0a80000, 0xffff0000), FO_OK);
    cr_assert_eq(fo_lease_db_scope_count(db), 3);
    cr_assert_eq(fo_lease_db_scope_at(db, 0)->subnet, 0x0a000000);
    cr_assert_eq(fo_lease_db_scope_at(db, 1)->subnet, 0x0a000200);
    cr_assert_eq(fo_lease_db_scope_at(db, 2)->subnet, 0xc0a80000);
    cr_assert_null(fo_lease_db_scope_at(db, 3));
    cr_assert_eq(fo_lease_db_scope(db, 0xc0a80000)->mask, 0xffff0000);
    cr_assert_null(fo_lease_db_scope(db, 0xc0a80001));
    cr_assert_eq(fo_lease_db_scope_of(db, 0xc0a8ffff)->subnet, 0xc0a80000);
    cr_assert_null(fo_lease_db_scope_of(db, 0x0a000100));
    cr_assert_null(fo_lease_db_scope_of(db, 0xc0a90000));
    cr_assert_null(fo_lease_db_scope_of(db, 0x09ffffff));
    fo_lease_db_free(db);
}

Test(lease_scopes, overlapping_scopes_are_refused)
{
    struct fo_lease_db *db = fo_lease_db_new();

    cr_assert_eq(set(db, 0x0a000100, 0xffffff00), FO_OK);
    cr_assert_eq(set(db, 0x0a000000, 0xffff0000), FO_EEXISTS, "around it");
    cr_assert_eq(set(db, 0x0a000180, 0xffffff80), FO_EEXISTS, "within it");
    cr_assert_eq(set(db, 0x0a000000, 0xffffff00), FO_OK, "before it");
    cr_assert_eq(set(db, 0x0a000200, 0xffffff00), FO_OK, "behind it");
    cr_assert_eq(fo_lease_db_scope_count(db), 3);
    fo_lease_db_free(db);
}

Test(lease_scopes, what_is_no_subnet_is_refused_and_a_mask_does_not_change)
{
    struct fo_lease_db *db = fo_lease_db_new();

    cr_assert_eq(set(db, 0x0a000000, 0xff00ff00), FO_EINVAL);
    cr_assert_eq(set(db, 0x0a000001, 0xffffff00), FO_EINVAL);
    cr_assert_eq(set(db, 0x0a000000, 0xffffff00), FO_OK);
    cr_assert_eq(set(db, 0x0a000000, 0xffff0000), FO_EINVAL);
    cr_assert_eq(fo_lease_db_scope_count(db), 1);
    fo_lease_db_free(db);
}

Test(lease_scopes, the_caller_keeps_its_scope)
{
    struct fo_lease_db *db = fo_lease_db_new();
    struct fo_range range = {0x0a000001, 0x0a000002};
    struct fo_scope s = plain_scope(0x0a000000, 0xffffff00, &range);

    cr_assert_eq(fo_lease_db_set_scope(db, &s), FO_OK);
    range.last = 0x0a0000ff;
    cr_assert_eq(fo_lease_db_scope(db, 0x0a000000)->ranges[0].last, 0x0a000002);
    fo_lease_db_free(db);
}

Test(lease_scopes, new_ranges_keep_the_bindings_and_count_anew)
{
    struct fo_lease_db *db = one_scope_db(); /* .10 to .199 without .50 to .59 */
    struct fo_range range = {0x0a000032, 0x0a00003b};
    struct fo_scope s = plain_scope(0x0a000000, 0xffffff00, &range);
    struct fo_binding inside = active(0x0a000033, 1), outside = active(0x0a00000a, 2), got;
    struct fo_scope_counts c;
    fo_ipv4_t found;

    cr_assert_eq(fo_lease_db_put(db, &inside), FO_OK);
    cr_assert_eq(fo_lease_db_put(db, &outside), FO_OK);
    cr_assert_eq(fo_lease_db_set_scope(db, &s), FO_OK);
    fo_lease_db_counts(db, 0x0a000000, &c);
    cr_assert_eq(c.leasable, 10);
    cr_assert_eq(c.by_status[FO_STATUS_FREE], 9);
    cr_assert_eq(c.by_status[FO_STATUS_ACTIVE], 1);
    cr_assert_eq(c.outside, 1);
    cr_assert_eq(fo_lease_db_get(db, 0x0a00000a, &got), FO_OK);
    assert_same_binding(&got, &outside);
    cr_assert(fo_lease_db_available(db, 0x0a000000, FO_STATUS_ACTIVE, 0, &found));
    cr_assert_eq(found, 0x0a000033);
    cr_assert(fo_lease_db_available(db, 0x0a000000, FO_STATUS_FREE, 0, &found));
    cr_assert_eq(found, 0x0a000032);
    fo_lease_db_free(db);
}

Test(lease_scopes, a_removed_scope_takes_bindings_clients_and_due_times_along)
{
    struct fo_lease_db *db = one_scope_db();
    struct fo_binding b = active(0x0a00000a, 1), other = active(0x0b00000a, 1);
    struct fo_client client = b.client;
    fo_ipv4_t found;

    cr_assert_eq(set(db, 0x0b000000, 0xffff0000), FO_OK);
    cr_assert_eq(fo_lease_db_put(db, &b), FO_OK);
    cr_assert_eq(fo_lease_db_put(db, &other), FO_OK);
    cr_assert_eq(fo_lease_db_set_due(db, 0x0a00000a, fo_utc(10)), FO_OK);
    cr_assert_eq(fo_lease_db_set_due(db, 0x0b00000a, fo_utc(20)), FO_OK);
    cr_assert_eq(fo_lease_db_remove_scope(db, 0x0a000000), FO_OK);
    cr_assert_eq(fo_lease_db_remove_scope(db, 0x0a000000), FO_ENOTFOUND);
    cr_assert_eq(fo_lease_db_get(db, 0x0a00000a, &b), FO_ENOTFOUND);
    cr_assert(fo_lease_db_find_client(db, 0, &client, &found));
    cr_assert_eq(found, 0x0b00000a);
    cr_assert_eq(fo_lease_db_next_due(db).s, 20);
    cr_assert_eq(fo_lease_db_size(db), 1);
    /* Its page number is used again. */
    cr_assert_eq(set(db, 0x0a000000, 0xffffff00), FO_OK);
    cr_assert_eq(fo_lease_db_get(db, 0x0a00000a, &b), FO_OK);
    cr_assert_eq(b.status, FO_STATUS_FREE);
    b = active(0x0a00000a, 1);
    cr_assert_eq(fo_lease_db_put(db, &b), FO_OK);
    cr_assert(fo_lease_db_find_client(db, 0x0a000000, &client, &found));
    fo_lease_db_free(db);
}

Test(lease_scopes, an_owner_belongs_to_every_address_of_its_scope)
{
    struct fo_lease_db *db = one_scope_db();

    cr_assert_eq(fo_lease_db_owner(db, 0x0a000001), -1);
    fo_lease_db_set_owner(db, 0x0a000000, 3);
    fo_lease_db_set_owner(db, 0x0c000000, 4);
    cr_assert_eq(fo_lease_db_owner(db, 0x0a0000ff), 3);
    cr_assert_eq(fo_lease_db_owner(db, 0x0a000100), -1);
    fo_lease_db_free(db);
}

/* Scopes of one and two addresses, at both ends of the address space. */
Test(lease_scopes, the_smallest_scopes_and_the_last_address_work)
{
    static const struct {
        fo_ipv4_t subnet, mask;
        uint64_t size;
    } rows[] = {{0xffffffff, 0xffffffff, 1},
                {0xfffffffc, 0xfffffffe, 2},
                {1, 0xffffffff, 1},
                {0x80000000, 0xffffff80, 128}};
    struct fo_lease_db *db = fo_lease_db_new();
    fo_ipv4_t from = 0;

    for (size_t i = 0; i < 4; i++) {
        fo_ipv4_t last = rows[i].subnet | ~rows[i].mask, found;
        struct fo_binding b = active(last, (uint32_t)i), got;
        struct fo_scope_counts c;
        cr_assert_eq(set(db, rows[i].subnet, rows[i].mask), FO_OK);
        fo_lease_db_counts(db, rows[i].subnet, &c);
        cr_assert_eq(c.leasable, rows[i].size);
        cr_assert(fo_lease_db_available(db, rows[i].subnet, FO_STATUS_FREE, last, &found));
        cr_assert_eq(found, last);
        cr_assert_eq(fo_lease_db_put(db, &b), FO_OK);
        cr_assert_eq(fo_lease_db_get(db, last, &got), FO_OK);
        assert_same_binding(&got, &b);
        cr_assert_eq(fo_lease_db_available(db, rows[i].subnet, FO_STATUS_FREE, last, &found),
                     rows[i].size > 1);
        cr_assert_eq(fo_lease_db_next_in(db, rows[i].subnet, last, true, &got), true);
        cr_assert_eq(got.address, last);
    }
    for (int i = 0; i < 4; i++) {
        struct fo_binding b;
        cr_assert(fo_lease_db_next(db, from, &b));
        from = b.address + 1; /* behind the last address this is 0 */
    }
    cr_assert_eq(from, 0);
    fo_lease_db_free(db);
}
