/* §6.1 to §6.3 on sending. */
#include "proto/message.h"

#include <assert.h>

#include "proto/message_rules.h"
#include "proto/option.h"

/* The order dhcpd sends them in; the draft leaves it open except for the digest, which is first,
 * and for the address that opens a group. Options that dhcpd does not send stand behind. */
static const uint8_t message_order[] = {
    FO_OPT_RELATIONSHIP_NAME,
    FO_OPT_MAX_UNACKED_BNDUPD,
    FO_OPT_RECEIVE_TIMER,
    FO_OPT_VENDOR_CLASS_IDENTIFIER,
    FO_OPT_PROTOCOL_VERSION,
    FO_OPT_TLS_REQUEST,
    FO_OPT_TLS_REPLY,
    FO_OPT_MCLT,
    FO_OPT_HASH_BUCKET_ASSIGNMENT,
    FO_OPT_DELAYED_SERVICE_PARAMETER,
    FO_OPT_SERVER_STATE,
    FO_OPT_SERVER_FLAGS,
    FO_OPT_START_TIME_OF_STATE,
    FO_OPT_ADDRESSES_TRANSFERRED,
    FO_OPT_REJECT_REASON,
    FO_OPT_MESSAGE,
    FO_OPT_VENDOR_SPECIFIC_OPTIONS,
};
static const uint8_t group_order[] = {
    FO_OPT_ASSIGNED_IP_ADDRESS,
    FO_OPT_BINDING_STATUS,
    FO_OPT_CLIENT_IDENTIFIER,
    FO_OPT_CLIENT_HARDWARE_ADDRESS,
    FO_OPT_LEASE_EXPIRATION_TIME,
    FO_OPT_POTENTIAL_EXPIRATION_TIME,
    FO_OPT_START_TIME_OF_STATE,
    FO_OPT_CLIENT_LAST_TRANSACTION_TIME,
    FO_OPT_IP_FLAGS,
    FO_OPT_DDNS,
    FO_OPT_CLIENT_REQUEST_OPTIONS,
    FO_OPT_CLIENT_REPLY_OPTIONS,
    FO_OPT_REJECT_REASON,
    FO_OPT_MESSAGE,
};

static const void *group_field(const struct fo_group *g, unsigned code)
{
    return (const uint8_t *)g + fo_option_get(code)->in_group;
}

static void write_header(struct fo_writer *w, const struct fo_message *m,
                         const struct fo_dialect *dialect)
{
    fo_write_u16(w, 0); /* the length, known at the end */
    fo_write_u8(w, m->type);
    fo_write_u8(w, dialect->payload_offset);
    fo_write_u32(w, m->time.s);
    fo_write_u32(w, m->xid);
    for (unsigned i = FO_HEADER_LENGTH; i < dialect->payload_offset; i++)
        fo_write_u8(w, 0);
}

static void write_options(struct fo_writer *w, const struct fo_message *m,
                          const struct fo_dialect *dialect)
{
    for (unsigned i = 0; i < sizeof message_order; i++) {
        unsigned code = message_order[i];

        if (m->present & FO_OPT_BIT(code))
            fo_option_write(w, code, (const uint8_t *)m + fo_option_get(code)->in_message, dialect);
    }
}

static void write_group(struct fo_writer *w, const struct fo_group *g,
                        const struct fo_dialect *dialect)
{
    for (unsigned i = 0; i < sizeof group_order; i++) {
        if (g->present & FO_OPT_BIT(group_order[i]))
            fo_option_write(w, group_order[i], group_field(g, group_order[i]), dialect);
    }
}

/* §12.17: over the complete message, with zeros where the digest will stand. */
static void fill_digest(uint8_t *message, size_t length, const struct fo_dialect *dialect,
                        const struct fo_digest *digest)
{
    uint8_t *place = message + dialect->payload_offset + FO_OPTION_HEADER_LENGTH + 1;
    uint8_t value[FO_DIGEST_LENGTH];

    digest->compute(digest->context, message, length, value);
    for (unsigned i = 0; i < sizeof value; i++)
        place[i] = value[i];
}

int fo_message_encode(const struct fo_message *m, const struct fo_dialect *dialect,
                      const struct fo_digest *digest, struct fo_writer *w)
{
    struct fo_writer body;
    size_t room;
    int rc = fo_message_check(m, dialect);

    if (rc != FO_OK)
        return rc;
    if (digest != NULL && !dialect->may_digest)
        return FO_EFORBIDDEN;
    if (w->err != FO_OK)
        return w->err;
    assert(dialect->payload_offset >= FO_HEADER_LENGTH);
    room = w->capacity - w->position;
    body = fo_writer_of(w->data + w->position, room < FO_MESSAGE_MAX ? room : FO_MESSAGE_MAX);
    write_header(&body, m, dialect);
    if (digest != NULL)
        fo_option_write(&body, FO_OPT_MESSAGE_DIGEST, &m->digest, dialect);
    write_options(&body, m, dialect);
    for (unsigned i = 0; i < m->group_count; i++)
        write_group(&body, &m->groups[i], dialect);
    if (body.err != FO_OK)
        return body.err;
    body.data[0] = (uint8_t)(body.position >> 8);
    body.data[1] = (uint8_t)body.position;
    if (digest != NULL)
        fill_digest(body.data, body.position, dialect, digest);
    w->position += body.position;
    return FO_OK;
}

size_t fo_group_size(const struct fo_group *group, const struct fo_dialect *dialect)
{
    size_t size = 0;

    for (unsigned i = 0; i < sizeof group_order; i++) {
        unsigned code = group_order[i];

        if (group->present & FO_OPT_BIT(code))
            size += fo_option_size(code, group_field(group, code), dialect);
    }
    return size;
}

size_t fo_group_ack_size(size_t text_length)
{
    return (FO_OPTION_HEADER_LENGTH + 4) + (FO_OPTION_HEADER_LENGTH + 1) +
           (FO_OPTION_HEADER_LENGTH + text_length);
}
