/* §11.1, §12.17: does a received message carry the digest it should? */
#include <assert.h>
#include <string.h>

#include "proto/message.h"

/* Takes the same time wherever the first difference is. */
static bool equal(const uint8_t *a, const uint8_t *b, size_t length)
{
    uint8_t difference = 0;

    for (size_t i = 0; i < length; i++)
        difference |= a[i] ^ b[i];
    return difference == 0;
}

enum fo_reject fo_message_verify(const uint8_t *data, size_t length, const struct fo_message *m,
                                 const struct fo_digest *digest)
{
    uint8_t zeroed[FO_MESSAGE_MAX];
    uint8_t expected[FO_DIGEST_LENGTH];

    if (!(m->present & FO_OPT_BIT(FO_OPT_MESSAGE_DIGEST)))
        return digest == NULL ? FO_REJECT_NONE : FO_REJECT_DIGEST_MISSING;
    if (digest == NULL)
        return FO_REJECT_DIGEST_NOT_CONFIGURED;
    if (m->digest_type != FO_DIGEST_HMAC_MD5)
        return FO_REJECT_DIGEST_NOT_SUPPORTED;
    if (m->digest.length != FO_DIGEST_LENGTH)
        return FO_REJECT_DIGEST_MISMATCH;
    assert(length <= sizeof zeroed && m->digest.data >= data &&
           m->digest.data + FO_DIGEST_LENGTH <= data + length);
    memcpy(zeroed, data, length);
    memset(zeroed + (m->digest.data - data), 0, FO_DIGEST_LENGTH);
    digest->compute(digest->context, zeroed, length, expected);
    return equal(expected, m->digest.data, sizeof expected) ? FO_REJECT_NONE
                                                            : FO_REJECT_DIGEST_MISMATCH;
}
