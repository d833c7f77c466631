/* state/lease6_change.c: IPv6 leases made, changed and ended by an administrator. */
#include <string.h>

#include "state/change6.h"

/* --- create ---------------------------------------------------------------------------------- */

static uint32_t exists(struct fo_change6 *c, const struct fo_lease6 *l, const char *what)
{
    char text[FO_IPV6_TEXT];

    return fo_change6_refuse(c, ERROR_DHCP_CLIENT_EXISTS,
                             "%s has a %s, at %s; change or remove that.", what,
                             l->reserved ? "reservation" : "lease", fo_ipv6_text(l->address, text));
}

/* The client has no other address; a lease that is over is gone then. */
static uint32_t free_client(struct fo_change6 *c, const struct fo_lease6 *l)
{
    struct fo_lease6 other;
    int rc = fo_lease6_find(c->store, &l->client, &other);

    if (rc == FO_ENOTFOUND || (rc == FO_OK && fo_ipv6_compare(other.address, l->address) == 0))
        return ERROR_SUCCESS;
    if (rc == FO_OK && !fo_lease6_is_over(&other, c->now))
        return exists(c, &other, "The client");
    if (rc == FO_OK)
        rc = fo_lease6_del(c->store, other.address);
    return fo_change6_verdict(c, rc);
}

static uint32_t check_address_free(struct fo_change6 *c, const struct fo_lease6 *l)
{
    struct fo_lease6 there;
    int rc = fo_lease6_get(c->store, l->address, &there);

    if (rc == FO_ENOTFOUND || (rc == FO_OK && fo_lease6_is_over(&there, c->now)))
        return ERROR_SUCCESS;
    return rc == FO_OK ? exists(c, &there, "The address") : fo_change6_verdict(c, rc);
}

uint32_t fo_change6_create_lease(struct fo_change6 *c, const struct fo_lease6 *l)
{
    struct fo_prefix6 p;
    char text[FO_IPV6_TEXT];
    uint32_t code = fo_change6_check_duid(c, &l->client);
    int rc;

    if (code != ERROR_SUCCESS)
        return code;
    rc = fo_prefix6_of(c->store, l->address, &p);
    if (rc == FO_ENOTFOUND)
        return fo_change6_refuse(c, ERROR_DHCP_SUBNET_NOT_PRESENT,
                                 "No prefix contains %s; make one first.",
                                 fo_ipv6_text(l->address, text));
    code = fo_change6_verdict(c, rc);
    if (code == ERROR_SUCCESS)
        code = check_address_free(c, l);
    if (code == ERROR_SUCCESS)
        code = free_client(c, l);
    return code != ERROR_SUCCESS ? code : fo_change6_verdict(c, fo_lease6_put(c->store, l));
}

/* --- set ------------------------------------------------------------------------------------- */

static uint32_t not_found(struct fo_change6 *c, struct fo_ipv6 address, const char *what)
{
    char text[FO_IPV6_TEXT];

    return fo_change6_refuse(c, ERROR_FILE_NOT_FOUND, "There is no %s %s.", what,
                             fo_ipv6_text(address, text));
}

static uint32_t write_changed(struct fo_change6 *c, const struct fo_prefix6 *p,
                              const struct fo_lease6 *l)
{
    struct fo_element6 e = {.kind = FO_ELEMENT6_RESERVATION,
                            .first = l->address,
                            .last = l->address,
                            .client = l->client};
    int rc = fo_lease6_put(c->store, l);

    if (rc == FO_OK && l->reserved)
        rc = fo_element6_put(c->store, p->prefix, &e);
    return fo_change6_verdict(c, rc);
}

uint32_t fo_change6_set_lease(struct fo_change6 *c, const struct fo_lease6 *l, bool ends)
{
    struct fo_lease6 changed;
    struct fo_prefix6 p;
    uint32_t code;
    int rc = fo_prefix6_of(c->store, l->address, &p);

    if (rc == FO_ENOTFOUND)
        return not_found(c, l->address, "prefix that contains");
    if (rc == FO_OK)
        rc = fo_lease6_get(c->store, l->address, &changed);
    if (rc == FO_ENOTFOUND)
        return not_found(c, l->address, "lease of");
    code = fo_change6_verdict(c, rc);
    if (code == ERROR_SUCCESS)
        code = fo_change6_check_duid(c, &l->client);
    if (code == ERROR_SUCCESS)
        code = free_client(c, l);
    if (code != ERROR_SUCCESS)
        return code;
    changed.client = l->client;
    memcpy(changed.name, l->name, sizeof changed.name);
    memcpy(changed.comment, l->comment, sizeof changed.comment);
    if (ends) {
        changed.valid_until = l->valid_until;
        changed.preferred_until = l->preferred_until;
    }
    return write_changed(c, &p, &changed);
}

/* --- delete ---------------------------------------------------------------------------------- */

uint32_t fo_change6_delete_lease(struct fo_change6 *c, struct fo_ipv6 address)
{
    struct fo_lease6 l;
    char text[FO_IPV6_TEXT];
    int rc = fo_lease6_get(c->store, address, &l);

    fo_ipv6_text(address, text);
    if (rc == FO_ENOTFOUND)
        return fo_change6_refuse(c, ERROR_DHCP_JET_ERROR, "There is no lease of %s.", text);
    if (rc == FO_OK && l.reserved)
        return fo_change6_refuse(c, ERROR_DHCP_RESERVEDIP_EXITS,
                                 "Address %s is reserved; remove the reservation first.", text);
    if (rc == FO_OK)
        rc = fo_lease6_del(c->store, address);
    return fo_change6_verdict(c, rc);
}
