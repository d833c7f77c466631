#include <stdio.h>
#include <string.h>

#include "mgmt/foctl_cmdlet.h"

static const char *verb_of(const struct foctl_command *c)
{
    return c->verb != NULL ? c->verb : "";
}

static void print_options(const struct foctl_option *list, const struct foctl_option *but_not)
{
    char left[64];

    for (; list != NULL && list->name != NULL; list++) {
        if (foctl_option_find(but_not, list->name, strlen(list->name)) != NULL)
            continue;
        (void)snprintf(left, sizeof left, "--%s%s%s", list->name, list->value != NULL ? " " : "",
                       list->value != NULL ? list->value : "");
        (void)printf("  %-30s %s\n", left, list->help);
    }
}

void foctl_help_command(const struct foctl_command *c)
{
    (void)printf("usage: foctl [OPTIONS] %s%s%s %s\n\n%s\n\n", c->noun, c->verb != NULL ? " " : "",
                 verb_of(c), c->words, c->help);
    print_options(c->options, NULL);
    if (c->kind == FOCTL_CHANGES)
        print_options(foctl_changing_options, c->options);
    (void)puts("\nfor every command:");
    print_options(foctl_common_options, NULL);
}

void foctl_help_all(void)
{
    const struct foctl_command *c;
    char left[64];

    (void)puts("usage: foctl [--server HOST | --socket PATH] [--json] NOUN VERB …\n");
    for (size_t i = 0; (c = foctl_command_at(i)) != NULL; i++) {
        (void)snprintf(left, sizeof left, "%s%s%s", c->noun, c->verb != NULL ? " " : "",
                       verb_of(c));
        (void)printf("  %-28s %s\n", left, c->help);
    }
    (void)puts("\nfoctl NOUN VERB --help tells the options of a command. Exit codes: 0 done,\n"
               "1 refused, 2 usage, 3 unreachable.\n\nfor every command that changes something:");
    print_options(foctl_changing_options, NULL);
    (void)puts("\nfor every command:");
    print_options(foctl_common_options, NULL);
    foctl_cmdlet_help();
}
