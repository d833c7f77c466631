/* Changes over two servers, one server's half: mgmt/change.h. */
#include <string.h>

#include <criterion/criterion.h>

#include "mgmt_world.h"

static struct mgmt_world w;
static uint8_t id[16] = "0123456789abcde";

static void set_up(void)
{
    mgmt_world_init(&w);
    cr_assert_eq(make_scope(&w, SUBNET, SUBNET + 10, SUBNET + 109), 0);
}
static void tear_down(void)
{
    mgmt_world_fini(&w);
}
TestSuite(change, .init = set_up, .fini = tear_down);

static char name[] = "alpha", decider[] = "/run/other.sock", empty[] = "";
static fo_ipv4_t subnet = SUBNET, both[] = {SUBNET, OTHER};

static Mgmt__Relationship relationship(void)
{
    Mgmt__Relationship m = MGMT__RELATIONSHIP__INIT;

    m.name = name;
    m.primary_server = 0xc0000201;
    m.secondary_server = 0xc0000202;
    m.percentage = 50;
    m.mclt_s = 3600;
    m.scopes = &subnet;
    m.n_scopes = 1;
    return m;
}

static Mgmt__Reply *prepare(Mgmt__Relationship *m, Mgmt__Scope **scopes, size_t scope_count,
                            bool decides_here)
{
    Mgmt__Change change = MGMT__CHANGE__INIT;
    Mgmt__Request q = request_of(MGMT__REQUEST__CALL_CHANGE_PREPARE, &change);

    change.id = (ProtobufCBinaryData){sizeof id, id};
    change.decides_here = decides_here;
    change.decider = decides_here ? empty : decider;
    change.scopes = scopes;
    change.n_scopes = scope_count;
    change.change_case = MGMT__CHANGE__CHANGE_CREATE;
    change.create = m;
    return mgmt_world_call(&w, &q);
}

static void prepare_well(bool decides_here)
{
    Mgmt__Relationship m = relationship();
    Mgmt__Reply *reply = prepare(&m, NULL, 0, decides_here);

    cr_assert_eq(reply->code, 0);
    cr_assert_eq(reply->change->outcome, MGMT__OUTCOME__PREPARED);
    mgmt__reply__free_unpacked(reply, NULL);
}

static uint32_t order(Mgmt__Request__CallCase which)
{
    Mgmt__ChangeId m = MGMT__CHANGE_ID__INIT;
    Mgmt__Request q = request_of(which, &m);

    m.id = (ProtobufCBinaryData){sizeof id, id};
    return mgmt_world_code(&w, &q);
}

static Mgmt__Outcome outcome(void)
{
    Mgmt__ChangeId m = MGMT__CHANGE_ID__INIT;
    Mgmt__Request q = request_of(MGMT__REQUEST__CALL_CHANGE_GET, &m);
    Mgmt__Reply *reply;
    Mgmt__Outcome out;

    m.id = (ProtobufCBinaryData){sizeof id, id};
    reply = mgmt_world_call(&w, &q);
    out = reply->change->outcome;
    mgmt__reply__free_unpacked(reply, NULL);
    return out;
}
#define COMMIT MGMT__REQUEST__CALL_CHANGE_COMMIT
#define ABORT  MGMT__REQUEST__CALL_CHANGE_ABORT

Test(change, nothing_happens_before_the_commit)
{
    prepare_well(true);
    cr_expect_eq(relationship_count(&w), 0);
    cr_expect_eq(order(COMMIT), 0);
    cr_expect_eq(relationship_count(&w), 1);
    cr_expect_eq(order(COMMIT), 0, "told twice, done once");
    cr_expect_eq(relationship_count(&w), 1);
}

Test(change, a_prepared_change_and_a_decision_outlive_a_restart)
{
    prepare_well(false);
    mgmt_world_restart(&w);
    cr_expect_eq(outcome(), MGMT__OUTCOME__PREPARED);
    cr_expect_eq(order(COMMIT), 0);
    mgmt_world_restart(&w);
    cr_expect_eq(outcome(), MGMT__OUTCOME__COMMITTED);
    cr_expect_eq(relationship_count(&w), 1);
}

Test(change, a_decider_remembers_an_abort_and_refuses_a_late_commit)
{
    prepare_well(true);
    cr_expect_eq(order(ABORT), 0);
    mgmt_world_restart(&w);
    cr_expect_eq(outcome(), MGMT__OUTCOME__ABORTED);
    cr_expect_eq(order(COMMIT), 1460);
    cr_expect_eq(relationship_count(&w), 0);
}

Test(change, the_other_server_forgets_an_abort)
{
    prepare_well(false);
    cr_expect_eq(order(ABORT), 0);
    cr_expect_eq(outcome(), MGMT__OUTCOME__UNKNOWN);
    cr_expect_eq(order(COMMIT), 2);
}

Test(change, what_was_committed_is_not_aborted)
{
    prepare_well(true);
    cr_assert_eq(order(COMMIT), 0);
    cr_expect_eq(order(ABORT), 87);
    cr_expect_eq(relationship_count(&w), 1);
}

Test(change, a_prepared_change_holds_its_relationship_and_scopes)
{
    Mgmt__ScopeDelete gone = MGMT__SCOPE_DELETE__INIT;
    Mgmt__Request q = request_of(MGMT__REQUEST__CALL_SCOPE_DELETE, &gone);

    prepare_well(false);
    gone.subnet = SUBNET;
    cr_expect_eq(make_relationship(&w, name, SUBNET, NULL), 170);
    cr_expect_eq(make_relationship(&w, "beta", SUBNET, NULL), 170);
    cr_expect_eq(mgmt_world_code(&w, &q), 170);
    cr_assert_eq(order(ABORT), 0);
    cr_expect_eq(mgmt_world_code(&w, &q), 0);
}

Test(change, prepare_tells_every_failure_and_keeps_nothing)
{
    Mgmt__Relationship m = relationship();
    Mgmt__Reply *reply;

    m.scopes = both;
    m.n_scopes = 2;
    m.percentage = 101;
    reply = prepare(&m, NULL, 0, true);
    cr_expect_eq(reply->change->n_failures, 2);
    cr_expect_neq(reply->code, 0);
    mgmt__reply__free_unpacked(reply, NULL);
    cr_expect_eq(outcome(), MGMT__OUTCOME__UNKNOWN);
    cr_expect_eq(order(COMMIT), 2);
}

Test(change, scopes_come_along_and_only_with_the_commit)
{
    Mgmt__Relationship m = relationship();
    Mgmt__Scope scope = MGMT__SCOPE__INIT, *list[] = {&scope};
    Mgmt__Reply *reply;

    scope.subnet = OTHER;
    scope.mask = MASK;
    m.scopes = both;
    m.n_scopes = 2;
    reply = prepare(&m, list, 1, false);
    cr_assert_eq(reply->code, 0);
    mgmt__reply__free_unpacked(reply, NULL);
    cr_expect_null(fo_lease_db_scope(fo_server_leases(w.server), OTHER));
    cr_expect_eq(make_scope(&w, OTHER, OTHER + 1, OTHER + 9), 170, "its place is taken");
    cr_assert_eq(order(COMMIT), 0);
    cr_expect_not_null(fo_lease_db_scope(fo_server_leases(w.server), OTHER));
}

Test(change, a_scope_that_overlaps_one_here_cannot_come_along)
{
    Mgmt__Relationship m = relationship();
    Mgmt__Scope scope = MGMT__SCOPE__INIT, *list[] = {&scope};
    Mgmt__Reply *reply;

    scope.subnet = 0x0a000000;
    scope.mask = 0xffff0000;
    reply = prepare(&m, list, 1, false);
    cr_expect_eq(reply->code, 20052);
    mgmt__reply__free_unpacked(reply, NULL);
}

Test(change, an_id_is_16_bytes_and_new)
{
    Mgmt__Change change = MGMT__CHANGE__INIT;
    Mgmt__Request q = request_of(MGMT__REQUEST__CALL_CHANGE_PREPARE, &change);
    Mgmt__Relationship m = relationship();
    Mgmt__Reply *reply;

    change.id = (ProtobufCBinaryData){15, id};
    change.change_case = MGMT__CHANGE__CHANGE_CREATE;
    change.create = &m;
    cr_expect_eq(mgmt_world_code(&w, &q), 87);
    prepare_well(true);
    reply = prepare(&m, NULL, 0, true);
    cr_expect_eq(reply->code, 170);
    mgmt__reply__free_unpacked(reply, NULL);
}

Test(change, only_an_administrator_prepares)
{
    Mgmt__Relationship m = relationship();
    Mgmt__Reply *reply;

    w.right = FO_RIGHT_READ;
    reply = prepare(&m, NULL, 0, true);
    cr_expect_eq(reply->code, 5);
    mgmt__reply__free_unpacked(reply, NULL);
    cr_expect_eq(outcome(), MGMT__OUTCOME__UNKNOWN, "but a reader may ask");
}

Test(change, old_decisions_make_room_for_new_ones)
{
    for (unsigned i = 0; i < 80; i++) {
        id[0] = (uint8_t)i;
        prepare_well(true);
        cr_assert_eq(order(ABORT), 0);
        w.now.utc.s++;
    }
    cr_expect_eq(fo_changes_count(w.changes), 64);
    cr_expect_eq(outcome(), MGMT__OUTCOME__ABORTED);
    id[0] = 0;
    cr_expect_eq(outcome(), MGMT__OUTCOME__UNKNOWN);
}
