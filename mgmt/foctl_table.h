/**
 * mgmt/foctl_table.h: the table of foctl's commands.
 *
 * One list per noun (foctl_table_<noun>.c), in the order of help; foctl_table.c strings them
 * together. Help, the parser of options and the completion of shells read nothing else, so a
 * command is added by its row alone.
 */
#ifndef FO_MGMT_FOCTL_TABLE_H
#define FO_MGMT_FOCTL_TABLE_H

#include "mgmt/foctl.h"

enum foctl_kind { FOCTL_READS, FOCTL_CHANGES };

struct foctl_command {
    const char *noun, *verb; /* verb NULL: the noun is the command */
    const char *words;       /* what stands after the verb */
    int words_least, words_most;
    const char *help;
    const struct foctl_option *options; /* ends with {0}; NULL: none of its own */
    foctl_run run;
    enum foctl_kind kind;
};

/* One list per noun; each ends with {0}. */
extern const struct foctl_command foctl_server_commands[];
extern const struct foctl_command foctl_relationship_commands[];
extern const struct foctl_command foctl_scope_commands[];
extern const struct foctl_command foctl_lease_commands[];
extern const struct foctl_command foctl_v6_commands[];

/** The |index|th command of all; NULL: there are no more. */
const struct foctl_command *foctl_command_at(size_t index);
/** NULL: there is none. |verb| may be NULL. */
const struct foctl_command *foctl_command_find(const char *noun, const char *verb);
/** The options of every command; ends with {0}. */
extern const struct foctl_option foctl_common_options[];
/** The options of every command that changes something; ends with {0}. */
extern const struct foctl_option foctl_changing_options[];
/** All lists that hold options of |c|, the own one first. Returns how many. */
#define FOCTL_OPTION_LISTS 3
size_t foctl_option_lists(const struct foctl_command *c,
                          const struct foctl_option *out[FOCTL_OPTION_LISTS]);

/** Reads the words and options of |c|; |t| is zeroed. EXIT_TOLD: help was wanted, and printed. */
FO_MUST_CHECK int foctl_begin(struct foctl *t, const struct foctl_command *c, int argc,
                              char **argv);
/** Reads them, and runs it. Answers an exit code. */
int foctl_run_line(const struct foctl_command *c, int argc, char **argv);

/* foctl_help.c: on stdout. */
void foctl_help_all(void);
void foctl_help_command(const struct foctl_command *c);

#endif
