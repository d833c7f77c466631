/* Tests of state/store_mem.c, through the calls of state/store.h. */
#include <criterion/criterion.h>
#include <string.h>

#include "state/store_mem.h"

static struct fo_store *store;

static void set_up(void)
{
    store = fo_store_mem_new();
    cr_assert_not_null(store);
}

static void tear_down(void)
{
    fo_store_free(store);
}

TestSuite(store_mem, .init = set_up, .fini = tear_down);

static int put(const char *key, const char *value)
{
    return fo_store_put(store, FO_TABLE_META, key, strlen(key), value, strlen(value));
}

static int del(const char *key)
{
    return fo_store_del(store, FO_TABLE_META, key, strlen(key));
}

/* Collects "key=value " of each record. */
static int print(void *context, const void *key, size_t key_length, const void *value,
                 size_t value_length)
{
    char *text = context;

    strncat(text, key, key_length);
    strcat(text, "=");
    strncat(text, value, value_length);
    strcat(text, " ");
    return FO_OK;
}

static const char *contents(const char *from)
{
    static char text[1000];

    text[0] = '\0';
    cr_assert_eq(fo_store_walk(store, FO_TABLE_META, from, strlen(from), print, text), FO_OK);
    return text;
}

static void commit_three(void)
{
    cr_assert_eq(fo_store_begin(store), FO_OK);
    cr_assert_eq(put("b", "2"), FO_OK);
    cr_assert_eq(put("a", "1"), FO_OK);
    cr_assert_eq(put("c", "3"), FO_OK);
    cr_assert_eq(fo_store_commit(store), FO_OK);
}

Test(store_mem, keys_come_in_byte_order_from_the_key_asked_for)
{
    cr_assert_eq(fo_store_begin(store), FO_OK);
    cr_assert_eq(put("b", "2"), FO_OK);
    cr_assert_eq(put("ab", "3"), FO_OK);
    cr_assert_eq(put("a", "1"), FO_OK);
    cr_assert_eq(put("\xff", "4"), FO_OK);
    cr_assert_eq(fo_store_commit(store), FO_OK);
    cr_assert_str_eq(contents(""), "a=1 ab=3 b=2 \xff=4 ");
    cr_assert_str_eq(contents("ab"), "ab=3 b=2 \xff=4 ");
    cr_assert_str_eq(contents("aba"), "b=2 \xff=4 ");
}

Test(store_mem, an_open_transaction_is_seen_and_an_abort_takes_it_back)
{
    commit_three();
    cr_assert_eq(fo_store_begin(store), FO_OK);
    cr_assert_eq(put("a", "other"), FO_OK);
    cr_assert_eq(put("a", "again"), FO_OK);
    cr_assert_eq(del("b"), FO_OK);
    cr_assert_eq(put("d", "4"), FO_OK);
    cr_assert_str_eq(contents(""), "a=again c=3 d=4 ");
    fo_store_abort(store);
    cr_assert_str_eq(contents(""), "a=1 b=2 c=3 ");
}

Test(store_mem, a_crash_between_put_and_commit_loses_only_the_transaction)
{
    commit_three();
    cr_assert_eq(fo_store_begin(store), FO_OK);
    cr_assert_eq(put("a", "lost"), FO_OK);
    cr_assert_eq(del("c"), FO_OK);
    fo_store_mem_crash(store);
    cr_assert_str_eq(contents(""), "a=1 b=2 c=3 ");
    cr_assert_eq(fo_store_begin(store), FO_OK, "the crash closed the transaction");
}

Test(store_mem, changes_need_a_transaction_and_there_is_one_at_a_time)
{
    cr_assert_eq(put("a", "1"), FO_ESTATE);
    cr_assert_eq(del("a"), FO_ESTATE);
    cr_assert_eq(fo_store_commit(store), FO_ESTATE);
    cr_assert_eq(fo_store_begin(store), FO_OK);
    cr_assert_eq(fo_store_begin(store), FO_ESTATE);
}

Test(store_mem, an_absent_key_is_not_found_and_may_be_deleted)
{
    char text[10] = "";

    cr_assert_eq(fo_store_get(store, FO_TABLE_META, "x", 1, print, text), FO_ENOTFOUND);
    cr_assert_eq(fo_store_begin(store), FO_OK);
    cr_assert_eq(del("x"), FO_OK);
}

Test(store_mem, a_key_that_is_empty_or_too_long_is_refused)
{
    char key[FO_STORE_KEY_MAX + 1];

    memset(key, 'k', sizeof(key));
    cr_assert_eq(fo_store_begin(store), FO_OK);
    cr_assert_eq(fo_store_put(store, FO_TABLE_META, key, FO_STORE_KEY_MAX, "", 0), FO_OK);
    cr_assert_eq(fo_store_put(store, FO_TABLE_META, key, FO_STORE_KEY_MAX + 1, "", 0), FO_EINVAL);
    cr_assert_eq(fo_store_put(store, FO_TABLE_META, key, 0, "", 0), FO_EINVAL);
    cr_assert_eq(fo_store_del(store, FO_TABLE_META, key, FO_STORE_KEY_MAX + 1), FO_EINVAL);
    cr_assert_eq(fo_store_get(store, FO_TABLE_META, key, 0, print, NULL), FO_EINVAL);
}

static int stop_at_first(void *context, const void *key, size_t key_length, const void *value,
                         size_t value_length)
{
    (void)key, (void)key_length, (void)value, (void)value_length;
    ++*(int *)context;
    return 7;
}

Test(store_mem, a_visitor_ends_the_walk_with_its_own_value)
{
    int calls = 0;

    commit_three();
    cr_assert_eq(fo_store_walk(store, FO_TABLE_META, "", 0, stop_at_first, &calls), 7);
    cr_assert_eq(calls, 1);
    cr_assert_eq(fo_store_get(store, FO_TABLE_META, "b", 1, stop_at_first, &calls), 7);
}

Test(store_mem, a_put_fault_strikes_after_and_as_often_as_told)
{
    struct fo_store_mem_faults faults = {.put = {.after = 1, .times = 2, .err = FO_EFULL}};

    fo_store_mem_set_faults(store, &faults);
    cr_assert_eq(fo_store_begin(store), FO_OK);
    cr_assert_eq(put("a", "1"), FO_OK);
    cr_assert_eq(put("b", "2"), FO_EFULL);
    cr_assert_eq(del("a"), FO_EFULL);
    cr_assert_eq(put("b", "2"), FO_OK);
    cr_assert_str_eq(contents(""), "a=1 b=2 ");
}

Test(store_mem, a_commit_fault_takes_the_transaction_back)
{
    struct fo_store_mem_faults faults = {.commit = {.after = 0, .times = 1, .err = FO_EIO}};

    commit_three();
    fo_store_mem_set_faults(store, &faults);
    cr_assert_eq(fo_store_begin(store), FO_OK);
    cr_assert_eq(put("a", "lost"), FO_OK);
    cr_assert_eq(fo_store_commit(store), FO_EIO);
    cr_assert_str_eq(contents(""), "a=1 b=2 c=3 ");
    cr_assert_eq(fo_store_begin(store), FO_OK);
    cr_assert_eq(put("a", "kept"), FO_OK);
    cr_assert_eq(fo_store_commit(store), FO_OK);
    cr_assert_str_eq(contents(""), "a=kept b=2 c=3 ");
}

Test(store_mem, begin_and_get_fail_for_ever_when_told_so)
{
    struct fo_store_mem_faults faults = {.begin = {.times = -1, .err = FO_EIO},
                                         .get = {.times = -1, .err = FO_EIO}};
    char text[10] = "";

    fo_store_mem_set_faults(store, &faults);
    for (int i = 0; i < 5; i++) {
        cr_assert_eq(fo_store_begin(store), FO_EIO);
        cr_assert_eq(fo_store_get(store, FO_TABLE_META, "a", 1, print, text), FO_EIO);
        cr_assert_eq(fo_store_walk(store, FO_TABLE_META, "", 0, print, text), FO_EIO);
    }
}

Test(store_mem, damage_flips_one_bit_of_a_stored_value)
{
    commit_three();
    cr_assert_eq(fo_store_mem_damage(store, FO_TABLE_META, "b", 1, 0), FO_OK);
    cr_assert_str_eq(contents(""), "a=1 b=3 c=3 "); /* '2' is 0x32 */
    cr_assert_eq(fo_store_mem_damage(store, FO_TABLE_META, "b", 1, 8), FO_ENOTFOUND);
    cr_assert_eq(fo_store_mem_damage(store, FO_TABLE_META, "x", 1, 0), FO_ENOTFOUND);
}

Test(store_mem, a_torn_write_keeps_the_beginning_of_what_was_committed_last)
{
    cr_assert_eq(fo_store_mem_tear(store, 0), FO_ENOTFOUND);
    commit_three();
    cr_assert_eq(fo_store_begin(store), FO_OK);
    cr_assert_eq(put("a", "long"), FO_OK);
    cr_assert_eq(fo_store_commit(store), FO_OK);
    cr_assert_eq(fo_store_mem_tear(store, 4), FO_ENOTFOUND);
    cr_assert_eq(fo_store_mem_tear(store, 2), FO_OK);
    cr_assert_str_eq(contents(""), "a=lo b=2 c=3 ");
}

Test(store_mem, a_snapshot_comes_back_as_it_was)
{
    struct fo_store *snapshot = fo_store_mem_new();

    commit_three();
    cr_assert_eq(fo_store_mem_copy(snapshot, store), FO_OK);
    fo_store_mem_wipe(store);
    cr_assert_str_eq(contents(""), "");
    cr_assert_eq(fo_store_mem_copy(store, snapshot), FO_OK);
    cr_assert_str_eq(contents(""), "a=1 b=2 c=3 ");
    fo_store_free(snapshot);
}

Test(store_mem, stats_count_commits_changes_and_bytes)
{
    struct fo_store_stats stats;

    commit_three();
    fo_store_stats(store, &stats);
    cr_assert_eq(stats.commits, 1);
    cr_assert_eq(stats.puts, 3);
    cr_assert_eq(stats.bytes_used, 6);
    cr_assert_gt(stats.capacity_bytes, stats.bytes_used);
}
