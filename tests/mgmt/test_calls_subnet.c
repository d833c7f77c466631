/* Tests of mgmt/calls_subnet.c: what scopes hold, enumerated as MAPI §1.5 has it. */
#include <criterion/criterion.h>
#include <stdlib.h>

#include "mgmt/element.h"
#include "mgmt_world.h"

static struct mgmt_world w;

static void set_up(void)
{
    mgmt_world_init(&w);
    cr_assert_eq(make_scope(&w, SUBNET, SUBNET + 10, SUBNET + 109), 0);
}
static void tear_down(void)
{
    mgmt_world_fini(&w);
}
TestSuite(calls_subnet, .init = set_up, .fini = tear_down);

static uint32_t add(enum fo_element_type type, unsigned first, unsigned last)
{
    Mgmt__SubnetElement m = MGMT__SUBNET_ELEMENT__INIT;
    Mgmt__Range range = MGMT__RANGE__INIT;
    Mgmt__Reservation reservation = MGMT__RESERVATION__INIT;
    Mgmt__Request q = request_of(MGMT__REQUEST__CALL_SUBNET_ELEMENT_ADD, &m);
    uint8_t id[] = {0, 0x0c, 1, 2, 3, (uint8_t)first};

    m.subnet = SUBNET;
    m.type = type;
    m.range = &range;
    m.reservation = &reservation;
    range.first = reservation.address = SUBNET + first;
    range.last = SUBNET + last;
    reservation.client = (ProtobufCBinaryData){sizeof id, id};
    return mgmt_world_code(&w, &q);
}

static Mgmt__Reply *walk(Mgmt__Request__CallCase which, uint32_t type, uint32_t handle,
                         uint32_t most)
{
    Mgmt__SubnetPage m = MGMT__SUBNET_PAGE__INIT;
    Mgmt__Request q = request_of(which, &m);

    m.subnet = SUBNET;
    m.type = type;
    m.handle = handle;
    m.most = most;
    return mgmt_world_call(&w, &q);
}

static uint32_t walk_code(uint32_t type, uint32_t handle, uint32_t most)
{
    Mgmt__Reply *reply = walk(MGMT__REQUEST__CALL_SUBNET_ELEMENT_ENUM, type, handle, most);
    uint32_t code = reply->code;

    mgmt__reply__free_unpacked(reply, NULL);
    return code;
}

Test(calls_subnet, scopes_are_counted_by_position) /* M-SC-13 */
{
    Mgmt__Reply *reply;

    cr_assert_eq(make_scope(&w, OTHER, OTHER + 10, OTHER + 19), 0);
    reply = walk(MGMT__REQUEST__CALL_SUBNET_ENUM, 0, 0, 0);
    cr_expect_eq(reply->code, 259);
    mgmt__reply__free_unpacked(reply, NULL);
    reply = walk(MGMT__REQUEST__CALL_SUBNET_ENUM, 0, 2, 1);
    cr_expect_eq(reply->code, 259);
    mgmt__reply__free_unpacked(reply, NULL);
    reply = walk(MGMT__REQUEST__CALL_SUBNET_ENUM, 0, 0, 1);
    cr_assert_eq(reply->code, 0);
    cr_expect_eq(reply->addresses->n_list, 1);
    cr_expect_eq(reply->addresses->list[0], SUBNET);
    cr_expect_eq(reply->addresses->left, 1);
    mgmt__reply__free_unpacked(reply, NULL);
    reply = walk(MGMT__REQUEST__CALL_SUBNET_ENUM, 0, 1, 0xffffffff);
    cr_assert_eq(reply->code, 0);
    cr_expect_eq(reply->addresses->list[0], OTHER);
    cr_expect_eq(reply->addresses->left, 0);
    mgmt__reply__free_unpacked(reply, NULL);
}

Test(calls_subnet, elements_are_refused_by_type_before_the_scope) /* M-SC-12 */
{
    Mgmt__SubnetPage m = MGMT__SUBNET_PAGE__INIT;
    Mgmt__Request q = request_of(MGMT__REQUEST__CALL_SUBNET_ELEMENT_ENUM, &m);

    m.subnet = OTHER;
    m.type = FO_ELEMENT_SECONDARY_HOST;
    cr_expect_eq(mgmt_world_code(&w, &q), 50);
    m.type = FO_ELEMENT_USED_CLUSTER;
    cr_expect_eq(mgmt_world_code(&w, &q), 87);
    m.type = FO_ELEMENT_RANGE_DHCP;
    cr_expect_eq(mgmt_world_code(&w, &q), 87);
    m.type = FO_ELEMENT_RANGE_BOOTP;
    cr_expect_eq(mgmt_world_code(&w, &q), 87);
    m.type = FO_ELEMENT_RANGE;
    cr_expect_eq(mgmt_world_code(&w, &q), 20005);
    w.right = FO_RIGHT_NONE;
    cr_expect_eq(mgmt_world_code(&w, &q), 5);
}

Test(calls_subnet, room_for_nothing_has_its_own_answers)
{
    Mgmt__Reply *reply;

    cr_expect_eq(walk_code(FO_ELEMENT_RANGE, 0, 0), 259);
    cr_expect_eq(walk_code(FO_ELEMENT_EXCLUSION, 0, 0), 259, "there is none");
    cr_assert_eq(add(FO_ELEMENT_EXCLUSION, 20, 29), 0);
    reply = walk(MGMT__REQUEST__CALL_SUBNET_ELEMENT_ENUM, FO_ELEMENT_EXCLUSION, 0, 0);
    cr_assert_eq(reply->code, 0);
    cr_expect_eq(reply->subnet_elements->n_list, 0);
    cr_expect_eq(reply->subnet_elements->left, 1);
    mgmt__reply__free_unpacked(reply, NULL);
}

Test(calls_subnet, elements_come_as_far_as_there_is_room)
{
    Mgmt__Reply *reply;

    for (unsigned host = 30; host < 33; host++)
        cr_assert_eq(add(FO_ELEMENT_RESERVATION, host, 0), 0);
    reply = walk(MGMT__REQUEST__CALL_SUBNET_ELEMENT_ENUM, FO_ELEMENT_RESERVATION, 0, 1);
    cr_assert_eq(reply->code, 0);
    cr_expect_eq(reply->subnet_elements->n_list, 1, "one always comes");
    cr_expect_eq(reply->subnet_elements->left, 2);
    mgmt__reply__free_unpacked(reply, NULL);
    reply = walk(MGMT__REQUEST__CALL_SUBNET_ELEMENT_ENUM, FO_ELEMENT_RESERVATION, 1, 0xffffffff);
    cr_assert_eq(reply->code, 0);
    cr_expect_eq(reply->subnet_elements->n_list, 2);
    cr_expect_eq(reply->subnet_elements->left, 0);
    cr_expect_eq(reply->subnet_elements->list[0]->reservation->address, SUBNET + 31);
    cr_expect_eq(reply->subnet_elements->list[0]->reservation->types, 3);
    cr_expect_eq(reply->subnet_elements->list[0]->reservation->client.len, 6);
    mgmt__reply__free_unpacked(reply, NULL);
    cr_expect_eq(walk_code(FO_ELEMENT_RESERVATION, 3, 0xffffffff), 259);
}

/* Of as many as there can be, each page fits a frame and none is lost. */
Test(calls_subnet, a_page_ends_before_it_could_outgrow_a_frame)
{
    enum { MANY = 9000 };
    struct fo_reservation *list = calloc(MANY, sizeof *list);
    struct fo_scope scope = {.subnet = 0x0b000000, .mask = 0xffff0000, .reservations = list};
    Mgmt__SubnetPage m = MGMT__SUBNET_PAGE__INIT;
    Mgmt__Request q = request_of(MGMT__REQUEST__CALL_SUBNET_ELEMENT_ENUM, &m);
    unsigned pages = 0;

    for (; scope.reservation_count < MANY; scope.reservation_count++)
        list[scope.reservation_count] = (struct fo_reservation){
            .address = scope.subnet + 1 + scope.reservation_count, .id_length = FO_CLIENT_ID_MAX};
    cr_assert_eq(fo_lease_db_set_scope(fo_server_leases(w.server), &scope), FO_OK);
    free(list);
    m.subnet = scope.subnet;
    m.type = FO_ELEMENT_RESERVATION;
    m.most = 0xffffffff;
    while (m.handle < MANY) {
        Mgmt__Reply *reply = mgmt_world_call(&w, &q);
        cr_assert_eq(reply->code, 0);
        cr_assert_lt(mgmt__reply__get_packed_size(reply), FO_FRAME_MAX);
        cr_assert_gt(reply->subnet_elements->n_list, 0);
        m.handle += (uint32_t)reply->subnet_elements->n_list;
        cr_assert_eq(reply->subnet_elements->left, MANY - m.handle);
        mgmt__reply__free_unpacked(reply, NULL);
        pages++;
    }
    cr_expect_gt(pages, 1);
}

Test(calls_subnet, a_range_says_itself_of_which_kind_it_is)
{
    Mgmt__Reply *reply = walk(MGMT__REQUEST__CALL_SUBNET_ELEMENT_ENUM, FO_ELEMENT_RANGE, 0, 1000);

    cr_assert_eq(reply->code, 0);
    cr_expect_eq(reply->subnet_elements->list[0]->type, FO_ELEMENT_RANGE_DHCP);
    mgmt__reply__free_unpacked(reply, NULL);
    cr_assert_eq(add(FO_ELEMENT_RANGE_BOOTP, 10, 109), 0);
    reply = walk(MGMT__REQUEST__CALL_SUBNET_ELEMENT_ENUM, FO_ELEMENT_RANGE_BOTH, 0, 1000);
    cr_assert_eq(reply->code, 0);
    cr_expect_eq(reply->subnet_elements->list[0]->type, FO_ELEMENT_RANGE_BOOTP);
    cr_expect_eq(reply->subnet_elements->list[0]->range->last, SUBNET + 109);
    mgmt__reply__free_unpacked(reply, NULL);
}

Test(calls_subnet, the_info_of_a_scope_comes_without_its_elements)
{
    Mgmt__Subnet m = MGMT__SUBNET__INIT;
    Mgmt__Request q = request_of(MGMT__REQUEST__CALL_SUBNET_GET, &m);
    Mgmt__Reply *reply;

    m.subnet = OTHER;
    cr_expect_eq(mgmt_world_code(&w, &q), 20005);
    m.subnet = SUBNET;
    reply = mgmt_world_call(&w, &q);
    cr_assert_eq(reply->code, 0);
    cr_expect_eq(reply->scope->mask, MASK);
    cr_expect_eq(reply->scope->n_ranges, 0);
    mgmt__reply__free_unpacked(reply, NULL);
}
