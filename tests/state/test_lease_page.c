/* Tests of state/lease_page.c: bitmaps, layouts, page numbers. */
#include <criterion/criterion.h>
#include <stdlib.h>

#include "state/lease_page.h"

Test(lease_page, map_next_finds_the_first_bit_at_or_behind)
{
    uint64_t map[4] = {0};

    cr_assert_eq(fo_map_next(map, 0, 256), 256);
    for (uint32_t bit = 0; bit < 256; bit++) {
        fo_map_set(map, bit, true);
        cr_assert(fo_map_has(map, bit));
        for (uint32_t from = 0; from <= 256; from++)
            cr_assert_eq(fo_map_next(map, from, 256), from <= bit ? bit : 256);
        cr_assert_eq(fo_map_next(map, 0, bit), bit, "not behind the end");
        fo_map_set(map, bit, false);
    }
}

/* Against fo_scope_leasable, which asks for one address at a time. */
static void assert_layout(const struct fo_scope *s, fo_ipv4_t first, uint32_t size)
{
    uint64_t leasable[FO_PAGE_WORDS], reserved[FO_PAGE_WORDS];

    fo_page_layout(s, first, size, leasable, reserved);
    for (uint32_t i = 0; i < FO_PAGE_ADDRESSES; i++) {
        cr_assert_eq(fo_map_has(leasable, i), i < size && fo_scope_leasable(s, first + i));
        cr_assert_eq(fo_map_has(reserved, i),
                     i < size && fo_scope_reservation(s, first + i) != NULL);
    }
}

Test(lease_page, a_layout_says_what_the_scope_says_of_each_address)
{
    struct fo_range ranges[3], exclusions[2];
    struct fo_reservation reservations[2] = {{.id_length = 1}, {.id_length = 1}};
    unsigned seed = 5;

    for (int round = 0; round < 500; round++) {
        struct fo_scope s = {.subnet = 0x0a000000,
                             .mask = 0xfffffc00,
                             .ranges = ranges,
                             .range_count = 3,
                             .exclusions = exclusions,
                             .exclusion_count = 2,
                             .reservations = reservations,
                             .reservation_count = 2};
        fo_ipv4_t at = 0x0a000000 + (fo_ipv4_t)rand_r(&seed) % 200;
        for (int i = 0; i < 3; i++) {
            ranges[i].first = at;
            ranges[i].last = at + (fo_ipv4_t)rand_r(&seed) % 200;
            at = ranges[i].last + 1 + (fo_ipv4_t)rand_r(&seed) % 70;
        }
        exclusions[0] = (struct fo_range){ranges[0].first + 5, ranges[1].first};
        exclusions[1] = (struct fo_range){ranges[2].last, ranges[2].last};
        reservations[0].address = ranges[0].first;
        reservations[1].address = ranges[2].last + 1;
        for (uint32_t page = 0; page < 4; page++)
            assert_layout(&s, 0x0a000000 + page * 256, 256);
    }
}

Test(lease_page, a_layout_of_a_small_scope_or_the_last_page_stays_inside)
{
    struct fo_range all = {0, 0xffffffff}, beyond = {0x0a000010, 0x0a0000ff};
    struct fo_scope s = {
        .subnet = 0xffffff00, .mask = 0xffffff00, .ranges = &all, .range_count = 1};

    assert_layout(&s, 0xffffff00, 256);
    s = (struct fo_scope){
        .subnet = 0x0a000014, .mask = 0xfffffffc, .ranges = &beyond, .range_count = 1};
    assert_layout(&s, 0x0a000014, 4);
}

Test(lease_page, numbers_are_used_again_and_never_0)
{
    struct fo_page_table t = {0};
    struct fo_lease_page *pages[200], *page;

    for (uint32_t i = 0; i < 200; i++) {
        cr_assert_eq(fo_page_table_add(&t, i * 256, 256, &pages[i]), FO_OK);
        cr_assert_eq(pages[i]->number, i + 1);
        cr_assert_eq((uintptr_t)pages[i]->slots % 64, 0);
    }
    fo_page_table_remove(&t, pages[150]);
    fo_page_table_remove(&t, pages[20]);
    cr_assert_eq(fo_page_table_add(&t, 0, 1, &page), FO_OK);
    cr_assert_eq(page->number, 21);
    cr_assert_eq(fo_page_table_add(&t, 0, 1, &page), FO_OK);
    cr_assert_eq(page->number, 151);
    cr_assert_eq(fo_page_table_add(&t, 0, 1, &page), FO_OK);
    cr_assert_eq(page->number, 201);
    fo_page_table_fini(&t);
}
