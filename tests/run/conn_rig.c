#include "conn_rig.h"

#include <fcntl.h>
#include <ftw.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <criterion/criterion.h>

#include "fo/run/clock.h"

#define PATIENCE_US 5000000u

extern char **environ;

static void want(void *context)
{
    (void)context; /* every turn looks */
}

static void remember_log(void *context, enum fo_notice_level level, const char *line)
{
    struct side *side = context;

    (void)level;
    snprintf(side->log + strlen(side->log), sizeof side->log - strlen(side->log), "%s\n", line);
}

static void init_side(struct conn_rig *rig, struct side *side)
{
    memset(side, 0, sizeof *side);
    fo_conn_set_init(&side->conns);
    side->conns.base = rig->base;
    side->conns.limits = (struct fo_run_limits){.connections_total = 256,
                                                .connections_per_source = 16,
                                                .handshake_ms = 15000,
                                                .buffered_bytes = 8u << 20};
    side->conns.want = want;
    side->conns.log = remember_log;
    side->conns.context = side;
    side->listening.links = &side->conns;
    side->listening.last_id = 1;
    side->reads = true;
}

void conn_rig_init(struct conn_rig *rig)
{
    const struct fo_listen where = {.address = LOOPBACK(2)};
    char why[256];

    rig->base = event_base_new();
    init_side(rig, &rig->west);
    init_side(rig, &rig->east);
    cr_assert_eq(
        fo_listener_open(&rig->east.listening, &where, &rig->east.listener, why, sizeof why), FO_OK,
        "%s", why);
}

void conn_rig_fini(struct conn_rig *rig)
{
    fo_conn_set_fini(&rig->west.conns);
    fo_conn_set_fini(&rig->east.conns);
    fo_listener_free(rig->east.listener);
    fo_tls_free(rig->west.conns.tls);
    fo_tls_free(rig->east.conns.tls);
    event_base_free(rig->base);
}

static void batch(struct side *side)
{
    size_t due = side->conns.due_count;
    struct fo_conn *c;

    while (due-- > 0 && (c = fo_conn_take_due(&side->conns)) != NULL) {
        unsigned owes = c->owes;
        size_t n;

        c->owes = 0;
        side->heard |= owes;
        while ((owes & FO_CONN_OWES_BYTES) != 0 && side->reads &&
               side->received < sizeof side->bytes &&
               (n = fo_conn_read(c, side->bytes + side->received,
                                 sizeof side->bytes - side->received)) > 0)
            side->received += n;
        if (c->stage == FO_CONN_DOWN) {
            side->heard |= FO_CONN_OWES_DOWN;
            side->downs++;
            snprintf(side->down, sizeof side->down, "%s", c->why);
            fo_conn_free(c);
        }
    }
}

void turn(struct conn_rig *rig)
{
    const struct timeval moment = {.tv_usec = 1000};

    event_base_loopexit(rig->base, &moment);
    event_base_loop(rig->base, EVLOOP_ONCE);
    batch(&rig->west);
    batch(&rig->east);
}

void run_until(struct conn_rig *rig, const unsigned *heard, unsigned wanted)
{
    uint64_t limit = fo_run_clock_us() + PATIENCE_US;

    while ((*heard & wanted) != wanted) {
        cr_assert_lt(fo_run_clock_us(), limit, "not heard: west log %s east log %s west %s east %s",
                     rig->west.log, rig->east.log, rig->west.down, rig->east.down);
        turn(rig);
    }
}

void run_until_received(struct conn_rig *rig, const struct side *side, size_t count)
{
    uint64_t limit = fo_run_clock_us() + PATIENCE_US;

    while (side->received < count) {
        cr_assert_lt(fo_run_clock_us(), limit, "%zu bytes of %zu", side->received, count);
        turn(rig);
    }
}

struct fo_effect dial_effect(fo_ipv4_t local, uint16_t port)
{
    struct fo_effect dial = {.kind = FO_EFFECT_DIAL, .link = 2};

    dial.dial.address = LOOPBACK(2);
    dial.dial.port = port;
    dial.dial.local = local;
    return dial;
}

void conn_rig_connect(struct conn_rig *rig)
{
    const struct fo_effect dial = dial_effect(LOOPBACK(1), fo_listener_port(rig->east.listener));

    cr_assert_eq(fo_conn_dial(&rig->west.conns, &dial), FO_OK);
    run_until(rig, &rig->west.heard, FO_CONN_OWES_UP);
    run_until(rig, &rig->east.heard, FO_CONN_OWES_UP);
}

struct fo_conn *west_conn(struct conn_rig *rig)
{
    return fo_conn_find(&rig->west.conns, 2);
}

struct fo_conn *east_conn(struct conn_rig *rig)
{
    return fo_conn_find(&rig->east.conns, rig->east.listening.last_id);
}

void make_certs(char out_dir[64])
{
    const char *const arguments[] = {FO_TEST_DATA "/../../certs/make-certs.sh",
                                     "--ip1",
                                     "127.0.0.1",
                                     "--ip2",
                                     "127.0.0.2",
                                     out_dir,
                                     "alpha",
                                     "beta",
                                     NULL};
    char *const *argv = (char *const *)(uintptr_t)arguments; /* which posix_spawn only reads */
    posix_spawn_file_actions_t quiet;
    int status;
    pid_t pid;

    snprintf(out_dir, 64, "/tmp/fo-test-certs-XXXXXX");
    cr_assert_not_null(mkdtemp(out_dir));
    posix_spawn_file_actions_init(&quiet);
    posix_spawn_file_actions_addopen(&quiet, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
    cr_assert_eq(posix_spawn(&pid, argv[0], &quiet, NULL, argv, environ), 0);
    posix_spawn_file_actions_destroy(&quiet);
    cr_assert_eq(waitpid(pid, &status, 0), pid);
    cr_assert_eq(status, 0, "make-certs.sh failed");
}

static int remove_one(const char *path, const struct stat *facts, int kind, struct FTW *where)
{
    (void)facts, (void)kind, (void)where;
    return remove(path);
}

void remove_certs(const char *dir)
{
    nftw(dir, remove_one, 8, FTW_DEPTH | FTW_PHYS);
}

struct fo_tls *load_tls(const char *dir, const char *name)
{
    char ca[128], cert[128], key[128], why[256];
    const struct fo_tls_files files = {ca, cert, key};
    struct fo_tls *tls = NULL;

    snprintf(ca, sizeof ca, "%s/ca.pem", dir);
    snprintf(cert, sizeof cert, "%s/%s.pem", dir, name);
    snprintf(key, sizeof key, "%s/%s.key", dir, name);
    cr_assert_eq(fo_tls_new(&files, &tls, why, sizeof why), FO_OK, "%s", why);
    return tls;
}
