/* Which names of certificates a configuration may list, and whom the socket lets in. */
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <criterion/criterion.h>

#include "mgmt/caller.h"

Test(caller, a_name_has_a_kind_and_a_text)
{
    static const char *const good[] = {"ou:DHCP Administrators", "dns:admin.example.org",
                                       "email:a@example.org",    "uri:spiffe://example/admin",
                                       "ip:192.0.2.7",           "ip:2001:db8::7"};
    static const char *const bad[] = {"", "ou:", "DHCP Users", "cn:admin", "ip:host", "DNS:x"};
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++)
        cr_expect(fo_caller_name_valid(good[i]), "%s", good[i]);
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        cr_expect_not(fo_caller_name_valid(bad[i]), "%s", bad[i]);
}

Test(caller, our_own_user_administers_and_is_known_by_user_and_process)
{
    struct fo_caller_rules nobody = {.administrators_group = (gid_t)-1, .users_group = (gid_t)-1};
    struct fo_caller caller;
    int ends[2];
    cr_assert_eq(socketpair(AF_UNIX, SOCK_STREAM, 0, ends), 0);
    fo_caller_of_process(&nobody, ends[0], &caller);
    cr_expect_eq(caller.right, FO_RIGHT_ADMINISTER);
    cr_expect_eq(strncmp(caller.who, "uid=", 4), 0);
    cr_expect_eq(strncmp(caller.from, "pid=", 4), 0);
    (void)close(ends[0]);
    (void)close(ends[1]);
    fo_caller_of_process(&nobody, -1, &caller);
    cr_expect_eq(caller.right, FO_RIGHT_NONE);
}
