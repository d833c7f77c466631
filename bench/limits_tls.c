/* TLS over loopback: OpenSSL and the kernel alone, a certificate made on the spot. */
#include <arpa/inet.h>
#include <errno.h>
#include <openssl/evp.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <pthread.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "bench/bench.h"
#include "bench/limits.h"

#define RECORD_BYTES 16384

static void check(int good, const char *what)
{
    if (!good)
        bench_fail("TLS over loopback: %s failed", what);
}

/* Ownership: gives both (the context copies what it uses). */
static X509 *self_signed(EVP_PKEY *key)
{
    X509 *certificate = X509_new();
    check(certificate != NULL, "X509_new");
    ASN1_INTEGER_set(X509_get_serialNumber(certificate), 1);
    X509_gmtime_adj(X509_getm_notBefore(certificate), 0);
    X509_gmtime_adj(X509_getm_notAfter(certificate), 3600);
    X509_NAME_add_entry_by_txt(X509_get_subject_name(certificate), "CN", MBSTRING_ASC,
                               (const unsigned char *)"fobench", -1, -1, 0);
    X509_set_issuer_name(certificate, X509_get_subject_name(certificate));
    X509_set_pubkey(certificate, key);
    check(X509_sign(certificate, key, EVP_sha256()), "X509_sign");
    return certificate;
}

static SSL_CTX *server_context(void)
{
    SSL_CTX *context = SSL_CTX_new(TLS_server_method());
    EVP_PKEY *key = EVP_EC_gen("P-256");
    X509 *certificate = self_signed(key);
    check(SSL_CTX_use_certificate(context, certificate) == 1, "the certificate");
    check(SSL_CTX_use_PrivateKey(context, key) == 1, "the key");
    check(SSL_CTX_set_min_proto_version(context, TLS1_3_VERSION) == 1, "TLS 1.3");
    X509_free(certificate);
    EVP_PKEY_free(key);
    return context;
}

static void connect_pair(int ends[2])
{
    struct sockaddr_in address = {.sin_family = AF_INET};
    socklen_t length = sizeof address;
    int listener = socket(AF_INET, SOCK_STREAM, 0);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    check(bind(listener, (struct sockaddr *)&address, length) == 0, "bind");
    check(listen(listener, 1) == 0, "listen");
    check(getsockname(listener, (struct sockaddr *)&address, &length) == 0, "getsockname");
    ends[0] = socket(AF_INET, SOCK_STREAM, 0);
    check(connect(ends[0], (struct sockaddr *)&address, length) == 0, "connect");
    ends[1] = accept(listener, NULL, NULL);
    check(ends[1] >= 0, "accept");
    close(listener);
}

static void *swallow(void *argument)
{
    static char bytes[RECORD_BYTES];
    SSL *ssl = argument;
    check(SSL_accept(ssl) == 1, "SSL_accept");
    while (SSL_read(ssl, bytes, sizeof bytes) > 0)
        ;
    return NULL;
}

static double send_for(SSL *ssl, double seconds)
{
    static char bytes[RECORD_BYTES];
    uint64_t start, sent = 0;
    check(SSL_connect(ssl) == 1, "SSL_connect");
    start = bench_now_ns();
    do {
        check(SSL_write(ssl, bytes, sizeof bytes) == sizeof bytes, "SSL_write");
        sent += sizeof bytes;
    } while (bench_seconds_since(start) < seconds);
    return (double)sent / 1e6 / bench_seconds_since(start);
}

double limits_tls_mb_per_second(double seconds)
{
    SSL_CTX *server = server_context(), *client = SSL_CTX_new(TLS_client_method());
    SSL *from = SSL_new(client), *to = SSL_new(server);
    pthread_t thread;
    double rate;
    int ends[2];
    connect_pair(ends);
    check(SSL_set_fd(from, ends[0]) && SSL_set_fd(to, ends[1]), "SSL_set_fd");
    check(pthread_create(&thread, NULL, swallow, to) == 0, "pthread_create");
    rate = send_for(from, seconds);
    SSL_shutdown(from);
    close(ends[0]);
    pthread_join(thread, NULL);
    close(ends[1]);
    SSL_free(from);
    SSL_free(to);
    SSL_CTX_free(server);
    SSL_CTX_free(client);
    return rate;
}
