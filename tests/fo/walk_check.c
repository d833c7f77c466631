#include <stdio.h>
#include <string.h>

#include "tests/fo/walk.h"

/* Times on the wire are whole seconds, and a difference of two seconds between the clocks is not
 * corrected: what depends on both clocks may be off by this much. */
#define SLACK_S 5

/* --- 1. one address, one client ----------------------------------------------------------------
 */

static void check_unique(struct walk *k)
{
    for (unsigned a = 0; a < WALK_CLIENTS; a++)
        for (unsigned b = a + 1; b < WALK_CLIENTS; b++) {
            const struct walk_client *x = &k->client[a], *y = &k->client[b];
            int64_t edge = k->w.now_ms + SECONDS(SLACK_S);
            if (x->address != 0 && x->address == y->address && x->end_ms > edge && y->end_ms > edge)
                walk_broken(k,
                            "one address, one client: .%u is leased to %u (by %d, at %lld, until "
                            "%lld s) and to %u (by %d, at %lld, until %lld s)",
                            x->address & 0xff, a, x->server, (long long)x->granted_ms / 1000,
                            (long long)x->end_ms / 1000, b, y->server,
                            (long long)y->granted_ms / 1000, (long long)y->end_ms / 1000);
        }
}

/* --- 2. MCLT ------------------------------------------------------------------------------------
 */

static int64_t true_s(const struct walk *k, int side, fo_utc_t t)
{
    return t.s == 0 ? 0 : (int64_t)t.s - k->w.side[side].clock_offset_s;
}

/* Until when the partner, left alone, would keep the address for this client; MCLT not added. */
static int64_t reckoned_s(struct walk *k, int partner, const struct fo_report *r)
{
    struct fo_binding b = world_binding(&k->w, partner, r->address);
    int64_t latest = true_s(k, partner, b.lease_expiration);
    if (!fo_client_equal(&b.client, &r->client))
        return 0;
    if (true_s(k, partner, b.sent_potential_expiration) > latest)
        latest = true_s(k, partner, b.sent_potential_expiration);
    if (true_s(k, partner, b.acked_potential_expiration) > latest)
        latest = true_s(k, partner, b.acked_potential_expiration);
    if (true_s(k, partner, b.received_potential_expiration) > latest)
        latest = true_s(k, partner, b.received_potential_expiration);
    return latest;
}

void walk_check_grant(struct walk *k, int side, const struct fo_report *r)
{
    int64_t now = WORLD_UTC + k->w.now_ms / 1000;
    int64_t end = true_s(k, side, r->lease_end);
    int64_t base = reckoned_s(k, !side, r);
    struct fo_binding ours = world_binding(&k->w, side, r->address);
    struct fo_binding theirs = world_binding(&k->w, !side, r->address);
    char one[240], two[240];
    if (world_state(&k->w, side) == FO_STATE_PARTNER_DOWN || k->lied)
        return; /* the partner is gone; what it reckons with will be corrected by RECOVER */
    if (base < now)
        base = now;
    if (end > base + k->mclt_s + SLACK_S)
        walk_broken(k,
                    "MCLT: %d grants .%u in %s for %lld s, %lld s more than the partner reckons "
                    "with: %s | %s",
                    side, r->address & 0xff, fo_state_name(world_state(&k->w, side)),
                    (long long)(end - now), (long long)(end - base - k->mclt_s),
                    fo_binding_print(&ours, one, sizeof one),
                    fo_binding_print(&theirs, two, sizeof two));
}

/* --- 3. what was acknowledged is there ----------------------------------------------------------
 */

void walk_check_token(void *context, int side, enum fo_effect_kind kind, uint64_t token)
{
    struct walk *k = context;
    fo_ipv4_t address = (fo_ipv4_t)(token >> 32);
    const struct walk_client *c = &k->client[(uint32_t)token - 1];
    struct fo_client who = world_client((uint32_t)token - 1);
    struct fo_binding b = world_binding(&k->w, !side, address);
    if (kind != FO_EFFECT_ACKED)
        return;
    k->acked++;
    if (c->address != address || c->server != side || c->end_ms <= k->w.now_ms)
        return; /* something later happened to it */
    if (!fo_client_equal(&b.client, &who) || b.status != FO_STATUS_ACTIVE ||
        true_s(k, !side, b.lease_expiration) < WORLD_UTC + c->end_ms / 1000 - SLACK_S)
        walk_broken(k, "acknowledged: .%u is acked to %d but the partner has it %s until %lld",
                    address & 0xff, side, fo_binding_status_name(b.status),
                    (long long)true_s(k, !side, b.lease_expiration) - WORLD_UTC);
}

static bool same_binding(const struct fo_binding *a, const struct fo_binding *b)
{
    return a->status == b->status && a->flags == b->flags &&
           (fo_client_equal(&a->client, &b->client) ||
            (!fo_client_known(&a->client) && !fo_client_known(&b->client))) &&
           a->lease_expiration.s == b->lease_expiration.s &&
           a->sent_potential_expiration.s == b->sent_potential_expiration.s &&
           a->acked_potential_expiration.s == b->acked_potential_expiration.s &&
           a->received_potential_expiration.s == b->received_potential_expiration.s &&
           a->client_last_transaction.s == b->client_last_transaction.s &&
           a->start_of_state.s == b->start_of_state.s && a->acked_epoch == b->acked_epoch;
}

void walk_check_restart(struct walk *k, int side)
{
    struct fo_binding before[WALK_ADDRESSES];
    for (unsigned i = 0; i < WALK_ADDRESSES; i++)
        before[i] = world_binding(&k->w, side, ADDRESS(10 + i));
    world_start(&k->w, side);
    for (unsigned i = 0; i < WALK_ADDRESSES; i++) {
        struct fo_binding after = world_binding(&k->w, side, ADDRESS(10 + i));
        char one[240], two[240];
        if (!same_binding(&before[i], &after))
            walk_broken(k, "kill -9 loses nothing: side %d had %s and has %s", side,
                        fo_binding_print(&before[i], one, sizeof one),
                        fo_binding_print(&after, two, sizeof two));
    }
}

/* --- 4. pools and states -------------------------------------------------------------------------
 */

static bool gives(struct walk *k, int side, fo_ipv4_t address, const struct fo_client *stranger)
{
    return fo_server_may_give(k->w.side[side].server, address, stranger, world_now(&k->w, side),
                              NULL, 0) == FO_ANSWER_SERVE;
}

static void check_pools(struct walk *k)
{
    struct fo_client stranger = world_client(5000);
    if (!k->w.side[0].alive || !k->w.side[1].alive ||
        world_state(&k->w, 0) == FO_STATE_PARTNER_DOWN ||
        world_state(&k->w, 1) == FO_STATE_PARTNER_DOWN)
        return;
    for (unsigned i = 0; i < WALK_ADDRESSES; i++)
        if (gives(k, 0, ADDRESS(10 + i), &stranger) && gives(k, 1, ADDRESS(10 + i), &stranger))
            walk_broken(k, "pools are disjoint: both servers would give .%u", 10 + i);
}

/* Whether |a| may be seen while the partner is in PARTNER-DOWN: not one that gives addresses. */
static bool serves_new(enum fo_state s)
{
    return s == FO_STATE_NORMAL || s == FO_STATE_COMMUNICATIONS_INTERRUPTED ||
           s == FO_STATE_RESOLUTION_INTERRUPTED || s == FO_STATE_CONFLICT_DONE ||
           s == FO_STATE_PARTNER_DOWN;
}

static void check_states(struct walk *k)
{
    enum fo_state s[SIDES] = {world_state(&k->w, 0), world_state(&k->w, 1)};
    for (int i = 0; i < SIDES; i++) {
        if (s[i] == FO_STATE_PARTNER_DOWN && serves_new(s[!i]))
            walk_broken(k, "state pairs: side %d is in PARTNER-DOWN, the other serves in %s", i,
                        fo_state_name(s[!i]));
        if (s[i] == FO_STATE_CONFLICT_DONE && i != 0)
            walk_broken(k, "state pairs: a secondary is in CONFLICT-DONE");
    }
}

/* Start-up, a pause and death keep what came before. */
static void look_who_serves(struct walk *k)
{
    for (int i = 0; i < SIDES; i++) {
        enum fo_state s = world_state(&k->w, i);
        if (k->stopped[i] && s != FO_STATE_NONE && s != FO_STATE_PAUSED &&
            s != FO_STATE_SHUTDOWN) { /* it failed, and a restart resumes (§9.13.2) */
            k->stopped[i] = false;
            k->idle_since[i] = 0;
        }
        if (s != FO_STATE_NONE && s != FO_STATE_STARTUP && s != FO_STATE_PAUSED &&
            s != FO_STATE_SHUTDOWN)
            k->took_over[i] = s == FO_STATE_PARTNER_DOWN;
    }
}

void walk_check(struct walk *k)
{
    look_who_serves(k);
    walk_look_at_hand_made(k);
    if (!k->lied) {
        check_unique(k);
        check_pools(k);
        check_states(k);
    }
}
