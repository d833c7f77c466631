#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#include <criterion/criterion.h>

#include "conn_rig.h"

static struct conn_rig rig;
static char certs[64];
static struct fo_tls_partner alpha = {.name = "alpha", .address = LOOPBACK(1)};
static struct fo_tls_partner beta = {.name = "beta", .address = LOOPBACK(2)};

static void set_up(void)
{
    make_certs(certs);
    conn_rig_init(&rig);
    rig.west.conns.tls = load_tls(certs, "alpha");
    rig.east.conns.tls = load_tls(certs, "beta");
    conn_rig_connect(&rig);
}
static void tear_down(void)
{
    conn_rig_fini(&rig);
    remove_certs(certs);
}
TestSuite(conn_tls, .init = set_up, .fini = tear_down);

/* As the server does it: CONNECTACK in the clear, then TLS; west is the client (§8.2). */
static void upgrade(const struct fo_tls_partner *west_expects,
                    const struct fo_tls_partner *east_expects)
{
    fo_conn_send(east_conn(&rig), "ack", 3);
    fo_conn_start_tls(east_conn(&rig), true, east_expects);
    fo_conn_flush(east_conn(&rig));
    run_until_received(&rig, &rig.west, 3);
    fo_conn_start_tls(west_conn(&rig), false, west_expects);
    fo_conn_flush(west_conn(&rig));
}

Test(conn_tls, an_upgraded_link_is_secure_and_carries_bytes_both_ways)
{
    static uint8_t much[50000];

    memset(much, 7, sizeof much);
    upgrade(&beta, &alpha);
    run_until(&rig, &rig.west.heard, FO_CONN_OWES_SECURE);
    run_until(&rig, &rig.east.heard, FO_CONN_OWES_SECURE);
    cr_expect_eq(SSL_version(west_conn(&rig)->session), TLS1_3_VERSION);

    fo_conn_send(west_conn(&rig), much, sizeof much);
    fo_conn_flush(west_conn(&rig));
    run_until_received(&rig, &rig.east, sizeof much);
    cr_expect_arr_eq(rig.east.bytes, much, sizeof much);
    fo_conn_send(east_conn(&rig), "pong", 4);
    fo_conn_flush(east_conn(&rig));
    run_until_received(&rig, &rig.west, 7);
    cr_expect_arr_eq(rig.west.bytes, "ackpong", 7);
}

Test(conn_tls, a_secure_partner_that_closes_is_heard)
{
    upgrade(&beta, &alpha);
    run_until(&rig, &rig.west.heard, FO_CONN_OWES_SECURE);
    run_until(&rig, &rig.east.heard, FO_CONN_OWES_SECURE);
    fo_conn_send(east_conn(&rig), "last", 4);
    fo_conn_close(east_conn(&rig));
    fo_conn_flush(TAILQ_FIRST(&rig.east.conns.all));
    run_until(&rig, &rig.west.heard, FO_CONN_OWES_DOWN);
    cr_expect_arr_eq(rig.west.bytes, "acklast", 7);
    cr_expect_str_eq(rig.west.down, "closed by the partner");
}

Test(conn_tls, without_a_name_the_address_decides)
{
    struct fo_tls_partner east = {.address = LOOPBACK(2)}, west = {.address = LOOPBACK(1)};

    upgrade(&east, &west);
    run_until(&rig, &rig.west.heard, FO_CONN_OWES_SECURE);
    run_until(&rig, &rig.east.heard, FO_CONN_OWES_SECURE);
}

Test(conn_tls, a_certificate_of_another_name_is_refused_naming_both)
{
    struct fo_tls_partner gamma = {.name = "gamma", .address = LOOPBACK(2)};

    upgrade(&gamma, &alpha);
    run_until(&rig, &rig.west.heard, FO_CONN_OWES_DOWN);
    cr_expect_str_eq(rig.west.down,
                     "the certificate is for DNS:beta IP:127.0.0.2, expected DNS:gamma");
    cr_expect_not_null(strstr(rig.west.log, "tls: link=2 partner=127.0.0.2 refused: "
                                            "the certificate is for DNS:beta IP:127.0.0.2"),
                       "%s", rig.west.log);
    cr_expect_eq(rig.west.heard & FO_CONN_OWES_SECURE, 0);
    run_until(&rig, &rig.east.heard, FO_CONN_OWES_DOWN);
}

Test(conn_tls, the_side_that_accepted_checks_the_name_too)
{
    struct fo_tls_partner gamma = {.name = "gamma", .address = LOOPBACK(1)};

    upgrade(&beta, &gamma);
    run_until(&rig, &rig.east.heard, FO_CONN_OWES_DOWN);
    cr_expect_not_null(strstr(rig.east.down, "expected DNS:gamma"), "%s", rig.east.down);
    cr_expect_eq(rig.east.heard & FO_CONN_OWES_SECURE, 0);
    run_until(&rig, &rig.west.heard, FO_CONN_OWES_DOWN);
}

Test(conn_tls, another_address_is_refused)
{
    struct fo_tls_partner elsewhere = {.address = LOOPBACK(9)};

    upgrade(&elsewhere, &alpha);
    run_until(&rig, &rig.west.heard, FO_CONN_OWES_DOWN);
    cr_expect_not_null(strstr(rig.west.down, "expected IP:127.0.0.9"), "%s", rig.west.down);
}

Test(conn_tls, a_certificate_of_another_ca_is_refused)
{
    char others[64];

    make_certs(others);
    fo_tls_free(rig.east.conns.tls);
    rig.east.conns.tls = load_tls(others, "beta");
    upgrade(&beta, &alpha);
    run_until(&rig, &rig.west.heard, FO_CONN_OWES_DOWN);
    cr_expect_not_null(strstr(rig.west.down, "certificate refused"), "%s", rig.west.down);
    run_until(&rig, &rig.east.heard, FO_CONN_OWES_DOWN);
    cr_expect_eq(rig.west.heard & FO_CONN_OWES_SECURE, 0);
    cr_expect_eq(rig.east.heard & FO_CONN_OWES_SECURE, 0);
    remove_certs(others);
}

Test(conn_tls, an_administrators_certificate_is_no_partners)
{
    fo_tls_free(rig.west.conns.tls);
    rig.west.conns.tls = load_tls(certs, "admin");
    upgrade(&beta, &alpha);
    run_until(&rig, &rig.east.heard, FO_CONN_OWES_DOWN);
    cr_expect_eq(rig.east.heard & FO_CONN_OWES_SECURE, 0);
}

/* Bytes in the clear before the handshake would be taken for protected ones: somebody else's. */
Test(conn_tls, bytes_injected_before_the_handshake_drop_the_link)
{
    rig.east.reads = false;
    fo_conn_send(west_conn(&rig), "injected", 8);
    fo_conn_flush(west_conn(&rig));
    run_until(&rig, &rig.east.heard, FO_CONN_OWES_BYTES);
    fo_conn_start_tls(east_conn(&rig), true, &alpha);
    run_until(&rig, &rig.east.heard, FO_CONN_OWES_DOWN);
    cr_expect_str_eq(rig.east.down, "bytes arrived before the TLS handshake");
    cr_expect_eq(rig.east.received, 0);
}

Test(conn_tls, plain_bytes_during_the_handshake_drop_the_link)
{
    fo_conn_send(east_conn(&rig), "ack", 3);
    fo_conn_start_tls(east_conn(&rig), true, &alpha);
    fo_conn_flush(east_conn(&rig));
    fo_conn_send(west_conn(&rig), "this is no ClientHello", 22);
    fo_conn_flush(west_conn(&rig));
    run_until(&rig, &rig.east.heard, FO_CONN_OWES_DOWN);
    cr_expect_eq(rig.east.received, 0);
    cr_expect_eq(rig.east.heard & FO_CONN_OWES_SECURE, 0);
}

Test(conn_tls, tls_without_certificates_drops_the_link)
{
    fo_tls_free(rig.east.conns.tls);
    rig.east.conns.tls = NULL;
    fo_conn_start_tls(east_conn(&rig), true, &alpha);
    run_until(&rig, &rig.east.heard, FO_CONN_OWES_DOWN);
    cr_expect_not_null(strstr(rig.east.down, "no certificates are configured"));
}

Test(conn_tls, a_handshake_that_hangs_is_given_up)
{
    rig.west.conns.limits.handshake_ms = 30;
    fo_conn_start_tls(west_conn(&rig), false, &beta);
    fo_conn_flush(west_conn(&rig));
    run_until(&rig, &rig.west.heard, FO_CONN_OWES_DOWN);
    cr_expect_str_eq(rig.west.down, "the TLS handshake took too long");
}

/* The limit from accept to CONNECT counts until the protected CONNECT is answered. */
Test(conn_tls, an_accepted_link_that_falls_silent_after_tls_is_dropped)
{
    fo_conn_set_deadline(east_conn(&rig), 300);
    upgrade(&beta, &alpha);
    run_until(&rig, &rig.east.heard, FO_CONN_OWES_SECURE);
    run_until(&rig, &rig.east.heard, FO_CONN_OWES_DOWN);
    cr_expect_not_null(strstr(rig.east.down, "no CONNECT within"), "%s", rig.east.down);
}

Test(conn_tls, tls_1_2_is_refused)
{
    SSL_CTX *old = SSL_CTX_new(TLS_client_method());
    SSL *session = SSL_new(old);

    SSL_set_max_proto_version(session, TLS1_2_VERSION);
    fo_conn_send(east_conn(&rig), "ack", 3);
    fo_conn_start_tls(east_conn(&rig), true, &alpha);
    fo_conn_flush(east_conn(&rig));
    SSL_set_fd(session, west_conn(&rig)->fd);
    rig.west.reads = false;
    (void)!SSL_connect(session); /* sends its ClientHello, the rest does not matter */
    run_until(&rig, &rig.east.heard, FO_CONN_OWES_DOWN);
    cr_expect_str_eq(rig.east.down, "TLS: unsupported protocol");
    SSL_free(session);
    SSL_CTX_free(old);
}
