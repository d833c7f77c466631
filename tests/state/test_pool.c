/* state/pool.h; draft-12 §5.4, §7.6. */
#include "state/pool.h"

#include <criterion/criterion.h>

#include "proto/dialect.h"

static int64_t move(uint64_t free, uint64_t backup, unsigned share)
{
    return fo_pool_move((struct fo_pool_count){free, backup}, share,
                        (struct fo_pool_threshold){10, 0});
}

Test(pool, a_fresh_pool_is_shared_at_once)
{
    cr_assert_eq(move(100, 0, 50), 50);
    cr_assert_eq(move(100, 0, 5), 5); /* though below the threshold: the secondary has none */
    cr_assert_eq(move(101, 0, 50), 51);
    cr_assert_eq(move(0, 0, 50), 0);
}

Test(pool, nothing_moves_below_the_threshold)
{
    cr_assert_eq(move(59, 41, 50), 0);
    cr_assert_eq(move(60, 40, 50), 10);
    cr_assert_eq(move(41, 59, 50), 0);
    cr_assert_eq(move(40, 60, 50), -10);
}

Test(pool, a_side_that_has_none_is_helped_whatever_the_threshold)
{
    cr_assert_eq(move(20, 0, 5), 1);
    cr_assert_eq(move(0, 20, 95), -1);
}

Test(pool, a_side_whose_share_is_0_is_not_helped)
{
    cr_assert_eq(move(100, 0, 0), 0);
    cr_assert_eq(move(0, 100, 100), 0);
    cr_assert_eq(move(95, 5, 0), 0); /* below the threshold, like any other move */
    cr_assert_eq(move(80, 20, 0), -20);
    cr_assert_eq(move(20, 80, 100), 20);
}

Test(pool, a_share_that_rounds_to_no_address_moves_none)
{
    cr_assert_eq(move(5, 0, 5), 0);
    cr_assert_eq(move(10, 0, 5), 1); /* half an address rounds up */
}

Test(pool, balancing_settles) /* no two moves in a row undo each other */
{
    for (unsigned share = 0; share <= 100; share++) {
        for (uint64_t total = 0; total < 40; total++) {
            for (uint64_t backup = 0; backup <= total; backup++) {
                int64_t moved = move(total - backup, backup, share);
                uint64_t after = (uint64_t)((int64_t)backup + moved);
                cr_assert_leq(after, total);
                cr_assert_eq(move(total - after, after, share), 0, "%u %% of %lu", share,
                             (unsigned long)total);
            }
        }
    }
}

Test(pool, a_whole_address_space_does_not_overflow)
{
    cr_assert_eq(move(UINT32_MAX, 0, 50), (int64_t)(UINT32_MAX / 2) + 1);
}

static struct fo_pool_threshold with_dhcpd(void)
{
    const struct fo_dialect *isc = fo_dialect_get(FO_DIALECT_ISC);
    return (struct fo_pool_threshold){isc->pool_percent, isc->pool_addresses};
}

Test(pool, the_threshold_may_have_some_addresses_more)
{
    cr_assert_eq(fo_pool_move((struct fo_pool_count){131, 69}, 50, with_dhcpd()), 0);
    cr_assert_eq(fo_pool_move((struct fo_pool_count){132, 68}, 50, with_dhcpd()), 32);
    cr_assert_eq(fo_pool_move((struct fo_pool_count){68, 132}, 50, with_dhcpd()), -32);
}

/* dhcpd.conf(5), max-lease-ownership: it gives away addresses whose last client is its partner's
 * until it has a tenth of the pool less than half. */
Test(pool, what_dhcpd_gave_away_for_its_partners_clients_is_not_given_back)
{
    for (int64_t total = 2; total <= 5000; total++) {
        int64_t dhcpd = total / 2, partner = total - dhcpd;
        int64_t hold = (total * 10 + 50) / 100;
        while ((dhcpd - partner) / 2 > -hold) {
            dhcpd--;
            partner++;
        }
        struct fo_pool_count as_primary = {(uint64_t)partner, (uint64_t)dhcpd};
        struct fo_pool_count as_secondary = {(uint64_t)dhcpd, (uint64_t)partner};
        cr_assert_eq(fo_pool_move(as_primary, 50, with_dhcpd()), 0, "%ld", (long)total);
        cr_assert_eq(fo_pool_move(as_secondary, 50, with_dhcpd()), 0, "%ld", (long)total);
    }
}

Test(pool, the_secondary_asks_when_it_has_less_than_its_share) /* P-01 */
{
    const struct fo_pool_threshold tenth = {10, 0};
    cr_assert(fo_pool_wants((struct fo_pool_count){100, 0}, 50, tenth));
    cr_assert_not(fo_pool_wants((struct fo_pool_count){55, 45}, 50, tenth));
    cr_assert_not(fo_pool_wants((struct fo_pool_count){0, 100}, 50, tenth));
    cr_assert_not(fo_pool_wants((struct fo_pool_count){100, 0}, 0, tenth));
}
