/* The states of two endpoints that talk to each other (draft-12 §9). MCLT is 600 s. */
#include <string.h>

#include <criterion/criterion.h>

#include "tests/fo/peer.h"
#include "tests/fo/tap.h"

static struct world w;
static struct tap t;

static void two_in_normal(void (*tweak)(struct fo_relationship *r))
{
    world_init(&w);
    world_pair_both(&w, tweak);
    cr_assert(world_until(&w, FO_STATE_NORMAL, FO_STATE_NORMAL, SECONDS(30)));
    world_run(&w, SECONDS(90)); /* the pools settle */
    tap_on(&t, &w);
}

static void expect_state(int side, enum fo_state state)
{
    cr_assert_eq(world_state(&w, side), state, "side %d is in %s", side,
                 fo_state_name(world_state(&w, side)));
}

static void in_order(const char *const *sequence, size_t count)
{
    const char *at = t.order;
    for (size_t i = 0; i < count; i++) {
        at = strstr(at, sequence[i]);
        cr_assert_not_null(at, "%s is missing or too early in %s", sequence[i], t.order);
    }
}

static enum fo_answer asks(int side, enum fo_client_message message)
{
    struct fo_client c = world_client(1);
    return fo_server_may_serve(w.side[side].server, SUBNET, &c, message, 60);
}

static void finish(void)
{
    world_fini(&w);
}

/* Link lost and both told that the other is down; side |one| and |two| lease meanwhile. */
static void both_in_partner_down(void)
{
    world_cut(&w);
    world_run(&w, SECONDS(40));
    for (int i = 0; i < SIDES; i++)
        cr_assert_eq(world_command(&w, i, FO_COMMAND_PARTNER_DOWN), ERROR_SUCCESS);
}

Test(state, s16_after_a_blip_the_first_state_told_is_the_one_before_the_table)
{
    const char *first[SIDES];
    two_in_normal(NULL);
    world_cut(&w);
    world_run(&w, SECONDS(40));
    expect_state(0, FO_STATE_COMMUNICATIONS_INTERRUPTED);
    expect_state(1, FO_STATE_COMMUNICATIONS_INTERRUPTED);
    tap_clear(&t);
    world_heal(&w);
    cr_assert(world_until(&w, FO_STATE_NORMAL, FO_STATE_NORMAL, SECONDS(30)));
    first[0] = strstr(t.order, "0:STATE");
    first[1] = strstr(t.order, "1:STATE");
    cr_assert_not_null(first[0]);
    cr_assert_not_null(first[1]);
    for (int i = 0; i < SIDES; i++)
        cr_assert_eq(strncmp(first[i] + 1, ":STATE(COMMUNICATIONS-INTERRUPTED)", 34), 0, "%s",
                     t.order);
    finish();
}

Test(state, s01_a_state_that_is_not_stored_is_not_told)
{
    const struct fo_store_mem_faults full = {.commit = {0, 1, FO_EFULL}};
    two_in_normal(NULL);
    fo_store_mem_set_faults(w.side[0].store, &full);
    (void)world_command(&w, 0, FO_COMMAND_SHUTDOWN);
    world_run(&w, SECONDS(60));
    cr_assert_null(strstr(t.order, "SHUTDOWN"), "%s", t.order);
    expect_state(0, FO_STATE_NORMAL); /* started again from what was stored */
    expect_state(1, FO_STATE_NORMAL);
    finish();
}

/* S-05, §9.3.2, §9.6.2. */
Test(state, s05_a_virgin_pair_serves_nobody_before_normal)
{
    static const char *const recovery[] = {"0:STATE(RECOVER)", "0:STATE(RECOVER-DONE)",
                                           "0:STATE(NORMAL)"};
    world_init(&w);
    tap_on(&t, &w);
    w.delay_ms = 300; /* every state lasts */
    world_pair_both(&w, NULL);
    for (int i = 0; i < 300; i++) { /* 30 s; the MCLT is 600 */
        for (int side = 0; side < SIDES; side++)
            if (world_state(&w, side) != FO_STATE_NORMAL)
                cr_assert_eq(asks(side, FO_CLIENT_NEW), FO_ANSWER_SILENT);
        world_run(&w, 100);
    }
    for (int side = 0; side < SIDES; side++) {
        expect_state(side, FO_STATE_NORMAL);
        cr_assert_eq(asks(side, FO_CLIENT_RENEW), FO_ANSWER_SERVE);
    }
    in_order(recovery, sizeof recovery / sizeof recovery[0]);
    finish();
}

Test(state, s04_start_up_answers_nobody_and_says_so_with_the_s_flag)
{
    two_in_normal(NULL);
    world_kill(&w, 0);
    world_run(&w, SECONDS(2));
    tap_clear(&t);
    world_start(&w, 0);
    expect_state(0, FO_STATE_STARTUP);
    cr_assert_eq(asks(0, FO_CLIENT_NEW), FO_ANSWER_SILENT);
    cr_assert_eq(asks(0, FO_CLIENT_RENEW), FO_ANSWER_SILENT);
    cr_assert(world_until(&w, FO_STATE_NORMAL, FO_STATE_NORMAL, SECONDS(30)));
    cr_assert_not_null(strstr(t.order, "0:STATE(COMMUNICATIONS-INTERRUPTED,S) "));
    cr_assert_not_null(strstr(t.order, "0:STATE(NORMAL) "));
    finish();
}

/* S-06 later, S-08, S-09, S-10: §9.3.2 step 5, §9.5.2, §9.6.2, Figure 9.5.2-1. */
Test(state, a_server_whose_partner_took_over_recovers_with_its_database)
{
    static const char *const recovery[] = {
        "0:STATE(RECOVER) ",      "0:UPDREQ ",        "1:UPDDONE ",       "0:STATE(RECOVER-WAIT) ",
        "0:STATE(RECOVER-DONE) ", "1:STATE(NORMAL) ", "0:STATE(NORMAL) ",
    };
    int64_t died;
    two_in_normal(NULL);
    cr_assert_neq(world_lease(&w, 0, 1, 3600), 0);
    world_run(&w, SECONDS(1));
    world_kill(&w, 0);
    died = w.now_ms;
    world_run(&w, SECONDS(60));
    cr_assert_eq(world_command(&w, 1, FO_COMMAND_PARTNER_DOWN), ERROR_SUCCESS);
    cr_assert_neq(world_lease(&w, 1, 2, 3600), 0);
    tap_clear(&t);
    world_start(&w, 0);
    world_run(&w, SECONDS(5));
    expect_state(0, FO_STATE_RECOVER_WAIT);
    expect_state(1, FO_STATE_PARTNER_DOWN);
    cr_assert_eq(t.messages[0][FO_MSG_UPDREQ], 1);
    cr_assert_eq(t.messages[0][FO_MSG_UPDREQALL], 0);
    cr_assert_eq(t.last_xid[1][FO_MSG_UPDDONE], t.last_xid[0][FO_MSG_UPDREQ]);
    cr_assert_eq(asks(0, FO_CLIENT_NEW), FO_ANSWER_SILENT);
    world_cut(&w); /* S-09: the wait goes on across a link loss */
    world_run(&w, SECONDS(60));
    world_heal(&w);
    world_run(&w, died + SECONDS(595) - w.now_ms);
    expect_state(0, FO_STATE_RECOVER_WAIT);
    expect_state(1, FO_STATE_PARTNER_DOWN);
    cr_assert(world_until(&w, FO_STATE_NORMAL, FO_STATE_NORMAL, SECONDS(30)));
    in_order(recovery, sizeof recovery / sizeof recovery[0]);
    world_run(&w, SECONDS(5));
    cr_assert_null(world_difference(&w), "%s", world_difference(&w));
    finish();
}

static void born_after_loss(void *context, struct fo_server *s, struct fo_now now,
                            struct fo_outbox *out)
{
    const int *side = context;
    cr_assert_eq(fo_server_relationship_create(s, world_relationship(&w, *side), FO_BIRTH_LOST, now,
                                               out, NULL, 0),
                 ERROR_SUCCESS);
}

static void lose_storage(int side)
{
    fo_store_mem_wipe(w.side[side].store);
    world_start(&w, side);
    world_scope(&w, side, 10, 209);
    world_change(&w, side, born_after_loss, &side);
}

/* S-08, §9.3.2 step 1, §5.17: nothing left but what the operator says. */
Test(state, a_server_that_lost_its_storage_asks_for_everything_and_waits_mclt)
{
    fo_ipv4_t ours, theirs;
    two_in_normal(NULL);
    ours = world_lease(&w, 0, 1, 3600);
    theirs = world_lease(&w, 1, 2, 3600);
    world_run(&w, SECONDS(2));
    world_kill(&w, 0);
    world_run(&w, SECONDS(30));
    cr_assert_eq(world_command(&w, 1, FO_COMMAND_PARTNER_DOWN), ERROR_SUCCESS);
    tap_clear(&t);
    lose_storage(0);
    world_run(&w, SECONDS(10));
    cr_assert_eq(t.messages[0][FO_MSG_UPDREQALL], 1);
    cr_assert_eq(t.messages[0][FO_MSG_UPDREQ], 0);
    expect_state(0, FO_STATE_RECOVER_WAIT);
    cr_assert_eq(world_binding(&w, 0, ours).status, FO_STATUS_ACTIVE);
    cr_assert_eq(world_binding(&w, 0, theirs).status, FO_STATUS_ACTIVE);
    cr_assert_null(world_difference(&w), "%s", world_difference(&w)); /* BACKUP ones as well */
    world_run(&w, SECONDS(580));
    expect_state(0, FO_STATE_RECOVER_WAIT);
    cr_assert(world_until(&w, FO_STATE_NORMAL, FO_STATE_NORMAL, SECONDS(60)));
    finish();
}

/* §9.5.2: an operator may send a server out of RECOVER before it got back what it lost; it still
 * asks for everything, though the partner believes it all acknowledged. */
Test(state, lost_storage_is_fetched_even_after_partner_down_in_recover)
{
    fo_ipv4_t theirs;
    two_in_normal(NULL);
    theirs = world_lease(&w, 0, 1, 36000);
    world_run(&w, SECONDS(2));
    for (int i = 0; i < SIDES; i++)
        world_kill(&w, i);
    lose_storage(1);
    world_run(&w, SECONDS(60));
    expect_state(1, FO_STATE_RECOVER);
    cr_assert_eq(world_command(&w, 1, FO_COMMAND_PARTNER_DOWN), ERROR_SUCCESS);
    world_run(&w, SECONDS(10));
    world_start(&w, 0);
    cr_assert(world_until(&w, FO_STATE_NORMAL, FO_STATE_NORMAL, HOURS(1)));
    world_run(&w, SECONDS(10));
    cr_assert_eq(world_binding(&w, 1, theirs).status, FO_STATUS_ACTIVE);
    cr_assert_null(world_difference(&w), "%s", world_difference(&w)); /* BACKUP ones as well */
    finish();
}

/* §7.1.5, §9.4.2: the survivor goes on granting by what the other promised before it lost its
 * storage; so the other has to reckon with it again. Nobody else gets the address before what it
 * may have renewed, and forgot, is over: MCLT beyond. */
Test(state, what_a_server_may_have_renewed_before_it_lost_its_storage_is_kept)
{
    struct fo_binding survivor, recovered;
    fo_ipv4_t address;
    two_in_normal(NULL);
    address = world_lease(&w, 0, 1, 3000);
    world_run(&w, SECONDS(2));
    world_cut(&w);
    survivor = world_binding(&w, 1, address); /* 600 s, and 300 + 3000 s told */
    world_run(&w, SECONDS(500));
    cr_assert_eq(world_lease(&w, 0, 1, 3000), address);
    world_run(&w, SECONDS(500));
    cr_assert_eq(world_binding(&w, 1, address).status, FO_STATUS_EXPIRED);
    world_kill(&w, 0);
    lose_storage(0);
    world_heal(&w);
    cr_assert(world_until(&w, FO_STATE_NORMAL, FO_STATE_NORMAL, SECONDS(900)));
    recovered = world_binding(&w, 0, address);
    cr_assert_eq(recovered.status, FO_STATUS_ACTIVE);
    cr_assert_eq(recovered.lease_expiration.s, survivor.received_potential_expiration.s + 600);
    cr_assert_geq(recovered.received_potential_expiration.s,
                  survivor.received_potential_expiration.s);
    cr_assert_eq(world_binding(&w, 1, address).lease_expiration.s, recovered.lease_expiration.s);
    finish();
}

/* §5.2.2: in COMMUNICATIONS-INTERRUPTED a client may come back to a lease that ended. */
Test(state, a_lease_given_back_unheard_before_the_storage_was_lost_is_kept_for_mclt)
{
    struct fo_binding kept;
    uint32_t given_until_s;
    fo_ipv4_t address;
    two_in_normal(NULL);
    address = world_lease(&w, 0, 1, 60);
    world_run(&w, SECONDS(2));
    world_cut(&w);
    world_run(&w, SECONDS(1000)); /* MCLT after anything that was told */
    cr_assert_eq(world_lease(&w, 0, 1, 3600), address);
    given_until_s = world_binding(&w, 0, address).lease_expiration.s;
    world_kill(&w, 0);
    lose_storage(0);
    world_heal(&w);
    world_run(&w, SECONDS(60));
    expect_state(0, FO_STATE_RECOVER_WAIT);
    kept = world_binding(&w, 1, address);
    cr_assert_eq(kept.status, FO_STATUS_ACTIVE);
    cr_assert_geq(kept.lease_expiration.s, given_until_s);
    finish();
}

/* §9.6.2: what it gave in RESOLUTION-INTERRUPTED nobody else knows, and the end of the conflict
 * would have either server serve. */
Test(state, a_server_that_lost_its_storage_in_a_conflict_waits_mclt_before_its_end)
{
    for (int side = 0; side < SIDES; side++) {
        int64_t lost_ms;
        two_in_normal(NULL);
        both_in_partner_down();
        w.delay_ms = 2000;
        world_heal(&w);
        cr_assert(
            world_until(&w, FO_STATE_POTENTIAL_CONFLICT, FO_STATE_POTENTIAL_CONFLICT, SECONDS(90)));
        world_cut(&w);
        world_run(&w, SECONDS(60));
        expect_state(0, FO_STATE_RESOLUTION_INTERRUPTED);
        expect_state(1, FO_STATE_RESOLUTION_INTERRUPTED);
        cr_assert_neq(world_lease(&w, side, 1, 3600), 0);
        world_kill(&w, side);
        lose_storage(side);
        lost_ms = w.now_ms;
        w.delay_ms = 50;
        world_heal(&w);
        cr_assert(world_until(&w, FO_STATE_NORMAL, FO_STATE_NORMAL, SECONDS(900)));
        cr_assert_geq(w.now_ms, lost_ms + SECONDS(599)); /* to the second */
        finish();
    }
}

/* S-06 earlier: §9.3.2 step 5; the partner took over while we still served. */
Test(state, a_server_that_served_after_its_partner_took_over_is_in_conflict)
{
    two_in_normal(NULL);
    world_cut(&w);
    world_run(&w, SECONDS(40));
    cr_assert_eq(world_command(&w, 1, FO_COMMAND_PARTNER_DOWN), ERROR_SUCCESS);
    world_run(&w, SECONDS(60)); /* side 0 serves all this time */
    world_kill(&w, 0);
    world_run(&w, SECONDS(5));
    tap_clear(&t);
    world_heal(&w);
    world_start(&w, 0);
    cr_assert(world_until(&w, FO_STATE_NORMAL, FO_STATE_NORMAL, SECONDS(90)));
    cr_assert_not_null(strstr(t.order, "0:STATE(POTENTIAL-CONFLICT) "), "%s", t.order);
    cr_assert_null(strstr(t.order, "0:STATE(RECOVER"), "%s", t.order);
    finish();
}

/* S-11, Figure 9.10.3-1, and P-01 at its end. */
Test(state, a_conflict_is_resolved_by_the_primary_first)
{
    static const char *const sequence[] = {
        "0:STATE(POTENTIAL-CONFLICT)",
        "0:UPDREQ ",
        "1:UPDDONE",
        "0:STATE(CONFLICT-DONE)",
        "1:UPDREQ ",
        "0:UPDDONE",
        "1:STATE(NORMAL)",
        "1:POOLREQ",
        "0:STATE(NORMAL)",
    };
    two_in_normal(NULL);
    both_in_partner_down();
    tap_clear(&t);
    world_heal(&w);
    cr_assert(world_until(&w, FO_STATE_NORMAL, FO_STATE_NORMAL, SECONDS(90)));
    world_run(&w, SECONDS(10));
    in_order(sequence, sizeof sequence / sizeof sequence[0]);
    finish();
}

/* §9.10 with leases in real conflict; outcome by Figure 7.1.3-1: note 5, the primary's stands. */
Test(state, of_two_clients_on_one_address_the_primarys_stays)
{
    fo_ipv4_t x;
    struct fo_client one = world_client(1), two = world_client(2);
    struct fo_report r = {.kind = FO_REPORT_GRANT, .desired_s = 7200};
    two_in_normal(NULL);
    both_in_partner_down();
    world_run(&w, SECONDS(610)); /* S + MCLT: each may use the other's (L-08) */
    x = world_lease(&w, 0, 1, 7200);
    r.address = x;
    r.client = two;
    cr_assert_eq(fo_server_may_give(w.side[1].server, x, &two, world_now(&w, 1), NULL, 0),
                 FO_ANSWER_SERVE);
    r.lease_end = fo_utc_add(world_now(&w, 1).utc, 600);
    cr_assert(world_report(&w, 1, &r));
    world_heal(&w);
    cr_assert(world_until(&w, FO_STATE_NORMAL, FO_STATE_NORMAL, SECONDS(90)));
    world_run(&w, SECONDS(5));
    for (int i = 0; i < SIDES; i++) {
        struct fo_binding b = world_binding(&w, i, x);
        cr_assert_eq(b.status, FO_STATUS_ACTIVE);
        cr_assert(fo_client_equal(&b.client, &one), "side %d", i);
    }
    cr_assert_eq(world_status(&w, 0).rejected_by_us, 1); /* reason 2 (B-09) */
    finish();
}

/* S-12, §9.10.3, §9.11. The wire is slow, so that there is a moment to cut it. */
Test(state, a_link_lost_in_potential_conflict_interrupts_the_resolution)
{
    two_in_normal(NULL);
    both_in_partner_down();
    w.delay_ms = 1000;
    world_heal(&w);
    for (int i = 0; i < 200 && world_state(&w, 1) != FO_STATE_POTENTIAL_CONFLICT; i++)
        world_run(&w, 100);
    world_cut(&w);
    expect_state(1, FO_STATE_POTENTIAL_CONFLICT);
    cr_assert_eq(asks(1, FO_CLIENT_NEW), FO_ANSWER_SILENT);
    cr_assert_eq(world_command(&w, 1, FO_COMMAND_PARTNER_DOWN), ERROR_INVALID_PARAMETER);
    world_run(&w, SECONDS(40));
    expect_state(0, FO_STATE_RESOLUTION_INTERRUPTED);
    expect_state(1, FO_STATE_RESOLUTION_INTERRUPTED);
    for (int i = 0; i < SIDES; i++) {
        cr_assert_eq(asks(i, FO_CLIENT_NEW), FO_ANSWER_SERVE);
        cr_assert_eq(asks(i, FO_CLIENT_RENEW), FO_ANSWER_SERVE);
        cr_assert_neq(world_lease(&w, i, 10 + (unsigned)i, 600), 0); /* of its own */
    }
    world_heal(&w);
    cr_assert(world_until(&w, FO_STATE_NORMAL, FO_STATE_NORMAL, SECONDS(90)));
    world_run(&w, SECONDS(10));
    cr_assert_null(world_difference(&w), "%s", world_difference(&w));
    finish();
}

/* S-12, §9.12.3, Draft gap: the secondary comes back to a primary that is in CONFLICT-DONE. */
Test(state, a_link_lost_in_conflict_done_leaves_the_primary_there)
{
    two_in_normal(NULL);
    both_in_partner_down();
    w.delay_ms = 1000;
    world_heal(&w);
    for (int i = 0; i < 200 && world_state(&w, 0) != FO_STATE_CONFLICT_DONE; i++)
        world_run(&w, 100);
    world_cut(&w);
    world_run(&w, SECONDS(40));
    expect_state(0, FO_STATE_CONFLICT_DONE);
    expect_state(1, FO_STATE_RESOLUTION_INTERRUPTED);
    cr_assert_eq(asks(0, FO_CLIENT_NEW), FO_ANSWER_SERVE);
    world_heal(&w);
    cr_assert(world_until(&w, FO_STATE_NORMAL, FO_STATE_NORMAL, SECONDS(90)));
    finish();
}

/* S-13, §9.14. */
Test(state, a_shutdown_hands_over_at_once_and_comes_back_by_recover)
{
    two_in_normal(NULL);
    cr_assert_eq(world_command(&w, 0, FO_COMMAND_SHUTDOWN), ERROR_SUCCESS);
    world_run(&w, SECONDS(1));
    expect_state(0, FO_STATE_SHUTDOWN);
    expect_state(1, FO_STATE_PARTNER_DOWN);
    cr_assert_eq(asks(0, FO_CLIENT_RENEW), FO_ANSWER_SILENT);
    world_run(&w, SECONDS(20));
    cr_assert_not(world_status(&w, 0).link_up);
    world_kill(&w, 0);
    world_run(&w, MINUTES(5));
    expect_state(1, FO_STATE_PARTNER_DOWN);
    tap_clear(&t);
    world_start(&w, 0);
    world_run(&w, SECONDS(90));
    expect_state(0, FO_STATE_RECOVER_WAIT);
    cr_assert(world_until(&w, FO_STATE_NORMAL, FO_STATE_NORMAL, MINUTES(6)));
    cr_assert_null(strstr(t.order, "CONFLICT"), "%s", t.order);
    finish();
}

/* S-13, §9.13. */
Test(state, a_pause_interrupts_and_resumes_where_it_was)
{
    two_in_normal(NULL);
    cr_assert_eq(world_command(&w, 1, FO_COMMAND_PAUSE), ERROR_SUCCESS);
    world_run(&w, SECONDS(1));
    expect_state(1, FO_STATE_PAUSED);
    expect_state(0, FO_STATE_COMMUNICATIONS_INTERRUPTED);
    cr_assert_eq(asks(1, FO_CLIENT_RENEW), FO_ANSWER_SILENT);
    world_run(&w, MINUTES(30));
    expect_state(1, FO_STATE_PAUSED);
    expect_state(0, FO_STATE_COMMUNICATIONS_INTERRUPTED);
    cr_assert_eq(world_command(&w, 1, FO_COMMAND_RESUME), ERROR_SUCCESS);
    cr_assert(world_until(&w, FO_STATE_NORMAL, FO_STATE_NORMAL, SECONDS(90)));
    finish();
}

/* S-07, §9.4.3. */
Test(state, partner_down_ignores_what_a_starting_partner_says)
{
    two_in_normal(NULL);
    world_kill(&w, 0);
    world_run(&w, SECONDS(60));
    cr_assert_eq(world_command(&w, 1, FO_COMMAND_PARTNER_DOWN), ERROR_SUCCESS);
    tap_clear(&t);
    world_start(&w, 0);
    world_run(&w, SECONDS(5));
    cr_assert_not_null(strstr(t.order, "0:STATE(COMMUNICATIONS-INTERRUPTED,S) "), "%s", t.order);
    cr_assert_null(strstr(t.order, "CONFLICT"), "%s", t.order);
    expect_state(1, FO_STATE_PARTNER_DOWN); /* without the flag: POTENTIAL-CONFLICT */
    finish();
}

static void safe_hour(struct fo_relationship *r)
{
    r->safe_period_s = 3600;
}

/* S-14, §10. */
Test(state, a_safe_period_ends_in_partner_down_and_contact_cancels_it)
{
    two_in_normal(safe_hour);
    world_cut(&w);
    world_run(&w, MINUTES(50));
    expect_state(0, FO_STATE_COMMUNICATIONS_INTERRUPTED);
    world_heal(&w);
    cr_assert(world_until(&w, FO_STATE_NORMAL, FO_STATE_NORMAL, SECONDS(90)));
    world_run(&w, MINUTES(20));
    expect_state(0, FO_STATE_NORMAL);
    world_kill(&w, 1);
    world_run(&w, MINUTES(59));
    expect_state(0, FO_STATE_COMMUNICATIONS_INTERRUPTED);
    world_run(&w, MINUTES(2));
    expect_state(0, FO_STATE_PARTNER_DOWN);
    finish();
}

Test(state, s14_without_a_safe_period_nobody_takes_over_by_itself)
{
    two_in_normal(NULL);
    world_kill(&w, 1);
    world_run(&w, HOURS(24));
    expect_state(0, FO_STATE_COMMUNICATIONS_INTERRUPTED);
    finish();
}

/* S-15, §9.8.4, §9.9.3. */
Test(state, an_operator_may_say_partner_down_in_communications_interrupted)
{
    two_in_normal(NULL);
    world_kill(&w, 1);
    world_run(&w, SECONDS(40));
    expect_state(0, FO_STATE_COMMUNICATIONS_INTERRUPTED);
    cr_assert_eq(world_command(&w, 0, FO_COMMAND_PARTNER_DOWN), ERROR_SUCCESS);
    expect_state(0, FO_STATE_PARTNER_DOWN);
    finish();
}

/* Table 5.2 of §9.2: a partner in NORMAL that hears of PARTNER-DOWN is in conflict, both are. */
Test(state, partner_down_of_a_living_partner_ends_in_normal_again)
{
    two_in_normal(NULL);
    cr_assert_eq(world_command(&w, 0, FO_COMMAND_PARTNER_DOWN), ERROR_SUCCESS);
    cr_assert(world_until(&w, FO_STATE_NORMAL, FO_STATE_NORMAL, SECONDS(90)));
    cr_assert_not_null(strstr(t.order, "1:STATE(POTENTIAL-CONFLICT) "), "%s", t.order);
    finish();
}

/* Draft gap, §9.7.1: found by thought, not by the draft: a renewal in RECOVER-DONE counted MCLT
 * from now, while the partner in PARTNER-DOWN counts it from when it took over. */
Test(state, a_renewal_in_recover_done_does_not_outlive_what_the_partner_reckons_with)
{
    struct fo_client c = world_client(1);
    fo_utc_t limit;
    fo_ipv4_t x;
    two_in_normal(NULL);
    x = world_lease(&w, 0, 1, 7200);
    world_run(&w, SECONDS(2));
    world_kill(&w, 0);
    world_run(&w, SECONDS(30));
    cr_assert_eq(world_command(&w, 1, FO_COMMAND_PARTNER_DOWN), ERROR_SUCCESS);
    world_start(&w, 0);
    world_run(&w, SECONDS(60));
    expect_state(0, FO_STATE_RECOVER_WAIT);
    world_cut(&w);
    world_run(&w, MINUTES(10));
    expect_state(0, FO_STATE_RECOVER_DONE);
    limit = world_binding(&w, 1, x).received_potential_expiration;
    for (int i = 0; i < 40; i++) { /* renewed as often as it may be */
        struct fo_report r = {.kind = FO_REPORT_GRANT, .address = x, .client = c};
        struct fo_now now = world_now(&w, 0);
        if (fo_server_may_give(w.side[0].server, x, &c, now, NULL, 0) != FO_ANSWER_SERVE)
            break;
        r.desired_s = 7200;
        r.lease_end = fo_utc_add(now.utc, fo_server_lease_time(w.side[0].server, x, &c, 7200, now));
        cr_assert_leq(r.lease_end.s, limit.s + 600);
        cr_assert(world_report(&w, 0, &r));
        world_run(&w, MINUTES(10));
    }
    cr_assert_eq(fo_server_may_give(w.side[0].server, x, &c, world_now(&w, 0), NULL, 0),
                 FO_ANSWER_SILENT);
    finish();
}

/* §8.2, §9.3.2: a primary whose CONNECT had once been left without an answer did not hear the
 * secondary's call for a minute; start-up lasts ten seconds, and the secondary went on alone. */
Test(state, a_starting_secondary_is_called_before_its_start_up_is_over)
{
    two_in_normal(NULL);
    world_kill(&w, 1);
    world_run(&w, SECONDS(20));
    w.delay_ms = 300;
    tap_clear(&t);
    world_start(&w, 1);
    for (int i = 0; i < 200 && t.messages[0][FO_MSG_CONNECT] == 0; i++)
        world_run(&w, 50);
    cr_assert_eq(t.messages[0][FO_MSG_CONNECT], 1);
    world_kill(&w, 1); /* before it answered */
    world_run(&w, SECONDS(2));
    world_start(&w, 1);
    cr_assert_eq(world_command(&w, 1, FO_COMMAND_PAUSE), ERROR_SUCCESS);
    world_run(&w, SECONDS(20)); /* a refusal: the primary waits for a minute */
    cr_assert_eq(world_command(&w, 1, FO_COMMAND_RESUME), ERROR_SUCCESS);
    world_run(&w, SECONDS(9));
    expect_state(1, FO_STATE_NORMAL);
    finish();
}

/* §5.2.1, L-10: a server in PARTNER-DOWN was started again, and met its partner before it had taken
 * up its state. It went on as if it had met nobody, and would have given a lease of this
 * PARTNER-DOWN, which the partner knows and may renew, to another client the moment it ended. */
Test(state, contact_during_start_up_counts_in_the_partner_down_that_is_resumed)
{
    static struct peer p;
    struct fo_report r = {.kind = FO_REPORT_GRANT, .address = ADDRESS(20), .desired_s = 120};
    struct fo_client other = world_client(2);
    fo_link_id_t id;
    peer_init(&p, FO_ROLE_SECONDARY, NULL);
    id = peer_normal(&p);
    peer_hang_up(&p, id);
    cr_assert_eq(peer_command(&p, FO_COMMAND_PARTNER_DOWN), ERROR_SUCCESS);
    peer_run(&p, MINUTES(15));
    r.client = world_client(1);
    r.lease_end = fo_utc_add(peer_now(&p).utc, r.desired_s);
    peer_report(&p, &r);
    peer_restart(&p);
    id = peer_join(&p, FO_STATE_RECOVER);
    cr_assert_eq(peer_status(&p).state, FO_STATE_PARTNER_DOWN);
    peer_send_bare(&p, id, FO_MSG_UPDREQ);
    cr_assert_not_null(peer_find(&p, id, FO_MSG_BNDUPD));
    peer_hang_up(&p, id);
    peer_run(&p, MINUTES(4));
    cr_assert_eq(peer_status(&p).state, FO_STATE_PARTNER_DOWN);
    cr_assert_neq(fo_server_may_give(p.server, r.address, &other, peer_now(&p), NULL, 0),
                  FO_ANSWER_SERVE);
    peer_fini(&p);
}
