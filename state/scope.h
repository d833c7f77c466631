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
struct fo_reservation {
    fo_ipv4_t address;
    uint8_t id_length;
    uint8_t id[FO_CLIENT_ID_MAX]; /* the bare client identifier: option 61 bytes or chaddr */
};
enum fo_scope_state { FO_SCOPE_ENABLED = 0, FO_SCOPE_DISABLED = 1 };

struct fo_scope {
    fo_ipv4_t subnet, mask;
    char name[FO_SCOPE_NAME_MAX + 1];
    char comment[FO_SCOPE_NAME_MAX + 1];
    enum fo_scope_state state;
    struct fo_range *ranges; /* sorted, disjoint; owned */
    uint32_t range_count;
    struct fo_range *exclusions; /* sorted, disjoint; owned */
    uint32_t exclusion_count;
    struct fo_reservation *reservations; /* sorted by address; owned */
    uint32_t reservation_count;
};

void fo_scope_fini(struct fo_scope *s); /* {0} is safe */
FO_MUST_CHECK int fo_scope_copy(const struct fo_scope *from, struct fo_scope *out);
bool fo_scope_equal(const struct fo_scope *a, const struct fo_scope *b);

bool fo_scope_contains(const struct fo_scope *s, fo_ipv4_t address); /* by subnet */
bool fo_scope_in_range(const struct fo_scope *s, fo_ipv4_t address); /* in a range */
bool fo_scope_excluded(const struct fo_scope *s, fo_ipv4_t address);
/** In a range and not excluded: an address that pools count and servers hand out. */
bool fo_scope_leasable(const struct fo_scope *s, fo_ipv4_t address);
const struct fo_reservation *fo_scope_reservation(const struct fo_scope *s, fo_ipv4_t address);
const struct fo_reservation *fo_scope_reservation_of(const struct fo_scope *s, const uint8_t *id,
                                                     size_t id_length);
/** How many addresses are leasable. */
uint64_t fo_scope_size(const struct fo_scope *s);

/* Changes, each checked first; on any code but ERROR_SUCCESS nothing changed. |why| (may be NULL,
 * |why_capacity| bytes) receives one sentence naming what and where. A range that touches or
 * overlaps another grows it in place; removing takes exactly one whole range, so shrinking is to
 * remove it and add the smaller one. An exclusion may not overlap another (20023; unlike MAPI,
 * so that look-ups can be binary searches). MAPI has one range per scope, we keep several as pools
 * of other servers do: a call that promises one has to look at |range_count| first. */
uint32_t fo_scope_check_new(fo_ipv4_t subnet, fo_ipv4_t mask, const char *name, const char *comment,
                            char *why, size_t why_capacity);
uint32_t fo_scope_add_range(struct fo_scope *s, struct fo_range r, char *why, size_t why_capacity);
uint32_t fo_scope_remove_range(struct fo_scope *s, struct fo_range r, char *why,
                               size_t why_capacity);
uint32_t fo_scope_exclude(struct fo_scope *s, struct fo_range r, char *why, size_t why_capacity);
uint32_t fo_scope_unexclude(struct fo_scope *s, struct fo_range r, char *why, size_t why_capacity);
uint32_t fo_scope_reserve(struct fo_scope *s, const struct fo_reservation *r, char *why,
                          size_t why_capacity);
uint32_t fo_scope_unreserve(struct fo_scope *s, fo_ipv4_t address, char *why, size_t why_capacity);
#endif
