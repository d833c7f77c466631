/* Tests of state/lease_flush.c: what changed, all of it, in order. */
#include <criterion/criterion.h>
#include <stdlib.h>

#include "state/record.h"
#include "state/store_mem.h"
#include "tests/state/lease_db_case.h"

static struct fo_store *store;
static struct fo_lease_db *db;

static void set_up(void)
{
    store = fo_store_mem_new();
    db = one_scope_db();
}

static void tear_down(void)
{
    fo_lease_db_free(db);
    fo_store_free(store);
}

TestSuite(lease_flush, .init = set_up, .fini = tear_down);

static void flush(void)
{
    cr_assert_eq(fo_store_begin(store), FO_OK);
    cr_assert_eq(fo_lease_db_flush(db, store), FO_OK);
    cr_assert_eq(fo_store_commit(store), FO_OK);
    cr_assert_not(fo_lease_db_dirty(db));
}

static int count_one(void *context, const void *key, size_t key_length, const void *value,
                     size_t value_length)
{
    (void)key, (void)key_length, (void)value, (void)value_length;
    ++*(int *)context;
    return FO_OK;
}

static int records(enum fo_table table)
{
    int count = 0;

    cr_assert_eq(fo_store_walk(store, table, NULL, 0, count_one, &count), FO_OK);
    return count;
}

static int read_binding(void *context, const void *key, size_t key_length, const void *value,
                        size_t value_length)
{
    struct fo_binding *b = context;

    return fo_record_read_binding(key, key_length, value, value_length, b);
}

static int stored(fo_ipv4_t address, struct fo_binding *out)
{
    uint8_t key[4];

    fo_record_put_address(address, key);
    return fo_store_get(store, FO_TABLE_BINDING, key, 4, read_binding, out);
}

static uint64_t puts_so_far(void)
{
    struct fo_store_stats stats;

    fo_store_stats(store, &stats);
    return stats.puts;
}

Test(lease_flush, changes_reach_the_store_once)
{
    struct fo_binding b = active(0x0a00000b, 1), got;
    uint64_t puts;

    cr_assert(fo_lease_db_dirty(db), "the scope is new");
    flush();
    cr_assert_eq(records(FO_TABLE_SCOPE), 1);
    cr_assert_eq(fo_lease_db_put(db, &b), FO_OK);
    b.lease_expiration = fo_utc(77);
    cr_assert_eq(fo_lease_db_put(db, &b), FO_OK);
    cr_assert(fo_lease_db_dirty(db));
    puts = puts_so_far();
    flush();
    cr_assert_eq(puts_so_far(), puts + 1, "the newest form only");
    cr_assert_eq(stored(0x0a00000b, &got), FO_OK);
    assert_same_binding(&got, &b);
    flush();
    cr_assert_eq(puts_so_far(), puts + 1);
}

Test(lease_flush, a_forgotten_address_leaves_the_store)
{
    struct fo_binding b = active(0x0a00000b, 1);

    cr_assert_eq(fo_lease_db_put(db, &b), FO_OK);
    flush();
    cr_assert_eq(fo_lease_db_forget(db, b.address), FO_OK);
    flush();
    cr_assert_eq(records(FO_TABLE_BINDING), 0);
    b.address = 0x0a00000c; /* put and forgotten between two flushes */
    cr_assert_eq(fo_lease_db_put(db, &b), FO_OK);
    cr_assert_eq(fo_lease_db_forget(db, b.address), FO_OK);
    flush();
    cr_assert_eq(records(FO_TABLE_BINDING), 0);
}

Test(lease_flush, marks_and_due_times_are_not_stored)
{
    flush();
    cr_assert_eq(fo_lease_db_set_marks(db, 0x0a00000b, 1), FO_OK);
    cr_assert_eq(fo_lease_db_set_due(db, 0x0a00000b, fo_utc(5)), FO_OK);
    cr_assert_not(fo_lease_db_dirty(db));
}

Test(lease_flush, a_failed_flush_may_be_repeated_in_another_transaction)
{
    struct fo_store_mem_faults faults = {.put = {.after = 50, .times = 1, .err = FO_EFULL}};
    struct fo_binding got;

    for (uint32_t i = 0; i < 100; i++) {
        struct fo_binding b = active(0x0a000000 + i, i);
        cr_assert_eq(fo_lease_db_put(db, &b), FO_OK);
    }
    fo_store_mem_set_faults(store, &faults);
    cr_assert_eq(fo_store_begin(store), FO_OK);
    cr_assert_eq(fo_lease_db_flush(db, store), FO_EFULL);
    fo_store_abort(store);
    cr_assert_eq(records(FO_TABLE_BINDING), 0);
    cr_assert(fo_lease_db_dirty(db));
    flush();
    cr_assert_eq(records(FO_TABLE_BINDING), 100);
    cr_assert_eq(stored(0x0a000063, &got), FO_OK);
}

Test(lease_flush, a_crash_between_flush_and_commit_leaves_the_former_transaction)
{
    struct fo_binding b = active(0x0a00000b, 1), got;

    cr_assert_eq(fo_lease_db_put(db, &b), FO_OK);
    flush();
    b.lease_expiration = fo_utc(9999);
    cr_assert_eq(fo_lease_db_put(db, &b), FO_OK);
    cr_assert_eq(fo_store_begin(store), FO_OK);
    cr_assert_eq(fo_lease_db_flush(db, store), FO_OK);
    fo_store_mem_crash(store);
    cr_assert_eq(stored(0x0a00000b, &got), FO_OK);
    cr_assert_eq(got.lease_expiration.s, 2000);
}

Test(lease_flush, a_removed_scope_leaves_the_store_with_all_its_bindings_and_no_others)
{
    struct fo_binding b, got;

    add_plain_scope(db, 0x0b000000, 0xffff0000, 0x0b000000, 0x0b00ffff);
    add_plain_scope(db, 0x0c000000, 0xffffff00, 0x0c000000, 0x0c0000ff);
    for (uint32_t i = 0; i < 2000; i++) { /* more than are deleted at a time */
        b = active(0x0b000000 + i * 30, i);
        cr_assert_eq(fo_lease_db_put(db, &b), FO_OK);
    }
    b = active(0x0a0000ff, 1);
    cr_assert_eq(fo_lease_db_put(db, &b), FO_OK);
    b = active(0x0c000000, 1);
    cr_assert_eq(fo_lease_db_put(db, &b), FO_OK);
    flush();
    cr_assert_eq(records(FO_TABLE_BINDING), 2002);
    b = active(0x0b000001, 1); /* changed, but never to be written */
    cr_assert_eq(fo_lease_db_put(db, &b), FO_OK);
    cr_assert_eq(fo_lease_db_remove_scope(db, 0x0b000000), FO_OK);
    cr_assert(fo_lease_db_dirty(db));
    flush();
    cr_assert_eq(records(FO_TABLE_BINDING), 2);
    cr_assert_eq(records(FO_TABLE_SCOPE), 2);
    cr_assert_eq(stored(0x0c000000, &got), FO_OK);
}

Test(lease_flush, a_scope_removed_and_made_again_before_the_flush_keeps_only_the_new)
{
    struct fo_binding b = active(0x0a00000b, 1), got;

    cr_assert_eq(fo_lease_db_put(db, &b), FO_OK);
    flush();
    cr_assert_eq(fo_lease_db_remove_scope(db, 0x0a000000), FO_OK);
    add_plain_scope(db, 0x0a000000, 0xffffff00, 0x0a000000, 0x0a0000ff);
    b.address = 0x0a00000c;
    cr_assert_eq(fo_lease_db_put(db, &b), FO_OK);
    flush();
    cr_assert_eq(stored(0x0a00000b, &got), FO_ENOTFOUND);
    cr_assert_eq(stored(0x0a00000c, &got), FO_OK);
    cr_assert_eq(records(FO_TABLE_SCOPE), 1);
}
