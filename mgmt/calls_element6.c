/* Exclusions and reservations of an IPv6 prefix (MAPI §1.6). */
#include "mgmt/message6.h"
#include "mgmt/page.h"
#include "proto/win32.h"

typedef uint32_t (*element_change)(struct fo_change6 *c, struct fo_ipv6 prefix,
                                   const struct fo_element6 *e);

static uint32_t unknown(struct fo_call *c, struct fo_ipv6 prefix)
{
    char text[FO_IPV6_TEXT];

    return fo_call_refuse(c, ERROR_FILE_NOT_FOUND, "There is no prefix %s on this server.",
                          fo_ipv6_text(prefix, text));
}

/* Dhcpv6IpRanges is no element of a prefix: taken, and nothing done, if there is the prefix. */
static uint32_t take_range(struct fo_call *c, struct fo_ipv6 prefix)
{
    struct fo_prefix6 p;
    int rc = fo_prefix6_get(c->store, prefix, &p);

    if (rc == FO_ENOTFOUND)
        return unknown(c, prefix);
    return rc == FO_OK ? (uint32_t)ERROR_SUCCESS : fo_call_unread(c, rc);
}

static uint32_t change_element(struct fo_call *c, const Mgmt__Element6 *m, element_change apply)
{
    struct fo_change6 change = fo_change6_of(c);
    struct fo_ipv6 prefix;
    struct fo_element6 e;
    uint32_t code = fo_message_to_ipv6(c, "The prefix", &m->prefix, &prefix);

    if (code != ERROR_SUCCESS)
        return code;
    if (m->element_case == MGMT__ELEMENT6__ELEMENT_RANGE)
        return take_range(c, prefix);
    code = fo_message_to_element6(c, m, &e);
    if (code == ERROR_SUCCESS)
        code = apply(&change, prefix, &e);
    return fo_change6_end(c, &change, code);
}

uint32_t fo_call_element6_add(struct fo_call *c)
{
    return change_element(c, c->request->element6_add, fo_change6_add_element);
}

uint32_t fo_call_element6_remove(struct fo_call *c)
{
    return change_element(c, c->request->element6_remove, fo_change6_remove_element);
}

/* --- enumerate -------------------------------------------------------------------------------- */

static uint32_t take_query(struct fo_call *c, const Mgmt__Element6Query *m, struct fo_ipv6 *prefix,
                           struct fo_element6 *after)
{
    struct fo_prefix6 p;
    uint32_t code = fo_message_to_ipv6(c, "The prefix", &m->prefix, prefix);
    int rc;

    *after = (struct fo_element6){0};
    if (code == ERROR_SUCCESS && m->after != NULL)
        code = fo_message_to_ipv6(c, "The first address before", &m->after->first, &after->first);
    if (code == ERROR_SUCCESS && m->after != NULL)
        code = fo_message_to_ipv6(c, "The last address before", &m->after->last, &after->last);
    if (code != ERROR_SUCCESS)
        return code;
    rc = fo_prefix6_get(c->store, *prefix, &p);
    if (rc == FO_ENOTFOUND)
        return unknown(c, *prefix);
    if (rc != FO_OK)
        return fo_call_unread(c, rc);
    if (m->kind != FO_ELEMENT6_RESERVATION && m->kind != FO_ELEMENT6_EXCLUSION)
        return fo_call_refuse(c, ERROR_INVALID_PARAMETER,
                              "Elements of kind %u cannot be listed; 1 are reservations, 2 "
                              "exclusions.",
                              m->kind);
    return ERROR_SUCCESS;
}

static uint32_t walk(struct fo_call *c, const Mgmt__Element6Query *q, struct fo_ipv6 prefix,
                     struct fo_element6 e, Mgmt__Elements6 *m)
{
    size_t limit = fo_page_limit(q->limit);
    uint32_t passed = 0;
    int rc;

    while ((rc = fo_element6_next(c->store, prefix, (uint8_t)q->kind, e.first, e.last, &e)) ==
           FO_OK) {
        if (passed++ < q->skip)
            continue;
        m->more = m->n_list == limit;
        if (m->more) {
            m->left++;
            continue;
        }
        m->list[m->n_list] = fo_message_of_element6(c, prefix, &e);
        if (m->list[m->n_list] == NULL)
            return fo_call_no_memory(c);
        m->n_list++;
    }
    return rc == FO_ENOTFOUND ? (uint32_t)ERROR_SUCCESS : fo_call_unread(c, rc);
}

uint32_t fo_call_element6_enum(struct fo_call *c)
{
    const Mgmt__Element6Query *q = c->request->element6_enum;
    Mgmt__Elements6 *m = fo_call_alloc(c, sizeof *m);
    struct fo_element6 after;
    struct fo_ipv6 prefix;
    uint32_t code = take_query(c, q, &prefix, &after);

    if (code != ERROR_SUCCESS)
        return code;
    if (m == NULL)
        return fo_call_no_memory(c);
    mgmt__elements6__init(m);
    m->list = fo_call_alloc(c, fo_page_limit(q->limit) * sizeof(Mgmt__Element6 *));
    if (m->list == NULL)
        return fo_call_no_memory(c);
    code = walk(c, q, prefix, after, m);
    if (code != ERROR_SUCCESS)
        return code;
    if (m->n_list == 0)
        return fo_call_refuse(c, ERROR_NO_MORE_ITEMS, "There are no more of them.");
    c->reply.result_case = MGMT__REPLY__RESULT_ELEMENTS6;
    c->reply.elements6 = m;
    return ERROR_SUCCESS;
}
