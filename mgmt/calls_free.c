/* DhcpV4GetFreeIPAddress (MAPI §1.8): addresses that this server may give to a client now. */
#include "mgmt/call.h"
#include "proto/win32.h"

#define AT_ONCE 1024u

static uint32_t wanted(const Mgmt__FreeQuery *q)
{
    return q->count != 0 ? q->count : 1;
}

static uint32_t check_window(struct fo_call *c, const Mgmt__FreeQuery *q, struct fo_range window)
{
    char first[FO_IPV4_TEXT], last[FO_IPV4_TEXT];

    fo_ipv4_text(window.first, first);
    fo_ipv4_text(window.last, last);
    if (window.first > window.last)
        return fo_call_refuse(c, ERROR_INVALID_PARAMETER, "%s lies behind %s.", first, last);
    if (window.last - window.first < wanted(q) - 1)
        return fo_call_refuse(c, ERROR_INVALID_PARAMETER, "%s-%s holds no %u addresses.", first,
                              last, wanted(q));
    return ERROR_SUCCESS;
}

uint32_t fo_call_free_addresses_check(struct fo_call *c)
{
    const Mgmt__FreeQuery *q = c->request->free_addresses;

    if (q->subnet == 0)
        return fo_call_refuse(c, ERROR_INVALID_PARAMETER, "No scope is named.");
    if (q->count > AT_ONCE)
        return fo_call_refuse(c, ERROR_INVALID_PARAMETER,
                              "%u addresses are too many for one call; at most %u are possible.",
                              q->count, AT_ONCE);
    if (q->first == 0 || q->last == 0)
        return ERROR_SUCCESS;
    return check_window(c, q, (struct fo_range){q->first, q->last});
}

/* The partner's are for the partner to give. */
static enum fo_binding_status own_status(struct fo_call *c, fo_ipv4_t subnet)
{
    const struct fo_relationship *r = fo_server_relationship_numbered(
        c->server, fo_lease_db_owner(fo_server_leases(c->server), subnet));

    return fo_binding_available_status(r != NULL ? r->role : FO_ROLE_PRIMARY);
}

static void find(struct fo_call *c, const Mgmt__FreeQuery *q, struct fo_range window,
                 Mgmt__Addresses *m)
{
    const struct fo_lease_db *db = fo_server_leases(c->server);
    enum fo_binding_status status = own_status(c, q->subnet);
    fo_ipv4_t from = window.first, address;

    while (m->n_list < wanted(q) && fo_lease_db_available(db, q->subnet, status, from, &address) &&
           address >= from && address <= window.last) {
        m->list[m->n_list++] = address;
        if (address == window.last)
            return;
        from = address + 1;
    }
}

static uint32_t answer(struct fo_call *c, const Mgmt__FreeQuery *q, struct fo_range window)
{
    Mgmt__Addresses *m = fo_call_alloc(c, sizeof *m);

    if (m == NULL)
        return fo_call_no_memory(c);
    mgmt__addresses__init(m);
    m->list = fo_call_alloc(c, wanted(q) * sizeof m->list[0]);
    if (m->list == NULL)
        return fo_call_no_memory(c);
    find(c, q, window, m);
    c->reply.result_case = MGMT__REPLY__RESULT_ADDRESSES;
    c->reply.addresses = m;
    if (m->n_list == wanted(q))
        return ERROR_SUCCESS;
    return fo_call_refuse(c, ERROR_DHCP_REACHED_END_OF_SELECTION,
                          "Only %zu of %u addresses are free there.", m->n_list, wanted(q));
}

uint32_t fo_call_free_addresses(struct fo_call *c)
{
    const Mgmt__FreeQuery *q = c->request->free_addresses;
    const struct fo_scope *scope = fo_lease_db_scope(fo_server_leases(c->server), q->subnet);
    struct fo_range window;
    char text[FO_IPV4_TEXT];
    uint32_t code;

    if (scope == NULL)
        return fo_call_refuse(c, ERROR_INVALID_PARAMETER, "There is no scope %s on this server.",
                              fo_ipv4_text(q->subnet, text));
    window.first = q->first != 0 ? q->first : scope->subnet;
    window.last = q->last != 0 ? q->last : scope->subnet | ~scope->mask;
    code = check_window(c, q, window);
    if (code != ERROR_SUCCESS)
        return code;
    if (scope->range_count == 0)
        return fo_call_refuse(c, ERROR_FILE_NOT_FOUND, "Scope %s has no range.",
                              fo_ipv4_text(q->subnet, text));
    return answer(c, q, window);
}
