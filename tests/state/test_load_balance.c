/* state/load_balance.h; RFC 3074 §5, §6, draft-12 §5.3, §12.11. */
#include "state/load_balance.h"

#include <criterion/criterion.h>
#include <string.h>

/* H-01. Keys as bytes; the vectors were computed with the RFC's table by other means. */
static const struct {
    const char *key;
    size_t length;
    uint8_t bucket;
} vectors[] = {
    {"", 0, 0},
    {"\x0e", 1, 232},
    {"\x00\x00\x00\x00\x00\x01", 6, 153},
    {"\x00\x11\x22\x33\x44\x55", 6, 135},
    {"\xaa\xbb\xcc\xdd\xee\xff", 6, 57},
    {"\x52\x54\x00\x12\x34\x56", 6, 156},
    {"\x00\x00\x00\x00\x00\x00", 6, 254},
    {"\xff\xff\xff\xff\xff\xff", 6, 79},
    {"\x01\x00\x11\x22\x33\x44\x55", 7, 223},
    {"\x01\x52\x54\x00\x12\x34\x56", 7, 253},
    {"\x00\x01\x02\x03\x04\x05\x06\x07\x08\x09\x0a\x0b\x0c\x0d\x0e\x0f", 16, 155},
    {"\x00\x01\x02\x03\x04\x05\x06\x07\x08\x09\x0a\x0b\x0c\x0d\x0e\x0f\x10\x11\x12\x13", 20, 229},
    {"\xff\x12\x34\x56\x78\x00\x01\x00\x01\x2a\x3b\x4c\x5d\x52\x54\x00\x12\x34\x56", 19, 103},
    {"host-a.example", 14, 181},
};

Test(load_balance, keys_hash_to_the_buckets_of_rfc_3074) /* H-01 */
{
    for (size_t i = 0; i < sizeof vectors / sizeof vectors[0]; i++)
        cr_assert_eq(fo_load_balance_hash((const uint8_t *)vectors[i].key, vectors[i].length),
                     vectors[i].bucket, "vector %zu", i);
    uint8_t zeros[300] = {0};
    cr_assert_eq(fo_load_balance_hash(zeros, sizeof zeros), 40);
}

Test(load_balance, one_byte_keys_fill_all_buckets_evenly) /* the mixing table is a permutation */
{
    uint8_t seen[FO_BUCKETS] = {0};
    for (unsigned key = 0; key < 256; key++)
        seen[fo_load_balance_hash(&(uint8_t){(uint8_t)key}, 1)]++;
    for (unsigned bucket = 0; bucket < FO_BUCKETS; bucket++)
        cr_assert_eq(seen[bucket], 1, "bucket %u", bucket);
}

static const struct fo_dialect whole = {.hash_bytes_max = 0, .hba_bit_is_primary = true};
static const struct fo_dialect cut = {.hash_bytes_max = 16, .hba_bit_is_primary = false};

Test(load_balance, a_client_identifier_is_hashed_whole_or_cut_as_the_dialect_says)
{
    struct fo_client c = {.id = (const uint8_t *)vectors[12].key, .id_length = 19};
    cr_assert_eq(fo_load_balance_bucket(&c, &whole), 103);
    cr_assert_eq(fo_load_balance_bucket(&c, &cut), 251);
}

Test(load_balance, a_client_without_identifier_is_hashed_by_chaddr_without_its_type)
{
    struct fo_client c = {.hw = {1, 0x52, 0x54, 0x00, 0x12, 0x34, 0x56}, .hw_length = 7};
    cr_assert_eq(fo_load_balance_bucket(&c, &whole), 156);
    c.id = (const uint8_t *)"host-a.example";
    c.id_length = 14;
    cr_assert_eq(fo_load_balance_bucket(&c, &whole), 181);
}

Test(load_balance, a_client_of_whom_nothing_is_known_is_in_bucket_0)
{
    struct fo_client nobody = {0};
    cr_assert_eq(fo_load_balance_bucket(&nobody, &whole), 0);
}

Test(load_balance, a_split_gives_the_first_buckets_to_the_primary)
{
    static const unsigned splits[] = {0, 1, 7, 8, 9, 64, 128, 255, 256};
    for (size_t i = 0; i < sizeof splits / sizeof splits[0]; i++) {
        struct fo_buckets b = fo_load_balance_split(splits[i]);
        cr_assert_eq(fo_load_balance_count(&b), splits[i]);
        for (unsigned bucket = 0; bucket < FO_BUCKETS; bucket++)
            cr_assert_eq(fo_load_balance_is_primarys(&b, (uint8_t)bucket), bucket < splits[i]);
    }
}

Test(load_balance, percentages_are_rounded_to_the_nearest_bucket)
{
    static const unsigned expected[][2] = {{0, 0},    {1, 3},    {5, 13},   {25, 64},
                                           {50, 128}, {70, 179}, {99, 253}, {100, 256}};
    for (size_t i = 0; i < sizeof expected / sizeof expected[0]; i++) {
        struct fo_buckets b = fo_load_balance_percent(expected[i][0]);
        cr_assert_eq(fo_load_balance_count(&b), expected[i][1], "%u %%", expected[i][0]);
    }
}

Test(load_balance, bucket_b_is_bit_b_mod_8_of_byte_b_div_8) /* RFC 3074 §5.2 */
{
    struct fo_buckets b = fo_load_balance_split(10);
    uint8_t wire[32];
    fo_load_balance_to_wire(&b, &whole, wire);
    cr_assert_eq(wire[0], 0xff);
    cr_assert_eq(wire[1], 0x03);
    cr_assert_eq(wire[2], 0x00);
}

Test(load_balance, a_set_bit_on_the_wire_is_the_secondarys_in_the_draft_and_the_primarys_in_isc)
{
    struct fo_buckets b = fo_load_balance_split(8), back;
    uint8_t wire[32];
    fo_load_balance_to_wire(&b, &whole, wire); /* as ISC dhcpd: split 8 */
    cr_assert_eq(wire[0], 0xff);
    cr_assert_eq(wire[1], 0x00);
    back = fo_load_balance_from_wire(wire, &whole);
    cr_assert_arr_eq(back.map, b.map, sizeof b.map);

    fo_load_balance_to_wire(&b, &cut, wire); /* as §12.11 */
    cr_assert_eq(wire[0], 0x00);
    cr_assert_eq(wire[1], 0xff);
    back = fo_load_balance_from_wire(wire, &cut);
    cr_assert_arr_eq(back.map, b.map, sizeof b.map);
}

Test(load_balance, the_two_servers_share_every_bucket_between_them) /* H-02 */
{
    const struct fo_dialect *dialects[] = {&whole, &cut};
    for (size_t i = 0; i < 2; i++) {
        struct fo_buckets primary = fo_load_balance_percent(37), secondary;
        uint8_t wire[32];
        fo_load_balance_to_wire(&primary, dialects[i], wire);
        secondary = fo_load_balance_from_wire(wire, dialects[i]);
        for (unsigned bucket = 0; bucket < FO_BUCKETS; bucket++) {
            bool primary_serves = fo_load_balance_is_primarys(&primary, (uint8_t)bucket);
            bool secondary_serves = !fo_load_balance_is_primarys(&secondary, (uint8_t)bucket);
            cr_assert_neq(primary_serves, secondary_serves, "bucket %u", bucket);
        }
    }
}
