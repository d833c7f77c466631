#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <criterion/criterion.h>

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
TestSuite(dial, .init = set_up, .fini = tear_down);

/* §8.2 and ISC: the partner knows us by our address. */
Test(dial, a_dial_comes_from_the_address_it_was_told)
{
    const struct fo_effect dial = dial_effect(LOOPBACK(7), fo_listener_port(rig.east.listener));

    cr_assert_eq(fo_conn_dial(&rig.west.conns, &dial), FO_OK);
    run_until(&rig, &rig.east.heard, FO_CONN_OWES_UP);
    cr_expect_eq(east_conn(&rig)->address, LOOPBACK(7));
    cr_expect(east_conn(&rig)->accepted);
    cr_expect_eq(rig.east.listening.last_id % 2, 1);
}

Test(dial, an_address_that_is_not_ours_is_said_so)
{
    const struct fo_effect dial = dial_effect(0xc0000201u, 647); /* 192.0.2.1 */

    cr_assert_eq(fo_conn_dial(&rig.west.conns, &dial), FO_OK);
    run_until(&rig, &rig.west.heard, FO_CONN_OWES_DOWN);
    cr_expect_str_eq(rig.west.down, "cannot use the local address 192.0.2.1: "
                                    "Cannot assign requested address");
    cr_expect_eq(rig.west.heard & FO_CONN_OWES_UP, 0);
}

/* A socket that is bound but does not listen keeps its port closed for the test. */
static int bound_socket(uint16_t *out_port)
{
    struct sockaddr_in name = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(LOOPBACK(2))};
    socklen_t length = sizeof name;
    int fd = socket(AF_INET, SOCK_STREAM, 0);

    cr_assert_eq(bind(fd, (struct sockaddr *)&name, sizeof name), 0);
    cr_assert_eq(getsockname(fd, (struct sockaddr *)&name, &length), 0);
    *out_port = ntohs(name.sin_port);
    return fd;
}

Test(dial, a_refused_dial_is_said_so)
{
    uint16_t port;
    int fd = bound_socket(&port);
    const struct fo_effect dial = dial_effect(0, port);

    cr_assert_eq(fo_conn_dial(&rig.west.conns, &dial), FO_OK);
    run_until(&rig, &rig.west.heard, FO_CONN_OWES_DOWN);
    cr_expect_str_eq(rig.west.down, "cannot connect to 127.0.0.2: Connection refused");
    close(fd);
}

/* A full backlog drops what else arrives, as a silent network would. */
Test(dial, a_dial_that_hangs_is_abandoned)
{
    uint16_t port;
    int fd = bound_socket(&port), fillers[8];
    struct sockaddr_in name = {.sin_family = AF_INET};
    const struct fo_effect dial = dial_effect(LOOPBACK(1), port);

    name.sin_addr.s_addr = htonl(LOOPBACK(2));
    name.sin_port = htons(port);
    cr_assert_eq(listen(fd, 0), 0);
    for (int i = 0; i < 8; i++) {
        fillers[i] = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
        (void)!connect(fillers[i], (struct sockaddr *)&name, sizeof name);
    }
    rig.west.conns.dial_ms = 50;
    cr_assert_eq(fo_conn_dial(&rig.west.conns, &dial), FO_OK);
    run_until(&rig, &rig.west.heard, FO_CONN_OWES_DOWN);
    cr_expect_str_eq(rig.west.down, "no answer within 50 ms");
    for (int i = 0; i < 8; i++)
        close(fillers[i]);
    close(fd);
}

Test(dial, a_dial_closed_by_the_server_is_gone_at_once)
{
    const struct fo_effect dial = dial_effect(0, fo_listener_port(rig.east.listener));

    cr_assert_eq(fo_conn_dial(&rig.west.conns, &dial), FO_OK);
    fo_conn_close(west_conn(&rig));
    cr_expect_eq(rig.west.conns.count, 0);
}

Test(dial, five_seconds_is_what_a_dial_gets_by_default)
{
    cr_expect_eq(rig.west.conns.dial_ms, 5000);
}
