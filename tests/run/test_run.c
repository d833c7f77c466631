#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <criterion/criterion.h>

#include "conn_rig.h"
#include "proto/message.h"
#include "run_rig.h"

static struct run_rig rig;
static char certs[64];

static void tear_down(void)
{
    run_rig_fini(&rig);
    if (certs[0] != '\0')
        remove_certs(certs);
}
TestSuite(run, .fini = tear_down);

static bool lease_acked(struct run_rig *r)
{
    return r->alpha.acked > 0 && r->beta.applied > 0;
}
static bool alpha_alone(struct run_rig *r)
{
    return is_state(&r->alpha, FO_STATE_COMMUNICATIONS_INTERRUPTED);
}

Test(run, a_fresh_pair_reaches_normal_and_a_lease_is_acknowledged)
{
    struct fo_binding there;

    run_rig_init(&rig, NULL);
    run_rig_until(&rig, both_normal, 20);
    cr_expect(!status_of(&rig.alpha).link_secure);
    cr_assert_eq(grant(&rig.alpha, SUBNET + 1, 1, 42), FO_OK);
    run_rig_until(&rig, lease_acked, 5);
    cr_expect_eq(rig.alpha.durable, 1);
    cr_expect_eq(rig.alpha.last_durable, 42);
    cr_expect_eq(rig.alpha.last_acked, 42);
    cr_assert_eq(fo_lease_db_get(fo_server_leases(fo_run_server(rig.beta.run)), SUBNET + 1, &there),
                 FO_OK);
    cr_expect_eq(there.status, FO_STATUS_ACTIVE);
    cr_expect_eq(there.client.hw[6], 1);
}

/* with a secret, both sides sign and verify. */
Test(run, a_shared_secret_is_used)
{
    const struct run_rig_options options = {.secret = "a secret of the test"};

    run_rig_init(&rig, &options);
    run_rig_until(&rig, both_normal, 20);
    cr_expect(status_of(&rig.alpha).digest_on);
    cr_expect(status_of(&rig.beta).digest_on);
}

/* §5.10: the protocol works through any clock difference. */
Test(run, clocks_may_differ)
{
    const struct run_rig_options options = {.beta_clock_offset_s = 7200};

    run_rig_init(&rig, &options);
    run_rig_until(&rig, both_normal, 20);
    cr_expect_leq(status_of(&rig.alpha).clock_delta_s, -7199);
    cr_expect_geq(status_of(&rig.beta).clock_delta_s, 7199);
}

/* --- TLS -------------------------------------------------------------------------------------- */

struct cert_files {
    char ca[96], cert[96], key[96];
    struct fo_tls_files files;
};

static const struct fo_tls_files *files_of(struct cert_files *f, const char *name)
{
    snprintf(f->ca, sizeof f->ca, "%s/ca.pem", certs);
    snprintf(f->cert, sizeof f->cert, "%s/%s.pem", certs, name);
    snprintf(f->key, sizeof f->key, "%s/%s.key", certs, name);
    f->files = (struct fo_tls_files){f->ca, f->cert, f->key};
    return &f->files;
}

static void init_with_tls(const char *beta_certificate, const char *alpha_calls_beta)
{
    struct cert_files alpha, beta;
    struct run_rig_options options = {.tls = FO_TLS_REQUIRED};

    make_certs(certs);
    options.alpha_tls = files_of(&alpha, "alpha");
    options.beta_tls = files_of(&beta, beta_certificate);
    options.alpha_calls_beta = alpha_calls_beta;
    run_rig_init(&rig, &options);
}

/* C-11: after TLS CONNECT again, then STATE. */
Test(run, a_pair_with_certificates_reaches_normal_inside_tls)
{
    init_with_tls("beta", "beta");
    run_rig_until(&rig, both_normal, 20);
    cr_expect(status_of(&rig.alpha).link_secure);
    cr_expect(status_of(&rig.beta).link_secure);
    cr_assert_eq(grant(&rig.alpha, SUBNET + 1, 1, 42), FO_OK);
    run_rig_until(&rig, lease_acked, 5);
}

static bool alpha_refused(struct run_rig *r)
{
    return strstr(r->alpha.log, "refused: the certificate is for") != NULL;
}

Test(run, a_partner_with_another_name_in_its_certificate_is_refused)
{
    init_with_tls("beta", "gamma");
    run_rig_until(&rig, alpha_refused, 20);
    cr_expect_not_null(strstr(rig.alpha.log, "DNS:beta"), "%s", rig.alpha.log);
    cr_expect_not_null(strstr(rig.alpha.log, "expected DNS:gamma"), "%s", rig.alpha.log);
    run_rig_turns(&rig, 300);
    cr_expect(!both_normal(&rig));
    cr_expect(!status_of(&rig.alpha).communications_ok);
    cr_expect(!status_of(&rig.beta).communications_ok);
}

/* --- strangers -------------------------------------------------------------------------------- */

static int call_beta(fo_ipv4_t source)
{
    struct sockaddr_in from = {.sin_family = AF_INET}, to = {.sin_family = AF_INET};
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);

    from.sin_addr.s_addr = htonl(source);
    to.sin_addr.s_addr = htonl(LOOPBACK(2));
    to.sin_port = htons(rig.beta_port);
    cr_assert_geq(fd, 0);
    cr_assert_eq(bind(fd, (struct sockaddr *)&from, sizeof from), 0);
    (void)!connect(fd, (struct sockaddr *)&to, sizeof to);
    return fd;
}

static bool told_both(struct run_rig *r)
{
    return r->alpha.acked > 1 && r->beta.applied > 1;
}

Test(run, a_thousand_idle_connections_do_not_disturb_a_pair)
{
    struct fo_run_stats stats;
    int fds[1000];

    run_rig_init(&rig, NULL);
    run_rig_until(&rig, both_normal, 20);
    for (unsigned i = 0; i < 1000; i++) { /* half of them from the partner's own address */
        fds[i] = call_beta(i % 2 == 0 ? LOOPBACK(1) : LOOPBACK(3 + i % 200));
        if (i % 50 == 0)
            run_rig_turns(&rig, 20);
    }
    cr_assert_eq(grant(&rig.alpha, SUBNET + 1, 1, 1), FO_OK);
    run_rig_until(&rig, lease_acked, 5);
    cr_expect(both_normal(&rig));
    fo_run_get_stats(rig.beta.run, &stats);
    cr_expect_leq(stats.links_open, 17, "16 from alpha's address, and the link itself");
    cr_expect_gt(stats.links_refused, 400);

    /* And a link that has to be made anew finds its way through the crowd. */
    fo_run_free(rig.alpha.run);
    rig.alpha.run = NULL;
    run_rig_turns(&rig, 50);
    cr_expect(is_state(&rig.beta, FO_STATE_COMMUNICATIONS_INTERRUPTED));
    run_rig_restart_alpha(&rig);
    run_rig_until(&rig, both_normal, 20);
    for (unsigned i = 0; i < 1000; i++)
        close(fds[i]);
}

Test(run, half_a_message_and_silence_do_not_disturb_a_pair)
{
    int half, shut;

    run_rig_init(&rig, NULL);
    run_rig_until(&rig, both_normal, 20);
    half = call_beta(LOOPBACK(1));
    shut = call_beta(LOOPBACK(1));
    run_rig_turns(&rig, 30);
    cr_assert_eq(send(half, "\0\x40\x05\x0c", 4, 0), 4);
    cr_assert_eq(send(shut, "\0\x40", 2, 0), 2);
    shutdown(shut, SHUT_WR);
    cr_assert_eq(grant(&rig.alpha, SUBNET + 1, 1, 1), FO_OK);
    run_rig_until(&rig, lease_acked, 5);
    cr_assert_eq(grant(&rig.alpha, SUBNET + 2, 2, 2), FO_OK);
    run_rig_until(&rig, told_both, 5);
    cr_expect(both_normal(&rig));
    close(half);
    close(shut);
}

/* W-04: a length that no message has closes the connection, and nothing else. */
Test(run, noise_closes_its_own_connection_only)
{
    char byte;
    int fd;

    run_rig_init(&rig, NULL);
    run_rig_until(&rig, both_normal, 20);
    fd = call_beta(LOOPBACK(1));
    run_rig_turns(&rig, 30);
    cr_assert_eq(send(fd, "GET / HTTP/1.0\r\n\r\n", 18, 0), 18);
    run_rig_turns(&rig, 100);
    cr_expect_eq(recv(fd, &byte, 1, 0), 0);
    cr_expect(both_normal(&rig));
    close(fd);
}

/* What stands behind a CONNECT that asks for TLS, in the clear, was put there by somebody. */
Test(run, bytes_behind_the_way_into_tls_close_the_connection)
{
    static struct fo_message m;
    uint8_t bytes[FO_MESSAGE_MAX + 8] = {0}, hba[FO_HBA_LENGTH] = {0}, answer[FO_MESSAGE_MAX];
    struct fo_writer w = fo_writer_of(bytes, FO_MESSAGE_MAX);
    const char *name = PAIR;
    ssize_t n;
    int fd;

    init_with_tls("beta", "beta");
    fo_message_reset(&m, FO_MSG_CONNECT, 1);
    m.time = fo_run_now(rig.alpha.run).utc;
    m.present = FO_OPT_BIT(FO_OPT_RELATIONSHIP_NAME) | FO_OPT_BIT(FO_OPT_MAX_UNACKED_BNDUPD) |
                FO_OPT_BIT(FO_OPT_RECEIVE_TIMER) | FO_OPT_BIT(FO_OPT_VENDOR_CLASS_IDENTIFIER) |
                FO_OPT_BIT(FO_OPT_PROTOCOL_VERSION) | FO_OPT_BIT(FO_OPT_TLS_REQUEST) |
                FO_OPT_BIT(FO_OPT_MCLT) | FO_OPT_BIT(FO_OPT_HASH_BUCKET_ASSIGNMENT);
    m.relationship_name = (struct fo_span){(const uint8_t *)name, (uint16_t)strlen(name)};
    m.vendor_class = m.relationship_name;
    m.hash_bucket_assignment = (struct fo_span){hba, sizeof hba};
    m.max_unacked_bndupd = 10;
    m.receive_timer_s = 30;
    m.mclt_s = 3600;
    m.protocol_version = 1;
    m.tls_request = 2;
    cr_assert_eq(fo_message_encode(&m, fo_dialect_get(FO_DIALECT_DRAFT), NULL, &w), FO_OK);

    fd = call_beta(LOOPBACK(1));
    run_rig_turns(&rig, 30);
    cr_assert_eq(send(fd, bytes, w.position + 5, 0), (ssize_t)w.position + 5);
    run_rig_turns(&rig, 200);
    n = recv(fd, answer, sizeof answer, 0);
    while (n > 0) /* a CONNECTACK may still come, then the end */
        n = recv(fd, answer, sizeof answer, 0);
    cr_expect_eq(n, 0, "closed");
    close(fd);
}

/* --- the end ---------------------------------------------------------------------------------- */

/* C-19: an established link is closed with DISCONNECT. */
Test(run, a_server_that_stops_says_goodbye)
{
    run_rig_init(&rig, NULL);
    run_rig_until(&rig, both_normal, 20);
    fo_run_stop(rig.beta.run, 1000);
    run_rig_until(&rig, alpha_alone, 5);
    cr_expect_not_null(strstr(rig.alpha.log, "the partner disconnected"), "%s", rig.alpha.log);
    cr_expect_eq(fo_run_submit(rig.beta.run, NULL, NULL, NULL), FO_ECLOSED);
}

Test(run, what_was_posted_before_the_stop_is_stored)
{
    run_rig_init(&rig, NULL);
    run_rig_until(&rig, both_normal, 20);
    cr_assert_eq(grant(&rig.alpha, SUBNET + 1, 1, 42), FO_OK);
    fo_run_stop(rig.alpha.run, 1000);
    run_rig_turns(&rig, 100);
    cr_expect_eq(rig.alpha.last_durable, 42);
}

Test(run, certificates_can_be_replaced_while_running_but_not_by_broken_ones)
{
    struct cert_files gone, fresh;
    char why[256];

    init_with_tls("beta", "beta");
    run_rig_until(&rig, both_normal, 20);
    cr_expect_eq(fo_run_reload_tls(rig.beta.run, files_of(&gone, "missing"), why, sizeof why),
                 FO_EINVAL);
    cr_expect_not_null(strstr(why, "missing.pem"), "%s", why);
    cr_expect_eq(fo_run_reload_tls(rig.beta.run, files_of(&fresh, "alpha"), why, sizeof why),
                 FO_OK);
    cr_expect(both_normal(&rig), "a link that is up is not touched");
}
