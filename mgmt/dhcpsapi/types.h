/**
 * mgmt/dhcpsapi/types.h: the types of dhcpsapi.h, as source written for Windows expects them.
 *
 * Included by <dhcpsapi.h>. Names, order of members and values are Microsoft's; texts are UTF-16,
 * so that u"…" is a literal of them. Addresses are numbers with the first octet most significant:
 * 192.168.0.1 is 0xc0a80001, also where Windows is known to swap it (OwnerHost).
 *
 * Source: dhcpsapi.h of the Windows SDK (MAPI §2, §5).
 */
#ifndef FO_MGMT_DHCPSAPI_TYPES_H
#define FO_MGMT_DHCPSAPI_TYPES_H

#include <stdint.h>
#include <uchar.h>

typedef uint8_t BYTE, *LPBYTE;
typedef int32_t BOOL;
typedef uint16_t USHORT;
typedef uint16_t WORD;
typedef uint32_t DWORD, *LPDWORD;
typedef uint32_t ULONG;
typedef int64_t INT64;
typedef uint64_t ULONGLONG;
typedef char16_t WCHAR, *LPWSTR;
typedef void *PVOID;

/* --- scalars (MAPI §2.1) -----------------------------------------------------------------------
 */

typedef DWORD DHCP_IP_ADDRESS, *LPDHCP_IP_ADDRESS;
typedef DWORD DHCP_IP_MASK;
typedef DWORD DHCP_RESUME_HANDLE; /* 0: from the start */

/* 100 ns since 1601-01-01 UTC. Never: low 0xffffffff, high 0x7fffffff. */
typedef struct _DATE_TIME {
    DWORD dwLowDateTime;
    DWORD dwHighDateTime;
} DATE_TIME, *LPDATE_TIME;

typedef struct _DHCP_BINARY_DATA {
    DWORD DataLength;
    BYTE *Data;
} DHCP_BINARY_DATA, *LPDHCP_BINARY_DATA;
typedef DHCP_BINARY_DATA DHCP_CLIENT_UID;

typedef struct _DHCP_IP_ARRAY {
    DWORD NumElements;
    LPDHCP_IP_ADDRESS Elements;
} DHCP_IP_ARRAY, *LPDHCP_IP_ARRAY;

typedef struct _DHCP_IPV6_ADDRESS {
    ULONGLONG HighOrderBits; /* the first eight octets, the first one most significant */
    ULONGLONG LowOrderBits;
} DHCP_IPV6_ADDRESS, *LPDHCP_IPV6_ADDRESS, *PDHCP_IPV6_ADDRESS;
typedef DHCP_IPV6_ADDRESS DHCP_RESUME_IPV6_HANDLE;

typedef struct _DHCPV6_IP_ARRAY {
    DWORD NumElements;
    LPDHCP_IPV6_ADDRESS Elements;
} DHCPV6_IP_ARRAY, *LPDHCPV6_IP_ARRAY;

/* What a removal takes along. Zero is the destructive one (MAPI §2.10). */
typedef enum _DHCP_FORCE_FLAG {
    DhcpFullForce = 0,
    DhcpNoForce = 1,
    DhcpFailoverForce = 2
} DHCP_FORCE_FLAG,
    *LPDHCP_FORCE_FLAG;

typedef struct _DHCP_HOST_INFO {
    DHCP_IP_ADDRESS IpAddress;
    LPWSTR NetBiosName;
    LPWSTR HostName; /* unused: NULL in results */
} DHCP_HOST_INFO, *LPDHCP_HOST_INFO;

/* --- relationships (MAPI §2.2, §2.3) -----------------------------------------------------------
 */

#define DHCP_FAILOVER_MAX_NUM_ADD_SCOPES 400
#define DHCP_FAILOVER_MAX_NUM_REL        31

/* Flags of DhcpV4FailoverSetRelationship. */
#define MCLT         0x00000001
#define SAFEPERIOD   0x00000002
#define CHANGESTATE  0x00000004
#define PERCENTAGE   0x00000008
#define MODE         0x00000010
#define PREVSTATE    0x00000020
#define SHAREDSECRET 0x00000040

typedef enum _DHCP_FAILOVER_MODE {
    LoadBalance = 0,
    HotStandby = 1
} DHCP_FAILOVER_MODE,
    *LPDHCP_FAILOVER_MODE;

typedef enum _DHCP_FAILOVER_SERVER {
    PrimaryServer = 0,
    SecondaryServer = 1
} DHCP_FAILOVER_SERVER,
    *LPDHCP_FAILOVER_SERVER;

/* Unrelated to the numbers of draft-12 §12.24. */
typedef enum _FSM_STATE {
    NO_STATE = 0,
    INIT = 1,
    STARTUP = 2,
    NORMAL = 3,
    COMMUNICATION_INT = 4,
    PARTNER_DOWN = 5,
    POTENTIAL_CONFLICT = 6,
    CONFLICT_DONE = 7,
    RESOLUTION_INT = 8,
    RECOVER = 9,
    RECOVER_WAIT = 10,
    RECOVER_DONE = 11,
    PAUSED = 12,
    SHUTDOWN = 13
} FSM_STATE,
    *LPFSM_STATE;

typedef struct _DHCP_FAILOVER_RELATIONSHIP {
    DHCP_IP_ADDRESS PrimaryServer;
    DHCP_IP_ADDRESS SecondaryServer;
    DHCP_FAILOVER_MODE Mode;
    DHCP_FAILOVER_SERVER ServerType; /* of the server that is asked */
    FSM_STATE State;
    FSM_STATE PrevState;
    DWORD Mclt;       /* s */
    DWORD SafePeriod; /* s; 0xffffffff: never, and 0 becomes that */
    LPWSTR RelationshipName;
    LPWSTR PrimaryServerName;
    LPWSTR SecondaryServerName;
    LPDHCP_IP_ARRAY pScopes;
    BYTE Percentage;     /* load balance: the primary's clients; standby: the standby's addresses */
    LPWSTR SharedSecret; /* never told: "" in results */
} DHCP_FAILOVER_RELATIONSHIP, *LPDHCP_FAILOVER_RELATIONSHIP;

typedef struct _DHCP_FAILOVER_RELATIONSHIP_ARRAY {
    DWORD NumElements;
    LPDHCP_FAILOVER_RELATIONSHIP pRelationships;
} DHCP_FAILOVER_RELATIONSHIP_ARRAY, *LPDHCP_FAILOVER_RELATIONSHIP_ARRAY;

/* MAPI §2.4: addresses of one scope. */
typedef struct _DHCP_FAILOVER_STATISTICS {
    DWORD NumAddr;
    DWORD AddrFree;
    DWORD AddrInUse;
    DWORD PartnerAddrFree;
    DWORD ThisAddrFree;
    DWORD PartnerAddrInUse;
    DWORD ThisAddrInUse;
} DHCP_FAILOVER_STATISTICS, *LPDHCP_FAILOVER_STATISTICS;

/* --- leases (MAPI §2.5 to §2.8) ----------------------------------------------------------------
 */

#define CLIENT_TYPE_UNSPECIFIED      0x00
#define CLIENT_TYPE_DHCP             0x01
#define CLIENT_TYPE_BOOTP            0x02
#define CLIENT_TYPE_BOTH             0x03
#define CLIENT_TYPE_RESERVATION_FLAG 0x04
#define CLIENT_TYPE_NONE             0x64

/* AddressState, bits 0 and 1. */
#define ADDRESS_STATE_OFFERED  0
#define ADDRESS_STATE_ACTIVE   1
#define ADDRESS_STATE_DECLINED 2
#define ADDRESS_STATE_DOOM     3

typedef enum _QuarantineStatus {
    NOQUARANTINE = 0,
    RESTRICTEDACCESS,
    DROPPACKET,
    PROBATION,
    EXEMPT,
    DEFAULTQUARSETTING,
    NOQUARINFO
} QuarantineStatus;

typedef enum _DHCP_CLIENT_SEARCH_TYPE {
    DhcpClientIpAddress = 0,
    DhcpClientHardwareAddress = 1, /* in unique-ID form */
    DhcpClientName = 2
} DHCP_SEARCH_INFO_TYPE,
    *LPDHCP_SEARCH_INFO_TYPE;

typedef struct _DHCP_CLIENT_SEARCH_INFO {
    DHCP_SEARCH_INFO_TYPE SearchType;
    union _DHCP_CLIENT_SEARCH_UNION {
        DHCP_IP_ADDRESS ClientIpAddress;
        DHCP_CLIENT_UID ClientHardwareAddress;
        LPWSTR ClientName;
    } SearchInfo;
} DHCP_SEARCH_INFO, *LPDHCP_SEARCH_INFO;

/* Times without a unit are seconds since 1970-01-01 UTC. */
typedef struct _DHCPV4_FAILOVER_CLIENT_INFO {
    DHCP_IP_ADDRESS ClientIpAddress;
    DHCP_IP_MASK SubnetMask;
    DHCP_CLIENT_UID ClientHardwareAddress; /* in unique-ID form */
    LPWSTR ClientName;
    LPWSTR ClientComment;
    DATE_TIME ClientLeaseExpires;
    DHCP_HOST_INFO OwnerHost;
    BYTE bClientType;
    BYTE AddressState;
    QuarantineStatus Status;
    DATE_TIME ProbationEnds;
    BOOL QuarantineCapable;
    DWORD SentPotExpTime;
    DWORD AckPotExpTime;
    DWORD RecvPotExpTime;
    DWORD StartTime;
    DWORD CltLastTransTime;
    DWORD LastBndUpdTime; /* when the partner last told of it */
    DWORD BndMsgStatus;   /* to be ignored: 0 */
    LPWSTR PolicyName;
    BYTE Flags; /* to be ignored: 0 */
} DHCPV4_FAILOVER_CLIENT_INFO, *LPDHCPV4_FAILOVER_CLIENT_INFO;

#endif
