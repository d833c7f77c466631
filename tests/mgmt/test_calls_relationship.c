/* Expected codes are those of MAPI §8 (ids M-…); the order of checks is theirs. */
#include <stdio.h>
#include <string.h>

#include <criterion/criterion.h>

#include "mgmt_world.h"

static struct mgmt_world w;

static void set_up(void)
{
    mgmt_world_init(&w);
    cr_assert_eq(make_scope(&w, SUBNET, SUBNET + 10, SUBNET + 109), 0);
    cr_assert_eq(make_scope(&w, OTHER, OTHER + 10, OTHER + 109), 0);
}
static void tear_down(void)
{
    mgmt_world_fini(&w);
}
TestSuite(calls_relationship, .init = set_up, .fini = tear_down);

static char name_of[400];
static const char *long_name(size_t length)
{
    memset(name_of, 'n', length);
    name_of[length] = '\0';
    return name_of;
}

static fo_ipv4_t two[2];
static void with_an_unknown_scope(Mgmt__Relationship *m)
{
    two[0] = SUBNET;
    two[1] = 0x0a630000;
    m->scopes = two;
    m->n_scopes = 2;
}
static void without_scopes(Mgmt__Relationship *m)
{
    m->n_scopes = 0;
}
static void without_primary(Mgmt__Relationship *m)
{
    m->primary_server = 0;
}
static void with_101_percent(Mgmt__Relationship *m)
{
    m->percentage = 101;
}
static void with_mode_2(Mgmt__Relationship *m)
{
    m->mode = 2;
}
static void with_role_2(Mgmt__Relationship *m)
{
    m->role = 2;
}
static void without_mclt(Mgmt__Relationship *m)
{
    m->mclt_s = 0;
}
static void with_31_byte_buckets(Mgmt__Relationship *m)
{
    static uint8_t bytes[31];

    m->buckets = (ProtobufCBinaryData){sizeof bytes, bytes};
}
static void with_dialect_windows(Mgmt__Relationship *m)
{
    static char dialect[] = "windows";

    m->dialect = dialect;
}
static void with_scopes_apart(Mgmt__Relationship *m)
{
    static fo_ipv4_t other = OTHER;

    m->scopes = &other;
}
static void with_safe_period_0(Mgmt__Relationship *m)
{
    m->safe_period_s = 0;
}

static void expect_refused(uint32_t expected, const char *name,
                           void (*change)(Mgmt__Relationship *m))
{
    size_t before = relationship_count(&w);

    cr_expect_eq(make_relationship(&w, name, SUBNET, change), expected, "expected %u", expected);
    cr_expect_eq(relationship_count(&w), before, "a refused call leaves nothing behind");
    cr_expect_eq(fo_lease_db_owner(fo_server_leases(w.server), OTHER + 10), -1);
}

Test(calls_relationship, create_checks_every_field) /* M-CR-04, -05, -07, -09, -10, -11 */
{
    expect_refused(87, "", NULL);
    expect_refused(87, "a", without_primary);
    expect_refused(87, "a", without_scopes);
    expect_refused(87, "a", with_101_percent);
    expect_refused(87, "a", with_mode_2);
    expect_refused(87, "a", with_role_2);
    expect_refused(87, "a", without_mclt);
    expect_refused(87, "a", with_31_byte_buckets);
    expect_refused(87, "a", with_dialect_windows);
}

Test(calls_relationship, an_unknown_scope_leaves_the_known_one_alone) /* M-CR-12 */
{
    expect_refused(20005, "a", with_an_unknown_scope);
    cr_expect_eq(fo_lease_db_owner(fo_server_leases(w.server), SUBNET + 10), -1);
}

/* M-CR-13, -14; M-MI-03: the number as it is on the wire. */
Test(calls_relationship, a_name_of_126_characters_is_the_longest)
{
    expect_refused(20125, long_name(127), NULL);
    expect_refused(20125, long_name(399), NULL); /* does not fit into memory either */
    cr_expect_eq(make_relationship(&w, long_name(126), SUBNET, NULL), 0);
}

Test(calls_relationship, an_unknown_scope_is_told_before_a_long_name) /* M-CR-15 */
{
    expect_refused(20005, long_name(127), with_an_unknown_scope);
    expect_refused(20005, long_name(399), with_an_unknown_scope);
}

Test(calls_relationship, the_32nd_relationship_is_refused) /* M-CR-16, -17, -18 */
{
    char name[16];

    for (unsigned i = 0; i < 31; i++) {
        fo_ipv4_t subnet = 0x0a100000 + (i << 8);
        (void)snprintf(name, sizeof name, "r%u", i);
        cr_assert_eq(make_scope(&w, subnet, subnet + 1, subnet + 9), 0);
        cr_assert_eq(make_relationship(&w, name, subnet, NULL), 0);
    }
    expect_refused(20128, "last", NULL);
    cr_expect_eq(make_relationship(&w, "last", 0x0a100000, NULL), 20128, "limit before scope");
    cr_expect_eq(relationship_count(&w), 31);
}

Test(calls_relationship, a_scope_is_told_before_a_name) /* M-CR-19, -20, -21, -27 */
{
    cr_assert_eq(make_relationship(&w, "a", SUBNET, NULL), 0);
    expect_refused(20113, "b", NULL);
    expect_refused(20113, "a", NULL);
    expect_refused(20114, "a", with_scopes_apart);
    cr_expect_eq(make_relationship(&w, "b", OTHER, NULL), 0, "the same partner twice is fine");
}

Test(calls_relationship, create_looks_at_the_caller_first) /* M-CR-24, -25 */
{
    w.right = FO_RIGHT_READ;
    expect_refused(5, "a", NULL);
    expect_refused(5, "a", with_101_percent);
}

static Mgmt__Reply *get(const char *name)
{
    Mgmt__Name m = MGMT__NAME__INIT;
    Mgmt__Request q = request_of(MGMT__REQUEST__CALL_RELATIONSHIP_GET, &m);
    char copy[64];

    (void)snprintf(copy, sizeof copy, "%s", name);
    m.name = copy;
    return mgmt_world_call(&w, &q);
}

static void with_a_secret(Mgmt__Relationship *m)
{
    static char secret[] = "s3cret";

    m->shared_secret = secret;
    m->state = MGMT__STATE__NORMAL;
}

Test(calls_relationship,
     get_never_shows_the_secret_and_create_forces_the_state) /* M-CR-02, M-SR-12 */
{
    Mgmt__Reply *reply;

    cr_assert_eq(make_relationship(&w, "a", SUBNET, with_a_secret), 0);
    reply = get("a");
    cr_assert_eq(reply->code, 0);
    cr_expect_str_eq(reply->relationship->shared_secret, "");
    cr_expect(reply->relationship->auth_enabled);
    cr_expect_eq(reply->relationship->state, MGMT__STATE__STARTUP);
    mgmt__reply__free_unpacked(reply, NULL);
}

Test(calls_relationship, safe_period_0_is_stored_as_never) /* M-CR-22 */
{
    Mgmt__Reply *reply;

    cr_assert_eq(make_relationship(&w, "a", SUBNET, with_safe_period_0), 0);
    reply = get("a");
    cr_expect_eq(reply->relationship->safe_period_s, 0xffffffff);
    mgmt__reply__free_unpacked(reply, NULL);
}

Test(calls_relationship, a_relationship_outlives_a_restart) /* M-CR-28 */
{
    cr_assert_eq(make_relationship(&w, "a", SUBNET, NULL), 0);
    mgmt_world_restart(&w);
    cr_expect_eq(relationship_count(&w), 1);
    cr_expect_geq(fo_lease_db_owner(fo_server_leases(w.server), SUBNET + 10), 0);
}

/* --- set, delete, get: arguments before rights
 * ------------------------------------------------------- */

static uint32_t set(uint32_t flags, const char *name, uint32_t percentage, uint32_t mode)
{
    Mgmt__Relationship m = MGMT__RELATIONSHIP__INIT;
    Mgmt__RelationshipSet s = MGMT__RELATIONSHIP_SET__INIT;
    Mgmt__Request q = request_of(MGMT__REQUEST__CALL_RELATIONSHIP_SET, &s);
    char copy[64];

    (void)snprintf(copy, sizeof copy, "%s", name);
    m.name = copy;
    m.percentage = percentage;
    m.mode = mode;
    m.mclt_s = 1800;
    s.flags = flags;
    s.relationship = &m;
    return mgmt_world_code(&w, &q);
}

Test(calls_relationship, set_takes_the_documented_flags_only) /* M-SR-01 … -08 */
{
    Mgmt__Reply *reply;

    cr_assert_eq(make_relationship(&w, "a", SUBNET, NULL), 0);
    cr_expect_eq(set(0, "a", 50, 0), 87);
    cr_expect_eq(set(0x80, "a", 50, 0), 87);
    cr_expect_eq(set(0x81, "a", 50, 0), 87);
    cr_expect_eq(set(0x01, "b", 50, 0), 20115);
    cr_expect_eq(set(0x08, "a", 101, 0), 87);
    cr_expect_eq(set(0x10, "a", 50, 7), 87);
    cr_expect_eq(set(0x20, "a", 50, 0), 87, "the previous state is not for callers");
    cr_expect_eq(set(0x01, "a", 200, 0), 0, "a field that is not selected does not count");
    reply = get("a");
    cr_expect_eq(reply->relationship->percentage, 50);
    cr_expect_eq(reply->relationship->mclt_s, 1800);
    mgmt__reply__free_unpacked(reply, NULL);
}

Test(calls_relationship, set_looks_at_arguments_first) /* M-SR-08, -09 */
{
    cr_assert_eq(make_relationship(&w, "a", SUBNET, NULL), 0);
    w.right = FO_RIGHT_READ;
    cr_expect_eq(set(0, "a", 50, 0), 87);
    cr_expect_eq(set(0x01, "a", 50, 0), 5);
}

static uint32_t by_name(Mgmt__Request__CallCase which, const char *name)
{
    Mgmt__Name m = MGMT__NAME__INIT;
    Mgmt__Request q = request_of(which, &m);
    char copy[64];

    (void)snprintf(copy, sizeof copy, "%s", name);
    m.name = copy;
    return mgmt_world_code(&w, &q);
}

Test(calls_relationship, delete_keeps_scopes_and_leases) /* M-DR-01 … -04 */
{
    cr_assert_eq(make_relationship(&w, "a", SUBNET, NULL), 0);
    w.right = FO_RIGHT_READ;
    cr_expect_eq(by_name(MGMT__REQUEST__CALL_RELATIONSHIP_DELETE, ""), 87);
    cr_expect_eq(by_name(MGMT__REQUEST__CALL_RELATIONSHIP_DELETE, "a"), 5);
    w.right = FO_RIGHT_ADMINISTER;
    cr_expect_eq(by_name(MGMT__REQUEST__CALL_RELATIONSHIP_DELETE, "b"), 20115);
    cr_expect_eq(by_name(MGMT__REQUEST__CALL_RELATIONSHIP_DELETE, "a"), 0);
    cr_expect_eq(by_name(MGMT__REQUEST__CALL_RELATIONSHIP_GET, "a"), 20115);
    cr_expect_not_null(fo_lease_db_scope(fo_server_leases(w.server), SUBNET));
}

Test(calls_relationship, get_needs_a_reader) /* M-GR-01 … -04 */
{
    cr_assert_eq(make_relationship(&w, "a", SUBNET, NULL), 0);
    w.right = FO_RIGHT_NONE;
    cr_expect_eq(by_name(MGMT__REQUEST__CALL_RELATIONSHIP_GET, ""), 87);
    cr_expect_eq(by_name(MGMT__REQUEST__CALL_RELATIONSHIP_GET, "a"), 5);
    w.right = FO_RIGHT_READ;
    cr_expect_eq(by_name(MGMT__REQUEST__CALL_RELATIONSHIP_GET, "a"), 0);
}

Test(calls_relationship, enum_goes_by_pages) /* M-ER-01 … -05 */
{
    Mgmt__Page page = MGMT__PAGE__INIT;
    Mgmt__Request q = request_of(MGMT__REQUEST__CALL_RELATIONSHIP_ENUM, &page);
    char after[] = "a";
    Mgmt__Reply *reply;

    cr_expect_eq(mgmt_world_code(&w, &q), 259);
    cr_assert_eq(make_relationship(&w, "a", SUBNET, NULL), 0);
    cr_assert_eq(make_relationship(&w, "b", OTHER, NULL), 0);
    page.limit = 1;
    reply = mgmt_world_call(&w, &q);
    cr_assert_eq(reply->relationships->n_list, 1);
    cr_expect(reply->relationships->more);
    cr_expect_eq(reply->relationships->left, 1);
    cr_expect_str_eq(reply->relationships->next, "a");
    mgmt__reply__free_unpacked(reply, NULL);
    page.after = after;
    reply = mgmt_world_call(&w, &q);
    cr_assert_eq(reply->relationships->n_list, 1);
    cr_expect_str_eq(reply->relationships->list[0]->name, "b");
    cr_expect(!reply->relationships->more);
    mgmt__reply__free_unpacked(reply, NULL);
    after[0] = 'b';
    cr_expect_eq(mgmt_world_code(&w, &q), 259);
}

/* --- scopes of a relationship
 * --------------------------------------------------------------------------- */

static uint32_t scopes(Mgmt__Request__CallCase which, const char *name, fo_ipv4_t *list, size_t n)
{
    Mgmt__RelationshipScopes m = MGMT__RELATIONSHIP_SCOPES__INIT;
    Mgmt__Request q = request_of(which, &m);
    char copy[64];

    (void)snprintf(copy, sizeof copy, "%s", name);
    m.name = copy;
    m.scopes = list;
    m.n_scopes = n;
    return mgmt_world_code(&w, &q);
}
#define ADD    MGMT__REQUEST__CALL_RELATIONSHIP_ADD_SCOPES
#define REMOVE MGMT__REQUEST__CALL_RELATIONSHIP_REMOVE_SCOPES

Test(calls_relationship, add_scope_checks_in_the_documented_order) /* M-AS-02 … -09 */
{
    static fo_ipv4_t many[401];
    fo_ipv4_t unknown = 0x0a630000, used = SUBNET, fresh = OTHER;

    cr_expect_eq(scopes(ADD, "a", &fresh, 1), 2, "there is no relationship at all");
    cr_assert_eq(make_relationship(&w, "a", SUBNET, NULL), 0);
    cr_expect_eq(scopes(ADD, "a", &unknown, 1), 20005);
    cr_expect_eq(scopes(ADD, "b", &used, 1), 20113);
    cr_expect_eq(scopes(ADD, "b", &fresh, 1), 20115);
    cr_expect_eq(scopes(ADD, "a", &fresh, 1), 20120, "it is not in NORMAL");
    cr_expect_eq(scopes(ADD, "a", many, 401), 20130);
    w.right = FO_RIGHT_READ;
    cr_expect_eq(scopes(ADD, "a", &fresh, 0), 87);
    cr_expect_eq(scopes(ADD, "a", &fresh, 1), 5);
}

Test(calls_relationship, remove_scope_is_all_or_nothing) /* M-DS-01 … -07 */
{
    fo_ipv4_t both[] = {SUBNET, OTHER}, unknown = 0x0a630000, used = SUBNET;

    cr_expect_eq(scopes(REMOVE, "a", &used, 1), 2);
    cr_assert_eq(make_relationship(&w, "a", SUBNET, NULL), 0);
    cr_expect_eq(scopes(REMOVE, "a", &unknown, 1), 20005);
    cr_expect_eq(scopes(REMOVE, "a", both, 2), 20116);
    cr_expect_geq(fo_lease_db_owner(fo_server_leases(w.server), SUBNET + 10), 0);
    cr_expect_eq(scopes(REMOVE, "a", &used, 1), 0);
    cr_expect_eq(relationship_count(&w), 1, "it stays, without scopes");
}

/* --- validate
 * ------------------------------------------------------------------------------------------------
 */

Test(calls_relationship, validate_tells_every_failure_and_changes_nothing)
{
    Mgmt__Relationship m = MGMT__RELATIONSHIP__INIT;
    Mgmt__Request q = request_of(MGMT__REQUEST__CALL_RELATIONSHIP_VALIDATE, &m);
    fo_ipv4_t unknown = 0x0a630000;
    char name[] = "a";
    Mgmt__Reply *reply;

    m.name = name;
    m.primary_server = 0xc0000201;
    m.secondary_server = 0xc0000202;
    m.percentage = 101;
    m.mclt_s = 3600;
    m.scopes = &unknown;
    m.n_scopes = 1;
    reply = mgmt_world_call(&w, &q);
    cr_expect_eq(reply->code, 87, "the first failure is the answer");
    cr_assert_eq(reply->result_case, MGMT__REPLY__RESULT_CHECKS);
    cr_assert_eq(reply->checks->n_list, 2);
    cr_expect_eq(reply->checks->list[0]->code, 87);
    cr_expect_eq(reply->checks->list[1]->code, 20005);
    mgmt__reply__free_unpacked(reply, NULL);
    cr_expect_eq(relationship_count(&w), 0);
}

/* --- balance, statistics, address status
 * -------------------------------------------------------------------------- */

static void as_secondary(Mgmt__Relationship *m)
{
    m->role = 1;
}

static uint32_t command(const char *name, Mgmt__CommandKind kind)
{
    Mgmt__Command m = MGMT__COMMAND__INIT;
    Mgmt__Request q = request_of(MGMT__REQUEST__CALL_COMMAND, &m);
    char copy[64];

    (void)snprintf(copy, sizeof copy, "%s", name);
    m.name = copy;
    m.kind = kind;
    return mgmt_world_code(&w, &q);
}

Test(calls_relationship, balance_is_the_primarys) /* M-TA-01 … -03 */
{
    cr_assert_eq(make_relationship(&w, "a", SUBNET, as_secondary), 0);
    cr_expect_eq(command("a", MGMT__COMMAND_KIND__TELL_BALANCE), 20117);
    cr_expect_eq(command("b", MGMT__COMMAND_KIND__TELL_BALANCE), 20115);
    cr_expect_eq(command("", MGMT__COMMAND_KIND__TELL_BALANCE), 87);
    cr_expect_eq(command("a", 99), 87);
    w.right = FO_RIGHT_READ;
    cr_expect_eq(command("", MGMT__COMMAND_KIND__TELL_BALANCE), 5, "rights first in this call");
}

static uint32_t of_subnet(Mgmt__Request__CallCase which, fo_ipv4_t subnet)
{
    Mgmt__Subnet m = MGMT__SUBNET__INIT;
    Mgmt__Request q = request_of(which, &m);

    m.subnet = subnet;
    return mgmt_world_code(&w, &q);
}

Test(calls_relationship, the_relationship_of_a_scope) /* M-GS-01 … -03 */
{
    cr_assert_eq(make_relationship(&w, "a", SUBNET, NULL), 0);
    cr_expect_eq(of_subnet(MGMT__REQUEST__CALL_SCOPE_RELATIONSHIP_GET, 0), 87);
    cr_expect_eq(of_subnet(MGMT__REQUEST__CALL_SCOPE_RELATIONSHIP_GET, OTHER), 20116);
    cr_expect_eq(of_subnet(MGMT__REQUEST__CALL_SCOPE_RELATIONSHIP_GET, 0x0a630000), 20116);
    cr_expect_eq(of_subnet(MGMT__REQUEST__CALL_SCOPE_RELATIONSHIP_GET, SUBNET), 0);
}

Test(calls_relationship, the_sums_of_the_statistics_agree) /* M-ST-01 … -03 */
{
    Mgmt__Subnet m = MGMT__SUBNET__INIT;
    Mgmt__Request q = request_of(MGMT__REQUEST__CALL_SCOPE_STATISTICS, &m);
    const Mgmt__ScopeStatistics *s;
    Mgmt__Reply *reply;

    for (uint8_t i = 0; i < 10; i++)
        cr_assert_eq(make_lease(&w, SUBNET + 10u + i, i), 0);
    cr_assert_eq(make_relationship(&w, "a", SUBNET, NULL), 0);
    cr_expect_eq(of_subnet(MGMT__REQUEST__CALL_SCOPE_STATISTICS, 0), 87);
    cr_expect_eq(of_subnet(MGMT__REQUEST__CALL_SCOPE_STATISTICS, OTHER), 2);
    m.subnet = SUBNET;
    reply = mgmt_world_call(&w, &q);
    cr_assert_eq(reply->code, 0);
    s = reply->statistics;
    cr_expect_eq(s->addresses, 100);
    cr_expect_eq(s->in_use, 10);
    cr_expect_eq(s->free, 90);
    cr_expect_eq(s->this_free + s->partner_free, s->free);
    cr_expect_eq(s->this_in_use + s->partner_in_use, s->in_use);
    mgmt__reply__free_unpacked(reply, NULL);
}

Test(calls_relationship, the_status_of_an_address) /* M-AD-01 … -03 */
{
    cr_expect_eq(of_subnet(MGMT__REQUEST__CALL_ADDRESS_STATUS_GET, 0x0a630001), 87);
    cr_expect_eq(of_subnet(MGMT__REQUEST__CALL_ADDRESS_STATUS_GET, SUBNET + 10), 20116);
    cr_assert_eq(make_relationship(&w, "a", SUBNET, NULL), 0);
    cr_expect_eq(of_subnet(MGMT__REQUEST__CALL_ADDRESS_STATUS_GET, SUBNET + 10), 0);
}
