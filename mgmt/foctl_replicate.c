/* Copies the configuration of a relationship's scopes to the partner, after showing the difference.
 * One way: what only the partner has is lost there. Leases are never part of it (MAPI §6.3). */
#include <stdio.h>
#include <string.h>

#include "mgmt/foctl_diff.h"
#include "mgmt/foctl_preview.h"

/* --- difference
 * --------------------------------------------------------------------------------------------- */

struct difference {
    struct foctl_sheet *list;
    fo_ipv4_t subnet; /* of the scope looked at */
    size_t count;
};

static void add(void *context, const char *what, const char *ours, const char *theirs)
{
    struct difference *d = context;

    foctl_row(d->list);
    foctl_put_address(d->list, "subnet", "SUBNET", d->subnet);
    foctl_put_text(d->list, "what", "WHAT", what);
    foctl_put_text(d->list, "here", "HERE", ours);
    foctl_put_text(d->list, "there", "THERE", theirs);
    d->count++;
}

/* --- copying
 * --------------------------------------------------------------------------------------------------
 */

static int copy_scope(struct foctl_pair *p, Mgmt__Scope *ours, bool exists)
{
    Mgmt__Request q = MGMT__REQUEST__INIT;
    Mgmt__Reply *done;
    int rc;

    q.call_case = exists ? MGMT__REQUEST__CALL_SCOPE_REPLACE : MGMT__REQUEST__CALL_SCOPE_CREATE;
    q.scope_replace = ours;
    rc = foctl_ask_at(p->b, "the partner", false, &q, &done);
    if (rc == EXIT_DONE)
        mgmt__reply__free_unpacked(done, NULL);
    return rc;
}

static int look_at(struct foctl_pair *p, fo_ipv4_t subnet, struct difference *d, bool copy)
{
    const struct foctl_differences heard = {add, d};
    Mgmt__Reply *ours, *theirs = NULL;
    int rc = foctl_diff_get_scope(p->a, "this server", subnet, &ours);
    size_t before = d->count;

    if (rc != EXIT_DONE || ours == NULL)
        return rc;
    d->subnet = subnet;
    rc = foctl_diff_get_scope(p->b, "the partner", subnet, &theirs);
    if (rc == EXIT_DONE && theirs == NULL)
        add(d, "scope", "exists", "-");
    else if (rc == EXIT_DONE)
        foctl_diff_scopes(&heard, ours->scope, theirs->scope);
    if (rc == EXIT_DONE && copy && d->count > before)
        rc = copy_scope(p, ours->scope, theirs != NULL);
    mgmt__reply__free_unpacked(ours, NULL);
    if (theirs != NULL)
        mgmt__reply__free_unpacked(theirs, NULL);
    return rc;
}

static int walk(struct foctl_pair *p, const Mgmt__Relationship *m, struct difference *d, bool copy)
{
    int rc = EXIT_DONE;

    for (size_t i = 0; i < m->n_scopes && rc == EXIT_DONE; i++) {
        if (foctl_scope_wanted(p->t, m->scopes[i]))
            rc = look_at(p, m->scopes[i], d, copy);
    }
    return rc;
}

static int replicate(struct foctl_pair *p, const Mgmt__Relationship *m)
{
    struct difference d = {.list = foctl_list_new()}, copied = {0};
    int rc = walk(p, m, &d, false);

    foctl_preview_drop(p->t); /* the difference is what would change */
    foctl_print(p->t, d.list);
    if (rc != EXIT_DONE)
        return rc;
    if (d.count == 0) {
        (void)fputs("foctl: no difference\n", stderr);
        return EXIT_DONE;
    }
    if (p->t->what_if)
        return EXIT_DONE;
    rc = foctl_confirm(p->t, "Make the partner's scopes like ours (HERE)?");
    if (rc != EXIT_DONE)
        return rc;
    copied.list = foctl_list_new();
    rc = walk(p, m, &copied, true);
    foctl_discard(copied.list);
    return rc;
}

int foctl_relationship_replicate(struct foctl *t)
{
    struct foctl_pair pair = {0};
    Mgmt__Reply *known;
    int rc = foctl_relationship_get(t, t->args.words[0], &known);

    if (rc != EXIT_DONE)
        return rc;
    rc = foctl_pair_meet_partner(t, known->relationship, &pair);
    if (rc == EXIT_DONE)
        rc = foctl_pair_compare_clocks(&pair);
    if (rc == EXIT_DONE)
        rc = replicate(&pair, known->relationship);
    foctl_pair_close(&pair);
    mgmt__reply__free_unpacked(known, NULL);
    return rc;
}
