/* state/relationship.h: what a relationship holds. */
#include "state/relationship.h"

#include <criterion/criterion.h>

#define A 0x0a000000u
#define B 0x0a000100u
#define C 0x0a000200u

static struct fo_relationship with_scopes(void)
{
    struct fo_relationship r;
    fo_relationship_init(&r);
    cr_assert_eq(fo_relationship_add_scopes(&r, (fo_ipv4_t[]){C, A, B}, 3), FO_OK);
    return r;
}

Test(relationship, starts_with_the_documented_defaults) /* MAPI §3 */
{
    struct fo_relationship r;
    fo_relationship_init(&r);
    cr_assert_eq(r.mode, FO_MODE_LOAD_BALANCE);
    cr_assert_eq(r.percentage, 50);
    cr_assert_eq(r.mclt_s, 3600);
    cr_assert_eq(r.safe_period_s, 0xffffffff);
    cr_assert_eq(r.partner_port, 647);
    cr_assert_eq(r.receive_timer_s, 30);
    cr_assert_str_empty(r.shared_secret);
    cr_assert_eq(r.scope_count, 0);
    fo_relationship_fini(&r);
}

Test(relationship, scopes_are_sorted_and_found)
{
    struct fo_relationship r = with_scopes();
    cr_assert_eq(r.scopes[0], A);
    cr_assert_eq(r.scopes[1], B);
    cr_assert_eq(r.scopes[2], C);
    cr_assert(fo_relationship_has_scope(&r, B));
    cr_assert_not(fo_relationship_has_scope(&r, B + 1));
    fo_relationship_fini(&r);
    cr_assert_not(fo_relationship_has_scope(&r, B));
    fo_relationship_fini(&r);
}

Test(relationship, scopes_are_removed_and_strangers_ignored)
{
    struct fo_relationship r = with_scopes();
    fo_relationship_remove_scopes(&r, (fo_ipv4_t[]){C, 1, A, A}, 4);
    cr_assert_eq(r.scope_count, 1);
    cr_assert_eq(r.scopes[0], B);
    fo_relationship_remove_scopes(&r, (fo_ipv4_t[]){B}, 1);
    cr_assert_eq(r.scope_count, 0); /* M-DS-02: none is left, and it stays */
    fo_relationship_remove_scopes(&r, (fo_ipv4_t[]){B}, 1);
    fo_relationship_fini(&r);
}

Test(relationship, a_copy_is_its_own)
{
    struct fo_relationship r = with_scopes(), copy;
    cr_assert_eq(fo_relationship_copy(&r, &copy), FO_OK);
    fo_relationship_remove_scopes(&copy, (fo_ipv4_t[]){A}, 1);
    cr_assert_eq(r.scope_count, 3);
    cr_assert_eq(copy.scope_count, 2);
    fo_relationship_fini(&copy);
    fo_relationship_fini(&r);
    cr_assert_eq(fo_relationship_copy(&r, &copy), FO_OK);
    cr_assert_null(copy.scopes);
}

Test(relationship, local_and_partner_follow_from_the_role)
{
    struct fo_relationship r;
    fo_relationship_init(&r);
    r.primary_server = 1;
    r.secondary_server = 2;
    r.primary_server_name[0] = 'p';
    r.secondary_server_name[0] = 's';
    cr_assert_eq(fo_relationship_local(&r), 1);
    cr_assert_eq(fo_relationship_partner(&r), 2);
    cr_assert_str_eq(fo_relationship_partner_name(&r), "s");
    r.role = FO_ROLE_SECONDARY;
    cr_assert_eq(fo_relationship_local(&r), 2);
    cr_assert_eq(fo_relationship_partner(&r), 1);
    cr_assert_str_eq(fo_relationship_partner_name(&r), "p");
}

Test(relationship, the_percentage_is_the_primarys_clients_or_the_standbys_pool) /* MAPI §2.2 */
{
    static const struct {
        enum fo_mode mode;
        unsigned percentage, buckets, share;
    } cases[] = {
        {FO_MODE_LOAD_BALANCE, 50, 128, 50}, {FO_MODE_LOAD_BALANCE, 70, 179, 30},
        {FO_MODE_LOAD_BALANCE, 0, 0, 100},   {FO_MODE_LOAD_BALANCE, 100, 256, 0},
        {FO_MODE_HOT_STANDBY, 5, 256, 5},    {FO_MODE_HOT_STANDBY, 0, 256, 0},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct fo_relationship r = {.mode = cases[i].mode, .percentage = cases[i].percentage};
        struct fo_buckets b = fo_relationship_buckets(&r);
        cr_assert_eq(fo_load_balance_count(&b), cases[i].buckets, "case %zu", i);
        cr_assert_eq(fo_relationship_secondary_share(&r), cases[i].share, "case %zu", i);
    }
}

Test(relationship, a_hand_made_map_rules_over_the_percentage)
{
    struct fo_relationship r = {
        .percentage = 50, .has_buckets = true, .buckets = fo_load_balance_split(64)};
    struct fo_buckets b = fo_relationship_buckets(&r);
    cr_assert_eq(fo_load_balance_count(&b), 64);
    cr_assert_eq(fo_relationship_secondary_share(&r), 75);
}

Test(relationship, names_are_counted_in_utf_16_units)
{
    static const struct {
        const char *text;
        long units;
    } cases[] = {
        {"", 0},
        {"alpha", 5},
        {"\xc3\xa4", 1},         /* U+00E4 */
        {"\xe2\x82\xac", 1},     /* U+20AC */
        {"\xef\xbf\xbf", 1},     /* U+FFFF */
        {"\xf0\x9f\x98\x80", 2}, /* U+1F600: a surrogate pair */
        {"\xf4\x8f\xbf\xbf", 2}, /* U+10FFFF */
        {"a\xc3\xa4\xf0\x9f\x98\x80z", 5},
        {"\x80", -1},             /* continuation alone */
        {"\xc3", -1},             /* cut off */
        {"\xe2\x82", -1},         /* cut off */
        {"\xf0\x9f\x98z", -1},    /* cut off */
        {"\xc0\xaf", -1},         /* overlong */
        {"\xe0\x80\xaf", -1},     /* overlong */
        {"\xf0\x80\x80\xaf", -1}, /* overlong */
        {"\xed\xa0\x80", -1},     /* surrogate U+D800 */
        {"\xed\xbf\xbf", -1},     /* surrogate U+DFFF */
        {"\xf4\x90\x80\x80", -1}, /* beyond U+10FFFF */
        {"\xf8\x88\x80\x80\x80", -1},
        {"\xff", -1},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        cr_assert_eq(fo_utf16_units(cases[i].text), cases[i].units, "case %zu", i);
}
