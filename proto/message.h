/**
 * proto/message.h: one failover message, taken apart.
 *
 * Decoding yields a struct fo_message whose spans point into the decoded bytes; encoding writes
 * one into a buffer. The rules of which option must, may or must not stand in which message are
 * one table in proto/message_rules.c.
 *
 * Source: draft-12 §6 (format), §7 (messages), §12 (options).
 */
#ifndef FO_PROTO_MESSAGE_H
#define FO_PROTO_MESSAGE_H

#include "proto/bytes.h"
#include "proto/dialect.h"

#define FO_MESSAGE_MIN     12   /* §6.1: the header alone */
#define FO_MESSAGE_MAX     2048 /* §6.1 */
#define FO_HEADER_LENGTH   12
#define FO_GROUPS_MAX      254 /* the most assigned-IP-address options that fit into 2048 bytes */
#define FO_DIGEST_LENGTH   16  /* HMAC-MD5, §12.17 */
#define FO_DIGEST_HMAC_MD5 1
#define FO_HBA_LENGTH      32 /* §12.11 */
#define FO_CHADDR_MAX      20 /* hardware address bytes we accept, without the type byte */

struct fo_span {
    const uint8_t *data; /* borrowed */
    uint16_t length;
};

/** One binding update transaction, or one verdict in a BNDACK (§6.3). |present| says which of
 *  the fields below the group carries, as FO_OPT_BIT()s. Times are as on the wire. */
struct fo_group {
    uint32_t present;
    fo_ipv4_t address;                     /* 2 */
    uint8_t status;                        /* 3, as on the wire */
    uint8_t reject_reason;                 /* 21 */
    uint16_t ip_flags;                     /* 12 */
    struct fo_span client_identifier;      /* 4 */
    struct fo_span hardware_address;       /* 5: type byte, then chaddr */
    struct fo_span reply_options;          /* 7 */
    struct fo_span request_options;        /* 8 */
    struct fo_span ddns;                   /* 9 */
    struct fo_span message;                /* 16 */
    fo_utc_t client_last_transaction_time; /* 6 */
    fo_utc_t lease_expiration_time;        /* 13 */
    fo_utc_t potential_expiration_time;    /* 18 */
    fo_utc_t start_time_of_state;          /* 25 */
    uint32_t duplicated;                   /* decoding: options that came twice in this group */
};

struct fo_message {
    uint8_t type; /* enum fo_message_type */
    uint32_t xid;
    fo_utc_t time;    /* header: when the sender sent it, by its clock */
    uint32_t present; /* the options outside groups, as FO_OPT_BIT()s */

    uint32_t addresses_transferred;        /* 1 */
    uint8_t delayed_service_s;             /* 10 */
    struct fo_span hash_bucket_assignment; /* 11 */
    uint32_t max_unacked_bndupd;           /* 14 */
    uint32_t mclt_s;                       /* 15 */
    struct fo_span message;                /* 16 */
    uint8_t digest_type;                   /* 17 */
    struct fo_span digest;                 /* 17, without the type byte; only after decoding */
    uint32_t receive_timer_s;              /* 19 */
    uint8_t protocol_version;              /* 20 */
    uint8_t reject_reason;                 /* 21 */
    struct fo_span relationship_name;      /* 22 */
    uint8_t server_flags;                  /* 23 */
    uint8_t server_state;                  /* 24, as on the wire: see fo_state_from_wire */
    fo_utc_t start_time_of_state;          /* 25 */
    uint8_t tls_reply;                     /* 26 */
    uint8_t tls_request;                   /* 27 */
    struct fo_span vendor_class;           /* 28 */
    struct fo_span vendor_options;         /* 29 */

    uint16_t group_count;
    struct fo_group groups[FO_GROUPS_MAX]; /* valid up to group_count */
};

/** Where and why decoding failed: |option| is 0 for the header, |offset| counts from the start
 *  of the message. |text| is one sentence naming both. */
struct fo_fault {
    int err;
    int option;
    size_t offset;
    char text[128];
};

/**
 * A message digest is a function handed in: it computes the digest of |length| bytes keyed with
 * the shared secret it knows by |context| (§11.1, §12.17).
 */
typedef void (*fo_digest_fn)(void *context, const uint8_t *data, size_t length,
                             uint8_t out_digest[FO_DIGEST_LENGTH]);
struct fo_digest {
    fo_digest_fn compute;
    void *context;
};

/** Empties |m| (cheaply: groups beyond group_count are never read) and sets type and xid. */
void fo_message_reset(struct fo_message *m, uint8_t type, uint32_t xid);

/**
 * fo_message_decode takes one whole message apart.
 *
 * Unknown options are skipped (§6.1). Types 128..255 decode to an empty message with that type,
 * to be ignored by the caller; types 0 and 13..127 give FO_EUNKNOWN. The per-message rules are
 * checked: options that must not stand where they do are ignored on receipt unless harmful (one
 * of a group before the first assigned-IP-address); missing mandatory ones are an error for
 * everything but BNDUPD groups, CONNECT and CONNECTACK (those get a reject, §7.1.3, §7.8.2: see
 * fo_message_missing). A duplicate inside a BNDUPD group is reported in the group, elsewhere it is
 * FO_EDUPLICATE (Draft gap: §6.2 against §6.3).
 *
 * Ownership: spans in |out| borrow |data|.
 * Errors:    FO_ETRUNCATED, FO_EMALFORMED, FO_EDUPLICATE, FO_EMISSING, FO_EUNKNOWN; |out_fault|
 *            (may be NULL) says where; |out| is then an empty message.
 * Source:    §6.1, §6.2, §6.3, §7.
 */
FO_MUST_CHECK int fo_message_decode(const uint8_t *data, size_t length, struct fo_message *out,
                                    struct fo_fault *out_fault);

/**
 * fo_message_encode appends |m| to |w|: header, digest first if |digest| is not NULL (§11.1),
 * then the options in the order ISC sends them, groups last. Refuses to write what the rules forbid
 * for this message or the dialect does not understand. Option 17 in |present| is passed over: the
 * digest belongs to the link.
 *
 * Errors: FO_ENOSPACE (over 2048 bytes or |w| too small), FO_EMISSING, FO_EFORBIDDEN; then
 *         nothing was written and w->err stays FO_OK.
 */
FO_MUST_CHECK int fo_message_encode(const struct fo_message *m, const struct fo_dialect *dialect,
                                    const struct fo_digest *digest, struct fo_writer *w);

/** Bytes that |group| adds to a BNDUPD, for filling a batch to 2048 bytes (§6.3). */
size_t fo_group_size(const struct fo_group *group, const struct fo_dialect *dialect);
/** Bytes of a BNDACK that rejects one address with a text of |text_length| bytes; batches are
 *  kept small enough that the answer fits as well (§6.3). */
size_t fo_group_ack_size(size_t text_length);

/** The mandatory options that |m| lacks by its row of the rules table, as FO_OPT_BIT()s. */
uint32_t fo_message_missing(const struct fo_message *m);
/** The same for one BNDUPD group, by its binding-status (Table 7.1-1 as ISC and we require it on
 *  receipt: 2, 3; ACTIVE also 5, 13, 18; EXPIRED and RELEASED also 5). */
uint32_t fo_group_missing(const struct fo_group *group);

/**
 * fo_message_verify checks option 17 of the whole message |data| with |digest| (NULL: none is
 * configured), comparing in constant time (§11.1).
 * Returns FO_REJECT_NONE, FO_REJECT_DIGEST_MISSING, _NOT_CONFIGURED, _NOT_SUPPORTED, _MISMATCH.
 */
enum fo_reject fo_message_verify(const uint8_t *data, size_t length, const struct fo_message *m,
                                 const struct fo_digest *digest);

/** Writes |m| as one line of text without newline, cut to |capacity|; returns |out|. Secrets and
 *  unprintable bytes never show. Example: "BNDUPD xid=7 10.0.0.5 ACTIVE hw=1:02:0c:… until=…". */
char *fo_message_print(const struct fo_message *m, char *out, size_t capacity);

#endif
