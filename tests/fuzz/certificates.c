#define OPENSSL_SUPPRESS_DEPRECATED /* a source of randomness of our own */
#include "tests/fuzz/certificates.h"

#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509v3.h>

#include "tests/fuzz/fuzz.h"

#define TEN_YEARS_S (10L * 366 * 86400)

struct holder {
    EVP_PKEY *key;
    X509 *certificate;
};

static SSL_CTX *contexts[FUZZ_WHO_COUNT];

/* --- randomness ----------------------------------------------------------------------------------
 */

static uint64_t random_state;

static int random_bytes(unsigned char *out, int count)
{
    for (int i = 0; i < count; i++) {
        random_state = random_state * 6364136223846793005u + 1442695040888963407u;
        out[i] = (unsigned char)(random_state >> 56);
    }
    return 1;
}

static int random_status(void)
{
    return 1;
}

void fuzz_random_again(void)
{
    random_state = 1;
}

/* --- memory --------------------------------------------------------------------------------------
 * OpenSSL is not ours to check and allocates a lot: past the sanitizer, and counted.
 */

extern void *__libc_malloc(size_t size);
extern void *__libc_realloc(void *block, size_t size);
extern void __libc_free(void *block);

static size_t live;

static void give_back(void *block, const char *file, int line)
{
    (void)file;
    (void)line;
    live -= block != NULL;
    __libc_free(block);
}

static void *take(size_t size, const char *file, int line)
{
    (void)file;
    (void)line;
    live++;
    return __libc_malloc(size);
}

static void *change(void *block, size_t size, const char *file, int line)
{
    if (size == 0) {
        give_back(block, file, line);
        return NULL;
    }
    live += block == NULL;
    return __libc_realloc(block, size);
}

size_t fuzz_tls_blocks(void)
{
    return live;
}

/* --- certificates --------------------------------------------------------------------------------
 */

static void extend(X509 *x, int nid, const char *value)
{
    X509_EXTENSION *e = X509V3_EXT_conf_nid(NULL, NULL, nid, value);
    FUZZ_CHECK(e != NULL && X509_add_ext(x, e, -1) == 1);
    X509_EXTENSION_free(e);
}

/* Signed by |issuer|; NULL: by itself, a CA. */
static struct holder issue(const char *name, const char *names, const struct holder *issuer)
{
    struct holder h = {EVP_PKEY_Q_keygen(NULL, NULL, "ED25519"), X509_new()};
    X509 *x = h.certificate;
    const struct holder *by = issuer != NULL ? issuer : &h;
    FUZZ_CHECK(h.key != NULL && x != NULL && X509_set_version(x, X509_VERSION_3) == 1);
    FUZZ_CHECK(ASN1_INTEGER_set(X509_get_serialNumber(x), 1) == 1);
    FUZZ_CHECK(X509_gmtime_adj(X509_getm_notBefore(x), -86400) != NULL);
    FUZZ_CHECK(X509_gmtime_adj(X509_getm_notAfter(x), TEN_YEARS_S) != NULL);
    FUZZ_CHECK(X509_NAME_add_entry_by_txt(X509_get_subject_name(x), "CN", MBSTRING_ASC,
                                          (const unsigned char *)name, -1, -1, 0) == 1);
    FUZZ_CHECK(X509_set_issuer_name(x, X509_get_subject_name(by->certificate)) == 1);
    FUZZ_CHECK(X509_set_pubkey(x, h.key) == 1);
    if (issuer == NULL)
        extend(x, NID_basic_constraints, "critical,CA:TRUE");
    else
        extend(x, NID_subject_alt_name, names);
    FUZZ_CHECK(X509_sign(x, by->key, NULL) != 0);
    return h;
}

/* A file in memory: the runtime reads its certificates by path. */
static const char *file_of(X509 *certificate, EVP_PKEY *key, char *path, size_t capacity)
{
    int fd = memfd_create("pem", MFD_CLOEXEC);
    BIO *b = BIO_new_fd(fd, BIO_NOCLOSE);
    FUZZ_CHECK(fd >= 0 && b != NULL);
    if (certificate != NULL)
        FUZZ_CHECK(PEM_write_bio_X509(b, certificate) == 1);
    else
        FUZZ_CHECK(PEM_write_bio_PrivateKey(b, key, NULL, NULL, 0, NULL, NULL) == 1);
    BIO_free(b);
    (void)snprintf(path, capacity, "/proc/self/fd/%d", fd);
    return path;
}

static int whoever(int verified, X509_STORE_CTX *context)
{
    (void)verified;
    (void)context;
    return 1;
}

static SSL_CTX *context_of(const struct holder *h)
{
    SSL_CTX *c = SSL_CTX_new(TLS_method());
    FUZZ_CHECK(c != NULL);
    SSL_CTX_set_verify(c, SSL_VERIFY_PEER, whoever);
    SSL_CTX_set_num_tickets(c, 0);
    if (h != NULL) {
        FUZZ_CHECK(SSL_CTX_use_certificate(c, h->certificate) == 1);
        FUZZ_CHECK(SSL_CTX_use_PrivateKey(c, h->key) == 1);
    }
    return c;
}

static void let_go(struct holder *h)
{
    EVP_PKEY_free(h->key);
    X509_free(h->certificate);
}

struct fo_tls_files fuzz_make_certificates(void)
{
    static const RAND_METHOD method = {
        .bytes = random_bytes, .pseudorand = random_bytes, .status = random_status};
    static char paths[3][32];
    struct holder ca, other_ca, own, holders[FUZZ_WHO_NOBODY];
    struct fo_tls_files files;
    FUZZ_CHECK(CRYPTO_set_mem_functions(take, change, give_back) == 1);
    FUZZ_CHECK(RAND_set_rand_method(&method) == 1);
    ca = issue("ca", NULL, NULL);
    other_ca = issue("ca", NULL, NULL);
    own = issue("alpha", "DNS:alpha,IP:127.0.0.1", &ca);
    holders[FUZZ_WHO_PARTNER] = issue("beta", "DNS:beta,IP:127.0.0.2", &ca);
    holders[FUZZ_WHO_ANOTHER] = issue("gamma", "DNS:gamma,IP:127.0.0.9", &ca);
    holders[FUZZ_WHO_STRANGER] = issue("beta", "DNS:beta,IP:127.0.0.2", &other_ca);
    for (int i = 0; i < FUZZ_WHO_COUNT; i++)
        contexts[i] = context_of(i < FUZZ_WHO_NOBODY ? &holders[i] : NULL);
    files.ca_file = file_of(ca.certificate, NULL, paths[0], sizeof paths[0]);
    files.cert_file = file_of(own.certificate, NULL, paths[1], sizeof paths[1]);
    files.key_file = file_of(NULL, own.key, paths[2], sizeof paths[2]);
    let_go(&ca);
    let_go(&other_ca);
    let_go(&own);
    for (int i = 0; i < FUZZ_WHO_NOBODY; i++)
        let_go(&holders[i]);
    return files;
}

SSL_CTX *fuzz_tls_of(enum fuzz_who who)
{
    return contexts[who];
}
