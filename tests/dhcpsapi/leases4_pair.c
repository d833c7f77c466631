/* Leases made, changed and ended on one server of a pair, and what the partner has of them: scope 0
 * of relationship `lab`, this server the primary (M-L4-13, M-L4-14, M-CI-01, M-ST-04). */
#include <time.h>

#include "leases4.h"

#define OUTSIDE (SCOPE(0) + 200)

/* --- both sides --------------------------------------------------------------------------------
 */

/* At most ten seconds: an update takes milliseconds. */
static bool comes_true(bool (*what)(DHCP_IP_ADDRESS), DHCP_IP_ADDRESS address)
{
    const struct timespec moment = {0, 20000000};

    for (int i = 0; i < 500; i++) {
        if (what(address))
            return true;
        (void)nanosleep(&moment, NULL);
    }
    return false;
}

static DHCPV4_FAILOVER_CLIENT_INFO times_of(DHCP_IP_ADDRESS address)
{
    DHCPV4_FAILOVER_CLIENT_INFO copy = {0};
    LPDHCPV4_FAILOVER_CLIENT_INFO info = NULL;

    if (find_lease(address, &info) == ERROR_SUCCESS) {
        copy = *info; /* the numbers stay valid */
        DhcpRpcFreeMemory(info);
    }
    return copy;
}

static bool is_acknowledged(DHCP_IP_ADDRESS address)
{
    DHCPV4_FAILOVER_CLIENT_INFO info = times_of(address);

    return info.SentPotExpTime != 0 && info.AckPotExpTime == info.SentPotExpTime;
}

static bool partner_lists(DHCP_IP_ADDRESS address)
{
    LPDHCP_CLIENT_INFO_PB_ARRAY all = NULL;
    DHCP_RESUME_HANDLE handle = 0;
    DWORD read = 0, total;
    bool found = false;

    call_partner();
    if (DhcpV4EnumSubnetClients(server, SCOPE(0), &handle, NEVER, &all, &read, &total) !=
        ERROR_SUCCESS)
        read = 0;
    for (DWORD i = 0; i < read; i++)
        found = found || all->Clients[i]->ClientIpAddress == address;
    if (all != NULL)
        DhcpRpcFreeMemory(all);
    call_as(ADMINISTRATOR);
    return found;
}

static bool partner_has_none(DHCP_IP_ADDRESS address)
{
    LPDHCP_CLIENT_INFO_PB got = NULL;
    DWORD code;

    call_partner();
    code = get4(address, &got);
    DhcpRpcFreeMemory(got);
    call_as(ADMINISTRATOR);
    return code == 20016;
}

static bool has_none(DHCP_IP_ADDRESS address)
{
    LPDHCP_CLIENT_INFO_PB got = NULL;
    DWORD code = get4(address, &got);

    DhcpRpcFreeMemory(got);
    return code == 20016;
}

static BYTE partners_state(DHCP_IP_ADDRESS address)
{
    LPDHCP_CLIENT_INFO_PB got = NULL;
    BYTE state = 0xff;

    call_partner();
    if (get4(address, &got) == ERROR_SUCCESS)
        state = got->AddressState;
    DhcpRpcFreeMemory(got);
    call_as(ADMINISTRATOR);
    return state;
}

static bool partner_has_it_declined(DHCP_IP_ADDRESS address)
{
    return partners_state(address) == ADDRESS_STATE_DECLINED;
}

/* The lowest address of scope 0 that is |owner|'s to give, and in nobody's hands; 0: none. */
static DHCP_IP_ADDRESS free_one(DWORD owner)
{
    DWORD status;

    for (DHCP_IP_ADDRESS i = SCOPE(0) + 40; i < SCOPE(0) + 110; i++) {
        if (DhcpV4FailoverGetAddressStatus(server, i, &status) == ERROR_SUCCESS &&
            status == owner && has_none(i))
            return i;
    }
    return 0;
}

static void settle(DHCP_IP_ADDRESS address)
{
    also(delete4(address) == ERROR_SUCCESS, "it cannot be ended");
    also(comes_true(partner_has_none, address), "the partner has it still");
}

/* --- in NORMAL ----------------------------------------------------------------------------------
 */

static DWORD reaches_the_partner(void)
{
    DHCP_IP_ADDRESS address = free_one(0);
    DHCPV4_FAILOVER_CLIENT_INFO ours, theirs;
    DWORD code = create4(address, 1);

    also(comes_true(partner_lists, address), "the partner does not list it");
    also(comes_true(is_acknowledged, address), "it is not acknowledged");
    ours = times_of(address);
    call_partner();
    theirs = times_of(address);
    call_as(ADMINISTRATOR);
    also(theirs.RecvPotExpTime == ours.SentPotExpTime && theirs.SentPotExpTime == 0,
         "the partner has other times");
    also(ours.LastBndUpdTime == 0, "the partner has told of it");
    also((time_t)theirs.LastBndUpdTime > time(NULL) - 30 &&
             (time_t)theirs.LastBndUpdTime <= time(NULL),
         "when it was told of is wrong");
    also(ours.OwnerHost.IpAddress == 0x7f000001 && theirs.OwnerHost.IpAddress == 0x7f000001,
         "it is not this server's on both");
    also(ours.CltLastTransTime == theirs.CltLastTransTime && ours.StartTime == theirs.StartTime,
         "transaction or start differ");
    settle(address);
    return code;
}

static DWORD comes_from_the_partner(void)
{
    DHCP_IP_ADDRESS address = free_one(1);
    LPDHCPV4_FAILOVER_CLIENT_INFO info = NULL;
    DWORD code;

    also(create4(address, 2) == 20011, "this server gives the partner's address");
    call_partner();
    code = create4(address, 2);
    also(comes_true(is_acknowledged, address), "it is not acknowledged");
    call_as(ADMINISTRATOR);
    also(find_lease(address, &info) == ERROR_SUCCESS, "it did not come");
    if (info == NULL)
        return code;
    also(info->OwnerHost.IpAddress == PARTNER && same_text(info->OwnerHost.NetBiosName, u"beta"),
         "it is not the partner's");
    also(info->LastBndUpdTime != 0 && info->RecvPotExpTime != 0, "it has no times");
    DhcpRpcFreeMemory(info);
    settle(address); /* either server may end a lease */
    return code;
}

static DWORD set_reaches_the_partner(void)
{
    DHCP_IP_ADDRESS address = free_one(0);
    DHCP_CLIENT_INFO_VQ change = {.ClientIpAddress = address};
    DHCPV4_FAILOVER_CLIENT_INFO before, after;
    DWORD code;

    also(create4(address, 3) == ERROR_SUCCESS && comes_true(is_acknowledged, address), "not made");
    call_partner();
    before = times_of(address);
    call_as(ADMINISTRATOR);
    change.ClientHardwareAddress = client4(3);
    change.ClientLeaseExpires = date_in(6 * 3600);
    code = DhcpSetClientInfoVQ(server, &change);
    also(comes_true(is_acknowledged, address), "the change is not acknowledged");
    call_partner();
    after = times_of(address);
    call_as(ADMINISTRATOR);
    also(after.RecvPotExpTime > before.RecvPotExpTime + 4 * 3600, "the partner knows nothing");
    change.ClientHardwareAddress = client4(4);
    also(DhcpSetClientInfoVQ(server, &change) == 20011, "another client gets it");
    settle(address);
    return code;
}

static DWORD declined_reaches_the_partner(void)
{
    DHCP_IP_ADDRESS address = free_one(0);
    DHCP_CLIENT_INFO_PB info = lease4(address, 5);
    DHCP_CLIENT_INFO_VQ change = {.ClientIpAddress = address, .ClientHardwareAddress = client4(5)};
    DWORD code;

    info.AddressState = ADDRESS_STATE_DECLINED;
    code = DhcpV4CreateClientInfo(server, &info);
    also(comes_true(partner_has_it_declined, address), "the partner does not know");
    also(DhcpSetClientInfoVQ(server, &change) == 20011, "it is leased in one step");
    call_partner();
    also(create4(address, 6) == 20014, "the partner gives it away");
    call_as(ADMINISTRATOR);
    settle(address);
    return code;
}

/* FREE until somebody has it, and so the primary's. */
static DWORD outside_is_the_primarys(void)
{
    DWORD code;

    call_partner();
    also(create4(OUTSIDE, 7) == 20011, "the secondary gives it");
    call_as(ADMINISTRATOR);
    code = create4(OUTSIDE, 7);
    also(comes_true(partner_lists, OUTSIDE), "the partner does not list it");
    also(comes_true(is_acknowledged, OUTSIDE), "it is not acknowledged");
    call_partner();
    also(create4(OUTSIDE, 8) == 20014, "the secondary gives it, too");
    also(delete4(OUTSIDE) == ERROR_SUCCESS, "the secondary cannot end it");
    call_as(ADMINISTRATOR);
    also(comes_true(has_none, OUTSIDE), "the partner's word does not end it");
    return code;
}

static DHCP_FAILOVER_STATISTICS statistics_here(void)
{
    DHCP_FAILOVER_STATISTICS copy = {0};
    LPDHCP_FAILOVER_STATISTICS s = NULL;

    if (DhcpV4FailoverGetScopeStatistics(server, SCOPE(0), &s) == ERROR_SUCCESS)
        copy = *s;
    DhcpRpcFreeMemory(s);
    return copy;
}

static bool are_mirrored(DHCP_IP_ADDRESS unused)
{
    DHCP_FAILOVER_STATISTICS ours = statistics_here(), theirs;

    (void)unused;
    call_partner();
    theirs = statistics_here();
    call_as(ADMINISTRATOR);
    return ours.NumAddr == 90 && theirs.NumAddr == 90 && ours.AddrInUse == 2 &&
           ours.ThisAddrFree == theirs.PartnerAddrFree &&
           ours.PartnerAddrFree == theirs.ThisAddrFree &&
           ours.ThisAddrInUse == theirs.PartnerAddrInUse &&
           ours.PartnerAddrInUse == theirs.ThisAddrInUse && ours.AddrInUse == theirs.AddrInUse &&
           ours.AddrFree == theirs.AddrFree && ours.ThisAddrInUse == 1;
}

static DWORD statistics_mirror(void)
{
    DHCP_IP_ADDRESS mine = free_one(0), partners = free_one(1);

    also(create4(mine, 9) == ERROR_SUCCESS, "it was not made");
    call_partner();
    also(create4(partners, 10) == ERROR_SUCCESS, "the partner's was not made");
    call_as(ADMINISTRATOR);
    also(comes_true(are_mirrored, 0), "what is mine here is not the partner's there");
    settle(mine);
    settle(partners);
    return ERROR_SUCCESS;
}

static const struct row normal[] = {
    {"M-L4-13", "V4CreateClientInfo", "NORMAL", 0, reaches_the_partner, 0},
    {"M-CI-01", "FailoverGetClientInfo", "NORMAL, the partner's", 0, comes_from_the_partner, 0},
    {"§1.4", "SetClientInfoVQ", "NORMAL", 0, set_reaches_the_partner, 0},
    {"M-L4-11", "V4CreateClientInfo", "NORMAL, DECLINED", 0, declined_reaches_the_partner, 0},
    {"M-L4-14", "V4CreateClientInfo", "NORMAL, outside the range", 0, outside_is_the_primarys, 0},
    {"M-ST-04", "FailoverGetScopeStatistics", "on both servers", 0, statistics_mirror, 0},
};

/* --- cut off ------------------------------------------------------------------------------------
 */

static DWORD created_alone(void)
{
    DHCP_IP_ADDRESS address = free_one(0);
    DWORD code = create4(address, 11);

    also(delete4(address) == ERROR_SUCCESS && has_none(address), "it cannot be ended");
    also(create4(address, 12) == 20011, "another client gets it before the partner knows");
    return code;
}
static DWORD partners_alone(void)
{
    return create4(free_one(1), 13);
}

static const struct row interrupted[] = {
    {"M-L4-13", "V4CreateClientInfo", "COMMUNICATION_INT", 0, created_alone, 0},
    {"§1.3", "V4CreateClientInfo", "COMMUNICATION_INT, the partner's", 20011, partners_alone, 0},
};

/* --- alone --------------------------------------------------------------------------------------
 */

static DWORD deleted_keeps_leases(void)
{
    DHCP_IP_ADDRESS address = free_one(0);
    LPDHCP_FAILOVER_RELATIONSHIP r;
    DWORD before, code;

    /* What was ended when cut off is its client's alone, for the partner does not know (§5.2.2). */
    also(create4(address, 11) == ERROR_SUCCESS, "in PARTNER-DOWN none is made");
    before = count4(SCOPE(0));
    also(before == 2, "not a lease and a reservation");
    code = DhcpV4FailoverDeleteRelationship(server, u"lab");
    also(!is_failover(0), "the scope is in failover still");
    also(count4(SCOPE(0)) == before && !has_none(address), "a lease is gone");
    also(DhcpV4FailoverGetRelationship(server, u"lab", &r) == 20115, "it is there still");
    return code;
}

static const struct row ended[] = {
    {"M-DR-03", "FailoverDeleteRelationship", "PARTNER_DOWN, with leases", 0, deleted_keeps_leases,
     0},
};

const struct rows ended_rows = {"ended", ended, sizeof ended / sizeof ended[0], false};
const struct rows leases4_normal_rows = {"normal", normal, sizeof normal / sizeof normal[0], false};
const struct rows leases4_interrupted_rows = {"interrupted", interrupted,
                                              sizeof interrupted / sizeof interrupted[0], false};
