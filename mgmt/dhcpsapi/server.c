/* The server itself, and the addresses of its scopes in failover (MAPI §1.2, §1.7, §2.4). */
#include "mgmt/dhcpsapi/ask.h"
#include "mgmt/dhcpsapi/result.h"

/* Windows Server 2016 and later, whose calls these are. */
enum { MAJOR = 10, MINOR = 0 };

DWORD DhcpGetVersion(LPWSTR ServerIpAddress, LPDWORD MajorVersion, LPDWORD MinorVersion)
{
    Mgmt__Nothing m = MGMT__NOTHING__INIT;
    struct fo_ask a = {0};
    DWORD code;

    if (MajorVersion == NULL || MinorVersion == NULL)
        return ERROR_INVALID_PARAMETER;
    code =
        fo_ask(&a, ServerIpAddress, MGMT__REQUEST__CALL_SERVER_GET, &m, MGMT__REPLY__RESULT_SERVER);
    /* A server that does not tell this caller about itself is there all the same. */
    if (code == ERROR_ACCESS_DENIED && a.reply != NULL)
        code = ERROR_SUCCESS;
    fo_ask_fini(&a);
    if (code != ERROR_SUCCESS)
        return code;
    *MajorVersion = MAJOR;
    *MinorVersion = MINOR;
    return ERROR_SUCCESS;
}

DWORD DhcpV4FailoverGetSystemTime(LPWSTR ServerIpAddress, LPDWORD pTime,
                                  LPDWORD pMaxAllowedDeltaTime)
{
    Mgmt__Nothing m = MGMT__NOTHING__INIT;
    struct fo_ask a = {0};
    DWORD code;

    if (pTime == NULL)
        return ERROR_INVALID_PARAMETER;
    code =
        fo_ask(&a, ServerIpAddress, MGMT__REQUEST__CALL_SERVER_GET, &m, MGMT__REPLY__RESULT_SERVER);
    if (code == ERROR_SUCCESS) {
        *pTime = a.reply->server->time;
        if (pMaxAllowedDeltaTime != NULL)
            *pMaxAllowedDeltaTime = a.reply->server->allowed_skew_s;
    }
    fo_ask_fini(&a);
    return code;
}

DWORD DhcpV4FailoverGetAddressStatus(LPWSTR ServerIpAddress, DHCP_IP_ADDRESS SubnetAddress,
                                     LPDWORD pStatus)
{
    Mgmt__Subnet m = MGMT__SUBNET__INIT;
    struct fo_ask a = {0};
    DWORD code;

    m.subnet = SubnetAddress;
    code = fo_ask(&a, ServerIpAddress, MGMT__REQUEST__CALL_ADDRESS_STATUS_GET, &m,
                  MGMT__REPLY__RESULT_ADDRESS_STATUS);
    if (pStatus == NULL && code != ERROR_ACCESS_DENIED)
        code = ERROR_INVALID_PARAMETER; /* after the right, as everything in this call */
    if (code == ERROR_SUCCESS)
        *pStatus = a.reply->address_status;
    fo_ask_fini(&a);
    return code;
}

static LPDHCP_FAILOVER_STATISTICS take_statistics(const Mgmt__ScopeStatistics *m)
{
    LPDHCP_FAILOVER_STATISTICS s = fo_result_new(sizeof *s);

    if (s == NULL)
        return NULL;
    s->NumAddr = (DWORD)m->addresses;
    s->AddrFree = (DWORD)m->free;
    s->AddrInUse = (DWORD)m->in_use;
    s->PartnerAddrFree = (DWORD)m->partner_free;
    s->ThisAddrFree = (DWORD)m->this_free;
    s->PartnerAddrInUse = (DWORD)m->partner_in_use;
    s->ThisAddrInUse = (DWORD)m->this_in_use;
    return s;
}

DWORD DhcpV4FailoverGetScopeStatistics(LPWSTR ServerIpAddress, DHCP_IP_ADDRESS ScopeId,
                                       LPDHCP_FAILOVER_STATISTICS *pStats)
{
    Mgmt__Subnet m = MGMT__SUBNET__INIT;
    LPDHCP_FAILOVER_STATISTICS s = NULL;
    struct fo_ask a = {0};
    DWORD code;

    if (pStats == NULL)
        return ERROR_INVALID_PARAMETER;
    m.subnet = ScopeId;
    code = fo_ask(&a, ServerIpAddress, MGMT__REQUEST__CALL_SCOPE_STATISTICS, &m,
                  MGMT__REPLY__RESULT_STATISTICS);
    if (code == ERROR_SUCCESS) {
        s = take_statistics(a.reply->statistics);
        if (s == NULL)
            code = ERROR_NOT_ENOUGH_MEMORY;
    }
    fo_ask_fini(&a);
    if (code == ERROR_SUCCESS)
        *pStats = s;
    return code;
}
