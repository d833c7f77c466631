/* What is on disk: a death loses nothing of it, and it tells what a server may have done since. */
#include "tests/sim/check.h"

static bool same_binding(const struct sim *k, const struct fo_binding *a,
                         const struct fo_binding *b)
{
    return a->status == b->status && a->flags == b->flags &&
           sim_client_of(k, &a->client) == sim_client_of(k, &b->client) &&
           a->lease_expiration.s == b->lease_expiration.s &&
           a->sent_potential_expiration.s == b->sent_potential_expiration.s &&
           a->acked_potential_expiration.s == b->acked_potential_expiration.s &&
           a->received_potential_expiration.s == b->received_potential_expiration.s &&
           a->client_last_transaction.s == b->client_last_transaction.s &&
           a->start_of_state.s == b->start_of_state.s &&
           a->last_partner_update.s == b->last_partner_update.s && a->acked_epoch == b->acked_epoch;
}

/* Calls |visit| for every address of |server|'s pairs. */
static void each_address(struct sim *k, int server,
                         void (*visit)(struct sim *k, const struct sim_pair *p, int side,
                                       fo_ipv4_t address, struct fo_binding *remembered))
{
    for (int n = 0; n < k->pairs; n++)
        for (int side = 0; side < SIDES; side++)
            for (unsigned scope = 0; scope < 1u + k->pair[n].has_second; scope++)
                for (unsigned i = 0; i < ADDRESSES && k->pair[n].server[side] == server; i++)
                    visit(k, &k->pair[n], side, sim_address(k, &k->pair[n], scope, i),
                          &k->remembered[n][scope][i]);
}

static void remember(struct sim *k, const struct sim_pair *p, int side, fo_ipv4_t address,
                     struct fo_binding *remembered)
{
    unsigned n;
    *remembered = sim_binding(k, p, side, address);
    n = sim_client_of(k, &remembered->client);
    remembered->client = n != 0 ? sim_client(k, n - 1) : (struct fo_client){0}; /* outlives it */
}

static void compare(struct sim *k, const struct sim_pair *p, int side, fo_ipv4_t address,
                    struct fo_binding *remembered)
{
    struct fo_binding after = sim_binding(k, p, side, address);
    char one[240], two[240];
    if (!same_binding(k, remembered, &after))
        sim_broken(k, "kill -9 loses nothing: %s side %d had %s and has %s", p->name, side,
                   fo_binding_print(remembered, one, sizeof one),
                   fo_binding_print(&after, two, sizeof two));
}

/* §9.2: what an endpoint goes by. Its state may be the one that PAUSED or SHUTDOWN resume. */
static bool same_record(const struct fo_endpoint_record *a, const struct fo_endpoint_record *b)
{
    bool stopped = a->state == FO_STATE_PAUSED || a->state == FO_STATE_SHUTDOWN;
    return b->state == (stopped ? a->resume : a->state) && a->partner_state == b->partner_state &&
           a->partner_since.s == b->partner_since.s && a->mclt_s == b->mclt_s &&
           a->mclt_longest_s == b->mclt_longest_s && a->update_epoch == b->update_epoch &&
           a->virgin == b->virgin && a->lost_storage == b->lost_storage &&
           a->scopes_unheard == b->scopes_unheard &&
           a->contact_since_down == b->contact_since_down && a->down_since.s == b->down_since.s;
}

/* The record of |server| in |p|; NULL: it has none. */
static const struct fo_endpoint_record *record(const struct sim *k, const struct sim_pair *p,
                                               int server)
{
    bool takes_part = p->server[0] == server || p->server[1] == server;
    const struct fo_endpoint *ep =
        takes_part ? fo_endpoint_find(k->w.side[server].server, p->name) : NULL;
    return ep != NULL ? &ep->rec : NULL;
}

void check_remember(struct sim *k, int server)
{
    each_address(k, server, remember);
    for (int n = 0; n < k->pairs; n++) {
        const struct fo_endpoint_record *r = record(k, &k->pair[n], server);
        k->remembered_record[n] = r != NULL ? *r : (struct fo_endpoint_record){0};
    }
}

void check_remembered(struct sim *k, int server)
{
    if (!k->w.side[server].alive)
        return;
    each_address(k, server, compare);
    for (int n = 0; n < k->pairs; n++) {
        const struct fo_endpoint_record *was = &k->remembered_record[n];
        const struct fo_endpoint_record *is = record(k, &k->pair[n], server);
        if (is != NULL && was->state != FO_STATE_NONE && !same_record(was, is))
            sim_broken(k,
                       "kill -9 loses nothing: %s: server %d was in %s and resumes %s, or forgot "
                       "something else",
                       k->pair[n].name, server, fo_state_name(was->state),
                       fo_state_name(is->state));
    }
}

/* §9.3.2 step 5, §9.6.2: what the waits of a server that died are counted from. Clocks that are set
 * leave it behind until the next heartbeat. */
void check_operational(struct sim *k, int server, fo_ipv4_t address)
{
    const struct fo_endpoint *ep = fo_endpoint_of_address(k->w.side[server].server, address);
    fo_utc_t now = world_now(&k->w, server).utc;
    if (ep == NULL || k->clocks || (!ep->rec_dirty && ep->rec.operational_until.s >= now.s))
        return;
    sim_broken(k, "operational: %s: server %d serves, and its disk says until %lld s ago",
               ep->r.name, server, (long long)now.s - ep->rec.operational_until.s);
}
