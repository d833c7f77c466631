#include <errno.h>
#include <string.h>
#include <sys/socket.h>

#include <openssl/err.h>

#include "proto/types.h"
#include "tests/fuzz/fuzz.h"
#include "tests/fuzz/paper.h"

#define PLAIN_MAX 16384u /* RFC 8446 §5.1 */
#define TAG       4u
#define IDLE_MAX  32u /* records that say nothing; OpenSSL's limit */

uint32_t paper_sum(uint32_t sum, const uint8_t *data, size_t length)
{
    for (size_t i = 0; i < length; i++)
        sum = (sum ^ data[i]) * 16777619u;
    return sum;
}

static uint32_t tag_of(bool by_server, uint32_t number, const uint8_t *data, size_t length)
{
    return paper_sum(2166136261u + 2 * number + by_server, data, length);
}

/* --- out ---------------------------------------------------------------------------------------
 */

static void append(struct paper *p, const void *data, size_t length)
{
    FUZZ_CHECK(length <= sizeof p->out - p->pending);
    memcpy(p->out + p->pending, data, length);
    p->pending += length;
}

void paper_put(struct paper *p, uint8_t type, const uint8_t *data, size_t length)
{
    bool sealed = p->seals && type != SSL3_RT_CHANGE_CIPHER_SPEC;
    size_t whole = sealed ? length + 1 + TAG : length, begin;
    const uint8_t head[PAPER_HEAD] = {sealed ? SSL3_RT_APPLICATION_DATA : type, 3, 3,
                                      (uint8_t)(whole >> 8), (uint8_t)whole};
    uint8_t tag[TAG];
    uint32_t sum;
    append(p, head, sizeof head);
    begin = p->pending;
    append(p, data, length);
    if (!sealed)
        return;
    append(p, &type, 1);
    sum = tag_of(p->server_side, p->sealed++, p->out + begin, length + 1);
    for (unsigned i = 0; i < TAG; i++)
        tag[i] = (uint8_t)(sum >> 8 * i);
    append(p, tag, sizeof tag);
}

bool paper_push(struct paper *p)
{
    while (p->gone < p->pending) {
        const uint8_t *rest = p->out + p->gone;
        size_t length = p->pending - p->gone;
        ssize_t n;
        errno = 0;
        n = p->fd >= 0 ? send(p->fd, rest, length, MSG_NOSIGNAL)
                       : BIO_write(p->said, rest, (int)length);
        if (n > 0) {
            p->gone += (size_t)n;
            continue;
        }
        p->want = p->fd < 0 || errno == EAGAIN ? SSL_ERROR_WANT_WRITE : SSL_ERROR_SYSCALL;
        p->broken = p->broken || p->want == SSL_ERROR_SYSCALL;
        return false;
    }
    p->gone = p->pending = 0;
    return true;
}

int paper_refuse(struct paper *p, uint8_t alert, int reason)
{
    const uint8_t said[2] = {SSL3_AL_FATAL, alert};
    ERR_raise(ERR_LIB_SSL, reason);
    if (!p->broken) {
        paper_put(p, SSL3_RT_ALERT, said, sizeof said);
        (void)paper_push(p);
    }
    p->broken = true;
    p->want = SSL_ERROR_SSL;
    return -1;
}

/* --- in ----------------------------------------------------------------------------------------
 */

static void ended(struct paper *p)
{
    p->heard_end = true;
    p->want = SSL_ERROR_ZERO_RETURN;
    if ((SSL_CTX_get_options(p->context) & SSL_OP_IGNORE_UNEXPECTED_EOF) == 0)
        (void)paper_refuse(p, SSL_AD_DECODE_ERROR, SSL_R_UNEXPECTED_EOF_WHILE_READING);
}

/* Up to |most| bytes; true: all of them have come. */
static bool fill(struct paper *p, uint8_t *into, size_t *have, size_t most)
{
    while (*have < most) {
        size_t room = most - *have;
        ssize_t n;
        errno = 0; /* as OpenSSL: no error of another call is taken for one of this */
        n = p->fd >= 0 ? recv(p->fd, into + *have, room, 0)
                       : BIO_read(p->heard, into + *have, (int)room);
        if (n > 0) {
            *have += (size_t)n;
        } else if (p->fd < 0 || (n < 0 && errno == EAGAIN)) {
            p->want = SSL_ERROR_WANT_READ;
            return false;
        } else if (n == 0) {
            ended(p);
            return false;
        } else {
            p->want = SSL_ERROR_SYSCALL;
            p->broken = true;
            return false;
        }
    }
    return true;
}

static bool head_is_good(struct paper *p)
{
    uint8_t type = p->head[0];
    p->length = (size_t)(p->head[3] << 8 | p->head[4]);
    p->have = 0;
    if (type < SSL3_RT_CHANGE_CIPHER_SPEC || type > SSL3_RT_APPLICATION_DATA || p->head[1] != 3)
        (void)paper_refuse(p, SSL_AD_PROTOCOL_VERSION, SSL_R_WRONG_VERSION_NUMBER);
    else if (p->length > (p->opens ? PAPER_RECORD : PLAIN_MAX))
        (void)paper_refuse(p, SSL_AD_RECORD_OVERFLOW, SSL_R_DATA_LENGTH_TOO_LONG);
    return !p->broken;
}

/* Takes the seal off; the type within, 0: it was not right. */
static uint8_t opened(struct paper *p)
{
    uint32_t sum = 0;
    if (p->length < 1 + TAG) {
        (void)paper_refuse(p, SSL_AD_DECODE_ERROR, SSL_R_LENGTH_TOO_SHORT);
        return 0;
    }
    p->length -= TAG;
    for (unsigned i = 0; i < TAG; i++)
        sum |= (uint32_t)p->body[p->length + i] << 8 * i;
    if (sum != tag_of(!p->server_side, p->opened++, p->body, p->length)) {
        (void)paper_refuse(p, SSL_AD_BAD_RECORD_MAC, SSL_R_DECRYPTION_FAILED_OR_BAD_RECORD_MAC);
        return 0;
    }
    return p->body[--p->length];
}

static uint8_t type_of_record(struct paper *p)
{
    uint8_t type = p->head[0];
    p->head_length = 0;
    if (type == SSL3_RT_CHANGE_CIPHER_SPEC) {
        if (p->through || !p->greeted || p->length != 1 || p->body[0] != 1)
            (void)paper_refuse(p, SSL_AD_UNEXPECTED_MESSAGE, SSL_R_BAD_CHANGE_CIPHER_SPEC);
        return p->broken ? 0 : type;
    }
    if (p->opens && type == SSL3_RT_APPLICATION_DATA)
        return opened(p);
    if (p->through || (p->opens && type != SSL3_RT_ALERT) || type == SSL3_RT_APPLICATION_DATA) {
        (void)paper_refuse(p, SSL_AD_UNEXPECTED_MESSAGE, SSL_R_UNEXPECTED_RECORD);
        return 0;
    }
    return type;
}

uint8_t paper_pull(struct paper *p)
{
    uint8_t type;
    do {
        if (p->head_length < PAPER_HEAD &&
            (!fill(p, p->head, &p->head_length, PAPER_HEAD) || !head_is_good(p)))
            return 0;
        if (!fill(p, p->body, &p->have, p->length))
            return 0;
        type = type_of_record(p);
        if (type == 0)
            return 0;
        p->idle = type == SSL3_RT_CHANGE_CIPHER_SPEC || p->length == 0 ? p->idle + 1 : 0;
        if (p->idle > IDLE_MAX) {
            (void)paper_refuse(p, SSL_AD_UNEXPECTED_MESSAGE, SSL_R_TOO_MANY_WARN_ALERTS);
            return 0;
        }
    } while (type == SSL3_RT_CHANGE_CIPHER_SPEC ||
             (type == SSL3_RT_APPLICATION_DATA && p->length == 0));
    return type;
}
