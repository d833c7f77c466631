/* What foctl can do with IPv6. */
#include "mgmt/foctl_table.h"
#include "mgmt/foctl_v6.h"

static const struct foctl_option prefix_options[] = {
    {"name", "TEXT", "name"},
    {"comment", "TEXT", "comment"},
    {"preference", "N", "of several servers, clients take the one with the highest (0)"},
    {"disabled", NULL, "not in service"},
    {0},
};
static const struct foctl_option prefix_set_options[] = {
    {"name", "TEXT", "name"},
    {"comment", "TEXT", "comment"},
    {"preference", "N", "of several servers, clients take the one with the highest"},
    {"enabled", NULL, "in service"},
    {"disabled", NULL, "not in service"},
    {0},
};
static const struct foctl_option prefix_delete_options[] = {
    {"force", NULL, "also when it has clients: their leases go too"},
    {0},
};
static const struct foctl_option lease6_options[] = {
    {"duid", "HEX", "who the client is"},
    {"iaid", "N", "its identity association"},
    {"name", "TEXT", "name of the client"},
    {"comment", "TEXT", "comment"},
    {"duration", "TIME", "how long the lease is valid (1d)"},
    {"preferred", "TIME", "how long it is preferred (as long as valid)"},
    {"infinite", NULL, "the lease never ends"},
    {0},
};
static const struct foctl_option search6_options[] = {
    {"duid", "HEX", "find by the client, with --iaid"},
    {"iaid", "N", "its identity association"},
    {0},
};
static const struct foctl_option lease6_list_options[] = {
    {"prefix", "PREFIX", "only leases of this prefix"},
    {0},
};
static const struct foctl_option binding_options[] = {
    {"bind", NULL, "serve IPv6 there"},
    {"unbind", NULL, "do not"},
    {"generation", "HEX", "refuse if interfaces or addresses changed since that list was read"},
    {0},
};

const struct foctl_command foctl_v6_commands[] = {
    {"prefix", "create", "PREFIX/LENGTH", 1, 1, "make an IPv6 prefix (no partner is told)",
     prefix_options, foctl_prefix_create, FOCTL_CHANGES},
    {"prefix", "list", "", 0, 0, "all IPv6 prefixes", NULL, foctl_prefix_list, FOCTL_READS},
    {"prefix", "show", "PREFIX", 1, 1, "one, with its exclusions and reservations", NULL,
     foctl_prefix_show, FOCTL_READS},
    {"prefix", "set", "PREFIX", 1, 1, "change name, comment, preference, state", prefix_set_options,
     foctl_prefix_set, FOCTL_CHANGES},
    {"prefix", "delete", "PREFIX", 1, 1, "remove it with its exclusions and reservations",
     prefix_delete_options, foctl_prefix_delete, FOCTL_CHANGES},
    {"prefix", "exclude", "PREFIX A-B", 2, 2, "addresses never to lease", NULL,
     foctl_prefix_exclude, FOCTL_CHANGES},
    {"prefix", "unexclude", "PREFIX A-B", 2, 2, "to lease again", NULL, foctl_prefix_unexclude,
     FOCTL_CHANGES},
    {"prefix", "reserve", "PREFIX ADDRESS DUID IAID", 4, 4, "an address for one client", NULL,
     foctl_prefix_reserve, FOCTL_CHANGES},
    {"prefix", "unreserve", "PREFIX ADDRESS", 2, 2, "for anybody again", NULL,
     foctl_prefix_unreserve, FOCTL_CHANGES},
    {"lease6", "create", "ADDRESS", 1, 1, "make an IPv6 lease, as DhcpV6CreateClientInfo",
     lease6_options, foctl_lease6_create, FOCTL_CHANGES},
    {"lease6", "list", "", 0, 0, "IPv6 leases in the order of addresses", lease6_list_options,
     foctl_lease6_list, FOCTL_READS},
    {"lease6", "show", "[ADDRESS]", 0, 1, "one IPv6 lease", search6_options, foctl_lease6_show,
     FOCTL_READS},
    {"lease6", "set", "ADDRESS", 1, 1, "change client, end, name or comment", lease6_options,
     foctl_lease6_set, FOCTL_CHANGES},
    {"lease6", "delete", "ADDRESS", 1, 1, "remove an IPv6 lease", NULL, foctl_lease6_delete,
     FOCTL_CHANGES},
    {"binding", "list", "", 0, 0, "interfaces, and where IPv6 is served", NULL, foctl_binding_list,
     FOCTL_READS},
    {"binding", "set", "INTERFACE…", 1, FOCTL_BINDINGS_MAX, "serve IPv6 there, or not",
     binding_options, foctl_binding_set, FOCTL_CHANGES},
    {0},
};
