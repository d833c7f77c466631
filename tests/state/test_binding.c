/* state/binding.h; draft-12 Figure 5.11-1, Table 7.1.1-1, §5.2.2. */
#include "state/binding.h"

#include <criterion/criterion.h>
#include <string.h>

static struct fo_client client(const char *hw, const char *id)
{
    struct fo_client c = {0};
    c.hw_length = (uint8_t)strlen(hw);
    memcpy(c.hw, hw, c.hw_length);
    c.id_length = (uint8_t)strlen(id);
    c.id = (const uint8_t *)id;
    return c;
}

Test(binding, clients_with_identifiers_are_told_apart_by_them_alone)
{
    struct fo_client a = client("\1AAAAAA", "laptop"), b = client("\1BBBBBB", "laptop"),
                     c = client("\1AAAAAA", "lapdog"), d = client("\1AAAAAA", "lap");
    cr_assert(fo_client_equal(&a, &b));
    cr_assert_not(fo_client_equal(&a, &c));
    cr_assert_not(fo_client_equal(&a, &d));
}

Test(binding, clients_without_identifiers_are_told_apart_by_hardware_type_and_address)
{
    struct fo_client a = client("\1AAAAAA", ""), same = client("\1AAAAAA", ""),
                     other_type = client("\6AAAAAA", ""), other = client("\1AAAAAB", "");
    cr_assert(fo_client_equal(&a, &same));
    cr_assert_not(fo_client_equal(&a, &other_type));
    cr_assert_not(fo_client_equal(&a, &other));
}

Test(binding, an_identifier_on_one_side_only_makes_two_clients)
{
    struct fo_client with = client("\1AAAAAA", "laptop"), without = client("\1AAAAAA", "");
    cr_assert_not(fo_client_equal(&with, &without));
    cr_assert_not(fo_client_equal(&without, &with));
}

Test(binding, a_client_of_whom_nothing_is_known_equals_nobody)
{
    struct fo_client nobody = {0}, a = client("\1AAAAAA", "");
    cr_assert_not(fo_client_equal(&nobody, &nobody));
    cr_assert_not(fo_client_equal(&nobody, &a));
    cr_assert_not(fo_client_known(&nobody));
    cr_assert(fo_client_known(&a));
}

Test(binding, free_belongs_to_the_primary_and_backup_to_the_secondary)
{
    cr_assert_eq(fo_binding_available_status(FO_ROLE_PRIMARY), FO_STATUS_FREE);
    cr_assert_eq(fo_binding_available_status(FO_ROLE_SECONDARY), FO_STATUS_BACKUP);
}

/* Figure 5.11-1: for each cause, the moves it has; all others of the 7 x 7 are illegal. Rows:
 * from FREE ACTIVE EXPIRED RELEASED ABANDONED RESET BACKUP; in a row, the numbers moved to. */
static const struct {
    enum fo_move_cause cause;
    const char *to[8]; /* by from, 1..7 */
} figure[] = {
    {FO_MOVE_GRANT, {"", "2", "2", "2", "2", "", "", "2"}},
    {FO_MOVE_EXPIRY, {"", "", "3", "", "", "", "", ""}},
    {FO_MOVE_RELEASE, {"", "", "4", "", "", "", "", ""}},
    {FO_MOVE_DECLINE, {"", "5", "5", "5", "5", "5", "5", "5"}},
    {FO_MOVE_OPERATOR, {"", "67", "6", "6", "6", "6", "6", "16"}},
    {FO_MOVE_BALANCE, {"", "7", "", "", "", "", "", "1"}},
    {FO_MOVE_ACKED, {"", "", "", "1", "1", "", "1", ""}},
    {FO_MOVE_PARTNER,
     {"", "1234567", "1234567", "1234567", "1234567", "1234567", "1234567", "1234567"}},
};

Test(binding, moves_are_those_of_figure_5_11_1_and_no_others)
{
    for (size_t i = 0; i < sizeof figure / sizeof figure[0]; i++) {
        for (int from = 0; from < FO_STATUS_COUNT; from++) {
            for (int to = 0; to <= FO_STATUS_COUNT; to++) {
                bool expected = to > 0 && strchr(figure[i].to[from], '0' + to) != NULL;
                cr_assert_eq(fo_binding_may_move((enum fo_binding_status)from,
                                                 (enum fo_binding_status)to, figure[i].cause),
                             expected, "cause %d, %d -> %d", figure[i].cause, from, to);
            }
        }
    }
}

Test(binding, an_address_is_available_or_leased_or_ended_or_abandoned)
{
    static const struct {
        enum fo_binding_status status;
        bool available, over, ended;
    } rows[] = {
        {FO_STATUS_NONE, false, false, false},   {FO_STATUS_FREE, true, false, false},
        {FO_STATUS_ACTIVE, false, false, false}, {FO_STATUS_EXPIRED, false, true, true},
        {FO_STATUS_RELEASED, false, true, true}, {FO_STATUS_ABANDONED, false, false, false},
        {FO_STATUS_RESET, false, false, true},   {FO_STATUS_BACKUP, true, false, false},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        cr_assert_eq(fo_binding_is_available(rows[i].status), rows[i].available, "%zu", i);
        cr_assert_eq(fo_binding_is_over(rows[i].status), rows[i].over, "%zu", i);
        cr_assert_eq(fo_binding_is_ended(rows[i].status), rows[i].ended, "%zu", i);
    }
}

Test(binding, an_ended_lease_returns_to_its_client_only_while_no_bndupd_was_sent) /* L-07 */
{
    struct fo_binding b = {.status = FO_STATUS_EXPIRED, .client = client("\1AAAAAA", "")};
    struct fo_client same = client("\1AAAAAA", ""), other = client("\1BBBBBB", "");
    cr_assert(fo_binding_may_return(&b, &same));
    cr_assert_not(fo_binding_may_return(&b, &other));
    b.status = FO_STATUS_RELEASED;
    cr_assert(fo_binding_may_return(&b, &same));
    b.flags = FO_BINDING_SENT;
    cr_assert_not(fo_binding_may_return(&b, &same));
}

Test(binding, only_expired_and_released_addresses_return)
{
    static const enum fo_binding_status others[] = {
        FO_STATUS_FREE, FO_STATUS_ACTIVE, FO_STATUS_ABANDONED, FO_STATUS_RESET, FO_STATUS_BACKUP};
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) {
        struct fo_binding b = {.status = others[i], .client = client("\1AAAAAA", "")};
        cr_assert_not(fo_binding_may_return(&b, &b.client), "status %d", others[i]);
    }
}

Test(binding, client_information_is_ruled_by_table_7_1_1_1)
{
    cr_assert_eq(fo_binding_client_rule(FO_STATUS_ACTIVE), FO_CLIENT_MUST);
    cr_assert_eq(fo_binding_client_rule(FO_STATUS_EXPIRED), FO_CLIENT_SHOULD);
    cr_assert_eq(fo_binding_client_rule(FO_STATUS_RELEASED), FO_CLIENT_SHOULD);
    cr_assert_eq(fo_binding_client_rule(FO_STATUS_FREE), FO_CLIENT_MAY);
    cr_assert_eq(fo_binding_client_rule(FO_STATUS_RESET), FO_CLIENT_MAY);
    cr_assert_eq(fo_binding_client_rule(FO_STATUS_BACKUP), FO_CLIENT_MAY);
    cr_assert_eq(fo_binding_client_rule(FO_STATUS_ABANDONED), FO_CLIENT_MUST_NOT);
}

Test(binding, prints_as_one_line)
{
    struct fo_binding b = {.address = 0x0a000005,
                           .status = FO_STATUS_ACTIVE,
                           .client = client("\1\2\3", "\xff"),
                           .lease_expiration = {1},
                           .sent_potential_expiration = {2},
                           .acked_potential_expiration = {3},
                           .received_potential_expiration = {4}};
    char line[200];
    cr_assert_str_eq(fo_binding_print(&b, line, sizeof line),
                     "10.0.0.5 ACTIVE hw=01:02:03 id=ff LE=1 SPE=2 APE=3 RPE=4");
    cr_assert_str_eq(fo_binding_print(&b, line, 9), "10.0.0.5");
}
