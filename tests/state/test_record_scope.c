/* Tests of state/record_scope.c. */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "state/record.h"

static struct fo_range ranges[2] = {{0x0a000010, 0x0a00004f}, {0x0a000080, 0x0a0000fe}};
static struct fo_range exclusions[1] = {{0x0a000020, 0x0a000020}};
static struct fo_reservation reservations[2];

static struct fo_scope example(void)
{
    struct fo_scope s = {.subnet = 0x0a000000,
                         .mask = 0xffffff00,
                         .name = "Büro",
                         .comment = "second floor",
                         .state = FO_SCOPE_DISABLED,
                         .ranges = ranges,
                         .range_count = 2,
                         .exclusions = exclusions,
                         .exclusion_count = 1,
                         .reservations = reservations,
                         .reservation_count = 2};

    reservations[0] = (struct fo_reservation){0x0a000011, 6, {1, 2, 3, 4, 5, 6}};
    reservations[1] = (struct fo_reservation){.address = 0x0a000012, .id_length = 255};
    memset(reservations[1].id, 7, 255);
    return s;
}

static int rewritten(const struct fo_scope *s, struct fo_scope *out)
{
    uint8_t *value;
    size_t length;
    int rc;

    cr_assert_eq(fo_record_write_scope(s, &value, &length), FO_OK);
    rc = fo_record_read_scope(value, length, out);
    free(value);
    return rc;
}

Test(record_scope, a_scope_comes_back_whole)
{
    struct fo_scope s = example(), got;

    cr_assert_eq(rewritten(&s, &got), FO_OK);
    cr_assert(fo_scope_equal(&s, &got));
    cr_assert_str_eq(got.name, "Büro");
    cr_assert_eq(got.reservations[1].id[254], 7);
    fo_scope_fini(&got);
}

Test(record_scope, an_empty_scope_comes_back_empty)
{
    struct fo_scope s = {.subnet = 0x0a000000, .mask = 0xffffff00}, got;

    cr_assert_eq(rewritten(&s, &got), FO_OK);
    cr_assert_eq(got.range_count, 0);
    cr_assert_null(got.ranges);
    fo_scope_fini(&got);
}

Test(record_scope, texts_of_full_length_come_back)
{
    struct fo_scope s = example(), got;

    memset(s.name, 'n', FO_SCOPE_NAME_MAX);
    memset(s.comment, 'c', FO_SCOPE_NAME_MAX);
    cr_assert_eq(rewritten(&s, &got), FO_OK);
    cr_assert_str_eq(got.name, s.name);
    cr_assert_str_eq(got.comment, s.comment);
    fo_scope_fini(&got);
}

Test(record_scope, every_flipped_bit_is_damage)
{
    struct fo_scope s = example(), got;
    uint8_t *value;
    size_t length;

    cr_assert_eq(fo_record_write_scope(&s, &value, &length), FO_OK);
    for (size_t bit = 0; bit < length * 8; bit++) {
        value[bit / 8] ^= (uint8_t)(1u << (bit % 8));
        cr_assert_eq(fo_record_read_scope(value, length, &got), FO_EDAMAGED);
        value[bit / 8] ^= (uint8_t)(1u << (bit % 8));
    }
    free(value);
}

/* No content may crash the reader, whatever the seal says. */
Test(record_scope, sealed_nonsense_is_damage_or_a_scope)
{
    struct fo_scope s = example(), got;
    uint8_t *value;
    size_t length;

    cr_assert_eq(fo_record_write_scope(&s, &value, &length), FO_OK);
    for (size_t i = 1; i < length - 4; i++) {
        uint8_t former = value[i];
        struct fo_writer w = {.data = value, .capacity = length, .position = length - 4};
        int rc;
        value[i] = 0xff;
        fo_record_seal(&w);
        rc = fo_record_read_scope(value, length, &got);
        cr_assert(rc == FO_OK || rc == FO_EDAMAGED);
        if (rc == FO_OK)
            fo_scope_fini(&got);
        value[i] = former;
    }
    free(value);
}

Test(record_scope, lists_out_of_order_are_damage)
{
    struct fo_scope s = example(), got;
    struct fo_range swapped[2] = {ranges[1], ranges[0]};
    struct fo_reservation twice[2] = {reservations[0], reservations[0]};

    s.ranges = swapped;
    cr_assert_eq(rewritten(&s, &got), FO_EDAMAGED);
    s = example();
    s.reservations = twice;
    cr_assert_eq(rewritten(&s, &got), FO_EDAMAGED);
}
