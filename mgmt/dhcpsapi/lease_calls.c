/* The lease calls (MAPI §1.2 DhcpV4FailoverGetClientInfo, §1.3, §1.4). */
#include "mgmt/dhcpsapi/lease.h"
#include "mgmt/dhcpsapi/result.h"

/* --- changes ----------------------------------------------------------------------------------
 * A missing structure is an empty message: it has no client, which the server refuses when its turn
 * has come. */

DWORD DhcpV4CreateClientInfo(const WCHAR *ServerIpAddress, const LPDHCP_CLIENT_INFO_PB ClientInfo)
{
    Mgmt__Lease m = MGMT__LEASE__INIT;
    DHCP_CLIENT_INFO_VQ common;
    struct fo_ask a = {0};

    if (ClientInfo != NULL) {
        FO_LEASE_COPY(&common, ClientInfo);
        m = fo_lease_give(&a, ServerIpAddress, &common);
        m.policy = fo_ask_text(&a, ClientInfo->PolicyName);
    }
    return fo_ask_once(&a, ServerIpAddress, MGMT__REQUEST__CALL_LEASE_CREATE, &m);
}

static DWORD change(const WCHAR *server, Mgmt__Request__CallCase call,
                    const DHCP_CLIENT_INFO_VQ *info)
{
    Mgmt__Lease m = MGMT__LEASE__INIT;
    struct fo_ask a = {0};

    if (info != NULL)
        m = fo_lease_give(&a, server, info);
    return fo_ask_once(&a, server, call, &m);
}

DWORD DhcpCreateClientInfoVQ(const WCHAR *ServerIpAddress, const DHCP_CLIENT_INFO_VQ *ClientInfo)
{
    return change(ServerIpAddress, MGMT__REQUEST__CALL_LEASE_CREATE_VQ, ClientInfo);
}

DWORD DhcpSetClientInfoVQ(const WCHAR *ServerIpAddress, const DHCP_CLIENT_INFO_VQ *ClientInfo)
{
    return change(ServerIpAddress, MGMT__REQUEST__CALL_LEASE_SET, ClientInfo);
}

DWORD DhcpDeleteClientInfo(const WCHAR *ServerIpAddress, const DHCP_SEARCH_INFO *ClientInfo)
{
    struct fo_ask a = {0};
    Mgmt__LeaseSearch m = fo_lease_search_of(&a, ClientInfo);

    return fo_ask_once(&a, ServerIpAddress, MGMT__REQUEST__CALL_LEASE_DELETE, &m);
}

/* --- one record ------------------------------------------------------------------------------- */

static LPDHCPV4_FAILOVER_CLIENT_INFO take_failover(const Mgmt__Lease *m)
{
    LPDHCPV4_FAILOVER_CLIENT_INFO info = fo_result_new(sizeof *info);
    DHCP_CLIENT_INFO_VQ common;

    if (info == NULL)
        return NULL;
    info->SentPotExpTime = m->sent_potential_expiration;
    info->AckPotExpTime = m->acked_potential_expiration;
    info->RecvPotExpTime = m->received_potential_expiration;
    info->StartTime = m->start_of_state;
    info->CltLastTransTime = m->client_last_transaction;
    info->LastBndUpdTime = m->last_partner_update;
    info->PolicyName = fo_result_text(info, m->policy);
    if (fo_lease_take(info, m, &common) && info->PolicyName != NULL) {
        FO_LEASE_COPY(info, &common);
        return info;
    }
    DhcpRpcFreeMemory(info);
    return NULL;
}

static DWORD get(struct fo_ask *a, const WCHAR *server, Mgmt__Request__CallCase call,
                 const DHCP_SEARCH_INFO *search)
{
    Mgmt__LeaseSearch m = fo_lease_search_of(a, search);

    return fo_ask(a, server, call, &m, MGMT__REPLY__RESULT_LEASE);
}

DWORD DhcpV4GetClientInfo(const WCHAR *ServerIpAddress, const DHCP_SEARCH_INFO *SearchInfo,
                          LPDHCP_CLIENT_INFO_PB *ClientInfo)
{
    LPDHCP_CLIENT_INFO_PB info = NULL;
    struct fo_ask a = {0};
    DWORD code;

    if (ClientInfo == NULL)
        return ERROR_INVALID_PARAMETER;
    code = get(&a, ServerIpAddress, MGMT__REQUEST__CALL_LEASE_INFO_GET, SearchInfo);
    if (code == ERROR_SUCCESS) {
        info = fo_lease_take_pb(NULL, a.reply->lease);
        if (info == NULL)
            code = ERROR_NOT_ENOUGH_MEMORY;
    }
    fo_ask_fini(&a);
    if (code == ERROR_SUCCESS)
        *ClientInfo = info;
    return code;
}

DWORD DhcpV4FailoverGetClientInfo(LPWSTR ServerIpAddress, const DHCP_SEARCH_INFO *SearchInfo,
                                  LPDHCPV4_FAILOVER_CLIENT_INFO *ClientInfo)
{
    LPDHCPV4_FAILOVER_CLIENT_INFO info = NULL;
    struct fo_ask a = {0};
    DWORD code;

    if (ClientInfo == NULL)
        return ERROR_INVALID_PARAMETER;
    code = get(&a, ServerIpAddress, MGMT__REQUEST__CALL_LEASE_FAILOVER_GET, SearchInfo);
    if (code == ERROR_SUCCESS) {
        info = take_failover(a.reply->lease);
        if (info == NULL)
            code = ERROR_NOT_ENOUGH_MEMORY;
    }
    fo_ask_fini(&a);
    if (code == ERROR_SUCCESS)
        *ClientInfo = info;
    return code;
}

DWORD DhcpGetClientInfoVQ(const WCHAR *ServerIpAddress, const DHCP_SEARCH_INFO *SearchInfo,
                          LPDHCP_CLIENT_INFO_VQ *ClientInfo)
{
    LPDHCP_CLIENT_INFO_VQ info = NULL;
    struct fo_ask a = {0};
    DWORD code;

    if (ClientInfo == NULL)
        return ERROR_INVALID_PARAMETER;
    code = get(&a, ServerIpAddress, MGMT__REQUEST__CALL_LEASE_VQ_GET, SearchInfo);
    if (code == ERROR_SUCCESS) {
        info = fo_lease_take_vq(NULL, a.reply->lease);
        if (info == NULL)
            code = ERROR_NOT_ENOUGH_MEMORY;
    }
    fo_ask_fini(&a);
    if (code == ERROR_SUCCESS)
        *ClientInfo = info;
    return code;
}
