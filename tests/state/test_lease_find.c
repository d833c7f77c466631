/* Tests of state/lease_find.c: walking, available addresses, the addresses of a client. */
#include <criterion/criterion.h>
#include <stdlib.h>

#include "tests/state/lease_db_case.h"

static void put(struct fo_lease_db *db, fo_ipv4_t address, enum fo_binding_status status,
                uint32_t client)
{
    struct fo_binding b = active(address, client);

    b.status = (uint8_t)status;
    cr_assert_eq(fo_lease_db_put(db, &b), FO_OK);
}

static fo_ipv4_t available(struct fo_lease_db *db, fo_ipv4_t subnet, enum fo_binding_status status,
                           fo_ipv4_t from)
{
    fo_ipv4_t found;

    return fo_lease_db_available(db, subnet, status, from, &found) ? found : 0;
}

/* --- walking ------------------------------------------------------------------------------- */

Test(lease_find, next_meets_touched_addresses_of_all_scopes_in_order)
{
    struct fo_lease_db *db = one_scope_db();
    static const fo_ipv4_t touched[] = {0x0a000000, 0x0a0000ff, 0x0b000000, 0x0b0f1234, 0x0b0fffff};
    struct fo_binding b;
    fo_ipv4_t from = 0;

    add_plain_scope(db, 0x0b000000, 0xfff00000, 0x0b000001, 0x0b0ffffe);
    cr_assert_not(fo_lease_db_next(db, 0, &b));
    for (int i = 4; i >= 0; i--)
        put(db, touched[i], FO_STATUS_ACTIVE, (uint32_t)i);
    cr_assert_eq(fo_lease_db_set_marks(db, 0x0a000005, 1), FO_OK); /* no record */
    for (size_t i = 0; i < 5; i++) {
        cr_assert(fo_lease_db_next(db, from, &b));
        cr_assert_eq(b.address, touched[i]);
        from = b.address + 1;
    }
    cr_assert_not(fo_lease_db_next(db, from, &b));
    fo_lease_db_free(db);
}

Test(lease_find, next_in_stays_in_its_scope_and_meets_the_untouched_when_asked)
{
    struct fo_lease_db *db = one_scope_db(); /* .10 to .199 without .50 to .59 */
    fo_ipv4_t from = 0;
    struct fo_binding b;
    int count = 0;

    add_plain_scope(db, 0x0b000000, 0xffffff00, 0x0b000001, 0x0b000009);
    put(db, 0x0a000002, FO_STATUS_ABANDONED, 1); /* outside the ranges, but known */
    put(db, 0x0a000064, FO_STATUS_ACTIVE, 2);
    for (; fo_lease_db_next_in(db, 0x0a000000, from, true, &b); from = b.address + 1)
        count++;
    cr_assert_eq(count, 181);
    cr_assert_eq(b.address, 0x0a0000c7);
    count = 0;
    for (from = 0; fo_lease_db_next_in(db, 0x0a000000, from, false, &b); from = b.address + 1)
        count++;
    cr_assert_eq(count, 2);
    cr_assert_not(fo_lease_db_next_in(db, 0x0c000000, 0, true, &b), "no such scope");
    cr_assert(fo_lease_db_next_in(db, 0x0b000000, 0, true, &b), "no page was ever made here");
    cr_assert_eq(b.address, 0x0b000001);
    cr_assert_eq(b.status, FO_STATUS_FREE);
    fo_lease_db_free(db);
}

/* --- available addresses ------------------------------------------------------------------- */

Test(lease_find, available_skips_exclusions_reservations_and_other_statuses)
{
    struct fo_lease_db *db = one_scope_db(); /* reserved: .20, .21; excluded: .50 to .59 */

    for (int page_made = 0; page_made < 2; page_made++) {
        cr_assert_eq(available(db, 0x0a000000, FO_STATUS_FREE, 0), 0x0a00000a);
        cr_assert_eq(available(db, 0x0a000000, FO_STATUS_FREE, 0x0a000014), 0x0a000016);
        cr_assert_eq(available(db, 0x0a000000, FO_STATUS_FREE, 0x0a000032), 0x0a00003c);
        cr_assert_eq(available(db, 0x0a000000, FO_STATUS_FREE, 0x0a0000c7), 0x0a0000c7);
        cr_assert_eq(available(db, 0x0a000000, FO_STATUS_FREE, 0x0a0000c8), 0x0a00000a, "wraps");
        cr_assert_eq(available(db, 0x0a000000, FO_STATUS_BACKUP, 0), 0);
        cr_assert_eq(fo_lease_db_set_marks(db, 0x0a000001, 1), FO_OK);
    }
    put(db, 0x0a000014, FO_STATUS_BACKUP, 0);
    cr_assert_eq(available(db, 0x0a000000, FO_STATUS_BACKUP, 0), 0, "reserved");
    put(db, 0x0a000032, FO_STATUS_BACKUP, 0);
    cr_assert_eq(available(db, 0x0a000000, FO_STATUS_BACKUP, 0), 0, "excluded");
    put(db, 0x0a000016, FO_STATUS_BACKUP, 0);
    cr_assert_eq(available(db, 0x0a000000, FO_STATUS_BACKUP, 0x0a0000ff), 0x0a000016);
    cr_assert_eq(available(db, 0x0a000000, FO_STATUS_FREE, 0x0a000014), 0x0a000017);
    fo_lease_db_free(db);
}

Test(lease_find, the_last_free_address_of_a_million_is_found_from_everywhere)
{
    struct fo_lease_db *db = fo_lease_db_new();
    struct fo_scope_counts c;

    add_plain_scope(db, 0x0a000000, 0xfff00000, 0x0a000000, 0x0a0fffff);
    for (fo_ipv4_t address = 0x0a000000; address <= 0x0a0fffff; address++)
        if (address != 0x0a051234)
            put(db, address, FO_STATUS_ACTIVE, address);
    for (fo_ipv4_t from = 0x0a000000; from <= 0x0a0fffff; from += 17)
        cr_assert_eq(available(db, 0x0a000000, FO_STATUS_FREE, from), 0x0a051234);
    put(db, 0x0a051234, FO_STATUS_ACTIVE, 1);
    cr_assert_eq(available(db, 0x0a000000, FO_STATUS_FREE, 0x0a051234), 0);
    fo_lease_db_counts(db, 0x0a000000, &c);
    cr_assert_eq(c.by_status[FO_STATUS_ACTIVE], 1048576);
    cr_assert_eq(c.by_status[FO_STATUS_FREE], 0);
    cr_assert_eq(fo_lease_db_size(db), 1048576);
    fo_lease_db_free(db);
}

/* --- against a plain model ----------------------------------------------------------------- */

#define MODEL_SIZE 1024u /* 10.0.0.0/22 */

struct model {
    uint8_t status[MODEL_SIZE]; /* 0: untouched */
    bool leasable[MODEL_SIZE], reserved[MODEL_SIZE];
};

static enum fo_binding_status model_status(const struct model *m, uint32_t i)
{
    return m->status[i] != 0 ? (enum fo_binding_status)m->status[i] : FO_STATUS_FREE;
}

static fo_ipv4_t model_available(const struct model *m, enum fo_binding_status status,
                                 uint32_t from)
{
    for (uint32_t n = 0; n < MODEL_SIZE; n++) {
        uint32_t i = (from + n) % MODEL_SIZE;
        if (m->leasable[i] && !m->reserved[i] && model_status(m, i) == status)
            return 0x0a000000 + i;
    }
    return 0;
}

static void model_layout(struct fo_lease_db *db, struct model *m, unsigned *seed)
{
    struct fo_range ranges[2], exclusion;
    struct fo_reservation reservation = {.id_length = 1};
    struct fo_scope s = plain_scope(0x0a000000, 0xfffffc00, ranges);
    uint32_t cut[5] = {0};

    for (uint32_t i = 1; i < 5; i++)
        cut[i] = cut[i - 1] + 1 + (uint32_t)rand_r(seed) % 250;
    ranges[0] = (struct fo_range){0x0a000000 + cut[1], 0x0a000000 + cut[2]};
    ranges[1] = (struct fo_range){0x0a000000 + cut[3] + 1, 0x0a000000 + cut[4] + 20};
    exclusion = (struct fo_range){ranges[1].first + 3, ranges[1].first + 9};
    reservation.address = 0x0a000000 + (uint32_t)rand_r(seed) % MODEL_SIZE;
    s.range_count = 2;
    s.exclusions = &exclusion;
    s.exclusion_count = 1;
    s.reservations = &reservation;
    s.reservation_count = 1;
    cr_assert_eq(fo_lease_db_set_scope(db, &s), FO_OK);
    for (uint32_t i = 0; i < MODEL_SIZE; i++) {
        m->leasable[i] = fo_scope_leasable(&s, 0x0a000000 + i);
        m->reserved[i] = 0x0a000000 + i == reservation.address;
    }
}

static void model_compare(struct fo_lease_db *db, const struct model *m, unsigned *seed)
{
    struct fo_scope_counts c, expected = {0};
    uint64_t size = 0;

    for (uint32_t i = 0; i < MODEL_SIZE; i++) {
        enum fo_binding_status status = model_status(m, i);
        size += m->status[i] != 0;
        expected.leasable += m->leasable[i];
        expected.by_status[status] += m->leasable[i];
        expected.outside +=
            !m->leasable[i] && (status == FO_STATUS_ACTIVE || status == FO_STATUS_ABANDONED);
    }
    fo_lease_db_counts(db, 0x0a000000, &c);
    cr_assert_eq(c.leasable, expected.leasable);
    cr_assert_eq(c.outside, expected.outside);
    cr_assert_arr_eq(c.by_status, expected.by_status, sizeof(c.by_status));
    cr_assert_eq(fo_lease_db_size(db), size);
    for (int status = FO_STATUS_FREE; status < FO_STATUS_COUNT; status++) {
        uint32_t from = (uint32_t)rand_r(seed) % MODEL_SIZE;
        cr_assert_eq(available(db, 0x0a000000, (enum fo_binding_status)status, 0x0a000000 + from),
                     model_available(m, (enum fo_binding_status)status, from));
    }
}

static void model_compare_walks(struct fo_lease_db *db, const struct model *m)
{
    fo_ipv4_t touched_from = 0, any_from = 0;
    struct fo_binding b;

    for (uint32_t i = 0; i < MODEL_SIZE; i++) {
        if (m->status[i] != 0) {
            cr_assert(fo_lease_db_next(db, touched_from, &b));
            cr_assert_eq(b.address, 0x0a000000 + i);
            touched_from = b.address + 1;
        }
        if (m->status[i] != 0 || m->leasable[i]) {
            cr_assert(fo_lease_db_next_in(db, 0x0a000000, any_from, true, &b));
            cr_assert_eq(b.address, 0x0a000000 + i);
            any_from = b.address + 1;
        }
    }
    cr_assert_not(fo_lease_db_next(db, touched_from, &b));
    cr_assert_not(fo_lease_db_next_in(db, 0x0a000000, any_from, true, &b));
}

Test(lease_find, counts_and_searches_agree_with_a_plain_model_after_random_changes)
{
    static struct model m;
    struct fo_lease_db *db = fo_lease_db_new();
    unsigned seed = 7;

    model_layout(db, &m, &seed);
    for (int step = 0; step < 6000; step++) {
        uint32_t i = (uint32_t)rand_r(&seed) % MODEL_SIZE;
        if (rand_r(&seed) % 200 == 0)
            model_layout(db, &m, &seed);
        if (rand_r(&seed) % 5 == 0) {
            cr_assert_eq(fo_lease_db_forget(db, 0x0a000000 + i), FO_OK);
            m.status[i] = 0;
        } else {
            m.status[i] = (uint8_t)(1 + rand_r(&seed) % 7);
            put(db, 0x0a000000 + i, (enum fo_binding_status)m.status[i], i);
        }
        model_compare(db, &m, &seed);
        if (step % 100 == 0)
            model_compare_walks(db, &m);
    }
    fo_lease_db_free(db);
}

/* --- the addresses of a client ------------------------------------------------------------- */

static fo_ipv4_t find(struct fo_lease_db *db, fo_ipv4_t subnet, struct fo_client client)
{
    fo_ipv4_t found;

    return fo_lease_db_find_client(db, subnet, &client, &found) ? found : 0;
}

Test(lease_find, a_client_is_found_per_scope_and_anywhere)
{
    struct fo_lease_db *db = one_scope_db();

    add_plain_scope(db, 0x0b000000, 0xffffff00, 0x0b000001, 0x0b000009);
    put(db, 0x0a00000a, FO_STATUS_FREE, 1);
    put(db, 0x0b000001, FO_STATUS_ACTIVE, 1);
    put(db, 0x0a00000b, FO_STATUS_ACTIVE, 2);
    cr_assert_eq(find(db, 0x0a000000, ethernet(1)), 0x0a00000a, "last held");
    cr_assert_eq(find(db, 0x0b000000, ethernet(1)), 0x0b000001);
    cr_assert_eq(find(db, 0, ethernet(1)), 0x0b000001, "ACTIVE before others");
    cr_assert_eq(find(db, 0x0b000000, ethernet(2)), 0);
    cr_assert_eq(find(db, 0, ethernet(3)), 0);
    cr_assert_eq(find(db, 0, (struct fo_client){0}), 0, "a client with neither equals none");
    fo_lease_db_free(db);
}

Test(lease_find, active_comes_before_a_later_transaction_and_that_before_an_earlier)
{
    struct fo_lease_db *db = one_scope_db();
    struct fo_binding b = active(0x0a00000a, 1);

    b.status = FO_STATUS_FREE;
    b.client_last_transaction = fo_utc(100);
    cr_assert_eq(fo_lease_db_put(db, &b), FO_OK);
    b.address = 0x0a00000b;
    b.client_last_transaction = fo_utc(300);
    cr_assert_eq(fo_lease_db_put(db, &b), FO_OK);
    b.address = 0x0a00000c;
    b.client_last_transaction = fo_utc(200);
    cr_assert_eq(fo_lease_db_put(db, &b), FO_OK);
    cr_assert_eq(find(db, 0x0a000000, ethernet(1)), 0x0a00000b);
    b.address = 0x0a00000d;
    b.status = FO_STATUS_ACTIVE;
    b.client_last_transaction = fo_utc(50);
    cr_assert_eq(fo_lease_db_put(db, &b), FO_OK);
    cr_assert_eq(find(db, 0x0a000000, ethernet(1)), 0x0a00000d);
    fo_lease_db_free(db);
}

/* Source: draft-12 §7.1.1: the client-identifier is the client's name if it has one. */
Test(lease_find, a_client_with_an_identifier_is_found_by_it_alone)
{
    struct fo_lease_db *db = one_scope_db();
    static const uint8_t id[] = {0, 'h', 'o', 's', 't'};
    struct fo_binding b = active(0x0a00000a, 1);
    struct fo_client other_card = ethernet(2);

    b.client.id = id;
    b.client.id_length = sizeof(id);
    other_card.id = id;
    other_card.id_length = sizeof(id);
    cr_assert_eq(fo_lease_db_put(db, &b), FO_OK);
    cr_assert_eq(find(db, 0, other_card), 0x0a00000a);
    cr_assert_eq(find(db, 0, ethernet(1)), 0);
    fo_lease_db_free(db);
}

Test(lease_find, an_address_with_a_new_client_is_no_longer_found_under_the_old)
{
    struct fo_lease_db *db = one_scope_db();

    put(db, 0x0a00000a, FO_STATUS_ACTIVE, 1);
    put(db, 0x0a00000a, FO_STATUS_ACTIVE, 2);
    cr_assert_eq(find(db, 0, ethernet(1)), 0);
    cr_assert_eq(find(db, 0, ethernet(2)), 0x0a00000a);
    fo_lease_db_free(db);
}

Test(lease_find, every_one_of_many_clients_is_found_with_any_seed)
{
    for (uint64_t seed = 0; seed < 3; seed++) {
        struct fo_lease_db *db = fo_lease_db_new();
        fo_lease_db_seed(db, seed * 0x123456789abcdefu);
        add_plain_scope(db, 0x0a000000, 0xffff0000, 0x0a000000, 0x0a00ffff);
        for (uint32_t i = 0; i < 20000; i++)
            put(db, 0x0a000000 + i, FO_STATUS_ACTIVE, i % 15000); /* some hold two */
        for (uint32_t i = 0; i < 20000; i += 3)
            cr_assert_eq(fo_lease_db_forget(db, 0x0a000000 + i), FO_OK);
        for (uint32_t i = 0; i < 15000; i++) {
            fo_ipv4_t second = i < 5000 && (i + 15000) % 3 != 0 ? 0x0a000000 + i + 15000 : 0;
            cr_assert_eq(find(db, 0, ethernet(i)), i % 3 != 0 ? 0x0a000000 + i : second);
        }
        fo_lease_db_free(db);
    }
}
