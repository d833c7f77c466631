/* Calls that are refused (MAPI §1.8). */
#include "mgmt/dhcpsapi.h"
#include "mgmt/dhcpsapi/result.h"

DWORD DhcpV4CreateClientInfoEx(const WCHAR *ServerIpAddress, const LPDHCP_CLIENT_INFO_EX ClientInfo)
{
    (void)ServerIpAddress;
    (void)ClientInfo;
    return ERROR_CALL_NOT_IMPLEMENTED;
}

DWORD DhcpV4GetClientInfoEx(const WCHAR *ServerIpAddress, const DHCP_SEARCH_INFO *SearchInfo,
                            LPDHCP_CLIENT_INFO_EX *ClientInfo)
{
    (void)ServerIpAddress;
    (void)SearchInfo;
    (void)ClientInfo;
    return ERROR_CALL_NOT_IMPLEMENTED;
}

DWORD DhcpV4EnumSubnetClientsEx(const WCHAR *ServerIpAddress, DHCP_IP_ADDRESS SubnetAddress,
                                DHCP_RESUME_HANDLE *ResumeHandle, DWORD PreferredMaximum,
                                LPDHCP_CLIENT_INFO_EX_ARRAY *ClientInfo, DWORD *ClientsRead,
                                DWORD *ClientsTotal)
{
    (void)ServerIpAddress;
    (void)SubnetAddress;
    (void)ResumeHandle;
    (void)PreferredMaximum;
    (void)ClientInfo;
    (void)ClientsRead;
    (void)ClientsTotal;
    return ERROR_CALL_NOT_IMPLEMENTED;
}

DWORD DhcpV6GetFreeIPAddress(LPWSTR ServerIpAddress, DHCP_IPV6_ADDRESS ScopeId,
                             DHCP_IPV6_ADDRESS StartIP, DHCP_IPV6_ADDRESS EndIP,
                             DWORD NumFreeAddrReq, LPDHCPV6_IP_ARRAY *IPAddrList)
{
    (void)ServerIpAddress;
    (void)ScopeId;
    (void)StartIP;
    (void)EndIP;
    (void)NumFreeAddrReq;
    (void)IPAddrList;
    return ERROR_CALL_NOT_IMPLEMENTED;
}

DWORD DhcpGetMibInfoV5(const WCHAR *ServerIpAddress, LPDHCP_MIB_INFO_V5 *MibInfo)
{
    (void)ServerIpAddress;
    (void)MibInfo;
    return ERROR_CALL_NOT_IMPLEMENTED;
}

DWORD DhcpGetMibInfoV6(const WCHAR *ServerIpAddress, LPDHCP_MIB_INFO_V6 *MibInfo)
{
    (void)ServerIpAddress;
    (void)MibInfo;
    return ERROR_CALL_NOT_IMPLEMENTED;
}

DWORD DhcpGetMibInfoVQ(const WCHAR *ServerIpAddress, LPDHCP_MIB_INFO_VQ *MibInfo)
{
    (void)ServerIpAddress;
    if (MibInfo != NULL)
        *MibInfo = fo_result_new(sizeof **MibInfo);
    return ERROR_SUCCESS;
}
