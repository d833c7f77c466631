/**
 * state/scope.h: a subnet with its ranges, exclusions and reservations.
 *
 * Source: management calls DhcpCreateSubnet, DhcpAddSubnetElementV5 and kin (MAPI §1.5, §2.10).
 * Checks come in the documented order; the answers are Win32 codes (proto/win32.h).
 */
#ifndef FO_STATE_SCOPE_H
#define FO_STATE_SCOPE_H

#include "proto/win32.h"
#include "state/binding.h"

#define FO_SCOPE_NAME_MAX         256 /* bytes of UTF-8, terminator excluded */
#define FO_SCOPE_RANGES_MAX       64
#define FO_SCOPE_EXCLUSIONS_MAX   4096
#define FO_SCOPE_RESERVATIONS_MAX 65536

struct fo_range {
    fo_ipv4_t first, last; /* inclusive */
};
/* Whom the addresses of a range are for. A BOOTP-only range is kept and told; nothing of it is ever
 * leased to a client of DHCP, so it counts as not leasable. */
enum fo_range_kind { FO_RANGE_DHCP = 0, FO_RANGE_BOTH = 1, FO_RANGE_BOOTP = 2 };
#define FO_BOOTP_UNLIMITED 0xffffffffu
struct fo_range_use {
    enum fo_range_kind kind;
    uint32_t bootp_allocated, bootp_max; /* told as they were given */
};
#define FO_RANGE_USE_DHCP ((struct fo_range_use){FO_RANGE_DHCP, 0, FO_BOOTP_UNLIMITED})

/* Which messages of its client a reservation is for (bAllowedClientTypes, whose 3 is our 0). */
enum { FO_RESERVED_BOTH = 0, FO_RESERVED_DHCP = 1, FO_RESERVED_BOOTP = 2 };
struct fo_reservation {
    fo_ipv4_t address;
    uint8_t id_length;
    uint8_t id[FO_CLIENT_ID_MAX]; /* the bare client identifier: option 61 bytes or chaddr */
    uint8_t types;                /* FO_RESERVED_… */
};
/* DHCP_SUBNET_STATE. The switched ones are told apart by tools alone. */
enum fo_scope_state {
    FO_SCOPE_ENABLED = 0,
    FO_SCOPE_DISABLED = 1,
    FO_SCOPE_ENABLED_SWITCHED = 2,
    FO_SCOPE_DISABLED_SWITCHED = 3
};

struct fo_scope {
    fo_ipv4_t subnet, mask;
    char name[FO_SCOPE_NAME_MAX + 1];
    char comment[FO_SCOPE_NAME_MAX + 1];
    enum fo_scope_state state;
    struct fo_range *ranges; /* sorted, disjoint; owned */
    uint32_t range_count;
    struct fo_range_use *uses;   /* of each range; NULL: all are FO_RANGE_USE_DHCP; owned */
    struct fo_range *exclusions; /* sorted, disjoint; owned */
    uint32_t exclusion_count;
    struct fo_reservation *reservations; /* sorted by address; owned */
    uint32_t reservation_count;
};

void fo_scope_fini(struct fo_scope *s); /* {0} is safe */
FO_MUST_CHECK int fo_scope_copy(const struct fo_scope *from, struct fo_scope *out);
bool fo_scope_equal(const struct fo_scope *a, const struct fo_scope *b);

/** A scope that is not enabled answers no client; its leases run on. */
bool fo_scope_enabled(const struct fo_scope *s);
bool fo_scope_contains(const struct fo_scope *s, fo_ipv4_t address); /* by subnet */
bool fo_scope_in_range(const struct fo_scope *s, fo_ipv4_t address); /* in a range */
/** In a range that is for clients of BOOTP alone. */
bool fo_scope_bootp_only(const struct fo_scope *s, fo_ipv4_t address);
struct fo_range_use fo_scope_use(const struct fo_scope *s, uint32_t range);
bool fo_scope_excluded(const struct fo_scope *s, fo_ipv4_t address);
/** In a range that is for clients of DHCP too, and not excluded: an address that pools count and
 *  servers hand out. */
bool fo_scope_leasable(const struct fo_scope *s, fo_ipv4_t address);
/** It has a range for clients of BOOTP alone: no relationship takes it (MAPI §1.2). */
bool fo_scope_has_bootp_only(const struct fo_scope *s);
const struct fo_reservation *fo_scope_reservation(const struct fo_scope *s, fo_ipv4_t address);
const struct fo_reservation *fo_scope_reservation_of(const struct fo_scope *s, const uint8_t *id,
                                                     size_t id_length);
/** How many addresses are leasable. */
uint64_t fo_scope_size(const struct fo_scope *s);

/* Changes, each checked first; on any code but ERROR_SUCCESS nothing changed. |why| (may be NULL,
 * |why_capacity| bytes) receives one sentence naming what and where. An exclusion may not overlap
 * another (20023; unlike MAPI, so that look-ups can be binary searches).
 *
 * MAPI has one range per scope, we keep several, as pools of other servers do. fo_scope_add_range
 * adds one for clients of DHCP, fo_scope_add_range_for one of any kind; where it touches or
 * overlaps others of its kind they grow together, and it may not overlap one of another kind
 * (20023). fo_scope_fit_range is DhcpAddSubnetElement's rule: the first range is taken as it is; a
 * later one has to contain, be within or equal what is there, which it then replaces: ranges that
 * it contains, or the one that it is within. Others stay. Removing takes exactly one whole range.
 */
uint32_t fo_scope_check_new(fo_ipv4_t subnet, fo_ipv4_t mask, const char *name, const char *comment,
                            char *why, size_t why_capacity);
uint32_t fo_scope_add_range(struct fo_scope *s, struct fo_range r, char *why, size_t why_capacity);
uint32_t fo_scope_add_range_for(struct fo_scope *s, struct fo_range r, struct fo_range_use use,
                                char *why, size_t why_capacity);
uint32_t fo_scope_fit_range(struct fo_scope *s, struct fo_range r, struct fo_range_use use,
                            char *why, size_t why_capacity);
uint32_t fo_scope_remove_range(struct fo_scope *s, struct fo_range r, char *why,
                               size_t why_capacity);
uint32_t fo_scope_exclude(struct fo_scope *s, struct fo_range r, char *why, size_t why_capacity);
uint32_t fo_scope_unexclude(struct fo_scope *s, struct fo_range r, char *why, size_t why_capacity);
uint32_t fo_scope_reserve(struct fo_scope *s, const struct fo_reservation *r, char *why,
                          size_t why_capacity);
/** The same for a scope that comes as a whole: it may have had another range when the reservation
 *  was made, so the address only has to be in the subnet. */
uint32_t fo_scope_keep_reservation(struct fo_scope *s, const struct fo_reservation *r, char *why,
                                   size_t why_capacity);
uint32_t fo_scope_unreserve(struct fo_scope *s, fo_ipv4_t address, char *why, size_t why_capacity);
#endif
