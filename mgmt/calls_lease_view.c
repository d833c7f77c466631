/* Leases found and enumerated (MAPI §1.4). */
#include <string.h>

#include "mgmt/message.h"
#include "proto/win32.h"

/* How many addresses one page may look at, so that a walk over a sparse database stays short. */
#define VISITS_PER_PAGE 65536

static bool find_by_client(const struct fo_lease_db *db, const Mgmt__LeaseSearch *m,
                           fo_ipv4_t *out_address)
{
    struct fo_client client = {0};

    if (m->key_case == MGMT__LEASE_SEARCH__KEY_HARDWARE) {
        if (m->hardware.len > sizeof client.hw)
            return false;
        memcpy(client.hw, m->hardware.data, m->hardware.len);
        client.hw_length = (uint8_t)m->hardware.len;
    } else {
        if (m->client_id.len > FO_CLIENT_ID_MAX)
            return false;
        client.id = m->client_id.data;
        client.id_length = (uint8_t)m->client_id.len;
    }
    return fo_lease_db_find_client(db, m->subnet, &client, out_address);
}

/* Several notes may carry the name, some of former clients: the lowest lease that is alive. */
static bool find_by_name(struct fo_call *c, const char *name, fo_ipv4_t *out_address)
{
    const struct fo_lease_db *db = fo_server_leases(c->server);
    struct fo_lease_note note;
    struct fo_binding b;
    fo_ipv4_t address = 0;

    while (fo_lease_note_find(c->store, name, address, &address) == FO_OK) {
        if (fo_lease_db_get(db, address, &b) == FO_OK &&
            fo_lease_note_get(c->store, address, &b.client, &note) == FO_OK) {
            *out_address = address;
            return true;
        }
        if (address == UINT32_MAX)
            return false;
        address++;
    }
    return false;
}

bool fo_lease_search(struct fo_call *c, const Mgmt__LeaseSearch *m, struct fo_binding *out)
{
    const struct fo_lease_db *db = fo_server_leases(c->server);
    fo_ipv4_t address;

    switch (m->key_case) {
    case MGMT__LEASE_SEARCH__KEY_ADDRESS:
        address = m->address;
        break;
    case MGMT__LEASE_SEARCH__KEY_HARDWARE:
    case MGMT__LEASE_SEARCH__KEY_CLIENT_ID:
        if (!find_by_client(db, m, &address))
            return false;
        break;
    case MGMT__LEASE_SEARCH__KEY_NAME:
        if (!find_by_name(c, m->name, &address))
            return false;
        break;
    default:
        return false;
    }
    return fo_lease_db_get(db, address, out) == FO_OK;
}

uint32_t fo_call_lease_get_check(struct fo_call *c)
{
    const Mgmt__LeaseSearch *m = c->request->lease_get;

    if (m->key_case == MGMT__LEASE_SEARCH__KEY__NOT_SET ||
        (m->key_case == MGMT__LEASE_SEARCH__KEY_NAME && m->name[0] == '\0'))
        return fo_call_refuse(c, ERROR_INVALID_PARAMETER, "Nothing is given to find the lease by.");
    return ERROR_SUCCESS;
}

/* An address that nobody ever held has no record, whatever its scope says. */
static bool has_record(const struct fo_binding *b)
{
    return fo_client_known(&b->client) ||
           (b->status != FO_STATUS_FREE && b->status != FO_STATUS_BACKUP);
}

uint32_t fo_call_lease_get(struct fo_call *c)
{
    struct fo_binding b;

    if (!fo_lease_search(c, c->request->lease_get, &b) || !has_record(&b))
        return fo_call_refuse(c, ERROR_DHCP_INVALID_DHCP_CLIENT, "There is no such lease.");
    c->reply.lease = fo_message_of_lease(c, &b);
    if (c->reply.lease == NULL)
        return fo_call_no_memory(c);
    c->reply.result_case = MGMT__REPLY__RESULT_LEASE;
    return ERROR_SUCCESS;
}

static bool wanted(const Mgmt__LeaseEnum *q, const struct fo_binding *b)
{
    if (b->status == FO_STATUS_FREE || b->status == FO_STATUS_BACKUP)
        return q->all;
    return true;
}

static bool next(const struct fo_lease_db *db, fo_ipv4_t subnet, fo_ipv4_t from,
                 struct fo_binding *out)
{
    if (subnet == 0)
        return fo_lease_db_next(db, from, out);
    return fo_lease_db_next_in(db, subnet, from, false, out);
}

/* The page ends at |limit| leases or after many addresses, whichever comes first; in the latter
 * case it may be empty and still say |more|. */
static uint32_t walk(struct fo_call *c, const Mgmt__LeaseEnum *q, size_t limit, Mgmt__Leases *m)
{
    const struct fo_lease_db *db = fo_server_leases(c->server);
    struct fo_binding b;

    m->next = q->after;
    for (size_t visits = 0; m->next != UINT32_MAX && next(db, q->subnet, m->next + 1, &b);
         visits++) {
        if (m->n_list == limit || visits == VISITS_PER_PAGE) {
            m->more = true;
            return ERROR_SUCCESS;
        }
        m->next = b.address;
        if (!wanted(q, &b))
            continue;
        m->list[m->n_list] = fo_message_of_lease(c, &b);
        if (m->list[m->n_list] == NULL)
            return fo_call_no_memory(c);
        m->n_list++;
    }
    return ERROR_SUCCESS;
}

uint32_t fo_call_lease_enum(struct fo_call *c)
{
    const Mgmt__LeaseEnum *q = c->request->lease_enum;
    size_t limit = q->limit != 0 && q->limit < FO_PAGE_MAX ? q->limit : FO_PAGE_MAX;
    Mgmt__Leases *m = fo_call_alloc(c, sizeof *m);
    uint32_t code;

    if (m == NULL)
        return fo_call_no_memory(c);
    mgmt__leases__init(m);
    m->list = fo_call_alloc(c, limit * sizeof(Mgmt__Lease *));
    if (m->list == NULL)
        return fo_call_no_memory(c);
    code = walk(c, q, limit, m);
    if (code != ERROR_SUCCESS)
        return code;
    if (m->n_list == 0 && !m->more)
        return fo_call_refuse(c, ERROR_NO_MORE_ITEMS, "There are no more leases.");
    c->reply.result_case = MGMT__REPLY__RESULT_LEASES;
    c->reply.leases = m;
    return ERROR_SUCCESS;
}
