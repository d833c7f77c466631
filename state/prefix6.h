/**
 * state/prefix6.h: an IPv6 prefix with its exclusions and reservations, as the store has them.
 *
 * IPv6 is kept and searched here, not replicated: the draft is for IPv4, and so is failover (MAPI
 * §0). Nothing is held in memory; every function reads the store, and those that change write into
 * its open transaction. Prefixes do not overlap.
 *
 * Source: MAPI §1.6, §2.10 (DHCP_SUBNET_INFO_V6, DHCP_SUBNET_ELEMENT_DATA_V6).
 */
#ifndef FO_STATE_PREFIX6_H
#define FO_STATE_PREFIX6_H

#include "proto/ipv6.h"
#include "proto/win32.h"
#include "state/store.h"

#define FO_PREFIX6_TEXT_MAX   256 /* bytes of UTF-8 of a name or a comment, terminator excluded */
#define FO_PREFIX6_LENGTH     64  /* of a prefix whose length nobody told: Windows has no other */
#define FO_PREFIX6_EXCLUSIONS 4096
#define FO_DUID_MAX           256 /* MAPI §1.4, DhcpSetClientInfoV6; RFC 8415 §11.1 has 130 */

/** Who has an address: one identity association of one client (RFC 8415 §12). */
struct fo_client6 {
    uint32_t iaid;
    uint16_t duid_length;
    uint8_t duid[FO_DUID_MAX];
};
bool fo_client6_equal(const struct fo_client6 *a, const struct fo_client6 *b);
void fo_client6_write(struct fo_writer *w, const struct fo_client6 *c);
/** Fails the cursor with FO_EDAMAGED for a DUID that is empty or too long. */
void fo_client6_read(struct fo_reader *r, struct fo_client6 *out);

enum fo_prefix6_state { FO_PREFIX6_ENABLED = 0, FO_PREFIX6_DISABLED = 1 };
struct fo_prefix6 {
    struct fo_ipv6 prefix;
    uint8_t length; /* bits, 1 to 128 */
    uint8_t state;  /* enum fo_prefix6_state */
    uint16_t preference;
    uint32_t scope_id; /* ours, given once, from 1 */
    char name[FO_PREFIX6_TEXT_MAX + 1];
    char comment[FO_PREFIX6_TEXT_MAX + 1];
};

/* Errors of all below: FO_ENOTFOUND, FO_EDAMAGED (this one record), those of the store. */
FO_MUST_CHECK int fo_prefix6_get(struct fo_store *s, struct fo_ipv6 prefix, struct fo_prefix6 *out);
/** The prefix that |address| lies in. */
FO_MUST_CHECK int fo_prefix6_of(struct fo_store *s, struct fo_ipv6 address, struct fo_prefix6 *out);
/** The first prefix at or after |from|; damaged ones are passed over. */
FO_MUST_CHECK int fo_prefix6_next(struct fo_store *s, struct fo_ipv6 from, struct fo_prefix6 *out);
FO_MUST_CHECK int fo_prefix6_put(struct fo_store *s, const struct fo_prefix6 *p);
/** The record alone. */
FO_MUST_CHECK int fo_prefix6_del(struct fo_store *s, struct fo_ipv6 prefix);
/** What a walk of quarantine.h asks of a record: FO_EDAMAGED, FO_EVERSION or FO_OK. */
int fo_prefix6_judge(void *context, const void *key, size_t key_length, const void *value,
                     size_t value_length);

/* --- elements: the numbers are those of DHCP_SUBNET_ELEMENT_TYPE_V6 ------------------------- */
enum fo_element6_kind { FO_ELEMENT6_RESERVATION = 1, FO_ELEMENT6_EXCLUSION = 2 };
struct fo_element6 {
    uint8_t kind;
    struct fo_ipv6 first, last; /* inclusive; the same of a reservation */
    struct fo_client6 client;   /* of a reservation */
};
FO_MUST_CHECK int fo_element6_get(struct fo_store *s, struct fo_ipv6 prefix, uint8_t kind,
                                  struct fo_ipv6 first, struct fo_ipv6 last,
                                  struct fo_element6 *out);
/** The first element of |kind| behind (|first|, |last|), in that order; damaged ones are passed
 *  over. Both ::, which none can be: the very first. */
FO_MUST_CHECK int fo_element6_next(struct fo_store *s, struct fo_ipv6 prefix, uint8_t kind,
                                   struct fo_ipv6 first, struct fo_ipv6 last,
                                   struct fo_element6 *out);
FO_MUST_CHECK int fo_element6_put(struct fo_store *s, struct fo_ipv6 prefix,
                                  const struct fo_element6 *e);
FO_MUST_CHECK int fo_element6_del(struct fo_store *s, struct fo_ipv6 prefix, uint8_t kind,
                                  struct fo_ipv6 first, struct fo_ipv6 last);
int fo_element6_judge(void *context, const void *key, size_t key_length, const void *value,
                      size_t value_length);
/** Removes all elements of |prefix|. */
FO_MUST_CHECK int fo_element6_clear(struct fo_store *s, struct fo_ipv6 prefix);

#endif
