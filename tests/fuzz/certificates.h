/**
 * tests/fuzz/certificates.h: keys and certificates made at the start of a fuzzer: a CA, ours, the
 * partner's, and those that must not do.
 */
#ifndef FO_TESTS_FUZZ_CERTIFICATES_H
#define FO_TESTS_FUZZ_CERTIFICATES_H

#include "fo/run/tls.h"

#define FUZZ_OWN_IP     0x7f000001u /* 127.0.0.1 */
#define FUZZ_PARTNER_IP 0x7f000002u

enum fuzz_who {
    FUZZ_WHO_PARTNER,  /* DNS:beta IP:127.0.0.2, by the CA that we know */
    FUZZ_WHO_ANOTHER,  /* another server of that CA */
    FUZZ_WHO_STRANGER, /* the partner's names, by a CA of its own */
    FUZZ_WHO_NOBODY,   /* no certificate at all */
    FUZZ_WHO_COUNT
};

/** Makes them all, once. The files of the runtime under test, in memory. */
struct fo_tls_files fuzz_make_certificates(void);
/** For sessions of the other end, either side of the handshake; kept for ever. */
SSL_CTX *fuzz_tls_of(enum fuzz_who who);
/** Blocks of memory that OpenSSL holds. */
size_t fuzz_tls_blocks(void);
/** Randomness of OpenSSL starts again: the same input plays the same way. */
void fuzz_random_again(void);

#endif
