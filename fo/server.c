/* The server: events in, one after the other; at the end of a batch everything that waits for the
 * partner is put into messages and everything that changed into the store. */
#include "fo/server.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fo/endpoint.h"
#include "state/record.h"

struct fo_server *fo_server_new(const struct fo_server_config *config, struct fo_store *store)
{
    struct fo_server *s = calloc(1, sizeof *s);
    if (s == NULL)
        return NULL;
    s->leases = fo_lease_db_new();
    if (s->leases == NULL) {
        free(s);
        return NULL;
    }
    s->config = *config;
    s->store = store;
    snprintf(s->vendor_class, sizeof s->vendor_class, "%s",
             config->vendor_class != NULL ? config->vendor_class : "fo");
    if (s->config.redial_s == 0)
        s->config.redial_s = 5;
    if (s->config.heartbeat_s == 0)
        s->config.heartbeat_s = 10;
    if (s->config.drift_s == 0)
        s->config.drift_s = 20;
    if (s->config.failover_port == 0)
        s->config.failover_port = FO_DEFAULT_PORT;
    return s;
}

void fo_server_free(struct fo_server *s)
{
    if (s == NULL)
        return;
    for (size_t i = 0; i < s->endpoint_count; i++)
        fo_endpoint_free(s->endpoints[i]);
    fo_links_free(s);
    fo_tokens_free(s);
    fo_rejections_free(s);
    fo_lease_db_free(s->leases);
    free(s);
}

struct fo_lease_db *fo_server_leases(struct fo_server *s)
{
    return s->leases;
}

/* Failures of the batch: what stuck to the server, or to the outbox. */
static int failure(const struct fo_server *s, const struct fo_outbox *out)
{
    return s->err != FO_OK ? s->err : out->err;
}

static void tick(struct fo_step *st)
{
    struct fo_server *s = st->server;
    fo_lease_due(st);
    fo_links_timers(st);
    for (size_t i = 0; i < s->endpoint_count; i++)
        fo_endpoint_timers(st, s->endpoints[i]);
}

int fo_server_step(struct fo_server *s, const struct fo_event *event, struct fo_outbox *out)
{
    struct fo_step st = {s, event->now, out};
    switch (event->kind) {
    case FO_EVENT_TICK:
        tick(&st);
        break;
    case FO_EVENT_REPORT:
        fo_lease_report(&st, &event->report);
        break;
    case FO_EVENT_COMMAND:
        (void)fo_server_command(s, event->command.relationship, event->command.command, event->now,
                                out, NULL, 0);
        break;
    default:
        fo_links_event(&st, event);
        break;
    }
    return failure(s, out);
}

static int write_endpoint(struct fo_endpoint *ep)
{
    uint8_t value[FO_ENDPOINT_RECORD_MAX];
    size_t length;
    int rc = fo_endpoint_record_write(&ep->rec, value, sizeof value, &length);
    if (rc == FO_OK)
        rc = fo_store_put(ep->server->store, FO_TABLE_ENDPOINT, ep->r.name, strlen(ep->r.name),
                          value, length);
    if (rc == FO_OK)
        ep->rec_dirty = false;
    return rc;
}

static int write_config(struct fo_endpoint *ep)
{
    uint8_t *value;
    size_t length;
    int rc = fo_record_write_relationship(&ep->r, &value, &length);
    if (rc != FO_OK)
        return rc;
    rc = fo_store_put(ep->server->store, FO_TABLE_RELATIONSHIP, ep->r.name, strlen(ep->r.name),
                      value, length);
    free(value);
    if (rc == FO_OK)
        ep->config_dirty = false;
    return rc;
}

int fo_server_flush(struct fo_server *s, struct fo_now now, struct fo_outbox *out)
{
    struct fo_step st = {s, now, out};
    int rc;
    for (size_t i = 0; i < s->endpoint_count; i++)
        fo_update_pump(&st, s->endpoints[i]);
    rc = failure(s, out);
    for (size_t i = 0; i < s->endpoint_count && rc == FO_OK; i++) {
        struct fo_endpoint *ep = s->endpoints[i];
        if (ep->config_dirty)
            rc = write_config(ep);
        if (rc == FO_OK && ep->rec_dirty)
            rc = write_endpoint(ep);
        if (rc == FO_OK)
            rc = fo_journal_flush(ep);
    }
    if (rc == FO_OK)
        rc = fo_lease_db_flush(s->leases, s->store);
    return rc != FO_OK ? rc : failure(s, out);
}

static int64_t due_ms(const struct fo_server *s, struct fo_now now)
{
    fo_utc_t due = fo_lease_db_next_due(s->leases);
    if (due.s == FO_UTC_NONE)
        return INT64_MAX;
    return now.mono.ms + (due.s > now.utc.s ? (int64_t)(due.s - now.utc.s) * 1000 : 0);
}

fo_mono_t fo_server_next_wake(const struct fo_server *s, struct fo_now now)
{
    int64_t next = due_ms(s, now);
    int64_t links = fo_links_next_ms(s);
    if (links < next)
        next = links;
    for (size_t i = 0; i < s->endpoint_count; i++) {
        int64_t at = fo_endpoint_next_ms(s->endpoints[i], now);
        if (at < next)
            next = at;
    }
    return (fo_mono_t){next};
}

void fo_server_goodbye(struct fo_server *s, struct fo_now now, struct fo_outbox *out)
{
    struct fo_step st = {s, now, out};
    for (size_t i = 0; i < s->endpoint_count; i++) {
        struct fo_endpoint *ep = s->endpoints[i];
        ep->rec.operational_until = fo_utc_min(ep->rec.operational_until, now.utc);
        ep->rec_dirty = true;
        ep->comms_ok = false; /* we leave; nobody failed */
        if (ep->link != NULL)
            fo_link_disconnect(&st, ep->link, FO_REJECT_UNKNOWN, "this server is stopping");
    }
    while (s->links != NULL)
        fo_link_close(&st, s->links);
}

/* --- an operator's words -------------------------------------------------------------------------
 */

static uint32_t order(struct fo_step *st, struct fo_endpoint *ep, enum fo_state_event event,
                      const char *cause, char *why, size_t why_capacity)
{
    enum fo_state before = ep->state;
    if (!fo_endpoint_may(ep, event)) {
        fo_server_why(why, why_capacity, "relationship \"%s\" is in %s (partner: %s%s): %s",
                      ep->r.name, fo_state_name(ep->state), fo_state_name(ep->rec.partner_state),
                      ep->comms_ok ? ", connected" : ", not connected",
                      "the command is not possible in this state");
        return ERROR_INVALID_PARAMETER;
    }
    fo_endpoint_event(st, ep, event, cause);
    fo_server_why(why, why_capacity, "relationship \"%s\": %s -> %s", ep->r.name,
                  fo_state_name(before), fo_state_name(ep->state));
    return ERROR_SUCCESS;
}

static uint32_t not_normal(const struct fo_endpoint *ep, char *why, size_t why_capacity)
{
    fo_server_why(why, why_capacity, "relationship \"%s\" is in %s, not in NORMAL", ep->r.name,
                  fo_state_name(ep->state));
    return ERROR_DHCP_FO_STATE_NOT_NORMAL;
}

static uint32_t pause_endpoint(struct fo_step *st, struct fo_endpoint *ep, char *why,
                               size_t why_capacity)
{
    uint32_t code = order(st, ep, FO_ON_TOLD_PAUSE, "paused by an operator", why, why_capacity);
    if (code == ERROR_SUCCESS && ep->link != NULL)
        fo_link_disconnect(st, ep->link, FO_REJECT_UNKNOWN, "this server is paused");
    return code;
}

/* Whoever asks for a resync has put right what the two disagreed about: what the partner refused
 * is told now, and what is refused from now on is news. */
static void tell_again(struct fo_endpoint *ep)
{
    ep->retry_at.ms = 0;
    ep->sender.scan_again = true;
    memset(ep->told_rejections, 0, sizeof ep->told_rejections);
}

uint32_t fo_server_command(struct fo_server *s, const char *name, enum fo_command command,
                           struct fo_now now, struct fo_outbox *out, char *why, size_t why_capacity)
{
    struct fo_step st = {s, now, out};
    struct fo_endpoint *ep = fo_endpoint_find(s, name);
    if (ep == NULL) {
        fo_server_why(why, why_capacity, "there is no relationship \"%s\"", name);
        return ERROR_DHCP_FO_RELATIONSHIP_DOES_NOT_EXIST;
    }
    switch (command) {
    case FO_COMMAND_PARTNER_DOWN:
        return order(&st, ep, FO_ON_TOLD_PARTNER_DOWN, "an operator said the partner is down", why,
                     why_capacity);
    case FO_COMMAND_PAUSE:
        return pause_endpoint(&st, ep, why, why_capacity);
    case FO_COMMAND_SHUTDOWN:
        return order(&st, ep, FO_ON_TOLD_SHUTDOWN, "shut down by an operator", why, why_capacity);
    case FO_COMMAND_RESUME:
        return order(&st, ep, FO_ON_TOLD_RESUME, "resumed by an operator", why, why_capacity);
    case FO_COMMAND_RESYNC:
        if (!ep->comms_ok || (ep->request_open && !ep->rec.scopes_unheard))
            return not_normal(ep, why, why_capacity);
        ep->resync_wanted = true;
        fo_resync_request(&st, ep);
        tell_again(ep);
        return ERROR_SUCCESS;
    case FO_COMMAND_BALANCE:
        if (ep->r.role == FO_ROLE_SECONDARY) {
            fo_server_why(why, why_capacity, "the primary balances the pools");
            return ERROR_DHCP_FO_RELATION_IS_SECONDARY;
        }
        if (ep->state != FO_STATE_NORMAL || !ep->comms_ok)
            return not_normal(ep, why, why_capacity);
        fo_balance_run(&st, ep);
        return ERROR_SUCCESS;
    }
    return ERROR_INVALID_PARAMETER;
}
