/**
 * fo/run/listener.h: taking connections in, within limits.
 *
 * At a limit the oldest connection that nobody has answered makes room: a crowd that connects
 * and says nothing cannot keep a partner out. Only when all are answered is the new one refused.
 */
#ifndef FO_RUN_LISTENER_H
#define FO_RUN_LISTENER_H

#include "fo/run/conn.h"

struct fo_listener;

/** What all listeners of a runtime share. */
struct fo_listener_set {
    struct fo_conn_set *links;
    fo_link_id_t last_id; /* of an accepted link; odd */
    uint64_t accepted, refused;
    uint64_t refused_told; /* refusals are logged at most once a minute */
    int64_t told_us;
};

/**
 * fo_listener_open binds and listens; connections come through the loop of |set->links|.
 *
 * Ownership: borrows |set|, which must outlive it; gives |*out| (fo_listener_free).
 * Errors:    FO_EIO with one sentence in |why| naming address, port and the system's reason.
 */
FO_MUST_CHECK int fo_listener_open(struct fo_listener_set *set, const struct fo_listen *where,
                                   struct fo_listener **out, char *why, size_t why_capacity);
void fo_listener_free(struct fo_listener *l); /* accepts NULL */
uint16_t fo_listener_port(const struct fo_listener *l);
fo_ipv4_t fo_listener_address(const struct fo_listener *l); /* 0: all */
void fo_listener_pause(struct fo_listener *l, bool paused);

#endif
