#include <stdio.h>
#include <string.h>

#include "mgmt/foctl_v6.h"

/* --- values ----------------------------------------------------------------------------------- */

ProtobufCBinaryData foctl_v6_bytes(struct fo_ipv6 a, uint8_t room[FO_IPV6_LENGTH])
{
    struct fo_writer w = fo_writer_of(room, FO_IPV6_LENGTH);

    fo_write_ipv6(&w, a);
    return (ProtobufCBinaryData){FO_IPV6_LENGTH, room};
}

struct fo_ipv6 foctl_v6_of(const ProtobufCBinaryData *m)
{
    struct fo_reader r = fo_reader_of(m->data, m->len);
    struct fo_ipv6 a = {0};

    fo_read_ipv6(&r, &a);
    return r.err == FO_OK ? a : (struct fo_ipv6){0};
}

static int bad(const char *what, const char *text, const char *wanted)
{
    (void)foctl_fail(EXIT_USAGE, "%s '%s': expected %s", what, text, wanted);
    return FO_EINVAL;
}

int foctl_v6_address(const char *what, const char *text, struct fo_ipv6 *out)
{
    return fo_ipv6_parse(text, out) == FO_OK
               ? FO_OK
               : bad(what, text, "an IPv6 address such as 2001:db8::1");
}

/* What stands before |end|. */
static bool parse_until(const char *text, const char *end, struct fo_ipv6 *out)
{
    char copy[FO_IPV6_TEXT];
    size_t length = (size_t)(end - text);

    if (length >= sizeof copy)
        return false;
    memcpy(copy, text, length);
    copy[length] = '\0';
    return fo_ipv6_parse(copy, out) == FO_OK;
}

int foctl_v6_prefix(const char *text, struct fo_ipv6 *out, uint32_t *out_length)
{
    const char *slash = strchr(text, '/');

    *out_length = 0;
    if (!parse_until(text, slash != NULL ? slash : text + strlen(text), out))
        return bad("prefix", text, "a prefix such as 2001:db8::/64");
    return slash != NULL ? foctl_number("prefix length", slash + 1, FO_IPV6_BITS, out_length)
                         : FO_OK;
}

int foctl_v6_range(const char *text, struct fo_ipv6 *out_first, struct fo_ipv6 *out_last)
{
    const char *dash = strchr(text, '-');
    const char *end = dash != NULL ? dash : text + strlen(text);

    if (parse_until(text, end, out_first) &&
        (dash == NULL || fo_ipv6_parse(dash + 1, out_last) == FO_OK)) {
        if (dash == NULL)
            *out_last = *out_first;
        return FO_OK;
    }
    return bad("range", text, "a range such as 2001:db8::10-2001:db8::99");
}

int foctl_v6_client(const char *duid, const char *iaid, struct foctl_client6 *out)
{
    if (duid != NULL) {
        out->duid_length = sizeof out->duid;
        if (foctl_hex("DUID", duid, out->duid, &out->duid_length) != FO_OK)
            return FO_EINVAL;
    }
    return iaid != NULL ? foctl_number("IAID", iaid, UINT32_MAX, &out->iaid) : FO_OK;
}

/* --- showing ---------------------------------------------------------------------------------- */

void foctl_v6_put_address(struct foctl_sheet *s, const char *key, const char *head,
                          const ProtobufCBinaryData *m)
{
    char text[FO_IPV6_TEXT];

    foctl_put_text(s, key, head, fo_ipv6_text(foctl_v6_of(m), text));
}

const char *foctl_v6_range_text(const Mgmt__Range6 *m, char out[FOCTL_V6_RANGE_TEXT])
{
    char first[FO_IPV6_TEXT], last[FO_IPV6_TEXT];

    (void)snprintf(out, FOCTL_V6_RANGE_TEXT, "%s-%s", fo_ipv6_text(foctl_v6_of(&m->first), first),
                   fo_ipv6_text(foctl_v6_of(&m->last), last));
    return out;
}

void foctl_v6_put_prefix(struct foctl_sheet *s, const Mgmt__Prefix6 *m, bool everything)
{
    char text[FO_IPV6_TEXT], prefix[FO_IPV6_TEXT + 8];

    if (m->info == NULL)
        return;
    (void)snprintf(prefix, sizeof prefix, "%s/%u", fo_ipv6_text(foctl_v6_of(&m->prefix), text),
                   m->info->length);
    foctl_put_text(s, "prefix", "PREFIX", prefix);
    foctl_put_text(s, "name", "NAME", m->info->name);
    foctl_put_text(s, "comment", everything ? "COMMENT" : NULL, m->info->comment);
    foctl_put_text(s, "state", "STATE", m->info->state == 0 ? "enabled" : "disabled");
    foctl_put_number(s, "preference", "PREFERENCE", m->info->preference);
    foctl_put_number(s, "scope_id", everything ? "SCOPE-ID" : NULL, m->info->scope_id);
}

/* [MS-DHCPM] §3.1.1.32. */
static const char *state_text(uint32_t state)
{
    return state == 2 ? "COMMITTED" : state == 4 ? "DECLINED" : state == 5 ? "DOOMED" : "unknown";
}

void foctl_v6_put_lease(struct foctl_sheet *s, const Mgmt__Lease6 *m, bool everything)
{
    char duid[3 * FOCTL_DUID_MAX + 1];

    foctl_v6_put_address(s, "address", "ADDRESS", &m->address);
    foctl_put_text(s, "state", "STATE", state_text(m->state));
    foctl_put_text(s, "duid", "DUID", foctl_hex_text(m->duid.data, m->duid.len, duid, sizeof duid));
    foctl_put_number(s, "iaid", "IAID", m->iaid);
    foctl_put_text(s, "type", everything ? "TYPE" : NULL, m->type == 0 ? "IA_NA" : "IA_TA");
    foctl_put_text(s, "name", "NAME", m->name);
    foctl_put_text(s, "comment", everything ? "COMMENT" : NULL, m->comment);
    foctl_put_time(s, "valid_until", "VALID-UNTIL", m->valid_until);
    foctl_put_time(s, "preferred_until", everything ? "PREFERRED-UNTIL" : NULL, m->preferred_until);
    foctl_put_flag(s, "reserved", "RESERVED", m->reserved);
    foctl_v6_put_address(s, "owner", everything ? "OWNER" : NULL, &m->owner);
}
