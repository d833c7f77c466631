#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "mgmt/foctl_cmdlet.h"

#define VERSION      "0.1.0"
#define JSON_VERSION 1

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

/* --what-if ends with what it told, whatever the command made of it. */
static int run(struct foctl *t, const struct foctl_command *c)
{
    int rc;

    t->what_if = c->kind == FOCTL_CHANGES && foctl_has(&t->args, "what-if");
    if (!t->what_if) {
        rc = foctl_has(&t->args, "confirm")
                 ? foctl_confirm(t, "%s%s%s: do it?", c->noun, c->verb != NULL ? " " : "",
                                 c->verb != NULL ? c->verb : "")
                 : EXIT_DONE;
        return rc != EXIT_DONE ? rc : c->run(t);
    }
    t->preview = foctl_list_new();
    rc = c->run(t);
    if (rc == EXIT_TOLD)
        rc = EXIT_DONE;
    if (t->preview != NULL)
        foctl_print(t, t->preview);
    if (rc == EXIT_DONE)
        (void)fputs("foctl: nothing was changed (--what-if)\n", stderr);
    return rc;
}

int foctl_begin(struct foctl *t, const struct foctl_command *c, int argc, char **argv)
{
    const struct foctl_option *lists[FOCTL_OPTION_LISTS];
    size_t list_count = foctl_option_lists(c, lists);
    int skip = c->verb != NULL ? 2 : 1;
    char why[300], advice[120];

    (void)snprintf(advice, sizeof advice, "see its words and options: foctl %s%s%s --help", c->noun,
                   c->verb != NULL ? " " : "", c->verb != NULL ? c->verb : "");
    if (foctl_args_parse(argc, argv, lists, list_count, &t->args, why, sizeof why) != FO_OK)
        return foctl_fail_advice(advice, "%s", why);
    if (foctl_has(&t->args, "help")) {
        foctl_help_command(c);
        return EXIT_TOLD;
    }
    if (t->args.word_count < skip + c->words_least || t->args.word_count > skip + c->words_most)
        return foctl_fail_advice(advice, "usage: foctl %s%s%s %s", c->noun, c->verb ? " " : "",
                                 c->verb ? c->verb : "", c->words);
    t->args.words += skip;
    t->args.word_count -= skip;
    t->json = foctl_has(&t->args, "json");
    t->terminal = isatty(STDOUT_FILENO) && !t->json;
    return set_target(t);
}

int foctl_run_line(const struct foctl_command *c, int argc, char **argv)
{
    static struct foctl t;
    int rc;

    memset(&t, 0, sizeof t);
    rc = foctl_begin(&t, c, argc, argv);
    if (rc == EXIT_DONE)
        rc = run(&t, c);
    fo_mgmt_disconnect(t.client);
    return rc == EXIT_TOLD ? EXIT_DONE : rc;
}

/* Noun and verb are the first two words, wherever options stand. Options of the tool itself may
 * come first, so their values are passed over. */
static void find_words(int argc, char **argv, const char **out_noun, const char **out_verb)
{
    for (int i = 1; i < argc && *out_verb == NULL; i++) {
        if (strncmp(argv[i], "--", 2) == 0) {
            for (const struct foctl_option *o = foctl_common_options; o->name != NULL; o++) {
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

static bool has_word(int argc, char **argv, const char *word)
{
    for (int i = 1; i < argc && strcmp(argv[i], "--") != 0; i++) {
        if (strcmp(argv[i], word) == 0)
            return true;
    }
    return false;
}

/* The second number rises when something in docs/foctl-json.md is taken away or changed. */
static void print_version(bool json)
{
    if (json)
        (void)printf("{\n  \"version\": \"%s\",\n  \"json_version\": %d\n}\n", VERSION,
                     JSON_VERSION);
    else
        (void)puts("foctl " VERSION);
}

int main(int argc, char **argv)
{
    const char *noun = NULL, *verb = NULL;
    const struct foctl_command *c;

    (void)setlocale(LC_CTYPE, ""); /* tables hold more than ASCII */
    (void)signal(SIGPIPE, SIG_IGN);
    (void)setlocale(LC_CTYPE, "C.UTF-8"); /* what the protocol speaks, wherever we run */
    /* Before options are read: theirs may be wrong. */
    foctl_errors_as_json(has_word(argc, argv, "--json"));
    find_words(argc, argv, &noun, &verb);
    if (noun == NULL && has_word(argc, argv, "--version")) {
        print_version(has_word(argc, argv, "--json"));
        return EXIT_DONE;
    }
    if (noun == NULL || strcmp(noun, "help") == 0) {
        foctl_help_all();
        return noun != NULL || (argc == 2 && strcmp(argv[1], "--help") == 0) ? EXIT_DONE
                                                                             : EXIT_USAGE;
    }
    if (foctl_is_cmdlet(noun))
        return foctl_cmdlet_main(argc, argv, noun);
    c = foctl_command_find(noun, verb);
    if (c == NULL)
        return foctl_fail_advice("see all commands: foctl help", "there is no command '%s%s%s'",
                                 noun, verb != NULL ? " " : "", verb != NULL ? verb : "");
    return foctl_run_line(c, argc, argv);
}
