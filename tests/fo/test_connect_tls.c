#include <criterion/criterion.h>
#include <string.h>

#include "fo/endpoint.h"
#include "tests/fo/peer.h"

/* The table of §7.8.2 step 3 and what follows from it (draft-12 §8.2, §11.2). */

static uint8_t refused_for(struct peer *p, fo_link_id_t id)
{
    const struct fo_message *m = peer_next(p, id);
    cr_assert(m != NULL && m->type == FO_MSG_CONNECTACK, "an answer comes");
    cr_assert_neq(m->present & PEER_OPT(REJECT_REASON), 0, "it refuses");
    cr_assert(peer_closed(p, id), "then the connection is closed (§7.9.1)");
    cr_assert_not(peer_status(p).link_up);
    return m->reject_reason;
}

static void tls_off(struct fo_relationship *r)
{
    r->tls = FO_TLS_OFF;
}
static void tls_desired(struct fo_relationship *r)
{
    r->tls = FO_TLS_DESIRED;
}
static void tls_required(struct fo_relationship *r)
{
    r->tls = FO_TLS_REQUIRED;
}

Test(connect_tls, the_six_combinations_of_tls_request_and_reply)
{
    /* C-10, table 4.5. |reply| and |reason| by what CONNECT asks and the secondary is told. */
    static const struct {
        uint8_t request;
        void (*secondary)(struct fo_relationship *r);
        bool certificates;
        uint8_t reply, reason;
    } rows[] = {
        {0, tls_off, true, 0, 0},       {0, tls_desired, true, 0, 0},
        {0, tls_required, true, 1, 11}, {1, tls_off, true, 0, 0},
        {1, tls_desired, false, 0, 0},  {1, tls_desired, true, 1, 0},
        {1, tls_required, true, 1, 0},  {2, tls_off, true, 0, 10},
        {2, tls_desired, false, 0, 9},  {2, tls_off, false, 0, 9},
        {2, tls_desired, true, 1, 0},   {2, tls_required, true, 1, 0},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct peer p;
        fo_link_id_t id;
        const struct fo_message *m;
        peer_init(&p, FO_ROLE_SECONDARY, rows[i].secondary);
        p.server->config.tls_available = rows[i].certificates;
        id = peer_call(&p);
        peer_connect(&p)->tls_request = rows[i].request;
        peer_send(&p, id, &p.words);
        m = peer_next(&p, id);
        cr_assert_eq(m->type, FO_MSG_CONNECTACK);
        cr_assert_neq(m->present & PEER_OPT(TLS_REPLY), 0, "row %zu", i);
        cr_assert_eq(m->tls_reply, rows[i].reply, "row %zu", i);
        cr_assert_eq(m->reject_reason, rows[i].reason, "row %zu", i);
        cr_assert_eq(peer_closed(&p, id), rows[i].reason != 0, "row %zu", i);
        cr_assert_eq(peer_link(&p, id)->tls, rows[i].reply == 1 && rows[i].reason == 0, "row %zu",
                     i);
        if (rows[i].reply == 1)
            cr_assert_null(peer_next(&p, id), "STATE waits for the second exchange");
        peer_fini(&p);
    }
}

Test(connect_tls, after_the_handshake_connect_comes_again_without_27_and_is_answered_without_26)
{
    struct peer p; /* C-11, §8.2, §11.2; the secondary is the TLS server */
    fo_link_id_t id;
    const struct fo_message *m;
    peer_init(&p, FO_ROLE_SECONDARY, tls_required);
    id = peer_call(&p);
    peer_connect(&p)->tls_request = 2;
    peer_send(&p, id, &p.words);
    peer_next(&p, id);
    cr_assert(peer_link(&p, id)->tls_server_side);
    peer_secure(&p, id);
    peer_connect(&p)->present &= ~PEER_OPT(TLS_REQUEST);
    peer_send(&p, id, &p.words);
    m = peer_next(&p, id);
    cr_assert_eq(m->type, FO_MSG_CONNECTACK);
    cr_assert_eq(m->present & (PEER_OPT(TLS_REPLY) | PEER_OPT(REJECT_REASON)), 0);
    cr_assert_eq(peer_next(&p, id)->type, FO_MSG_STATE);
    cr_assert(peer_status(&p).link_secure);
    peer_fini(&p);
}

Test(connect_tls, a_primary_sends_connect_again_after_the_handshake)
{
    struct peer p; /* C-11; the primary is the TLS client */
    fo_link_id_t id;
    const struct fo_message *m;
    uint32_t xid;
    peer_init(&p, FO_ROLE_PRIMARY, tls_required);
    id = peer_dialled(&p);
    peer_answer(&p, id);
    m = peer_next(&p, id);
    cr_assert_eq(m->tls_request, 2);
    xid = m->xid;
    peer_connectack(&p, m->xid)->present |= PEER_OPT(TLS_REPLY);
    p.words.tls_reply = 1;
    peer_send(&p, id, &p.words);
    cr_assert(peer_link(&p, id)->tls);
    cr_assert_not(peer_link(&p, id)->tls_server_side);
    cr_assert_null(peer_next(&p, id));
    peer_secure(&p, id);
    m = peer_next(&p, id);
    cr_assert_eq(m->type, FO_MSG_CONNECT);
    cr_assert_eq(m->present & PEER_OPT(TLS_REQUEST), 0);
    cr_assert_neq(m->xid, xid); /* W-12 */
    peer_send(&p, id, peer_connectack(&p, m->xid));
    cr_assert_eq(peer_next(&p, id)->type, FO_MSG_STATE);
    peer_fini(&p);
}

Test(connect_tls, nothing_of_a_connect_in_clear_is_believed_when_tls_follows)
{
    struct peer p; /* §7.8.2 step 3: the rest of the checks is for the CONNECT under TLS */
    fo_link_id_t id;
    peer_init(&p, FO_ROLE_SECONDARY, tls_required);
    id = peer_call(&p);
    peer_connect(&p)->tls_request = 1;
    p.words.mclt_s = 5;
    peer_send(&p, id, &p.words);
    cr_assert(peer_link(&p, id)->tls);
    cr_assert_eq(peer_status(&p).mclt_s, 600);
    peer_fini(&p);
}

Test(connect_tls, a_connect_in_clear_does_not_push_out_a_link_that_is_secure)
{
    struct peer p; /* not even one that is silent just now: anybody can ask for TLS */
    fo_link_id_t id, other;
    peer_init(&p, FO_ROLE_SECONDARY, tls_required);
    id = peer_call(&p);
    peer_connect(&p)->tls_request = 2;
    peer_send(&p, id, &p.words);
    peer_secure(&p, id);
    peer_connect(&p)->present &= ~PEER_OPT(TLS_REQUEST);
    peer_send(&p, id, &p.words);
    p.now_ms += SECONDS(20);
    other = peer_call(&p);
    peer_connect(&p)->tls_request = 2;
    peer_send(&p, other, &p.words);
    cr_assert(peer_link(&p, other)->tls);
    cr_assert_not(peer_closed(&p, id));
    cr_assert(peer_status(&p).link_up);
    peer_fini(&p);
}

Test(connect_tls, the_name_under_tls_must_be_the_one_the_certificate_was_checked_for)
{
    struct peer p;
    struct fo_relationship beta;
    fo_ipv4_t scope = SUBNET + 256;
    fo_link_id_t id;
    peer_init(&p, FO_ROLE_SECONDARY, tls_required);
    peer_scope(&p, 1);
    beta = peer_relationship(FO_ROLE_SECONDARY, "beta");
    beta.scopes = &scope;
    cr_assert_eq(peer_create(&p, &beta, FO_BIRTH_VIRGIN, NULL), ERROR_SUCCESS);
    id = peer_call(&p);
    peer_connect(&p)->tls_request = 2;
    peer_send(&p, id, &p.words);
    peer_next(&p, id);
    peer_secure(&p, id);
    peer_connect(&p)->present &= ~PEER_OPT(TLS_REQUEST);
    p.words.relationship_name = (struct fo_span){(const uint8_t *)"beta", 4};
    peer_send(&p, id, &p.words);
    cr_assert_eq(refused_for(&p, id), 8);
    cr_assert_eq(p.said.present & PEER_OPT(TLS_REPLY), 0);
    peer_fini(&p);
}

Test(connect_tls, a_primary_told_tls_it_did_not_ask_for_disconnects_with_11)
{
    struct peer p; /* table 4.5, row 0/1 */
    fo_link_id_t id;
    peer_init(&p, FO_ROLE_PRIMARY, tls_off);
    id = peer_dialled(&p);
    peer_answer(&p, id);
    peer_connectack(&p, peer_next(&p, id)->xid)->present |= PEER_OPT(TLS_REPLY);
    p.words.tls_reply = 1;
    peer_send(&p, id, &p.words);
    cr_assert_eq(peer_next(&p, id)->type, FO_MSG_DISCONNECT);
    cr_assert_eq(p.said.reject_reason, 11);
    cr_assert(peer_closed(&p, id));
    cr_assert_not(peer_link(&p, id)->tls);
    peer_fini(&p);
}

Test(connect_tls, a_primary_that_requires_tls_does_not_go_on_in_clear)
{
    struct peer p; /* ISC answers 0 without a reason even to 2 */
    fo_link_id_t id;
    peer_init(&p, FO_ROLE_PRIMARY, tls_required);
    id = peer_dialled(&p);
    peer_answer(&p, id);
    peer_connectack(&p, peer_next(&p, id)->xid)->present |= PEER_OPT(TLS_REPLY);
    peer_send(&p, id, &p.words);
    cr_assert_eq(peer_next(&p, id)->type, FO_MSG_DISCONNECT);
    cr_assert_eq(p.said.reject_reason, 11);
    cr_assert(peer_closed(&p, id));
    peer_fini(&p);
}

Test(connect_tls, a_primary_that_desires_tls_accepts_a_partner_without)
{
    struct peer p; /* table 4.5, row 1/0 */
    fo_link_id_t id;
    peer_init(&p, FO_ROLE_PRIMARY, tls_desired);
    id = peer_dialled(&p);
    peer_answer(&p, id);
    cr_assert_eq(peer_next(&p, id)->tls_request, 1);
    peer_connectack(&p, p.said.xid)->present |= PEER_OPT(TLS_REPLY);
    peer_send(&p, id, &p.words);
    cr_assert_eq(peer_next(&p, id)->type, FO_MSG_STATE);
    peer_fini(&p);
}

Test(connect_tls, a_primary_without_certificates_does_not_desire_tls)
{
    struct peer p; /* it could not keep its word */
    peer_init(&p, FO_ROLE_PRIMARY, tls_desired);
    p.server->config.tls_available = false;
    peer_answer(&p, peer_dialled(&p));
    cr_assert_eq(peer_next(&p, peer_dialled(&p))->tls_request, 0);
    peer_fini(&p);
}

static void requires_tls(struct peer *p)
{
    peer_init(p, FO_ROLE_SECONDARY, tls_required);
    p->server->config.tls_available = true;
}

Test(connect_tls, a_handshake_that_fails_is_told)
{
    struct peer p;
    fo_link_id_t id;
    requires_tls(&p);
    id = peer_call(&p);
    peer_connect(&p)->tls_request = 2;
    peer_send(&p, id, &p.words);
    peer_hang_up(&p, id);
    cr_assert_not_null(strstr(peer_status(&p).last_fault, "no TLS with the partner"), "%s",
                       peer_status(&p).last_fault);
    peer_fini(&p);
}

Test(connect_tls, a_partner_that_leaves_after_the_handshake_is_told)
{
    struct peer p; /* in TLS 1.3 the client learns of a refusal after its own handshake */
    fo_link_id_t id;
    requires_tls(&p);
    id = peer_call(&p);
    peer_connect(&p)->tls_request = 2;
    peer_send(&p, id, &p.words);
    peer_secure(&p, id);
    peer_hang_up(&p, id);
    cr_assert_not_null(strstr(peer_status(&p).last_fault, "does it accept our certificate?"), "%s",
                       peer_status(&p).last_fault);
    peer_fini(&p);
}
