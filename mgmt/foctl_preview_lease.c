/* What changes of a lease would change. */
#include <stdio.h>
#include <string.h>

#include "mgmt/foctl_preview.h"

#define OBJECT_TEXT (FO_IPV4_TEXT + 8)

static int get(const struct foctl_preview *p, bool optional, const Mgmt__LeaseSearch *search,
               Mgmt__Reply **out)
{
    Mgmt__LeaseSearch copy = *search;
    Mgmt__Request q = MGMT__REQUEST__INIT;

    q.call_case = MGMT__REQUEST__CALL_LEASE_GET;
    q.lease_get = &copy;
    return foctl_preview_ask(p, optional, &q, out);
}

static int get_address(const struct foctl_preview *p, bool optional, fo_ipv4_t address,
                       Mgmt__Reply **out)
{
    Mgmt__LeaseSearch search = MGMT__LEASE_SEARCH__INIT;

    search.key_case = MGMT__LEASE_SEARCH__KEY_ADDRESS;
    search.address = address;
    return get(p, optional, &search, out);
}

/* What a request can say of a lease; the rest is the server's. */
static struct foctl_sheet *card_of(const Mgmt__Lease *m)
{
    struct foctl_sheet *card = foctl_card_new();

    foctl_put_lease_facts(card, m, true);
    return card;
}

static void tell(const struct foctl_preview *p, fo_ipv4_t address, Mgmt__Reply *before,
                 const Mgmt__Lease *after)
{
    char object[OBJECT_TEXT], text[FO_IPV4_TEXT];

    (void)snprintf(object, sizeof object, "lease %s", fo_ipv4_text(address, text));
    foctl_preview_cards(p, object, before != NULL ? card_of(before->lease) : NULL,
                        after != NULL ? card_of(after) : NULL);
    if (before != NULL)
        mgmt__reply__free_unpacked(before, NULL);
}

int foctl_preview_lease_create(const struct foctl_preview *p)
{
    static char words[][12] = {"OFFERED", "ACTIVE", "ABANDONED", "DOOM"}; /* MAPI §1.3 */
    Mgmt__Lease after = *p->request->lease_create;
    Mgmt__Reply *before;
    int rc = get_address(p, true, after.address, &before);

    if (rc != EXIT_DONE)
        return rc;
    if (after.expires == 0)
        after.expires = FO_UTC_INFINITE;
    after.status = words[after.state_given_case == MGMT__LEASE__STATE_GIVEN_ADDRESS_STATE
                             ? after.address_state & 3
                             : 1];
    tell(p, after.address, before, &after);
    return EXIT_DONE;
}

/* One line for each: there may be many. */
int foctl_preview_lease_create_many(const struct foctl_preview *p)
{
    const Mgmt__LeaseMany *many = p->request->lease_create_many;
    char object[OBJECT_TEXT], text[FO_IPV4_TEXT], end[FOCTL_TIME_TEXT], after[160];

    for (size_t i = 0; i < many->n_list; i++) {
        const Mgmt__Lease *m = many->list[i];
        const ProtobufCBinaryData *client = m->client_id.len != 0 ? &m->client_id : &m->hardware;
        Mgmt__Reply *before;
        int rc = get_address(p, true, m->address, &before);
        if (rc != EXIT_DONE)
            return rc;
        (void)snprintf(object, sizeof object, "lease %s", fo_ipv4_text(m->address, text));
        (void)foctl_hex_text(client->data, client->len, after, 100);
        (void)snprintf(after + strlen(after), sizeof after - strlen(after), " until %s",
                       foctl_time_text(m->expires, end));
        foctl_preview_row(p, object, "client", before != NULL ? before->lease->status : "-", after);
        if (before != NULL)
            mgmt__reply__free_unpacked(before, NULL);
    }
    return EXIT_DONE;
}

int foctl_preview_lease_set(const struct foctl_preview *p)
{
    Mgmt__Lease after = *p->request->lease_set;
    Mgmt__Reply *before;
    int rc = get_address(p, false, after.address, &before);

    if (rc != EXIT_DONE)
        return rc;
    after.status = before->lease->status;
    tell(p, after.address, before, &after);
    return EXIT_DONE;
}

int foctl_preview_lease_delete(const struct foctl_preview *p)
{
    Mgmt__Reply *before;
    int rc = get(p, false, p->request->lease_delete, &before);

    if (rc == EXIT_DONE)
        tell(p, before->lease->address, before, NULL);
    return rc;
}
