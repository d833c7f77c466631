#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "mgmt/foctl.h"

#define OPTIONS_MAX 64

static size_t add_options(struct option *out, size_t count, const struct foctl_option *list)
{
    for (; list != NULL && list->name != NULL && count < OPTIONS_MAX; list++) {
        out[count] = (struct option){
            .name = list->name, .has_arg = list->value != NULL ? required_argument : no_argument};
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

int foctl_args_parse(int argc, char **argv, const struct foctl_option *const *lists,
                     size_t list_count, struct foctl_args *out)
{
    struct option options[OPTIONS_MAX + 1] = {0};
    size_t count = 0;
    int index, c;

    for (size_t i = 0; i < list_count; i++)
        count = add_options(options, count, lists[i]);
    optind = 0; /* from the start again, also after another line */
    while ((c = getopt_long(argc, argv, "", options, &index)) != -1) {
        if (c != 0)
            return FO_EINVAL; /* getopt_long has said why */
        if (out->given_count == FOCTL_GIVEN_MAX) {
            (void)fprintf(stderr, "foctl: more than %d options\n", FOCTL_GIVEN_MAX);
            return FO_EINVAL;
        }
        out->given[out->given_count].name = options[index].name;
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
