#include <criterion/criterion.h>
#include <string.h>

#include "proto/win32.h"

Test(win32, the_failover_block_has_the_numbers_of_the_header)
{
    static const struct {
        uint32_t number;
        const char *symbol;
    } rows[] = {
        {20113, "ERROR_DHCP_FO_SCOPE_ALREADY_IN_RELATIONSHIP"},
        {20114, "ERROR_DHCP_FO_RELATIONSHIP_EXISTS"},
        {20115, "ERROR_DHCP_FO_RELATIONSHIP_DOES_NOT_EXIST"},
        {20116, "ERROR_DHCP_FO_SCOPE_NOT_IN_RELATIONSHIP"},
        {20117, "ERROR_DHCP_FO_RELATION_IS_SECONDARY"},
        {20118, "ERROR_DHCP_FO_NOT_SUPPORTED"},
        {20119, "ERROR_DHCP_FO_TIME_OUT_OF_SYNC"},
        {20120, "ERROR_DHCP_FO_STATE_NOT_NORMAL"},
        {20121, "ERROR_DHCP_NO_ADMIN_PERMISSION"},
        {20122, "ERROR_DHCP_SERVER_NOT_REACHABLE"},
        {20123, "ERROR_DHCP_SERVER_NOT_RUNNING"},
        {20124, "ERROR_DHCP_SERVER_NAME_NOT_RESOLVED"},
        {20125, "ERROR_DHCP_FO_RELATIONSHIP_NAME_TOO_LONG"},
        {20126, "ERROR_DHCP_REACHED_END_OF_SELECTION"},
        {20127, "ERROR_DHCP_FO_ADDSCOPE_LEASES_NOT_SYNCED"},
        {20128, "ERROR_DHCP_FO_MAX_RELATIONSHIPS"},
        {20129, "ERROR_DHCP_FO_IPRANGE_TYPE_CONV_ILLEGAL"},
        {20130, "ERROR_DHCP_FO_MAX_ADD_SCOPES"},
        {20131, "ERROR_DHCP_FO_BOOT_NOT_SUPPORTED"},
        {20132, "ERROR_DHCP_FO_RANGE_PART_OF_REL"},
        {20133, "ERROR_DHCP_FO_SCOPE_SYNC_IN_PROGRESS"},
        {20134, "ERROR_DHCP_FO_FEATURE_NOT_SUPPORTED"},
    };

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        cr_assert_str_eq(fo_win32_name(rows[i].number), rows[i].symbol);
    cr_assert_eq(ERROR_DHCP_FO_RELATIONSHIP_EXISTS, 0x4e92);
}

Test(win32, names_that_clash_are_told_apart_by_number)
{
    cr_assert_str_eq(fo_win32_name(20004), "ERROR_DHCP_SUBNET_EXITS");
    cr_assert_str_eq(fo_win32_name(20052), "ERROR_DHCP_SUBNET_EXISTS");
    cr_assert_str_eq(fo_win32_name(20112), "ERROR_SCOPE_RANGE_POLICY_RANGE_CONFLICT");
    cr_assert_str_eq(fo_win32_name(0x103), "ERROR_NO_MORE_ITEMS");
}

Test(win32, the_dhcp_block_holds_119_codes_each_with_a_sentence)
{
    int count = 0;

    for (uint32_t n = 20000; n <= 20139; n++) {
        if (fo_win32_name(n)[0] == 'u')
            continue;
        count++;
        cr_assert_eq(fo_win32_sentence(n)[strlen(fo_win32_sentence(n)) - 1], '.', "%u", n);
    }
    cr_assert_eq(count, 119);
    cr_assert_str_eq(fo_win32_name(20000), "ERROR_DHCP_REGISTRY_INIT_FAILED");
    cr_assert_str_eq(fo_win32_name(20139), "ERROR_LAST_DHCP_SERVER_ERROR");
}

Test(win32, a_number_without_meaning_still_has_text)
{
    cr_assert_str_eq(fo_win32_name(20008), "unknown");
    cr_assert_str_eq(fo_win32_name(4711), "unknown");
    cr_assert_str_eq(fo_win32_sentence(0), "The operation completed successfully.");
    cr_assert_not_null(fo_win32_sentence(4711));
}
