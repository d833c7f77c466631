/* dhcpd takes the last word about a lease for the best, whatever it knew: what it did alone has to be
 * heard before it is told anything, and what it gave up is told back. */
#include <criterion/criterion.h>

#include "fo/endpoint.h"
#include "tests/fo/peer.h"

static void partner_is_dhcpd(struct fo_relationship *r)
{
    r->dialect = FO_DIALECT_ISC;
}

/* Renewed here until an hour from now, not yet acknowledged, and at dhcpd |later_s| later until
 * |end_s| from now. */
static fo_link_id_t renewed_at_both(struct peer *p, uint32_t end_s, uint32_t later_s)
{
    struct fo_group *g;
    struct fo_report here = {.kind = FO_REPORT_GRANT, .address = ADDRESS(20), .desired_s = 3600};
    fo_link_id_t id;
    peer_init(p, FO_ROLE_SECONDARY, partner_is_dhcpd);
    p->dialect = FO_DIALECT_ISC;
    id = peer_normal(p);
    here.client = world_client(1);
    here.lease_end = fo_utc_add(peer_now(p).utc, 3600);
    peer_report(p, &here);
    (void)peer_words(p, FO_MSG_BNDUPD);
    g = peer_active(p, ADDRESS(20), 1, end_s);
    g->client_last_transaction_time = fo_utc_add(peer_now(p).utc, later_s);
    peer_send(p, id, &p->words);
    return id;
}

/* The verdict of dhcpd on our next BNDUPD; 0: taken. */
static void answers(struct peer *p, fo_link_id_t id, uint8_t reason)
{
    uint32_t xid = peer_find(p, id, FO_MSG_BNDUPD)->xid;
    peer_words(p, FO_MSG_BNDACK)->xid = xid;
    p->words.group_count = 1;
    p->words.groups[0] =
        (struct fo_group){.address = ADDRESS(20), .present = PEER_OPT(ASSIGNED_IP_ADDRESS)};
    if (reason != 0) {
        p->words.groups[0].present |= PEER_OPT(REJECT_REASON);
        p->words.groups[0].reject_reason = reason;
    }
    peer_send(p, id, &p->words);
}

/* dhcpd takes the end that it is told, also for one that it had told its client later. The client
 * goes on until then, so dhcpd has to come to know of it again. */
Test(dhcpd_last_word, an_end_that_dhcpd_gave_up_for_an_earlier_one_of_ours_is_told_back)
{
    static struct peer p;
    const struct fo_message *m;
    fo_link_id_t id = renewed_at_both(&p, 5000, 0);
    fo_utc_t end = fo_utc_add(peer_now(&p).utc, 5000);
    answers(&p, id, 0);
    m = peer_find(&p, id, FO_MSG_BNDUPD);
    cr_assert_not_null(m);
    cr_assert_eq(m->groups[0].status, FO_STATUS_ACTIVE);
    cr_assert_eq(m->groups[0].lease_expiration_time.s, end.s);
    peer_fini(&p);
}

Test(dhcpd_last_word, an_end_of_ours_that_dhcpd_took_for_an_earlier_one_is_told_once)
{
    static struct peer p;
    fo_link_id_t id = renewed_at_both(&p, 3000, 0);
    answers(&p, id, 0);
    cr_assert_null(peer_find(&p, id, FO_MSG_BNDUPD));
    peer_fini(&p);
}

/* dhcpd refuses what crosses a later transaction of its own (16), also the later end of the two. */
Test(dhcpd_last_word, a_later_end_of_ours_that_crossed_a_later_renewal_is_told_with_it)
{
    static struct peer p;
    const struct fo_message *m;
    fo_link_id_t id = renewed_at_both(&p, 3000, 2);
    fo_utc_t now = peer_now(&p).utc;
    answers(&p, id, FO_REJECT_LESS_CRITICAL_BINDING_INFORMATION);
    m = peer_find(&p, id, FO_MSG_BNDUPD);
    cr_assert_not_null(m);
    cr_assert_eq(m->groups[0].lease_expiration_time.s, now.s + 3600);
    cr_assert_eq(m->groups[0].client_last_transaction_time.s, now.s + 2);
    peer_fini(&p);
}

/* What is later in all leaves nothing to be told, and nothing to be refused. */
Test(dhcpd_last_word, a_renewal_that_dhcpd_outdid_is_its_own_to_tell)
{
    static struct peer p;
    fo_link_id_t id = renewed_at_both(&p, 5000, 2);
    answers(&p, id, FO_REJECT_LESS_CRITICAL_BINDING_INFORMATION);
    cr_assert_null(peer_find(&p, id, FO_MSG_BNDUPD));
    cr_assert_eq(fo_rejection_of(p.server, ADDRESS(20)).by, FO_REJECTED_BY_NOBODY);
    peer_fini(&p);
}

/* Cut off, we saw a lease until |end_s| from now; the two are together again. */
static fo_link_id_t back_with_a_lease(struct peer *p, enum fo_role role, uint32_t end_s)
{
    struct fo_report here = {.kind = FO_REPORT_GRANT, .address = ADDRESS(20), .desired_s = end_s};
    peer_init(p, role, partner_is_dhcpd);
    p->dialect = FO_DIALECT_ISC;
    peer_hang_up(p, peer_normal(p));
    here.client = world_client(1);
    here.lease_end = fo_utc_add(peer_now(p).utc, end_s);
    peer_report(p, &here);
    peer_run(p, SECONDS(20));
    return peer_join(p, FO_STATE_COMMUNICATIONS_INTERRUPTED);
}

static void says_it_told_all(struct peer *p, fo_link_id_t id, uint32_t xid)
{
    peer_words(p, FO_MSG_UPDDONE)->xid = xid;
    peer_send(p, id, &p->words);
}

/* The secondary believes any EXPIRED of a lease that has 65 s left or less, and any end of one. */
Test(dhcpd_last_word, what_dhcpd_did_alone_is_heard_before_anything_is_told)
{
    static struct peer p;
    const struct fo_message *m;
    uint32_t xid;
    fo_link_id_t id = back_with_a_lease(&p, FO_ROLE_PRIMARY, 10);
    m = peer_find(&p, id, FO_MSG_UPDREQ);
    cr_assert_not_null(m);
    xid = m->xid;
    cr_assert_null(peer_find(&p, id, FO_MSG_BNDUPD)); /* our EXPIRED waits */
    (void)peer_words(&p, FO_MSG_BNDUPD);
    (void)peer_active(&p, ADDRESS(20), 1, 60); /* its client had it renewed there */
    peer_send(&p, id, &p.words);
    m = peer_find(&p, id, FO_MSG_BNDACK);
    cr_assert(m != NULL && m->groups[0].reject_reason == FO_REJECT_NONE);
    says_it_told_all(&p, id, xid);
    while ((m = peer_find(&p, id, FO_MSG_BNDUPD)) != NULL)
        cr_assert_neq(m->groups[0].address, ADDRESS(20));
    cr_assert_eq(peer_binding(&p, ADDRESS(20)).status, FO_STATUS_ACTIVE);
    peer_fini(&p);
}

Test(dhcpd_last_word, what_waited_for_dhcpd_is_told_when_it_has_told_all)
{
    static struct peer p;
    const struct fo_message *m;
    fo_utc_t end;
    fo_link_id_t id = back_with_a_lease(&p, FO_ROLE_SECONDARY, 600);
    uint32_t xid = peer_find(&p, id, FO_MSG_UPDREQ)->xid;
    peer_send_state(&p, id, FO_STATE_NORMAL, 0);
    cr_assert_null(peer_find(&p, id, FO_MSG_BNDUPD));
    end = fo_utc_add(peer_now(&p).utc, 900);
    (void)peer_words(&p, FO_MSG_BNDUPD);
    (void)peer_active(&p, ADDRESS(20), 1, 900);
    p.words.groups[0].client_last_transaction_time = fo_utc(end.s - 930);
    peer_send(&p, id, &p.words);
    says_it_told_all(&p, id, xid);
    m = peer_find(&p, id, FO_MSG_BNDUPD);
    cr_assert_not_null(m);
    cr_assert_eq(m->groups[0].status, FO_STATUS_ACTIVE);
    cr_assert_eq(m->groups[0].lease_expiration_time.s, end.s); /* not the earlier one of ours */
    peer_fini(&p);
}

Test(dhcpd_last_word, a_dhcpd_that_tells_nothing_is_not_waited_for_for_ever)
{
    static struct peer p;
    fo_link_id_t id = back_with_a_lease(&p, FO_ROLE_SECONDARY, 600);
    peer_run(&p, SECONDS(19));
    cr_assert_null(peer_find(&p, id, FO_MSG_BNDUPD));
    peer_run(&p, SECONDS(2));
    peer_link(&p, id)->read = 0;
    cr_assert_not_null(peer_find(&p, id, FO_MSG_BNDUPD));
    cr_assert_not(peer_closed(&p, id));
    peer_fini(&p);
}

Test(dhcpd_last_word, in_a_conflict_nothing_waits_for_what_dhcpd_did_alone)
{
    static struct peer p;
    const struct fo_message *m;
    fo_link_id_t id = back_with_a_lease(&p, FO_ROLE_SECONDARY, 600);
    peer_send_state(&p, id, FO_STATE_PARTNER_DOWN, 0);
    cr_assert_eq(peer_status(&p).state, FO_STATE_POTENTIAL_CONFLICT);
    peer_send_state(&p, id, FO_STATE_POTENTIAL_CONFLICT, 0);
    peer_send_bare(&p, id, FO_MSG_UPDREQ);
    m = peer_find(&p, id, FO_MSG_BNDUPD);
    cr_assert(m != NULL && m->groups[0].address == ADDRESS(20));
    peer_fini(&p);
}
