/**
 * mgmt/lease_note.h: what management callers attach to a lease, and failover does not need.
 *
 * Kept in FO_TABLE_LEASE_NOTE by address. A note names the client it belongs to: when the address
 * has gone to another client since, there is no note.
 *
 * Source: DHCP_CLIENT_INFO_PB (MAPI §2.7).
 */
#ifndef FO_MGMT_LEASE_NOTE_H
#define FO_MGMT_LEASE_NOTE_H

#include "state/binding.h"
#include "state/store.h"

/* Microsoft counts characters of UTF-16, each of which is at most three bytes of UTF-8. */
#define FO_LEASE_NAME_MAX      255 /* bytes */
#define FO_LEASE_COMMENT_UNITS 127
#define FO_LEASE_COMMENT_MAX   (3 * FO_LEASE_COMMENT_UNITS)
#define FO_LEASE_POLICY_UNITS  63
#define FO_LEASE_POLICY_MAX    (3 * FO_LEASE_POLICY_UNITS)

struct fo_lease_note {
    char name[FO_LEASE_NAME_MAX + 1];
    char comment[FO_LEASE_COMMENT_MAX + 1];
    char policy[FO_LEASE_POLICY_MAX + 1];
    uint8_t address_state;   /* AddressState, all bits as given */
    uint8_t client_type;     /* bClientType */
    fo_ipv4_t owner_address; /* of this server, as the caller that made the lease called it; 0: not
                                by an address */
};

/** Errors: FO_ENOTFOUND (none, or of another client than |client|); of the store. */
FO_MUST_CHECK int fo_lease_note_get(struct fo_store *store, fo_ipv4_t address,
                                    const struct fo_client *client, struct fo_lease_note *out);
/** Into the open transaction. Errors: of the store. */
FO_MUST_CHECK int fo_lease_note_put(struct fo_store *store, fo_ipv4_t address,
                                    const struct fo_client *client,
                                    const struct fo_lease_note *note);
FO_MUST_CHECK int fo_lease_note_forget(struct fo_store *store, fo_ipv4_t address);
/** The lowest address whose note has exactly this |name|, at or after |from|. Errors:
 *  FO_ENOTFOUND; of the store. */
FO_MUST_CHECK int fo_lease_note_find(struct fo_store *store, const char *name, fo_ipv4_t from,
                                     fo_ipv4_t *out_address);

#endif
