/**
 * bench/leases.h: the leases that every benchmark uses, by number: their scopes, addresses and
 * clients.
 *
 * Scopes are 10.N.0.0/16, each with one range of 65,000 addresses. A client shows an Ethernet
 * address and a client-identifier made of it, as most do.
 */
#ifndef FO_BENCH_LEASES_H
#define FO_BENCH_LEASES_H

#include "state/scope.h"

#define LEASES_PER_SCOPE 65000u
#define LEASE_LONG_S     86400u

static inline uint32_t lease_scope_count(uint64_t leases)
{
    return (uint32_t)((leases + LEASES_PER_SCOPE - 1) / LEASES_PER_SCOPE);
}
static inline fo_ipv4_t lease_subnet(uint32_t scope)
{
    return 0x0a000000u + (scope << 16);
}
static inline fo_ipv4_t lease_address(uint64_t n)
{
    return lease_subnet((uint32_t)(n / LEASES_PER_SCOPE)) + 1 + (uint32_t)(n % LEASES_PER_SCOPE);
}
/** Ownership: the scope borrows |range|, which is filled in. */
struct fo_scope lease_scope(uint32_t scope, struct fo_range *range);
#define LEASE_ID_LENGTH 7
/** Ownership: the client borrows |id|, which is filled in. */
struct fo_client lease_client(uint64_t n, uint8_t id[LEASE_ID_LENGTH]);
/** An ACTIVE binding of client |n|, granted at |now|. */
struct fo_binding lease_binding(uint64_t n, fo_utc_t now, uint8_t id[LEASE_ID_LENGTH]);

/** A sequence of numbers below |bound| without order, the same in each run. */
static inline uint64_t lease_random(uint64_t *seed, uint64_t bound)
{
    *seed ^= *seed << 13; /* Marsaglia's xorshift */
    *seed ^= *seed >> 7;
    *seed ^= *seed << 17;
    return *seed % bound;
}

#endif
