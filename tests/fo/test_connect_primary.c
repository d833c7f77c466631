#include <criterion/criterion.h>
#include <string.h>

#include "fo/endpoint.h"
#include "tests/fo/peer.h"

/* The primary on CONNECTACK (draft-12 §7.9.2), and a partner that speaks the isc dialect: CONNECT
 * comes on any link. */

static uint8_t refused_for(struct peer *p, fo_link_id_t id)
{
    const struct fo_message *m = peer_next(p, id);
    cr_assert(m != NULL && m->type == FO_MSG_CONNECTACK, "an answer comes");
    cr_assert_neq(m->present & PEER_OPT(REJECT_REASON), 0, "it refuses");
    cr_assert(peer_closed(p, id), "then the connection is closed (§7.9.1)");
    cr_assert_not(peer_status(p).link_up);
    return m->reject_reason;
}

static fo_link_id_t asked(struct peer *p)
{
    fo_link_id_t id;
    peer_init(p, FO_ROLE_PRIMARY, NULL);
    id = peer_dialled(p);
    peer_answer(p, id);
    cr_assert_eq(peer_next(p, id)->type, FO_MSG_CONNECT);
    return id;
}

Test(connect_primary, a_connectack_with_another_xid_is_ignored)
{
    struct peer p; /* C-12, §7.9.2 */
    fo_link_id_t id = asked(&p);
    uint32_t xid = p.said.xid;
    peer_send(&p, id, peer_connectack(&p, xid + 1));
    cr_assert_null(peer_next(&p, id));
    cr_assert_not(peer_closed(&p, id));
    peer_send(&p, id, peer_connectack(&p, xid));
    cr_assert_eq(peer_next(&p, id)->type, FO_MSG_STATE);
    peer_fini(&p);
}

Test(connect_primary, a_rejecting_connectack_is_told_to_the_operator_and_slows_the_next_call)
{
    struct peer p; /* C-20, §7.9 */
    fo_link_id_t id = asked(&p);
    struct fo_message *m = peer_words(&p, FO_MSG_CONNECTACK);
    m->xid = p.said.xid;
    m->present = PEER_OPT(RELATIONSHIP_NAME) | PEER_OPT(PROTOCOL_VERSION) |
                 PEER_OPT(REJECT_REASON) | PEER_OPT(MESSAGE);
    m->relationship_name = (struct fo_span){(const uint8_t *)"alpha", 5};
    m->protocol_version = 1;
    m->reject_reason = 8;
    m->message = (struct fo_span){(const uint8_t *)"who are\nyou", 11};
    peer_send(&p, id, m);
    cr_assert(peer_closed(&p, id));
    cr_assert_null(peer_next(&p, id)); /* nothing more is said */
    cr_assert_not_null(strstr(peer_status(&p).last_fault, "(8)"));
    cr_assert_not_null(strstr(peer_status(&p).last_fault, "who are?you"),
                       "a foreign text stays in its line: %s", peer_status(&p).last_fault);
    peer_run(&p, SECONDS(59));
    cr_assert_eq(peer_dial_count(&p), 1);
    peer_run(&p, SECONDS(2));
    cr_assert_eq(peer_dial_count(&p), 2);
    peer_fini(&p);
}

Test(connect_primary, a_connectack_of_another_relationship_is_answered_with_disconnect_8)
{
    struct peer p; /* §7.9.2, Draft gap */
    fo_link_id_t id = asked(&p);
    peer_connectack(&p, p.said.xid)->relationship_name =
        (struct fo_span){(const uint8_t *)"alphb", 5};
    peer_send(&p, id, &p.words);
    cr_assert_eq(peer_next(&p, id)->type, FO_MSG_DISCONNECT);
    cr_assert_eq(p.said.reject_reason, 8);
    cr_assert(peer_closed(&p, id));
    peer_fini(&p);
}

Test(connect_primary, a_connectack_of_another_version_is_answered_with_disconnect_14)
{
    struct peer p; /* §7.9.2 step 4 */
    fo_link_id_t id = asked(&p);
    peer_connectack(&p, p.said.xid)->protocol_version = 3;
    peer_send(&p, id, &p.words);
    cr_assert_eq(peer_next(&p, id)->reject_reason, 14);
    cr_assert(peer_closed(&p, id));
    peer_fini(&p);
}

static void isc(struct fo_relationship *r)
{
    r->dialect = FO_DIALECT_ISC;
}

Test(connect_primary, a_clock_beyond_the_tolerance_is_answered_with_disconnect_4_and_an_alarm)
{
    struct peer p; /* I-07, §7.9.2 step 6: 60 s is what ISC tolerates */
    fo_link_id_t id;
    peer_init(&p, FO_ROLE_PRIMARY, isc);
    id = peer_dialled(&p);
    peer_answer(&p, id);
    peer_next(&p, id);
    p.clock_offset_s = 90;
    peer_send(&p, id, peer_connectack(&p, p.said.xid));
    cr_assert_eq(peer_next(&p, id)->type, FO_MSG_DISCONNECT);
    cr_assert_eq(p.said.reject_reason, 4);
    cr_assert_not_null(strstr(p.alarms, "clocks"));
    p.clock_offset_s = 30; /* and it keeps trying */
    peer_establish(&p);
    peer_fini(&p);
}

Test(connect_primary, being_told_that_the_clocks_differ_raises_an_alarm)
{
    struct peer p; /* I-07 */
    fo_link_id_t id = asked(&p);
    struct fo_message *m = peer_words(&p, FO_MSG_CONNECTACK);
    m->xid = p.said.xid;
    m->present = PEER_OPT(RELATIONSHIP_NAME) | PEER_OPT(PROTOCOL_VERSION) | PEER_OPT(REJECT_REASON);
    m->relationship_name = (struct fo_span){(const uint8_t *)"alpha", 5};
    m->protocol_version = 1;
    m->reject_reason = 4;
    peer_send(&p, id, m);
    cr_assert_neq(strlen(p.alarms), 0);
    peer_fini(&p);
}

/* --- the isc dialect */

Test(connect_isc, an_isc_primary_may_use_the_link_its_secondary_dialled)
{
    struct peer p;
    fo_link_id_t id;
    peer_init(&p, FO_ROLE_SECONDARY, isc);
    id = peer_dialled(&p);
    cr_assert_neq(id, 0);
    peer_answer(&p, id);
    cr_assert_not(peer_closed(&p, id));
    peer_send(&p, id, peer_connect(&p));
    cr_assert_eq(peer_next(&p, id)->type, FO_MSG_CONNECTACK);
    cr_assert_eq(peer_next(&p, id)->type, FO_MSG_STATE);
    peer_fini(&p);
}

Test(connect_isc, a_wrong_name_on_a_dialled_link_is_refused_and_the_link_forgotten)
{
    struct peer p;
    fo_link_id_t id;
    peer_init(&p, FO_ROLE_SECONDARY, isc);
    id = peer_dialled(&p);
    peer_answer(&p, id);
    peer_connect(&p)->relationship_name = (struct fo_span){(const uint8_t *)"beta", 4};
    peer_send(&p, id, &p.words);
    cr_assert_eq(refused_for(&p, id), 8);
    peer_run(&p, MINUTES(2)); /* and it dials again */
    cr_assert_gt(peer_dial_count(&p), 1);
    peer_fini(&p);
}

Test(connect_isc, a_link_dialled_for_one_relationship_may_be_taken_by_another_with_the_same_partner)
{
    struct peer p;
    struct fo_relationship beta;
    fo_ipv4_t scope = SUBNET + 256;
    fo_link_id_t id;
    struct fo_endpoint_status st;
    peer_init(&p, FO_ROLE_SECONDARY, isc);
    peer_scope(&p, 1);
    beta = peer_relationship(FO_ROLE_SECONDARY, "beta");
    beta.scopes = &scope;
    cr_assert_eq(peer_create(&p, &beta, FO_BIRTH_VIRGIN, NULL), ERROR_SUCCESS);
    id = peer_dialled(&p);
    peer_answer(&p, id);
    peer_connect(&p)->relationship_name = (struct fo_span){(const uint8_t *)"beta", 4};
    peer_send(&p, id, &p.words);
    cr_assert_eq(fo_server_status(p.server, "beta", peer_now(&p), &st), FO_OK);
    cr_assert(st.link_up);
    cr_assert_not(peer_status(&p).link_up);
    peer_hang_up(&p, id);
    cr_assert_eq(fo_server_status(p.server, "beta", peer_now(&p), &st), FO_OK);
    cr_assert_not(st.link_up);
    peer_run(&p, MINUTES(2)); /* both dial again */
    peer_fini(&p);
}

Test(connect_isc, a_primary_sends_connect_on_the_link_an_isc_secondary_dialled)
{
    struct peer p;
    fo_link_id_t id;
    peer_init(&p, FO_ROLE_PRIMARY, isc);
    peer_hang_up(&p, peer_dialled(&p)); /* our own call failed */
    id = peer_call(&p);
    cr_assert_not(peer_closed(&p, id));
    cr_assert_eq(peer_next(&p, id)->type, FO_MSG_CONNECT);
    peer_send(&p, id, peer_connectack(&p, p.said.xid));
    cr_assert_eq(peer_next(&p, id)->type, FO_MSG_STATE);
    peer_fini(&p);
}

static void automatic(struct fo_relationship *r)
{
    r->dialect_auto = true;
}

Test(connect_isc, a_secondary_learns_the_dialect_from_connect)
{
    struct peer p;
    fo_link_id_t id;
    peer_init(&p, FO_ROLE_SECONDARY, automatic);
    id = peer_call(&p);
    p.dialect = FO_DIALECT_ISC;
    peer_send(&p, id, peer_connect(&p));
    cr_assert_eq(peer_status(&p).dialect, FO_DIALECT_ISC);
    cr_assert_eq(peer_next(&p, id)->max_unacked_bndupd, 20, "what this partner can keep up with");
    cr_assert_eq(peer_next(&p, id)->type, FO_MSG_STATE);
    peer_restart(&p);
    cr_assert_eq(peer_status(&p).dialect, FO_DIALECT_ISC, "kept over a restart");
    peer_fini(&p);
}

Test(connect_isc, a_primary_that_learns_the_dialect_from_connectack_connects_again)
{
    /* Its CONNECT was written for another reader: the buckets had the wrong polarity. */
    struct peer p;
    fo_link_id_t id;
    peer_init(&p, FO_ROLE_PRIMARY, automatic);
    id = peer_dialled(&p);
    peer_answer(&p, id);
    cr_assert_eq(peer_next(&p, id)->hash_bucket_assignment.data[0], 0x00);
    p.dialect = FO_DIALECT_ISC;
    peer_send(&p, id, peer_connectack(&p, p.said.xid));
    cr_assert(peer_closed(&p, id));
    peer_run(&p, SECONDS(6));
    cr_assert_neq(peer_dialled(&p), id);
    id = peer_dialled(&p);
    peer_answer(&p, id);
    cr_assert_eq(peer_next(&p, id)->hash_bucket_assignment.data[0], 0xff);
    peer_send(&p, id, peer_connectack(&p, p.said.xid));
    cr_assert_eq(peer_next(&p, id)->type, FO_MSG_STATE);
    peer_fini(&p);
}
