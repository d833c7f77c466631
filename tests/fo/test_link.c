#include <criterion/criterion.h>
#include <string.h>

#include "fo/endpoint.h"
#include "tests/fo/peer.h"

/* Links: who calls whom, timers, ends (draft-12 §8.2, §8.3, §8.6, §7.12). */

static void read_all(struct peer *p, fo_link_id_t id)
{
    while (peer_next(p, id) != NULL)
        ;
}

/* --- who calls whom
 * ------------------------------------------------------------------------------------ */

Test(link, the_partner_is_called_at_its_port_from_our_address)
{
    struct peer p; /* C-01 */
    struct peer_link *l;
    peer_init(&p, FO_ROLE_PRIMARY, NULL);
    l = peer_link(&p, peer_dialled(&p));
    cr_assert_eq(l->address, PEER_SECOND);
    cr_assert_eq(l->local, PEER_PRIMARY);
    cr_assert_eq(l->port, 647);
    peer_fini(&p);
}

static void no_port(struct fo_relationship *r)
{
    r->partner_port = 0;
}

Test(link, without_a_port_the_servers_default_is_called)
{
    struct peer p; /* C-01: configurable */
    peer_init(&p, FO_ROLE_PRIMARY, no_port);
    cr_assert_eq(peer_link(&p, peer_dialled(&p))->port, 647);
    peer_fini(&p);
}

Test(link, a_stranger_is_turned_away)
{
    struct peer p; /* §8.2: neither primary nor secondary for that address */
    fo_link_id_t id;
    peer_init(&p, FO_ROLE_SECONDARY, NULL);
    id = peer_call_from(&p, 0x0a090063);
    cr_assert(peer_closed(&p, id));
    cr_assert_null(peer_next(&p, id));
    peer_fini(&p);
}

Test(link, a_secondarys_call_is_only_a_stimulus)
{
    struct peer p; /* §8.2 */
    fo_link_id_t id;
    peer_init(&p, FO_ROLE_SECONDARY, NULL);
    id = peer_dialled(&p);
    peer_answer(&p, id);
    cr_assert(peer_closed(&p, id));
    cr_assert_null(peer_next(&p, id));
    peer_fini(&p);
}

Test(link, a_primary_that_is_called_calls_back_at_once)
{
    struct peer p; /* §8.2 */
    fo_link_id_t id;
    peer_init(&p, FO_ROLE_PRIMARY, NULL);
    peer_hang_up(&p, peer_dialled(&p));
    cr_assert_eq(peer_dialled(&p), 0);
    id = peer_call(&p);
    cr_assert(peer_closed(&p, id));
    peer_run(&p, 0);
    cr_assert_neq(peer_dialled(&p), 0);
    peer_fini(&p);
}

static void partner_is_dhcpd(struct fo_relationship *r)
{
    r->dialect = FO_DIALECT_ISC;
}

Test(link, a_dhcpd_that_hangs_up_on_a_secondary_without_connect_is_told_to_the_operator)
{
    struct peer p; /* dhcpd does so where it does not know the address that calls */
    fo_link_id_t id;
    peer_init(&p, FO_ROLE_SECONDARY, partner_is_dhcpd);
    id = peer_dialled(&p);
    peer_answer(&p, id);
    cr_assert_not(peer_closed(&p, id));
    peer_hang_up(&p, id);
    cr_assert_not_null(strstr(peer_status(&p).last_fault, "is the address of this server"), "%s",
                       peer_status(&p).last_fault);
    peer_fini(&p);
}

Test(link, a_partner_that_cannot_be_reached_is_one_fault_however_often_it_is_called)
{
    struct peer p;
    peer_init(&p, FO_ROLE_PRIMARY, NULL);
    for (int i = 0; i < 5; i++) {
        peer_hang_up(&p, peer_dialled(&p));
        cr_assert_not_null(strstr(peer_status(&p).last_fault, "does not take our call"), "%s",
                           peer_status(&p).last_fault);
        peer_run(&p, SECONDS(6));
    }
    cr_assert_eq(peer_status(&p).faults, 1);
    peer_fini(&p);
}

Test(link, two_primaries_do_not_wake_each_other_for_ever)
{
    struct peer p; /* each call makes the other call back; the first without an answer ends that */
    fo_link_id_t id;
    unsigned calls;
    peer_init(&p, FO_ROLE_PRIMARY, NULL);
    id = peer_dialled(&p);
    peer_answer(&p, id);
    peer_hang_up(&p, id);
    cr_assert_not_null(strstr(peer_status(&p).last_fault, "as its secondary?"), "%s",
                       peer_status(&p).last_fault);
    calls = peer_dial_count(&p);
    (void)peer_call(&p);
    peer_run(&p, 0);
    cr_assert_eq(peer_dial_count(&p), calls);
    peer_fini(&p);
}

Test(link, a_fault_is_an_event_once_and_counted_when_it_repeats)
{
    struct peer p;
    const struct fo_journal *journal;
    peer_init(&p, FO_ROLE_PRIMARY, NULL);
    journal = &fo_endpoint_find(p.server, PEER_NAME)->journal;
    for (unsigned i = 1; i <= 3; i++) {
        fo_link_id_t id = peer_dialled(&p);
        uint64_t before = journal->next;
        peer_answer(&p, id);
        peer_hang_up(&p, id);
        cr_assert_eq(peer_status(&p).faults, i);
        cr_assert_eq(journal->next - before, i == 1 ? 1 : 0);
        peer_run(&p, SECONDS(5));
    }
    peer_fini(&p);
}

/* --- time
 * ------------------------------------------------------------------------------------------------
 */

Test(link, a_connection_without_connect_is_closed_after_15_seconds)
{
    struct peer p; /* C-15, §7.8.2 */
    fo_link_id_t id;
    peer_init(&p, FO_ROLE_SECONDARY, NULL);
    id = peer_call(&p);
    peer_run(&p, SECONDS(14));
    cr_assert_not(peer_closed(&p, id));
    peer_run(&p, SECONDS(1));
    cr_assert(peer_closed(&p, id));
    cr_assert_null(peer_next(&p, id));
    peer_fini(&p);
}

Test(link, a_connect_without_connectack_is_given_up_after_15_seconds)
{
    struct peer p; /* C-15, §7.9.2 */
    fo_link_id_t id;
    peer_init(&p, FO_ROLE_PRIMARY, NULL);
    id = peer_dialled(&p);
    peer_answer(&p, id);
    peer_run(&p, SECONDS(14));
    cr_assert_not(peer_closed(&p, id));
    peer_run(&p, SECONDS(1));
    cr_assert(peer_closed(&p, id));
    cr_assert_not_null(strstr(peer_status(&p).last_fault, "15 s"), "somebody has to hear why");
    peer_fini(&p);
}

Test(link, a_handshake_that_does_not_end_is_given_up_after_15_seconds)
{
    struct peer p; /* C-15 */
    fo_link_id_t id;
    peer_init(&p, FO_ROLE_SECONDARY, NULL);
    fo_endpoint_find(p.server, PEER_NAME)->r.tls = FO_TLS_REQUIRED;
    id = peer_call(&p);
    peer_connect(&p)->tls_request = 2;
    peer_send(&p, id, &p.words);
    peer_run(&p, SECONDS(15));
    cr_assert(peer_closed(&p, id));
    peer_fini(&p);
}

Test(link, contact_is_sent_when_idle_within_a_third_of_the_partners_receive_timer)
{
    static const uint32_t timers[] = {3, 6, 20, 30, 60}; /* C-16, §7.9, §7.11 */
    for (size_t i = 0; i < sizeof timers / sizeof timers[0]; i++) {
        struct peer p;
        fo_link_id_t id;
        uint64_t sent;
        peer_init(&p, FO_ROLE_SECONDARY, NULL);
        id = peer_call(&p);
        peer_connect(&p)->receive_timer_s = timers[i];
        peer_send(&p, id, &p.words);
        peer_send_state(&p, id, FO_STATE_RECOVER, 0);
        read_all(&p, id);
        for (int k = 0; k < 5; k++) {
            sent = peer_status(&p).messages_out;
            peer_run(&p, timers[i] * 1000 / 3);
            peer_send_bare(&p, id, FO_MSG_CONTACT);
            cr_assert_gt(peer_status(&p).messages_out, sent, "timer %u", timers[i]);
            cr_assert_leq(peer_status(&p).messages_out, sent + 2, "no flood either");
        }
        cr_assert_eq(peer_next(&p, id)->type, FO_MSG_CONTACT);
        cr_assert_eq(p.said_length, 12); /* §7.11: no options */
        peer_fini(&p);
    }
}

Test(link, receive_timers_of_0_to_2_are_taken_for_3)
{
    for (uint32_t timer = 0; timer < 3; timer++) { /* Draft gap: never a flood */
        struct peer p;
        fo_link_id_t id;
        uint64_t sent;
        peer_init(&p, FO_ROLE_SECONDARY, NULL);
        id = peer_call(&p);
        peer_connect(&p)->receive_timer_s = timer;
        peer_send(&p, id, &p.words);
        peer_send_state(&p, id, FO_STATE_RECOVER, 0);
        sent = peer_status(&p).messages_out;
        peer_run(&p, SECONDS(12));
        cr_assert_leq(peer_status(&p).messages_out - sent, 20);
        cr_assert_geq(peer_status(&p).messages_out - sent, 12);
        peer_fini(&p);
    }
}

Test(link, silence_for_the_receive_timer_ends_the_link_with_17_and_a_call_at_once)
{
    struct peer p; /* C-17, §8.3; C-20: the partner did not ask us to wait */
    fo_link_id_t id;
    unsigned dials;
    peer_init(&p, FO_ROLE_PRIMARY, NULL);
    id = peer_normal(&p);
    dials = peer_dial_count(&p);
    peer_run(&p, SECONDS(29));
    cr_assert_not(peer_closed(&p, id));
    read_all(&p, id);
    peer_run(&p, SECONDS(1));
    cr_assert(peer_closed(&p, id));
    cr_assert_not_null(peer_find(&p, id, FO_MSG_DISCONNECT));
    cr_assert_eq(p.said.reject_reason, 17);
    cr_assert_null(peer_next(&p, id), "DISCONNECT is the last message (§7.12)");
    cr_assert_eq(peer_status(&p).state, FO_STATE_COMMUNICATIONS_INTERRUPTED);
    cr_assert_eq(peer_dial_count(&p), dials + 1);
    peer_fini(&p);
}

Test(link, after_a_plain_loss_the_call_is_immediate_and_then_periodic)
{
    struct peer p; /* C-20, §8.6 */
    fo_link_id_t id;
    unsigned dials;
    peer_init(&p, FO_ROLE_PRIMARY, NULL);
    id = peer_normal(&p);
    dials = peer_dial_count(&p);
    peer_hang_up(&p, id);
    cr_assert_eq(peer_status(&p).state, FO_STATE_COMMUNICATIONS_INTERRUPTED);
    peer_run(&p, 0);
    cr_assert_eq(peer_dial_count(&p), dials + 1);
    for (unsigned i = 1; i < 5; i++) {
        peer_hang_up(&p, peer_dialled(&p)); /* refused */
        peer_run(&p, SECONDS(4));
        cr_assert_eq(peer_dial_count(&p), dials + i);
        peer_run(&p, SECONDS(1));
        cr_assert_eq(peer_dial_count(&p), dials + i + 1);
    }
    peer_fini(&p);
}

Test(link, after_disconnect_the_next_call_waits_a_minute)
{
    struct peer p; /* C-20, §7.12 */
    fo_link_id_t id;
    struct fo_message *m;
    unsigned dials;
    peer_init(&p, FO_ROLE_PRIMARY, NULL);
    id = peer_normal(&p);
    dials = peer_dial_count(&p);
    m = peer_words(&p, FO_MSG_DISCONNECT);
    m->present = PEER_OPT(REJECT_REASON);
    m->reject_reason = 254;
    peer_send(&p, id, m);
    cr_assert(peer_closed(&p, id));
    cr_assert_eq(peer_status(&p).state, FO_STATE_COMMUNICATIONS_INTERRUPTED);
    cr_assert_null(peer_find(&p, id, FO_MSG_DISCONNECT), "it is not answered");
    peer_run(&p, SECONDS(59));
    cr_assert_eq(peer_dial_count(&p), dials);
    peer_run(&p, SECONDS(1));
    cr_assert_eq(peer_dial_count(&p), dials + 1);
    peer_fini(&p);
}

/* --- across links
 * ------------------------------------------------------------------------------------------ */

Test(link, answers_to_requests_of_a_lost_link_are_ignored)
{
    struct peer p; /* C-25, §8.6 */
    fo_link_id_t id;
    uint32_t xid;
    struct fo_message *m;
    peer_init(&p, FO_ROLE_SECONDARY, NULL);
    id = peer_join(&p, FO_STATE_NORMAL);
    xid = peer_find(&p, id, FO_MSG_UPDREQALL)->xid;
    peer_hang_up(&p, id);
    id = peer_call(&p);
    peer_run(&p, SECONDS(1));
    peer_send(&p, id, peer_connect(&p));
    peer_send_state(&p, id, FO_STATE_NORMAL, 0);
    cr_assert(peer_status(&p).resync_receiving);
    m = peer_words(&p, FO_MSG_UPDDONE);
    m->xid = xid + 1000;
    peer_send(&p, id, m);
    cr_assert(peer_status(&p).resync_receiving);
    cr_assert_eq(peer_status(&p).state, FO_STATE_RECOVER);
    m = peer_words(&p, FO_MSG_BNDACK);
    m->group_count = 1;
    m->groups[0] = (struct fo_group){.address = ADDRESS(20)};
    m->groups[0].present = PEER_OPT(ASSIGNED_IP_ADDRESS);
    m->xid = 4242;
    peer_send(&p, id, m);
    cr_assert_not(peer_closed(&p, id));
    peer_fini(&p);
}

Test(link, a_request_of_a_lost_link_is_not_answered_on_the_next)
{
    struct peer p; /* C-25 */
    fo_link_id_t id;
    peer_init(&p, FO_ROLE_SECONDARY, NULL);
    id = peer_normal(&p);
    for (unsigned n = 0; n < 50; n++) /* more than the partner's window lets go at once */
        peer_report(&p, &(struct fo_report){.kind = FO_REPORT_GRANT,
                                            .address = ADDRESS(20 + n),
                                            .client = world_client(n),
                                            .lease_end = fo_utc_add(peer_now(&p).utc, 600),
                                            .desired_s = 600});
    peer_send_bare(&p, id, FO_MSG_UPDREQALL);
    cr_assert_null(peer_find(&p, id, FO_MSG_UPDDONE));
    peer_hang_up(&p, id);
    peer_run(&p, SECONDS(2));
    id = peer_join(&p, FO_STATE_COMMUNICATIONS_INTERRUPTED);
    cr_assert_null(peer_find(&p, id, FO_MSG_UPDDONE));
    peer_fini(&p);
}

/* --- an operator's doing
 * -------------------------------------------------------------------------------------- */

Test(link, pausing_says_paused_then_disconnects_and_calls_nobody)
{
    struct peer p; /* §9.13, S-13, C-19 */
    fo_link_id_t id;
    unsigned dials;
    peer_init(&p, FO_ROLE_PRIMARY, NULL);
    id = peer_normal(&p);
    dials = peer_dial_count(&p);
    cr_assert_eq(peer_command(&p, FO_COMMAND_PAUSE), ERROR_SUCCESS);
    cr_assert_not_null(peer_find(&p, id, FO_MSG_STATE));
    cr_assert_eq(p.said.server_state, 7);
    cr_assert_eq(peer_next(&p, id)->type, FO_MSG_DISCONNECT);
    cr_assert(peer_closed(&p, id));
    cr_assert_eq(peer_status(&p).state, FO_STATE_PAUSED);
    peer_run(&p, MINUTES(5));
    cr_assert_eq(peer_dial_count(&p), dials);
    peer_call(&p); /* nor does a call wake it */
    peer_run(&p, MINUTES(5));
    cr_assert_eq(peer_dial_count(&p), dials);
    cr_assert_eq(peer_command(&p, FO_COMMAND_RESUME), ERROR_SUCCESS);
    peer_run(&p, 0);
    cr_assert_eq(peer_dial_count(&p), dials + 1);
    peer_join(&p, FO_STATE_NORMAL);
    cr_assert_eq(peer_status(&p).state, FO_STATE_NORMAL);
    peer_fini(&p);
}

Test(link, shutting_down_says_so_and_waits_five_seconds_for_the_partner)
{
    struct peer p; /* §9.14, S-13 */
    fo_link_id_t id;
    peer_init(&p, FO_ROLE_PRIMARY, NULL);
    id = peer_normal(&p);
    cr_assert_eq(peer_command(&p, FO_COMMAND_SHUTDOWN), ERROR_SUCCESS);
    cr_assert_not_null(peer_find(&p, id, FO_MSG_STATE));
    cr_assert_eq(p.said.server_state, 8);
    peer_send_state(&p, id, FO_STATE_PARTNER_DOWN, 0);
    peer_run(&p, SECONDS(4));
    cr_assert_not(peer_closed(&p, id));
    peer_run(&p, SECONDS(1));
    cr_assert(peer_closed(&p, id));
    cr_assert_not_null(peer_find(&p, id, FO_MSG_DISCONNECT));
    peer_restart(&p); /* it resumes as RECOVER: the partner served alone */
    peer_run(&p, SECONDS(11));
    cr_assert_eq(peer_status(&p).state, FO_STATE_RECOVER);
    peer_fini(&p);
}

static void say_goodbye(void *context, struct fo_server *s, struct fo_now now,
                        struct fo_outbox *out)
{
    (void)context;
    fo_server_goodbye(s, now, out);
}

Test(link, a_server_that_stops_says_goodbye_on_every_link)
{
    struct peer p; /* C-19 */
    fo_link_id_t id, waiting;
    peer_init(&p, FO_ROLE_SECONDARY, NULL);
    id = peer_normal(&p);
    waiting = peer_call(&p);
    peer_batch(&p, NULL, 0, say_goodbye, NULL);
    cr_assert_eq(peer_next(&p, id)->type, FO_MSG_DISCONNECT);
    cr_assert(peer_closed(&p, id));
    cr_assert_null(peer_next(&p, waiting));
    cr_assert(peer_closed(&p, waiting));
    cr_assert_eq(strlen(p.alarms), 0, "%s", p.alarms);
    peer_restart(&p); /* and it was NORMAL: nothing was lost */
    peer_run(&p, SECONDS(11));
    cr_assert_eq(peer_status(&p).state, FO_STATE_COMMUNICATIONS_INTERRUPTED);
    peer_fini(&p);
}

/* §9.8.4: a partner that is alive and never answers an update must not hold all others for ever. */
Test(link, an_update_that_is_never_acknowledged_ends_the_link)
{
    struct peer p;
    struct fo_report r = {.kind = FO_REPORT_GRANT, .address = ADDRESS(20), .desired_s = 3600};
    const struct fo_message *m;
    fo_link_id_t id;
    peer_init(&p, FO_ROLE_SECONDARY, NULL);
    id = peer_normal(&p);
    r.client = world_client(1);
    r.lease_end = fo_utc_add(peer_now(&p).utc, 600);
    peer_report(&p, &r);
    cr_assert_not_null(peer_find(&p, id, FO_MSG_BNDUPD));
    for (int i = 0; i < 11; i++) {
        peer_run(&p, SECONDS(10));
        peer_send_bare(&p, id, FO_MSG_CONTACT);
    }
    cr_assert_not(peer_closed(&p, id));
    peer_run(&p, SECONDS(15));
    m = peer_find(&p, id, FO_MSG_DISCONNECT);
    cr_assert_not_null(m);
    cr_assert_eq(m->reject_reason, FO_REJECT_UNKNOWN);
    cr_assert(peer_closed(&p, id));
    cr_assert_eq(peer_status(&p).state, FO_STATE_COMMUNICATIONS_INTERRUPTED);
    id = peer_join(&p, FO_STATE_COMMUNICATIONS_INTERRUPTED); /* told again */
    cr_assert_not_null(peer_find(&p, id, FO_MSG_BNDUPD));
    peer_fini(&p);
}
