#include "mgmt/foctl_cmdlet.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* --- memory and words ------------------------------------------------------------------------- */

char *foctl_call_keep(struct foctl_call *c, const char *text)
{
    char *copy = c->text_count < FOCTL_CMDLET_VALUES ? strdup(text) : NULL;

    if (copy == NULL)
        exit(foctl_no_memory());
    return c->texts[c->text_count++] = copy;
}

void foctl_call_put(const char **list, size_t *count, const char *text)
{
    if (*count == FOCTL_CMDLET_VALUES)
        exit(foctl_fail(EXIT_USAGE, "more than %d words", FOCTL_CMDLET_VALUES));
    list[(*count)++] = text;
}

void foctl_call_add_word(struct foctl_call *c, const char *word)
{
    foctl_call_put(c->added, &c->added_count, foctl_call_keep(c, word));
}

void foctl_call_add(struct foctl_call *c, const char *option, const char *value)
{
    foctl_call_add_word(c, option);
    if (value != NULL)
        foctl_call_add_word(c, value);
}

void foctl_call_add_number(struct foctl_call *c, const char *option, uint64_t value)
{
    char text[24];

    (void)snprintf(text, sizeof text, "%llu", (unsigned long long)value);
    foctl_call_add(c, option, text);
}

void foctl_call_clear(struct foctl_call *c)
{
    c->added_count = 0;
}

int foctl_call_fail(const struct foctl_call *c, const char *format, ...)
{
    char why[300], advice[120];
    va_list arguments;

    va_start(arguments, format);
    (void)vsnprintf(why, sizeof why, format, arguments);
    va_end(arguments);
    (void)snprintf(advice, sizeof advice, "see the command that it is: foctl %s%s%s --help",
                   c->cmdlet->noun, c->cmdlet->verb != NULL ? " " : "",
                   c->cmdlet->verb != NULL ? c->cmdlet->verb : "");
    return foctl_fail_advice(advice, "%s: %s", c->cmdlet->name, why);
}

/* --- running ---------------------------------------------------------------------------------- */

struct words {
    char *argv[3 * FOCTL_CMDLET_VALUES];
    int argc;
};

static void put_word(struct words *w, const char *word)
{
    union {
        const char *in;
        char *out;
    } u = {.in = word};

    if (w->argc + 1 < (int)(sizeof w->argv / sizeof w->argv[0]))
        w->argv[w->argc++] = u.out;
}

static int run_words(struct words *w, const char *noun, const char *verb)
{
    return foctl_run_line(foctl_command_find(noun, verb), w->argc, w->argv);
}

static void put_passed(const struct foctl_call *c, struct words *w)
{
    for (size_t i = 0; i < c->passed_count; i++)
        put_word(w, c->passed[i]);
}

static void put_params(const struct foctl_call *c, struct words *w)
{
    for (size_t i = 0; c->cmdlet->params[i].name != NULL; i++) {
        const struct foctl_param *p = &c->cmdlet->params[i];
        if (p->to == NULL || !c->params[i].given)
            continue;
        for (size_t k = 0; k < c->params[i].count; k++) {
            if (strncmp(p->to, "--", 2) == 0)
                put_word(w, p->to);
            if (strcmp(p->to, "#*") == 0 ||
                (strncmp(p->to, "--", 2) == 0 && p->kind != FOCTL_SWITCH))
                put_word(w, c->params[i].values[k]);
        }
    }
}

static bool is_common_option(const char *word, bool *has_value)
{
    for (const struct foctl_option *o = foctl_common_options; o->name != NULL; o++) {
        if (strcmp(o->name, word + 2) == 0) {
            *has_value = o->value != NULL;
            return true;
        }
    }
    return false;
}

/* Options of the tool, not of the command. */
static void put_common(const struct foctl_call *c, struct words *w)
{
    bool has_value = false;

    for (size_t i = 0; i < c->passed_count; i++) {
        if (strncmp(c->passed[i], "--", 2) != 0 || !is_common_option(c->passed[i], &has_value))
            continue;
        put_word(w, c->passed[i]);
        if (has_value && i + 1 < c->passed_count)
            put_word(w, c->passed[++i]);
    }
}

/* Options first, so that one of |words| outdoes them. */
int foctl_call_command(const struct foctl_call *c, const char *const *words, bool all)
{
    static struct words w;

    w.argc = 0;
    put_word(&w, "foctl");
    if (all)
        put_passed(c, &w);
    else
        put_common(c, &w);
    for (size_t i = 0; words[i] != NULL; i++)
        put_word(&w, words[i]);
    return run_words(&w, words[0], words[1]);
}

/* The first word comes before all others; its list makes many commands. */
static int run_once(const struct foctl_call *c, const char *first)
{
    static struct words w;

    w.argc = 0;
    put_word(&w, "foctl");
    put_word(&w, c->noun);
    if (c->verb != NULL)
        put_word(&w, c->verb);
    if (first != NULL)
        put_word(&w, first);
    put_params(c, &w);
    for (size_t i = 0; i < c->added_count; i++)
        put_word(&w, c->added[i]);
    put_passed(c, &w);
    return run_words(&w, c->noun, c->verb);
}

static int run_and_show(const struct foctl_call *c, const char *first)
{
    const char *subject = first;
    int rc = run_once(c, first);

    if (subject == NULL && c->cmdlet->params[0].name != NULL && c->params[0].count != 0)
        subject = c->params[0].values[0];
    if (rc == EXIT_DONE && c->pass_thru && !c->what_if && c->cmdlet->shows != NULL &&
        subject != NULL) {
        const char *words[] = {c->cmdlet->shows, "show", subject, NULL};
        rc = foctl_call_command(c, words, false);
    }
    return rc;
}

int foctl_call_run(struct foctl_call *c)
{
    int worst = EXIT_DONE;

    for (size_t i = 0; c->cmdlet->params[i].name != NULL; i++) {
        const char *to = c->cmdlet->params[i].to;
        if (to == NULL || strcmp(to, "#1") != 0 || c->params[i].count == 0)
            continue;
        for (size_t k = 0; k < c->params[i].count; k++) {
            int rc = run_and_show(c, c->params[i].values[k]);
            worst = rc > worst ? rc : worst; /* one that fails keeps no other from being done */
        }
        return worst;
    }
    return run_and_show(c, NULL);
}

int foctl_call_ask(struct foctl_call *c, bool refusals_too, Mgmt__Request *request,
                   Mgmt__Reply **out)
{
    static struct words w;
    static struct foctl t;
    int rc;

    memset(&t, 0, sizeof t);
    w.argc = 0;
    put_word(&w, "foctl");
    put_word(&w, "status");
    put_common(c, &w);
    rc = foctl_begin(&t, foctl_command_find("status", NULL), w.argc, w.argv);
    if (rc == EXIT_DONE)
        rc = foctl_connect(&t);
    if (rc == EXIT_DONE)
        rc = foctl_ask_at(t.client, NULL, refusals_too, request, out);
    fo_mgmt_disconnect(t.client);
    return rc;
}

/* --- the tool --------------------------------------------------------------------------------- */

bool foctl_is_cmdlet(const char *word)
{
    const char *dash = strchr(word, '-');

    return dash != NULL && dash != word && strncasecmp(dash + 1, "Dhcp", 4) == 0;
}

const struct foctl_cmdlet *foctl_cmdlet_find(const char *name)
{
    for (const struct foctl_cmdlet *row = foctl_cmdlets; row->name != NULL; row++) {
        if (strcasecmp(row->name, name) == 0)
            return row;
    }
    return NULL;
}

int foctl_cmdlet_main(int argc, char **argv, const char *name)
{
    static struct foctl_call c;
    const struct foctl_cmdlet *row = foctl_cmdlet_find(name);
    int rc;

    if (row == NULL)
        return foctl_fail_code(EXIT_USAGE, ERROR_CALL_NOT_IMPLEMENTED,
                               "%s has no counterpart here: %s", name, foctl_cmdlet_instead(name));
    c = (struct foctl_call){.cmdlet = row, .noun = row->noun, .verb = row->verb};
    rc = foctl_cmdlet_read(&c, argc, argv, name);
    if (rc == EXIT_DONE)
        rc = row->run != NULL ? row->run(&c) : foctl_call_run(&c);
    while (c.text_count > 0)
        free(c.texts[--c.text_count]);
    return rc;
}

void foctl_cmdlet_help(void)
{
    char right[64];

    (void)puts("\nCmdlets that are understood, with their parameters (-Name value):\n");
    for (const struct foctl_cmdlet *row = foctl_cmdlets; row->name != NULL; row++) {
        (void)snprintf(right, sizeof right, "%s %s", row->noun, row->verb != NULL ? row->verb : "");
        (void)printf("  %-40s %s\n", row->name, right);
    }
}
