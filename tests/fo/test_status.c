#include <criterion/criterion.h>
#include <string.h>

#include "fo/endpoint.h"
#include "tests/fo/peer.h"

/* Every state can say why it is there, what ends it and when. */

Test(status, startup_says_when_it_ends)
{
    struct peer p;
    struct fo_endpoint_status st;
    peer_init(&p, FO_ROLE_PRIMARY, NULL);
    st = peer_status(&p);
    cr_assert_eq(st.state, FO_STATE_STARTUP);
    cr_assert_eq(st.state_exit_at.s, peer_now(&p).utc.s + 10);
    cr_assert_not_null(strstr(st.state_cause, "started"));
    cr_assert_neq(strlen(st.state_exit), 0);
    cr_assert_eq(st.partner_state, FO_STATE_NONE);
    cr_assert_eq(st.last_contact.s, 0);
    peer_fini(&p);
}

Test(status, normal_shows_the_link_the_window_and_the_partner)
{
    struct peer p;
    fo_link_id_t id;
    struct fo_endpoint_status st;
    peer_init(&p, FO_ROLE_SECONDARY, NULL);
    id = peer_normal(&p);
    for (unsigned n = 0; n < 30; n++) {
        struct fo_report r = {.kind = FO_REPORT_GRANT, .desired_s = 600};
        r.address = ADDRESS(20 + n);
        r.client = world_client(n);
        r.lease_end = fo_utc_add(peer_now(&p).utc, 600);
        peer_report(&p, &r);
    }
    st = peer_status(&p);
    cr_assert_eq(st.state, FO_STATE_NORMAL);
    cr_assert_eq(st.role, FO_ROLE_SECONDARY);
    cr_assert_eq(st.state_exit_at.s, 0);
    cr_assert(st.link_up && st.communications_ok);
    cr_assert_eq(st.window, 10);
    cr_assert_eq(st.unacked, 10); /* C-22 */
    cr_assert_eq(st.queued, 20);
    cr_assert_str_eq(st.partner_vendor, "fo-peer");
    cr_assert_eq(st.partner_state, FO_STATE_NORMAL);
    cr_assert_eq(st.last_contact.s, peer_now(&p).utc.s);
    cr_assert_gt(st.messages_in, 0);
    cr_assert_gt(st.bytes_out, 0);
    peer_hang_up(&p, id);
    st = peer_status(&p);
    cr_assert_eq(st.state, FO_STATE_COMMUNICATIONS_INTERRUPTED);
    cr_assert_not_null(strstr(st.state_cause, "connection lost"));
    cr_assert_eq(st.unacked, 0);
    cr_assert_not(st.link_up || st.communications_ok);
    peer_fini(&p);
}

static void careful(struct fo_relationship *r)
{
    r->safe_period_s = 3600;
}

Test(status, the_safe_period_and_recover_wait_say_when_they_end)
{
    struct peer p;
    fo_link_id_t id;
    peer_init(&p, FO_ROLE_PRIMARY, careful);
    id = peer_normal(&p);
    peer_hang_up(&p, id);
    cr_assert_eq(peer_status(&p).state_exit_at.s, peer_now(&p).utc.s + 3600);
    fo_endpoint_find(p.server, PEER_NAME)->state = FO_STATE_RECOVER_WAIT;
    fo_endpoint_find(p.server, PEER_NAME)->rec.down_since = peer_now(&p).utc;
    cr_assert_eq(peer_status(&p).state_exit_at.s, peer_now(&p).utc.s + PEER_MCLT_S);
    peer_fini(&p);
}

Test(status, an_unknown_name_or_address_is_not_found)
{
    struct peer p;
    struct fo_endpoint_status st;
    struct fo_address_view view;
    peer_init(&p, FO_ROLE_PRIMARY, NULL);
    cr_assert_eq(fo_server_status(p.server, "beta", peer_now(&p), &st), FO_ENOTFOUND);
    cr_assert_eq(fo_server_journal(p.server, "beta", NULL, NULL), FO_ENOTFOUND);
    cr_assert_eq(fo_server_address(p.server, 0x0b000001, &view), FO_ENOTFOUND);
    peer_fini(&p);
}

Test(status, an_address_shows_its_owner_and_whether_the_partner_has_it)
{
    struct peer p;
    struct fo_address_view view;
    struct fo_report r = {.kind = FO_REPORT_GRANT,
                          .address = ADDRESS(20),
                          .client = world_client(1),
                          .desired_s = 600};
    fo_link_id_t id;
    const struct fo_message *m;
    struct fo_message *ack;
    uint32_t xid;
    peer_init(&p, FO_ROLE_SECONDARY, NULL);
    peer_scope(&p, 1);
    id = peer_normal(&p);
    cr_assert_eq(fo_server_address(p.server, SUBNET + 256 + 20, &view), FO_OK);
    cr_assert_not(view.in_relationship);
    cr_assert_eq(fo_server_address(p.server, ADDRESS(20), &view), FO_OK);
    cr_assert(view.in_relationship);
    cr_assert_eq(view.owner, FO_ROLE_PRIMARY); /* FREE (§5.4) */
    r.lease_end = fo_utc_add(peer_now(&p).utc, 600);
    peer_report(&p, &r);
    cr_assert_eq(fo_server_address(p.server, ADDRESS(20), &view), FO_OK);
    cr_assert_eq(view.owner, FO_ROLE_SECONDARY); /* we granted it */
    cr_assert(view.in_flight);
    cr_assert_not(view.partner_has_it);
    m = peer_find(&p, id, FO_MSG_BNDUPD);
    xid = m->xid;
    ack = peer_words(&p, FO_MSG_BNDACK);
    ack->xid = xid;
    ack->group_count = 1;
    ack->groups[0] = (struct fo_group){.address = ADDRESS(20)};
    ack->groups[0].present = PEER_OPT(ASSIGNED_IP_ADDRESS);
    peer_send(&p, id, ack);
    cr_assert_eq(fo_server_address(p.server, ADDRESS(20), &view), FO_OK);
    cr_assert(view.partner_has_it);
    cr_assert_not(view.in_flight || view.queued || view.rejected);
    peer_fini(&p);
}

Test(status, what_ends_a_state_is_told_to_the_end)
{
    struct fo_endpoint_status status;
    for (int state = 0; state < FO_STATE_COUNT; state++)
        cr_expect_lt(strlen(fo_state_exit_sentence(state)), sizeof status.state_exit, "%d", state);
}
