/* Questions and reports. While the store refuses, a promise could not be kept: the answer to any
 * client is silence then, and the partner serves. */
#include "fo/run/door.h"

#include <stdio.h>
#include <string.h>

#define REPORT_HOLD_MS     60000      /* far longer than a report waits for its batch */
#define TOKENS_WAITING_MAX (1u << 20) /* of a host that reports and never drains */

int fo_door_client(const struct fo_client_key *key, struct fo_client *out)
{
    struct fo_client client = {0};

    if (key->hw_length > FO_HW_MAX || key->id_length > FO_CLIENT_ID_MAX ||
        (key->hw_length > 0 && key->hw == NULL) || (key->id_length > 0 && key->id == NULL))
        return FO_EINVAL;
    if (key->hw_length > 0)
        memcpy(client.hw, key->hw, key->hw_length);
    client.hw_length = (uint8_t)key->hw_length;
    client.id = key->id_length > 0 ? key->id : NULL;
    client.id_length = (uint8_t)key->id_length;
    *out = client;
    return FO_OK;
}

static enum fo_verdict verdict_of(enum fo_answer answer)
{
    switch (answer) {
    case FO_ANSWER_SERVE:
        return FO_SERVE;
    case FO_ANSWER_REFUSE:
        return FO_REFUSE;
    case FO_ANSWER_SILENT:
        break;
    }
    return FO_SILENT;
}

static enum fo_client_message message_of(enum fo_client_asks asks)
{
    switch (asks) {
    case FO_ASKS_RENEW:
        return FO_CLIENT_RENEW;
    case FO_ASKS_RELEASE:
        return FO_CLIENT_RELEASE;
    case FO_ASKS_NEW:
        break;
    }
    return FO_CLIENT_NEW;
}

enum fo_verdict fo_may_serve(struct fo *f, const char *subnet, const struct fo_client_key *client,
                             enum fo_client_asks asks, uint32_t secs)
{
    struct fo_client who;
    fo_ipv4_t where;
    enum fo_answer answer;

    if (fo_ipv4_parse(subnet, &where) != FO_OK || fo_door_client(client, &who) != FO_OK ||
        fo_run_store_error(f->run) != FO_OK)
        return FO_SILENT;
    answer = fo_server_may_serve(fo_run_lock(f->run), where, &who, message_of(asks), secs);
    fo_run_unlock(f->run);
    return verdict_of(answer);
}

int fo_choose(struct fo *f, const char *subnet, const struct fo_client_key *client,
              fo_ipv4_t candidate, uint32_t hold_ms, fo_ipv4_t *out_address)
{
    struct fo_client who;
    fo_ipv4_t where;
    int rc = fo_run_store_error(f->run);

    if (rc != FO_OK)
        return rc;
    if (fo_ipv4_parse(subnet, &where) != FO_OK || fo_door_client(client, &who) != FO_OK)
        return FO_EINVAL;
    rc = fo_server_choose(fo_run_lock(f->run), where, &who, candidate, hold_ms, fo_run_now(f->run),
                          out_address);
    fo_run_unlock(f->run);
    return rc;
}

enum fo_verdict fo_may_give(struct fo *f, fo_ipv4_t address, const struct fo_client_key *client,
                            char *why, size_t why_capacity)
{
    int error = fo_run_store_error(f->run);
    struct fo_client who;
    enum fo_answer answer;

    if (error == FO_OK)
        error = fo_door_client(client, &who);
    if (error != FO_OK) {
        if (why != NULL)
            snprintf(why, why_capacity, "%s", fo_strerror(error));
        return FO_SILENT;
    }
    answer = fo_server_may_give(fo_run_lock(f->run), address, &who, fo_run_now(f->run), why,
                                why_capacity);
    fo_run_unlock(f->run);
    return verdict_of(answer);
}

uint32_t fo_lease_time(struct fo *f, fo_ipv4_t address, const struct fo_client_key *client,
                       uint32_t desired_s)
{
    struct fo_client who;
    uint32_t lease_s;

    if (fo_door_client(client, &who) != FO_OK)
        return 0;
    lease_s =
        fo_server_lease_time(fo_run_lock(f->run), address, &who, desired_s, fo_run_now(f->run));
    fo_run_unlock(f->run);
    return lease_s;
}

int fo_report(struct fo *f, const struct fo_lease_report *report)
{
    static const enum fo_report_kind kinds[] = {[FO_LEASE_GRANTED] = FO_REPORT_GRANT,
                                                [FO_LEASE_RELEASED] = FO_REPORT_RELEASE,
                                                [FO_LEASE_DECLINED] = FO_REPORT_DECLINE};
    struct fo_event event = {.kind = FO_EVENT_REPORT};
    int rc = fo_door_client(&report->client, &event.report.client);

    if (rc != FO_OK || (unsigned)report->event >= sizeof kinds / sizeof kinds[0])
        return FO_EINVAL;
    if (report->token != 0 && fo_news_tokens(f->news) >= TOKENS_WAITING_MAX)
        return FO_ELIMIT;
    event.report.kind = kinds[report->event];
    event.report.address = report->address;
    event.report.lease_end = fo_door_utc(report->lease_end);
    event.report.desired_s = report->desired_s;
    event.report.token = report->token;
    if (report->event == FO_LEASE_GRANTED) {
        /* Until the report is stepped the address would still look available. */
        fo_server_hold(fo_run_lock(f->run), report->address, &event.report.client, REPORT_HOLD_MS,
                       fo_run_now(f->run));
        fo_run_unlock(f->run);
    }
    return fo_run_post(f->run, &event);
}

int fo_get_snapshot(struct fo *f, const char *relationship, struct fo_snapshot *out)
{
    struct fo_endpoint_status status;
    int rc = fo_server_status(fo_run_lock(f->run), relationship, fo_run_now(f->run), &status);

    fo_run_unlock(f->run);
    if (rc != FO_OK)
        return rc;
    *out = (struct fo_snapshot){.state_since = status.state_since.s,
                                .communications_ok = status.communications_ok,
                                .clock_delta_s = status.clock_delta_s,
                                .waiting = status.queued + status.unacked,
                                .exit_at = status.state_exit_at.s};
    snprintf(out->state, sizeof out->state, "%s", fo_state_name(status.state));
    snprintf(out->partner_state, sizeof out->partner_state, "%s",
             fo_state_name(status.partner_state));
    snprintf(out->cause, sizeof out->cause, "%s", status.state_cause);
    snprintf(out->exit, sizeof out->exit, "%s", status.state_exit);
    return FO_OK;
}
