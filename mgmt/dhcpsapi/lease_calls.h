/**
 * mgmt/dhcpsapi/lease_calls.h: IPv4 leases, as dhcpsapi.h has them.
 *
 * Included by <dhcpsapi.h>, which tells what every call has in common. Leases are made, changed and
 * ended as bindings like any other: in a failover scope the partner is told (BNDUPD).
 *
 * A client is named in two forms (MAPI §2.6). Callers pass the bare identifier: an Ethernet address
 * or any other up to 16 bytes is taken for a hardware address, a longer one for a client-identifier
 * (option 61), of which a partner is not told without a hardware address. Results and searches have
 * the unique ID: four bytes of subnet, least significant first, 0x01, and the identifier.
 *
 * What Windows Server 2016 and later ignore is ignored: Status, ProbationEnds and QuarantineCapable
 * are not looked at, and are 0 in results. FilterStatus is FILTER_STATUS_NONE, for there are no
 * filters. SubnetMask is the scope's. OwnerHost is ignored; in results it is the server that gave
 * the lease: in failover by the relationship, else this one, with the address that it was created
 * by if |ServerIpAddress| was one; 255.255.255.255 of a reservation without a lease.
 *
 * ClientName has 255 bytes of UTF-8 at most, ClientComment 127 characters, PolicyName 63.
 *
 * In a failover scope a change may also meet:
 *   ERROR_DHCP_ADDRESS_NOT_AVAILABLE (20011)  the address is the partner's to give: make the lease
 *                                             there. That is so of FREE and BACKUP addresses by the
 *                                             server's role; what lies outside the ranges is FREE,
 *                                             and so the primary's
 *   ERROR_DHCP_FO_STATE_NOT_NORMAL (20120)    the relationship is in a state that gives, renews or
 *                                             ends no lease, such as STARTUP or RECOVER
 *
 * Source: MAPI §1.3, §1.4, §2.6 to §2.8; dhcpsapi.h of the Windows SDK.
 */
#ifndef FO_MGMT_DHCPSAPI_LEASE_CALLS_H
#define FO_MGMT_DHCPSAPI_LEASE_CALLS_H

#include "mgmt/dhcpsapi/types.h"
#include "proto/api.h"

#ifdef __cplusplus
extern "C" {
#endif

/* --- types (MAPI §2.7) --------------------------------------------------------------------------
 */

/* FilterStatus. */
#define FILTER_STATUS_NONE                         0x00000001
#define FILTER_STATUS_FULL_MATCH_IN_ALLOW_LIST     0x00000002
#define FILTER_STATUS_FULL_MATCH_IN_DENY_LIST      0x00000004
#define FILTER_STATUS_WILDCARD_MATCH_IN_ALLOW_LIST 0x00000008
#define FILTER_STATUS_WILDCARD_MATCH_IN_DENY_LIST  0x00000010

typedef struct _DHCP_CLIENT_INFO_VQ {
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
} DHCP_CLIENT_INFO_VQ, *LPDHCP_CLIENT_INFO_VQ;

typedef struct _DHCP_CLIENT_INFO_PB {
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
} DHCP_CLIENT_INFO_PB, *LPDHCP_CLIENT_INFO_PB;

typedef struct _DHCP_CLIENT_INFO_PB_ARRAY {
    DWORD NumElements;
    LPDHCP_CLIENT_INFO_PB *Clients; /* of pointers */
} DHCP_CLIENT_INFO_PB_ARRAY, *LPDHCP_CLIENT_INFO_PB_ARRAY;

typedef struct _DHCP_CLIENT_INFO_ARRAY_VQ {
    DWORD NumElements;
    LPDHCP_CLIENT_INFO_VQ *Clients; /* of pointers */
} DHCP_CLIENT_INFO_ARRAY_VQ, *LPDHCP_CLIENT_INFO_ARRAY_VQ;

/* --- calls --------------------------------------------------------------------------------------
 */

/**
 * Makes a lease at any address of a scope, in its ranges or not.
 *
 * Units:   ClientLeaseExpires in UTC; 0/0, and what lies beyond 2038, is without end; a past one
 *          is a lease that is over already. In failover the lease is shortened to what the partner
 *          acknowledged plus the MCLT, and the server renews it until the time asked for.
 *          AddressState: bits 0 and 1 are the state, 0 (OFFERED) is refused; DECLINED makes the
 *          address ABANDONED, which nobody is offered; DOOM is a lease. The other bits,
 *          bClientType and PolicyName, which need not exist, are kept and told again.
 * Order:   right of DHCP Administrators; client; state; texts; scope; client or address; failover.
 * Errors:  ERROR_ACCESS_DENIED;
 *          ERROR_INVALID_PARAMETER: |ClientInfo| NULL, no client, OFFERED, a text too long;
 *          ERROR_DHCP_SUBNET_NOT_PRESENT (20005): no scope contains the address;
 *          ERROR_DHCP_CLIENT_EXISTS (20014): the scope has the client or the address leased;
 *          20011 and 20120 as above.
 * Tool:    foctl lease create.
 * Source:  MAPI §1.3; DHCPM §3.2.4.123.
 */
FO_API DWORD DhcpV4CreateClientInfo(const WCHAR *ServerIpAddress,
                                    const LPDHCP_CLIENT_INFO_PB ClientInfo);

/**
 * Gives a record: a lease, or a reservation without one, which does not end (0/0) and has the type
 * CLIENT_TYPE_NONE. Of several of one name, that of the lowest address.
 *
 * Ownership: gives |*ClientInfo| (DhcpRpcFreeMemory).
 * Order:   arguments; right of DHCP Users; record.
 * Errors:  ERROR_INVALID_PARAMETER: a pointer is NULL, SearchType is unknown, or it is by name and
 *          without one;
 *          ERROR_ACCESS_DENIED;
 *          ERROR_DHCP_INVALID_DHCP_CLIENT (20016): there is none.
 * Tool:    foctl lease show.
 * Source:  MAPI §1.4; DHCPM §3.2.4.124.
 */
FO_API DWORD DhcpV4GetClientInfo(const WCHAR *ServerIpAddress, const DHCP_SEARCH_INFO *SearchInfo,
                                 LPDHCP_CLIENT_INFO_PB *ClientInfo);

/**
 * Gives the record with the failover times of a lease, in failover or not.
 *
 * Units:   the six times in seconds since 1970-01-01 UTC, 0 if there is none; LastBndUpdTime is
 *          when the partner last told of the lease, AckPotExpTime what it last acknowledged.
 * Ownership: gives |*ClientInfo| (DhcpRpcFreeMemory).
 * Order:   arguments; right of DHCP Users; record.
 * Errors:  ERROR_INVALID_PARAMETER: a pointer is NULL, SearchType is unknown, or it is by name and
 *          without one;
 *          ERROR_ACCESS_DENIED;
 *          ERROR_DHCP_JET_ERROR (20013): there is none.
 * Tool:    foctl lease show.
 * Source:  MAPI §1.2, §2.5, §2.6; DHCPM §3.2.4.99.
 */
FO_API DWORD DhcpV4FailoverGetClientInfo(LPWSTR ServerIpAddress, const DHCP_SEARCH_INFO *SearchInfo,
                                         LPDHCPV4_FAILOVER_CLIENT_INFO *ClientInfo);

/**
 * Gives the records of one scope, or with |SubnetAddress| 0 of all, in the order of their
 * addresses, from the one behind |*ResumeHandle|.
 *
 * Units:   |PreferredMaximum| in bytes of the caller's memory, taken for 1024 if less, for 65536
 *          if more, and for all there are if 0xffffffff. |*ResumeHandle| is 0 at the start and at
 *          the end; in between it is the last address given. |*ClientsTotal| is what is left with
 *          ERROR_MORE_DATA, or 0x7fffffff when that is too much to be counted; else
 *          |*ClientsRead|.
 * Ownership: gives |*ClientInfo| (DhcpRpcFreeMemory).
 * Order:   arguments (ours); right of DHCP Users; handle; records.
 * Errors:  ERROR_INVALID_PARAMETER: a pointer is NULL;
 *          ERROR_ACCESS_DENIED;
 *          ERROR_DHCP_JET_ERROR (20013): the handle is the address of no record (any more);
 *          ERROR_NO_MORE_ITEMS (259): no records, or no such scope (ours);
 *          ERROR_MORE_DATA (234): there are more, and the outputs are valid.
 * Tool:    foctl lease list.
 * Source:  MAPI §1.4; DHCPM §3.2.4.116.
 */
FO_API DWORD DhcpV4EnumSubnetClients(const WCHAR *ServerIpAddress, DHCP_IP_ADDRESS SubnetAddress,
                                     DHCP_RESUME_HANDLE *ResumeHandle, DWORD PreferredMaximum,
                                     LPDHCP_CLIENT_INFO_PB_ARRAY *ClientInfo, DWORD *ClientsRead,
                                     DWORD *ClientsTotal);

/**
 * Makes a lease at an address of a range, as DhcpV4CreateClientInfo does, but for: the state is
 * ACTIVE and the type CLIENT_TYPE_NONE whatever is given, and there is no policy.
 *
 * Order:   right of DHCP Administrators; client; texts; range; client or address; failover.
 * Errors:  ERROR_ACCESS_DENIED;
 *          ERROR_INVALID_PARAMETER: |ClientInfo| NULL, no client, a text too long, or no range of
 *          a scope contains the address;
 *          ERROR_DHCP_CLIENT_EXISTS (20014): the scope has the client or the address leased;
 *          20011 and 20120 as above.
 * Tool:    foctl lease create.
 * Source:  MAPI §1.4; DHCPM §3.1.4.45.
 */
FO_API DWORD DhcpCreateClientInfoVQ(const WCHAR *ServerIpAddress,
                                    const DHCP_CLIENT_INFO_VQ *ClientInfo);

/**
 * Changes the lease of an address: client, name, comment and end; the state becomes ACTIVE.
 * Policy, type and the other bits of AddressState stay. In failover another client, or a lease
 * instead of DECLINED, takes two steps: delete, and create once the partner knows (ours, 20011).
 *
 * Units:   ClientLeaseExpires as in DhcpV4CreateClientInfo.
 * Order:   right of DHCP Administrators; client; lease; texts; failover.
 * Errors:  ERROR_ACCESS_DENIED;
 *          ERROR_INVALID_PARAMETER: |ClientInfo| NULL, no client, no lease of the address, a text
 *          too long;
 *          20011 and 20120 as above.
 * Tool:    foctl lease set.
 * Source:  MAPI §1.4; DHCPM §3.1.4.46.
 */
FO_API DWORD DhcpSetClientInfoVQ(const WCHAR *ServerIpAddress,
                                 const DHCP_CLIENT_INFO_VQ *ClientInfo);

/**
 * Gives a record as DhcpV4GetClientInfo does, but looks at the caller first.
 *
 * Ownership: gives |*ClientInfo| (DhcpRpcFreeMemory).
 * Order:   right of DHCP Users; arguments (ours); record.
 * Errors:  ERROR_ACCESS_DENIED;
 *          ERROR_INVALID_PARAMETER: |SearchInfo| NULL, SearchType is unknown, or it is by name and
 *          without one; |ClientInfo| NULL is refused before the server is asked;
 *          ERROR_DHCP_JET_ERROR (20013): there is none.
 * Tool:    foctl lease show.
 * Source:  MAPI §1.4; DHCPM §3.1.4.47.
 */
FO_API DWORD DhcpGetClientInfoVQ(const WCHAR *ServerIpAddress, const DHCP_SEARCH_INFO *SearchInfo,
                                 LPDHCP_CLIENT_INFO_VQ *ClientInfo);

/**
 * Gives records as DhcpV4EnumSubnetClients does, but for a scope that has none, and what is no
 * scope: these give an empty array while any scope has a record.
 *
 * Units:   as there.
 * Ownership: gives |*ClientInfo| (DhcpRpcFreeMemory).
 * Order:   arguments (ours); right of DHCP Users; handle; records.
 * Errors:  ERROR_INVALID_PARAMETER: a pointer is NULL;
 *          ERROR_ACCESS_DENIED;
 *          ERROR_DHCP_JET_ERROR (20013): the handle is the address of no record (any more);
 *          ERROR_NO_MORE_ITEMS (259): the server has no record, or the handle is the last one;
 *          ERROR_MORE_DATA (234): there are more, and the outputs are valid.
 * Tool:    foctl lease list.
 * Source:  MAPI §1.4; DHCPM §3.1.4.48.
 */
FO_API DWORD DhcpEnumSubnetClientsVQ(const WCHAR *ServerIpAddress, DHCP_IP_ADDRESS SubnetAddress,
                                     DHCP_RESUME_HANDLE *ResumeHandle, DWORD PreferredMaximum,
                                     LPDHCP_CLIENT_INFO_ARRAY_VQ *ClientInfo, DWORD *ClientsRead,
                                     DWORD *ClientsTotal);

/**
 * Ends a lease; in failover the partner is told, at once or when it is there again, and the
 * address is free when it has acknowledged that. A DECLINED address is reset. Of several leases of
 * one name, that of the lowest address.
 *
 * Order:   right of DHCP Administrators; arguments (ours); lease; reservation; failover.
 * Errors:  ERROR_ACCESS_DENIED;
 *          ERROR_INVALID_PARAMETER: |ClientInfo| NULL, or SearchType unknown (ours);
 *          ERROR_DHCP_JET_ERROR (20013): no such lease;
 *          ERROR_DHCP_RESERVED_CLIENT (20019): the address is reserved, leased or not: remove the
 *          reservation (DhcpRemoveSubnetElementV5);
 *          20120 as above.
 * Tool:    foctl lease delete.
 * Source:  MAPI §1.4; DHCPM §3.1.4.20.
 */
FO_API DWORD DhcpDeleteClientInfo(const WCHAR *ServerIpAddress, const DHCP_SEARCH_INFO *ClientInfo);

#ifdef __cplusplus
}
#endif

#endif
