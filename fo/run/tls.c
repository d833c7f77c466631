#include "fo/run/tls.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/err.h>
#include <openssl/x509v3.h>

struct fo_tls {
    SSL_CTX *context;
};

/* A key with a passphrase must fail, not ask on a terminal that nobody watches. */
static int no_passphrase(char *buffer, int size, int for_writing, void *context)
{
    (void)buffer, (void)size, (void)for_writing, (void)context;
    return 0;
}

static const char *library_reason(void)
{
    const char *reason = ERR_reason_error_string(ERR_peek_last_error());

    return reason != NULL ? reason : "no reason given";
}

/* OpenSSL reads the extensions of a certificate when it first needs them, and takes one for which it
 * had no memory then for invalid ever after: it reads them now. */
static bool extensions_are_read(SSL_CTX *context)
{
    const STACK_OF(X509_OBJECT) *known = X509_STORE_get0_objects(SSL_CTX_get_cert_store(context));

    for (int i = 0; i < sk_X509_OBJECT_num(known); i++) {
        X509 *certificate = X509_OBJECT_get0_X509(sk_X509_OBJECT_value(known, i));

        if (certificate != NULL && X509_check_purpose(certificate, -1, 0) != 1)
            return false;
    }
    return true;
}

static int load(SSL_CTX *context, const struct fo_tls_files *files, char *why, size_t why_capacity)
{
    const char *file;

    if (files->ca_file == NULL || files->cert_file == NULL || files->key_file == NULL) {
        snprintf(why, why_capacity, "TLS needs a CA file, a certificate file and a key file");
        return FO_EINVAL;
    }
    file = files->ca_file;
    if (SSL_CTX_load_verify_file(context, file) != 1 || !extensions_are_read(context))
        goto refused;
    file = files->cert_file;
    if (SSL_CTX_use_certificate_chain_file(context, file) != 1)
        goto refused;
    file = files->key_file;
    if (SSL_CTX_use_PrivateKey_file(context, file, SSL_FILETYPE_PEM) != 1 ||
        SSL_CTX_check_private_key(context) != 1)
        goto refused;
    return FO_OK;

refused:
    snprintf(why, why_capacity, "cannot use %s for TLS: %s", file, library_reason());
    return FO_EINVAL;
}

int fo_tls_new(const struct fo_tls_files *files, struct fo_tls **out, char *why,
               size_t why_capacity)
{
    struct fo_tls *t = calloc(1, sizeof *t);
    int rc = FO_ENOMEM;

    ERR_clear_error();
    if (t == NULL || (t->context = SSL_CTX_new(TLS_method())) == NULL)
        goto failed;
    SSL_CTX_set_default_passwd_cb(t->context, no_passphrase);
    rc = load(t->context, files, why, why_capacity);
    if (rc != FO_OK)
        goto failed;

    SSL_CTX_set_min_proto_version(t->context, TLS1_3_VERSION);
    SSL_CTX_set_verify(t->context, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, NULL);
    /* The length in each message detects a cut; a partner that just closes is no attack. */
    SSL_CTX_set_options(t->context,
                        SSL_OP_IGNORE_UNEXPECTED_EOF | SSL_OP_NO_TICKET | SSL_OP_NO_RENEGOTIATION);
    SSL_CTX_set_mode(t->context,
                     SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
    SSL_CTX_set_session_cache_mode(t->context, SSL_SESS_CACHE_OFF);
    SSL_CTX_set_num_tickets(t->context, 0);
    *out = t;
    return FO_OK;

failed:
    if (rc == FO_ENOMEM)
        snprintf(why, why_capacity, "no memory for TLS");
    fo_tls_free(t);
    return rc;
}

void fo_tls_free(struct fo_tls *t)
{
    if (t == NULL)
        return;
    SSL_CTX_free(t->context);
    free(t);
}

SSL *fo_tls_session(struct fo_tls *t, int fd, bool server_side)
{
    SSL *session = SSL_new(t->context);

    if (session == NULL || SSL_set_fd(session, fd) != 1) {
        SSL_free(session);
        return NULL;
    }
    if (server_side)
        SSL_set_accept_state(session);
    else
        SSL_set_connect_state(session);
    return session;
}

void fo_tls_names(X509 *certificate, char *out, size_t capacity)
{
    GENERAL_NAMES *names = X509_get_ext_d2i(certificate, NID_subject_alt_name, NULL, NULL);
    size_t used = 0;

    out[0] = '\0';
    for (int i = 0; i < sk_GENERAL_NAME_num(names) && used < capacity; i++) {
        const GENERAL_NAME *name = sk_GENERAL_NAME_value(names, i);
        const char *gap = used > 0 ? " " : "";
        int n = 0;

        if (name->type == GEN_DNS) {
            n = snprintf(out + used, capacity - used, "%sDNS:%.*s", gap,
                         ASN1_STRING_length(name->d.dNSName),
                         (const char *)ASN1_STRING_get0_data(name->d.dNSName));
        } else if (name->type == GEN_IPADD && ASN1_STRING_length(name->d.iPAddress) == 4) {
            const uint8_t *a = ASN1_STRING_get0_data(name->d.iPAddress);

            n = snprintf(out + used, capacity - used, "%sIP:%u.%u.%u.%u", gap, a[0], a[1], a[2],
                         a[3]);
        }
        used += n > 0 ? (size_t)n : 0;
    }
    GENERAL_NAMES_free(names);
    if (used == 0)
        X509_NAME_oneline(X509_get_subject_name(certificate), out, (int)capacity);
}

bool fo_tls_belongs(const SSL *session, const struct fo_tls_partner *partner, char *why,
                    size_t why_capacity)
{
    X509 *certificate = SSL_get0_peer_certificate(session);
    char address[FO_IPV4_TEXT], found[256];
    bool belongs = false;

    fo_ipv4_text(partner->address, address);
    if (certificate == NULL) {
        snprintf(why, why_capacity, "the partner showed no certificate");
        return false;
    }
    /* A wildcard names a domain, not the partner. */
    if (partner->name[0] != '\0')
        belongs = X509_check_host(certificate, partner->name, strlen(partner->name),
                                  X509_CHECK_FLAG_NO_WILDCARDS, NULL) == 1;
    else
        belongs = X509_check_ip_asc(certificate, address, 0) == 1;
    if (belongs)
        return true;

    fo_tls_names(certificate, found, sizeof found);
    snprintf(why, why_capacity, "the certificate is for %s, expected %s%s", found,
             partner->name[0] != '\0' ? "DNS:" : "IP:",
             partner->name[0] != '\0' ? partner->name : address);
    return false;
}

const char *fo_tls_reason(const SSL *session, char *why, size_t why_capacity)
{
    int system_error = errno;
    long verdict = SSL_get_verify_result(session);

    if (verdict != X509_V_OK)
        snprintf(why, why_capacity, "TLS: certificate refused: %s",
                 X509_verify_cert_error_string(verdict));
    else if (ERR_peek_last_error() == 0 && system_error != 0) /* not TLS, but what is below */
        snprintf(why, why_capacity, "%s", strerror(system_error));
    else if (ERR_peek_last_error() == 0)
        snprintf(why, why_capacity, "closed by the partner");
    else
        snprintf(why, why_capacity, "TLS: %s", library_reason());
    return why;
}
