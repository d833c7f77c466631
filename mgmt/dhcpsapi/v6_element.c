/* Exclusions and reservations of IPv6 prefixes (MAPI §1.6). */
#include "mgmt/dhcpsapi/result.h"
#include "mgmt/dhcpsapi/v6.h"

/* --- changes ---------------------------------------------------------------------------------- */

/* An element as the caller gives it; what hangs from |message| lies in the others. */
struct given {
    Mgmt__Element6 message;
    Mgmt__Range6 range;
    Mgmt__Reservation6 reservation;
    uint8_t rooms[3][FO_IPV6_LENGTH];
};

static void give_exclusion(const DHCP_IP_RANGE_V6 *range, struct given *out)
{
    mgmt__range6__init(&out->range);
    out->message.element_case = MGMT__ELEMENT6__ELEMENT_EXCLUSION;
    out->message.exclusion = &out->range;
    out->range.first = fo_v6_give(range->StartAddress, out->rooms[1]);
    out->range.last = fo_v6_give(range->EndAddress, out->rooms[2]);
}

static void give_reservation(const DHCP_IP_RESERVATION_V6 *reserved, struct given *out)
{
    mgmt__reservation6__init(&out->reservation);
    out->message.element_case = MGMT__ELEMENT6__ELEMENT_RESERVATION;
    out->message.reservation = &out->reservation;
    out->reservation.address = fo_v6_give(reserved->ReservedIpAddress, out->rooms[1]);
    out->reservation.duid = fo_v6_give_uid(reserved->ReservedForClient);
    out->reservation.iaid = reserved->InterfaceId;
}

/* Without an element, which the server refuses when its turn has come, if there is none. */
static void give(DHCP_IPV6_ADDRESS prefix, const DHCP_SUBNET_ELEMENT_DATA_V6 *data,
                 struct given *out)
{
    mgmt__element6__init(&out->message);
    out->message.prefix = fo_v6_give(prefix, out->rooms[0]);
    if (data == NULL)
        return;
    switch (data->ElementType) {
    case Dhcpv6IpRanges:
        out->message.element_case = MGMT__ELEMENT6__ELEMENT_RANGE;
        out->message.range = true;
        break;
    case Dhcpv6ReservedIps:
        if (data->Element.ReservedIp != NULL)
            give_reservation(data->Element.ReservedIp, out);
        break;
    case Dhcpv6ExcludedIpRanges:
        if (data->Element.ExcludeIpRange != NULL)
            give_exclusion(data->Element.ExcludeIpRange, out);
        break;
    }
}

DWORD DhcpAddSubnetElementV6(LPWSTR ServerIpAddress, DHCP_IPV6_ADDRESS SubnetAddress,
                             LPDHCP_SUBNET_ELEMENT_DATA_V6 AddElementInfo)
{
    struct fo_ask a = {0};
    struct given given;

    give(SubnetAddress, AddElementInfo, &given);
    return fo_ask_once(&a, ServerIpAddress, MGMT__REQUEST__CALL_ELEMENT6_ADD, &given.message);
}

DWORD DhcpRemoveSubnetElementV6(LPWSTR ServerIpAddress, DHCP_IPV6_ADDRESS SubnetAddress,
                                LPDHCP_SUBNET_ELEMENT_DATA_V6 RemoveElementInfo,
                                DHCP_FORCE_FLAG ForceFlag)
{
    struct fo_ask a = {0};
    struct given given;

    (void)ForceFlag;
    give(SubnetAddress, RemoveElementInfo, &given);
    return fo_ask_once(&a, ServerIpAddress, MGMT__REQUEST__CALL_ELEMENT6_REMOVE, &given.message);
}

/* --- enumerate -------------------------------------------------------------------------------- */

static bool take_exclusion(void *owner, const Mgmt__Range6 *m, LPDHCP_SUBNET_ELEMENT_DATA_V6 out)
{
    DHCP_IP_RANGE_V6 *range = fo_result_add(owner, sizeof *range);

    if (range == NULL)
        return false;
    range->StartAddress = fo_v6_take(&m->first);
    range->EndAddress = fo_v6_take(&m->last);
    out->ElementType = Dhcpv6ExcludedIpRanges;
    out->Element.ExcludeIpRange = range;
    return true;
}

static bool take_reservation(void *owner, const Mgmt__Reservation6 *m,
                             LPDHCP_SUBNET_ELEMENT_DATA_V6 out)
{
    DHCP_IP_RESERVATION_V6 *reserved = fo_result_add(owner, sizeof *reserved);

    if (reserved == NULL)
        return false;
    reserved->ReservedForClient = fo_result_add(owner, sizeof *reserved->ReservedForClient);
    if (reserved->ReservedForClient == NULL ||
        !fo_v6_take_uid(owner, &m->duid, reserved->ReservedForClient))
        return false;
    reserved->ReservedIpAddress = fo_v6_take(&m->address);
    reserved->InterfaceId = m->iaid;
    out->ElementType = Dhcpv6ReservedIps;
    out->Element.ReservedIp = reserved;
    return true;
}

static LPDHCP_SUBNET_ELEMENT_DATA_V6 take(void *owner, const Mgmt__Element6 *m)
{
    LPDHCP_SUBNET_ELEMENT_DATA_V6 data = fo_result_add(owner, sizeof *data);
    bool whole = false;

    if (data == NULL)
        return NULL;
    if (m->element_case == MGMT__ELEMENT6__ELEMENT_EXCLUSION)
        whole = take_exclusion(owner, m->exclusion, data);
    if (m->element_case == MGMT__ELEMENT6__ELEMENT_RESERVATION)
        whole = take_reservation(owner, m->reservation, data);
    return whole ? data : NULL;
}

static size_t size_of(const Mgmt__Element6 *m)
{
    if (m->element_case != MGMT__ELEMENT6__ELEMENT_RESERVATION)
        return sizeof(DHCP_SUBNET_ELEMENT_DATA_V6) + sizeof(DHCP_IP_RANGE_V6);
    return sizeof(DHCP_SUBNET_ELEMENT_DATA_V6) + sizeof(DHCP_IP_RESERVATION_V6) +
           sizeof(DHCP_CLIENT_UID) + m->reservation->duid.len;
}

/* One page, or as much of it as fits; |*out_left|: what then remains. */
static DWORD add_page(struct fo_gathered *g, void *owner, const Mgmt__Elements6 *page,
                      DWORD *out_left)
{
    size_t i = 0;

    for (; i < page->n_list && fo_gathered_fits(g, size_of(page->list[i])); i++) {
        if (!fo_gathered_add(g, take(owner, page->list[i])))
            return ERROR_NOT_ENOUGH_MEMORY;
    }
    *out_left = page->left + (DWORD)(page->n_list - i);
    return *out_left != 0 ? ERROR_MORE_DATA : ERROR_SUCCESS;
}

static DWORD gather(struct fo_ask *a, const WCHAR *server, Mgmt__Element6Query *query, void *owner,
                    struct fo_gathered *g, DWORD *out_left)
{
    uint32_t first = query->skip;
    DWORD code = ERROR_MORE_DATA;

    while (code == ERROR_MORE_DATA && !g->full) {
        query->skip = first + (uint32_t)g->count;
        code = fo_ask(a, server, MGMT__REQUEST__CALL_ELEMENT6_ENUM, query,
                      MGMT__REPLY__RESULT_ELEMENTS6);
        if (code == ERROR_NO_MORE_ITEMS && g->count != 0)
            return ERROR_SUCCESS; /* they are gone meanwhile */
        if (code == ERROR_SUCCESS && g->most_bytes == 0) {
            *out_left = a->reply->elements6->left + (DWORD)a->reply->elements6->n_list;
            return ERROR_MORE_DATA;
        }
        if (code == ERROR_SUCCESS)
            code = add_page(g, owner, a->reply->elements6, out_left);
    }
    return code;
}

static bool finish(const struct fo_gathered *g, LPDHCP_SUBNET_ELEMENT_INFO_ARRAY_V6 array)
{
    array->Elements = fo_result_add(array, g->count * sizeof array->Elements[0]);
    if (array->Elements == NULL)
        return false;
    for (size_t i = 0; i < g->count; i++)
        array->Elements[i] = *(LPDHCP_SUBNET_ELEMENT_DATA_V6)g->list[i];
    array->NumElements = (DWORD)g->count;
    return true;
}

DWORD DhcpEnumSubnetElementsV6(LPWSTR ServerIpAddress, DHCP_IPV6_ADDRESS SubnetAddress,
                               DHCP_SUBNET_ELEMENT_TYPE_V6 EnumElementType,
                               DHCP_RESUME_HANDLE *ResumeHandle, DWORD PreferredMaximum,
                               LPDHCP_SUBNET_ELEMENT_INFO_ARRAY_V6 *EnumElementInfo,
                               DWORD *ElementsRead, DWORD *ElementsTotal)
{
    Mgmt__Element6Query query = MGMT__ELEMENT6_QUERY__INIT;
    struct fo_gathered g = {.most_bytes = PreferredMaximum};
    LPDHCP_SUBNET_ELEMENT_INFO_ARRAY_V6 array;
    uint8_t room[FO_IPV6_LENGTH];
    struct fo_ask a = {0};
    DWORD code, left = 0;

    if (ResumeHandle == NULL || EnumElementInfo == NULL || ElementsRead == NULL ||
        ElementsTotal == NULL)
        return ERROR_INVALID_PARAMETER;
    array = fo_result_new(sizeof *array);
    if (array == NULL)
        return ERROR_NOT_ENOUGH_MEMORY;
    query.prefix = fo_v6_give(SubnetAddress, room);
    query.kind = (uint32_t)EnumElementType;
    query.skip = *ResumeHandle;
    code = gather(&a, ServerIpAddress, &query, array, &g, &left);
    if ((code == ERROR_SUCCESS || code == ERROR_MORE_DATA) && !finish(&g, array))
        code = ERROR_NOT_ENOUGH_MEMORY;
    if (code == ERROR_SUCCESS || code == ERROR_MORE_DATA) {
        *EnumElementInfo = array;
        *ElementsRead = array->NumElements;
        *ElementsTotal = left;
        *ResumeHandle += array->NumElements;
    } else {
        DhcpRpcFreeMemory(array);
    }
    fo_gathered_fini(&g);
    fo_ask_fini(&a);
    return code;
}
