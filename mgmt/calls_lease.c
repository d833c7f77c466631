/* Leases made and ended by an administrator (MAPI §1.3 DhcpV4CreateClientInfo, §1.4). In a failover
 * scope they go the way of every lease: reported to the endpoint, and on to the partner. */
#include <string.h>

#include "mgmt/message.h"
#include "proto/win32.h"

/* AddressState, bits 0 and 1 (MAPI §2.7). */
enum { STATE_OFFERED = 0, STATE_ACTIVE = 1, STATE_DECLINED = 2, STATE_DOOM = 3 };

static uint8_t wanted_state(const Mgmt__Lease *m)
{
    if (m->state_given_case != MGMT__LEASE__STATE_GIVEN_ADDRESS_STATE)
        return STATE_ACTIVE;
    return (uint8_t)(m->address_state & 3u);
}

static uint32_t take_text(struct fo_call *c, const char *what, const char *text, char *out,
                          size_t capacity)
{
    size_t length = strlen(text);

    if (length >= capacity)
        return fo_call_refuse(c, ERROR_INVALID_PARAMETER,
                              "%s is %zu bytes long; at most %zu are possible.", what, length,
                              capacity - 1);
    if (fo_utf16_units(text) < 0)
        return fo_call_refuse(c, ERROR_INVALID_PARAMETER, "%s is not UTF-8.", what);
    memcpy(out, text, length + 1);
    return ERROR_SUCCESS;
}

static uint32_t take_note(struct fo_call *c, const Mgmt__Lease *m, struct fo_lease_note *out)
{
    uint32_t code = take_text(c, "The client's name", m->name, out->name, sizeof out->name);

    if (code == ERROR_SUCCESS)
        code = take_text(c, "The comment", m->comment, out->comment, sizeof out->comment);
    if (code == ERROR_SUCCESS)
        code = take_text(c, "The policy's name", m->policy, out->policy, sizeof out->policy);
    if (code != ERROR_SUCCESS)
        return code;
    out->address_state = m->state_given_case == MGMT__LEASE__STATE_GIVEN_ADDRESS_STATE
                             ? (uint8_t)m->address_state
                             : STATE_ACTIVE;
    out->client_type = (uint8_t)m->client_type;
    return ERROR_SUCCESS;
}

/* Empty notes are not written: a million imported leases need none. */
static void write_note(struct fo_call *c, fo_ipv4_t address, const struct fo_client *client,
                       const struct fo_lease_note *note)
{
    bool empty = note->name[0] == '\0' && note->comment[0] == '\0' && note->policy[0] == '\0' &&
                 note->address_state <= STATE_DOOM && note->client_type == 0;

    if (c->err == FO_OK)
        c->err = empty ? fo_lease_note_forget(c->store, address)
                       : fo_lease_note_put(c->store, address, client, note);
}

static void report(struct fo_call *c, const struct fo_report *r)
{
    struct fo_event event = {.kind = FO_EVENT_REPORT, .now = c->now, .report = *r};

    c->err = fo_server_step(c->server, &event, c->out);
}

/* --- create
 * ---------------------------------------------------------------------------------------- */

/* MAPI check 5: the scope already has this client, or this address, or both. */
static uint32_t check_absent(struct fo_call *c, const Mgmt__Lease *m,
                             const struct fo_client *client, const struct fo_scope *scope,
                             bool renew)
{
    const struct fo_lease_db *db = fo_server_leases(c->server);
    struct fo_binding b;
    fo_ipv4_t other;
    char text[FO_IPV4_TEXT];

    if (fo_lease_db_get(db, m->address, &b) == FO_OK &&
        (b.status == FO_STATUS_ACTIVE || b.status == FO_STATUS_ABANDONED) &&
        !(renew && b.status == FO_STATUS_ACTIVE && fo_client_equal(&b.client, client)))
        return fo_call_refuse(c, ERROR_DHCP_CLIENT_EXISTS, "Address %s is in use (%s).",
                              fo_ipv4_text(m->address, text), fo_binding_status_name(b.status));
    if (fo_lease_db_find_client(db, scope->subnet, client, &other) && other != m->address &&
        fo_lease_db_get(db, other, &b) == FO_OK && b.status == FO_STATUS_ACTIVE &&
        fo_client_equal(&b.client, client))
        return fo_call_refuse(c, ERROR_DHCP_CLIENT_EXISTS,
                              "The client has a lease of %s in this scope.",
                              fo_ipv4_text(other, text));
    return ERROR_SUCCESS;
}

/* What the relationship allows. Outside it, and outside the ranges, nobody else can give the
 * address away. */
static uint32_t check_may_give(struct fo_call *c, const Mgmt__Lease *m,
                               const struct fo_client *client, const struct fo_scope *scope)
{
    struct fo_address_view view;
    struct fo_endpoint_status status;
    const struct fo_relationship *r;
    char text[FO_IPV4_TEXT];

    if (!fo_scope_leasable(scope, m->address))
        return ERROR_SUCCESS;
    if (fo_server_may_give(c->server, m->address, client, c->now, c->why, sizeof c->why) ==
        FO_ANSWER_SERVE)
        return ERROR_SUCCESS;
    r = fo_server_relationship_numbered(c->server,
                                        fo_lease_db_owner(fo_server_leases(c->server), m->address));
    if (r != NULL && fo_server_status(c->server, r->name, c->now, &status) == FO_OK &&
        status.state != FO_STATE_NORMAL &&
        fo_server_address(c->server, m->address, &view) == FO_OK && view.owner == r->role)
        return ERROR_DHCP_FO_STATE_NOT_NORMAL;
    if (c->why[0] == '\0')
        (void)fo_call_refuse(c, 0, "Address %s belongs to the partner at present.",
                             fo_ipv4_text(m->address, text));
    return ERROR_DHCP_ADDRESS_NOT_AVAILABLE;
}

/* Draft §5.2.1: a lease is only ever shortened. What was asked for is reached by renewals that the
 * server makes itself, since no client will. */
static void grant(struct fo_call *c, const Mgmt__Lease *m, const struct fo_client *client,
                  uint8_t flags)
{
    struct fo_report r = {.kind = FO_REPORT_GRANT,
                          .address = m->address,
                          .client = *client,
                          .flags = flags | FO_BINDING_EXTEND};
    uint32_t allowed;

    if (m->expires == 0 || m->expires >= FO_UTC_INFINITE)
        r.desired_s = FO_LEASE_INFINITE_S;
    else
        r.desired_s = m->expires > c->now.utc.s ? m->expires - c->now.utc.s : 0;
    allowed = fo_server_lease_time(c->server, m->address, client, r.desired_s, c->now);
    r.lease_end =
        allowed == FO_LEASE_INFINITE_S ? fo_utc(FO_UTC_INFINITE) : fo_utc_add(c->now.utc, allowed);
    /* A lease that is over already is stored as it is. */
    if (r.desired_s == 0) {
        r.lease_end = fo_utc(m->expires);
        r.flags = flags;
    }
    report(c, &r);
}

static uint32_t create(struct fo_call *c, const Mgmt__Lease *m, bool renew)
{
    const struct fo_scope *scope;
    struct fo_lease_note note = {0};
    struct fo_client client;
    char text[FO_IPV4_TEXT];
    uint32_t code = fo_message_to_client(m, &client, c->why, sizeof c->why);

    if (code != ERROR_SUCCESS)
        return code;
    if (wanted_state(m) == STATE_OFFERED)
        return fo_call_refuse(c, ERROR_INVALID_PARAMETER,
                              "A lease cannot be made in address state OFFERED (0).");
    code = take_note(c, m, &note);
    if (code != ERROR_SUCCESS)
        return code;
    scope = fo_lease_db_scope_of(fo_server_leases(c->server), m->address);
    if (scope == NULL)
        return fo_call_refuse(c, ERROR_DHCP_SUBNET_NOT_PRESENT, "No scope contains %s.",
                              fo_ipv4_text(m->address, text));
    code = check_absent(c, m, &client, scope, renew);
    if (code == ERROR_SUCCESS)
        code = check_may_give(c, m, &client, scope);
    if (code != ERROR_SUCCESS)
        return code;
    grant(c, m, &client, fo_scope_reservation(scope, m->address) != NULL ? FO_BINDING_RESERVED : 0);
    if (c->err == FO_OK && wanted_state(m) == STATE_DECLINED)
        report(c, &(struct fo_report){
                      .kind = FO_REPORT_DECLINE, .address = m->address, .client = client});
    write_note(c, m->address, &client, &note);
    return fo_call_code_of(c->err);
}

static uint32_t answer_lease(struct fo_call *c, fo_ipv4_t address)
{
    struct fo_binding b;

    if (fo_lease_db_get(fo_server_leases(c->server), address, &b) != FO_OK)
        return ERROR_SUCCESS;
    c->reply.lease = fo_message_of_lease(c, &b);
    if (c->reply.lease != NULL)
        c->reply.result_case = MGMT__REPLY__RESULT_LEASE;
    return ERROR_SUCCESS;
}

uint32_t fo_call_lease_create(struct fo_call *c)
{
    uint32_t code = create(c, c->request->lease_create, false);

    return code != ERROR_SUCCESS ? code : answer_lease(c, c->request->lease_create->address);
}

/* Each lease has its own code; one that is refused does not keep the others out. */
uint32_t fo_call_lease_create_many(struct fo_call *c)
{
    const Mgmt__LeaseMany *many = c->request->lease_create_many;
    Mgmt__Checks *m = fo_call_alloc(c, sizeof *m);
    Mgmt__Check *checks;

    if (many->n_list > FO_LEASES_PER_CALL)
        return fo_call_refuse(c, ERROR_INVALID_PARAMETER,
                              "%zu leases are too many for one call; at most %u are possible.",
                              many->n_list, FO_LEASES_PER_CALL);
    checks = fo_call_alloc(c, many->n_list * sizeof *checks);
    if (m == NULL || checks == NULL)
        return fo_call_no_memory(c);
    mgmt__checks__init(m);
    m->list = fo_call_alloc(c, many->n_list * sizeof(Mgmt__Check *));
    if (m->list == NULL)
        return fo_call_no_memory(c);
    for (size_t i = 0; i < many->n_list && c->err == FO_OK; i++) {
        mgmt__check__init(&checks[i]);
        c->why[0] = '\0';
        checks[i].code = create(c, many->list[i], many->renew);
        if (checks[i].code != ERROR_SUCCESS && c->why[0] != '\0')
            checks[i].sentence = fo_call_text(c, c->why);
        m->list[m->n_list++] = &checks[i];
    }
    c->why[0] = '\0';
    c->reply.result_case = MGMT__REPLY__RESULT_LEASE_CODES;
    c->reply.lease_codes = m;
    return fo_call_code_of(c->err);
}

/* --- set and delete
 * -------------------------------------------------------------------------------- */

uint32_t fo_call_lease_set(struct fo_call *c)
{
    const Mgmt__Lease *m = c->request->lease_set;
    const struct fo_lease_db *db = fo_server_leases(c->server);
    struct fo_lease_note note = {0};
    struct fo_client client;
    struct fo_binding b;
    char text[FO_IPV4_TEXT];
    uint32_t code = fo_message_to_client(m, &client, c->why, sizeof c->why);

    if (code == ERROR_SUCCESS)
        code = take_note(c, m, &note);
    if (code != ERROR_SUCCESS)
        return code;
    fo_ipv4_text(m->address, text);
    if (fo_lease_db_get(db, m->address, &b) != FO_OK || b.status != FO_STATUS_ACTIVE)
        return fo_call_refuse(c, ERROR_INVALID_PARAMETER, "There is no lease of %s.", text);
    /* The partner would have to forget one client and learn another in one update. */
    if (!fo_client_equal(&b.client, &client) && fo_lease_db_owner(db, m->address) >= 0)
        return fo_call_refuse(c, ERROR_DHCP_ADDRESS_NOT_AVAILABLE,
                              "In a failover scope the client of a lease cannot be changed; "
                              "delete the lease of %s and create another.",
                              text);
    code = check_may_give(c, m, &b.client, fo_lease_db_scope_of(db, m->address));
    if (code != ERROR_SUCCESS)
        return code;
    grant(c, m, &client, b.flags & FO_BINDING_RESERVED);
    write_note(c, m->address, &client, &note);
    if (c->err != FO_OK)
        return fo_call_code_of(c->err);
    return answer_lease(c, m->address);
}

uint32_t fo_call_lease_delete(struct fo_call *c)
{
    const struct fo_lease_db *db = fo_server_leases(c->server);
    struct fo_report r = {.kind = FO_REPORT_RELEASE};
    struct fo_binding b;
    char text[FO_IPV4_TEXT];

    if (!fo_lease_search(c, c->request->lease_delete, &b) ||
        (b.status != FO_STATUS_ACTIVE && b.status != FO_STATUS_ABANDONED))
        return fo_call_refuse(c, ERROR_DHCP_JET_ERROR, "There is no such lease.");
    fo_ipv4_text(b.address, text);
    if (fo_scope_reservation(fo_lease_db_scope_of(db, b.address), b.address) != NULL)
        return fo_call_refuse(c, ERROR_DHCP_RESERVED_CLIENT,
                              "Address %s is reserved; remove the reservation first.", text);
    if (b.status == FO_STATUS_ABANDONED)
        r.kind = FO_REPORT_RESET;
    r.address = b.address;
    r.client = b.client;
    report(c, &r);
    if (c->err == FO_OK)
        c->err = fo_lease_note_forget(c->store, r.address);
    return fo_call_code_of(c->err);
}
