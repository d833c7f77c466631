/**
 * mgmt/dhcpsapi/v6_calls.h: IPv6 prefixes, leases and interface bindings, as dhcpsapi.h has them.
 *
 * Included by <dhcpsapi.h>, which tells what every call has in common. IPv6 is kept and searched by
 * the server that is asked; the draft is for IPv4, and no partner is told of any of this.
 *
 * Source: MAPI §1.3, §1.4, §1.6, §2.7 to §2.10; dhcpsapi.h of the Windows SDK.
 */
#ifndef FO_MGMT_DHCPSAPI_V6_CALLS_H
#define FO_MGMT_DHCPSAPI_V6_CALLS_H

#include "mgmt/dhcpsapi/types.h"
#include "proto/api.h"

#ifdef __cplusplus
extern "C" {
#endif

/* --- types --------------------------------------------------------------------------------------
 */

typedef struct _DHCP_IP_RANGE_V6 {
    DHCP_IPV6_ADDRESS StartAddress;
    DHCP_IPV6_ADDRESS EndAddress; /* inclusive */
} DHCP_IP_RANGE_V6, *LPDHCP_IP_RANGE_V6;

typedef struct _DHCP_HOST_INFO_V6 {
    DHCP_IPV6_ADDRESS IpAddress;
    LPWSTR NetBiosName; /* NULL in results */
    LPWSTR HostName;    /* NULL in results */
} DHCP_HOST_INFO_V6, *LPDHCP_HOST_INFO_V6;

typedef struct _DHCP_SUBNET_INFO_V6 {
    DHCP_IPV6_ADDRESS SubnetAddress;
    ULONG Prefix; /* bits; 0 is 64, the only length that Windows has */
    USHORT Preference;
    LPWSTR SubnetName;
    LPWSTR SubnetComment;
    DWORD State;   /* 0 enabled, 1 disabled */
    DWORD ScopeId; /* the server's, in results */
} DHCP_SUBNET_INFO_V6, *PDHCP_SUBNET_INFO_V6, *LPDHCP_SUBNET_INFO_V6;

typedef struct _DHCP_IP_RESERVATION_V6 {
    DHCP_IPV6_ADDRESS ReservedIpAddress;
    DHCP_CLIENT_UID *ReservedForClient; /* DUID */
    DWORD InterfaceId;                  /* IAID */
} DHCP_IP_RESERVATION_V6, *LPDHCP_IP_RESERVATION_V6;

typedef enum _DHCP_SUBNET_ELEMENT_TYPE_V6 {
    Dhcpv6IpRanges = 0,
    Dhcpv6ReservedIps = 1,
    Dhcpv6ExcludedIpRanges = 2
} DHCP_SUBNET_ELEMENT_TYPE_V6,
    *LPDHCP_SUBNET_ELEMENT_TYPE_V6;

typedef union _DHCP_SUBNET_ELEMENT_UNION_V6 {
    DHCP_IP_RANGE_V6 *IpRange;
    DHCP_IP_RESERVATION_V6 *ReservedIp;
    DHCP_IP_RANGE_V6 *ExcludeIpRange;
} DHCP_SUBNET_ELEMENT_UNION_V6, *LPDHCP_SUBNET_ELEMENT_UNION_V6;

typedef struct _DHCP_SUBNET_ELEMENT_DATA_V6 {
    DHCP_SUBNET_ELEMENT_TYPE_V6 ElementType;
    DHCP_SUBNET_ELEMENT_UNION_V6 Element;
} DHCP_SUBNET_ELEMENT_DATA_V6, *LPDHCP_SUBNET_ELEMENT_DATA_V6;

typedef struct _DHCP_SUBNET_ELEMENT_INFO_ARRAY_V6 {
    DWORD NumElements;
    LPDHCP_SUBNET_ELEMENT_DATA_V6 Elements;
} DHCP_SUBNET_ELEMENT_INFO_ARRAY_V6, *LPDHCP_SUBNET_ELEMENT_INFO_ARRAY_V6;

#define ADDRESS_TYPE_IANA 0
#define ADDRESS_TYPE_IATA 1

typedef struct _DHCP_CLIENT_INFO_V6 {
    DHCP_IPV6_ADDRESS ClientIpAddress;
    DHCP_CLIENT_UID ClientDUID;
    DWORD AddressType;
    DWORD IAID;
    LPWSTR ClientName;
    LPWSTR ClientComment;
    DATE_TIME ClientValidLeaseExpires; /* 0/0: a reservation that nobody uses */
    DATE_TIME ClientPrefLeaseExpires;
    DHCP_HOST_INFO_V6 OwnerHost;
} DHCP_CLIENT_INFO_V6, *LPDHCP_CLIENT_INFO_V6;

typedef struct _DHCP_CLIENT_INFO_ARRAY_V6 {
    DWORD NumElements;
    LPDHCP_CLIENT_INFO_V6 *Clients; /* of pointers */
} DHCP_CLIENT_INFO_ARRAY_V6, *LPDHCP_CLIENT_INFO_ARRAY_V6;

typedef enum _DHCP_CLIENT_SEARCH_TYPE_V6 {
    Dhcpv6ClientIpAddress = 0,
    Dhcpv6ClientDUID = 1,
    Dhcpv6ClientName = 2
} DHCP_SEARCH_INFO_TYPE_V6,
    *LPDHCP_SEARCH_INFO_TYPE_V6;

typedef struct _DHCP_CLIENT_SEARCH_INFO_V6 {
    DHCP_SEARCH_INFO_TYPE_V6 SearchType;
    union _DHCP_CLIENT_SEARCH_UNION_V6 {
        DHCP_IPV6_ADDRESS ClientIpAddress;
        DHCP_CLIENT_UID ClientDUID;
        LPWSTR ClientName;
    } SearchInfo;
} DHCP_SEARCH_INFO_V6, *LPDHCP_SEARCH_INFO_V6;

#define DHCP_ENDPOINT_FLAG_CANT_MODIFY 0x01

typedef struct _DHCPV6_BIND_ELEMENT {
    ULONG Flags;             /* DHCP_ENDPOINT_FLAG_CANT_MODIFY: internal, and always bound */
    BOOL fBoundToDHCPServer; /* IPv6 is served there, if it is not internal */
    DHCP_IPV6_ADDRESS AdapterPrimaryAddress;
    DHCP_IPV6_ADDRESS AdapterSubnetAddress; /* the prefix that it lies in */
    LPWSTR IfDescription;                   /* the interface's name */
    DWORD IpV6IfIndex;
    ULONG IfIdSize; /* 16 */
    LPBYTE IfId;    /* UUID of the name */
} DHCPV6_BIND_ELEMENT, *LPDHCPV6_BIND_ELEMENT;

typedef struct _DHCPV6_BIND_ELEMENT_ARRAY {
    DWORD NumElements;
    LPDHCPV6_BIND_ELEMENT Elements;
} DHCPV6_BIND_ELEMENT_ARRAY, *LPDHCPV6_BIND_ELEMENT_ARRAY;

/* --- prefixes -----------------------------------------------------------------------------------
 */

/**
 * Makes a prefix. |SubnetAddress| counts; the structure may leave its own address ::.
 *
 * Units:   Prefix in bits, 0 for 64 (ours: Windows ignores it, all its prefixes have 64). ScopeId
 *          is ignored, and generated. Texts of at most 256 bytes of UTF-8 (ours).
 * Order:   right of DHCP Administrators; structure; prefix; whether it exists.
 * Errors:  ERROR_ACCESS_DENIED;
 *          ERROR_INVALID_PARAMETER: |SubnetInfo| NULL; ours: it names another prefix, more than
 *          128 bits, State neither 0 nor 1;
 *          ERROR_DHCP_SCOPE_NAME_TOO_LONG (20046) (ours);
 *          ERROR_DHCP_INVALID_SUBNET_PREFIX (20091): not unicast, link-local; ours: bits are set
 *          behind the prefix;
 *          ERROR_DUPLICATE_TAG (2014): it exists; ours: another overlaps it.
 * Tool:    foctl prefix create.
 * Source:  MAPI §1.6; DHCPM §3.2.4.58.
 */
FO_API DWORD DhcpCreateSubnetV6(LPWSTR ServerIpAddress, DHCP_IPV6_ADDRESS SubnetAddress,
                                LPDHCP_SUBNET_INFO_V6 SubnetInfo);

/**
 * Removes a prefix with its elements; forced, with its leases too.
 *
 * Units:   DhcpFullForce, which is 0, and DhcpFailoverForce remove leases; DhcpNoForce does not.
 * Order:   right of DHCP Administrators; prefix; clients.
 * Errors:  ERROR_ACCESS_DENIED;
 *          ERROR_FILE_NOT_FOUND (2): no such prefix;
 *          ERROR_DHCP_ELEMENT_CANT_REMOVE (20007): DhcpNoForce, and it has clients.
 * Tool:    foctl prefix delete.
 * Source:  MAPI §1.6; DHCPM §3.2.4.63.
 */
FO_API DWORD DhcpDeleteSubnetV6(LPWSTR ServerIpAddress, DHCP_IPV6_ADDRESS SubnetAddress,
                                DHCP_FORCE_FLAG ForceFlag);

/**
 * Gives prefixes in address order, from the one that |*ResumeHandle| counts on.
 *
 * Units:   |PreferredMaximum| is a number of prefixes. |*ElementsTotal|: not yet given;
 *          |*ResumeHandle| becomes the index of the next.
 * Ownership: gives |*EnumInfo| (DhcpRpcFreeMemory).
 * Order:   arguments (ours); right of DHCP Users; prefixes.
 * Errors:  ERROR_INVALID_PARAMETER: a pointer is NULL;
 *          ERROR_ACCESS_DENIED;
 *          ERROR_NO_MORE_ITEMS (259): none, the handle is behind the last, or |PreferredMaximum|
 *          0.
 * Tool:    foctl prefix list.
 * Source:  MAPI §1.6; DHCPM §3.2.4.59.
 */
FO_API DWORD DhcpEnumSubnetsV6(const WCHAR *ServerIpAddress, DHCP_RESUME_HANDLE *ResumeHandle,
                               DWORD PreferredMaximum, LPDHCPV6_IP_ARRAY *EnumInfo,
                               DWORD *ElementsRead, DWORD *ElementsTotal);

/**
 * Gives what is known of a prefix.
 *
 * Ownership: gives |*SubnetInfo| (DhcpRpcFreeMemory).
 * Order:   right of DHCP Users; argument; prefix.
 * Errors:  ERROR_ACCESS_DENIED;
 *          ERROR_INVALID_PARAMETER: |SubnetInfo| NULL;
 *          ERROR_DHCP_SUBNET_NOT_PRESENT (20005).
 * Tool:    foctl prefix show.
 * Source:  MAPI §1.6; DHCPM §3.2.4.64.
 */
FO_API DWORD DhcpGetSubnetInfoV6(LPWSTR ServerIpAddress, DHCP_IPV6_ADDRESS SubnetAddress,
                                 LPDHCP_SUBNET_INFO_V6 *SubnetInfo);

/**
 * Replaces preference, name, comment and state of a prefix. Its length stays (ours): Prefix is 0
 * or the length it has.
 *
 * Order:   right of DHCP Administrators; structure; prefix.
 * Errors:  ERROR_ACCESS_DENIED;
 *          ERROR_INVALID_PARAMETER: |SubnetInfo| NULL; ours: it names another prefix or length,
 *          State neither 0 nor 1;
 *          ERROR_DHCP_SCOPE_NAME_TOO_LONG (20046) (ours);
 *          ERROR_DHCP_SUBNET_NOT_PRESENT (20005).
 * Tool:    foctl prefix set.
 * Source:  MAPI §1.6; DHCPM §3.2.4.68.
 */
FO_API DWORD DhcpSetSubnetInfoV6(const WCHAR *ServerIpAddress, DHCP_IPV6_ADDRESS SubnetAddress,
                                 LPDHCP_SUBNET_INFO_V6 SubnetInfo);

/**
 * Adds an exclusion or a reservation. A reservation has a lease record, which may be set; a plain
 * lease of its address or its client makes room. What lies outside the prefix, an exclusion that
 * ends before it begins, and Dhcpv6IpRanges are taken, and nothing is done.
 *
 * Order:   right of DHCP Administrators; element; prefix; conflicts.
 * Errors:  ERROR_ACCESS_DENIED;
 *          ERROR_INVALID_PARAMETER: |AddElementInfo| or what it points to NULL, no DUID, unknown
 *          ElementType; ours: the prefix has 4096 exclusions;
 *          ERROR_BUFFER_OVERFLOW (111): a DUID of more than 256 bytes (ours);
 *          ERROR_FILE_NOT_FOUND (2): no such prefix;
 *          ERROR_DUPLICATE_TAG (2014): the exclusion overlaps another in part;
 *          ERROR_DHCP_RESERVEDIP_EXITS (20022): address, or DUID and IAID, are reserved already.
 * Tool:    foctl prefix exclude, prefix reserve.
 * Source:  MAPI §1.6; DHCPM §3.2.4.60.
 */
FO_API DWORD DhcpAddSubnetElementV6(LPWSTR ServerIpAddress, DHCP_IPV6_ADDRESS SubnetAddress,
                                    LPDHCP_SUBNET_ELEMENT_DATA_V6 AddElementInfo);

/**
 * Removes an exclusion, which must be named exactly, or a reservation. The lease of a reservation
 * goes on as a plain one; without a lease nothing is left.
 *
 * Units:   |ForceFlag| is not used.
 * Order:   right of DHCP Administrators; element; prefix; whether there is one.
 * Errors:  ERROR_ACCESS_DENIED;
 *          ERROR_INVALID_PARAMETER: as above (ours);
 *          ERROR_FILE_NOT_FOUND (2): no such prefix, or no such element; a reservation with a DUID
 *          must be of that client (ours).
 * Tool:    foctl prefix unexclude, prefix unreserve.
 * Source:  MAPI §1.6; DHCPM §3.2.4.62.
 */
FO_API DWORD DhcpRemoveSubnetElementV6(LPWSTR ServerIpAddress, DHCP_IPV6_ADDRESS SubnetAddress,
                                       LPDHCP_SUBNET_ELEMENT_DATA_V6 RemoveElementInfo,
                                       DHCP_FORCE_FLAG ForceFlag);

/**
 * Gives exclusions or reservations in address order, from the one that |*ResumeHandle| counts on.
 *
 * Units:   |PreferredMaximum| in bytes of the caller's memory; 0 gives none, 0xffffffff all.
 *          |*ElementsTotal|: not yet given; |*ResumeHandle| becomes the index of the next.
 * Ownership: gives |*EnumElementInfo| (DhcpRpcFreeMemory).
 * Order:   arguments (ours); right of DHCP Users; prefix; type; elements.
 * Errors:  ERROR_INVALID_PARAMETER: a pointer is NULL, Dhcpv6IpRanges or unknown;
 *          ERROR_ACCESS_DENIED;
 *          ERROR_FILE_NOT_FOUND (2): no such prefix;
 *          ERROR_NO_MORE_ITEMS (259): none, or the handle is behind the last;
 *          ERROR_MORE_DATA (234): there are more, and the outputs are valid.
 * Tool:    foctl prefix show.
 * Source:  MAPI §1.6; DHCPM §3.2.4.61.
 */
FO_API DWORD DhcpEnumSubnetElementsV6(LPWSTR ServerIpAddress, DHCP_IPV6_ADDRESS SubnetAddress,
                                      DHCP_SUBNET_ELEMENT_TYPE_V6 EnumElementType,
                                      DHCP_RESUME_HANDLE *ResumeHandle, DWORD PreferredMaximum,
                                      LPDHCP_SUBNET_ELEMENT_INFO_ARRAY_V6 *EnumElementInfo,
                                      DWORD *ElementsRead, DWORD *ElementsTotal);

/* --- leases -------------------------------------------------------------------------------------
 */

/**
 * Makes a lease of an address of a prefix. AddressType is IANA whatever is given, and the owner is
 * this server.
 *
 * Units:   ClientValidLeaseExpires in UTC; 0/0, and what lies beyond 2038, is without end; a past
 *          one is over already, and in nobody's way (ours). ClientPrefLeaseExpires is kept too
 *          (ours): 0/0, or later, is the valid time. Texts of at most 255 bytes of UTF-8 (ours).
 * Order:   right of DHCP Administrators; DUID; texts; prefix; client or address.
 * Errors:  ERROR_ACCESS_DENIED;
 *          ERROR_INVALID_PARAMETER: |ClientInfo| NULL, no DUID; ours: a text too long;
 *          ERROR_BUFFER_OVERFLOW (111): a DUID of more than 256 bytes (ours);
 *          ERROR_DHCP_SUBNET_NOT_PRESENT (20005): no prefix contains the address;
 *          ERROR_DHCP_CLIENT_EXISTS (20014): the address has a record, or DUID and IAID have one
 *          at another; an IAID alone may be used by many (ours).
 * Tool:    foctl lease6 create.
 * Source:  MAPI §1.3; DHCPM §3.2.4.125.
 */
FO_API DWORD DhcpV6CreateClientInfo(const WCHAR *ServerIpAddress,
                                    const LPDHCP_CLIENT_INFO_V6 ClientInfo);

/**
 * Changes DUID, IAID, name and comment of the record of an address, as a rule of a reservation,
 * which is then for that client. Its times stay.
 *
 * Order:   right of DHCP Administrators; texts; prefix; record; DUID; client.
 * Errors:  ERROR_ACCESS_DENIED;
 *          ERROR_FILE_NOT_FOUND (2): no prefix contains the address, or it has no record;
 *          ERROR_INVALID_PARAMETER: |ClientInfo| NULL, no DUID; ours: a text too long;
 *          ERROR_BUFFER_OVERFLOW (111): a DUID of more than 256 bytes;
 *          ERROR_DHCP_CLIENT_EXISTS (20014): DUID and IAID have another record (ours).
 * Tool:    foctl lease6 set.
 * Source:  MAPI §1.4; DHCPM §3.2.4.72.
 */
FO_API DWORD DhcpSetClientInfoV6(const WCHAR *ServerIpAddress,
                                 const DHCP_CLIENT_INFO_V6 *ClientInfo);

/**
 * Gives the record of an address.
 *
 * Ownership: gives |*ClientInfo| (DhcpRpcFreeMemory).
 * Order:   right of DHCP Users; arguments; record.
 * Errors:  ERROR_ACCESS_DENIED;
 *          ERROR_INVALID_PARAMETER: a pointer is NULL, or SearchType is not Dhcpv6ClientIpAddress;
 *          ERROR_DHCP_JET_ERROR (20013): no record.
 * Tool:    foctl lease6 show.
 * Source:  MAPI §1.4; DHCPM §3.2.4.73.
 */
FO_API DWORD DhcpGetClientInfoV6(const WCHAR *ServerIpAddress,
                                 const DHCP_SEARCH_INFO_V6 *SearchInfo,
                                 LPDHCP_CLIENT_INFO_V6 *ClientInfo);

/**
 * Removes the lease of an address.
 *
 * Order:   right of DHCP Administrators; argument; reservation; lease.
 * Errors:  ERROR_ACCESS_DENIED;
 *          ERROR_INVALID_PARAMETER: |ClientInfo| NULL, or SearchType is not Dhcpv6ClientIpAddress;
 *          ERROR_DHCP_RESERVEDIP_EXITS (20022): the address is reserved;
 *          ERROR_DHCP_JET_ERROR (20013): no lease.
 * Tool:    foctl lease6 delete.
 * Source:  MAPI §1.4; DHCPM §3.2.4.74.
 */
FO_API DWORD DhcpDeleteClientInfoV6(const WCHAR *ServerIpAddress,
                                    const DHCP_SEARCH_INFO_V6 *ClientInfo);

/**
 * Gives the records of one prefix, or with |SubnetAddress| :: of all (ours), in address order: the
 * first ones behind |*ResumeHandle|, whether that is the address of a record (still) or not (ours;
 * documented is ERROR_FILE_NOT_FOUND, which would end a walk whose last record was deleted).
 *
 * Units:   |PreferredMaximum| in bytes of the caller's memory, taken for 1024 if less, for 65536
 *          if more, and for all there are if 0xffffffff. |*ResumeHandle| is :: at the start and at
 *          the end; in between it is the last address given. |*ClientsTotal| is 0x7fffffff with
 *          ERROR_MORE_DATA, as on Windows, else |*ClientsRead|.
 * Ownership: gives |*ClientInfo| (DhcpRpcFreeMemory).
 * Order:   arguments (ours); right of DHCP Users; records.
 * Errors:  ERROR_INVALID_PARAMETER: a pointer is NULL;
 *          ERROR_ACCESS_DENIED;
 *          ERROR_NO_MORE_ITEMS (259): no records are left in any prefix; if there are some, but in
 *          others, the call succeeds and gives none;
 *          ERROR_MORE_DATA (234): there are more, and the outputs are valid.
 * Tool:    foctl lease6 list.
 * Source:  MAPI §1.4; DHCPM §3.2.4.65.
 */
FO_API DWORD DhcpEnumSubnetClientsV6(const WCHAR *ServerIpAddress, DHCP_IPV6_ADDRESS SubnetAddress,
                                     DHCP_RESUME_IPV6_HANDLE *ResumeHandle, DWORD PreferredMaximum,
                                     LPDHCP_CLIENT_INFO_ARRAY_V6 *ClientInfo, DWORD *ClientsRead,
                                     DWORD *ClientsTotal);

/* --- interface bindings -------------------------------------------------------------------------
 */

/**
 * Gives every interface of the server that has an IPv6 address, in the order of their names. What
 * was given is remembered in this process, for DhcpSetServerBindingInfoV6 to the same server.
 *
 * Ownership: gives |*BindElementsInfo| (DhcpRpcFreeMemory).
 * Order:   right of DHCP Users; arguments.
 * Errors:  ERROR_ACCESS_DENIED;
 *          ERROR_INVALID_PARAMETER: |Flags| not 0, or |BindElementsInfo| NULL.
 * Tool:    foctl binding list.
 * Source:  MAPI §1.4, §2.9; DHCPM §3.2.4.70.
 */
FO_API DWORD DhcpGetServerBindingInfoV6(const WCHAR *ServerIpAddress, ULONG Flags,
                                        LPDHCPV6_BIND_ELEMENT_ARRAY *BindElementsInfo);

/**
 * Binds and unbinds interfaces: IPv6 is served where they are bound. Only fBoundToDHCPServer is
 * taken, of the interface that IfId names; interfaces that are not mentioned stay as they are. The
 * choice outlives a restart, and holds when an interface of that name comes back.
 *
 * An element that is internal, by its Flags or in truth (ours), is passed over if it is bound, so
 * that a list may go back as it came. All elements are looked at before one is changed (ours).
 *
 * Order:   right of DHCP Administrators; arguments; whether the list is still true; elements.
 * Errors:  ERROR_ACCESS_DENIED;
 *          ERROR_INVALID_PARAMETER: |Flags| not 0, |BindElementInfo| NULL, or the server has no
 *          interface with an IPv6 address;
 *          ERROR_DHCP_NETWORK_CHANGED (20050): interfaces or addresses came or went since this
 *          process last asked for the list, IfId is unknown, or AdapterPrimaryAddress, unless it
 *          is ::, is no address of the interface: get the list again;
 *          ERROR_DHCP_CANNOT_MODIFY_BINDINGS (20051): an internal interface is to be unbound.
 * Tool:    foctl binding set.
 * Source:  MAPI §1.3, §2.9; DHCPM §3.2.4.71.
 */
FO_API DWORD DhcpSetServerBindingInfoV6(const WCHAR *ServerIpAddress, ULONG Flags,
                                        LPDHCPV6_BIND_ELEMENT_ARRAY BindElementInfo);

#ifdef __cplusplus
}
#endif

#endif
