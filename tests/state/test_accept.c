/* state/accept.h; draft-12 §7.1.3 with Figure 7.1.3-1, §7.1.5, §5.11. */
#include "state/accept.h"

#include <criterion/criterion.h>
#include <string.h>

#define NOW  5000u
#define LE   9000u /* of our own binding: not over at NOW */
#define CLTT 3000u
#define STOS 3500u

static struct fo_client client(char which)
{
    struct fo_client c = {.hw_length = 7};
    memset(c.hw, which, 7);
    return c;
}

static struct fo_binding have(enum fo_binding_status status)
{
    return (struct fo_binding){.address = 0x0a000005,
                               .status = (uint8_t)status,
                               .client = client('A'),
                               .lease_expiration = {LE},
                               .sent_potential_expiration = {9100},
                               .acked_potential_expiration = {9200},
                               .received_potential_expiration = {9300},
                               .client_last_transaction = {CLTT},
                               .start_of_state = {STOS},
                               .acked_epoch = 7};
}

/* An update by the client of have(), newer than all we have. */
static struct fo_update says(enum fo_binding_status status)
{
    return (struct fo_update){.said = {.address = 0x0a000005,
                                       .status = (uint8_t)status,
                                       .client = client('A'),
                                       .lease_expiration = {9500},
                                       .sent_potential_expiration = {9600},
                                       .client_last_transaction = {4000},
                                       .start_of_state = {4100}},
                              .has_client_last_transaction = true,
                              .dates_leases = true,
                              .in_our_pool = true,
                              .reserved_here = true};
}

static enum fo_reject verdict(const struct fo_binding *own, const struct fo_update *u)
{
    return fo_accept_update(own, u, FO_ROLE_PRIMARY, fo_utc(NOW));
}

/* B-08: Figure 7.1.3-1 with its merged columns and rows expanded. Y accept, 1 2 3 time1..3, 5 note
 * 5, 6 reject 16. Columns: ACTIVE EXPIRED RELEASED FREE BACKUP RESET ABANDONED. */
static const enum fo_binding_status order[] = {
    FO_STATUS_ACTIVE, FO_STATUS_EXPIRED, FO_STATUS_RELEASED, FO_STATUS_FREE,
    FO_STATUS_BACKUP, FO_STATUS_RESET,   FO_STATUS_ABANDONED};
static const char *const figure[] = {
    /* ACTIVE    */ "52122YY",
    /* EXPIRED   */ "1YYYYYY",
    /* RELEASED  */ "11YYYYY",
    /* FREE      */ "YYYYYYY",
    /* BACKUP    */ "YYYYYYY",
    /* RESET     */ "3YYYYYY",
    /* ABANDONED */ "66666YY",
};

static enum fo_accept_rule rule_of(char letter)
{
    switch (letter) {
    case '1':
        return FO_ACCEPT_TIME1;
    case '2':
        return FO_ACCEPT_TIME2;
    case '3':
        return FO_ACCEPT_TIME3;
    case '5':
        return FO_ACCEPT_NOTE5;
    case '6':
        return FO_ACCEPT_REJECT16;
    default:
        return FO_ACCEPT_YES;
    }
}

Test(accept, every_cell_is_that_of_figure_7_1_3_1) /* B-08 */
{
    for (size_t own = 0; own < 7; own++) {
        for (size_t said = 0; said < 7; said++)
            cr_assert_eq(fo_accept_cell(order[own], order[said]), rule_of(figure[own][said]),
                         "%zu, %zu", own, said);
    }
}

/* One way to look at a cell: what time relations hold, and the verdicts that follow. */
struct view {
    const char *what;
    uint32_t now;       /* against LE of ours */
    uint32_t said_cltt; /* against CLTT and STOS of ours */
    bool has_cltt;
    bool time1, time2, time3;
};
static const struct view views[] = {
    {"lease over, client heard later", LE + 1, STOS + 1, true, true, true, true},
    {"lease ends this second", LE, STOS + 1, true, true, false, true},
    {"lease running", LE - 1, STOS + 1, true, true, false, true},
    {"heard before our change of status", LE + 1, STOS, true, true, true, false},
    {"heard one second later", LE + 1, CLTT + 1, true, true, true, false},
    {"heard at the same time", LE + 1, CLTT, true, false, true, false},
    {"heard earlier", LE + 1, CLTT - 1, true, false, true, false},
    {"update without CLTT is never later", LE + 1, STOS + 1, false, false, true, false},
};

static enum fo_reject expected_verdict(char letter, const struct view *v)
{
    switch (letter) {
    case '1':
        return v->time1 ? FO_REJECT_NONE : FO_REJECT_OUTDATED_BINDING_INFORMATION;
    case '2':
        return v->time2 ? FO_REJECT_NONE : FO_REJECT_OUTDATED_BINDING_INFORMATION;
    case '3':
        return v->time3 ? FO_REJECT_NONE : FO_REJECT_OUTDATED_BINDING_INFORMATION;
    case '6':
        return FO_REJECT_LESS_CRITICAL_BINDING_INFORMATION;
    default: /* 5 too: the client is the same */
        return FO_REJECT_NONE;
    }
}

Test(accept, every_cell_gives_its_verdict_for_every_relation_of_the_times) /* B-08, B-12 */
{
    for (size_t i = 0; i < 7 * 7 * sizeof views / sizeof views[0]; i++) {
        const struct view *v = &views[i / 49];
        size_t own = i % 49 / 7, said = i % 7;
        struct fo_binding b = have(order[own]);
        struct fo_update u = says(order[said]);
        u.said.client_last_transaction = fo_utc(v->said_cltt);
        u.has_client_last_transaction = v->has_cltt;
        for (int role = FO_ROLE_PRIMARY; role <= FO_ROLE_SECONDARY; role++)
            cr_assert_eq(fo_accept_update(&b, &u, (enum fo_role)role, fo_utc(v->now)),
                         expected_verdict(figure[own][said], v), "own %zu said %zu: %s", own, said,
                         v->what);
    }
}

Test(accept, a_binding_without_cltt_is_always_earlier) /* B-08 */
{
    struct fo_binding b = have(FO_STATUS_EXPIRED);
    struct fo_update u = says(FO_STATUS_ACTIVE);
    b.client_last_transaction = fo_utc(FO_UTC_NONE);
    u.said.client_last_transaction = fo_utc(1);
    cr_assert_eq(verdict(&b, &u), FO_REJECT_NONE);
}

Test(accept, two_clients_active_on_one_address_is_2_for_a_primary_and_believed_by_a_secondary)
{ /* B-09, note 5 */
    struct fo_binding b = have(FO_STATUS_ACTIVE);
    struct fo_update u = says(FO_STATUS_ACTIVE);
    u.said.client = client('B');
    cr_assert_eq(fo_accept_update(&b, &u, FO_ROLE_PRIMARY, fo_utc(NOW)), FO_REJECT_FATAL_CONFLICT);
    cr_assert_eq(fo_accept_update(&b, &u, FO_ROLE_SECONDARY, fo_utc(NOW)), FO_REJECT_NONE);
}

Test(accept, the_end_of_another_clients_lease_does_not_end_ours) /* Draft gap */
{
    static const enum fo_binding_status ends[] = {FO_STATUS_EXPIRED, FO_STATUS_RELEASED};
    for (size_t i = 0; i < 2; i++) {
        struct fo_binding b = have(FO_STATUS_ACTIVE);
        struct fo_update u = says(ends[i]);
        cr_assert_eq(fo_accept_update(&b, &u, FO_ROLE_PRIMARY, fo_utc(LE + 1)), FO_REJECT_NONE);
        u.said.client = client('B');
        cr_assert_eq(fo_accept_update(&b, &u, FO_ROLE_PRIMARY, fo_utc(LE)),
                     FO_REJECT_OUTDATED_BINDING_INFORMATION);
    }
}

Test(accept, a_lease_that_is_over_is_as_good_as_expired_to_another_client) /* Draft gap */
{
    static const enum fo_binding_status said[] = {FO_STATUS_ACTIVE, FO_STATUS_EXPIRED,
                                                  FO_STATUS_RELEASED};
    for (size_t i = 0; i < 3; i++) {
        struct fo_binding b = have(FO_STATUS_ACTIVE);
        struct fo_update u = says(said[i]);
        u.said.client = client('B');
        cr_assert_neq(fo_accept_update(&b, &u, FO_ROLE_PRIMARY, fo_utc(LE)), FO_REJECT_NONE);
        cr_assert_eq(fo_accept_update(&b, &u, FO_ROLE_PRIMARY, fo_utc(LE + 1)), FO_REJECT_NONE);
    }
}

Test(accept, a_lease_given_in_the_second_of_the_release_is_another_clients) /* Draft gap */
{
    struct fo_binding own = have(FO_STATUS_RELEASED);
    struct fo_update u = says(FO_STATUS_ACTIVE);
    u.said.client_last_transaction = fo_utc(CLTT);
    cr_expect_eq(verdict(&own, &u), FO_REJECT_OUTDATED_BINDING_INFORMATION, "its own, from before");
    u.said.client = client('B');
    cr_expect_eq(verdict(&own, &u), FO_REJECT_NONE);
    u.said.client_last_transaction = fo_utc(CLTT - FO_CLOCKS_S);
    cr_expect_eq(verdict(&own, &u), FO_REJECT_NONE, "by clocks that are not quite corrected");
    u.said.client_last_transaction = fo_utc(CLTT - FO_CLOCKS_S - 1);
    cr_expect_eq(verdict(&own, &u), FO_REJECT_OUTDATED_BINDING_INFORMATION);
    u.said.client_last_transaction = fo_utc(CLTT);
    u.said.lease_expiration = fo_utc(NOW);
    cr_expect_eq(verdict(&own, &u), FO_REJECT_OUTDATED_BINDING_INFORMATION, "it is over");
}

Test(accept, a_lease_that_is_over_does_not_give_way_to_an_older_one) /* time1 of its row */
{
    struct fo_binding b = have(FO_STATUS_ACTIVE);
    struct fo_update u = says(FO_STATUS_ACTIVE);
    u.said.client = client('B');
    u.said.client_last_transaction = fo_utc(CLTT);
    for (int role = FO_ROLE_PRIMARY; role <= FO_ROLE_SECONDARY; role++)
        cr_assert_eq(fo_accept_update(&b, &u, (enum fo_role)role, fo_utc(LE + 1)),
                     FO_REJECT_OUTDATED_BINDING_INFORMATION);
}

Test(accept, an_address_of_no_pool_of_ours_is_1) /* B-10 */
{
    struct fo_binding b = have(FO_STATUS_FREE);
    struct fo_update u = says(FO_STATUS_ACTIVE);
    u.in_our_pool = false;
    cr_assert_eq(verdict(&b, &u), FO_REJECT_ADDRESS_NOT_IN_POOL);
}

Test(accept, missing_information_is_3_before_anything_else) /* B-10 */
{
    struct fo_binding b = have(FO_STATUS_FREE);
    struct fo_update u = says(FO_STATUS_ACTIVE);
    u.missing = FO_OPT_BIT(FO_OPT_LEASE_EXPIRATION_TIME);
    u.in_our_pool = false;
    cr_assert_eq(verdict(&b, &u), FO_REJECT_MISSING_BINDING_INFORMATION);
}

Test(accept, a_status_that_does_not_exist_is_3) /* Draft gap */
{
    static const uint8_t unknown[] = {0, 8, 255};
    for (size_t i = 0; i < sizeof unknown; i++) {
        struct fo_binding b = have(FO_STATUS_FREE);
        struct fo_update u = says(FO_STATUS_ACTIVE);
        u.said.status = unknown[i];
        cr_assert_eq(verdict(&b, &u), FO_REJECT_MISSING_BINDING_INFORMATION);
    }
}

Test(accept, a_reserved_backup_address_that_we_do_not_reserve_is_19) /* B-11 */
{
    struct fo_binding b = have(FO_STATUS_FREE);
    struct fo_update u = says(FO_STATUS_BACKUP);
    u.said.flags = FO_BINDING_RESERVED;
    cr_assert_eq(verdict(&b, &u), FO_REJECT_NONE);
    u.reserved_here = false;
    cr_assert_eq(verdict(&b, &u), FO_REJECT_NOT_RESERVED);
    cr_assert_eq(fo_accept_update(&b, &u, FO_ROLE_SECONDARY, fo_utc(NOW)), FO_REJECT_NOT_RESERVED);
    u.said.flags = 0;
    cr_assert_eq(verdict(&b, &u), FO_REJECT_NONE);
}

Test(accept, a_reserved_free_address_is_19_for_a_primary_only) /* Draft gap */
{
    struct fo_binding b = have(FO_STATUS_FREE);
    struct fo_update u = says(FO_STATUS_FREE);
    u.said.flags = FO_BINDING_RESERVED;
    u.reserved_here = false;
    cr_assert_eq(fo_accept_update(&b, &u, FO_ROLE_PRIMARY, fo_utc(NOW)), FO_REJECT_NOT_RESERVED);
    cr_assert_eq(fo_accept_update(&b, &u, FO_ROLE_SECONDARY, fo_utc(NOW)), FO_REJECT_NONE);
}

Test(accept, a_reserved_active_address_needs_no_reservation_here)
{
    struct fo_binding b = have(FO_STATUS_FREE);
    struct fo_update u = says(FO_STATUS_ACTIVE);
    u.said.flags = FO_BINDING_RESERVED;
    u.reserved_here = false;
    cr_assert_eq(verdict(&b, &u), FO_REJECT_NONE);
}

Test(accept, the_table_speaks_before_the_reservation)
{
    struct fo_binding b = have(FO_STATUS_ABANDONED);
    struct fo_update u = says(FO_STATUS_BACKUP);
    u.said.flags = FO_BINDING_RESERVED;
    u.reserved_here = false;
    cr_assert_eq(verdict(&b, &u), FO_REJECT_LESS_CRITICAL_BINDING_INFORMATION);
}

Test(accept, a_recalled_address_that_is_in_use_is_15) /* P-04 */
{
    struct fo_binding b = have(FO_STATUS_ACTIVE);
    struct fo_update u = says(FO_STATUS_FREE);
    cr_assert_eq(fo_accept_update(&b, &u, FO_ROLE_SECONDARY, fo_utc(NOW)),
                 FO_REJECT_OUTDATED_BINDING_INFORMATION);
}

/* --- what is stored ---------------------------------------------------------------------- */

static struct fo_binding merged(const struct fo_binding *own, const struct fo_update *u)
{
    struct fo_binding b;
    fo_accept_merge(own, u, fo_utc(NOW), &b);
    return b;
}

Test(accept, expired_released_and_reset_are_stored_as_free) /* B-13 */
{
    static const enum fo_binding_status stored[][2] = {
        {FO_STATUS_EXPIRED, FO_STATUS_FREE},       {FO_STATUS_RELEASED, FO_STATUS_FREE},
        {FO_STATUS_RESET, FO_STATUS_FREE},         {FO_STATUS_FREE, FO_STATUS_FREE},
        {FO_STATUS_BACKUP, FO_STATUS_BACKUP},      {FO_STATUS_ACTIVE, FO_STATUS_ACTIVE},
        {FO_STATUS_ABANDONED, FO_STATUS_ABANDONED}};
    for (size_t i = 0; i < 7; i++) {
        struct fo_binding own = have(FO_STATUS_ACTIVE);
        struct fo_update u = says(stored[i][0]);
        cr_assert_eq(merged(&own, &u).status, stored[i][1], "status %d", stored[i][0]);
    }
}

Test(accept, an_address_that_became_free_or_backup_forgets_its_potential_times) /* Draft gap */
{
    static const enum fo_binding_status ends[] = {
        FO_STATUS_EXPIRED, FO_STATUS_RELEASED, FO_STATUS_RESET, FO_STATUS_FREE, FO_STATUS_BACKUP};
    for (size_t i = 0; i < sizeof ends / sizeof ends[0]; i++) {
        struct fo_binding own = have(FO_STATUS_ACTIVE), b;
        struct fo_update u = says(ends[i]);
        b = merged(&own, &u);
        cr_assert_eq(b.sent_potential_expiration.s, 0);
        cr_assert_eq(b.acked_potential_expiration.s, 0);
        cr_assert_eq(b.received_potential_expiration.s, 0); /* 18 counts for ACTIVE alone */
        cr_assert_eq(b.lease_expiration.s, NOW);            /* cut short: it is over */
        cr_assert(fo_client_equal(&b.client, &own.client)); /* affinity */
    }
}

Test(accept, a_lease_end_long_past_is_kept_when_the_address_becomes_free)
{
    struct fo_binding own = have(FO_STATUS_EXPIRED);
    struct fo_update u = says(FO_STATUS_FREE);
    own.lease_expiration = fo_utc(1234);
    cr_assert_eq(merged(&own, &u).lease_expiration.s, 1234);
}

Test(accept, the_times_of_the_same_client_only_move_forward) /* B-15, §7.1.5 */
{
    struct fo_binding own = have(FO_STATUS_ACTIVE), b;
    struct fo_update u = says(FO_STATUS_ACTIVE);
    u.said.start_of_state = fo_utc(STOS + FO_CLOCKS_S); /* as far as clocks can tell */
    b = merged(&own, &u);
    cr_assert_eq(b.lease_expiration.s, 9500);
    cr_assert_eq(b.received_potential_expiration.s, 9600);
    cr_assert_eq(b.client_last_transaction.s, 4000);
    cr_assert_eq(b.start_of_state.s, STOS + FO_CLOCKS_S);
    cr_assert_eq(b.sent_potential_expiration.s, 9100); /* ours stay */
    cr_assert_eq(b.acked_potential_expiration.s, 9200);

    u.said.lease_expiration = fo_utc(8000); /* an update that crossed a renewal of ours */
    u.said.sent_potential_expiration = fo_utc(8000);
    u.said.client_last_transaction = fo_utc(2000);
    b = merged(&own, &u);
    cr_assert_eq(b.lease_expiration.s, LE);
    cr_assert_eq(b.received_potential_expiration.s, 9300);
    cr_assert_eq(b.client_last_transaction.s, CLTT);
}

/* Draft gap: the partner ended that lease meanwhile, by hand or for a release, and gave the client
 * another. */
Test(accept, what_was_promised_for_a_lease_is_over_when_the_client_has_the_next)
{
    struct fo_binding own = have(FO_STATUS_ACTIVE), b;
    struct fo_update u = says(FO_STATUS_ACTIVE);
    u.said.start_of_state = fo_utc(STOS + FO_CLOCKS_S + 1);
    b = merged(&own, &u);
    cr_assert_eq(b.received_potential_expiration.s, 9600);
    cr_assert_eq(b.acked_potential_expiration.s, 9200);

    u.said.sent_potential_expiration = fo_utc(9150);
    b = merged(&own, &u);
    cr_assert_eq(b.received_potential_expiration.s, 9150);
    cr_assert_eq(b.acked_potential_expiration.s, 9150);
    cr_assert_eq(b.sent_potential_expiration.s, 9100);
    cr_assert_eq(b.lease_expiration.s, 9500);

    u.dates_leases = false; /* it may as well have been renewed: dhcpd */
    b = merged(&own, &u);
    cr_assert_eq(b.received_potential_expiration.s, 9300);
    cr_assert_eq(b.acked_potential_expiration.s, 9200);
}

/* Draft gap: what is left of a lease that was released says nothing of the next. */
Test(accept, a_lease_that_goes_on_ends_when_it_ends_there)
{
    static const enum fo_binding_status over[] = {FO_STATUS_EXPIRED, FO_STATUS_RELEASED};
    for (size_t i = 0; i < 2; i++) {
        struct fo_binding own = have(over[i]), merged;
        struct fo_update u = says(FO_STATUS_ACTIVE);
        u.said.lease_expiration = fo_utc(LE - 100);
        own.acked_potential_expiration = fo_utc(9700);
        own.received_potential_expiration = fo_utc(9800);
        fo_accept_merge(&own, &u, fo_utc(NOW), &merged);
        cr_assert_eq(merged.lease_expiration.s, LE - 100);
        /* The partner may have freed it in between: it reckons with what it says, and no more. */
        cr_assert_eq(merged.received_potential_expiration.s, 9600);
        cr_assert_eq(merged.acked_potential_expiration.s, FO_UTC_NONE);
    }
}

Test(accept, the_times_of_another_client_replace_ours) /* Draft gap */
{
    struct fo_binding own = have(FO_STATUS_ACTIVE), b;
    struct fo_update u = says(FO_STATUS_ACTIVE);
    u.said.client = client('B');
    u.said.lease_expiration = fo_utc(6000);
    u.said.sent_potential_expiration = fo_utc(6100);
    u.said.client_last_transaction = fo_utc(2000);
    b = merged(&own, &u);
    cr_assert(fo_client_equal(&b.client, &u.said.client));
    cr_assert_eq(b.lease_expiration.s, 6000);
    cr_assert_eq(b.received_potential_expiration.s, 6100);
    cr_assert_eq(b.sent_potential_expiration.s, 0);
    cr_assert_eq(b.acked_potential_expiration.s, 0);
    cr_assert_eq(b.client_last_transaction.s, 2000);
}

Test(accept, a_missing_cltt_leaves_the_one_we_have_unless_the_client_is_another)
{
    struct fo_binding own = have(FO_STATUS_ACTIVE);
    struct fo_update u = says(FO_STATUS_ACTIVE);
    u.has_client_last_transaction = false;
    cr_assert_eq(merged(&own, &u).client_last_transaction.s, CLTT);
    u.said.client = client('B');
    cr_assert_eq(merged(&own, &u).client_last_transaction.s, FO_UTC_NONE);
}

Test(accept, a_missing_start_of_state_is_now)
{
    struct fo_binding own = have(FO_STATUS_FREE);
    struct fo_update u = says(FO_STATUS_BACKUP);
    u.said.start_of_state = fo_utc(FO_UTC_NONE);
    cr_assert_eq(merged(&own, &u).start_of_state.s, NOW);
}

Test(accept, an_abandoned_address_keeps_whom_we_knew_as_its_client)
{
    struct fo_binding own = have(FO_STATUS_FREE);
    struct fo_update u = says(FO_STATUS_ABANDONED);
    u.said.client = (struct fo_client){0};
    struct fo_binding b = merged(&own, &u);
    cr_assert(fo_client_equal(&b.client, &own.client));
}

Test(accept, flags_come_from_the_update_and_our_own_marks_go)
{
    struct fo_binding own = have(FO_STATUS_ACTIVE);
    struct fo_update u = says(FO_STATUS_ACTIVE);
    own.flags = FO_BINDING_OURS | FO_BINDING_SENT | FO_BINDING_LATE | FO_BINDING_BOOTP;
    u.said.flags = FO_BINDING_RESERVED | FO_BINDING_LATE;
    cr_assert_eq(merged(&own, &u).flags, FO_BINDING_RESERVED);
    u.said.client_last_transaction = fo_utc(CLTT - 1); /* our renewal is younger */
    cr_assert_eq(merged(&own, &u).flags, FO_BINDING_RESERVED | FO_BINDING_OURS | FO_BINDING_SENT);
}

/* A partner that lost its storage says again what it heard from us: that gives the address to
 * nobody. The partner's word of another client does. */
Test(accept, what_is_withheld_stays_so_until_the_lease_is_anothers)
{
    struct fo_binding own = have(FO_STATUS_ACTIVE);
    struct fo_update u = says(FO_STATUS_ACTIVE);
    own.flags = FO_BINDING_WITHHELD;
    cr_assert_eq(merged(&own, &u).flags, FO_BINDING_WITHHELD);
    u.said.client.hw[6]++;
    cr_assert_eq(merged(&own, &u).flags, 0);
}

Test(accept, address_and_epoch_stay)
{
    struct fo_binding own = have(FO_STATUS_FREE);
    struct fo_update u = says(FO_STATUS_ACTIVE);
    cr_assert_eq(merged(&own, &u).address, 0x0a000005);
    cr_assert_eq(merged(&own, &u).acked_epoch, 7);
}

/* Draft gap in Figure 7.1.3-1: the partner's operator reset an address that we had leased again
 * meanwhile, and could not say; its client was still there when another got the address. */
Test(accept, a_reset_does_not_end_a_lease_that_the_partner_has_not_heard_of)
{
    struct fo_binding own = have(FO_STATUS_ACTIVE);
    struct fo_update u = says(FO_STATUS_RESET);
    u.said.client_last_transaction = fo_utc(CLTT - 6);
    cr_expect_eq(verdict(&own, &u), FO_REJECT_OUTDATED_BINDING_INFORMATION);
    u.said.client_last_transaction = fo_utc(CLTT - 2); /* the same one, by another clock */
    cr_expect_eq(verdict(&own, &u), FO_REJECT_NONE);
    u.said.client_last_transaction = fo_utc(CLTT - 6);
    u.has_client_last_transaction = false;
    cr_expect_eq(verdict(&own, &u), FO_REJECT_NONE);
    u.has_client_last_transaction = true;
    own.lease_expiration = fo_utc(NOW - 1); /* it is over */
    cr_expect_eq(verdict(&own, &u), FO_REJECT_NONE);
}
