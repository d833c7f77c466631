/* The administrator: leases by hand, reservations, another MCLT, other shares, scopes that come and
 * go. What changes on both servers changes while both run, as foctl has it (design §7). */
#include <string.h>

#include "tests/sim/check.h"
#include "tests/sim/sim.h"

static struct sim_pair *some_pair(struct sim *k, struct roll *r)
{
    return &k->pair[roll_below(r, (uint32_t)k->pairs)];
}

/* No client renews these, their server does. */
void operator_lease_by_hand(struct sim *k, struct roll *r)
{
    unsigned n = roll_below(r, (uint32_t)k->pairs * CLIENTS);
    int side = (int)roll_below(r, SIDES);
    struct sim_client *c = &k->client[n];
    struct sim_pair *p = &k->pair[c->pair];
    int server = p->server[side];
    struct fo_server *s = k->w.side[server].server;
    struct fo_report report = {.kind = FO_REPORT_GRANT, .client = sim_client(k, n)};
    struct fo_now now = world_now(&k->w, server);
    int64_t wrong_ms = sim_clock_wrong(k, p);
    uint32_t seconds;
    if (c->address != 0 || c->scope != 0 || k->w.now_ms < c->quiet_ms ||
        !world_runs(&k->w, server) ||
        fo_server_may_serve(s, sim_subnet(k, p, 0), &report.client, FO_CLIENT_RENEW, 0) !=
            FO_ANSWER_SERVE ||
        fo_server_choose(s, sim_subnet(k, p, 0), &report.client, 0, 0, now, &report.address) !=
            FO_OK)
        return;
    report.flags = FO_BINDING_EXTEND;
    report.desired_s = 60 + roll_below(r, 1200 * k->scale);
    seconds = fo_server_lease_time(s, report.address, &report.client, report.desired_s, now);
    if (seconds == 0)
        return;
    report.lease_end = fo_utc_add(now.utc, seconds);
    check_grant(k, p, side, &report);
    if (!world_report(&k->w, server, &report))
        return;
    k->totals.by_hand++;
    c->apart_ms = INT64_MAX;
    c->address = c->last_address = report.address;
    c->end_ms = k->w.now_ms + SECONDS((int64_t)seconds);
    c->granted_ms = k->w.now_ms;
    c->quiet_ms = k->w.now_ms + SECONDS(6);
    c->wrong_ms = wrong_ms;
    c->server = server;
    c->by_hand = true;
}

/* --- what a relationship has --------------------------------------------------------------------
 */

struct change {
    struct sim *k;
    struct sim_pair *p;
    uint32_t mclt_s, flags, code;
};

static void set(void *context, struct fo_server *s, struct fo_now now, struct fo_outbox *out)
{
    const struct change *c = context;
    const struct fo_relationship *old = fo_server_relationship_find(s, c->p->name);
    struct fo_relationship r;
    if (old == NULL)
        return;
    r = *old;
    r.mclt_s = c->mclt_s;
    r.percentage = c->p->percent;
    r.mode = c->p->mode;
    (void)fo_server_relationship_set(s, &r, c->flags, now, out, NULL, 0);
}

/* Also on one side alone: then CONNECT has to tell the other (§7.8.2). */
void operator_mclt(struct sim *k, struct roll *r)
{
    struct sim_pair *p = some_pair(k, r);
    struct change c = {k, p, (60 + roll_below(r, 600)) * k->scale, FO_SET_MCLT, 0};
    int first = (int)roll_below(r, SIDES);
    bool both = roll_below(r, 2) == 0;
    p->mclt_s = c.mclt_s;
    if (c.mclt_s > p->mclt_longest_s)
        p->mclt_longest_s = c.mclt_s;
    for (int i = 0; i < SIDES; i++)
        if (world_runs(&k->w, p->server[i]) && (i == first || both))
            world_change(&k->w, p->server[i], set, &c);
}

void operator_percentage(struct sim *k, struct roll *r)
{
    struct sim_pair *p = some_pair(k, r);
    struct change c = {k, p, p->mclt_s, FO_SET_PERCENTAGE | FO_SET_MODE, 0};
    uint32_t percent = roll_below(r, 11) * 10;
    enum fo_mode mode = roll_below(r, 3) == 0 ? FO_MODE_HOT_STANDBY : FO_MODE_LOAD_BALANCE;
    if (!world_runs(&k->w, p->server[0]) || !world_runs(&k->w, p->server[1]))
        return;
    p->percent = percent;
    p->mode = mode;
    for (int i = 0; i < SIDES; i++) {
        fault_mend_server(k, p->server[i]);
        world_change(&k->w, p->server[i], set, &c);
    }
}

void operator_reserve(struct sim *k, struct roll *r)
{
    struct sim_pair *p = some_pair(k, r);
    unsigned which = roll_below(r, RESERVATIONS);
    if (!world_runs(&k->w, p->server[0]) || !world_runs(&k->w, p->server[1]))
        return;
    p->reserved[which] = !p->reserved[which];
    for (int i = 0; i < SIDES; i++) {
        fault_mend_server(k, p->server[i]);
        operator_scope(k, p, i, 0);
    }
}

/* --- the second scope ---------------------------------------------------------------------------
 */

static void may_change(void *context, struct fo_server *s, struct fo_now now, struct fo_outbox *out)
{
    struct change *c = context;
    fo_ipv4_t subnet = sim_subnet(c->k, c->p, 1);
    (void)now;
    (void)out;
    c->code = c->p->has_second
                  ? fo_server_relationship_check_remove(s, c->p->name, &subnet, 1, NULL, 0)
                  : fo_server_relationship_check_add(s, c->p->name, &subnet, 1, NULL, 0);
}

static void add_second(void *context, struct fo_server *s, struct fo_now now, struct fo_outbox *out)
{
    const struct change *c = context;
    fo_ipv4_t subnet = sim_subnet(c->k, c->p, 1);
    char why[256];
    if (fo_server_relationship_add_scopes(s, c->p->name, &subnet, 1, now, out, why, sizeof why) !=
        ERROR_SUCCESS)
        sim_broken(c->k, "the second scope could not be added: %s", why);
}

static void remove_second(void *context, struct fo_server *s, struct fo_now now,
                          struct fo_outbox *out)
{
    const struct change *c = context;
    fo_ipv4_t subnet = sim_subnet(c->k, c->p, 1);
    if (fo_server_relationship_remove_scopes(s, c->p->name, &subnet, 1, now, out, NULL, 0) !=
            ERROR_SUCCESS ||
        fo_server_scope_delete(s, subnet, true, NULL, 0) != ERROR_SUCCESS)
        sim_broken(c->k, "the second scope could not be removed");
}

/* Its clients are elsewhere by then: what is left of it is deleted on both. */
static void empty_second(struct sim *k, const struct sim_pair *p)
{
    for (unsigned n = 0; n < (unsigned)k->pairs * CLIENTS; n++)
        if (&k->pair[k->client[n].pair] == p && k->client[n].scope == 1) {
            k->client[n].scope = 0;
            k->client[n].address = 0;
        }
}

void operator_second_scope(struct sim *k, struct roll *r)
{
    struct sim_pair *p = some_pair(k, r);
    struct change c = {.k = k, .p = p};
    for (int i = 0; i < SIDES; i++) {
        if (!world_runs(&k->w, p->server[i]))
            return;
        fault_mend_server(k, p->server[i]);
        operator_scope(k, p, i, 1);
        world_change(&k->w, p->server[i], may_change, &c);
        if (c.code != ERROR_SUCCESS)
            return;
    }
    for (int i = 0; i < SIDES; i++) {
        p->status_known[i] = false;
        memset(p->talk[i].word[1], 0, sizeof p->talk[i].word[1]);
        memset(p->end_told_ms[i][1], 0, sizeof p->end_told_ms[i][1]);
        world_change(&k->w, p->server[i], p->has_second ? remove_second : add_second, &c);
    }
    if (p->has_second)
        empty_second(k, p);
    p->has_second = !p->has_second;
}

/* --- freeing ------------------------------------------------------------------------------------
 */

static bool in_use(const struct sim *k, fo_ipv4_t address)
{
    for (unsigned n = 0; n < (unsigned)k->pairs * CLIENTS; n++)
        if (k->client[n].address == address && k->client[n].end_ms > k->w.now_ms)
            return true;
    return false;
}

/* The operator looks first: an address can be abandoned at one server and leased at the other. */
void operator_reset(struct sim *k, struct roll *r)
{
    struct sim_pair *p = some_pair(k, r);
    int side = (int)roll_below(r, SIDES);
    for (unsigned scope = 0; scope < 1u + p->has_second; scope++)
        for (unsigned n = 0; n < ADDRESSES && sim_runs(k, p, side); n++) {
            struct fo_report report = {.kind = FO_REPORT_RESET};
            report.address = sim_address(k, p, scope, n);
            if (!in_use(k, report.address) &&
                sim_binding(k, p, side, report.address).status == FO_STATUS_ABANDONED)
                (void)world_report(&k->w, p->server[side], &report);
        }
}
