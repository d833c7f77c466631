/* Source: RFC 3074 §5, §6; draft-12 §5.3, §9.8.2, §12.11. */
#include "state/load_balance.h"

#include <string.h>

/* RFC 3074 §6: the mixing table, a permutation of 0..255. */
static const uint8_t mixing_table[256] = {
    251, 175, 119, 215, 81,  14,  79,  191, 103, 49,  181, 143, 186, 157, 0,   232, /*   0 */
    31,  32,  55,  60,  152, 58,  17,  237, 174, 70,  160, 144, 220, 90,  57,  223, /*  16 */
    59,  3,   18,  140, 111, 166, 203, 196, 134, 243, 124, 95,  222, 179, 197, 65,  /*  32 */
    180, 48,  36,  15,  107, 46,  233, 130, 165, 30,  123, 161, 209, 23,  97,  16,  /*  48 */
    40,  91,  219, 61,  100, 10,  210, 109, 250, 127, 22,  138, 29,  108, 244, 67,  /*  64 */
    207, 9,   178, 204, 74,  98,  126, 249, 167, 116, 34,  77,  193, 200, 121, 5,   /*  80 */
    20,  113, 71,  35,  128, 13,  182, 94,  25,  226, 227, 199, 75,  27,  41,  245, /*  96 */
    230, 224, 43,  225, 177, 26,  155, 150, 212, 142, 218, 115, 241, 73,  88,  105, /* 112 */
    39,  114, 62,  255, 192, 201, 145, 214, 168, 158, 221, 148, 154, 122, 12,  84,  /* 128 */
    82,  163, 44,  139, 228, 236, 205, 242, 217, 11,  187, 146, 159, 64,  86,  239, /* 144 */
    195, 42,  106, 198, 118, 112, 184, 172, 87,  2,   173, 117, 176, 229, 247, 253, /* 160 */
    137, 185, 99,  164, 102, 147, 45,  66,  231, 52,  141, 211, 194, 206, 246, 238, /* 176 */
    56,  110, 78,  248, 63,  240, 189, 93,  92,  51,  53,  183, 19,  171, 72,  50,  /* 192 */
    33,  104, 101, 69,  8,   252, 83,  120, 76,  135, 85,  54,  202, 125, 188, 213, /* 208 */
    96,  235, 136, 208, 162, 129, 190, 132, 156, 38,  47,  1,   7,   254, 24,  4,   /* 224 */
    216, 131, 89,  21,  28,  133, 37,  153, 149, 80,  170, 68,  6,   169, 234, 151, /* 240 */
};

uint8_t fo_load_balance_hash(const uint8_t *key, size_t length)
{
    uint8_t hash = (uint8_t)length;
    while (length > 0)
        hash = mixing_table[hash ^ key[--length]];
    return hash;
}

uint8_t fo_load_balance_bucket(const struct fo_client *client, const struct fo_dialect *dialect)
{
    const uint8_t *key = client->id;
    size_t length = client->id_length;
    if (length == 0 && client->hw_length > 0) {
        key = client->hw + 1; /* chaddr stands behind the type byte */
        length = client->hw_length - 1u;
    }
    if (dialect->hash_bytes_max != 0 && length > dialect->hash_bytes_max)
        length = dialect->hash_bytes_max;
    return fo_load_balance_hash(key, length);
}

struct fo_buckets fo_load_balance_split(unsigned primary_buckets)
{
    struct fo_buckets b = {{0}};
    if (primary_buckets > FO_BUCKETS)
        primary_buckets = FO_BUCKETS;
    memset(b.map, 0xff, primary_buckets / 8);
    if (primary_buckets % 8 != 0)
        b.map[primary_buckets / 8] = (uint8_t)((1u << primary_buckets % 8) - 1);
    return b;
}

struct fo_buckets fo_load_balance_percent(unsigned percent)
{
    if (percent > 100)
        percent = 100;
    return fo_load_balance_split((percent * FO_BUCKETS + 50) / 100);
}

bool fo_load_balance_is_primarys(const struct fo_buckets *b, uint8_t bucket)
{
    return b->map[bucket / 8] >> bucket % 8 & 1;
}

unsigned fo_load_balance_count(const struct fo_buckets *b)
{
    unsigned count = 0;
    for (unsigned bucket = 0; bucket < FO_BUCKETS; bucket++)
        count += fo_load_balance_is_primarys(b, (uint8_t)bucket);
    return count;
}

void fo_load_balance_to_wire(const struct fo_buckets *b, const struct fo_dialect *dialect,
                             uint8_t out[FO_BUCKETS / 8])
{
    /* §12.11 marks the secondary's buckets, ISC dhcpd the primary's. */
    uint8_t flip = dialect->hba_bit_is_primary ? 0x00 : 0xff;
    for (size_t i = 0; i < sizeof b->map; i++)
        out[i] = b->map[i] ^ flip;
}

struct fo_buckets fo_load_balance_from_wire(const uint8_t wire[FO_BUCKETS / 8],
                                            const struct fo_dialect *dialect)
{
    struct fo_buckets on_wire, ours;
    memcpy(on_wire.map, wire, sizeof on_wire.map);
    fo_load_balance_to_wire(&on_wire, dialect, ours.map); /* the flip undoes itself */
    return ours;
}
