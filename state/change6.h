/**
 * state/change6.h: how IPv6 prefixes, their elements and leases change.
 *
 * Checks come in the documented order and answer with Win32 codes; on any but ERROR_SUCCESS nothing
 * was changed, unless |err| is set. What Microsoft's documents leave open is decided here:
 *
 * - A prefix inside another, or around one, exists already (2014). Windows has /64 only, and there
 *   this cannot happen.
 * - One identity association (DUID, IAID) has one address on the server. Taken literally the
 *   documents would keep two clients from having the same IAID.
 * - A lease that is over is in nobody's way; it is there until its address or its client is wanted.
 * - A reservation takes the place of plain leases of its address and of its client; if they are the
 *   same lease, that goes on.
 * - An exclusion may lie inside another, or around it.
 *
 * Source: MAPI §1.3, §1.4, §1.6.
 */
#ifndef FO_STATE_CHANGE6_H
#define FO_STATE_CHANGE6_H

#include "state/lease6.h"

/** What a change works on, and what it has to say. */
struct fo_change6 {
    struct fo_store *store; /* in a transaction */
    fo_utc_t now;
    char *why; /* one sentence when refused; may be NULL */
    size_t why_capacity;
    int err; /* FO_E…: the store failed, and the transaction must be thrown away */
};

/** |p| with its scope_id filled in. Codes: 20091, 87 (length or state), 2014. */
uint32_t fo_change6_create_prefix(struct fo_change6 *c, struct fo_prefix6 *p);
/** Texts, state and preference of the prefix at |p|. Codes: 20005, 87 (state, or another
 *  length). */
uint32_t fo_change6_set_prefix(struct fo_change6 *c, const struct fo_prefix6 *p);
/** With all that is in it. Codes: 2, 20007 (not |force|, and it has leases). */
uint32_t fo_change6_delete_prefix(struct fo_change6 *c, struct fo_ipv6 prefix, bool force);

/** An exclusion or a reservation; outside |prefix|, or from high to low, it is none and that is no
 *  error. Codes: 2 (no prefix), 87, 111 (DUID too long), 2014, 20022. */
uint32_t fo_change6_add_element(struct fo_change6 *c, struct fo_ipv6 prefix,
                                const struct fo_element6 *e);
/** A reservation without DUID is found by its address alone. Codes: 2. */
uint32_t fo_change6_remove_element(struct fo_change6 *c, struct fo_ipv6 prefix,
                                   const struct fo_element6 *e);

/** Codes: 87 (no DUID), 111, 20005, 20014. */
uint32_t fo_change6_create_lease(struct fo_change6 *c, const struct fo_lease6 *l);
/** Client and texts of the lease at |l|, and its end where |ends| says so; of a reservation, that
 *  of the reservation too. Codes: 2, 87, 111, 20014. */
uint32_t fo_change6_set_lease(struct fo_change6 *c, const struct fo_lease6 *l, bool ends);
/** Codes: 20022 (reserved), 20013. */
uint32_t fo_change6_delete_lease(struct fo_change6 *c, struct fo_ipv6 address);

/** Within state/: writes |sentence| as snprintf does, and returns |code|. */
uint32_t fo_change6_refuse(struct fo_change6 *c, uint32_t code, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
/** Within state/: codes: 87 (no DUID), 111 (above FO_DUID_MAX). */
uint32_t fo_change6_check_duid(struct fo_change6 *c, const struct fo_client6 *client);
/** Within state/: FO_OK is ERROR_SUCCESS; a damaged record is refused as ERROR_DHCP_JET_ERROR;
 *  anything else goes into |err|. */
uint32_t fo_change6_verdict(struct fo_change6 *c, int rc);

#endif
