#include <criterion/criterion.h>
#include <string.h>

#include "fo/endpoint.h"
#include "tests/fo/peer.h"

Test(endpoint, it_starts_with_what_its_relationship_says)
{
    struct peer p;
    const struct fo_endpoint *ep;
    peer_init(&p, FO_ROLE_PRIMARY, NULL);
    ep = fo_endpoint_find(p.server, PEER_NAME);
    cr_assert_eq(ep->rec.mclt_s, PEER_MCLT_S);
    cr_assert_eq(ep->rec.update_epoch, 1); /* §5.17: 0 is never current */
    cr_assert_eq(fo_load_balance_count(&ep->rec.buckets), 128);
    cr_assert_eq(fo_endpoint_of_address(p.server, ADDRESS(20)), ep);
    cr_assert_null(fo_endpoint_of_address(p.server, 0x0b000001));
    cr_assert_null(fo_endpoint_find(p.server, "alph"));
    peer_fini(&p);
}

static void hasty(struct fo_relationship *r)
{
    r->receive_timer_s = 2;
}

Test(endpoint, a_receive_timer_that_would_cause_a_flood_is_not_advertised)
{
    struct peer p; /* §7.9.1; below 3 some partners send CONTACT without a pause */
    peer_init(&p, FO_ROLE_PRIMARY, hasty);
    peer_answer(&p, peer_dialled(&p));
    cr_assert_eq(peer_next(&p, peer_dialled(&p))->receive_timer_s, 30);
    peer_fini(&p);
}

static uint32_t startup_wait(struct peer *p)
{
    p->config.startup_s = 0;
    peer_restart(p);
    return peer_status(p).state_exit_at.s - peer_now(p).utc.s;
}

Test(endpoint, startup_is_longer_after_a_long_absence)
{
    struct peer p; /* §5.9: 5 to 10 s if down less than MCLT, 30 to 60 s if longer */
    peer_init(&p, FO_ROLE_PRIMARY, NULL);
    peer_hang_up(&p, peer_normal(&p));
    p.now_ms += SECONDS(PEER_MCLT_S - 20);
    cr_assert_eq(startup_wait(&p), 10);
    p.now_ms += SECONDS(PEER_MCLT_S + 20);
    cr_assert_eq(startup_wait(&p), 30);
    peer_fini(&p);
}

Test(endpoint, state_during_startup_is_the_previous_one_with_the_flag)
{
    struct peer p; /* §9.3.1, S-04, S-16: never NORMAL, though it was */
    fo_link_id_t id;
    peer_init(&p, FO_ROLE_SECONDARY, NULL);
    peer_normal(&p);
    peer_restart(&p);
    id = peer_call(&p);
    peer_run(&p, SECONDS(1));
    peer_send(&p, id, peer_connect(&p));
    cr_assert_not_null(peer_find(&p, id, FO_MSG_STATE));
    cr_assert_eq(p.said.server_state, 3);
    cr_assert_eq(p.said.server_flags, 1);
    peer_send_state(&p, id, FO_STATE_COMMUNICATIONS_INTERRUPTED, 0);
    cr_assert_not_null(peer_find(&p, id, FO_MSG_STATE));
    cr_assert_eq(p.said.server_flags, 0);
    cr_assert_eq(peer_status(&p).state, FO_STATE_NORMAL);
    peer_fini(&p);
}

Test(endpoint, a_restart_out_of_paused_resumes_what_was_before)
{
    struct peer p; /* §9.13.2: never PAUSED itself */
    peer_init(&p, FO_ROLE_PRIMARY, NULL);
    peer_normal(&p);
    cr_assert_eq(peer_command(&p, FO_COMMAND_PAUSE), ERROR_SUCCESS);
    peer_restart(&p);
    peer_run(&p, SECONDS(11));
    cr_assert_eq(peer_status(&p).state, FO_STATE_COMMUNICATIONS_INTERRUPTED);
    peer_fini(&p);
}

Test(endpoint, a_client_is_known_by_its_identifier_before_its_hardware)
{
    static const uint8_t one[] = {1, 2, 3}, two[] = {1, 2, 4};
    struct fo_client a = world_client(1), b = world_client(1);
    cr_assert_eq(fo_client_hash(&a), fo_client_hash(&b));
    a.id = one;
    a.id_length = b.id_length = 3;
    b.id = two;
    cr_assert_neq(fo_client_hash(&a), fo_client_hash(&b));
    b = world_client(2);
    b.id = one;
    b.id_length = 3;
    cr_assert_eq(fo_client_hash(&a), fo_client_hash(&b));
}

Test(endpoint, an_infinite_lease_never_comes_due)
{
    struct peer p;
    struct fo_report r = {.kind = FO_REPORT_GRANT,
                          .address = ADDRESS(20),
                          .client = world_client(1),
                          .desired_s = 0xffffffff};
    peer_init(&p, FO_ROLE_PRIMARY, NULL);
    r.lease_end = fo_utc(FO_UTC_INFINITE);
    peer_report(&p, &r);
    cr_assert_eq(fo_lease_db_next_due(fo_server_leases(p.server)).s, FO_UTC_NONE);
    peer_fini(&p);
}
