#include "mgmt/foctl_diff.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "state/relationship.h"

#define RESERVATION_TEXT (FO_IPV4_TEXT + 3 * 255 + 16)

/* --- elements of a scope ---------------------------------------------------------------------- */

static bool has_range(Mgmt__Range **list, size_t count, const Mgmt__Range *wanted)
{
    for (size_t i = 0; i < count; i++) {
        if (list[i]->first == wanted->first && list[i]->last == wanted->last &&
            list[i]->kind == wanted->kind)
            return true;
    }
    return false;
}

static void diff_ranges(const struct foctl_differences *d, const char *what, Mgmt__Range **ours,
                        size_t our_count, Mgmt__Range **theirs, size_t their_count)
{
    char text[FOCTL_RANGE_TEXT];

    for (size_t i = 0; i < our_count; i++) {
        if (!has_range(theirs, their_count, ours[i]))
            d->add(d->context, what, foctl_range_text(ours[i], text), "-");
    }
    for (size_t i = 0; i < their_count; i++) {
        if (!has_range(ours, our_count, theirs[i]))
            d->add(d->context, what, "-", foctl_range_text(theirs[i], text));
    }
}

static const Mgmt__Reservation *find_reservation(const Mgmt__Scope *scope, fo_ipv4_t address)
{
    for (size_t i = 0; i < scope->n_reservations; i++) {
        if (scope->reservations[i]->address == address)
            return scope->reservations[i];
    }
    return NULL;
}

/* The client only where both reserve the address, for different ones or not for the same messages. */
static const char *reservation_text(const Mgmt__Reservation *r, bool client,
                                    char out[RESERVATION_TEXT])
{
    size_t used;
    char address[FO_IPV4_TEXT];

    used = (size_t)snprintf(out, RESERVATION_TEXT, "%s%s", fo_ipv4_text(r->address, address),
                            client ? " for " : "");
    if (client) {
        (void)foctl_hex_text(r->client.data, r->client.len, out + used, RESERVATION_TEXT - used);
        used = strlen(out);
        (void)snprintf(out + used, RESERVATION_TEXT - used, " (%s)", foctl_client_types(r->types));
    }
    return out;
}

static void diff_reservations(const struct foctl_differences *d, const Mgmt__Scope *ours,
                              const Mgmt__Scope *theirs)
{
    char here[RESERVATION_TEXT], there[RESERVATION_TEXT];

    for (size_t i = 0; i < ours->n_reservations; i++) {
        const Mgmt__Reservation *r = ours->reservations[i];
        const Mgmt__Reservation *other = find_reservation(theirs, r->address);
        if (other == NULL)
            d->add(d->context, "reservation", reservation_text(r, false, here), "-");
        else if (other->client.len != r->client.len || other->types != r->types ||
                 memcmp(other->client.data, r->client.data, r->client.len) != 0)
            d->add(d->context, "reservation", reservation_text(r, true, here),
                   reservation_text(other, true, there));
    }
    for (size_t i = 0; i < theirs->n_reservations; i++) {
        const Mgmt__Reservation *r = theirs->reservations[i];
        if (find_reservation(ours, r->address) == NULL)
            d->add(d->context, "reservation", "-", reservation_text(r, false, there));
    }
}

/* --- a scope ---------------------------------------------------------------------------------- */

struct comparison {
    const struct foctl_differences *d;
    const char *const *apart; /* keys not compared as values; ends with NULL */
};

static void add_value(void *context, const char *key, const char *ours, const char *theirs)
{
    const struct comparison *c = context;

    for (size_t i = 0; c->apart[i] != NULL; i++) {
        if (strcmp(c->apart[i], key) == 0)
            return;
    }
    c->d->add(c->d->context, key, ours, theirs);
}

static void diff_cards(const struct foctl_differences *d, const char *const *apart,
                       struct foctl_sheet *ours, struct foctl_sheet *theirs)
{
    struct comparison c = {d, apart};

    foctl_compare(ours, theirs, add_value, &c);
    foctl_discard(ours);
    foctl_discard(theirs);
}

void foctl_diff_scopes(const struct foctl_differences *d, const Mgmt__Scope *ours,
                       const Mgmt__Scope *theirs)
{
    /* Element by element below; and whose relationship it is in, each server has for itself. */
    static const char *const apart[] = {"ranges", "exclusions", "relationship", NULL};
    struct foctl_sheet *here = foctl_card_new(), *there = foctl_card_new();

    foctl_put_scope(here, ours);
    foctl_put_scope(there, theirs);
    diff_cards(d, apart, here, there);
    diff_ranges(d, "range", ours->ranges, ours->n_ranges, theirs->ranges, theirs->n_ranges);
    diff_ranges(d, "exclusion", ours->exclusions, ours->n_exclusions, theirs->exclusions,
                theirs->n_exclusions);
    diff_reservations(d, ours, theirs);
}

int foctl_diff_get_scope(struct fo_mgmt_client *c, const char *server, fo_ipv4_t subnet,
                         Mgmt__Reply **out)
{
    Mgmt__Subnet m = MGMT__SUBNET__INIT;
    Mgmt__Request q = MGMT__REQUEST__INIT;
    int rc;

    m.subnet = subnet;
    q.call_case = MGMT__REQUEST__CALL_SCOPE_GET;
    q.scope_get = &m;
    rc = foctl_ask_at(c, server, true, &q, out);
    if (rc != EXIT_REFUSED)
        return rc;
    if ((*out)->code == ERROR_DHCP_SUBNET_NOT_PRESENT)
        rc = EXIT_DONE;
    else
        (void)foctl_refused(server, *out);
    mgmt__reply__free_unpacked(*out, NULL);
    *out = NULL;
    return rc;
}

int foctl_diff_scope_at(struct foctl_pair *p, fo_ipv4_t subnet, const struct foctl_differences *d)
{
    Mgmt__Reply *ours = NULL, *theirs = NULL;
    int rc = foctl_diff_get_scope(p->a, "this server", subnet, &ours);

    if (rc == EXIT_DONE)
        rc = foctl_diff_get_scope(p->b, "the partner", subnet, &theirs);
    if (rc == EXIT_DONE && ours != NULL && theirs != NULL)
        foctl_diff_scopes(d, ours->scope, theirs->scope);
    else if (rc == EXIT_DONE && (ours != NULL || theirs != NULL))
        d->add(d->context, "scope", ours != NULL ? "exists" : "-", theirs != NULL ? "exists" : "-");
    if (ours != NULL)
        mgmt__reply__free_unpacked(ours, NULL);
    if (theirs != NULL)
        mgmt__reply__free_unpacked(theirs, NULL);
    return rc;
}

/* --- a relationship --------------------------------------------------------------------------- */

/* By role, not by side: so both servers must say the same. */
static struct foctl_sheet *card_of(const Mgmt__Relationship *m)
{
    struct foctl_sheet *card = foctl_card_new();
    char buckets[3 * FO_BUCKETS / 8 + 1];

    foctl_put_relationship(card, m, true);
    foctl_put_address(card, "primary", NULL, m->primary_server);
    foctl_put_address(card, "secondary", NULL, m->secondary_server);
    foctl_put_text(card, "primary_name", NULL, m->primary_server_name);
    foctl_put_text(card, "secondary_name", NULL, m->secondary_server_name);
    foctl_put_text(card, "hash_buckets", NULL,
                   foctl_hex_text(m->buckets.data, m->buckets.len, buckets, sizeof buckets));
    return card;
}

void foctl_diff_relationships(const struct foctl_differences *d, const Mgmt__Relationship *ours,
                              const Mgmt__Relationship *theirs)
{
    static const char *const roles[] = {"primary", "secondary"};
    /* Told by role instead, or each server's own. */
    static const char *const apart[] = {"role",
                                        "local",
                                        "partner",
                                        "state",
                                        "local_name",
                                        "partner_name",
                                        "safe_period_s",
                                        "partner_port",
                                        "partner_management",
                                        NULL};

    diff_cards(d, apart, card_of(ours), card_of(theirs));
    if (ours->role == theirs->role)
        d->add(d->context, "role", roles[ours->role & 1], roles[theirs->role & 1]);
}

/* --- the command ------------------------------------------------------------------------------ */

struct report {
    struct foctl_sheet *list;
    const char *object;
    size_t count;
};

static void add_row(void *context, const char *what, const char *ours, const char *theirs)
{
    struct report *r = context;

    foctl_row(r->list);
    foctl_put_text(r->list, "object", "OBJECT", r->object);
    foctl_put_text(r->list, "field", "FIELD", what);
    foctl_put_text(r->list, "here", "HERE", ours);
    foctl_put_text(r->list, "there", "THERE", theirs);
    r->count++;
}

static bool lists_scope(const Mgmt__Relationship *m, fo_ipv4_t subnet)
{
    for (size_t i = 0; i < m->n_scopes; i++) {
        if (m->scopes[i] == subnet)
            return true;
    }
    return false;
}

static int diff_scopes_of(struct foctl_pair *p, const Mgmt__Relationship *m,
                          const Mgmt__Relationship *but_not, struct report *r)
{
    const struct foctl_differences d = {add_row, r};
    char object[FO_IPV4_TEXT + 8], text[FO_IPV4_TEXT];
    int rc = EXIT_DONE;

    for (size_t i = 0; i < m->n_scopes && rc == EXIT_DONE; i++) {
        if (but_not != NULL && lists_scope(but_not, m->scopes[i]))
            continue;
        (void)snprintf(object, sizeof object, "scope %s", fo_ipv4_text(m->scopes[i], text));
        r->object = object;
        rc = foctl_diff_scope_at(p, m->scopes[i], &d);
    }
    return rc;
}

static int diff_all(struct foctl_pair *p, const Mgmt__Relationship *ours, struct report *r)
{
    const struct foctl_differences d = {add_row, r};
    char object[FO_RELATIONSHIP_NAME_BYTES + 16];
    const Mgmt__Relationship *m = NULL;
    Mgmt__Reply *theirs;
    int rc = foctl_relationship_get_at(p->b, "the partner", true, ours->name, &theirs);

    if (rc == EXIT_UNREACHABLE)
        return rc;
    (void)snprintf(object, sizeof object, "relationship %s", ours->name);
    r->object = object;
    if (rc == EXIT_DONE) {
        m = theirs->relationship;
        foctl_diff_relationships(&d, ours, m);
    } else if (theirs->code == ERROR_DHCP_FO_RELATIONSHIP_DOES_NOT_EXIST) {
        add_row(r, "relationship", "exists", "-");
        rc = EXIT_DONE;
    } else {
        (void)foctl_refused("the partner", theirs);
    }
    if (rc == EXIT_DONE)
        rc = diff_scopes_of(p, ours, NULL, r);
    if (rc == EXIT_DONE && m != NULL)
        rc = diff_scopes_of(p, m, ours, r);
    mgmt__reply__free_unpacked(theirs, NULL);
    return rc;
}

int foctl_relationship_diff(struct foctl *t)
{
    struct report r = {.list = foctl_list_new()};
    struct foctl_pair pair = {0};
    Mgmt__Reply *known;
    int rc = foctl_relationship_get(t, t->args.words[0], &known);

    if (rc != EXIT_DONE) {
        foctl_discard(r.list);
        return rc;
    }
    rc = foctl_pair_meet_partner(t, known->relationship, &pair);
    if (rc == EXIT_DONE)
        rc = diff_all(&pair, known->relationship, &r);
    if (rc == EXIT_DONE)
        (void)fprintf(stderr, "foctl: %zu differences between '%s' (HERE) and '%s' (THERE)\n",
                      r.count, pair.about_a->server->name, pair.about_b->server->name);
    foctl_print(t, r.list);
    foctl_pair_close(&pair);
    mgmt__reply__free_unpacked(known, NULL);
    return rc == EXIT_DONE && r.count != 0 ? EXIT_DIFFERENT : rc;
}
