/* §6.1 to §6.3 on receipt: generous with what is unknown or out of place, strict with what would
 * leave it open which bytes mean what. */
#include "proto/message.h"

#include <stdio.h>
#include <string.h>

#include "proto/message_rules.h"
#include "proto/option.h"

#define FIRST_IGNORABLE_TYPE 128 /* §6.1: types from here on may be ignored */

struct decoder {
    struct fo_reader r;
    struct fo_message *m;
    const struct fo_message_rule *rule;
    struct fo_group *group; /* the one that is being read; NULL before the first */
    struct fo_fault fault;
};

/** One option as it lies in the message. */
struct raw_option {
    uint16_t code;
    uint16_t length;
    size_t offset;
    const uint8_t *value;
};

void fo_message_reset(struct fo_message *m, uint8_t type, uint32_t xid)
{
    memset(m, 0, offsetof(struct fo_message, groups));
    m->type = type;
    m->xid = xid;
}

static int fault_header(struct decoder *d, int err, size_t offset, const char *why)
{
    d->fault = (struct fo_fault){.err = err, .offset = offset};
    (void)snprintf(d->fault.text, sizeof d->fault.text, "header at offset %zu: %s", offset, why);
    return err;
}

static int fault_option(struct decoder *d, int err, unsigned code, size_t offset, const char *why)
{
    d->fault = (struct fo_fault){.err = err, .option = (int)code, .offset = offset};
    (void)snprintf(d->fault.text, sizeof d->fault.text, "option %u (%s) at offset %zu: %s", code,
                   fo_option_name((int)code), offset, why);
    return err;
}

static int fault_length(struct decoder *d, const struct raw_option *raw, const struct fo_option *o)
{
    char why[64];

    (void)snprintf(why, sizeof why, "its length is %u, not %u to %u", raw->length, o->shortest,
                   o->longest);
    return fault_option(d, FO_EMALFORMED, raw->code, raw->offset, why);
}

/* §6.1. The payload begins where the header says; bytes of a longer header are unknown to us.
 * Draft gap: §6.1 prints 8 as the offset of its own 12-byte header; such an 8 is read as 12. */
static int read_header(struct decoder *d)
{
    uint16_t length;
    uint8_t offset;
    const uint8_t *extension;

    fo_read_u16(&d->r, &length);
    fo_read_u8(&d->r, &d->m->type);
    fo_read_u8(&d->r, &offset);
    fo_read_u32(&d->r, &d->m->time.s);
    fo_read_u32(&d->r, &d->m->xid);
    if (d->r.err != FO_OK || length > d->r.length)
        return fault_header(d, FO_ETRUNCATED, d->r.length, fo_strerror(FO_ETRUNCATED));
    if (length != d->r.length || length > FO_MESSAGE_MAX)
        return fault_header(d, FO_EMALFORMED, 0, "the length field does not fit the message");
    if (offset == 8)
        offset = FO_HEADER_LENGTH;
    if (offset < FO_HEADER_LENGTH || offset > length)
        return fault_header(d, FO_EMALFORMED, 3, "the payload offset lies outside the message");
    fo_read_span(&d->r, (size_t)offset - FO_HEADER_LENGTH, &extension);
    return FO_OK;
}

/* §6.2. */
static int read_option(struct decoder *d, struct raw_option *raw)
{
    raw->offset = d->r.position;
    raw->code = 0;
    fo_read_u16(&d->r, &raw->code);
    fo_read_u16(&d->r, &raw->length);
    fo_read_span(&d->r, raw->length, &raw->value);
    if (d->r.err != FO_OK)
        return fault_option(d, FO_ETRUNCATED, raw->code, raw->offset,
                            "it passes the end of the message");
    return FO_OK;
}

/* §6.3: assigned-IP-address opens a group; the fields of a group are read one after another. */
static void open_group(struct decoder *d)
{
    d->group = &d->m->groups[d->m->group_count++];
    *d->group = (struct fo_group){0};
}

static int keep(struct decoder *d, const struct raw_option *raw, const struct fo_option *o,
                void *base, uint16_t field, uint32_t *present)
{
    int rc = fo_option_take(o, raw->value, raw->length, (uint8_t *)base + field);

    if (rc < 0)
        return fault_length(d, raw, o);
    if (rc == 0)
        return FO_OK;
    *present |= FO_OPT_BIT(raw->code);
    if (o->kind == FO_OPTION_DIGEST)
        d->m->digest_type = raw->value[0];
    return FO_OK;
}

static int keep_in_group(struct decoder *d, const struct raw_option *raw, const struct fo_option *o)
{
    struct fo_group *g = d->group;

    if (g->present & FO_OPT_BIT(raw->code)) {
        /* Draft gap: §6.2 calls it an error, §6.3 has an answer per address: the caller rejects
         * this transaction alone. A BNDACK has no answer. */
        if (d->m->type != FO_MSG_BNDUPD)
            return fault_option(d, FO_EDUPLICATE, raw->code, raw->offset, "it occurs twice");
        g->duplicated |= FO_OPT_BIT(raw->code);
        return FO_OK;
    }
    return keep(d, raw, o, g, o->in_group, &g->present);
}

static int keep_in_message(struct decoder *d, const struct raw_option *raw,
                           const struct fo_option *o)
{
    if (d->m->present & FO_OPT_BIT(raw->code))
        return fault_option(d, FO_EDUPLICATE, raw->code, raw->offset, "it occurs twice");
    return keep(d, raw, o, d->m, o->in_message, &d->m->present);
}

static int place_option(struct decoder *d, const struct raw_option *raw)
{
    const struct fo_option *o = fo_option_get(raw->code);
    uint32_t bit;

    if (o == NULL)
        return FO_OK; /* §6.1: unknown, skipped */
    bit = FO_OPT_BIT(raw->code);
    if (raw->code == FO_OPT_ASSIGNED_IP_ADDRESS && (d->rule->heard_in_group & bit))
        open_group(d);
    if (d->group != NULL && (d->rule->heard_in_group & bit))
        return keep_in_group(d, raw, o);
    if (d->rule->heard & bit)
        return keep_in_message(d, raw, o);
    if (d->rule->heard_in_group & bit) /* it could land on the wrong address */
        return fault_option(d, FO_EMALFORMED, raw->code, raw->offset,
                            "it stands before the first assigned-IP-address");
    return FO_OK;
}

static int read_options(struct decoder *d)
{
    struct raw_option raw;
    int rc = FO_OK;

    while (rc == FO_OK && d->r.position < d->r.length) {
        rc = read_option(d, &raw);
        if (rc == FO_OK)
            rc = place_option(d, &raw);
    }
    /* §12.29: vendor options without the vendor's name are ignored. */
    if (!(d->m->present & FO_OPT_BIT(FO_OPT_VENDOR_CLASS_IDENTIFIER)))
        d->m->present &= ~FO_OPT_BIT(FO_OPT_VENDOR_SPECIFIC_OPTIONS);
    return rc;
}

/* A CONNECT or CONNECTACK that lacks something deserves an answer in words (§7.8.2); the caller
 * gives it. */
static int check_missing(struct decoder *d)
{
    uint32_t missing;
    unsigned code = 1;

    if (d->m->type == FO_MSG_CONNECT || d->m->type == FO_MSG_CONNECTACK)
        return FO_OK;
    missing = fo_message_missing(d->m);
    if (missing == 0)
        return FO_OK;
    while (!(missing & FO_OPT_BIT(code)))
        code++;
    return fault_option(d, FO_EMISSING, code, d->r.length, "it is missing");
}

/* A type that may be ignored: nothing of it is known, except that the digest of a message that
 * has one can be found (§11.1). */
static int read_ignorable(struct decoder *d)
{
    static const struct fo_message_rule digest_only = {.heard = FO_OPT_BIT(FO_OPT_MESSAGE_DIGEST)};
    uint8_t type = d->m->type;
    uint32_t xid = d->m->xid;
    fo_utc_t time = d->m->time;

    d->rule = &digest_only;
    if (read_options(d) != FO_OK) {
        fo_message_reset(d->m, type, xid);
        d->m->time = time;
    }
    return FO_OK;
}

static int decode(struct decoder *d)
{
    int rc = read_header(d);

    if (rc != FO_OK)
        return rc;
    if (d->m->type >= FIRST_IGNORABLE_TYPE)
        return read_ignorable(d);
    d->rule = fo_message_rule_get(d->m->type, false);
    if (d->rule == NULL)
        return fault_header(d, FO_EUNKNOWN, 2, fo_strerror(FO_EUNKNOWN));
    rc = read_options(d);
    return rc == FO_OK ? check_missing(d) : rc;
}

int fo_message_decode(const uint8_t *data, size_t length, struct fo_message *out,
                      struct fo_fault *out_fault)
{
    struct decoder d = {.r = fo_reader_of(data, length), .m = out};
    int rc;

    fo_message_reset(out, 0, 0);
    rc = decode(&d);
    if (rc == FO_OK)
        return FO_OK;
    fo_message_reset(out, 0, 0);
    if (out_fault != NULL)
        *out_fault = d.fault;
    return rc;
}
