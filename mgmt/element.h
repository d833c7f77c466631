/**
 * mgmt/element.h: what the calls have in common that change ranges, exclusions and reservations of
 * a scope: fo's own (calls_element.c) and Microsoft's (calls_subnet_element.c).
 *
 * Functions that answer a uint32_t give a Win32 code and the sentence in |c->why|.
 */
#ifndef FO_MGMT_ELEMENT_H
#define FO_MGMT_ELEMENT_H

#include "mgmt/call.h"

/* DHCP_SUBNET_ELEMENT_TYPE, DHCP_FORCE_FLAG (MAPI §2.10). */
enum fo_element_type {
    FO_ELEMENT_RANGE = 0,
    FO_ELEMENT_SECONDARY_HOST = 1,
    FO_ELEMENT_RESERVATION = 2,
    FO_ELEMENT_EXCLUSION = 3,
    FO_ELEMENT_USED_CLUSTER = 4,
    FO_ELEMENT_RANGE_DHCP = 5,
    FO_ELEMENT_RANGE_BOTH = 6,
    FO_ELEMENT_RANGE_BOOTP = 7
};
enum { FO_FORCE_FULL = 0, FO_FORCE_NONE = 1 };

/** The scope. Codes: 20005. */
FO_MUST_CHECK uint32_t fo_element_scope(struct fo_call *c, fo_ipv4_t subnet,
                                        const struct fo_scope **out);

/**
 * Whether the addresses of |where| may be in a range of |kind|: clients of BOOTP are in none that
 * is for DHCP alone, clients of DHCP in none that is for BOOTP alone.
 *
 * Codes: 20129: of a scope in a relationship, into one for BOOTP alone; 20049: such clients are
 * there. Source: MAPI §1.5, conditions 6 and 7.
 */
FO_MUST_CHECK uint32_t fo_element_check_kind(struct fo_call *c, const struct fo_scope *scope,
                                             struct fo_range where, enum fo_range_kind kind);

/**
 * Makes |changed|, a copy of |old| that was changed, the scope. A scope in a relationship may get
 * more addresses, which the partner does not share in before it has them too; it may not lose any.
 *
 * Codes: 170: a change over two servers holds the scope; 20132: addresses of a relationship would
 * be in no range any more; 8.
 */
FO_MUST_CHECK uint32_t fo_element_apply(struct fo_call *c, const struct fo_scope *old,
                                        const struct fo_scope *changed);

/** The first address of |where| that somebody holds; false: none. */
bool fo_element_leased(const struct fo_lease_db *db, struct fo_range where, fo_ipv4_t *out_address);
/** Ends every lease in |where|, of a scope in no relationship. Failures: |c->err|. */
void fo_element_end_leases(struct fo_call *c, struct fo_range where);

/** Forgets what was noted of the client whose reservation of |address| is gone; its lease, if it
 * has one, goes on as one of any other address, with the note. Failures: |c->err|. */
void fo_element_forget_reserved(struct fo_call *c, fo_ipv4_t address);

#endif
