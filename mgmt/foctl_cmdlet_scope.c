/* The cmdlets of scopes, leases and IPv6 that take more than renaming. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "mgmt/foctl_cmdlet.h"

static int add_state(struct foctl_call *c, bool set)
{
    const char *state = foctl_call_text(c, "State");

    if (state == NULL)
        return EXIT_DONE;
    if (strcasecmp(state, "InActive") == 0)
        foctl_call_add(c, "--disabled", NULL);
    else if (strcasecmp(state, "Active") != 0)
        return foctl_call_fail(c, "-State '%s': expected Active or InActive", state);
    else if (set)
        foctl_call_add(c, "--enabled", NULL);
    return EXIT_DONE;
}

static void add_range(struct foctl_call *c, const char *option)
{
    char text[128];

    (void)snprintf(text, sizeof text, "%s-%s", foctl_call_text(c, "StartRange"),
                   foctl_call_text(c, "EndRange"));
    if (option != NULL)
        foctl_call_add(c, option, text);
    else
        foctl_call_add_word(c, text);
}

/* --- scopes and prefixes ---------------------------------------------------------------------- */

/* The subnet is not said: it is where the range is. */
int foctl_cmdlet_add_scope(struct foctl_call *c)
{
    char subnet[FO_IPV4_TEXT], text[FO_IPV4_TEXT + 4];
    fo_ipv4_t first, mask;
    unsigned bits = 0;
    int rc = add_state(c, false);

    if (rc != EXIT_DONE ||
        foctl_address("-StartRange", foctl_call_text(c, "StartRange"), &first) != FO_OK ||
        foctl_address("-SubnetMask", foctl_call_text(c, "SubnetMask"), &mask) != FO_OK)
        return EXIT_USAGE;
    while (bits < 32 && (mask & (UINT32_C(0x80000000) >> bits)) != 0)
        bits++;
    if (bits < 32 && (mask << bits) != 0)
        return foctl_call_fail(c, "-SubnetMask %s has holes", foctl_call_text(c, "SubnetMask"));
    (void)snprintf(text, sizeof text, "%s/%u", fo_ipv4_text(first & mask, subnet), bits);
    foctl_call_add_word(c, text);
    add_range(c, "--range");
    return foctl_call_run(c);
}

int foctl_cmdlet_set_prefix(struct foctl_call *c)
{
    int rc = add_state(c, true);

    return rc != EXIT_DONE ? rc : foctl_call_run(c);
}

/* A range is fitted in place, by a command of its own. */
static int set_range(struct foctl_call *c)
{
    char text[128];
    const char *words[] = {"scope", "set-range", foctl_call_text(c, "ScopeId"), text, NULL};

    if (!foctl_call_given(c, "StartRange") || !foctl_call_given(c, "EndRange"))
        return foctl_call_fail(c, "-StartRange and -EndRange go together");
    (void)snprintf(text, sizeof text, "%s-%s", foctl_call_text(c, "StartRange"),
                   foctl_call_text(c, "EndRange"));
    return foctl_call_command(c, words, true);
}

int foctl_cmdlet_set_scope(struct foctl_call *c)
{
    bool range = foctl_call_given(c, "StartRange") || foctl_call_given(c, "EndRange");
    bool rest = foctl_call_given(c, "Name") || foctl_call_given(c, "Description") ||
                foctl_call_given(c, "State");
    int rc = add_state(c, true);

    if (rc == EXIT_DONE && range)
        rc = set_range(c);
    return rc != EXIT_DONE || !rest ? rc : foctl_call_run(c);
}

int foctl_cmdlet_free(struct foctl_call *c)
{
    char text[128];

    if (foctl_call_given(c, "StartAddress") != foctl_call_given(c, "EndAddress"))
        return foctl_call_fail(c, "-StartAddress and -EndAddress go together");
    if (foctl_call_given(c, "StartAddress")) {
        (void)snprintf(text, sizeof text, "%s-%s", foctl_call_text(c, "StartAddress"),
                       foctl_call_text(c, "EndAddress"));
        foctl_call_add(c, "--within", text);
    }
    return foctl_call_run(c);
}

/* The ones that are named, or all. */
int foctl_cmdlet_get_scope(struct foctl_call *c)
{
    if (c->params[0].count != 0)
        c->verb = "show";
    return foctl_call_run(c);
}

int foctl_cmdlet_exclusion(struct foctl_call *c)
{
    add_range(c, NULL);
    return foctl_call_run(c);
}

/* An IPv6 scope is always 64 bits long there. */
int foctl_cmdlet_add_prefix(struct foctl_call *c)
{
    const char *prefix = foctl_call_text(c, "Prefix");
    char text[128];
    int rc = add_state(c, false);

    (void)snprintf(text, sizeof text, "%s%s", prefix, strchr(prefix, '/') == NULL ? "/64" : "");
    foctl_call_add_word(c, text);
    return rc != EXIT_DONE ? rc : foctl_call_run(c);
}

/* --- reservations ----------------------------------------------------------------------------- */

int foctl_cmdlet_add_reservation(struct foctl_call *c)
{
    static const char *const kinds[] = {"dhcp", "bootp", "both"};
    const char *type = foctl_call_text(c, "Type");

    for (size_t i = 0; type != NULL && i < sizeof kinds / sizeof kinds[0]; i++) {
        if (strcasecmp(kinds[i], type) == 0) {
            foctl_call_add(c, "--for", kinds[i]);
            type = NULL;
        }
    }
    return type != NULL ? foctl_call_fail(c, "-Type '%s': expected Dhcp, Bootp or Both", type)
                        : foctl_call_run(c);
}

static int find_scope_of(struct foctl_call *c, fo_ipv4_t address, fo_ipv4_t *out)
{
    Mgmt__Page page = MGMT__PAGE__INIT;
    Mgmt__Request q = MGMT__REQUEST__INIT;
    char text[FO_IPV4_TEXT];
    bool more = true;

    q.call_case = MGMT__REQUEST__CALL_SCOPE_ENUM;
    q.scope_enum = &page;
    while (more) {
        Mgmt__Reply *reply;
        bool found = false;
        int rc = foctl_call_ask(c, true, &q, &reply);
        if (rc != EXIT_DONE && rc != EXIT_REFUSED)
            return rc;
        more = rc == EXIT_DONE && reply->scopes->more;
        for (size_t i = 0; rc == EXIT_DONE && i < reply->scopes->n_list && !found; i++) {
            const Mgmt__Scope *s = reply->scopes->list[i];
            found = (address & s->mask) == s->subnet;
            *out = s->subnet;
        }
        if (more)
            page.after_address = reply->scopes->next;
        mgmt__reply__free_unpacked(reply, NULL);
        if (found)
            return EXIT_DONE;
    }
    (void)fo_ipv4_text(address, text);
    return foctl_fail_code(EXIT_REFUSED, ERROR_DHCP_SUBNET_NOT_PRESENT, "%s is in no scope", text);
}

/* Shows the scope of each address, or the scope that is named. */
int foctl_cmdlet_get_reservation(struct foctl_call *c)
{
    char text[FO_IPV4_TEXT];
    const char *words[] = {"scope", "show", foctl_call_text(c, "ScopeId"), NULL};
    fo_ipv4_t address, subnet;
    int worst = EXIT_DONE;

    if (foctl_call_count(c, "IPAddress") == 0)
        return words[2] != NULL ? foctl_call_command(c, words, true)
                                : foctl_call_fail(c, "-ScopeId or -IPAddress is needed");
    for (size_t i = 0; i < foctl_call_count(c, "IPAddress"); i++) {
        int rc = EXIT_USAGE;
        if (foctl_address("-IPAddress", foctl_call_at(c, "IPAddress", i), &address) == FO_OK)
            rc = find_scope_of(c, address, &subnet);
        words[2] = fo_ipv4_text(subnet, text);
        if (rc == EXIT_DONE)
            rc = foctl_call_command(c, words, true);
        worst = rc > worst ? rc : worst;
    }
    return worst;
}

static int unreserve(struct foctl_call *c, fo_ipv4_t subnet, fo_ipv4_t address)
{
    char scope[FO_IPV4_TEXT], text[FO_IPV4_TEXT];
    const char *words[] = {"scope", "unreserve", fo_ipv4_text(subnet, scope),
                           fo_ipv4_text(address, text), NULL};

    return foctl_call_command(c, words, true);
}

/* All of a scope, or those of one client. */
static int unreserve_scope(struct foctl_call *c, const char *scope)
{
    const char *client = foctl_call_text(c, "ClientId");
    Mgmt__Subnet m = MGMT__SUBNET__INIT;
    Mgmt__Request q = MGMT__REQUEST__INIT;
    uint8_t id[255];
    size_t length = sizeof id;
    int worst = EXIT_DONE, rc;
    Mgmt__Reply *reply;

    if (foctl_address("-ScopeId", scope, &m.subnet) != FO_OK ||
        (client != NULL && foctl_hex("-ClientId", client, id, &length) != FO_OK))
        return EXIT_USAGE;
    q.call_case = MGMT__REQUEST__CALL_SCOPE_GET;
    q.scope_get = &m;
    rc = foctl_call_ask(c, false, &q, &reply);
    if (rc != EXIT_DONE)
        return rc;
    for (size_t i = 0; i < reply->scope->n_reservations; i++) {
        const Mgmt__Reservation *r = reply->scope->reservations[i];
        if (client != NULL && (r->client.len != length || memcmp(r->client.data, id, length) != 0))
            continue;
        rc = unreserve(c, m.subnet, r->address);
        worst = rc > worst ? rc : worst;
    }
    mgmt__reply__free_unpacked(reply, NULL);
    return worst;
}

int foctl_cmdlet_remove_reservation(struct foctl_call *c)
{
    const char *scope = foctl_call_text(c, "ScopeId");
    fo_ipv4_t address, subnet;
    int worst = EXIT_DONE;

    if (foctl_call_count(c, "IPAddress") == 0)
        return scope != NULL ? unreserve_scope(c, scope)
                             : foctl_call_fail(c, "-ScopeId or -IPAddress is needed");
    for (size_t i = 0; i < foctl_call_count(c, "IPAddress"); i++) {
        int rc = EXIT_USAGE;
        if (foctl_address("-IPAddress", foctl_call_at(c, "IPAddress", i), &address) == FO_OK)
            rc = find_scope_of(c, address, &subnet);
        if (rc == EXIT_DONE)
            rc = unreserve(c, subnet, address);
        worst = rc > worst ? rc : worst;
    }
    return worst;
}

/* --- leases ----------------------------------------------------------------------------------- */

int foctl_cmdlet_add_lease(struct foctl_call *c)
{
    static const char *const states[][2] = {
        {"Active", "active"}, {"Offered", "offered"}, {"Declined", "declined"}, {"Doom", "doom"}};
    const char *state = foctl_call_text(c, "AddressState");

    for (size_t i = 0; state != NULL && i < sizeof states / sizeof states[0]; i++) {
        if (strcasecmp(states[i][0], state) == 0) {
            foctl_call_add(c, "--state", states[i][1]);
            state = NULL;
        }
    }
    if (state != NULL)
        return foctl_call_fail(c, "-AddressState '%s': expected Active, Offered, Declined or Doom",
                               state);
    return foctl_call_run(c);
}

static int one_way(const struct foctl_call *c)
{
    bool address = foctl_call_count(c, "IPAddress") != 0;

    if (address && (foctl_call_given(c, "ScopeId") || foctl_call_given(c, "BadLeases") ||
                    foctl_call_given(c, "ClientId")))
        return foctl_call_fail(c, "-IPAddress goes alone");
    if (!address && !foctl_call_given(c, "ScopeId") && !foctl_call_given(c, "BadLeases"))
        return foctl_call_fail(c, "-ScopeId, -IPAddress or -BadLeases is needed");
    return EXIT_DONE;
}

int foctl_cmdlet_get_lease(struct foctl_call *c)
{
    int rc = one_way(c);

    if (rc != EXIT_DONE)
        return rc;
    if (foctl_call_count(c, "IPAddress") != 0 || foctl_call_given(c, "ClientId"))
        c->verb = "show";
    else if (foctl_call_given(c, "AllLeases"))
        foctl_call_add(c, "--all", NULL);
    return foctl_call_run(c);
}

/* The cmdlet does not ask. */
int foctl_cmdlet_remove_lease(struct foctl_call *c)
{
    int rc = one_way(c);

    foctl_call_add(c, "--force", NULL);
    return rc != EXIT_DONE ? rc : foctl_call_run(c);
}

/* --- IPv6 ------------------------------------------------------------------------------------- */

int foctl_cmdlet_get_lease6(struct foctl_call *c)
{
    if (foctl_call_count(c, "IPAddress") != 0)
        c->verb = "show";
    return foctl_call_run(c);
}

int foctl_cmdlet_remove_lease6(struct foctl_call *c)
{
    if (foctl_call_count(c, "IPAddress") == 0)
        return foctl_call_fail(c, "name each with -IPAddress; foctl lease6 list --prefix tells "
                                  "them");
    return foctl_call_run(c);
}

int foctl_cmdlet_set_binding(struct foctl_call *c)
{
    foctl_call_add(
        c, strcmp(foctl_call_text(c, "BindingState"), "true") == 0 ? "--bind" : "--unbind", NULL);
    return foctl_call_run(c);
}
