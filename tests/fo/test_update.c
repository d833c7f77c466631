/* Updates to the partner and its answers (draft-12 §5.2, §6.3, §7.1, §7.2, §8.4). */
#include <criterion/criterion.h>

#include "tests/fo/peer.h"
#include "tests/fo/tap.h"

static struct world w;
static struct tap t;

static void two_in_normal(void (*tweak)(struct fo_relationship *r))
{
    world_init(&w);
    world_pair_both(&w, tweak);
    cr_assert(world_until(&w, FO_STATE_NORMAL, FO_STATE_NORMAL, SECONDS(60)));
    world_run(&w, SECONDS(90));
    tap_on(&t, &w);
}

static void back_after_a_blip(void)
{
    tap_clear(&t);
    world_heal(&w);
    cr_assert(world_until(&w, FO_STATE_NORMAL, FO_STATE_NORMAL, SECONDS(60)));
    world_run(&w, SECONDS(5));
}

static void isc(struct fo_relationship *r)
{
    r->dialect = FO_DIALECT_ISC;
}

/* B-02, §10.5: dhcpd drops the link over a batch. */
Test(update, to_dhcpd_every_address_has_its_own_bndupd)
{
    two_in_normal(isc);
    world_cut(&w);
    world_run(&w, SECONDS(40));
    for (unsigned n = 0; n < 30; n++)
        cr_assert_neq(world_lease(&w, 0, n, 300), 0);
    back_after_a_blip();
    cr_assert_eq(t.largest[0], 1);
    cr_assert_geq(t.messages[0][FO_MSG_BNDUPD], 30);
    cr_assert_null(world_difference(&w), "%s", world_difference(&w));
    world_fini(&w);
}

/* §6.3: between our own, what waits together goes together. */
Test(update, to_our_own_what_waits_together_goes_in_one_bndupd)
{
    two_in_normal(NULL);
    world_cut(&w);
    world_run(&w, SECONDS(40));
    for (unsigned n = 0; n < 60; n++)
        cr_assert_neq(world_lease(&w, 0, n, 300), 0);
    back_after_a_blip();
    cr_assert_gt(t.largest[0], 10);
    cr_assert_leq(t.messages[0][FO_MSG_BNDUPD], 6);
    cr_assert_null(world_difference(&w), "%s", world_difference(&w));
    world_fini(&w);
}

/* A blip: only what the partner lacks is sent (§5.2, §9.9). */
Test(update, after_a_blip_only_the_missing_updates_are_sent)
{
    fo_ipv4_t before[20], during;
    two_in_normal(NULL);
    for (unsigned n = 0; n < 20; n++)
        before[n] = world_lease(&w, 0, n, 3600);
    world_run(&w, SECONDS(5));
    world_cut(&w);
    world_run(&w, SECONDS(40));
    during = world_lease(&w, 0, 50, 3600);
    back_after_a_blip();
    cr_assert_eq(tap_said(&t, 0, during, FO_STATUS_ACTIVE), 1);
    for (unsigned n = 0; n < 20; n++)
        cr_assert_eq(tap_said(&t, 0, before[n], FO_STATUS_ACTIVE), 0);
    cr_assert_eq(t.transactions[1], 0);
    world_fini(&w);
}

static void window_of_three(struct fo_relationship *r)
{
    r->max_unacked = 3;
    r->dialect = FO_DIALECT_ISC;
}

/* C-22, §8.4. */
Test(update, c22_the_partners_window_is_never_exceeded)
{
    two_in_normal(window_of_three);
    world_cut(&w);
    world_run(&w, SECONDS(40));
    for (unsigned n = 0; n < 50; n++)
        cr_assert_neq(world_lease(&w, (int)(n & 1), n, 300), 0);
    w.delay_ms = 20;
    back_after_a_blip();
    cr_assert_eq(world_command(&w, 0, FO_COMMAND_RESYNC), ERROR_SUCCESS);
    world_run(&w, SECONDS(20));
    cr_assert_eq(t.most_unacked[0], 3);
    cr_assert_eq(t.most_unacked[1], 3);
    cr_assert_null(world_difference(&w), "%s", world_difference(&w));
    world_fini(&w);
}

/* B-16, C-25, §7.2, §8.6: what was under way is sent again, its late answer is not taken. */
Test(update, b16_what_was_unacknowledged_is_sent_again_on_the_next_link)
{
    fo_ipv4_t x;
    uint32_t xid;
    two_in_normal(NULL);
    tap_clear(&t);
    x = world_lease(&w, 0, 1, 300);
    cr_assert_eq(tap_said(&t, 0, x, FO_STATUS_ACTIVE), 1);
    xid = t.said[0].xid;
    world_kill(&w, 1); /* before it arrived */
    world_run(&w, SECONDS(2));
    cr_assert_eq(world_binding(&w, 0, x).acked_potential_expiration.s, 0);
    world_start(&w, 1);
    cr_assert(world_until(&w, FO_STATE_NORMAL, FO_STATE_NORMAL, SECONDS(60)));
    world_run(&w, SECONDS(1));
    cr_assert_eq(tap_said(&t, 0, x, FO_STATUS_ACTIVE), 2);
    for (unsigned n = 1; n < t.said_count; n++)
        cr_assert_neq(t.said[n].xid, xid);
    cr_assert_null(world_difference(&w), "%s", world_difference(&w));
    world_fini(&w);
}

/* §5.2.2: an update never overtakes one of the same address; the newest form follows it. */
Test(update, a_lease_that_changes_while_under_way_is_told_in_its_newest_form)
{
    struct fo_report r = {.kind = FO_REPORT_RELEASE, .client = world_client(1)};
    two_in_normal(NULL);
    w.delay_ms = 500;
    tap_clear(&t);
    r.address = world_lease(&w, 0, 1, 3600);
    for (int i = 0; i < 4; i++) { /* renewed four times before the first is acknowledged */
        world_run(&w, 50);
        cr_assert_eq(world_lease(&w, 0, 1, 3600), r.address);
    }
    cr_assert_eq(tap_said(&t, 0, r.address, FO_STATUS_ACTIVE), 1);
    cr_assert(world_report(&w, 0, &r));
    world_run(&w, SECONDS(4));
    cr_assert_eq(tap_said(&t, 0, r.address, FO_STATUS_ACTIVE), 1);
    cr_assert_eq(tap_said(&t, 0, r.address, FO_STATUS_RELEASED), 1);
    cr_assert_null(world_difference(&w), "%s", world_difference(&w));
    world_fini(&w);
}

/* B-03, §7.1.1, §9.8.3. */
Test(update, b03_the_potential_expiration_told_is_never_before_the_lease_expiration)
{
    two_in_normal(NULL);
    for (unsigned n = 0; n < 10; n++)
        cr_assert_neq(world_lease(&w, 0, n, 60 * n + 1), 0);
    world_run(&w, SECONDS(5));
    for (unsigned i = 0; i < t.said_count; i++)
        if (t.said[i].status == FO_STATUS_ACTIVE)
            cr_assert_geq(t.said[i].potential.s, t.said[i].end.s);
    world_fini(&w);
}

static fo_ipv4_t some_backup(void)
{
    for (unsigned n = 209; n >= 10; n--)
        if (world_binding(&w, 0, ADDRESS(n)).status == FO_STATUS_BACKUP)
            return ADDRESS(n);
    return 0;
}

/* P-03, §5.4: the secondary took a hand-over, leased the address and refused the repetition of the
 * hand-over, whose acknowledgement had been lost; the primary took the address back and leased it
 * a second time. */
Test(update, a_repeated_hand_over_that_is_refused_is_not_taken_back)
{
    struct fo_binding b;
    struct fo_client stranger = world_client(99);
    struct fo_report r = {.kind = FO_REPORT_GRANT, .desired_s = 3600, .client = world_client(1)};
    two_in_normal(window_of_three);
    world_cut(&w);
    world_run(&w, SECONDS(40));
    r.address = some_backup();
    b = world_binding(&w, 0, r.address);
    b.acked_epoch = 0; /* the acknowledgement was lost */
    cr_assert_eq(fo_lease_db_put(fo_server_leases(w.side[0].server), &b), FO_OK);
    for (unsigned n = 10; n < 40; n++) /* told first: the news of the lease come late */
        cr_assert_neq(world_lease(&w, 1, n, 600), 0);
    cr_assert_eq(world_binding(&w, 1, r.address).status, FO_STATUS_BACKUP);
    r.lease_end = fo_utc_add(world_now(&w, 1).utc, 600);
    cr_assert(world_report(&w, 1, &r));
    w.delay_ms = 300;
    tap_clear(&t);
    world_heal(&w);
    for (int i = 0; i < 300; i++) {
        world_run(&w, 50);
        cr_assert_neq(
            fo_server_may_give(w.side[0].server, r.address, &stranger, world_now(&w, 0), NULL, 0),
            FO_ANSWER_SERVE);
    }
    cr_assert_eq(tap_said(&t, 0, r.address, FO_STATUS_BACKUP), 1);
    cr_assert_null(world_difference(&w), "%s", world_difference(&w));
    world_fini(&w);
}

/* B-14, §7.2.2: a rejected update waits for the next request or reconnection. */
Test(update, b14_a_rejected_update_is_not_repeated_and_nothing_goes_to_and_fro)
{
    struct fo_report r = {.kind = FO_REPORT_GRANT, .desired_s = 7200, .client = world_client(1)};
    two_in_normal(NULL);
    w.delay_ms = 300; /* the updates cross */
    r.address = ADDRESS(20);
    r.lease_end = fo_utc_add(world_now(&w, 0).utc, 7200);
    cr_assert(world_report(&w, 0, &r));
    r.client = world_client(2);
    cr_assert(world_report(&w, 1, &r));
    world_run(&w, MINUTES(10));
    cr_assert_eq(world_status(&w, 1).rejected_by_partner, 1);
    cr_assert_eq(tap_said(&t, 1, r.address, FO_STATUS_ACTIVE), 1);
    cr_assert_eq(tap_said(&t, 0, r.address, FO_STATUS_ACTIVE), 1);
    world_fini(&w);
}

/* Behind a slow link the clocks seem to differ by 23 s to the one server and by 26 s to the other:
 * a time that goes to and fro comes back 3 s later. */
static void two_behind_a_slow_link(void)
{
    world_init(&w);
    w.side[1].clock_offset_s = 24;
    w.delay_ms = 1800;
    world_pair_both(&w, NULL);
    cr_assert(world_until(&w, FO_STATE_NORMAL, FO_STATE_NORMAL, SECONDS(90)));
    world_run(&w, SECONDS(90));
    tap_on(&t, &w);
}

static void renew(int side, fo_ipv4_t address, uint32_t seconds)
{
    struct fo_report r = {.kind = FO_REPORT_GRANT, .address = address, .desired_s = seconds};
    r.client = world_client(1);
    r.lease_end = fo_utc_add(world_now(&w, side).utc, seconds);
    cr_assert(world_report(&w, side, &r));
}

/* B-04, §5.5: a client renews with both at once. Each took what the other said, and told it back
 * while the other did the same, for ever; with every round the times grew by what the two measured
 * differences of the clocks were wrong together. */
Test(update, two_renewals_that_cross_are_told_once_each)
{
    fo_ipv4_t x = ADDRESS(20);
    two_behind_a_slow_link();
    renew(0, x, 600);
    renew(1, x, 600);
    world_run(&w, MINUTES(5));
    cr_assert_eq(tap_said(&t, 0, x, FO_STATUS_ACTIVE), 1);
    cr_assert_eq(tap_said(&t, 1, x, FO_STATUS_ACTIVE), 1);
    for (int side = 0; side < SIDES; side++) {
        struct fo_binding b = world_binding(&w, side, x);
        uint32_t left_s = b.lease_expiration.s - world_now(&w, side).utc.s;
        cr_assert_leq(left_s, 300 + 5, "side %d: %u", side, left_s);
        cr_assert_neq(b.acked_potential_expiration.s, 0);
    }
    world_fini(&w);
}

/* §7.1.5: what the partner said it knows. Told back to it again and again, the time it had said came
 * to lie ever further beyond what any server had asked for. */
Test(update, a_promise_of_the_partners_does_not_grow_by_going_to_and_fro)
{
    fo_ipv4_t x = ADDRESS(20);
    two_behind_a_slow_link();
    w.delay_ms = 1;
    for (int i = 0; i < 120; i++) {
        renew(i % SIDES, x, 600);
        world_run(&w, SECONDS(1));
    }
    for (int side = 0; side < SIDES; side++) {
        struct fo_binding b = world_binding(&w, side, x);
        uint32_t now =
            world_now(&w, side).utc.s; /* asked for: T1 and 600 s from the last renewal */
        cr_assert_leq(b.received_potential_expiration.s - now, 900 + 5);
    }
    world_fini(&w);
}

/* What this server grants while the two cross is news all the same. */
Test(update, a_renewal_after_two_that_crossed_is_told)
{
    fo_ipv4_t x = ADDRESS(20);
    two_in_normal(NULL);
    w.delay_ms = 300;
    renew(0, x, 600);
    renew(1, x, 600);
    world_run(&w, 400);
    renew(0, x, 900);
    world_run(&w, SECONDS(5));
    cr_assert_eq(tap_said(&t, 0, x, FO_STATUS_ACTIVE), 2);
    cr_assert_eq(tap_said(&t, 1, x, FO_STATUS_ACTIVE), 1);
    cr_assert_null(world_difference(&w), "%s", world_difference(&w));
    world_fini(&w);
}

/* §7.2.1: later, considerably. A secondary in the isc dialect refused the end of a lease that it
 * knew to last longer; nobody ever told it again. */
Test(update, what_was_refused_is_told_again_a_quarter_of_an_hour_later)
{
    struct fo_report r = {.kind = FO_REPORT_GRANT, .desired_s = 600, .client = world_client(1)};
    two_in_normal(isc);
    r.address = ADDRESS(20);
    r.lease_end = fo_utc_add(world_now(&w, 0).utc, 600);
    cr_assert(world_report(&w, 0, &r));
    world_run(&w, SECONDS(5));
    r.lease_end = fo_utc_add(world_now(&w, 0).utc, 100); /* shorter: the partner keeps the longer */
    r.by_operator = true;
    cr_assert(world_report(&w, 0, &r));
    world_run(&w, MINUTES(12));
    cr_assert_eq(tap_said(&t, 0, r.address, FO_STATUS_EXPIRED), 1);
    cr_assert_eq(world_status(&w, 1).rejected_by_us, 1);
    cr_assert_eq(world_binding(&w, 1, r.address).status, FO_STATUS_ACTIVE);
    world_run(&w, MINUTES(6));
    cr_assert_eq(tap_said(&t, 0, r.address, FO_STATUS_EXPIRED), 2);
    cr_assert_eq(world_binding(&w, 0, r.address).status, FO_STATUS_FREE);
    cr_assert_eq(world_binding(&w, 1, r.address).status, FO_STATUS_FREE);
    world_fini(&w);
}

/* §7.1.3: a BACKUP address is asked back as FREE; the secondary had leased it, but that lease is
 * over, and it agrees. Its ACTIVE crossed the FREE: the primary had the lease, the secondary no
 * more, and both thought the other knew. */
Test(update, when_two_updates_crossed_the_primary_says_how_it_is_now)
{
    static struct peer p;
    const struct fo_message *m;
    struct fo_message recall;
    fo_link_id_t id;
    peer_init(&p, FO_ROLE_PRIMARY, NULL);
    id = peer_normal(&p);
    peer_link(&p, id)->read = 0;
    peer_agree(&p, id);
    for (unsigned n = 10; n <= 209; n++) { /* the primary runs short of addresses */
        struct fo_report r = {.kind = FO_REPORT_GRANT, .address = ADDRESS(n), .desired_s = 600};
        r.client = world_client(n);
        r.lease_end = fo_utc_add(peer_now(&p).utc, 600);
        if (peer_binding(&p, r.address).status == FO_STATUS_FREE)
            peer_report(&p, &r);
    }
    peer_agree(&p, id);
    cr_assert_eq(peer_command(&p, FO_COMMAND_BALANCE), ERROR_SUCCESS);
    m = peer_find(&p, id, FO_MSG_BNDUPD);
    cr_assert(m != NULL && m->groups[0].status == FO_STATUS_FREE);
    recall = *m;
    peer_words(&p, FO_MSG_BNDUPD);
    peer_active(&p, recall.groups[0].address, 1, 5);
    peer_send(&p, id, &p.words);
    cr_assert_eq(peer_binding(&p, recall.groups[0].address).status, FO_STATUS_ACTIVE);
    peer_link(&p, id)->read = 0;
    peer_agree(&p, id);
    peer_link(&p, id)->read = 0;
    while ((m = peer_find(&p, id, FO_MSG_BNDUPD)) != NULL)
        if (m->groups[0].address == recall.groups[0].address &&
            m->groups[0].status == FO_STATUS_ACTIVE)
            break;
    cr_assert_not_null(m);
    cr_assert_eq(peer_binding(&p, m->groups[0].address).received_potential_expiration.s, 0);
    peer_fini(&p);
}

/* Figure 7.1.3-1: the partner reset what we abandoned at the same time. It has our ABANDONED and
 * refuses whatever else we would say ever after. */
Test(update, an_abandoned_address_that_crossed_a_reset_stays_abandoned)
{
    static struct peer p;
    struct fo_report r = {.kind = FO_REPORT_DECLINE, .address = ADDRESS(150)};
    struct fo_group *g;
    fo_link_id_t id;
    peer_init(&p, FO_ROLE_PRIMARY, NULL);
    id = peer_normal(&p);
    peer_report(&p, &r);
    peer_words(&p, FO_MSG_BNDUPD);
    g = peer_active(&p, r.address, 1, 60);
    g->status = FO_STATUS_RESET;
    g->present &= ~(PEER_OPT(LEASE_EXPIRATION_TIME) | PEER_OPT(POTENTIAL_EXPIRATION_TIME));
    peer_send(&p, id, &p.words);
    peer_agree(&p, id);
    cr_assert_eq(peer_binding(&p, r.address).status, FO_STATUS_ABANDONED);
    peer_fini(&p);
}

/* The same where the primary died before the answer came: the partner may have taken its word. */
Test(update, what_crossed_is_told_by_a_primary_that_died_before_the_answer)
{
    static struct peer p;
    struct fo_report r = {.kind = FO_REPORT_DECLINE, .address = ADDRESS(150)};
    const struct fo_message *m;
    struct fo_group *g;
    fo_link_id_t id;
    peer_init(&p, FO_ROLE_PRIMARY, NULL);
    id = peer_normal(&p);
    peer_link(&p, id)->read = 0;
    peer_agree(&p, id);
    peer_report(&p, &r);
    peer_words(&p, FO_MSG_BNDUPD);
    g = peer_active(&p, r.address, 1, 60);
    g->status = FO_STATUS_RESET;
    g->present &= ~(PEER_OPT(LEASE_EXPIRATION_TIME) | PEER_OPT(POTENTIAL_EXPIRATION_TIME));
    peer_send(&p, id, &p.words);
    cr_assert_eq(peer_binding(&p, r.address).status, FO_STATUS_FREE);
    peer_restart(&p);
    id = peer_join(&p, FO_STATE_COMMUNICATIONS_INTERRUPTED);
    do
        m = peer_find(&p, id, FO_MSG_BNDUPD);
    while (m != NULL && m->groups[0].address != r.address);
    cr_assert_not_null(m);
    cr_assert_eq(m->groups[0].status, FO_STATUS_FREE);
    peer_fini(&p);
}

/* §7.1.5: where the partner took our word of another client's lease after it had told of its own, it
 * knows of that only by us, and of what it had promised. */
Test(update, what_crossed_is_told_with_what_the_partner_had_promised)
{
    static struct peer p;
    struct fo_report r = {.kind = FO_REPORT_GRANT, .desired_s = 5};
    const struct fo_message *m;
    fo_link_id_t id;
    uint32_t promised;
    peer_init(&p, FO_ROLE_PRIMARY, NULL);
    id = peer_normal(&p);
    peer_link(&p, id)->read = 0;
    peer_agree(&p, id);
    r.address = ADDRESS(20);
    while (peer_binding(&p, r.address).status != FO_STATUS_FREE)
        r.address++;
    r.client = world_client(1);
    r.lease_end = fo_utc_add(peer_now(&p).utc, 5);
    peer_report(&p, &r);
    peer_run(&p, SECONDS(6)); /* it is over, and nobody has said so */
    peer_words(&p, FO_MSG_BNDUPD);
    promised = peer_active(&p, r.address, 2, 3600)->potential_expiration_time.s;
    peer_send(&p, id, &p.words);
    cr_assert_eq(peer_binding(&p, r.address).received_potential_expiration.s, promised);
    peer_hang_up(&p, id);
    id = peer_join(&p, FO_STATE_NORMAL);
    do
        m = peer_find(&p, id, FO_MSG_BNDUPD);
    while (m != NULL && m->groups[0].address != r.address);
    cr_assert_not_null(m);
    cr_assert_eq(m->groups[0].potential_expiration_time.s, promised);
    peer_fini(&p);
}

/* W-15, §7.1.1. */
Test(update, l12_an_address_of_a_bootp_client_is_told_with_b)
{
    static struct peer p;
    const struct fo_message *m;
    fo_link_id_t id;
    peer_init(&p, FO_ROLE_SECONDARY, NULL);
    id = peer_normal(&p);
    for (unsigned n = 0; n < 2; n++) {
        peer_report(&p, &(struct fo_report){.kind = FO_REPORT_GRANT,
                                            .address = ADDRESS(20 + n),
                                            .client = world_client(n),
                                            .lease_end = fo_utc_add(peer_now(&p).utc, 600),
                                            .desired_s = 600,
                                            .flags = n == 0 ? FO_BINDING_BOOTP : 0});
        m = peer_find(&p, id, FO_MSG_BNDUPD);
        cr_assert(m != NULL && m->group_count == 1);
        cr_assert_eq(m->groups[0].ip_flags, n == 0 ? 0x0002 : 0); /* §12.12, W-13 */
    }
    peer_fini(&p);
}

Test(update, w15_a_client_identifier_is_told_if_the_client_used_one)
{
    static struct peer p;
    static const uint8_t id[] = {255, 1, 2, 3};
    struct fo_report r = {.kind = FO_REPORT_GRANT, .desired_s = 600};
    const struct fo_message *m;
    fo_link_id_t id_link;
    peer_init(&p, FO_ROLE_SECONDARY, NULL);
    id_link = peer_normal(&p);
    for (unsigned n = 0; n < 2; n++) {
        r.address = ADDRESS(20 + n);
        r.client = world_client(n);
        r.client.id = n == 0 ? NULL : id;
        r.client.id_length = n == 0 ? 0 : sizeof id;
        r.lease_end = fo_utc_add(peer_now(&p).utc, 600);
        peer_report(&p, &r);
        m = peer_find(&p, id_link, FO_MSG_BNDUPD);
        cr_assert(m != NULL && m->group_count == 1);
        cr_assert_eq((m->groups[0].present & PEER_OPT(CLIENT_IDENTIFIER)) != 0, n != 0);
        cr_assert_eq(m->groups[0].client_identifier.length, n == 0 ? 0 : sizeof id);
    }
    peer_fini(&p);
}

/* §6.3: a BNDACK has the addresses of its BNDUPD. However many it lacks, that is one fault. */
Test(update, a_bndack_that_lacks_addresses_is_one_fault)
{
    static struct peer p;
    struct fo_event events[5] = {{0}};
    const struct fo_message *m;
    struct fo_message *ack;
    fo_link_id_t id;
    uint32_t xid;
    peer_init(&p, FO_ROLE_PRIMARY, NULL);
    id = peer_normal(&p);
    for (unsigned n = 0; n < 5; n++) {
        events[n].kind = FO_EVENT_REPORT;
        events[n].now = peer_now(&p);
        events[n].report.kind = FO_REPORT_GRANT;
        events[n].report.address = ADDRESS(150 + n);
        events[n].report.client = world_client(n);
        events[n].report.lease_end = fo_utc_add(peer_now(&p).utc, 600);
        events[n].report.desired_s = 600;
    }
    peer_batch(&p, events, 5, NULL, NULL);
    do
        m = peer_find(&p, id, FO_MSG_BNDUPD);
    while (m != NULL && m->group_count < 4);
    cr_assert_not_null(m);
    xid = m->xid;
    ack = peer_words(&p, FO_MSG_BNDACK);
    ack->xid = xid;
    ack->group_count = 1;
    ack->groups[0] =
        (struct fo_group){.address = ADDRESS(150), .present = PEER_OPT(ASSIGNED_IP_ADDRESS)};
    peer_send(&p, id, ack);
    cr_assert_eq(peer_status(&p).faults, 1);
    peer_fini(&p);
}

/* §5.2.1, §7.4: the partner lost its store and with it what it had promised; we reckon with that
 * promise and may renew by it, so it has to come to know of it again. */
Test(update, a_partner_that_lost_its_store_hears_what_it_had_promised)
{
    static struct peer p;
    const struct fo_message *m;
    struct fo_group *g;
    fo_utc_t promised;
    fo_link_id_t id;
    peer_init(&p, FO_ROLE_SECONDARY, NULL);
    id = peer_normal(&p);
    peer_words(&p, FO_MSG_BNDUPD);
    g = peer_active(&p, ADDRESS(20), 1, 600);
    g->potential_expiration_time = fo_utc_add(g->lease_expiration_time, 7200);
    peer_send(&p, id, &p.words);
    promised = peer_binding(&p, ADDRESS(20)).received_potential_expiration;
    cr_assert_gt(promised.s, peer_now(&p).utc.s + 7200);
    peer_hang_up(&p, id);
    id = peer_join(&p, FO_STATE_RECOVER);
    peer_send_bare(&p, id, FO_MSG_UPDREQALL);
    do {
        m = peer_find(&p, id, FO_MSG_BNDUPD);
        cr_assert_not_null(m);
    } while (m->groups[0].address != ADDRESS(20));
    /* And it may have renewed by it, unheard, for MCLT more (§5.2.1). */
    cr_assert_eq(m->groups[0].lease_expiration_time.s, promised.s + peer_status(&p).mclt_s);
    cr_assert_eq(m->groups[0].potential_expiration_time.s, promised.s + peer_status(&p).mclt_s);
    peer_fini(&p);
}

/* ... also in NORMAL, where an operator took it who had no time for RECOVER. */
Test(update, a_partner_in_normal_that_asks_for_everything_hears_what_it_had_promised)
{
    static struct peer p;
    fo_link_id_t id;
    uint32_t promised;
    peer_init(&p, FO_ROLE_SECONDARY, NULL);
    id = peer_normal(&p);
    (void)peer_words(&p, FO_MSG_BNDUPD);
    promised = peer_active(&p, ADDRESS(20), 1, 3600)->potential_expiration_time.s;
    peer_send(&p, id, &p.words);
    peer_send_bare(&p, id, FO_MSG_UPDREQALL);
    do
        cr_assert_not_null(peer_find(&p, id, FO_MSG_BNDUPD));
    while (p.said.groups[0].address != ADDRESS(20));
    cr_assert_eq(p.said.groups[0].potential_expiration_time.s, promised);
    peer_fini(&p);
}

/* The same where an end was on its way to it when it asked: that it takes the end says nothing of
 * what the lease has become meanwhile. */
Test(update, a_partner_that_lost_its_store_hears_of_a_lease_whose_end_was_under_way)
{
    static struct peer p;
    static struct fo_message ack;
    struct fo_report r = {.kind = FO_REPORT_GRANT, .address = ADDRESS(20), .desired_s = 10};
    const struct fo_message *m;
    fo_link_id_t id;
    peer_init(&p, FO_ROLE_SECONDARY, NULL);
    id = peer_normal(&p);
    r.client = world_client(1);
    r.lease_end = fo_utc_add(peer_now(&p).utc, r.desired_s);
    peer_report(&p, &r);
    peer_agree(&p, id);
    peer_hang_up(&p, id);
    id = peer_join(&p, FO_STATE_RECOVER);
    peer_run(&p, SECONDS(20));
    cr_assert_eq(peer_binding(&p, ADDRESS(20)).status, FO_STATUS_EXPIRED);
    m = peer_find(&p, id, FO_MSG_BNDUPD);
    cr_assert_not_null(m);
    cr_assert_eq(m->groups[0].address, ADDRESS(20));
    cr_assert_eq(m->groups[0].status, FO_STATUS_EXPIRED);
    fo_message_reset(&ack, FO_MSG_BNDACK, m->xid);
    ack.group_count = 1;
    ack.groups[0] =
        (struct fo_group){.address = ADDRESS(20), .present = PEER_OPT(ASSIGNED_IP_ADDRESS)};
    peer_send_bare(&p, id, FO_MSG_UPDREQALL);
    peer_send(&p, id, &ack);
    do {
        m = peer_find(&p, id, FO_MSG_BNDUPD);
        cr_assert_not_null(m);
    } while (m->groups[0].address != ADDRESS(20));
    cr_assert_eq(m->groups[0].status, FO_STATUS_ACTIVE);
    peer_fini(&p);
}
