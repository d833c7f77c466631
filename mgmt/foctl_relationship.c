#include <stdio.h>
#include <string.h>
#include <time.h>

#include "mgmt/foctl.h"
#include "mgmt/foctl_pair.h"
#include "mgmt/message.h"
#include "state/relationship.h"

/* --- showing
 * ------------------------------------------------------------------------------------------- */

static const char *const modes[] = {"load-balance", "hot-standby", NULL};
static const char *const roles[] = {"primary", "secondary", NULL};
static const char *const tls_modes[] = {"off", "desired", "required", NULL};

static const char *word(const char *const *words, uint32_t index, uint32_t count)
{
    return index < count ? words[index] : "unknown";
}

static void put_scopes(struct foctl_sheet *s, const Mgmt__Relationship *m)
{
    static char texts[FOCTL_GIVEN_MAX][FO_IPV4_TEXT];
    static const char *list[FOCTL_GIVEN_MAX];
    size_t n = 0;

    for (size_t i = 0; i < m->n_scopes && n < FOCTL_GIVEN_MAX; i++, n++)
        list[n] = fo_ipv4_text(m->scopes[i], texts[n]);
    foctl_put_list(s, "scopes", "SCOPES", list, n);
}

void foctl_put_relationship(struct foctl_sheet *s, const Mgmt__Relationship *m, bool everything)
{
    bool primary = m->role == FO_ROLE_PRIMARY;

    foctl_put_text(s, "name", "NAME", m->name);
    foctl_put_text(s, "role", "ROLE", word(roles, m->role, 2));
    foctl_put_address(s, "local", "LOCAL", primary ? m->primary_server : m->secondary_server);
    foctl_put_address(s, "partner", "PARTNER", primary ? m->secondary_server : m->primary_server);
    foctl_put_text(s, "mode", "MODE", word(modes, m->mode, 2));
    foctl_put_number(s, "percent", "PERCENT", m->percentage);
    foctl_put_number(s, "mclt_s", "MCLT", m->mclt_s);
    foctl_put_text(s, "state", "STATE", fo_message_state_name(m->state));
    put_scopes(s, m);
    foctl_put_number(s, "safe_period_s", NULL, m->safe_period_s);
    if (!everything)
        return;
    if (m->safe_period_s == FO_SAFE_PERIOD_NEVER)
        foctl_put_text(s, "safe_period", "SAFE-PERIOD", "never");
    else
        foctl_put_number(s, "safe_period", "SAFE-PERIOD", m->safe_period_s);
    foctl_put_text(s, "local_name", "LOCAL-NAME",
                   primary ? m->primary_server_name : m->secondary_server_name);
    foctl_put_text(s, "partner_name", "PARTNER-NAME",
                   primary ? m->secondary_server_name : m->primary_server_name);
    foctl_put_number(s, "partner_port", "PARTNER-PORT", m->partner_port);
    foctl_put_text(s, "tls", "TLS", word(tls_modes, m->tls, 3));
    foctl_put_flag(s, "auth_enabled", "DIGEST", m->auth_enabled);
    foctl_put_text(s, "dialect", "DIALECT", m->dialect[0] != '\0' ? m->dialect : "auto");
    foctl_put_number(s, "receive_timer_s", "RECEIVE-TIMER", m->receive_timer_s);
    foctl_put_number(s, "max_unacked", "MAX-UNACKED", m->max_unacked);
    foctl_put_number(s, "max_clock_skew_s", "MAX-CLOCK-SKEW", m->max_clock_skew_s);
    foctl_put_number(s, "load_balance_max_s", "LOAD-BALANCE-MAX", m->load_balance_max_s);
    foctl_put_flag(s, "hash_buckets_by_hand", "HBA", m->buckets.len != 0);
    foctl_put_text(s, "partner_management", "PARTNER-MANAGEMENT", m->partner_management);
}

static bool has_wanted_scope(const struct foctl *t, const Mgmt__Relationship *m)
{
    for (size_t i = 0; i < m->n_scopes; i++) {
        if (foctl_scope_wanted(t, m->scopes[i]))
            return true;
    }
    return !foctl_has(&t->args, "scope");
}

int foctl_relationship_list(struct foctl *t)
{
    struct foctl_sheet *list = foctl_list_new();
    Mgmt__Page page = MGMT__PAGE__INIT;
    Mgmt__Request q = MGMT__REQUEST__INIT;
    Mgmt__Reply *reply = NULL;
    int rc = foctl_connect(t);

    q.call_case = MGMT__REQUEST__CALL_RELATIONSHIP_ENUM;
    q.relationship_enum = &page;
    if (rc == EXIT_DONE)
        rc = foctl_ask_at(t->client, NULL, true, &q, &reply);
    for (size_t i = 0; rc == EXIT_DONE && i < reply->relationships->n_list; i++) {
        if (!has_wanted_scope(t, reply->relationships->list[i]))
            continue;
        foctl_row(list);
        foctl_put_relationship(list, reply->relationships->list[i], false);
    }
    if (rc == EXIT_REFUSED)
        rc = reply->code == ERROR_NO_MORE_ITEMS ? EXIT_DONE : foctl_refused(NULL, reply);
    if (reply != NULL)
        mgmt__reply__free_unpacked(reply, NULL);
    foctl_print(t, list);
    return rc;
}

int foctl_relationship_get_at(struct fo_mgmt_client *c, const char *server, bool refusals_too,
                              const char *name, Mgmt__Reply **out)
{
    Mgmt__Name m = MGMT__NAME__INIT;
    Mgmt__Request q = MGMT__REQUEST__INIT;

    m.name = foctl_unconst(name);
    q.call_case = MGMT__REQUEST__CALL_RELATIONSHIP_GET;
    q.relationship_get = &m;
    return foctl_ask_at(c, server, refusals_too, &q, out);
}

int foctl_relationship_get(struct foctl *t, const char *name, Mgmt__Reply **out)
{
    int rc = foctl_connect(t);

    return rc != EXIT_DONE ? rc : foctl_relationship_get_at(t->client, NULL, false, name, out);
}

int foctl_relationship_show(struct foctl *t)
{
    struct foctl_sheet *card;
    Mgmt__Reply *reply;
    int rc = foctl_relationship_get(t, t->args.words[0], &reply);

    if (rc != EXIT_DONE)
        return rc;
    card = foctl_card_new();
    foctl_put_relationship(card, reply->relationship, true);
    foctl_print(t, card);
    mgmt__reply__free_unpacked(reply, NULL);
    return EXIT_DONE;
}

static struct foctl_sheet *events_of(const Mgmt__Events *events)
{
    static const char *const levels[] = {"info", "warning", "alarm"};
    struct foctl_sheet *list = foctl_list_new();

    for (size_t i = 0; i < events->n_list; i++) {
        const Mgmt__Event *m = events->list[i];
        foctl_row(list);
        foctl_put_number(list, "sequence", "N", m->sequence);
        foctl_put_time(list, "when", "WHEN", m->when);
        foctl_put_text(list, "level", "LEVEL", m->level < 3 ? levels[m->level] : "unknown");
        foctl_put_text(list, "text", "EVENT", m->text);
    }
    return list;
}

/* Why it is in its state, what ends that and when; then how it came there. */
int foctl_relationship_events(struct foctl *t)
{
    Mgmt__EventsQuery query = MGMT__EVENTS_QUERY__INIT;
    Mgmt__Request q = MGMT__REQUEST__INIT;
    const char *after = foctl_arg(&t->args, "after");
    struct foctl_sheet *card;
    uint32_t number = 0;
    Mgmt__Reply *events, *status;
    int rc;

    if (after != NULL && foctl_number("--after", after, UINT32_MAX, &number) != FO_OK)
        return EXIT_USAGE;
    query.name = t->args.words[0];
    query.after = number;
    q.call_case = MGMT__REQUEST__CALL_EVENTS_GET;
    q.events_get = &query;
    rc = foctl_ask(t, &q, &events);
    if (rc != EXIT_DONE)
        return rc;
    rc = foctl_ask_status(t, t->args.words[0], &status);
    if (rc == EXIT_DONE) {
        card = foctl_card_new();
        foctl_put_state(card, status->status, true);
        foctl_put_sheet(card, "events", events_of(events->events));
        foctl_print(t, card);
        mgmt__reply__free_unpacked(status, NULL);
    }
    mgmt__reply__free_unpacked(events, NULL);
    return rc;
}

/* --- commands
 * ------------------------------------------------------------------------------------------- */

static int command(struct foctl *t, Mgmt__CommandKind kind)
{
    Mgmt__Command m = MGMT__COMMAND__INIT;
    Mgmt__Request q = MGMT__REQUEST__INIT;

    m.name = t->args.words[0];
    m.kind = kind;
    q.call_case = MGMT__REQUEST__CALL_COMMAND;
    q.command = &m;
    return foctl_do(t, &q);
}

int foctl_relationship_partner_down(struct foctl *t)
{
    int rc =
        foctl_confirm(t,
                      "Is the partner of '%s' really down, and not only cut off from this server?\n"
                      "If it still serves clients, addresses may be given twice.",
                      t->args.words[0]);

    return rc != EXIT_DONE ? rc : command(t, MGMT__COMMAND_KIND__TELL_PARTNER_DOWN);
}

int foctl_relationship_pause(struct foctl *t)
{
    return command(t, MGMT__COMMAND_KIND__TELL_PAUSE);
}

int foctl_relationship_resume(struct foctl *t)
{
    return command(t, MGMT__COMMAND_KIND__TELL_RESUME);
}

int foctl_relationship_shutdown(struct foctl *t)
{
    return command(t, MGMT__COMMAND_KIND__TELL_SHUTDOWN);
}

/* --- resync
 * -----------------------------------------------------------------------------------------------
 */

static int ask_status(struct foctl *t, Mgmt__Reply **out)
{
    Mgmt__Name m = MGMT__NAME__INIT;
    Mgmt__Request q = MGMT__REQUEST__INIT;

    m.name = t->args.words[0];
    q.call_case = MGMT__REQUEST__CALL_STATUS_GET;
    q.status_get = &m;
    return foctl_ask(t, &q, out);
}

/* How many will come only the partner knows; how many are here is the best guess. */
static int ask_total(struct foctl *t, uint64_t *out)
{
    Mgmt__Nothing nothing = MGMT__NOTHING__INIT;
    Mgmt__Request q = MGMT__REQUEST__INIT;
    Mgmt__Reply *reply;
    int rc;

    q.call_case = MGMT__REQUEST__CALL_SERVER_GET;
    q.server_get = &nothing;
    rc = foctl_ask(t, &q, &reply);
    if (rc != EXIT_DONE)
        return rc;
    *out = reply->server->lease_count;
    mgmt__reply__free_unpacked(reply, NULL);
    return EXIT_DONE;
}

/* Asks the partner for everything and waits until it is here. */
int foctl_relationship_resync(struct foctl *t)
{
    const struct timespec pause = {.tv_nsec = 50 * 1000 * 1000};
    struct foctl_progress progress;
    uint64_t done = 0, total = 0;
    bool receiving = true, link = true;
    Mgmt__Reply *reply;
    int rc = ask_total(t, &total);

    if (rc == EXIT_DONE)
        rc = command(t, MGMT__COMMAND_KIND__TELL_RESYNC);
    if (t->what_if)
        return rc;
    foctl_progress_begin(&progress, t, "resync");
    while (rc == EXIT_DONE && receiving && link) {
        (void)nanosleep(&pause, NULL);
        rc = ask_status(t, &reply);
        if (rc != EXIT_DONE)
            break;
        receiving = reply->status->resync_receiving;
        link = reply->status->link_up;
        done = reply->status->resync_done;
        total = done > total || !receiving ? done : total;
        mgmt__reply__free_unpacked(reply, NULL);
        foctl_progress_show(&progress, done, total);
    }
    if (rc != EXIT_DONE)
        return rc;
    if (!link)
        return foctl_fail_code(EXIT_REFUSED, ERROR_DHCP_SERVER_NOT_REACHABLE,
                               "the link to the partner was lost before the end");
    foctl_progress_end(&progress, done, total);
    return EXIT_DONE;
}

int foctl_relationship_balance(struct foctl *t)
{
    return command(t, MGMT__COMMAND_KIND__TELL_BALANCE);
}
