/**
 * mgmt/foctl_completion.h: what may stand at the end of a line, for the completion of shells.
 *
 * The script of a shell hands the line over and takes what foctl prints, so all that it completes
 * comes from the tables (foctl_table.h, foctl_cmdlet.h), and names from the server.
 */
#ifndef FO_MGMT_FOCTL_COMPLETION_H
#define FO_MGMT_FOCTL_COMPLETION_H

#include "mgmt/foctl_cmdlet.h"

/* Options that say which server is meant, and their values. */
#define FOCTL_TYPED_PASSED 16
#define FOCTL_LINE_MAX     4096 /* words */

/** A line as it was typed, up to the cursor (foctl_typed.c). */
struct foctl_typed {
    const char *text;   /* what is being typed: the last word, or a part of it */
    const char *before; /* what of that word stands before |text|: "--mode=", "10.0.0.0," */
    size_t before_length;
    const char *noun, *verb;
    const struct foctl_command
        *command;                      /* NULL: not known yet; of a cmdlet, that which it becomes */
    const struct foctl_cmdlet *cmdlet; /* NULL: it is none */
    const struct foctl_option *option; /* its value is being typed */
    const struct foctl_param *param;   /* the same */
    int words;                         /* of the command that stand there already */
    bool options_over;                 /* after "--" */
    bool given[FOCTL_CMDLET_PARAMS];   /* parameters, as the row lists them */
    char *passed[FOCTL_TYPED_PASSED];
    int passed_count;
};

/** Reads a line; the name of the tool comes first. Borrows |words|. */
void foctl_typed_read(char **words, int count, struct foctl_typed *out);
/** The parameter of a cmdlet that a word without a name would be; NULL: none. */
const struct foctl_param *foctl_typed_place(const struct foctl_typed *l);
/** Prints, line by line, all that |l| may go on with; ":files" and ":hosts" are for the shell to
 *  list (foctl_candidates.c). */
void foctl_candidates_print(const struct foctl_typed *l);

/* --- commands (foctl_completion.c) */
int foctl_completion_bash(struct foctl *t);
int foctl_completion_zsh(struct foctl *t);
int foctl_completion_words(struct foctl *t);

#endif
