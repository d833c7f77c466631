/* Tests of proto/ipv6.c: RFC 4291 §2.4, RFC 5952. */
#include <criterion/criterion.h>
#include <string.h>

#include "proto/ipv6.h"

static struct fo_ipv6 of(const char *text)
{
    struct fo_ipv6 a = {1, 2};

    cr_assert_eq(fo_ipv6_parse(text, &a), FO_OK, "%s", text);
    return a;
}

Test(ipv6, halves_are_the_first_and_the_last_eight_octets)
{
    struct fo_ipv6 a = of("2001:db8:1:2::9");

    cr_assert_eq(a.high, 0x20010db800010002);
    cr_assert_eq(a.low, 9);
}

Test(ipv6, text_is_the_shortest)
{
    char text[FO_IPV6_TEXT];

    cr_assert_str_eq(fo_ipv6_text(of("2001:0DB8:0:0:0:0:0:1"), text), "2001:db8::1");
    cr_assert_str_eq(fo_ipv6_text((struct fo_ipv6){0}, text), "::");
    cr_assert_str_eq(fo_ipv6_text(of("ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"), text),
                     "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff");
}

Test(ipv6, what_is_no_address_is_refused)
{
    static const char *const texts[] = {"", "10.0.0.1", "2001:db8::/64", "fe80::1%eth0", "1::2::3"};
    struct fo_ipv6 a = {1, 2};

    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        cr_expect_eq(fo_ipv6_parse(texts[i], &a), FO_EINVAL, "%s", texts[i]);
    cr_assert_eq(a.high, 1, "nothing is written");
}

Test(ipv6, addresses_sort_as_numbers_and_as_bytes)
{
    static const char *const rising[] = {
        "::", "::1", "::ffff:0:0", "1::", "2001:db8::ffff", "2001:db8:0:1::", "8000::", "ff02::1"};

    for (size_t i = 0; i + 1 < sizeof rising / sizeof rising[0]; i++) {
        struct fo_ipv6 a = of(rising[i]), b = of(rising[i + 1]);
        uint8_t bytes[2][FO_IPV6_LENGTH];
        struct fo_writer w[2] = {fo_writer_of(bytes[0], 16), fo_writer_of(bytes[1], 16)};
        fo_write_ipv6(&w[0], a);
        fo_write_ipv6(&w[1], b);
        cr_expect_lt(fo_ipv6_compare(a, b), 0, "%s", rising[i]);
        cr_expect_gt(fo_ipv6_compare(b, a), 0, "%s", rising[i]);
        cr_expect_eq(fo_ipv6_compare(a, a), 0);
        cr_expect_lt(memcmp(bytes[0], bytes[1], 16), 0, "%s", rising[i]);
    }
}

Test(ipv6, a_prefix_is_the_first_bits)
{
    static const struct {
        const char *address;
        unsigned length;
        const char *first, *last;
    } rows[] = {
        {"2001:db8:1:2:3:4:5:6", 0, "::", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"},
        {"2001:db8:1:2:3:4:5:6", 32, "2001:db8::", "2001:db8:ffff:ffff:ffff:ffff:ffff:ffff"},
        {"2001:db8:1:2:3:4:5:6", 64, "2001:db8:1:2::", "2001:db8:1:2:ffff:ffff:ffff:ffff"},
        {"2001:db8:1:2:3:4:5:6", 65, "2001:db8:1:2::", "2001:db8:1:2:7fff:ffff:ffff:ffff"},
        {"2001:db8:1:2:3:4:5:6", 127, "2001:db8:1:2:3:4:5:6", "2001:db8:1:2:3:4:5:7"},
        {"2001:db8:1:2:3:4:5:6", 128, "2001:db8:1:2:3:4:5:6", "2001:db8:1:2:3:4:5:6"},
    };

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct fo_ipv6 a = of(rows[i].address), first = fo_ipv6_mask(a, rows[i].length);
        cr_expect_eq(fo_ipv6_compare(first, of(rows[i].first)), 0, "/%u", rows[i].length);
        cr_expect_eq(fo_ipv6_compare(fo_ipv6_last(first, rows[i].length), of(rows[i].last)), 0,
                     "/%u", rows[i].length);
        cr_expect(fo_ipv6_within(a, first, rows[i].length));
    }
    cr_expect_not(fo_ipv6_within(of("2001:db8:1:3::"), of("2001:db8:1:2::"), 64));
}

Test(ipv6, the_next_address_carries_over)
{
    cr_expect_eq(fo_ipv6_compare(fo_ipv6_next(of("::ffff:ffff:ffff:ffff")), of("0:0:0:1::")), 0);
    cr_expect(fo_ipv6_is_zero(fo_ipv6_next(of("ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"))));
}

Test(ipv6, kinds_of_addresses) /* RFC 4291 §2.4 */
{
    static const char *const unicast[] = {"2001:db8::", "fd00::1", "::2", "fec0::1", "fe7f::"};
    static const char *const others[] = {"::", "::1", "ff02::1", "ff00::", "fe80::", "febf::1"};

    for (size_t i = 0; i < sizeof unicast / sizeof unicast[0]; i++)
        cr_expect(fo_ipv6_is_unicast(of(unicast[i])), "%s", unicast[i]);
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++)
        cr_expect_not(fo_ipv6_is_unicast(of(others[i])), "%s", others[i]);
    cr_expect(fo_ipv6_is_link_local(of("fe80::1")));
    cr_expect_not(fo_ipv6_is_link_local(of("fec0::1")));
}
