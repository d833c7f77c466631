/* What reports and time do to leases (draft-12 §5.2, §5.4, §5.11, §9.4.2). MCLT is 600 s. */
#include <criterion/criterion.h>

#include "fo/endpoint.h"
#include "tests/fo/tap.h"

static struct world w;
static struct tap t;

static void two_in_normal(void)
{
    world_init(&w);
    world_pair_both(&w, NULL);
    cr_assert(world_until(&w, FO_STATE_NORMAL, FO_STATE_NORMAL, SECONDS(60)));
    world_run(&w, SECONDS(90));
    tap_on(&t, &w);
}

/* |side| goes on alone; PARTNER-DOWN begins now. */
static void alone(int side)
{
    world_kill(&w, !side);
    world_run(&w, SECONDS(30));
    cr_assert_eq(world_command(&w, side, FO_COMMAND_PARTNER_DOWN), ERROR_SUCCESS);
}

static enum fo_answer may_give(int side, fo_ipv4_t address, unsigned client)
{
    struct fo_client c = world_client(client);
    return fo_server_may_give(w.side[side].server, address, &c, world_now(&w, side), NULL, 0);
}

static uint32_t lease_time(int side, fo_ipv4_t address, unsigned client, uint32_t desired)
{
    struct fo_client c = world_client(client);
    return fo_server_lease_time(w.side[side].server, address, &c, desired, world_now(&w, side));
}

static void report(int side, enum fo_report_kind kind, fo_ipv4_t address, unsigned client)
{
    struct fo_report r = {.kind = kind, .address = address, .client = world_client(client)};
    cr_assert(world_report(&w, side, &r));
}

static fo_ipv4_t some(int side, enum fo_binding_status status)
{
    for (unsigned n = 10; n <= 209; n++)
        if (world_binding(&w, side, ADDRESS(n)).status == (int)status)
            return ADDRESS(n);
    return 0;
}

/* A status that both sides agree on. */
static void both_have(fo_ipv4_t address, enum fo_binding_status status)
{
    for (int i = 0; i < SIDES; i++)
        cr_assert_eq(world_binding(&w, i, address).status, status, "side %d has %s", i,
                     fo_binding_status_name(world_binding(&w, i, address).status));
}

/* L-01 and L-02, L-03's first lines: §5.2.1. */
Test(lease, l01_a_new_client_gets_mclt_and_the_desired_time_once_the_partner_knows)
{
    fo_ipv4_t x;
    two_in_normal();
    cr_assert_eq(lease_time(0, some(0, FO_STATUS_FREE), 1, 259200), 600);
    x = world_lease(&w, 0, 1, 259200);
    cr_assert_eq(lease_time(0, x, 1, 259200), 600); /* not acknowledged yet */
    world_run(&w, SECONDS(300));
    cr_assert_eq(lease_time(0, x, 1, 259200), 259200);
    world_fini(&w);
}

/* L-04, §7.1.5: the survivor that only received updates renews for as long. */
Test(lease, l04_the_survivor_renews_by_what_it_received)
{
    fo_ipv4_t x;
    two_in_normal();
    x = world_lease(&w, 0, 1, 86400);
    world_run(&w, SECONDS(300));
    alone(1);
    cr_assert_eq(may_give(1, x, 1), FO_ANSWER_SERVE);
    cr_assert_eq(lease_time(1, x, 1, 86400), 86400);
    world_fini(&w);
}

/* L-05, §5.2.1: renewals without the partner do not add up. */
Test(lease, l05_renewals_in_communications_interrupted_stay_within_mclt_of_the_acked_time)
{
    fo_ipv4_t x;
    fo_utc_t acked;
    two_in_normal();
    x = world_lease(&w, 0, 1, 3600);
    world_run(&w, SECONDS(10));
    acked = world_binding(&w, 0, x).acked_potential_expiration;
    cr_assert_neq(acked.s, 0);
    world_cut(&w);
    world_run(&w, SECONDS(60));
    while (world_now(&w, 0).utc.s < acked.s) {
        cr_assert_eq(world_lease(&w, 0, 1, 3600), x);
        cr_assert_leq(world_binding(&w, 0, x).lease_expiration.s, acked.s + 600);
        world_run(&w, SECONDS(250));
    }
    world_fini(&w);
}

/* L-06, L-07: §5.2.2, §9.8.3. */
Test(lease, l06_an_ended_lease_is_nobody_elses_before_the_partner_agreed)
{
    fo_ipv4_t x;
    two_in_normal();
    x = world_lease(&w, 0, 1, 300);
    world_run(&w, SECONDS(10));
    world_cut(&w);
    world_run(&w, MINUTES(6));
    cr_assert_eq(world_binding(&w, 0, x).status, FO_STATUS_EXPIRED);
    cr_assert_eq(may_give(0, x, 2), FO_ANSWER_SILENT);
    cr_assert_eq(may_give(0, x, 1), FO_ANSWER_SERVE); /* L-07: the partner was not told */
    world_heal(&w);
    cr_assert(world_until(&w, FO_STATE_NORMAL, FO_STATE_NORMAL, SECONDS(60)));
    world_run(&w, SECONDS(5));
    both_have(x, FO_STATUS_FREE);
    cr_assert_eq(may_give(0, x, 2), FO_ANSWER_SERVE);
    world_fini(&w);
}

/* L-07: once the end left us, the partner may have given the address away. A RELEASE and a RESET
 * of an expired lease made it look as if nothing had been told. */
Test(lease, l07_an_end_that_was_told_stays_told_whatever_it_is_called)
{
    fo_ipv4_t x;
    struct fo_binding b;
    two_in_normal();
    x = world_lease(&w, 0, 1, 300);
    world_run(&w, SECONDS(10));
    w.delay_ms = SECONDS(20);
    world_run(&w, SECONDS(300));
    b = world_binding(&w, 0, x);
    cr_assert_eq(b.status, FO_STATUS_EXPIRED);
    cr_assert_neq(b.flags & FO_BINDING_SENT, 0);
    cr_assert_eq(may_give(0, x, 1), FO_ANSWER_SILENT);
    cr_assert_eq(world_state(&w, 0), FO_STATE_NORMAL);
    cr_assert_eq(may_give(0, x, 2), FO_ANSWER_SILENT); /* L-06: in NORMAL, too */
    report(0, FO_REPORT_RESET, x, 1);
    cr_assert_neq(world_binding(&w, 0, x).flags & FO_BINDING_SENT, 0);
    cr_assert_eq(may_give(0, x, 1), FO_ANSWER_SILENT);
    world_fini(&w);
}

/* §5.2.2 names EXPIRED and RELEASED. A RESET address is abandoned at the partner. */
Test(lease, a_reset_address_does_not_go_back_to_its_client_before_the_partner_agreed)
{
    fo_ipv4_t x;
    two_in_normal();
    x = world_lease(&w, 0, 1, 300);
    report(0, FO_REPORT_DECLINE, x, 1);
    world_run(&w, SECONDS(5));
    both_have(x, FO_STATUS_ABANDONED);
    world_cut(&w);
    world_run(&w, SECONDS(40));
    report(0, FO_REPORT_RESET, x, 1);
    cr_assert_eq(may_give(0, x, 1), FO_ANSWER_SILENT);
    cr_assert_eq(may_give(0, x, 2), FO_ANSWER_SILENT);
    world_fini(&w);
}

/* Figure 7.1.3-1: ABANDONED refuses all but RESET and ABANDONED. A RESET that turned into FREE
 * without the partner left the address abandoned there for ever. */
Test(lease, a_reset_in_partner_down_waits_for_the_partner)
{
    fo_ipv4_t x;
    two_in_normal();
    x = world_lease(&w, 0, 1, 300);
    report(0, FO_REPORT_DECLINE, x, 1);
    world_run(&w, SECONDS(5));
    alone(0);
    report(0, FO_REPORT_RESET, x, 1);
    world_run(&w, HOURS(2));
    cr_assert_eq(may_give(0, x, 2), FO_ANSWER_SILENT);
    world_start(&w, 1);
    cr_assert(world_until(&w, FO_STATE_NORMAL, FO_STATE_NORMAL, MINUTES(15)));
    world_run(&w, SECONDS(5));
    both_have(x, FO_STATUS_FREE);
    world_fini(&w);
}

/* Figure 5.11-1: only ACTIVE becomes RELEASED, and only its client releases it. */
Test(lease, a_release_that_comes_late_ends_nothing)
{
    fo_ipv4_t x, free_one;
    two_in_normal();
    x = world_lease(&w, 0, 1, 300);
    free_one = some(0, FO_STATUS_FREE);
    world_run(&w, SECONDS(5));
    tap_clear(&t);
    report(0, FO_REPORT_RELEASE, x, 2); /* another's */
    report(0, FO_REPORT_RELEASE, free_one, 2);
    report(0, FO_REPORT_RELEASE, ADDRESS(5000), 2);
    world_run(&w, SECONDS(5));
    both_have(x, FO_STATUS_ACTIVE);
    both_have(free_one, FO_STATUS_FREE);
    cr_assert_eq(t.transactions[0], 0);
    report(0, FO_REPORT_RELEASE, x, 1);
    world_run(&w, SECONDS(5));
    both_have(x, FO_STATUS_FREE);
    world_fini(&w);
}

/* L-08, §9.4.2. */
Test(lease, l08_the_partners_address_is_ours_mclt_after_partner_down_and_not_before)
{
    fo_ipv4_t x;
    two_in_normal();
    x = some(1, FO_STATUS_FREE);
    alone(1);
    world_run(&w, SECONDS(599));
    cr_assert_eq(may_give(1, x, 7), FO_ANSWER_SILENT);
    world_run(&w, SECONDS(1));
    cr_assert_eq(may_give(1, x, 7), FO_ANSWER_SERVE);
    world_fini(&w);
}

/* L-09, §7.1.5, §9.4.2: max(S, LE, SPE, APE, RPE) + MCLT. */
Test(lease, l09_a_leased_address_is_anothers_mclt_after_all_that_was_promised)
{
    fo_ipv4_t x;
    fo_utc_t promised;
    two_in_normal();
    x = world_lease(&w, 0, 1, 3600);
    world_run(&w, SECONDS(10));
    promised = world_binding(&w, 1, x).received_potential_expiration;
    cr_assert_gt(promised.s, world_binding(&w, 1, x).lease_expiration.s);
    alone(1);
    world_run(&w, ((int64_t)promised.s + 600 - world_now(&w, 1).utc.s - 1) * 1000);
    cr_assert_neq(may_give(1, x, 2), FO_ANSWER_SERVE);
    world_run(&w, SECONDS(1));
    cr_assert_eq(may_give(1, x, 2), FO_ANSWER_SERVE);
    world_fini(&w);
}

/* L-10, §5.2.1. */
Test(lease, l10_a_lease_granted_in_partner_down_is_reusable_at_its_end)
{
    fo_ipv4_t x;
    two_in_normal();
    alone(0);
    x = world_lease(&w, 0, 1, 300);
    world_run(&w, SECONDS(290));
    cr_assert_neq(may_give(0, x, 2), FO_ANSWER_SERVE);
    world_run(&w, SECONDS(20));
    cr_assert_eq(may_give(0, x, 2), FO_ANSWER_SERVE);
    world_fini(&w);
}

/* L-10: "no contact" was forgotten by a restart in PARTNER-DOWN: the partner, heard in RECOVER
 * before, had learned of the lease and renewed it in RECOVER-DONE. */
Test(lease, l10_contact_in_partner_down_counts_across_a_restart)
{
    fo_ipv4_t x;
    two_in_normal();
    alone(0);
    world_start(&w, 1);
    world_run(&w, SECONDS(5));
    cr_assert_eq(world_state(&w, 0), FO_STATE_PARTNER_DOWN);
    cr_assert_eq(world_state(&w, 1), FO_STATE_RECOVER_WAIT);
    x = world_lease(&w, 0, 1, 300);
    world_run(&w, SECONDS(2));
    cr_assert_eq(world_binding(&w, 1, x).status, FO_STATUS_ACTIVE);
    world_cut(&w);
    world_kill(&w, 0);
    world_start(&w, 0);
    world_run(&w, SECONDS(400));
    cr_assert_eq(world_state(&w, 0), FO_STATE_PARTNER_DOWN);
    cr_assert_neq(may_give(0, x, 2), FO_ANSWER_SERVE);
    world_fini(&w);
}

/* L-11, §5.4, §9.9.2. */
Test(lease, l11_each_server_gives_its_own_addresses_and_no_others)
{
    two_in_normal();
    for (int round = 0; round < 2; round++) {
        for (unsigned n = 10; n <= 209; n++) {
            enum fo_binding_status s = world_binding(&w, 0, ADDRESS(n)).status;
            cr_assert_eq(may_give(0, ADDRESS(n), 3) == FO_ANSWER_SERVE, s == FO_STATUS_FREE);
            cr_assert_eq(may_give(1, ADDRESS(n), 3) == FO_ANSWER_SERVE, s == FO_STATUS_BACKUP);
        }
        world_cut(&w);
        world_run(&w, MINUTES(60)); /* however long */
        cr_assert_eq(world_state(&w, 0), FO_STATE_COMMUNICATIONS_INTERRUPTED);
    }
    world_fini(&w);
}

/* B-15, §7.1.5. */
Test(lease, b15_what_was_promised_survives_a_restart)
{
    fo_ipv4_t x;
    struct fo_binding before, after;
    two_in_normal();
    x = world_lease(&w, 0, 1, 3600);
    world_run(&w, SECONDS(10));
    before = world_binding(&w, 0, x);
    world_kill(&w, 0);
    world_start(&w, 0);
    after = world_binding(&w, 0, x);
    cr_assert_neq(before.acked_potential_expiration.s, 0);
    cr_assert_eq(after.acked_potential_expiration.s, before.acked_potential_expiration.s);
    cr_assert_eq(after.sent_potential_expiration.s, before.sent_potential_expiration.s);
    before = world_binding(&w, 1, x);
    world_kill(&w, 1);
    world_start(&w, 1);
    after = world_binding(&w, 1, x);
    cr_assert_neq(before.received_potential_expiration.s, 0);
    cr_assert_eq(after.received_potential_expiration.s, before.received_potential_expiration.s);
    world_fini(&w);
}

/* --- leases that no client renews --------------------------------------------------------------
 */

static void made_by_hand(int side, fo_ipv4_t address, uint32_t desired_s)
{
    struct fo_report r = {.kind = FO_REPORT_GRANT, .address = address, .client = world_client(77)};
    r.desired_s = desired_s;
    r.flags = FO_BINDING_EXTEND;
    r.lease_end = fo_utc_add(world_now(&w, side).utc, lease_time(side, address, 77, desired_s));
    cr_assert(world_report(&w, side, &r));
}

Test(lease, a_lease_made_by_hand_begins_with_mclt_and_reaches_what_was_asked_for)
{
    two_in_normal(); /* §5.2.1: never more than MCLT beyond what the partner acknowledged */
    fo_ipv4_t address = some(0, FO_STATUS_FREE);
    uint32_t asked = world_now(&w, 0).utc.s + 172800;
    made_by_hand(0, address, 172800);
    cr_assert_eq(world_binding(&w, 0, address).lease_expiration.s, asked - 172800 + 600);
    world_run(&w, SECONDS(310));
    for (int side = 0; side < SIDES; side++) {
        struct fo_binding b = world_binding(&w, side, address);
        cr_assert_eq(b.status, FO_STATUS_ACTIVE);
        cr_assert_eq(b.lease_expiration.s, asked, "side %d: %u", side, b.lease_expiration.s);
    }
    cr_assert_eq(world_binding(&w, 0, address).flags & FO_BINDING_EXTEND, 0);
    world_run(&w, HOURS(47));
    both_have(address, FO_STATUS_ACTIVE);
    world_run(&w, HOURS(2));
    both_have(address, FO_STATUS_FREE);
    world_fini(&w);
}

Test(lease, a_lease_made_by_hand_goes_on_by_mclt_while_the_partner_is_gone)
{
    two_in_normal();
    fo_ipv4_t address = some(0, FO_STATUS_FREE);
    alone(0);
    made_by_hand(0, address, 7200);
    uint32_t asked = world_now(&w, 0).utc.s + 7200;
    world_run(&w, HOURS(1));
    struct fo_binding b = world_binding(&w, 0, address);
    cr_assert_eq(b.status, FO_STATUS_ACTIVE);
    cr_assert_leq(b.lease_expiration.s, world_now(&w, 0).utc.s + 600);
    cr_assert_lt(b.lease_expiration.s, asked);
    world_run(&w, HOURS(2));
    cr_assert_neq(world_binding(&w, 0, address).status, FO_STATUS_ACTIVE);
    world_fini(&w);
}

/* §12.6: when a client was heard. A server that renews in its place has heard nobody, and its lease
 * must not outdo what the client said to the partner meanwhile. */
Test(lease, a_lease_made_by_hand_that_its_client_released_at_the_partner_is_released)
{
    two_in_normal();
    fo_ipv4_t address = some(0, FO_STATUS_FREE);
    made_by_hand(0, address, 7200);
    world_run(&w, SECONDS(5));
    uint32_t heard = world_binding(&w, 0, address).client_last_transaction.s;
    world_cut(&w);
    world_run(&w, SECONDS(290));
    report(1, FO_REPORT_RELEASE, address, 77);
    world_run(&w, SECONDS(10));
    struct fo_binding b = world_binding(&w, 0, address);
    cr_assert_gt(b.lease_expiration.s, heard + 600); /* renewed at T1 */
    cr_assert_leq(b.client_last_transaction.s, heard + 1);
    world_heal(&w);
    cr_assert(world_until(&w, FO_STATE_NORMAL, FO_STATE_NORMAL, SECONDS(60)));
    world_run(&w, SECONDS(10));
    both_have(address, FO_STATUS_FREE);
    world_fini(&w);
}

/* §7.1.5, §9.4.2: the partner goes on reckoning with the later end it was told, and may renew by
 * it: so must this server wait for it, should the partner go down. */
Test(lease, a_lease_made_by_hand_that_is_shortened_keeps_what_the_partner_was_told)
{
    two_in_normal();
    fo_ipv4_t address = some(0, FO_STATUS_FREE);
    made_by_hand(0, address, 7200);
    world_run(&w, SECONDS(5));
    made_by_hand(0, address, 900);
    uint32_t asked = world_now(&w, 0).utc.s + 900;
    world_run(&w, SECONDS(5));
    struct fo_binding ours = world_binding(&w, 0, address), theirs = world_binding(&w, 1, address);
    cr_assert_eq(ours.lease_expiration.s, asked);
    cr_assert_geq(ours.acked_potential_expiration.s, theirs.received_potential_expiration.s);
    world_run(&w, MINUTES(10));
    cr_assert_eq(world_binding(&w, 0, address).lease_expiration.s, asked); /* no further */
    world_fini(&w);
}

/* §9.7.1: as its client could not, where a partner in PARTNER-DOWN may have given the address away
 * meanwhile. */
Test(lease, a_lease_made_by_hand_is_not_renewed_beyond_what_a_client_would_get)
{
    struct fo_endpoint *ep;
    struct fo_binding b;
    two_in_normal();
    fo_ipv4_t address = some(0, FO_STATUS_FREE);
    world_cut(&w);
    made_by_hand(0, address, 7200);
    b = world_binding(&w, 0, address);
    ep = w.side[0].server->endpoints[0];
    ep->state = ep->rec.state = FO_STATE_RECOVER_DONE;
    ep->rec.partner_state = FO_STATE_PARTNER_DOWN;
    ep->rec.partner_since = world_now(&w, 0).utc;
    world_run(&w, MINUTES(12));
    cr_assert_leq(world_binding(&w, 0, address).lease_expiration.s, b.lease_expiration.s);
    world_fini(&w);
}

/* §5.4, §5.11: an address that was being asked back turned out to be in use. It was still told as
 * FREE, and was free once the partner had agreed. */
Test(lease, an_address_abandoned_while_it_is_asked_back_stays_abandoned)
{
    fo_ipv4_t x = 0;
    two_in_normal();
    w.delay_ms = 300;
    cr_assert_eq(world_command(&w, 0, FO_COMMAND_BALANCE), ERROR_SUCCESS);
    for (unsigned n = 1; n <= 90; n++) /* the primary runs short and asks addresses back */
        cr_assert_neq(world_lease(&w, 0, n, 3600), 0);
    cr_assert_eq(world_command(&w, 0, FO_COMMAND_BALANCE), ERROR_SUCCESS);
    for (unsigned n = 10; n <= 209 && x == 0; n++)
        if ((fo_lease_db_marks(fo_server_leases(w.side[0].server), ADDRESS(n)) & FO_MARK_RECALL) !=
            0)
            x = ADDRESS(n);
    cr_assert_neq(x, 0);
    report(0, FO_REPORT_DECLINE, x, 999);
    world_run(&w, MINUTES(2));
    both_have(x, FO_STATUS_ABANDONED);
    world_fini(&w);
}

struct new_mclt {
    struct fo_relationship r;
    uint32_t code;
};

static void set_mclt(void *context, struct fo_server *s, struct fo_now now, struct fo_outbox *out)
{
    struct new_mclt *n = context;
    n->code = fo_server_relationship_set(s, &n->r, FO_SET_MCLT, now, out, NULL, 0);
}

static void change_mclt(int side, uint32_t mclt_s)
{
    struct new_mclt n = {.r = *world_relationship(&w, side)};
    n.r.mclt_s = mclt_s;
    world_change(&w, side, set_mclt, &n);
    cr_assert_eq(n.code, ERROR_SUCCESS);
}

/* §5.2.1, §7.8.2: a secondary in PARTNER-DOWN waits by the MCLT that CONNECT told it. */
Test(lease, a_longer_mclt_is_used_when_the_secondary_has_it_and_not_before)
{
    two_in_normal();
    world_cut(&w);
    change_mclt(0, 3600);
    cr_assert_eq(lease_time(0, some(0, FO_STATUS_FREE), 1, 7200), 600);
    world_run(&w, MINUTES(2));
    cr_assert_eq(lease_time(0, some(0, FO_STATUS_FREE), 1, 7200), 600);
    world_heal(&w);
    cr_assert(world_until(&w, FO_STATE_NORMAL, FO_STATE_NORMAL, SECONDS(60)));
    for (int i = 0; i < SIDES; i++)
        cr_assert_eq(world_status(&w, i).mclt_s, 3600);
    cr_assert_eq(lease_time(0, some(0, FO_STATUS_FREE), 1, 7200), 3600);
    world_fini(&w);
}

/* While the two are connected it takes one more CONNECT, not a break that happens to come. */
Test(lease, a_change_of_mclt_reaches_the_secondary_within_seconds)
{
    two_in_normal();
    change_mclt(0, 3600);
    world_run(&w, SECONDS(5));
    for (int i = 0; i < SIDES; i++) {
        cr_assert_eq(world_state(&w, i), FO_STATE_NORMAL);
        cr_assert_eq(world_status(&w, i).mclt_s, 3600);
    }
    change_mclt(0, 60);
    cr_assert_eq(lease_time(0, some(0, FO_STATUS_FREE), 1, 7200), 60);
    world_run(&w, SECONDS(5));
    cr_assert_eq(world_status(&w, 1).mclt_s, 60);
    world_fini(&w);
}

Test(lease, a_secondary_uses_the_mclt_of_its_primary_alone)
{
    two_in_normal();
    change_mclt(1, 3600);
    cr_assert_eq(lease_time(1, some(1, FO_STATUS_BACKUP), 1, 7200), 600);
    world_run(&w, SECONDS(5));
    cr_assert_eq(world_status(&w, 1).mclt_s, 600);
    world_fini(&w);
}

/* A renewal that is shorter than what runs: its answer may be lost, and then the client goes on with
 * what it was told before. */
Test(lease, a_shorter_renewal_ends_no_lease_before_what_the_client_was_told)
{
    struct fo_report r = {.kind = FO_REPORT_GRANT, .desired_s = 600, .client = world_client(1)};
    fo_utc_t first;
    two_in_normal();
    r.address = some(0, FO_STATUS_FREE);
    r.lease_end = first = fo_utc_add(world_now(&w, 0).utc, 600);
    cr_assert(world_report(&w, 0, &r));
    r.lease_end = fo_utc_add(world_now(&w, 0).utc, 100);
    cr_assert(world_report(&w, 0, &r));
    cr_assert_eq(world_binding(&w, 0, r.address).lease_expiration.s, first.s);
    world_run(&w, MINUTES(5));
    both_have(r.address, FO_STATUS_ACTIVE);
    r.by_operator = true; /* knows what he does */
    r.lease_end = fo_utc_add(world_now(&w, 0).utc, 100);
    cr_assert(world_report(&w, 0, &r));
    cr_assert_eq(world_binding(&w, 0, r.address).lease_expiration.s, r.lease_end.s);
    world_fini(&w);
}
