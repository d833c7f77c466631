#include "tests/fo/walk.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define NAME "alpha"

/* splitmix64: every seed, also 0, gives a good sequence. */
static uint64_t next_random(struct walk *k)
{
    uint64_t z = (k->random += 0x9e3779b97f4a7c15u);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
}

uint32_t walk_below(struct walk *k, uint32_t n)
{
    return (uint32_t)(next_random(k) % n);
}

void walk_broken(struct walk *k, const char *format, ...)
{
    va_list args;
    if (k->broken[0] != '\0')
        return;
    va_start(args, format);
    vsnprintf(k->broken, sizeof k->broken, format, args);
    va_end(args);
}

/* --- the beginning -----------------------------------------------------------------------------
 */

static uint32_t chosen_mclt_s;
static enum fo_dialect_name chosen_dialect;

static void tweak(struct fo_relationship *r)
{
    r->mclt_s = chosen_mclt_s;
    r->dialect = chosen_dialect;
}

void walk_init(struct walk *k, uint64_t seed)
{
    static const int32_t offsets[] = {0, 0, 1, -2, 3, 20, -45, 50};
    memset(k, 0, sizeof *k);
    k->seed = k->random = seed;
    world_init(&k->w);
    k->w.token_context = k;
    k->w.tolerance_s = 5; /* the measured difference of clocks */
    k->w.on_token = walk_check_token;
    k->liar = walk_below(k, 5) == 0;
    k->mclt_s = chosen_mclt_s = 120 + walk_below(k, 240);
    k->w.side[1].clock_offset_s = offsets[walk_below(k, 8)];
    k->w.delay_ms = 1 + walk_below(k, 200);
    for (int i = 0; i < SIDES; i++) {
        world_scope(&k->w, i, 10, 10 + WALK_ADDRESSES - 1);
        chosen_dialect = walk_below(k, 4) == 0 ? FO_DIALECT_ISC : FO_DIALECT_DRAFT;
        if (world_pair(&k->w, i, NAME, tweak) != ERROR_SUCCESS)
            walk_broken(k, "the relationship could not be made");
    }
    if (!world_until(&k->w, FO_STATE_NORMAL, FO_STATE_NORMAL, MINUTES(3)))
        walk_broken(k, "two virgin servers did not reach NORMAL");
}

void walk_fini(struct walk *k)
{
    world_fini(&k->w);
}

/* --- clients -----------------------------------------------------------------------------------
 */

static void answered(struct walk *k, struct walk_client *c, int side, const struct fo_report *r,
                     uint32_t seconds)
{
    walk_check_grant(k, side, r);
    if (!world_report(&k->w, side, r))
        return; /* no commit, no answer */
    k->grants++;
    *c = (struct walk_client){r->address,  k->w.now_ms + SECONDS((int64_t)seconds),
                              k->w.now_ms, k->w.now_ms + SECONDS(6),
                              side,        false};
}

static void grant(struct walk *k, unsigned n, int side, fo_ipv4_t address)
{
    struct fo_now now = world_now(&k->w, side);
    struct fo_client who = world_client(n);
    struct fo_report r = {.kind = FO_REPORT_GRANT, .address = address, .client = who};
    uint32_t seconds;
    r.desired_s = 30 + n * 60; /* a lease that shrinks is agreed on late, by its old end (§7.1.5) */
    seconds = fo_server_lease_time(k->w.side[side].server, address, &who, r.desired_s, now);
    if (seconds == 0)
        return;
    r.lease_end = fo_utc_add(now.utc, seconds);
    r.token = ((uint64_t)address << 32) | (n + 1);
    answered(k, &k->client[n], side, &r, seconds);
}

static void ask_new(struct walk *k, unsigned n, int side)
{
    struct fo_server *s = k->w.side[side].server;
    struct fo_client who = world_client(n);
    struct fo_now now = world_now(&k->w, side);
    uint32_t secs = walk_below(k, 20), hold_ms = walk_below(k, 2) * 3000;
    fo_ipv4_t address;
    if (!k->w.side[side].alive ||
        fo_server_may_serve(s, SUBNET, &who, FO_CLIENT_NEW, secs) != FO_ANSWER_SERVE ||
        fo_server_choose(s, SUBNET, &who, 0, hold_ms, now, &address) != FO_OK)
        return;
    if (hold_ms != 0) { /* between OFFER and REQUEST */
        world_run(&k->w, walk_below(k, 2500));
        now = world_now(&k->w, side);
        s = k->w.side[side].server; /* a failed commit may have started it again */
    }
    if (k->w.side[side].alive &&
        fo_server_may_give(s, address, &who, now, NULL, 0) == FO_ANSWER_SERVE)
        grant(k, n, side, address);
}

static void renew(struct walk *k, unsigned n, int side)
{
    struct walk_client *c = &k->client[n];
    struct fo_server *s = k->w.side[side].server;
    struct fo_client who = world_client(n);
    struct fo_now now = world_now(&k->w, side);
    if (!k->w.side[side].alive ||
        fo_server_may_serve(s, SUBNET, &who, FO_CLIENT_RENEW, 0) != FO_ANSWER_SERVE)
        return;
    switch (fo_server_may_give(s, c->address, &who, now, NULL, 0)) {
    case FO_ANSWER_SERVE:
        grant(k, n, side, c->address);
        break;
    case FO_ANSWER_REFUSE:
        c->address = 0; /* NAK */
        break;
    case FO_ANSWER_SILENT:
        break;
    }
}

/* RELEASE goes to the server that granted, DECLINE too; whether it hears or not, the client has
 * done with the address. */
static void leave(struct walk *k, unsigned n, enum fo_report_kind kind)
{
    struct walk_client *c = &k->client[n];
    struct fo_report r = {.kind = kind, .address = c->address, .client = world_client(n)};
    struct fo_server *s = k->w.side[c->server].server;
    c->address = 0;
    c->quiet_ms = k->w.now_ms + SECONDS(6);
    if (k->w.side[c->server].alive &&
        fo_server_may_serve(s, SUBNET, &r.client, FO_CLIENT_RELEASE, 0) == FO_ANSWER_SERVE)
        (void)world_report(&k->w, c->server, &r);
}

static void some_client(struct walk *k)
{
    unsigned n = walk_below(k, WALK_CLIENTS);
    int side = (int)walk_below(k, SIDES);
    struct walk_client *c = &k->client[n];
    if (k->w.now_ms < c->quiet_ms)
        return;
    if (c->address != 0 && c->end_ms <= k->w.now_ms)
        c->address = 0;
    if (c->address == 0) {
        ask_new(k, n, side);
        if (c->address == 0)
            ask_new(k, n, !side);
    } else if (c->by_hand) {
        if (walk_below(k, 8) == 0)
            leave(k, n, FO_REPORT_RELEASE);
    } else if (walk_below(k, 8) == 0) {
        leave(k, n, walk_below(k, 12) == 0 ? FO_REPORT_DECLINE : FO_REPORT_RELEASE);
    } else {
        renew(k, n, walk_below(k, 3) == 0 ? side : c->server);
    }
}

/* --- bad luck ------------------------------------------------------------------------------------
 */

static bool runs(const struct walk *k, int side)
{
    return k->w.side[side].alive && !k->stopped[side];
}

static void revive_process(struct walk *k, int side)
{
    if (!k->w.side[side].alive)
        walk_check_restart(k, side);
    if (k->stopped[side])
        (void)world_command(&k->w, side, FO_COMMAND_RESUME);
    k->stopped[side] = false;
    k->idle_since[side] = 0;
}

/* A server whose partner was told that it is gone comes back only where the two can talk: the
 * operator that said partner-down sees to it (§9.4). */
static void revive(struct walk *k, int side)
{
    if (k->idle_since[side] == 0)
        return;
    if (k->took_over[!side]) {
        if (k->idle_since[!side] != 0)
            revive_process(k, !side);
        world_heal(&k->w);
        world_run(&k->w, SECONDS(15));
        revive_process(k, side);
        for (int i = 0; i < 60 && world_state(&k->w, side) == FO_STATE_STARTUP; i++)
            world_run(&k->w, SECONDS(5));
    } else {
        revive_process(k, side);
    }
}

static void kill_one(struct walk *k, int side)
{
    if (!k->w.side[side].alive)
        return;
    world_kill(&k->w, side);
    if (k->idle_since[side] == 0)
        k->idle_since[side] = k->w.now_ms;
}

static void stop_one(struct walk *k, int side, enum fo_command command)
{
    const struct fo_store_mem_faults none = {0};
    fo_store_mem_set_faults(k->w.side[side].store, &none); /* a restart would resume (§9.13.2) */
    if (!runs(k, side) || world_command(&k->w, side, command) != ERROR_SUCCESS)
        return;
    k->stopped[side] = true;
    k->idle_since[side] = k->w.now_ms;
}

/* Never of a partner that may be alive, and not before its last heartbeat ran out; a liar does. */
static void partner_down(struct walk *k, int side)
{
    bool gone = k->idle_since[!side] != 0 && k->w.now_ms > k->idle_since[!side] + SECONDS(20);
    if (!runs(k, side) || (!k->liar && (!gone || k->took_over[!side])))
        return;
    if (world_command(&k->w, side, FO_COMMAND_PARTNER_DOWN) != ERROR_SUCCESS)
        return;
    k->partner_downs++;
    k->lies += !gone;
    k->lied = k->lied || !gone;
}

static void fail_commits(struct walk *k, int side)
{
    struct fo_store_mem_faults f = {0};
    struct fo_store_fault *which = walk_below(k, 2) == 0 ? &f.commit : &f.put;
    if (!runs(k, side))
        return;
    *which =
        (struct fo_store_fault){(long)walk_below(k, 6), 1, walk_below(k, 2) ? FO_EIO : FO_EFULL};
    fo_store_mem_set_faults(k->w.side[side].store, &f);
}

static bool in_use(const struct walk *k, fo_ipv4_t address)
{
    for (unsigned n = 0; n < WALK_CLIENTS; n++)
        if (k->client[n].address == address && k->client[n].end_ms > k->w.now_ms)
            return true;
    return false;
}

/* The operator looks first: an address can be abandoned at one server and leased at the other. */
static void free_abandoned(struct walk *k, int side)
{
    struct fo_client anybody = {0};
    for (unsigned n = 10; n < 10 + WALK_ADDRESSES; n++) {
        struct fo_report r = {.kind = FO_REPORT_RESET, .address = ADDRESS(n), .client = anybody};
        if (runs(k, side) && !in_use(k, r.address) &&
            world_binding(&k->w, side, ADDRESS(n)).status == FO_STATUS_ABANDONED)
            (void)world_report(&k->w, side, &r);
    }
}

static void some_event(struct walk *k)
{
    uint32_t dice = walk_below(k, 1000);
    int side = (int)walk_below(k, SIDES);
    if (dice < 660)
        some_client(k);
    else if (dice < 680)
        walk_lease_by_hand(k, walk_below(k, WALK_CLIENTS), side);
    else if (dice < 690)
        walk_change_mclt(k, side);
    else if (dice < 700)
        walk_reserve(k);
    else if (dice < 740)
        world_cut(&k->w);
    else if (dice < 800)
        world_heal(&k->w);
    else if (dice < 830)
        kill_one(k, side);
    else if (dice < 900)
        revive(k, side);
    else if (dice < 920)
        fail_commits(k, side);
    else if (dice < 960)
        partner_down(k, side);
    else if (dice < 968)
        stop_one(k, side, FO_COMMAND_PAUSE);
    else if (dice < 976)
        stop_one(k, side, FO_COMMAND_SHUTDOWN);
    else if (dice < 984)
        free_abandoned(k, side);
    else if (dice < 992 && runs(k, side))
        (void)world_command(&k->w, side, FO_COMMAND_BALANCE);
    else if (runs(k, side))
        (void)world_command(&k->w, side, FO_COMMAND_RESYNC);
}

static int64_t some_time(struct walk *k)
{
    uint32_t dice = walk_below(k, 100);
    if (dice < 40)
        return walk_below(k, 300);
    if (dice < 75)
        return walk_below(k, 10000);
    if (dice < 97)
        return walk_below(k, 60000);
    return walk_below(k, 600000);
}

void walk_run(struct walk *k, unsigned events)
{
    for (unsigned i = 0; i < events && k->broken[0] == '\0'; i++) {
        int64_t left;
        k->event++;
        some_event(k);
        walk_check(k);
        /* In pieces, so that what is wrong for a moment only is seen as well. */
        for (left = some_time(k); left > 0 && k->broken[0] == '\0'; left -= 15000) {
            world_run(&k->w, left < 15000 ? left : 15000);
            walk_check(k);
        }
    }
}

/* The longest way to NORMAL: a refused connection is tried again after 60 s, start-up takes 10 s,
 * RECOVER-WAIT takes MCLT from the last sign of life. Equal they may be later only by a lease that
 * one side knows to end earlier than the other does (its client left and came back while the other
 * could not hear it): that ends by the later time (§7.1.5), which is 15 min at most in a walk; an
 * end that was refused as too early is told again a quarter of an hour later. */
void walk_settle(struct walk *k)
{
    const struct fo_store_mem_faults none = {0};
    int64_t bound = SECONDS((int64_t)k->mclt_s) + MINUTES(4);
    for (int i = 0; i < SIDES; i++)
        fo_store_mem_set_faults(k->w.side[i].store, &none);
    world_heal(&k->w);
    for (int i = 0; i < SIDES; i++)
        revive(k, i);
    if (k->broken[0] != '\0')
        return;
    if (!world_until(&k->w, FO_STATE_NORMAL, FO_STATE_NORMAL, bound)) {
        walk_broken(k, "both in NORMAL within MCLT + 4 min of the last fault: %s and %s",
                    fo_state_name(world_state(&k->w, 0)), fo_state_name(world_state(&k->w, 1)));
        return;
    }
    for (int i = 0; i < 540 && world_difference(&k->w) != NULL; i++)
        world_run(&k->w, SECONDS(5));
    if (world_difference(&k->w) != NULL)
        walk_broken(k, "equal databases within 45 min of NORMAL: %s", world_difference(&k->w));
    walk_check(k);
}
