#include "tests/fuzz/paper.h"

#include <string.h>

#include <openssl/err.h>

#include "tests/fuzz/certificates.h"
#include "tests/fuzz/fuzz.h"

#define POOL 64 /* taken in turns, so that one that is gone is not soon another */

enum { HELLO_OF_CLIENT = 1, HELLO_OF_SERVER = 2, CERTIFICATE = 11, KEY_UPDATE = 24 };

static struct paper pool[POOL];
static size_t live, next;

size_t fuzz_paper_live(void)
{
    return live;
}

struct paper *paper_of(const SSL *session)
{
    size_t at = (size_t)((const struct paper *)(const void *)session - pool);
    FUZZ_CHECK(at < POOL && pool[at].context != NULL);
    return &pool[at];
}

/* --- beginning and end -------------------------------------------------------------------------
 */

SSL *paper_new(SSL_CTX *context)
{
    struct paper *p;
    FUZZ_CHECK(live < POOL);
    do
        p = &pool[next++ % POOL];
    while (p->context != NULL);
    memset(p, 0, offsetof(struct paper, body));
    p->context = context;
    p->fd = -1;
    p->verified = X509_V_OK;
    while (p->who < FUZZ_WHO_COUNT && fuzz_tls_of((enum fuzz_who)p->who) != context)
        p->who++;
    live++;
    return (SSL *)(void *)p;
}

void paper_free(SSL *session)
{
    struct paper *p;
    if (session == NULL)
        return;
    p = paper_of(session);
    BIO_free(p->heard);
    BIO_free(p->said);
    p->context = NULL;
    live--;
}

/* --- the handshake -----------------------------------------------------------------------------
 */

static void put_handshake(struct paper *p, const uint8_t *data, size_t length)
{
    p->transcript = paper_sum(p->transcript, data, length);
    paper_put(p, SSL3_RT_HANDSHAKE, data, length);
}

static void put_hello(struct paper *p)
{
    static uint8_t number;
    const uint8_t hello[8] = {
        p->server_side ? HELLO_OF_SERVER : HELLO_OF_CLIENT, 0, 0, 4, 3, 4, 0, number++};
    put_handshake(p, hello, sizeof hello);
    p->greeted = true;
}

/* Who we are, and that we have heard the same as the other. */
static void put_certificate(struct paper *p)
{
    static const uint8_t change[1] = {1};
    const uint32_t heard = p->transcript;
    const uint8_t shown[9] = {CERTIFICATE,
                              0,
                              0,
                              5,
                              (uint8_t)p->who,
                              (uint8_t)(heard >> 24),
                              (uint8_t)(heard >> 16),
                              (uint8_t)(heard >> 8),
                              (uint8_t)heard};
    paper_put(p, SSL3_RT_CHANGE_CIPHER_SPEC, change, sizeof change);
    put_handshake(p, shown, sizeof shown);
}

static int take_hello(struct paper *p)
{
    static const uint8_t fixed[6] = {0, 0, 4, 3, 4, 0};
    const uint8_t *b = p->body;
    if (p->length != 8 || b[0] != (p->server_side ? HELLO_OF_CLIENT : HELLO_OF_SERVER))
        return paper_refuse(p, SSL_AD_UNEXPECTED_MESSAGE, SSL_R_UNEXPECTED_MESSAGE);
    if (memcmp(b + 1, fixed, sizeof fixed) != 0)
        return paper_refuse(p, SSL_AD_PROTOCOL_VERSION, SSL_R_UNSUPPORTED_PROTOCOL);
    p->transcript = paper_sum(p->transcript, b, p->length);
    if (p->server_side) {
        if (p->who == FUZZ_WHO_NOBODY)
            return paper_refuse(p, SSL_AD_HANDSHAKE_FAILURE, SSL_R_NO_SUITABLE_SIGNATURE_ALGORITHM);
        put_hello(p);
        p->seals = p->opens = true;
        put_certificate(p);
    }
    p->seals = p->opens = true;
    return 1;
}

static int verify(struct paper *p, uint8_t who)
{
    int mode = SSL_CTX_get_verify_mode(p->context);
    p->peer =
        who < FUZZ_WHO_NOBODY ? SSL_CTX_get0_certificate(fuzz_tls_of((enum fuzz_who)who)) : NULL;
    if ((mode & SSL_VERIFY_PEER) == 0 || SSL_CTX_get_verify_callback(p->context) != NULL)
        return 1;
    if (who == FUZZ_WHO_NOBODY && (mode & SSL_VERIFY_FAIL_IF_NO_PEER_CERT) != 0)
        return paper_refuse(p, SSL_AD_CERTIFICATE_REQUIRED,
                            SSL_R_PEER_DID_NOT_RETURN_A_CERTIFICATE);
    if (who != FUZZ_WHO_STRANGER)
        return 1;
    p->verified = X509_V_ERR_CERT_SIGNATURE_FAILURE;
    return paper_refuse(p, SSL_AD_DECRYPT_ERROR, SSL_R_CERTIFICATE_VERIFY_FAILED);
}

static int take_certificate(struct paper *p)
{
    const uint8_t *b = p->body;
    uint32_t heard;
    if (p->length != 9 || b[0] != CERTIFICATE || b[4] > FUZZ_WHO_COUNT)
        return paper_refuse(p, SSL_AD_UNEXPECTED_MESSAGE, SSL_R_UNEXPECTED_MESSAGE);
    heard = (uint32_t)b[5] << 24 | (uint32_t)b[6] << 16 | (uint32_t)b[7] << 8 | b[8];
    if (heard != p->transcript)
        return paper_refuse(p, SSL_AD_DECRYPT_ERROR, SSL_R_DIGEST_CHECK_FAILED);
    if (verify(p, b[4]) != 1)
        return -1;
    p->transcript = paper_sum(p->transcript, b, p->length);
    if (!p->server_side)
        put_certificate(p);
    p->through = true;
    return 1;
}

/* An alert: the end, or a refusal. */
static int take_alert(struct paper *p)
{
    if (p->length != 2)
        return paper_refuse(p, SSL_AD_DECODE_ERROR, SSL_R_BAD_LENGTH);
    if (p->body[1] == SSL_AD_CLOSE_NOTIFY) {
        p->heard_end = true;
        p->want = SSL_ERROR_ZERO_RETURN;
        return 0;
    }
    ERR_raise(ERR_LIB_SSL, SSL_AD_REASON_OFFSET + p->body[1]);
    p->broken = true;
    p->want = SSL_ERROR_SSL;
    return -1;
}

static int failed_before(struct paper *p)
{
    if (p->want == SSL_ERROR_SSL)
        ERR_raise(ERR_LIB_SSL, SSL_R_SSL_HANDSHAKE_FAILURE);
    return -1;
}

static int step(struct paper *p)
{
    uint8_t type = paper_pull(p);
    if (type == 0)
        return p->heard_end && !p->broken ? 0 : -1;
    if (type == SSL3_RT_ALERT)
        return take_alert(p);
    if (type != SSL3_RT_HANDSHAKE)
        return paper_refuse(p, SSL_AD_UNEXPECTED_MESSAGE, SSL_R_UNEXPECTED_RECORD);
    return p->opens ? take_certificate(p) : take_hello(p);
}

int paper_handshake(struct paper *p)
{
    int rc = 1;
    if (p->broken)
        return failed_before(p);
    if (!p->greeted && !p->server_side)
        put_hello(p);
    while (rc == 1 && paper_push(p)) {
        if (p->through)
            return 1;
        rc = p->heard_end ? 0 : step(p);
    }
    return rc == 1 ? -1 : rc;
}

/* --- data --------------------------------------------------------------------------------------
 */

/* TLS 1.3 answers a request for new keys before it goes on. */
static int take_key_update(struct paper *p)
{
    static const uint8_t answer[5] = {KEY_UPDATE, 0, 0, 1, 0};
    if (p->length != sizeof answer || memcmp(p->body, answer, 4) != 0 || p->body[4] > 1)
        return paper_refuse(p, SSL_AD_UNEXPECTED_MESSAGE, SSL_R_UNEXPECTED_MESSAGE);
    if (p->body[4] == 1)
        paper_put(p, SSL3_RT_HANDSHAKE, answer, sizeof answer);
    return paper_push(p) ? 1 : -1;
}

static int take_record(struct paper *p)
{
    switch (paper_pull(p)) {
    case 0:
        return p->heard_end && !p->broken ? 0 : -1;
    case SSL3_RT_APPLICATION_DATA:
        p->at = 0;
        p->left = p->length;
        return 1;
    case SSL3_RT_ALERT:
        return take_alert(p);
    case SSL3_RT_HANDSHAKE:
        return take_key_update(p);
    default:
        return paper_refuse(p, SSL_AD_UNEXPECTED_MESSAGE, SSL_R_UNEXPECTED_RECORD);
    }
}

int paper_read(struct paper *p, void *out, size_t capacity, size_t *out_length)
{
    int rc = 1;
    FUZZ_CHECK(p->through && capacity != 0);
    while (rc == 1 && p->left == 0) {
        if (p->broken)
            return failed_before(p);
        p->want = SSL_ERROR_ZERO_RETURN;
        rc = p->heard_end ? 0 : take_record(p);
    }
    if (rc != 1)
        return rc;
    *out_length = p->left < capacity ? p->left : capacity;
    memcpy(out, p->body + p->at, *out_length);
    p->at += *out_length;
    p->left -= *out_length;
    return 1;
}

int paper_write(struct paper *p, const void *data, size_t length, size_t *out_length)
{
    FUZZ_CHECK(p->through && length != 0 && length <= 16384);
    if (p->broken)
        return failed_before(p);
    if (p->said_end) {
        ERR_raise(ERR_LIB_SSL, SSL_R_PROTOCOL_IS_SHUTDOWN);
        p->want = SSL_ERROR_SSL;
        return -1;
    }
    if (p->promised == 0) {
        if (!paper_push(p))
            return -1;
        p->promised = length;
        p->promised_sum = paper_sum(0, data, length);
        paper_put(p, SSL3_RT_APPLICATION_DATA, data, length);
    }
    FUZZ_CHECK(length >= p->promised && paper_sum(0, data, p->promised) == p->promised_sum);
    if (!paper_push(p))
        return -1;
    *out_length = p->promised;
    p->promised = 0;
    return 1;
}

int paper_say_end(struct paper *p)
{
    static const uint8_t end[2] = {SSL3_AL_WARNING, SSL_AD_CLOSE_NOTIFY};
    FUZZ_CHECK(p->through);
    if (p->broken || p->said_end)
        return p->broken ? failed_before(p) : (int)p->heard_end;
    p->said_end = true;
    paper_put(p, SSL3_RT_ALERT, end, sizeof end);
    return paper_push(p) ? (int)p->heard_end : -1;
}

int paper_ask_for_keys(struct paper *p, int kind)
{
    const uint8_t asked[5] = {KEY_UPDATE, 0, 0, 1, kind == SSL_KEY_UPDATE_REQUESTED};
    if (!p->through || p->broken || p->said_end || p->promised != 0)
        return 0;
    paper_put(p, SSL3_RT_HANDSHAKE, asked, sizeof asked);
    return 1;
}
