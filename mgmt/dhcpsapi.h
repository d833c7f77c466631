/**
 * dhcpsapi.h: Microsoft's calls for managing a DHCP server, made to fod (libfodhcpsapi).
 *
 * Source written for Windows' header of this name compiles against it: the same names, order of
 * parameters, structures, enumerations, values and codes. What is here: the failover family, for
 * IPv4, and DhcpGetVersion; scopes, leases and IPv6 have headers of their own, included at the end,
 * and so have the calls that are refused.
 *
 * The server: |ServerIpAddress| NULL or "" is the fod of this machine, by the Unix socket in
 * $FO_SOCKET or /run/fod/fod.sock; a text with a slash is another socket; "HOST", "HOST:PORT" or
 * "[ADDRESS]:PORT" is reached over TLS with the files of $FO_CA, $FO_CERT and $FO_KEY.
 *
 * Results: 0 or a Win32 code (proto/win32.h). Outputs are written on success, and with
 * ERROR_MORE_DATA and ERROR_DHCP_REACHED_END_OF_SELECTION. An output is one block with all that
 * hangs from it: DhcpRpcFreeMemory of the outermost pointer frees everything. Freeing the inner
 * pointers before it, as callers on Windows do, is allowed and does nothing.
 *
 * Order of checks: as documented per call; "rights" is DHCP Users or DHCP Administrators (MAPI
 * §7.1). What this library checks itself are pointers that no message can carry.
 *
 * Every call may also return:
 *   EPT_S_NOT_REGISTERED (1753)     nobody answers on the socket
 *   RPC_S_SERVER_UNAVAILABLE (1722) nobody answers over TLS, or the server was lost meanwhile
 *   ERROR_ACCESS_DENIED (5)         TLS without certificate files, or without the right
 *   ERROR_NOT_ENOUGH_MEMORY (8)
 * and a change also:
 *   ERROR_BUSY (170)                a change over two servers has reserved the same thing
 *   ERROR_DISK_FULL (112), ERROR_DHCP_JET_ERROR (20013)   the store took nothing
 *
 * Threads: any; each call has a connection of its own and lasts 30 s at most per exchange.
 *
 * Source: MAPI §1 to §4; [MS-DHCPM] by section.
 */
#ifndef FO_MGMT_DHCPSAPI_H
#define FO_MGMT_DHCPSAPI_H

#include "mgmt/dhcpsapi/types.h"
#include "proto/api.h"
#include "proto/win32.h"

#ifdef __cplusplus
extern "C" {
#endif

/* --- relationships ------------------------------------------------------------------------------
 */

/**
 * Makes a relationship on this server and takes its scopes into failover; the partner is not told.
 *
 * Units:   Mclt and SafePeriod in seconds, Percentage 0 to 100. SafePeriod 0 is never. State and
 *          PrevState are ignored. fo's own settings have their defaults (TLS off, port 647).
 * Order:   right of DHCP Administrators; arguments; scopes; name; counts.
 * Errors:  ERROR_ACCESS_DENIED;
 *          ERROR_INVALID_PARAMETER: |pRelationship|, its name, an address or the scopes missing,
 *          Percentage above 100, unknown Mode or ServerType; ours: Mclt 0, both servers the same,
 *          a scope twice;
 *          ERROR_DHCP_FO_MAX_ADD_SCOPES (20130): more than 400 scopes (ours);
 *          ERROR_DHCP_SUBNET_NOT_PRESENT (20005): a scope is unknown;
 *          ERROR_DHCP_FO_RELATIONSHIP_NAME_TOO_LONG (20125): above 126 characters;
 *          ERROR_DHCP_FO_MAX_RELATIONSHIPS (20128): there are 31;
 *          ERROR_DHCP_FO_SCOPE_ALREADY_IN_RELATIONSHIP (20113);
 *          ERROR_DHCP_FO_RELATIONSHIP_EXISTS (20114).
 * Tool:    foctl relationship create.
 * Source:  MAPI §1.2; DHCPM §3.2.4.90.
 */
FO_API DWORD DhcpV4FailoverCreateRelationship(LPWSTR ServerIpAddress,
                                              LPDHCP_FAILOVER_RELATIONSHIP pRelationship);

/**
 * Changes what |Flags| selects of the relationship of that name, on this server only.
 *
 * Units:   MCLT, SAFEPERIOD in seconds. CHANGESTATE orders PARTNER_DOWN and nothing else (ours);
 *          PREVSTATE is refused (ours); MODE needs PERCENTAGE with it (ours).
 * Order:   arguments; right of DHCP Administrators; name.
 * Errors:  ERROR_INVALID_PARAMETER: |pRelationship| or its name missing, |Flags| 0 or with an
 *          unknown bit, selected Percentage above 100 or Mode unknown, and what is marked "ours";
 *          ERROR_ACCESS_DENIED;
 *          ERROR_DHCP_FO_RELATIONSHIP_DOES_NOT_EXIST (20115).
 * Tool:    foctl relationship set, relationship partner-down.
 * Source:  MAPI §1.2; DHCPM §3.2.4.91.
 */
FO_API DWORD DhcpV4FailoverSetRelationship(LPWSTR ServerIpAddress, DWORD Flags,
                                           LPDHCP_FAILOVER_RELATIONSHIP pRelationship);

/**
 * Ends a relationship on this server, in whatever state; scopes and leases stay.
 *
 * Order:   arguments; right of DHCP Administrators; name.
 * Errors:  ERROR_INVALID_PARAMETER: no name;
 *          ERROR_ACCESS_DENIED;
 *          ERROR_DHCP_FO_RELATIONSHIP_DOES_NOT_EXIST (20115).
 * Tool:    foctl relationship delete.
 * Source:  MAPI §1.2; DHCPM §3.2.4.92.
 */
FO_API DWORD DhcpV4FailoverDeleteRelationship(LPWSTR ServerIpAddress, LPWSTR pRelationshipName);

/**
 * Gives one relationship. SharedSecret is never told (ours).
 *
 * Ownership: gives |*pRelationship| (DhcpRpcFreeMemory).
 * Order:   arguments; right of DHCP Users; name.
 * Errors:  ERROR_INVALID_PARAMETER: a pointer is NULL;
 *          ERROR_ACCESS_DENIED;
 *          ERROR_DHCP_FO_RELATIONSHIP_DOES_NOT_EXIST (20115).
 * Tool:    foctl relationship show.
 * Source:  MAPI §1.2; DHCPM §3.2.4.93.
 */
FO_API DWORD DhcpV4FailoverGetRelationship(LPWSTR ServerIpAddress, LPWSTR pRelationshipName,
                                           LPDHCP_FAILOVER_RELATIONSHIP *pRelationship);

/**
 * Gives relationships in the order of their names, from the one that |*ResumeHandle| counts on.
 *
 * Units:   |PreferredMaximum| in bytes, but one entry always comes; |*RelationshipRead| entries
 *          given, |*RelationshipTotal| not yet given; |*ResumeHandle| becomes the index of the
 *          next.
 * Ownership: gives |*pRelationship| (DhcpRpcFreeMemory).
 * Order:   arguments; right of DHCP Users (ours); entries.
 * Errors:  ERROR_INVALID_PARAMETER: a pointer is NULL;
 *          ERROR_ACCESS_DENIED;
 *          ERROR_NO_MORE_ITEMS (259): none, or the handle is behind the last;
 *          ERROR_MORE_DATA (234): there are more, and the outputs are valid.
 * Tool:    foctl relationship list.
 * Source:  MAPI §1.2; DHCPM §3.2.4.94.
 */
FO_API DWORD DhcpV4FailoverEnumRelationship(LPWSTR ServerIpAddress,
                                            DHCP_RESUME_HANDLE *ResumeHandle,
                                            DWORD PreferredMaximum,
                                            LPDHCP_FAILOVER_RELATIONSHIP_ARRAY *pRelationship,
                                            LPDWORD RelationshipRead, LPDWORD RelationshipTotal);

/**
 * Adds scopes to a relationship in NORMAL, all or none. Only name and pScopes count.
 *
 * Order:   arguments; right of DHCP Administrators; scopes; name; state.
 * Errors:  ERROR_INVALID_PARAMETER: |pRelationship|, name or scopes missing; ours: a scope twice;
 *          ERROR_ACCESS_DENIED;
 *          ERROR_DHCP_FO_MAX_ADD_SCOPES (20130): more than 400 (ours);
 *          ERROR_DHCP_SUBNET_NOT_PRESENT (20005);
 *          ERROR_FILE_NOT_FOUND (2): the server has no relationship at all;
 *          ERROR_DHCP_FO_SCOPE_ALREADY_IN_RELATIONSHIP (20113): in any, also in this one;
 *          ERROR_DHCP_FO_RELATIONSHIP_DOES_NOT_EXIST (20115);
 *          ERROR_DHCP_FO_STATE_NOT_NORMAL (20120);
 *          ERROR_DHCP_FO_SCOPE_SYNC_IN_PROGRESS (20133).
 * Tool:    foctl relationship add-scope.
 * Source:  MAPI §1.2; DHCPM §3.2.4.95.
 */
FO_API DWORD DhcpV4FailoverAddScopeToRelationship(LPWSTR ServerIpAddress,
                                                  LPDHCP_FAILOVER_RELATIONSHIP pRelationship);

/**
 * Takes scopes out of a relationship, all or none; it stays, be it without scopes.
 *
 * Order:   arguments; right of DHCP Administrators; scopes; name; membership.
 * Errors:  ERROR_INVALID_PARAMETER: |pRelationship|, name or scopes missing;
 *          ERROR_ACCESS_DENIED;
 *          ERROR_DHCP_SUBNET_NOT_PRESENT (20005);
 *          ERROR_FILE_NOT_FOUND (2): the server has no relationship at all;
 *          ERROR_DHCP_FO_RELATIONSHIP_DOES_NOT_EXIST (20115);
 *          ERROR_DHCP_FO_SCOPE_NOT_IN_RELATIONSHIP (20116): one is not in this one;
 *          ERROR_DHCP_FO_SCOPE_SYNC_IN_PROGRESS (20133).
 * Tool:    foctl relationship remove-scope.
 * Source:  MAPI §1.2; DHCPM §3.2.4.96.
 */
FO_API DWORD DhcpV4FailoverDeleteScopeFromRelationship(LPWSTR ServerIpAddress,
                                                       LPDHCP_FAILOVER_RELATIONSHIP pRelationship);

/**
 * Redistributes the free addresses now instead of at the next check.
 *
 * Order:   right of DHCP Administrators; arguments; name; role; state.
 * Errors:  ERROR_ACCESS_DENIED;
 *          ERROR_INVALID_PARAMETER: no name;
 *          ERROR_DHCP_FO_RELATIONSHIP_DOES_NOT_EXIST (20115);
 *          ERROR_DHCP_FO_RELATION_IS_SECONDARY (20117);
 *          ERROR_DHCP_FO_STATE_NOT_NORMAL (20120) (ours).
 * Tool:    foctl relationship balance.
 * Source:  MAPI §1.2; DHCPM §3.2.4.101.
 */
FO_API DWORD DhcpV4FailoverTriggerAddrAllocation(LPWSTR ServerIpAddress, LPWSTR pFailRelName);

/* --- scopes and addresses in failover ------------------------------------------------------------
 */

/**
 * Gives the relationship that a scope is in.
 *
 * Ownership: gives |*pRelationship| (DhcpRpcFreeMemory).
 * Order:   arguments; right of DHCP Users; scope.
 * Errors:  ERROR_INVALID_PARAMETER: |ScopeId| 0 or |pRelationship| NULL;
 *          ERROR_ACCESS_DENIED;
 *          ERROR_DHCP_FO_SCOPE_NOT_IN_RELATIONSHIP (20116): also for an unknown scope.
 * Tool:    foctl scope show.
 * Source:  MAPI §1.2; DHCPM §3.2.4.97.
 */
FO_API DWORD DhcpV4FailoverGetScopeRelationship(LPWSTR ServerIpAddress, DHCP_IP_ADDRESS ScopeId,
                                                LPDHCP_FAILOVER_RELATIONSHIP *pRelationship);

/**
 * Counts the addresses of a scope in failover.
 *
 * Ownership: gives |*pStats| (DhcpRpcFreeMemory).
 * Order:   arguments; right of DHCP Users; scope.
 * Errors:  ERROR_INVALID_PARAMETER: |ScopeId| 0 or |pStats| NULL;
 *          ERROR_ACCESS_DENIED;
 *          ERROR_FILE_NOT_FOUND (2): the scope is in no relationship.
 * Tool:    foctl scope statistics.
 * Source:  MAPI §1.2, §2.4; DHCPM §3.2.4.98.
 */
FO_API DWORD DhcpV4FailoverGetScopeStatistics(LPWSTR ServerIpAddress, DHCP_IP_ADDRESS ScopeId,
                                              LPDHCP_FAILOVER_STATISTICS *pStats);

/**
 * Tells whose an address is: 0 the primary's, 1 the secondary's, 2 excluded, 3 reserved; the later
 * of these first.
 *
 * Units:   |SubnetAddress| is the address asked about, whatever its name says.
 * Order:   right of DHCP Users; arguments; scope.
 * Errors:  ERROR_ACCESS_DENIED;
 *          ERROR_INVALID_PARAMETER: |pStatus| NULL, or no scope contains the address;
 *          ERROR_DHCP_FO_SCOPE_NOT_IN_RELATIONSHIP (20116).
 * Tool:    foctl lease show.
 * Source:  MAPI §1.2; DHCPM §3.2.4.126.
 */
FO_API DWORD DhcpV4FailoverGetAddressStatus(LPWSTR ServerIpAddress, DHCP_IP_ADDRESS SubnetAddress,
                                            LPDWORD pStatus);

/* --- the server ---------------------------------------------------------------------------------
 */

/**
 * Gives the server's clock and how far a partner's may be from it.
 *
 * Units:   |*pTime| seconds since 1970-01-01 UTC; |*pMaxAllowedDeltaTime| seconds, may be NULL.
 * Order:   arguments; right of DHCP Users (ours).
 * Errors:  ERROR_INVALID_PARAMETER: |pTime| NULL;
 *          ERROR_ACCESS_DENIED.
 * Tool:    foctl status.
 * Source:  MAPI §1.2; DHCPM §3.2.4.100.
 */
FO_API DWORD DhcpV4FailoverGetSystemTime(LPWSTR ServerIpAddress, LPDWORD pTime,
                                         LPDWORD pMaxAllowedDeltaTime);

/**
 * Gives the version of Windows Server whose calls these are, 10.0, if a server answers; it needs
 * no right.
 *
 * Errors:  ERROR_INVALID_PARAMETER: a pointer is NULL.
 * Tool:    foctl status.
 * Source:  MAPI §1.7; DHCPM §3.1.4.29, §3.5.6.
 */
FO_API DWORD DhcpGetVersion(LPWSTR ServerIpAddress, LPDWORD MajorVersion, LPDWORD MinorVersion);

/** Frees what a call gave, with all that hangs from it. Accepts NULL. Source: MAPI §1.7. */
FO_API void DhcpRpcFreeMemory(PVOID BufferPointer);

#ifdef __cplusplus
}
#endif

/* The other families, a header each. */
#include "mgmt/dhcpsapi/later_calls.h"
#include "mgmt/dhcpsapi/lease_calls.h"
#include "mgmt/dhcpsapi/scope_calls.h"
#include "mgmt/dhcpsapi/v6_calls.h"

#endif
