/* Tests of state/lease_db.c: bindings, counters and marks. */
#include <criterion/criterion.h>
#include <string.h>

#include "tests/state/lease_db_case.h"

Test(lease_db, an_untouched_address_of_a_scope_is_free_with_nothing_known)
{
    struct fo_lease_db *db = one_scope_db();
    struct fo_binding b;

    cr_assert_eq(fo_lease_db_get(db, 0x0a000005, &b), FO_OK);
    cr_assert_eq(b.address, 0x0a000005);
    cr_assert_eq(b.status, FO_STATUS_FREE);
    cr_assert_eq(b.client.hw_length, 0);
    cr_assert_eq(b.client.id_length, 0);
    cr_assert_eq(b.lease_expiration.s, 0);
    cr_assert_eq(fo_lease_db_size(db), 0);
    fo_lease_db_free(db);
}

Test(lease_db, an_address_of_no_scope_is_not_found)
{
    struct fo_lease_db *db = one_scope_db();
    struct fo_binding b = active(0x0a010005, 1);

    cr_assert_eq(fo_lease_db_get(db, 0x0a010005, &b), FO_ENOTFOUND);
    cr_assert_eq(fo_lease_db_put(db, &b), FO_ENOTFOUND);
    cr_assert_eq(fo_lease_db_forget(db, 0x0a010005), FO_ENOTFOUND);
    cr_assert_eq(fo_lease_db_set_marks(db, 0x0a010005, 1), FO_ENOTFOUND);
    cr_assert_eq(fo_lease_db_marks(db, 0x0a010005), 0);
    fo_lease_db_free(db);
}

Test(lease_db, what_was_put_is_got_back_whole)
{
    struct fo_lease_db *db = one_scope_db();
    struct fo_binding b = active(0x0a000005, 7), got;
    static const uint8_t id[] = {1, 2, 3};

    b.flags = FO_BINDING_SENT | FO_BINDING_OURS;
    b.client.id = id;
    b.client.id_length = sizeof(id);
    b.lease_expiration = fo_utc(1001);
    b.sent_potential_expiration = fo_utc(1002);
    b.acked_potential_expiration = fo_utc(1003);
    b.received_potential_expiration = fo_utc(1004);
    b.client_last_transaction = fo_utc(1005);
    b.start_of_state = fo_utc(1006);
    b.last_partner_update = fo_utc(1007);
    b.acked_epoch = 1007;
    cr_assert_eq(fo_lease_db_put(db, &b), FO_OK);
    cr_assert_eq(fo_lease_db_get(db, 0x0a000005, &got), FO_OK);
    assert_same_binding(&got, &b);
    cr_assert_neq(got.client.id, id, "the bytes were copied");
    fo_lease_db_free(db);
}

Test(lease_db, client_bytes_of_every_length_survive_and_may_be_put_back_as_borrowed)
{
    struct fo_lease_db *db = one_scope_db();
    uint8_t id[FO_CLIENT_ID_MAX];

    for (size_t i = 0; i < sizeof(id); i++)
        id[i] = (uint8_t)(i * 7 + 1);
    for (unsigned length = 0; length <= FO_CLIENT_ID_MAX; length++) {
        struct fo_binding b = active(0x0a000005, 7), got, again;
        b.client.hw_length = (uint8_t)(length % (FO_HW_MAX + 1));
        b.client.id = id;
        b.client.id_length = (uint8_t)length;
        cr_assert_eq(fo_lease_db_put(db, &b), FO_OK);
        cr_assert_eq(fo_lease_db_get(db, 0x0a000005, &got), FO_OK);
        assert_same_binding(&got, &b);
        /* Another hardware length moves the identifier within the slot it is borrowed from. */
        b.client.hw_length = got.client.hw_length = (uint8_t)((length + 5) % (FO_HW_MAX + 1));
        memcpy(got.client.hw, b.client.hw, sizeof(got.client.hw));
        cr_assert_eq(fo_lease_db_put(db, &got), FO_OK);
        cr_assert_eq(fo_lease_db_get(db, 0x0a000005, &again), FO_OK);
        assert_same_binding(&again, &b);
    }
    fo_lease_db_free(db);
}

Test(lease_db, counters_follow_every_change_of_status)
{
    struct fo_lease_db *db = one_scope_db(); /* leasable: .10 to .199 without .50 to .59 */
    struct fo_binding b = active(0x0a00000a, 1);
    struct fo_scope_counts c;

    fo_lease_db_counts(db, 0x0a000000, &c);
    cr_assert_eq(c.leasable, 180);
    cr_assert_eq(c.by_status[FO_STATUS_FREE], 180);
    cr_assert_eq(fo_lease_db_put(db, &b), FO_OK);
    fo_lease_db_counts(db, 0x0a000000, &c);
    cr_assert_eq(c.by_status[FO_STATUS_FREE], 179);
    cr_assert_eq(c.by_status[FO_STATUS_ACTIVE], 1);
    b.status = FO_STATUS_BACKUP;
    cr_assert_eq(fo_lease_db_put(db, &b), FO_OK);
    fo_lease_db_counts(db, 0x0a000000, &c);
    cr_assert_eq(c.by_status[FO_STATUS_ACTIVE], 0);
    cr_assert_eq(c.by_status[FO_STATUS_BACKUP], 1);
    b = active(0x0a000032, 2); /* excluded */
    cr_assert_eq(fo_lease_db_put(db, &b), FO_OK);
    fo_lease_db_counts(db, 0x0a000000, &c);
    cr_assert_eq(c.outside, 1);
    cr_assert_eq(c.by_status[FO_STATUS_ACTIVE], 0);
    b.status = FO_STATUS_FREE;
    cr_assert_eq(fo_lease_db_put(db, &b), FO_OK);
    fo_lease_db_counts(db, 0x0a000000, &c);
    cr_assert_eq(c.outside, 0);
    cr_assert_eq(fo_lease_db_size(db), 2);
    fo_lease_db_free(db);
}

Test(lease_db, a_forgotten_address_was_never_touched)
{
    struct fo_lease_db *db = one_scope_db();
    struct fo_binding b = active(0x0a00000a, 1);
    struct fo_client client = b.client;
    struct fo_scope_counts c;
    fo_ipv4_t found;

    cr_assert_eq(fo_lease_db_put(db, &b), FO_OK);
    cr_assert_eq(fo_lease_db_forget(db, 0x0a00000a), FO_OK);
    cr_assert_eq(fo_lease_db_forget(db, 0x0a00000b), FO_OK, "nothing to forget is no error");
    cr_assert_eq(fo_lease_db_get(db, 0x0a00000a, &b), FO_OK);
    cr_assert_eq(b.status, FO_STATUS_FREE);
    cr_assert_eq(b.client.hw_length, 0);
    cr_assert_eq(b.lease_expiration.s, 0);
    cr_assert_not(fo_lease_db_find_client(db, 0, &client, &found));
    fo_lease_db_counts(db, 0x0a000000, &c);
    cr_assert_eq(c.by_status[FO_STATUS_FREE], 180);
    cr_assert_eq(fo_lease_db_size(db), 0);
    fo_lease_db_free(db);
}

Test(lease_db, marks_are_kept_apart_from_bindings)
{
    struct fo_lease_db *db = one_scope_db();

    cr_assert_eq(fo_lease_db_marks(db, 0x0a00000a), 0);
    cr_assert_eq(fo_lease_db_set_marks(db, 0x0a00000a, 0x81), FO_OK);
    cr_assert_eq(fo_lease_db_marks(db, 0x0a00000a), 0x81);
    cr_assert_eq(fo_lease_db_size(db), 0);
    fo_lease_db_free(db);
}
