/* What a change is about, for the audit: a relationship, a scope, an address. */
#include <stdio.h>

#include "mgmt/call.h"
#include "mgmt/change.h"
#include "proto/ipv6.h"

#define CALL(which) MGMT__REQUEST__CALL_##which

static const char *prepared_name(const struct fo_call *c, const Mgmt__ChangeId *id)
{
    const struct fo_change *change = fo_changes_find(c->facts->changes, id->id.data, id->id.len);

    return change != NULL && change->body != NULL ? fo_change_name(change->body) : "-";
}

static const char *address_text(fo_ipv4_t address, char room[FO_CALL_SUBJECT])
{
    char text[FO_IPV4_TEXT];

    (void)snprintf(room, FO_CALL_SUBJECT, "%s", fo_ipv4_text(address, text));
    return room;
}

static const char *many(const Mgmt__LeaseMany *m, char room[FO_CALL_SUBJECT])
{
    char text[FO_IPV4_TEXT];

    if (m->n_list == 0)
        return "-";
    (void)snprintf(room, FO_CALL_SUBJECT, "%s and %zu more",
                   fo_ipv4_text(m->list[0]->address, text), m->n_list - 1);
    return room;
}

/* An identifier looks for a lease that may not be there: its bytes are all that is known. */
static const char *searched(const Mgmt__LeaseSearch *m, char room[FO_CALL_SUBJECT])
{
    const ProtobufCBinaryData *bytes;
    size_t used = 0;

    if (m->key_case == MGMT__LEASE_SEARCH__KEY_ADDRESS)
        return address_text(m->address, room);
    if (m->key_case == MGMT__LEASE_SEARCH__KEY_NAME)
        return m->name;
    if (m->key_case != MGMT__LEASE_SEARCH__KEY_HARDWARE &&
        m->key_case != MGMT__LEASE_SEARCH__KEY_CLIENT_ID)
        return "-";
    bytes = m->key_case == MGMT__LEASE_SEARCH__KEY_HARDWARE ? &m->hardware : &m->client_id;
    room[0] = '\0';
    for (size_t i = 0; i < bytes->len && used + 3 <= FO_CALL_SUBJECT; i++)
        used += (size_t)snprintf(room + used, FO_CALL_SUBJECT - used, "%02x", bytes->data[i]);
    return room;
}

static const char *of_relationship(const struct fo_call *c)
{
    const Mgmt__Request *q = c->request;

    switch (q->call_case) {
    case CALL(RELATIONSHIP_CREATE):
        return q->relationship_create->name;
    case CALL(RELATIONSHIP_SET):
        return q->relationship_set->relationship != NULL ? q->relationship_set->relationship->name
                                                         : "-";
    case CALL(RELATIONSHIP_DELETE):
        return q->relationship_delete->name;
    case CALL(RELATIONSHIP_ADD_SCOPES):
        return q->relationship_add_scopes->name;
    case CALL(RELATIONSHIP_REMOVE_SCOPES):
        return q->relationship_remove_scopes->name;
    case CALL(COMMAND):
        return q->command->name;
    case CALL(CHANGE_PREPARE):
        return fo_change_name(q->change_prepare);
    case CALL(CHANGE_COMMIT):
    case CALL(CHANGE_ABORT):
        return prepared_name(c, q->change_commit);
    default:
        return "-";
    }
}

static const char *address6_text(const ProtobufCBinaryData *m, char room[FO_CALL_SUBJECT])
{
    struct fo_reader r = fo_reader_of(m->data, m->len);
    struct fo_ipv6 address;
    char text[FO_IPV6_TEXT];

    fo_read_ipv6(&r, &address);
    if (r.err != FO_OK)
        return "-";
    (void)snprintf(room, FO_CALL_SUBJECT, "%s", fo_ipv6_text(address, text));
    return room;
}

/* The interface whose binding is set, if it is one alone. */
static const char *interfaces(const Mgmt__BindingSet *m, char room[FO_CALL_SUBJECT])
{
    size_t count = m->bindings != NULL ? m->bindings->n_list : 0;

    if (count == 0)
        return "-";
    if (count == 1)
        return m->bindings->list[0]->description;
    (void)snprintf(room, FO_CALL_SUBJECT, "%.15s and %zu more", m->bindings->list[0]->description,
                   count - 1);
    return room;
}

/* NULL: it has to do with none of these. */
static const char *of_ipv6(const Mgmt__Request *q, char room[FO_CALL_SUBJECT])
{
    switch (q->call_case) {
    case CALL(BINDING_SET):
        return interfaces(q->binding_set, room);
    case CALL(PREFIX6_CREATE):
    case CALL(PREFIX6_SET):
        return address6_text(&q->prefix6_create->prefix, room);
    case CALL(PREFIX6_DELETE):
        return address6_text(&q->prefix6_delete->prefix, room);
    case CALL(ELEMENT6_ADD):
    case CALL(ELEMENT6_REMOVE):
        return address6_text(&q->element6_add->prefix, room);
    case CALL(LEASE6_CREATE):
    case CALL(LEASE6_SET):
        return address6_text(&q->lease6_create->address, room);
    case CALL(LEASE6_DELETE):
        return q->lease6_delete->key_case == MGMT__LEASE6_SEARCH__KEY_ADDRESS
                   ? address6_text(&q->lease6_delete->address, room)
                   : "-";
    default:
        return NULL;
    }
}

const char *fo_call_subject(const struct fo_call *c, char room[FO_CALL_SUBJECT])
{
    const Mgmt__Request *q = c->request;
    const char *subject = of_ipv6(q, room);

    if (subject != NULL)
        return subject;
    switch (q->call_case) {
    case CALL(SCOPE_CREATE):
    case CALL(SCOPE_SET):
    case CALL(SCOPE_REPLACE):
        return address_text(q->scope_create->subnet, room);
    case CALL(SCOPE_DELETE):
        return address_text(q->scope_delete->subnet, room);
    case CALL(SCOPE_ELEMENT_ADD):
    case CALL(SCOPE_ELEMENT_REMOVE):
        return address_text(q->scope_element_add->subnet, room);
    case CALL(SUBNET_ELEMENT_ADD):
    case CALL(SUBNET_ELEMENT_REMOVE):
        return address_text(q->subnet_element_add->subnet, room);
    case CALL(LEASE_CREATE):
    case CALL(LEASE_SET):
        return address_text(q->lease_create->address, room);
    case CALL(LEASE_CREATE_MANY):
        return many(q->lease_create_many, room);
    case CALL(LEASE_DELETE):
        return searched(q->lease_delete, room);
    default:
        return of_relationship(c);
    }
}
