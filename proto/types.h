/**
 * proto/types.h: the draft's nouns and numbers.
 *
 * Source: draft-ietf-dhc-failover-12 §6.1 (types), §12 (options), §12.3, §12.21, §12.24.
 */
#ifndef FO_PROTO_TYPES_H
#define FO_PROTO_TYPES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "proto/err.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Two clocks that must never be mixed up: what wire and disk carry, and what timers use. */
typedef struct {
    uint32_t s;
} fo_utc_t; /* seconds since 1970-01-01 UTC */
typedef struct {
    int64_t ms;
} fo_mono_t; /* steady milliseconds, origin arbitrary */

/** An IPv4 address as a number: 10.0.0.1 is 0x0a000001. */
typedef uint32_t fo_ipv4_t;

/* Times that mean something other than a moment; never shifted by a clock difference (§5.10;
 * Draft gap: infinite leases; 0x7fffffff as ISC sends). */
#define FO_UTC_NONE         0u
#define FO_UTC_INFINITE     0x7fffffffu
#define FO_UTC_ALL_ONES     0xffffffffu
#define FO_LEASE_INFINITE_S 0xffffffffu /* a lease interval without end (RFC 2131 §3.3) */

static inline fo_utc_t fo_utc(uint32_t s)
{
    fo_utc_t t = {s}; /* not a compound literal: hosts written in C++ read this */
    return t;
}
/** Saturating sum: never wraps, stays below FO_UTC_INFINITE unless |t| already is. */
static inline fo_utc_t fo_utc_add(fo_utc_t t, uint32_t s)
{
    uint64_t sum = (uint64_t)t.s + s;
    if (t.s >= FO_UTC_INFINITE)
        return t;
    return fo_utc(sum >= FO_UTC_INFINITE ? FO_UTC_INFINITE : (uint32_t)sum);
}
static inline fo_utc_t fo_utc_max(fo_utc_t a, fo_utc_t b)
{
    return a.s > b.s ? a : b;
}
static inline fo_utc_t fo_utc_min(fo_utc_t a, fo_utc_t b)
{
    return a.s < b.s ? a : b;
}

/* §6.1, Table of message types. */
enum fo_message_type {
    FO_MSG_POOLREQ = 1,
    FO_MSG_POOLRESP = 2,
    FO_MSG_BNDUPD = 3,
    FO_MSG_BNDACK = 4,
    FO_MSG_CONNECT = 5,
    FO_MSG_CONNECTACK = 6,
    FO_MSG_UPDREQALL = 7,
    FO_MSG_UPDDONE = 8,
    FO_MSG_UPDREQ = 9,
    FO_MSG_STATE = 10,
    FO_MSG_CONTACT = 11,
    FO_MSG_DISCONNECT = 12
};

/* §12, option codes. */
enum fo_option_code {
    FO_OPT_ADDRESSES_TRANSFERRED = 1,
    FO_OPT_ASSIGNED_IP_ADDRESS = 2,
    FO_OPT_BINDING_STATUS = 3,
    FO_OPT_CLIENT_IDENTIFIER = 4,
    FO_OPT_CLIENT_HARDWARE_ADDRESS = 5,
    FO_OPT_CLIENT_LAST_TRANSACTION_TIME = 6,
    FO_OPT_CLIENT_REPLY_OPTIONS = 7,
    FO_OPT_CLIENT_REQUEST_OPTIONS = 8,
    FO_OPT_DDNS = 9,
    FO_OPT_DELAYED_SERVICE_PARAMETER = 10,
    FO_OPT_HASH_BUCKET_ASSIGNMENT = 11,
    FO_OPT_IP_FLAGS = 12,
    FO_OPT_LEASE_EXPIRATION_TIME = 13,
    FO_OPT_MAX_UNACKED_BNDUPD = 14,
    FO_OPT_MCLT = 15,
    FO_OPT_MESSAGE = 16,
    FO_OPT_MESSAGE_DIGEST = 17,
    FO_OPT_POTENTIAL_EXPIRATION_TIME = 18,
    FO_OPT_RECEIVE_TIMER = 19,
    FO_OPT_PROTOCOL_VERSION = 20,
    FO_OPT_REJECT_REASON = 21,
    FO_OPT_RELATIONSHIP_NAME = 22,
    FO_OPT_SERVER_FLAGS = 23,
    FO_OPT_SERVER_STATE = 24,
    FO_OPT_START_TIME_OF_STATE = 25,
    FO_OPT_TLS_REPLY = 26,
    FO_OPT_TLS_REQUEST = 27,
    FO_OPT_VENDOR_CLASS_IDENTIFIER = 28,
    FO_OPT_VENDOR_SPECIFIC_OPTIONS = 29
};
#define FO_OPT_MAX       29
#define FO_OPT_BIT(code) (1u << (code)) /* a set of options is a uint32_t */

/* §12.3. A binding-status belongs to an address; "state" belongs to an endpoint (§2.2). */
enum fo_binding_status {
    FO_STATUS_NONE = 0,
    FO_STATUS_FREE = 1,
    FO_STATUS_ACTIVE = 2,
    FO_STATUS_EXPIRED = 3,
    FO_STATUS_RELEASED = 4,
    FO_STATUS_ABANDONED = 5,
    FO_STATUS_RESET = 6,
    FO_STATUS_BACKUP = 7
};
#define FO_STATUS_COUNT 8

/* §12.12, IP-flags; §12.23, server-flags. */
#define FO_IP_FLAG_RESERVED    0x0001u
#define FO_IP_FLAG_BOOTP       0x0002u
#define FO_SERVER_FLAG_STARTUP 0x01u

/* §12.21, reject reasons. */
enum fo_reject {
    FO_REJECT_NONE = 0,
    FO_REJECT_ADDRESS_NOT_IN_POOL = 1,
    FO_REJECT_FATAL_CONFLICT = 2,
    FO_REJECT_MISSING_BINDING_INFORMATION = 3,
    FO_REJECT_TIME_MISMATCH = 4,
    FO_REJECT_INVALID_MCLT = 5,
    FO_REJECT_UNKNOWN_REASON = 6,
    FO_REJECT_DUPLICATE_CONNECTION = 7,
    FO_REJECT_INVALID_PARTNER = 8,
    FO_REJECT_TLS_NOT_SUPPORTED = 9,
    FO_REJECT_TLS_NOT_CONFIGURED = 10,
    FO_REJECT_TLS_REQUIRED = 11,
    FO_REJECT_DIGEST_NOT_SUPPORTED = 12,
    FO_REJECT_DIGEST_NOT_CONFIGURED = 13,
    FO_REJECT_VERSION_MISMATCH = 14,
    FO_REJECT_OUTDATED_BINDING_INFORMATION = 15,
    FO_REJECT_LESS_CRITICAL_BINDING_INFORMATION = 16,
    FO_REJECT_NO_TRAFFIC = 17,
    FO_REJECT_HBA_CONFLICT = 18,
    FO_REJECT_NOT_RESERVED = 19,
    FO_REJECT_DIGEST_MISMATCH = 20,
    FO_REJECT_DIGEST_MISSING = 21,
    FO_REJECT_UNKNOWN = 254
};

/* §12.24, the state of an endpoint. STARTUP is never sent; it is a flag on the wire (§9.3.1).
 * Draft gap: §12.24 has no value for RECOVER-WAIT; we send 254, as ISC does. */
enum fo_state {
    FO_STATE_NONE = 0, /* nothing known, as of a partner never heard */
    FO_STATE_STARTUP = 1,
    FO_STATE_NORMAL = 2,
    FO_STATE_COMMUNICATIONS_INTERRUPTED = 3,
    FO_STATE_PARTNER_DOWN = 4,
    FO_STATE_POTENTIAL_CONFLICT = 5,
    FO_STATE_RECOVER = 6,
    FO_STATE_PAUSED = 7,
    FO_STATE_SHUTDOWN = 8,
    FO_STATE_RECOVER_DONE = 9,
    FO_STATE_RESOLUTION_INTERRUPTED = 10,
    FO_STATE_CONFLICT_DONE = 11,
    FO_STATE_RECOVER_WAIT = 12
};
#define FO_STATE_COUNT       13
#define FO_WIRE_RECOVER_WAIT 254

enum fo_role { FO_ROLE_PRIMARY = 0, FO_ROLE_SECONDARY = 1 };

/* Names as the draft prints them ("COMMUNICATIONS-INTERRUPTED", "BNDUPD", "assigned-IP-address",
 * "ACTIVE"); for a number without a name the answer is "unknown". Never NULL, static text. */
const char *fo_message_type_name(int type);
const char *fo_option_name(int code);
const char *fo_binding_status_name(int status);
const char *fo_state_name(int state);
const char *fo_role_name(int role);
/** The sentence of a reject reason ("address not in any pool of this endpoint"), §12.21. */
const char *fo_reject_sentence(int reason);

/** The states by wire number: fo_state_to_wire never fails; fo_state_from_wire returns
 *  FO_STATE_NONE for numbers that name no state. */
uint8_t fo_state_to_wire(enum fo_state state);
enum fo_state fo_state_from_wire(uint8_t wire);

#define FO_IPV4_TEXT 16
/** Dotted text of |address| into |out|; returns |out|. */
FO_API char *fo_ipv4_text(fo_ipv4_t address, char out[FO_IPV4_TEXT]);
/** Parses dotted text: exactly four decimal octets. Errors: FO_EINVAL. */
FO_API FO_MUST_CHECK int fo_ipv4_parse(const char *text, fo_ipv4_t *out_address);

#ifdef __cplusplus
}
#endif
#endif
