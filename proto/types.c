#include "proto/types.h"

#include <stdio.h>

#define COUNT(table) ((int)(sizeof(table) / sizeof((table)[0])))

/* §6.1; the index is the number on the wire. */
static const char *const message_types[] = {
    [FO_MSG_POOLREQ] = "POOLREQ",     [FO_MSG_POOLRESP] = "POOLRESP",
    [FO_MSG_BNDUPD] = "BNDUPD",       [FO_MSG_BNDACK] = "BNDACK",
    [FO_MSG_CONNECT] = "CONNECT",     [FO_MSG_CONNECTACK] = "CONNECTACK",
    [FO_MSG_UPDREQALL] = "UPDREQALL", [FO_MSG_UPDDONE] = "UPDDONE",
    [FO_MSG_UPDREQ] = "UPDREQ",       [FO_MSG_STATE] = "STATE",
    [FO_MSG_CONTACT] = "CONTACT",     [FO_MSG_DISCONNECT] = "DISCONNECT",
};

/* §12. */
static const char *const options[] = {
    [FO_OPT_ADDRESSES_TRANSFERRED] = "addresses-transferred",
    [FO_OPT_ASSIGNED_IP_ADDRESS] = "assigned-IP-address",
    [FO_OPT_BINDING_STATUS] = "binding-status",
    [FO_OPT_CLIENT_IDENTIFIER] = "client-identifier",
    [FO_OPT_CLIENT_HARDWARE_ADDRESS] = "client-hardware-address",
    [FO_OPT_CLIENT_LAST_TRANSACTION_TIME] = "client-last-transaction-time",
    [FO_OPT_CLIENT_REPLY_OPTIONS] = "client-reply-options",
    [FO_OPT_CLIENT_REQUEST_OPTIONS] = "client-request-options",
    [FO_OPT_DDNS] = "DDNS",
    [FO_OPT_DELAYED_SERVICE_PARAMETER] = "delayed-service-parameter",
    [FO_OPT_HASH_BUCKET_ASSIGNMENT] = "hash-bucket-assignment",
    [FO_OPT_IP_FLAGS] = "IP-flags",
    [FO_OPT_LEASE_EXPIRATION_TIME] = "lease-expiration-time",
    [FO_OPT_MAX_UNACKED_BNDUPD] = "max-unacked-bndupd",
    [FO_OPT_MCLT] = "MCLT",
    [FO_OPT_MESSAGE] = "message",
    [FO_OPT_MESSAGE_DIGEST] = "message-digest",
    [FO_OPT_POTENTIAL_EXPIRATION_TIME] = "potential-expiration-time",
    [FO_OPT_RECEIVE_TIMER] = "receive-timer",
    [FO_OPT_PROTOCOL_VERSION] = "protocol-version",
    [FO_OPT_REJECT_REASON] = "reject-reason",
    [FO_OPT_RELATIONSHIP_NAME] = "relationship-name",
    [FO_OPT_SERVER_FLAGS] = "server-flags",
    [FO_OPT_SERVER_STATE] = "server-state",
    [FO_OPT_START_TIME_OF_STATE] = "start-time-of-state",
    [FO_OPT_TLS_REPLY] = "TLS-reply",
    [FO_OPT_TLS_REQUEST] = "TLS-request",
    [FO_OPT_VENDOR_CLASS_IDENTIFIER] = "vendor-class-identifier",
    [FO_OPT_VENDOR_SPECIFIC_OPTIONS] = "vendor-specific-options",
};

/* §12.3. */
static const char *const binding_statuses[] = {
    [FO_STATUS_FREE] = "FREE",           [FO_STATUS_ACTIVE] = "ACTIVE",
    [FO_STATUS_EXPIRED] = "EXPIRED",     [FO_STATUS_RELEASED] = "RELEASED",
    [FO_STATUS_ABANDONED] = "ABANDONED", [FO_STATUS_RESET] = "RESET",
    [FO_STATUS_BACKUP] = "BACKUP",
};

/* §12.24 and §9. */
static const char *const states[] = {
    [FO_STATE_STARTUP] = "STARTUP",
    [FO_STATE_NORMAL] = "NORMAL",
    [FO_STATE_COMMUNICATIONS_INTERRUPTED] = "COMMUNICATIONS-INTERRUPTED",
    [FO_STATE_PARTNER_DOWN] = "PARTNER-DOWN",
    [FO_STATE_POTENTIAL_CONFLICT] = "POTENTIAL-CONFLICT",
    [FO_STATE_RECOVER] = "RECOVER",
    [FO_STATE_PAUSED] = "PAUSED",
    [FO_STATE_SHUTDOWN] = "SHUTDOWN",
    [FO_STATE_RECOVER_DONE] = "RECOVER-DONE",
    [FO_STATE_RESOLUTION_INTERRUPTED] = "RESOLUTION-INTERRUPTED",
    [FO_STATE_CONFLICT_DONE] = "CONFLICT-DONE",
    [FO_STATE_RECOVER_WAIT] = "RECOVER-WAIT",
};

static const char *const roles[] = {
    [FO_ROLE_PRIMARY] = "primary",
    [FO_ROLE_SECONDARY] = "secondary",
};

/* §12.21, in words of our own. */
static const char *const rejects[] = {
    [FO_REJECT_NONE] = "not rejected",
    [FO_REJECT_ADDRESS_NOT_IN_POOL] = "address not in any pool of this endpoint",
    [FO_REJECT_FATAL_CONFLICT] = "fatal conflict: the address is in use by another client",
    [FO_REJECT_MISSING_BINDING_INFORMATION] = "binding information is missing",
    [FO_REJECT_TIME_MISMATCH] = "the clocks differ too much",
    [FO_REJECT_INVALID_MCLT] = "invalid MCLT",
    [FO_REJECT_UNKNOWN_REASON] = "connection refused without a stated reason",
    [FO_REJECT_DUPLICATE_CONNECTION] = "there is a connection already",
    [FO_REJECT_INVALID_PARTNER] = "not a configured failover partner",
    [FO_REJECT_TLS_NOT_SUPPORTED] = "TLS is not supported",
    [FO_REJECT_TLS_NOT_CONFIGURED] = "TLS is supported but not configured",
    [FO_REJECT_TLS_REQUIRED] = "TLS is required but the partner does not offer it",
    [FO_REJECT_DIGEST_NOT_SUPPORTED] = "this type of message digest is not supported",
    [FO_REJECT_DIGEST_NOT_CONFIGURED] = "no message digest is configured",
    [FO_REJECT_VERSION_MISMATCH] = "the protocol versions differ",
    [FO_REJECT_OUTDATED_BINDING_INFORMATION] = "outdated binding information",
    [FO_REJECT_LESS_CRITICAL_BINDING_INFORMATION] = "less critical binding information",
    [FO_REJECT_NO_TRAFFIC] = "nothing was received for too long",
    [FO_REJECT_HBA_CONFLICT] = "the hash bucket assignments conflict",
    [FO_REJECT_NOT_RESERVED] = "the address is not reserved on this server",
    [FO_REJECT_DIGEST_MISMATCH] = "the message digest does not match",
    [FO_REJECT_DIGEST_MISSING] = "the message digest is missing",
    [FO_REJECT_UNKNOWN] = "an unknown error",
};

static const char *name_at(const char *const *table, int count, int i)
{
    return i >= 0 && i < count && table[i] != NULL ? table[i] : "unknown";
}

const char *fo_message_type_name(int type)
{
    return name_at(message_types, COUNT(message_types), type);
}

const char *fo_option_name(int code)
{
    return name_at(options, COUNT(options), code);
}

const char *fo_binding_status_name(int status)
{
    return name_at(binding_statuses, COUNT(binding_statuses), status);
}

const char *fo_state_name(int state)
{
    return name_at(states, COUNT(states), state);
}

const char *fo_role_name(int role)
{
    return name_at(roles, COUNT(roles), role);
}

const char *fo_reject_sentence(int reason)
{
    return name_at(rejects, COUNT(rejects), reason);
}

uint8_t fo_state_to_wire(enum fo_state state)
{
    return state == FO_STATE_RECOVER_WAIT ? FO_WIRE_RECOVER_WAIT : (uint8_t)state;
}

enum fo_state fo_state_from_wire(uint8_t wire)
{
    if (wire == FO_WIRE_RECOVER_WAIT)
        return FO_STATE_RECOVER_WAIT;
    /* 12 is our own number of RECOVER-WAIT and means nothing on the wire. */
    return wire <= FO_STATE_CONFLICT_DONE ? (enum fo_state)wire : FO_STATE_NONE;
}

char *fo_ipv4_text(fo_ipv4_t address, char out[FO_IPV4_TEXT])
{
    (void)snprintf(out, FO_IPV4_TEXT, "%u.%u.%u.%u", (address >> 24) & 255u, (address >> 16) & 255u,
                   (address >> 8) & 255u, address & 255u);
    return out;
}

/* One octet without leading zeros, which other parsers would read as octal. NULL: not one. */
static const char *parse_octet(const char *text, uint32_t *out)
{
    uint32_t value = 0;
    const char *p = text;

    for (; *p >= '0' && *p <= '9' && p - text < 3; p++)
        value = value * 10 + (uint32_t)(*p - '0');
    if (p == text || value > 255 || (p - text > 1 && text[0] == '0'))
        return NULL;
    *out = value;
    return p;
}

int fo_ipv4_parse(const char *text, fo_ipv4_t *out_address)
{
    fo_ipv4_t address = 0;
    uint32_t octet = 0;

    for (int i = 0; i < 4; i++) {
        text = parse_octet(text, &octet);
        if (text == NULL || *text != (i < 3 ? '.' : '\0'))
            return FO_EINVAL;
        text++;
        address = address << 8 | octet;
    }
    *out_address = address;
    return FO_OK;
}
