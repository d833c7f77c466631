/* DhcpGetServerBindingInfoV6 and DhcpSetServerBindingInfoV6; ids M-BI-… of MAPI §8. */
#include "case_interfaces.h"
#include "world6.h"

static struct mgmt_world w;
static struct fo_interfaces list;

static void set_up(void)
{
    mgmt_world_init(&w);
    add_interface(&list, 1, "lo", true, "::1/128", NULL);
    add_interface(&list, 2, "eth0", false, "2001:db8::1/64", "fe80::1/64", NULL);
    add_interface(&list, 3, "eth1", false, "2001:db8:1::1/64", NULL);
    add_interface(&list, 4, "tun0", false, "~2001:db8:2::1/64", NULL);
    fo_interfaces_settle(&list);
    w.facts.interfaces = &list;
}
static void tear_down(void)
{
    fo_interfaces_fini(&list);
    mgmt_world_fini(&w);
}
TestSuite(calls_binding, .init = set_up, .fini = tear_down);

static Mgmt__Reply *get(uint32_t flags)
{
    Mgmt__BindingQuery m = MGMT__BINDING_QUERY__INIT;
    Mgmt__Request q = request_of(MGMT__REQUEST__CALL_BINDING_GET, &m);

    m.flags = flags;
    return mgmt_world_call(&w, &q);
}

/* As it is told, and then set. Ownership: the reply's. */
static Mgmt__Binding *element(Mgmt__Reply *told, const char *name, bool bound)
{
    for (size_t i = 0; i < told->bindings->n_list; i++) {
        if (strcmp(told->bindings->list[i]->description, name) == 0) {
            told->bindings->list[i]->bound = bound;
            return told->bindings->list[i];
        }
    }
    cr_assert_fail("no %s", name);
    return NULL;
}

static uint32_t set(Mgmt__Binding **elements, size_t count, uint64_t generation)
{
    Mgmt__BindingSet m = MGMT__BINDING_SET__INIT;
    Mgmt__Bindings bindings = MGMT__BINDINGS__INIT;
    Mgmt__Request q = request_of(MGMT__REQUEST__CALL_BINDING_SET, &m);

    m.bindings = &bindings;
    bindings.list = elements;
    bindings.n_list = count;
    bindings.generation = generation;
    return mgmt_world_code(&w, &q);
}

static uint32_t set_one(const char *name, bool bound)
{
    Mgmt__Reply *told = get(0);
    Mgmt__Binding *one = element(told, name, bound);
    uint32_t code = set(&one, 1, told->bindings->generation);

    mgmt__reply__free_unpacked(told, NULL);
    return code;
}

static bool is(const char *name, bool bound, bool served)
{
    Mgmt__Reply *told = get(0);
    bool truth = false;

    for (size_t i = 0; i < told->bindings->n_list; i++) {
        const Mgmt__Binding *m = told->bindings->list[i];
        if (strcmp(m->description, name) == 0)
            truth = m->bound == bound && m->served == served;
    }
    mgmt__reply__free_unpacked(told, NULL);
    return truth;
}

Test(calls_binding, every_interface_is_told) /* M-BI-08 */
{
    Mgmt__Reply *told = get(1);
    uint8_t id[FO_BINDING_ID];
    Mgmt__Binding *one;

    cr_expect_eq(told->code, 87);
    mgmt__reply__free_unpacked(told, NULL);
    told = get(0);
    cr_assert_eq(told->code, 0);
    cr_assert_eq(told->bindings->n_list, 4);
    one = element(told, "eth0", true);
    fo_binding_id("eth0", id);
    cr_expect_eq(one->id.len, 16);
    cr_expect_arr_eq(one->id.data, id, 16);
    cr_expect(same_address(&one->primary, "2001:db8::1"));
    cr_expect(same_address(&one->prefix, "2001:db8::"));
    cr_expect_eq(one->prefix_length, 64);
    cr_expect_eq(one->index, 2);
    cr_expect_not(one->cannot_modify);
    cr_expect(element(told, "lo", true)->cannot_modify);
    cr_expect(element(told, "tun0", true)->cannot_modify);
    mgmt__reply__free_unpacked(told, NULL);
    cr_expect(is("eth0", true, true));
    cr_expect(is("lo", true, false), "bound for Microsoft's call, and nobody served");
    cr_expect(is("tun0", true, false));
}

Test(calls_binding, a_list_goes_back_as_it_came)
{
    Mgmt__Reply *told = get(0);

    cr_expect_eq(set(told->bindings->list, told->bindings->n_list, told->bindings->generation), 0);
    mgmt__reply__free_unpacked(told, NULL);
    cr_expect(is("eth0", true, true));
}

Test(calls_binding, a_choice_is_kept_over_a_restart) /* M-BI-06 */
{
    cr_expect_eq(set_one("eth0", false), 0);
    cr_expect(is("eth0", false, false));
    cr_expect(is("eth1", true, true), "nobody spoke of it");
    mgmt_world_restart(&w);
    cr_expect(is("eth0", false, false));
    cr_expect_eq(set_one("eth0", true), 0);
    cr_expect(is("eth0", true, true));
}

Test(calls_binding, arguments_are_checked_behind_the_right) /* M-BI-01, -02, -07 */
{
    Mgmt__BindingSet m = MGMT__BINDING_SET__INIT;
    Mgmt__Bindings bindings = MGMT__BINDINGS__INIT;
    Mgmt__Request q = request_of(MGMT__REQUEST__CALL_BINDING_SET, &m);

    w.right = FO_RIGHT_READ;
    m.flags = 1;
    cr_expect_eq(mgmt_world_code(&w, &q), 5, "M-BI-07");
    w.right = FO_RIGHT_ADMINISTER;
    m.bindings = &bindings;
    cr_expect_eq(mgmt_world_code(&w, &q), 87, "M-BI-01");
    m.flags = 0;
    cr_expect_eq(mgmt_world_code(&w, &q), 0, "nothing to do");
    m.bindings = NULL;
    cr_expect_eq(mgmt_world_code(&w, &q), 87, "M-BI-02");
    m.bindings = &bindings;
    fo_interfaces_fini(&list);
    cr_expect_eq(mgmt_world_code(&w, &q), 87, "no entries at all");
    w.facts.interfaces = NULL;
    cr_expect_eq(mgmt_world_code(&w, &q), 87);
}

Test(calls_binding, internal_interfaces_stay_as_they_are) /* M-BI-03, -04 */
{
    Mgmt__Reply *told = get(0);
    Mgmt__Binding *two[] = {element(told, "lo", true), element(told, "tun0", true)};
    uint64_t generation = told->bindings->generation;

    cr_expect_eq(set(two, 2, generation), 0, "M-BI-04");
    two[1]->bound = false;
    cr_expect_eq(set(two, 2, generation), 20051, "M-BI-03");
    two[1]->cannot_modify = false;
    cr_expect_eq(set(two, 2, generation), 20051, "the flag is ours, not the caller's");
    two[1] = element(told, "eth0", false);
    two[1]->cannot_modify = true;
    cr_expect_eq(set(two, 2, generation), 20051, "and the caller's too");
    two[1]->bound = true;
    two[1]->id.len = 3;
    cr_expect_eq(set(two, 2, generation), 0, "passed over before it is looked for");
    mgmt__reply__free_unpacked(told, NULL);
    cr_expect(is("eth0", true, true));
}

Test(calls_binding, all_elements_are_looked_at_before_one_is_changed) /* M-BI-05 */
{
    Mgmt__Reply *told = get(0);
    Mgmt__Binding *two[] = {element(told, "eth0", false), element(told, "eth1", false)};

    two[1]->id.data[0] ^= 1;
    cr_expect_eq(set(two, 2, 0), 20050);
    cr_expect(is("eth0", true, true));
    two[1]->id.data[0] ^= 1;
    two[1]->id.len = 15;
    cr_expect_eq(set(two, 2, 0), 20050);
    two[1]->id.len = 16;
    cr_expect_eq(set(two, 2, 0), 0);
    mgmt__reply__free_unpacked(told, NULL);
    cr_expect(is("eth0", false, false));
    cr_expect(is("eth1", false, false));
}

Test(calls_binding, a_damaged_choice_is_made_good_by_another)
{
    uint8_t id[FO_BINDING_ID];

    fo_binding_id("eth0", id);
    for (unsigned choice = 0; choice < 2; choice++) {
        cr_assert_eq(set_one("eth0", choice == 0), 0);
        cr_assert_eq(set_one("eth0", choice != 0), 0);
        cr_assert_eq(fo_store_mem_damage(w.store, FO_TABLE_BINDING6, id, sizeof id, 11), FO_OK);
        cr_expect(is("eth0", false, false));
        cr_expect_eq(set_one("eth0", choice != 0), 0);
        cr_expect(is("eth0", choice != 0, choice != 0));
        cr_expect_eq(
            fo_store_get(w.store, FO_TABLE_BINDING6, id, sizeof id, fo_binding_judge, NULL), FO_OK);
    }
}

Test(calls_binding, a_choice_outlives_a_time_as_an_internal_interface)
{
    Mgmt__Reply *told;

    cr_assert_str_eq(list.list[0].name, "eth0");
    cr_assert_eq(set_one("eth0", false), 0);
    list.list[0].addresses[0].configured = false;
    told = get(0);
    cr_expect_eq(set(told->bindings->list, told->bindings->n_list, told->bindings->generation), 0);
    mgmt__reply__free_unpacked(told, NULL);
    list.list[0].addresses[0].configured = true;
    cr_expect(is("eth0", false, false));
}

/* The list is told, the machine changes, the list comes back. */
static uint32_t set_after(void (*change)(void), bool with_generation)
{
    Mgmt__Reply *told = get(0);
    Mgmt__Binding *one = element(told, "eth0", false);
    uint32_t code;

    change();
    code = set(&one, 1, with_generation ? told->bindings->generation : 0);
    mgmt__reply__free_unpacked(told, NULL);
    return code;
}
static void another_address(void)
{
    struct fo_interface_address a = {
        .address = at("2001:db8:9::1"), .length = 64, .global = true, .configured = true};

    cr_assert(fo_interface_add(&list, &list.list[1], &a));
    fo_interfaces_settle(&list);
}
static void another_interface(void)
{
    add_interface(&list, 9, "eth9", false, "2001:db8:9::1/64", NULL);
    fo_interfaces_settle(&list);
}
static void address_gone(void)
{
    list.list[0].addresses[0].address = at("2001:db8:9::1");
}
static void nothing(void)
{
}

Test(calls_binding, what_came_or_went_since_the_list_was_read_is_noticed)
{
    cr_assert_str_eq(list.list[0].name, "eth0");
    cr_expect_eq(set_after(another_address, true), 20050);
    cr_expect(is("eth0", true, true), "nothing was changed");
    cr_expect_eq(set_after(another_interface, true), 20050);
    cr_expect_eq(set_after(another_interface, false), 0, "nobody knows which list it was");
    cr_assert_eq(set_one("eth0", true), 0);
    cr_expect_eq(set_after(address_gone, false), 20050, "the element tells an address that went");
    cr_expect_eq(set_after(nothing, true), 0);
}

Test(calls_binding, an_element_may_leave_its_address_out)
{
    Mgmt__Reply *told = get(0);
    Mgmt__Binding *one = element(told, "eth0", false);

    one->primary.len = 0;
    cr_expect_eq(set(&one, 1, 0), 0);
    one->primary.len = 7;
    cr_expect_eq(set(&one, 1, 0), 87);
    one->primary.len = 16;
    mgmt__reply__free_unpacked(told, NULL);
    cr_expect(is("eth0", false, false));
}

Test(calls_binding, the_server_tells_where_it_serves)
{
    Mgmt__Nothing m = MGMT__NOTHING__INIT;
    Mgmt__Request q = request_of(MGMT__REQUEST__CALL_SERVER_GET, &m);
    Mgmt__Reply *reply;
    unsigned served = 0;

    cr_assert_eq(set_one("eth1", false), 0);
    reply = mgmt_world_call(&w, &q);
    cr_assert_eq(reply->code, 0);
    cr_assert_eq(reply->server->n_bindings, 4);
    for (size_t i = 0; i < 4; i++)
        served += reply->server->bindings[i]->served;
    cr_expect_eq(served, 1);
    mgmt__reply__free_unpacked(reply, NULL);
}

Test(calls_binding, a_lease_is_owned_by_the_address_that_serves_it)
{
    Mgmt__Lease6Search m = MGMT__LEASE6_SEARCH__INIT;
    Mgmt__Request q = request_of(MGMT__REQUEST__CALL_LEASE6_GET, &m);
    Mgmt__Reply *reply;

    cr_assert_eq(make_prefix(&w, "2001:db8:1::", 64), 0);
    cr_assert_eq(make_lease6(&w, "2001:db8:1::9", 1, "one"), 0);
    m.key_case = MGMT__LEASE6_SEARCH__KEY_ADDRESS;
    m.address = bytes_at("2001:db8:1::9");
    reply = mgmt_world_call(&w, &q);
    cr_assert_eq(reply->code, 0);
    cr_expect(same_address(&reply->lease6->owner, "2001:db8:1::1"));
    mgmt__reply__free_unpacked(reply, NULL);
}
