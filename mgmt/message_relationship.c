#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "mgmt/message.h"
#include "mgmt/partner_note.h"
#include "proto/win32.h"

uint32_t fo_message_refuse(uint32_t code, char *why, size_t why_capacity, const char *format, ...)
{
    va_list arguments;

    if (why == NULL || why_capacity == 0)
        return code;
    va_start(arguments, format);
    (void)vsnprintf(why, why_capacity, format, arguments);
    va_end(arguments);
    return code;
}

/* MAPI §5. */
static const struct {
    enum fo_state inside;
    Mgmt__State outside;
} states[] = {
    {FO_STATE_STARTUP, MGMT__STATE__STARTUP},
    {FO_STATE_NORMAL, MGMT__STATE__NORMAL},
    {FO_STATE_COMMUNICATIONS_INTERRUPTED, MGMT__STATE__COMMUNICATION_INT},
    {FO_STATE_PARTNER_DOWN, MGMT__STATE__PARTNER_DOWN},
    {FO_STATE_POTENTIAL_CONFLICT, MGMT__STATE__POTENTIAL_CONFLICT},
    {FO_STATE_CONFLICT_DONE, MGMT__STATE__CONFLICT_DONE},
    {FO_STATE_RESOLUTION_INTERRUPTED, MGMT__STATE__RESOLUTION_INT},
    {FO_STATE_RECOVER, MGMT__STATE__RECOVER},
    {FO_STATE_RECOVER_WAIT, MGMT__STATE__RECOVER_WAIT},
    {FO_STATE_RECOVER_DONE, MGMT__STATE__RECOVER_DONE},
    {FO_STATE_PAUSED, MGMT__STATE__PAUSED},
    {FO_STATE_SHUTDOWN, MGMT__STATE__SHUTDOWN},
};

Mgmt__State fo_message_of_state(enum fo_state state)
{
    for (size_t i = 0; i < sizeof states / sizeof states[0]; i++) {
        if (states[i].inside == state)
            return states[i].outside;
    }
    return MGMT__STATE__NO_STATE;
}

enum fo_state fo_message_to_state(Mgmt__State state)
{
    for (size_t i = 0; i < sizeof states / sizeof states[0]; i++) {
        if (states[i].outside == state)
            return states[i].inside;
    }
    return FO_STATE_NONE;
}

const char *fo_message_state_name(Mgmt__State state)
{
    if (state == MGMT__STATE__INIT)
        return "INIT";
    if (fo_message_to_state(state) == FO_STATE_NONE)
        return "unknown";
    return fo_state_name(fo_message_to_state(state));
}

/* A name that does not even fit is longer than 126 characters, but the documented order has other
 * checks before that one. So it becomes a name that is too long and fits. */
static void take_name(const char *name, struct fo_relationship *out)
{
    size_t length = strlen(name);

    if (length > FO_RELATIONSHIP_NAME_BYTES) {
        length = FO_RELATIONSHIP_NAME_UNITS + 1;
        memset(out->name, 'x', length);
    } else {
        memcpy(out->name, name, length);
    }
    out->name[length] = '\0';
}

static uint32_t take_text(const char *what, const char *text, char *out, size_t capacity, char *why,
                          size_t why_capacity)
{
    size_t length = strlen(text);

    if (length >= capacity)
        return fo_message_refuse(ERROR_INVALID_PARAMETER, why, why_capacity,
                                 "%s is %zu bytes long; at most %zu are possible.", what, length,
                                 capacity - 1);
    if (fo_utf16_units(text) < 0)
        return fo_message_refuse(ERROR_INVALID_PARAMETER, why, why_capacity, "%s is not UTF-8.",
                                 what);
    memcpy(out, text, length + 1);
    return ERROR_SUCCESS;
}

static uint32_t take_numbers(const Mgmt__Relationship *m, struct fo_relationship *out, char *why,
                             size_t why_capacity)
{
    if (m->role > FO_ROLE_SECONDARY)
        return fo_message_refuse(ERROR_INVALID_PARAMETER, why, why_capacity,
                                 "Server type %u is neither 0 (primary) nor 1 (secondary).",
                                 m->role);
    if (m->mode > FO_MODE_HOT_STANDBY)
        return fo_message_refuse(ERROR_INVALID_PARAMETER, why, why_capacity,
                                 "Mode %u is neither 0 (load balance) nor 1 (hot standby).",
                                 m->mode);
    if (m->tls > FO_TLS_REQUIRED)
        return fo_message_refuse(ERROR_INVALID_PARAMETER, why, why_capacity,
                                 "TLS mode %u is not 0 (off), 1 (desired) or 2 (required).",
                                 m->tls);
    if (m->partner_port > UINT16_MAX)
        return fo_message_refuse(ERROR_INVALID_PARAMETER, why, why_capacity,
                                 "Partner port %u is not between 1 and 65535.", m->partner_port);
    out->role = m->role;
    out->mode = m->mode;
    out->tls = m->tls;
    out->primary_server = m->primary_server;
    out->secondary_server = m->secondary_server;
    out->percentage = m->percentage;
    out->mclt_s = m->mclt_s;
    out->safe_period_s = m->safe_period_s != 0 ? m->safe_period_s : FO_SAFE_PERIOD_NEVER;
    out->partner_port = m->partner_port != 0 ? (uint16_t)m->partner_port : FO_DEFAULT_PORT;
    out->max_unacked = m->max_unacked;
    out->receive_timer_s =
        m->receive_timer_s != 0 ? m->receive_timer_s : FO_DEFAULT_RECEIVE_TIMER_S;
    out->max_clock_skew_s = m->max_clock_skew_s;
    out->load_balance_max_s = m->load_balance_max_s;
    return ERROR_SUCCESS;
}

static uint32_t take_dialect(const Mgmt__Relationship *m, struct fo_relationship *out, char *why,
                             size_t why_capacity)
{
    out->dialect_auto = m->dialect[0] == '\0';
    if (out->dialect_auto)
        return ERROR_SUCCESS;
    if (fo_dialect_find(m->dialect, &out->dialect) != FO_OK)
        return fo_message_refuse(ERROR_INVALID_PARAMETER, why, why_capacity,
                                 "Dialect '%.40s' is not known; there are draft and isc.",
                                 m->dialect);
    return ERROR_SUCCESS;
}

static uint32_t take_lists(const Mgmt__Relationship *m, struct fo_relationship *out, char *why,
                           size_t why_capacity)
{
    if (m->buckets.len != 0 && m->buckets.len != sizeof out->buckets.map)
        return fo_message_refuse(ERROR_INVALID_PARAMETER, why, why_capacity,
                                 "A hash bucket assignment has 32 bytes, not %zu.", m->buckets.len);
    out->has_buckets = m->buckets.len != 0;
    if (out->has_buckets)
        memcpy(out->buckets.map, m->buckets.data, sizeof out->buckets.map);
    if (m->n_scopes == 0)
        return ERROR_SUCCESS;
    out->scopes = calloc(m->n_scopes, sizeof out->scopes[0]);
    if (out->scopes == NULL)
        return ERROR_NOT_ENOUGH_MEMORY;
    memcpy(out->scopes, m->scopes, m->n_scopes * sizeof out->scopes[0]);
    out->scope_count = (uint32_t)m->n_scopes;
    return ERROR_SUCCESS;
}

uint32_t fo_message_to_relationship(const Mgmt__Relationship *m, struct fo_relationship *out,
                                    char *why, size_t why_capacity)
{
    uint32_t code;

    fo_relationship_init(out);
    take_name(m->name, out);
    code = take_numbers(m, out, why, why_capacity);
    if (code == ERROR_SUCCESS)
        code =
            take_text("The primary server's name", m->primary_server_name, out->primary_server_name,
                      sizeof out->primary_server_name, why, why_capacity);
    if (code == ERROR_SUCCESS)
        code = take_text("The secondary server's name", m->secondary_server_name,
                         out->secondary_server_name, sizeof out->secondary_server_name, why,
                         why_capacity);
    if (code == ERROR_SUCCESS)
        code = take_text("The shared secret", m->shared_secret, out->shared_secret,
                         sizeof out->shared_secret, why, why_capacity);
    if (code == ERROR_SUCCESS)
        code = take_dialect(m, out, why, why_capacity);
    if (code == ERROR_SUCCESS)
        code = take_lists(m, out, why, why_capacity);
    return code;
}

/* Strings borrow |r|, which outlives the reply; protobuf-c wants them without const. */
static char *borrowed(const char *text)
{
    union {
        const char *in;
        char *out;
    } u = {.in = text};
    return u.out;
}

static void add_live_facts(struct fo_call *c, const struct fo_relationship *r,
                           Mgmt__Relationship *m)
{
    struct fo_endpoint_status *status = fo_call_alloc(c, sizeof *status);
    char management[FO_PARTNER_NOTE_MAX + 1];

    if (status != NULL && fo_server_status(c->server, r->name, c->now, status) == FO_OK) {
        m->state = fo_message_of_state(status->state);
        m->prev_state = MGMT__STATE__INIT;
    }
    if (fo_partner_note_get(c->store, r->name, management) == FO_OK)
        m->partner_management = fo_call_text(c, management);
    if (m->partner_management == NULL)
        m->partner_management = borrowed("");
}

Mgmt__Relationship *fo_message_of_relationship(struct fo_call *c, const struct fo_relationship *r)
{
    Mgmt__Relationship *m = fo_call_alloc(c, sizeof *m);

    if (m == NULL)
        return NULL;
    mgmt__relationship__init(m);
    m->name = borrowed(r->name);
    m->role = r->role;
    m->primary_server = r->primary_server;
    m->secondary_server = r->secondary_server;
    m->primary_server_name = borrowed(r->primary_server_name);
    m->secondary_server_name = borrowed(r->secondary_server_name);
    m->mode = r->mode;
    m->percentage = r->percentage;
    m->mclt_s = r->mclt_s;
    m->safe_period_s = r->safe_period_s;
    m->tls = r->tls;
    m->partner_port = r->partner_port;
    m->dialect = borrowed(r->dialect_auto ? "" : fo_dialect_get(r->dialect)->name);
    m->max_unacked = r->max_unacked;
    m->receive_timer_s = r->receive_timer_s;
    m->max_clock_skew_s = r->max_clock_skew_s;
    m->load_balance_max_s = r->load_balance_max_s;
    if (r->has_buckets) {
        m->buckets.len = sizeof r->buckets.map;
        m->buckets.data = fo_call_alloc(c, m->buckets.len);
        if (m->buckets.data == NULL)
            return NULL;
        memcpy(m->buckets.data, r->buckets.map, m->buckets.len);
    }
    m->n_scopes = r->scope_count;
    m->scopes = r->scopes;
    m->auth_enabled = r->shared_secret[0] != '\0';
    add_live_facts(c, r, m);
    return m;
}
