/* Updates of the partner, judged and stored (draft-12 §7.1.2–§7.1.5, §7.2). */
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

/* |side| serves alone for |minutes| after the other died and was declared dead. */
static void alone(int side, int minutes)
{
    world_kill(&w, !side);
    world_run(&w, SECONDS(30));
    cr_assert_eq(world_command(&w, side, FO_COMMAND_PARTNER_DOWN), ERROR_SUCCESS);
    world_run(&w, MINUTES(minutes));
}

static void grant(int side, fo_ipv4_t address, unsigned client, uint32_t seconds)
{
    struct fo_report r = {.kind = FO_REPORT_GRANT, .address = address, .desired_s = seconds};
    r.client = world_client(client);
    r.lease_end = fo_utc_add(world_now(&w, side).utc, seconds);
    cr_assert(world_report(&w, side, &r));
}

static void holds(int side, fo_ipv4_t address, unsigned client)
{
    struct fo_binding b = world_binding(&w, side, address);
    struct fo_client c = world_client(client);
    char line[240];
    cr_assert(b.status == FO_STATUS_ACTIVE && fo_client_equal(&b.client, &c), "side %d: %s", side,
              fo_binding_print(&b, line, sizeof line));
}

/* A primary that was dead still said ACTIVE of a lease that had ended: it refused the new holder
 * (note 5, fatal conflict), later announced the old one, and the secondary believed it. */
Test(apply, a_lease_that_ended_meanwhile_gives_way_to_the_partners_new_one)
{
    fo_ipv4_t x;
    two_in_normal(NULL);
    x = world_lease(&w, 0, 1, 300);
    world_run(&w, SECONDS(2));
    alone(1, 30);
    grant(1, x, 2, 7200);
    world_start(&w, 0);
    world_run(&w, SECONDS(2));
    holds(0, x, 2); /* learned in RECOVER */
    cr_assert(world_until(&w, FO_STATE_NORMAL, FO_STATE_NORMAL, MINUTES(12)));
    world_run(&w, MINUTES(2));
    holds(0, x, 2);
    holds(1, x, 2);
    cr_assert_eq(world_status(&w, 0).rejected_by_us, 0);
    world_fini(&w);
}

/* The same with the new lease released already: the two refused each other's end for ever. */
Test(apply, a_lease_that_ended_meanwhile_gives_way_to_the_end_of_a_later_one)
{
    struct fo_report r = {.kind = FO_REPORT_RELEASE, .client = world_client(2)};
    two_in_normal(NULL);
    r.address = world_lease(&w, 0, 1, 300);
    world_run(&w, SECONDS(2));
    alone(1, 30);
    grant(1, r.address, 2, 7200);
    cr_assert(world_report(&w, 1, &r));
    world_start(&w, 0);
    cr_assert(world_until(&w, FO_STATE_NORMAL, FO_STATE_NORMAL, MINUTES(12)));
    world_run(&w, MINUTES(2));
    cr_assert_null(world_difference(&w), "%s", world_difference(&w));
    cr_assert_neq(world_binding(&w, 0, r.address).status, FO_STATUS_RELEASED);
    world_fini(&w);
}

/* B-07, §6.3. */
Test(apply, b07_a_batch_is_answered_by_one_bndack)
{
    two_in_normal(NULL);
    world_cut(&w);
    world_run(&w, SECONDS(40));
    for (unsigned n = 0; n < 20; n++)
        cr_assert_neq(world_lease(&w, 0, n, 300), 0);
    tap_clear(&t);
    world_heal(&w);
    cr_assert(world_until(&w, FO_STATE_NORMAL, FO_STATE_NORMAL, SECONDS(60)));
    cr_assert_gt(t.largest[0], 1);
    cr_assert_lt(t.messages[0][FO_MSG_BNDUPD], 20);
    cr_assert_eq(t.messages[1][FO_MSG_BNDACK], t.messages[0][FO_MSG_BNDUPD]);
    cr_assert_null(world_difference(&w), "%s", world_difference(&w));
    world_fini(&w);
}

/* B-09: Figure 7.1.3-1, note 5, both ways at once. */
Test(apply, b07_each_address_of_a_batch_has_its_own_verdict)
{
    static const fo_ipv4_t addresses[] = {ADDRESS(20), SUBNET + 512 + 20, ADDRESS(21)};
    static struct peer p;
    const struct fo_message *m;
    fo_link_id_t id;
    peer_init(&p, FO_ROLE_SECONDARY, NULL);
    id = peer_normal(&p);
    peer_words(&p, FO_MSG_BNDUPD);
    for (unsigned n = 0; n < 3; n++)
        peer_active(&p, addresses[n], n, 600);
    peer_send(&p, id, &p.words);
    m = peer_find(&p, id, FO_MSG_BNDACK);
    cr_assert_not_null(m);
    cr_assert_eq(m->xid, p.words.xid); /* W-12 */
    cr_assert_eq(m->group_count, 3);
    for (unsigned n = 0; n < 3; n++) {
        cr_assert_eq(m->groups[n].address, addresses[n]);
        cr_assert_eq(m->groups[n].present, /* B-06 */
                     n == 1 ? PEER_OPT(ASSIGNED_IP_ADDRESS) | PEER_OPT(REJECT_REASON) |
                                  PEER_OPT(MESSAGE)
                            : PEER_OPT(ASSIGNED_IP_ADDRESS));
    }
    cr_assert_eq(m->groups[1].reject_reason, 1);
    cr_assert_null(peer_find(&p, id, FO_MSG_BNDACK));
    cr_assert_eq(peer_binding(&p, ADDRESS(20)).status, FO_STATUS_ACTIVE);
    cr_assert_eq(peer_binding(&p, ADDRESS(21)).status, FO_STATUS_ACTIVE);
    peer_fini(&p);
}

Test(apply, b09_of_two_active_leases_the_primary_keeps_its_own_and_the_secondary_yields)
{
    two_in_normal(NULL);
    w.delay_ms = 300; /* the updates cross */
    grant(0, ADDRESS(20), 1, 7200);
    grant(1, ADDRESS(20), 2, 7200);
    world_run(&w, SECONDS(2));
    holds(0, ADDRESS(20), 1);
    holds(1, ADDRESS(20), 1);
    cr_assert_eq(world_status(&w, 0).rejected_by_us, 1);
    cr_assert_eq(world_status(&w, 1).rejected_by_us, 0);
    world_fini(&w);
}

/* B-13, §5.11: EXPIRED is said, FREE is stored, by both. */
Test(apply, b13_an_expired_lease_becomes_free_on_both_sides)
{
    fo_ipv4_t x;
    two_in_normal(NULL);
    x = world_lease(&w, 1, 1, 300);
    world_run(&w, MINUTES(6));
    cr_assert_eq(tap_said(&t, 1, x, FO_STATUS_EXPIRED), 1);
    cr_assert_eq(tap_said(&t, 0, x, FO_STATUS_EXPIRED), 0); /* one of them says it */
    cr_assert_eq(world_binding(&w, 0, x).status, FO_STATUS_FREE);
    cr_assert_eq(world_binding(&w, 1, x).status, FO_STATUS_FREE);
    world_fini(&w);
}

/* B-04, §5.5. */
Test(apply, b04_what_is_learned_is_not_sent_back)
{
    two_in_normal(NULL);
    tap_clear(&t);
    for (unsigned n = 0; n < 30; n++)
        cr_assert_neq(world_lease(&w, 0, n, 3600), 0);
    world_run(&w, MINUTES(3));
    cr_assert_eq(t.transactions[1], 0);
    world_cut(&w);
    world_run(&w, SECONDS(40));
    world_heal(&w);
    cr_assert(world_until(&w, FO_STATE_NORMAL, FO_STATE_NORMAL, SECONDS(60)));
    world_run(&w, MINUTES(1));
    cr_assert_eq(t.transactions[1], 0);
    world_fini(&w);
}

static void isc(struct fo_relationship *r)
{
    r->dialect = FO_DIALECT_ISC;
}

/* The primary's clock is two seconds ahead, which is taken for none: its EXPIRED came too early
 * for time2, was refused, and nobody else would ever report the end. */
/* MAPI §2.5, LastBndUpdTime: of the present client, and not of what this server granted itself. */
Test(apply, when_the_partner_last_told_of_a_lease_is_kept)
{
    fo_ipv4_t x;
    fo_utc_t first;
    two_in_normal(NULL);
    x = world_lease(&w, 0, 1, 3600);
    world_run(&w, SECONDS(2));
    first = world_binding(&w, 1, x).last_partner_update;
    cr_expect_gt(first.s, world_now(&w, 1).utc.s - 5);
    cr_expect_leq(first.s, world_now(&w, 1).utc.s);
    cr_expect_eq(world_binding(&w, 0, x).last_partner_update.s, 0);
    world_run(&w, MINUTES(5));
    grant(1, x, 1, 3600); /* renewed at the partner */
    world_run(&w, SECONDS(2));
    cr_expect_eq(world_binding(&w, 1, x).last_partner_update.s, first.s);
    cr_expect_gt(world_binding(&w, 0, x).last_partner_update.s, first.s + 290);
    grant(1, x, 2, 3600); /* another client */
    cr_expect_eq(world_binding(&w, 1, x).last_partner_update.s, 0);
    world_fini(&w);
}

Test(apply, a_secondary_that_does_not_expire_believes_its_primary_about_the_end)
{
    fo_ipv4_t x;
    world_init(&w);
    w.side[1].clock_offset_s = -5;
    world_pair_both(&w, isc);
    cr_assert(world_until(&w, FO_STATE_NORMAL, FO_STATE_NORMAL, SECONDS(60)));
    w.side[1].clock_offset_s = -10; /* drifts away */
    tap_on(&t, &w);
    x = world_lease(&w, 0, 1, 120);
    world_run(&w, MINUTES(4));
    cr_assert_eq(world_status(&w, 1).rejected_by_us, 0);
    cr_assert_eq(world_binding(&w, 0, x).status, FO_STATUS_FREE);
    cr_assert_eq(world_binding(&w, 1, x).status, FO_STATUS_FREE);
    world_fini(&w);
}

/* ... but not about a lease that it renewed itself and could not tell yet. */
Test(apply, a_secondary_keeps_a_lease_that_it_renewed_and_could_not_tell)
{
    fo_ipv4_t x;
    two_in_normal(isc);
    x = world_lease(&w, 0, 1, 120);
    world_run(&w, SECONDS(100));
    world_cut(&w);
    grant(1, x, 1, 50); /* until 30 s after what the primary knows */
    world_run(&w, SECONDS(26));
    cr_assert_eq(world_binding(&w, 0, x).status, FO_STATUS_EXPIRED);
    tap_clear(&t);
    world_heal(&w);
    world_run(&w, SECONDS(1));
    cr_assert_eq(world_status(&w, 1).rejected_by_us, 1);
    holds(1, x, 1);
    world_fini(&w);
}

static void count_acks(void *context, int side, enum fo_effect_kind kind, uint64_t token)
{
    unsigned *acks = context;
    (void)side;
    *acks += kind == FO_EFFECT_ACKED && token == 77;
}

/* A grant whose address the partner had abandoned was reported as acknowledged when, later, the
 * abandonment itself was. */
Test(apply, a_report_that_the_partners_word_replaced_is_not_acknowledged)
{
    unsigned acks = 0;
    struct fo_report r = {.kind = FO_REPORT_GRANT, .desired_s = 3600, .token = 77};
    struct fo_report decline = {.kind = FO_REPORT_DECLINE};
    two_in_normal(NULL);
    w.on_token = count_acks;
    w.token_context = &acks;
    r.address = decline.address = ADDRESS(20);
    r.client = decline.client = world_client(1);
    world_cut(&w);
    world_run(&w, SECONDS(40));
    r.lease_end = fo_utc_add(world_now(&w, 0).utc, 600);
    cr_assert(world_report(&w, 0, &r));
    cr_assert(world_report(&w, 1, &decline));
    world_heal(&w);
    cr_assert(world_until(&w, FO_STATE_NORMAL, FO_STATE_NORMAL, SECONDS(60)));
    world_run(&w, SECONDS(2));
    cr_assert_eq(world_binding(&w, 0, r.address).status, FO_STATUS_ABANDONED);
    cr_assert_eq(world_command(&w, 1, FO_COMMAND_RESYNC), ERROR_SUCCESS);
    world_run(&w, SECONDS(2));
    cr_assert_eq(acks, 0);
    world_fini(&w);
}

static bool both_would_give(fo_ipv4_t address)
{
    struct fo_client c = world_client(999);
    for (int i = 0; i < SIDES; i++)
        if (fo_server_may_give(w.side[i].server, address, &c, world_now(&w, i), NULL, 0) !=
            FO_ANSWER_SERVE)
            return false;
    return true;
}

/* §5.4: the primary asked for everything and handed addresses over meanwhile; the secondary's FREE
 * of before crossed the BACKUP, each believed the other, and both would have leased them. */
Test(apply, a_hand_over_is_not_undone_by_what_the_partner_said_before_it)
{
    two_in_normal(NULL);
    for (unsigned n = 0; n < 40; n++)
        cr_assert_neq(world_lease(&w, 0, n, 60), 0);
    world_run(&w, MINUTES(4));
    for (unsigned n = 100; n < 160; n++)
        cr_assert_neq(world_lease(&w, 1, n, 600), 0);
    world_run(&w, 100);
    w.delay_ms = 300;
    tap_clear(&t);
    cr_assert_eq(world_command(&w, 0, FO_COMMAND_RESYNC), ERROR_SUCCESS);
    world_run(&w, 350);
    cr_assert_eq(world_command(&w, 0, FO_COMMAND_BALANCE), ERROR_SUCCESS);
    for (int i = 0; i < 100; i++) {
        world_run(&w, 50);
        for (unsigned n = 10; n <= 209; n++)
            cr_assert_not(both_would_give(ADDRESS(n)), ".%u at %d", n, i);
    }
    cr_assert_geq(world_status(&w, 0).rejected_by_us, 1); /* they did cross */
    cr_assert_null(world_difference(&w), "%s", world_difference(&w));
    world_fini(&w);
}

/* §5.4, §5.11: the same with the end of a lease that the secondary gave, from a hand-over whose
 * acknowledgement was lost: EXPIRED is stored as FREE. */
Test(apply, a_hand_over_is_not_undone_by_the_end_of_a_lease_that_crosses_it)
{
    static struct peer p;
    const struct fo_message *m;
    struct fo_group *g;
    fo_link_id_t id;
    fo_ipv4_t x = 0;
    peer_init(&p, FO_ROLE_PRIMARY, NULL);
    id = peer_normal(&p);
    cr_assert_eq(peer_command(&p, FO_COMMAND_BALANCE), ERROR_SUCCESS);
    peer_hang_up(&p, id);
    id = peer_join(&p, FO_STATE_COMMUNICATIONS_INTERRUPTED);
    m = peer_find(&p, id, FO_MSG_BNDUPD); /* hand-overs, repeated */
    cr_assert_not_null(m);
    x = m->groups[0].address;
    cr_assert_eq(m->groups[0].status, FO_STATUS_BACKUP);
    peer_words(&p, FO_MSG_BNDUPD);
    g = peer_active(&p, x, 1, 60);
    g->status = FO_STATUS_EXPIRED;
    g->present &= ~(PEER_OPT(LEASE_EXPIRATION_TIME) | PEER_OPT(POTENTIAL_EXPIRATION_TIME));
    peer_send(&p, id, &p.words);
    cr_assert_eq(peer_binding(&p, x).status, FO_STATUS_BACKUP);
    m = peer_find(&p, id, FO_MSG_BNDACK);
    cr_assert_not_null(m);
    cr_assert_eq(m->groups[0].reject_reason, FO_REJECT_OUTDATED_BINDING_INFORMATION);
    peer_fini(&p);
}

/* §5.11, §7.1.3: the server renewed a lease, said so, and it ended; the partner had not heard of
 * the renewal when it said that the lease before it had ended. Each took the other's word: here the
 * address was free, there it was leased, and its client could renew it. */
Test(apply, the_end_of_a_lease_does_not_undo_the_renewal_that_crosses_it)
{
    static struct peer p;
    struct fo_report r = {.kind = FO_REPORT_GRANT, .address = ADDRESS(20), .desired_s = 30};
    struct fo_message ended;
    const struct fo_message *m;
    fo_link_id_t id;
    peer_init(&p, FO_ROLE_PRIMARY, NULL);
    id = peer_normal(&p);
    peer_link(&p, id)->read = 0;
    peer_agree(&p, id); /* to the hand-overs */
    peer_words(&p, FO_MSG_BNDUPD);
    peer_active(&p, r.address, 1, 30);
    ended = p.words;
    peer_send(&p, id, &p.words);
    peer_run(&p, SECONDS(10));
    r.client = world_client(1);
    r.lease_end = fo_utc_add(peer_now(&p).utc, r.desired_s);
    peer_report(&p, &r);
    do {
        m = peer_find(&p, id, FO_MSG_BNDUPD);
        cr_assert_not_null(m);
    } while (m->groups[0].address != r.address);
    cr_assert_eq(m->groups[0].status, FO_STATUS_ACTIVE);
    peer_run(&p, SECONDS(16));
    peer_send_bare(&p, id, FO_MSG_CONTACT);
    peer_run(&p, SECONDS(16));
    ended.groups[0].status = FO_STATUS_EXPIRED;
    ended.groups[0].present &=
        ~(PEER_OPT(LEASE_EXPIRATION_TIME) | PEER_OPT(POTENTIAL_EXPIRATION_TIME));
    peer_send(&p, id, &ended);
    m = peer_find(&p, id, FO_MSG_BNDACK);
    cr_assert_not_null(m);
    cr_assert_eq(m->groups[0].reject_reason, FO_REJECT_OUTDATED_BINDING_INFORMATION);
    cr_assert_neq(peer_binding(&p, r.address).status, FO_STATUS_FREE);
    peer_fini(&p);
}

/* --- what is refused ------------------------------------------------------------------------- */

static uint8_t said(struct peer *p, fo_link_id_t id, enum fo_binding_status status)
{
    struct fo_message *m = peer_words(p, FO_MSG_BNDUPD);
    const struct fo_message *ack;
    peer_active(p, ADDRESS(20), 1, 7200)->status = (uint8_t)status;
    peer_send(p, id, m);
    ack = peer_find(p, id, FO_MSG_BNDACK);
    cr_assert_not_null(ack);
    return (ack->groups[0].present & PEER_OPT(REJECT_REASON)) != 0 ? ack->groups[0].reject_reason
                                                                   : 0;
}

/* Answers nothing; is heard, so that the link stays. */
static void partner_idles(struct peer *p, fo_link_id_t id, int minutes)
{
    for (int i = 0; i < 6 * minutes; i++) {
        peer_run(p, SECONDS(10));
        peer_send_bare(p, id, FO_MSG_CONTACT);
    }
}

static void tells_the_lease(struct peer *p, fo_link_id_t id)
{
    const struct fo_message *m = peer_find(p, id, FO_MSG_BNDUPD);
    cr_assert_not_null(m);
    cr_assert_eq(m->groups[0].address, ADDRESS(20));
    cr_assert_eq(m->groups[0].status, FO_STATUS_ACTIVE);
}

/* §7.2.1: it may send its own information, but later, considerably. dhcpd in PARTNER-DOWN frees
 * what was released MCLT ago, and says FREE, which ends no lease (time2): it was refused, the lease
 * had come from dhcpd and so was never told again, and the two differed for ever. */
Test(apply, who_was_refused_as_outdated_is_told_better_at_the_next_request)
{
    struct peer p;
    fo_link_id_t id;
    peer_init(&p, FO_ROLE_SECONDARY, isc);
    id = peer_normal(&p);
    cr_assert_eq(said(&p, id, FO_STATUS_ACTIVE), 0);
    cr_assert_eq(said(&p, id, FO_STATUS_FREE), FO_REJECT_OUTDATED_BINDING_INFORMATION);
    cr_assert_null(peer_find(&p, id, FO_MSG_BNDUPD)); /* not at once: B-14 */
    peer_send_bare(&p, id, FO_MSG_UPDREQ);
    tells_the_lease(&p, id);
    peer_fini(&p);
}

Test(apply, who_was_refused_as_outdated_is_told_better_a_while_later)
{
    struct peer p;
    fo_link_id_t id;
    peer_init(&p, FO_ROLE_SECONDARY, isc);
    id = peer_normal(&p);
    cr_assert_eq(said(&p, id, FO_STATUS_ACTIVE), 0);
    cr_assert_eq(said(&p, id, FO_STATUS_FREE), FO_REJECT_OUTDATED_BINDING_INFORMATION);
    partner_idles(&p, id, 19);
    cr_assert_null(peer_find(&p, id, FO_MSG_BNDUPD));
    partner_idles(&p, id, 2);
    tells_the_lease(&p, id);
    peer_fini(&p);
}

/* C-23, §8.3: dhcpd may have twice as many under way as it was allowed. */
Test(apply, c23_twice_the_advertised_number_of_updates_is_answered)
{
    static struct peer p;
    static uint8_t all[128 * 1024];
    size_t used = 0;
    unsigned allowed, acks = 0;
    fo_link_id_t id;
    peer_init(&p, FO_ROLE_PRIMARY, NULL);
    id = peer_establish(&p);
    peer_link(&p, id)->read = 0;
    allowed = peer_next(&p, id)->max_unacked_bndupd;
    cr_assert_geq(allowed, 10);
    peer_send_state(&p, id, FO_STATE_RECOVER, 0);
    for (unsigned n = 0; n < 2 * allowed; n++) {
        struct fo_message *m = peer_words(&p, FO_MSG_BNDUPD);
        peer_active(&p, ADDRESS(10 + n % 200), n % 200, 600);
        cr_assert_leq(used + FO_MESSAGE_MAX, sizeof all);
        used += peer_write(&p, m, all + used);
    }
    peer_bytes(&p, id, all, used);
    while (peer_find(&p, id, FO_MSG_BNDACK) != NULL)
        acks++;
    cr_assert_eq(acks, 2 * allowed);
    peer_fini(&p);
}
