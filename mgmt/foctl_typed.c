/* A line that somebody is typing, read as far as it goes. What is wrong in it stays so: completion
 * says nothing about mistakes. */
#include <string.h>

#include "mgmt/foctl_completion.h"

static bool is_option(const char *word)
{
    return strncmp(word, "--", 2) == 0;
}

/* --- options ---------------------------------------------------------------------------------- */

static const struct foctl_option *find_option(const struct foctl_typed *l, const char *word)
{
    const struct foctl_option *lists[FOCTL_OPTION_LISTS] = {foctl_common_options}, *found = NULL;
    size_t count = l->command != NULL ? foctl_option_lists(l->command, lists) : 1;
    size_t length = strcspn(word + 2, "=");

    for (size_t i = 0; i < count && found == NULL; i++)
        found = foctl_option_find(lists[i], word + 2, length);
    return found;
}

/* Of the options of the tool, those that say which server is meant. */
static void pass(struct foctl_typed *l, char *word)
{
    if (l->passed_count < FOCTL_TYPED_PASSED)
        l->passed[l->passed_count++] = word;
}

static bool says_server(const char *word)
{
    static const char *const names[] = {"socket", "server", "ca", "cert", "key"};
    size_t length = strcspn(word + 2, "=");

    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        if (strlen(names[i]) == length && strncmp(names[i], word + 2, length) == 0)
            return true;
    }
    return false;
}

static void take_option(struct foctl_typed *l, char *word)
{
    const struct foctl_option *o = find_option(l, word);

    if (o == NULL || o->value == NULL)
        return;
    if (says_server(word))
        pass(l, word);
    if (strchr(word, '=') == NULL)
        l->option = o;
}

/* --- parameters of cmdlets -------------------------------------------------------------------- */

static const struct foctl_param *param_of(const struct foctl_typed *l, const char *word)
{
    size_t hits;
    const struct foctl_param *p =
        foctl_cmdlet_param(l->cmdlet, word + 1, strcspn(word + 1, ":"), &hits);

    return hits == 1 ? p : NULL;
}

static void mark_given(struct foctl_typed *l, const struct foctl_param *p)
{
    for (size_t i = 0; l->cmdlet->params[i].name != NULL; i++)
        l->given[i] = l->given[i] || p == &l->cmdlet->params[i];
}

static void take_param(struct foctl_typed *l, const char *word)
{
    const struct foctl_param *p = param_of(l, word);

    l->param = NULL;
    if (p == NULL)
        return;
    mark_given(l, p);
    if (p->kind != FOCTL_SWITCH && strchr(word, ':') == NULL)
        l->param = p;
}

const struct foctl_param *foctl_typed_place(const struct foctl_typed *l)
{
    const struct foctl_param *first = NULL;

    for (size_t i = 0; l->cmdlet->params[i].name != NULL; i++) {
        const struct foctl_param *p = &l->cmdlet->params[i];
        if (p->position != 0 && !l->given[i] && (first == NULL || p->position < first->position))
            first = p;
    }
    return first;
}

/* A list that ends with a comma goes on. */
static bool goes_on(const struct foctl_param *p, const char *value)
{
    size_t length = strlen(value);

    return p != NULL && p->kind == FOCTL_LIST && length != 0 && value[length - 1] == ',';
}

/* --- words ------------------------------------------------------------------------------------ */

static void take_place(struct foctl_typed *l, const char *word)
{
    const struct foctl_param *p = foctl_typed_place(l);

    if (p == NULL)
        return;
    mark_given(l, p);
    l->param = goes_on(p, word) ? p : NULL;
}

static void take_word(struct foctl_typed *l, const char *word)
{
    if (l->cmdlet != NULL) {
        take_place(l, word);
    } else if (l->noun == NULL) {
        l->noun = word;
        l->cmdlet = foctl_cmdlet_find(word);
        l->command = l->cmdlet != NULL ? foctl_command_find(l->cmdlet->noun, l->cmdlet->verb)
                                       : foctl_command_find(word, NULL);
    } else if (l->command == NULL && l->verb == NULL) {
        l->verb = word;
        l->command = foctl_command_find(l->noun, word);
    } else {
        l->words++;
    }
}

static void take(struct foctl_typed *l, char *word)
{
    if (l->option != NULL) {
        if (l->passed_count != 0 && is_option(l->passed[l->passed_count - 1]) &&
            strcmp(l->passed[l->passed_count - 1] + 2, l->option->name) == 0)
            pass(l, word);
        l->option = NULL;
    } else if (l->param != NULL && !foctl_is_param(word)) {
        if (l->param->to != NULL && strcmp(l->param->to, "--server") == 0) {
            static char server[] = "--server";
            pass(l, server);
            pass(l, word);
        }
        l->param = goes_on(l->param, word) ? l->param : NULL;
    } else if (l->options_over) {
        take_word(l, word);
    } else if (strcmp(word, "--") == 0) {
        l->options_over = true;
    } else if (is_option(word)) {
        take_option(l, word);
    } else if (l->cmdlet != NULL && foctl_is_param(word)) {
        take_param(l, word);
    } else {
        take_word(l, word);
    }
}

/* --- the last one ----------------------------------------------------------------------------- */

static void set_before(struct foctl_typed *l, const char *end)
{
    l->before_length += (size_t)(end - l->text);
    l->text = end;
}

/* "--mode=lo", "-Mode:Lo", "10.0.0.0,10": only what is behind counts. */
static void take_last(struct foctl_typed *l, const char *word)
{
    const char *mark = NULL;

    l->text = l->before = word;
    if (l->option == NULL && l->param == NULL && !l->options_over && is_option(word))
        mark = strchr(word, '=');
    else if (l->cmdlet != NULL && foctl_is_param(word))
        mark = strchr(word, ':');
    if (mark != NULL && is_option(word))
        l->option = find_option(l, word);
    else if (mark != NULL)
        l->param = param_of(l, word);
    else if (l->cmdlet != NULL && l->param == NULL && l->option == NULL && word[0] != '-')
        l->param = foctl_typed_place(l);
    if (mark != NULL)
        set_before(l, mark + 1);
    if (l->param != NULL && l->param->kind == FOCTL_LIST && strrchr(l->text, ',') != NULL)
        set_before(l, strrchr(l->text, ',') + 1);
}

void foctl_typed_read(char **words, int count, struct foctl_typed *out)
{
    *out = (struct foctl_typed){.text = "", .before = ""};
    for (int i = 1; i + 1 < count; i++)
        take(out, words[i]);
    if (count > 1)
        take_last(out, words[count - 1]);
}
