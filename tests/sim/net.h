/**
 * tests/sim/net.h: the network: connections, what is on its way in them, and what befalls it.
 *
 * A connection is TCP: nothing in it is lost or out of order; it waits where the way is blocked, or
 * the connection ends. Used by world.c; faults are for the simulator.
 */
#ifndef FO_TESTS_SIM_NET_H
#define FO_TESTS_SIM_NET_H

#include "tests/sim/world.h"

/* The effects of a server on its links. */
void net_dial(struct world *w, int side, fo_link_id_t id, fo_ipv4_t address);
void net_send(struct world *w, int side, fo_link_id_t id, const uint8_t *data, size_t length);
void net_close(struct world *w, int side, fo_link_id_t id);
void net_start_tls(struct world *w, int side, fo_link_id_t id);

/** Moves everything that can move now; whether something did. */
bool net_move(struct world *w);
/** When something may move next; INT64_MAX: nothing is on its way. */
int64_t net_next(const struct world *w);
void net_fini(struct world *w);

/** The process of |side| is gone: its connections end, or with |power| just stop. */
void net_process_gone(struct world *w, int side, bool power);
/** What both ends gave up while everything was cut is gone. */
void net_healed(struct world *w);

/* Faults; false: there was nothing to spoil. */
/** Nothing passes from |from| to |to| until |until_ms|. */
void net_block(struct world *w, int from, int to, int64_t until_ms);
/** Connections between the two end, and both ends hear of it. */
bool net_reset(struct world *w, int a, int b);
/** |side| loses its connections with |other|, which hears of it when it next speaks, or with |mute|
 *  never. */
bool net_half_open(struct world *w, int side, int other, bool mute);

#endif
