/* Tests of state/record_scope.c. */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "state/record.h"

static struct fo_range ranges[2] = {{0x0a000010, 0x0a00004f}, {0x0a000080, 0x0a0000fe}};
static struct fo_range_use uses[2] = {{FO_RANGE_DHCP, 0, FO_BOOTP_UNLIMITED},
                                      {FO_RANGE_BOOTP, 3, 40}};
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
                         .uses = uses,
                         .exclusions = exclusions,
                         .exclusion_count = 1,
                         .reservations = reservations,
                         .reservation_count = 2};

    reservations[0] =
        (struct fo_reservation){.address = 0x0a000011, .id_length = 6, .id = {1, 2, 3, 4, 5, 6}};
    reservations[1] = (struct fo_reservation){.address = 0x0a000012, .id_length = 255};
    memset(reservations[1].id, 7, 255);
    reservations[1].types = FO_RESERVED_BOOTP;
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
    cr_assert_eq(got.uses[1].kind, FO_RANGE_BOOTP);
    cr_assert_eq(got.uses[1].bootp_allocated, 3);
    cr_assert_eq(got.uses[1].bootp_max, 40);
    cr_assert_eq(got.reservations[1].types, FO_RESERVED_BOOTP);
    fo_scope_fini(&got);
}

/* As it was written before ranges had kinds: the bytes are typed from the former format. */
static const uint8_t version_1[] = {
    1,                                                     /* version */
    10, 0, 0,   0,   255, 255, 255, 0,  1,                 /* subnet, mask, disabled */
    0,  3, 'l', 'a', 'b', 0,   0,                          /* name, comment */
    0,  0, 0,   1,   10,  0,   0,   16, 10, 0,   0,   79,  /* one range */
    0,  0, 0,   1,   10,  0,   0,   32, 10, 0,   0,   33,  /* one exclusion */
    0,  0, 0,   1,   10,  0,   0,   17, 3,  'i', 'd', '!', /* one reservation */
    0,  0, 0,   0,                                         /* for the seal */
};

Test(record_scope, a_record_of_version_1_is_read)
{
    uint8_t value[sizeof version_1];
    struct fo_writer w = {.data = value, .capacity = sizeof value, .position = sizeof value - 4};
    struct fo_scope got;

    memcpy(value, version_1, sizeof value);
    fo_record_seal(&w);
    cr_assert_eq(fo_record_read_scope(value, sizeof value, &got), FO_OK);
    cr_assert_eq(got.subnet, 0x0a000000);
    cr_assert_eq(got.state, FO_SCOPE_DISABLED);
    cr_assert_str_eq(got.name, "lab");
    cr_assert_eq(got.range_count, 1);
    cr_assert_eq(got.ranges[0].first, 0x0a000010);
    cr_assert_eq(got.ranges[0].last, 0x0a00004f);
    cr_assert_eq(fo_scope_use(&got, 0).kind, FO_RANGE_DHCP);
    cr_assert_eq(fo_scope_use(&got, 0).bootp_max, FO_BOOTP_UNLIMITED);
    cr_assert_eq(got.exclusions[0].last, 0x0a000021);
    cr_assert_eq(got.reservations[0].address, 0x0a000011);
    cr_assert_eq(got.reservations[0].id_length, 3);
    cr_assert_eq(got.reservations[0].types, FO_RESERVED_BOTH);
    fo_scope_fini(&got);
}

/* The switched states came with version 2. */
Test(record_scope, a_state_that_version_1_did_not_have_is_damage_in_it)
{
    uint8_t value[sizeof version_1];
    struct fo_writer w = {.data = value, .capacity = sizeof value, .position = sizeof value - 4};
    struct fo_scope got;

    memcpy(value, version_1, sizeof value);
    value[9] = FO_SCOPE_DISABLED_SWITCHED;
    fo_record_seal(&w);
    cr_assert_eq(fo_record_read_scope(value, sizeof value, &got), FO_EDAMAGED);
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
