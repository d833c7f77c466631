#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "mgmt/foctl.h"

/* --- showing
 * ----------------------------------------------------------------------------------------- */

static void put_ranges(struct foctl_sheet *s, const char *key, const char *head,
                       Mgmt__Range **ranges, size_t count)
{
    char(*room)[FOCTL_RANGE_TEXT] = calloc(count + 1, sizeof *room);
    const char **texts = calloc(count + 1, sizeof(char *));
    size_t n = 0;

    for (size_t i = 0; room != NULL && texts != NULL && i < count; i++)
        texts[n++] = foctl_range_text(ranges[i], room[i]);
    foctl_put_list(s, key, head, texts, n);
    free(texts);
    free(room);
}

static unsigned prefix_length(uint32_t mask)
{
    unsigned bits = 0;

    while (bits < 32 && (mask & (UINT32_C(0x80000000) >> bits)) != 0)
        bits++;
    return bits;
}

void foctl_put_scope(struct foctl_sheet *s, const Mgmt__Scope *m)
{
    static const char *const states[] = {"enabled", "disabled", "enabled (switched)",
                                         "disabled (switched)"};
    char text[FO_IPV4_TEXT], subnet[FO_IPV4_TEXT + 4];

    (void)snprintf(subnet, sizeof subnet, "%s/%u", fo_ipv4_text(m->subnet, text),
                   prefix_length(m->mask));
    foctl_put_text(s, "subnet", "SUBNET", subnet);
    foctl_put_text(s, "name", "NAME", m->name);
    foctl_put_text(s, "comment", NULL, m->comment);
    foctl_put_text(s, "state", "STATE", m->state < 4 ? states[m->state] : "?");
    foctl_put_text(s, "relationship", "RELATIONSHIP", m->relationship);
    put_ranges(s, "ranges", "RANGES", m->ranges, m->n_ranges);
    put_ranges(s, "exclusions", "EXCLUSIONS", m->exclusions, m->n_exclusions);
}

static struct foctl_sheet *reservations_of(const Mgmt__Scope *m)
{
    struct foctl_sheet *list = foctl_list_new();
    char id[3 * 255 + 1];

    for (size_t i = 0; i < m->n_reservations; i++) {
        const Mgmt__Reservation *r = m->reservations[i];
        foctl_row(list);
        foctl_put_address(list, "address", "ADDRESS", r->address);
        foctl_put_text(list, "client", "CLIENT",
                       foctl_hex_text(r->client.data, r->client.len, id, sizeof id));
        foctl_put_text(list, "for", "FOR", foctl_client_types(r->types));
    }
    return list;
}

int foctl_scope_list(struct foctl *t)
{
    struct foctl_sheet *list = foctl_list_new();
    Mgmt__Page page = MGMT__PAGE__INIT;
    Mgmt__Request q = MGMT__REQUEST__INIT;
    bool more = true;
    int rc = foctl_connect(t);

    q.call_case = MGMT__REQUEST__CALL_SCOPE_ENUM;
    q.scope_enum = &page;
    while (rc == EXIT_DONE && more) {
        Mgmt__Reply *reply = NULL;
        rc = foctl_ask_at(t->client, NULL, true, &q, &reply);
        if (rc == EXIT_UNREACHABLE)
            break;
        more = rc == EXIT_DONE && reply->scopes->more;
        for (size_t i = 0; rc == EXIT_DONE && i < reply->scopes->n_list; i++) {
            foctl_row(list);
            foctl_put_scope(list, reply->scopes->list[i]);
            page.after_address = reply->scopes->next;
        }
        if (rc == EXIT_REFUSED)
            rc = reply->code == ERROR_NO_MORE_ITEMS ? EXIT_DONE : foctl_refused(NULL, reply);
        mgmt__reply__free_unpacked(reply, NULL);
    }
    foctl_print(t, list);
    return rc;
}

static int take_subnet(struct foctl *t, fo_ipv4_t *out)
{
    return foctl_address("scope", t->args.words[0], out) == FO_OK ? EXIT_DONE : EXIT_USAGE;
}

int foctl_scope_show(struct foctl *t)
{
    Mgmt__Subnet subnet = MGMT__SUBNET__INIT;
    Mgmt__Request q = MGMT__REQUEST__INIT;
    struct foctl_sheet *card;
    Mgmt__Reply *reply;
    int rc = take_subnet(t, &subnet.subnet);

    q.call_case = MGMT__REQUEST__CALL_SCOPE_GET;
    q.scope_get = &subnet;
    if (rc == EXIT_DONE)
        rc = foctl_ask(t, &q, &reply);
    if (rc != EXIT_DONE)
        return rc;
    card = foctl_card_new();
    foctl_put_scope(card, reply->scope);
    foctl_put_text(card, "comment", "COMMENT", reply->scope->comment);
    foctl_put_sheet(card, "reservations", reservations_of(reply->scope));
    foctl_print(t, card);
    mgmt__reply__free_unpacked(reply, NULL);
    return EXIT_DONE;
}

/* --- making and changing
 * ----------------------------------------------------------------------------- */

struct ranges {
    Mgmt__Range room[FOCTL_GIVEN_MAX];
    Mgmt__Range *list[FOCTL_GIVEN_MAX];
    size_t count;
};

static int take_ranges(struct foctl *t, const char *option, struct ranges *out)
{
    const char *text;

    while ((text = foctl_arg_at(&t->args, option, out->count)) != NULL) {
        Mgmt__Range *r = &out->room[out->count];
        mgmt__range__init(r);
        if (foctl_range(option, text, &r->first, &r->last) != FO_OK)
            return EXIT_USAGE;
        out->list[out->count++] = r;
    }
    return EXIT_DONE;
}

/* protobuf-c takes texts without const, and does not write to them. */
static char *arg_text(struct foctl *t, const char *name)
{
    union {
        const char *in;
        char *out;
    } u = {.in = foctl_arg(&t->args, name)};

    if (u.in == NULL)
        u.in = "";
    return u.out;
}

int foctl_scope_create(struct foctl *t)
{
    static struct ranges ranges, exclusions;
    Mgmt__Scope scope = MGMT__SCOPE__INIT;
    Mgmt__Request q = MGMT__REQUEST__INIT;
    int rc;

    if (foctl_subnet(t->args.words[0], &scope.subnet, &scope.mask) != FO_OK)
        return EXIT_USAGE;
    rc = take_ranges(t, "range", &ranges);
    if (rc == EXIT_DONE)
        rc = take_ranges(t, "exclude", &exclusions);
    if (rc != EXIT_DONE)
        return rc;
    scope.name = arg_text(t, "name");
    scope.comment = arg_text(t, "comment");
    scope.state = foctl_has(&t->args, "disabled") ? 1 : 0;
    scope.ranges = ranges.list;
    scope.n_ranges = ranges.count;
    scope.exclusions = exclusions.list;
    scope.n_exclusions = exclusions.count;
    q.call_case = MGMT__REQUEST__CALL_SCOPE_CREATE;
    q.scope_create = &scope;
    return foctl_do(t, &q);
}

int foctl_scope_set(struct foctl *t)
{
    Mgmt__Subnet subnet = MGMT__SUBNET__INIT;
    Mgmt__Request get = MGMT__REQUEST__INIT, set = MGMT__REQUEST__INIT;
    Mgmt__Scope scope = MGMT__SCOPE__INIT;
    Mgmt__Reply *reply;
    int rc = take_subnet(t, &subnet.subnet);

    get.call_case = MGMT__REQUEST__CALL_SCOPE_GET;
    get.scope_get = &subnet;
    if (rc == EXIT_DONE)
        rc = foctl_ask(t, &get, &reply);
    if (rc != EXIT_DONE)
        return rc;
    scope.subnet = subnet.subnet;
    scope.name = foctl_has(&t->args, "name") ? arg_text(t, "name") : reply->scope->name;
    scope.comment = foctl_has(&t->args, "comment") ? arg_text(t, "comment") : reply->scope->comment;
    scope.state = reply->scope->state;
    if (foctl_has(&t->args, "enabled"))
        scope.state = 0;
    if (foctl_has(&t->args, "disabled"))
        scope.state = 1;
    set.call_case = MGMT__REQUEST__CALL_SCOPE_SET;
    set.scope_set = &scope;
    rc = foctl_do(t, &set);
    mgmt__reply__free_unpacked(reply, NULL);
    return rc;
}

int foctl_scope_delete(struct foctl *t)
{
    Mgmt__ScopeDelete m = MGMT__SCOPE_DELETE__INIT;
    Mgmt__Request q = MGMT__REQUEST__INIT;
    int rc = take_subnet(t, &m.subnet);

    m.force = foctl_has(&t->args, "force");
    q.call_case = MGMT__REQUEST__CALL_SCOPE_DELETE;
    q.scope_delete = &m;
    return rc != EXIT_DONE ? rc : foctl_do(t, &q);
}

/* --- statistics
 * ------------------------------------------------------------------------------------------ */

static int put_statistics(struct foctl *t, struct foctl_sheet *list, fo_ipv4_t scope,
                          bool must_have)
{
    Mgmt__Subnet subnet = MGMT__SUBNET__INIT;
    Mgmt__Request q = MGMT__REQUEST__INIT;
    const Mgmt__ScopeStatistics *m;
    Mgmt__Reply *reply;
    int rc;

    subnet.subnet = scope;
    q.call_case = MGMT__REQUEST__CALL_SCOPE_STATISTICS;
    q.scope_statistics = &subnet;
    rc = foctl_ask_at(t->client, NULL, !must_have, &q, &reply);
    if (rc == EXIT_REFUSED && !must_have) {
        mgmt__reply__free_unpacked(reply, NULL);
        return EXIT_DONE; /* in no relationship */
    }
    if (rc != EXIT_DONE)
        return rc;
    m = reply->statistics;
    foctl_row(list);
    foctl_put_address(list, "subnet", "SUBNET", scope);
    foctl_put_number(list, "addresses", "ADDRESSES", m->addresses);
    foctl_put_number(list, "free", "FREE", m->free);
    foctl_put_number(list, "in_use", "IN-USE", m->in_use);
    foctl_put_number(list, "this_free", "THIS-FREE", m->this_free);
    foctl_put_number(list, "partner_free", "PARTNER-FREE", m->partner_free);
    foctl_put_number(list, "this_in_use", "THIS-IN-USE", m->this_in_use);
    foctl_put_number(list, "partner_in_use", "PARTNER-IN-USE", m->partner_in_use);
    mgmt__reply__free_unpacked(reply, NULL);
    return EXIT_DONE;
}

static int put_all_statistics(struct foctl *t, struct foctl_sheet *list)
{
    Mgmt__Page page = MGMT__PAGE__INIT;
    Mgmt__Request q = MGMT__REQUEST__INIT;
    bool more = true;
    int rc = EXIT_DONE;

    q.call_case = MGMT__REQUEST__CALL_SCOPE_ENUM;
    q.scope_enum = &page;
    while (rc == EXIT_DONE && more) {
        Mgmt__Reply *reply = NULL;
        rc = foctl_ask_at(t->client, NULL, true, &q, &reply);
        if (rc == EXIT_UNREACHABLE)
            return rc;
        more = rc == EXIT_DONE && reply->scopes->more;
        for (size_t i = 0; rc == EXIT_DONE && i < reply->scopes->n_list; i++) {
            rc = put_statistics(t, list, reply->scopes->list[i]->subnet, false);
            page.after_address = reply->scopes->next;
        }
        if (rc == EXIT_REFUSED && reply->code == ERROR_NO_MORE_ITEMS) {
            more = false;
            rc = EXIT_DONE;
        }
        mgmt__reply__free_unpacked(reply, NULL);
    }
    return rc;
}

int foctl_scope_statistics(struct foctl *t)
{
    struct foctl_sheet *list = foctl_list_new();
    fo_ipv4_t subnet;
    int rc = foctl_connect(t);

    if (rc == EXIT_DONE && t->args.word_count == 1) {
        rc = take_subnet(t, &subnet);
        if (rc == EXIT_DONE)
            rc = put_statistics(t, list, subnet, true);
    } else if (rc == EXIT_DONE) {
        rc = put_all_statistics(t, list);
    }
    foctl_print(t, list);
    return rc;
}
