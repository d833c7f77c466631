#include "tests/proto/hex.h"

static struct fo_message m;

static const char *printed(uint8_t type, const char *options)
{
    static char text[1024];
    static struct bytes b;
    int rc;

    b = message_of(type, options);
    rc = fo_message_decode(b.data, b.length, &m, NULL);
    cr_assert_eq(rc, FO_OK, "%s", fo_error_name(rc));
    return fo_message_print(&m, text, sizeof text);
}

Test(print, a_message_without_options_is_its_name_and_xid)
{
    cr_assert_str_eq(printed(FO_MSG_CONTACT, ""), "CONTACT xid=7");
    cr_assert_str_eq(printed(200, ""), "type 200 xid=7");
}

Test(print, a_binding_update_shows_address_status_client_and_times)
{
    cr_assert_str_eq(printed(FO_MSG_BNDUPD,
                             "0002 0004 0a000005  0003 0001 02  0004 0002 01aa"
                             "0005 0007 01020c01000001  000d 0004 00000064  0012 0004 000000c8"
                             "0019 0004 00000001  0006 0004 00000002  000c 0002 0001"),
                     "BNDUPD xid=7 10.0.0.5 ACTIVE id=01aa hw=1:02:0c:01:00:00:01 until=100 "
                     "potential=200 since=1 cltt=2 flags=0x1");
}

Test(print, the_addresses_of_a_batch_are_set_apart)
{
    cr_assert_str_eq(printed(FO_MSG_BNDACK, "0002 0004 0a000005  0002 0004 0a000006  0015 0001 01"
                                            "0010 0002 6e6f"),
                     "BNDACK xid=7 10.0.0.5; 10.0.0.6 reject=1 (address not in any pool of this "
                     "endpoint) message=\"no\"");
}

Test(print, a_state_shows_its_name)
{
    cr_assert_str_eq(printed(FO_MSG_STATE, "0018 0001 fe  0017 0001 01  0019 0004 00000009"),
                     "STATE xid=7 RECOVER-WAIT flags=0x1 since=9");
}

Test(print, a_connect_shows_what_was_agreed_on)
{
    cr_assert_str_eq(printed(FO_MSG_CONNECT,
                             "0016 0003 6c6162  000e 0004 0000000a  0013 0004 0000000c"
                             "001c 0004 666f2d31  0014 0001 01  001b 0001 00  000f 0004 00000e10"
                             "000a 0001 05"),
                     "CONNECT xid=7 relationship=\"lab\" max-unacked=10 receive-timer=12 "
                     "vendor=\"fo-1\" version=1 tls-request=0 mclt=3600 delayed-service=5");
}

Test(print, a_digest_never_shows)
{
    cr_assert_str_eq(printed(FO_MSG_CONTACT, "0011 0011 01 0123456789abcdef0123456789abcdef"),
                     "CONTACT xid=7 digest-type=1");
}

Test(print, bytes_that_cannot_be_printed_never_show)
{
    cr_assert_str_eq(printed(FO_MSG_DISCONNECT, "0015 0001 fe  0010 0006 610a1b227f62"),
                     "DISCONNECT xid=7 reject=254 (an unknown error) message=\"a????b\"");
}

Test(print, text_is_cut_to_the_capacity)
{
    char text[12] = "0123456789a";

    fo_message_reset(&m, FO_MSG_UPDREQALL, 12345);
    cr_assert_str_eq(fo_message_print(&m, text, 10), "UPDREQALL");
    cr_assert_str_eq(fo_message_print(&m, text, 1), "");
    text[0] = 'x';
    cr_assert_eq(fo_message_print(&m, text, 0), text);
    cr_assert_eq(text[0], 'x');
    cr_assert_eq(text[11], '\0');
}

Test(print, what_a_client_sent_twice_is_said)
{
    cr_assert_str_eq(printed(FO_MSG_BNDUPD, "0002 0004 0a000005  0003 0001 01  0003 0001 01"),
                     "BNDUPD xid=7 10.0.0.5 FREE duplicated=0x8");
}
