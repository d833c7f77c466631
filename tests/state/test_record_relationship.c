/* Tests of state/record_relationship.c. */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "state/record.h"

static fo_ipv4_t scopes[] = {0x0a000000, 0x0a000100, 0xc0a80000};

static struct fo_relationship example(void)
{
    struct fo_relationship r;

    fo_relationship_init(&r);
    strcpy(r.name, "alpha");
    strcpy(r.primary_server_name, "one.example");
    strcpy(r.secondary_server_name, "two.example");
    strcpy(r.shared_secret, "secret");
    r.role = FO_ROLE_SECONDARY;
    r.primary_server = 0xc0000201;
    r.secondary_server = 0xc0000202;
    r.mode = FO_MODE_HOT_STANDBY;
    r.percentage = 5;
    r.mclt_s = 1800;
    r.safe_period_s = 60;
    r.tls = FO_TLS_REQUIRED;
    r.partner_port = 6470;
    r.dialect = FO_DIALECT_ISC;
    r.dialect_auto = true;
    r.max_unacked = 11;
    r.receive_timer_s = 12;
    r.max_clock_skew_s = 13;
    r.load_balance_max_s = 14;
    r.has_buckets = true;
    memset(r.buckets.map, 0x5a, sizeof(r.buckets.map));
    r.scopes = scopes;
    r.scope_count = 3;
    return r;
}

static int rewritten(const struct fo_relationship *r, struct fo_relationship *out)
{
    uint8_t *value;
    size_t length;
    int rc;

    cr_assert_eq(fo_record_write_relationship(r, &value, &length), FO_OK);
    rc = fo_record_read_relationship(value, length, out);
    free(value);
    return rc;
}

Test(record_relationship, a_relationship_comes_back_whole)
{
    struct fo_relationship r = example(), got;

    cr_assert_eq(rewritten(&r, &got), FO_OK);
    cr_assert_str_eq(got.name, "alpha");
    cr_assert_str_eq(got.primary_server_name, "one.example");
    cr_assert_str_eq(got.secondary_server_name, "two.example");
    cr_assert_str_eq(got.shared_secret, "secret");
    cr_assert_eq(got.role, FO_ROLE_SECONDARY);
    cr_assert_eq(got.primary_server, 0xc0000201);
    cr_assert_eq(got.secondary_server, 0xc0000202);
    cr_assert_eq(got.mode, FO_MODE_HOT_STANDBY);
    cr_assert_eq(got.percentage, 5);
    cr_assert_eq(got.mclt_s, 1800);
    cr_assert_eq(got.safe_period_s, 60);
    cr_assert_eq(got.tls, FO_TLS_REQUIRED);
    cr_assert_eq(got.partner_port, 6470);
    cr_assert_eq(got.dialect, FO_DIALECT_ISC);
    cr_assert(got.dialect_auto);
    cr_assert_eq(got.max_unacked, 11);
    cr_assert_eq(got.receive_timer_s, 12);
    cr_assert_eq(got.max_clock_skew_s, 13);
    cr_assert_eq(got.load_balance_max_s, 14);
    cr_assert(got.has_buckets);
    cr_assert_arr_eq(got.buckets.map, r.buckets.map, sizeof(r.buckets.map));
    cr_assert_eq(got.scope_count, 3);
    cr_assert_arr_eq(got.scopes, scopes, sizeof(scopes));
    fo_relationship_fini(&got);
}

Test(record_relationship, texts_of_full_length_and_no_scopes_come_back)
{
    struct fo_relationship r = example(), got;

    memset(r.name, 'n', FO_RELATIONSHIP_NAME_BYTES);
    memset(r.shared_secret, 's', FO_SECRET_MAX);
    memset(r.primary_server_name, 'p', FO_HOST_NAME_MAX);
    memset(r.secondary_server_name, 'q', FO_HOST_NAME_MAX);
    r.scopes = NULL;
    r.scope_count = 0;
    cr_assert_eq(rewritten(&r, &got), FO_OK);
    cr_assert_str_eq(got.name, r.name);
    cr_assert_str_eq(got.shared_secret, r.shared_secret);
    cr_assert_eq(got.scope_count, 0);
    fo_relationship_fini(&got);
}

Test(record_relationship, every_flipped_bit_is_damage)
{
    struct fo_relationship r = example(), got;
    uint8_t *value;
    size_t length;

    cr_assert_eq(fo_record_write_relationship(&r, &value, &length), FO_OK);
    for (size_t bit = 0; bit < length * 8; bit++) {
        value[bit / 8] ^= (uint8_t)(1u << (bit % 8));
        cr_assert_eq(fo_record_read_relationship(value, length, &got), FO_EDAMAGED);
        value[bit / 8] ^= (uint8_t)(1u << (bit % 8));
    }
    free(value);
}

Test(record_relationship, sealed_values_out_of_range_are_damage)
{
    struct fo_relationship r = example(), got;
    fo_ipv4_t unsorted[] = {2, 1};

    r.percentage = 101;
    cr_assert_eq(rewritten(&r, &got), FO_EDAMAGED);
    r = example();
    r.mode = (enum fo_mode)2;
    cr_assert_eq(rewritten(&r, &got), FO_EDAMAGED);
    r = example();
    r.scopes = unsorted;
    r.scope_count = 2;
    cr_assert_eq(rewritten(&r, &got), FO_EDAMAGED);
}
