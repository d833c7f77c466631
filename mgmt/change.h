/**
 * mgmt/change.h: changes that two servers make together, or neither.
 *
 * A tool prepares the change on both servers, then commits it on the one that decides, then on the
 * other. Whatever dies in between, both sides end alike, by themselves:
 *
 *     the decider, not told to commit within 10 s or restarted        aborts, and remembers it
 *     the other one, in doubt                                         asks the decider:
 *         committed                                                       applies the change
 *         aborted, or never heard of                                      drops it
 *         undecided, or not reachable                                     asks again, with back-off
 *
 * The decision is durable in the same transaction as the change itself. A server that must apply a
 * decided change but cannot at present (a scope can only be added in NORMAL) tries again. While a
 * change is prepared, others of the same relationship or scopes are refused with ERROR_BUSY.
 *
 * This is the memory of all that; doubt.c does the asking. It lies in FO_TABLE_PREPARED, key:
 * the id of the change.
 */
#ifndef FO_MGMT_CHANGE_H
#define FO_MGMT_CHANGE_H

#include "fo/server.h"
#include "mgmt/call.h"

#define FO_CHANGE_ID_BYTES    16
#define FO_CHANGE_DECIDER_MAX 300            /* bytes of the decider's address */
#define FO_CHANGE_BYTES_MAX   (768u * 1024u) /* of one change */
#define FO_CHANGES_OPEN_MAX   16             /* prepared at the same time */
#define FO_CHANGES_KEPT       64             /* decisions remembered, the newest */
#define FO_CHANGE_DECIDE_S    10             /* then the decider aborts */
#define FO_CHANGE_FORGET_S    86400 /* an abort; who asks later hears "unknown": the same */

enum fo_change_state { FO_CHANGE_PREPARED = 1, FO_CHANGE_COMMITTED = 2, FO_CHANGE_ABORTED = 3 };

struct fo_change {
    uint8_t id[FO_CHANGE_ID_BYTES];
    enum fo_change_state state;
    fo_utc_t since;     /* of the state */
    bool restored;      /* was prepared before this process began */
    Mgmt__Change *body; /* PREPARED only; owned */
    char trouble[160];  /* why it is not settled yet; "" */
};

struct fo_changes;
struct fo_changes *fo_changes_new(void); /* NULL without memory */
void fo_changes_free(struct fo_changes *changes);

/** Forgets all and reads what is stored. A damaged record is left alone and not loaded. |restart|:
 *  nobody will commit what is prepared here. Errors: FO_ENOMEM; of the store. */
FO_MUST_CHECK int fo_changes_load(struct fo_changes *changes, struct fo_store *store, bool restart);

/** ERROR_BUSY with a sentence while a prepared change holds |name| or one of |scopes|. */
FO_MUST_CHECK uint32_t fo_changes_check(const struct fo_changes *changes, const char *name,
                                        const fo_ipv4_t *scopes, size_t count, char *why,
                                        size_t why_capacity);
/** The same for a new relationship, of which there is only a limited number. */
FO_MUST_CHECK uint32_t fo_changes_check_create(const struct fo_changes *changes,
                                               const struct fo_relationship *r, char *why,
                                               size_t why_capacity);
/** The same for a new scope. */
FO_MUST_CHECK uint32_t fo_changes_check_scope(const struct fo_changes *changes, fo_ipv4_t subnet,
                                              fo_ipv4_t mask, char *why, size_t why_capacity);

/** Borrowed until the next change of |changes|; NULL: unknown. */
struct fo_change *fo_changes_find(struct fo_changes *changes, const uint8_t *id, size_t length);
size_t fo_changes_count(const struct fo_changes *changes);
struct fo_change *fo_changes_at(struct fo_changes *changes, size_t index);

/* Into the open transaction and into memory; when the commit fails, load again. */
/** Copies |body|. Errors: FO_ELIMIT, FO_ENOMEM; of the store. */
FO_MUST_CHECK int fo_changes_prepare(struct fo_changes *changes, struct fo_store *store,
                                     const Mgmt__Change *body, fo_utc_t now);
/** Remembers the decision, and forgets the oldest ones. */
FO_MUST_CHECK int fo_changes_decide(struct fo_changes *changes, struct fo_store *store,
                                    struct fo_change *change, enum fo_change_state state,
                                    fo_utc_t now);
FO_MUST_CHECK int fo_changes_drop(struct fo_changes *changes, struct fo_store *store,
                                  struct fo_change *change);

/** The relationship that |body| is about. Borrowed. */
const char *fo_change_name(const Mgmt__Change *body);

/* What a change does, shared by the calls over one server and over two (calls_relationship.c). */
uint32_t fo_relationship_apply_create(struct fo_call *c, const Mgmt__Relationship *m, bool guarded);
uint32_t fo_relationship_apply_set(struct fo_call *c, const Mgmt__RelationshipSet *set, bool dry);
uint32_t fo_relationship_apply_delete(struct fo_call *c, const char *name);

#endif
