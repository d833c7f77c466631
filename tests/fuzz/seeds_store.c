/* First inputs of the store target: what lies on disk for IPv6. See records6.c for what the bytes
 * of each record mean; the first chooses its table, and in its upper half what is done to it. */
#include "tests/fuzz/seeds.h"

#define PREFIX       9, 1, 0, 1, 0, 0, 1, 0, 0, 0, 7, 1, 0, 1, 0
#define EXCLUSION    10, 0, 7, 2, 0, 0, 0, 9
#define RESERVATION  10, 0, 5, 1, 0, 1, 1, 1, 2, 1, 1, 1
#define LEASE        11, 0, 5, 1, 1, 2, 1, 1, 1, 0, 0, 0, 0, 1, 1, 1, 255, 255, 255, 255, 0, 5, 1, 0, 1, 0
#define CLIENT       12, 1, 1, 2, 1, 1, 0, 5
#define NOWHERE      12, 2, 1, 2, 1, 1, 0, 6
#define DAMAGED(...) 0x20 | __VA_ARGS__, 0x55, 0, 3 /* bits of the value */

void seed_records(const char *directory)
{
    static const uint8_t whole[] = {PREFIX, EXCLUSION, RESERVATION, LEASE, CLIENT};
    static const uint8_t orphans[] = {EXCLUSION, RESERVATION, LEASE, NOWHERE};
    static const uint8_t damaged[] = {DAMAGED(PREFIX), DAMAGED(EXCLUSION), DAMAGED(LEASE), CLIENT,
                                      DAMAGED(CLIENT)};
    static const struct {
        const char *name;
        const uint8_t *bytes;
        size_t length;
    } seeds[] = {
        {"whole", whole, sizeof whole},
        {"orphans", orphans, sizeof orphans},
        {"damaged", damaged, sizeof damaged},
    };
    for (unsigned i = 0; i < sizeof seeds / sizeof seeds[0]; i++)
        seed_write(directory, "store", seeds[i].name, i, seeds[i].bytes, seeds[i].length);
}
