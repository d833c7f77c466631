#include "fo/run/digest.h"

#include <stdlib.h>
#include <string.h>

#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/params.h>
#include <openssl/rand.h>

static void compute(void *context, const uint8_t *data, size_t length,
                    uint8_t out_digest[FO_DIGEST_LENGTH])
{
    EVP_MAC_CTX *keyed = context;
    size_t written = 0;

    /* Initializing again without a key keeps the key and forgets the last message. */
    if (EVP_MAC_init(keyed, NULL, 0, NULL) == 1 && EVP_MAC_update(keyed, data, length) == 1 &&
        EVP_MAC_final(keyed, out_digest, &written, FO_DIGEST_LENGTH) == 1 &&
        written == FO_DIGEST_LENGTH)
        return;
    /* Out of memory: a digest that nobody can foresee, so that nothing is taken for genuine. */
    if (RAND_bytes(out_digest, FO_DIGEST_LENGTH) != 1)
        abort();
}

int fo_run_digest_new(const char *secret, struct fo_digest *out_digest)
{
    char md5[] = "MD5";
    const OSSL_PARAM params[] = {
        OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, md5, 0),
        OSSL_PARAM_construct_end(),
    };
    EVP_MAC *hmac = EVP_MAC_fetch(NULL, "HMAC", NULL);
    EVP_MAC_CTX *keyed = EVP_MAC_CTX_new(hmac);

    EVP_MAC_free(hmac); /* the context holds its own reference */
    if (keyed == NULL)
        return FO_ENOMEM;
    if (EVP_MAC_init(keyed, (const unsigned char *)secret, strlen(secret), params) != 1) {
        EVP_MAC_CTX_free(keyed);
        return FO_ESTATE;
    }
    *out_digest = (struct fo_digest){.compute = compute, .context = keyed};
    return FO_OK;
}

void fo_run_digest_free(struct fo_digest *digest)
{
    EVP_MAC_CTX_free(digest->context);
    *digest = (struct fo_digest){0};
}
