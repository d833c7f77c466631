/**
 * fo/relationship_view.h: what the checks of relationships see of a server. For relationships.c; the
 * checks themselves are in fo/server.h.
 */
#ifndef FO_RELATIONSHIP_VIEW_H
#define FO_RELATIONSHIP_VIEW_H

#include "fo/endpoint.h"

/**
 * fo_relationship_check_means checks what only this engine can know: TLS and digests need what the
 * process has.
 *
 * Errors: ERROR_INVALID_PARAMETER, with a sentence in |why|.
 */
uint32_t fo_relationship_check_means(const struct fo_server *s, const struct fo_relationship *r,
                                     char *why, size_t why_capacity);

#endif
