#include <stdio.h>
#include <string.h>

#include "mgmt/lease_change.h"
#include "mgmt/lease_search.h"
#include "proto/win32.h"

enum { ETHERNET = 1 }; /* htype */

void fo_message_client_of_identifier(const uint8_t *identifier, size_t length,
                                     struct fo_client *out)
{
    *out = (struct fo_client){0};
    if (length > FO_LEASE_HARDWARE_MAX) {
        out->id = identifier;
        out->id_length = (uint8_t)length;
        return;
    }
    out->hw[0] = ETHERNET;
    memcpy(out->hw + 1, identifier, length);
    out->hw_length = (uint8_t)(1 + length);
}

uint32_t fo_message_to_client(const Mgmt__Lease *m, struct fo_client *out, char *why,
                              size_t why_capacity)
{
    struct fo_client client = {0};

    if (m->hardware.len == 0 && m->client_id.len == 0 && m->identifier.len == 0)
        return fo_message_refuse(ERROR_INVALID_PARAMETER, why, why_capacity,
                                 "The lease names no client: give a hardware address or a client "
                                 "identifier.");
    if (m->hardware.len == 1 || m->hardware.len > sizeof client.hw)
        return fo_message_refuse(ERROR_INVALID_PARAMETER, why, why_capacity,
                                 "A hardware address has a type and 1 to %zu bytes, not %zu in "
                                 "all.",
                                 sizeof client.hw - 1, m->hardware.len);
    if (m->client_id.len > FO_CLIENT_ID_MAX || m->identifier.len > FO_CLIENT_ID_MAX)
        return fo_message_refuse(
            ERROR_INVALID_PARAMETER, why, why_capacity,
            "A client identifier has at most %d bytes, not %zu.", FO_CLIENT_ID_MAX,
            m->client_id.len > FO_CLIENT_ID_MAX ? m->client_id.len : m->identifier.len);
    if (m->hardware.len != 0)
        memcpy(client.hw, m->hardware.data, m->hardware.len);
    client.hw_length = (uint8_t)m->hardware.len;
    client.id = m->client_id.data;
    client.id_length = (uint8_t)m->client_id.len;
    if (m->identifier.len != 0)
        fo_message_client_of_identifier(m->identifier.data, m->identifier.len, &client);
    *out = client;
    return ERROR_SUCCESS;
}

static bool add_client(struct fo_call *c, const struct fo_client *client, Mgmt__Lease *m)
{
    m->hardware.len = client->hw_length;
    m->hardware.data = fo_call_alloc(c, client->hw_length);
    m->client_id.len = client->id_length;
    m->client_id.data = fo_call_alloc(c, client->id_length);
    if (m->hardware.data == NULL || m->client_id.data == NULL)
        return false;
    memcpy(m->hardware.data, client->hw, client->hw_length);
    if (client->id_length != 0)
        memcpy(m->client_id.data, client->id, client->id_length);
    return true;
}

static bool add_note(struct fo_call *c, const struct fo_binding *b, Mgmt__Lease *m)
{
    struct fo_lease_note note = {0};

    m->state_given_case = MGMT__LEASE__STATE_GIVEN_ADDRESS_STATE;
    m->address_state =
        b->status == FO_STATUS_ABANDONED ? FO_LEASE_STATE_DECLINED : FO_LEASE_STATE_ACTIVE;
    /* A note that cannot be read is as good as none: the lease itself is what counts. */
    if (fo_lease_note_get(c->store, b->address, &b->client, &note) != FO_OK)
        return true;
    if (b->status == FO_STATUS_ACTIVE &&
        (note.address_state & FO_LEASE_STATE_BITS) == FO_LEASE_STATE_DOOM)
        m->address_state = FO_LEASE_STATE_DOOM;
    m->address_state |= note.address_state & ~FO_LEASE_STATE_BITS;
    m->client_type = note.client_type;
    m->owner_address = note.owner_address;
    m->name = fo_call_text(c, note.name);
    m->comment = fo_call_text(c, note.comment);
    m->policy = fo_call_text(c, note.policy);
    return m->name != NULL && m->comment != NULL && m->policy != NULL;
}

/* "the partner refused ACTIVE: …": who, what, why, and in what words the partner put it. */
static char *rejection_text(struct fo_call *c, const struct fo_rejection *r)
{
    char text[256];

    if (r->by == FO_REJECTED_BY_NOBODY)
        return fo_call_text(c, "");
    if (r->by == FO_REJECTED_UNSENT)
        return fo_call_text(c, "not told to the partner, which takes no lease without a hardware "
                               "address");
    (void)snprintf(text, sizeof text, "%s refused %s: %s (reason %u)%s%s",
                   r->by == FO_REJECTED_BY_PARTNER ? "the partner" : "this server",
                   fo_binding_status_name(r->status), fo_reject_sentence(r->reason), r->reason,
                   r->said[0] != '\0' ? "; it says: " : "", r->said);
    return fo_call_text(c, text);
}

static void add_failover(struct fo_call *c, const struct fo_binding *b, Mgmt__Lease *m)
{
    const struct fo_relationship *r = fo_server_relationship_numbered(
        c->server, fo_lease_db_owner(fo_server_leases(c->server), b->address));
    struct fo_address_view view;

    if (r == NULL || fo_server_address(c->server, b->address, &view) != FO_OK)
        return;
    m->relationship = fo_call_text(c, r->name);
    m->owner = view.owner;
    m->owner_here = view.owner == r->role;
    m->partner_has_it = view.partner_has_it;
    m->in_flight = view.in_flight;
    m->queued = view.queued;
    m->rejected = view.rejected;
    m->cannot_be_told = view.rejected && view.rejection.by == FO_REJECTED_UNSENT;
    m->rejected_at = view.rejection.when.s;
    m->rejection = rejection_text(c, &view.rejection);
    m->owner_address = view.owner == FO_ROLE_PRIMARY ? r->primary_server : r->secondary_server;
    m->owner_name = fo_call_text(c, view.owner == FO_ROLE_PRIMARY ? r->primary_server_name
                                                                  : r->secondary_server_name);
}

Mgmt__Lease *fo_message_of_lease(struct fo_call *c, const struct fo_binding *b)
{
    const struct fo_scope *scope = fo_lease_db_scope_of(fo_server_leases(c->server), b->address);
    Mgmt__Lease *m = fo_call_alloc(c, sizeof *m);

    if (m == NULL)
        return NULL;
    mgmt__lease__init(m);
    m->address = b->address;
    m->mask = scope != NULL ? scope->mask : 0;
    m->expires = b->lease_expiration.s;
    m->status = fo_call_text(c, fo_binding_status_name(b->status));
    m->sent_potential_expiration = b->sent_potential_expiration.s;
    m->acked_potential_expiration = b->acked_potential_expiration.s;
    m->received_potential_expiration = b->received_potential_expiration.s;
    m->start_of_state = b->start_of_state.s;
    m->last_partner_update = b->last_partner_update.s;
    m->client_last_transaction = b->client_last_transaction.s;
    m->reserved = (b->flags & FO_BINDING_RESERVED) != 0;
    if (m->status == NULL || !add_client(c, &b->client, m) || !add_note(c, b, m))
        return NULL;
    m->owner_name = fo_call_text(c, c->facts->server_name);
    add_failover(c, b, m);
    if (m->relationship == NULL || m->rejection == NULL || m->owner_name == NULL)
        return NULL;
    return m;
}
