/* state/element6_change.c: exclusions and reservations of an IPv6 prefix come and go. */
#include <string.h>

#include "state/change6.h"

/* Codes: 2. */
static uint32_t find_prefix(struct fo_change6 *c, struct fo_ipv6 prefix, struct fo_prefix6 *out)
{
    char text[FO_IPV6_TEXT];
    int rc = fo_prefix6_get(c->store, prefix, out);

    if (rc == FO_ENOTFOUND)
        return fo_change6_refuse(c, ERROR_FILE_NOT_FOUND, "There is no prefix %s on this server.",
                                 fo_ipv6_text(prefix, text));
    return fo_change6_verdict(c, rc);
}

/* --- exclusions ------------------------------------------------------------------------------ */

static bool contains(const struct fo_element6 *a, const struct fo_element6 *b)
{
    return fo_ipv6_compare(a->first, b->first) <= 0 && fo_ipv6_compare(b->last, a->last) <= 0;
}

static bool overlap_in_part(const struct fo_element6 *a, const struct fo_element6 *b)
{
    return fo_ipv6_compare(a->first, b->last) <= 0 && fo_ipv6_compare(b->first, a->last) <= 0 &&
           !contains(a, b) && !contains(b, a);
}

static uint32_t check_exclusion(struct fo_change6 *c, const struct fo_prefix6 *p,
                                const struct fo_element6 *e)
{
    struct fo_element6 other = {.kind = FO_ELEMENT6_EXCLUSION};
    char first[FO_IPV6_TEXT], last[FO_IPV6_TEXT];
    unsigned count = 0;
    int rc;

    while ((rc = fo_element6_next(c->store, p->prefix, FO_ELEMENT6_EXCLUSION, other.first,
                                  other.last, &other)) == FO_OK) {
        if (overlap_in_part(&other, e))
            return fo_change6_refuse(
                c, ERROR_DUPLICATE_TAG,
                "It overlaps the exclusion %s to %s in part; remove that first.",
                fo_ipv6_text(other.first, first), fo_ipv6_text(other.last, last));
        if (++count == FO_PREFIX6_EXCLUSIONS)
            return fo_change6_refuse(c, ERROR_INVALID_PARAMETER,
                                     "A prefix has at most %d exclusions.", FO_PREFIX6_EXCLUSIONS);
    }
    return rc == FO_ENOTFOUND ? (uint32_t)ERROR_SUCCESS : fo_change6_verdict(c, rc);
}

/* --- reservations ---------------------------------------------------------------------------- */

static uint32_t taken(struct fo_change6 *c, const struct fo_lease6 *l, const char *what)
{
    char text[FO_IPV6_TEXT];

    return fo_change6_refuse(c, ERROR_DHCP_RESERVEDIP_EXITS,
                             "%s is reserved already, at %s; remove that reservation first.", what,
                             fo_ipv6_text(l->address, text));
}

/* The record of the reservation, and room for it: plain leases in the way go. */
static uint32_t make_room(struct fo_change6 *c, const struct fo_element6 *e, struct fo_lease6 *out)
{
    struct fo_lease6 there, other;
    int at = fo_lease6_get(c->store, e->first, &there);
    int of = fo_lease6_find(c->store, &e->client, &other);

    *out =
        (struct fo_lease6){.address = e->first, .client = e->client, .state = FO_LEASE6_COMMITTED};
    if (at == FO_OK && there.reserved)
        return taken(c, &there, "The address");
    if (of == FO_OK && other.reserved)
        return taken(c, &other, "The client's address");
    if (at != FO_OK && at != FO_ENOTFOUND)
        return fo_change6_verdict(c, at);
    if (of != FO_OK)
        return of == FO_ENOTFOUND ? (uint32_t)ERROR_SUCCESS : fo_change6_verdict(c, of);
    if (fo_ipv6_compare(other.address, e->first) != 0)
        return fo_change6_verdict(c, fo_lease6_del(c->store, other.address));
    *out = there; /* the same lease, from now on reserved */
    return ERROR_SUCCESS;
}

static uint32_t reserve(struct fo_change6 *c, const struct fo_prefix6 *p,
                        const struct fo_element6 *e)
{
    struct fo_lease6 l;
    uint32_t code = make_room(c, e, &l);

    if (code != ERROR_SUCCESS)
        return code;
    l.reserved = true;
    code = fo_change6_verdict(c, fo_lease6_put(c->store, &l));
    return code != ERROR_SUCCESS ? code
                                 : fo_change6_verdict(c, fo_element6_put(c->store, p->prefix, e));
}

/* What is left of the record: the lease, if there is one. */
static int release_record(struct fo_change6 *c, struct fo_ipv6 address)
{
    struct fo_lease6 l;
    int rc = fo_lease6_get(c->store, address, &l);

    if (rc == FO_ENOTFOUND || rc == FO_EDAMAGED || rc == FO_EVERSION)
        return FO_OK;
    l.reserved = false;
    if (rc == FO_OK && fo_lease6_is_over(&l, c->now))
        return fo_lease6_del(c->store, address);
    return rc == FO_OK ? fo_lease6_put(c->store, &l) : rc;
}

/* --- both ------------------------------------------------------------------------------------ */

uint32_t fo_change6_add_element(struct fo_change6 *c, struct fo_ipv6 prefix,
                                const struct fo_element6 *e)
{
    bool reservation = e->kind == FO_ELEMENT6_RESERVATION;
    struct fo_prefix6 p;
    uint32_t code = reservation ? fo_change6_check_duid(c, &e->client) : (uint32_t)ERROR_SUCCESS;

    if (code == ERROR_SUCCESS)
        code = find_prefix(c, prefix, &p);
    if (code != ERROR_SUCCESS)
        return code;
    if (fo_ipv6_compare(e->first, e->last) > 0 || !fo_ipv6_within(e->first, p.prefix, p.length) ||
        !fo_ipv6_within(e->last, p.prefix, p.length))
        return ERROR_SUCCESS; /* documented: without effect */
    if (reservation)
        return reserve(c, &p, e);
    code = check_exclusion(c, &p, e);
    return code != ERROR_SUCCESS ? code
                                 : fo_change6_verdict(c, fo_element6_put(c->store, p.prefix, e));
}

uint32_t fo_change6_remove_element(struct fo_change6 *c, struct fo_ipv6 prefix,
                                   const struct fo_element6 *e)
{
    struct fo_element6 found;
    struct fo_prefix6 p;
    char text[FO_IPV6_TEXT];
    uint32_t code = find_prefix(c, prefix, &p);
    int rc;

    if (code != ERROR_SUCCESS)
        return code;
    rc = fo_element6_get(c->store, p.prefix, e->kind, e->first, e->last, &found);
    if (rc == FO_ENOTFOUND ||
        (rc == FO_OK && e->client.duid_length > 0 && !fo_client6_equal(&e->client, &found.client)))
        return fo_change6_refuse(c, ERROR_FILE_NOT_FOUND, "There is no such %s at %s.",
                                 e->kind == FO_ELEMENT6_RESERVATION ? "reservation" : "exclusion",
                                 fo_ipv6_text(e->first, text));
    if (rc == FO_OK)
        rc = fo_element6_del(c->store, p.prefix, e->kind, e->first, e->last);
    if (rc == FO_OK && e->kind == FO_ELEMENT6_RESERVATION)
        rc = release_record(c, e->first);
    return fo_change6_verdict(c, rc);
}
