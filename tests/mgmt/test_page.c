/* A page ends where it should, and the memory of a call is what it says. */
#include <criterion/criterion.h>
#include <stdalign.h>
#include <stdint.h>

#include "mgmt/call.h"
#include "mgmt/page.h"

static size_t fill(struct fo_page *p, size_t bytes)
{
    while (fo_page_has_room(p) && p->count < 2 * FO_PAGE_MAX)
        fo_page_add(p, bytes);
    return p->count;
}

Test(page, holds_what_was_asked_for_and_a_thousand_at_most)
{
    static const struct {
        uint32_t asked;
        size_t limit;
    } rows[] = {{0, 1000}, {1, 1}, {999, 999}, {1000, 1000}, {1001, 1000}, {UINT32_MAX, 1000}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct fo_page p = fo_page_begin(rows[i].asked);
        cr_expect_eq(p.limit, rows[i].limit, "%zu", i);
        cr_expect_eq(fo_page_limit(rows[i].asked), rows[i].limit, "%zu", i);
    }
}

Test(page, ends_before_it_outgrows_a_frame)
{
    struct fo_page p = fo_page_begin(0);
    cr_assert_eq(fill(&p, FO_FRAME_MAX / 2), 1);
    cr_assert_leq(p.bytes, FO_FRAME_MAX);
}

Test(page, ends_after_its_time_but_not_before_some_entries)
{
    struct fo_page late = fo_page_begin(0), short_one = fo_page_begin(10);
    late.began_us = short_one.began_us = 0; /* when the machine started */
    cr_assert_eq(fill(&late, 1), FO_PAGE_SURE);
    cr_assert_eq(fill(&short_one, 1), 10);
}

Test(call_memory, pieces_are_zero_aligned_and_apart)
{
    static uint8_t *piece[2000];
    static size_t size[2000];
    struct fo_call c = {0};
    for (size_t i = 0; i < 2000; i++) {
        size[i] = i % 97 == 0 ? 5000 * (i / 97 + 1) : i % 61;
        piece[i] = fo_call_alloc(&c, size[i]);
        cr_assert_not_null(piece[i]);
        cr_assert_eq((uintptr_t)piece[i] % alignof(max_align_t), 0);
        for (size_t at = 0; at < size[i]; at++) {
            cr_assert_eq(piece[i][at], 0, "piece %zu, byte %zu", i, at);
            piece[i][at] = (uint8_t)i;
        }
    }
    for (size_t i = 0; i < 2000; i++) {
        for (size_t at = 0; at < size[i]; at++)
            cr_assert_eq(piece[i][at], (uint8_t)i, "piece %zu, byte %zu", i, at);
    }
    cr_assert_null(fo_call_alloc(&c, SIZE_MAX - 3));
    cr_assert_str_eq(fo_call_text(&c, "text"), "text");
    fo_call_fini(&c);
    cr_assert_null(c.blocks);
}
