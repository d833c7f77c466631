/* Scopes (MAPI §1.5). */
#include <string.h>

#include "mgmt/dhcpsapi/ask.h"
#include "mgmt/dhcpsapi/result.h"

/* --- arguments --------------------------------------------------------------------------------
 * What is missing, or does not fit together, is an empty message: it names no subnet, which the
 * server refuses when its turn has come. */

static DHCP_SUBNET_INFO without_quarantine(const DHCP_SUBNET_INFO_VQ *info)
{
    return (DHCP_SUBNET_INFO){info->SubnetAddress, info->SubnetMask,  info->SubnetName,
                              info->SubnetComment, info->PrimaryHost, info->SubnetState};
}

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
                    const DHCP_SUBNET_INFO *info, bool quarantine)
{
    Mgmt__Scope m = MGMT__SCOPE__INIT;
    struct fo_ask a = {0};

    give_info(&a, subnet, info, &m);
    m.quarantine_on = quarantine;
    return fo_ask_once(&a, server, call, &m);
}

DWORD DhcpCreateSubnet(const WCHAR *ServerIpAddress, DHCP_IP_ADDRESS SubnetAddress,
                       const DHCP_SUBNET_INFO *SubnetInfo)
{
    return change(ServerIpAddress, MGMT__REQUEST__CALL_SCOPE_CREATE, SubnetAddress, SubnetInfo,
                  false);
}

DWORD DhcpCreateSubnetVQ(const WCHAR *ServerIpAddress, DHCP_IP_ADDRESS SubnetAddress,
                         const DHCP_SUBNET_INFO_VQ *SubnetInfo)
{
    DHCP_SUBNET_INFO info;

    if (SubnetInfo != NULL)
        info = without_quarantine(SubnetInfo);
    return DhcpCreateSubnet(ServerIpAddress, SubnetAddress, SubnetInfo != NULL ? &info : NULL);
}

DWORD DhcpSetSubnetInfo(const WCHAR *ServerIpAddress, DHCP_IP_ADDRESS SubnetAddress,
                        const DHCP_SUBNET_INFO *SubnetInfo)
{
    return change(ServerIpAddress, MGMT__REQUEST__CALL_SCOPE_SET, SubnetAddress, SubnetInfo, false);
}

DWORD DhcpSetSubnetInfoVQ(const WCHAR *ServerIpAddress, DHCP_IP_ADDRESS SubnetAddress,
                          const DHCP_SUBNET_INFO_VQ *SubnetInfo)
{
    DHCP_SUBNET_INFO info;

    if (SubnetInfo == NULL)
        return DhcpSetSubnetInfo(ServerIpAddress, SubnetAddress, NULL);
    info = without_quarantine(SubnetInfo);
    return change(ServerIpAddress, MGMT__REQUEST__CALL_SCOPE_SET, SubnetAddress, &info,
                  (SubnetInfo->QuarantineOn & DHCP_SUBNET_INFO_VQ_FLAG_QUARANTINE) != 0);
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

static bool take_info(void *owner, const Mgmt__Scope *m, DHCP_SUBNET_INFO *out)
{
    out->SubnetAddress = m->subnet;
    out->SubnetMask = m->mask;
    out->SubnetState = (DHCP_SUBNET_STATE)m->state;
    out->SubnetName = fo_result_text(owner, m->name);
    out->SubnetComment = fo_result_text(owner, m->comment);
    out->PrimaryHost.IpAddress = LOOPBACK;
    out->PrimaryHost.NetBiosName = fo_result_text(owner, "");
    out->PrimaryHost.HostName = fo_result_text(owner, "");
    return out->SubnetName != NULL && out->SubnetComment != NULL &&
           out->PrimaryHost.NetBiosName != NULL && out->PrimaryHost.HostName != NULL;
}

/* Gives |*out| memory of |size| that owns what hangs from |*common|. |wanted|: the caller has a place
 * for it, which is looked at after the right. */
static DWORD get_info(const WCHAR *server, DHCP_IP_ADDRESS subnet, bool wanted, size_t size,
                      void **out, DHCP_SUBNET_INFO *common)
{
    Mgmt__Subnet m = MGMT__SUBNET__INIT;
    struct fo_ask a = {0};
    void *info = NULL;
    DWORD code;

    m.subnet = subnet;
    code = fo_ask(&a, server, MGMT__REQUEST__CALL_SUBNET_GET, &m, MGMT__REPLY__RESULT_SCOPE);
    if (!wanted && code != ERROR_ACCESS_DENIED)
        code = ERROR_INVALID_PARAMETER;
    if (code == ERROR_SUCCESS) {
        info = fo_result_new(size);
        if (info == NULL || !take_info(info, a.reply->scope, common))
            code = ERROR_NOT_ENOUGH_MEMORY;
    }
    fo_ask_fini(&a);
    if (code == ERROR_SUCCESS)
        *out = info;
    else
        DhcpRpcFreeMemory(info);
    return code;
}

DWORD DhcpGetSubnetInfo(const WCHAR *ServerIpAddress, DHCP_IP_ADDRESS SubnetAddress,
                        LPDHCP_SUBNET_INFO *SubnetInfo)
{
    LPDHCP_SUBNET_INFO info;
    DHCP_SUBNET_INFO common;
    void *room;
    DWORD code =
        get_info(ServerIpAddress, SubnetAddress, SubnetInfo != NULL, sizeof *info, &room, &common);

    if (code != ERROR_SUCCESS)
        return code;
    info = room;
    *info = common;
    *SubnetInfo = info;
    return ERROR_SUCCESS;
}

DWORD DhcpGetSubnetInfoVQ(const WCHAR *ServerIpAddress, DHCP_IP_ADDRESS SubnetAddress,
                          LPDHCP_SUBNET_INFO_VQ *SubnetInfo)
{
    LPDHCP_SUBNET_INFO_VQ info;
    DHCP_SUBNET_INFO common;
    void *room;
    DWORD code =
        get_info(ServerIpAddress, SubnetAddress, SubnetInfo != NULL, sizeof *info, &room, &common);

    if (code != ERROR_SUCCESS)
        return code;
    info = room;
    *info = (DHCP_SUBNET_INFO_VQ){.SubnetAddress = common.SubnetAddress,
                                  .SubnetMask = common.SubnetMask,
                                  .SubnetName = common.SubnetName,
                                  .SubnetComment = common.SubnetComment,
                                  .PrimaryHost = common.PrimaryHost,
                                  .SubnetState = common.SubnetState};
    *SubnetInfo = info;
    return ERROR_SUCCESS;
}

static LPDHCP_IP_ARRAY take_addresses(const Mgmt__Addresses *m)
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
                  MGMT__REPLY__RESULT_ADDRESSES);
    if (code == ERROR_SUCCESS) {
        array = take_addresses(a.reply->addresses);
        if (array == NULL) {
            code = ERROR_NOT_ENOUGH_MEMORY;
        } else {
            *EnumInfo = array;
            *ElementsRead = array->NumElements;
            *ElementsTotal = a.reply->addresses->left;
            *ResumeHandle += array->NumElements;
        }
    }
    fo_ask_fini(&a);
    return code;
}

DWORD DhcpV4GetFreeIPAddress(LPWSTR ServerIpAddress, DHCP_IP_ADDRESS ScopeId,
                             DHCP_IP_ADDRESS StartIP, DHCP_IP_ADDRESS EndIP, DWORD NumFreeAddrReq,
                             LPDHCP_IP_ARRAY *IPAddrList)
{
    Mgmt__FreeQuery m = MGMT__FREE_QUERY__INIT;
    LPDHCP_IP_ARRAY array = NULL;
    struct fo_ask a = {0};
    DWORD code;

    if (IPAddrList == NULL)
        return ERROR_INVALID_PARAMETER;
    m.subnet = ScopeId;
    m.first = StartIP;
    m.last = EndIP;
    m.count = NumFreeAddrReq;
    code = fo_ask(&a, ServerIpAddress, MGMT__REQUEST__CALL_FREE_ADDRESSES, &m,
                  MGMT__REPLY__RESULT_ADDRESSES);
    if (a.reply != NULL && a.reply->result_case == MGMT__REPLY__RESULT_ADDRESSES) {
        array = take_addresses(a.reply->addresses);
        if (array == NULL)
            code = ERROR_NOT_ENOUGH_MEMORY;
        else
            *IPAddrList = array;
    }
    fo_ask_fini(&a);
    return code;
}
