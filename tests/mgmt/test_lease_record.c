/* What counts as a record, by whatever it is looked for, and walks over records (MAPI §1.4, §2.6). */
#include <string.h>

#include <criterion/criterion.h>

#include "mgmt/lease_record.h"
#include "mgmt/lease_search.h"
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
TestSuite(lease_record, .init = set_up, .fini = tear_down);

static uint8_t mac[] = {0, 0x0c, 1, 2, 3, 77};

static uint32_t create_for(fo_ipv4_t address, void *identifier, size_t length, char *name)
{
    Mgmt__Lease m = MGMT__LEASE__INIT;
    Mgmt__Request q = request_of(MGMT__REQUEST__CALL_LEASE_CREATE, &m);

    m.address = address;
    m.identifier = (ProtobufCBinaryData){length, identifier};
    m.expires = NOW + 3600;
    if (name != NULL)
        m.name = name;
    return mgmt_world_code(&w, &q);
}

static uint32_t end(fo_ipv4_t address)
{
    Mgmt__LeaseSearch m = MGMT__LEASE_SEARCH__INIT;
    Mgmt__Request q = request_of(MGMT__REQUEST__CALL_LEASE_DELETE, &m);

    m.key_case = MGMT__LEASE_SEARCH__KEY_ADDRESS;
    m.address = address;
    return mgmt_world_code(&w, &q);
}

static uint32_t end_by(const void *unique, size_t length)
{
    Mgmt__LeaseSearch m = MGMT__LEASE_SEARCH__INIT;
    Mgmt__Request q = request_of(MGMT__REQUEST__CALL_LEASE_DELETE, &m);
    uint8_t copy[300];

    memcpy(copy, unique, length);
    m.key_case = MGMT__LEASE_SEARCH__KEY_UNIQUE_ID;
    m.unique_id = (ProtobufCBinaryData){length, copy};
    return mgmt_world_code(&w, &q);
}

static uint32_t reserve(fo_ipv4_t address, void *identifier, size_t length)
{
    Mgmt__ScopeElement element = MGMT__SCOPE_ELEMENT__INIT;
    Mgmt__Reservation reservation = MGMT__RESERVATION__INIT;
    Mgmt__Request q = request_of(MGMT__REQUEST__CALL_SCOPE_ELEMENT_ADD, &element);

    element.subnet = address & MASK;
    element.element_case = MGMT__SCOPE_ELEMENT__ELEMENT_RESERVATION;
    element.reservation = &reservation;
    reservation.address = address;
    reservation.client = (ProtobufCBinaryData){length, identifier};
    return mgmt_world_code(&w, &q);
}

/* The address found; 0: none. The code has to be |absent| then. */
static fo_ipv4_t found(Mgmt__Request__CallCase call, Mgmt__LeaseSearch *m, uint32_t absent)
{
    Mgmt__Request q = request_of(call, m);
    Mgmt__Reply *reply = mgmt_world_call(&w, &q);
    fo_ipv4_t address = 0;

    cr_expect(reply->code == 0 || reply->code == absent, "%u", reply->code);
    if (reply->code == 0)
        address = reply->lease->address;
    mgmt__reply__free_unpacked(reply, NULL);
    return address;
}

static fo_ipv4_t found_at(fo_ipv4_t address)
{
    Mgmt__LeaseSearch m = MGMT__LEASE_SEARCH__INIT;

    m.key_case = MGMT__LEASE_SEARCH__KEY_ADDRESS;
    m.address = address;
    return found(MGMT__REQUEST__CALL_LEASE_FAILOVER_GET, &m, 20013); /* M-CI-02 */
}

static fo_ipv4_t found_by(const void *unique, size_t length)
{
    Mgmt__LeaseSearch m = MGMT__LEASE_SEARCH__INIT;
    uint8_t copy[300];

    memcpy(copy, unique, length);
    m.key_case = MGMT__LEASE_SEARCH__KEY_UNIQUE_ID;
    m.unique_id = (ProtobufCBinaryData){length, copy};
    return found(MGMT__REQUEST__CALL_LEASE_INFO_GET, &m, 20016); /* M-L4-16 */
}

static fo_ipv4_t found_by_name(char *name)
{
    Mgmt__LeaseSearch m = MGMT__LEASE_SEARCH__INIT;

    m.key_case = MGMT__LEASE_SEARCH__KEY_NAME;
    m.name = name;
    return found(MGMT__REQUEST__CALL_LEASE_INFO_GET, &m, 20016);
}

/* --- finding ---------------------------------------------------------------------------------- */

/* MAPI §2.6: 10.0.0.0 and 00:0c:01:02:03:4d. */
static const uint8_t unique[] = {0, 0, 0, 10, 1, 0, 0x0c, 1, 2, 3, 77};

Test(lease_record, an_identifier_finds_a_hardware_address_and_option_61)
{
    uint8_t with_type[] = {1, 0, 0x0c, 1, 2, 3, 77};
    Mgmt__Lease m = MGMT__LEASE__INIT;
    Mgmt__Request q = request_of(MGMT__REQUEST__CALL_LEASE_CREATE, &m);

    cr_expect_eq(found_by(unique, sizeof unique), 0);
    cr_assert_eq(create_for(SUBNET + 20, mac, sizeof mac, NULL), 0);
    cr_expect_eq(found_by(unique, sizeof unique), SUBNET + 20);
    cr_assert_eq(end_by(unique, sizeof unique), 0);
    cr_expect_eq(end_by(unique, sizeof unique), 20013);
    cr_expect_eq(found_by(unique, sizeof unique), 0, "nobody holds it");
    m.address = SUBNET + 21;
    m.hardware = (ProtobufCBinaryData){sizeof with_type, with_type};
    m.client_id = (ProtobufCBinaryData){sizeof mac, mac};
    cr_assert_eq(mgmt_world_code(&w, &q), 0);
    cr_expect_eq(found_by(unique, sizeof unique), SUBNET + 21, "by option 61");
    cr_expect_eq(create_for(SUBNET + 22, mac, sizeof mac, NULL), 20014, "M-L4-06: so it is here");
    cr_assert_eq(end(SUBNET + 21), 0);
    cr_assert_eq(create_for(SUBNET + 23, mac, sizeof mac, NULL), 0);
    cr_expect_eq(found_by(unique, sizeof unique), SUBNET + 23, "before what it held by option 61");
}

Test(lease_record, what_is_no_unique_id_finds_nothing)
{
    uint8_t wrong[sizeof unique];

    cr_assert_eq(create_for(SUBNET + 20, mac, sizeof mac, NULL), 0);
    for (size_t length = 0; length < sizeof unique; length++)
        cr_expect_eq(found_by(unique, length), 0);
    memcpy(wrong, unique, sizeof unique);
    wrong[4] = 6; /* of another type */
    cr_expect_eq(found_by(wrong, sizeof wrong), 0);
    memcpy(wrong, unique, sizeof unique);
    wrong[1] = 1; /* of another subnet */
    cr_expect_eq(found_by(wrong, sizeof wrong), 0);
    wrong[1] = wrong[3] = 0; /* of none */
    cr_expect_eq(found_by(wrong, sizeof wrong), 0);
}

Test(lease_record, a_name_finds_who_holds_an_address_before_who_held_a_lower_one)
{
    char name[] = "pc";
    uint8_t other[] = {9, 9, 9, 9, 9, 9};
    struct fo_client former = {.hw = {1, 9, 9, 9, 9, 9, 9}, .hw_length = 7};
    struct fo_lease_note note = {.name = "pc"};

    cr_assert_eq(create_for(SUBNET + 20, other, sizeof other, NULL), 0);
    cr_assert_eq(end(SUBNET + 20), 0);
    cr_assert_eq(fo_store_begin(w.store), FO_OK); /* as a partner's word would leave it */
    cr_assert_eq(fo_lease_note_put(w.store, SUBNET + 20, &former, &note), FO_OK);
    cr_assert_eq(fo_store_commit(w.store), FO_OK);
    cr_expect_eq(found_by_name(name), 0);
    cr_assert_eq(create_for(SUBNET + 30, mac, sizeof mac, name), 0);
    cr_expect_eq(found_by_name(name), SUBNET + 30);
}

Test(lease_record, a_reservation_is_one_until_its_client_has_a_lease)
{
    Mgmt__LeaseSearch search = MGMT__LEASE_SEARCH__INIT;
    Mgmt__Request q = request_of(MGMT__REQUEST__CALL_LEASE_INFO_GET, &search);
    Mgmt__Reply *reply;

    cr_expect_eq(found_at(SUBNET + 40), 0);
    cr_expect_eq(found_at(0x0a630001), 0);
    cr_assert_eq(reserve(SUBNET + 40, mac, sizeof mac), 0);
    cr_expect_eq(found_at(SUBNET + 40), SUBNET + 40);
    cr_expect_eq(found_by(unique, sizeof unique), SUBNET + 40);
    cr_expect_eq(end(SUBNET + 40), 20019); /* M-L4-21 */
    cr_expect_eq(end_by(unique, sizeof unique), 20019);
    search.key_case = MGMT__LEASE_SEARCH__KEY_ADDRESS;
    search.address = SUBNET + 40;
    for (int leased = 0; leased < 2; leased++) {
        reply = mgmt_world_call(&w, &q);
        cr_assert_eq(reply->code, 0);
        cr_expect_eq(reply->lease->expires, leased ? NOW + 3600 : 0);
        cr_expect_eq(reply->lease->client_type, leased ? 0 : 0x64, "NONE");
        cr_expect_eq(reply->lease->owner_address, leased ? 0 : 0xffffffff);
        cr_expect_str_eq(reply->lease->owner_name, leased ? "test" : "");
        cr_expect_eq(reply->lease->address_state, 1);
        cr_expect_eq(reply->lease->hardware.len, 7);
        mgmt__reply__free_unpacked(reply, NULL);
        if (!leased)
            cr_assert_eq(create_for(SUBNET + 40, mac, sizeof mac, NULL), 0);
    }
    cr_expect_eq(found_by(unique, sizeof unique), SUBNET + 40);
}

/* --- walking ---------------------------------------------------------------------------------- */

static void walk_is(fo_ipv4_t subnet, fo_ipv4_t from, const fo_ipv4_t *expected, size_t count)
{
    struct fo_lease_walk walk = {
        .db = fo_server_leases(w.server), .subnet = subnet, .from = from, .visits = 1000};
    struct fo_lease_record record;

    for (size_t i = 0; i < count; i++) {
        cr_assert(fo_lease_walk_next(&walk, &record), "%zu of %zu", i, count);
        cr_expect_eq(record.address, expected[i]);
    }
    cr_expect_not(fo_lease_walk_next(&walk, &record));
    cr_expect(walk.over);
}

Test(lease_record, a_walk_has_leases_and_reservations_in_the_order_of_addresses)
{
    fo_ipv4_t all[] = {SUBNET + 12, SUBNET + 20, SUBNET + 21, SUBNET + 30, OTHER + 15, OTHER + 200};
    uint8_t id = 0;

    cr_assert_eq(reserve(SUBNET + 12, &(uint8_t){id}, 1), 0);
    cr_assert_eq(make_lease(&w, SUBNET + 20, 1), 0);
    cr_assert_eq(make_lease(&w, SUBNET + 13, 5), 0);
    cr_assert_eq(end(SUBNET + 13), 0);
    cr_assert_eq(reserve(SUBNET + 21, (uint8_t[]){0, 0x0c, 1, 2, 3, 2}, 6), 0);
    cr_assert_eq(make_lease(&w, SUBNET + 21, 2), 0); /* one record, not two */
    cr_assert_eq(make_lease(&w, SUBNET + 30, 3), 0);
    cr_assert_eq(reserve(OTHER + 15, mac, sizeof mac), 0);
    cr_assert_eq(make_lease(&w, OTHER + 200, 4), 0);
    walk_is(0, 0, all, 6); /* M-L4-27 */
    walk_is(SUBNET, 0, all, 4);
    walk_is(OTHER, 0, all + 4, 2);
    walk_is(SUBNET, SUBNET + 21, all + 2, 2);
    walk_is(0, SUBNET + 31, all + 4, 2);
    walk_is(0, OTHER + 201, NULL, 0);
    walk_is(0x0a630000, 0, NULL, 0);
}

Test(lease_record, a_walk_ends_when_it_has_looked_at_enough_and_goes_on_from_there)
{
    struct fo_lease_walk walk = {.db = fo_server_leases(w.server), .visits = 3};
    struct fo_lease_record record;

    for (uint8_t i = 0; i < 5; i++) {
        cr_assert_eq(make_lease(&w, SUBNET + 20 + i, i), 0);
        if (i < 4)
            cr_assert_eq(end(SUBNET + 20 + i), 0);
    }
    cr_expect_not(fo_lease_walk_next(&walk, &record));
    cr_expect_not(walk.over);
    walk.visits = 3;
    cr_assert(fo_lease_walk_next(&walk, &record));
    cr_expect_eq(record.address, SUBNET + 24);
}

static uint32_t vq_walk(fo_ipv4_t subnet)
{
    Mgmt__LeaseEnum m = MGMT__LEASE_ENUM__INIT;
    Mgmt__Request q = request_of(MGMT__REQUEST__CALL_LEASE_VQ_WALK, &m);

    m.subnet = subnet;
    return mgmt_world_code(&w, &q);
}

Test(lease_record, the_walk_with_quarantine_tells_of_an_empty_scope_if_another_has_a_record)
{
    cr_expect_eq(vq_walk(SUBNET), 259);
    cr_expect_eq(vq_walk(0), 259);
    cr_expect_eq(vq_walk(OTHER), 259, "no scope, and no record anywhere");
    cr_assert_eq(reserve(SUBNET + 40, mac, sizeof mac), 0);
    cr_expect_eq(vq_walk(SUBNET), 0);
    cr_expect_eq(vq_walk(OTHER), 0);
}

Test(lease_record, the_call_with_quarantine_looks_at_the_caller_first)
{
    Mgmt__LeaseSearch m = MGMT__LEASE_SEARCH__INIT;
    Mgmt__Request q = request_of(MGMT__REQUEST__CALL_LEASE_VQ_GET, &m);

    w.right = FO_RIGHT_NONE;
    cr_expect_eq(mgmt_world_code(&w, &q), 5);
    w.right = FO_RIGHT_READ;
    cr_expect_eq(mgmt_world_code(&w, &q), 87);
    m.key_case = MGMT__LEASE_SEARCH__KEY_ADDRESS;
    m.address = SUBNET + 40;
    cr_expect_eq(mgmt_world_code(&w, &q), 20013);
}

static Mgmt__Reply *walk_call(fo_ipv4_t after, bool is_lease, uint32_t limit)
{
    Mgmt__LeaseEnum m = MGMT__LEASE_ENUM__INIT;
    Mgmt__Request q = request_of(MGMT__REQUEST__CALL_LEASE_WALK, &m);

    m.after = after;
    m.after_is_lease = is_lease;
    m.limit = limit;
    return mgmt_world_call(&w, &q);
}

Test(lease_record, a_page_says_how_many_are_left)
{
    fo_ipv4_t after = 0;

    for (uint8_t i = 0; i < 5; i++)
        cr_assert_eq(make_lease(&w, SUBNET + 20 + 2 * i, i), 0);
    for (uint32_t left = 3; left != 0; left--) {
        Mgmt__Reply *reply = walk_call(after, after != 0, left == 3 ? 2 : 1);
        cr_assert_eq(reply->code, 0);
        cr_expect_eq(reply->leases->n_list, left == 3 ? 2 : 1);
        cr_expect_eq(reply->leases->left, left);
        cr_expect(reply->leases->more);
        after = reply->leases->next;
        mgmt__reply__free_unpacked(reply, NULL);
    }
    for (int last = 0; last < 2; last++) {
        Mgmt__Reply *reply = walk_call(after, true, 10);
        cr_expect_eq(reply->code, last ? 259 : 0);
        if (!last) {
            cr_expect_eq(reply->leases->left, 0);
            cr_expect_not(reply->leases->more);
            after = reply->leases->list[0]->address;
        }
        mgmt__reply__free_unpacked(reply, NULL);
    }
}

Test(lease_record, a_handle_must_be_a_record_only_if_that_is_asked_for) /* M-L4-26 */
{
    static const struct {
        fo_ipv4_t after;
        bool is_lease;
        uint32_t code;
    } rows[] = {{SUBNET + 19, true, 20013},
                {SUBNET + 19, false, 0},
                {SUBNET + 20, true, 0},
                {0x0a630001, true, 20013},
                {0xffffffff, false, 259}};

    cr_assert_eq(make_lease(&w, SUBNET + 20, 1), 0);
    cr_assert_eq(make_lease(&w, SUBNET + 21, 2), 0);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        Mgmt__Reply *reply = walk_call(rows[i].after, rows[i].is_lease, 0);
        cr_expect_eq(reply->code, rows[i].code, "row %zu: %u", i, reply->code);
        mgmt__reply__free_unpacked(reply, NULL);
    }
}
