/* What dhcpd says, and has to be told, otherwise than the draft has it. */
#include <criterion/criterion.h>

#include "tests/fo/peer.h"

static void partner_is_dhcpd(struct fo_relationship *r)
{
    r->dialect = FO_DIALECT_ISC;
}

/* dhcpd grants ADDRESS(20) to client 1, now. */
static fo_link_id_t granted_by_dhcpd(struct peer *p)
{
    fo_link_id_t id;
    peer_init(p, FO_ROLE_SECONDARY, partner_is_dhcpd);
    id = peer_normal(p);
    (void)peer_words(p, FO_MSG_BNDUPD);
    (void)peer_active(p, ADDRESS(20), 1, 3600);
    peer_send(p, id, &p->words);
    cr_assert_eq(peer_binding(p, ADDRESS(20)).status, FO_STATUS_ACTIVE);
    return id;
}

/* RELEASED or EXPIRED as dhcpd says it: CLTT is still that of the lease. Returns the reject reason
 * of the BNDACK. */
static unsigned says_ended(struct peer *p, fo_link_id_t id, enum fo_binding_status status,
                           fo_utc_t cltt, uint32_t ends_in_s)
{
    struct fo_group *g;
    const struct fo_message *ack;
    while (peer_next(p, id) != NULL)
        ;
    (void)peer_words(p, FO_MSG_BNDUPD);
    g = peer_active(p, ADDRESS(20), 1, ends_in_s);
    g->status = (uint8_t)status;
    g->client_last_transaction_time = g->start_time_of_state = cltt;
    if (cltt.s == FO_UTC_NONE)
        g->present &= ~PEER_OPT(CLIENT_LAST_TRANSACTION_TIME);
    peer_send(p, id, &p->words);
    ack = peer_find(p, id, FO_MSG_BNDACK);
    cr_assert_not_null(ack);
    return ack->groups[0].reject_reason;
}

/* The lease ended now. */
static unsigned released_by_dhcpd(struct peer *p, fo_link_id_t id, fo_utc_t cltt)
{
    return says_ended(p, id, FO_STATUS_RELEASED, cltt, 0);
}

/* Figure 7.1.3-1, time1, would have it that nothing happened since the lease. */
Test(dhcpd, a_release_at_dhcpd_is_believed_though_it_keeps_the_time_of_the_lease)
{
    static const int64_t later[] = {0, SECONDS(1), SECONDS(20)};
    for (size_t i = 0; i < 3; i++) {
        struct peer p;
        fo_link_id_t id = granted_by_dhcpd(&p);
        fo_utc_t lease = peer_now(&p).utc;
        peer_run(&p, later[i]);
        cr_assert_eq(released_by_dhcpd(&p, id, lease), FO_REJECT_NONE, "after %zu", i);
        cr_assert_eq(peer_binding(&p, ADDRESS(20)).status, FO_STATUS_FREE);
        peer_fini(&p);
    }
}

Test(dhcpd, a_release_at_dhcpd_needs_no_time_of_the_lease)
{
    struct peer p;
    fo_link_id_t id = granted_by_dhcpd(&p);
    peer_run(&p, SECONDS(5));
    cr_assert_eq(released_by_dhcpd(&p, id, fo_utc(FO_UTC_NONE)), FO_REJECT_NONE);
    peer_fini(&p);
}

static void renew_here(struct peer *p)
{
    struct fo_report renewal = {.kind = FO_REPORT_GRANT, .address = ADDRESS(20)};
    peer_run(p, SECONDS(5));
    renewal.client = world_client(1);
    renewal.desired_s = 3600;
    renewal.lease_end = fo_utc_add(peer_now(p).utc, 3600);
    peer_report(p, &renewal);
}

Test(dhcpd, a_release_at_dhcpd_does_not_end_a_lease_that_was_renewed_here_since)
{
    struct peer p;
    fo_link_id_t id = granted_by_dhcpd(&p);
    fo_utc_t lease = peer_now(&p).utc;
    renew_here(&p);
    cr_assert_eq(released_by_dhcpd(&p, id, lease), FO_REJECT_OUTDATED_BINDING_INFORMATION);
    cr_assert_eq(peer_binding(&p, ADDRESS(20)).status, FO_STATUS_ACTIVE);
    peer_fini(&p);
}

/* Cut off, dhcpd heard a release and we a renewal. It takes the renewal when it asks, as primary,
 * and then still says RELEASED: with the end that the lease has now. */
Test(dhcpd, a_release_at_dhcpd_is_not_dated_by_an_end_to_come)
{
    struct peer p;
    fo_link_id_t id = granted_by_dhcpd(&p);
    fo_utc_t lease = peer_now(&p).utc;
    renew_here(&p);
    cr_assert_eq(says_ended(&p, id, FO_STATUS_RELEASED, lease, 3600),
                 FO_REJECT_OUTDATED_BINDING_INFORMATION);
    cr_assert_eq(peer_binding(&p, ADDRESS(20)).status, FO_STATUS_ACTIVE);
    peer_fini(&p);
}

/* dhcpd was down while its client's lease ended and fod gave the address to another. Back as
 * primary it learns that, and still says EXPIRED of the lease before, in the words of the present
 * one: a lease of less than a minute was believed to end a little early. */
Test(dhcpd, an_end_that_dhcpd_meant_for_the_lease_before_ends_no_other)
{
    struct peer p;
    fo_link_id_t id;
    peer_init(&p, FO_ROLE_SECONDARY, partner_is_dhcpd);
    id = peer_normal(&p);
    (void)peer_words(&p, FO_MSG_BNDUPD);
    (void)peer_active(&p, ADDRESS(20), 1, 15);
    peer_send(&p, id, &p.words);
    cr_assert_eq(says_ended(&p, id, FO_STATUS_EXPIRED, peer_now(&p).utc, 15),
                 FO_REJECT_OUTDATED_BINDING_INFORMATION);
    cr_assert_eq(peer_binding(&p, ADDRESS(20)).status, FO_STATUS_ACTIVE);
    peer_fini(&p);
}

/* Nor does the end of another client's lease, however little was left of this one. */
Test(dhcpd, the_end_of_another_clients_lease_is_not_believed_early)
{
    struct peer p;
    struct fo_group *g;
    fo_link_id_t id;
    peer_init(&p, FO_ROLE_SECONDARY, partner_is_dhcpd);
    id = peer_normal(&p);
    (void)peer_words(&p, FO_MSG_BNDUPD);
    (void)peer_active(&p, ADDRESS(20), 1, 15);
    peer_send(&p, id, &p.words);
    (void)peer_words(&p, FO_MSG_BNDUPD);
    g = peer_active(&p, ADDRESS(20), 2, 0);
    g->status = FO_STATUS_EXPIRED;
    peer_send(&p, id, &p.words);
    cr_assert_eq(peer_binding(&p, ADDRESS(20)).status, FO_STATUS_ACTIVE);
    peer_fini(&p);
}

/* dhcpd lets an abandonment end at option 13; ours ends when an operator says so (§5.11). */
Test(dhcpd, an_abandoned_address_is_told_without_an_end)
{
    struct peer p;
    struct fo_report decline = {.kind = FO_REPORT_DECLINE, .address = ADDRESS(20)};
    const struct fo_message *m;
    fo_link_id_t id = granted_by_dhcpd(&p);
    while (peer_next(&p, id) != NULL)
        ;
    decline.client = world_client(1);
    peer_report(&p, &decline);
    m = peer_find(&p, id, FO_MSG_BNDUPD);
    cr_assert_not_null(m);
    cr_assert_eq(m->groups[0].status, FO_STATUS_ABANDONED);
    cr_assert_eq(m->groups[0].lease_expiration_time.s, 0x7fffffff);
    cr_assert_eq(m->groups[0].potential_expiration_time.s, m->groups[0].start_time_of_state.s);
    peer_fini(&p);
}

/* §5.10 has the receiver correct; dhcpd compares what it reads with its own clock. An address whose
 * lease ended in its future it could not lease until then. */
Test(dhcpd, the_end_of_a_lease_is_told_with_the_time_by_the_clock_of_dhcpd)
{
    static const int32_t offsets_s[] = {-50, 50};
    for (size_t i = 0; i < 2; i++) {
        struct peer p;
        struct fo_report release = {.kind = FO_REPORT_RELEASE, .address = ADDRESS(20)};
        const struct fo_message *m;
        fo_link_id_t id;
        uint32_t dhcpd_now;
        peer_init(&p, FO_ROLE_SECONDARY, partner_is_dhcpd);
        p.dialect = FO_DIALECT_ISC;
        p.clock_offset_s = offsets_s[i];
        id = peer_normal(&p);
        (void)peer_words(&p, FO_MSG_BNDUPD);
        (void)peer_active(&p, ADDRESS(20), 1, 3600);
        peer_send(&p, id, &p.words);
        release.client = world_client(1);
        peer_report(&p, &release);
        m = peer_find(&p, id, FO_MSG_BNDUPD);
        cr_assert_not_null(m);
        cr_assert_eq(m->groups[0].status, FO_STATUS_RELEASED);
        dhcpd_now = (uint32_t)((int64_t)peer_now(&p).utc.s + offsets_s[i]);
        cr_assert_eq(m->groups[0].lease_expiration_time.s, dhcpd_now);
        cr_assert_eq(m->groups[0].potential_expiration_time.s, dhcpd_now);
        cr_assert_eq(m->groups[0].start_time_of_state.s, dhcpd_now);
        cr_assert_eq((int64_t)m->groups[0].client_last_transaction_time.s,
                     (int64_t)peer_binding(&p, ADDRESS(20)).client_last_transaction.s +
                         offsets_s[i]);
        peer_fini(&p);
    }
}

/* Read by a clock that is ahead of ours, our own times would end the client's lease too early. */
Test(dhcpd, a_lease_is_told_to_end_when_it_ends_by_the_clock_of_dhcpd)
{
    struct peer p;
    struct fo_report grant = {.kind = FO_REPORT_GRANT, .address = ADDRESS(20), .desired_s = 600};
    const struct fo_message *m;
    fo_link_id_t id;
    uint32_t end;
    peer_init(&p, FO_ROLE_SECONDARY, partner_is_dhcpd);
    p.dialect = FO_DIALECT_ISC;
    p.clock_offset_s = 50;
    id = peer_normal(&p);
    end = peer_now(&p).utc.s + 600;
    grant.client = world_client(1);
    grant.lease_end = fo_utc(end);
    peer_report(&p, &grant);
    m = peer_find(&p, id, FO_MSG_BNDUPD);
    cr_assert_not_null(m);
    cr_assert_eq(m->groups[0].status, FO_STATUS_ACTIVE);
    cr_assert_eq(m->groups[0].lease_expiration_time.s, end + 50);
    cr_assert_eq(m->groups[0].potential_expiration_time.s,
                 peer_binding(&p, ADDRESS(20)).sent_potential_expiration.s + 50);
    cr_assert_eq(peer_binding(&p, ADDRESS(20)).lease_expiration.s, end);
    peer_fini(&p);
}

/* --- a primary dhcpd whose conflict is being resolved: it ends itself when it hears, in
 * CONFLICT-DONE, any state but those of a secondary in a conflict -------------------------------
 */

/* dhcpd comes from PARTNER-DOWN and has everything of ours: it is in CONFLICT-DONE. */
static fo_link_id_t dhcpd_in_conflict_done(struct peer *p)
{
    fo_link_id_t id;
    peer_init(p, FO_ROLE_SECONDARY, partner_is_dhcpd);
    p->dialect = FO_DIALECT_ISC;
    peer_hang_up(p, peer_normal(p));
    id = peer_join(p, FO_STATE_PARTNER_DOWN);
    cr_assert_eq(peer_status(p).state, FO_STATE_POTENTIAL_CONFLICT);
    peer_send_state(p, id, FO_STATE_POTENTIAL_CONFLICT, 0);
    peer_send_bare(p, id, FO_MSG_UPDREQ);
    cr_assert_not_null(peer_find(p, id, FO_MSG_UPDDONE));
    peer_send_state(p, id, FO_STATE_CONFLICT_DONE, 0);
    while (peer_next(p, id) != NULL)
        ;
    return id;
}

Test(dhcpd, an_operators_pause_is_not_told_to_dhcpd_in_a_conflict)
{
    static const struct {
        enum fo_command command;
        enum fo_state state;
    } orders[] = {{FO_COMMAND_PAUSE, FO_STATE_PAUSED}, {FO_COMMAND_SHUTDOWN, FO_STATE_SHUTDOWN}};
    for (size_t i = 0; i < 2; i++) {
        struct peer p;
        fo_link_id_t id = dhcpd_in_conflict_done(&p);
        cr_assert_eq(peer_command(&p, orders[i].command), ERROR_SUCCESS);
        cr_assert_eq(peer_status(&p).state, orders[i].state);
        cr_assert_null(peer_find(&p, id, FO_MSG_STATE));
        cr_assert(peer_closed(&p, id));
        cr_assert_eq(peer_command(&p, FO_COMMAND_RESUME), ERROR_SUCCESS);
        (void)peer_establish(&p);
        cr_assert_eq(p.said.server_state, 10); /* RESOLUTION-INTERRUPTED */
        peer_fini(&p);
    }
}

/* It may have become CONFLICT-DONE since we heard it last. */
Test(dhcpd, a_state_that_ends_dhcpd_in_a_conflict_waits_until_dhcpd_has_said_its_own)
{
    static const enum fo_state last_heard[] = {FO_STATE_POTENTIAL_CONFLICT, FO_STATE_CONFLICT_DONE};
    for (size_t i = 0; i < 2; i++) {
        struct peer p;
        fo_link_id_t id = dhcpd_in_conflict_done(&p);
        peer_send_state(&p, id, last_heard[i], 0);
        peer_hang_up(&p, id);
        cr_assert_eq(peer_status(&p).state, FO_STATE_RESOLUTION_INTERRUPTED);
        cr_assert_eq(peer_command(&p, FO_COMMAND_PARTNER_DOWN), ERROR_SUCCESS);
        id = peer_call(&p);
        peer_send(&p, id, peer_connect(&p));
        cr_assert_not_null(peer_find(&p, id, FO_MSG_CONNECTACK));
        cr_assert_null(peer_next(&p, id));
        peer_send_state(&p, id, FO_STATE_CONFLICT_DONE, 0);
        cr_assert_eq(peer_status(&p).state, FO_STATE_POTENTIAL_CONFLICT);
        cr_assert_not_null(peer_find(&p, id, FO_MSG_STATE));
        cr_assert_eq(p.said.server_state, 5);
        cr_assert_not(peer_closed(&p, id));
        peer_fini(&p);
    }
}
