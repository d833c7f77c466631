/* Expected values are typed from the files below, read as dhcpd.conf(5) tells. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <criterion/criterion.h>

#include "mgmt/dhcpd_conf.h"
#include "mgmt/ranges.h"

static struct fo_dhcpd_conf conf;
static char why[FO_DHCPD_WHY_MAX];

static int parse(const char *text, const char *name)
{
    conf = (struct fo_dhcpd_conf){0};
    why[0] = '\0';
    return fo_dhcpd_conf_parse("dhcpd.conf", text, strlen(text), name, &conf, why);
}

static fo_ipv4_t ip(const char *text)
{
    fo_ipv4_t address = 0;
    cr_assert_eq(fo_ipv4_parse(text, &address), FO_OK, "%s", text);
    return address;
}

static void has_range(size_t subnet, size_t index, const char *first, const char *last)
{
    const struct fo_dhcpd_range *r = &conf.subnets[subnet].ranges[index];
    cr_assert_lt(index, conf.subnets[subnet].range_count);
    cr_assert_eq(r->first, ip(first), "range %zu of subnet %zu", index, subnet);
    cr_assert_eq(r->last, ip(last), "range %zu of subnet %zu", index, subnet);
}

#define SECONDARY                                                                                  \
    "failover peer \"lab\" { secondary; address 192.0.2.2; peer address 192.0.2.1; }\n"
#define POOL                                                                                       \
    "subnet 10.1.0.0 netmask 255.255.255.0 {\n"                                                    \
    " pool { failover peer \"lab\"; range 10.1.0.10 10.1.0.99; } }\n"

/* As an operator of two buildings keeps it. */
static const char campus[] =
    "# dhcpd.conf of the library; see the wiki\n"
    "authoritative;\n"
    "option domain-name \"example.org\"; # not { ours }\n"
    "option space PXE;\n"
    "option PXE.mtftp-ip code 1 = ip-address;\n"
    "key \"rndc\" { algorithm hmac-md5; secret \"a;b{c\\\"d}\"; };\n"
    "class \"phones\" { match if substring(option vendor-class-identifier, 0, 9) = \"PXEClient\";\n"
    "  spawn with hardware; }\n"
    "if exists agent.circuit-id {\n"
    "  log(info, concat(\"from \", option agent.circuit-id));\n"
    "} else { log(info, \"}\"); }\n"
    "\n"
    "failover peer \"campus\" {\n"
    "  primary;           # that is us\n"
    "  address 192.0.2.1;\n"
    "  port 519;\n"
    "  peer address 192.0.2.2;\n"
    "  peer port 520;\n"
    "  max-response-delay 60;\n"
    "  max-unacked-updates 10;\n"
    "  mclt 1800;\n"
    "  hba ff:ff:ff:ff:ff:ff:ff:ff:ff:ff:ff:ff:ff:ff:ff:ff:\n"
    "      01:00:00:00:00:00:00:00:0:00:00:00:00:00:00:80;\n"
    "  load balance max seconds 3;\n"
    "  auto-partner-down 7200;\n"
    "  max-lease-misbalance 15; min-balance 60;\n"
    "}\n"
    "failover peer \"other\" { secondary; address 192.0.2.1; peer address 192.0.2.9; }\n"
    "\n"
    "group {\n"
    "  default-lease-time 600;\n"
    "  group {\n"
    "    host printer { hardware ethernet 0:1:2:3:4:5; fixed-address 10.1.0.5; }\n"
    "    subnet 10.1.0.0 netmask 255.255.255.0 {\n"
    "      option routers 10.1.0.1;\n"
    "      pool {\n"
    "        failover peer \"campus\";\n"
    "        deny dynamic bootp clients;\n"
    "        range 10.1.0.10 10.1.0.99;\n"
    "        range 10.1.0.200;\n"
    "      }\n"
    "      pool { allow unknown-clients; range 10.1.0.100 10.1.0.119; }\n"
    "      pool { range 10.1.0.150 10.1.0.140; failover peer \"campus\"; }\n"
    "    }\n"
    "  }\n"
    "}\n"
    "shared-network floors {\n"
    "  subnet 10.2.0.0 netmask 255.255.254.0 { option routers 10.2.0.1; }\n"
    "  subnet 10.2.2.0 netmask 255.255.255.0 { }\n"
    "  pool {\n"
    "    failover peer \"campus\";\n"
    "    range 10.2.0.10 10.2.1.250;\n"
    "    range dynamic-bootp 10.2.2.10 10.2.2.20;\n"
    "  }\n"
    "}\n"
    "SUBNET 10.3.0.0 NETMASK 255.255.255.0 {\n"
    "  pool { failover peer \"other\"; range 10.3.0.10 10.3.0.20; }\n"
    "}\n";

Test(dhcpd_conf, a_primarys_block_is_read_whole)
{
    cr_assert_eq(parse(campus, "campus"), FO_OK, "%s", why);
    cr_assert_eq(conf.peer.line, 13);
    cr_assert_eq(conf.peer.role, FO_ROLE_PRIMARY);
    cr_assert_eq(conf.peer.address, ip("192.0.2.1"));
    cr_assert_eq(conf.peer.port, 519);
    cr_assert_eq(conf.peer.peer_address, ip("192.0.2.2"));
    cr_assert_eq(conf.peer.peer_port, 520);
    cr_assert_eq(conf.peer.max_response_delay_s, 60);
    cr_assert_eq(conf.peer.max_unacked, 10);
    cr_assert_eq(conf.peer.mclt_s, 1800);
    cr_assert_eq(conf.peer.load_balance_max_s, 3);
    cr_assert_eq(conf.peer.auto_partner_down_s, 7200);
    fo_dhcpd_conf_free(&conf);
}

Test(dhcpd_conf, a_map_over_two_lines_gives_its_buckets_to_the_primary)
{
    cr_assert_eq(parse(campus, "campus"), FO_OK, "%s", why);
    cr_assert(conf.peer.has_buckets);
    cr_assert_eq(fo_load_balance_count(&conf.peer.buckets), 128 + 1 + 1);
    cr_assert(fo_load_balance_is_primarys(&conf.peer.buckets, 127));
    cr_assert(fo_load_balance_is_primarys(&conf.peer.buckets, 128)); /* 01: the lowest bit */
    cr_assert_not(fo_load_balance_is_primarys(&conf.peer.buckets, 129));
    cr_assert(fo_load_balance_is_primarys(&conf.peer.buckets, 255)); /* 80: the highest */
    fo_dhcpd_conf_free(&conf);
}

Test(dhcpd_conf, pools_in_groups_subnets_and_shared_networks_are_found)
{
    cr_assert_eq(parse(campus, "campus"), FO_OK, "%s", why);
    cr_assert_eq(conf.subnet_count, 3);
    cr_assert_eq(conf.subnets[0].subnet, ip("10.1.0.0"));
    cr_assert_eq(conf.subnets[0].mask, ip("255.255.255.0"));
    cr_assert_eq(conf.subnets[0].range_count, 3);
    has_range(0, 0, "10.1.0.10", "10.1.0.99");
    has_range(0, 1, "10.1.0.200", "10.1.0.200");
    has_range(0, 2, "10.1.0.140", "10.1.0.150"); /* written the other way round */
    cr_assert_eq(conf.subnets[1].subnet, ip("10.2.0.0"));
    cr_assert_eq(conf.subnets[1].mask, ip("255.255.254.0"));
    has_range(1, 0, "10.2.0.10", "10.2.1.250");
    cr_assert_eq(conf.subnets[2].subnet, ip("10.2.2.0"));
    has_range(2, 0, "10.2.2.10", "10.2.2.20");
    fo_dhcpd_conf_free(&conf);
}

Test(dhcpd_conf, a_pool_without_failover_is_counted_and_left_out)
{
    cr_assert_eq(parse(campus, "campus"), FO_OK, "%s", why);
    cr_assert_eq(conf.left_out, 1); /* of 10.1.0.0; 10.3.0.0 has nothing to do with us */
    fo_dhcpd_conf_free(&conf);
}

Test(dhcpd_conf, a_secondarys_block_has_neither_mclt_nor_buckets_and_dhcpds_defaults)
{
    cr_assert_eq(parse(campus, "other"), FO_OK, "%s", why);
    cr_assert_eq(conf.peer.role, FO_ROLE_SECONDARY);
    cr_assert_eq(conf.peer.mclt_s, 0);
    cr_assert_not(conf.peer.has_buckets);
    cr_assert_eq(conf.peer.port, 647);
    cr_assert_eq(conf.peer.peer_port, 647);
    cr_assert_eq(conf.peer.max_response_delay_s, 20);
    cr_assert_eq(conf.peer.max_unacked, 100);
    cr_assert_eq(conf.peer.load_balance_max_s, 0);
    cr_assert_eq(conf.subnet_count, 1);
    has_range(0, 0, "10.3.0.10", "10.3.0.20");
    fo_dhcpd_conf_free(&conf);
}

Test(dhcpd_conf, names_are_equal_byte_for_byte_with_escapes_undone)
{
    cr_assert_eq(parse("failover peer \"a \\\"b\\\" \\303\\274\" {\n"
                       "primary; address 192.0.2.1; peer address 192.0.2.2; mclt 60; split 256; }\n"
                       "subnet 10.1.0.0 netmask 255.255.255.0 { pool {\n"
                       "range 10.1.0.1 10.1.0.9; failover peer \"a \\x22b\\x22 \\303\\274\"; } }\n",
                       "a \"b\" \303\274"),
                 FO_OK, "%s", why);
    cr_assert_eq(fo_load_balance_count(&conf.peer.buckets), 256);
    fo_dhcpd_conf_free(&conf);
    cr_assert_eq(parse(SECONDARY POOL, "LAB"), FO_EINVAL);
}

Test(dhcpd_conf, state_blocks_as_of_a_lease_file_are_passed_over)
{
    cr_assert_eq(
        parse(SECONDARY POOL "failover peer \"lab\" state {\n my state normal;\n}\n", "lab"), FO_OK,
        "%s", why);
    fo_dhcpd_conf_free(&conf);
}

/* --- refusals: the file, the line, the reason
 * ------------------------------------------------------------- */

static void refused(const char *text, const char *sentence)
{
    cr_assert_eq(parse(text, "lab"), FO_EINVAL, "%s", text);
    cr_assert_str_eq(why, sentence);
    cr_assert_null(conf.subnets);
}

Test(dhcpd_conf, bad_values_are_told_by_file_and_line)
{
    refused("\nfailover peer \"lab\" {\n address dhcp1.example.org;\n}\n",
            "dhcpd.conf:3: address 'dhcp1.example.org': expected an IPv4 address; a name cannot be "
            "taken over");
    refused("failover peer \"lab\" {\n port 0;\n}\n",
            "dhcpd.conf:2: port '0': expected a port from 1 to 65535");
    refused("failover peer \"lab\" {\n mclt soon;\n}\n",
            "dhcpd.conf:2: mclt 'soon': expected a number from 0 to 2147483647");
    refused("failover peer \"lab\" {\n split 257;\n}\n",
            "dhcpd.conf:2: split '257': expected a number from 0 to 256");
    refused("failover peer \"lab\" {\n split 128; hba ff;\n}\n",
            "dhcpd.conf:2: hba 'ff': expected one of split and hba, and once");
    refused("failover peer \"lab\" {\n hba ff:00;\n}\n",
            "dhcpd.conf:2: hba 'ff:00': expected 32 bytes in hexadecimal, with colons");
    refused("failover peer \"lab\" {\n hba 100:gg;\n}\n",
            "dhcpd.conf:2: hba '100:gg': expected 32 bytes in hexadecimal, with colons");
    refused("failover peer \"lab\" {\n primary;\n secondary;\n}\n",
            "dhcpd.conf:3: secondary '': expected one of primary and secondary, not both");
    refused("subnet 10.1.0.7 netmask 255.255.255.0 { }",
            "dhcpd.conf:1: 10.1.0.7 is not a subnet with netmask 255.255.255.0");
    refused("subnet 10.1.0.0 netmask 255.0.255.0 { }",
            "dhcpd.conf:1: 10.1.0.0 is not a subnet with netmask 255.0.255.0");
    refused("subnet 10.1.0.0 netmask 255.255.255.0 {\n range 10.1.0.5 10.1.1.5;\n}",
            "dhcpd.conf:2: the range 10.1.0.5 10.1.1.5 is not in one subnet of this file");
}

Test(dhcpd_conf, what_dhcpd_could_not_do_without_is_told)
{
    refused("\n\nfailover peer \"lab\" { address 192.0.2.1; }\n" POOL,
            "dhcpd.conf:3: the failover peer block lacks: primary or secondary");
    refused("failover peer \"lab\" { secondary; address 192.0.2.1; }\n" POOL,
            "dhcpd.conf:1: the failover peer block lacks: peer address");
    refused("failover peer \"lab\" { primary; address 192.0.2.1; peer address 192.0.2.2; }\n" POOL,
            "dhcpd.conf:1: the failover peer block lacks: mclt");
    refused("failover peer \"lab\" { primary; address 192.0.2.1; peer address 192.0.2.2; mclt 9; "
            "}\n" POOL,
            "dhcpd.conf:1: the failover peer block lacks: split or hba");
    refused(SECONDARY, "dhcpd.conf:1: no pool names failover peer \"lab\"");
    refused(POOL, "dhcpd.conf:3: there is no block: failover peer \"lab\"");
    refused(SECONDARY SECONDARY POOL,
            "dhcpd.conf:2: failover peer \"lab\" is defined for the second time");
}

Test(dhcpd_conf, broken_files_are_told_where_they_break)
{
    refused(SECONDARY "subnet 10.1.0.0 netmask 255.255.255.0 {\n",
            "dhcpd.conf:3: the file ends within the block that begins in line 2");
    refused(SECONDARY "}\n", "dhcpd.conf:2: there is no block that this '}' could end");
    refused("option domain-name \"example;\n", "dhcpd.conf:1: the quoted text does not end");
    refused("range", "dhcpd.conf:1: the file ends within a statement");
    refused("failover peer \"lab\" { primary }", "dhcpd.conf:1: ';' is missing before '}'");
}

Test(dhcpd_conf, blocks_within_blocks_have_a_limit)
{
    char text[200] = "";
    for (int i = 0; i < 80; i++)
        text[i] = '{';
    refused(text, "dhcpd.conf:1: blocks are nested more than 63 deep");
}

Test(dhcpd_conf, nothing_and_bytes_of_any_kind_are_refused_in_peace)
{
    refused("", "dhcpd.conf:1: there is no block: failover peer \"lab\"");
    cr_assert_eq(fo_dhcpd_conf_parse("x", "\0\xff;\"\\\0\"{", 8, "lab", &conf, why), FO_EINVAL);
}

/* --- files
 * --------------------------------------------------------------------------------------------- */

static char directory[] = "/tmp/fo-dhcpd-conf-XXXXXX";

static void write_file(const char *name, const char *text)
{
    char path[128];
    FILE *file;
    (void)snprintf(path, sizeof path, "%s/%s", directory, name);
    file = fopen(path, "w");
    cr_assert_not_null(file);
    (void)fputs(text, file);
    (void)fclose(file);
}

static int read_main(void)
{
    char path[128];
    (void)snprintf(path, sizeof path, "%s/dhcpd.conf", directory);
    return fo_dhcpd_conf_read(path, "lab", &conf, why);
}

Test(dhcpd_conf, included_files_are_read_beside_the_one_that_includes_them)
{
    cr_assert_not_null(mkdtemp(directory));
    write_file("dhcpd.conf", "include \"peer.conf\";\nsubnet 10.1.0.0 netmask 255.255.255.0 {\n"
                             "include \"pool.conf\";\n}\n");
    write_file("peer.conf", "# shared\n" SECONDARY);
    write_file("pool.conf", "pool { failover peer \"lab\"; range 10.1.0.1 10.1.0.2; }");
    cr_assert_eq(read_main(), FO_OK, "%s", why);
    cr_assert_eq(conf.peer.line, 2);
    has_range(0, 0, "10.1.0.1", "10.1.0.2");
    fo_dhcpd_conf_free(&conf);

    write_file("pool.conf", "\nrange 10.1.0.1 x;");
    cr_assert_eq(read_main(), FO_EINVAL);
    cr_assert_not_null(strstr(why, "/pool.conf:2: 'x' is not an IPv4 address"), "%s", why);
    write_file("pool.conf", "include \"pool.conf\";");
    cr_assert_eq(read_main(), FO_EINVAL);
    cr_assert_not_null(strstr(why, "files include each other too deeply"), "%s", why);
    write_file("dhcpd.conf", "include \"gone.conf\";");
    cr_assert_eq(read_main(), FO_EINVAL);
    cr_assert_not_null(strstr(why, "dhcpd.conf:1: "), "%s", why);
    write_file("dhcpd.conf", "include \"/dev/zero\";");
    cr_assert_eq(read_main(), FO_EINVAL);
    cr_assert_not_null(strstr(why, "/dev/zero: not a file"), "%s", why);
}

/* --- ranges (mgmt/ranges.h)
 * ---------------------------------------------------------------------------- */

Test(dhcpd_conf, ranges_that_touch_are_one_and_exclusions_are_holes)
{
    Mgmt__Range a = MGMT__RANGE__INIT, b = MGMT__RANGE__INIT, hole = MGMT__RANGE__INIT;
    Mgmt__Range *ranges[] = {&a, &b}, *holes[] = {&hole};
    Mgmt__Scope scope = MGMT__SCOPE__INIT;
    static const struct fo_dhcpd_range expected[] = {{50, 60}, {10, 29}};
    struct fo_ranges have, want;

    a.first = 31, a.last = 60, b.first = 10, b.last = 30;
    hole.first = 30, hole.last = 49;
    scope.ranges = ranges, scope.n_ranges = 2;
    scope.exclusions = holes, scope.n_exclusions = 1;
    cr_assert_eq(fo_ranges_of_scope(&scope, &have), FO_OK);
    cr_assert_eq(fo_ranges_of_list(expected, 2, &want), FO_OK);
    cr_assert_eq(have.count, 2);
    cr_assert(fo_ranges_equal(&have, &want));
    have.list[1].last = 61;
    cr_assert_not(fo_ranges_equal(&have, &want));
    fo_ranges_fini(&have);
    fo_ranges_fini(&want);
}
