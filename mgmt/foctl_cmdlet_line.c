/* The line of a cmdlet, read as PowerShell reads one. */
#include "mgmt/foctl_cmdlet.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* What every cmdlet has (MAPI §6). Those of PowerShell itself have no counterpart. */
const struct foctl_param foctl_common_params[] = {
    {"ComputerName", FOCTL_TEXT, 0, false, "--server"},
    {"Cn", FOCTL_TEXT, 0, false, "--server"},
    {"WhatIf", FOCTL_SWITCH, 0, false, "--what-if"},
    {"wi", FOCTL_SWITCH, 0, false, "--what-if"},
    {"Confirm", FOCTL_SWITCH, 0, false, "--confirm"},
    {"cf", FOCTL_SWITCH, 0, false, "--confirm"},
    {"Force", FOCTL_SWITCH, 0, false, "--force"},
    {"PassThru", FOCTL_SWITCH, 0, false, NULL},
    {"CimSession", FOCTL_NONE, 0, false, "name the server with -ComputerName"},
    {"AsJob", FOCTL_NONE, 0, false, "let the shell run it in the background, with &"},
    {"ThrottleLimit", FOCTL_NONE, 0, false, "foctl does one thing after the other"},
    {"ErrorAction", FOCTL_NONE, 0, false, "look at the exit code instead"},
    {"Verbose", FOCTL_NONE, 0, false, "leave it out"},
    {0},
};

/* --- parameters ------------------------------------------------------------------------------- */

static size_t index_of(const struct foctl_call *c, const char *name)
{
    size_t i = 0;

    while (strcmp(c->cmdlet->params[i].name, name) != 0)
        i++; /* rows and their functions agree on names */
    return i;
}

const char *foctl_call_at(const struct foctl_call *c, const char *param, size_t index)
{
    size_t i = index_of(c, param);

    return index < c->params[i].count ? c->params[i].values[index] : NULL;
}

const char *foctl_call_text(const struct foctl_call *c, const char *param)
{
    return foctl_call_at(c, param, 0);
}

size_t foctl_call_count(const struct foctl_call *c, const char *param)
{
    return c->params[index_of(c, param)].count;
}

bool foctl_call_given(const struct foctl_call *c, const char *param)
{
    return c->params[index_of(c, param)].given;
}

/* Exactly that name, or the one it begins; |*hits| counts them. Two letters are an alias, which
 * nothing is short for. */
static const struct foctl_param *find_param(const struct foctl_param *list, const char *name,
                                            size_t length, bool exact, size_t *hits)
{
    const struct foctl_param *found = NULL;

    for (; list->name != NULL; list++) {
        size_t whole = strlen(list->name);
        if (strncasecmp(list->name, name, length) != 0 || (exact ? whole != length : whole < 3))
            continue;
        found = list;
        (*hits)++;
    }
    return found;
}

/* A name may be shortened as far as it stays unique. */
const struct foctl_param *foctl_cmdlet_param(const struct foctl_cmdlet *c, const char *name,
                                             size_t length, size_t *out_hits)
{
    const struct foctl_param *own, *shared = NULL;
    size_t hits = 0;

    own = find_param(c->params, name, length, true, &hits);
    if (own == NULL)
        shared = find_param(foctl_common_params, name, length, true, &hits);
    if (hits == 0) {
        own = find_param(c->params, name, length, false, &hits);
        shared = find_param(foctl_common_params, name, length, false, &hits);
    }
    *out_hits = hits;
    return hits == 1 && own == NULL ? shared : own;
}

static const struct foctl_param *look_up(const struct foctl_call *c, const char *name,
                                         size_t length)
{
    size_t hits;
    const struct foctl_param *p = foctl_cmdlet_param(c->cmdlet, name, length, &hits);

    if (hits == 1)
        return p;
    (void)foctl_call_fail(
        c, hits == 0 ? "there is no parameter -%.*s" : "-%.*s is short for several parameters",
        (int)length, name);
    return NULL;
}

static int take_list(struct foctl_call *c, size_t i, const char *text)
{
    char *rest = foctl_call_keep(c, text), *item;

    while ((item = strsep(&rest, ",")) != NULL) {
        item += strspn(item, " ");
        if (item[0] != '\0')
            foctl_call_put(c->params[i].values, &c->params[i].count, item);
    }
    return EXIT_DONE;
}

static int take_converted(struct foctl_call *c, const struct foctl_param *p, size_t i,
                          const char *text)
{
    char number[24], *copy;
    uint32_t seconds;
    size_t n = 0;

    if (p->kind == FOCTL_BYTES) {
        copy = foctl_call_keep(c, text);
        for (const char *at = text; *at != '\0'; at++) {
            if (*at != '-')
                copy[n++] = *at;
        }
        copy[n] = '\0';
        foctl_call_put(c->params[i].values, &c->params[i].count, copy);
        return EXIT_DONE;
    }
    if ((p->kind == FOCTL_SPAN ? foctl_cmdlet_span(p->name, text, &seconds)
                               : foctl_cmdlet_moment(p->name, text, &seconds)) != FO_OK)
        return EXIT_USAGE;
    (void)snprintf(number, sizeof number, "%u", seconds);
    foctl_call_put(c->params[i].values, &c->params[i].count, foctl_call_keep(c, number));
    return EXIT_DONE;
}

static int take_value(struct foctl_call *c, const struct foctl_param *p, const char *text)
{
    size_t i = (size_t)(p - c->cmdlet->params);
    bool yes;

    c->params[i].given = true;
    switch (p->kind) {
    case FOCTL_LIST:
        return take_list(c, i, text);
    case FOCTL_BYTES:
    case FOCTL_SPAN:
    case FOCTL_MOMENT:
        return take_converted(c, p, i, text);
    case FOCTL_SWITCH:
    case FOCTL_BOOL:
        if (foctl_cmdlet_bool(p->name, text, &yes) != FO_OK)
            return EXIT_USAGE;
        c->params[i].given = p->kind == FOCTL_BOOL || yes;
        foctl_call_put(c->params[i].values, &c->params[i].count, yes ? "true" : "false");
        return EXIT_DONE;
    default:
        foctl_call_put(c->params[i].values, &c->params[i].count, text);
        return EXIT_DONE;
    }
}

static int take_common(struct foctl_call *c, const struct foctl_param *p, const char *text)
{
    bool yes = true;

    if (p->kind == FOCTL_TEXT) {
        if (strcmp(text, ".") == 0 || strcasecmp(text, "localhost") == 0)
            return EXIT_DONE; /* this machine, by its socket */
        foctl_call_put(c->passed, &c->passed_count, p->to);
        foctl_call_put(c->passed, &c->passed_count, text);
        return EXIT_DONE;
    }
    if (foctl_cmdlet_bool(p->name, text, &yes) != FO_OK)
        return EXIT_USAGE;
    if (p->to == NULL)
        c->pass_thru = yes;
    else if (yes)
        foctl_call_put(c->passed, &c->passed_count, p->to);
    else if (strcmp(p->to, "--confirm") == 0) /* -Confirm:$false */
        foctl_call_put(c->passed, &c->passed_count, "--force");
    c->what_if = c->what_if || (yes && p->to != NULL && strcmp(p->to, "--what-if") == 0);
    return EXIT_DONE;
}

/* --- reading the line ------------------------------------------------------------------------- */

struct line {
    char **argv;
    int argc, at;
};

bool foctl_is_param(const char *text)
{
    return text[0] == '-' && isalpha((unsigned char)text[1]);
}

/* A list may be written with spaces behind its commas. */
static const char *next_value(struct foctl_call *c, struct line *l, bool list)
{
    char joined[8192] = "";
    bool more = true;

    if (!list)
        return l->at < l->argc && !foctl_is_param(l->argv[l->at]) ? l->argv[l->at++] : NULL;
    while (more && l->at < l->argc && !foctl_is_param(l->argv[l->at])) {
        const char *word = l->argv[l->at++];
        size_t length = strlen(joined);
        (void)snprintf(joined + length, sizeof joined - length, "%s", word);
        more = word[0] != '\0' &&
               (word[strlen(word) - 1] == ',' || (l->at < l->argc && l->argv[l->at][0] == ','));
    }
    return joined[0] != '\0' ? foctl_call_keep(c, joined) : NULL;
}

static int take_param(struct foctl_call *c, struct line *l)
{
    const char *word = l->argv[l->at++] + 1, *colon = strchr(word, ':'), *value;
    size_t length = colon != NULL ? (size_t)(colon - word) : strlen(word);
    const struct foctl_param *p = look_up(c, word, length);
    bool shared;

    if (p == NULL)
        return EXIT_USAGE;
    shared = p >= foctl_common_params &&
             p < foctl_common_params + sizeof foctl_common_params / sizeof foctl_common_params[0];
    if (p->kind == FOCTL_NONE)
        return foctl_call_fail(c, "-%s has no counterpart here: %s", p->name, p->to);
    if (colon != NULL)
        value = colon + 1;
    else if (p->kind == FOCTL_SWITCH)
        value = "true";
    else
        value = next_value(c, l, p->kind == FOCTL_LIST);
    if (value == NULL)
        return foctl_call_fail(c, "-%s needs a value%s", p->name,
                               p->kind == FOCTL_BOOL ? ": '$true' or '$false', in quotes, or true "
                                                       "or false"
                                                     : "");
    return shared ? take_common(c, p, value) : take_value(c, p, value);
}

/* An option of foctl goes through as it is, with its value. */
static int take_option(struct foctl_call *c, struct line *l)
{
    const char *word = l->argv[l->at++];
    const struct foctl_option *lists[FOCTL_OPTION_LISTS];
    const struct foctl_command *command = foctl_command_find(c->noun, c->verb);
    size_t count = command != NULL ? foctl_option_lists(command, lists) : 0;

    foctl_call_put(c->passed, &c->passed_count, word);
    for (size_t i = 0; i < count; i++) {
        for (const struct foctl_option *o = lists[i]; o->name != NULL; o++) {
            if (strcmp(o->name, word + 2) == 0 && o->value != NULL && l->at < l->argc) {
                foctl_call_put(c->passed, &c->passed_count, l->argv[l->at++]);
                return EXIT_DONE;
            }
        }
    }
    c->what_if = c->what_if || strcmp(word, "--what-if") == 0;
    return EXIT_DONE;
}

static int take_position(struct foctl_call *c, struct line *l, unsigned *position)
{
    const struct foctl_param *p = c->cmdlet->params;
    const char *value;

    for (;; (*position)++) {
        for (p = c->cmdlet->params; p->name != NULL && p->position != *position; p++)
            ;
        if (p->name == NULL)
            return foctl_call_fail(c, "what is '%s'?", l->argv[l->at]);
        if (!c->params[p - c->cmdlet->params].given)
            break;
    }
    (*position)++;
    value = next_value(c, l, p->kind == FOCTL_LIST);
    return take_value(c, p, value);
}

int foctl_cmdlet_read(struct foctl_call *c, int argc, char **argv, const char *name)
{
    struct line line = {argv, argc, 1}, *l = &line;
    unsigned position = 1;
    int rc = EXIT_DONE;

    while (l->at < l->argc && rc == EXIT_DONE) {
        const char *word = l->argv[l->at];
        if (word == name)
            l->at++;
        else if (strncmp(word, "--", 2) == 0)
            rc = take_option(c, l);
        else if (foctl_is_param(word))
            rc = take_param(c, l);
        else
            rc = take_position(c, l, &position);
    }
    for (size_t i = 0; rc == EXIT_DONE && c->cmdlet->params[i].name != NULL; i++) {
        if (c->cmdlet->params[i].required && c->params[i].count == 0)
            rc = foctl_call_fail(c, "-%s is needed", c->cmdlet->params[i].name);
    }
    return rc;
}
