#include "tests/sim/check.h"

#include <stdlib.h>
#include <string.h>

/* What depends on both clocks may be off by as much as they went wrong meanwhile, and by as much as
 * their measured difference was ever behind the true one. */
static int64_t slack_ms(const struct sim *k, const struct sim_pair *p, int64_t wrong_ms)
{
    return SECONDS(SLACK_S) + sim_clock_wrong(k, p) - wrong_ms + (k->clocks ? p->behind_ms : 0);
}

/* Whether the servers cannot tell which came first: the client gave the address back to one and got
 * it again from the other within what their clocks went wrong since. */
static bool order_is_lost(const struct sim *k, const struct sim_client *c)
{
    const struct sim_pair *p = &k->pair[c->pair];
    return k->clocks && c->apart_ms <= slack_ms(k, p, c->wrong_ms);
}

static void look_at_clocks(struct sim *k, struct sim_pair *p)
{
    int64_t utc[SIDES];
    for (int i = 0; i < SIDES; i++)
        utc[i] = (int64_t)world_now(&k->w, p->server[i]).utc.s;
    for (int i = 0; i < SIDES; i++) {
        const struct world_side *s = &k->w.side[p->server[i]];
        const struct fo_endpoint *ep = s->alive ? fo_endpoint_find(s->server, p->name) : NULL;
        int64_t behind;
        if (ep == NULL || !ep->comms_ok)
            continue;
        behind = SECONDS(llabs(utc[i] - utc[!i] - ep->clock_delta_s));
        if (behind > p->behind_ms)
            p->behind_ms = behind;
    }
}

/* --- 1. one address, one client -----------------------------------------------------------------
 */

static void check_two(struct sim *k, unsigned a, unsigned b)
{
    const struct sim_client *x = &k->client[a], *y = &k->client[b];
    const struct sim_pair *p = &k->pair[x->pair];
    int64_t since = x->wrong_ms < y->wrong_ms ? x->wrong_ms : y->wrong_ms;
    int64_t edge = k->w.now_ms + slack_ms(k, p, since);
    if (order_is_lost(k, x) || order_is_lost(k, y))
        return;
    if (x->end_ms > edge && y->end_ms > edge)
        sim_broken(k,
                   "one address, one client: %s .%u.%u is leased to %u (by %d, at %lld, until "
                   "%lld s) and to %u (by %d, at %lld, until %lld s)",
                   p->name, (x->address >> 8) & 0xff, x->address & 0xff, a, x->server,
                   (long long)x->granted_ms / 1000, (long long)x->end_ms / 1000, b, y->server,
                   (long long)y->granted_ms / 1000, (long long)y->end_ms / 1000);
}

static void check_unique(struct sim *k)
{
    for (int n = 0; n < k->pairs; n++) {
        unsigned first = (unsigned)n * CLIENTS;
        for (unsigned a = first; a < first + CLIENTS && !k->pair[n].lied; a++)
            for (unsigned b = a + 1; b < first + CLIENTS && k->client[a].address != 0; b++)
                if (k->client[a].address == k->client[b].address)
                    check_two(k, a, b);
    }
}

/* A server keeps what it granted, whatever it was told since: unless that was a DECLINE which the
 * partner heard (Figure 7.1.3-1). */
static void check_kept(struct sim *k)
{
    for (unsigned n = 0; n < (unsigned)k->pairs * CLIENTS; n++) {
        const struct sim_client *c = &k->client[n];
        const struct sim_pair *p = &k->pair[c->pair];
        int side = p->server[0] == c->server ? 0 : 1;
        struct fo_client who = sim_client(k, n);
        struct fo_binding b;
        if (c->address == 0 || c->by_hand || p->lied || p->losing || order_is_lost(k, c) ||
            sim_state(k, p, side) == FO_STATE_NONE ||
            c->end_ms <= k->w.now_ms + slack_ms(k, p, c->wrong_ms))
            continue;
        b = sim_binding(k, p, side, c->address);
        if (b.status != FO_STATUS_ABANDONED &&
            (b.status != FO_STATUS_ACTIVE || !sim_same_client(k, &b.client, &who)))
            sim_broken(k, "kept: %s side %d granted .%u to %u until %lld s and has it %s", p->name,
                       side, c->address & 0xff, n, (long long)c->end_ms / 1000,
                       fo_binding_status_name(b.status));
    }
}

/* --- 2. MCLT ------------------------------------------------------------------------------------
 */

int64_t check_true_ms(const struct sim *k, const struct sim_pair *p, int side, fo_utc_t t)
{
    struct fo_now now = world_now(&k->w, p->server[side]);
    return t.s == 0 ? 0 : k->w.now_ms + SECONDS((int64_t)t.s - (int64_t)now.utc.s);
}

/* Until when the partner, left alone, would keep the address for this client; MCLT not added. */
static int64_t reckoned_ms(struct sim *k, const struct sim_pair *p, int side,
                           const struct fo_report *r)
{
    struct fo_binding b = sim_binding(k, p, side, r->address);
    const fo_utc_t times[] = {b.lease_expiration, b.sent_potential_expiration,
                              b.acked_potential_expiration, b.received_potential_expiration};
    int64_t latest = k->w.now_ms;
    for (size_t i = 0; i < 4 && sim_same_client(k, &b.client, &r->client); i++)
        if (check_true_ms(k, p, side, times[i]) > latest)
            latest = check_true_ms(k, p, side, times[i]);
    return latest;
}

/* By the server's own record, to the second (§5.2.1, §7.1.5; L-02). */
static void check_limit(struct sim *k, const struct sim_pair *p, int side,
                        const struct fo_report *r, const struct fo_binding *b)
{
    fo_utc_t limit = world_now(&k->w, p->server[side]).utc;
    if (sim_same_client(k, &b->client, &r->client)) {
        limit = fo_utc_max(limit, b->acked_potential_expiration);
        limit = fo_utc_max(limit, b->received_potential_expiration);
    }
    if (r->lease_end.s > fo_utc_add(limit, p->mclt_longest_s).s)
        sim_broken(k, "MCLT: %s side %d grants .%u for %u s beyond what is acknowledged", p->name,
                   side, r->address & 0xff, r->lease_end.s - limit.s);
}

/* §9, typed from there: what the engine believes of its states is not asked. */
static bool serves_new(enum fo_state s)
{
    return s == FO_STATE_NORMAL || s == FO_STATE_COMMUNICATIONS_INTERRUPTED ||
           s == FO_STATE_RESOLUTION_INTERRUPTED || s == FO_STATE_CONFLICT_DONE ||
           s == FO_STATE_PARTNER_DOWN;
}

void check_grant(struct sim *k, struct sim_pair *p, int side, const struct fo_report *r)
{
    struct fo_binding ours = sim_binding(k, p, side, r->address);
    enum fo_state state = sim_state(k, p, side);
    int64_t end = check_true_ms(k, p, side, r->lease_end), base;
    if (!serves_new(state) && state != FO_STATE_RECOVER_DONE)
        sim_broken(k, "%s side %d grants in %s", p->name, side, fo_state_name(state));
    check_taken(k, p, side, r, &ours);
    check_return(k, p, side, r, &ours);
    check_limit(k, p, side, r, &ours);
    check_asked(k, p, side, r);
    if (state == FO_STATE_PARTNER_DOWN || p->lied || p->losing)
        return; /* the partner is gone; what it reckons with will be corrected by RECOVER */
    base = reckoned_ms(k, p, !side, r);
    if (end > base + SECONDS((int64_t)p->mclt_longest_s) + slack_ms(k, p, 0))
        sim_broken(k,
                   "MCLT: %s side %d grants .%u in %s for %lld s, %lld s more than the partner "
                   "reckons with",
                   p->name, side, r->address & 0xff, fo_state_name(state),
                   (long long)(end - k->w.now_ms) / 1000,
                   (long long)(end - base) / 1000 - p->mclt_longest_s);
}

/* --- 3. what was acknowledged is there ----------------------------------------------------------
 */

static void acked(struct sim *k, int server, uint64_t token)
{
    fo_ipv4_t address = (fo_ipv4_t)(token >> 32);
    unsigned n = (uint32_t)token - 1;
    const struct sim_client *c = &k->client[n];
    const struct sim_pair *p = &k->pair[c->pair];
    int partner = p->server[0] == server ? 1 : 0;
    struct fo_client who = sim_client(k, n);
    struct fo_binding b;
    k->totals.acked++;
    if (c->address != address || c->server != server || p->losing || p->lied ||
        c->end_ms <= k->w.now_ms + slack_ms(k, p, c->wrong_ms))
        return; /* something later happened to it */
    b = sim_binding(k, p, partner, address);
    if (!sim_same_client(k, &b.client, &who) || b.status != FO_STATUS_ACTIVE ||
        check_true_ms(k, p, partner, b.lease_expiration) < c->end_ms - slack_ms(k, p, c->wrong_ms))
        sim_broken(k,
                   "acknowledged: %s .%u, of client %u until %lld s, is acked to %d, but the "
                   "partner has it %s until %lld s (slack %lld ms)",
                   p->name, address & 0xff, n, (long long)c->end_ms / 1000, server,
                   fo_binding_status_name(b.status),
                   (long long)check_true_ms(k, p, partner, b.lease_expiration) / 1000,
                   (long long)slack_ms(k, p, c->wrong_ms));
}

void check_token(void *context, int server, enum fo_effect_kind kind, uint64_t token)
{
    struct sim *k = context;
    if (kind == FO_EFFECT_ACKED) {
        acked(k, server, token);
        return;
    }
    k->durable_token = token;
    check_operational(k, server, (fo_ipv4_t)(token >> 32));
}

/* --- 4. states and pools ------------------------------------------------------------------------
 */

static void check_pools(struct sim *k, const struct sim_pair *p)
{
    struct fo_client stranger = world_client(5000);
    if (p->lied || sim_state(k, p, 0) == FO_STATE_NONE || sim_state(k, p, 1) == FO_STATE_NONE ||
        p->state[0] == FO_STATE_PARTNER_DOWN || p->state[1] == FO_STATE_PARTNER_DOWN)
        return;
    for (unsigned scope = 0; scope < 1u + p->has_second; scope++)
        for (unsigned i = 0; i < ADDRESSES; i++) {
            fo_ipv4_t address = sim_address(k, p, scope, i);
            bool gives = true;
            for (int side = 0; side < SIDES && gives; side++)
                gives = fo_server_may_give(k->w.side[p->server[side]].server, address, &stranger,
                                           world_now(&k->w, p->server[side]), NULL,
                                           0) == FO_ANSWER_SERVE;
            if (gives)
                sim_broken(k, "pools are disjoint: %s: both servers would give .%u.%u", p->name,
                           (address >> 8) & 0xff, address & 0xff);
        }
}

static void check_states(struct sim *k, const struct sim_pair *p)
{
    for (int i = 0; i < SIDES && !p->lied; i++) {
        /* A clock that was set back makes of a take-over a conflict (§9.3.2 step 5). */
        bool conflict = k->clocks && p->state[!i] == FO_STATE_RESOLUTION_INTERRUPTED;
        if (p->state[i] == FO_STATE_PARTNER_DOWN && serves_new(p->state[!i]) && !conflict)
            sim_broken(k, "state pairs: %s side %d is in PARTNER-DOWN, the other serves in %s",
                       p->name, i, fo_state_name(p->state[!i]));
        if (p->state[i] == FO_STATE_CONFLICT_DONE && i != 0)
            sim_broken(k, "state pairs: %s: a secondary is in CONFLICT-DONE", p->name);
    }
}

static void check_exit(struct sim *k, const struct sim_pair *p, int side)
{
    struct fo_endpoint_status st;
    const struct world_side *s = &k->w.side[p->server[side]];
    if (fo_server_status(s->server, p->name, world_now(&k->w, p->server[side]), &st) != FO_OK)
        return;
    if (st.state_exit[0] == '\0' || (st.state != FO_STATE_STARTUP && st.state_cause[0] == '\0'))
        sim_broken(k, "%s side %d cannot say why it is in %s or what ends it", p->name, side,
                   fo_state_name(st.state));
}

static void state_is(struct sim *k, struct sim_pair *p, int side, enum fo_state s)
{
    bool stopped = s == FO_STATE_PAUSED || s == FO_STATE_SHUTDOWN;
    p->state[side] = s;
    if (s == FO_STATE_NONE)
        return;
    check_exit(k, p, side);
    if (!stopped) /* also where it failed: a restart resumes (§9.13.2) */
        p->stopped_since[side] = 0;
    if (!stopped && s != FO_STATE_STARTUP) /* those keep what came before */
        p->took_over[side] = s == FO_STATE_PARTNER_DOWN;
    if (s == FO_STATE_PARTNER_DOWN && p->safe_period_s != FO_SAFE_PERIOD_NEVER &&
        sim_idle_since(k, p, !side) == 0 && !p->lied) {
        p->lied = true; /* §10: never correct if the partner is alive */
        fault_count(k, FAULT_FALSE_DOWN);
    }
}

/* A store that was lost is made good once both are in NORMAL again. */
static void look_at_pair(struct sim *k, struct sim_pair *p)
{
    look_at_clocks(k, p);
    for (int i = 0; i < SIDES; i++) {
        enum fo_state s = sim_state(k, p, i);
        if (s != p->state[i])
            state_is(k, p, i, s);
        if (s != FO_STATE_NONE)
            p->heard[i] =
                fo_endpoint_find(k->w.side[p->server[i]].server, p->name)->rec.partner_state;
    }
    if (p->losing && p->state[0] == FO_STATE_NORMAL && p->state[1] == FO_STATE_NORMAL)
        p->losing = k->server[p->server[0]].empty || k->server[p->server[1]].empty;
}

void check_started(struct sim *k, int server)
{
    for (int n = 0; n < k->pairs; n++)
        if (k->pair[n].server[0] == server || k->pair[n].server[1] == server)
            look_at_pair(k, &k->pair[n]);
}

void check_all(struct sim *k)
{
    client_look_at_hand_made(k);
    check_unique(k);
    check_kept(k);
    for (int n = 0; n < k->pairs; n++) {
        look_at_pair(k, &k->pair[n]);
        check_pools(k, &k->pair[n]);
        check_states(k, &k->pair[n]);
    }
}

/* --- after every batch --------------------------------------------------------------------------
 */

/* Figure 5.11-1 as it looks at one server from batch to batch, typed from it: the receiver of
 * EXPIRED, RELEASED and RESET stores FREE, and what it missed in between it does not see. */
#define B(s) (1u << FO_STATUS_##s)
static const unsigned moves[FO_STATUS_COUNT] = {
    [FO_STATUS_FREE] = B(ACTIVE) | B(BACKUP) | B(ABANDONED) | B(RESET),
    [FO_STATUS_BACKUP] = B(ACTIVE) | B(FREE) | B(ABANDONED) | B(RESET),
    [FO_STATUS_ACTIVE] = B(EXPIRED) | B(RELEASED) | B(ABANDONED) | B(RESET) | B(FREE) | B(BACKUP),
    [FO_STATUS_EXPIRED] = B(FREE) | B(BACKUP) | B(ACTIVE) | B(RELEASED) | B(ABANDONED) | B(RESET),
    [FO_STATUS_RELEASED] = B(FREE) | B(BACKUP) | B(ACTIVE) | B(ABANDONED) | B(RESET),
    [FO_STATUS_RESET] = B(FREE) | B(BACKUP) | B(ACTIVE) | B(ABANDONED),
    [FO_STATUS_ABANDONED] = B(RESET) | B(FREE) | B(BACKUP),
};

static void check_moves(struct sim *k, struct sim_pair *p, int side)
{
    struct fo_server *s = k->w.side[p->server[side]].server;
    for (unsigned scope = 0; scope < 1u + p->has_second; scope++)
        for (unsigned i = 0; i < ADDRESSES; i++) {
            fo_ipv4_t address = sim_address(k, p, scope, i);
            uint8_t *seen = &p->status[side][scope][i], was = *seen;
            struct fo_binding b = {0};
            if (fo_lease_db_get(fo_server_leases(s), address, &b) != FO_OK)
                b.status = FO_STATUS_NONE;
            *seen = b.status;
            if (p->status_known[side])
                check_times(k, p, side, p->holder[side][scope][i], &b,
                            &p->talk[side].heard[scope][i]);
            if (b.status != FO_STATUS_ACTIVE && b.status != FO_STATUS_EXPIRED &&
                b.status != FO_STATUS_RELEASED)
                p->end_told_ms[side][scope][i] = 0;
            p->holder[side][scope][i] = sim_client_of(k, &b.client);
            check_end(k, p, side, p->status_known[side] ? was : FO_STATUS_NONE, &b,
                      &p->promised[side][scope][i]);
            check_ahead(k, p, side, &b, p->asked_ms[scope][i]);
            if (p->status_known[side] && was != FO_STATUS_NONE && b.status != FO_STATUS_NONE &&
                was != b.status && (moves[was] & (1u << b.status)) == 0)
                sim_broken(k, "bindings: %s side %d moved .%u.%u from %s to %s", p->name, side,
                           scope, address & 0xff, fo_binding_status_name(was),
                           fo_binding_status_name(b.status));
        }
    p->status_known[side] = true;
}

void check_batch(void *context, int server, bool leases_changed)
{
    struct sim *k = context;
    for (int n = 0; n < k->pairs; n++) {
        struct sim_pair *p = &k->pair[n];
        look_at_pair(k, p);
        for (int side = 0; side < SIDES && leases_changed; side++)
            if (p->server[side] == server)
                check_moves(k, p, side);
        if (leases_changed && (p->server[0] == server || p->server[1] == server))
            check_known(k, p);
    }
}
