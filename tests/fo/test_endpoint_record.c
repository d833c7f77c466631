#include <criterion/criterion.h>
#include <string.h>

#include "fo/endpoint.h"
#include "state/record.h"

static struct fo_endpoint_record full(void)
{
    struct fo_endpoint_record r = {
        .state = FO_STATE_PAUSED,
        .since = {1800000001},
        .resume = FO_STATE_PARTNER_DOWN,
        .partner_state = FO_STATE_RECOVER_WAIT,
        .partner_since = {1800000002},
        .mclt_s = 600,
        .mclt_longest_s = 3600,
        .update_epoch = 77,
        .virgin = true,
        .lost_storage = true,
        .scopes_unheard = true,
        .unheard_count = FO_SCOPES_PER_CALL_MAX,
        .contact_since_down = true,
        .operational_until = {1800000003},
        .down_since = {1800000004},
        .last_connect = {1800000005},
    };
    for (size_t i = 0; i < sizeof r.buckets.map; i++)
        r.buckets.map[i] = (uint8_t)(i * 7);
    for (unsigned i = 0; i < FO_SCOPES_PER_CALL_MAX; i++)
        r.unheard[i] = 0x0a000000u + (i << 8);
    memset(r.cause, 'c', sizeof r.cause - 1);
    return r;
}

Test(endpoint_record, every_field_survives_the_disk)
{
    struct fo_endpoint_record r = full(), got = {0}; /* §9.2: state and its time above all */
    uint8_t value[FO_ENDPOINT_RECORD_MAX];
    size_t length;
    cr_assert_eq(fo_endpoint_record_write(&r, value, sizeof value, &length), FO_OK);
    cr_assert_eq(fo_endpoint_record_read(value, length, &got), FO_OK);
    cr_assert_eq(got.state, FO_STATE_PAUSED);
    cr_assert_eq(got.since.s, 1800000001);
    cr_assert_eq(got.resume, FO_STATE_PARTNER_DOWN);
    cr_assert_eq(got.partner_state, FO_STATE_RECOVER_WAIT);
    cr_assert_eq(got.partner_since.s, 1800000002);
    cr_assert_eq(got.mclt_s, 600);
    cr_assert_eq(got.mclt_longest_s, 3600);
    cr_assert_eq(memcmp(got.buckets.map, r.buckets.map, sizeof r.buckets.map), 0);
    cr_assert_eq(got.update_epoch, 77);
    cr_assert(got.virgin && got.lost_storage && got.contact_since_down && got.scopes_unheard);
    cr_assert_eq(got.operational_until.s, 1800000003);
    cr_assert_eq(got.down_since.s, 1800000004);
    cr_assert_eq(got.last_connect.s, 1800000005);
    cr_assert_str_eq(got.cause, r.cause);
    cr_assert_eq(got.unheard_count, FO_SCOPES_PER_CALL_MAX);
    cr_assert_eq(memcmp(got.unheard, r.unheard, sizeof r.unheard), 0);
}

Test(endpoint_record, an_empty_cause_and_no_flags_survive_too)
{
    struct fo_endpoint_record r = {.state = FO_STATE_NORMAL, .update_epoch = 1}, got = full();
    uint8_t value[FO_ENDPOINT_RECORD_MAX];
    size_t length;
    cr_assert_eq(fo_endpoint_record_write(&r, value, sizeof value, &length), FO_OK);
    cr_assert_eq(fo_endpoint_record_read(value, length, &got), FO_OK);
    cr_assert_not(got.virgin || got.lost_storage || got.contact_since_down || got.scopes_unheard);
    cr_assert_str_eq(got.cause, "");
    cr_assert_eq(got.unheard_count, 0);
}

/* Version 1 did not know which scopes are unheard: any may be. */
Test(endpoint_record, a_record_of_version_1_is_read)
{
    struct fo_endpoint_record r = full(), got;
    uint8_t value[FO_ENDPOINT_RECORD_MAX];
    struct fo_writer w;
    size_t length;
    r.unheard_count = 0;
    cr_assert_eq(fo_endpoint_record_write(&r, value, sizeof value, &length), FO_OK);
    value[0] = 1;
    w = fo_writer_of(value, sizeof value);
    w.position = length - 4 - 2; /* the checksum, and the count */
    fo_record_seal(&w);
    cr_assert_eq(fo_endpoint_record_read(value, w.position, &got), FO_OK);
    cr_assert(got.scopes_unheard);
    cr_assert_eq(got.unheard_count, 0);
    cr_assert_str_eq(got.cause, r.cause);
}

Test(endpoint_record, more_unheard_scopes_than_can_be_is_damage)
{
    struct fo_endpoint_record r = full(), got;
    uint8_t value[FO_ENDPOINT_RECORD_MAX];
    struct fo_writer w;
    size_t length, at;
    cr_assert_eq(fo_endpoint_record_write(&r, value, sizeof value, &length), FO_OK);
    at = length - 4 - sizeof r.unheard - 2;
    value[at + 1]++;
    w = fo_writer_of(value, sizeof value);
    w.position = length - 4;
    fo_record_seal(&w);
    cr_assert_eq(fo_endpoint_record_read(value, w.position, &got), FO_EDAMAGED);
}

Test(endpoint_record, one_flipped_bit_anywhere_is_seen)
{
    struct fo_endpoint_record r = full(), got;
    uint8_t value[FO_ENDPOINT_RECORD_MAX];
    size_t length;
    cr_assert_eq(fo_endpoint_record_write(&r, value, sizeof value, &length), FO_OK);
    for (size_t bit = 0; bit < length * 8; bit++) {
        int rc;
        value[bit / 8] ^= (uint8_t)(1u << bit % 8);
        rc = fo_endpoint_record_read(value, length, &got);
        cr_assert(rc == FO_EDAMAGED || rc == FO_EVERSION, "bit %zu: %d", bit, rc);
        value[bit / 8] ^= (uint8_t)(1u << bit % 8);
    }
    for (size_t cut = 0; cut < length; cut++)
        cr_assert_eq(fo_endpoint_record_read(value, cut, &got), FO_EDAMAGED, "cut at %zu", cut);
}

Test(endpoint_record, a_state_that_cannot_be_is_damage_although_the_checksum_fits)
{
    static const struct {
        enum fo_state state, resume, partner;
        uint32_t epoch;
        int rc;
    } rows[] = {
        {FO_STATE_NORMAL, FO_STATE_NONE, FO_STATE_NONE, 1, FO_OK},
        {FO_STATE_NONE, FO_STATE_NONE, FO_STATE_NONE, 1, FO_EDAMAGED},
        {FO_STATE_STARTUP, FO_STATE_NONE, FO_STATE_NONE, 1, FO_EDAMAGED}, /* never stored */
        {FO_STATE_COUNT, FO_STATE_NONE, FO_STATE_NONE, 1, FO_EDAMAGED},
        {FO_STATE_NORMAL, FO_STATE_NONE, FO_STATE_COUNT, 1, FO_EDAMAGED},
        {FO_STATE_NORMAL, FO_STATE_NONE, FO_STATE_NONE, 0, FO_EDAMAGED}, /* §5.17: never 0 */
        {FO_STATE_PAUSED, FO_STATE_NORMAL, FO_STATE_NONE, 1, FO_OK},
        {FO_STATE_PAUSED, FO_STATE_NONE, FO_STATE_NONE, 1, FO_EDAMAGED}, /* §9.13.2 */
        {FO_STATE_PAUSED, FO_STATE_PAUSED, FO_STATE_NONE, 1, FO_EDAMAGED},
        {FO_STATE_SHUTDOWN, FO_STATE_SHUTDOWN, FO_STATE_NONE, 1, FO_EDAMAGED}, /* §9.14.3 */
        {FO_STATE_SHUTDOWN, FO_STATE_STARTUP, FO_STATE_NONE, 1, FO_EDAMAGED},
        {FO_STATE_SHUTDOWN, FO_STATE_RECOVER, FO_STATE_NONE, 1, FO_OK},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct fo_endpoint_record r = {.state = rows[i].state, .resume = rows[i].resume}, got;
        uint8_t value[FO_ENDPOINT_RECORD_MAX];
        size_t length;
        r.partner_state = rows[i].partner;
        r.update_epoch = rows[i].epoch;
        cr_assert_eq(fo_endpoint_record_write(&r, value, sizeof value, &length), FO_OK);
        cr_assert_eq(fo_endpoint_record_read(value, length, &got), rows[i].rc, "row %zu", i);
    }
}

Test(endpoint_record, too_little_room_is_an_error)
{
    struct fo_endpoint_record r = full();
    uint8_t value[FO_ENDPOINT_RECORD_MAX];
    size_t length;
    cr_assert_eq(fo_endpoint_record_write(&r, value, 100, &length), FO_ENOSPACE);
}
