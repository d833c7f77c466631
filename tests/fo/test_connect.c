#include <criterion/criterion.h>
#include <string.h>

#include "fo/endpoint.h"
#include "tests/fo/peer.h"

/* Setting up a link (draft-12 §7.8, §7.9, §8.2): what is refused and why, what is agreed on. */

static uint8_t refused_for(struct peer *p, fo_link_id_t id)
{
    const struct fo_message *m = peer_next(p, id);
    cr_assert(m != NULL && m->type == FO_MSG_CONNECTACK, "an answer comes");
    cr_assert_neq(m->present & PEER_OPT(REJECT_REASON), 0, "it refuses");
    cr_assert(peer_closed(p, id), "then the connection is closed (§7.9.1)");
    cr_assert_not(peer_status(p).link_up);
    return m->reject_reason;
}

static uint8_t answer_to(struct peer *p, const struct fo_message *m)
{
    fo_link_id_t id = peer_call(p);
    peer_send(p, id, m);
    return refused_for(p, id);
}

/* --- what a CONNECT carries ----------------------------------------------------------------------
 */

Test(connect, a_primary_sends_connect_with_all_its_options_as_the_first_message)
{
    struct peer p; /* C-02, C-03, Table 7.8-1 */
    const struct fo_message *m;
    peer_init(&p, FO_ROLE_PRIMARY, NULL);
    peer_answer(&p, peer_dialled(&p));
    m = peer_next(&p, peer_dialled(&p));
    cr_assert_eq(m->type, FO_MSG_CONNECT);
    cr_assert_eq(m->present, PEER_OPT(RELATIONSHIP_NAME) | PEER_OPT(MAX_UNACKED_BNDUPD) |
                                 PEER_OPT(RECEIVE_TIMER) | PEER_OPT(VENDOR_CLASS_IDENTIFIER) |
                                 PEER_OPT(PROTOCOL_VERSION) | PEER_OPT(TLS_REQUEST) |
                                 PEER_OPT(MCLT) | PEER_OPT(HASH_BUCKET_ASSIGNMENT));
    cr_assert_eq(m->protocol_version, 1);
    cr_assert_eq(m->mclt_s, 600);
    cr_assert_eq(m->receive_timer_s, 30);
    cr_assert_eq(m->hash_bucket_assignment.length, 32);
    cr_assert_eq(m->relationship_name.length, 5); /* W-16: no NUL */
    cr_assert_eq(memcmp(m->relationship_name.data, "alpha", 5), 0);
    cr_assert_eq(m->vendor_class.length, 7);
    cr_assert_eq(memcmp(m->vendor_class.data, "fo-test", 7), 0);
    cr_assert_eq(m->tls_request, 0);
    cr_assert_null(peer_next(&p, peer_dialled(&p)));
    peer_fini(&p);
}

Test(connect, an_accepting_connectack_has_the_xid_of_connect_and_none_of_the_primarys_options)
{
    struct peer p; /* Table 7.9-1, W-12: bit for bit; C-10: 26 because CONNECT had 27 */
    const struct fo_message *m;
    fo_link_id_t id;
    peer_init(&p, FO_ROLE_SECONDARY, NULL);
    id = peer_call(&p);
    peer_connect(&p)->xid = 0xdeadbeef;
    peer_send(&p, id, &p.words);
    m = peer_next(&p, id);
    cr_assert_eq(m->type, FO_MSG_CONNECTACK);
    cr_assert_eq(m->xid, 0xdeadbeef);
    cr_assert_eq(m->present, PEER_OPT(RELATIONSHIP_NAME) | PEER_OPT(MAX_UNACKED_BNDUPD) |
                                 PEER_OPT(RECEIVE_TIMER) | PEER_OPT(VENDOR_CLASS_IDENTIFIER) |
                                 PEER_OPT(PROTOCOL_VERSION) | PEER_OPT(TLS_REPLY));
    cr_assert_eq(m->tls_reply, 0);
    peer_fini(&p);
}

Test(connect, connectack_carries_no_tls_reply_if_connect_had_no_request)
{
    struct peer p; /* C-10 */
    const struct fo_message *m;
    fo_link_id_t id;
    peer_init(&p, FO_ROLE_SECONDARY, NULL);
    id = peer_call(&p);
    peer_connect(&p)->present &= ~PEER_OPT(TLS_REQUEST);
    peer_send(&p, id, &p.words);
    m = peer_next(&p, id);
    cr_assert_eq(m->type, FO_MSG_CONNECTACK);
    cr_assert_eq(m->present & PEER_OPT(TLS_REPLY), 0);
    peer_fini(&p);
}

Test(connect, state_is_the_next_message_from_both_sides_and_makes_communications_ok)
{
    for (int role = 0; role < 2; role++) { /* C-13, C-14, §8.3; peer_establish looks for STATE */
        struct peer p;
        fo_link_id_t id;
        peer_init(&p, (enum fo_role)role, NULL);
        id = peer_establish(&p);
        cr_assert(peer_status(&p).link_up);
        cr_assert_not(peer_status(&p).communications_ok);
        peer_send_state(&p, id, FO_STATE_RECOVER, 0);
        cr_assert(peer_status(&p).communications_ok);
        peer_fini(&p);
    }
}

/* --- every reason to refuse ----------------------------------------------------------------------
 */

Test(connect, another_protocol_version_is_refused_with_14_and_told_ours)
{
    struct peer p; /* C-04, §7.8.2 step 2 */
    fo_link_id_t id;
    peer_init(&p, FO_ROLE_SECONDARY, NULL);
    id = peer_call(&p);
    peer_connect(&p)->protocol_version = 2;
    peer_send(&p, id, &p.words);
    cr_assert_eq(refused_for(&p, id), 14);
    cr_assert_neq(p.said.present & PEER_OPT(PROTOCOL_VERSION), 0);
    cr_assert_eq(p.said.protocol_version, 1);
    peer_fini(&p);
}

Test(connect, an_unknown_relationship_name_is_refused_with_8)
{
    struct peer p; /* C-05, §7.8.2 step 5 */
    peer_init(&p, FO_ROLE_SECONDARY, NULL);
    peer_connect(&p)->relationship_name = (struct fo_span){(const uint8_t *)"alph", 4};
    cr_assert_eq(answer_to(&p, &p.words), 8);
    cr_assert_not_null(strstr(peer_status(&p).last_fault, "no relationship 'alph'"), "%s",
                       peer_status(&p).last_fault);
    peer_connect(&p)->relationship_name = (struct fo_span){(const uint8_t *)"alpha2", 6};
    cr_assert_eq(answer_to(&p, &p.words), 8);
    cr_assert_not_null(strstr(peer_status(&p).last_fault, "no relationship 'alpha2'"), "%s",
                       peer_status(&p).last_fault);
    peer_fini(&p);
}

Test(connect, another_name_is_nothing_to_the_relationship_that_is_connected)
{
    struct peer p;
    fo_link_id_t id;
    peer_init(&p, FO_ROLE_SECONDARY, NULL);
    (void)peer_normal(&p);
    id = peer_call(&p);
    peer_connect(&p)->relationship_name = (struct fo_span){(const uint8_t *)"alph", 4};
    peer_send(&p, id, &p.words);
    cr_assert_eq(peer_next(&p, id)->reject_reason, 8);
    cr_assert_eq(peer_status(&p).faults, 0);
    cr_assert_not_null(strstr(p.notices, "relationship=\"alph\" connect=refused reason=8"));
    peer_fini(&p);
}

Test(connect, a_rejecting_connectack_has_22_20_21_and_none_of_14_19_28)
{
    struct peer p; /* C-09, Table 7.9-1 */
    peer_init(&p, FO_ROLE_SECONDARY, NULL);
    peer_connect(&p)->mclt_s = 0;
    p.words.xid = 77;
    cr_assert_eq(answer_to(&p, &p.words), 5);
    cr_assert_eq(p.said.xid, 77);
    cr_assert_eq(p.said.present, PEER_OPT(RELATIONSHIP_NAME) | PEER_OPT(PROTOCOL_VERSION) |
                                     PEER_OPT(REJECT_REASON) | PEER_OPT(MESSAGE) |
                                     PEER_OPT(TLS_REPLY));
    cr_assert_eq(memcmp(p.said.relationship_name.data, "alpha", 5), 0);
    cr_assert_gt(p.said.message.length, 0);
    cr_assert_neq(p.said.message.data[p.said.message.length - 1], 0); /* W-16 */
    peer_fini(&p);
}

/* A CONNECT without one of its options, written by hand: the encoder would not write it. */
static uint8_t answer_without(struct peer *p, uint16_t option)
{
    uint8_t whole[FO_MESSAGE_MAX], cut[FO_MESSAGE_MAX];
    size_t length = peer_write(p, peer_connect(p), whole), out = FO_MESSAGE_MIN;
    fo_link_id_t id = peer_call(p);
    memcpy(cut, whole, out);
    for (size_t at = out; at < length;) {
        size_t one = 4u + ((size_t)whole[at + 2] << 8 | whole[at + 3]);
        if (((unsigned)whole[at] << 8 | whole[at + 1]) != option) {
            memcpy(cut + out, whole + at, one);
            out += one;
        }
        at += one;
    }
    cr_assert_lt(out, length);
    cut[0] = (uint8_t)(out >> 8);
    cut[1] = (uint8_t)out;
    peer_bytes(p, id, cut, out);
    return refused_for(p, id);
}

Test(connect, a_missing_mandatory_option_is_refused)
{
    /* Table 7.8-1; Draft gap: 8 for the name, 5 for MCLT, 18 for the HBA, else 6. */
    static const struct {
        uint16_t option;
        uint8_t reason;
    } rows[] = {{22, 8}, {15, 5}, {11, 18}, {14, 6}, {19, 6}, {28, 6}, {20, 6}};
    struct peer p;
    peer_init(&p, FO_ROLE_SECONDARY, NULL);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        cr_assert_eq(answer_without(&p, rows[i].option), rows[i].reason, "option %u",
                     rows[i].option);
    peer_fini(&p);
}

Test(connect, an_hba_that_is_not_32_bytes_is_refused_with_18)
{
    struct peer p; /* C-08, §12.11 */
    uint8_t whole[FO_MESSAGE_MAX], cut[FO_MESSAGE_MAX];
    fo_link_id_t id;
    size_t length, out = 0;
    peer_init(&p, FO_ROLE_SECONDARY, NULL);
    length = peer_write(&p, peer_connect(&p), whole);
    for (size_t at = 0; at < length; at++) {
        cut[out++] = whole[at];
        if (at >= 15 && whole[at - 3] == 0 && whole[at - 2] == 11 && whole[at - 1] == 0 &&
            whole[at] == 32) {
            cut[out - 1] = 8;
            at += 24;
        }
    }
    cr_assert_eq(out, length - 24);
    cut[0] = (uint8_t)(out >> 8);
    cut[1] = (uint8_t)out;
    id = peer_call(&p);
    peer_bytes(&p, id, cut, out);
    cr_assert_eq(refused_for(&p, id), 18);
    peer_fini(&p);
}

Test(connect, a_paused_endpoint_refuses_with_6)
{
    struct peer p; /* §9.13 */
    peer_init(&p, FO_ROLE_SECONDARY, NULL);
    cr_assert_eq(peer_command(&p, FO_COMMAND_PAUSE), ERROR_SUCCESS);
    cr_assert_eq(answer_to(&p, peer_connect(&p)), 6);
    peer_fini(&p);
}

Test(connect, a_connect_to_a_primary_closes_the_connection)
{
    struct peer p; /* §8.2: neither waits for CONNECT nor answers it */
    fo_link_id_t id;
    peer_init(&p, FO_ROLE_PRIMARY, NULL);
    id = peer_call(&p);
    cr_assert(peer_closed(&p, id));
    cr_assert_null(peer_next(&p, id));
    peer_fini(&p);
}

/* --- what the secondary takes over
 * ----------------------------------------------------------------- */

Test(connect, the_secondary_adopts_the_primarys_mclt_and_keeps_it_over_a_restart)
{
    struct peer p; /* C-07, §7.8.2 step 7 */
    fo_link_id_t id;
    peer_init(&p, FO_ROLE_SECONDARY, NULL);
    cr_assert_eq(peer_status(&p).mclt_s, 600);
    id = peer_call(&p);
    peer_connect(&p)->mclt_s = 900;
    peer_send(&p, id, &p.words);
    cr_assert_eq(peer_status(&p).mclt_s, 900);
    peer_restart(&p);
    cr_assert_eq(peer_status(&p).mclt_s, 900);
    peer_fini(&p);
}

Test(connect, a_refused_connect_changes_neither_mclt_nor_buckets)
{
    struct peer p; /* §7.8.2: checks come before anything is taken over */
    peer_init(&p, FO_ROLE_SECONDARY, NULL);
    p.config.tls_available = false;
    peer_connect(&p)->mclt_s = 900;
    p.words.relationship_name = (struct fo_span){(const uint8_t *)"other", 5};
    answer_to(&p, &p.words);
    cr_assert_eq(peer_status(&p).mclt_s, 600);
    peer_fini(&p);
}

Test(connect, the_bit_of_a_bucket_means_secondary_in_the_draft_and_primary_for_isc)
{
    /* §12.11 and its reading by ISC; byte 0 = 0x01: bucket 0 alone. */
    static const uint8_t hba[FO_HBA_LENGTH] = {0x01};
    for (int dialect = 0; dialect < 2; dialect++) {
        struct peer p;
        fo_link_id_t id;
        struct fo_endpoint *ep;
        peer_init(&p, FO_ROLE_SECONDARY, NULL);
        ep = fo_endpoint_find(p.server, PEER_NAME);
        ep->r.dialect = (enum fo_dialect_name)dialect;
        ep->dialect = fo_dialect_get(ep->r.dialect);
        id = peer_call(&p);
        peer_connect(&p)->hash_bucket_assignment = (struct fo_span){hba, sizeof hba};
        peer_send(&p, id, &p.words);
        cr_assert_eq(fo_load_balance_is_primarys(&ep->rec.buckets, 0), dialect == FO_DIALECT_ISC);
        cr_assert_eq(fo_load_balance_is_primarys(&ep->rec.buckets, 1), dialect == FO_DIALECT_DRAFT);
        peer_fini(&p);
    }
}

/* --- the second connection
 * ------------------------------------------------------------------------------- */

Test(connect, a_second_connect_is_refused_with_7_while_the_first_link_is_heard)
{
    struct peer p; /* C-26: heard within half the receive-timer (30 s) */
    fo_link_id_t id, other;
    peer_init(&p, FO_ROLE_SECONDARY, NULL);
    id = peer_join(&p, FO_STATE_RECOVER);
    p.now_ms += SECONDS(14);
    other = peer_call(&p);
    peer_send(&p, other, peer_connect(&p));
    cr_assert_eq(peer_next(&p, other)->reject_reason, 7);
    cr_assert(peer_closed(&p, other));
    cr_assert_not(peer_closed(&p, id));
    cr_assert(peer_status(&p).communications_ok);
    peer_fini(&p);
}

Test(connect, a_second_connect_replaces_a_link_that_was_silent_for_half_the_receive_timer)
{
    struct peer p; /* C-26: a partner that came back need not wait; C-19: DISCONNECT first */
    fo_link_id_t id, other;
    peer_init(&p, FO_ROLE_SECONDARY, NULL);
    id = peer_join(&p, FO_STATE_RECOVER);
    while (peer_next(&p, id) != NULL)
        ;
    p.now_ms += SECONDS(15);
    other = peer_call(&p);
    peer_send(&p, other, peer_connect(&p));
    cr_assert_eq(peer_next(&p, other)->type, FO_MSG_CONNECTACK);
    cr_assert_eq(p.said.present & PEER_OPT(REJECT_REASON), 0);
    cr_assert_eq(peer_next(&p, id)->type, FO_MSG_DISCONNECT);
    cr_assert_eq(p.said.reject_reason, 7);
    cr_assert(peer_closed(&p, id));
    cr_assert_not(peer_status(&p).communications_ok, "until its STATE arrives (§8.3)");
    peer_send_state(&p, other, FO_STATE_RECOVER, 0);
    cr_assert(peer_status(&p).communications_ok);
    peer_fini(&p);
}

Test(connect, refusing_others_does_not_delay_contact_on_the_link_that_is_up)
{
    struct peer p; /* C-16: the partner's receive-timer is 30 s */
    fo_link_id_t id;
    peer_init(&p, FO_ROLE_SECONDARY, NULL);
    id = peer_join(&p, FO_STATE_RECOVER);
    while (peer_next(&p, id) != NULL)
        ;
    for (int i = 0; i < 5; i++) { /* somebody insists */
        fo_link_id_t other = peer_call(&p);
        peer_send(&p, other, peer_connect(&p));
        peer_run(&p, SECONDS(2));
    }
    cr_assert_not_null(peer_find(&p, id, FO_MSG_CONTACT), "within 10 s");
    peer_fini(&p);
}

Test(connect, simultaneous_connects_end_with_one_link)
{
    struct world w; /* C-21, §8.2: both dial at the same moment, with a slow network */
    unsigned open = 0;
    world_init(&w);
    w.delay_ms = 400;
    world_pair_both(&w, NULL);
    cr_assert(world_until(&w, FO_STATE_NORMAL, FO_STATE_NORMAL, SECONDS(60)));
    world_run(&w, SECONDS(20));
    for (int i = 0; i < WORLD_LINKS; i++)
        open += w.links[i].open;
    cr_assert_eq(open, 1);
    cr_assert(world_status(&w, 0).communications_ok);
    world_fini(&w);
}
