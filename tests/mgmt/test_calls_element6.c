/* DhcpAddSubnetElementV6 and kin; ids M-S6-… of MAPI §8. */
#include <stdio.h>

#include "world6.h"

static struct mgmt_world w;

#define NET    "2001:db8::"
#define ADD    MGMT__REQUEST__CALL_ELEMENT6_ADD
#define REMOVE MGMT__REQUEST__CALL_ELEMENT6_REMOVE

static void set_up(void)
{
    mgmt_world_init(&w);
    cr_assert_eq(make_prefix(&w, NET, 64), 0);
}
static void tear_down(void)
{
    mgmt_world_fini(&w);
}
TestSuite(calls_element6, .init = set_up, .fini = tear_down);

static Mgmt__Reply *page_of(uint32_t kind, Mgmt__Range6 *after, uint32_t skip, uint32_t limit)
{
    Mgmt__Element6Query m = MGMT__ELEMENT6_QUERY__INIT;
    Mgmt__Request q = request_of(MGMT__REQUEST__CALL_ELEMENT6_ENUM, &m);

    m.prefix = bytes_at(NET);
    m.kind = kind;
    m.after = after;
    m.skip = skip;
    m.limit = limit;
    return mgmt_world_call(&w, &q);
}

Test(calls_element6, exclusions_and_reservations_come_and_go)
{
    cr_expect_eq(change_element(&w, ADD, NET, "2001:db8::10", "2001:db8::20"), 0);
    cr_expect_eq(change_element(&w, ADD, NET, "2001:db8::18", "2001:db8::28"), 2014);
    cr_expect_eq(change_element(&w, ADD, NET, NULL, "2001:db8::5"), 0);
    cr_expect_eq(change_element(&w, ADD, NET, NULL, "2001:db8::6"), 20022);
    mgmt_world_restart(&w);
    cr_expect_eq(change_element(&w, REMOVE, NET, "2001:db8::10", "2001:db8::20"), 0);
    cr_expect_eq(change_element(&w, REMOVE, NET, "2001:db8::10", "2001:db8::20"), 2);
    cr_expect_eq(change_element(&w, REMOVE, NET, NULL, "2001:db8::5"), 0);
    cr_expect_eq(change_element(&w, REMOVE, NET, NULL, "2001:db8::5"), 2);
}

Test(calls_element6, ranges_are_taken_and_nothing_is_done) /* M-S6-07 */
{
    Mgmt__Element6 m = MGMT__ELEMENT6__INIT;
    Mgmt__Request q = request_of(ADD, &m);
    Mgmt__Reply *reply;

    m.prefix = bytes_at(NET);
    cr_expect_eq(mgmt_world_code(&w, &q), 87, "no element at all");
    m.element_case = MGMT__ELEMENT6__ELEMENT_RANGE;
    m.range = true;
    cr_expect_eq(mgmt_world_code(&w, &q), 0);
    q.call_case = REMOVE;
    cr_expect_eq(mgmt_world_code(&w, &q), 0);
    m.prefix = bytes_at("2001:db8:1::");
    cr_expect_eq(mgmt_world_code(&w, &q), 2);
    reply = page_of(0, NULL, 0, 0);
    cr_expect_eq(reply->code, 87, "and they cannot be listed");
    mgmt__reply__free_unpacked(reply, NULL);
}

Test(calls_element6, what_a_type_cannot_hold_is_refused)
{
    Mgmt__Element6 m = MGMT__ELEMENT6__INIT;
    Mgmt__Reservation6 reservation = MGMT__RESERVATION6__INIT;
    Mgmt__Request q = request_of(ADD, &m);
    uint8_t duid[257] = {1};

    m.prefix = bytes_at(NET);
    m.element_case = MGMT__ELEMENT6__ELEMENT_RESERVATION;
    m.reservation = &reservation;
    reservation.address = bytes_at("2001:db8::5");
    cr_expect_eq(mgmt_world_code(&w, &q), 87, "no DUID");
    reservation.duid = (ProtobufCBinaryData){257, duid};
    cr_expect_eq(mgmt_world_code(&w, &q), 111);
    reservation.duid.len = 256;
    reservation.address.len = 4;
    cr_expect_eq(mgmt_world_code(&w, &q), 87, "an IPv4 address");
    reservation.address.len = 16;
    cr_expect_eq(mgmt_world_code(&w, &q), 0);
}

Test(calls_element6, pages_go_on_behind_the_last)
{
    Mgmt__Range6 after = MGMT__RANGE6__INIT;
    Mgmt__Reply *reply = page_of(2, NULL, 0, 0);

    cr_expect_eq(reply->code, 259);
    mgmt__reply__free_unpacked(reply, NULL);
    for (int i = 9; i > 0; i--) {
        char text[40];
        snprintf(text, sizeof text, "2001:db8::%d", i);
        cr_assert_eq(change_element(&w, ADD, NET, text, text), 0);
    }
    reply = page_of(2, NULL, 0, 4);
    cr_assert_eq(reply->code, 0);
    cr_expect_eq(reply->elements6->n_list, 4);
    cr_expect(reply->elements6->more);
    cr_expect_eq(reply->elements6->left, 5);
    cr_expect(same_address(&reply->elements6->list[3]->exclusion->last, "2001:db8::4"));
    mgmt__reply__free_unpacked(reply, NULL);
    after.first = after.last = bytes_at("2001:db8::4");
    cr_assert_eq(change_element(&w, REMOVE, NET, "2001:db8::4", "2001:db8::4"), 0);
    reply = page_of(2, &after, 0, 0);
    cr_assert_eq(reply->code, 0);
    cr_expect_eq(reply->elements6->n_list, 5, "its going away breaks nothing");
    mgmt__reply__free_unpacked(reply, NULL);
    reply = page_of(2, NULL, 7, 1);
    cr_expect(same_address(&reply->elements6->list[0]->exclusion->first, "2001:db8::9"));
    mgmt__reply__free_unpacked(reply, NULL);
    reply = page_of(1, NULL, 0, 0);
    cr_expect_eq(reply->code, 259, "no reservations");
    mgmt__reply__free_unpacked(reply, NULL);
    cr_assert_eq(change_element(&w, ADD, NET, NULL, "2001:db8::5"), 0);
    reply = page_of(1, NULL, 0, 0);
    cr_assert_eq(reply->code, 0);
    cr_expect_eq(reply->elements6->list[0]->reservation->duid.len, 6);
    cr_expect_eq(reply->elements6->list[0]->reservation->iaid, 1);
    mgmt__reply__free_unpacked(reply, NULL);
}
