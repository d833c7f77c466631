#include <string.h>

#include <criterion/criterion.h>

#include "mgmt/target.h"

static struct fo_mgmt_target parsed(const char *text)
{
    struct fo_mgmt_target t;
    char why[200];

    cr_assert_eq(fo_mgmt_target_parse(text, &t, why, sizeof why), FO_OK, "%s", text);
    return t;
}

Test(target, a_slash_makes_a_path)
{
    cr_expect_str_eq(parsed("/run/fod/fod.sock").path, "/run/fod/fod.sock");
    cr_expect_str_eq(parsed("./x").path, "./x");
}

Test(target, a_host_may_have_a_port)
{
    cr_expect_str_eq(parsed("dhcp1.example").host, "dhcp1.example");
    cr_expect_str_eq(parsed("dhcp1.example").port, "8647");
    cr_expect_str_eq(parsed("192.0.2.1:9000").host, "192.0.2.1");
    cr_expect_str_eq(parsed("192.0.2.1:9000").port, "9000");
    cr_expect_str_eq(parsed("[2001:db8::1]:9000").host, "2001:db8::1");
    cr_expect_str_eq(parsed("[2001:db8::1]").port, "8647");
}

Test(target, nonsense_is_refused_with_a_sentence)
{
    static const char *const bad[] = {"",           ":9000",   "host:", "host:0",
                                      "host:65536", "host:9x", "[::1",  "[]:1"};
    struct fo_mgmt_target t;
    char why[200], path[200];

    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        why[0] = '\0';
        cr_expect_eq(fo_mgmt_target_parse(bad[i], &t, why, sizeof why), FO_EINVAL, "%s", bad[i]);
        cr_expect_neq(why[0], '\0');
    }
    memset(path, '/', sizeof path - 1);
    path[sizeof path - 1] = '\0';
    cr_expect_eq(fo_mgmt_target_parse(path, &t, why, sizeof why), FO_EINVAL);
}
