#include <string.h>

#include <criterion/criterion.h>

#include "fo/run/digest.h"

static void expect_digest(const char *secret, const char *text,
                          const uint8_t expected[FO_DIGEST_LENGTH])
{
    struct fo_digest digest;
    uint8_t got[FO_DIGEST_LENGTH];

    cr_assert_eq(fo_run_digest_new(secret, &digest), FO_OK);
    for (int i = 0; i < 2; i++) { /* the second time shows that nothing is left of the first */
        memset(got, 0, sizeof got);
        digest.compute(digest.context, (const uint8_t *)text, strlen(text), got);
        cr_expect_arr_eq(got, expected, FO_DIGEST_LENGTH);
    }
    fo_run_digest_free(&digest);
    cr_expect_null(digest.context);
}

/* RFC 2202 §2, test cases 2 and 6. */
Test(digest, hmac_md5_gives_the_published_digests)
{
    char long_key[81];

    memset(long_key, 0xaa, 80);
    long_key[80] = '\0';
    expect_digest("Jefe", "what do ya want for nothing?",
                  (const uint8_t[]){0x75, 0x0c, 0x78, 0x3e, 0x6a, 0xb0, 0xb5, 0x03, 0xea, 0xa8,
                                    0x6e, 0x31, 0x0a, 0x5d, 0xb7, 0x38});
    expect_digest(long_key, "Test Using Larger Than Block-Size Key - Hash Key First",
                  (const uint8_t[]){0x6b, 0x1a, 0xb7, 0xfe, 0x4b, 0xd7, 0xbf, 0x8f, 0x0b, 0x62,
                                    0xe6, 0xce, 0x61, 0xb9, 0xd0, 0xcd});
}
