/* DhcpV4CreateClientInfo and kin; ids M-L4-… of MAPI §8. */
#include <string.h>

#include <criterion/criterion.h>

#include "mgmt_world.h"

static struct mgmt_world w;

static void set_up(void)
{
    mgmt_world_init(&w);
    cr_assert_eq(make_scope(&w, SUBNET, SUBNET + 10, SUBNET + 109), 0);
    cr_assert_eq(make_scope(&w, OTHER, OTHER + 10, OTHER + 109), 0);
}
static void tear_down(void)
{
    mgmt_world_fini(&w);
}
TestSuite(calls_lease, .init = set_up, .fini = tear_down);

static uint8_t hardware[] = {1, 0, 0x0c, 1, 2, 3, 4};

static Mgmt__Lease lease_of(fo_ipv4_t address)
{
    Mgmt__Lease m = MGMT__LEASE__INIT;

    m.address = address;
    m.hardware = (ProtobufCBinaryData){sizeof hardware, hardware};
    m.expires = NOW + 3600;
    return m;
}

static uint32_t create(Mgmt__Lease *m)
{
    Mgmt__Request q = request_of(MGMT__REQUEST__CALL_LEASE_CREATE, m);

    return mgmt_world_code(&w, &q);
}

static Mgmt__Reply *get(fo_ipv4_t address)
{
    Mgmt__LeaseSearch m = MGMT__LEASE_SEARCH__INIT;
    Mgmt__Request q = request_of(MGMT__REQUEST__CALL_LEASE_GET, &m);

    m.key_case = MGMT__LEASE_SEARCH__KEY_ADDRESS;
    m.address = address;
    return mgmt_world_call(&w, &q);
}

static enum fo_binding_status status_of(fo_ipv4_t address)
{
    struct fo_binding b;

    cr_assert_eq(fo_lease_db_get(fo_server_leases(w.server), address, &b), FO_OK);
    return b.status;
}

Test(calls_lease, a_lease_is_made_and_read_back) /* M-L4-01 */
{
    Mgmt__Lease m = lease_of(SUBNET + 20);
    char name[] = "pc-one", comment[] = "by hand", policy[] = "no-such-policy";
    Mgmt__Reply *reply;

    m.name = name;
    m.comment = comment;
    m.policy = policy; /* M-L4-09: not checked against anything */
    cr_assert_eq(create(&m), 0);
    reply = get(SUBNET + 20);
    cr_assert_eq(reply->code, 0);
    cr_expect_str_eq(reply->lease->status, "ACTIVE");
    cr_expect_str_eq(reply->lease->name, "pc-one");
    cr_expect_str_eq(reply->lease->comment, "by hand");
    cr_expect_str_eq(reply->lease->policy, "no-such-policy");
    cr_expect_eq(reply->lease->expires, NOW + 3600);
    cr_expect_eq(reply->lease->mask, MASK);
    cr_expect_eq(reply->lease->hardware.len, sizeof hardware);
    mgmt__reply__free_unpacked(reply, NULL);
}

Test(calls_lease, a_lease_needs_a_client) /* M-L4-02, -15 */
{
    Mgmt__Lease m = lease_of(SUBNET + 20);

    m.hardware.len = 0;
    cr_expect_eq(create(&m), 87);
    m.address = 0x0a630001;
    cr_expect_eq(create(&m), 87, "the client is checked before the scope");
}

Test(calls_lease, an_explicit_offered_is_refused) /* M-L4-03 */
{
    Mgmt__Lease m = lease_of(SUBNET + 20);

    m.state_given_case = MGMT__LEASE__STATE_GIVEN_ADDRESS_STATE;
    m.address_state = 0;
    cr_expect_eq(create(&m), 87);
    m.address_state = 0x10; /* other bits do not make it another state */
    cr_expect_eq(create(&m), 87);
    cr_expect_eq(status_of(SUBNET + 20), FO_STATUS_FREE);
}

Test(calls_lease, an_address_in_no_scope_is_refused) /* M-L4-04 */
{
    Mgmt__Lease m = lease_of(0x0a630001);

    cr_expect_eq(create(&m), 20005);
}

Test(calls_lease, the_same_address_or_the_same_client_exists) /* M-L4-05, -06, -07 */
{
    Mgmt__Lease m = lease_of(SUBNET + 20);

    cr_assert_eq(create(&m), 0);
    cr_expect_eq(create(&m), 20014);
    cr_expect_eq(make_lease(&w, SUBNET + 20, 99), 20014, "another client");
    m.address = SUBNET + 21;
    cr_expect_eq(create(&m), 20014, "the client has one in this scope");
    m.address = OTHER + 20;
    cr_expect_eq(create(&m), 0, "but not in that one");
}

Test(calls_lease, a_reader_may_not) /* M-L4-08 */
{
    Mgmt__Lease m = lease_of(SUBNET + 20);

    w.right = FO_RIGHT_READ;
    cr_expect_eq(create(&m), 5);
    m.hardware.len = 0;
    cr_expect_eq(create(&m), 5, "rights first in this call");
}

Test(calls_lease, a_declined_address_goes_to_nobody) /* M-L4-11 */
{
    Mgmt__Lease m = lease_of(SUBNET + 20);

    m.state_given_case = MGMT__LEASE__STATE_GIVEN_ADDRESS_STATE;
    m.address_state = 2;
    cr_assert_eq(create(&m), 0);
    cr_expect_eq(status_of(SUBNET + 20), FO_STATUS_ABANDONED);
    cr_expect_eq(make_lease(&w, SUBNET + 20, 99), 20014);
}

Test(calls_lease, an_address_outside_the_range_is_accepted) /* M-L4-14 */
{
    cr_expect_eq(make_lease(&w, SUBNET + 200, 1), 0);
}

Test(calls_lease, an_absent_lease_has_its_own_code) /* M-L4-16, -22 */
{
    Mgmt__LeaseSearch m = MGMT__LEASE_SEARCH__INIT;
    Mgmt__Request q = request_of(MGMT__REQUEST__CALL_LEASE_DELETE, &m);
    Mgmt__Reply *reply = get(SUBNET + 20);

    cr_expect_eq(reply->code, 20016);
    mgmt__reply__free_unpacked(reply, NULL);
    m.key_case = MGMT__LEASE_SEARCH__KEY_ADDRESS;
    m.address = SUBNET + 20;
    cr_expect_eq(mgmt_world_code(&w, &q), 20013);
    w.right = FO_RIGHT_NONE;
    m.key_case = MGMT__LEASE_SEARCH__KEY__NOT_SET;
    q.call_case = MGMT__REQUEST__CALL_LEASE_GET;
    cr_expect_eq(mgmt_world_code(&w, &q), 87, "M-L4-17: arguments first");
}

/* MAPI §2.6: a unique ID names a client in one subnet. */
Test(calls_lease, a_client_is_found_in_the_subnet_that_is_asked_for)
{
    Mgmt__LeaseSearch m = MGMT__LEASE_SEARCH__INIT;
    Mgmt__Request q = request_of(MGMT__REQUEST__CALL_LEASE_GET, &m);
    Mgmt__Lease here = lease_of(SUBNET + 20), there = lease_of(OTHER + 30);
    Mgmt__Reply *reply;

    cr_assert_eq(create(&here), 0);
    cr_assert_eq(create(&there), 0);
    m.key_case = MGMT__LEASE_SEARCH__KEY_HARDWARE;
    m.hardware = (ProtobufCBinaryData){sizeof hardware, hardware};
    for (int i = 0; i < 2; i++) {
        m.subnet = i == 0 ? SUBNET : OTHER;
        reply = mgmt_world_call(&w, &q);
        cr_assert_eq(reply->code, 0);
        cr_expect_eq(reply->lease->address, i == 0 ? SUBNET + 20 : OTHER + 30);
        mgmt__reply__free_unpacked(reply, NULL);
    }
    m.subnet = 0x0a630000;
    cr_expect_eq(mgmt_world_code(&w, &q), 20016, "a subnet that no scope has");
}

Test(calls_lease, a_deleted_lease_takes_its_name_along)
{
    Mgmt__LeaseSearch m = MGMT__LEASE_SEARCH__INIT;
    Mgmt__Request q = request_of(MGMT__REQUEST__CALL_LEASE_DELETE, &m);
    Mgmt__Lease lease = lease_of(SUBNET + 20);
    char name[] = "pc-one";

    lease.name = name;
    cr_assert_eq(create(&lease), 0);
    m.key_case = MGMT__LEASE_SEARCH__KEY_NAME;
    m.name = name;
    cr_expect_eq(mgmt_world_code(&w, &q), 0);
    cr_expect_neq(status_of(SUBNET + 20), FO_STATUS_ACTIVE);
    cr_expect_eq(mgmt_world_code(&w, &q), 20013);
}

Test(calls_lease, a_reserved_address_is_not_deleted) /* M-L4-21 */
{
    Mgmt__ScopeElement element = MGMT__SCOPE_ELEMENT__INIT;
    Mgmt__Reservation reservation = MGMT__RESERVATION__INIT;
    Mgmt__Request reserve = request_of(MGMT__REQUEST__CALL_SCOPE_ELEMENT_ADD, &element);
    Mgmt__LeaseSearch m = MGMT__LEASE_SEARCH__INIT;
    Mgmt__Request q = request_of(MGMT__REQUEST__CALL_LEASE_DELETE, &m);
    Mgmt__Lease lease = lease_of(SUBNET + 20);

    cr_assert_eq(create(&lease), 0);
    element.subnet = SUBNET;
    element.element_case = MGMT__SCOPE_ELEMENT__ELEMENT_RESERVATION;
    element.reservation = &reservation;
    reservation.address = SUBNET + 20;
    reservation.client = (ProtobufCBinaryData){6, hardware + 1};
    cr_assert_eq(mgmt_world_code(&w, &reserve), 0);
    cr_expect_eq(mgmt_world_code(&w, &reserve), 20022, "M-SC-09: the same twice");
    m.key_case = MGMT__LEASE_SEARCH__KEY_ADDRESS;
    m.address = SUBNET + 20;
    cr_expect_eq(mgmt_world_code(&w, &q), 20019);
}

Test(calls_lease, many_leases_have_one_code_each)
{
    Mgmt__LeaseMany many = MGMT__LEASE_MANY__INIT;
    Mgmt__Request q = request_of(MGMT__REQUEST__CALL_LEASE_CREATE_MANY, &many);
    Mgmt__Lease good = lease_of(SUBNET + 20), lost = lease_of(0x0a630001);
    Mgmt__Lease *list[] = {&good, &lost, &good};
    Mgmt__Reply *reply;

    many.list = list;
    many.n_list = 3;
    reply = mgmt_world_call(&w, &q);
    cr_assert_eq(reply->code, 0);
    cr_assert_eq(reply->lease_codes->n_list, 3);
    cr_expect_eq(reply->lease_codes->list[0]->code, 0);
    cr_expect_eq(reply->lease_codes->list[1]->code, 20005);
    cr_expect_eq(reply->lease_codes->list[2]->code, 20014);
    mgmt__reply__free_unpacked(reply, NULL);
    many.renew = true;
    many.n_list = 1;
    reply = mgmt_world_call(&w, &q);
    cr_expect_eq(reply->lease_codes->list[0]->code, 0, "the same client renews");
    mgmt__reply__free_unpacked(reply, NULL);
}

Test(calls_lease, more_leases_than_fit_into_a_call_are_refused)
{
    static Mgmt__Lease *list[1001];
    Mgmt__LeaseMany many = MGMT__LEASE_MANY__INIT;
    Mgmt__Request q = request_of(MGMT__REQUEST__CALL_LEASE_CREATE_MANY, &many);
    Mgmt__Lease m = lease_of(SUBNET + 20);

    for (size_t i = 0; i < 1001; i++)
        list[i] = &m;
    many.list = list;
    many.n_list = 1001;
    cr_expect_eq(mgmt_world_code(&w, &q), 87);
}

Test(calls_lease, a_walk_goes_by_pages_and_survives_a_deletion) /* M-L4-23, -27 */
{
    Mgmt__LeaseEnum m = MGMT__LEASE_ENUM__INIT;
    Mgmt__Request q = request_of(MGMT__REQUEST__CALL_LEASE_ENUM, &m);
    Mgmt__LeaseSearch search = MGMT__LEASE_SEARCH__INIT;
    Mgmt__Request gone = request_of(MGMT__REQUEST__CALL_LEASE_DELETE, &search);
    Mgmt__Reply *reply;

    cr_expect_eq(mgmt_world_code(&w, &q), 259);
    cr_assert_eq(make_lease(&w, SUBNET + 20, 1), 0);
    cr_assert_eq(make_lease(&w, SUBNET + 21, 2), 0);
    cr_assert_eq(make_lease(&w, OTHER + 22, 3), 0);
    m.limit = 1;
    reply = mgmt_world_call(&w, &q);
    cr_assert_eq(reply->leases->n_list, 1);
    cr_expect(reply->leases->more);
    m.after = reply->leases->next;
    mgmt__reply__free_unpacked(reply, NULL);
    search.key_case = MGMT__LEASE_SEARCH__KEY_ADDRESS;
    search.address = SUBNET + 20;
    cr_assert_eq(mgmt_world_code(&w, &gone), 0);
    m.limit = 10;
    reply = mgmt_world_call(&w, &q);
    cr_assert_eq(reply->leases->n_list, 2);
    cr_expect_eq(reply->leases->list[0]->address, SUBNET + 21);
    cr_expect_eq(reply->leases->list[1]->address, OTHER + 22);
    cr_expect(!reply->leases->more);
    mgmt__reply__free_unpacked(reply, NULL);
}

Test(calls_lease, a_startup_endpoint_gives_no_lease_away)
{
    cr_assert_eq(make_relationship(&w, "a", SUBNET, NULL), 0);
    cr_expect_eq(make_lease(&w, SUBNET + 20, 1), 20120, "not in NORMAL, and ours to give then");
    cr_expect_eq(status_of(SUBNET + 20), FO_STATUS_FREE);
}
