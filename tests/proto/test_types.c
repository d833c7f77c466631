#include <criterion/criterion.h>

#include "proto/types.h"

Test(types, message_types_have_the_numbers_of_section_6_1)
{
    static const char *const names[] = {"unknown", "POOLREQ",    "POOLRESP",   "BNDUPD",  "BNDACK",
                                        "CONNECT", "CONNECTACK", "UPDREQALL",  "UPDDONE", "UPDREQ",
                                        "STATE",   "CONTACT",    "DISCONNECT", "unknown"};

    for (int i = 0; i <= 13; i++)
        cr_assert_str_eq(fo_message_type_name(i), names[i], "type %d", i);
    cr_assert_str_eq(fo_message_type_name(-1), "unknown");
    cr_assert_str_eq(fo_message_type_name(255), "unknown");
}

Test(types, options_have_the_numbers_of_section_12)
{
    static const char *const names[] = {"unknown",
                                        "addresses-transferred",
                                        "assigned-IP-address",
                                        "binding-status",
                                        "client-identifier",
                                        "client-hardware-address",
                                        "client-last-transaction-time",
                                        "client-reply-options",
                                        "client-request-options",
                                        "DDNS",
                                        "delayed-service-parameter",
                                        "hash-bucket-assignment",
                                        "IP-flags",
                                        "lease-expiration-time",
                                        "max-unacked-bndupd",
                                        "MCLT",
                                        "message",
                                        "message-digest",
                                        "potential-expiration-time",
                                        "receive-timer",
                                        "protocol-version",
                                        "reject-reason",
                                        "relationship-name",
                                        "server-flags",
                                        "server-state",
                                        "start-time-of-state",
                                        "TLS-reply",
                                        "TLS-request",
                                        "vendor-class-identifier",
                                        "vendor-specific-options",
                                        "unknown"};

    for (int i = 0; i <= 30; i++)
        cr_assert_str_eq(fo_option_name(i), names[i], "option %d", i);
}

Test(types, binding_statuses_have_the_numbers_of_section_12_3)
{
    static const char *const names[] = {"unknown",   "FREE",  "ACTIVE", "EXPIRED", "RELEASED",
                                        "ABANDONED", "RESET", "BACKUP", "unknown"};

    for (int i = 0; i <= 8; i++)
        cr_assert_str_eq(fo_binding_status_name(i), names[i], "status %d", i);
}

Test(types, states_travel_by_the_numbers_of_section_12_24)
{
    static const struct {
        uint8_t wire;
        enum fo_state state;
        const char *name;
    } rows[] = {
        {1, FO_STATE_STARTUP, "STARTUP"},
        {2, FO_STATE_NORMAL, "NORMAL"},
        {3, FO_STATE_COMMUNICATIONS_INTERRUPTED, "COMMUNICATIONS-INTERRUPTED"},
        {4, FO_STATE_PARTNER_DOWN, "PARTNER-DOWN"},
        {5, FO_STATE_POTENTIAL_CONFLICT, "POTENTIAL-CONFLICT"},
        {6, FO_STATE_RECOVER, "RECOVER"},
        {7, FO_STATE_PAUSED, "PAUSED"},
        {8, FO_STATE_SHUTDOWN, "SHUTDOWN"},
        {9, FO_STATE_RECOVER_DONE, "RECOVER-DONE"},
        {10, FO_STATE_RESOLUTION_INTERRUPTED, "RESOLUTION-INTERRUPTED"},
        {11, FO_STATE_CONFLICT_DONE, "CONFLICT-DONE"},
        {254, FO_STATE_RECOVER_WAIT, "RECOVER-WAIT"},
    };

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        cr_assert_eq(fo_state_to_wire(rows[i].state), rows[i].wire, "%s", rows[i].name);
        cr_assert_eq(fo_state_from_wire(rows[i].wire), rows[i].state, "%s", rows[i].name);
        cr_assert_str_eq(fo_state_name(rows[i].state), rows[i].name);
    }
}

Test(types, numbers_without_a_state_are_none_also_our_own_12) /* S-10 */
{
    cr_assert_eq(fo_state_from_wire(0), FO_STATE_NONE);
    cr_assert_eq(fo_state_from_wire(12), FO_STATE_NONE);
    cr_assert_eq(fo_state_from_wire(253), FO_STATE_NONE);
    cr_assert_eq(fo_state_from_wire(255), FO_STATE_NONE);
    cr_assert_str_eq(fo_state_name(FO_STATE_NONE), "unknown");
    cr_assert_str_eq(fo_state_name(13), "unknown");
}

Test(types, reject_reasons_have_sentences_1_to_21_and_254)
{
    for (int i = 1; i <= 21; i++)
        cr_assert_str_neq(fo_reject_sentence(i), "unknown", "reason %d", i);
    cr_assert_str_eq(fo_reject_sentence(1), "address not in any pool of this endpoint");
    cr_assert_str_eq(fo_reject_sentence(254), "an unknown error");
    cr_assert_str_eq(fo_reject_sentence(22), "unknown");
    cr_assert_str_eq(fo_reject_sentence(255), "unknown");
}

Test(types, roles_have_names)
{
    cr_assert_str_eq(fo_role_name(FO_ROLE_PRIMARY), "primary");
    cr_assert_str_eq(fo_role_name(FO_ROLE_SECONDARY), "secondary");
    cr_assert_str_eq(fo_role_name(2), "unknown");
}

Test(types, an_address_is_written_as_four_octets)
{
    char text[FO_IPV4_TEXT];

    cr_assert_str_eq(fo_ipv4_text(0x0a000001u, text), "10.0.0.1");
    cr_assert_str_eq(fo_ipv4_text(0xffffffffu, text), "255.255.255.255");
    cr_assert_str_eq(fo_ipv4_text(0, text), "0.0.0.0");
}

Test(types, an_address_is_read_from_four_octets_and_nothing_else)
{
    static const char *const wrong[] = {"",           "10.0.0",    "10.0.0.1.",   "10.0.0.1.2",
                                        "10.0.0.256", "10.0.0.1 ", " 10.0.0.1",   "10..0.1",
                                        "10.0.0.-1",  "10.0.0.01", "0x0a.0.0.1",  "10.0.0.1/24",
                                        "10,0,0,1",   "a.b.c.d",   "10.0.0.0001", "10.0.0.1000"};
    fo_ipv4_t address = 77;

    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
        cr_assert_eq(fo_ipv4_parse(wrong[i], &address), FO_EINVAL, "\"%s\"", wrong[i]);
    cr_assert_eq(address, 77, "written only on success");
    cr_assert_eq(fo_ipv4_parse("192.168.77.2", &address), FO_OK);
    cr_assert_eq(address, 0xc0a84d02u);
    cr_assert_eq(fo_ipv4_parse("255.255.255.255", &address), FO_OK);
    cr_assert_eq(address, 0xffffffffu);
}

Test(types, moments_add_without_wrapping)
{
    cr_assert_eq(fo_utc_add(fo_utc(100), 20).s, 120);
    cr_assert_eq(fo_utc_add(fo_utc(0x7ffffff0u), 0x20).s, FO_UTC_INFINITE);
    cr_assert_eq(fo_utc_add(fo_utc(FO_UTC_ALL_ONES), 1).s, FO_UTC_ALL_ONES);
    cr_assert_eq(fo_utc_max(fo_utc(1), fo_utc(2)).s, 2);
    cr_assert_eq(fo_utc_min(fo_utc(1), fo_utc(2)).s, 1);
}
