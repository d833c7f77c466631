/**
 * fo/run/tls.h: TLS between two servers: 1.3 or later, both sides show a certificate, and the
 * certificate must belong to the configured partner.
 *
 * Source: draft-12 §8.2, §11.2. Draft gap: the mandatory suite there is obsolete; see README.md.
 */
#ifndef FO_RUN_TLS_H
#define FO_RUN_TLS_H

#include <openssl/ssl.h>

#include "fo/run/run.h"

struct fo_tls; /* our certificate, and the CA that signs partners */

/** Whose certificate we expect: the name if there is one, else the address. */
struct fo_tls_partner {
    char name[FO_HOST_NAME_MAX + 1];
    fo_ipv4_t address;
};

/**
 * fo_tls_new loads |files| and checks that key and certificate belong together.
 *
 * Ownership: gives |*out| (fo_tls_free).
 * Errors:    FO_EINVAL with one sentence in |why| naming the file, FO_ENOMEM.
 */
FO_MUST_CHECK int fo_tls_new(const struct fo_tls_files *files, struct fo_tls **out, char *why,
                             size_t why_capacity);
void fo_tls_free(struct fo_tls *t); /* accepts NULL; sessions live on */

/** A session on the connected |fd|, which stays the caller's. Gives it (SSL_free); NULL: memory. */
SSL *fo_tls_session(struct fo_tls *t, int fd, bool server_side);

/** Whether the verified certificate of the other side belongs to |partner|; if not, |why| names
 *  what was expected and what was found. */
bool fo_tls_belongs(const SSL *session, const struct fo_tls_partner *partner, char *why,
                    size_t why_capacity);

/** The names |certificate| carries: "DNS:beta IP:192.0.2.2", or its subject when it has none. */
void fo_tls_names(X509 *certificate, char *out, size_t capacity);

/** One sentence on why the last call on |session| failed. Returns |why|. */
const char *fo_tls_reason(const SSL *session, char *why, size_t why_capacity);

#endif
