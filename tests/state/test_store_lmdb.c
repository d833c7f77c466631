/* Tests of state/store_lmdb.c: on disk, full disks included. */
#include <criterion/criterion.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include "state/record.h"
#include "state/store_lmdb.h"
#include "state/store_mem.h"

#define SMALL (1u << 20)

static char directory[200];
static struct fo_store *store;

static void open_store(uint64_t capacity)
{
    char why[300] = "";

    cr_assert_eq(fo_store_lmdb_open(directory, capacity, &store, why, sizeof(why)), FO_OK, "%s",
                 why);
}

static void reopen(void)
{
    fo_store_free(store);
    open_store(0);
}

static void set_up(void)
{
    const char *tmp = getenv("TMPDIR");

    snprintf(directory, sizeof(directory), "%s/fo-store-XXXXXX", tmp != NULL ? tmp : "/tmp");
    cr_assert_not_null(mkdtemp(directory));
}

static void tear_down(void)
{
    static const char *const files[] = {"data.mdb", "lock.mdb", "writer.lock"};

    fo_store_free(store);
    for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
        char name[256];
        snprintf(name, sizeof(name), "%s/%s", directory, files[i]);
        unlink(name);
    }
    rmdir(directory);
}

TestSuite(store_lmdb, .init = set_up, .fini = tear_down);

static int put(const char *key, const char *value)
{
    return fo_store_put(store, FO_TABLE_META, key, strlen(key), value, strlen(value));
}

static void commit_one(const char *key, const char *value)
{
    cr_assert_eq(fo_store_begin(store), FO_OK);
    cr_assert_eq(put(key, value), FO_OK);
    cr_assert_eq(fo_store_commit(store), FO_OK);
}

static int copy_value(void *context, const void *key, size_t key_length, const void *value,
                      size_t value_length)
{
    (void)key, (void)key_length;
    memcpy(context, value, value_length);
    ((char *)context)[value_length] = '\0';
    return FO_OK;
}

static const char *value_of(const char *key)
{
    static char value[100];
    int rc = fo_store_get(store, FO_TABLE_META, key, strlen(key), copy_value, value);

    return rc == FO_OK ? value : fo_error_name(rc);
}

Test(store_lmdb, what_was_committed_is_there_after_reopening_and_the_rest_is_not)
{
    open_store(0);
    commit_one("a", "1");
    cr_assert_eq(fo_store_begin(store), FO_OK);
    cr_assert_eq(put("a", "2"), FO_OK);
    cr_assert_eq(put("b", "3"), FO_OK);
    cr_assert_str_eq(value_of("a"), "2", "the open transaction is seen");
    reopen();
    cr_assert_str_eq(value_of("a"), "1");
    cr_assert_str_eq(value_of("b"), "FO_ENOTFOUND");
}

Test(store_lmdb, an_abort_takes_everything_back)
{
    open_store(0);
    commit_one("a", "1");
    cr_assert_eq(fo_store_begin(store), FO_OK);
    cr_assert_eq(fo_store_del(store, FO_TABLE_META, "a", 1), FO_OK);
    cr_assert_str_eq(value_of("a"), "FO_ENOTFOUND");
    fo_store_abort(store);
    cr_assert_str_eq(value_of("a"), "1");
}

Test(store_lmdb, changes_need_a_transaction_and_there_is_one_at_a_time)
{
    open_store(0);
    cr_assert_eq(put("a", "1"), FO_ESTATE);
    cr_assert_eq(fo_store_del(store, FO_TABLE_META, "a", 1), FO_ESTATE);
    cr_assert_eq(fo_store_commit(store), FO_ESTATE);
    cr_assert_eq(fo_store_begin(store), FO_OK);
    cr_assert_eq(fo_store_begin(store), FO_ESTATE);
}

Test(store_lmdb, an_absent_key_may_be_deleted_and_the_longest_key_fits)
{
    char key[FO_STORE_KEY_MAX];

    memset(key, 'k', sizeof(key));
    open_store(0);
    cr_assert_eq(fo_store_begin(store), FO_OK);
    cr_assert_eq(fo_store_del(store, FO_TABLE_META, "x", 1), FO_OK);
    cr_assert_eq(fo_store_put(store, FO_TABLE_QUARANTINE, key, sizeof(key), "", 0), FO_OK);
    cr_assert_eq(fo_store_commit(store), FO_OK);
}

Test(store_lmdb, a_second_writer_is_turned_away_by_name)
{
    struct fo_store *second;
    char why[300] = "";

    open_store(0);
    cr_assert_eq(fo_store_lmdb_open(directory, 0, &second, why, sizeof(why)), FO_EEXISTS);
    cr_assert_not_null(strstr(why, directory), "%s", why);
    fo_store_free(store);
    open_store(0);
}

Test(store_lmdb, bytes_that_are_no_store_are_refused)
{
    struct fo_store *none = NULL;
    char name[256], why[300] = "";
    FILE *f;

    snprintf(name, sizeof(name), "%s/data.mdb", directory);
    f = fopen(name, "w");
    for (int i = 0; i < 20000; i++)
        fputc('x', f);
    fclose(f);
    cr_assert_eq(fo_store_lmdb_open(directory, 0, &none, why, sizeof(why)), FO_EDAMAGED);
    cr_assert_not_null(strstr(why, directory), "%s", why);
    cr_assert_null(none);
}

static int ignore(void *context, const void *key, size_t key_length, const void *value,
                  size_t value_length)
{
    (void)context, (void)key, (void)key_length, (void)value, (void)value_length;
    return FO_OK;
}

/* Without its end the file reads as damaged, not as SIGBUS; LMDB's assertions do not end us. */
Test(store_lmdb, a_file_that_lost_its_end_is_damaged)
{
    char name[256], value[50] = "value";
    unsigned seed = 1;
    struct stat file;
    int rc;

    open_store(0);
    for (int i = 0; i < 20; i++) {
        cr_assert_eq(fo_store_begin(store), FO_OK);
        for (int j = 0; j < 1000; j++) {
            uint32_t key = (uint32_t)rand_r(&seed);
            cr_assert_eq(fo_store_put(store, FO_TABLE_BINDING, &key, 4, value, sizeof(value)), 0);
        }
        cr_assert_eq(fo_store_commit(store), FO_OK);
    }
    fo_store_free(store);
    snprintf(name, sizeof(name), "%s/data.mdb", directory);
    cr_assert_eq(stat(name, &file), 0);
    for (off_t tenths = 9; tenths > 0; tenths--) {
        store = NULL;
        cr_assert_eq(truncate(name, file.st_size * tenths / 10), 0);
        rc = fo_store_lmdb_open(directory, 0, &store, NULL, 0);
        if (rc == FO_OK)
            rc = fo_store_walk(store, FO_TABLE_BINDING, NULL, 0, ignore, NULL);
        cr_assert_eq(rc, FO_EDAMAGED, "%s", fo_strerror(rc));
        fo_store_free(store);
    }
    store = NULL;
}

Test(store_lmdb, a_directory_without_a_parent_is_an_error_with_a_sentence)
{
    struct fo_store *none = NULL;
    char why[300] = "";

    cr_assert_eq(fo_store_lmdb_open("/nonexistent/a/b", 0, &none, why, sizeof(why)), FO_EIO);
    cr_assert_not_null(strstr(why, "/nonexistent/a/b"), "%s", why);
    cr_assert_eq(fo_store_lmdb_open("/nonexistent/a/b", 0, &none, NULL, 0), FO_EIO);
}

Test(store_lmdb, a_store_of_a_later_format_is_refused_and_left_alone)
{
    uint8_t value[16];
    struct fo_writer w = fo_writer_of(value, sizeof(value));
    struct fo_store *none = NULL;
    char why[300] = "";

    open_store(0);
    fo_write_u8(&w, 1);
    fo_write_u32(&w, 2);
    fo_record_seal(&w);
    cr_assert_eq(fo_store_begin(store), FO_OK);
    cr_assert_eq(fo_store_put(store, FO_TABLE_META, "format", 6, value, w.position), FO_OK);
    cr_assert_eq(fo_store_commit(store), FO_OK);
    fo_store_free(store);
    store = NULL;
    for (int again = 0; again < 2; again++)
        cr_assert_eq(fo_store_lmdb_open(directory, 0, &none, why, sizeof(why)), FO_EVERSION);
    cr_assert_not_null(strstr(why, "later version"), "%s", why);
}

Test(store_lmdb, a_damaged_format_does_not_keep_the_store_shut)
{
    open_store(0);
    commit_one("format", "xxxxxxxxx");
    reopen();
    cr_assert_str_neq(value_of("format"), "xxxxxxxxx");
}

/* Fills until a put or a commit refuses, and returns how many commits went well. */
static int fill(int *out_rc)
{
    static char value[3000];
    int commits = 0;

    for (;; commits++) {
        char key[20];
        snprintf(key, sizeof(key), "fill%08d", commits);
        *out_rc = fo_store_begin(store);
        if (*out_rc == FO_OK)
            *out_rc = fo_store_put(store, FO_TABLE_BINDING, key, strlen(key), value, sizeof(value));
        if (*out_rc != FO_OK) {
            fo_store_abort(store);
            return commits;
        }
        *out_rc = fo_store_commit(store);
        if (*out_rc != FO_OK)
            return commits;
    }
}

static void delete_filling(int count)
{
    for (int i = 0; i < count; i++) {
        char key[20];
        snprintf(key, sizeof(key), "fill%08d", i);
        cr_assert_eq(fo_store_del(store, FO_TABLE_BINDING, key, strlen(key)), FO_OK);
    }
}

Test(store_lmdb, a_full_map_refuses_and_serves_again_after_deleting)
{
    struct fo_store_stats stats;
    int commits, rc;

    open_store(SMALL);
    commit_one("a", "1");
    commits = fill(&rc);
    cr_assert_eq(rc, FO_EFULL);
    cr_assert_gt(commits, 100);
    cr_assert_str_eq(value_of("a"), "1");
    fo_store_stats(store, &stats);
    cr_assert_eq(stats.capacity_bytes, SMALL);
    cr_assert_gt(stats.bytes_used, SMALL / 2);
    cr_assert_leq(stats.bytes_used, SMALL);
    cr_assert_eq(fo_store_begin(store), FO_OK);
    delete_filling(3);
    rc = fo_store_commit(store);
    cr_assert_eq(rc, FO_OK, "%s", fo_strerror(rc));
    commit_one("a", "2");
    cr_assert_str_eq(value_of("a"), "2");
}

Test(store_lmdb, a_transaction_spoilt_by_a_full_map_can_only_end)
{
    static char value[SMALL];

    open_store(SMALL);
    cr_assert_eq(fo_store_begin(store), FO_OK);
    cr_assert_eq(fo_store_put(store, FO_TABLE_META, "x", 1, value, sizeof(value)), FO_EFULL);
    cr_assert_eq(put("a", "1"), FO_EFULL);
    cr_assert_eq(fo_store_commit(store), FO_EFULL);
    commit_one("a", "1");
    cr_assert_str_eq(value_of("a"), "1");
}

/* A file system of 2 MiB; false: not possible here (not root). */
static bool mount_small_disk(void)
{
    return mount("fo-test", directory, "tmpfs", MS_NODEV | MS_NOSUID, "size=2m") == 0;
}

/* Takes all space that is left, or gives it back. */
static void hog(bool take)
{
    static char block[4096];
    char name[256];
    int fd;

    snprintf(name, sizeof(name), "%s/hog", directory);
    if (!take) {
        unlink(name);
        return;
    }
    fd = open(name, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    while (write(fd, block, sizeof(block)) > 0)
        continue;
    close(fd);
}

Test(store_lmdb, a_full_disk_refuses_and_serves_again_when_space_returns)
{
    int commits, rc;

    if (!mount_small_disk())
        cr_skip_test("needs to mount a small disk");
    open_store(0);
    commit_one("a", "1");
    hog(true);
    commits = fill(&rc);
    cr_expect_eq(rc, FO_EFULL, "%s", fo_strerror(rc));
    cr_expect_str_eq(value_of("a"), "1");
    cr_expect_eq(fo_store_begin(store), FO_OK);
    fo_store_abort(store);
    hog(false);
    commit_one("a", "2");
    cr_expect_geq(fill(&rc), commits, "it may be filled on");
    cr_expect_eq(rc, FO_EFULL);
    reopen();
    cr_expect_str_eq(value_of("a"), "2");
    fo_store_free(store);
    store = NULL;
    umount2(directory, MNT_DETACH);
}

Test(store_lmdb, a_write_that_a_full_disk_cuts_short_is_told_as_full)
{
    static char value[64 * 1024]; /* pages side by side: one write */
    char name[256];
    struct stat file;

    if (!mount_small_disk())
        cr_skip_test("needs to mount a small disk");
    open_store(0);
    commit_one("a", "1");
    hog(true);
    snprintf(name, sizeof(name), "%s/hog", directory);
    cr_assert_eq(stat(name, &file), 0);
    cr_assert_eq(truncate(name, file.st_size - 4 * 4096), 0);
    cr_assert_eq(fo_store_begin(store), FO_OK);
    cr_assert_eq(fo_store_put(store, FO_TABLE_META, "x", 1, value, sizeof(value)), FO_OK);
    cr_expect_eq(fo_store_commit(store), FO_EFULL);
    hog(false);
    commit_one("a", "2");
    cr_expect_str_eq(value_of("a"), "2");
    fo_store_free(store);
    store = NULL;
    umount2(directory, MNT_DETACH);
}

Test(store_lmdb, opening_on_a_full_disk_fails_with_a_sentence)
{
    char why[300] = "";

    if (!mount_small_disk())
        cr_skip_test("needs to mount a small disk");
    hog(true);
    cr_expect_eq(fo_store_lmdb_open(directory, 0, &store, why, sizeof(why)), FO_EFULL);
    cr_expect_not_null(strstr(why, directory), "%s", why);
    hog(false);
    open_store(0);
    commit_one("a", "1");
    hog(true);
    reopen(); /* what is there opens without any more space */
    cr_expect_str_eq(value_of("a"), "1");
    fo_store_free(store);
    store = NULL;
    umount2(directory, MNT_DETACH);
}

/* --- both stores behave alike -------------------------------------------------------------- */

struct listing {
    char text[20000];
    size_t length;
};

static int list(void *context, const void *key, size_t key_length, const void *value,
                size_t value_length)
{
    struct listing *l = context;

    cr_assert_lt(l->length + key_length + value_length + 2, sizeof(l->text));
    memcpy(l->text + l->length, key, key_length);
    l->length += key_length;
    l->text[l->length++] = '=';
    memcpy(l->text + l->length, value, value_length);
    l->length += value_length;
    l->text[l->length++] = '\n';
    return FO_OK;
}

static void change_at_random(struct fo_store *s, unsigned *seed)
{
    cr_assert_eq(fo_store_begin(s), FO_OK);
    for (int n = rand_r(seed) % 40; n >= 0; n--) {
        uint8_t key[2] = {(uint8_t)('a' + rand_r(seed) % 20), (uint8_t)('a' + rand_r(seed) % 20)};
        char value[30];
        int length = snprintf(value, sizeof(value), "%0*d", rand_r(seed) % 20, rand_r(seed) % 1000);
        size_t key_length = 1 + (size_t)rand_r(seed) % 2;
        if (rand_r(seed) % 3 == 0)
            cr_assert_eq(fo_store_del(s, FO_TABLE_BINDING, key, key_length), FO_OK);
        else
            cr_assert_eq(fo_store_put(s, FO_TABLE_BINDING, key, key_length, value, (size_t)length),
                         FO_OK);
    }
    if (rand_r(seed) % 4 == 0)
        fo_store_abort(s);
    else
        cr_assert_eq(fo_store_commit(s), FO_OK);
}

Test(store_lmdb, disk_and_memory_hold_the_same_after_the_same_changes)
{
    static struct listing on_disk, in_memory;
    struct fo_store *mem = fo_store_mem_new();
    unsigned disk_seed = 1, mem_seed = 1;

    open_store(0);
    for (int round = 0; round < 100; round++) {
        change_at_random(store, &disk_seed);
        change_at_random(mem, &mem_seed);
        on_disk.length = in_memory.length = 0;
        cr_assert_eq(fo_store_walk(store, FO_TABLE_BINDING, "cc", 2, list, &on_disk), FO_OK);
        cr_assert_eq(fo_store_walk(mem, FO_TABLE_BINDING, "cc", 2, list, &in_memory), FO_OK);
        cr_assert_eq(on_disk.length, in_memory.length);
        cr_assert_arr_eq(on_disk.text, in_memory.text, in_memory.length);
    }
    fo_store_free(mem);
}

static int get_within(void *context, const void *key, size_t key_length, const void *value,
                      size_t value_length)
{
    (void)value, (void)value_length;
    ++*(int *)context;
    cr_assert_eq(memcmp(key, "format", key_length) == 0 || strcmp(value_of("a"), "1") == 0, true);
    return FO_OK;
}

Test(store_lmdb, a_read_may_begin_within_another)
{
    int calls = 0;

    open_store(0);
    commit_one("a", "1");
    commit_one("b", "1");
    cr_assert_eq(fo_store_walk(store, FO_TABLE_META, "", 0, get_within, &calls), FO_OK);
    cr_assert_eq(calls, 3);
    commit_one("a", "2");
    cr_assert_str_eq(value_of("a"), "2", "the reader did not stay behind");
}
