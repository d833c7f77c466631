/**
 * proto/dialect.h: ways of speaking, as rows of facts.
 *
 * The draft and its implementations differ in details that have to be known before the first
 * byte is written. Each difference is a column here; no code asks "is this ISC?".
 */
#ifndef FO_PROTO_DIALECT_H
#define FO_PROTO_DIALECT_H

#include "proto/types.h"

enum fo_dialect_name { FO_DIALECT_DRAFT = 0, FO_DIALECT_ISC = 1 };

struct fo_dialect {
    const char *name;             /* "draft", "isc": what configuration says */
    uint8_t payload_offset;       /* written in every header (§6.1) */
    uint8_t ip_flags_length;      /* bytes of the IP-flags value (§12.12) */
    bool hba_bit_is_primary;      /* polarity: a set bit means that the primary serves the bucket */
    uint16_t hash_bytes_max;      /* bytes of the client identifier that are hashed; 0: all */
    bool may_batch;               /* several transactions in one BNDUPD (§6.3) */
    bool times_in_every_bndupd;   /* options 13, 18 whatever the status, in either order; CLTT and
                                     STOS always */
    bool limits_in_rejection;     /* options 14, 19, 28 also in a rejecting CONNECTACK (§7.9) */
    bool may_send_ddns;           /* option 9 is understood */
    bool may_tls;                 /* answers TLS-request by more than 0 */
    bool may_digest;              /* understands option 17 */
    bool secondary_expires;       /* a secondary in NORMAL reports EXPIRED by itself */
    bool connect_on_accepted;     /* the primary sends CONNECT also on links it accepted */
    bool recover_is_partner_down; /* the partner goes to PARTNER-DOWN when it hears RECOVER */
    bool either_asks_for_pool;    /* POOLREQ comes from primary and secondary alike */
    bool release_ends_lease;      /* RELEASED keeps the CLTT of the lease; option 13 tells when the
                                     client released it */
    bool times_in_its_clock;      /* does not correct the times it reads (§5.10): write them as its
                                     own clock would */
    bool renewal_starts_state;    /* start-time-of-state is that of the last renewal, not of the
                                     lease (§12.25) */
    bool last_word_wins;          /* takes the end that the newest update names, be it earlier than
                                     the one it knows (§7.1.5) */
    bool even_pools;              /* shares pools out half and half, whoever serves which clients */
    bool state_conflict_is_fatal; /* never tell a partner in NORMAL that we are in
                                    POTENTIAL-CONFLICT, RESOLUTION-INTERRUPTED, CONFLICT-DONE:
                                    drop the link first */
    uint32_t clock_tolerance_s;   /* largest clock difference the partner accepts; 0: any */
    uint32_t max_unacked;         /* what we advertise in option 14 */
    uint8_t pool_percent;         /* a pool is left alone if it is less uneven than so much of it */
    uint8_t pool_addresses;       /* and so many addresses more */
};

/** The row of |name|. Ownership: static. */
const struct fo_dialect *fo_dialect_get(enum fo_dialect_name name);
/** Finds a row by its text. Errors: FO_ENOTFOUND. */
FO_MUST_CHECK int fo_dialect_find(const char *text, enum fo_dialect_name *out_name);
/** The dialect that a vendor-class-identifier (§12.28) betrays: "isc-…" is ISC, else draft. */
enum fo_dialect_name fo_dialect_of_vendor(const uint8_t *vendor, size_t length);

#endif
