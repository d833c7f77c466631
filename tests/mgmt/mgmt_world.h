/**
 * tests/mgmt/mgmt_world.h: one server with a store in memory, and calls made on it as the service
 * makes them, without a socket.
 */
#ifndef TESTS_MGMT_WORLD_H
#define TESTS_MGMT_WORLD_H

#include "mgmt/change.h"
#include "mgmt/message.h"
#include "proto/win32.h"
#include "state/store_mem.h"

#define NOW    1700000000u
#define SUBNET 0x0a000000u /* 10.0.0.0/24 */
#define MASK   0xffffff00u
#define OTHER  0x0a000100u /* 10.0.1.0/24 */

struct mgmt_world {
    struct fo_store *store;
    struct fo_server *server;
    struct fo_changes *changes;
    struct fo_call_facts facts;
    struct fo_outbox out;
    struct fo_now now;
    enum fo_right right; /* of the caller */
};

void mgmt_world_init(struct mgmt_world *w);
void mgmt_world_fini(struct mgmt_world *w);
/** The process dies and starts again: what was committed is there. */
void mgmt_world_restart(struct mgmt_world *w);

/** Makes |q| and gives what the client would get. A change is committed, or thrown away as the loop
 *  would. The caller frees the reply. */
Mgmt__Reply *mgmt_world_call(struct mgmt_world *w, Mgmt__Request *q);
/** The same when only the code matters. */
uint32_t mgmt_world_code(struct mgmt_world *w, Mgmt__Request *q);

/* Short words for what most tests do; each answers the code. */
uint32_t make_scope(struct mgmt_world *w, fo_ipv4_t subnet, fo_ipv4_t first, fo_ipv4_t last);
/** A primary's load-balance relationship on one scope; what |change| says is changed first. */
uint32_t make_relationship(struct mgmt_world *w, const char *name, fo_ipv4_t scope,
                           void (*change)(Mgmt__Relationship *m));
uint32_t make_lease(struct mgmt_world *w, fo_ipv4_t address, uint8_t client);
Mgmt__Request request_of(Mgmt__Request__CallCase which, void *message);
size_t relationship_count(struct mgmt_world *w);

#endif
