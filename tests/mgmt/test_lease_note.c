#include <string.h>

#include <criterion/criterion.h>

#include "mgmt/lease_note.h"
#include "mgmt/partner_note.h"
#include "state/record.h"
#include "state/store_mem.h"

static struct fo_store *store;

static void set_up(void)
{
    store = fo_store_mem_new();
    cr_assert_eq(fo_store_begin(store), FO_OK);
}
static void tear_down(void)
{
    fo_store_abort(store);
    fo_store_free(store);
}
TestSuite(lease_note, .init = set_up, .fini = tear_down);

static struct fo_client client_of(uint8_t last)
{
    return (struct fo_client){.hw = {1, 0, 0x0c, 1, 2, 3, last}, .hw_length = 7};
}

Test(lease_note, a_note_belongs_to_its_client)
{
    struct fo_client mine = client_of(1), other = client_of(2);
    struct fo_lease_note note = {.name = "pc", .comment = "desk", .policy = "p"}, back;

    note.address_state = 0x21;
    note.client_type = 4;
    note.owner_address = 0xc0000201;
    cr_assert_eq(fo_lease_note_put(store, 5, &mine, &note), FO_OK);
    cr_assert_eq(fo_lease_note_get(store, 5, &mine, &back), FO_OK);
    cr_expect_str_eq(back.name, "pc");
    cr_expect_str_eq(back.comment, "desk");
    cr_expect_str_eq(back.policy, "p");
    cr_expect_eq(back.address_state, 0x21);
    cr_expect_eq(back.client_type, 4);
    cr_expect_eq(back.owner_address, 0xc0000201);
    cr_expect_eq(fo_lease_note_get(store, 5, &other, &back), FO_ENOTFOUND);
    cr_expect_eq(fo_lease_note_get(store, 6, &mine, &back), FO_ENOTFOUND);
}

/* Texts had one byte of length, and there was no owner_address. */
Test(lease_note, a_note_of_version_1_is_read)
{
    static const uint8_t body[] = {1,   7,   1, 0,   0x0c, 1,   2,   3, 1,    0, 2,
                                   'p', 'c', 4, 'd', 'e',  's', 'k', 0, 0x21, 4};
    uint8_t value[sizeof body + 4], key[4];
    struct fo_writer w = fo_writer_of(value, sizeof value);
    struct fo_client mine = client_of(1);
    struct fo_lease_note back;

    fo_write_bytes(&w, body, sizeof body);
    fo_record_seal(&w);
    fo_record_put_address(5, key);
    cr_assert_eq(fo_store_put(store, FO_TABLE_LEASE_NOTE, key, 4, value, w.position), FO_OK);
    cr_assert_eq(fo_lease_note_get(store, 5, &mine, &back), FO_OK);
    cr_expect_str_eq(back.name, "pc");
    cr_expect_str_eq(back.comment, "desk");
    cr_expect_str_eq(back.policy, "");
    cr_expect_eq(back.address_state, 0x21);
    cr_expect_eq(back.client_type, 4);
    cr_expect_eq(back.owner_address, 0);
}

Test(lease_note, the_longest_note_fits)
{
    struct fo_client client = client_of(1);
    struct fo_lease_note note = {0}, back;
    uint8_t id[FO_CLIENT_ID_MAX] = {7};

    client.id = id;
    client.id_length = sizeof id;
    memset(note.name, 'n', FO_LEASE_NAME_MAX);
    memset(note.comment, 'c', FO_LEASE_COMMENT_MAX);
    memset(note.policy, 'p', FO_LEASE_POLICY_MAX);
    cr_assert_eq(fo_lease_note_put(store, 5, &client, &note), FO_OK);
    cr_assert_eq(fo_lease_note_get(store, 5, &client, &back), FO_OK);
    cr_expect_str_eq(back.name, note.name);
}

Test(lease_note, the_lowest_address_of_a_name_is_found) /* M-CI-04 */
{
    struct fo_client client = client_of(1);
    struct fo_lease_note note = {.name = "pc"};
    fo_ipv4_t found;

    cr_assert_eq(fo_lease_note_put(store, 9, &client, &note), FO_OK);
    cr_assert_eq(fo_lease_note_put(store, 5, &client, &note), FO_OK);
    cr_assert_eq(fo_lease_note_find(store, "pc", 0, &found), FO_OK);
    cr_expect_eq(found, 5);
    cr_assert_eq(fo_lease_note_find(store, "pc", 6, &found), FO_OK);
    cr_expect_eq(found, 9);
    cr_expect_eq(fo_lease_note_find(store, "p", 0, &found), FO_ENOTFOUND);
    cr_assert_eq(fo_lease_note_forget(store, 5), FO_OK);
    cr_assert_eq(fo_lease_note_find(store, "pc", 0, &found), FO_OK);
    cr_expect_eq(found, 9);
}

Test(lease_note, the_partners_management_is_remembered)
{
    char text[FO_PARTNER_NOTE_MAX + 1], longer[FO_PARTNER_NOTE_MAX + 2];

    memset(longer, 'h', sizeof longer - 1);
    longer[sizeof longer - 1] = '\0';
    cr_expect_eq(fo_partner_note_get(store, "a", text), FO_ENOTFOUND);
    cr_assert_eq(fo_partner_note_put(store, "a", "dhcp2.example:8647"), FO_OK);
    cr_assert_eq(fo_partner_note_get(store, "a", text), FO_OK);
    cr_expect_str_eq(text, "dhcp2.example:8647");
    cr_expect_eq(fo_partner_note_put(store, "a", longer), FO_EINVAL);
    cr_assert_eq(fo_partner_note_put(store, "a", ""), FO_OK);
    cr_expect_eq(fo_partner_note_get(store, "a", text), FO_ENOTFOUND);
}
