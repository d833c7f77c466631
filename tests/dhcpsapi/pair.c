/* What needs a partner: relationship `lab` of scope 0, first in NORMAL, then while the two exchange
 * what they have, then cut off, then alone. */
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

/* --- while an exchange goes on: the partner is stopped, and answers nothing ---------------------
 */

static DWORD add_begins_an_exchange(void)
{
    return add(2);
}
static DWORD add_during_it(void)
{
    DWORD code = add(3);

    also(!is_failover(3), "the scope is in failover");
    return code;
}
static DWORD remove_during_it(void)
{
    DHCP_FAILOVER_RELATIONSHIP r = valid(u"lab", 2);
    DWORD code = DhcpV4FailoverDeleteScopeFromRelationship(server, &r);

    also(is_failover(2), "the scope is not in failover");
    return code;
}

/* --- a secret ------------------------------------------------------------------------------------
 */

static DWORD set_secret(void)
{
    DHCP_FAILOVER_RELATIONSHIP r = {.RelationshipName = u"lab", .SharedSecret = u"geheim ä"};
    LPDHCP_FAILOVER_RELATIONSHIP stored = NULL;
    DWORD code = DhcpV4FailoverSetRelationship(server, SHAREDSECRET, &r);

    also(DhcpV4FailoverGetRelationship(server, u"lab", &stored) == ERROR_SUCCESS &&
             stored->SharedSecret[0] == 0 && stored->Mclt == 3600,
         "the secret is told");
    DhcpRpcFreeMemory(stored);
    return code;
}

/* --- without the partner ------------------------------------------------------------------------
 */

static DWORD set_safe_period(void)
{
    DHCP_FAILOVER_RELATIONSHIP r = {.RelationshipName = u"lab", .SafePeriod = 3600};

    return DhcpV4FailoverSetRelationship(server, SAFEPERIOD, &r);
}

static DWORD remove_member(void)
{
    DHCP_FAILOVER_RELATIONSHIP r = valid(u"lab", 1);

    return DhcpV4FailoverDeleteScopeFromRelationship(server, &r);
}

static DWORD add_when_cut_off(void)
{
    return add(4);
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
    {"M-SR-11", "FailoverSetRelationship", "a safe period", 0, set_safe_period, 0},
};
static const struct row syncing[] = {
    {"M-AS-01", "FailoverAddScopeToRelationship", "NORMAL, partner stopped", 0,
     add_begins_an_exchange, 0},
    {"M-AS-07", "FailoverAddScopeToRelationship", "re-integrating", 20133, add_during_it, 0},
    {"§1.2", "FailoverDeleteScopeFromRelationship", "re-integrating", 20133, remove_during_it, 0},
};
static const struct row secret[] = {
    {"M-SR-12", "FailoverSetRelationship", "SHAREDSECRET in NORMAL", 0, set_secret, 0},
};
static const struct row down[] = {
    {"M-SR-11", "FailoverSetRelationship", "PARTNER_DOWN in COMMUNICATION_INT", 0, partner_down, 0},
};
const struct rows normal_rows = {"normal", normal, sizeof normal / sizeof normal[0], false};
const struct rows syncing_rows = {"syncing", syncing, sizeof syncing / sizeof syncing[0], false};
const struct rows secret_rows = {"secret", secret, sizeof secret / sizeof secret[0], false};
const struct rows down_rows = {"down", down, sizeof down / sizeof down[0], false};
const struct rows interrupted_rows = {"interrupted", interrupted,
                                      sizeof interrupted / sizeof interrupted[0], false};
