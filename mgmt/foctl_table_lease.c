/* What foctl can do with leases. */
#include "mgmt/foctl_table.h"

static const struct foctl_option lease_options[] = {
    {"hardware", "HEX", "hardware address of the client, without type"},
    {"hardware-type", "N", "type of the hardware address (1, Ethernet)"},
    {"client-id", "HEX", "client identifier (option 61, type byte included)"},
    {"name", "TEXT", "name of the client"},
    {"comment", "TEXT", "comment"},
    {"duration", "TIME", "how long the lease is (1d)"},
    {"infinite", NULL, "the lease never ends"},
    {"state", "STATE", "active, declined or doom (active)"},
    {0},
};
static const struct foctl_option search_options[] = {
    {"hardware", "HEX", "find by hardware address, without type"},
    {"hardware-type", "N", "type of the hardware address (1, Ethernet)"},
    {"client-id", "HEX", "find by client identifier"},
    {"name", "TEXT", "find by the client's name"},
    {"scope", "SUBNET", "in this scope"},
    {0},
};
static const struct foctl_option lease_delete_options[] = {
    {"hardware", "HEX", "find by hardware address, without type"},
    {"hardware-type", "N", "type of the hardware address (1, Ethernet)"},
    {"client-id", "HEX", "find by client identifier"},
    {"name", "TEXT", "find by the client's name"},
    {"scope", "SUBNET", "all leases of this scope"},
    {"bad", NULL, "all that a client has declined (ABANDONED), of --scope or anywhere"},
    {0},
};
static const struct foctl_option lease_list_options[] = {
    {"bad", NULL, "only what a client has declined (ABANDONED)"},
    {"scope", "SUBNET", "only leases of this scope"},
    {"all", NULL, "also addresses that nobody holds any more"},
    {0},
};
static const struct foctl_option import_options[] = {
    {"renew", NULL, "a lease that the same client holds already is renewed"},
    {"quiet", NULL, "do not list what was skipped"},
    {0},
};

const struct foctl_command foctl_lease_commands[] = {
    {"lease", "create", "ADDRESS", 1, 1, "make a lease, as DhcpV4CreateClientInfo", lease_options,
     foctl_lease_create, FOCTL_CHANGES},
    {"lease", "list", "", 0, 0, "leases in the order of addresses", lease_list_options,
     foctl_lease_list, FOCTL_READS},
    {"lease", "show", "[ADDRESS]", 0, 1, "one lease, its owner, its four times", search_options,
     foctl_lease_show, FOCTL_READS},
    {"lease", "set", "ADDRESS", 1, 1, "change end, name or comment", lease_options, foctl_lease_set,
     FOCTL_CHANGES},
    {"lease", "delete", "[ADDRESS]", 0, 1, "end a lease, as a release does", lease_delete_options,
     foctl_lease_delete, FOCTL_CHANGES},
    {"lease", "import", "FILE", 1, 1, "take the leases of ISC dhcpd (dhcpd.leases)", import_options,
     foctl_lease_import, FOCTL_CHANGES},
    {0},
};
