/* Scopes (MAPI §1.5). */
#include <string.h>

#include "mgmt/dhcpsapi/ask.h"
#include "mgmt/dhcpsapi/result.h"

/* --- arguments --------------------------------------------------------------------------------
 * What is missing, or does not fit together, is an empty message: it names no subnet, which the
 * server refuses when its turn has come. */

static void give_info(struct fo_ask *a, DHCP_IP_ADDRESS subnet, const DHCP_SUBNET_INFO *info,
                      Mgmt__Scope *m)
{
    if (info == NULL || info->SubnetAddress != subnet || info->SubnetMask == 0)
        return;
    m->subnet = info->SubnetAddress;
    m->mask = info->SubnetMask;
    m->name = fo_ask_text(a, info->SubnetName);
    m->comment = fo_ask_text(a, info->SubnetComment);
    m->state = info->SubnetState;
}

static DWORD change(const WCHAR *server, Mgmt__Request__CallCase call, DHCP_IP_ADDRESS subnet,
                    const DHCP_SUBNET_INFO *info)
{
    Mgmt__Scope m = MGMT__SCOPE__INIT;
    struct fo_ask a = {0};

    give_info(&a, subnet, info, &m);
    return fo_ask_once(&a, server, call, &m);
}

DWORD DhcpCreateSubnet(const WCHAR *ServerIpAddress, DHCP_IP_ADDRESS SubnetAddress,
                       const DHCP_SUBNET_INFO *SubnetInfo)
{
    return change(ServerIpAddress, MGMT__REQUEST__CALL_SCOPE_CREATE, SubnetAddress, SubnetInfo);
}

DWORD DhcpSetSubnetInfo(const WCHAR *ServerIpAddress, DHCP_IP_ADDRESS SubnetAddress,
                        const DHCP_SUBNET_INFO *SubnetInfo)
{
    return change(ServerIpAddress, MGMT__REQUEST__CALL_SCOPE_SET, SubnetAddress, SubnetInfo);
}

DWORD DhcpDeleteSubnet(const WCHAR *ServerIpAddress, DHCP_IP_ADDRESS SubnetAddress,
                       DHCP_FORCE_FLAG ForceFlag)
{
    Mgmt__ScopeDelete m = MGMT__SCOPE_DELETE__INIT;
    struct fo_ask a = {0};

    if (ForceFlag != DhcpFullForce && ForceFlag != DhcpNoForce && ForceFlag != DhcpFailoverForce)
        return ERROR_INVALID_PARAMETER;
    m.subnet = SubnetAddress;
    m.force = ForceFlag != DhcpNoForce;
    return fo_ask_once(&a, ServerIpAddress, MGMT__REQUEST__CALL_SCOPE_DELETE, &m);
}

/* --- results ---------------------------------------------------------------------------------- */

#define LOOPBACK 0x7f000001u

static LPDHCP_SUBNET_INFO take_info(const Mgmt__Scope *m)
{
    LPDHCP_SUBNET_INFO info = fo_result_new(sizeof *info);

    if (info == NULL)
        return NULL;
    info->SubnetAddress = m->subnet;
    info->SubnetMask = m->mask;
    info->SubnetState = (DHCP_SUBNET_STATE)m->state;
    info->SubnetName = fo_result_text(info, m->name);
    info->SubnetComment = fo_result_text(info, m->comment);
    info->PrimaryHost.IpAddress = LOOPBACK;
    info->PrimaryHost.NetBiosName = fo_result_text(info, "");
    info->PrimaryHost.HostName = fo_result_text(info, "");
    if (info->SubnetName != NULL && info->SubnetComment != NULL &&
        info->PrimaryHost.NetBiosName != NULL && info->PrimaryHost.HostName != NULL)
        return info;
    DhcpRpcFreeMemory(info);
    return NULL;
}

DWORD DhcpGetSubnetInfo(const WCHAR *ServerIpAddress, DHCP_IP_ADDRESS SubnetAddress,
                        LPDHCP_SUBNET_INFO *SubnetInfo)
{
    Mgmt__Subnet m = MGMT__SUBNET__INIT;
    LPDHCP_SUBNET_INFO info = NULL;
    struct fo_ask a = {0};
    DWORD code;

    m.subnet = SubnetAddress;
    code =
        fo_ask(&a, ServerIpAddress, MGMT__REQUEST__CALL_SUBNET_GET, &m, MGMT__REPLY__RESULT_SCOPE);
    if (SubnetInfo == NULL && code != ERROR_ACCESS_DENIED)
        code = ERROR_INVALID_PARAMETER; /* after the right */
    if (code == ERROR_SUCCESS) {
        info = take_info(a.reply->scope);
        if (info == NULL)
            code = ERROR_NOT_ENOUGH_MEMORY;
    }
    fo_ask_fini(&a);
    if (code == ERROR_SUCCESS)
        *SubnetInfo = info;
    return code;
}

static LPDHCP_IP_ARRAY take_subnets(const Mgmt__Subnets *m)
{
    LPDHCP_IP_ARRAY array = fo_result_new(sizeof *array);

    if (array == NULL)
        return NULL;
    array->Elements = fo_result_add(array, m->n_list * sizeof array->Elements[0]);
    if (array->Elements == NULL) {
        DhcpRpcFreeMemory(array);
        return NULL;
    }
    array->NumElements = (DWORD)m->n_list;
    if (m->n_list != 0)
        memcpy(array->Elements, m->list, m->n_list * sizeof array->Elements[0]);
    return array;
}

DWORD DhcpEnumSubnets(const WCHAR *ServerIpAddress, DHCP_RESUME_HANDLE *ResumeHandle,
                      DWORD PreferredMaximum, LPDHCP_IP_ARRAY *EnumInfo, DWORD *ElementsRead,
                      DWORD *ElementsTotal)
{
    Mgmt__SubnetPage page = MGMT__SUBNET_PAGE__INIT;
    LPDHCP_IP_ARRAY array;
    struct fo_ask a = {0};
    DWORD code;

    if (ResumeHandle == NULL || EnumInfo == NULL || ElementsRead == NULL || ElementsTotal == NULL)
        return ERROR_INVALID_PARAMETER;
    page.handle = *ResumeHandle;
    page.most = PreferredMaximum;
    code = fo_ask(&a, ServerIpAddress, MGMT__REQUEST__CALL_SUBNET_ENUM, &page,
                  MGMT__REPLY__RESULT_SUBNETS);
    if (code == ERROR_SUCCESS) {
        array = take_subnets(a.reply->subnets);
        if (array == NULL) {
            code = ERROR_NOT_ENOUGH_MEMORY;
        } else {
            *EnumInfo = array;
            *ElementsRead = array->NumElements;
            *ElementsTotal = a.reply->subnets->left;
            *ResumeHandle += array->NumElements;
        }
    }
    fo_ask_fini(&a);
    return code;
}
