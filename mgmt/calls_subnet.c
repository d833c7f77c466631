/* DhcpEnumSubnets, DhcpEnumSubnetElementsV5 and DhcpGetSubnetInfo (MAPI §1.5): walks whose handles
 * are positions, as documented. fo's own walks go by the last entry seen. */
#include <string.h>

#include "mgmt/element.h"
#include "mgmt/message.h"
#include "proto/win32.h"

/* Pages end before they could grow past a frame. */
#define SUBNETS_PER_PAGE 100000u
#define PAGE_BYTES       (FO_FRAME_MAX / 2)

uint32_t fo_call_subnet_get(struct fo_call *c)
{
    const struct fo_scope *scope;
    uint32_t code = fo_element_scope(c, c->request->subnet_get->subnet, &scope);

    if (code != ERROR_SUCCESS)
        return code;
    c->reply.scope = fo_message_of_scope_info(c, scope);
    if (c->reply.scope == NULL)
        return fo_call_no_memory(c);
    c->reply.result_case = MGMT__REPLY__RESULT_SCOPE;
    return ERROR_SUCCESS;
}

uint32_t fo_call_subnet_enum(struct fo_call *c)
{
    const Mgmt__SubnetPage *page = c->request->subnet_enum;
    const struct fo_lease_db *db = fo_server_leases(c->server);
    size_t total = fo_lease_db_scope_count(db), left;
    Mgmt__Addresses *m = fo_call_alloc(c, sizeof *m);

    if (page->most == 0 || page->handle >= total)
        return fo_call_refuse(c, ERROR_NO_MORE_ITEMS, "There are no more scopes.");
    left = total - page->handle;
    if (m == NULL)
        return fo_call_no_memory(c);
    mgmt__addresses__init(m);
    m->n_list = left < page->most ? left : page->most;
    if (m->n_list > SUBNETS_PER_PAGE)
        m->n_list = SUBNETS_PER_PAGE;
    m->list = fo_call_alloc(c, m->n_list * sizeof m->list[0]);
    if (m->list == NULL)
        return fo_call_no_memory(c);
    for (size_t i = 0; i < m->n_list; i++)
        m->list[i] = fo_lease_db_scope_at(db, page->handle + i)->subnet;
    m->left = (uint32_t)(left - m->n_list);
    c->reply.result_case = MGMT__REPLY__RESULT_ADDRESSES;
    c->reply.addresses = m;
    return ERROR_SUCCESS;
}

/* --- elements --------------------------------------------------------------------------------- */

static uint32_t check_type(struct fo_call *c, uint32_t type)
{
    switch (type) {
    case FO_ELEMENT_RANGE:
    case FO_ELEMENT_RANGE_BOTH:
    case FO_ELEMENT_RESERVATION:
    case FO_ELEMENT_EXCLUSION:
        return ERROR_SUCCESS;
    case FO_ELEMENT_SECONDARY_HOST:
        return fo_call_refuse(c, ERROR_NOT_SUPPORTED, "Scopes have no secondary hosts.");
    default:
        return fo_call_refuse(c, ERROR_INVALID_PARAMETER, "Elements of type %u are not enumerated.",
                              type);
    }
}

static uint32_t count_of(const struct fo_scope *s, uint32_t type)
{
    if (type == FO_ELEMENT_RESERVATION)
        return s->reservation_count;
    return type == FO_ELEMENT_EXCLUSION ? s->exclusion_count : s->range_count;
}

static uint32_t type_of_kind(enum fo_range_kind kind)
{
    static const uint32_t types[] = {[FO_RANGE_DHCP] = FO_ELEMENT_RANGE_DHCP,
                                     [FO_RANGE_BOTH] = FO_ELEMENT_RANGE_BOTH,
                                     [FO_RANGE_BOOTP] = FO_ELEMENT_RANGE_BOOTP};

    return types[kind];
}

/* Which kind of range it is the element's type tells, whichever type was asked for. */
static Mgmt__SubnetElement *element_of(struct fo_call *c, const struct fo_scope *s, uint32_t type,
                                       uint32_t index)
{
    Mgmt__SubnetElement *m = fo_call_alloc(c, sizeof *m);

    if (m == NULL)
        return NULL;
    mgmt__subnet_element__init(m);
    m->type = type;
    if (type == FO_ELEMENT_RESERVATION) {
        m->reservation = fo_message_of_reservation(c, s, index);
        return m->reservation != NULL ? m : NULL;
    }
    if (type == FO_ELEMENT_EXCLUSION) {
        m->range = fo_message_of_exclusion(c, s, index);
    } else {
        m->type = type_of_kind(fo_scope_use(s, index).kind);
        m->range = fo_message_of_range(c, s, index);
    }
    return m->range != NULL ? m : NULL;
}

/* What it takes in the caller's memory: DHCP_SUBNET_ELEMENT_DATA_V5 and what hangs from it. */
static uint32_t size_of(const Mgmt__SubnetElement *m)
{
    enum { ELEMENT = 16, RANGE = 16, EXCLUSION = 8, RESERVATION = 24 + 16 };

    if (m->reservation != NULL)
        return ELEMENT + RESERVATION + (uint32_t)m->reservation->client.len;
    return ELEMENT + (m->type == FO_ELEMENT_EXCLUSION ? EXCLUSION : RANGE);
}

/* One always comes, unless nothing was asked for. */
static uint32_t fill(struct fo_call *c, const struct fo_scope *s, const Mgmt__SubnetPage *page,
                     uint32_t count, Mgmt__SubnetElements *m)
{
    uint32_t most = page->most < PAGE_BYTES ? page->most : PAGE_BYTES;

    m->list = fo_call_alloc(c, (count - page->handle) * sizeof(Mgmt__SubnetElement *));
    if (m->list == NULL)
        return fo_call_no_memory(c);
    for (uint32_t i = page->handle; i < count && most != 0; i++) {
        Mgmt__SubnetElement *element = element_of(c, s, page->type, i);
        if (element == NULL)
            return fo_call_no_memory(c);
        if (m->n_list != 0 && size_of(element) > most - m->bytes)
            break;
        m->list[m->n_list++] = element;
        m->bytes += size_of(element);
        if (m->bytes >= most)
            break;
    }
    m->left = count - page->handle - (uint32_t)m->n_list;
    return ERROR_SUCCESS;
}

uint32_t fo_call_subnet_element_enum(struct fo_call *c)
{
    const Mgmt__SubnetPage *page = c->request->subnet_element_enum;
    Mgmt__SubnetElements *m = fo_call_alloc(c, sizeof *m);
    const struct fo_scope *scope;
    uint32_t count, code = check_type(c, page->type);
    bool ranges = page->type == FO_ELEMENT_RANGE || page->type == FO_ELEMENT_RANGE_BOTH;

    if (code == ERROR_SUCCESS)
        code = fo_element_scope(c, page->subnet, &scope);
    if (code != ERROR_SUCCESS)
        return code;
    count = count_of(scope, page->type);
    if (page->handle >= count || (ranges && page->most == 0))
        return fo_call_refuse(c, ERROR_NO_MORE_ITEMS, "There are no more elements of this type.");
    if (m == NULL)
        return fo_call_no_memory(c);
    mgmt__subnet_elements__init(m);
    code = fill(c, scope, page, count, m);
    if (code != ERROR_SUCCESS)
        return code;
    c->reply.result_case = MGMT__REPLY__RESULT_SUBNET_ELEMENTS;
    c->reply.subnet_elements = m;
    return ERROR_SUCCESS;
}
