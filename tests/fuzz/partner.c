#include "tests/fuzz/partner.h"

#include <string.h>

#include "proto/message_rules.h"
#include "proto/option.h"
#include "state/binding.h"

#define B(code)      FO_OPT_BIT(FO_OPT_##code)
#define DIGEST_AT    (FO_HEADER_LENGTH + FO_OPTION_HEADER_LENGTH + 1)
#define GROUPS_USUAL 4

void fuzz_client(struct fuzz_input *in, struct fo_client *out)
{
    uint8_t who = fuzz_u8(in);
    *out = (struct fo_client){.hw_length = 7};
    memcpy(out->hw, (const uint8_t[7]){1, 2, 0x0c, 0, 0, 0, who & 7u}, 7);
    if ((who & 0x40u) != 0)
        out->hw_length = 0;
    if ((who & 0x80u) != 0) {
        size_t length;
        out->id = fuzz_bytes(in, FO_CLIENT_ID_MAX, &length);
        out->id_length = (uint8_t)length;
    }
}

fo_ipv4_t fuzz_address(struct fuzz_input *in)
{
    uint8_t n = fuzz_u8(in);
    if (n == 255)
        return fuzz_u32(in);
    return n >= 240 ? FUZZ_SUBNET2 + fuzz_u8(in) : FUZZ_SUBNET + n;
}

void fuzz_partner_hears(struct fuzz_partner *p, const uint8_t *data, size_t length)
{
    uint8_t type = data[2];
    if (type > FO_MSG_DISCONNECT)
        return;
    memcpy(p->heard.bytes[type], data, length);
    p->heard.length[type] = length;
}

/* --- what it answers to ----------------------------------------------------------------------- */

static uint8_t question_of(uint8_t type, const struct fuzz_partner *p)
{
    switch (type) {
    case FO_MSG_CONNECTACK:
        return FO_MSG_CONNECT;
    case FO_MSG_BNDACK:
        return FO_MSG_BNDUPD;
    case FO_MSG_POOLRESP:
        return FO_MSG_POOLREQ;
    case FO_MSG_UPDDONE:
        return p->heard.length[FO_MSG_UPDREQ] != 0 ? FO_MSG_UPDREQ : FO_MSG_UPDREQALL;
    default:
        return 0;
    }
}

static uint32_t xid_of(struct fuzz_partner *p, struct fuzz_input *in, uint8_t type, uint8_t mood)
{
    uint8_t question = question_of(type, p);
    uint32_t xid = 0;
    if ((mood & FUZZ_XID) != 0)
        return fuzz_u8(in);
    if (question == 0 || p->heard.length[question] == 0)
        return p->next_xid++;
    for (unsigned i = 8; i < 12; i++)
        xid = xid << 8 | p->heard.bytes[question][i];
    return xid;
}

/* The addresses of the last BNDUPD, each with a verdict. */
static void acknowledge(struct fuzz_partner *p, struct fuzz_input *in)
{
    struct fo_message *m = &p->message;
    uint8_t verdicts = fuzz_u8(in);
    static struct fo_message update;
    if (fo_message_decode(p->heard.bytes[FO_MSG_BNDUPD], p->heard.length[FO_MSG_BNDUPD], &update,
                          NULL) != FO_OK)
        return;
    for (; m->group_count < update.group_count; m->group_count++) {
        struct fo_group *g = &m->groups[m->group_count];
        *g = (struct fo_group){.present = B(ASSIGNED_IP_ADDRESS),
                               .address = update.groups[m->group_count].address};
        if ((verdicts >> (m->group_count & 7u) & 1u) == 0)
            continue;
        g->present |= B(REJECT_REASON);
        g->reject_reason = fuzz_u8(in);
    }
}

/* --- values ------------------------------------------------------------------------------------
 */

static uint8_t small_value(struct fuzz_input *in, unsigned code, bool wild)
{
    uint8_t v = fuzz_u8(in);
    if (wild)
        return v;
    switch (code) {
    case FO_OPT_PROTOCOL_VERSION:
        return 1;
    case FO_OPT_TLS_REPLY:
    case FO_OPT_SERVER_FLAGS:
        return v & 1u;
    case FO_OPT_TLS_REQUEST:
        return v % 3u;
    case FO_OPT_BINDING_STATUS:
        return v & 7u;
    case FO_OPT_SERVER_STATE:
        return (v & 15u) == 15 ? FO_WIRE_RECOVER_WAIT : v & 15u;
    default:
        return v;
    }
}

static uint32_t number(struct fuzz_input *in, unsigned code, uint32_t now, bool wild)
{
    switch (code) {
    case FO_OPT_ASSIGNED_IP_ADDRESS:
        return wild ? fuzz_u32(in) : fuzz_address(in);
    case FO_OPT_CLIENT_LAST_TRANSACTION_TIME:
    case FO_OPT_LEASE_EXPIRATION_TIME:
    case FO_OPT_POTENTIAL_EXPIRATION_TIME:
    case FO_OPT_START_TIME_OF_STATE:
        return fuzz_time(in, now);
    case FO_OPT_RECEIVE_TIMER:
        return wild ? fuzz_u32(in) : 60;
    default:
        return wild ? fuzz_u32(in) : 1u + fuzz_u8(in);
    }
}

static struct fo_span bytes_of(struct fuzz_input *in, unsigned code, bool wild)
{
    static const uint8_t buckets[FO_HBA_LENGTH] = {0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
                                                   0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff};
    static const uint8_t hardware[8][7] = {{1, 2, 12, 0, 0, 0, 0}, {1, 2, 12, 0, 0, 0, 1},
                                           {1, 2, 12, 0, 0, 0, 2}, {1, 2, 12, 0, 0, 0, 3},
                                           {1, 2, 12, 0, 0, 0, 4}, {1, 2, 12, 0, 0, 0, 5},
                                           {1, 2, 12, 0, 0, 0, 6}, {1, 2, 12, 0, 0, 0, 7}};
    size_t length;
    const uint8_t *bytes;
    if (!wild && code == FO_OPT_RELATIONSHIP_NAME)
        return (struct fo_span){(const uint8_t *)FUZZ_NAME, sizeof FUZZ_NAME - 1};
    if (!wild && code == FO_OPT_HASH_BUCKET_ASSIGNMENT)
        return (struct fo_span){buckets, sizeof buckets};
    if (!wild && code == FO_OPT_CLIENT_HARDWARE_ADDRESS)
        return (struct fo_span){hardware[fuzz_u8(in) & 7u], sizeof hardware[0]};
    bytes = fuzz_bytes(in, wild ? 600 : 24, &length);
    return (struct fo_span){bytes, (uint16_t)length};
}

static void choose_value(struct fuzz_input *in, unsigned code, uint32_t now, bool wild, void *base,
                         bool in_group)
{
    const struct fo_option *o = fo_option_get(code);
    uint16_t at = in_group ? o->in_group : o->in_message;
    uint8_t *field = (uint8_t *)base + at;
    uint32_t value;
    if (o->kind == FO_OPTION_DIGEST || at == FO_OPTION_NOWHERE)
        return;
    if (o->kind == FO_OPTION_U8) {
        *field = small_value(in, code, wild);
    } else if (o->kind == FO_OPTION_FLAGS) {
        *(uint16_t *)(void *)field = fuzz_u8(in);
    } else if (o->kind == FO_OPTION_U32) {
        value = number(in, code, now, wild);
        memcpy(field, &value, sizeof value);
    } else {
        *(struct fo_span *)(void *)field = bytes_of(in, code, wild);
    }
}

/* --- the message --------------------------------------------------------------------------------
 */

static void choose_group(struct fuzz_partner *p, struct fuzz_input *in, uint8_t mood)
{
    struct fo_group *g = &p->message.groups[p->message.group_count++];
    bool wild = (mood & FUZZ_VALUES) != 0;
    struct fo_group_rule rule;
    *g = (struct fo_group){0};
    g->status = small_value(in, FO_OPT_BINDING_STATUS, wild);
    rule = fo_group_rule_get(g->status, p->dialect);
    g->present = rule.must | B(ASSIGNED_IP_ADDRESS) | B(BINDING_STATUS) | B(START_TIME_OF_STATE);
    if ((mood & FUZZ_OPTIONS) != 0)
        g->present ^= fuzz_u32(in);
    for (unsigned code = 1; code <= FO_OPT_MAX; code++)
        if (code != FO_OPT_BINDING_STATUS && (g->present & FO_OPT_BIT(code)) != 0)
            choose_value(in, code, p->now, wild, g, true);
}

static void choose(struct fuzz_partner *p, struct fuzz_input *in, uint8_t type, uint8_t mood)
{
    const struct fo_message_rule *rule = fo_message_rule_get(type, false);
    struct fo_message *m = &p->message;
    unsigned groups = 0;
    fo_message_reset(m, type, xid_of(p, in, type, mood));
    m->time.s = (mood & FUZZ_CLOCK) != 0 ? fuzz_time(in, p->now) : p->now;
    m->present = rule != NULL ? rule->must : 0;
    if (type == FO_MSG_CONNECT)
        m->present |= B(TLS_REQUEST);
    if ((mood & FUZZ_OPTIONS) != 0)
        m->present ^= fuzz_u32(in);
    m->present &= ~B(MESSAGE_DIGEST);
    for (unsigned code = 1; code <= FO_OPT_MAX; code++)
        if ((m->present & FO_OPT_BIT(code)) != 0)
            choose_value(in, code, p->now, (mood & FUZZ_VALUES) != 0, m, false);
    if (type == FO_MSG_BNDACK && (mood & FUZZ_GROUPS) == 0)
        acknowledge(p, in);
    else if (type == FO_MSG_BNDUPD || type == FO_MSG_BNDACK)
        groups = 1 + fuzz_u8(in) % ((mood & FUZZ_GROUPS) != 0 ? FO_GROUPS_MAX : GROUPS_USUAL);
    while (groups-- != 0)
        choose_group(p, in, mood);
}

static void write_options(struct fo_writer *w, const void *base, uint32_t present, bool in_group,
                          const struct fo_dialect *dialect)
{
    for (unsigned code = 1; code <= FO_OPT_MAX; code++) {
        const struct fo_option *o = fo_option_get(code);
        uint16_t at = in_group ? o->in_group : o->in_message;
        if ((present & FO_OPT_BIT(code)) != 0 && at != FO_OPTION_NOWHERE)
            fo_option_write(w, code, (const uint8_t *)base + at, dialect);
    }
}

/* Unlike fo_message_encode it writes what the rules forbid. */
static size_t write_message(const struct fuzz_partner *p, bool digest, uint8_t *out)
{
    const struct fo_message *m = &p->message;
    struct fo_writer w = fo_writer_of(out, FO_MESSAGE_MAX);
    uint8_t value[FO_DIGEST_LENGTH];
    fo_write_u16(&w, 0);
    fo_write_u8(&w, m->type);
    fo_write_u8(&w, FO_HEADER_LENGTH);
    fo_write_u32(&w, m->time.s);
    fo_write_u32(&w, m->xid);
    if (digest)
        fo_option_write(&w, FO_OPT_MESSAGE_DIGEST, &m->digest, p->dialect);
    write_options(&w, m, m->present, false, p->dialect);
    for (unsigned i = 0; i < m->group_count; i++) {
        size_t before = w.position;
        write_options(&w, &m->groups[i], m->groups[i].present, true, p->dialect);
        if (w.err != FO_OK) { /* this group and those behind it do not fit */
            w.position = before;
            break;
        }
    }
    out[0] = (uint8_t)(w.position >> 8);
    out[1] = (uint8_t)w.position;
    if (digest) {
        fuzz_digest(NULL, out, w.position, value);
        memcpy(out + DIGEST_AT, value, sizeof value);
    }
    return w.position;
}

size_t fuzz_partner_says(struct fuzz_partner *p, struct fuzz_input *in, uint8_t type, uint8_t mood,
                         uint8_t *out)
{
    bool digest = p->digest != ((mood & FUZZ_DIGEST) != 0);
    size_t length;
    choose(p, in, type, mood);
    length = write_message(p, digest, out);
    if ((mood & FUZZ_BYTES) != 0) {
        size_t at = fuzz_u16(in) % length;
        out[at] = fuzz_u8(in);
    }
    return length;
}
