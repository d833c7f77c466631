#include "tests/proto/hex.h"

#define BIT   FO_OPT_BIT
#define DRAFT fo_dialect_get(FO_DIALECT_DRAFT)
#define ISC   fo_dialect_get(FO_DIALECT_ISC)

static struct fo_message m;
static const uint8_t hardware[] = {0x01, 0x02, 0x0c, 0x01, 0x00, 0x00, 0x01};
static const uint8_t identifier[] = {0x01, 0xaa, 0xbb};

static void start(uint8_t type)
{
    fo_message_reset(&m, type, 7);
    m.time = fo_utc(0x5f000001u);
}

static void expect(uint8_t type, const char *options)
{
    expect_bytes(encoded(&m, FO_DIALECT_DRAFT), message_of(type, options));
}

Test(message_encode, w01_messages_without_options_are_the_header_alone)
{
    static const uint8_t types[] = {FO_MSG_POOLREQ, FO_MSG_UPDREQALL, FO_MSG_UPDDONE, FO_MSG_UPDREQ,
                                    FO_MSG_CONTACT};

    for (size_t i = 0; i < sizeof types; i++) {
        start(types[i]);
        expect(types[i], "");
    }
    start(FO_MSG_CONTACT);
    expect_bytes(encoded(&m, FO_DIALECT_ISC), hex("000c 0b 0c 5f000001 00000007")); /* W-02 */
}

static void fill_connect(void)
{
    static const uint8_t hba[32] = {0xff, [31] = 0x80};

    start(FO_MSG_CONNECT);
    m.present = BIT(22) | BIT(14) | BIT(19) | BIT(28) | BIT(20) | BIT(27) | BIT(15) | BIT(11);
    m.relationship_name = span_of("lab");
    m.max_unacked_bndupd = 10;
    m.receive_timer_s = 12;
    m.vendor_class = span_of("fo-1");
    m.protocol_version = 1;
    m.tls_request = 0;
    m.mclt_s = 3600;
    m.hash_bucket_assignment = (struct fo_span){hba, sizeof hba};
}

#define CONNECT_BYTES                                                                              \
    "0016 0003 6c6162  000e 0004 0000000a  0013 0004 0000000c  001c 0004 666f2d31"                 \
    "0014 0001 01  001b 0001 00  000f 0004 00000e10"                                               \
    "000b 0020 ff00000000000000 0000000000000000 0000000000000000 0000000000000080"

Test(message_encode, c03_a_connect_in_the_order_dhcpd_sends)
{
    fill_connect();
    expect(FO_MSG_CONNECT, CONNECT_BYTES);
    m.present |= BIT(10);
    m.delayed_service_s = 5;
    expect(FO_MSG_CONNECT, CONNECT_BYTES "000a 0001 05");
}

Test(message_encode, c10_connectacks_that_accept_and_reject)
{
    start(FO_MSG_CONNECTACK);
    m.present = BIT(22) | BIT(14) | BIT(19) | BIT(28) | BIT(20) | BIT(26);
    m.relationship_name = span_of("lab");
    m.max_unacked_bndupd = 64;
    m.receive_timer_s = 30;
    m.vendor_class = span_of("fo-1");
    m.protocol_version = 1;
    m.tls_reply = 1;
    expect(FO_MSG_CONNECTACK, "0016 0003 6c6162  000e 0004 00000040  0013 0004 0000001e"
                              "001c 0004 666f2d31  0014 0001 01  001a 0001 01");
    m.present = BIT(22) | BIT(20) | BIT(26) | BIT(21) | BIT(16);
    m.reject_reason = FO_REJECT_INVALID_PARTNER;
    m.message = span_of("no");
    expect(FO_MSG_CONNECTACK, "0016 0003 6c6162  0014 0001 01  001a 0001 01"
                              "0015 0001 08  0010 0002 6e6f"); /* W-16 */
}

Test(message_encode, s10_a_state_with_recover_wait_as_254)
{
    start(FO_MSG_STATE);
    m.present = BIT(23) | BIT(24) | BIT(25);
    m.server_state = fo_state_to_wire(FO_STATE_RECOVER_WAIT);
    m.server_flags = FO_SERVER_FLAG_STARTUP;
    m.start_time_of_state = fo_utc(0x5f000000u);
    expect(FO_MSG_STATE, "0018 0001 fe  0017 0001 01  0019 0004 5f000000");
}

Test(message_encode, a_poolresp_and_a_disconnect)
{
    start(FO_MSG_POOLRESP);
    m.present = BIT(1);
    m.addresses_transferred = 5;
    expect(FO_MSG_POOLRESP, "0001 0004 00000005");
    start(FO_MSG_DISCONNECT);
    m.present = BIT(21) | BIT(16);
    m.reject_reason = FO_REJECT_NO_TRAFFIC;
    m.message = span_of("bye");
    expect(FO_MSG_DISCONNECT, "0015 0001 11  0010 0003 627965");
}

Test(message_encode, vendor_options_follow_the_vendors_name)
{
    start(FO_MSG_CONTACT);
    m.present = BIT(28) | BIT(29);
    m.vendor_class = span_of("a");
    m.vendor_options = span_of("b");
    expect(FO_MSG_CONTACT, "001c 0001 61  001d 0001 62");
}

static struct fo_group active(fo_ipv4_t address)
{
    return (struct fo_group){
        .present = BIT(2) | BIT(3) | BIT(4) | BIT(5) | BIT(6) | BIT(13) | BIT(18) | BIT(25),
        .address = address,
        .status = FO_STATUS_ACTIVE,
        .client_identifier = {identifier, sizeof identifier},
        .hardware_address = {hardware, sizeof hardware},
        .client_last_transaction_time = fo_utc(0x5f000003u),
        .lease_expiration_time = fo_utc(0x5f000e10u),
        .potential_expiration_time = fo_utc(0x5f00ffffu),
        .start_time_of_state = fo_utc(0x5f000002u),
    };
}

#define ACTIVE_BYTES(address)                                                                      \
    "0002 0004" address "0003 0001 02  0004 0003 01aabb  0005 0007 01020c01000001"                 \
    "000d 0004 5f000e10  0012 0004 5f00ffff  0019 0004 5f000002  0006 0004 5f000003"

Test(message_encode, an_active_binding_in_the_order_dhcpd_sends)
{
    start(FO_MSG_BNDUPD);
    m.groups[m.group_count++] = active(0x0a000005u);
    expect(FO_MSG_BNDUPD, ACTIVE_BYTES("0a000005"));
    cr_assert_eq(fo_group_size(&m.groups[0], DRAFT), 63);
    m.groups[0].present |= BIT(12) | BIT(9) | BIT(8) | BIT(7);
    m.groups[0].ip_flags = FO_IP_FLAG_RESERVED;
    m.groups[0].ddns = (struct fo_span){(const uint8_t *)"\0\3", 2};
    m.groups[0].request_options = span_of("\x63\x82\x53\x63\x0c");
    m.groups[0].reply_options = span_of("\x63\x82\x53\x63\x3a");
    expect(FO_MSG_BNDUPD, ACTIVE_BYTES("0a000005") "000c 0002 0001  0009 0002 0003"
                                                   "0008 0005 63825363 0c  0007 0005 63825363 3a");
    cr_assert_eq(fo_group_size(&m.groups[0], DRAFT), 63 + 6 + 6 + 9 + 9);
    cr_assert_eq(fo_message_encode(&m, ISC, NULL, &(struct fo_writer){0}),
                 FO_EFORBIDDEN); /* B-02 */
}

Test(message_encode, a_batch_repeats_the_group)
{
    start(FO_MSG_BNDUPD);
    m.groups[m.group_count++] = active(0x0a000005u);
    m.groups[m.group_count++] = active(0x0a000006u);
    m.groups[m.group_count++] =
        (struct fo_group){.present = BIT(2) | BIT(3), .address = 0x0a000007u, .status = 7};
    expect(FO_MSG_BNDUPD,
           ACTIVE_BYTES("0a000005") ACTIVE_BYTES("0a000006") "0002 0004 0a000007  0003 0001 07");
}

Test(message_encode, b06_verdicts_accepting_and_rejecting)
{
    start(FO_MSG_BNDACK);
    m.group_count = 2;
    m.groups[0] = (struct fo_group){.present = BIT(2), .address = 0x0a000005u};
    m.groups[1] = (struct fo_group){.present = BIT(2) | BIT(21) | BIT(16),
                                    .address = 0x0a000006u,
                                    .reject_reason = 15,
                                    .message = span_of("old")};
    expect(FO_MSG_BNDACK, "0002 0004 0a000005  0002 0004 0a000006  0015 0001 0f  0010 0003 6f6c64");
    cr_assert_eq(fo_group_ack_size(3), 8 + 5 + 7);
}

static int try_status(uint8_t status, uint32_t present, enum fo_dialect_name dialect)
{
    uint8_t data[256];
    struct fo_writer w = fo_writer_of(data, sizeof data);
    int rc;

    start(FO_MSG_BNDUPD);
    m.group_count = 1;
    m.groups[0] = active(0x0a000005u);
    m.groups[0].status = status;
    m.groups[0].present = present;
    rc = fo_message_encode(&m, fo_dialect_get(dialect), NULL, &w);
    if (rc != FO_OK)
        cr_assert_eq(w.position, 0);
    cr_assert_eq(w.err, FO_OK);
    return rc;
}

Test(message_encode, b01_the_times_of_a_lease_are_for_active_bindings_alone)
{
    uint32_t base = BIT(2) | BIT(3) | BIT(6);

    for (uint8_t status = 1; status <= 7; status++) {
        uint32_t client = status == FO_STATUS_ABANDONED ? 0 : BIT(5);
        bool is_active = status == FO_STATUS_ACTIVE;
        uint32_t times = is_active ? BIT(13) | BIT(18) : 0;

        cr_assert_eq(try_status(status, base | client | times, FO_DIALECT_DRAFT), FO_OK);
        cr_assert_eq(try_status(status, base | client | (times ^ BIT(13)), FO_DIALECT_DRAFT),
                     is_active ? FO_EMISSING : FO_EFORBIDDEN, "status %u", status);
        cr_assert_eq(try_status(status, base | client | (times ^ BIT(18)), FO_DIALECT_DRAFT),
                     is_active ? FO_EMISSING : FO_EFORBIDDEN, "status %u", status);
    }
}

Test(message_encode, b02_towards_dhcpd_the_times_are_never_left_out)
{
    uint32_t base = BIT(2) | BIT(3) | BIT(6) | BIT(13) | BIT(18) | BIT(25);

    for (uint8_t status = 1; status <= 7; status++) {
        uint32_t all = base | (status == FO_STATUS_ABANDONED ? 0 : BIT(5));

        cr_assert_eq(try_status(status, all, FO_DIALECT_ISC), FO_OK, "status %u", status);
        cr_assert_eq(try_status(status, all & ~BIT(13), FO_DIALECT_ISC), FO_EMISSING);
        cr_assert_eq(try_status(status, all & ~BIT(18), FO_DIALECT_ISC), FO_EMISSING);
        cr_assert_eq(try_status(status, all & ~BIT(25), FO_DIALECT_ISC), FO_EMISSING);
    }
}

Test(message_encode, b01_an_abandoned_address_has_no_client)
{
    uint32_t base = BIT(2) | BIT(3);

    cr_assert_eq(try_status(FO_STATUS_ABANDONED, base, FO_DIALECT_DRAFT), FO_OK);
    cr_assert_eq(try_status(FO_STATUS_ABANDONED, base | BIT(4), FO_DIALECT_DRAFT), FO_EFORBIDDEN);
    cr_assert_eq(try_status(FO_STATUS_ABANDONED, base | BIT(5), FO_DIALECT_DRAFT), FO_EFORBIDDEN);
}

Test(message_encode, a_status_outside_1_to_7_is_never_sent)
{
    cr_assert_eq(try_status(0, BIT(2) | BIT(3), FO_DIALECT_DRAFT), FO_EFORBIDDEN);
    cr_assert_eq(try_status(8, BIT(2) | BIT(3), FO_DIALECT_ISC), FO_EFORBIDDEN);
    cr_assert_eq(try_status(2, BIT(2), FO_DIALECT_DRAFT), FO_EMISSING);
}

Test(message_encode, w05_a_message_never_exceeds_2048_bytes)
{
    uint8_t data[4096];
    struct fo_writer w = fo_writer_of(data, sizeof data);
    size_t size = 12;

    start(FO_MSG_BNDUPD);
    do {
        m.groups[m.group_count] = active(0x0a000000u + m.group_count);
        size += fo_group_size(&m.groups[m.group_count++], DRAFT);
    } while (size + 63 <= FO_MESSAGE_MAX);
    cr_assert_eq(fo_message_encode(&m, DRAFT, NULL, &w), FO_OK);
    cr_assert_eq(w.position, size);
    m.groups[m.group_count++] = active(0x0a0000ffu);
    cr_assert_eq(fo_message_encode(&m, DRAFT, NULL, &w), FO_ENOSPACE);
    cr_assert_eq(w.position, size, "the message before is untouched");
    cr_assert_eq(w.err, FO_OK);
}

Test(message_encode, exactly_2048_bytes_are_sent)
{
    static const char text[2033];
    uint8_t data[4096];
    struct fo_writer w = fo_writer_of(data, sizeof data);

    start(FO_MSG_DISCONNECT);
    m.present = BIT(21) | BIT(16);
    m.reject_reason = 254;
    m.message = (struct fo_span){(const uint8_t *)text, 2048 - 12 - 5 - 4};
    cr_assert_eq(fo_message_encode(&m, DRAFT, NULL, &w), FO_OK);
    cr_assert_eq(w.position, 2048);
    m.message.length++;
    cr_assert_eq(fo_message_encode(&m, DRAFT, NULL, &w), FO_ENOSPACE);
}

Test(message_encode, messages_are_appended_and_a_full_buffer_is_left_alone)
{
    uint8_t data[30];
    struct fo_writer w = fo_writer_of(data, sizeof data);

    start(FO_MSG_CONTACT);
    cr_assert_eq(fo_message_encode(&m, DRAFT, NULL, &w), FO_OK);
    cr_assert_eq(fo_message_encode(&m, DRAFT, NULL, &w), FO_OK);
    cr_assert_eq(w.position, 24);
    cr_assert_eq(fo_message_encode(&m, DRAFT, NULL, &w), FO_ENOSPACE);
    cr_assert_eq(w.position, 24);
    cr_assert_eq(w.err, FO_OK);
    cr_assert_arr_eq(data, data + 12, 12);
}

Test(message_encode, what_was_encoded_decodes_to_the_same)
{
    static struct fo_message back;
    struct bytes b;

    fill_connect();
    b = encoded(&m, FO_DIALECT_DRAFT);
    cr_assert_eq(fo_message_decode(b.data, b.length, &back, NULL), FO_OK);
    cr_assert_eq(back.present, m.present);
    expect_bytes(encoded(&back, FO_DIALECT_ISC), b);
}

Test(message_encode, a_longer_header_is_filled_with_zeros)
{
    struct fo_dialect longer = *DRAFT;
    uint8_t data[64];
    struct fo_writer w = fo_writer_of(data, sizeof data);
    struct bytes expected = hex("0010 0b 10 5f000001 00000007 00000000");

    longer.payload_offset = 16;
    start(FO_MSG_CONTACT);
    cr_assert_eq(fo_message_encode(&m, &longer, NULL, &w), FO_OK);
    cr_assert_eq(w.position, 16);
    cr_assert_arr_eq(data, expected.data, 16);
}
