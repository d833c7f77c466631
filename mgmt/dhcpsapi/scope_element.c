/* Ranges, exclusions and reservations of a scope (MAPI §1.5, §2.10). */
#include <stdlib.h>
#include <string.h>

#include "mgmt/dhcpsapi/ask.h"
#include "mgmt/dhcpsapi/result.h"

/* --- changes ----------------------------------------------------------------------------------
 * A missing element, or one without what its type needs, is a message without it, which the server
 * refuses when its turn has come. */

/* A message and what it may hold. */
struct given {
    Mgmt__SubnetElement m;
    Mgmt__Range range;
    Mgmt__Reservation reservation;
};

static void give_range(struct given *g, const DHCP_BOOTP_IP_RANGE *range)
{
    if (range == NULL)
        return;
    g->range.first = range->StartAddress;
    g->range.last = range->EndAddress;
    g->range.bootp_allocated = range->BootpAllocated;
    g->range.bootp_limit_case = MGMT__RANGE__BOOTP_LIMIT_BOOTP_MAX;
    g->range.bootp_max = range->MaxBootpAllowed;
    g->m.range = &g->range;
}

static void give_exclusion(struct given *g, const DHCP_IP_RANGE *range)
{
    if (range == NULL)
        return;
    g->range.first = range->StartAddress;
    g->range.last = range->EndAddress;
    g->m.range = &g->range;
}

static void give_reservation(struct given *g, const DHCP_IP_RESERVATION_V4 *reservation)
{
    const DHCP_CLIENT_UID *client;

    if (reservation == NULL)
        return;
    client = reservation->ReservedForClient;
    g->reservation.address = reservation->ReservedIpAddress;
    g->reservation.types = reservation->bAllowedClientTypes;
    if (client != NULL && client->Data != NULL)
        g->reservation.client = (ProtobufCBinaryData){client->DataLength, client->Data};
    g->m.reservation = &g->reservation;
}

static void give(struct given *g, DHCP_IP_ADDRESS subnet, const DHCP_SUBNET_ELEMENT_DATA_V5 *info)
{
    mgmt__subnet_element__init(&g->m);
    mgmt__range__init(&g->range);
    mgmt__reservation__init(&g->reservation);
    g->m.subnet = subnet;
    if (info == NULL)
        return;
    g->m.type = info->ElementType;
    switch (info->ElementType) {
    case DhcpIpRanges:
    case DhcpIpRangesDhcpOnly:
    case DhcpIpRangesDhcpBootp:
    case DhcpIpRangesBootpOnly:
        give_range(g, info->Element.IpRange);
        break;
    case DhcpExcludedIpRanges:
        give_exclusion(g, info->Element.ExcludeIpRange);
        break;
    case DhcpReservedIps:
        give_reservation(g, info->Element.ReservedIp);
        break;
    default: /* refused by its type */
        break;
    }
}

DWORD DhcpAddSubnetElementV5(const WCHAR *ServerIpAddress, DHCP_IP_ADDRESS SubnetAddress,
                             const DHCP_SUBNET_ELEMENT_DATA_V5 *AddElementInfo)
{
    struct fo_ask a = {0};
    struct given g;

    give(&g, SubnetAddress, AddElementInfo);
    return fo_ask_once(&a, ServerIpAddress, MGMT__REQUEST__CALL_SUBNET_ELEMENT_ADD, &g.m);
}

DWORD DhcpRemoveSubnetElementV5(const WCHAR *ServerIpAddress, DHCP_IP_ADDRESS SubnetAddress,
                                const DHCP_SUBNET_ELEMENT_DATA_V5 *RemoveElementInfo,
                                DHCP_FORCE_FLAG ForceFlag)
{
    struct fo_ask a = {0};
    struct given g;

    give(&g, SubnetAddress, RemoveElementInfo);
    g.m.force = ForceFlag;
    return fo_ask_once(&a, ServerIpAddress, MGMT__REQUEST__CALL_SUBNET_ELEMENT_REMOVE, &g.m);
}

/* --- walking ---------------------------------------------------------------------------------- */

#define ALL 0xffffffffu

static bool take_range(void *owner, const Mgmt__Range *m, DHCP_SUBNET_ELEMENT_DATA_V5 *out)
{
    DHCP_BOOTP_IP_RANGE *range = fo_result_add(owner, sizeof *range);

    if (range == NULL)
        return false;
    range->StartAddress = m->first;
    range->EndAddress = m->last;
    range->BootpAllocated = m->bootp_allocated;
    range->MaxBootpAllowed =
        m->bootp_limit_case == MGMT__RANGE__BOOTP_LIMIT_BOOTP_MAX ? m->bootp_max : ALL;
    out->Element.IpRange = range;
    return true;
}

static bool take_exclusion(void *owner, const Mgmt__Range *m, DHCP_SUBNET_ELEMENT_DATA_V5 *out)
{
    DHCP_IP_RANGE *range = fo_result_add(owner, sizeof *range);

    if (range == NULL)
        return false;
    range->StartAddress = m->first;
    range->EndAddress = m->last;
    out->Element.ExcludeIpRange = range;
    return true;
}

static bool take_reservation(void *owner, const Mgmt__Reservation *m,
                             DHCP_SUBNET_ELEMENT_DATA_V5 *out)
{
    DHCP_IP_RESERVATION_V4 *reservation = fo_result_add(owner, sizeof *reservation);
    DHCP_CLIENT_UID *client = fo_result_add(owner, sizeof *client);

    if (reservation == NULL || client == NULL)
        return false;
    client->Data = fo_result_add(owner, m->client.len);
    if (client->Data == NULL)
        return false;
    client->DataLength = (DWORD)m->client.len;
    if (m->client.len != 0)
        memcpy(client->Data, m->client.data, m->client.len);
    reservation->ReservedIpAddress = m->address;
    reservation->ReservedForClient = client;
    reservation->bAllowedClientTypes = (BYTE)m->types;
    out->Element.ReservedIp = reservation;
    return true;
}

static bool take_element(void *owner, const Mgmt__SubnetElement *m,
                         DHCP_SUBNET_ELEMENT_DATA_V5 *out)
{
    out->ElementType = (DHCP_SUBNET_ELEMENT_TYPE)m->type;
    if (m->type == DhcpReservedIps)
        return m->reservation != NULL && take_reservation(owner, m->reservation, out);
    if (m->range == NULL)
        return false;
    return m->type == DhcpExcludedIpRanges ? take_exclusion(owner, m->range, out)
                                           : take_range(owner, m->range, out);
}

/* What was read so far. */
struct gathered {
    LPDHCP_SUBNET_ELEMENT_INFO_ARRAY_V5 array; /* owns what hangs from the elements */
    DHCP_SUBNET_ELEMENT_DATA_V5 *list;
    size_t count;
    DWORD left;
};

static bool add_page(struct gathered *g, const Mgmt__SubnetElements *page)
{
    DHCP_SUBNET_ELEMENT_DATA_V5 *list =
        realloc(g->list, (g->count + page->n_list + 1) * sizeof *list);

    if (list == NULL)
        return false;
    g->list = list;
    for (size_t i = 0; i < page->n_list; i++) {
        if (!take_element(g->array, page->list[i], &g->list[g->count]))
            return false;
        g->count++;
    }
    g->left = page->left;
    return true;
}

/* Pages, as many as there are if everything is wanted. */
static DWORD gather(struct fo_ask *a, const WCHAR *server, Mgmt__SubnetPage *page,
                    struct gathered *g)
{
    DWORD code;

    do {
        code = fo_ask(a, server, MGMT__REQUEST__CALL_SUBNET_ELEMENT_ENUM, page,
                      MGMT__REPLY__RESULT_SUBNET_ELEMENTS);
        if (code == ERROR_NO_MORE_ITEMS && g->count != 0) { /* they are gone meanwhile */
            g->left = 0;
            return ERROR_SUCCESS;
        }
        if (code == ERROR_SUCCESS && !add_page(g, a->reply->subnet_elements))
            code = ERROR_NOT_ENOUGH_MEMORY;
        if (code != ERROR_SUCCESS)
            return code;
        page->handle += (DWORD)a->reply->subnet_elements->n_list;
    } while (page->most == ALL && g->left != 0);
    return g->left != 0 ? ERROR_MORE_DATA : ERROR_SUCCESS;
}

static bool finish(struct gathered *g)
{
    g->array->Elements = fo_result_add(g->array, g->count * sizeof g->list[0]);
    if (g->array->Elements == NULL)
        return false;
    if (g->count != 0)
        memcpy(g->array->Elements, g->list, g->count * sizeof g->list[0]);
    g->array->NumElements = (DWORD)g->count;
    return true;
}

DWORD DhcpEnumSubnetElementsV5(const WCHAR *ServerIpAddress, DHCP_IP_ADDRESS SubnetAddress,
                               DHCP_SUBNET_ELEMENT_TYPE EnumElementType,
                               DHCP_RESUME_HANDLE *ResumeHandle, DWORD PreferredMaximum,
                               LPDHCP_SUBNET_ELEMENT_INFO_ARRAY_V5 *EnumElementInfo,
                               DWORD *ElementsRead, DWORD *ElementsTotal)
{
    Mgmt__SubnetPage page = MGMT__SUBNET_PAGE__INIT;
    struct gathered g = {0};
    struct fo_ask a = {0};
    DWORD code;

    if (ResumeHandle == NULL || EnumElementInfo == NULL || ElementsRead == NULL ||
        ElementsTotal == NULL)
        return ERROR_INVALID_PARAMETER;
    g.array = fo_result_new(sizeof *g.array);
    if (g.array == NULL)
        return ERROR_NOT_ENOUGH_MEMORY;
    page.subnet = SubnetAddress;
    page.type = EnumElementType;
    page.handle = *ResumeHandle;
    page.most = PreferredMaximum;
    code = gather(&a, ServerIpAddress, &page, &g);
    if ((code == ERROR_SUCCESS || code == ERROR_MORE_DATA) && !finish(&g))
        code = ERROR_NOT_ENOUGH_MEMORY;
    if (code == ERROR_SUCCESS || code == ERROR_MORE_DATA) {
        *EnumElementInfo = g.array;
        *ElementsRead = (DWORD)g.count;
        *ElementsTotal = g.left;
        *ResumeHandle = page.handle;
    } else {
        DhcpRpcFreeMemory(g.array);
    }
    free(g.list);
    fo_ask_fini(&a);
    return code;
}
