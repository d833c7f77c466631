#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "mgmt/foctl.h"

#define OPTIONS_MAX  64
#define FIRST_OPTION 256 /* below are the answers '?' and ':' */

static size_t add_options(struct option *out, size_t count, const struct foctl_option *list)
{
    for (; list != NULL && list->name != NULL && count < OPTIONS_MAX; list++) {
        /* Without a value of its own what is short for several would count as the first. */
        out[count] =
            (struct option){.name = list->name,
                            .has_arg = list->value != NULL ? required_argument : no_argument,
                            .val = FIRST_OPTION + (int)count};
        count++;
    }
    return count;
}

const struct foctl_option *foctl_option_find(const struct foctl_option *list, const char *name,
                                             size_t length)
{
    for (; list != NULL && list->name != NULL; list++) {
        if (strlen(list->name) == length && strncmp(list->name, name, length) == 0)
            return list;
    }
    return NULL;
}

/* What getopt_long would say. |word| is the last that it read. */
static void explain(int c, const struct option *options, const char *word, char *why,
                    size_t capacity)
{
    size_t length = strncmp(word, "--", 2) == 0 ? strcspn(word, "=") : 0, begun = 0;
    const struct option *exact = NULL;

    for (; length != 0 && options->name != NULL; options++) {
        if (strncmp(options->name, word + 2, length - 2) != 0)
            continue;
        begun++;
        if (strlen(options->name) == length - 2)
            exact = options;
    }
    if (c == ':')
        (void)snprintf(why, capacity, "option '%s' needs a value", word);
    else if (length == 0)
        (void)snprintf(why, capacity, "there is no option '%s'; options have two dashes", word);
    else if (exact == NULL && begun > 1)
        (void)snprintf(why, capacity, "option '%.*s' is short for several", (int)length, word);
    else if (begun != 0)
        (void)snprintf(why, capacity, "option '%.*s' takes no value", (int)length, word);
    else
        (void)snprintf(why, capacity, "there is no option '%.*s'", (int)length, word);
}

int foctl_args_parse(int argc, char **argv, const struct foctl_option *const *lists,
                     size_t list_count, struct foctl_args *out, char *why, size_t why_capacity)
{
    struct option options[OPTIONS_MAX + 1] = {0};
    size_t count = 0;
    int c;

    for (size_t i = 0; i < list_count; i++)
        count = add_options(options, count, lists[i]);
    optind = 0; /* from the start again, also after another line */
    while ((c = getopt_long(argc, argv, ":", options, NULL)) != -1) {
        if (c < FIRST_OPTION) {
            explain(c, options, argv[optind - 1], why, why_capacity);
            return FO_EINVAL;
        }
        if (out->given_count == FOCTL_GIVEN_MAX) {
            (void)snprintf(why, why_capacity, "more than %d options", FOCTL_GIVEN_MAX);
            return FO_EINVAL;
        }
        out->given[out->given_count].name = options[c - FIRST_OPTION].name;
        out->given[out->given_count].value = optarg != NULL ? optarg : "";
        out->given_count++;
    }
    out->words = argv + optind;
    out->word_count = argc - optind;
    return FO_OK;
}

const char *foctl_arg(const struct foctl_args *a, const char *name)
{
    for (size_t i = a->given_count; i > 0; i--) {
        if (strcmp(a->given[i - 1].name, name) == 0)
            return a->given[i - 1].value;
    }
    return NULL;
}

bool foctl_has(const struct foctl_args *a, const char *name)
{
    return foctl_arg(a, name) != NULL;
}

const char *foctl_arg_at(const struct foctl_args *a, const char *name, size_t index)
{
    for (size_t i = 0; i < a->given_count; i++) {
        if (strcmp(a->given[i].name, name) == 0 && index-- == 0)
            return a->given[i].value;
    }
    return NULL;
}
