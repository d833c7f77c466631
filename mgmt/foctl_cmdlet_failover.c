/* The cmdlets of failover that take more than renaming. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "mgmt/foctl_cmdlet.h"
#include "mgmt/foctl_pair.h"
#include "state/relationship.h"

#define AUTO_INTERVAL_S 3600 /* of -AutoStateTransition $true alone */

static int get(struct foctl_call *c, const char *name, Mgmt__Reply **out)
{
    Mgmt__Name m = MGMT__NAME__INIT;
    Mgmt__Request q = MGMT__REQUEST__INIT;

    m.name = foctl_unconst(name);
    q.call_case = MGMT__REQUEST__CALL_RELATIONSHIP_GET;
    q.relationship_get = &m;
    return foctl_call_ask(c, false, &q, out);
}

static int take_percent(const struct foctl_call *c, const char *param, uint32_t *out)
{
    return foctl_number(param, foctl_call_text(c, param), 100, out) == FO_OK ? EXIT_DONE
                                                                             : EXIT_USAGE;
}

/* An interval given means that the switch is on; the switch alone has an interval of its own. */
static int add_transition(struct foctl_call *c, const Mgmt__Relationship *now)
{
    const char *interval = foctl_call_text(c, "StateSwitchInterval");
    const char *on = foctl_call_text(c, "AutoStateTransition");
    bool off = on != NULL && strcmp(on, "false") == 0;

    if (off && interval != NULL)
        return foctl_call_fail(c, "-StateSwitchInterval turns -AutoStateTransition on");
    if (interval != NULL)
        foctl_call_add(c, "--safe-period", interval);
    else if (off && now != NULL)
        foctl_call_add(c, "--safe-period", "0");
    else if (on != NULL && !off && (now == NULL || now->safe_period_s == FO_SAFE_PERIOD_NEVER))
        foctl_call_add_number(c, "--safe-period", AUTO_INTERVAL_S);
    return EXIT_DONE;
}

/* --- Add -------------------------------------------------------------------------------------- */

/* The addressed server is the primary, but when it is to be the standby. */
int foctl_cmdlet_add_failover(struct foctl_call *c)
{
    const char *role = foctl_call_text(c, "ServerRole");
    bool standby = foctl_call_given(c, "ReservePercent") || role != NULL;
    bool passive = role != NULL && strcasecmp(role, "Standby") == 0;
    uint32_t percent = standby ? 5 : 50;
    int rc = EXIT_DONE;

    if (standby && foctl_call_given(c, "LoadBalancePercent"))
        return foctl_call_fail(c, "-LoadBalancePercent is of load balance, -ReservePercent and "
                                  "-ServerRole are of hot standby");
    if (role != NULL && !passive && strcasecmp(role, "Active") != 0)
        return foctl_call_fail(c, "-ServerRole '%s': expected Active or Standby", role);
    if (foctl_call_given(c, "LoadBalancePercent"))
        rc = take_percent(c, "LoadBalancePercent", &percent);
    else if (foctl_call_given(c, "ReservePercent"))
        rc = take_percent(c, "ReservePercent", &percent);
    if (rc == EXIT_DONE)
        rc = add_transition(c, NULL);
    if (rc != EXIT_DONE)
        return rc;
    foctl_call_add(c, "--role", passive ? "secondary" : "primary");
    foctl_call_add(c, "--mode", standby ? "hot-standby" : "load-balance");
    foctl_call_add_number(c, "--percent", percent);
    return foctl_call_run(c);
}

/* --- Set -------------------------------------------------------------------------------------- */

static int mode_of(const struct foctl_call *c, const Mgmt__Relationship *now, uint32_t *out)
{
    const char *mode = foctl_call_text(c, "Mode");

    *out = now->mode;
    if (mode == NULL)
        return EXIT_DONE;
    if (strcasecmp(mode, "LoadBalance") == 0)
        *out = FO_MODE_LOAD_BALANCE;
    else if (strcasecmp(mode, "HotStandby") == 0)
        *out = FO_MODE_HOT_STANDBY;
    else
        return foctl_call_fail(c, "-Mode '%s': expected LoadBalance or HotStandby", mode);
    return EXIT_DONE;
}

/* MAPI §6.1: the cmdlet speaks of the server that is asked, the relationship of the primary. */
static int add_percent(struct foctl_call *c, const Mgmt__Relationship *now)
{
    bool balance = foctl_call_given(c, "LoadBalancePercent");
    bool reserve = foctl_call_given(c, "ReservePercent");
    uint32_t mode, percent;
    int rc = mode_of(c, now, &mode);

    if (rc != EXIT_DONE)
        return rc;
    if (mode != now->mode)
        foctl_call_add(c, "--mode", mode == FO_MODE_LOAD_BALANCE ? "load-balance" : "hot-standby");
    if ((balance && mode != FO_MODE_LOAD_BALANCE) || (reserve && mode != FO_MODE_HOT_STANDBY))
        return foctl_call_fail(c, "%s does not suit the mode, which is %s",
                               balance ? "-LoadBalancePercent" : "-ReservePercent",
                               mode == FO_MODE_LOAD_BALANCE ? "LoadBalance" : "HotStandby");
    if (!balance && !reserve)
        return EXIT_DONE;
    rc = take_percent(c, balance ? "LoadBalancePercent" : "ReservePercent", &percent);
    if (rc == EXIT_DONE)
        foctl_call_add_number(c, "--percent",
                              balance && now->role == FO_ROLE_SECONDARY ? 100 - percent : percent);
    return rc;
}

static int partner_down(struct foctl_call *c)
{
    foctl_call_clear(c);
    c->verb = "partner-down";
    return foctl_call_run(c);
}

int foctl_cmdlet_set_failover(struct foctl_call *c)
{
    bool down = foctl_call_given(c, "PartnerDown"), sets;
    Mgmt__Reply *now;
    int rc = get(c, foctl_call_text(c, "Name"), &now);

    if (rc != EXIT_DONE)
        return rc;
    rc = add_percent(c, now->relationship);
    if (rc == EXIT_DONE)
        rc = add_transition(c, now->relationship);
    mgmt__reply__free_unpacked(now, NULL);
    if (rc != EXIT_DONE)
        return rc;
    sets = c->added_count != 0 || foctl_call_given(c, "MaxClientLeadTime") ||
           foctl_call_given(c, "SharedSecret");
    if (down && sets)
        return foctl_call_fail(c, "-PartnerDown goes alone: nothing can be set on a partner that "
                                  "is down");
    return down ? partner_down(c) : foctl_call_run(c);
}

/* --- Get -------------------------------------------------------------------------------------- */

int foctl_cmdlet_get_failover(struct foctl_call *c)
{
    if (foctl_call_count(c, "Name") != 0)
        c->verb = "show";
    return foctl_call_run(c); /* -ScopeId is --scope of the list */
}

/* --- Remove: the scopes go from the partner, as Windows has it -------------------------------- */

static int delete_at_partner(const struct foctl_call *c, const Mgmt__Relationship *m,
                             fo_ipv4_t scope)
{
    char text[FO_IPV4_TEXT];
    const char *words[] = {"scope",
                           "delete",
                           fo_ipv4_text(scope, text),
                           "--server",
                           m->partner_management,
                           "--force",
                           c->what_if ? "--what-if" : NULL,
                           NULL};

    if (m->partner_management[0] == '\0')
        return EXIT_DONE; /* a foreign partner */
    return foctl_call_command(c, words, false);
}

static bool is_scope_of(const Mgmt__Relationship *m, const char *text, fo_ipv4_t *out)
{
    if (fo_ipv4_parse(text, out) != FO_OK)
        return false;
    for (size_t i = 0; i < m->n_scopes; i++) {
        if (m->scopes[i] == *out)
            return true;
    }
    return false;
}

static int remove_one(struct foctl_call *c, const char *name)
{
    const char *words[] = {"relationship", "delete", name, NULL};
    Mgmt__Reply *now;
    int worst = EXIT_DONE, rc = get(c, name, &now);

    if (rc != EXIT_DONE)
        return rc;
    (void)fputs("foctl: the scopes go from the partner too, with their leases\n", stderr);
    rc = foctl_call_command(c, words, true);
    for (size_t i = 0; rc == EXIT_DONE && i < now->relationship->n_scopes; i++) {
        int code = delete_at_partner(c, now->relationship, now->relationship->scopes[i]);
        worst = code > worst ? code : worst;
    }
    mgmt__reply__free_unpacked(now, NULL);
    return rc != EXIT_DONE ? rc : worst;
}

int foctl_cmdlet_remove_failover(struct foctl_call *c)
{
    int worst = EXIT_DONE;

    for (size_t i = 0; i < foctl_call_count(c, "Name"); i++) {
        int rc = remove_one(c, foctl_call_at(c, "Name", i));
        worst = rc > worst ? rc : worst;
    }
    return worst;
}

/* A scope that is none of the relationship keeps no other from being taken out. */
int foctl_cmdlet_remove_failover_scope(struct foctl_call *c)
{
    const char *name = foctl_call_text(c, "Name");
    int worst = EXIT_DONE;
    Mgmt__Reply *now;
    int rc = get(c, name, &now);

    if (rc != EXIT_DONE)
        return rc;
    (void)fputs("foctl: the scopes go from the partner too, with their leases\n", stderr);
    for (size_t i = 0; i < foctl_call_count(c, "ScopeId"); i++) {
        const char *scope = foctl_call_at(c, "ScopeId", i);
        const char *words[] = {"relationship", "remove-scope", name, scope, NULL};
        fo_ipv4_t subnet;
        rc = foctl_call_command(c, words, true);
        if (rc == EXIT_DONE && is_scope_of(now->relationship, scope, &subnet))
            rc = delete_at_partner(c, now->relationship, subnet);
        worst = rc > worst ? rc : worst;
    }
    mgmt__reply__free_unpacked(now, NULL);
    return worst;
}

/* --- Invoke …Replication ---------------------------------------------------------------------- */

static int replicate_all(struct foctl_call *c)
{
    Mgmt__Page page = MGMT__PAGE__INIT;
    Mgmt__Request q = MGMT__REQUEST__INIT;
    int worst = EXIT_DONE;
    Mgmt__Reply *all;
    int rc;

    q.call_case = MGMT__REQUEST__CALL_RELATIONSHIP_ENUM;
    q.relationship_enum = &page;
    rc = foctl_call_ask(c, false, &q, &all);
    if (rc != EXIT_DONE)
        return rc;
    for (size_t i = 0; i < all->relationships->n_list; i++) {
        const char *words[] = {"relationship", "replicate", all->relationships->list[i]->name,
                               NULL};
        rc = foctl_call_command(c, words, true);
        worst = rc > worst ? rc : worst;
    }
    mgmt__reply__free_unpacked(all, NULL);
    return worst;
}

static int replicate_scope(struct foctl_call *c, const char *scope)
{
    const char *words[] = {"relationship", "replicate", "", "--scope", scope, NULL};
    Mgmt__Subnet m = MGMT__SUBNET__INIT;
    Mgmt__Request q = MGMT__REQUEST__INIT;
    Mgmt__Reply *found;
    int rc;

    if (foctl_address("-ScopeId", scope, &m.subnet) != FO_OK)
        return EXIT_USAGE;
    q.call_case = MGMT__REQUEST__CALL_SCOPE_RELATIONSHIP_GET;
    q.scope_relationship_get = &m;
    rc = foctl_call_ask(c, false, &q, &found);
    if (rc != EXIT_DONE)
        return rc;
    words[2] = found->relationship->name;
    rc = foctl_call_command(c, words, true);
    mgmt__reply__free_unpacked(found, NULL);
    return rc;
}

int foctl_cmdlet_replicate(struct foctl_call *c)
{
    int worst = EXIT_DONE;

    if (foctl_call_count(c, "Name") != 0)
        return foctl_call_run(c);
    if (foctl_call_count(c, "ScopeId") == 0)
        return replicate_all(c);
    for (size_t i = 0; i < foctl_call_count(c, "ScopeId"); i++) {
        int rc = replicate_scope(c, foctl_call_at(c, "ScopeId", i));
        worst = rc > worst ? rc : worst;
    }
    return worst;
}
