#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <criterion/criterion.h>

#include "conn_rig.h"

static char certs[64], ca[128], cert[128], key[128];

static void set_up(void)
{
    make_certs(certs);
    snprintf(ca, sizeof ca, "%s/ca.pem", certs);
    snprintf(cert, sizeof cert, "%s/alpha.pem", certs);
    snprintf(key, sizeof key, "%s/alpha.key", certs);
}
static void tear_down(void)
{
    remove_certs(certs);
}
TestSuite(tls, .init = set_up, .fini = tear_down);

static void expect_refused(const char *sentence)
{
    const struct fo_tls_files files = {ca, cert, key};
    struct fo_tls *tls = NULL;
    char why[256] = "";

    cr_expect_eq(fo_tls_new(&files, &tls, why, sizeof why), FO_EINVAL);
    cr_expect_null(tls);
    cr_expect_not_null(strstr(why, sentence), "%s", why);
}

Test(tls, a_missing_file_is_named)
{
    snprintf(ca, sizeof ca, "/nonexistent/ca.pem");
    expect_refused("cannot use /nonexistent/ca.pem for TLS");
}

Test(tls, a_key_of_another_certificate_is_refused)
{
    snprintf(key, sizeof key, "%s/beta.key", certs);
    expect_refused("beta.key for TLS: key values mismatch");
}

Test(tls, a_file_that_is_no_certificate_is_refused)
{
    int fd;

    snprintf(cert, sizeof cert, "%s/noise.pem", certs);
    fd = open(cert, O_CREAT | O_WRONLY, 0600);
    cr_assert_eq(write(fd, "noise\n", 6), 6);
    close(fd);
    expect_refused("noise.pem for TLS");
}

Test(tls, all_three_files_are_needed)
{
    const struct fo_tls_files files = {ca, cert, NULL};
    struct fo_tls *tls = NULL;
    char why[256];

    cr_expect_eq(fo_tls_new(&files, &tls, why, sizeof why), FO_EINVAL);
    cr_expect_not_null(strstr(why, "a key file"));
}
