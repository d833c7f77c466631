/* One endpoint and what a partner says that ours would not say then (draft-12 §9.4, §9.7.2,
 * §9.11.3, §9.13, §9.14). */
#include <string.h>

#include <criterion/criterion.h>

#include "tests/fo/peer.h"

static struct peer p;

static void expect_state(enum fo_state state)
{
    cr_assert_eq(peer_status(&p).state, state, "it is in %s",
                 fo_state_name((int)peer_status(&p).state));
}

/* The partner has told all that was asked for. */
static void done(fo_link_id_t id, enum fo_message_type request)
{
    const struct fo_message *m = peer_find(&p, id, (uint8_t)request);
    struct fo_message *answer = peer_words(&p, FO_MSG_UPDDONE);
    cr_assert_not_null(m);
    answer->xid = m->xid;
    peer_send(&p, id, answer);
}

/* A primary whose partner took over while it served. */
static fo_link_id_t in_potential_conflict(void)
{
    fo_link_id_t id;
    peer_init(&p, FO_ROLE_PRIMARY, NULL);
    peer_hang_up(&p, peer_normal(&p));
    id = peer_join(&p, FO_STATE_PARTNER_DOWN);
    expect_state(FO_STATE_POTENTIAL_CONFLICT);
    peer_send_state(&p, id, FO_STATE_POTENTIAL_CONFLICT, 0);
    return id;
}

/* §9.4, Draft gap: the partner, which is there, is still to fetch what it lacks. */
Test(state, partner_down_is_refused_in_conflict_done_while_the_partner_is_there)
{
    fo_link_id_t id = in_potential_conflict();
    done(id, FO_MSG_UPDREQ);
    expect_state(FO_STATE_CONFLICT_DONE);
    cr_assert_eq(peer_command(&p, FO_COMMAND_PARTNER_DOWN), ERROR_INVALID_PARAMETER);
    expect_state(FO_STATE_CONFLICT_DONE);
    peer_hang_up(&p, id);
    expect_state(FO_STATE_CONFLICT_DONE); /* §9.12.3 */
    p.alarms[0] = '\0';
    cr_assert_eq(peer_command(&p, FO_COMMAND_PARTNER_DOWN), ERROR_SUCCESS);
    expect_state(FO_STATE_PARTNER_DOWN);
    cr_assert_not_null(strstr(p.alarms, "partner is down"), "%s", p.alarms);
    peer_fini(&p);
}

/* §9.11.3, Draft gap: a paused partner resolves nothing; it will say more when it is resumed. */
Test(state, a_paused_partner_leaves_resolution_interrupted_as_it_is)
{
    fo_link_id_t id = in_potential_conflict();
    peer_hang_up(&p, id);
    expect_state(FO_STATE_RESOLUTION_INTERRUPTED);
    id = peer_join(&p, FO_STATE_PAUSED);
    expect_state(FO_STATE_RESOLUTION_INTERRUPTED);
    cr_assert_null(peer_find(&p, id, FO_MSG_UPDREQ));
    peer_send_state(&p, id, FO_STATE_RESOLUTION_INTERRUPTED, 0);
    expect_state(FO_STATE_POTENTIAL_CONFLICT);
    cr_assert_not_null(peer_find(&p, id, FO_MSG_UPDREQ));
    peer_fini(&p);
}

/* S-13; §9.11.3, Draft gap: §9.14 hands over at once in every state. */
Test(state, a_shut_down_partner_hands_over_in_resolution_interrupted)
{
    peer_hang_up(&p, in_potential_conflict());
    expect_state(FO_STATE_RESOLUTION_INTERRUPTED);
    (void)peer_join(&p, FO_STATE_SHUTDOWN);
    expect_state(FO_STATE_PARTNER_DOWN);
    cr_assert_not_null(strstr(p.notices, "RESOLUTION-INTERRUPTED -> PARTNER-DOWN"), "%s",
                       p.notices);
    peer_fini(&p);
}

/* S-13; §9.10.3, Draft gap: the same in the middle of it. */
Test(state, a_partner_that_is_shut_down_in_a_conflict_hands_over)
{
    fo_link_id_t id = in_potential_conflict();
    peer_send_state(&p, id, FO_STATE_SHUTDOWN, 0);
    expect_state(FO_STATE_PARTNER_DOWN);
    peer_fini(&p);
}

/* §9.5.2: a server that has lost nothing need not wait to take part in a conflict. */
Test(state, a_partner_in_a_conflict_draws_recover_into_it)
{
    peer_init(&p, FO_ROLE_SECONDARY, NULL);
    (void)peer_join(&p, FO_STATE_POTENTIAL_CONFLICT);
    expect_state(FO_STATE_POTENTIAL_CONFLICT);
    cr_assert_not_null(strstr(p.notices, "RECOVER -> POTENTIAL-CONFLICT"), "%s", p.notices);
    peer_fini(&p);
}

/* §9.7.2, Draft gap: Figure 9.2-1 has POTENTIAL-CONFLICT; its kin are the same quarrel. */
Test(state, a_partner_in_a_conflict_draws_recover_done_into_it)
{
    static const enum fo_state conflicts[] = {
        FO_STATE_POTENTIAL_CONFLICT, FO_STATE_RESOLUTION_INTERRUPTED, FO_STATE_CONFLICT_DONE};
    for (size_t i = 0; i < sizeof conflicts / sizeof conflicts[0]; i++) {
        fo_link_id_t id;
        peer_init(&p, FO_ROLE_SECONDARY, NULL);
        id = peer_join(&p, FO_STATE_RECOVER);
        done(id, FO_MSG_UPDREQALL);
        expect_state(FO_STATE_RECOVER_DONE);
        peer_send_state(&p, id, conflicts[i], 0);
        expect_state(FO_STATE_POTENTIAL_CONFLICT);
        peer_fini(&p);
    }
}

/* §9.13.2, §9.14.3: out of PAUSED and SHUTDOWN there is no way but a restart, or being resumed. */
Test(state, s13_paused_and_shutdown_take_no_order_but_to_resume)
{
    static const struct {
        enum fo_command into, other;
        enum fo_state state;
    } stops[] = {{FO_COMMAND_PAUSE, FO_COMMAND_SHUTDOWN, FO_STATE_PAUSED},
                 {FO_COMMAND_SHUTDOWN, FO_COMMAND_PAUSE, FO_STATE_SHUTDOWN}};
    for (size_t i = 0; i < sizeof stops / sizeof stops[0]; i++) {
        fo_link_id_t id;
        peer_init(&p, FO_ROLE_PRIMARY, NULL);
        id = peer_normal(&p);
        cr_assert_eq(peer_command(&p, stops[i].into), ERROR_SUCCESS);
        expect_state(stops[i].state);
        if (!peer_closed(&p, id))
            peer_hang_up(&p, id);
        cr_assert_eq(peer_command(&p, stops[i].into), ERROR_SUCCESS); /* it is so already */
        expect_state(stops[i].state);
        cr_assert_eq(peer_command(&p, stops[i].other), ERROR_INVALID_PARAMETER);
        cr_assert_eq(peer_command(&p, FO_COMMAND_PARTNER_DOWN), ERROR_INVALID_PARAMETER);
        expect_state(stops[i].state);
        cr_assert_eq(peer_command(&p, FO_COMMAND_RESUME), ERROR_SUCCESS);
        expect_state(FO_STATE_STARTUP);
        cr_assert_eq(peer_command(&p, FO_COMMAND_RESUME), ERROR_INVALID_PARAMETER);
        peer_fini(&p);
    }
}

/* §9.10.3: an update that was asked for before the conflict does not end it. */
Test(state, a_conflict_is_not_over_with_an_update_that_was_asked_for_before_it)
{
    uint32_t before;
    fo_link_id_t id;
    peer_init(&p, FO_ROLE_SECONDARY, NULL);
    id = peer_normal(&p);
    cr_assert_eq(peer_command(&p, FO_COMMAND_RESYNC), ERROR_SUCCESS);
    cr_assert_not_null(peer_find(&p, id, FO_MSG_UPDREQALL));
    before = p.said.xid;
    cr_assert_eq(peer_command(&p, FO_COMMAND_PARTNER_DOWN), ERROR_SUCCESS); /* it is there */
    expect_state(FO_STATE_POTENTIAL_CONFLICT);
    peer_words(&p, FO_MSG_UPDDONE)->xid = before;
    peer_send(&p, id, &p.words);
    expect_state(FO_STATE_POTENTIAL_CONFLICT);
    peer_send_state(&p, id, FO_STATE_CONFLICT_DONE, 0);
    done(id, FO_MSG_UPDREQALL);
    expect_state(FO_STATE_NORMAL);
    peer_fini(&p);
}

/* §9.14, Draft gap: it took over and died before it could say so; by its store, and alone, this
 * server would serve beside it. */
Test(state, s13_a_partner_that_heard_shutdown_may_have_taken_over_though_it_never_said_so)
{
    static const struct {
        enum fo_state partner, resumed;
    } rows[] = {{FO_STATE_NORMAL, FO_STATE_RECOVER},
                {FO_STATE_RECOVER_WAIT, FO_STATE_COMMUNICATIONS_INTERRUPTED}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        fo_link_id_t id;
        peer_init(&p, FO_ROLE_SECONDARY, NULL);
        id = peer_normal(&p);
        peer_send_state(&p, id, rows[i].partner, 0);
        cr_assert_eq(peer_command(&p, FO_COMMAND_SHUTDOWN), ERROR_SUCCESS);
        peer_hang_up(&p, id);
        peer_restart(&p);
        peer_run(&p, MINUTES(5));
        expect_state(rows[i].resumed);
        peer_fini(&p);
    }
}

/* Nobody heard it: nobody took over. */
Test(state, s13_a_shutdown_that_was_not_told_resumes_where_it_was)
{
    peer_init(&p, FO_ROLE_SECONDARY, NULL);
    peer_hang_up(&p, peer_normal(&p));
    cr_assert_eq(peer_command(&p, FO_COMMAND_SHUTDOWN), ERROR_SUCCESS);
    peer_restart(&p);
    peer_run(&p, MINUTES(5));
    expect_state(FO_STATE_COMMUNICATIONS_INTERRUPTED);
    peer_fini(&p);
}
