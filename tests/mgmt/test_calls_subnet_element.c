/* Tests of mgmt/calls_subnet_element.c: codes and their order from MAPI §1.5. */
#include <criterion/criterion.h>
#include <string.h>

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
TestSuite(calls_subnet_element, .init = set_up, .fini = tear_down);

static const struct fo_scope *the_scope(void)
{
    return fo_lease_db_scope(fo_server_leases(w.server), SUBNET);
}

/* An element with room for what it may hold. */
struct element {
    Mgmt__SubnetElement m;
    Mgmt__Range range;
    Mgmt__Reservation reservation;
    uint8_t id[6];
};

static struct element element_of(enum fo_element_type type, unsigned first, unsigned last)
{
    struct element e = {.id = {0, 0x0c, 1, 2, 3, (uint8_t)first}};

    mgmt__subnet_element__init(&e.m);
    mgmt__range__init(&e.range);
    mgmt__reservation__init(&e.reservation);
    e.m.subnet = SUBNET;
    e.m.type = type;
    e.m.force = FO_FORCE_NONE;
    e.range.first = SUBNET + first;
    e.range.last = SUBNET + last;
    e.reservation.address = SUBNET + first;
    return e;
}

static uint32_t call(Mgmt__Request__CallCase which, struct element *e)
{
    Mgmt__Request q = request_of(which, &e->m);

    e->reservation.client = (ProtobufCBinaryData){sizeof e->id, e->id};
    if (e->m.type == FO_ELEMENT_RESERVATION)
        e->m.reservation = &e->reservation;
    else
        e->m.range = &e->range;
    return mgmt_world_code(&w, &q);
}

static uint32_t add(enum fo_element_type type, unsigned first, unsigned last)
{
    struct element e = element_of(type, first, last);

    return call(MGMT__REQUEST__CALL_SUBNET_ELEMENT_ADD, &e);
}

static uint32_t take(enum fo_element_type type, unsigned first, unsigned last, uint32_t force)
{
    struct element e = element_of(type, first, last);

    e.m.force = force;
    return call(MGMT__REQUEST__CALL_SUBNET_ELEMENT_REMOVE, &e);
}

/* --- add -------------------------------------------------------------------------------------- */

Test(calls_subnet_element,
     add_looks_at_the_caller_then_the_scope_then_the_type) /* 1 to 5; M-SC-11 */
{
    struct element e = element_of(FO_ELEMENT_SECONDARY_HOST, 10, 109);
    Mgmt__Request empty = request_of(MGMT__REQUEST__CALL_SUBNET_ELEMENT_ADD, &e.m);

    w.right = FO_RIGHT_READ;
    cr_expect_eq(call(MGMT__REQUEST__CALL_SUBNET_ELEMENT_ADD, &e), 5);
    w.right = FO_RIGHT_ADMINISTER;
    e.m.subnet = OTHER;
    cr_expect_eq(call(MGMT__REQUEST__CALL_SUBNET_ELEMENT_ADD, &e), 20005);
    cr_expect_eq(add(FO_ELEMENT_SECONDARY_HOST, 10, 109), 120);
    cr_expect_eq(add(FO_ELEMENT_USED_CLUSTER, 10, 109), 87);
    cr_expect_eq(add((enum fo_element_type)8, 10, 109), 87);
    e = element_of(FO_ELEMENT_RANGE, 10, 109);
    cr_expect_eq(mgmt_world_code(&w, &empty), 87, "no range");
    e.m.type = FO_ELEMENT_RESERVATION;
    cr_expect_eq(mgmt_world_code(&w, &empty), 87, "no reservation");
}

Test(calls_subnet_element, the_one_range_grows_and_shrinks_in_place) /* 9, 10; M-SC-07, -08 */
{
    cr_expect_eq(add(FO_ELEMENT_RANGE, 110, 10), 20023);
    cr_expect_eq(add(FO_ELEMENT_RANGE, 150, 159), 20023, "disjoint");
    cr_expect_eq(add(FO_ELEMENT_RANGE, 50, 150), 20023, "half in, half out");
    cr_expect_eq(add(FO_ELEMENT_RANGE, 5, 256), 20023, "not in the subnet");
    cr_expect_eq(add(FO_ELEMENT_RANGE_DHCP, 10, 109), 0, "the same");
    cr_expect_eq(add(FO_ELEMENT_RANGE, 5, 119), 0);
    cr_expect_eq(fo_scope_size(the_scope()), 115);
    cr_expect_eq(add(FO_ELEMENT_RANGE, 20, 29), 0);
    cr_expect_eq(the_scope()->range_count, 1);
    cr_expect_eq(fo_scope_size(the_scope()), 10);
}

Test(calls_subnet_element, a_relationships_range_is_for_dhcp_and_only_grows) /* 6; M-SC-06, -14 */
{
    cr_assert_eq(make_relationship(&w, "a", SUBNET, NULL), 0);
    cr_expect_eq(add(FO_ELEMENT_RANGE_BOOTP, 10, 109), 20129);
    cr_expect_eq(add(FO_ELEMENT_RANGE_BOTH, 10, 109), 20129);
    cr_expect_eq(add(FO_ELEMENT_RANGE_BOTH, 109, 10), 20129, "before the range is looked at");
    cr_expect_eq(add(FO_ELEMENT_RANGE, 10, 119), 0);
    cr_expect_eq(add(FO_ELEMENT_RANGE, 10, 118), 20132);
    cr_expect_eq(take(FO_ELEMENT_RANGE, 10, 119, FO_FORCE_FULL), 20132);
    cr_expect_eq(take(FO_ELEMENT_RANGE, 10, 118, FO_FORCE_FULL), 20023, "there is no such range");
    cr_expect_eq(fo_scope_size(the_scope()), 110);
}

static uint32_t make_client(unsigned host, uint32_t type)
{
    Mgmt__Lease m = MGMT__LEASE__INIT;
    Mgmt__Request q = request_of(MGMT__REQUEST__CALL_LEASE_CREATE, &m);
    uint8_t hardware[] = {1, 0, 0x0c, 1, 2, 3, (uint8_t)host};

    m.address = SUBNET + host;
    m.hardware = (ProtobufCBinaryData){sizeof hardware, hardware};
    m.expires = NOW + 3600;
    m.client_type = type;
    return mgmt_world_code(&w, &q);
}

Test(calls_subnet_element, clients_of_the_other_kind_keep_a_range_as_it_is) /* 7 */
{
    cr_expect_eq(add(FO_ELEMENT_RANGE_BOOTP, 10, 109), 0);
    cr_expect_eq(add(FO_ELEMENT_RANGE_BOTH, 10, 109), 0);
    cr_assert_eq(make_client(20, 3), 0);
    cr_expect_eq(add(FO_ELEMENT_RANGE_BOOTP, 10, 109), 0, "a client of both");
    cr_expect_eq(add(FO_ELEMENT_RANGE_BOTH, 10, 109), 0);
    cr_assert_eq(make_client(21, 2), 0);
    cr_expect_eq(add(FO_ELEMENT_RANGE, 109, 10), 20049, "before the range is looked at");
    cr_expect_eq(add(FO_ELEMENT_RANGE_DHCP, 10, 109), 20049);
    cr_expect_eq(add(FO_ELEMENT_RANGE_BOOTP, 10, 109), 0);
    cr_expect_eq(add(FO_ELEMENT_RANGE_BOTH, 10, 109), 0);
    cr_assert_eq(make_client(22, 1), 0);
    cr_expect_eq(add(FO_ELEMENT_RANGE_BOOTP, 10, 109), 20049);
    cr_expect_eq(the_scope()->uses[0].kind, FO_RANGE_BOTH);
}

Test(calls_subnet_element, what_is_for_bootp_alone_is_leased_by_hand_to_clients_of_bootp)
{
    struct element e = element_of(FO_ELEMENT_RESERVATION, 30, 0);

    cr_assert_eq(add(FO_ELEMENT_RANGE_BOOTP, 10, 109), 0);
    cr_expect_eq(make_client(20, 1), 20011);
    cr_expect_eq(make_client(20, 2), 0);
    e.reservation.types = 2;
    cr_assert_eq(call(MGMT__REQUEST__CALL_SUBNET_ELEMENT_ADD, &e), 0);
    cr_expect_eq(make_client(30, 1), 20011);
    cr_expect_eq(make_client(30, 2), 0);
}

Test(calls_subnet_element, what_is_said_of_bootp_is_kept)
{
    struct element e = element_of(FO_ELEMENT_RANGE_BOTH, 10, 109);

    e.range.bootp_allocated = 7;
    e.range.bootp_limit_case = MGMT__RANGE__BOOTP_LIMIT_BOOTP_MAX;
    e.range.bootp_max = 0;
    cr_assert_eq(call(MGMT__REQUEST__CALL_SUBNET_ELEMENT_ADD, &e), 0);
    cr_expect_eq(the_scope()->uses[0].bootp_allocated, 7);
    cr_expect_eq(the_scope()->uses[0].bootp_max, 0);
    mgmt_world_restart(&w);
    cr_expect_eq(the_scope()->uses[0].kind, FO_RANGE_BOTH);
    cr_expect_eq(the_scope()->uses[0].bootp_allocated, 7);
    cr_expect_eq(the_scope()->uses[0].bootp_max, 0);
}

Test(calls_subnet_element,
     reservations_are_for_an_address_of_the_range_and_one_client) /* M-SC-09, -10 */
{
    struct element e = element_of(FO_ELEMENT_RESERVATION, 30, 0);

    cr_expect_eq(add(FO_ELEMENT_RESERVATION, 200, 0), 20018);
    cr_expect_eq(add(FO_ELEMENT_RESERVATION, 30, 0), 0);
    cr_expect_eq(add(FO_ELEMENT_RESERVATION, 30, 0), 20022);
    e.reservation.address = SUBNET + 31;
    cr_expect_eq(call(MGMT__REQUEST__CALL_SUBNET_ELEMENT_ADD, &e), 20022, "the same client");
    cr_expect_eq(add(FO_ELEMENT_RANGE, 50, 59), 0, "the range may leave it");
    cr_expect_eq(add(FO_ELEMENT_RESERVATION, 30, 0), 20022, "reserved before outside");
}

/* --- remove ----------------------------------------------------------------------------------- */

Test(calls_subnet_element, remove_looks_at_the_caller_then_the_scope_then_the_type) /* M-SC-11 */
{
    struct element e = element_of(FO_ELEMENT_SECONDARY_HOST, 10, 109);

    w.right = FO_RIGHT_READ;
    cr_expect_eq(call(MGMT__REQUEST__CALL_SUBNET_ELEMENT_REMOVE, &e), 5);
    w.right = FO_RIGHT_ADMINISTER;
    e.m.subnet = OTHER;
    cr_expect_eq(call(MGMT__REQUEST__CALL_SUBNET_ELEMENT_REMOVE, &e), 20005);
    cr_expect_eq(take(FO_ELEMENT_SECONDARY_HOST, 10, 109, FO_FORCE_NONE), 120);
    cr_expect_eq(take(FO_ELEMENT_USED_CLUSTER, 10, 109, FO_FORCE_NONE), 87);
    cr_expect_eq(take(FO_ELEMENT_RANGE, 10, 109, 2), 87, "failover force is for scopes alone");
}

Test(calls_subnet_element, a_range_is_removed_whole_and_with_force_its_leases_too)
{
    fo_ipv4_t address;

    cr_assert_eq(make_client(10, 1), 0);
    cr_assert_eq(make_client(109, 1), 0);
    cr_assert_eq(make_client(200, 1), 0);
    cr_expect_eq(take(FO_ELEMENT_RANGE, 10, 108, FO_FORCE_FULL), 20023);
    cr_expect_eq(take(FO_ELEMENT_RANGE, 10, 109, FO_FORCE_NONE), 20007);
    cr_expect_eq(take(FO_ELEMENT_RANGE, 10, 109, FO_FORCE_FULL), 0);
    cr_expect_eq(the_scope()->range_count, 0);
    cr_assert(fo_element_leased(fo_server_leases(w.server), (struct fo_range){SUBNET, SUBNET + 255},
                                &address));
    cr_expect_eq(address, SUBNET + 200, "what was outside stays");
}

Test(calls_subnet_element, a_reservation_keeps_a_range_like_a_lease)
{
    cr_assert_eq(add(FO_ELEMENT_RESERVATION, 30, 0), 0);
    cr_expect_eq(take(FO_ELEMENT_RANGE, 10, 109, FO_FORCE_NONE), 20007);
    cr_expect_eq(take(FO_ELEMENT_RANGE, 10, 109, FO_FORCE_FULL), 0);
    cr_expect_eq(the_scope()->reservation_count, 1, "an element of its own");
}

Test(calls_subnet_element, an_exclusion_is_removed_whole)
{
    struct element e = element_of(FO_ELEMENT_EXCLUSION, 20, 29);
    Mgmt__Request empty = request_of(MGMT__REQUEST__CALL_SUBNET_ELEMENT_REMOVE, &e.m);

    cr_assert_eq(add(FO_ELEMENT_EXCLUSION, 20, 29), 0);
    cr_expect_eq(mgmt_world_code(&w, &empty), 87);
    cr_expect_eq(take(FO_ELEMENT_EXCLUSION, 30, 39, FO_FORCE_NONE), 20007);
    cr_expect_eq(take(FO_ELEMENT_EXCLUSION, 20, 28, FO_FORCE_NONE), 87);
    cr_expect_eq(take(FO_ELEMENT_EXCLUSION, 20, 29, FO_FORCE_NONE), 0);
    cr_expect_eq(the_scope()->exclusion_count, 0);
}

Test(calls_subnet_element, a_removed_reservation_leaves_the_lease_of_its_client)
{
    struct fo_binding b;

    cr_assert_eq(add(FO_ELEMENT_RESERVATION, 30, 0), 0);
    cr_assert_eq(make_client(30, 1), 0);
    cr_expect_eq(take(FO_ELEMENT_RESERVATION, 30, 0, FO_FORCE_NONE), 0);
    cr_expect_eq(the_scope()->reservation_count, 0);
    cr_assert_eq(fo_lease_db_get(fo_server_leases(w.server), SUBNET + 30, &b), FO_OK);
    cr_expect_eq(b.status, FO_STATUS_ACTIVE);
    /* It is none any more, so the same again deletes the lease, as documented. */
    cr_expect_eq(take(FO_ELEMENT_RESERVATION, 30, 0, FO_FORCE_NONE), 0);
    cr_assert_eq(fo_lease_db_get(fo_server_leases(w.server), SUBNET + 30, &b), FO_OK);
    cr_expect_neq(b.status, FO_STATUS_ACTIVE);
    cr_expect_eq(take(FO_ELEMENT_RESERVATION, 30, 0, FO_FORCE_NONE), 20013, "nor is there a lease");
}
