/* Clients: they discover, request, renew, rebind, release, decline, move, reboot and lie. */
#include "tests/sim/check.h"
#include "tests/sim/sim.h"

static unsigned number_of(const struct sim *k, const struct sim_client *c)
{
    return (unsigned)(c - k->client);
}

/* The server's part of a grant, up to the answer: what its loop lets out after the commit. */
static void grant(struct sim *k, struct sim_client *c, int side, fo_ipv4_t address)
{
    struct sim_pair *p = &k->pair[c->pair];
    unsigned n = number_of(k, c);
    int server = p->server[side];
    struct fo_now now = world_now(&k->w, server);
    struct fo_report r = {.kind = FO_REPORT_GRANT, .address = address, .client = sim_client(k, n)};
    bool same = c->address == address;
    int64_t wrong_ms = c->last_address == address ? c->wrong_ms : sim_clock_wrong(k, p);
    uint32_t seconds;
    /* A lease that shrinks is agreed on late, by its old end (§7.1.5): each client asks the same.
     */
    r.desired_s = (30 + n % CLIENTS * 60) * k->scale;
    seconds = fo_server_lease_time(k->w.side[server].server, address, &r.client, r.desired_s, now);
    if (seconds == 0)
        return;
    r.lease_end = fo_utc_add(now.utc, seconds);
    r.token = ((uint64_t)address << 32) | (n + 1);
    check_grant(k, p, side, &r);
    k->durable_token = 0;
    (void)world_report(&k->w, server, &r);
    if (k->durable_token != r.token)
        return; /* it died before the answer left */
    k->totals.grants++;
    k->totals.renewals += same;
    if (!same)
        c->apart_ms = c->last_address == address ? k->w.now_ms - c->left_ms : INT64_MAX;
    c->address = c->last_address = address;
    c->end_ms = k->w.now_ms + SECONDS((int64_t)seconds);
    c->granted_ms = k->w.now_ms;
    c->quiet_ms = k->w.now_ms + SECONDS(6);
    c->wrong_ms = wrong_ms;
    c->server = server;
    c->by_hand = false;
}

/* DISCOVER and REQUEST, with other things happening between the two. */
static void ask_new(struct sim *k, struct sim_client *c, int side, struct roll *r)
{
    struct sim_pair *p = &k->pair[c->pair];
    int server = p->server[side];
    fo_ipv4_t subnet = sim_subnet(k, p, c->scope), address;
    struct fo_client who = sim_client(k, number_of(k, c));
    uint32_t secs = roll_below(r, 20), hold_ms = roll_below(r, 2) * 3000;
    if (!world_runs(&k->w, server) ||
        fo_server_may_serve(k->w.side[server].server, subnet, &who, FO_CLIENT_NEW, secs) !=
            FO_ANSWER_SERVE ||
        fo_server_choose(k->w.side[server].server, subnet, &who, 0, hold_ms,
                         world_now(&k->w, server), &address) != FO_OK)
        return;
    if (hold_ms != 0)
        sim_pass(k, roll_below(r, 2500));
    if (world_runs(&k->w, server) && k->broken[0] == '\0' &&
        fo_server_may_give(k->w.side[server].server, address, &who, world_now(&k->w, server), NULL,
                           0) == FO_ANSWER_SERVE)
        grant(k, c, side, address);
}

/* REQUEST for |address|: of one's own or, of a liar, of anybody's. */
static void request(struct sim *k, struct sim_client *c, int side, fo_ipv4_t address,
                    enum fo_client_message message)
{
    const struct sim_pair *p = &k->pair[c->pair];
    int server = p->server[side];
    struct fo_server *s = k->w.side[server].server;
    struct fo_client who = sim_client(k, number_of(k, c));
    if (!world_runs(&k->w, server) ||
        fo_server_may_serve(s, sim_subnet(k, p, c->scope), &who, message, 0) != FO_ANSWER_SERVE)
        return;
    switch (fo_server_may_give(s, address, &who, world_now(&k->w, server), NULL, 0)) {
    case FO_ANSWER_SERVE:
        grant(k, c, side, address);
        break;
    case FO_ANSWER_REFUSE:
        if (c->address == address)
            c->address = 0; /* NAK */
        break;
    case FO_ANSWER_SILENT:
        break;
    }
}

/* RELEASE goes to the server that granted, DECLINE too; whether it hears or not, the client has
 * done with the address. */
static void leave(struct sim *k, struct sim_client *c, enum fo_report_kind kind)
{
    const struct sim_pair *p = &k->pair[c->pair];
    struct fo_report r = {
        .kind = kind, .address = c->address, .client = sim_client(k, number_of(k, c))};
    struct fo_server *s = k->w.side[c->server].server;
    c->address = 0;
    c->left_ms = k->w.now_ms;
    c->quiet_ms = k->w.now_ms + SECONDS(6);
    if (world_runs(&k->w, c->server) &&
        fo_server_may_serve(s, sim_subnet(k, p, c->scope), &r.client, FO_CLIENT_RELEASE, 0) ==
            FO_ANSWER_SERVE)
        (void)world_report(&k->w, c->server, &r);
}

/* A RELEASE of an address that is another's. */
static void release_anothers(struct sim *k, struct sim_client *c, int side, struct roll *r)
{
    const struct sim_pair *p = &k->pair[c->pair];
    struct fo_report report = {.kind = FO_REPORT_RELEASE};
    report.client = sim_client(k, number_of(k, c));
    report.address = sim_address(k, p, c->scope, roll_below(r, ADDRESSES));
    if (report.address == c->address || !world_runs(&k->w, p->server[side]))
        return;
    if (report.address == c->last_address) /* it was its own before */
        c->left_ms = k->w.now_ms;
    c->quiet_ms = k->w.now_ms + SECONDS(6); /* two in one second have no order (§7.1.3) */
    (void)world_report(&k->w, p->server[side], &report);
}

static void without_lease(struct sim *k, struct sim_client *c, int side, struct roll *r)
{
    const struct sim_pair *p = &k->pair[c->pair];
    uint32_t dice = roll_below(r, 16);
    if (dice == 0) { /* INIT-REBOOT with an address it never had */
        request(k, c, side, sim_address(k, p, c->scope, roll_below(r, ADDRESSES)), FO_CLIENT_NEW);
        return;
    }
    if (dice == 1) {
        release_anothers(k, c, side, r);
        return;
    }
    if (dice == 2 && p->has_second) /* plugged in elsewhere */
        c->scope = !c->scope;
    ask_new(k, c, side, r);
    if (c->address == 0)
        ask_new(k, c, !side, r);
}

static void with_lease(struct sim *k, struct sim_client *c, int side, struct roll *r)
{
    int granted_by = k->pair[c->pair].server[0] == c->server ? 0 : 1;
    uint32_t dice = roll_below(r, 16);
    if (dice == 0)
        leave(k, c, roll_below(r, 6) == 0 ? FO_REPORT_DECLINE : FO_REPORT_RELEASE);
    else if (dice == 1)
        leave(k, c, FO_REPORT_RELEASE);
    else if (dice == 2)
        c->address = 0; /* unplugged: nobody hears of it */
    else if (dice == 3) /* reboots, and remembers */
        request(k, c, side, c->address, FO_CLIENT_NEW);
    else if (dice < 11) /* renews */
        request(k, c, granted_by, c->address, FO_CLIENT_RENEW);
    else /* rebinds: whoever answers */
        request(k, c, side, c->address, FO_CLIENT_RENEW);
}

void client_event(struct sim *k, struct roll *r)
{
    struct sim_client *c = &k->client[roll_below(r, (uint32_t)k->pairs * CLIENTS)];
    int side = (int)roll_below(r, SIDES);
    if (k->w.now_ms < c->quiet_ms)
        return;
    if (c->address != 0 && c->end_ms <= k->w.now_ms)
        c->address = 0;
    if (c->scope != 0 && !k->pair[c->pair].has_second) {
        c->address = 0;
        c->scope = 0;
    }
    if (c->address == 0)
        without_lease(k, c, side, r);
    else if (!c->by_hand)
        with_lease(k, c, side, r);
    else if (roll_below(r, 8) == 0)
        leave(k, c, FO_REPORT_RELEASE);
}

/* An address that each of the two servers would give now, to these two; 0: there is none. */
static fo_ipv4_t given_by_both(struct sim *k, const struct sim_pair *p,
                               struct sim_client *const c[SIDES], unsigned from)
{
    for (unsigned i = 0; i < ADDRESSES; i++) {
        fo_ipv4_t address = sim_address(k, p, 0, (from + i) % ADDRESSES);
        int gives = 0;
        for (int side = 0; side < SIDES; side++) {
            struct fo_client who = sim_client(k, number_of(k, c[side]));
            int server = p->server[side];
            gives += world_runs(&k->w, server) &&
                     fo_server_may_give(k->w.side[server].server, address, &who,
                                        world_now(&k->w, server), NULL, 0) == FO_ANSWER_SERVE;
        }
        if (gives == SIDES)
            return address;
    }
    return 0;
}

void client_twice(struct sim *k, const struct sim_pair *p, struct roll *r)
{
    struct sim_client *all = &k->client[(p - k->pair) * CLIENTS];
    unsigned first = roll_below(r, CLIENTS), apart = 1 + roll_below(r, CLIENTS - 1);
    struct sim_client *c[SIDES] = {&all[first], &all[(first + apart) % CLIENTS]};
    int later = (int)roll_below(r, SIDES);
    fo_ipv4_t address = given_by_both(k, p, c, roll_below(r, ADDRESSES));
    if (address == 0)
        return;
    for (int i = 0; i < SIDES; i++) {
        c[i]->scope = 0;
        c[i]->address = 0;
    }
    request(k, c[!later], !later, address, FO_CLIENT_NEW);
    sim_pass(k, SECONDS(10 + roll_below(r, 20)));
    request(k, c[later], later, address, FO_CLIENT_NEW);
    if (c[later]->address != address || roll_below(r, 2) == 0)
        return;
    sim_pass(k, SECONDS(10 + roll_below(r, 20)));
    leave(k, c[later], FO_REPORT_RELEASE);
}

/* Nobody told a client: it has the lease for as long as the server that gave it says. */
void client_look_at_hand_made(struct sim *k)
{
    for (unsigned n = 0; n < (unsigned)k->pairs * CLIENTS; n++) {
        struct sim_client *c = &k->client[n];
        const struct world_side *s = &k->w.side[c->server];
        struct fo_client who = sim_client(k, n);
        struct fo_binding b;
        if (!c->by_hand || c->address == 0 || !s->alive)
            continue;
        b = world_binding(&k->w, c->server, c->address);
        if (b.status == FO_STATUS_ACTIVE && sim_same_client(k, &b.client, &who)) {
            struct fo_now now = world_now(&k->w, c->server);
            c->end_ms = k->w.now_ms + SECONDS((int64_t)b.lease_expiration.s - now.utc.s);
        } else {
            c->address = 0;
        }
    }
}
