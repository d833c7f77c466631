/* Who answers whom is the endpoint's decision (tests/fo/test_host.c); here is how it is told. */
#include <criterion/criterion.h>

#include "mgmt_world.h"

static struct mgmt_world w;

static void set_up(void)
{
    mgmt_world_init(&w);
    cr_assert_eq(make_scope(&w, SUBNET, SUBNET + 10, SUBNET + 109), 0);
    cr_assert_eq(make_scope(&w, OTHER, OTHER + 10, OTHER + 109), 0);
    cr_assert_eq(make_relationship(&w, "a", SUBNET, NULL), 0);
}
static void tear_down(void)
{
    mgmt_world_fini(&w);
}
TestSuite(calls_serves, .init = set_up, .fini = tear_down);

static uint8_t hardware[] = {1, 0x52, 0x54, 0x00, 0x12, 0x34, 0x56};
static uint8_t id[] = {0x01, 0x52, 0x54, 0x00, 0x12, 0x34, 0x56};

/* Asks about |count| clients, by turns one with and one without an identifier. */
static Mgmt__Reply *ask(fo_ipv4_t subnet, size_t count)
{
    static Mgmt__Lease leases[FO_LEASES_PER_CALL + 1];
    static Mgmt__Lease *list[FO_LEASES_PER_CALL + 1];
    Mgmt__ServesQuery m = MGMT__SERVES_QUERY__INIT;
    Mgmt__Request q = request_of(MGMT__REQUEST__CALL_SCOPE_SERVES, &m);

    for (size_t i = 0; i < count; i++) {
        mgmt__lease__init(&leases[i]);
        leases[i].hardware = (ProtobufCBinaryData){sizeof hardware, hardware};
        if (i % 2 == 1)
            leases[i].client_id = (ProtobufCBinaryData){sizeof id, id};
        list[i] = &leases[i];
    }
    m.subnet = subnet;
    m.clients = list;
    m.n_clients = count;
    return mgmt_world_call(&w, &q);
}

static uint32_t code_of(Mgmt__Reply *reply)
{
    uint32_t code = reply->code;

    mgmt__reply__free_unpacked(reply, NULL);
    return code;
}

Test(calls_serves, each_client_is_told_its_bucket_and_whose_it_is)
{
    Mgmt__Reply *reply = ask(SUBNET, 3); /* RFC 3074 vectors: 525400123456 and 01525400123456 */

    cr_assert_eq(reply->code, 0);
    cr_assert_eq(reply->serves->n_list, 3);
    cr_expect_eq(reply->serves->list[0]->bucket, 156);
    cr_expect_eq(reply->serves->list[1]->bucket, 253);
    cr_expect_eq(reply->serves->list[2]->bucket, 156);
    cr_expect(reply->serves->list[0]->balanced);
    cr_expect_eq(reply->serves->list[0]->owner, FO_ROLE_SECONDARY); /* 50 percent: 0 to 127 */
    cr_expect_not(reply->serves->list[0]->owner_here);
    cr_expect_not(reply->serves->list[0]->answers, "it has only just started");
    cr_expect_str_eq(reply->serves->list[0]->why,
                     "this server is in STARTUP and answers no new client");
    mgmt__reply__free_unpacked(reply, NULL);
}

Test(calls_serves, a_scope_in_no_relationship_serves_everybody)
{
    Mgmt__Reply *reply = ask(OTHER, 1);

    cr_assert_eq(reply->code, 0);
    cr_expect(reply->serves->list[0]->answers);
    cr_expect_not(reply->serves->list[0]->balanced);
    cr_expect_str_eq(reply->serves->list[0]->why, "the scope is in no relationship");
    mgmt__reply__free_unpacked(reply, NULL);
}

Test(calls_serves, an_unknown_scope_a_thousand_and_one_clients_and_no_client_are_refused)
{
    cr_expect_eq(code_of(ask(SUBNET + 0x10000, 1)), 20005);
    cr_expect_eq(code_of(ask(SUBNET, 1000)), 0);
    cr_expect_eq(code_of(ask(SUBNET, 1001)), 87);
    cr_expect_eq(code_of(ask(SUBNET, 0)), 0);

    Mgmt__Lease nobody = MGMT__LEASE__INIT, *list[] = {&nobody};
    Mgmt__ServesQuery m = MGMT__SERVES_QUERY__INIT;
    Mgmt__Request q = request_of(MGMT__REQUEST__CALL_SCOPE_SERVES, &m);
    m.subnet = SUBNET;
    m.clients = list;
    m.n_clients = 1;
    cr_expect_eq(mgmt_world_code(&w, &q), 87);
}

Test(calls_serves, a_reader_may_ask_and_a_stranger_may_not)
{
    w.right = FO_RIGHT_READ;
    cr_expect_eq(code_of(ask(SUBNET, 1)), 0);
    w.right = FO_RIGHT_NONE;
    cr_expect_eq(code_of(ask(SUBNET, 1)), 5);
}
