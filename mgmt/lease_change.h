/**
 * mgmt/lease_change.h: what the calls that make, set and end leases have in common (MAPI §1.3,
 * §1.4).
 *
 * Functions that answer a uint32_t give a Win32 code and the sentence in |c->why|; those that
 * change something note a failure in |c->err|.
 */
#ifndef FO_MGMT_LEASE_CHANGE_H
#define FO_MGMT_LEASE_CHANGE_H

#include "mgmt/message.h"

/* AddressState, bits 0 and 1; the others are of DNS and only kept (MAPI §2.7). */
#define FO_LEASE_STATE_BITS     3u
#define FO_LEASE_STATE_OFFERED  0u
#define FO_LEASE_STATE_ACTIVE   1u
#define FO_LEASE_STATE_DECLINED 2u
#define FO_LEASE_STATE_DOOM     3u

/* bClientType; NONE is that of a lease made by hand (MAPI §2.7). */
#define FO_LEASE_TYPE_BOOTP 0x02u
#define FO_LEASE_TYPE_BOTH  0x03u
#define FO_LEASE_TYPE_NONE  0x64u

/** The texts and the server's address into |out|. Codes: 87 (too long, or not UTF-8). */
FO_MUST_CHECK uint32_t fo_lease_take_note(struct fo_call *c, const Mgmt__Lease *m,
                                          struct fo_lease_note *out);
/** A note that says nothing is not written: a million imported leases need none. */
void fo_lease_write_note(struct fo_call *c, fo_ipv4_t address, const struct fo_client *client,
                         const struct fo_lease_note *note);

/**
 * Whether this server may give the address to |client| now. What lies outside the ranges is FREE,
 * and so the primary's, like every address that nobody had yet (draft-12 §5.4).
 *
 * Codes: 20011: it is the partner's to give, or somebody else's; 20120: the state forbids it.
 */
FO_MUST_CHECK uint32_t fo_lease_check_may_give(struct fo_call *c, fo_ipv4_t address,
                                               const struct fo_client *client);
/** Whether leases of the address's relationship may be ended now. Codes: 20120. */
FO_MUST_CHECK uint32_t fo_lease_check_may_end(struct fo_call *c, fo_ipv4_t address);

/** Reports that |client| has the address until |m| says, or as long as may be now. */
void fo_lease_grant(struct fo_call *c, const Mgmt__Lease *m, const struct fo_client *client,
                    uint8_t flags);
/** Reports any other thing. */
void fo_lease_report_to(struct fo_call *c, enum fo_report_kind kind, fo_ipv4_t address,
                        const struct fo_client *client);
/** The lease of |address| as the result of the call. */
uint32_t fo_lease_answer(struct fo_call *c, fo_ipv4_t address);

#endif
