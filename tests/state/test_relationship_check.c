/* state/relationship.h, the checks: order and codes of MAPI §1.2, conformance M-CR, M-SR, M-AS,
 * M-DS. */
#include "state/relationship.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#define SCOPE(n) (0x0a000000u + ((fo_ipv4_t)(n) << 8)) /* 10.0.n.0; known here below 1000 */
#define STRANGE  0xc0a80000u
#define BOOTP    SCOPE(999) /* has a range for BOOTP alone */
#define MANY     402

static char why[300];

/* --- a server that knows some scopes and relationships -------------------------------------- */

static struct fo_relationship others[40];
static fo_ipv4_t others_scopes[40];
static const struct fo_relationship *list[40];
static enum fo_state state = FO_STATE_NORMAL;
static bool resync;

static bool scope_exists(void *context, fo_ipv4_t subnet)
{
    (void)context;
    return subnet >= SCOPE(0) && subnet < SCOPE(1000);
}
static bool scope_bootp_only(void *context, fo_ipv4_t subnet)
{
    (void)context;
    return subnet == BOOTP;
}
static enum fo_state state_of(void *context, const char *name)
{
    (void)context;
    (void)name;
    return state;
}
static bool resync_running(void *context, const char *name)
{
    (void)context;
    (void)name;
    return resync;
}

/* |count| relationships "r0", "r1", … each with the scope 500 + its number. */
static struct fo_relationship_view server(size_t count)
{
    for (size_t i = 0; i < count; i++) {
        fo_relationship_init(&others[i]);
        snprintf(others[i].name, sizeof others[i].name, "r%zu", i);
        others_scopes[i] = SCOPE(500 + i);
        others[i].scopes = &others_scopes[i];
        others[i].scope_count = 1;
        list[i] = &others[i];
    }
    return (struct fo_relationship_view){.list = list,
                                         .count = count,
                                         .scope_exists = scope_exists,
                                         .scope_bootp_only = scope_bootp_only,
                                         .state_of = state_of,
                                         .resync_running = resync_running};
}

/* --- create --------------------------------------------------------------------------------- */

/* Names |r| with |unit|, |times| times. */
static void name_of(struct fo_relationship *r, const char *unit, size_t times)
{
    size_t length = strlen(unit);
    cr_assert_lt(times * length, sizeof r->name);
    for (size_t i = 0; i < times; i++)
        memcpy(&r->name[i * length], unit, length);
    r->name[times * length] = '\0';
}

static fo_ipv4_t listed[MANY + 1];

static void also(struct fo_relationship *r, fo_ipv4_t scope)
{
    listed[r->scope_count++] = scope;
}

/* A relationship that nothing is wrong with, of |scopes| scopes from 1 on. */
static struct fo_relationship good(size_t scopes)
{
    struct fo_relationship r;
    fo_relationship_init(&r);
    name_of(&r, "alpha", 1);
    r.primary_server = 0xc0000201;
    r.secondary_server = 0xc0000202;
    r.scopes = listed;
    for (size_t i = 0; i < scopes; i++)
        also(&r, SCOPE(1 + i));
    return r;
}

static uint32_t create(const struct fo_relationship *r, size_t existing)
{
    struct fo_relationship_view v = server(existing);
    why[0] = '\0';
    return fo_relationship_check_create(r, &v, NULL, why, sizeof why);
}

Test(relationship_check, a_good_relationship_is_created) /* M-CR-01, 17, 27 */
{
    struct fo_relationship r = good(1);
    cr_assert_eq(create(&r, 0), ERROR_SUCCESS);
    cr_assert_eq(create(&r, 30), ERROR_SUCCESS);
    cr_assert_str_empty(why);
}

Test(relationship_check, create_refuses_an_empty_name_with_87) /* M-CR-04 */
{
    struct fo_relationship r = good(1);
    r.name[0] = '\0';
    cr_assert_eq(create(&r, 0), ERROR_INVALID_PARAMETER);
    cr_assert_str_eq(why, "The relationship has no name.");
}

Test(relationship_check, create_refuses_a_name_that_is_not_utf_8_with_87)
{
    struct fo_relationship r = good(1);
    name_of(&r, "al\xff", 1);
    cr_assert_eq(create(&r, 0), ERROR_INVALID_PARAMETER);
}

Test(relationship_check, create_refuses_missing_or_equal_servers_with_87) /* M-CR-05, 06 */
{
    struct fo_relationship r = good(1);
    r.primary_server = 0;
    cr_assert_eq(create(&r, 0), ERROR_INVALID_PARAMETER);
    r = good(1);
    r.secondary_server = 0;
    cr_assert_eq(create(&r, 0), ERROR_INVALID_PARAMETER);
    r.secondary_server = r.primary_server;
    cr_assert_eq(create(&r, 0), ERROR_INVALID_PARAMETER);
    cr_assert_str_eq(why, "Primary and secondary server are both 192.0.2.1.");
}

Test(relationship_check, create_needs_a_scope) /* M-CR-07 */
{
    struct fo_relationship r = good(0);
    cr_assert_eq(create(&r, 0), ERROR_INVALID_PARAMETER);
    r.scopes = NULL; /* the list itself is missing */
    r.scope_count = 1;
    cr_assert_eq(create(&r, 0), ERROR_INVALID_PARAMETER);
}

Test(relationship_check, create_refuses_a_scope_listed_twice_with_87)
{
    struct fo_relationship r = good(2);
    also(&r, SCOPE(1));
    cr_assert_eq(create(&r, 0), ERROR_INVALID_PARAMETER);
    cr_assert_str_eq(why, "The scope 10.0.1.0 is listed twice.");
}

Test(relationship_check, create_takes_percentages_up_to_100) /* M-CR-08, 09 */
{
    static const unsigned cases[][2] = {{0, 0}, {100, 0}, {101, 87}, {255, 87}};
    for (size_t i = 0; i < 4; i++) {
        struct fo_relationship r = good(1);
        r.percentage = cases[i][0];
        cr_assert_eq(create(&r, 0), cases[i][1], "%u", cases[i][0]);
    }
    cr_assert_str_eq(why, "The percentage is 255; it has to be 0 to 100.");
}

Test(relationship_check, create_refuses_unknown_modes_and_roles_with_87) /* M-CR-10, 11 */
{
    struct fo_relationship r = good(1);
    r.mode = (enum fo_mode)2;
    cr_assert_eq(create(&r, 0), ERROR_INVALID_PARAMETER);
    r = good(1);
    r.role = (enum fo_role)2;
    cr_assert_eq(create(&r, 0), ERROR_INVALID_PARAMETER);
}

Test(relationship_check, create_takes_an_mclt_of_1_to_2_to_the_31_less_1)
{
    static const uint32_t cases[][2] = {
        {1, 0}, {0x7fffffff, 0}, {0, 87}, {0x80000000, 87}, {0xffffffff, 87}};
    for (size_t i = 0; i < 5; i++) {
        struct fo_relationship r = good(1);
        r.mclt_s = cases[i][0];
        cr_assert_eq(create(&r, 0), cases[i][1], "%u", cases[i][0]);
    }
}

Test(relationship_check, create_takes_400_scopes) /* 20130 above */
{
    struct fo_relationship r = good(400);
    cr_assert_eq(create(&r, 0), ERROR_SUCCESS);
    also(&r, STRANGE);
    cr_assert_eq(create(&r, 0), ERROR_DHCP_FO_MAX_ADD_SCOPES); /* before its scopes */
    cr_assert_str_eq(why, "401 scopes are listed; one call takes 400.");
    r.percentage = 101;
    cr_assert_eq(create(&r, 0), ERROR_INVALID_PARAMETER); /* but after the arguments */
}

Test(relationship_check, create_refuses_an_unknown_scope_with_20005) /* M-CR-12 */
{
    struct fo_relationship r = good(1);
    also(&r, STRANGE);
    cr_assert_eq(create(&r, 0), 20005);
    cr_assert_str_eq(why, "The scope 192.168.0.0 is not known on this server.");
}

/* After unknown scopes, before the length of the name. */
Test(relationship_check, create_refuses_a_range_for_bootp_alone_with_87) /* M-CR-26 */
{
    struct fo_relationship r = good(1);
    also(&r, BOOTP);
    cr_assert_eq(create(&r, 31), 87);
    cr_assert_not_null(strstr(why, "10.3.231.0"), "%s", why);
    name_of(&r, "n", 127);
    cr_assert_eq(create(&r, 0), 87);
    also(&r, STRANGE);
    cr_assert_eq(create(&r, 0), 20005);
}

Test(relationship_check, create_takes_names_of_126_utf_16_units) /* M-CR-13, 14 */
{
    struct fo_relationship r = good(1);
    name_of(&r, "n", 126);
    cr_assert_eq(create(&r, 0), ERROR_SUCCESS);
    name_of(&r, "n", 127);
    cr_assert_eq(create(&r, 0), 20125);
    cr_assert_str_eq(why, "The name of the relationship has 127 characters; 126 are allowed.");
    name_of(&r, "\xe2\x82\xac", 126); /* 378 bytes */
    cr_assert_eq(create(&r, 0), ERROR_SUCCESS);
    name_of(&r, "\xf0\x9f\x98\x80", 63); /* 126 units in pairs */
    cr_assert_eq(create(&r, 0), ERROR_SUCCESS);
    name_of(&r, "\xf0\x9f\x98\x80", 64);
    cr_assert_eq(create(&r, 0), 20125);
}

Test(relationship_check, create_looks_at_scopes_before_the_length_of_the_name) /* M-CR-15 */
{
    struct fo_relationship r = good(0);
    also(&r, STRANGE);
    name_of(&r, "n", 127);
    cr_assert_eq(create(&r, 31), 20005);
}

Test(relationship_check, the_32nd_relationship_is_refused_with_20128) /* M-CR-16, 18 */
{
    struct fo_relationship r = good(1);
    cr_assert_eq(create(&r, 31), 20128);
    also(&r, SCOPE(500));
    cr_assert_eq(create(&r, 31), 20128); /* before the scope that is taken */
    name_of(&r, "n", 127);
    cr_assert_eq(create(&r, 31), 20125); /* after the name that is too long */
}

Test(relationship_check,
     create_refuses_a_scope_of_another_relationship_with_20113) /* M-CR-19, 21 */
{
    struct fo_relationship r = good(1);
    also(&r, SCOPE(501));
    cr_assert_eq(create(&r, 3), 20113);
    cr_assert_str_eq(why, "The scope 10.1.245.0 belongs to the relationship \"r1\" already.");
    name_of(&r, "r1", 1);
    cr_assert_eq(create(&r, 3), 20113); /* before the name that exists */
}

Test(relationship_check, create_refuses_a_name_that_exists_in_any_case_with_20114) /* M-CR-20 */
{
    struct fo_relationship r = good(1);
    name_of(&r, "r1", 1);
    cr_assert_eq(create(&r, 3), 20114);
    name_of(&r, "R1", 1);
    cr_assert_eq(create(&r, 3), 20114);
    cr_assert_str_eq(why, "A relationship with the name \"r1\" exists already.");
    name_of(&r, "r3", 1);
    cr_assert_eq(create(&r, 3), ERROR_SUCCESS);
}

Test(relationship_check, why_is_cut_to_its_capacity_and_may_be_missing)
{
    struct fo_relationship r = good(0);
    struct fo_relationship_view v = server(0);
    char small[8];
    cr_assert_eq(fo_relationship_check_create(&r, &v, NULL, small, sizeof small), 87);
    cr_assert_str_eq(small, "No scop");
    cr_assert_eq(fo_relationship_check_create(&r, &v, NULL, NULL, 0), 87);
}

static uint32_t collected[20];
static size_t collected_count;
static void collect_code(void *context, uint32_t code, const char *sentence)
{
    (void)context;
    cr_assert_gt(strlen(sentence), 10);
    cr_assert_lt(collected_count, 20);
    collected[collected_count++] = code;
}

Test(relationship_check, validate_reports_every_failure_in_order)
{
    struct fo_relationship r = good(1);
    struct fo_relationship_view v = server(31);
    struct fo_check_sink sink = {collect_code, NULL};
    also(&r, SCOPE(500));
    also(&r, STRANGE);
    also(&r, STRANGE + 256);
    name_of(&r, "n", 127);
    r.percentage = 101;
    r.mclt_s = 0;
    cr_assert_eq(fo_relationship_check_create(&r, &v, &sink, why, sizeof why), 87);
    cr_assert_str_eq(why, "The percentage is 101; it has to be 0 to 100.");
    static const uint32_t expected[] = {87, 87, 20005, 20005, 20125, 20128, 20113};
    cr_assert_eq(collected_count, 7);
    cr_assert_arr_eq(collected, expected, sizeof expected);
}

Test(relationship_check, validate_reports_nothing_about_a_good_relationship)
{
    struct fo_relationship r = good(2);
    struct fo_relationship_view v = server(3);
    struct fo_check_sink sink = {collect_code, NULL};
    cr_assert_eq(fo_relationship_check_create(&r, &v, &sink, why, sizeof why), ERROR_SUCCESS);
    cr_assert_eq(collected_count, 0);
}

Test(relationship_check, validate_does_not_look_into_a_list_that_is_too_long)
{
    struct fo_relationship r = good(0);
    struct fo_relationship_view v = server(3);
    struct fo_check_sink sink = {collect_code, NULL};
    for (size_t i = 0; i < MANY; i++)
        also(&r, STRANGE);
    cr_assert_eq(fo_relationship_check_create(&r, &v, &sink, why, sizeof why), 20130);
    cr_assert_eq(collected_count, 1);
}

/* --- set ------------------------------------------------------------------------------------ */

static uint32_t set(const char *name, uint32_t flags, unsigned percentage, unsigned mode)
{
    struct fo_relationship_view v = server(2);
    struct fo_relationship r;
    fo_relationship_init(&r);
    name_of(&r, name, 1);
    r.percentage = percentage;
    r.mode = (enum fo_mode)mode;
    why[0] = '\0';
    return fo_relationship_check_set(&r, flags, &v, why, sizeof why);
}

Test(relationship_check, set_takes_known_flags_only) /* M-SR-01, 02 */
{
    cr_assert_eq(set("r0", 0, 50, 0), 87);
    cr_assert_eq(set("r0", 0x80, 50, 0), 87);
    cr_assert_eq(set("r0", 0x81, 50, 0), 87);
    cr_assert_str_eq(why, "The flags are 0x81; 0x7f are known.");
    cr_assert_eq(set("", FO_SET_MCLT, 50, 0), 87);
    cr_assert_eq(set("r0", FO_SET_MCLT | FO_SET_SAFE_PERIOD, 50, 0), 0); /* M-SR-07 */
    cr_assert_eq(set("r0", FO_SET_SECRET, 50, 0), 0);                    /* M-SR-12 */
}

Test(relationship_check, set_looks_only_at_what_is_selected) /* M-SR-04, 05, 06, 10 */
{
    cr_assert_eq(set("r0", FO_SET_PERCENTAGE, 101, 0), 87);
    cr_assert_eq(set("r0", FO_SET_PERCENTAGE, 100, 7), 0);
    cr_assert_eq(set("r0", FO_SET_MCLT, 200, 7), 0);
    cr_assert_eq(set("r0", FO_SET_MODE | FO_SET_PERCENTAGE, 5, 7), 87);
    cr_assert_eq(set("r0", FO_SET_MODE | FO_SET_PERCENTAGE, 5, FO_MODE_HOT_STANDBY), 0);
}

Test(relationship_check, set_refuses_an_mclt_out_of_range_with_87)
{
    struct fo_relationship_view v = server(1);
    struct fo_relationship r = {.name = "r0", .mclt_s = 0};
    cr_assert_eq(fo_relationship_check_set(&r, FO_SET_MCLT, &v, why, sizeof why), 87);
    cr_assert_str_eq(why, "The MCLT is 0 seconds; it has to be 1 to 2147483647.");
}

Test(relationship_check, set_refuses_a_mode_without_a_percentage_with_87)
{
    cr_assert_eq(set("r0", FO_SET_MODE, 50, FO_MODE_HOT_STANDBY), 87);
}

Test(relationship_check, set_refuses_the_previous_state_with_87)
{
    cr_assert_eq(set("r0", FO_SET_PREV_STATE, 50, 0), 87);
    cr_assert_eq(set("r0", FO_SET_PREV_STATE | FO_SET_MCLT, 50, 0), 87);
}

Test(relationship_check, set_refuses_an_unknown_name_after_the_arguments) /* M-SR-03 */
{
    cr_assert_eq(set("beta", FO_SET_MCLT, 50, 0), 20115);
    cr_assert_eq(set("R0", FO_SET_MCLT, 50, 0), 20115); /* names match exactly */
    cr_assert_eq(set("beta", FO_SET_PERCENTAGE, 101, 0), 87);
}

Test(relationship_check, set_takes_partner_down_where_an_operator_may_order_it) /* M-SR-11 */
{
    for (int s = 0; s < FO_STATE_COUNT; s++) {
        state = (enum fo_state)s;
        bool may = s == FO_STATE_COMMUNICATIONS_INTERRUPTED || s == FO_STATE_RESOLUTION_INTERRUPTED;
        cr_assert_eq(set("r0", FO_SET_STATE, 50, 0), may ? 0 : 87, "%s", fo_state_name(s));
    }
    state = FO_STATE_NORMAL;
    set("r0", FO_SET_STATE, 50, 0);
    cr_assert_str_eq(why, "The relationship \"r0\" is in NORMAL; PARTNER-DOWN can be ordered in "
                          "COMMUNICATIONS-INTERRUPTED and RESOLUTION-INTERRUPTED.");
    cr_assert_eq(set("beta", FO_SET_STATE, 50, 0), 20115);
}

/* --- scopes --------------------------------------------------------------------------------- */

#define SCOPES(...) (fo_ipv4_t[]){__VA_ARGS__}, sizeof((fo_ipv4_t[]){__VA_ARGS__}) / 4

static uint32_t add(size_t existing, const char *name, const fo_ipv4_t *scopes, size_t count)
{
    struct fo_relationship_view v = server(existing);
    return fo_relationship_check_add_scopes(name, scopes, count, &v, why, sizeof why);
}
static uint32_t take(size_t existing, const char *name, const fo_ipv4_t *scopes, size_t count)
{
    struct fo_relationship_view v = server(existing);
    return fo_relationship_check_remove_scopes(name, scopes, count, &v, why, sizeof why);
}

Test(relationship_check, a_free_scope_is_added_in_normal) /* M-AS-01 */
{
    cr_assert_eq(add(2, "r0", SCOPES(SCOPE(1), SCOPE(2))), ERROR_SUCCESS);
}

Test(relationship_check, add_scopes_refuses_missing_arguments_with_87) /* M-AS-08 */
{
    cr_assert_eq(add(2, NULL, SCOPES(SCOPE(1))), 87);
    cr_assert_eq(add(2, "", SCOPES(SCOPE(1))), 87);
    cr_assert_eq(add(2, "r0", NULL, 1), 87);
    cr_assert_eq(add(2, "r0", SCOPES(SCOPE(1)) * 0), 87);
    cr_assert_eq(add(2, "r0", SCOPES(SCOPE(1), SCOPE(2), SCOPE(1))), 87);
}

Test(relationship_check, add_scopes_takes_400) /* M-AS-09 */
{
    fo_ipv4_t many[MANY];
    for (size_t i = 0; i < MANY; i++)
        many[i] = SCOPE(1 + i);
    cr_assert_eq(add(2, "r0", many, 400), ERROR_SUCCESS);
    many[0] = STRANGE;
    cr_assert_eq(add(2, "r0", many, 401), 20130); /* before its scopes */
}

Test(relationship_check, add_scopes_checks_in_the_documented_order) /* M-AS-02 to 07, 10 */
{
    cr_assert_eq(add(0, "r0", SCOPES(BOOTP, STRANGE)), 20005);
    cr_assert_eq(add(0, "r0", SCOPES(SCOPE(1), BOOTP)), 87);
    cr_assert_eq(add(0, "r0", SCOPES(SCOPE(1))), 2);
    cr_assert_eq(add(2, "beta", SCOPES(SCOPE(1), SCOPE(501))), 20113);
    cr_assert_eq(add(2, "r0", SCOPES(SCOPE(500))), 20113); /* also if it is there already */
    state = FO_STATE_COMMUNICATIONS_INTERRUPTED;
    cr_assert_eq(add(2, "beta", SCOPES(SCOPE(1))), 20115);
    resync = true;
    cr_assert_eq(add(2, "r0", SCOPES(SCOPE(1))), 20120);
    state = FO_STATE_NORMAL;
    cr_assert_eq(add(2, "r0", SCOPES(SCOPE(1))), 20133);
}

Test(relationship_check, a_scope_of_the_relationship_is_removed_in_any_state) /* M-DS-01, 06 */
{
    for (int s = 0; s < FO_STATE_COUNT; s++) {
        state = (enum fo_state)s;
        cr_assert_eq(take(2, "r0", SCOPES(SCOPE(500))), ERROR_SUCCESS);
    }
}

Test(relationship_check, remove_scopes_checks_in_the_documented_order) /* M-DS-03, 04, 05, 07 */
{
    cr_assert_eq(take(2, "", SCOPES(SCOPE(500))), 87);
    cr_assert_eq(take(2, NULL, SCOPES(SCOPE(500))), 87);
    cr_assert_eq(take(2, "r0", NULL, 0), 87);
    cr_assert_eq(take(0, "r0", SCOPES(STRANGE)), 20005);
    cr_assert_eq(take(0, "r0", SCOPES(SCOPE(1))), 2);
    cr_assert_eq(take(0, "r0", SCOPES(BOOTP)), 2); /* ours: it may be taken out */
    cr_assert_eq(take(2, "beta", SCOPES(SCOPE(1))), 20115);
    resync = true;
    cr_assert_eq(take(2, "r0", SCOPES(SCOPE(501))), 20116); /* of another */
    cr_assert_eq(take(2, "r0", SCOPES(SCOPE(500), SCOPE(1))), 20116);
    cr_assert_str_eq(why, "The scope 10.0.1.0 does not belong to the relationship \"r0\".");
    cr_assert_eq(take(2, "r0", SCOPES(SCOPE(500))), 20133);
}
