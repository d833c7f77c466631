#include <stdio.h>
#include <string.h>

#include <criterion/criterion.h>

#include "mgmt/leases_file.h"

static struct {
    unsigned line;
    char why[80];
} skips[16];
static size_t skip_count;

static void note(void *context, unsigned line, const char *why)
{
    (void)context;
    if (skip_count < 16) {
        skips[skip_count].line = line;
        strncpy(skips[skip_count].why, why, sizeof skips[0].why - 1);
        skip_count++;
    }
}

static struct fo_leases_reader *read_text(const char *text)
{
    struct fo_leases_reader *r = fo_leases_reader_new(note, NULL);
    char line[8192];

    while (*text != '\0') {
        size_t length = strcspn(text, "\n");
        memcpy(line, text, length);
        line[length] = '\0';
        cr_assert_eq(fo_leases_reader_line(r, line), FO_OK);
        text += length + (text[length] == '\n');
    }
    fo_leases_reader_end(r);
    return r;
}

/* As dhcpd 4.4.3 writes it, with a failover peer. */
static const char file[] = "# The format of this file is documented in dhcpd.leases(5).\n"
                           "# This lease file was written by isc-dhcp-4.4.3-P1\n"
                           "\n"
                           "authoring-byte-order little-endian;\n"
                           "\n"
                           "failover peer \"dhcp\" state {\n"
                           "  my state normal at 4 2023/11/16 10:00:00;\n"
                           "  partner state normal at 4 2023/11/16 10:00:01;\n"
                           "  mclt 3600;\n"
                           "}\n"
                           "lease 10.0.0.21 {\n"
                           "  starts 4 2023/11/16 10:00:00;\n"
                           "  ends never;\n"
                           "  binding state active;\n"
                           "  hardware ethernet 0:c:1:2:3:5;\n"
                           "}\n"
                           "lease 10.0.0.20 {\n"
                           "  starts 4 2023/11/16 10:00:00;\n"
                           "  ends 4 2023/11/16 11:00:00;\n"
                           "  tstp 4 2023/11/16 11:30:00;\n"
                           "  tsfp 4 2023/11/16 11:30:00;\n"
                           "  atsfp 4 2023/11/16 11:30:00;\n"
                           "  cltt 4 2023/11/16 10:00:00;\n"
                           "  binding state active;\n"
                           "  next binding state expired;\n"
                           "  hardware ethernet 00:0c:01:02:03:04;\n"
                           "  uid \"\\001\\000\\014)O\\216\\\"\\\\\";\n"
                           "  set vendor-class-identifier = \"udhcp } 1.3\";\n"
                           "  client-hostname \"pc-one\";\n"
                           "  on expiry or release {\n"
                           "    if known {\n"
                           "      execute (\"x\");\n"
                           "    }\n"
                           "  }\n"
                           "}\n";

Test(leases_file, a_file_as_dhcpd_writes_it)
{
    static const uint8_t hw[] = {1, 0, 0x0c, 1, 2, 3, 4};
    static const uint8_t id[] = {1, 0, 0x0c, ')', 'O', 0x8e, '"', '\\'};
    struct fo_leases_reader *r = read_text(file);
    const struct fo_leases_entry *e;

    cr_assert_eq(fo_leases_reader_count(r), 2);
    e = fo_leases_reader_at(r, 0);
    cr_expect_eq(e->address, 0x0a000014);
    cr_expect_eq(e->line, 17);
    cr_expect_eq(e->status, FO_STATUS_ACTIVE);
    cr_expect_eq(e->starts, 1700128800);
    cr_expect_eq(e->ends, 1700132400);
    cr_expect_eq(e->tstp, 1700134200);
    cr_expect_eq(e->tsfp, 1700134200);
    cr_expect_eq(e->atsfp, 1700134200);
    cr_expect_eq(e->cltt, 1700128800);
    cr_assert_eq(e->hw_length, sizeof hw);
    cr_expect_eq(memcmp(e->hw, hw, sizeof hw), 0);
    cr_assert_eq(e->id_length, sizeof id);
    cr_expect_eq(memcmp(e->id, id, sizeof id), 0);
    cr_expect_str_eq(e->hostname, "pc-one");
    e = fo_leases_reader_at(r, 1);
    cr_expect_eq(e->address, 0x0a000015);
    cr_expect_eq(e->ends, FO_UTC_INFINITE);
    cr_expect_eq(e->id_length, 0);
    cr_assert_eq(skip_count, 1, "the peer's state is no lease");
    cr_expect_eq(skips[0].line, 6);
    fo_leases_reader_free(r);
}

Test(leases_file, the_last_record_of_an_address_wins)
{
    struct fo_leases_reader *r = read_text("lease 10.0.0.1 {\n  binding state active;\n}\n"
                                           "lease 10.0.0.1 {\n  binding state free;\n}\n");

    cr_assert_eq(fo_leases_reader_count(r), 1);
    cr_expect_eq(fo_leases_reader_at(r, 0)->status, FO_STATUS_FREE);
    fo_leases_reader_free(r);
}

Test(leases_file, times_also_come_as_epoch)
{
    struct fo_leases_reader *r =
        read_text("lease 10.0.0.1 {\n  ends epoch 1700132400; # Thu Nov 16 11:00:00 2023\n}\n");

    cr_expect_eq(fo_leases_reader_at(r, 0)->ends, 1700132400);
    fo_leases_reader_free(r);
}

Test(leases_file, a_bad_value_costs_its_record_and_no_other)
{
    static const char *const bad[] = {
        "ends 4 yesterday;",
        "binding state sleeping;",
        "hardware ethernet 00:zz;",
        "hardware pigeon 00:01;",
        "uid \"\\001;",
        "uid 01:02:333;",
        "hardware ethernet 0:1:2:3:4:5:6:7:8:9:a:b:c:d:e:f:10:11:12:13:14:15;",
    };

    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        char text[300];
        struct fo_leases_reader *r;
        (void)snprintf(text, sizeof text,
                       "lease 10.0.0.1 {\n  %s\n  %s\n}\nlease 10.0.0.2 {\n  bootp;\n}\n", bad[i],
                       bad[i]);
        skip_count = 0;
        r = read_text(text);
        cr_expect_eq(fo_leases_reader_count(r), 1, "%s", bad[i]);
        cr_expect_eq(skip_count, 1, "told once: %s", bad[i]);
        cr_expect_eq(skips[0].line, 2, "by line: %s", bad[i]);
        fo_leases_reader_free(r);
    }
}

Test(leases_file, a_record_that_does_not_end_is_not_taken)
{
    struct fo_leases_reader *r = read_text("lease 10.0.0.1 {\n  binding state active;\n"
                                           "lease 10.0.0.2 {\n  binding state active;\n}\n"
                                           "lease 10.0.0.3 {\n  binding state active;\n");

    cr_assert_eq(fo_leases_reader_count(r), 1);
    cr_expect_eq(fo_leases_reader_at(r, 0)->address, 0x0a000002);
    cr_assert_eq(skip_count, 2);
    cr_expect_eq(skips[0].line, 1);
    cr_expect_eq(skips[1].line, 6);
    fo_leases_reader_free(r);
}

Test(leases_file, what_is_no_lease_is_passed_over)
{
    static char wide[5001];
    struct fo_leases_reader *r;

    memset(wide, 'x', sizeof wide - 1);
    r = read_text("}\n}\nlease nonsense {\n}\nlease 10.0.0.9 { bootp; }\nia-na \"x\" {\n  cltt 1;\n"
                  "}\nlease 1.2.3.4.5 {\n}\n");
    cr_assert_eq(fo_leases_reader_line(r, wide), FO_OK);
    cr_expect_eq(fo_leases_reader_count(r), 0);
    cr_expect_eq(skip_count, 5);
    fo_leases_reader_free(r);
}
