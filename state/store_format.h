/**
 * state/store_format.h: the version of a whole store.
 *
 * Single records have their own versions (state/record.h); this one speaks for the set of tables
 * and the form of their keys. It lies in FO_TABLE_META under FO_STORE_FORMAT_KEY.
 */
#ifndef FO_STATE_STORE_FORMAT_H
#define FO_STATE_STORE_FORMAT_H

#include "state/store.h"

#define FO_STORE_FORMAT     1u
#define FO_STORE_FORMAT_KEY "format"

/**
 * fo_store_check_format tells whether |s| is a store of ours, and makes a new one so.
 *
 * Every record says for itself what it is, so a damaged format is written anew and is no error.
 * Errors: FO_EVERSION (a later fo wrote it), those of the store. No transaction may be open.
 */
FO_MUST_CHECK int fo_store_check_format(struct fo_store *s);

#endif
