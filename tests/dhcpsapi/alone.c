/* What the calls change on one server whose partner is not there. */
#include "conformance.h"

static DHCP_FAILOVER_RELATIONSHIP got(LPWSTR name)
{
    DHCP_FAILOVER_RELATIONSHIP copy = {0};
    LPDHCP_FAILOVER_RELATIONSHIP r = NULL;

    also(DhcpV4FailoverGetRelationship(server, name, &r) == ERROR_SUCCESS, "it cannot be got");
    if (r == NULL)
        return copy;
    also(same_text(r->RelationshipName, name) && r->SharedSecret[0] == 0,
         "name or secret is wrong");
    copy = *r; /* the numbers stay valid */
    DhcpRpcFreeMemory(r->RelationshipName);
    DhcpRpcFreeMemory(r->pScopes);
    DhcpRpcFreeMemory(r);
    return copy;
}

/* --- create and set -----------------------------------------------------------------------------
 */

static DWORD create_starts(void)
{
    DHCP_FAILOVER_RELATIONSHIP r = valid(u"lab ä 𐍈", 0), stored;
    DWORD code;

    r.State = r.PrevState = NORMAL;
    code = DhcpV4FailoverCreateRelationship(server, &r);
    stored = got(u"lab ä 𐍈");
    also(stored.State == STARTUP && stored.PrevState == INIT, "it is not STARTUP after INIT");
    also(stored.PrimaryServer == 0x7f000001 && stored.SecondaryServer == PARTNER &&
             stored.Mclt == 3600 && stored.Percentage == 50,
         "numbers are not stored");
    also(is_failover(0), "its scope is not in failover");
    return code;
}

static DWORD safe_period(DWORD given, DWORD expected)
{
    DHCP_FAILOVER_RELATIONSHIP r = valid(u"lab", 0);
    DWORD code;

    r.SafePeriod = given;
    code = DhcpV4FailoverCreateRelationship(server, &r);
    also(got(u"lab").SafePeriod == expected, "SafePeriod is wrong");
    return code;
}
static DWORD safe_period_0(void)
{
    return safe_period(0, NEVER);
}
static DWORD safe_period_600(void)
{
    return safe_period(600, 600);
}

static DWORD set_mclt_only(void)
{
    DHCP_FAILOVER_RELATIONSHIP r = valid(u"lab", 0), stored;
    DWORD code;

    also(make(u"lab", 0) == ERROR_SUCCESS, "it was not made");
    r.Percentage = 200;
    r.Mode = (DHCP_FAILOVER_MODE)7;
    r.Mclt = 1800;
    code = DhcpV4FailoverSetRelationship(server, MCLT, &r);
    stored = got(u"lab");
    also(stored.Percentage == 50 && stored.Mode == LoadBalance && stored.Mclt == 1800,
         "more or less than the MCLT was changed");
    return code;
}

static DWORD set_two(void)
{
    DHCP_FAILOVER_RELATIONSHIP r = valid(u"lab", 0), stored;
    DWORD code;

    also(make(u"lab", 0) == ERROR_SUCCESS, "it was not made");
    r.Mclt = 1800;
    r.SafePeriod = 900;
    r.Percentage = 10;
    code = DhcpV4FailoverSetRelationship(server, MCLT | SAFEPERIOD, &r);
    stored = got(u"lab");
    also(stored.Mclt == 1800 && stored.SafePeriod == 900, "they were not changed");
    also(stored.Percentage == 50 && stored.Mode == LoadBalance, "others were changed");
    return code;
}

static DWORD set_mode(void)
{
    DHCP_FAILOVER_RELATIONSHIP r = valid(u"lab", 0), stored;
    DWORD code;

    also(make(u"lab", 0) == ERROR_SUCCESS, "it was not made");
    r.Mode = HotStandby;
    r.Percentage = 5;
    code = DhcpV4FailoverSetRelationship(server, MODE | PERCENTAGE, &r);
    stored = got(u"lab");
    also(stored.Mode == HotStandby && stored.Percentage == 5, "they were not changed");
    return code;
}

static DWORD set_secret(void)
{
    DHCP_FAILOVER_RELATIONSHIP r = valid(u"lab", 0);
    DWORD code;

    also(make(u"lab", 0) == ERROR_SUCCESS, "it was not made");
    r.SharedSecret = u"secret";
    code = DhcpV4FailoverSetRelationship(server, SHAREDSECRET, &r);
    (void)got(u"lab"); /* looks that the secret is not told */
    return code;
}

/* --- delete and enumerate
 * ------------------------------------------------------------------------- */

static DWORD delete_keeps_leases(void)
{
    LPDHCPV4_FAILOVER_CLIENT_INFO info = NULL;
    LPDHCP_FAILOVER_RELATIONSHIP r;
    DWORD code;

    also(make(u"lab", LEASES) == ERROR_SUCCESS, "it was not made");
    code = DhcpV4FailoverDeleteRelationship(server, u"lab");
    also(!is_failover(LEASES), "the scope is in failover still");
    also(find_lease(SCOPE(LEASES) + 10, &info) == ERROR_SUCCESS, "a lease is gone");
    DhcpRpcFreeMemory(info);
    also(DhcpV4FailoverGetRelationship(server, u"lab", &r) == 20115, "it is there still");
    return code;
}

static DWORD walk(DHCP_RESUME_HANDLE *handle, DWORD most, DWORD *read, DWORD *left)
{
    LPDHCP_FAILOVER_RELATIONSHIP_ARRAY all = NULL;
    DWORD code = DhcpV4FailoverEnumRelationship(server, handle, most, &all, read, left);

    also(all == NULL || all->NumElements == *read, "the array has another length");
    DhcpRpcFreeMemory(all);
    return code;
}

static DWORD enum_none(void)
{
    DHCP_RESUME_HANDLE handle = 0;
    DWORD read, left;

    return walk(&handle, NEVER, &read, &left);
}
static DWORD enum_three(void)
{
    DHCP_RESUME_HANDLE handle = 0;
    DWORD read = UNTOUCHED, left = UNTOUCHED, code;

    also(make_many(3) == ERROR_SUCCESS, "they were not made");
    code = walk(&handle, 0x10000, &read, &left);
    also(read == 3 && left == 0, "not three read and none left");
    return code;
}
static DWORD enum_one_of_three(void)
{
    DHCP_RESUME_HANDLE handle = 0;
    DWORD read = UNTOUCHED, left = UNTOUCHED, code;

    also(make_many(3) == ERROR_SUCCESS, "they were not made");
    code = walk(&handle, 1, &read, &left);
    also(read == 1 && left == 2 && handle == 1, "not one read and two left");
    return code;
}
static DWORD enum_to_the_end(void)
{
    DHCP_RESUME_HANDLE handle = 0;
    LPDHCP_FAILOVER_RELATIONSHIP_ARRAY all;
    char16_t last = 0;
    DWORD code = ERROR_MORE_DATA, read, left, seen = 0;

    also(make_many(3) == ERROR_SUCCESS, "they were not made");
    while (code == ERROR_MORE_DATA && seen < 9) {
        code = DhcpV4FailoverEnumRelationship(server, &handle, 1, &all, &read, &left);
        if (code != ERROR_SUCCESS && code != ERROR_MORE_DATA)
            return code;
        also(all->pRelationships[0].RelationshipName[6] > last, "one was seen twice");
        last = all->pRelationships[0].RelationshipName[6];
        seen += read;
        DhcpRpcFreeMemory(all);
    }
    also(seen == 3, "not three were seen");
    return code;
}
static DWORD enum_behind(void)
{
    DHCP_RESUME_HANDLE handle = 3;
    DWORD read, left;

    also(make_many(3) == ERROR_SUCCESS, "they were not made");
    return walk(&handle, NEVER, &read, &left);
}
static DWORD enum_without_read(void)
{
    LPDHCP_FAILOVER_RELATIONSHIP_ARRAY all;
    DHCP_RESUME_HANDLE handle = 0;
    DWORD left;

    return DhcpV4FailoverEnumRelationship(server, &handle, NEVER, &all, NULL, &left);
}

/* --- scopes -------------------------------------------------------------------------------------
 */

static DWORD remove_first_of_two(void)
{
    DHCP_FAILOVER_RELATIONSHIP r = valid(u"lab", 0);
    DHCP_IP_ADDRESS list[] = {SCOPE(0), SCOPE(1)};
    DHCP_IP_ARRAY scopes = {2, list};
    DWORD code;

    r.pScopes = &scopes;
    also(DhcpV4FailoverCreateRelationship(server, &r) == ERROR_SUCCESS, "it was not made");
    scopes.NumElements = 1;
    code = DhcpV4FailoverDeleteScopeFromRelationship(server, &r);
    also(!is_failover(0) && is_failover(1), "not exactly the first was removed");
    return code;
}
static DWORD remove_last(void)
{
    DHCP_FAILOVER_RELATIONSHIP r = valid(u"lab", 0);
    LPDHCP_FAILOVER_RELATIONSHIP stored = NULL;
    DWORD code;

    also(make(u"lab", 0) == ERROR_SUCCESS, "it was not made");
    code = DhcpV4FailoverDeleteScopeFromRelationship(server, &r);
    also(DhcpV4FailoverGetRelationship(server, u"lab", &stored) == ERROR_SUCCESS &&
             stored->pScopes->NumElements == 0,
         "it is not there without scopes");
    DhcpRpcFreeMemory(stored);
    return code;
}

/* The last one stays, for the phase "restarted". */
static DWORD keep(void)
{
    return make(u"kept", 0);
}
static DWORD is_kept(void)
{
    also(is_failover(0), "its scope is not in failover");
    also(!is_failover(1), "another scope is in failover");
    return DhcpV4FailoverDeleteRelationship(server, u"kept");
}

static const struct row rows[] = {
    {"M-CR-01", "FailoverCreateRelationship", "valid", 0, create_starts, 0},
    {"M-CR-02", "FailoverCreateRelationship", "State NORMAL is ignored", 0, create_starts, 0},
    {"M-CR-22", "FailoverCreateRelationship", "SafePeriod 0", 0, safe_period_0, 0},
    {"M-CR-23", "FailoverCreateRelationship", "SafePeriod 600", 0, safe_period_600, 0},
    {"M-SR-05", "FailoverSetRelationship", "MCLT, others are anything", 0, set_mclt_only, 0},
    {"M-SR-07", "FailoverSetRelationship", "MCLT and SAFEPERIOD", 0, set_two, 0},
    {"M-SR-10", "FailoverSetRelationship", "MODE and PERCENTAGE", 0, set_mode, 0},
    {"M-SR-12", "FailoverSetRelationship", "SHAREDSECRET", 0, set_secret, 0},
    {"M-DR-03", "FailoverDeleteRelationship", "existing", 0, delete_keeps_leases, 0},
    {"M-ER-01", "FailoverEnumRelationship", "none", 259, enum_none, 0},
    {"M-ER-02", "FailoverEnumRelationship", "three", 0, enum_three, 0},
    {"M-ER-03", "FailoverEnumRelationship", "room for one of three", 234, enum_one_of_three, 0},
    {"M-ER-04", "FailoverEnumRelationship", "to the end", 0, enum_to_the_end, 0},
    {"M-ER-05", "FailoverEnumRelationship", "handle = count", 259, enum_behind, 0},
    {"M-ER-06", "FailoverEnumRelationship", "RelationshipRead NULL", 87, enum_without_read, 0},
    {"M-DS-01", "FailoverDeleteScopeFromRelationship", "one of two", 0, remove_first_of_two, 0},
    {"M-DS-02", "FailoverDeleteScopeFromRelationship", "the last", 0, remove_last, 0},
    {"M-CR-28", "FailoverCreateRelationship", "to be kept over a restart", 0, keep, 0},
};
static const struct row after[] = {
    {"M-CR-28", "FailoverCreateRelationship", "the server was started again", 0, is_kept, 0},
};

const struct rows alone_rows = {"alone", rows, sizeof rows / sizeof rows[0], true};
const struct rows restarted_rows = {"restarted", after, 1, false};
