/* The cmdlets, row by row: MAPI §6.1, and those beside them that name the same things. */
#include <stddef.h>
#include <string.h>
#include <strings.h>

#include "mgmt/foctl_cmdlet.h"

#define NO(name, why)                                                                              \
    {                                                                                              \
        name, FOCTL_NONE, 0, false, why                                                            \
    }

/* --- failover --------------------------------------------------------------------------------- */

static const struct foctl_param add_failover[] = {
    {"Name", FOCTL_TEXT, 1, true, "--name"},
    {"ScopeId", FOCTL_LIST, 2, true, "--scope"},
    {"PartnerServer", FOCTL_TEXT, 3, true, "--partner-management"},
    {"MaxClientLeadTime", FOCTL_SPAN, 0, false, "--mclt"},
    {"AutoStateTransition", FOCTL_BOOL, 0, false, NULL},
    {"StateSwitchInterval", FOCTL_SPAN, 0, false, NULL},
    {"SharedSecret", FOCTL_TEXT, 0, false, "--secret"},
    {"LoadBalancePercent", FOCTL_TEXT, 0, false, NULL},
    {"ReservePercent", FOCTL_TEXT, 0, false, NULL},
    {"ServerRole", FOCTL_TEXT, 0, false, NULL},
    {0},
};
static const struct foctl_param set_failover[] = {
    {"Name", FOCTL_TEXT, 1, true, "#1"},
    {"MaxClientLeadTime", FOCTL_SPAN, 0, false, "--mclt"},
    {"AutoStateTransition", FOCTL_BOOL, 0, false, NULL},
    {"StateSwitchInterval", FOCTL_SPAN, 0, false, NULL},
    {"SharedSecret", FOCTL_TEXT, 0, false, "--secret"},
    {"LoadBalancePercent", FOCTL_TEXT, 0, false, NULL},
    {"ReservePercent", FOCTL_TEXT, 0, false, NULL},
    {"Mode", FOCTL_TEXT, 0, false, NULL},
    {"PartnerDown", FOCTL_SWITCH, 0, false, NULL},
    {0},
};
static const struct foctl_param get_failover[] = {
    {"Name", FOCTL_LIST, 1, false, "#1"},
    {"ScopeId", FOCTL_LIST, 0, false, "--scope"},
    {0},
};
static const struct foctl_param names[] = {{"Name", FOCTL_LIST, 1, true, "#1"}, {0}};
static const struct foctl_param name_and_scopes[] = {
    {"Name", FOCTL_TEXT, 1, true, "#1"},
    {"ScopeId", FOCTL_LIST, 2, true, "#*"},
    {0},
};
static const struct foctl_param replication[] = {
    {"Name", FOCTL_LIST, 1, false, "#1"},
    {"ScopeId", FOCTL_LIST, 0, false, NULL},
    {0},
};
static const struct foctl_param statistics[] = {
    {"ScopeId", FOCTL_LIST, 1, false, "#1"},
    {"Failover", FOCTL_SWITCH, 0, false, NULL}, /* the columns of both servers are always there */
    {0},
};

/* --- scopes ----------------------------------------------------------------------------------- */

#define SCOPE_REST                                                                                 \
    NO("SuperscopeName", "there are no superscopes"), NO("MaxBootpClients", "there is no BOOTP"),  \
        NO("ActivatePolicies", "there are no policies"),                                           \
        NO("NapEnable", "there is no network access protection"),                                  \
        NO("NapProfile", "there is no network access protection"),                                 \
        NO("Delay", "see --load-balance-max of foctl relationship create"),                        \
        NO("LeaseDuration", "how long a lease is the DHCP server decides; see --mclt of a "        \
                            "relationship"),                                                       \
        NO("Type", "say it of a range: foctl scope add-range --kind")

static const struct foctl_param add_scope[] = {
    {"StartRange", FOCTL_TEXT, 1, true, NULL},
    {"EndRange", FOCTL_TEXT, 2, true, NULL},
    {"Name", FOCTL_TEXT, 3, true, "--name"},
    {"SubnetMask", FOCTL_TEXT, 4, true, NULL},
    {"Description", FOCTL_TEXT, 0, false, "--comment"},
    {"State", FOCTL_TEXT, 0, false, NULL},
    SCOPE_REST,
    {0},
};
static const struct foctl_param set_scope[] = {
    {"ScopeId", FOCTL_TEXT, 1, true, "#1"},
    {"Name", FOCTL_TEXT, 0, false, "--name"},
    {"Description", FOCTL_TEXT, 0, false, "--comment"},
    {"State", FOCTL_TEXT, 0, false, NULL},
    {"StartRange", FOCTL_TEXT, 0, false, NULL},
    {"EndRange", FOCTL_TEXT, 0, false, NULL},
    SCOPE_REST,
    {0},
};
static const struct foctl_param scopes[] = {{"ScopeId", FOCTL_LIST, 1, false, "#1"}, {0}};
static const struct foctl_param some_scopes[] = {{"ScopeId", FOCTL_LIST, 1, true, "#1"}, {0}};
static const struct foctl_param exclusion[] = {
    {"ScopeId", FOCTL_TEXT, 1, true, "#1"},
    {"StartRange", FOCTL_TEXT, 2, true, NULL},
    {"EndRange", FOCTL_TEXT, 3, true, NULL},
    {0},
};
static const struct foctl_param add_reservation[] = {
    {"ScopeId", FOCTL_TEXT, 1, true, "#1"},
    {"IPAddress", FOCTL_TEXT, 2, true, "#*"},
    {"ClientId", FOCTL_BYTES, 3, true, "#*"},
    NO("Name", "a reservation has no name; a lease has: foctl lease create --name"),
    NO("Description",
       "a reservation has no description; a lease has: foctl lease create --comment"),
    {"Type", FOCTL_TEXT, 0, false, NULL},
    {0},
};
static const struct foctl_param free_addresses[] = {
    {"ScopeId", FOCTL_TEXT, 1, true, "#1"},
    {"NumAddress", FOCTL_TEXT, 2, false, "--count"},
    {"StartAddress", FOCTL_TEXT, 0, false, NULL},
    {"EndAddress", FOCTL_TEXT, 0, false, NULL},
    {0},
};
static const struct foctl_param reservation[] = {
    {"ScopeId", FOCTL_TEXT, 1, false, NULL},
    {"ClientId", FOCTL_BYTES, 2, false, NULL},
    {"IPAddress", FOCTL_LIST, 0, false, NULL},
    {0},
};

/* --- leases ----------------------------------------------------------------------------------- */

static const struct foctl_param add_lease[] = {
    {"IPAddress", FOCTL_TEXT, 1, true, "#1"},
    {"ScopeId", FOCTL_TEXT, 2, false, NULL}, /* the address says which */
    {"ClientId", FOCTL_BYTES, 3, true, "--hardware"},
    {"AddressState", FOCTL_TEXT, 0, false, NULL},
    {"HostName", FOCTL_TEXT, 0, false, "--name"},
    {"Description", FOCTL_TEXT, 0, false, "--comment"},
    {"LeaseExpiryTime", FOCTL_MOMENT, 0, false, "--duration"},
    NO("DnsRR", "DNS is the DHCP server's"),
    NO("DnsRegistration", "DNS is the DHCP server's"),
    NO("ClientType", "all clients are of DHCP"),
    NO("NapCapable", "there is no network access protection"),
    NO("NapStatus", "there is no network access protection"),
    NO("ProbationEnds", "there is no network access protection"),
    NO("PolicyName", "there are no policies"),
    {0},
};
static const struct foctl_param lease[] = {
    {"ScopeId", FOCTL_TEXT, 1, false, "--scope"}, {"ClientId", FOCTL_BYTES, 2, false, "--hardware"},
    {"IPAddress", FOCTL_LIST, 0, false, "#1"},    {"BadLeases", FOCTL_SWITCH, 0, false, "--bad"},
    {"AllLeases", FOCTL_SWITCH, 0, false, NULL},  {0},
};

/* --- IPv6 ------------------------------------------------------------------------------------- */

#define LIFETIMES                                                                                  \
    NO("PreferredLifetime", "say it of a lease: foctl lease6 create --preferred"),                 \
        NO("ValidLifeTime", "say it of a lease: foctl lease6 create --duration"),                  \
        NO("T1", "the DHCP server decides when clients renew"),                                    \
        NO("T2", "the DHCP server decides when clients rebind")

static const struct foctl_param add_prefix[] = {
    {"Prefix", FOCTL_TEXT, 1, true, NULL},
    {"Name", FOCTL_TEXT, 2, true, "--name"},
    {"Description", FOCTL_TEXT, 0, false, "--comment"},
    {"Preference", FOCTL_TEXT, 0, false, "--preference"},
    {"State", FOCTL_TEXT, 0, false, NULL},
    LIFETIMES,
    {0},
};
static const struct foctl_param set_prefix[] = {
    {"Prefix", FOCTL_TEXT, 1, true, "#1"},
    {"Name", FOCTL_TEXT, 0, false, "--name"},
    {"Description", FOCTL_TEXT, 0, false, "--comment"},
    {"Preference", FOCTL_TEXT, 0, false, "--preference"},
    {"State", FOCTL_TEXT, 0, false, NULL},
    LIFETIMES,
    {0},
};
static const struct foctl_param prefixes[] = {{"Prefix", FOCTL_LIST, 1, false, "#1"}, {0}};
static const struct foctl_param some_prefixes[] = {{"Prefix", FOCTL_LIST, 1, true, "#1"}, {0}};
static const struct foctl_param exclusion6[] = {
    {"Prefix", FOCTL_TEXT, 1, true, "#1"},
    {"StartRange", FOCTL_TEXT, 2, true, NULL},
    {"EndRange", FOCTL_TEXT, 3, true, NULL},
    {0},
};
static const struct foctl_param add_reservation6[] = {
    {"Prefix", FOCTL_TEXT, 1, true, "#1"},
    {"IPAddress", FOCTL_TEXT, 2, true, "#*"},
    {"ClientDuid", FOCTL_BYTES, 3, true, "#*"},
    {"Iaid", FOCTL_TEXT, 4, true, "#*"},
    NO("Name", "a reservation has no name; a lease has: foctl lease6 create --name"),
    NO("Description",
       "a reservation has no description; a lease has: foctl lease6 create --comment"),
    {0},
};
static const struct foctl_param add_lease6[] = {
    {"IPAddress", FOCTL_TEXT, 1, true, "#1"},
    {"ClientDuid", FOCTL_BYTES, 2, true, "--duid"},
    {"Iaid", FOCTL_TEXT, 3, true, "--iaid"},
    {"HostName", FOCTL_TEXT, 0, false, "--name"},
    {"Description", FOCTL_TEXT, 0, false, "--comment"},
    {"LeaseExpiryTime", FOCTL_MOMENT, 0, false, "--duration"},
    NO("AddressType", "all IPv6 leases are of addresses that clients asked for"),
    {0},
};
static const struct foctl_param lease6[] = {
    {"Prefix", FOCTL_TEXT, 1, false, "--prefix"},
    {"IPAddress", FOCTL_LIST, 0, false, "#1"},
    {0},
};
static const struct foctl_param set_binding[] = {
    {"BindingState", FOCTL_BOOL, 1, true, NULL},
    {"InterfaceAlias", FOCTL_LIST, 2, true, "#*"},
    {0},
};
static const struct foctl_param nothing[] = {{0}};

const struct foctl_cmdlet foctl_cmdlets[] = {
    {"Add-DhcpServerv4Failover", "relationship", "create", add_failover, foctl_cmdlet_add_failover,
     "relationship"},
    {"Set-DhcpServerv4Failover", "relationship", "set", set_failover, foctl_cmdlet_set_failover,
     "relationship"},
    {"Get-DhcpServerv4Failover", "relationship", "list", get_failover, foctl_cmdlet_get_failover,
     NULL},
    {"Remove-DhcpServerv4Failover", "relationship", "delete", names, foctl_cmdlet_remove_failover,
     NULL},
    {"Add-DhcpServerv4FailoverScope", "relationship", "add-scope", name_and_scopes, NULL,
     "relationship"},
    {"Remove-DhcpServerv4FailoverScope", "relationship", "remove-scope", name_and_scopes,
     foctl_cmdlet_remove_failover_scope, "relationship"},
    {"Invoke-DhcpServerv4FailoverReplication", "relationship", "replicate", replication,
     foctl_cmdlet_replicate, NULL},
    {"Get-DhcpServerv4ScopeStatistics", "scope", "statistics", statistics, NULL, NULL},
    {"Add-DhcpServerv4Scope", "scope", "create", add_scope, foctl_cmdlet_add_scope, NULL},
    {"Get-DhcpServerv4Scope", "scope", "list", scopes, foctl_cmdlet_get_scope, NULL},
    {"Set-DhcpServerv4Scope", "scope", "set", set_scope, foctl_cmdlet_set_scope, "scope"},
    {"Remove-DhcpServerv4Scope", "scope", "delete", some_scopes, NULL, NULL},
    {"Add-DhcpServerv4ExclusionRange", "scope", "exclude", exclusion, foctl_cmdlet_exclusion,
     "scope"},
    {"Get-DhcpServerv4ExclusionRange", "scope", "list", scopes, foctl_cmdlet_get_scope, NULL},
    {"Remove-DhcpServerv4ExclusionRange", "scope", "unexclude", exclusion, foctl_cmdlet_exclusion,
     "scope"},
    {"Get-DhcpServerv4FreeIPAddress", "scope", "free", free_addresses, foctl_cmdlet_free, NULL},
    {"Add-DhcpServerv4Reservation", "scope", "reserve", add_reservation,
     foctl_cmdlet_add_reservation, "scope"},
    {"Get-DhcpServerv4Reservation", "scope", "show", reservation, foctl_cmdlet_get_reservation,
     NULL},
    {"Remove-DhcpServerv4Reservation", "scope", "unreserve", reservation,
     foctl_cmdlet_remove_reservation, NULL},
    {"Add-DhcpServerv4Lease", "lease", "create", add_lease, foctl_cmdlet_add_lease, "lease"},
    {"Get-DhcpServerv4Lease", "lease", "list", lease, foctl_cmdlet_get_lease, NULL},
    {"Remove-DhcpServerv4Lease", "lease", "delete", lease, foctl_cmdlet_remove_lease, NULL},
    {"Add-DhcpServerv6Scope", "prefix", "create", add_prefix, foctl_cmdlet_add_prefix, NULL},
    {"Get-DhcpServerv6Scope", "prefix", "list", prefixes, foctl_cmdlet_get_scope, NULL},
    {"Set-DhcpServerv6Scope", "prefix", "set", set_prefix, foctl_cmdlet_set_prefix, "prefix"},
    {"Remove-DhcpServerv6Scope", "prefix", "delete", some_prefixes, NULL, NULL},
    {"Add-DhcpServerv6ExclusionRange", "prefix", "exclude", exclusion6, foctl_cmdlet_exclusion,
     "prefix"},
    {"Get-DhcpServerv6ExclusionRange", "prefix", "list", prefixes, foctl_cmdlet_get_scope, NULL},
    {"Remove-DhcpServerv6ExclusionRange", "prefix", "unexclude", exclusion6, foctl_cmdlet_exclusion,
     "prefix"},
    {"Add-DhcpServerv6Reservation", "prefix", "reserve", add_reservation6, NULL, "prefix"},
    {"Add-DhcpServerv6Lease", "lease6", "create", add_lease6, NULL, "lease6"},
    {"Get-DhcpServerv6Lease", "lease6", "list", lease6, foctl_cmdlet_get_lease6, NULL},
    {"Remove-DhcpServerv6Lease", "lease6", "delete", lease6, foctl_cmdlet_remove_lease6, NULL},
    {"Get-DhcpServerv6Binding", "binding", "list", nothing, NULL, NULL},
    {"Set-DhcpServerv6Binding", "binding", "set", set_binding, foctl_cmdlet_set_binding, NULL},
    {"Get-DhcpServerVersion", "status", NULL, nothing, NULL, NULL},
    {0},
};

/* --- what is none of ours --------------------------------------------------------------------- */

static const struct {
    const char *part; /* of its name */
    const char *instead;
} others[] = {
    {"v6FreeIPAddress", "foctl lease6 list --prefix tells who has addresses"},
    {"IPRecord", "fo repairs itself; foctl relationship resync asks the partner for all it knows"},
    {"SecurityGroup", "see users-group and administrators-group in fod.conf"},
    {"AuditLog", "see the audit file in fod.conf"},
    {"Database", "see state-directory in fod.conf, and foctl status"},
    {"Export-", "foctl with --json tells all there is"},
    {"Import-", "foctl lease import and relationship import take over an ISC dhcpd"},
    {"Backup-",
     "the store is the directory state-directory in fod.conf; the partner has all leases"},
    {"Restore-", "foctl relationship create --lost-storage fetches all from the partner"},
    {"v4Binding", "see failover { listen } in fod.conf"},
    {"v6Reservation", "foctl prefix show and prefix unreserve"},
    {"v6ScopeStatistics", "foctl lease6 list --prefix tells who has addresses"},
    {"v4Statistics", "foctl status"},
    {"InDC", "there is no directory that authorises servers"},
    {"Option", "options are the DHCP server's"},
    {"Policy", "there are no policies"},
    {"Superscope", "there are no superscopes"},
    {"Filter", "there are no filters"},
    {"Class", "classes are the DHCP server's"},
    {"Dns", "DNS is the DHCP server's"},
    {"Multicast", "there are no multicast scopes"},
    {"Stateless", "stateless clients have no leases"},
    {"Setting", "see fod.conf"},
};

const char *foctl_cmdlet_instead(const char *name)
{
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) {
        if (strcasestr(name, others[i].part) != NULL)
            return others[i].instead;
    }
    return "foctl help lists the cmdlets that have one";
}
