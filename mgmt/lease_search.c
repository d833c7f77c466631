#include "mgmt/lease_search.h"

#include <string.h>

#include "mgmt/lease_note.h"

#define UNIQUE_PREFIX 5 /* subnet and type */
#define UNIQUE_TYPE   1

bool fo_lease_held(const struct fo_binding *b)
{
    return b->status == FO_STATUS_ACTIVE || b->status == FO_STATUS_ABANDONED;
}

bool fo_lease_identifies(const struct fo_client *client, const uint8_t *identifier, size_t length)
{
    if (client->id_length != 0)
        return client->id_length == length && memcmp(client->id, identifier, length) == 0;
    return client->hw_length == length + 1 && memcmp(client->hw + 1, identifier, length) == 0;
}

/* --- by client -------------------------------------------------------------------------------- */

static bool find_by_id(const struct fo_lease_db *db, fo_ipv4_t subnet, const uint8_t *id,
                       size_t length, fo_ipv4_t *out_address)
{
    struct fo_client client = {.id = id, .id_length = (uint8_t)length};

    return length <= FO_CLIENT_ID_MAX && fo_lease_db_find_client(db, subnet, &client, out_address);
}

static bool find_by_hardware(const struct fo_lease_db *db, fo_ipv4_t subnet,
                             const uint8_t *hardware, size_t length, fo_ipv4_t *out_address)
{
    struct fo_client client = {.hw_length = (uint8_t)length};

    if (length > sizeof client.hw)
        return false;
    memcpy(client.hw, hardware, length);
    return fo_lease_db_find_client(db, subnet, &client, out_address);
}

static bool held_at(const struct fo_lease_db *db, fo_ipv4_t address)
{
    struct fo_binding b;

    return fo_lease_db_get(db, address, &b) == FO_OK && fo_lease_held(&b);
}

bool fo_lease_of_identifier(const struct fo_lease_db *db, fo_ipv4_t subnet,
                            const uint8_t *identifier, size_t length, fo_ipv4_t *out_address)
{
    uint8_t hardware[1 + FO_LEASE_HARDWARE_MAX] = {UNIQUE_TYPE};
    bool found = find_by_id(db, subnet, identifier, length, out_address);

    if (length == 0 || length > FO_LEASE_HARDWARE_MAX || (found && held_at(db, *out_address)))
        return found;
    memcpy(hardware + 1, identifier, length);
    return find_by_hardware(db, subnet, hardware, 1 + length, out_address) || found;
}

bool fo_lease_unique_id(const ProtobufCBinaryData *unique, fo_ipv4_t *out_subnet,
                        const uint8_t **out_identifier, size_t *out_length)
{
    const uint8_t *at = unique->data;

    if (unique->len <= UNIQUE_PREFIX || at[4] != UNIQUE_TYPE)
        return false;
    *out_subnet = (fo_ipv4_t)at[3] << 24 | (fo_ipv4_t)at[2] << 16 | (fo_ipv4_t)at[1] << 8 | at[0];
    *out_identifier = at + UNIQUE_PREFIX;
    *out_length = unique->len - UNIQUE_PREFIX;
    return *out_subnet != 0;
}

static bool find_by_unique_id(const struct fo_lease_db *db, const ProtobufCBinaryData *unique,
                              fo_ipv4_t *out_address)
{
    const uint8_t *identifier;
    size_t length;
    fo_ipv4_t subnet;

    return fo_lease_unique_id(unique, &subnet, &identifier, &length) &&
           fo_lease_of_identifier(db, subnet, identifier, length, out_address);
}

/* --- by name ---------------------------------------------------------------------------------- */

/* Several notes may carry the name, some of former clients: the lowest lease that is held, or else
 * the lowest that was. */
static bool find_by_name(struct fo_call *c, const char *name, fo_ipv4_t *out_address)
{
    const struct fo_lease_db *db = fo_server_leases(c->server);
    struct fo_lease_note note;
    struct fo_binding b;
    fo_ipv4_t address = 0;
    bool found = false;

    while (fo_lease_note_find(c->store, name, address, &address) == FO_OK) {
        bool is_its = fo_lease_db_get(db, address, &b) == FO_OK &&
                      fo_lease_note_get(c->store, address, &b.client, &note) == FO_OK;
        if (is_its && (!found || fo_lease_held(&b)))
            *out_address = address;
        found = found || is_its;
        if ((is_its && fo_lease_held(&b)) || address == UINT32_MAX)
            break;
        address++;
    }
    return found;
}

bool fo_lease_search(struct fo_call *c, const Mgmt__LeaseSearch *m, struct fo_binding *out)
{
    const struct fo_lease_db *db = fo_server_leases(c->server);
    fo_ipv4_t address = 0;
    bool found = false;

    switch (m->key_case) {
    case MGMT__LEASE_SEARCH__KEY_ADDRESS:
        address = m->address;
        found = true;
        break;
    case MGMT__LEASE_SEARCH__KEY_HARDWARE:
        found = find_by_hardware(db, m->subnet, m->hardware.data, m->hardware.len, &address);
        break;
    case MGMT__LEASE_SEARCH__KEY_CLIENT_ID:
        found = find_by_id(db, m->subnet, m->client_id.data, m->client_id.len, &address);
        break;
    case MGMT__LEASE_SEARCH__KEY_UNIQUE_ID:
        found = find_by_unique_id(db, &m->unique_id, &address);
        break;
    case MGMT__LEASE_SEARCH__KEY_NAME:
        found = find_by_name(c, m->name, &address);
        break;
    default:
        break;
    }
    return found && fo_lease_db_get(db, address, out) == FO_OK;
}
