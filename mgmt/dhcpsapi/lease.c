#include "mgmt/dhcpsapi/lease.h"

#include <string.h>

#include "mgmt/dhcpsapi/date.h"
#include "mgmt/dhcpsapi/result.h"
#include "proto/types.h"

/* Unique-ID form: subnet in the order of a little-endian machine, 1, the identifier (MAPI §2.6). */
#define UNIQUE_PREFIX 5
#define HARDWARE_TYPE 1

/* --- giving ----------------------------------------------------------------------------------- */

/* "192.0.2.1" or "192.0.2.1:8647"; 0: a name, or a socket. */
static fo_ipv4_t address_of(struct fo_ask *a, const WCHAR *server)
{
    char *text = fo_ask_text(a, server), *colon = strchr(text, ':');
    fo_ipv4_t address;

    if (colon != NULL)
        *colon = '\0';
    return fo_ipv4_parse(text, &address) == FO_OK ? address : 0;
}

Mgmt__Lease fo_lease_give(struct fo_ask *a, const WCHAR *server, const DHCP_CLIENT_INFO_VQ *info)
{
    Mgmt__Lease m = MGMT__LEASE__INIT;

    m.address = info->ClientIpAddress;
    if (info->ClientHardwareAddress.Data != NULL)
        m.identifier = (ProtobufCBinaryData){info->ClientHardwareAddress.DataLength,
                                             info->ClientHardwareAddress.Data};
    m.name = fo_ask_text(a, info->ClientName);
    m.comment = fo_ask_text(a, info->ClientComment);
    m.expires = fo_date_utc(info->ClientLeaseExpires);
    m.state_given_case = MGMT__LEASE__STATE_GIVEN_ADDRESS_STATE;
    m.address_state = info->AddressState;
    m.client_type = info->bClientType;
    m.owner_address = address_of(a, server);
    return m;
}

Mgmt__LeaseSearch fo_lease_search_of(struct fo_ask *a, const DHCP_SEARCH_INFO *info)
{
    Mgmt__LeaseSearch m = MGMT__LEASE_SEARCH__INIT;

    if (info == NULL)
        return m;
    switch (info->SearchType) {
    case DhcpClientIpAddress:
        m.key_case = MGMT__LEASE_SEARCH__KEY_ADDRESS;
        m.address = info->SearchInfo.ClientIpAddress;
        break;
    case DhcpClientHardwareAddress:
        m.key_case = MGMT__LEASE_SEARCH__KEY_UNIQUE_ID;
        if (info->SearchInfo.ClientHardwareAddress.Data != NULL)
            m.unique_id = (ProtobufCBinaryData){info->SearchInfo.ClientHardwareAddress.DataLength,
                                                info->SearchInfo.ClientHardwareAddress.Data};
        break;
    case DhcpClientName:
        m.key_case = MGMT__LEASE_SEARCH__KEY_NAME;
        m.name = fo_ask_text(a, info->SearchInfo.ClientName);
        break;
    }
    return m;
}

/* --- taking ----------------------------------------------------------------------------------- */

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

bool fo_lease_take(void *owner, const Mgmt__Lease *m, DHCP_CLIENT_INFO_VQ *out)
{
    *out = (DHCP_CLIENT_INFO_VQ){.ClientIpAddress = m->address,
                                 .SubnetMask = m->mask,
                                 .ClientName = fo_result_text(owner, m->name),
                                 .ClientComment = fo_result_text(owner, m->comment),
                                 .ClientLeaseExpires = fo_date_of(m->expires),
                                 .OwnerHost = {.IpAddress = m->owner_address},
                                 .bClientType = (BYTE)m->client_type,
                                 .AddressState = (BYTE)m->address_state};
    out->OwnerHost.NetBiosName = fo_result_text(owner, m->owner_name);
    return take_unique(owner, m, &out->ClientHardwareAddress) && out->ClientName != NULL &&
           out->ClientComment != NULL && out->OwnerHost.NetBiosName != NULL;
}

/* What |owner| NULL gets of its own. */
static void *room(void *owner, size_t size)
{
    return owner != NULL ? fo_result_add(owner, size) : fo_result_new(size);
}

void *fo_lease_take_pb(void *owner, const Mgmt__Lease *m)
{
    LPDHCP_CLIENT_INFO_PB info = room(owner, sizeof *info);
    void *whose = owner != NULL ? owner : info;
    DHCP_CLIENT_INFO_VQ common;

    if (info == NULL)
        return NULL;
    info->FilterStatus = FILTER_STATUS_NONE;
    info->PolicyName = fo_result_text(whose, m->policy);
    if (fo_lease_take(whose, m, &common) && info->PolicyName != NULL) {
        FO_LEASE_COPY(info, &common);
        return info;
    }
    if (owner == NULL)
        DhcpRpcFreeMemory(info);
    return NULL;
}

void *fo_lease_take_vq(void *owner, const Mgmt__Lease *m)
{
    LPDHCP_CLIENT_INFO_VQ info = room(owner, sizeof *info);

    if (info == NULL || fo_lease_take(owner != NULL ? owner : info, m, info))
        return info;
    if (owner == NULL)
        DhcpRpcFreeMemory(info);
    return NULL;
}

size_t fo_lease_size(const Mgmt__Lease *m)
{
    size_t characters =
        strlen(m->name) + strlen(m->comment) + strlen(m->policy) + strlen(m->owner_name) + 4;

    return sizeof(LPDHCP_CLIENT_INFO_PB) + sizeof(DHCP_CLIENT_INFO_PB) + UNIQUE_PREFIX +
           m->hardware.len + m->client_id.len + characters * sizeof(WCHAR);
}
