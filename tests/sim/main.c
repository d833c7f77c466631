/* fosim: whole pairs of servers under one simulated clock. README.md says what it shows. */
#include <errno.h>
#include <getopt.h>
#include <inttypes.h>
#include <malloc.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "tests/sim/report.h"

#define JOBS_MAX       64
#define MINIMIZE_TRIES 2000
#define EVENTS_DEFAULT 280
#define PROGRESS_S     20

struct options {
    struct sim_setup setup;
    uint64_t first, seeds; /* seeds 0: until |years| and |faults| are reached */
    double years, faults;
    unsigned jobs;
    bool one, log, minimize, quiet;
    const char *replay, *list;
};

static double now_s(clockid_t clock)
{
    struct timespec t;
    clock_gettime(clock, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static double children_s(void)
{
    struct rusage u;
    getrusage(RUSAGE_CHILDREN, &u);
    return (double)(u.ru_utime.tv_sec + u.ru_stime.tv_sec) +
           (double)(u.ru_utime.tv_usec + u.ru_stime.tv_usec) / 1e6;
}

static struct sim *run(const struct sim_setup *setup, const struct plan *p, FILE *log)
{
    static struct sim k; /* large */
    sim_run(&k, setup, p, log);
    return &k;
}

/* --- one run ------------------------------------------------------------------------------------
 */

static bool fails(void *context, const struct plan *p)
{
    struct sim *k = run(context, p, NULL);
    bool broken = k->broken[0] != '\0';
    sim_fini(k);
    return broken;
}

static int minimize(struct sim_setup *setup, struct plan *p)
{
    char name[64];
    FILE *f;
    size_t before = p->count;
    struct sim *k;
    if (!fails(setup, p)) {
        fprintf(stderr, "fosim: this run breaks no promise\n");
        return 2;
    }
    plan_minimize(p, fails, setup, MINIMIZE_TRIES);
    k = run(setup, p, NULL);
    report_broken(k, setup, stdout);
    sim_fini(k);
    snprintf(name, sizeof name, "fosim-%" PRIu64 ".plan", setup->seed);
    f = fopen(name, "w");
    if (f == NULL) {
        fprintf(stderr, "fosim: %s: %s\n", name, strerror(errno));
        return 2;
    }
    plan_write(setup, p, f);
    plan_write(setup, p, stdout);
    fclose(f);
    printf("%zu of %zu events are left; again: fosim --replay %s --log\n", p->count, before, name);
    return 1;
}

static int run_one(struct options *o, struct plan *p)
{
    double cpu = now_s(CLOCK_PROCESS_CPUTIME_ID), real = now_s(CLOCK_MONOTONIC);
    struct sim *k;
    int rc;
    if (o->minimize)
        return minimize(&o->setup, p);
    k = run(&o->setup, p, o->log ? stdout : NULL);
    rc = k->broken[0] != '\0';
    if (rc != 0)
        report_broken(k, &o->setup, stdout);
    if (!o->log) /* a log is the same every time */
        report_totals(&k->totals, now_s(CLOCK_MONOTONIC) - real,
                      now_s(CLOCK_PROCESS_CPUTIME_ID) - cpu, stdout);
    sim_fini(k);
    return rc;
}

static int replay(struct options *o)
{
    struct plan p;
    int rc = 2;
    FILE *f = fopen(o->replay, "r");
    if (f == NULL) {
        fprintf(stderr, "fosim: %s: %s\n", o->replay, strerror(errno));
        return 2;
    }
    if (plan_read(f, &o->setup, &p)) {
        rc = run_one(o, &p);
        plan_fini(&p);
    }
    fclose(f);
    return rc;
}

/* --- many ---------------------------------------------------------------------------------------
 */

static bool enough(const struct options *o, const struct sim_totals *t, uint64_t done)
{
    double share = 1.0 / o->jobs;
    if (o->seeds != 0)
        return done >= o->seeds;
    return report_years(t) >= o->years * share && (double)report_faults(t) >= o->faults * share;
}

static void run_seed(const struct options *o, uint64_t seed, struct sim_totals *sum)
{
    struct sim_setup setup = o->setup;
    struct plan p;
    struct sim *k;
    setup.seed = seed;
    plan_make(&setup, &p);
    k = run(&setup, &p, NULL);
    report_add(sum, &k->totals);
    if (k->broken[0] != '\0') {
        report_broken(k, &setup, stdout);
        fflush(stdout);
    }
    sim_fini(k);
    plan_fini(&p);
}

/* Every |jobs|-th seed; stops at the first broken promise. */
static void run_share(const struct options *o, unsigned job, struct sim_totals *sum)
{
    double start = now_s(CLOCK_MONOTONIC), told = start;
    for (uint64_t n = job; !enough(o, sum, n) && sum->violations == 0; n += o->jobs) {
        run_seed(o, o->first + n, sum);
        if (job == 0 && !o->quiet && now_s(CLOCK_MONOTONIC) > told + PROGRESS_S) {
            told = now_s(CLOCK_MONOTONIC);
            printf("%.0f s: one of %u jobs: seeds=%" PRIu64 " years=%.1f faults=%" PRIu64 "\n",
                   told - start, o->jobs, sum->runs, report_years(sum), report_faults(sum));
            fflush(stdout);
        }
    }
}

static bool start_job(const struct options *o, unsigned job, int *out_pipe, pid_t *out_pid)
{
    int ends[2];
    struct sim_totals sum = {0};
    if (pipe(ends) != 0)
        return false;
    fflush(stdout);
    *out_pid = fork();
    if (*out_pid < 0)
        return false;
    if (*out_pid == 0) {
        run_share(o, job, &sum);
        _exit(write(ends[1], &sum, sizeof sum) == (ssize_t)sizeof sum ? 0 : 2);
    }
    close(ends[1]);
    *out_pipe = ends[0];
    return true;
}

static bool run_jobs(const struct options *o, struct sim_totals *sum)
{
    int pipes[JOBS_MAX];
    pid_t pids[JOBS_MAX];
    bool ok = true;
    for (unsigned i = 0; i < o->jobs; i++)
        if (!start_job(o, i, &pipes[i], &pids[i])) {
            perror("fosim");
            return false;
        }
    for (unsigned i = 0; i < o->jobs; i++) {
        struct sim_totals one;
        int status;
        bool whole = read(pipes[i], &one, sizeof one) == (ssize_t)sizeof one;
        close(pipes[i]);
        if (whole)
            report_add(sum, &one);
        if (waitpid(pids[i], &status, 0) != pids[i] || status != 0 || !whole) {
            fprintf(stderr, "fosim: job %u died\n", i);
            ok = false;
        }
    }
    return ok;
}

static int run_many(struct options *o)
{
    struct sim_totals sum = {0};
    double real = now_s(CLOCK_MONOTONIC), cpu = now_s(CLOCK_PROCESS_CPUTIME_ID);
    bool ok = true;
    if (o->jobs > 1) {
        ok = run_jobs(o, &sum);
        cpu = children_s();
    } else {
        run_share(o, 0, &sum);
        cpu = now_s(CLOCK_PROCESS_CPUTIME_ID) - cpu;
    }
    report_totals(&sum, now_s(CLOCK_MONOTONIC) - real, cpu, stdout);
    if (!ok || sum.violations != 0)
        return 1;
    if (report_years(&sum) < o->years || (double)report_faults(&sum) < o->faults) {
        fprintf(stderr, "fosim: less than %.0f years or %.0f faults: this proves too little\n",
                o->years, o->faults);
        return 1;
    }
    return 0;
}

/* Runs that once found a mistake: the arguments of a line, and after # what it was. */
static int run_list(struct options *o)
{
    char line[256];
    unsigned count = 0, broken = 0;
    FILE *f = fopen(o->list, "r");
    if (f == NULL) {
        fprintf(stderr, "fosim: %s: %s\n", o->list, strerror(errno));
        return 2;
    }
    while (fgets(line, sizeof line, f) != NULL) {
        struct sim_totals sum = {0};
        struct options one = *o;
        unsigned servers, events, dialect;
        uint64_t seed;
        if (line[0] == '#' || line[0] == '\n')
            continue;
        if (sscanf(line, "%" SCNu64 " %u %u %u", &seed, &events, &servers, &dialect) != 4) {
            fprintf(stderr, "fosim: %s: no run: %s", o->list, line);
            fclose(f);
            return 2;
        }
        one.setup.events = events;
        one.setup.servers = servers;
        one.setup.dialect = (enum sim_dialect)dialect;
        run_seed(&one, seed, &sum);
        count++;
        broken += sum.violations != 0;
    }
    fclose(f);
    printf("%u runs that once found something, %u broke a promise\n", count, broken);
    return broken != 0 || count == 0;
}

/* --- arguments ----------------------------------------------------------------------------------
 */

static void usage(FILE *f)
{
    fputs(
        "fosim --seeds N [--first S] [--years Y] [--faults F]   the seeds S to S+N-1; fails when\n"
        "                                                       less happened than Y and F\n"
        "fosim --years Y --faults F [--first S]                 until so much happened\n"
        "fosim --seed S [--log | --minimize]                    one run\n"
        "fosim --replay FILE [--log | --minimize]               one that was written down\n"
        "fosim --list FILE                                      runs that once found something\n"
        "all: [--events E] [--servers 2|3] [--dialect draft|isc|mixed] [--jobs N] [--quiet]\n",
        f);
}

static bool set_dialect(const char *text, struct options *o)
{
    static const char *const names[] = {"draft", "isc", "mixed"};
    for (int i = 0; i < 3; i++)
        if (strcmp(text, names[i]) == 0) {
            o->setup.dialect = (enum sim_dialect)i;
            return true;
        }
    return false;
}

static bool set_option(int c, struct options *o)
{
    switch (c) {
    case 's':
        o->one = true;
        o->first = o->setup.seed = strtoull(optarg, NULL, 10);
        return true;
    case 'n':
        o->seeds = strtoull(optarg, NULL, 10);
        return o->seeds != 0;
    case 'f':
        o->first = strtoull(optarg, NULL, 10);
        return true;
    case 'e':
        o->setup.events = (unsigned)strtoul(optarg, NULL, 10);
        return true;
    case 'v':
        o->setup.servers = (unsigned)strtoul(optarg, NULL, 10);
        return o->setup.servers == 2 || o->setup.servers == 3 || o->setup.servers == 0;
    case 'd':
        return set_dialect(optarg, o);
    case 'j':
        o->jobs = (unsigned)strtoul(optarg, NULL, 10);
        return o->jobs >= 1 && o->jobs <= JOBS_MAX;
    case 'y':
        o->years = strtod(optarg, NULL);
        return true;
    case 'x':
        o->faults = strtod(optarg, NULL);
        return true;
    case 'r':
        o->replay = optarg;
        return true;
    case 'L':
        o->list = optarg;
        return true;
    case 'l':
        o->log = true;
        return true;
    case 'm':
        o->minimize = true;
        return true;
    case 'q':
        o->quiet = true;
        return true;
    default:
        return false;
    }
}

static bool read_options(int argc, char **argv, struct options *o)
{
    static const struct option known[] = {{"seed", required_argument, NULL, 's'},
                                          {"seeds", required_argument, NULL, 'n'},
                                          {"first", required_argument, NULL, 'f'},
                                          {"events", required_argument, NULL, 'e'},
                                          {"servers", required_argument, NULL, 'v'},
                                          {"dialect", required_argument, NULL, 'd'},
                                          {"jobs", required_argument, NULL, 'j'},
                                          {"years", required_argument, NULL, 'y'},
                                          {"faults", required_argument, NULL, 'x'},
                                          {"replay", required_argument, NULL, 'r'},
                                          {"list", required_argument, NULL, 'L'},
                                          {"log", no_argument, NULL, 'l'},
                                          {"minimize", no_argument, NULL, 'm'},
                                          {"quiet", no_argument, NULL, 'q'},
                                          {NULL, 0, NULL, 0}};
    int c;
    while ((c = getopt_long(argc, argv, "", known, NULL)) != -1)
        if (!set_option(c, o))
            return false;
    return optind == argc && (o->one || o->seeds != 0 || o->replay != NULL || o->list != NULL ||
                              o->years > 0 || o->faults > 0);
}

int main(int argc, char **argv)
{
    struct options o = {.jobs = 1, .first = 1};
    struct plan p;
    int rc;
    o.setup.dialect = SIM_MIXED;
    o.setup.events = EVENTS_DEFAULT;
    if (!read_options(argc, argv, &o)) {
        usage(stderr);
        return 2;
    }
    /* A server is made anew at every crash: its memory stays with the process. */
    mallopt(M_MMAP_THRESHOLD, 64 << 20);
    mallopt(M_TRIM_THRESHOLD, 256 << 20);
    if (o.replay != NULL)
        return replay(&o);
    if (o.list != NULL)
        return run_list(&o);
    if (!o.one)
        return run_many(&o);
    plan_make(&o.setup, &p);
    rc = run_one(&o, &p);
    plan_fini(&p);
    return rc;
}
