/**
 * mgmt/message.h: the nouns of state/ as messages of proto/mgmt.proto, and back.
 *
 * From outside to inside everything is checked that a type cannot hold; what the rules of state/
 * check is left to them, so that their order of checks stays the documented one.
 */
#ifndef FO_MGMT_MESSAGE_H
#define FO_MGMT_MESSAGE_H

#include "mgmt/call.h"
#include "mgmt/lease_note.h"

/* FSM_STATE and enum fo_state are unrelated numberings (MAPI §5): never cast. */
Mgmt__State fo_message_of_state(enum fo_state state);
enum fo_state fo_message_to_state(Mgmt__State state); /* FO_STATE_NONE for NO_STATE and INIT */
const char *fo_message_state_name(Mgmt__State state); /* as the draft prints it. Static. */

/** Ownership: gives |*out| (fo_relationship_fini), also when refused. Codes: 87, 8. */
FO_MUST_CHECK uint32_t fo_message_to_relationship(const Mgmt__Relationship *m,
                                                  struct fo_relationship *out, char *why,
                                                  size_t why_capacity);
/** Without the secret. Borrows |r| and memory of the call; NULL without memory. */
Mgmt__Relationship *fo_message_of_relationship(struct fo_call *c, const struct fo_relationship *r);

/** A scope with its elements, each checked in turn. Ownership: gives |*out| (fo_scope_fini), also
 *  when refused. */
FO_MUST_CHECK uint32_t fo_message_to_scope(const Mgmt__Scope *m, struct fo_scope *out, char *why,
                                           size_t why_capacity);
/* Parts of a scope. Codes: 87. */
FO_MUST_CHECK uint32_t fo_message_to_reservation(const Mgmt__Reservation *m,
                                                 struct fo_reservation *out, char *why,
                                                 size_t why_capacity);
FO_MUST_CHECK uint32_t fo_message_to_use(const Mgmt__Range *m, struct fo_range_use *out, char *why,
                                         size_t why_capacity);
FO_MUST_CHECK uint32_t fo_message_to_scope_state(uint32_t state, enum fo_scope_state *out,
                                                 char *why, size_t why_capacity);
/* Borrow |s| and memory of the call; NULL without memory. */
Mgmt__Scope *fo_message_of_scope(struct fo_call *c, const struct fo_scope *s);
/** The same without ranges, exclusions and reservations. */
Mgmt__Scope *fo_message_of_scope_info(struct fo_call *c, const struct fo_scope *s);
Mgmt__Range *fo_message_of_range(struct fo_call *c, const struct fo_scope *s, uint32_t index);
Mgmt__Range *fo_message_of_exclusion(struct fo_call *c, const struct fo_scope *s, uint32_t index);
Mgmt__Reservation *fo_message_of_reservation(struct fo_call *c, const struct fo_scope *s,
                                             uint32_t index);

/** The client of a lease message, borrowed from it. Codes: 87 when there is none. */
FO_MUST_CHECK uint32_t fo_message_to_client(const Mgmt__Lease *m, struct fo_client *out, char *why,
                                            size_t why_capacity);
/** A bare identifier, at most 255 bytes: an Ethernet address up to 16 bytes, option 61 above.
 *  Borrows |identifier|. */
void fo_message_client_of_identifier(const uint8_t *identifier, size_t length,
                                     struct fo_client *out);
/** Memory of the call; NULL without memory. */
Mgmt__Lease *fo_message_of_lease(struct fo_call *c, const struct fo_binding *b);

/** Writes |sentence| as snprintf does, if there is room for one; returns |code|. */
uint32_t fo_message_refuse(uint32_t code, char *why, size_t why_capacity, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

#endif
