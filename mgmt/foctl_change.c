/* Commands that change a relationship on one server or on both. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "mgmt/foctl_pair.h"
#include "state/relationship.h"

/* The structure that goes to the partner is the same but for the role and what the partner needs to
 * find us (MAPI §2.2). */
Mgmt__Relationship foctl_pair_mirrored(const struct foctl_pair *p, const Mgmt__Relationship *ours)
{
    Mgmt__Relationship theirs = *ours;

    theirs.role = ours->role == FO_ROLE_PRIMARY ? FO_ROLE_SECONDARY : FO_ROLE_PRIMARY;
    theirs.partner_port = p->about_a->server->failover_port;
    theirs.partner_management = foctl_unconst(p->decider);
    theirs.lost_storage = false;
    return theirs;
}

fo_ipv4_t foctl_relationship_local(const Mgmt__Relationship *m)
{
    return m->role == FO_ROLE_PRIMARY ? m->primary_server : m->secondary_server;
}

/* --- create
 * --------------------------------------------------------------------------------------------- */

int foctl_relationship_create_here(struct foctl *t, Mgmt__Relationship *m)
{
    Mgmt__Request q = MGMT__REQUEST__INIT;

    q.call_case = MGMT__REQUEST__CALL_RELATIONSHIP_CREATE;
    q.relationship_create = m;
    return foctl_do(t, &q);
}

/* And prints what an ISC partner needs. */
static int create_one_sided(struct foctl *t, Mgmt__Relationship *m)
{
    int rc = foctl_relationship_create_here(t, m);

    if (rc != EXIT_DONE || strcmp(m->dialect, "isc") != 0 || t->what_if)
        return rc;
    return foctl_print_dhcpd_conf(t, m);
}

static int create_on_both(struct foctl_pair *p, Mgmt__Relationship *ours)
{
    Mgmt__Change here = MGMT__CHANGE__INIT, there = MGMT__CHANGE__INIT;
    struct foctl_pair_scopes missing;
    Mgmt__Relationship theirs;
    int rc;

    if (ours->partner_port == 0)
        ours->partner_port = p->about_b->server->failover_port;
    theirs = foctl_pair_mirrored(p, ours);
    here.change_case = there.change_case = MGMT__CHANGE__CHANGE_CREATE;
    here.create = ours;
    there.create = &theirs;
    rc = foctl_pair_missing_scopes(p, ours->scopes, ours->n_scopes, &missing);
    there.scopes = missing.list;
    there.n_scopes = missing.count;
    if (rc == EXIT_DONE)
        rc = foctl_pair_change(p, &here, &there);
    foctl_pair_free_scopes(&missing);
    return rc;
}

int foctl_relationship_create(struct foctl *t)
{
    static struct foctl_relationship_room room;
    const char *management = foctl_arg(&t->args, "partner-management");
    Mgmt__Relationship m = MGMT__RELATIONSHIP__INIT;
    struct foctl_pair pair;
    int rc = foctl_take_relationship(t, &room, &m);

    if (rc != EXIT_DONE)
        return rc;
    if (management != NULL)
        m.partner_management = foctl_unconst(management);
    /* A foreign partner has no management that we could ask. */
    if (foctl_has(&t->args, "one-sided") || (management == NULL && strcmp(m.dialect, "isc") == 0))
        return create_one_sided(t, &m);
    if (management == NULL)
        return foctl_fail(EXIT_USAGE,
                          "give --partner-management, or --one-sided to change this server only");
    rc = foctl_pair_open(t, management, foctl_relationship_local(&m), &pair);
    if (rc == EXIT_DONE)
        rc = create_on_both(&pair, &m);
    foctl_pair_close(&pair);
    return rc;
}

/* --- set, delete, scopes
 * -------------------------------------------------------------------------------------- */

/* Does |change| on our server, and the same on the partner unless it is to be one-sided. */
static int change_both(struct foctl *t, const char *name, Mgmt__Change *here, Mgmt__Request *alone)
{
    Mgmt__Change there = *here;
    const char *management = foctl_arg(&t->args, "partner-management");
    struct foctl_pair_scopes missing = {0};
    struct foctl_pair pair;
    Mgmt__Reply *known;
    int rc;

    if (foctl_has(&t->args, "one-sided"))
        return foctl_do(t, alone);
    rc = foctl_relationship_get(t, name, &known);
    if (rc != EXIT_DONE)
        return rc;
    if (management == NULL)
        management = known->relationship->partner_management;
    if (management[0] == '\0') {
        rc = strcmp(known->relationship->dialect, "isc") == 0
                 ? foctl_do(t, alone)
                 : foctl_fail(EXIT_USAGE, "the partner's management address is not known; give "
                                          "--partner-management or --one-sided");
        mgmt__reply__free_unpacked(known, NULL);
        return rc;
    }
    rc = foctl_pair_open(t, management, foctl_relationship_local(known->relationship), &pair);
    if (rc == EXIT_DONE && here->change_case == MGMT__CHANGE__CHANGE_ADD_SCOPES)
        rc = foctl_pair_missing_scopes(&pair, here->add_scopes->scopes, here->add_scopes->n_scopes,
                                       &missing);
    there.scopes = missing.list;
    there.n_scopes = missing.count;
    if (rc == EXIT_DONE)
        rc = foctl_pair_change(&pair, here, &there);
    foctl_pair_free_scopes(&missing);
    foctl_pair_close(&pair);
    mgmt__reply__free_unpacked(known, NULL);
    return rc;
}

static int take_settings(struct foctl *t, char *secret, size_t capacity, Mgmt__RelationshipSet *set)
{
    static const char *const modes[] = {"load-balance", "hot-standby", NULL};
    Mgmt__Relationship *m = set->relationship;
    const char *mode = foctl_arg(&t->args, "mode"), *percent = foctl_arg(&t->args, "percent");
    const char *mclt = foctl_arg(&t->args, "mclt"), *safe = foctl_arg(&t->args, "safe-period");
    bool secret_given;
    int rc;

    if (mode != NULL) {
        if (foctl_choice("--mode", mode, modes, &m->mode) != FO_OK)
            return EXIT_USAGE;
        /* The percentage means something else in the other mode. */
        m->percentage = m->mode == FO_MODE_LOAD_BALANCE ? 50 : 5;
        set->flags |= FO_SET_MODE | FO_SET_PERCENTAGE;
    }
    if ((percent != NULL && foctl_number("--percent", percent, 255, &m->percentage) != FO_OK) ||
        (mclt != NULL && foctl_seconds("--mclt", mclt, &m->mclt_s) != FO_OK) ||
        (safe != NULL && foctl_seconds("--safe-period", safe, &m->safe_period_s) != FO_OK))
        return EXIT_USAGE;
    set->flags |= (percent != NULL ? FO_SET_PERCENTAGE : 0) | (mclt != NULL ? FO_SET_MCLT : 0) |
                  (safe != NULL ? FO_SET_SAFE_PERIOD : 0);
    m->shared_secret = secret;
    rc = foctl_take_secret(t, secret, capacity, &secret_given);
    set->flags |= secret_given ? FO_SET_SECRET : 0;
    return rc;
}

int foctl_relationship_set(struct foctl *t)
{
    Mgmt__Relationship m = MGMT__RELATIONSHIP__INIT;
    Mgmt__RelationshipSet set = MGMT__RELATIONSHIP_SET__INIT;
    Mgmt__Change change = MGMT__CHANGE__INIT;
    Mgmt__Request alone = MGMT__REQUEST__INIT;
    char secret[256] = "";
    int rc;

    m.name = t->args.words[0];
    set.relationship = &m;
    rc = take_settings(t, secret, sizeof secret, &set);
    if (rc != EXIT_DONE)
        return rc;
    if (set.flags == 0)
        return foctl_fail(EXIT_USAGE, "nothing to set is given");
    if ((set.flags & FO_SET_MODE) != 0)
        rc = foctl_confirm(t,
                           "Change the mode of relationship '%s'? Which server answers which "
                           "clients changes at once.",
                           m.name);
    if (rc != EXIT_DONE)
        return rc;
    change.change_case = MGMT__CHANGE__CHANGE_SET;
    change.set = &set;
    alone.call_case = MGMT__REQUEST__CALL_RELATIONSHIP_SET;
    alone.relationship_set = &set;
    return change_both(t, m.name, &change, &alone);
}

int foctl_relationship_delete(struct foctl *t)
{
    Mgmt__Name m = MGMT__NAME__INIT;
    Mgmt__Change change = MGMT__CHANGE__INIT;
    Mgmt__Request alone = MGMT__REQUEST__INIT;
    int rc;

    m.name = t->args.words[0];
    rc = foctl_confirm(t, "End relationship '%s'? Its leases stay, its redundancy goes.", m.name);
    if (rc != EXIT_DONE)
        return rc;
    change.change_case = MGMT__CHANGE__CHANGE_REMOVE;
    change.remove = &m;
    alone.call_case = MGMT__REQUEST__CALL_RELATIONSHIP_DELETE;
    alone.relationship_delete = &m;
    return change_both(t, m.name, &change, &alone);
}

static int take_words(struct foctl *t, fo_ipv4_t *scopes, Mgmt__RelationshipScopes *m)
{
    m->name = t->args.words[0];
    m->scopes = scopes;
    for (int i = 1; i < t->args.word_count; i++) {
        if (foctl_address("scope", t->args.words[i], &scopes[m->n_scopes]) != FO_OK)
            return EXIT_USAGE;
        m->n_scopes++;
    }
    return EXIT_DONE;
}

static int change_scopes(struct foctl *t, Mgmt__Change__ChangeCase what,
                         Mgmt__Request__CallCase call)
{
    static fo_ipv4_t scopes[FO_SCOPES_PER_CALL_MAX];
    Mgmt__RelationshipScopes m = MGMT__RELATIONSHIP_SCOPES__INIT;
    Mgmt__Change change = MGMT__CHANGE__INIT;
    Mgmt__Request alone = MGMT__REQUEST__INIT;
    int rc = take_words(t, scopes, &m);

    change.change_case = what;
    change.add_scopes = &m;
    alone.call_case = call;
    alone.relationship_add_scopes = &m;
    return rc != EXIT_DONE ? rc : change_both(t, m.name, &change, &alone);
}

int foctl_relationship_add_scope(struct foctl *t)
{
    return change_scopes(t, MGMT__CHANGE__CHANGE_ADD_SCOPES,
                         MGMT__REQUEST__CALL_RELATIONSHIP_ADD_SCOPES);
}

int foctl_relationship_remove_scope(struct foctl *t)
{
    int rc =
        foctl_confirm(t, "Take %d scopes out of relationship '%s'? They lose their redundancy.",
                      t->args.word_count - 1, t->args.words[0]);

    if (rc != EXIT_DONE)
        return rc;
    return change_scopes(t, MGMT__CHANGE__CHANGE_REMOVE_SCOPES,
                         MGMT__REQUEST__CALL_RELATIONSHIP_REMOVE_SCOPES);
}
