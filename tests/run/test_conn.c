#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <criterion/criterion.h>
#include <event2/buffer.h>

#include "conn_rig.h"

static struct conn_rig rig;

static void set_up(void)
{
    conn_rig_init(&rig);
}
static void tear_down(void)
{
    conn_rig_fini(&rig);
}
TestSuite(conn, .init = set_up, .fini = tear_down);

Test(conn, both_ends_send_and_receive)
{
    conn_rig_connect(&rig);
    fo_conn_send(west_conn(&rig), "ping", 4);
    fo_conn_flush(west_conn(&rig));
    run_until_received(&rig, &rig.east, 4);
    fo_conn_send(east_conn(&rig), "pong", 4);
    fo_conn_flush(east_conn(&rig));
    run_until_received(&rig, &rig.west, 4);
    cr_expect_arr_eq(rig.east.bytes, "ping", 4);
    cr_expect_arr_eq(rig.west.bytes, "pong", 4);
}

Test(conn, nothing_leaves_before_the_flush)
{
    conn_rig_connect(&rig);
    fo_conn_send(west_conn(&rig), "ping", 4);
    for (int i = 0; i < 20; i++)
        turn(&rig);
    cr_expect_eq(rig.east.received, 0);
    fo_conn_flush(west_conn(&rig));
    run_until_received(&rig, &rig.east, 4);
}

Test(conn, a_partner_that_closes_is_heard_with_its_last_bytes)
{
    conn_rig_connect(&rig);
    fo_conn_send(west_conn(&rig), "bye", 3);
    fo_conn_flush(west_conn(&rig));
    fo_conn_lose(west_conn(&rig), "the test says so");
    run_until(&rig, &rig.east.heard, FO_CONN_OWES_DOWN);
    cr_expect_eq(rig.east.received, 3);
    cr_expect_str_eq(rig.east.down, "closed by the partner");
}

Test(conn, a_link_closed_by_the_server_says_its_last_words_although_bytes_are_unread)
{
    static const uint8_t noise[4096];

    conn_rig_connect(&rig);
    rig.west.reads = false;
    fo_conn_send(east_conn(&rig), noise, sizeof noise);
    fo_conn_flush(east_conn(&rig));
    for (int i = 0; i < 5; i++)
        turn(&rig);

    fo_conn_send(west_conn(&rig), "refused", 7);
    fo_conn_close(west_conn(&rig));
    cr_expect_null(west_conn(&rig), "the server has finished with it");
    fo_conn_flush(TAILQ_FIRST(&rig.west.conns.all));
    run_until_received(&rig, &rig.east, 7);
    run_until(&rig, &rig.east.heard, FO_CONN_OWES_DOWN);
    while (rig.west.conns.count > 0)
        turn(&rig);
    cr_expect_eq(rig.west.downs, 0, "and hears no more of it");
}

Test(conn, a_link_closed_by_the_server_does_not_wait_for_ever)
{
    conn_rig_connect(&rig);
    rig.west.conns.close_ms = 20;
    fo_conn_send(west_conn(&rig), "refused", 7);
    fo_conn_close(west_conn(&rig));
    fo_conn_flush(TAILQ_FIRST(&rig.west.conns.all));
    rig.east.reads = false; /* and so never answers the end with its own */
    while (rig.west.conns.count > 0)
        turn(&rig);
    cr_expect_eq(rig.west.downs, 0);
}

Test(conn, a_link_to_which_nothing_was_said_is_closed_at_once)
{
    conn_rig_connect(&rig);
    fo_conn_close(east_conn(&rig));
    cr_expect_eq(rig.east.conns.count, 0);
    run_until(&rig, &rig.west.heard, FO_CONN_OWES_DOWN);
}

/* §8.3: writes must not block the server, and the queue is bounded. */
Test(conn, a_partner_that_does_not_read_is_dropped_at_the_limit)
{
    static const uint8_t chunk[65536];

    conn_rig_connect(&rig);
    rig.west.conns.limits.buffered_bytes = 1u << 20;
    rig.east.reads = false;
    for (int i = 0; i < 1000 && rig.west.downs == 0; i++) {
        struct fo_conn *c = west_conn(&rig);

        if (c != NULL) {
            fo_conn_send(c, chunk, sizeof chunk);
            if (c->stage == FO_CONN_PLAIN)
                cr_assert_leq(evbuffer_get_length(c->output), (size_t)1 << 20);
            fo_conn_flush(c);
        }
        turn(&rig);
    }
    cr_expect_eq(rig.west.downs, 1);
    cr_expect_str_eq(rig.west.down, "the partner does not read what it is sent");
    cr_expect_not_null(strstr(rig.west.log, "partner=127.0.0.2 dropped"), "%s", rig.west.log);
}

/* C-15: no CONNECT within the limit. */
Test(conn, an_accepted_link_that_nobody_answers_is_dropped)
{
    rig.east.conns.limits.handshake_ms = 30;
    conn_rig_connect(&rig);
    run_until(&rig, &rig.east.heard, FO_CONN_OWES_DOWN);
    cr_expect_str_eq(rig.east.down, "no CONNECT within 30 ms");
}

Test(conn, an_answered_link_stays)
{
    rig.east.conns.limits.handshake_ms = 30;
    conn_rig_connect(&rig);
    fo_conn_send(east_conn(&rig), "ack", 3);
    fo_conn_flush(east_conn(&rig));
    for (int i = 0; i < 100; i++)
        turn(&rig);
    cr_expect_eq(rig.east.downs, 0);
    cr_expect_not_null(east_conn(&rig));
}

Test(conn, a_lost_link_is_found_and_ignores_what_it_is_told)
{
    static const struct fo_tls_partner nobody;

    conn_rig_connect(&rig);
    fo_conn_lose(west_conn(&rig), "cut");
    cr_assert_not_null(west_conn(&rig));
    fo_conn_send(west_conn(&rig), "late", 4);
    fo_conn_start_tls(west_conn(&rig), false, &nobody);
    fo_conn_flush(west_conn(&rig));
    run_until(&rig, &rig.west.heard, FO_CONN_OWES_DOWN);
    cr_expect_str_eq(rig.west.down, "cut");
    cr_expect_eq(rig.west.downs, 1);
}
