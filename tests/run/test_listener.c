#include <netinet/in.h>
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
TestSuite(listener, .init = set_up, .fini = tear_down);

static int call_from(fo_ipv4_t source)
{
    struct sockaddr_in from = {.sin_family = AF_INET}, to = {.sin_family = AF_INET};
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);

    from.sin_addr.s_addr = htonl(source);
    to.sin_addr.s_addr = htonl(LOOPBACK(2));
    to.sin_port = htons(fo_listener_port(rig.east.listener));
    cr_assert_eq(bind(fd, (struct sockaddr *)&from, sizeof from), 0);
    (void)!connect(fd, (struct sockaddr *)&to, sizeof to);
    turn(&rig);
    return fd;
}

static void answer_all(void)
{
    struct fo_conn *c;

    TAILQ_FOREACH(c, &rig.east.conns.all, in_all)
    fo_conn_send(c, "x", 1);
}

Test(listener, the_oldest_silent_connection_of_a_source_makes_room)
{
    int fds[4];
    char byte;

    rig.east.conns.limits.connections_per_source = 3;
    for (int i = 0; i < 4; i++)
        fds[i] = call_from(LOOPBACK(5));
    for (int i = 0; i < 5; i++)
        turn(&rig);
    cr_expect_eq(rig.east.conns.count, 3);
    cr_expect_str_eq(rig.east.down, "made room for a newer connection");
    cr_expect_eq(recv(fds[0], &byte, 1, 0), 0, "the first one was closed");
    cr_expect_eq(recv(fds[3], &byte, 1, 0), -1, "the last one is open");
    for (int i = 0; i < 4; i++)
        close(fds[i]);
}

Test(listener, a_source_at_its_limit_does_not_touch_another)
{
    int fds[4];

    rig.east.conns.limits.connections_per_source = 3;
    fds[0] = call_from(LOOPBACK(6));
    for (int i = 1; i < 4; i++)
        fds[i] = call_from(LOOPBACK(5));
    for (int i = 0; i < 5; i++)
        turn(&rig);
    cr_expect_eq(rig.east.conns.count, 4);
    cr_expect_eq(rig.east.downs, 0);
    for (int i = 0; i < 4; i++)
        close(fds[i]);
}

Test(listener, answered_connections_never_make_room)
{
    int fds[3];
    char byte;

    rig.east.conns.limits.connections_per_source = 2;
    fds[0] = call_from(LOOPBACK(5));
    fds[1] = call_from(LOOPBACK(5));
    for (int i = 0; i < 5; i++)
        turn(&rig);
    answer_all();
    fds[2] = call_from(LOOPBACK(5));
    for (int i = 0; i < 5; i++)
        turn(&rig);
    cr_expect_eq(rig.east.conns.count, 2);
    cr_expect_eq(rig.east.downs, 0);
    cr_expect_eq(recv(fds[2], &byte, 1, 0), 0, "the new one was refused");
    cr_expect_eq(rig.east.listening.refused, 1);
    for (int i = 0; i < 3; i++)
        close(fds[i]);
}

Test(listener, a_connection_that_is_being_closed_makes_room)
{
    int fds[2];

    rig.east.conns.limits.connections_per_source = 1;
    fds[0] = call_from(LOOPBACK(5));
    for (int i = 0; i < 5; i++)
        turn(&rig);
    answer_all();
    fo_conn_close(east_conn(&rig));
    fds[1] = call_from(LOOPBACK(5));
    for (int i = 0; i < 5; i++)
        turn(&rig);
    cr_expect_eq(rig.east.conns.count, 1);
    cr_expect_not_null(east_conn(&rig), "the new one");
    close(fds[0]);
    close(fds[1]);
}

Test(listener, the_total_is_limited_over_all_sources)
{
    int fds[6];

    rig.east.conns.limits.connections_total = 4;
    for (unsigned i = 0; i < 6; i++)
        fds[i] = call_from(LOOPBACK(10 + i));
    for (int i = 0; i < 5; i++)
        turn(&rig);
    cr_expect_eq(rig.east.conns.count, 4);
    cr_expect_eq(rig.east.downs, 2);
    for (int i = 0; i < 6; i++)
        close(fds[i]);
}

Test(listener, refusals_are_told_once_a_minute_and_counted)
{
    int fds[10];
    const char *first;

    rig.east.conns.limits.connections_per_source = 1;
    for (int i = 0; i < 10; i++)
        fds[i] = call_from(LOOPBACK(5));
    for (int i = 0; i < 5; i++)
        turn(&rig);
    cr_expect_eq(rig.east.listening.refused, 9);
    first = strstr(rig.east.log, "too many connections");
    cr_assert_not_null(first);
    cr_expect_null(strstr(first + 1, "too many connections"), "%s", rig.east.log);
    for (int i = 0; i < 10; i++)
        close(fds[i]);
}

Test(listener, a_port_in_use_is_said_so)
{
    struct fo_listen where = {.address = LOOPBACK(2)};
    struct fo_listener *second = NULL;
    char why[256];

    where.port = fo_listener_port(rig.east.listener);
    cr_expect_eq(fo_listener_open(&rig.west.listening, &where, &second, why, sizeof why), FO_EIO);
    cr_expect_null(second);
    cr_expect_not_null(strstr(why, "cannot listen on 127.0.0.2:"), "%s", why);
    cr_expect_not_null(strstr(why, "Address already in use"), "%s", why);
}

Test(listener, a_paused_listener_accepts_nobody)
{
    int fd;

    fo_listener_pause(rig.east.listener, true);
    fd = call_from(LOOPBACK(5));
    for (int i = 0; i < 5; i++)
        turn(&rig);
    cr_expect_eq(rig.east.conns.count, 0);
    fo_listener_pause(rig.east.listener, false);
    run_until(&rig, &rig.east.heard, FO_CONN_OWES_UP);
    close(fd);
}
