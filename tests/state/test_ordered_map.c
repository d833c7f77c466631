/* Tests of state/ordered_map.c. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "state/ordered_map.h"

static struct fo_ordered_map map;

static void set(uint32_t number, const char *value)
{
    char key[12];
    size_t old_length;
    uint8_t *old;

    snprintf(key, sizeof(key), "%08u", number);
    cr_assert_eq(fo_ordered_map_exchange(&map, key, 8, value ? (uint8_t *)strdup(value) : NULL,
                                         value ? strlen(value) : 0, &old, &old_length),
                 FO_OK);
    free(old);
}

Test(ordered_map, entries_come_in_order_however_they_went_in)
{
    uint32_t count = 0;

    for (uint32_t i = 0; i < 10000; i++)
        set(i * 7919 % 10000, "x");
    for (uint32_t i = 0; i < 10000; i += 2)
        set(i * 7919 % 10000, NULL);
    cr_assert_eq(map.count, 5000);
    cr_assert_eq(map.bytes, 5000 * 9);
    for (struct fo_map_entry *e = fo_ordered_map_seek(&map, NULL, 0); e != NULL;
         e = fo_ordered_map_next(e)) {
        struct fo_map_entry *next = fo_ordered_map_next(e);
        cr_assert(next == NULL || memcmp(e->key, next->key, 8) < 0);
        count++;
    }
    cr_assert_eq(count, 5000);
    fo_ordered_map_fini(&map);
}

Test(ordered_map, seek_finds_the_next_key_and_find_only_the_same)
{
    set(10, "a");
    set(20, "b");
    cr_assert_eq(fo_ordered_map_seek(&map, "00000011", 8)->value[0], 'b');
    cr_assert_eq(fo_ordered_map_seek(&map, "00000010", 8)->value[0], 'a');
    cr_assert_eq(fo_ordered_map_seek(&map, "0000001", 7)->value[0], 'a', "a prefix is smaller");
    cr_assert_null(fo_ordered_map_seek(&map, "00000021", 8));
    cr_assert_null(fo_ordered_map_find(&map, "00000011", 8));
    cr_assert_null(fo_ordered_map_find(&map, "000000100", 9));
    cr_assert_eq(fo_ordered_map_find(&map, "00000010", 8)->value[0], 'a');
    fo_ordered_map_fini(&map);
}

Test(ordered_map, exchange_hands_the_former_value_back)
{
    size_t old_length = 9;
    uint8_t *old = NULL;

    set(1, "first");
    cr_assert_eq(fo_ordered_map_exchange(&map, "00000001", 8, (uint8_t *)strdup("second"), 6, &old,
                                         &old_length),
                 FO_OK);
    cr_assert_eq(old_length, 5);
    cr_assert_arr_eq(old, "first", 5);
    free(old);
    cr_assert_eq(fo_ordered_map_exchange(&map, "x", 1, NULL, 0, &old, &old_length), FO_OK);
    cr_assert_null(old);
    cr_assert_eq(map.bytes, 14);
    fo_ordered_map_fini(&map);
}
