/* Leases made by an administrator (MAPI §1.3 DhcpV4CreateClientInfo, §1.4 DhcpCreateClientInfoVQ).
 * In a failover scope they go the way of every lease: reported to the endpoint, and on to the
 * partner. */
#include <string.h>

#include "mgmt/lease_change.h"
#include "mgmt/lease_search.h"
#include "proto/win32.h"

/* What is documented of each call, where it differs. */
struct making {
    Mgmt__Request__CallCase call;
    bool by_range;      /* the address must be in a range, not merely in a scope */
    uint32_t misplaced; /* the code when it is not */
    bool by_hand;       /* type NONE, state ACTIVE, no policy, whatever is given */
};
static const struct making makings[] = {
    {MGMT__REQUEST__CALL_LEASE_CREATE, false, ERROR_DHCP_SUBNET_NOT_PRESENT, false},
    {MGMT__REQUEST__CALL_LEASE_CREATE_MANY, false, ERROR_DHCP_SUBNET_NOT_PRESENT, false},
    {MGMT__REQUEST__CALL_LEASE_CREATE_VQ, true, ERROR_INVALID_PARAMETER, true},
};

static const struct making *making_of(const struct fo_call *c)
{
    const struct making *m = makings;

    while (m->call != c->request->call_case)
        m++;
    return m;
}

static uint8_t wanted_state(const struct making *how, const Mgmt__Lease *m)
{
    if (how->by_hand || m->state_given_case != MGMT__LEASE__STATE_GIVEN_ADDRESS_STATE)
        return FO_LEASE_STATE_ACTIVE;
    return (uint8_t)m->address_state;
}

/* --- checks ----------------------------------------------------------------------------------- */

/* The scope has this client, by whichever name the caller knows it. */
static bool has_client(const struct fo_lease_db *db, const struct fo_scope *scope,
                       const Mgmt__Lease *m, const struct fo_client *client, fo_ipv4_t *out_address)
{
    struct fo_binding b;
    bool found = m->identifier.len != 0
                     ? fo_lease_of_identifier(db, scope->subnet, m->identifier.data,
                                              m->identifier.len, out_address)
                     : fo_lease_db_find_client(db, scope->subnet, client, out_address);

    return found && fo_lease_db_get(db, *out_address, &b) == FO_OK && b.status == FO_STATUS_ACTIVE;
}

/* MAPI: the scope already has this client, or this address, or both. */
static uint32_t check_absent(struct fo_call *c, const Mgmt__Lease *m,
                             const struct fo_client *client, const struct fo_scope *scope,
                             bool renew)
{
    const struct fo_lease_db *db = fo_server_leases(c->server);
    struct fo_binding b;
    fo_ipv4_t other;
    char text[FO_IPV4_TEXT];

    if (fo_lease_db_get(db, m->address, &b) == FO_OK && fo_lease_held(&b) &&
        !(renew && b.status == FO_STATUS_ACTIVE && fo_client_equal(&b.client, client)))
        return fo_call_refuse(c, ERROR_DHCP_CLIENT_EXISTS, "Address %s is in use (%s).",
                              fo_ipv4_text(m->address, text), fo_binding_status_name(b.status));
    if (has_client(db, scope, m, client, &other) && other != m->address)
        return fo_call_refuse(c, ERROR_DHCP_CLIENT_EXISTS,
                              "The client has a lease of %s in this scope.",
                              fo_ipv4_text(other, text));
    return ERROR_SUCCESS;
}

static uint32_t find_place(struct fo_call *c, const struct making *how, fo_ipv4_t address,
                           const struct fo_scope **out)
{
    const struct fo_scope *scope = fo_lease_db_scope_of(fo_server_leases(c->server), address);
    char text[FO_IPV4_TEXT];

    if (scope == NULL || (how->by_range && !fo_scope_in_range(scope, address)))
        return fo_call_refuse(c, how->misplaced, "No %s contains %s.",
                              how->by_range ? "range of a scope" : "scope",
                              fo_ipv4_text(address, text));
    *out = scope;
    return ERROR_SUCCESS;
}

/* --- the lease -------------------------------------------------------------------------------- */

static uint32_t take_note(struct fo_call *c, const struct making *how, const Mgmt__Lease *m,
                          struct fo_lease_note *out)
{
    uint32_t code = fo_lease_take_note(c, m, out);

    if (code != ERROR_SUCCESS)
        return code;
    out->address_state = wanted_state(how, m);
    out->client_type = how->by_hand ? FO_LEASE_TYPE_NONE : (uint8_t)m->client_type;
    if (how->by_hand)
        out->policy[0] = '\0';
    return ERROR_SUCCESS;
}

/* What is kept for BOOTP, no client of DHCP is given. By hand its own clients are, where no partner
 * can have given it to another. */
static bool kept_for_it(struct fo_call *c, const struct fo_scope *scope, fo_ipv4_t address,
                        const struct fo_lease_note *note)
{
    const struct fo_reservation *r = fo_scope_reservation(scope, address);

    return note->client_type == FO_LEASE_TYPE_BOOTP &&
           fo_lease_db_owner(fo_server_leases(c->server), address) < 0 &&
           (r != NULL ? r->types == FO_RESERVED_BOOTP : fo_scope_bootp_only(scope, address));
}

static uint32_t create(struct fo_call *c, const Mgmt__Lease *m, bool renew)
{
    const struct making *how = making_of(c);
    uint8_t state = wanted_state(how, m) & FO_LEASE_STATE_BITS;
    const struct fo_scope *scope = NULL;
    struct fo_lease_note note = {0};
    struct fo_client client;
    uint32_t code = fo_message_to_client(m, &client, c->why, sizeof c->why);

    if (code != ERROR_SUCCESS)
        return code;
    if (state == FO_LEASE_STATE_OFFERED)
        return fo_call_refuse(c, ERROR_INVALID_PARAMETER,
                              "A lease cannot be made in address state OFFERED (0).");
    code = take_note(c, how, m, &note);
    if (code == ERROR_SUCCESS)
        code = find_place(c, how, m->address, &scope);
    if (code == ERROR_SUCCESS)
        code = check_absent(c, m, &client, scope, renew);
    if (code == ERROR_SUCCESS && !kept_for_it(c, scope, m->address, &note))
        code = fo_lease_check_may_give(c, m->address, &client);
    if (code != ERROR_SUCCESS)
        return code;
    fo_lease_grant(c, m, &client,
                   fo_scope_reservation(scope, m->address) != NULL ? FO_BINDING_RESERVED : 0);
    if (c->err == FO_OK && state == FO_LEASE_STATE_DECLINED)
        fo_lease_report_to(c, FO_REPORT_DECLINE, m->address, &client);
    fo_lease_write_note(c, m->address, &client, &note);
    return fo_call_code_of(c->err);
}

static uint32_t create_one(struct fo_call *c, const Mgmt__Lease *m)
{
    uint32_t code = create(c, m, false);

    return code != ERROR_SUCCESS ? code : fo_lease_answer(c, m->address);
}

uint32_t fo_call_lease_create(struct fo_call *c)
{
    return create_one(c, c->request->lease_create);
}

uint32_t fo_call_lease_create_vq(struct fo_call *c)
{
    return create_one(c, c->request->lease_create_vq);
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
