/**
 * mgmt/partner_note.h: where the management of a relationship's partner is found.
 *
 * A text HOST[:PORT] or the path of a socket, kept beside the relationship (FO_TABLE_META, key
 * "partner:" and the name), because failover itself does not need it.
 */
#ifndef FO_MGMT_PARTNER_NOTE_H
#define FO_MGMT_PARTNER_NOTE_H

#include "state/store.h"

#define FO_PARTNER_NOTE_MAX 300 /* bytes of text */

/** Errors: FO_ENOTFOUND; of the store. */
FO_MUST_CHECK int fo_partner_note_get(struct fo_store *store, const char *name,
                                      char out[FO_PARTNER_NOTE_MAX + 1]);
/** Into the open transaction; "" forgets it. Errors: FO_EINVAL (too long); of the store. */
FO_MUST_CHECK int fo_partner_note_put(struct fo_store *store, const char *name, const char *text);

#endif
