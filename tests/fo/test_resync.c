/* UPDREQ, UPDREQALL, UPDDONE (draft-12 §7.3–§7.5, §5.17). */
#include <string.h>

#include <criterion/criterion.h>

#include "tests/fo/peer.h"
#include "tests/fo/tap.h"

#define MANY 10000

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

static void leases(int side, unsigned first, unsigned last)
{
    for (unsigned n = first; n <= last; n++)
        cr_assert_neq(world_lease(&w, side, n, 36000), 0);
}

/* U-03, §7.3.2. */
Test(resync, u03_with_nothing_to_send_upddone_comes_at_once_with_the_requests_xid)
{
    two_in_normal();
    cr_assert_eq(world_command(&w, 0, FO_COMMAND_RESYNC), ERROR_SUCCESS);
    world_run(&w, SECONDS(2)); /* everything is told now */
    world_cut(&w);
    world_run(&w, SECONDS(40));
    for (int i = 0; i < SIDES; i++)
        cr_assert_eq(world_command(&w, i, FO_COMMAND_PARTNER_DOWN), ERROR_SUCCESS);
    tap_clear(&t);
    world_heal(&w);
    cr_assert(world_until(&w, FO_STATE_NORMAL, FO_STATE_NORMAL, SECONDS(90)));
    cr_assert_eq(t.messages[0][FO_MSG_UPDREQ], 1);
    cr_assert_eq(t.messages[1][FO_MSG_UPDDONE], 1);
    cr_assert_eq(t.last_xid[1][FO_MSG_UPDDONE], t.last_xid[0][FO_MSG_UPDREQ]);
    cr_assert_eq(t.transactions[1], 0);
    world_fini(&w);
}

/* U-01, §7.5: counted are the acknowledgements; a rejection is one. */
Test(resync, u01_upddone_waits_for_the_answer_to_every_counted_update)
{
    two_in_normal();
    leases(0, 1, 50);
    world_run(&w, SECONDS(2));
    w.delay_ms = 700;
    tap_clear(&t);
    cr_assert_eq(world_command(&w, 1, FO_COMMAND_RESYNC), ERROR_SUCCESS);
    for (int i = 0; i < 400 && t.messages[0][FO_MSG_UPDDONE] == 0; i++) {
        world_run(&w, 20);
        cr_assert(t.messages[0][FO_MSG_UPDDONE] == 0 || t.unacked[0] == 0);
    }
    cr_assert_eq(t.messages[0][FO_MSG_UPDDONE], 1);
    cr_assert_eq(t.last_xid[0][FO_MSG_UPDDONE], t.last_xid[1][FO_MSG_UPDREQALL]);
    cr_assert_geq(t.transactions[0], 50);
    world_fini(&w);
}

/* U-01 with one BNDUPD that holds everything. */
Test(resync, u01_upddone_waits_for_the_last_bndupd_too)
{
    two_in_normal();
    tap_clear(&t);
    cr_assert_eq(world_command(&w, 1, FO_COMMAND_RESYNC), ERROR_SUCCESS);
    world_run(&w, SECONDS(2)); /* the hand-overs are told, and have come from the partner */
    leases(0, 1, 3);
    world_cut(&w);
    world_run(&w, SECONDS(40));
    leases(0, 1, 3);
    for (int i = 0; i < SIDES; i++)
        cr_assert_eq(world_command(&w, i, FO_COMMAND_PARTNER_DOWN), ERROR_SUCCESS);
    w.delay_ms = 700;
    tap_clear(&t);
    world_heal(&w);
    for (int i = 0; i < 4000 && t.messages[1][FO_MSG_UPDDONE] + t.messages[0][FO_MSG_UPDDONE] < 2;
         i++) {
        world_run(&w, 20);
        cr_assert(t.messages[0][FO_MSG_UPDDONE] == 0 || t.unacked[0] == 0);
        cr_assert(t.messages[1][FO_MSG_UPDDONE] == 0 || t.unacked[1] == 0);
    }
    cr_assert_eq(t.messages[0][FO_MSG_UPDDONE], 1);
    cr_assert_geq(t.transactions[0], 3);
    world_fini(&w);
}

/* U-02, §7.3.2: what changes later is sent, not waited for. */
Test(resync, u02_clients_that_never_stop_do_not_hold_up_upddone)
{
    two_in_normal();
    leases(0, 1, 50);
    world_run(&w, SECONDS(2));
    w.delay_ms = 100;
    tap_clear(&t);
    cr_assert_eq(world_command(&w, 1, FO_COMMAND_RESYNC), ERROR_SUCCESS);
    for (int i = 0; i < 50; i++) { /* 2.5 s */
        leases(0, (unsigned)(i % 50) + 1, (unsigned)(i % 50) + 1);
        world_run(&w, 50);
    }
    cr_assert_eq(t.messages[0][FO_MSG_UPDDONE], 1);
    world_fini(&w);
}

static void small_window(struct fo_relationship *r)
{
    r->dialect = FO_DIALECT_ISC;
    r->max_unacked = 3;
}

/* U-02: also where the clients change more than the partner takes. */
Test(resync, u02_a_queue_that_is_never_empty_does_not_starve_the_scan)
{
    world_init(&w);
    world_pair_both(&w, small_window);
    cr_assert(world_until(&w, FO_STATE_NORMAL, FO_STATE_NORMAL, SECONDS(60)));
    leases(0, 1, 90);
    world_run(&w, SECONDS(90));
    tap_on(&t, &w);
    w.delay_ms = 100; /* 15 updates a second */
    cr_assert_eq(world_command(&w, 1, FO_COMMAND_RESYNC), ERROR_SUCCESS);
    for (int i = 0; i < 1800 && t.messages[0][FO_MSG_UPDDONE] == 0; i++) { /* 90 s */
        leases(0, (unsigned)(i % 45) + 1, (unsigned)(i % 45) + 1);
        world_run(&w, 50);
    }
    cr_assert_eq(t.messages[0][FO_MSG_UPDDONE], 1);
    world_fini(&w);
}

/* U-04, §7.4.2, §5.17; S-08: repeated on reconnection. */
Test(resync, u04_an_interrupted_update_goes_on_with_what_is_not_acknowledged)
{
    unsigned all;
    two_in_normal();
    leases(0, 1, 80);
    world_run(&w, SECONDS(2));
    world_kill(&w, 1);
    world_run(&w, SECONDS(30));
    cr_assert_eq(world_command(&w, 0, FO_COMMAND_PARTNER_DOWN), ERROR_SUCCESS);
    leases(0, 1, 80); /* all of them are news now */
    world_start(&w, 1);
    w.delay_ms = 400;
    tap_clear(&t);
    for (int i = 0; i < 200 && t.transactions[0] == 0; i++)
        world_run(&w, 50);
    world_cut(&w); /* none of it is acknowledged */
    all = t.transactions[0];
    cr_assert_geq(all, 80);
    world_run(&w, SECONDS(40));
    cr_assert_eq(world_state(&w, 1), FO_STATE_RECOVER);
    tap_clear(&t);
    world_heal(&w);
    world_run(&w, SECONDS(60));
    cr_assert_eq(t.messages[1][FO_MSG_UPDREQ], 1);
    cr_assert_eq(t.messages[0][FO_MSG_UPDDONE], 1);
    cr_assert_eq(world_state(&w, 1), FO_STATE_RECOVER_WAIT);
    cr_assert_geq(t.transactions[0], 80);
    cr_assert_null(world_difference(&w), "%s", world_difference(&w));
    world_fini(&w);
}

/* U-05: a second request before the first is answered: the newest xid is the one that counts. */
Test(resync, u05_a_second_request_is_not_sent_before_the_first_is_answered)
{
    two_in_normal();
    leases(0, 1, 30);
    w.delay_ms = 300;
    world_run(&w, SECONDS(3));
    tap_clear(&t);
    cr_assert_eq(world_command(&w, 1, FO_COMMAND_RESYNC), ERROR_SUCCESS);
    world_run(&w, 100);
    cr_assert_eq(world_command(&w, 1, FO_COMMAND_RESYNC), ERROR_DHCP_FO_STATE_NOT_NORMAL);
    world_run(&w, SECONDS(5));
    cr_assert_eq(t.messages[1][FO_MSG_UPDREQALL], 1);
    cr_assert_eq(t.messages[0][FO_MSG_UPDDONE], 1);
    world_fini(&w);
}

/* U-05, the answering side, which two requests may reach all the same. */
Test(resync, u01_a_refusal_is_an_answer_too)
{
    static struct peer p;
    struct fo_report r = {.kind = FO_REPORT_GRANT, .address = ADDRESS(20), .desired_s = 600};
    struct fo_message *ack;
    uint32_t asked;
    fo_link_id_t id;
    peer_init(&p, FO_ROLE_SECONDARY, NULL);
    id = peer_normal(&p);
    r.client = world_client(1);
    r.lease_end = fo_utc_add(peer_now(&p).utc, 600);
    peer_report(&p, &r);
    asked = peer_words(&p, FO_MSG_UPDREQALL)->xid;
    peer_send(&p, id, &p.words);
    cr_assert_not_null(peer_find(&p, id, FO_MSG_BNDUPD));
    ack = peer_words(&p, FO_MSG_BNDACK);
    ack->xid = p.said.xid;
    ack->group_count = 1;
    ack->groups[0] = (struct fo_group){.address = r.address,
                                       .present = PEER_OPT(ASSIGNED_IP_ADDRESS) |
                                                  PEER_OPT(REJECT_REASON) | PEER_OPT(MESSAGE),
                                       .reject_reason = FO_REJECT_ADDRESS_NOT_IN_POOL};
    cr_assert_null(peer_find(&p, id, FO_MSG_UPDDONE));
    peer_send(&p, id, ack);
    cr_assert_not_null(peer_find(&p, id, FO_MSG_UPDDONE));
    cr_assert_eq(p.said.xid, asked);
    peer_fini(&p);
}

/* Says yes to |m| alone. */
static void agree_to(struct peer *p, fo_link_id_t id, const struct fo_message *m)
{
    static struct fo_message ack;
    fo_message_reset(&ack, FO_MSG_BNDACK, m->xid);
    ack.group_count = m->group_count;
    for (size_t i = 0; i < m->group_count; i++)
        ack.groups[i] = (struct fo_group){.address = m->groups[i].address,
                                          .present = PEER_OPT(ASSIGNED_IP_ADDRESS)};
    peer_send(p, id, &ack);
}

/* §7.5, §7.3.2: the partner had an older form under way when it asked. It was told of the end of a
 * lease, lost its storage with the renewals that it had made, and left RECOVER without them. */
Test(resync, u01_upddone_waits_for_the_newest_form_of_what_was_under_way)
{
    static struct peer p;
    struct fo_report r = {.kind = FO_REPORT_GRANT, .address = ADDRESS(20), .desired_s = 600};
    const struct fo_message *m;
    fo_link_id_t id;
    peer_init(&p, FO_ROLE_SECONDARY, NULL);
    id = peer_normal(&p);
    r.client = world_client(1);
    r.lease_end = fo_utc_add(peer_now(&p).utc, 600);
    peer_report(&p, &r);
    r.kind = FO_REPORT_RELEASE;
    peer_report(&p, &r);
    peer_send_bare(&p, id, FO_MSG_UPDREQALL);
    m = peer_find(&p, id, FO_MSG_BNDUPD);
    cr_assert_not_null(m);
    cr_assert_eq(m->groups[0].status, FO_STATUS_ACTIVE);
    agree_to(&p, id, m);
    m = peer_next(&p, id);
    cr_assert_not_null(m);
    cr_assert_eq(m->type, FO_MSG_BNDUPD);
    cr_assert_eq(m->groups[0].status, FO_STATUS_RELEASED);
    cr_assert_null(peer_next(&p, id));
    r.kind = FO_REPORT_RESET; /* U-02: this came later */
    peer_report(&p, &r);
    agree_to(&p, id, m);
    cr_assert_not_null(peer_find(&p, id, FO_MSG_UPDDONE));
    peer_fini(&p);
}

/* §7.4, §7.1.5: what was under way when the partner asked for everything left out what the partner
 * had promised, for it was at work then. */
Test(resync, u01_upddone_waits_for_a_promise_that_what_was_under_way_left_out)
{
    static struct peer p;
    struct fo_report r = {.kind = FO_REPORT_GRANT, .address = ADDRESS(20), .desired_s = 600};
    const struct fo_message *m;
    fo_link_id_t id;
    uint32_t promised;
    peer_init(&p, FO_ROLE_SECONDARY, NULL);
    id = peer_normal(&p);
    (void)peer_words(&p, FO_MSG_BNDUPD);
    promised = peer_active(&p, ADDRESS(20), 1, 3600)->potential_expiration_time.s;
    peer_send(&p, id, &p.words);
    r.client = world_client(1);
    r.lease_end = fo_utc_add(peer_now(&p).utc, 600);
    peer_report(&p, &r);
    m = peer_find(&p, id, FO_MSG_BNDUPD);
    cr_assert_not_null(m);
    cr_assert_lt(m->groups[0].potential_expiration_time.s, promised);
    peer_send_bare(&p, id, FO_MSG_UPDREQALL);
    agree_to(&p, id, m);
    m = peer_next(&p, id);
    cr_assert_not_null(m);
    cr_assert_eq(m->type, FO_MSG_BNDUPD);
    cr_assert_eq(m->groups[0].potential_expiration_time.s, promised);
    agree_to(&p, id, m);
    cr_assert_not_null(peer_find(&p, id, FO_MSG_UPDDONE));
    peer_fini(&p);
}

Test(resync, u05_of_two_requests_the_newest_xid_is_answered)
{
    static struct peer p;
    struct fo_report r = {.kind = FO_REPORT_GRANT, .address = ADDRESS(20), .desired_s = 600};
    const struct fo_message *m;
    struct fo_message *ack;
    uint32_t newest;
    fo_link_id_t id;
    peer_init(&p, FO_ROLE_SECONDARY, NULL);
    id = peer_normal(&p);
    r.client = world_client(1);
    r.lease_end = fo_utc_add(peer_now(&p).utc, 600);
    peer_report(&p, &r);
    peer_send_bare(&p, id, FO_MSG_UPDREQALL);
    newest = peer_words(&p, FO_MSG_UPDREQALL)->xid;
    peer_send(&p, id, &p.words);
    m = peer_find(&p, id, FO_MSG_BNDUPD);
    cr_assert_not_null(m);
    ack = peer_words(&p, FO_MSG_BNDACK);
    ack->xid = m->xid;
    ack->group_count = 1;
    ack->groups[0] =
        (struct fo_group){.address = r.address, .present = PEER_OPT(ASSIGNED_IP_ADDRESS)};
    cr_assert_null(peer_find(&p, id, FO_MSG_UPDDONE));
    peer_send(&p, id, ack);
    m = peer_find(&p, id, FO_MSG_UPDDONE);
    cr_assert_not_null(m);
    cr_assert_eq(m->xid, newest);
    cr_assert_null(peer_find(&p, id, FO_MSG_UPDDONE));
    peer_fini(&p);
}

/* --- ten thousand ------------------------------------------------------------------------------
 */

static void describe_large(void *context, struct fo_server *s, struct fo_now now,
                           struct fo_outbox *out)
{
    struct fo_range range = {ADDRESS(256), ADDRESS(256 + MANY + 2000)};
    struct fo_scope scope = {.subnet = SUBNET, .mask = 0xffff0000u};
    (void)context;
    (void)now;
    (void)out;
    scope.ranges = &range;
    scope.range_count = 1;
    cr_assert_eq(fo_server_scope_create(s, &scope, NULL, 0), ERROR_SUCCESS);
}

static void all_leased_by_the_primary(struct fo_relationship *r)
{
    r->mode = FO_MODE_HOT_STANDBY;
    r->percentage = 0;
}

static void ten_thousand(void)
{
    world_init(&w);
    for (int i = 0; i < SIDES; i++) {
        world_change(&w, i, describe_large, NULL);
        cr_assert_eq(world_pair(&w, i, "alpha", all_leased_by_the_primary), ERROR_SUCCESS);
    }
    cr_assert(world_until(&w, FO_STATE_NORMAL, FO_STATE_NORMAL, SECONDS(60)));
    leases(0, 1, MANY);
    world_run(&w, SECONDS(20));
    w.delay_ms = 5;
    tap_on(&t, &w);
}

/* C-22, §8.4: the window holds during UPDREQALL; and clients do not wait behind it. */
Test(resync, ten_thousand_addresses_while_clients_renew)
{
    unsigned renewed = 0, missing = 0;
    uint64_t acked;
    ten_thousand();
    cr_assert_eq(world_command(&w, 1, FO_COMMAND_RESYNC), ERROR_SUCCESS);
    acked = w.side[0].acked;
    for (int i = 0; i < 2000 && t.messages[0][FO_MSG_UPDDONE] == 0; i++) {
        leases(0, renewed % MANY + 1, renewed % MANY + 1);
        renewed++;
        world_run(&w, 10);
    }
    cr_assert_eq(t.messages[0][FO_MSG_UPDDONE], 1);
    world_run(&w, SECONDS(2));
    cr_assert_geq(t.transactions[0], MANY);
    cr_assert_leq(t.transactions[0], MANY + 2 * renewed + 64);
    cr_assert_leq(t.most_unacked[0], world_status(&w, 0).window);
    cr_assert_eq(w.side[0].acked - acked, renewed);
    for (unsigned n = 0; n < MANY; n++)
        missing += world_binding(&w, 1, ADDRESS(256 + n)).status != FO_STATUS_ACTIVE;
    cr_assert_eq(missing, 0);
    world_fini(&w);
}

/* --- before NORMAL --------------------------------------------------------------------------- */

/* The server, a secondary, has been in PARTNER-DOWN for longer than MCLT. */
static void alone_for_long(struct peer *p)
{
    fo_link_id_t id;
    peer_init(p, FO_ROLE_SECONDARY, NULL);
    id = peer_normal(p);
    peer_link(p, id)->read = 0;
    peer_agree(p, id);
    peer_hang_up(p, id);
    cr_assert_eq(peer_command(p, FO_COMMAND_PARTNER_DOWN), ERROR_SUCCESS);
    peer_run(p, MINUTES(15));
}

/* The next BNDUPD about |address| with nothing but other BNDUPDs before it; never a STATE. */
static bool told_before_a_state(struct peer *p, fo_link_id_t id, fo_ipv4_t address)
{
    const struct fo_message *m;
    while ((m = peer_next(p, id)) != NULL && m->type != FO_MSG_STATE)
        for (size_t k = 0; m->type == FO_MSG_BNDUPD && k < m->group_count; k++)
            if (m->groups[k].address == address)
                return true;
    return false;
}

static void lease(struct peer *p, fo_ipv4_t address, unsigned client)
{
    struct fo_report r = {.kind = FO_REPORT_GRANT, .address = address, .desired_s = 300};
    r.client = world_client(client);
    r.lease_end = fo_utc_add(peer_now(p).utc, r.desired_s);
    peer_report(p, &r);
}

/* §9.2, §9.4.3: the partner serves from its own addresses as soon as it hears NORMAL. One of these
 * was leased here, and waited behind a full window: both gave it. */
Test(resync, what_was_leased_in_partner_down_is_told_before_normal)
{
    static struct peer p;
    fo_link_id_t id;
    alone_for_long(&p);
    id = peer_join(&p, FO_STATE_RECOVER);
    peer_send_bare(&p, id, FO_MSG_UPDREQ);
    cr_assert_not_null(peer_find(&p, id, FO_MSG_UPDDONE));
    for (unsigned n = 0; n < 10; n++) /* as many as the partner takes */
        lease(&p, ADDRESS(100 + n), 100 + n);
    lease(&p, ADDRESS(20), 1);
    peer_send_state(&p, id, FO_STATE_RECOVER_DONE, 0);
    cr_assert_eq(peer_status(&p).state, FO_STATE_PARTNER_DOWN);
    peer_link(&p, id)->read = 0;
    peer_agree(&p, id);
    peer_agree(&p, id);
    cr_assert_eq(peer_status(&p).state, FO_STATE_NORMAL);
    peer_link(&p, id)->read = 0;
    cr_assert_not_null(peer_find(&p, id, FO_MSG_UPDDONE));
    cr_assert(told_before_a_state(&p, id, ADDRESS(20)));
    peer_fini(&p);
}

/* The same with a lease given while the link was down and the partner had all that it asked for. */
Test(resync, what_was_leased_after_upddone_is_told_before_normal)
{
    static struct peer p;
    fo_link_id_t id;
    alone_for_long(&p);
    id = peer_join(&p, FO_STATE_RECOVER);
    peer_send_bare(&p, id, FO_MSG_UPDREQ);
    cr_assert_not_null(peer_find(&p, id, FO_MSG_UPDDONE));
    peer_hang_up(&p, id);
    lease(&p, ADDRESS(20), 1);
    id = peer_join(&p, FO_STATE_RECOVER_DONE);
    cr_assert_eq(peer_status(&p).state, FO_STATE_PARTNER_DOWN);
    cr_assert(told_before_a_state(&p, id, ADDRESS(20)));
    peer_link(&p, id)->read = 0;
    peer_agree(&p, id);
    cr_assert_eq(peer_status(&p).state, FO_STATE_NORMAL);
    peer_fini(&p);
}

/* What it leased from now on would be news again. */
Test(resync, a_partner_in_recover_done_has_its_addresses_for_itself)
{
    static struct peer p;
    struct fo_client c = world_client(2);
    fo_link_id_t id;
    alone_for_long(&p);
    lease(&p, ADDRESS(20), 1);
    cr_assert_eq(fo_server_may_give(p.server, ADDRESS(21), &c, peer_now(&p), NULL, 0),
                 FO_ANSWER_SERVE);
    id = peer_join(&p, FO_STATE_RECOVER_DONE);
    cr_assert_eq(peer_status(&p).state, FO_STATE_PARTNER_DOWN);
    cr_assert_eq(fo_server_may_give(p.server, ADDRESS(21), &c, peer_now(&p), NULL, 0),
                 FO_ANSWER_SILENT);
    peer_hang_up(&p, id);
    cr_assert_eq(fo_server_may_give(p.server, ADDRESS(21), &c, peer_now(&p), NULL, 0),
                 FO_ANSWER_SERVE);
    peer_fini(&p);
}

/* An address may change again while it is under way, |before| the look at all that is or after it. */
static void changes_under_way(bool before)
{
    static struct peer p;
    struct fo_report r = {.kind = FO_REPORT_RELEASE, .address = ADDRESS(20)};
    fo_link_id_t id;
    alone_for_long(&p);
    lease(&p, ADDRESS(20), 1);
    id = peer_join(&p, FO_STATE_RECOVER);
    peer_send_bare(&p, id, FO_MSG_UPDREQ);
    if (before)
        peer_report(&p, &r);
    peer_send_state(&p, id, FO_STATE_RECOVER_DONE, 0);
    if (!before)
        peer_report(&p, &r);
    peer_link(&p, id)->read = 0;
    cr_assert_not_null(peer_find(&p, id, FO_MSG_STATE));
    peer_agree(&p, id); /* to the lease */
    cr_assert_eq(peer_status(&p).state, FO_STATE_NORMAL);
    peer_link(&p, id)->read = 0;
    cr_assert_not_null(peer_find(&p, id, FO_MSG_STATE));
    cr_assert(told_before_a_state(&p, id, ADDRESS(20)));
    cr_assert(told_before_a_state(&p, id, ADDRESS(20)));
    cr_assert_eq(p.said.groups[0].status, FO_STATUS_RELEASED);
    peer_fini(&p);
}

Test(resync, the_newest_form_is_told_before_normal)
{
    changes_under_way(true);
}

Test(resync, what_changed_since_the_look_is_told_before_normal)
{
    changes_under_way(false);
}

/* --- after the partner lost its storage ------------------------------------------------------- */

static enum fo_answer asks(struct peer *p, unsigned client, char why[128])
{
    struct fo_client c = world_client(client);
    return fo_server_may_give(p->server, ADDRESS(20), &c, peer_now(p), why, 128);
}

/* Client 1 has had the address; the end of its lease was |told| but not acknowledged when the
 * partner died, which comes back without its storage. */
static fo_link_id_t lost_with_an_end(struct peer *p, enum fo_report_kind end, bool told)
{
    struct fo_report r = {.kind = end, .address = ADDRESS(20)};
    fo_link_id_t id;
    peer_init(p, FO_ROLE_SECONDARY, NULL);
    id = peer_normal(p);
    lease(p, ADDRESS(20), 1);
    peer_agree(p, id);
    if (!told)
        peer_hang_up(p, id);
    peer_report(p, &r);
    cr_assert_eq((peer_binding(p, ADDRESS(20)).flags & FO_BINDING_SENT) != 0, told);
    if (told)
        peer_hang_up(p, id);
    peer_run(p, MINUTES(1));
    id = peer_join(p, FO_STATE_RECOVER);
    peer_send_bare(p, id, FO_MSG_UPDREQALL);
    cr_assert_eq(peer_binding(p, ADDRESS(20)).status, FO_STATUS_ACTIVE);
    return id;
}

/* §5.2.2, §9.6.2: the partner may have taken the end and leased the address to client 2, and nobody
 * remembers: until that lease is over it is nobody's. */
Test(resync, what_the_partner_may_have_given_again_before_its_loss_is_withheld_from_its_client)
{
    static struct peer p;
    struct fo_report again = {.kind = FO_REPORT_RELEASE, .address = ADDRESS(20)};
    char why[128] = "";
    fo_link_id_t id = lost_with_an_end(&p, FO_REPORT_RELEASE, true);
    cr_assert_eq(asks(&p, 1, why), FO_ANSWER_SILENT);
    cr_assert_not_null(strstr(why, "given it to another"), "%s", why);
    cr_assert_eq(asks(&p, 2, why), FO_ANSWER_REFUSE);
    peer_agree(&p, id);
    peer_restart(&p);
    peer_run(&p, MINUTES(7)); /* the start-up is over */
    cr_assert_eq(peer_status(&p).state, FO_STATE_COMMUNICATIONS_INTERRUPTED);
    cr_assert_eq(asks(&p, 1, why), FO_ANSWER_SILENT);
    peer_run(&p, SECONDS(PEER_MCLT_S) - MINUTES(7) - SECONDS(1));
    cr_assert_eq(asks(&p, 1, why), FO_ANSWER_SILENT);
    peer_run(&p, SECONDS(1));
    cr_assert_eq(asks(&p, 1, why), FO_ANSWER_SERVE);
    cr_assert_eq(asks(&p, 2, why), FO_ANSWER_REFUSE);
    peer_report(&p, &again); /* it ended once, and the partner may know */
    cr_assert_eq(peer_binding(&p, ADDRESS(20)).status, FO_STATUS_RELEASED);
    cr_assert_eq(asks(&p, 1, why), FO_ANSWER_SILENT);
    peer_fini(&p);
}

/* A client that gives back what it may not renew does not get it either. */
Test(resync, what_is_withheld_stays_so_when_its_client_releases_it)
{
    static struct peer p;
    struct fo_report r = {.kind = FO_REPORT_RELEASE, .address = ADDRESS(20)};
    char why[128] = "";
    fo_link_id_t id = lost_with_an_end(&p, FO_REPORT_RELEASE, true);
    peer_hang_up(&p, id);
    peer_report(&p, &r);
    cr_assert_eq(peer_binding(&p, ADDRESS(20)).status, FO_STATUS_RELEASED);
    cr_assert_eq(asks(&p, 1, why), FO_ANSWER_SILENT);
    peer_fini(&p);
}

/* §5.2.2: an end of which the partner never heard gave the address to nobody. */
Test(resync, what_the_partner_never_heard_to_be_over_goes_back_to_its_client)
{
    static struct peer p;
    char why[128] = "";
    (void)lost_with_an_end(&p, FO_REPORT_RELEASE, false);
    cr_assert_eq(asks(&p, 1, why), FO_ANSWER_SERVE, "%s", why);
    cr_assert_eq(asks(&p, 2, why), FO_ANSWER_REFUSE);
    peer_fini(&p);
}
