/* The service at its socket: frames, limits, pipelining. */
#include <arpa/inet.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

#include <criterion/criterion.h>

#include "mgmt/client.h"
#include "mgmt/service.h"
#include "mgmt_world.h"

static struct fo_run *run;
static struct fo_mgmt *service;
static pthread_t thread;
static char directory[] = "/tmp/fo-mgmt-XXXXXX";
static char path[64], why[200];
static struct fo_store *prepared; /* what start() finds; NULL: nothing */
static char logged[4096];

static void *loop(void *context)
{
    (void)fo_run_dispatch(context);
    return NULL;
}

static void on_log(void *context, enum fo_notice_level level, const char *line)
{
    size_t used = strlen(logged);

    (void)context;
    (void)level;
    (void)snprintf(logged + used, sizeof logged - used, "%s\n", line);
}

static void start(struct fo_mgmt_limits limits)
{
    struct fo_listen listen = {.address = 0x7f000001, .port = 0};
    struct fo_run_options o = {.listen = &listen, .listen_count = 1};
    struct fo_mgmt_options m = {
        .server_name = "test",
        .version = "0",
        .socket_path = path,
        .socket_group = (gid_t)-1,
        .rules = {.administrators_group = (gid_t)-1, .users_group = (gid_t)-1},
        .limits = limits,
        .log = on_log};

    cr_assert_not_null(mkdtemp(directory));
    (void)snprintf(path, sizeof path, "%s/s", directory);
    o.store = prepared != NULL ? prepared : fo_store_mem_new();
    cr_assert_eq(fo_run_new(&o, &run, why, sizeof why), FO_OK, "%s", why);
    m.run = run;
    cr_assert_eq(fo_mgmt_new(&m, &service, why, sizeof why), FO_OK, "%s", why);
    cr_assert_eq(pthread_create(&thread, NULL, loop, run), 0);
}

static void say_stop(void *context, struct fo_server *s, struct fo_now now, struct fo_outbox *out)
{
    (void)s;
    (void)now;
    (void)out;
    fo_run_stop(context, 100);
}
static void nothing(void *context, int rc)
{
    (void)context;
    (void)rc;
}

static void tear_down(void)
{
    if (run == NULL)
        return;
    cr_assert_eq(fo_run_submit(run, say_stop, nothing, run), FO_OK);
    (void)pthread_join(thread, NULL);
    fo_mgmt_free(service);
    fo_run_free(run);
    (void)rmdir(directory);
}
TestSuite(service, .fini = tear_down);

static int raw(void)
{
    struct sockaddr_un name = {.sun_family = AF_UNIX};
    struct timeval patience = {.tv_sec = 20};
    int fd = socket(AF_UNIX, SOCK_STREAM, 0);

    memcpy(name.sun_path, path, strlen(path) + 1);
    cr_assert_eq(connect(fd, (struct sockaddr *)&name, sizeof name), 0);
    (void)setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    return fd;
}

static struct fo_mgmt_client *client(void)
{
    struct fo_mgmt_target target;
    struct fo_mgmt_client *c;

    cr_assert_eq(fo_mgmt_target_parse(path, &target, why, sizeof why), FO_OK);
    cr_assert_eq(fo_mgmt_connect(&target, NULL, 20, &c, why, sizeof why), FO_OK, "%s", why);
    return c;
}

static Mgmt__Reply *read_reply(int fd)
{
    static uint8_t frame[65536];
    uint32_t length;
    size_t done = 0;

    cr_assert_eq(recv(fd, &length, 4, MSG_WAITALL), 4);
    length = ntohl(length);
    cr_assert_lt(length, sizeof frame);
    while (done < length) {
        ssize_t n = recv(fd, frame + done, length - done, 0);
        cr_assert_gt(n, 0);
        done += (size_t)n;
    }
    return mgmt__reply__unpack(NULL, length, frame);
}

static bool is_closed(int fd)
{
    char byte;

    return recv(fd, &byte, 1, 0) == 0;
}

Test(service, the_socket_is_for_owner_and_group)
{
    struct stat st;

    start((struct fo_mgmt_limits){0});
    cr_assert_eq(stat(path, &st), 0);
    cr_expect_eq(st.st_mode & 0777, 0660);
}

Test(service, a_second_service_does_not_take_the_socket_over)
{
    struct fo_mgmt_options m = {.run = NULL};
    struct fo_mgmt *other;

    start((struct fo_mgmt_limits){0});
    m.run = run;
    m.socket_path = path;
    m.socket_group = m.rules.administrators_group = m.rules.users_group = (gid_t)-1;
    cr_expect_eq(fo_mgmt_new(&m, &other, why, sizeof why), FO_EIO);
    cr_expect_not_null(strstr(why, "another process"));
}

Test(service, a_frame_above_the_limit_is_told_and_ends_the_connection)
{
    uint32_t length = htonl(FO_FRAME_MAX + 1);
    Mgmt__Reply *reply;
    int fd;

    start((struct fo_mgmt_limits){0});
    fd = raw();
    cr_assert_eq(send(fd, &length, 4, 0), 4);
    reply = read_reply(fd);
    cr_assert_not_null(reply);
    cr_expect_eq(reply->id, 0);
    cr_expect_eq(reply->code, 1734);
    mgmt__reply__free_unpacked(reply, NULL);
    cr_expect(is_closed(fd));
    (void)close(fd);
}

Test(service, bytes_that_are_no_request_end_the_connection)
{
    uint8_t frame[] = {0, 0, 0, 3, 0xff, 0xff, 0xff};
    Mgmt__Reply *reply;
    int fd;

    start((struct fo_mgmt_limits){0});
    fd = raw();
    cr_assert_eq(send(fd, frame, sizeof frame, 0), (ssize_t)sizeof frame);
    reply = read_reply(fd);
    cr_expect_eq(reply->code, 87);
    mgmt__reply__free_unpacked(reply, NULL);
    cr_expect(is_closed(fd));
    (void)close(fd);
}

/* 1 MiB of empty leases would unpack to more than 100 MiB. */
Test(service, a_small_frame_cannot_demand_much_memory)
{
    size_t body = 2 * 300000;
    uint8_t *frame = calloc(1, body + 16);
    uint32_t header;
    size_t n = 4;
    Mgmt__Reply *reply;
    int fd;

    start((struct fo_mgmt_limits){0});
    frame[n++] = 0xea; /* field 61, length-delimited: lease_create_many */
    frame[n++] = 0x03;
    frame[n++] = (uint8_t)(0x80 | (body & 0x7f));
    frame[n++] = (uint8_t)(0x80 | (body >> 7 & 0x7f));
    frame[n++] = (uint8_t)(body >> 14);
    for (size_t i = 0; i < body; i += 2) {
        frame[n++] = 0x0a; /* field 1: one lease … */
        frame[n++] = 0x00; /* … of no bytes */
    }
    header = htonl((uint32_t)(n - 4));
    memcpy(frame, &header, 4);
    fd = raw();
    for (size_t sent = 0; sent < n;) {
        ssize_t k = send(fd, frame + sent, n - sent, MSG_NOSIGNAL);
        cr_assert_gt(k, 0);
        sent += (size_t)k;
    }
    reply = read_reply(fd);
    cr_expect_eq(reply->code, 87);
    mgmt__reply__free_unpacked(reply, NULL);
    cr_expect(is_closed(fd));
    (void)close(fd);
    free(frame);
}

Test(service, a_request_without_a_call_is_answered_and_the_connection_stays)
{
    Mgmt__Request q = MGMT__REQUEST__INIT;
    struct fo_mgmt_client *c;
    Mgmt__Reply *reply;

    start((struct fo_mgmt_limits){0});
    c = client();
    for (int i = 0; i < 2; i++) {
        cr_assert_eq(fo_mgmt_call(c, &q, &reply), FO_OK);
        cr_expect_eq(reply->code, 120);
        mgmt__reply__free_unpacked(reply, NULL);
    }
    fo_mgmt_disconnect(c);
}

Test(service, a_frame_that_trickles_ends_at_its_deadline)
{
    int fd;

    start((struct fo_mgmt_limits){.frame_s = 1, .idle_s = 60});
    fd = raw();
    cr_assert_eq(send(fd, "\0\0", 2, 0), 2);
    cr_expect(is_closed(fd), "without a word, after a second");
    (void)close(fd);
}

Test(service, an_idle_connection_ends_at_its_deadline)
{
    int fd;

    start((struct fo_mgmt_limits){.idle_s = 1});
    fd = raw();
    cr_expect(is_closed(fd));
    (void)close(fd);
}

Test(service, more_connections_than_the_limit_are_closed)
{
    Mgmt__Nothing m = MGMT__NOTHING__INIT;
    Mgmt__Request q = request_of(MGMT__REQUEST__CALL_SERVER_GET, &m);
    struct fo_mgmt_client *first;
    Mgmt__Reply *reply;
    int fd;

    start((struct fo_mgmt_limits){.connections = 1});
    first = client();
    cr_assert_eq(fo_mgmt_call(first, &q, &reply), FO_OK);
    mgmt__reply__free_unpacked(reply, NULL);
    fd = raw();
    cr_expect(is_closed(fd));
    (void)close(fd);
    fo_mgmt_disconnect(first);
}

Test(service, many_requests_are_under_way_and_each_is_answered)
{
    Mgmt__Nothing m = MGMT__NOTHING__INIT;
    Mgmt__Scope scope = MGMT__SCOPE__INIT;
    Mgmt__Request read = request_of(MGMT__REQUEST__CALL_SERVER_GET, &m);
    Mgmt__Request change = request_of(MGMT__REQUEST__CALL_SCOPE_CREATE, &scope);
    struct fo_mgmt_client *c;
    Mgmt__Reply *reply;
    bool seen[401] = {0};
    unsigned good = 0;

    start((struct fo_mgmt_limits){.buffered_bytes = 4096});
    c = client();
    scope.mask = MASK;
    for (unsigned i = 0; i < 200; i++) {
        scope.subnet = 0x0a000000 + (i << 8);
        cr_assert_eq(fo_mgmt_send(c, &change), FO_OK);
        cr_assert_eq(fo_mgmt_send(c, &read), FO_OK);
    }
    for (unsigned i = 0; i < 400; i++) {
        cr_assert_eq(fo_mgmt_receive(c, &reply), FO_OK, "%s", fo_mgmt_trouble(c));
        cr_assert(reply->id >= 1 && reply->id <= 400 && !seen[reply->id]);
        seen[reply->id] = true;
        good += reply->code == 0;
        mgmt__reply__free_unpacked(reply, NULL);
    }
    cr_expect_eq(good, 400);
    fo_mgmt_disconnect(c);
}

Test(service, a_client_that_leaves_before_its_answer_harms_nobody)
{
    Mgmt__Scope scope = MGMT__SCOPE__INIT;
    Mgmt__Request q = request_of(MGMT__REQUEST__CALL_SCOPE_CREATE, &scope);
    Mgmt__Subnet subnet = MGMT__SUBNET__INIT;
    Mgmt__Request get = request_of(MGMT__REQUEST__CALL_SCOPE_GET, &subnet);
    struct fo_mgmt_client *c;
    Mgmt__Reply *reply;
    uint32_t code = 1;

    start((struct fo_mgmt_limits){0});
    scope.subnet = SUBNET;
    scope.mask = MASK;
    c = client();
    cr_assert_eq(fo_mgmt_send(c, &q), FO_OK);
    fo_mgmt_disconnect(c);
    c = client();
    subnet.subnet = SUBNET;
    for (int i = 0; i < 1000 && code != 0; i++) {
        cr_assert_eq(fo_mgmt_call(c, &get, &reply), FO_OK);
        code = reply->code;
        mgmt__reply__free_unpacked(reply, NULL);
    }
    fo_mgmt_disconnect(c);
}

Test(service, a_damaged_record_of_ipv6_is_told_and_set_aside)
{
    prepared = fo_store_mem_new();
    cr_assert_eq(fo_store_begin(prepared), FO_OK);
    cr_assert_eq(fo_store_put(prepared, FO_TABLE_LEASE6, "key", 3, "value", 5), FO_OK);
    cr_assert_eq(fo_store_put(prepared, FO_TABLE_BINDING6, "key", 3, "value", 5), FO_OK);
    cr_assert_eq(fo_store_commit(prepared), FO_OK);
    start((struct fo_mgmt_limits){0});
    cr_expect_not_null(strstr(logged, "store: table=lease6 damaged record 6b6579"), "%s", logged);
    cr_expect_not_null(strstr(logged, "store: table=binding6 damaged; IPv6 is not"), "%s", logged);
}
