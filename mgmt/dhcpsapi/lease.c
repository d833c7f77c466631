/* Leases: how one is found, and what is told of it (MAPI §1.2, §2.5, §2.6). */
#include <string.h>

#include "mgmt/dhcpsapi/ask.h"
#include "mgmt/dhcpsapi/result.h"
#include "proto/types.h"

/* Unique-ID form: subnet in the order of a little-endian machine, 1, the identifier. */
#define UNIQUE_PREFIX 5
#define HARDWARE_TYPE 1
#define HARDWARE_MOST 16

/* --- finding ---------------------------------------------------------------------------------- */

static uint32_t read_subnet(const BYTE *data)
{
    return (uint32_t)data[3] << 24 | (uint32_t)data[2] << 16 | (uint32_t)data[1] << 8 | data[0];
}

/* A lease is known by its client-identifier, or by its hardware address if it has none; a unique ID
 * does not tell which of them it is. */
static DWORD find_unique(struct fo_ask *a, const WCHAR *server, const DHCP_CLIENT_UID *unique)
{
    Mgmt__LeaseSearch m = MGMT__LEASE_SEARCH__INIT;
    BYTE hardware[1 + HARDWARE_MOST] = {HARDWARE_TYPE};
    size_t length;
    DWORD code;

    if (unique->Data == NULL || unique->DataLength <= UNIQUE_PREFIX)
        return ERROR_DHCP_INVALID_DHCP_CLIENT;
    length = unique->DataLength - UNIQUE_PREFIX;
    m.subnet = read_subnet(unique->Data);
    m.key_case = MGMT__LEASE_SEARCH__KEY_CLIENT_ID;
    m.client_id = (ProtobufCBinaryData){length, unique->Data + UNIQUE_PREFIX};
    code = fo_ask(a, server, MGMT__REQUEST__CALL_LEASE_GET, &m, MGMT__REPLY__RESULT_LEASE);
    if (code != ERROR_DHCP_INVALID_DHCP_CLIENT || length > HARDWARE_MOST)
        return code;
    memcpy(hardware + 1, unique->Data + UNIQUE_PREFIX, length);
    m.key_case = MGMT__LEASE_SEARCH__KEY_HARDWARE;
    m.hardware = (ProtobufCBinaryData){1 + length, hardware};
    return fo_ask(a, server, MGMT__REQUEST__CALL_LEASE_GET, &m, MGMT__REPLY__RESULT_LEASE);
}

static DWORD find_lease(struct fo_ask *a, const WCHAR *server, const DHCP_SEARCH_INFO *info)
{
    Mgmt__LeaseSearch m = MGMT__LEASE_SEARCH__INIT; /* without a key: the server refuses it */

    if (info != NULL && info->SearchType == DhcpClientHardwareAddress)
        return find_unique(a, server, &info->SearchInfo.ClientHardwareAddress);
    if (info != NULL && info->SearchType == DhcpClientIpAddress) {
        m.key_case = MGMT__LEASE_SEARCH__KEY_ADDRESS;
        m.address = info->SearchInfo.ClientIpAddress;
    } else if (info != NULL && info->SearchType == DhcpClientName) {
        m.key_case = MGMT__LEASE_SEARCH__KEY_NAME;
        m.name = fo_ask_text(a, info->SearchInfo.ClientName);
    }
    return fo_ask(a, server, MGMT__REQUEST__CALL_LEASE_GET, &m, MGMT__REPLY__RESULT_LEASE);
}

/* --- telling ---------------------------------------------------------------------------------- */

#define SECONDS_1601_TO_1970 11644473600ull
#define TICKS_PER_SECOND     10000000ull

static DATE_TIME date_of(uint32_t utc_s)
{
    uint64_t ticks = (utc_s + SECONDS_1601_TO_1970) * TICKS_PER_SECOND;

    if (utc_s == 0) /* a reservation without a lease */
        return (DATE_TIME){0};
    if (utc_s >= FO_UTC_INFINITE)
        return (DATE_TIME){0xffffffff, 0x7fffffff};
    return (DATE_TIME){(DWORD)ticks, (DWORD)(ticks >> 32)};
}

static bool take_unique(void *owner, const Mgmt__Lease *m, DHCP_CLIENT_UID *out)
{
    uint32_t subnet = m->address & m->mask;
    ProtobufCBinaryData id = m->client_id;

    if (id.len == 0 && m->hardware.len > 1)
        id = (ProtobufCBinaryData){m->hardware.len - 1, m->hardware.data + 1};
    out->Data = fo_result_add(owner, UNIQUE_PREFIX + id.len);
    if (out->Data == NULL)
        return false;
    out->DataLength = (DWORD)(UNIQUE_PREFIX + id.len);
    for (int i = 0; i < 4; i++)
        out->Data[i] = (BYTE)(subnet >> (8 * i));
    out->Data[4] = HARDWARE_TYPE;
    if (id.len != 0)
        memcpy(out->Data + UNIQUE_PREFIX, id.data, id.len);
    return true;
}

static LPDHCPV4_FAILOVER_CLIENT_INFO take_failover_lease(const Mgmt__Lease *m)
{
    LPDHCPV4_FAILOVER_CLIENT_INFO info = fo_result_new(sizeof *info);

    if (info == NULL)
        return NULL;
    info->ClientIpAddress = m->address;
    info->SubnetMask = m->mask;
    info->ClientName = fo_result_text(info, m->name);
    info->ClientComment = fo_result_text(info, m->comment);
    info->PolicyName = fo_result_text(info, m->policy);
    info->ClientLeaseExpires = date_of(m->expires);
    info->bClientType = (BYTE)m->client_type;
    info->AddressState = (BYTE)m->address_state;
    info->SentPotExpTime = m->sent_potential_expiration;
    info->AckPotExpTime = m->acked_potential_expiration;
    info->RecvPotExpTime = m->received_potential_expiration;
    info->StartTime = m->start_of_state;
    info->CltLastTransTime = m->client_last_transaction;
    if (take_unique(info, m, &info->ClientHardwareAddress) && info->ClientName != NULL &&
        info->ClientComment != NULL && info->PolicyName != NULL)
        return info;
    DhcpRpcFreeMemory(info);
    return NULL;
}

DWORD DhcpV4FailoverGetClientInfo(LPWSTR ServerIpAddress, const DHCP_SEARCH_INFO *SearchInfo,
                                  LPDHCPV4_FAILOVER_CLIENT_INFO *ClientInfo)
{
    LPDHCPV4_FAILOVER_CLIENT_INFO info = NULL;
    struct fo_ask a = {0};
    DWORD code;

    if (ClientInfo == NULL)
        return ERROR_INVALID_PARAMETER;
    code = find_lease(&a, ServerIpAddress, SearchInfo);
    if (code == ERROR_SUCCESS) {
        info = take_failover_lease(a.reply->lease);
        if (info == NULL)
            code = ERROR_NOT_ENOUGH_MEMORY;
    }
    fo_ask_fini(&a);
    if (code == ERROR_SUCCESS)
        *ClientInfo = info;
    /* The server answers as DhcpV4GetClientInfo; this call has another code for the same. */
    return code == ERROR_DHCP_INVALID_DHCP_CLIENT ? (DWORD)ERROR_DHCP_JET_ERROR : code;
}
