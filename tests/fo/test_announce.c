/* Which state a foreign partner is told (draft-12 §7.10; what dhcpd stands). */
#include <criterion/criterion.h>

#include "tests/fo/peer.h"

static struct peer p;

static void partner_is_dhcpd(struct fo_relationship *r)
{
    r->dialect = FO_DIALECT_ISC;
    r->dialect_auto = false;
}

static void expect_state(enum fo_state state)
{
    cr_assert_eq(peer_status(&p).state, state, "it is in %s",
                 fo_state_name((int)peer_status(&p).state));
}

/* The partner has told all that was asked for. */
static void done(fo_link_id_t id, enum fo_message_type request)
{
    struct fo_message *answer;
    cr_assert_not_null(peer_find(&p, id, (uint8_t)request));
    answer = peer_words(&p, FO_MSG_UPDDONE);
    answer->xid = p.said.xid;
    peer_send(&p, id, answer);
}

/* dhcpd in CONFLICT-DONE ends itself when it hears RECOVER-WAIT. */
Test(announce, dhcpd_in_a_conflict_hears_of_one_while_lost_storage_is_made_good)
{
    struct fo_relationship r = peer_relationship(FO_ROLE_SECONDARY, PEER_NAME);
    char why[256];
    fo_link_id_t id;
    peer_bare(&p);
    peer_scope(&p, 0);
    partner_is_dhcpd(&r);
    p.dialect = FO_DIALECT_ISC;
    cr_assert_eq(peer_create(&p, &r, FO_BIRTH_LOST, why), ERROR_SUCCESS, "%s", why);
    id = peer_join(&p, FO_STATE_RESOLUTION_INTERRUPTED);
    expect_state(FO_STATE_RECOVER);
    peer_send_state(&p, id, FO_STATE_POTENTIAL_CONFLICT, 0);
    peer_send_state(&p, id, FO_STATE_CONFLICT_DONE, 0);
    done(id, FO_MSG_UPDREQALL);
    expect_state(FO_STATE_RECOVER_WAIT);
    cr_assert_not_null(peer_find(&p, id, FO_MSG_STATE));
    cr_assert_eq(p.said.server_state, 10); /* RESOLUTION-INTERRUPTED */
    cr_assert_not(peer_closed(&p, id));
    for (int i = 0; i < 60; i++) { /* §9.6.2 */
        peer_run(&p, SECONDS(10));
        peer_send_bare(&p, id, FO_MSG_CONTACT);
    }
    expect_state(FO_STATE_POTENTIAL_CONFLICT);
    cr_assert_not_null(peer_find(&p, id, FO_MSG_STATE));
    cr_assert_eq(p.said.server_state, 5); /* POTENTIAL-CONFLICT; RECOVER-DONE is not told */
    peer_fini(&p);
}
