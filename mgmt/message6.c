#include "mgmt/message6.h"

#include <string.h>

#include "state/relationship.h"

/* --- addresses and texts ---------------------------------------------------------------------- */

uint32_t fo_message_to_ipv6(struct fo_call *c, const char *what, const ProtobufCBinaryData *m,
                            struct fo_ipv6 *out)
{
    struct fo_reader r = fo_reader_of(m->data, m->len);
    struct fo_ipv6 a = {0};

    if (m->len != 0)
        fo_read_ipv6(&r, &a);
    if (r.err != FO_OK || fo_reader_left(&r) > 0)
        return fo_call_refuse(c, ERROR_INVALID_PARAMETER, "%s has %zu bytes, not %d.", what, m->len,
                              FO_IPV6_LENGTH);
    *out = a;
    return ERROR_SUCCESS;
}

bool fo_message_of_ipv6(struct fo_call *c, struct fo_ipv6 a, ProtobufCBinaryData *out)
{
    struct fo_writer w;

    out->data = fo_call_alloc(c, FO_IPV6_LENGTH);
    if (out->data == NULL)
        return false;
    out->len = FO_IPV6_LENGTH;
    w = fo_writer_of(out->data, out->len);
    fo_write_ipv6(&w, a);
    return true;
}

/* |too_long| is the code of a text that does not fit. */
static uint32_t take_text(struct fo_call *c, const char *what, const char *text, char *out,
                          size_t capacity, uint32_t too_long)
{
    size_t length = strlen(text);

    if (length >= capacity)
        return fo_call_refuse(c, too_long, "%s is %zu bytes long; at most %zu are possible.", what,
                              length, capacity - 1);
    if (fo_utf16_units(text) < 0)
        return fo_call_refuse(c, ERROR_INVALID_PARAMETER, "%s is not UTF-8.", what);
    memcpy(out, text, length + 1);
    return ERROR_SUCCESS;
}

/* --- prefixes --------------------------------------------------------------------------------- */

static uint32_t take_info(struct fo_call *c, const Mgmt__Prefix6Info *m, struct fo_prefix6 *out)
{
    struct fo_ipv6 named;
    uint32_t code = fo_message_to_ipv6(c, "The prefix of the structure", &m->prefix, &named);

    if (code != ERROR_SUCCESS)
        return code;
    if (!fo_ipv6_is_zero(named) && fo_ipv6_compare(named, out->prefix) != 0)
        return fo_call_refuse(c, ERROR_INVALID_PARAMETER, "The structure is of another prefix.");
    if (m->length > FO_IPV6_BITS || m->preference > UINT16_MAX || m->state > UINT8_MAX)
        return fo_call_refuse(c, ERROR_INVALID_PARAMETER,
                              "Length %u, preference %u or state %u is too large.", m->length,
                              m->preference, m->state);
    out->length = (uint8_t)(m->length != 0 ? m->length : FO_PREFIX6_LENGTH);
    out->preference = (uint16_t)m->preference;
    out->state = (uint8_t)m->state;
    code = take_text(c, "The name", m->name, out->name, sizeof out->name,
                     ERROR_DHCP_SCOPE_NAME_TOO_LONG);
    if (code != ERROR_SUCCESS)
        return code;
    return take_text(c, "The comment", m->comment, out->comment, sizeof out->comment,
                     ERROR_DHCP_SCOPE_NAME_TOO_LONG);
}

uint32_t fo_message_to_prefix6(struct fo_call *c, const Mgmt__Prefix6 *m, struct fo_prefix6 *out)
{
    uint32_t code;

    *out = (struct fo_prefix6){0};
    if (m->info == NULL)
        return fo_call_refuse(c, ERROR_INVALID_PARAMETER, "Nothing is told about the prefix.");
    code = fo_message_to_ipv6(c, "The prefix", &m->prefix, &out->prefix);
    return code != ERROR_SUCCESS ? code : take_info(c, m->info, out);
}

Mgmt__Prefix6 *fo_message_of_prefix6(struct fo_call *c, const struct fo_prefix6 *p)
{
    Mgmt__Prefix6 *m = fo_call_alloc(c, sizeof *m);
    Mgmt__Prefix6Info *info = fo_call_alloc(c, sizeof *info);

    if (m == NULL || info == NULL)
        return NULL;
    mgmt__prefix6__init(m);
    mgmt__prefix6_info__init(info);
    m->info = info;
    info->length = p->length;
    info->preference = p->preference;
    info->state = p->state;
    info->scope_id = p->scope_id;
    info->name = fo_call_text(c, p->name);
    info->comment = fo_call_text(c, p->comment);
    if (info->name == NULL || info->comment == NULL ||
        !fo_message_of_ipv6(c, p->prefix, &m->prefix))
        return NULL;
    return m;
}

/* --- elements --------------------------------------------------------------------------------- */

void fo_message_to_client6(const ProtobufCBinaryData *duid, uint32_t iaid, struct fo_client6 *out)
{
    *out = (struct fo_client6){.iaid = iaid};
    out->duid_length = duid->len > FO_DUID_MAX ? FO_DUID_MAX + 1 : (uint16_t)duid->len;
    if (duid->len != 0 && duid->len <= FO_DUID_MAX)
        memcpy(out->duid, duid->data, duid->len);
}

uint32_t fo_message_to_element6(struct fo_call *c, const Mgmt__Element6 *m, struct fo_element6 *out)
{
    uint32_t code;

    *out = (struct fo_element6){0};
    switch (m->element_case) {
    case MGMT__ELEMENT6__ELEMENT_EXCLUSION:
        out->kind = FO_ELEMENT6_EXCLUSION;
        code = fo_message_to_ipv6(c, "The first address", &m->exclusion->first, &out->first);
        if (code != ERROR_SUCCESS)
            return code;
        return fo_message_to_ipv6(c, "The last address", &m->exclusion->last, &out->last);
    case MGMT__ELEMENT6__ELEMENT_RESERVATION:
        out->kind = FO_ELEMENT6_RESERVATION;
        fo_message_to_client6(&m->reservation->duid, m->reservation->iaid, &out->client);
        code = fo_message_to_ipv6(c, "The address", &m->reservation->address, &out->first);
        out->last = out->first;
        return code;
    default:
        return fo_call_refuse(c, ERROR_INVALID_PARAMETER, "No element is given.");
    }
}

static bool of_client(struct fo_call *c, const struct fo_client6 *client, ProtobufCBinaryData *out)
{
    out->data = fo_call_alloc(c, client->duid_length);
    if (out->data == NULL)
        return false;
    out->len = client->duid_length;
    memcpy(out->data, client->duid, client->duid_length);
    return true;
}

static bool of_exclusion(struct fo_call *c, const struct fo_element6 *e, Mgmt__Element6 *m)
{
    m->exclusion = fo_call_alloc(c, sizeof *m->exclusion);
    if (m->exclusion == NULL)
        return false;
    mgmt__range6__init(m->exclusion);
    m->element_case = MGMT__ELEMENT6__ELEMENT_EXCLUSION;
    return fo_message_of_ipv6(c, e->first, &m->exclusion->first) &&
           fo_message_of_ipv6(c, e->last, &m->exclusion->last);
}

static bool of_reservation(struct fo_call *c, const struct fo_element6 *e, Mgmt__Element6 *m)
{
    m->reservation = fo_call_alloc(c, sizeof *m->reservation);
    if (m->reservation == NULL)
        return false;
    mgmt__reservation6__init(m->reservation);
    m->element_case = MGMT__ELEMENT6__ELEMENT_RESERVATION;
    m->reservation->iaid = e->client.iaid;
    return fo_message_of_ipv6(c, e->first, &m->reservation->address) &&
           of_client(c, &e->client, &m->reservation->duid);
}

Mgmt__Element6 *fo_message_of_element6(struct fo_call *c, struct fo_ipv6 prefix,
                                       const struct fo_element6 *e)
{
    Mgmt__Element6 *m = fo_call_alloc(c, sizeof *m);
    bool whole;

    if (m == NULL)
        return NULL;
    mgmt__element6__init(m);
    whole = e->kind == FO_ELEMENT6_EXCLUSION ? of_exclusion(c, e, m) : of_reservation(c, e, m);
    return whole && fo_message_of_ipv6(c, prefix, &m->prefix) ? m : NULL;
}

/* --- leases ----------------------------------------------------------------------------------- */

static fo_utc_t end_of(uint32_t s)
{
    return fo_utc(s == 0 || s > FO_UTC_INFINITE ? FO_UTC_INFINITE : s);
}

/* The preferred lifetime ends with the valid one at the latest (RFC 8415 §7.7). */
static void take_ends(const Mgmt__Lease6 *m, struct fo_lease6 *out)
{
    out->valid_until = m->ends_case == MGMT__LEASE6__ENDS_VALID_UNTIL ? end_of(m->valid_until)
                                                                      : fo_utc(FO_UTC_INFINITE);
    out->preferred_until = m->preferred_until != 0
                               ? fo_utc_min(end_of(m->preferred_until), out->valid_until)
                               : out->valid_until;
}

uint32_t fo_message_to_lease6(struct fo_call *c, const Mgmt__Lease6 *m, struct fo_lease6 *out)
{
    uint32_t code;

    *out = (struct fo_lease6){.state = FO_LEASE6_COMMITTED};
    fo_message_to_client6(&m->duid, m->iaid, &out->client);
    take_ends(m, out);
    code = fo_message_to_ipv6(c, "The address", &m->address, &out->address);
    if (code == ERROR_SUCCESS)
        code = take_text(c, "The client's name", m->name, out->name, sizeof out->name,
                         ERROR_INVALID_PARAMETER);
    if (code == ERROR_SUCCESS)
        code = take_text(c, "The comment", m->comment, out->comment, sizeof out->comment,
                         ERROR_INVALID_PARAMETER);
    return code;
}

Mgmt__Lease6 *fo_message_of_lease6(struct fo_call *c, const struct fo_lease6 *l)
{
    Mgmt__Lease6 *m = fo_call_alloc(c, sizeof *m);

    if (m == NULL)
        return NULL;
    mgmt__lease6__init(m);
    m->iaid = l->client.iaid;
    m->name = fo_call_text(c, l->name);
    m->comment = fo_call_text(c, l->comment);
    m->ends_case = MGMT__LEASE6__ENDS_VALID_UNTIL;
    m->valid_until = l->valid_until.s;
    m->preferred_until = l->preferred_until.s;
    m->type = l->type;
    m->state = l->state;
    m->reserved = l->reserved;
    if (m->name == NULL || m->comment == NULL || !of_client(c, &l->client, &m->duid) ||
        !fo_message_of_ipv6(c, l->address, &m->address) ||
        !fo_message_of_ipv6(c, l->owner, &m->owner))
        return NULL;
    return m;
}

/* --- changes ---------------------------------------------------------------------------------- */

struct fo_change6 fo_change6_of(struct fo_call *c)
{
    return (struct fo_change6){
        .store = c->store, .now = c->now.utc, .why = c->why, .why_capacity = sizeof c->why};
}

uint32_t fo_change6_end(struct fo_call *c, const struct fo_change6 *change, uint32_t code)
{
    if (change->err == FO_OK)
        return code;
    c->err = change->err;
    return fo_call_code_of(change->err);
}

uint32_t fo_call_unread(struct fo_call *c, int rc)
{
    return fo_call_refuse(c, fo_call_code_of(rc), "The store: %s.", fo_strerror(rc));
}
