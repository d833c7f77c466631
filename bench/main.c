/* fobench: what fo does per second, and what the machine under it could do. */
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bench/bench.h"

struct command {
    const char *name;
    bench_run run;
    const char *what;
};

static const struct command commands[] = {
    {"codec", bench_codec, "BNDUPDs encoded and decoded"},
    {"store", bench_store, "bindings written to and loaded from LMDB and memory"},
    {"engine", bench_engine, "two servers in one process, bytes handed across"},
    {"pair", bench_pair, "two daemons: updates per second, latency, memory"},
    {"resync", bench_resync, "a partner that lost its storage is told everything; a restart"},
    {"management", bench_management, "management under load, and what the peer link feels of it"},
};
#define COMMANDS (sizeof commands / sizeof commands[0])

static void usage(FILE *to)
{
    fputs("fobench: measure failover\n"
          "usage: fobench COMMAND [--json] [--dir DIRECTORY] [--leases N] [--quick]\n\n",
          to);
    for (size_t i = 0; i < COMMANDS; i++)
        fprintf(to, "  %-10s %s\n", commands[i].name, commands[i].what);
    fputs("  all        everything above, one after the other\n\n"
          "  --dir    where the stores are made, on the disk to be measured (default: .)\n"
          "  --leases how many; each benchmark has its own default\n"
          "  --quick  small numbers: shows that it works, not how fast\n"
          "  --fod    the daemon (default: beside this program)\n"
          "  --certs  make-certs.sh (default: where it was when this was built)\n",
          to);
}

static uint64_t number(const char *text)
{
    char *end;
    unsigned long long value;
    errno = 0;
    value = strtoull(text, &end, 10);
    if (errno != 0 || end == text || *end != '\0' || value > 16000000)
        bench_fail("\"%s\" is no number of leases (at most 16000000)", text);
    return value;
}

static void read_options(int argc, char **argv, struct bench_options *o)
{
    static const struct option long_options[] = {
        {"json", no_argument, NULL, 'j'},         {"dir", required_argument, NULL, 'd'},
        {"leases", required_argument, NULL, 'n'}, {"fod", required_argument, NULL, 'f'},
        {"certs", required_argument, NULL, 'c'},  {"quick", no_argument, NULL, 'q'},
        {"help", no_argument, NULL, 'h'},         {NULL, 0, NULL, 0},
    };
    int c;
    while ((c = getopt_long(argc, argv, "jd:n:qh", long_options, NULL)) != -1) {
        switch (c) {
        case 'j':
            o->json = true;
            break;
        case 'd':
            o->dir = optarg;
            break;
        case 'n':
            o->leases = number(optarg);
            break;
        case 'f':
            o->fod = optarg;
            break;
        case 'c':
            o->certs = optarg;
            break;
        case 'q':
            o->quick = true;
            break;
        case 'h':
            usage(stdout);
            exit(0);
        default:
            usage(stderr);
            exit(2);
        }
    }
}

/* A program of the same directory. Ownership: lives as long as the process. */
static const char *beside_this(const char *name)
{
    static char path[4096];
    ssize_t length = readlink("/proc/self/exe", path, sizeof path - strlen(name) - 1);
    char *slash;
    if (length <= 0 || (slash = strrchr(path, '/')) == NULL)
        return name;
    snprintf(slash + 1, strlen(name) + 1, "%s", name);
    return path;
}

/* A disk that others use as well changes within minutes: its limits are measured each time. */
static void run(const struct command *c, const struct bench_options *o, json_t *out)
{
    json_t *machine = bench_put_group(out, "machine");
    bench_limits(o, machine);
    c->run(o, machine, out);
}

int main(int argc, char **argv)
{
    struct bench_options o = {.dir = ".", .fod = beside_this("fod"), .certs = FO_BENCH_CERTS};
    json_t *figures = json_object();
    const char *wanted;
    bool found = false;
    read_options(argc, argv, &o);
    wanted = optind < argc ? argv[optind] : "all";
    for (size_t i = 0; i < COMMANDS; i++) {
        const struct command *c = &commands[i];
        if (strcmp(wanted, "all") != 0 && strcmp(wanted, c->name) != 0)
            continue;
        found = true;
        run(c, &o, bench_put_group(figures, c->name));
    }
    if (!found || optind + 1 < argc) {
        usage(stderr);
        return 2;
    }
    bench_print(figures, o.json);
    json_decref(figures);
    return 0;
}
