/* state/lease_time.h; draft-12 §5.2.1, §7.1.5, §9.4.2. */
#include "state/lease_time.h"

#include <criterion/criterion.h>

#define MCLT    3600u
#define DESIRED 259200u /* three days */

static struct fo_binding binding(enum fo_binding_status status, uint32_t le, uint32_t spe,
                                 uint32_t ape, uint32_t rpe)
{
    return (struct fo_binding){.status = (uint8_t)status,
                               .lease_expiration = {le},
                               .sent_potential_expiration = {spe},
                               .acked_potential_expiration = {ape},
                               .received_potential_expiration = {rpe}};
}

static uint32_t grant(const struct fo_binding *b, uint32_t now)
{
    return fo_lease_time_grant(b, fo_utc(now), DESIRED, MCLT).s;
}

Test(lease_time, the_first_lease_of_an_unknown_client_is_mclt) /* L-01 */
{
    struct fo_binding b = {.status = FO_STATUS_FREE};
    cr_assert_eq(grant(&b, 1000), 1000 + MCLT);
    cr_assert_eq(fo_lease_time_grant(&b, fo_utc(1000), 600, MCLT).s, 1600);
    cr_assert_eq(fo_lease_time_grant(&b, fo_utc(1000), FO_LEASE_INFINITE_S, MCLT).s, 1000 + MCLT);
}

Test(lease_time, the_limit_is_mclt_beyond_now_acked_and_received) /* L-02 */
{
    static const uint32_t cases[][4] = {
        /* now, APE, RPE, limit */
        {1000, 0, 0, 4600},        {1000, 5000, 0, 8600},     {1000, 0, 7000, 10600},
        {1000, 5000, 7000, 10600}, {1000, 7000, 5000, 10600}, {9000, 5000, 7000, 12600},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct fo_binding b = binding(FO_STATUS_ACTIVE, 99999, 99999, cases[i][1], cases[i][2]);
        cr_assert_eq(fo_lease_time_longest(&b, fo_utc(cases[i][0]), MCLT).s, cases[i][3],
                     "case %zu", i);
        cr_assert_eq(grant(&b, cases[i][0]), cases[i][3], "inclusive, case %zu", i);
    }
}

/* L-03: §5.2.1 with MCLT one hour, three days desired, T1 = 1/2. */
static const struct {
    uint32_t now, ape_before, granted_s, le, sent; /* sent 0: could not be */
    bool acked;
} example[] = {
    {0, 0, 3600, 3600, 261000, true},
    {1800, 261000, 259200, 261000, 390600, true},
    {131400, 390600, 259200, 390600, 520200, false},
    {261000, 390600, 133200, 394200, 0, false},
    {327600, 390600, 66600, 394200, 0, false},
    {393000, 390600, 3600, 396600, 0, false},
};

Test(lease_time, the_worked_example_comes_out_exactly) /* L-03 */
{
    struct fo_binding b = {.status = FO_STATUS_ACTIVE};
    for (size_t i = 0; i < sizeof example / sizeof example[0]; i++) {
        fo_utc_t now = fo_utc(example[i].now);
        cr_assert_eq(b.acked_potential_expiration.s, example[i].ape_before, "row %zu", i);
        fo_utc_t end = fo_lease_time_grant(&b, now, DESIRED, MCLT);
        cr_assert_eq(end.s, example[i].le, "row %zu", i);
        cr_assert_eq(end.s - now.s, example[i].granted_s, "row %zu", i);
        b.lease_expiration = end;
        if (example[i].sent == 0)
            continue;
        b.sent_potential_expiration = fo_lease_time_potential(now, end, DESIRED);
        cr_assert_eq(b.sent_potential_expiration.s, example[i].sent, "row %zu", i);
        if (example[i].acked)
            b.acked_potential_expiration = b.sent_potential_expiration;
    }
    cr_assert_eq(b.acked_potential_expiration.s, 390600);

    /* PARTNER-DOWN at 400000: when somebody else may have the address. */
    cr_assert_eq(fo_lease_time_reusable(&b, FO_ROLE_PRIMARY, fo_utc(400000), MCLT).s, 523800);
    struct fo_binding partners = {.status = FO_STATUS_BACKUP};
    cr_assert_eq(fo_lease_time_reusable(&partners, FO_ROLE_PRIMARY, fo_utc(400000), MCLT).s,
                 403600);
}

Test(lease_time, a_survivor_renews_for_the_full_time_what_its_partner_granted) /* L-04 */
{
    struct fo_binding b = binding(FO_STATUS_ACTIVE, 3600, 0, 0, 261000);
    cr_assert_eq(grant(&b, 1800), 1800 + DESIRED);
}

Test(lease_time, renewals_without_the_partner_do_not_creep) /* L-05 */
{
    struct fo_binding b = binding(FO_STATUS_ACTIVE, 0, 0, 10000, 0);
    for (uint32_t now = 1000; now < 10000; now += 500) {
        b.lease_expiration = fo_utc(grant(&b, now));
        cr_assert_eq(b.lease_expiration.s, 10000 + MCLT, "at %u", now);
    }
}

Test(lease_time, the_potential_time_is_never_before_the_granted_end) /* B-03 */
{
    cr_assert_eq(fo_lease_time_potential(fo_utc(1000), fo_utc(4600), 0).s, 4600);
    cr_assert_eq(fo_lease_time_potential(fo_utc(1000), fo_utc(4600), 3600).s, 1000 + 1800 + 3600);
    cr_assert_eq(fo_lease_time_potential(fo_utc(1000), fo_utc(900), 100).s, 1100);
}

Test(lease_time, infinite_leases_are_granted_once_the_partner_has_acked_them)
{
    struct fo_binding b = {.status = FO_STATUS_ACTIVE};
    fo_utc_t end = fo_lease_time_grant(&b, fo_utc(1000), FO_LEASE_INFINITE_S, MCLT);
    cr_assert_eq(end.s, 4600);
    b.acked_potential_expiration = fo_lease_time_potential(fo_utc(1000), end, FO_LEASE_INFINITE_S);
    cr_assert_eq(b.acked_potential_expiration.s, FO_UTC_INFINITE);
    cr_assert_eq(fo_lease_time_grant(&b, fo_utc(2800), FO_LEASE_INFINITE_S, MCLT).s,
                 FO_UTC_INFINITE);
    cr_assert_eq(grant(&b, 2800), 2800 + DESIRED);
}

Test(lease_time, the_other_way_to_write_for_ever_counts_the_same)
{
    struct fo_binding b = binding(FO_STATUS_ACTIVE, 0, 0, 0, FO_UTC_ALL_ONES);
    cr_assert_eq(fo_lease_time_longest(&b, fo_utc(5), MCLT).s, FO_UTC_INFINITE);
    cr_assert_eq(fo_lease_time_reusable(&b, FO_ROLE_PRIMARY, fo_utc(5), MCLT).s, FO_UTC_INFINITE);
}

Test(lease_time, sums_do_not_wrap)
{
    struct fo_binding b = binding(FO_STATUS_ACTIVE, 0, 0, 0x7ffffff0, 0);
    cr_assert_eq(fo_lease_time_longest(&b, fo_utc(5), 0xfffffff0).s, FO_UTC_INFINITE);
}

Test(lease_time, own_available_addresses_are_reusable_at_once)
{
    struct fo_binding free = {.status = FO_STATUS_FREE}, backup = {.status = FO_STATUS_BACKUP};
    cr_assert_eq(fo_lease_time_reusable(&free, FO_ROLE_PRIMARY, fo_utc(400), MCLT).s, 400);
    cr_assert_eq(fo_lease_time_reusable(&backup, FO_ROLE_SECONDARY, fo_utc(400), MCLT).s, 400);
}

Test(lease_time, the_partners_available_addresses_wait_mclt_to_the_second) /* L-08 */
{
    struct fo_binding free = {.status = FO_STATUS_FREE}, backup = {.status = FO_STATUS_BACKUP};
    cr_assert_eq(fo_lease_time_reusable(&backup, FO_ROLE_PRIMARY, fo_utc(400), MCLT).s, 4000);
    cr_assert_eq(fo_lease_time_reusable(&free, FO_ROLE_SECONDARY, fo_utc(400), MCLT).s, 4000);
}

Test(lease_time, leased_addresses_wait_mclt_beyond_the_latest_of_five_times) /* L-09 */
{
    static const uint32_t cases[][6] = {
        /* since, LE, SPE, APE, RPE, reusable */
        {500, 100, 100, 100, 100, 4100}, {100, 500, 100, 100, 100, 4100},
        {100, 100, 500, 100, 100, 4100}, {100, 100, 100, 500, 100, 4100},
        {100, 100, 100, 100, 500, 4100},
    };
    static const enum fo_binding_status leased[] = {FO_STATUS_ACTIVE, FO_STATUS_EXPIRED,
                                                    FO_STATUS_RELEASED, FO_STATUS_RESET};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const uint32_t *c = cases[i];
        for (size_t j = 0; j < sizeof leased / sizeof leased[0]; j++) {
            struct fo_binding b = binding(leased[j], c[1], c[2], c[3], c[4]);
            cr_assert_eq(fo_lease_time_reusable(&b, FO_ROLE_SECONDARY, fo_utc(c[0]), MCLT).s, c[5],
                         "case %zu, status %d", i, leased[j]);
        }
    }
}

Test(lease_time, a_lease_granted_in_partner_down_without_contact_waits_no_mclt) /* L-10 */
{
    struct fo_binding b = binding(FO_STATUS_EXPIRED, 9000, 20000, 0, 0);
    b.flags = FO_BINDING_LATE;
    cr_assert_eq(fo_lease_time_reusable(&b, FO_ROLE_PRIMARY, fo_utc(400), MCLT).s, 9000);
    b.flags = 0; /* contact was made */
    cr_assert_eq(fo_lease_time_reusable(&b, FO_ROLE_PRIMARY, fo_utc(400), MCLT).s, 23600);
}

Test(lease_time, infinite_and_abandoned_addresses_are_never_reusable)
{
    struct fo_binding infinite = binding(FO_STATUS_ACTIVE, FO_UTC_INFINITE, 0, 0, 0);
    struct fo_binding abandoned = {.status = FO_STATUS_ABANDONED};
    cr_assert_eq(fo_lease_time_reusable(&infinite, FO_ROLE_PRIMARY, fo_utc(400), MCLT).s,
                 FO_UTC_INFINITE);
    cr_assert_eq(fo_lease_time_reusable(&abandoned, FO_ROLE_PRIMARY, fo_utc(400), MCLT).s,
                 FO_UTC_INFINITE);
}

Test(lease_time, times_are_corrected_by_the_clock_difference) /* B-17 */
{
    static const struct {
        uint32_t wire;
        int32_t delta;
        uint32_t ours;
    } cases[] = {
        {1000, 30, 1030},
        {1000, -30, 970},
        {0, 30, 0},
        {FO_UTC_INFINITE, -30, FO_UTC_INFINITE},
        {FO_UTC_ALL_ONES, 30, FO_UTC_ALL_ONES},
        {10, -30, 1},                                    /* never becomes "none" */
        {FO_UTC_INFINITE - 10, 30, FO_UTC_INFINITE - 1}, /* nor "for ever" */
        {FO_UTC_ALL_ONES - 1, INT32_MAX, FO_UTC_INFINITE - 1},
        {1, INT32_MIN, 1},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        cr_assert_eq(fo_lease_time_correct(fo_utc(cases[i].wire), cases[i].delta).s, cases[i].ours,
                     "case %zu", i);
}
