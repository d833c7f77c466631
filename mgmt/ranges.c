#include "mgmt/ranges.h"

#include <stdlib.h>
#include <string.h>

static int by_first(const void *a, const void *b)
{
    const struct fo_dhcpd_range *x = a, *y = b;

    return x->first < y->first ? -1 : x->first > y->first;
}

/* Sorts, and joins what overlaps or touches. */
static void join(struct fo_ranges *r)
{
    size_t kept = 0;

    if (r->count == 0)
        return;
    qsort(r->list, r->count, sizeof r->list[0], by_first);
    for (size_t i = 1; i < r->count; i++) {
        struct fo_dhcpd_range *last = &r->list[kept];
        const struct fo_dhcpd_range *next = &r->list[i];
        if (last->last != UINT32_MAX && next->first > last->last + 1)
            r->list[++kept] = *next;
        else if (next->last > last->last)
            last->last = next->last;
    }
    r->count = kept + 1;
}

/* |list| has room for one range more. */
static void cut(struct fo_ranges *r, const Mgmt__Range *hole)
{
    for (size_t i = r->count; i-- > 0;) {
        struct fo_dhcpd_range whole = r->list[i], *at = &r->list[i];
        if (hole->last < whole.first || hole->first > whole.last)
            continue;
        if (hole->first > whole.first && hole->last < whole.last) {
            at->last = hole->first - 1;
            r->list[r->count++] = (struct fo_dhcpd_range){hole->last + 1, whole.last};
        } else if (hole->first > whole.first) {
            at->last = hole->first - 1;
        } else if (hole->last < whole.last) {
            at->first = hole->last + 1;
        } else {
            *at = r->list[--r->count];
        }
    }
}

int fo_ranges_of_scope(const Mgmt__Scope *scope, struct fo_ranges *out)
{
    struct fo_ranges r = {0};

    /* A hole makes two ranges of one at most, since ranges do not overlap after join(). */
    r.list = calloc(scope->n_ranges + scope->n_exclusions + 1, sizeof r.list[0]);
    if (r.list == NULL)
        return FO_ENOMEM;
    for (size_t i = 0; i < scope->n_ranges; i++)
        r.list[r.count++] =
            (struct fo_dhcpd_range){scope->ranges[i]->first, scope->ranges[i]->last};
    join(&r);
    for (size_t i = 0; i < scope->n_exclusions; i++)
        cut(&r, scope->exclusions[i]);
    join(&r);
    *out = r;
    return FO_OK;
}

int fo_ranges_of_list(const struct fo_dhcpd_range *list, size_t count, struct fo_ranges *out)
{
    struct fo_ranges r = {.list = calloc(count + 1, sizeof *list), .count = count};

    if (r.list == NULL)
        return FO_ENOMEM;
    if (count != 0)
        memcpy(r.list, list, count * sizeof *list);
    join(&r);
    *out = r;
    return FO_OK;
}

void fo_ranges_fini(struct fo_ranges *r)
{
    free(r->list);
    *r = (struct fo_ranges){0};
}

bool fo_ranges_equal(const struct fo_ranges *a, const struct fo_ranges *b)
{
    return a->count == b->count &&
           (a->count == 0 || memcmp(a->list, b->list, a->count * sizeof a->list[0]) == 0);
}
