/* Tests of state/quarantine.c; bindings and scopes are in test_lease_load.c. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "state/quarantine.h"
#include "state/record.h"
#include "state/store_mem.h"

static char reports[1000];

static void report(void *context, enum fo_table table, const char *what)
{
    (void)context;
    snprintf(reports + strlen(reports), sizeof(reports) - strlen(reports), "%d %s\n", (int)table,
             what);
}

/* A record that says "bad" is damaged, "new" is of a later version, "end" ends the walk. */
static int judge(void *context, const void *key, size_t key_length, const void *value,
                 size_t value_length)
{
    (void)key, (void)key_length;
    if (value_length == 3 && memcmp(value, "bad", 3) == 0)
        return FO_EDAMAGED;
    if (value_length == 3 && memcmp(value, "new", 3) == 0)
        return FO_EVERSION;
    if (value_length == 3 && memcmp(value, "end", 3) == 0)
        return FO_EINVAL;
    ++*(int *)context;
    return FO_OK;
}

static struct fo_store *store_with(const char *const *values, int count)
{
    struct fo_store *s = fo_store_mem_new();

    cr_assert_eq(fo_store_begin(s), FO_OK);
    for (int i = 0; i < count; i++) {
        char key[3] = {'k', (char)('a' + i / 26), (char)('a' + i % 26)};
        cr_assert_eq(fo_store_put(s, FO_TABLE_RELATIONSHIP, key, 3, values[i], strlen(values[i])),
                     FO_OK);
    }
    cr_assert_eq(fo_store_commit(s), FO_OK);
    return s;
}

static int walk(struct fo_store *s, int *out_good, uint64_t *out_damaged)
{
    *out_good = 0;
    return fo_quarantine_walk(s, FO_TABLE_RELATIONSHIP, judge, out_good, report, NULL, out_damaged);
}

Test(quarantine, records_of_any_table_are_set_aside_and_named)
{
    static const char *const values[] = {"good", "bad", "good", "new", "bad"};
    struct fo_store *s = store_with(values, 5);
    uint64_t damaged;
    int good;

    cr_assert_eq(walk(s, &good, &damaged), FO_OK);
    cr_assert_eq(good, 2);
    cr_assert_eq(damaged, 3);
    cr_assert_str_eq(reports,
                     "1 record \"kab\": a stored record is damaged; set aside\n"
                     "1 record \"kad\": a stored record has an unknown version; set aside\n"
                     "1 record \"kae\": a stored record is damaged; set aside\n");
    cr_assert_eq(walk(s, &good, &damaged), FO_OK);
    cr_assert_eq(damaged, 0);
    cr_assert_eq(good, 2);
    fo_store_free(s);
}

Test(quarantine, another_answer_of_the_visitor_ends_it)
{
    static const char *const values[] = {"bad", "end", "good"};
    struct fo_store *s = store_with(values, 3);
    uint64_t damaged = 77;
    int good;

    cr_assert_eq(walk(s, &good, &damaged), FO_EINVAL);
    cr_assert_eq(good, 0);
    cr_assert_eq(damaged, 77);
    fo_store_free(s);
}

Test(quarantine, good_records_are_seen_once_however_many_are_bad)
{
    const char *values[600];
    struct fo_store *s;
    uint64_t damaged;
    int good;

    for (int i = 0; i < 600; i++)
        values[i] = i % 3 == 0 ? "good" : "bad";
    s = store_with(values, 600);
    cr_assert_eq(walk(s, &good, &damaged), FO_OK);
    cr_assert_eq(good, 200);
    cr_assert_eq(damaged, 400);
    fo_store_free(s);
}

Test(quarantine, a_full_store_counts_them_all_the_same)
{
    const char *values[200];
    struct fo_store_mem_faults faults = {.put = {.times = -1, .err = FO_EFULL}};
    struct fo_store *s;
    uint64_t damaged;
    int good;

    for (int i = 0; i < 200; i++)
        values[i] = i % 2 == 0 ? "good" : "bad";
    s = store_with(values, 200);
    fo_store_mem_set_faults(s, &faults);
    reports[0] = '\0';
    cr_assert_eq(walk(s, &good, &damaged), FO_OK);
    cr_assert_eq(good, 100);
    cr_assert_eq(damaged, 100);
    cr_assert_not_null(strstr(reports, "left in place, the store is full"));
    fo_store_free(s);
}
