/* What becomes of what the partner refused (draft-12 §7.2.1, §7.2.2). */
#include <criterion/criterion.h>

#include "tests/fo/peer.h"
#include "tests/fo/tap.h"

static struct world w;
static struct tap t;

static void cut_off_with_a_lease(fo_ipv4_t x)
{
    struct fo_report r = {.kind = FO_REPORT_GRANT, .address = x, .desired_s = 300};
    world_init(&w);
    world_pair_both(&w, NULL);
    cr_assert(world_until(&w, FO_STATE_NORMAL, FO_STATE_NORMAL, SECONDS(60)));
    world_run(&w, SECONDS(90));
    r.client = world_client(1);
    r.lease_end = fo_utc_add(world_now(&w, 0).utc, 300);
    cr_assert(world_report(&w, 0, &r));
    world_run(&w, SECONDS(5));
    world_cut(&w);
    world_run(&w, SECONDS(60));
    tap_on(&t, &w);
}

static void both_have(fo_ipv4_t x, enum fo_binding_status status)
{
    for (int side = 0; side < SIDES; side++)
        cr_assert_eq(world_binding(&w, side, x).status, status, "side %d: %s", side,
                     fo_binding_status_name(world_binding(&w, side, x).status));
}

/* Cut off, a client renews with one and releases with the other within one second: neither is later
 * (Figure 7.1.3-1, time1). Each refused the other, and again at every meeting, until the lease had
 * ended. Nobody has been given the address: it stays leased. */
Test(verdict, a_release_in_the_second_of_a_renewal_at_the_other_server_is_settled_at_once)
{
    for (int side = 0; side < SIDES; side++) {
        fo_ipv4_t x = ADDRESS(20);
        struct fo_report renewal = {.kind = FO_REPORT_GRANT, .address = x, .desired_s = 600};
        struct fo_report release = {.kind = FO_REPORT_RELEASE, .address = x};
        cut_off_with_a_lease(x);
        renewal.client = release.client = world_client(1);
        renewal.lease_end = fo_utc_add(world_now(&w, side).utc, 600);
        cr_assert(world_report(&w, side, &renewal));
        cr_assert(world_report(&w, !side, &release));
        world_heal(&w);
        cr_assert(world_until(&w, FO_STATE_NORMAL, FO_STATE_NORMAL, SECONDS(60)));
        world_run(&w, SECONDS(2));
        both_have(x, FO_STATUS_ACTIVE);
        cr_assert_leq(tap_said(&t, side, x, FO_STATUS_ACTIVE), 2);
        cr_assert_eq(tap_said(&t, !side, x, FO_STATUS_RELEASED), 1);
        world_run(&w, MINUTES(12));
        both_have(x, FO_STATUS_FREE);
        world_fini(&w);
    }
}

static void partner_refuses(struct peer *p, fo_link_id_t id, const struct fo_message *m)
{
    uint32_t xid = m->xid;
    struct fo_group *g;
    peer_words(p, FO_MSG_BNDACK)->xid = xid;
    p->words.group_count = 1;
    g = &p->words.groups[0];
    *g = (struct fo_group){.address = ADDRESS(20), .reject_reason = 15};
    g->present = PEER_OPT(ASSIGNED_IP_ADDRESS) | PEER_OPT(REJECT_REASON);
    peer_send(p, id, &p->words);
}

/* B-14. One that never yields hears it once more, and then as late as ever. */
Test(verdict, b14_a_partner_that_does_not_yield_hears_of_the_lease_twice)
{
    static struct peer p;
    struct fo_report r = {.kind = FO_REPORT_GRANT, .address = ADDRESS(20), .desired_s = 7200};
    const struct fo_message *m;
    struct fo_group *g;
    unsigned told = 0;
    fo_link_id_t id;
    peer_init(&p, FO_ROLE_SECONDARY, NULL);
    id = peer_normal(&p);
    r.client = world_client(1);
    r.lease_end = fo_utc_add(peer_now(&p).utc, 600);
    peer_report(&p, &r);
    (void)peer_words(&p, FO_MSG_BNDUPD);
    g = peer_active(&p, ADDRESS(20), 1, 600);
    g->status = FO_STATUS_RELEASED;
    g->present &= ~(PEER_OPT(LEASE_EXPIRATION_TIME) | PEER_OPT(POTENTIAL_EXPIRATION_TIME));
    g->client_last_transaction_time = peer_now(&p).utc;
    peer_send(&p, id, &p.words);
    for (int second = 0; second < 600; second++) {
        while ((m = peer_find(&p, id, FO_MSG_BNDUPD)) != NULL &&
               m->groups[0].address == ADDRESS(20)) {
            told++;
            partner_refuses(&p, id, m);
        }
        peer_run(&p, SECONDS(1));
        peer_send_bare(&p, id, FO_MSG_CONTACT);
    }
    cr_assert_eq(told, 2);
    cr_assert_eq(peer_binding(&p, ADDRESS(20)).status, FO_STATUS_ACTIVE);
    peer_fini(&p);
}
