/* Source: draft-12 §5.4, §7.6. */
#include "state/pool.h"

int64_t fo_pool_move(struct fo_pool_count c, unsigned secondary_share,
                     struct fo_pool_threshold threshold)
{
    if (secondary_share > 100)
        secondary_share = 100;
    uint64_t total = c.free + c.backup;
    uint64_t target = (total * secondary_share + 50) / 100; /* of BACKUP addresses */
    uint64_t gap = target > c.backup ? target - c.backup : c.backup - target;

    bool side_is_empty = (c.backup == 0 && target > 0) || (c.free == 0 && target < total);
    if (!side_is_empty && gap * 100 < total * threshold.percent + threshold.addresses * 100)
        return 0;
    return target > c.backup ? (int64_t)gap : -(int64_t)gap;
}

bool fo_pool_wants(struct fo_pool_count c, unsigned secondary_share,
                   struct fo_pool_threshold threshold)
{
    return fo_pool_move(c, secondary_share, threshold) > 0;
}
