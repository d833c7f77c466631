/**
 * mgmt/lease_search.h: the lease that a caller means.
 *
 * Two forms of a client (MAPI §2.6): the bare identifier, which callers pass, is the hardware
 * address or option 61, and does not say which; the unique ID, which Microsoft's calls give and
 * search for, is the subnet (least significant byte first), the byte 0x01 and the identifier.
 */
#ifndef FO_MGMT_LEASE_SEARCH_H
#define FO_MGMT_LEASE_SEARCH_H

#include "mgmt/call.h"

/** Longer identifiers are no hardware address (chaddr of RFC 2131). */
#define FO_LEASE_HARDWARE_MAX 16

/** Whether somebody holds it: what Microsoft's calls take for a lease. */
bool fo_lease_held(const struct fo_binding *b);
/** Whether |identifier| is the client-identifier of |client|, or else its hardware address. */
bool fo_lease_identifies(const struct fo_client *client, const uint8_t *identifier, size_t length);
/** Takes a unique ID apart; false: it is none. Borrows |unique|. */
bool fo_lease_unique_id(const ProtobufCBinaryData *unique, fo_ipv4_t *out_subnet,
                        const uint8_t **out_identifier, size_t *out_length);
/** The address that the client of |identifier| has or last had in the scope (|subnet| 0: in any);
 *  one it holds before others. */
bool fo_lease_of_identifier(const struct fo_lease_db *db, fo_ipv4_t subnet,
                            const uint8_t *identifier, size_t length, fo_ipv4_t *out_address);
/** The lease that |m| looks for, if any; of several of a name the lowest address. Borrows the
 *  database. */
bool fo_lease_search(struct fo_call *c, const Mgmt__LeaseSearch *m, struct fo_binding *out);

#endif
