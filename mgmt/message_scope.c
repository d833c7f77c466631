#include <stddef.h>
#include <string.h>

#include "mgmt/message.h"
#include "proto/win32.h"

/* bAllowedClientTypes of both; inside it is 0. */
#define RESERVED_BOTH 3u

uint32_t fo_message_to_use(const Mgmt__Range *m, struct fo_range_use *out, char *why,
                           size_t why_capacity)
{
    if (m->kind > FO_RANGE_BOOTP)
        return fo_message_refuse(ERROR_INVALID_PARAMETER, why, why_capacity,
                                 "Range kind %u is none of 0 (DHCP), 1 (both), 2 (BOOTP).",
                                 m->kind);
    *out = (struct fo_range_use){(enum fo_range_kind)m->kind, m->bootp_allocated,
                                 m->bootp_limit_case == MGMT__RANGE__BOOTP_LIMIT_BOOTP_MAX
                                     ? m->bootp_max
                                     : FO_BOOTP_UNLIMITED};
    return ERROR_SUCCESS;
}

uint32_t fo_message_to_reservation(const Mgmt__Reservation *m, struct fo_reservation *out,
                                   char *why, size_t why_capacity)
{
    struct fo_reservation r = {.address = m->address};

    if (m->client.len == 0 || m->client.len > sizeof r.id)
        return fo_message_refuse(ERROR_INVALID_PARAMETER, why, why_capacity,
                                 "A reservation needs a client identifier of 1 to %zu bytes, "
                                 "not %zu.",
                                 sizeof r.id, m->client.len);
    if (m->types > RESERVED_BOTH)
        return fo_message_refuse(ERROR_INVALID_PARAMETER, why, why_capacity,
                                 "Client types %u are none of 1 (DHCP), 2 (BOOTP), 3 (both).",
                                 m->types);
    r.types = m->types == RESERVED_BOTH ? FO_RESERVED_BOTH : (uint8_t)m->types;
    r.id_length = (uint8_t)m->client.len;
    memcpy(r.id, m->client.data, m->client.len);
    *out = r;
    return ERROR_SUCCESS;
}

static struct fo_range range_of(const Mgmt__Range *m)
{
    return (struct fo_range){m->first, m->last};
}

static uint32_t take_range(const Mgmt__Range *m, struct fo_scope *out, char *why,
                           size_t why_capacity)
{
    struct fo_range_use use;
    uint32_t code = fo_message_to_use(m, &use, why, why_capacity);

    if (code != ERROR_SUCCESS)
        return code;
    return fo_scope_add_range_for(out, range_of(m), use, why, why_capacity);
}

/* A reservation may lie outside the ranges: they can have been shrunk since it was made. */
static uint32_t take_reservation(const Mgmt__Reservation *m, struct fo_scope *out, char *why,
                                 size_t why_capacity)
{
    struct fo_reservation reservation;
    uint32_t code = fo_message_to_reservation(m, &reservation, why, why_capacity);

    if (code != ERROR_SUCCESS)
        return code;
    return fo_scope_keep_reservation(out, &reservation, why, why_capacity);
}

static uint32_t take_elements(const Mgmt__Scope *m, struct fo_scope *out, char *why,
                              size_t why_capacity)
{
    uint32_t code = ERROR_SUCCESS;

    for (size_t i = 0; i < m->n_ranges && code == ERROR_SUCCESS; i++)
        code = take_range(m->ranges[i], out, why, why_capacity);
    for (size_t i = 0; i < m->n_exclusions && code == ERROR_SUCCESS; i++)
        code = fo_scope_exclude(out, range_of(m->exclusions[i]), why, why_capacity);
    for (size_t i = 0; i < m->n_reservations && code == ERROR_SUCCESS; i++)
        code = take_reservation(m->reservations[i], out, why, why_capacity);
    return code;
}

uint32_t fo_message_to_scope_state(uint32_t state, enum fo_scope_state *out, char *why,
                                   size_t why_capacity)
{
    if (state > FO_SCOPE_DISABLED_SWITCHED)
        return fo_message_refuse(ERROR_INVALID_PARAMETER, why, why_capacity,
                                 "Scope state %u is none of 0 (enabled), 1 (disabled), 2 and 3 "
                                 "(the same, switched).",
                                 state);
    *out = (enum fo_scope_state)state;
    return ERROR_SUCCESS;
}

uint32_t fo_message_to_scope(const Mgmt__Scope *m, struct fo_scope *out, char *why,
                             size_t why_capacity)
{
    uint32_t code;

    *out = (struct fo_scope){.subnet = m->subnet, .mask = m->mask};
    code = fo_scope_check_new(m->subnet, m->mask, m->name, m->comment, why, why_capacity);
    if (code != ERROR_SUCCESS)
        return code;
    code = fo_message_to_scope_state(m->state, &out->state, why, why_capacity);
    if (code != ERROR_SUCCESS)
        return code;
    memcpy(out->name, m->name, strlen(m->name) + 1);
    memcpy(out->comment, m->comment, strlen(m->comment) + 1);
    return take_elements(m, out, why, why_capacity);
}

static Mgmt__Range *message_of_range(struct fo_call *c, struct fo_range r)
{
    Mgmt__Range *m = fo_call_alloc(c, sizeof *m);

    if (m == NULL)
        return NULL;
    mgmt__range__init(m);
    m->first = r.first;
    m->last = r.last;
    return m;
}

Mgmt__Range *fo_message_of_range(struct fo_call *c, const struct fo_scope *s, uint32_t index)
{
    struct fo_range_use use = fo_scope_use(s, index);
    Mgmt__Range *m = message_of_range(c, s->ranges[index]);

    if (m == NULL)
        return NULL;
    m->kind = use.kind;
    m->bootp_allocated = use.bootp_allocated;
    if (use.bootp_max != FO_BOOTP_UNLIMITED) {
        m->bootp_limit_case = MGMT__RANGE__BOOTP_LIMIT_BOOTP_MAX;
        m->bootp_max = use.bootp_max;
    }
    return m;
}

Mgmt__Range *fo_message_of_exclusion(struct fo_call *c, const struct fo_scope *s, uint32_t index)
{
    return message_of_range(c, s->exclusions[index]);
}

Mgmt__Reservation *fo_message_of_reservation(struct fo_call *c, const struct fo_scope *s,
                                             uint32_t index)
{
    const struct fo_reservation *r = &s->reservations[index];
    struct room {
        Mgmt__Reservation m;
        uint8_t id[FO_CLIENT_ID_MAX];
    } *room = fo_call_alloc(c, offsetof(struct room, id) + r->id_length);

    if (room == NULL)
        return NULL;
    mgmt__reservation__init(&room->m);
    memcpy(room->id, r->id, r->id_length);
    room->m.address = r->address;
    room->m.client = (ProtobufCBinaryData){r->id_length, room->id};
    room->m.types = r->types == FO_RESERVED_BOTH ? RESERVED_BOTH : r->types;
    return &room->m;
}

static bool add_ranges(struct fo_call *c, const struct fo_scope *s, Mgmt__Scope *m)
{
    m->ranges = fo_call_alloc(c, s->range_count * sizeof(Mgmt__Range *));
    m->exclusions = fo_call_alloc(c, s->exclusion_count * sizeof(Mgmt__Range *));
    if (m->ranges == NULL || m->exclusions == NULL)
        return false;
    for (uint32_t i = 0; i < s->range_count; i++) {
        m->ranges[i] = fo_message_of_range(c, s, i);
        if (m->ranges[i] == NULL)
            return false;
        m->n_ranges++;
    }
    for (uint32_t i = 0; i < s->exclusion_count; i++) {
        m->exclusions[i] = fo_message_of_exclusion(c, s, i);
        if (m->exclusions[i] == NULL)
            return false;
        m->n_exclusions++;
    }
    return true;
}

static bool add_reservations(struct fo_call *c, const struct fo_scope *s, Mgmt__Scope *m)
{
    m->reservations = fo_call_alloc(c, s->reservation_count * sizeof(Mgmt__Reservation *));
    if (m->reservations == NULL)
        return false;
    for (uint32_t i = 0; i < s->reservation_count; i++) {
        m->reservations[i] = fo_message_of_reservation(c, s, i);
        if (m->reservations[i] == NULL)
            return false;
        m->n_reservations++;
    }
    return true;
}

Mgmt__Scope *fo_message_of_scope_info(struct fo_call *c, const struct fo_scope *s)
{
    const struct fo_relationship *r;
    Mgmt__Scope *m = fo_call_alloc(c, sizeof *m);

    if (m == NULL)
        return NULL;
    mgmt__scope__init(m);
    m->subnet = s->subnet;
    m->mask = s->mask;
    m->state = s->state;
    m->name = fo_call_text(c, s->name);
    m->comment = fo_call_text(c, s->comment);
    r = fo_server_relationship_numbered(c->server,
                                        fo_lease_db_owner(fo_server_leases(c->server), s->subnet));
    m->relationship = fo_call_text(c, r != NULL ? r->name : "");
    if (m->name == NULL || m->comment == NULL || m->relationship == NULL)
        return NULL;
    return m;
}

Mgmt__Scope *fo_message_of_scope(struct fo_call *c, const struct fo_scope *s)
{
    Mgmt__Scope *m = fo_message_of_scope_info(c, s);

    return m != NULL && add_ranges(c, s, m) && add_reservations(c, s, m) ? m : NULL;
}
