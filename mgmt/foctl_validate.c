/* What must be right before two servers are joined: every check is made and told, whatever others
 * came to, and nothing is changed. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "mgmt/foctl_validate.h"

void foctl_flight_row(struct foctl_flight *f, const char *check, const char *server,
                      enum foctl_verdict v, uint32_t code, const char *sentence, const char *advice)
{
    static const char *const words[] = {"ok", "warning", "failed", "skipped"};
    char why[400];

    (void)snprintf(why, sizeof why, "%s%s%s", code != 0 ? fo_win32_name(code) : "",
                   code != 0 ? ": " : "", sentence);
    foctl_row(f->list);
    foctl_put_text(f->list, "check", "CHECK", check);
    foctl_put_text(f->list, "server", "SERVER", server);
    foctl_put_text(f->list, "result", "RESULT", words[v]);
    foctl_put_text(f->list, "error", NULL, fo_win32_name(code));
    foctl_put_number(f->list, "code", "CODE", code);
    foctl_put_text(f->list, "sentence", NULL, sentence);
    foctl_put_text(f->list, "why", "WHY", why);
    foctl_put_text(f->list, "advice", "WHAT-TO-DO", advice);
    f->failed = f->failed || v == FOCTL_FAILED;
}

void foctl_flight_pass(struct foctl_flight *f, const char *check, const char *server,
                       const char *sentence)
{
    foctl_flight_row(f, check, server, FOCTL_OK, ERROR_SUCCESS, sentence, "");
}

void foctl_flight_fail(struct foctl_flight *f, const char *check, const char *server, uint32_t code,
                       const char *sentence)
{
    foctl_flight_row(f, check, server, FOCTL_FAILED, code, sentence, foctl_advice(code));
}

/* Answers whether what needs both servers can be checked. */
bool foctl_flight_both(struct foctl_flight *f, const char *check)
{
    if (f->skipped != NULL)
        foctl_flight_row(f, check, FOCTL_BOTH, FOCTL_SKIPPED, ERROR_SUCCESS, f->skipped, "");
    return f->skipped == NULL;
}

static const char *name_of(const Mgmt__Reply *about, const char *otherwise)
{
    return about != NULL && about->server->name[0] != '\0' ? about->server->name : otherwise;
}

/* --- are they there, and may we --------------------------------------------------------------- */

static bool ask_about(struct foctl_flight *f, struct fo_mgmt_client *c, const char *server,
                      Mgmt__Reply **out)
{
    Mgmt__Nothing nothing = MGMT__NOTHING__INIT;
    Mgmt__Request q = MGMT__REQUEST__INIT;

    q.call_case = MGMT__REQUEST__CALL_SERVER_GET;
    q.server_get = &nothing;
    if (fo_mgmt_call(c, &q, out) != FO_OK) {
        foctl_flight_fail(f, "reached", server, ERROR_DHCP_SERVER_NOT_REACHABLE,
                          fo_mgmt_trouble(c));
        return false;
    }
    if ((*out)->code == ERROR_SUCCESS) {
        foctl_flight_pass(f, "reached", server, (*out)->server->name);
        return true;
    }
    foctl_flight_fail(f, "reached", server, (*out)->code, (*out)->sentence);
    mgmt__reply__free_unpacked(*out, NULL);
    *out = NULL;
    return false;
}

static int reach(struct foctl_flight *f)
{
    char why[400];
    uint32_t code;
    int rc = foctl_connect(f->t);

    if (rc != EXIT_DONE)
        return rc; /* the one that is addressed: nothing can be asked */
    f->pair.a = f->t->client;
    if (!ask_about(f, f->pair.a, "this server", &f->pair.about_a))
        f->skipped = "this server is not asked";
    if (f->partner == NULL) {
        f->skipped = "no --partner-management is given";
        return EXIT_DONE;
    }
    code = foctl_try_partner(f->t, f->partner, &f->pair.b, why, sizeof why);
    if (code != ERROR_SUCCESS)
        foctl_flight_fail(f, "reached", "the partner", code, why);
    if (code != ERROR_SUCCESS || !ask_about(f, f->pair.b, "the partner", &f->pair.about_b))
        f->skipped = "the partner is not reached";
    return EXIT_DONE;
}

/* Validating needs the right of changing. */
static void check_right(struct foctl_flight *f, const char *server, const Mgmt__Reply *about,
                        const Mgmt__Reply *of)
{
    char why[400];

    if (of == NULL || of->code != ERROR_ACCESS_DENIED) {
        foctl_flight_pass(f, "rights", server, "DHCP Administrators");
        return;
    }
    (void)snprintf(why, sizeof why, "You are no DHCP administrator of %s.", name_of(about, server));
    foctl_flight_fail(f, "rights", server, ERROR_DHCP_NO_ADMIN_PERMISSION, why);
}

static int validate_at(struct fo_mgmt_client *c, const char *server, Mgmt__Relationship *m,
                       Mgmt__Reply **out)
{
    Mgmt__Request q = MGMT__REQUEST__INIT;
    int rc;

    q.call_case = MGMT__REQUEST__CALL_RELATIONSHIP_VALIDATE;
    q.relationship_validate = m;
    rc = foctl_ask_at(c, server, true, &q, out);
    return rc == EXIT_REFUSED ? EXIT_DONE : rc;
}

static int check_rights(struct foctl_flight *f)
{
    int rc = validate_at(f->pair.a, "this server", f->ours, &f->of_ours);

    if (rc != EXIT_DONE)
        return rc;
    check_right(f, "this server", f->pair.about_a, f->of_ours);
    if (!foctl_flight_both(f, "rights"))
        return EXIT_DONE;
    f->theirs = foctl_pair_mirrored(&f->pair, f->ours);
    rc = validate_at(f->pair.b, "the partner", &f->theirs, &f->of_theirs);
    if (rc == EXIT_DONE)
        check_right(f, "the partner", f->pair.about_b, f->of_theirs);
    return rc;
}

/* --- what the two must have in common --------------------------------------------------------- */

static void check_versions(struct foctl_flight *f)
{
    const char *a, *b;
    char why[200];

    if (!foctl_flight_both(f, "versions"))
        return;
    a = f->pair.about_a->server->version;
    b = f->pair.about_b->server->version;
    (void)snprintf(why, sizeof why, "%.80s here, %.80s there", a, b);
    if (strcmp(a, b) == 0)
        foctl_flight_pass(f, "versions", FOCTL_BOTH, a);
    else
        foctl_flight_row(f, "versions", FOCTL_BOTH, FOCTL_WARNING, ERROR_SUCCESS, why,
                         "run the same version on both; the newer one first");
}

static void check_clocks(struct foctl_flight *f)
{
    int64_t delta;
    char why[120];
    uint32_t allowed;

    if (!foctl_flight_both(f, "clocks"))
        return;
    delta = foctl_pair_clock_delta_s(&f->pair);
    allowed = f->pair.about_a->server->allowed_skew_s;
    (void)snprintf(why, sizeof why, "they differ by %lld s; at most %u are allowed", llabs(delta),
                   allowed);
    if (llabs(delta) <= allowed)
        foctl_flight_pass(f, "clocks", FOCTL_BOTH, why);
    else
        foctl_flight_fail(f, "clocks", FOCTL_BOTH, ERROR_DHCP_FO_TIME_OUT_OF_SYNC, why);
}

/* --- what each server says of the relationship ------------------------------------------------ */

static const struct {
    const char *check;
    uint32_t codes[4]; /* 0 ends; none: all that no other row has */
} rules[] = {
    {"name",
     {ERROR_DHCP_FO_RELATIONSHIP_EXISTS, ERROR_DHCP_FO_RELATIONSHIP_NAME_TOO_LONG, ERROR_BUSY}},
    {"limits", {ERROR_DHCP_FO_MAX_RELATIONSHIPS, ERROR_DHCP_FO_MAX_ADD_SCOPES}},
    {"scopes", {ERROR_DHCP_SUBNET_NOT_PRESENT, ERROR_DHCP_FO_SCOPE_ALREADY_IN_RELATIONSHIP}},
    {"settings", {0}},
};
#define RULES (sizeof rules / sizeof rules[0])

static size_t rule_of(uint32_t code)
{
    for (size_t i = 0; i + 1 < RULES; i++) {
        for (size_t k = 0; rules[i].codes[k] != 0; k++) {
            if (rules[i].codes[k] == code)
                return i;
        }
    }
    return RULES - 1;
}

/* A scope that the partner lacks would be copied. */
static bool comes_along(bool partner, uint32_t code)
{
    return partner && code == ERROR_DHCP_SUBNET_NOT_PRESENT;
}

static void check_rule(struct foctl_flight *f, size_t rule, bool partner, const Mgmt__Reply *of)
{
    const char *server = partner ? "the partner" : "this server";
    bool listed = of->result_case == MGMT__REPLY__RESULT_CHECKS && of->checks->n_list != 0;
    size_t told = 0;

    for (size_t i = 0; listed && i < of->checks->n_list; i++) {
        const Mgmt__Check *check = of->checks->list[i];
        if (rule_of(check->code) != rule || comes_along(partner, check->code))
            continue;
        foctl_flight_fail(f, rules[rule].check, server, check->code, check->sentence);
        told++;
    }
    if (!listed && of->code != ERROR_SUCCESS && of->code != ERROR_ACCESS_DENIED &&
        rule_of(of->code) == rule) {
        foctl_flight_fail(f, rules[rule].check, server, of->code, of->sentence);
        told++;
    }
    if (told == 0 && of->code == ERROR_ACCESS_DENIED)
        foctl_flight_row(f, rules[rule].check, server, FOCTL_SKIPPED, ERROR_SUCCESS,
                         "we have no right to ask", "");
    else if (told == 0)
        foctl_flight_pass(f, rules[rule].check, server, "");
}

static void check_rules(struct foctl_flight *f)
{
    for (size_t i = 0; i < RULES; i++) {
        check_rule(f, i, false, f->of_ours);
        if (f->of_theirs != NULL)
            check_rule(f, i, true, f->of_theirs);
        else
            (void)foctl_flight_both(f, rules[i].check);
    }
}

/* --- all of them ------------------------------------------------------------------------------ */

static int check_all(struct foctl_flight *f)
{
    int rc = reach(f);

    if (rc == EXIT_DONE)
        rc = check_rights(f);
    if (rc != EXIT_DONE)
        return rc;
    check_versions(f);
    check_clocks(f);
    check_rules(f);
    rc = foctl_validate_names(f);
    if (rc == EXIT_DONE)
        rc = foctl_validate_scopes(f);
    if (rc == EXIT_DONE)
        rc = foctl_validate_ports(f);
    return rc != EXIT_DONE ? rc : foctl_validate_certificates(f);
}

int foctl_relationship_validate(struct foctl *t)
{
    static struct foctl_relationship_room room;
    struct foctl_flight f = {.t = t, .list = foctl_list_new(), .pair = {.t = t}};
    Mgmt__Relationship m = MGMT__RELATIONSHIP__INIT;
    int rc = foctl_take_relationship(t, &room, &m);

    f.ours = &m;
    f.partner = f.pair.partner = foctl_arg(&t->args, "partner-management");
    if (rc == EXIT_DONE)
        rc = check_all(&f);
    foctl_print(t, f.list);
    if (f.of_ours != NULL)
        mgmt__reply__free_unpacked(f.of_ours, NULL);
    if (f.of_theirs != NULL)
        mgmt__reply__free_unpacked(f.of_theirs, NULL);
    foctl_pair_close(&f.pair);
    return rc == EXIT_DONE && f.failed ? EXIT_REFUSED : rc;
}
