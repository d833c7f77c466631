/* A line for every change: all of them in the file, what repeats counted in the log. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <criterion/criterion.h>

#include "mgmt/audit.h"
#include "proto/win32.h"

static char said[2000][700];
static size_t said_count;

static void hear(void *context, enum fo_notice_level level, const char *line)
{
    (void)context;
    (void)level;
    (void)snprintf(said[said_count++ % 2000], sizeof said[0], "%s", line);
}

static const struct fo_caller root = {FO_RIGHT_ADMINISTER, "uid=0", "pid=12"};

static void note(struct fo_audit *a, uint32_t when, const char *on, uint32_t code, bool often)
{
    struct fo_audit_entry e = {fo_utc(when), &root, "DhcpCreateSubnet", on, code, often};
    fo_audit_note(a, &e);
}

static struct fo_audit *audit(const char *path)
{
    struct fo_audit *a = NULL;
    char why[200] = "";
    cr_assert_eq(fo_audit_new(path, hear, NULL, &a, why, sizeof why), FO_OK, "%s", why);
    return a;
}

Test(audit, a_line_says_who_from_where_what_and_the_result)
{
    struct fo_audit *a = audit(NULL);
    note(a, 1000, "10.0.0.0", ERROR_DHCP_SUBNET_EXISTS, false);
    cr_assert_eq(said_count, 1);
    cr_assert_str_eq(said[0], "audit: by=\"uid=0\" from=\"pid=12\" call=DhcpCreateSubnet "
                              "on=\"10.0.0.0\" result=ERROR_DHCP_SUBNET_EXISTS(20052)");
    fo_audit_free(a);
}

Test(audit, what_a_caller_chose_cannot_make_a_second_line)
{
    struct fo_audit *a = audit(NULL);
    note(a, 1000, "lab\" result=ERROR_SUCCESS(0)\naudit: by=", ERROR_ACCESS_DENIED, false);
    cr_assert_eq(said_count, 1);
    cr_assert_null(strchr(said[0], '\n'));
    cr_assert_not_null(strstr(said[0], "on=\"lab? result=ERROR_SUCCESS(0)?audit: by=\" result="));
    fo_audit_free(a);
}

Test(audit, leases_by_the_thousand_are_one_line_and_a_count)
{
    struct fo_audit *a = audit(NULL);
    for (unsigned n = 0; n < 5000; n++)
        note(a, 1000, "10.0.0.7", ERROR_SUCCESS, true);
    cr_assert_eq(said_count, 1);
    fo_audit_tick(a, fo_utc(1001));
    cr_assert_eq(said_count, 2);
    cr_assert_not_null(strstr(said[1], "and=4999 like it"), "%s", said[1]);
    fo_audit_tick(a, fo_utc(1002));
    cr_assert_eq(said_count, 2);
    note(a, 1002, "10.0.0.7", ERROR_SUCCESS, true);
    note(a, 1002, "10.0.0.8", ERROR_DHCP_CLIENT_EXISTS, true); /* another result is another line */
    cr_assert_eq(said_count, 4);
    fo_audit_free(a);
}

Test(audit, more_than_600_lines_a_minute_are_counted)
{
    struct fo_audit *a = audit(NULL);
    for (unsigned n = 0; n < 1000; n++)
        note(a, 6000, "10.0.0.0", ERROR_ACCESS_DENIED, false);
    cr_assert_eq(said_count, 600);
    note(a, 6060, "10.0.0.0", ERROR_SUCCESS, false);
    cr_assert_eq(said_count, 602);
    cr_assert_not_null(strstr(said[600], "withheld=400"), "%s", said[600]);
    fo_audit_free(a);
}

static unsigned lines_of(const char *path)
{
    FILE *f = fopen(path, "r");
    char line[800];
    unsigned n = 0;
    cr_assert_not_null(f);
    while (fgets(line, sizeof line, f) != NULL)
        n++;
    (void)fclose(f);
    return n;
}

Test(audit, the_file_has_every_one_and_can_be_moved_away)
{
    char directory[] = "/tmp/fo-audit-XXXXXX", path[64], moved[64], why[200];
    struct fo_audit *a;
    cr_assert_not_null(mkdtemp(directory));
    (void)snprintf(path, sizeof path, "%s/audit", directory);
    (void)snprintf(moved, sizeof moved, "%s/moved", directory);
    a = audit(path);
    for (unsigned n = 0; n < 1500; n++)
        note(a, 6000, "10.0.0.7", ERROR_SUCCESS, n % 2 == 0);
    cr_assert_eq(lines_of(path), 1500);
    cr_assert_eq(rename(path, moved), 0);
    cr_assert_eq(fo_audit_reopen(a, why, sizeof why), FO_OK);
    note(a, 6001, "10.0.0.7", ERROR_SUCCESS, true);
    cr_assert_eq(lines_of(path), 1);
    cr_assert_eq(lines_of(moved), 1500);
    fo_audit_free(a);
    (void)unlink(path);
    (void)unlink(moved);
    (void)rmdir(directory);
}

Test(audit, a_file_that_cannot_be_opened_is_named)
{
    struct fo_audit *a = NULL;
    char why[200] = "";
    cr_assert_eq(fo_audit_new("/nowhere/audit", hear, NULL, &a, why, sizeof why), FO_EIO);
    cr_assert_not_null(strstr(why, "/nowhere/audit"), "%s", why);
}
