#include <criterion/criterion.h>

#include "fo/endpoint.h"
#include "tests/fo/peer.h"
#include "tests/fo/tap.h"

static void primary_serves_nobody(struct fo_relationship *r)
{
    r->percentage = 0;
}

static void primary_serves_nobody_and_the_partner_is_dhcpd(struct fo_relationship *r)
{
    primary_serves_nobody(r);
    r->dialect = FO_DIALECT_ISC;
}

static unsigned backup_addresses(struct world *w)
{
    unsigned n = 0;
    for (unsigned i = 10; i <= 209; i++)
        n += world_binding(w, 0, ADDRESS(i)).status == FO_STATUS_BACKUP;
    return n;
}

/* §5.4: how many addresses a server needs follows from how many clients it serves. */
Test(balance, the_pool_is_shared_out_as_the_clients_are)
{
    struct world w;
    world_init(&w);
    world_pair_both(&w, primary_serves_nobody);
    cr_assert(world_until(&w, FO_STATE_NORMAL, FO_STATE_NORMAL, SECONDS(30)));
    world_run(&w, MINUTES(3));
    cr_assert_eq(backup_addresses(&w), 200);
    world_fini(&w);
}

/* dhcpd keeps its pools even: a secondary that owns everything gives addresses back. */
Test(balance, with_dhcpd_the_pool_is_halved_whoever_serves_the_clients)
{
    struct world w;
    world_init(&w);
    world_pair_both(&w, primary_serves_nobody_and_the_partner_is_dhcpd);
    cr_assert(world_until(&w, FO_STATE_NORMAL, FO_STATE_NORMAL, SECONDS(30)));
    world_run(&w, MINUTES(3));
    cr_assert_eq(backup_addresses(&w), 100);
    world_fini(&w);
}

static struct world w;
static struct tap t;

static unsigned count(int side, enum fo_binding_status status)
{
    unsigned n = 0;
    for (unsigned i = 10; i <= 209; i++)
        n += world_binding(&w, side, ADDRESS(i)).status == (int)status;
    return n;
}

static fo_ipv4_t some(int side, enum fo_binding_status status)
{
    for (unsigned n = 10; n <= 209; n++)
        if (world_binding(&w, side, ADDRESS(n)).status == (int)status)
            return ADDRESS(n);
    return 0;
}

static void two_in_normal(void (*tweak)(struct fo_relationship *r))
{
    world_init(&w);
    tap_on(&t, &w);
    world_pair_both(&w, tweak);
    cr_assert(world_until(&w, FO_STATE_NORMAL, FO_STATE_NORMAL, SECONDS(60)));
    world_run(&w, SECONDS(90));
}

static enum fo_answer gives(int side, fo_ipv4_t address)
{
    struct fo_client c = world_client(99);
    return fo_server_may_give(w.side[side].server, address, &c, world_now(&w, side), NULL, 0);
}

/* P-01, §9.8.1, §7.6. */
Test(balance, p01_the_secondary_asks_for_addresses_on_entering_normal)
{
    two_in_normal(NULL);
    cr_assert_geq(t.messages[1][FO_MSG_POOLREQ], 1);
    cr_assert_eq(t.messages[0][FO_MSG_POOLRESP], t.messages[1][FO_MSG_POOLREQ]);
    cr_assert_eq(t.last_xid[0][FO_MSG_POOLRESP], t.last_xid[1][FO_MSG_POOLREQ]);
    cr_assert_eq(count(0, FO_STATUS_BACKUP), 100);
    cr_assert_eq(count(1, FO_STATUS_BACKUP), 100);
    world_fini(&w);
}

/* P-01: after its updates are acknowledged, not before. */
Test(balance, p01_the_request_waits_for_the_acknowledgements)
{
    two_in_normal(NULL);
    world_cut(&w);
    world_run(&w, SECONDS(40));
    for (unsigned n = 0; n < 30; n++)
        cr_assert_neq(world_lease(&w, 1, n, 300), 0);
    w.delay_ms = 200;
    tap_clear(&t);
    world_heal(&w);
    for (int i = 0; i < 2000 && t.messages[1][FO_MSG_POOLREQ] == 0; i++)
        world_run(&w, 10);
    cr_assert_eq(t.messages[1][FO_MSG_POOLREQ], 1);
    cr_assert_geq(t.transactions[1], 30);
    cr_assert_eq(t.unacked[1], 0);
    world_fini(&w);
}

/* P-03, §5.4: from the moment of sending. */
Test(balance, p03_what_is_handed_over_is_the_primarys_no_more)
{
    world_init(&w);
    tap_on(&t, &w);
    world_pair_both(&w, NULL);
    w.delay_ms = 500;
    for (int i = 0; i < 400 && t.transactions[0] == 0; i++)
        world_run(&w, 50);
    cr_assert_gt(t.said_count, 0);
    for (unsigned i = 0; i < t.said_count; i++) {
        cr_assert_eq(t.said[i].status, FO_STATUS_BACKUP);
        cr_assert_neq(gives(0, t.said[i].address), FO_ANSWER_SERVE);
        cr_assert_neq(gives(1, t.said[i].address), FO_ANSWER_SERVE); /* nor yet the secondary's */
    }
    world_fini(&w);
}

/* No ping-pong: §7.6 asks for a threshold to avoid churn. */
Test(balance, a_balanced_pool_stays_as_it_is)
{
    two_in_normal(NULL);
    tap_clear(&t);
    world_run(&w, MINUTES(10));
    cr_assert_eq(t.transactions[0] + t.transactions[1], 0);
    cr_assert_leq(t.messages[1][FO_MSG_POOLREQ], 10);
    world_fini(&w);
}

Test(balance, a_pool_in_use_does_not_go_to_and_fro)
{
    two_in_normal(NULL);
    tap_clear(&t);
    for (unsigned n = 0; n < 120; n++) { /* ten minutes; leases of an hour */
        (void)world_lease(&w, (int)(n % 3 == 0), n, 3600);
        world_run(&w, SECONDS(5));
    }
    for (unsigned n = 10; n <= 209; n++)
        cr_assert_leq(tap_said(&t, 0, ADDRESS(n), FO_STATUS_BACKUP) +
                          tap_said(&t, 0, ADDRESS(n), FO_STATUS_FREE),
                      2);
    cr_assert_null(world_difference(&w), "%s", world_difference(&w));
    world_fini(&w);
}

static void isc(struct fo_relationship *r)
{
    r->dialect = FO_DIALECT_ISC;
}

/* 40 leases of 200 addresses: the primary has 60 left, the secondary 100, an eighth of 160 more
 * than its half. */
static unsigned backup_after_40_leases(void (*tweak)(struct fo_relationship *r))
{
    unsigned backup;
    two_in_normal(tweak);
    for (unsigned n = 1; n <= 40; n++)
        cr_assert_neq(world_lease(&w, 0, n, 36000), 0);
    world_run(&w, MINUTES(5));
    backup = count(0, FO_STATUS_BACKUP);
    world_fini(&w);
    return backup;
}

/* dhcpd makes pools as uneven as that on purpose, and would do it again. */
Test(balance, with_dhcpd_a_pool_may_be_less_even)
{
    cr_assert_eq(backup_after_40_leases(NULL), 80);
    cr_assert_eq(backup_after_40_leases(isc), 100);
}

/* Makes the primary want addresses back: it has leased most of its own. */
static void primary_runs_dry(void)
{
    for (unsigned n = 1; n <= 90; n++)
        cr_assert_neq(world_lease(&w, 0, n, 36000), 0);
}

/* §5.4: the secondary agrees, then the address is the primary's. */
Test(balance, a_recalled_address_is_the_primarys_once_the_secondary_agreed)
{
    fo_ipv4_t x = 0;
    two_in_normal(NULL);
    primary_runs_dry();
    w.delay_ms = 500;
    tap_clear(&t);
    for (int i = 0; i < 2000 && x == 0; i++) {
        world_run(&w, 50);
        for (unsigned k = 0; k < t.said_count; k++)
            if (t.said[k].from == 0 && t.said[k].status == FO_STATUS_FREE)
                x = t.said[k].address;
    }
    cr_assert_neq(x, 0);
    cr_assert_neq(gives(0, x), FO_ANSWER_SERVE);
    world_run(&w, SECONDS(3));
    cr_assert_eq(gives(0, x), FO_ANSWER_SERVE);
    cr_assert_neq(gives(1, x), FO_ANSWER_SERVE);
    cr_assert_null(world_difference(&w), "%s", world_difference(&w));
    world_fini(&w);
}

/* P-04, §5.4. */
Test(balance, p04_a_recall_of_an_address_in_use_is_refused_and_undone)
{
    fo_ipv4_t x = 0;
    struct fo_report r = {.kind = FO_REPORT_GRANT, .desired_s = 3600, .client = world_client(500)};
    two_in_normal(NULL);
    primary_runs_dry();
    w.delay_ms = 500;
    tap_clear(&t);
    for (int i = 0; i < 2000 && x == 0; i++) {
        world_run(&w, 50);
        for (unsigned k = 0; k < t.said_count; k++)
            if (t.said[k].from == 0 && t.said[k].status == FO_STATUS_FREE)
                x = t.said[k].address;
    }
    r.address = x;
    r.lease_end = fo_utc_add(world_now(&w, 1).utc, 600);
    cr_assert_eq(gives(1, x), FO_ANSWER_SERVE); /* it has not heard yet */
    cr_assert(world_report(&w, 1, &r));
    for (int i = 0; i < 100; i++) {
        world_run(&w, 50);
        cr_assert_neq(gives(0, x), FO_ANSWER_SERVE);
    }
    cr_assert_geq(world_status(&w, 1).rejected_by_us, 1);
    cr_assert_eq(world_binding(&w, 0, x).status, FO_STATUS_ACTIVE);
    cr_assert_null(world_difference(&w), "%s", world_difference(&w));
    world_fini(&w);
}

static void ask(void *context, struct fo_server *s, struct fo_now now, struct fo_outbox *out)
{
    struct fo_step st = {s, now, out};
    (void)context;
    fo_link_send_bare(&st, s->links, FO_MSG_POOLREQ, fo_link_xid(s->links));
}

/* P-05, §10.8: dhcpd as primary asks its secondary. P-02: the count is what moved. */
Test(balance, p05_a_secondary_answers_its_primary_with_addresses)
{
    unsigned before;
    two_in_normal(isc);
    before = count(0, FO_STATUS_FREE);
    for (unsigned n = 1; n <= 60; n++)
        (void)world_lease(&w, 0, n, 36000);
    world_run(&w, SECONDS(5));
    tap_clear(&t);
    world_change(&w, 0, ask, NULL);
    world_run(&w, SECONDS(5));
    cr_assert_eq(t.messages[1][FO_MSG_POOLRESP], 1);
    cr_assert_gt(t.transactions[1], 0);
    cr_assert_lt(count(0, FO_STATUS_FREE), before);
    cr_assert_null(world_difference(&w), "%s", world_difference(&w));
    world_fini(&w);
}

/* §7.6: only a secondary should ask; it is answered all the same, and counted as an offence. */
Test(balance, p02_a_request_in_balance_is_answered_with_zero)
{
    two_in_normal(NULL);
    tap_clear(&t);
    world_change(&w, 0, ask, NULL);
    world_run(&w, SECONDS(5));
    cr_assert_eq(t.messages[1][FO_MSG_POOLRESP], 1);
    cr_assert_eq(t.transactions[0] + t.transactions[1], 0);
    cr_assert_eq(world_status(&w, 1).faults, 1);
    world_fini(&w);
}

/* §5.4: addresses whose last client belongs to the secondary go first. */
Test(balance, the_addresses_given_away_are_nobodys_or_the_receivers_clients)
{
    two_in_normal(NULL);
    cr_assert_neq(some(0, FO_STATUS_FREE), 0);
    for (unsigned n = 1; n <= 80; n++)
        cr_assert_neq(world_lease(&w, 1, n, 60), 0); /* all come back to the primary */
    world_run(&w, MINUTES(5));
    cr_assert_geq(count(0, FO_STATUS_BACKUP), 90);
    cr_assert_leq(count(0, FO_STATUS_BACKUP), 110);
    cr_assert_null(world_difference(&w), "%s", world_difference(&w));
    world_fini(&w);
}

/* §7.2.2, B-14: what the partner refuses to take was handed over again every minute. */
Test(balance, an_address_that_the_secondary_refused_is_not_handed_over_again)
{
    static struct peer p;
    const struct fo_message *m;
    unsigned handed[256] = {0}, most = 0;
    fo_link_id_t id;
    peer_init(&p, FO_ROLE_PRIMARY, NULL);
    id = peer_normal(&p);
    peer_link(&p, id)->read = 0;   /* from the first hand-over on */
    for (int i = 0; i < 60; i++) { /* 10 min */
        while ((m = peer_next(&p, id)) != NULL) {
            struct fo_message *ack;
            if (m->type != FO_MSG_BNDUPD)
                continue;
            ack = peer_words(&p, FO_MSG_BNDACK);
            ack->xid = m->xid;
            ack->group_count = m->group_count;
            for (size_t k = 0; k < m->group_count; k++) {
                ack->groups[k] = (struct fo_group){.address = m->groups[k].address,
                                                   .present = PEER_OPT(ASSIGNED_IP_ADDRESS) |
                                                              PEER_OPT(REJECT_REASON),
                                                   .reject_reason = FO_REJECT_ADDRESS_NOT_IN_POOL};
                if (m->groups[k].status == FO_STATUS_BACKUP)
                    handed[m->groups[k].address & 0xff]++;
            }
            peer_send(&p, id, ack);
        }
        peer_send_bare(&p, id, FO_MSG_CONTACT);
        peer_run(&p, SECONDS(10));
    }
    for (unsigned n = 0; n < 256; n++)
        most = handed[n] > most ? handed[n] : most;
    cr_assert_eq(most, 1, "%u times", most);
    peer_fini(&p);
}

/* --- pools of more addresses than are moved in one go ------------------------------------------
 */
#define LARGE_SUBNET 0x0a010000u /* 10.1.0.0/16, 10.1.0.1-10.1.39.254 */
#define LARGE_COUNT  10238u

static void add_large_scope(void *context, struct fo_server *s, struct fo_now now,
                            struct fo_outbox *out)
{
    struct fo_range range = {LARGE_SUBNET + 1, LARGE_SUBNET + LARGE_COUNT};
    struct fo_scope scope = {.subnet = LARGE_SUBNET, .mask = 0xffff0000u};
    (void)context;
    (void)now;
    (void)out;
    scope.ranges = &range;
    scope.range_count = 1;
    cr_assert_eq(fo_server_scope_create(s, &scope, NULL, 0), ERROR_SUCCESS);
}

static void of_the_large_scope(struct fo_relationship *r)
{
    static fo_ipv4_t scopes[1] = {LARGE_SUBNET};
    r->scopes = scopes;
}

static void of_the_large_scope_for_the_secondary(struct fo_relationship *r)
{
    of_the_large_scope(r);
    primary_serves_nobody(r);
}

static void large_pair(void (*tweak)(struct fo_relationship *r))
{
    world_init(&w);
    for (int side = 0; side < 2; side++)
        world_change(&w, side, add_large_scope, NULL);
    world_pair_both(&w, tweak);
    cr_assert(world_until(&w, FO_STATE_NORMAL, FO_STATE_NORMAL, MINUTES(2)));
    world_run(&w, MINUTES(1));
}

static uint64_t available(int side, enum fo_binding_status status)
{
    struct fo_scope_counts c;
    fo_lease_db_counts(fo_server_leases(w.side[side].server), LARGE_SUBNET, &c);
    return c.by_status[status];
}

/* §5.4: 4096 in one go, then the remainder, though it is less than a tenth of the pool. */
Test(balance, a_share_that_takes_several_rounds_is_handed_over_whole)
{
    large_pair(of_the_large_scope);
    cr_assert_eq(available(0, FO_STATUS_BACKUP), LARGE_COUNT / 2);
    cr_assert_eq(available(1, FO_STATUS_BACKUP), LARGE_COUNT / 2);
    world_fini(&w);
}

static void primary_serves_half(void *context, struct fo_server *s, struct fo_now now,
                                struct fo_outbox *out)
{
    struct fo_relationship r = *fo_server_relationship_at(s, 0);
    (void)context;
    r.percentage = 50;
    cr_assert_eq(fo_server_relationship_set(s, &r, FO_SET_PERCENTAGE, now, out, NULL, 0),
                 ERROR_SUCCESS);
}

/* §5.4: what was asked back in one round and not answered yet is not asked for in the next. */
Test(balance, no_more_is_asked_back_than_the_share_demands)
{
    large_pair(of_the_large_scope_for_the_secondary);
    cr_assert_eq(available(0, FO_STATUS_BACKUP), LARGE_COUNT);
    w.delay_ms = 3000;
    for (int side = 0; side < 2; side++)
        world_change(&w, side, primary_serves_half, NULL);
    for (int s = 0; s < 300; s++) {
        world_run(&w, SECONDS(1));
        cr_assert_geq(available(0, FO_STATUS_BACKUP), LARGE_COUNT / 2);
    }
    cr_assert_eq(available(0, FO_STATUS_BACKUP), LARGE_COUNT / 2);
    cr_assert_eq(available(1, FO_STATUS_BACKUP), LARGE_COUNT / 2);
    world_fini(&w);
}
