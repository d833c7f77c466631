/* What foctl can do with relationships. */
#include "mgmt/foctl_table.h"

#define PAIR_OPTIONS                                                                               \
    {"partner-management", "ADDRESS",                                                              \
     "management of the partner: HOST[:PORT] or the path of a socket (remembered)"},               \
        {"local-management", "ADDRESS", "management of this server, as the partner reaches it"},   \
        {"one-sided", NULL, "change this server only"},                                            \
    {                                                                                              \
        "stop-after", "POINT",                                                                     \
            "expert: end after prepare-a, prepare-b or commit-a, as a tool that dies would"        \
    }

static const struct foctl_option relationship_options[] = {
    {"name", "NAME", "at most 126 characters, the same on both servers"},
    {"role", "ROLE", "of this server: primary or secondary"},
    {"local", "ADDRESS", "failover address of this server (what it tells)"},
    {"partner", "ADDRESS", "failover address of the partner (what it tells)"},
    {"partner-port", "PORT", "its failover port (what it tells, or 647)"},
    {"local-name", "NAME", "name of this server, as its certificate has it"},
    {"partner-name", "NAME", "name of the partner, as its certificate has it"},
    {"mode", "MODE", "load-balance or hot-standby (load-balance)"},
    {"percent", "N", "clients of the primary (50), or pool kept for the standby (5)"},
    {"mclt", "TIME", "maximum client lead time (1h)"},
    {"safe-period", "TIME", "then the partner counts as down by itself (never)"},
    {"secret-file", "FILE", "first line: shared secret of the message digest"},
    {"secret", "TEXT", "the secret itself; asks, since others can read it there"},
    {"tls", "MODE", "off, desired or required (off)"},
    {"dialect", "NAME", "draft or isc (draft, or as the partner shows)"},
    {"scope", "SUBNET", "a scope of the relationship; may be repeated"},
    {"receive-timer", "TIME", "silence after which the link is given up (30)"},
    {"max-unacked", "N", "updates that may be under way"},
    {"max-clock-skew", "TIME", "largest clock difference (the dialect's)"},
    {"split", "N", "of 256 hash buckets, those of the primary, instead of --percent"},
    {"hba", "HEX", "hash buckets by hand, 32 bytes; a set bit is the primary's"},
    {"load-balance-max", "SECONDS", "answer everybody who has waited that long (never)"},
    {"lost-storage", NULL, "this server had a database and lost it"},
    PAIR_OPTIONS,
    {0},
};
static const struct foctl_option set_options[] = {
    {"mode", "MODE", "load-balance or hot-standby; sets --percent too (50 or 5)"},
    {"percent", "N", "clients of the primary, or pool kept for the standby"},
    {"mclt", "TIME", "maximum client lead time"},
    {"safe-period", "TIME", "0: never"},
    {"secret-file", "FILE", "first line: shared secret; an empty file: no digest"},
    {"secret", "TEXT", "the secret itself; asks, since others can read it there; \"\": no digest"},
    PAIR_OPTIONS,
    {0},
};
static const struct foctl_option pair_options[] = {
    PAIR_OPTIONS,
    {0},
};
static const struct foctl_option settle_options[] = {
    {"commit", NULL, "the other server has it"},
    {"abort", NULL, "the other server does not have it"},
    {0},
};
static const struct foctl_option replicate_options[] = {
    {"scope", "SUBNET", "only this scope; may be repeated"},
    {"partner-management", "ADDRESS", "management of the partner"},
    {0},
};
static const struct foctl_option relationship_list_options[] = {
    {"scope", "SUBNET", "only that of this scope; may be repeated"},
    {0},
};
static const struct foctl_option diff_options[] = {
    {"partner-management", "ADDRESS", "management of the partner"},
    {0},
};
static const struct foctl_option events_options[] = {
    {"after", "N", "only events after this number"},
    {0},
};
static const struct foctl_option takeover_options[] = {
    {"as-partner", NULL, "take the place of its partner, not that of this dhcpd"},
    {"lost-storage", NULL, "the server whose place we take had a database: fetch it (RECOVER)"},
    {"mclt", "TIME", "maximum client lead time; only a primary's file has it"},
    {"split", "N", "of 256 hash buckets, those of the primary; only a primary's file has it"},
    {0},
};
static const struct foctl_option export_options[] = {
    {"format", "FORMAT", "dhcpd.conf (dhcpd.conf)"},
    {0},
};

const struct foctl_command foctl_relationship_commands[] = {
    {"relationship", "create", "", 0, 0, "join this server with a partner", relationship_options,
     foctl_relationship_create, FOCTL_CHANGES},
    {"relationship", "validate", "", 0, 0, "all checks of create on both servers, and no change",
     relationship_options, foctl_relationship_validate, FOCTL_READS},
    {"relationship", "list", "", 0, 0, "all relationships", relationship_list_options,
     foctl_relationship_list, FOCTL_READS},
    {"relationship", "show", "NAME", 1, 1, "one relationship", NULL, foctl_relationship_show,
     FOCTL_READS},
    {"relationship", "set", "NAME", 1, 1, "change it on both servers", set_options,
     foctl_relationship_set, FOCTL_CHANGES},
    {"relationship", "delete", "NAME", 1, 1, "end it on both servers; leases stay", pair_options,
     foctl_relationship_delete, FOCTL_CHANGES},
    {"relationship", "add-scope", "NAME SUBNET…", 2, 400, "add scopes on both servers",
     pair_options, foctl_relationship_add_scope, FOCTL_CHANGES},
    {"relationship", "remove-scope", "NAME SUBNET…", 2, 400, "remove scopes on both servers",
     pair_options, foctl_relationship_remove_scope, FOCTL_CHANGES},
    {"relationship", "settle", "NAME", 1, 1,
     "end a change in doubt whose deciding server will never come back", settle_options,
     foctl_relationship_settle, FOCTL_CHANGES},
    {"relationship", "replicate", "NAME", 1, 1, "copy the scopes' configuration to the partner",
     replicate_options, foctl_relationship_replicate, FOCTL_CHANGES},
    {"relationship", "diff", "NAME", 1, 1,
     "what both servers have differently; exit code 1 if there is any", diff_options,
     foctl_relationship_diff, FOCTL_READS},
    {"relationship", "partner-down", "NAME", 1, 1, "say that the partner is down, not cut off",
     NULL, foctl_relationship_partner_down, FOCTL_CHANGES},
    {"relationship", "pause", "NAME", 1, 1, "stop serving; the partner takes over", NULL,
     foctl_relationship_pause, FOCTL_CHANGES},
    {"relationship", "shutdown", "NAME", 1, 1, "this server goes away for long", NULL,
     foctl_relationship_shutdown, FOCTL_CHANGES},
    {"relationship", "resume", "NAME", 1, 1, "end pause or shutdown", NULL,
     foctl_relationship_resume, FOCTL_CHANGES},
    {"relationship", "resync", "NAME", 1, 1, "ask the partner for all it knows, and wait for it",
     NULL, foctl_relationship_resync, FOCTL_CHANGES},
    {"relationship", "balance", "NAME", 1, 1, "share the free addresses out now", NULL,
     foctl_relationship_balance, FOCTL_CHANGES},
    {"relationship", "events", "NAME", 1, 1, "what happened to it", events_options,
     foctl_relationship_events, FOCTL_READS},
    {"relationship", "import", "FILE NAME", 2, 2,
     "take a server's place by its dhcpd.conf: failover peer NAME and its pools", takeover_options,
     foctl_relationship_import, FOCTL_CHANGES},
    {"relationship", "export", "NAME", 1, 1, "print the partner's side for its dhcpd.conf",
     export_options, foctl_relationship_export, FOCTL_READS},
    {0},
};
