/* A server asked whether it can reach another one. */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <criterion/criterion.h>

#include "mgmt/client.h"
#include "mgmt/service.h"
#include "mgmt_world.h"
#include "proto/win32.h"

#define LOCALHOST 0x7f000001u

static struct fo_run *run;
static struct fo_mgmt *service;
static pthread_t thread;
static struct fo_mgmt_client *client;
static char directory[] = "/tmp/fo-probe-XXXXXX";
static char path[64], why[200];

static void *loop(void *context)
{
    (void)fo_run_dispatch(context);
    return NULL;
}

static void reconnect(void)
{
    struct fo_mgmt_target target;

    cr_assert_eq(fo_mgmt_target_parse(path, &target, why, sizeof why), FO_OK);
    cr_assert_eq(fo_mgmt_connect(&target, NULL, 20, &client, why, sizeof why), FO_OK, "%s", why);
}

static void set_up(void)
{
    struct fo_listen listen = {.address = LOCALHOST, .port = 0};
    struct fo_run_options o = {.listen = &listen, .listen_count = 1};
    struct fo_mgmt_options m = {
        .server_name = "test",
        .version = "0",
        .socket_path = path,
        .socket_group = (gid_t)-1,
        .rules = {.administrators_group = (gid_t)-1, .users_group = (gid_t)-1}};

    cr_assert_not_null(mkdtemp(directory));
    (void)snprintf(path, sizeof path, "%s/s", directory);
    o.store = fo_store_mem_new();
    cr_assert_eq(fo_run_new(&o, &run, why, sizeof why), FO_OK, "%s", why);
    m.run = run;
    cr_assert_eq(fo_mgmt_new(&m, &service, why, sizeof why), FO_OK, "%s", why);
    cr_assert_eq(pthread_create(&thread, NULL, loop, run), 0);
    reconnect();
}

static void tear_down(void)
{
    fo_mgmt_disconnect(client);
    fo_run_stop(run, 100);
    (void)pthread_join(thread, NULL);
    fo_mgmt_free(service);
    fo_run_free(run);
    (void)rmdir(directory);
}
TestSuite(probe, .init = set_up, .fini = tear_down);

static void send_probe(fo_ipv4_t address, uint32_t port, const char *management)
{
    Mgmt__Probe m = MGMT__PROBE__INIT;
    Mgmt__Request q = MGMT__REQUEST__INIT;
    char text[120];

    (void)snprintf(text, sizeof text, "%s", management);
    m.address = address;
    m.port = port;
    m.management = text;
    q.call_case = MGMT__REQUEST__CALL_PROBE;
    q.probe = &m;
    cr_assert_eq(fo_mgmt_send(client, &q), FO_OK, "%s", fo_mgmt_trouble(client));
}

static Mgmt__Reply *probe(fo_ipv4_t address, uint32_t port, const char *management)
{
    Mgmt__Reply *reply;

    send_probe(address, port, management);
    cr_assert_eq(fo_mgmt_receive(client, &reply), FO_OK, "%s", fo_mgmt_trouble(client));
    return reply;
}

/* A port whose queue is full: who connects gets no answer. */
static uint16_t deaf_port(void)
{
    struct sockaddr_in name = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(LOCALHOST)};
    socklen_t length = sizeof name;
    int fd = socket(AF_INET, SOCK_STREAM, 0);

    cr_assert_eq(bind(fd, (struct sockaddr *)&name, sizeof name), 0);
    cr_assert_eq(listen(fd, 0), 0);
    cr_assert_eq(getsockname(fd, (struct sockaddr *)&name, &length), 0);
    for (int i = 0; i < 4; i++) {
        int full = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
        (void)!connect(full, (struct sockaddr *)&name, sizeof name);
    }
    return ntohs(name.sin_port);
}

static void expect(Mgmt__Reply *reply, bool reached, const char *words)
{
    cr_assert_eq(reply->code, ERROR_SUCCESS, "%u %s", reply->code, reply->sentence);
    cr_assert_eq(reply->result_case, MGMT__REPLY__RESULT_PROBED);
    cr_expect_eq(reply->probed->reached, reached, "%s", reply->probed->why);
    cr_expect_not_null(strstr(reply->probed->why, words), "%s", reply->probed->why);
    mgmt__reply__free_unpacked(reply, NULL);
}

Test(probe, a_port_that_listens_is_reached)
{
    expect(probe(LOCALHOST, fo_run_port(run, 0), ""), true, "");
}

Test(probe, a_port_that_nobody_listens_on_is_told)
{
    expect(probe(LOCALHOST, 1, ""), false, "127.0.0.1 port 1: Connection refused");
}

Test(probe, a_socket_that_answers_is_reached)
{
    expect(probe(0, 0, path), true, "");
}

Test(probe, a_socket_that_is_not_there_is_told)
{
    expect(probe(0, 0, "/nowhere/socket"), false, "/nowhere/socket: ");
}

Test(probe, tls_needs_a_certificate)
{
    expect(probe(0, 0, "127.0.0.1:1"), false, "127.0.0.1:1: this server has no certificate");
}

Test(probe, what_is_no_address_is_told)
{
    expect(probe(0, 0, "host:notaport"), false, "a port is between 1 and 65535");
}

Test(probe, nothing_to_probe_is_refused)
{
    Mgmt__Reply *reply = probe(0, 647, "");

    cr_expect_eq(reply->code, ERROR_INVALID_PARAMETER);
    mgmt__reply__free_unpacked(reply, NULL);
    reply = probe(LOCALHOST, 65536, "");
    cr_expect_eq(reply->code, ERROR_INVALID_PARAMETER);
    mgmt__reply__free_unpacked(reply, NULL);
}

Test(probe, no_answer_is_told)
{
    expect(probe(LOCALHOST, deaf_port(), ""), false, ": no answer");
}

Test(probe, what_is_under_way_ends_with_the_service)
{
    send_probe(LOCALHOST, deaf_port(), "");
    mgmt__reply__free_unpacked(probe(LOCALHOST, 1, ""), NULL); /* so the first has begun */
}

Test(probe, a_caller_that_goes_is_not_answered)
{
    send_probe(LOCALHOST, deaf_port(), "");
    mgmt__reply__free_unpacked(probe(LOCALHOST, 1, ""), NULL);
    fo_mgmt_disconnect(client);
    reconnect();
    expect(probe(LOCALHOST, deaf_port(), ""), false, ": no answer"); /* and before it the other */
}

Test(probe, no_more_than_sixteen_are_under_way)
{
    uint16_t port = deaf_port();
    Mgmt__Reply *reply;

    for (unsigned i = 0; i < 17; i++)
        send_probe(LOCALHOST, port, "");
    cr_assert_eq(fo_mgmt_receive(client, &reply), FO_OK);
    cr_expect_eq(reply->id, 17);
    cr_expect_eq(reply->code, ERROR_BUSY);
    mgmt__reply__free_unpacked(reply, NULL);
}
