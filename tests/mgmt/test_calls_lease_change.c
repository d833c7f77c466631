/* DhcpCreateClientInfoVQ, DhcpSetClientInfoVQ, DhcpDeleteClientInfo (MAPI §1.4). */
#include <string.h>

#include <criterion/criterion.h>

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
TestSuite(calls_lease_change, .init = set_up, .fini = tear_down);

#define HERE (SUBNET + 20)

static uint8_t mac[] = {0, 0x0c, 1, 2, 3, 4};
static uint8_t hardware[] = {1, 0, 0x0c, 1, 2, 3, 4};
static uint8_t option_61[] = {0xff, 1, 2, 3};

static Mgmt__Lease lease_of(fo_ipv4_t address)
{
    Mgmt__Lease m = MGMT__LEASE__INIT;

    m.address = address;
    m.identifier = (ProtobufCBinaryData){sizeof mac, mac};
    m.expires = NOW + 3600;
    return m;
}

static uint32_t call(Mgmt__Request__CallCase which, void *m)
{
    Mgmt__Request q = request_of(which, m);

    return mgmt_world_code(&w, &q);
}

static Mgmt__Reply *get(void)
{
    Mgmt__LeaseSearch m = MGMT__LEASE_SEARCH__INIT;
    Mgmt__Request q = request_of(MGMT__REQUEST__CALL_LEASE_INFO_GET, &m);
    Mgmt__Reply *reply;

    m.key_case = MGMT__LEASE_SEARCH__KEY_ADDRESS;
    m.address = HERE;
    reply = mgmt_world_call(&w, &q);
    cr_assert_eq(reply->code, 0);
    return reply;
}

/* --- create ----------------------------------------------------------------------------------- */

Test(calls_lease_change, vq_makes_a_lease_by_hand) /* M-L4-20 */
{
    Mgmt__Lease m = lease_of(HERE);
    Mgmt__Reply *reply;

    m.state_given_case = MGMT__LEASE__STATE_GIVEN_ADDRESS_STATE;
    m.address_state = 0xf2; /* DECLINED */
    m.client_type = 1;
    m.policy = (char[]){"policy"};
    m.name = (char[]){"pc"};
    cr_assert_eq(call(MGMT__REQUEST__CALL_LEASE_CREATE_VQ, &m), 0);
    reply = get();
    cr_expect_str_eq(reply->lease->status, "ACTIVE");
    cr_expect_eq(reply->lease->address_state, 1);
    cr_expect_eq(reply->lease->client_type, 0x64);
    cr_expect_str_eq(reply->lease->policy, "");
    cr_expect_str_eq(reply->lease->name, "pc");
    mgmt__reply__free_unpacked(reply, NULL);
}

Test(calls_lease_change, vq_wants_a_range) /* M-L4-18, -19 */
{
    Mgmt__Lease m = lease_of(SUBNET + 9);

    cr_expect_eq(call(MGMT__REQUEST__CALL_LEASE_CREATE_VQ, &m), 87);
    m.address = 0x0a630001;
    cr_expect_eq(call(MGMT__REQUEST__CALL_LEASE_CREATE_VQ, &m), 87, "not 20005");
    m.address = SUBNET + 10;
    cr_expect_eq(call(MGMT__REQUEST__CALL_LEASE_CREATE_VQ, &m), 0);
    cr_expect_eq(call(MGMT__REQUEST__CALL_LEASE_CREATE_VQ, &m), 20014);
    w.right = FO_RIGHT_READ;
    m.identifier.len = 0;
    cr_expect_eq(call(MGMT__REQUEST__CALL_LEASE_CREATE_VQ, &m), 5, "rights first");
}

Test(calls_lease_change, every_bit_of_the_state_is_kept)
{
    for (uint32_t state = 0x10; state < 0x100; state++) {
        Mgmt__Lease m = lease_of(HERE);
        Mgmt__LeaseSearch gone = MGMT__LEASE_SEARCH__INIT;
        Mgmt__Reply *reply;
        m.state_given_case = MGMT__LEASE__STATE_GIVEN_ADDRESS_STATE;
        m.address_state = state;
        if ((state & 3) == 0)
            continue; /* OFFERED */
        cr_assert_eq(call(MGMT__REQUEST__CALL_LEASE_CREATE, &m), 0);
        reply = get();
        cr_expect_eq(reply->lease->address_state, state);
        mgmt__reply__free_unpacked(reply, NULL);
        gone.key_case = MGMT__LEASE_SEARCH__KEY_ADDRESS;
        gone.address = HERE;
        cr_assert_eq(call(MGMT__REQUEST__CALL_LEASE_DELETE, &gone), 0);
    }
}

Test(calls_lease_change, texts_count_in_characters)
{
    Mgmt__Lease m = lease_of(HERE);
    char comment[600], policy[300], name[400];

    memset(comment, 0, sizeof comment);
    memset(policy, 0, sizeof policy);
    memset(name, 0, sizeof name);
    for (int i = 0; i < 128; i++)
        memcpy(comment + 3 * i, "語", 3);
    for (int i = 0; i < 64; i++)
        memcpy(policy + 3 * i, "語", 3);
    memset(name, 'n', 256);
    m.comment = comment;
    cr_expect_eq(call(MGMT__REQUEST__CALL_LEASE_CREATE, &m), 87, "128 characters of comment");
    memset(comment, 'c', 128);
    comment[128] = '\0';
    cr_expect_eq(call(MGMT__REQUEST__CALL_LEASE_CREATE, &m), 87, "128 of one byte each");
    for (int i = 0; i < 127; i++)
        memcpy(comment + 3 * i, "語", 3);
    comment[381] = '\0';
    m.policy = policy;
    cr_expect_eq(call(MGMT__REQUEST__CALL_LEASE_CREATE, &m), 87, "64 of policy");
    policy[189] = '\0';
    m.name = name;
    cr_expect_eq(call(MGMT__REQUEST__CALL_LEASE_CREATE, &m), 87, "256 bytes of name");
    name[255] = '\0';
    comment[0] = (char)0xff;
    cr_expect_eq(call(MGMT__REQUEST__CALL_LEASE_CREATE, &m), 87, "no UTF-8");
    memcpy(comment, "語", 3);
    cr_expect_eq(call(MGMT__REQUEST__CALL_LEASE_CREATE, &m), 0);
}

Test(calls_lease_change, a_lease_has_the_address_that_its_server_was_called_by)
{
    Mgmt__Lease m = lease_of(HERE);
    Mgmt__Reply *reply;

    m.owner_address = 0xc0000201;
    cr_assert_eq(call(MGMT__REQUEST__CALL_LEASE_CREATE, &m), 0);
    m.owner_address = 0;
    cr_assert_eq(call(MGMT__REQUEST__CALL_LEASE_SET, &m), 0);
    reply = get();
    cr_expect_eq(reply->lease->owner_address, 0xc0000201);
    cr_expect_str_eq(reply->lease->owner_name, "test");
    mgmt__reply__free_unpacked(reply, NULL);
}

/* --- set -------------------------------------------------------------------------------------- */

Test(calls_lease_change, set_needs_a_client_and_a_lease_in_this_order)
{
    Mgmt__Lease m = lease_of(HERE);

    cr_expect_eq(call(MGMT__REQUEST__CALL_LEASE_SET, &m), 87, "no lease");
    cr_assert_eq(call(MGMT__REQUEST__CALL_LEASE_CREATE, &m), 0);
    m.identifier.len = 0;
    cr_expect_eq(call(MGMT__REQUEST__CALL_LEASE_SET, &m), 87);
    w.right = FO_RIGHT_READ;
    cr_expect_eq(call(MGMT__REQUEST__CALL_LEASE_SET, &m), 5);
}

/* A client is known by option 61, and keeps its hardware address: the partner must be told it. */
Test(calls_lease_change, set_by_its_identifier_leaves_a_client_as_it_is)
{
    Mgmt__Lease m = lease_of(HERE);
    Mgmt__Reply *reply;

    m.identifier.len = 0;
    m.hardware = (ProtobufCBinaryData){sizeof hardware, hardware};
    m.client_id = (ProtobufCBinaryData){sizeof option_61, option_61};
    m.policy = (char[]){"policy"};
    m.client_type = 3;
    m.name = (char[]){"old"};
    m.state_given_case = MGMT__LEASE__STATE_GIVEN_ADDRESS_STATE;
    m.address_state = 0x53; /* DOOM */
    cr_assert_eq(call(MGMT__REQUEST__CALL_LEASE_CREATE, &m), 0);
    m = lease_of(HERE);
    m.identifier = (ProtobufCBinaryData){sizeof option_61, option_61};
    m.expires = NOW + 7200;
    m.comment = (char[]){"new"};
    m.client_type = 2;
    cr_assert_eq(call(MGMT__REQUEST__CALL_LEASE_SET, &m), 0);
    reply = get();
    cr_expect_eq(reply->lease->hardware.len, sizeof hardware);
    cr_expect_eq(reply->lease->client_id.len, sizeof option_61);
    cr_expect_eq(reply->lease->expires, NOW + 7200);
    cr_expect_str_eq(reply->lease->name, "", "what is not given is gone");
    cr_expect_str_eq(reply->lease->comment, "new");
    cr_expect_str_eq(reply->lease->policy, "policy", "what cannot be given stays");
    cr_expect_eq(reply->lease->client_type, 3);
    cr_expect_eq(reply->lease->address_state, 0x51, "ACTIVE, and what is known of DNS");
    mgmt__reply__free_unpacked(reply, NULL);
}

Test(calls_lease_change, set_gives_an_address_to_another_client_and_a_bad_one_back)
{
    Mgmt__Lease m = lease_of(HERE);
    uint8_t other[] = {9, 9, 9, 9, 9, 9};
    Mgmt__Reply *reply;

    m.state_given_case = MGMT__LEASE__STATE_GIVEN_ADDRESS_STATE;
    m.address_state = 2;
    cr_assert_eq(call(MGMT__REQUEST__CALL_LEASE_CREATE, &m), 0);
    m = lease_of(HERE);
    m.identifier = (ProtobufCBinaryData){sizeof other, other};
    cr_assert_eq(call(MGMT__REQUEST__CALL_LEASE_SET, &m), 0);
    reply = get();
    cr_expect_str_eq(reply->lease->status, "ACTIVE");
    cr_expect_eq(reply->lease->address_state, 1);
    cr_expect_eq(reply->lease->hardware.data[1], 9);
    mgmt__reply__free_unpacked(reply, NULL);
}

/* --- what a relationship forbids -------------------------------------------------------------- */

static uint32_t refused(Mgmt__Request__CallCase which, void *m, const char *words)
{
    Mgmt__Request q = request_of(which, m);
    Mgmt__Reply *reply = mgmt_world_call(&w, &q);
    uint32_t code = reply->code;

    cr_expect_not_null(strstr(reply->sentence, words), "%s", reply->sentence);
    mgmt__reply__free_unpacked(reply, NULL);
    return code;
}

Test(calls_lease_change, a_state_that_serves_nobody_changes_no_lease)
{
    static const char why[] = "Relationship \"lab\" is in STARTUP, where no lease is ";
    Mgmt__Lease m = lease_of(HERE), more = lease_of(HERE + 1), outside = lease_of(SUBNET + 200);
    Mgmt__LeaseSearch search = MGMT__LEASE_SEARCH__INIT;
    uint8_t one[] = {1}, two[] = {2};

    search.key_case = MGMT__LEASE_SEARCH__KEY_ADDRESS;
    search.address = HERE;
    cr_assert_eq(call(MGMT__REQUEST__CALL_LEASE_CREATE, &m), 0);
    cr_assert_eq(make_relationship(&w, "lab", SUBNET, NULL), 0);
    more.identifier = (ProtobufCBinaryData){1, one};
    outside.identifier = (ProtobufCBinaryData){1, two};
    cr_expect_eq(refused(MGMT__REQUEST__CALL_LEASE_CREATE, &more, why), 20120);
    cr_expect_eq(refused(MGMT__REQUEST__CALL_LEASE_CREATE_VQ, &more, why), 20120);
    cr_expect_eq(refused(MGMT__REQUEST__CALL_LEASE_CREATE, &outside, why), 20120);
    cr_expect_eq(refused(MGMT__REQUEST__CALL_LEASE_SET, &m, why), 20120);
    cr_expect_eq(refused(MGMT__REQUEST__CALL_LEASE_DELETE, &search, why), 20120);
    m.identifier = more.identifier;
    cr_expect_eq(refused(MGMT__REQUEST__CALL_LEASE_SET, &m, "delete the lease of 10.0.0.20"),
                 20011);
}

static void as_secondary(Mgmt__Relationship *m)
{
    static char name[] = "alpha";

    m->role = 1;
    m->primary_server_name = name;
}

/* Draft §5.4: FREE is the primary's, and so is what lies outside the ranges. */
Test(calls_lease_change, a_secondary_says_where_the_lease_can_be_made)
{
    Mgmt__Lease m = lease_of(HERE);

    cr_assert_eq(make_relationship(&w, "lab", SUBNET, as_secondary), 0);
    for (int i = 0; i < 2; i++) {
        cr_expect_eq(refused(MGMT__REQUEST__CALL_LEASE_CREATE, &m,
                             "make the lease at that server, alpha (192.0.2.1)"),
                     20011);
        m.address = SUBNET + 200;
    }
}

Test(calls_lease_change, delete_wants_to_know_what)
{
    Mgmt__LeaseSearch search = MGMT__LEASE_SEARCH__INIT;

    cr_expect_eq(call(MGMT__REQUEST__CALL_LEASE_DELETE, &search), 87);
    w.right = FO_RIGHT_READ;
    cr_expect_eq(call(MGMT__REQUEST__CALL_LEASE_DELETE, &search), 5);
}
