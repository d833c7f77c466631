#include "mgmt/foctl_pair.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>

#include "mgmt/change.h"
#include "mgmt/foctl_preview.h"

#define EXCHANGE_WAITS 100 /* of 100 ms each */
#define PREPARE_WAITS  40  /* likewise; what is prepared on one server is given up after 10 s */

/* --- the two servers
 * ---------------------------------------------------------------------------------- */

static int ask_about(struct fo_mgmt_client *c, const char *server, Mgmt__Reply **out)
{
    Mgmt__Nothing nothing = MGMT__NOTHING__INIT;
    Mgmt__Request q = MGMT__REQUEST__INIT;

    q.call_case = MGMT__REQUEST__CALL_SERVER_GET;
    q.server_get = &nothing;
    return foctl_ask_at(c, server, false, &q, out);
}

/* Where the partner finds our server: on a socket like its own, where we found it, or at its
 * failover address with its management port. */
int foctl_pair_name_decider(struct foctl_pair *p, fo_ipv4_t local)
{
    const struct fo_mgmt_target *a = &p->t->target;
    const char *given = foctl_arg(&p->t->args, "local-management");
    const Mgmt__Server *server = p->about_a->server;
    char text[FO_IPV4_TEXT];

    if (given != NULL) {
        (void)snprintf(p->decider, sizeof p->decider, "%s", given);
    } else if (strchr(p->partner, '/') != NULL && server->socket[0] != '\0') {
        char *path = realpath(server->socket, NULL);
        (void)snprintf(p->decider, sizeof p->decider, "%s", path != NULL ? path : server->socket);
        free(path);
    } else if (a->path[0] == '\0' && strcmp(a->host, "localhost") != 0 &&
               strncmp(a->host, "127.", 4) != 0) {
        (void)snprintf(p->decider, sizeof p->decider, "%s:%s", a->host, a->port);
    } else if (server->tls_port != 0) {
        (void)snprintf(p->decider, sizeof p->decider, "%s:%u", fo_ipv4_text(local, text),
                       server->tls_port);
    } else {
        return foctl_fail_code(
            EXIT_REFUSED, ERROR_INVALID_PARAMETER,
            "the partner could not ask this server, which has no management port; "
            "give --local-management or --one-sided");
    }
    return EXIT_DONE;
}

/* Each tells its time in turn, a moment apart: rounded, that does not show. */
int64_t foctl_pair_clock_delta_s(const struct foctl_pair *p)
{
    const Mgmt__Server *a = p->about_a->server, *b = p->about_b->server;
    int64_t ms =
        ((int64_t)a->time - (int64_t)b->time) * 1000 + (int64_t)a->time_ms - (int64_t)b->time_ms;

    return (ms + (ms < 0 ? -500 : 500)) / 1000;
}

/* A pair that disagrees about the time can disagree about every lease (MAPI §1.2, 20119). */
int foctl_pair_compare_clocks(const struct foctl_pair *p)
{
    int64_t delta = foctl_pair_clock_delta_s(p);
    char why[120];

    if (llabs(delta) <= p->about_a->server->allowed_skew_s)
        return EXIT_DONE;
    (void)snprintf(why, sizeof why,
                   "The clocks of the two servers differ by %lld s; at most %u are allowed.",
                   llabs(delta), p->about_a->server->allowed_skew_s);
    return foctl_refused_code(NULL, ERROR_DHCP_FO_TIME_OUT_OF_SYNC, why);
}

int foctl_pair_meet(struct foctl *t, const char *partner, struct foctl_pair *out)
{
    int rc;

    *out = (struct foctl_pair){.t = t, .partner = partner};
    rc = foctl_connect(t);
    out->a = t->client;
    if (rc == EXIT_DONE)
        rc = foctl_connect_to(t, partner, &out->b);
    if (rc == EXIT_DONE)
        rc = ask_about(out->a, "this server", &out->about_a);
    if (rc == EXIT_DONE)
        rc = ask_about(out->b, "the partner", &out->about_b);
    return rc;
}

int foctl_pair_meet_partner(struct foctl *t, const Mgmt__Relationship *m, struct foctl_pair *out)
{
    const char *management = foctl_arg(&t->args, "partner-management");

    if (management == NULL)
        management = m->partner_management;
    if (management[0] == '\0')
        return foctl_fail(EXIT_USAGE, "the partner's management address is not known; give "
                                      "--partner-management");
    return foctl_pair_meet(t, management, out);
}

int foctl_pair_open(struct foctl *t, const char *partner, fo_ipv4_t local, struct foctl_pair *out)
{
    int rc = foctl_pair_meet(t, partner, out);

    if (rc == EXIT_DONE)
        rc = foctl_pair_name_decider(out, local);
    return rc != EXIT_DONE ? rc : foctl_pair_compare_clocks(out);
}

void foctl_pair_close(struct foctl_pair *p)
{
    if (p->about_a != NULL)
        mgmt__reply__free_unpacked(p->about_a, NULL);
    if (p->about_b != NULL)
        mgmt__reply__free_unpacked(p->about_b, NULL);
    fo_mgmt_disconnect(p->b);
}

/* --- scopes that the partner lacks
 * -------------------------------------------------------------------- */

static int get_scope(struct fo_mgmt_client *c, const char *server, bool refusals_too,
                     fo_ipv4_t subnet, Mgmt__Reply **out)
{
    Mgmt__Subnet m = MGMT__SUBNET__INIT;
    Mgmt__Request q = MGMT__REQUEST__INIT;

    m.subnet = subnet;
    q.call_case = MGMT__REQUEST__CALL_SCOPE_GET;
    q.scope_get = &m;
    return foctl_ask_at(c, server, refusals_too, &q, out);
}

static int take_if_missing(struct foctl_pair *p, fo_ipv4_t subnet, struct foctl_pair_scopes *out)
{
    Mgmt__Reply *theirs, *ours;
    int rc = get_scope(p->b, "the partner", true, subnet, &theirs);

    if (rc == EXIT_UNREACHABLE)
        return rc;
    mgmt__reply__free_unpacked(theirs, NULL);
    if (rc == EXIT_DONE)
        return rc;
    rc = get_scope(p->a, "this server", true, subnet, &ours);
    if (rc == EXIT_UNREACHABLE)
        return rc;
    if (rc == EXIT_REFUSED) { /* the checks of the change will tell */
        mgmt__reply__free_unpacked(ours, NULL);
        return EXIT_DONE;
    }
    out->replies[out->count] = ours;
    out->list[out->count++] = ours->scope;
    return EXIT_DONE;
}

int foctl_pair_missing_scopes(struct foctl_pair *p, const fo_ipv4_t *subnets, size_t count,
                              struct foctl_pair_scopes *out)
{
    int rc = EXIT_DONE;

    out->count = 0;
    out->replies = calloc(count + 1, sizeof(Mgmt__Reply *));
    out->list = calloc(count + 1, sizeof(Mgmt__Scope *));
    if (out->replies == NULL || out->list == NULL)
        rc = foctl_no_memory();
    for (size_t i = 0; i < count && rc == EXIT_DONE; i++)
        rc = take_if_missing(p, subnets[i], out);
    return rc;
}

void foctl_pair_free_scopes(struct foctl_pair_scopes *s)
{
    for (size_t i = 0; i < s->count; i++)
        mgmt__reply__free_unpacked(s->replies[i], NULL);
    free(s->replies);
    free(s->list);
}

/* --- prepare on both, commit on both
 * --------------------------------------------------------------------- */

/* Of a whole request. Who lacks the right is told of whom (MAPI §7.1: it takes both servers). */
struct refusal {
    uint32_t code;
    char why[400];
};

static void take_refusal(const Mgmt__Reply *reply, const Mgmt__Reply *about, struct refusal *out)
{
    out->code = reply->code;
    (void)snprintf(out->why, sizeof out->why, "%s", reply->sentence);
    if (reply->code != ERROR_ACCESS_DENIED)
        return;
    out->code = ERROR_DHCP_NO_ADMIN_PERMISSION;
    (void)snprintf(out->why, sizeof out->why, "You are no DHCP administrator of %s.",
                   about->server->name);
}

static void add_failures(struct foctl_sheet *list, const char *server, const Mgmt__Reply *reply,
                         const struct refusal *refusal)
{
    const Mgmt__ChangeOutcome *m = reply->change;
    size_t count = reply->result_case == MGMT__REPLY__RESULT_CHANGE ? m->n_failures : 0;

    for (size_t i = 0; i < count || (count == 0 && i == 0); i++) {
        uint32_t code = count != 0 ? m->failures[i]->code : refusal->code;
        foctl_row(list);
        foctl_put_text(list, "server", "SERVER", server);
        foctl_put_text(list, "error", "ERROR", fo_win32_name(code));
        foctl_put_number(list, "code", "CODE", code);
        foctl_put_text(list, "sentence", "WHY",
                       count != 0 ? m->failures[i]->sentence : refusal->why);
    }
}

static int prepare(struct fo_mgmt_client *c, const char *server, Mgmt__Change *change,
                   Mgmt__Reply **out)
{
    const struct timespec pause = {.tv_nsec = 100000000L};
    Mgmt__Request q = MGMT__REQUEST__INIT;
    int rc;

    q.call_case = MGMT__REQUEST__CALL_CHANGE_PREPARE;
    q.change_prepare = change;
    rc = foctl_ask_at(c, server, true, &q, out);
    /* An exchange between the servers may just be under way: that ends. */
    for (int i = 0; i < PREPARE_WAITS && rc == EXIT_REFUSED &&
                    (*out)->code == ERROR_DHCP_FO_SCOPE_SYNC_IN_PROGRESS;
         i++) {
        mgmt__reply__free_unpacked(*out, NULL);
        *out = NULL;
        (void)nanosleep(&pause, NULL);
        rc = foctl_ask_at(c, server, true, &q, out);
    }
    return rc;
}

static int order(struct fo_mgmt_client *c, const char *server, const Mgmt__Change *change,
                 Mgmt__Request__CallCase what, Mgmt__Reply **out)
{
    Mgmt__ChangeId id = MGMT__CHANGE_ID__INIT;
    Mgmt__Request q = MGMT__REQUEST__INIT;

    id.id = change->id;
    q.call_case = what;
    q.change_commit = &id;
    return foctl_ask_at(c, server, true, &q, out);
}

static void call_off(struct fo_mgmt_client *c, const char *server, const Mgmt__Change *change)
{
    Mgmt__Reply *reply = NULL;

    /* If this does not get through, the servers call it off by themselves. */
    (void)order(c, server, change, MGMT__REQUEST__CALL_CHANGE_ABORT, &reply);
    if (reply != NULL)
        mgmt__reply__free_unpacked(reply, NULL);
}

static bool stops_after(const struct foctl_pair *p, const char *point)
{
    const char *wanted = foctl_arg(&p->t->args, "stop-after");

    if (wanted == NULL || strcmp(wanted, point) != 0)
        return false;
    (void)fprintf(stderr, "foctl: stopped after %s, as asked\n", point);
    return true;
}

/* All of them as a list, the first as the error. */
static void tell_refusals(const struct foctl_pair *p, const Mgmt__Reply *a, const Mgmt__Reply *b)
{
    struct foctl_sheet *failures = foctl_list_new();
    struct refusal ours = {0}, theirs = {0};

    if (a != NULL) {
        take_refusal(a, p->about_a, &ours);
        add_failures(failures, "this server", a, &ours);
    }
    if (b != NULL) {
        take_refusal(b, p->about_b, &theirs);
        add_failures(failures, "the partner", b, &theirs);
    }
    foctl_print(p->t, failures);
    (void)foctl_refused_code(a != NULL ? "this server" : "the partner",
                             a != NULL ? ours.code : theirs.code,
                             a != NULL ? ours.why : theirs.why);
}

/* Both servers check everything, so that all that is wrong is told at once. */
static int prepare_both(struct foctl_pair *p, Mgmt__Change *ours, Mgmt__Change *theirs)
{
    Mgmt__Reply *a = NULL, *b = NULL;
    int rc_a = prepare(p->a, "this server", ours, &a), rc_b = EXIT_UNREACHABLE;

    if (rc_a == EXIT_DONE && stops_after(p, "prepare-a")) {
        mgmt__reply__free_unpacked(a, NULL);
        return EXIT_REFUSED;
    }
    if (rc_a != EXIT_UNREACHABLE)
        rc_b = prepare(p->b, "the partner", theirs, &b);
    if (rc_a == EXIT_REFUSED || rc_b == EXIT_REFUSED)
        tell_refusals(p, rc_a == EXIT_REFUSED ? a : NULL, rc_b == EXIT_REFUSED ? b : NULL);
    if (rc_a == EXIT_DONE && rc_b != EXIT_DONE)
        call_off(p->a, "this server", ours);
    if (rc_b == EXIT_DONE && rc_a != EXIT_DONE)
        call_off(p->b, "the partner", theirs);
    if (a != NULL)
        mgmt__reply__free_unpacked(a, NULL);
    if (b != NULL)
        mgmt__reply__free_unpacked(b, NULL);
    return rc_a != EXIT_DONE ? rc_a : rc_b;
}

static int commit_ours(struct foctl_pair *p, const Mgmt__Change *ours, const Mgmt__Change *theirs)
{
    Mgmt__Reply *reply;
    int rc = order(p->a, "this server", ours, MGMT__REQUEST__CALL_CHANGE_COMMIT, &reply);

    if (rc == EXIT_UNREACHABLE)
        return foctl_fail(rc, "it is not known whether the change was committed; the servers "
                              "settle it by themselves (foctl status)");
    if (rc == EXIT_REFUSED) {
        (void)foctl_refused("this server", reply);
        call_off(p->a, "this server", ours);
        call_off(p->b, "the partner", theirs);
    }
    mgmt__reply__free_unpacked(reply, NULL);
    return rc;
}

/* From here on the change is decided: what fails now is made good by the partner itself. */
static int commit_theirs(struct foctl_pair *p, const Mgmt__Change *theirs)
{
    const struct timespec pause = {.tv_nsec = 100000000L};
    Mgmt__Reply *reply;
    int rc = order(p->b, "the partner", theirs, MGMT__REQUEST__CALL_CHANGE_COMMIT, &reply);

    /* A scope that our server has by now makes it ask the partner for everything: that ends. */
    for (int i = 0; i < EXCHANGE_WAITS && rc == EXIT_REFUSED &&
                    reply->code == ERROR_DHCP_FO_SCOPE_SYNC_IN_PROGRESS;
         i++) {
        mgmt__reply__free_unpacked(reply, NULL);
        (void)nanosleep(&pause, NULL);
        rc = order(p->b, "the partner", theirs, MGMT__REQUEST__CALL_CHANGE_COMMIT, &reply);
    }
    if (rc == EXIT_REFUSED)
        (void)foctl_refused("the partner", reply);
    if (rc != EXIT_DONE)
        (void)fputs("foctl: the change is decided; the partner carries it out as soon as it can\n",
                    stderr);
    if (rc != EXIT_UNREACHABLE)
        mgmt__reply__free_unpacked(reply, NULL);
    return EXIT_DONE;
}

static int preview_both(struct foctl_pair *p, const Mgmt__Change *ours, const Mgmt__Change *theirs)
{
    int rc = foctl_preview_change(p->t, p->a, "this server", ours);

    return rc != EXIT_DONE ? rc : foctl_preview_change(p->t, p->b, "the partner", theirs);
}

int foctl_pair_change(struct foctl_pair *p, Mgmt__Change *ours, Mgmt__Change *theirs)
{
    uint8_t id[FO_CHANGE_ID_BYTES];
    int rc;

    if (getrandom(id, sizeof id, 0) != (ssize_t)sizeof id)
        return foctl_no_memory();
    ours->id = theirs->id = (ProtobufCBinaryData){sizeof id, id};
    ours->decides_here = true;
    ours->decider = theirs->decider = p->decider;
    if (p->t->what_if)
        return preview_both(p, ours, theirs);
    rc = prepare_both(p, ours, theirs);
    if (rc != EXIT_DONE)
        return rc;
    if (stops_after(p, "prepare-b"))
        return EXIT_REFUSED;
    rc = commit_ours(p, ours, theirs);
    if (rc != EXIT_DONE)
        return rc;
    if (stops_after(p, "commit-a"))
        return EXIT_REFUSED;
    return commit_theirs(p, theirs);
}
