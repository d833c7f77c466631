/* What changes of a scope would change. */
#include <stdio.h>
#include <string.h>

#include "mgmt/foctl_preview.h"

#define OBJECT_TEXT (FO_IPV4_TEXT + 8)

static const char *object_of(fo_ipv4_t subnet, char out[OBJECT_TEXT])
{
    char text[FO_IPV4_TEXT];

    (void)snprintf(out, OBJECT_TEXT, "scope %s", fo_ipv4_text(subnet, text));
    return out;
}

static int get(const struct foctl_preview *p, bool optional, fo_ipv4_t subnet, Mgmt__Reply **out)
{
    Mgmt__Subnet m = MGMT__SUBNET__INIT;
    Mgmt__Request q = MGMT__REQUEST__INIT;

    m.subnet = subnet;
    q.call_case = MGMT__REQUEST__CALL_SCOPE_GET;
    q.scope_get = &m;
    return foctl_preview_ask(p, optional, &q, out);
}

static struct foctl_sheet *card_of(const Mgmt__Scope *m)
{
    struct foctl_sheet *card = foctl_card_new();

    foctl_put_scope(card, m);
    return card;
}

int foctl_preview_scope_create(const struct foctl_preview *p)
{
    const Mgmt__Scope *m = p->request->scope_create;
    char object[OBJECT_TEXT];
    Mgmt__Reply *before;
    int rc = get(p, true, m->subnet, &before);

    if (rc != EXIT_DONE)
        return rc;
    if (before != NULL) {
        mgmt__reply__free_unpacked(before, NULL);
        return foctl_refused_code(p->server, ERROR_DHCP_SUBNET_EXISTS,
                                  fo_win32_sentence(ERROR_DHCP_SUBNET_EXISTS));
    }
    p->t->scopes_come = true;
    foctl_preview_cards(p, object_of(m->subnet, object), NULL, card_of(m));
    return EXIT_DONE;
}

int foctl_preview_scope_set(const struct foctl_preview *p)
{
    const Mgmt__Scope *m = p->request->scope_set;
    char object[OBJECT_TEXT];
    Mgmt__Scope after;
    Mgmt__Reply *before;
    int rc = get(p, false, m->subnet, &before);

    if (rc != EXIT_DONE)
        return rc;
    after = *before->scope;
    after.name = m->name;
    after.comment = m->comment;
    after.state = m->state;
    foctl_preview_cards(p, object_of(m->subnet, object), card_of(before->scope), card_of(&after));
    mgmt__reply__free_unpacked(before, NULL);
    return EXIT_DONE;
}

int foctl_preview_scope_delete(const struct foctl_preview *p)
{
    fo_ipv4_t subnet = p->request->scope_delete->subnet;
    char object[OBJECT_TEXT];
    Mgmt__Reply *before;
    int rc = get(p, false, subnet, &before);

    if (rc != EXIT_DONE)
        return rc;
    foctl_preview_cards(p, object_of(subnet, object), card_of(before->scope), NULL);
    mgmt__reply__free_unpacked(before, NULL);
    return EXIT_DONE;
}

/* --- elements --------------------------------------------------------------------------------- */

static const char *element_text(const Mgmt__ScopeElement *m, char *out, size_t capacity,
                                const char **out_field)
{
    char text[FOCTL_RANGE_TEXT];
    bool exclusion = m->element_case == MGMT__SCOPE_ELEMENT__ELEMENT_EXCLUSION;

    if (m->element_case == MGMT__SCOPE_ELEMENT__ELEMENT_RESERVATION) {
        const Mgmt__Reservation *r = m->reservation;
        size_t used = (size_t)snprintf(out, capacity, "%s%s", fo_ipv4_text(r->address, text),
                                       r->client.len != 0 ? " for " : "");
        (void)foctl_hex_text(r->client.data, r->client.len, out + used, capacity - used);
        *out_field = "reservation";
        return out;
    }
    (void)snprintf(out, capacity, "%s", foctl_range_text(m->range, text));
    *out_field = exclusion ? "exclusion" : "range";
    return out;
}

static int change_element(const struct foctl_preview *p, bool add)
{
    const Mgmt__ScopeElement *m = p->request->scope_element_add;
    char object[OBJECT_TEXT], text[3 * 255 + 32];
    const char *field;
    Mgmt__Reply *before;
    int rc = get(p, false, m->subnet, &before);

    if (rc != EXIT_DONE)
        return rc;
    (void)element_text(m, text, sizeof text, &field);
    foctl_preview_row(p, object_of(m->subnet, object), field, add ? "-" : text, add ? text : "-");
    mgmt__reply__free_unpacked(before, NULL);
    return EXIT_DONE;
}

int foctl_preview_element_add(const struct foctl_preview *p)
{
    return change_element(p, true);
}

int foctl_preview_element_remove(const struct foctl_preview *p)
{
    return change_element(p, false);
}

/* The range takes the place of those that it shares an address with. */
int foctl_preview_range_fit(const struct foctl_preview *p)
{
    const Mgmt__SubnetElement *m = p->request->subnet_element_add;
    char object[OBJECT_TEXT], now[FOCTL_RANGE_TEXT], before_text[FOCTL_RANGE_TEXT];
    const Mgmt__Range *r = m->range;
    bool replaces = false;
    Mgmt__Reply *before;
    int rc = get(p, false, m->subnet, &before);

    if (rc != EXIT_DONE)
        return rc;
    (void)object_of(m->subnet, object);
    (void)foctl_range_text(r, now);
    for (size_t i = 0; i < before->scope->n_ranges; i++) {
        const Mgmt__Range *old = before->scope->ranges[i];
        if (old->last < r->first || r->last < old->first)
            continue;
        foctl_preview_row(p, object, "range", foctl_range_text(old, before_text),
                          replaces ? "-" : now);
        replaces = true;
    }
    if (!replaces)
        foctl_preview_row(p, object, "range", "-", now);
    mgmt__reply__free_unpacked(before, NULL);
    return EXIT_DONE;
}
