/* Tests of state/lease6.c and lease6_change.c: MAPI §1.3, §1.4, conformance M-L6-01 to -10. */
#include <stdio.h>
#include <stdlib.h>

#include "case6.h"

#define NET "2001:db8::"

static void set_up(void)
{
    store = fo_store_mem_new();
    cr_assert_eq(make_prefix(NET, 64), 0);
}
static void tear_down(void)
{
    fo_store_free(store);
}
TestSuite(lease6, .init = set_up, .fini = tear_down);

Test(lease6, a_lease_comes_back_whole) /* M-L6-01 */
{
    struct fo_lease6 l = lease_of("2001:db8::1", 0xdeadbeef, "duid"), got;

    l.owner = at("2001:db8::ffff");
    l.type = 1;
    l.state = FO_LEASE6_DECLINED;
    cr_assert_eq(create_lease(&l), 0);
    cr_assert_eq(fo_lease6_get(store, l.address, &got), FO_OK);
    cr_expect(fo_client6_equal(&got.client, &l.client));
    cr_expect_eq(got.client.iaid, 0xdeadbeef);
    cr_expect_eq(got.valid_until.s, NOW + 3600);
    cr_expect_eq(got.preferred_until.s, NOW + 1800);
    cr_expect_eq(fo_ipv6_compare(got.owner, l.owner), 0);
    cr_expect_eq(got.type, 1);
    cr_expect_eq(got.state, FO_LEASE6_DECLINED);
    cr_expect_not(got.reserved);
    cr_expect_str_eq(got.name, "pc");
    cr_expect_str_eq(got.comment, "by hand");
}

Test(lease6, checks_come_in_the_documented_order)
{
    struct fo_lease6 l = lease_of("2001:db8:1::1", 1, "");

    cr_expect_eq(create_lease(&l), 87, "M-L6-02, before M-L6-03");
    l.client.duid_length = FO_DUID_MAX + 1;
    cr_expect_eq(create_lease(&l), 111);
    l.client.duid_length = FO_DUID_MAX;
    cr_expect_eq(create_lease(&l), 20005, "M-L6-03");
    l.address = at("2001:db8::1");
    cr_expect_eq(create_lease(&l), 0);
}

Test(lease6, an_address_and_an_identity_association_have_each_other_alone)
{
    cr_assert_eq(make_prefix("2001:db8:1::", 64), 0);
    cr_assert_eq(make_lease("2001:db8::1", 1, "one"), 0);
    cr_expect_eq(make_lease("2001:db8::1", 1, "one"), 20014, "again");
    cr_expect_eq(make_lease("2001:db8::2", 1, "one"), 20014, "M-L6-04");
    cr_expect_eq(make_lease("2001:db8:1::2", 1, "one"), 20014, "M-L6-04, in another prefix");
    cr_expect_eq(make_lease("2001:db8::1", 1, "two"), 20014, "M-L6-05");
    cr_expect_eq(make_lease("2001:db8::2", 1, "two"), 0, "M-L6-06");
    cr_expect_eq(make_lease("2001:db8::3", 2, "one"), 0, "another IAID");
    cr_assert_eq(add(NET, reservation_of("2001:db8::9", 9, "nine")), 0);
    cr_expect_eq(make_lease("2001:db8::9", 9, "nine"), 20014, "there is a record");
}

Test(lease6, a_lease_that_is_over_is_in_nobodys_way)
{
    struct fo_lease6 l = lease_of("2001:db8::1", 1, "one");

    l.valid_until.s = NOW;
    cr_assert_eq(create_lease(&l), 0);
    cr_expect(has_lease("2001:db8::1"), "it is there until it is wanted");
    cr_expect_eq(make_lease("2001:db8::2", 1, "one"), 0);
    cr_expect_not(has_lease("2001:db8::1"), "its client moved");
    l = lease_of("2001:db8::3", 3, "three");
    l.valid_until.s = NOW - 1;
    cr_assert_eq(create_lease(&l), 0);
    cr_expect_eq(make_lease("2001:db8::3", 4, "four"), 0);
    cr_expect_eq(make_lease("2001:db8::4", 3, "three"), 0);
}

static uint32_t set_lease(const struct fo_lease6 *l, bool ends)
{
    struct fo_change6 c = change_begin();

    return change_end(&c, fo_change6_set_lease(&c, l, ends));
}

Test(lease6, set_looks_for_the_lease_before_the_duid) /* M-L6-09, -10 */
{
    struct fo_lease6 l = lease_of("2001:db8:1::1", 1, "");

    cr_expect_eq(set_lease(&l, false), 2, "no prefix");
    l.address = at("2001:db8::1");
    cr_expect_eq(set_lease(&l, false), 2, "no lease");
    cr_assert_eq(make_lease("2001:db8::1", 1, "one"), 0);
    cr_expect_eq(set_lease(&l, false), 87);
    l.client.duid_length = FO_DUID_MAX + 1;
    cr_expect_eq(set_lease(&l, false), 111);
}

Test(lease6, set_changes_the_client_and_the_texts_and_the_end_if_told)
{
    struct fo_lease6 l = lease_of("2001:db8::1", 2, "two"), got;

    cr_assert_eq(make_lease("2001:db8::1", 1, "one"), 0);
    strcpy(l.name, "other");
    l.valid_until.s = l.preferred_until.s = NOW + 9;
    cr_assert_eq(set_lease(&l, false), 0);
    cr_assert_eq(fo_lease6_get(store, l.address, &got), FO_OK);
    cr_expect_str_eq(got.name, "other");
    cr_expect_eq(got.client.iaid, 2);
    cr_expect_eq(got.valid_until.s, NOW + 3600);
    cr_assert_eq(set_lease(&l, true), 0);
    cr_assert_eq(fo_lease6_get(store, l.address, &got), FO_OK);
    cr_expect_eq(got.valid_until.s, NOW + 9);
    cr_expect_eq(make_lease("2001:db8::2", 1, "one"), 0, "the client before is known no more");
    cr_expect_eq(
        set_lease(&(struct fo_lease6){.address = at("2001:db8::2"), .client = client_of(2, "two")},
                  false),
        20014, "the new one is");
}

Test(lease6, set_of_a_reservation_changes_the_reservation)
{
    struct fo_lease6 l = lease_of("2001:db8::1", 2, "two");
    struct fo_element6 e;

    cr_assert_eq(add(NET, reservation_of("2001:db8::1", 1, "one")), 0);
    cr_assert_eq(set_lease(&l, false), 0);
    cr_assert_eq(fo_element6_get(store, at(NET), FO_ELEMENT6_RESERVATION, l.address, l.address, &e),
                 FO_OK);
    cr_expect(fo_client6_equal(&e.client, &l.client));
    cr_expect_eq(delete_lease("2001:db8::1"), 20022, "M-L6-08: it is reserved still");
    cr_expect_eq(add(NET, reservation_of("2001:db8::2", 2, "two")), 20022);
    cr_expect_eq(add(NET, reservation_of("2001:db8::2", 1, "one")), 0);
}

Test(lease6, delete_ends_a_lease)
{
    cr_expect_eq(delete_lease("2001:db8::1"), 20013);
    cr_assert_eq(make_lease("2001:db8::1", 1, "one"), 0);
    cr_expect_eq(delete_lease("2001:db8::1"), 0);
    cr_expect_eq(delete_lease("2001:db8::1"), 20013);
    cr_expect_eq(make_lease("2001:db8::2", 1, "one"), 0);
}

/* --- whatever is done, in whatever order ------------------------------------------------------ */

#define ADDRESSES 24
#define CLIENTS   16

struct model {
    bool there, reserved;
    unsigned client;
};

static int count_one(void *context, const void *key, size_t key_length, const void *value,
                     size_t value_length)
{
    (void)key;
    (void)key_length;
    (void)value;
    (void)value_length;
    ++*(unsigned *)context;
    return FO_OK;
}

static void compare(const struct model *m)
{
    unsigned leases = 0, clients = 0;
    struct fo_ipv6 from = {0};
    struct fo_lease6 l;

    for (unsigned i = 0; i < ADDRESSES; i++) {
        struct fo_client6 c = client_of(m[i].client, "x");
        if (!m[i].there)
            continue;
        cr_assert_eq(fo_lease6_next(store, from, &l), FO_OK);
        cr_assert_eq(l.address.low, i + 1);
        cr_assert_eq(l.client.iaid, m[i].client);
        cr_assert_eq(l.reserved, m[i].reserved);
        cr_assert_eq(fo_lease6_find(store, &c, &l), FO_OK);
        cr_assert_eq(l.address.low, i + 1);
        from = fo_ipv6_next(l.address);
        leases++;
    }
    cr_assert_eq(fo_lease6_next(store, from, &l), FO_ENOTFOUND);
    cr_assert_eq(fo_store_walk(store, FO_TABLE_CLIENT6, "", 0, count_one, &clients), FO_OK);
    cr_assert_eq(clients, leases);
}

static int holder_of(const struct model *m, unsigned client)
{
    for (int i = 0; i < ADDRESSES; i++)
        if (m[i].there && m[i].client == client)
            return i;
    return -1;
}

static void create_one(struct model *m, unsigned i, const char *address, unsigned client)
{
    bool free_ = !m[i].there && holder_of(m, client) < 0;

    cr_assert_eq(make_lease(address, client, "x"), free_ ? 0u : 20014u);
    if (free_)
        m[i] = (struct model){true, false, client};
}

static void set_one(struct model *m, unsigned i, const char *address, unsigned client)
{
    struct fo_lease6 l = lease_of(address, client, "x");
    int holder = holder_of(m, client);
    uint32_t code = !m[i].there ? 2 : holder >= 0 && holder != (int)i ? 20014 : 0;

    cr_assert_eq(set_lease(&l, false), code);
    if (code == 0)
        m[i].client = client;
}

static void reserve_one(struct model *m, unsigned i, const char *address, unsigned client)
{
    int holder = holder_of(m, client);
    bool taken = (m[i].there && m[i].reserved) || (holder >= 0 && m[holder].reserved);

    cr_assert_eq(add(NET, reservation_of(address, client, "x")), taken ? 20022u : 0u);
    if (taken)
        return;
    if (holder >= 0)
        m[holder].there = false;
    m[i] = (struct model){true, true, client};
}

Test(lease6, the_store_agrees_with_a_list_of_leases)
{
    struct model m[ADDRESSES] = {{0}};

    srand(6);
    for (unsigned n = 0; n < 6000; n++) {
        unsigned i = (unsigned)rand() % ADDRESSES, client = (unsigned)rand() % CLIENTS;
        char address[40];
        snprintf(address, sizeof address, "2001:db8::%x", i + 1);
        switch (rand() % 5) {
        case 0:
        case 1:
            create_one(m, i, address, client);
            break;
        case 2:
            set_one(m, i, address, client);
            break;
        case 3:
            cr_assert_eq(delete_lease(address), !m[i].there ? 20013u : m[i].reserved ? 20022u : 0u);
            m[i].there = m[i].there && m[i].reserved;
            break;
        default:
            if (!m[i].reserved || !m[i].there) {
                reserve_one(m, i, address, client);
                break;
            }
            /* Reserved leases of this model are kept by no lease of their own, or by one that goes
             * on: both end with the record gone or plain. */
            cr_assert_eq(take_away(NET, reservation_of(address, 0, "")), 0);
            m[i].there = has_lease(address);
            m[i].reserved = false;
        }
        compare(m);
    }
}
