/* What foctl can do with scopes. */
#include "mgmt/foctl_table.h"

static const struct foctl_option scope_options[] = {
    {"name", "TEXT", "name"},
    {"comment", "TEXT", "comment"},
    {"range", "A-B", "addresses to lease; may be repeated"},
    {"exclude", "A-B", "addresses never to lease; may be repeated"},
    {"disabled", NULL, "not in service"},
    {0},
};
static const struct foctl_option scope_set_options[] = {
    {"name", "TEXT", "name"},
    {"comment", "TEXT", "comment"},
    {"enabled", NULL, "in service"},
    {"disabled", NULL, "not in service"},
    {0},
};
static const struct foctl_option scope_delete_options[] = {
    {"force", NULL, "also when it has leases"},
    {0},
};
#define KIND                                                                                       \
    {                                                                                              \
        "kind", "KIND", "for clients of: dhcp, bootp (kept, and leased to nobody), both (dhcp)"    \
    }
static const struct foctl_option range_options[] = {KIND, {0}};
static const struct foctl_option remove_range_options[] = {
    {"force", NULL, "its leases too"},
    {0},
};
static const struct foctl_option reserve_options[] = {
    {"for", "KIND", "for messages of: dhcp, bootp, both (both)"},
    {0},
};
static const struct foctl_option free_options[] = {
    {"count", "N", "how many, at most 1024 (1)"},
    {"within", "A-B", "only from these addresses"},
    {0},
};
static const struct foctl_option serves_options[] = {
    {"hardware", "HEX", "hardware address of the client, without type"},
    {"hardware-type", "N", "type of the hardware address (1, Ethernet)"},
    {"client-id", "HEX", "client identifier (option 61, type byte included)"},
    {"secs", "N", "how long the client says it has been trying (0)"},
    {"clients", "FILE", "many: lines of HARDWARE [CLIENT-ID]; \"-\" is standard input"},
    {0},
};

const struct foctl_command foctl_scope_commands[] = {
    {"scope", "create", "SUBNET/LENGTH", 1, 1, "make a scope", scope_options, foctl_scope_create,
     FOCTL_CHANGES},
    {"scope", "list", "", 0, 0, "all scopes", NULL, foctl_scope_list, FOCTL_READS},
    {"scope", "show", "SUBNET", 1, 1, "one scope", NULL, foctl_scope_show, FOCTL_READS},
    {"scope", "set", "SUBNET", 1, 1, "change name, comment, state", scope_set_options,
     foctl_scope_set, FOCTL_CHANGES},
    {"scope", "delete", "SUBNET", 1, 1, "remove a scope that is in no relationship",
     scope_delete_options, foctl_scope_delete, FOCTL_CHANGES},
    {"scope", "add-range", "SUBNET A-B", 2, 2, "addresses to lease", range_options,
     foctl_scope_add_range, FOCTL_CHANGES},
    {"scope", "set-range", "SUBNET A-B", 2, 2,
     "grow or shrink a range in place, as DhcpAddSubnetElementV5", range_options,
     foctl_scope_set_range, FOCTL_CHANGES},
    {"scope", "remove-range", "SUBNET A-B", 2, 2, "no longer to lease", remove_range_options,
     foctl_scope_remove_range, FOCTL_CHANGES},
    {"scope", "exclude", "SUBNET A-B", 2, 2, "addresses never to lease", NULL, foctl_scope_exclude,
     FOCTL_CHANGES},
    {"scope", "unexclude", "SUBNET A-B", 2, 2, "to lease again", NULL, foctl_scope_unexclude,
     FOCTL_CHANGES},
    {"scope", "reserve", "SUBNET ADDRESS HEX", 3, 3, "an address for one client identifier",
     reserve_options, foctl_scope_reserve, FOCTL_CHANGES},
    {"scope", "unreserve", "SUBNET ADDRESS", 2, 2, "for anybody again", NULL, foctl_scope_unreserve,
     FOCTL_CHANGES},
    {"scope", "free", "SUBNET", 1, 1, "addresses that this server may lease now", free_options,
     foctl_scope_free, FOCTL_READS},
    {"scope", "statistics", "[SUBNET]", 0, 1, "how many addresses are free and in use", NULL,
     foctl_scope_statistics, FOCTL_READS},
    {"scope", "serves", "SUBNET", 1, 1, "which server answers a new client there, and why",
     serves_options, foctl_scope_serves, FOCTL_READS},
    {0},
};
