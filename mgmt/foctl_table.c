/* The table of tables, and what stands in none of them. */
#include <string.h>

#include "mgmt/foctl_completion.h"

const struct foctl_option foctl_common_options[] = {
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

const struct foctl_option foctl_changing_options[] = {
    {"what-if", NULL, "tell what would change, before and after, and change nothing"},
    {"force", NULL, "do not ask"},
    {"confirm", NULL, "ask first, also where nobody would"},
    {0},
};

static const struct foctl_option watch_options[] = {
    {"interval", "TIME", "between two looks (2)"},
    {"count", "N", "end after so many looks"},
    {0},
};

const struct foctl_command foctl_server_commands[] = {
    {"status", NULL, "[NAME]", 0, 1, "how the server and its relationships are", NULL, foctl_status,
     FOCTL_READS},
    {"watch", NULL, "[NAME]", 0, 1, "the same, again and again", watch_options, foctl_watch,
     FOCTL_READS},
    {0},
};

static const struct foctl_command completion_commands[] = {
    {"completion", "bash", "", 0, 0, "completion for bash: source <(foctl completion bash)", NULL,
     foctl_completion_bash, FOCTL_READS},
    {"completion", "zsh", "", 0, 0, "completion for zsh: source <(foctl completion zsh)", NULL,
     foctl_completion_zsh, FOCTL_READS},
    {"completion", "words", "-- LINE…", 1, FOCTL_LINE_MAX,
     "what may stand at the end of a line, for the two", NULL, foctl_completion_words, FOCTL_READS},
    {0},
};

static const struct foctl_command *const lists[] = {
    foctl_server_commands, foctl_relationship_commands, foctl_scope_commands,
    foctl_lease_commands,  foctl_v6_commands,           completion_commands,
};

const struct foctl_command *foctl_command_at(size_t index)
{
    for (size_t i = 0; i < sizeof lists / sizeof lists[0]; i++) {
        for (const struct foctl_command *c = lists[i]; c->noun != NULL; c++) {
            if (index-- == 0)
                return c;
        }
    }
    return NULL;
}

const struct foctl_command *foctl_command_find(const char *noun, const char *verb)
{
    const struct foctl_command *c;

    for (size_t i = 0; (c = foctl_command_at(i)) != NULL; i++) {
        if (strcmp(c->noun, noun) == 0 &&
            (c->verb == NULL || (verb != NULL && strcmp(c->verb, verb) == 0)))
            return c;
    }
    return NULL;
}

size_t foctl_option_lists(const struct foctl_command *c,
                          const struct foctl_option *out[FOCTL_OPTION_LISTS])
{
    size_t n = 0;

    if (c->options != NULL)
        out[n++] = c->options;
    if (c->kind == FOCTL_CHANGES)
        out[n++] = foctl_changing_options;
    out[n++] = foctl_common_options;
    return n;
}
