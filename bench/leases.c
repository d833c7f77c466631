#include "bench/leases.h"

#include <string.h>

struct fo_scope lease_scope(uint32_t scope, struct fo_range *range)
{
    struct fo_scope s = {.subnet = lease_subnet(scope), .mask = 0xffff0000u};
    range->first = s.subnet + 1;
    range->last = s.subnet + LEASES_PER_SCOPE;
    s.ranges = range;
    s.range_count = 1;
    return s;
}

struct fo_client lease_client(uint64_t n, uint8_t id[LEASE_ID_LENGTH])
{
    const uint8_t hw[LEASE_ID_LENGTH] = {
        1, 2, 0, (uint8_t)(n >> 24), (uint8_t)(n >> 16), (uint8_t)(n >> 8), (uint8_t)n};
    struct fo_client c = {.hw_length = sizeof hw, .id_length = LEASE_ID_LENGTH, .id = id};
    memcpy(c.hw, hw, sizeof hw);
    memcpy(id, hw, sizeof hw);
    return c;
}

struct fo_binding lease_binding(uint64_t n, fo_utc_t now, uint8_t id[LEASE_ID_LENGTH])
{
    struct fo_binding b = {.address = lease_address(n), .status = FO_STATUS_ACTIVE};
    b.client = lease_client(n, id);
    b.lease_expiration = fo_utc_add(now, LEASE_LONG_S);
    b.sent_potential_expiration = fo_utc_add(now, LEASE_LONG_S + LEASE_LONG_S / 2);
    b.client_last_transaction = now;
    b.start_of_state = now;
    return b;
}
