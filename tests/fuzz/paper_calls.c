/* What fo/run and outsiders call of libssl, played by paper or by OpenSSL (ld's --wrap). */
#include <openssl/err.h>

#include "tests/fuzz/paper.h"

bool fuzz_paper;

/* The two names that the linker gives to a function that is wrapped. */
#define CALL(result, name, ...)                                                                    \
    result __real_##name(__VA_ARGS__);                                                             \
    result __wrap_##name(__VA_ARGS__);                                                             \
    result __wrap_##name(__VA_ARGS__)

CALL(SSL *, SSL_new, SSL_CTX *context)
{
    return fuzz_paper ? paper_new(context) : __real_SSL_new(context);
}

CALL(void, SSL_free, SSL *s)
{
    if (fuzz_paper)
        paper_free(s);
    else
        __real_SSL_free(s);
}

CALL(int, SSL_set_fd, SSL *s, int fd)
{
    if (!fuzz_paper)
        return __real_SSL_set_fd(s, fd);
    paper_of(s)->fd = fd;
    return 1;
}

CALL(void, SSL_set_bio, SSL *s, BIO *in, BIO *out)
{
    if (!fuzz_paper) {
        __real_SSL_set_bio(s, in, out);
        return;
    }
    paper_of(s)->heard = in;
    paper_of(s)->said = out;
}

CALL(BIO *, SSL_get_wbio, const SSL *s)
{
    return fuzz_paper ? paper_of(s)->said : __real_SSL_get_wbio(s);
}

CALL(void, SSL_set_accept_state, SSL *s)
{
    if (fuzz_paper)
        paper_of(s)->server_side = true;
    else
        __real_SSL_set_accept_state(s);
}

CALL(void, SSL_set_connect_state, SSL *s)
{
    if (fuzz_paper)
        paper_of(s)->server_side = false;
    else
        __real_SSL_set_connect_state(s);
}

CALL(int, SSL_do_handshake, SSL *s)
{
    return fuzz_paper ? paper_handshake(paper_of(s)) : __real_SSL_do_handshake(s);
}

CALL(int, SSL_is_init_finished, const SSL *s)
{
    return fuzz_paper ? paper_of(s)->through : __real_SSL_is_init_finished(s);
}

/* As OpenSSL: an error that nobody cleared away is taken for one of this call. */
CALL(int, SSL_get_error, const SSL *s, int rc)
{
    if (!fuzz_paper)
        return __real_SSL_get_error(s, rc);
    if (rc > 0)
        return SSL_ERROR_NONE;
    return ERR_peek_error() != 0 ? SSL_ERROR_SSL : paper_of(s)->want;
}

CALL(int, SSL_read_ex, SSL *s, void *out, size_t capacity, size_t *n)
{
    if (!fuzz_paper)
        return __real_SSL_read_ex(s, out, capacity, n);
    return paper_read(paper_of(s), out, capacity, n) == 1;
}

CALL(int, SSL_read, SSL *s, void *out, int capacity)
{
    size_t n = 0;
    if (!fuzz_paper)
        return __real_SSL_read(s, out, capacity);
    return paper_read(paper_of(s), out, (size_t)capacity, &n) == 1 ? (int)n : -1;
}

CALL(int, SSL_write_ex, SSL *s, const void *data, size_t length, size_t *n)
{
    if (!fuzz_paper)
        return __real_SSL_write_ex(s, data, length, n);
    return paper_write(paper_of(s), data, length, n) == 1;
}

CALL(int, SSL_write, SSL *s, const void *data, int length)
{
    size_t n = 0;
    if (!fuzz_paper)
        return __real_SSL_write(s, data, length);
    return paper_write(paper_of(s), data, (size_t)length, &n) == 1 ? (int)n : -1;
}

CALL(int, SSL_shutdown, SSL *s)
{
    return fuzz_paper ? paper_say_end(paper_of(s)) : __real_SSL_shutdown(s);
}

CALL(int, SSL_key_update, SSL *s, int kind)
{
    return fuzz_paper ? paper_ask_for_keys(paper_of(s), kind) : __real_SSL_key_update(s, kind);
}

CALL(X509 *, SSL_get0_peer_certificate, const SSL *s)
{
    return fuzz_paper ? paper_of(s)->peer : __real_SSL_get0_peer_certificate(s);
}

CALL(long, SSL_get_verify_result, const SSL *s)
{
    return fuzz_paper ? paper_of(s)->verified : __real_SSL_get_verify_result(s);
}
