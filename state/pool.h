/**
 * state/pool.h: how many available addresses should belong to whom.
 *
 * FREE addresses are the primary's, BACKUP ones the secondary's; the primary moves them (draft-12
 * §5.4, §7.6). The draft leaves ratio and threshold to configuration.
 */
#ifndef FO_STATE_POOL_H
#define FO_STATE_POOL_H

#include "proto/types.h"

struct fo_pool_count {
    uint64_t free;   /* available to the primary */
    uint64_t backup; /* available to the secondary */
};

/** Moves smaller than so much of the total and so many addresses are not worth their messages. */
struct fo_pool_threshold {
    unsigned percent, addresses;
};

/** How many addresses should move: positive FREE to BACKUP, negative back. |secondary_share| is
 *  0..100; the target is rounded to nearest. Moves below |threshold| are 0, unless one side has
 * none while its share is not 0: churn is worse than imbalance. */
int64_t fo_pool_move(struct fo_pool_count c, unsigned secondary_share,
                     struct fo_pool_threshold threshold);

/** Whether the secondary should send POOLREQ: it owns less than its share by the threshold. */
bool fo_pool_wants(struct fo_pool_count c, unsigned secondary_share,
                   struct fo_pool_threshold threshold);
#endif
