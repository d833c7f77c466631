/* Tests of mgmt/calls_scope.c and calls_element.c: scopes as fo has them, in the order of checks
 * that Microsoft documents (MAPI §1.5). */
#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

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
TestSuite(calls_scope, .init = set_up, .fini = tear_down);

/* --- the scope -------------------------------------------------------------------------------- */

static uint32_t create(fo_ipv4_t subnet, fo_ipv4_t mask, uint32_t state)
{
    Mgmt__Scope m = MGMT__SCOPE__INIT;
    Mgmt__Request q = request_of(MGMT__REQUEST__CALL_SCOPE_CREATE, &m);

    m.subnet = subnet;
    m.mask = mask;
    m.state = state;
    return mgmt_world_code(&w, &q);
}

static uint32_t set(fo_ipv4_t subnet, fo_ipv4_t mask, uint32_t state, const char *name)
{
    Mgmt__Scope m = MGMT__SCOPE__INIT;
    Mgmt__Request q = request_of(MGMT__REQUEST__CALL_SCOPE_SET, &m);
    char copy[300];

    (void)snprintf(copy, sizeof copy, "%s", name);
    m.subnet = subnet;
    m.mask = mask;
    m.state = state;
    m.name = copy;
    return mgmt_world_code(&w, &q);
}

static const struct fo_scope *scope_of(fo_ipv4_t subnet)
{
    return fo_lease_db_scope(fo_server_leases(w.server), subnet);
}

Test(calls_scope, create_checks_the_subnet_before_it_looks_for_others) /* M-SC-01, -02, -03 */
{
    cr_expect_eq(create(0, MASK, 0), 87);
    cr_expect_eq(create(SUBNET + 5, MASK, 0), 87, "host bits, also where a scope is");
    cr_expect_eq(create(OTHER, 0xff00ff00, 0), 87, "a mask with a hole");
    cr_expect_eq(create(OTHER, MASK, 4), 87, "a state that is none");
    cr_expect_eq(create(SUBNET, MASK, 0), 20052);
    cr_expect_eq(create(SUBNET, 0xffff0000, 0), 20052);
    cr_expect_eq(create(SUBNET + 128, 0xffffff80, 0), 20052);
    w.right = FO_RIGHT_READ;
    cr_expect_eq(create(0, MASK, 0), 5);
    w.right = FO_RIGHT_ADMINISTER;
    cr_expect_eq(create(OTHER, MASK, FO_SCOPE_DISABLED_SWITCHED), 0);
    cr_expect_eq(scope_of(OTHER)->state, FO_SCOPE_DISABLED_SWITCHED);
}

Test(calls_scope, set_checks_its_arguments_before_it_looks_for_the_scope)
{
    char long_name[258];

    memset(long_name, 'n', sizeof long_name - 1);
    long_name[sizeof long_name - 1] = '\0';
    cr_expect_eq(set(0, MASK, 0, ""), 87);
    cr_expect_eq(set(OTHER + 5, MASK, 0, ""), 87, "of an unknown scope too");
    cr_expect_eq(set(OTHER, MASK, 4, ""), 87);
    cr_expect_eq(set(OTHER, MASK, 0, long_name), 20046);
    cr_expect_eq(set(OTHER, MASK, 0, ""), 20005);
    cr_expect_eq(set(OTHER, 0, 0, ""), 20005);
    cr_expect_eq(set(SUBNET, 0xffffff80, 0, ""), 87, "the mask stays");
    w.right = FO_RIGHT_READ;
    cr_expect_eq(set(0, MASK, 0, ""), 5);
    w.right = FO_RIGHT_ADMINISTER;
    cr_expect_eq(set(SUBNET, MASK, FO_SCOPE_DISABLED, "lab"), 0);
    cr_expect_eq(scope_of(SUBNET)->state, FO_SCOPE_DISABLED);
    cr_expect_eq(set(SUBNET, 0, FO_SCOPE_ENABLED_SWITCHED, "lab"), 0, "without a mask");
    cr_expect_str_eq(scope_of(SUBNET)->name, "lab");
    cr_expect_eq(scope_of(SUBNET)->range_count, 1, "its elements stay");
}

static uint32_t delete_scope(fo_ipv4_t subnet, bool force)
{
    Mgmt__ScopeDelete m = MGMT__SCOPE_DELETE__INIT;
    Mgmt__Request q = request_of(MGMT__REQUEST__CALL_SCOPE_DELETE, &m);

    m.subnet = subnet;
    m.force = force;
    return mgmt_world_code(&w, &q);
}

Test(calls_scope, delete_needs_a_scope_of_no_relationship) /* M-SC-04, -05 */
{
    cr_assert_eq(make_lease(&w, SUBNET + 10, 1), 0);
    cr_expect_eq(delete_scope(OTHER, true), 20005);
    cr_assert_eq(make_relationship(&w, "a", SUBNET, NULL), 0);
    cr_expect_eq(delete_scope(SUBNET, true), 20113);
    cr_assert_eq(make_scope(&w, OTHER, OTHER + 10, OTHER + 19), 0);
    cr_assert_eq(make_lease(&w, OTHER + 10, 2), 0);
    cr_expect_eq(delete_scope(OTHER, false), 20007);
    cr_expect_eq(delete_scope(OTHER, true), 0);
    cr_expect_null(scope_of(OTHER));
}

/* --- elements as fo has them ------------------------------------------------------------------ */

static uint32_t change_range(bool add, fo_ipv4_t first, fo_ipv4_t last, uint32_t kind)
{
    Mgmt__ScopeElement m = MGMT__SCOPE_ELEMENT__INIT;
    Mgmt__Range range = MGMT__RANGE__INIT;
    Mgmt__Request q = request_of(
        add ? MGMT__REQUEST__CALL_SCOPE_ELEMENT_ADD : MGMT__REQUEST__CALL_SCOPE_ELEMENT_REMOVE, &m);

    m.subnet = SUBNET;
    m.element_case = MGMT__SCOPE_ELEMENT__ELEMENT_RANGE;
    m.range = &range;
    range.first = first;
    range.last = last;
    range.kind = kind;
    return mgmt_world_code(&w, &q);
}

Test(calls_scope, a_scope_may_have_ranges_of_several_kinds)
{
    cr_expect_eq(change_range(true, SUBNET + 200, SUBNET + 209, FO_RANGE_BOOTP), 0);
    cr_expect_eq(change_range(true, SUBNET + 220, SUBNET + 229, FO_RANGE_BOTH), 0);
    cr_expect_eq(change_range(true, SUBNET + 100, SUBNET + 119, FO_RANGE_BOOTP), 20023);
    cr_expect_eq(change_range(true, SUBNET + 230, SUBNET + 239, 3), 87);
    cr_assert_eq(scope_of(SUBNET)->range_count, 3);
    cr_expect_eq(scope_of(SUBNET)->uses[1].kind, FO_RANGE_BOOTP);
    cr_expect_eq(scope_of(SUBNET)->uses[2].bootp_max, FO_BOOTP_UNLIMITED);
    cr_expect_eq(fo_scope_size(scope_of(SUBNET)), 110);
}

Test(calls_scope, a_scope_with_a_range_for_bootp_alone_joins_no_relationship) /* M-CR-26 */
{
    cr_assert_eq(change_range(true, SUBNET + 200, SUBNET + 209, FO_RANGE_BOOTP), 0);
    cr_expect_eq(make_relationship(&w, "a", SUBNET, NULL), 87);
    cr_assert_eq(change_range(false, SUBNET + 200, SUBNET + 209, 0), 0);
    cr_expect_eq(make_relationship(&w, "a", SUBNET, NULL), 0);
    cr_expect_eq(change_range(true, SUBNET + 200, SUBNET + 209, FO_RANGE_BOOTP), 20129);
    cr_expect_eq(change_range(true, SUBNET + 200, SUBNET + 209, FO_RANGE_DHCP), 0, "it may grow");
    cr_expect_eq(change_range(false, SUBNET + 200, SUBNET + 209, 0), 20132, "and not shrink");
    cr_expect_eq(change_range(false, SUBNET + 200, SUBNET + 208, 0), 20023);
}

Test(calls_scope, a_range_with_leases_stays)
{
    cr_assert_eq(make_lease(&w, SUBNET + 10, 1), 0);
    cr_expect_eq(change_range(false, SUBNET + 10, SUBNET + 109, 0), 20007);
    cr_expect_eq(change_range(false, SUBNET + 11, SUBNET + 109, 0), 20023, "no such range");
}

Test(calls_scope, with_force_a_range_takes_its_leases_along)
{
    Mgmt__ScopeElement m = MGMT__SCOPE_ELEMENT__INIT;
    Mgmt__Range range = MGMT__RANGE__INIT;
    Mgmt__Request q = request_of(MGMT__REQUEST__CALL_SCOPE_ELEMENT_REMOVE, &m);
    struct fo_binding b;

    cr_assert_eq(make_lease(&w, SUBNET + 10, 1), 0);
    m.subnet = SUBNET;
    m.element_case = MGMT__SCOPE_ELEMENT__ELEMENT_RANGE;
    m.range = &range;
    m.force = true;
    range.first = SUBNET + 10;
    range.last = SUBNET + 109;
    cr_expect_eq(mgmt_world_code(&w, &q), 0);
    cr_assert_eq(fo_lease_db_get(fo_server_leases(w.server), SUBNET + 10, &b), FO_OK);
    cr_expect_eq(b.status, FO_STATUS_FREE);
    cr_expect_eq(scope_of(SUBNET)->range_count, 0);
}

/* Replication brings a scope as it is there, with a reservation that a shrunk range left behind. */
Test(calls_scope, a_scope_is_replaced_as_a_whole)
{
    Mgmt__Scope m = MGMT__SCOPE__INIT;
    Mgmt__Range range = MGMT__RANGE__INIT, *ranges[] = {&range};
    Mgmt__Reservation reservation = MGMT__RESERVATION__INIT, *reservations[] = {&reservation};
    Mgmt__Request q = request_of(MGMT__REQUEST__CALL_SCOPE_REPLACE, &m);
    uint8_t id[] = {1, 2, 3};

    m.subnet = SUBNET;
    m.mask = MASK;
    m.state = FO_SCOPE_DISABLED;
    m.ranges = ranges;
    m.n_ranges = 1;
    m.reservations = reservations;
    m.n_reservations = 1;
    range.first = SUBNET + 50;
    range.last = SUBNET + 59;
    range.kind = FO_RANGE_BOTH;
    range.bootp_limit_case = MGMT__RANGE__BOOTP_LIMIT_BOOTP_MAX;
    range.bootp_max = 4;
    reservation.address = SUBNET + 80;
    reservation.client = (ProtobufCBinaryData){sizeof id, id};
    reservation.types = 1;
    cr_assert_eq(make_relationship(&w, "a", SUBNET, NULL), 0);
    cr_expect_eq(mgmt_world_code(&w, &q), 0, "also with fewer addresses: both servers change");
    cr_expect_eq(scope_of(SUBNET)->uses[0].bootp_max, 4);
    cr_expect_eq(scope_of(SUBNET)->reservations[0].types, FO_RESERVED_DHCP);
    range.kind = FO_RANGE_BOOTP;
    cr_expect_eq(mgmt_world_code(&w, &q), 20129);
    reservation.types = 4;
    cr_expect_eq(mgmt_world_code(&w, &q), 87);
    cr_expect_eq(scope_of(SUBNET)->uses[0].kind, FO_RANGE_BOTH);
}
