/* The end of a run: everything is mended, and then it must become good by itself, in time. */
#include <stdio.h>

#include "state/pool.h"
#include "tests/sim/check.h"

static void mend(struct sim *k)
{
    fault_mend_all(k);
    for (int i = 0; i < k->w.servers; i++)
        k->server[i].restart_ms = 0;
    for (int i = 0; i < k->w.servers; i++)
        operator_revive(k, i);
    for (int n = 0; n < k->pairs; n++)
        for (int i = 0; i < SIDES; i++)
            operator_resume(k, &k->pair[n], i);
}

static bool both_normal(struct sim *k, const struct sim_pair *p)
{
    return sim_state(k, p, 0) == FO_STATE_NORMAL && sim_state(k, p, 1) == FO_STATE_NORMAL;
}

static bool all_normal(struct sim *k)
{
    for (int n = 0; n < k->pairs; n++)
        if (!both_normal(k, &k->pair[n]))
            return false;
    return true;
}

static uint32_t longest_mclt_s(const struct sim *k)
{
    uint32_t longest = 0;
    for (int n = 0; n < k->pairs; n++)
        if (k->pair[n].mclt_longest_s > longest)
            longest = k->pair[n].mclt_longest_s;
    return longest;
}

/* The longest way to NORMAL: a refused connection is tried again after twelve redials, a silent one
 * noticed after the receive timer, start-up takes its time, RECOVER-WAIT takes MCLT from the last
 * sign of life, which a heartbeat may have dated later. */
static void reach_normal(struct sim *k)
{
    const struct fo_server_config *c = &k->w.side[0].config;
    int64_t bound = SECONDS((int64_t)longest_mclt_s(k)) + MINUTES(4) + k->steps_ms +
                    SECONDS(12 * (int64_t)c->redial_s + c->heartbeat_s + 2 * (int64_t)c->startup_s +
                            2 * (int64_t)k->pair[0].receive_timer_s);
    int64_t end = k->w.now_ms + bound;
    while (k->w.now_ms < end && !all_normal(k) && k->broken[0] == '\0')
        sim_pass(k, sim_scaled(k, 1));
    for (int n = 0; n < k->pairs; n++)
        if (!both_normal(k, &k->pair[n]))
            sim_broken(k, "%s: NORMAL within %lld s of the last fault: %s and %s", k->pair[n].name,
                       (long long)bound / 1000, fo_state_name(sim_state(k, &k->pair[n], 0)),
                       fo_state_name(sim_state(k, &k->pair[n], 1)));
}

/* --- equal stores -------------------------------------------------------------------------------
 */

static bool same_end(struct sim *k, const struct sim_pair *p, const struct fo_binding b[SIDES])
{
    struct fo_now now[SIDES];
    int64_t apart;
    for (int i = 0; i < SIDES; i++)
        now[i] = world_now(&k->w, p->server[i]);
    apart = ((int64_t)b[0].lease_expiration.s - now[0].utc.s) -
            ((int64_t)b[1].lease_expiration.s - now[1].utc.s);
    return k->clocks || (apart >= -SLACK_S && apart <= SLACK_S);
}

/* §5.11: a lease that is over ends, whoever's turn it is to say so. */
static bool overdue(const struct sim *k, int server, const struct fo_binding *b)
{
    return b->status == FO_STATUS_ACTIVE &&
           world_now(&k->w, server).utc.s > fo_utc_add(b->lease_expiration, 180).s;
}

static bool equal(struct sim *k, const struct sim_pair *p, fo_ipv4_t address,
                  struct fo_binding out[SIDES])
{
    for (int i = 0; i < SIDES; i++)
        out[i] = sim_binding(k, p, i, address);
    for (int i = 0; i < SIDES; i++)
        if (overdue(k, p->server[i], &out[i]))
            return false;
    if (out[0].status != out[1].status || out[0].status == FO_STATUS_EXPIRED ||
        out[0].status == FO_STATUS_RELEASED || out[0].status == FO_STATUS_RESET)
        return false;
    return out[0].status != FO_STATUS_ACTIVE ||
           (sim_same_client(k, &out[0].client, &out[1].client) && same_end(k, p, out));
}

/* The first address that the two do not have alike; |say|: in words. */
static bool differ(struct sim *k, const struct sim_pair *p, bool say)
{
    for (unsigned scope = 0; scope < 1u + p->has_second; scope++)
        for (unsigned i = 0; i < ADDRESSES; i++) {
            struct fo_binding b[SIDES];
            char one[240], two[240];
            if (equal(k, p, sim_address(k, p, scope, i), b))
                continue;
            if (say)
                sim_broken(k, "%s: equal stores in time: %s | %s", p->name,
                           fo_binding_print(&b[0], one, sizeof one),
                           fo_binding_print(&b[1], two, sizeof two));
            return true;
        }
    return false;
}

static bool any_differ(struct sim *k, bool say)
{
    for (int n = 0; n < k->pairs; n++)
        if (differ(k, &k->pair[n], say))
            return true;
    return false;
}

/* A disk that went back unnoticed: what the partner thinks acknowledged is not there. The operator
 * who finds out has each ask for everything. */
static void ask_for_everything(struct sim *k)
{
    for (int n = 0; n < k->pairs; n++)
        for (int i = 0; i < SIDES && k->pair[n].went_back; i++) {
            (void)world_command_to(&k->w, k->pair[n].server[i], k->pair[n].name, FO_COMMAND_RESYNC);
            sim_pass(k, MINUTES(1));
        }
}

/* Equal they may be later only by a lease that one side knows to end earlier than the other does:
 * its client left and came back while the other could not hear it. That ends by the later time
 * (§7.1.5), and an end that was refused as too early is told again a quarter of an hour later. */
static void become_equal(struct sim *k)
{
    int64_t end = k->w.now_ms + MINUTES(45) + sim_scaled(k, 2700) + 2 * k->steps_ms +
                  SECONDS((int64_t)longest_mclt_s(k));
    while (k->w.now_ms < end && k->broken[0] == '\0' && any_differ(k, false))
        sim_pass(k, sim_scaled(k, 5));
    (void)any_differ(k, true);
}

/* --- balanced pools -----------------------------------------------------------------------------
 */

static bool balanced(struct sim *k, const struct sim_pair *p, unsigned scope,
                     struct fo_pool_count *out)
{
    struct fo_server *s = k->w.side[p->server[0]].server;
    const struct fo_relationship *r = fo_server_relationship_find(s, p->name);
    struct fo_scope_counts c;
    const struct fo_dialect *d = fo_dialect_get(r->dialect);
    struct fo_pool_threshold threshold = {d->pool_percent, d->pool_addresses};
    unsigned share = d->even_pools ? 50 : fo_relationship_secondary_share(r);
    int64_t move;
    fo_lease_db_counts(fo_server_leases(s), sim_subnet(k, p, scope), &c);
    *out = (struct fo_pool_count){c.by_status[FO_STATUS_FREE], c.by_status[FO_STATUS_BACKUP]};
    move = fo_pool_move(*out, share, threshold);
    /* Reserved addresses count but do not move. */
    return move >= -RESERVATIONS && move <= RESERVATIONS;
}

static void become_balanced(struct sim *k)
{
    int64_t end = k->w.now_ms + MINUTES(5);
    for (int n = 0; n < k->pairs; n++)
        for (unsigned scope = 0; scope < 1u + k->pair[n].has_second; scope++) {
            struct fo_pool_count c;
            while (!balanced(k, &k->pair[n], scope, &c) && k->w.now_ms < end &&
                   k->broken[0] == '\0')
                sim_pass(k, SECONDS(10));
            if (!balanced(k, &k->pair[n], scope, &c))
                sim_broken(k, "%s: balanced pools: %llu FREE, %llu BACKUP", k->pair[n].name,
                           (unsigned long long)c.free, (unsigned long long)c.backup);
        }
}

void check_settled(struct sim *k)
{
    mend(k);
    if (k->broken[0] == '\0')
        reach_normal(k);
    if (k->broken[0] == '\0')
        ask_for_everything(k);
    if (k->broken[0] == '\0')
        become_equal(k);
    if (k->broken[0] == '\0')
        become_balanced(k);
    check_all(k);
}
