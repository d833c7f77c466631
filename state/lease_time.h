/**
 * state/lease_time.h: how long a lease may be, what the partner is told, when an address may go
 * to somebody else.
 *
 * Source: draft-12 §5.2.1, §5.2.2, §7.1.5, §9.4.2, §9.8.3. Draft gap: the base of the limit is
 * named three ways; we use max(now, acked, received) + MCLT, inclusive (never LE: each renewal
 * would add another MCLT).
 */
#ifndef FO_STATE_LEASE_TIME_H
#define FO_STATE_LEASE_TIME_H

#include "state/binding.h"

/**
 * fo_lease_time_longest returns the latest lease end that may be promised to a client now.
 *
 * Units:     UTC seconds in and out; |mclt_s| in seconds.
 * Ownership: borrows |b|.
 * Errors:    none; the answer is never earlier than |now|.
 * Source:    §7.1.5, §9.8.3.
 */
fo_utc_t fo_lease_time_longest(const struct fo_binding *b, fo_utc_t now, uint32_t mclt_s);

/** The end of the lease to grant: the desired one, cut to the longest. |desired_s| may be
 *  FO_LEASE_INFINITE_S; with |b| free or of another client its acked and received times do not
 *  count (the caller passes a binding whose times were reset). */
fo_utc_t fo_lease_time_grant(const struct fo_binding *b, fo_utc_t now, uint32_t desired_s,
                             uint32_t mclt_s);

/** Option 18 to go with a grant: now + half the granted time + the desired time, never earlier
 *  than |granted_end|; FO_UTC_INFINITE for an infinite lease (§5.2.1, T1 = 1/2). */
fo_utc_t fo_lease_time_potential(fo_utc_t now, fo_utc_t granted_end, uint32_t desired_s);

/**
 * When another client may get an address in PARTNER-DOWN (§9.4.2, §5.2.2).
 *
 * |since| is when the partner went down (entry to PARTNER-DOWN, or its announced death). Own
 * available addresses: at once (|since|). The partner's available ones: since + MCLT, but never
 * where BOOTP clients are served (§5.14). Others: max(since, LE, SPE, APE, RPE) + MCLT;
 * FO_BINDING_LATE ones: LE, without MCLT. FO_UTC_INFINITE: never. Inclusive: allowed from the
 * returned second on.
 */
fo_utc_t fo_lease_time_reusable(const struct fo_binding *b, enum fo_role own_role, fo_utc_t since,
                                uint32_t mclt_s);

/** Clock conversion (§5.10): wire + delta, saturating; 0, FO_UTC_INFINITE, FO_UTC_ALL_ONES stay. */
fo_utc_t fo_lease_time_correct(fo_utc_t wire, int32_t delta_s);

#endif
