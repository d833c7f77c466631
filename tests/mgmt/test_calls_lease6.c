/* DhcpV6CreateClientInfo and kin; ids M-L6-… of MAPI §8. */
#include <stdio.h>

#include "mgmt/page.h"
#include "world6.h"

static struct mgmt_world w;

#define NET "2001:db8::"

static void set_up(void)
{
    mgmt_world_init(&w);
    cr_assert_eq(make_prefix(&w, NET, 64), 0);
}
static void tear_down(void)
{
    mgmt_world_fini(&w);
}
TestSuite(calls_lease6, .init = set_up, .fini = tear_down);

static Mgmt__Reply *get(const char *address)
{
    Mgmt__Lease6Search m = MGMT__LEASE6_SEARCH__INIT;
    Mgmt__Request q = request_of(MGMT__REQUEST__CALL_LEASE6_GET, &m);

    m.key_case = MGMT__LEASE6_SEARCH__KEY_ADDRESS;
    m.address = bytes_at(address);
    return mgmt_world_call(&w, &q);
}

static uint32_t send(Mgmt__Request__CallCase call, Mgmt__Lease6 *m)
{
    Mgmt__Request q = request_of(call, m);

    return mgmt_world_code(&w, &q);
}

static uint32_t create(Mgmt__Lease6 *m)
{
    return send(MGMT__REQUEST__CALL_LEASE6_CREATE, m);
}

Test(calls_lease6, a_lease_is_made_and_there_after_a_restart) /* M-L6-01 */
{
    Mgmt__Lease6 m = lease6_of("2001:db8::1", 7, "duid");
    char name[] = "pc", comment[] = "by hand";
    Mgmt__Reply *reply;

    m.name = name;
    m.comment = comment;
    m.ends_case = MGMT__LEASE6__ENDS_VALID_UNTIL;
    m.valid_until = NOW + 100;
    m.preferred_until = NOW + 200;
    m.type = 1;
    cr_assert_eq(create(&m), 0);
    mgmt_world_restart(&w);
    reply = get("2001:db8::1");
    cr_assert_eq(reply->code, 0);
    cr_expect(same_address(&reply->lease6->address, "2001:db8::1"));
    cr_expect_eq(reply->lease6->iaid, 7);
    cr_expect_eq(reply->lease6->duid.len, 4);
    cr_expect_str_eq(reply->lease6->name, "pc");
    cr_expect_str_eq(reply->lease6->comment, "by hand");
    cr_expect_eq(reply->lease6->valid_until, NOW + 100);
    cr_expect_eq(reply->lease6->preferred_until, NOW + 100, "no longer than it is valid");
    cr_expect_eq(reply->lease6->type, 0, "IANA, whatever was asked for");
    cr_expect_eq(reply->lease6->state, 2, "committed");
    cr_expect_not(reply->lease6->reserved);
    mgmt__reply__free_unpacked(reply, NULL);
}

Test(calls_lease6, an_end_that_nobody_told_is_never)
{
    Mgmt__Lease6 m = lease6_of("2001:db8::1", 7, "duid");
    Mgmt__Reply *reply;

    cr_assert_eq(create(&m), 0);
    reply = get("2001:db8::1");
    cr_expect_eq(reply->lease6->valid_until, FO_UTC_INFINITE);
    cr_expect_eq(reply->lease6->preferred_until, FO_UTC_INFINITE);
    mgmt__reply__free_unpacked(reply, NULL);
    m = lease6_of("2001:db8::2", 8, "duid");
    m.ends_case = MGMT__LEASE6__ENDS_VALID_UNTIL;
    m.valid_until = 0xffffffff;
    m.preferred_until = NOW + 5;
    cr_assert_eq(create(&m), 0);
    reply = get("2001:db8::2");
    cr_expect_eq(reply->lease6->valid_until, FO_UTC_INFINITE);
    cr_expect_eq(reply->lease6->preferred_until, NOW + 5);
    mgmt__reply__free_unpacked(reply, NULL);
}

Test(calls_lease6, checks_come_in_the_documented_order)
{
    Mgmt__Lease6 m = lease6_of("2001:db8:1::1", 7, "");
    uint8_t duid[300] = {1};
    char text[300];

    w.right = FO_RIGHT_READ;
    cr_expect_eq(create(&m), 5, "rights first");
    w.right = FO_RIGHT_ADMINISTER;
    cr_expect_eq(create(&m), 87, "M-L6-02, before M-L6-03");
    m.duid = (ProtobufCBinaryData){257, duid};
    cr_expect_eq(create(&m), 111);
    m.duid.len = 256;
    cr_expect_eq(create(&m), 20005, "M-L6-03");
    m.address = bytes_at("2001:db8::1");
    memset(text, 'a', sizeof text);
    text[256] = '\0';
    m.name = text;
    cr_expect_eq(create(&m), 87);
    text[255] = '\0';
    m.comment = text;
    cr_expect_eq(create(&m), 0);
    cr_expect_eq(create(&m), 20014);
    m.address.len = 4;
    cr_expect_eq(create(&m), 87);
}

Test(calls_lease6, set_leaves_the_end_alone_unless_told) /* M-L6-09, -10 */
{
    Mgmt__Lease6 m = lease6_of("2001:db8::1", 7, "duid");
    uint8_t duid[257] = {1};
    Mgmt__Reply *reply;

    cr_expect_eq(send(MGMT__REQUEST__CALL_LEASE6_SET, &m), 2, "no lease");
    m.ends_case = MGMT__LEASE6__ENDS_VALID_UNTIL;
    m.valid_until = NOW + 100;
    cr_assert_eq(create(&m), 0);
    m = lease6_of("2001:db8::1", 8, "other");
    cr_assert_eq(send(MGMT__REQUEST__CALL_LEASE6_SET, &m), 0);
    reply = get("2001:db8::1");
    cr_expect_eq(reply->lease6->valid_until, NOW + 100);
    cr_expect_eq(reply->lease6->iaid, 8);
    mgmt__reply__free_unpacked(reply, NULL);
    m.ends_case = MGMT__LEASE6__ENDS_VALID_UNTIL;
    m.valid_until = NOW + 200;
    cr_assert_eq(send(MGMT__REQUEST__CALL_LEASE6_SET, &m), 0);
    reply = get("2001:db8::1");
    cr_expect_eq(reply->lease6->valid_until, NOW + 200);
    mgmt__reply__free_unpacked(reply, NULL);
    m.duid = (ProtobufCBinaryData){257, duid};
    cr_expect_eq(send(MGMT__REQUEST__CALL_LEASE6_SET, &m), 111, "M-L6-09");
    m.address = bytes_at("2001:db8:1::1");
    cr_expect_eq(send(MGMT__REQUEST__CALL_LEASE6_SET, &m), 2, "M-L6-10");
}

static uint32_t search(Mgmt__Request__CallCase call, Mgmt__Lease6Search *m)
{
    Mgmt__Request q = request_of(call, m);

    return mgmt_world_code(&w, &q);
}

Test(calls_lease6, a_lease_is_found_by_its_address_and_for_us_by_its_client) /* M-L6-07 */
{
    Mgmt__Lease6Search m = MGMT__LEASE6_SEARCH__INIT;
    Mgmt__Reservation6 client = MGMT__RESERVATION6__INIT;

    cr_assert_eq(make_lease6(&w, "2001:db8::1", 7, "duid"), 0);
    cr_expect_eq(search(MGMT__REQUEST__CALL_LEASE6_GET, &m), 87, "nothing is named");
    m.key_case = MGMT__LEASE6_SEARCH__KEY_OTHER;
    m.other = true;
    cr_expect_eq(search(MGMT__REQUEST__CALL_LEASE6_GET, &m), 87);
    m.key_case = MGMT__LEASE6_SEARCH__KEY_CLIENT;
    m.client = &client;
    client.duid = duid_of("duid");
    client.iaid = 7;
    cr_expect_eq(search(MGMT__REQUEST__CALL_LEASE6_GET, &m), 0);
    cr_expect_eq(search(MGMT__REQUEST__CALL_LEASE6_DELETE, &m), 87);
    client.iaid = 8;
    cr_expect_eq(search(MGMT__REQUEST__CALL_LEASE6_GET, &m), 20013);
    client.duid.len = 300;
    cr_expect_eq(search(MGMT__REQUEST__CALL_LEASE6_GET, &m), 20013);
    m.key_case = MGMT__LEASE6_SEARCH__KEY_ADDRESS;
    m.address = bytes_at("2001:db8::2");
    cr_expect_eq(search(MGMT__REQUEST__CALL_LEASE6_GET, &m), 20013);
    cr_expect_eq(search(MGMT__REQUEST__CALL_LEASE6_DELETE, &m), 20013);
    m.address = bytes_at("2001:db8::1");
    cr_expect_eq(search(MGMT__REQUEST__CALL_LEASE6_DELETE, &m), 0);
    cr_assert_eq(change_element(&w, MGMT__REQUEST__CALL_ELEMENT6_ADD, NET, NULL, "2001:db8::1"), 0);
    cr_expect_eq(search(MGMT__REQUEST__CALL_LEASE6_DELETE, &m), 20022, "M-L6-08");
}

/* --- pages -------------------------------------------------------------------------------------
 */

static Mgmt__Reply *page_of(const char *prefix, const char *after, uint32_t limit)
{
    Mgmt__Lease6Query m = MGMT__LEASE6_QUERY__INIT;
    Mgmt__Request q = request_of(MGMT__REQUEST__CALL_LEASE6_ENUM, &m);

    if (prefix != NULL)
        m.prefix = bytes_at(prefix);
    if (after != NULL)
        m.after = bytes_at(after);
    m.limit = limit;
    return mgmt_world_call(&w, &q);
}

static void make_leases(const char *prefix, uint32_t first, uint32_t last)
{
    for (uint32_t i = first; i <= last; i++) {
        char text[48];
        snprintf(text, sizeof text, "%s%x", prefix, i);
        cr_assert_eq(make_lease6(&w, text, i, prefix), 0);
    }
}

/* Expects |count| leases, and what is said of those behind them; frees the page. */
static void expect_page(Mgmt__Reply *reply, size_t count, bool more, bool elsewhere)
{
    cr_assert_eq(reply->code, 0);
    cr_expect_eq(reply->leases6->n_list, count);
    cr_expect_eq(reply->leases6->more, more);
    cr_expect_eq(reply->leases6->elsewhere, elsewhere);
    mgmt__reply__free_unpacked(reply, NULL);
}

static void expect_end(Mgmt__Reply *reply)
{
    cr_expect_eq(reply->code, 259);
    mgmt__reply__free_unpacked(reply, NULL);
}

Test(calls_lease6, a_walk_is_of_one_prefix_or_of_all)
{
    cr_assert_eq(make_prefix(&w, "2001:db8:1::", 64), 0);
    cr_assert_eq(make_prefix(&w, "2001:db8:2::", 64), 0);
    expect_end(page_of(NULL, NULL, 0));
    make_leases("2001:db8::", 1, 5);
    make_leases("2001:db8:2::", 1, 3);
    expect_page(page_of(NULL, NULL, 0), 8, false, false);
    expect_page(page_of(NET, NULL, 0), 5, false, false);
    expect_page(page_of("2001:db8:2::", NULL, 0), 3, false, false);
    expect_page(page_of("2001:db8:1::", NULL, 0), 0, false, true);
    expect_page(page_of("2001:db8:9::", NULL, 0), 0, false, true);
    expect_page(page_of(NET, "2001:db8::5", 0), 0, false, true);
    expect_end(page_of("2001:db8:2::", "2001:db8:2::3", 0));
    expect_end(page_of(NET, "2001:db8:2::3", 0));
    expect_end(page_of(NULL, "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", 0));
    expect_end(page_of(NET, "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", 0));
}

/* Pages of every size, while the lease that was seen last is deleted each time. */
Test(calls_lease6, no_change_between_two_pages_breaks_a_walk)
{
    for (uint32_t limit = 1; limit <= 7; limit += 2) {
        char after[FO_IPV6_TEXT] = "::";
        unsigned seen = 0;
        bool more = true;
        make_leases("2001:db8::", 1, 20);
        while (more) {
            Mgmt__Lease6Search gone = MGMT__LEASE6_SEARCH__INIT;
            Mgmt__Reply *reply = page_of(NET, after, limit);
            struct fo_ipv6 last;
            struct fo_reader r;
            cr_assert_eq(reply->code, 0);
            cr_assert_gt(reply->leases6->n_list, 0);
            seen += (unsigned)reply->leases6->n_list;
            more = reply->leases6->more;
            gone.key_case = MGMT__LEASE6_SEARCH__KEY_ADDRESS;
            gone.address = reply->leases6->list[reply->leases6->n_list - 1]->address;
            r = fo_reader_of(gone.address.data, gone.address.len);
            fo_read_ipv6(&r, &last);
            fo_ipv6_text(last, after);
            cr_assert_eq(search(MGMT__REQUEST__CALL_LEASE6_DELETE, &gone), 0);
            mgmt__reply__free_unpacked(reply, NULL);
        }
        cr_expect_eq(seen, 20, "pages of %u", limit);
        mgmt_world_fini(&w);
        set_up();
    }
}

Test(calls_lease6, a_page_fits_into_a_frame)
{
    uint8_t duid[256];
    char text[256];
    char after[48] = "";
    unsigned count = 0;
    bool more = true;

    memset(text, 'a', sizeof text - 1);
    text[255] = '\0';
    memset(duid, 7, sizeof duid);
    for (uint32_t i = 1; i <= 1000; i++) {
        char address[48];
        Mgmt__Lease6 m;
        snprintf(address, sizeof address, "2001:db8::%x", i);
        m = lease6_of(address, i, "");
        m.duid = (ProtobufCBinaryData){sizeof duid, duid};
        m.name = m.comment = text;
        cr_assert_eq(create(&m), 0);
    }
    while (more) {
        Mgmt__Reply *reply = page_of(NULL, count != 0 ? after : NULL, 0);
        cr_assert_eq(reply->code, 0);
        cr_expect_lt(mgmt__reply__get_packed_size(reply), FO_FRAME_MAX);
        more = reply->leases6->more;
        cr_assert(!more || reply->leases6->n_list >= FO_PAGE_SURE);
        count += (unsigned)reply->leases6->n_list;
        snprintf(after, sizeof after, "2001:db8::%x", count);
        mgmt__reply__free_unpacked(reply, NULL);
    }
    cr_expect_eq(count, 1000);
}
