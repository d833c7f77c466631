/* Tests of state/record.c: the envelope, addresses as keys, bindings. */
#include <criterion/criterion.h>
#include <string.h>

#include "tests/state/lease_db_case.h"
#include "state/record.h"

static size_t seal(uint8_t version, uint8_t out[20])
{
    struct fo_writer w = fo_writer_of(out, 20);

    fo_write_u8(&w, version);
    fo_write_u16(&w, 0x1234);
    fo_record_seal(&w);
    cr_assert_eq(w.err, FO_OK);
    return w.position;
}

Test(record, a_sealed_record_opens_to_its_body)
{
    struct fo_reader r;
    uint8_t value[20], version;
    uint16_t body;
    size_t length = seal(2, value);

    cr_assert_eq(length, 7);
    cr_assert_eq(fo_record_open(value, length, 3, &version, &r), FO_OK);
    cr_assert_eq(version, 2);
    fo_read_u16(&r, &body);
    cr_assert_eq(body, 0x1234);
    cr_assert_eq(fo_reader_left(&r), 0);
}

Test(record, every_flipped_bit_and_every_cut_is_damage)
{
    struct fo_reader r;
    uint8_t value[20], version = 77;
    size_t length = seal(1, value);

    for (size_t bit = 0; bit < length * 8; bit++) {
        value[bit / 8] ^= (uint8_t)(1u << (bit % 8));
        cr_assert_eq(fo_record_open(value, length, 1, &version, &r), FO_EDAMAGED);
        value[bit / 8] ^= (uint8_t)(1u << (bit % 8));
    }
    for (size_t cut = 0; cut < length; cut++)
        cr_assert_eq(fo_record_open(value, cut, 1, &version, &r), FO_EDAMAGED);
    cr_assert_eq(version, 77, "the output is untouched");
}

Test(record, a_future_version_is_told_from_damage_and_version_0_is_damage)
{
    struct fo_reader r;
    uint8_t value[20], version;
    size_t length = seal(2, value);

    cr_assert_eq(fo_record_open(value, length, 1, &version, &r), FO_EVERSION);
    length = seal(0, value);
    cr_assert_eq(fo_record_open(value, length, 1, &version, &r), FO_EDAMAGED);
}

Test(record, address_keys_sort_as_addresses)
{
    static const fo_ipv4_t addresses[] = {0,          1,          0x00ffffff, 0x0a000001,
                                          0x7fffffff, 0x80000000, 0xfffffffe, 0xffffffff};
    uint8_t former[4], key[4];

    for (size_t i = 0; i < sizeof(addresses) / sizeof(addresses[0]); i++) {
        fo_ipv4_t address;
        fo_record_put_address(addresses[i], key);
        cr_assert(i == 0 || memcmp(former, key, 4) < 0);
        cr_assert_eq(fo_record_get_address(key, 4, &address), FO_OK);
        cr_assert_eq(address, addresses[i]);
        memcpy(former, key, 4);
    }
    cr_assert_eq(fo_record_get_address(key, 3, &(fo_ipv4_t){0}), FO_EDAMAGED);
    cr_assert_eq(fo_record_get_address("12345", 5, &(fo_ipv4_t){0}), FO_EDAMAGED);
}

static struct fo_binding full_binding(void)
{
    static uint8_t id[FO_CLIENT_ID_MAX];
    struct fo_binding b = active(0xc0a80001, 9);

    memset(id, 0xab, sizeof(id));
    b.flags = FO_BINDING_RESERVED | FO_BINDING_LATE;
    b.client.hw_length = FO_HW_MAX;
    b.client.id = id;
    b.client.id_length = FO_CLIENT_ID_MAX;
    b.lease_expiration = fo_utc(1);
    b.sent_potential_expiration = fo_utc(2);
    b.acked_potential_expiration = fo_utc(3);
    b.received_potential_expiration = fo_utc(4);
    b.client_last_transaction = fo_utc(5);
    b.start_of_state = fo_utc(0xffffffff);
    b.last_partner_update = fo_utc(6);
    b.acked_epoch = 0xfffffffe;
    return b;
}

Test(record, the_largest_binding_fits_and_comes_back)
{
    struct fo_binding b = full_binding(), got;
    uint8_t key[4], value[FO_RECORD_BINDING_MAX];
    size_t length = fo_record_write_binding(&b, value);

    cr_assert_leq(length, FO_RECORD_BINDING_MAX);
    fo_record_put_address(b.address, key);
    cr_assert_eq(fo_record_read_binding(key, 4, value, length, &got), FO_OK);
    assert_same_binding(&got, &b);
    cr_assert(got.client.id > value && got.client.id < value + length, "borrowed");
}

/* The form before last_partner_update, which was added at the end. */
Test(record, a_binding_of_version_1_is_read)
{
    struct fo_binding b = full_binding(), got;
    uint8_t key[4], value[FO_RECORD_BINDING_MAX];
    size_t length = fo_record_write_binding(&b, value) - 4;
    struct fo_writer w = {.data = value, .capacity = sizeof value, .position = length - 4};

    value[0] = 1;
    fo_record_seal(&w);
    fo_record_put_address(b.address, key);
    cr_assert_eq(fo_record_read_binding(key, 4, value, length, &got), FO_OK);
    b.last_partner_update = fo_utc(0);
    assert_same_binding(&got, &b);
}

Test(record, a_client_without_identifier_or_hardware_comes_back_so)
{
    struct fo_binding b = {.address = 1, .status = FO_STATUS_BACKUP}, got;
    uint8_t key[4], value[FO_RECORD_BINDING_MAX];
    size_t length = fo_record_write_binding(&b, value);

    fo_record_put_address(b.address, key);
    cr_assert_eq(fo_record_read_binding(key, 4, value, length, &got), FO_OK);
    assert_same_binding(&got, &b);
}

/* Reseals |value| after a change, so that only the content is wrong. */
static int read_resealed(uint8_t *value, size_t length)
{
    struct fo_writer w = {.data = value, .capacity = FO_RECORD_BINDING_MAX, .position = length - 4};
    struct fo_binding got;
    uint8_t key[4] = {0};

    fo_record_seal(&w);
    return fo_record_read_binding(key, 4, value, length, &got);
}

Test(record, sealed_nonsense_is_damage)
{
    struct fo_binding b = active(5, 9);
    uint8_t value[FO_RECORD_BINDING_MAX + 1];
    size_t length = fo_record_write_binding(&b, value);

    cr_assert_eq(read_resealed(value, length), FO_OK);
    value[1] = 0; /* no status */
    cr_assert_eq(read_resealed(value, length), FO_EDAMAGED);
    value[1] = 8;
    cr_assert_eq(read_resealed(value, length), FO_EDAMAGED);
    value[1] = FO_STATUS_ACTIVE;
    cr_assert_eq(read_resealed(value, length + 1), FO_EDAMAGED, "a byte too many");
    length = fo_record_write_binding(&b, value);
    value[31] = FO_HW_MAX + 1; /* the hardware length, behind version, status, flags, 7 numbers */
    cr_assert_eq(read_resealed(value, length), FO_EDAMAGED);
    length = fo_record_write_binding(&b, value);
    cr_assert_eq(read_resealed(value, length - 1), FO_EDAMAGED, "a byte too few");
}
