/**
 * mgmt/foctl_preview.h: --what-if: what a change would change, before and after, and no change.
 *
 * The door is foctl_ask and foctl_do (foctl_ask.c): with --what-if a request that changes something
 * comes here instead of going out, so no command can forget. One row per call says how to tell; a
 * call without a row is told by the fields of its message.
 */
#ifndef FO_MGMT_FOCTL_PREVIEW_H
#define FO_MGMT_FOCTL_PREVIEW_H

#include "mgmt/foctl.h"

/** Adds to |t->preview| what |request| would change on |c|, which |server| names. Reads only.
 *  Answers an exit code; what could not be read was told on stderr. */
FO_MUST_CHECK int foctl_preview(struct foctl *t, struct fo_mgmt_client *c, const char *server,
                                const Mgmt__Request *request);
/** The same of one half of a change over two servers. */
FO_MUST_CHECK int foctl_preview_change(struct foctl *t, struct fo_mgmt_client *c,
                                       const char *server, const Mgmt__Change *change);

/** The command tells by itself what would change. */
void foctl_preview_drop(struct foctl *t);

/* --- for the rows (foctl_preview_<noun>.c) ---------------------------------------------------- */

struct foctl_preview {
    struct foctl *t;
    struct fo_mgmt_client *client;
    const char *server; /* as the reader calls it */
    const Mgmt__Request *request;
};
/** A question about what is there. |*out| is NULL and the answer EXIT_DONE when there is none and
 *  |optional|. Ownership: gives |*out|. */
FO_MUST_CHECK int foctl_preview_ask(const struct foctl_preview *p, bool optional,
                                    Mgmt__Request *request, Mgmt__Reply **out);
/** One value. */
void foctl_preview_row(const struct foctl_preview *p, const char *object, const char *field,
                       const char *before, const char *after);
/** All that differs between two cards; NULL: it is not there. Takes both. */
void foctl_preview_cards(const struct foctl_preview *p, const char *object,
                         struct foctl_sheet *before, struct foctl_sheet *after);

int foctl_preview_relationship_create(const struct foctl_preview *p);
int foctl_preview_relationship_set(const struct foctl_preview *p);
int foctl_preview_relationship_delete(const struct foctl_preview *p);
int foctl_preview_relationship_add(const struct foctl_preview *p);
int foctl_preview_relationship_remove(const struct foctl_preview *p);
int foctl_preview_command(const struct foctl_preview *p);
int foctl_preview_scope_create(const struct foctl_preview *p);
int foctl_preview_scope_set(const struct foctl_preview *p);
int foctl_preview_scope_delete(const struct foctl_preview *p);
int foctl_preview_element_add(const struct foctl_preview *p);
int foctl_preview_range_fit(const struct foctl_preview *p);
int foctl_preview_element_remove(const struct foctl_preview *p);
int foctl_preview_lease_create(const struct foctl_preview *p);
int foctl_preview_lease_create_many(const struct foctl_preview *p);
int foctl_preview_lease_set(const struct foctl_preview *p);
int foctl_preview_lease_delete(const struct foctl_preview *p);
int foctl_preview_binding_set(const struct foctl_preview *p);
int foctl_preview_prefix6_create(const struct foctl_preview *p);
int foctl_preview_prefix6_set(const struct foctl_preview *p);
int foctl_preview_prefix6_delete(const struct foctl_preview *p);
int foctl_preview_element6_add(const struct foctl_preview *p);
int foctl_preview_element6_remove(const struct foctl_preview *p);
int foctl_preview_lease6_create(const struct foctl_preview *p);
int foctl_preview_lease6_set(const struct foctl_preview *p);
int foctl_preview_lease6_delete(const struct foctl_preview *p);
int foctl_preview_settle(const struct foctl_preview *p);

#endif
