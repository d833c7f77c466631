/**
 * mgmt/dhcpsapi/later_calls.h: calls of dhcpsapi.h that fod does not answer, so that source which
 * names them builds and hears no.
 *
 * Included by <dhcpsapi.h>. Every one but DhcpGetMibInfoVQ answers ERROR_CALL_NOT_IMPLEMENTED (120)
 * without asking the server or looking at its arguments, and writes nothing. What to use instead
 * stands beside each.
 *
 * Source: MAPI §1.1, §1.8, §2.11; dhcpsapi.h of the Windows SDK.
 */
#ifndef FO_MGMT_DHCPSAPI_LATER_CALLS_H
#define FO_MGMT_DHCPSAPI_LATER_CALLS_H

#include "mgmt/dhcpsapi/lease_calls.h"
#include "mgmt/dhcpsapi/types.h"
#include "proto/api.h"

#ifdef __cplusplus
extern "C" {
#endif

/* --- leases with properties ---------------------------------------------------------------------
 */

typedef enum {
    DhcpPropTypeByte,
    DhcpPropTypeWord,
    DhcpPropTypeDword,
    DhcpPropTypeString,
    DhcpPropTypeBinary
} DHCP_PROPERTY_TYPE;

typedef enum { DhcpPropIdPolicyDnsSuffix, DhcpPropIdClientAddressStateEx } DHCP_PROPERTY_ID;

typedef struct _DHCP_PROPERTY {
    DHCP_PROPERTY_ID ID;
    DHCP_PROPERTY_TYPE Type;
    union _DHCP_PROPERTY_VALUE_UNION {
        BYTE ByteValue;
        WORD WordValue;
        DWORD DWordValue;
        LPWSTR StringValue;
        DHCP_BINARY_DATA BinaryValue;
    } Value;
} DHCP_PROPERTY, *PDHCP_PROPERTY, *LPDHCP_PROPERTY;

typedef struct _DHCP_PROPERTY_ARRAY {
    DWORD NumElements;
    LPDHCP_PROPERTY Elements;
} DHCP_PROPERTY_ARRAY, *PDHCP_PROPERTY_ARRAY, *LPDHCP_PROPERTY_ARRAY;

typedef struct _DHCP_CLIENT_INFO_EX {
    DHCP_IP_ADDRESS ClientIpAddress;
    DHCP_IP_MASK SubnetMask;
    DHCP_CLIENT_UID ClientHardwareAddress;
    LPWSTR ClientName;
    LPWSTR ClientComment;
    DATE_TIME ClientLeaseExpires;
    DHCP_HOST_INFO OwnerHost;
    BYTE bClientType;
    BYTE AddressState;
    QuarantineStatus Status;
    DATE_TIME ProbationEnds;
    BOOL QuarantineCapable;
    DWORD FilterStatus;
    LPWSTR PolicyName;
    LPDHCP_PROPERTY_ARRAY Properties;
} DHCP_CLIENT_INFO_EX, *LPDHCP_CLIENT_INFO_EX;

typedef struct _DHCP_CLIENT_INFO_EX_ARRAY {
    DWORD NumElements;
    LPDHCP_CLIENT_INFO_EX *Clients; /* of pointers */
} DHCP_CLIENT_INFO_EX_ARRAY, *LPDHCP_CLIENT_INFO_EX_ARRAY;

/** 120: use DhcpV4CreateClientInfo. Source: DHCPM §3.2.4.132. */
FO_API DWORD DhcpV4CreateClientInfoEx(const WCHAR *ServerIpAddress,
                                      const LPDHCP_CLIENT_INFO_EX ClientInfo);
/** 120: use DhcpV4GetClientInfo. Source: DHCPM §3.2.4.133. */
FO_API DWORD DhcpV4GetClientInfoEx(const WCHAR *ServerIpAddress, const DHCP_SEARCH_INFO *SearchInfo,
                                   LPDHCP_CLIENT_INFO_EX *ClientInfo);
/** 120: use DhcpV4EnumSubnetClients. Source: DHCPM §3.2.4.131. */
FO_API DWORD DhcpV4EnumSubnetClientsEx(const WCHAR *ServerIpAddress, DHCP_IP_ADDRESS SubnetAddress,
                                       DHCP_RESUME_HANDLE *ResumeHandle, DWORD PreferredMaximum,
                                       LPDHCP_CLIENT_INFO_EX_ARRAY *ClientInfo, DWORD *ClientsRead,
                                       DWORD *ClientsTotal);

/* --- free addresses of a prefix -----------------------------------------------------------------
 */

/** 120: prefixes hold no ranges; any address of one that has no lease is free. Source: DHCPM
 *  §3.2.4.122. */
FO_API DWORD DhcpV6GetFreeIPAddress(LPWSTR ServerIpAddress, DHCP_IPV6_ADDRESS ScopeId,
                                    DHCP_IPV6_ADDRESS StartIP, DHCP_IPV6_ADDRESS EndIP,
                                    DWORD NumFreeAddrReq, LPDHCPV6_IP_ARRAY *IPAddrList);

/* --- statistics: how many messages of DHCP a server has seen. fod sees none ---------------------
 */

typedef struct _SCOPE_MIB_INFO_V5 {
    DHCP_IP_ADDRESS Subnet;
    DWORD NumAddressesInuse;
    DWORD NumAddressesFree;
    DWORD NumPendingOffers;
} SCOPE_MIB_INFO_V5, *LPSCOPE_MIB_INFO_V5;

typedef struct _DHCP_MIB_INFO_V5 {
    DWORD Discovers;
    DWORD Offers;
    DWORD Requests;
    DWORD Acks;
    DWORD Naks;
    DWORD Declines;
    DWORD Releases;
    DATE_TIME ServerStartTime;
    DWORD QtnNumLeases;
    DWORD QtnPctQtnLeases;
    DWORD QtnProbationLeases;
    DWORD QtnNonQtnLeases;
    DWORD QtnExemptLeases;
    DWORD QtnCapableClients;
    DWORD QtnIASErrors;
    DWORD DelayedOffers;
    DWORD ScopesWithDelayedOffers;
    DWORD Scopes;
    LPSCOPE_MIB_INFO_V5 ScopeInfo;
} DHCP_MIB_INFO_V5, *LPDHCP_MIB_INFO_V5;

typedef struct _SCOPE_MIB_INFO_VQ {
    DHCP_IP_ADDRESS Subnet;
    DWORD NumAddressesInuse;
    DWORD NumAddressesFree;
    DWORD NumPendingOffers;
    DWORD QtnNumLeases;
    DWORD QtnPctQtnLeases;
    DWORD QtnProbationLeases;
    DWORD QtnNonQtnLeases;
    DWORD QtnExemptLeases;
    DWORD QtnCapableClients;
} SCOPE_MIB_INFO_VQ, *LPSCOPE_MIB_INFO_VQ;

typedef struct _DHCP_MIB_INFO_VQ {
    DWORD Discovers;
    DWORD Offers;
    DWORD Requests;
    DWORD Acks;
    DWORD Naks;
    DWORD Declines;
    DWORD Releases;
    DATE_TIME ServerStartTime;
    DWORD QtnNumLeases;
    DWORD QtnPctQtnLeases;
    DWORD QtnProbationLeases;
    DWORD QtnNonQtnLeases;
    DWORD QtnExemptLeases;
    DWORD QtnCapableClients;
    DWORD QtnIASErrors;
    DWORD Scopes;
    LPSCOPE_MIB_INFO_VQ ScopeInfo;
} DHCP_MIB_INFO_VQ, *LPDHCP_MIB_INFO_VQ;

typedef struct _SCOPE_MIB_INFO_V6 {
    DHCP_IPV6_ADDRESS Subnet;
    ULONGLONG NumAddressesInuse;
    ULONGLONG NumAddressesFree;
    ULONGLONG NumPendingAdvertises;
} SCOPE_MIB_INFO_V6, *LPSCOPE_MIB_INFO_V6;

typedef struct _DHCP_MIB_INFO_V6 {
    DWORD Solicits;
    DWORD Advertises;
    DWORD Requests;
    DWORD Renews;
    DWORD Rebinds;
    DWORD Replies;
    DWORD Confirms;
    DWORD Declines;
    DWORD Releases;
    DWORD Informs;
    DATE_TIME ServerStartTime;
    DWORD Scopes;
    LPSCOPE_MIB_INFO_V6 ScopeInfo;
} DHCP_MIB_INFO_V6, *LPDHCP_MIB_INFO_V6;

/** 120: use DhcpV4FailoverGetScopeStatistics. Source: DHCPM §3.2.4.82. */
FO_API DWORD DhcpGetMibInfoV5(const WCHAR *ServerIpAddress, LPDHCP_MIB_INFO_V5 *MibInfo);
/** 120. Source: DHCPM §3.2.4.69. */
FO_API DWORD DhcpGetMibInfoV6(const WCHAR *ServerIpAddress, LPDHCP_MIB_INFO_V6 *MibInfo);
/**
 * A stub, as documented: always ERROR_SUCCESS, without asking the server. It counts nothing.
 *
 * Ownership: gives |*MibInfo| (DhcpRpcFreeMemory), all 0; NULL without memory.
 * Source:  MAPI §1.8; DHCPM §3.1.4.44.
 */
FO_API DWORD DhcpGetMibInfoVQ(const WCHAR *ServerIpAddress, LPDHCP_MIB_INFO_VQ *MibInfo);

#ifdef __cplusplus
}
#endif

#endif
