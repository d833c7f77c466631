/**
 * mgmt/foctl_cmdlet.h: foctl understands the cmdlets that administrators of Windows know, and their
 * parameters: `foctl Add-DhcpServerv4Failover -Name lab -ScopeId 10.0.0.0,10.0.1.0 …`.
 *
 * One row per cmdlet (foctl_cmdlet_table.c) says which command of foctl it is, and of each parameter
 * which option or word it becomes. What takes more than renaming (the share of the server that is
 * asked, the role of the other one, many names) has a function of its own, which the row names.
 *
 * Parameters: one dash, in any case, shortened as far as they stay unique; `-Name value` or
 * `-Name:value`; lists by commas; $true and $false also without the dollar, which a shell takes away;
 * times as [d.]hh:mm:ss. Options of foctl itself, with two dashes, may stand anywhere.
 *
 * Source: MAPI §6.1, and the parameters of the DhcpServer module that it describes.
 */
#ifndef FO_MGMT_FOCTL_CMDLET_H
#define FO_MGMT_FOCTL_CMDLET_H

#include "mgmt/foctl_table.h"

enum foctl_param_kind {
    FOCTL_TEXT,
    FOCTL_LIST,   /* a,b,c */
    FOCTL_SWITCH, /* given or not; -Name:$false is not */
    FOCTL_BOOL,   /* $true or $false */
    FOCTL_SPAN,   /* [d.]hh:mm[:ss]; handed on in seconds */
    FOCTL_MOMENT, /* 2026-12-24, 2026-12-24T18:00[:00][Z]; handed on in seconds from now */
    FOCTL_BYTES,  /* 00-0c-29-…; handed on without dashes */
    FOCTL_NONE,   /* has no counterpart: |to| says why, or what to use */
};

#define FOCTL_CMDLET_PARAMS 20
#define FOCTL_CMDLET_VALUES 512

struct foctl_param {
    const char *name;
    enum foctl_param_kind kind;
    unsigned position; /* 1 and up, when the name is left out; 0: it never is */
    bool required;
    /* "--option", for each value of a list; "#1" the first word of the command, and the command is
     * run once for each value of a list; "#*" a word for each value; NULL: the row's function uses
     * it. */
    const char *to;
};

struct foctl_cmdlet;

/** A cmdlet as it was called. */
struct foctl_call {
    const struct foctl_cmdlet *cmdlet;
    struct {
        const char *values[FOCTL_CMDLET_VALUES];
        size_t count;
        bool given;
    } params[FOCTL_CMDLET_PARAMS]; /* as the row lists them */
    bool what_if, pass_thru;
    const char *passed[FOCTL_CMDLET_VALUES]; /* foctl's own options, and those of every cmdlet */
    size_t passed_count;
    const char *noun, *verb;                /* of the command to run */
    const char *added[FOCTL_CMDLET_VALUES]; /* options and words that the function adds */
    size_t added_count;
    char *texts[FOCTL_CMDLET_VALUES]; /* memory of values that were converted */
    size_t text_count;
};

struct foctl_cmdlet {
    const char *name;
    const char *noun, *verb;          /* the command; verb NULL: the noun is one */
    const struct foctl_param *params; /* ends with {0} */
    int (*run)(struct foctl_call *c); /* NULL: foctl_call_run */
    const char *shows;                /* noun whose show -PassThru runs, of the first word */
};

extern const struct foctl_cmdlet foctl_cmdlets[]; /* ends with {0} */
/** The parameters of every cmdlet; ends with {0} (foctl_cmdlet_line.c). */
extern const struct foctl_param foctl_common_params[];
/** The parameter of |c| that |name| means, which may be shortened. |*out_hits| is how many it could
 *  mean; if not 1, the answer is none. */
const struct foctl_param *foctl_cmdlet_param(const struct foctl_cmdlet *c, const char *name,
                                             size_t length, size_t *out_hits);
/** Whether |text| looks like "-Name". */
bool foctl_is_param(const char *text);
/** NULL: there is none. In any case. */
const struct foctl_cmdlet *foctl_cmdlet_find(const char *name);

/** Whether |word| looks like a cmdlet: Verb-Dhcp…, in any case. */
bool foctl_is_cmdlet(const char *word);
/** Runs it; |name| is one of |argv|. Answers an exit code. */
int foctl_cmdlet_main(int argc, char **argv, const char *name);
/** What to use instead of a cmdlet that is none of ours. Never NULL. */
const char *foctl_cmdlet_instead(const char *name);
/** All of them, with what they become, on stdout. */
void foctl_cmdlet_help(void);

/* --- for the functions of rows ----------------------------------------------------------------
 * A parameter is named as its row names it. Not given: NULL, 0, false. */
const char *foctl_call_text(const struct foctl_call *c, const char *param);
const char *foctl_call_at(const struct foctl_call *c, const char *param, size_t index);
size_t foctl_call_count(const struct foctl_call *c, const char *param);
bool foctl_call_given(const struct foctl_call *c, const char *param);
/** Adds an option, and its value if there is one (copied). */
void foctl_call_add(struct foctl_call *c, const char *option, const char *value);
void foctl_call_add_number(struct foctl_call *c, const char *option, uint64_t value);
/** A word of the command. */
void foctl_call_add_word(struct foctl_call *c, const char *word);
/** Forgets what was added, to begin another command. */
void foctl_call_clear(struct foctl_call *c);
/** Runs the command of |c| by the table, once for each value of a list that is its first word. */
int foctl_call_run(struct foctl_call *c);
/** Runs another command, |words| from its noun on (ends with NULL); with all options that were passed
 *  on, or with those of the tool alone. One in |words| outdoes a passed one. */
int foctl_call_command(const struct foctl_call *c, const char *const *words, bool all);
/** Asks the server that |c| addresses. Ownership: gives |*out|. */
FO_MUST_CHECK int foctl_call_ask(struct foctl_call *c, bool refusals_too, Mgmt__Request *request,
                                 Mgmt__Reply **out);
/** An error of usage that names the cmdlet. Returns EXIT_USAGE. */
int foctl_call_fail(const struct foctl_call *c, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* foctl_cmdlet_line.c: |name| is the one of |argv| that names the cmdlet. Answers an exit code. */
FO_MUST_CHECK int foctl_cmdlet_read(struct foctl_call *c, int argc, char **argv, const char *name);
/** A copy that lives as long as |c|; ends the program without memory. */
char *foctl_call_keep(struct foctl_call *c, const char *text);
/** Appends to a list of FOCTL_CMDLET_VALUES; ends the program when it is full. */
void foctl_call_put(const char **list, size_t *count, const char *text);

/* foctl_cmdlet_values.c. Errors: FO_EINVAL, told. */
FO_MUST_CHECK int foctl_cmdlet_bool(const char *what, const char *text, bool *out);
FO_MUST_CHECK int foctl_cmdlet_span(const char *what, const char *text, uint32_t *out_s);
/** Seconds from now until then; local time without a Z. */
FO_MUST_CHECK int foctl_cmdlet_moment(const char *what, const char *text, uint32_t *out_s);

/* The functions of rows (foctl_cmdlet_failover.c, foctl_cmdlet_scope.c). */
int foctl_cmdlet_add_failover(struct foctl_call *c);
int foctl_cmdlet_set_failover(struct foctl_call *c);
int foctl_cmdlet_get_failover(struct foctl_call *c);
int foctl_cmdlet_remove_failover(struct foctl_call *c);
int foctl_cmdlet_remove_failover_scope(struct foctl_call *c);
int foctl_cmdlet_replicate(struct foctl_call *c);
int foctl_cmdlet_add_scope(struct foctl_call *c);
int foctl_cmdlet_get_scope(struct foctl_call *c);
int foctl_cmdlet_set_scope(struct foctl_call *c);
int foctl_cmdlet_set_prefix(struct foctl_call *c);
int foctl_cmdlet_free(struct foctl_call *c);
int foctl_cmdlet_add_reservation(struct foctl_call *c);
int foctl_cmdlet_exclusion(struct foctl_call *c);
int foctl_cmdlet_get_reservation(struct foctl_call *c);
int foctl_cmdlet_remove_reservation(struct foctl_call *c);
int foctl_cmdlet_add_lease(struct foctl_call *c);
int foctl_cmdlet_get_lease(struct foctl_call *c);
int foctl_cmdlet_remove_lease(struct foctl_call *c);
int foctl_cmdlet_add_prefix(struct foctl_call *c);
int foctl_cmdlet_get_lease6(struct foctl_call *c);
int foctl_cmdlet_remove_lease6(struct foctl_call *c);
int foctl_cmdlet_set_binding(struct foctl_call *c);

#endif
