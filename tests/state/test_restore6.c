/* Tests of state/restore6.c: what a process finds when it starts. */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "case6.h"
#include "state/store_lmdb.h"

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
TestSuite(restore6, .init = set_up, .fini = tear_down);

static const uint8_t key_1[16] = {0x20, 0x01, 0x0d, 0xb8, [15] = 1};
static const uint8_t client_1[] = {0, 0, 0, 1, 'o', 'n', 'e'};
static unsigned reports;

static void on_damage(void *context, enum fo_table table, const char *what)
{
    (void)context;
    (void)table;
    cr_expect_not_null(strstr(what, "set aside"), "%s", what);
    reports++;
}

static uint64_t restored(void)
{
    uint64_t damaged = 99;

    reports = 0;
    cr_assert_eq(fo_lease6_restore(store, on_damage, NULL, &damaged), FO_OK);
    cr_expect_eq(reports, damaged);
    return damaged;
}

Test(restore6, a_damaged_lease_is_set_aside_when_the_process_starts)
{
    struct fo_lease6 l;

    cr_assert_eq(make_lease("2001:db8::1", 1, "one"), 0);
    cr_assert_eq(make_lease("2001:db8::2", 2, "two"), 0);
    cr_assert_eq(fo_store_mem_damage(store, FO_TABLE_LEASE6, key_1, sizeof key_1, 77), FO_OK);
    cr_expect_eq(fo_lease6_get(store, at("2001:db8::1"), &l), FO_EDAMAGED);
    cr_expect_eq(make_lease("2001:db8::1", 3, "three"), 20013, "nobody knows whose it is");
    cr_assert_eq(fo_lease6_next(store, at("::"), &l), FO_OK);
    cr_expect_eq(l.address.low, 2, "a walk passes it over");
    cr_expect_eq(restored(), 1);
    cr_expect_eq(restored(), 0, "once");
    cr_expect_eq(make_lease("2001:db8::1", 3, "three"), 0);
    cr_expect_eq(make_lease("2001:db8::9", 1, "one"), 0, "the index leads to another's lease");
}

Test(restore6, a_damaged_index_is_made_anew)
{
    cr_assert_eq(make_lease("2001:db8::1", 1, "one"), 0);
    for (unsigned i = 2; i < 200; i++) {
        char address[40], duid[8];
        snprintf(address, sizeof address, "2001:db8::%x", i);
        snprintf(duid, sizeof duid, "d%u", i);
        cr_assert_eq(make_lease(address, i, duid), 0);
    }
    cr_assert_eq(fo_store_mem_damage(store, FO_TABLE_CLIENT6, client_1, sizeof client_1, 9), FO_OK);
    cr_assert_eq(fo_store_begin(store), FO_OK);
    for (unsigned i = 2; i < 150; i++) {
        uint8_t key[8] = {0, 0, 0, (uint8_t)i};
        int length = 4 + snprintf((char *)key + 4, 4, "d%u", i);
        if (length == 8)
            key[7] = (uint8_t)('0' + i % 10);
        cr_assert_eq(fo_store_del(store, FO_TABLE_CLIENT6, key, (size_t)length), FO_OK);
    }
    cr_assert_eq(fo_store_commit(store), FO_OK);
    cr_expect_eq(restored(), 1);
    for (unsigned i = 1; i < 200; i++) {
        struct fo_client6 c = client_of(i, i == 1 ? "one" : "");
        struct fo_lease6 l;
        if (i > 1)
            c.duid_length = (uint16_t)snprintf((char *)c.duid, 8, "d%u", i);
        cr_assert_eq(fo_lease6_find(store, &c, &l), FO_OK, "%u", i);
        cr_expect_eq(l.address.low, i);
    }
    cr_expect_eq(restored(), 0);
}

Test(restore6, every_table_is_looked_through)
{
    static const enum fo_table tables[] = {FO_TABLE_PREFIX6, FO_TABLE_ELEMENT6, FO_TABLE_LEASE6,
                                           FO_TABLE_CLIENT6};

    cr_assert_eq(fo_store_begin(store), FO_OK);
    for (size_t i = 0; i < sizeof tables / sizeof tables[0]; i++)
        cr_assert_eq(fo_store_put(store, tables[i], "key", 3, "value", 5), FO_OK);
    cr_assert_eq(fo_store_commit(store), FO_OK);
    cr_expect_eq(restored(), 4);
    cr_expect_eq(restored(), 0);
}

Test(restore6, a_full_store_is_no_reason_not_to_start)
{
    uint64_t damaged = 0;

    cr_assert_eq(make_lease("2001:db8::1", 1, "one"), 0);
    cr_assert_eq(fo_store_mem_damage(store, FO_TABLE_CLIENT6, client_1, sizeof client_1, 9), FO_OK);
    fo_store_mem_set_faults(store, &(struct fo_store_mem_faults){.put = {0, -1, FO_EFULL}});
    cr_assert_eq(fo_lease6_restore(store, NULL, NULL, &damaged), FO_OK);
    cr_expect_eq(damaged, 1);
    fo_store_mem_set_faults(store, &(struct fo_store_mem_faults){.begin = {0, -1, FO_EIO}});
    cr_expect_eq(fo_lease6_restore(store, NULL, NULL, &damaged), FO_EIO);
}

/* --- on disk --------------------------------------------------------------------------------- */

static char directory[200];

static void open_disk(void)
{
    const char *tmp = getenv("TMPDIR");

    snprintf(directory, sizeof directory, "%s/fo-store6-XXXXXX", tmp != NULL ? tmp : "/tmp");
    cr_assert_not_null(mkdtemp(directory));
    cr_assert_eq(fo_store_lmdb_open(directory, 0, &store, why, sizeof why), FO_OK, "%s", why);
}
static void close_disk(void)
{
    static const char *const files[] = {"data.mdb", "lock.mdb", "writer.lock"};

    fo_store_free(store);
    for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
        char name[256];
        snprintf(name, sizeof name, "%s/%s", directory, files[i]);
        unlink(name);
    }
    rmdir(directory);
}

Test(restore6_disk, prefixes_elements_and_leases_outlive_a_restart, .init = open_disk,
     .fini = close_disk)
{
    struct fo_ipv6 from = {0};
    struct fo_element6 e;
    struct fo_prefix6 p;
    struct fo_lease6 l;

    cr_assert_eq(make_prefix(NET, 64), 0);
    cr_assert_eq(add(NET, exclusion_of("2001:db8::1", "2001:db8::9")), 0);
    cr_assert_eq(add(NET, reservation_of("2001:db8::50", 5, "five")), 0);
    for (unsigned i = 300; i > 100; i--) {
        char address[40];
        snprintf(address, sizeof address, "2001:db8::%x", i);
        cr_assert_eq(make_lease(address, i, "client"), 0);
    }
    cr_assert_eq(delete_lease("2001:db8::65"), 0);
    fo_store_free(store);
    cr_assert_eq(fo_store_lmdb_open(directory, 0, &store, why, sizeof why), FO_OK, "%s", why);
    cr_expect_eq(restored(), 0);
    cr_expect_eq(fo_prefix6_of(store, at("2001:db8::7"), &p), FO_OK);
    cr_expect_eq(fo_element6_next(store, at(NET), FO_ELEMENT6_EXCLUSION, from, from, &e), FO_OK);
    cr_expect_eq(fo_element6_next(store, at(NET), FO_ELEMENT6_RESERVATION, from, from, &e), FO_OK);
    cr_assert_eq(fo_lease6_next(store, from, &l), FO_OK);
    cr_expect(l.reserved);
    for (unsigned i = 102; i <= 300; i++) {
        cr_assert_eq(fo_lease6_next(store, fo_ipv6_next(l.address), &l), FO_OK);
        cr_assert_eq(l.address.low, i);
    }
    cr_assert_eq(fo_lease6_find(store, &l.client, &l), FO_OK);
    cr_expect_eq(make_lease("2001:db8::65", 101, "client"), 0);
    cr_expect_eq(make_lease("2001:db8::1000", 102, "client"), 20014);
}
