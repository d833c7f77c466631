#include "mgmt/foctl.h"

#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define VERSION "0.1.0"

struct command {
    const char *noun, *verb;
    const char *words; /* what stands after the verb */
    int words_least, words_most;
    const char *help;
    const struct foctl_option *options;
    foctl_run run;
};

/* --- options, by command
 * -------------------------------------------------------------------------- */

static const struct foctl_option common[] = {
    {"socket", "PATH", "the Unix socket of fod (" FO_MGMT_SOCKET ", or $FO_SOCKET)"},
    {"server", "HOST[:PORT]", "fod on another machine, over TLS; or the path of a socket"},
    {"ca", "FILE", "who signs servers (or $FO_CA)"},
    {"cert", "FILE", "our certificate (or $FO_CERT)"},
    {"key", "FILE", "its key (or $FO_KEY)"},
    {"timeout", "SECONDS", "how long to wait for an answer (30)"},
    {"json", NULL, "print JSON"},
    {"help", NULL, "print help"},
    {0},
};
static const struct foctl_option none[] = {{0}};

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
    {"local", "ADDRESS", "failover address of this server"},
    {"partner", "ADDRESS", "failover address of the partner"},
    {"partner-port", "PORT", "its failover port (what it tells, or 647)"},
    {"local-name", "NAME", "name of this server, as its certificate has it"},
    {"partner-name", "NAME", "name of the partner, as its certificate has it"},
    {"mode", "MODE", "load-balance or hot-standby (load-balance)"},
    {"percent", "N", "clients of the primary (50), or pool kept for the standby (5)"},
    {"mclt", "TIME", "maximum client lead time (1h)"},
    {"safe-period", "TIME", "then the partner counts as down by itself (never)"},
    {"secret-file", "FILE", "first line: shared secret of the message digest"},
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
    PAIR_OPTIONS,
    {0},
};
static const struct foctl_option pair_options[] = {
    {"force", NULL, "do not ask"},
    PAIR_OPTIONS,
    {0},
};
static const struct foctl_option force_options[] = {{"force", NULL, "do not ask"}, {0}};
static const struct foctl_option settle_options[] = {
    {"commit", NULL, "the other server has it"},
    {"abort", NULL, "the other server does not have it"},
    {0},
};
static const struct foctl_option replicate_options[] = {
    {"force", NULL, "do not ask"},
    {"scope", "SUBNET", "only this scope; may be repeated"},
    {"what-if", NULL, "only show the difference"},
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
static const struct foctl_option serves_options[] = {
    {"hardware", "HEX", "hardware address of the client, without type"},
    {"hardware-type", "N", "type of the hardware address (1, Ethernet)"},
    {"client-id", "HEX", "client identifier (option 61, type byte included)"},
    {"secs", "N", "how long the client says it has been trying (0)"},
    {"clients", "FILE", "many: lines of HARDWARE [CLIENT-ID]; \"-\" is standard input"},
    {0},
};
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
    {"force", NULL, "do not ask"},
    {0},
};
static const struct foctl_option lease_list_options[] = {
    {"scope", "SUBNET", "only leases of this scope"},
    {"all", NULL, "also addresses that nobody holds any more"},
    {0},
};
static const struct foctl_option import_options[] = {
    {"renew", NULL, "a lease that the same client holds already is renewed"},
    {"quiet", NULL, "do not list what was skipped"},
    {0},
};
static const struct foctl_option watch_options[] = {
    {"interval", "TIME", "between two looks (2)"},
    {"count", "N", "end after so many looks"},
    {0},
};

/* --- commands
 * -------------------------------------------------------------------------------------- */

static const struct command commands[] = {
    {"status", NULL, "[NAME]", 0, 1, "how the server and its relationships are", none,
     foctl_status},
    {"watch", NULL, "[NAME]", 0, 1, "the same, again and again", watch_options, foctl_watch},
    {"relationship", "create", "", 0, 0, "join this server with a partner", relationship_options,
     foctl_relationship_create},
    {"relationship", "validate", "", 0, 0, "all checks of create on both servers, and no change",
     relationship_options, foctl_relationship_validate},
    {"relationship", "list", "", 0, 0, "all relationships", none, foctl_relationship_list},
    {"relationship", "show", "NAME", 1, 1, "one relationship", none, foctl_relationship_show},
    {"relationship", "set", "NAME", 1, 1, "change it on both servers", set_options,
     foctl_relationship_set},
    {"relationship", "delete", "NAME", 1, 1, "end it on both servers; leases stay", pair_options,
     foctl_relationship_delete},
    {"relationship", "add-scope", "NAME SUBNET…", 2, 400, "add scopes on both servers",
     pair_options, foctl_relationship_add_scope},
    {"relationship", "remove-scope", "NAME SUBNET…", 2, 400, "remove scopes on both servers",
     pair_options, foctl_relationship_remove_scope},
    {"relationship", "settle", "NAME", 1, 1,
     "end a change in doubt whose deciding server will never come back", settle_options,
     foctl_relationship_settle},
    {"relationship", "replicate", "NAME", 1, 1, "copy the scopes' configuration to the partner",
     replicate_options, foctl_relationship_replicate},
    {"relationship", "partner-down", "NAME", 1, 1, "say that the partner is down, not cut off",
     force_options, foctl_relationship_partner_down},
    {"relationship", "pause", "NAME", 1, 1, "stop serving; the partner takes over", none,
     foctl_relationship_pause},
    {"relationship", "shutdown", "NAME", 1, 1, "this server goes away for long", none,
     foctl_relationship_shutdown},
    {"relationship", "resume", "NAME", 1, 1, "end pause or shutdown", none,
     foctl_relationship_resume},
    {"relationship", "resync", "NAME", 1, 1, "ask the partner for all it knows, and wait for it",
     none, foctl_relationship_resync},
    {"relationship", "balance", "NAME", 1, 1, "share the free addresses out now", none,
     foctl_relationship_balance},
    {"relationship", "events", "NAME", 1, 1, "what happened to it", events_options,
     foctl_relationship_events},
    {"relationship", "import", "FILE NAME", 2, 2,
     "take a server's place by its dhcpd.conf: failover peer NAME and its pools", takeover_options,
     foctl_relationship_import},
    {"relationship", "export", "NAME", 1, 1, "print the partner's side for its dhcpd.conf",
     export_options, foctl_relationship_export},
    {"scope", "create", "SUBNET/LENGTH", 1, 1, "make a scope", scope_options, foctl_scope_create},
    {"scope", "list", "", 0, 0, "all scopes", none, foctl_scope_list},
    {"scope", "show", "SUBNET", 1, 1, "one scope", none, foctl_scope_show},
    {"scope", "set", "SUBNET", 1, 1, "change name, comment, state", scope_set_options,
     foctl_scope_set},
    {"scope", "delete", "SUBNET", 1, 1, "remove a scope that is in no relationship",
     scope_delete_options, foctl_scope_delete},
    {"scope", "add-range", "SUBNET A-B", 2, 2, "addresses to lease", none, foctl_scope_add_range},
    {"scope", "remove-range", "SUBNET A-B", 2, 2, "no longer to lease", none,
     foctl_scope_remove_range},
    {"scope", "exclude", "SUBNET A-B", 2, 2, "addresses never to lease", none, foctl_scope_exclude},
    {"scope", "unexclude", "SUBNET A-B", 2, 2, "to lease again", none, foctl_scope_unexclude},
    {"scope", "reserve", "SUBNET ADDRESS HEX", 3, 3, "an address for one client identifier", none,
     foctl_scope_reserve},
    {"scope", "unreserve", "SUBNET ADDRESS", 2, 2, "for anybody again", none,
     foctl_scope_unreserve},
    {"scope", "statistics", "[SUBNET]", 0, 1, "how many addresses are free and in use", none,
     foctl_scope_statistics},
    {"scope", "serves", "SUBNET", 1, 1, "which server answers a new client there, and why",
     serves_options, foctl_scope_serves},
    {"lease", "create", "ADDRESS", 1, 1, "make a lease, as DhcpV4CreateClientInfo", lease_options,
     foctl_lease_create},
    {"lease", "list", "", 0, 0, "leases in the order of addresses", lease_list_options,
     foctl_lease_list},
    {"lease", "show", "[ADDRESS]", 0, 1, "one lease, its owner, its four times", search_options,
     foctl_lease_show},
    {"lease", "set", "ADDRESS", 1, 1, "change end, name or comment", lease_options,
     foctl_lease_set},
    {"lease", "delete", "[ADDRESS]", 0, 1, "end a lease, as a release does", search_options,
     foctl_lease_delete},
    {"lease", "import", "FILE", 1, 1, "take the leases of ISC dhcpd (dhcpd.leases)", import_options,
     foctl_lease_import},
};
#define COMMANDS (sizeof commands / sizeof commands[0])

/* --- help
 * ------------------------------------------------------------------------------------------- */

static void print_options(const struct foctl_option *list)
{
    char left[64];

    for (; list->name != NULL; list++) {
        (void)snprintf(left, sizeof left, "--%s%s%s", list->name, list->value != NULL ? " " : "",
                       list->value != NULL ? list->value : "");
        (void)printf("  %-30s %s\n", left, list->help);
    }
}

static void print_command(const struct command *c)
{
    (void)printf("usage: foctl [OPTIONS] %s%s%s %s\n\n%s\n\n", c->noun, c->verb != NULL ? " " : "",
                 c->verb != NULL ? c->verb : "", c->words, c->help);
    print_options(c->options);
    (void)puts("\nfor every command:");
    print_options(common);
}

static void print_help(void)
{
    char left[64];

    (void)puts("usage: foctl [--server HOST | --socket PATH] [--json] NOUN VERB …\n");
    for (size_t i = 0; i < COMMANDS; i++) {
        (void)snprintf(left, sizeof left, "%s%s%s", commands[i].noun,
                       commands[i].verb != NULL ? " " : "",
                       commands[i].verb != NULL ? commands[i].verb : "");
        (void)printf("  %-28s %s\n", left, commands[i].help);
    }
    (void)puts("\nfoctl NOUN VERB --help tells the options of a command. Exit codes: 0 done,\n"
               "1 refused, 2 usage, 3 unreachable.\n");
    print_options(common);
}

/* --- main
 * ------------------------------------------------------------------------------------------- */

static const struct command *find(const char *noun, const char *verb)
{
    for (size_t i = 0; i < COMMANDS; i++) {
        if (strcmp(commands[i].noun, noun) == 0 &&
            (commands[i].verb == NULL || (verb != NULL && strcmp(commands[i].verb, verb) == 0)))
            return &commands[i];
    }
    return NULL;
}

static const char *arg_or_env(const struct foctl_args *a, const char *name, const char *variable)
{
    const char *value = foctl_arg(a, name);

    return value != NULL ? value : getenv(variable);
}

static int set_target(struct foctl *t)
{
    const char *server = foctl_arg(&t->args, "server");
    const char *socket = arg_or_env(&t->args, "socket", "FO_SOCKET");
    char why[200];

    t->tls_files.ca_file = arg_or_env(&t->args, "ca", "FO_CA");
    t->tls_files.cert_file = arg_or_env(&t->args, "cert", "FO_CERT");
    t->tls_files.key_file = arg_or_env(&t->args, "key", "FO_KEY");
    if (t->tls_files.ca_file != NULL && t->tls_files.cert_file != NULL &&
        t->tls_files.key_file != NULL)
        t->tls = &t->tls_files;
    if (server == NULL)
        server = socket != NULL ? socket : FO_MGMT_SOCKET;
    if (fo_mgmt_target_parse(server, &t->target, why, sizeof why) != FO_OK)
        return foctl_fail(EXIT_USAGE, "%s", why);
    t->timeout_s = 30;
    if (foctl_has(&t->args, "timeout") &&
        foctl_seconds("--timeout", foctl_arg(&t->args, "timeout"), &t->timeout_s) != FO_OK)
        return EXIT_USAGE;
    return EXIT_DONE;
}

static int run_command(struct foctl *t, const struct command *c, int argc, char **argv)
{
    int skip = c->verb != NULL ? 2 : 1, rc;

    if (foctl_args_parse(argc, argv, c->options, common, &t->args) != FO_OK)
        return EXIT_USAGE;
    if (foctl_has(&t->args, "help")) {
        print_command(c);
        return EXIT_DONE;
    }
    if (t->args.word_count < skip + c->words_least || t->args.word_count > skip + c->words_most)
        return foctl_fail(EXIT_USAGE, "usage: foctl %s%s%s %s", c->noun, c->verb ? " " : "",
                          c->verb ? c->verb : "", c->words);
    t->args.words += skip;
    t->args.word_count -= skip;
    t->json = foctl_has(&t->args, "json");
    t->terminal = isatty(STDOUT_FILENO) && !t->json;
    rc = set_target(t);
    if (rc == EXIT_DONE)
        rc = c->run(t);
    fo_mgmt_disconnect(t->client);
    return rc;
}

/* Noun and verb are the first two words, wherever options stand. Options of the tool itself may
 * come first, so their values are passed over. */
static void find_words(int argc, char **argv, const char **out_noun, const char **out_verb)
{
    for (int i = 1; i < argc && *out_verb == NULL; i++) {
        if (strncmp(argv[i], "--", 2) == 0) {
            for (const struct foctl_option *o = common; o->name != NULL; o++) {
                if (strcmp(argv[i] + 2, o->name) == 0 && o->value != NULL)
                    i++;
            }
        } else if (*out_noun == NULL) {
            *out_noun = argv[i];
        } else {
            *out_verb = argv[i];
        }
    }
}

int main(int argc, char **argv)
{
    static struct foctl t;
    const char *noun = NULL, *verb = NULL;
    const struct command *c;

    (void)setlocale(LC_CTYPE, ""); /* tables hold more than ASCII */
    (void)signal(SIGPIPE, SIG_IGN);
    (void)setlocale(LC_CTYPE, "C.UTF-8"); /* what the protocol speaks, wherever we run */
    find_words(argc, argv, &noun, &verb);
    if (noun == NULL && argc == 2 && strcmp(argv[1], "--version") == 0) {
        (void)puts("foctl " VERSION);
        return EXIT_DONE;
    }
    if (noun == NULL || strcmp(noun, "help") == 0) {
        print_help();
        return noun != NULL || (argc == 2 && strcmp(argv[1], "--help") == 0) ? EXIT_DONE
                                                                             : EXIT_USAGE;
    }
    c = find(noun, verb);
    if (c == NULL)
        return foctl_fail(EXIT_USAGE, "there is no command '%s%s%s'; see foctl help", noun,
                          verb != NULL ? " " : "", verb != NULL ? verb : "");
    return run_command(&t, c, argc, argv);
}
