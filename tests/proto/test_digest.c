/* The HMAC-MD5 of RFC 2104 that the tests need is written here from RFC 1321 and proved by the
 * vectors of RFC 2202; what is under test is where the digest goes and what it covers. */
#include "tests/proto/hex.h"

#define BIT   FO_OPT_BIT
#define DRAFT fo_dialect_get(FO_DIALECT_DRAFT)

/* RFC 1321 §3.4: 2^32 times the sines of 1 to 64. */
static const uint32_t sines[64] = {
    0xd76aa478u, 0xe8c7b756u, 0x242070dbu, 0xc1bdceeeu, 0xf57c0fafu, 0x4787c62au, 0xa8304613u,
    0xfd469501u, 0x698098d8u, 0x8b44f7afu, 0xffff5bb1u, 0x895cd7beu, 0x6b901122u, 0xfd987193u,
    0xa679438eu, 0x49b40821u, 0xf61e2562u, 0xc040b340u, 0x265e5a51u, 0xe9b6c7aau, 0xd62f105du,
    0x02441453u, 0xd8a1e681u, 0xe7d3fbc8u, 0x21e1cde6u, 0xc33707d6u, 0xf4d50d87u, 0x455a14edu,
    0xa9e3e905u, 0xfcefa3f8u, 0x676f02d9u, 0x8d2a4c8au, 0xfffa3942u, 0x8771f681u, 0x6d9d6122u,
    0xfde5380cu, 0xa4beea44u, 0x4bdecfa9u, 0xf6bb4b60u, 0xbebfbc70u, 0x289b7ec6u, 0xeaa127fau,
    0xd4ef3085u, 0x04881d05u, 0xd9d4d039u, 0xe6db99e5u, 0x1fa27cf8u, 0xc4ac5665u, 0xf4292244u,
    0x432aff97u, 0xab9423a7u, 0xfc93a039u, 0x655b59c3u, 0x8f0ccc92u, 0xffeff47du, 0x85845dd1u,
    0x6fa87e4fu, 0xfe2ce6e0u, 0xa3014314u, 0x4e0811a1u, 0xf7537e82u, 0xbd3af235u, 0x2ad7d2bbu,
    0xeb86d391u};

static uint32_t rotate(uint32_t x, unsigned n)
{
    return x << n | x >> (32 - n);
}

static void md5_block(uint32_t state[4], const uint8_t *block)
{
    static const uint8_t turns[4][4] = {
        {7, 12, 17, 22}, {5, 9, 14, 20}, {4, 11, 16, 23}, {6, 10, 15, 21}};
    uint32_t a = state[0], b = state[1], c = state[2], d = state[3];

    for (unsigned i = 0; i < 64; i++) {
        unsigned round = i / 16;
        unsigned k = (const unsigned[]){i, 5 * i + 1, 3 * i + 5, 7 * i}[round] % 16;
        uint32_t f = (const uint32_t[]){(b & c) | (~b & d), (b & d) | (c & ~d), b ^ c ^ d,
                                        c ^ (b | ~d)}[round];
        uint32_t word = (uint32_t)block[4 * k] | (uint32_t)block[4 * k + 1] << 8 |
                        (uint32_t)block[4 * k + 2] << 16 | (uint32_t)block[4 * k + 3] << 24;
        uint32_t next = b + rotate(a + f + word + sines[i], turns[round][i % 4]);

        a = d;
        d = c;
        c = b;
        b = next;
    }
    state[0] += a;
    state[1] += b;
    state[2] += c;
    state[3] += d;
}

static void md5(const uint8_t *data, size_t length, uint8_t out[16])
{
    uint32_t state[4] = {0x67452301u, 0xefcdab89u, 0x98badcfeu, 0x10325476u};
    uint8_t tail[128] = {0};
    size_t whole = length / 64 * 64;
    size_t rest = length - whole;
    size_t tail_length = rest < 56 ? 64 : 128;

    for (size_t i = 0; i < whole; i += 64)
        md5_block(state, data + i);
    memcpy(tail, data + whole, rest);
    tail[rest] = 0x80;
    for (unsigned i = 0; i < 8; i++)
        tail[tail_length - 8 + i] = (uint8_t)((uint64_t)length * 8 >> (8 * i));
    for (size_t i = 0; i < tail_length; i += 64)
        md5_block(state, tail + i);
    for (unsigned i = 0; i < 16; i++)
        out[i] = (uint8_t)(state[i / 4] >> (8 * (i % 4)));
}

static void hmac_md5(void *context, const uint8_t *data, size_t length, uint8_t out[16])
{
    const struct fo_span *secret = context;
    static uint8_t buffer[64 + 4096];
    uint8_t key[64] = {0};

    if (secret->length > 64)
        md5(secret->data, secret->length, key);
    else
        memcpy(key, secret->data, secret->length);
    for (unsigned i = 0; i < 64; i++)
        buffer[i] = key[i] ^ 0x36;
    memcpy(buffer + 64, data, length);
    md5(buffer, 64 + length, out);
    for (unsigned i = 0; i < 64; i++)
        buffer[i] = key[i] ^ 0x5c;
    memcpy(buffer + 64, out, 16);
    md5(buffer, 64 + 16, out);
}

static void expect_hmac(const char *key_hex, struct bytes data, const char *expected_hex)
{
    struct bytes key = hex(key_hex);
    struct bytes expected = hex(expected_hex);
    struct fo_span secret = {key.data, (uint16_t)key.length};
    uint8_t out[16];

    hmac_md5(&secret, data.data, data.length, out);
    cr_assert_arr_eq(out, expected.data, 16);
}

static struct bytes text(const char *words)
{
    struct bytes b = {.length = strlen(words)};

    memcpy(b.data, words, b.length);
    return b;
}

Test(digest, the_tests_own_hmac_meets_the_vectors_of_rfc_2202)
{
    struct bytes dd = {.length = 50};

    memset(dd.data, 0xdd, 50);
    expect_hmac("0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b", text("Hi There"),
                "9294727a3638bb1c13f48ef8158bfc9d");
    expect_hmac("4a656665", text("what do ya want for nothing?"),
                "750c783e6ab0b503eaa86e310a5db738");
    expect_hmac("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", dd, "56be34521d144c88dbb8c733f0e8b3f6");
}

/* Sums up what it was given, so that the bytes it covers can be seen. */
struct witness {
    uint8_t seen[FO_MESSAGE_MAX];
    size_t length;
};

static void remember(void *context, const uint8_t *data, size_t length, uint8_t out[16])
{
    struct witness *w = context;

    memcpy(w->seen, data, length);
    w->length = length;
    memset(out, 0xab, 16);
}

static struct fo_message m;
static struct fo_span secret;
static const struct fo_digest digest = {hmac_md5, &secret};
static uint8_t wire[FO_MESSAGE_MAX];
static size_t wire_length;

static void state_message(void)
{
    fo_message_reset(&m, FO_MSG_STATE, 7);
    m.time = fo_utc(0x5f000001u);
    m.present = BIT(23) | BIT(24) | BIT(25);
    m.server_state = 2;
    m.start_time_of_state = fo_utc(0x5f000000u);
}

Test(digest, a01_the_digest_is_the_first_option_and_covers_the_message_with_zeros_in_its_place)
{
    struct witness witness;
    struct fo_digest fake = {remember, &witness};
    struct fo_writer w = fo_writer_of(wire, sizeof wire);
    struct bytes covered = hex("0033 0a 0c 5f000001 00000007"
                               "0011 0011 01 00000000 00000000 00000000 00000000"
                               "0018 0001 02  0017 0001 00  0019 0004 5f000000");
    struct bytes sent = covered;

    memset(sent.data + 17, 0xab, 16);
    state_message();
    cr_assert_eq(fo_message_encode(&m, DRAFT, &fake, &w), FO_OK);
    cr_assert_eq(witness.length, covered.length);
    cr_assert_arr_eq(witness.seen, covered.data, covered.length);
    cr_assert_eq(w.position, sent.length);
    cr_assert_arr_eq(wire, sent.data, sent.length);
}

Test(digest, a_partner_without_digests_is_never_sent_one)
{
    struct fo_writer w = fo_writer_of(wire, sizeof wire);

    state_message();
    cr_assert_eq(fo_message_encode(&m, fo_dialect_get(FO_DIALECT_ISC), &digest, &w), FO_EFORBIDDEN);
    cr_assert_eq(w.position, 0);
}

/* A STATE protected with the secret "Jefe", behind another message in the same buffer. */
static void protect(void)
{
    struct fo_writer w = fo_writer_of(wire, sizeof wire);

    secret = span_of("Jefe");
    state_message();
    cr_assert_eq(fo_message_encode(&m, DRAFT, &digest, &w), FO_OK);
    wire_length = w.position;
    cr_assert_eq(fo_message_decode(wire, wire_length, &m, NULL), FO_OK);
}

Test(digest, a01_what_was_sent_verifies)
{
    protect();
    cr_assert_eq(m.digest_type, 1);
    cr_assert_eq(fo_message_verify(wire, wire_length, &m, &digest), FO_REJECT_NONE);
}

Test(digest, a02_one_flipped_bit_anywhere_is_noticed)
{
    protect();
    for (size_t bit = 0; bit < wire_length * 8; bit++) {
        wire[bit / 8] ^= (uint8_t)(1u << (bit % 8));
        if (fo_message_decode(wire, wire_length, &m, NULL) == FO_OK)
            cr_assert_neq(fo_message_verify(wire, wire_length, &m, &digest), FO_REJECT_NONE,
                          "bit %zu", bit);
        wire[bit / 8] ^= (uint8_t)(1u << (bit % 8));
    }
    wire[42] ^= 1; /* server-flags */
    cr_assert_eq(fo_message_decode(wire, wire_length, &m, NULL), FO_OK);
    cr_assert_eq(fo_message_verify(wire, wire_length, &m, &digest), FO_REJECT_DIGEST_MISMATCH);
}

Test(digest, a02_another_secret_does_not_verify)
{
    protect();
    secret = span_of("jefe");
    cr_assert_eq(fo_message_verify(wire, wire_length, &m, &digest), FO_REJECT_DIGEST_MISMATCH);
}

Test(digest, verifying_leaves_the_message_as_it_was)
{
    uint8_t before[FO_MESSAGE_MAX];

    protect();
    memcpy(before, wire, wire_length);
    (void)fo_message_verify(wire, wire_length, &m, &digest);
    cr_assert_arr_eq(wire, before, wire_length);
}

static enum fo_reject verify(struct bytes b, const struct fo_digest *with)
{
    secret = span_of("Jefe");
    cr_assert_eq(fo_message_decode(b.data, b.length, &m, NULL), FO_OK);
    return fo_message_verify(b.data, b.length, &m, with);
}

Test(digest, a03_a_missing_unexpected_or_unsupported_digest_has_a_reason_of_its_own)
{
    struct bytes plain = message_of(FO_MSG_CONTACT, "");
    struct bytes typed =
        message_of(FO_MSG_CONTACT, "0011 0011 01 00000000000000000000000000000000");
    struct bytes other =
        message_of(FO_MSG_CONTACT, "0011 0011 02 00000000000000000000000000000000");

    cr_assert_eq(verify(plain, NULL), FO_REJECT_NONE);
    cr_assert_eq(verify(plain, &digest), FO_REJECT_DIGEST_MISSING);
    cr_assert_eq(verify(typed, NULL), FO_REJECT_DIGEST_NOT_CONFIGURED);
    cr_assert_eq(verify(typed, &digest), FO_REJECT_DIGEST_MISMATCH);
    cr_assert_eq(verify(other, &digest), FO_REJECT_DIGEST_NOT_SUPPORTED);
}

Test(digest, a_digest_of_another_length_does_not_verify)
{
    cr_assert_eq(verify(message_of(FO_MSG_CONTACT, "0011 0001 01"), &digest),
                 FO_REJECT_DIGEST_MISMATCH);
    cr_assert_eq(verify(message_of(FO_MSG_CONTACT, "0011 0005 01 00000000"), &digest),
                 FO_REJECT_DIGEST_MISMATCH);
    cr_assert_eq(
        verify(message_of(FO_MSG_CONTACT, "0011 0012 01 0000000000000000000000000000000000"),
               &digest),
        FO_REJECT_DIGEST_MISMATCH);
}

Test(digest, a_digest_behind_other_options_is_found) /* Draft gap: §6.3 against §11.1 */
{
    struct bytes b = message_of(FO_MSG_STATE, "0018 0001 02  0017 0001 00  0019 0004 5f000000"
                                              "0011 0011 01 00000000000000000000000000000000");
    uint8_t value[16];

    secret = span_of("Jefe");
    hmac_md5(&secret, b.data, b.length, value);
    memcpy(b.data + b.length - 16, value, 16);
    cr_assert_eq(verify(b, &digest), FO_REJECT_NONE);
}
