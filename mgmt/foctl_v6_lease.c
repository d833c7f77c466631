/* The noun lease6: IPv6 leases. */
#include <time.h>

#include "mgmt/foctl_pair.h"
#include "mgmt/foctl_v6.h"

/* --- finding ---------------------------------------------------------------------------------- */

/* By ADDRESS, or by --duid and --iaid; what hangs from the message lies in |client| and |room|. */
static int ask_lease(struct foctl *t, Mgmt__Reply **out)
{
    Mgmt__Lease6Search search = MGMT__LEASE6_SEARCH__INIT;
    Mgmt__Reservation6 who = MGMT__RESERVATION6__INIT;
    Mgmt__Request q = MGMT__REQUEST__INIT;
    struct foctl_client6 client = {.duid_length = 0};
    uint8_t room[FO_IPV6_LENGTH];
    struct fo_ipv6 address;

    q.call_case = MGMT__REQUEST__CALL_LEASE6_GET;
    q.lease6_get = &search;
    if (t->args.word_count == 1) {
        if (foctl_v6_address("address", t->args.words[0], &address) != FO_OK)
            return EXIT_USAGE;
        search.key_case = MGMT__LEASE6_SEARCH__KEY_ADDRESS;
        search.address = foctl_v6_bytes(address, room);
        return foctl_ask(t, &q, out);
    }
    if (foctl_v6_client(foctl_arg(&t->args, "duid"), foctl_arg(&t->args, "iaid"), &client) != FO_OK)
        return EXIT_USAGE;
    if (client.duid_length == 0 || !foctl_has(&t->args, "iaid"))
        return foctl_fail(EXIT_USAGE, "name the lease: ADDRESS, or --duid and --iaid");
    search.key_case = MGMT__LEASE6_SEARCH__KEY_CLIENT;
    search.client = &who;
    who.duid = (ProtobufCBinaryData){client.duid_length, client.duid};
    who.iaid = client.iaid;
    return foctl_ask(t, &q, out);
}

int foctl_lease6_show(struct foctl *t)
{
    struct foctl_sheet *card;
    Mgmt__Reply *reply;
    int rc = ask_lease(t, &reply);

    if (rc != EXIT_DONE)
        return rc;
    card = foctl_card_new();
    foctl_v6_put_lease(card, reply->lease6, true);
    foctl_print(t, card);
    mgmt__reply__free_unpacked(reply, NULL);
    return EXIT_DONE;
}

int foctl_lease6_list(struct foctl *t)
{
    const char *only = foctl_arg(&t->args, "prefix");
    struct foctl_sheet *list = foctl_list_new();
    Mgmt__Lease6Query query = MGMT__LEASE6_QUERY__INIT;
    Mgmt__Request q = MGMT__REQUEST__INIT;
    uint8_t rooms[2][FO_IPV6_LENGTH];
    struct fo_ipv6 prefix = {0};
    uint32_t length;
    bool more = true;
    int rc = EXIT_DONE;

    if (only != NULL && foctl_v6_prefix(only, &prefix, &length) != FO_OK)
        rc = EXIT_USAGE;
    query.prefix = foctl_v6_bytes(prefix, rooms[0]);
    q.call_case = MGMT__REQUEST__CALL_LEASE6_ENUM;
    q.lease6_enum = &query;
    if (rc == EXIT_DONE)
        rc = foctl_connect(t);
    while (rc == EXIT_DONE && more) {
        Mgmt__Reply *reply = NULL;
        rc = foctl_ask_at(t->client, NULL, true, &q, &reply);
        if (rc == EXIT_UNREACHABLE)
            break;
        more = rc == EXIT_DONE && reply->leases6->more;
        for (size_t i = 0; rc == EXIT_DONE && i < reply->leases6->n_list; i++) {
            foctl_row(list);
            foctl_v6_put_lease(list, reply->leases6->list[i], false);
            query.after = foctl_v6_bytes(foctl_v6_of(&reply->leases6->list[i]->address), rooms[1]);
        }
        if (rc == EXIT_REFUSED)
            rc = reply->code == ERROR_NO_MORE_ITEMS ? EXIT_DONE : foctl_refused(NULL, reply);
        mgmt__reply__free_unpacked(reply, NULL);
    }
    foctl_print(t, list);
    return rc;
}

/* --- making and changing ---------------------------------------------------------------------- */

static int take_client(struct foctl *t, struct foctl_client6 *client, Mgmt__Lease6 *m)
{
    const char *duid = foctl_arg(&t->args, "duid"), *iaid = foctl_arg(&t->args, "iaid");

    if (foctl_v6_client(duid, iaid, client) != FO_OK)
        return EXIT_USAGE;
    if (duid != NULL)
        m->duid = (ProtobufCBinaryData){client->duid_length, client->duid};
    if (iaid != NULL)
        m->iaid = client->iaid;
    return EXIT_DONE;
}

/* |otherwise| is how long the lease is if no option says it; NULL: as it is. */
static int take_ends(struct foctl *t, const char *otherwise, Mgmt__Lease6 *m)
{
    const char *preferred = foctl_arg(&t->args, "preferred");
    bool told = foctl_has(&t->args, "duration") || foctl_has(&t->args, "infinite");
    uint32_t seconds;

    if (told || otherwise != NULL) {
        m->ends_case = MGMT__LEASE6__ENDS_VALID_UNTIL;
        m->preferred_until = 0; /* as long */
        if (foctl_take_end(t, otherwise, &m->valid_until) != EXIT_DONE)
            return EXIT_USAGE;
    }
    if (preferred == NULL)
        return EXIT_DONE;
    if (foctl_seconds("--preferred", preferred, &seconds) != FO_OK)
        return EXIT_USAGE;
    m->ends_case = MGMT__LEASE6__ENDS_VALID_UNTIL;
    m->preferred_until = fo_utc_add(fo_utc((uint32_t)time(NULL)), seconds).s;
    return EXIT_DONE;
}

static void take_texts(struct foctl *t, Mgmt__Lease6 *m)
{
    const char *name = foctl_arg(&t->args, "name"), *comment = foctl_arg(&t->args, "comment");

    if (name != NULL)
        m->name = foctl_unconst(name);
    if (comment != NULL)
        m->comment = foctl_unconst(comment);
}

int foctl_lease6_create(struct foctl *t)
{
    Mgmt__Lease6 m = MGMT__LEASE6__INIT;
    Mgmt__Request q = MGMT__REQUEST__INIT;
    struct foctl_client6 client = {.duid_length = 0};
    uint8_t room[FO_IPV6_LENGTH];
    struct fo_ipv6 address;
    int rc;

    if (foctl_v6_address("address", t->args.words[0], &address) != FO_OK)
        return EXIT_USAGE;
    if (!foctl_has(&t->args, "duid") || !foctl_has(&t->args, "iaid"))
        return foctl_fail(EXIT_USAGE, "--duid and --iaid are needed");
    m.address = foctl_v6_bytes(address, room);
    take_texts(t, &m);
    rc = take_client(t, &client, &m);
    if (rc == EXIT_DONE)
        rc = take_ends(t, "1d", &m);
    q.call_case = MGMT__REQUEST__CALL_LEASE6_CREATE;
    q.lease6_create = &m;
    return rc != EXIT_DONE ? rc : foctl_do(t, &q);
}

/* What no option names stays as it is. */
int foctl_lease6_set(struct foctl *t)
{
    Mgmt__Lease6 m = MGMT__LEASE6__INIT;
    Mgmt__Request q = MGMT__REQUEST__INIT;
    struct foctl_client6 client = {.duid_length = 0};
    Mgmt__Reply *reply;
    int rc = ask_lease(t, &reply);

    if (rc != EXIT_DONE)
        return rc;
    m = *reply->lease6;
    m.ends_case = MGMT__LEASE6__ENDS__NOT_SET;
    take_texts(t, &m);
    rc = take_client(t, &client, &m);
    if (rc == EXIT_DONE)
        rc = take_ends(t, NULL, &m);
    q.call_case = MGMT__REQUEST__CALL_LEASE6_SET;
    q.lease6_set = &m;
    if (rc == EXIT_DONE)
        rc = foctl_do(t, &q);
    mgmt__reply__free_unpacked(reply, NULL);
    return rc;
}

int foctl_lease6_delete(struct foctl *t)
{
    Mgmt__Lease6Search search = MGMT__LEASE6_SEARCH__INIT;
    Mgmt__Request q = MGMT__REQUEST__INIT;
    uint8_t room[FO_IPV6_LENGTH];
    struct fo_ipv6 address;

    if (foctl_v6_address("address", t->args.words[0], &address) != FO_OK)
        return EXIT_USAGE;
    search.key_case = MGMT__LEASE6_SEARCH__KEY_ADDRESS;
    search.address = foctl_v6_bytes(address, room);
    q.call_case = MGMT__REQUEST__CALL_LEASE6_DELETE;
    q.lease6_delete = &search;
    return foctl_do(t, &q);
}
