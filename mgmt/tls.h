/**
 * mgmt/tls.h: TLS 1.3 for management: both ends show a certificate of the same CA. What it allows
 * is in caller.h.
 */
#ifndef FO_MGMT_TLS_H
#define FO_MGMT_TLS_H

#include <openssl/ssl.h>

#include "fo/run/run.h"

struct fo_mgmt_tls;

/** Ownership: gives |*out| (fo_mgmt_tls_free). Errors: FO_EIO, FO_ENOMEM; |why| names the file. */
FO_MUST_CHECK int fo_mgmt_tls_new(const struct fo_tls_files *files, struct fo_mgmt_tls **out,
                                  char *why, size_t why_capacity);
void fo_mgmt_tls_free(struct fo_mgmt_tls *tls); /* accepts NULL; sessions live on */

/** A session for an accepted connection; NULL without memory. Ownership: gives (SSL_free). */
SSL *fo_mgmt_tls_accept(struct fo_mgmt_tls *tls);
/** A session to |host|, whose name or address the server's certificate must carry. */
SSL *fo_mgmt_tls_connect(struct fo_mgmt_tls *tls, const char *host);

/** Ours, borrowed. */
X509 *fo_mgmt_tls_certificate(const struct fo_mgmt_tls *tls);

/** The first reason in OpenSSL's queue, which it empties. */
void fo_mgmt_tls_reason(char *why, size_t why_capacity);

#endif
