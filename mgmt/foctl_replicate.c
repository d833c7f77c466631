/* Copies the configuration of a relationship's scopes to the partner, after showing the difference.
 * One way: what only the partner has is lost there. Leases are never part of it (MAPI §6.3). */
#include <stdio.h>
#include <string.h>

#include "mgmt/foctl_pair.h"
#include "mgmt/foctl_preview.h"

static int get_scope(struct fo_mgmt_client *c, const char *server, bool refusals_too,
                     fo_ipv4_t subnet, Mgmt__Reply **out)
{
    Mgmt__Subnet m = MGMT__SUBNET__INIT;
    Mgmt__Request q = MGMT__REQUEST__INIT;

    m.subnet = subnet;
    q.call_case = MGMT__REQUEST__CALL_SCOPE_GET;
    q.scope_get = &m;
    return foctl_ask_at(c, server, refusals_too, &q, out);
}

/* --- difference
 * --------------------------------------------------------------------------------------------- */

struct difference {
    struct foctl_sheet *list;
    size_t count;
};

static void add(struct difference *d, fo_ipv4_t subnet, const char *what, const char *ours,
                const char *theirs)
{
    foctl_row(d->list);
    foctl_put_address(d->list, "subnet", "SUBNET", subnet);
    foctl_put_text(d->list, "what", "WHAT", what);
    foctl_put_text(d->list, "here", "HERE", ours);
    foctl_put_text(d->list, "there", "THERE", theirs);
    d->count++;
}

static const char *range_text(const Mgmt__Range *r, char out[40])
{
    char first[FO_IPV4_TEXT], last[FO_IPV4_TEXT];

    (void)snprintf(out, 40, "%s-%s", fo_ipv4_text(r->first, first), fo_ipv4_text(r->last, last));
    return out;
}

static bool has_range(Mgmt__Range **list, size_t count, const Mgmt__Range *wanted)
{
    for (size_t i = 0; i < count; i++) {
        if (list[i]->first == wanted->first && list[i]->last == wanted->last)
            return true;
    }
    return false;
}

static void compare_ranges(struct difference *d, fo_ipv4_t subnet, const char *what,
                           Mgmt__Range **ours, size_t our_count, Mgmt__Range **theirs,
                           size_t their_count)
{
    char text[40];

    for (size_t i = 0; i < our_count; i++) {
        if (!has_range(theirs, their_count, ours[i]))
            add(d, subnet, what, range_text(ours[i], text), "-");
    }
    for (size_t i = 0; i < their_count; i++) {
        if (!has_range(ours, our_count, theirs[i]))
            add(d, subnet, what, "-", range_text(theirs[i], text));
    }
}

static bool has_reservation(const Mgmt__Scope *scope, const Mgmt__Reservation *wanted)
{
    for (size_t i = 0; i < scope->n_reservations; i++) {
        const Mgmt__Reservation *r = scope->reservations[i];
        if (r->address == wanted->address && r->client.len == wanted->client.len &&
            memcmp(r->client.data, wanted->client.data, r->client.len) == 0)
            return true;
    }
    return false;
}

static void compare_reservations(struct difference *d, const Mgmt__Scope *ours,
                                 const Mgmt__Scope *theirs)
{
    char text[FO_IPV4_TEXT];

    for (size_t i = 0; i < ours->n_reservations; i++) {
        if (!has_reservation(theirs, ours->reservations[i]))
            add(d, ours->subnet, "reservation", fo_ipv4_text(ours->reservations[i]->address, text),
                "-");
    }
    for (size_t i = 0; i < theirs->n_reservations; i++) {
        if (!has_reservation(ours, theirs->reservations[i]))
            add(d, ours->subnet, "reservation", "-",
                fo_ipv4_text(theirs->reservations[i]->address, text));
    }
}

static void compare(struct difference *d, const Mgmt__Scope *ours, const Mgmt__Scope *theirs)
{
    static const char *const states[] = {"enabled", "disabled"};

    if (strcmp(ours->name, theirs->name) != 0)
        add(d, ours->subnet, "name", ours->name, theirs->name);
    if (strcmp(ours->comment, theirs->comment) != 0)
        add(d, ours->subnet, "comment", ours->comment, theirs->comment);
    if (ours->state != theirs->state)
        add(d, ours->subnet, "state", states[ours->state != 0], states[theirs->state != 0]);
    compare_ranges(d, ours->subnet, "range", ours->ranges, ours->n_ranges, theirs->ranges,
                   theirs->n_ranges);
    compare_ranges(d, ours->subnet, "exclusion", ours->exclusions, ours->n_exclusions,
                   theirs->exclusions, theirs->n_exclusions);
    compare_reservations(d, ours, theirs);
}

/* --- copying
 * --------------------------------------------------------------------------------------------------
 */

static bool is_wanted(const struct foctl *t, fo_ipv4_t subnet)
{
    fo_ipv4_t wanted;
    const char *text;

    if (!foctl_has(&t->args, "scope"))
        return true;
    for (size_t i = 0; (text = foctl_arg_at(&t->args, "scope", i)) != NULL; i++) {
        if (fo_ipv4_parse(text, &wanted) == FO_OK && wanted == subnet)
            return true;
    }
    return false;
}

static int look_at(struct foctl_pair *p, fo_ipv4_t subnet, struct difference *d, bool copy)
{
    Mgmt__Request q = MGMT__REQUEST__INIT;
    Mgmt__Reply *ours, *theirs, *done;
    int rc = get_scope(p->a, "this server", false, subnet, &ours), there;
    size_t before = d->count;

    if (rc != EXIT_DONE)
        return rc;
    there = get_scope(p->b, "the partner", true, subnet, &theirs);
    if (there == EXIT_UNREACHABLE) {
        mgmt__reply__free_unpacked(ours, NULL);
        return there;
    }
    if (there == EXIT_REFUSED)
        add(d, subnet, "scope", "exists", "-");
    else
        compare(d, ours->scope, theirs->scope);
    if (copy && d->count > before) {
        q.call_case = there == EXIT_REFUSED ? MGMT__REQUEST__CALL_SCOPE_CREATE
                                            : MGMT__REQUEST__CALL_SCOPE_REPLACE;
        q.scope_replace = ours->scope;
        rc = foctl_ask_at(p->b, "the partner", false, &q, &done);
        if (rc == EXIT_DONE)
            mgmt__reply__free_unpacked(done, NULL);
    }
    mgmt__reply__free_unpacked(ours, NULL);
    mgmt__reply__free_unpacked(theirs, NULL);
    return rc;
}

static int walk(struct foctl_pair *p, const Mgmt__Relationship *m, struct difference *d, bool copy)
{
    int rc = EXIT_DONE;

    for (size_t i = 0; i < m->n_scopes && rc == EXIT_DONE; i++) {
        if (is_wanted(p->t, m->scopes[i]))
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
    const char *management = foctl_arg(&t->args, "partner-management");
    const Mgmt__Relationship *m;
    struct foctl_pair pair;
    Mgmt__Reply *known;
    int rc = foctl_relationship_get(t, t->args.words[0], &known);

    if (rc != EXIT_DONE)
        return rc;
    m = known->relationship;
    if (management == NULL)
        management = m->partner_management;
    if (management[0] == '\0') {
        mgmt__reply__free_unpacked(known, NULL);
        return foctl_fail(EXIT_USAGE, "the partner's management address is not known; give "
                                      "--partner-management");
    }
    rc = foctl_pair_open(
        t, management, m->role == FO_ROLE_PRIMARY ? m->primary_server : m->secondary_server, &pair);
    if (rc == EXIT_DONE)
        rc = replicate(&pair, m);
    foctl_pair_close(&pair);
    mgmt__reply__free_unpacked(known, NULL);
    return rc;
}
