/* What changes of IPv6 would change. */
#include <stdio.h>
#include <string.h>

#include "mgmt/foctl_preview.h"
#include "mgmt/foctl_v6.h"

#define OBJECT_TEXT (FO_IPV6_TEXT + 16)

static void name_object(const char *noun, const ProtobufCBinaryData *address, char out[OBJECT_TEXT])
{
    char text[FO_IPV6_TEXT];

    (void)snprintf(out, OBJECT_TEXT, "%s %s", noun, fo_ipv6_text(foctl_v6_of(address), text));
}

/* --- prefixes --------------------------------------------------------------------------------- */

static struct foctl_sheet *prefix_card(const Mgmt__Prefix6 *m)
{
    struct foctl_sheet *card = foctl_card_new();

    foctl_v6_put_prefix(card, m, true);
    return card;
}

static int get_prefix(const struct foctl_preview *p, bool optional,
                      const ProtobufCBinaryData *prefix, Mgmt__Reply **out)
{
    Mgmt__Address6 m = MGMT__ADDRESS6__INIT;
    Mgmt__Request q = MGMT__REQUEST__INIT;

    m.address = *prefix;
    q.call_case = MGMT__REQUEST__CALL_PREFIX6_GET;
    q.prefix6_get = &m;
    return foctl_preview_ask(p, optional, &q, out);
}

/* |after| NULL: it would be gone. */
static int tell_prefix(const struct foctl_preview *p, bool optional,
                       const ProtobufCBinaryData *prefix, Mgmt__Prefix6 *after)
{
    char object[OBJECT_TEXT];
    Mgmt__Reply *before;
    int rc = get_prefix(p, optional, prefix, &before);

    if (rc != EXIT_DONE)
        return rc;
    if (after != NULL && before != NULL && before->prefix6->info != NULL)
        after->info->scope_id = before->prefix6->info->scope_id;
    name_object("prefix", prefix, object);
    foctl_preview_cards(p, object, before != NULL ? prefix_card(before->prefix6) : NULL,
                        after != NULL ? prefix_card(after) : NULL);
    if (before != NULL)
        mgmt__reply__free_unpacked(before, NULL);
    return EXIT_DONE;
}

int foctl_preview_prefix6_create(const struct foctl_preview *p)
{
    return tell_prefix(p, true, &p->request->prefix6_create->prefix, p->request->prefix6_create);
}

int foctl_preview_prefix6_set(const struct foctl_preview *p)
{
    return tell_prefix(p, false, &p->request->prefix6_set->prefix, p->request->prefix6_set);
}

int foctl_preview_prefix6_delete(const struct foctl_preview *p)
{
    return tell_prefix(p, false, &p->request->prefix6_delete->prefix, NULL);
}

/* --- elements --------------------------------------------------------------------------------- */

static int tell_element(const struct foctl_preview *p, bool add)
{
    const Mgmt__Element6 *m = p->request->element6_add;
    char object[OBJECT_TEXT], range[FOCTL_V6_RANGE_TEXT];
    const char *field = "exclusion";

    name_object("prefix", &m->prefix, object);
    if (m->element_case == MGMT__ELEMENT6__ELEMENT_EXCLUSION) {
        (void)foctl_v6_range_text(m->exclusion, range);
    } else if (m->element_case == MGMT__ELEMENT6__ELEMENT_RESERVATION) {
        field = "reservation";
        (void)fo_ipv6_text(foctl_v6_of(&m->reservation->address), range);
    } else {
        return EXIT_DONE;
    }
    foctl_preview_row(p, object, field, add ? "-" : range, add ? range : "-");
    return EXIT_DONE;
}

int foctl_preview_element6_add(const struct foctl_preview *p)
{
    return tell_element(p, true);
}

int foctl_preview_element6_remove(const struct foctl_preview *p)
{
    return tell_element(p, false);
}

/* --- leases ----------------------------------------------------------------------------------- */

static struct foctl_sheet *lease_card(const Mgmt__Lease6 *m)
{
    struct foctl_sheet *card = foctl_card_new();

    foctl_v6_put_lease(card, m, true);
    return card;
}

static int get_lease(const struct foctl_preview *p, bool optional,
                     const ProtobufCBinaryData *address, Mgmt__Reply **out)
{
    Mgmt__Lease6Search search = MGMT__LEASE6_SEARCH__INIT;
    Mgmt__Request q = MGMT__REQUEST__INIT;

    search.key_case = MGMT__LEASE6_SEARCH__KEY_ADDRESS;
    search.address = *address;
    q.call_case = MGMT__REQUEST__CALL_LEASE6_GET;
    q.lease6_get = &search;
    return foctl_preview_ask(p, optional, &q, out);
}

/* What the request does not say stays as it is, or is what the server gives. */
static Mgmt__Lease6 lease_after(const Mgmt__Lease6 *m, const Mgmt__Lease6 *before)
{
    Mgmt__Lease6 after = *m;

    if (before == NULL) {
        after.state = 2;
        after.reserved = false;
    }
    if (m->ends_case != MGMT__LEASE6__ENDS_VALID_UNTIL && before != NULL) {
        after.valid_until = before->valid_until;
        after.preferred_until = before->preferred_until;
    } else if (m->preferred_until == 0 || m->preferred_until > m->valid_until) {
        after.preferred_until = m->valid_until;
    }
    return after;
}

static int tell_lease(const struct foctl_preview *p, bool optional, const Mgmt__Lease6 *m)
{
    char object[OBJECT_TEXT];
    Mgmt__Lease6 after;
    Mgmt__Reply *before;
    int rc = get_lease(p, optional, &m->address, &before);

    if (rc != EXIT_DONE)
        return rc;
    after = lease_after(m, before != NULL ? before->lease6 : NULL);
    name_object("lease6", &m->address, object);
    foctl_preview_cards(p, object, before != NULL ? lease_card(before->lease6) : NULL,
                        lease_card(&after));
    if (before != NULL)
        mgmt__reply__free_unpacked(before, NULL);
    return EXIT_DONE;
}

int foctl_preview_lease6_create(const struct foctl_preview *p)
{
    return tell_lease(p, true, p->request->lease6_create);
}

int foctl_preview_lease6_set(const struct foctl_preview *p)
{
    return tell_lease(p, false, p->request->lease6_set);
}

int foctl_preview_lease6_delete(const struct foctl_preview *p)
{
    const ProtobufCBinaryData *address = &p->request->lease6_delete->address;
    char object[OBJECT_TEXT];
    Mgmt__Reply *before;
    int rc = get_lease(p, false, address, &before);

    if (rc != EXIT_DONE)
        return rc;
    name_object("lease6", address, object);
    foctl_preview_cards(p, object, lease_card(before->lease6), NULL);
    mgmt__reply__free_unpacked(before, NULL);
    return EXIT_DONE;
}

/* --- bindings --------------------------------------------------------------------------------- */

int foctl_preview_binding_set(const struct foctl_preview *p)
{
    const Mgmt__Bindings *m = p->request->binding_set->bindings;
    Mgmt__BindingQuery query = MGMT__BINDING_QUERY__INIT;
    Mgmt__Request q = MGMT__REQUEST__INIT;
    Mgmt__Reply *before;
    int rc;

    q.call_case = MGMT__REQUEST__CALL_BINDING_GET;
    q.binding_get = &query;
    rc = foctl_preview_ask(p, false, &q, &before);
    if (rc != EXIT_DONE)
        return rc;
    for (size_t i = 0; i < m->n_list; i++) {
        for (size_t k = 0; k < before->bindings->n_list; k++) {
            const Mgmt__Binding *there = before->bindings->list[k];
            if (strcmp(there->description, m->list[i]->description) == 0 &&
                there->bound != m->list[i]->bound)
                foctl_preview_row(p, there->description, "bound", there->bound ? "yes" : "no",
                                  there->bound ? "no" : "yes");
        }
    }
    mgmt__reply__free_unpacked(before, NULL);
    return EXIT_DONE;
}
