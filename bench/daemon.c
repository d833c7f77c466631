/* Starting and ending fod; what a run needs on disk. */
#include "bench/daemon.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#define START_LIMIT_S 120
#define POLL_US       2000
#define LOG_SHOWN     2000 /* bytes of a log's end */
#define MCLT_S        60

static const char *const addresses[2] = {"127.0.0.1", "127.0.0.2"};
static const char *const names[2] = {"primary", "secondary"};

/* --- processes ----------------------------------------------------------------------------------
 */

/* Replaces this child by a program that ends with us and writes to |log|. */
static void become(const char *const *words, const char *log)
{
    int fd = open(log, O_CREAT | O_WRONLY | O_APPEND, 0600);
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (fd >= 0 && dup2(fd, STDERR_FILENO) >= 0 && dup2(fd, STDOUT_FILENO) >= 0)
        execv(words[0], (char *const *)(uintptr_t)words); /* execv changes nothing */
    _exit(127);
}

static pid_t spawn(const char *const *words, const char *log)
{
    pid_t pid = fork();
    if (pid < 0)
        bench_fail("cannot start %s: %s", words[0], strerror(errno));
    if (pid == 0)
        become(words, log);
    return pid;
}

static void must_run(const char *const *words, const char *log)
{
    int status;
    if (waitpid(spawn(words, log), &status, 0) < 0 || status != 0)
        bench_fail("%s failed", words[0]);
}

static struct daemon *running[2]; /* for last words */

static void show_log(const struct daemon *d)
{
    char line[512];
    FILE *f = fopen(d->log, "r");
    if (f == NULL)
        return;
    (void)fseek(f, -LOG_SHOWN, SEEK_END); /* a short log is shown from its beginning */
    while (fgets(line, sizeof line, f) != NULL)
        fprintf(stderr, "%s: %s", names[d->index], line);
    fclose(f);
}

void daemon_fail(const char *what, const char *why)
{
    usleep(100000); /* a dying server is dead by then */
    for (int i = 0; i < 2; i++) {
        int status = 0;
        if (running[i] == NULL)
            continue;
        show_log(running[i]);
        if (waitpid(running[i]->pid, &status, WNOHANG) == running[i]->pid)
            fprintf(stderr, "fobench: the %s ended (%s %d)\n", names[i],
                    WIFSIGNALED(status) ? "signal" : "exit code",
                    WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status));
    }
    bench_fail("%s: %s", what, why);
}

static struct fo_mgmt_client *try_connect(const struct daemon *d)
{
    struct fo_mgmt_target target;
    struct fo_mgmt_client *client;
    char why[256];
    if (fo_mgmt_target_parse(d->socket, &target, why, sizeof why) != FO_OK)
        bench_fail("%s", why);
    return fo_mgmt_connect(&target, NULL, 60, &client, why, sizeof why) == FO_OK ? client : NULL;
}

struct fo_mgmt_client *daemon_connect(const struct daemon *d)
{
    struct fo_mgmt_client *client = try_connect(d);
    if (client == NULL)
        bench_fail("fod does not answer on %s", d->socket);
    return client;
}

static bool has_ended(const struct daemon *d)
{
    siginfo_t info = {0};
    return waitid(P_PID, (id_t)d->pid, &info, WEXITED | WNOHANG | WNOWAIT) == 0 && info.si_pid != 0;
}

double daemon_start(struct daemon *d)
{
    const char *words[] = {d->program, "--config", d->config, NULL};
    uint64_t start = bench_now_ns();
    d->pid = spawn(words, d->log);
    running[d->index] = d;
    while ((d->client = try_connect(d)) == NULL) {
        if (bench_seconds_since(start) > START_LIMIT_S || has_ended(d))
            daemon_fail("start", "fod does not answer");
        usleep(POLL_US);
    }
    (void)daemon_figures(d); /* the first answer */
    return bench_seconds_since(start);
}

void daemon_stop(struct daemon *d, bool wiped)
{
    fo_mgmt_disconnect(d->client);
    d->client = NULL;
    running[d->index] = NULL;
    if (d->pid != 0) {
        kill(d->pid, SIGTERM);
        waitpid(d->pid, NULL, 0);
    }
    d->pid = 0;
    if (wiped)
        bench_place_remove(d->state);
}

/* --- what they need
 * -------------------------------------------------------------------------------- */

/* A port that is free on both addresses now. */
static uint16_t free_port(void)
{
    struct sockaddr_in address = {.sin_family = AF_INET};
    socklen_t length = sizeof address;
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    if (bind(fd, (struct sockaddr *)&address, length) != 0 ||
        getsockname(fd, (struct sockaddr *)&address, &length) != 0)
        bench_fail("no free port: %s", strerror(errno));
    close(fd);
    return ntohs(address.sin_port);
}

static void write_config(const struct daemon *d)
{
    FILE *f = fopen(d->config, "w");
    if (f == NULL)
        bench_fail("cannot write %s: %s", d->config, strerror(errno));
    fprintf(f,
            "server-name = \"%s\"\nstate-directory = \"%s\"\n"
            "startup-seconds = 1\nredial-seconds = 1\n"
            "failover { listen = {\"%s:%u\"} }\n"
            "management { socket = \"%s\" }\n"
            "tls {\n  ca = \"%s/certs/ca.pem\"\n  certificate = \"%s/certs/%s.pem\"\n"
            "  key = \"%s/certs/%s.key\"\n}\n",
            names[d->index], d->state, addresses[d->index], d->port, d->socket, d->place, d->place,
            names[d->index], d->place, names[d->index]);
    fclose(f);
}

static void make_certificates(const struct bench_options *o, const char *place)
{
    char *certs = bench_place_path(place, "certs"), *log = bench_place_path(place, "certs.log");
    const char *words[] = {o->certs, "--ip1",  addresses[0], "--ip2", addresses[1],
                           certs,    names[0], names[1],     NULL};
    must_run(words, log);
    free(certs);
    free(log);
}

static char *named(const struct daemon *d, const char *what)
{
    char name[64];
    snprintf(name, sizeof name, "%s.%s", names[d->index], what);
    return bench_place_path(d->place, name);
}

void daemon_pair_init(struct daemon_pair *p, const struct bench_options *o, uint64_t leases)
{
    char *place = realpath(bench_place_make(o), NULL);
    uint16_t port = free_port();
    if (place == NULL)
        bench_fail("no place: %s", strerror(errno));
    make_certificates(o, place);
    *p = (struct daemon_pair){.leases = leases, .mclt_s = MCLT_S};
    for (int i = 0; i < 2; i++) {
        struct daemon *d = &p->side[i];
        d->program = o->fod;
        d->place = strdup(place);
        d->index = i;
        d->port = port;
        d->config = named(d, "conf");
        d->state = named(d, "state");
        d->socket = named(d, "socket");
        d->log = named(d, "log");
        write_config(d);
        (void)daemon_start(d);
        daemon_make_scopes(p, i);
    }
    free(place);
}

void daemon_pair_fini(struct daemon_pair *p)
{
    for (int i = 0; i < 2; i++) {
        struct daemon *d = &p->side[i];
        daemon_stop(d, false);
        if (i == 1)
            bench_place_remove(d->place);
        free(d->place);
        free(d->config);
        free(d->state);
        free(d->socket);
        free(d->log);
    }
}
