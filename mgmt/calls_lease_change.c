/* Leases changed and ended by an administrator (MAPI §1.4 DhcpSetClientInfoVQ,
 * DhcpDeleteClientInfo). */
#include <string.h>

#include "mgmt/lease_change.h"
#include "mgmt/lease_record.h"
#include "mgmt/lease_search.h"
#include "proto/win32.h"

/* --- set -------------------------------------------------------------------------------------- */

/* Whom |m| names: the holder, if it is the one by whatever the caller knows of it. */
static uint32_t take_client(struct fo_call *c, const Mgmt__Lease *m, const struct fo_binding *b,
                            struct fo_client *out)
{
    uint32_t code = fo_message_to_client(m, out, c->why, sizeof c->why);

    if (code != ERROR_SUCCESS || b == NULL || m->identifier.len == 0 ||
        !fo_lease_identifies(&b->client, m->identifier.data, m->identifier.len))
        return code;
    *out = b->client;
    if (out->id_length != 0)
        out->id = m->identifier.data; /* the same bytes, and they stay where they are */
    return ERROR_SUCCESS;
}

/* The partner would have to forget one client, or that the address is bad, and learn the other in
 * one update (Figure 5.11-1). */
static uint32_t check_may_become(struct fo_call *c, const struct fo_binding *b,
                                 const struct fo_client *client)
{
    char text[FO_IPV4_TEXT];

    if (fo_lease_db_owner(fo_server_leases(c->server), b->address) < 0)
        return ERROR_SUCCESS;
    fo_ipv4_text(b->address, text);
    if (b->status == FO_STATUS_ABANDONED)
        return fo_call_refuse(c, ERROR_DHCP_ADDRESS_NOT_AVAILABLE,
                              "In a failover scope an abandoned address is reset first: delete %s, "
                              "and create the lease when the partner has acknowledged that.",
                              text);
    if (!fo_client_equal(&b->client, client))
        return fo_call_refuse(c, ERROR_DHCP_ADDRESS_NOT_AVAILABLE,
                              "In a failover scope the client of a lease cannot be changed; "
                              "delete the lease of %s and create another.",
                              text);
    return ERROR_SUCCESS;
}

/* Policy, type and what is known of DNS stay, for the call has no place for them. */
static uint32_t take_note(struct fo_call *c, const Mgmt__Lease *m, const struct fo_binding *b,
                          struct fo_lease_note *out)
{
    struct fo_lease_note given = {0};
    uint32_t code = fo_lease_take_note(c, m, &given);

    if (code != ERROR_SUCCESS)
        return code;
    if (fo_lease_note_get(c->store, b->address, &b->client, out) != FO_OK)
        *out = (struct fo_lease_note){0};
    memcpy(out->name, given.name, sizeof out->name);
    memcpy(out->comment, given.comment, sizeof out->comment);
    if (given.owner_address != 0)
        out->owner_address = given.owner_address;
    out->address_state =
        (uint8_t)((out->address_state & ~FO_LEASE_STATE_BITS) | FO_LEASE_STATE_ACTIVE);
    return ERROR_SUCCESS;
}

uint32_t fo_call_lease_set(struct fo_call *c)
{
    const Mgmt__Lease *m = c->request->lease_set;
    struct fo_lease_note note = {0};
    struct fo_client client;
    struct fo_binding b;
    bool held =
        fo_lease_db_get(fo_server_leases(c->server), m->address, &b) == FO_OK && fo_lease_held(&b);
    char text[FO_IPV4_TEXT];
    uint32_t code = take_client(c, m, held ? &b : NULL, &client);

    if (code == ERROR_SUCCESS && !held)
        code = fo_call_refuse(c, ERROR_INVALID_PARAMETER, "There is no lease of %s.",
                              fo_ipv4_text(m->address, text));
    if (code == ERROR_SUCCESS)
        code = take_note(c, m, &b, &note);
    if (code == ERROR_SUCCESS)
        code = check_may_become(c, &b, &client);
    if (code == ERROR_SUCCESS && b.status == FO_STATUS_ACTIVE)
        code = fo_lease_check_may_give(c, m->address, &b.client);
    if (code != ERROR_SUCCESS)
        return code;
    fo_lease_grant(c, m, &client, b.flags & FO_BINDING_RESERVED);
    fo_lease_write_note(c, m->address, &client, &note);
    return fo_lease_answer(c, m->address);
}

/* --- delete ----------------------------------------------------------------------------------- */

uint32_t fo_call_lease_delete(struct fo_call *c)
{
    const struct fo_lease_db *db = fo_server_leases(c->server);
    const Mgmt__LeaseSearch *m = c->request->lease_delete;
    struct fo_lease_record record;
    const struct fo_binding *b = &record.binding;
    char text[FO_IPV4_TEXT];
    uint32_t code;

    if (m->key_case == MGMT__LEASE_SEARCH__KEY__NOT_SET)
        return fo_call_refuse(c, ERROR_INVALID_PARAMETER, "Nothing is given to find the lease by.");
    if (!fo_lease_record_find(c, m, &record))
        return fo_call_refuse(c, ERROR_DHCP_JET_ERROR, "There is no such lease.");
    if (fo_scope_reservation(fo_lease_db_scope_of(db, record.address), record.address) != NULL)
        return fo_call_refuse(c, ERROR_DHCP_RESERVED_CLIENT,
                              "Address %s is reserved; remove the reservation first.",
                              fo_ipv4_text(record.address, text));
    code = fo_lease_check_may_end(c, record.address);
    if (code != ERROR_SUCCESS)
        return code;
    fo_lease_report_to(c, b->status == FO_STATUS_ABANDONED ? FO_REPORT_RESET : FO_REPORT_RELEASE,
                       record.address, &b->client);
    if (c->err == FO_OK)
        c->err = fo_lease_note_forget(c->store, record.address);
    return fo_call_code_of(c->err);
}
