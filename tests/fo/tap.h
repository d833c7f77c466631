/**
 * tests/fo/tap.h: what goes over the wire between the two servers of a world, counted and in order.
 */
#ifndef FO_TESTS_TAP_H
#define FO_TESTS_TAP_H

#include "proto/message.h"
#include "tests/sim/world.h"

struct tap {
    struct world *w;
    unsigned messages[SIDES][256];                /* by sender and type */
    unsigned transactions[SIDES];                 /* addresses in BNDUPDs, by sender */
    unsigned largest[SIDES];                      /* most addresses in one BNDUPD */
    unsigned unacked[SIDES], most_unacked[SIDES]; /* BNDUPDs sent and not answered */
    uint32_t last_xid[SIDES][256];
    char order[8192]; /* "0:STATE(NORMAL) 1:UPDREQ …": no BNDUPD, BNDACK, CONTACT */
    /* Every BNDUPD transaction: what was said of which address. */
    struct {
        int from;
        fo_ipv4_t address;
        uint8_t status;
        uint32_t xid;
        fo_utc_t end, potential;
    } said[4096];
    unsigned said_count;
};

void tap_on(struct tap *t, struct world *w);
void tap_clear(struct tap *t); /* counts from zero, order empty */
/** How often |from| said |status| of |address|. */
unsigned tap_said(const struct tap *t, int from, fo_ipv4_t address, enum fo_binding_status status);

#endif
