/* tests/proto/hex.h: bytes typed by hand. */
#ifndef FO_TESTS_PROTO_HEX_H
#define FO_TESTS_PROTO_HEX_H

#include <criterion/criterion.h>
#include <ctype.h>
#include <string.h>

#include "proto/message.h"

struct bytes {
    uint8_t data[4096];
    size_t length;
};

/** "000c 01" becomes three bytes; blanks are for the reader. */
static inline struct bytes hex(const char *text)
{
    static const char digits[] = "0123456789abcdef";
    struct bytes b = {.length = 0};
    unsigned nibbles = 0;

    for (; *text != '\0'; text++) {
        const char *digit = strchr(digits, *text);

        if (isspace((unsigned char)*text))
            continue;
        cr_assert_not_null(digit, "not a hex digit: %c", *text);
        b.data[nibbles / 2] = (uint8_t)(b.data[nibbles / 2] << 4 | (digit - digits));
        nibbles++;
    }
    cr_assert_eq(nibbles % 2, 0, "half a byte");
    b.length = nibbles / 2;
    return b;
}

/** A message of |type| with xid 7 and time 0x5f000001 around the options typed in |options|. */
static inline struct bytes message_of(uint8_t type, const char *options)
{
    struct bytes b = hex("0000 00 0c 5f000001 00000007");
    struct bytes payload = hex(options);

    memcpy(b.data + b.length, payload.data, payload.length);
    b.length += payload.length;
    b.data[0] = (uint8_t)(b.length >> 8);
    b.data[1] = (uint8_t)b.length;
    b.data[2] = type;
    return b;
}

static inline struct fo_span span_of(const char *text)
{
    return (struct fo_span){(const uint8_t *)text, (uint16_t)strlen(text)};
}

static inline void expect_span(struct fo_span got, const char *expected_hex)
{
    struct bytes expected = hex(expected_hex);

    cr_assert_eq(got.length, expected.length, "%u bytes, not %zu", got.length, expected.length);
    cr_assert_arr_eq(got.data, expected.data, expected.length);
}

/** The bytes of |m|, which may be sent. */
static inline struct bytes encoded(const struct fo_message *m, enum fo_dialect_name dialect)
{
    struct bytes b = {.length = 0};
    struct fo_writer w = fo_writer_of(b.data, sizeof b.data);
    int rc = fo_message_encode(m, fo_dialect_get(dialect), NULL, &w);

    cr_assert_eq(rc, FO_OK, "%s", fo_error_name(rc));
    b.length = w.position;
    return b;
}

static inline void expect_bytes(struct bytes got, struct bytes expected)
{
    cr_assert_eq(got.length, expected.length, "%zu bytes, not %zu", got.length, expected.length);
    cr_assert_arr_eq(got.data, expected.data, expected.length);
}

#endif
