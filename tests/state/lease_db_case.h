/* tests/state/lease_db_case.h: databases and bindings that the lease_db tests begin with. */
#ifndef FO_TESTS_STATE_LEASE_DB_CASE_H
#define FO_TESTS_STATE_LEASE_DB_CASE_H

#include <criterion/criterion.h>
#include <string.h>

#include "state/lease_db.h"

/* The scope |subnet|/|mask| with one range, nothing excluded. */
static inline struct fo_scope plain_scope(fo_ipv4_t subnet, fo_ipv4_t mask, struct fo_range *range)
{
    return (struct fo_scope){
        .subnet = subnet, .mask = mask, .name = "plain", .ranges = range, .range_count = 1};
}

static inline void add_plain_scope(struct fo_lease_db *db, fo_ipv4_t subnet, fo_ipv4_t mask,
                                   fo_ipv4_t first, fo_ipv4_t last)
{
    struct fo_range range = {first, last};
    struct fo_scope s = plain_scope(subnet, mask, &range);

    cr_assert_eq(fo_lease_db_set_scope(db, &s), FO_OK);
}

/* 10.0.0.0/24: range .10 to .199, excluded .50 to .59, reserved .20 and .21. */
static inline struct fo_lease_db *one_scope_db(void)
{
    struct fo_range range = {0x0a00000a, 0x0a0000c7};
    struct fo_range excluded = {0x0a000032, 0x0a00003b};
    static struct fo_reservation reservations[] = {{.address = 0x0a000014, .id_length = 1},
                                                   {.address = 0x0a000015, .id_length = 1}};
    struct fo_scope s = plain_scope(0x0a000000, 0xffffff00, &range);
    struct fo_lease_db *db = fo_lease_db_new();

    s.exclusions = &excluded;
    s.exclusion_count = 1;
    s.reservations = reservations;
    s.reservation_count = 2;
    cr_assert_not_null(db);
    cr_assert_eq(fo_lease_db_set_scope(db, &s), FO_OK);
    return db;
}

/* An Ethernet client whose address ends in |number|. */
static inline struct fo_client ethernet(uint32_t number)
{
    return (struct fo_client){.hw = {1, 2, 0, (uint8_t)(number >> 24), (uint8_t)(number >> 16),
                                     (uint8_t)(number >> 8), (uint8_t)number},
                              .hw_length = 7};
}

static inline struct fo_binding active(fo_ipv4_t address, uint32_t client_number)
{
    return (struct fo_binding){.address = address,
                               .status = FO_STATUS_ACTIVE,
                               .client = ethernet(client_number),
                               .lease_expiration = fo_utc(2000)};
}

static inline void assert_same_binding(const struct fo_binding *a, const struct fo_binding *b)
{
    cr_assert_eq(a->address, b->address);
    cr_assert_eq(a->status, b->status);
    cr_assert_eq(a->flags, b->flags);
    cr_assert_eq(a->client.hw_length, b->client.hw_length);
    cr_assert_arr_eq(a->client.hw, b->client.hw, a->client.hw_length);
    cr_assert_eq(a->client.id_length, b->client.id_length);
    if (a->client.id_length > 0)
        cr_assert_arr_eq(a->client.id, b->client.id, a->client.id_length);
    cr_assert_eq(a->lease_expiration.s, b->lease_expiration.s);
    cr_assert_eq(a->sent_potential_expiration.s, b->sent_potential_expiration.s);
    cr_assert_eq(a->acked_potential_expiration.s, b->acked_potential_expiration.s);
    cr_assert_eq(a->received_potential_expiration.s, b->received_potential_expiration.s);
    cr_assert_eq(a->client_last_transaction.s, b->client_last_transaction.s);
    cr_assert_eq(a->start_of_state.s, b->start_of_state.s);
    cr_assert_eq(a->last_partner_update.s, b->last_partner_update.s);
    cr_assert_eq(a->acked_epoch, b->acked_epoch);
}

#endif
