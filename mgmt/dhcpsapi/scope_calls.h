/**
 * mgmt/dhcpsapi/scope_calls.h: IPv4 scopes and what is in them, as dhcpsapi.h has them.
 *
 * Included by <dhcpsapi.h>, which tells what every call has in common.
 *
 * A scope has one range by these calls, which grows and shrinks in place. fod itself may keep
 * several, made by foctl: then a range that is added replaces the ranges that it contains, or the
 * one that it is within, and is refused if it is neither; the others stay.
 *
 * A scope in a relationship may get more addresses on one server: the partner takes no part in them
 * before it has them too (foctl relationship replicate). It loses none of its ranges that way
 * (ours, ERROR_DHCP_FO_RANGE_PART_OF_REL), is not for BOOTP, and is not deleted.
 *
 * Addresses have the first octet most significant, also PrimaryHost's. Walks go by positions: what
 * is added or removed between two calls shifts them. There are no policies, so no call answers
 * ERROR_SCOPE_RANGE_POLICY_RANGE_CONFLICT, and no DNS records to be deleted or left.
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

#define DHCP_SUBNET_INFO_VQ_FLAG_QUARANTINE (1 << 0)

typedef struct _DHCP_SUBNET_INFO_VQ {
    DHCP_IP_ADDRESS SubnetAddress;
    DHCP_IP_MASK SubnetMask;
    LPWSTR SubnetName;
    LPWSTR SubnetComment;
    DHCP_HOST_INFO PrimaryHost;
    DHCP_SUBNET_STATE SubnetState;
    DWORD QuarantineOn; /* ignored by create; 0 in results */
    DWORD Reserved1;    /* these are ignored; 0 in results */
    DWORD Reserved2;
    INT64 Reserved3;
    INT64 Reserved4;
} DHCP_SUBNET_INFO_VQ, *LPDHCP_SUBNET_INFO_VQ;

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

/* --- scopes -------------------------------------------------------------------------------------
 */

/**
 * Makes a scope without ranges, exclusions or reservations.
 *
 * Units:   SubnetState Disabled and DisabledSwitched: it serves nobody. PrimaryHost is ignored.
 * Order:   right of DHCP Administrators; arguments; other scopes.
 * Errors:  ERROR_ACCESS_DENIED;
 *          ERROR_INVALID_PARAMETER: |SubnetAddress| 0, |SubnetInfo| NULL or of another address,
 *          host bits in the address; ours: a mask with a hole, SubnetState above 3, a comment
 *          above 256 bytes of UTF-8;
 *          ERROR_DHCP_SCOPE_NAME_TOO_LONG (20046): above 256 bytes of UTF-8 (ours);
 *          ERROR_DHCP_SUBNET_EXISTS (20052): it is there, or overlaps another.
 * Tool:    foctl scope create.
 * Source:  MAPI §1.5; DHCPM §3.1.4.1.
 */
FO_API DWORD DhcpCreateSubnet(const WCHAR *ServerIpAddress, DHCP_IP_ADDRESS SubnetAddress,
                              const DHCP_SUBNET_INFO *SubnetInfo);

/**
 * Replaces name, comment and state of a scope.
 *
 * Order:   right of DHCP Administrators; arguments; scope; mask.
 * Errors:  ERROR_ACCESS_DENIED;
 *          ERROR_INVALID_PARAMETER: as DhcpCreateSubnet; ours: SubnetMask is not the scope's;
 *          ERROR_DHCP_SCOPE_NAME_TOO_LONG (20046) (ours);
 *          ERROR_DHCP_SUBNET_NOT_PRESENT (20005).
 * Tool:    foctl scope set.
 * Source:  MAPI §1.5; DHCPM §3.1.4.2.
 */
FO_API DWORD DhcpSetSubnetInfo(const WCHAR *ServerIpAddress, DHCP_IP_ADDRESS SubnetAddress,
                               const DHCP_SUBNET_INFO *SubnetInfo);

/**
 * Gives address, mask, name, comment and state of a scope. PrimaryHost is 127.0.0.1 without names.
 *
 * Ownership: gives |*SubnetInfo| (DhcpRpcFreeMemory).
 * Order:   right of DHCP Users; arguments; scope.
 * Errors:  ERROR_ACCESS_DENIED;
 *          ERROR_INVALID_PARAMETER: |SubnetInfo| NULL;
 *          ERROR_DHCP_SUBNET_NOT_PRESENT (20005).
 * Tool:    foctl scope show.
 * Source:  MAPI §1.5; DHCPM §3.1.4.3.
 */
FO_API DWORD DhcpGetSubnetInfo(const WCHAR *ServerIpAddress, DHCP_IP_ADDRESS SubnetAddress,
                               LPDHCP_SUBNET_INFO *SubnetInfo);

/**
 * Gives the addresses of scopes in their order, from the one that |*ResumeHandle| counts on.
 *
 * Units:   |PreferredMaximum| is a number of scopes, of which at most 100,000 come;
 *          |*ElementsRead| are given, |*ElementsTotal| not yet; |*ResumeHandle| becomes the index
 *          of the next.
 * Ownership: gives |*EnumInfo| (DhcpRpcFreeMemory).
 * Order:   arguments (ours); right of DHCP Users; scopes.
 * Errors:  ERROR_INVALID_PARAMETER: a pointer is NULL;
 *          ERROR_ACCESS_DENIED;
 *          ERROR_NO_MORE_ITEMS (259): |PreferredMaximum| 0, or the handle is behind the last.
 *          Never ERROR_MORE_DATA.
 * Tool:    foctl scope list.
 * Source:  MAPI §1.5; DHCPM §3.1.4.4.
 */
FO_API DWORD DhcpEnumSubnets(const WCHAR *ServerIpAddress, DHCP_RESUME_HANDLE *ResumeHandle,
                             DWORD PreferredMaximum, LPDHCP_IP_ARRAY *EnumInfo, DWORD *ElementsRead,
                             DWORD *ElementsTotal);

/**
 * Deletes a scope with all it holds. Beware: |ForceFlag| 0 is DhcpFullForce.
 *
 * Units:   DhcpFullForce and DhcpFailoverForce take its leases along.
 * Order:   right of DHCP Administrators; scope; relationship; leases.
 * Errors:  ERROR_INVALID_PARAMETER: |ForceFlag| is none (ours, before all);
 *          ERROR_ACCESS_DENIED;
 *          ERROR_DHCP_SUBNET_NOT_PRESENT (20005);
 *          ERROR_DHCP_FO_SCOPE_ALREADY_IN_RELATIONSHIP (20113): it is in one;
 *          ERROR_DHCP_ELEMENT_CANT_REMOVE (20007): DhcpNoForce, and there are leases.
 * Tool:    foctl scope delete.
 * Source:  MAPI §1.5; DHCPM §3.1.4.8.
 */
FO_API DWORD DhcpDeleteSubnet(const WCHAR *ServerIpAddress, DHCP_IP_ADDRESS SubnetAddress,
                              DHCP_FORCE_FLAG ForceFlag);

/**
 * DhcpCreateSubnet, for there is no quarantine: QuarantineOn is ignored.
 *
 * Order:   right of DHCP Administrators; arguments; other scopes.
 * Errors:  ERROR_ACCESS_DENIED; ERROR_INVALID_PARAMETER; ERROR_DHCP_SCOPE_NAME_TOO_LONG (20046);
 *          ERROR_DHCP_SUBNET_EXISTS (20052).
 * Tool:    foctl scope create.
 * Source:  MAPI §1.8; DHCPM §3.1.4.49.
 */
FO_API DWORD DhcpCreateSubnetVQ(const WCHAR *ServerIpAddress, DHCP_IP_ADDRESS SubnetAddress,
                                const DHCP_SUBNET_INFO_VQ *SubnetInfo);

/**
 * DhcpSetSubnetInfo, and after all its checks: ERROR_DHCP_NAP_NOT_SUPPORTED (20138), QuarantineOn
 * is set; Windows Server 2016 and later have no quarantine either.
 *
 * Tool:    foctl scope set.
 * Source:  MAPI §1.8; DHCPM §3.1.4.51.
 */
FO_API DWORD DhcpSetSubnetInfoVQ(const WCHAR *ServerIpAddress, DHCP_IP_ADDRESS SubnetAddress,
                                 const DHCP_SUBNET_INFO_VQ *SubnetInfo);

/**
 * DhcpGetSubnetInfo, without quarantine.
 *
 * Ownership: gives |*SubnetInfo| (DhcpRpcFreeMemory).
 * Order:   right of DHCP Users; arguments; scope.
 * Errors:  ERROR_ACCESS_DENIED; ERROR_INVALID_PARAMETER; ERROR_DHCP_SUBNET_NOT_PRESENT (20005).
 * Tool:    foctl scope show.
 * Source:  MAPI §1.8; DHCPM §3.1.4.50.
 */
FO_API DWORD DhcpGetSubnetInfoVQ(const WCHAR *ServerIpAddress, DHCP_IP_ADDRESS SubnetAddress,
                                 LPDHCP_SUBNET_INFO_VQ *SubnetInfo);

/**
 * Gives free addresses of a scope that this server may lease now, the lowest first: of a
 * relationship only its own, and none that is reserved or excluded, or whose last lease the
 * partner may still think alive (ours: what is waiting for its deletion is never offered).
 *
 * Units:   |StartIP| 0 is the first address of the subnet, |EndIP| 0 the last; |NumFreeAddrReq| 0
 *          is 1, at most 1024. More are found from behind the last one on.
 * Ownership: gives |*IPAddrList| (DhcpRpcFreeMemory), also with 20126.
 * Order:   arguments; right of DHCP Users; scope; range.
 * Errors:  ERROR_INVALID_PARAMETER: |IPAddrList| NULL, |ScopeId| 0, |NumFreeAddrReq| above 1024,
 *          |StartIP| behind |EndIP|, fewer addresses between them than asked for, an unknown
 *          scope;
 *          ERROR_ACCESS_DENIED;
 *          ERROR_FILE_NOT_FOUND (2): the scope has no range;
 *          ERROR_DHCP_REACHED_END_OF_SELECTION (20126): fewer are free, and those are given.
 * Tool:    foctl scope free.
 * Source:  MAPI §1.8; DHCPM §3.2.4.121.
 */
FO_API DWORD DhcpV4GetFreeIPAddress(LPWSTR ServerIpAddress, DHCP_IP_ADDRESS ScopeId,
                                    DHCP_IP_ADDRESS StartIP, DHCP_IP_ADDRESS EndIP,
                                    DWORD NumFreeAddrReq, LPDHCP_IP_ARRAY *IPAddrList);

/* --- elements -----------------------------------------------------------------------------------
 */

/**
 * Adds a range (DhcpIpRanges and DhcpIpRangesDhcpOnly are the same), an exclusion or a
 * reservation.
 *
 * A range for BOOTP alone is kept and told, with BootpAllocated and MaxBootpAllowed as given;
 * nothing of it is leased to clients of DHCP. A reservation is its client's record, until the
 * client has a lease: see DhcpV4GetClientInfo.
 *
 * Order:   right of DHCP Administrators; scope; type; arguments; for a range: failover, clients,
 *          the range; for a reservation: the range, then address and client.
 * Errors:  ERROR_ACCESS_DENIED;
 *          ERROR_DHCP_SUBNET_NOT_PRESENT (20005);
 *          ERROR_CALL_NOT_IMPLEMENTED (120): DhcpSecondaryHosts;
 *          ERROR_INVALID_PARAMETER: DhcpIpUsedClusters, an unknown type, what the type needs is
 *          NULL, a reservation without a client, more than 4096 exclusions or 65536 reservations;
 *          ERROR_DHCP_FO_IPRANGE_TYPE_CONV_ILLEGAL (20129): DhcpIpRangesDhcpBootp or
 *          DhcpIpRangesBootpOnly, and the scope is in a relationship;
 *          ERROR_DHCP_IPRANGE_CONV_ILLEGAL (20049): a range for DHCP alone, and the scope has
 *          leases of BOOTP clients (bClientType CLIENT_TYPE_BOOTP), or the other way round;
 *          ERROR_DHCP_INVALID_RANGE (20023): it ends before it starts; it neither contains the
 *          range of the scope, nor is within it, nor equals it; ours: it is not in the subnet, or
 *          an exclusion overlaps another;
 *          ERROR_DHCP_FO_RANGE_PART_OF_REL (20132): it is smaller, and the scope is in a
 *          relationship (ours);
 *          ERROR_DHCP_NOT_RESERVED_CLIENT (20018): a reservation outside the range;
 *          ERROR_DHCP_RESERVEDIP_EXITS (20022): the address is reserved, or the client has
 *          another.
 * Tool:    foctl scope set-range, scope add-range, scope exclude, scope reserve.
 * Source:  MAPI §1.5; DHCPM §3.2.4.38.
 */
FO_API DWORD DhcpAddSubnetElementV5(const WCHAR *ServerIpAddress, DHCP_IP_ADDRESS SubnetAddress,
                                    const DHCP_SUBNET_ELEMENT_DATA_V5 *AddElementInfo);

/**
 * Gives elements of one type in the order of their addresses, from the one that |*ResumeHandle|
 * counts on. DhcpIpRanges and DhcpIpRangesDhcpBootp give all ranges, and ElementType says of each
 * what it is for (DhcpIpRangesDhcpOnly, …DhcpBootp, …BootpOnly).
 *
 * Units:   |PreferredMaximum| in bytes of the caller's memory, 0xffffffff: all; one always comes,
 *          but of 0 none. |*ElementsRead| are given, |*ElementsTotal| not yet (ours);
 *          |*ResumeHandle| becomes the index of the next.
 * Ownership: gives |*EnumElementInfo| (DhcpRpcFreeMemory).
 * Order:   arguments (ours); right of DHCP Users; type; scope; elements.
 * Errors:  ERROR_INVALID_PARAMETER: a pointer is NULL;
 *          ERROR_ACCESS_DENIED;
 *          ERROR_NOT_SUPPORTED (50): DhcpSecondaryHosts;
 *          ERROR_INVALID_PARAMETER: DhcpIpUsedClusters, DhcpIpRangesDhcpOnly,
 *          DhcpIpRangesBootpOnly, an unknown type;
 *          ERROR_DHCP_SUBNET_NOT_PRESENT (20005);
 *          ERROR_NO_MORE_ITEMS (259): none, the handle is behind the last, or |PreferredMaximum| 0
 *          with ranges;
 *          ERROR_MORE_DATA (234): there are more, and the outputs are valid.
 * Tool:    foctl scope show.
 * Source:  MAPI §1.5; DHCPM §3.2.4.39.
 */
FO_API DWORD DhcpEnumSubnetElementsV5(const WCHAR *ServerIpAddress, DHCP_IP_ADDRESS SubnetAddress,
                                      DHCP_SUBNET_ELEMENT_TYPE EnumElementType,
                                      DHCP_RESUME_HANDLE *ResumeHandle, DWORD PreferredMaximum,
                                      LPDHCP_SUBNET_ELEMENT_INFO_ARRAY_V5 *EnumElementInfo,
                                      DWORD *ElementsRead, DWORD *ElementsTotal);

/**
 * Removes a range, an exclusion or a reservation. Beware: |ForceFlag| 0 is DhcpFullForce.
 *
 * With DhcpFullForce a range takes its leases along; reservations in it stay. The lease of a
 * client whose reservation is removed goes on as it is. What is no reservation (any more) is taken
 * for an address whose lease is to be deleted, as DhcpDeleteClientInfo does.
 *
 * Order:   right of DHCP Administrators; scope; type; arguments; element; failover; leases.
 * Errors:  ERROR_ACCESS_DENIED;
 *          ERROR_DHCP_SUBNET_NOT_PRESENT (20005);
 *          ERROR_CALL_NOT_IMPLEMENTED (120): DhcpSecondaryHosts;
 *          ERROR_INVALID_PARAMETER: DhcpIpUsedClusters, an unknown type, what the type needs is
 *          NULL, |ForceFlag| neither DhcpFullForce nor DhcpNoForce (ours); an exclusion that is
 *          only a part of one, or more;
 *          ERROR_DHCP_INVALID_RANGE (20023): it is not exactly a range of the scope;
 *          ERROR_DHCP_FO_RANGE_PART_OF_REL (20132): the scope is in a relationship;
 *          ERROR_DHCP_ELEMENT_CANT_REMOVE (20007): DhcpNoForce, and an address of the range is
 *          leased or reserved; or the start of an exclusion is in none;
 *          ERROR_DHCP_JET_ERROR (20013): no reservation, and no lease either.
 * Tool:    foctl scope remove-range, scope unexclude, scope unreserve.
 * Source:  MAPI §1.5; DHCPM §3.2.4.40.
 */
FO_API DWORD DhcpRemoveSubnetElementV5(const WCHAR *ServerIpAddress, DHCP_IP_ADDRESS SubnetAddress,
                                       const DHCP_SUBNET_ELEMENT_DATA_V5 *RemoveElementInfo,
                                       DHCP_FORCE_FLAG ForceFlag);

#ifdef __cplusplus
}
#endif

#endif
