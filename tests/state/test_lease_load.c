/* Tests of state/lease_load.c: what was stored comes back, damage does not stop the start. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "state/record.h"
#include "state/store_lmdb.h"
#include "state/store_mem.h"
#include "tests/state/lease_db_case.h"

static int damages;
static char last_damage[400];

static void note_damage(void *context, enum fo_table table, const char *what)
{
    (void)context;
    damages++;
    snprintf(last_damage, sizeof(last_damage), "%d: %s", (int)table, what);
}

static void flush(struct fo_lease_db *db, struct fo_store *store)
{
    cr_assert_eq(fo_store_begin(store), FO_OK);
    cr_assert_eq(fo_lease_db_flush(db, store), FO_OK);
    cr_assert_eq(fo_store_commit(store), FO_OK);
}

static struct fo_lease_db *load(struct fo_store *store, struct fo_lease_db_load *out)
{
    struct fo_lease_db *db = fo_lease_db_new();
    int rc = fo_lease_db_load(db, store, note_damage, NULL, out);

    cr_assert_eq(rc, FO_OK, "%s", fo_strerror(rc));
    cr_assert_not(fo_lease_db_dirty(db), "what was just read need not be written");
    return db;
}

/* Two scopes, |count| bindings in the second, one in the first. */
static struct fo_store *example_store(uint32_t count)
{
    struct fo_store *store = fo_store_mem_new();
    struct fo_lease_db *db = one_scope_db();
    struct fo_binding b = active(0x0a000064, 999999);

    add_plain_scope(db, 0x0b000000, 0xff000000, 0x0b000000, 0x0bffffff);
    cr_assert_eq(fo_lease_db_put(db, &b), FO_OK);
    for (uint32_t i = 0; i < count; i++) {
        b = active(0x0b000000 + i, i);
        b.status = (uint8_t)(1 + i % 7);
        cr_assert_eq(fo_lease_db_put(db, &b), FO_OK);
    }
    flush(db, store);
    fo_lease_db_free(db);
    return store;
}

static void damage(struct fo_store *store, enum fo_table table, fo_ipv4_t address)
{
    uint8_t key[4];

    fo_record_put_address(address, key);
    cr_assert_eq(fo_store_mem_damage(store, table, key, 4, 13), FO_OK);
}

static int count_one(void *context, const void *key, size_t key_length, const void *value,
                     size_t value_length)
{
    (void)key, (void)key_length, (void)value, (void)value_length;
    ++*(uint64_t *)context;
    return FO_OK;
}

static uint64_t records(struct fo_store *store, enum fo_table table)
{
    uint64_t count = 0;

    cr_assert_eq(fo_store_walk(store, table, NULL, 0, count_one, &count), FO_OK);
    return count;
}

Test(lease_load, an_empty_store_gives_an_empty_database)
{
    struct fo_store *store = fo_store_mem_new();
    struct fo_lease_db_load l;
    struct fo_lease_db *db = load(store, &l);

    cr_assert_eq(l.scopes + l.bindings + l.damaged + l.orphaned, 0);
    fo_lease_db_free(db);
    fo_store_free(store);
}

Test(lease_load, what_was_flushed_comes_back_with_counters_and_clients)
{
    struct fo_store *store = example_store(700);
    struct fo_lease_db_load l;
    struct fo_lease_db *db = load(store, &l);
    struct fo_client client = ethernet(123);
    struct fo_scope_counts c;
    struct fo_binding b;
    fo_ipv4_t found;

    cr_assert_eq(l.scopes, 2);
    cr_assert_eq(l.bindings, 701);
    cr_assert_eq(l.damaged + l.orphaned, 0);
    fo_lease_db_counts(db, 0x0b000000, &c);
    cr_assert_eq(c.leasable, 1 << 24);
    cr_assert_eq(c.by_status[FO_STATUS_ACTIVE], 100);
    cr_assert_eq(c.by_status[FO_STATUS_FREE], (1 << 24) - 600);
    cr_assert(fo_lease_db_find_client(db, 0, &client, &found));
    cr_assert_eq(found, 0x0b00007b);
    cr_assert_eq(fo_lease_db_get(db, 0x0a000064, &b), FO_OK);
    cr_assert_eq(b.lease_expiration.s, 2000);
    cr_assert_eq(fo_lease_db_next_due(db).s, FO_UTC_NONE, "due times are the engine's to set");
    fo_lease_db_free(db);
    fo_store_free(store);
}

Test(lease_load, a_damaged_binding_is_set_aside_and_reported_and_the_rest_loads)
{
    struct fo_store *store = example_store(10);
    static const uint8_t key[5] = {FO_TABLE_BINDING, 0x0b, 0, 0, 3};
    struct fo_lease_db_load l;
    uint64_t found = 0;

    damage(store, FO_TABLE_BINDING, 0x0b000003);
    fo_lease_db_free(load(store, &l));
    cr_assert_eq(l.bindings, 10);
    cr_assert_eq(l.damaged, 1);
    cr_assert_eq(damages, 1);
    cr_assert_str_eq(last_damage, "4: record 11.0.0.3: a stored record is damaged; set aside");
    cr_assert_eq(fo_store_get(store, FO_TABLE_QUARANTINE, key, 5, count_one, &found), FO_OK);
    cr_assert_eq(records(store, FO_TABLE_BINDING), 10);
    fo_lease_db_free(load(store, &l)); /* and the next start is clean */
    cr_assert_eq(l.damaged, 0);
    cr_assert_eq(l.bindings, 10);
    fo_store_free(store);
}

Test(lease_load, a_damaged_scope_leaves_its_bindings_on_disk)
{
    struct fo_store *store = example_store(10);
    struct fo_lease_db_load l;
    struct fo_lease_db *db;

    damage(store, FO_TABLE_SCOPE, 0x0b000000);
    db = load(store, &l);
    cr_assert_eq(l.scopes, 1);
    cr_assert_eq(l.damaged, 1);
    cr_assert_eq(l.orphaned, 10);
    cr_assert_eq(l.bindings, 1);
    cr_assert_eq(records(store, FO_TABLE_BINDING), 11);
    /* An operator makes the scope again: at the next start they are there. */
    add_plain_scope(db, 0x0b000000, 0xff000000, 0x0b000000, 0x0bffffff);
    flush(db, store);
    fo_lease_db_free(db);
    fo_lease_db_free(load(store, &l));
    cr_assert_eq(l.bindings, 11);
    cr_assert_eq(l.orphaned, 0);
    fo_store_free(store);
}

static void put_raw(struct fo_store *store, enum fo_table table, const char *key, size_t key_length,
                    const void *value, size_t length)
{
    cr_assert_eq(fo_store_begin(store), FO_OK);
    cr_assert_eq(fo_store_put(store, table, key, key_length, value, length), FO_OK);
    cr_assert_eq(fo_store_commit(store), FO_OK);
}

Test(lease_load, records_of_a_future_version_and_strange_keys_are_set_aside)
{
    struct fo_store *store = example_store(1);
    struct fo_lease_db_load l;
    uint8_t value[16];
    struct fo_writer w = fo_writer_of(value, sizeof(value));
    char long_key[FO_STORE_KEY_MAX];

    memset(long_key, 'k', sizeof(long_key));
    fo_write_u8(&w, 200);
    fo_record_seal(&w);
    put_raw(store, FO_TABLE_BINDING, "\x0b\0\0\7", 4, value, w.position);
    put_raw(store, FO_TABLE_SCOPE, "\x0d\0\0\0", 4, value, w.position);
    put_raw(store, FO_TABLE_BINDING, long_key, sizeof(long_key), value, w.position);
    put_raw(store, FO_TABLE_BINDING, "x", 1, "", 0);
    fo_lease_db_free(load(store, &l));
    cr_assert_eq(l.damaged, 4);
    cr_assert_eq(l.bindings, 2);
    cr_assert_eq(records(store, FO_TABLE_QUARANTINE), 4);
    fo_store_free(store);
}

Test(lease_load, scopes_that_overlap_or_lie_under_the_wrong_key_are_damage)
{
    struct fo_store *store = example_store(0);
    struct fo_scope s = {.subnet = 0x0b000000, .mask = 0xffff0000};
    struct fo_lease_db_load l;
    uint8_t *value;
    size_t length;

    cr_assert_eq(fo_record_write_scope(&s, &value, &length), FO_OK);
    put_raw(store, FO_TABLE_SCOPE, "\x0e\0\0\0", 4, value, length);
    free(value);
    s.subnet = 0x0b010000;
    cr_assert_eq(fo_record_write_scope(&s, &value, &length), FO_OK);
    put_raw(store, FO_TABLE_SCOPE, "\x0b\1\0\0", 4, value, length);
    free(value);
    fo_lease_db_free(load(store, &l));
    cr_assert_eq(l.scopes, 2);
    cr_assert_eq(l.damaged, 2);
    fo_store_free(store);
}

Test(lease_load, more_damage_than_is_moved_at_a_time_is_moved)
{
    struct fo_store *store = example_store(1000);
    struct fo_lease_db_load l;

    for (uint32_t i = 0; i < 1000; i += 2)
        damage(store, FO_TABLE_BINDING, 0x0b000000 + i);
    fo_lease_db_free(load(store, &l));
    cr_assert_eq(l.damaged, 500);
    cr_assert_eq(l.bindings, 501);
    cr_assert_eq(records(store, FO_TABLE_QUARANTINE), 500);
    cr_assert_eq(records(store, FO_TABLE_BINDING), 501);
    fo_store_free(store);
}

Test(lease_load, a_full_disk_leaves_damage_where_it_is_and_still_starts)
{
    struct fo_store *store = example_store(300);
    struct fo_store_mem_faults faults = {.put = {.times = -1, .err = FO_EFULL}};
    struct fo_lease_db_load l;

    for (uint32_t i = 0; i < 200; i++)
        damage(store, FO_TABLE_BINDING, 0x0b000000 + i);
    fo_store_mem_set_faults(store, &faults);
    fo_lease_db_free(load(store, &l));
    cr_assert_eq(l.damaged, 200);
    cr_assert_eq(damages, 200);
    cr_assert_eq(l.bindings, 101);
    cr_assert_eq(records(store, FO_TABLE_BINDING), 301);
    fo_store_free(store);
}

Test(lease_load, a_disk_that_fails_is_an_error)
{
    struct fo_store *store = example_store(3);
    struct fo_store_mem_faults faults = {.get = {.after = 1, .times = 1, .err = FO_EIO}};
    struct fo_lease_db *db = fo_lease_db_new();
    struct fo_lease_db_load l;

    fo_store_mem_set_faults(store, &faults);
    cr_assert_eq(fo_lease_db_load(db, store, NULL, NULL, &l), FO_EIO);
    fo_lease_db_free(db);
    damage(store, FO_TABLE_BINDING, 0x0b000001);
    faults = (struct fo_store_mem_faults){.commit = {.times = 1, .err = FO_EIO}};
    fo_store_mem_set_faults(store, &faults);
    db = fo_lease_db_new();
    cr_assert_eq(fo_lease_db_load(db, store, NULL, NULL, &l), FO_EIO);
    fo_lease_db_free(db);
    fo_store_free(store);
}

Test(lease_load, a_million_bindings_go_to_disk_and_come_back, .timeout = 60)
{
    char directory[] = "/tmp/fo-load-XXXXXX", name[100], why[200];
    struct fo_lease_db *db = fo_lease_db_new();
    struct fo_lease_db_load l;
    struct fo_store *store;

    cr_assert_not_null(mkdtemp(directory));
    cr_assert_eq(fo_store_lmdb_open(directory, 0, &store, why, sizeof(why)), FO_OK, "%s", why);
    add_plain_scope(db, 0x0a000000, 0xff000000, 0x0a000000, 0x0affffff);
    for (uint32_t i = 0; i < 1000000; i++) {
        struct fo_binding b = active(0x0a000000 + i * 7, i);
        cr_assert(fo_lease_db_put(db, &b) == FO_OK);
    }
    flush(db, store);
    fo_lease_db_free(db);
    fo_store_free(store);
    cr_assert_eq(fo_store_lmdb_open(directory, 0, &store, why, sizeof(why)), FO_OK, "%s", why);
    db = load(store, &l);
    cr_assert_eq(l.bindings, 1000000);
    cr_assert_eq(fo_lease_db_size(db), 1000000);
    fo_lease_db_free(db);
    fo_store_free(store);
    static const char *const files[] = {"data.mdb", "lock.mdb", "writer.lock"};
    for (size_t i = 0; i < 3; i++) {
        snprintf(name, sizeof(name), "%s/%s", directory, files[i]);
        unlink(name);
    }
    rmdir(directory);
}
