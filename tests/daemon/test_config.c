#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <criterion/criterion.h>

#include "fo/daemon/config.h"

static char path[] = "/tmp/fo-config-XXXXXX";
static struct fod_config config;
static char why[512];

static int read_text(const char *text)
{
    int fd = mkstemp(path);

    cr_assert_geq(fd, 0);
    cr_assert_eq(write(fd, text, strlen(text)), (ssize_t)strlen(text));
    (void)close(fd);
    return fod_config_read(path, &config, why, sizeof why);
}
static void tear_down(void)
{
    fod_config_fini(&config);
    (void)unlink(path);
}
TestSuite(config, .fini = tear_down);

static void expect_error(const char *text, int line, const char *words)
{
    char place[64];

    cr_expect_eq(read_text(text), FO_EINVAL, "%s", text);
    (void)snprintf(place, sizeof place, "%s:%d: ", path, line);
    if (line != 0)
        cr_expect_eq(strncmp(why, place, strlen(place)), 0, "%s", why);
    cr_expect_not_null(strstr(why, words), "%s", why);
    (void)unlink(path);
    memcpy(path, "/tmp/fo-config-XXXXXX", sizeof path);
}

Test(config, an_empty_file_gives_the_defaults)
{
    cr_assert_eq(read_text(""), FO_OK, "%s", why);
    cr_expect_str_eq(config.state_directory, "/var/lib/fod");
    cr_expect_str_eq(config.socket, "/run/fod/fod.sock");
    cr_assert_eq(config.listen_count, 1);
    cr_expect_eq(config.listen[0].address, 0);
    cr_expect_eq(config.listen[0].port, 647);
    cr_expect_eq(config.management_limits.connections, 256);
    cr_expect_eq(config.management_limits.frame_s, 60);
    cr_expect_eq(config.management_limits.idle_s, 600);
    cr_expect(!config.management_tls);
    cr_expect(!fod_config_has_tls(&config));
    cr_expect_neq(config.server_name[0], '\0');
}

Test(config, it_reads_like_dhcpd_conf)
{
    const struct fo_relationship *p;

    cr_assert_eq(read_text("failover { listen = {\"192.0.2.1:1647\", \"192.0.2.9\"} }\n"
                           "scope \"10.0.0.0/24\" {\n"
                           "  name = \"floor\"\n"
                           "  range = {\"10.0.0.10-10.0.0.99\"}\n"
                           "  exclude = {\"10.0.0.50-10.0.0.59\"}\n"
                           "}\n"
                           "failover-peer \"alpha\" {\n"
                           "  role = \"secondary\"\n"
                           "  address = \"192.0.2.2\"\n"
                           "  peer-address = \"192.0.2.1\"\n"
                           "  mode = \"hot-standby\"\n"
                           "  dialect = \"isc\"\n"
                           "  split = 128\n"
                           "  scopes = {\"10.0.0.0\"}\n"
                           "}\n"),
                 FO_OK, "%s", why);
    cr_assert_eq(config.listen_count, 2);
    cr_expect_eq(config.listen[0].port, 1647);
    cr_expect_eq(config.listen[1].port, 647);
    cr_assert_eq(config.scope_count, 1);
    cr_expect_eq(fo_scope_size(&config.scopes[0]), 80);
    cr_assert_eq(config.peer_count, 1);
    p = &config.peers[0];
    cr_expect_str_eq(p->name, "alpha");
    cr_expect_eq(p->role, FO_ROLE_SECONDARY);
    cr_expect_eq(p->primary_server, 0xc0000201);
    cr_expect_eq(p->secondary_server, 0xc0000202);
    cr_expect_eq(p->mode, FO_MODE_HOT_STANDBY);
    cr_expect_eq(p->percentage, 5, "the default of the mode");
    cr_expect_eq(p->mclt_s, 3600);
    cr_expect_eq(p->safe_period_s, FO_SAFE_PERIOD_NEVER);
    cr_expect_eq(p->dialect, FO_DIALECT_ISC);
    cr_expect(!p->dialect_auto);
    cr_expect(p->has_buckets);
    cr_assert_eq(p->scope_count, 1);
    cr_expect_eq(p->scopes[0], 0x0a000000);
}

Test(config, errors_name_file_line_key_and_range)
{
    expect_error("\n\nstartup-seconds = 90000\n", 3,
                 "startup-seconds = 90000 is not between 0 and");
    expect_error(
        "heartbeat-seconds = 3601\n", 1,
        "heartbeat-seconds = 3601 is not between 0 and 3600 (seconds; 0 is 10)"); /* fo/server.h */
    expect_error("nonsense = 1\n", 1, "nonsense");
    expect_error("startup-seconds = soon\n", 1, "startup-seconds");
    expect_error("log = \"paper\"\n", 1, "log = \"paper\" is none of: stderr, journal");
    expect_error("failover {\n  listen = {\"300.1.1.1:647\"}\n}\n", 2, "listen");
    expect_error("failover {\n  listen = {\"1.1.1.1:70000\"}\n}\n", 2, "listen");
    expect_error("management {\n  idle-seconds = 0\n}\n", 2, "idle-seconds = 0");
    expect_error("failover-peer \"a\" {\n  percent = 101\n}\n", 2, "percent = 101");
    expect_error("failover-peer \"a\" {\n  mode = \"both\"\n}\n", 2, "mode");
    expect_error("failover-peer \"a\" {\n  address = \"here\"\n}\n", 2, "address");
    expect_error("scope \"10.0.0.0/24\" {\n  range = {\"10.0.0.9-10.0.0.1\"}\n}\n", 2, "range");
    expect_error("failover { listen = {\"1.1.1.1:1\"\n", 0, path);
}

Test(config, what_belongs_together_is_asked_for_together)
{
    expect_error("tls { ca = \"x\" }\n", 0, "needed together");
    expect_error("management { tls-listen = \"0.0.0.0:8647\" }\n", 0, "needs the tls section");
    expect_error("failover-peer \"a\" { role = \"primary\" }\n", 0, "address is missing");
    expect_error("scope \"10.0.0.5/24\" { }\n", 0, "scope \"10.0.0.5/24\"");
    expect_error("scope \"10.0.0.0\" { }\n", 0, "expected a subnet");
    expect_error("scope \"10.0.0.0/24\" { range = {\"10.0.1.1-10.0.1.9\"} }\n", 0, "10.0.0.0/24");
}

Test(config, a_file_that_is_not_there_is_told)
{
    cr_expect_eq(fod_config_read("/nowhere/fod.conf", &config, why, sizeof why), FO_EIO);
    cr_expect_not_null(strstr(why, "/nowhere/fod.conf"));
}
