#include "proto/option.h"

#include <string.h>

#define ANY FO_OPTION_LENGTH_MAX

/* What a row says of the value, ... */
#define U8          .kind = FO_OPTION_U8, .shortest = 1, .longest = 1
#define U32         .kind = FO_OPTION_U32, .shortest = 4, .longest = 4
#define BYTES(a, b) .kind = FO_OPTION_BYTES, .shortest = (a), .longest = (b)
#define DHCP        .kind = FO_OPTION_DHCP, .shortest = sizeof dhcp_magic, .longest = ANY

/* ... and of where it is kept. */
#define AT_MESSAGE(f) .in_message = (uint16_t)offsetof(struct fo_message, f)
#define AT_GROUP(f)   .in_group = (uint16_t)offsetof(struct fo_group, f)
#define IN_MESSAGE(f) AT_MESSAGE(f), .in_group = FO_OPTION_NOWHERE
#define IN_GROUP(f)   AT_GROUP(f), .in_message = FO_OPTION_NOWHERE
#define IN_BOTH(f)    AT_MESSAGE(f), AT_GROUP(f)

/* RFC 2131 §3: what opens DHCP options (§12.7, §12.8). */
static const uint8_t dhcp_magic[4] = {99, 130, 83, 99};

/* §12.1 to §12.29; the index is the option code.
 * Draft gaps: §12.12 prints length 1 over a value of two bytes; we send 2 and accept both. §7.8.2
 * has no answer to a hash-bucket-assignment that is not 32 bytes long; it counts as absent, so that
 * the CONNECT can be rejected in words instead of breaking the link. */
static const struct fo_option options[FO_OPT_MAX + 1] = {
    [FO_OPT_ADDRESSES_TRANSFERRED] = {U32, IN_MESSAGE(addresses_transferred)},
    [FO_OPT_ASSIGNED_IP_ADDRESS] = {U32, IN_GROUP(address)},
    [FO_OPT_BINDING_STATUS] = {U8, IN_GROUP(status)},
    [FO_OPT_CLIENT_IDENTIFIER] = {BYTES(1, ANY), IN_GROUP(client_identifier)},
    [FO_OPT_CLIENT_HARDWARE_ADDRESS] = {BYTES(1, 1 + FO_CHADDR_MAX), IN_GROUP(hardware_address)},
    [FO_OPT_CLIENT_LAST_TRANSACTION_TIME] = {U32, IN_GROUP(client_last_transaction_time)},
    [FO_OPT_CLIENT_REPLY_OPTIONS] = {DHCP, IN_GROUP(reply_options)},
    [FO_OPT_CLIENT_REQUEST_OPTIONS] = {DHCP, IN_GROUP(request_options)},
    [FO_OPT_DDNS] = {BYTES(2, ANY), IN_GROUP(ddns)},
    [FO_OPT_DELAYED_SERVICE_PARAMETER] = {U8, IN_MESSAGE(delayed_service_s)},
    [FO_OPT_HASH_BUCKET_ASSIGNMENT] = {BYTES(FO_HBA_LENGTH, FO_HBA_LENGTH), .skip_misfit = true,
                                       IN_MESSAGE(hash_bucket_assignment)},
    [FO_OPT_IP_FLAGS] = {.kind = FO_OPTION_FLAGS, .shortest = 1, .longest = 2, IN_GROUP(ip_flags)},
    [FO_OPT_LEASE_EXPIRATION_TIME] = {U32, IN_GROUP(lease_expiration_time)},
    [FO_OPT_MAX_UNACKED_BNDUPD] = {U32, IN_MESSAGE(max_unacked_bndupd)},
    [FO_OPT_MCLT] = {U32, IN_MESSAGE(mclt_s)},
    [FO_OPT_MESSAGE] = {BYTES(0, ANY), IN_BOTH(message)},
    [FO_OPT_MESSAGE_DIGEST] = {.kind = FO_OPTION_DIGEST,
                               .shortest = 1,
                               .longest = ANY,
                               IN_MESSAGE(digest)},
    [FO_OPT_POTENTIAL_EXPIRATION_TIME] = {U32, IN_GROUP(potential_expiration_time)},
    [FO_OPT_RECEIVE_TIMER] = {U32, IN_MESSAGE(receive_timer_s)},
    [FO_OPT_PROTOCOL_VERSION] = {U8, IN_MESSAGE(protocol_version)},
    [FO_OPT_REJECT_REASON] = {U8, IN_BOTH(reject_reason)},
    [FO_OPT_RELATIONSHIP_NAME] = {BYTES(0, ANY), IN_MESSAGE(relationship_name)},
    [FO_OPT_SERVER_FLAGS] = {U8, IN_MESSAGE(server_flags)},
    [FO_OPT_SERVER_STATE] = {U8, IN_MESSAGE(server_state)},
    [FO_OPT_START_TIME_OF_STATE] = {U32, IN_BOTH(start_time_of_state)},
    [FO_OPT_TLS_REPLY] = {U8, IN_MESSAGE(tls_reply)},
    [FO_OPT_TLS_REQUEST] = {U8, IN_MESSAGE(tls_request)},
    [FO_OPT_VENDOR_CLASS_IDENTIFIER] = {BYTES(0, ANY), IN_MESSAGE(vendor_class)},
    [FO_OPT_VENDOR_SPECIFIC_OPTIONS] = {BYTES(0, ANY), IN_MESSAGE(vendor_options)},
};

_Static_assert(sizeof(fo_utc_t) == sizeof(uint32_t), "a moment is kept as its 32 bits");
_Static_assert(sizeof(fo_ipv4_t) == sizeof(uint32_t), "an address is kept as its 32 bits");

const struct fo_option *fo_option_get(unsigned code)
{
    return code >= 1 && code <= FO_OPT_MAX ? &options[code] : NULL;
}

static void take_u32(const uint8_t *value, void *field)
{
    uint32_t number =
        (uint32_t)value[0] << 24 | (uint32_t)value[1] << 16 | (uint32_t)value[2] << 8 | value[3];

    memcpy(field, &number, sizeof number);
}

int fo_option_take(const struct fo_option *o, const uint8_t *value, size_t length, void *field)
{
    if (length < o->shortest || length > o->longest)
        return o->skip_misfit ? 0 : FO_EMALFORMED;
    switch ((enum fo_option_kind)o->kind) {
    case FO_OPTION_U8:
        *(uint8_t *)field = value[0];
        return 1;
    case FO_OPTION_FLAGS:
        *(uint16_t *)field = (uint16_t)(length == 1 ? value[0] : value[0] << 8 | value[1]);
        return 1;
    case FO_OPTION_U32:
        take_u32(value, field);
        return 1;
    case FO_OPTION_DHCP:
        if (memcmp(value, dhcp_magic, sizeof dhcp_magic) != 0)
            return 0;
        break;
    case FO_OPTION_DIGEST: /* the caller keeps the type byte */
        value++;
        length--;
        break;
    case FO_OPTION_BYTES:
        break;
    }
    *(struct fo_span *)field = (struct fo_span){value, (uint16_t)length};
    return 1;
}

static size_t value_length(const struct fo_option *o, const void *field,
                           const struct fo_dialect *dialect)
{
    switch ((enum fo_option_kind)o->kind) {
    case FO_OPTION_U8:
        return 1;
    case FO_OPTION_FLAGS:
        return dialect->ip_flags_length;
    case FO_OPTION_U32:
        return 4;
    case FO_OPTION_DIGEST:
        return 1 + FO_DIGEST_LENGTH;
    case FO_OPTION_BYTES:
    case FO_OPTION_DHCP:
        break;
    }
    return ((const struct fo_span *)field)->length;
}

size_t fo_option_size(unsigned code, const void *field, const struct fo_dialect *dialect)
{
    return FO_OPTION_HEADER_LENGTH + value_length(&options[code], field, dialect);
}

void fo_option_write(struct fo_writer *w, unsigned code, const void *field,
                     const struct fo_dialect *dialect)
{
    const struct fo_option *o = &options[code];
    size_t length = value_length(o, field, dialect);
    uint32_t number;

    fo_write_u16(w, (uint16_t)code);
    fo_write_u16(w, (uint16_t)length);
    switch ((enum fo_option_kind)o->kind) {
    case FO_OPTION_U8:
        fo_write_u8(w, *(const uint8_t *)field);
        break;
    case FO_OPTION_FLAGS:
        number = *(const uint16_t *)field;
        if (length == 2)
            fo_write_u16(w, (uint16_t)number);
        else
            fo_write_u8(w, (uint8_t)number);
        break;
    case FO_OPTION_U32:
        memcpy(&number, field, sizeof number);
        fo_write_u32(w, number);
        break;
    case FO_OPTION_BYTES:
    case FO_OPTION_DHCP:
        fo_write_bytes(w, ((const struct fo_span *)field)->data, length);
        break;
    case FO_OPTION_DIGEST: /* zeros stand in until the whole message can be digested (§12.17) */
        fo_write_u8(w, FO_DIGEST_HMAC_MD5);
        fo_write_bytes(w, (const uint8_t[FO_DIGEST_LENGTH]){0}, FO_DIGEST_LENGTH);
        break;
    }
}
