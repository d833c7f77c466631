/* IPv6 prefixes (MAPI §1.6). */
#include "mgmt/dhcpsapi/result.h"
#include "mgmt/dhcpsapi/v6.h"

/* --- changes ----------------------------------------------------------------------------------
 * A missing structure is a missing message, which the server refuses when its turn has come. */

static DWORD change(const WCHAR *server, Mgmt__Request__CallCase call, DHCP_IPV6_ADDRESS prefix,
                    const DHCP_SUBNET_INFO_V6 *info)
{
    Mgmt__Prefix6 m = MGMT__PREFIX6__INIT;
    Mgmt__Prefix6Info told = MGMT__PREFIX6_INFO__INIT;
    uint8_t room[2][FO_IPV6_LENGTH];
    struct fo_ask a = {0};

    m.prefix = fo_v6_give(prefix, room[0]);
    if (info != NULL) {
        m.info = &told;
        told.prefix = fo_v6_give(info->SubnetAddress, room[1]);
        told.length = info->Prefix;
        told.preference = info->Preference;
        told.state = info->State;
        told.name = fo_ask_text(&a, info->SubnetName);
        told.comment = fo_ask_text(&a, info->SubnetComment);
    }
    return fo_ask_once(&a, server, call, &m);
}

DWORD DhcpCreateSubnetV6(LPWSTR ServerIpAddress, DHCP_IPV6_ADDRESS SubnetAddress,
                         LPDHCP_SUBNET_INFO_V6 SubnetInfo)
{
    return change(ServerIpAddress, MGMT__REQUEST__CALL_PREFIX6_CREATE, SubnetAddress, SubnetInfo);
}

DWORD DhcpSetSubnetInfoV6(const WCHAR *ServerIpAddress, DHCP_IPV6_ADDRESS SubnetAddress,
                          LPDHCP_SUBNET_INFO_V6 SubnetInfo)
{
    return change(ServerIpAddress, MGMT__REQUEST__CALL_PREFIX6_SET, SubnetAddress, SubnetInfo);
}

DWORD DhcpDeleteSubnetV6(LPWSTR ServerIpAddress, DHCP_IPV6_ADDRESS SubnetAddress,
                         DHCP_FORCE_FLAG ForceFlag)
{
    Mgmt__Prefix6Delete m = MGMT__PREFIX6_DELETE__INIT;
    uint8_t room[FO_IPV6_LENGTH];
    struct fo_ask a = {0};

    m.prefix = fo_v6_give(SubnetAddress, room);
    m.force = ForceFlag != DhcpNoForce;
    return fo_ask_once(&a, ServerIpAddress, MGMT__REQUEST__CALL_PREFIX6_DELETE, &m);
}

/* --- reading ---------------------------------------------------------------------------------- */

static LPDHCP_SUBNET_INFO_V6 take_info(DHCP_IPV6_ADDRESS prefix, const Mgmt__Prefix6Info *m)
{
    LPDHCP_SUBNET_INFO_V6 info = fo_result_new(sizeof *info);

    if (info == NULL)
        return NULL;
    info->SubnetAddress = prefix;
    info->Prefix = m->length;
    info->Preference = (USHORT)m->preference;
    info->State = m->state;
    info->ScopeId = m->scope_id;
    info->SubnetName = fo_result_text(info, m->name);
    info->SubnetComment = fo_result_text(info, m->comment);
    if (info->SubnetName != NULL && info->SubnetComment != NULL)
        return info;
    DhcpRpcFreeMemory(info);
    return NULL;
}

DWORD DhcpGetSubnetInfoV6(LPWSTR ServerIpAddress, DHCP_IPV6_ADDRESS SubnetAddress,
                          LPDHCP_SUBNET_INFO_V6 *SubnetInfo)
{
    Mgmt__Address6 m = MGMT__ADDRESS6__INIT;
    LPDHCP_SUBNET_INFO_V6 info = NULL;
    uint8_t room[FO_IPV6_LENGTH];
    struct fo_ask a = {0};
    DWORD code;

    m.address = fo_v6_give(SubnetAddress, room);
    code = fo_ask(&a, ServerIpAddress, MGMT__REQUEST__CALL_PREFIX6_GET, &m,
                  MGMT__REPLY__RESULT_PREFIX6);
    if (SubnetInfo == NULL && code != ERROR_ACCESS_DENIED) /* the right comes first */
        code = ERROR_INVALID_PARAMETER;
    if (code == ERROR_SUCCESS && a.reply->prefix6->info == NULL)
        code = RPC_S_SERVER_UNAVAILABLE; /* it is none of ours */
    if (code == ERROR_SUCCESS) {
        info = take_info(SubnetAddress, a.reply->prefix6->info);
        if (info == NULL)
            code = ERROR_NOT_ENOUGH_MEMORY;
    }
    fo_ask_fini(&a);
    if (code == ERROR_SUCCESS)
        *SubnetInfo = info;
    return code;
}

/* What of a page is wanted; |*out_left|: what then remains. */
static bool add_page(struct fo_gathered *g, void *owner, const Mgmt__Prefixes6 *page, DWORD most,
                     DWORD *out_left)
{
    size_t i = 0;

    for (; i < page->n_list && g->count < most; i++) {
        LPDHCP_IPV6_ADDRESS address = fo_result_add(owner, sizeof *address);
        if (!fo_gathered_add(g, address))
            return false;
        *address = fo_v6_take(&page->list[i]->prefix);
    }
    *out_left = page->left + (DWORD)(page->n_list - i);
    return true;
}

static DWORD gather(struct fo_ask *a, const WCHAR *server, DWORD first, DWORD most, void *owner,
                    struct fo_gathered *g, DWORD *out_left)
{
    Mgmt__Page6 page = MGMT__PAGE6__INIT;
    DWORD code;

    do {
        page.skip = first + (DWORD)g->count;
        code = fo_ask(a, server, MGMT__REQUEST__CALL_PREFIX6_ENUM, &page,
                      MGMT__REPLY__RESULT_PREFIXES6);
        if (code == ERROR_SUCCESS && !add_page(g, owner, a->reply->prefixes6, most, out_left))
            code = ERROR_NOT_ENOUGH_MEMORY;
    } while (code == ERROR_SUCCESS && a->reply->prefixes6->more && g->count < most);
    if (code == ERROR_SUCCESS && most == 0)
        return ERROR_NO_MORE_ITEMS;
    /* They may be gone meanwhile. */
    return code == ERROR_NO_MORE_ITEMS && g->count != 0 ? (DWORD)ERROR_SUCCESS : code;
}

static bool finish(const struct fo_gathered *g, LPDHCPV6_IP_ARRAY array)
{
    array->Elements = fo_result_add(array, g->count * sizeof array->Elements[0]);
    if (array->Elements == NULL)
        return false;
    for (size_t i = 0; i < g->count; i++)
        array->Elements[i] = *(LPDHCP_IPV6_ADDRESS)g->list[i];
    array->NumElements = (DWORD)g->count;
    return true;
}

DWORD DhcpEnumSubnetsV6(const WCHAR *ServerIpAddress, DHCP_RESUME_HANDLE *ResumeHandle,
                        DWORD PreferredMaximum, LPDHCPV6_IP_ARRAY *EnumInfo, DWORD *ElementsRead,
                        DWORD *ElementsTotal)
{
    struct fo_gathered g = {0};
    struct fo_ask a = {0};
    LPDHCPV6_IP_ARRAY array;
    DWORD code, left = 0;

    if (ResumeHandle == NULL || EnumInfo == NULL || ElementsRead == NULL || ElementsTotal == NULL)
        return ERROR_INVALID_PARAMETER;
    array = fo_result_new(sizeof *array);
    if (array == NULL)
        return ERROR_NOT_ENOUGH_MEMORY;
    code = gather(&a, ServerIpAddress, *ResumeHandle, PreferredMaximum, array, &g, &left);
    if (code == ERROR_SUCCESS && !finish(&g, array))
        code = ERROR_NOT_ENOUGH_MEMORY;
    if (code == ERROR_SUCCESS) {
        *EnumInfo = array;
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
