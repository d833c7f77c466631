/* Ranges, exclusions and reservations of a scope. */
#include <stdio.h>

#include "mgmt/element.h"
#include "mgmt/foctl.h"

/* enum fo_range_kind, and bAllowedClientTypes. */
static const char *const kinds[] = {"dhcp", "both", "bootp", NULL};
static const char *const types[] = {"both", "dhcp", "bootp", NULL};

const char *foctl_range_text(const Mgmt__Range *r, char out[FOCTL_RANGE_TEXT])
{
    char first[FO_IPV4_TEXT], last[FO_IPV4_TEXT];
    bool known = r->kind != FO_RANGE_DHCP && r->kind <= FO_RANGE_BOOTP;

    (void)snprintf(out, FOCTL_RANGE_TEXT, "%s-%s%s%s%s", fo_ipv4_text(r->first, first),
                   fo_ipv4_text(r->last, last), known ? " (" : "", known ? kinds[r->kind] : "",
                   known ? ")" : "");
    return out;
}

const char *foctl_client_types(uint32_t mask)
{
    return mask == FO_RESERVED_DHCP || mask == FO_RESERVED_BOOTP ? types[mask] : types[0];
}

/* --- what is given ---------------------------------------------------------------------------- */

static int take_subnet(struct foctl *t, fo_ipv4_t *out)
{
    return foctl_address("scope", t->args.words[0], out) == FO_OK ? EXIT_DONE : EXIT_USAGE;
}

static int take_choice(struct foctl *t, const char *name, const char *const *words, uint32_t *out)
{
    const char *text = foctl_arg(&t->args, name);

    if (text != NULL && foctl_choice(name, text, words, out) != FO_OK)
        return EXIT_USAGE;
    return EXIT_DONE;
}

static int take_range(struct foctl *t, Mgmt__Range *out)
{
    if (foctl_range("range", t->args.words[1], &out->first, &out->last) != FO_OK)
        return EXIT_USAGE;
    return take_choice(t, "kind", kinds, &out->kind);
}

/* --- changes ---------------------------------------------------------------------------------- */

static int send_element(struct foctl *t, Mgmt__ScopeElement *m, bool add)
{
    Mgmt__Request q = MGMT__REQUEST__INIT;
    int rc = take_subnet(t, &m->subnet);

    q.call_case =
        add ? MGMT__REQUEST__CALL_SCOPE_ELEMENT_ADD : MGMT__REQUEST__CALL_SCOPE_ELEMENT_REMOVE;
    q.scope_element_add = m;
    return rc != EXIT_DONE ? rc : foctl_do(t, &q);
}

static int change_range(struct foctl *t, bool exclusion, bool add)
{
    Mgmt__ScopeElement m = MGMT__SCOPE_ELEMENT__INIT;
    Mgmt__Range range = MGMT__RANGE__INIT;
    int rc = take_range(t, &range);

    m.element_case =
        exclusion ? MGMT__SCOPE_ELEMENT__ELEMENT_EXCLUSION : MGMT__SCOPE_ELEMENT__ELEMENT_RANGE;
    m.range = &range;
    m.force = foctl_has(&t->args, "force");
    return rc != EXIT_DONE ? rc : send_element(t, &m, add);
}

int foctl_scope_add_range(struct foctl *t)
{
    return change_range(t, false, true);
}

int foctl_scope_remove_range(struct foctl *t)
{
    return change_range(t, false, false);
}

int foctl_scope_exclude(struct foctl *t)
{
    return change_range(t, true, true);
}

int foctl_scope_unexclude(struct foctl *t)
{
    return change_range(t, true, false);
}

int foctl_scope_set_range(struct foctl *t)
{
    static const uint32_t of_kind[] = {FO_ELEMENT_RANGE_DHCP, FO_ELEMENT_RANGE_BOTH,
                                       FO_ELEMENT_RANGE_BOOTP};
    Mgmt__SubnetElement m = MGMT__SUBNET_ELEMENT__INIT;
    Mgmt__Range range = MGMT__RANGE__INIT;
    Mgmt__Request q = MGMT__REQUEST__INIT;
    int rc = take_subnet(t, &m.subnet);

    if (rc == EXIT_DONE)
        rc = take_range(t, &range);
    m.type = of_kind[range.kind];
    m.range = &range;
    q.call_case = MGMT__REQUEST__CALL_SUBNET_ELEMENT_ADD;
    q.subnet_element_add = &m;
    return rc != EXIT_DONE ? rc : foctl_do(t, &q);
}

static int change_reservation(struct foctl *t, bool add)
{
    Mgmt__ScopeElement m = MGMT__SCOPE_ELEMENT__INIT;
    Mgmt__Reservation reservation = MGMT__RESERVATION__INIT;
    uint8_t id[FOCTL_ID_MAX];

    reservation.client.len = sizeof id;
    reservation.client.data = id;
    if (foctl_address("address", t->args.words[1], &reservation.address) != FO_OK ||
        take_choice(t, "for", types, &reservation.types) != EXIT_DONE)
        return EXIT_USAGE;
    if (!add)
        reservation.client.len = 0;
    else if (foctl_hex("client", t->args.words[2], id, &reservation.client.len) != FO_OK)
        return EXIT_USAGE;
    m.element_case = MGMT__SCOPE_ELEMENT__ELEMENT_RESERVATION;
    m.reservation = &reservation;
    return send_element(t, &m, add);
}

int foctl_scope_reserve(struct foctl *t)
{
    return change_reservation(t, true);
}

int foctl_scope_unreserve(struct foctl *t)
{
    return change_reservation(t, false);
}

/* --- free addresses --------------------------------------------------------------------------- */

int foctl_scope_free(struct foctl *t)
{
    struct foctl_sheet *list;
    Mgmt__FreeQuery m = MGMT__FREE_QUERY__INIT;
    Mgmt__Request q = MGMT__REQUEST__INIT;
    const char *count = foctl_arg(&t->args, "count"), *within = foctl_arg(&t->args, "within");
    Mgmt__Reply *reply = NULL;
    int rc = take_subnet(t, &m.subnet);

    if (rc != EXIT_DONE ||
        (count != NULL && foctl_number("--count", count, UINT32_MAX, &m.count) != FO_OK) ||
        (within != NULL && foctl_range("--within", within, &m.first, &m.last) != FO_OK))
        return EXIT_USAGE;
    q.call_case = MGMT__REQUEST__CALL_FREE_ADDRESSES;
    q.free_addresses = &m;
    rc = foctl_connect(t);
    if (rc == EXIT_DONE)
        rc = foctl_ask_at(t->client, NULL, true, &q, &reply);
    if (rc == EXIT_UNREACHABLE || reply == NULL)
        return rc;
    if (reply->result_case == MGMT__REPLY__RESULT_ADDRESSES) {
        list = foctl_list_new();
        for (size_t i = 0; i < reply->addresses->n_list; i++) {
            foctl_row(list);
            foctl_put_address(list, "address", "ADDRESS", reply->addresses->list[i]);
        }
        foctl_print(t, list);
    }
    if (rc == EXIT_REFUSED) /* also if there are fewer than asked for */
        rc = foctl_refused(NULL, reply);
    mgmt__reply__free_unpacked(reply, NULL);
    return rc;
}
