/* Relationships seen and commanded: get, enumerate, status, events, address status, commands. */
#include <string.h>

#include "mgmt/change.h"
#include "mgmt/message.h"
#include "proto/win32.h"

static uint32_t unknown(struct fo_call *c, const char *name)
{
    return fo_call_refuse(c, ERROR_DHCP_FO_RELATIONSHIP_DOES_NOT_EXIST,
                          "There is no relationship '%.130s' on this server.", name);
}

static uint32_t answer_relationship(struct fo_call *c, const struct fo_relationship *r)
{
    c->reply.relationship = fo_message_of_relationship(c, r);
    if (c->reply.relationship == NULL)
        return fo_call_no_memory(c);
    c->reply.result_case = MGMT__REPLY__RESULT_RELATIONSHIP;
    return ERROR_SUCCESS;
}

uint32_t fo_call_relationship_get_check(struct fo_call *c)
{
    if (c->request->relationship_get->name[0] == '\0')
        return fo_call_refuse(c, ERROR_INVALID_PARAMETER, "The relationship has no name.");
    return ERROR_SUCCESS;
}

uint32_t fo_call_relationship_get(struct fo_call *c)
{
    const char *name = c->request->relationship_get->name;
    const struct fo_relationship *r = fo_server_relationship_find(c->server, name);

    return r != NULL ? answer_relationship(c, r) : unknown(c, name);
}

uint32_t fo_call_relationship_enum(struct fo_call *c)
{
    const Mgmt__Page *page = c->request->relationship_enum;
    size_t total = fo_server_relationship_count(c->server);
    size_t limit = page->limit != 0 ? page->limit : FO_RELATIONSHIPS_MAX;
    Mgmt__Relationships *m = fo_call_alloc(c, sizeof *m);

    if (m == NULL)
        return fo_call_no_memory(c);
    mgmt__relationships__init(m);
    m->list = fo_call_alloc(c, (total + 1) * sizeof(Mgmt__Relationship *));
    if (m->list == NULL)
        return fo_call_no_memory(c);
    for (size_t i = 0; i < total; i++) {
        const struct fo_relationship *r = fo_server_relationship_at(c->server, i);
        if (strcmp(r->name, page->after) <= 0 && page->after[0] != '\0')
            continue;
        if (m->n_list == limit) {
            m->left++;
            continue;
        }
        m->list[m->n_list] = fo_message_of_relationship(c, r);
        if (m->list[m->n_list] == NULL)
            return fo_call_no_memory(c);
        m->next = m->list[m->n_list++]->name;
    }
    if (m->n_list == 0)
        return fo_call_refuse(c, ERROR_NO_MORE_ITEMS, "There are no more relationships.");
    m->more = m->left != 0;
    c->reply.result_case = MGMT__REPLY__RESULT_RELATIONSHIPS;
    c->reply.relationships = m;
    return ERROR_SUCCESS;
}

uint32_t fo_call_scope_relationship_check(struct fo_call *c)
{
    if (c->request->scope_relationship_get->subnet == 0)
        return fo_call_refuse(c, ERROR_INVALID_PARAMETER, "No scope is named.");
    return ERROR_SUCCESS;
}

uint32_t fo_call_scope_relationship(struct fo_call *c)
{
    fo_ipv4_t subnet = c->request->scope_relationship_get->subnet;
    const struct fo_lease_db *db = fo_server_leases(c->server);
    const struct fo_relationship *r = NULL;
    char text[FO_IPV4_TEXT];

    if (fo_lease_db_scope(db, subnet) != NULL)
        r = fo_server_relationship_numbered(c->server, fo_lease_db_owner(db, subnet));
    if (r == NULL)
        return fo_call_refuse(c, ERROR_DHCP_FO_SCOPE_NOT_IN_RELATIONSHIP,
                              "Scope %s is in no relationship.", fo_ipv4_text(subnet, text));
    return answer_relationship(c, r);
}

uint32_t fo_call_address_status(struct fo_call *c)
{
    enum { OF_PRIMARY = 0, OF_SECONDARY = 1, EXCLUDED = 2, RESERVED = 3 };
    fo_ipv4_t address = c->request->address_status_get->subnet;
    const struct fo_scope *scope = fo_lease_db_scope_of(fo_server_leases(c->server), address);
    struct fo_address_view view;
    char text[FO_IPV4_TEXT];

    fo_ipv4_text(address, text);
    if (scope == NULL)
        return fo_call_refuse(c, ERROR_INVALID_PARAMETER, "No scope contains %s.", text);
    if (fo_server_address(c->server, address, &view) != FO_OK || !view.in_relationship)
        return fo_call_refuse(c, ERROR_DHCP_FO_SCOPE_NOT_IN_RELATIONSHIP,
                              "The scope of %s is in no relationship.", text);
    c->reply.result_case = MGMT__REPLY__RESULT_ADDRESS_STATUS;
    if (fo_scope_excluded(scope, address))
        c->reply.address_status = EXCLUDED;
    else if (fo_scope_reservation(scope, address) != NULL)
        c->reply.address_status = RESERVED;
    else
        c->reply.address_status = view.owner == FO_ROLE_PRIMARY ? OF_PRIMARY : OF_SECONDARY;
    return ERROR_SUCCESS;
}

/* --- commands
 * -------------------------------------------------------------------------------------- */

static bool find_command(Mgmt__CommandKind kind, enum fo_command *out)
{
    static const struct {
        Mgmt__CommandKind outside;
        enum fo_command inside;
    } commands[] = {
        {MGMT__COMMAND_KIND__TELL_PARTNER_DOWN, FO_COMMAND_PARTNER_DOWN},
        {MGMT__COMMAND_KIND__TELL_PAUSE, FO_COMMAND_PAUSE},
        {MGMT__COMMAND_KIND__TELL_SHUTDOWN, FO_COMMAND_SHUTDOWN},
        {MGMT__COMMAND_KIND__TELL_RESUME, FO_COMMAND_RESUME},
        {MGMT__COMMAND_KIND__TELL_RESYNC, FO_COMMAND_RESYNC},
        {MGMT__COMMAND_KIND__TELL_BALANCE, FO_COMMAND_BALANCE},
    };

    for (size_t i = 0; i < sizeof commands / sizeof commands[0]; i++) {
        if (commands[i].outside == kind) {
            *out = commands[i].inside;
            return true;
        }
    }
    return false;
}

/* DhcpV4FailoverTriggerAddrAllocation checks in this order (MAPI §1.2). */
uint32_t fo_call_command(struct fo_call *c)
{
    const Mgmt__Command *m = c->request->command;
    const struct fo_relationship *r;
    enum fo_command command;

    if (m->name[0] == '\0')
        return fo_call_refuse(c, ERROR_INVALID_PARAMETER, "The relationship has no name.");
    if (!find_command(m->kind, &command))
        return fo_call_refuse(c, ERROR_INVALID_PARAMETER, "Command %d is not known.", m->kind);
    r = fo_server_relationship_find(c->server, m->name);
    if (r == NULL)
        return unknown(c, m->name);
    if (command == FO_COMMAND_BALANCE && r->role == FO_ROLE_SECONDARY)
        return fo_call_refuse(c, ERROR_DHCP_FO_RELATION_IS_SECONDARY,
                              "This server is the secondary of '%.130s'; addresses are shared out "
                              "by the primary.",
                              m->name);
    return fo_server_command(c->server, m->name, command, c->now, c->out, c->why, sizeof c->why);
}

/* --- status and events
 * ------------------------------------------------------------------------------ */

static void add_traffic(const struct fo_endpoint_status *s, Mgmt__Status *m)
{
    m->unacked = s->unacked;
    m->window = s->window;
    m->queued = s->queued;
    m->resync_sending = s->resync_sending;
    m->resync_receiving = s->resync_receiving;
    m->resync_done = s->resync_done;
    m->resync_total = s->resync_total;
    m->bndupd_sent = s->bndupd_sent;
    m->bndupd_received = s->bndupd_received;
    m->bndack_sent = s->bndack_sent;
    m->bndack_received = s->bndack_received;
    m->rejected_by_partner = s->rejected_by_partner;
    m->rejected_by_us = s->rejected_by_us;
    m->messages_in = s->messages_in;
    m->messages_out = s->messages_out;
    m->bytes_in = s->bytes_in;
    m->bytes_out = s->bytes_out;
    m->faults = s->faults;
}

static void add_state(struct fo_call *c, struct fo_endpoint_status *s, Mgmt__Status *m)
{
    m->name = s->relationship;
    m->role = s->role;
    m->state = fo_message_of_state(s->state);
    m->state_since = s->state_since.s;
    m->state_cause = s->state_cause;
    m->state_exit = s->state_exit;
    m->state_exit_at = s->state_exit_at.s;
    m->partner_state = fo_message_of_state(s->partner_state);
    m->partner_startup = s->partner_startup;
    m->partner_since = s->partner_since.s;
    m->link_up = s->link_up;
    m->communications_ok = s->communications_ok;
    m->link_secure = s->link_secure;
    m->digest_on = s->digest_on;
    m->clock_delta_s = s->clock_delta_s;
    m->mclt_s = s->mclt_s;
    m->dialect = fo_call_text(c, fo_dialect_get(s->dialect)->name);
    m->partner_vendor = s->partner_vendor;
    m->last_fault = s->last_fault;
    m->last_contact = s->last_contact.s;
    m->drift_known = s->drift_known;
    m->settings_differ = s->settings_differ;
    m->scopes_differ = s->scopes_differ;
    m->differ_since = s->differ_since.s;
}

uint32_t fo_call_status(struct fo_call *c)
{
    const char *name = c->request->status_get->name;
    const struct fo_relationship *r = fo_server_relationship_find(c->server, name);
    struct fo_endpoint_status *status = fo_call_alloc(c, sizeof *status);
    Mgmt__Status *m = fo_call_alloc(c, sizeof *m);

    if (status == NULL || m == NULL)
        return fo_call_no_memory(c);
    if (r == NULL || fo_server_status(c->server, name, c->now, status) != FO_OK)
        return unknown(c, name);
    mgmt__status__init(m);
    add_state(c, status, m);
    add_traffic(status, m);
    m->partner = fo_relationship_partner(r);
    c->reply.result_case = MGMT__REPLY__RESULT_STATUS;
    c->reply.status = m;
    return ERROR_SUCCESS;
}

struct event_walk {
    struct fo_call *call;
    Mgmt__Events *events;
    uint64_t after;
    size_t limit;
};

static void take_event(void *context, const struct fo_journal_entry *entry)
{
    struct event_walk *walk = context;
    Mgmt__Event *m;

    if (entry->sequence <= walk->after || walk->events->n_list == walk->limit)
        return;
    m = fo_call_alloc(walk->call, sizeof *m);
    if (m == NULL)
        return;
    mgmt__event__init(m);
    m->sequence = entry->sequence;
    m->when = entry->when.s;
    m->level = entry->level;
    m->text = fo_call_text(walk->call, entry->text);
    walk->events->list[walk->events->n_list++] = m;
}

uint32_t fo_call_events(struct fo_call *c)
{
    const Mgmt__EventsQuery *q = c->request->events_get;
    struct event_walk walk = {.call = c, .after = q->after, .limit = FO_JOURNAL_MAX};

    if (q->limit != 0 && q->limit < walk.limit)
        walk.limit = q->limit;
    walk.events = fo_call_alloc(c, sizeof *walk.events);
    if (walk.events == NULL)
        return fo_call_no_memory(c);
    mgmt__events__init(walk.events);
    walk.events->list = fo_call_alloc(c, FO_JOURNAL_MAX * sizeof(Mgmt__Event *));
    if (walk.events->list == NULL)
        return fo_call_no_memory(c);
    if (fo_server_relationship_find(c->server, q->name) == NULL ||
        fo_server_journal(c->server, q->name, take_event, &walk) != FO_OK)
        return unknown(c, q->name);
    c->reply.result_case = MGMT__REPLY__RESULT_EVENTS;
    c->reply.events = walk.events;
    return ERROR_SUCCESS;
}
