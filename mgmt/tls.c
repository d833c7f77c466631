#include "mgmt/tls.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/err.h>
#include <openssl/x509v3.h>

struct fo_mgmt_tls {
    SSL_CTX *server, *client;
};

void fo_mgmt_tls_reason(char *why, size_t why_capacity)
{
    unsigned long code = ERR_peek_error();
    const char *reason = code != 0 ? ERR_reason_error_string(code) : NULL;

    (void)snprintf(why, why_capacity, "%s", reason != NULL ? reason : "the other end closed");
    ERR_clear_error();
}

static int refuse(char *why, size_t why_capacity, const char *what, const char *file)
{
    char reason[160];

    fo_mgmt_tls_reason(reason, sizeof reason);
    (void)snprintf(why, why_capacity, "%s %s: %s", what, file, reason);
    return FO_EIO;
}

static int set_up(SSL_CTX *ctx, const struct fo_tls_files *files, char *why, size_t why_capacity)
{
    if (SSL_CTX_set_min_proto_version(ctx, TLS1_3_VERSION) != 1)
        return refuse(why, why_capacity, "TLS 1.3", "");
    /* Frames carry their length, so a connection cut short is noticed without a close alert. */
    SSL_CTX_set_options(ctx, SSL_OP_IGNORE_UNEXPECTED_EOF);
    SSL_CTX_set_verify(ctx, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, NULL);
    SSL_CTX_set_session_cache_mode(ctx, SSL_SESS_CACHE_OFF);
    if (SSL_CTX_set_num_tickets(ctx, 0) != 1)
        return refuse(why, why_capacity, "TLS 1.3", "without tickets");
    if (SSL_CTX_load_verify_locations(ctx, files->ca_file, NULL) != 1)
        return refuse(why, why_capacity, "cannot use the CA file", files->ca_file);
    if (SSL_CTX_use_certificate_chain_file(ctx, files->cert_file) != 1)
        return refuse(why, why_capacity, "cannot use the certificate", files->cert_file);
    if (SSL_CTX_use_PrivateKey_file(ctx, files->key_file, SSL_FILETYPE_PEM) != 1 ||
        SSL_CTX_check_private_key(ctx) != 1)
        return refuse(why, why_capacity, "cannot use the key", files->key_file);
    return FO_OK;
}

int fo_mgmt_tls_new(const struct fo_tls_files *files, struct fo_mgmt_tls **out, char *why,
                    size_t why_capacity)
{
    struct fo_mgmt_tls *tls = calloc(1, sizeof *tls);
    int rc;

    if (tls == NULL)
        return FO_ENOMEM;
    ERR_clear_error();
    tls->server = SSL_CTX_new(TLS_server_method());
    tls->client = SSL_CTX_new(TLS_client_method());
    if (tls->server == NULL || tls->client == NULL) {
        (void)snprintf(why, why_capacity, "no memory for TLS");
        fo_mgmt_tls_free(tls);
        return FO_ENOMEM;
    }
    rc = set_up(tls->server, files, why, why_capacity);
    if (rc == FO_OK)
        rc = set_up(tls->client, files, why, why_capacity);
    if (rc != FO_OK) {
        fo_mgmt_tls_free(tls);
        return rc;
    }
    *out = tls;
    return FO_OK;
}

void fo_mgmt_tls_free(struct fo_mgmt_tls *tls)
{
    if (tls == NULL)
        return;
    SSL_CTX_free(tls->server);
    SSL_CTX_free(tls->client);
    free(tls);
}

X509 *fo_mgmt_tls_certificate(const struct fo_mgmt_tls *tls)
{
    return SSL_CTX_get0_certificate(tls->server);
}

SSL *fo_mgmt_tls_accept(struct fo_mgmt_tls *tls)
{
    return SSL_new(tls->server);
}

SSL *fo_mgmt_tls_connect(struct fo_mgmt_tls *tls, const char *host)
{
    SSL *session = SSL_new(tls->client);
    X509_VERIFY_PARAM *param;

    if (session == NULL)
        return NULL;
    param = SSL_get0_param(session);
    if (X509_VERIFY_PARAM_set1_ip_asc(param, host) == 1)
        return session;
    ERR_clear_error();
    X509_VERIFY_PARAM_set_hostflags(param, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
    if (SSL_set1_host(session, host) != 1 || SSL_set_tlsext_host_name(session, host) != 1) {
        SSL_free(session);
        return NULL;
    }
    return session;
}
