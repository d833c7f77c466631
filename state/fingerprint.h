/**
 * state/fingerprint.h: what both servers of a relationship have to have alike, as one number.
 *
 * Equal configurations have equal fingerprints on any machine. Different ones differ but for a
 * chance of 2^-64; a fingerprint is no proof against somebody who wants it to be equal.
 */
#ifndef FO_STATE_FINGERPRINT_H
#define FO_STATE_FINGERPRINT_H

#include "state/relationship.h"
#include "state/scope.h"

/** Both servers' addresses, mode, percentage or buckets, MCLT, safe period, load-balance limit.
 *  Not what each has for itself: role, secret, TLS, ports, timers, dialect. */
uint64_t fo_relationship_fingerprint(const struct fo_relationship *r);
/** Everything of a scope; NULL, a scope that is listed and not there, has one of its own. |before|
 *  is the fingerprint of the scopes before it, 0 for the first. */
uint64_t fo_scope_fingerprint(uint64_t before, const struct fo_scope *scope);

#endif
