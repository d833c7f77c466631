#include <criterion/criterion.h>

#include "fo/endpoint.h"
#include "tests/sim/world.h"

#define MANY (FO_QUEUE_MAX + FO_WINDOW_MAX * FO_BATCH_MAX + 1000) /* more than can wait or fly */

static fo_ipv4_t subnet[1] = {SUBNET};

static void standby(struct fo_relationship *r)
{
    r->mode = FO_MODE_HOT_STANDBY; /* nothing moves between the pools meanwhile */
    r->percentage = 0;
    r->scopes = subnet;
}

static void large_pair(struct world *w)
{
    struct fo_range range = {ADDRESS(1), ADDRESS(MANY)};
    struct fo_scope scope = {.subnet = SUBNET, .mask = 0xfffe0000u};
    scope.ranges = &range;
    scope.range_count = 1;
    world_init(w);
    for (int i = 0; i < SIDES; i++) {
        cr_assert_eq(fo_server_scope_create(w->side[i].server, &scope, NULL, 0), ERROR_SUCCESS);
        cr_assert_eq(world_pair(w, i, "alpha", standby), ERROR_SUCCESS);
    }
    cr_assert(world_until(w, FO_STATE_NORMAL, FO_STATE_NORMAL, SECONDS(30)));
}

static void grant(struct world *w, unsigned n)
{
    struct fo_report r = {.kind = FO_REPORT_GRANT, .address = ADDRESS(n), .desired_s = 3600};
    r.client = world_client(n);
    r.lease_end = fo_utc_add(world_now(w, 0).utc, 3600);
    cr_assert(world_report(w, 0, &r));
}

static unsigned first_missing(struct world *w)
{
    for (unsigned n = 1; n <= MANY; n++)
        if (world_binding(w, 1, ADDRESS(n)).status != FO_STATUS_ACTIVE)
            return n;
    return 0;
}

Test(sender, what_a_full_queue_turns_away_is_found_by_a_scan)
{
    struct world w;
    large_pair(&w);
    world_cut(&w); /* for less time than anybody notices */
    for (unsigned n = 1; n <= MANY; n++)
        grant(&w, n);
    cr_assert_eq(w.side[0].server->endpoints[0]->sender.length, FO_QUEUE_MAX);
    world_heal(&w);
    world_run(&w, SECONDS(20));
    cr_assert_eq(first_missing(&w), 0);
    world_fini(&w);
}

Test(sender, what_a_full_queue_turns_away_behind_a_running_scan_is_sent_all_the_same)
{
    struct world w;
    struct fo_sender *sender;
    large_pair(&w);
    sender = &w.side[0].server->endpoints[0]->sender;
    world_cut(&w);
    for (unsigned n = 2; n < MANY; n++)
        grant(&w, n);
    sender->scanning = true; /* as it is after an earlier overflow, and well past the first */
    sender->scan_next = ADDRESS(MANY);
    grant(&w, 1);
    grant(&w, MANY);
    world_heal(&w);
    world_run(&w, SECONDS(20));
    cr_assert_eq(first_missing(&w), 0);
    world_fini(&w);
}

Test(sender, an_overflow_while_a_request_is_answered_does_not_hold_up_upddone)
{
    struct world w; /* §7.3.2: UPDDONE waits for what the request asked for, no more */
    struct fo_endpoint *ep;
    large_pair(&w);
    ep = w.side[1].server->endpoints[0];
    for (unsigned n = 1; n <= 100; n++)
        grant(&w, n);
    world_run(&w, SECONDS(1));
    cr_assert_eq(world_command(&w, 1, FO_COMMAND_RESYNC), ERROR_SUCCESS);
    world_run(&w, 1); /* the scan is over, its BNDUPDs are on the way */
    cr_assert(w.side[0].server->endpoints[0]->sender.answering);
    world_cut(&w);
    for (unsigned n = 1; n <= MANY; n++)
        grant(&w, n);
    world_heal(&w);
    world_run(&w, SECONDS(20));
    cr_assert_not(ep->request_open);
    cr_assert_not(w.side[0].server->endpoints[0]->sender.answering);
    cr_assert_eq(first_missing(&w), 0);
    world_fini(&w);
}

static void unacknowledged(struct world *w, unsigned n)
{
    struct fo_binding b = world_binding(w, 0, ADDRESS(n));
    b.acked_epoch = 0;
    cr_assert_eq(fo_lease_db_put(fo_server_leases(w->side[0].server), &b), FO_OK);
}

/* The scan paused behind the last BNDUPD that the window allowed: the server asked to be woken at
 * once, again and again, until the acknowledgement came. */
Test(sender, a_paused_scan_waits_for_the_window)
{
    struct world w;
    struct fo_endpoint *ep;
    large_pair(&w);
    ep = w.side[0].server->endpoints[0];
    for (unsigned n = 1; n <= FO_SCAN_PER_PUMP + 1000; n++)
        grant(&w, n);
    world_run(&w, SECONDS(20));
    ep->partner_max_unacked = 1;
    unacknowledged(&w, 1);
    unacknowledged(&w, FO_SCAN_PER_PUMP + 1000);
    ep->sender.scan_again = true;
    world_cut(&w);
    world_change(&w, 0, NULL, NULL);
    cr_assert_eq(ep->sender.in_flight, 1);
    cr_assert(ep->sender.scanning);
    cr_assert_gt(fo_server_next_wake(ep->server, world_now(&w, 0)).ms, w.now_ms);
    world_heal(&w);
    world_run(&w, SECONDS(5));
    cr_assert_eq(ep->sender.in_flight, 0);
    cr_assert_not(ep->sender.scanning);
    world_fini(&w);
}
