/* What needs a partner: relationship `lab` of scope 0, first in NORMAL, then cut off. */
#include "conformance.h"

static DWORD add(int n)
{
    DHCP_FAILOVER_RELATIONSHIP r = valid(u"lab", n);

    return DhcpV4FailoverAddScopeToRelationship(server, &r);
}

static DWORD add_free(void)
{
    DWORD code = add(1);

    also(is_failover(1), "the scope is not in failover");
    return code;
}

static DWORD allocate(void)
{
    return DhcpV4FailoverTriggerAddrAllocation(server, u"lab");
}

/* The phase is reached when the secondary has its share. */
static DWORD share_out(void)
{
    LPDHCP_FAILOVER_STATISTICS s = NULL;
    DWORD code = DhcpV4FailoverGetScopeStatistics(server, SCOPE(0), &s);

    if (code != ERROR_SUCCESS)
        return code;
    also(s->PartnerAddrFree > 0 && s->ThisAddrFree > 0, "one server has all free addresses");
    /* Half each; the reserved address is whoever's its client hashes to. */
    also(s->PartnerAddrFree + 2 >= s->ThisAddrFree && s->ThisAddrFree + 2 >= s->PartnerAddrFree,
         "the shares are not equal");
    DhcpRpcFreeMemory(s);
    return allocate();
}

static DWORD secondarys_address(void)
{
    DWORD status, secondarys = 0, code = ERROR_SUCCESS;

    for (DWORD i = 40; i < 110 && code == ERROR_SUCCESS; i++) {
        code = DhcpV4FailoverGetAddressStatus(server, SCOPE(0) + i, &status);
        secondarys += code == ERROR_SUCCESS && status == 1;
    }
    also(secondarys > 0, "no address is the secondary's");
    return code;
}

static DWORD remove_member(void)
{
    DHCP_FAILOVER_RELATIONSHIP r = valid(u"lab", 1);

    return DhcpV4FailoverDeleteScopeFromRelationship(server, &r);
}

static DWORD add_when_cut_off(void)
{
    return add(2);
}

static DWORD partner_down(void)
{
    DHCP_FAILOVER_RELATIONSHIP r = {.RelationshipName = u"lab", .State = PARTNER_DOWN};
    LPDHCP_FAILOVER_RELATIONSHIP stored = NULL;
    DWORD code = DhcpV4FailoverSetRelationship(server, CHANGESTATE, &r);

    also(DhcpV4FailoverGetRelationship(server, u"lab", &stored) == ERROR_SUCCESS &&
             stored->State == PARTNER_DOWN,
         "it is not in PARTNER-DOWN");
    DhcpRpcFreeMemory(stored);
    return code;
}

static const struct row normal[] = {
    {"M-TA-04", "FailoverTriggerAddrAllocation", "primary, NORMAL", 0, share_out, 0},
    {"M-AD-03", "FailoverGetAddressStatus", "free, the secondary's", 0, secondarys_address, 0},
    {"M-AS-01", "FailoverAddScopeToRelationship", "NORMAL, free scope", 0, add_free, 0},
};
static const struct row interrupted[] = {
    {"M-AS-06", "FailoverAddScopeToRelationship", "COMMUNICATION_INT", 20120, add_when_cut_off, 0},
    {"M-TA-04", "FailoverTriggerAddrAllocation", "COMMUNICATION_INT", 20120, allocate, 0},
    {"M-DS-06", "FailoverDeleteScopeFromRelationship", "COMMUNICATION_INT", 0, remove_member, 0},
    {"M-SR-11", "FailoverSetRelationship", "PARTNER_DOWN in COMMUNICATION_INT", 0, partner_down, 0},
};

const struct rows normal_rows = {"normal", normal, sizeof normal / sizeof normal[0], false};
const struct rows interrupted_rows = {"interrupted", interrupted,
                                      sizeof interrupted / sizeof interrupted[0], false};
