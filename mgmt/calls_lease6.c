/* IPv6 leases: create, set, delete, get, enumerate (MAPI §1.3 DhcpV6CreateClientInfo, §1.4). They
 * are kept and searched here; no partner is told of them. */
#include "mgmt/binding.h"
#include "mgmt/message6.h"
#include "mgmt/page.h"
#include "proto/win32.h"

uint32_t fo_call_lease6_create(struct fo_call *c)
{
    struct fo_change6 change = fo_change6_of(c);
    struct fo_lease6 l;
    uint32_t code = fo_message_to_lease6(c, c->request->lease6_create, &l);

    if (code == ERROR_SUCCESS && c->facts->interfaces != NULL)
        l.owner = fo_binding_owner(c->facts->interfaces, c->store, l.address);
    if (code == ERROR_SUCCESS)
        code = fo_change6_create_lease(&change, &l);
    return fo_change6_end(c, &change, code);
}

uint32_t fo_call_lease6_set(struct fo_call *c)
{
    const Mgmt__Lease6 *m = c->request->lease6_set;
    struct fo_change6 change = fo_change6_of(c);
    struct fo_lease6 l;
    uint32_t code = fo_message_to_lease6(c, m, &l);

    if (code == ERROR_SUCCESS)
        code = fo_change6_set_lease(&change, &l, m->ends_case == MGMT__LEASE6__ENDS_VALID_UNTIL);
    return fo_change6_end(c, &change, code);
}

/* --- finding ---------------------------------------------------------------------------------- */

static uint32_t take_address(struct fo_call *c, const Mgmt__Lease6Search *m, struct fo_ipv6 *out)
{
    if (m->key_case != MGMT__LEASE6_SEARCH__KEY_ADDRESS)
        return fo_call_refuse(c, ERROR_INVALID_PARAMETER, "The lease is found by its address.");
    return fo_message_to_ipv6(c, "The address", &m->address, out);
}

/* By its client only for our own tools: Microsoft's call does not know that. */
static uint32_t search(struct fo_call *c, const Mgmt__Lease6Search *m, struct fo_lease6 *out)
{
    struct fo_client6 client;
    struct fo_ipv6 address;
    uint32_t code;
    int rc;

    if (m->key_case == MGMT__LEASE6_SEARCH__KEY_CLIENT) {
        fo_message_to_client6(&m->client->duid, m->client->iaid, &client);
        rc = client.duid_length <= FO_DUID_MAX ? fo_lease6_find(c->store, &client, out)
                                               : FO_ENOTFOUND;
    } else {
        code = take_address(c, m, &address);
        if (code != ERROR_SUCCESS)
            return code;
        rc = fo_lease6_get(c->store, address, out);
    }
    if (rc == FO_ENOTFOUND)
        return fo_call_refuse(c, ERROR_DHCP_JET_ERROR, "There is no such lease.");
    return rc == FO_OK ? (uint32_t)ERROR_SUCCESS : fo_call_unread(c, rc);
}

uint32_t fo_call_lease6_get(struct fo_call *c)
{
    struct fo_lease6 l;
    uint32_t code = search(c, c->request->lease6_get, &l);

    if (code != ERROR_SUCCESS)
        return code;
    c->reply.lease6 = fo_message_of_lease6(c, &l);
    if (c->reply.lease6 == NULL)
        return fo_call_no_memory(c);
    c->reply.result_case = MGMT__REPLY__RESULT_LEASE6;
    return ERROR_SUCCESS;
}

uint32_t fo_call_lease6_delete(struct fo_call *c)
{
    struct fo_change6 change = fo_change6_of(c);
    struct fo_ipv6 address;
    uint32_t code = take_address(c, c->request->lease6_delete, &address);

    if (code == ERROR_SUCCESS)
        code = fo_change6_delete_lease(&change, address);
    return fo_change6_end(c, &change, code);
}

/* --- enumerate -------------------------------------------------------------------------------- */

struct page {
    struct fo_ipv6 from, last; /* addresses to look at */
    struct fo_page size;
};

/* Leases behind the cursor and within the prefix. A prefix that is not there has none. */
static uint32_t take_query(struct fo_call *c, const Mgmt__Lease6Query *m, struct page *page)
{
    struct fo_ipv6 prefix, after;
    struct fo_prefix6 p;
    uint32_t code = fo_message_to_ipv6(c, "The prefix", &m->prefix, &prefix);
    int rc;

    if (code == ERROR_SUCCESS)
        code = fo_message_to_ipv6(c, "The address before", &m->after, &after);
    if (code != ERROR_SUCCESS)
        return code;
    page->size = fo_page_begin(m->limit);
    page->from = fo_ipv6_next(after);
    page->last = fo_ipv6_last((struct fo_ipv6){0}, 0);
    if (fo_ipv6_is_zero(prefix) || fo_ipv6_is_zero(page->from)) /* nothing comes after the last */
        return ERROR_SUCCESS;
    rc = fo_prefix6_get(c->store, prefix, &p);
    if (rc != FO_OK && rc != FO_ENOTFOUND)
        return fo_call_unread(c, rc);
    page->last = rc == FO_OK ? fo_ipv6_last(p.prefix, p.length) : (struct fo_ipv6){0};
    if (fo_ipv6_compare(page->from, prefix) < 0)
        page->from = prefix;
    return ERROR_SUCCESS;
}

static uint32_t walk(struct fo_call *c, struct page *page, Mgmt__Leases6 *m)
{
    struct fo_lease6 l;
    int rc = FO_ENOTFOUND;

    while (!fo_ipv6_is_zero(page->from) &&
           (rc = fo_lease6_next(c->store, page->from, &l)) == FO_OK &&
           fo_ipv6_compare(l.address, page->last) <= 0) {
        m->more = !fo_page_has_room(&page->size);
        if (m->more)
            return ERROR_SUCCESS;
        m->list[m->n_list] = fo_message_of_lease6(c, &l);
        if (m->list[m->n_list] == NULL)
            return fo_call_no_memory(c);
        fo_page_add(&page->size, mgmt__lease6__get_packed_size(m->list[m->n_list++]));
        page->from = fo_ipv6_next(l.address);
    }
    return rc == FO_OK || rc == FO_ENOTFOUND ? (uint32_t)ERROR_SUCCESS : fo_call_unread(c, rc);
}

/* Of nothing in this prefix, Microsoft's call tells apart whether there is something in another. */
static uint32_t end_of_walk(struct fo_call *c, const Mgmt__Lease6Query *q, Mgmt__Leases6 *m)
{
    struct fo_ipv6 after;
    struct fo_lease6 l;
    uint32_t code = fo_message_to_ipv6(c, "The address before", &q->after, &after);
    int rc;

    if (code != ERROR_SUCCESS || m->n_list > 0)
        return code;
    after = fo_ipv6_next(after);
    rc = fo_ipv6_is_zero(after) ? FO_ENOTFOUND : fo_lease6_next(c->store, after, &l);
    if (rc == FO_ENOTFOUND)
        return fo_call_refuse(c, ERROR_NO_MORE_ITEMS, "There are no more leases.");
    m->elsewhere = true;
    return rc == FO_OK ? (uint32_t)ERROR_SUCCESS : fo_call_unread(c, rc);
}

uint32_t fo_call_lease6_enum(struct fo_call *c)
{
    const Mgmt__Lease6Query *q = c->request->lease6_enum;
    Mgmt__Leases6 *m = fo_call_alloc(c, sizeof *m);
    struct page page = {0};
    uint32_t code = take_query(c, q, &page);

    if (code != ERROR_SUCCESS)
        return code;
    if (m == NULL)
        return fo_call_no_memory(c);
    mgmt__leases6__init(m);
    m->list = fo_call_alloc(c, page.size.limit * sizeof(Mgmt__Lease6 *));
    if (m->list == NULL)
        return fo_call_no_memory(c);
    code = walk(c, &page, m);
    if (code == ERROR_SUCCESS)
        code = end_of_walk(c, q, m);
    if (code != ERROR_SUCCESS)
        return code;
    c->reply.result_case = MGMT__REPLY__RESULT_LEASES6;
    c->reply.leases6 = m;
    return ERROR_SUCCESS;
}
