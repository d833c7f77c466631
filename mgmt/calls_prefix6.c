/* IPv6 prefixes: create, set, delete, get, enumerate (MAPI §1.6). */
#include "mgmt/message6.h"
#include "mgmt/page.h"
#include "proto/win32.h"

uint32_t fo_call_prefix6_create(struct fo_call *c)
{
    struct fo_change6 change = fo_change6_of(c);
    struct fo_prefix6 p;
    uint32_t code = fo_message_to_prefix6(c, c->request->prefix6_create, &p);

    if (code == ERROR_SUCCESS)
        code = fo_change6_create_prefix(&change, &p);
    return fo_change6_end(c, &change, code);
}

/* DhcpSetSubnetInfoV6 replaces texts, state and preference; a length of 0 is the one it has. */
uint32_t fo_call_prefix6_set(struct fo_call *c)
{
    const Mgmt__Prefix6 *m = c->request->prefix6_set;
    struct fo_change6 change = fo_change6_of(c);
    struct fo_prefix6 p, old;
    uint32_t code = fo_message_to_prefix6(c, m, &p);

    if (code == ERROR_SUCCESS && m->info->length == 0 &&
        fo_prefix6_get(c->store, p.prefix, &old) == FO_OK)
        p.length = old.length;
    if (code == ERROR_SUCCESS)
        code = fo_change6_set_prefix(&change, &p);
    return fo_change6_end(c, &change, code);
}

uint32_t fo_call_prefix6_delete(struct fo_call *c)
{
    const Mgmt__Prefix6Delete *m = c->request->prefix6_delete;
    struct fo_change6 change = fo_change6_of(c);
    struct fo_ipv6 prefix;
    uint32_t code = fo_message_to_ipv6(c, "The prefix", &m->prefix, &prefix);

    if (code == ERROR_SUCCESS)
        code = fo_change6_delete_prefix(&change, prefix, m->force);
    return fo_change6_end(c, &change, code);
}

uint32_t fo_call_prefix6_get(struct fo_call *c)
{
    struct fo_ipv6 prefix;
    struct fo_prefix6 p;
    char text[FO_IPV6_TEXT];
    uint32_t code = fo_message_to_ipv6(c, "The prefix", &c->request->prefix6_get->address, &prefix);
    int rc;

    if (code != ERROR_SUCCESS)
        return code;
    rc = fo_prefix6_get(c->store, prefix, &p);
    if (rc == FO_ENOTFOUND)
        return fo_call_refuse(c, ERROR_DHCP_SUBNET_NOT_PRESENT,
                              "There is no prefix %s on this server.", fo_ipv6_text(prefix, text));
    if (rc != FO_OK)
        return fo_call_unread(c, rc);
    c->reply.prefix6 = fo_message_of_prefix6(c, &p);
    if (c->reply.prefix6 == NULL)
        return fo_call_no_memory(c);
    c->reply.result_case = MGMT__REPLY__RESULT_PREFIX6;
    return ERROR_SUCCESS;
}

/* --- enumerate -------------------------------------------------------------------------------- */

static uint32_t walk(struct fo_call *c, const Mgmt__Page6 *page, struct fo_ipv6 from,
                     Mgmt__Prefixes6 *m)
{
    size_t limit = fo_page_limit(page->limit);
    struct fo_prefix6 p;
    uint32_t passed = 0;
    int rc;

    for (; (rc = fo_prefix6_next(c->store, from, &p)) == FO_OK; from = fo_ipv6_next(p.prefix)) {
        if (passed++ < page->skip)
            continue;
        m->more = m->n_list == limit;
        if (m->more) {
            m->left++;
            continue;
        }
        m->list[m->n_list] = fo_message_of_prefix6(c, &p);
        if (m->list[m->n_list] == NULL)
            return fo_call_no_memory(c);
        m->n_list++;
    }
    return rc == FO_ENOTFOUND ? (uint32_t)ERROR_SUCCESS : fo_call_unread(c, rc);
}

uint32_t fo_call_prefix6_enum(struct fo_call *c)
{
    const Mgmt__Page6 *page = c->request->prefix6_enum;
    Mgmt__Prefixes6 *m = fo_call_alloc(c, sizeof *m);
    struct fo_ipv6 after;
    uint32_t code = fo_message_to_ipv6(c, "The prefix before", &page->after, &after);

    if (code != ERROR_SUCCESS)
        return code;
    if (m == NULL)
        return fo_call_no_memory(c);
    mgmt__prefixes6__init(m);
    m->list = fo_call_alloc(c, fo_page_limit(page->limit) * sizeof(Mgmt__Prefix6 *));
    if (m->list == NULL)
        return fo_call_no_memory(c);
    code = walk(c, page, fo_ipv6_next(after), m);
    if (code != ERROR_SUCCESS)
        return code;
    if (m->n_list == 0)
        return fo_call_refuse(c, ERROR_NO_MORE_ITEMS, "There are no more prefixes.");
    c->reply.result_case = MGMT__REPLY__RESULT_PREFIXES6;
    c->reply.prefixes6 = m;
    return ERROR_SUCCESS;
}
