#include "proto/message_rules.h"
#include "tests/proto/hex.h"

#define DRAFT fo_dialect_get(FO_DIALECT_DRAFT)
#define ISC   fo_dialect_get(FO_DIALECT_ISC)
#define BIT   FO_OPT_BIT

/* Table 7.1-1, row by row: M must, m may, - must not (or SHOULD NOT, which we keep to). */
struct column {
    unsigned code;
    const char *cells; /* FREE ACTIVE EXPIRED RELEASED ABANDONED RESET BACKUP */
};
static const struct column draft_table[] = {
    {2, "MMMMMMM"},  {3, "MMMMMMM"},  {4, "mmmm-mm"},  {5, "mMMM-mm"},
    {6, "mMmMmmm"},  {7, "-m-----"},  {8, "-m-m---"},  {9, "mmmmmmm"},
    {12, "mmmmmmm"}, {13, "-M-----"}, {18, "-M-----"}, {25, "mmmmmmm"},
};
/* The same towards dhcpd: times always, no DDNS. */
static const struct column isc_table[] = {
    {2, "MMMMMMM"},  {3, "MMMMMMM"},  {4, "mmmm-mm"},  {5, "mMMM-mm"},
    {6, "mmmmmmm"},  {7, "-m-----"},  {8, "-m-m---"},  {9, "-------"},
    {12, "mmmmmmm"}, {13, "MMMMMMM"}, {18, "MMMMMMM"}, {25, "MMMMMMM"},
};

static void expect_table(const struct column *table, size_t count, const struct fo_dialect *d)
{
    uint32_t columns = 0;

    for (size_t i = 0; i < count; i++) {
        columns |= BIT(table[i].code);
        for (uint8_t status = 1; status <= 7; status++) {
            struct fo_group_rule rule = fo_group_rule_get(status, d);
            char cell = table[i].cells[status - 1];

            cr_assert_eq((rule.must & BIT(table[i].code)) != 0, cell == 'M', "option %u status %u",
                         table[i].code, status);
            cr_assert_eq((rule.may & BIT(table[i].code)) != 0, cell == 'm', "option %u status %u",
                         table[i].code, status);
        }
    }
    for (uint8_t status = 1; status <= 7; status++) {
        struct fo_group_rule rule = fo_group_rule_get(status, d);

        cr_assert_eq((rule.must | rule.may) & ~columns, 0, "status %u", status);
    }
}

Test(message_rules, b01_a_binding_update_has_the_options_of_table_7_1_1)
{
    expect_table(draft_table, sizeof draft_table / sizeof draft_table[0], DRAFT);
}

Test(message_rules, b02_towards_dhcpd_the_times_stand_in_every_update_and_ddns_in_none)
{
    expect_table(isc_table, sizeof isc_table / sizeof isc_table[0], ISC);
}

Test(message_rules, a_status_that_does_not_exist_may_not_be_sent)
{
    for (unsigned status = 0; status <= 255; status++) {
        struct fo_group_rule rule = fo_group_rule_get((uint8_t)status, DRAFT);

        cr_assert_eq((rule.must | rule.may) != 0, status >= 1 && status <= 7, "%u", status);
    }
}

static uint32_t set_of(const char *codes)
{
    uint32_t set = 0;

    for (; *codes != '\0'; codes++) {
        unsigned code = 0;

        while (*codes >= '0' && *codes <= '9')
            code = code * 10 + (unsigned)(*codes++ - '0');
        set |= BIT(code);
        if (*codes == '\0')
            break;
    }
    return set & ~1u;
}

/* Tables 7.2-1 to 7.12-1. 28 and 29 may stand in any message (§12.28, §12.29). */
static const struct {
    uint8_t type;
    bool rejects;
    const char *must;
    const char *may;
} tables[] = {
    {FO_MSG_POOLREQ, false, "", "28 29"},
    {FO_MSG_POOLRESP, false, "1", "28 29"},
    {FO_MSG_BNDUPD, false, "", "28 29"},
    {FO_MSG_BNDACK, false, "", "28 29"},
    {FO_MSG_CONNECT, false, "22 14 19 28 20 15 11", "27 10 28 29"},
    {FO_MSG_CONNECTACK, false, "22 14 19 28 20", "26 28 29"},
    {FO_MSG_CONNECTACK, true, "22 20 21", "16 26"},
    {FO_MSG_UPDREQALL, false, "", "28 29"},
    {FO_MSG_UPDDONE, false, "", "28 29"},
    {FO_MSG_UPDREQ, false, "", "28 29"},
    {FO_MSG_STATE, false, "24 23 25", "28 29"},
    {FO_MSG_CONTACT, false, "", "28 29"},
    {FO_MSG_DISCONNECT, true, "21", "16 28 29"},
};

Test(message_rules, every_message_has_the_options_of_its_table)
{
    for (size_t i = 0; i < sizeof tables / sizeof tables[0]; i++) {
        const struct fo_message_rule *rule = fo_message_rule_get(tables[i].type, tables[i].rejects);

        cr_assert_not_null(rule);
        cr_assert_eq(rule->must, set_of(tables[i].must), "%s",
                     fo_message_type_name(tables[i].type));
        cr_assert_eq(rule->may, set_of(tables[i].may), "%s", fo_message_type_name(tables[i].type));
    }
    cr_assert_null(fo_message_rule_get(0, false));
    cr_assert_null(fo_message_rule_get(13, false));
    cr_assert_null(fo_message_rule_get(200, false));
}

Test(message_rules, what_a_binding_update_lacks_on_receipt_depends_on_its_status) /* B-10 */
{
    struct fo_group g = {.present = BIT(2)};

    cr_assert_eq(fo_group_missing(&g), BIT(3));
    g.present = BIT(3);
    g.status = FO_STATUS_FREE;
    cr_assert_eq(fo_group_missing(&g), BIT(2));
    g.present = BIT(2) | BIT(3);
    cr_assert_eq(fo_group_missing(&g), 0);
    g.status = FO_STATUS_ACTIVE;
    cr_assert_eq(fo_group_missing(&g), BIT(5) | BIT(13) | BIT(18));
    g.status = FO_STATUS_EXPIRED;
    cr_assert_eq(fo_group_missing(&g), BIT(5));
    g.status = FO_STATUS_RELEASED;
    cr_assert_eq(fo_group_missing(&g), BIT(5));
    for (unsigned status = 5; status <= 7; status++) {
        g.status = (uint8_t)status;
        cr_assert_eq(fo_group_missing(&g), 0, "status %u", status);
    }
    g.status = 200; /* refused for its status, not for what it lacks */
    cr_assert_eq(fo_group_missing(&g), 0);
}

Test(message_rules, a_connectack_that_rejects_lacks_less)
{
    static struct fo_message m;

    fo_message_reset(&m, FO_MSG_CONNECTACK, 0);
    cr_assert_eq(fo_message_missing(&m), BIT(22) | BIT(14) | BIT(19) | BIT(28) | BIT(20));
    m.present = BIT(21);
    cr_assert_eq(fo_message_missing(&m), BIT(22) | BIT(20));
}

static struct fo_message m;

static void state_message(uint8_t state)
{
    fo_message_reset(&m, FO_MSG_STATE, 1);
    m.present = BIT(23) | BIT(24) | BIT(25);
    m.server_state = state;
}

Test(message_rules, only_states_that_a_partner_knows_are_sent)
{
    for (unsigned wire = 0; wire <= 255; wire++) {
        bool known = (wire >= 2 && wire <= 11) || wire == 254;

        state_message((uint8_t)wire);
        cr_assert_eq(fo_message_check(&m, DRAFT), known ? FO_OK : FO_EFORBIDDEN, "%u", wire);
    }
}

Test(message_rules, a_state_without_its_time_or_flags_is_not_sent)
{
    static const unsigned codes[] = {23, 24, 25};

    for (size_t i = 0; i < 3; i++) {
        state_message(2);
        m.present &= ~BIT(codes[i]);
        cr_assert_eq(fo_message_check(&m, DRAFT), FO_EMISSING);
    }
    state_message(2);
    m.present |= BIT(15);
    cr_assert_eq(fo_message_check(&m, DRAFT), FO_EFORBIDDEN);
}

Test(message_rules, w18_vendor_options_need_the_vendors_name)
{
    fo_message_reset(&m, FO_MSG_CONTACT, 1);
    m.present = BIT(29);
    cr_assert_eq(fo_message_check(&m, DRAFT), FO_EFORBIDDEN);
    m.present = BIT(28) | BIT(29);
    cr_assert_eq(fo_message_check(&m, DRAFT), FO_OK);
}

static void connect_message(void)
{
    static const uint8_t hba[33];

    fo_message_reset(&m, FO_MSG_CONNECT, 0);
    m.present = set_of("22 14 19 28 20 27 15 11");
    m.hash_bucket_assignment = (struct fo_span){hba, 32};
}

Test(message_rules, c03_a_connect_lacks_nothing_that_table_7_8_1_asks)
{
    static const unsigned must[] = {22, 14, 19, 28, 20, 15, 11};

    connect_message();
    cr_assert_eq(fo_message_check(&m, DRAFT), FO_OK);
    for (size_t i = 0; i < sizeof must / sizeof must[0]; i++) {
        connect_message();
        m.present &= ~BIT(must[i]);
        cr_assert_eq(fo_message_check(&m, DRAFT), FO_EMISSING, "option %u", must[i]);
    }
    connect_message();
    m.present &= ~BIT(27); /* inside TLS */
    cr_assert_eq(fo_message_check(&m, DRAFT), FO_OK);
    m.present |= BIT(21);
    cr_assert_eq(fo_message_check(&m, DRAFT), FO_EFORBIDDEN);
}

Test(message_rules, a_hash_bucket_assignment_has_32_bytes)
{
    connect_message();
    m.hash_bucket_assignment.length = 31;
    cr_assert_eq(fo_message_check(&m, DRAFT), FO_EFORBIDDEN);
    m.hash_bucket_assignment.length = 33;
    cr_assert_eq(fo_message_check(&m, DRAFT), FO_EFORBIDDEN);
}

Test(message_rules, c09_a_rejecting_connectack_has_no_limits_but_dhcpd_sends_them)
{
    static const unsigned limits[] = {14, 19, 28};

    for (size_t i = 0; i < 3; i++) {
        fo_message_reset(&m, FO_MSG_CONNECTACK, 0);
        m.present = set_of("22 20 21 16") | BIT(limits[i]);
        cr_assert_eq(fo_message_check(&m, DRAFT), FO_EFORBIDDEN);
        cr_assert_eq(fo_message_check(&m, ISC), FO_OK);
    }
    fo_message_reset(&m, FO_MSG_CONNECTACK, 0);
    m.present = set_of("22 20 21 16");
    cr_assert_eq(fo_message_check(&m, DRAFT), FO_OK);
    m.present |= BIT(15);
    cr_assert_eq(fo_message_check(&m, ISC), FO_EFORBIDDEN);
}

Test(message_rules, an_accepting_connectack_gives_no_reason)
{
    fo_message_reset(&m, FO_MSG_CONNECTACK, 0);
    m.present = set_of("22 14 19 28 20 26");
    cr_assert_eq(fo_message_check(&m, DRAFT), FO_OK);
    m.present |= BIT(16);
    cr_assert_eq(fo_message_check(&m, DRAFT), FO_EFORBIDDEN);
}

static void one_group(uint8_t type, uint32_t present)
{
    static const uint8_t hardware[] = {1, 2, 12, 1, 0, 0, 1};

    fo_message_reset(&m, type, 1);
    m.group_count = 1;
    m.groups[0] = (struct fo_group){.present = present,
                                    .client_identifier = {hardware, sizeof hardware},
                                    .hardware_address = {hardware, sizeof hardware}};
}

Test(message_rules, b06_an_accepting_verdict_is_the_address_alone)
{
    one_group(FO_MSG_BNDACK, BIT(2));
    cr_assert_eq(fo_message_check(&m, DRAFT), FO_OK);
    one_group(FO_MSG_BNDACK, BIT(2) | BIT(16));
    cr_assert_eq(fo_message_check(&m, DRAFT), FO_EFORBIDDEN);
    one_group(FO_MSG_BNDACK, BIT(2) | BIT(21) | BIT(16));
    cr_assert_eq(fo_message_check(&m, DRAFT), FO_OK);
    one_group(FO_MSG_BNDACK, BIT(2) | BIT(21));
    cr_assert_eq(fo_message_check(&m, DRAFT), FO_OK);
    one_group(FO_MSG_BNDACK, BIT(2) | BIT(4));
    cr_assert_eq(fo_message_check(&m, ISC), FO_EFORBIDDEN);
    one_group(FO_MSG_BNDACK, BIT(21));
    cr_assert_eq(fo_message_check(&m, DRAFT), FO_EMISSING);
}

static int check_active(uint32_t lease, uint32_t potential)
{
    one_group(FO_MSG_BNDUPD, set_of("2 3 5 6 13 18"));
    m.groups[0].status = FO_STATUS_ACTIVE;
    m.groups[0].lease_expiration_time = fo_utc(lease);
    m.groups[0].potential_expiration_time = fo_utc(potential);
    return fo_message_check(&m, DRAFT);
}

Test(message_rules, b03_the_potential_expiration_is_not_before_the_lease_expiration)
{
    cr_assert_eq(check_active(1000, 1001), FO_OK);
    cr_assert_eq(check_active(1000, 1000), FO_OK);
    cr_assert_eq(check_active(1000, 999), FO_EFORBIDDEN);
    m.groups[0].present |= BIT(25);
    cr_assert_eq(fo_message_check(&m, ISC), FO_OK, "dhcpd passes on what it knows");
    cr_assert_eq(check_active(FO_UTC_INFINITE, FO_UTC_INFINITE), FO_OK);
}

Test(message_rules, w14_a_hardware_address_opens_with_a_type_that_is_not_0)
{
    static const uint8_t no_type[22] = {0, 2, 12, 1};

    cr_assert_eq(check_active(1, 1), FO_OK);
    m.groups[0].hardware_address.data = no_type;
    cr_assert_eq(fo_message_check(&m, DRAFT), FO_EFORBIDDEN);
    m.groups[0].hardware_address = (struct fo_span){NULL, 0};
    cr_assert_eq(fo_message_check(&m, DRAFT), FO_EFORBIDDEN);
    m.groups[0].hardware_address = (struct fo_span){(const uint8_t *)"\1234567890123456789012", 22};
    cr_assert_eq(fo_message_check(&m, DRAFT), FO_EFORBIDDEN);
    m.groups[0].hardware_address.length = 21;
    cr_assert_eq(fo_message_check(&m, DRAFT), FO_OK);
    m.groups[0].hardware_address.length = 1; /* infiniband: the type alone */
    cr_assert_eq(fo_message_check(&m, DRAFT), FO_OK);
}

Test(message_rules, a_batch_is_for_partners_that_understand_one)
{
    one_group(FO_MSG_BNDUPD, set_of("2 3 13 18 25"));
    m.groups[0].status = FO_STATUS_BACKUP;
    cr_assert_eq(fo_message_check(&m, ISC), FO_OK);
    m.groups[1] = m.groups[0];
    m.group_count = 2;
    cr_assert_eq(fo_message_check(&m, ISC), FO_EFORBIDDEN);
    one_group(FO_MSG_BNDUPD, set_of("2 3 25"));
    m.groups[0].status = FO_STATUS_BACKUP;
    m.groups[1] = m.groups[0];
    m.group_count = 2;
    cr_assert_eq(fo_message_check(&m, DRAFT), FO_OK);
    m.group_count = FO_GROUPS_MAX + 1;
    cr_assert_eq(fo_message_check(&m, DRAFT), FO_EFORBIDDEN);
}

Test(message_rules, whoever_sends_a_batch_gets_all_verdicts_in_one_answer)
{
    one_group(FO_MSG_BNDACK, BIT(2));
    m.groups[1] = m.groups[0];
    m.group_count = 2;
    cr_assert_eq(fo_message_check(&m, ISC), FO_OK);
    cr_assert_eq(fo_message_check(&m, DRAFT), FO_OK);
    m.group_count = FO_GROUPS_MAX + 1;
    cr_assert_eq(fo_message_check(&m, DRAFT), FO_EFORBIDDEN);
}

Test(message_rules, an_update_needs_an_address_and_other_messages_have_none)
{
    fo_message_reset(&m, FO_MSG_BNDUPD, 1);
    cr_assert_eq(fo_message_check(&m, DRAFT), FO_EMISSING);
    one_group(FO_MSG_CONTACT, BIT(2));
    cr_assert_eq(fo_message_check(&m, DRAFT), FO_EFORBIDDEN);
    fo_message_reset(&m, 13, 1);
    cr_assert_eq(fo_message_check(&m, DRAFT), FO_EFORBIDDEN);
}
