/* A message as one line of text, for logs and for people who look at captures. */
#include <stdarg.h>
#include <stdio.h>

#include "proto/message.h"
#include "proto/option.h"

enum look { NUMBER, ADDRESS, STATUS, ENDPOINT_STATE, REASON, TEXT, HEX, HARDWARE, FLAGS, LENGTH };

/** How one option is shown; in the order of the table. */
struct style {
    uint8_t code;
    uint8_t look; /* enum look */
    const char *label;
};

static const struct style message_styles[] = {
    {FO_OPT_RELATIONSHIP_NAME, TEXT, "relationship"},
    {FO_OPT_SERVER_STATE, ENDPOINT_STATE, ""},
    {FO_OPT_SERVER_FLAGS, FLAGS, "flags"},
    {FO_OPT_START_TIME_OF_STATE, NUMBER, "since"},
    {FO_OPT_MAX_UNACKED_BNDUPD, NUMBER, "max-unacked"},
    {FO_OPT_RECEIVE_TIMER, NUMBER, "receive-timer"},
    {FO_OPT_VENDOR_CLASS_IDENTIFIER, TEXT, "vendor"},
    {FO_OPT_PROTOCOL_VERSION, NUMBER, "version"},
    {FO_OPT_TLS_REQUEST, NUMBER, "tls-request"},
    {FO_OPT_TLS_REPLY, NUMBER, "tls-reply"},
    {FO_OPT_MCLT, NUMBER, "mclt"},
    {FO_OPT_HASH_BUCKET_ASSIGNMENT, HEX, "hba"},
    {FO_OPT_DELAYED_SERVICE_PARAMETER, NUMBER, "delayed-service"},
    {FO_OPT_ADDRESSES_TRANSFERRED, NUMBER, "addresses"},
    {FO_OPT_REJECT_REASON, REASON, "reject"},
    {FO_OPT_MESSAGE, TEXT, "message"},
    {FO_OPT_VENDOR_SPECIFIC_OPTIONS, LENGTH, "vendor-options"},
};
static const struct style group_styles[] = {
    {FO_OPT_ASSIGNED_IP_ADDRESS, ADDRESS, ""},
    {FO_OPT_BINDING_STATUS, STATUS, ""},
    {FO_OPT_CLIENT_IDENTIFIER, HEX, "id"},
    {FO_OPT_CLIENT_HARDWARE_ADDRESS, HARDWARE, "hw"},
    {FO_OPT_LEASE_EXPIRATION_TIME, NUMBER, "until"},
    {FO_OPT_POTENTIAL_EXPIRATION_TIME, NUMBER, "potential"},
    {FO_OPT_START_TIME_OF_STATE, NUMBER, "since"},
    {FO_OPT_CLIENT_LAST_TRANSACTION_TIME, NUMBER, "cltt"},
    {FO_OPT_IP_FLAGS, FLAGS, "flags"},
    {FO_OPT_DDNS, LENGTH, "ddns"},
    {FO_OPT_CLIENT_REQUEST_OPTIONS, LENGTH, "request-options"},
    {FO_OPT_CLIENT_REPLY_OPTIONS, LENGTH, "reply-options"},
    {FO_OPT_REJECT_REASON, REASON, "reject"},
    {FO_OPT_MESSAGE, TEXT, "message"},
};

/** Text that grows until it is full and is always terminated. */
struct text {
    char *out;
    size_t capacity;
    size_t used;
};

__attribute__((format(printf, 2, 3))) static void add(struct text *t, const char *format, ...)
{
    size_t room = t->capacity - t->used;
    va_list arguments;
    int wanted;

    va_start(arguments, format);
    wanted = vsnprintf(t->out + t->used, room, format, arguments);
    va_end(arguments);
    if (wanted > 0)
        t->used += (size_t)wanted < room ? (size_t)wanted : room - 1;
}

static void add_text(struct text *t, const struct fo_span *span)
{
    add(t, "\"");
    for (unsigned i = 0; i < span->length; i++) {
        uint8_t c = span->data[i];

        add(t, "%c", c >= ' ' && c <= '~' && c != '"' ? c : '?');
    }
    add(t, "\"");
}

static void add_hex(struct text *t, const struct fo_span *span, unsigned from, const char *between)
{
    for (unsigned i = from; i < span->length; i++)
        add(t, "%s%02x", i > from ? between : "", span->data[i]);
}

static void add_hardware(struct text *t, const struct fo_span *span)
{
    if (span->length == 0)
        return;
    add(t, "%u%s", span->data[0], span->length > 1 ? ":" : "");
    add_hex(t, span, 1, ":");
}

static uint32_t number_at(const struct fo_option *o, const void *field)
{
    switch ((enum fo_option_kind)o->kind) {
    case FO_OPTION_U8:
        return *(const uint8_t *)field;
    case FO_OPTION_FLAGS:
        return *(const uint16_t *)field;
    case FO_OPTION_U32:
        return *(const uint32_t *)field;
    case FO_OPTION_BYTES:
    case FO_OPTION_DHCP:
    case FO_OPTION_DIGEST:
        break;
    }
    return ((const struct fo_span *)field)->length;
}

static void add_value(struct text *t, enum look look, uint32_t number, const void *field)
{
    char address[FO_IPV4_TEXT];

    switch (look) {
    case NUMBER:
    case LENGTH:
        add(t, "%u", number);
        break;
    case FLAGS:
        add(t, "0x%x", number);
        break;
    case ADDRESS:
        add(t, "%s", fo_ipv4_text(number, address));
        break;
    case STATUS:
        add(t, "%s", fo_binding_status_name((int)number));
        break;
    case ENDPOINT_STATE:
        add(t, "%s", fo_state_name(fo_state_from_wire((uint8_t)number)));
        break;
    case REASON:
        add(t, "%u (%s)", number, fo_reject_sentence((int)number));
        break;
    case TEXT:
        add_text(t, field);
        break;
    case HEX:
        add_hex(t, field, 0, "");
        break;
    case HARDWARE:
        add_hardware(t, field);
        break;
    }
}

static void add_option(struct text *t, const struct style *style, const struct fo_option *o,
                       const void *field)
{
    add(t, " %s%s", style->label, style->label[0] != '\0' ? "=" : "");
    add_value(t, (enum look)style->look, number_at(o, field), field);
}

static void add_group(struct text *t, const struct fo_group *g)
{
    for (unsigned i = 0; i < sizeof group_styles / sizeof group_styles[0]; i++) {
        const struct style *style = &group_styles[i];
        const struct fo_option *o = fo_option_get(style->code);

        if (g->present & FO_OPT_BIT(style->code))
            add_option(t, style, o, (const uint8_t *)g + o->in_group);
    }
    if (g->duplicated != 0)
        add(t, " duplicated=0x%x", g->duplicated);
}

char *fo_message_print(const struct fo_message *m, char *out, size_t capacity)
{
    struct text t = {.out = out, .capacity = capacity};

    if (capacity == 0)
        return out;
    if (m->type >= FO_MSG_POOLREQ && m->type <= FO_MSG_DISCONNECT)
        add(&t, "%s", fo_message_type_name(m->type));
    else
        add(&t, "type %u", m->type);
    add(&t, " xid=%u", m->xid);
    if (m->present & FO_OPT_BIT(FO_OPT_MESSAGE_DIGEST))
        add(&t, " digest-type=%u", m->digest_type);
    for (unsigned i = 0; i < sizeof message_styles / sizeof message_styles[0]; i++) {
        const struct style *style = &message_styles[i];
        const struct fo_option *o = fo_option_get(style->code);

        if (m->present & FO_OPT_BIT(style->code))
            add_option(&t, style, o, (const uint8_t *)m + o->in_message);
    }
    for (unsigned i = 0; i < m->group_count; i++) {
        if (i > 0)
            add(&t, ";");
        add_group(&t, &m->groups[i]);
    }
    return out;
}
