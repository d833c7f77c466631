/**
 * state/quarantine.h: reading a table of which single records may be damaged.
 *
 * A record that cannot be read must neither stop the start-up nor be lost: it moves to
 * FO_TABLE_QUARANTINE under (table number in one byte, its key; cut to FO_STORE_KEY_MAX), from
 * where a tool or a later version may take it.
 */
#ifndef FO_STATE_QUARANTINE_H
#define FO_STATE_QUARANTINE_H

#include "state/store.h"

/** Hears of a damaged record: |what| is a sentence naming its key and what became of it. */
typedef void (*fo_quarantine_report)(void *context, enum fo_table table, const char *what);

/**
 * fo_quarantine_walk walks all of |table| as fo_store_walk does, and sets those records aside for
 * which |visit| answers FO_EDAMAGED or FO_EVERSION.
 *
 * Ownership: borrows everything; |report| may be NULL.
 * Errors:    those of the store, and any other answer of |visit|. A store too full to set records
 *            aside is none: they stay where they are and are counted all the same.
 * No transaction may be open: setting aside takes its own.
 */
FO_MUST_CHECK int fo_quarantine_walk(struct fo_store *s, enum fo_table table, fo_store_visit visit,
                                     void *context, fo_quarantine_report report,
                                     void *report_context, uint64_t *out_damaged);

#endif
