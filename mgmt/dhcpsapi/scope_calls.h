/**
 * mgmt/dhcpsapi/scope_calls.h: IPv4 scopes and what is in them, as dhcpsapi.h has them.
 *
 * Included by <dhcpsapi.h>, which tells what every call has in common.
 *
 * Source: MAPI §1.5, §2.10; dhcpsapi.h of the Windows SDK.
 */
#ifndef FO_MGMT_DHCPSAPI_SCOPE_CALLS_H
#define FO_MGMT_DHCPSAPI_SCOPE_CALLS_H

#include "mgmt/dhcpsapi/types.h"
#include "proto/api.h"

#ifdef __cplusplus
extern "C" {
#endif

/* --- types (MAPI §2.10) -------------------------------------------------------------------------
 */

typedef enum _DHCP_SUBNET_STATE {
    DhcpSubnetEnabled = 0,
    DhcpSubnetDisabled = 1,
    DhcpSubnetEnabledSwitched = 2,
    DhcpSubnetDisabledSwitched = 3,
    DhcpSubnetInvalidState = 4
} DHCP_SUBNET_STATE,
    *LPDHCP_SUBNET_STATE;

typedef struct _DHCP_SUBNET_INFO {
    DHCP_IP_ADDRESS SubnetAddress;
    DHCP_IP_MASK SubnetMask;
    LPWSTR SubnetName;
    LPWSTR SubnetComment;
    DHCP_HOST_INFO PrimaryHost; /* ignored; in results 127.0.0.1 without names */
    DHCP_SUBNET_STATE SubnetState;
} DHCP_SUBNET_INFO, *LPDHCP_SUBNET_INFO;

typedef enum _DHCP_SUBNET_ELEMENT_TYPE_V5 {
    DhcpIpRanges = 0,
    DhcpSecondaryHosts = 1,
    DhcpReservedIps = 2,
    DhcpExcludedIpRanges = 3,
    DhcpIpUsedClusters = 4,
    DhcpIpRangesDhcpOnly = 5,
    DhcpIpRangesDhcpBootp = 6,
    DhcpIpRangesBootpOnly = 7
} DHCP_SUBNET_ELEMENT_TYPE,
    *LPDHCP_SUBNET_ELEMENT_TYPE;

/* Ranges are inclusive. */
typedef struct _DHCP_IP_RANGE {
    DHCP_IP_ADDRESS StartAddress;
    DHCP_IP_ADDRESS EndAddress;
} DHCP_IP_RANGE, *LPDHCP_IP_RANGE;

typedef struct _DHCP_BOOTP_IP_RANGE {
    DHCP_IP_ADDRESS StartAddress;
    DHCP_IP_ADDRESS EndAddress;
    ULONG BootpAllocated;
    ULONG MaxBootpAllowed;
} DHCP_BOOTP_IP_RANGE, *LPDHCP_BOOT_IP_RANGE;

typedef struct _DHCP_IP_RESERVATION_V4 {
    DHCP_IP_ADDRESS ReservedIpAddress;
    DHCP_CLIENT_UID *ReservedForClient; /* the bare identifier */
    BYTE bAllowedClientTypes;           /* CLIENT_TYPE_DHCP, _BOOTP or _BOTH */
} DHCP_IP_RESERVATION_V4, *LPDHCP_IP_RESERVATION_V4;

typedef struct _DHCP_IP_CLUSTER {
    DHCP_IP_ADDRESS ClusterAddress;
    DWORD ClusterMask;
} DHCP_IP_CLUSTER, *LPDHCP_IP_CLUSTER;

typedef struct _DHCP_SUBNET_ELEMENT_DATA_V5 {
    DHCP_SUBNET_ELEMENT_TYPE ElementType;
    union _DHCP_SUBNET_ELEMENT_UNION_V5 {
        DHCP_BOOTP_IP_RANGE *IpRange; /* of types 0, 5, 6, 7 */
        DHCP_HOST_INFO *SecondaryHost;
        DHCP_IP_RESERVATION_V4 *ReservedIp;
        DHCP_IP_RANGE *ExcludeIpRange;
        DHCP_IP_CLUSTER *IpUsedCluster;
    } Element;
} DHCP_SUBNET_ELEMENT_DATA_V5, *LPDHCP_SUBNET_ELEMENT_DATA_V5;

typedef struct _DHCP_SUBNET_ELEMENT_INFO_ARRAY_V5 {
    DWORD NumElements;
    LPDHCP_SUBNET_ELEMENT_DATA_V5 Elements;
} DHCP_SUBNET_ELEMENT_INFO_ARRAY_V5, *LPDHCP_SUBNET_ELEMENT_INFO_ARRAY_V5;

#ifdef __cplusplus
}
#endif

#endif
