#include <stdio.h>

#include "tests/proto/hex.h"

#define BIT FO_OPT_BIT

static struct fo_message m;
static struct fo_fault fault;

static int decode(struct bytes received)
{
    static struct bytes b; /* what is decoded points into it */

    b = received;
    return fo_message_decode(b.data, b.length, &m, &fault);
}

static void expect_decoded(uint8_t type, const char *options)
{
    int rc = decode(message_of(type, options));

    cr_assert_eq(rc, FO_OK, "%s", fault.text);
    cr_assert_eq(m.type, type);
    cr_assert_eq(m.xid, 7);
    cr_assert_eq(m.time.s, 0x5f000001u);
}

static void expect_refused(uint8_t type, const char *options, int err, int option, size_t offset)
{
    int rc = decode(message_of(type, options));

    cr_assert_eq(rc, err, "%s, not %s", fo_error_name(rc), fo_error_name(err));
    cr_assert_eq(fault.err, err);
    cr_assert_eq(fault.option, option, "option %d, not %d", fault.option, option);
    cr_assert_eq(fault.offset, offset, "offset %zu, not %zu", fault.offset, offset);
    cr_assert_eq(m.type, 0, "the message is empty then");
    cr_assert_eq(m.present, 0);
    cr_assert_eq(m.group_count, 0);
}

#define STATE_OPTIONS "0018 0001 02  0017 0001 01  0019 0004 5f000000"
#define ADDRESS       "0002 0004 0a000005"
#define CONNECT_OPTIONS                                                                            \
    "0016 0003 6c6162  000e 0004 0000000a  0013 0004 0000000c  001c 0004 666f2d31"                 \
    "0014 0001 01  001b 0001 02  000f 0004 00000e10"                                               \
    "000b 0020 0101010101010101 0202020202020202 0303030303030303 0404040404040404"                \
    "000a 0001 05"

Test(message_decode, the_header_is_that_of_section_6_1)
{
    cr_assert_eq(decode(hex("000c 0b 0c 5f000001 00000007")), FO_OK);
    cr_assert_eq(m.type, FO_MSG_CONTACT);
    cr_assert_eq(m.time.s, 0x5f000001u);
    cr_assert_eq(m.xid, 7);
    cr_assert_eq(m.present, 0);
    cr_assert_eq(m.group_count, 0);
}

Test(message_decode, a_short_header_is_refused_at_every_length)
{
    struct bytes b = hex("000c 0b 0c 5f000001 00000007");

    for (size_t length = 0; length < 12; length++) {
        cr_assert_eq(fo_message_decode(b.data, length, &m, &fault), FO_ETRUNCATED);
        cr_assert_eq(fault.option, 0);
        cr_assert_not_null(strstr(fault.text, "header"));
    }
}

Test(message_decode, w04_the_length_field_has_to_be_that_of_the_message)
{
    cr_assert_eq(decode(hex("000d 0b 0c 5f000001 00000007")), FO_ETRUNCATED);
    cr_assert_eq(decode(hex("000b 0b 0c 5f000001 00000007")), FO_EMALFORMED);
    cr_assert_eq(decode(hex("000c 0b 0c 5f000001 00000007 00")), FO_EMALFORMED);
}

Test(message_decode, w04_more_than_2048_bytes_are_no_message)
{
    struct bytes b = message_of(FO_MSG_CONTACT, "0010 07f1"); /* 12 + 4 + 2033 = 2049 */

    b.length = 2049;
    b.data[0] = 0x08;
    b.data[1] = 0x01;
    cr_assert_eq(decode(b), FO_EMALFORMED);
    b.length = 2048;
    b.data[1] = 0x00;
    b.data[15] = 0xf0;
    cr_assert_eq(decode(b), FO_OK);
}

Test(message_decode, w03_options_begin_at_the_payload_offset)
{
    cr_assert_eq(decode(hex("0022 0a 10 5f000001 00000007 deadbeef" STATE_OPTIONS)), FO_OK);
    cr_assert_eq(m.server_state, 2);
    cr_assert_eq(m.start_time_of_state.s, 0x5f000000u);
}

Test(message_decode, a_payload_offset_of_8_as_printed_in_section_6_1_is_read_as_12)
{
    cr_assert_eq(decode(hex("001e 0a 08 5f000001 00000007" STATE_OPTIONS)), FO_OK);
    cr_assert_eq(m.server_state, 2);
}

Test(message_decode, any_other_payload_offset_outside_the_message_is_refused)
{
    cr_assert_eq(decode(hex("000c 0b 00 5f000001 00000007")), FO_EMALFORMED);
    cr_assert_eq(decode(hex("000c 0b 0b 5f000001 00000007")), FO_EMALFORMED);
    cr_assert_eq(decode(hex("000c 0b 0d 5f000001 00000007")), FO_EMALFORMED);
    cr_assert_eq(fault.offset, 3);
    cr_assert_eq(decode(hex("000c 0b ff 5f000001 00000007")), FO_EMALFORMED);
}

Test(message_decode, w10_unknown_types_to_127_are_errors_and_from_128_ignored)
{
    for (unsigned type = 0; type <= 255; type++) {
        int rc = decode(message_of((uint8_t)type, "0001 0004 00000001"));

        if (type == 0 || (type >= 13 && type <= 127)) {
            cr_assert_eq(rc, FO_EUNKNOWN, "type %u", type);
            cr_assert_eq(fault.offset, 2);
        } else if (type >= 128) {
            cr_assert_eq(rc, FO_OK, "type %u", type);
            cr_assert_eq(m.type, type);
            cr_assert_eq(m.xid, 7);
            cr_assert_eq(m.present, 0);
        }
    }
}

Test(message_decode, w10_whatever_an_ignored_message_contains_is_no_error)
{
    expect_decoded(200, "0001 00ff 00");
    expect_decoded(200, "00");
    expect_decoded(200, "0011 0003 01aabb");
    cr_assert_eq(m.present, BIT(17), "its digest can be checked");
}

Test(message_decode, a_connect_is_taken_apart)
{
    expect_decoded(FO_MSG_CONNECT, CONNECT_OPTIONS);
    expect_span(m.relationship_name, "6c6162");
    cr_assert_eq(m.max_unacked_bndupd, 10);
    cr_assert_eq(m.receive_timer_s, 12);
    expect_span(m.vendor_class, "666f2d31");
    cr_assert_eq(m.protocol_version, 1);
    cr_assert_eq(m.tls_request, 2);
    cr_assert_eq(m.mclt_s, 3600);
    expect_span(m.hash_bucket_assignment,
                "0101010101010101 0202020202020202 0303030303030303 0404040404040404");
    cr_assert_eq(m.delayed_service_s, 5);
    cr_assert_eq(m.present, BIT(22) | BIT(14) | BIT(19) | BIT(28) | BIT(20) | BIT(27) | BIT(15) |
                                BIT(11) | BIT(10));
    cr_assert_eq(fo_message_missing(&m), 0);
}

Test(message_decode, what_a_connect_lacks_is_left_to_the_answer) /* §7.8.2 */
{
    expect_decoded(FO_MSG_CONNECT, "0016 0003 6c6162");
    cr_assert_eq(fo_message_missing(&m), BIT(14) | BIT(19) | BIT(28) | BIT(20) | BIT(15) | BIT(11));
    expect_decoded(FO_MSG_CONNECTACK, "");
    cr_assert_eq(fo_message_missing(&m), BIT(22) | BIT(14) | BIT(19) | BIT(28) | BIT(20));
}

Test(message_decode, a_hash_bucket_assignment_of_8_bytes_counts_as_absent)
{
    expect_decoded(FO_MSG_CONNECT, "0016 0003 6c6162  000b 0008 0101010101010101");
    cr_assert_eq(m.present, BIT(22));
}

Test(message_decode, a_connectack_is_taken_apart)
{
    expect_decoded(FO_MSG_CONNECTACK, "0016 0003 6c6162  000e 0004 00000014  0013 0004 0000001e"
                                      "001c 0004 666f2d31  0014 0001 01  001a 0001 01"
                                      "0015 0001 08  0010 0002 6e6f");
    cr_assert_eq(m.max_unacked_bndupd, 20);
    cr_assert_eq(m.receive_timer_s, 30);
    cr_assert_eq(m.tls_reply, 1);
    cr_assert_eq(m.reject_reason, FO_REJECT_INVALID_PARTNER);
    expect_span(m.message, "6e6f");
}

Test(message_decode, a_state_is_taken_apart)
{
    expect_decoded(FO_MSG_STATE, STATE_OPTIONS);
    cr_assert_eq(m.server_state, 2);
    cr_assert_eq(m.server_flags, FO_SERVER_FLAG_STARTUP);
    cr_assert_eq(m.start_time_of_state.s, 0x5f000000u);
    cr_assert_eq(m.present, BIT(23) | BIT(24) | BIT(25));
}

Test(message_decode, the_short_messages_are_taken_apart)
{
    expect_decoded(FO_MSG_POOLREQ, "");
    expect_decoded(FO_MSG_UPDREQALL, "");
    expect_decoded(FO_MSG_UPDDONE, "");
    expect_decoded(FO_MSG_UPDREQ, "");
    expect_decoded(FO_MSG_CONTACT, "");
    expect_decoded(FO_MSG_POOLRESP, "0001 0004 00000005");
    cr_assert_eq(m.addresses_transferred, 5);
    expect_decoded(FO_MSG_DISCONNECT, "0015 0001 11  0010 0003 627965");
    cr_assert_eq(m.reject_reason, FO_REJECT_NO_TRAFFIC);
    expect_span(m.message, "627965");
}

#define FULL_GROUP                                                                                 \
    ADDRESS "0003 0001 02  0004 0003 01aabb  0005 0007 01020c01000001"                             \
            "000d 0004 5f000e10  0012 0004 5f00ffff  0019 0004 5f000002  0006 0004 5f000003"       \
            "000c 0002 0003  0009 0007 0001 03616263 00"                                           \
            "0008 0007 63825363 0c0161  0007 0006 63825363 3a04"

static void expect_full_group(const struct fo_group *g)
{
    cr_assert_eq(g->present, BIT(2) | BIT(3) | BIT(4) | BIT(5) | BIT(6) | BIT(7) | BIT(8) | BIT(9) |
                                 BIT(12) | BIT(13) | BIT(18) | BIT(25));
    cr_assert_eq(g->address, 0x0a000005u);
    cr_assert_eq(g->status, FO_STATUS_ACTIVE);
    expect_span(g->client_identifier, "01aabb");
    expect_span(g->hardware_address, "01020c01000001");
    cr_assert_eq(g->lease_expiration_time.s, 0x5f000e10u);
    cr_assert_eq(g->potential_expiration_time.s, 0x5f00ffffu);
    cr_assert_eq(g->start_time_of_state.s, 0x5f000002u);
    cr_assert_eq(g->client_last_transaction_time.s, 0x5f000003u);
    cr_assert_eq(g->ip_flags, FO_IP_FLAG_RESERVED | FO_IP_FLAG_BOOTP);
    expect_span(g->ddns, "0001 03616263 00");
    expect_span(g->request_options, "63825363 0c0161");
    expect_span(g->reply_options, "63825363 3a04");
    cr_assert_eq(g->duplicated, 0);
    cr_assert_eq(fo_group_missing(g), 0);
}

Test(message_decode, a_binding_update_is_taken_apart)
{
    expect_decoded(FO_MSG_BNDUPD, FULL_GROUP);
    cr_assert_eq(m.group_count, 1);
    expect_full_group(&m.groups[0]);
    cr_assert_eq(m.present, 0);
}

Test(message_decode, b07_each_address_of_a_batch_opens_a_group_of_its_own)
{
    expect_decoded(FO_MSG_BNDUPD,
                   FULL_GROUP "0002 0004 0a000006 0003 0001 01" FULL_GROUP "0002 0004 0a000007");
    cr_assert_eq(m.group_count, 4);
    expect_full_group(&m.groups[0]);
    cr_assert_eq(m.groups[1].address, 0x0a000006u);
    cr_assert_eq(m.groups[1].status, FO_STATUS_FREE);
    cr_assert_eq(m.groups[1].present, BIT(2) | BIT(3), "nothing is left of the group before");
    expect_full_group(&m.groups[2]);
    cr_assert_eq(fo_group_missing(&m.groups[3]), BIT(3));
}

Test(message_decode, options_of_the_message_may_stand_before_and_behind_the_groups) /* §6.3 */
{
    expect_decoded(FO_MSG_BNDUPD, "001c 0001 61" ADDRESS "0003 0001 01  001d 0001 62");
    expect_span(m.vendor_class, "61");
    expect_span(m.vendor_options, "62");
    cr_assert_eq(m.groups[0].present, BIT(2) | BIT(3));
}

Test(message_decode, the_times_are_accepted_in_every_status) /* §11: Table 7.1-1, ISC sends them */
{
    for (unsigned status = 1; status <= 7; status++) {
        struct bytes b = message_of(FO_MSG_BNDUPD, ADDRESS "0003 0001 00 000d 0004 00000001"
                                                           "0012 0004 00000002");

        b.data[24] = (uint8_t)status;
        cr_assert_eq(decode(b), FO_OK);
        cr_assert_eq(m.groups[0].lease_expiration_time.s, 1);
        cr_assert_eq(m.groups[0].potential_expiration_time.s, 2);
    }
}

Test(message_decode, a_status_that_does_not_exist_is_left_to_the_caller)
{
    expect_decoded(FO_MSG_BNDUPD, ADDRESS "0003 0001 09");
    cr_assert_eq(m.groups[0].status, 9);
}

Test(message_decode, each_verdict_of_an_acknowledgement_belongs_to_the_address_before_it) /* §6.3 */
{
    expect_decoded(FO_MSG_BNDACK, ADDRESS "0002 0004 0a000006  0015 0001 0f  0010 0002 6f6c"
                                          "0002 0004 0a000007");
    cr_assert_eq(m.group_count, 3);
    cr_assert_eq(m.groups[0].present, BIT(2));
    cr_assert_eq(m.groups[1].present, BIT(2) | BIT(21) | BIT(16));
    cr_assert_eq(m.groups[1].reject_reason, FO_REJECT_OUTDATED_BINDING_INFORMATION);
    expect_span(m.groups[1].message, "6f6c");
    cr_assert_eq(m.groups[2].present, BIT(2));
    cr_assert_eq(m.present, 0);
}

Test(message_decode, binding_information_in_an_acknowledgement_proves_nothing) /* §7.2.1 */
{
    expect_decoded(FO_MSG_BNDACK, ADDRESS "0003 0001 02 0004 0001 61 0009 0001 00 0012 0001 00");
    cr_assert_eq(m.groups[0].present, BIT(2));
}

Test(message_decode, a_group_option_before_the_first_address_is_refused)
{
    expect_refused(FO_MSG_BNDUPD, "0003 0001 02" ADDRESS, FO_EMALFORMED, 3, 12);
    expect_refused(FO_MSG_BNDACK, "0015 0001 01" ADDRESS, FO_EMALFORMED, 21, 12);
    cr_assert_str_eq(fault.text, "option 21 (reject-reason) at offset 12: it stands before the "
                                 "first assigned-IP-address");
}

Test(message_decode, an_update_or_acknowledgement_without_an_address_is_refused)
{
    expect_refused(FO_MSG_BNDUPD, "", FO_EMISSING, 2, 12);
    expect_refused(FO_MSG_BNDACK, "", FO_EMISSING, 2, 12);
}

Test(message_decode, the_mandatory_options_of_the_other_messages_are_required)
{
    expect_refused(FO_MSG_STATE, "0018 0001 02  0019 0004 5f000000", FO_EMISSING, 23, 25);
    expect_refused(FO_MSG_STATE, "0017 0001 01  0019 0004 5f000000", FO_EMISSING, 24, 25);
    expect_refused(FO_MSG_STATE, "0017 0001 01  0018 0001 02", FO_EMISSING, 25, 22);
    expect_refused(FO_MSG_POOLRESP, "", FO_EMISSING, 1, 12);
    expect_refused(FO_MSG_DISCONNECT, "0010 0001 61", FO_EMISSING, 21, 17);
    cr_assert_str_eq(fault.text, "option 21 (reject-reason) at offset 17: it is missing");
}

Test(message_decode, w07_unknown_options_are_skipped)
{
    expect_decoded(FO_MSG_STATE,
                   "0fa0 0003 010203  0000 0000  001e 0001 00" STATE_OPTIONS "ffff 0000");
    cr_assert_eq(m.present, BIT(23) | BIT(24) | BIT(25));
}

Test(message_decode, options_of_other_messages_are_skipped_unread)
{
    /* An MCLT of one byte, twice a DDNS, a group option in a CONTACT: no business of it. */
    expect_decoded(FO_MSG_CONTACT, "000f 0001 00  0009 0000  0009 0000" ADDRESS "0003 0002 0000");
    cr_assert_eq(m.present, 0);
    cr_assert_eq(m.group_count, 0);
}

Test(message_decode, w08_an_option_that_passes_the_end_is_refused)
{
    expect_refused(FO_MSG_CONTACT, "0fa0 0001", FO_ETRUNCATED, 4000, 12);
    expect_refused(FO_MSG_STATE, STATE_OPTIONS "0010 ffff 61", FO_ETRUNCATED, 16, 30);
    expect_refused(FO_MSG_CONTACT, "00", FO_ETRUNCATED, 0, 12);
    expect_refused(FO_MSG_CONTACT, "0010", FO_ETRUNCATED, 16, 12);
    expect_refused(FO_MSG_CONTACT, "0010 00", FO_ETRUNCATED, 16, 12);
    cr_assert_str_eq(fault.text,
                     "option 16 (message) at offset 12: it passes the end of the message");
}

Test(message_decode, w08_a_message_cut_anywhere_is_refused_or_a_shorter_message)
{
    struct bytes b = message_of(FO_MSG_BNDUPD, FULL_GROUP FULL_GROUP);

    for (size_t length = 12; length < b.length; length++) {
        int rc;

        b.data[0] = (uint8_t)(length >> 8);
        b.data[1] = (uint8_t)length;
        rc = fo_message_decode(b.data, length, &m, &fault);
        cr_assert(rc == FO_OK || rc == FO_ETRUNCATED || (rc == FO_EMISSING && length == 12),
                  "length %zu: %s", length, fo_error_name(rc));
    }
}

/* Every option in the message that reads it, with a value too short and one too long. */
static const struct {
    uint8_t type;
    int option;
    const char *before;
    const char *short_value;
    const char *long_value;
} misfits[] = {
    {FO_MSG_POOLRESP, 1, "", "000000", "0000000000"},
    {FO_MSG_BNDUPD, 2, "", "0a0000", "0a00000005"},
    {FO_MSG_BNDUPD, 3, ADDRESS, "", "0101"},
    {FO_MSG_BNDUPD, 4, ADDRESS, "", NULL},
    {FO_MSG_BNDUPD, 5, ADDRESS, "", "01 0102030405060708090a0b0c0d0e0f1011121314 15"},
    {FO_MSG_BNDUPD, 6, ADDRESS, "000000", "0000000000"},
    {FO_MSG_BNDUPD, 7, ADDRESS, "638253", NULL},
    {FO_MSG_BNDUPD, 8, ADDRESS, "638253", NULL},
    {FO_MSG_BNDUPD, 9, ADDRESS, "00", NULL},
    {FO_MSG_CONNECT, 10, "", "", "0101"},
    {FO_MSG_BNDUPD, 12, ADDRESS, "", "000000"},
    {FO_MSG_BNDUPD, 13, ADDRESS, "000000", "0000000000"},
    {FO_MSG_CONNECT, 14, "", "000000", "0000000000"},
    {FO_MSG_CONNECT, 15, "", "000000", "0000000000"},
    {FO_MSG_CONTACT, 17, "", "", NULL},
    {FO_MSG_BNDUPD, 18, ADDRESS, "000000", "0000000000"},
    {FO_MSG_CONNECT, 19, "", "000000", "0000000000"},
    {FO_MSG_CONNECT, 20, "", "", "0101"},
    {FO_MSG_DISCONNECT, 21, "", "", "0101"},
    {FO_MSG_STATE, 23, "", "", "0101"},
    {FO_MSG_STATE, 24, "", "", "0101"},
    {FO_MSG_STATE, 25, "", "000000", "0000000000"},
    {FO_MSG_CONNECTACK, 26, "", "", "0101"},
    {FO_MSG_CONNECT, 27, "", "", "0101"},
};

Test(message_decode, a_length_that_an_option_cannot_have_is_refused)
{
    for (size_t i = 0; i < sizeof misfits / sizeof misfits[0]; i++) {
        const char *values[2] = {misfits[i].short_value, misfits[i].long_value};
        size_t offset = 12 + hex(misfits[i].before).length;

        for (int v = 0; v < 2; v++) {
            char text[256];

            if (values[v] == NULL)
                continue;
            (void)snprintf(text, sizeof text, "%s %04x %04zx %s", misfits[i].before,
                           (unsigned)misfits[i].option, hex(values[v]).length, values[v]);
            expect_refused(misfits[i].type, text, FO_EMALFORMED, misfits[i].option, offset);
        }
    }
}

Test(message_decode, the_fault_says_what_is_wrong_and_where)
{
    expect_refused(FO_MSG_BNDUPD,
                   ADDRESS "0005 0016 01 0102030405060708090a0b0c0d0e0f1011121314 15",
                   FO_EMALFORMED, 5, 20);
    cr_assert_str_eq(fault.text,
                     "option 5 (client-hardware-address) at offset 20: its length is 22, not 1 "
                     "to 21");
}

Test(message_decode, a_hardware_address_of_21_bytes_is_accepted)
{
    expect_decoded(FO_MSG_BNDUPD, ADDRESS "0003 0001 01"
                                          "0005 0015 01 0102030405060708090a0b0c0d0e0f1011121314");
    cr_assert_eq(m.groups[0].hardware_address.length, 21);
}

Test(message_decode, w09_a_duplicate_outside_a_binding_update_is_an_error)
{
    expect_refused(FO_MSG_STATE, STATE_OPTIONS "0018 0001 02", FO_EDUPLICATE, 24, 30);
    expect_refused(FO_MSG_CONNECT, "0016 0003 6c6162  0016 0003 6c6162", FO_EDUPLICATE, 22, 19);
    expect_refused(FO_MSG_BNDACK, ADDRESS "0015 0001 01  0015 0001 02", FO_EDUPLICATE, 21, 25);
    expect_refused(FO_MSG_BNDUPD, "001c 0000" ADDRESS "001c 0000", FO_EDUPLICATE, 28, 24);
    cr_assert_str_eq(fault.text,
                     "option 28 (vendor-class-identifier) at offset 24: it occurs twice");
}

Test(message_decode, w09_a_duplicate_inside_a_binding_update_is_reported_in_its_group)
{
    expect_decoded(FO_MSG_BNDUPD, ADDRESS "0003 0001 01  0003 0001 02"
                                          "0002 0004 0a000006  0003 0001 07");
    cr_assert_eq(m.group_count, 2);
    cr_assert_eq(m.groups[0].duplicated, BIT(3));
    cr_assert_eq(m.groups[0].status, FO_STATUS_FREE, "the first one stays");
    cr_assert_eq(m.groups[1].duplicated, 0);
}

Test(message_decode, w18_vendor_options_without_the_vendors_name_are_ignored)
{
    expect_decoded(FO_MSG_CONTACT, "001d 0002 0102");
    cr_assert_eq(m.present, 0);
    expect_decoded(FO_MSG_CONTACT, "001d 0002 0102  001c 0001 61");
    cr_assert_eq(m.present, BIT(28) | BIT(29));
}

Test(message_decode, w17_client_options_of_an_unknown_magic_are_ignored)
{
    expect_decoded(FO_MSG_BNDUPD, ADDRESS "0003 0001 02  0007 0004 00000000");
    cr_assert_eq(m.groups[0].present, BIT(2) | BIT(3));
}

Test(message_decode, the_digest_is_found_in_every_message)
{
    for (uint8_t type = 1; type <= 12; type++) {
        static const char *const rest[13] = {[1] = "",      [2] = "0001 0004 00000001",
                                             [3] = ADDRESS, [4] = ADDRESS,
                                             [5] = "",      [6] = "",
                                             [7] = "",      [8] = "",
                                             [9] = "",      [10] = STATE_OPTIONS,
                                             [11] = "",     [12] = "0015 0001 01"};
        char text[256];

        (void)snprintf(text, sizeof text, "%s %s", "0011 0003 02aabb", rest[type]);
        expect_decoded(type, text);
        cr_assert(m.present & BIT(17), "type %u", type);
        cr_assert_eq(m.digest_type, 2);
        expect_span(m.digest, "aabb");
    }
}

Test(message_decode, the_most_addresses_that_fit_are_254)
{
    struct bytes b = message_of(FO_MSG_BNDACK, "");

    while (b.length + 8 <= 2048) {
        struct bytes address = hex(ADDRESS);

        memcpy(b.data + b.length, address.data, 8);
        b.length += 8;
    }
    b.data[0] = (uint8_t)(b.length >> 8);
    b.data[1] = (uint8_t)b.length;
    cr_assert_eq(decode(b), FO_OK);
    cr_assert_eq(m.group_count, FO_GROUPS_MAX);
}

Test(message_decode, a_fault_need_not_be_asked_for)
{
    struct bytes b = message_of(FO_MSG_STATE, "");

    cr_assert_eq(fo_message_decode(b.data, b.length, &m, NULL), FO_EMISSING);
}
