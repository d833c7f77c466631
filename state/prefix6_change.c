/* state/prefix6_change.c: IPv6 prefixes made, changed and removed, and their elements. */
#include "state/change6.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "state/record.h"

#define SCOPE_ID_KEY     "prefix6-scope-id" /* in FO_TABLE_META: the last number given */
#define SCOPE_ID_VERSION 1
#define SCOPE_ID_LENGTH  (1 + 4 + 4)

uint32_t fo_change6_refuse(struct fo_change6 *c, uint32_t code, const char *format, ...)
{
    va_list arguments;

    if (c->why != NULL && c->why_capacity > 0) {
        va_start(arguments, format);
        (void)vsnprintf(c->why, c->why_capacity, format, arguments);
        va_end(arguments);
    }
    return code;
}

uint32_t fo_change6_verdict(struct fo_change6 *c, int rc)
{
    if (rc == FO_OK)
        return ERROR_SUCCESS;
    if (rc != FO_EDAMAGED && rc != FO_EVERSION)
        c->err = rc;
    return fo_change6_refuse(c, ERROR_DHCP_JET_ERROR, "The store: %s.", fo_strerror(rc));
}

uint32_t fo_change6_check_duid(struct fo_change6 *c, const struct fo_client6 *client)
{
    if (client->duid_length == 0)
        return fo_change6_refuse(c, ERROR_INVALID_PARAMETER, "The client has no DUID.");
    if (client->duid_length > FO_DUID_MAX)
        return fo_change6_refuse(c, ERROR_BUFFER_OVERFLOW, "A DUID has at most %d bytes, not %u.",
                                 FO_DUID_MAX, client->duid_length);
    return ERROR_SUCCESS;
}

/* --- the number of a prefix ------------------------------------------------------------------- */

static int take_number(void *context, const void *key, size_t key_length, const void *value,
                       size_t value_length)
{
    struct fo_reader r;
    uint8_t version;
    int rc = fo_record_open(value, value_length, SCOPE_ID_VERSION, &version, &r);

    (void)key, (void)key_length;
    if (rc != FO_OK)
        return rc;
    fo_read_u32(&r, context);
    return r.err == FO_OK ? FO_OK : FO_EDAMAGED;
}

/* Above all that are in use, should the record have been lost. */
static int last_number(struct fo_store *s, uint32_t *out)
{
    struct fo_ipv6 from = {0};
    struct fo_prefix6 p;
    int rc = fo_store_get(s, FO_TABLE_META, SCOPE_ID_KEY, strlen(SCOPE_ID_KEY), take_number, out);

    if (rc != FO_ENOTFOUND && rc != FO_EDAMAGED && rc != FO_EVERSION)
        return rc;
    *out = 0;
    while ((rc = fo_prefix6_next(s, from, &p)) == FO_OK) {
        *out = p.scope_id > *out ? p.scope_id : *out;
        from = fo_ipv6_next(p.prefix);
    }
    return rc == FO_ENOTFOUND ? FO_OK : rc;
}

static int give_number(struct fo_store *s, uint32_t *out)
{
    uint8_t value[SCOPE_ID_LENGTH];
    struct fo_writer w = fo_writer_of(value, sizeof value);
    uint32_t number;
    int rc = last_number(s, &number);

    if (rc != FO_OK)
        return rc;
    number = number == UINT32_MAX ? 1 : number + 1;
    fo_write_u8(&w, SCOPE_ID_VERSION);
    fo_write_u32(&w, number);
    fo_record_seal(&w);
    *out = number;
    return fo_store_put(s, FO_TABLE_META, SCOPE_ID_KEY, strlen(SCOPE_ID_KEY), value, w.position);
}

/* --- prefixes --------------------------------------------------------------------------------- */

static uint32_t check_state(struct fo_change6 *c, const struct fo_prefix6 *p)
{
    if (p->state > FO_PREFIX6_DISABLED)
        return fo_change6_refuse(c, ERROR_INVALID_PARAMETER,
                                 "Prefix state %u is neither 0 (enabled) nor 1 (disabled).",
                                 p->state);
    return ERROR_SUCCESS;
}

static uint32_t check_new(struct fo_change6 *c, const struct fo_prefix6 *p)
{
    char text[FO_IPV6_TEXT];

    if (!fo_ipv6_is_unicast(p->prefix))
        return fo_change6_refuse(c, ERROR_DHCP_INVALID_SUBNET_PREFIX,
                                 "%s is no unicast prefix, or link-local.",
                                 fo_ipv6_text(p->prefix, text));
    if (p->length < 1 || p->length > FO_IPV6_BITS)
        return fo_change6_refuse(c, ERROR_INVALID_PARAMETER, "A prefix has 1 to %d bits, not %u.",
                                 FO_IPV6_BITS, p->length);
    if (!fo_ipv6_within(p->prefix, p->prefix, p->length))
        return fo_change6_refuse(c, ERROR_DHCP_INVALID_SUBNET_PREFIX,
                                 "%s has bits set behind the first %u.",
                                 fo_ipv6_text(p->prefix, text), p->length);
    return check_state(c, p);
}

static uint32_t check_free(struct fo_change6 *c, const struct fo_prefix6 *p)
{
    struct fo_prefix6 other;
    char text[FO_IPV6_TEXT];
    int rc = fo_prefix6_of(c->store, p->prefix, &other);

    if (rc == FO_ENOTFOUND) {
        rc = fo_prefix6_next(c->store, p->prefix, &other);
        if (rc == FO_ENOTFOUND ||
            (rc == FO_OK && !fo_ipv6_within(other.prefix, p->prefix, p->length)))
            return ERROR_SUCCESS;
    }
    if (rc != FO_OK)
        return fo_change6_verdict(c, rc);
    return fo_change6_refuse(
        c, ERROR_DUPLICATE_TAG,
        "It overlaps prefix %s/%u, which exists; delete that, or choose another.",
        fo_ipv6_text(other.prefix, text), other.length);
}

uint32_t fo_change6_create_prefix(struct fo_change6 *c, struct fo_prefix6 *p)
{
    uint32_t code = check_new(c, p);

    if (code == ERROR_SUCCESS)
        code = check_free(c, p);
    if (code == ERROR_SUCCESS)
        code = fo_change6_verdict(c, give_number(c->store, &p->scope_id));
    if (code == ERROR_SUCCESS)
        code = fo_change6_verdict(c, fo_prefix6_put(c->store, p));
    return code;
}

uint32_t fo_change6_set_prefix(struct fo_change6 *c, const struct fo_prefix6 *p)
{
    struct fo_prefix6 changed;
    char text[FO_IPV6_TEXT];
    uint32_t code;
    int rc = fo_prefix6_get(c->store, p->prefix, &changed);

    if (rc == FO_ENOTFOUND)
        return fo_change6_refuse(c, ERROR_DHCP_SUBNET_NOT_PRESENT,
                                 "There is no prefix %s on this server.",
                                 fo_ipv6_text(p->prefix, text));
    code = fo_change6_verdict(c, rc);
    if (code == ERROR_SUCCESS)
        code = check_state(c, p);
    if (code != ERROR_SUCCESS)
        return code;
    if (p->length != changed.length)
        return fo_change6_refuse(c, ERROR_INVALID_PARAMETER,
                                 "The length of a prefix cannot be changed; it is %u.",
                                 changed.length);
    changed.preference = p->preference;
    changed.state = p->state;
    memcpy(changed.name, p->name, sizeof changed.name);
    memcpy(changed.comment, p->comment, sizeof changed.comment);
    return fo_change6_verdict(c, fo_prefix6_put(c->store, &changed));
}

/* FO_ENOTFOUND: there is none. */
static int first_lease(struct fo_store *s, const struct fo_prefix6 *p, struct fo_lease6 *out)
{
    int rc = fo_lease6_next(s, p->prefix, out);

    if (rc == FO_OK && !fo_ipv6_within(out->address, p->prefix, p->length))
        return FO_ENOTFOUND;
    return rc;
}

static int delete_leases(struct fo_store *s, const struct fo_prefix6 *p)
{
    struct fo_lease6 l;
    int rc;

    while ((rc = first_lease(s, p, &l)) == FO_OK) {
        rc = fo_lease6_del(s, l.address);
        if (rc != FO_OK)
            return rc;
    }
    return rc == FO_ENOTFOUND ? FO_OK : rc;
}

uint32_t fo_change6_delete_prefix(struct fo_change6 *c, struct fo_ipv6 prefix, bool force)
{
    struct fo_prefix6 p;
    struct fo_lease6 l;
    char text[FO_IPV6_TEXT];
    int rc = fo_prefix6_get(c->store, prefix, &p);

    if (rc == FO_ENOTFOUND)
        return fo_change6_refuse(c, ERROR_FILE_NOT_FOUND, "There is no prefix %s on this server.",
                                 fo_ipv6_text(prefix, text));
    if (rc == FO_OK && !force) {
        rc = first_lease(c->store, &p, &l);
        if (rc == FO_OK)
            return fo_change6_refuse(
                c, ERROR_DHCP_ELEMENT_CANT_REMOVE,
                "It has clients, the first at %s; end their leases, or force it.",
                fo_ipv6_text(l.address, text));
        rc = rc == FO_ENOTFOUND ? FO_OK : rc;
    }
    if (rc == FO_OK)
        rc = delete_leases(c->store, &p);
    if (rc == FO_OK)
        rc = fo_element6_clear(c->store, prefix);
    if (rc == FO_OK)
        rc = fo_prefix6_del(c->store, prefix);
    return fo_change6_verdict(c, rc);
}
