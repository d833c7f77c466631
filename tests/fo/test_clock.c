#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "fo/endpoint.h"
#include "tests/fo/peer.h"

/* The draft works through any clock difference (§5.10); a delta is our clock minus the partner's.
 */

Test(clock, the_delta_is_taken_from_connect_by_the_secondary)
{
    struct peer p; /* §7.8.2 step 6, C-06: under the limit: accepted, delta recorded */
    peer_init(&p, FO_ROLE_SECONDARY, NULL);
    p.clock_offset_s = 600;
    peer_establish(&p);
    cr_assert_eq(peer_status(&p).clock_delta_s, -600);
    peer_fini(&p);
}

Test(clock, the_delta_is_taken_from_connectack_by_the_primary)
{
    struct peer p; /* §7.9.2 step 6 */
    peer_init(&p, FO_ROLE_PRIMARY, NULL);
    p.clock_offset_s = -600;
    peer_establish(&p);
    cr_assert_eq(peer_status(&p).clock_delta_s, 600);
    peer_fini(&p);
}

Test(clock, a_difference_of_two_seconds_is_taken_for_none)
{
    struct peer p;
    peer_init(&p, FO_ROLE_SECONDARY, NULL);
    p.clock_offset_s = 2;
    peer_establish(&p);
    cr_assert_eq(peer_status(&p).clock_delta_s, 0);
    peer_fini(&p);
}

Test(clock, every_time_of_an_update_is_corrected)
{
    struct peer p; /* §5.10, B-17: options 6, 13, 18, 25 */
    fo_link_id_t id;
    struct fo_binding b;
    uint32_t now;
    peer_init(&p, FO_ROLE_SECONDARY, NULL);
    p.clock_offset_s = 600;
    id = peer_normal(&p);
    peer_words(&p, FO_MSG_BNDUPD);
    peer_active(&p, ADDRESS(20), 1, 3600);
    now = peer_now(&p).utc.s;
    peer_send(&p, id, &p.words);
    b = peer_binding(&p, ADDRESS(20));
    cr_assert_eq(b.status, FO_STATUS_ACTIVE);
    cr_assert_eq(b.lease_expiration.s, now + 3600);
    cr_assert_eq(b.received_potential_expiration.s, now + 7200);
    cr_assert_eq(b.client_last_transaction.s, now);
    cr_assert_eq(b.start_of_state.s, now);
    peer_fini(&p);
}

Test(clock, an_infinite_time_is_not_corrected)
{
    struct peer p; /* B-17 */
    fo_link_id_t id;
    peer_init(&p, FO_ROLE_SECONDARY, NULL);
    p.clock_offset_s = 600;
    id = peer_normal(&p);
    peer_words(&p, FO_MSG_BNDUPD);
    peer_active(&p, ADDRESS(20), 1, 3600)->lease_expiration_time.s = 0x7fffffff;
    p.words.groups[0].potential_expiration_time.s = 0x7fffffff;
    peer_send(&p, id, &p.words);
    cr_assert_eq(peer_binding(&p, ADDRESS(20)).lease_expiration.s, 0x7fffffff);
    cr_assert_eq(peer_binding(&p, ADDRESS(20)).received_potential_expiration.s, 0x7fffffff);
    peer_fini(&p);
}

Test(clock, the_start_time_of_the_partners_state_is_corrected)
{
    struct peer p; /* §9.3.2 step 5 compares it with our clock */
    peer_init(&p, FO_ROLE_SECONDARY, NULL);
    p.clock_offset_s = -600;
    peer_join(&p, FO_STATE_RECOVER);
    cr_assert_eq(peer_status(&p).partner_since.s, peer_now(&p).utc.s);
    peer_fini(&p);
}

Test(clock, two_servers_ten_minutes_apart_reach_normal_and_agree)
{
    struct world w; /* §5.10 */
    fo_ipv4_t address;
    struct fo_binding a, b;
    world_init(&w);
    w.side[1].clock_offset_s = 600;
    world_pair_both(&w, NULL);
    cr_assert(world_until(&w, FO_STATE_NORMAL, FO_STATE_NORMAL, SECONDS(60)));
    address = world_lease(&w, 0, 7, 3600);
    world_run(&w, SECONDS(2));
    a = world_binding(&w, 0, address);
    b = world_binding(&w, 1, address);
    cr_assert_eq(b.status, FO_STATUS_ACTIVE);
    cr_assert_leq(abs((int)(b.lease_expiration.s - 600 - a.lease_expiration.s)), 1);
    cr_assert_leq(
        abs((int)(b.received_potential_expiration.s - 600 - a.sent_potential_expiration.s)), 1);
    cr_assert_leq(abs((int)(b.client_last_transaction.s - 600 - a.client_last_transaction.s)), 1);
    cr_assert_eq(strlen(w.side[0].alarms) + strlen(w.side[1].alarms), 0, "%s", w.side[0].alarms);
    world_fini(&w);
}

Test(clock, a_clock_that_was_set_raises_an_alarm_and_is_followed)
{
    struct peer p; /* §5.10: a drastic change SHOULD be reported */
    fo_link_id_t id;
    peer_init(&p, FO_ROLE_SECONDARY, NULL);
    id = peer_normal(&p);
    p.clock_offset_s = 3600;
    for (int i = 0; i < 2; i++) {
        peer_send_bare(&p, id, FO_MSG_CONTACT);
        peer_run(&p, SECONDS(5));
        cr_assert_eq(peer_status(&p).clock_delta_s, 0);
    }
    cr_assert_null(strstr(p.alarms, "clock=set"));
    peer_send_bare(&p, id, FO_MSG_CONTACT);
    cr_assert_not_null(strstr(p.alarms, "clock=set"));
    cr_assert_eq(peer_status(&p).clock_delta_s, -3600);
    peer_fini(&p);
}

Test(clock, messages_that_waited_together_are_no_clock_that_was_set)
{
    struct peer p;
    fo_link_id_t id;
    uint8_t bytes[5 * FO_MESSAGE_MIN];
    size_t length = 0;
    peer_init(&p, FO_ROLE_SECONDARY, NULL);
    id = peer_normal(&p);
    for (int i = 0; i < 5; i++) {
        uint8_t one[FO_MESSAGE_MAX];
        size_t n = peer_write(&p, peer_words(&p, FO_MSG_CONTACT), one);
        memcpy(bytes + length, one, n);
        length += n;
    }
    p.now_ms += SECONDS(45); /* this server was stopped meanwhile */
    peer_bytes(&p, id, bytes, length);
    cr_assert_eq(peer_status(&p).clock_delta_s, 0);
    cr_assert_eq(strlen(p.alarms), 0, "%s", p.alarms);
    peer_fini(&p);
}

/* The partner's word arrives every two seconds, |n| times. */
static void contacts(struct peer *p, fo_link_id_t id, int n)
{
    for (int i = 0; i < n; i++) {
        peer_run(p, SECONDS(2));
        peer_send_bare(p, id, FO_MSG_CONTACT);
    }
}

Test(clock, a_message_that_waited_on_the_way_moves_nothing)
{
    struct peer p;
    fo_link_id_t id;
    peer_init(&p, FO_ROLE_SECONDARY, NULL);
    p.clock_offset_s = -100;
    id = peer_normal(&p);
    p.clock_offset_s = -117; /* 17 seconds in a broken link */
    contacts(&p, id, 1);
    cr_assert_eq(peer_status(&p).clock_delta_s, 100);
    p.clock_offset_s = -100;
    contacts(&p, id, 20);
    cr_assert_eq(peer_status(&p).clock_delta_s, 100);
    peer_fini(&p);
}

Test(clock, a_larger_difference_is_believed_after_eight_samples_and_a_smaller_at_once)
{
    struct peer p;
    fo_link_id_t id;
    peer_init(&p, FO_ROLE_SECONDARY, NULL);
    p.clock_offset_s = -100;
    id = peer_normal(&p);
    p.clock_offset_s = -116;
    contacts(&p, id, 20);
    cr_assert_eq(peer_status(&p).clock_delta_s, 116);
    p.clock_offset_s = -100;
    contacts(&p, id, 1);
    cr_assert_eq(peer_status(&p).clock_delta_s, 100);
    peer_fini(&p);
}

Test(clock, a_time_at_the_end_of_the_numbers_is_survived)
{
    struct peer p;
    fo_link_id_t id;
    peer_init(&p, FO_ROLE_SECONDARY, NULL);
    p.clock_offset_s = 0x7fffffff; /* the header says some time after 2100 */
    id = peer_establish(&p);
    cr_assert_eq(peer_status(&p).clock_delta_s, -0x7fffff00);
    p.clock_offset_s = -1800000000; /* and now 1970 */
    for (int i = 0; i < 3; i++) {
        peer_send_bare(&p, id, FO_MSG_CONTACT);
        peer_run(&p, SECONDS(2));
    }
    cr_assert_eq(peer_status(&p).clock_delta_s, 1800000000);
    peer_fini(&p);
}

Test(clock, the_difference_saturates)
{
    cr_assert_eq(fo_clock_difference(fo_utc(5), fo_utc(7)), -2);
    cr_assert_eq(fo_clock_difference(fo_utc(0), fo_utc(0xffffffff)), -0x7fffff00);
    cr_assert_eq(fo_clock_difference(fo_utc(0xffffffff), fo_utc(0)), 0x7fffff00);
}

static void thirty(struct fo_relationship *r)
{
    r->max_clock_skew_s = 30;
}

Test(clock, a_configured_limit_refuses_beyond_and_not_at_it)
{
    struct peer p; /* C-06 */
    fo_link_id_t id;
    const struct fo_message *m;
    peer_init(&p, FO_ROLE_SECONDARY, thirty);
    p.clock_offset_s = 31;
    id = peer_call(&p);
    peer_send(&p, id, peer_connect(&p));
    m = peer_next(&p, id);
    cr_assert_eq(m->reject_reason, 4);
    cr_assert(peer_closed(&p, id));
    cr_assert_not_null(strstr(p.alarms, "NTP"));
    p.clock_offset_s = -30;
    peer_establish(&p);
    peer_fini(&p);
}
