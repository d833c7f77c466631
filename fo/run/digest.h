/**
 * fo/run/digest.h: the message digest of a shared secret, HMAC-MD5, through OpenSSL.
 *
 * Source: draft-12 §11.1, §12.17 (type 1).
 */
#ifndef FO_RUN_DIGEST_H
#define FO_RUN_DIGEST_H

#include "proto/message.h"

/**
 * fo_run_digest_new makes the digest function keyed with |secret|.
 *
 * Ownership: copies |secret|; gives |out_digest->context| (fo_run_digest_free).
 * Errors:    FO_ENOMEM, FO_ESTATE (this OpenSSL has no MD5, as in FIPS mode).
 */
FO_MUST_CHECK int fo_run_digest_new(const char *secret, struct fo_digest *out_digest);
void fo_run_digest_free(struct fo_digest *digest);

#endif
