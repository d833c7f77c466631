/* Tests of state/due_heap.c. */
#include <criterion/criterion.h>

#include "state/due_heap.h"

static void push(struct fo_due_heap *h, uint32_t due)
{
    cr_assert_eq(fo_due_heap_push(h, (struct fo_due_entry){due, due}), FO_OK);
}

static void assert_empties_in_order(struct fo_due_heap *h, size_t count)
{
    uint32_t former = 0;

    cr_assert_eq(h->count, count);
    for (const struct fo_due_entry *e; (e = fo_due_heap_top(h)) != NULL; fo_due_heap_pop(h)) {
        cr_assert_geq(e->due, former);
        former = e->due;
        count--;
    }
    cr_assert_eq(count, 0);
    fo_due_heap_fini(h);
}

Test(due_heap, entries_come_out_by_time)
{
    for (uint32_t count = 0; count < 200; count++) {
        struct fo_due_heap h = {0};
        for (uint32_t i = 0; i < count; i++)
            push(&h, i * 37 % 101);
        assert_empties_in_order(&h, count);
    }
}

Test(due_heap, a_postponed_entry_takes_its_new_turn)
{
    struct fo_due_heap h = {0};

    for (uint32_t due = 1; due <= 100; due++)
        push(&h, due);
    for (uint32_t i = 0; i < 50; i++)
        fo_due_heap_postpone(&h, fo_due_heap_top(&h)->due + 75);
    cr_assert_eq(fo_due_heap_top(&h)->due, 51);
    assert_empties_in_order(&h, 100);
}

static bool odd(void *context, const struct fo_due_entry *e)
{
    (void)context;
    return e->due % 2 == 1;
}

Test(due_heap, a_filter_leaves_a_heap)
{
    for (uint32_t count = 0; count < 100; count++) {
        struct fo_due_heap h = {0};
        for (uint32_t i = 0; i < count; i++)
            push(&h, (i * 89 + 3) % 1001);
        fo_due_heap_filter(&h, odd, NULL);
        assert_empties_in_order(&h, h.count);
    }
}
