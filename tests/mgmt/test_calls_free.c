/* Tests of mgmt/calls_free.c: codes and their order from MAPI §1.8. */
#include <criterion/criterion.h>

#include "mgmt_world.h"

static struct mgmt_world w;

static void set_up(void)
{
    mgmt_world_init(&w);
    cr_assert_eq(make_scope(&w, SUBNET, SUBNET + 10, SUBNET + 29), 0);
}
static void tear_down(void)
{
    mgmt_world_fini(&w);
}
TestSuite(calls_free, .init = set_up, .fini = tear_down);

static Mgmt__Reply *find(fo_ipv4_t subnet, fo_ipv4_t first, fo_ipv4_t last, uint32_t count)
{
    Mgmt__FreeQuery m = MGMT__FREE_QUERY__INIT;
    Mgmt__Request q = request_of(MGMT__REQUEST__CALL_FREE_ADDRESSES, &m);

    m.subnet = subnet;
    m.first = first;
    m.last = last;
    m.count = count;
    return mgmt_world_call(&w, &q);
}

static uint32_t code(fo_ipv4_t subnet, fo_ipv4_t first, fo_ipv4_t last, uint32_t count)
{
    Mgmt__Reply *reply = find(subnet, first, last, count);
    uint32_t answer = reply->code;

    cr_expect(answer == 0 || reply->result_case == MGMT__REPLY__RESULT__NOT_SET || answer == 20126);
    mgmt__reply__free_unpacked(reply, NULL);
    return answer;
}

Test(calls_free, arguments_come_before_the_right_and_the_scope_after_it)
{
    w.right = FO_RIGHT_NONE;
    cr_expect_eq(code(0, 0, 0, 1), 87);
    cr_expect_eq(code(SUBNET, 0, 0, 1025), 87);
    cr_expect_eq(code(SUBNET, SUBNET + 2, SUBNET + 1, 1), 87);
    cr_expect_eq(code(SUBNET, SUBNET + 1, SUBNET + 2, 3), 87);
    cr_expect_eq(code(OTHER, 0, 0, 1), 5);
    w.right = FO_RIGHT_READ;
    cr_expect_eq(code(OTHER, 0, 0, 1), 87);
    cr_expect_eq(code(SUBNET, SUBNET + 256, 0, 1), 87, "behind the subnet");
    cr_expect_eq(code(SUBNET, SUBNET + 254, 0, 3), 87, "with the subnet's end");
    cr_expect_eq(code(SUBNET, 0, 0, 1024), 87);
}

Test(calls_free, what_is_leased_or_outside_the_range_is_not_free)
{
    Mgmt__Reply *reply;

    cr_assert_eq(make_lease(&w, SUBNET + 10, 1), 0);
    cr_assert_eq(make_lease(&w, SUBNET + 12, 2), 0);
    reply = find(SUBNET, 0, 0, 3);
    cr_assert_eq(reply->code, 0);
    cr_assert_eq(reply->addresses->n_list, 3);
    cr_expect_eq(reply->addresses->list[0], SUBNET + 11);
    cr_expect_eq(reply->addresses->list[1], SUBNET + 13);
    cr_expect_eq(reply->addresses->list[2], SUBNET + 14);
    mgmt__reply__free_unpacked(reply, NULL);
    reply = find(SUBNET, SUBNET + 28, SUBNET + 40, 3);
    cr_assert_eq(reply->code, 20126);
    cr_assert_eq(reply->addresses->n_list, 2, "the search does not begin anew at the start");
    cr_expect_eq(reply->addresses->list[1], SUBNET + 29);
    mgmt__reply__free_unpacked(reply, NULL);
    cr_expect_eq(code(SUBNET, SUBNET + 29, SUBNET + 29, 0), 0);
}

static void as_secondary(Mgmt__Relationship *m)
{
    m->role = 1;
}

Test(calls_free, of_a_relationship_only_the_servers_own_are_given)
{
    Mgmt__Reply *reply;

    cr_assert_eq(make_relationship(&w, "a", SUBNET, as_secondary), 0);
    reply = find(SUBNET, 0, 0, 1); /* nothing is BACKUP yet */
    cr_assert_eq(reply->code, 20126);
    cr_expect_eq(reply->addresses->n_list, 0);
    mgmt__reply__free_unpacked(reply, NULL);
}
