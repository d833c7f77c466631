/* The scopes and the name of a relationship, as both servers have them. */
#include <stdio.h>
#include <string.h>

#include "mgmt/foctl_diff.h"
#include "mgmt/foctl_validate.h"

/* --- a name is bytes -------------------------------------------------------------------------- */

static bool same_pair(const Mgmt__Relationship *a, const Mgmt__Relationship *b)
{
    return (a->primary_server == b->primary_server && a->secondary_server == b->secondary_server) ||
           (a->primary_server == b->secondary_server && a->secondary_server == b->primary_server);
}

/* The link would never come up between two names, however alike they look. */
static int check_names(struct foctl_flight *f, struct fo_mgmt_client *c, const char *server)
{
    Mgmt__Page page = MGMT__PAGE__INIT;
    Mgmt__Request q = MGMT__REQUEST__INIT;
    Mgmt__Reply *reply;
    char why[400];
    int rc;

    q.call_case = MGMT__REQUEST__CALL_RELATIONSHIP_ENUM;
    q.relationship_enum = &page;
    rc = foctl_ask_at(c, server, true, &q, &reply);
    if (rc == EXIT_UNREACHABLE)
        return rc;
    for (size_t i = 0; reply->code == ERROR_SUCCESS && i < reply->relationships->n_list; i++) {
        const Mgmt__Relationship *m = reply->relationships->list[i];
        if (!same_pair(m, f->ours) || strcmp(m->name, f->ours->name) == 0)
            continue;
        (void)snprintf(why, sizeof why,
                       "there is a relationship of the same two addresses already, '%.120s', which "
                       "is not '%.120s' byte for byte",
                       m->name, f->ours->name);
        foctl_flight_row(f, "name bytes", server, FOCTL_WARNING, ERROR_SUCCESS, why,
                         "if it is meant to be the same one, use the very same name on both");
        mgmt__reply__free_unpacked(reply, NULL);
        return EXIT_DONE;
    }
    foctl_flight_pass(f, "name bytes", server, "");
    mgmt__reply__free_unpacked(reply, NULL);
    return EXIT_DONE;
}

int foctl_validate_names(struct foctl_flight *f)
{
    int rc = check_names(f, f->pair.a, "this server");

    if (rc == EXIT_DONE && foctl_flight_both(f, "name bytes"))
        rc = check_names(f, f->pair.b, "the partner");
    return rc;
}

/* --- scopes of both --------------------------------------------------------------------------- */

static const char *const elements[] = {"range", "exclusion", "reservation", "settings of scopes"};
#define ELEMENTS (sizeof elements / sizeof elements[0])

struct scope_report {
    size_t count[ELEMENTS];
    char first[ELEMENTS][200];
    char scope[FO_IPV4_TEXT];
};

static void note_difference(void *context, const char *what, const char *ours, const char *theirs)
{
    struct scope_report *r = context;
    size_t i = 0;

    if (strcmp(what, "scope") == 0)
        return; /* it would be copied, or the server says that it has none */
    while (i + 1 < ELEMENTS && strcmp(elements[i], what) != 0)
        i++;
    if (r->count[i]++ == 0)
        (void)snprintf(r->first[i], sizeof r->first[i], "scope %s: %.30s: %.60s here, %.60s there",
                       r->scope, what, ours, theirs);
}

static int check_elements(struct foctl_flight *f)
{
    struct scope_report r = {0};
    const struct foctl_differences d = {note_difference, &r};
    char why[280];
    int rc = EXIT_DONE;

    for (size_t i = 0; f->skipped == NULL && i < f->ours->n_scopes && rc == EXIT_DONE; i++) {
        (void)fo_ipv4_text(f->ours->scopes[i], r.scope);
        rc = foctl_diff_scope_at(&f->pair, f->ours->scopes[i], &d);
    }
    for (size_t i = 0; i < ELEMENTS && rc == EXIT_DONE; i++) {
        const char *check = i + 1 < ELEMENTS ? elements[i] : "scope";
        char text[32];
        (void)snprintf(text, sizeof text, "%ss equal", check);
        if (!foctl_flight_both(f, text))
            continue;
        (void)snprintf(why, sizeof why, "%s%s", r.first[i], r.count[i] > 1 ? ", and others" : "");
        if (r.count[i] == 0)
            foctl_flight_pass(f, text, FOCTL_BOTH, "");
        else
            foctl_flight_row(
                f, text, FOCTL_BOTH, FOCTL_FAILED, ERROR_INVALID_PARAMETER, why,
                "make the scope the same on both, or delete it on the partner: it is copied then");
    }
    return rc;
}

/* A scope that would be copied must find its place. */
static void check_overlap_of(struct foctl_flight *f, const Mgmt__Scope *ours,
                             const Mgmt__Scopes *theirs, size_t *failures)
{
    char text[FO_IPV4_TEXT], other[FO_IPV4_TEXT], why[120];

    for (size_t i = 0; i < theirs->n_list; i++) {
        const Mgmt__Scope *s = theirs->list[i];
        bool same = s->subnet == ours->subnet && s->mask == ours->mask;
        if (same ||
            ((s->subnet & ours->mask) != ours->subnet && (ours->subnet & s->mask) != s->subnet))
            continue;
        (void)snprintf(why, sizeof why, "scope %s of this server overlaps scope %s of the partner",
                       fo_ipv4_text(ours->subnet, text), fo_ipv4_text(s->subnet, other));
        foctl_flight_fail(f, "scope overlap", FOCTL_BOTH, ERROR_DHCP_SUBNET_EXISTS, why);
        (*failures)++;
    }
}

static int check_overlap(struct foctl_flight *f)
{
    Mgmt__Page page = MGMT__PAGE__INIT;
    Mgmt__Request q = MGMT__REQUEST__INIT;
    size_t failures = 0;
    bool more = true;

    if (!foctl_flight_both(f, "scope overlap"))
        return EXIT_DONE;
    q.call_case = MGMT__REQUEST__CALL_SCOPE_ENUM;
    q.scope_enum = &page;
    while (more) {
        Mgmt__Reply *theirs, *ours;
        int rc = foctl_ask_at(f->pair.b, "the partner", true, &q, &theirs);
        if (rc == EXIT_UNREACHABLE)
            return rc;
        more = rc == EXIT_DONE && theirs->scopes->more;
        for (size_t i = 0; rc == EXIT_DONE && i < f->ours->n_scopes; i++) {
            rc = foctl_diff_get_scope(f->pair.a, "this server", f->ours->scopes[i], &ours);
            if (rc != EXIT_DONE || ours == NULL)
                continue;
            check_overlap_of(f, ours->scope, theirs->scopes, &failures);
            mgmt__reply__free_unpacked(ours, NULL);
        }
        if (more)
            page.after_address = theirs->scopes->next;
        mgmt__reply__free_unpacked(theirs, NULL);
    }
    if (failures == 0)
        foctl_flight_pass(f, "scope overlap", FOCTL_BOTH, "");
    return EXIT_DONE;
}

int foctl_validate_scopes(struct foctl_flight *f)
{
    int rc = check_overlap(f);

    return rc != EXIT_DONE ? rc : check_elements(f);
}
