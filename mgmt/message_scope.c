#include <string.h>

#include "mgmt/message.h"
#include "proto/win32.h"

uint32_t fo_message_to_reservation(const Mgmt__Reservation *m, struct fo_reservation *out,
                                   char *why, size_t why_capacity)
{
    struct fo_reservation r = {.address = m->address};

    if (m->client.len == 0 || m->client.len > sizeof r.id)
        return fo_message_refuse(ERROR_INVALID_PARAMETER, why, why_capacity,
                                 "A reservation needs a client identifier of 1 to %zu bytes, "
                                 "not %zu.",
                                 sizeof r.id, m->client.len);
    r.id_length = (uint8_t)m->client.len;
    memcpy(r.id, m->client.data, m->client.len);
    *out = r;
    return ERROR_SUCCESS;
}

static uint32_t take_elements(const Mgmt__Scope *m, struct fo_scope *out, char *why,
                              size_t why_capacity)
{
    struct fo_reservation reservation;
    uint32_t code = ERROR_SUCCESS;

    for (size_t i = 0; i < m->n_ranges && code == ERROR_SUCCESS; i++)
        code = fo_scope_add_range(out, (struct fo_range){m->ranges[i]->first, m->ranges[i]->last},
                                  why, why_capacity);
    for (size_t i = 0; i < m->n_exclusions && code == ERROR_SUCCESS; i++)
        code = fo_scope_exclude(out,
                                (struct fo_range){m->exclusions[i]->first, m->exclusions[i]->last},
                                why, why_capacity);
    for (size_t i = 0; i < m->n_reservations && code == ERROR_SUCCESS; i++) {
        code = fo_message_to_reservation(m->reservations[i], &reservation, why, why_capacity);
        if (code == ERROR_SUCCESS)
            code = fo_scope_reserve(out, &reservation, why, why_capacity);
    }
    return code;
}

uint32_t fo_message_to_scope(const Mgmt__Scope *m, struct fo_scope *out, char *why,
                             size_t why_capacity)
{
    uint32_t code;

    *out = (struct fo_scope){.subnet = m->subnet, .mask = m->mask};
    code = fo_scope_check_new(m->subnet, m->mask, m->name, m->comment, why, why_capacity);
    if (code != ERROR_SUCCESS)
        return code;
    if (m->state > FO_SCOPE_DISABLED)
        return fo_message_refuse(ERROR_INVALID_PARAMETER, why, why_capacity,
                                 "Scope state %u is neither 0 (enabled) nor 1 (disabled).",
                                 m->state);
    out->state = m->state;
    memcpy(out->name, m->name, strlen(m->name) + 1);
    memcpy(out->comment, m->comment, strlen(m->comment) + 1);
    return take_elements(m, out, why, why_capacity);
}

static bool add_ranges(struct fo_call *c, const struct fo_range *ranges, size_t count,
                       Mgmt__Range ***out, size_t *out_count)
{
    Mgmt__Range *list = fo_call_alloc(c, count * sizeof *list);
    Mgmt__Range **pointers = fo_call_alloc(c, count * sizeof(Mgmt__Range *));

    if (list == NULL || pointers == NULL)
        return false;
    for (size_t i = 0; i < count; i++) {
        mgmt__range__init(&list[i]);
        list[i].first = ranges[i].first;
        list[i].last = ranges[i].last;
        pointers[i] = &list[i];
    }
    *out = pointers;
    *out_count = count;
    return true;
}

static bool add_reservations(struct fo_call *c, const struct fo_scope *s, Mgmt__Scope *m)
{
    size_t count = s->reservation_count;
    Mgmt__Reservation *list = fo_call_alloc(c, count * sizeof *list);
    uint8_t(*ids)[FO_CLIENT_ID_MAX] = fo_call_alloc(c, count * sizeof *ids);

    m->reservations = fo_call_alloc(c, count * sizeof(Mgmt__Reservation *));
    if (list == NULL || ids == NULL || m->reservations == NULL)
        return false;
    for (size_t i = 0; i < count; i++) {
        const struct fo_reservation *r = &s->reservations[i];
        mgmt__reservation__init(&list[i]);
        list[i].address = r->address;
        list[i].client.len = r->id_length;
        list[i].client.data = ids[i];
        memcpy(ids[i], r->id, r->id_length);
        m->reservations[i] = &list[i];
    }
    m->n_reservations = count;
    return true;
}

Mgmt__Scope *fo_message_of_scope(struct fo_call *c, const struct fo_scope *s)
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
    if (m->name == NULL || m->comment == NULL || m->relationship == NULL ||
        !add_ranges(c, s->ranges, s->range_count, &m->ranges, &m->n_ranges) ||
        !add_ranges(c, s->exclusions, s->exclusion_count, &m->exclusions, &m->n_exclusions) ||
        !add_reservations(c, s, m))
        return NULL;
    return m;
}
