/* DhcpCreateSubnetV6 and kin; ids M-S6-… of MAPI §8. */
#include "world6.h"

static struct mgmt_world w;

static void set_up(void)
{
    mgmt_world_init(&w);
}
static void tear_down(void)
{
    mgmt_world_fini(&w);
}
TestSuite(calls_prefix6, .init = set_up, .fini = tear_down);

#define NET "2001:db8::"

static Mgmt__Reply *get(const char *prefix)
{
    Mgmt__Address6 m = MGMT__ADDRESS6__INIT;
    Mgmt__Request q = request_of(MGMT__REQUEST__CALL_PREFIX6_GET, &m);

    m.address = bytes_at(prefix);
    return mgmt_world_call(&w, &q);
}

Test(calls_prefix6, a_prefix_is_made_read_back_and_there_after_a_restart)
{
    Mgmt__Prefix6 m = MGMT__PREFIX6__INIT;
    Mgmt__Prefix6Info info = MGMT__PREFIX6_INFO__INIT;
    Mgmt__Request q = request_of(MGMT__REQUEST__CALL_PREFIX6_CREATE, &m);
    char name[] = "Büro", comment[] = "second floor";
    Mgmt__Reply *reply;

    m.prefix = bytes_at(NET);
    m.info = &info;
    info.name = name;
    info.comment = comment;
    info.preference = 10;
    info.state = 1;
    cr_assert_eq(mgmt_world_code(&w, &q), 0);
    mgmt_world_restart(&w);
    reply = get(NET);
    cr_assert_eq(reply->code, 0);
    cr_expect(same_address(&reply->prefix6->prefix, NET));
    cr_expect_eq(reply->prefix6->info->length, 64, "that of a prefix whose length nobody told");
    cr_expect_eq(reply->prefix6->info->preference, 10);
    cr_expect_eq(reply->prefix6->info->state, 1);
    cr_expect_eq(reply->prefix6->info->scope_id, 1);
    cr_expect_str_eq(reply->prefix6->info->name, "Büro");
    cr_expect_str_eq(reply->prefix6->info->comment, "second floor");
    mgmt__reply__free_unpacked(reply, NULL);
}

Test(calls_prefix6, what_cannot_be_a_prefix_is_refused)
{
    Mgmt__Prefix6 m = MGMT__PREFIX6__INIT;
    Mgmt__Prefix6Info info = MGMT__PREFIX6_INFO__INIT;
    Mgmt__Request q = request_of(MGMT__REQUEST__CALL_PREFIX6_CREATE, &m);
    char long_text[300], bad[] = "\xff";

    m.prefix = bytes_at(NET);
    cr_expect_eq(mgmt_world_code(&w, &q), 87, "no structure");
    m.info = &info;
    m.prefix.len = 15;
    cr_expect_eq(mgmt_world_code(&w, &q), 87);
    m.prefix.len = 0;
    cr_expect_eq(mgmt_world_code(&w, &q), 20091, "::");
    m.prefix = bytes_at("fe80::");
    cr_expect_eq(mgmt_world_code(&w, &q), 20091, "M-S6-01");
    m.prefix = bytes_at(NET);
    info.prefix = bytes_at("2001:db8:1::");
    cr_expect_eq(mgmt_world_code(&w, &q), 87, "the structure is of another");
    info.prefix = bytes_at(NET);
    info.preference = 65536;
    cr_expect_eq(mgmt_world_code(&w, &q), 87);
    info.preference = 0;
    info.state = 2;
    cr_expect_eq(mgmt_world_code(&w, &q), 87);
    info.state = 0;
    info.length = 129;
    cr_expect_eq(mgmt_world_code(&w, &q), 87);
    info.length = 64;
    memset(long_text, 'a', sizeof long_text);
    long_text[257] = '\0';
    info.name = long_text;
    cr_expect_eq(mgmt_world_code(&w, &q), 20046);
    long_text[256] = '\0';
    info.comment = bad;
    cr_expect_eq(mgmt_world_code(&w, &q), 87);
    info.comment = long_text;
    cr_expect_eq(mgmt_world_code(&w, &q), 0);
    cr_expect_eq(mgmt_world_code(&w, &q), 2014, "M-S6-02");
}

Test(calls_prefix6, a_reader_changes_nothing_and_nobody_reads)
{
    Mgmt__Reply *reply;

    cr_assert_eq(make_prefix(&w, NET, 64), 0);
    w.right = FO_RIGHT_READ;
    cr_expect_eq(make_prefix(&w, "fe80::", 64), 5, "rights first");
    cr_expect_eq(change_element(&w, MGMT__REQUEST__CALL_ELEMENT6_ADD, "2001:db8:9::", NULL, "::"),
                 5);
    reply = get(NET);
    cr_expect_eq(reply->code, 0);
    mgmt__reply__free_unpacked(reply, NULL);
    w.right = FO_RIGHT_NONE;
    reply = get(NET);
    cr_expect_eq(reply->code, 5);
    mgmt__reply__free_unpacked(reply, NULL);
}

Test(calls_prefix6, an_unknown_prefix_has_the_code_of_the_call) /* M-S6-03, -05, -06 */
{
    Mgmt__Prefix6Delete m = MGMT__PREFIX6_DELETE__INIT;
    Mgmt__Request q = request_of(MGMT__REQUEST__CALL_PREFIX6_DELETE, &m);
    Mgmt__Prefix6 set = MGMT__PREFIX6__INIT;
    Mgmt__Prefix6Info info = MGMT__PREFIX6_INFO__INIT;
    Mgmt__Reply *reply = get(NET);

    cr_expect_eq(reply->code, 20005);
    mgmt__reply__free_unpacked(reply, NULL);
    m.prefix = bytes_at(NET);
    cr_expect_eq(mgmt_world_code(&w, &q), 2);
    cr_expect_eq(change_element(&w, MGMT__REQUEST__CALL_ELEMENT6_ADD, NET, NULL, NET), 2);
    q = request_of(MGMT__REQUEST__CALL_PREFIX6_SET, &set);
    set.prefix = bytes_at(NET);
    cr_expect_eq(mgmt_world_code(&w, &q), 87, "no structure");
    set.info = &info;
    cr_expect_eq(mgmt_world_code(&w, &q), 20005);
}

Test(calls_prefix6, set_keeps_the_length)
{
    Mgmt__Prefix6 m = MGMT__PREFIX6__INIT;
    Mgmt__Prefix6Info info = MGMT__PREFIX6_INFO__INIT;
    Mgmt__Request q = request_of(MGMT__REQUEST__CALL_PREFIX6_SET, &m);
    char name[] = "new";
    Mgmt__Reply *reply;

    cr_assert_eq(make_prefix(&w, NET, 48), 0);
    m.prefix = bytes_at(NET);
    m.info = &info;
    info.name = name;
    info.length = 64;
    cr_expect_eq(mgmt_world_code(&w, &q), 87);
    info.length = 0;
    cr_expect_eq(mgmt_world_code(&w, &q), 0);
    reply = get(NET);
    cr_expect_str_eq(reply->prefix6->info->name, "new");
    cr_expect_eq(reply->prefix6->info->length, 48);
    mgmt__reply__free_unpacked(reply, NULL);
}

Test(calls_prefix6, clients_keep_a_prefix_unless_forced) /* M-S6-04 */
{
    Mgmt__Prefix6Delete m = MGMT__PREFIX6_DELETE__INIT;
    Mgmt__Request q = request_of(MGMT__REQUEST__CALL_PREFIX6_DELETE, &m);

    cr_assert_eq(make_prefix(&w, NET, 64), 0);
    cr_assert_eq(make_lease6(&w, "2001:db8::1", 1, "one"), 0);
    m.prefix = bytes_at(NET);
    cr_expect_eq(mgmt_world_code(&w, &q), 20007);
    m.force = true;
    cr_expect_eq(mgmt_world_code(&w, &q), 0);
    cr_expect_eq(mgmt_world_code(&w, &q), 2);
}

/* --- pages -------------------------------------------------------------------------------------
 */

static Mgmt__Reply *page_of(const char *after, uint32_t skip, uint32_t limit)
{
    Mgmt__Page6 m = MGMT__PAGE6__INIT;
    Mgmt__Request q = request_of(MGMT__REQUEST__CALL_PREFIX6_ENUM, &m);

    if (after != NULL)
        m.after = bytes_at(after);
    m.skip = skip;
    m.limit = limit;
    return mgmt_world_call(&w, &q);
}

Test(calls_prefix6, pages_go_on_behind_the_last)
{
    Mgmt__Reply *reply = page_of(NULL, 0, 0);

    cr_expect_eq(reply->code, 259);
    mgmt__reply__free_unpacked(reply, NULL);
    cr_assert_eq(make_prefix(&w, "2001:db8:3::", 48), 0);
    cr_assert_eq(make_prefix(&w, "2001:db8:1::", 48), 0);
    cr_assert_eq(make_prefix(&w, "2001:db8:2::", 48), 0);
    reply = page_of(NULL, 0, 2);
    cr_assert_eq(reply->code, 0);
    cr_expect_eq(reply->prefixes6->n_list, 2);
    cr_expect(same_address(&reply->prefixes6->list[0]->prefix, "2001:db8:1::"));
    cr_expect(reply->prefixes6->more);
    cr_expect_eq(reply->prefixes6->left, 1);
    mgmt__reply__free_unpacked(reply, NULL);
    reply = page_of("2001:db8:2:5::", 0, 0); /* what is no prefix is a place all the same */
    cr_assert_eq(reply->code, 0);
    cr_expect_eq(reply->prefixes6->n_list, 1);
    cr_expect_not(reply->prefixes6->more);
    mgmt__reply__free_unpacked(reply, NULL);
    reply = page_of(NULL, 1, 1);
    cr_expect(same_address(&reply->prefixes6->list[0]->prefix, "2001:db8:2::"));
    mgmt__reply__free_unpacked(reply, NULL);
    reply = page_of(NULL, 3, 1);
    cr_expect_eq(reply->code, 259);
    mgmt__reply__free_unpacked(reply, NULL);
}
