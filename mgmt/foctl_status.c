#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "mgmt/foctl.h"
#include "mgmt/foctl_pair.h"
#include "mgmt/foctl_v6.h"
#include "mgmt/message.h"

/* --- asking
 * --------------------------------------------------------------------------------------------- */

static int ask_server(struct foctl *t, Mgmt__Reply **out)
{
    Mgmt__Nothing nothing = MGMT__NOTHING__INIT;
    Mgmt__Request q = MGMT__REQUEST__INIT;

    q.call_case = MGMT__REQUEST__CALL_SERVER_GET;
    q.server_get = &nothing;
    return foctl_ask(t, &q, out);
}

int foctl_ask_status(struct foctl *t, const char *name, Mgmt__Reply **out)
{
    Mgmt__Name m = MGMT__NAME__INIT;
    Mgmt__Request q = MGMT__REQUEST__INIT;

    m.name = foctl_unconst(name);
    q.call_case = MGMT__REQUEST__CALL_STATUS_GET;
    q.status_get = &m;
    return foctl_ask(t, &q, out);
}

/* Calls |visit| with the status of each relationship, or of the one that is named. */
static int each_status(struct foctl *t, void (*visit)(void *context, const Mgmt__Status *m),
                       void *context)
{
    Mgmt__Page page = MGMT__PAGE__INIT;
    Mgmt__Request q = MGMT__REQUEST__INIT;
    Mgmt__Reply *names, *reply;
    int rc;

    if (t->args.word_count == 1) {
        rc = foctl_ask_status(t, t->args.words[0], &reply);
        if (rc == EXIT_DONE) {
            visit(context, reply->status);
            mgmt__reply__free_unpacked(reply, NULL);
        }
        return rc;
    }
    q.call_case = MGMT__REQUEST__CALL_RELATIONSHIP_ENUM;
    q.relationship_enum = &page;
    rc = foctl_ask_at(t->client, NULL, true, &q, &names);
    if (rc == EXIT_UNREACHABLE)
        return rc;
    if (rc == EXIT_REFUSED)
        rc = names->code == ERROR_NO_MORE_ITEMS ? EXIT_DONE : foctl_refused(NULL, names);
    else
        for (size_t i = 0; rc == EXIT_DONE && i < names->relationships->n_list; i++) {
            rc = foctl_ask_status(t, names->relationships->list[i]->name, &reply);
            if (rc != EXIT_DONE)
                break;
            visit(context, reply->status);
            mgmt__reply__free_unpacked(reply, NULL);
        }
    mgmt__reply__free_unpacked(names, NULL);
    return rc;
}

/* --- one server
 * ------------------------------------------------------------------------------------------- */

static struct foctl_sheet *doubts_of(const Mgmt__Server *m)
{
    struct foctl_sheet *list = foctl_list_new();

    for (size_t i = 0; i < m->n_doubts; i++) {
        const Mgmt__Doubt *d = m->doubts[i];
        foctl_row(list);
        foctl_put_text(list, "relationship", "IN-DOUBT", d->relationship);
        foctl_put_time(list, "since", "SINCE", d->since);
        foctl_put_text(list, "decides", "DECIDES", d->decides_here ? "this server" : d->decider);
        foctl_put_text(list, "trouble", "WHY",
                       d->trouble[0] != '\0' ? d->trouble : "being settled");
    }
    return list;
}

static void put_server(struct foctl_sheet *s, const Mgmt__Server *m)
{
    foctl_put_text(s, "server", "SERVER", m->name);
    foctl_put_text(s, "version", "VERSION", m->version);
    foctl_put_time(s, "time", "TIME", m->time);
    foctl_put_number(s, "relationships", "RELATIONSHIPS", m->relationship_count);
    foctl_put_number(s, "scopes", "SCOPES", m->scope_count);
    foctl_put_number(s, "leases", "LEASES", m->lease_count);
    foctl_v6_put_served(s, m->bindings, m->n_bindings);
    foctl_put_number(s, "store_used", NULL, m->store_used);
    foctl_put_number(s, "store_capacity", NULL, m->store_capacity);
    foctl_put_text(s, "store", "STORE", m->store_error[0] != '\0' ? m->store_error : "writable");
    foctl_put_number(s, "failover_port", "FAILOVER-PORT", m->failover_port);
    foctl_put_number(s, "management_port", NULL, m->tls_port);
    foctl_put_number(s, "commits", NULL, m->commits);
    foctl_put_number(s, "commit_us_total", NULL, m->commit_us_total);
    foctl_put_number(s, "commit_us_max", NULL, m->commit_us_max);
}

/* --- one relationship
 * ---------------------------------------------------------------------------------------- */

static const char *link_text(const Mgmt__Status *m)
{
    if (!m->link_up)
        return "down";
    if (!m->communications_ok)
        return "connecting";
    return m->link_secure ? "up, TLS" : "up";
}

static void put_counters(struct foctl_sheet *s, const Mgmt__Status *m, bool shown)
{
    const struct {
        const char *key, *head;
        uint64_t value;
    } rows[] = {
        {"queued", "QUEUED", m->queued},
        {"unacked", "UNACKED", m->unacked},
        {"window", "WINDOW", m->window},
        {"resync_done", "RESYNC-DONE", m->resync_done},
        {"resync_total", "RESYNC-TOTAL", m->resync_total},
        {"bndupd_sent", "BNDUPD-SENT", m->bndupd_sent},
        {"bndupd_received", "BNDUPD-RECEIVED", m->bndupd_received},
        {"bndack_sent", "BNDACK-SENT", m->bndack_sent},
        {"bndack_received", "BNDACK-RECEIVED", m->bndack_received},
        {"rejected_by_partner", "REJECTED-BY-PARTNER", m->rejected_by_partner},
        {"rejected_by_us", "REJECTED-BY-US", m->rejected_by_us},
        {"messages_in", "MESSAGES-IN", m->messages_in},
        {"messages_out", "MESSAGES-OUT", m->messages_out},
        {"bytes_in", "BYTES-IN", m->bytes_in},
        {"bytes_out", "BYTES-OUT", m->bytes_out},
        {"faults", "FAULTS", m->faults},
    };

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        foctl_put_number(s, rows[i].key, shown || i == 0 ? rows[i].head : NULL, rows[i].value);
}

void foctl_put_state(struct foctl_sheet *s, const Mgmt__Status *m, bool everything)
{
    foctl_put_text(s, "name", "NAME", m->name);
    foctl_put_text(s, "role", "ROLE", m->role == FO_ROLE_PRIMARY ? "primary" : "secondary");
    foctl_put_text(s, "state", "STATE", fo_message_state_name(m->state));
    foctl_put_time(s, "state_since", "SINCE", m->state_since);
    foctl_put_text(s, "state_cause", everything ? "CAUSE" : NULL, m->state_cause);
    foctl_put_text(s, "state_exit", everything ? "ENDS-BY" : NULL, m->state_exit);
    foctl_put_time(s, "state_exit_at", everything ? "ENDS-AT" : NULL, m->state_exit_at);
}

/* Whether both servers are configured alike. */
static const char *drift_text(const Mgmt__Status *m)
{
    if (m->settings_differ)
        return m->scopes_differ ? "settings and scopes differ" : "settings differ";
    if (m->scopes_differ)
        return "scopes differ";
    return m->drift_known ? "no" : "unknown";
}

static void put_status(struct foctl_sheet *s, const Mgmt__Status *m, bool everything)
{
    foctl_put_state(s, m, everything);
    foctl_put_address(s, "partner", "PARTNER", m->partner);
    foctl_put_text(s, "partner_state", "PARTNER-STATE", fo_message_state_name(m->partner_state));
    foctl_put_flag(s, "partner_startup", everything ? "PARTNER-STARTUP" : NULL, m->partner_startup);
    foctl_put_time(s, "partner_since", everything ? "PARTNER-SINCE" : NULL, m->partner_since);
    foctl_put_text(s, "link", "LINK", link_text(m));
    foctl_put_flag(s, "communications_ok", NULL, m->communications_ok);
    foctl_put_flag(s, "link_secure", NULL, m->link_secure);
    foctl_put_flag(s, "digest", everything ? "DIGEST" : NULL, m->digest_on);
    foctl_put_signed(s, "clock_delta_s", "CLOCK-DELTA", m->clock_delta_s);
    foctl_put_text(s, "drift", "DRIFT", drift_text(m));
    foctl_put_time(s, "drift_since", everything ? "DRIFT-SINCE" : NULL, m->differ_since);
    foctl_put_number(s, "mclt_s", everything ? "MCLT" : NULL, m->mclt_s);
    foctl_put_text(s, "dialect", everything ? "DIALECT" : NULL, m->dialect);
    foctl_put_text(s, "partner_vendor", everything ? "PARTNER-VENDOR" : NULL, m->partner_vendor);
    foctl_put_flag(s, "resync_sending", everything ? "RESYNC-SENDING" : NULL, m->resync_sending);
    foctl_put_flag(s, "resync_receiving", everything ? "RESYNC-RECEIVING" : NULL,
                   m->resync_receiving);
    put_counters(s, m, everything);
    foctl_put_text(s, "last_fault", everything ? "LAST-FAULT" : NULL, m->last_fault);
    foctl_put_time(s, "last_contact", everything ? "LAST-CONTACT" : NULL, m->last_contact);
}

static void add_row(void *context, const Mgmt__Status *m)
{
    foctl_row(context);
    put_status(context, m, false);
}

static struct foctl_sheet *why_of(const Mgmt__Status *m)
{
    struct foctl_sheet *card = foctl_card_new();

    put_status(card, m, true);
    return card;
}

static int status_of_one(struct foctl *t)
{
    Mgmt__Reply *reply;
    int rc = foctl_ask_status(t, t->args.words[0], &reply);

    if (rc != EXIT_DONE)
        return rc;
    foctl_print(t, why_of(reply->status));
    mgmt__reply__free_unpacked(reply, NULL);
    return EXIT_DONE;
}

int foctl_status(struct foctl *t)
{
    struct foctl_sheet *card, *list;
    Mgmt__Reply *server;
    int rc;

    if (t->args.word_count == 1)
        return status_of_one(t);
    rc = ask_server(t, &server);
    if (rc != EXIT_DONE)
        return rc;
    card = foctl_card_new();
    put_server(card, server->server);
    list = foctl_list_new();
    rc = each_status(t, add_row, list);
    foctl_put_sheet(card, "relationship_status", list);
    foctl_put_sheet(card, "in_doubt", doubts_of(server->server));
    foctl_print(t, card);
    mgmt__reply__free_unpacked(server, NULL);
    return rc;
}

/* --- watch
 * -----------------------------------------------------------------------------------------------------
 */

struct watched {
    struct foctl *t;
    struct foctl_progress progress;
};

static void watch_line(void *context, const Mgmt__Status *m)
{
    struct watched *w = context;
    char now[FOCTL_TIME_TEXT];

    if (w->t->json) {
        foctl_print(w->t, why_of(m));
    } else {
        (void)printf("%s %s %s, partner %s, link %s, queued %" PRIu64 ", unacked %u\n",
                     foctl_time_text((uint32_t)time(NULL), now), m->name,
                     fo_message_state_name(m->state), fo_message_state_name(m->partner_state),
                     link_text(m), m->queued, m->unacked);
        if (w->t->terminal)
            (void)printf("    %s; ends by: %s\n", m->state_cause, m->state_exit);
    }
    (void)fflush(stdout);
    if ((m->resync_sending || m->resync_receiving) && m->resync_total != 0)
        foctl_progress_show(&w->progress, m->resync_done, m->resync_total);
}

int foctl_watch(struct foctl *t)
{
    const char *interval = foctl_arg(&t->args, "interval"), *count = foctl_arg(&t->args, "count");
    struct watched w = {.t = t};
    uint32_t seconds = 2, looks = 0;
    int rc;

    if ((interval != NULL && foctl_seconds("--interval", interval, &seconds) != FO_OK) ||
        (count != NULL && foctl_number("--count", count, UINT32_MAX, &looks) != FO_OK))
        return EXIT_USAGE;
    rc = foctl_connect(t);
    foctl_progress_begin(&w.progress, t, "resync");
    for (uint32_t n = 0; rc == EXIT_DONE && (count == NULL || n < looks); n++) {
        struct timespec pause = {.tv_sec = seconds};
        if (n != 0)
            (void)nanosleep(&pause, NULL);
        if (t->terminal)
            (void)fputs("\033[H\033[J", stdout); /* begin at the top of a clean screen */
        rc = each_status(t, watch_line, &w);
    }
    return rc;
}
