/* Reserved addresses (draft-12 §5.13, P-06). */
#include <string.h>

#include <criterion/criterion.h>

#include "tests/fo/peer.h"

#define X ADDRESS(150)

static struct world w;

/* Client |n| has X reserved; 0: nobody. */
static void reserve(void *context, struct fo_server *s, struct fo_now now, struct fo_outbox *out)
{
    const unsigned *n = context;
    struct fo_range range = {ADDRESS(10), ADDRESS(209)};
    struct fo_client c = world_client(*n);
    struct fo_reservation r = {.address = X, .id_length = 6};
    struct fo_scope scope = {.subnet = SUBNET, .mask = 0xffffff00u};
    (void)now;
    memcpy(r.id, c.hw + 1, 6);
    scope.ranges = &range;
    scope.range_count = 1;
    scope.reservations = &r;
    scope.reservation_count = *n != 0;
    cr_assert_eq(fo_server_scope_set(s, &scope, out, NULL, 0), ERROR_SUCCESS);
}

static void both_reserve(unsigned n)
{
    for (int i = 0; i < SIDES; i++)
        world_change(&w, i, reserve, &n);
}

static void two_in_normal(void)
{
    world_init(&w);
    world_pair_both(&w, NULL);
    cr_assert(world_until(&w, FO_STATE_NORMAL, FO_STATE_NORMAL, SECONDS(60)));
    world_run(&w, SECONDS(90));
}

static bool gives(int side, unsigned n)
{
    struct fo_client c = world_client(n);
    return fo_server_may_give(w.side[side].server, X, &c, world_now(&w, side), NULL, 0) ==
           FO_ANSWER_SERVE;
}

Test(reservations, p06_either_server_gives_a_reserved_address_once_both_know)
{
    two_in_normal();
    both_reserve(1);
    world_run(&w, SECONDS(2));
    world_cut(&w);
    world_run(&w, SECONDS(40));
    for (int i = 0; i < SIDES; i++) {
        cr_assert(gives(i, 1), "side %d", i);
        cr_assert_not(gives(i, 2), "side %d", i);
    }
    world_fini(&w);
}

/* One server had leased the address to another client and could not say so. */
Test(reservations, a_reservation_that_the_partner_has_not_agreed_to_is_its_owners_to_serve)
{
    struct fo_report r = {.kind = FO_REPORT_GRANT, .address = X, .desired_s = 600};
    int owner;
    two_in_normal();
    owner = world_binding(&w, 0, X).status == FO_STATUS_FREE ? 0 : 1;
    world_cut(&w);
    world_run(&w, SECONDS(40));
    r.client = world_client(3);
    r.lease_end = fo_utc_add(world_now(&w, owner).utc, 600);
    cr_assert(gives(owner, 3));
    cr_assert(world_report(&w, owner, &r));
    both_reserve(1);
    cr_assert_not(gives(!owner, 1));
    world_fini(&w);
}

/* While the two could not talk either may have leased it to the client it was reserved for. */
Test(reservations, a_reservation_that_goes_leaves_the_address_to_nobody_until_both_agree)
{
    two_in_normal();
    both_reserve(1);
    world_run(&w, SECONDS(2));
    world_cut(&w);
    world_run(&w, SECONDS(40));
    both_reserve(0);
    for (int i = 0; i < SIDES; i++)
        cr_assert_not(gives(i, 2) || gives(i, 1), "side %d", i);
    both_reserve(2); /* nor for the next that it is reserved for */
    for (int i = 0; i < SIDES; i++)
        cr_assert_not(gives(i, 2) || gives(i, 1), "side %d", i);
    both_reserve(0);
    world_heal(&w);
    cr_assert(world_until(&w, FO_STATE_NORMAL, FO_STATE_NORMAL, SECONDS(60)));
    world_run(&w, SECONDS(5));
    cr_assert_neq(gives(0, 2), gives(1, 2)); /* one of the pools has it again */
    cr_assert_null(world_difference(&w), "%s", world_difference(&w));
    world_fini(&w);
}

static const struct fo_group *told_of_x(struct peer *p, fo_link_id_t id)
{
    const struct fo_message *m;
    while ((m = peer_find(p, id, FO_MSG_BNDUPD)) != NULL)
        for (size_t k = 0; k < m->group_count; k++)
            if (m->groups[k].address == X)
                return &m->groups[k];
    return NULL;
}

Test(reservations, p06_the_primary_says_backup_with_r_and_takes_it_back_without)
{
    static struct peer p;
    const struct fo_group *g;
    struct fo_message *ack;
    fo_link_id_t id;
    unsigned n = 1;
    peer_init(&p, FO_ROLE_PRIMARY, NULL);
    id = peer_normal(&p);
    cr_assert_eq(peer_binding(&p, X).status, FO_STATUS_FREE);
    peer_batch(&p, NULL, 0, reserve, &n);
    peer_run(&p, SECONDS(1));
    g = told_of_x(&p, id);
    cr_assert_not_null(g);
    cr_assert_eq(g->status, FO_STATUS_BACKUP);
    cr_assert_eq(g->ip_flags, FO_IP_FLAG_RESERVED);
    ack = peer_words(&p, FO_MSG_BNDACK);
    ack->xid = p.said.xid;
    ack->group_count = 1;
    ack->groups[0] = (struct fo_group){.address = X, .present = PEER_OPT(ASSIGNED_IP_ADDRESS)};
    peer_send(&p, id, ack);
    n = 0;
    peer_batch(&p, NULL, 0, reserve, &n);
    g = told_of_x(&p, id);
    cr_assert_not_null(g);
    cr_assert_eq(g->present & PEER_OPT(IP_FLAGS), 0);
    peer_fini(&p);
}

/* The primary lost its storage after the reservation was deleted here too, but before both agreed.
 * A secondary that went on saying BACKUP with R was refused for ever, and the two never agreed. */
Test(reservations, p06_a_secondary_gives_up_what_the_primary_has_forgotten_to_be_reserved)
{
    static struct peer p;
    static struct fo_message said;
    const struct fo_group *g;
    struct fo_message *ack;
    fo_link_id_t id;
    unsigned n = 1;
    peer_init(&p, FO_ROLE_SECONDARY, NULL);
    peer_batch(&p, NULL, 0, reserve, &n);
    id = peer_normal(&p);
    fo_message_reset(&said, FO_MSG_BNDUPD, 4711);
    said.group_count = 1;
    said.groups[0] =
        (struct fo_group){.address = X,
                          .status = FO_STATUS_BACKUP,
                          .present = PEER_OPT(ASSIGNED_IP_ADDRESS) | PEER_OPT(BINDING_STATUS) |
                                     PEER_OPT(IP_FLAGS) | PEER_OPT(START_TIME_OF_STATE),
                          .ip_flags = FO_IP_FLAG_RESERVED,
                          .start_time_of_state = peer_now(&p).utc};
    peer_send(&p, id, &said);
    cr_assert_neq(peer_binding(&p, X).flags & FO_BINDING_RESERVED, 0);
    n = 0;
    peer_batch(&p, NULL, 0, reserve, &n);
    g = told_of_x(&p, id);
    cr_assert_not_null(g);
    cr_assert_eq(g->ip_flags, FO_IP_FLAG_RESERVED);
    ack = peer_words(&p, FO_MSG_BNDACK);
    ack->xid = p.said.xid;
    ack->group_count = 1;
    ack->groups[0] =
        (struct fo_group){.address = X,
                          .present = PEER_OPT(ASSIGNED_IP_ADDRESS) | PEER_OPT(REJECT_REASON),
                          .reject_reason = FO_REJECT_NOT_RESERVED};
    peer_send(&p, id, ack);
    g = told_of_x(&p, id);
    cr_assert_not_null(g);
    cr_assert_eq(g->status, FO_STATUS_FREE);
    cr_assert_eq(g->present & PEER_OPT(IP_FLAGS), 0);
    cr_assert_eq(peer_binding(&p, X).status, FO_STATUS_BACKUP); /* until it is acknowledged */
    peer_link(&p, id)->read -= p.said_length;
    peer_agree(&p, id);
    cr_assert_eq(peer_binding(&p, X).status, FO_STATUS_FREE);
    cr_assert_eq(peer_binding(&p, X).flags & FO_BINDING_RESERVED, 0);
    peer_fini(&p);
}

/* The partner may have leased X as its own, and have lost its storage before it could tell: the
 * address was given to the client it is reserved for while the other still had it. */
Test(reservations, p06_nothing_is_agreed_with_a_partner_that_recovers)
{
    static struct peer p;
    const struct fo_group *g;
    fo_link_id_t id;
    unsigned n = 1;
    peer_init(&p, FO_ROLE_PRIMARY, NULL);
    id = peer_normal(&p);
    peer_batch(&p, NULL, 0, reserve, &n);
    peer_run(&p, SECONDS(1));
    peer_agree(&p, id);
    cr_assert_eq(peer_binding(&p, X).status, FO_STATUS_BACKUP);
    peer_hang_up(&p, id);
    id = peer_join(&p, FO_STATE_RECOVER);
    peer_send_bare(&p, id, FO_MSG_UPDREQALL);
    g = told_of_x(&p, id);
    cr_assert_not_null(g);
    cr_assert_eq(g->present & PEER_OPT(IP_FLAGS), 0);
    peer_link(&p, id)->read = 0;
    peer_agree(&p, id);
    peer_send_state(&p, id, FO_STATE_RECOVER_DONE, 0);
    peer_send_state(&p, id, FO_STATE_NORMAL, 0);
    cr_assert_eq(peer_status(&p).state, FO_STATE_NORMAL);
    peer_run(&p, SECONDS(1));
    g = told_of_x(&p, id);
    cr_assert_not_null(g);
    cr_assert_eq(g->status, FO_STATUS_BACKUP);
    cr_assert_eq(g->ip_flags, FO_IP_FLAG_RESERVED);
    peer_fini(&p);
}
