#include <string.h>
#include <time.h>

#include "mgmt/foctl.h"

int foctl_client_of_args(const struct foctl *t, struct foctl_client *out)
{
    const char *hardware = foctl_arg(&t->args, "hardware");
    const char *type = foctl_arg(&t->args, "hardware-type");
    const char *id = foctl_arg(&t->args, "client-id");
    uint32_t n = 1;

    if (type != NULL && foctl_number("--hardware-type", type, 255, &n) != FO_OK)
        return EXIT_USAGE;
    if (hardware != NULL) {
        out->hardware_length = FOCTL_HARDWARE_MAX - 1;
        if (foctl_hex("--hardware", hardware, out->hardware + 1, &out->hardware_length) != FO_OK)
            return EXIT_USAGE;
        out->hardware[0] = (uint8_t)n;
        out->hardware_length++;
    }
    if (id != NULL) {
        out->id_length = FOCTL_ID_MAX;
        if (foctl_hex("--client-id", id, out->id, &out->id_length) != FO_OK)
            return EXIT_USAGE;
    }
    return EXIT_DONE;
}

/* --- showing
 * ------------------------------------------------------------------------------------------- */

static const char *partner_text(const Mgmt__Lease *m)
{
    if (m->relationship[0] == '\0')
        return "-";
    if (m->partner_has_it)
        return "has it";
    if (m->cannot_be_told)
        return "cannot be told";
    if (m->rejected)
        return "rejected it";
    if (m->in_flight)
        return "asked";
    return m->queued ? "queued" : "not yet";
}

static const char *owner_text(const Mgmt__Lease *m)
{
    if (m->relationship[0] == '\0')
        return "this server";
    return m->owner_here ? "this server" : "partner";
}

void foctl_put_lease_facts(struct foctl_sheet *s, const Mgmt__Lease *m, bool everything)
{
    char hardware[3 * FOCTL_HARDWARE_MAX], id[3 * FOCTL_ID_MAX + 1];

    foctl_put_address(s, "address", "ADDRESS", m->address);
    foctl_put_text(s, "status", "STATUS", m->status);
    foctl_put_text(s, "hardware", "HARDWARE",
                   foctl_hex_text(m->hardware.data, m->hardware.len, hardware, sizeof hardware));
    foctl_put_text(s, "client_id", everything ? "CLIENT-ID" : NULL,
                   foctl_hex_text(m->client_id.data, m->client_id.len, id, sizeof id));
    foctl_put_text(s, "name", "NAME", m->name);
    foctl_put_text(s, "comment", everything ? "COMMENT" : NULL, m->comment);
    foctl_put_time(s, "lease_expiration", "EXPIRES", m->expires);
}

static void put_lease(struct foctl_sheet *s, const Mgmt__Lease *m, bool everything)
{
    foctl_put_lease_facts(s, m, everything);
    foctl_put_text(s, "owner", "OWNER", owner_text(m));
    foctl_put_text(s, "partner", "PARTNER", partner_text(m));
    foctl_put_text(s, "rejection", everything ? "REFUSED" : NULL, m->rejection);
    foctl_put_time(s, "rejected_at", everything ? "REFUSED-AT" : NULL, m->rejected_at);
    foctl_put_text(s, "relationship", everything ? "RELATIONSHIP" : NULL, m->relationship);
    foctl_put_flag(s, "reserved", everything ? "RESERVED" : NULL, m->reserved);
    foctl_put_time(s, "sent_potential_expiration", everything ? "SENT-POTENTIAL-EXPIRATION" : NULL,
                   m->sent_potential_expiration);
    foctl_put_time(s, "acked_potential_expiration",
                   everything ? "ACKED-POTENTIAL-EXPIRATION" : NULL, m->acked_potential_expiration);
    foctl_put_time(s, "received_potential_expiration",
                   everything ? "RECEIVED-POTENTIAL-EXPIRATION" : NULL,
                   m->received_potential_expiration);
    foctl_put_time(s, "start_of_state", everything ? "START-OF-STATE" : NULL, m->start_of_state);
    foctl_put_time(s, "last_partner_update", everything ? "LAST-PARTNER-UPDATE" : NULL,
                   m->last_partner_update);
    foctl_put_time(s, "client_last_transaction", everything ? "CLIENT-LAST-TRANSACTION" : NULL,
                   m->client_last_transaction);
}

static void print_lease(struct foctl *t, const Mgmt__Lease *m)
{
    struct foctl_sheet *card = foctl_card_new();

    put_lease(card, m, true);
    foctl_print(t, card);
}

/* --- finding
 * -------------------------------------------------------------------------------------------- */

static int take_search(struct foctl *t, struct foctl_client *client, Mgmt__LeaseSearch *out)
{
    union {
        const char *in;
        char *out;
    } name = {.in = foctl_arg(&t->args, "name")};
    const char *scope = foctl_arg(&t->args, "scope");

    if (t->args.word_count == 1) {
        out->key_case = MGMT__LEASE_SEARCH__KEY_ADDRESS;
        return foctl_address("address", t->args.words[0], &out->address) == FO_OK ? EXIT_DONE
                                                                                  : EXIT_USAGE;
    }
    if (foctl_client_of_args(t, client) != EXIT_DONE)
        return EXIT_USAGE;
    if (scope != NULL && foctl_address("--scope", scope, &out->subnet) != FO_OK)
        return EXIT_USAGE;
    if (client->hardware_length != 0) {
        out->key_case = MGMT__LEASE_SEARCH__KEY_HARDWARE;
        out->hardware.data = client->hardware;
        out->hardware.len = client->hardware_length;
    } else if (client->id_length != 0) {
        out->key_case = MGMT__LEASE_SEARCH__KEY_CLIENT_ID;
        out->client_id.data = client->id;
        out->client_id.len = client->id_length;
    } else if (name.in != NULL) {
        out->key_case = MGMT__LEASE_SEARCH__KEY_NAME;
        out->name = name.out;
    } else {
        return foctl_fail(EXIT_USAGE, "name the lease: ADDRESS, --hardware, --client-id or --name");
    }
    return EXIT_DONE;
}

int foctl_lease_show(struct foctl *t)
{
    Mgmt__LeaseSearch search = MGMT__LEASE_SEARCH__INIT;
    Mgmt__Request q = MGMT__REQUEST__INIT;
    struct foctl_client client = {0};
    Mgmt__Reply *reply;
    int rc = take_search(t, &client, &search);

    q.call_case = MGMT__REQUEST__CALL_LEASE_GET;
    q.lease_get = &search;
    if (rc == EXIT_DONE)
        rc = foctl_ask(t, &q, &reply);
    if (rc != EXIT_DONE)
        return rc;
    print_lease(t, reply->lease);
    mgmt__reply__free_unpacked(reply, NULL);
    return EXIT_DONE;
}

/* --- many
 * --------------------------------------------------------------------------------------- */

typedef int (*lease_visit)(struct foctl *t, struct foctl_sheet *list, const Mgmt__Lease *m);

static bool is_listed(const struct foctl *t, const Mgmt__Lease *m)
{
    return !foctl_has(&t->args, "bad") || strcmp(m->status, "ABANDONED") == 0;
}

/* Those that --scope, --all and --bad leave, in the order of addresses. */
static int each_lease(struct foctl *t, lease_visit visit, struct foctl_sheet *list)
{
    Mgmt__LeaseEnum query = MGMT__LEASE_ENUM__INIT;
    Mgmt__Request q = MGMT__REQUEST__INIT;
    const char *scope = foctl_arg(&t->args, "scope");
    bool more = true;
    int rc;

    if (scope != NULL && foctl_address("--scope", scope, &query.subnet) != FO_OK)
        return EXIT_USAGE;
    query.all = foctl_has(&t->args, "all") || foctl_has(&t->args, "bad");
    q.call_case = MGMT__REQUEST__CALL_LEASE_ENUM;
    q.lease_enum = &query;
    rc = foctl_connect(t);
    while (rc == EXIT_DONE && more) {
        Mgmt__Reply *reply = NULL;
        rc = foctl_ask_at(t->client, NULL, true, &q, &reply);
        if (rc == EXIT_UNREACHABLE)
            break;
        more = rc == EXIT_DONE && reply->leases->more;
        if (rc == EXIT_DONE)
            query.after = reply->leases->next;
        else
            rc = reply->code == ERROR_NO_MORE_ITEMS ? EXIT_DONE : foctl_refused(NULL, reply);
        for (size_t i = 0;
             reply->code == ERROR_SUCCESS && rc == EXIT_DONE && i < reply->leases->n_list; i++) {
            if (is_listed(t, reply->leases->list[i]))
                rc = visit(t, list, reply->leases->list[i]);
        }
        mgmt__reply__free_unpacked(reply, NULL);
    }
    return rc;
}

static int list_lease(struct foctl *t, struct foctl_sheet *list, const Mgmt__Lease *m)
{
    (void)t;
    foctl_row(list);
    put_lease(list, m, false);
    return EXIT_DONE;
}

int foctl_lease_list(struct foctl *t)
{
    struct foctl_sheet *list = foctl_list_new();
    int rc = each_lease(t, list_lease, list);

    foctl_print(t, list);
    return rc;
}

static int delete_lease(struct foctl *t, struct foctl_sheet *list, const Mgmt__Lease *m)
{
    Mgmt__LeaseSearch search = MGMT__LEASE_SEARCH__INIT;
    Mgmt__Request q = MGMT__REQUEST__INIT;

    (void)list;
    search.key_case = MGMT__LEASE_SEARCH__KEY_ADDRESS;
    search.address = m->address;
    q.call_case = MGMT__REQUEST__CALL_LEASE_DELETE;
    q.lease_delete = &search;
    return foctl_do(t, &q);
}

static int delete_many(struct foctl *t)
{
    const char *scope = foctl_arg(&t->args, "scope");
    int rc =
        foctl_confirm(t, "Remove all %sleases%s%s?", foctl_has(&t->args, "bad") ? "declined " : "",
                      scope != NULL ? " of scope " : "", scope != NULL ? scope : "");

    return rc != EXIT_DONE ? rc : each_lease(t, delete_lease, NULL);
}

/* One that is named, or all that --scope and --bad leave. */
static bool names_one(const struct foctl *t)
{
    static const char *const keys[] = {"hardware", "client-id", "name"};
    bool many = foctl_has(&t->args, "scope") || foctl_has(&t->args, "bad");

    for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++)
        many = many && !foctl_has(&t->args, keys[i]);
    return !many || t->args.word_count != 0;
}

int foctl_lease_delete(struct foctl *t)
{
    Mgmt__LeaseSearch search = MGMT__LEASE_SEARCH__INIT;
    Mgmt__Request q = MGMT__REQUEST__INIT;
    struct foctl_client client = {0};
    int rc;

    if (!names_one(t))
        return delete_many(t);
    rc = take_search(t, &client, &search);
    q.call_case = MGMT__REQUEST__CALL_LEASE_DELETE;
    q.lease_delete = &search;
    return rc != EXIT_DONE ? rc : foctl_do(t, &q);
}

/* --- making and changing
 * ----------------------------------------------------------------------------- */

int foctl_take_end(struct foctl *t, const char *otherwise, uint32_t *out)
{
    const char *duration = foctl_arg(&t->args, "duration");
    uint32_t seconds;

    if (foctl_has(&t->args, "infinite")) {
        *out = FO_UTC_INFINITE;
        return EXIT_DONE;
    }
    if (duration == NULL && otherwise == NULL)
        return EXIT_DONE;
    if (foctl_seconds("--duration", duration != NULL ? duration : otherwise, &seconds) != FO_OK)
        return EXIT_USAGE;
    *out = fo_utc_add(fo_utc((uint32_t)time(NULL)), seconds).s;
    return EXIT_DONE;
}

static int take_state(struct foctl *t, Mgmt__Lease *m)
{
    static const char *const states[] = {"offered", "active", "declined", "doom", NULL};
    const char *state = foctl_arg(&t->args, "state");

    if (state == NULL)
        return EXIT_DONE;
    m->state_given_case = MGMT__LEASE__STATE_GIVEN_ADDRESS_STATE;
    return foctl_choice("--state", state, states, &m->address_state) == FO_OK ? EXIT_DONE
                                                                              : EXIT_USAGE;
}

static void take_texts(struct foctl *t, Mgmt__Lease *m)
{
    union {
        const char *in;
        char *out;
    } name = {.in = foctl_arg(&t->args, "name")}, comment = {.in = foctl_arg(&t->args, "comment")};

    if (name.in != NULL)
        m->name = name.out;
    if (comment.in != NULL)
        m->comment = comment.out;
}

static int take_lease(struct foctl *t, struct foctl_client *client, Mgmt__Lease *m)
{
    if (foctl_address("address", t->args.words[0], &m->address) != FO_OK ||
        foctl_client_of_args(t, client) != EXIT_DONE || take_state(t, m) != EXIT_DONE)
        return EXIT_USAGE;
    m->hardware.data = client->hardware;
    m->hardware.len = client->hardware_length;
    m->client_id.data = client->id;
    m->client_id.len = client->id_length;
    take_texts(t, m);
    return EXIT_DONE;
}

int foctl_lease_create(struct foctl *t)
{
    Mgmt__Lease lease = MGMT__LEASE__INIT;
    Mgmt__Request q = MGMT__REQUEST__INIT;
    struct foctl_client client = {0};
    Mgmt__Reply *reply;
    int rc = take_lease(t, &client, &lease);

    if (rc == EXIT_DONE)
        rc = foctl_take_end(t, "1d", &lease.expires);
    q.call_case = MGMT__REQUEST__CALL_LEASE_CREATE;
    q.lease_create = &lease;
    if (rc == EXIT_DONE)
        rc = foctl_ask(t, &q, &reply);
    if (rc != EXIT_DONE)
        return rc;
    if (reply->result_case == MGMT__REPLY__RESULT_LEASE)
        print_lease(t, reply->lease);
    mgmt__reply__free_unpacked(reply, NULL);
    return EXIT_DONE;
}

/* What no option names stays as it is. */
int foctl_lease_set(struct foctl *t)
{
    Mgmt__LeaseSearch search = MGMT__LEASE_SEARCH__INIT;
    Mgmt__Request get = MGMT__REQUEST__INIT, set = MGMT__REQUEST__INIT;
    struct foctl_client client = {0};
    Mgmt__Reply *reply;
    Mgmt__Lease *m;
    int rc;

    search.key_case = MGMT__LEASE_SEARCH__KEY_ADDRESS;
    if (foctl_address("address", t->args.words[0], &search.address) != FO_OK ||
        foctl_client_of_args(t, &client) != EXIT_DONE)
        return EXIT_USAGE;
    get.call_case = MGMT__REQUEST__CALL_LEASE_GET;
    get.lease_get = &search;
    rc = foctl_ask(t, &get, &reply);
    if (rc != EXIT_DONE)
        return rc;
    m = reply->lease;
    rc = foctl_take_end(t, NULL, &m->expires);
    if (rc == EXIT_DONE) {
        Mgmt__Lease lease = MGMT__LEASE__INIT;
        lease.address = m->address;
        lease.expires = m->expires;
        lease.name = m->name;
        lease.comment = m->comment;
        lease.hardware = m->hardware;
        lease.client_id = m->client_id;
        if (client.hardware_length != 0 || client.id_length != 0) {
            lease.hardware = (ProtobufCBinaryData){client.hardware_length, client.hardware};
            lease.client_id = (ProtobufCBinaryData){client.id_length, client.id};
        }
        take_texts(t, &lease);
        set.call_case = MGMT__REQUEST__CALL_LEASE_SET;
        set.lease_set = &lease;
        rc = foctl_do(t, &set);
    }
    mgmt__reply__free_unpacked(reply, NULL);
    return rc;
}
